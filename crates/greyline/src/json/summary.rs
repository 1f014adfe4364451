//! The summary: the object of `--summary`, from which the report for people is made too.

use std::collections::BTreeMap;

use call::{ExchangeKind, Outcome, Spans, Verdict};
use pipeline::Worker;
use schemars::JsonSchema;
use serde::Serialize;
use types::Losses;

use super::judgement::JudgementJson;
use super::{VERSION, millis, time};

/// Counts by name; only what occurred is there.
type Counts = BTreeMap<String, u64>;

/// Everything that was counted. Traffic is counted as the frames carry it, copies of a mirror port included; calls and
/// their figures leave copies out.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(title = "Summary")]
pub struct SummaryJson {
    /// Version of the record.
    pub v: u8,
    /// Captures read, to their end or to a damage.
    pub captures: u64,
    /// Frames.
    pub frames: u64,
    /// Bytes of those, as captured.
    pub bytes: u64,
    /// The earliest frame.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("format" = "date-time"))]
    pub first: Option<String>,
    /// The latest frame.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("format" = "date-time"))]
    pub last: Option<String>,
    /// Frames that held no datagram and no segment, by reason.
    pub undecoded: Counts,
    /// Frames that a mirror port repeated.
    pub duplicates: u64,
    /// Frames stamped earlier than the one before them.
    pub backwards: u64,
    /// By how many milliseconds at most; absent where there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub backwards_ms_max: Option<f64>,
    /// Fragments of IP packets, by version, and what became of them.
    pub fragments: Fragments,
    /// Frames by encapsulation.
    pub encapsulations: Counts,
    /// SIP.
    pub sip: Sip,
    /// RTP.
    pub rtp: Rtp,
    /// RTCP.
    pub rtcp: Rtcp,
    /// STUN.
    pub stun: Packets,
    /// DTLS.
    pub dtls: Packets,
    /// T.38.
    pub t38: Packets,
    /// ZRTP.
    pub zrtp: Packets,
    /// TURN channel data, and STUN that carries a datagram through a relay.
    pub turn: Packets,
    /// Control of gateways, telephones and media servers, whose media counts as announced.
    pub gateway: Gateway,
    /// Calls by outcome.
    pub calls: Calls,
    /// Requests outside calls, by kind and verdict.
    pub exchanges: BTreeMap<String, Counts>,
    /// The figures of RFC 6076.
    pub rfc6076: Rfc6076,
    /// What was listened to, at privacy level 2 and above.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub listening: Option<Listening>,
    /// What judgement did, and whether what it rests on holds; absent where nothing was judged.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub judgement: Option<JudgementJson>,
    /// What was refused or lost, by name, zero or not.
    pub losses: Counts,
}

/// What was listened to. Nothing of it is kept but what a recording can be known again by.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Listening {
    /// Callers that were listened to.
    pub streams: u64,
    /// Callers whose codec greyline cannot read.
    pub unreadable: u64,
    /// Recordings that three callees have heard.
    pub recordings: u64,
    /// Calls that were heard to play one of them.
    pub recorded_calls: u64,
    /// The longest it took from the answer of the third callee until a recording was known to be one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recognised_ms_max: Option<f64>,
}

impl Listening {
    /// What ears heard, and what judgement made of it.
    pub fn of(ears: audio::Tally, judged: Option<detect::Tally>) -> Self {
        let judged = judged.unwrap_or_default();
        Self {
            streams: ears.opened,
            unreadable: ears.unreadable,
            recordings: judged.recordings,
            recorded_calls: judged.recorded_calls,
            recognised_ms_max: (judged.recordings > 0).then(|| millis(judged.recognised_nanos_max)),
        }
    }
}

/// How many packets.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Packets {
    pub packets: u64,
}

/// RTCP compound packets.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Rtcp {
    /// All, known by their content.
    pub packets: u64,
    /// Of these, between endpoints that signalling announced.
    pub announced_packets: u64,
}

/// Fragments of IP packets.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Fragments {
    /// Frames with a fragment of IPv4.
    pub ipv4: u64,
    /// Frames with a fragment header of IPv6, atomic ones too.
    pub ipv6: u64,
    /// Packets put together.
    pub reassembled: u64,
}

