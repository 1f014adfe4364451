//! User messages that were cut into several chunks, put together (RFC 9260 §6.9, RFC 8260 §2.2.3). The pieces of a message
//! are numbered in a row and sent in that order; one that overtakes the piece before it is not waited for, and its message is
//! lost: pieces lost on the way are sent again by those who talk, and whoever listens to them wants what is said now.

use types::Endpoint;

use crate::aged::Aged;

/// Messages that have begun and are remembered at a time; past it the one whose last piece came first is dropped.
const MESSAGES_MAX: usize = 128;
/// The longest message put together, in bytes: with the limit above, 8 MiB in all.
const MESSAGE_BYTES_MAX: usize = 65_535;

/// One direction of an association.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Direction {
    pub source: Endpoint,
    pub destination: Endpoint,
    pub tag: u32,
}

/// A piece of a user message.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Piece<'a> {
    /// Which message it is of, where that is told apart from its number.
    pub message: u64,
    pub number: u32,
    pub first: bool,
    pub last: bool,
    pub bytes: &'a [u8],
}

/// The piece that is waited for: of which direction, of which message, with which number.
type Next = (Direction, u64, u32);

/// A message as far as it has come.
#[derive(Debug, Default)]
pub(crate) struct Begun {
    pub bytes: Vec<u8>,
    pub pieces: u32,
}

/// All messages that have begun.
pub(crate) struct Pieces {
    begun: Aged<Next, Begun>,
}

impl Pieces {
    pub(crate) fn new(seed: u64) -> Self {
        Self { begun: Aged::new(seed) }
    }

    /// Takes a piece, and gives the message that is whole with it.
    pub(crate) fn on_piece(&mut self, of: Direction, piece: &Piece<'_>) -> Option<Begun> {
        let before = if piece.first { Some(Begun::default()) } else { self.take(&(of, piece.message, piece.number)) };
        let Begun { mut bytes, pieces } = before?;
        if bytes.len() + piece.bytes.len() > MESSAGE_BYTES_MAX {
            return None;
        }
        bytes.extend_from_slice(piece.bytes);
        let begun = Begun { bytes, pieces: pieces + 1 };
        if piece.last {
            return Some(begun);
        }
        let next = (of, piece.message, piece.number.wrapping_add(1));
        // It was sent again.
        self.take(&next);
        while self.begun.len() >= MESSAGES_MAX
            && let Some(oldest) = self.begun.oldest()
        {
            self.begun.remove(oldest);
        }
        self.begun.insert(next, begun);
        None
    }

    fn take(&mut self, next: &Next) -> Option<Begun> {
        let place = self.begun.find(next)?;
        self.begun.remove(place).map(|(_, begun)| begun)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn piece(number: u32, bytes: &[u8]) -> Piece<'_> {
        Piece { message: 0, number, first: bytes.starts_with(b"<"), last: bytes.ends_with(b">"), bytes }
    }

    /// Hears pieces of two directions, told apart by the case of their letters, and gives what is put together.
    fn heard(pieces: &[(u32, &str)]) -> String {
        let mut all = Pieces::new(7);
        let wholes = pieces.iter().filter_map(|&(number, text)| {
            let tag = u32::from(text.contains(char::is_uppercase));
            let of = Direction { source: Endpoint::default(), destination: Endpoint::default(), tag };
            let whole = all.on_piece(of, &piece(number, text.as_bytes()))?;
            Some(format!("{}/{}", String::from_utf8(whole.bytes).unwrap(), whole.pieces))
        });
        wholes.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn pieces_in_a_row_are_a_message() {
        assert_eq!(heard(&[(1, "<a"), (2, "b"), (3, "c>")]), "<abc>/3");
        assert_eq!(heard(&[(1, "<a"), (1, "<A"), (2, "B>"), (2, "b>")]), "<AB>/2 <ab>/2");
        assert_eq!(heard(&[(u32::MAX, "<a"), (0, "b>")]), "<ab>/2");
        assert_eq!(heard(&[(1, "<a"), (1, "<a"), (2, "b>"), (2, "b>")]), "<ab>/2");
    }

    #[test]
    fn what_lacks_a_piece_is_none() {
        assert_eq!(heard(&[(1, "<a"), (3, "c>"), (2, "b")]), "");
        assert_eq!(heard(&[(2, "b>")]), "");
    }

    #[test]
    fn limits_hold() {
        let long = format!("<{}", "a".repeat(MESSAGE_BYTES_MAX));
        assert_eq!(heard(&[(1, &long), (2, "b>")]), "");
        let many: Vec<_> = (0..=MESSAGES_MAX as u32).map(|number| (2 * number, "<a")).collect();
        assert_eq!(heard(&[&many[..], &[(1, "b>"), (3, "c>")]].concat()), "<ac>/2");
    }
}
