//! The tape that scripts are recorded on: whatever is due next is written next, be it a message, a packet of media, a
//! request outside calls or the copy of a frame that a mirror port makes.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};
use std::io::{self, Write};

use call::Side;
use types::{Endpoint, Ip};

use super::dialog::{Beat, Manners, beats};
use super::file::Capture;
use super::frames::Frames;
use super::message::Leg;
use super::request;
use super::stream::Stream;
use super::{Media, far_end};
use crate::cast::{Cast, Trunk};
use crate::events::call_id;
use crate::media::{inner_media, media_endpoints};
use crate::random::mix;
use crate::script::{Request, Script, Sheet, TrunkId, User};
use crate::truth::{CallTruth, Ledger, Truth};

/// What is due: when, a tie-break, where it lies, and which of a call's rows it is.
type Due = Reverse<(u64, u64, u32, Row)>;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Row {
    Signal,
    Caller,
    Callee,
}

/// Something that is going on.
enum Live {
    Call(Box<Call>),
    Request(Request),
    Nothing,
}

struct Call {
    script: Script,
    beats: Vec<Beat>,
    next: usize,
    caller: Option<Stream>,
    callee: Option<Stream>,
}

/// Share of the trunks whose port is mirrored twice, one in so many, and of their frames that come twice.
const MIRRORED_TRUNKS: u16 = 7;
const MIRRORED: u64 = 25;
/// How much later the copy comes, microseconds.
const COPY_US: u64 = 40;
/// The operator's core behind its border, for second legs.
const CORE: Endpoint = Endpoint::new(Ip::v4([198, 51, 100, 200]), 5060);
const CORE_V6: Endpoint = Endpoint::new(Ip::v6([0x20, 1, 0xd, 0xb8, 0, 0xff, 0, 0, 0, 0, 0, 0, 0, 0, 0, 200]), 5060);

/// A capture that scripts are played to.
pub(crate) struct Tape<W> {
    capture: Capture<W>,
    frames: Frames,
    media: Media,
    due: BinaryHeap<Due>,
    live: Vec<Live>,
    free: Vec<u32>,
    copies: VecDeque<(u64, Vec<u8>)>,
    text: Vec<u8>,
    /// The frames of one datagram.
    cut: Vec<Vec<u8>>,
}

impl<W: Write> Tape<W> {
    pub(crate) const fn new(capture: Capture<W>, media: Media) -> Self {
        Self {
            capture,
            frames: Frames::new(),
            media,
            due: BinaryHeap::new(),
            live: Vec::new(),
            free: Vec::new(),
            copies: VecDeque::new(),
            text: Vec::new(),
            cut: Vec::new(),
        }
    }

    /// Takes in what a sheet holds. Nothing of it is written before its time.
    pub(crate) fn sheet(&mut self, sheet: &Sheet, cast: &Cast) {
        for script in &sheet.calls {
            let trunk = script.trunk;
            let second_leg = cast.find(trunk).is_some_and(|trunk| trunk.second_leg);
            let progress = mix(u64::from(trunk.0), script.token) % 10 < 3;
            let manners = Manners { progress, reliable: trunk.0 % 4 == 1, second_leg };
            let mut row = Vec::with_capacity(8);
            beats(script, manners, &mut row);
            let [near, far] = media_endpoints(cast.path(trunk, script.gate), script.line);
            let caller = Stream::new(script, Side::Caller, (near, far), self.media);
            let callee = Stream::new(script, Side::Callee, (far, near), self.media);
            let streams = [(Row::Caller, &caller), (Row::Callee, &callee)];
            let streams =
                streams.map(|(row, stream)| stream.as_ref().and_then(Stream::next_us).map(|at_us| (row, at_us)));
            let call = Call { script: *script, beats: row, next: 0, caller, callee };
            let slot = self.place(Live::Call(Box::new(call)));
            self.due.push(Reverse((script.at_us, script.token, slot, Row::Signal)));
            for (row, at_us) in streams.into_iter().flatten() {
                self.due.push(Reverse((at_us, script.token, slot, row)));
            }
        }
        for request in &sheet.requests {
            let slot = self.place(Live::Request(*request));
            self.due.push(Reverse((request.at_us, request.token, slot, Row::Signal)));
        }
    }

    fn place(&mut self, live: Live) -> u32 {
        match self.free.pop().and_then(|slot| Some((slot, self.live.get_mut(slot as usize)?))) {
            Some((slot, place)) => {
                *place = live;
                slot
            }
            None => {
                self.live.push(live);
                self.live.len() as u32 - 1
            }
        }
    }

    /// Writes everything that is due before `until_us`.
    pub(crate) fn until(
        &mut self,
        until_us: u64,
        cast: &Cast,
        ledger: &mut Ledger,
        truth: &mut impl Truth,
    ) -> io::Result<()> {
        while let Some(&Reverse((at_us, token, slot, row))) = self.due.peek() {
            if at_us >= until_us {
                break;
            }
            self.due.pop();
            let Some(place) = self.live.get_mut(slot as usize) else { continue };
            let mut live = std::mem::replace(place, Live::Nothing);
            let next_us = match &mut live {
                Live::Call(call) => self.call(call, at_us, row, cast)?,
                Live::Request(request) => self.request(request, at_us, cast)?,
                Live::Nothing => None,
            };
            let over = match &live {
                Live::Call(call) => call.is_over(),
                Live::Request(_) => next_us.is_none(),
                Live::Nothing => true,
            };
            if let Some(next_us) = next_us {
                self.due.push(Reverse((next_us, token, slot, row)));
            }
            if over {
                if let Live::Call(call) = &live {
                    call_id(&call.script, cast, &mut self.text);
                    let told = CallTruth::of(&call.script, &self.text, cast);
                    ledger.call(&told);
                    truth.call(&told);
                }
                self.free.push(slot);
            } else if let Some(place) = self.live.get_mut(slot as usize) {
                *place = live;
            }
        }
        Ok(())
    }

