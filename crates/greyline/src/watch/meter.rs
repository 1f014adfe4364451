//! What the packet thread has counted, published once a second; and the figures of trunks, call by call.

use std::sync::Arc;
use std::time::Duration;

use call::{CallRecord, EndedBy, ExchangeKind, Outcome, Verdict};
use config::Known;
use metrics::catalogue::{
    ATTEMPTS, BUILD, CALLS, CALLS_LIVE, CALLS_LIVE_MAX, DUPLICATES, ENCAPSULATIONS, ENTITIES, ENTITIES_MAX, EXCHANGES,
    FRAGMENTS, FRAME_BYTES, FRAMES, LAST_FRAME, LOSSES, MEAN_E, MEDIA_PACKETS, REASSEMBLED, RTP_PACKETS, RTP_STREAMS,
    SIP_ENCRYPTED, SIP_MALFORMED, SIP_PACKETS, SIP_REQUESTS, SIP_RESPONSES, STREAMS_LIVE, THRESHOLD, UNDECODED,
};
use metrics::{Call, Metrics, Stream, Trunk};
use pipeline::Worker;
use sip::Method;
use types::{Losses, Nanos};

use crate::clerk::{Clerk, Scribe};
use crate::watch::feed::Feed;

/// How often the means of e-values are reckoned: they move slowly.
const MEANS_EVERY: Duration = Duration::from_secs(10);

/// The label of calls that come over no trunk of the configuration: no name of a trunk is written so.
const NO_TRUNK: &str = "(none)";

/// Publishes what the packet thread has counted.
pub struct Meter {
    metrics: Arc<Metrics>,
    known: Arc<Known>,
    /// When the means of e-values were published.
    means: Nanos,
}

impl Meter {
    /// A meter that has published nothing.
    pub fn new(metrics: Arc<Metrics>, known: Arc<Known>) -> Self {
        Self { metrics, known, means: Nanos::ZERO }
    }

    /// Who takes down the figures of trunks.
    pub fn trunks(&self) -> Trunks {
        Trunks::new(Arc::clone(&self.metrics), Arc::clone(&self.known))
    }

    /// Where it publishes.
    pub fn metrics(&self) -> &Metrics {
        &self.metrics
    }

    /// Other knowledge is in force.
    pub fn renew(&mut self, known: &Arc<Known>) {
        let judged = &self.known;
        // The series of the version before ends.
        if judged.version() != known.version() {
            self.metrics.forget(&BUILD);
        }
        (self.known, self.means) = (Arc::clone(known), Nanos::ZERO);
    }

    /// Publishes.
    pub fn publish(&mut self, worker: &Worker, clerk: &Clerk, feed: &mut Feed) {
        feed.publish();
        self.link(worker);
        self.signalling(worker);
        self.calls(worker);
        self.judgement(clerk);
        let mut loss = |name: &'static str, count| self.metrics.total(&LOSSES, &[name], count);
        worker.losses(&mut loss);
        clerk.losses(&mut loss);
        feed.hep().losses(&mut loss);
    }

    fn link(&self, worker: &Worker) {
        let (metrics, traffic, wire) = (&self.metrics, worker.traffic(), worker.wire_tally());
        metrics.total(&FRAMES, &[], traffic.frames);
        metrics.total(&FRAME_BYTES, &[], traffic.bytes);
        if let Some(last) = traffic.last {
            metrics.level(&LAST_FRAME, &[], last.get() as f64 / 1e9);
        }
        metrics.total(&DUPLICATES, &[], wire.duplicates);
        wire.undecoded().for_each(|(why, count)| metrics.total(&UNDECODED, &[why.name()], count));
        wire.encapsulations().for_each(|(kind, count)| metrics.total(&ENCAPSULATIONS, &[kind.name()], count));
        metrics.total(&FRAGMENTS, &["4"], wire.fragments_v4);
        metrics.total(&FRAGMENTS, &["6"], wire.fragments_v6);
        metrics.total(&REASSEMBLED, &[], worker.fragment_tally().reassembled);
    }

    fn signalling(&self, worker: &Worker) {
        let (metrics, traffic) = (&self.metrics, worker.traffic());
        // What senders call their methods is theirs to choose: those that no RFC names share one label.
        let mut others = traffic.sip.methods_unnamed;
        for (method, count) in traffic.sip.requests() {
            match Method::ALL.iter().find(|known| known.name() == method) {
                Some(known) => metrics.total(&SIP_REQUESTS, &[known.name()], count),
                None => others += count,
            }
        }
        metrics.total(&SIP_REQUESTS, &["other"], others);
        traffic.sip.status().for_each(|(code, count)| metrics.total(&SIP_RESPONSES, &[&code.to_string()], count));
        for (carrier, version, count) in traffic.sip.transports() {
            metrics.total(&SIP_PACKETS, &[&format!("{}{version}", carrier.name())], count);
        }
        metrics.total(&SIP_MALFORMED, &[], traffic.sip.malformed);
        metrics.total(&SIP_ENCRYPTED, &[], traffic.sip.encrypted);
        let found = |all: u64, announced: u64| all.saturating_sub(announced);
        metrics.total(&RTP_PACKETS, &["signalling"], traffic.rtp_packets);
        metrics.total(&RTP_PACKETS, &["content"], found(traffic.rtp_heuristic_packets, traffic.rtp_packets));
        metrics.total(&RTP_STREAMS, &["signalling"], traffic.rtp_streams);
        metrics.total(&RTP_STREAMS, &["content"], found(traffic.rtp_heuristic_streams, traffic.rtp_streams));
        for (protocol, count) in [
            ("rtcp", traffic.rtcp_packets),
            ("stun", traffic.stun_packets),
            ("turn", traffic.turn_packets),
            ("dtls", traffic.dtls_packets),
            ("zrtp", traffic.zrtp_packets),
            ("t38", traffic.t38_packets),
        ] {
            metrics.total(&MEDIA_PACKETS, &[protocol], count);
        }
    }

