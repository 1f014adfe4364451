//! On what terms judgement is made: which families take part, and what the operator has said beside.

use wide::f32x8;

use crate::feature::{Family, SheetName};
use crate::tables::Tables;

/// A set of families.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Families(u16);

impl Families {
    /// None of them.
    pub const NONE: Self = Self(0);
    /// All of them.
    pub const ALL: Self = Self((1 << Family::COUNT) - 1);

    /// Those for which `is` holds.
    #[must_use]
    pub fn of(is: impl Fn(Family) -> bool) -> Self {
        Family::ALL.into_iter().filter(|&family| is(family)).fold(Self::NONE, |set, family| Self(set.0 | bit(family)))
    }

    /// Whether a family is one of them.
    #[must_use]
    pub const fn has(self, family: Family) -> bool {
        self.0 & bit(family) != 0
    }

    /// Those that are not in `others`.
    #[must_use]
    pub const fn without(self, others: Self) -> Self {
        Self(self.0 & !others.0)
    }
}

const fn bit(family: Family) -> u16 {
    1 << family as u16
}

/// What an alternative loses that is of a family which does not take part: more than any evidence can make up for.
const RULED_OUT_NATS: f32 = -1e6;

/// On what terms judgement is made.
#[derive(Clone, Copy, Debug)]
pub struct Terms {
    /// Whether the operator has said which centres are licensed.
    pub registry: bool,
    /// The families that take part: no other brings evidence, or leads an alert.
    pub families: Families,
    /// By sheet, what each scam alternative is given beforehand: nothing, or so little that it is ruled out.
    alternatives: [f32x8; SheetName::COUNT],
}

impl Terms {
    /// Terms under which `families` take part.
    #[must_use]
    pub fn new(registry: bool, families: Families, tables: &Tables) -> Self {
        let alternatives = SheetName::ALL.map(|sheet| {
            let led = tables.sheet(sheet).kinds().map(|kind| families.has(Family::leading(kind)));
            f32x8::new(led.map(|takes_part| if takes_part { 0.0 } else { RULED_OUT_NATS }))
        });
        Self { registry, families, alternatives }
    }

    /// What each scam alternative of a sheet is given beforehand.
    #[must_use]
    pub fn alternatives(&self, sheet: SheetName) -> f32x8 {
        self.alternatives.get(sheet as usize).copied().unwrap_or(f32x8::ZERO)
    }
}
