//! The first frames of a capture, for the figures taken as a slope between two cuts of one file.

use std::io::{self, Read, Write};

/// Copies the file's head and its first `frames` records; says how many there were.
///
/// # Errors
/// What the reader or the writer says; a capture of another byte order is not understood.
pub fn cut<R: Read, W: Write>(mut from: R, mut to: W, frames: u64) -> io::Result<u64> {
    let mut head = [0; 24];
    from.read_exact(&mut head)?;
    if head.first_chunk() != Some(&0xa1b2_c3d4_u32.to_le_bytes()) {
        return Err(io::Error::other("not a pcap with microseconds of this byte order"));
    }
    to.write_all(&head)?;
    let mut frame = Vec::new();
    for count in 0..frames {
        let mut record = [0; 16];
        match from.read_exact(&mut record) {
            Ok(()) => {}
            Err(end) if end.kind() == io::ErrorKind::UnexpectedEof => {
                to.flush()?;
                return Ok(count);
            }
            Err(error) => return Err(error),
        }
        let [_, _, _, _, _, _, _, _, c0, c1, c2, c3, ..] = record;
        frame.resize(u32::from_le_bytes([c0, c1, c2, c3]) as usize, 0);
        from.read_exact(&mut frame)?;
        to.write_all(&record)?;
        to.write_all(&frame)?;
    }
    to.flush()?;
    Ok(frames)
}
