//! The table of streams and the search for unsignalled ones, told stories of a few keys under limits of a few streams. A
//! model of the table, a plain map, must agree with it.

use std::collections::BTreeMap;

use rtp::{
    Clock, Codec, Figures, Found, Header, Heuristic, HeuristicConfig, Media, PayloadMap, StreamId, StreamKey, Streams,
    StreamsConfig, emodel,
};
use types::{Endpoint, Ip, Losses, Nanos};

use crate::deck::Deck;

/// Turns of one story.
const TURNS_MAX: usize = 2_000;

struct Model {
    id: StreamId,
    owner: u32,
    packets: u64,
}

pub fn check(bytes: &[u8]) {
    let mut deck = Deck(bytes);
    let streams_max = 1 + u32::from(deck.u8() % 4);
    let (mut streams, mut other) = (table(streams_max, 1), table(streams_max, 2));
    let candidates = 1 + u32::from(deck.u8() % 4);
    let mut heuristic = Heuristic::new(HeuristicConfig { candidates_max: candidates, seed: 3 });
    let mut model: BTreeMap<StreamKey, Model> = BTreeMap::new();
    let mut opened = 0;
    let (mut at, mut header) = (Nanos::from_parts(1_700_000_000, 0), Header::read(&[0x80; 172], 0).unwrap());
    for turn in 0..TURNS_MAX {
        if deck.is_empty() {
            break;
        }
        let key = key(&mut deck);
        match deck.below(12) {
            0 => {
                let media = media(&mut deck);
                let owner = turn as u32;
                let known = model.contains_key(&key);
                match streams.open(&key, owner, media, at) {
                    Ok(id) if !known => {
                        opened += 1;
                        model.insert(key, Model { id, owner, packets: 0 });
                    }
                    Ok(id) => assert_eq!(model[&key].id, id),
                    Err(rtp::Full) => assert!(!known && model.len() == streams_max as usize),
                }
                let _ = other.open(&key, owner, media, at);
            }
            1..=6 => {
                let times = deck.of(&[1, 1, 1, 2, 5, 20]);
                for _ in 0..times {
                    next(&mut deck, &mut at, &mut header);
                    header.ssrc = key.ssrc();
                    let found = streams.at(&key);
                    assert_eq!(found, model.get(&key).map(|model| (model.id, model.owner)));
                    assert_eq!(found.map(|(id, _)| id), streams.find(&key));
                    if let Some((id, _)) = found {
                        streams.update(id, at, &header);
                        model.get_mut(&key).unwrap().packets += 1;
                        let also = other.find(&key).expect("the same streams under another seed");
                        other.update(also, at, &header);
                    }
                }
            }
            7 => {
                if let Some(gone) = model.remove(&key) {
                    let closed = streams.close(gone.id).expect("a stream that is open");
                    assert_eq!((closed.key, closed.owner), (key, gone.owner));
                    assert_eq!(closed.figures.packets, gone.packets);
                    plausible(&closed.figures);
                    assert_eq!(streams.close(gone.id), None, "closed twice");
                    assert_eq!(other.close(other.find(&key).unwrap()).map(|also| also.figures), Some(closed.figures));
                } else {
                    assert_eq!(streams.find(&key), None);
                }
            }
            8 => {
                let longest = streams.longest_silent();
                let evicted = streams.evict();
                assert_eq!(longest.map(|(id, _)| id), evicted.as_ref().and_then(|gone| Some(model.get(&gone.key)?.id)));
                assert_eq!(other.evict(), evicted);
                if let Some(evicted) = evicted {
                    plausible(&evicted.figures);
                    model.remove(&evicted.key);
                }
                assert_eq!(streams.len(), model.len());
            }
            9 => {
                if let Some(known) = model.get_mut(&key) {
                    known.owner = deck.u32();
                    streams.set_owner(known.id, known.owner);
                    let media = media(&mut deck);
                    streams.set_media(known.id, media);
                    other.set_owner(other.find(&key).unwrap(), known.owner);
                    other.set_media(other.find(&key).unwrap(), media);
                    assert_eq!(streams.owner(known.id), Some(known.owner));
                }
            }
            10 => {
                next(&mut deck, &mut at, &mut header);
                header.ssrc = key.ssrc();
                if let Some(found) = heuristic.offer(&key, at, &header, &packet(&header)) {
                    is_found(&found, &key);
                    if let Ok(id) = streams.open_found(&found, 7, Media::of_static(found.payload_type())) {
                        let packets = found.packets().count() as u64;
                        opened += u64::from(!model.contains_key(&key));
                        let entry = model.entry(key).or_insert(Model { id, owner: 7, packets: 0 });
                        entry.packets += packets;
                    }
                    let _ = other.open_found(&found, 7, Media::of_static(found.payload_type()));
                }
            }
            _ => {
                if let Some(found) = heuristic.take(&key) {
                    is_found(&found, &key);
                }
            }
        }
        assert!(streams.len() == model.len() && streams.len() <= streams_max as usize);
    }
    assert_eq!(streams.ids().count(), streams.len());
    for (key, known) in &model {
        let figures = streams.figures(known.id).expect("a stream that is open");
        assert_eq!((streams.key(known.id), streams.owner(known.id)), (Some(*key), Some(known.owner)));
        assert_eq!(figures.packets, known.packets, "{figures:?}");
        plausible(&figures);
    }
    let tally = streams.tally();
    assert_eq!(tally.opened, opened);
    assert_eq!(tally, other.tally(), "under another seed");
    tally.losses(&mut |_, _| {});
    heuristic.tally().losses(&mut |_, _| {});
}

