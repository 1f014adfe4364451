//! A report from top to bottom, set on sheets.

use super::Unprintable;
use super::letters::{Letters, Line, Side, Style};
use super::sheets::{ABOVE, ASIDE, Drawn, Ink, ROOM, Role, Sheets, height};
use crate::picture::{Hours, Timeline};
use crate::report::{Block, Cell, Form, Report, Table};
use crate::text::Text;

const INK: Ink = Ink(0x1c, 0x24, 0x30);
const QUIET: Ink = Ink(0x56, 0x60, 0x6e);
const PAPER: Ink = Ink(0xff, 0xff, 0xff);
const RULE: Ink = Ink(0xd5, 0xda, 0xe1);
const TILE: Ink = Ink(0xf3, 0xf5, 0xf8);
const ALL: Ink = Ink(0x9d, 0xb4, 0xd0);
const ANSWERED: Ink = Ink(0x2f, 0x5d, 0x93);
const AGAINST: Ink = Ink(0x8a, 0x8f, 0x98);
const RAISED: Ink = Ink(0xb3, 0x26, 0x1e);
/// Squares of hours, the palest first.
const DEPTHS: [Ink; 6] = [
    TILE,
    Ink(0xdf, 0xe8, 0xf3),
    Ink(0xb9, 0xcd, 0xe4),
    Ink(0x86, 0xa8, 0xcf),
    Ink(0x4a, 0x77, 0xae),
    Ink(0x1f, 0x44, 0x75),
];
/// The depth from which on light letters stand on a square.
const DARK: u8 = 4;

/// Room between the blocks of a section.
const GAP: f32 = 7.0;
/// Words are set no wider than this: longer lines are hard to follow.
const WORDS: f32 = 440.0;
/// Room that a heading and what must follow it on its sheet take, and that of one with a picture.
const FOLLOWS: f32 = 90.0;
const PICTURE: f32 = 230.0;
/// Figures in a row, and room between them.
const TILES: usize = 4;
const TILE_GAP: f32 = 6.0;
/// Room within a cell, at its sides and above and below.
const CELL: [f32; 2] = [4.0, 3.0];
/// Lines of a cell at most, fewer than a sheet has: a caller may show a name of a thousand bytes.
const CELL_LINES_MAX: usize = 40;
/// The longest bar, of its cell.
const BAR: f32 = 0.4;
/// How high a timeline is.
const TIMELINE: f32 = 96.0;
/// Width of the names of days, and height of a square.
const DAY: f32 = 36.0;
const SQUARE: f32 = 13.0;

/// Sets a report.
pub(crate) struct Setter<'r> {
    report: &'r Report,
    letters: Letters,
    pub sheets: Sheets,
}

impl<'r> Setter<'r> {
    pub fn new(report: &'r Report) -> Result<Self, Unprintable> {
        Ok(Self { report, letters: Letters::new()?, sheets: Sheets::new() })
    }

    /// All of it, with the foot of each sheet.
    pub fn report(&mut self) {
        let report = self.report;
        self.words(Role::Paragraph, &Text::ours(report.title.as_str()), &self.small());
        let title = Role::Heading { level: 1, text: report.headline.clone() };
        let style = Style { size: 18.0, bold: true, ..self.plain() };
        self.words(title, &Text::foreign(report.headline.as_str()), &style);
        self.words(Role::Paragraph, &report.about, &self.plain());
        self.words(Role::Paragraph, &report.made, &self.small());
        self.rule(1.5, INK);
        for section in &report.sections {
            let has_picture = |block: &Block| matches!(block, Block::Timeline(_) | Block::Hours(_));
            self.sheets.reserve(if section.blocks.iter().any(has_picture) { PICTURE } else { FOLLOWS });
            if self.sheets.y > ABOVE {
                self.sheets.y += 2.0 * GAP;
            }
            let heading = Role::Heading { level: 2, text: section.heading.clone() };
            let style = Style { size: 13.0, bold: true, ..self.plain() };
            self.words(heading, &Text::ours(section.heading.as_str()), &style);
            section.blocks.iter().for_each(|block| self.block(block));
        }
        self.feet();
    }

