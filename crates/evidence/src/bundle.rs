//! A bundle: a folder of files, a manifest of them, a signature over the manifest.

use std::fs::{DirBuilder, OpenOptions};
use std::io::{self, Cursor, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::Path;

use ring::digest::{SHA256, digest};
use serde::{Deserialize, Serialize};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use crate::hex::hex;
use crate::holders::SEALED;
use crate::seal::{Signer, fingerprint, pem};

/// The file that lists all others.
pub(crate) const MANIFEST: &str = "manifest.json";
/// The signature over it.
pub(crate) const SIGNATURE: &str = "manifest.sig";
/// The public key, for whoever checks by hand.
const KEY: &str = "public-key.pem";
/// The list as `sha256sum --check` reads it.
pub(crate) const SUMS: &str = "SHA256SUMS";
/// The version of the manifest.
pub(crate) const VERSION: u8 = 1;

/// What stood before a bundle when it was made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Before {
    /// Its own number: the first is 1.
    pub number: u64,
    /// The SHA-256 of the manifest of the bundle before; zeros for the first.
    pub manifest: [u8; 32],
    /// The entries of the audit log, and the hash of the last of them.
    pub audit: (u64, [u8; 32]),
}

/// A bundle on its way to disk.
#[derive(Clone, Debug, Default)]
pub struct Bundle {
    /// The alert it is about.
    pub alert_id: String,
    /// When it is made, RFC 3339.
    pub made_at: String,
    /// Who makes it.
    pub made_by: String,
    /// The program and its version.
    pub program: String,
    /// Whether numbers are replaced.
    pub redacted: bool,
    /// Its files, in the order of the manifest.
    pub files: Vec<(String, Vec<u8>)>,
}

/// What a bundle holds, and where it stands in the chain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// The version of this form.
    pub v: u8,
    /// Its number: the first bundle of a store is 1.
    pub bundle: u64,
    /// The alert it is about.
    pub alert_id: String,
    /// When it was made.
    pub made_at: String,
    /// Who made it.
    pub made_by: String,
    /// The program and its version.
    pub program: String,
    /// Whether numbers are replaced.
    pub redacted: bool,
    /// SHA-256 of the manifest of the bundle before; absent in the first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub previous_manifest_sha256: Option<String>,
    /// Entries of the audit log when it was made.
    pub audit_entries: u64,
    /// The hash of the last of them.
    pub audit_sha256: String,
    /// The public key whose signature lies beside this, in hexadecimal.
    pub ed25519_public_key: String,
    /// The files, in order.
    pub files: Vec<Listed>,
}

/// A file of a bundle.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listed {
    /// Its name.
    pub name: String,
    /// Its length.
    pub bytes: u64,
    /// What it holds.
    pub sha256: String,
}

/// A bundle that is signed: all of its files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sealed {
    files: Vec<(String, Vec<u8>)>,
    /// The SHA-256 of its manifest.
    pub manifest: [u8; 32],
}

impl Bundle {
    /// Lists its files, and signs the list.
    ///
    /// # Errors
    /// That the list cannot be written, which nothing in it can cause.
    pub fn seal(mut self, before: &Before, signer: &Signer) -> io::Result<Sealed> {
        let public = signer.public();
        self.files.push((KEY.to_owned(), pem(public).into_bytes()));
        self.files.insert(0, ("README.txt".to_owned(), readme(&self, before, public).into_bytes()));
        let sums: String = self.files.iter().map(|(name, bytes)| format!("{}  {name}\n", sha256(bytes))).collect();
        self.files.push((SUMS.to_owned(), sums.into_bytes()));
        let files = self.files.iter().map(|(name, bytes)| Listed {
            name: name.clone(),
            bytes: bytes.len() as u64,
            sha256: sha256(bytes),
        });
        let manifest = Manifest {
            v: VERSION,
            bundle: before.number,
            alert_id: self.alert_id,
            made_at: self.made_at,
            made_by: self.made_by,
            program: self.program,
            redacted: self.redacted,
            previous_manifest_sha256: (before.number > 1).then(|| hex(&before.manifest)),
            audit_entries: before.audit.0,
            audit_sha256: hex(&before.audit.1),
            ed25519_public_key: hex(public),
            files: files.collect(),
        };
        let mut listed = serde_json::to_vec_pretty(&manifest)?;
        listed.push(b'\n');
        let mut hash = [0; 32];
        hash.copy_from_slice(digest(&SHA256, &listed).as_ref());
        let signature = signer.sign(&listed);
        self.files.extend([(MANIFEST.to_owned(), listed), (SIGNATURE.to_owned(), signature)]);
        Ok(Sealed { files: self.files, manifest: hash })
    }
}

