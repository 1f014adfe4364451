//! Plays scripts straight into a listener, without a packet: the steps of each call at their moments and its record at
//! its end, exactly as greyline would have told them of the packets.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use call::{CallRecord, CallerFrom, EndedBy, Exchange, Listener, Outcome, Party, Passage, Side, Signature, Step};
use numbers::Plan;
use sip::passport::Proof;
use types::{E164, Moment, Nanos};

use crate::cast::Cast;
use crate::media;
use crate::packets::inside;
use crate::script::{Fate, Request, Script, Sheet, User};
use crate::signing::{CERTIFICATE, origin_id};
use crate::tokens;
use crate::truth::{CallTruth, Ledger, Truth};

/// A step that is due: when, whose, and the slot where its script lies. The token breaks ties.
type Due = Reverse<(u64, u64, u32, Move)>;

/// What comes next for a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Move {
    Ring,
    Answer,
    End,
}

/// Plays windows one after the other.
pub(crate) struct Player {
    due: BinaryHeap<Due>,
    live: Vec<Live>,
    free: Vec<u32>,
    frame: u64,
    user: Vec<u8>,
    with_media: bool,
}

/// A call that is up; its place is used again.
struct Live {
    script: Script,
    words: Words,
}

/// Texts of a call.
#[derive(Default)]
struct Words {
    call_id: Vec<u8>,
    caller: Vec<u8>,
    callee: Vec<u8>,
    origin_id: Vec<u8>,
    passage: Option<Passage>,
    diversion: Vec<u8>,
}

impl Player {
    pub(crate) fn new(with_media: bool) -> Self {
        Self { due: BinaryHeap::new(), live: Vec::new(), free: Vec::new(), frame: 0, user: Vec::new(), with_media }
    }

    /// Plays what a sheet holds and what was still to come until then.
    pub(crate) fn sheet<L: Listener, T: Truth>(
        &mut self,
        sheet: &Sheet,
        cast: &Cast,
        ledger: &mut Ledger,
        told: (&mut L, &mut T),
    ) {
        let (listener, truth) = told;
        let mut requests = sheet.requests.iter().peekable();
        for script in &sheet.calls {
            while let Some(request) = requests.next_if(|request| request.at_us <= script.at_us) {
                self.until(request.at_us, cast, ledger, listener, truth);
                self.request(request, cast, listener);
            }
            self.until(script.at_us, cast, ledger, listener, truth);
            self.begin(script, cast, listener);
        }
        for request in requests {
            self.until(request.at_us, cast, ledger, listener, truth);
            self.request(request, cast, listener);
        }
    }

    /// Plays every step that is due by `at_us`.
    pub(crate) fn until(
        &mut self,
        at_us: u64,
        cast: &Cast,
        ledger: &mut Ledger,
        listener: &mut impl Listener,
        truth: &mut impl Truth,
    ) {
        while let Some(&Reverse((due_us, token, slot, next))) = self.due.peek() {
            if due_us > at_us {
                break;
            }
            self.due.pop();
            self.moment(due_us, listener);
            let Some(Live { script, words }) = self.live.get(slot as usize) else { continue };
            let (step, after) = match (next, script.answer_us()) {
                (Move::Ring, Some(answer_us)) => (Step::Ringing, Some((answer_us, Move::Answer))),
                (Move::Ring, None) => (Step::Ringing, Some((script.end_us(), Move::End))),
                (Move::Answer, _) => (Step::Answered, Some((script.end_us(), Move::End))),
                (Move::End, _) => (Step::Ended, None),
            };
            let record = words.record(script, cast, Some(next));
            let at = nanos(due_us);
            listener.step(step, at, &record);
            match after {
                Some((then_us, then)) => self.due.push(Reverse((then_us, token, slot, then))),
                None => {
                    let streams =
                        if self.with_media { media::streams(script, cast, record.call_id) } else { Vec::new() };
                    listener.record(&CallRecord { media: &streams, ..record });
                    let call = CallTruth::of(script, record.call_id, cast);
                    ledger.call(&call);
                    truth.call(&call);
                    self.free.push(slot);
                }
            }
        }
    }

