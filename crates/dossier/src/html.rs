//! HTML, written so that text can never become markup.

use std::fmt::Write as _;

use crate::words::{BEGIN, END};

/// A page being written. Markup comes from this program alone; all else is text.
#[derive(Debug, Default)]
pub(crate) struct Html(String);

impl Html {
    /// Markup of our own.
    pub fn raw(&mut self, markup: &'static str) -> &mut Self {
        self.0.push_str(markup);
        self
    }

    /// A figure within markup.
    pub fn figure(&mut self, figure: f64) -> &mut Self {
        // A string takes what it is given.
        let _ = write!(self.0, "{}", (figure * 100.0).round() / 100.0);
        self
    }

    /// Text.
    pub fn text(&mut self, text: &str) -> &mut Self {
        for letter in text.chars() {
            match letter {
                '&' => self.0.push_str("&amp;"),
                '<' => self.0.push_str("&lt;"),
                '>' => self.0.push_str("&gt;"),
                '"' => self.0.push_str("&quot;"),
                '\'' => self.0.push_str("&#39;"),
                letter if is_treacherous(letter) => self.0.push('·'),
                letter => self.0.push(letter),
            }
        }
        self
    }

    /// Text that others wrote, in whatever direction: it does not turn what stands around it.
    pub fn foreign(&mut self, text: &str) -> &mut Self {
        self.raw("<bdi>").text(text).raw("</bdi>")
    }

    /// A sentence of [`Words::say`](crate::words::Words::say): what was filled in is text that others wrote.
    pub fn said(&mut self, said: &str) -> &mut Self {
        for (place, piece) in said.split([BEGIN, END]).enumerate() {
            if place % 2 == 1 {
                self.foreign(piece)
            } else {
                self.text(piece)
            };
        }
        self
    }

    /// An element with text in it.
    pub fn element(&mut self, open: &'static str, text: &str, close: &'static str) -> &mut Self {
        self.raw(open).text(text).raw(close)
    }

    /// The page.
    pub fn into_string(self) -> String {
        self.0
    }
}

/// What moves cursors, ends lines, or turns the direction of writing.
fn is_treacherous(letter: char) -> bool {
    letter.is_control()
        || matches!(letter, '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_text() {
        let mut html = Html::default();
        html.text("<script>\"a\" & 'b'</script>\r\n\u{202e}x").foreign("</bdi><b>");
        assert_eq!(
            html.into_string(),
            "&lt;script&gt;&quot;a&quot; &amp; &#39;b&#39;&lt;/script&gt;···x<bdi>&lt;/bdi&gt;&lt;b&gt;</bdi>"
        );
    }
}
