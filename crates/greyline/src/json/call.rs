//! The call record: a line of `--calls`.

use std::borrow::Cow;

use call::{CallRecord, Course, Mark, MediaRecord, Outcome, Party, Passage, Side};
use config::Known;
use rtp::Figures;
use rtp::emodel::{Score, score};
use schemars::JsonSchema;
use serde::Serialize;
use sip::passport::Attest;
use types::Endpoint;

use super::{EndpointJson, VERSION, country, millis, number, rounded, text, time};

/// A call.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(title = "Call")]
pub struct CallJson<'a> {
    /// Version of the record.
    v: u8,
    /// Call-ID of the first leg.
    call_id: Cow<'a, str>,
    /// That another call was up under this Call-ID when this one began: it is known by its Call-ID and `invite_at`. Absent otherwise.
    #[serde(skip_serializing_if = "Option::is_none")]
    call_id_shared: Option<bool>,
    /// When the first INVITE was seen; absent when the capture began after it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("format" = "date-time"))]
    invite_at: Option<String>,
    /// When the first provisional response over 100 was seen.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("format" = "date-time"))]
    ring_at: Option<String>,
    /// When the first 2xx was seen.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("format" = "date-time"))]
    answer_at: Option<String>,
    /// When it ended; absent while it had not when the capture stopped, for an answered call of whose talk and end nothing was heard, and
    /// where the clock was set back before it did, so that nobody knows how long it lasted.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("format" = "date-time"))]
    end_at: Option<String>,
    /// When that was known, where it was more than a second later: minutes after a response that invites to ask again, or after
    /// the last that was heard of it. Whoever judges calls as they happen judges the end then.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("format" = "date-time"))]
    end_known_at: Option<String>,
    /// That it may have been answered later than `answer_at`: a record of others told how long they talked, and not since when, or
    /// the clock was set back before the answer: times go on from the last before that. Absent where that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    set_up_unknown: Option<bool>,
    /// What became of it.
    #[schemars(extend("enum" = ["answered", "busy", "no_answer", "cancelled", "rejected", "failed", "redirected", "incomplete"]))]
    outcome: &'static str,
    /// The last final response to the INVITE.
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
    /// Cause of ITU-T Q.850 from a Reason header.
    #[serde(skip_serializing_if = "Option::is_none")]
    q850: Option<u8>,
    /// Who ended it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("enum" = ["caller", "callee", "network"]))]
    ended_by: Option<&'static str>,
    /// That it is not known who called: all that was seen are requests within the dialog, which either side sends. `caller`, here and in
    /// `media`, is then whoever sent the first of them, and `ended_by` names neither side. Absent where it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    roles_unknown: Option<bool>,
    /// Who called.
    caller: CallerJson<'a>,
    /// Who was called.
    callee: CalleeJson<'a>,
    /// Who sent the first message.
    source: BoxJson,
    /// To whom.
    destination: BoxJson,
    /// User-Agent of the INVITE.
    #[serde(skip_serializing_if = "Option::is_none")]
    user_agent: Option<Cow<'a, str>>,
    /// Fingerprint of the SIP stack that wrote the INVITE: 16 hexadecimal digits.
    #[serde(skip_serializing_if = "Option::is_none")]
    stack: Option<String>,
    /// INVITE to the first provisional response over 100, or to the answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pdd_ms: Option<f64>,
    /// First provisional response over 100 to the answer or the end.
    #[serde(skip_serializing_if = "Option::is_none")]
    ring_ms: Option<f64>,
    /// Answer to the end.
    #[serde(skip_serializing_if = "Option::is_none")]
    talk_ms: Option<f64>,
    /// SHAKEN attestation as claimed; `signature` says what the claim is worth.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("enum" = ["A", "B", "C"]))]
    attestation: Option<&'static str>,
    /// What came of checking its PASSporT; absent for a call that nobody signed.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("enum" = ["not_verified", "verified", "bad_signature", "untrusted", "stale", "other_caller", "other_callee", "unauthorised", "unreadable"]))]
    signature: Option<&'static str>,
    /// Where the signer's certificate is to be had (`x5u`).
    #[serde(skip_serializing_if = "Option::is_none")]
    signer: Option<Cow<'a, str>>,
    /// The signer's own name for where the call came from (`origid`).
    #[serde(skip_serializing_if = "Option::is_none")]
    origin_id: Option<Cow<'a, str>>,
    /// User part of the party that diverted the call.
    #[serde(skip_serializing_if = "Option::is_none")]
    diversion: Option<Cow<'a, str>>,
    /// How its later legs differ from the first, as far as they were seen before an answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    passage: Option<PassageJson>,
    /// SIP messages of all its legs.
    messages: u32,
    /// Of these, sent again.
    retransmissions: u32,
    /// Call-IDs of its other legs.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    legs: Vec<Cow<'a, str>>,
    /// For an answered call, whose media was seen. Absent where none was found and the call agreed by ICE where it flows: it may have
    /// flown unseen.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("enum" = ["both", "caller", "callee", "none"]))]
    media_seen: Option<&'static str>,
    /// Its media streams, in the order they began.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    media: Vec<MediaJson<'a>>,
}

