//! What every group of a scenario can do: write down the calls of a stretch of time.

use crate::script::Sheet;
use crate::world::{Window, World};

/// An operation, or an innocent entity.
pub(crate) trait Group: Send {
    /// Writes the calls whose INVITE falls into `window`, in any order. Windows come one after the other and leave no
    /// gap; everything that lasts longer is the group's to remember.
    fn write(&mut self, window: Window, world: &mut World, sheet: &mut Sheet);
}

/// Whether a group does harm.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Label {
    /// It does.
    Fraud,
    /// It does not.
    Benign,
}

impl Label {
    /// The word in the truth.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Fraud => "fraud",
            Self::Benign => "benign",
        }
    }
}

/// What is known of a group beforehand.
#[derive(Clone, Debug)]
pub struct Head {
    /// Its name in the scenario, unique: `scam-centre-1`.
    pub id: String,
    /// A class of innocents (`residential`), or the kind of alert that a fraud should raise (`scam_call_centre`).
    pub kind: &'static str,
    /// Whether it does harm.
    pub label: Label,
    /// Seats, where it is a call centre.
    pub seats: Option<u32>,
}
