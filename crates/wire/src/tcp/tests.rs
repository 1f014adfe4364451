//! Stories of segments, and what no sequence of segments can do.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use types::{Ip, Losses};

use super::*;
use crate::{Datagram, Stretch, Take};

const NEAR: Endpoint = Endpoint::new(Ip::v4([192, 0, 2, 1]), 40_000);
const FAR: Endpoint = Endpoint::new(Ip::v4([192, 0, 2, 2]), 5_060);

/// The sequence number of the first byte of a stream; soon after it, the numbers wrap.
const FIRST: u32 = u32::MAX - 14;

/// Byte `at` of any stream.
fn byte(at: u32, forged: bool) -> u8 {
    (at % 251) as u8 ^ if forged { 255 } else { 0 }
}

/// How the reader takes what it is shown.
#[derive(Clone, Copy)]
enum Reading {
    All,
    /// Units of so many bytes, when they are there.
    Units(usize),
    Ignore,
}

/// Writes down what it is shown: `>` or `<` for the direction, where the bytes begin and end, `^` if they are the first,
/// `?` after a gap, `~` before one, `$` finished, `#` reset, `.` forgotten; `closed` in the end.
struct Reader {
    reading: Reading,
    heard: Vec<String>,
    alive: BTreeSet<ConnectionId>,
}

impl Taker for Reader {
    fn datagram(&mut self, _: &Datagram<'_>) {}

    fn stretch(&mut self, stretch: &Stretch<'_>) -> Take {
        self.alive.insert(stretch.connection);
        let from = stretch.bytes.first().copied().unwrap_or_default();
        let to = u32::from(from) + stretch.bytes.len() as u32;
        let true_to_life = (u32::from(from)..to).zip(stretch.bytes).all(|(at, b)| byte(at, false) == *b);
        let ending = stretch.ending.map_or("", |ending| match ending {
            Ending::Finished => "$",
            Ending::Reset => "#",
            Ending::Forgotten => ".",
        });
        let mark = |so, mark| if so { mark } else { "" };
        self.heard.push(format!(
            "{}{}{}{}{}{}{ending}",
            mark(stretch.first, "^"),
            mark(stretch.gap, "?"),
            if stretch.source == NEAR { ">" } else { "<" },
            if stretch.bytes.is_empty() { String::new() } else { format!("{from}-{to}") },
            mark(!true_to_life, "!"),
            mark(stretch.cut, "~"),
        ));
        match self.reading {
            Reading::All => Take::Consumed(stretch.bytes.len()),
            Reading::Units(unit) => Take::Consumed(stretch.bytes.len() / unit * unit),
            Reading::Ignore => Take::Ignore,
        }
    }

    fn closed(&mut self, connection: ConnectionId) {
        self.alive.remove(&connection);
        self.heard.push("closed".to_owned());
    }
}

/// Segments as `>from-to`, `<from-to`; with `S` SYN, `F` FIN, `R` reset, `!` forged, `~n` so many bytes cut off, `=n` the
/// other side's bytes before n acknowledged. `@seconds` moves the clock, `anew` begins at other sequence numbers, `end`
/// ends the capture.
struct Story {
    now: Nanos,
    first: u32,
    streams: Streams,
    reader: Reader,
}

impl Story {
    fn new(streams: StreamConfig, reading: Reading) -> Self {
        let config = WireConfig { streams, ..WireConfig::default() };
        Self {
            now: Nanos::from_parts(1_000, 0),
            first: FIRST,
            streams: Streams::new(&config),
            reader: Reader { reading, heard: Vec::new(), alive: BTreeSet::new() },
        }
    }

    fn tell(&mut self, word: &str) {
        if let Some(seconds) = word.strip_prefix('@') {
            self.now = Nanos::from_parts(1_000 + seconds.parse::<u64>().unwrap(), 0);
            self.streams.on_time(self.now, &mut self.reader);
        } else if word == "anew" {
            self.first = self.first.wrapping_add(1 << 30).wrapping_add(1 << 28);
        } else if word == "end" {
            self.streams.drain(self.now, &mut self.reader);
        } else {
            self.segment(word);
        }
    }

