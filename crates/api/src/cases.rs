//! Cases: what people make of alerts, step by step. Who takes a step, when and what is written with it stands in the audit log.

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use config::UserRole;
use jiff::civil::Date;
use jiff::{Span, Zoned};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use store::cases::{self, Case, Refused, Step};
use store::{Alert, Archive};
use types::Nanos;
use utoipa::{IntoParams, ToSchema};

use crate::Api;
use crate::asked::{Asked, Sent, limited};
use crate::bounds;
use crate::problem::{Problem, Refusals};
use crate::show::{Sight, now, time};
use crate::visitor::Visitor;

/// Cases of a page, where nobody says how many, and at most.
const USUAL: usize = 100;
const MOST: usize = 500;
/// Letters that say what is behind a judgement, at least.
const REASON_MIN: usize = 5;
/// Letters of a name.
const NAME_MAX: usize = 64;
/// Years for which something may be believed innocent at most.
const BELIEVED_YEARS_MAX: i64 = 3;

/// Which cases.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct Which {
    /// `open`, `taken`, `confirmed` or `dismissed`; all without it.
    #[param(schema_with = bounds::case_state)]
    state: Option<String>,
    /// `next` of the page before.
    #[param(schema_with = bounds::case_place)]
    after: Option<String>,
    /// How many, at most 500.
    #[param(schema_with = bounds::limit::<MOST>)]
    limit: Option<u32>,
}

/// A page of cases.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CasePage {
    /// The cases, the last changed first.
    cases: Vec<CaseBrief>,
    /// Where the next page begins; absent where this is the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

/// A case.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CaseBrief {
    /// Its number.
    case: u64,
    /// Where it stands: `open`, `taken`, `confirmed`, `dismissed`.
    state: &'static str,
    /// Who works on it; absent where nobody does.
    #[serde(skip_serializing_if = "Option::is_none")]
    assignee: Option<String>,
    /// When it was opened.
    #[schema(format = DateTime)]
    opened: String,
    /// When the last step was taken.
    #[schema(format = DateTime)]
    changed: String,
    /// Its alerts.
    alerts: Vec<CaseAlert>,
}

/// An alert of a case.
#[derive(Debug, Serialize, ToSchema)]
struct CaseAlert {
    /// Its id.
    alert_id: String,
    /// What it is; empty where the alert is no longer kept.
    kind: String,
    /// How much it matters.
    severity: &'static str,
    /// A few words.
    title: String,
}

/// A case with its steps.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CaseWhole {
    #[serde(flatten)]
    brief: CaseBrief,
    /// What was done, the first step first.
    steps: Vec<StepTaken>,
    /// Where it was dismissed: `[[allow]]` entries for the configuration, so that it raises no alert until that day.
    #[serde(skip_serializing_if = "Option::is_none")]
    proposal: Option<String>,
    /// To whom it can be assigned: whoever the configuration knows as analyst or above.
    desk: Vec<String>,
    /// Whether numbers are whole.
    numbers_whole: bool,
}

/// A step that was taken.
#[derive(Debug, Serialize, ToSchema)]
struct StepTaken {
    /// When.
    #[schema(format = DateTime)]
    time: String,
    /// Who.
    who: String,
    /// What.
    act: String,
    /// What was written with it.
    detail: String,
}

/// For what a case is opened.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewCase {
    /// The `alert_id`.
    alert: String,
}

/// What is done about a case.
#[derive(Deserialize, ToSchema)]
#[serde(tag = "act", rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum NewStep {
    /// Whoever asks takes it on.
    Acknowledge,
    /// It is given to somebody.
    Assign {
        /// To whom.
        #[schema(schema_with = bounds::letters::<1, NAME_MAX>)]
        to: String,
    },
    /// Something is written down.
    Note {
        /// What.
        #[schema(schema_with = bounds::letters::<1, { cases::WRITTEN_MAX }>)]
        text: String,
    },
    /// An alert belongs to it, too.
    Link {
        /// Its `alert_id`.
        alert: String,
    },
    /// It was fraud.
    Confirm {
        /// How that is known.
        #[schema(schema_with = bounds::letters::<REASON_MIN, REASON_MAX>)]
        reason: String,
    },
    /// It was none.
    Dismiss {
        /// How that is known.
        #[schema(schema_with = bounds::letters::<REASON_MIN, REASON_MAX>)]
        reason: String,
        /// Until when that is to be believed: a date.
        #[schema(schema_with = bounds::day)]
        until: String,
    },
    /// It is to be looked at again.
    Reopen {
        /// Why.
        #[schema(schema_with = bounds::letters::<REASON_MIN, REASON_MAX>)]
        reason: String,
    },
}

