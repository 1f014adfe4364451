//! Where datagrams and stretches are sorted by what they carry and handed to the rooms that read it.

mod control;
mod headers;
mod listening;

use audio::Ears;
use call::{CallId, Calls, Heard, Listener, Media, Sent, Voice};
use gateway::Endpoints;
use rtp::{Header, Kind, StreamId, StreamKey, Stun};
use sip::sdp::{Memo, Sdp};
use sip::{Content, Defect, HeaderName, Message, StartLine};
use types::{Endpoint, Moment, Nanos, Transport};
use wire::{ConnectionId, Datagram, Stretch, Take, Taker};

use crate::readers::{Found, Readers, Said};
use crate::traffic::{Carrier, Traffic};
pub(crate) use control::is_of_no_call;
pub(crate) use headers::Headers;

/// The tables behind the decoder.
pub(crate) struct Desk {
    pub(crate) calls: Calls,
    pub(crate) media: Media,
    /// Where other signalling than SIP announced media.
    pub(crate) endpoints: Endpoints,
    pub(crate) traffic: Traffic,
    pub(crate) readers: Readers,
    /// Who listens to what is said, where the tap may.
    pub(crate) ears: Ears<Voice>,
    /// What is told of RTP headers.
    pub(crate) headers: Headers,
    described: Memo,
    /// What the frame in hand has already been counted for.
    frame: Counted,
}

/// What a frame has been counted for: each at most once.
#[derive(Clone, Copy, Debug, Default)]
struct Counted {
    sip: bool,
    sdp: bool,
    gateway: bool,
}

/// Who sent what to whom, when.
#[derive(Clone, Copy)]
struct Envelope {
    at: Nanos,
    source: Endpoint,
    destination: Endpoint,
    /// Bytes at the end that the capture cut off.
    missing: u16,
    duplicate: bool,
    in_esp: bool,
}

impl Desk {
    pub(crate) fn new(calls: Calls, media: Media, (ears, headers): (Ears<Voice>, Headers), seed: u64) -> Self {
        let (endpoints, traffic) = (Endpoints::new(seed), Traffic::new());
        let (readers, described) = (Readers::default(), Memo::default());
        Self { calls, media, endpoints, traffic, readers, ears, headers, described, frame: Counted::default() }
    }

    /// Begins a frame that may hold something to tell.
    pub(crate) fn begin_frame(&mut self, at: Nanos, listener: &mut impl Listener) {
        self.frame = Counted::default();
        listener.moment(Moment { at, frame: self.traffic.frames });
    }

    fn on_datagram(&mut self, datagram: &Datagram<'_>, listener: &mut impl Listener) {
        let &Datagram { at, source, destination, payload, missing, duplicate, in_esp, .. } = datagram;
        let envelope = Envelope { at, source, destination, missing, duplicate, in_esp };
        // RTP and RTCP have the top bit set, text has not: no payload is looked at twice.
        if payload.first().is_some_and(u8::is_ascii) {
            let mut message = Message::unread();
            match message.read(payload) {
                Ok(()) => {
                    let carrier = if datagram.transport == Transport::Sctp { Carrier::Sctp } else { Carrier::Udp };
                    return self.on_sip(&envelope, carrier, (&message, payload), listener);
                }
                Err(Content::KeepAlive) => {
                    self.traffic.sip.keep_alives += 1;
                    return;
                }
                Err(_) => {}
            }
        }
        self.headers.missing = missing;
        self.on_media(&envelope, payload);
    }

