//! Datagrams as they arrive: what they are taken for, what is read from them, and that no bytes break the readers.

#[cfg(test)]
mod forms {
    use std::path::{Path, PathBuf};

    use proptest::prelude::*;
    use rtp::rtcp::{Rtcp, XrBlock};
    use rtp::{Compound, Header, Heuristic, HeuristicConfig, Kind, Packet, Reports, ReportsConfig, StreamKey};
    use rtp::{Stun, channel_payload, demux, is_udptl};
    use types::{Endpoint, Ip, Nanos};

    /// Bytes from hexadecimal digits; `xNN` repeats the byte before to NN bytes in all of that run.
    fn bytes(text: &str) -> Vec<u8> {
        let mut all = Vec::new();
        for word in text.split_whitespace() {
            let (digits, times) = word.split_once('x').map_or((word, 1), |(digits, n)| (digits, n.parse().unwrap()));
            let pairs = digits.as_bytes().chunks(2).map(|pair| std::str::from_utf8(pair).unwrap());
            let run: Vec<u8> = pairs.map(|pair| u8::from_str_radix(pair, 16).unwrap()).collect();
            all.extend(run.repeat(times));
        }
        all
    }

    /// What may be kept of a packet holds nothing of what was said, whatever it says of itself.
    #[test]
    fn headers_end_where_speech_begins() {
        for (text, length) in [
            ("8000 0001 000000a0 00000007 55x160", 12),
            ("8200 0001 000000a0 00000007 00000008 00000009 55x160", 20),
            ("9000 0001 000000a0 00000007 bede 0001 10ff0000 55x160", 12), // an extension, which says how loud it is
            ("8f00 0001 000000a0 00000007 55x160", 72),
            ("8f00 0001 000000a0 00000007 55x40", 12), // a list that does not fit
            ("8000 0001 000000a0 000000", 0),
        ] {
            assert_eq!(rtp::header(&bytes(text)).len(), length, "{text}");
        }
    }

    #[test]
    fn stun_says_where_media_flows() {
        for (text, expected) in [
            // A check: a priority before the user name, which is padded.
            ("0001 0018 2112a442 00x12 0024 0004 6e7f00ff 0006 0009 42424242 3a414141 41 000000", "check AAAA>BBBB"),
            ("0001 0008 2112a442 00x12 0006 0004 42424242", "-"), // a name without a colon
            ("0001 0008 2112a442 00x12 0006 0009 42424242", "-"), // cut
            ("0101 0010 2112a442 00x12 0006 0009 42424242 3a414141 41 000000", "-"), // an answer
            ("0001 0008 aax16 0003 0004 00000000", "-"),          // RFC 3489
            // RFC 8656 §11: 192.0.2.7:30000 behind the mask of RFC 8489 §14.2.
            ("0016 0014 2112a442 00x12 0012 0008 0001 5422 e112a645 0013 0003 550001 00", "to 192.0.2.7:30000 3"),
            ("0017 0014 2112a442 00x12 0013 0003 550001 00 0012 0008 0001 5422 e112a645", "from 192.0.2.7:30000 3"),
            (
                "0016 0020 2112a442 01x12 0012 0014 0002 5422 0113a9fa 01x11 06 0013 0002 5501 0000",
                "to [2001:db8::7]:30000 2",
            ),
            ("0016 0014 2112a442 00x12 0012 0008 0003 5422 e112a645 0013 0003 550001 00", "-"),
            ("0016 000c 2112a442 00x12 0012 0008 0001 5422 e112a645", "-"),
        ] {
            let datagram = bytes(text);
            let read = match Stun::read(&datagram) {
                Some(Stun::Check { receiver, sender }) => {
                    format!("check {}>{}", String::from_utf8_lossy(sender), String::from_utf8_lossy(receiver))
                }
                Some(Stun::Relayed { peer, to_peer, payload }) => {
                    format!("{} {peer} {}", if to_peer { "to" } else { "from" }, payload.len())
                }
                None => "-".to_owned(),
            };
            assert_eq!(read, expected, "{text}");
        }
    }

