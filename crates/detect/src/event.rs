//! Call events as judgement hears them: small, owned, and ordered by what a record says of them, so that the same calls are
//! judged alike whether they come from packets, from records, or from several workers.

use std::cmp::Ordering;
use std::hash::BuildHasher;

use audio::Excerpt;
use call::{CallRecord, CallerFrom, EndedBy, Exchange, Outcome, Passage, Side, Signature, Verdict};
use foldhash::quality::FixedState;
use numbers::{Place, look_up};
use serde::{Deserialize, Serialize};
use sip::passport::{Attest, Proof};
use sip::stack::Fingerprint;
use types::{E164, Endpoint, Ip, Nanos};

use crate::cause::{rang_at, status_of};
use crate::doors::{Answer, Dialled, extension};
use crate::settings::MediaTerms;

/// Bytes that are kept of a Call-ID: boxes that hide what lies behind them write some of two hundred.
const CALL_ID_MAX: usize = 256;
/// Bytes that are kept of a display name, and of what a signer writes.
const WORD_MAX: usize = 128;

/// Names a call among those that live.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct CallKey(pub(crate) u64);

impl CallKey {
    /// The key of a Call-ID.
    #[must_use]
    pub fn of(call_id: &[u8]) -> Self {
        Self(FixedState::with_seed(0).hash_one(call_id))
    }

    /// The key of a call: its Call-ID, and its beginning where another was up under that then.
    fn of_call(call: &CallRecord<'_>) -> Self {
        let began_at = call.invite_at.filter(|_| call.call_id_shared).map(micros);
        began_at
            .map_or_else(|| Self::of(call.call_id), |at| Self(FixedState::with_seed(0).hash_one((call.call_id, at))))
    }
}

/// Something that happened to a call, with all that is known of it then.
#[derive(Clone, Debug)]
pub struct Event {
    /// When: whole microseconds, as records have them.
    pub at: Nanos,
    /// To which call.
    pub call: CallKey,
    /// What.
    pub what: What,
}

/// What happened.
#[derive(Clone, Debug)]
pub enum What {
    /// Its first INVITE.
    Invited(Box<Invite>),
    /// Its first provisional response over 100.
    Ringing,
    /// Its first 2xx.
    Answered {
        /// What became of the caller's identity on the legs until then.
        passage: Option<Box<Passage>>,
        /// Whether it is known when that was.
        timed: bool,
    },
    /// What was heard of its caller.
    Heard(Box<Hearing>),
    /// Its end, and the same where nobody answered.
    Ended(End, Option<Box<Passage>>),
    /// Its record was written: nothing more will be heard of it. With its media, where that was seen.
    Recorded(Option<Measure>),
    /// A request outside calls was answered.
    Asked(Ask),
}

/// What an INVITE says.
#[derive(Clone, Debug)]
pub struct Invite {
    /// Call-ID, at most 256 bytes of it.
    pub call_id: Box<[u8]>,
    /// Who calls.
    pub caller: Option<E164>,
    /// Where that number belongs.
    pub caller_place: Option<&'static Place>,
    /// Digits of what stands in a number's place, where that is all digits.
    pub caller_digits: u8,
    /// The caller as it was sent, whether or not it reads as a number: a hash.
    pub shown: u64,
    /// Whether the caller asked for privacy.
    pub withheld: bool,
    /// Display name, at most 128 bytes of it.
    pub display: Box<[u8]>,
    /// Whom it is for, number or not: a hash of the user part.
    pub about: u64,
    /// The same as it was dialled, where it is long enough for a number and a prefix.
    pub dialled: Option<Dialled>,
    /// The same where it is as short as extensions are.
    pub extension: Option<u32>,
    /// Whether a tool wrote it that is made for scanning.
    pub by_tool: bool,
    /// Who is called.
    pub callee: Option<E164>,
    /// Where that number belongs.
    pub callee_place: Option<&'static Place>,
    /// Who sent it.
    pub source: Ip,
    /// To whom.
    pub destination: Ip,
    /// Which software wrote it.
    pub stack: Option<Fingerprint>,
    /// What the signer attests.
    pub attestation: Option<Attest>,
    /// Who the signer is, and what the signature is worth.
    pub signed: Option<Box<Signed>>,
    /// Whether somebody forwarded it.
    pub diverted: bool,
}

