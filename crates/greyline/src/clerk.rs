//! The clerk: writes down what the calls tell, and lets them be judged.

use std::sync::Arc;

use audio::Excerpt;
use call::{CallRecord, Exchange, Listener, RtpHeader, Sent, Side, Step};
use config::Known;
use evidence::Ring;
use pipeline::Worker;
use stir::Verifier;
use types::{Coverage, Losses, Moment, Nanos};

use crate::alarms::Alarms;
use crate::failure::Failure;
use crate::json::call::CallJson;
use crate::json::judgement::JudgementJson;
use crate::json::summary::{Listening, SummaryJson};
use crate::outputs::LineOutput;
use crate::table::Table;

/// Who takes call records down.
pub trait Scribe {
    /// A call has ended.
    fn take(&mut self, record: &CallRecord<'_>);

    /// Whether whoever read what is taken down has gone.
    fn is_unread(&self) -> bool {
        false
    }

    /// Lets others see what was taken down so far.
    fn flush(&mut self) {}

    /// Writes from now on to files of the same names that are opened anew: somebody has moved these away.
    fn reopen(&mut self) {}

    /// Trunks may have come and gone.
    fn renew(&mut self, _known: &Arc<Known>) {}

    /// Nothing more will come.
    fn close(self: Box<Self>) -> Result<(), Failure> {
        Ok(())
    }
}

/// A file of call records.
pub struct Lines {
    /// The file.
    pub output: LineOutput,
    /// Trunks and their names.
    pub known: Arc<Known>,
}

impl Scribe for Lines {
    fn take(&mut self, record: &CallRecord<'_>) {
        self.output.line(&CallJson::of(record, Some(&self.known)));
    }

    fn is_unread(&self) -> bool {
        self.output.is_unread()
    }

    fn close(self: Box<Self>) -> Result<(), Failure> {
        self.output.close()
    }
}

impl Scribe for Table {
    fn take(&mut self, record: &CallRecord<'_>) {
        self.add(record);
    }

    fn is_unread(&self) -> bool {
        Self::is_unread(self)
    }

    fn close(self: Box<Self>) -> Result<(), Failure> {
        Self::close(*self)
    }
}

/// Lets calls be judged, and hands their records to who takes them down.
#[derive(Default)]
pub struct Clerk {
    /// Where somebody wants to know who signed.
    pub verifier: Option<Verifier>,
    /// Where somebody wants to know who is a scam.
    pub alarms: Option<Alarms>,
    /// Who takes records down.
    pub scribes: Vec<Box<dyn Scribe>>,
    /// Who takes SIP messages and RTP headers down as they were sent.
    pub ring: Option<Ring>,
}

impl Clerk {
    /// Whether whoever read what is taken down has gone.
    pub fn is_unread(&self) -> bool {
        self.scribes.iter().any(|scribe| scribe.is_unread())
    }

    /// Nothing more will come.
    pub fn drain(&mut self) {
        if let Some(alarms) = &mut self.alarms {
            alarms.drain();
        }
    }

    /// What judgement did, where there was any.
    pub fn judgement(&self) -> Option<JudgementJson> {
        self.alarms.as_ref().map(Alarms::judgement)
    }

    /// All counts of a run: of the worker, of what it read, and of what was made of its calls.
    pub fn summary(&self, worker: &Worker, link: &link::Tally) -> SummaryJson {
        let alarms = self.alarms.as_ref();
        let mut summary = SummaryJson::of(worker, link, self, alarms.map(Alarms::judgement));
        if worker.may_listen() {
            summary.listening = Some(Listening::of(worker.ear_tally(), alarms.map(Alarms::tally)));
        }
        summary
    }

    /// Nothing more is taken down: what outputs lack.
    pub fn dismiss_scribes(&mut self) -> Vec<Failure> {
        self.scribes.drain(..).filter_map(|scribe| scribe.close().err()).collect()
    }
}

impl Losses for Clerk {
    fn losses(&self, each: &mut dyn FnMut(&'static str, u64)) {
        if let Some(verifier) = &self.verifier {
            verifier.tally().losses(each);
        }
        if let Some(alarms) = &self.alarms {
            alarms.losses(each);
        }
    }
}

impl Listener for Clerk {
    fn moment(&mut self, moment: Moment) {
        if let Some(alarms) = &mut self.alarms {
            alarms.moment(moment);
        }
    }

    fn hears_steps(&self) -> bool {
        self.alarms.is_some() || self.verifier.is_some()
    }

    fn keeps_messages(&self) -> bool {
        self.ring.is_some()
    }

    fn sent(&mut self, sent: &Sent<'_>) {
        if let Some(ring) = &mut self.ring {
            ring.take(sent);
        }
    }

    fn header(&mut self, header: &RtpHeader<'_>) {
        if let Some(ring) = &mut self.ring {
            ring.take_header(header);
        }
    }

    fn step(&mut self, step: Step, at: Nanos, call: &CallRecord<'_>) {
        let Some(alarms) = &mut self.alarms else {
            if let Some(verifier) = self.verifier.as_mut().filter(|_| step == Step::Invited) {
                verifier.on_invite(call);
            }
            return;
        };
        let verifier = self.verifier.as_mut().filter(|_| step == Step::Invited);
        let signature = verifier.and_then(|verifier| verifier.on_invite(call)).or(call.signature);
        alarms.step(step, at, &CallRecord { signature, ..*call });
    }

    fn heard(&mut self, at: Nanos, call: &CallRecord<'_>, side: Side, excerpt: &Excerpt, whole: bool) {
        if let Some(alarms) = &mut self.alarms {
            alarms.heard(at, call, side, excerpt, whole);
        }
    }

    fn exchange(&mut self, exchange: &Exchange<'_>) {
        if let Some(alarms) = &mut self.alarms {
            alarms.exchange(exchange);
        }
    }

    fn coverage(&mut self, seen: &Coverage) {
        if let Some(alarms) = &mut self.alarms {
            alarms.coverage(seen);
        }
    }

    fn record(&mut self, record: &CallRecord<'_>) {
        let checked = self.verifier.as_mut().and_then(|verifier| verifier.on_record(record));
        let signature = checked.as_ref().map(|checked| checked.signature()).or(record.signature);
        let record = &CallRecord { signature, ..*record };
        self.scribes.iter_mut().for_each(|scribe| scribe.take(record));
        if let Some(alarms) = &mut self.alarms {
            alarms.record(record);
        }
    }
}
