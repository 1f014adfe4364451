//! Whose media it is that flows between two endpoints, where several calls may have announced one of them: a relay may have one
//! port for all its calls, a telephone one port for two, and a box in the middle may leave the media alone.

use std::time::Duration;

use types::{Endpoint, Nanos};

use crate::calls::Calls;
use crate::leg::Leg;
use crate::lines::{Binding, LineKind};
use crate::media::Media;
use crate::phase::{Phase, Side};
use crate::rare::Attached;

/// How long a stream must have been silent to be given up to a call that announced the same two ends: their ports are taken
/// again after a call whose end was not heard.
const SILENT_MIN: Duration = Duration::from_secs(5);

/// How long media must have been silent for RTCP to say more of a call than it does. Reports come no sooner one after the
/// other (RFC 3550 §6.2).
const REPORTED_ALONE_MIN: Duration = Duration::from_secs(5);

/// How well what flows between two endpoints fits a call that announced one of them; the best is the greatest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Fit {
    /// It is up.
    up: bool,
    /// It announced the other one too.
    both: bool,
    /// Its signalling goes to the host of the other one: media from a port that nobody announced (RFC 4961), or behind a NAT.
    near: bool,
    /// Its other side has announced nothing yet.
    awaited: bool,
    /// Where both are announced, which call it is: of two the later one, whichever way the media flows.
    serial: u32,
}

impl Calls {
    /// The leg that media between two endpoints belongs to, and who of it sends: of those that announced one of them the one that
    /// it fits best, then one that announced the receiving end, then the one that announced it last.
    pub(crate) fn binding(&self, source: Endpoint, destination: Endpoint) -> Option<(Binding, Side)> {
        let mut best: Option<(Fit, (Binding, Side))> = None;
        for (end, other) in [(destination, source), (source, destination)] {
            for binding in self.bindings.of(&self.legs, end) {
                let Some((fit, side)) = self.fit(binding, other) else { continue };
                if best.is_none_or(|(best, _)| fit > best) {
                    best = Some((fit, (binding, if end == source { side } else { side.other() })));
                }
            }
        }
        best.map(|(_, found)| found)
    }

    /// How media between the endpoint of a line and another one fits the line's leg, and whose the line is.
    fn fit(&self, binding: Binding, other: Endpoint) -> Option<(Fit, Side)> {
        let leg = self.legs.get(binding.leg)?;
        let side = leg.line(binding.line)?.side;
        let path = self.common.path(leg.path);
        let signalling = if side == Side::Caller { path.destination } else { path.source };
        let both = self.announces(binding.leg, other);
        let serial = if both { self.legs.get(leg.first).map_or(0, |first| first.serial) } else { 0 };
        let near = signalling.ip == other.ip;
        let awaited = leg.lines().all(|line| line.side == side);
        Some((Fit { up: !leg.phase.is_over(), both, near, awaited, serial }, side))
    }

    /// Whether a leg announced an endpoint.
    fn announces(&self, index: u32, endpoint: Endpoint) -> bool {
        self.legs.get(index).is_some_and(|leg| leg.lines().any(|line| line.endpoint() == endpoint))
    }

    /// Another call had announced an endpoint before the leg `index` did: while it is up, both have it.
    #[cold]
    pub(crate) fn share(&mut self, endpoint: Endpoint, before: Binding, index: u32, media: &mut Media) {
        let call = self.first_of(index);
        let mut earlier = self.bindings.take_earlier(endpoint);
        // There is room for it: that was made when the one before came.
        let _ = earlier.try_push(before);
        earlier.retain(|held| self.first_of(held.leg) != call);
        for held in &earlier {
            self.release(held.leg, endpoint, index, media);
        }
        earlier.retain(|held| self.legs.get(held.leg).is_some_and(|leg| !leg.phase.is_over()));
        if earlier.is_full() {
            earlier.remove(0);
            self.tally.announcers_forgotten += 1;
        }
        self.bindings.set_earlier(endpoint, earlier);
    }

    /// Ends the streams that a leg had at an endpoint which another call, that of the leg `by`, has announced, where they may be
    /// that call's: it announced both their ends, and the leg did not, or is over or silent; or the leg is over, and they went to
    /// where it had not said.
    fn release(&mut self, index: u32, endpoint: Endpoint, by: u32, media: &mut Media) {
        let (Some(leg), Some(other_leg)) = (self.legs.get(index), self.legs.get(by)) else { return };
        let (over, now) = (leg.phase.is_over(), other_leg.last_at);
        let is_given_up = |&Attached { stream, .. }: &Attached| {
            let Some(key) = media.streams.key(stream) else { return false };
            let other = match (key.source(), key.destination()) {
                (source, other) if source == endpoint => other,
                (other, destination) if destination == endpoint => other,
                _ => return false,
            };
            let silent = || media.streams.last_at(stream).is_some_and(|at| now.since(at) >= SILENT_MIN);
            let both = self.announces(index, other);
            if self.announces(by, other) { over || !both || silent() } else { over && !both }
        };
        let ended: Vec<_> = leg.streams().filter(is_given_up).collect();
        for Attached { stream, side } in ended {
            if let Some(leg) = self.legs.get_mut(index) {
                leg.take_stream(stream);
            }
            if let Some(closed) = media.streams.close(stream) {
                self.keep(index, (stream, side), closed);
            }
        }
    }

    /// What the two endpoints were announced for; `None` for endpoints no remembered leg announced.
    fn announced(&self, source: Endpoint, destination: Endpoint) -> Option<LineKind> {
        let (binding, _) = self.binding(source, destination)?;
        let line = self.legs.get(binding.leg)?.line(binding.line)?;
        self.common.codecs.get(line.codecs).map(|list| list.kind)
    }

    /// Whether fax over UDPTL (T.38) was announced between the two endpoints.
    #[must_use]
    pub fn expects_fax(&self, source: Endpoint, destination: Endpoint) -> bool {
        self.announced(source, destination) == Some(LineKind::Fax)
    }

    /// Whether the call between the two endpoints gave a meaning to this payload type (`a=rtpmap`).
    #[must_use]
    pub fn has_named(&self, source: Endpoint, destination: Endpoint, payload_type: u8) -> bool {
        let leg = self.binding(source, destination).and_then(|(binding, _)| self.legs.get(binding.leg));
        let lines = leg.into_iter().flat_map(Leg::lines);
        let mut lists = lines.filter_map(|line| self.common.codecs.get(line.codecs));
        lists.any(|list| list.payloads.get(payload_type) != Default::default())
    }

    /// Hears RTCP, and says whether it was announced between the two endpoints: at the media ports, or at those above them. Where
    /// the media itself is silent, it says that the call is up (RFC 3550 §6.3.5).
    pub fn on_rtcp(&mut self, at: Nanos, source: Endpoint, destination: Endpoint, media: &Media) -> bool {
        let below = |endpoint: Endpoint| Endpoint { port: endpoint.port.saturating_sub(1), ..endpoint };
        let found = self.binding(source, destination);
        let Some((binding, _)) = found.or_else(|| self.binding(below(source), below(destination))) else {
            return false;
        };
        let heard_at = self.media_last_at(binding.leg, media);
        let alone = heard_at.is_none_or(|heard_at| at.since(heard_at) >= REPORTED_ALONE_MIN);
        if let Some(leg) = self.legs.get_mut(binding.leg).filter(|leg| alone && leg.phase == Phase::Talking) {
            let reported_at = &mut leg.rare().reported_at;
            *reported_at = (*reported_at).max(Some(at));
        }
        true
    }
}
