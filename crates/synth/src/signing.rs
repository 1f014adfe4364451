//! Who signs: one provider for everybody, which knows its customers' installations apart.

use std::io::Write as _;

use crate::stacks::Stack;

/// Where the provider's certificate is to be had.
pub(crate) const CERTIFICATE: &str = "https://certificates.example/shaken.pem";

/// Writes the provider's own name for whom it signs for (`origid`), which looks like a UUID.
pub(crate) fn origin_id(stack: &Stack, out: &mut Vec<u8>) {
    // Writing to memory does not fail.
    let _ = write!(out, "{:08x}-0000-4000-8000-{:012x}", stack.build as u32, stack.build >> 16);
}
