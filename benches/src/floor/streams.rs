//! RTP streams in 64 bytes each: what RFC 3550 §A.1, §A.3 and §A.8 need and no more.

use super::index::Index;
use super::packet::Datagram;

/// Slots of an empty table, a power of two.
const SLOTS: usize = 1 << 13;

/// Nanoseconds in a tick of the 8 kHz clock.
const TICK: u64 = 125_000;

/// One stream, one cache line.
#[derive(Clone, Copy, Debug, Default)]
#[repr(align(64))]
struct Stream {
    /// Both addresses; with `ports_ssrc` the key. An empty slot is all zeros.
    addresses: u64,
    ports_ssrc: u64,
    first_at: u64,
    last_at: u64,
    octets: u64,
    /// The call it belongs to plus one, 0 for none.
    owner: u32,
    received: u32,
    /// Highest sequence number with the count of its cycles above it.
    highest: u32,
    first: u32,
    /// The relative transit time of the last packet, in ticks.
    transit: u32,
    /// Sixteen times the jitter, in ticks.
    jitter: u32,
}

/// An RTP packet between its decoding and its stream.
#[derive(Clone, Copy, Debug)]
pub struct Arrival {
    addresses: u64,
    ports_ssrc: u64,
    at: u64,
    slot: u32,
    timestamp: u32,
    sequence: u16,
    octets: u16,
    /// Whether its stream lies in its slot.
    there: bool,
}

/// The table: open addressing, linear probing, at most half full as long as room is reserved, never forgets.
#[derive(Debug)]
pub struct Streams {
    slots: Vec<Stream>,
    used: usize,
}

/// All streams added up.
#[derive(Clone, Copy, Debug, Default)]
pub struct Sums {
    /// How many.
    pub streams: u64,
    /// Those with an owner.
    pub signalled: u64,
    /// Milliseconds from first to last packet.
    pub speech_ms: u64,
    /// Packets lost.
    pub lost: u64,
    /// Mean jitter.
    pub jitter_us: u64,
}

impl Streams {
    /// An empty table.
    pub fn new() -> Self {
        Self { slots: vec![Stream::default(); SLOTS], used: 0 }
    }

    /// A packet and the slot where its stream should be. Touches no table.
    #[inline]
    pub fn arrival(&self, at: u64, datagram: &Datagram<'_>, header: &[u8; 12]) -> Arrival {
        let [_, _, s0, s1, t0, t1, t2, t3, ssrc @ ..] = *header;
        let (addresses, ports_ssrc) =
            (datagram.addresses, u64::from(datagram.ports) << 32 | u64::from(u32::from_be_bytes(ssrc)));
        Arrival {
            addresses,
            ports_ssrc,
            at,
            slot: self.home(addresses, ports_ssrc),
            timestamp: u32::from_be_bytes([t0, t1, t2, t3]),
            sequence: u16::from_be_bytes([s0, s1]),
            octets: datagram.payload.len().wrapping_sub(12) as u16,
            there: false,
        }
    }

    /// Loads the slot of an arrival and nothing else.
    #[inline]
    pub fn look(&self, arrival: &mut Arrival) {
        arrival.there = self
            .slots
            .get(arrival.slot as usize)
            .is_some_and(|stream| (stream.addresses == arrival.addresses) & (stream.ports_ssrc == arrival.ports_ssrc));
    }

    /// Counts a packet into its stream, which is opened if it is new.
    #[inline]
    pub fn on_arrival(&mut self, arrival: &Arrival, by_media: &Index) {
        let slot = if arrival.there { arrival.slot as usize } else { self.find_or_open(arrival, by_media) };
        if let Some(stream) = self.slots.get_mut(slot) {
            stream.on_arrival(arrival);
        }
    }

    /// Adds all streams up.
    pub fn sums(&self) -> Sums {
        let mut sums = Sums::default();
        let mut ticks = 0;
        for stream in self.slots.iter().filter(|stream| stream.received != 0) {
            sums.streams += 1;
            sums.signalled += u64::from(stream.owner != 0);
            sums.speech_ms += stream.last_at.saturating_sub(stream.first_at) / 1_000_000;
            let expected = stream.highest - stream.first + 1;
            sums.lost += u64::from(expected.saturating_sub(stream.received));
            ticks += u64::from(stream.jitter >> 4);
        }
        sums.jitter_us = (ticks * (TICK / 1_000)).checked_div(sums.streams).unwrap_or(0);
        sums
    }