    fn segment(&mut self, word: &str) {
        let number = |text: &str| text.chars().take_while(char::is_ascii_digit).collect::<String>().parse::<u32>();
        let after = |mark| word.split_once(mark).and_then(|(_, rest)| number(rest).ok());
        let (from, to) = (number(word.trim_start_matches(['<', '>', 'S'])).unwrap_or(0), after('-'));
        let to = to.unwrap_or(from);
        let flag = |mark, flag| if word.contains(mark) { flag } else { 0 };
        let acknowledged = after('=');
        let flags = flag('S', Flags::SYN) | flag('F', Flags::FIN) | flag('R', Flags::RST) | flag('=', Flags::ACK);
        let payload: Vec<u8> = (from..to).map(|at| byte(at, word.contains('!'))).collect();
        let (source, destination) = if word.starts_with('>') { (NEAR, FAR) } else { (FAR, NEAR) };
        let segment = Segment {
            at: self.now,
            source,
            destination,
            sequence: self.first.wrapping_add(from).wrapping_sub(u32::from(word.contains('S'))),
            acknowledgement: self.first.wrapping_add(acknowledged.unwrap_or(0)),
            flags: Flags(flags),
            payload: &payload,
            missing: after('~').unwrap_or(0),
            in_esp: false,
        };
        self.streams.on_segment(&segment, &mut self.reader);
    }

    fn figures(&self) -> String {
        let tally = self.streams.tally();
        let mut figures = String::new();
        let mut each = |name: &str, count: u64| {
            if count > 0 {
                figures += &format!("{} {count} ", name.strip_prefix("tcp_").unwrap_or(name));
            }
        };
        each("retransmitted", tally.retransmitted);
        each("keep_alives", tally.keep_alives);
        each("out_of_order", tally.out_of_order);
        each("reused", tally.reused);
        each("expired", tally.expired);
        tally.losses(&mut each);
        figures.trim_end().to_owned()
    }

