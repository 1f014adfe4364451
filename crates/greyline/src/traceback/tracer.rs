//! Complaints traced back for whoever asks the API: the same as on the command line, a few at a time.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::sync::Arc;
use std::time::{Duration, Instant};

use api::{CallTraced, Complained, Complaints, LineRefused, OperationTraced, Problem, Traced, TracedBack, Tracer};
use config::{Known, Zone};
use jiff::tz::TimeZone;
use serde_json::Value;
use store::Archive;
use store::audit::Act;

use super::complaints::{self, Complaint, Refused, Written, Wrong, of_csv};
use super::operations::{self, Operation, People, operations, victims};
use super::{Candidates, earliest, trace};
use crate::bundles::now;
use crate::failure::Failure;
use crate::json::{number, time};

/// Complaints that are traced for one question.
const COMPLAINTS_MAX: usize = 500;
/// Calls that are shown of those a complaint may mean.
const SHOWN_MAX: usize = 5;
/// Calls of an operation that are looked through for whom it called: of one with more, what its alert estimates is told.
const CALLS_MAX: usize = 20_000;
/// For how long it is looked: what is left then is said to be.
const TIME_MAX: Duration = Duration::from_secs(15);

/// Traces complaints for whoever asks the API.
pub fn tracer() -> Arc<Tracer> {
    Arc::new(|archive: &mut Archive, known: &Known, sent: &Complaints| {
        let read = read(known, sent).map_err(Problem::Unclear)?;
        back(archive, known, read, &sent.by).map_err(|failure| match failure {
            Failure::Store(error) => error.into(),
            failure => Problem::Store(failure.to_string()),
        })
    })
}

fn read(known: &Known, sent: &Complaints) -> Result<complaints::Complaints, String> {
    let zone = sent.zone.as_deref().map(str::parse::<Zone>).transpose().map_err(|error| format!("zone: {error}"))?;
    let zone = zone.map_or(TimeZone::UTC, |zone| zone.get().clone());
    let one = match &sent.complained {
        Complained::Csv(csv) => return of_csv(csv.as_bytes(), known, &zone),
        Complained::One(one) => one,
    };
    let minutes = one.minutes.map(|minutes| minutes.to_string()).unwrap_or_default();
    let text = |text: &'_ Option<String>| text.clone().unwrap_or_default();
    let (id, caller, said) = (text(&one.id), text(&one.caller), text(&one.said));
    let written =
        Written { id: &id, callee: &one.callee, time: &one.time, minutes: &minutes, caller: &caller, said: &said };
    let read = written.read(known, &zone).map_err(|Wrong { column, why }| match column {
        Some(column) => format!("{column}: {why}"),
        None => why,
    })?;
    let mut all = complaints::Complaints { complaints: vec![read], ..complaints::Complaints::default() };
    all.note_zone(&zone);
    Ok(all)
}

fn back(archive: &mut Archive, known: &Known, read: complaints::Complaints, by: &str) -> Result<TracedBack, Failure> {
    let (begun, all) = (Instant::now(), read.complaints.len());
    let mut unread = Vec::new();
    let operations = operations(archive, earliest(&read.complaints), &mut unread)?;
    let refused = read.refused.into_iter().map(|Refused { line, wrong: Wrong { column, why } }| LineRefused {
        line,
        column: column.map(str::to_owned),
        why,
    });
    let mut back = TracedBack { refused: refused.collect(), notes: read.notes, ..TracedBack::default() };
    let mut led: BTreeMap<usize, (Vec<String>, People)> = BTreeMap::new();
    for complaint in read.complaints.iter().take(COMPLAINTS_MAX) {
        if begun.elapsed() > TIME_MAX {
            break;
        }
        let found = trace(archive, known, &operations, complaint, &mut unread)?;
        let whose = found.whose().and_then(|place| Some((place, operations.get(place)?)));
        let people = match whose {
            Some((place, operation)) => {
                let (complaints, people) = match led.entry(place) {
                    Entry::Occupied(led) => led.into_mut(),
                    Entry::Vacant(none) => {
                        let reach = victims(archive, known, operation, CALLS_MAX, &mut unread)?;
                        none.insert((Vec::new(), reach.people(operation)))
                    }
                };
                complaints.push(complaint.id.clone());
                Some(*people)
            }
            None => None,
        };
        let other_victims = people.map(|people| people.others().count);
        back.complaints.push(Traced { other_victims, ..traced(known, &operations, complaint, &found) });
    }
    back.left = (all - back.complaints.len()) as u64;
    let of = |(place, (complaints, people)): (usize, (Vec<String>, People))| {
        let alert = &operations.get(place)?.alert;
        let (alert_id, kind, title) = (alert.id.clone(), alert.kind.clone(), alert.title.clone());
        let People { count: callees, estimated } = people;
        Some(OperationTraced { alert_id, kind, title, callees, estimated, complaints })
    };
    back.operations = led.into_iter().filter_map(of).collect();
    unread.sort_unstable();
    unread.dedup();
    back.unread = unread;
    let (traced, lead) = (back.complaints.len(), back.complaints.iter().filter(|it| it.alert_id.is_some()).count());
    let alone = back.complaints.iter().filter(|it| it.alert_id.is_none() && !it.calls.is_empty()).count();
    let nowhere = traced - lead - alone;
    let detail =
        format!("{traced} complaints: {lead} lead to an operation, {alone} to a call alone, {nowhere} to no call");
    let act = Act { at: now(), who: by, act: "traceback", object: "the console", detail: &detail };
    archive.audit(&act).map_err(Failure::Store)?;
    Ok(back)
}

fn traced(known: &Known, operations: &[Operation], complaint: &Complaint, found: &Candidates) -> Traced {
    let whose = found.0.first().and_then(|meant| meant.whose);
    let operation = whose.and_then(|(place, _)| operations.get(place));
    let call = |candidate: &super::Candidate| CallTraced {
        id: candidate.place.to_string(),
        time: time(candidate.at),
        seconds_later: (candidate.later * 10.0).round() / 10.0,
        trunk: operations::trunk(known, &candidate.call).map(str::to_owned),
        alert_id: candidate.whose.and_then(|(place, _)| Some(operations.get(place)?.alert.id.clone())),
        call: Value::clone(&candidate.call),
    };
    Traced {
        complaint: complaint.id.clone(),
        callee: number(complaint.callee),
        said_at: time(complaint.at),
        within_minutes: complaint.within.as_secs_f64() / 60.0,
        claimed_caller: complaint.caller.map(number),
        said: complaint.said.clone(),
        candidates: found.0.len() as u64,
        calls: found.0.iter().take(SHOWN_MAX).map(call).collect(),
        alert_id: operation.map(|operation| operation.alert.id.clone()),
        title: operation.map(|operation| operation.alert.title.clone()),
        because: whose.map(|(_, sure)| sure.because().to_owned()),
        other_victims: None,
        or_else: found.or_else(operations).into_iter().map(str::to_owned).collect(),
    }
}
