//! `greyline evidence`: what an alert rests on, as a bundle.

use std::collections::{BTreeSet, HashMap};
use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use call::Side;
use config::{Holder, Known};
use evidence::{
    Before, Bundle, Cutter, Made as MadeFrame, OfCall, Packet, Redactor, Sealed, Signer, cut_under_udp, files_between,
    hex, pcapng,
};
use jiff::Timestamp;
use link::{Capture, LinkType};
use nix::unistd::{Uid, User, getuid};
use pipeline::Worker;
use serde_json::{Value, json};
use store::{Archive, Found};
use types::Nanos;

use crate::case::{Case, Legs, parse};
use crate::cli::EvidenceJob;
use crate::failure::Failure;
use crate::json::{part, time};
use crate::knowledge;
use crate::outputs::Output;
use crate::run::{Done, Keeps, plan};
use crate::standing::Standing;
use crate::unsealing;

/// Where the signalling of the last hours lies in a store.
pub const RING: &str = "packets";
/// The key that signs bundles.
pub const KEY: &str = "evidence.key";
/// Calls in a bundle that is written to a folder.
const CALLS_MAX: usize = 100_000;
/// Runs that are named in a bundle.
const RUNS_MAX: usize = 20;
/// Why a bundle has no packets.
const NO_RECORDS: &str = "no packets: without records of its calls nobody can say which packets are theirs";
const NO_SOURCE: &str =
    "no packets: no capture was named (--capture), and the store holds none of that time (store.packets_mib_max)";
const NOT_IN_CAPTURES: &str = "no packets: none of these calls is in what --capture names";
const NOT_IN_RING: &str = "no packets: none of these calls is in what the store holds of that time";
/// What says that nothing else does.
const NO_CALLS: &str =
    "no calls: the store can be read for none that the alert counts, and the bundle holds the alert alone";
/// What says that numbers are gone for good.
const UNSEALED: &str =
    "nobody can ever say which numbers these were: [evidence] of the configuration names no two who could";

/// What an alert without a word on coverage says, of what went past the probe alone.
const NOTHING_MISSING: &str =
    "of the traffic nothing is known to be missing from the time in which the evidence came together";

/// Who does this, as the audit log names him: as he says, as he is logged in, or as the system knows the user that this runs as.
pub fn who(named: Option<&str>) -> String {
    let said = |variable| std::env::var(variable).ok();
    let said = [named.map(str::to_owned), said("USER"), said("LOGNAME")];
    said.into_iter().flatten().find(|name| !name.is_empty()).unwrap_or_else(|| user(getuid()))
}

/// A user by the name that the system has for him, by his number where it has none.
fn user(uid: Uid) -> String {
    User::from_uid(uid).ok().flatten().map_or_else(|| format!("uid {uid}"), |user| user.name)
}

/// This moment.
pub fn now() -> Nanos {
    Nanos::new(u64::try_from(Timestamp::now().as_nanosecond()).unwrap_or(0))
}

/// What a bundle is to hold, and how it is made.
pub struct Wanted<'w> {
    /// The alert it is about.
    pub alert: &'w str,
    /// Whether numbers are replaced.
    pub redacted: bool,
    /// Captures to cut packets out of; the ring of the store where none is named.
    pub captures: &'w [PathBuf],
    /// Bytes of packets at most.
    pub bytes_max: usize,
    /// Calls at most; where the alert counts more, those that it names and the latest.
    pub calls_max: usize,
    /// Who makes it.
    pub by: &'w str,
}

/// A bundle that was made.
pub struct Made {
    /// Its place among others of the store.
    pub number: u64,
    /// All of it.
    pub sealed: Sealed,
    /// How many calls it has, and how many the alert counts.
    pub calls: (usize, u64),
    /// SIP messages in it.
    pub messages: usize,
    /// RTP headers in it.
    pub headers: usize,
    /// What is to be said of it.
    pub remarks: Vec<String>,
    /// Whether it has calls and packets, and all of what it was made from could be read.
    pub whole: bool,
}

