//! IP fragments put together (RFC 791 §3.2, RFC 8200 §4.5).
//!
//! A datagram is keyed by what its fragments share: addresses, identification and, for IPv4, protocol. The tunnel around
//! them is not in the key: copies taken inside and outside of it, or on two of its paths, then meet, while two tenants
//! whose private addresses and identifications coincide within an age would need overlapping fragments, which are
//! refused. Bytes wait in the order of their arrival, so that a datagram costs what came of it, and fragments in order
//! are whole without being moved. What the payload holds, and the duplicates a mirror port makes, are not known here.

use std::time::Duration;

use types::{Ip, Losses, Nanos};

use crate::WireConfig;
use crate::aged::{Aged, Place, passed};
use crate::pool::{Budget, Pool};

#[cfg(test)]
mod tests;

/// The longest payload that an IPv4 or IPv6 header can promise, bytes.
const DATAGRAM_BYTES_MAX: u32 = 65_535;

/// Limits of the reassembly of IP fragments.
#[derive(Clone, Debug)]
pub struct FragmentConfig {
    /// Datagrams in pieces that are remembered at a time; past it the oldest is dropped and counted in
    /// `fragment_evicted`. About 140 bytes each besides [`FragmentConfig::bytes_max`].
    pub datagrams_max: usize,
    /// Bytes of memory all of them wait in, not below 256 KiB in effect; past it the oldest is dropped and counted in
    /// `fragment_evicted`.
    pub bytes_max: usize,
    /// Fragments a datagram may have: the default is 64 KiB in pieces of 64 bytes.
    pub fragments_max: usize,
    /// How long after the first fragment of a datagram the last may come. RFC 8200 grants 60 s and Linux 30 s; one limit
    /// serves both, since the pieces of a datagram leave together and only attackers pause between them.
    pub age_max: Duration,
}

impl Default for FragmentConfig {
    fn default() -> Self {
        Self { datagrams_max: 8_192, bytes_max: 16 << 20, fragments_max: 1_024, age_max: Duration::from_secs(30) }
    }
}

/// What became of the fragments. All but `reassembled` count fragments, and once none waits for others,
/// `fragments` is the sum of those that follow it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FragmentTally {
    /// Datagrams put together, cut ones among them.
    pub reassembled: u64,
    /// Fragments seen, IPv6's atomic ones (RFC 6946) among them.
    pub fragments: u64,
    /// Those that became part of a datagram put together.
    pub used: u64,
    /// Those that repeated another one exactly.
    pub repeated: u64,
    /// Those without payload.
    pub empty: u64,
    /// Those that others follow but whose length is no multiple of 8.
    pub misaligned: u64,
    /// Those that reach past 65,535 bytes.
    pub oversized: u64,
    /// Those of datagrams of which two fragments claim the same bytes (RFC 5722).
    pub overlapping: u64,
    /// Those of datagrams whose end is said to lie in two places, or before bytes already there.
    pub contradicting: u64,
    /// Those of datagrams in more pieces than [`FragmentConfig::fragments_max`].
    pub crowded: u64,
    /// Those beyond the place where the capture cut their datagram.
    pub cut: u64,
    /// Those of datagrams that were not whole in time.
    pub expired: u64,
    /// Those of datagrams dropped for want of room.
    pub evicted: u64,
}

impl FragmentTally {
    fn lose(&mut self, refusal: Refusal, fragments: usize) {
        let counter = match refusal {
            Refusal::Empty => &mut self.empty,
            Refusal::Misaligned => &mut self.misaligned,
            Refusal::Oversized => &mut self.oversized,
            Refusal::Overlapping => &mut self.overlapping,
            Refusal::Contradicting => &mut self.contradicting,
            Refusal::Crowded => &mut self.crowded,
            Refusal::Cut => &mut self.cut,
            Refusal::Expired => &mut self.expired,
            Refusal::Evicted => &mut self.evicted,
        };
        *counter += fragments as u64;
    }
}

impl Losses for FragmentTally {
    fn losses(&self, each: &mut dyn FnMut(&'static str, u64)) {
        each("fragment_empty", self.empty);
        each("fragment_misaligned", self.misaligned);
        each("fragment_oversized", self.oversized);
        each("fragment_overlapping", self.overlapping);
        each("fragment_contradicting", self.contradicting);
        each("fragment_crowded", self.crowded);
        each("fragment_cut", self.cut);
        each("fragment_expired", self.expired);
        each("fragment_evicted", self.evicted);
    }
}

/// Why fragments never became a datagram.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Refusal {
    Empty,
    Misaligned,
    Oversized,
    Overlapping,
    Contradicting,
    Crowded,
    Cut,
    Expired,
    Evicted,
}

