//! What time it is.

use std::time::{SystemTime, UNIX_EPOCH};

use types::Nanos;

/// The time by which links stamp their frames.
#[must_use]
pub fn now() -> Nanos {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Nanos::from_parts(since.as_secs(), u64::from(since.subsec_nanos()))
}
