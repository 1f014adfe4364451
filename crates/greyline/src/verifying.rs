//! `greyline verify`: whether bundles are as they were made.

use std::collections::BTreeSet;
use std::fmt::{self, Write as _};
use std::path::{Path, PathBuf};

use evidence::{Findings, Handed, Manifest, hex};
use store::audit::{Entry, Hash, broken};
use store::{Archive, Bundle};

use crate::cli::VerifyJob;
use crate::failure::Failure;
use crate::outputs::Output;
use crate::run::Done;

/// Says of bundles what is sound and what was touched.
///
/// # Errors
/// That one of them is no bundle, or that the expected key or the store cannot be read.
pub fn verify(job: &VerifyJob) -> Result<Done, Failure> {
    let key = job
        .key
        .as_deref()
        .map(|path| evidence::public_key(path).map_err(|error| Failure::Unread(path.to_owned(), error)));
    let key = key.transpose()?;
    let named = once(&job.bundles);
    let handed = named.iter().map(|path| handed(path)).collect::<Result<Vec<_>, _>>()?;
    let mut all = evidence::verify(&handed, key.as_deref());
    let mut output = Output::open(Path::new("-"))?;
    let log = job.store.as_deref().map(|folder| against(folder, &mut all)).transpose()?;
    let log_is_sound = log.as_ref().is_none_or(|log| log.faults.is_empty());
    let sound = log_is_sound && all.iter().all(|findings| findings.faults.is_empty());
    let tame = |text: &str| crate::paint::tame(text.as_bytes());
    let is_alone = all.iter().all(|findings| Some(findings.hash) == all.first().map(|first| first.hash));
    for (path, findings) in named.iter().zip(&all) {
        let mut text = format!("{}\n", path.display());
        if let Some(manifest) = &findings.manifest {
            let numbers = if manifest.redacted { ", redacted" } else { "" };
            let [alert, made_at, made_by] =
                [&manifest.alert_id, &manifest.made_at, &manifest.made_by].map(|text| tame(text));
            let number = manifest.bundle;
            let _ = writeln!(text, "  bundle {number}{numbers} for alert {alert}, made {made_at} by {made_by}");
        }
        let _ = match findings.faults.len() {
            0 => writeln!(text, "  sound: {} files as they were made, the signature holds", findings.sound.len()),
            _ => findings.faults.iter().try_for_each(|fault| writeln!(text, "  TOUCHED: {}", tame(&fault.to_string()))),
        };
        if let Some(shown) = findings.signed_with() {
            let _ = match &key {
                Some(_) => writeln!(text, "  signed with {shown}"),
                None => writeln!(
                    text,
                    "  signed with {shown}\n  whose key that is, the bundle cannot prove: --key FILE holds it against the operator's"
                ),
            };
        }
        if let Some(manifest) = findings.manifest.as_ref().filter(|it| it.bundle > 1 && is_alone && job.store.is_none())
        {
            let before = manifest.bundle - 1;
            let _ = writeln!(text, "  not checked: whether it follows from bundle {before}, which was not handed over");
        }
        output.text(&text)?;
    }
    output.text(&log.as_ref().map(ToString::to_string).unwrap_or_default())?;
    output.close()?;
    Ok(if sound { Done::Whole } else { Done::Alerted })
}

/// What is to be said of the audit log of a store.
struct Log {
    entries: u64,
    /// What was touched.
    faults: Vec<String>,
    /// Which of the bundles handed over holds the most of it fast, and how many of its first entries.
    held: Option<(u64, u64)>,
}

impl fmt::Display for Log {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for fault in &self.faults {
            writeln!(f, "the audit log of the store was touched: {fault}")?;
        }
        if !self.faults.is_empty() {
            return Ok(());
        }
        writeln!(f, "the audit log of the store is sound: {} entries", self.entries)?;
        // A log that ends early follows from itself as well as a whole one.
        match self.held {
            Some((number, entries)) => writeln!(
                f,
                "  bundle {number} holds the first {entries} of them fast; were later ones taken away from the end, nothing here would show it"
            ),
            None => writeln!(
                f,
                "  no sound bundle was handed over: were entries taken away from the end, nothing here would show it"
            ),
        }
    }
}

/// Holds bundles, and the audit log, against the store they come from.
///
/// # Errors
/// That the store cannot be read.
fn against(folder: &Path, all: &mut [Findings]) -> Result<Log, Failure> {
    let archive = Archive::open(folder).map_err(Failure::Store)?;
    let bundles = archive.bundles().map_err(Failure::Store)?;
    for findings in all.iter_mut() {
        let number = findings.manifest.as_ref().map(|manifest| manifest.bundle);
        let made = bundles.iter().find(|bundle| Some(bundle.number) == number);
        if made.is_none_or(|made| made.manifest != findings.hash) && number.is_some() {
            findings.faults.push(evidence::Fault::Unmade(folder.display().to_string()));
        }
    }
    let entries = entries(&archive)?;
    let sound = all.iter().filter(|findings| findings.faults.is_empty()).filter_map(|it| it.manifest.as_ref());
    Ok(log(&entries, &bundles, sound))
}

