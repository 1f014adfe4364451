//! How well recordings are known again over telephone lines, whether any is ever taken for another, and what listening costs:
//! `recordings FOLDER [--count N]`, over the voices that `recordings.sh` made, cut into recordings of ten seconds.

#![allow(clippy::print_stdout, reason = "the tables are the output")]

use std::error::Error;
use std::fmt::Write as _;
use std::fs;
use std::ops::Range;
use std::path::Path;

use audio::{
    BLOCK_FRAMES, Ear, Ears, EarsConfig, Excerpt, Library, LibraryConfig, Printer, Privacy, RecordingId,
    SAID_FRAMES_MIN, correlation, error_share,
};
use benches::arguments::Arguments;
use benches::counting::{Counting, cpu_nanos, measure};
use rtp::{Codec, Header};
use types::Nanos;

#[global_allocator]
static ALLOCATOR: Counting = Counting;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = Arguments::of_program();
    let count = arguments.value("--count", 4_473_usize)?;
    let folder = arguments.word().ok_or("usage: recordings FOLDER [--count N]; recordings.sh makes the folder")?;
    arguments.finish()?;
    let recordings = read(Path::new(&folder), count)?;
    println!("{}", pairs(&recordings));
    println!("{}", costs(recordings.get(..COSTED).unwrap_or(&recordings))?);
    println!("{}", table(&recordings));
    println!("{}", thresholds(recordings.get(..THRESHOLDED).unwrap_or(&recordings)));
    Ok(())
}

/// SplitMix64 (Steele, Lea and Flood 2014).
struct Random(u64);

