//! An ear at one stream: the packets of its first seconds in, an excerpt out.

use rtp::{Codec, Header};
use types::Nanos;

use crate::decoder::{Decoder, SAMPLES_MAX};
use crate::excerpt::Excerpt;
use crate::loudness::{AUDIBLE, Loudness, PACKETS_PER_SEC};
use crate::printer::{Printer, Window};

/// Samples of 20 ms.
const PACKET: usize = 160;
/// Nanoseconds of a byte of loudness.
const PACKET_NANOS: u64 = 20_000_000;
/// Samples that may be missing between two packets of one course: 10 s. Past it the clock was set anew.
const GAP_MAX: u32 = 80_000;
/// Frames from the first that says something on after which a recording can be known: 256 of a block, and half a second in
/// which another copy may have begun earlier. With the window before them, 3.7 s.
const EARLY_FRAMES: usize = 300;
/// The same of bytes of loudness: a block, and the byte behind it.
const EARLY_BYTES: usize = crate::envelope::BLOCK_BYTES + 1;

/// What was heard of a stream.
#[derive(Clone, Debug)]
pub struct Heard<T> {
    /// When the last of it was heard.
    pub at: Nanos,
    /// What the stream was named by whoever asked to listen.
    pub tag: T,
    /// Whether that was all.
    pub whole: bool,
    /// What is left of it.
    pub excerpt: Excerpt,
}

/// An ear at one stream.
pub struct Ear {
    decoder: Decoder,
    /// The last 20 ms, to be heard again in place of a packet that was lost.
    last: [i16; PACKET],
    /// Sequence number and timestamp that come next.
    next: Option<(u16, u32)>,
    loudness: Loudness,
    window: Option<Window>,
    excerpt: Excerpt,
    /// When listening began.
    since: Nanos,
    bytes_max: usize,
    told: bool,
}

impl Ear {
    /// An ear that listens to `codec` from `since` on for `secs` seconds, and takes its fingerprint too if `prints`. `None` for
    /// a codec that nobody here can read.
    #[must_use]
    pub fn new(codec: Codec, since: Nanos, secs: u32, prints: bool) -> Option<Self> {
        Some(Self {
            decoder: Decoder::of(codec)?,
            last: [0; PACKET],
            next: None,
            loudness: Loudness::default(),
            window: prints.then(Window::default),
            excerpt: Excerpt::default(),
            since,
            bytes_max: secs as usize * PACKETS_PER_SEC,
            told: false,
        })
    }

    /// Hears a packet. One that is late or was heard before is left out; in place of one that was lost, the packet before it is
    /// heard again (ITU-T G.711 appendix I does so too), and silence in place of more.
    pub fn hear(&mut self, at: Nanos, header: &Header, payload: &[u8], printer: &mut Printer) {
        let mut room = [0; SAMPLES_MAX];
        let (lost, gap) = match self.next {
            None => {
                self.fill_to(at);
                (0, 0)
            }
            Some((sequence, timestamp)) => {
                (header.sequence.wrapping_sub(sequence), header.timestamp.wrapping_sub(timestamp))
            }
        };
        if gap > i32::MAX.cast_unsigned() || lost > u16::MAX / 2 {
            return;
        }
        let missing = if gap <= GAP_MAX { gap as usize } else { 0 };
        let repeated = if lost > 0 { missing.min(PACKET) } else { 0 };
        let last = self.last;
        self.take(last.get(..repeated).unwrap_or_default(), printer);
        self.take_silence(missing - repeated, printer);
        let samples = self.decoder.decode(payload, &mut room);
        let ticks = samples.len() as u32;
        self.next = Some((header.sequence.wrapping_add(1), header.timestamp.wrapping_add(ticks)));
        if let Some(end) = samples.last_chunk() {
            self.last = *end;
        }
        self.take(samples, printer);
    }

    /// Nothing came until `at`: that was silence. It only counts where nobody takes a fingerprint of it.
    pub fn fill_to(&mut self, at: Nanos) {
        let due = usize::try_from(at.nanos_since(self.since) / PACKET_NANOS).unwrap_or(usize::MAX).min(self.bytes_max);
        // Two packets may be under way.
        if due > self.excerpt.loudness.len() + 2 {
            self.excerpt.loudness.resize(due, 0);
        }
    }

    fn take_silence(&mut self, mut samples: usize, printer: &mut Printer) {
        while samples > 0 && !self.is_full() {
            let now = samples.min(PACKET);
            self.take([0; PACKET].get(..now).unwrap_or_default(), printer);
            samples -= now;
        }
    }