    fn begin(&mut self, script: &Script, cast: &Cast, listener: &mut impl Listener) {
        self.moment(script.at_us, listener);
        let slot = self.free.pop().unwrap_or_else(|| {
            self.live.push(Live { script: *script, words: Words::default() });
            self.live.len() as u32 - 1
        });
        let Some(live) = self.live.get_mut(slot as usize) else { return };
        live.script = *script;
        live.words.write(script, cast);
        listener.step(Step::Invited, nanos(script.at_us), &live.words.record(script, cast, None));
        let (then_us, then) = match (script.ring_after_us, script.answer_us()) {
            (Some(ring), _) => (script.at_us + u64::from(ring), Move::Ring),
            (None, Some(answer_us)) => (answer_us, Move::Answer),
            (None, None) => (script.end_us(), Move::End),
        };
        self.due.push(Reverse((then_us, script.token, slot, then)));
    }

    fn request(&mut self, request: &Request, cast: &Cast, listener: &mut impl Listener) {
        let at_us = request.at_us + u64::from(request.after_us.unwrap_or(0));
        self.moment(at_us, listener);
        let user = &mut self.user;
        write_user(request.user, user);
        let (source, destination) = cast.path(request.trunk, request.gate);
        listener.exchange(&Exchange {
            kind: request.kind,
            verdict: request.verdict,
            at: nanos(request.at_us),
            answered_at: request.after_us.map(|_| nanos(at_us)),
            status: request.status(),
            source,
            destination,
            user,
            user_agent: cast.agent(request.stack),
            dialog: request.token,
            credentials: request.credentials,
            retransmissions: 0,
        });
    }

    fn moment(&mut self, at_us: u64, listener: &mut impl Listener) {
        self.frame += 1;
        listener.moment(Moment { at: nanos(at_us), frame: self.frame });
    }
}

impl Words {
    fn write(&mut self, script: &Script, cast: &Cast) {
        call_id(script, cast, &mut self.call_id);
        self.caller.clear();
        if let Some(user) = script.caller {
            write_user(user, &mut self.caller);
        }
        write_user(script.callee, &mut self.callee);
        self.passage = passage(script, cast);
        self.origin_id.clear();
        if script.attest.is_some() {
            origin_id(&cast.stack_of(script.stack), &mut self.origin_id);
        }
        self.diversion.clear();
        if let Some(number) = script.diverted_by {
            write_user(User::Number(number), &mut self.diversion);
        }
    }

    /// The record as it is known after a move; `None` is the INVITE.
    fn record<'a>(&'a self, script: &Script, cast: &'a Cast, after: Option<Move>) -> CallRecord<'a> {
        let (source, destination) = cast.path(script.trunk, script.gate);
        let rang = script.ring_after_us.filter(|_| after.is_some());
        let answered = script.answer_us().filter(|_| matches!(after, Some(Move::Answer | Move::End)));
        let over = after == Some(Move::End);
        // Who withholds the number withholds the name.
        let display = cast.display(script.display.filter(|_| script.caller.is_some()));
        CallRecord {
            invite_at: Some(nanos(script.at_us)),
            ring_at: rang.map(|after| nanos(script.at_us + u64::from(after))),
            answer_at: answered.map(nanos),
            end_at: over.then(|| nanos(script.end_us())),
            outcome: if over { outcome(script.fate) } else { Outcome::Incomplete },
            status: (over || answered.is_some()).then(|| script.status()),
            ended_by: over.then(|| ended_by(script.fate)),
            caller: Party { number: script.caller.and_then(read), raw: &self.caller, display },
            caller_from: match script.caller {
                None => CallerFrom::Withheld,
                Some(_) if cast.asserts(script.trunk) => CallerFrom::Asserted,
                Some(_) => CallerFrom::From,
            },
            callee: Party { number: read(script.callee), raw: &self.callee, display: &[] },
            user_agent: cast.agent(script.stack),
            stack: Some(cast.fingerprint(script.stack, script.trunk)),
            attestation: script.attest,
            passage: self.passage.as_ref(),
            // Its PASSporTs say what its calls say, and nobody has the certificate.
            signature: script.attest.map(|_| Signature {
                signer: CERTIFICATE.as_bytes(),
                origin_id: &self.origin_id,
                proof: Proof::Unchecked,
            }),
            diversion: &self.diversion,
            messages: messages(script.fate),
            ..CallRecord::new(&self.call_id, source, destination)
        }
    }
}