    fn held(&self) -> usize {
        self.streams.store.budget.lent()
    }
}

fn check_with(limits: StreamConfig, reading: Reading, story: &str, heard: &str, figures: &str) {
    let mut teller = Story::new(limits, reading);
    story.split_whitespace().for_each(|word| teller.tell(word));
    assert_eq!(teller.reader.heard.join(" "), heard, "{story}");
    assert_eq!(teller.figures(), figures, "{story}");
}

fn check(story: &str, heard: &str, figures: &str) {
    check_with(StreamConfig::default(), Reading::All, story, heard, figures);
}

fn check_units(story: &str, heard: &str, figures: &str) {
    let limits = StreamConfig { unread_bytes_max: 30, ..StreamConfig::default() };
    check_with(limits, Reading::Units(10), story, heard, figures);
}

#[test]
fn bytes_come_in_order() {
    check(">S <S=0 >0-10 >10-20 <0-5=20 end", "^>0-10 >10-20 ^<0-5 >. <. closed", "");
    check(">S >0-10 >20-30 >10-20", "^>0-10 >10-30", "out_of_order 1");
    check(">S >0-10 >30-40 >20-30 >10-20", "^>0-10 >10-40", "out_of_order 2");
    check(">S >0-10 >20-30 >40-50 >10-20 >30-40", "^>0-10 >10-30 >30-50", "out_of_order 2");
    check(">S >10-20 >0-10", "^>0-20", "out_of_order 1"); // Only the SYN says that these are not the first.
    check(">S >20-30 <S=0 <0-5 >0-20", "^<0-5 ^>0-30", "out_of_order 1");
    check(">S0-10 <S=0 >10-20", "^>0-10 >10-20", ""); // TCP Fast Open: RFC 7413.
}

#[test]
fn the_first_copy_of_a_byte_stands() {
    check(">S >0-10 >0-10 >5-10 >10-20", "^>0-10 >10-20", "retransmitted 2");
    check(">S >0-10 >5-20", "^>0-10 >10-20", "");
    check(">S >0-10 >20-30 >15-25! >10-15", "^>0-10 >10-30!", "out_of_order 2 conflicting_bytes 5");
    check(">S >0-10 >20-30 >30-40 >15-45! >10-15", "^>0-10 >10-45!", "out_of_order 3 conflicting_bytes 20");
    check(">S >0-10 >20-30 >40-50 >15-45 >10-15", "^>0-10 >10-50", "out_of_order 3");
    check_units(">S >0-15 >10-15! >8-20", "^>0-15 >10-20", "retransmitted 1 conflicting_bytes 5");
}

#[test]
fn probes_are_no_bytes() {
    check(">S >0-10 >9-10! >10-20", "^>0-10 >10-20", "keep_alives 1");
    check(">9-10 >10-20", "^?>10-20", "keep_alives 1"); // Not even the first.
    check(">S >0-10 >10-11 >10-20", "^>0-10 >10-11 >11-20", ""); // Of a closed window, though, they are.
    check(">S >0-10 >10-10 >10-20", "^>0-10 >10-20", "");
}

#[test]
fn a_stream_may_begin_anywhere() {
    check(">50-60 >60-70 <=70 <20-30", "^?>50-60 >60-70 ^?<20-30", "");
    check(">50-60 >40-50", "^?>50-60", "retransmitted 1");
    check("<S=0 >S >0-10 <0-10", "^>0-10 ^<0-10", "");
}

#[test]
fn holes_are_given_up() {
    // When the other side says that nothing is missing:
    check(">S >0-10 >20-30 <=10", "^>0-10", "out_of_order 1");
    check(">S >0-10 >20-30 <=30 >30-40", "^>0-10 ?>20-30 >30-40", "out_of_order 1 gap_bytes 10");
    check(">S >0-10 <=20 >20-30 >10-20", "^>0-10 ?>20-30", "retransmitted 1 out_of_order 1 gap_bytes 10");
    check(">S >0-10 >20-30 >40-50 <=35", "^>0-10 ?>20-30", "out_of_order 2 gap_bytes 10");
    check(">S >0-10 >20F <=21 <0F", "^>0-10 ?>$ closed", "gap_bytes 10");
    // When they are too old:
    check(">S >0-10 >20-30 @4 <0-1 @5", "^>0-10 ?>20-30", "keep_alives 1 out_of_order 1 gap_bytes 10");
    check(">S >0-10 >20-30 @4 >30-40 >50-60 @6", "^>0-10 ?>20-40 ?>50-60", "out_of_order 3 gap_bytes 20");
    check(">S >0-10 >20-30 @4 >10-20 >40-50 @6 @9", "^>0-10 >10-30 ?>40-50", "out_of_order 2 gap_bytes 10");
    check("@9 >S >0-10 >20-30 @1", "^>0-10 ?>20-30", "out_of_order 1 gap_bytes 10"); // The next file began earlier.
    // When too much waits:
    let narrow = StreamConfig { window_bytes_max: 40, spans_max: 2, ..StreamConfig::default() };
    let check = |story, heard, figures| check_with(narrow.clone(), Reading::All, story, heard, figures);
    check(">S >0-10 >20-30 >45-55", "^>0-10 ?>20-30", "out_of_order 2 gap_bytes 10");
    check(">S >0-10 >20-21 >30-31 >40-41", "^>0-10 ?>20-21", "out_of_order 3 gap_bytes 10");
    check(">S >0-10 >90-99", "^>0-10 ?>90-99", "gap_bytes 80");
    // When the capture cut them:
    let check = |story, heard, figures| check_with(StreamConfig::default(), Reading::All, story, heard, figures);
    check(">S >0-10~5 >15-20", "^>0-10~ ?>15-20", "gap_bytes 5");
    check(">S >0-10~5 >0-10~5 >15-20", "^>0-10~ ?>15-20", "retransmitted 1 gap_bytes 5");
    check(">S >0-10 >15-20 >10-12~3 >20-30", "^>0-10 >10-12~ ?>15-20 >20-30", "out_of_order 1 gap_bytes 3");
    check(">S >0-10~5F <0F", "^>0-10~ ?>$ closed", "gap_bytes 5");
}

#[test]
fn connections_end() {
    check(">S <S=0 >0-10 >10-20F <0-5F=21", "^>0-10 >10-20$ ^<0-5$ closed", "");
    check(">S >0-10 >10F >10F <0F >0-10", "^>0-10 >$ closed", "retransmitted 1");
    check(">S <S=0 >0-10 <10F >10F=0 <0-10", "^>0-10 >$ ^<0-10$ closed", "");
    check(">S >0-10 >20F >10-20 <0F", "^>0-10 >10-20$ closed", "");
    check(">S >0-10 <0-5 >10R", "^>0-10 ^?<0-5 ># <# closed", "");
    check(">S >0-10 >20-30 <0R", "^>0-10 ?>20-30 ># closed", "out_of_order 1 gap_bytes 10");
    check(">S >0-10 anew >0R", "^>0-10", ""); // Blind: its number is far off.
    check(">S >0-10 @899 @1800 >10-20", "^>0-10 >. closed ^?>10-20", "expired 1");
    check(">S >0-10 @800 <=10 @1600", "^>0-10", "");
    check(">S >0-10 >10F >10-20", "^>0-10 >$ closed ^?>10-20", "reused 1"); // The FIN was not its sender's.
}

#[test]
fn ports_are_used_anew() {
    check(">S >0-10 >S >0-10 >10-20", "^>0-10 >10-20", "retransmitted 1"); // The same SYN, again.
    check(">S >0-10 anew >S >0-10", "^>0-10 >. closed ^>0-10", "reused 1");
    check(">S >0-10 >10F <0F anew >S <S=0 >0-10", "^>0-10 >$ closed ^>0-10", "reused 1");
    check("<S=0 <0-10 anew >S <S=0 <0-10", "^<0-10 <. closed ^<0-10", "reused 1");
    check(">S >0-10 anew >0-10", "^>0-10 >. closed ^?>0-10", "reused 1"); // Its SYN was not captured.
}

#[test]
fn what_a_reader_leaves_is_given_again() {
    check_units(">S >0-5 >5-10 >10-15", "^>0-5 >0-10 >10-15", "");
    check_units(">S >0-25 >25-30F <0F", "^>0-25 >20-30$ closed", "");
    check_units(">S >0-25 >30-40 >25-30", "^>0-25 >20-40", "out_of_order 1");
    check_units(
        ">S >0-25 >30-35 <=35 >35-45",
        "^>0-25 >20-25~ ?>30-35 >30-45",
        "out_of_order 1 gap_bytes 5 unread_bytes 5",
    );
    let limits = StreamConfig { unread_bytes_max: 30, ..StreamConfig::default() };
    let check = |story, heard, figures| check_with(limits.clone(), Reading::Units(100), story, heard, figures);
    check(">S >0-20 >20-30 >30-40 >40-50", "^>0-20 >0-30 >0-40 ?>40-50", "unread_bytes 40");
    check(">S >0-31 >31-40", "^>0-31 ?>31-40", "unread_bytes 31");
}

#[test]
fn what_a_reader_ignores_is_not_shown_again() {
    let check = |story, heard, figures| check_with(StreamConfig::default(), Reading::Ignore, story, heard, figures);
    check(">S >0-10 >10-20 >30-40 <0-5 >40F <5F", "^>0-10 ^?<0-5 closed", "");
    check(">S >20-30 >0-10 end", "^>0-10 closed", "out_of_order 1");
    check(">S >0-10 anew >S >0-10", "^>0-10 closed ^>0-10", "reused 1");
}

#[test]
fn memory_is_as_documented() {
    // Besides the entry, a slot of the table keeps its key and its neighbours.
    assert!(size_of::<Connection>() + size_of::<Key>() + 16 <= 330, "{}", size_of::<Connection>());
}

#[test]
fn a_flood_of_half_open_connections_costs_nothing() {
    let mut teller = Story::new(StreamConfig::default(), Reading::All);
    for port in 0..200_000_u32 {
        let source = Endpoint::new(Ip::v4((0xc612_0000 + (port >> 4)).to_be_bytes()), port as u16);
        let (sequence, flags) = (port.wrapping_mul(77), Flags(Flags::SYN));
        let (at, destination) = (Nanos::new(u64::from(port)), FAR);
        let segment = Segment {
            at,
            source,
            destination,
            sequence,
            acknowledgement: 0,
            flags,
            payload: &[],
            missing: 0,
            in_esp: false,
        };
        teller.streams.on_segment(&segment, &mut teller.reader);
    }
    let tally = teller.streams.tally();
    assert_eq!((tally.syns, tally.connections, teller.streams.connections.len(), teller.held()), (200_000, 0, 0, 0));
}

/// Puts what it is shown together again, and wants units of a size.
#[derive(Default)]
struct Collector {
    unit: usize,
    streams: BTreeMap<Endpoint, Vec<u8>>,
    gaps: u32,
    endings: u32,
}

impl Taker for Collector {
    fn datagram(&mut self, _: &Datagram<'_>) {}

    fn stretch(&mut self, stretch: &Stretch<'_>) -> Take {
        let consumed = stretch.bytes.len() / self.unit * self.unit;
        let done = if stretch.ending.is_some() { stretch.bytes.len() } else { consumed };
        self.streams.entry(stretch.source).or_default().extend_from_slice(&stretch.bytes[..done]);
        self.gaps += u32::from(stretch.gap);
        self.endings += u32::from(stretch.ending.is_some());
        Take::Consumed(consumed)
    }
}

/// A segment of garbage: who, its place, length, flags, acknowledgement, bytes cut off, and a pause.
type Garbage = (u8, u32, usize, u8, u32, u32, u64);

fn any_segment() -> impl Strategy<Value = Garbage> {
    let near = || prop_oneof![4 => 0_u32..3_000, 1 => any::<u32>()];
    let length = prop_oneof![4 => 0_usize..200, 1 => 0_usize..70_000];
    let flags = prop_oneof![8 => Just(0), 8 => Just(Flags::ACK), 1 => any::<u8>()];
    let missing = prop_oneof![8 => Just(0), 1 => 0_u32..2_000, 1 => any::<u32>()];
    (
        0_u8..12,
        near(),
        length,
        flags,
        near(),
        missing,
        prop_oneof![9 => 0_u64..1_000_000_000, 1 => 0_u64..20_000_000_000],
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    /// However a stream is split, shuffled and repeated, its reader sees every byte once and in order.
    #[test]
    fn any_order_gives_the_same_bytes(
        text in prop::collection::vec(any::<u8>(), 1..4_000),
        first in any::<u32>(),
        unit in 1_usize..100,
        cuts in prop::collection::vec((any::<prop::sample::Index>(), 1_usize..600), 0..60),
        swaps in prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>()), 0..120),
        step in 64_usize..1_000,
    ) {
        let mut pieces: Vec<(usize, usize)> =
            (0..text.len()).step_by(step).map(|from| (from, text.len().min(from + step))).collect();
        pieces.extend(cuts.iter().map(|(at, length)| {
            let from = at.index(text.len());
            (from, text.len().min(from + length))
        }));
        for (a, b) in swaps {
            let (a, b) = (a.index(pieces.len()), b.index(pieces.len()));
            pieces.swap(a, b);
        }
        let mut streams = Streams::new(&WireConfig::default());
        let mut collector = Collector { unit, ..Collector::default() };
        let (at, source, destination) = (Nanos::from_parts(9, 0), NEAR, FAR);
        let blank = Segment {
            at, source, destination, sequence: first, acknowledgement: 0, flags: Flags(Flags::SYN), payload: &[], missing: 0,
            in_esp: false,
        };
        streams.on_segment(&blank, &mut collector);
        for (from, to) in pieces {
            let sequence = first.wrapping_add(1).wrapping_add(from as u32);
            let segment = Segment { sequence, flags: Flags(0), payload: &text[from..to], ..blank };
            streams.on_segment(&segment, &mut collector);
        }
        let sequence = first.wrapping_add(1).wrapping_add(text.len() as u32);
        streams.on_segment(&Segment { sequence, flags: Flags(Flags::FIN), ..blank }, &mut collector);
        prop_assert_eq!(collector.streams.get(&NEAR), Some(&text));
        prop_assert_eq!((collector.gaps, collector.endings), (0, 1));
        let tally = streams.tally();
        prop_assert_eq!(tally.bytes, tally.delivered_bytes + tally.repeated_bytes);
        prop_assert_eq!(tally.delivered_bytes, text.len() as u64);
        prop_assert_eq!((tally.conflicting_bytes, streams.store.budget.lent()), (0, 0));
    }

