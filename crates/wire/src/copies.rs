//! The copies a mirror port makes: the same packet seen twice within moments, identical or differing only in link
//! header, tags, tunnel, TTL and IP header checksum.
//!
//! A packet is known by a signature over what stays the same on its way: addresses, ports, identification, lengths,
//! checksum and payload. A table of sets, one cache line each, remembers the last eight signatures of every set and when
//! they were; nothing is ever evicted but by newcomers, so memory is fixed and a copy that comes too late is just a
//! packet. One signature a slot would not do: a packet between original and copy that falls into their slot would make
//! the copy look like a retransmission, and of a thousand in between one does in eight times.
//!
//! What is *not* a copy. A SIP retransmission comes 500 ms later or more (RFC 3261 §17.1.1.2), outside the window. Two
//! packets of one stream differ in their sequence number, in what is always part of the signature. Two requests sent at
//! once by a load generator agree in everything up to the branch of the Via, with identification 0 and, on loopback, a
//! checksum nobody filled in: so whatever is not media is signed over its first [`SIGNED_MAX`] bytes and its last sixteen.
//! What remains is a sender who repeats a datagram to the bit within the window, with no identification to tell them
//! apart (some gateways send the end of a DTMF event three times so). No tap can tell that from a copy, and it changes no
//! figure: the datagram is marked, not dropped.

use std::time::Duration;

use types::{Ip, Nanos};

/// Signatures remembered: eight bytes each, 128 KiB, so that the table stays in the second-level cache. A mirror port
/// sends a copy within microseconds. With 2,000 packets between original and copy, which at a million packets a second
/// are two milliseconds, one copy in 100,000 is missed; with 4,000, one in 1,000.
pub const COPIES_MAX: usize = 16_384;

/// Signatures of one set.
const WAYS: usize = 8;

/// Sets of the table.
const SETS: usize = COPIES_MAX / WAYS;

/// Bytes of the payload that are signed where they look like RTP (version 2, RFC 3550 §5.1): header and first samples.
const SIGNED_MEDIA: usize = 16;

/// Bytes at the start of any other payload that are signed: of SIP the first line and the Via at least, and as a rule
/// From, To and Call-ID too, each of which tells two messages of one length apart.
const SIGNED_MAX: usize = 256;

/// The entries count time in units of 2^16 nanoseconds, 65.5 µs.
const TICK_BITS: u32 = 16;

/// Odd numbers without pattern: the fractional digits of pi.
const K: [u64; 4] = [0x1319_8a2e_0370_7345, 0xa409_3822_299f_31d1, 0x082e_fa98_ec4e_6c89, 0x4528_21e6_38d0_1377];

/// Multiplies to 128 bits and folds the halves together.
#[inline]
const fn fold(a: u64, b: u64) -> u64 {
    let product = a as u128 * b as u128;
    product as u64 ^ (product >> 64) as u64
}

/// What a packet has in common with its copies, and with nothing else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Signature(pub(crate) u64);

/// What is left of a packet when everything that a copy may change is taken off. `facts` and `more` come from the
/// headers; together with the payload they must tell apart any two packets of one pair of addresses.
pub(crate) fn signature(seed: u64, addresses: (Ip, Ip), facts: [u64; 2], more: u64, payload: &[u8]) -> u64 {
    let [first, second] = facts;
    let [a, b] = first_words(payload);
    let mut mixed = fold(pair_of(addresses) ^ seed, first ^ K[0]);
    if second != 0 {
        mixed = fold(mixed ^ second, K[3]);
    }
    sign_payload(fold(mixed ^ a, b ^ more ^ K[1]), a, payload)
}

/// The same of a datagram, of whose UDP header all is signed. Of IPv4 both addresses are one word, as they lie in the header,
/// and so does the identification.
#[inline(always)]
pub(crate) fn datagram_signature(seed: u64, pair: u64, udp: u64, id: u16, payload: &[u8]) -> u64 {
    let [a, b] = first_words(payload);
    let media = media_signature(seed, pair, udp, id, [a, b]);
    sign_payload(media, a, payload)
}

