//! One value of an Identity header and the token in it.

use sip::passport::Identity;

pub fn check(bytes: &[u8]) {
    let Ok(identity) = Identity::parse(bytes) else { return };
    assert!(!identity.token.signature().is_empty());
    let mut scratch = Vec::new();
    let Ok(Some(passport)) = identity.passport(&mut scratch) else { return };
    assert!(scratch.capacity() <= 2 * sip::passport::JSON_BYTES_MAX);
    let _ = (passport.algorithm(), passport.extension(), passport.certificate(), passport.attest());
    let _ = (format!("{:?}", passport.originator()), passport.diverter(), passport.issued_at_secs());
    assert!(passport.destinations().count() <= sip::passport::DESTINATIONS_MAX);
    let _ = (passport.origin_id(), passport.caller_name(), passport.presented_number(), passport.icon());
    let _ = (passport.call_reason(), passport.has_resource_priority());
}
