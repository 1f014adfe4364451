//! `greyline traceback`: from a victim's complaint to the call, the operation behind it, and who else was called by it.
//!
//! The number that a caller showed proves nothing, and a victim remembers the time to some minutes; the number that was called is the victim's
//! own. So calls to that number around that time are looked up, and of these the one is taken that most likely is meant: one that shows the
//! number the victim remembers before one that shows another, one that was answered before one that was not, one of a known operation, one
//! nearer in time. Which operation a call belongs to is what was judged when it was made: the store knows which calls an alert counts. Of an alert
//! that was kept before it did, it follows from what cannot be forged at will: that the alert names the call, or that it came from the same
//! addresses, written by the same software or out of the same numbers, or that its signer names the same customer.

pub mod complaints;
pub mod operations;
mod tracer;

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;
use std::time::Duration;

use config::Known;
use serde::Serialize;
use serde_json::Value;
use store::audit::Act;
use store::{Archive, Found, Place, Query};
use types::Nanos;

use self::complaints::{Complaint, complaints};
use self::operations::{CALLS_MAX, Operation, People, Reach, Sure, Victim, operations, victims};
use crate::bundles::{now, who};
use crate::cli::TracebackJob;
use crate::failure::Failure;
use crate::json::{number, part, time};
use crate::knowledge;
use crate::outputs::Output;
use crate::paint::tame;
use crate::run::Done;

pub use self::tracer::tracer;

/// Calls that are looked at for one complaint.
const CANDIDATES_MAX: usize = 1_000;
/// Victims that are listed for people; the records have them all.
const LISTED_MAX: usize = 20;
/// Version of the records.
const VERSION: u8 = 1;

/// What came of a complaint.
#[derive(Serialize)]
struct Traced<'a> {
    v: u8,
    r#type: &'static str,
    complaint: &'a str,
    callee: String,
    said_at: String,
    within_minutes: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    claimed_caller: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    said: Option<&'a str>,
    /// Calls to the number in that time.
    candidates: usize,
    /// The record of the call that is taken to be meant.
    #[serde(skip_serializing_if = "Option::is_none")]
    call: Option<Value>,
    /// The trunk it came over, where the configuration names it.
    #[serde(skip_serializing_if = "Option::is_none")]
    trunk: Option<String>,
    /// How much later than said it was, in seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    seconds_later: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    alert_id: Option<&'a str>,
    /// Why it is taken to belong there.
    #[serde(skip_serializing_if = "Option::is_none")]
    because: Option<&'static str>,
    /// Other operations that called this number around that time: then this one is only the likeliest.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    or_else: Vec<&'a str>,
}

/// An operation that complaints led to.
#[derive(Serialize)]
struct Led<'a> {
    v: u8,
    r#type: &'static str,
    alert_id: &'a str,
    kind: &'a str,
    title: &'a str,
    /// Which complaints.
    complaints: Vec<&'a str>,
    /// People called by it: those that are listed, or where some are not, what the alert estimates.
    callees: u64,
    /// What the alert estimates.
    callees_estimate: u64,
    /// Those that the store has calls to.
    victims: &'a [Victim],
    /// Whether there are more than are listed.
    cut: bool,
    #[serde(skip)]
    people: People,
}