/// Writes a bundle.
///
/// # Errors
/// That there is no such alert, that captures cannot be read, or that the bundle cannot be written.
pub fn evidence(job: &EvidenceJob) -> Result<Done, Failure> {
    let known = knowledge::of(&job.tap, false)?;
    if job.out.exists() {
        return Err(Failure::Flag(
            "--out",
            format!("{} is there already: a bundle is a new folder", job.out.display()),
        ));
    }
    let mut archive = Archive::open(&job.store).map_err(Failure::Store)?;
    let key = job.key.clone().unwrap_or_else(|| job.store.join(KEY));
    let signer = Signer::of_file(&key).map_err(|error| Failure::Unread(key.clone(), error))?;
    let by = who(job.by.as_deref());
    let (redacted, captures, out) = (job.redacted, job.capture.as_slice(), &job.out);
    let (bytes_max, calls_max) = (evidence::BYTES_MAX, CALLS_MAX);
    let wanted = Wanted { alert: &job.alert, redacted, captures, bytes_max, calls_max, by: &by };
    let made = make(&mut archive, &known, &signer, &wanted, |sealed| {
        sealed.write(out).map_err(|error| {
            // Half a bundle is none.
            let _ = fs::remove_dir_all(out);
            Failure::Write(out.clone(), error)
        })
    })?;
    let mut output = Output::open(Path::new("-"))?;
    output.text(&format!(
        "bundle {} for alert {}: {} of its {} calls, {} SIP messages, {} RTP headers, in {}\nmanifest {}\nsigned with {}\n",
        made.number,
        job.alert,
        made.calls.0,
        made.calls.1,
        made.messages,
        made.headers,
        out.display(),
        hex(&made.sealed.manifest),
        evidence::fingerprint(signer.public()),
    ))?;
    output.close()?;
    let mut stderr = std::io::stderr().lock();
    for remark in made.remarks {
        // Where standard error is gone nobody is left to tell.
        let _ = writeln!(stderr, "greyline: {remark}");
    }
    Ok(if made.whole { Done::Whole } else { Done::Damaged })
}

/// Makes a bundle and hands it to `keep`; the store and its audit log know of it once that has taken it.
///
/// # Errors
/// That there is no such alert, that captures cannot be read, what `keep` says, or that the store cannot be written.
pub fn make(
    archive: &mut Archive,
    known: &Known,
    signer: &Signer,
    wanted: &Wanted<'_>,
    keep: impl FnOnce(&Sealed) -> Result<(), Failure>,
) -> Result<Made, Failure> {
    let mut case = Case::look_up(archive, wanted.alert)?;
    let calls = case.calls(archive, wanted.calls_max)?;
    let legs = calls.iter().map(|call| parse(&call.record)).collect::<Result<Vec<Legs>, _>>()?;
    let last = case.around().1;
    let packets = calls.iter().zip(&legs).map(|(call, legs)| legs.packets(call.at, last)).collect();
    let mut cut = cut(&archive.folder().join(RING), known, &case, packets, wanted)?;
    if wanted.redacted && known.config().evidence.holders.is_empty() {
        cut.remarks.push(UNSEALED.to_owned());
    }
    let at = now();
    let bundle = Bundle {
        alert_id: case.alert.id.clone(),
        made_at: time(at),
        made_by: wanted.by.to_owned(),
        program: format!("greyline {}", env!("CARGO_PKG_VERSION")),
        redacted: wanted.redacted,
        files: files(archive, &case, (&calls, &legs), &cut, (wanted.redacted, &known.config().evidence.holders))?,
    };
    let mut sealed = None;
    let added = archive.add_bundle((&case.alert.id, wanted.redacted), (at, wanted.by), |number, manifest, audit| {
        let made = bundle.seal(&Before { number, manifest, audit }, signer);
        let made = made.map_err(|error| Failure::Service(format!("the bundle: {error}")))?;
        keep(&made)?;
        let manifest = made.manifest;
        sealed = Some(made);
        Ok(manifest)
    });
    let added = added.map_err(Failure::Store).flatten()?;
    let sealed = sealed.ok_or_else(|| Failure::Service("the bundle was not made".to_owned()))?;
    let (messages, headers) = (cut.messages(), cut.headers());
    let whole = !cut.packets.is_empty() && !cut.damaged && case.unread.is_empty();
    let remarks = case.unread.iter().cloned().chain(lacking(&case, calls.len(), wanted.calls_max)).chain(cut.remarks);
    let (remarks, calls) = (remarks.collect(), (calls.len(), case.counted));
    Ok(Made { number: added.number, sealed, calls, messages, headers, remarks, whole })
}

