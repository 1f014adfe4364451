//! Sheets of paper, and what stands where on them.

use super::letters::Line;

/// A4, in points.
pub(crate) const WIDTH: f32 = 595.28;
pub(crate) const HEIGHT: f32 = 841.89;
/// What stays empty at the sides, above, and below.
pub(crate) const ASIDE: f32 = 48.0;
pub(crate) const ABOVE: f32 = 52.0;
pub(crate) const BELOW: f32 = 62.0;
/// Width between the margins.
pub(crate) const ROOM: f32 = WIDTH - 2.0 * ASIDE;

/// A colour: red, green, blue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Ink(pub u8, pub u8, pub u8);

/// Something on a sheet, in points from its upper left corner.
#[derive(Clone, Debug)]
pub(crate) enum Drawn {
    /// A line of text: where it begins, and where its letters stand.
    Text { line: Line, x: f32, y: f32 },
    /// A filled area.
    Area { x: f32, y: f32, width: f32, height: f32, ink: Ink },
    /// A broken line from top to bottom.
    Dashes { x: f32, from: f32, to: f32, ink: Ink },
}

/// What a part of a report is to who cannot see it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Role {
    Heading {
        level: u16,
        text: String,
    },
    Paragraph,
    Quote,
    /// A picture, and what it shows in words.
    Picture(String),
    Table,
    Row,
    ColumnHead,
    /// The head of a row, over so many columns.
    RowHead {
        columns: u32,
    },
    Cell,
}

/// A part of a report.
#[derive(Debug)]
pub(crate) struct Part {
    pub role: Role,
    /// Parts of it, in their order.
    pub parts: Vec<usize>,
}

/// All sheets.
#[derive(Debug, Default)]
pub(crate) struct Sheets {
    /// What stands on each, with the part it belongs to; none for what is only there to be looked at.
    pub sheets: Vec<Vec<(Option<usize>, Drawn)>>,
    /// All parts.
    pub parts: Vec<Part>,
    /// Those that are part of no other.
    pub roots: Vec<usize>,
    /// The headings: on which sheet, how far down, and what they say.
    pub headings: Vec<(usize, f32, String)>,
    /// The part that is being written, the innermost last.
    open: Vec<usize>,
    /// How far down the last sheet is full.
    pub y: f32,
}

impl Sheets {
    pub fn new() -> Self {
        Self { sheets: vec![Vec::new()], y: ABOVE, ..Self::default() }
    }

    /// Begins a sheet unless so much room is left on this one: whether it did.
    pub fn reserve(&mut self, height: f32) -> bool {
        let full = self.y + height > HEIGHT - BELOW && self.y > ABOVE;
        if full {
            self.sheets.push(Vec::new());
            self.y = ABOVE;
        }
        full
    }

    /// Begins a part within the one that is open.
    pub fn open(&mut self, role: Role) {
        let part = self.parts.len();
        if let Role::Heading { text, .. } = &role {
            self.headings.push((self.sheets.len() - 1, self.y, text.clone()));
        }
        self.parts.push(Part { role, parts: Vec::new() });
        let outer = self.open.last().and_then(|&outer| self.parts.get_mut(outer));
        outer.map_or(&mut self.roots, |outer| &mut outer.parts).push(part);
        self.open.push(part);
    }

    /// Ends the part that is open.
    pub fn close(&mut self) {
        self.open.pop();
    }

    /// Puts something of the open part on the last sheet.
    pub fn put(&mut self, drawn: Drawn) {
        let part = self.open.last().copied();
        self.draw(part, drawn);
    }

    /// Puts something there that says nothing.
    pub fn adorn(&mut self, drawn: Drawn) {
        self.draw(None, drawn);
    }

    fn draw(&mut self, part: Option<usize>, drawn: Drawn) {
        if let Some(sheet) = self.sheets.last_mut() {
            sheet.push((part, drawn));
        }
    }

    /// Puts lines of the open part below each other, without room for them being asked for.
    pub fn lines(&mut self, lines: Vec<Line>, x: f32, mut y: f32) {
        for line in lines {
            let (height, baseline) = (line.height, y + line.baseline);
            self.put(Drawn::Text { line, x, y: baseline });
            y += height;
        }
    }
}

/// How high lines are together.
pub(crate) fn height(lines: &[Line]) -> f32 {
    lines.iter().map(|line| line.height).sum()
}