    const fn plain(&self) -> Style {
        Style { size: 10.0, bold: false, ink: INK, from_right: self.report.from_right, side: Side::Start }
    }

    const fn small(&self) -> Style {
        Style { size: 8.5, ink: QUIET, ..self.plain() }
    }

    /// The same for what is in English, or stands in the order of figures, whatever the language of the report.
    const fn english(style: Style) -> Style {
        Style { from_right: false, ..style }
    }

    /// Where something begins that is so wide and begins so far from where a line does.
    const fn from(&self, start: f32, width: f32) -> f32 {
        if self.report.from_right { ASIDE + ROOM - start - width } else { ASIDE + start }
    }

    fn block(&mut self, block: &Block) {
        match block {
            Block::Paragraph(text) => self.words(Role::Paragraph, text, &self.plain()),
            Block::Quote(text) => self.quote(text),
            Block::Figures(figures) => self.figures(figures),
            Block::Timeline(picture) => self.timeline(picture),
            Block::Hours(picture) => self.hours(picture),
            Block::Table(table) => self.table(table),
            Block::Definitions(words) => self.definitions(words),
        }
    }

    /// Words as wide as they may be.
    fn words(&mut self, role: Role, text: &Text, style: &Style) {
        let lines = self.letters.set(text, style, WORDS);
        let x = self.from(0.0, WORDS);
        self.flow(role, lines, x);
        self.sheets.y += GAP;
    }

    /// Lines that may go on with on the next sheet: none is left alone on either.
    fn flow(&mut self, role: Role, lines: Vec<Line>, x: f32) {
        self.sheets.open(role);
        let count = lines.len();
        for (place, line) in lines.into_iter().enumerate() {
            let height = line.height;
            let together = place == 0 || place + 2 == count;
            self.sheets.reserve(if together && count > 1 { 2.0 * height } else { height });
            let y = self.sheets.y;
            self.sheets.lines(vec![line], x, y);
            self.sheets.y += height;
        }
        self.sheets.close();
    }

    /// A line across the sheet.
    fn rule(&mut self, thickness: f32, ink: Ink) {
        let y = self.sheets.y;
        self.sheets.adorn(Drawn::Area { x: ASIDE, y, width: ROOM, height: thickness, ink });
        self.sheets.y += thickness;
    }

    fn quote(&mut self, text: &str) {
        let style = Self::english(self.plain());
        let lines = self.letters.set(&Text::ours(text), &style, WORDS - 14.0);
        let high = height(&lines);
        self.sheets.reserve(high.min(2.0 * FOLLOWS));
        let (y, sheet) = (self.sheets.y, self.sheets.sheets.len());
        self.flow(Role::Quote, lines, ASIDE + 14.0);
        if self.sheets.sheets.len() == sheet {
            self.sheets.adorn(Drawn::Area { x: ASIDE, y, width: 3.0, height: high, ink: RULE });
        }
        self.sheets.y += GAP;
    }

    fn figures(&mut self, figures: &[(String, String)]) {
        let width = (ROOM - TILE_GAP * (TILES - 1) as f32) / TILES as f32;
        let (number, small) = (Style { size: 13.0, bold: true, ..self.plain() }, self.small());
        for row in figures.chunks(TILES) {
            let tiles = row.iter().map(|(label, figure)| {
                let figure = self.letters.set(&Text::foreign(figure.as_str()), &number, width - 16.0);
                (figure, self.letters.set(&Text::ours(label.as_str()), &small, width - 16.0))
            });
            let tiles: Vec<_> = tiles.collect();
            let high = tiles.iter().map(|(figure, label)| height(figure) + height(label)).fold(0.0, f32::max) + 12.0;
            self.sheets.reserve(high);
            let y = self.sheets.y;
            for (place, (figure, label)) in tiles.into_iter().enumerate() {
                let x = self.from(place as f32 * (width + TILE_GAP), width);
                self.sheets.adorn(Drawn::Area { x, y, width, height: high, ink: TILE });
                let below = y + 6.0 + height(&figure);
                self.sheets.open(Role::Paragraph);
                self.sheets.lines(figure, x + 8.0, y + 6.0);
                self.sheets.lines(label, x + 8.0, below);
                self.sheets.close();
            }
            self.sheets.y += high + TILE_GAP;
        }
    }