/// One fragment as its header describes it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fragment<'a> {
    pub at: Nanos,
    pub source: Ip,
    pub destination: Ip,
    pub id: u32,
    /// What the whole carries; in IPv6 the next header of the fragment header.
    pub protocol: u8,
    /// Where it begins in the whole, bytes; a multiple of 8.
    pub offset: u32,
    pub more: bool,
    /// As captured.
    pub payload: &'a [u8],
    /// The header promises more payload than was captured.
    pub cut: bool,
}

impl Fragment<'_> {
    fn length(&self) -> u32 {
        u32::try_from(self.payload.len()).unwrap_or(u32::MAX)
    }

    fn end(&self) -> u32 {
        self.offset.saturating_add(self.length())
    }

    /// What no other fragment can mend. Such a fragment is dropped alone: its datagram may still become whole.
    fn check(&self) -> Result<(), Refusal> {
        if self.end() > DATAGRAM_BYTES_MAX {
            Err(Refusal::Oversized)
        } else if self.cut {
            Ok(())
        } else if self.payload.is_empty() {
            Err(Refusal::Empty)
        } else if self.more && !self.length().is_multiple_of(8) {
            Err(Refusal::Misaligned)
        } else {
            Ok(())
        }
    }
}

/// What a fragment led to.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Reassembly {
    /// It waits for others, or repeats one that does.
    Held,
    /// It was dropped and counted.
    Refused,
    /// It completed its datagram.
    Whole(Whole),
}

/// A datagram put together.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Whole {
    /// The payload after the IP headers; [`Fragments::reuse`] wants the buffer back.
    pub bytes: Vec<u8>,
    /// What it carries, by the fragment at offset 0 (RFC 8200 §4.5).
    pub protocol: u8,
    /// The capture cut one of the fragments: these are the bytes up to there.
    pub cut: bool,
    /// Its fragments, and how many copies of them have come.
    pub fragments: u32,
    pub copies: u32,
}

/// What the fragments of a datagram share.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Key {
    source: Ip,
    destination: Ip,
    id: u32,
    /// 0 for IPv6, whose fragments may disagree about it (RFC 8200 §4.5).
    protocol: u8,
}

impl Key {
    pub(crate) fn of(fragment: &Fragment<'_>) -> Self {
        let Fragment { source, destination, id, protocol, .. } = *fragment;
        Self { source, destination, id, protocol: if source.is_v4() { protocol } else { 0 } }
    }
}

/// A datagram that is not whole.
struct Pending {
    since: Nanos,
    state: State,
}

enum State {
    Gathering(Pieces),
    /// Dropped; what still comes of it is too (RFC 5722 §4), until its age is over.
    Refused(Refusal),
}

/// The pieces of one datagram.
#[derive(Default)]
struct Pieces {
    /// In the order of arrival.
    bytes: Vec<u8>,
    /// In the order of the datagram, none overlapping another.
    list: Vec<Piece>,
    /// Where the last fragment ends.
    end: Option<u32>,
    /// Where the capture cut a fragment, the first of such places.
    cut: Option<u32>,
    protocol: u8,
    /// Copies of them that a mirror port made.
    copies: u32,
}

#[derive(Clone, Copy)]
struct Piece {
    /// Where it begins in the datagram.
    offset: u32,
    length: u32,
    /// Where it begins in [`Pieces::bytes`].
    at: u32,
}

impl Piece {
    const fn end(self) -> u32 {
        self.offset + self.length
    }
}

/// Where a fragment fits.
enum Fit {
    /// Before this element of the list.
    Before(usize),
    Repeated,
}

impl Pieces {
    /// Where `fragment` fits among the others, or why it spoils them all.
    fn fit(&self, fragment: &Fragment<'_>) -> Result<Fit, Refusal> {
        let end = fragment.end();
        let index = self.list.partition_point(|piece| piece.offset < fragment.offset);
        let next = self.list.get(index).copied();
        let last = !fragment.more && !fragment.cut;
        if let Some(piece) = next
            && (piece.offset, piece.length) == (fragment.offset, fragment.length())
            && self.bytes_of(piece) == fragment.payload
            && (!last || self.end == Some(end))
        {
            return Ok(Fit::Repeated);
        }
        let reached = self.list.last().map_or(0, |piece| piece.end());
        let contradicts = match self.end {
            Some(known) if last => end != known,
            Some(known) => end > known,
            None => last && reached > end,
        };
        let previous = index.checked_sub(1).and_then(|before| self.list.get(before));
        if contradicts {
            Err(Refusal::Contradicting)
        } else if next.is_some_and(|piece| piece.offset < end) || previous.is_some_and(|p| p.end() > fragment.offset) {
            Err(Refusal::Overlapping)
        } else {
            Ok(Fit::Before(index))
        }
    }

