//! The capture file: pcapng with microseconds, or pcap.

use std::io::{self, Write};

/// Which kind of file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// libpcap's, microseconds.
    Pcap,
    /// draft-ietf-opsawg-pcapng, microseconds.
    Pcapng,
}

/// Ethernet, as both formats number it.
const ETHERNET: u16 = 1;
/// No frame is cut.
const SNAP_LENGTH: u32 = 262_144;

/// A capture being written.
#[derive(Debug)]
pub struct Capture<W> {
    out: W,
    format: Format,
    frames: u64,
}

impl<W: Write> Capture<W> {
    /// Begins the file.
    ///
    /// # Errors
    /// What the writer says.
    pub fn begin(mut out: W, format: Format) -> io::Result<Self> {
        let mut head = Vec::with_capacity(48);
        match format {
            Format::Pcap => {
                words(&mut head, &[0xa1b2_c3d4, 0x0004_0002, 0, 0, SNAP_LENGTH, u32::from(ETHERNET)]);
            }
            Format::Pcapng => {
                // Section header: type, length, byte order, version 1.0, unknown length of the section.
                words(&mut head, &[0x0a0d_0d0a, 28, 0x1a2b_3c4d, 1, u32::MAX, u32::MAX, 28]);
                // Interface: microseconds are what holds without an option.
                words(&mut head, &[1, 20, u32::from(ETHERNET), SNAP_LENGTH, 20]);
            }
        }
        out.write_all(&head)?;
        Ok(Self { out, format, frames: 0 })
    }

    /// Writes a frame seen at `at_us`, microseconds since the epoch.
    ///
    /// # Errors
    /// What the writer says.
    pub fn frame(&mut self, at_us: u64, frame: &[u8]) -> io::Result<()> {
        self.frames += 1;
        let length = frame.len() as u32;
        let mut head = Vec::with_capacity(32);
        match self.format {
            Format::Pcap => {
                words(&mut head, &[(at_us / 1_000_000) as u32, (at_us % 1_000_000) as u32, length, length]);
                self.out.write_all(&head)?;
                self.out.write_all(frame)
            }
            Format::Pcapng => {
                let padding = frame.len().next_multiple_of(4) - frame.len();
                let block = 32 + length + padding as u32;
                words(&mut head, &[6, block, 0, (at_us >> 32) as u32, at_us as u32, length, length]);
                self.out.write_all(&head)?;
                self.out.write_all(frame)?;
                let [first, second, third, fourth] = block.to_le_bytes();
                let end = [0, 0, 0, first, second, third, fourth];
                self.out.write_all(end.get(3 - padding..).unwrap_or_default())
            }
        }
    }

    /// Frames written so far.
    #[must_use]
    pub const fn frames(&self) -> u64 {
        self.frames
    }

    /// Ends the file.
    ///
    /// # Errors
    /// What the writer says.
    pub fn end(mut self) -> io::Result<W> {
        self.out.flush()?;
        Ok(self.out)
    }
}

fn words(out: &mut Vec<u8>, words: &[u32]) {
    out.extend(words.iter().flat_map(|word| word.to_le_bytes()));
}
