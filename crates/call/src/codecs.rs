//! Lists of codecs, read once. What a network's stacks offer and answer is byte for byte the same in call after call, so
//! a list that was read lately is known by its hash.

use std::hash::BuildHasher;

use foldhash::quality::FixedState;
use rtp::{Codec, PayloadMap};
use sip::sdp;

/// Lists remembered; 40 bytes each. A carrier's link shows some dozens at a time.
const LISTS: usize = 256;

/// A list as it was read.
#[derive(Clone, Copy, Debug)]
struct Known {
    hash: u64,
    list: CodecList,
}

/// What the payload types of a medium mean.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct CodecList {
    pub(crate) payloads: PayloadMap,
    /// Those that did not fit.
    pub(crate) refused: u8,
}

impl CodecList {
    fn read(section: &sdp::Media<'_>) -> Self {
        let mut list = Self::default();
        for codec in &section.codecs() {
            let Some(encoding) = codec.encoding else { continue };
            let kept = list.payloads.add(codec.payload_type, Codec::from_name(encoding.name), encoding.clock);
            list.refused += u8::from(!kept);
        }
        list
    }
}

/// The lists read lately, each in the one place its hash leads to.
#[derive(Debug)]
pub(crate) struct CodecLists {
    known: Box<[Option<Known>; LISTS]>,
    hasher: FixedState,
}

impl CodecLists {
    pub(crate) fn new(hasher: FixedState) -> Self {
        Self { known: Box::new([None; LISTS]), hasher }
    }

    /// What the payload types of `section` mean.
    pub(crate) fn read(&mut self, section: &sdp::Media<'_>) -> CodecList {
        let hash = self.hasher.hash_one((section.protocol(), section.formats(), section.maps()));
        let Some(slot) = self.known.get_mut(hash as usize % LISTS) else { return CodecList::read(section) };
        match slot {
            Some(known) if known.hash == hash => known.list,
            _ => slot.insert(Known { hash, list: CodecList::read(section) }).list,
        }
    }
}
