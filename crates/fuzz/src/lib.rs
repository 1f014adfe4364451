//! What must hold on any input, one module a target: the targets only hand bytes to it.
//!
//! No panic, no hang and no unbounded growth come for free (debug assertions, overflow checks and a sanitizer are on, and
//! libFuzzer limits time and memory). Beyond them each module asserts what its room promises: counts that add up,
//! tables within their limits, results that depend neither on how bytes were cut nor on a hash seed.
//!
//! Targets with a capture as their input (`link`, `wire`, `capture`) keep what they find as a capture, which
//! `greyline replay` reads too; `calls` says what its captures are by `FUZZ_DUMP`.

pub mod body;
pub mod bundle;
pub mod calls;
pub mod capture;
pub mod config;
pub mod deck;
pub mod ears;
pub mod file;
pub mod framing;
pub mod gateway;
pub mod hep;
pub mod link;
pub mod mutate;
pub mod numbers;
pub mod passport;
pub mod pcap;
pub mod records;
pub mod rtcp;
pub mod rtp;
pub mod sdp;
pub mod sip;
pub mod spill;
pub mod stir;
pub mod streams;
pub mod tls;
pub mod websocket;
pub mod wire;
