//! What the operator knows: the configuration, and the flags, which win over it.

use std::fs;
use std::io::{self, Read, Write};
use std::path::Path;

use config::{Config, Known, Sound};

use crate::cli::Job;
use crate::run::Failure;

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
    config::read(&bytes).map_err(|mistakes| Failure::Mistaken(file.to_owned(), mistakes))
}

/// What is known in a run. Warnings about the configuration go to standard error.
///
/// # Errors
/// What is wrong with the configuration or with a flag.
pub fn of(job: &Job) -> Result<Known, Failure> {
    let mut config = match &job.config {
        None => Config::default(),
        Some(file) => {
            let sound = load(file)?;
            let mut stderr = io::stderr().lock();
            for warning in &sound.warnings {
                // Where standard error is gone nobody is left to tell.
                let _ = writeln!(stderr, "{}:{warning}", file.display());
            }
            sound.known.config().clone()
        }
    };
    if let Some(home) = &job.home {
        config.tap.home = Some(home.parse().map_err(|said| Failure::Flag("--home", said))?);
    }
    if !job.technical_prefix.is_empty() {
        let prefixes = job.technical_prefix.iter().map(|prefix| prefix.parse());
        config.tap.technical_prefixes =
            prefixes.collect::<Result<_, _>>().map_err(|said| Failure::Flag("--technical-prefix", said))?;
    }
    if !job.vxlan_port.is_empty() {
        config.capture.vxlan_ports.clone_from(&job.vxlan_port);
    }
    config.capture.keep_duplicates |= job.keep_duplicates;
    config.capture.map &= !job.no_map;
    Known::of(config).map_err(|flaws| {
        let said: Vec<_> = flaws.into_iter().map(|flaw| flaw.what).collect();
        Failure::Flag("these flags with this configuration", said.join("; "))
    })
}
