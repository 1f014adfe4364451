//! Cases: what people make of alerts, step by step. Every step stands in the audit log in the same breath; nothing of a case is taken back.

use rusqlite::{Connection, OptionalExtension as _, Row, params};
use types::Nanos;

use crate::audit::{self, Act};
use crate::kept::{micros, moment};

/// Cases a store holds at most.
pub const CASES_MAX: u64 = 100_000;
/// Steps of a case at most.
pub const STEPS_MAX: u64 = 1_000;
/// Alerts of a case at most.
pub const ALERTS_MAX: u64 = 200;
/// Letters of what is written with a step at most.
pub const WRITTEN_MAX: usize = 4_000;

/// Where a case stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Nobody has looked yet.
    Open,
    /// Somebody works on it.
    Taken,
    /// It was fraud.
    Confirmed,
    /// It was none.
    Dismissed,
}

impl State {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Open, Self::Taken, Self::Confirmed, Self::Dismissed];

    /// The word in the store and in answers.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Taken => "taken",
            Self::Confirmed => "confirmed",
            Self::Dismissed => "dismissed",
        }
    }

    /// The state of a word.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.name() == name)
    }

    /// The whole life of a case on one screen; nothing where a step cannot be taken as it stands.
    #[must_use]
    pub const fn after(self, step: &Step) -> Option<Self> {
        match (self, step) {
            (state, Step::Note(_)) => Some(state),
            (Self::Open, Step::Acknowledge) | (Self::Open | Self::Taken, Step::Assign(_)) => Some(Self::Taken),
            (Self::Open | Self::Taken, Step::Link(_)) => Some(self),
            (Self::Open | Self::Taken, Step::Confirm(_)) => Some(Self::Confirmed),
            (Self::Open | Self::Taken, Step::Dismiss { .. }) => Some(Self::Dismissed),
            (Self::Confirmed | Self::Dismissed, Step::Reopen(_)) => Some(Self::Taken),
            (Self::Taken, Step::Acknowledge) | (Self::Open | Self::Taken, Step::Reopen(_)) => None,
            (
                Self::Confirmed | Self::Dismissed,
                Step::Acknowledge | Step::Assign(_) | Step::Link(_) | Step::Confirm(_) | Step::Dismiss { .. },
            ) => None,
        }
    }
}

/// What somebody does about a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Takes it on.
    Acknowledge,
    /// Gives it to somebody.
    Assign(String),
    /// Writes something down.
    Note(String),
    /// Adds an alert.
    Link(String),
    /// It was fraud, and why that is known.
    Confirm(String),
    /// It was none, why that is known, and until when it is to be believed (a date).
    Dismiss {
        /// Why.
        reason: String,
        /// Until when: a date.
        until: String,
    },
    /// It is to be looked at again, and why.
    Reopen(String),
}

impl Step {
    /// The word in the store, in the audit log and in answers.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Acknowledge => "acknowledge",
            Self::Assign(_) => "assign",
            Self::Note(_) => "note",
            Self::Link(_) => "link",
            Self::Confirm(_) => "confirm",
            Self::Dismiss { .. } => "dismiss",
            Self::Reopen(_) => "reopen",
        }
    }

    fn detail(&self) -> String {
        match self {
            Self::Acknowledge => String::new(),
            Self::Assign(text) | Self::Note(text) | Self::Link(text) | Self::Confirm(text) | Self::Reopen(text) => {
                text.clone()
            }
            Self::Dismiss { reason, until } => format!("until {until}: {reason}"),
        }
    }
}

/// Why a step was not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refused {
    /// There is no such case.
    NoCase,
    /// There is no such alert.
    NoAlert,
    /// The alert belongs to this case already.
    Linked(u64),
    /// Not as the case stands.
    State(State),
    /// There is no room for more.
    Full,
    /// Too much is written.
    TooLong,
}

/// A case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    /// Its number.
    pub number: u64,
    /// Where it stands.
    pub state: State,
    /// Who works on it.
    pub assignee: Option<String>,
    /// When it was opened.
    pub opened: Nanos,
    /// When the last step was taken.
    pub changed: Nanos,
    /// Its alerts, in the order of their ids.
    pub alerts: Vec<String>,
}

