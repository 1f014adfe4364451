//! The first frames of a capture, for the figures taken as a slope between two cuts of one file; as they are or otherwise wrapped.

use std::io::{self, Read, Write};

use super::wraps::Wrap;

/// Copies the file's head and its first `frames` records, each within a wrap if there is one; says how many there were.
///
/// # Errors
/// What the reader or the writer says; a capture of another byte order is not understood.
pub fn cut<R: Read, W: Write>(mut from: R, mut to: W, frames: u64, wrap: Option<Wrap>) -> io::Result<u64> {
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
        let [stamp @ .., c0, c1, c2, c3, l0, l1, l2, l3] = record;
        let (captured, length) = (u32::from_le_bytes([c0, c1, c2, c3]), u32::from_le_bytes([l0, l1, l2, l3]));
        frame.resize(captured as usize, 0);
        from.read_exact(&mut frame)?;
        let wrapped = wrap.and_then(|wrap| wrap(&frame));
        let bytes = wrapped.as_deref().unwrap_or(&frame);
        let kept = bytes.len() as u32;
        to.write_all(&stamp)?;
        to.write_all(&kept.to_le_bytes())?;
        to.write_all(&length.wrapping_add(kept).wrapping_sub(captured).to_le_bytes())?;
        to.write_all(bytes)?;
    }
    to.flush()?;
    Ok(frames)
}