/// What is to be said where a bundle has fewer calls than the alert counts.
fn lacking(case: &Case, held: usize, most: usize) -> Option<String> {
    let counted = case.counted;
    match held as u64 {
        0 => Some(NO_CALLS.to_owned()),
        held if held >= counted.min(most as u64) => None,
        held if case.alert.status == "close" => {
            Some(format!("the store has {held} of the {counted} calls that the alert counts"))
        }
        held => Some(format!(
            "the store has {held} of the {counted} calls that the alert counts so far: a call is recorded once it is over"
        )),
    }
}

/// The files of a bundle.
fn files(
    archive: &Archive,
    case: &Case,
    (calls, legs): (&[Found], &[Legs]),
    cut: &Cut,
    (redacted, holders): (bool, &[Holder]),
) -> Result<Vec<(String, Vec<u8>)>, Failure> {
    let redactor = redacted.then(|| redactor(calls)).transpose()?;
    let runs = archive.runs(part(&case.record, "/versions/config").as_str().unwrap_or_default(), RUNS_MAX);
    let runs = runs.map_err(Failure::Store)?;

    let standing = Standing::of(archive, &case.alert)?;

    let mut files = Vec::new();
    let shown = |record: &Value| {
        let mut record = record.clone();
        redactor.iter().for_each(|redactor| redactor.record(&mut record));
        record
    };
    let pretty = |value: &Value| format!("{value:#}\n").into_bytes();
    files.push(("alert.json".to_owned(), pretty(&shown(&case.record))));
    let mut life = String::new();
    for word in &case.life {
        // A string takes what it is given.
        let _ = writeln!(life, "{}", shown(word));
    }
    files.push(("life.jsonl".to_owned(), life.into_bytes()));
    let mut lines = String::new();
    for call in calls {
        let _ = writeln!(lines, "{}", shown(&parse(&call.record)?));
    }
    files.push(("calls.jsonl".to_owned(), lines.into_bytes()));
    if !cut.packets.is_empty() {
        files.push(("packets.pcapng".to_owned(), packets(&cut.packets, legs, redactor.as_ref())));
    }
    if let Some(run) = runs.first() {
        files.push(("config.json".to_owned(), pretty(&shown(&parse(&run.config)?))));
    }
    let about = json!({
        "alert_id": case.alert.id,
        "calls": { "counted": case.counted, "named": case.sample, "in_this_bundle": calls.len() },
        "packets": { "messages": cut.messages(), "rtp_headers": cut.headers(), "in_their_frames": cut.packets.iter().filter(|it| it.frame.is_some() && redactor.is_none()).count(),
            "left_out": cut.refused, "from": cut.sources, "remarks": cut.remarks },
        "not_seen": case.record.get("coverage").cloned().unwrap_or_else(|| NOTHING_MISSING.into()),
        "store_unread": case.unread,
        "judged_by": part(&case.record, "/versions"),
        "runs": runs.iter().map(|run| json!({ "begun": time(run.begun), "program": run.program, "sources": run.sources, "clock": run.clock }))
            .collect::<Vec<_>>(),
        "clock": {
            "stamps": "times are those of the frames, as whoever captured stamped them",
            "from_utc": standing.map_or_else(|| "how far that clock was from UTC was not recorded".into(), |it| it.told()),
        },
        "redacted": redacted,
        "sealed_for": holders.iter().filter(|_| redacted).map(|holder| json!({ "name": holder.name, "public_key": holder.public_key.to_string() }))
            .collect::<Vec<_>>(),
    });
    files.push(("about.json".to_owned(), pretty(&shown(&about))));
    // All that is replaced has been by now.
    if let (Some(redactor), [one, other]) = (&redactor, holders) {
        let keys = [one.public_key.bytes(), other.public_key.bytes()];
        let sealed =
            evidence::seal(&keys, &unsealing::table(redactor)).map_err(|error| Failure::Service(error.to_string()))?;
        files.push((evidence::SEALED.to_owned(), sealed));
    }
    Ok(files)
}