    #[test]
    fn datagrams_are_sorted_by_their_first_bytes() {
        for (text, kind) in [
            ("8000 0001 000000a0 00000007 55x160", Kind::Rtp),
            ("8000 0001 000000a0 000000", Kind::Other),
            ("c000 0001 000000a0 00000007 55x160", Kind::Other),
            ("80c8 0006 00x24", Kind::Rtcp),
            ("81c9 0007 00x28", Kind::Rtcp),
            ("80c8 00ff 00x24", Kind::Other), // longer than it is
            ("80c0 0001 00000007", Kind::Rtcp),
            ("80c0 1234 00x32", Kind::Rtp),       // a marked packet of type 64
            ("81cd 0002 00x8 aax14", Kind::Rtcp), // SRTCP, reduced size
            ("0001 0000 2112a442 00x12", Kind::Stun),
            ("0001 0003 2112a442 00x12", Kind::Stun), // WhatsApp does not pad its attributes to words
            ("0001 0008 aax16 0003 0004 00000000", Kind::Stun), // RFC 3489
            ("0001 0008 aax16 0503 0004 00000000", Kind::Other),
            ("0001 0009 aax16 0003 0004 00000000", Kind::Other),
            ("0801 0000 2112a442 00x12", Kind::Other),
            ("1000 1234 5a525450 00x20", Kind::Zrtp),
            ("1000 1234 5a525451 00x20", Kind::Other),
            ("16feff 0000 000000000000 0004 01020304", Kind::Dtls),
            ("16fefd 0000 000000000000 0004 01020304", Kind::Dtls),
            ("160303 0000 000000000000 0004 01020304", Kind::Other),
            ("16fefd 0000 000000000000 0005 01020304", Kind::Other),
            ("4000 0004 01020304", Kind::TurnChannel),
            ("4000 0003 01020300", Kind::TurnChannel),
            ("4000 0009 01020304", Kind::Other),
            ("494e56495445207369703a", Kind::Other),
            ("", Kind::Other),
        ] {
            assert_eq!(demux(&bytes(text)), kind, "{text}");
        }
        assert_eq!(channel_payload(&bytes("4000 0003 01020300")), Some(&[1, 2, 3][..]));
    }

    #[test]
    fn headers_with_everything_in_them() {
        for (text, octets) in [
            ("8008 0001 000000a0 00000007 55x160", 160),
            ("8208 0001 000000a0 00000007 0000000100000002 55x160", 160),
            ("9008 0001 000000a0 00000007 bede0001 10200000 55x160", 160),
            ("a008 0001 000000a0 00000007 55x156 00000004", 156),
            ("b108 0001 000000a0 00000007 00000001 bede0001 10200000 55x156 00000004", 156),
            ("a008 0001 000000a0 00000007 55x159 ff", 160), // padding longer than the packet: SRTP's cipher text
            ("8f08 0001 000000a0 00000007 55x8", 8),        // cut by the capture
        ] {
            let header = Header::read(&bytes(text), 0).unwrap();
            assert_eq!(
                (header.payload_octets, header.payload_type, header.ssrc, header.timestamp),
                (octets, 8, 7, 160),
                "{text}"
            );
        }
        // The capture cut off the last 150 bytes; how much of them was padding they alone said.
        for (text, octets) in [
            ("8008 0001 000000a0 00000007 55x10", 160),
            ("8208 0001 000000a0 00000007 0000000100000002 55x10", 160),
            ("9008 0001 000000a0 00000007 bede0001 10200000 55x10", 160),
            ("a008 0001 000000a0 00000007 55x9 03", 160),
            ("a108 0001 000000a0 00000007 00000001 55x9 03", 160),
        ] {
            assert_eq!(Header::read(&bytes(text), 150).unwrap().payload_octets, octets, "{text}");
        }
        for text in ["4008 0001 000000a0 00000007 55", "8008 0001 000000a0 000000", ""] {
            assert_eq!(Header::read(&bytes(text), 0), None, "{text}");
        }
    }

    const A: Endpoint = Endpoint::new(Ip::v4([192, 0, 2, 1]), 40_001);
    const B: Endpoint = Endpoint::new(Ip::v4([192, 0, 2, 2]), 50_001);

    fn observe(reports: &mut Reports, ms: u64, from: Endpoint, to: Endpoint, text: &str) {
        let bytes = bytes(text);
        reports.observe(Nanos::new(ms * 1_000_000), from, to, &Compound::parse(&bytes).unwrap());
    }

