//! Rules: what is all but certain by itself. A protected number on a trunk that is not its owner's, a display name that is made
//! to look like a protected one. They are evidence like any other, only more of it, and are shown as such.

use config::ProtectedId;

/// What a call under somebody else's protected number brings, in nats.
const NUMBER_NATS: f32 = 20.0;
/// What a call under a look-alike of a protected name brings, in nats: three are needed, since names are typed by people.
const NAME_NATS: f32 = 5.0;

/// What rules have found of an entity.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rules {
    /// Calls under a protected number that are not its owner's, and whose number it is.
    pub number: Option<(ProtectedId, u16)>,
    /// Calls under a look-alike of a protected name, and whose name it is.
    pub name: Option<(ProtectedId, u16)>,
}

impl Rules {
    /// A call under a protected number.
    pub fn on_number(&mut self, owner: ProtectedId) {
        self.number = Some((owner, self.number.map_or(0, |(_, calls)| calls).saturating_add(1)));
    }

    /// A call under a look-alike of a protected name.
    pub fn on_name(&mut self, owner: ProtectedId) {
        self.name = Some((owner, self.name.map_or(0, |(_, calls)| calls).saturating_add(1)));
    }

    /// What the numbers bring, in nats.
    #[must_use]
    pub const fn number_nats(&self) -> f32 {
        if self.number.is_some() { NUMBER_NATS } else { 0.0 }
    }

    /// What the names bring, in nats.
    #[must_use]
    pub fn name_nats(&self) -> f32 {
        self.name.map_or(0.0, |(_, calls)| NAME_NATS * f32::from(calls.min(4)))
    }

    /// What all of them bring, in nats.
    #[must_use]
    pub fn nats(&self) -> f32 {
        self.number_nats() + self.name_nats()
    }
}
