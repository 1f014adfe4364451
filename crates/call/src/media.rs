//! Media of calls: what SDP announces becomes lines of a leg, and a stream between announced endpoints its stream.

use rtp::{Closed, Codec, Content, Found, Full, Header, Heuristic, Reports, StreamId, StreamKey, Streams};
use sip::sdp::{MediaKind, Protocol, Sdp};
use types::Nanos;

use crate::calls::Calls;
use crate::checks::candidates;
use crate::lines::{Binding, Line, LineKind};
use crate::phase::Side;
use crate::rare::{Attached, Finished};

/// The owner of a stream that belongs to no call.
pub const NOBODY: u32 = u32::MAX;

/// The owner of a stream that other signalling than SIP announced: of no call that is known here.
pub const ELSEWHERE: u32 = u32::MAX - 1;

/// The media tables of a worker: its packet path writes them, its calls read them.
#[derive(Debug)]
pub struct Media {
    /// Every stream that is known to be one; the owner is a leg, [`ELSEWHERE`] or [`NOBODY`].
    pub streams: Streams,
    /// What may turn out to be a stream without signalling.
    pub heuristic: Heuristic,
    /// What RTCP reported.
    pub reports: Reports,
}

impl Calls {
    /// Takes the endpoints of one side's session description into its leg.
    pub(crate) fn on_sdp(&mut self, index: u32, side: Side, sdp: &Sdp<'_>, media: &mut Media) {
        let (mut held, mut ice, mut name) = (false, false, None);
        for section in sdp.media().iter().filter(|section| !section.is_rejected()) {
            let kind = match section.protocol() {
                Protocol::Rtp | Protocol::Srtp => LineKind::Rtp,
                Protocol::Udptl => LineKind::Fax,
                _ => continue,
            };
            held |= section.kind() == MediaKind::Audio && section.is_hold();
            ice |= section.has_ice();
            name = name.or_else(|| section.ice_name());
            let codecs = self.common.hold_codecs(section, kind);
            let refused = self.common.codecs.get(codecs).map_or(0, |list| list.refused);
            self.tally.payload_types_refused += u64::from(refused);
            let mut ends = 0;
            let mut add = |end| {
                ends += 1;
                self.add_line(index, Line::new(end, side, codecs), media);
            };
            section.rtp().into_iter().for_each(&mut add);
            if section.has_ice() {
                candidates(section).for_each(add);
                if ends == 0 {
                    self.await_end(index, side, codecs);
                }
            }
            self.common.codecs.release(codecs);
        }
        if let Some(leg) = self.legs.get_mut(index) {
            let [caller, callee] = &mut leg.held;
            *if side == Side::Caller { caller } else { callee } = held;
            if ice {
                leg.rare().ice = true;
            }
        }
        if let Some(name) = name {
            self.on_name(index, side, name);
        }
    }

    pub(crate) fn add_line(&mut self, index: u32, line: Line, media: &mut Media) {
        let Some(leg) = self.legs.get_mut(index) else { return };
        let endpoint = line.endpoint();
        let (count, limit) = (leg.lines().count(), usize::from(self.config.lines_max));
        let known = leg.lines().position(|known| known.endpoint() == endpoint);
        let place = match known {
            Some(place) => place as u8,
            None if count < limit => count as u8,
            None => {
                // The first two lines are those of the first offer and answer; the newest behind them gives way.
                self.tally.lines_replaced += 1;
                let Some(place) = count.checked_sub(1) else { return };
                let place = place as u8;
                if let Some(old) = leg.line(place) {
                    self.bindings.unbind(old.endpoint(), Binding { leg: index, line: place });
                }
                place
            }
        };
        self.common.codecs.hold_again(line.codecs);
        if let Some(old) = leg.set_line(place, line) {
            self.common.codecs.release(old.codecs);
            if { old.codecs } != { line.codecs } {
                self.part_where_types_changed(index, media);
            }
        }
        let before = self.bindings.bind(&self.legs, Binding { leg: index, line: place });
        // Legs of one call may all announce the same endpoints: a box in the middle that leaves the media alone.
        if let Some(before) = before.filter(|before| self.first_of(before.leg) != self.first_of(index)) {
            self.share(endpoint, before, index, media);
        }
    }

    /// Ends the streams whose payload type both sides have given another codec. Lenient: RFC 3264 §8.3.2 forbids it, and some do; what
    /// comes then is another stream, so that no figures are of two codecs.
    #[cold]
    fn part_where_types_changed(&mut self, index: u32, media: &mut Media) {
        let Some(leg) = self.legs.get(index) else { return };
        let meaning = |side: Side, payload_type: u8| {
            let lists =
                leg.lines().filter(|line| line.side == side).filter_map(|line| self.common.codecs.get(line.codecs));
            let mut lists = lists.filter(|list| list.kind == LineKind::Rtp);
            lists.next().map(|list| list.payloads.get(payload_type).0).filter(|&codec| codec != Codec::Unknown)
        };
        let means_another = |attached: &Attached| {
            let Some((payload_type, codec)) = media.streams.spoken(attached.stream) else { return false };
            let [now, other] = [Side::Caller, Side::Callee].map(|side| meaning(side, payload_type));
            let is_speech = now.is_some_and(|now| now.content() == Content::Audio);
            now == other && is_speech && now != Some(codec) && codec != Codec::Unknown
        };
        let ended: Vec<_> = leg.streams().filter(means_another).collect();
        for Attached { stream, side } in ended {
            if let Some(leg) = self.legs.get_mut(index) {
                leg.take_stream(stream);
            }
            if let Some(closed) = media.streams.close(stream) {
                self.keep(index, (stream, side), closed);
            }
        }
    }

