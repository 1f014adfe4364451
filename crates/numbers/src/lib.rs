//! Raw user parts to E.164, country, type, validity and time zones.
//!
//! [`read`] turns what stands left of the `@` into a number by the tap's [`Plan`]; [`look_up`] says where a number
//! belongs, from tables compiled out of libphonenumber's metadata; [`Clocks`] tells the time of day there. What a
//! number may mean for suspicion is not known here, nor is any call.

mod clock;
mod dialling;
mod place;
mod plan;
mod read;
mod symbols;
mod tables;

pub use clock::{Clocks, LocalTime};
pub use place::{Country, Kind, Place, Validity, Zone, ZoneShare, look_up, region_named, tables_version};
pub use plan::{Plan, PlanError};
pub use read::{Basis, Other, Reading, is_withheld, read, read_beside};