/// The same of a datagram that begins with these words, should it carry media.
#[inline(always)]
pub(crate) const fn media_signature(seed: u64, pair: u64, udp: u64, id: u16, [a, b]: [u64; 2]) -> u64 {
    // Multiplied, a sequence number is like no address: streams side by side have both in a row.
    fold(pair ^ seed ^ a.wrapping_mul(K[0]), udp ^ b ^ id as u64 ^ K[1])
}

/// Goes on with the payload, whose first word is `a`, unless that looks like media.
#[inline(always)]
fn sign_payload(mixed: u64, a: u64, payload: &[u8]) -> u64 {
    // The first word begins with the first byte.
    if a >> 6 & 3 != 2 && payload.len() > SIGNED_MEDIA { sign_on(mixed, payload) } else { mixed }
}

/// Two addresses as one word: of IPv4 both fit.
pub(crate) fn pair_of((from, to): (Ip, Ip)) -> u64 {
    let ([from_high, from_low], [to_high, to_low]) = (from.words(), to.words());
    if from.is_v4() && to.is_v4() {
        return (to_low << 32 | from_low & u64::from(u32::MAX)).swap_bytes().rotate_left(32);
    }
    fold(from_low ^ K[1], to_low ^ K[0]) ^ fold(from_high ^ K[2], to_high ^ K[3])
}

/// The first sixteen bytes as words.
#[inline(always)]
fn first_words(payload: &[u8]) -> [u64; 2] {
    let Some(first) = payload.first_chunk::<16>() else { return few_bytes(payload) };
    let whole = u128::from_le_bytes(*first);
    [whole as u64, (whole >> 64) as u64]
}

/// Fewer than sixteen bytes.
#[cold]
fn few_bytes(payload: &[u8]) -> [u64; 2] {
    let mut words = [0; 2];
    for (word, bytes) in words.iter_mut().zip(payload.chunks(8)) {
        *word = bytes.iter().fold(0, |word, &byte| word << 8 | u64::from(byte));
    }
    words
}

/// Goes on with what is not media, up to [`SIGNED_MAX`], and with its end.
#[inline(never)]
fn sign_on(mixed: u64, payload: &[u8]) -> u64 {
    let add = |mixed: u64, chunk: &[u8; 16]| {
        let whole = u128::from_le_bytes(*chunk);
        fold(mixed ^ whole as u64, (whole >> 64) as u64 ^ K[2])
    };
    let rest = payload.get(SIGNED_MEDIA..SIGNED_MAX.min(payload.len())).unwrap_or_default();
    let mixed = rest.as_chunks::<16>().0.iter().fold(mixed, add);
    payload.last_chunk().map_or(mixed, |last| add(mixed, last))
}

/// The signatures of the last packets.
#[derive(Clone, Debug)]
pub(crate) struct Copies {
    sets: Box<[Set]>,
    /// In ticks.
    window: u32,
}

/// The last packets whose signatures' low bits chose this set, the newest first: the high half of each signature above the
/// tick at which it was.
#[derive(Clone, Copy, Debug, Default)]
#[repr(align(64))]
struct Set([u64; WAYS]);

/// A packet as its set remembers it.
const fn entry(signature: u64, at: Nanos) -> u64 {
    signature & !(u32::MAX as u64) | (at.get() >> TICK_BITS) as u32 as u64
}

/// Where a signature is looked for.
const fn place(signature: u64) -> usize {
    signature as usize & (SETS - 1)
}

impl Copies {
    /// A window of this length, held at ten hours; where there is none nothing is remembered.
    pub(crate) fn new(window: Option<Duration>) -> Self {
        let ticks = window.unwrap_or_default().as_nanos() >> TICK_BITS;
        let sets = if window.is_some() { SETS } else { 0 };
        Self {
            sets: vec![Set::default(); sets].into_boxed_slice(),
            window: u32::try_from(ticks).unwrap_or(u32::MAX).min(u32::MAX / 8),
        }
    }

    /// Whether a packet of this signature was seen within the window, before `at` or, since links may stamp frames out
    /// of order, after it. If not, it is remembered.
    #[inline]
    pub(crate) fn seen(&mut self, signature: u64, at: Nanos) -> bool {
        let Some(set) = self.sets.get_mut(place(signature)) else { return false };
        let entry = entry(signature, at);
        // All eight are compared whatever the first says: so they are compared at once.
        if set.0.iter().fold(false, |known, &other| known | (other >> 32 == entry >> 32)) {
            return set.seen_again(entry, self.window);
        }
        set.remember(entry);
        false
    }