/// Who signed a call, and what that is worth.
#[derive(Clone, Debug)]
pub struct Signed {
    /// Where the signer's certificate is to be had, at most 128 bytes of it.
    pub signer: Box<[u8]>,
    /// The signer's own name for where the call came from; empty without one.
    pub origin_id: Box<[u8]>,
    /// What came of checking it.
    pub proof: Proof,
}

impl Signed {
    fn of(signature: &Signature<'_>) -> Box<Self> {
        let Signature { signer, origin_id, proof } = *signature;
        Box::new(Self { signer: kept(signer, WORD_MAX), origin_id: kept(origin_id, WORD_MAX), proof })
    }
}

/// What was heard of a caller from the answer on.
#[derive(Clone, Debug)]
pub struct Hearing {
    /// What is left of it.
    pub excerpt: Excerpt,
    /// Whether nothing more will be heard.
    pub whole: bool,
}

/// How a call ended.
#[derive(Clone, Copy, Debug)]
pub struct End {
    /// What became of it.
    pub outcome: Outcome,
    /// The last final response, or what the cause stands for that a switch gave.
    pub status: Option<u16>,
    /// Who ended it.
    pub ended_by: Option<EndedBy>,
    /// When it rang; where a switch tells nothing of that, when it is likely to have.
    pub ring_at: Option<Nanos>,
    /// When it was answered.
    pub answer_at: Option<Nanos>,
    /// When it ended.
    pub end_at: Nanos,
}

/// What its media was like; each side is known when its packets were seen.
#[derive(Clone, Copy, Debug)]
pub struct Measure {
    /// When the call ended, if it was answered.
    pub until: Option<Nanos>,
    /// Share of the caller's media time that is silence.
    pub caller_silence: Option<f32>,
    /// Share of the callee's.
    pub callee_silence: Option<f32>,
    /// Whether the caller's side arrives badly: losses in bursts, or jitter.
    pub caller_poor: Option<bool>,
}

/// A request outside calls and what became of it.
#[derive(Clone, Copy, Debug)]
pub struct Ask {
    /// Who asked.
    pub source: Endpoint,
    /// Whom.
    pub destination: Ip,
    /// What became of it, where that says something of who asked.
    pub answer: Option<Answer>,
    /// Whom it was about: a hash of the user part.
    pub about: u64,
    /// The same where it is as short as extensions are.
    pub extension: Option<u32>,
    /// The dialog it belongs to: a hash.
    pub dialog: u64,
    /// Whether it bore credentials.
    pub credentials: bool,
    /// Whether a tool wrote it that is made for scanning.
    pub by_tool: bool,
}

/// Capture time as records tell it.
fn micros(at: Nanos) -> Nanos {
    Nanos::new(at.get() / 1_000 * 1_000)
}

/// How many digits a user part has, a `+` before them aside; 0 where it has anything else.
fn digits(raw: &[u8]) -> u8 {
    let digits = raw.strip_prefix(b"+").unwrap_or(raw);
    if digits.iter().all(u8::is_ascii_digit) { u8::try_from(digits.len()).unwrap_or(u8::MAX) } else { 0 }
}

/// The first bytes of a word, at most so many.
fn kept(bytes: &[u8], most: usize) -> Box<[u8]> {
    bytes.get(..most).unwrap_or(bytes).into()
}

impl Event {
    /// An INVITE, and whether a tool wrote it that is made for scanning.
    #[must_use]
    pub fn invited(at: Nanos, call: &CallRecord<'_>, by_tool: bool) -> Self {
        let invite = Invite {
            call_id: kept(call.call_id, CALL_ID_MAX),
            caller: call.caller.number,
            caller_place: call.caller.number.map(look_up),
            caller_digits: digits(call.caller.raw),
            shown: CallKey::of(call.caller.raw).0,
            withheld: call.caller_from == CallerFrom::Withheld,
            display: kept(call.caller.display, WORD_MAX),
            about: CallKey::of(call.callee.raw).0,
            dialled: Dialled::read(call.callee.raw, |prefix| CallKey::of(prefix).0),
            extension: extension(call.callee.raw),
            by_tool,
            callee: call.callee.number,
            callee_place: call.callee.number.map(look_up),
            source: call.source.ip,
            destination: call.destination.ip,
            stack: call.stack,
            attestation: call.attestation,
            signed: call.signature.as_ref().map(Signed::of),
            diverted: !call.diversion.is_empty(),
        };
        Self { at: micros(at), call: CallKey::of_call(call), what: What::Invited(Box::new(invite)) }
    }

