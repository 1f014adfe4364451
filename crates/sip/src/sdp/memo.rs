//! What stood behind an `m=` line before. The stacks of a network write the same attributes in call after call, byte for
//! byte, so what such a stretch comes to is kept, and known again by the bytes themselves: nothing is ever told that
//! reading it anew would not tell.

use super::media::Said;
use super::{Defects, Traits};

/// The longest stretch that is kept, in bytes. Telephones, gateways and border elements write 100 to 400; browsers write
/// thousands, with keys of one call among them.
pub(super) const STRETCH_BYTES_MAX: usize = 512;

/// Stretches kept: 80 KiB. A network has a handful, with the codecs of its stacks in one order or another.
const STRETCHES_MAX: usize = 128;

/// Stretches of one place: two that meet there do not drive each other out.
const WAYS: usize = 2;

/// What decides how a stretch reads besides its bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Before {
    pub(super) traits: Traits,
    /// The kind of the line before it.
    pub(super) last: u64,
}

/// What a stretch came to.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct After {
    pub(super) traits: Traits,
    pub(super) defects: Defects,
    pub(super) said: Said,
    /// Where in the stretch its lines of rtpmap and fmtp are.
    pub(super) maps: Option<(usize, usize)>,
}

#[derive(Clone, Debug)]
struct Kept {
    before: Before,
    after: After,
    length: usize,
    bytes: [u8; STRETCH_BYTES_MAX],
}

/// Stretches that were read before, for whoever reads many descriptions.
#[derive(Clone, Debug)]
pub struct Memo(Box<[[Kept; WAYS]]>);

impl Default for Memo {
    fn default() -> Self {
        let none =
            || Kept { before: Before::default(), after: After::default(), length: 0, bytes: [0; STRETCH_BYTES_MAX] };
        Self(vec![[none(), none()]; STRETCHES_MAX / WAYS].into_boxed_slice())
    }
}

impl Memo {
    /// What `stretch` came to before.
    #[inline]
    pub(super) fn find(&self, before: &Before, stretch: &[u8]) -> Option<&After> {
        let is_same = |kept: &&Kept| kept.bytes.get(..kept.length) == Some(stretch) && kept.before == *before;
        self.0.get(place(before, stretch)?)?.iter().find(is_same).map(|kept| &kept.after)
    }

    /// Keeps what a stretch comes to; the oldest of its place gives way to it.
    #[cold]
    pub(super) fn keep(&mut self, before: Before, stretch: &[u8], after: After) {
        let Some(ways) = place(&before, stretch).and_then(|place| self.0.get_mut(place)) else { return };
        ways.rotate_right(1);
        let [kept, ..] = ways;
        let Some(bytes) = kept.bytes.get_mut(..stretch.len()) else { return };
        bytes.copy_from_slice(stretch);
        (kept.before, kept.after, kept.length) = (before, after, stretch.len());
    }
}

/// Where a stretch is kept, by its length, some of its bytes and the codecs before it; `None` when it is not to be.
#[inline]
fn place(before: &Before, stretch: &[u8]) -> Option<usize> {
    const FACTOR: u64 = 0x9e37_79b9_7f4a_7c15;
    let word = |at: usize| stretch.get(at..).and_then(<[u8]>::first_chunk).copied().map(u64::from_le_bytes);
    let end = stretch.len().checked_sub(size_of::<u64>())?;
    let (middle, last) = (word(end / 2)?, word(end)?);
    let mixed = (before.traits.codecs.word() ^ middle ^ (stretch.len() as u64) << 32).wrapping_mul(FACTOR);
    let mixed = (mixed ^ mixed >> 32 ^ last).wrapping_mul(FACTOR);
    // The high bits depend on all others.
    let places = (STRETCHES_MAX / WAYS) as u64;
    (stretch.len() <= STRETCH_BYTES_MAX).then_some((((mixed >> 32) * places) >> 32) as usize)
}

#[cfg(test)]
mod tests {
    use crate::sdp::{Memo, Sdp};

    const SESSION: &str = "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\n";

    /// A description reads the same whatever was read before it.
    fn check(memo: &mut Memo, body: &str) {
        let alone = Sdp::parse(body.as_bytes()).map(|sdp| format!("{sdp:?}"));
        for _ in 0..2 {
            let mut sdp = Sdp::unread();
            let read = sdp.read_with(body.as_bytes(), memo).map(|()| format!("{sdp:?}"));
            assert_eq!(read, alone, "{body}");
        }
    }

    #[test]
    fn what_was_read_before_reads_the_same() {
        let mut memo = Memo::default();
        let sessions = [
            SESSION,
            &SESSION.replace("192.0.2.1", "192.0.2.2"),
            &SESSION.replace("c=", "x="),
            &format!("{SESSION}a=sendonly\r\n"),
            &format!("{SESSION}a=group:BUNDLE 1\r\n"),
            &SESSION.replace("t=0 0\r\n", ""),
        ];
        let media =
            ["m=audio 4000 RTP/AVP 0 8\r\n", "m=audio 4000 RTP/AVP 8 0\r\n", "m=audio 0 RTP/SAVP 0\r\n", "m=x\r\n"];
        let stretches = [
            "",
            "a=ptime:20\r\n",
            "a=rtpmap:0 PCMU/8000\r\na=rtpmap:8 PCMA/8000\r\na=fmtp:101 0-15\r\na=sendrecv\r\n",
            "a=rtpmap:0 PCMU/8000\na=rtpmap:8 PCMA/8000\na=inactive",
            "c=IN IP4 198.51.100.1\r\na=rtpmap:0 PCMU/8000\r\na=rtcp:4001 IN IP4 198.51.100.2\r\na=ptime:30\r\n",
            "a=crypto:1 A B\r\na=setup:active\r\na=maxptime:40\r\nb=AS:64\r\n",
            "a=mid:1\r\na=sendrecv\r\n",
            "a=sendrecv\r\nm=audio 5000 RTP/AVP 0\r\na=ptime:20\r\n",
            "a=sendrecv\r\ngarbage\r\n",
            &"a=candidate:1 1 UDP 1 192.0.2.1 9 typ host\r\n".repeat(12),
        ];
        for stretch in stretches {
            for medium in media {
                sessions.iter().for_each(|session| check(&mut memo, &format!("{session}{medium}{stretch}")));
            }
        }
    }

    #[test]
    fn stretches_of_one_place_give_way_to_each_other() {
        let mut memo = Memo::default();
        for turn in 0..3 {
            for ptime in 0..300 {
                check(&mut memo, &format!("{SESSION}m=audio 4000 RTP/AVP 0\r\na=ptime:{ptime}\r\na=x:{turn}\r\n"));
            }
        }
    }
}
