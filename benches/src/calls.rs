//! Calls without packets: prepared beforehand, then told to a listener step by step, so that what hearing them costs is not
//! mixed with what making them costs.
//!
//! A population of callers calls abroad, each four people again and again and strangers in between. Numbers are drawn from
//! whole plans, since the reserved ones are too few for a million of them; nothing of them is kept.

use call::{CallRecord, CallerFrom, EndedBy, Exchange, Listener, MediaRecord, Outcome, Party, Side, Step};
use rtp::Figures;
use sip::stack::Fingerprint;
use types::{E164, Endpoint, Ip, Moment, Nanos};

use crate::random::Random;

/// Calls a second.
const RATE: u64 = 400;
/// Who sends the INVITEs.
const SOURCES: u64 = 8;
/// Stacks behind each of them.
const STACKS: u64 = 4;
/// People each caller calls again and again.
const FRIENDS: u64 = 4;
/// Callers who share a block of a thousand numbers.
const CALLERS_PER_BLOCK: u64 = 2;
/// Monday 2 November 2026, 08:00.
const START_MICROS: u64 = 1_793_606_400_000_000;
/// What the prefixes of British mobile numbers have left.
const MOBILE: [u64; 5] = [4_474, 4_475, 4_477, 4_478, 4_479];

/// A step that is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Due {
    at: u64,
    call: u32,
    step: Part,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    Invited,
    Ringing,
    Answered,
    Ended,
}

/// A call as it will be told.
#[derive(Clone, Debug)]
struct Story {
    call_id: [u8; 32],
    caller: E164,
    callee: E164,
    raw: [Digits; 2],
    source: Endpoint,
    stack: Fingerprint,
    invite_at: u64,
    ring_at: u64,
    answer_at: Option<u64>,
    end_at: u64,
    silent_ms: f32,
}

/// A number as it is written.
#[derive(Clone, Copy, Debug)]
struct Digits([u8; 16]);

/// Calls that begin and end within one stretch of time, and nobody else's.
#[derive(Debug, Default)]
pub struct Stretch {
    stories: Vec<Story>,
    due: Vec<Due>,
}

/// Who calls whom.
#[derive(Clone, Debug)]
pub struct Population {
    random: Random,
    callers: u64,
    now: u64,
    frame: u64,
    made: u64,
}

impl Population {
    /// So many callers. Where they all have called twice, each is an entity, every second makes a block of numbers and what
    /// that calls abroad one more each.
    #[must_use]
    pub const fn new(callers: u64) -> Self {
        Self { random: Random::new(7), callers, now: START_MICROS, frame: 0, made: 0 }
    }

    /// The next `count` calls.
    pub fn stretch(&mut self, count: u64) -> Stretch {
        let mut stretch = Stretch::default();
        let mut last = self.now;
        for _ in 0..count {
            self.now += 1_000_000 / RATE;
            let story = self.story();
            last = last.max(story.end_at);
            let call = stretch.stories.len() as u32;
            let steps = [
                (Some(story.invite_at), Part::Invited),
                (Some(story.ring_at), Part::Ringing),
                (story.answer_at, Part::Answered),
                (Some(story.end_at), Part::Ended),
            ];
            stretch.due.extend(steps.into_iter().filter_map(|(at, step)| Some(Due { at: at?, call, step })));
            stretch.stories.push(story);
        }
        stretch.due.sort_unstable();
        self.now = last;
        stretch
    }

