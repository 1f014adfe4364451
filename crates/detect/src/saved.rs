//! Judgement as it is written down and read again, so that a new start goes on where the last one stood: what was seen of everybody,
//! what is open, and which calls are not over. What follows from the configuration and the tables is made anew; events that wait
//! for earlier ones are not written down ([`Judge::release`] judges them first, where nothing earlier will come), nor is what a run
//! has counted of itself.
//!
//! Read by the build that wrote it alone: the form says nothing of itself ([`crate::RULES`] tells one build from another).

use foldhash::quality::RandomState;
use hashbrown::HashMap;
use serde::{Deserialize, Serialize};
use types::Nanos;

use crate::calibration::Measured;
use crate::coverage::Minutes;
use crate::delays::Delays;
use crate::event::CallKey;
use crate::governor::Governor;
use crate::holders::Holders;
use crate::journal::{Entry, Journal};
use crate::judge::{Judge, Live};
use crate::kinship::EARLIER_CALLS;
use crate::nodes::{Node, Nodes};
use crate::operations::Operation;
use crate::order::Passed;
use crate::past::{Line, Lines, Past, ReadLines};
use crate::rate::Rate;
use crate::recordings::SavedRecordings;
use crate::renew::{Misfit, Places, Shape};
use crate::report::{Hearer, Status};
use crate::settings::Settings;
use crate::signers::Signers;
use crate::standings::Standings;

/// What is written down, by reference and by value, in one order.
macro_rules! saved {
    ($($field:ident: $kind:ty,)*) => {
        #[derive(Serialize)]
        struct View<'a> {
            shape: Shape,
            places: Places,
            calibration: &'a Measured,
            recordings: crate::recordings::View<'a>,
            passed: Passed,
            counts: Vec<u64>,
            $($field: &'a $kind,)*
        }

        #[derive(Deserialize)]
        struct Saved {
            shape: Shape,
            places: Places,
            calibration: Measured,
            recordings: SavedRecordings,
            passed: Passed,
            counts: Vec<u64>,
            $($field: $kind,)*
        }

        impl<H> Judge<H> {
            fn view(&self) -> View<'_> {
                View {
                    shape: Shape::of(&self.tables),
                    places: Places::of(&self.known),
                    calibration: self.calibration.measured(),
                    recordings: self.recordings.view(),
                    passed: self.order.passed(),
                    counts: self.counts(),
                    $($field: &self.$field,)*
                }
            }

            fn take(&mut self, saved: Saved) {
                self.calibration.go_on(saved.calibration);
                self.recordings.go_on(saved.recordings, &self.settings);
                self.order.go_on(saved.passed);
                $(self.$field = saved.$field;)*
            }
        }
    };
}

saved! {
    governor: Governor,
    signers: Signers,
    holders: Holders,
    coverage: Minutes,
    pairs: Past,
    callers: Past,
    today: Past,
    asked: Past,
    called: Past,
    called_today: Past,
    nodes: Nodes,
    live: HashMap<CallKey, Live, RandomState>,
    journal: Journal,
    operations: Vec<Option<Operation>>,
    began_at: Option<Nanos>,
    now: Nanos,
    swept_at: Nanos,
    attested: bool,
    standings: Standings,
    delays: Delays,
    tap: Option<Rate>,
}