    /// Keeps the figures of a stream that ended before its leg.
    pub(crate) fn keep(&mut self, index: u32, (stream, side): (StreamId, Side), closed: Closed) {
        let Closed { key, figures, .. } = closed;
        let course = self.courses.close(stream, key.ssrc(), &figures);
        let Some(leg) = self.legs.get_mut(index) else { return };
        if self.ended_streams >= self.config.ended_streams_max {
            self.tally.streams_forgotten += 1;
            return;
        }
        self.ended_streams += 1;
        leg.rare().finished.push(Finished { key, side, figures, course });
    }

    /// Opens the stream of a packet between announced endpoints; `None` when nobody announced them.
    pub fn open_stream(&mut self, key: &StreamKey, at: Nanos, header: &Header, media: &mut Media) -> Option<StreamId> {
        let (binding, side) = self.binding(key.source(), key.destination())?;
        self.attach(binding, side, (key, at), header.payload_type, media, |media, described| {
            match media.heuristic.take(key) {
                Some(found) => media.streams.open_found(&found, binding.leg, described),
                None => media.streams.open(key, binding.leg, described, at),
            }
        })
    }

    /// Gives a stream that belonged to nobody to the leg that has announced its endpoints since; `false` when none has.
    pub fn adopt(&mut self, id: StreamId, (key, at): (&StreamKey, Nanos), header: &Header, media: &mut Media) -> bool {
        let Some((binding, side)) = self.binding(key.source(), key.destination()) else { return false };
        let adopted = self.attach(binding, side, (key, at), header.payload_type, media, |media, described| {
            media.streams.set_owner(id, binding.leg);
            media.streams.set_media(id, described);
            Ok(id)
        });
        adopted.is_some()
    }

    /// Opens a stream that the heuristic found: it belongs to nobody.
    pub fn open_found(&mut self, found: &Found, media: &mut Media) -> Option<StreamId> {
        let described = rtp::Media::of_static(found.payload_type());
        self.make_room(media, |media| media.streams.open_found(found, NOBODY, described))
    }

    /// Opens the stream of a packet between endpoints that other signalling than SIP announced: it is [`ELSEWHERE`]'s.
    pub fn open_elsewhere(
        &mut self,
        key: &StreamKey,
        at: Nanos,
        header: &Header,
        media: &mut Media,
    ) -> Option<StreamId> {
        let described = rtp::Media::of_static(header.payload_type);
        self.make_room(media, |media| match media.heuristic.take(key) {
            Some(found) => media.streams.open_found(&found, ELSEWHERE, described),
            None => media.streams.open(key, ELSEWHERE, described, at),
        })
    }

    fn attach(
        &mut self,
        binding: Binding,
        side: Side,
        (key, at): (&StreamKey, Nanos),
        payload_type: u8,
        media: &mut Media,
        open: impl Fn(&mut Media, rtp::Media) -> Result<StreamId, Full>,
    ) -> Option<StreamId> {
        let leg = self.legs.get(binding.leg)?;
        let line = leg.line(binding.line)?;
        if leg.streams().count() + leg.finished().len() >= usize::from(self.config.streams_max) {
            self.tally.streams_refused += 1;
            return None;
        }
        let list = |line: Line| self.common.codecs.get(line.codecs);
        let announced = list(line)?;
        let mut described = announced.payloads.media(payload_type);
        // Sent from an announced endpoint to one that was not: the payload types are the other side's (RFC 3264 §5.1).
        if line.endpoint() == key.source()
            && let mut others = leg.lines().filter(|other| other.side != line.side).filter_map(list)
            && let Some(other) = others.find(|other| other.kind == announced.kind)
        {
            described = other.payloads.media(payload_type);
        }
        let id = self.make_room(media, |media| open(media, described))?;
        let leg = self.legs.get_mut(binding.leg)?;
        leg.add_stream(Attached { stream: id, side });
        self.tally.courses_refused += u64::from(!self.courses.open(id, key.ssrc(), at));
        Some(id)
    }

    /// Opens a stream, and when the table is full the longest silent one goes.
    fn make_room(
        &mut self,
        media: &mut Media,
        open: impl Fn(&mut Media) -> Result<StreamId, Full>,
    ) -> Option<StreamId> {
        if let Ok(id) = open(media) {
            return Some(id);
        }
        let (longest_silent, _) = media.streams.longest_silent()?;
        let closed = media.streams.evict()?;
        if let Some(leg) = self.legs.get_mut(closed.owner)
            && let Some(side) = leg.take_stream(longest_silent)
        {
            self.keep(closed.owner, (longest_silent, side), closed);
        }
        open(media).ok()
    }

    /// When a packet of the leg's media was last seen.
    pub(crate) fn media_last_at(&self, index: u32, media: &Media) -> Option<Nanos> {
        let leg = self.legs.get(index)?;
        let live = leg.streams().filter_map(|attached| media.streams.last_at(attached.stream));
        live.chain(leg.finished().iter().map(|finished| finished.figures.last_at)).max()
    }
}