/// Traces complaints back.
///
/// # Errors
/// That complaints or the store cannot be read, or that results cannot be written.
pub fn traceback(job: &TracebackJob) -> Result<Done, Failure> {
    let known = knowledge::of(&job.tap, false)?;
    let read = complaints(&job.complaints, &known, job.zone.as_ref())?;
    let mut archive = Archive::open(&job.store).map_err(Failure::Store)?;
    let mut unread = Vec::new();
    let operations = operations(&mut archive, earliest(&read.complaints), &mut unread)?;
    let people = job.json.as_deref() != Some(Path::new("-"));
    let mut records = job.json.as_deref().map(Output::open).transpose()?;
    let mut text = people.then(|| Output::open(Path::new("-"))).transpose()?;

    let (mut led, mut calls_alone): (BTreeMap<usize, (Vec<&str>, Reach)>, u64) = (BTreeMap::new(), 0);
    for complaint in &read.complaints {
        let found = trace(&mut archive, &known, &operations, complaint, &mut unread)?;
        let place = found.whose();
        let traced = traced(&known, &operations, complaint, found);
        let operation = place.and_then(|place| Some((place, operations.get(place)?)));
        let people = match operation {
            Some((place, operation)) => {
                let (complaints, reach) = match led.entry(place) {
                    Entry::Occupied(led) => led.into_mut(),
                    Entry::Vacant(none) => {
                        let reach = victims(&mut archive, &known, operation, CALLS_MAX, &mut unread)?;
                        none.insert((Vec::new(), reach))
                    }
                };
                complaints.push(&complaint.id);
                Some(reach.people(operation))
            }
            None => None,
        };
        calls_alone += u64::from(people.is_none() && traced.call.is_some());
        records.as_mut().map_or(Ok(()), |records| records.line(&traced))?;
        text.as_mut().map_or(Ok(()), |text| text.text(&tell(&traced, &operations, people)))?;
    }
    for (place, (complaints, reach)) in &led {
        let Some(operation) = operations.get(*place) else { continue };
        let (alert, people) = (&operation.alert, reach.people(operation));
        let led = Led {
            v: VERSION,
            r#type: "operation",
            alert_id: &alert.id,
            kind: &alert.kind,
            title: &alert.title,
            complaints: complaints.clone(),
            callees: people.count,
            callees_estimate: operation.callees,
            victims: &reach.victims,
            cut: reach.cut,
            people,
        };
        records.as_mut().map_or(Ok(()), |records| records.line(&led))?;
        text.as_mut().map_or(Ok(()), |text| text.text(&tell_operation(&led)))?;
    }

    let operation: usize = led.values().map(|(complaints, _)| complaints.len()).sum();
    let nowhere = read.complaints.len() - operation - usize::try_from(calls_alone).unwrap_or(0);
    let detail = format!(
        "{} complaints: {operation} lead to an operation, {calls_alone} to a call alone, {nowhere} to no call",
        read.complaints.len()
    );
    let (who, name) = (who(job.by.as_deref()), job.complaints.file_name().unwrap_or_default().to_string_lossy());
    let act = Act { at: now(), who: &who, act: "traceback", object: &name, detail: &detail };
    archive.audit(&act).map_err(Failure::Store)?;
    text.as_mut().map_or(Ok(()), |text| text.text(&format!("{detail}\n")))?;
    records.map_or(Ok(()), Output::close)?;
    text.map_or(Ok(()), Output::close)?;
    unread.sort_unstable();
    unread.dedup();
    let mut stderr = std::io::stderr().lock();
    let refused = read.refused.iter().map(ToString::to_string);
    for what in refused.chain(read.notes).chain(unread.iter().cloned()) {
        // Where standard error is gone nobody is left to tell.
        let _ = writeln!(stderr, "greyline: {}", tame(what.as_bytes()));
    }
    Ok(if read.refused.is_empty() && unread.is_empty() { Done::Whole } else { Done::Damaged })
}

/// When the earliest call may have been that these are about.
pub fn earliest(complaints: &[Complaint]) -> Nanos {
    complaints.iter().map(|complaint| complaint.at.before(complaint.within)).min().unwrap_or(Nanos::MAX)
}

/// A call that may be meant.
pub struct Candidate {
    /// Where it lies.
    pub place: Place,
    /// When it began.
    pub at: Nanos,
    /// Its record.
    pub call: Value,
    /// How much later than said it was, in seconds.
    pub later: f64,
    /// Whose it is, and how surely.
    pub whose: Option<(usize, Sure)>,
    rank: Rank,
}

/// How likely a call is the one that is meant: the more the better, the first first.
type Rank = (bool, bool, Option<Sure>, Reverse<Duration>);

/// The calls that may be meant, the likeliest first.
pub struct Candidates(pub Vec<Candidate>);

impl Candidates {
    /// The operation that the likeliest is of.
    pub fn whose(&self) -> Option<usize> {
        self.0.first()?.whose.map(|(place, _)| place)
    }

    /// Operations that others are of.
    pub fn or_else<'o>(&self, operations: &'o [Operation]) -> Vec<&'o str> {
        let Some(own) = self.whose() else { return Vec::new() };
        let others = self.0.iter().filter_map(|candidate| candidate.whose).filter(|(other, _)| *other != own);
        let mut others: Vec<_> =
            others.filter_map(|(other, _)| Some(operations.get(other)?.alert.id.as_str())).collect();
        others.sort_unstable();
        others.dedup();
        others
    }
}

