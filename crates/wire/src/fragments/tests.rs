//! Stories of fragments, and what no sequence of fragments can do.

use proptest::prelude::*;

use super::*;

/// Byte `at` of the datagram `id`, or of what somebody else says it is.
fn byte(id: u32, at: u32, forged: bool) -> u8 {
    (at.wrapping_mul(7).wrapping_add(at >> 8).wrapping_add(id) as u8) ^ u8::from(forged)
}

fn limits(datagrams_max: usize, fragments_max: usize) -> WireConfig {
    let fragments = FragmentConfig { datagrams_max, fragments_max, bytes_max: 0, ..FragmentConfig::default() };
    WireConfig { fragments, ..WireConfig::default() }
}

/// A fragment as `[id:]from-to`, then `>` if others follow, `!` if its bytes are forged, `~` if the capture cut it.
/// `@seconds` moves the clock, `v6` and `v4` change the addresses.
struct Story {
    now: Nanos,
    version: (Ip, Ip),
    fragments: Fragments,
}

impl Story {
    fn new(config: &WireConfig) -> Self {
        let version = (Ip::v4([192, 0, 2, 1]), Ip::v4([192, 0, 2, 2]));
        Self { now: Nanos::from_parts(1_000, 0), version, fragments: Fragments::new(config) }
    }

    fn tell(&mut self, word: &str) -> Option<String> {
        if let Some(seconds) = word.strip_prefix('@') {
            self.now = Nanos::from_parts(1_000 + seconds.parse::<u64>().unwrap(), 0);
            self.fragments.on_time(self.now);
            return None;
        }
        if word == "v6" {
            let ip = |last| Ip::v6([0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, last]);
            self.version = (ip(1), ip(2));
            return None;
        }
        let (id, range) = word.split_once(':').unwrap_or(("1", word));
        let digits = |c: char| c.is_ascii_digit() || c == '-';
        let (from, to) = range.trim_end_matches(|c| !digits(c)).split_once('-').unwrap();
        let marks = range.trim_start_matches(digits);
        let (id, from, to) = (id.parse::<u32>().unwrap(), from.parse::<u32>().unwrap(), to.parse::<u32>().unwrap());
        let payload: Vec<u8> = (from..to).map(|at| byte(id, at, marks.contains('!'))).collect();
        let fragment = Fragment {
            at: self.now,
            source: self.version.0,
            destination: self.version.1,
            id,
            protocol: if from == 0 { 17 } else { 17 * u8::from(self.version.0.is_v4()) },
            offset: from,
            more: marks.contains('>'),
            payload: &payload,
            cut: marks.contains('~'),
        };
        Some(match self.fragments.on_fragment(&fragment) {
            Reassembly::Held => "-".to_owned(),
            Reassembly::Refused => "x".to_owned(),
            Reassembly::Whole(Whole { bytes, protocol, cut, .. }) => {
                assert_eq!(protocol, 17);
                let good = bytes.iter().enumerate().all(|(at, b)| *b == byte(id, at as u32, false));
                let told = format!("{}{}{}", bytes.len(), if cut { "~" } else { "" }, if good { "" } else { "!" });
                self.fragments.reuse(bytes);
                told
            }
        })
    }

    fn losses(&self) -> String {
        let mut lost = String::new();
        self.fragments.tally().losses(&mut |name, count| {
            if count > 0 {
                lost += &format!("{} {count} ", name.strip_prefix("fragment_").unwrap());
            }
        });
        lost.trim_end().to_owned()
    }
}

fn check_within(config: &WireConfig, story: &str, told: &str, lost: &str) {
    let mut teller = Story::new(config);
    let heard: Vec<String> = story.split_whitespace().filter_map(|word| teller.tell(word)).collect();
    assert_eq!(heard.join(" "), told, "{story}");
    assert_eq!(teller.losses(), lost, "{story}");
}

fn check(story: &str, told: &str, lost: &str) {
    check_within(&WireConfig::default(), story, told, lost);
}

#[test]
fn fragments_become_datagrams() {
    check("0-16> 16-20", "- 20", "");
    check("16-20 0-16>", "- 20", "");
    check("8-16> 24-30 0-8> 16-24>", "- - - 30", "");
    check("0-8> 2:0-8> 2:8-9 8-10", "- - 9 10", "");
    check("v6 16-20 0-16>", "- 20", ""); // Its second fragment names another protocol.
    check("v6 0-8> 0-16 8-9", "- 16 9", ""); // Atomic: RFC 6946.
    check("0-8> @29 8-9", "- 9", "");
    check("0-8> 8-9 0-8> 8-9", "- 9 - 9", ""); // The identification comes round.
    check("65528-65535", "-", "");
    check("0-32768> 32768-65528> 65528-65535", "- - 65535", "");
}

#[test]
fn a_fragment_that_comes_twice_is_one() {
    check("0-16> 0-16> 16-20", "- - 20", "");
    check("16-20 16-20 0-16>", "- - 20", "");
}

#[test]
fn fragments_that_no_other_can_mend_are_dropped_alone() {
    check("0-8> 8-8> 8-8 8-9", "- x x 9", "empty 2");
    check("0-8> 8-15> 8-9", "- x 9", "misaligned 1");
    check("0-8> 65528-65536 8-9", "- x 9", "oversized 1");
}

#[test]
fn overlapping_fragments_spoil_their_datagram() {
    check("0-16> 8-24> 24-30 16-20", "- x x x", "overlapping 4");
    check("8-24> 0-16> 24-30", "- x x", "overlapping 3");
    check("0-16> 0-16>! 16-20", "- x x", "overlapping 3");
    check("0-16> 0-8> 16-20", "- x x", "overlapping 3");
    check("0-8> 0-16> 16-20", "- x x", "overlapping 3");
    check("0-16> 8-24> @30 0-16> 16-20", "- x - 20", "overlapping 2"); // Forgiven with age.
}