    /// A message, and the bytes it was read from.
    fn on_sip(
        &mut self,
        envelope: &Envelope,
        carrier: Carrier,
        (message, bytes): (&Message<'_>, &[u8]),
        listener: &mut impl Listener,
    ) {
        let sip = &mut self.traffic.sip;
        if !is_of_a_dialog(message) {
            sip.malformed += 1;
            return;
        }
        let call_id = self.calls.call_id(message).filter(|_| !cuts_call_id(envelope, carrier, message));
        if let Some(memory) = call_id.as_ref().and_then(|call_id| self.calls.look_ahead(call_id)) {
            link::ask_for_all(memory);
        }
        let mut sdp = Sdp::unread();
        let sdp = message.description().filter(|body| sdp.read_with(body, &mut self.described).is_ok()).map(|_| &sdp);
        if envelope.in_esp {
            sip.in_esp += 1;
        } else {
            self.count_sip(envelope, carrier, message, call_id, sdp.is_some());
        }
        if !envelope.duplicate {
            let &Envelope { at, source, destination, .. } = envelope;
            if listener.keeps_messages() {
                let call_id = call_id.map_or(&[][..], |id| id.bytes());
                let alone = matches!(carrier, Carrier::Udp | Carrier::Sctp);
                listener.sent(&Sent { at, source, destination, call_id, bytes, alone });
            }
            let heard = Heard { at, source, destination, message, call_id, sdp };
            self.calls.on_message(&heard, &mut self.media, listener);
        }
    }

    fn count_sip(
        &mut self,
        envelope: &Envelope,
        carrier: Carrier,
        message: &Message<'_>,
        call_id: Option<CallId<'_>>,
        has_sdp: bool,
    ) {
        let sip = &mut self.traffic.sip;
        if !std::mem::replace(&mut self.frame.sip, true) {
            sip.on_packet(carrier, envelope.source.ip.is_v4());
        }
        if has_sdp && !std::mem::replace(&mut self.frame.sdp, true) {
            sip.sdp_bodies += 1;
        }
        sip.messages += 1;
        sip.cut += u64::from(envelope.missing > 0);
        match *message.start() {
            StartLine::Request { method, token, .. } => sip.on_request(method, token),
            StartLine::Response { code, .. } => sip.on_response(code),
        }
        match call_id.filter(|_| !message.headers().repeats(HeaderName::CallId)) {
            // It was counted with the first message of its call, unless that lay in ESP.
            Some(call_id) if call_id.is_known() && sip.in_esp == 0 => {}
            Some(call_id) => sip.call_ids.add(call_id.hash()),
            None if cuts_call_id(envelope, carrier, message) => {}
            None => message.headers().all(HeaderName::CallId).for_each(|id| sip.call_ids.add(self.calls.hash(id))),
        }
    }

    fn on_media(&mut self, envelope: &Envelope, payload: &[u8]) {
        let &Envelope { source, destination, .. } = envelope;
        match rtp::demux(payload) {
            Kind::Rtcp if !self.is_media_after_all(envelope, payload) => self.on_rtcp(envelope, payload),
            Kind::Rtp | Kind::Rtcp => {
                let Some(header) = Header::read(payload, envelope.missing) else { return };
                let key = StreamKey::new(source, destination, header.ssrc);
                self.on_rtp(envelope.at, envelope.duplicate, &key, &header, payload);
            }
            Kind::Stun => self.on_stun(envelope, payload),
            Kind::Dtls => self.traffic.dtls_packets += 1,
            Kind::Zrtp => self.traffic.zrtp_packets += 1,
            Kind::TurnChannel => {
                self.traffic.turn_packets += 1;
                // What a relay forwards is media between the same two ends; a channel never holds another channel.
                match rtp::channel_payload(payload).map(|inside| (rtp::demux(inside), inside)) {
                    Some((Kind::TurnChannel, _)) | None => {}
                    Some((Kind::Stun, inside)) => self.on_stun_in_channel(envelope, inside),
                    Some((_, inside)) => self.on_media(envelope, inside),
                }
            }
            Kind::Other => self.on_other(envelope, payload),
        }
    }

    /// Sees what a STUN message says of media. What an indication carries is media between the relay's client and its peer; one never
    /// carries another.
    #[cold]
    fn on_stun(&mut self, envelope: &Envelope, payload: &[u8]) {
        self.traffic.stun_packets += 1;
        let &Envelope { source, destination, .. } = envelope;
        match Stun::read(payload) {
            Some(Stun::Check { receiver, sender }) if !envelope.duplicate => {
                self.calls.on_check((Some(source), sender), (Some(destination), receiver), &mut self.media);
            }
            Some(Stun::Relayed { peer, to_peer, payload: inside }) => {
                self.traffic.turn_packets += 1;
                let (source, destination) = if to_peer { (source, peer) } else { (peer, destination) };
                let carried = Envelope { source, destination, ..*envelope };
                match (rtp::demux(inside), Stun::read(inside)) {
                    (Kind::Stun, Some(Stun::Check { .. })) => self.on_stun(&carried, inside),
                    (Kind::Stun | Kind::TurnChannel, _) => {}
                    _ => self.on_media(&carried, inside),
                }
            }
            _ => {}
        }
    }

    /// A check of ICE in a channel of TURN. The relay's end of it is the same for all its clients; its port is below theirs, since
    /// those are handed out (RFC 8656 §5, RFC 6056).
    #[cold]
    fn on_stun_in_channel(&mut self, envelope: &Envelope, inside: &[u8]) {
        self.traffic.stun_packets += 1;
        let &Envelope { source, destination, .. } = envelope;
        if let Some(Stun::Check { receiver, sender }) = Stun::read(inside) {
            let from_client = source.port > destination.port;
            let (source, destination) = (Some(source), Some(destination));
            let [source, destination] = if from_client { [source, None] } else { [None, destination] };
            self.calls.on_check((source, sender), (destination, receiver), &mut self.media);
        }
    }

    /// Whether what looks like feedback or an extended report is RTP of type 77 to 79 with the marker (RFC 5761 §4): where media flows
    /// and signalling says what the type means.
    fn is_media_after_all(&self, envelope: &Envelope, payload: &[u8]) -> bool {
        let &Envelope { source, destination, .. } = envelope;
        payload
            .get(1)
            .is_some_and(|&kind| matches!(kind, 205..=207) && self.calls.has_named(source, destination, kind & 0x7f))
    }

    /// Counts an RTP packet into its stream; opens the stream when signalling announced it or enough packets speak for it.
    ///
    /// Whatever is rare gets copies of key and header, so that they themselves can stay in registers.
    #[inline(always)]
    pub(crate) fn on_rtp(&mut self, at: Nanos, duplicate: bool, key: &StreamKey, header: &Header, payload: &[u8]) {
        let Some((id, owner)) = self.media.streams.at(key) else {
            if !duplicate {
                self.on_new_rtp(at, *key, *header, payload);
            }
            return;
        };
        let signalled = !is_of_no_call(owner) || self.was_announced(at, id, *key, *header);
        self.traffic.rtp_packets += u64::from(signalled);
        self.traffic.rtp_heuristic_packets += 1;
        if !duplicate {
            self.media.streams.update(id, at, header);
            self.look_at(at, id, key, header, payload);
        }
    }

    #[cold]
    #[inline(never)]
    fn on_new_rtp(&mut self, at: Nanos, key: StreamKey, header: Header, payload: &[u8]) {
        let (key, header) = (&key, &header);
        let opened = self.calls.open_stream(key, at, header, &mut self.media);
        let opened = opened.or_else(|| self.open_elsewhere(at, key, header));
        let Self { calls, media, traffic, .. } = self;
        if let Some(id) = opened {
            traffic.rtp_packets += 1;
            traffic.rtp_streams += 1;
            traffic.rtp_heuristic_packets += 1;
            traffic.rtp_heuristic_streams += 1;
            media.streams.update(id, at, header);
            self.attend(at, id);
            self.look_at(at, id, key, header, payload);
        } else if let Some(found) = media.heuristic.offer(key, at, header, payload)
            && calls.open_found(&found, media).is_some()
        {
            traffic.rtp_heuristic_packets += found.packets().count() as u64;
            traffic.rtp_heuristic_streams += 1;
        }
    }

    /// A stream begins, or is found to be a call's: whoever wants to see its packets will.
    fn attend(&mut self, at: Nanos, id: StreamId) {
        if self.ears.may_listen() {
            self.lend_an_ear(at, id);
        }
        if self.headers.are_wanted() {
            self.want_headers(id);
        }
    }

    /// Lets those see a packet who want to.
    #[inline(always)]
    fn look_at(&mut self, at: Nanos, id: StreamId, key: &StreamKey, header: &Header, payload: &[u8]) {
        if self.ears.may_listen() {
            self.listen(at, id, *header, payload);
        }
        if self.headers.are_wanted() {
            self.keep_header(at, id, *key, payload);
        }
    }

    fn on_rtcp(&mut self, envelope: &Envelope, payload: &[u8]) {
        let &Envelope { at, source, destination, duplicate, .. } = envelope;
        let Ok(compound) = rtp::Compound::parse(payload) else { return };
        self.traffic.rtcp_packets += 1;
        let of_a_call = self.calls.on_rtcp(at, source, destination, &self.media);
        if of_a_call || self.endpoints.expects_rtcp(at, source, destination) {
            self.traffic.rtcp_announced_packets += 1;
        }
        if !duplicate {
            self.media.reports.observe(at, source, destination, &compound);
        }
    }

    fn on_stretch(&mut self, stretch: &Stretch<'_>, listener: &mut impl Listener) -> Take {
        let &Stretch { at, source, destination, in_esp, .. } = stretch;
        let envelope = Envelope { at, source, destination, missing: 0, duplicate: false, in_esp };
        let mut found = Found::default();
        let mut readers = std::mem::take(&mut self.readers);
        let take = readers.read(stretch, &mut found, &mut |said| match said {
            Said::Sip(carrier, bytes) => {
                let mut message = Message::unread();
                match message.read_known(bytes) {
                    Ok(()) => self.on_sip(&envelope, carrier, (&message, bytes), listener),
                    Err(_) => self.traffic.sip.malformed += 1,
                }
            }
            Said::Read(carrier, message, bytes) => self.on_sip(&envelope, carrier, (message, bytes), listener),
            Said::Control(control) => self.on_control(&envelope, &control),
        });
        self.readers = readers;
        self.traffic.sip.keep_alives += found.keep_alives;
        self.traffic.sip.encrypted += u64::from(found.encrypted);
        self.traffic.sip.bodies_cut += found.bodies_cut;
        self.traffic.sip.compressed += u64::from(found.unread.compressed);
        self.traffic.sip.oversized += u64::from(found.unread.oversized);
        take
    }
}

/// Whether a message has any of the header fields that every message must have (RFC 3261 §8.1.1). A start line alone
/// proves nothing: it may stand in a web page, or open a reply made to confuse whoever watches.
fn is_of_a_dialog(message: &Message<'_>) -> bool {
    let required = [HeaderName::CallId, HeaderName::CSeq, HeaderName::Via, HeaderName::From, HeaderName::To];
    required.into_iter().any(|name| message.headers().has(name))
}

/// Whether the capture, or a gap in a stream, cut a message within its Call-ID: how that goes on nobody knows.
fn cuts_call_id(envelope: &Envelope, carrier: Carrier, message: &Message<'_>) -> bool {
    message.defects().has(Defect::HeadersOpen)
        && (envelope.missing > 0 || carrier == Carrier::Tcp)
        && message.headers().ends_within(HeaderName::CallId)
}

/// The desk while somebody listens.
pub(crate) struct Open<'w, L> {
    pub(crate) desk: &'w mut Desk,
    pub(crate) listener: &'w mut L,
}

impl<L: Listener> Taker for Open<'_, L> {
    fn datagram(&mut self, datagram: &Datagram<'_>) {
        self.desk.on_datagram(datagram, self.listener);
    }

    fn stretch(&mut self, stretch: &Stretch<'_>) -> Take {
        self.desk.on_stretch(stretch, self.listener)
    }

    fn closed(&mut self, connection: ConnectionId) {
        self.desk.readers.closed(connection);
    }
}
