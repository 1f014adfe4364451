//! `seeds CORPUS CAPTURE...`: cuts captures into what the targets take, small pieces of each, under `CORPUS/<target>/`.

use std::collections::HashSet;
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

use fuzz::pcap::{Pcap, Record};
use link::{Capture, Config, Frame};
use wire::{Datagram, Decoder, Stretch, Take, Taker, WireConfig};

/// Frames of one piece of a capture.
const FRAMES: usize = 24;
/// Bytes of one.
const BYTES: usize = 12_000;
/// Pieces of one capture, and payloads of each kind of one capture.
const PIECES: usize = 3;
const PAYLOADS: usize = 12;
/// Of the signer of most of the seeds' PASSporTs.
const CERTIFICATE: &[u8] = include_bytes!("../../../fixtures/stir/certificates/certs.example.net/shaken.pem");

fn main() {
    let mut arguments = std::env::args_os().skip(1).map(PathBuf::from);
    let corpus = arguments.next().expect("usage: seeds CORPUS CAPTURE...");
    for file in arguments {
        if let Ok(bytes) = fs::read(&file)
            && bytes.len() <= BYTES
        {
            keep(&corpus, "link", &bytes);
        }
        let Ok(mut capture) = Capture::open(&[file], Config::default()) else { continue };
        let mut payloads = Payloads { corpus: &corpus, kept: HashSet::new(), counts: [0; 5] };
        let mut decoder = Decoder::new(&WireConfig::default());
        let (mut piece, mut pieces) = (Pcap::ethernet(), 0);
        while let Some(batch) = capture.next_batch() {
            for frame in batch.frames() {
                decoder.decode(&frame, &mut payloads);
                if pieces < PIECES {
                    if !piece.records.is_empty() && (piece.records.len() == FRAMES || !is_alike(&piece, &frame)) {
                        keep_piece(&corpus, &std::mem::replace(&mut piece, Pcap::ethernet()));
                        pieces += 1;
                    }
                    piece.header[20..22].copy_from_slice(&frame.link.0.to_le_bytes());
                    let micros = frame.at.micros();
                    piece.records.push(Record { micros, length: frame.length, bytes: frame.bytes.to_vec() });
                }
            }
        }
        if pieces < PIECES {
            keep_piece(&corpus, &piece);
        }
    }
}

fn is_alike(piece: &Pcap, frame: &Frame<'_>) -> bool {
    piece.header[20..22] == frame.link.0.to_le_bytes()
}

/// A piece under the default limits and under tight ones.
fn keep_piece(corpus: &Path, piece: &Pcap) {
    for choice in [0, 1, 23] {
        let mut piece = piece.clone();
        piece.header[12] = choice;
        let bytes = piece.bytes(BYTES);
        for target in ["wire", "capture"] {
            keep(corpus, target, &bytes);
        }
    }
}

fn keep(corpus: &Path, target: &str, bytes: &[u8]) {
    let mut hasher = DefaultHasher::new();
    bytes.hash(&mut hasher);
    let folder = corpus.join(target);
    fs::create_dir_all(&folder).expect("a folder for the corpus");
    // Small files are what a disk is slowest at, and many captures hold the same.
    let seed = folder.join(format!("seed-{:016x}", hasher.finish()));
    if !seed.exists() {
        fs::write(seed, bytes).expect("room for a seed");
    }
}

struct Payloads<'a> {
    corpus: &'a Path,
    kept: HashSet<Vec<u8>>,
    counts: [usize; 5],
}

impl Payloads<'_> {
    fn keep(&mut self, kind: usize, target: &str, bytes: &[u8]) {
        if self.counts[kind] < PAYLOADS && self.kept.insert(bytes.iter().take(64).copied().collect()) {
            self.counts[kind] += 1;
            keep(self.corpus, target, bytes);
        }
    }
}

impl Taker for Payloads<'_> {
    fn datagram(&mut self, datagram: &Datagram<'_>) {
        let payload = datagram.payload;
        if let Ok(message) = sip::Message::parse(payload) {
            self.keep(0, "sip", payload);
            self.keep(1, "framing", &[b"\x20", payload, payload].concat());
            if sip::sdp::Sdp::parse(message.body()).is_ok() {
                self.keep(2, "sdp", message.body());
            }
            for identity in message.identities() {
                keep(self.corpus, "passport", identity);
                keep(self.corpus, "stir", &[identity, b"\0", CERTIFICATE].concat());
            }
            let content_type = message.headers().first(sip::HeaderName::ContentType).unwrap_or_default();
            if !message.body().is_empty() {
                keep(self.corpus, "body", &[content_type, b"\n\n", message.body()].concat());
            }
            let user = message.to().and_then(|to| to.uri()).and_then(|uri| uri.user()).unwrap_or_default();
            keep(self.corpus, "numbers", &[b"\x00\x00", user].concat());
            return;
        }
        if gateway::read(payload).is_some() {
            return keep(self.corpus, "gateway", &[b"\x00\x20", payload].concat());
        }
        match rtp::demux(payload) {
            rtp::Kind::Rtcp => self.keep(3, "rtcp", payload),
            _ => self.keep(4, "rtp", payload),
        }
    }

    fn stretch(&mut self, stretch: &Stretch<'_>) -> Take {
        let ports = [stretch.source.port, stretch.destination.port];
        if let gateway::Begin::Control(_) = gateway::Stream::begin(stretch.bytes, ports) {
            keep(self.corpus, "gateway", &[b"\x00\x20", stretch.bytes].concat());
        } else if stretch.first && stretch.bytes.len() > 8 {
            let target = match () {
                () if sip::tls::is_tls(stretch.bytes) => "tls",
                () if stretch.bytes.starts_with(b"GET ") || stretch.bytes.starts_with(b"HTTP") => "websocket",
                () => "framing",
            };
            let lead: &[u8] = if target == "tls" { &[0x13, 0xc5] } else { &[7] };
            keep(self.corpus, target, &[lead, stretch.bytes].concat());
        }
        Take::Consumed(stretch.bytes.len())
    }
}
