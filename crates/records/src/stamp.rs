//! Times as records write them.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::fmt::strtime;
use jiff::tz::{AmbiguousOffset, TimeZone};
use types::Nanos;

/// Days before this one are no days of calls: switches write the epoch in some zone, or the first day of another calendar, where there is no time.
const FIRST_DAY: Date = Date::constant(1970, 1, 2);
/// The same in seconds since the epoch.
const FIRST_DAY_SECS: i64 = 86_400;

/// What a text says of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Told {
    /// That there is no such time: zeroes, the epoch, or a day before it.
    Never,
    /// An instant.
    At(Nanos),
    /// A local time that clocks showed twice as they were set back: the earlier instant, and the later.
    Twice(Nanos, Nanos),
}

impl Told {
    /// The instant, where there is one: of two the earlier, unless that lies before `since`.
    pub(crate) fn since(self, since: Nanos) -> Option<Nanos> {
        match self {
            Self::Never => None,
            Self::At(at) => Some(at),
            Self::Twice(earlier, later) => Some(if earlier < since { later } else { earlier }),
        }
    }
}

/// How times are written.
#[derive(Clone, Debug)]
pub(crate) enum Clock {
    /// RFC 3339; a time without offset is one of the zone.
    Rfc3339(TimeZone),
    /// Seconds since the epoch, perhaps with a fraction.
    Unix,
    /// Milliseconds since the epoch.
    UnixMillis,
    /// A pattern of strftime; a time without offset is one of the zone.
    Pattern(String, TimeZone),
}

impl Clock {
    /// The clock that the configuration names.
    pub(crate) fn named(format: &str, zone: &TimeZone) -> Self {
        match format {
            "rfc3339" => Self::Rfc3339(zone.clone()),
            "unix" => Self::Unix,
            "unix_ms" => Self::UnixMillis,
            pattern => Self::Pattern(pattern.to_owned(), zone.clone()),
        }
    }

    /// The instant that `text` names, the earlier of two; `None` where it names none.
    pub(crate) fn read(&self, text: &str) -> Option<Nanos> {
        self.told(text)?.since(Nanos::ZERO)
    }

    /// What `text` says of time; `None` where it says nothing.
    pub(crate) fn told(&self, text: &str) -> Option<Told> {
        if is_zero(text) {
            return Some(Told::Never);
        }
        match self {
            Self::Rfc3339(zone) => match text.parse::<Timestamp>() {
                Ok(stamp) => instant(stamp),
                Err(_) => local(text.parse().ok()?, zone),
            },
            Self::Unix => decimal(text, 1_000_000_000).map(Told::At),
            Self::UnixMillis => decimal(text, 1_000_000).map(Told::At),
            Self::Pattern(pattern, zone) => {
                let parts = strtime::parse(pattern, text).ok()?;
                match parts.to_timestamp() {
                    Ok(stamp) => instant(stamp),
                    Err(_) => local(parts.to_datetime().ok()?, zone),
                }
            }
        }
    }
}

/// `0`, `0.000`, `0000-00-00 00:00:00`, `00000000T000000Z`.
fn is_zero(text: &str) -> bool {
    let is_none = |sign: u8| !sign.is_ascii_alphanumeric() || matches!(sign, b'0' | b'T' | b'Z');
    text.contains('0') && text.bytes().all(is_none)
}

fn instant(stamp: Timestamp) -> Option<Told> {
    if stamp.as_second() < FIRST_DAY_SECS { Some(Told::Never) } else { nanos(stamp).map(Told::At) }
}

fn nanos(stamp: Timestamp) -> Option<Nanos> {
    u64::try_from(stamp.as_nanosecond()).ok().map(Nanos::new)
}

/// The later reading where a clock was set on.
fn local(time: DateTime, zone: &TimeZone) -> Option<Told> {
    if time.date() < FIRST_DAY {
        return Some(Told::Never);
    }
    let stamp = zone.to_ambiguous_timestamp(time);
    Some(match stamp.offset() {
        AmbiguousOffset::Fold { .. } => Told::Twice(nanos(stamp.earlier().ok()?)?, nanos(stamp.later().ok()?)?),
        _ => Told::At(nanos(stamp.compatible().ok()?)?),
    })
}

