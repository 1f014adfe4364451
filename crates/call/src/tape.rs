//! What was told, written down, to be told again on another thread.
//!
//! A [`Listener`] is told in borrowed words, which end with the call that says them. A tape keeps them: every text lies in one run of
//! bytes, everything else beside it, and a tape that was cleared keeps its room. So what a call tells costs no allocation of its own.

use audio::Excerpt;
use sip::passport::Proof;
use types::{Coverage, E164, Moment, Nanos};

use crate::exchange::Exchange;
use crate::listener::{CallRecord, Identities, Listener, MediaRecord, Party, Signature, Step};
use crate::{Passage, Side};

/// Words from which on a tape is full.
const WORDS_MAX: usize = 2_048;
/// Bytes of texts from which on it is.
const BYTES_MAX: usize = 1 << 20;

/// A text of the tape.
#[derive(Clone, Copy, Debug, Default)]
struct Span {
    from: usize,
    length: usize,
}

/// Some of a list of the tape, one after another.
#[derive(Clone, Copy, Debug, Default)]
struct Run {
    from: usize,
    count: usize,
}

/// A call as it was told, its texts apart.
#[derive(Debug)]
struct Held {
    call: CallRecord<'static>,
    call_id: Span,
    caller: [Span; 2],
    callee: [Span; 2],
    user_agent: Span,
    diversion: Span,
    signature: Option<([Span; 2], Proof)>,
    identities: Option<(Run, [Option<E164>; 2])>,
    passage: Option<Passage>,
    legs: Run,
    media: Run,
}

/// A word, by the places of what it is about.
#[derive(Clone, Copy, Debug)]
enum Word {
    Moment(Moment),
    Step(Step, Nanos, usize),
    Heard(Nanos, usize, Side, usize, bool),
    Exchange(usize),
    Coverage(Coverage),
    Record(usize),
}

