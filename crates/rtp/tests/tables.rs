//! The tables at their limits, and the search for streams nobody signalled.

#[cfg(test)]
mod tables {
    use rtp::{Found, Full, Header, Heuristic, HeuristicConfig, Media, StreamKey, Streams, StreamsConfig};
    use types::{Endpoint, Ip, Nanos};

    const SECOND: u64 = 1_000_000_000;

    fn key(ssrc: u32) -> StreamKey {
        let end = |last, port| Endpoint::new(Ip::v4([192, 0, 2, last]), port);
        StreamKey::new(end(1, 40_000), end(2, 50_000), ssrc)
    }

    fn header(ssrc: u32, sequence: u16) -> Header {
        Header {
            ssrc,
            timestamp: u32::from(sequence) * 160,
            sequence,
            payload_octets: 160,
            payload_type: 8,
            marker: false,
        }
    }

    fn table(streams_max: u32, seed: u64) -> Streams {
        Streams::new(StreamsConfig { streams_max, oddities_max: 2, seed })
    }

    #[test]
    fn keys_give_back_what_they_were_made_of() {
        let key = key(0xdead_beef);
        assert_eq!(key.source().to_string(), "192.0.2.1:40000");
        assert_eq!(key.destination().to_string(), "192.0.2.2:50000");
        assert_eq!(key.ssrc(), 0xdead_beef);
        assert_eq!(size_of::<StreamKey>(), 40);
    }

    #[test]
    fn the_longest_silent_goes_first() {
        let mut streams = table(3, 1);
        for ssrc in 1..=3 {
            let id = streams.open(&key(ssrc), ssrc, Media::default(), Nanos::ZERO).unwrap();
            streams.update(id, Nanos::ZERO, &header(ssrc, 1));
        }
        assert_eq!(streams.open(&key(4), 4, Media::default(), Nanos::ZERO), Err(Full));
        let first = streams.find(&key(1)).unwrap();
        assert_eq!(streams.open(&key(1), 9, Media::default(), Nanos::ZERO), Ok(first), "open already");
        streams.update(first, Nanos::new(10 * SECOND), &header(1, 2));
        assert_eq!(streams.longest_silent(), Some((streams.find(&key(2)).unwrap(), Nanos::ZERO)));
        let evicted = streams.evict().unwrap();
        assert_eq!((evicted.key, evicted.owner, evicted.figures.packets), (key(2), 2, 1));
        assert!(streams.open(&key(4), 4, Media::default(), Nanos::new(11 * SECOND)).is_ok());
        assert_eq!((streams.len(), streams.tally().evicted, streams.tally().opened), (3, 1, 4));
        let order: Vec<u32> = std::iter::from_fn(|| streams.evict()).map(|closed| closed.owner).collect();
        assert_eq!(order, [3, 1, 4]);
        assert!(streams.is_empty());
    }

    #[test]
    fn hints_never_lead_astray() {
        let mut streams = table(8, 2);
        assert_eq!(streams.at(&key(1)), None);
        let id = streams.open(&key(1), 1, Media::default(), Nanos::ZERO).unwrap();
        assert_eq!(streams.at(&key(1)), Some((id, 1)));
        streams.set_owner(id, 3);
        assert_eq!(streams.at(&key(1)), Some((id, 3)));
        streams.close(id).unwrap();
        assert_eq!(streams.at(&key(1)), None, "closed");
        let other = streams.open(&key(2), 2, Media::default(), Nanos::ZERO).unwrap();
        assert_eq!(other, id, "the place is used again");
        assert_eq!(streams.at(&key(1)), None);
        assert_eq!(streams.at(&key(2)), Some((other, 2)));
        // Ports and SSRC alike, so that all have one hint; and more streams than there were hints to begin with.
        let mut streams = table(3_000, 2);
        let from = |last: u16| Endpoint::new(Ip::v4([192, 0, (last >> 8) as u8, last as u8]), 4_000);
        let twin = |last| StreamKey::new(from(last), Endpoint::new(Ip::v4([198, 51, 100, 1]), 5_000), 7);
        let open = |number| streams.open(&twin(number), number.into(), Media::default(), Nanos::ZERO).unwrap();
        let ids: Vec<_> = (0..3_000).map(open).collect();
        for round in 0..2 {
            for (number, &id) in (0..3_000_u16).zip(&ids) {
                assert_eq!(streams.at(&twin(number)), Some((id, number.into())), "round {round}");
            }
        }
    }

    #[test]
    fn nothing_depends_on_the_seed() {
        let run = |seed| {
            let mut streams = table(50, seed);
            let mut ends = Vec::new();
            for step in 0..2_000_u32 {
                let ssrc = step * 7_919 % 101;
                let at = Nanos::new(u64::from(step) * SECOND / 10);
                let id = match streams.open(&key(ssrc), step, Media::of_static(8), at) {
                    Ok(id) => id,
                    Err(Full) => {
                        ends.push(streams.evict().unwrap());
                        streams.open(&key(ssrc), step, Media::of_static(8), at).unwrap()
                    }
                };
                streams.update(id, at, &header(ssrc, step as u16));
            }
            ends.extend(streams.ids().collect::<Vec<_>>().into_iter().filter_map(|id| streams.close(id)));
            ends
        };
        assert_eq!(run(1), run(0xfeed));
    }

