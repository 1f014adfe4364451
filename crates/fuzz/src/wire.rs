//! The decoder under tight limits: every frame is accounted for, the fast path and the decoder say the same, and what is
//! told of TCP streams is in order, once, and at an end when it is.

use std::collections::HashMap;
use std::time::Duration;

use link::Frame;
use types::{Endpoint, Losses, Nanos};
use wire::{ConnectionId, Datagram, Decoder, FastPath, FragmentConfig, StreamConfig, Stretch, Take, Taker, WireConfig};

use crate::file;

pub fn check(bytes: &[u8]) {
    let Some(mut capture) = file::open(0, bytes) else { return };
    let choice = bytes.get(12).copied().unwrap_or_default();
    let config = limits(choice);
    let fast = FastPath::new(&config);
    let (mut decoder, mut plain) = (Decoder::new(&config), Decoder::new(&WireConfig { duplicates: false, ..config }));
    let mut reader = Reader { whim: choice, ..Reader::default() };
    let (mut frames, mut last) = (0, Nanos::ZERO);
    while let Some(batch) = capture.next_batch() {
        for frame in batch.frames() {
            both_paths(&fast, &mut plain, &frame);
            decoder.decode(&frame, &mut reader);
            frames += 1;
            last = last.max(frame.at);
            if frames % 4 == 0 {
                decoder.on_time(frame.at, &mut reader);
            }
        }
    }
    decoder.drain(last, &mut reader);
    assert!(reader.directions.is_empty(), "after the end every connection is closed");
    adds_up(&decoder, frames);
}

/// Limits that a handful of frames reaches; the defaults for one choice in four.
pub fn limits(choice: u8) -> WireConfig {
    let vxlan_ports = vec![u16::from(choice) << 8, 5060];
    if choice.is_multiple_of(4) {
        return WireConfig::default();
    }
    WireConfig {
        vxlan_ports: if choice & 8 == 0 { Vec::new() } else { vxlan_ports },
        duplicates: choice & 16 == 0,
        fragments: FragmentConfig {
            datagrams_max: 1 + usize::from(choice & 3),
            fragments_max: 4,
            bytes_max: 0,
            age_max: Duration::from_secs(1),
        },
        streams: StreamConfig {
            connections_max: 1 + usize::from(choice & 3),
            bytes_max: 0,
            window_bytes_max: 2_048,
            spans_max: 2,
            unread_bytes_max: 512,
            hole_age_max: Duration::from_millis(500),
            idle_max: Duration::from_secs(2),
        },
        ..WireConfig::default()
    }
}

/// What the fast path reads, the decoder reads to the same end.
fn both_paths(fast: &FastPath, plain: &mut Decoder, frame: &Frame<'_>) {
    let within = || fast.quick_within(frame.link, frame.bytes);
    let Some(quick) = fast.quick(frame.link, frame.bytes).or_else(within) else { return };
    let mut heard = Heard::default();
    plain.decode(frame, &mut heard);
    let (source, destination) = quick.endpoints();
    assert_eq!(
        heard.0,
        [(source, destination, quick.payload().to_vec(), quick.missing())],
        "the fast path and the decoder"
    );
}

#[derive(Default)]
struct Heard(Vec<(Endpoint, Endpoint, Vec<u8>, u16)>);

impl Taker for Heard {
    fn datagram(&mut self, datagram: &Datagram<'_>) {
        let &Datagram { source, destination, payload, missing, duplicate, .. } = datagram;
        assert!(!duplicate, "copies are not looked for");
        self.0.push((source, destination, payload.to_vec(), missing));
    }

    fn stretch(&mut self, _: &Stretch<'_>) -> Take {
        unreachable!("a datagram is none of a stream")
    }
}

/// Frames, fragments and bytes of streams are each the sum of what became of them.
fn adds_up(decoder: &Decoder, frames: u64) {
    let tally = decoder.tally();
    let undecoded: u64 = tally.undecoded().map(|(_, count)| count).sum();
    let parts = [tally.datagrams, tally.packets_of_messages, tally.segments, tally.fragments, tally.copies, undecoded];
    assert_eq!((tally.frames, parts.iter().sum::<u64>()), (frames, frames), "{tally:?}");

    let f = decoder.fragment_tally();
    let lost = f.empty + f.misaligned + f.oversized + f.overlapping + f.contradicting + f.crowded + f.cut;
    assert_eq!(f.fragments, f.used + f.repeated + lost + f.expired + f.evicted, "{f:?}");

    let s = decoder.stream_tally();
    assert_eq!(s.bytes, s.delivered_bytes + s.repeated_bytes + s.ignored_bytes + s.discarded_bytes, "{s:?}");
    assert!(s.unread_bytes <= s.delivered_bytes, "{s:?}");

    let mut names = Vec::new();
    decoder.losses(&mut |name, _| names.push(name));
    let count = names.len();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), count, "every loss has a name of its own");
}

/// A reader that takes as much as it pleases and remembers what it was promised.
#[derive(Default)]
struct Reader {
    whim: u8,
    directions: HashMap<ConnectionId, HashMap<Endpoint, Direction>>,
    closed: Vec<ConnectionId>,
}

#[derive(Default)]
struct Direction {
    /// What was shown and not taken.
    left: Vec<u8>,
    ignored: bool,
    over: bool,
}

impl Taker for Reader {
    fn datagram(&mut self, datagram: &Datagram<'_>) {
        assert!(!(datagram.duplicate && datagram.transport == types::Transport::Sctp));
    }

    fn stretch(&mut self, stretch: &Stretch<'_>) -> Take {
        assert!(!self.closed.contains(&stretch.connection), "a closed connection speaks: {stretch:?}");
        let directions = self.directions.entry(stretch.connection).or_default();
        let is_first = !directions.contains_key(&stretch.source);
        assert_eq!(stretch.first, is_first, "{stretch:?}");
        directions.entry(stretch.source).or_default();
        assert!(directions.len() <= 2, "{stretch:?}");
        let direction = self.directions.get_mut(&stretch.connection).unwrap().get_mut(&stretch.source).unwrap();
        assert!(!direction.ignored, "nothing of it is wanted: {stretch:?}");
        assert!(!direction.over, "it was at its end: {stretch:?}");
        if !stretch.gap {
            assert!(stretch.bytes.starts_with(&direction.left), "what was left comes again: {stretch:?}");
        }
        assert!(!stretch.bytes.is_empty() || stretch.cut || stretch.ending.is_some(), "nothing to say: {stretch:?}");
        direction.over = stretch.ending.is_some();

        self.whim = self.whim.wrapping_mul(29).wrapping_add(stretch.bytes.len() as u8);
        let taken = match self.whim % 8 {
            0..3 => stretch.bytes.len(),
            3 => 0,
            4 => stretch.bytes.len() / 2,
            5 => 1.min(stretch.bytes.len()),
            6 => usize::from(self.whim).min(stretch.bytes.len()),
            _ if self.whim < 32 => {
                direction.ignored = true;
                return Take::Ignore;
            }
            _ => stretch.bytes.len(),
        };
        direction.left.clear();
        if !stretch.cut {
            direction.left.extend_from_slice(&stretch.bytes[taken..]);
        }
        Take::Consumed(taken)
    }

    fn closed(&mut self, connection: ConnectionId) {
        assert!(!self.closed.contains(&connection), "closed twice: {connection:?}");
        self.directions.remove(&connection);
        self.closed.push(connection);
    }
}
