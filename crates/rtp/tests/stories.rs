//! What packets do to the figures of their stream, told as stories, and the same figures by a reference that follows
//! RFC 3550's appendix literally.

#[cfg(test)]
mod stories {
    use proptest::prelude::*;
    use rtp::{Clock, Codec, Figures, Header, Media, StreamKey, Streams, StreamsConfig};
    use types::{Endpoint, Ip, Nanos};

    const MS: u64 = 1_000_000;

    fn key(ssrc: u32) -> StreamKey {
        let end = |last, port| Endpoint::new(Ip::v4([192, 0, 2, last]), port);
        StreamKey::new(end(1, 40_000), end(2, 50_000), ssrc)
    }

    fn media() -> Media {
        Media { codec: Codec::Pcma, clock: Clock::of_rate(8_000), dtmf: Some(101), comfort_noise: None }
    }

    /// A packet: `SEQ[@MS][/TICKS][:TYPE][!]`. It comes 20 ms for each sequence number after zero unless told when, its
    /// timestamp is 160 ticks for each likewise, its type 8; `!` is the marker.
    fn packet(word: &str) -> (Nanos, Header) {
        let (word, marker) = word.strip_suffix('!').map_or((word, false), |word| (word, true));
        let number = |sign: char| {
            let at = word.find(sign)?;
            word.get(at + 1..)?.split(['@', '/', ':']).next()?.parse::<u64>().ok()
        };
        let sequence: u64 = word.split(['@', '/', ':']).next().unwrap().parse().unwrap();
        let at = number('@').unwrap_or(sequence * 20);
        let header = Header {
            ssrc: 7,
            timestamp: number('/').unwrap_or(sequence * 160) as u32,
            sequence: sequence as u16,
            payload_octets: 160,
            payload_type: number(':').unwrap_or(8) as u8,
            marker,
        };
        (Nanos::new(1_000_000 * MS + at * MS), header)
    }

    /// `FROM..TO` stands for every number from one to the other, both included.
    fn packets(story: &str) -> Vec<(Nanos, Header)> {
        let words = story.split_whitespace().flat_map(|word| match word.split_once("..") {
            Some((from, to)) => (from.parse::<u64>().unwrap()..=to.parse().unwrap()).map(|n| n.to_string()).collect(),
            None => vec![word.to_string()],
        });
        words.map(|word| packet(&word)).collect()
    }

    fn figures(media: Media, packets: &[(Nanos, Header)]) -> Figures {
        let mut streams = Streams::new(StreamsConfig::default());
        let id = streams.open(&key(7), 0, media, packets[0].0).unwrap();
        for (at, header) in packets {
            streams.update(id, *at, header);
        }
        streams.close(id).unwrap().figures
    }

    /// What is not zero, in words.
    fn told(figures: &Figures) -> String {
        let f = figures;
        let mut words = format!("{}/{}", f.packets, f.expected);
        let counts = [
            ("lost", f.lost),
            ("bursty", f.lost_in_bursts),
            ("again", f.duplicates),
            ("late", f.reordered),
            ("stray", f.strays),
            ("anew", f.restarts),
            ("jumps", f.timestamp_jumps),
            ("noise", f.comfort_noise_packets),
            ("spurts", f.talk_spurts - 1),
            ("silent", f.silent_ms as u64),
            ("digits", f.dtmf_events),
            ("digit-packets", f.dtmf_packets),
            ("changes", f.payload_types.changes),
        ];
        for (name, count) in counts.into_iter().filter(|&(_, count)| count != 0) {
            words += &format!(" {name} {count}");
        }
        words
    }

    fn check(story: &str, expected: &str) {
        assert_eq!(told(&figures(media(), &packets(story))), expected, "{story}");
    }

