//! What the operator knows: the configuration, and the flags, which win over it.

use std::fs;
use std::io::{self, Read, Write};
use std::net::SocketAddr;
use std::path::Path;

use config::{Address, Config, Flaw, Known, Mistake, Sound, Tap};

use crate::cli::{TapFlags, WatchJob};
use crate::failure::Failure;

/// Reads a configuration, `-` from standard input.
///
/// # Errors
/// That it cannot be read, or all its mistakes.
pub fn load(file: &Path) -> Result<Sound, Failure> {
    let bytes = if file == Path::new("-") {
        let mut bytes = Vec::new();
        io::stdin().read_to_end(&mut bytes).map(|_| bytes)
    } else {
        fs::read(file)
    };
    let bytes = bytes.map_err(|error| Failure::Unread(file.to_owned(), error))?;
    let mut sound = config::read(&bytes).map_err(|mistakes| Failure::Mistaken(file.to_owned(), mistakes))?;
    if let Some(lists) = sound.known.config().lists.file.as_deref().map(Path::new) {
        sound.known = with_lists(lists, &sound.known)?;
    }
    Ok(sound)
}

/// What is known with the file of licences and of what is allowed, which pages edit and which may not be there yet.
fn with_lists(file: &Path, known: &Known) -> Result<Known, Failure> {
    let bytes = match fs::read(file) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(known.clone()),
        read => read.map_err(|error| Failure::Unread(file.to_owned(), error))?,
    };
    config::read_lists(&bytes, known.config()).map_err(|mistakes| Failure::Mistaken(file.to_owned(), mistakes))
}

/// What is known in a run over captures or records. Warnings about the configuration go to standard error.
///
/// # Errors
/// What is wrong with the configuration or with a flag.
pub fn of(flags: &TapFlags, no_map: bool) -> Result<Known, Failure> {
    let mut config = written(flags, |file, warning| {
        // Where standard error is gone nobody is left to tell.
        let _ = writeln!(io::stderr().lock(), "{}:{warning}", file.display());
    })?;
    config.capture.map &= !no_map;
    known(config)
}

/// What is known to a probe. Where the flags name a source, those of the configuration are left alone. Warnings go to its log.
///
/// # Errors
/// What is wrong with the configuration or with a flag.
pub fn of_watch(job: &WatchJob) -> Result<Known, Failure> {
    known(of_flags(job)?)
}

/// What is known to a probe that has gone by `runs`, and the configuration as it is written: what takes effect at a start alone stays
/// as it runs.
///
/// # Errors
/// What is wrong with the configuration, by itself or beside what stays.
pub fn renewed(job: &WatchJob, runs: &Known) -> Result<(Known, Config), Failure> {
    let written = of_flags(job)?;
    Known::of(written.clone()).map_err(unfit)?;
    let beside = |flaws: Vec<Flaw>| {
        let said: Vec<_> = flaws.into_iter().map(|flaw| flaw.what).collect();
        Failure::Flag("this takes greyline started anew", said.join("; "))
    };
    let known = Known::following(in_force(written.clone(), runs.config()), runs).map_err(beside)?;
    Ok((known, written))
}

/// A configuration with the sections in place that take effect at a start alone.
fn in_force(written: Config, runs: &Config) -> Config {
    Config {
        capture: runs.capture.clone(),
        listen: runs.listen.clone(),
        limits: runs.limits.clone(),
        state: runs.state.clone(),
        store: runs.store.clone(),
        process: runs.process.clone(),
        tap: Tap { privacy_level: runs.tap.privacy_level, ..written.tap },
        ..written
    }
}

/// What is known, where trunks and owners lie in the places that they had to who went by `before`.
///
/// # Errors
/// None that is known: both were sound.
pub fn following(known: &Known, before: &Known) -> Result<Known, Failure> {
    Known::following(known.config().clone(), before).map_err(unfit)
}

/// The configuration of a probe, under its flags.
fn of_flags(job: &WatchJob) -> Result<Config, Failure> {
    let mut config = written(&job.tap, |file, Mistake { line, what, .. }| {
        tracing::warn!(file = %file.display(), line, warning = what, "the configuration may not be as it was meant");
    })?;
    let WatchJob { interfaces, hep, hep_tcp, folder, .. } = job;
    if !(interfaces.is_empty() && hep.is_empty() && hep_tcp.is_empty() && folder.is_empty()) {
        let addresses = |named: &[SocketAddr]| named.iter().copied().map(Address::new).collect();
        config.capture.interfaces.clone_from(interfaces);
        config.capture.folders = folder.iter().map(|folder| folder.to_string_lossy().into_owned()).collect();
        config.listen.hep_udp = addresses(hep);
        config.listen.hep_tcp = addresses(hep_tcp);
        config.listen.hep_tls.clear();
    }
    if job.filter.is_some() {
        config.capture.filter.clone_from(&job.filter);
    }
    match job.state.as_deref() {
        None => {}
        Some(off) if off == Path::new("off") => config.state.snapshot_secs = 0,
        Some(folder) => config.state.folder = folder.to_string_lossy().into_owned(),
    }
    if let Some(folder) = &job.store {
        config.store.folder = Some(folder.to_string_lossy().into_owned());
    }
    match job.listen.as_deref() {
        None => {}
        Some("off") => config.listen.http.clear(),
        Some(address) => {
            config.listen.http = vec![address.parse().map_err(|said| Failure::Flag("--listen", said))?];
        }
    }
    Ok(config)
}

/// The configuration, and the flags about the tap, which win over it; its warnings are handed to `tell`.
fn written(flags: &TapFlags, tell: impl Fn(&Path, &Mistake)) -> Result<Config, Failure> {
    let mut config = match &flags.config {
        None => Config::default(),
        Some(file) => {
            let sound = load(file)?;
            sound.warnings.iter().for_each(|warning| tell(file, warning));
            sound.known.config().clone()
        }
    };
    if let Some(home) = &flags.home {
        config.tap.home = Some(home.parse().map_err(|said| Failure::Flag("--home", said))?);
    }
    if !flags.technical_prefix.is_empty() {
        let prefixes = flags.technical_prefix.iter().map(|prefix| prefix.parse());
        config.tap.technical_prefixes =
            prefixes.collect::<Result<_, _>>().map_err(|said| Failure::Flag("--technical-prefix", said))?;
    }
    if !flags.vxlan_port.is_empty() {
        config.capture.vxlan_ports.clone_from(&flags.vxlan_port);
    }
    config.capture.keep_duplicates |= flags.keep_duplicates;
    config.capture.workers = flags.workers.unwrap_or(config.capture.workers);
    Ok(config)
}

fn known(config: Config) -> Result<Known, Failure> {
    Known::of(config).map_err(unfit)
}

/// What is wrong with flags and configuration together.
fn unfit(flaws: Vec<Flaw>) -> Failure {
    let said: Vec<_> = flaws.into_iter().map(|flaw| flaw.what).collect();
    Failure::Flag("these flags with this configuration", said.join("; "))
}