    /// Remembers a packet that is known to be no copy.
    #[inline(always)]
    pub(crate) fn remember(&mut self, signature: u64, at: Nanos) {
        if let Some(set) = self.sets.get_mut(place(signature)) {
            set.remember(entry(signature, at));
        }
    }
}

impl Set {
    #[inline(always)]
    fn remember(&mut self, entry: u64) {
        self.0.copy_within(..WAYS - 1, 1);
        self.0[0] = entry;
    }

    /// Whether a signature that is known was seen within the window; if not, it is remembered as of now.
    fn seen_again(&mut self, entry: u64, window: u32) -> bool {
        let Some(last) = self.0.iter_mut().find(|other| **other >> 32 == entry >> 32) else { return false };
        let apart = (entry as u32).wrapping_sub(*last as u32).wrapping_add(window);
        if apart <= window * 2 {
            return true;
        }
        *last = entry;
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WINDOW: Duration = Duration::from_millis(20);

    #[test]
    fn a_copy_comes_soon_or_never() {
        for (later_us, copy) in [(0, true), (5, true), (19_000, true), (30_000, false), (500_000, false)] {
            let mut copies = Copies::new(Some(WINDOW));
            let first = Nanos::from_parts(1_700_000_000, 0);
            assert!(!copies.seen(7, first));
            assert_eq!(copies.seen(7, first.after(Duration::from_micros(later_us))), copy, "{later_us} µs");
            assert!(!copies.seen(7 | 1 << 40, first), "another signature of the same set");
        }
    }

    #[test]
    fn a_copy_may_be_stamped_before_its_original() {
        let mut copies = Copies::new(Some(WINDOW));
        assert!(!copies.seen(7, Nanos::from_parts(10, 5_000_000)));
        assert!(copies.seen(7, Nanos::from_parts(10, 0)));
        assert!(!copies.seen(7, Nanos::from_parts(9, 0)));
    }

    #[test]
    fn a_set_remembers_the_last_of_many() {
        let mut copies = Copies::new(Some(WINDOW));
        let at = Nanos::from_parts(10, 0);
        let signature = |number: u64| number << 32 | 5;
        assert!((1..=12).all(|number| !copies.seen(signature(number), at)));
        assert!((5..=12).all(|number| copies.seen(signature(number), at)), "the last eight");
        assert!((1..=4).all(|number| !copies.seen(signature(number), at)), "but no more");
    }

    #[test]
    fn what_is_remembered_is_known() {
        let mut copies = Copies::new(Some(WINDOW));
        let at = Nanos::from_parts(10, 0);
        copies.remember(7 << 32, at);
        assert!(copies.seen(7 << 32, at));
        Copies::new(None).remember(7 << 32, at);
    }

    /// Every byte that is signed counts, whatever the length of the payload.
    #[test]
    fn signatures_tell_payloads_apart() {
        let addresses = (Ip::v4([192, 0, 2, 1]), Ip::v4([198, 51, 100, 2]));
        let sign = |payload: &[u8]| signature(1, addresses, [5, 0], payload.len() as u64, payload);
        for length in [1, 12, 16, 31, 32, 200, 260, 272, 900] {
            let payload: Vec<u8> = (0..length).map(|at| b'a' + (at % 23) as u8).collect();
            for at in 0..length {
                let mut other = payload.clone();
                other[at] ^= 1;
                let signed = at < SIGNED_MAX || at + 16 >= length;
                assert_eq!(sign(&other) != sign(&payload), signed, "byte {at} of {length}");
            }
        }
        // Media differ in their header, and are signed no further.
        let media = [[0x80; 32], [0x55; 32]].concat();
        let mut other = media.clone();
        other[63] ^= 1;
        assert_eq!(sign(&media), sign(&other));
        let swapped = signature(1, (addresses.1, addresses.0), [5, 0], 64, &media);
        assert_ne!(sign(&media), swapped);
    }
}
