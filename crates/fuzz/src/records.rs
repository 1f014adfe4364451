//! Call records: time does not run backwards, a call is told from its beginning to its end, and every line is accounted for.

use std::collections::HashMap;
use std::io::Cursor;

use call::{CallRecord, Exchange, Listener, Step};
use config::{Known, read};
use records::{Format, Input, Reader};
use types::{Moment, Nanos};

use crate::deck::Deck;

/// How CSV is read: few calls at once, a short horizon, times as they come.
const CONFIG: &[u8] = b"[records]\nhorizon_secs = 60\ncalls_max = 4\ntime_format = \"unix\"\n";

#[derive(Default)]
struct Story {
    latest: Nanos,
    steps: HashMap<Vec<u8>, u64>,
    records: u64,
}

impl Listener for Story {
    fn moment(&mut self, moment: Moment) {
        assert!(self.latest <= moment.at);
        self.latest = moment.at;
    }

    fn step(&mut self, step: Step, at: Nanos, call: &CallRecord<'_>) {
        assert!(call.invite_at.is_some_and(|invite_at| invite_at <= at));
        assert_eq!(step == Step::Ended, call.end_at.is_some());
        *self.steps.entry(call.call_id.to_vec()).or_default() += 1;
    }

    fn exchange(&mut self, _exchange: &Exchange<'_>) {
        panic!("records know of calls only");
    }

    fn record(&mut self, record: &CallRecord<'_>) {
        assert!(self.steps.contains_key(record.call_id));
        self.records += 1;
    }
}

pub fn check(bytes: &[u8]) {
    let mut deck = Deck(bytes);
    let format = if deck.below(2) == 0 { Format::JsonLines } else { Format::Csv };
    let known: Known = read(CONFIG).unwrap().known;
    let text = deck.0.to_vec();
    let inputs = vec![Input { name: "x".to_owned(), format, text: Box::new(Cursor::new(text)) }];
    let Ok(mut reader) = Reader::open(inputs, &known) else { return };
    let mut story = Story::default();
    while reader.play(2, &mut story) {}
    let tally = *reader.tally();
    assert_eq!(tally.calls, story.records);
    assert_eq!(tally.lines, tally.calls + tally.malformed + tally.headless);
    assert!(tally.crowded <= tally.late && tally.late <= tally.calls);
}