    /// Text of a picture, in one line within a width.
    fn note(&mut self, text: &str, style: &Style, (x, y): (f32, f32), width: f32) {
        let lines = self.letters.set(&Text::ours(text), style, width);
        self.sheets.lines(lines, x, y);
    }

    fn timeline(&mut self, picture: &Timeline) {
        const NOTE: f32 = 12.0;
        self.sheets.reserve(TIMELINE + 3.0 * NOTE);
        let (top, base) = (self.sheets.y + NOTE, self.sheets.y + NOTE + TIMELINE);
        let small = Self::english(Style { size: 7.0, ..self.small() });
        let [from, middle, until] = &picture.ticks;
        let shows = format!("{}: {from} – {until}, {} at most", picture.title, picture.most);
        self.sheets.open(Role::Picture(shows));
        let step = ROOM / picture.places as f32;
        for (place, all, answered) in &picture.bars {
            let (x, width) = (ASIDE + *place as f32 * step, (step - 0.6).max(0.3));
            for (part, ink) in [(all, ALL), (answered, ANSWERED)] {
                let height = *part as f32 * TIMELINE;
                self.sheets.put(Drawn::Area { x, y: base - height, width, height, ink });
            }
        }
        self.sheets.put(Drawn::Area { x: ASIDE, y: base, width: ROOM, height: 0.7, ink: INK });
        for (tick, side) in [(from, Side::Left), (middle, Side::Middle), (until, Side::Right)] {
            self.note(tick, &Style { side, ..small }, (ASIDE, base + 2.0), ROOM);
        }
        self.note(&picture.most, &small, (ASIDE, top - NOTE), ROOM);
        if let Some((part, word)) = &picture.raised {
            let x = ASIDE + *part as f32 * ROOM;
            self.sheets.put(Drawn::Dashes { x, from: top - NOTE, to: base, ink: RAISED });
            let style = Style { from_right: self.report.from_right, ink: RAISED, ..small };
            if *part > 0.8 {
                self.note(word, &Style { side: Side::Right, ..style }, (x - 203.0, top - NOTE), 200.0);
            } else {
                self.note(word, &Style { side: Side::Left, ..style }, (x + 3.0, top - NOTE), 200.0);
            }
        }
        self.sheets.close();
        self.sheets.y = base + NOTE + GAP;
    }

    fn hours(&mut self, picture: &Hours) {
        let title = Style { size: 9.0, bold: true, ..self.plain() };
        let lines = self.letters.set(&Text::ours(picture.title.as_str()), &title, ROOM);
        let high = height(&lines) + SQUARE * (picture.days.len() + 1) as f32 + GAP;
        self.sheets.reserve(high);
        let x = self.from(0.0, ROOM);
        self.flow(Role::Paragraph, lines, x);
        let width = (ROOM - DAY) / 24.0;
        let head = Self::english(Style { size: 6.5, bold: true, side: Side::Middle, ..self.plain() });
        let label = Style { side: Side::Left, from_right: self.report.from_right, ..head };
        let column = |hour: usize| ASIDE + DAY + hour as f32 * width;
        let top = |setter: &Self| setter.sheets.y + 1.8;
        self.sheets.open(Role::Table);
        self.sheets.open(Role::Row);
        for hour in 0..24 {
            let at = (column(hour), top(self));
            self.sheets.open(Role::ColumnHead);
            self.note(&format!("{hour:02}"), &head, at, width);
            self.sheets.close();
        }
        self.sheets.close();
        self.sheets.y += SQUARE;
        for (day, squares) in &picture.days {
            let y = self.sheets.y;
            self.sheets.open(Role::Row);
            self.sheets.open(Role::RowHead { columns: 1 });
            self.note(day, &label, (ASIDE, top(self)), DAY);
            self.sheets.close();
            for (hour, (depth, count)) in squares.iter().enumerate() {
                let ink = DEPTHS.get(usize::from(*depth)).copied().unwrap_or(ANSWERED);
                self.sheets.open(Role::Cell);
                let (x, y) = (column(hour) + 0.4, y + 0.4);
                self.sheets.put(Drawn::Area { x, y, width: width - 0.8, height: SQUARE - 0.8, ink });
                let ink = if *depth >= DARK { PAPER } else { INK };
                self.note(count, &Style { bold: false, ink, ..head }, (column(hour), top(self)), width);
                self.sheets.close();
            }
            self.sheets.close();
            self.sheets.y += SQUARE;
        }
        self.sheets.close();
        self.sheets.y += GAP;
    }