impl Random {
    const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// A share, 0 to below 1.
    fn unit(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut word = self.0;
        word = (word ^ word >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        word = (word ^ word >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((word ^ word >> 31) >> 11) as f64 / (1_u64 << 53) as f64
    }
}

/// Bytes of a packet of 20 ms.
const PACKET: usize = 160;
/// Seconds that are listened to, as by default.
const LISTEN_SECS: u32 = 8;
/// Recordings of the table: each is compared with all the others.
const TABLED: usize = 60;

/// Recordings of which each is compared with all others, whatever can be found by them.
const THRESHOLDED: usize = 300;
/// Recordings over which costs are measured.
const COSTED: usize = 1_000;

/// What a line does to a recording.
#[derive(Clone, Copy, Debug)]
struct Line {
    name: &'static str,
    /// Through GSM full rate on the way.
    gsm: bool,
    /// Share of packets that are lost, one by one.
    loss: f64,
    /// Decibels of white noise below the speech, where there is any.
    noise_db: Option<f64>,
}

/// The lines of SCIENCE 4.7, but for the change of tempo.
const LINES: [Line; 6] = [
    Line { name: "G.711, shifted start", gsm: false, loss: 0.0, noise_db: None },
    Line { name: "GSM full rate", gsm: true, loss: 0.0, noise_db: None },
    Line { name: "2 % loss", gsm: false, loss: 0.02, noise_db: None },
    Line { name: "5 % loss", gsm: false, loss: 0.05, noise_db: None },
    Line { name: "GSM and 3 % loss", gsm: true, loss: 0.03, noise_db: None },
    Line { name: "white noise 15 dB below", gsm: false, loss: 0.0, noise_db: Some(15.0) },
];

/// A recording as G.711 µ-law, as it was made and through GSM.
struct Recording {
    plain: Vec<u8>,
    gsm: Vec<u8>,
}

/// Bytes of a recording: ten seconds.
const RECORDING: usize = 80_000;

/// As many recordings, the first of each voice before the second of any.
fn read(folder: &Path, count: usize) -> Result<Vec<Recording>, Box<dyn Error>> {
    let mut voices = Vec::new();
    while let Ok(plain) = fs::read(folder.join(format!("{}.ul", voices.len()))) {
        let gsm = fs::read(folder.join(format!("{}.gsm.ul", voices.len())))?;
        voices.push((plain, gsm));
    }
    let pieces = voices.iter().map(|(plain, gsm)| plain.len().min(gsm.len()) / RECORDING).max().unwrap_or(0);
    let piece = |of: &[u8], number: usize| of.get(number * RECORDING..(number + 1) * RECORDING).map(<[u8]>::to_vec);
    let cut = (0..pieces).flat_map(|number| voices.iter().map(move |voice| (voice, number)));
    let cut = cut.filter_map(|((plain, gsm), number)| {
        Some(Recording { plain: piece(plain, number)?, gsm: piece(gsm, number)? })
    });
    let recordings: Vec<_> = cut.take(count).collect();
    if recordings.len() < count {
        return Err(
            format!("{} has {} recordings; recordings.sh makes more", folder.display(), recordings.len()).into()
        );
    }
    Ok(recordings)
}

/// What is heard of a recording over a line, from so many samples on.
fn hear(
    recording: &Recording,
    line: &Line,
    shift: usize,
    random: &mut Random,
    printer: &mut Printer,
) -> Option<Excerpt> {
    let sound = if line.gsm { &recording.gsm } else { &recording.plain };
    let noisy = line.noise_db.map(|db| with_noise(sound, db, random));
    let sound = noisy.as_deref().unwrap_or(sound).get(shift..)?;
    let mut ear = Ear::new(Codec::Pcmu, Nanos::ZERO, LISTEN_SECS, true)?;
    for (payload, sequence) in sound.chunks_exact(PACKET).zip(0_u16..) {
        if random.unit() >= line.loss {
            ear.hear(Nanos::new(20_000_000 * u64::from(sequence)), &header(sequence), payload, printer);
        }
    }
    Some(ear.close())
}

/// The header of the packet of this number.
const fn header(sequence: u16) -> Header {
    let timestamp = PACKET as u32 * sequence as u32;
    Header { ssrc: 1, timestamp, sequence, payload_octets: 160, payload_type: 0, marker: false }
}

/// White noise so far below the mean of what is said.
fn with_noise(sound: &[u8], below_db: f64, random: &mut Random) -> Vec<u8> {
    let power = sound.iter().map(|&byte| f64::from(linear(byte)).powi(2)).sum::<f64>() / sound.len().max(1) as f64;
    // Uniform noise of amplitude a has the power a² / 3.
    let amplitude = (3.0 * power * 10_f64.powf(-below_db / 10.0)).sqrt();
    sound.iter().map(|&byte| mu_law(f64::from(linear(byte)) + amplitude * (2.0 * random.unit() - 1.0))).collect()
}

/// A sample of G.711 µ-law.
fn linear(byte: u8) -> i32 {
    let byte = !byte;
    let size = (((i32::from(byte & 15) << 3) + 132) << (byte >> 4 & 7)) - 132;
    if byte & 0x80 == 0 { size } else { -size }
}

/// The nearest byte of G.711 µ-law.
fn mu_law(sample: f64) -> u8 {
    let size = sample.abs().min(32_635.0) as u32 + 132;
    let segment = size.ilog2() - 7;
    let byte = (segment << 4 | size >> (segment + 3) & 15) as u8;
    !(byte | if sample < 0.0 { 0x80 } else { 0 })
}

fn words(excerpt: &Excerpt) -> Vec<u32> {
    excerpt.print.frames.iter().map(|frame| frame.bits).collect()
}

/// The least share of differing bits between a block half a second into `asked` and any of `held`.
fn least(asked: &[u32], held: &[u32]) -> f32 {
    let Some(block) = asked.get(50..50 + BLOCK_FRAMES) else { return 1.0 };
    let compared = held.windows(BLOCK_FRAMES).map(|other| error_share(block, other));
    compared.filter(|(_, said)| *said >= SAID_FRAMES_MIN).map(|(share, _)| share).fold(1.0, f32::min)
}

/// The greatest correlation of five seconds of `asked`, from its first half second on, with such of `held`.
fn alike(asked: &Excerpt, held: &Excerpt) -> f32 {
    let held: Vec<_> = [0, 25, 50].into_iter().filter_map(|behind| held.block(behind)).collect();
    let asked = (0..=25).filter_map(|behind| asked.block(behind));
    asked.flat_map(|asked| held.iter().map(move |held| correlation(&asked, held))).fold(-1.0, f32::max)
}

/// The bit errors of each line, and the correlation of loudness, as a table.
fn table(recordings: &[Recording]) -> String {
    let recordings = recordings.get(..TABLED).unwrap_or(recordings);
    let mut printer = Printer::default();
    let mut random = Random::new(1);
    let [plain, ..] = &LINES;
    let held: Vec<_> =
        recordings.iter().filter_map(|recording| hear(recording, plain, 0, &mut random, &mut printer)).collect();
    let mut text = String::from(
        "| line | same: median / max | other: min | loudness, same: median / min | other: max |\n|---|--:|--:|--:|--:|\n",
    );
    for line in &LINES {
        let (mut same, mut other, mut same_loud, mut other_loud) = (Vec::new(), 1.0_f32, Vec::new(), -1.0_f32);
        for (number, recording) in recordings.iter().enumerate() {
            let shift = (random.unit() * 4_000.0) as usize;
            let Some(asked) = hear(recording, line, shift, &mut random, &mut printer) else { continue };
            let asked_words = words(&asked);
            for (against, held) in held.iter().enumerate() {
                let (share, loud) = (least(&asked_words, &words(held)), alike(&asked, held));
                if number == against {
                    same.push(share);
                    same_loud.push(loud);
                } else {
                    (other, other_loud) = (other.min(share), other_loud.max(loud));
                }
            }
        }
        same.sort_by(f32::total_cmp);
        same_loud.sort_by(f32::total_cmp);
        let middle = |sorted: &[f32]| sorted.get(sorted.len() / 2).copied().unwrap_or(f32::NAN);
        let (most, faintest) =
            (same.last().copied().unwrap_or(f32::NAN), same_loud.first().copied().unwrap_or(f32::NAN));
        let _ = writeln!(
            text,
            "| {} | {:.3} / {most:.3} | {other:.3} | {:.2} / {faintest:.2} | {other_loud:.2} |",
            line.name,
            middle(&same),
            middle(&same_loud)
        );
    }
    text
}

/// How many pairs of the same recording and of others lie beyond each threshold: one as it was made, the other through GSM and with
/// losses from another moment on.
fn thresholds(recordings: &[Recording]) -> String {
    let (mut printer, mut random) = (Printer::default(), Random::new(3));
    let [plain, .., through_gsm, _] = &LINES;
    let heard: Vec<_> = recordings
        .iter()
        .filter_map(|recording| {
            let shift = (random.unit() * 4_000.0) as usize;
            let held = hear(recording, plain, 0, &mut random, &mut printer)?;
            Some((held, hear(recording, through_gsm, shift, &mut random, &mut printer)?))
        })
        .collect();
    let words: Vec<_> = heard.iter().map(|(held, asked)| (words(held), words(asked))).collect();
    let monologue = |excerpt: &Excerpt| excerpt.is_monologue() == Some(true);
    let (mut same, mut others) = ([Vec::new(), Vec::new()], [Vec::new(), Vec::new()]);
    for (one, ((_, asked), (_, asked_words))) in heard.iter().zip(&words).enumerate() {
        for (other, ((held, _), (held_words, _))) in heard.iter().zip(&words).enumerate() {
            let [prints, courses] = if one == other { &mut same } else { &mut others };
            prints.push(least(asked_words, held_words));
            if monologue(asked) && monologue(held) {
                courses.push(alike(asked, held));
            }
        }
    }
    let mut text =
        String::from("| by | threshold | of the same | of others | pairs of others |\n|---|--:|--:|--:|--:|\n");
    let ([same_prints, same_courses], [other_prints, other_courses]) = (&same, &others);
    let share = |of: &[f32], fits: &dyn Fn(f32) -> bool| {
        100.0 * of.iter().filter(|&&value| fits(value)).count() as f64 / of.len().max(1) as f64
    };
    for threshold in [0.22, 0.24, 0.26, 0.28, 0.30, 0.32, 0.34] {
        let fits = |value: f32| value <= threshold;
        let (same, others) = (share(same_prints, &fits), share(other_prints, &fits));
        let count = other_prints.len();
        let _ = writeln!(text, "| fingerprint | {threshold:.2} | {same:.1} % | {others:.5} % | {count} |");
    }
    for threshold in [0.80, 0.85, 0.88, 0.90, 0.92, 0.94, 0.96] {
        let fits = |value: f32| value >= threshold;
        let (same, others) = (share(same_courses, &fits), share(other_courses, &fits));
        let count = other_courses.len();
        let _ = writeln!(text, "| loudness | {threshold:.2} | {same:.1} % | {others:.5} % | {count} |");
    }
    text
}

/// One way to know recordings again, and what came of it.
struct Contest {
    by: &'static str,
    threshold: f32,
    library: Library<usize>,
    /// What each recording was remembered as, if it was compared and new.
    own: Vec<Option<RecordingId>>,
}

impl Contest {
    fn new(by: &'static str, threshold: f32, recordings_max: u32) -> Self {
        let config = LibraryConfig {
            recordings_max,
            error_share_max: threshold,
            correlation_min: threshold,
            ..LibraryConfig::default()
        };
        Self { by, threshold, library: Library::new(config), own: Vec::new() }
    }

    /// What it may look at of an excerpt.
    fn seen(&self, excerpt: &Excerpt) -> Excerpt {
        if self.by == FINGERPRINT {
            return excerpt.clone();
        }
        Excerpt { loudness: excerpt.loudness.clone(), ..Excerpt::default() }
    }

    /// Remembers a recording; whether it was compared, and taken for another.
    fn remember(&mut self, number: usize, excerpt: &Excerpt) -> (bool, bool) {
        let known = self.library.hear(Nanos::ZERO, &self.seen(excerpt), None).map(|known| {
            if !known.again {
                *known.facts = number;
            }
            (known.id, known.again)
        });
        self.own.push(known.filter(|(_, again)| !again).map(|(id, _)| id));
        (known.is_some(), known.is_some_and(|(_, again)| again))
    }
}

const FINGERPRINT: &str = "fingerprint";
const LOUDNESS: &str = "loudness";
/// Recordings by which it is measured how many are known again.
const RECALLED: usize = 200;

/// Whether any of so many recordings is taken for another, and how many are known again over each line, and how soon.
fn pairs(recordings: &[Recording]) -> String {
    let (mut printer, mut random) = (Printer::default(), Random::new(2));
    let [plain, .., through_gsm, _] = &LINES;
    let mut contests = [
        (FINGERPRINT, 0.26),
        (FINGERPRINT, 0.28),
        (FINGERPRINT, 0.30),
        (FINGERPRINT, 0.32),
        (LOUDNESS, 0.85),
        (LOUDNESS, 0.92),
    ]
    .map(|(by, threshold)| Contest::new(by, threshold, recordings.len() as u32));
    let mut text =
        String::from("| others | by | threshold | compared | pairs | taken for another |\n|---|---|--:|--:|--:|--:|\n");
    // First as they were made, then all through GSM and with losses against all of these, their own aside.
    for line in [plain, through_gsm] {
        let mut counts = [(0_u64, 0_u64, 0_u64); 6];
        for (number, recording) in recordings.iter().enumerate() {
            let shift = if line.gsm { (random.unit() * 8_000.0) as usize } else { 0 };
            let Some(excerpt) = hear(recording, line, shift, &mut random, &mut printer) else { continue };
            for (contest, (compared, pairs, taken)) in contests.iter_mut().zip(&mut counts) {
                let others = contest.library.len() as u64;
                let (is_compared, is_taken) = if line.gsm {
                    let own = contest.own.get(number).copied().flatten();
                    let found = contest.library.look_up(&contest.seen(&excerpt)).map(|(id, _)| id);
                    (own.is_some(), own.is_some() && found.is_some() && found != own)
                } else {
                    contest.remember(number, &excerpt)
                };
                *compared += u64::from(is_compared);
                *pairs += if is_compared { others - u64::from(line.gsm) } else { 0 };
                *taken += u64::from(is_taken);
            }
        }
        for (Contest { by, threshold, .. }, (compared, pairs, taken)) in contests.iter().zip(counts) {
            let _ = writeln!(text, "| {} | {by} | {threshold:.2} | {compared} | {pairs} | {taken} |", line.name);
        }
    }
    text += "\n| line | by | threshold | known again | after the answer, median / p95 / max |\n|---|---|--:|--:|--:|\n";
    for line in &LINES {
        let mut found = [const { Vec::new() }; 6];
        let mut asked = 0_u32;
        for (number, recording) in recordings.iter().enumerate().step_by((recordings.len() / RECALLED).max(1)) {
            let shift = (random.unit() * 8_000.0) as usize;
            // As much as is there when the first excerpt is told of: that is how soon it can be known.
            let Some((early, packets)) = first_told(recording, line, shift, &mut random, &mut printer) else {
                continue;
            };
            let Some(whole) = hear(recording, line, shift, &mut random, &mut printer) else { continue };
            asked += 1;
            for (contest, found) in contests.iter().zip(&mut found) {
                let own = |excerpt: &Excerpt| {
                    let known = contest.library.look_up(&contest.seen(excerpt));
                    known.is_some_and(|(_, &held)| held == number)
                };
                if own(&early) {
                    found.push(packets as f32 / 50.0);
                } else if own(&whole) {
                    found.push(LISTEN_SECS as f32);
                }
            }
        }
        for (Contest { by, threshold, .. }, mut found) in contests.iter().zip(found) {
            found.sort_by(f32::total_cmp);
            let at = |share: f32| found.get((found.len() as f32 * share) as usize).or(found.last()).copied();
            let [median, late, last] = [0.5, 0.95, 1.0].map(|share| at(share).unwrap_or(f32::NAN));
            let known = 100.0 * found.len() as f64 / f64::from(asked.max(1));
            let _ = writeln!(
                text,
                "| {} | {by} | {threshold:.2} | {known:.1} % of {asked} | {median:.2} s / {late:.2} s / {last:.2} s |",
                line.name
            );
        }
    }
    text
}

/// What is told of a recording as soon as it is enough, and after how many packets from the answer.
fn first_told(
    recording: &Recording,
    line: &Line,
    shift: usize,
    random: &mut Random,
    printer: &mut Printer,
) -> Option<(Excerpt, usize)> {
    let sound = if line.gsm { &recording.gsm } else { &recording.plain };
    let noisy = line.noise_db.map(|db| with_noise(sound, db, random));
    let sound = noisy.as_deref().unwrap_or(sound).get(shift..)?;
    let mut ear = Ear::new(Codec::Pcmu, Nanos::ZERO, LISTEN_SECS, true)?;
    for (place, payload) in sound.chunks_exact(PACKET).enumerate() {
        if random.unit() < line.loss {
            continue;
        }
        ear.hear(Nanos::new(20_000_000 * place as u64), &header(place as u16), payload, printer);
        if let Some(excerpt) = ear.early() {
            return Some((excerpt, place + 1));
        }
    }
    None
}

/// What listening costs at each level, and what it takes up.
fn costs(recordings: &[Recording]) -> Result<String, Box<dyn Error>> {
    let mut text = String::from(
        "| level | µs a second of sound | bytes an open ear, at most | µs a hearing | bytes a recording | recordings |\n\
         |---|--:|--:|--:|--:|--:|\n",
    );
    for (name, privacy) in [("2, loudness", Privacy::Loudness), ("3, fingerprint", Privacy::Prints)] {
        let mut ears = Ears::new(EarsConfig { privacy, listen_secs: LISTEN_SECS, ears_max: recordings.len() as u32 });
        let heard = |ears: &mut Ears<()>, packets: Range<usize>| {
            for (stream, recording) in (0_u32..).zip(recordings) {
                for place in packets.clone() {
                    let payload = recording.plain.get(place * PACKET..(place + 1) * PACKET).unwrap_or_default();
                    let at = Nanos::new(20_000_000 * place as u64);
                    ears.hear(stream, at, Codec::Pcmu, &header(place as u16), payload);
                }
            }
        };
        let before = cpu_nanos()?;
        let packets = LISTEN_SECS as usize * 50 - 1;
        let ((), open) = measure(|| {
            for (stream, _) in (0_u32..).zip(recordings) {
                ears.open(stream, (), Codec::Pcmu, Nanos::ZERO, Nanos::ZERO);
            }
            heard(&mut ears, 0..packets);
            // What was told early is gone by then.
            drop(ears.take_heard());
        });
        let secs = (recordings.len() * packets) as f64 / 50.0;
        let per_sec = (cpu_nanos()? - before) as f64 / 1e3 / secs;
        heard(&mut ears, packets..packets + 1);
        let excerpts: Vec<_> = ears.take_heard();
        let config = LibraryConfig { recordings_max: recordings.len() as u32, ..LibraryConfig::default() };
        let before = cpu_nanos()?;
        let (library, usage) = measure(|| {
            let mut library = Library::<()>::new(config);
            for heard in &excerpts {
                library.hear(heard.at, &heard.excerpt, None);
            }
            library
        });
        let per_hearing = (cpu_nanos()? - before) as f64 / 1e3 / excerpts.len().max(1) as f64;
        let _ = writeln!(
            text,
            "| {name} | {per_sec:.0} | {:.0} | {per_hearing:.0} | {:.0} | {} |",
            open.kept as f64 / recordings.len() as f64,
            usage.kept as f64 / library.len().max(1) as f64,
            library.len(),
        );
    }
    Ok(text)
}
