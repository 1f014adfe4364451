//! What is sound about a bundle, and what was touched.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::io;

use ring::digest::{SHA256, digest};

use crate::bundle::{Listed, MANIFEST, Manifest, SIGNATURE, VERSION};
use crate::handed::Handed;
use crate::hex::{hex, unhex};
use crate::seal::{fingerprint, holds};

/// The longest manifest that is read.
const MANIFEST_BYTES_MAX: u64 = 16 << 20;
/// The length of a signature (RFC 8032).
const SIGNATURE_BYTES: u64 = 64;
/// What is wrong with a file of an archive that is as it was made, and that whoever unpacks it will not get.
const OTHER_SUM: &str = "the archive has another checksum for it";
/// Files in a folder that are looked at.
pub(crate) const FILES_MAX: usize = 10_000;

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
pub fn verify(bundles: &[Handed], key: Option<&[u8]>) -> Vec<Findings> {
    let mut all: Vec<_> = bundles.iter().map(|handed| one(handed, key)).collect();
    if all.len() > 1 {
        chain(&mut all);
    }
    all
}

/// Whether bundles follow from each other: the first of them may have others before it.
fn chain(all: &mut [Findings]) {
    // The same bundle twice, in another place or as an archive, is one.
    let mut hashes: BTreeMap<u64, BTreeSet<[u8; 32]>> = BTreeMap::new();
    for (number, hash) in all.iter().filter_map(|it| it.manifest.as_ref().map(|manifest| (manifest.bundle, it.hash))) {
        hashes.entry(number).or_default().insert(hash);
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

fn one(handed: &Handed, key: Option<&[u8]>) -> Findings {
    let bytes = match handed.read(MANIFEST, MANIFEST_BYTES_MAX) {
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
    findings.faults.extend(signature(handed, &bytes, &manifest, key));
    for listed in &manifest.files {
        match file(handed, listed, &manifest.files) {
            None => findings.sound.push(listed.name.clone()),
            Some(fault) => findings.faults.push(fault),
        }
    }
    findings.faults.extend(added(handed, &manifest.files));
    let unsummed = [MANIFEST, SIGNATURE].into_iter().filter(|name| !handed.sums_up(name));
    findings.faults.extend(unsummed.map(|name| Fault::Unread(name.to_owned(), OTHER_SUM.to_owned())));
    findings.manifest = Some(manifest);
    findings
}

fn signature(handed: &Handed, bytes: &[u8], manifest: &Manifest, key: Option<&[u8]>) -> Option<Fault> {
    let public = unhex(&manifest.ed25519_public_key).unwrap_or_default();
    let signature = match handed.read(SIGNATURE, SIGNATURE_BYTES) {
        Ok(signature) => signature,
        Err(error) => return Some(Fault::Signature(format!("{SIGNATURE}: {error}"))),
    };
    if !holds(&public, bytes, &signature) {
        return Some(Fault::Signature(format!("{MANIFEST} or {SIGNATURE} was changed")));
    }
    key.filter(|key| **key != public).map(|_| Fault::Key(fingerprint(&public)))
}

/// What is wrong with a file of the manifest.
fn file(handed: &Handed, listed: &Listed, all: &[Listed]) -> Option<Fault> {
    let name = listed.name.clone();
    if !is_plain(&name) {
        return Some(Fault::Manifest(format!("{name:?} is no name of a file of a bundle")));
    }
    match handed.length_and_hash(&name) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Some(Fault::Missing(name)),
        Err(error) => Some(Fault::Unread(name, error.to_string())),
        Ok((bytes, hash)) if (bytes, &hash) == (listed.bytes, &listed.sha256) => {
            (!handed.sums_up(&name)).then(|| Fault::Unread(name, OTHER_SUM.to_owned()))
        }
        Ok((bytes, hash)) => Some(match all.iter().find(|other| other.sha256 == hash) {
            Some(other) => Fault::Exchanged(name, other.name.clone()),
            None if bytes == listed.bytes => {
                Fault::Changed(name, "it is as long as it was, and holds something else".to_owned())
            }
            None => Fault::Changed(name, format!("it had {} bytes and has {bytes}", listed.bytes)),
        }),
    }
}

/// What lies there and is not in the manifest.
fn added(handed: &Handed, files: &[Listed]) -> Vec<Fault> {
    let names = match handed.names() {
        Ok(names) => names,
        Err(error) => return vec![Fault::Unread(String::new(), error.to_string())],
    };
    let known =
        |name: &String| name == MANIFEST || name == SIGNATURE || files.iter().any(|listed| listed.name == *name);
    let mut added: Vec<_> = names.into_iter().filter(|name| !known(name)).collect();
    added.sort_unstable();
    added.into_iter().map(Fault::Added).collect()
}

/// Whether a name stays within its folder: a bundle is made by whoever hands it over.
pub(crate) fn is_plain(name: &str) -> bool {
    let fine = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_');
    !name.is_empty() && !name.starts_with('.') && name.bytes().all(fine)
}
