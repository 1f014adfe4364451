//! The summary of a run over call records.

use std::collections::BTreeMap;

use call::{CallRecord, CallerFrom, Exchange, Listener, Outcome, Step};
use config::Known;
use jiff::Timestamp;
use records::Tally;
use schemars::JsonSchema;
use serde::Serialize;
use types::{Losses, Moment, Nanos};

use super::judgement::JudgementJson;
use super::{VERSION, rounded, time};

/// Calls from which on the share of numbers that could not be read says something of how they were read.
const CALLS_MIN: u64 = 20;
/// Share of numbers that could not be read above which hardly any was meant so.
const UNREAD_SHARE: f32 = 0.5;

/// What call records held.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(title = "Records")]
pub struct RecordsJson {
    /// Version of the record.
    v: u8,
    /// Lines, blank ones and headers left out.
    pub lines: u64,
    /// Calls.
    pub calls: u64,
    /// When the first call began.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("format" = "date-time"))]
    pub first: Option<String>,
    /// When the last call began.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("format" = "date-time"))]
    pub last: Option<String>,
    /// The same two by the clocks of `time_zone`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("format" = "date-time"))]
    pub first_local: Option<String>,
    /// The second of them.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("format" = "date-time"))]
    pub last_local: Option<String>,
    /// Time zone of the times that did not say theirs: `records.time_zone`.
    pub time_zone: String,
    /// Callers that could not be read as numbers, those left out who withheld theirs.
    pub callers_unread: UnreadJson,
    /// Callees that could not be read as numbers.
    pub callees_unread: UnreadJson,
    /// What looks as if it had been read wrongly, and what to configure.
    pub hints: Vec<String>,
    /// Calls by outcome; only what occurred is there.
    pub outcomes: BTreeMap<String, u64>,
    /// What judgement did, and whether what it rests on holds; absent where nothing was judged.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub judgement: Option<JudgementJson>,
    /// What was lost or refused, by name; only what occurred is there.
    pub losses: BTreeMap<String, u64>,
}

/// Numbers that could not be read.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(title = "Unread")]
pub struct UnreadJson {
    /// Calls with one.
    pub calls: u64,
    /// Their share of all calls.
    pub share: f64,
}

/// What is counted of the calls that are heard.
#[derive(Debug, Default)]
pub struct Counts {
    /// Calls by outcome, in the order of [`Outcome::ALL`].
    outcomes: [u64; Outcome::ALL.len()],
    /// When the first call began, and when the last.
    period: Option<[Nanos; 2]>,
    callers: Unread,
    callees: Unread,
}

/// Numbers that could not be read: how many, and the first as it was written.
#[derive(Debug, Default)]
struct Unread {
    count: u64,
    first: String,
}

impl Counts {
    fn add(&mut self, call: &CallRecord<'_>) {
        if let Some(count) = self.outcomes.get_mut(call.outcome as usize) {
            *count += 1;
        }
        if let Some(at) = call.invite_at {
            let [first, last] = self.period.unwrap_or([at; 2]);
            self.period = Some([first.min(at), last.max(at)]);
        }
        if call.caller.number.is_none() && call.caller_from != CallerFrom::Withheld {
            self.callers.add(call.caller.raw);
        }
        if call.callee.number.is_none() {
            self.callees.add(call.callee.raw);
        }
    }

    /// What looks as if it had been read wrongly, and what to configure.
    fn hints(&self, calls: u64, known: &Known) -> Vec<String> {
        let home = match known.config().tap.home {
            Some(home) => format!("national numbers are read as those of `tap.home`, {home}"),
            None => "national numbers need their country in `tap.home`".to_owned(),
        };
        let many = |unread: &&(&str, &Unread)| calls >= CALLS_MIN && unread.1.share(calls) > UNREAD_SHARE;
        let hint = |(who, unread): &(&str, &Unread)| {
            format!(
                "most {who} could not be read as numbers, the first being {}: {home}, and what switches put before numbers \
                 is to be named in `tap.technical_prefixes`",
                shape(&unread.first)
            )
        };
        [("callers", &self.callers), ("callees", &self.callees)].iter().filter(many).map(hint).collect()
    }
}

