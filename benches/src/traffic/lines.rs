//! Many calls at once: so many lines, each with one call after another, their packets in the order of time.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};
use std::io::{self, Write};

use super::dialog::{Dialog, Extras, Party};
use super::frames::{Address, Frames, Path};
use super::media::{Codec, Speech, Stream};
use super::script::{self, Pace, Part, Step};
use super::stacks::{BORDER, PHONE, SWITCH, Stack};
use crate::random::Random;

/// Media gateways of our side; each has its own ports, used in turn as border controllers do.
const GATEWAYS: u8 = 8;
/// Even ports of a gateway.
const PORTS: std::ops::Range<u16> = 5_000..32_000;
/// Carriers on the far side, two border controllers each.
const CARRIERS: u64 = 12;

/// What to make.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    /// Where all chance comes from.
    pub seed: u64,
    /// Calls in progress once all lines have begun.
    pub lines: u32,
    /// Microseconds over which the lines begin.
    pub ramp_us: u64,
    /// Microseconds of traffic.
    pub until_us: u64,
    /// Calls to make at most.
    pub calls_max: u64,
    /// How long calls last.
    pub pace: Pace,
    /// Whether speech is on the link too, or signalling only.
    pub media: bool,
}

/// A telephone line and the call on it.
struct Line {
    dialog: Dialog,
    steps: Vec<Step>,
    next: usize,
    streams: [Option<Stream>; 2],
    vlan: u16,
    ended_by_caller: bool,
}

/// What happens next: when, in the order of planning; on which line, in which of its calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Event {
    at_us: u64,
    line: u32,
    /// The step of the call, or one of its two streams.
    what: What,
    call: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum What {
    Step,
    Stream(u8),
}

/// The link and everything on it.
struct Link<'a, W> {
    plan: Plan,
    random: Random,
    speech: Speech,
    frames: &'a mut Frames<W>,
    events: BinaryHeap<Reverse<Event>>,
    lines: Vec<Option<(u64, Line)>>,
    ports: Vec<VecDeque<Address>>,
    calls: u64,
    text: String,
}

/// Writes the traffic of a plan.
///
/// # Errors
/// What the writer says.
pub fn write<W: Write>(plan: Plan, frames: &mut Frames<W>) -> io::Result<()> {
    let mut random = Random::new(plan.seed);
    let speech = Speech::new(&mut random);
    let ports = (0..GATEWAYS).map(|gateway| PORTS.map(|port| Address::new([10, 1, 1, gateway], port * 2)).collect());
    let mut link = Link {
        plan,
        random,
        speech,
        frames,
        events: BinaryHeap::new(),
        lines: (0..plan.lines).map(|_| None).collect(),
        ports: ports.collect(),
        calls: 0,
        text: String::new(),
    };
    for line in 0..plan.lines {
        let at_us = plan.ramp_us * u64::from(line) / u64::from(plan.lines);
        link.plan_next(line, What::Step, at_us, u64::MAX);
    }
    while let Some(Reverse(event)) = link.events.pop() {
        if plan.until_us <= event.at_us {
            break;
        }
        link.on(event)?;
    }
    Ok(())
}

