//! The table of streams: bounded, keyed by what an attacker may choose, and made so that the packets of a batch do not
//! wait for one another's memory.

use std::num::NonZeroU32;

use types::Nanos;

use crate::codec::Codec;
use crate::figures::Figures;
use crate::heuristic::Found;
use crate::index::Index;
use crate::key::{Clue, Name, StreamKey};
use crate::media::Media;
use crate::oddity::Oddities;
use crate::packet::{Glance, GlanceV6, Header};
use crate::stream::{Attendant, Stream};
use crate::tally::Tally;

/// A stream's place in its table, good until it is closed or evicted; whoever does either learns the owner.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StreamId(pub(crate) NonZeroU32);

impl StreamId {
    /// The place as a number below `streams_max`, for tables beside this one.
    #[must_use]
    pub const fn index(self) -> u32 {
        self.0.get() - 1
    }

    /// The number that it is held as: one more than the place.
    pub(crate) const fn get(self) -> u32 {
        self.0.get()
    }

    const fn place(self) -> usize {
        self.index() as usize
    }
}

/// The table holds as many streams as it may: [`Streams::evict`] makes room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Full;

/// A stream that left the table.
#[derive(Clone, Debug, PartialEq)]
pub struct Closed {
    /// Its name.
    pub key: StreamKey,
    /// What the caller gave for it.
    pub owner: u32,
    /// Its figures to the end.
    pub figures: Figures,
}

/// Limits of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StreamsConfig {
    /// Streams remembered at once: 128 bytes each, and 8 to 10 to find them.
    pub streams_max: u32,
    /// Streams of which oddities (several payload types, digits, silence suppression) are remembered: 84 bytes each.
    pub oddities_max: u32,
    /// Makes the hash of a key unforeseeable to those who choose keys; results do not depend on it.
    pub seed: u64,
}

impl Default for StreamsConfig {
    fn default() -> Self {
        Self { streams_max: 1 << 20, oddities_max: 1 << 19, seed: 0 }
    }
}

/// The next packet of a stream, as the stream foresaw it.
pub struct Foreseen<'a> {
    stream: &'a mut Stream,
    at: Nanos,
    deviation_ms: f32,
    payload_octets: u16,
}

impl Foreseen<'_> {
    /// The owner of the stream.
    #[inline(always)]
    #[must_use]
    pub const fn owner(&self) -> u32 {
        self.stream.owner
    }

    /// Counts the packet into its stream, as [`Streams::update`] would.
    #[inline(always)]
    pub fn arrive(self) {
        self.stream.arrive(self.at, self.deviation_ms, self.payload_octets);
    }
}

/// Every stream that is up.
///
/// Memory grows with the streams that were up at once, to the limits of its configuration; nothing is allocated
/// for a packet.
#[derive(Debug)]
pub struct Streams {
    index: Index,
    entries: Vec<Stream>,
    /// Places of closed streams, last closed first out.
    free: Vec<StreamId>,
    streams_max: u32,
    oddities: Oddities,
    /// The place at which the next search for a silent stream begins.
    hand: u32,
    tally: Tally,
}

/// Places in a row of which the longest silent stream is evicted. An order of all streams would be exact, but every
/// packet would have to keep it; here a stream that talks goes only when so many neighbours were all heard after it.
const SEARCHED: usize = 32;

impl Streams {
    /// An empty table.
    #[must_use]
    pub fn new(config: StreamsConfig) -> Self {
        let mut entries = Vec::new();
        // Address space, not memory: pages are taken as streams come, and none is ever copied because the table grew.
        // Where even that is refused the table grows as it must.
        let _ = entries.try_reserve_exact(config.streams_max as usize);
        Self {
            index: Index::new(config.seed),
            entries,
            free: Vec::new(),
            streams_max: config.streams_max,
            oddities: Oddities::new(config.oddities_max),
            hand: 0,
            tally: Tally::default(),
        }
    }

    /// The stream that a packet most likely belongs to, and what will be read of it: asked for by a batch of packets before
    /// the first of them is read, that memory is there when its turn comes.
    #[inline(always)]
    #[must_use]
    pub fn look_ahead(&self, clue: Clue) -> Option<(StreamId, &(impl Sized + use<>))> {
        let id = self.index.guess(clue)?;
        Some((id, self.entries.get(id.place())?))
    }

