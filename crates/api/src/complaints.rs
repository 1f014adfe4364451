//! Complaints of victims, traced back to calls and to the operations behind them. Who traces them is another room's business; numbers in what
//! comes of it are masked here as everywhere.

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use config::Known;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use store::Archive;
use utoipa::ToSchema;

use crate::Api;
use crate::asked::Sent;
use crate::bounds;
use crate::problem::{Problem, Refusals};
use crate::show::Sight;
use crate::visitor::Visitor;

/// Bytes of complaints that may be sent: some thousands of lines.
pub(crate) const BODY_BYTES_MAX: usize = 2 << 20;

/// How far off a time may be at most, in minutes: a week.
pub const MINUTES_MAX: f64 = 10_080.0;

/// Traces complaints back; the audit log knows when it is done.
pub type Tracer = dyn Fn(&mut Archive, &Known, &Complaints) -> Result<TracedBack, Problem> + Send + Sync;

/// What is complained of.
#[derive(Clone, Debug)]
pub struct Complaints {
    /// One complaint or many.
    pub complained: Complained,
    /// The time zone of times that say none; UTC without it.
    pub zone: Option<String>,
    /// Who asks.
    pub by: String,
}

/// One complaint or many.
#[derive(Clone, Debug)]
pub enum Complained {
    /// A file as `greyline traceback` reads it.
    Csv(String),
    /// One.
    One(ComplaintWritten),
}

/// What is sent: either `csv` or `complaint`.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ComplaintsSent {
    /// Complaints as CSV. The first line names the columns: `callee`, `time`, and where they are known `minutes`, `caller`, `said`, `id`.
    csv: Option<String>,
    /// One complaint.
    complaint: Option<ComplaintWritten>,
    /// The time zone of times that say none, such as `Europe/London`; UTC without it.
    zone: Option<String>,
}

/// A complaint as somebody wrote it down.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Complaint)]
pub struct ComplaintWritten {
    /// What it is called.
    pub id: Option<String>,
    /// Who was called.
    pub callee: String,
    /// When, as far as the victim remembers: `2026-03-02T14:05`, with a zone or in `zone`.
    pub time: String,
    /// How far off that may be; 10 without it, a week at most.
    #[schema(schema_with = bounds::minutes)]
    pub minutes: Option<f64>,
    /// The number that was shown.
    pub caller: Option<String>,
    /// What was said.
    pub said: Option<String>,
}

/// What came of complaints.
#[derive(Debug, Default, Serialize, ToSchema)]
pub struct TracedBack {
    /// Each of them, in their order.
    pub complaints: Vec<Traced>,
    /// The operations that they lead to.
    pub operations: Vec<OperationTraced>,
    /// Lines that are no complaints, and why.
    pub refused: Vec<LineRefused>,
    /// How what was sent was read, where it does not say so itself: as of which zone times without one, for example.
    pub notes: Vec<String>,
    /// Complaints that were not looked at, since there were too many.
    pub left: u64,
    /// What could not be read, and why.
    pub unread: Vec<String>,
    /// Whether numbers are whole.
    pub numbers_whole: bool,
}

/// A line that is no complaint.
#[derive(Debug, Serialize, ToSchema)]
pub struct LineRefused {
    /// Its number, from 1.
    pub line: u64,
    /// The column that is to blame, where one is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<String>,
    /// Why.
    pub why: String,
}

/// What came of a complaint.
#[derive(Debug, Serialize, ToSchema)]
pub struct Traced {
    /// What it is called, as it was sent, or its line.
    pub complaint: String,
    /// Who was called.
    pub callee: String,
    /// When, as the victim said.
    #[schema(format = DateTime)]
    pub said_at: String,
    /// How far off that may be.
    pub within_minutes: f64,
    /// The number that was shown, as the victim said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub claimed_caller: Option<String>,
    /// What was said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub said: Option<String>,
    /// Calls to the number in that time.
    pub candidates: u64,
    /// The likeliest of them, the one that is taken to be meant first.
    pub calls: Vec<CallTraced>,
    /// The operation that it is taken to belong to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub alert_id: Option<String>,
    /// A few words on that.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Why it is taken to belong there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub because: Option<String>,
    /// How many others the operation has called; about so many where that is `estimated`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub other_victims: Option<u64>,
    /// Other operations that called the number in that time: then the one named is only the likeliest.
    pub or_else: Vec<String>,
}

