//! A line of `--calls`, or of somebody who writes alike: only `call_id`, `caller` and `callee` have to be there.

use std::borrow::Cow;
use std::net::IpAddr;

use call::{CallerFrom, Outcome, Passage, Side};
use numbers::{Plan, is_withheld};
use rtp::{Codec, Figures};
use serde::Deserialize;
use sip::passport::Proof;
use sip::stack::Fingerprint;
use types::{E164, Endpoint, Nanos};

use crate::record::{Record, Signed, Stream, attestation, ended_by, kept, outcome};
use crate::stamp::Clock;

type Text<'l> = Option<Cow<'l, str>>;

/// As much of the record as is told again. A field may be null.
#[derive(Deserialize)]
struct Line<'l> {
    #[serde(default)]
    v: Option<u64>,
    #[serde(borrow)]
    call_id: Cow<'l, str>,
    #[serde(borrow, default)]
    invite_at: Text<'l>,
    #[serde(borrow, default)]
    ring_at: Text<'l>,
    #[serde(borrow, default)]
    answer_at: Text<'l>,
    #[serde(borrow, default)]
    end_at: Text<'l>,
    #[serde(borrow, default)]
    end_known_at: Text<'l>,
    #[serde(default)]
    call_id_shared: Option<bool>,
    #[serde(default)]
    set_up_unknown: Option<bool>,
    #[serde(borrow, default)]
    outcome: Text<'l>,
    #[serde(default)]
    status: Option<u16>,
    #[serde(default)]
    q850: Option<u8>,
    #[serde(borrow, default)]
    ended_by: Text<'l>,
    #[serde(borrow)]
    caller: Person<'l>,
    #[serde(borrow)]
    callee: Person<'l>,
    #[serde(borrow, default)]
    source: Option<At<'l>>,
    #[serde(borrow, default)]
    destination: Option<At<'l>>,
    #[serde(borrow, default)]
    user_agent: Text<'l>,
    #[serde(borrow, default)]
    stack: Text<'l>,
    #[serde(borrow, default)]
    attestation: Text<'l>,
    #[serde(borrow, default)]
    signature: Text<'l>,
    #[serde(borrow, default)]
    signer: Text<'l>,
    #[serde(borrow, default)]
    origin_id: Text<'l>,
    #[serde(borrow, default)]
    passage: Option<Onward<'l>>,
    #[serde(borrow, default)]
    diversion: Text<'l>,
    #[serde(default)]
    messages: Option<u32>,
    #[serde(default)]
    retransmissions: Option<u32>,
    #[serde(borrow, default)]
    media: Vec<Media<'l>>,
}

#[derive(Deserialize)]
struct Onward<'l> {
    #[serde(borrow)]
    destination: Cow<'l, str>,
    #[serde(default)]
    caller_changed: Option<bool>,
    #[serde(borrow, default)]
    caller_shown: Text<'l>,
    #[serde(default)]
    identity_lost: Option<bool>,
    #[serde(default)]
    diversion_lost: Option<bool>,
}

#[derive(Deserialize)]
struct Media<'l> {
    #[serde(borrow, default)]
    leg: Text<'l>,
    #[serde(borrow)]
    from: Cow<'l, str>,
    #[serde(borrow)]
    source: At<'l>,
    #[serde(borrow)]
    destination: At<'l>,
    #[serde(default)]
    ssrc: u32,
    #[serde(borrow, default)]
    codec: Text<'l>,
    #[serde(default)]
    clock_rate: Option<u32>,
    #[serde(default)]
    packets: u64,
    #[serde(default)]
    octets: u64,
    #[serde(default)]
    lost: u64,
    #[serde(default)]
    burst_share: Option<f64>,
    #[serde(default)]
    duplicates: u64,
    #[serde(default)]
    reordered: u64,
    #[serde(default)]
    jitter_ms: Option<f32>,
    #[serde(default)]
    gap_max_ms: f32,
    #[serde(default)]
    ptime_ms: Option<f32>,
    #[serde(default)]
    silent_ms: f32,
    #[serde(borrow)]
    first_at: Cow<'l, str>,
    #[serde(borrow)]
    last_at: Cow<'l, str>,
    #[serde(default)]
    dtmf: u64,
}

#[derive(Deserialize)]
struct Person<'l> {
    #[serde(borrow, default)]
    number: Text<'l>,
    #[serde(borrow, default)]
    raw: Text<'l>,
    #[serde(borrow, default)]
    display: Text<'l>,
    #[serde(borrow, default)]
    from: Text<'l>,
}

