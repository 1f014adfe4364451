//! HTML, written so that text can never become markup.

use std::fmt::Write as _;

use crate::text::{Text, is_treacherous};

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

    /// Words of ours, and what others wrote between them.
    pub fn said(&mut self, said: &Text) -> &mut Self {
        for piece in said.pieces() {
            if piece.foreign {
                self.foreign(&piece.text)
            } else {
                self.text(&piece.text)
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
