//! What became of packets: everything a run tells, as text that can be compared.

use std::net::{Ipv4Addr, Ipv6Addr};
use std::path::PathBuf;

use call::{CallConfig, CallRecord, Exchange, Listener, RtpHeader, Step};
use link::{Batch, Capture, Config, FrameHead};
use pipeline::{Worker, WorkerConfig};
use types::Nanos;

use crate::packets::{Packet, pcap};

/// What a run told.
#[derive(Debug, Default)]
pub struct Fate {
    /// Records, steps and exchanges, in the order they were told.
    told: Vec<String>,
    /// Sums over calls.
    tally: String,
    /// Counts of the traffic.
    traffic: String,
    /// Frames that came in.
    frames: u64,
}

/// All that a worker can tell of a call, how its media fared from second to second and how it began among it.
fn config() -> WorkerConfig {
    WorkerConfig {
        calls: CallConfig { course_secs: 1, ..CallConfig::default() },
        headers: 7,
        ..WorkerConfig::default()
    }
}

impl Listener for Fate {
    fn step(&mut self, step: Step, at: Nanos, call: &CallRecord<'_>) {
        self.told.push(format!("{step:?} {at:?} {}", String::from_utf8_lossy(call.call_id)));
    }

    fn header(&mut self, header: &RtpHeader<'_>) {
        self.told.push(format!("{header:?}"));
    }

    fn exchange(&mut self, exchange: &Exchange<'_>) {
        self.told.push(format!("{exchange:?}"));
    }

    fn record(&mut self, record: &CallRecord<'_>) {
        self.told.push(format!("{record:?}"));
    }
}

impl Fate {
    /// The first thing that another run tells otherwise.
    pub fn difference(&self, other: &Self) -> Option<String> {
        if self.told.len() != other.told.len() {
            return Some(format!("{} are told, not {}", other.told.len(), self.told.len()));
        }
        let lines = |fate: &'_ Self| fate.told.iter().chain([&fate.tally, &fate.traffic]).cloned().collect::<Vec<_>>();
        let pairs = lines(self).into_iter().zip(lines(other));
        pairs.into_iter().find(|(one, two)| one != two).map(|(one, two)| {
            let apart = one.bytes().zip(two.bytes()).position(|(one, two)| one != two).unwrap_or(0);
            let near = |text: &str| {
                let bytes = text.as_bytes();
                let (from, to) = (apart.saturating_sub(90), bytes.len().min(apart + 40));
                String::from_utf8_lossy(&bytes[from.min(to)..to]).into_owned()
            };
            format!("\n    {}\n    {}", near(&one), near(&two))
        })
    }

    /// Leaves out the counts of the traffic: they are of frames as the link carries them, with copies and tunnels.
    pub fn without_traffic(mut self) -> Self {
        self.traffic.clear();
        self
    }

    /// Leaves out when an end was known: of what is open at the end of the input that is its last frame, which a copy may be.
    pub fn without_knowledge(mut self) -> Self {
        for told in &mut self.told {
            let cut = told.find("end_known_at: ").zip(told.find(", outcome: "));
            if let Some((from, to)) = cut.filter(|(from, to)| from < to) {
                told.replace_range(from..to, "");
            }
        }
        self
    }

    /// Reads what was brought over IPv6 as what it was over IPv4.
    pub fn with_addresses_of_ipv4(mut self) -> Self {
        for told in &mut self.told {
            let mut read = String::with_capacity(told.len());
            let mut parts = told.split("64:ff9b::");
            read += parts.next().unwrap();
            for part in parts {
                let end = part.find(|it: char| !it.is_ascii_hexdigit() && it != ':').unwrap();
                let (host, rest) = part.split_at(end);
                let [.., a, b, c, d] = format!("::{host}").parse::<Ipv6Addr>().unwrap().octets();
                // With a port it stands in brackets.
                let bare = if read.ends_with('[') { read.pop().and(rest.strip_prefix(']')) } else { Some(rest) };
                read += &format!("{}{}", Ipv4Addr::new(a, b, c, d), bare.unwrap());
            }
            *told = read;
        }
        self
    }

    /// Takes in what the worker counted, and adds it up: every frame became one thing.
    fn close(mut self, mut worker: Worker) -> Self {
        worker.drain(&mut self);
        let wire = worker.wire_tally();
        let gave = wire.datagrams + wire.packets_of_messages + wire.segments + wire.fragments + wire.copies;
        let nothing: u64 = wire.undecoded().map(|(_, count)| count).sum();
        assert_eq!((wire.frames, gave + nothing), (self.frames, self.frames), "every frame ends as one thing");
        assert_eq!(worker.traffic().frames, self.frames);
        assert_eq!(worker.held().0, 0, "no leg outlives the drain");
        let records = self.told.iter().filter(|told| told.starts_with("CallRecord")).count() as u64;
        assert_eq!(records, worker.call_tally().calls(), "every call has one record");
        self.tally = format!("{:?}", worker.call_tally());
        self.traffic = format!("{:?}", worker.traffic());
        self
    }
}

/// Plays packets in batches of a size.
pub fn fate_of(packets: &[Packet], size: usize) -> Fate {
    let mut worker = Worker::new(config());
    let mut fate = Fate { frames: packets.len() as u64, ..Fate::default() };
    for packets in packets.chunks(size) {
        let (mut bytes, mut heads) = (Vec::new(), Vec::new());
        for packet in packets {
            let (offset, captured) = (bytes.len() as u64, packet.bytes.len() as u32);
            heads.push(FrameHead {
                at: Nanos::new(packet.at),
                offset,
                captured,
                length: packet.length,
                link: packet.link,
            });
            bytes.extend_from_slice(&packet.bytes);
        }
        worker.on_batch(&Batch::new(&bytes, &heads), &mut fate);
    }
    fate.close(worker)
}

/// Plays packets that lie in several files.
pub fn fate_of_files(files: &[Vec<Packet>]) -> Fate {
    let folder = Folder::new();
    let paths: Vec<PathBuf> = (0..files.len()).map(|number| folder.0.join(format!("{number}.pcap"))).collect();
    for (path, packets) in paths.iter().zip(files) {
        std::fs::write(path, pcap(packets)).unwrap();
    }
    let mut worker = Worker::new(config());
    let mut fate = Fate { frames: files.iter().map(|packets| packets.len() as u64).sum(), ..Fate::default() };
    let mut capture = Capture::open(&paths, Config::default()).unwrap();
    while let Some(batch) = capture.next_batch() {
        worker.on_batch(&batch, &mut fate);
    }
    fate.close(worker)
}

/// A folder of its own, gone when it is dropped.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("passes");
        std::fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.0).unwrap();
    }
}