/// Looks up which calls a complaint may mean.
///
/// # Errors
/// That the store cannot be read.
pub fn trace(
    archive: &mut Archive,
    known: &Known,
    operations: &[Operation],
    complaint: &Complaint,
    unread: &mut Vec<String>,
) -> Result<Candidates, Failure> {
    let Complaint { callee, at, within, .. } = complaint;
    let (from, until) = (at.before(*within), at.after(*within));
    let query = Query { callee: Some(*callee), from, until, most: CANDIDATES_MAX, ..Query::default() };
    let page = archive.calls(&query).map_err(Failure::Store)?;
    unread.extend(page.unread);
    let candidates = page.calls.iter().filter_map(|found| candidate(known, operations, complaint, found));
    let mut candidates: Vec<_> = candidates.collect();
    candidates.sort_by_key(|candidate| Reverse(candidate.rank));
    Ok(Candidates(candidates))
}

/// What came of a complaint, as it is written down.
fn traced<'a>(known: &Known, operations: &'a [Operation], complaint: &'a Complaint, found: Candidates) -> Traced<'a> {
    let (or_else, candidates) = (found.or_else(operations), found.0.len());
    let meant = found.0.into_iter().next();
    let whose = meant.as_ref().and_then(|meant| meant.whose);
    Traced {
        v: VERSION,
        r#type: "complaint",
        complaint: &complaint.id,
        callee: number(complaint.callee),
        said_at: time(complaint.at),
        within_minutes: complaint.within.as_secs_f64() / 60.0,
        claimed_caller: complaint.caller.map(number),
        said: complaint.said.as_deref(),
        candidates,
        trunk: meant.as_ref().and_then(|meant| operations::trunk(known, &meant.call)).map(str::to_owned),
        seconds_later: meant.as_ref().map(|meant| (meant.later * 10.0).round() / 10.0),
        call: meant.map(|meant| meant.call),
        alert_id: whose.and_then(|(place, _)| Some(operations.get(place)?.alert.id.as_str())),
        because: whose.map(|(_, sure)| sure.because()),
        or_else,
    }
}

fn candidate(known: &Known, operations: &[Operation], complaint: &Complaint, found: &Found) -> Option<Candidate> {
    let call: Value = serde_json::from_str(&found.record).ok()?;
    let sure = |(place, operation): (usize, &Operation)| Some((place, operation.has(known, found, &call)?));
    let whose = operations.iter().enumerate().filter_map(sure);
    // Of two that it may belong to, the more surely told; of two as sure, the more strongly proven.
    let score = |place: usize| operations.get(place).map_or(0.0, |operation| operation.alert.score_db);
    let whose = whose.max_by(|(one, sure), (other, than)| sure.cmp(than).then(score(*one).total_cmp(&score(*other))));
    let claimed =
        complaint.caller.is_some_and(|caller| part(&call, "/caller/number").as_str() == Some(number(caller).as_str()));
    let (after, before) = (found.at.since(complaint.at), complaint.at.since(found.at));
    let later = after.as_secs_f64() - before.as_secs_f64();
    let rank =
        (claimed, part(&call, "/answer_at").is_string(), whose.map(|(_, sure)| sure), Reverse(after.max(before)));
    Some(Candidate { place: found.place, at: found.at, call, later, whose, rank })
}

/// What came of a complaint, for people.
fn tell(traced: &Traced<'_>, operations: &[Operation], people: Option<People>) -> String {
    let mut out = String::new();
    let mut line = |label: &str, said: String| {
        // A string takes what it is given.
        let _ = writeln!(out, "  {label:<10} {said}");
    };
    let tamed = |text: &str| tame(text.as_bytes());
    if let Some(said) = traced.said {
        line("said", tamed(said));
    }
    match &traced.call {
        None => line("call", "none to this number in that time".to_owned()),
        Some(call) => tell_call(call, traced, &mut line),
    }
    if let Some(id) = traced.alert_id {
        let operation = operations.iter().find(|operation| operation.alert.id == id);
        let title = operation.map_or("", |operation| operation.alert.title.as_str());
        line("operation", format!("{} {} ({})", tamed(id), tamed(title), traced.because.unwrap_or_default()));
        if let Some(people) = people.map(People::others) {
            let listed =
                if people.estimated { "listed below as far as the store has calls to them" } else { "listed below" };
            line("victims", format!("{people} others called by it, {listed}"));
        }
    } else if traced.call.is_some() {
        line("operation", "none that the store knows".to_owned());
    }
    if !traced.or_else.is_empty() {
        line("or else", tamed(&traced.or_else.join(" ")));
    }
    let claimed = traced.claimed_caller.as_ref().map_or_else(String::new, |caller| format!(", shown as {caller}"));
    let (at, minutes) = (&traced.said_at, traced.within_minutes);
    format!("complaint {}: {} called at {at} ± {minutes} min{claimed}\n{out}\n", tamed(traced.complaint), traced.callee)
}