/// A count of units of so many nanoseconds, with up to nine decimals: no binary fraction touches it.
pub(crate) fn decimal(text: &str, unit: u64) -> Option<Nanos> {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    if whole.is_empty() || !whole.bytes().chain(part.bytes()).all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    let whole: u64 = whole.parse().ok()?;
    let (part, places) = part.get(..9).map_or((part, part.len()), |part| (part, 9));
    let part: u64 = if part.is_empty() { 0 } else { part.parse().ok()? };
    let part = u128::from(part) * u128::from(unit) / 10_u128.pow(places as u32);
    whole.checked_mul(unit)?.checked_add(u64::try_from(part).ok()?).map(Nanos::new)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clocks() {
        let zone = |name: &str| TimeZone::get(name).unwrap();
        let nine = Some(Nanos::from_parts(1_795_424_400, 500_000_000)); // 2026-11-23 09:00:00.5 UTC
        for (format, zone_name, text, expected) in [
            ("rfc3339", "UTC", "2026-11-23T09:00:00.5Z", nine),
            ("rfc3339", "UTC", "2026-11-23T14:30:00.5+05:30", nine),
            ("rfc3339", "Asia/Kolkata", "2026-11-23T14:30:00.5", nine),
            ("rfc3339", "UTC", "yesterday", None),
            ("rfc3339", "UTC", "1960-01-01T00:00:00Z", None),
            ("unix", "UTC", "1795424400.5", nine),
            ("unix_ms", "UTC", "1795424400500", nine),
            ("unix", "UTC", "-1", None),
            ("unix", "UTC", "99999999999999", None),
            ("%Y-%m-%d %H:%M:%S%.f", "Asia/Kolkata", "2026-11-23 14:30:00.5", nine),
            ("%d.%m.%Y %H:%M:%S%.f %z", "UTC", "23.11.2026 14:30:00.5 +0530", nine),
            ("%Y-%m-%d", "UTC", "23.11.2026", None),
        ] {
            let clock = Clock::named(format, &zone(zone_name));
            assert_eq!(clock.read(text), expected, "{format} {text}");
        }
        // A clock that was set back shows an hour twice.
        let clock = Clock::named("rfc3339", &zone("Europe/London"));
        let utc = |time: &str| Clock::named("rfc3339", &zone("UTC")).read(time).unwrap();
        let (earlier, later) = (utc("2026-10-25T00:30:00"), utc("2026-10-25T01:30:00"));
        let told = clock.told("2026-10-25T01:30:00").unwrap();
        assert_eq!(clock.read("2026-10-25T01:30:00"), Some(earlier));
        for (since, expected) in
            [("00:29:59", earlier), ("00:30:00", earlier), ("00:30:01", later), ("02:00:00", later)]
        {
            assert_eq!(told.since(utc(&format!("2026-10-25T{since}"))), Some(expected), "{since}");
        }
    }

    #[test]
    fn no_time_is_written_in_many_ways() {
        for (format, zone, text) in [
            ("rfc3339", "UTC", "1970-01-01T00:00:00Z"),
            ("rfc3339", "UTC", "1970-01-01T05:00:00+05:00"),
            ("rfc3339", "Europe/London", "1970-01-01T00:00:00"),
            ("rfc3339", "Asia/Karachi", "1970-01-01 05:00:00"),
            ("rfc3339", "Asia/Karachi", "1970-01-01 00:00:00"),
            ("rfc3339", "America/New_York", "1969-12-31 19:00:00"),
            ("rfc3339", "UTC", "0000-00-00 00:00:00"),
            ("rfc3339", "UTC", "0001-01-01T00:00:00"),
            ("unix", "UTC", "0"),
            ("unix", "UTC", "0.000"),
            ("unix_ms", "UTC", "0"),
            ("%d/%m/%Y %H:%M:%S", "Europe/London", "00/00/0000 00:00:00"),
            ("%d/%m/%Y %H:%M:%S", "Europe/London", "01/01/1970 00:00:00"),
            ("%d/%m/%Y %H:%M:%S", "Europe/London", "01/01/1900 00:00:00"),
        ] {
            let clock = Clock::named(format, &TimeZone::get(zone).unwrap());
            assert_eq!(clock.told(text), Some(Told::Never), "{format} {zone} {text}");
        }
        let clock = Clock::named("unix", &TimeZone::UTC);
        assert_eq!(clock.told("1"), Some(Told::At(Nanos::from_parts(1, 0))));
        assert_eq!([clock.told(""), clock.told("-"), clock.told("N/A")], [None; 3]);
    }
}
