//! Capture files, or an interface, to frames.
