//! Calls as lines people can read, in the order they began.

use std::path::Path;

use call::{CallRecord, CallerFrom, EndedBy, MediaRecord, Outcome, Party, Side};
use types::Nanos;

use crate::failure::Failure;
use crate::json::{country, number, time};
use crate::outputs::LineOutput;
use crate::paint::{Ink, Paint, tame};

/// Calls held back so that they can be shown in the order they began; past it they come in the order they ended.
const SORTED_MAX: usize = 10_000;

/// Widths of the columns that are padded.
const PARTY: usize = 22;

/// The table, as it is being written.
pub struct Table {
    output: LineOutput,
    paint: Paint,
    rows: Vec<(Option<Nanos>, String)>,
}

impl Table {
    /// Begins a table on standard output.
    pub fn open(paint: Paint) -> Result<Self, Failure> {
        let mut output = LineOutput::open(Path::new("-"))?;
        let heading = format!(
            "{:<23}  {:<PARTY$}  {:<PARTY$}  {:<17}  {:>7}  {:>8}  {:<7}  {}",
            "began (UTC)", "caller", "callee", "outcome", "rang", "talked", "ended", "media (caller | callee)"
        );
        output.text(&format!("{}\n", paint.ink(Ink::Heading, &heading)));
        Ok(Self { output, paint, rows: Vec::new() })
    }

    /// Takes in a call.
    pub fn add(&mut self, call: &CallRecord<'_>) {
        self.rows.push((call.invite_at, self.row(call)));
        if self.rows.len() >= SORTED_MAX {
            self.write();
        }
    }

    /// Whether whoever read it has gone.
    pub fn is_unread(&self) -> bool {
        self.output.is_unread()
    }

    /// Ends the table.
    pub fn close(mut self) -> Result<(), Failure> {
        self.write();
        self.output.close()
    }

    fn write(&mut self) {
        self.rows.sort_by_key(|&(at, _)| at);
        for (_, row) in self.rows.drain(..) {
            self.output.text(&row);
        }
    }

    fn row(&self, call: &CallRecord<'_>) -> String {
        let before = if call.roles_unknown { "before, roles unknown" } else { "before the capture" };
        let began = call.invite_at.map_or_else(|| before.to_owned(), clock);
        let outcome = match call.status {
            Some(status) if call.outcome != Outcome::Answered => format!("{} {status}", call.outcome.name()),
            _ => call.outcome.name().to_owned(),
        };
        let ink = match call.outcome {
            Outcome::Answered => Ink::Good,
            Outcome::Failed => Ink::Bad,
            Outcome::Incomplete => Ink::Quiet,
            _ => Ink::Warning,
        };
        let seconds =
            |nanos: Option<u64>| nanos.map_or_else(|| "-".to_owned(), |nanos| format!("{:.1} s", nanos as f64 / 1e9));
        let ended = call.ended_by.map_or("-", EndedBy::name);
        format!(
            "{began:<23}  {}  {}  {}  {:>7}  {:>8}  {ended:<7}  {} | {}\n",
            padded(&caller(call), PARTY),
            padded(&party(&call.callee), PARTY),
            self.paint.ink(ink, &format!("{outcome:<17}")),
            seconds(call.ringing()),
            seconds(call.talking()),
            heard(call, Side::Caller),
            heard(call, Side::Callee),
        )
    }
}

/// Date and time to the millisecond.
fn clock(at: Nanos) -> String {
    time(at).chars().take(23).map(|letter| if letter == 'T' { ' ' } else { letter }).collect()
}

/// Who called, as far as they let it be known.
fn caller(call: &CallRecord<'_>) -> String {
    if call.caller_from == CallerFrom::Withheld { "withheld".to_owned() } else { party(&call.caller) }
}

/// A number with its country, else the user part as it was sent.
fn party(party: &Party<'_>) -> String {
    match party.number {
        Some(digits) => format!("{} {}", number(digits), country(digits).unwrap_or_default()),
        None if party.raw.is_empty() => "-".to_owned(),
        None => tame(party.raw),
    }
}

/// `text` in exactly `width` columns, for letters of one column.
fn padded(text: &str, width: usize) -> String {
    if text.chars().count() <= width {
        return format!("{text:<width$}");
    }
    text.chars().take(width - 1).chain(['…']).collect()
}

/// What one side sent: codec, quality, loss, of the worst of its longest streams on each leg. What was lost on one leg is heard
/// nowhere behind it.
fn heard(call: &CallRecord<'_>, from: Side) -> String {
    let own = || call.media.iter().filter(|media| media.from == from);
    let is_longest = |media: &&MediaRecord<'_>| {
        let of_leg = own().filter(|other| other.leg == media.leg);
        of_leg.map(|other| other.figures.packets).max() == Some(media.figures.packets)
    };
    let mos = |media: &MediaRecord<'_>| media.score.map_or(f32::MAX, |score| score.mos);
    let lost = |media: &MediaRecord<'_>| media.figures.loss_share();
    let worst = own().filter(is_longest).min_by(|a, b| mos(a).total_cmp(&mos(b)).then(lost(b).total_cmp(&lost(a))));
    worst.map_or_else(|| "-".to_owned(), quality)
}

fn quality(media: &MediaRecord<'_>) -> String {
    let figures = &media.figures;
    let mos = media.score.map_or_else(String::new, |score| format!(" MOS {:.1}", score.mos));
    let lost = match figures.lost {
        0 => String::new(),
        _ => format!(" lost {:.1} %", 100.0 * figures.loss_share()),
    };
    format!("{}{mos}{lost}", figures.codec.name())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_stay_columns() {
        assert_eq!(padded("abc", 5), "abc  ");
        assert_eq!(padded("Ünïcødé", 4), "Ünï…");
        assert_eq!(clock(Nanos::from_parts(1_700_000_000, 0)), "2023-11-14 22:13:20.000");
    }
}
