//! The header block: one pass finds every field, and nothing is read further until someone asks.

use crate::HeaderName;

/// The most header fields a message is indexed with; further ones are left out and noted as a defect.
pub const HEADERS_MAX: usize = 128;

/// One header field as it lies in the message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field<'a> {
    /// Which.
    pub id: HeaderName,
    /// Its name as written, without the colon and the space before it.
    pub name: &'a [u8],
    /// Its value without the white space around it. Folds (CR, LF, space) are still inside: they read as white space.
    pub value: &'a [u8],
}

/// The header fields of a message in the order they were written.
#[derive(Clone, Debug)]
pub struct Headers<'a> {
    fields: arrayvec::ArrayVec<Field<'a>, HEADERS_MAX>,
}

impl<'a> Headers<'a> {
    pub(crate) fn empty() -> Self {
        Self { fields: arrayvec::ArrayVec::new() }
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.fields.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.fields.is_empty()
    }

    /// Every field as written, first to last.
    pub fn iter(&self) -> impl Iterator<Item = Field<'a>> + '_ {
        self.fields.iter().copied()
    }

    /// The value of the first field of this name.
    #[must_use]
    pub fn first(&self, id: HeaderName) -> Option<&'a [u8]> {
        self.all(id).next()
    }

    /// The value of every field of this name, one for each line: comma-separated values are not split.
    pub fn all(&self, id: HeaderName) -> impl Iterator<Item = &'a [u8]> + '_ {
        self.fields.iter().filter(move |field| field.id == id).map(|field| field.value)
    }

    /// The value of the first field called `name`, in any case: for names [`HeaderName`] does not have (`X-CID`).
    #[must_use]
    pub fn named(&self, name: &[u8]) -> Option<&'a [u8]> {
        self.fields.iter().find(|field| field.name.eq_ignore_ascii_case(name)).map(|field| field.value)
    }
}
