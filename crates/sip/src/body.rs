//! Bodies: multipart, SIP-I and content encodings.
