//! How the store of a probe fares: to the counters, and to the log what it has to say.

use evidence::Ring;
use metrics::Metrics;
use metrics::catalogue::{
    RING_ASIDE, RING_ASIDE_BYTES, RING_ASIDE_FAILURES, RING_BYTES, RING_DROPPED, RING_HEADERS, RING_MESSAGES,
    STORE_ALERTS_ONLY, STORE_BYTES, STORE_DROPPED, STORE_KEPT, STORE_QUEUE,
};
use store::{Loss, Store, Tally};

/// Lets the outside see how the store fares, and tells it the time.
pub fn publish(store: &Store, ring: Option<&mut Ring>, metrics: &Metrics) {
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
    store.now(tap::now());
    store.notes().for_each(|note| tracing::warn!(note, "store"));
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
