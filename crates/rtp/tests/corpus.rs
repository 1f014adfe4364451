//! Streams found without signalling in real captures, against what is known of them; skipped where the collection of
//! captures is absent.
//!
//! The truth is tshark's heuristic, which takes any datagram that could be RTP for RTP. Where a capture is plain RTP the
//! two must agree to the packet, but for the captures named in [`corpus::DIFFERENCES`].

#[cfg(test)]
mod corpus {
    use std::path::{Path, PathBuf};

    use etherparse::{LaxNetSlice, LaxSlicedPacket, TransportSlice};
    use rtp::{Header, Heuristic, HeuristicConfig, Kind, Media, StreamKey, Streams, StreamsConfig, demux};
    use types::{Endpoint, Ip, Nanos};

    /// Packets and streams found here, and why that is right.
    pub const DIFFERENCES: &[(&str, (u64, u64), &str)] = &[
        ("rtp/rtpproxy_DLT_NULL.a.rtp.pcap", (600, 3), "tshark does not know the address family in the link header"),
        ("rtp/rtpproxy_srtp1.o.rtp.pcap", (246, 1), "five packets are quotes in ICMP errors"),
    ];

    /// Where the captures are, if anywhere.
    fn root() -> Option<PathBuf> {
        let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus");
        let root = std::env::var_os("GREYLINE_CORPUS").map_or(beside, PathBuf::from);
        if !root.is_dir() {
            println!("skipped: the collection of captures is not here");
            return None;
        }
        Some(root)
    }

    /// Packets and streams among the plain UDP datagrams of a capture.
    fn listen(path: &Path) -> (u64, u64) {
        let mut streams = Streams::new(StreamsConfig::default());
        let mut heuristic = Heuristic::new(HeuristicConfig::default());
        let Ok(mut capture) = pcap::Capture::from_file(path) else { return (0, 0) };
        let header_length = match capture.get_datalink().0 {
            0 => Some(4),    // null
            113 => Some(16), // Linux cooked
            12 | 101 | 228 | 229 => Some(0),
            _ => None,
        };
        while let Ok(frame) = capture.next_packet() {
            let sliced = match header_length {
                Some(length) => LaxSlicedPacket::from_ip(frame.data.get(length..).unwrap_or_default()).ok(),
                None => LaxSlicedPacket::from_ethernet(frame.data).ok(),
            };
            let Some(sliced) = sliced else { continue };
            let (source, destination) = match &sliced.net {
                Some(LaxNetSlice::Ipv4(ip)) => (Ip::v4(ip.header().source()), Ip::v4(ip.header().destination())),
                Some(LaxNetSlice::Ipv6(ip)) => (Ip::v6(ip.header().source()), Ip::v6(ip.header().destination())),
                _ => continue,
            };
            let Some(TransportSlice::Udp(udp)) = &sliced.transport else { continue };
            let Some(header) = Header::read(udp.payload(), 0).filter(|_| demux(udp.payload()) == Kind::Rtp) else {
                continue;
            };
            let stamp = frame.header.ts;
            let at = Nanos::from_parts(stamp.tv_sec as u64, (stamp.tv_usec as u64).wrapping_mul(1_000));
            let source = Endpoint::new(source, udp.source_port());
            let key = StreamKey::new(source, Endpoint::new(destination, udp.destination_port()), header.ssrc);
            if let Some((id, _)) = streams.at(&key) {
                streams.update(id, at, &header);
            } else if let Some(found) = heuristic.offer(&key, at, &header, udp.payload()) {
                streams.open_found(&found, 0, Media::of_static(found.payload_type())).unwrap();
            }
        }
        let packets = streams.ids().map(|id| streams.figures(id).unwrap().packets).sum();
        (packets, streams.len() as u64)
    }

    /// Rows of the manifest in a folder: path, packets and streams of the heuristic.
    fn rows(root: &Path, folder: &str) -> Vec<(String, (u64, u64))> {
        let manifest = std::fs::read_to_string(root.join("manifest.tsv")).unwrap();
        let head: Vec<&str> = manifest.lines().next().unwrap().split('\t').collect();
        let column = |name: &str| head.iter().position(|&cell| cell == name).unwrap();
        let (packets, streams) = (column("rtp_packets_heuristic"), column("rtp_streams_heuristic"));
        let count = |text: &str| text.parse().unwrap_or(0);
        let row = |line: &str| {
            let cells: Vec<&str> = line.split('\t').collect();
            (cells[0].to_string(), (count(cells[packets]), count(cells[streams])))
        };
        manifest.lines().filter(|line| line.starts_with(folder)).map(row).collect()
    }

    #[test]
    fn nothing_is_found_where_there_is_no_voip() {
        let Some(root) = root() else { return };
        for (path, _) in rows(&root, "other-benign/") {
            assert_eq!(listen(&root.join(&path)), (0, 0), "{path}");
        }
    }

    #[test]
    fn plain_rtp_is_found_to_the_packet() {
        let Some(root) = root() else { return };
        for (path, truth) in rows(&root, "rtp/") {
            let known = DIFFERENCES.iter().find(|&&(other, ..)| other == path);
            assert_eq!(listen(&root.join(&path)), known.map_or(truth, |&(_, ours, _)| ours), "{path}");
        }
    }

    /// Calls of messaging apps are real RTP, encrypted; around them is much that only looks like it.
    #[test]
    fn calls_in_apps_are_found_and_what_surrounds_them_is_not() {
        let Some(root) = root() else { return };
        let (mut ours, mut truth, mut more) = (0, 0, Vec::new());
        for (path, told) in rows(&root, "ott/") {
            let found = listen(&root.join(&path));
            (ours, truth) = (ours + found.0, truth + told.0);
            if found.0 > told.0 {
                more.push(path);
            }
        }
        assert!(more.is_empty(), "more than tshark takes for RTP: {more:?}");
        assert!(ours * 100 >= truth * 90, "{ours} of {truth} packets");
    }
}
