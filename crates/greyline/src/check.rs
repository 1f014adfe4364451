//! `greyline check`: is this configuration sound, and what will run.

mod around;

use std::path::Path;

use alert::{decibels, grouped};
use config::{Address, AlertSeverity, Config, Date, Detect, Known, LicenceId, Mode, Network, Severity, Tap};
use detect::{Settings, Tables};
use jiff::Timestamp;

use crate::failure::Failure;
use crate::knowledge;
use crate::outputs::Output;
use crate::paint::{Ink, Paint, tame};
use crate::report::Page;
use crate::run::Done;
use crate::signers;
use crate::tables;

/// Entries of a section that are listed; the others are counted.
const LISTED_MAX: usize = 50;

/// Checks a file, or shows what runs without one, and writes it to standard output.
///
/// # Errors
/// All mistakes of the file.
pub fn check(file: Option<&Path>, at: Option<Date>) -> Result<Done, Failure> {
    let paint = Paint::for_stdout();
    let today = |tap: &Tap| at.unwrap_or_else(|| Timestamp::now().to_zoned(tap.time_zone.get().clone()).date().into());
    let mut output = Output::open(Path::new("-"))?;
    let (known, tables) = match file {
        None => {
            output.text(&format!("{}\n\n", paint.ink(Ink::Heading, "No configuration: what runs without one")))?;
            let known = Known::default();
            let tables = tables::read(&known)?;
            (known, tables)
        }
        Some(file) => {
            let sound = knowledge::load(file)?;
            // What the file names must be there too, or the run would say so.
            let told = sound.told(around::flaws(sound.known.config()));
            if told.iter().any(|mistake| mistake.severity == Severity::Error) {
                return Err(Failure::Mistaken(file.to_owned(), told));
            }
            signers::trust(&sound.known.config().stir)?;
            let tables = tables::read(&sound.known)?;
            let day = today(&sound.known.config().tap);
            let warnings: Vec<_> = told.into_iter().chain(sound.on(day)).collect();
            let verdict = match warnings.len() {
                0 => "is sound".to_owned(),
                some => format!("can run, with {}", counted(some, "warning", "warnings")),
            };
            let ink = if warnings.is_empty() { Ink::Good } else { Ink::Warning };
            output.text(&format!("{}\n", paint.ink(ink, &format!("{} {verdict}", file.display()))))?;
            for warning in warnings {
                output.text(&format!("{}:{warning}\n", file.display()))?;
            }
            output.text("\n")?;
            (sound.known, tables)
        }
    };
    let day = today(&known.config().tap);
    output.text(&report(&known, &tables, day, paint))?;
    output.close().map(|()| Done::Whole)
}

/// What will run.
fn report(known: &Known, tables: &Tables, day: Date, paint: Paint) -> String {
    let mut page = Page::new(paint);
    let config = known.config();
    tap(&mut page, known);
    sources(&mut page, config);
    trunks(&mut page, config);
    licences(&mut page, known, day);
    lists(&mut page, config, day);
    detectors(&mut page, &config.detect);
    data(&mut page, known, tables);
    told(&mut page, config);
    process(&mut page, config);
    page.heading("Limits");
    let keeps_media = config.store.folder.is_some() && config.store.media_every_secs > 0;
    let limits = config.limits.memory(config.tap.privacy_level, keeps_media);
    for (name, count, bytes) in limits.into_iter().filter(|&(.., bytes)| bytes > 0) {
        page.line(
            name,
            &format!("{:>11}   {:>5} MiB when full", grouped(count.into()), grouped(bytes.div_ceil(1 << 20))),
        );
    }
    page.into_text()
}

fn tap(page: &mut Page, known: &Known) {
    let tap = &known.config().tap;
    page.heading("Tap");
    page.line("version", known.version());
    let home = tap.home.map(|home| format!("of {home}"));
    page.line("numbers", &home.unwrap_or_else(|| "no home country: only international ones are read".to_owned()));
    page.line("time zone", &tap.time_zone.to_string());
    let looks_at = match tap.privacy_level {
        0 => "as at 1, signalling and RTP headers",
        1 => "signalling and RTP headers",
        2 => "signalling, RTP headers, one energy byte a packet",
        _ => "signalling, RTP headers, one energy byte a packet, fingerprints of recordings",
    };
    page.line("privacy level", &format!("{}: {looks_at}", tap.privacy_level));
    let (budget, threshold) = (tap.false_alerts_per_day, decibels(Settings::of(known).threshold_nats));
    let told = match tap.calls_per_day.map(grouped) {
        Some(calls) => format!("{budget} false alerts a day: {threshold:.1} dB of evidence at {calls} calls a day"),
        None => format!(
            "{threshold:.1} dB of evidence: a million calls for each false alert (calls_per_day says how many there are)"
        ),
    };
    page.line("budget", &told);
}

