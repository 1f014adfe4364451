//! Lists of codecs, read once. What a network's stacks offer and answer is byte for byte the same in call after call, so
//! a list that a live leg has announced is known by its hash.

use rtp::{Codec, PayloadMap};
use sip::sdp;

use crate::lines::LineKind;
use crate::shared::{Common, Share};

/// What is spoken on a medium, and what its payload types mean.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CodecList {
    pub(crate) kind: LineKind,
    pub(crate) payloads: PayloadMap,
    /// Whether it is encrypted (RFC 3711): nobody is to make anything of its payload.
    pub(crate) secure: bool,
    /// Payload types that did not fit.
    pub(crate) refused: u8,
}

impl CodecList {
    fn read(section: &sdp::Media<'_>, kind: LineKind) -> Self {
        let secure = section.protocol() == sdp::Protocol::Srtp;
        let mut list = Self { kind, payloads: PayloadMap::default(), secure, refused: 0 };
        for codec in &section.codecs() {
            let Some(encoding) = codec.encoding else { continue };
            let kept = list.payloads.add(codec.payload_type, Codec::from_name(encoding.name), encoding.clock);
            list.refused += u8::from(!kept);
        }
        list
    }
}

impl Common {
    /// Holds what the payload types of `section` mean.
    pub(crate) fn hold_codecs(&mut self, section: &sdp::Media<'_>, kind: LineKind) -> Share {
        let hash = self.hash(&(section.protocol(), section.formats(), section.maps()));
        self.codecs.hold(hash, |known| known.kind == kind, || CodecList::read(section, kind))
    }
}
