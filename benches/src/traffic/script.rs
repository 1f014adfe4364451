//! How a call goes: its messages and the time between them, drawn by the shares a wholesale link shows.

use crate::random::Random;

/// A message of a call, and a change of what is heard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names are those of RFC 3261")]
pub enum Part {
    Invite,
    Trying,
    Ringing,
    /// 183 with SDP: the callee's side is heard from here.
    Progress,
    /// 200 with SDP: both are heard from here.
    Answer,
    Ack,
    Challenge,
    /// ACK of a final answer over 299.
    Refused,
    Failure(u16),
    Cancel,
    Cancelled,
    /// Re-INVITE of a session timer, its answer is `Answer`.
    Refresh,
    ByeByCaller,
    ByeByCallee,
    /// 200 to the BYE.
    Over,
}

/// A message and the microseconds before it.
pub type Step = (u64, Part);

/// How long people and machines take.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// Microseconds an answered call lasts, in the mean.
    pub talk_us: u64,
    /// Microseconds a telephone rings, in the mean.
    pub ring_us: u64,
}

/// Draws a call and writes its messages to `steps`.
pub fn draw(random: &mut Random, pace: Pace, steps: &mut Vec<Step>) {
    let hop = |random: &mut Random| random.between(1_000, 20_000);
    steps.clear();
    steps.push((0, Part::Invite));
    if random.chance(1_500) {
        let first = [hop(random), hop(random), hop(random)];
        let parts = [Part::Challenge, Part::Refused, Part::Invite];
        steps.extend(first.into_iter().zip(parts));
    }
    steps.push((hop(random), Part::Trying));
    let search = random.between(50_000, 400_000);
    // Of a hundred attempts some sixty are answered; the others fail at once, ring in vain or are given up.
    match random.below(100) {
        0..62 => {
            ring(random, search, steps);
            steps.push((random.waiting(pace.ring_us), Part::Answer));
            steps.push((hop(random), Part::Ack));
            if random.chance(500) {
                steps.push((random.waiting(pace.talk_us / 2), Part::Refresh));
                steps.extend([(hop(random), Part::Answer), (hop(random), Part::Ack)]);
            }
            let bye = if random.chance(5_500) { Part::ByeByCaller } else { Part::ByeByCallee };
            steps.push((random.waiting(pace.talk_us), bye));
            steps.push((hop(random), Part::Over));
        }
        62..74 => {
            ring(random, search, steps);
            steps.push((random.waiting(pace.ring_us), Part::Cancel));
            steps.push((hop(random), Part::Cancelled));
            steps.push((hop(random), Part::Failure(487)));
            steps.push((hop(random), Part::Refused));
        }
        74..82 => refuse(random, search, 486, steps),
        82..88 => refuse(random, search, 404, steps),
        88..92 => refuse(random, search / 8, 503, steps),
        92..96 => {
            ring(random, search, steps);
            refuse(random, pace.ring_us * 2, 480, steps);
        }
        _ => refuse(random, search, 603, steps),
    }
}

fn ring(random: &mut Random, search: u64, steps: &mut Vec<Step>) {
    match random.below(10) {
        0..5 => steps.push((search, Part::Ringing)),
        5..8 => steps.push((search, Part::Progress)),
        _ => steps.extend([(search, Part::Ringing), (random.between(20_000, 200_000), Part::Progress)]),
    }
}

fn refuse(random: &mut Random, after: u64, status: u16, steps: &mut Vec<Step>) {
    steps.push((after, Part::Failure(status)));
    steps.push((random.between(1_000, 20_000), Part::Refused));
}
