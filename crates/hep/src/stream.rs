//! HEP over a connection: packets of version 3 one after another, each with its length at its beginning.

/// The longest packet: what its length field can say.
pub const PACKET_BYTES_MAX: usize = 65_535;

/// The first bytes, which say the length.
const HEAD: usize = 6;

/// What a connection has sent and nobody has taken yet: at most one packet and what is read at once.
#[derive(Debug, Default)]
pub struct Stream {
    bytes: Vec<u8>,
    taken: usize,
}

impl Stream {
    /// Takes in what was read.
    pub fn on_bytes(&mut self, bytes: &[u8]) {
        self.bytes.drain(..self.taken.min(self.bytes.len()));
        self.taken = 0;
        self.bytes.extend_from_slice(bytes);
    }

    /// The next whole packet; `None` where more must be read first.
    ///
    /// # Errors
    /// What cannot be a packet: nothing behind it can be found any more, and the connection is to be closed.
    pub fn next_packet(&mut self) -> Result<Option<&[u8]>, Astray> {
        let rest = self.bytes.get(self.taken..).unwrap_or_default();
        let Some(&[a, b, c, d, high, low]) = rest.first_chunk::<HEAD>() else {
            return if b"HEP3".starts_with(rest.get(..rest.len().min(4)).unwrap_or_default()) {
                Ok(None)
            } else {
                Err(Astray)
            };
        };
        let length = usize::from(u16::from_be_bytes([high, low]));
        if [a, b, c, d] != *b"HEP3" || length < HEAD {
            return Err(Astray);
        }
        if rest.len() < length {
            return Ok(None);
        }
        let from = self.taken;
        self.taken += length;
        Ok(self.bytes.get(from..self.taken))
    }

    /// Whether it ended in the middle of a packet.
    #[must_use]
    pub const fn is_cut(&self) -> bool {
        self.taken < self.bytes.len()
    }
}

/// A connection that carries something else than HEP, or lost its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Astray;