/// A step that was taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taken {
    /// When.
    pub at: Nanos,
    /// Who.
    pub who: String,
    /// What, in one word.
    pub act: String,
    /// What was written with it.
    pub detail: String,
}

/// Opens a case for an alert; within a transaction that began by writing.
pub(crate) fn open(sql: &Connection, alert: &str, (at, who): (Nanos, &str)) -> rusqlite::Result<Result<u64, Refused>> {
    if let Err(refused) = may_link(sql, alert)? {
        return Ok(Err(refused));
    }
    let count: i64 = sql.query_row("SELECT count(*) FROM matter", [], |row| row.get(0))?;
    if count.cast_unsigned() >= CASES_MAX {
        return Ok(Err(Refused::Full));
    }
    let state = State::Open.name();
    sql.execute("INSERT INTO matter (state, opened, changed) VALUES (?1, ?2, ?2)", params![state, micros(at)])?;
    let number = sql.last_insert_rowid();
    sql.execute("INSERT INTO matter_alert (alert, matter) VALUES (?1, ?2)", params![alert, number])?;
    write_down(sql, number, (at, who), "open", alert)?;
    Ok(Ok(number.cast_unsigned()))
}

/// Takes a step; within a transaction that began by writing.
pub(crate) fn step(
    sql: &Connection,
    number: u64,
    step: &Step,
    (at, who): (Nanos, &str),
) -> rusqlite::Result<Result<(), Refused>> {
    let Some(case) = one(sql, number)? else { return Ok(Err(Refused::NoCase)) };
    let Some(state) = case.state.after(step) else { return Ok(Err(Refused::State(case.state))) };
    let detail = step.detail();
    if detail.chars().count() > WRITTEN_MAX {
        return Ok(Err(Refused::TooLong));
    }
    let id = number.cast_signed();
    let steps: i64 = sql.query_row("SELECT count(*) FROM step WHERE matter = ?1", [id], |row| row.get(0))?;
    if steps.cast_unsigned() >= STEPS_MAX {
        return Ok(Err(Refused::Full));
    }
    if let Step::Link(alert) = step {
        if let Err(refused) = may_link(sql, alert)? {
            return Ok(Err(refused));
        }
        if case.alerts.len() as u64 >= ALERTS_MAX {
            return Ok(Err(Refused::Full));
        }
        sql.execute("INSERT INTO matter_alert (alert, matter) VALUES (?1, ?2)", params![alert, id])?;
    }
    let assignee = match step {
        Step::Assign(to) => Some(to.as_str()),
        Step::Acknowledge => Some(who),
        _ => case.assignee.as_deref(),
    };
    sql.execute(
        "UPDATE matter SET state = ?2, assignee = ?3, changed = max(changed, ?4) WHERE id = ?1",
        params![id, state.name(), assignee, micros(at)],
    )?;
    write_down(sql, id, (at, who), step.name(), &detail)?;
    Ok(Ok(()))
}

/// Whether an alert is there and belongs to no case.
fn may_link(sql: &Connection, alert: &str) -> rusqlite::Result<Result<(), Refused>> {
    let linked = sql.query_row("SELECT matter FROM matter_alert WHERE alert = ?1", [alert], |row| row.get::<_, i64>(0));
    if let Some(case) = linked.optional()? {
        return Ok(Err(Refused::Linked(case.cast_unsigned())));
    }
    let there: bool = sql.query_row("SELECT EXISTS (SELECT 1 FROM alert WHERE id = ?1)", [alert], |row| row.get(0))?;
    Ok(if there { Ok(()) } else { Err(Refused::NoAlert) })
}

fn write_down(sql: &Connection, case: i64, (at, who): (Nanos, &str), act: &str, detail: &str) -> rusqlite::Result<()> {
    sql.execute(
        "INSERT INTO step (matter, seq, at, who, act, detail)
         VALUES (?1, (SELECT coalesce(max(seq), 0) + 1 FROM step WHERE matter = ?1), ?2, ?3, ?4, ?5)",
        params![case, micros(at), who, act, detail],
    )?;
    let (act, object) = (format!("case_{act}"), format!("case {case}"));
    audit::add(sql, &Act { at, who, act: &act, object: &object, detail }).map(drop)
}

