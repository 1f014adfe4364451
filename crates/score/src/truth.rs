//! The truth of a run, read line by line: groups are kept, calls are handed on.

use std::borrow::Cow;
use std::collections::HashMap;

use serde::Deserialize;

use crate::lines::{Failure, Shape, Source, each_line, micros};

/// The most groups a truth may have.
const GROUPS_MAX: usize = 1_000_000;
/// The most numbers kept for a group, to find it by where an alert names no call of it.
const CALLERS_MAX: usize = 4_096;

/// A line of the truth: of a group or of a call. One struct for both, since telling them apart first would copy each line.
#[derive(Deserialize)]
pub(crate) struct Line<'l> {
    #[serde(borrow, rename = "type")]
    of: Cow<'l, str>,
    // Of a group.
    #[serde(borrow, default)]
    id: Option<Cow<'l, str>>,
    #[serde(borrow, default)]
    kind: Option<Cow<'l, str>>,
    #[serde(borrow, default)]
    label: Option<Cow<'l, str>>,
    #[serde(borrow, default)]
    sources: Vec<Cow<'l, str>>,
    #[serde(borrow, default)]
    callers: Vec<Cow<'l, str>>,
    #[serde(borrow, default)]
    first: Option<Cow<'l, str>>,
    #[serde(borrow, default)]
    last: Option<Cow<'l, str>>,
    // Of a call.
    #[serde(borrow, default)]
    call_id: Option<Cow<'l, str>>,
    #[serde(borrow, default)]
    group: Option<Cow<'l, str>>,
    #[serde(borrow, default)]
    invite_at: Option<Cow<'l, str>>,
    #[serde(borrow, default)]
    answer_at: Option<Cow<'l, str>>,
    #[serde(borrow, default)]
    role: Option<Cow<'l, str>>,
    #[serde(default)]
    warm_up: bool,
}

pub(crate) struct Lines;
impl<'l> Shape<'l> for Lines {
    type Of = Line<'l>;
}

/// A group: an operation, or somebody innocent.
#[derive(Clone, Debug, Default)]
pub(crate) struct Group {
    pub id: String,
    pub kind: String,
    pub fraud: bool,
    pub sources: Vec<String>,
    pub callers: Vec<String>,
    /// First and last INVITE, in microseconds.
    pub span: Option<(i64, i64)>,
    /// Its own calls: those of its victims belong to it, and are not counted among them.
    pub calls: u64,
    /// Whether its line was read: calls may come before it.
    known: bool,
    /// The line of its first call.
    seen_at: u64,
}

/// A call of the truth.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Call<'l> {
    pub call_id: &'l str,
    /// The group it belongs to; `None` where nobody says.
    pub group: Option<usize>,
    /// Whether the group made it, and not somebody who answered to what it did.
    pub own: bool,
    /// Its INVITE, in microseconds.
    pub at: i64,
    pub answered: bool,
}

/// All groups, and how many calls there are.
#[derive(Debug, Default)]
pub(crate) struct Ledger {
    pub groups: Vec<Group>,
    places: HashMap<String, usize>,
    /// Calls of the innocent, those of no group among them.
    pub benign_calls: u64,
    pub fraud_calls: u64,
    /// First and last INVITE of all.
    pub span: Option<(i64, i64)>,
}

fn widen(span: &mut Option<(i64, i64)>, at: i64) {
    let (first, last) = span.unwrap_or((at, at));
    *span = Some((first.min(at), last.max(at)));
}

