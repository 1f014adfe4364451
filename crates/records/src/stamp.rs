//! Times as records write them.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::fmt::strtime;
use jiff::tz::TimeZone;
use types::Nanos;

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

    /// The instant that `text` names; `None` where it names none, or one before 1970.
    pub(crate) fn read(&self, text: &str) -> Option<Nanos> {
        match self {
            Self::Rfc3339(zone) => match text.parse::<Timestamp>() {
                Ok(stamp) => nanos(stamp),
                Err(_) => local(text.parse().ok()?, zone),
            },
            Self::Unix => decimal(text, 1_000_000_000),
            Self::UnixMillis => decimal(text, 1_000_000),
            Self::Pattern(pattern, zone) => {
                let parts = strtime::parse(pattern, text).ok()?;
                match parts.to_timestamp() {
                    Ok(stamp) => nanos(stamp),
                    Err(_) => local(parts.to_datetime().ok()?, zone),
                }
            }
        }
    }
}

fn nanos(stamp: Timestamp) -> Option<Nanos> {
    u64::try_from(stamp.as_nanosecond()).ok().map(Nanos::new)
}

/// The earlier of two instants where a clock was set back, the later reading where it was set on.
fn local(time: DateTime, zone: &TimeZone) -> Option<Nanos> {
    nanos(zone.to_ambiguous_timestamp(time).compatible().ok()?)
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
        assert_eq!(
            clock.read("2026-10-25T01:30:00"),
            Clock::named("rfc3339", &zone("UTC")).read("2026-10-25T00:30:00")
        );
    }
}