/// A case; nothing where there is none of this number.
pub(crate) fn one(sql: &Connection, number: u64) -> rusqlite::Result<Option<Case>> {
    let sought = "SELECT id, state, assignee, opened, changed FROM matter WHERE id = ?1";
    let found = sql.query_row(sought, [number.cast_signed()], case).optional()?;
    found.map(|found| with_alerts(sql, found)).transpose()
}

/// Cases, the last changed first, behind the place that `behind` says.
pub(crate) fn all(
    sql: &Connection,
    state: Option<State>,
    behind: Option<(Nanos, u64)>,
    most: usize,
) -> rusqlite::Result<Vec<Case>> {
    let mut asked = sql.prepare(
        "SELECT id, state, assignee, opened, changed FROM matter
         WHERE (?1 IS NULL OR state = ?1) AND (?2 IS NULL OR (changed, id) < (?2, ?3)) ORDER BY changed DESC, id DESC LIMIT ?4",
    )?;
    let (changed, id) = behind.map(|(changed, id)| (micros(changed), id.cast_signed())).unzip();
    let rows = asked.query_map(params![state.map(State::name), changed, id, most as i64], case)?;
    rows.map(|row| with_alerts(sql, row?)).collect()
}

/// What was done about a case, the first step first.
pub(crate) fn steps(sql: &Connection, number: u64) -> rusqlite::Result<Vec<Taken>> {
    let mut asked = sql.prepare("SELECT at, who, act, detail FROM step WHERE matter = ?1 ORDER BY seq")?;
    let taken =
        |row: &Row<'_>| Ok(Taken { at: moment(row.get(0)?), who: row.get(1)?, act: row.get(2)?, detail: row.get(3)? });
    asked.query_map([number.cast_signed()], taken)?.collect()
}

fn case(row: &Row<'_>) -> rusqlite::Result<Case> {
    let state: String = row.get(1)?;
    Ok(Case {
        number: row.get::<_, i64>(0)?.cast_unsigned(),
        // A word of a later version says at least that it is not done with.
        state: State::named(&state).unwrap_or(State::Open),
        assignee: row.get(2)?,
        opened: moment(row.get(3)?),
        changed: moment(row.get(4)?),
        alerts: Vec::new(),
    })
}

fn with_alerts(sql: &Connection, case: Case) -> rusqlite::Result<Case> {
    let mut asked = sql.prepare("SELECT alert FROM matter_alert WHERE matter = ?1 ORDER BY alert")?;
    let alerts = asked.query_map([case.number.cast_signed()], |row| row.get(0))?;
    Ok(Case { alerts: alerts.collect::<rusqlite::Result<_>>()?, ..case })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The states of a case that goes through these steps; `-` where one cannot be taken.
    fn check(steps: &str, expected: &str) {
        let mut state = State::Open;
        let told: Vec<_> = steps
            .split(' ')
            .map(|step| {
                let step = match step {
                    "acknowledge" => Step::Acknowledge,
                    "assign" => Step::Assign("desk".into()),
                    "note" => Step::Note("seen".into()),
                    "link" => Step::Link("a".into()),
                    "confirm" => Step::Confirm("heard".into()),
                    "dismiss" => Step::Dismiss { reason: "known".into(), until: "2027-01-31".into() },
                    _ => Step::Reopen("again".into()),
                };
                let after = state.after(&step);
                state = after.unwrap_or(state);
                after.map_or("-", State::name)
            })
            .collect();
        assert_eq!(told.join(" "), expected, "{steps}");
    }

    #[test]
    fn a_case_has_a_life() {
        check("note link acknowledge acknowledge assign note", "open open taken - taken taken");
        check("assign confirm note dismiss link assign", "taken confirmed confirmed - - -");
        check("dismiss confirm reopen reopen confirm acknowledge", "dismissed - taken - confirmed -");
        check("reopen confirm reopen link", "- confirmed taken taken");
    }
}