/// What was cut out of captures.
#[derive(Default)]
struct Cut {
    packets: Vec<Packet>,
    refused: u64,
    sources: Vec<Value>,
    remarks: Vec<String>,
    /// Whether a capture could not be read to its end.
    damaged: bool,
}

impl Cut {
    fn messages(&self) -> usize {
        self.packets.len() - self.headers()
    }

    fn headers(&self) -> usize {
        self.packets.iter().filter(|packet| packet.media.is_some()).count()
    }
}

/// Reads captures, or the ring of the store, for the messages of the calls and the headers that their media began with.
fn cut(
    ring: &Path,
    known: &Known,
    case: &Case,
    packets: Vec<evidence::Wanted>,
    wanted: &Wanted<'_>,
) -> Result<Cut, Failure> {
    let no_records = packets.is_empty();
    let mut cutter = Cutter::new(packets).within(wanted.bytes_max);
    let of_ring = wanted.captures.is_empty();
    let (first, last) = case.around();
    let captures: Vec<PathBuf> = if of_ring { files_between(ring, first, last) } else { wanted.captures.to_vec() };
    let mut cut = Cut::default();
    if no_records || captures.is_empty() {
        cut.remarks.push(if no_records { NO_RECORDS } else { NO_SOURCE }.to_owned());
        return Ok(cut);
    }
    let map = known.config().capture.map && !of_ring;
    let mut worker = Worker::new(plan(known, Keeps { calls: false, packets: true }));
    // Captures are merged by their stamps; files of a ring follow one another, and the earliest may go while they are read.
    for together in captures.chunks(if of_ring { 1 } else { captures.len() }) {
        let mut capture = match Capture::open(together, link::Config { map }) {
            Ok(capture) => capture,
            Err(_) if of_ring && together.iter().all(|file| !file.exists()) => {
                cut.remarks.extend(together.iter().map(|file| format!("{} went while it was read", name_of(file))));
                continue;
            }
            Err(error) => return Err(Failure::Open(error)),
        };
        while let Some(batch) = capture.next_batch() {
            let before = worker.traffic().frames;
            worker.on_batch(&batch, &mut cutter);
            cutter.after(&batch, before);
        }
        cut.damaged |= capture.tally().damages > 0;
        cut.remarks.extend(capture.damages().iter().map(ToString::to_string));
    }
    worker.drain(&mut cutter);
    cut.refused = cutter.refused();
    cut.packets = cutter.into_packets();
    if cut.packets.is_empty() {
        cut.remarks.push(if of_ring { NOT_IN_RING } else { NOT_IN_CAPTURES }.to_owned());
    }
    for path in &captures {
        let name = name_of(path);
        // A file of the ring goes on growing, and a folder has no hash.
        let hash = if of_ring || !path.is_file() { None } else { evidence::sha256(path).ok() };
        cut.sources.push(json!({ "name": name, "sha256": hash, "ring": of_ring }));
    }
    Ok(cut)
}

