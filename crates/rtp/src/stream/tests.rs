//! What a stream foresees against what it would have made of the same packets without.

use proptest::prelude::*;
use types::{Endpoint, Ip};

use super::*;

/// What happens to a stream, several times in a row.
#[derive(Clone, Copy, Debug)]
enum Turn {
    Usual,
    Lost(u16),
    Late(u16),
    Again,
    Marked,
    Silence(u32),
    Jump(u32),
    Restart(u16),
    Event,
    Noise,
    OtherType,
    Step(u16),
    Pause(u64),
    Back(u64),
    Signalled,
}

fn turns() -> impl Strategy<Value = Vec<(Turn, usize)>> {
    use Turn::*;
    let turn = prop_oneof![
        20 => Just(Usual),
        2 => (1..40_u16).prop_map(Lost),
        2 => (1..120_u16).prop_map(Late),
        1 => Just(Again),
        1 => Just(Marked),
        1 => (1..20_000_u32).prop_map(Silence),
        1 => any::<u32>().prop_map(Jump),
        1 => any::<u16>().prop_map(Restart),
        1 => Just(Event),
        1 => Just(Noise),
        1 => Just(OtherType),
        1 => prop_oneof![Just(0_u16), Just(160_u16), Just(240_u16), any::<u16>()].prop_map(Step),
        1 => (0..5_000_000_000_u64).prop_map(Pause),
        1 => (0..2_000_000_000_u64).prop_map(Back),
        1 => Just(Signalled),
    ];
    let times = prop_oneof![4 => 1..4_usize, 2 => 60..200_usize];
    proptest::collection::vec((turn, times), 1..40)
}

fn key(v6: bool) -> StreamKey {
    let ip = |last| {
        if v6 { Ip::v6([0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, last]) } else { Ip::v4([192, 0, 2, last]) }
    };
    StreamKey::new(Endpoint::new(ip(1), 4_000), Endpoint::new(ip(2), 5_000), 7)
}

/// The glance at a packet of the IPv4 stream.
fn glance(header: &Header) -> Glance {
    let word = header.word().to_be_bytes();
    let (&[w0, w1, w2, w3, t0, t1, t2, t3], ssrc) = (&word, 7_u32.to_be_bytes());
    let ports = [0x0f, 0xa0, 0x13, 0x88];
    let fixed = [[w0, w1, w2, w3], [t0, t1, t2, t3], ssrc];
    Glance::new([192, 0, 2, 1, 192, 0, 2, 2], ports, fixed, header.payload_octets + 12)
}

/// The glance at a packet of the IPv6 stream.
fn glance_v6(header: &Header) -> GlanceV6 {
    let word = header.word().to_be_bytes();
    let (&[w0, w1, w2, w3, t0, t1, t2, t3], ssrc) = (&word, 7_u32.to_be_bytes());
    let (prefix, host) = ([0x20, 1, 0xd, 0xb8, 0, 0, 0, 0], |last| [0, 0, 0, 0, 0, 0, 0, last]);
    let fixed = [[w0, w1, w2, w3], [t0, t1, t2, t3], ssrc];
    GlanceV6::new([prefix, host(1), prefix, host(2)], [0x0f, 0xa0, 0x13, 0x88], fixed, header.payload_octets + 12)
}

/// A stream three times: glanced at first, updated alone, and with nothing foreseen at all.
struct Three {
    streams: [Stream; 3],
    oddities: [Oddities; 3],
    foreseen: usize,
}

impl Three {
    fn on(&mut self, at: Nanos, header: &Header) {
        let ([glanced, updated, unforeseen], [a, b, c]) = (&mut self.streams, &mut self.oddities);
        let foresaw = if glanced.name().is_v4() {
            assert_eq!(glanced.foresaw_v6(&glance_v6(header), at), None, "it is over IPv4");
            glanced.foresaw(&glance(header), at)
        } else {
            assert_eq!(glanced.foresaw(&glance(header), at), None, "it is over IPv6");
            glanced.foresaw_v6(&glance_v6(header), at)
        };
        match foresaw {
            Some(deviation) => {
                self.foreseen += 1;
                glanced.arrive(at, deviation, header.payload_octets);
            }
            None => glanced.update(at, header, a),
        }
        updated.update(at, header, b);
        unforeseen.unusual(at, *header, c);
    }

    fn check(&self, turn: Turn) {
        let ([first, others @ ..], [a, rest @ ..]) = (&self.streams, &self.oddities);
        let figures = first.figures(a);
        for (other, oddities) in others.iter().zip(rest) {
            assert_eq!(other.figures(oddities), figures, "after {turn:?}");
        }
    }
}

