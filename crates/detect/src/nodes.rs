//! The entities that are watched, in bounded memory: one limit for all levels. When it is reached, only who calls again gets a
//! place (the doorkeeper of TinyLFU, Einziger, Friedman and Manes 2017), and the one of a few that says least goes: whoever has
//! gathered evidence stays, a flood of numbers that come once takes no room, and one of numbers that come again pushes out
//! the flood. Half of the room is kept for levels that use little of it, so that blocks of numbers never push out trunks.

use std::hash::BuildHasher;

use foldhash::quality::RandomState;
use hashbrown::HashTable;
use serde::{Deserialize, Serialize};
use types::Nanos;

use crate::burst::{Burst, Pace};
use crate::delays::Early;
use crate::doors::Doors;
use crate::entity::{Entity, LEVELS};
use crate::feature::{Feature, SheetName};
use crate::frame::{Frame, Sight};
use crate::judge::key;
use crate::landlines::Landlines;
use crate::marks::Marks;
use crate::past::{NoRoom, Past};
use crate::patience::Patience;
use crate::rate::Rate;
use crate::rules::Rules;

/// Nodes compared for one that may go.
const CANDIDATES: usize = 8;
/// Nodes passed over on the way to them, at most: those of levels that use little.
const STEPS_MAX: usize = 256;
/// Nodes that are laid out at once: room grows without moving what is there.
const CHUNK: usize = 64;
/// Bytes of memory that come at once.
const LINE: usize = 64;
/// Entities the doorkeeper remembers for each that is watched.
const KEPT_AT_DOOR: u64 = 16;
/// For how many days at most.
const DAYS_AT_DOOR: u32 = 1;
/// Each level's own share of the room: all of them together have half of it.
const KEPT_PARTS: usize = 2 * LEVELS;

/// An entity and what is known of it. About 300 bytes, and what its frame has room for; what few entities have lies elsewhere.
#[derive(Debug, Serialize, Deserialize)]
pub struct Node {
    /// Whom it is about.
    pub entity: Entity,
    /// Evidence against every innocent class.
    pub frame: Frame,
    /// Its first call.
    pub first_at: Nanos,
    /// Its last call.
    pub last_at: Nanos,
    /// When its evidence last began anew.
    pub began_at: Nanos,
    /// The stretch of the day of which it was last seen whether it is working time.
    pub stretch: u32,
    /// When evidence last faded.
    pub faded_at: Nanos,
    /// What the evidence last came to, in nats, and of an operation's member the most it came to.
    pub nats: f32,
    /// Calls since `first_at`.
    pub calls: u32,
    /// Of what a block calls abroad, calls that are not over, answered or not.
    pub up: u16,
    /// Place of its last call in the journal, plus one; 0 before the first.
    pub last_entry: u64,
    /// Of its calls, those under a licence.
    pub licensed: u32,
    /// What is usual of it, once it has called often enough for that.
    pub usual: Option<Box<Usual>>,
    /// What few entities have.
    rare: Option<Box<Rare>>,
    /// The operation it was found to belong to.
    pub operation: Option<u32>,
    /// Tells this node from others that had its place before.
    generation: u32,
}

/// What is usual of an entity, and how far the present is from it.
#[derive(Debug, Serialize, Deserialize)]
pub struct Usual {
    /// How often it calls.
    pub rate: Rate,
    /// What its calls are like when they are more than that.
    pub burst: Burst,
}

impl Usual {
    /// Nothing but a rate is known so far.
    #[must_use]
    pub fn of(rate: Rate) -> Self {
        Self { rate, burst: Burst::default() }
    }
}

/// What few entities have: suspects, and routes whose answers are timed.
#[derive(Debug, Serialize, Deserialize)]
pub struct Rare {
    /// What was known when there was most evidence, since it belongs to an operation.
    pub peak: Option<Peak>,
    /// Share of what went past since its evidence began that was seen, when that was last asked.
    pub seen: f32,
    /// The delays of its answers, where it is a route and they are looked at.
    pub early: Option<Early>,
    /// What rules have found.
    pub rules: Rules,
    /// What it tries, where it was refused something.
    pub doors: Option<Box<Doors>>,
    /// The landlines it shows on calls from abroad.
    pub landlines: Option<Box<Landlines>>,
    /// Whether it was found by these more than by all else: then others that come by it are not its operation's.
    pub by_landlines: bool,
    /// When it last was an operation for which there was no room.
    pub refused_at: Option<Nanos>,
    /// How long it has been suspect and no operation, or has said no more than was told of its operation.
    pub patience: Patience,
}

