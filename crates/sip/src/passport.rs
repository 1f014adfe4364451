//! PASSporT, the signed identity of a caller (RFC 8225).
