//! The figures of one trunk: counted and observed call by call, as calls end.

use prometheus::{Histogram, IntCounter};

use crate::catalogue::{DURATION, JITTER, LOSS, MOS, PDD, TRUNK_CALLS, TRUNK_SESSIONS};
use crate::registry::Metrics;

/// A call that has ended.
#[derive(Clone, Copy, Debug, Default)]
pub struct Call {
    /// Which of the outcomes that the trunk was made with.
    pub outcome: usize,
    /// The last final response to its INVITE; 0 where there was none.
    pub status: u16,
    /// Whether it was answered and ended by one of the two who spoke.
    pub completed: bool,
    /// From the INVITE to the first ringing or answer.
    pub pdd_secs: Option<f64>,
    /// From the answer to the end.
    pub talk_secs: Option<f64>,
}

/// A stream that has ended.
#[derive(Clone, Copy, Debug, Default)]
pub struct Stream {
    /// Its jitter.
    pub jitter_secs: Option<f64>,
    /// Its loss, from 0 to 1.
    pub loss: Option<f64>,
    /// Its estimated mean opinion score.
    pub mos: Option<f64>,
}

/// The figures of one trunk.
pub struct Trunk {
    outcomes: Vec<Option<IntCounter>>,
    all: Option<IntCounter>,
    established: Option<IntCounter>,
    effective: Option<IntCounter>,
    ineffective: Option<IntCounter>,
    completed: Option<IntCounter>,
    pdd: Option<Histogram>,
    duration: Option<Histogram>,
    jitter: Option<Histogram>,
    loss: Option<Histogram>,
    mos: Option<Histogram>,
}

impl Trunk {
    /// The figures of the trunk `name`, whose calls end in one of `outcomes`.
    #[must_use]
    pub fn new(metrics: &Metrics, name: &str, outcomes: &[&str]) -> Self {
        let sessions = |result| metrics.counter(&TRUNK_SESSIONS, &[name, result]);
        let histogram = |family| metrics.histogram(family, &[name]);
        Self {
            outcomes: outcomes.iter().map(|outcome| metrics.counter(&TRUNK_CALLS, &[name, outcome])).collect(),
            all: sessions("all"),
            established: sessions("established"),
            effective: sessions("effective"),
            ineffective: sessions("ineffective"),
            completed: sessions("completed"),
            pdd: histogram(&PDD),
            duration: histogram(&DURATION),
            jitter: histogram(&JITTER),
            loss: histogram(&LOSS),
            mos: histogram(&MOS),
        }
    }

    /// A call has ended.
    pub fn on_call(&self, call: &Call) {
        count(self.outcomes.get(call.outcome).unwrap_or(&None));
        observe(&self.pdd, call.pdd_secs);
        observe(&self.duration, call.talk_secs);
        // RFC 6076 §4.6: an attempt that is redirected is not one.
        if (300..400).contains(&call.status) {
            return;
        }
        count(&self.all);
        if (200..300).contains(&call.status) {
            count(&self.established);
        }
        // RFC 6076 §4.7: the user was reached, and did not want to or could not.
        if matches!(call.status, 200..=299 | 480 | 486 | 600 | 603) {
            count(&self.effective);
        }
        // RFC 6076 §4.8: it failed on the way, or nothing came back.
        if matches!(call.status, 0 | 408 | 500 | 503 | 504) {
            count(&self.ineffective);
        }
        if call.completed {
            count(&self.completed);
        }
    }

    /// A stream of a call has ended.
    pub fn on_stream(&self, stream: &Stream) {
        observe(&self.jitter, stream.jitter_secs);
        observe(&self.loss, stream.loss);
        observe(&self.mos, stream.mos);
    }
}

fn count(counter: &Option<IntCounter>) {
    if let Some(counter) = counter {
        counter.inc();
    }
}

fn observe(histogram: &Option<Histogram>, value: Option<f64>) {
    if let (Some(histogram), Some(value)) = (histogram, value) {
        histogram.observe(value);
    }
}
