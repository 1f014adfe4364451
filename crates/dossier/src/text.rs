//! Text of a report: words of ours, and between them what others wrote, which must not turn what stands around it.

/// A sentence or a word of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Text(Vec<Piece>);

/// A stretch of text from one hand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Piece {
    /// As it was written.
    pub text: String,
    /// Whether others wrote it.
    pub foreign: bool,
}

impl Text {
    /// Words of ours.
    pub fn ours(text: impl Into<String>) -> Self {
        Self(vec![Piece { text: text.into(), foreign: false }])
    }

    /// What others wrote.
    pub fn foreign(text: impl Into<String>) -> Self {
        Self(vec![Piece { text: text.into(), foreign: true }])
    }

    /// With more behind it.
    pub fn and(mut self, more: Self) -> Self {
        self.0.extend(more.0);
        self
    }

    /// Its pieces in their order.
    pub fn pieces(&self) -> &[Piece] {
        &self.0
    }
}

/// What moves cursors, ends lines, or turns the direction of writing: a dot stands in its place wherever text is shown.
pub(crate) fn is_treacherous(letter: char) -> bool {
    letter.is_control()
        || matches!(letter, '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}