/// What was known of an entity when there was most evidence.
#[derive(Debug, Serialize, Deserialize)]
pub struct Peak {
    /// What its calls were like.
    pub frame: Frame,
    /// How often it called, where it was known what is usual.
    pub pace: Option<Pace>,
    /// What they came to.
    pub nats: f32,
    /// When its evidence had begun, and when it came to that.
    pub span: (Nanos, Nanos),
}

impl Default for Rare {
    fn default() -> Self {
        let (rules, patience) = (Rules::default(), Patience::default());
        Self {
            peak: None,
            seen: 1.0,
            early: None,
            rules,
            doors: None,
            landlines: None,
            by_landlines: false,
            refused_at: None,
            patience,
        }
    }
}

/// Where a node lies; finds nothing once another has its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NodeRef {
    level: u8,
    sheet: SheetName,
    index: u32,
    generation: u32,
}

/// All entities.
#[derive(Debug, Serialize, Deserialize)]
pub struct Nodes {
    #[serde(skip)]
    slots: Slots,
    #[serde(skip)]
    levels: [HashTable<u32>; LEVELS],
    #[serde(skip)]
    hasher: RandomState,
    #[serde(skip)]
    entities_max: usize,
    hand: usize,
    /// Who has called while there was no room.
    door: Past,
    #[serde(skip)]
    evicted: u64,
    #[serde(skip)]
    refused: u64,
}

/// The nodes of all levels, where none ever moves.
#[derive(Debug, Default)]
struct Slots {
    chunks: Vec<Vec<Node>>,
    count: usize,
    /// Which are written down already.
    marks: Marks,
}

impl NodeRef {
    /// The level it is of.
    #[must_use]
    pub const fn level(self) -> usize {
        self.level as usize
    }

    /// What is asked of its calls.
    #[must_use]
    pub const fn sheet(self) -> SheetName {
        self.sheet
    }
}

impl Nodes {
    /// Room for `entities_max` entities, over all levels.
    ///
    /// # Errors
    /// More room than there is.
    pub fn new(entities_max: usize) -> Result<Self, NoRoom> {
        Ok(Self {
            slots: Slots::default(),
            levels: Default::default(),
            hasher: RandomState::default(),
            entities_max: entities_max.clamp(1, u32::MAX as usize),
            hand: 0,
            door: Past::new(KEPT_AT_DOOR.saturating_mul(entities_max as u64), DAYS_AT_DOOR)?,
            evicted: 0,
            refused: 0,
        })
    }

    /// Begins to be written down, or does not go on with it.
    pub fn mark(&mut self) {
        self.slots.marks.clear();
    }

    /// The next that are to be written down, and where the first of them lies; `None` when all are.
    pub fn unwritten(&mut self) -> Option<(u32, &[Node])> {
        let Slots { chunks, count, marks } = &mut self.slots;
        let first = marks.until();
        if first >= *count {
            return None;
        }
        let run = chunks.get(first / CHUNK)?.get(first % CHUNK..)?;
        marks.reach(first + run.len());
        Some((first as u32, run))
    }

    /// Those that have changed since they were written down, each with where it lies.
    pub fn changed(&self) -> impl Iterator<Item = (u32, &Node)> {
        self.slots.marks.touched().filter_map(|index| Some((index as u32, self.slots.get(index)?)))
    }

    /// Who has called while there was no room: written down apart from the rest.
    pub const fn door(&self) -> &Past {
        &self.door
    }

    /// The same, to be written down or filled.
    pub const fn door_mut(&mut self) -> &mut Past {
        &mut self.door
    }