impl<W: Write> Link<'_, W> {
    fn plan_next(&mut self, line: u32, what: What, at_us: u64, call: u64) {
        self.events.push(Reverse(Event { at_us, line, what, call }));
    }

    fn on(&mut self, event: Event) -> io::Result<()> {
        let Some(place) = self.lines.get_mut(event.line as usize) else { return Ok(()) };
        if event.call == u64::MAX {
            if self.calls < self.plan.calls_max {
                self.begin(event);
            }
            return Ok(());
        }
        let Some((call, mut line)) = place.take() else { return Ok(()) };
        if call != event.call {
            *place = Some((call, line));
            return Ok(());
        }
        let stays = match event.what {
            What::Step => self.step(event, &mut line)?,
            What::Stream(side) => {
                if let Some(Some(stream)) = line.streams.get_mut(usize::from(side)) {
                    let next = stream.send(event.at_us, &mut self.random, &self.speech, self.frames)?;
                    self.plan_next(event.line, event.what, next, call);
                }
                true
            }
        };
        if stays {
            if let Some(place) = self.lines.get_mut(event.line as usize) {
                *place = Some((call, line));
            }
        } else {
            self.end(event, &line);
        }
        Ok(())
    }

    /// A new call on a line, its first message planned for now.
    fn begin(&mut self, event: Event) {
        let call = self.calls;
        self.calls += 1;
        let mut steps = Vec::with_capacity(12);
        script::draw(&mut self.random, self.plan.pace, &mut steps);
        let dialog = self.dialog(event.at_us);
        let vlan = if self.random.chance(2_500) { 300 + self.random.below(8) as u16 } else { 0 };
        let line = Line { dialog, steps, next: 0, streams: [None, None], vlan, ended_by_caller: false };
        if let Some(place) = self.lines.get_mut(event.line as usize) {
            *place = Some((call, line));
        }
        self.plan_next(event.line, What::Step, event.at_us, call);
    }

    fn end(&mut self, event: Event, line: &Line) {
        for media in [line.dialog.caller.media, line.dialog.callee.media] {
            let own = self.ports.get_mut((media.ip & 0xff) as usize).filter(|_| media.ip >> 8 == 0x0a_01_01);
            if let Some(ports) = own {
                ports.push_back(media);
            }
        }
        let pause = self.random.waiting(50_000);
        self.plan_next(event.line, What::Step, event.at_us + pause, u64::MAX);
    }

    /// The next message of a call; false when it was the last.
    fn step(&mut self, event: Event, line: &mut Line) -> io::Result<bool> {
        let Some(&(_, part)) = line.steps.get(line.next) else { return Ok(false) };
        line.next += 1;
        line.dialog.advance(part);
        match part {
            Part::ByeByCaller | Part::ByeByCallee => {
                line.ended_by_caller = part == Part::ByeByCaller;
                line.streams = [None, None];
            }
            Part::Failure(_) => line.streams = [None, None],
            Part::Progress => self.speak(event, line, 1),
            Part::Answer => {
                self.speak(event, line, 0);
                self.speak(event, line, 1);
            }
            _ => {}
        }
        // The caller confirms the callee's BYE.
        let over_by_caller = !line.ended_by_caller;
        let Ok(()) = line.dialog.write(part, over_by_caller, &mut self.text) else { return Ok(false) };
        let by_caller = if part == Part::Over { over_by_caller } else { part.by_caller() };
        let (caller, callee) = (line.dialog.caller.signalling, line.dialog.callee.signalling);
        let (source, destination) = if by_caller { (caller, callee) } else { (callee, caller) };
        let path = Path { source, destination, vlan: line.vlan, dscp: 24 };
        self.frames.udp(event.at_us, &path, self.text.as_bytes())?;
        let Some(&(after, _)) = line.steps.get(line.next) else { return Ok(false) };
        self.plan_next(event.line, What::Step, event.at_us + after, event.call);
        Ok(true)
    }

    /// Lets one side of a call be heard, if it is not yet.
    fn speak(&mut self, event: Event, line: &mut Line, side: u8) {
        let Some(place @ None) = line.streams.get_mut(usize::from(side)).filter(|_| self.plan.media) else { return };
        let (caller, callee) = (line.dialog.caller.media, line.dialog.callee.media);
        let (source, destination) = if side == 0 { (caller, callee) } else { (callee, caller) };
        let path = Path { source, destination, vlan: line.vlan, dscp: 46 };
        let at_us = event.at_us + self.random.between(2_000, 30_000);
        *place = Some(Stream::new(&mut self.random, path, line.dialog.codec, at_us));
        self.plan_next(event.line, What::Stream(side), at_us, event.call);
    }

    fn dialog(&mut self, at_us: u64) -> Dialog {
        let random = &mut self.random;
        let carrier = random.below(CARRIERS) as u8;
        let outward = random.chance(5_000);
        let far = Address::new([10, 2, carrier, random.below(2) as u8], 5060);
        let far_media = Address::new([10, 2, carrier, 16 + random.below(4) as u8], even_port(random));
        let own = Address::new([10, 1, 0, 1 + random.below(2) as u8], 5060);
        let gateway = random.below(u64::from(GATEWAYS)) as usize;
        let own_media = self.ports.get_mut(gateway).and_then(VecDeque::pop_front);
        let own_media = own_media.unwrap_or_else(|| Address::new([10, 1, 2, gateway as u8], even_port(random)));
        let carrier_stack: &'static Stack = if carrier.is_multiple_of(2) { &SWITCH } else { &BORDER };
        let own_party = party(random, &BORDER, own, own_media);
        // Some calls come from or go to desk phones, each with an address of its own.
        let far_party = if random.chance(2_500) {
            let ip = [10, 64 + random.below(8) as u8, random.below(256) as u8, 1 + random.below(250) as u8];
            let media = Address::new(ip, even_port(random));
            party(random, &PHONE, Address::new(ip, 5060), media)
        } else {
            party(random, carrier_stack, far, far_media)
        };
        let (caller, callee) = if outward { (own_party, far_party) } else { (far_party, own_party) };
        let codec = match random.below(10) {
            0..6 => Codec::Pcma,
            6..8 => Codec::Pcmu,
            _ => Codec::G729,
        };
        let extras = Extras {
            inner: random.chance(6_000),
            asserted: random.chance(7_000),
            private: random.chance(400),
            diverted: random.chance(600).then(|| number(random)),
        };
        Dialog {
            caller,
            callee,
            call: u128::from(random.bits()) << 64 | u128::from(random.bits()),
            codec,
            extras,
            second: at_us / 1_000_000,
            cseq: random.between(1, 30_000) as u32,
            challenged: false,
            answered: false,
        }
    }
}

fn party(random: &mut Random, stack: &'static Stack, signalling: Address, media: Address) -> Party {
    let session = random.between(1_000_000_000, 3_999_999_999);
    Party { number: number(random), stack, signalling, media, tag: random.bits() | 1, session }
}

/// Numbers nobody has: the drama ranges of the United Kingdom and of North America.
fn number(random: &mut Random) -> u64 {
    if random.chance(5_000) {
        441_632_960_000 + random.below(1_000)
    } else {
        let area = random.between(201, 989);
        10_000_000_000 + area * 10_000_000 + 5_550_100 + random.below(100)
    }
}

fn even_port(random: &mut Random) -> u16 {
    random.between(u64::from(PORTS.start), u64::from(PORTS.end) - 1) as u16 * 2
}