fn table(streams_max: u32, seed: u64) -> Streams {
    Streams::new(StreamsConfig { streams_max, oddities_max: 2, seed })
}

fn is_found(found: &Found, key: &StreamKey) {
    let packets: Vec<_> = found.packets().collect();
    assert!((1..=16).contains(&packets.len()));
    assert_eq!((found.key(), found.first_at()), (key, packets[0].0));
    assert!(packets.iter().all(|(_, header)| header.ssrc == key.ssrc()));
}

fn key(deck: &mut Deck<'_>) -> StreamKey {
    let choice = deck.u8();
    let endpoint = |choice: u8| Endpoint::new(Ip::v4([192, 0, 2, 1]), 40_000 + u16::from(choice & 1));
    StreamKey::new(endpoint(choice), endpoint(choice >> 1), u32::from(choice >> 2 & 3))
}

fn media(deck: &mut Deck<'_>) -> Media {
    let mut map = PayloadMap::default();
    for _ in 0..deck.below(4) {
        let codec =
            deck.of(&[Codec::Pcmu, Codec::Opus, Codec::TelephoneEvent, Codec::ComfortNoise, Codec::G729, Codec::Other]);
        let rate = deck.of(&[8_000, 16_000, 48_000, 90_000, 0, 1, u32::MAX]);
        let _ = map.add(deck.u8() & 127, codec, rate);
    }
    assert!(Clock::of_rate(8_000).rate().is_some());
    map.media(deck.u8() & 127)
}

/// The next packet: mostly in step, sometimes far off.
fn next(deck: &mut Deck<'_>, at: &mut Nanos, header: &mut Header) {
    let choice = deck.u8();
    let later = match choice & 7 {
        0..=3 => 20_000_000,
        4 => 0,
        5 => 20_000_000 + u64::from(deck.u8()) * 100_000,
        6 => u64::from(deck.u32()) << (deck.u8() % 36),
        _ => {
            *at = Nanos::new(at.get().saturating_sub(u64::from(deck.u32()) << (deck.u8() % 36)));
            0
        }
    };
    *at = Nanos::new(at.get().saturating_add(later));
    header.sequence = match choice >> 3 & 7 {
        0..=4 => header.sequence.wrapping_add(1),
        5 => header.sequence,
        6 => header.sequence.wrapping_add(u16::from(deck.u8())).wrapping_sub(64),
        _ => deck.u16(),
    };
    header.timestamp = match choice >> 6 {
        0 | 1 => header.timestamp.wrapping_add(160),
        2 => header.timestamp.wrapping_add(deck.u32() >> (deck.u8() % 32)),
        _ => header.timestamp,
    };
    if deck.one_in(8) {
        header.payload_type = deck.of(&[0, 8, 13, 18, 96, 97, 101, 127]);
        header.marker = deck.one_in(2);
        header.payload_octets = deck.of(&[160, 0, 4, 20, u16::MAX]);
    }
}

fn packet(header: &Header) -> Vec<u8> {
    let mut bytes = vec![0x80, header.payload_type];
    bytes.extend(header.sequence.to_be_bytes());
    bytes.extend(header.timestamp.to_be_bytes());
    bytes.extend(header.ssrc.to_be_bytes());
    bytes.resize(12 + usize::from(header.payload_octets.min(200)), 0x55);
    bytes
}

/// Figures that may be printed: shares are shares, and nothing is infinite.
pub fn plausible(figures: &Figures) {
    let share = 0.0..=1.0;
    assert!(figures.lost <= figures.expected && figures.lost_in_bursts <= figures.lost, "{figures:?}");
    assert!(figures.loss_runs <= figures.lost, "{figures:?}");
    assert!(figures.expected <= figures.packets + figures.lost, "{figures:?}");
    assert!(figures.duplicates + figures.strays <= figures.packets, "{figures:?}");
    assert!(figures.dtmf_packets <= figures.packets && figures.dtmf_events <= figures.dtmf_packets, "{figures:?}");
    assert!(figures.comfort_noise_packets <= figures.packets, "{figures:?}");
    assert!(share.contains(&figures.loss_share()) && share.contains(&figures.burst_share()), "{figures:?}");
    assert!(share.contains(&figures.silent_share()) && figures.burst_ratio() >= 1.0, "{figures:?}");
    assert!(figures.jitter_ms.is_none_or(|ms| ms.is_finite() && ms >= 0.0), "{figures:?}");
    assert!(figures.gap_max_ms.is_finite() && figures.gap_max_ms >= 0.0, "{figures:?}");
    assert!(figures.silent_ms.is_finite() && figures.silent_ms >= 0.0, "{figures:?}");
    assert!(figures.ptime_ms.is_none_or(|ms| ms.is_finite() && ms >= 0.0), "{figures:?}");
    let typed: u64 = figures.payload_types.iter().map(|(_, packets)| packets).sum();
    assert_eq!(typed + figures.payload_types.others, figures.packets, "{figures:?}");
    for rtt_ms in [None, Some(0.0), Some(250.0), Some(65_535.0)] {
        let Some(score) = emodel::score(figures, rtt_ms) else { continue };
        assert!((1.0..=4.5).contains(&score.mos) && (0.0..=130.0).contains(&score.r), "{score:?} {figures:?}");
    }
}
