//! Codecs by their RTP names: payload types, clock rates and packet times. What the E-model holds against each is in
//! [`crate::emodel`]; which of them a stream carries is for SDP to say.

/// One row a codec: variant, encoding name, what it carries, usual packet time in ms (RFC 3551 tables 1 and 4; the
/// payload format's own RFC for the rest).
macro_rules! codecs {
    ($($variant:ident $name:literal $content:ident $ptime:literal),* $(,)?) => {
        /// An encoding as SDP names it (RFC 3551, the IANA registry of RTP payload formats).
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u8)]
        #[expect(missing_docs, reason = "the names are those of the registry")]
        pub enum Codec {
            /// Nobody said, and the payload type does not.
            #[default]
            Unknown,
            /// Named by SDP, but none of these.
            Other,
            $($variant),*
        }

        impl Codec {
            /// Every codec with a name of its own.
            pub const NAMED: &[Self] = &[$(Self::$variant),*];

            /// The encoding name as the registry writes it; `unknown` and `other` for the two that have none.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    Self::Unknown => "unknown",
                    Self::Other => "other",
                    $(Self::$variant => $name),*
                }
            }

            /// What a stream of it carries.
            #[must_use]
            pub const fn content(self) -> Content {
                match self {
                    Self::Unknown | Self::Other => Content::Unknown,
                    $(Self::$variant => Content::$content),*
                }
            }

            /// The packet time a sender uses unless told otherwise, ms; `None` where it has none.
            #[must_use]
            pub const fn default_ptime_ms(self) -> Option<u8> {
                match self {
                    Self::Unknown | Self::Other => None,
                    $(Self::$variant => if $ptime == 0 { None } else { Some($ptime) }),*
                }
            }
        }
    };
}

codecs! {
    Pcmu "PCMU" Audio 20, Pcma "PCMA" Audio 20, G722 "G722" Audio 20, G7221 "G7221" Audio 20, G723 "G723" Audio 30,
    G726 "G726-32" Audio 20, G728 "G728" Audio 20, G729 "G729" Audio 20, G7291 "G7291" Audio 20, Gsm "GSM" Audio 20,
    GsmEfr "GSM-EFR" Audio 20, GsmHr "GSM-HR-08" Audio 20, Amr "AMR" Audio 20, AmrWb "AMR-WB" Audio 20,
    AmrWbPlus "AMR-WB+" Audio 20, Evs "EVS" Audio 20, Ilbc "iLBC" Audio 30, Isac "isac" Audio 30, Opus "opus" Audio 20,
    Speex "speex" Audio 20, Silk "SILK" Audio 20, Siren "siren" Audio 20, Bv16 "BV16" Audio 20, Bv32 "BV32" Audio 20,
    Lpc "LPC" Audio 20, Dvi4 "DVI4" Audio 20, Vdvi "VDVI" Audio 20, Qcelp "QCELP" Audio 20, Evrc "EVRC" Audio 20,
    L8 "L8" Audio 20, L16 "L16" Audio 20, Mpa "MPA" Audio 0, Aac "MPEG4-GENERIC" Audio 0, Latm "MP4A-LATM" Audio 0,
    Clearmode "CLEARMODE" Audio 20, Red "red" Audio 20, ComfortNoise "CN" Noise 0, TelephoneEvent "telephone-event" Events 0,
    Tone "tone" Events 0, T38 "t38" Fax 0, T140 "t140" Text 0, CelB "CelB" Video 0, Jpeg "JPEG" Video 0, Nv "nv" Video 0,
    H261 "H261" Video 0, Mpv "MPV" Video 0, Mp2t "MP2T" Video 0, H263 "H263" Video 0, H2631998 "H263-1998" Video 0,
    H2632000 "H263-2000" Video 0, H264 "H264" Video 0, H265 "H265" Video 0, Mp4v "MP4V-ES" Video 0, Vp8 "VP8" Video 0,
    Vp9 "VP9" Video 0, Av1 "AV1" Video 0, Rtx "rtx" Repair 0, Ulpfec "ulpfec" Repair 0, Flexfec "flexfec" Repair 0,
}

/// What a stream of a codec carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Content {
    /// Nobody said.
    Unknown,
    /// Speech or music.
    Audio,
    /// RFC 3389 comfort noise: what is sent instead of silence.
    Noise,
    /// RFC 4733 events and tones.
    Events,
    /// T.38 over RTP.
    Fax,
    /// Real-time text.
    Text,
    /// Pictures.
    Video,
    /// Retransmissions and error correction of another stream.
    Repair,
}

