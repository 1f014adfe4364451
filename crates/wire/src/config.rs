//! What an operator can set about decoding.

use std::time::Duration;

use crate::{FragmentConfig, StreamConfig};

/// How frames are decoded. The limits that depend on the link are here; those that hold the decoder itself in bounds
/// are named constants beside what they bound.
#[derive(Clone, Debug)]
pub struct WireConfig {
    /// UDP ports that carry VXLAN besides 4789 and 8472; at most [`WireConfig::VXLAN_PORTS_MAX`] are heeded.
    pub vxlan_ports: Vec<u16>,
    /// Whether copies that a mirror port makes are recognised at all.
    pub duplicates: bool,
    /// How long after a packet its copy is still taken for one. A SIP retransmission comes 500 ms after (RFC 3261
    /// §17.1.1.2) and must stay outside.
    pub duplicate_window: Duration,
    /// Limits of the reassembly of IP fragments.
    pub fragments: FragmentConfig,
    /// Limits of the reassembly of TCP streams.
    pub streams: StreamConfig,
    /// What the hash tables are seeded with; no output depends on it.
    pub seed: u64,
}

impl WireConfig {
    /// The most additional VXLAN ports.
    pub const VXLAN_PORTS_MAX: usize = 8;
}

impl Default for WireConfig {
    fn default() -> Self {
        Self {
            vxlan_ports: Vec::new(),
            duplicates: true,
            duplicate_window: Duration::from_millis(20),
            fragments: FragmentConfig::default(),
            streams: StreamConfig::default(),
            seed: 0x243f_6a88_85a3_08d3,
        }
    }
}
