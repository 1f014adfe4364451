//! How much one address may ask: so many questions at once, and so many a second from then on.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::time::{Duration, Instant};

/// Addresses that are told apart; one more is refused while all of these have asked lately.
const PEERS_MAX: usize = 4_096;

/// How much one may ask.
#[derive(Clone, Copy, Debug)]
pub struct Rate {
    /// At once.
    pub burst: f64,
    /// A second, from then on.
    pub per_second: f64,
}

/// What is left of a rate.
#[derive(Clone, Copy, Debug)]
pub struct Left {
    left: f64,
    at: Instant,
}

impl Left {
    /// All of it.
    pub const fn all(rate: Rate, now: Instant) -> Self {
        Self { left: rate.burst, at: now }
    }

    /// What is left now.
    fn gained(&self, rate: Rate, now: Instant) -> f64 {
        (self.left + now.duration_since(self.at).as_secs_f64() * rate.per_second).min(rate.burst)
    }

    /// Takes one; the error is for how long none is to be had.
    pub fn take(&mut self, rate: Rate, now: Instant) -> Result<(), Duration> {
        let left = self.gained(rate, now);
        if left < 1.0 {
            *self = Self { left, at: now };
            return Err(Duration::from_secs_f64((1.0 - left) / rate.per_second));
        }
        *self = Self { left: left - 1.0, at: now };
        Ok(())
    }
}

/// What each address has left.
#[derive(Debug)]
pub struct Rates {
    rate: Rate,
    left: HashMap<IpAddr, Left>,
}

impl Rates {
    /// Nobody has asked yet.
    pub fn new(rate: Rate) -> Self {
        Self { rate, left: HashMap::new() }
    }

    /// Takes one question; the error is for how long none is taken.
    pub fn take(&mut self, peer: IpAddr, now: Instant) -> Result<(), Duration> {
        let rate = self.rate;
        let peer = household(peer);
        if self.left.len() >= PEERS_MAX && !self.left.contains_key(&peer) {
            self.left.retain(|_, left| left.gained(rate, now) < rate.burst);
            if self.left.len() >= PEERS_MAX {
                return Err(Duration::from_secs(1));
            }
        }
        self.left.entry(peer).or_insert(Left::all(rate, now)).take(rate, now)
    }
}

/// Who has one address of IPv6 has the 2^64 beside it.
fn household(peer: IpAddr) -> IpAddr {
    match peer.to_canonical() {
        IpAddr::V6(ip) => Ipv6Addr::from_bits(ip.to_bits() >> 64 << 64).into(),
        v4 => v4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn so_many_at_once_and_so_many_a_second() {
        let mut rates = Rates::new(Rate { burst: 3.0, per_second: 0.5 });
        let begun = Instant::now();
        let mut ask = |peer: &str, seconds| rates.take(peer.parse().unwrap(), begun + Duration::from_secs(seconds));
        for _ in 0..3 {
            assert_eq!(ask("192.0.2.1", 0), Ok(()));
        }
        assert_eq!(ask("192.0.2.1", 0), Err(Duration::from_secs(2)));
        // Another is not asked to wait for that one, nor the same under the address that a socket of IPv6 gives it.
        assert_eq!(ask("192.0.2.2", 0), Ok(()));
        assert_eq!(ask("::ffff:192.0.2.1", 1), Err(Duration::from_secs(1)));
        assert_eq!(ask("192.0.2.1", 2), Ok(()));
        for last in 1..4 {
            assert_eq!(ask(&format!("2001:db8::{last}"), 9), Ok(()));
        }
        assert!(ask("2001:db8::4", 9).is_err());
    }

    #[test]
    fn addresses_are_bounded() {
        let mut rates = Rates::new(Rate { burst: 1.0, per_second: 1.0 });
        let begun = Instant::now();
        for n in 0..PEERS_MAX as u32 {
            assert_eq!(rates.take(IpAddr::from(n.to_be_bytes()), begun), Ok(()));
        }
        let newcomer = "192.0.2.1".parse().unwrap();
        assert!(rates.take(newcomer, begun).is_err());
        assert_eq!(rates.take(newcomer, begun + Duration::from_secs(2)), Ok(()));
    }
}