#[derive(Deserialize)]
struct At<'l> {
    #[serde(borrow)]
    ip: Cow<'l, str>,
    #[serde(default)]
    port: u16,
}

/// The call of a line; `None` for one whose beginning was not seen, since nobody can tell when its story starts.
pub(crate) fn read(line: &[u8], clock: &Clock, plan: &Plan) -> Result<Option<Record>, String> {
    let line: Line<'_> = serde_json::from_slice(line).map_err(|error| error.to_string())?;
    if let Some(version) = line.v.filter(|&version| version != 1) {
        return Err(format!("version 1 of the record is read, and not {version}"));
    }
    let time = |name: &str, text: &Text<'_>| match text {
        None => Ok(None),
        Some(text) => match clock.told(text) {
            Some(told) => Ok(told.since(Nanos::ZERO)),
            None => Err(format!("`{name}`: {text:?} is not a time")),
        },
    };
    let invite_at: Option<Nanos> = time("invite_at", &line.invite_at)?;
    let Some(invite_at) = invite_at else { return Ok(None) };
    let (caller, callee) = pair(&line.caller, &line.callee, plan)?;
    let mut record = Record {
        call_id: kept(&line.call_id),
        invite_at,
        ring_at: time("ring_at", &line.ring_at)?,
        answer_at: time("answer_at", &line.answer_at)?,
        end_at: time("end_at", &line.end_at)?,
        end_known_at: time("end_known_at", &line.end_known_at)?,
        set_up_unknown: line.set_up_unknown.unwrap_or(false),
        call_id_shared: line.call_id_shared.unwrap_or(false),
        outcome: Outcome::Incomplete,
        status: line.status,
        q850: line.q850,
        ended_by: line.ended_by.as_deref().and_then(ended_by),
        caller,
        caller_raw: text(&line.caller.raw),
        caller_from: caller_from(&line.caller),
        display: text(&line.caller.display),
        callee,
        callee_raw: text(&line.callee.raw),
        source: endpoint("source", line.source.as_ref())?,
        destination: endpoint("destination", line.destination.as_ref())?,
        user_agent: text(&line.user_agent),
        stack: line.stack.as_deref().map(fingerprint).transpose()?,
        attestation: line.attestation.as_deref().and_then(attestation),
        signed: signed(&line)?,
        passage: line.passage.as_ref().map(passage).transpose()?,
        diversion: text(&line.diversion),
        messages: line.messages.unwrap_or(0),
        retransmissions: line.retransmissions.unwrap_or(0),
        media: line.media.iter().map(|media| stream(media, clock)).collect::<Result<_, _>>()?,
    };
    record.outcome = match line.outcome.as_deref() {
        None => outcome(&record),
        Some(word) => {
            let known = Outcome::ALL.into_iter().find(|outcome| outcome.name() == word);
            known.ok_or_else(|| format!("`outcome`: {word:?} is none"))?
        }
    };
    Ok(Some(record))
}

fn text(text: &Text<'_>) -> Box<[u8]> {
    kept(text.as_deref().unwrap_or_default())
}

/// Who signed it, where somebody did.
fn signed(line: &Line<'_>) -> Result<Option<Box<Signed>>, String> {
    let Some(word) = line.signature.as_deref() else { return Ok(None) };
    let known = Proof::ALL.into_iter().find(|proof| proof.name() == word);
    let proof = known.ok_or_else(|| format!("`signature`: {word:?} is none"))?;
    Ok(Some(Box::new(Signed { signer: text(&line.signer), origin_id: text(&line.origin_id), proof })))
}

/// What became of the caller's identity on later legs.
fn passage(onward: &Onward<'_>) -> Result<Box<Passage>, String> {
    let ip: IpAddr = onward
        .destination
        .parse()
        .map_err(|_| format!("`passage.destination`: {:?} is not an address", onward.destination))?;
    let shown = onward.caller_shown.as_deref();
    let number = |text: &str| text.strip_prefix('+').and_then(|digits| E164::from_digits(digits.as_bytes()));
    Ok(Box::new(Passage {
        destination: ip.into(),
        caller_changed: onward.caller_changed,
        caller_shown: shown.and_then(number),
        identity_lost: onward.identity_lost,
        diversion_lost: onward.diversion_lost,
    }))
}