impl NewStep {
    fn checked(self, today: Date, desk: &Colleagues) -> Result<Step, Problem> {
        Ok(match self {
            Self::Acknowledge => Step::Acknowledge,
            Self::Assign { to } => {
                let to = written("to", &to, 1, NAME_MAX)?;
                if !desk.contains(to.as_str()) {
                    let names = desk.iter().map(AsRef::as_ref).collect::<Vec<&str>>().join(", ");
                    return Err(Problem::Unclear(format!("to: one of those who may work on a case: {names}")));
                }
                Step::Assign(to)
            }
            Self::Note { text } => Step::Note(written("text", &text, 1, cases::WRITTEN_MAX)?),
            Self::Link { alert } => Step::Link(alert),
            Self::Confirm { reason } => Step::Confirm(reason_of(&reason)?),
            Self::Dismiss { reason, until } => {
                let until: Date = until.parse().map_err(|_| Problem::unclear("until: a date, such as 2027-01-31"))?;
                let last = today.saturating_add(Span::new().years(BELIEVED_YEARS_MAX));
                if until < today || last < until {
                    let why = format!("until: a day from {today} to {last}: nobody is innocent for ever unlooked at");
                    return Err(Problem::Unclear(why));
                }
                Step::Dismiss { reason: reason_of(&reason)?, until: until.to_string() }
            }
            Self::Reopen { reason } => Step::Reopen(reason_of(&reason)?),
        })
    }
}

/// Letters of a reason: a date is written before one to dismiss.
const REASON_MAX: usize = cases::WRITTEN_MAX - "until 2027-01-31: ".len();

fn reason_of(text: &str) -> Result<String, Problem> {
    written("reason", text, REASON_MIN, REASON_MAX)
}

/// Text that somebody wrote: so many letters, lines and tabulators among them, and nothing else that is not seen.
fn written(key: &str, text: &str, least: usize, most: usize) -> Result<String, Problem> {
    let text = text.trim();
    let unseen = |letter: char| letter.is_control() && !matches!(letter, '\n' | '\t');
    if (least..=most).contains(&text.chars().count()) && !text.chars().any(unseen) {
        return Ok(text.to_owned());
    }
    Err(Problem::Unclear(format!("{key}: {least} to {most} letters")))
}

impl From<Refused> for Problem {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::NoCase => Self::Absent("case"),
            Refused::NoAlert => Self::Absent("alert"),
            Refused::Linked(case) => Self::Conflict(format!("this alert belongs to case {case}")),
            Refused::State(state) => Self::Conflict(format!("the case is {}: this step cannot be taken", state.name())),
            Refused::Full => Self::Conflict("there is no room for more: begin another case".to_owned()),
            Refused::TooLong => {
                Self::Unclear(format!("at most {} letters are written with a step", cases::WRITTEN_MAX))
            }
        }
    }
}

/// Whoever may work on cases.
type Colleagues = BTreeSet<Arc<str>>;

fn colleagues(api: &Api) -> Colleagues {
    api.users().at_least(UserRole::Analyst)
}

fn brief(archive: &Archive, case: Case, sight: &Sight) -> Result<CaseBrief, Problem> {
    let alert = |id: String| {
        let alert = archive.alert(&id)?;
        let (kind, severity, title) = alert.map_or_else(Default::default, |it| (it.kind, it.severity, it.title));
        let title = text(sight, "title", title);
        Ok(CaseAlert { alert_id: id, kind, severity: crate::alerts::severity(severity), title })
    };
    Ok(CaseBrief {
        case: case.number,
        state: case.state.name(),
        assignee: case.assignee,
        opened: time(case.opened),
        changed: time(case.changed),
        alerts: case.alerts.into_iter().map(alert).collect::<Result<_, store::StoreError>>()?,
    })
}

/// Text as it is seen: people write numbers, too.
fn text(sight: &Sight, key: &str, text: String) -> String {
    let seen = sight.value(json!({ key: text }));
    seen.get(key).and_then(Value::as_str).unwrap_or_default().to_owned()
}

