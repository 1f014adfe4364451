//! `greyline report`: an alert and its calls as a paper for people.

use std::io::Write as _;
use std::sync::Arc;

use api::{Order, Paper, Printer, Problem};
use config::Zone;
use dossier::{BundleMade, Language, Matter, page, paper};
use evidence::hex;
use serde_json::Value;
use store::audit::Act;
use store::{Archive, Query};

use crate::bundles::{now, who};
use crate::case::{Case, latest, parse};
use crate::cli::ReportJob;
use crate::failure::Failure;
use crate::json::{part, time};
use crate::outputs::Output;
use crate::run::Done;
use crate::standing::Standing;

/// Calls of an origin that are looked through at most.
const CALLS_MAX: usize = 200_000;
/// How far what the store has of an origin may be from what the alert counts, of a hundred, to be taken for the same calls.
const NEAR: u64 = 2;

/// What is wanted of a report.
pub struct Wanted<'w> {
    /// The alert it is about.
    pub alert: &'w str,
    /// Its language.
    pub language: Language,
    /// The time zone of its second table of hours; without one there is none.
    pub zone: Option<String>,
    /// As what it comes.
    pub paper: Paper,
    /// Who wants it.
    pub by: &'w str,
}

/// Writes a report: a PDF where the name of its file ends like one.
///
/// # Errors
/// That there is no such alert, or that the report cannot be written.
pub fn report(job: &ReportJob) -> Result<Done, Failure> {
    let mut archive = Archive::open(&job.store).map_err(Failure::Store)?;
    let (zone, by) = (job.zone.as_ref().map(ToString::to_string), who(job.by.as_deref()));
    let is_pdf = job.out.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("pdf"));
    let paper = if is_pdf { Paper::Pdf } else { Paper::Html };
    let wanted = Wanted { alert: &job.alert, language: job.language, zone, paper, by: &by };
    let Made { report, unread } = make(&mut archive, &wanted)?;
    let mut output = Output::private(&job.out)?;
    output.bytes(&report)?;
    output.close()?;
    let mut stderr = std::io::stderr().lock();
    for what in &unread {
        // Where standard error is gone nobody is left to tell; the report says it too.
        let _ = writeln!(stderr, "greyline: {what}");
    }
    Ok(if unread.is_empty() { Done::Whole } else { Done::Damaged })
}

/// A report that was made.
pub struct Made {
    /// All of it.
    pub report: Vec<u8>,
    /// What could not be read of the store.
    pub unread: Vec<String>,
}

/// Makes a report; the audit log knows.
///
/// # Errors
/// That there is no such alert, or that the store cannot be read or written.
pub fn make(archive: &mut Archive, wanted: &Wanted<'_>) -> Result<Made, Failure> {
    let Wanted { alert, language, zone, paper: form, by } = wanted;
    let mut case = Case::look_up(archive, alert)?;
    let named: Vec<Value> = case.named.iter().map(|found| parse(&found.record)).collect::<Result<_, _>>()?;
    let (all, counted) = all_of(archive, &mut case)?;
    let bundles = archive.bundles().map_err(Failure::Store)?;
    let bundles: Vec<_> = bundles
        .into_iter()
        .filter(|bundle| bundle.alert == case.alert.id)
        .map(|bundle| BundleMade { number: bundle.number, at: bundle.at, manifest: hex(&bundle.manifest) })
        .collect();
    let (entries, hash) = archive.audit_head().map_err(Failure::Store)?;
    let made_at = now();
    let matter = Matter {
        alert: &case.record,
        opened: case.life.first().unwrap_or(&case.record),
        life: &case.life,
        named: &named,
        all: all.as_deref(),
        counted,
        zone: zone.as_deref(),
        made_at,
        made_by: by,
        program: &format!("greyline {}", env!("CARGO_PKG_VERSION")),
        bundles: &bundles,
        audit: (entries, hex(&hash)),
        unread: &case.unread,
        privacy_level: privacy_level(archive, &case)?,
        clock: Standing::of(archive, &case.alert)?.as_ref().map(Standing::kept),
    };
    let (form, report) = match form {
        Paper::Html => ("html", page(&matter, *language).into_bytes()),
        Paper::Pdf => ("pdf", paper(&matter, *language).map_err(Failure::Unprintable)?),
    };
    let detail = format!("{form} in {} at {}", language.tag(), time(made_at));
    let act = Act { at: made_at, who: by, act: "report", object: &case.alert.id, detail: &detail };
    archive.audit(&act).map_err(Failure::Store)?;
    Ok(Made { report, unread: case.unread })
}

