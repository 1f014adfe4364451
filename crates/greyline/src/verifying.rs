//! `greyline verify`: whether bundles are as they were made.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use evidence::Handed;
use store::Archive;

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
    let (mut note, mut log_is_sound) = (None, true);
    if let Some(folder) = &job.store {
        let archive = Archive::open(folder).map_err(Failure::Store)?;
        let bundles = archive.bundles().map_err(Failure::Store)?;
        for findings in &mut all {
            let number = findings.manifest.as_ref().map(|manifest| manifest.bundle);
            let made = bundles.iter().find(|bundle| Some(bundle.number) == number);
            if made.is_none_or(|made| made.manifest != findings.hash) && number.is_some() {
                findings.faults.push(evidence::Fault::Unmade(folder.display().to_string()));
            }
        }
        let mut log = Vec::new();
        loop {
            let more = archive.audit_log(log.len() as u64 + 1, store::PAGE_MAX).map_err(Failure::Store)?;
            if more.is_empty() {
                break;
            }
            log.extend(more);
        }
        let broken = store::audit::broken(Default::default(), &log);
        log_is_sound = broken.is_none();
        note = Some(match broken {
            None => format!("the audit log of the store is sound: {} entries", log.len()),
            Some(seq) => {
                format!("the audit log of the store was touched: entry {seq} does not follow from the one before")
            }
        });
    }
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
        if let Some(manifest) =
            findings.manifest.as_ref().filter(|it| it.bundle > 1 && is_alone && job.store.is_none())
        {
            let before = manifest.bundle - 1;
            let _ = writeln!(text, "  not checked: whether it follows from bundle {before}, which was not handed over");
        }
        output.text(&text)?;
    }
    note.map_or(Ok(()), |note| output.text(&format!("{note}\n")))?;
    output.close()?;
    Ok(if sound { Done::Whole } else { Done::Alerted })
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
