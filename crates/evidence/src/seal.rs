//! Whose word a bundle is: Ed25519 (RFC 8032).

use std::fs;
use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use ring::digest::{SHA256, digest};
use ring::rand::SystemRandom;
use ring::signature::{ED25519, Ed25519KeyPair, KeyPair as _, UnparsedPublicKey};

use crate::hex::{base64, hex, unbase64};

/// What stands before the 32 bytes of a public key in its SubjectPublicKeyInfo (RFC 8410).
const PREFIX: [u8; 12] = [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];
/// The longest file of a key that is read.
const KEY_BYTES_MAX: u64 = 16_384;

/// Who signs.
#[derive(Debug)]
pub struct Signer(Ed25519KeyPair);

impl Signer {
    /// The key in a file (PKCS #8, DER), which is made where it is not there; nobody but its owner may read it.
    ///
    /// # Errors
    /// That the file cannot be made or read, or holds no such key.
    pub fn of_file(path: &Path) -> io::Result<Self> {
        if !path.exists() {
            let made = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new());
            let made = made.map_err(|_| io::Error::other("the system gives no random bytes"))?;
            let mut file = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
            file.write_all(made.as_ref())?;
            file.sync_all()?;
        }
        let bytes = fs::read(path)?;
        let key = Ed25519KeyPair::from_pkcs8_maybe_unchecked(&bytes);
        key.map(Self).map_err(|said| io::Error::other(format!("no Ed25519 key in PKCS #8: {said}")))
    }

    /// The signature of some bytes.
    pub(crate) fn sign(&self, bytes: &[u8]) -> Vec<u8> {
        self.0.sign(bytes).as_ref().to_vec()
    }

    /// The public key: 32 bytes.
    #[must_use]
    pub fn public(&self) -> &[u8] {
        self.0.public_key().as_ref()
    }
}

/// Whether a signature holds.
pub(crate) fn holds(public: &[u8], bytes: &[u8], signature: &[u8]) -> bool {
    UnparsedPublicKey::new(&ED25519, public).verify(bytes, signature).is_ok()
}

/// By what people compare public keys: the SHA-256 of the 32 bytes, in groups.
#[must_use]
pub fn fingerprint(public: &[u8]) -> String {
    let hash = hex(digest(&SHA256, public).as_ref());
    let groups: Vec<_> = hash.as_bytes().chunks(8).map(String::from_utf8_lossy).collect();
    groups.join(" ")
}

/// A public key as OpenSSL reads it.
pub(crate) fn pem(public: &[u8]) -> String {
    let bytes = [&PREFIX, public].concat();
    format!("-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n", base64(&bytes))
}

/// The public key in a file of PEM.
///
/// # Errors
/// That it cannot be read, or holds none.
pub fn public_key(path: &Path) -> io::Result<Vec<u8>> {
    let length = fs::metadata(path)?.len();
    let wrong = || io::Error::other("no Ed25519 public key in PEM");
    if length > KEY_BYTES_MAX {
        return Err(wrong());
    }
    let text = fs::read_to_string(path)?;
    let inside = text.split("-----BEGIN PUBLIC KEY-----").nth(1).and_then(|rest| rest.split("-----END").next());
    let bytes = inside.and_then(unbase64).ok_or_else(wrong)?;
    bytes.strip_prefix(&PREFIX).filter(|key| key.len() == 32).map(<[u8]>::to_vec).ok_or_else(wrong)
}