    /// Every byte is delivered, repeated, unwanted, discarded or held, and what is held stays within the limits.
    #[test]
    fn garbage_is_accounted_for(garbage in prop::collection::vec(any_segment(), 0..300), unit in 1_usize..5_000) {
        let limits = StreamConfig { connections_max: 4, bytes_max: 0, spans_max: 5, ..StreamConfig::default() };
        let config = WireConfig { streams: limits, ..WireConfig::default() };
        let mut streams = Streams::new(&config);
        let mut collector = Collector { unit, ..Collector::default() };
        let mut now = 0;
        for (who, sequence, length, flags, acknowledgement, missing, pause) in garbage {
            now += pause;
            let payload = vec![who; length];
            let near = Endpoint { port: NEAR.port + u16::from(who / 2), ..NEAR };
            let (source, destination) = if who % 2 == 0 { (near, FAR) } else { (FAR, near) };
            let (at, flags, payload) = (Nanos::new(now), Flags(flags), &*payload);
            let segment = Segment { at, source, destination, sequence, acknowledgement, flags, payload, missing, in_esp: false };
            streams.on_segment(&segment, &mut collector);
            prop_assert!(streams.connections.len() <= 4 && streams.holes.len() <= 4);
            prop_assert!(streams.store.budget.lent() <= 1 << 20);
            let tally = streams.tally();
            let known = tally.delivered_bytes + tally.repeated_bytes + tally.ignored_bytes + tally.discarded_bytes;
            prop_assert!(known <= tally.bytes);
        }
        streams.drain(Nanos::new(now), &mut collector);
        prop_assert_eq!((streams.connections.len(), streams.store.budget.lent()), (0, 0));
        let tally = streams.tally();
        let known = tally.delivered_bytes + tally.repeated_bytes + tally.ignored_bytes + tally.discarded_bytes;
        prop_assert_eq!(tally.bytes, known);
    }
}
