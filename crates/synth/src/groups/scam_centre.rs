//! Scam call centres (SCIENCE 4.0, last row; 4.2; 4.4): the same floor of agents as a licensed centre, with lists of
//! strangers, short answered calls that the called end, and numbers that are not theirs.
//!
//! | hardness | number shown | trunk | the rest |
//! |---|---|---|---|
//! | 0 | another for every call, of the callee's country | international | SCIENCE 4.0, scam centre |
//! | 1 | another after 5 calls | international | a third of the way to a licensed centre |
//! | 2 | another after 27 calls (the 95th percentile of campaigns, NCSU), half of them of the callee's country | international | two thirds |
//! | 3 | a few of its own, no mismatch | international | a licensed centre but for first contacts (.85) |

use numbers::Country;

use super::{bpo, mixes};
use crate::floor::{Floor, Operation, Region};
use crate::group::Label;
use crate::habits::Habits;
use crate::places::country;
use crate::script::TrunkId;
use crate::shown::Shown;
use crate::stacks::vendor;
use crate::stage::Stage;

/// SCIENCE 4.0: what it does at hardness 0.
const BLATANT: Habits = Habits {
    first_contact: 0.95,
    answered: 0.30,
    short: 0.55,
    callee_ends: 0.75,
    new_number: 0.0,
    mismatch: 0.0,
    not_full: 0.95,
    talk_secs: 130.0, // With the short ones a mean of two minutes, as SCIENCE 4.4 reckons.
    talk_sigma: 1.0,
    unheard: 0.06,
};

/// One kind of centre.
#[derive(Clone, Copy, Debug)]
pub(super) struct Centre {
    id: &'static str,
    kind: &'static str,
    seats: u32,
    /// Whom it calls.
    called: &'static [&'static [u8; 2]],
    trunks: usize,
    numbers: Numbers,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Numbers {
    /// By the hardness.
    Rotating,
    /// So many, whatever the hardness.
    Pool(u64),
    /// A few of its own.
    Static,
}

/// The usual one.
pub(super) const ROTATING: Centre = Centre {
    id: "scam-centre",
    kind: "scam_call_centre",
    seats: 50,
    called: &[b"GB"],
    trunks: 1,
    numbers: Numbers::Rotating,
};
/// Without a country mismatch.
pub(super) const STATIC: Centre = Centre {
    id: "scam-centre",
    kind: "scam_call_centre",
    seats: 50,
    called: &[b"GB"],
    trunks: 1,
    numbers: Numbers::Static,
};
/// Three continents in turn (SCIENCE 4.2: Thane).
pub(super) const SUN: Centre = Centre {
    id: "follow-the-sun",
    kind: "timezone_targeting",
    seats: 150,
    called: &[b"AU", b"GB", b"US"],
    trunks: 6,
    numbers: Numbers::Pool(1_000),
};
/// Big, with numbers of its own, on no licence (SCIENCE 4.4).
pub(super) const UNLICENSED: Centre = Centre {
    id: "unlicensed-centre",
    kind: "unlicensed_call_centre",
    seats: 350,
    called: &[b"GB"],
    trunks: 1,
    numbers: Numbers::Static,
};

/// Innocent calls a day around an operation that is shown alone, at scale 1.
const AROUND: f64 = 60_000.0;

/// A centre among innocents.
pub(super) fn alone(stage: &mut Stage, centre: Centre) {
    mixes::background(stage, AROUND);
    set(stage, centre);
}

/// A centre on the carriers' trunks.
pub(super) fn set(stage: &mut Stage, centre: Centre) {
    let trunks = (0..centre.trunks).map(|place| stage.carrier(place)).collect();
    run(stage, centre, trunks);
}

/// A centre that is a quarter of a licensed centre's traffic: the same trunk, the same hours, another stack.
pub(super) fn hidden(stage: &mut Stage) {
    mixes::background(stage, AROUND);
    hide(stage, 60.0);
}

/// The same among others, behind a licensed centre of about so many seats; its own talk longer and dial less each, so that
/// four for seven make a quarter.
pub(super) fn hide(stage: &mut Stage, seats: f64) {
    let (trunk, seats) = bpo::at_home(stage, seats);
    run(stage, Centre { id: "scam-centre-hidden", seats: (seats * 4 / 7).max(2), ..ROTATING }, vec![trunk]);
}

/// A centre that is a quarter of what a retail provider's border element sends, whose customers all share one address.
pub(super) fn retail(stage: &mut Stage) {
    mixes::background(stage, 4.0 * AROUND);
    let trunk = stage.retail();
    run(stage, Centre { id: "scam-centre-retail", seats: 7, ..ROTATING }, vec![trunk]);
}

/// The same centre with other seats.
pub(super) const fn sized(centre: Centre, seats: u32) -> Centre {
    Centre { seats, ..centre }
}

fn run(stage: &mut Stage, centre: Centre, trunks: Vec<TrunkId>) {
    let (group, mut random) = stage.group(centre.id, centre.kind, Label::Fraud, Some(centre.seats));
    let hardness = stage.options.hardness;
    let abroad = country(b"IN");
    let countries: Vec<Country> = centre.called.iter().map(|code| country(code)).collect();
    let base = if centre.numbers == Numbers::Static { stage.home() } else { abroad };
    let shown = match (centre.numbers, hardness) {
        (Numbers::Pool(pool), _) => Shown::pool(pool, stage.hard(0.9, 0.3), abroad),
        (Numbers::Rotating, 0) => Shown::rotating(1, 0.9, abroad),
        (Numbers::Rotating, 1) => Shown::rotating(5, 0.8, abroad),
        (Numbers::Rotating, 2) => Shown::rotating(27, 0.5, abroad),
        (Numbers::Rotating | Numbers::Static, _) => {
            Shown::own(&stage.world.numbers, base, &countries, random.between(3, 12), random.bits())
        }
    };
    let maker = if hardness < 3 { vendor::DIALLER } else { vendor::CLOUD };
    let stack = stage.cast.stack(maker, random.bits());
    let region = |country| Region { country, weight: 1.0, from: 9.0, until: 18.0, weekends: false };
    let regions = countries.into_iter().map(region).collect();
    let operation = Operation {
        occupancy: stage.hard(0.82, 0.75),
        abandoned: stage.hard(0.06, 0.02),
        careless: stage.hard(0.02, 0.06),
        ..Operation::new(centre.seats, habits(stage), regions, shown, trunks, vec![stack], stage.world.measured)
    };
    stage.add(Floor::new(group, random, operation));
}

/// Between the scam centre of SCIENCE 4.0 and a licensed one.
fn habits(stage: &Stage) -> Habits {
    let calm = bpo::CLASS;
    Habits {
        first_contact: stage.hard(BLATANT.first_contact, 0.85),
        answered: stage.hard(BLATANT.answered, calm.answered),
        short: stage.hard(BLATANT.short, calm.short),
        callee_ends: stage.hard(BLATANT.callee_ends, calm.callee_ends),
        not_full: stage.hard(BLATANT.not_full, calm.not_full),
        talk_secs: stage.hard(BLATANT.talk_secs, calm.talk_secs),
        unheard: stage.hard(BLATANT.unheard, calm.unheard),
        ..BLATANT
    }
}
