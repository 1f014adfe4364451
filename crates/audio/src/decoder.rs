//! What a codec made, back to samples of 8 kHz.
//!
//! G.711 and the lower band of G.722, which is all that a fingerprint looks at, by the crate `audio-codec`. There is no
//! well-kept decoder of GSM full rate for Rust (a binding of `libgsm` that was released twice is not one), nor of AMR or
//! EVS: of those nothing is heard, and their packets say what packets say.

use audio_codec::Decoder as _;
use audio_codec::g722::{Bitrate, G722Decoder};
use audio_codec::pcma::PcmaDecoder;
use audio_codec::pcmu::PcmuDecoder;
use rtp::Codec;

/// Samples made of one payload at most: 200 ms. What a longer one holds beyond is left out.
pub const SAMPLES_MAX: usize = 1_600;

/// Makes samples of payload, packet by packet of one stream.
pub enum Decoder {
    /// G.711 µ-law.
    Mu(PcmuDecoder),
    /// G.711 A-law.
    A(PcmaDecoder),
    /// G.722: what a packet sounds like depends on those before.
    Wideband(Box<G722Decoder>),
}

impl Decoder {
    /// The decoder of a codec; `None` where there is none.
    #[must_use]
    pub fn of(codec: Codec) -> Option<Self> {
        match codec {
            Codec::Pcmu => Some(Self::Mu(PcmuDecoder::new())),
            Codec::Pcma => Some(Self::A(PcmaDecoder::new())),
            Codec::G722 => Some(Self::Wideband(Box::new(G722Decoder::with_options(Bitrate::Mode1_64000, false, true)))),
            _ => None,
        }
    }

    /// The samples of a payload, one for each of its bytes in all three codecs, which is also one for each tick of their
    /// RTP clocks (RFC 3551 §4.5.2: that of G.722 is 8,000 Hz for 16,000 samples a second).
    pub fn decode<'a>(&mut self, payload: &[u8], room: &'a mut [i16; SAMPLES_MAX]) -> &'a [i16] {
        let payload = payload.get(..SAMPLES_MAX).unwrap_or(payload);
        let made = match self {
            Self::Mu(decoder) => decoder.decode_into(payload, room),
            Self::A(decoder) => decoder.decode_into(payload, room),
            Self::Wideband(decoder) => decoder.decode_into(payload, room),
        };
        room.get(..made.unwrap_or(0)).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_laws_have_their_corners() {
        let check = |codec, payload: &[u8], samples: &[i16]| {
            let mut room = [0; SAMPLES_MAX];
            assert_eq!(Decoder::of(codec).unwrap().decode(payload, &mut room), samples, "{codec:?}");
        };
        // ITU-T G.711: silence, the smallest step of either sign, the largest.
        check(Codec::Pcmu, &[0xff, 0x7f, 0xfe, 0x7e, 0x80, 0x00], &[0, 0, 8, -8, 32_124, -32_124]);
        check(Codec::Pcma, &[0xd5, 0x55, 0xaa, 0x2a], &[8, -8, 32_256, -32_256]);
        assert!(Decoder::of(Codec::Gsm).is_none());
    }

    #[test]
    fn a_long_payload_is_cut() {
        let mut room = [0; SAMPLES_MAX];
        assert_eq!(Decoder::of(Codec::G722).unwrap().decode(&[0x5a; 4_000], &mut room).len(), SAMPLES_MAX);
    }
}
