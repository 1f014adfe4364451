//! What an alert rests on, as others can check it.
//!
//! - [`Cutter`] listens to a worker that reads captures and keeps the SIP messages of the calls it was told to; [`pcapng`] writes them, each
//!   with a comment that says which call it belongs to and who sent it.
//! - [`Ring`] keeps the signalling of the last hours on disk, for as long as there is room, and puts aside what is claimed ([`Claims`]) before it
//!   goes; captures are cut out of it as out of any other.
//! - [`Bundle`] is a folder of files that any computer opens, or the same as one archive: records, packets, a manifest with the SHA-256 of each,
//!   an Ed25519 signature over the manifest. The manifest names the bundle before it and the head of the audit log: whoever takes a bundle away,
//!   or puts another in its place, has to change all that came later.
//! - [`verify`] says of what was [`Handed`] over, folder or archive, what is sound and what was touched.
//! - [`Redactor`] replaces telephone numbers by others of the same length, the same number by the same, in records and in packets; which by which
//!   is sealed so that two holders of keys can open it together ([`seal`]).

mod archive;
mod aside;
mod bundle;
mod cutter;
mod frame;
mod handed;
mod hex;
mod holders;
pub mod pcapng;
mod redact;
mod reel;
mod ring;
mod seal;
mod spelt;
mod verify;

pub use aside::{Claim, Claims};
pub use bundle::{Before, Bundle, Manifest, Sealed};
pub use cutter::{BYTES_MAX, Cutter, HEADERS_MAX, OfCall, PACKETS_MAX, Packet, Wanted};
pub use frame::{Made, cut_under_udp};
pub use handed::{Handed, Unfit, sha256};
pub use hex::hex;
pub use holders::{HolderSecret, Holders, SEALED, seal, unseal};
pub use redact::{Redactor, numbers};
pub use ring::{Ring, RingTally, files_between, files_since, held_since};
pub use seal::{Signer, fingerprint, public_key};
pub use verify::{Fault, Findings, verify};