    /// The end of a call at `at`, or later where it was known later; `None` before it has one.
    #[must_use]
    pub fn ended(at: Nanos, call: &CallRecord<'_>) -> Option<Self> {
        // A switch tells a cause in place of a response, and hardly ever when it rang.
        let cause = call.q850.filter(|_| call.status.is_none() && call.answer_at.is_none());
        let end = End {
            outcome: call.outcome,
            status: call.status.or(cause.map(status_of)),
            ended_by: call.ended_by,
            ring_at: call.ring_at.or(cause.and_then(|cause| rang_at(call.invite_at?, cause))).map(micros),
            answer_at: call.answer_at.map(micros),
            end_at: micros(call.end_at?),
        };
        let passage = call.passage.filter(|_| call.answer_at.is_none()).map(|passage| Box::new(*passage));
        let at = micros(call.end_known_at.unwrap_or(at));
        Some(Self { at, call: CallKey::of_call(call), what: What::Ended(end, passage) })
    }

    /// The answer of a call.
    #[must_use]
    pub fn answered(at: Nanos, call: &CallRecord<'_>) -> Self {
        let passage = call.passage.map(|passage| Box::new(*passage));
        Self::plain(at, call, What::Answered { passage, timed: !call.set_up_unknown })
    }

    /// What was heard of a caller.
    #[must_use]
    pub fn heard(at: Nanos, call: &CallRecord<'_>, excerpt: &Excerpt, whole: bool) -> Self {
        Self::plain(at, call, What::Heard(Box::new(Hearing { excerpt: excerpt.clone(), whole })))
    }

    /// A step that has nothing to say but that it happened.
    #[must_use]
    pub fn plain(at: Nanos, call: &CallRecord<'_>, what: What) -> Self {
        Self { at: micros(at), call: CallKey::of_call(call), what }
    }

    /// The end of all that is known of a call.
    #[must_use]
    pub fn recorded(at: Nanos, call: &CallRecord<'_>, terms: MediaTerms) -> Self {
        let silence = |side: Side| {
            let streams = call.media.iter().filter(|media| media.from == side);
            let (silent, span) = streams.fold((0.0, 0.0), |(silent, span), media| {
                let lasted = media.figures.last_at.nanos_since(media.figures.first_at) as f32 / 1e6;
                (silent + media.figures.silent_ms, span + lasted)
            });
            (span >= terms.silent_ms_min).then(|| (silent / span).min(1.0))
        };
        let poor = |media: &call::MediaRecord<'_>| {
            let figures = &media.figures;
            let sent = figures.packets + figures.lost;
            let in_bursts =
                figures.lost_in_bursts as f32 >= POOR_LOSS_SHARE * sent as f32 && figures.lost_in_bursts > 2;
            in_bursts || figures.jitter_ms.is_some_and(|jitter| jitter >= terms.jitter_ms_min)
        };
        let long =
            call.media.iter().filter(|media| media.from == Side::Caller && media.figures.packets >= POOR_PACKETS_MIN);
        let measure = Measure {
            until: call.answer_at.and(call.end_at).map(micros),
            caller_silence: silence(Side::Caller),
            callee_silence: silence(Side::Callee),
            caller_poor: long.map(poor).reduce(|a, b| a || b),
        };
        let heard = measure.caller_silence.or(measure.callee_silence).is_some() || measure.caller_poor.is_some();
        Self::plain(at, call, What::Recorded(heard.then_some(measure)))
    }

    /// A request outside calls, and whether a tool wrote it that is made for scanning.
    #[must_use]
    pub fn asked(exchange: &Exchange<'_>, by_tool: bool) -> Self {
        let at = exchange.answered_at.unwrap_or(exchange.at);
        let about = CallKey::of(exchange.user).0;
        let [high, low] = exchange.source.ip.words();
        let answer = match exchange.verdict {
            Verdict::Accepted => Some(Answer::Accepted),
            Verdict::Challenged => Some(Answer::Challenged),
            Verdict::AuthenticationFailed => Some(Answer::Refused),
            Verdict::Refused => exchange.status.is_some_and(is_refusal).then_some(Answer::Refused),
            Verdict::Unanswered => None,
        };
        let ask = Ask {
            source: exchange.source,
            destination: exchange.destination.ip,
            answer,
            about,
            extension: extension(exchange.user),
            dialog: exchange.dialog,
            credentials: exchange.credentials,
            by_tool,
        };
        Self { at: micros(at), call: CallKey(about ^ high ^ low.rotate_left(17)), what: What::Asked(ask) }
    }

    /// Where it stands among others: by time, then by call, then by what happens to a call first. Nothing else of it is
    /// compared, since nothing else can differ.
    const fn place(&self) -> (u64, u64, u8) {
        let rank = match &self.what {
            What::Invited(_) => 0,
            What::Ringing => 1,
            What::Answered { .. } => 2,
            What::Heard(heard) => 3 + heard.whole as u8,
            What::Ended(..) => 5,
            What::Recorded(_) => 6,
            What::Asked(_) => 7,
        };
        (self.at.get(), self.call.0, rank)
    }
}