/// Who stands at an end of the signalling.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(title = "Box")]
struct BoxJson {
    #[serde(flatten)]
    endpoint: EndpointJson,
    /// Name of the `[[trunk]]` that has this address.
    #[serde(skip_serializing_if = "Option::is_none")]
    trunk: Option<String>,
}

impl BoxJson {
    fn of(endpoint: Endpoint, known: Option<&Known>) -> Self {
        let trunk = known.and_then(|known| known.trunk_at(endpoint.ip));
        Self { endpoint: endpoint.into(), trunk: trunk.map(|trunk| trunk.name.clone()) }
    }
}

/// What became of the caller's identity on the way.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(title = "Passage")]
struct PassageJson {
    /// Where the leg goes that was compared.
    destination: String,
    /// Whether it shows another caller; absent where a leg shows none or somebody forwarded the call.
    #[serde(skip_serializing_if = "Option::is_none")]
    caller_changed: Option<bool>,
    /// The number it shows in place of the caller's.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("pattern" = "^\\+[1-9][0-9]{0,14}$"))]
    caller_shown: Option<String>,
    /// Whether the first leg is signed and it is not; absent where the first is not.
    #[serde(skip_serializing_if = "Option::is_none")]
    identity_lost: Option<bool>,
    /// Whether the first leg says who diverted the call and it does not; absent where nobody did.
    #[serde(skip_serializing_if = "Option::is_none")]
    diversion_lost: Option<bool>,
}

impl PassageJson {
    fn of(passage: &Passage) -> Self {
        Self {
            destination: passage.destination.to_string(),
            caller_changed: passage.caller_changed,
            caller_shown: passage.caller_shown.map(number),
            identity_lost: passage.identity_lost,
            diversion_lost: passage.diversion_lost,
        }
    }
}

/// Who called.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(title = "Caller")]
struct CallerJson<'a> {
    #[serde(flatten)]
    party: PartyJson<'a>,
    /// Display name as it was sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    display: Option<Cow<'a, str>>,
    /// Where the number was read: P-Asserted-Identity, Remote-Party-ID, From, or nowhere.
    #[schemars(extend("enum" = ["pai", "rpid", "from", "withheld"]))]
    from: &'static str,
}

/// Who was called.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(title = "Callee")]
struct CalleeJson<'a> {
    #[serde(flatten)]
    party: PartyJson<'a>,
}

/// One of the two people.
#[derive(Debug, Serialize, JsonSchema)]
struct PartyJson<'a> {
    /// The number in E.164, when the user part reads as one by the tap's dial plan.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("pattern" = "^\\+[1-9][0-9]{0,14}$"))]
    number: Option<String>,
    /// The user part as it was sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    raw: Option<Cow<'a, str>>,
    /// Country of the number: ISO 3166 alpha-2, `001` for the services of the whole world.
    #[serde(skip_serializing_if = "Option::is_none")]
    country: Option<&'static str>,
}

impl<'a> PartyJson<'a> {
    fn of(party: &Party<'a>) -> Self {
        Self { number: party.number.map(number), raw: text(party.raw), country: party.number.and_then(country) }
    }
}