    fn table(&mut self, table: &Table) {
        let whole: f32 = table.columns.iter().map(|column| column.width).sum();
        let mut start = 0.0;
        let columns = table.columns.iter().map(|column| {
            let width = column.width / whole * ROOM;
            start += width;
            (start - width, width)
        });
        let columns: Vec<(f32, f32)> = columns.collect();
        let heads: Vec<_> = table.columns.iter().map(|column| column.label.as_str()).collect();
        self.sheets.open(Role::Table);
        for (place, row) in table.rows.iter().enumerate() {
            let cells: Vec<_> = row.iter().zip(&columns).map(|(cell, &(_, width))| self.cell(cell, width)).collect();
            let high = cells.iter().map(|lines| height(lines)).fold(0.0, f32::max) + 2.0 * CELL[1];
            if place == 0 {
                self.heads(&heads, &columns, Some(high));
            } else if self.sheets.reserve(high) {
                self.heads(&heads, &columns, None);
            }
            let y = self.sheets.y;
            self.sheets.open(Role::Row);
            for ((cell, lines), &(start, width)) in row.iter().zip(cells).zip(&columns) {
                let x = self.from(start, width) + CELL[0];
                self.bar(cell, start, width, y);
                self.sheets.open(Role::Cell);
                let inset = if self.report.from_right || cell.bar.is_none() { 0.0 } else { bar(cell, width) };
                self.sheets.lines(lines, x + inset, y + CELL[1]);
                self.sheets.close();
            }
            self.sheets.close();
            self.sheets.y += high;
            self.rule(0.5, RULE);
        }
        if let Some((label, total)) = &table.total {
            self.total(label, total, &columns);
        }
        self.sheets.close();
        self.sheets.y += GAP;
    }

    /// The headings of a table: said once, where so high a row `follows`, and shown again on every sheet.
    fn heads(&mut self, heads: &[&str], columns: &[(f32, f32)], follows: Option<f32>) {
        let style = Style { size: 8.0, bold: true, ..self.plain() };
        let set = heads
            .iter()
            .zip(columns)
            .map(|(head, (_, width))| self.letters.set(&Text::ours(*head), &style, width - 2.0 * CELL[0]));
        let set: Vec<_> = set.collect();
        let high = set.iter().map(|lines| height(lines)).fold(0.0, f32::max) + 2.0 * CELL[1];
        if let Some(follows) = follows {
            self.sheets.reserve(high + follows + 1.0);
            self.sheets.open(Role::Row);
        }
        let y = self.sheets.y + CELL[1];
        for (lines, &(start, width)) in set.into_iter().zip(columns) {
            let x = self.from(start, width) + CELL[0];
            if follows.is_some() {
                self.sheets.open(Role::ColumnHead);
                self.sheets.lines(lines, x, y);
                self.sheets.close();
            } else {
                lines.into_iter().for_each(|line| {
                    let baseline = y + line.baseline;
                    self.sheets.adorn(Drawn::Text { line, x, y: baseline });
                });
            }
        }
        if follows.is_some() {
            self.sheets.close();
        }
        self.sheets.y += high;
        self.rule(1.0, INK);
    }

