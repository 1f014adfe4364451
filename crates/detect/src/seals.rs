//! How the calls of an operation are signed, counted: what was attested, and what it was worth.

use serde::{Deserialize, Serialize};
use sip::passport::{Attest, Proof};

/// How a call is signed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seal {
    /// What the signer attests; `None` for a call that nobody signed.
    pub attest: Option<Attest>,
    /// What came of checking it.
    pub proof: Option<Proof>,
}

/// How calls are signed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seals {
    attests: [u64; 4],
    proofs: [u64; Proof::ALL.len()],
}

impl Seals {
    /// Counts a call.
    pub(crate) fn count(&mut self, seal: Seal) {
        let [full, partial, gateway, none] = &mut self.attests;
        *match seal.attest {
            Some(Attest::Full) => full,
            Some(Attest::Partial) => partial,
            Some(Attest::Gateway) => gateway,
            None => none,
        } += 1;
        if let Some(count) = seal.proof.and_then(|proof| self.proofs.get_mut(proof as usize)) {
            *count += 1;
        }
    }

    /// Calls by attestation: A, B, C, none.
    #[must_use]
    pub const fn attests(&self) -> [u64; 4] {
        self.attests
    }

    /// Signed calls by what came of checking them.
    pub fn proofs(&self) -> impl Iterator<Item = (Proof, u64)> {
        Proof::ALL.into_iter().zip(self.proofs)
    }
}
