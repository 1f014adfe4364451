//! Toll fraud from a hacked exchange (SCIENCE 4.6): an ordinary company, whose telephone system places a test call or two in
//! the afternoon and from Friday evening on calls a few numbers abroad over many lines for hours.
//!
//! | hardness | lines at once | when |
//! |---|---|---|
//! | 0 | 40 | Friday 19:00, 40 hours |
//! | 1, 2 | 27, 15 | the same |
//! | 3 | 3 | a working day from noon on, 8 hours |

use super::{enterprise, mixes};
use crate::calendar::DAY_US;
use crate::cast::TrunkRole;
use crate::channels::{Bank, Callers, Ports, Targets};
use crate::circle::{Circle, Corridor, Fold, Habitat, Lines, Treatment};
use crate::group::Label;
use crate::habits::Habits;
use crate::hours::Hours;
use crate::places::country;
use crate::script::{Manner, Role};
use crate::stacks::vendor;
use crate::stage::Stage;
use crate::world::Window;

/// Innocent calls a day around it, at scale 1.
const AROUND: f64 = 60_000.0;
/// Calls a day of the company.
const COMPANY: f64 = 900.0;

/// Calls that are to last: five minutes to an hour (SCIENCE 8).
const PUMPED: Habits = Habits {
    first_contact: 0.02,
    answered: 0.93,
    short: 0.03,
    callee_ends: 0.75,
    new_number: 0.0,
    mismatch: 0.0,
    not_full: 0.3,
    talk_secs: 840.0,
    talk_sigma: 0.7,
    unheard: 0.3,
};
/// One to three, under half a minute, hours before (SCIENCE 8).
const TESTS: Habits = Habits { short: 0.7, talk_secs: 6.0, talk_sigma: 0.2, ..PUMPED };

/// One hacked company among innocents.
pub(super) fn alone(stage: &mut Stage) {
    mixes::background(stage, AROUND);
    set(stage, 0.5);
}

/// A company that is hacked at this share of the measured time.
pub(super) fn set(stage: &mut Stage, share: f64) {
    let home = stage.home();
    let trunk = stage.cast.trunk("pbx", TrunkRole::Customer, home, 1);
    let (own, mut random) = stage.group("company", "enterprise", Label::Benign, None);
    let stack = stage.cast.stack(vendor::EXCHANGE, random.bits());
    let first = stage.world.numbers.block(home, random.bits(), 100);
    let habitat = Habitat {
        calls_per_day: COMPANY,
        corridors: vec![
            Corridor { origin: home, destination: home, weight: 0.9 },
            Corridor { origin: home, destination: country(b"US"), weight: 0.06 },
            Corridor { origin: home, destination: country(b"DE"), weight: 0.04 },
        ],
        lines: 60,
        numbering: Lines::Block { first, size: 100, main: 0.3 },
        acquaintances: 24,
        skew: 2.0,
        outgoing: 0.6,
        withheld: 0.0,
        habits: enterprise::CLASS,
        hours: Hours::OFFICE,
        fold: Fold::Line,
        out: trunk,
        back: stage.interconnect(),
        roaming: None,
        stacks: vec![stack],
        treatment: Treatment::Fair,
        display: None,
    };
    let circle = Circle::new(own, random, habitat, &mut stage.world);
    stage.add(circle);

    let (group, mut random) = stage.group("irsf", "irsf", Label::Fraud, None);
    let far = country(random.pick(&[b"LV", b"CU", b"SO", b"BA", b"EE", b"GN", b"RS", b"SL", b"GM"]).unwrap_or(b"LV"));
    let block = stage.world.numbers.block(far, random.bits(), 100);
    let lives = if stage.options.hardness < 3 { friday_evening(stage, share) } else { stage.working(share, 12.0, 8.0) };
    let channels = stage.hard(40.0, 3.0).round() as u32;
    let ports = Ports {
        channels,
        pause_secs: stage.hard(20.0, 200.0),
        habits: PUMPED,
        hours: None,
        targets: Targets::Block(block, 24),
        callers: Callers::Extensions(first, 4),
        trunk,
        stack,
        manner: Manner::Announcement(95),
        mannered: 0.8,
        role: Role::Own,
        lives,
    };
    // The tests: one channel, some hours before, for half an hour.
    let from_us = lives.from_us.saturating_sub(5 * DAY_US / 24).max(stage.world.measured.from_us);
    let lives = Window { from_us, until_us: from_us + DAY_US / 48 };
    let tests = Ports { channels: 1, pause_secs: 500.0, habits: TESTS, role: Role::Test, lives, ..ports.clone() };
    stage.add(Bank::new(group, random.split(), tests));
    stage.add(Bank::new(group, random, ports));
}

/// Forty hours from 19:00 of the Friday before a share of the measured time, if it is measured.
fn friday_evening(stage: &mut Stage, share: f64) -> Window {
    let measured = stage.world.measured;
    // 1970-01-02 was a Friday.
    let day = (measured.from_us + (measured.length_us() as f64 * share) as u64) / DAY_US;
    let friday = day - (day + 6) % 7;
    let from_us = friday * DAY_US + 19 * DAY_US / 24;
    let from_us = if measured.holds(from_us) { from_us } else { from_us + 7 * DAY_US };
    if !measured.holds(from_us) {
        return stage.working(share, 19.0, 4.0);
    }
    Window { from_us, until_us: (from_us + 40 * DAY_US / 24).min(measured.until_us) }
}