/// How deep the tap looked, by the configuration that the alert was judged by.
fn privacy_level(archive: &Archive, case: &Case) -> Result<Option<u8>, Failure> {
    let version = part(&case.record, "/versions/config").as_str().unwrap_or_default();
    let runs = archive.runs(version, 1).map_err(Failure::Store)?;
    let config = runs.first().map(|run| parse::<Value>(&run.config)).transpose()?;
    let level = config.as_ref().and_then(|config| part(config, "/tap/privacy_level").as_u64());
    Ok(level.and_then(|level| u8::try_from(level).ok()))
}

/// Makes reports for whoever asks the API for them.
pub fn printer() -> Arc<Printer> {
    Arc::new(|archive: &mut Archive, order: &Order<'_>| {
        let language = Language::ALL.into_iter().find(|language| language.tag() == order.language);
        let language = language.ok_or_else(|| {
            Problem::unclear(format!("language: one of {}", Language::ALL.map(Language::tag).join(", ")))
        })?;
        let zone = order.zone.map(str::parse::<Zone>).transpose().map_err(Problem::unclear)?;
        let zone = zone.map(|zone| zone.to_string());
        let wanted = Wanted { alert: order.alert, language, zone, paper: order.paper, by: order.by };
        make(archive, &wanted).map(|made| made.report).map_err(|failure| match failure {
            Failure::Store(error) => error.into(),
            failure => Problem::Store(failure.to_string()),
        })
    })
}

/// All calls of an alert, and whether they are those that it counts: nothing where there are too many.
fn all_of(archive: &mut Archive, case: &mut Case) -> Result<(Option<Vec<Value>>, bool), Failure> {
    let Some(query) = archive.counted(&case.alert).map_err(Failure::Store)? else {
        return Ok((of_the_origin(archive, case)?, false));
    };
    let all = read_all(archive, case, query)?;
    let calls_missing = all.as_ref().is_some_and(|all| (all.len() as u64) < case.counted);
    case.missed(archive, None, calls_missing);
    Ok((all, true))
}

/// Calls of the entity that leads an alert, in its time: nothing where the store has another number of them than the alert counts, since nobody
/// knows then which are its calls.
fn of_the_origin(archive: &mut Archive, case: &mut Case) -> Result<Option<Vec<Value>>, Failure> {
    let (from, until) = case.alert.calls_at;
    let time = Query { from, until, ..Query::default() };
    let (kind, value) = case.alert.entity.clone();
    let query = match kind.as_str() {
        "stack" => u64::from_str_radix(&value, 16).ok().map(|stack| Query { stack: Some(stack), ..time }),
        "source" => value.parse().ok().map(|address| Query { address: Some(address), ..time }),
        "number" => {
            let digits = value.strip_prefix('+').unwrap_or_default();
            types::E164::from_digits(digits.as_bytes()).map(|caller| Query { caller: Some(caller), ..time })
        }
        _ => None,
    };
    let Some(mut calls) = query.map(|query| read_all(archive, case, query)).transpose()?.flatten() else {
        return Ok(None);
    };
    // An address may be where calls went, too.
    if kind == "source" {
        calls.retain(|call| part(call, "/source/ip").as_str() == Some(&value));
    }
    let (held, counted) = (calls.len() as u64, case.counted);
    Ok((held.abs_diff(counted) * 100 <= counted * NEAR).then_some(calls))
}

/// All calls that are found, the first one first; nothing where there are too many. What could not be read the case is told.
fn read_all(archive: &mut Archive, case: &mut Case, query: Query) -> Result<Option<Vec<Value>>, Failure> {
    let mut found = latest(archive, query, CALLS_MAX)?;
    case.missed(archive, std::mem::take(&mut found.unread), false);
    let calls = found.calls.iter().map(|found| parse(&found.record).unwrap_or(Value::Null));
    Ok((!found.is_cut).then(|| calls.collect()))
}
