//! What a leg holds of media. Nearly every call has two lines and two streams, so two of each lie in the leg itself; what
//! goes beyond, and whatever else few legs have, lies in a box of its own.

use rtp::{Figures, StreamId, StreamKey};
use types::{E164, Nanos};

use crate::checks::Names;
use crate::course::Course;
use crate::crowd::Hop;
use crate::facts::Tag;
use crate::leg::Leg;
use crate::lines::Line;
use crate::passage::Passage;
use crate::phase::Side;
use crate::set_back::SetBack;

/// Lines and streams in the leg itself.
pub(crate) const IN_PLACE: usize = 2;

/// A media stream of a leg.
#[derive(Clone, Copy, Debug)]
#[repr(Rust, packed)]
pub(crate) struct Attached {
    pub(crate) stream: StreamId,
    pub(crate) side: Side,
}

/// A stream that was closed before its leg, with its figures.
#[derive(Clone, Debug)]
pub(crate) struct Finished {
    pub(crate) key: StreamKey,
    pub(crate) side: Side,
    pub(crate) figures: Figures,
    pub(crate) course: Option<Course>,
}

/// What few legs have.
#[derive(Debug, Default)]
pub(crate) struct Rare {
    /// The other legs of the call whose first leg this is.
    pub(crate) others: Vec<u32>,
    pub(crate) finished: Vec<Finished>,
    /// The number in From, where the network asserts another.
    pub(crate) also: Option<E164>,
    /// How the legs that go on from this one differ from it.
    pub(crate) passage: Option<Passage>,
    /// When its end was known, where that was later.
    pub(crate) end_known_at: Option<Nanos>,
    /// What is not known of its times.
    pub(crate) set_back: SetBack,
    /// When RTCP came last while the media was silent.
    pub(crate) reported_at: Option<Nanos>,
    /// The tag of a second answer on the same hop, which the caller takes down again.
    pub(crate) lost_fork: Option<Tag>,
    /// When a 2xx came after the call was refused, and its tag.
    pub(crate) late: Option<(Nanos, Tag)>,
    /// Branches of this try besides the first.
    pub(crate) forks: Vec<u32>,
    /// Hops behind boxes that kept the Call-ID and changed the tags.
    pub(crate) hops: Vec<Hop>,
    /// What it is known by where others have its Call-ID.
    pub(crate) ties: Vec<u64>,
    /// Whether its media is agreed by ICE (RFC 8445): it may flow between ends that no message names.
    pub(crate) ice: bool,
    /// What its sides call themselves where ICE checks their paths.
    pub(crate) names: Names,
    lines: Vec<Line>,
    streams: Vec<Attached>,
}

impl Leg {
    /// Whether its media is agreed by ICE.
    pub(crate) fn has_ice(&self) -> bool {
        self.rare.as_ref().is_some_and(|rare| rare.ice)
    }

    /// The box of rarities, made when it is not there.
    pub(crate) fn rare(&mut self) -> &mut Rare {
        self.rare.get_or_insert_default()
    }

    /// The other legs of the call whose first leg this is.
    pub(crate) fn others(&self) -> &[u32] {
        self.rare.as_ref().map_or(&[], |rare| &rare.others)
    }

    /// The tag of a second answer.
    pub(crate) fn lost_fork(&self) -> Option<Tag> {
        self.rare.as_ref()?.lost_fork
    }

    /// Streams that were closed before the leg.
    pub(crate) fn finished(&self) -> &[Finished] {
        self.rare.as_ref().map_or(&[], |rare| &rare.finished)
    }

    /// Its lines, in the order of their places.
    pub(crate) fn lines(&self) -> impl Iterator<Item = Line> + '_ {
        let more = self.rare.iter().flat_map(|rare| &rare.lines);
        self.lines.iter().flatten().chain(more).copied()
    }

    /// The line at `place`.
    pub(crate) fn line(&self, place: u8) -> Option<Line> {
        match self.lines.get(usize::from(place)) {
            Some(&line) => line,
            None => self.rare.as_ref()?.lines.get(usize::from(place) - IN_PLACE).copied(),
        }
    }

    /// Sets the line at `place`, or adds one at the first free place, and gives back what was there.
    pub(crate) fn set_line(&mut self, place: u8, line: Line) -> Option<Line> {
        if let Some(slot) = self.lines.get_mut(usize::from(place)) {
            return slot.replace(line);
        }
        let more = &mut self.rare().lines;
        match more.get_mut(usize::from(place) - IN_PLACE) {
            Some(slot) => Some(std::mem::replace(slot, line)),
            None => {
                more.push(line);
                None
            }
        }
    }

    /// Its streams that are not closed.
    pub(crate) fn streams(&self) -> impl Iterator<Item = Attached> + '_ {
        let more = self.rare.iter().flat_map(|rare| &rare.streams);
        self.streams.iter().flatten().chain(more).copied()
    }

    pub(crate) fn add_stream(&mut self, attached: Attached) {
        match self.streams.iter_mut().find(|slot| slot.is_none()) {
            Some(slot) => *slot = Some(attached),
            None => self.rare().streams.push(attached),
        }
    }

    /// Takes a stream off the leg, and says whose it was.
    pub(crate) fn take_stream(&mut self, stream: StreamId) -> Option<Side> {
        let is_it = |attached: &Attached| { attached.stream } == stream;
        if let Some(slot) = self.streams.iter_mut().find(|slot| slot.as_ref().is_some_and(is_it)) {
            return slot.take().map(|attached| attached.side);
        }
        let more = &mut self.rare.as_mut()?.streams;
        let place = more.iter().position(is_it)?;
        Some(more.swap_remove(place).side)
    }
}