/// Plays a story; gives how many packets were foreseen at a glance.
fn play(v6: bool, mut sequence: u16, mut timestamp: u32, story: &[(Turn, usize)]) -> usize {
    let (mut at, mut step) = (Nanos::from_parts(1_700_000_000, 0), 160_u16);
    let media = Media { dtmf: Some(101), ..Media::of_static(8) };
    let stream = Stream::new(Name::of(&key(v6)), 1, media, at);
    let mut three = Three { streams: [stream; 3], oddities: [(); 3].map(|()| Oddities::new(1)), foreseen: 0 };
    for &(turn, times) in story {
        for _ in 0..times {
            at = at.after(std::time::Duration::from_nanos(20_000_000 + u64::from(sequence % 7) * 1_000));
            (sequence, timestamp) = (sequence.wrapping_add(1), timestamp.wrapping_add(step.into()));
            let mut header =
                Header { ssrc: 7, timestamp, sequence, payload_octets: 160, payload_type: 8, marker: false };
            match turn {
                Turn::Usual => {}
                Turn::Lost(lost) => {
                    sequence = sequence.wrapping_add(lost);
                    timestamp = timestamp.wrapping_add(u32::from(lost) * u32::from(step));
                    (header.sequence, header.timestamp) = (sequence, timestamp);
                }
                Turn::Late(by) => header.sequence = sequence.wrapping_sub(by),
                Turn::Again => three.on(at, &header),
                Turn::Marked => header.marker = true,
                Turn::Silence(ticks) | Turn::Jump(ticks) => {
                    timestamp = timestamp.wrapping_add(ticks);
                    header.timestamp = timestamp;
                }
                Turn::Restart(anew) => (sequence, header.sequence) = (anew, anew),
                Turn::Event => header.payload_type = 101,
                Turn::Noise => header.payload_type = 13,
                Turn::OtherType => header.payload_type = 0,
                Turn::Step(other) => step = other,
                Turn::Pause(nanos) => at = at.after(std::time::Duration::from_nanos(nanos)),
                Turn::Back(nanos) => at = Nanos::new(at.get() - nanos),
                Turn::Signalled => three.streams.iter_mut().for_each(|stream| stream.set_media(media)),
            }
            three.on(at, &header);
        }
        three.check(turn);
    }
    three.foreseen
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_foreseen_counts_as_it_would_unforeseen(
        v6: bool,
        sequence: u16,
        timestamp: u32,
        story in turns(),
    ) {
        play(v6, sequence, timestamp, &story);
    }
}

#[test]
fn nearly_all_of_a_call_is_foreseen() {
    // Once through all sequence numbers, and through the end of the timestamps.
    for v6 in [false, true] {
        let foreseen = play(v6, 60_000, u32::MAX - 5_000_000, &[(Turn::Usual, 70_000)]);
        assert!(foreseen > 69_700, "{foreseen}, over IPv6: {v6}");
    }
}

#[test]
fn what_is_not_the_stream_s_own_was_not_foreseen() {
    let at = Nanos::from_parts(1_700_000_000, 0);
    let later = at.after(std::time::Duration::from_millis(20));
    let header = |number: u16| Header {
        ssrc: 7,
        timestamp: u32::from(number) * 160,
        sequence: number,
        payload_octets: 160,
        payload_type: 8,
        marker: false,
    };
    for v6 in [false, true] {
        let mut stream = Stream::new(Name::of(&key(v6)), 1, Media::of_static(8), at);
        let mut oddities = Oddities::new(1);
        for number in 0..3 {
            let at = at.after(std::time::Duration::from_millis(20) * number.into());
            stream.update(at, &header(number), &mut oddities);
        }
        stream.last_at = at;
        let GlanceV6 { near, rest } = glance_v6(&header(3));
        let next = if v6 { near } else { glance(&header(3)) };
        let foresaw = |stream: &Stream, near, rest, at| {
            if v6 { stream.foresaw_v6(&GlanceV6 { near, rest }, at) } else { stream.foresaw(&near, at) }
        };
        assert!(foresaw(&stream, next, rest, later).is_some());
        for (what, other) in [
            ("addresses", Glance { addresses: next.addresses ^ 1 << 40, ..next }),
            ("ports", Glance { clue: Clue::new([0x0f, 0xa1, 0x13, 0x88], 7_u32.to_be_bytes()), ..next }),
            ("SSRC", Glance { clue: Clue::new([0x0f, 0xa0, 0x13, 0x88], 8_u32.to_be_bytes()), ..next }),
            ("extension", Glance { word: next.word | 0x10 << 56, ..next }),
            ("version", Glance { word: next.word ^ FIRST, ..next }),
            ("marker", Glance { word: next.word | 0x80 << 48, ..next }),
            ("sequence", Glance { word: next.word + (1 << 32), ..next }),
            ("timestamp", Glance { word: next.word + 1, ..next }),
        ] {
            assert_eq!(foresaw(&stream, other, rest, later), None, "{what}, over IPv6: {v6}");
        }
        for half in 0..3 {
            let mut other = rest;
            other[half] ^= 1 << 8;
            assert_eq!(foresaw(&stream, next, other, later).is_none(), v6, "the other half of an address: {half}");
        }
        assert_eq!(foresaw(&stream, next, rest, Nanos::new(at.get() - 2_000_000_000)), None, "a jump");
        stream.clear(&mut oddities);
        assert_eq!(foresaw(&stream, next, rest, later), None, "closed");
    }
}

#[test]
fn a_name_is_a_key_and_back() {
    for key in [key(false), key(true)] {
        let name = Name::of(&key);
        assert_eq!((name.key(), name.is_v4()), (key, key.source().ip.is_v4()));
        assert_eq!(Name::of(&name.key()), name);
    }
}
