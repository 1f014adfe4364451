//! The summary of a run over call records.

use std::collections::BTreeMap;

use call::{CallRecord, Exchange, Listener, Outcome, Step};
use records::Tally;
use schemars::JsonSchema;
use serde::Serialize;
use types::{Losses, Moment, Nanos};

use super::VERSION;
use super::judgement::JudgementJson;

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
    /// Calls by outcome; only what occurred is there.
    pub outcomes: BTreeMap<String, u64>,
    /// What judgement did, and whether what it rests on holds; absent where nothing was judged.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub judgement: Option<JudgementJson>,
    /// What was lost or refused, by name; only what occurred is there.
    pub losses: BTreeMap<String, u64>,
}

/// Calls by outcome, in the order of [`Outcome::ALL`].
pub type Outcomes = [u64; Outcome::ALL.len()];

impl RecordsJson {
    /// The summary of what was read, and of what `others` beside the reader did and refused.
    pub fn of(tally: &Tally, outcomes: &Outcomes, others: &impl Losses, judgement: Option<JudgementJson>) -> Self {
        let names = Outcome::ALL.iter().map(|outcome| outcome.name().to_owned());
        let mut losses = BTreeMap::new();
        let mut add = |name: &'static str, count| {
            if count > 0 {
                losses.insert(name.to_owned(), count);
            }
        };
        tally.losses(&mut add);
        others.losses(&mut add);
        Self {
            v: VERSION,
            lines: tally.lines,
            calls: tally.calls,
            outcomes: names.zip(outcomes.iter().copied()).filter(|&(_, count)| count > 0).collect(),
            judgement,
            losses,
        }
    }
}

/// A listener, and the outcomes of what it hears.
pub struct Counted<'c, L> {
    /// Who listens.
    pub listener: &'c mut L,
    /// What is counted.
    pub outcomes: &'c mut Outcomes,
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
        if let Some(count) = self.outcomes.get_mut(record.outcome as usize) {
            *count += 1;
        }
        self.listener.record(record);
    }
}
