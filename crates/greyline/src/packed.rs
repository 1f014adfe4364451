//! A file that is written packed as its name says.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use flate2::write::GzEncoder;

/// Bytes written at once.
const BUFFER: usize = 1 << 18;
/// How hard zstd tries: its own default.
const LEVEL: i32 = 3;

/// Where bytes go, or standard output.
type Plain = BufWriter<Box<dyn Write>>;

/// A file being written: gzip where its name ends in .gz, zstd where it ends in .zst, else as it comes.
pub enum Packed {
    Plain(Plain),
    Gzip(GzEncoder<Plain>),
    Zstd(zstd::stream::write::Encoder<'static, Plain>),
}

impl Packed {
    /// Begins a file, `-` for standard output.
    ///
    /// # Errors
    /// It cannot be made.
    pub fn create(file: &Path) -> io::Result<Self> {
        let stdout = file == Path::new("-");
        Self::over(if stdout { Box::new(io::stdout()) } else { Box::new(File::create(file)?) }, file)
    }

    /// Begins what will have this name, wherever its bytes go meanwhile.
    ///
    /// # Errors
    /// What packs cannot be set up.
    pub fn over(inner: Box<dyn Write>, file: &Path) -> io::Result<Self> {
        let plain = BufWriter::with_capacity(BUFFER, inner);
        Ok(match file.extension().and_then(|extension| extension.to_str()) {
            Some("gz") => Self::Gzip(GzEncoder::new(plain, flate2::Compression::fast())),
            Some("zst") => Self::Zstd(zstd::stream::write::Encoder::new(plain, LEVEL)?),
            _ => Self::Plain(plain),
        })
    }

    /// Goes on behind what a file holds, as it comes: whoever reads it does so while it is being written.
    pub fn behind(file: File) -> Self {
        Self::Plain(BufWriter::with_capacity(BUFFER, Box::new(file)))
    }

    /// Ends what is packed, and makes sure that everything has arrived.
    ///
    /// # Errors
    /// It has not.
    pub fn finish(&mut self) -> io::Result<()> {
        match self {
            Self::Plain(plain) => plain.flush(),
            Self::Gzip(encoder) => {
                encoder.try_finish()?;
                encoder.get_mut().flush()
            }
            Self::Zstd(encoder) => {
                encoder.do_finish()?;
                encoder.get_mut().flush()
            }
        }
    }

    /// Writes nothing more: what waits and will never arrive. Nobody can say where it is packed.
    pub fn abandon(self) -> Option<Vec<u8>> {
        match self {
            Self::Plain(plain) => plain.into_parts().1.ok(),
            Self::Gzip(_) | Self::Zstd(_) => None,
        }
    }
}

impl Write for Packed {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Plain(plain) => plain.write(bytes),
            Self::Gzip(encoder) => encoder.write(bytes),
            Self::Zstd(encoder) => encoder.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Plain(plain) => plain.flush(),
            Self::Gzip(encoder) => encoder.flush(),
            Self::Zstd(encoder) => encoder.flush(),
        }
    }
}
