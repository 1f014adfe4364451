//! Where a capture's bytes come from: a mapped file, or a stream (gzip, zstd, a pipe) through one bounded chunk.

use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::Path;
use std::sync::Arc;

use flate2::bufread::MultiGzDecoder;
use memmap2::{Advice, Mmap};

use crate::format::{Format, MAGIC_BYTES};

/// Bytes of the chunk that a stream goes through: 1 MiB, so that the longest record always fits.
pub const CHUNK_BYTES: usize = 1 << 20;

/// A chunk's tail is moved to its front when less room than this is left behind it.
const ROOM_BYTES_MIN: usize = CHUNK_BYTES / 4;

/// The largest window a zstd stream may ask for, as a power of two: 128 MiB, what `zstd --long` writes.
const ZSTD_WINDOW_LOG_MAX: u32 = 27;

/// The bytes of one capture.
pub(crate) enum Source {
    Mapped(Arc<Mmap>),
    Stream(Box<Stream>),
}

/// What became of asking for more bytes.
pub(crate) enum More {
    /// There are some.
    Bytes,
    /// There are none.
    End,
    /// The device or the compression gave an error.
    Failed(io::Error),
}

impl Source {
    /// Opens a file, or standard input for `-`. Also says whether it can be opened again, and how many bytes it has where
    /// that is known.
    pub(crate) fn open(path: &Path, map: bool) -> io::Result<(Self, Origin)> {
        if path == Path::new("-") {
            let stdin = Stream::open(Raw::Stdin(io::stdin()))?;
            return Ok((Self::Stream(Box::new(stdin)), Origin { again: false, bytes: None }));
        }
        let file = File::open(path)?;
        let metadata = file.metadata()?;
        if metadata.is_dir() {
            return Err(io::Error::from(io::ErrorKind::IsADirectory));
        }
        let again = metadata.is_file();
        let origin = Origin { again, bytes: again.then_some(metadata.len()) };
        // A file that cannot be mapped, as on some network file systems, is read like a pipe.
        if map
            && again
            && metadata.len() > 0
            && let Ok(map) = map_file(&file)
            && !matches!(Format::recognise(&map), Some(Format::Gzip | Format::Zstd))
        {
            // Only advice: a kernel that does not take it reads more slowly, nothing else.
            let _ = map.advise(Advice::Sequential);
            return Ok((Self::Mapped(Arc::new(map)), origin));
        }
        Ok((Self::Stream(Box::new(Stream::open(Raw::File(file))?)), origin))
    }

    /// The bytes at hand: the whole mapped file, or what the chunk of a stream holds.
    #[inline]
    pub(crate) fn bytes(&self) -> &[u8] {
        match self {
            Self::Mapped(map) => map,
            Self::Stream(stream) => stream.chunk.get(..stream.filled).unwrap_or_default(),
        }
    }

    /// Asks for bytes after those at hand. Bytes before `at` may go away: then `at` is what it has become. It may lie past
    /// the end of what is at hand, for bytes that are not wanted.
    pub(crate) fn more(&mut self, at: &mut u64) -> More {
        match self {
            Self::Mapped(_) => More::End,
            Self::Stream(stream) => stream.more(at),
        }
    }

    /// Bytes of the capture that are gone from what is at hand.
    pub(crate) const fn base(&self) -> u64 {
        match self {
            Self::Mapped(_) => 0,
            Self::Stream(stream) => stream.base,
        }
    }

    /// Bytes read from the file or pipe, before decompression, when `at` has been reached.
    pub(crate) fn consumed(&self, at: u64) -> u64 {
        match self {
            Self::Mapped(_) => at,
            Self::Stream(stream) => stream.input.consumed(),
        }
    }
}

/// What is known of an input beside its bytes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Origin {
    /// Whether it can be closed and opened again: a regular file.
    pub again: bool,
    /// Its bytes before decompression.
    pub bytes: Option<u64>,
}

