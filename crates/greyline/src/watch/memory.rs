//! How the store of a probe fares: to the counters, and to the log what it has to say.

use std::collections::BTreeMap;
use std::time::Duration;

use evidence::Ring;
use metrics::Metrics;
use metrics::catalogue::{
    RING_ASIDE, RING_ASIDE_BYTES, RING_ASIDE_FAILURES, RING_BYTES, RING_DROPPED, RING_HEADERS, RING_MESSAGES,
    STORE_ALERTS_ONLY, STORE_BYTES, STORE_DROPPED, STORE_KEPT, STORE_QUEUE,
};
use store::{Loss, Store, Tally};
use types::Nanos;

/// How often the log is told the same of a store: a disk that is full gains and loses a little room all the time.
const NOTE_EVERY: Duration = Duration::from_secs(60);
/// Notes of which it is remembered when the log was told.
const NOTES_MAX: usize = 64;

/// What the log was told of a store, and when; figures in a note make it no other one.
#[derive(Default)]
pub struct Notes(BTreeMap<String, Nanos>);

impl Notes {
    /// Whether the log is to be told of a note now.
    fn is_news(&mut self, note: &str, now: Nanos) -> bool {
        let what: String = note.chars().filter(|letter| !letter.is_ascii_digit()).collect();
        if self.0.get(&what).is_some_and(|&told| told <= now && now.since(told) < NOTE_EVERY) {
            return false;
        }
        if self.0.len() >= NOTES_MAX {
            self.0.clear();
        }
        self.0.insert(what, now);
        true
    }
}

/// Lets the outside see how the store fares, and tells it the time.
pub fn publish(store: &Store, ring: Option<&mut Ring>, metrics: &Metrics, told: &mut Notes) {
    if let Some(ring) = ring {
        ring.flush();
        let tally = ring.tally();
        metrics.total(&RING_MESSAGES, &[], tally.messages);
        metrics.total(&RING_HEADERS, &[], tally.headers);
        metrics.total(&RING_DROPPED, &[], tally.lost);
        metrics.level(&RING_BYTES, &[], tally.bytes as f64);
        metrics.total(&RING_ASIDE, &[], tally.aside);
        metrics.level(&RING_ASIDE_BYTES, &[], tally.aside_bytes as f64);
        metrics.total(&RING_ASIDE_FAILURES, &[], tally.aside_failed);
    }
    let now = tap::now();
    store.now(now);
    store.notes().filter(|note| told.is_news(note, now)).for_each(|note| tracing::warn!(note, "store"));
    let tally = store.tally();
    let Tally { calls, counted, words, queued, disk_bytes, alerts_only, .. } = tally;
    metrics.total(&STORE_KEPT, &["calls"], calls);
    metrics.total(&STORE_KEPT, &["counted"], counted);
    metrics.total(&STORE_KEPT, &["alerts"], words);
    for (what, lost) in [
        ("calls", tally.calls_lost),
        ("counted", tally.counted_lost),
        ("alerts", tally.words_lost),
        ("provenance", tally.provenance_lost),
    ] {
        for (loss, lost) in Loss::ALL.into_iter().zip(lost) {
            metrics.total(&STORE_DROPPED, &[what, loss.name()], lost);
        }
    }
    metrics.level(&STORE_QUEUE, &[], queued as f64);
    metrics.level(&STORE_BYTES, &[], disk_bytes as f64);
    metrics.level(&STORE_ALERTS_ONLY, &[], f64::from(u8::from(alerts_only)));
}

/// Writes what waits, and says what became of it.
pub fn close(store: Store) {
    let (tally, notes) = store.close();
    notes.into_iter().for_each(|note| tracing::warn!(note, "store"));
    let lost: u64 = tally.calls_lost.iter().sum();
    let words: u64 = tally.words_lost.iter().sum();
    let counted: u64 = tally.counted_lost.iter().sum();
    let provenance: u64 = tally.provenance_lost.iter().sum();
    let calls = tally.calls;
    tracing::info!(
        calls,
        calls_lost = lost,
        counted_lost = counted,
        alerts_lost = words,
        provenance_lost = provenance,
        "store closed"
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_is_told_once_a_minute() {
        let mut notes = Notes::default();
        let told = [
            (0, "no room: 11 MiB"),
            (1, "room again"),
            (2, "no room: 12 MiB"),
            (3, "room again"),
            (60, "no room: 9 MiB"),
            (70, "x"),
        ]
        .map(|(secs, note)| notes.is_news(note, Nanos::from_parts(1_000 + secs, 0)));
        assert_eq!(told, [true, true, false, false, true, true]);
    }
}