    /// Takes `fragment` in before the element `index`; there must be room.
    fn insert(&mut self, index: usize, fragment: &Fragment<'_>) {
        if fragment.offset == 0 {
            self.protocol = fragment.protocol;
        }
        if fragment.cut {
            self.cut = Some(self.cut.map_or(fragment.end(), |cut| cut.min(fragment.end())));
        } else if !fragment.more {
            self.end = Some(fragment.end());
        }
        let at = u32::try_from(self.bytes.len()).unwrap_or(u32::MAX);
        self.bytes.extend_from_slice(fragment.payload);
        self.list.insert(index, Piece { offset: fragment.offset, length: fragment.length(), at });
    }

    /// The length of the whole, once nothing is missing before its end or the place where it is cut.
    fn complete(&self) -> Option<u32> {
        let length = self.cut.or(self.end)?;
        if self.bytes.len() < length as usize {
            return None;
        }
        let reached = self.list.iter().try_fold(0, |reached, piece| match piece.offset == reached {
            true => Ok(piece.end()),
            false => Err(reached),
        });
        (reached.unwrap_or_else(|hole| hole) >= length).then_some(length)
    }

    fn bytes_of(&self, piece: Piece) -> &[u8] {
        self.bytes.get(piece.at as usize..(piece.at + piece.length) as usize).unwrap_or_default()
    }
}

/// The memory the pieces wait in.
struct Store {
    budget: Budget,
    bytes: Pool<u8>,
    lists: Pool<Piece>,
}

impl Store {
    /// Makes room for one more fragment of so many bytes.
    fn reserve(&mut self, pieces: &mut Pieces, length: usize) -> bool {
        let (bytes, list) = (pieces.bytes.len() + length, pieces.list.len() + 1);
        self.bytes.reserve(&mut self.budget, &mut pieces.bytes, bytes)
            && self.lists.reserve(&mut self.budget, &mut pieces.list, list)
    }

    fn give(&mut self, pieces: Pieces) {
        self.bytes.give(&mut self.budget, pieces.bytes);
        self.lists.give(&mut self.budget, pieces.list);
    }

    /// The first `length` bytes of a datagram that has them all, in its order.
    fn assemble(&mut self, mut pieces: Pieces, length: u32) -> Vec<u8> {
        let whole = if pieces.list.iter().take_while(|p| p.offset < length).all(|p| p.at == p.offset) {
            let bytes = std::mem::take(&mut pieces.bytes);
            self.budget.release(&bytes);
            bytes
        } else {
            let mut whole = self.bytes.outside();
            whole.reserve_exact(length as usize);
            for piece in pieces.list.iter().take_while(|piece| piece.offset < length) {
                whole.extend_from_slice(pieces.bytes_of(*piece));
            }
            whole
        };
        self.give(pieces);
        whole
    }
}

/// All datagrams in pieces.
pub(crate) struct Fragments {
    limits: FragmentConfig,
    pending: Aged<Key, Pending>,
    store: Store,
    tally: FragmentTally,
}

impl Fragments {
    pub(crate) fn new(config: &WireConfig) -> Self {
        let limits = config.fragments.clone();
        // One datagram of the greatest length, in the smallest pieces, must find room.
        let budget = Budget::new(limits.bytes_max.max(256 << 10));
        let store = Store { budget, bytes: Pool::new(), lists: Pool::new() };
        Self { limits, pending: Aged::new(config.seed), store, tally: FragmentTally::default() }
    }

    pub(crate) const fn tally(&self) -> &FragmentTally {
        &self.tally
    }

    /// Takes back the buffer of a [`Whole`].
    pub(crate) fn reuse(&mut self, bytes: Vec<u8>) {
        self.store.bytes.reuse(bytes);
    }

    /// Drops the datagrams that are too old at `now`.
    pub(crate) fn on_time(&mut self, now: Nanos) {
        while let Some(place) = self.pending.oldest()
            && self.pending.get(place).is_none_or(|pending| passed(pending.since, now, self.limits.age_max))
        {
            self.drop(place, Refusal::Expired);
        }
    }

    /// At the end of the capture: drops the datagrams that are not whole.
    pub(crate) fn drain(&mut self) {
        while let Some(place) = self.pending.oldest() {
            self.drop(place, Refusal::Expired);
        }
    }

    pub(crate) fn on_fragment(&mut self, fragment: &Fragment<'_>) -> Reassembly {
        self.tally.fragments += 1;
        self.on_time(fragment.at);
        if fragment.offset == 0 && !fragment.more {
            return self.atomic(fragment);
        }
        match self.gather(fragment) {
            Ok(Some(whole)) => Reassembly::Whole(whole),
            Ok(None) => Reassembly::Held,
            Err(refusal) => {
                self.tally.lose(refusal, 1);
                Reassembly::Refused
            }
        }
    }