/// A piece of what is written down: later ones stand for earlier ones of the same places.
#[derive(Serialize)]
enum Piece<'a> {
    /// Entities, and the place of the first.
    Nodes(u32, &'a [Node]),
    /// Calls of the journal, and the place of the first.
    Calls(u32, &'a [Entry]),
    /// Which of the memories of who was seen before, lines of it, and the place of the first.
    Seen(u8, u32, Lines<'a>),
    /// The rest, with which it ends.
    Rest(Box<View<'a>>),
}

/// The same as it is read.
#[derive(Deserialize)]
enum ReadPiece {
    Nodes(u32, Vec<Node>),
    Calls(u32, Vec<Entry>),
    Seen(u8, u32, ReadLines),
    Rest(Box<Saved>),
}

/// Judgement as it was written down.
pub struct Snapshot {
    rest: Box<Saved>,
    nodes: Vec<Node>,
    calls: Vec<Entry>,
    seen: [Vec<Line>; MEMORIES],
}

/// Memories of who was seen before.
const MEMORIES: usize = 7;

/// Takes down where an operation stands.
pub type Keep = Box<dyn FnMut(&[u8])>;

/// Why what was written down cannot be read.
pub type Unreadable = postcard::Error;

impl Snapshot {
    /// What `bytes` say.
    ///
    /// # Errors
    /// That they are not what [`Judge::save`] of this build wrote.
    pub fn read(mut bytes: &[u8]) -> Result<Self, Unreadable> {
        fn put<T>(items: &mut Vec<T>, first: u32, read: impl IntoIterator<Item = T>) -> Result<(), Unreadable> {
            for (place, item) in (first as usize..).zip(read) {
                let held = items.len();
                match items.get_mut(place) {
                    Some(slot) => *slot = item,
                    None if place == held => items.push(item),
                    None => return Err(Unreadable::DeserializeBadEncoding),
                }
            }
            Ok(())
        }
        let (mut nodes, mut calls, mut seen) = (Vec::new(), Vec::new(), [const { Vec::new() }; MEMORIES]);
        loop {
            let (piece, behind) = postcard::take_from_bytes(bytes)?;
            bytes = behind;
            match piece {
                ReadPiece::Nodes(first, read) => put(&mut nodes, first, read)?,
                ReadPiece::Calls(first, read) => put(&mut calls, first, read)?,
                ReadPiece::Seen(which, first, read) => {
                    let lines = seen.get_mut(usize::from(which)).ok_or(Unreadable::DeserializeBadEncoding)?;
                    put(lines, first, read)?;
                }
                ReadPiece::Rest(rest) => {
                    let counts = [nodes.len(), calls.len()].into_iter().chain(seen.iter().map(Vec::len));
                    let is_whole = counts.map(|count| count as u64).eq(rest.counts.iter().copied());
                    let whole = Self { rest, nodes, calls, seen };
                    return if is_whole && bytes.is_empty() {
                        Ok(whole)
                    } else {
                        Err(Unreadable::DeserializeBadEncoding)
                    };
                }
            }
        }
    }
}

impl Snapshot {
    /// The moment of the last that was judged.
    #[must_use]
    pub fn until(&self) -> Nanos {
        self.rest.now
    }
}

impl<H> Judge<H> {
    /// The memories of who was seen before, in the order that they are written in.
    fn seen(&self) -> [&Past; MEMORIES] {
        let Self { pairs, callers, today, asked, called, called_today, nodes, .. } = self;
        [pairs, callers, today, asked, called, called_today, nodes.door()]
    }

    fn seen_mut(&mut self) -> [&mut Past; MEMORIES] {
        let Self { pairs, callers, today, asked, called, called_today, nodes, .. } = self;
        [pairs, callers, today, asked, called, called_today, nodes.door_mut()]
    }

    /// How much there is of everything that is written down in pieces.
    fn counts(&self) -> Vec<u64> {
        let counts = [self.nodes.len(), self.journal.len()].into_iter().chain(self.seen().map(Past::len));
        counts.map(|count| count as u64).collect()
    }

    /// Nothing is written down yet, or nothing more will be.
    fn mark(&mut self) {
        self.nodes.mark();
        self.journal.mark();
        self.seen_mut().into_iter().for_each(Past::mark);
    }
}

impl<H: Hearer> Judge<H> {
    /// Writes down what was seen and is open, behind what `bytes` hold.
    ///
    /// # Errors
    /// None that is known: all of it can be written down.
    pub fn save(&mut self, bytes: Vec<u8>) -> Result<Vec<u8>, Unreadable> {
        self.begin_saving(bytes);
        self.finish_saving()
    }

    /// Begins to write down what was seen and is open, behind what `bytes` hold: a piece at a time, between which judgement goes on.
    pub fn begin_saving(&mut self, bytes: Vec<u8>) {
        self.mark();
        self.saving = Some(bytes);
    }

    /// Writes down the next few entities, calls or lines of a memory; whether only what has changed since and the rest is missing. Nothing is where nobody
    /// has begun.
    ///
    /// # Errors
    /// None that is known.
    pub fn save_some(&mut self) -> Result<bool, Unreadable> {
        let Some(bytes) = self.saving.take() else { return Ok(true) };
        let (bytes, done) = if let Some((first, nodes)) = self.nodes.unwritten() {
            (postcard::to_extend(&Piece::Nodes(first, nodes), bytes)?, false)
        } else if let Some((first, calls)) = self.journal.unwritten() {
            (postcard::to_extend(&Piece::Calls(first, calls), bytes)?, false)
        } else {
            let mut seen = (0..).zip(self.seen_mut());
            match seen.find_map(|(which, past)| past.unwritten().map(|(first, lines)| Piece::Seen(which, first, lines)))
            {
                Some(piece) => (postcard::to_extend(&piece, bytes)?, false),
                None => (bytes, true),
            }
        };
        self.saving = Some(bytes);
        Ok(done)
    }

    /// Writes down what is missing, all of it where nobody has begun: everything is as it is now.
    ///
    /// # Errors
    /// None that is known.
    pub fn finish_saving(&mut self) -> Result<Vec<u8>, Unreadable> {
        if self.saving.is_none() {
            self.begin_saving(Vec::new());
        }
        while !self.save_some()? {}
        let mut bytes = self.saving.take().unwrap_or_default();
        for (place, node) in self.nodes.changed() {
            bytes = postcard::to_extend(&Piece::Nodes(place, std::slice::from_ref(node)), bytes)?;
        }
        for (place, call) in self.journal.changed() {
            bytes = postcard::to_extend(&Piece::Calls(place, std::slice::from_ref(call)), bytes)?;
        }
        for (which, past) in (0..).zip(self.seen()) {
            for (place, line) in past.changed() {
                bytes = postcard::to_extend(&Piece::Seen(which, place, line), bytes)?;
            }
        }
        bytes = postcard::to_extend(&Piece::Rest(Box::new(self.view())), bytes)?;
        self.mark();
        Ok(bytes)
    }

    /// Goes on where another stood. How much is remembered of pairs, numbers and calls stays as it was there, since these tables do
    /// not change their size; other limits are those of this one.
    ///
    /// # Errors
    /// Other classes, or trunks and owners in other places, than it stood on; then nothing has changed.
    pub fn restore(&mut self, snapshot: Snapshot) -> Result<(), Misfit> {
        let Snapshot { rest: saved, nodes, calls, seen } = snapshot;
        Misfit::between((&saved.shape, &saved.places), (&Shape::of(&self.tables), &Places::of(&self.known)))?;
        self.take(*saved);
        let Settings { entities_max, past_days, .. } = self.settings;
        self.nodes.fill(nodes, entities_max);
        let Self { operations, nodes, .. } = self;
        for (index, place) in nodes.of_operations() {
            let operation = operations.get_mut(index as usize).and_then(Option::as_mut);
            let beside = |operation: &&mut Operation| operation.members.iter().all(|(_, held)| *held != place);
            if let Some(operation) = operation.filter(beside) {
                operation.others.push(place);
            }
        }
        self.journal.fill(calls);
        self.seen_mut().into_iter().zip(seen).for_each(|(past, lines)| past.fill(&lines));
        if !self.holders.stand_in(&self.known) {
            let (known, settings) = (std::sync::Arc::clone(&self.known), self.settings.clone());
            self.forget_licences(&known, &settings);
        }
        let Self { pairs, callers, asked, called, .. } = self;
        [pairs, callers, asked, called].into_iter().for_each(|past| past.keep_for(past_days));
        Ok(())
    }

    /// Nothing more will be heard of the calls that are not over: who told of them has forgotten them.
    pub fn lose_calls(&mut self) {
        self.tally.calls_lost += self.live.len() as u64;
        self.live.clear();
        self.recordings.lose_calls();
        self.nodes.lose_calls();
        self.holders.lose_calls();
        self.operations.iter_mut().flatten().for_each(|operation| operation.seats.lose_calls());
    }

    /// From now on hands over, just before it is told, where each operation stands: [`Self::reinstate`] takes it. Together with what
    /// was written down before, that is all a new start needs to tell of no operation twice and to forget none.
    pub fn keeps(&mut self, keep: Keep) {
        self.keep = Some(keep);
    }

    /// Goes on from where an operation stood that was told of after the rest was written down.
    ///
    /// # Errors
    /// That this is not what was handed over by this build; then nothing has changed.
    pub fn reinstate(&mut self, standing: &[u8]) -> Result<(), Unreadable> {
        let Stood { status, mut operation, members } = postcard::from_bytes(standing)?;
        let held = self.operations.iter().position(|slot| slot.as_ref().is_some_and(|held| held.id == operation.id));
        self.now = self.now.max(operation.told.map_or(Nanos::ZERO, |told| told.at));
        self.began_at.get_or_insert(self.now);
        if status == Status::Close {
            held.into_iter().for_each(|index| self.close(index));
            return Ok(());
        }
        if held.is_none() && !operation.shadow {
            self.tally.opened += 1;
            self.governor.on_alert();
        }
        let free = || self.operations.iter().position(Option::is_none);
        let index = held.or_else(free).unwrap_or(self.operations.len());
        let bonds: Vec<_> =
            members.iter().map(|node| operation.bond(&node.entity, self.owner(&node.entity).as_deref())).collect();
        operation.members.clear();
        if let Some(Some(held)) = self.operations.get_mut(index) {
            operation.others = std::mem::take(&mut held.others);
        }
        let Self { nodes, journal, .. } = self;
        for (node, bond) in members.into_iter().zip(bonds) {
            let (entity, level) = (node.entity, node.entity.level());
            let Some(place) = nodes.at(entity, node.first_at) else { continue };
            let Some(last_entry) = nodes.put(place, node, index as u32) else { continue };
            operation.members.push((entity, place));
            // What was counted for it already is not counted again.
            journal.walk(last_entry, level, EARLIER_CALLS, |entry| {
                if entry.operation.is_none() && entry.at >= operation.first_call && operation.is_kin(entry, bond) {
                    entry.operation = Some((index as u32, operation.id));
                }
            });
        }
        match self.operations.get_mut(index) {
            Some(slot) => *slot = Some(operation),
            None => self.operations.push(Some(operation)),
        }
        Ok(())
    }

    /// Operations that are open.
    #[must_use]
    pub fn open(&self) -> usize {
        self.operations.iter().flatten().count()
    }

    /// Tells again of every operation that is open: whoever is told may have begun anew, too.
    pub fn tell_open(&mut self) {
        for index in 0..self.operations.len() {
            self.tell(index as u32, Status::Update);
        }
    }
}

/// Where an operation stands, as it is handed over.
#[derive(Serialize)]
pub(crate) struct Standing<'a> {
    pub(crate) status: Status,
    pub(crate) operation: &'a Operation,
    pub(crate) members: Vec<&'a Node>,
}

/// The same as it is read.
#[derive(Deserialize)]
struct Stood {
    status: Status,
    operation: Operation,
    members: Vec<Node>,
}

/// Arrays that are longer than `serde` takes them.
pub(crate) mod array {
    use std::fmt;
    use std::marker::PhantomData;

    use serde::de::{Error, SeqAccess, Visitor};
    use serde::ser::SerializeTuple;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub(crate) fn serialize<T: Serialize, S: Serializer, const N: usize>(
        array: &[T; N],
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        let mut items = serializer.serialize_tuple(N)?;
        array.iter().try_for_each(|item| items.serialize_element(item))?;
        items.end()
    }

    struct Items<T, const N: usize>(PhantomData<T>);

    impl<'de, T: Deserialize<'de> + Copy + Default, const N: usize> Visitor<'de> for Items<T, N> {
        type Value = [T; N];

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            write!(f, "{N} items")
        }

        fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<[T; N], A::Error> {
            let mut array = [T::default(); N];
            for (place, item) in array.iter_mut().enumerate() {
                *item = items.next_element()?.ok_or_else(|| A::Error::invalid_length(place, &"more items"))?;
            }
            Ok(array)
        }
    }

    pub(crate) fn deserialize<'de, T: Deserialize<'de> + Copy + Default, D: Deserializer<'de>, const N: usize>(
        deserializer: D,
    ) -> Result<[T; N], D::Error> {
        deserializer.deserialize_tuple(N, Items(PhantomData))
    }
}

/// Sketches that count what is different, in the form that all of their libraries share.
pub(crate) mod sketch {
    use datasketches::hll::HllSketch;
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serializer};

    pub(crate) fn serialize<S: Serializer>(sketch: &HllSketch, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(&sketch.serialize())
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<HllSketch, D::Error> {
        HllSketch::deserialize(<&[u8]>::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}

/// Parts of the world by their names.
pub(crate) mod region {
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serializer};

    pub(crate) fn serialize<S: Serializer>(name: &str, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(name)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<&'static str, D::Error> {
        numbers::region_named(<&str>::deserialize(deserializer)?)
            .ok_or_else(|| D::Error::custom("no part of the world"))
    }
}