/// The path of a call.
fn tell_call(call: &Value, traced: &Traced<'_>, line: &mut impl FnMut(&str, String)) {
    let text = |value: &Value| value.as_str().map(|text| tame(text.as_bytes()));
    let (mut said, later) = (String::new(), traced.seconds_later.unwrap_or(0.0));
    let or = |value: &Value, other: &str| text(value).unwrap_or_else(|| other.to_owned());
    let _ = write!(
        said,
        "{}, {:+.1} min, {}",
        or(part(call, "/invite_at"), "begun before the capture"),
        later / 60.0,
        or(part(call, "/outcome"), "?")
    );
    if let Some(ms) = part(call, "/talk_ms").as_f64() {
        let _ = write!(said, ", talked {:.0} s", ms / 1e3);
    }
    line("call", said);
    line("Call-ID", or(part(call, "/call_id"), "?"));
    let caller = part(call, "/caller");
    let mut shown =
        text(part(caller, "/number")).or_else(|| text(part(caller, "/raw"))).unwrap_or_else(|| "withheld".to_owned());
    if let Some(display) = text(part(caller, "/display")) {
        let _ = write!(shown, " \"{display}\"");
    }
    if let Some(changed) = text(part(call, "/passage/caller_shown")) {
        let _ = write!(shown, ", on a later leg {changed}");
    }
    line("shown as", shown);
    let endpoint = |value: &Value| match (text(part(value, "/ip")), part(value, "/port").as_u64()) {
        (Some(ip), Some(port)) if ip.contains(':') => format!("[{ip}]:{port}"),
        (Some(ip), Some(port)) => format!("{ip}:{port}"),
        (Some(ip), None) => ip,
        _ => "?".to_owned(),
    };
    let trunk =
        traced.trunk.as_deref().map_or_else(String::new, |trunk| format!(" (trunk {})", tame(trunk.as_bytes())));
    line("path", format!("{}{trunk} → {}", endpoint(part(call, "/source")), endpoint(part(call, "/destination"))));
    for leg in part(call, "/legs").as_array().into_iter().flatten() {
        line("leg", or(leg, "?"));
    }
    if let Some(stack) = text(part(call, "/stack")) {
        line("stack", format!("{stack} {}", or(part(call, "/user_agent"), "")));
    }
    if let Some(attestation) = text(part(call, "/attestation")) {
        line(
            "signer",
            format!(
                "{attestation}, {}, {}",
                or(part(call, "/signature"), "not verified"),
                or(part(call, "/signer"), "no certificate named")
            ),
        );
    }
    for media in part(call, "/media").as_array().into_iter().flatten() {
        let (from, codec, packets) = (
            or(part(media, "/from"), "?"),
            or(part(media, "/codec"), "?"),
            part(media, "/packets").as_u64().unwrap_or(0),
        );
        let (source, destination) = (endpoint(part(media, "/source")), endpoint(part(media, "/destination")));
        line("media", format!("{from}: {source} → {destination}, {codec}, {packets} packets"));
    }
}

/// An operation and those it called, for people.
fn tell_operation(led: &Led<'_>) -> String {
    let tamed = |text: &str| tame(text.as_bytes());
    let mut text = format!(
        "operation {} {}: {} complaints, {} people called{}\n",
        tamed(led.alert_id),
        tamed(led.title),
        led.complaints.len(),
        led.people,
        if led.people.estimated {
            ", as its alert estimates".to_owned()
        } else {
            format!(" (its alert estimates {})", alert::grouped(led.callees_estimate))
        }
    );
    for victim in led.victims.iter().take(LISTED_MAX) {
        let Victim { number, calls, answered, talk_s, first_at } = victim;
        let _ = writeln!(
            text,
            "  {} {calls} calls, {answered} answered, talked {talk_s} s, first {first_at}",
            tamed(number)
        );
    }
    if led.cut || led.victims.len() > LISTED_MAX {
        let more = led.victims.len().saturating_sub(LISTED_MAX);
        let _ = writeln!(
            text,
            "  and {} more: --json has them{}",
            alert::grouped(more as u64),
            if led.cut { " as far as they are listed" } else { "" }
        );
    }
    text.push('\n');
    text
}
