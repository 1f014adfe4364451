//! What the fast path and the look for copies cost, in instructions: run under cachegrind with two numbers of rounds,
//! and divide the difference of the counts by 256 frames times the difference of the rounds.
//!
//! ```text
//! valgrind --tool=cachegrind --cache-sim=no --cachegrind-out-file=/dev/null target/release/examples/fast_path 100
//! ```
//!
//! A second argument, `read`, leaves the look for copies out; `decode` sends the frames through the decoder instead.

use std::hint::black_box;

use link::{Frame, LinkType};
use types::Nanos;
use wire::{Datagram, Decoder, FastPath, Stretch, Take, Taker, WireConfig};

/// Frames of one batch.
const FRAMES: usize = 256;

/// RTP with 160 bytes of G.711 in UDP, IPv4 and Ethernet, as 98 of 100 frames on a voice link are.
fn frame(number: u16) -> Vec<u8> {
    let mut frame = vec![2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 0x08, 0x00];
    frame.extend([0x45, 0, 0, 200, 0, 0, 0x40, 0, 64, 17, 0, 0, 192, 0, 2, 1, 198, 51, 100, 2]);
    frame.extend([0x40, 0, 0x42, 0, 0, 180, 0xab, 0xcd, 0x80, 0]);
    frame.extend(number.to_be_bytes());
    frame.extend([0; 8]);
    frame.extend([0x55; 160]);
    frame
}

/// Takes and forgets.
struct Nobody;

impl Taker for Nobody {
    fn datagram(&mut self, datagram: &Datagram<'_>) {
        black_box(datagram);
    }

    fn stretch(&mut self, _: &Stretch<'_>) -> Take {
        Take::Ignore
    }
}

fn main() {
    let mut arguments = std::env::args().skip(1);
    let rounds: u64 = arguments.next().and_then(|text| text.parse().ok()).unwrap_or(1);
    let mode = arguments.next().unwrap_or_default();
    let config = WireConfig::default();
    let (fast, mut decoder) = (FastPath::new(&config), Decoder::new(&config));
    let frames: Vec<_> = (0..FRAMES as u16).map(frame).collect();
    for round in 0..rounds {
        let at = Nanos::from_parts(1_700_000_000 + round, 0);
        match mode.as_str() {
            "read" => frames.iter().for_each(|frame| {
                black_box(&fast.quick(black_box(LinkType::ETHERNET), black_box(frame)));
            }),
            "decode" => frames.iter().for_each(|frame| {
                let frame = Frame { at, link: black_box(LinkType::ETHERNET), bytes: black_box(frame), length: 214 };
                decoder.decode(&frame, &mut Nobody);
            }),
            _ => frames.iter().for_each(|frame| {
                if let Some(quick) = fast.quick(black_box(LinkType::ETHERNET), black_box(frame)) {
                    black_box(quick.datagram(at, decoder.quick_copy(at, &quick)));
                }
            }),
        }
    }
    black_box(decoder.tally().frames);
}
