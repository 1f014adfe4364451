//! One capture, a batch at a time: the walk of its format over the bytes of its source, up to its end or its damage.

use std::io;
use std::path::Path;

use types::Nanos;

use crate::error::{DamageWhy, RefusalWhy};
use crate::format::{Format, MAGIC_BYTES, Stop, Walk, Walked};
use crate::frame::{BATCH_FRAMES_MAX, Batch, Dropped, FrameHead};
use crate::frames::Frames;
use crate::pcap::{self, Pcap};
use crate::pcapng::Pcapng;
use crate::snoop::{self, Snoop};
use crate::source::{More, Origin, Source};
use crate::tally::Tally;

/// One open capture. Of the heads it has filled, those before `next` are delivered.
pub(crate) struct Reader {
    source: Source,
    walk: Walk,
    /// Where to read on: bytes from the start of what the source has at hand.
    at: u64,
    heads: Box<[FrameHead; BATCH_FRAMES_MAX]>,
    filled: usize,
    next: usize,
    pub origin: Origin,
}

/// How asking for frames went.
pub(crate) enum Filled {
    /// There are some.
    Frames,
    /// The capture ends where its format lets it end.
    End,
    /// The capture is damaged this many bytes from its start.
    Broken(u64, DamageWhy),
}

impl Reader {
    /// Opens a capture and reads its file header.
    pub(crate) fn open(path: &Path, map: bool) -> Result<Self, RefusalWhy> {
        let (mut source, origin) = Source::open(path, map).map_err(RefusalWhy::Unreadable)?;
        let format = match Format::recognise(at_least(&mut source, MAGIC_BYTES)?) {
            Some(format) => format,
            None if source.bytes().is_empty() => return Err(RefusalWhy::Empty),
            None => return Err(RefusalWhy::NotACapture),
        };
        let (walk, at) = match format {
            Format::Pcap => {
                let Some(header) = at_least(&mut source, pcap::HEADER_BYTES)?.first_chunk() else {
                    return Err(RefusalWhy::Header(DamageWhy::Cut));
                };
                (Walk::Pcap(Pcap::parse(header).map_err(RefusalWhy::Header)?), pcap::HEADER_BYTES as u64)
            }
            Format::Snoop => {
                let Some(header) = at_least(&mut source, snoop::HEADER_BYTES)?.first_chunk() else {
                    return Err(RefusalWhy::Header(DamageWhy::Cut));
                };
                (Walk::Snoop(Snoop::parse(header).map_err(RefusalWhy::Header)?), snoop::HEADER_BYTES as u64)
            }
            Format::Pcapng => (Walk::Pcapng(Box::new(Pcapng::new())), 0),
            other => return Err(RefusalWhy::Unsupported(other)),
        };
        let heads = Box::new([FrameHead::default(); BATCH_FRAMES_MAX]);
        let mut reader = Self { source, walk, at, heads, filled: 0, next: 0, origin };
        if format == Format::Pcapng {
            reader.check_section()?;
        }
        Ok(reader)
    }

    /// Refuses a pcapng capture whose first block is no section header. The walk reads it again.
    fn check_section(&mut self) -> Result<(), RefusalWhy> {
        let mut first = Pcapng::new();
        loop {
            match first.begins(self.source.bytes()) {
                Ok(true) => return Ok(()),
                Ok(false) => {}
                Err(why) => return Err(RefusalWhy::Header(why)),
            }
            match self.source.more(&mut self.at) {
                More::Bytes => {}
                More::End => return Err(RefusalWhy::Header(DamageWhy::Cut)),
                More::Failed(error) => return Err(RefusalWhy::Unreadable(error)),
            }
        }
    }

