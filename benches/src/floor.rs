//! The floor: the least work that can be called reading telephone traffic, so that greyline's own cost has a measure.
//!
//! One pass over a pcap in memory: records, Ethernet with tags, IP, UDP; the SIP lines a call table cannot do without;
//! RTP loss and jitter by RFC 3550. It leaves alone everything that makes a tap right rather than fast: TCP, fragments,
//! tunnels, options, folding, damaged input, clock rates other than 8 kHz, timers, limits, forgetting, output.

mod index;
mod message;
mod packet;
mod streams;

use index::Index;
use message::{Message, Method};
use packet::{Kind, Records};
use streams::{Arrival, Streams};

pub use packet::NotACapture;

/// Frames looked at before the first table is touched: enough for their cache misses to overlap, few enough for the
/// arrivals to stay in the first-level cache.
const BATCH: usize = 64;

/// What was seen, added up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// Records of the file.
    pub frames: u64,
    /// RTP packets.
    pub rtp: u64,
    /// SIP messages.
    pub sip: u64,
    /// Calls: Call-IDs with an INVITE.
    pub calls: u64,
    /// Calls with a final 2xx.
    pub answered: u64,
    /// Calls whose BYE came from the callee.
    pub ended_by_callee: u64,
    /// Milliseconds from INVITE to answer, all calls together.
    pub setup_ms: u64,
    /// Milliseconds from answer to BYE, all calls together.
    pub talk_ms: u64,
    /// RTP streams: both endpoints and the SSRC.
    pub streams: u64,
    /// Streams whose destination an SDP body had named.
    pub signalled: u64,
    /// Milliseconds from the first packet to the last, all streams together.
    pub speech_ms: u64,
    /// RTP packets expected and not received (RFC 3550 §A.3), over all streams.
    pub lost: u64,
    /// Mean of the last interarrival jitter of all streams (RFC 3550 §A.8), in microseconds.
    pub jitter_us: u64,
}

/// A call as its messages made it.
#[derive(Clone, Copy, Debug, Default)]
struct Call {
    invite_at: u64,
    answer_at: u64,
    end_at: u64,
    from_tag: u64,
    to_tag: u64,
    contact: u64,
    media: [u64; 2],
    cseq: u32,
    messages: u32,
    status: u16,
    ended_by_callee: bool,
}

/// The tables. They only grow.
#[derive(Debug)]
pub struct Floor {
    calls: Vec<Call>,
    by_call_id: Index,
    by_media: Index,
    streams: Streams,
    totals: Totals,
}

impl Default for Floor {
    fn default() -> Self {
        Self::new()
    }
}

impl Floor {
    /// Empty tables.
    #[must_use]
    pub fn new() -> Self {
        Self {
            calls: Vec::new(),
            by_call_id: Index::new(),
            by_media: Index::new(),
            streams: Streams::new(),
            totals: Totals::default(),
        }
    }

    /// Reads a whole capture: classic pcap of this machine's byte order, Ethernet.
    ///
    /// # Errors
    /// [`NotACapture`] when it is something else.
    pub fn read(&mut self, capture: &[u8]) -> Result<(), NotACapture> {
        let mut records = Records::of(capture)?;
        let mut arrivals = Vec::with_capacity(BATCH);
        let mut messages: Vec<(u64, Message)> = Vec::with_capacity(BATCH);
        loop {
            let mut frames = 0;
            for (at, frame) in records.by_ref().take(BATCH) {
                frames += 1;
                let Some(datagram) = packet::datagram(frame) else { continue };
                match packet::kind(datagram.payload) {
                    Kind::Rtp(header) => arrivals.push(self.streams.arrival(at, &datagram, header)),
                    Kind::Text => messages.extend(message::scan(datagram.payload).map(|message| (at, message))),
                    Kind::Other => {}
                }
            }
            if frames == 0 {
                return Ok(());
            }
            self.totals.frames += frames;
            self.on_messages(&messages);
            self.on_arrivals(&mut arrivals);
            messages.clear();
            arrivals.clear();
        }
    }

    /// What was seen so far.
    #[must_use]
    pub fn totals(&self) -> Totals {
        let sums = self.streams.sums();
        let answered = || self.calls.iter().filter(|call| call.answer_at != 0);
        let nanos = |from: u64, to: u64| to.saturating_sub(from);
        Totals {
            calls: self.calls.len() as u64,
            answered: answered().count() as u64,
            ended_by_callee: self.calls.iter().filter(|call| call.ended_by_callee).count() as u64,
            setup_ms: answered().map(|call| nanos(call.invite_at, call.answer_at)).sum::<u64>() / 1_000_000,
            talk_ms: answered().map(|call| nanos(call.answer_at, call.end_at)).sum::<u64>() / 1_000_000,
            streams: sums.streams,
            signalled: sums.signalled,
            speech_ms: sums.speech_ms,
            lost: sums.lost,
            jitter_us: sums.jitter_us,
            ..self.totals
        }
    }

    fn on_messages(&mut self, messages: &[(u64, Message)]) {
        self.totals.sip += messages.len() as u64;
        for (at, message) in messages {
            let next = self.calls.len() as u32;
            let opens = message.status == 0 && message.method == Method::Invite;
            let found = if opens {
                Some(self.by_call_id.find_or_insert(message.call_id, next))
            } else {
                self.by_call_id.find(message.call_id)
            };
            let Some(number) = found else { continue };
            if number == next {
                self.calls.push(Call { invite_at: *at, from_tag: message.from_tag, ..Call::default() });
            }
            let Some(call) = self.calls.get_mut(number as usize) else { continue };
            call.on_message(*at, message);
            for &media in message.media.iter().filter(|&&media| media != 0) {
                self.by_media.set(media, number);
            }
        }
    }

    fn on_arrivals(&mut self, arrivals: &mut [Arrival]) {
        self.totals.rtp += arrivals.len() as u64;
        // A loop that does nothing but load: the misses of the whole batch are under way at once.
        for arrival in arrivals.iter_mut() {
            self.streams.look(arrival);
        }
        for arrival in arrivals.iter() {
            self.streams.on_arrival(arrival, &self.by_media);
        }
        self.streams.reserve(BATCH);
    }
}

impl Call {
    fn on_message(&mut self, at: u64, message: &Message) {
        self.messages += 1;
        self.cseq = self.cseq.max(message.cseq);
        if message.to_tag != 0 {
            self.to_tag = message.to_tag;
        }
        if message.contact != 0 {
            self.contact = message.contact;
        }
        let [first, _] = message.media;
        if first != 0 {
            let [offered, answered] = &mut self.media;
            *(if message.status == 0 { offered } else { answered }) = first;
        }
        match (message.method, message.status) {
            (Method::Invite, 200..) if self.answer_at == 0 => {
                self.status = message.status;
                if message.status < 300 {
                    self.answer_at = at;
                } else {
                    self.end_at = at;
                }
            }
            (Method::Bye | Method::Cancel, 0) => {
                self.end_at = at;
                self.ended_by_callee = message.from_tag != self.from_tag;
            }
            _ => {}
        }
    }
}
