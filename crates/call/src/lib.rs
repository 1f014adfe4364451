//! Messages and media to call events and call records.