    #[test]
    fn both_halves_of_a_round_trip_add_up() {
        let mut reports = Reports::new(ReportsConfig::default());
        // A's sender report passes; B answers it 40 ms later, having held it for 0x0666 / 65,536 s = 25 ms.
        observe(&mut reports, 1_000, A, B, "80c8 0006 0000000a 1111222233334444 00000000 00000064 00003e80");
        let answer = "81c9 0007 0000000b 0000000a 40 000005 00000064 00000010 22223333 00000666";
        observe(&mut reports, 1_040, B, A, answer);
        let stream = StreamKey::new(Endpoint::new(A.ip, 40_000), Endpoint::new(B.ip, 50_000), 10);
        let figures = reports.figures(&stream).unwrap();
        assert_eq!((figures.sender_reports, figures.reception_reports, figures.lost), (1, 1, Some(5)));
        assert_eq!((figures.sent_packets, figures.jitter_ticks, figures.loss_share_max), (Some(100), Some(16), 0.25));
        assert!((figures.far_ms.unwrap() - 15.0).abs() < 0.1, "{figures:?}");
        assert_eq!(figures.near_ms, None);
        // B sends too, and A answers at once after 3 ms.
        observe(&mut reports, 2_000, B, A, "80c8 0006 0000000b 5555666677778888 00000000 00000064 00003e80");
        observe(&mut reports, 2_003, A, B, "81c9 0007 0000000a 0000000b 00 ffffff 00000064 00000010 66667777 00000000");
        let figures = reports.figures(&stream).unwrap();
        assert!((figures.round_trip_ms().unwrap() - 18.0).abs() < 0.1, "{figures:?}");
        let back = StreamKey::new(stream.destination(), stream.source(), 11);
        assert_eq!(reports.figures(&back).unwrap().lost, Some(-1));
        reports.forget(&stream);
        assert_eq!(reports.figures(&stream), None);
    }

    #[test]
    fn names_byes_and_extended_reports() {
        let mut reports = Reports::new(ReportsConfig::default());
        let compound = "80c9 0001 0000000a 81ca 0003 0000000a 0103 616263 000000 81cb 0001 0000000a";
        observe(&mut reports, 5, A, B, compound);
        let voip = "80cf 000a 0000000b 07000008 0000000a 05060708 0064 00c8 0037 0014 c0b0 7f10 5d 7f 29 2a 0000 0028 0050 00a0";
        observe(&mut reports, 6, B, A, voip);
        let figures = reports.figures(&StreamKey::new(A, B, 10)).unwrap();
        assert_eq!(figures.bye_at, Some(Nanos::new(5_000_000)));
        assert!(figures.canonical_name.is_some());
        let heard = figures.voip.unwrap();
        assert_eq!((heard.loss, heard.discard, heard.burst_ms, heard.gap_ms), (5, 6, 100, 200));
        assert_eq!(
            (heard.r, heard.mos_listening, heard.mos_conversational, heard.buffer_ms),
            (Some(93), Some(41), Some(42), 40)
        );
        assert_eq!(figures.round_trip_ms(), Some(55.0));
    }

    #[test]
    fn encrypted_compounds_are_told_by_their_length() {
        for (text, protected) in [
            ("80c9 0001 0000000a", false),
            ("80c9 0001 0000000a aabbccdd 80000001 55x10", true),
            ("80c8 0006 0000000a 55x20 80000001 55x10", true),
            ("81cd 0003 0000000a 0000000b 00000000", false), // RFC 5506: feedback alone
        ] {
            let bytes = bytes(text);
            let compound = Compound::parse(&bytes).unwrap();
            assert_eq!(compound.is_protected(), protected, "{text}");
            assert_eq!(compound.packets().count(), usize::from(!protected), "{text}");
        }
    }

    #[test]
    fn the_report_table_stays_within_its_limit() {
        let mut reports = Reports::new(ReportsConfig { sources_max: 16, seed: 1 });
        for ssrc in 0_u32..1_000 {
            observe(
                &mut reports,
                1,
                A,
                B,
                &format!("80c8 0006 {ssrc:08x} 1111222233334444 00000000 00000064 00003e80"),
            );
        }
        let left = (0..1_000).filter(|&ssrc| reports.figures(&StreamKey::new(A, B, ssrc)).is_some()).count();
        assert_eq!((left, reports.tally().evicted), (16, 984));
    }

    /// Everything that reads bytes, on any bytes.
    fn read_all(bytes: &[u8]) {
        let _ = (demux(bytes), channel_payload(bytes), is_udptl(bytes));
        if let Ok(packet) = Packet::parse(bytes) {
            let _ = (packet.csrc().count(), packet.extension(), packet.payload(), packet.padding());
        }
        if let Some(header) = Header::read(bytes, 0) {
            let mut heuristic = Heuristic::new(HeuristicConfig { candidates_max: 2, seed: 0 });
            let key = StreamKey::new(A, B, header.ssrc);
            let _ = heuristic.offer(&key, Nanos::ZERO, &header, bytes);
            let _ = heuristic.offer(&key, Nanos::ZERO, &header, bytes);
        }
        let Ok(compound) = Compound::parse(bytes) else { return };
        for packet in compound.packets() {
            match packet {
                Rtcp::SenderReport { blocks, .. } | Rtcp::ReceiverReport { blocks, .. } => drop(blocks.iter().count()),
                Rtcp::Sdes(sdes) => drop(sdes.canonical_names().count()),
                Rtcp::Bye { ssrcs } => drop(ssrcs.iter().count()),
                Rtcp::Extended { blocks, .. } => blocks.iter().for_each(|block| {
                    if let XrBlock::LastReceiverTimes(times) = block {
                        let _ = times.iter().count();
                    }
                }),
                _ => {}
            }
        }
        Reports::new(ReportsConfig { sources_max: 4, seed: 0 }).observe(Nanos::ZERO, A, B, &compound);
    }