impl Ledger {
    /// The first reading: groups are kept, and every call is shown to `each`. Calls before the measured time are left out.
    pub(crate) fn read(source: &Source<'_>, mut each: impl FnMut(Call<'_>)) -> Result<Self, Failure> {
        let mut ledger = Self::default();
        each_line::<Lines>(source, |number, line| {
            if line.of == "group" {
                return ledger.group(&line);
            }
            let Some(call) = ledger.call(&line, number)? else { return Ok(()) };
            if let Some(group) = call.group.and_then(|group| ledger.groups.get_mut(group)) {
                widen(&mut group.span, call.at);
                group.calls += u64::from(call.own);
            }
            widen(&mut ledger.span, call.at);
            each(call);
            Ok(())
        })?;
        if let Some(group) = ledger.groups.iter().find(|group| !group.known) {
            let what = format!("calls belong to group {:?}, and no line of type \"group\" says what it is", group.id);
            return Err(Failure::Line(source.name.clone(), group.seen_at, what));
        }
        if ledger.groups.is_empty() {
            return Err(Failure::Whole(source.name.clone(), "there are no groups in it: is this a truth?".to_owned()));
        }
        Ok(ledger)
    }

    /// The second reading: calls again, now that all groups are known, and those of both labels counted.
    pub(crate) fn read_again(
        &mut self,
        source: &Source<'_>,
        mut each: impl FnMut(Call<'_>, Option<&Group>),
    ) -> Result<(), Failure> {
        each_line::<Lines>(source, |number, line| {
            if line.of == "group" {
                return Ok(());
            }
            let Some(call) = self.call(&line, number)? else { return Ok(()) };
            let group = call.group.and_then(|group| self.groups.get(group));
            match group {
                Some(group) if group.fraud => self.fraud_calls += u64::from(call.own),
                _ => self.benign_calls += 1,
            }
            each(call, group);
            Ok(())
        })
    }

    fn group(&mut self, line: &Line<'_>) -> Result<(), String> {
        let id = line.id.as_deref().ok_or("a group has an `id`")?;
        let place = self.place(id, 0)?;
        let Some(group) = self.groups.get_mut(place) else { return Ok(()) };
        if group.known {
            return Err(format!("there is a group {id:?} already"));
        }
        group.known = true;
        group.kind = line.kind.as_deref().ok_or("a group has a `kind`")?.to_owned();
        group.fraud = match line.label.as_deref() {
            Some("fraud") => true,
            Some("benign") => false,
            other => return Err(format!("`label` is \"fraud\" or \"benign\", and not {other:?}")),
        };
        group.sources = line.sources.iter().map(|source| source.clone().into_owned()).collect();
        group.callers = line.callers.iter().take(CALLERS_MAX).map(|caller| caller.clone().into_owned()).collect();
        for (field, time) in [("first", &line.first), ("last", &line.last)] {
            if let Some(time) = time {
                widen(&mut group.span, micros(field, time)?);
            }
        }
        Ok(())
    }

    /// A call, unless it lies before the measured time.
    fn call<'l>(&mut self, line: &'l Line<'_>, number: u64) -> Result<Option<Call<'l>>, String> {
        if line.of != "call" {
            return Err(format!("`type` is \"group\" or \"call\", and not {:?}", line.of));
        }
        if line.warm_up {
            return Ok(None);
        }
        let at = micros("invite_at", line.invite_at.as_deref().ok_or("a call has an `invite_at`")?)?;
        let group = line.group.as_deref().map(|group| self.place(group, number)).transpose()?;
        Ok(Some(Call {
            call_id: line.call_id.as_deref().ok_or("a call has a `call_id`")?,
            group,
            own: line.role.as_deref() != Some("victim"),
            at,
            answered: line.answer_at.is_some(),
        }))
    }

    fn place(&mut self, id: &str, number: u64) -> Result<usize, String> {
        if let Some(&place) = self.places.get(id) {
            return Ok(place);
        }
        if self.groups.len() == GROUPS_MAX {
            return Err(format!("more than {GROUPS_MAX} groups"));
        }
        self.places.insert(id.to_owned(), self.groups.len());
        self.groups.push(Group { id: id.to_owned(), seen_at: number, ..Group::default() });
        Ok(self.groups.len() - 1)
    }
}