    fn story(&mut self) -> Story {
        let Self { random, callers, made, now, .. } = self;
        *made += 1;
        // Each in turn, so that all have called after as many calls as there are.
        let person = *made * 7_919 % *callers;
        let block = person / CALLERS_PER_BLOCK;
        let prefix = MOBILE.get((block % MOBILE.len() as u64) as usize).copied().unwrap_or(MOBILE[0]);
        let caller = prefix * 100_000_000 + block / MOBILE.len() as u64 * 1_000 + person % CALLERS_PER_BLOCK;
        let line = if random.chance(5_000) { person * FRIENDS + random.below(FRIENDS) } else { random.bits() };
        // Everybody of a block calls one exchange of New York.
        let callee = 12_120_000_000 + (block % 80 + 20) * 100_000 + line % 100_000;
        let source = Endpoint::new(Ip::v4([198, 51, 100, (person % SOURCES) as u8]), 5_060);
        let ring_at = *now + 300_000 + random.below(2_000_000);
        let answered = random.chance(6_000).then(|| ring_at + 500_000 + random.below(20_000_000));
        let end_at = answered.unwrap_or(ring_at) + 1_000_000 + random.below(90_000_000);
        let number = |digits: u64| E164::new(digits).unwrap_or(FIRST);
        let (caller, callee) = (number(caller), number(callee));
        Story {
            call_id: text(random.bits(), *made),
            raw: [Digits::of(caller), Digits::of(callee)],
            caller,
            callee,
            source,
            stack: Fingerprint::from_bits(0x1234_5678_9abc_def1 ^ (person / SOURCES % STACKS) << 20),
            invite_at: *now,
            ring_at,
            answer_at: answered,
            end_at,
            silent_ms: random.below(2_000) as f32,
        }
    }

    /// Tells a listener of a stretch; how many events that were.
    pub fn tell(&mut self, stretch: &Stretch, listener: &mut impl Listener) -> u64 {
        let mut events = 0;
        for due in &stretch.due {
            let Some(story) = stretch.stories.get(due.call as usize) else { continue };
            self.frame += 1;
            let at = nanos(due.at);
            listener.moment(Moment { at, frame: self.frame });
            let record = story.record(due.step);
            let step = match due.step {
                Part::Invited => Step::Invited,
                Part::Ringing => Step::Ringing,
                Part::Answered => Step::Answered,
                Part::Ended => Step::Ended,
            };
            listener.step(step, at, &record);
            events += 1;
            if due.step == Part::Ended {
                let media = story.media();
                listener.record(&CallRecord { media: media.as_ref().map_or(&[], |media| media), ..record });
                events += 1;
            }
        }
        events
    }
}

/// Calls from numbers that call once, each refused at once: what a flood of spoofed numbers looks like.
#[derive(Clone, Debug)]
pub struct Flood {
    random: Random,
    source: Endpoint,
    calls: u64,
}

impl Flood {
    /// The flood of a seed, from an address.
    #[must_use]
    pub const fn new(seed: u64, source: Ip) -> Self {
        Self { random: Random::new(seed), source: Endpoint::new(source, 5_060), calls: 0 }
    }

    /// Calls so far.
    #[must_use]
    pub const fn calls(&self) -> u64 {
        self.calls
    }

    /// Tells a listener of the next call.
    pub fn tell(&mut self, at: Nanos, listener: &mut impl Listener) {
        self.calls += 1;
        let caller = 447_400_000_000 + self.random.below(100_000_000) + 100_000_000 * self.random.below(5);
        let callee = 12_120_000_000 + self.random.below(10_000_000);
        let numbers = [caller, callee].map(|digits| E164::new(digits).unwrap_or(FIRST));
        self.tell_of(numbers, at, listener);
    }

    /// Tells a listener of a call between these numbers.
    pub fn tell_of(&mut self, [caller, callee]: [E164; 2], at: Nanos, listener: &mut impl Listener) {
        let call_id = text(self.random.bits(), self.calls);
        let [from, to] = [Digits::of(caller), Digits::of(callee)];
        let begun = CallRecord {
            invite_at: Some(at),
            caller: Party { number: Some(caller), raw: from.text(caller), display: b"" },
            callee: Party { number: Some(callee), raw: to.text(callee), display: b"" },
            ..CallRecord::new(&call_id, self.source, Endpoint::new(Ip::v4([192, 0, 2, 1]), 5_060))
        };
        listener.step(Step::Invited, at, &begun);
        let end_at = at.after(REFUSED_AFTER);
        let over = CallRecord {
            end_at: Some(end_at),
            outcome: Outcome::Failed,
            status: Some(404),
            ended_by: Some(EndedBy::Network),
            ..begun
        };
        listener.step(Step::Ended, end_at, &over);
        listener.record(&over);
    }
}