/// A media stream.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(title = "Media")]
struct MediaJson<'a> {
    /// Call-ID of the leg it belongs to, when that is not the first.
    #[serde(skip_serializing_if = "Option::is_none")]
    leg: Option<Cow<'a, str>>,
    /// Who sent it.
    #[schemars(extend("enum" = ["caller", "callee"]))]
    from: &'static str,
    /// From where.
    source: EndpointJson,
    /// To where.
    destination: EndpointJson,
    /// Synchronisation source (RFC 3550 §5.1).
    ssrc: u32,
    /// Encoding name.
    codec: &'static str,
    /// Ticks a second of the timestamps.
    #[serde(skip_serializing_if = "Option::is_none")]
    clock_rate: Option<u32>,
    /// Payload types, the most frequent first.
    payload_types: Vec<u8>,
    /// Packets that arrived, duplicates included.
    packets: u64,
    /// Payload octets of those.
    octets: u64,
    /// Packets that never came.
    lost: u64,
    /// Share of those that lie in bursts (RFC 3611), 0 to 1; absent without loss.
    #[serde(skip_serializing_if = "Option::is_none")]
    burst_share: Option<f64>,
    /// Packets that came again.
    duplicates: u64,
    /// Packets that came behind a later one.
    reordered: u64,
    /// Interarrival jitter at the end (RFC 3550 §A.8).
    #[serde(skip_serializing_if = "Option::is_none")]
    jitter_ms: Option<f64>,
    /// The longest time between two packets.
    gap_max_ms: f64,
    /// Media time of a packet.
    #[serde(skip_serializing_if = "Option::is_none")]
    ptime_ms: Option<f64>,
    /// Media time of silence: comfort noise, or nothing sent though nothing was lost.
    silent_ms: f64,
    /// The first packet.
    #[schemars(extend("format" = "date-time"))]
    first_at: String,
    /// The last packet.
    #[schemars(extend("format" = "date-time"))]
    last_at: String,
    /// Round-trip time by RTCP.
    #[serde(skip_serializing_if = "Option::is_none")]
    rtt_ms: Option<f64>,
    /// Mean opinion score by the E-model (ITU-T G.107), where the codec has figures in G.113. Jitter counts as the delay of a buffer that
    /// holds twice as much; what comes too late for a buffer is not counted as lost.
    #[serde(skip_serializing_if = "Option::is_none")]
    mos: Option<f64>,
    /// Digits sent as RFC 4733 events: how many, never which.
    dtmf: u64,
    /// How it fared over time: in the records of a store alone (`store.media_every_secs`).
    #[serde(skip_serializing_if = "Option::is_none")]
    over_time: Option<OverTimeJson>,
}

/// A stream in intervals, of which each figure has one value. The first begins with the stream, the last ends with it.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "OverTime")]
struct OverTimeJson {
    /// When the first interval ends.
    #[schemars(extend("format" = "date-time"))]
    first_ends_at: String,
    /// How long each but the first and the last is.
    every_secs: u32,
    /// Packets that arrived.
    packets: Vec<u32>,
    /// Packets that never came.
    lost: Vec<u32>,
    /// Interarrival jitter (RFC 3550 §A.8) at the end of the interval; in a long call the most of several.
    jitter_ms: Vec<f64>,
    /// Mean opinion score by the E-model (ITU-T G.107), where the codec has figures in G.113; null where nothing arrived.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    mos: Vec<Option<f64>>,
}

const fn attestation(attest: Attest) -> &'static str {
    match attest {
        Attest::Full => "A",
        Attest::Partial => "B",
        Attest::Gateway => "C",
    }
}

const fn side(side: Side) -> &'static str {
    match side {
        Side::Caller => "caller",
        Side::Callee => "callee",
    }
}

/// Whose media of an answered call was seen: one-way and absent media are facts of it, but for media that may have been there
/// without being found.
pub fn media_seen(call: &CallRecord<'_>) -> Option<&'static str> {
    call.answer_at?;
    let seen = |from| call.media.iter().any(|media| media.from == from);
    Some(match (seen(Side::Caller), seen(Side::Callee)) {
        (true, true) => "both",
        (true, false) => "caller",
        (false, true) => "callee",
        (false, false) if call.media_hidden => return None,
        (false, false) => "none",
    })
}

impl<'a> CallJson<'a> {
    /// A call as it is written; trunks have their names from what is known, where anything is.
    pub fn of(call: &CallRecord<'a>, known: Option<&Known>) -> Self {
        let caller = CallerJson {
            party: PartyJson::of(&call.caller),
            display: text(call.caller.display),
            from: call.caller_from.name(),
        };
        Self {
            v: VERSION,
            call_id: String::from_utf8_lossy(call.call_id),
            invite_at: call.invite_at.map(time),
            ring_at: call.ring_at.map(time),
            answer_at: call.answer_at.map(time),
            end_at: call.end_at.map(time),
            end_known_at: call.end_known_at.map(time),
            roles_unknown: call.roles_unknown.then_some(true),
            call_id_shared: call.call_id_shared.then_some(true),
            set_up_unknown: call.set_up_unknown.then_some(true),
            outcome: Outcome::name(call.outcome),
            status: call.status,
            q850: call.q850,
            ended_by: call.ended_by.map(|who| who.name()),
            caller,
            callee: CalleeJson { party: PartyJson::of(&call.callee) },
            source: BoxJson::of(call.source, known),
            destination: BoxJson::of(call.destination, known),
            user_agent: text(call.user_agent),
            stack: call.stack.map(|stack| stack.to_string()),
            pdd_ms: call.post_dial_delay().map(millis),
            ring_ms: call.ringing().map(millis),
            talk_ms: call.talking().map(millis),
            attestation: call.attestation.map(attestation),
            signature: call.signature.map(|signature| signature.proof.name()),
            signer: call.signature.and_then(|signature| text(signature.signer)),
            origin_id: call.signature.and_then(|signature| text(signature.origin_id)),
            diversion: text(call.diversion),
            passage: call.passage.map(PassageJson::of),
            messages: call.messages,
            retransmissions: call.retransmissions,
            legs: call.legs.iter().map(|leg| String::from_utf8_lossy(leg)).collect(),
            media_seen: media_seen(call),
            media: call.media.iter().map(|media| MediaJson::of(media, call.call_id)).collect(),
        }
    }
}

impl CallJson<'_> {
    /// The same with how its media fared over time, as a store keeps it: what leaves for elsewhere does not depend on whether there is one.
    pub fn with_courses(mut self, call: &CallRecord<'_>) -> Self {
        for (json, media) in self.media.iter_mut().zip(call.media) {
            json.over_time = media.course.as_ref().map(|course| OverTimeJson::of(course, media));
        }
        self
    }
}

