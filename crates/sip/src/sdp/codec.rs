//! Payload types and what they stand for: rtpmap and fmtp (RFC 8866 §6.6, §6.15), static types (RFC 3551 §6).
//! What a codec means for quality is left to `rtp`.

use arrayvec::ArrayVec;

use super::text::{FMTP, Lines, RTPMAP, keyed, leading, token, trim, typed};

use crate::scan::find;
use crate::text::leading_number;

/// Payload types kept of one medium; browsers offer about 25.
pub const CODECS_MAX: usize = 32;

/// The payload types of a medium in the order of its sender's preference.
pub type Codecs<'a> = ArrayVec<Codec<'a>, CODECS_MAX>;

/// One payload type of a medium.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Codec<'a> {
    /// The RTP payload type, 0 to 127.
    pub payload_type: u8,
    /// What it stands for; `None` for a dynamic type that no rtpmap names.
    pub encoding: Option<Encoding<'a>>,
    /// The format parameters as they were written.
    pub fmtp: Option<&'a [u8]>,
}

/// What a payload type stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Encoding<'a> {
    /// The name as it was written; names are compared without regard to case.
    pub name: &'a [u8],
    /// RTP timestamp units per second. G.722 counts at 8,000 although it samples at 16,000 (RFC 3551 §4.5.2).
    pub clock: u32,
    /// Audio channels.
    pub channels: u8,
}

impl Codec<'_> {
    /// Whether this carries DTMF as events (RFC 4733).
    #[must_use]
    pub fn is_telephone_event(&self) -> bool {
        self.is(b"telephone-event")
    }

    /// Whether this carries comfort noise (RFC 3389).
    #[must_use]
    pub fn is_comfort_noise(&self) -> bool {
        self.is(b"CN")
    }

    /// Whether the encoding is called `name`, in whatever case.
    #[must_use]
    pub fn is(&self, name: &[u8]) -> bool {
        self.encoding.is_some_and(|encoding| encoding.name.eq_ignore_ascii_case(name))
    }
}

/// What RFC 3551 §6 assigns to a payload type that needs no rtpmap. Lenient: 2 and 19, which early drafts gave to
/// G726-32 and CN and old gateways still send, keep those meanings.
#[must_use]
pub const fn assigned(payload_type: u8) -> Option<Encoding<'static>> {
    let (name, clock, channels): (&'static [u8], u32, u8) = match payload_type {
        0 => (b"PCMU", 8_000, 1),
        2 => (b"G726-32", 8_000, 1),
        3 => (b"GSM", 8_000, 1),
        4 => (b"G723", 8_000, 1),
        5 => (b"DVI4", 8_000, 1),
        6 => (b"DVI4", 16_000, 1),
        7 => (b"LPC", 8_000, 1),
        8 => (b"PCMA", 8_000, 1),
        9 => (b"G722", 8_000, 1),
        10 => (b"L16", 44_100, 2),
        11 => (b"L16", 44_100, 1),
        12 => (b"QCELP", 8_000, 1),
        13 | 19 => (b"CN", 8_000, 1),
        14 => (b"MPA", 90_000, 1),
        15 => (b"G728", 8_000, 1),
        16 => (b"DVI4", 11_025, 1),
        17 => (b"DVI4", 22_050, 1),
        18 => (b"G729", 8_000, 1),
        25 => (b"CelB", 90_000, 1),
        26 => (b"JPEG", 90_000, 1),
        28 => (b"nv", 90_000, 1),
        31 => (b"H261", 90_000, 1),
        32 => (b"MPV", 90_000, 1),
        33 => (b"MP2T", 90_000, 1),
        34 => (b"H263", 90_000, 1),
        _ => return None,
    };
    Some(Encoding { name, clock, channels })
}

/// The payload types that `formats` lists, named by the rtpmap and fmtp attributes of `lines`: one pass over each.
pub(super) fn codecs<'a>(formats: &'a [u8], lines: &'a [u8]) -> Codecs<'a> {
    let mut codecs = Codecs::new();
    for payload_type in payload_types(formats) {
        if codecs.iter().all(|codec| codec.payload_type != payload_type) {
            let codec = Codec { payload_type, encoding: assigned(payload_type), fmtp: None };
            if codecs.try_push(codec).is_err() {
                break;
            }
        }
    }
    for line in Lines::new(lines) {
        let Some((b'a', text)) = typed(line) else { continue };
        let (name, value) = keyed(text);
        if name != RTPMAP && name != FMTP {
            continue;
        }
        let Some((payload_type, value)) = payload_type(value) else { continue };
        let Some(codec) = codecs.iter_mut().find(|codec| codec.payload_type == payload_type) else { continue };
        if name == RTPMAP {
            codec.encoding = encoding(value).or(codec.encoding);
        } else {
            codec.fmtp = Some(value);
        }
    }
    codecs
}

/// The numbers of `formats` that are payload types.
fn payload_types(formats: &[u8]) -> impl Iterator<Item = u8> {
    let mut rest = formats;
    std::iter::from_fn(move || {
        // Each turn passes a token.
        while !rest.is_empty() {
            let (format, after) = token(rest);
            rest = after;
            if let Some((number @ 0..128, [])) = leading_number(format) {
                return Some(number as u8);
            }
        }
        None
    })
}

/// The payload type before the blank, and what is said of it.
#[inline]
fn payload_type(value: &[u8]) -> Option<(u8, &[u8])> {
    let (mut number, mut rest) = (0_u8, value);
    while let [digit @ b'0'..=b'9', after @ ..] = rest {
        number = number.checked_mul(10)?.checked_add(digit - b'0')?;
        rest = after;
    }
    let blank = rest.len() < value.len() && matches!(rest, [b' ' | b'\t', ..]);
    blank.then(|| (number, trim(rest.trim_ascii_start())))
}

/// `name/clock[/channels]`; `None` without a clock, since no stream can be timed by it.
fn encoding(text: &[u8]) -> Option<Encoding<'_>> {
    let (name, rest) = text.split_at_checked(find([b'/'], text).filter(|slash| *slash > 0)?)?;
    let (clock, rest) = leading_number(rest.get(1..)?)?;
    let clock = u32::try_from(clock).ok().filter(|clock| *clock > 0)?;
    let channels = find([b'/'], rest).and_then(|slash| leading(rest.get(slash + 1..)?)).unwrap_or(1);
    Some(Encoding { name, clock, channels })
}
