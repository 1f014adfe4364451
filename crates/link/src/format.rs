//! Which format a file has, by its first bytes, and one walk over whichever it is.

use std::fmt;

use crate::error::DamageWhy;
use crate::frame::FrameHead;
use crate::pcap::Pcap;
use crate::pcapng::Pcapng;
use crate::snoop::Snoop;
use crate::tally::Tally;

/// Bytes of a file that [`Format::recognise`] asks for.
pub const MAGIC_BYTES: usize = 8;

/// A capture format known by its first bytes, or a compression around one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// pcap (draft-ietf-opsawg-pcap), with microseconds or nanoseconds.
    Pcap,
    /// pcapng (draft-ietf-opsawg-pcapng).
    Pcapng,
    /// gzip (RFC 1952).
    Gzip,
    /// Zstandard (RFC 8878).
    Zstd,
    /// Microsoft Network Monitor 1.x or 2.x: not read.
    NetMon,
    /// snoop of Solaris (RFC 1761), version 2.
    Snoop,
    /// LZ4: not read.
    Lz4,
    /// xz: not read.
    Xz,
    /// bzip2: not read.
    Bzip2,
}

impl Format {
    /// The format of a file that begins with `first`, of which the first eight bytes are looked at.
    #[must_use]
    pub fn recognise(first: &[u8]) -> Option<Self> {
        let magic = *first.first_chunk::<4>()?;
        Some(match magic {
            [0x0a, 0x0d, 0x0d, 0x0a] => Self::Pcapng,
            [0x28, 0xb5, 0x2f, 0xfd] => Self::Zstd,
            // RFC 8878 §3.1.2: a skippable frame may come first.
            [0x50..=0x5f, 0x2a, 0x4d, 0x18] => Self::Zstd,
            [0x1f, 0x8b, ..] => Self::Gzip,
            [0x04, 0x22, 0x4d, 0x18] => Self::Lz4,
            [0xfd, b'7', b'z', b'X'] => Self::Xz,
            [b'B', b'Z', b'h', b'1'..=b'9'] => Self::Bzip2,
            [b'G', b'M', b'B', b'U'] | [b'R', b'T', b'S', b'S'] => Self::NetMon,
            _ if first.starts_with(b"snoop\0\0\0") => Self::Snoop,
            _ if Pcap::is_magic(magic) => Self::Pcap,
            _ => return None,
        })
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Pcap => "a pcap capture",
            Self::Pcapng => "a pcapng capture",
            Self::Gzip => "gzip inside another compression",
            Self::Zstd => "zstd inside another compression",
            Self::NetMon => "a Microsoft Network Monitor capture",
            Self::Snoop => "a snoop capture",
            Self::Lz4 => "an LZ4 file",
            Self::Xz => "an xz file",
            Self::Bzip2 => "a bzip2 file",
        })
    }
}

/// How far a walk came in the bytes it was shown.
#[derive(Debug)]
pub(crate) struct Walked {
    /// Heads that were filled.
    pub frames: usize,
    /// Where to go on: bytes from the start of what was shown, perhaps past its end.
    pub to: u64,
    /// Why it stopped there.
    pub stop: Stop,
}

/// Why a walk stopped.
#[derive(Debug)]
pub(crate) enum Stop {
    /// All heads are filled.
    Full,
    /// More bytes are needed. Where there are none, the capture ends here, or was cut here.
    Short,
    /// What stands here is no capture.
    Broken(DamageWhy),
}

/// The walk over a capture of one of the formats that are read.
#[derive(Debug)]
pub(crate) enum Walk {
    Pcap(Pcap),
    Pcapng(Box<Pcapng>),
    Snoop(Snoop),
}

impl Walk {
    /// Fills `heads` from the records in `bytes` from `from` on, with offsets from the start of `bytes`.
    pub(crate) fn walk(&mut self, bytes: &[u8], from: u64, heads: &mut [FrameHead], tally: &mut Tally) -> Walked {
        match self {
            Self::Pcap(pcap) => pcap.walk(bytes, from, heads, tally),
            Self::Pcapng(pcapng) => pcapng.walk(bytes, from, heads, tally),
            Self::Snoop(snoop) => snoop.walk(bytes, from, heads, tally),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_are_known_by_their_first_bytes() {
        let check =
            |first: &[u8], expected: Option<Format>| assert_eq!(Format::recognise(first), expected, "{first:02x?}");
        check(&[0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0], Some(Format::Pcap));
        check(&[0xa1, 0xb2, 0xc3, 0xd4, 0, 2, 0, 4], Some(Format::Pcap));
        check(&[0x4d, 0x3c, 0xb2, 0xa1, 2, 0, 4, 0], Some(Format::Pcap));
        check(&[0xa1, 0xb2, 0x3c, 0x4d, 0, 2, 0, 4], Some(Format::Pcap));
        check(&[0x34, 0xcd, 0xb2, 0xa1, 2, 0, 4, 0], Some(Format::Pcap));
        check(&[0xa1, 0xb2, 0xcd, 0x34, 0, 2, 0, 4], Some(Format::Pcap));
        check(&[0x0a, 0x0d, 0x0d, 0x0a, 0, 0, 0, 28], Some(Format::Pcapng));
        check(&[0x1f, 0x8b, 8, 0, 0, 0, 0, 0], Some(Format::Gzip));
        check(&[0x28, 0xb5, 0x2f, 0xfd, 0, 0, 0, 0], Some(Format::Zstd));
        check(&[0x51, 0x2a, 0x4d, 0x18, 0, 0, 0, 0], Some(Format::Zstd));
        check(b"GMBU\0\x02\x01\0", Some(Format::NetMon));
        check(b"RTSS\0\0\0\0", Some(Format::NetMon));
        check(b"snoop\0\0\0", Some(Format::Snoop));
        check(b"snooping", None);
        check(b"INVITE s", None);
        check(&[0xd4, 0xc3, 0xb2], None);
        check(&[], None);
    }
}
