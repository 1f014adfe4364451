//! A report as what it says, whether it is shown by a browser or printed.

use crate::picture::{Hours, Timeline};
use crate::text::Text;

/// All of it.
#[derive(Debug)]
pub(crate) struct Report {
    /// Its language (BCP 47).
    pub language: String,
    /// Whether that is written from right to left.
    pub from_right: bool,
    /// What kind of paper it is.
    pub title: String,
    /// Which alert it is about.
    pub id: String,
    /// What the alert says of itself.
    pub headline: String,
    /// The alert in one line.
    pub about: Text,
    /// Who made the report, when and with what.
    pub made: Text,
    /// What a reader at a screen may do with it.
    pub hint: String,
    /// Its parts in their order.
    pub sections: Vec<Section>,
}

/// A part under a heading.
#[derive(Debug)]
pub(crate) struct Section {
    /// The heading.
    pub heading: String,
    /// What stands below it.
    pub blocks: Vec<Block>,
}

/// What a part is made of.
#[derive(Debug)]
pub(crate) enum Block {
    /// Plain words.
    Paragraph(Text),
    /// What the program wrote at the time, in English whatever the language of the report.
    Quote(String),
    /// Figures, each with what it counts.
    Figures(Vec<(String, String)>),
    /// Calls over time.
    Timeline(Timeline),
    /// Calls by the hour.
    Hours(Hours),
    /// Rows.
    Table(Table),
    /// Words and what they stand for.
    Definitions(Vec<(String, Text)>),
}

/// Rows under headings.
#[derive(Debug)]
pub(crate) struct Table {
    /// Their headings.
    pub columns: Vec<Column>,
    /// The rows, each with a cell a column.
    pub rows: Vec<Vec<Cell>>,
    /// What it all comes to, in the last column, and what that is called.
    pub total: Option<(String, String)>,
    /// Whether the first column is a running number.
    pub numbered: bool,
}

/// A column.
#[derive(Debug)]
pub(crate) struct Column {
    /// Its heading.
    pub label: String,
    /// How wide it is on paper, beside the others.
    pub width: f32,
}

/// A cell.
#[derive(Debug)]
pub(crate) struct Cell {
    /// What it says.
    pub text: Text,
    /// And in smaller letters below that.
    pub note: Option<Text>,
    /// A bar before the text.
    pub bar: Option<Bar>,
    /// How it is written.
    pub form: Form,
}

/// How a cell is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// As everything is.
    Plain,
    /// As figures that stand below each other.
    Figure,
    /// In English whatever the language of the report.
    English,
    /// Small, broken wherever a line ends.
    Id,
}

/// A bar.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bar {
    /// How long, from 0 to 1.
    pub length: f64,
    /// Whether it speaks against what the others speak for.
    pub against: bool,
}

impl Cell {
    /// A cell of nothing but text.
    pub const fn of(text: Text, form: Form) -> Self {
        Self { text, note: None, bar: None, form }
    }
}
