//! The entities that are watched, in bounded memory. When a level is full, the one of a few that says least goes: whoever has
//! gathered evidence stays, so that a flood of numbers pushes out the flood.

use std::hash::BuildHasher;

use foldhash::quality::RandomState;
use hashbrown::HashTable;
use types::Nanos;

use crate::entity::{Entity, LEVELS};
use crate::frame::Frame;
use crate::rate::Rate;
use crate::rules::Rules;

/// Nodes looked at for one that may go.
const CANDIDATES: usize = 8;

/// An entity and what is known of it. About 1 KB.
#[derive(Debug)]
pub struct Node {
    /// Whom it is about.
    pub entity: Entity,
    /// Evidence against every innocent class.
    pub frame: Frame,
    /// The evidence when there was most of it, since it belongs to an operation.
    pub peak: Option<Box<Frame>>,
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
    /// Answered calls that are not over.
    pub up: u16,
    /// Place of its last call in the journal, plus one; 0 before the first.
    pub last_entry: u64,
    /// Of its calls, those under a licence.
    pub licensed: u32,
    /// Its usual rate, once it has called often enough to have one.
    pub rate: Option<Box<Rate>>,
    /// What rules have found.
    pub rules: Rules,
    /// The operation it was found to belong to.
    pub operation: Option<u32>,
    /// Tells this node from others that had its place before.
    generation: u32,
}

/// Where a node lies; finds nothing once another has its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NodeRef {
    level: u8,
    index: u32,
    generation: u32,
}

#[derive(Debug, Default)]
struct Level {
    #[expect(
        clippy::vec_box,
        reason = "a table of kilobyte nodes that grows would copy all of them, and hold both copies"
    )]
    slots: Vec<Box<Node>>,
    index: HashTable<u32>,
    hand: usize,
}

/// All entities.
#[derive(Debug)]
pub struct Nodes {
    levels: [Level; LEVELS],
    hasher: RandomState,
    level_max: usize,
    evicted: u64,
}

impl NodeRef {
    /// The level it is of.
    #[must_use]
    pub const fn level(self) -> usize {
        self.level as usize
    }
}

impl Nodes {
    /// Room for `level_max` entities of each level.
    #[must_use]
    pub fn new(level_max: usize) -> Self {
        Self { levels: Default::default(), hasher: RandomState::default(), level_max: level_max.max(1), evicted: 0 }
    }

    /// Entities that made room for others.
    #[must_use]
    pub const fn evicted(&self) -> u64 {
        self.evicted
    }

    /// Entities that are watched.
    #[must_use]
    pub fn len(&self) -> usize {
        self.levels.iter().map(|level| level.slots.len()).sum()
    }

    /// The node of an entity, made if there is none.
    pub fn at(&mut self, entity: Entity, at: Nanos) -> NodeRef {
        let Self { levels, hasher, level_max, evicted } = self;
        let number = entity.level();
        let Some(level) = levels.get_mut(number) else {
            return NodeRef { level: 0, index: u32::MAX, generation: 0 };
        };
        let hash = hasher.hash_one(entity);
        let is = |&index: &u32| level.slots.get(index as usize).is_some_and(|node| node.entity == entity);
        if let Some(&index) = level.index.find(hash, is) {
            let generation = level.slots.get(index as usize).map_or(0, |node| node.generation);
            return NodeRef { level: number as u8, index, generation };
        }
        let index = if level.slots.len() < *level_max {
            level.slots.push(Box::new(Node::new(entity, at, 0)));
            level.slots.len() - 1
        } else {
            *evicted += 1;
            level.replace(entity, at, hasher)
        };
        let slots = &level.slots;
        let rehash = |&index: &u32| slots.get(index as usize).map_or(0, |node| hasher.hash_one(node.entity));
        level.index.insert_unique(hash, index as u32, rehash);
        let generation = level.slots.get(index).map_or(0, |node| node.generation);
        NodeRef { level: number as u8, index: index as u32, generation }
    }

    /// The node of an entity, if there is one.
    #[must_use]
    pub fn find(&self, entity: Entity) -> Option<&Node> {
        let level = self.levels.get(entity.level())?;
        let is = |&index: &u32| level.slots.get(index as usize).is_some_and(|node| node.entity == entity);
        let index = level.index.find(self.hasher.hash_one(entity), is)?;
        level.slots.get(*index as usize).map(|node| &**node)
    }

    /// A node, unless it had to go.
    #[must_use]
    pub fn get(&self, place: NodeRef) -> Option<&Node> {
        let node = self.levels.get(place.level())?.slots.get(place.index as usize)?;
        (node.generation == place.generation).then_some(&**node)
    }

    /// A node, unless it had to go.
    pub fn get_mut(&mut self, place: NodeRef) -> Option<&mut Node> {
        let node = self.levels.get_mut(place.level())?.slots.get_mut(place.index as usize)?;
        (node.generation == place.generation).then_some(&mut **node)
    }
}

impl Level {
    /// Gives the place of whoever says least to `entity`.
    fn replace(&mut self, entity: Entity, at: Nanos, hasher: &RandomState) -> usize {
        let count = self.slots.len();
        let candidates = (0..CANDIDATES).map(|step| (self.hand + step) % count);
        let least = candidates.min_by(|&a, &b| {
            let says = |index: usize| {
                self.slots.get(index).map(|node| (node.operation.is_some(), node.nats.max(0.0), node.last_at))
            };
            says(a).partial_cmp(&says(b)).unwrap_or(std::cmp::Ordering::Equal)
        });
        let index = least.unwrap_or(0);
        self.hand = (self.hand + CANDIDATES) % count;
        if let Some(node) = self.slots.get_mut(index) {
            let hash = hasher.hash_one(node.entity);
            if let Ok(entry) = self.index.find_entry(hash, |&held| held as usize == index) {
                entry.remove();
            }
            **node = Node::new(entity, at, node.generation.wrapping_add(1));
        }
        index
    }
}

impl Node {
    fn new(entity: Entity, at: Nanos, generation: u32) -> Self {
        Self {
            entity,
            frame: Frame::default(),
            peak: None,
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
            rate: None,
            rules: Rules::default(),
            operation: None,
            generation,
        }
    }
}
