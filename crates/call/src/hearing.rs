//! Whose voice a stream is, for whoever may listen to it: how deep a tap looks is not this room's to decide.

use audio::Excerpt;
use rtp::StreamId;
use types::Nanos;

use crate::calls::Calls;
use crate::listener::Listener;
use crate::phase::{Phase, Side};
use crate::text::Word;

/// Whose voice a stream is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Voice {
    /// Of the caller or the callee.
    pub side: Side,
    leg: u32,
    /// Of its leg: tells it from others that lie in its place later.
    serial: u32,
}

/// Whether a stream is to be listened to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Listening {
    /// Its call was not answered so far.
    NotYet,
    /// Since so long.
    Since(Nanos, Voice),
    /// It belongs to no call, is the callee's, or is encrypted.
    Never,
}

impl Calls {
    /// Whether a stream of `owner` is to be listened to.
    #[must_use]
    pub fn listening(&self, owner: u32, stream: StreamId) -> Listening {
        let Some(leg) = self.legs.get(owner) else { return Listening::Never };
        let list = |line: crate::lines::Line| self.common.codecs.get(line.codecs);
        if leg.lines().filter_map(list).any(|list| list.secure) {
            return Listening::Never;
        }
        let Some(attached) = leg.streams().find(|attached| { attached.stream } == stream) else {
            return Listening::Never;
        };
        // On a callee's side menus greet, music plays and telephones ring: what that says needs no ear.
        if attached.side == Side::Callee {
            return Listening::Never;
        }
        match (leg.phase, leg.answer_at) {
            (Phase::Talking, Some(at)) => {
                Listening::Since(at, Voice { side: attached.side, leg: owner, serial: leg.serial })
            }
            (Phase::Over { .. }, _) => Listening::Never,
            _ => Listening::NotYet,
        }
    }

    /// The Call-ID of the leg that a stream belongs to, and whose voice it is.
    #[must_use]
    pub fn voice_of(&self, owner: u32, stream: StreamId) -> Option<(&[u8], Side)> {
        let leg = self.legs.get(owner)?;
        let attached = leg.streams().find(|attached| { attached.stream } == stream)?;
        Some((leg.text.get(Word::CallId), attached.side))
    }

    /// When the call of a voice was over, if it is.
    #[must_use]
    pub fn ended_at(&self, voice: &Voice) -> Option<Nanos> {
        self.legs.get(voice.leg).filter(|leg| leg.serial == voice.serial)?.phase.over_at()
    }

    /// Tells what was heard of a voice until `at`; `whole` says that nothing more will be. Nothing of a call whose record
    /// was written.
    pub fn tell_heard(&self, voice: &Voice, at: Nanos, excerpt: &Excerpt, whole: bool, listener: &mut impl Listener) {
        if self.legs.get(voice.leg).is_none_or(|leg| leg.serial != voice.serial) {
            return;
        }
        if let Some(first) = self.legs.get(self.first_of(voice.leg)) {
            listener.heard(at, &first.record(&self.common), voice.side, excerpt, whole);
        }
    }
}