    #[test]
    fn sequences() {
        check("1", "1/1");
        check("1..9", "9/9");
        check("500..509", "10/10"); // what was before the capture is not lost
        check("1 2 4 5", "4/5 lost 1");
        check("1 2 4 3 5", "5/5 late 1");
        check("1 2 2 3", "4/3 again 1");
        check("1 2 4 3 3 5", "6/5 again 1 late 1");
        check("3 2 1 4", "4/4 late 2"); // overtaken at the very beginning
        check("65534 65535 65536 65537", "4/4");
        check("65536 65535 65537", "3/3 late 1"); // the first one seen is behind the turn
        check("1 2 1003 1004", "4/1004 lost 1000 bursty 1000");
        check("1..5 20000@110 6..9", "10/9 stray 1");
        check("1..5 20000..20009", "15/15 anew 1");
        check("1..5 20000 6..9", "10/9 stray 1"); // stamped minutes ahead, and back at once
        check("1..100 40@2020/6400 101..110", "111/110 again 1");
    }

    #[test]
    fn bursts() {
        check("1..20 22..40", "39/40 lost 1");
        check("1..20 22..40 42..60", "58/60 lost 2"); // nineteen packets between: two accidents
        check("1..20 22..30 32..60", "58/60 lost 2 bursty 2"); // nine between: a burst
        check("1..20 23..60", "58/60 lost 2 bursty 2");
        check("1..20 22..30 31 21 32..50", "50/50 late 1"); // it was only late
    }

    #[test]
    fn silence() {
        check("1..9 10@500/4000! 11@520/4160", "11/11 spurts 1 silent 300"); // no packet, no loss, until a marker
        check("1..9 10@360/2880 11@520/4160 12@540/4320", "12/12 spurts 1 silent 300");
        check("1..9 10:13 11@1200/9600! 12@1220/9760", "12/12 noise 1 spurts 1 silent 1000");
        check("1..9 10:19 11@600/4800:19 12@1200/9600!", "12/12 noise 2 spurts 1 silent 1000");
        check("1! 2! 3! 4!", "4/4"); // a marker alone is no silence
    }

    #[test]
    fn digits() {
        check("1..5 6/960:101! 7/960:101 8/960:101 9/960:101 10..15", "15/15 digits 1 digit-packets 4");
        check("1..5 6/960:101 7/960:101 8/1280:101 9/1280:101 10", "10/10 digits 2 digit-packets 4");
        check("1/0:101 2/0:101 3/480", "3/3 digits 1 digit-packets 2");
        check("1..5 6/960:101 8/960:101 7/960:101", "8/8 late 1 digits 1 digit-packets 3");
    }

    #[test]
    fn clocks_and_types() {
        check("1..5 6@120/900000 7@140/900160 8@160/900320", "8/8 jumps 1");
        check("1..5 6@60000/960 7@60020/1120", "7/7 jumps 1"); // the sender slept and so did its clock
        check("1..5 6:0 7:0 8:8 9", "9/9 changes 2");
        let story = figures(media(), &packets("1..5 6:0 7:0 8:0 9:96 10/1440:101 11..20"));
        let types: Vec<_> = story.payload_types.iter().collect();
        assert_eq!(types, [(8, 15), (0, 3), (96, 1), (101, 1)]);
        assert_eq!(story.payload_types.dominant(), Some(8));
    }

    #[test]
    fn packet_times_and_gaps() {
        let even = figures(media(), &packets("1..50"));
        assert_eq!((even.ptime_ms, even.jitter_ms), (Some(20.0), Some(0.0)));
        assert!((even.gap_max_ms - 20.0).abs() < 0.01);
        assert_eq!(even.octets, 50 * 160);
        let wider = figures(media(), &packets("1 2 3 4@100/800 5@140/1120 6@180/1440"));
        assert_eq!(wider.ptime_ms, Some(20.0), "three packets do not make it 40");
        let gap = figures(media(), &packets("1..5 6@900 7@900 8@900"));
        assert!((gap.gap_max_ms - 800.0).abs() < 0.01, "{}", gap.gap_max_ms);
    }

    #[test]
    fn a_sender_that_repeats_itself_is_not_silent() {
        let story = figures(media(), &packets("1..5 5@2000 5@4000 5@6000"));
        assert_eq!((story.last_at, story.duplicates), (packet("5@6000").0, 3));
    }

    #[test]
    fn an_unknown_clock_is_measured() {
        let unknown = Media { clock: Clock::UNKNOWN, codec: Codec::Unknown, ..media() };
        assert_eq!(figures(unknown, &packets("1..20")).jitter_ms, None);
        let measured = figures(unknown, &packets("1..70"));
        assert_eq!((measured.clock_rate, measured.ptime_ms), (Some(8_000), Some(20.0)));
    }