#[test]
fn one_end_only() {
    check("16-24 32-40> 0-16>", "- x x", "contradicting 3");
    check("32-40> 16-24 0-16>", "- x x", "contradicting 3");
    check("16-24 24-32 0-16>", "- x x", "contradicting 3");
    check("16-24> 16-24 0-16>", "- x x", "overlapping 3"); // The same bytes, but only one says that it is the last.
}

#[test]
fn the_capture_may_cut_fragments() {
    check("0-7>~ 16-20", "7~ x", "cut 1");
    check("16-20 0-7>~", "- 7~", "cut 1");
    check("0-16> 16-19~", "- 19~", "");
    check("0-16> 16-16~ 16-20", "- 16~ x", "cut 2");
    check("16-19~ 0-16>", "- 19~", "");
    check("0-0>~ 16-20", "0~ x", "cut 1");
    check("16-20~ 24-32 0-16>", "- x 20~", "cut 1");
}

#[test]
fn memory_is_as_documented() {
    assert!(size_of::<Pending>() + size_of::<Key>() + 16 <= 200, "{}", size_of::<Pending>());
}

#[test]
fn age_and_room_are_limited() {
    check("0-8> @30 8-9", "- -", "expired 1");
    check("0-8> 2:0-8> @20 3:0-8> @31 3:8-9", "- - - 9", "expired 2");
    check("@100 0-8> @50 8-9", "- -", "expired 1"); // The next file began earlier.
    check_within(&limits(2, 9), "1:0-8> 2:0-8> 3:0-8> 1:8-9 3:8-9", "- - - - 9", "evicted 2");
    check_within(&limits(9, 2), "0-8> 8-16> 16-24> 24-25", "- - x x", "crowded 4");
    // 256 KiB hold four of 60 KB: the fifth pushes the first out.
    let story = "1:0-60000> 2:0-60000> 3:0-60000> 4:0-60000> 5:0-60000> 1:60000-60001 5:60000-60001";
    check_within(&limits(9, 9), story, "- - - - - - 60001", "evicted 1");
}

/// Anything at all, on few enough identifications that it collides.
fn any_fragment() -> impl Strategy<Value = (u32, u32, usize, bool, bool, u8)> {
    let offset = prop_oneof![(0_u32..6).prop_map(|n| n * 8), (0_u32..8192).prop_map(|n| n * 8)];
    let length = prop_oneof![(0_usize..6).prop_map(|n| n * 8), 0_usize..70_000];
    (0_u32..6, offset, length, any::<bool>(), prop::bool::weighted(0.1), any::<u8>())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// However a datagram is split, shuffled and repeated, it comes out once and as it was.
    #[test]
    fn any_order_gives_the_same_bytes(
        length in 17_u32..3_000,
        unit in 1_u32..40,
        order in prop::collection::vec(any::<prop::sample::Index>(), 0..40),
        swaps in prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>()), 0..80),
    ) {
        let step = (unit * 8).min((length - 1) / 8 * 8);
        let mut words: Vec<String> = (0..length.div_ceil(step))
            .map(|n| (n * step, length.min((n + 1) * step)))
            .map(|(from, to)| format!("{from}-{to}{}", if to < length { ">" } else { "" }))
            .collect();
        for (a, b) in swaps {
            let (a, b) = (a.index(words.len()), b.index(words.len()));
            words.swap(a, b);
        }
        let count = words.len();
        // Copies come before the piece that completes the whole, as those behind it would begin another.
        for at in order {
            let copy = words[at.index(count - 1)].clone();
            words.insert(count - 1, copy);
        }
        let mut teller = Story::new(&WireConfig::default());
        let heard: Vec<String> = words.iter().filter_map(|word| teller.tell(word)).collect();
        let (last, before) = heard.split_last().unwrap();
        prop_assert_eq!(last, &length.to_string());
        prop_assert!(before.iter().all(|told| told == "-"));
        let tally = teller.fragments.tally();
        prop_assert_eq!(tally.fragments, tally.used + tally.repeated);
        prop_assert_eq!((teller.fragments.pending.len(), teller.fragments.store.budget.lent()), (0, 0));
    }

    /// Every fragment is used, repeated, lost by name or held, and what is held stays within the limits.
    #[test]
    fn garbage_is_accounted_for(garbage in prop::collection::vec(any_fragment(), 0..200)) {
        let config = limits(4, 8);
        let mut fragments = Fragments::new(&config);
        let mut now = 0_u64;
        for (id, offset, length, more, cut, filler) in garbage {
            now += u64::from(filler) * 20_000_000;
            let payload = vec![filler & 1; length];
            let (source, destination) = (Ip::v4([192, 0, 2, 1]), Ip::v4([192, 0, 2, 2]));
            let at = Nanos::new(now);
            let fragment =
                Fragment { at, source, destination, id, protocol: 17, offset, more, payload: &payload, cut };
            if let Reassembly::Whole(whole) = fragments.on_fragment(&fragment) {
                prop_assert!(whole.bytes.len() <= 65_535 || (offset == 0 && !more));
                fragments.reuse(whole.bytes);
            }
            prop_assert!(fragments.pending.len() <= 4);
            prop_assert!(fragments.store.budget.lent() <= 256 << 10);
        }
        fragments.drain();
        prop_assert_eq!((fragments.pending.len(), fragments.store.budget.lent()), (0, 0));
        let tally = fragments.tally();
        let mut lost = 0;
        tally.losses(&mut |_, count| lost += count);
        prop_assert_eq!(tally.fragments, tally.used + tally.repeated + lost);
    }
}