/// A call that may be meant.
#[derive(Debug, Serialize, ToSchema)]
pub struct CallTraced {
    /// By what it is asked for.
    pub id: String,
    /// When it began.
    #[schema(format = DateTime)]
    pub time: String,
    /// How much later than said that was, in seconds.
    pub seconds_later: f64,
    /// The trunk it came over, where the configuration names it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trunk: Option<String>,
    /// The operation it is taken to belong to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub alert_id: Option<String>,
    /// The call, as `--calls` writes it; `greyline schema call` prints its schema.
    #[schema(value_type = Object)]
    pub call: Value,
}

/// An operation that complaints lead to.
#[derive(Debug, Serialize, ToSchema)]
pub struct OperationTraced {
    /// Its alert.
    pub alert_id: String,
    /// What it is.
    pub kind: String,
    /// A few words.
    pub title: String,
    /// People called by it.
    pub callees: u64,
    /// Whether that is what the alert estimates, and not how many there are calls to in the store.
    pub estimated: bool,
    /// Which complaints, by what they are called.
    pub complaints: Vec<String>,
}

/// Complaints traced back: to which calls, over which path, to which operation, and how many others it has called. With the header
/// `greyline-reason` an officer sees numbers whole. Nothing of a complaint is kept; the audit log says who asked.
#[utoipa::path(post, path = "/complaints", tag = "complaints", request_body = ComplaintsSent,
    responses((status = 200, body = TracedBack), Refusals))]
pub(crate) async fn trace(
    State(api): State<Api>,
    visitor: Visitor,
    headers: HeaderMap,
    Sent(sent): Sent<ComplaintsSent>,
) -> Result<Json<TracedBack>, Problem> {
    let complained = match (sent.csv, sent.complaint) {
        (Some(csv), None) => Complained::Csv(csv),
        (None, Some(one)) => Complained::One(one),
        _ => return Err(Problem::unclear("either `csv` or `complaint` is wanted")),
    };
    let sight = Sight::of(api.reads(), &visitor, &headers, "complaints").await?;
    let (trace, known) = (api.tracer(), api.known());
    let complaints = Complaints { complained, zone: sent.zone, by: visitor.name.as_ref().to_owned() };
    let turn = api.turn().await?;
    let back = api.reads().ask(move |archive| {
        let back = trace(archive, &known, &complaints);
        // Whoever asked may have gone: it is this one's turn until here all the same.
        drop(turn);
        back
    });
    let mut back = back.await?;
    veil(&mut back, &sight);
    Ok(Json(back))
}

/// Lays over what came of complaints what stands between numbers and whoever asked.
fn veil(back: &mut TracedBack, sight: &Sight) {
    let seen = |key: &str, text: &mut String| {
        let record = sight.value(json!({ key: &*text }));
        *text = record.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    };
    back.numbers_whole = sight.is_whole();
    // What stands for a time or for minutes is no number of a person, and is useless where digits are missing.
    let personal = |line: &&mut LineRefused| !matches!(line.column.as_deref(), Some("time" | "minutes"));
    back.refused.iter_mut().filter(personal).for_each(|line| seen("text", &mut line.why));
    back.operations.iter_mut().for_each(|operation| seen("title", &mut operation.title));
    for traced in &mut back.complaints {
        seen("number", &mut traced.callee);
        traced.claimed_caller.iter_mut().for_each(|caller| seen("number", caller));
        traced.said.iter_mut().for_each(|said| seen("display", said));
        traced.title.iter_mut().for_each(|title| seen("title", title));
        traced.calls.iter_mut().for_each(|call| call.call = sight.value(call.call.take()));
    }
}