    /// Takes those that were read, and makes them findable under a limit.
    pub fn fill(&mut self, nodes: Vec<Node>, entities_max: usize) {
        nodes.into_iter().for_each(|node| self.slots.push(node));
        self.entities_max = entities_max.clamp(1, u32::MAX as usize);
        let Self { slots, levels, hasher, .. } = self;
        levels.iter_mut().for_each(HashTable::clear);
        let rehash = |&index: &u32| slots.get(index as usize).map_or(0, |node| hasher.hash_one(node.entity));
        for (index, node) in (0..).zip(slots.chunks.iter().flatten()) {
            if let Some(table) = levels.get_mut(node.entity.level()) {
                table.insert_unique(hasher.hash_one(node.entity), index, rehash);
            }
        }
    }

    /// Those that belong to operations, and to which.
    pub fn of_operations(&self) -> impl Iterator<Item = (u32, NodeRef)> {
        (0..).zip(self.slots.chunks.iter().flatten()).filter_map(|(index, node)| {
            let (level, sheet, generation) = (node.entity.level() as u8, node.entity.sheet(), node.generation);
            Some((node.operation?, NodeRef { level, sheet, index, generation }))
        })
    }

    /// Nothing more will be heard of the calls that are not over.
    pub fn lose_calls(&mut self) {
        for node in self.slots.chunks.iter_mut().flatten() {
            node.up = 0;
            if let Some(usual) = node.usual.as_deref_mut() {
                usual.burst.lose_calls();
            }
        }
    }

    /// The licences are others now: what was beyond those before is not counted any more.
    pub fn forget_licences(&mut self) {
        let Slots { chunks, marks, .. } = &mut self.slots;
        for (place, node) in chunks.iter_mut().flatten().enumerate() {
            if let Some(rare) = node.rare.as_deref_mut().filter(|rare| rare.rules.excess > 0) {
                rare.rules.excess = 0;
                marks.touch(place);
            }
        }
    }

    /// Entities that made room for others.
    #[must_use]
    pub const fn evicted(&self) -> u64 {
        self.evicted
    }

    /// Times an entity got no place.
    #[must_use]
    pub const fn refused(&self) -> u64 {
        self.refused
    }

