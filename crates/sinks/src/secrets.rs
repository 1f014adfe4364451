//! Files that a sink names: keys, secrets, certificates. They are read when it starts and when it is reloaded, and what is wrong with them
//! is told then.

use std::fmt;
use std::fs::File;
use std::io::Read as _;

/// The longest file that is read.
const BYTES_MAX: u64 = 1 << 20;
/// The shortest key of pseudonyms: as long as the hash it keys.
const KEY_BYTES_MIN: usize = 32;

/// A sink that cannot run as it is configured.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unusable {
    /// Its name.
    pub sink: String,
    /// What is wrong.
    pub why: String,
}

impl fmt::Display for Unusable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "sink {:?}: {}", self.sink, self.why)
    }
}

impl std::error::Error for Unusable {}

/// A file, whole.
pub(crate) fn file(path: &str) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    let read = File::open(path).and_then(|file| file.take(BYTES_MAX + 1).read_to_end(&mut bytes));
    read.map_err(|error| format!("{path}: {error}"))?;
    if bytes.len() as u64 > BYTES_MAX {
        return Err(format!("{path}: longer than {BYTES_MAX} bytes"));
    }
    Ok(bytes)
}

/// A secret: a file without the white space around it, as editors leave it.
pub(crate) fn secret(path: &str) -> Result<Vec<u8>, String> {
    let bytes = file(path)?;
    let secret = bytes.trim_ascii().to_vec();
    if secret.is_empty() { Err(format!("{path}: it is empty")) } else { Ok(secret) }
}

/// A secret that is sent as text.
pub(crate) fn token(path: &str) -> Result<String, String> {
    let printable = |token: &String| token.bytes().all(|byte| byte.is_ascii_graphic());
    let token = String::from_utf8(secret(path)?).ok().filter(printable);
    token.ok_or_else(|| format!("{path}: a token is one word of ASCII"))
}

/// The key of pseudonyms.
pub(crate) fn pseudonym_key(path: &str) -> Result<Vec<u8>, String> {
    let key = file(path)?;
    let length = key.len();
    if length < KEY_BYTES_MIN {
        return Err(format!("{path}: {length} bytes; a key has {KEY_BYTES_MIN} at least"));
    }
    Ok(key)
}