impl<'a> MediaJson<'a> {
    fn of(media: &MediaRecord<'a>, first_leg: &[u8]) -> Self {
        let figures = &media.figures;
        Self {
            leg: text(media.leg).filter(|_| media.leg != first_leg),
            from: side(media.from),
            source: media.source.into(),
            destination: media.destination.into(),
            ssrc: media.ssrc,
            codec: figures.codec.name(),
            clock_rate: figures.clock_rate,
            payload_types: figures.payload_types.iter().map(|(payload_type, _)| payload_type).collect(),
            packets: figures.packets,
            octets: figures.octets,
            lost: figures.lost,
            burst_share: (figures.lost > 0).then(|| rounded(figures.burst_share())),
            duplicates: figures.duplicates,
            reordered: figures.reordered,
            jitter_ms: figures.jitter_ms.map(rounded),
            gap_max_ms: rounded(figures.gap_max_ms),
            ptime_ms: figures.ptime_ms.map(rounded),
            silent_ms: rounded(figures.silent_ms),
            first_at: time(figures.first_at),
            last_at: time(figures.last_at),
            rtt_ms: media.rtcp.as_ref().and_then(rtp::RtcpFigures::round_trip_ms).map(rounded),
            mos: media.score.as_ref().map(mos),
            dtmf: figures.dtmf_events,
            over_time: None,
        }
    }
}

fn mos(score: &Score) -> f64 {
    (f64::from(score.mos) * 100.0).round() / 100.0
}

impl OverTimeJson {
    fn of(course: &Course, media: &MediaRecord<'_>) -> Self {
        // What came late had not been lost before: no mark counts more than those behind it.
        let mut marks = course.marks().to_vec();
        let mut lost = u32::MAX;
        for mark in marks.iter_mut().rev() {
            lost = lost.min(mark.lost);
            mark.lost = lost;
        }
        let before = std::iter::once(&Mark::NONE).chain(&marks);
        let intervals = before.zip(&marks).map(|(before, mark)| Mark {
            packets: mark.packets.saturating_sub(before.packets),
            lost: mark.lost - before.lost,
            jitter_ms: mark.jitter_ms,
        });
        let intervals: Vec<_> = intervals.collect();
        let rtt_ms = media.rtcp.as_ref().and_then(rtp::RtcpFigures::round_trip_ms);
        let heard = |it: &Mark| {
            let figures = Figures {
                expected: u64::from(it.packets) + u64::from(it.lost),
                lost: it.lost.into(),
                lost_in_bursts: 0,
                loss_runs: 0,
                jitter_ms: media.figures.jitter_ms.map(|_| it.jitter_ms),
                ..media.figures.clone()
            };
            score(&figures, rtt_ms).filter(|_| it.packets > 0).as_ref().map(mos)
        };
        Self {
            first_ends_at: time(course.first_ends_at()),
            every_secs: course.every_secs(),
            packets: intervals.iter().map(|it| it.packets).collect(),
            lost: intervals.iter().map(|it| it.lost).collect(),
            jitter_ms: intervals.iter().map(|it| rounded(it.jitter_ms)).collect(),
            mos: if media.score.is_some() { intervals.iter().map(heard).collect() } else { Vec::new() },
        }
    }
}
