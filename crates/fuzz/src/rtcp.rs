//! Datagrams of RTCP, one after another between a few ends, and what they add up to under another seed.

use rtp::rtcp::XrBlock;
use rtp::{Compound, Reports, ReportsConfig, Rtcp, StreamKey};
use types::{Endpoint, Ip, Losses, Nanos};

use crate::deck::Deck;

/// Datagrams of one story.
const DATAGRAMS_MAX: usize = 200;

pub fn check(bytes: &[u8]) {
    ask(bytes);
    let mut deck = Deck(bytes);
    let sources_max = 1 + u32::from(deck.u8() % 4);
    let table = |seed| Reports::new(ReportsConfig { sources_max, seed });
    let (mut reports, mut other) = (table(1), table(2));
    let mut at = Nanos::from_parts(1_700_000_000, 0);
    for _ in 0..DATAGRAMS_MAX {
        if deck.is_empty() {
            break;
        }
        let choice = deck.u8();
        let end = |low: u8| Endpoint::new(Ip::v4([192, 0, 2, low & 1]), 40_001);
        let (source, destination) = (end(choice), end(choice >> 1));
        at = Nanos::new(at.get().saturating_add(u64::from(deck.u16()) << (choice >> 2)));
        let datagram = deck.bytes(300);
        let Ok(compound) = Compound::parse(datagram) else { continue };
        reports.observe(at, source, destination, &compound);
        other.observe(at, source, destination, &compound);
        let key = StreamKey::new(source, destination, u32::from(deck.u8() & 3));
        let figures = reports.figures(&key);
        assert_eq!(figures, other.figures(&key), "under another seed");
        if let Some(figures) = figures {
            let finite = |ms: Option<f32>| ms.is_none_or(|ms| ms.is_finite() && ms >= 0.0);
            assert!(
                finite(figures.far_ms) && finite(figures.near_ms) && finite(figures.round_trip_ms()),
                "{figures:?}"
            );
            assert!((0.0..=1.0).contains(&figures.loss_share_max), "{figures:?}");
        }
        if choice > 250 {
            reports.forget(&key);
            other.forget(&key);
        }
    }
    assert_eq!(reports.tally(), other.tally());
    reports.tally().losses(&mut |_, _| {});
}

fn ask(bytes: &[u8]) {
    let Ok(compound) = Compound::parse(bytes) else { return };
    for packet in compound.packets() {
        match packet {
            Rtcp::SenderReport { blocks, .. } | Rtcp::ReceiverReport { blocks, .. } => {
                assert!(blocks.iter().all(|block| (-(1 << 23)..1 << 23).contains(&block.lost)));
            }
            Rtcp::Sdes(sdes) => assert!(sdes.canonical_names().all(|(_, name)| name.len() <= 255)),
            Rtcp::Bye { ssrcs } => assert!(ssrcs.iter().count() <= 31),
            Rtcp::Extended { blocks, .. } => {
                for block in blocks.iter() {
                    if let XrBlock::LastReceiverTimes(times) = block {
                        let _ = times.iter().count();
                    }
                }
            }
            Rtcp::App { .. } | Rtcp::Feedback { .. } | Rtcp::Other(_) => {}
        }
    }
}
