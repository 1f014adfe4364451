//! Where a leg's media may come from and go to: the endpoints its SDP bodies announced, and the table that finds the
//! leg by them.

use std::hash::BuildHasher;

use arrayvec::ArrayVec;
use foldhash::quality::FixedState;
use hashbrown::{HashMap, HashTable};
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

/// Calls that are known to have announced the same endpoint; past it the first of them is forgotten there and counted as
/// `call_announcers_forgotten`.
pub(crate) const ANNOUNCERS_MAX: usize = 8;

/// Who else announced an endpoint, the first one first.
pub(crate) type Earlier = ArrayVec<Binding, ANNOUNCERS_MAX>;

/// Finds legs by endpoint. Nearly every endpoint is announced by one call at a time; a relay may have one port for all.
#[derive(Debug)]
pub(crate) struct Bindings {
    /// Who announced an endpoint last.
    latest: HashTable<Binding>,
    /// Other calls that were up when it was announced again. Nobody is here who is not also a line of a leg.
    earlier: HashMap<Endpoint, Earlier, FixedState>,
    hasher: FixedState,
}

impl Bindings {
    pub(crate) fn new(hasher: FixedState) -> Self {
        Self { latest: HashTable::new(), earlier: HashMap::with_hasher(hasher.clone()), hasher }
    }

    fn hash(&self, endpoint: Endpoint) -> u64 {
        self.hasher.hash_one(endpoint)
    }

    /// Who announced `endpoint`, the last one first.
    pub(crate) fn of(&self, legs: &Slab<Leg>, endpoint: Endpoint) -> impl Iterator<Item = Binding> {
        let is = |&binding: &Binding| endpoint_of(legs, binding) == Some(endpoint);
        let latest = self.latest.find(self.hash(endpoint), is);
        let earlier = latest.and_then(|_| self.earlier.get(&endpoint));
        latest.into_iter().chain(earlier.into_iter().flatten().rev()).copied()
    }

    /// Binds the endpoint of a line that its leg already holds, and gives back who announced it last before.
    pub(crate) fn bind(&mut self, legs: &Slab<Leg>, binding: Binding) -> Option<Binding> {
        let endpoint = endpoint_of(legs, binding)?;
        let hash = self.hash(endpoint);
        if let Some(held) = self.latest.find_mut(hash, |&held| endpoint_of(legs, held) == Some(endpoint)) {
            let before = std::mem::replace(held, binding);
            return Some(before).filter(|before| before.leg != binding.leg);
        }
        let hasher = &self.hasher;
        let again = |&held: &Binding| endpoint_of(legs, held).map_or(0, |endpoint| hasher.hash_one(endpoint));
        self.latest.insert_unique(hash, binding, again);
        None
    }

    /// Takes out who announced an endpoint before the last one did.
    pub(crate) fn take_earlier(&mut self, endpoint: Endpoint) -> Earlier {
        if self.earlier.is_empty() { Earlier::new() } else { self.earlier.remove(&endpoint).unwrap_or_default() }
    }

    /// Puts them back.
    pub(crate) fn set_earlier(&mut self, endpoint: Endpoint, earlier: Earlier) {
        if !earlier.is_empty() {
            self.earlier.insert(endpoint, earlier);
        }
    }

    /// Forgets a binding: an endpoint that this leg announced last goes back to who had announced it before.
    pub(crate) fn unbind(&mut self, endpoint: Endpoint, binding: Binding) {
        let mut earlier = self.take_earlier(endpoint);
        match self.latest.find_entry(self.hash(endpoint), |&held| held == binding) {
            Ok(mut entry) => match earlier.pop() {
                Some(before) => *entry.get_mut() = before,
                None => drop(entry.remove()),
            },
            Err(_) => earlier.retain(|held| *held != binding),
        }
        self.set_earlier(endpoint, earlier);
    }
}

fn endpoint_of(legs: &Slab<Leg>, binding: Binding) -> Option<Endpoint> {
    legs.get(binding.leg)?.line(binding.line).map(Line::endpoint)
}
