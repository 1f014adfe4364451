//! SCTP user messages (RFC 9260), which carry SIP by RFC 4168. A message cut into several chunks is not put together:
//! SIP over SCTP fits one, and what does not is counted. The checksum is not verified.

use types::{Layer, Reader};

use crate::layers::Undecoded;

/// Most chunks of one packet that are looked at; a packet of 1,500 bytes holds some seventy.
const CHUNKS_MAX: usize = 128;

/// The common header.
pub(crate) struct Header {
    pub source: u16,
    pub destination: u16,
    /// Verification tag and checksum: what tells two packets apart.
    pub tag: u32,
    pub checksum: u32,
}

/// Reads the common header; the chunks follow.
pub(crate) fn header(bytes: &[u8]) -> Result<(Header, &[u8]), Undecoded> {
    let mut reader = Reader::new(Layer::Sctp, bytes);
    let header =
        Header { source: reader.u16()?, destination: reader.u16()?, tag: reader.u32()?, checksum: reader.u32()? };
    Ok((header, reader.rest()))
}

/// A user message, or a piece of one.
pub(crate) enum Message<'a> {
    /// All of it, as far as it was captured, and how many bytes more were sent.
    Whole(&'a [u8], u16),
    /// One of several chunks.
    Piece,
}

/// The user messages in a packet's chunks: DATA (RFC 9260 §3.3.1) and I-DATA (RFC 8260 §2.1).
pub(crate) fn messages(chunks: &[u8]) -> impl Iterator<Item = Message<'_>> {
    const DATA: u8 = 0;
    const I_DATA: u8 = 64;
    const FIRST_AND_LAST: u8 = 0x03;
    let mut rest = chunks;
    let chunks = std::iter::from_fn(move || {
        let (&[kind, flags, high, low], _) = rest.split_first_chunk()?;
        let length = usize::from(u16::from_be_bytes([high, low]));
        let chunk = rest.get(..length).unwrap_or(rest);
        let missing = (length - chunk.len()) as u16;
        // A length under four would never move on.
        rest = rest.get(length.max(4).next_multiple_of(4)..).unwrap_or_default();
        Some((kind, flags, chunk, missing))
    });
    chunks.take(CHUNKS_MAX).filter_map(|(kind, flags, chunk, missing)| {
        let header = match kind {
            DATA => 16,
            I_DATA => 20,
            _ => return None,
        };
        let message = chunk.get(header..)?;
        Some(if flags & FIRST_AND_LAST == FIRST_AND_LAST { Message::Whole(message, missing) } else { Message::Piece })
    })
}
