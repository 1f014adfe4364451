//! Network addresses in one width, so that tables key IPv4 and IPv6 alike.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use serde::{Deserialize, Serialize};

/// The high bits of an IPv4 address in [`Ip`]: `::ffff:0:0/96` (RFC 4291 §2.5.5.2).
const MAPPED: u64 = 0xffff << 32;

/// An IP address of either version, IPv4 as its mapped form: two words to compare and to hash.
///
/// A real IPv6 packet from `::ffff:0:0/96` would read as IPv4; RFC 4291 keeps that range off the wire.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Ip {
    high: u64,
    low: u64,
}

impl Ip {
    /// An IPv4 address from its four bytes as they lie in a header.
    #[must_use]
    pub const fn v4(bytes: [u8; 4]) -> Self {
        Self { high: 0, low: MAPPED | u32::from_be_bytes(bytes) as u64 }
    }

    /// An IPv6 address from its sixteen bytes as they lie in a header.
    #[must_use]
    pub const fn v6(bytes: [u8; 16]) -> Self {
        let all = u128::from_be_bytes(bytes);
        Self { high: (all >> 64) as u64, low: all as u64 }
    }

    /// Whether this is an IPv4 address.
    #[must_use]
    pub const fn is_v4(self) -> bool {
        self.high == 0 && self.low >> 32 == 0xffff
    }

    /// Whether this is the unspecified address of its version, which SDP writes for "no media here" (RFC 3264 §8.4).
    #[must_use]
    pub const fn is_unspecified(self) -> bool {
        self.high == 0 && (self.low == MAPPED || self.low == 0)
    }

    /// The two words of the mapped form, high first: what tables hash.
    #[must_use]
    pub const fn words(self) -> [u64; 2] {
        [self.high, self.low]
    }
}

impl From<IpAddr> for Ip {
    fn from(address: IpAddr) -> Self {
        match address {
            IpAddr::V4(v4) => Self::v4(v4.octets()),
            IpAddr::V6(v6) => Self::v6(v6.octets()),
        }
    }
}

impl From<Ip> for IpAddr {
    fn from(ip: Ip) -> Self {
        if ip.is_v4() {
            Self::V4(Ipv4Addr::from_bits(ip.low as u32))
        } else {
            Self::V6(Ipv6Addr::from_bits(u128::from(ip.high) << 64 | u128::from(ip.low)))
        }
    }
}

impl fmt::Display for Ip {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        IpAddr::from(*self).fmt(f)
    }
}

impl fmt::Debug for Ip {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        IpAddr::from(*self).fmt(f)
    }
}

/// An address and a port of UDP, TCP or SCTP.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Endpoint {
    /// The address.
    pub ip: Ip,
    /// The port.
    pub port: u16,
}

impl Endpoint {
    /// An address and a port.
    #[must_use]
    pub const fn new(ip: Ip, port: u16) -> Self {
        Self { ip, port }
    }
}

/// `192.0.2.1:5060`, `[2001:db8::1]:5060`.
impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.ip.is_v4() { write!(f, "{}:{}", self.ip, self.port) } else { write!(f, "[{}]:{}", self.ip, self.port) }
    }
}

impl fmt::Debug for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// What carried a payload over IP.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Transport {
    /// RFC 768.
    Udp,
    /// RFC 9293.
    Tcp,
    /// RFC 9260.
    Sctp,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_versions_survive_the_one_width() {
        for text in ["192.0.2.1", "0.0.0.0", "255.255.255.255", "2001:db8::1", "::", "fe80::1", "::1"] {
            let address: IpAddr = text.parse().unwrap();
            let ip = Ip::from(address);
            assert_eq!(IpAddr::from(ip), address);
            assert_eq!(ip.is_v4(), address.is_ipv4());
            assert_eq!(ip.is_unspecified(), address.is_unspecified());
        }
    }

    #[test]
    fn endpoints_read_as_people_write_them() {
        assert_eq!(Endpoint::new(Ip::v4([192, 0, 2, 1]), 5060).to_string(), "192.0.2.1:5060");
        let v6: IpAddr = "2001:db8::1".parse().unwrap();
        assert_eq!(Endpoint::new(v6.into(), 5060).to_string(), "[2001:db8::1]:5060");
    }
}