    /// A cell of a column that is so wide.
    fn cell(&mut self, cell: &Cell, width: f32) -> Vec<Line> {
        let plain = Style { size: 8.0, ..self.plain() };
        let style = match cell.form {
            Form::English => Self::english(plain),
            Form::Id => Style { size: 6.5, ink: QUIET, ..plain },
            Form::Plain | Form::Figure => plain,
        };
        let width = width - 2.0 * CELL[0] - bar(cell, width);
        let mut lines = self.letters.set(&cell.text, &style, width);
        if let Some(note) = &cell.note {
            lines.extend(self.letters.set(note, &Style { size: 7.0, ink: QUIET, ..style }, width));
        }
        if lines.len() > CELL_LINES_MAX {
            lines.truncate(CELL_LINES_MAX - 1);
            lines.extend(self.letters.set(&Text::ours("…"), &style, width));
        }
        lines
    }

    /// The bar of a cell that begins so far from where a line does.
    fn bar(&mut self, cell: &Cell, start: f32, width: f32, y: f32) {
        let Some(it) = cell.bar else { return };
        let long = (it.length as f32 * BAR * width).max(0.5);
        let x = self.from(start + CELL[0], long);
        let ink = if it.against { AGAINST } else { ANSWERED };
        self.sheets.adorn(Drawn::Area { x, y: y + CELL[1] + 2.5, width: long, height: 6.0, ink });
    }

    fn total(&mut self, label: &str, total: &str, columns: &[(f32, f32)]) {
        let style = Style { size: 8.0, bold: true, ..self.plain() };
        let Some(&(start, width)) = columns.last() else { return };
        let label = self.letters.set(&Text::ours(label), &style, start - 2.0 * CELL[0]);
        let total = self.letters.set(&Text::foreign(total), &style, width - 2.0 * CELL[0]);
        let high = height(&label).max(height(&total)) + 2.0 * CELL[1];
        self.sheets.reserve(high);
        let y = self.sheets.y + CELL[1];
        self.sheets.open(Role::Row);
        let head = Role::RowHead { columns: columns.len().saturating_sub(1) as u32 };
        for (role, lines, (start, width)) in [(head, label, (0.0, start)), (Role::Cell, total, (start, width))] {
            self.sheets.open(role);
            let x = self.from(start, width) + CELL[0];
            self.sheets.lines(lines, x, y);
            self.sheets.close();
        }
        self.sheets.close();
        self.sheets.y += high;
    }

    fn definitions(&mut self, words: &[(String, Text)]) {
        let term = Style { size: 9.0, bold: true, ..self.plain() };
        let meaning = Style { size: 9.0, ..self.plain() };
        for (word, text) in words {
            let word = self.letters.set(&Text::ours(word.as_str()), &term, WORDS);
            let text = self.letters.set(text, &meaning, WORDS - 12.0);
            self.sheets.reserve(height(&word) + text.first().map_or(0.0, |line| 2.0 * line.height));
            let x = self.from(0.0, WORDS);
            self.flow(Role::Paragraph, word, x);
            let x = self.from(12.0, WORDS - 12.0);
            self.flow(Role::Paragraph, text, x);
            self.sheets.y += 3.0;
        }
        self.sheets.y += GAP;
    }

    /// Which alert, which sheet, and of how many.
    fn feet(&mut self) {
        let count = self.sheets.sheets.len();
        let style = Self::english(Style { size: 7.5, ..self.small() });
        for (place, sheet) in (1..).zip(&mut self.sheets.sheets) {
            let y = super::sheets::HEIGHT - super::sheets::BELOW + 24.0;
            for (text, side) in [(self.report.id.clone(), Side::Left), (format!("{place} / {count}"), Side::Right)] {
                for line in self.letters.set(&Text::ours(text), &Style { side, ..style }, ROOM) {
                    let y = y + line.baseline;
                    sheet.push((None, Drawn::Text { line, x: ASIDE, y }));
                }
            }
        }
    }
}

/// How much of a column that is so wide a bar takes from the text behind it.
fn bar(cell: &Cell, width: f32) -> f32 {
    cell.bar.map_or(0.0, |it| (it.length as f32 * BAR * width).max(0.5) + 4.0)
}
