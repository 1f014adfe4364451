//! What is sound about a bundle, and what was touched.

use std::collections::BTreeMap;
use std::fmt;
use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::Path;

use ring::digest::{Context, SHA256, digest};

use crate::bundle::{Listed, MANIFEST, Manifest, SIGNATURE, VERSION};
use crate::hex::{hex, unhex};
use crate::seal::{fingerprint, holds};

/// The longest manifest that is read.
const MANIFEST_BYTES_MAX: u64 = 16 << 20;
/// Files in a folder that are looked at.
const FILES_MAX: usize = 10_000;

/// Something that is not as it was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// There is no manifest, or none that can be read.
    Manifest(String),
    /// The signature does not fit the manifest: one of the two was changed.
    Signature(String),
    /// It is signed with another key than the one that was expected: this is its fingerprint.
    Key(String),
    /// A file of the manifest is not there.
    Missing(String),
    /// A file that the manifest does not name.
    Added(String),
    /// A file holds something else.
    Changed(String, String),
    /// A file holds what belongs into another.
    Exchanged(String, String),
    /// A file cannot be read.
    Unread(String, String),
    /// It does not follow from the bundle with the number before.
    Unchained(u64),
    /// The bundle with the number before is not among those handed over.
    NoPredecessor(u64),
    /// Two bundles have this number.
    Twice(u64),
    /// A store says that another bundle was made under this number, or none.
    Unmade(String),
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Manifest(why) => write!(f, "{MANIFEST} cannot be read: {why}"),
            Self::Signature(why) => write!(f, "the signature does not hold: {why}"),
            Self::Key(shown) => write!(f, "it is signed with another key than the one expected: {shown}"),
            Self::Missing(name) => write!(f, "{name} is missing"),
            Self::Added(name) => write!(f, "{name} was added: the manifest does not name it"),
            Self::Changed(name, how) => write!(f, "{name} was changed: {how}"),
            Self::Exchanged(name, other) => write!(f, "{name} holds what belongs into {other}"),
            Self::Unread(name, why) => write!(f, "{name} cannot be read: {why}"),
            Self::Unchained(number) => {
                write!(f, "it does not follow from bundle {number}: one of the two was made anew")
            }
            Self::NoPredecessor(number) => write!(f, "bundle {number}, which comes before it, is missing"),
            Self::Unmade(store) => write!(f, "{store} says that no such bundle was made under this number"),
            Self::Twice(number) => write!(f, "there is another bundle {number}"),
        }
    }
}

/// What was found about a bundle.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Findings {
    /// What it says of itself, where that can be read.
    pub manifest: Option<Manifest>,
    /// The hash of its manifest.
    pub hash: [u8; 32],
    /// Files that are as they were made.
    pub sound: Vec<String>,
    /// What was touched.
    pub faults: Vec<Fault>,
}

impl Findings {
    fn fault(fault: Fault) -> Self {
        Self { faults: vec![fault], ..Self::default() }
    }

    /// The fingerprint of the key it is signed with.
    #[must_use]
    pub fn signed_with(&self) -> Option<String> {
        let public = unhex(&self.manifest.as_ref()?.ed25519_public_key)?;
        Some(fingerprint(&public))
    }
}

/// Looks through bundles: each for itself, and where there are several, whether they follow from each other. `key` is the public key that is
/// expected, where whoever asks has it.
#[must_use]
pub fn verify(folders: &[&Path], key: Option<&[u8]>) -> Vec<Findings> {
    let mut all: Vec<_> = folders.iter().map(|folder| one(folder, key)).collect();
    if all.len() > 1 {
        chain(&mut all);
    }
    all
}

/// Whether bundles follow from each other: the first of them may have others before it.
fn chain(all: &mut [Findings]) {
    let mut hashes: BTreeMap<u64, Vec<[u8; 32]>> = BTreeMap::new();
    for (number, hash) in all.iter().filter_map(|it| it.manifest.as_ref().map(|manifest| (manifest.bundle, it.hash))) {
        hashes.entry(number).or_default().push(hash);
    }
    let first = hashes.keys().next().copied();
    for findings in all {
        let Some(manifest) = &findings.manifest else { continue };
        let number = manifest.bundle;
        if hashes.get(&number).is_some_and(|same| same.len() > 1) {
            findings.faults.push(Fault::Twice(number));
        }
        if Some(number) == first {
            continue;
        }
        let before = number.saturating_sub(1);
        let named = manifest.previous_manifest_sha256.as_deref();
        match hashes.get(&before) {
            None => findings.faults.push(Fault::NoPredecessor(before)),
            Some(there) if there.iter().any(|hash| Some(hex(hash).as_str()) == named) => {}
            Some(_) => findings.faults.push(Fault::Unchained(before)),
        }
    }
}

