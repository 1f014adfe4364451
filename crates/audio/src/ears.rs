//! The ears that are open: bounded, and closed after the first seconds of their streams.

use foldhash::quality::RandomState;
use hashbrown::HashMap;
use rtp::{Codec, Header};
use types::{Losses, Nanos};

use crate::ear::{Ear, Heard};
use crate::printer::Printer;

/// How deep a tap may look (SCIENCE 1.1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Privacy {
    /// Signalling alone.
    Signalling,
    /// RTP headers too.
    #[default]
    Headers,
    /// One byte of loudness every 20 ms.
    Loudness,
    /// Fingerprints.
    Prints,
}

impl Privacy {
    /// The level of this number; the deepest for any above it.
    #[must_use]
    pub const fn of(level: u8) -> Self {
        match level {
            0 => Self::Signalling,
            1 => Self::Headers,
            2 => Self::Loudness,
            _ => Self::Prints,
        }
    }
}

/// What is listened to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EarsConfig {
    /// How deep the tap may look. Below [`Privacy::Loudness`] nothing is listened to.
    pub privacy: Privacy,
    /// Seconds of each side of an answered call that are listened to, from the answer on.
    pub listen_secs: u32,
    /// Streams listened to at once; past it a stream is not listened to and counted as `ears_refused`. At eight seconds about
    /// 14 KB each with fingerprints and 2 KB without, so that the default is at most 57 MB.
    pub ears_max: u32,
}

impl Default for EarsConfig {
    fn default() -> Self {
        Self { privacy: Privacy::default(), listen_secs: 8, ears_max: 4_096 }
    }
}

/// What was listened to and what was not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Streams listened to.
    pub opened: u64,
    /// Streams of a codec that nobody here can read.
    pub unreadable: u64,
    /// Streams not listened to for want of room.
    pub refused: u64,
}

impl Losses for Tally {
    fn losses(&self, each: &mut dyn FnMut(&'static str, u64)) {
        each("ears_refused", self.refused);
    }
}

/// An ear, with what it is at.
struct Open<T> {
    ear: Ear,
    tag: T,
    codec: Codec,
}

/// Ears by the number of their stream, each with a tag of whoever asked to listen.
pub struct Ears<T> {
    config: EarsConfig,
    open: HashMap<u32, Open<T>, RandomState>,
    printer: Option<Printer>,
    heard: Vec<Heard<T>>,
    tally: Tally,
}

impl<T: Copy> Ears<T> {
    /// No ear yet.
    #[must_use]
    pub fn new(config: EarsConfig) -> Self {
        Self {
            config,
            open: HashMap::default(),
            // Its tables are only made where somebody may listen.
            printer: (config.privacy >= Privacy::Loudness).then(Printer::default),
            heard: Vec::new(),
            tally: Tally::default(),
        }
    }

    /// Whether anything may be listened to at all.
    #[inline(always)]
    #[must_use]
    pub const fn may_listen(&self) -> bool {
        self.printer.is_some()
    }

    /// What was listened to and what was not.
    #[must_use]
    pub const fn tally(&self) -> Tally {
        self.tally
    }

    /// Whether an ear is at this stream.
    #[must_use]
    pub fn is_at(&self, stream: u32) -> bool {
        self.open.contains_key(&stream)
    }

    /// Listens to a stream of `codec`, of which `since` is the beginning and `at` is now; `false` where that is not to be.
    pub fn open(&mut self, stream: u32, tag: T, codec: Codec, since: Nanos, at: Nanos) -> bool {
        let EarsConfig { privacy, listen_secs, ears_max } = self.config;
        let Some(ear) = Ear::new(codec, since, listen_secs, privacy == Privacy::Prints) else {
            self.tally.unreadable += 1;
            return false;
        };
        if at >= ear.until() {
            return false;
        }
        if self.open.len() >= ears_max as usize {
            self.tally.refused += 1;
            return false;
        }
        self.tally.opened += 1;
        self.open.insert(stream, Open { ear, tag, codec });
        true
    }