/// The name of a file, whatever folder it lies in.
fn name_of(path: &Path) -> std::borrow::Cow<'_, str> {
    path.file_name().map_or_else(|| path.to_string_lossy(), |name| name.to_string_lossy())
}

/// What replaces the numbers of these calls: by a key of its own for each bundle.
fn redactor(calls: &[Found]) -> Result<Redactor, Failure> {
    let mut found = BTreeSet::new();
    for call in calls {
        evidence::numbers(&parse(&call.record)?, &mut found);
    }
    let redactor = Redactor::with_new_key(found.iter().map(String::as_str));
    redactor.map_err(|error| Failure::Service(error.to_string()))
}

/// The packets as pcapng: each in its frame where it has one, otherwise under headers of UDP; without numbers always so, since nobody knows what
/// else lies in a frame.
fn packets(packets: &[Packet], calls: &[Legs], redactor: Option<&Redactor>) -> Vec<u8> {
    // Who sent the first message of a leg is its calling side.
    let mut callers = HashMap::new();
    let program = format!("greyline {}", env!("CARGO_PKG_VERSION"));
    let comment = "The SIP messages of calls that an alert counts, and the headers of the first RTP packets of their media: what was said was not kept. Comments say \
        which line of calls.jsonl and who sent. Frames of link type RAW (101) were made for what did not lie whole in a frame of its own: the message or header is as it \
        was sent, the headers before it say from where to where.";
    let Ok(mut writer) = pcapng::Writer::begin(Vec::new(), &program, comment) else { return Vec::new() };
    for (id, packet) in packets.iter().enumerate() {
        let OfCall { call, leg } = packet.of;
        let from_caller = match packet.media {
            Some((from, _)) => from == Side::Caller,
            None => packet.source.ip == *callers.entry(packet.of).or_insert(packet.source.ip),
        };
        let side = if from_caller { "calling side" } else { "called side" };
        let (what, total) = (said(packet), calls.len());
        let (legs, call, leg) = (calls.get(call).map_or(0, Legs::count), call + 1, leg + 1);
        let comment = format!("call {call} of {total}, leg {leg} of {legs}: {what}, sent by the {side}");
        // The header of a packet of media has no numbers.
        let bytes = match redactor.filter(|_| packet.media.is_none()) {
            Some(redactor) => redactor.message(&packet.bytes),
            None => packet.bytes.to_vec(),
        };
        let length = packet.media.map_or(bytes.len(), |(_, length)| length);
        let whole = packet.frame.as_ref().filter(|_| redactor.is_none());
        let whole = whole.map(|(link, frame)| (*link, MadeFrame { bytes: frame.to_vec(), length: frame.len() }));
        let made = || cut_under_udp(packet.source, packet.destination, id as u16, &bytes, length);
        if let Some((link, made)) = whole.or_else(|| Some((LinkType::RAW, made()?))) {
            // Memory takes what it is given.
            let _ = writer.packet(packet.at, link, (&made.bytes, made.length), &comment);
        }
    }
    writer.end().unwrap_or_default()
}

/// What a packet is, in a word or two.
fn said(packet: &Packet) -> String {
    if packet.media.is_some() {
        return "RTP".to_owned();
    }
    let line = packet.bytes.split(|byte| *byte == b'\r' || *byte == b'\n').next().unwrap_or_default();
    let mut words = line.split(|byte| *byte == b' ');
    match (words.next().unwrap_or_default(), words.next().unwrap_or_default()) {
        (b"SIP/2.0", code) => format!("response {}", String::from_utf8_lossy(code)),
        (method, _) => format!("request {}", String::from_utf8_lossy(method)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_does_this_has_a_name() {
        assert_eq!(who(Some("officer")), "officer");
        assert_eq!(user(Uid::from_raw(0)), "root");
        assert_eq!(user(Uid::from_raw(4_000_000_001)), "uid 4000000001");
    }
}
