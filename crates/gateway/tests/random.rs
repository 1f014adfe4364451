//! Whatever bytes come, reading ends, stays within its limits, and never panics.
#![cfg(test)]

use gateway::{Begin, DESCRIPTIONS_MAX, Step, Stream, TRANSPORTS_MAX};
use proptest::collection::vec;
use proptest::prelude::*;
use types::Ip;

/// Pieces of the four protocols, so that what is put together gets past the first line.
fn piece() -> impl Strategy<Value = Vec<u8>> {
    const PIECES: [&str; 28] = [
        "CRCX 1 gw MGCP 1.0\r\n",
        "200 1 OK\n",
        "I: 7c\n",
        ".\n",
        "\r\n",
        "v=0\r\n",
        "c=IN IP4 192.0.2.1\n",
        "m=audio 4000 RTP/AVP 0\n",
        "m=image 4002 udptl t38\n",
        "!/1 [192.0.2.1] ",
        "MEGACO/1 <mgc>\n",
        "T=1{",
        "L{",
        "R {",
        "}",
        "\\}",
        "; x\n",
        "RTSP/1.0 200 OK\r\n",
        "SETUP rtsp://a RTSP/1.0\r\n",
        "Content-Length: 9\r\n",
        "Transport: RTP/AVP;client_port=4000-4001;server_port=5000\r\n",
        "$\u{0}\u{0}\u{8}",
        "\u{3}\u{0}\u{0}\u{20}",
        "\u{4}\u{0}\u{0}\u{0}",
        "\u{0}\u{0}\u{0}\u{0}",
        "\u{22}\u{0}\u{0}\u{0}",
        "\u{14}\u{0}\u{0}\u{0}",
        "\u{28}\u{0}\u{0}\u{0}",
    ];
    prop_oneof![
        8 => prop::sample::select(&PIECES[..]).prop_map(|piece| piece.as_bytes().to_vec()),
        1 => vec(any::<u8>(), 0..16),
    ]
}

fn payload() -> impl Strategy<Value = Vec<u8>> {
    vec(piece(), 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn datagrams(payload in payload()) {
        let ip = Ip::v4([192, 0, 2, 1]);
        if let Some(control) = gateway::read(&payload) {
            let announced: Vec<_> = control.announcements(ip, ip).collect();
            prop_assert!(control.messages() > 0);
            prop_assert!(announced.len() <= DESCRIPTIONS_MAX * sip::sdp::MEDIA_MAX + TRANSPORTS_MAX);
            prop_assert!(announced.iter().all(|found| found.endpoint.port != 0 && !found.endpoint.ip.is_unspecified()));
            prop_assert!(announced.is_empty() || control.has_sdp());
        }
    }

    /// The pieces in which a stream arrives change nothing, and every step but the last gets on.
    #[test]
    fn streams(stream in payload(), piece in 1_usize..40, port in 1_999_u16..2_001) {
        let ports = [port, 50_000];
        prop_assert_eq!(messages(&stream, ports, piece), messages(&stream, ports, usize::MAX / 2));
    }
}

/// Lengths of the messages of a stream that arrives in pieces.
fn messages(stream: &[u8], ports: [u16; 2], piece: usize) -> Vec<usize> {
    let ip = Ip::v4([192, 0, 2, 1]);
    let (mut control, mut taken, mut had, mut lengths) = (None::<Stream>, 0, 0, Vec::new());
    loop {
        let (closed, bytes) = (had == stream.len(), &stream[taken..had]);
        let step = match &mut control {
            _ if bytes.is_empty() => Step::More,
            Some(control) => control.next(bytes, closed),
            None => match Stream::begin(bytes, ports) {
                Begin::Control(begun) => {
                    control = Some(begun);
                    continue;
                }
                Begin::More => Step::More,
                Begin::Other => Step::Lost,
            },
        };
        match step {
            Step::Message { control, length } => {
                assert!(0 < length && length <= bytes.len());
                let _ = control.announcements(ip, ip).count();
                lengths.push(length);
                taken += length;
            }
            Step::Skip { length } => {
                assert!(0 < length && length <= bytes.len());
                taken += length;
            }
            Step::More if closed => return lengths,
            Step::More => had = had.saturating_add(piece).min(stream.len()),
            Step::Lost => return lengths,
        }
    }
}