/// SIP as the frames carry it.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Sip {
    /// Frames with at least one message; a message in several frames counts in the one that completes it.
    pub packets: u64,
    /// Messages.
    pub messages: u64,
    /// Requests by method.
    pub requests: Counts,
    /// Responses.
    pub responses: u64,
    /// Responses by status code; those of 700 and above, which do not exist, as `odd`.
    pub status: Counts,
    /// Different Call-IDs.
    pub call_ids: u64,
    /// Whether that is an estimate (HyperLogLog, ± 0.8 %), as it is past a million.
    pub call_ids_estimated: bool,
    /// Frames with SDP, whoever carries it: SIP, or control of gateways.
    pub sdp_bodies: u64,
    /// Frames by transport and IP version.
    pub transports: Counts,
    /// TCP connections that carry SIP under TLS, as far as that shows.
    pub encrypted: u64,
    /// Messages whose end the capture cut off.
    pub cut: u64,
    /// Messages inside ESP with NULL encryption: read like all others, and not in the counts above.
    pub in_esp: u64,
    /// Keep-alives.
    pub keep_alives: u64,
}

/// RTP as the frames carry it.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Rtp {
    /// Packets of streams that signalling announced.
    pub packets: u64,
    /// Those streams, by addresses, ports and SSRC.
    pub streams: u64,
    /// Packets of these and of the streams found without signalling.
    pub heuristic_packets: u64,
    /// Both kinds of streams.
    pub heuristic_streams: u64,
    /// Packets of RFC 4733 events.
    pub dtmf_packets: u64,
}

/// Control of gateways by other signalling than SIP. No calls are made of it.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Gateway {
    /// Frames with at least one message; a message in several frames counts in the one that completes it.
    pub packets: u64,
    /// Messages by protocol.
    pub messages: Counts,
    /// RTP streams that it announced and SIP did not.
    pub streams: u64,
}

/// Calls: legs that belong together count once.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Calls {
    pub total: u64,
    /// Legs (Call-IDs) of these.
    pub legs: u64,
    #[serde(flatten)]
    pub outcomes: BTreeMap<&'static str, u64>,
}

/// A delay over many calls.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Delay {
    pub count: u64,
    pub mean_ms: f64,
    pub min_ms: f64,
    pub max_ms: f64,
}

impl Delay {
    fn of(spans: &Spans) -> Option<Self> {
        let mean_ms = (spans.mean_ms()? * 1e3).round() / 1e3;
        Some(Self { count: spans.count, mean_ms, min_ms: millis(spans.min), max_ms: millis(spans.max) })
    }
}

/// End-to-end SIP performance (RFC 6076). Ratios are percentages; absent without anything to take them of.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Rfc6076 {
    /// Registration request delay.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rrd: Option<Delay>,
    /// Ineffective registration attempts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ira_percent: Option<f64>,
    /// Session request delay of calls that were set up.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub srd: Option<Delay>,
    /// Session request delay of calls that failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub srd_failed: Option<Delay>,
    /// Session disconnect delay.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sdd: Option<Delay>,
    /// Session duration time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sdt: Option<Delay>,
    /// Session establishment ratio.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ser_percent: Option<f64>,
    /// Session establishment effectiveness ratio.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seer_percent: Option<f64>,
    /// Ineffective session attempts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub isa_percent: Option<f64>,
    /// Session completion ratio.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scr_percent: Option<f64>,
}

/// Drops what did not occur.
fn occurred<N: Into<String>>(counts: impl Iterator<Item = (N, u64)>) -> Counts {
    counts.filter(|&(_, count)| count > 0).map(|(name, count)| (name.into(), count)).collect()
}

