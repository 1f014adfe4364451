//! A cursor over bytes somebody else sent: the only place where offsets are counted.

/// Bytes that are not what their layer promises: the sender's doing, never a bug of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Malformed {
    /// Whose promise was broken.
    pub layer: Layer,
    /// Bytes from the start of that layer.
    pub at: u32,
    /// How.
    pub why: Why,
}

/// Whose promise was broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs, reason = "the names are those of the protocols")]
pub enum Layer {
    File,
    Link,
    Tunnel,
    Ip,
    Udp,
    Tcp,
    Sctp,
    Sip,
    Sdp,
    Passport,
    WebSocket,
    Rtp,
    Rtcp,
    Stun,
    Hep,
}

/// How a promise was broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// The bytes end too early.
    Short {
        /// Bytes the layer needs here.
        needed: u32,
        /// Bytes that were left.
        had: u32,
    },
    /// A version this layer does not have.
    Version,
    /// A length that contradicts another.
    Length,
    /// A number that is none, or is out of its range.
    BadNumber,
    /// Text that breaks the grammar.
    Grammar,
    /// More of something than the named limit allows.
    TooMany,
}

/// A cursor that only moves forward and never past the end.
#[derive(Clone, Debug)]
pub struct Reader<'a> {
    layer: Layer,
    whole: u32,
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    /// Reads `bytes` as `layer`, whose name goes into what is refused.
    #[must_use]
    pub fn new(layer: Layer, bytes: &'a [u8]) -> Self {
        Self { layer, whole: u32::try_from(bytes.len()).unwrap_or(u32::MAX), rest: bytes }
    }

    /// Bytes not read yet.
    #[must_use]
    pub const fn rest(&self) -> &'a [u8] {
        self.rest
    }

    /// Bytes read so far.
    #[must_use]
    pub fn at(&self) -> u32 {
        self.whole - u32::try_from(self.rest.len()).unwrap_or(u32::MAX)
    }

    /// Whether nothing is left.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    /// What is wrong at this place.
    #[must_use]
    pub fn malformed(&self, why: Why) -> Malformed {
        Malformed { layer: self.layer, at: self.at(), why }
    }

    fn short(&self, needed: usize) -> Malformed {
        let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        self.malformed(Why::Short { needed: count(needed), had: count(self.rest.len()) })
    }

    /// The next `N` bytes as an array, so that the compiler remembers their length.
    ///
    /// # Errors
    /// [`Why::Short`] when fewer are left.
    pub fn array<const N: usize>(&mut self) -> Result<&'a [u8; N], Malformed> {
        let Some((array, rest)) = self.rest.split_first_chunk::<N>() else { return Err(self.short(N)) };
        self.rest = rest;
        Ok(array)
    }

    /// The next `length` bytes.
    ///
    /// # Errors
    /// [`Why::Short`] when fewer are left.
    pub fn take(&mut self, length: usize) -> Result<&'a [u8], Malformed> {
        let Some((taken, rest)) = self.rest.split_at_checked(length) else { return Err(self.short(length)) };
        self.rest = rest;
        Ok(taken)
    }

    /// The next byte.
    ///
    /// # Errors
    /// [`Why::Short`] at the end.
    pub fn u8(&mut self) -> Result<u8, Malformed> {
        self.array::<1>().map(|&[byte]| byte)
    }

    /// The next two bytes in network order.
    ///
    /// # Errors
    /// [`Why::Short`] when fewer are left.
    pub fn u16(&mut self) -> Result<u16, Malformed> {
        self.array().map(|bytes| u16::from_be_bytes(*bytes))
    }

    /// The next four bytes in network order.
    ///
    /// # Errors
    /// [`Why::Short`] when fewer are left.
    pub fn u32(&mut self) -> Result<u32, Malformed> {
        self.array().map(|bytes| u32::from_be_bytes(*bytes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cursor_never_passes_the_end() {
        let mut reader = Reader::new(Layer::Rtcp, &[1, 2, 3, 4, 5, 6, 7]);
        assert_eq!((reader.u8(), reader.u16(), reader.at()), (Ok(1), Ok(0x0203), 3));
        let refused = reader.take(5).unwrap_err();
        assert_eq!(refused, Malformed { layer: Layer::Rtcp, at: 3, why: Why::Short { needed: 5, had: 4 } });
        assert_eq!((reader.u32(), reader.is_empty()), (Ok(0x0405_0607), true));
        assert!(reader.u8().is_err());
    }
}