impl Sealed {
    /// Writes the bundle into a new folder, which nobody but its owner may read: it holds numbers whole, or others that stand for these.
    ///
    /// # Errors
    /// That the folder is there already, or cannot be written.
    pub fn write(&self, folder: &Path) -> io::Result<()> {
        DirBuilder::new().mode(0o700).create(folder)?;
        for (name, bytes) in &self.files {
            let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(folder.join(name))?;
            file.write_all(bytes)?;
            file.sync_all()?;
        }
        Ok(())
    }

    /// The same folder as a ZIP archive, nothing in it compressed: `archive` reads it, and nothing that is packed otherwise.
    ///
    /// # Errors
    /// A bundle that no archive holds.
    pub fn zip(&self, folder: &str) -> io::Result<Vec<u8>> {
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
        for (name, bytes) in &self.files {
            zip.start_file(format!("{folder}/{name}"), stored)?;
            zip.write_all(bytes)?;
        }
        Ok(zip.finish()?.into_inner())
    }
}

fn sha256(bytes: &[u8]) -> String {
    hex(digest(&SHA256, bytes).as_ref())
}

/// What whoever opens the folder reads first.
fn readme(bundle: &Bundle, before: &Before, public: &[u8]) -> String {
    let Bundle { alert_id, made_at, made_by, program, redacted, files } = bundle;
    let replaced = "Telephone numbers are replaced by others of the same length, the same number by the same everywhere in this bundle;\n\
         names that callers showed are replaced by x. None of the numbers in it is anybody's that was called or called.";
    let numbers = match (redacted, files.iter().any(|(name, _)| name == SEALED)) {
        (false, _) => "Telephone numbers stand here whole: they are personal data.".to_owned(),
        (true, false) => format!("{replaced}\nNobody can say any more which numbers they stand for."),
        (true, true) => format!(
            "{replaced}\nWhich numbers they stand for is sealed for the two whom about.json names: `greyline unseal` needs the keys of both."
        ),
    };
    let number = before.number;
    let told = files.iter().filter(|(name, _)| name != KEY);
    let names: String = told.map(|(name, _)| format!("  {name:<18} {}\n", about(name))).collect();
    format!(
        "Evidence for alert {alert_id}\n\
         Bundle {number} of its store, made {made_at} by {made_by} with {program}\n\n\
         {numbers}\n\n\
         What lies here\n\
         {names}\
         \x20 {KEY:<18} the public key of whoever signed\n\
         \x20 {SUMS:<18} the SHA-256 of each of these files\n\
         \x20 {MANIFEST:<18} the same once more, with the place of this bundle behind the one before it\n\
         \x20 {SIGNATURE:<18} the signature over the manifest (Ed25519, 64 bytes)\n\n\
         How it is checked\n\
         \x20 greyline verify FOLDER\n\
         or without greyline, in this folder:\n\
         \x20 sha256sum --check {SUMS}\n\
         \x20 openssl pkeyutl -verify -pubin -inkey {KEY} -rawin -in {MANIFEST} -sigfile {SIGNATURE}\n\n\
         That the key is the operator's, this folder cannot prove: compare its fingerprint with one that you have from the\n\
         operator by another way. The fingerprint (SHA-256 of the key's 32 bytes) is\n\
         \x20 {}\n",
        fingerprint(public)
    )
}

/// What a file holds.
fn about(name: &str) -> &'static str {
    match name {
        "alert.json" => "what was found, as it was last told",
        "life.jsonl" => "every word on it, one a line, the first one first",
        "calls.jsonl" => "the records of its calls, one a line",
        "packets.pcapng" => "the SIP messages of these calls; Wireshark opens it",
        "about.json" => "where all this comes from, what was not seen, by which rules it was judged",
        "config.json" => "the configuration by which it was judged",
        SEALED => "which numbers stand behind those here, sealed for two holders of keys",
        _ => "",
    }
}