/// Both numbers: as they are given, or else as the dial plan reads what was sent.
fn pair(caller: &Person<'_>, callee: &Person<'_>, plan: &Plan) -> Result<(Option<E164>, Option<E164>), String> {
    let given = |name: &str, person: &Person<'_>| match person.number.as_deref() {
        None => Ok(None),
        Some(number) => {
            let digits = number.strip_prefix('+').and_then(|digits| E164::from_digits(digits.as_bytes()));
            digits.map(Some).ok_or_else(|| format!("`{name}.number`: {number:?} is not + and up to 15 digits"))
        }
    };
    let raw = |person: &Person<'_>, given: Option<E164>| match given {
        None => person.raw.as_deref().map(str::to_owned).unwrap_or_default(),
        Some(_) => String::new(),
    };
    let (from, to) = (given("caller", caller)?, given("callee", callee)?);
    Ok(numbers_of((from, &raw(caller, from)), (to, &raw(callee, to)), plan))
}

/// The numbers of two parties, each given or to be read, the one beside the other where only one is known.
pub(crate) fn numbers_of(
    (caller, caller_raw): (Option<E164>, &str),
    (callee, callee_raw): (Option<E164>, &str),
    plan: &Plan,
) -> (Option<E164>, Option<E164>) {
    let read = |raw: &str| numbers::read(raw.as_bytes(), plan, None).number();
    let beside = |raw: &str, number, sent: &str| {
        numbers::read_beside(raw.as_bytes(), plan, None, numbers::Other::new(number, sent.as_bytes())).number()
    };
    match (caller.or_else(|| read(caller_raw)), callee.or_else(|| read(callee_raw))) {
        (Some(caller), None) => (Some(caller), beside(callee_raw, caller, caller_raw)),
        (None, Some(callee)) => (beside(caller_raw, callee, callee_raw), Some(callee)),
        both => both,
    }
}

fn caller_from(caller: &Person<'_>) -> CallerFrom {
    let ways = [CallerFrom::Asserted, CallerFrom::RemoteParty, CallerFrom::From, CallerFrom::Withheld];
    let said = caller.from.as_deref().and_then(|word| ways.into_iter().find(|way| way.name() == word));
    said.unwrap_or_else(|| unnamed(caller.raw.as_deref().unwrap_or_default(), caller.number.is_some()))
}

/// A caller without a number who is called anonymous is one who withholds it.
pub(crate) fn unnamed(raw: &str, numbered: bool) -> CallerFrom {
    if !numbered && is_withheld(raw.as_bytes()) { CallerFrom::Withheld } else { CallerFrom::From }
}

fn endpoint(name: &str, at: Option<&At<'_>>) -> Result<Endpoint, String> {
    let Some(at) = at else { return Ok(Endpoint::default()) };
    let ip: IpAddr = at.ip.parse().map_err(|_| format!("`{name}.ip`: {:?} is not an address", at.ip))?;
    Ok(Endpoint::new(ip.into(), at.port))
}

fn stream(media: &Media<'_>, clock: &Clock) -> Result<Stream, String> {
    let time =
        |name: &str, text: &str| clock.read(text).ok_or_else(|| format!("`media.{name}`: {text:?} is not a time"));
    let figures = Figures {
        first_at: time("first_at", &media.first_at)?,
        last_at: time("last_at", &media.last_at)?,
        codec: media.codec.as_deref().map(|name| Codec::from_name(name.as_bytes())).unwrap_or_default(),
        clock_rate: media.clock_rate,
        packets: media.packets,
        octets: media.octets,
        lost: media.lost,
        lost_in_bursts: (media.burst_share.unwrap_or(0.0) * media.lost as f64).round() as u64,
        duplicates: media.duplicates,
        reordered: media.reordered,
        jitter_ms: media.jitter_ms,
        gap_max_ms: media.gap_max_ms,
        ptime_ms: media.ptime_ms,
        silent_ms: media.silent_ms,
        dtmf_events: media.dtmf,
        ..Figures::default()
    };
    Ok(Stream {
        leg: media.leg.as_deref().map(kept),
        from: match media.from.as_ref() {
            "caller" => Side::Caller,
            "callee" => Side::Callee,
            other => return Err(format!("`media.from` is \"caller\" or \"callee\", and not {other:?}")),
        },
        source: endpoint("media.source", Some(&media.source))?,
        destination: endpoint("media.destination", Some(&media.destination))?,
        ssrc: media.ssrc,
        figures,
    })
}

fn fingerprint(digits: &str) -> Result<Fingerprint, String> {
    let bits = u64::from_str_radix(digits, 16).ok().filter(|_| digits.len() == 16);
    bits.map(Fingerprint::from_bits).ok_or_else(|| format!("`stack`: {digits:?} is not 16 hexadecimal digits"))
}
