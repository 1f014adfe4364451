//! Where a leg's media may come from and go to: the endpoints its SDP bodies announced, and the table that finds the
//! leg by them.

use std::hash::BuildHasher;

use foldhash::quality::FixedState;
use hashbrown::HashTable;
use types::{Endpoint, Ip};

use crate::leg::Leg;
use crate::phase::Side;
use crate::shared::Share;
use crate::slab::Slab;

/// One endpoint at which a side of a leg said it takes media (an m= line, or an ICE candidate of one).
/// Two lie in every leg, so it is packed: 23 bytes.
#[derive(Clone, Copy, Debug)]
#[repr(Rust, packed)]
pub(crate) struct Line {
    ip: Ip,
    port: u16,
    /// Whose endpoint it is.
    pub(crate) side: Side,
    /// What is spoken there, in [`crate::shared::Common::codecs`].
    pub(crate) codecs: Share,
}

impl Line {
    pub(crate) const fn new(endpoint: Endpoint, side: Side, codecs: Share) -> Self {
        Self { ip: endpoint.ip, port: endpoint.port, side, codecs }
    }

    pub(crate) const fn endpoint(self) -> Endpoint {
        Endpoint::new(self.ip, self.port)
    }
}

/// What is spoken at an endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LineKind {
    Rtp,
    /// T.38 over UDPTL.
    Fax,
}

/// What a datagram between two endpoints belongs to; packed, since a call has two in the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(Rust, packed)]
pub(crate) struct Binding {
    pub(crate) leg: u32,
    pub(crate) line: u8,
}

/// Finds legs by endpoint. An endpoint belongs to the leg that announced it last.
#[derive(Debug)]
pub(crate) struct Bindings {
    table: HashTable<Binding>,
    hasher: FixedState,
}

impl Bindings {
    pub(crate) const fn new(hasher: FixedState) -> Self {
        Self { table: HashTable::new(), hasher }
    }

    fn hash(&self, endpoint: Endpoint) -> u64 {
        self.hasher.hash_one(endpoint)
    }

    /// Who announced `endpoint`.
    pub(crate) fn find(&self, legs: &Slab<Leg>, endpoint: Endpoint) -> Option<Binding> {
        self.table.find(self.hash(endpoint), |&binding| endpoint_of(legs, binding) == Some(endpoint)).copied()
    }

    /// Binds the endpoint of a line that its leg already holds, and gives back who had it before.
    pub(crate) fn bind(&mut self, legs: &Slab<Leg>, binding: Binding) -> Option<Binding> {
        let endpoint = endpoint_of(legs, binding)?;
        let hash = self.hash(endpoint);
        if let Some(held) = self.table.find_mut(hash, |&held| endpoint_of(legs, held) == Some(endpoint)) {
            let before = std::mem::replace(held, binding);
            return Some(before).filter(|before| before.leg != binding.leg);
        }
        let hasher = &self.hasher;
        let again = |&held: &Binding| endpoint_of(legs, held).map_or(0, |endpoint| hasher.hash_one(endpoint));
        self.table.insert_unique(hash, binding, again);
        None
    }

    /// Forgets a binding, unless the endpoint has gone to another leg or line since. Call it while the leg still
    /// holds the line.
    pub(crate) fn unbind(&mut self, endpoint: Endpoint, binding: Binding) {
        let hash = self.hash(endpoint);
        if let Ok(entry) = self.table.find_entry(hash, |&held| held == binding) {
            entry.remove();
        }
    }
}

fn endpoint_of(legs: &Slab<Leg>, binding: Binding) -> Option<Endpoint> {
    legs.get(binding.leg)?.line(binding.line).map(Line::endpoint)
}
