//! Who is in a scenario: trunks, stacks, display names and groups, all by their place in a list.

use std::net::{IpAddr, Ipv6Addr};

use numbers::Country;
use sip::stack::Fingerprint;
use types::{E164, Endpoint, Ip};

use crate::group::{Head, Label};
use crate::packets;
use crate::script::{GroupId, StackId, TrunkId};
use crate::stacks::{Stack, vendor};
use crate::world::Window;

/// What an operator has a trunk for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TrunkRole {
    /// To carriers of other countries.
    International,
    /// To carriers of this one.
    National,
    /// To a customer.
    Customer,
    /// To the operator's own network.
    Own,
}

impl TrunkRole {
    /// The word in the operator's file.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::International => "international",
            Self::National => "national",
            Self::Customer => "customer",
            Self::Own => "own",
        }
    }
}

/// A trunk: who may send calls here, and how.
#[derive(Clone, Debug)]
pub struct Trunk {
    /// What the operator calls it.
    pub name: String,
    /// The name its far end has in URIs.
    pub domain: String,
    /// What it is for.
    pub role: TrunkRole,
    /// Where its far end is.
    pub country: Country,
    /// The addresses it sends from.
    pub gates: Vec<Endpoint>,
    /// Where it sends to: the operator's own border.
    pub destination: Endpoint,
    /// Whether a border element rewrites what its customers send, so that their addresses and names are hidden.
    pub hides: bool,
    /// Whether the operator's switch asks on with a second leg that the tap sees too.
    pub second_leg: bool,
    /// The VLAN of its frames.
    pub vlan: Option<u16>,
}

/// A licensed call centre, as the register has it.
#[derive(Clone, Debug)]
pub struct Licence {
    /// Whose it is.
    pub group: GroupId,
    /// The trunk it may use.
    pub trunk: TrunkId,
    /// The numbers it may show, first and last of each range.
    pub numbers: Vec<(E164, E164)>,
    /// Seats it is licensed for.
    pub seats: u32,
    /// Countries it may call.
    pub destinations: Vec<Country>,
}

/// A number or a name that is somebody's alone.
#[derive(Clone, Debug)]
pub struct Protected {
    /// Whose.
    pub owner: String,
    /// The numbers.
    pub numbers: Vec<E164>,
    /// The display names.
    pub names: Vec<String>,
    /// The trunks they may come from; none is never.
    pub trunks: Vec<TrunkId>,
}

/// The border of the operator whose link this is.
const BORDER: Endpoint = Endpoint::new(Ip::v4([198, 51, 100, 10]), 5060);
/// SIP's port.
const SIP_PORT: u16 = 5060;

/// Who is in a scenario.
#[derive(Clone, Debug)]
pub struct Cast {
    trunks: Vec<Trunk>,
    stacks: Vec<Stack>,
    names: Vec<String>,
    heads: Vec<Head>,
    licences: Vec<Licence>,
    protected: Vec<Protected>,
    measured: Window,
    /// By stack: as it is, and behind a border element; by IPv4, and by IPv6, whose addresses look otherwise in a Call-ID.
    fingerprints: Vec<[[Fingerprint; 2]; 2]>,
    nobody: Head,
    /// The build of all diallers, where they are to have one.
    diallers: Option<u64>,
}

impl Cast {
    pub(crate) fn new(measured: Window) -> Self {
        let nobody = Head { id: String::new(), kind: "", label: Label::Benign, seats: None };
        let (trunks, stacks, names) = (Vec::new(), Vec::new(), Vec::new());
        Self {
            trunks,
            stacks,
            names,
            heads: Vec::new(),
            licences: Vec::new(),
            protected: Vec::new(),
            measured,
            fingerprints: Vec::new(),
            nobody,
            diallers: None,
        }
    }

    /// A trunk with so many sources. Addresses are those kept for documentation and benchmarks (RFC 5737, RFC 2544,
    /// RFC 3849); every ninth trunk is IPv6, every third has a VLAN of its own.
    pub(crate) fn trunk(&mut self, name: &str, role: TrunkRole, home: Country, gates: u8) -> TrunkId {
        let index = self.trunks.len() as u16;
        let [high, low] = index.to_be_bytes();
        let gate = |gate: u8| {
            let ip = match index {
                _ if index % 9 == 8 => {
                    Ip::from(IpAddr::from(Ipv6Addr::new(0x2001, 0xdb8, index, 0, 0, 0, 0, u16::from(gate) + 5)))
                }
                0..200 if gate == 0 => Ip::v4([203, 0, 113, low + 20]),
                _ => Ip::v4([198, 18 + (high & 1), low, gate.wrapping_add(10)]),
            };
            Endpoint::new(ip, SIP_PORT)
        };
        let destination = if index % 9 == 8 { BORDER_V6 } else { BORDER };
        self.trunks.push(Trunk {
            name: format!("{name}-{index}"),
            domain: format!("{name}-{index}.example"),
            role,
            country: home,
            gates: (0..gates.max(1)).map(gate).collect(),
            destination,
            hides: false,
            second_leg: false,
            vlan: (index % 3 == 2).then_some(100 + index),
        });
        TrunkId(index)
    }

    /// Changes a trunk after it was made.
    pub(crate) fn alter(&mut self, trunk: TrunkId, change: impl FnOnce(&mut Trunk)) {
        if let Some(trunk) = self.trunks.get_mut(usize::from(trunk.0)) {
            change(trunk);
        }
    }

    /// From now on whoever dials bought this build of a dialler.
    pub(crate) const fn sell(&mut self, build: u64) {
        self.diallers = Some(build);
    }

