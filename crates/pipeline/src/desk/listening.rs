//! Streams that are listened to: from the answer on, for the first seconds, where the tap may look that deep. Until then every
//! packet of theirs takes the long way, so that whoever foresees packets need not know of it.

use call::{Listener, Listening};
use rtp::{Attendant, Content, Header, StreamId};
use types::{Moment, Nanos};

use super::Desk;

impl Desk {
    /// A stream begins, or is found to be a call's: its packets are to be seen.
    pub(super) fn lend_an_ear(&mut self, at: Nanos, id: StreamId) {
        // Another stream had its place.
        self.ears.close(id.index(), at);
        self.media.streams.attend(id, Attendant::Listener, true);
    }

    /// Listens to a packet, if it is of a stream that is to be listened to.
    #[cold]
    #[inline(never)]
    pub(super) fn listen(&mut self, at: Nanos, id: StreamId, header: Header, packet: &[u8]) {
        let Self { calls, media, ears, .. } = self;
        if !media.streams.is_attended(id, Attendant::Listener) {
            return;
        }
        let place = id.index();
        let codec = media.streams.codec_of(id, header.payload_type);
        if !ears.is_at(place) {
            let Some(owner) = media.streams.owner(id) else { return };
            let opened = match calls.listening(owner, id) {
                Listening::NotYet => return,
                Listening::Since(since, voice) => {
                    if codec.content() != Content::Audio {
                        return;
                    }
                    ears.open(place, voice, codec, since, at)
                }
                Listening::Never => false,
            };
            if !opened {
                return media.streams.attend(id, Attendant::Listener, false);
            }
        }
        if !ears.hear(place, at, codec, &header, rtp::payload(packet)) {
            media.streams.attend(id, Attendant::Listener, false);
        }
    }

    /// Tells what was heard.
    #[cold]
    #[inline(never)]
    pub(crate) fn tell_heard(&mut self, listener: &mut impl Listener) {
        for heard in self.ears.take_heard() {
            listener.moment(Moment { at: heard.at, frame: self.traffic.frames });
            self.calls.tell_heard(&heard.tag, heard.at, &heard.excerpt, heard.whole, listener);
        }
    }

    /// Lets time pass for those who listen; `None` at the end of the capture.
    pub(crate) fn end_listening(&mut self, now: Option<Nanos>, listener: &mut impl Listener) {
        let Self { calls, ears, .. } = self;
        ears.on_time(now, |voice| calls.ended_at(voice));
        self.tell_heard(listener);
    }
}
