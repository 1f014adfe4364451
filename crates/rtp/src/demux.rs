//! Which protocol a datagram on a media port speaks (RFC 7983, RFC 5761), from its first bytes alone.
//!
//! RTP has no magic number: [`Kind::Rtp`] means that nothing speaks against it. Whether it is a stream is for
//! signalling or [`crate::Heuristic`] to say.

/// What the first bytes of a datagram say it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// RTP version 2, or something that looks like it.
    Rtp,
    /// RTCP, alone or compound, encrypted or not.
    Rtcp,
    /// STUN, and TURN that is framed by it.
    Stun,
    /// DTLS records, 1.0 to 1.3.
    Dtls,
    /// ZRTP (RFC 6189).
    Zrtp,
    /// TURN channel data (RFC 8656 §12.4), around any of these.
    TurnChannel,
    /// None of these.
    Other,
}

/// The magic cookie of RFC 5389 §6.
const STUN_COOKIE: [u8; 4] = [0x21, 0x12, 0xa4, 0x42];
/// The magic cookie of RFC 6189 §5.
const ZRTP_COOKIE: [u8; 4] = *b"ZRTP";
/// The most a DTLS record may hold (RFC 6347 §4.1: 2^14 bytes, and 2,048 more for what encryption adds).
const DTLS_RECORD_MAX: usize = (1 << 14) + 2_048;

/// Sorts a datagram's payload by RFC 7983 §7, and checks what can be checked in a few nanoseconds.
#[inline]
#[must_use]
pub fn demux(payload: &[u8]) -> Kind {
    let Some((&[first, second, third, fourth], rest)) = payload.split_first_chunk::<4>() else { return Kind::Other };
    let length = u16::from_be_bytes([third, fourth]);
    let (kind, holds) = match first {
        // RFC 5761 §4: packet types 192 to 223 are RTCP where RTP keeps off payload types 64 to 95.
        128..=191 if matches!(second, 192..=223) => return rtp_or_rtcp(second, length, payload.len()),
        128..=191 => (Kind::Rtp, payload.len() >= crate::packet::FIXED),
        0..=3 => (Kind::Stun, is_stun([first, second], length, rest)),
        16..=19 => (Kind::Zrtp, rest.first_chunk() == Some(&ZRTP_COOKIE)),
        20..=26 => (Kind::Dtls, is_dtls(first, [second, third], payload)),
        64..=79 => (Kind::TurnChannel, is_channel(length, rest.len())),
        // DTLS 1.3 hides even its version behind the first byte 32 to 63 (RFC 9147 §4), which much else may be.
        _ => (Kind::Other, true),
    };
    if holds { kind } else { Kind::Other }
}

/// SR, RR, SDES, BYE, APP, RTPFB, PSFB, XR: what is RTCP if its length can be; RTP never has their payload types.
const COMMON_RTCP: std::ops::RangeInclusive<u8> = 200..=207;

fn rtp_or_rtcp(packet_type: u8, words_less_one: u16, length: usize) -> Kind {
    let first_packet = (usize::from(words_less_one) + 1) * 4;
    // The rarer types must fill the datagram: video may well have a marker and payload type 64 to 71 or 80 to 95.
    let common = COMMON_RTCP.contains(&packet_type);
    if first_packet >= 8 && if common { first_packet <= length } else { first_packet == length } {
        Kind::Rtcp
    } else if !common && length >= crate::packet::FIXED {
        Kind::Rtp
    } else {
        Kind::Other
    }
}

/// RFC 5389 §6 with its cookie; without it RFC 3489 §11.1, whose every length must then be right.
fn is_stun(kind: [u8; 2], length: u16, rest: &[u8]) -> bool {
    let Some((cookie, behind)) = rest.split_first_chunk::<4>() else { return false };
    let Some((_transaction, attributes)) = behind.split_first_chunk::<12>() else { return false };
    // Lenient: WhatsApp does not pad its attributes to words; 32 bits of cookie say enough.
    if *cookie == STUN_COOKIE {
        return true;
    }
    let classic = matches!(u16::from_be_bytes(kind), 0x0001 | 0x0101 | 0x0111 | 0x0002 | 0x0102 | 0x0112);
    classic && length.is_multiple_of(4) && usize::from(length) == attributes.len() && classic_attributes_fit(attributes)
}

/// RFC 3489 §11.2: types 1 to 11, or optional ones from 0x8000; lengths in words; the last ends where the message does.
fn classic_attributes_fit(mut attributes: &[u8]) -> bool {
    const ATTRIBUTES_MAX: usize = 16;
    for _ in 0..ATTRIBUTES_MAX {
        let Some((&[t0, t1, l0, l1], behind)) = attributes.split_first_chunk::<4>() else {
            return attributes.is_empty();
        };
        let (kind, length) = (u16::from_be_bytes([t0, t1]), usize::from(u16::from_be_bytes([l0, l1])));
        if !matches!(kind, 0x0001..=0x0020 | 0x8000..=0xffff) {
            return false;
        }
        let Some(next) = behind.get(length..) else { return false };
        attributes = next;
    }
    false
}

/// A record of RFC 4347, 6347, 9147 or 9146: content type, version, and a length that fits.
fn is_dtls(content: u8, version: [u8; 2], payload: &[u8]) -> bool {
    let Some((header, body)) = payload.split_first_chunk::<13>() else { return false };
    let [.., l0, l1] = *header;
    // RFC 9146 puts a connection id of unknown length before the length of content type 25.
    let length = usize::from(u16::from_be_bytes([l0, l1]));
    let fits = content == 25 || (1..=DTLS_RECORD_MAX.min(body.len())).contains(&length);
    // 1.0, 1.2 (which 1.3 also writes), and the version before the RFC that OpenSSL still speaks to old gateways.
    fits && matches!(version, [0xfe, 0xff | 0xfd] | [0x01, 0x00])
}

/// RFC 8656 §12.4: over UDP padding to words is optional, so at most three bytes follow.
fn is_channel(length: u16, had: usize) -> bool {
    had.checked_sub(usize::from(length)).is_some_and(|padding| padding <= 3)
}

/// What lies in TURN channel data; `None` where the datagram is no such thing.
#[must_use]
pub fn channel_payload(payload: &[u8]) -> Option<&[u8]> {
    match (demux(payload), payload.split_first_chunk::<4>()) {
        (Kind::TurnChannel, Some((&[_, _, l0, l1], rest))) => rest.get(..usize::from(u16::from_be_bytes([l0, l1]))),
        _ => None,
    }
}