/// All entries of an audit log.
fn entries(archive: &Archive) -> Result<Vec<Entry>, Failure> {
    let mut all = Vec::new();
    loop {
        let more = archive.audit_log(all.len() as u64 + 1, store::PAGE_MAX).map_err(Failure::Store)?;
        if more.is_empty() {
            return Ok(all);
        }
        all.extend(more);
    }
}

/// Whether an audit log follows from itself, tells of every bundle of its store, and is what sound bundles say that it was.
fn log<'m>(entries: &[Entry], bundles: &[Bundle], sound: impl Iterator<Item = &'m Manifest>) -> Log {
    let mut faults = Vec::new();
    if let Some(seq) = broken(Default::default(), entries) {
        faults.push(format!("entry {seq} does not follow from the one before"));
    }
    let untold = bundles.iter().filter(|bundle| !entries.iter().any(|entry| bundle.is_told_by(entry)));
    faults.extend(untold.map(|bundle| format!("it does not tell of bundle {}, which was made", bundle.number)));
    let mut held: Option<(u64, u64)> = None;
    for manifest in sound {
        let Manifest { bundle: number, audit_entries: count, .. } = *manifest;
        let last = entries.iter().find(|entry| entry.seq == count).map(|entry| entry.hash);
        let last = last.or((count == 0).then(Hash::default));
        if last.is_some_and(|hash| hex(&hash) == manifest.audit_sha256) {
            held = held.max(Some((number, count)));
        } else {
            faults.push(format!("entry {count} is not the one that was the last when bundle {number} was made"));
        }
    }
    Log { entries: entries.len() as u64, faults, held }
}

/// What lies at a path, to be checked.
///
/// # Errors
/// That nothing does, or no bundle: nobody need have touched anything.
pub fn handed(path: &Path) -> Result<Handed, Failure> {
    Handed::open(path).map_err(|unfit| Failure::Flag("BUNDLE", format!("{}: {unfit}", path.display())))
}

/// Paths without those that name what another named before.
fn once(paths: &[PathBuf]) -> Vec<&Path> {
    let mut seen = BTreeSet::new();
    // What is not there is said where it is opened.
    let is_new = |path: &&Path| seen.insert(path.canonicalize().unwrap_or_else(|_| path.to_path_buf()));
    paths.iter().map(PathBuf::as_path).filter(is_new).collect()
}

#[cfg(test)]
mod tests {
    use store::audit::{Act, link};
    use types::Nanos;

    use super::*;

    fn entry(before: &Hash, seq: u64, act: &str, detail: &str) -> Entry {
        let (who, object) = ("officer", "00000000000000aa");
        let at = Nanos::from_parts(1_795_860_000 + seq, 0);
        let hash = link(before, seq, &Act { at, who, act, object, detail });
        let [who, act, object, detail] = [who, act, object, detail].map(str::to_owned);
        Entry { seq, at, who, act, object, detail, hash }
    }

    fn chain(acts: &[(&str, &str)]) -> Vec<Entry> {
        let mut entries: Vec<Entry> = Vec::new();
        for (seq, (act, detail)) in (1..).zip(acts) {
            let before = entries.last().map(|entry| entry.hash).unwrap_or_default();
            entries.push(entry(&before, seq, act, detail));
        }
        entries
    }

    /// A log that was made anew follows from itself; bundles say that it is another.
    #[test]
    fn bundles_hold_the_log_fast() {
        let told = format!("bundle 1, manifest {}", "07".repeat(32));
        let acts = [("login", "a"), ("report", "b"), ("evidence", told.as_str()), ("unseal", "c")];
        let entries = chain(&acts);
        let bundle = Bundle {
            number: 1,
            at: Nanos::ZERO,
            alert: "00000000000000aa".to_owned(),
            manifest: [7; 32],
            redacted: false,
        };
        let manifest = Manifest {
            v: 1,
            bundle: 1,
            alert_id: bundle.alert.clone(),
            made_at: String::new(),
            made_by: String::new(),
            program: String::new(),
            redacted: false,
            previous_manifest_sha256: None,
            audit_entries: 2,
            audit_sha256: hex(&entries[1].hash),
            ed25519_public_key: String::new(),
            files: Vec::new(),
        };
        let said = |entries: &[Entry]| log(entries, std::slice::from_ref(&bundle), std::iter::once(&manifest)).faults;
        let whole = log(&entries, std::slice::from_ref(&bundle), std::iter::once(&manifest));
        assert_eq!((whole.faults.as_slice(), whole.held), (&[][..], Some((1, 2))));
        // Whatever came after its bundles may be gone: that is said of every log.
        assert_eq!(said(&entries[..3]), [""; 0]);
        assert!(whole.to_string().contains("the first 2 of them fast; were later ones taken away"), "{whole}");
        assert_eq!(said(&entries[..2]), ["it does not tell of bundle 1, which was made"]);
        let mut without = acts;
        without[1] = ("report", "of another");
        let anew = chain(&without);
        assert_eq!(said(&anew), ["entry 2 is not the one that was the last when bundle 1 was made"]);
        let mut broken = entries;
        broken.remove(0);
        assert_eq!(said(&broken), ["entry 1 does not follow from the one before"]);
    }
}