/// Whether a response says that nobody is there, or not for whoever asked. What a server cannot do says nothing of him.
pub(crate) const fn is_refusal(status: u16) -> bool {
    matches!(status, 401 | 403 | 404 | 407 | 410 | 484 | 604)
}

/// Share of packets lost in bursts from which a stream is poor (SCIENCE 4.3).
const POOR_LOSS_SHARE: f32 = 0.01;
/// Packets below which a stream says nothing of its quality.
const POOR_PACKETS_MIN: u64 = 100;

impl PartialEq for Event {
    fn eq(&self, other: &Self) -> bool {
        self.place() == other.place()
    }
}

impl Eq for Event {}

impl PartialOrd for Event {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Event {
    fn cmp(&self, other: &Self) -> Ordering {
        self.place().cmp(&other.place())
    }
}

#[cfg(test)]
mod tests {
    use types::Endpoint;

    use super::*;

    /// The end of a call, as packets tell it and as a switch does.
    #[test]
    fn a_cause_stands_for_a_response() {
        let (at, end) = (Nanos::from_parts(1_700_000_000, 0), Endpoint::new(Ip::v4([192, 0, 2, 1]), 5_060));
        let five_later = at.after(std::time::Duration::from_secs(5));
        for (status, q850, answered, told, rang) in [
            (Some(486), None, false, Some(486), None),
            (Some(486), Some(34), false, Some(486), None),
            (None, Some(17), false, Some(486), None),
            (None, Some(16), false, Some(487), Some(five_later)),
            (None, Some(16), true, None, None),
            (None, None, false, None, None),
        ] {
            let call = CallRecord {
                invite_at: Some(at),
                answer_at: answered.then_some(at),
                end_at: Some(at),
                status,
                q850,
                ..CallRecord::new(b"call", end, end)
            };
            let What::Ended(ended, _) = Event::ended(at, &call).unwrap().what else { panic!("{call:?}") };
            assert_eq!((ended.status, ended.ring_at), (told, rang), "{status:?} {q850:?} {answered}");
        }
    }

    /// Of calls that are up at once under one Call-ID each has a key of its own, at every step the same.
    #[test]
    fn calls_of_one_call_id_are_told_apart() {
        let end = Endpoint::new(Ip::v4([192, 0, 2, 1]), 5_060);
        let key = |shared: bool, secs: u64, end_at: Option<Nanos>| {
            let invite_at = Some(Nanos::from_parts(secs, 999));
            let call = CallRecord { call_id_shared: shared, invite_at, end_at, ..CallRecord::new(b"1", end, end) };
            Event::plain(Nanos::ZERO, &call, What::Ringing).call
        };
        assert_eq!(key(false, 1, None), CallKey::of(b"1"));
        let keys = [key(false, 1, None), key(true, 1, None), key(true, 2, None)];
        assert!(keys[0] != keys[1] && keys[1] != keys[2] && keys[0] != keys[2], "{keys:?}");
        assert_eq!(key(true, 2, Some(Nanos::from_parts(9, 0))), keys[2]);
    }

    /// What is looked up by its Call-ID later has to have it whole.
    #[test]
    fn a_call_keeps_its_name() {
        let end = Endpoint::new(Ip::v4([192, 0, 2, 1]), 5_060);
        for (length, expected) in [(0, 0), (36, 36), (200, 200), (256, 256), (257, 256), (9_000, 256)] {
            let call_id = vec![b'x'; length];
            let event = Event::invited(Nanos::ZERO, &CallRecord::new(&call_id, end, end), false);
            let What::Invited(invite) = event.what else { panic!("{event:?}") };
            assert_eq!((invite.call_id.len(), event.call), (expected, CallKey::of(&call_id)));
        }
    }
}