fn one(folder: &Path, key: Option<&[u8]>) -> Findings {
    let bytes = match limited(&folder.join(MANIFEST), MANIFEST_BYTES_MAX) {
        Ok(bytes) => bytes,
        Err(error) => return Findings::fault(Fault::Manifest(error.to_string())),
    };
    let manifest: Manifest = match serde_json::from_slice(&bytes) {
        Ok(manifest) => manifest,
        Err(error) => return Findings::fault(Fault::Manifest(error.to_string())),
    };
    if manifest.v != VERSION {
        let why = format!("it is of version {}, this program knows {VERSION}", manifest.v);
        return Findings::fault(Fault::Manifest(why));
    }
    let mut findings = Findings::default();
    findings.hash.copy_from_slice(digest(&SHA256, &bytes).as_ref());
    findings.faults.extend(signature(folder, &bytes, &manifest, key));
    for listed in &manifest.files {
        match file(folder, listed, &manifest.files) {
            None => findings.sound.push(listed.name.clone()),
            Some(fault) => findings.faults.push(fault),
        }
    }
    findings.faults.extend(added(folder, &manifest.files));
    findings.manifest = Some(manifest);
    findings
}

fn signature(folder: &Path, bytes: &[u8], manifest: &Manifest, key: Option<&[u8]>) -> Option<Fault> {
    let public = unhex(&manifest.ed25519_public_key).unwrap_or_default();
    let signature = match limited(&folder.join(SIGNATURE), 64) {
        Ok(signature) => signature,
        Err(error) => return Some(Fault::Signature(format!("{SIGNATURE}: {error}"))),
    };
    if !holds(&public, bytes, &signature) {
        return Some(Fault::Signature(format!("{MANIFEST} or {SIGNATURE} was changed")));
    }
    key.filter(|key| **key != public).map(|_| Fault::Key(fingerprint(&public)))
}

/// What is wrong with a file of the manifest.
fn file(folder: &Path, listed: &Listed, all: &[Listed]) -> Option<Fault> {
    let name = listed.name.clone();
    if !is_plain(&name) {
        return Some(Fault::Manifest(format!("{name:?} is no name of a file of a bundle")));
    }
    match length_and_hash(&folder.join(&name)) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Some(Fault::Missing(name)),
        Err(error) => Some(Fault::Unread(name, error.to_string())),
        Ok((bytes, hash)) if (bytes, &hash) == (listed.bytes, &listed.sha256) => None,
        Ok((bytes, hash)) => Some(match all.iter().find(|other| other.sha256 == hash) {
            Some(other) => Fault::Exchanged(name, other.name.clone()),
            None if bytes == listed.bytes => {
                Fault::Changed(name, "it is as long as it was, and holds something else".to_owned())
            }
            None => Fault::Changed(name, format!("it had {} bytes and has {bytes}", listed.bytes)),
        }),
    }
}

/// What lies in the folder and is not in the manifest.
fn added(folder: &Path, files: &[Listed]) -> Vec<Fault> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) => return vec![Fault::Unread(String::new(), error.to_string())],
    };
    let names =
        entries.take(FILES_MAX).filter_map(|entry| Some(entry.ok()?.file_name().to_string_lossy().into_owned()));
    let known =
        |name: &String| name == MANIFEST || name == SIGNATURE || files.iter().any(|listed| listed.name == *name);
    let mut added: Vec<_> = names.filter(|name| !known(name)).collect();
    added.sort_unstable();
    added.into_iter().map(Fault::Added).collect()
}

/// Whether a name stays within its folder: a bundle is made by whoever hands it over.
fn is_plain(name: &str) -> bool {
    let fine = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_');
    !name.is_empty() && !name.starts_with('.') && name.bytes().all(fine)
}

/// A file of a few bytes.
fn limited(path: &Path, most: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(most + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > most { Err(io::Error::other(format!("it is longer than {most} bytes"))) } else { Ok(bytes) }
}

/// The length of a file, and the SHA-256 of what it holds.
fn length_and_hash(path: &Path) -> io::Result<(u64, String)> {
    if !fs::symlink_metadata(path)?.is_file() {
        return Err(io::Error::other("it is no file"));
    }
    let (mut file, mut context, mut length) = (File::open(path)?, Context::new(&SHA256), 0);
    let mut buffer = vec![0; 1 << 16];
    loop {
        let read = file.read(&mut buffer)?;
        if read == 0 {
            return Ok((length, hex(context.finish().as_ref())));
        }
        length += read as u64;
        context.update(buffer.get(..read).unwrap_or_default());
    }
}

/// The SHA-256 of what a file holds, in hexadecimal.
///
/// # Errors
/// That it cannot be read.
pub fn sha256(path: &Path) -> io::Result<String> {
    length_and_hash(path).map(|(_, hash)| hash)
}
