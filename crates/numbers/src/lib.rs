//! Raw user parts to E.164, country, type and time zones.
