//! Packets as Wireshark and its like open them: pcapng (draft-ietf-opsawg-pcapng), nanoseconds, a comment with each packet.

use std::io::{self, Write};

use link::LinkType;
use types::Nanos;

/// Blocks.
const SECTION: u32 = 0x0a0d_0d0a;
const INTERFACE: u32 = 1;
const PACKET: u32 = 6;
/// Options.
const END: u16 = 0;
const COMMENT: u16 = 1;
const NAME: u16 = 2;
const APPLICATION: u16 = 4;
const RESOLUTION: u16 = 9;
/// Letters of a comment that are kept.
const COMMENT_BYTES_MAX: usize = 2_000;

/// A capture being written.
#[derive(Debug)]
pub struct Writer<W> {
    out: W,
    /// The link types of the interfaces so far, each with one.
    interfaces: Vec<LinkType>,
}

impl<W: Write> Writer<W> {
    /// Begins a capture.
    ///
    /// # Errors
    /// What the writer says.
    pub fn begin(mut out: W, application: &str, comment: &str) -> io::Result<Self> {
        let mut head = Vec::new();
        section(&mut head, application, comment);
        out.write_all(&head)?;
        Ok(Self { out, interfaces: Vec::new() })
    }

    /// Writes a packet: the bytes that are kept of it, and how long it was.
    ///
    /// # Errors
    /// What the writer says.
    pub fn packet(
        &mut self,
        at: Nanos,
        link: LinkType,
        (bytes, length): (&[u8], usize),
        comment: &str,
    ) -> io::Result<()> {
        let mut blocks = Vec::with_capacity(bytes.len() + comment.len() + 128);
        let interface = match self.interfaces.iter().position(|known| *known == link) {
            Some(place) => place,
            None => {
                interface(&mut blocks, link);
                self.interfaces.push(link);
                self.interfaces.len() - 1
            }
        };
        packet(&mut blocks, interface as u32, at, (bytes, length), comment);
        self.out.write_all(&blocks)
    }

    /// Ends it.
    ///
    /// # Errors
    /// What the writer says.
    pub fn end(mut self) -> io::Result<W> {
        self.out.flush()?;
        Ok(self.out)
    }
}

/// The block a file begins with.
pub(crate) fn section(out: &mut Vec<u8>, application: &str, comment: &str) {
    block(out, SECTION, |body| {
        words(body, &[0x1a2b_3c4d, 1, u32::MAX, u32::MAX]);
        option(body, APPLICATION, application.as_bytes());
        option(body, COMMENT, shortened(comment).as_bytes());
        option(body, END, &[]);
    });
}

/// The block that says what packets of a link type begin with.
pub(crate) fn interface(out: &mut Vec<u8>, link: LinkType) {
    block(out, INTERFACE, |body| {
        words(body, &[u32::from(link.0), 0]);
        option(body, NAME, format!("link type {}", link.0).as_bytes());
        option(body, RESOLUTION, &[9]);
        option(body, END, &[]);
    });
}

/// The block of a packet: the bytes that are kept of it, and how long it was.
pub(crate) fn packet(out: &mut Vec<u8>, interface: u32, at: Nanos, (bytes, length): (&[u8], usize), comment: &str) {
    let stamp = at.get();
    block(out, PACKET, |body| {
        words(body, &[interface, (stamp >> 32) as u32, stamp as u32, bytes.len() as u32, length as u32]);
        let begun = body.len();
        body.extend_from_slice(bytes);
        pad(body, begun);
        if !comment.is_empty() {
            option(body, COMMENT, shortened(comment).as_bytes());
            option(body, END, &[]);
        }
    });
}

/// A block around a body; its length stands before it and behind it.
fn block(out: &mut Vec<u8>, kind: u32, body: impl FnOnce(&mut Vec<u8>)) {
    let begun = out.len();
    words(out, &[kind, 0]);
    body(out);
    let length = (out.len() - begun + 4) as u32;
    words(out, &[length]);
    out.splice(begun + 4..begun + 8, length.to_le_bytes());
}

/// Fills up to a multiple of four behind `begun`.
fn pad(out: &mut Vec<u8>, begun: usize) {
    let length = (out.len() - begun).next_multiple_of(4);
    out.resize(begun + length, 0);
}

fn words(out: &mut Vec<u8>, words: &[u32]) {
    out.extend(words.iter().flat_map(|word| word.to_le_bytes()));
}

fn option(out: &mut Vec<u8>, code: u16, value: &[u8]) {
    out.extend(code.to_le_bytes());
    out.extend((value.len() as u16).to_le_bytes());
    let begun = out.len();
    out.extend_from_slice(value);
    pad(out, begun);
}

/// Text that fits an option, without what would make two lines of it.
fn shortened(text: &str) -> String {
    let mut short = String::new();
    for letter in text.chars().map(|letter| if letter.is_control() { ' ' } else { letter }) {
        if short.len() + letter.len_utf8() > COMMENT_BYTES_MAX {
            break;
        }
        short.push(letter);
    }
    short
}
