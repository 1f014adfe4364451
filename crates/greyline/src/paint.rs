//! Colour where a person reads, and nothing but text elsewhere.

use std::io::{self, IsTerminal};

/// How text is set off.
#[derive(Clone, Copy, Debug)]
pub enum Ink {
    Heading,
    Quiet,
    Good,
    Warning,
    Bad,
}

/// Whether to colour.
#[derive(Clone, Copy, Debug)]
pub struct Paint {
    on: bool,
}

impl Paint {
    /// Colour on a terminal, unless `NO_COLOR` is set (no-color.org).
    pub fn for_stdout() -> Self {
        let declined = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        Self { on: io::stdout().is_terminal() && !declined }
    }

    #[cfg(test)]
    pub const PLAIN: Self = Self { on: false };

    /// `text` in `ink`.
    pub fn ink(self, ink: Ink, text: &str) -> String {
        let code = match ink {
            _ if !self.on => return text.to_owned(),
            Ink::Heading => "1",
            Ink::Quiet => "2",
            Ink::Good => "32",
            Ink::Warning => "33",
            Ink::Bad => "31",
        };
        format!("\x1b[{code}m{text}\x1b[0m")
    }
}

/// Text a stranger sent, made safe for a terminal: control characters, which could move the cursor or forge lines,
/// become `·`, and so do those that turn the direction of text or are not seen at all, which could make one number look like another.
pub fn tame(bytes: &[u8]) -> String {
    let shown = |letter: char| if letter.is_control() || is_unseen(letter) { '·' } else { letter };
    String::from_utf8_lossy(bytes).chars().map(shown).collect()
}

/// Whether a character says how others are shown and shows nothing itself: Unicode's category of format characters and the
/// separators of lines and paragraphs, as far as a terminal obeys them.
const fn is_unseen(letter: char) -> bool {
    matches!(
        letter,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_strangers_send_moves_no_cursor() {
        assert_eq!(tame(b"Bank\x1b[2J\r\nfake \xff"), "Bank·[2J··fake \u{fffd}");
        assert_eq!(tame("a\u{202e}9100064972\u{2069}\u{200b}b ü 日本".as_bytes()), "a·9100064972··b ü 日本");
        assert_eq!(Paint::PLAIN.ink(Ink::Bad, "x"), "x");
    }
}
