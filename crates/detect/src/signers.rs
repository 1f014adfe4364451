//! Who signs calls. A provider signs for all its customers by one certificate, so its own name for where a call came from
//! (`origid`, RFC 8588 §4) tells them apart: the two together are whom evidence is about. Of certificates alone an honest
//! provider with one bad customer would be accused.

use foldhash::quality::RandomState;
use hashbrown::HashMap;
use serde::{Deserialize, Serialize};

use crate::event::Signed;
use crate::judge::key;

/// Signers whose names are kept, up to 300 bytes each; past it a new one is not judged, only counted.
const SIGNERS_MAX: usize = 65_536;

/// Names a signer: the same in every run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct SignerId(u64);

/// The signers that were met.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Signers {
    names: HashMap<SignerId, Box<str>, RandomState>,
    #[serde(skip)]
    refused: u64,
}

impl Signers {
    /// The signer of a call, whose name is known from now on; `None` for one without any, or past the limit.
    pub(crate) fn meet(&mut self, signed: &Signed) -> Option<SignerId> {
        if signed.signer.is_empty() && signed.origin_id.is_empty() {
            return None;
        }
        let id = SignerId(key(&(&signed.signer, &signed.origin_id)));
        if !self.names.contains_key(&id) {
            if self.names.len() >= SIGNERS_MAX {
                self.refused += 1;
                return None;
            }
            self.names.insert(id, name(signed));
        }
        Some(id)
    }

    /// What a signer is called.
    #[must_use]
    pub fn name(&self, id: SignerId) -> &str {
        self.names.get(&id).map_or("", |name| name)
    }

    /// Calls whose signer was not judged for want of room.
    #[must_use]
    pub(crate) const fn refused(&self) -> u64 {
        self.refused
    }
}

fn name(signed: &Signed) -> Box<str> {
    let [signer, origin] = [&signed.signer, &signed.origin_id].map(|bytes| String::from_utf8_lossy(bytes));
    match (signer.is_empty(), origin.is_empty()) {
        (_, true) => signer.into(),
        (true, false) => format!("origin {origin}").into(),
        (false, false) => format!("{signer} for origin {origin}").into(),
    }
}