    /// Hears a packet; `false` when the stream has been heard to the end. What another codec made (digits, comfort noise, a
    /// fax) is silence.
    pub fn hear(&mut self, stream: u32, at: Nanos, of: Codec, header: &Header, payload: &[u8]) -> bool {
        let (Some(printer), Some(open)) = (&mut self.printer, self.open.get_mut(&stream)) else { return false };
        let Open { ear, tag, codec } = open;
        if *codec != of {
            return true;
        }
        ear.hear(at, header, payload, printer);
        if let Some(excerpt) = ear.early() {
            self.heard.push(Heard { at, tag: *tag, whole: false, excerpt });
        }
        let full = ear.is_full();
        if full {
            self.close(stream, at);
        }
        !full
    }

    /// Takes an ear away: what it heard is all.
    pub fn close(&mut self, stream: u32, at: Nanos) {
        if let Some(Open { ear, tag, .. }) = self.open.remove(&stream) {
            self.heard.push(Heard { at, tag, whole: true, excerpt: ear.close() });
        }
    }

    /// Closes the ears whose time is over at `now`, all of them when `now` is `None`. `ended` says when the call of a tag
    /// was over: up to there silence was silence.
    pub fn on_time(&mut self, now: Option<Nanos>, ended: impl Fn(&T) -> Option<Nanos>) {
        let over = |ear: &Ear| now.is_none_or(|now| now >= ear.until());
        let mut due = Vec::from_iter(self.open.iter().filter(|(_, open)| over(&open.ear)).map(|(&stream, _)| stream));
        due.sort_unstable();
        for stream in due {
            let Some(Open { ear, tag, .. }) = self.open.get_mut(&stream) else { continue };
            let until = now.map_or(ear.until(), |now| now.min(ear.until()));
            let until = ended(tag).map_or(until, |end| end.min(until));
            ear.fill_to(until);
            self.close(stream, now.unwrap_or(until));
        }
    }

    /// Whether something was heard that nobody was told of yet.
    #[inline(always)]
    #[must_use]
    pub const fn has_heard(&self) -> bool {
        !self.heard.is_empty()
    }

    /// What was heard since.
    pub fn take_heard(&mut self) -> Vec<Heard<T>> {
        std::mem::take(&mut self.heard)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn packet(number: u16) -> Header {
        let timestamp = 160 * u32::from(number);
        Header { ssrc: 1, timestamp, sequence: number, payload_octets: 160, payload_type: 0, marker: false }
    }

    #[test]
    fn the_level_decides_what_is_kept() {
        let check = |level, kept: Option<bool>| {
            let mut ears = Ears::new(EarsConfig { privacy: Privacy::of(level), ..EarsConfig::default() });
            assert_eq!(ears.may_listen(), kept.is_some(), "level {level}");
            let Some(prints) = kept else { return };
            assert!(ears.open(7, 'c', Codec::Pcmu, Nanos::ZERO, Nanos::ZERO));
            for number in 0..400 {
                let at = Nanos::new(20_000_000 * u64::from(number));
                assert_eq!(ears.hear(7, at, Codec::Pcmu, &packet(number), &[0x10; 160]), number < 399);
            }
            let heard = ears.take_heard();
            let last = heard.last().unwrap();
            assert!(last.whole && last.tag == 'c' && last.excerpt.loudness.len() == 400);
            assert_eq!(!last.excerpt.print.frames.is_empty(), prints);
        };
        check(0, None);
        check(1, None);
        check(2, Some(false));
        check(3, Some(true));
    }

    #[test]
    fn room_is_bounded_and_silence_is_filled_to_the_end_of_the_call() {
        let mut ears = Ears::new(EarsConfig { privacy: Privacy::Loudness, listen_secs: 8, ears_max: 1 });
        assert!(!ears.open(1, (), Codec::Gsm, Nanos::ZERO, Nanos::ZERO));
        assert!(ears.open(1, (), Codec::Pcma, Nanos::ZERO, Nanos::ZERO));
        assert!(!ears.open(2, (), Codec::Pcma, Nanos::ZERO, Nanos::ZERO));
        assert_eq!(ears.tally(), Tally { opened: 1, unreadable: 1, refused: 1 });
        ears.hear(1, Nanos::ZERO, Codec::Pcma, &packet(0), &[0xd5; 160]);
        let secs = |secs: u64| Nanos::new(secs * 1_000_000_000);
        ears.on_time(Some(secs(7)), |()| Some(secs(6)));
        assert!(!ears.has_heard());
        ears.on_time(Some(secs(9)), |()| Some(secs(6)));
        assert_eq!(ears.take_heard()[0].excerpt.loudness.len(), 300);
    }
}
