//! The endpoints that control has announced, until nothing has been heard of them for long: whose they are is not known
//! here, and no message says reliably that they are done with.

use std::hash::BuildHasher;
use std::time::Duration;

use foldhash::quality::FixedState;
use hashbrown::HashTable;
use types::{Endpoint, Losses, Nanos};

use crate::control::{Announcement, Medium};

/// Endpoints remembered at once, 40 bytes each; those announced past it are refused and counted.
pub const ENDPOINTS_MAX: usize = 65_536;
/// Seconds of capture time after which an endpoint is forgotten that was neither announced again nor asked for: a call
/// may be on hold for so long.
pub const QUIET_SECS_MAX: u64 = 3_600;
/// Seconds of capture time between two searches for those: each costs a look at every endpoint.
const SWEEP_SECS: u64 = 600;

/// Every endpoint that was announced, by its address.
#[derive(Debug)]
pub struct Endpoints {
    table: HashTable<Known>,
    hasher: FixedState,
    next_sweep: Nanos,
    refused: u64,
}

/// An endpoint, and when it was last heard of.
#[derive(Clone, Copy, Debug)]
struct Known {
    endpoint: Endpoint,
    at: Nanos,
    medium: Medium,
}

impl Endpoints {
    /// None yet. The seed is that of the hash, since a sender chooses the keys; no output depends on it.
    #[must_use]
    pub const fn new(seed: u64) -> Self {
        Self { table: HashTable::new(), hasher: FixedState::with_seed(seed), next_sweep: Nanos::ZERO, refused: 0 }
    }

    /// Takes an endpoint in; what was announced there before no longer holds.
    pub fn announce(&mut self, at: Nanos, announcement: Announcement) {
        let Announcement { endpoint, medium } = announcement;
        let hash = self.hasher.hash_one(endpoint);
        if let Some(known) = self.table.find_mut(hash, |known| known.endpoint == endpoint) {
            *known = Known { endpoint, at, medium };
        } else if self.table.len() < ENDPOINTS_MAX {
            let hasher = &self.hasher;
            self.table.insert_unique(hash, Known { endpoint, at, medium }, |known| hasher.hash_one(known.endpoint));
        } else {
            self.refused += 1;
        }
    }

    /// What was announced between two endpoints: at the receiving one, or else at the sending one.
    pub fn expects(&mut self, at: Nanos, source: Endpoint, destination: Endpoint) -> Option<Medium> {
        if self.table.is_empty() {
            return None;
        }
        [destination, source].into_iter().find_map(|endpoint| {
            let hash = self.hasher.hash_one(endpoint);
            let known = self.table.find_mut(hash, |known| known.endpoint == endpoint)?;
            known.at = known.at.max(at);
            Some(known.medium)
        })
    }

    /// Whether RTCP was announced between two endpoints: at the ports of the media, or at those above them.
    pub fn expects_rtcp(&mut self, at: Nanos, source: Endpoint, destination: Endpoint) -> bool {
        let below = |endpoint: Endpoint| Endpoint { port: endpoint.port.saturating_sub(1), ..endpoint };
        self.expects(at, source, destination).or_else(|| self.expects(at, below(source), below(destination))).is_some()
    }

    /// Lets time pass: forgets what has been quiet for too long at `now`.
    pub fn on_time(&mut self, now: Nanos) {
        if self.table.is_empty() || now < self.next_sweep {
            return;
        }
        self.next_sweep = now.after(Duration::from_secs(SWEEP_SECS));
        self.table.retain(|known| now.since(known.at) < Duration::from_secs(QUIET_SECS_MAX));
    }

    /// Endpoints remembered now.
    #[must_use]
    pub fn len(&self) -> usize {
        self.table.len()
    }

    /// Whether none is remembered.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.table.is_empty()
    }
}

impl Losses for Endpoints {
    fn losses(&self, each: &mut dyn FnMut(&'static str, u64)) {
        each("gateway_endpoints_refused", self.refused);
    }
}

#[cfg(test)]
mod tests {
    use types::Ip;

    use super::*;

    const FAR: Endpoint = Endpoint::new(Ip::v4([198, 51, 100, 1]), 5_000);

    fn at(secs: u64) -> Nanos {
        Nanos::new(secs * 1_000_000_000)
    }

    fn rtp(port: u16) -> Announcement {
        Announcement { endpoint: near(port), medium: Medium::Rtp }
    }

    fn near(port: u16) -> Endpoint {
        Endpoint::new(Ip::v4([192, 0, 2, 1]), port)
    }

    #[test]
    fn either_end_is_enough_and_the_last_word_holds() {
        let mut endpoints = Endpoints::new(0);
        assert_eq!(endpoints.expects(at(0), near(4_000), FAR), None);
        endpoints.announce(at(0), rtp(4_000));
        assert_eq!(endpoints.expects(at(0), near(4_000), FAR), Some(Medium::Rtp));
        assert_eq!(endpoints.expects(at(0), FAR, near(4_000)), Some(Medium::Rtp));
        assert_eq!(endpoints.expects(at(0), FAR, near(4_002)), None);
        let ports = [3_999, 4_000, 4_001, 4_002];
        assert_eq!(ports.map(|port| endpoints.expects_rtcp(at(0), FAR, near(port))), [false, true, true, false]);
        endpoints.announce(at(1), Announcement { medium: Medium::Fax, ..rtp(4_000) });
        assert_eq!((endpoints.expects(at(1), FAR, near(4_000)), endpoints.len()), (Some(Medium::Fax), 1));
    }

    #[test]
    fn what_is_quiet_for_an_hour_is_forgotten() {
        let mut endpoints = Endpoints::new(0);
        endpoints.announce(at(0), rtp(4_000));
        endpoints.announce(at(0), rtp(4_002));
        endpoints.on_time(at(1));
        endpoints.expects(at(600), FAR, near(4_002));
        for second in 2..QUIET_SECS_MAX + SWEEP_SECS {
            endpoints.on_time(at(second));
        }
        assert_eq!(endpoints.expects(at(0), FAR, near(4_000)), None);
        assert_eq!(endpoints.expects(at(0), FAR, near(4_002)), Some(Medium::Rtp));
    }

    #[test]
    fn what_is_too_many_is_refused_and_counted() {
        let mut endpoints = Endpoints::new(7);
        for port in 0..=u16::MAX {
            endpoints.announce(at(0), rtp(port));
        }
        endpoints.announce(at(0), Announcement { endpoint: FAR, medium: Medium::Rtp });
        let mut losses = Vec::new();
        endpoints.losses(&mut |name, count| losses.push((name, count)));
        assert_eq!((endpoints.len(), losses), (ENDPOINTS_MAX, vec![("gateway_endpoints_refused", 1)]));
        assert_eq!(endpoints.expects(at(0), near(9), near(9)), Some(Medium::Rtp));
    }
}