    /// A stack of a vendor; `build` tells its installations apart.
    pub(crate) fn stack(&mut self, maker: u8, build: u64) -> StackId {
        let sold = self.diallers.filter(|_| maker == vendor::DIALLER);
        let stack = Stack::new(maker, sold.unwrap_or(build));
        let both = |v6| [false, true].map(|hidden| packets::fingerprint(stack, hidden, v6));
        self.fingerprints.push([false, true].map(both));
        self.stacks.push(stack);
        StackId(self.stacks.len() as u16 - 1)
    }

    /// A display name of the scenario.
    pub(crate) fn name(&mut self, name: &str) -> u16 {
        let place = self.names.iter().position(|known| known == name);
        place.unwrap_or_else(|| {
            self.names.push(name.to_owned());
            self.names.len() - 1
        }) as u16
    }

    pub(crate) fn join(&mut self, head: Head) -> GroupId {
        self.heads.push(head);
        GroupId(self.heads.len() as u16 - 1)
    }

    pub(crate) fn license(&mut self, licence: Licence) {
        self.licences.push(licence);
    }

    /// The register of call centres.
    #[must_use]
    pub fn licences(&self) -> &[Licence] {
        &self.licences
    }

    pub(crate) fn protect(&mut self, protected: Protected) {
        self.protected.push(protected);
    }

    /// Numbers and names that are somebody's alone.
    #[must_use]
    pub fn protected(&self) -> &[Protected] {
        &self.protected
    }

    /// A route outwards: calls of the operator's own network to a carrier, with an address of its own at either end.
    pub(crate) fn route(&mut self, name: &str, far: Country) -> TrunkId {
        let trunk = self.trunk(name, TrunkRole::Own, far, 1);
        self.alter(trunk, |route| {
            // The other way round: the border sends, the carrier's address is the target.
            let gate = route.gates.first().copied().unwrap_or(BORDER);
            let [_, low] = gate.ip.words();
            let own = if gate.ip.is_v4() { Ip::v4([198, 51, 100, 30 + (low % 200) as u8]) } else { BORDER_V6.ip };
            route.destination = gate;
            route.gates = vec![Endpoint::new(own, SIP_PORT)];
        });
        trunk
    }

    /// Every trunk: what the operator would have in its file.
    #[must_use]
    pub fn trunks(&self) -> &[Trunk] {
        &self.trunks
    }

    /// Every group, by its [`GroupId`].
    #[must_use]
    pub fn heads(&self) -> &[Head] {
        &self.heads
    }

    /// What is known of a group beforehand.
    #[must_use]
    pub fn head(&self, group: GroupId) -> &Head {
        self.heads.get(usize::from(group.0)).unwrap_or(&self.nobody)
    }

    /// The first microsecond of the measured time.
    #[must_use]
    pub const fn measured_from_us(&self) -> u64 {
        self.measured.from_us
    }

    /// A trunk by its place.
    #[must_use]
    pub fn trunk_of(&self, trunk: TrunkId) -> Option<&Trunk> {
        self.find(trunk)
    }

    pub(crate) fn find(&self, trunk: TrunkId) -> Option<&Trunk> {
        self.trunks.get(usize::from(trunk.0))
    }

    pub(crate) fn stack_of(&self, stack: StackId) -> Stack {
        self.stacks.get(usize::from(stack.0)).copied().unwrap_or(Stack::new(vendor::BORDER, 0))
    }

    /// Where a call comes from and goes to.
    pub(crate) fn path(&self, trunk: TrunkId, gate: u8) -> (Endpoint, Endpoint) {
        let Some(trunk) = self.find(trunk) else { return (BORDER, BORDER) };
        let source = trunk.gates.get(usize::from(gate)).or(trunk.gates.first()).copied().unwrap_or(BORDER);
        (source, trunk.destination)
    }

    /// The User-Agent of a stack.
    pub(crate) fn agent(&self, stack: StackId) -> &'static [u8] {
        self.stack_of(stack).agent().as_bytes()
    }

    fn hides(&self, trunk: TrunkId) -> bool {
        self.find(trunk).is_some_and(|trunk| trunk.hides)
    }

    /// Whose manners a message shows on the link: the border element's where there is one.
    pub(crate) fn maker(&self, stack: StackId, trunk: TrunkId) -> u8 {
        if self.hides(trunk) { vendor::BORDER } else { self.stack_of(stack).vendor }
    }

    pub(crate) fn fingerprint(&self, stack: StackId, trunk: TrunkId) -> Fingerprint {
        let [four, six] = self.fingerprints.get(usize::from(stack.0)).copied().unwrap_or_default();
        let [plain, hidden] = if self.path(trunk, 0).0.ip.is_v4() { four } else { six };
        if self.hides(trunk) { hidden } else { plain }
    }

    /// Whether who sends by a trunk asserts the caller's identity (RFC 3325): carriers do, customers may not.
    pub(crate) fn asserts(&self, trunk: TrunkId) -> bool {
        self.find(trunk).is_some_and(|trunk| trunk.role != TrunkRole::Customer)
    }

    pub(crate) fn display(&self, name: Option<u16>) -> &[u8] {
        name.and_then(|name| self.names.get(usize::from(name))).map_or(&[], |name| name.as_bytes())
    }
}

/// Its address of version 6.
const BORDER_V6: Endpoint = Endpoint::new(Ip::v6([0x20, 1, 0xd, 0xb8, 0, 0xff, 0, 0, 0, 0, 0, 0, 0, 0, 0, 10]), 5060);
