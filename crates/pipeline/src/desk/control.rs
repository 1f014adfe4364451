//! Media that other signalling than SIP announced: it is counted as announced, and no call is made of it.

use call::{ELSEWHERE, NOBODY};
use gateway::{Control, Medium};
use rtp::{Header, StreamId, StreamKey};
use types::Nanos;

use super::{Desk, Envelope};

impl Desk {
    /// What is neither SIP nor media: control of a gateway, or fax, or nothing that is known here.
    pub(super) fn on_other(&mut self, envelope: &Envelope, payload: &[u8]) {
        let &Envelope { at, source, destination, .. } = envelope;
        if let Some(control) = gateway::read(payload) {
            return self.on_control(envelope, &control);
        }
        let expected = self.calls.expects_fax(source, destination)
            || self.endpoints.expects(at, source, destination) == Some(Medium::Fax);
        if expected && rtp::is_udptl(payload) {
            self.traffic.t38_packets += 1;
        }
    }

    /// Counts control, and remembers the endpoints it announces.
    #[cold]
    pub(super) fn on_control(&mut self, envelope: &Envelope, control: &Control<'_>) {
        let &Envelope { at, source, destination, in_esp, .. } = envelope;
        if !in_esp {
            let Self { traffic, frame, .. } = self;
            let first = !std::mem::replace(&mut frame.gateway, true);
            traffic.gateway.on_control(control.protocol(), control.messages(), first);
            if control.has_sdp() && !std::mem::replace(&mut frame.sdp, true) {
                traffic.sip.sdp_bodies += 1;
            }
        }
        for announcement in control.announcements(source.ip, destination.ip) {
            self.endpoints.announce(at, announcement);
        }
    }

    /// Whether a stream that belongs to no call was announced after all, by now or from its start.
    #[cold]
    pub(super) fn was_announced(&mut self, at: Nanos, id: StreamId, key: StreamKey, header: Header) -> bool {
        let (key, header) = (&key, &header);
        let Self { calls, media, traffic, endpoints, .. } = self;
        let known = media.streams.owner(id) == Some(ELSEWHERE);
        if calls.adopt(id, (key, at), header, media) {
            traffic.rtp_streams += u64::from(!known);
            self.attend(at, id);
            return true;
        }
        // A stream that was once announced stays so, and asking keeps its endpoint from being forgotten.
        let announced = endpoints.expects(at, key.source(), key.destination()) == Some(Medium::Rtp);
        if announced && !known {
            media.streams.set_owner(id, ELSEWHERE);
            traffic.rtp_streams += 1;
            traffic.gateway.streams += 1;
        }
        announced || known
    }

    /// Opens the stream of a packet between endpoints that control announced.
    pub(super) fn open_elsewhere(&mut self, at: Nanos, key: &StreamKey, header: &Header) -> Option<StreamId> {
        if self.endpoints.expects(at, key.source(), key.destination()) != Some(Medium::Rtp) {
            return None;
        }
        let id = self.calls.open_elsewhere(key, at, header, &mut self.media)?;
        self.traffic.gateway.streams += 1;
        Some(id)
    }
}

/// Whether a stream of this owner belongs to no call.
pub(crate) const fn is_of_no_call(owner: u32) -> bool {
    matches!(owner, NOBODY | ELSEWHERE)
}