/// Maps a whole file for reading.
///
/// The kernel shows the file as it is at each access. When another program truncates it meanwhile, touching the lost part
/// raises SIGBUS, which ends this process; what it overwrites or appends does no harm, since every length is checked at
/// its use against the length mapped here. Captures that may be truncated while they are read are to be opened with
/// [`crate::Config::map`] off.
#[expect(unsafe_code, reason = "mapping a file is this room's work")]
fn map_file(file: &File) -> io::Result<Mmap> {
    // SAFETY: the map is read-only and handed out as plain bytes, of which any value is valid. What no signature can
    // promise is that no other program writes to the file meanwhile. Should one do so, we rest on every length and offset
    // being taken by value once and checked by that value, so that changed bytes make other frames but no access outside
    // the map. Truncation raises SIGBUS and ends the process, as documented; it gives no access to other memory.
    unsafe { Mmap::map(file) }
}

/// A device as it is read.
enum Raw {
    File(File),
    Stdin(io::Stdin),
}

impl Read for Raw {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::File(file) => file.read(into),
            Self::Stdin(stdin) => stdin.read(into),
        }
    }
}

/// A device that counts what was read, and gives again the first bytes, by which its format was recognised.
struct Counted {
    raw: Raw,
    count: u64,
    first: [u8; MAGIC_BYTES],
    first_given: usize,
    first_had: usize,
}

impl Counted {
    fn open(mut raw: Raw) -> io::Result<Self> {
        let (mut first, mut first_had) = ([0; MAGIC_BYTES], 0);
        while let Some(room) = first.get_mut(first_had..).filter(|room| !room.is_empty()) {
            match raw.read(room) {
                Ok(0) => break,
                Ok(read) => first_had += read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(Self { raw, count: 0, first, first_given: 0, first_had })
    }
}

impl Read for Counted {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let mut again = self.first.get(self.first_given..self.first_had).unwrap_or_default();
        let read = if again.is_empty() {
            self.raw.read(into)?
        } else {
            let read = again.read(into)?;
            self.first_given += read;
            read
        };
        self.count += read as u64;
        Ok(read)
    }
}

/// A device under the compression that its first bytes show.
enum Input {
    Plain(Counted),
    Gzip(Box<MultiGzDecoder<BufReader<Counted>>>),
    Zstd(Box<zstd::stream::read::Decoder<'static, BufReader<Counted>>>),
}

impl Input {
    fn consumed(&self) -> u64 {
        match self {
            Self::Plain(counted) => counted.count,
            Self::Gzip(gzip) => gzip.get_ref().get_ref().count,
            Self::Zstd(zstd) => zstd.get_ref().get_ref().count,
        }
    }
}

impl Read for Input {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Plain(counted) => counted.read(into),
            Self::Gzip(gzip) => gzip.read(into),
            Self::Zstd(zstd) => zstd.read(into),
        }
    }
}

/// A capture that is read piece by piece.
pub(crate) struct Stream {
    input: Input,
    chunk: Vec<u8>,
    filled: usize,
    base: u64,
}

impl Stream {
    fn open(raw: Raw) -> io::Result<Self> {
        let counted = Counted::open(raw)?;
        let input = match Format::recognise(counted.first.get(..counted.first_had).unwrap_or_default()) {
            Some(Format::Gzip) => Input::Gzip(Box::new(MultiGzDecoder::new(BufReader::new(counted)))),
            Some(Format::Zstd) => {
                let mut zstd = zstd::stream::read::Decoder::new(counted)?;
                zstd.window_log_max(ZSTD_WINDOW_LOG_MAX)?;
                Input::Zstd(Box::new(zstd))
            }
            _ => Input::Plain(counted),
        };
        Ok(Self { input, chunk: vec![0; CHUNK_BYTES], filled: 0, base: 0 })
    }

    fn more(&mut self, at: &mut u64) -> More {
        let wanted = usize::try_from(*at).unwrap_or(usize::MAX).min(self.filled);
        // Whatever lies before `at` is done with; moving the rest is put off until room is short or nothing is left to move.
        if wanted == self.filled || self.chunk.len() - self.filled < ROOM_BYTES_MIN {
            self.chunk.copy_within(wanted..self.filled, 0);
            self.filled -= wanted;
            self.base += wanted as u64;
            *at -= wanted as u64;
        }
        loop {
            let Some(room) = self.chunk.get_mut(self.filled..).filter(|room| !room.is_empty()) else {
                return More::End;
            };
            match self.input.read(room) {
                Ok(0) => return More::End,
                Ok(read) => {
                    self.filled += read;
                    return More::Bytes;
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return More::Failed(error),
            }
        }
    }
}
