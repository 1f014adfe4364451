//! `recordings FOLDER [COUNT]`: how well recordings are known again over telephone lines, and whether any of COUNT is ever
//! taken for another: what is said of this room, measured over the recordings that `benches/recordings.sh` makes.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "the tables are the output")]

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::{fs, io};

use audio::{BLOCK_FRAMES, Ear, Excerpt, Library, LibraryConfig, Printer, SAID_FRAMES_MIN, correlation, error_share};
use rtp::{Codec, Header};
use types::Nanos;

fn main() -> ExitCode {
    let mut arguments = std::env::args_os().skip(1);
    let Some(folder) = arguments.next().map(PathBuf::from) else {
        eprintln!("usage: recordings FOLDER [COUNT]");
        return ExitCode::from(2);
    };
    let count = arguments.next().and_then(|count| count.to_str()?.parse().ok()).unwrap_or(4_473);
    match table(&folder).and_then(|table| Ok((table, pairs(&folder, count)?))) {
        Ok((table, pairs)) => {
            println!("{table}\n{pairs}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("recordings: {}: {error}; benches/recordings.sh makes them", folder.display());
            ExitCode::FAILURE
        }
    }
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

fn read(folder: &Path, number: usize) -> io::Result<Recording> {
    let file = |name: String| fs::read(folder.join(name));
    Ok(Recording { plain: file(format!("{number}.ul"))?, gsm: file(format!("{number}.gsm.ul"))? })
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
        let timestamp = PACKET as u32 * u32::from(sequence);
        let header = Header { ssrc: 1, timestamp, sequence, payload_octets: 160, payload_type: 0, marker: false };
        if random.unit() >= line.loss {
            ear.hear(Nanos::new(20_000_000 * u64::from(sequence)), &header, payload, printer);
        }
    }
    Some(ear.close())
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
fn table(folder: &Path) -> io::Result<String> {
    let recordings = (0..TABLED).map(|number| read(folder, number)).collect::<io::Result<Vec<_>>>()?;
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
    Ok(text)
}

/// Whether any of so many recordings is taken for another, and how many are known again over each line.
fn pairs(folder: &Path, count: usize) -> io::Result<String> {
    let (mut printer, mut random) = (Printer::default(), Random::new(2));
    let config = LibraryConfig { recordings_max: count as u32, ..LibraryConfig::default() };
    let (mut prints, mut courses) = (Library::<usize>::new(config), Library::<usize>::new(config));
    let [plain, ..] = &LINES;
    let (mut taken, mut taken_by_loudness) = (0, 0);
    let mut kept = Vec::new();
    for number in 0..count {
        let recording = read(folder, number)?;
        let Some(excerpt) = hear(&recording, plain, 0, &mut random, &mut printer) else { continue };
        let loudness = Excerpt { loudness: excerpt.loudness.clone(), ..Excerpt::default() };
        for (library, excerpt, taken) in
            [(&mut prints, &excerpt, &mut taken), (&mut courses, &loudness, &mut taken_by_loudness)]
        {
            if let Some(known) = library.hear(Nanos::ZERO, excerpt, None) {
                *taken += u64::from(known.again);
                *known.facts = number;
            }
        }
        kept.push(number);
    }
    let known = prints.len() as u64;
    let all = known * known.saturating_sub(1) / 2;
    let mut text = format!(
        "{known} recordings, {all} pairs of others: {taken} taken for another by fingerprint, {taken_by_loudness} by loudness; \
         {} words to look up\n\n| line | known again by fingerprint | taken for another | by loudness | taken for another |\n\
         |---|--:|--:|--:|--:|\n",
        prints.words()
    );
    for line in &LINES {
        let (mut asked, mut found, mut wrong) = (0_u32, [0_u32; 2], [0_u32; 2]);
        for &number in kept.iter().step_by((kept.len() / 400).max(1)) {
            let recording = read(folder, number)?;
            let shift = (random.unit() * 8_000.0) as usize;
            let Some(excerpt) = hear(&recording, line, shift, &mut random, &mut printer) else { continue };
            // As much as is heard when the first excerpt is told of.
            let mut early = excerpt.clone();
            early.print.frames.truncate(320);
            let loudness = Excerpt { loudness: excerpt.loudness, ..Excerpt::default() };
            asked += 1;
            for (library, excerpt, place) in [(&prints, &early, 0), (&courses, &loudness, 1)] {
                let (Some(found), Some(wrong)) = (found.get_mut(place), wrong.get_mut(place)) else { continue };
                match library.look_up(excerpt) {
                    Some((_, &held)) if held == number => *found += 1,
                    Some(_) => *wrong += 1,
                    None => {}
                }
            }
        }
        let [by_print, by_loudness] = found;
        let [wrong_print, wrong_loudness] = wrong;
        let share = |found: u32| 100.0 * f64::from(found) / f64::from(asked.max(1));
        let _ = writeln!(
            text,
            "| {} | {:.1} % of {asked} | {wrong_print} | {:.1} % | {wrong_loudness} |",
            line.name,
            share(by_print),
            share(by_loudness)
        );
    }
    Ok(text)
}