    /// Reads up to `limit` frames. Those before must all have been delivered: their bytes may go away.
    pub(crate) fn fill(&mut self, limit: usize, tally: &mut Tally) -> Filled {
        (self.filled, self.next) = (0, 0);
        loop {
            let bytes = self.source.bytes();
            let heads = self.heads.get_mut(..limit).unwrap_or_default();
            let Walked { frames, to, stop } = self.walk.walk(bytes, self.at, heads, tally);
            self.at = to;
            if frames > 0 {
                self.filled = frames;
                return Filled::Frames;
            }
            match stop {
                Stop::Full | Stop::Short => {}
                Stop::Broken(why) => return Filled::Broken(self.position(), why),
            }
            match self.source.more(&mut self.at) {
                More::Bytes => {}
                More::End if self.at == self.source.bytes().len() as u64 => return Filled::End,
                More::End => return Filled::Broken(self.position(), DamageWhy::Cut),
                More::Failed(error) => {
                    // A compressed file that was cut says so in its own words; in ours it is the same thing.
                    let cut = error.kind() == io::ErrorKind::UnexpectedEof;
                    let why = if cut { DamageWhy::Cut } else { DamageWhy::Unreadable(error.to_string()) };
                    return Filled::Broken(self.position(), why);
                }
            }
        }
    }

    /// What the capturing host dropped, as far as the capture was read and it was not fetched before.
    pub(crate) fn drops(&mut self) -> impl Iterator<Item = Dropped> + '_ {
        let drops = match &mut self.walk {
            Walk::Pcapng(pcapng) => Some(pcapng.drops()),
            Walk::Pcap(_) | Walk::Snoop(_) => None,
        };
        drops.into_iter().flat_map(|drops| drops.drain(..))
    }

    /// Bytes of the capture before the place where reading goes on, or its length where that lies past its end.
    fn position(&self) -> u64 {
        self.source.base() + self.at.min(self.source.bytes().len() as u64)
    }

    /// Bytes read from the input, before decompression.
    pub(crate) fn consumed(&self) -> u64 {
        self.source.consumed(self.at)
    }

    /// When the next undelivered frame was captured.
    #[inline]
    pub(crate) fn next_at(&self) -> Option<Nanos> {
        self.heads().first().map(|head| head.at)
    }

    /// The heads that are not delivered yet.
    #[inline]
    pub(crate) fn heads(&self) -> &[FrameHead] {
        self.heads.get(self.next..self.filled).unwrap_or_default()
    }

    /// The bytes that the heads speak of.
    #[inline]
    pub(crate) fn bytes(&self) -> &[u8] {
        self.source.bytes()
    }

    /// Delivers the next `count` frames where they lie.
    #[inline]
    pub(crate) fn lend(&mut self, count: usize) -> Batch<'_> {
        let from = self.next;
        self.next += count;
        Batch::new(self.source.bytes(), self.heads.get(from..self.next).unwrap_or_default())
    }

    /// Delivers the next `count` frames into `frames`: where they lie, if that is a mapped file, or copied.
    pub(crate) fn share(&mut self, count: usize, frames: &mut Frames) {
        let from = self.next;
        self.next += count;
        let heads = self.heads.get(from..self.next).unwrap_or_default();
        match &self.source {
            Source::Mapped(map) => frames.share(map, heads),
            Source::Stream(_) => {
                let batch = Batch::new(self.source.bytes(), heads);
                frames.clear();
                batch.frames().for_each(|frame| frames.push(&frame));
            }
        }
    }

    /// Notes that the next `count` heads are delivered.
    #[inline]
    pub(crate) const fn deliver(&mut self, count: usize) {
        self.next += count;
    }
}

/// At least `count` bytes of the capture, or all it has.
fn at_least(source: &mut Source, count: usize) -> Result<&[u8], RefusalWhy> {
    let mut start = 0;
    while source.bytes().len() < count {
        match source.more(&mut start) {
            More::Bytes => {}
            More::End => break,
            More::Failed(error) => return Err(RefusalWhy::Unreadable(error)),
        }
    }
    Ok(source.bytes())
}