/// What `greyline watch` reads and where it listens, where its command line says nothing else.
fn sources(page: &mut Page, config: &Config) {
    let (capture, listen) = (&config.capture, &config.listen);
    let words = |words: &[String]| words.iter().map(|word| tame(word.as_bytes())).collect::<Vec<_>>().join(", ");
    let addresses = |all: &[Address]| all.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    page.heading("Sources");
    let lines = [
        ("interfaces", words(&capture.interfaces)),
        ("filter", capture.filter.as_deref().map(|filter| tame(filter.as_bytes())).unwrap_or_default()),
        ("folders", words(&capture.folders)),
        ("hep udp", addresses(&listen.hep_udp)),
        ("hep tcp", addresses(&listen.hep_tcp)),
        ("hep tls", addresses(&listen.hep_tls)),
    ];
    if lines.iter().all(|(_, said)| said.is_empty()) {
        page.line("", "none: those of the command line");
    }
    lines.iter().for_each(|(label, said)| page.line(label, said));
    let hep = listen.hep_udp.len() + listen.hep_tcp.len() + listen.hep_tls.len();
    let key = listen.hep_key.as_deref().map(|file| format!("that of {}", tame(file.as_bytes())));
    if hep > 0 {
        page.line("hep key", &key.unwrap_or_else(|| "none: whoever reaches the port is taken for a sender".to_owned()));
    }
    page.line("http", &addresses(&listen.http));
    page.line("https", &addresses(&listen.https));
}

fn trunks(page: &mut Page, config: &Config) {
    if config.trunk.is_empty() {
        return;
    }
    page.heading("Trunks");
    for trunk in config.trunk.iter().take(LISTED_MAX) {
        let countries: Vec<_> = trunk.countries.iter().map(ToString::to_string).collect();
        let countries = if countries.is_empty() { "all countries".to_owned() } else { countries.join(" ") };
        let channels = trunk.channels.map(|channels| format!(", {} channels", grouped(channels.into())));
        let known_by =
            if trunk.addresses.is_empty() { "known by its name only".to_owned() } else { addresses(&trunk.addresses) };
        let what = format!("{}, {known_by}, {countries}{}", trunk.role.as_str(), channels.unwrap_or_default());
        page.line(&tame(trunk.name.as_bytes()), &what);
    }
    more(page, config.trunk.len());
}

/// `256 addresses of IPv4, 2^96 of IPv6`.
fn addresses(networks: &[Network]) -> String {
    let count = |networks: &mut dyn Iterator<Item = &Network>| {
        networks.map(Network::addresses).fold(0_u128, u128::saturating_add)
    };
    let v4 = count(&mut networks.iter().filter(|network| network.v4().is_some()));
    let v6 = count(&mut networks.iter().filter(|network| network.v6().is_some()));
    let told = |count: u128, version: &str| match u64::try_from(count) {
        Ok(0) => None,
        Ok(1) => Some(format!("1 address of {version}")),
        Ok(few) if few < 1 << 40 => Some(format!("{} addresses of {version}", grouped(few))),
        _ => Some(format!("2^{} addresses of {version}", count.ilog2())),
    };
    [told(v4, "IPv4"), told(v6, "IPv6")].into_iter().flatten().collect::<Vec<_>>().join(", ")
}

fn licences(page: &mut Page, known: &Known, day: Date) {
    let licences = &known.config().licence;
    if licences.is_empty() {
        return;
    }
    page.heading(&format!("Licences on {day}"));
    for (id, licence) in (0..).map(LicenceId).zip(licences).take(LISTED_MAX) {
        let seats = licence
            .seats
            .map_or_else(|| "any number of seats".to_owned(), |seats| format!("{} seats", grouped(seats.into())));
        let until = licence.valid_until.map(|until| format!(" until {until}")).unwrap_or_default();
        let valid = if known.is_valid_on(id, day) { "valid" } else { "not valid" };
        let ranges = licence.number_ranges.len();
        let ranges = if ranges == 0 {
            "any number".to_owned()
        } else {
            counted(ranges, "range of numbers", "ranges of numbers")
        };
        let places =
            if licence.addresses.is_empty() { "from anywhere".to_owned() } else { addresses(&licence.addresses) };
        page.line(&tame(licence.holder.as_bytes()), &format!("{valid}{until}, {seats}, {ranges}, {places}"));
    }
    more(page, licences.len());
}

fn lists(page: &mut Page, config: &Config, day: Date) {
    let owners = config.protected.len();
    let allowed = config.allow.iter().filter(|allow| day <= allow.until).count();
    let prefixes: usize = config.high_cost.iter().map(|list| list.prefixes.len()).sum();
    if owners + config.allow.len() + prefixes == 0 {
        return;
    }
    page.heading("Lists");
    let numbers: usize = config.protected.iter().map(|owner| owner.numbers.len()).sum();
    let names: usize = config.protected.iter().map(|owner| owner.display_names.len()).sum();
    let silent = config.protected.iter().filter(|owner| owner.trunks.is_empty()).count();
    if owners > 0 {
        let what = [
            counted(owners, "owner", "owners"),
            counted(numbers, "range of numbers", "ranges of numbers"),
            counted(names, "name", "names"),
            format!("{silent} do not originate"),
        ];
        page.line("protected", &what.join(", "));
    }
    if !config.allow.is_empty() {
        page.line("allowed", &format!("{allowed} of {} on {day}", config.allow.len()));
    }
    if prefixes > 0 {
        page.line("high cost", &format!("{} besides those built in", counted(prefixes, "prefix", "prefixes")));
    }
}