    fn take(&mut self, samples: &[i16], printer: &mut Printer) {
        if self.is_full() {
            return;
        }
        let Self { loudness, window, excerpt, .. } = self;
        loudness.hear(samples, |byte| excerpt.loudness.push(byte));
        excerpt.loudness.truncate(self.bytes_max);
        if let Some(window) = window {
            printer.hear(window, samples, |frame| excerpt.print.frames.push(frame));
        }
    }

    /// Whether all was heard that may be.
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.bytes_max <= self.excerpt.loudness.len()
    }

    /// When all will have been heard that may be.
    #[must_use]
    pub fn until(&self) -> Nanos {
        Nanos::new(self.since.get().saturating_add(self.bytes_max as u64 * PACKET_NANOS))
    }

    /// An excerpt of what was heard so far, once, when it is enough to know a recording by.
    pub fn early(&mut self) -> Option<Excerpt> {
        let enough = match &self.window {
            Some(_) => {
                let frames = &self.excerpt.print.frames;
                let first = frames.len().checked_sub(EARLY_FRAMES)?;
                frames.get(..=first)?.iter().any(|frame| frame.bits != 0)
            }
            None => {
                let first = self.excerpt.loudness.len().checked_sub(EARLY_BYTES)?;
                self.excerpt.loudness.get(..=first)?.iter().any(|&byte| byte >= AUDIBLE)
            }
        };
        (enough && !std::mem::replace(&mut self.told, true)).then(|| self.excerpt.clone())
    }

    /// All that was heard.
    #[must_use]
    pub fn close(self) -> Excerpt {
        self.excerpt
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Half a second of packets of µ-law, each of its own loudness, as `arrive` lets them through: number, and timestamp.
    fn loudness(arrive: &[(u16, u32)]) -> Vec<u8> {
        let mut ear = Ear::new(Codec::Pcmu, Nanos::ZERO, 8, false).unwrap();
        for &(sequence, timestamp) in arrive {
            let header = Header { ssrc: 1, timestamp, sequence, payload_octets: 160, payload_type: 0, marker: false };
            let payload = [0x8f + 0x10 * (sequence % 4) as u8; 160];
            ear.hear(Nanos::ZERO, &header, &payload, &mut Printer::default());
        }
        ear.close().loudness
    }

    #[test]
    fn what_is_lost_late_or_silent_is_put_right() {
        let whole = loudness(&[(0, 0), (1, 160), (2, 320), (3, 480)]);
        let [a, b, c, d] = whole[..] else { panic!("{whole:?}") };
        assert!(a > b && b > c && c > d && d > AUDIBLE, "{whole:?}");
        assert_eq!(loudness(&[(0, 0), (2, 320), (1, 160), (3, 480)]), [a, a, c, d], "late");
        assert_eq!(loudness(&[(0, 0), (0, 0), (1, 160)]), [a, b], "twice");
        assert_eq!(loudness(&[(0, 0), (3, 480)]), [a, a, 0, d], "lost");
        assert_eq!(loudness(&[(0, 0), (1, 640)]), [a, 0, 0, 0, b], "silent");
        assert_eq!(loudness(&[(65_535, u32::MAX - 159), (0, 0)]), [d, a], "over the end of the numbers");
        assert_eq!(loudness(&[(0, 0), (1, 1 << 30)]), [a, b], "a clock set anew");
    }

    #[test]
    fn it_hears_so_long_and_no_longer() {
        let numbers = Vec::from_iter((0..500).map(|number| (number, 160 * u32::from(number))));
        assert_eq!(loudness(&numbers).len(), 400);
    }

    #[test]
    fn it_speaks_up_once_when_it_has_heard_enough() {
        let mut ear = Ear::new(Codec::Pcmu, Nanos::ZERO, 8, true).unwrap();
        let (mut printer, mut told) = (Printer::default(), Vec::new());
        for number in 0..400_u16 {
            let timestamp = 160 * u32::from(number);
            let header =
                Header { ssrc: 1, timestamp, sequence: number, payload_octets: 160, payload_type: 0, marker: false };
            // Half a second of silence, then a square wave.
            let payload =
                if number < 25 { [0xff; 160] } else { std::array::from_fn(|at| if at % 16 < 8 { 0x10 } else { 0x90 }) };
            ear.hear(Nanos::new(20_000_000 * u64::from(number)), &header, &payload, &mut printer);
            told.extend(ear.early().map(|excerpt| (number, excerpt.print.frames.len())));
        }
        let [(number, frames)] = told[..] else { panic!("{told:?}") };
        // 300 hops of 11.5 ms from the first window that holds some of it on: 3.5 s to 3.7 s.
        assert!((25 + 170..25 + 185).contains(&number), "{number}");
        assert!(frames > EARLY_FRAMES);
        let whole = ear.close();
        assert_eq!((whole.loudness.len(), whole.print.frames.len()), (400, (64_000 - 2_048) / 92));
    }
}