    /// Ends the file; frames written.
    pub(crate) fn end(mut self) -> io::Result<u64> {
        self.copy(u64::MAX)?;
        let frames = self.capture.frames();
        self.capture.end()?;
        Ok(frames)
    }

    /// Writes what is due of a call; when the row goes on.
    fn call(&mut self, call: &mut Call, at_us: u64, row: Row, cast: &Cast) -> io::Result<Option<u64>> {
        let trunk = call.script.trunk;
        let stream = match row {
            Row::Caller => &mut call.caller,
            Row::Callee => &mut call.callee,
            Row::Signal => {
                let Some(beat) = call.beats.get(call.next).copied() else { return Ok(None) };
                call.next += 1;
                self.message(&call.script, beat, cast)?;
                return Ok(call.beats.get(call.next).map(|beat| beat.at_us));
            }
        };
        let Some(playing) = stream else { return Ok(None) };
        let (path, inwards) = (playing.path, playing.side == Side::Caller);
        playing.write(&mut self.text);
        let next_us = playing.next_us();
        if next_us.is_none() {
            *stream = None;
        }
        self.write(at_us, path, inwards, trunk, cast)?;
        // Jitter may put a packet before the one it follows; a link would not.
        Ok(next_us.map(|next_us| next_us.max(at_us)))
    }

    fn message(&mut self, script: &Script, beat: Beat, cast: &Cast) -> io::Result<()> {
        let (source, destination) = cast.path(script.trunk, script.gate);
        let second = beat.leg == 1;
        let trunk = cast.find(script.trunk);
        let token = if second { mix(script.token, 0x1e6) } else { script.token };
        let (source, destination) = if second { (destination, inside(source)) } else { (source, destination) };
        let ends = if second { inner_media } else { media_endpoints };
        let [caller_media, callee_media] = ends((source, destination), script.line);
        let leg = Leg {
            script,
            caller: match script.other_leg {
                Some(true_number) if second => Some(User::Number(true_number)),
                _ => script.caller,
            },
            display: cast.display(script.display.filter(|_| script.caller.is_some())),
            stack: if second { far_end(script.trunk) } else { cast.stack_of(script.stack) },
            hidden: !second && trunk.is_some_and(|trunk| trunk.hides),
            far: far_end(TrunkId(script.trunk.0 + u16::from(second))),
            token,
            source,
            destination,
            caller_media,
            callee_media,
            domain: trunk.map_or("", |trunk| &trunk.domain),
            asserts: second || cast.asserts(script.trunk),
            session: trunk.filter(|trunk| trunk.second_leg).map(|_| mix(script.token, 0x5e5)),
        };
        let by_caller = leg.write(beat.part, &mut self.text);
        let path = if by_caller { (source, destination) } else { (destination, source) };
        self.write(beat.at_us, path, by_caller, script.trunk, cast)
    }

    /// Writes a request or, if that is due, its response; when the response is.
    fn request(&mut self, request: &Request, at_us: u64, cast: &Cast) -> io::Result<Option<u64>> {
        let (source, destination) = cast.path(request.trunk, request.gate);
        let answer_us = request.after_us.map(|after| request.at_us + u64::from(after));
        let stack = cast.stack_of(request.stack);
        let answers = answer_us == Some(at_us) && at_us != request.at_us;
        let status = if answers { request.status() } else { None };
        request::write(request, stack, (source, destination), status, &mut self.text);
        let path = if answers { (destination, source) } else { (source, destination) };
        self.write(at_us, path, !answers, request.trunk, cast)?;
        Ok(answer_us.filter(|_| !answers && request.status().is_some()))
    }

    /// Writes the text as a frame, twice where the mirror does so.
    fn write(
        &mut self,
        at_us: u64,
        path: (Endpoint, Endpoint),
        inwards: bool,
        trunk: TrunkId,
        cast: &Cast,
    ) -> io::Result<()> {
        self.copy(at_us)?;
        let vlan = cast.find(trunk).and_then(|trunk: &Trunk| trunk.vlan);
        self.frames.datagram(path, inwards, vlan, &self.text, &mut self.cut);
        let mirrored = trunk.0 % MIRRORED_TRUNKS == 3 && mix(at_us, self.text.len() as u64).is_multiple_of(MIRRORED);
        for frame in &self.cut {
            self.capture.frame(at_us, frame)?;
            if mirrored {
                self.copies.push_back((at_us + COPY_US, frame.clone()));
            }
        }
        Ok(())
    }

    /// Writes the copies that are due by `at_us`.
    fn copy(&mut self, at_us: u64) -> io::Result<()> {
        while self.copies.front().is_some_and(|(copied_us, _)| *copied_us <= at_us) {
            let Some((copied_us, frame)) = self.copies.pop_front() else { break };
            self.capture.frame(copied_us, &frame)?;
        }
        Ok(())
    }
}

impl Call {
    fn is_over(&self) -> bool {
        self.next >= self.beats.len() && self.caller.is_none() && self.callee.is_none()
    }
}

/// The operator's core, by an address of the same family as another.
pub(crate) const fn inside(other: Endpoint) -> Endpoint {
    if other.ip.is_v4() { CORE } else { CORE_V6 }
}