    /// Entities that are watched.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.slots.count
    }

    /// The node of an entity, made if there is none; `None` where there is no room for whoever calls for the first time.
    pub fn at(&mut self, entity: Entity, at: Nanos) -> Option<NodeRef> {
        let level = entity.level();
        let place = |index, generation| NodeRef { level: level as u8, sheet: entity.sheet(), index, generation };
        let hash = self.hasher.hash_one(entity);
        if let Some((index, node)) = self.look_up(&entity, hash) {
            return Some(place(index, node.generation));
        }
        let (index, generation) = if self.slots.count < self.entities_max {
            self.slots.push(Node::new(entity, at, 0));
            (self.slots.count - 1, 0)
        } else if self.door.meets(key(&entity), at) {
            self.evicted += 1;
            self.replace(entity, at)
        } else {
            self.refused += 1;
            return None;
        };
        let Self { slots, levels, hasher, .. } = self;
        let rehash = |&index: &u32| slots.get(index as usize).map_or(0, |node| hasher.hash_one(node.entity));
        if let Some(table) = levels.get_mut(level) {
            table.insert_unique(hash, index as u32, rehash);
        }
        Some(place(index as u32, generation))
    }

    /// Where the node of an entity lies, if there is one.
    #[must_use]
    pub fn place(&self, entity: Entity) -> Option<NodeRef> {
        let (index, node) = self.look_up(&entity, self.hasher.hash_one(entity))?;
        let (level, sheet, generation) = (entity.level() as u8, entity.sheet(), node.generation);
        Some(NodeRef { level, sheet, index, generation })
    }

    /// The node of an entity, if there is one.
    #[must_use]
    pub fn find(&self, entity: Entity) -> Option<&Node> {
        self.look_up(&entity, self.hasher.hash_one(entity)).map(|(_, node)| node)
    }

    fn look_up(&self, entity: &Entity, hash: u64) -> Option<(u32, &Node)> {
        let is = |&index: &u32| self.slots.get(index as usize).is_some_and(|node| node.entity == *entity);
        let index = *self.levels.get(entity.level())?.find(hash, is)?;
        Some((index, self.slots.get(index as usize)?))
    }

    /// The memory in which a node lies.
    #[inline]
    pub fn memory(&self, place: NodeRef, ask: impl Fn(*const u8)) {
        if let Some(node) = self.slots.get(place.index as usize) {
            let first = std::ptr::from_ref(node).cast::<u8>();
            (0..size_of::<Node>()).step_by(LINE).for_each(|line| ask(first.wrapping_add(line)));
        }
    }

    /// A node, unless it had to go.
    #[inline]
    #[must_use]
    pub fn get(&self, place: NodeRef) -> Option<&Node> {
        let node = self.slots.get(place.index as usize)?;
        (node.generation == place.generation).then_some(node)
    }

    /// A node, unless it had to go.
    #[inline]
    pub fn get_mut(&mut self, place: NodeRef) -> Option<&mut Node> {
        let node = self.slots.get_mut(place.index as usize)?;
        (node.generation == place.generation).then_some(node)
    }

    /// Puts what is known of an entity in its place, as a member of an operation; where its last call stands in the journal there.
    pub fn put(&mut self, place: NodeRef, node: Node, operation: u32) -> Option<u64> {
        let held = self.get_mut(place)?;
        let Node { generation, last_entry, .. } = *held;
        *held = Node { generation, last_entry, operation: Some(operation), ..node };
        Some(last_entry)
    }

    /// Gives the place of whoever says least to `entity`: where that is, and of which generation.
    fn replace(&mut self, entity: Entity, at: Nanos) -> (usize, u32) {
        let index = self.least();
        let Some(node) = self.slots.get_mut(index) else { return (index, 0) };
        let generation = node.generation.wrapping_add(1);
        let (hash, level) = (self.hasher.hash_one(node.entity), node.entity.level());
        *node = Node::new(entity, at, generation);
        let entry = self.levels.get_mut(level).map(|table| table.find_entry(hash, |&held| held as usize == index));
        if let Some(Ok(entry)) = entry {
            entry.remove();
        }
        (index, generation)
    }

    /// Of the next few nodes whose levels have more than their own share, the one that says least.
    fn least(&mut self) -> usize {
        let kept = self.entities_max / KEPT_PARTS;
        let crowded = self.levels.each_ref().map(|table| table.len() > kept);
        let mut least: Option<((bool, f32, Nanos), usize)> = None;
        let mut candidates = 0;
        let first = self.hand;
        for _ in 0..STEPS_MAX.min(self.slots.count) {
            let index = self.hand;
            self.hand = (self.hand + 1) % self.slots.count;
            let Some(node) = self.slots.get(index) else { break };
            if !crowded.get(node.entity.level()).is_some_and(|&crowded| crowded) {
                continue;
            }
            let says = (node.operation.is_some(), node.nats.max(0.0), node.last_at);
            if least.is_none_or(|(held, _)| says < held) {
                least = Some((says, index));
            }
            candidates += 1;
            if candidates == CANDIDATES {
                break;
            }
        }
        least.map_or(first, |(_, index)| index)
    }
}

impl Slots {
    #[inline]
    fn get(&self, index: usize) -> Option<&Node> {
        self.chunks.get(index / CHUNK)?.get(index % CHUNK)
    }

    #[inline]
    fn get_mut(&mut self, index: usize) -> Option<&mut Node> {
        self.marks.touch(index);
        self.chunks.get_mut(index / CHUNK)?.get_mut(index % CHUNK)
    }

    fn push(&mut self, node: Node) {
        if self.count.is_multiple_of(CHUNK) {
            self.chunks.push(Vec::with_capacity(CHUNK));
        }
        if let Some(chunk) = self.chunks.last_mut() {
            chunk.push(node);
            self.count += 1;
        }
    }
}

impl Node {
    fn new(entity: Entity, at: Nanos, generation: u32) -> Self {
        Self {
            entity,
            frame: Frame::default(),
            first_at: at,
            last_at: at,
            began_at: at,
            stretch: 0,
            faded_at: at,
            nats: 0.0,
            calls: 0,
            up: 0,
            last_entry: 0,
            licensed: 0,
            usual: None,
            rare: None,
            operation: None,
            generation,
        }
    }