impl Unread {
    fn add(&mut self, raw: &[u8]) {
        if self.count == 0 {
            self.first = String::from_utf8_lossy(raw).into_owned();
        }
        self.count += 1;
    }

    fn share(&self, calls: u64) -> f32 {
        self.count as f32 / calls.max(1) as f32
    }

    fn json(&self, calls: u64) -> UnreadJson {
        UnreadJson { calls: self.count, share: rounded(self.share(calls)) }
    }
}

/// What was written in place of a number, as numbers are shown to whoever may not see them whole: `123…01`, and how long it is.
fn shape(raw: &str) -> String {
    let signs = raw.chars().count();
    let (first, last): (String, String) =
        (raw.chars().take(3).collect(), raw.chars().skip(if signs > 5 { signs - 2 } else { signs }).collect());
    match signs {
        0 => "empty".to_owned(),
        _ => format!("{:?} of {signs} signs", format!("{first}…{last}")),
    }
}

impl RecordsJson {
    /// The summary of what was read, and of what `others` beside the reader did and refused.
    pub fn of(
        (tally, counts): (&Tally, &Counts),
        others: &impl Losses,
        judgement: Option<JudgementJson>,
        known: &Known,
    ) -> Self {
        let names = Outcome::ALL.iter().map(|outcome| outcome.name().to_owned());
        let mut losses = BTreeMap::new();
        let mut add = |name: &'static str, count| {
            if count > 0 {
                losses.insert(name.to_owned(), count);
            }
        };
        tally.losses(&mut add);
        others.losses(&mut add);
        let zone = &known.config().records.time_zone;
        let local = |at: Nanos| {
            let stamp = Timestamp::from_nanosecond(at.get().into()).unwrap_or(Timestamp::MAX);
            stamp.to_zoned(zone.get().clone()).strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
        };
        let [first, last] = [counts.period.map(|[first, _]| first), counts.period.map(|[_, last]| last)];
        Self {
            v: VERSION,
            lines: tally.lines,
            calls: tally.calls,
            first: first.map(time),
            last: last.map(time),
            first_local: first.map(local),
            last_local: last.map(local),
            time_zone: zone.to_string(),
            callers_unread: counts.callers.json(tally.calls),
            callees_unread: counts.callees.json(tally.calls),
            hints: counts.hints(tally.calls, known),
            outcomes: names.zip(counts.outcomes).filter(|&(_, count)| count > 0).collect(),
            judgement,
            losses,
        }
    }
}

/// A listener, and what is counted of what it hears.
pub struct Counted<'c, L> {
    /// Who listens.
    pub listener: &'c mut L,
    /// What is counted.
    pub counts: &'c mut Counts,
}

impl<L: Listener> Listener for Counted<'_, L> {
    fn moment(&mut self, moment: Moment) {
        self.listener.moment(moment);
    }

    fn step(&mut self, step: Step, at: Nanos, call: &CallRecord<'_>) {
        self.listener.step(step, at, call);
    }

    fn exchange(&mut self, exchange: &Exchange<'_>) {
        self.listener.exchange(exchange);
    }

    fn record(&mut self, record: &CallRecord<'_>) {
        self.counts.add(record);
        self.listener.record(record);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_number_is_not_shown_whole() {
        for (raw, shown) in [
            ("", "empty"),
            ("12", "\"12…\" of 2 signs"),
            ("1234", "\"123…\" of 4 signs"),
            ("1234#02079460001", "\"123…01\" of 16 signs"),
            ("sip\u{1b}", "\"sip…\" of 4 signs"),
        ] {
            assert_eq!(shape(raw), shown);
        }
    }
}