    /// A mirror port's copy of a fragment: `false` when its datagram is not waited for.
    pub(crate) fn on_copy(&mut self, fragment: &Fragment<'_>) -> bool {
        let place = self.pending.find(&Key::of(fragment));
        let pending = place.and_then(|place| self.pending.get_mut(place));
        let Some(Pending { state: State::Gathering(pieces), .. }) = pending else { return false };
        pieces.copies += 1;
        true
    }

    /// RFC 6946: a fragment that is the whole passes, whatever waits under its identification.
    fn atomic(&mut self, fragment: &Fragment<'_>) -> Reassembly {
        let mut bytes = self.store.bytes.outside();
        bytes.extend_from_slice(fragment.payload);
        self.tally.used += 1;
        self.tally.reassembled += 1;
        Reassembly::Whole(Whole { bytes, protocol: fragment.protocol, cut: fragment.cut, fragments: 1, copies: 0 })
    }

    fn gather(&mut self, fragment: &Fragment<'_>) -> Result<Option<Whole>, Refusal> {
        fragment.check()?;
        let place = self.place(fragment).ok_or(Refusal::Evicted)?;
        let Some(pending) = self.pending.get_mut(place) else { return Err(Refusal::Evicted) };
        let pieces = match &pending.state {
            State::Gathering(pieces) => pieces,
            State::Refused(refusal) => return Err(*refusal),
        };
        if pieces.cut.is_some_and(|cut| fragment.offset >= cut) {
            return Err(Refusal::Cut);
        }
        let fit = match pieces.fit(fragment) {
            Ok(Fit::Before(_)) if pieces.list.len() >= self.limits.fragments_max => Err(Refusal::Crowded),
            fit => fit,
        };
        match fit {
            Ok(Fit::Before(index)) => self.insert(place, index, fragment),
            Ok(Fit::Repeated) => {
                self.tally.repeated += 1;
                Ok(None)
            }
            Err(refusal) => {
                self.spoil(place, refusal);
                Err(refusal)
            }
        }
    }

    /// Where the fragment's datagram lies, made if it is new.
    fn place(&mut self, fragment: &Fragment<'_>) -> Option<Place> {
        let key = Key::of(fragment);
        self.pending.find(&key).or_else(|| {
            while self.pending.len() >= self.limits.datagrams_max.max(1)
                && let Some(oldest) = self.pending.oldest()
            {
                self.drop(oldest, Refusal::Evicted);
            }
            self.pending.insert(key, Pending { since: fragment.at, state: State::Gathering(Pieces::default()) })
        })
    }

    fn insert(&mut self, place: Place, index: usize, fragment: &Fragment<'_>) -> Result<Option<Whole>, Refusal> {
        loop {
            let Some(Pending { state: State::Gathering(pieces), .. }) = self.pending.get_mut(place) else {
                return Err(Refusal::Evicted);
            };
            if self.store.reserve(pieces, fragment.payload.len()) {
                pieces.insert(index, fragment);
                let complete = pieces.complete();
                return Ok(complete.and_then(|length| self.complete(place, length)));
            }
            // The fragment's own datagram may be the oldest; the next round then finds it gone.
            let Some(oldest) = self.pending.oldest() else { return Err(Refusal::Evicted) };
            self.drop(oldest, Refusal::Evicted);
        }
    }

    /// Takes out a datagram of which nothing is missing.
    fn complete(&mut self, place: Place, length: u32) -> Option<Whole> {
        let pending = self.pending.get_mut(place)?;
        // What else comes of a cut datagram lies behind the cut.
        let state = std::mem::replace(&mut pending.state, State::Refused(Refusal::Cut));
        let State::Gathering(pieces) = state else { return None };
        let (protocol, cut, copies) = (pieces.protocol, pieces.cut.is_some(), pieces.copies);
        if !cut {
            self.pending.remove(place);
        }
        // A fragment cut to nothing at the very front is used too: it says what was carried.
        let used = pieces.list.iter().filter(|piece| piece.offset < length.max(1)).count();
        self.tally.used += used as u64;
        self.tally.lose(Refusal::Cut, pieces.list.len() - used);
        self.tally.reassembled += 1;
        let mut bytes = self.store.assemble(pieces, length);
        bytes.truncate(length as usize);
        Some(Whole { bytes, protocol, cut, fragments: used as u32, copies })
    }

    /// Drops the pieces of a datagram, and whatever will come of it.
    fn spoil(&mut self, place: Place, refusal: Refusal) {
        let Some(pending) = self.pending.get_mut(place) else { return };
        if let State::Gathering(pieces) = std::mem::replace(&mut pending.state, State::Refused(refusal)) {
            self.tally.lose(refusal, pieces.list.len());
            self.store.give(pieces);
        }
    }

    /// Forgets a datagram.
    fn drop(&mut self, place: Place, refusal: Refusal) {
        self.spoil(place, refusal);
        self.pending.remove(place);
    }
}