    fn calls(&self, worker: &Worker) {
        let (metrics, tally) = (&self.metrics, worker.call_tally());
        for (outcome, count) in Outcome::ALL.iter().zip(tally.outcomes) {
            metrics.total(&CALLS, &[outcome.name()], count);
        }
        for (kind, verdicts) in ExchangeKind::ALL.iter().zip(tally.exchanges) {
            for (verdict, count) in Verdict::ALL.iter().zip(verdicts).filter(|&(_, count)| count > 0) {
                metrics.total(&EXCHANGES, &[kind.name(), verdict.name()], count);
            }
        }
        let (legs, streams) = worker.held();
        metrics.level(&CALLS_LIVE, &[], legs as f64);
        metrics.level(&CALLS_LIVE_MAX, &[], f64::from(self.known.config().limits.calls_live_max));
        metrics.level(&STREAMS_LIVE, &[], streams as f64);
    }

    fn judgement(&mut self, clerk: &Clerk) {
        let (metrics, Some(alarms)) = (&self.metrics, &clerk.alarms) else { return };
        let judged = alarms.tally();
        metrics.total(&ATTEMPTS, &[], judged.attempts);
        metrics.level(&ENTITIES, &[], judged.entities as f64);
        metrics.level(&ENTITIES_MAX, &[], f64::from(self.known.config().limits.entities_max));
        metrics.level(&THRESHOLD, &[], alarms.threshold_db());
        let now = tap::now();
        if now.since(self.means) < MEANS_EVERY && self.means <= now {
            return;
        }
        self.means = now;
        let judged = alarms.judgement();
        for mean in &judged.calibration.means {
            metrics.level(&MEAN_E, &[mean.sheet, &mean.class, mean.feature.unwrap_or("all")], mean.mean_e);
        }
        let versions = [env!("CARGO_PKG_VERSION"), detect::RULES, &judged.tables, self.known.version()];
        metrics.level(&BUILD, &versions, 1.0);
    }
}

/// Takes down the figures of every trunk of the configuration, and of what belongs to none.
pub struct Trunks {
    metrics: Arc<Metrics>,
    known: Arc<Known>,
    trunks: Vec<Trunk>,
    none: Trunk,
}

impl Trunks {
    fn new(metrics: Arc<Metrics>, known: Arc<Known>) -> Self {
        let outcomes = Outcome::ALL.map(Outcome::name);
        let trunk = |name: &str| Trunk::new(&metrics, name, &outcomes);
        let trunks = known.config().trunk.iter().map(|named| trunk(&named.name)).collect();
        Self { trunks, none: trunk(NO_TRUNK), known, metrics }
    }
}

impl Scribe for Trunks {
    fn renew(&mut self, known: &Arc<Known>) {
        *self = Self::new(Arc::clone(&self.metrics), Arc::clone(known));
    }

    fn take(&mut self, record: &CallRecord<'_>) {
        let id = self.known.trunk_of(record.source.ip);
        let trunk = id.and_then(|id| self.trunks.get(usize::from(id.0))).unwrap_or(&self.none);
        let secs = |nanos: u64| nanos as f64 / 1e9;
        // A capture that began in mid-call tells nothing of how it was set up.
        if record.invite_at.is_some() {
            trunk.on_call(&Call {
                outcome: Outcome::ALL.iter().position(|&outcome| outcome == record.outcome).unwrap_or_default(),
                status: record.status.unwrap_or_default(),
                completed: record.outcome == Outcome::Answered && matches!(record.ended_by, Some(EndedBy::Person(_))),
                pdd_secs: record.post_dial_delay().map(secs),
                talk_secs: record.talking().map(secs),
            });
        }
        for media in record.media {
            let figures = &media.figures;
            trunk.on_stream(&Stream {
                jitter_secs: figures.jitter_ms.map(|ms| f64::from(ms) / 1e3),
                loss: (figures.expected > 0).then(|| figures.lost as f64 / figures.expected as f64),
                mos: media.score.map(|score| f64::from(score.mos)),
            });
        }
    }
}