impl Codec {
    /// The codec of an encoding name from `a=rtpmap`; names compare without case (RFC 8866 §6.6).
    ///
    /// Names that differ in bit rate or packing only read as one codec.
    #[must_use]
    pub fn from_name(name: &[u8]) -> Self {
        let alias = |from: &[u8]| name.eq_ignore_ascii_case(from);
        for codec in Self::NAMED {
            if alias(codec.name().as_bytes()) {
                return *codec;
            }
        }
        match name {
            _ if alias(b"G726-16") || alias(b"G726-24") || alias(b"G726-40") => Self::G726,
            _ if starts_with(name, b"AAL2-G726") => Self::G726,
            _ if alias(b"G729A") || alias(b"G729B") || alias(b"G729AB") || alias(b"G729D") || alias(b"G729E") => {
                Self::G729
            }
            _ if starts_with(name, b"G723") => Self::G723,
            _ if alias(b"G7221C") => Self::G7221,
            _ if starts_with(name, b"EVRC") => Self::Evrc,
            _ if starts_with(name, b"flexfec") => Self::Flexfec,
            _ if alias(b"H264-SVC") => Self::H264,
            _ => Self::Other,
        }
    }
}

fn starts_with(name: &[u8], prefix: &[u8]) -> bool {
    name.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix))
}

/// The codec and clock rate in Hz that a payload type has without SDP (RFC 3551 tables 4 and 5); `None` where the
/// type is dynamic, reserved or unassigned.
///
/// G.722 samples at 16 kHz but its RTP clock runs at 8 kHz, an error of RFC 1890 that RFC 3551 §4.5.2 keeps.
/// Payload type 19 is what comfort noise was before RFC 3389 and still is on old gateways.
#[must_use]
pub const fn static_payload(payload_type: u8) -> Option<(Codec, u32)> {
    Some(match payload_type {
        0 => (Codec::Pcmu, 8_000),
        2 => (Codec::G726, 8_000),
        3 => (Codec::Gsm, 8_000),
        4 => (Codec::G723, 8_000),
        5 => (Codec::Dvi4, 8_000),
        6 => (Codec::Dvi4, 16_000),
        7 => (Codec::Lpc, 8_000),
        8 => (Codec::Pcma, 8_000),
        9 => (Codec::G722, 8_000),
        10 | 11 => (Codec::L16, 44_100),
        12 => (Codec::Qcelp, 8_000),
        13 | 19 => (Codec::ComfortNoise, 8_000),
        14 => (Codec::Mpa, 90_000),
        15 => (Codec::G728, 8_000),
        16 => (Codec::Dvi4, 11_025),
        17 => (Codec::Dvi4, 22_050),
        18 => (Codec::G729, 8_000),
        25 => (Codec::CelB, 90_000),
        26 => (Codec::Jpeg, 90_000),
        28 => (Codec::Nv, 90_000),
        31 => (Codec::H261, 90_000),
        32 => (Codec::Mpv, 90_000),
        33 => (Codec::Mp2t, 90_000),
        34 => (Codec::H263, 90_000),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lead_to_codecs_in_any_case() {
        for codec in Codec::NAMED {
            assert_eq!(Codec::from_name(codec.name().as_bytes()), *codec);
            assert_eq!(Codec::from_name(codec.name().to_lowercase().as_bytes()), *codec);
            assert_eq!(Codec::from_name(codec.name().to_uppercase().as_bytes()), *codec);
        }
        for (name, codec) in [
            ("g729a", Codec::G729),
            ("AAL2-G726-32", Codec::G726),
            ("EVRCB0", Codec::Evrc),
            ("flexfec-03", Codec::Flexfec),
            ("x-nothing", Codec::Other),
            ("", Codec::Other),
        ] {
            assert_eq!(Codec::from_name(name.as_bytes()), codec, "{name}");
        }
    }

    #[test]
    fn the_static_table_is_that_of_rfc_3551() {
        let assigned: Vec<u8> = (0..=127).filter(|&pt| static_payload(pt).is_some()).collect();
        assert_eq!(assigned.len(), 26, "{assigned:?}");
        assert_eq!(static_payload(9), Some((Codec::G722, 8_000)));
        assert_eq!(static_payload(96), None);
    }
}
