//! `greyline score`: alerts against the truth.

use std::path::Path;

use score::{Source, Terms};

use crate::failure::Failure;
use crate::outputs::Output;
use crate::run::Done;
use crate::texts;

/// Scores `alerts` against `truth` and writes the table to standard output, the JSON where it was asked for.
///
/// # Errors
/// What cannot be read or written, or is no truth.
pub fn score(truth: &Path, alerts: &Path, calls_per_day: Option<f64>, json: Option<&Path>) -> Result<Done, Failure> {
    if truth == Path::new("-") {
        return Err(Failure::Flag("--truth", "it is read twice, so it has to be a file".to_owned()));
    }
    if calls_per_day.is_some_and(|calls| !(calls > 0.0 && calls.is_finite())) {
        return Err(Failure::Flag("--calls-day", "it takes a number above 0".to_owned()));
    }
    let source = |file: &Path| {
        let path = file.to_owned();
        Source { name: file.display().to_string(), open: Box::new(move || texts::open(&path)) }
    };
    let card = score::score(&source(truth), &source(alerts), Terms { calls_per_day }).map_err(Failure::Score)?;
    if let Some(file) = json {
        let mut output = Output::open(file)?;
        output.document(&card)?;
        output.close()?;
    }
    if json != Some(Path::new("-")) {
        let mut output = Output::open(Path::new("-"))?;
        output.text(&card.to_string())?;
        output.close()?;
    }
    Ok(Done::Whole)
}
