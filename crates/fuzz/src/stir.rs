//! An Identity header, and what is named as the certificate of its signer.

use call::{CallRecord, Identities};
use stir::{Trust, Verifier};
use types::{Endpoint, Nanos};

/// Where certificates are to be had, as the seeds say it.
const PLACE: &str = "certs.example.net/shaken.pem";
/// When the seeds were signed.
const SECS: u64 = 1_793_606_400;

/// The header, a zero, the certificates in PEM.
pub fn check(bytes: &[u8]) {
    let (identity, pem) = match bytes.iter().position(|&byte| byte == 0) {
        Some(end) => (&bytes[..end], &bytes[end + 1..]),
        None => (bytes, &[][..]),
    };
    let mut trust = Trust::default();
    let read = trust.authorities(pem);
    assert!(read.is_err() || read.is_ok_and(|count| count > 0));
    let named = trust.signer(PLACE, pem).is_ok();
    assert_eq!(trust.signers(), usize::from(named));
    let mut verifier = Verifier::new(trust, 1);
    let values = [identity];
    let identities = Identities { values: &values, from: None, to: None };
    let call = |call_id| CallRecord {
        invite_at: Some(Nanos::from_parts(SECS, 0)),
        identities: Some(&identities),
        ..CallRecord::new(call_id, Endpoint::default(), Endpoint::default())
    };
    let proof = verifier.on_invite(&call(b"first")).map(|signature| signature.proof);
    // One call is followed, and no more is kept of another.
    assert!(verifier.on_invite(&call(b"second")).is_none());
    assert_eq!(verifier.tally().refused, u64::from(proof.is_some()));
    // The same token is not reckoned a second time, and comes to the same.
    let computed = verifier.tally().computed;
    let kept = verifier.on_record(&call(b"first")).map(|kept| kept.signature().proof);
    assert_eq!(kept, proof);
    assert_eq!(verifier.on_invite(&call(b"third")).map(|signature| signature.proof), proof);
    assert_eq!(verifier.tally().computed, computed);
    assert!(computed <= 1 && (named || computed == 0));
}