    #[test]
    fn loss_runs_tell_bursts_from_chance() {
        let chance = figures(media(), &packets("1..20 22..40 42..60"));
        assert_eq!(chance.burst_ratio(), 1.0);
        let burst = figures(media(), &packets("1..20 31..60"));
        assert!((burst.burst_ratio() - 10.0 * 50.0 / 60.0).abs() < 0.01);
    }

    /// RFC 3550 §A.1 and §A.3, as written there but for probation, and with every sequence number remembered.
    fn expected_and_lost(sequences: &[u64]) -> (u64, u64) {
        let (first, last) = (sequences.iter().min().unwrap(), sequences.iter().max().unwrap());
        let distinct: std::collections::BTreeSet<_> = sequences.iter().collect();
        (last - first + 1, last - first + 1 - distinct.len() as u64)
    }

    /// RFC 3550 §A.8 in exact arithmetic.
    fn jitter_ms(packets: &[(Nanos, Header)]) -> f64 {
        let mut jitter = 0.0;
        for pair in packets.windows(2) {
            let arrival = (pair[1].0.get() - pair[0].0.get()) as f64 / 1e6;
            let sent = f64::from(pair[1].1.timestamp.wrapping_sub(pair[0].1.timestamp).cast_signed()) / 8.0;
            jitter += ((arrival - sent).abs() - jitter) / 16.0;
        }
        jitter
    }

    proptest! {
        #[test]
        fn figures_agree_with_the_reference(
            first in 60_000_u64..66_000,
            steps in prop::collection::vec((prop_oneof![8 => Just(1_u64), 1 => 2_u64..20], 0_u64..3, 0_u64..30), 1..400),
            swaps in prop::collection::vec(0_usize..400, 0..20),
        ) {
            let mut sequence = first;
            let mut sequences = vec![first];
            for &(step, again, _) in &steps {
                sequence += step;
                sequences.push(sequence);
                if again == 2 {
                    sequences.push(sequence);
                }
            }
            for swap in swaps {
                if swap + 1 < sequences.len() {
                    sequences.swap(swap, swap + 1);
                }
            }
            let mut at = Nanos::new(1_000_000 * MS);
            let packets: Vec<_> = sequences.iter().zip(steps.iter().cycle()).map(|(&sequence, &(.., wait))| {
                at = Nanos::new(at.get() + wait * MS);
                (at, packet(&sequence.to_string()).1)
            }).collect();
            let figures = figures(media(), &packets);
            let (expected, lost) = expected_and_lost(&sequences);
            prop_assert_eq!(figures.expected, expected);
            prop_assert_eq!(figures.lost, lost);
            prop_assert_eq!(figures.packets, packets.len() as u64);
            prop_assert!(figures.lost_in_bursts <= lost);

            // Duplicates say nothing about the clock, so the reference does not see them.
            let mut seen = std::collections::BTreeSet::new();
            let fresh: Vec<_> = packets.into_iter().filter(|(_, header)| seen.insert(header.sequence)).collect();
            let reference = jitter_ms(&fresh);
            let ours = f64::from(figures.jitter_ms.unwrap());
            prop_assert!((ours - reference).abs() <= 1e-3 * reference.max(1.0), "{ours} {reference}");
        }

        #[test]
        fn no_packets_break_a_stream(
            packets in prop::collection::vec((any::<u64>(), any::<u32>(), any::<u16>(), any::<u16>(), 0_u8..128, any::<bool>()), 1..200),
        ) {
            let packets: Vec<_> = packets.into_iter().map(|(at, timestamp, sequence, payload_octets, payload_type, marker)| {
                (Nanos::new(at), Header { ssrc: 7, timestamp, sequence, payload_octets, payload_type, marker })
            }).collect();
            let figures = figures(media(), &packets);
            prop_assert_eq!(figures.packets, packets.len() as u64);
            prop_assert!(figures.lost <= figures.expected);
            let counted: u64 = figures.payload_types.iter().map(|(_, packets)| packets).sum();
            prop_assert_eq!(counted + figures.payload_types.others, figures.packets);
        }
    }
}
