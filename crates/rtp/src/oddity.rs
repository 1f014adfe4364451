//! What most streams never show, kept apart so that a plain stream stays small: several payload types, digits, silence
//! suppression, sequences that begin anew.

use std::num::NonZeroU32;

use crate::figures::PayloadTypes;

/// A stream's oddities. The fields are those of [`crate::Figures`] unless they say otherwise.
#[derive(Clone, Debug, Default)]
pub(crate) struct Oddity {
    /// Packets of each payload type in `types`, but for the current run of the stream's current type.
    counts: [u32; PayloadTypes::TYPES_MAX],
    types: [u8; PayloadTypes::TYPES_MAX],
    types_length: u8,
    /// Packets of types that found no room in `types`.
    pub other_types: u32,
    pub type_changes: u16,
    /// Expected packets of the sequences before the last restart.
    pub prior_expected: u32,
    pub duplicates: u32,
    pub reordered: u32,
    pub strays: u32,
    pub restarts: u16,
    /// The sequence number that would prove that a stray began a new sequence.
    pub proof: Option<u16>,
    pub timestamp_jumps: u16,
    pub comfort_noise_packets: u32,
    pub silent_ms: f32,
    /// Times speech began again; the first beginning not among them.
    pub resumed: u16,
    pub dtmf_events: u16,
    pub dtmf_packets: u32,
    /// The timestamp of the last event.
    pub dtmf_timestamp: u32,
    /// A timestamp step that may become the stream's, the sequence number it was last seen at, and how often in a row.
    pub step: u16,
    pub step_sequence: u16,
    pub step_seen: u8,
}

impl Oddity {
    /// Adds packets to a payload type.
    pub fn count_type(&mut self, payload_type: u8, packets: u32) {
        let length = usize::from(self.types_length);
        let known = self.types.iter().take(length).position(|&known| known == payload_type);
        match self.counts.get_mut(known.unwrap_or(length)) {
            Some(count) => *count = count.saturating_add(packets),
            None => self.other_types = self.other_types.saturating_add(packets),
        }
        if known.is_none()
            && let Some(place) = self.types.get_mut(length)
        {
            *place = payload_type;
            self.types_length += 1;
        }
    }

    /// Packets already attributed to a type.
    pub fn attributed(&self) -> u32 {
        self.counts.iter().fold(self.other_types, |sum, &count| sum.saturating_add(count))
    }

    /// Each type and its packets.
    pub fn types(&self) -> impl Iterator<Item = (u8, u32)> + '_ {
        self.types.iter().copied().zip(self.counts.iter().copied()).take(usize::from(self.types_length))
    }
}

const _: () = assert!(size_of::<Oddity>() <= 84);

/// A place in [`Oddities`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct OddityId(NonZeroU32);

/// The bounded slab of oddities.
#[derive(Debug)]
pub(crate) struct Oddities {
    places: Vec<Oddity>,
    free: Vec<OddityId>,
    limit: u32,
    /// Times a stream found the slab full.
    pub refused: u64,
}

impl Oddities {
    pub const fn new(limit: u32) -> Self {
        Self { places: Vec::new(), free: Vec::new(), limit, refused: 0 }
    }

    pub fn get(&self, id: Option<OddityId>) -> Option<&Oddity> {
        self.places.get(index(id?))
    }

    /// The oddity of a stream, made when it has none yet; `None`, and counted, when there is no room for it.
    pub fn of(&mut self, slot: &mut Option<OddityId>) -> Option<&mut Oddity> {
        if slot.is_none() {
            *slot = self.take();
        }
        self.places.get_mut(index((*slot)?))
    }

    fn take(&mut self) -> Option<OddityId> {
        if let Some(id) = self.free.pop() {
            return Some(id);
        }
        let next = u32::try_from(self.places.len()).ok().filter(|&length| length < self.limit);
        let Some(id) = next.and_then(|length| NonZeroU32::new(length + 1)) else {
            self.refused += 1;
            return None;
        };
        self.places.push(Oddity::default());
        Some(OddityId(id))
    }

    /// Gives a stream's place back.
    pub fn release(&mut self, slot: Option<OddityId>) {
        let Some(id) = slot else { return };
        if let Some(place) = self.places.get_mut(index(id)) {
            *place = Oddity::default();
            self.free.push(id);
        }
    }
}

const fn index(id: OddityId) -> usize {
    (id.0.get() - 1) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_slab_stays_within_its_limit_and_reuses_places() {
        let mut oddities = Oddities::new(1);
        let (mut first, mut second) = (None, None);
        oddities.of(&mut first).unwrap().reordered = 7;
        assert!(oddities.of(&mut second).is_none());
        assert_eq!(oddities.refused, 1);
        oddities.release(first);
        assert_eq!(oddities.of(&mut second).unwrap().reordered, 0);
        assert_eq!(oddities.places.len(), 1);
    }

    #[test]
    fn types_past_the_limit_are_counted_together() {
        let mut oddity = Oddity::default();
        for pt in 0..8 {
            oddity.count_type(pt, 1);
        }
        oddity.count_type(0, 1);
        assert_eq!((oddity.other_types, oddity.attributed()), (3, 9));
        assert_eq!(oddity.types().next(), Some((0, 2)));
    }
}