impl SummaryJson {
    /// All counts of a run, and what `others` beside the worker did and refused.
    pub fn of(worker: &Worker, link: &link::Tally, others: &impl Losses, judgement: Option<JudgementJson>) -> Self {
        let (traffic, wire) = (worker.traffic(), worker.wire_tally());
        let mut losses = Counts::new();
        let mut add = |name: &'static str, count| {
            losses.insert(name.to_owned(), count);
        };
        link.losses(&mut add);
        worker.losses(&mut add);
        others.losses(&mut add);
        let packets = |packets| Packets { packets };
        Self {
            v: VERSION,
            captures: link.captures,
            frames: traffic.frames,
            bytes: traffic.bytes,
            first: traffic.first.map(time),
            last: traffic.last.map(time),
            undecoded: occurred(wire.undecoded().map(|(why, count)| (why.name(), count))),
            duplicates: wire.duplicates,
            backwards: link.backwards,
            backwards_ms_max: (link.backwards > 0).then(|| millis(link.backwards_nanos_max)),
            fragments: Fragments {
                ipv4: wire.fragments_v4,
                ipv6: wire.fragments_v6,
                reassembled: worker.fragment_tally().reassembled,
            },
            encapsulations: occurred(wire.encapsulations().map(|(kind, count)| (kind.name(), count))),
            sip: Sip::of(&traffic.sip),
            rtp: Rtp {
                packets: traffic.rtp_packets,
                streams: traffic.rtp_streams,
                heuristic_packets: traffic.rtp_heuristic_packets,
                heuristic_streams: traffic.rtp_heuristic_streams,
                dtmf_packets: worker.call_tally().dtmf_packets,
            },
            rtcp: Rtcp { packets: traffic.rtcp_packets, announced_packets: traffic.rtcp_announced_packets },
            stun: packets(traffic.stun_packets),
            dtls: packets(traffic.dtls_packets),
            t38: packets(traffic.t38_packets),
            zrtp: packets(traffic.zrtp_packets),
            turn: packets(traffic.turn_packets),
            gateway: Gateway {
                packets: traffic.gateway.packets,
                messages: occurred(traffic.gateway.messages().map(|(protocol, count)| (protocol.name(), count))),
                streams: traffic.gateway.streams,
            },
            calls: Calls::of(worker.call_tally()),
            exchanges: exchanges(worker.call_tally()),
            rfc6076: Rfc6076::of(&worker.call_tally().rfc6076),
            listening: None,
            judgement,
            losses,
        }
    }
}

impl Sip {
    fn of(sip: &pipeline::SipTraffic) -> Self {
        let codes = sip.status().map(|(code, count)| (code.to_string(), count));
        let transports =
            sip.transports().map(|(carrier, version, count)| (format!("{}{version}", carrier.name()), count));
        Self {
            packets: sip.packets,
            messages: sip.messages,
            requests: occurred(sip.requests()),
            responses: sip.responses,
            status: occurred(codes.chain([("odd".to_owned(), sip.status_odd)])),
            call_ids: sip.call_ids.count(),
            call_ids_estimated: sip.call_ids.is_estimate(),
            sdp_bodies: sip.sdp_bodies,
            transports: occurred(transports),
            encrypted: sip.encrypted,
            cut: sip.cut,
            in_esp: sip.in_esp,
            keep_alives: sip.keep_alives,
        }
    }
}

impl Calls {
    fn of(tally: &call::Tally) -> Self {
        let outcomes = Outcome::ALL.iter().map(|outcome| outcome.name()).zip(tally.outcomes);
        Self { total: tally.calls(), legs: tally.legs, outcomes: outcomes.collect() }
    }
}

fn exchanges(tally: &call::Tally) -> BTreeMap<String, Counts> {
    let rows = ExchangeKind::ALL.iter().zip(tally.exchanges);
    let named = rows.map(|(kind, verdicts)| {
        let verdicts = Verdict::ALL.iter().map(|verdict| verdict.name()).zip(verdicts);
        (kind.name().to_owned(), occurred(verdicts))
    });
    named.filter(|(_, verdicts)| !verdicts.is_empty()).collect()
}

impl Rfc6076 {
    fn of(figures: &call::Rfc6076) -> Self {
        let percent = |share: Option<f64>| share.map(|share| (share * 100.0).round() / 100.0);
        Self {
            rrd: Delay::of(&figures.rrd),
            ira_percent: percent(figures.ira()),
            srd: Delay::of(&figures.srd),
            srd_failed: Delay::of(&figures.srd_failed),
            sdd: Delay::of(&figures.sdd),
            sdt: Delay::of(&figures.sdt),
            ser_percent: percent(figures.ser()),
            seer_percent: percent(figures.seer()),
            isa_percent: percent(figures.isa()),
            scr_percent: percent(figures.scr()),
        }
    }
}
