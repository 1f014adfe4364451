//! A report on paper: a PDF that shows the same everywhere and for ever (PDF/A-2, ISO 19005-2, level A) and that screen readers
//! can read (PDF/UA-1, ISO 14289-1). Its letters are embedded; the same report is the same bytes.

mod blocks;
mod letters;
mod pdf;
mod sheets;

use std::fmt;

use crate::draft::draft;
use crate::facts::Matter;
use crate::words::Language;
use blocks::Setter;

/// Why there is no paper: a fault of this program, since every report can be printed.
#[derive(Debug)]
pub struct Unprintable(String);

impl fmt::Display for Unprintable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the PDF cannot be made: {}", self.0)
    }
}

impl std::error::Error for Unprintable {}

/// The report on an alert as a PDF.
///
/// # Errors
/// That it cannot be made: a fault of this program.
pub fn paper(matter: &Matter<'_>, language: Language) -> Result<Vec<u8>, Unprintable> {
    let report = draft(matter, language);
    let mut setter = Setter::new(&report)?;
    setter.report();
    pdf::write(&report, matter, setter)
}

#[cfg(test)]
mod tests {
    use super::sheets::{ASIDE, BELOW, Drawn, HEIGHT, WIDTH};
    use super::*;
    use crate::picture::{Hours, Timeline};
    use crate::report::{Bar, Block, Cell, Column, Form, Report, Section, Table};
    use crate::text::Text;

    /// A report with a block of each kind, written in this direction: 300 rows, and words as long as a sheet is wide.
    fn report(from_right: bool) -> Report {
        let long = "x".repeat(400);
        let cell = |text: String, form| Cell::of(Text::foreign(text), form);
        let row = |number: usize| {
            let bar = Some(Bar { length: number as f64 / 300.0, against: number.is_multiple_of(2) });
            // One of them shows a name that alone would be higher than a sheet.
            let note = if number == 7 { Text::foreign("\u{4e2d}".repeat(1_000)) } else { Text::ours("note") };
            let id = Cell { note: Some(note), ..cell(format!("id {number} {long}"), Form::Id) };
            vec![cell(number.to_string(), Form::Figure), Cell { bar, ..cell(format!("{number}"), Form::Figure) }, id]
        };
        let column = |label: &str| Column { label: label.to_owned(), width: 1.0 };
        let columns = ["head", "bars", "ids"].map(column).into();
        let table = Table {
            columns,
            rows: (0..300).map(row).collect(),
            total: Some(("all".into(), "9".into())),
            numbered: true,
        };
        let timeline = Timeline {
            title: "calls".into(),
            places: 3,
            bars: vec![(0, 0.5, 0.1), (2, 1.0, 1.0)],
            most: "7".into(),
            ticks: ["a", "b", "c"].map(String::from),
            raised: Some((0.9, "raised".into())),
        };
        let squares = std::array::from_fn(|hour| (hour as u8 % 6, hour.to_string()));
        let blocks = vec![
            Block::Paragraph(
                Text::ours("words of ours, ").and(Text::foreign("\u{202e}\u{4e2d} \u{627}\u{631}\u{62f}\u{648}")),
            ),
            Block::Quote(long.clone()),
            Block::Figures(vec![("calls".into(), "3,000".into()); 7]),
            Block::Timeline(timeline),
            Block::Hours(Hours { title: "hours".into(), days: vec![("Mon".into(), squares)] }),
            Block::Table(table),
            Block::Definitions(vec![("word".into(), Text::ours(long.repeat(40)))]),
        ];
        Report {
            language: "en".into(),
            from_right,
            title: "Report".into(),
            id: "0123456789abcdef".into(),
            headline: long,
            about: Text::ours("about"),
            made: Text::ours("made"),
            hint: String::new(),
            sections: vec![Section { heading: "section".into(), blocks }],
        }
    }

    /// Everything lies within the margins, every row is there once, and the head of a table on each of its sheets.
    #[test]
    fn nothing_runs_off_the_sheet_and_nothing_is_lost() {
        for from_right in [false, true] {
            let report = report(from_right);
            let mut setter = Setter::new(&report).unwrap();
            setter.report();
            let sheets = &setter.sheets.sheets;
            let mut texts = Vec::new();
            for (number, sheet) in sheets.iter().enumerate() {
                let first_text = texts.len();
                for (part, drawn) in sheet {
                    match drawn {
                        Drawn::Text { line, x, y } => {
                            // Only the foot of a sheet stands below its margin.
                            let lowest = if part.is_some() { HEIGHT - BELOW } else { HEIGHT };
                            assert!(*y < lowest && *y > 0.0, "{line:?}");
                            for run in &line.runs {
                                let width: f32 = run.glyphs.iter().map(|glyph| glyph.x_advance * run.size).sum();
                                let (left, right) = (x + run.x, x + run.x + width);
                                assert!(
                                    left > ASIDE - 1.0 && right < WIDTH - ASIDE + 1.0,
                                    "sheet {number}: {left} to {right}"
                                );
                                texts.push(run.text.replace(['\u{2068}', '\u{2069}'], ""));
                            }
                        }
                        &Drawn::Area { x, y, width, height, .. } => {
                            assert!(x > ASIDE - 1.0 && x + width < WIDTH - ASIDE + 1.0, "{drawn:?}");
                            assert!(y + height < HEIGHT - BELOW + 1.0, "{drawn:?}");
                        }
                        Drawn::Dashes { .. } => {}
                    }
                }
                let on_sheet = &texts[first_text..];
                let has = |text: &str| on_sheet.iter().any(|found| found == text);
                assert!(has(&format!("{} / {}", number + 1, sheets.len())), "{number}");
                assert_eq!(on_sheet.iter().any(|text| text.starts_with("id ")), has("head"), "{number}");
            }
            texts.dedup();
            for row in 0..300 {
                let id = format!("id {row} ");
                assert_eq!(texts.iter().filter(|text| text.starts_with(&id)).count(), 1, "{row}");
            }
            // A letter that no font has is named; what turns the direction of writing is a dot.
            let said = texts.iter().find(|text| text.starts_with("words of ours")).unwrap();
            assert!(said.contains("·[U+4E2D] \u{627}\u{631}\u{62f}\u{648}"), "{said:?}");
        }
    }
}