fn detectors(page: &mut Page, detect: &Detect) {
    page.heading("Detectors");
    for (mode, label) in [(Mode::On, "on"), (Mode::Shadow, "shadow"), (Mode::Off, "off")] {
        let names: Vec<_> = Detect::NAMES.iter().copied().filter(|name| detect.mode(name) == mode).collect();
        page.line(label, &names.join(", "));
    }
    let switches = [("false_answer.timing", detect.false_answer.timing), ("robocall.audio", detect.robocall.audio)];
    let off: Vec<_> = switches.iter().filter(|(_, on)| !on).map(|&(name, _)| name).collect();
    if !off.is_empty() {
        page.line("switched off", &format!("{} (patents: see `greyline detectors`)", off.join(", ")));
    }
}

/// Which data files are in force.
fn data(page: &mut Page, known: &Known, tables: &Tables) {
    let named = &known.config().tables;
    page.heading("Tables");
    let confusables = tables.confusables().version();
    for (name, version, file) in [
        ("classes", tables.version(), &named.classes),
        ("hours", tables.weeks().version(), &named.hours),
        ("confusables", &confusables, &named.confusables),
        ("high cost", tables.high_cost().version(), &named.high_cost),
    ] {
        let from = file.as_ref().map_or("as shipped", String::as_str);
        page.line(name, &format!("{}, {}", tame(version.as_bytes()), tame(from.as_bytes())));
    }
    page.line("hash", &format!("{:016x}", tables.hash()));
    if let (Some(profile), Some(file)) = (tables.profile(), &named.profile) {
        let ([shares, corridors, rates], (from, until)) = (profile.sizes(), profile.span());
        let what = format!(
            "{}: {}, {}, {}, learned from {} to {}",
            tame(file.as_bytes()),
            counted(shares, "share", "shares"),
            counted(corridors, "corridor", "corridors"),
            counted(rates, "rate", "rates"),
            tame(from.as_bytes()),
            tame(until.as_bytes())
        );
        page.line("profile", &what);
        if profile.beside() != tables.beside() {
            page.line("", "it was learned beside other tables than these: learn it anew");
        }
        let strangers: Vec<_> = profile.strangers(known).map(|name| tame(name.as_bytes())).collect();
        if !strangers.is_empty() {
            page.line("", &format!("not in the configuration: {}", strangers.join(", ")));
        }
    }
}

/// Who is told, of what, and how much of a number.
fn told(page: &mut Page, config: &Config) {
    if config.sink.is_empty() {
        return;
    }
    page.heading("Sinks");
    for sink in config.sink.iter().take(LISTED_MAX) {
        page.line(&tame(sink.name.as_bytes()), &tame(sink.goes_to().as_bytes()));
        let mut of: Vec<_> = sink.records.iter().map(|records| records.as_str().to_owned()).collect();
        if sink.severity_min != AlertSeverity::Low {
            of.push(format!("from {} on", sink.severity_min.name()));
        }
        let kinds: Vec<_> = sink.kinds.iter().map(|kind| kind.name()).collect();
        let statuses: Vec<_> = sink.statuses.iter().map(|status| status.as_str()).collect();
        let trunks: Vec<_> = sink.trunks.iter().map(|trunk| tame(trunk.as_bytes())).collect();
        of.extend(
            [kinds.join(" "), statuses.join(" "), trunks.join(", ")].into_iter().filter(|words| !words.is_empty()),
        );
        of.push(format!("numbers {}", sink.numbers.as_str()));
        page.line("", &of.join("; "));
    }
    more(page, config.sink.len());
}

/// What a probe keeps on disk, and what it gives up.
fn process(page: &mut Page, config: &Config) {
    page.heading("Probe");
    let folder = tame(config.state.folder.as_bytes());
    let kept = match config.state.snapshot_secs {
        0 => "nothing is kept: every start begins with nothing".to_owned(),
        secs => format!("{folder}, every {} s and at the end", grouped(secs.into())),
    };
    page.line("state", &kept);
    let store = config.store.folder.as_deref().map(|folder| tame(folder.as_bytes()));
    page.line("store", &store.unwrap_or_else(|| "none: calls and alerts are told and not remembered".to_owned()));
    let user = config.process.user.as_deref().map(|user| format!("goes on as {}", tame(user.as_bytes())));
    page.line("user", &user.unwrap_or_else(|| "stays whom it is started as".to_owned()));
    let sandbox = match config.process.sandbox {
        true => "only files of the system and those named, only system calls that a probe makes",
        false => "off",
    };
    page.line("sandbox", sandbox);
}

/// `1 owner`, `2 owners`.
fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{} {}", grouped(count as u64), if count == 1 { one } else { many })
}

fn more(page: &mut Page, entries: usize) {
    if entries > LISTED_MAX {
        page.line("", &format!("and {} more", grouped((entries - LISTED_MAX) as u64)));
    }
}
