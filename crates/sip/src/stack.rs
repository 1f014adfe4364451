//! The fingerprint of the stack that wrote a message.