    #[test]
    fn oddities_past_the_limit_are_counted_and_the_rest_still_holds() {
        let mut streams = table(8, 3);
        for ssrc in 1..=3 {
            let id = streams.open(&key(ssrc), 0, Media::of_static(8), Nanos::ZERO).unwrap();
            for sequence in [1, 2, 4, 3, 9_000, 9_001, 9_002] {
                streams.update(id, Nanos::new(u64::from(sequence) * SECOND / 50), &header(ssrc, sequence));
            }
        }
        let figures = |ssrc| streams.figures(streams.find(&key(ssrc)).unwrap()).unwrap();
        assert_eq!((figures(1).reordered, figures(1).restarts, figures(1).lost), (1, 1, 0));
        assert_eq!((figures(3).reordered, figures(3).restarts, figures(3).packets), (0, 0, 7));
        assert!(streams.tally().oddities_refused > 0);
    }

    /// Offers `SEQUENCE/TIMESTAMP` packets 20 ms apart; how many were offered when it became a stream.
    fn offered(payload_type: u8, octets: u16, story: &[(u16, u32)]) -> Option<(usize, Found)> {
        let mut heuristic = Heuristic::new(HeuristicConfig::default());
        story.iter().enumerate().find_map(|(i, &(sequence, timestamp))| {
            let header = Header { ssrc: 7, timestamp, sequence, payload_octets: octets, payload_type, marker: false };
            let at = Nanos::new(SECOND + i as u64 * SECOND / 50);
            Some((i + 1, heuristic.offer(&key(7), at, &header, &[0x80; 172])?))
        })
    }

    #[test]
    fn streams_are_found_by_how_packets_follow_one_another() {
        let even = |step: u32| (0..16_u16).map(|n| (n, u32::from(n) * step)).collect::<Vec<_>>();
        let count = |payload_type, octets, story: &[(u16, u32)]| offered(payload_type, octets, story).map(|(n, _)| n);
        assert_eq!(count(8, 160, &even(160)), Some(5));
        assert_eq!(count(111, 80, &even(960)), Some(6));
        assert_eq!(count(50, 80, &even(160)), Some(8), "a type without a name");
        assert_eq!(count(101, 4, &even(0)), Some(8), "the packets of a digit");
        assert_eq!(count(96, 1_000, &even(0)), Some(8), "the pieces of a picture");
        assert_eq!(count(96, 40, &even(0)), None, "a counter alone");
        assert_eq!(count(8, 160, &even(1)), None, "a clock of 50 Hz");
        assert_eq!(count(96, 160, &even(40_000)), None, "a clock of 2 MHz");
        let doubled: Vec<_> = even(160).into_iter().flat_map(|packet| [packet, packet]).collect();
        assert_eq!(count(8, 160, &doubled), Some(9));
        let random: Vec<_> = (0..64_u32).map(|n| n.wrapping_mul(2_654_435_761)).map(|n| (n as u16, n)).collect();
        assert_eq!(count(8, 160, &random), None);
        let thin: Vec<_> = [0, 3, 4, 9, 15, 16, 22, 25, 31, 40].map(|n: u16| (n, u32::from(n) * 80)).to_vec();
        assert_eq!(count(18, 10, &thin), Some(9), "most was lost, but the clock knows how much");
    }

    #[test]
    fn packets_before_the_proof_count() {
        let story: Vec<_> = (0..16_u16).map(|n| (n, u32::from(n) * 160)).collect();
        let (offered, found) = offered(8, 160, &story).unwrap();
        let mut streams = table(8, 0);
        let id = streams.open_found(&found, 0, Media::of_static(found.payload_type())).unwrap();
        let figures = streams.figures(id).unwrap();
        assert_eq!((figures.packets, figures.first_at), (offered as u64, Nanos::new(SECOND)));
    }

    #[test]
    fn signalling_may_come_after_the_media() {
        let mut heuristic = Heuristic::new(HeuristicConfig::default());
        assert!(heuristic.offer(&key(7), Nanos::ZERO, &header(7, 1), &[0x80; 172]).is_none());
        assert_eq!(heuristic.take(&key(7)).unwrap().packets().count(), 1);
        assert!(heuristic.take(&key(7)).is_none());
    }

    #[test]
    fn the_search_stays_within_its_limit() {
        let mut heuristic = Heuristic::new(HeuristicConfig { candidates_max: 16, seed: 5 });
        for ssrc in 0..1_000 {
            heuristic.offer(&key(ssrc), Nanos::ZERO, &header(ssrc, 1), &[0x80; 172]);
        }
        assert_eq!(heuristic.tally().evicted, 984);
        assert_eq!((0..1_000).filter(|&ssrc| heuristic.take(&key(ssrc)).is_some()).count(), 16);
    }
}