fn whole(archive: &Archive, number: u64, sight: &Sight, desk: &Colleagues) -> Result<CaseWhole, Problem> {
    let case = archive.case(number)?.ok_or(Problem::Absent("case"))?;
    let steps = archive.case_steps(number)?;
    let dismissed = (case.state == cases::State::Dismissed)
        .then(|| steps.iter().rev().find(|step| step.act == "dismiss"))
        .flatten()
        .and_then(|step| step.detail.strip_prefix("until ")?.split_once(": "));
    let proposal = match dismissed {
        None => None,
        Some((until, reason)) => {
            let alerts = case.alerts.iter().map(|id| archive.alert(id)).collect::<Result<Vec<_>, _>>()?;
            let mut entries: Vec<String> = Vec::new();
            for (kind, value) in alerts.iter().flatten().flat_map(own) {
                let entry = allow((&kind, &value), sight, number, until, reason);
                if !entries.contains(&entry) {
                    entries.push(entry);
                }
            }
            Some(entries.join("\n"))
        }
    };
    let steps = steps.into_iter().map(|step| StepTaken {
        time: time(step.at),
        who: step.who,
        // A date reads like a number; the one that is written before a reason is none.
        detail: match step.detail.split_once(": ").filter(|_| step.act == "dismiss") {
            Some((until, reason)) => format!("{until}: {}", text(sight, "detail", reason.to_owned())),
            None => text(sight, "detail", step.detail),
        },
        act: step.act,
    });
    let steps = steps.collect();
    let desk = desk.iter().map(|name| name.as_ref().to_owned()).collect();
    Ok(CaseWhole { brief: brief(archive, case, sight)?, steps, proposal, desk, numbers_whole: sight.is_whole() })
}

/// What is an operation's own: its software at a place, its customer, its recording, and its numbers where it is known by these. With these
/// allowed it is not found by anything else either. A place is others' too: it stands for the operation where nothing narrower does.
fn own(alert: &Alert) -> Vec<(String, String)> {
    let record: Value = serde_json::from_str(&alert.record).unwrap_or_default();
    let members = record.get("members").and_then(Value::as_array).into_iter().flatten();
    let text = |entity: &Value, key: &str| entity.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    let members = members.map(|entity| (text(entity, "kind"), text(entity, "value")));
    let by_numbers = ["number", "number_block", "destination_block"].contains(&alert.entity.0.as_str());
    let is_own = |(kind, value): &(String, String)| match kind.as_str() {
        "stack" => value.contains(" at "),
        "customer" | "recording" => true,
        "number" | "number_block" => by_numbers,
        _ => false,
    };
    let all = std::iter::once(alert.entity.clone()).chain(members);
    let own: Vec<_> = all.filter(is_own).collect();
    if own.is_empty() { vec![alert.entity.clone()] } else { own }
}

/// What the configuration says of an entity that is innocent. TOML takes the quotes of JSON.
fn allow((kind, value): (&str, &str), sight: &Sight, case: u64, until: &str, reason: &str) -> String {
    let Some((kind, value)) = nameable(kind, value) else {
        return format!(
            "# {value}: how a route answers is not allowed by itself, but with its trunk or its address.\n"
        );
    };
    let entity = sight.value(json!({ "kind": kind, "value": value }));
    let entity = entity.get("value").cloned().unwrap_or_default();
    // The longest reason that the configuration takes.
    let why: String = format!("case {case}: {reason}").chars().take(1_000).collect();
    let why = Value::from(text(sight, "why", why));
    format!("[[allow]]\nentity = {{ kind = \"{kind}\", value = {entity} }}\nuntil = {until}\nwhy = {why}\n")
}

/// An entity of an alert as the configuration names it: a block by its first and last number, a number without where it was seen, what a
/// block calls by that block. It has no name for how a route answers.
fn nameable<'a>(kind: &'a str, value: &'a str) -> Option<(&'a str, String)> {
    let (kind, value) = match (kind, value.rsplit_once(" called by ")) {
        ("destination_block", Some((_, block))) => ("number_block", block),
        ("destination_block", None) => return None,
        _ => (kind, value),
    };
    let block = value.trim_end_matches('x');
    let digits = value.len() - block.len();
    let named = match value.starts_with('+') {
        true if digits > 0 => format!("{block}{}-{block}{}", "0".repeat(digits), "9".repeat(digits)),
        true => value.split(" at ").next().unwrap_or(value).to_owned(),
        false => value.to_owned(),
    };
    Some((kind, named))
}

