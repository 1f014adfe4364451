//! `traffic KIND`: writes load, or cuts it.

#![allow(clippy::print_stderr, reason = "how to use it, and what was written, beside a capture on standard output")]

use std::error::Error;
use std::fs::File;
use std::io::{self, BufReader, BufWriter, Write};
use std::process::ExitCode;

use benches::arguments::Arguments;
use benches::traffic::cut::cut;
use benches::traffic::floods::Flood;
use benches::traffic::frames::Frames;
use benches::traffic::ipv6::over_ipv6;
use benches::traffic::lines::{self, Plan};
use benches::traffic::script::Pace;
use benches::traffic::wraps::{WRAPS, Wrap};

const USAGE: &str = "\
traffic mix   [--calls 2000] [--seconds 10] [--ramp-ms 2000] [--talk-ms 5500]   calls with speech, about 98 % RTP
traffic sip   [--calls 100000] [--lines 2000]                                   whole calls, signalling only
traffic flood-invites | flood-syn | flood-fragments | flood-streams  [--count 1000000] [--rate 100000]
traffic cut FILE [--frames 100000] [--wrap NAME]                                the first frames of a capture, as they are, within a tunnel or over IPv6
all: [--seed 1] [--out FILE]  (standard output where no file is given)";

/// Bytes gathered before they are written.
const BUFFER: usize = 1 << 20;

fn main() -> ExitCode {
    match run(Arguments::of_program()) {
        Ok(frames) => {
            eprintln!("{frames} frames");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("traffic: {error}\n\n{USAGE}");
            ExitCode::from(2)
        }
    }
}

fn run(mut arguments: Arguments) -> Result<u64, Box<dyn Error>> {
    let out: Option<String> = arguments.optional("--out")?;
    let seed = arguments.value("--seed", 1)?;
    let out: Box<dyn Write> = match &out {
        Some(path) => Box::new(File::create(path)?),
        None => Box::new(io::stdout().lock()),
    };
    let out = BufWriter::with_capacity(BUFFER, out);
    let kind = arguments.word().ok_or("what kind of traffic?")?;
    match kind.as_str() {
        "cut" => {
            let frames = arguments.value("--frames", 100_000)?;
            let wrap = arguments.optional::<String>("--wrap")?.map(|name| wrap(&name)).transpose()?;
            let from = File::open(arguments.word().ok_or("cut which file?")?)?;
            arguments.finish()?;
            let had = cut(BufReader::with_capacity(BUFFER, from), out, frames, wrap)?;
            return if had == frames { Ok(had) } else { Err(format!("the capture has only {had} frames").into()) };
        }
        "mix" => {
            let plan = Plan {
                seed,
                lines: arguments.value("--calls", 2_000)?,
                ramp_us: arguments.value("--ramp-ms", 2_000)? * 1_000,
                until_us: arguments.value("--seconds", 10)? * 1_000_000,
                calls_max: u64::MAX,
                pace: Pace { talk_us: arguments.value("--talk-ms", 5_500)? * 1_000, ring_us: 300_000 },
                media: true,
            };
            arguments.finish()?;
            let mut frames = Frames::begin(out)?;
            lines::write(plan, &mut frames)?;
            return Ok(frames.end()?);
        }
        "sip" => {
            let plan = Plan {
                seed,
                lines: arguments.value("--lines", 2_000)?,
                ramp_us: 30_000_000,
                until_us: u64::MAX,
                calls_max: arguments.value("--calls", 100_000)?,
                pace: Pace { talk_us: 30_000_000, ring_us: 6_000_000 },
                media: false,
            };
            arguments.finish()?;
            let mut frames = Frames::begin(out)?;
            lines::write(plan, &mut frames)?;
            return Ok(frames.end()?);
        }
        _ => {}
    }
    let flood =
        Flood { seed, count: arguments.value("--count", 1_000_000)?, rate: arguments.value("--rate", 100_000)? };
    arguments.finish()?;
    let mut frames = Frames::begin(out)?;
    match kind.as_str() {
        "flood-invites" => flood.invites(&mut frames)?,
        "flood-syn" => flood.connections(&mut frames)?,
        "flood-fragments" => flood.fragments(&mut frames)?,
        "flood-streams" => flood.streams(&mut frames)?,
        _ => return Err(format!("{kind}: no such traffic").into()),
    }
    Ok(frames.end()?)
}

/// A wrap by its name, or what brings a frame over IPv6.
fn wrap(name: &str) -> Result<Wrap, String> {
    let wraps = || WRAPS.iter().copied().chain([("IPv6", over_ipv6 as Wrap)]);
    let found = wraps().find(|(its, _)| its.eq_ignore_ascii_case(name));
    found.map(|(_, wrap)| wrap).ok_or_else(|| {
        let names: Vec<_> = wraps().map(|(name, _)| name).collect();
        format!("{name}: no such wrap; there are {}", names.join("; "))
    })
}
