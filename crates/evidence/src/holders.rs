//! What only two people can open together: sealed for the one, and that again for the other. Each seal is a sealed box of libsodium (X25519,
//! XSalsa20-Poly1305), so whoever has both keys can open it without this program, too.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use crypto_box::aead::OsRng;
use crypto_box::{PublicKey, SecretKey};

use crate::hex::{base64, unbase64};

/// The file of a redacted bundle that says which numbers it is about.
pub const SEALED: &str = "numbers.sealed";
/// What stands before the 32 bytes of a private key in its PKCS #8 (RFC 8410 §7).
const PREFIX: [u8; 16] =
    [0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x6e, 0x04, 0x22, 0x04, 0x20];
/// The longest file of a key that is read.
const KEY_BYTES_MAX: u64 = 16_384;

/// The public keys of the two.
pub type Holders = [[u8; 32]; 2];

/// Seals bytes so that the private keys of both are needed to open them.
///
/// # Errors
/// That the bytes are too many to be sealed.
pub fn seal(holders: &Holders, bytes: &[u8]) -> io::Result<Vec<u8>> {
    holders.iter().rev().try_fold(bytes.to_vec(), |inner, key| {
        PublicKey::from_bytes(*key).seal(&mut OsRng, &inner).map_err(|_| io::Error::other("too much to be sealed"))
    })
}

/// Opens what [`seal`] sealed; nothing where these are not the keys of the two, or where it was touched. Whose key is which need not be known.
#[must_use]
pub fn unseal(keys: [&HolderSecret; 2], sealed: &[u8]) -> Option<Vec<u8>> {
    let [one, other] = keys;
    let open = |outer: &HolderSecret, inner: &HolderSecret| {
        let sealed = outer.0.unseal(sealed).ok()?;
        inner.0.unseal(&sealed).ok()
    };
    open(one, other).or_else(|| open(other, one))
}

/// The private key of one of the two.
#[derive(Debug)]
pub struct HolderSecret(SecretKey);

impl HolderSecret {
    /// A new one in a new file (PKCS #8, PEM), which nobody but its owner may read.
    ///
    /// # Errors
    /// That the file is there already, or cannot be written.
    pub fn make(path: &Path) -> io::Result<Self> {
        let key = SecretKey::generate(&mut OsRng);
        let bytes = [PREFIX.as_slice(), &key.to_bytes()].concat();
        let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
        file.write_all(format!("{BEGIN}\n{}\n{END}\n", base64(&bytes)).as_bytes())?;
        file.sync_all()?;
        Ok(Self(key))
    }

    /// The one in a file.
    ///
    /// # Errors
    /// That it cannot be read, or holds no such key.
    pub fn of_file(path: &Path) -> io::Result<Self> {
        let wrong = || io::Error::other("no X25519 private key in PEM (PKCS #8)");
        if fs::metadata(path)?.len() > KEY_BYTES_MAX {
            return Err(wrong());
        }
        let text = fs::read_to_string(path)?;
        let inside = text.split(BEGIN).nth(1).and_then(|rest| rest.split(END).next());
        let bytes = inside.and_then(unbase64).ok_or_else(wrong)?;
        let key = bytes.strip_prefix(&PREFIX).and_then(|key| <[u8; 32]>::try_from(key).ok()).ok_or_else(wrong)?;
        Ok(Self(SecretKey::from_bytes(key)))
    }

    /// The public key that belongs to it.
    #[must_use]
    pub fn public(&self) -> [u8; 32] {
        self.0.public_key().to_bytes()
    }
}

const BEGIN: &str = "-----BEGIN PRIVATE KEY-----";
const END: &str = "-----END PRIVATE KEY-----";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_keys_open_and_neither_alone() {
        let [ann, ben, eve] = [0; 3].map(|_| HolderSecret(SecretKey::generate(&mut OsRng)));
        let sealed = seal(&[ann.public(), ben.public()], b"+441632960001").unwrap();
        for keys in [[&ann, &ben], [&ben, &ann]] {
            assert_eq!(unseal(keys, &sealed).as_deref(), Some(b"+441632960001".as_slice()));
        }
        for keys in [[&ann, &ann], [&ben, &ben], [&ann, &eve], [&eve, &ben], [&eve, &eve]] {
            assert_eq!(unseal(keys, &sealed), None);
        }
        for place in 0..sealed.len() {
            let mut touched = sealed.clone();
            touched[place] ^= 1;
            assert_eq!(unseal([&ann, &ben], &touched), None, "{place}");
        }
        assert_ne!(seal(&[ann.public(), ben.public()], b"+441632960001").unwrap(), sealed);
    }

    #[test]
    fn keys_lie_in_files() {
        let path = std::env::temp_dir().join(format!("greyline-holder-{}.pem", std::process::id()));
        let _ = fs::remove_file(&path);
        let made = HolderSecret::make(&path).unwrap();
        assert_eq!(HolderSecret::of_file(&path).unwrap().public(), made.public());
        assert!(HolderSecret::make(&path).is_err(), "a key is never written over");
        fs::write(&path, "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIA==\n-----END PRIVATE KEY-----\n").unwrap();
        assert!(HolderSecret::of_file(&path).is_err(), "one that signs opens nothing");
        fs::remove_file(&path).unwrap();
    }
}