fn place(after: &str) -> Option<(Nanos, u64)> {
    let (changed, number) = after.split_once('.')?;
    Some((Nanos::new(changed.parse().ok()?), number.parse().ok()?))
}

/// Cases, numbers masked, a page at a time.
#[utoipa::path(get, path = "/cases", tag = "cases", params(Which), responses((status = 200, body = CasePage), Refusals))]
pub(crate) async fn list(State(api): State<Api>, Asked(which): Asked<Which>) -> Result<Json<CasePage>, Problem> {
    let state = which.state.map(|word| {
        let wrong = || Problem::unclear("state: one of open, taken, confirmed, dismissed");
        cases::State::named(&word).ok_or_else(wrong)
    });
    let behind =
        which.after.map(|after| place(&after).ok_or_else(|| Problem::unclear("after: what `next` of a page says")));
    let (state, behind, most) = (state.transpose()?, behind.transpose()?, limited(which.limit, USUAL, MOST)?);
    let page = api.reads().ask(move |archive| {
        let mut found = archive.cases(state, behind, most + 1)?;
        let more = found.len() > most;
        found.truncate(most);
        let next = found.last().filter(|_| more).map(|last| format!("{}.{}", last.changed.get(), last.number));
        let cases =
            found.into_iter().map(|case| brief(archive, case, &Sight::MASKED)).collect::<Result<_, Problem>>()?;
        Ok::<_, Problem>(CasePage { cases, next })
    });
    page.await.map(Json)
}

/// A case with its steps. With the header `greyline-reason` an officer sees numbers whole, and the audit log says so.
#[utoipa::path(get, path = "/cases/{id}", tag = "cases",
    params(("id" = u64, Path, description = "Its number.")),
    responses((status = 200, body = CaseWhole), Refusals))]
pub(crate) async fn one(
    State(api): State<Api>,
    visitor: Visitor,
    headers: HeaderMap,
    Path(id): Path<String>,
) -> Result<Json<CaseWhole>, Problem> {
    let number = number(&id)?;
    let there = api.reads().read(move |archive| archive.case(number)).await?;
    there.ok_or(Problem::Absent("case"))?;
    let sight = Sight::of(api.reads(), &visitor, &headers, format!("case {number}")).await?;
    let desk = colleagues(&api);
    api.reads().ask(move |archive| whole(archive, number, &sight, &desk)).await.map(Json)
}

fn number(id: &str) -> Result<u64, Problem> {
    id.parse().ok().filter(|&number: &u64| number <= i64::MAX as u64).ok_or(Problem::Absent("case"))
}

/// Opens a case for an alert that belongs to none.
#[utoipa::path(post, path = "/cases", tag = "cases", request_body = NewCase,
    responses((status = 201, body = CaseWhole, description = "Opened."),
        (status = 409, body = crate::problem::ProblemJson, content_type = "application/problem+json", description = "The alert belongs to a case."),
        Refusals))]
pub(crate) async fn open(
    State(api): State<Api>,
    visitor: Visitor,
    Sent(new): Sent<NewCase>,
) -> Result<(StatusCode, Json<CaseWhole>), Problem> {
    let desk = colleagues(&api);
    let opened = api.reads().ask(move |archive| {
        let number = archive.open_case(&new.alert, (now(), &visitor.name))??;
        whole(archive, number, &Sight::MASKED, &desk)
    });
    Ok((StatusCode::CREATED, Json(opened.await?)))
}

/// Takes a step of a case.
#[utoipa::path(post, path = "/cases/{id}/steps", tag = "cases", request_body = NewStep,
    params(("id" = u64, Path, description = "Its number.")),
    responses((status = 200, body = CaseWhole, description = "Taken; the case as it stands now."),
        (status = 409, body = crate::problem::ProblemJson, content_type = "application/problem+json", description = "Not as the case stands."),
        Refusals))]
pub(crate) async fn step(
    State(api): State<Api>,
    visitor: Visitor,
    Path(id): Path<String>,
    Sent(new): Sent<NewStep>,
) -> Result<Json<CaseWhole>, Problem> {
    let number = number(&id)?;
    // A day of the tap, as the dates of the configuration are.
    let zone = api.known().config().tap.time_zone.get().clone();
    let desk = colleagues(&api);
    let step = new.checked(Zoned::now().with_time_zone(zone).date(), &desk)?;
    let taken = api.reads().ask(move |archive| {
        archive.step_case(number, &step, (now(), &visitor.name))??;
        whole(archive, number, &Sight::MASKED, &desk)
    });
    taken.await.map(Json)
}

