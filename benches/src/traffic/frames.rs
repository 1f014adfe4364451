//! Writes UDP and raw IP payloads as Ethernet frames of a pcap.

use std::io::{self, Write};

/// Ethernet, IPv4 and UDP headers, with room for a tag.
const HEADERS_MAX: usize = 14 + 4 + 20 + 8;

/// The first second of every file: 2026-03-02 09:00:00 UTC, a Monday morning.
pub const START_SECS: u64 = 1_772_442_000;

/// An IPv4 address and a port.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Address {
    /// The address, its first byte highest.
    pub ip: u32,
    /// The port.
    pub port: u16,
}

impl Address {
    /// The address written as four bytes, and a port.
    #[must_use]
    pub const fn new(ip: [u8; 4], port: u16) -> Self {
        Self { ip: u32::from_be_bytes(ip), port }
    }

    /// The same address with the port next to it, where RTCP goes (RFC 3550 §11).
    #[must_use]
    pub const fn next_port(self) -> Self {
        Self { ip: self.ip, port: self.port.wrapping_add(1) }
    }
}

/// Who sends to whom, and how the link wraps it.
#[derive(Clone, Copy, Debug)]
pub struct Path {
    /// The sender.
    pub source: Address,
    /// The receiver.
    pub destination: Address,
    /// The VLAN, 0 for an untagged frame.
    pub vlan: u16,
    /// The DSCP: 46 for media, 24 for signalling.
    pub dscp: u8,
}

/// A pcap being written.
#[derive(Debug)]
pub struct Frames<W> {
    out: W,
    frame: Vec<u8>,
    count: u64,
    /// IPv4 identification by sender, as a host counts it; senders share a counter by the last byte of their address.
    ids: [u16; 256],
}

impl<W: Write> Frames<W> {
    /// Begins the file: microseconds, Ethernet, no cut frames.
    ///
    /// # Errors
    /// What the writer says.
    pub fn begin(mut out: W) -> io::Result<Self> {
        let mut head = Vec::with_capacity(24);
        head.extend_from_slice(&0xa1b2_c3d4_u32.to_le_bytes());
        head.extend_from_slice(&[2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
        head.extend_from_slice(&65_535_u32.to_le_bytes());
        head.extend_from_slice(&1_u32.to_le_bytes());
        out.write_all(&head)?;
        Ok(Self { out, frame: Vec::with_capacity(2048), count: 0, ids: [0; 256] })
    }

    /// Frames written so far.
    #[must_use]
    pub const fn count(&self) -> u64 {
        self.count
    }

    /// Writes a UDP datagram seen `at_us` microseconds after the start.
    ///
    /// # Errors
    /// What the writer says.
    pub fn udp(&mut self, at_us: u64, path: &Path, payload: &[u8]) -> io::Result<()> {
        let length = (payload.len() + 8) as u16;
        let Path { source, destination, .. } = *path;
        let mut udp = [0; 8];
        let mut sum = u64::from(source.ip) + u64::from(destination.ip) + 17 + u64::from(length);
        sum += u64::from(source.port) + u64::from(destination.port) + u64::from(length);
        let checksum = match !folded(sum + words(payload)) {
            0 => 0xffff,
            checksum => checksum,
        };
        for (place, word) in udp.chunks_exact_mut(2).zip([source.port, destination.port, length, checksum]) {
            place.copy_from_slice(&word.to_be_bytes());
        }
        self.ip(at_us, path, 17, 0x4000, &udp, payload)
    }

    /// Writes an IPv4 packet of any protocol; `fragment` is its flags and offset. A set DF bit or none makes a new
    /// identification; fragments that belong together are written with [`Frames::fragment`].
    ///
    /// # Errors
    /// What the writer says.
    pub fn ip(
        &mut self,
        at_us: u64,
        path: &Path,
        protocol: u8,
        fragment: u16,
        header: &[u8],
        payload: &[u8],
    ) -> io::Result<()> {
        let id = self.ids.get_mut((path.source.ip & 0xff) as usize).map_or(0, |id| {
            *id = id.wrapping_add(1);
            *id
        });
        self.fragment(at_us, path, protocol, (id, fragment), header, payload)
    }

    /// Writes an IPv4 packet with this identification, flags and offset.
    ///
    /// # Errors
    /// What the writer says.
    pub fn fragment(
        &mut self,
        at_us: u64,
        path: &Path,
        protocol: u8,
        (id, fragment): (u16, u16),
        header: &[u8],
        payload: &[u8],
    ) -> io::Result<()> {
        let frame = &mut self.frame;
        frame.clear();
        let tag = if path.vlan == 0 { 0 } else { 4 };
        let captured = 14 + tag + 20 + header.len() + payload.len();
        debug_assert!(header.len() <= HEADERS_MAX, "a header, not a payload");
        let micros = START_SECS * 1_000_000 + at_us;
        for word in [(micros / 1_000_000) as u32, (micros % 1_000_000) as u32, captured as u32, captured as u32] {
            frame.extend_from_slice(&word.to_le_bytes());
        }
        // Two routers face each other on the link: the sender's side is told by its address.
        let side = (path.source.ip >> 16 & 1) as u8;
        frame.extend_from_slice(&[2, 0, 0, 0, 0, 1 - side, 2, 0, 0, 0, 0, side]);
        if path.vlan != 0 {
            frame.extend_from_slice(&[0x81, 0]);
            frame.extend_from_slice(&path.vlan.to_be_bytes());
        }
        frame.extend_from_slice(&[8, 0]);
        let mut ip = [0x45, path.dscp << 2, 0, 0, 0, 0, 0, 0, 62, protocol, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        let total = (20 + header.len() + payload.len()) as u16;
        for (at, word) in [(2, total), (4, id), (6, fragment)] {
            put(&mut ip, at, &word.to_be_bytes());
        }
        put(&mut ip, 12, &path.source.ip.to_be_bytes());
        put(&mut ip, 16, &path.destination.ip.to_be_bytes());
        let checksum = !folded(words(&ip));
        put(&mut ip, 10, &checksum.to_be_bytes());
        frame.extend_from_slice(&ip);
        frame.extend_from_slice(header);
        frame.extend_from_slice(payload);
        self.count += 1;
        self.out.write_all(frame)
    }

    /// Ends the file.
    ///
    /// # Errors
    /// What the writer says.
    pub fn end(mut self) -> io::Result<u64> {
        self.out.flush()?;
        Ok(self.count)
    }
}

fn put(bytes: &mut [u8], at: usize, value: &[u8]) {
    if let Some(place) = bytes.get_mut(at..at + value.len()) {
        place.copy_from_slice(value);
    }
}

/// The sum of the 16-bit words of a text (RFC 1071), not yet folded.
fn words(bytes: &[u8]) -> u64 {
    let (quads, rest) = bytes.as_chunks::<4>();
    let sum: u64 = quads.iter().map(|quad| u64::from(u32::from_be_bytes(*quad))).sum();
    let mut last = [0; 4];
    last.iter_mut().zip(rest).for_each(|(to, from)| *to = *from);
    sum + u64::from(u32::from_be_bytes(last))
}

/// A sum brought down to 16 bits with its carries.
const fn folded(mut sum: u64) -> u16 {
    while sum >> 16 != 0 {
        sum = (sum >> 16) + (sum & 0xffff);
    }
    sum as u16
}