    #[inline]
    fn home(&self, addresses: u64, ports_ssrc: u64) -> u32 {
        let product = u128::from(addresses ^ 0x9e37_79b9_7f4a_7c15) * u128::from(ports_ssrc ^ 0xd6e8_feb8_6659_fd93);
        (product as u64 ^ (product >> 64) as u64) as u32 & (self.slots.len() - 1) as u32
    }

    /// Where a key is, or would be put.
    fn place(&self, addresses: u64, ports_ssrc: u64) -> usize {
        let mut place = self.home(addresses, ports_ssrc) as usize;
        while self.slots.get(place).is_some_and(|stream| {
            (stream.addresses, stream.ports_ssrc) != (addresses, ports_ssrc) && stream.ports_ssrc != 0
        }) {
            place = (place + 1) & (self.slots.len() - 1);
        }
        place
    }

    /// Makes room for so many more streams, so that no slot moves while a batch knows it by its number.
    pub fn reserve(&mut self, more: usize) {
        if self.slots.len() < (self.used + more) * 2 {
            self.grow();
        }
    }

    #[cold]
    fn grow(&mut self) {
        let wider = vec![Stream::default(); self.slots.len() * 2];
        let old = std::mem::replace(&mut self.slots, wider);
        for stream in old.into_iter().filter(|stream| stream.ports_ssrc != 0) {
            let place = self.place(stream.addresses, stream.ports_ssrc);
            if let Some(empty) = self.slots.get_mut(place) {
                *empty = stream;
            }
        }
    }

    fn find_or_open(&mut self, arrival: &Arrival, by_media: &Index) -> usize {
        let place = self.place(arrival.addresses, arrival.ports_ssrc);
        if let Some(stream) = self.slots.get_mut(place).filter(|stream| stream.ports_ssrc == 0) {
            let destination = (arrival.addresses & 0xffff_ffff) << 16 | (arrival.ports_ssrc >> 32 & 0xffff);
            *stream = Stream {
                addresses: arrival.addresses,
                ports_ssrc: arrival.ports_ssrc,
                first_at: arrival.at,
                owner: by_media.find(destination).map_or(0, |call| call + 1),
                highest: u32::from(arrival.sequence),
                first: u32::from(arrival.sequence),
                transit: arrival.transit(),
                ..Stream::default()
            };
            self.used += 1;
        }
        place
    }
}

impl Arrival {
    #[inline]
    fn transit(&self) -> u32 {
        ((self.at / TICK) as u32).wrapping_sub(self.timestamp)
    }
}

impl Stream {
    #[inline]
    fn on_arrival(&mut self, arrival: &Arrival) {
        // Signed distance from the highest: late packets and duplicates do not move it, a wrap carries into the cycles.
        let ahead = arrival.sequence.wrapping_sub(self.highest as u16).cast_signed();
        self.highest += ahead.max(0) as u32;
        let transit = arrival.transit();
        let moved = transit.wrapping_sub(self.transit).cast_signed().unsigned_abs();
        self.transit = transit;
        self.jitter = self.jitter.wrapping_add(moved).wrapping_sub((self.jitter + 8) >> 4);
        self.received += 1;
        self.octets += u64::from(arrival.octets);
        self.last_at = arrival.at;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_is_one_cache_line() {
        assert_eq!(size_of::<Stream>(), 64);
    }

    #[test]
    fn loss_is_what_is_missing_between_the_first_and_the_highest() {
        let by_media = Index::new();
        for (sequences, lost) in
            [(&[1_u16, 2, 3][..], 0), (&[1, 3, 2], 0), (&[1, 4], 2), (&[65_534, 65_535, 1], 1), (&[9, 9, 11], 0)]
        {
            let mut streams = Streams::new();
            for (number, sequence) in sequences.iter().enumerate() {
                let mut header = [0x80, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 7];
                header[2..4].copy_from_slice(&sequence.to_be_bytes());
                let datagram = Datagram { addresses: 1, ports: 2, payload: &[0; 172] };
                let mut arrival = streams.arrival(number as u64 * 20_000_000, &datagram, &header);
                streams.look(&mut arrival);
                streams.on_arrival(&arrival, &by_media);
            }
            assert_eq!((streams.sums().streams, streams.sums().lost), (1, lost), "{sequences:?}");
        }
    }
}