#[cfg(test)]
mod tests {
    use types::Nanos;

    use super::*;

    fn alert(lead: (&str, &str), members: &[(&str, &str)]) -> Alert {
        let members: Vec<_> = members.iter().map(|(kind, value)| json!({ "kind": kind, "value": value })).collect();
        Alert {
            id: String::new(),
            status: String::new(),
            kind: String::new(),
            severity: 0,
            score_db: 0.0,
            entity: (lead.0.to_owned(), lead.1.to_owned()),
            title: String::new(),
            opened: Nanos::ZERO,
            said: Nanos::ZERO,
            calls_at: (Nanos::ZERO, Nanos::ZERO),
            calls: 0,
            record: json!({ "members": members }).to_string(),
            case: None,
        }
    }

    #[test]
    fn what_is_an_operations_own_is_told_from_what_is_others_too() {
        let software = ("stack", "00aa at carrier-2");
        let customer = ("customer", "https://a.example/c.pem for origin x");
        let (trunk, anywhere, block) = (("trunk", "carrier-2"), ("stack", "00aa"), ("number_block", "+441632960xxx"));
        let number = ("number", "+441632960001");
        for (lead, members, expected) in [
            (customer, &[software, anywhere, trunk, block][..], &[customer, software][..]),
            (trunk, &[software, block], &[software]),
            (block, &[trunk, number], &[block, number]),
            (trunk, &[], &[trunk]),
            (trunk, &[block], &[trunk]),
        ] {
            let expected: Vec<_> = expected.iter().map(|(kind, value)| ((*kind).into(), (*value).into())).collect();
            assert_eq!(own(&alert(lead, members)), expected, "{lead:?}");
        }
    }

    #[test]
    fn entities_are_named_as_the_configuration_names_them() {
        for (kind, value, expected) in [
            ("source", "192.0.2.1", Some(("source", "192.0.2.1"))),
            ("number", "+441632960001", Some(("number", "+441632960001"))),
            ("number_block", "+44163296xxx", Some(("number_block", "+44163296000-+44163296999"))),
            ("number", "+441632960001 at 192.0.2.1", Some(("number", "+441632960001"))),
            ("trunk", "north at noon", Some(("trunk", "north at noon"))),
            ("stack", "00c0ffee00c0ffee at north", Some(("stack", "00c0ffee00c0ffee at north"))),
            ("destination_block", "+252… called by +44163296xxx", Some(("number_block", "+44163296000-+44163296999"))),
            ("destination_block", "PK by 192.0.2.1", None),
        ] {
            let named = nameable(kind, value);
            assert_eq!(named.as_ref().map(|(kind, value)| (*kind, value.as_str())), expected, "{kind} {value}");
        }
    }

    #[test]
    fn steps_say_enough_and_not_too_much() {
        let today: Date = "2026-11-28".parse().unwrap();
        let desk = BTreeSet::from(["fraud desk".into()]);
        let check =
            |json: Value| serde_json::from_value::<NewStep>(json).ok().map(|step| step.checked(today, &desk).is_ok());
        assert_eq!(check(json!({ "act": "acknowledge" })), Some(true));
        assert_eq!(check(json!({ "act": "note", "text": "seen\nagain" })), Some(true));
        assert_eq!(check(json!({ "act": "assign", "to": " fraud desk" })), Some(true));
        assert_eq!(check(json!({ "act": "dismiss", "reason": "a hospital", "until": "2027-01-31" })), Some(true));
        for refused in [
            json!({ "act": "note", "text": " " }),
            json!({ "act": "note", "text": "a".repeat(4_001) }),
            json!({ "act": "assign", "to": "a\u{7}b" }),
            json!({ "act": "assign", "to": "nobody at all" }),
            json!({ "act": "confirm", "reason": "yes" }),
            json!({ "act": "dismiss", "reason": "a hospital", "until": "2026-11-27" }),
            json!({ "act": "dismiss", "reason": "a hospital", "until": "2036-11-27" }),
            json!({ "act": "dismiss", "reason": "a hospital", "until": "soon" }),
        ] {
            assert_eq!(check(refused.clone()), Some(false), "{refused}");
        }
        for no_step in [json!({ "act": "burn" }), json!({}), json!({ "act": "note", "text": "x", "more": 1 })] {
            assert_eq!(check(no_step.clone()), None, "{no_step}");
        }
    }
}