/// A listener whom more is told between the moments that it is told of.
#[derive(Debug)]
pub struct Beset<L, F> {
    /// Who listens.
    pub listener: L,
    /// Tells of each moment, and of what comes before or after it.
    pub more: F,
}

impl<L: Listener, F: FnMut(Moment, &mut L)> Listener for Beset<L, F> {
    fn moment(&mut self, moment: Moment) {
        (self.more)(moment, &mut self.listener);
    }

    fn step(&mut self, step: Step, at: Nanos, call: &CallRecord<'_>) {
        self.listener.step(step, at, call);
    }

    fn exchange(&mut self, exchange: &Exchange<'_>) {
        self.listener.exchange(exchange);
    }

    fn record(&mut self, record: &CallRecord<'_>) {
        self.listener.record(record);
    }
}

/// How soon a call to nobody is refused.
const REFUSED_AFTER: std::time::Duration = std::time::Duration::from_millis(1);

/// What stands for a number that is none, which does not happen.
const FIRST: E164 = E164::new(441_632_960_000).unwrap();

const fn nanos(micros: u64) -> Nanos {
    Nanos::new(micros * 1_000)
}

fn text(bits: u64, count: u64) -> [u8; 32] {
    let mut text = [b'0'; 32];
    for (place, byte) in text.iter_mut().enumerate() {
        let word = if place < 16 { bits >> (4 * place) } else { count >> (4 * (place - 16)) };
        *byte = b'a' + (word & 15) as u8;
    }
    text
}

impl Digits {
    fn of(number: E164) -> Self {
        let mut rest = number.reveal();
        let mut digits = [b'+'; 16];
        for byte in digits.iter_mut().rev().take(number.digits() as usize) {
            *byte = b'0' + (rest % 10) as u8;
            rest /= 10;
        }
        Self(digits)
    }

    fn text(&self, number: E164) -> &[u8] {
        self.0.get(15 - number.digits() as usize..).unwrap_or_default()
    }
}

impl Story {
    /// The call as it is known after a step.
    fn record(&self, after: Part) -> CallRecord<'_> {
        let destination = Endpoint::new(Ip::v4([192, 0, 2, 1]), 5_060);
        let [caller, callee] = &self.raw;
        let over = after == Part::Ended;
        let talked = self.answer_at.filter(|_| after >= Part::Answered);
        CallRecord {
            invite_at: Some(nanos(self.invite_at)),
            ring_at: (after >= Part::Ringing).then_some(nanos(self.ring_at)),
            answer_at: talked.map(nanos),
            end_at: over.then_some(nanos(self.end_at)),
            outcome: match (over, self.answer_at) {
                (false, _) => Outcome::Incomplete,
                (true, Some(_)) => Outcome::Answered,
                (true, None) => Outcome::Cancelled,
            },
            status: match (over, self.answer_at) {
                (_, Some(_)) if talked.is_some() => Some(200),
                (true, _) => Some(487),
                _ => None,
            },
            ended_by: over.then_some(EndedBy::Person(if self.end_at.is_multiple_of(2) {
                Side::Caller
            } else {
                Side::Callee
            })),
            caller: Party { number: Some(self.caller), raw: caller.text(self.caller), display: b"" },
            caller_from: CallerFrom::From,
            callee: Party { number: Some(self.callee), raw: callee.text(self.callee), display: b"" },
            stack: Some(self.stack),
            ..CallRecord::new(&self.call_id, self.source, destination)
        }
    }

    /// What was heard of both sides, where somebody answered.
    fn media(&self) -> Option<[MediaRecord<'_>; 2]> {
        let (first_at, last_at) = (nanos(self.answer_at?), nanos(self.end_at));
        let packets = (self.end_at - self.answer_at?) / 20_000;
        let side = |from| MediaRecord {
            leg: &self.call_id,
            from,
            source: self.source,
            destination: self.source,
            ssrc: 0,
            figures: Figures {
                first_at,
                last_at,
                packets,
                expected: packets,
                silent_ms: self.silent_ms,
                jitter_ms: Some(2.0),
                ..Figures::default()
            },
            course: None,
            rtcp: None,
            score: None,
        };
        Some([side(Side::Caller), side(Side::Callee)])
    }
}