    /// Whether it takes in what a call of a stretch of the day shows. All calls of a morning are calls of one morning, and say once
    /// that it is working time. What comes in under no licence was picked by its numbers: that they are new says nothing. A number is
    /// never new to itself.
    #[must_use]
    pub const fn takes_in(&self, sight: &Sight, stretch: u32) -> bool {
        let picked = matches!(self.entity, Entity::Unlicensed(_) | Entity::Number(_) | Entity::NumberAt(..))
            && matches!(sight.feature(), Feature::CallerNew);
        !picked && (!sight.feature().is_of_stretch() || self.stretch != stretch)
    }

    /// What it has that few have, if it has any of it.
    #[must_use]
    pub fn rare(&self) -> Option<&Rare> {
        self.rare.as_deref()
    }

    /// Whether a call that came by it may be its operation's: where that was found by its landlines, one that came from abroad under a
    /// line of the callee's country.
    #[must_use]
    pub fn is_its(&self, line_from_abroad: bool) -> bool {
        line_from_abroad || !self.rare().is_some_and(|rare| rare.by_landlines)
    }

    /// Whether it has shown landlines of one's own country on calls from abroad.
    #[must_use]
    pub fn shows_landlines(&self) -> bool {
        self.rare.as_ref().is_some_and(|rare| rare.landlines.is_some())
    }

    /// The same, to be added to.
    pub fn rare_mut(&mut self) -> &mut Rare {
        self.rare.get_or_insert_default()
    }

    /// What rules have found.
    #[inline]
    #[must_use]
    pub fn rules(&self) -> Rules {
        self.rare.as_ref().map_or_else(Rules::default, |rare| rare.rules)
    }

    /// It is suspect: whether it is asked what all that is known of it comes to.
    pub fn is_due(&mut self) -> bool {
        let ruled = self.rules().nats();
        self.rare_mut().patience.is_due(ruled)
    }

    /// It was asked what all that is known of it comes to: that is not enough for an operation, or, of a member of one, no more
    /// than was told.
    pub fn bear(&mut self) {
        let ruled = self.rules().nats();
        let is_told = self.operation.is_some();
        let patience = &mut self.rare_mut().patience;
        if is_told { patience.told(ruled) } else { patience.refused(ruled) }
    }

    /// What is known of its calls at a moment stands, where it comes to more nats than the most there was.
    pub fn keep_calls(&mut self, nats: f32, at: Nanos) {
        if self.rare().and_then(|rare| rare.peak.as_ref()).is_some_and(|peak| peak.nats >= nats) {
            return;
        }
        let pace = self.usual.as_deref().map(|usual| Pace::of(&usual.rate));
        let peak = Some(Peak { frame: self.frame.clone(), pace, nats, span: (self.began_at, at) });
        let rare = self.rare_mut();
        (rare.peak, rare.patience) = (peak, Patience::default());
    }

    /// What is known of its burst now is the most there was, and stands.
    pub fn keep_burst(&mut self, at: Nanos) {
        if let Some(Usual { rate, burst }) = self.usual.as_deref_mut() {
            burst.keep(rate, at);
        }
        self.rare_mut().patience = Patience::default();
    }

    /// What spoke against it is outweighed: its evidence begins anew.
    pub fn begin_anew(&mut self, at: Nanos) {
        self.frame.restart();
        self.began_at = at;
        if let Some(rare) = self.rare.as_deref_mut() {
            rare.patience = Patience::default();
        }
    }

    /// Its operation is over: its evidence begins anew.
    pub fn restart(&mut self) {
        self.operation = None;
        if let Some(rare) = self.rare.as_deref_mut() {
            (rare.peak, rare.by_landlines) = (None, false);
            (rare.rules.excess, rare.rules.doors_nats, rare.doors) = (0, 0.0, None);
            rare.rules.landlines_nats = 0.0;
            if let Some(landlines) = rare.landlines.as_deref_mut() {
                landlines.begin_anew();
            }
            rare.patience = Patience::default();
        }
        self.frame.restart();
        if let Some(usual) = self.usual.as_deref_mut() {
            usual.burst.restart();
        }
    }
}
