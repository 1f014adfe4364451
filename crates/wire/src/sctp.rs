//! SCTP user messages (RFC 9260), which carry SIP by RFC 4168. The checksum is not verified.

mod pieces;

use types::{Layer, Reader};

use crate::layers::Undecoded;
pub(crate) use pieces::{Direction, Piece, Pieces};

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
    Piece(Piece<'a>),
    /// The same, cut by the capture.
    CutPiece,
}

/// The user messages in a packet's chunks: DATA (RFC 9260 §3.3.1) and I-DATA (RFC 8260 §2.1).
pub(crate) fn messages(chunks: &[u8]) -> impl Iterator<Item = Message<'_>> {
    const DATA: u8 = 0;
    const I_DATA: u8 = 64;
    const LAST: u8 = 0x01;
    const FIRST: u8 = 0x02;
    const UNORDERED: u8 = 0x04;
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
        let (first, last) = (flags & FIRST != 0, flags & LAST != 0);
        let (message, number, bytes) = match kind {
            DATA => {
                let (&[_, _, _, _, t0, t1, t2, t3, ..], bytes) = chunk.split_first_chunk::<16>()?;
                (0, [t0, t1, t2, t3], bytes)
            }
            I_DATA => {
                let (&[_, _, _, _, _, _, _, _, s0, s1, _, _, m0, m1, m2, m3, n0, n1, n2, n3], bytes) =
                    chunk.split_first_chunk::<20>()?;
                // The first piece has the payload protocol in the place of its number, which is 0. Of DATA no message is as high.
                let number = if first { [0; 4] } else { [n0, n1, n2, n3] };
                (u64::from_be_bytes([1, flags & UNORDERED, s0, s1, m0, m1, m2, m3]), number, bytes)
            }
            _ => return None,
        };
        Some(match (first && last, missing) {
            (true, _) => Message::Whole(bytes, missing),
            (false, 0) => Message::Piece(Piece { message, number: u32::from_be_bytes(number), first, last, bytes }),
            (false, _) => Message::CutPiece,
        })
    })
}