    #[test]
    fn seeds_that_broke_others() {
        let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus");
        let root = std::env::var_os("GREYLINE_CORPUS").map_or(beside, PathBuf::from);
        for folder in ["rtp", "rtcp"] {
            let Ok(seeds) = std::fs::read_dir(root.join("fuzz-seeds").join(folder)) else {
                println!("skipped: the collection of captures is not here");
                return;
            };
            for seed in seeds {
                read_all(&std::fs::read(seed.unwrap().path()).unwrap());
            }
        }
    }

    proptest! {
        #[test]
        fn no_bytes_break_the_readers(first in 0_u8..=255, second in 0_u8..=255, rest in prop::collection::vec(any::<u8>(), 0..120)) {
            let mut bytes = vec![first, second];
            bytes.extend(rest);
            read_all(&bytes);
        }

        #[test]
        fn no_compound_breaks_the_readers(packets in prop::collection::vec((0x80_u8..0xc0, 200_u8..208, prop::collection::vec(any::<u8>(), 0..60)), 1..6)) {
            let mut bytes = Vec::new();
            for (flags, kind, mut contents) in packets {
                contents.resize(contents.len() / 4 * 4, 0);
                bytes.extend([flags, kind, 0, (contents.len() / 4) as u8]);
                bytes.extend(contents);
            }
            prop_assert!(!Compound::parse(&bytes).unwrap().is_protected());
            read_all(&bytes);
        }

        /// What another implementation writes we read; the sign of the cumulative loss it does not know.
        #[test]
        fn reports_read_as_others_wrote_them(
            ssrc in any::<u32>(),
            sent in any::<(u64, u32, u32, u32)>(),
            blocks in prop::collection::vec(any::<(u32, u8, u32, u32, u32, u32, u32)>(), 0..31),
            bye in any::<bool>(),
        ) {
            use rtcp_types::prelude::*;
            let mut report = rtcp_types::SenderReport::builder(ssrc)
                .ntp_timestamp(sent.0).rtp_timestamp(sent.1).packet_count(sent.2).octet_count(sent.3);
            for &(ssrc, fraction, lost, highest, jitter, last, delay) in &blocks {
                report = report.add_report_block(rtcp_types::ReportBlock::builder(ssrc)
                    .fraction_lost(fraction).cumulative_lost(lost >> 8).extended_sequence_number(highest)
                    .interarrival_jitter(jitter).last_sender_report_timestamp(last).delay_since_last_sender_report_timestamp(delay));
            }
            let mut compound = rtcp_types::Compound::builder().add_packet(report);
            if bye {
                compound = compound.add_packet(rtcp_types::Bye::builder().add_source(ssrc));
            }
            let mut bytes = vec![0; 1_500];
            let length = compound.write_into(&mut bytes).unwrap();
            bytes.truncate(length);
            prop_assert_eq!(demux(&bytes), Kind::Rtcp);
            let read = Compound::parse(&bytes).unwrap();
            prop_assert_eq!(read.packets().count(), 1 + usize::from(bye));
            let Some(Rtcp::SenderReport { ssrc: from, sent: ours, blocks: read_blocks }) = read.packets().next() else {
                return Err(TestCaseError::fail("no sender report"));
            };
            prop_assert_eq!((from, ours.ntp, ours.timestamp, ours.packets, ours.octets), (ssrc, sent.0, sent.1, sent.2, sent.3));
            let words: Vec<_> = read_blocks.iter()
                .map(|b| (b.ssrc, b.fraction_lost, b.lost as u32 & 0xff_ffff, b.highest, b.jitter, b.last_sender_report, b.delay))
                .collect();
            let written: Vec<_> = blocks.iter().map(|b| (b.0, b.1, b.2 >> 8, b.3, b.4, b.5, b.6)).collect();
            prop_assert_eq!(words, written);
        }

        #[test]
        fn the_short_way_to_a_header_agrees_with_the_whole(first in 0x80_u8..0xc0, rest in prop::collection::vec(any::<u8>(), 11..200)) {
            let mut bytes = vec![first];
            bytes.extend(rest);
            let header = Header::read(&bytes, 0).unwrap();
            match Packet::parse(&bytes) {
                Ok(packet) => prop_assert_eq!(header, packet.header()),
                Err(_) => prop_assert_eq!(usize::from(header.payload_octets), bytes.len() - 12),
            }
        }
    }
}