/// Words of a [`crate::Calls`] and of who works beside it.
#[derive(Debug, Default)]
pub struct Tape {
    words: Vec<Word>,
    calls: Vec<Held>,
    exchanges: Vec<(Exchange<'static>, [Span; 2])>,
    excerpts: Vec<Excerpt>,
    media: Vec<(MediaRecord<'static>, Span)>,
    pieces: Vec<Span>,
    bytes: Vec<u8>,
}

impl Tape {
    /// Whether it is time to hand it on.
    #[must_use]
    pub const fn is_full(&self) -> bool {
        self.words.len() >= WORDS_MAX || self.bytes.len() >= BYTES_MAX
    }

    /// Whether nothing was told.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// Forgets what was told, and keeps the room it took.
    pub fn clear(&mut self) {
        self.words.clear();
        self.calls.clear();
        self.exchanges.clear();
        self.excerpts.clear();
        self.media.clear();
        self.pieces.clear();
        self.bytes.clear();
    }

    /// Tells everything again, in its order.
    pub fn play(&self, listener: &mut impl Listener) {
        for &word in &self.words {
            match word {
                Word::Moment(moment) => listener.moment(moment),
                Word::Step(step, at, call) => self.with(call, |call| listener.step(step, at, call)),
                Word::Heard(at, call, side, excerpt, whole) => self.with(call, |call| {
                    if let Some(excerpt) = self.excerpts.get(excerpt) {
                        listener.heard(at, call, side, excerpt, whole);
                    }
                }),
                Word::Exchange(exchange) => {
                    if let Some((exchange, [user, user_agent])) = self.exchanges.get(exchange) {
                        let (user, user_agent) = (self.text(*user), self.text(*user_agent));
                        listener.exchange(&Exchange { user, user_agent, ..*exchange });
                    }
                }
                Word::Coverage(seen) => listener.coverage(&seen),
                Word::Record(call) => self.with(call, |call| listener.record(call)),
            }
        }
    }

    /// Puts a call together as it was told.
    fn with(&self, call: usize, tell: impl FnOnce(&CallRecord<'_>)) {
        let Some(held) = self.calls.get(call) else { return };
        let party = |party: Party<'static>, [raw, display]: [Span; 2]| Party {
            raw: self.text(raw),
            display: self.text(display),
            ..party
        };
        let legs: Vec<_> = self.texts(held.legs).collect();
        let media = self.media.get(held.media.from..).unwrap_or_default().iter().take(held.media.count);
        let media = media.map(|(media, leg)| MediaRecord { leg: self.text(*leg), ..media.clone() });
        let media: Vec<_> = media.collect();
        let values: Vec<_> = held.identities.map_or_else(Vec::new, |(values, _)| self.texts(values).collect());
        let identities = held.identities.map(|(_, [from, to])| Identities { values: &values, from, to });
        let signature = held.signature.map(|([signer, origin_id], proof)| Signature {
            signer: self.text(signer),
            origin_id: self.text(origin_id),
            proof,
        });
        tell(&CallRecord {
            call_id: self.text(held.call_id),
            caller: party(held.call.caller, held.caller),
            callee: party(held.call.callee, held.callee),
            user_agent: self.text(held.user_agent),
            diversion: self.text(held.diversion),
            signature,
            identities: identities.as_ref(),
            passage: held.passage.as_ref(),
            legs: &legs,
            media: &media,
            ..held.call
        });
    }

    fn text(&self, span: Span) -> &[u8] {
        self.bytes.get(span.from..).and_then(|rest| rest.get(..span.length)).unwrap_or_default()
    }

    fn texts(&self, run: Run) -> impl Iterator<Item = &[u8]> {
        self.pieces.get(run.from..).unwrap_or_default().iter().take(run.count).map(|&span| self.text(span))
    }

    fn keep(&mut self, text: &[u8]) -> Span {
        let from = self.bytes.len();
        self.bytes.extend_from_slice(text);
        Span { from, length: text.len() }
    }

    fn keep_all(&mut self, texts: &[&[u8]]) -> Run {
        let from = self.pieces.len();
        for text in texts {
            let span = self.keep(text);
            self.pieces.push(span);
        }
        Run { from, count: texts.len() }
    }

    /// Writes a call down; its place.
    fn hold(&mut self, call: &CallRecord<'_>) -> usize {
        let media = Run { from: self.media.len(), count: call.media.len() };
        for stream in call.media {
            let leg = self.keep(stream.leg);
            let MediaRecord { leg: _, from, source, destination, ssrc, ref figures, ref course, rtcp, score } = *stream;
            let (figures, course) = (figures.clone(), course.clone());
            self.media
                .push((MediaRecord { leg: &[], from, source, destination, ssrc, figures, course, rtcp, score }, leg));
        }
        let identities = call.identities.map(|said| (self.keep_all(said.values), [said.from, said.to]));
        let signature = call.signature.map(|by| ([self.keep(by.signer), self.keep(by.origin_id)], by.proof));
        let held = Held {
            call_id: self.keep(call.call_id),
            caller: [self.keep(call.caller.raw), self.keep(call.caller.display)],
            callee: [self.keep(call.callee.raw), self.keep(call.callee.display)],
            user_agent: self.keep(call.user_agent),
            diversion: self.keep(call.diversion),
            signature,
            identities,
            passage: call.passage.copied(),
            legs: self.keep_all(call.legs),
            media,
            call: without_texts(call),
        };
        self.calls.push(held);
        self.calls.len() - 1
    }
}

/// What of a call is no text and nothing borrowed.
fn without_texts(call: &CallRecord<'_>) -> CallRecord<'static> {
    let party = |party: &Party<'_>| Party { number: party.number, raw: &[], display: &[] };
    CallRecord {
        call_id: &[],
        call_id_shared: call.call_id_shared,
        invite_at: call.invite_at,
        ring_at: call.ring_at,
        answer_at: call.answer_at,
        end_at: call.end_at,
        end_known_at: call.end_known_at,
        set_up_unknown: call.set_up_unknown,
        outcome: call.outcome,
        status: call.status,
        q850: call.q850,
        ended_by: call.ended_by,
        roles_unknown: call.roles_unknown,
        caller: party(&call.caller),
        caller_from: call.caller_from,
        callee: party(&call.callee),
        source: call.source,
        destination: call.destination,
        user_agent: &[],
        stack: call.stack,
        attestation: call.attestation,
        signature: None,
        identities: None,
        passage: None,
        diversion: &[],
        media_hidden: call.media_hidden,
        messages: call.messages,
        retransmissions: call.retransmissions,
        legs: &[],
        media: &[],
    }
}

impl Listener for Tape {
    fn moment(&mut self, moment: Moment) {
        self.words.push(Word::Moment(moment));
    }

    fn step(&mut self, step: Step, at: Nanos, call: &CallRecord<'_>) {
        let call = self.hold(call);
        self.words.push(Word::Step(step, at, call));
    }

    fn heard(&mut self, at: Nanos, call: &CallRecord<'_>, side: Side, excerpt: &Excerpt, whole: bool) {
        let call = self.hold(call);
        self.excerpts.push(excerpt.clone());
        self.words.push(Word::Heard(at, call, side, self.excerpts.len() - 1, whole));
    }

    fn exchange(&mut self, exchange: &Exchange<'_>) {
        let texts = [self.keep(exchange.user), self.keep(exchange.user_agent)];
        let Exchange {
            kind,
            verdict,
            at,
            answered_at,
            status,
            source,
            destination,
            dialog,
            credentials,
            retransmissions,
            ..
        } = *exchange;
        let held = Exchange {
            kind,
            verdict,
            at,
            answered_at,
            status,
            source,
            destination,
            user: &[],
            user_agent: &[],
            dialog,
            credentials,
            retransmissions,
        };
        self.exchanges.push((held, texts));
        self.words.push(Word::Exchange(self.exchanges.len() - 1));
    }

    fn coverage(&mut self, seen: &Coverage) {
        self.words.push(Word::Coverage(*seen));
    }

    fn record(&mut self, record: &CallRecord<'_>) {
        let record = self.hold(record);
        self.words.push(Word::Record(record));
    }
}