/// The number that greyline reads in a user part without a dial plan.
fn read(user: User) -> Option<E164> {
    match user {
        User::Number(number) => Some(number),
        User::Digits(..) => {
            let mut written = Vec::new();
            write_user(user, &mut written);
            numbers::read(&written, &Plan::default(), None).number()
        }
        User::Word(_) => None,
    }
}

fn nanos(at_us: u64) -> Nanos {
    Nanos::new(at_us * 1_000)
}

/// Writes the Call-ID of a call's first leg.
pub(crate) fn call_id(script: &Script, cast: &Cast, out: &mut Vec<u8>) {
    let (source, _) = cast.path(script.trunk, script.gate);
    out.clear();
    tokens::call_id(cast.maker(script.stack, script.trunk), script.token, source, out);
}

/// Writes a user part as it stands in a URI.
pub(crate) fn write_user(user: User, out: &mut Vec<u8>) {
    out.clear();
    match user {
        User::Number(number) => {
            out.push(b'+');
            tokens::decimal(number.reveal(), out);
        }
        User::Digits(value, digits) => {
            let written = value.checked_ilog10().map_or(1, |log| log + 1);
            out.extend((written..u32::from(digits)).map(|_| b'0'));
            tokens::decimal(value, out);
        }
        User::Word(word) => out.extend_from_slice(word.as_bytes()),
    }
}

/// What becomes of the caller's identity on the second leg, where the tap sees one: it shows the other number, and is signed and
/// diverted as the first is.
fn passage(script: &Script, cast: &Cast) -> Option<Passage> {
    cast.find(script.trunk).filter(|trunk| trunk.second_leg)?;
    let (_, border) = cast.path(script.trunk, script.gate);
    let first = script.caller.and_then(read);
    let second = script.other_leg.or(first).filter(|_| first.is_some() && script.diverted_by.is_none());
    let changed =
        first.zip(second).map(|(first, second)| first.reveal() % 100_000_000 != second.reveal() % 100_000_000);
    Some(Passage {
        destination: inside(border).ip,
        caller_changed: changed,
        caller_shown: second.filter(|_| changed == Some(true)),
        identity_lost: script.attest.map(|_| false),
        diversion_lost: script.diverted_by.map(|_| false),
    })
}

/// What the call room says of such an end.
fn outcome(fate: Fate) -> Outcome {
    match fate {
        Fate::Answered { .. } => Outcome::Answered,
        Fate::Cancelled { .. } => Outcome::Cancelled,
        Fate::Refused { status: 408 | 480, .. } => Outcome::NoAnswer,
        Fate::Refused { status: 486 | 600, .. } => Outcome::Busy,
        Fate::Refused { status: 401 | 403 | 407 | 488 | 603 | 606..=608, .. } => Outcome::Rejected,
        Fate::Refused { .. } => Outcome::Failed,
    }
}

fn ended_by(fate: Fate) -> EndedBy {
    match fate {
        Fate::Answered { by, .. } => EndedBy::Person(by),
        Fate::Cancelled { .. } => EndedBy::Person(Side::Caller),
        Fate::Refused { status: 480 | 486 | 488 | 600 | 603 | 606..=608, .. } => EndedBy::Person(Side::Callee),
        Fate::Refused { .. } => EndedBy::Network,
    }
}

/// SIP messages of a call in which nothing is sent again.
fn messages(fate: Fate) -> u32 {
    match fate {
        // INVITE 100 180 200 ACK BYE 200, and INVITE 100 180 CANCEL 200 487 ACK.
        Fate::Answered { .. } | Fate::Cancelled { .. } => 7,
        // INVITE 100 final ACK.
        Fate::Refused { .. } => 4,
    }
}