    /// The next packet of the stream `id`, if this is the very packet that it foresaw: which then is seen for the first
    /// time.
    #[inline(always)]
    #[must_use]
    pub fn foreseen(&mut self, id: StreamId, glance: &Glance, at: Nanos) -> Option<Foreseen<'_>> {
        let stream = self.entries.get_mut(id.place())?;
        let deviation_ms = stream.foresaw(glance, at)?;
        Some(Foreseen { stream, at, deviation_ms, payload_octets: glance.payload_octets })
    }

    /// The same of a packet over IPv6.
    #[inline(always)]
    #[must_use]
    pub fn foreseen_v6(&mut self, id: StreamId, glance: &GlanceV6, at: Nanos) -> Option<Foreseen<'_>> {
        let stream = self.entries.get_mut(id.place())?;
        let deviation_ms = stream.foresaw_v6(glance, at)?;
        Some(Foreseen { stream, at, deviation_ms, payload_octets: glance.near.payload_octets })
    }

    /// The stream of `key` and its owner.
    #[inline(always)]
    #[must_use]
    pub fn at(&self, key: &StreamKey) -> Option<(StreamId, u32)> {
        let id = self.find(key)?;
        Some((id, self.owner(id)?))
    }

    /// The stream of `key`.
    #[inline]
    #[must_use]
    pub fn find(&self, key: &StreamKey) -> Option<StreamId> {
        let name = Name::of(key);
        self.index.find(&name, |id| self.entries.get(id.place()).is_some_and(|stream| stream.is(&name)))
    }

    #[inline]
    fn live(&self, id: StreamId) -> Option<&Stream> {
        self.entries.get(id.place()).filter(|stream| stream.is_live())
    }

    fn live_mut(&mut self, id: StreamId) -> Option<&mut Stream> {
        self.entries.get_mut(id.place()).filter(|stream| stream.is_live())
    }

    /// Opens the stream of `key`, whose first packet at `at` the caller is about to hand to [`Streams::update`];
    /// a stream that is open already is left as it is.
    ///
    /// # Errors
    /// [`Full`] at `streams_max`.
    pub fn open(&mut self, key: &StreamKey, owner: u32, media: Media, at: Nanos) -> Result<StreamId, Full> {
        if let Some(id) = self.find(key) {
            return Ok(id);
        }
        let name = Name::of(key);
        if self.index.is_full() {
            self.make_room();
        }
        let id = self.place(Stream::new(name, owner, media, at))?;
        self.index.insert(&name, id, |other| self.entries.get(other.place()).map(Stream::name));
        self.tally.opened += 1;
        Ok(id)
    }

    /// Opens a stream with the packets it had before anybody knew that it was one.
    ///
    /// # Errors
    /// [`Full`] at `streams_max`.
    pub fn open_found(&mut self, found: &Found, owner: u32, media: Media) -> Result<StreamId, Full> {
        let id = self.open(found.key(), owner, media, found.first_at())?;
        for (at, header) in found.packets() {
            self.update(id, at, &header);
        }
        Ok(id)
    }

    /// Makes the index larger.
    #[cold]
    fn make_room(&mut self) {
        self.index.grow();
        let name_of = |id: StreamId| self.entries.get(id.place()).filter(|stream| stream.is_live()).map(Stream::name);
        let places = (1..).map_while(NonZeroU32::new).map(StreamId).take(self.entries.len());
        for (id, name) in places.filter_map(|id| Some((id, name_of(id)?))) {
            self.index.insert(&name, id, name_of);
        }
    }

    fn place(&mut self, stream: Stream) -> Result<StreamId, Full> {
        if let Some(id) = self.free.pop()
            && let Some(place) = self.entries.get_mut(id.place())
        {
            *place = stream;
            return Ok(id);
        }
        let next = u32::try_from(self.entries.len()).ok().filter(|&length| length < self.streams_max);
        let id = next.and_then(|length| NonZeroU32::new(length + 1)).map(StreamId).ok_or(Full)?;
        self.entries.push(stream);
        Ok(id)
    }

    /// Counts a packet of a stream.
    #[inline]
    pub fn update(&mut self, id: StreamId, at: Nanos, header: &Header) {
        if let Some(stream) = self.entries.get_mut(id.place()) {
            stream.update(at, header, &mut self.oddities);
        }
    }

    /// Takes a stream out.
    pub fn close(&mut self, id: StreamId) -> Option<Closed> {
        let stream = self.live(id)?;
        let closed = Closed { key: stream.key(), owner: stream.owner, figures: stream.figures(&self.oddities) };
        self.index.remove(&stream.name(), id);
        if let Some(stream) = self.entries.get_mut(id.place()) {
            stream.clear(&mut self.oddities);
        }
        self.free.push(id);
        Some(closed)
    }

    /// Drops the stream that [`Streams::longest_silent`] names, and counts it as a loss.
    pub fn evict(&mut self) -> Option<Closed> {
        let (id, _) = self.longest_silent()?;
        // Nothing of what was searched is searched again before all others were.
        self.hand = (self.hand + SEARCHED as u32).checked_rem(self.places()).unwrap_or_default();
        self.tally.evicted += 1;
        self.close(id)
    }

    /// The stream to evict, and its last packet: the longest silent of some that lie together, of others after each
    /// eviction.
    #[must_use]
    pub fn longest_silent(&self) -> Option<(StreamId, Nanos)> {
        let places = self.places();
        let around = (self.hand..places).chain(0..self.hand.min(places));
        let streams = around.filter_map(|place| {
            let id = StreamId(NonZeroU32::new(place + 1)?);
            Some((id, self.live(id)?.last_at))
        });
        streams.take(SEARCHED).min_by_key(|&(_, last_at)| last_at)
    }

    /// Places that are or were a stream's.
    fn places(&self) -> u32 {
        u32::try_from(self.entries.len()).unwrap_or(u32::MAX)
    }

    /// What the caller gave for a stream.
    #[must_use]
    pub fn owner(&self, id: StreamId) -> Option<u32> {
        Some(self.live(id)?.owner)
    }

    /// Gives a stream to another owner.
    pub fn set_owner(&mut self, id: StreamId, owner: u32) {
        if let Some(stream) = self.live_mut(id) {
            stream.owner = owner;
        }
    }

    /// Tells a stream what signalling has said since.
    pub fn set_media(&mut self, id: StreamId, media: Media) {
        if let Some(stream) = self.live_mut(id) {
            stream.set_media(media);
        }
    }

    /// Lets somebody see every packet of a stream, or no longer: while it is attended, none is [`Streams::foreseen`].
    pub fn attend(&mut self, id: StreamId, by: Attendant, attends: bool) {
        if let Some(stream) = self.live_mut(id) {
            stream.attend(by, attends);
        }
    }

    /// Whether this one is to see every packet of a stream.
    #[must_use]
    pub fn is_attended(&self, id: StreamId, by: Attendant) -> bool {
        self.live(id).is_some_and(|stream| stream.is_attended(by))
    }

    /// What a payload type of a stream carries.
    #[must_use]
    pub fn codec_of(&self, id: StreamId, payload_type: u8) -> Codec {
        self.live(id).map_or(Codec::Unknown, |stream| stream.codec_of(payload_type))
    }

    /// The payload type that a stream is at, and what it is taken to carry.
    #[must_use]
    pub fn spoken(&self, id: StreamId) -> Option<(u8, Codec)> {
        self.live(id).map(Stream::spoken)
    }

    /// A stream's name.
    #[must_use]
    pub fn key(&self, id: StreamId) -> Option<StreamKey> {
        Some(self.live(id)?.key())
    }

    /// When a stream's last packet came.
    #[must_use]
    pub fn last_at(&self, id: StreamId) -> Option<Nanos> {
        Some(self.live(id)?.last_at)
    }

    /// A stream's figures so far.
    #[must_use]
    pub fn figures(&self, id: StreamId) -> Option<Figures> {
        Some(self.live(id)?.figures(&self.oddities))
    }

    /// Every open stream, in the order of its place, which depends on nothing but the packets.
    pub fn ids(&self) -> impl Iterator<Item = StreamId> + '_ {
        let places = (1..).map_while(NonZeroU32::new).map(StreamId);
        places.zip(&self.entries).filter(|(_, stream)| stream.is_live()).map(|(id, _)| id)
    }

    /// Streams that are up.
    #[must_use]
    pub fn len(&self) -> usize {
        self.index.len()
    }

    /// Whether none is.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// What was counted so far.
    #[must_use]
    pub fn tally(&self) -> Tally {
        Tally { oddities_refused: self.oddities.refused, ..self.tally }
    }
}
