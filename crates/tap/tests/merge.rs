//! Frames of several sources: in which order they go on, when, and how many wait.

#![cfg(test)]

use std::time::Duration;

use link::{Frame, Frames, LinkType};
use tap::{HELD_BYTES_MAX, HELD_FRAMES_MAX, Merge, PATIENCE, SourceId, tagged_too};
use types::Nanos;

const BOUND: Duration = Duration::from_millis(10);

/// So many milliseconds after some moment.
fn at(ms: u64) -> Nanos {
    Nanos::new((1_790_000_000_000 + ms) * 1_000_000)
}

/// Frames of these milliseconds, each of `length` bytes that say when it was.
fn frames(stamps: &[u64], length: usize) -> Frames {
    let mut frames = Frames::default();
    for &ms in stamps {
        let bytes = vec![ms as u8; length];
        frames.push(&Frame { at: at(ms), link: LinkType::RAW, bytes: &bytes, length: length as u32 });
    }
    frames
}

/// The bytes of the frames that go on at a moment, batch by batch.
fn gone(merge: &mut Merge, now: Nanos) -> Vec<Vec<u8>> {
    let mut batches = Vec::new();
    while let Some(batch) = merge.next_batch(now) {
        batches.push(batch.frames().map(|frame| frame.bytes[0]).collect());
    }
    while merge.empty().is_some() {}
    batches
}

#[test]
fn a_source_alone_is_handed_on_as_it_comes() {
    let mut merge = Merge::new(1, BOUND);
    merge.add(SourceId(0), at(100), frames(&[7, 3, 99], 1));
    merge.add(SourceId(0), at(100), frames(&[4], 1));
    merge.add(SourceId(9), at(100), frames(&[1], 1));
    assert_eq!(gone(&mut merge, at(0)), [vec![7, 3, 99], vec![4]]);
    assert_eq!(merge.wait(at(0)), None);
}

#[test]
fn several_go_on_in_the_order_of_time_once_nothing_earlier_can_come() {
    let mut merge = Merge::new(3, BOUND);
    merge.add(SourceId(0), at(100), frames(&[10, 30, 50], 1));
    merge.add(SourceId(2), at(100), frames(&[20, 40], 1));
    assert_eq!(gone(&mut merge, at(19)), Vec::<Vec<u8>>::new());
    assert_eq!(merge.wait(at(19)), Some(Duration::from_millis(1)));
    assert_eq!(gone(&mut merge, at(40)), [[10, 20, 30]]);
    merge.add(SourceId(1), at(100), frames(&[35], 1));
    assert_eq!(gone(&mut merge, at(59)), [[35, 40]]);
    assert_eq!(gone(&mut merge, Nanos::MAX), [[50]]);
    assert_eq!(merge.wait(at(0)), None);
}

/// A stamp from the future holds nobody up: its frame waits from its arrival on.
#[test]
fn no_frame_waits_longer_than_the_bound() {
    let mut merge = Merge::new(2, BOUND);
    merge.add(SourceId(0), at(5), frames(&[200], 1));
    merge.add(SourceId(1), at(6), frames(&[4], 1));
    assert_eq!(gone(&mut merge, at(15)), [[4, 200]]);
}

/// Sockets that share an interface: what one has not read yet may be earlier than what another has.
#[test]
fn who_says_how_far_he_has_read_is_waited_for() {
    let mut merge = Merge::new(3, BOUND);
    merge.progress(SourceId(1), Some(at(9)));
    merge.add(SourceId(0), at(100), frames(&[10, 30], 1));
    assert_eq!(gone(&mut merge, at(300)), Vec::<Vec<u8>>::new());
    assert_eq!(merge.wait(at(300)), Some(PATIENCE - Duration::from_millis(290)));
    merge.progress(SourceId(1), Some(at(20)));
    assert_eq!(gone(&mut merge, at(300)), [[10]]);
    merge.add(SourceId(1), at(301), frames(&[25], 1));
    assert_eq!(gone(&mut merge, at(301)), [[25]]);
    // Nobody is waited for for ever, nor who has gone.
    assert_eq!(gone(&mut merge, at(1_030)), [[30]]);
    merge.add(SourceId(0), at(2_000), frames(&[2_000], 1));
    merge.progress(SourceId(1), None);
    assert_eq!(gone(&mut merge, at(2_010)).len(), 1);
}

#[test]
fn what_waits_is_bounded_in_frames_and_in_bytes() {
    let mut merge = Merge::new(2, BOUND);
    let parcels = HELD_FRAMES_MAX / 200 + 2;
    (0..parcels).for_each(|_| merge.add(SourceId(0), at(5), frames(&[5; 200], 1)));
    let early: usize = gone(&mut merge, at(5)).iter().map(Vec::len).sum();
    assert_eq!(early, parcels * 200 - HELD_FRAMES_MAX);

    let mut merge = Merge::new(2, BOUND);
    let parcels = HELD_BYTES_MAX / (16 * 65_000) + 2;
    (0..parcels).for_each(|_| merge.add(SourceId(0), at(5), frames(&[5; 16], 65_000)));
    let early: usize = gone(&mut merge, at(5)).iter().map(Vec::len).sum();
    assert!(early > 0 && early <= 3 * 16, "{early} of {}", parcels * 16);
    assert_eq!(gone(&mut merge, Nanos::MAX).iter().map(Vec::len).sum::<usize>(), parcels * 16 - early);
}

#[test]
fn filters_let_tagged_packets_through() {
    assert_eq!(tagged_too("udp"), "(udp) or (vlan and (udp)) or (vlan and vlan and (udp))");
}
