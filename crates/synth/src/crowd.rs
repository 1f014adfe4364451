//! Many callers, few called: a hotline, a vote, an alarm centre.

use types::E164;

use crate::calendar::DAY_US;
use crate::group::Group;
use crate::habits::Habits;
use crate::hours::Hours;
use crate::random::{Random, mix};
use crate::script::{GroupId, Manner, Role, Script, Sheet, StackId, TrunkId, User};
use crate::world::{HOME, Window, World};

/// What makes a crowd.
#[derive(Clone, Debug)]
pub(crate) struct Gathering {
    pub(crate) calls_per_day: f64,
    /// People who may call.
    pub(crate) people: u64,
    /// How much the first of them prefer to; 1 is not at all.
    pub(crate) skew: f64,
    pub(crate) called: Vec<E164>,
    pub(crate) habits: Habits,
    /// When; `None` is at every hour alike.
    pub(crate) hours: Option<Hours>,
    pub(crate) trunks: Vec<TrunkId>,
    pub(crate) stacks: Vec<StackId>,
    pub(crate) manner: Manner,
    pub(crate) lives: Window,
}

/// A crowd with a telephone each.
pub(crate) struct Crowd {
    group: GroupId,
    random: Random,
    gathering: Gathering,
    key: u64,
    drawn_per_call: f64,
}

impl Crowd {
    pub(crate) fn new(group: GroupId, mut random: Random, gathering: Gathering, world: &mut World) -> Self {
        let key = random.bits();
        let hours = gathering.hours;
        // An ordinary week at home, Monday 2026-02-02 to Sunday, every half hour.
        let moments = (0..7 * 48).map(|half| 1_769_990_400_000_000 + half * DAY_US / 48);
        let weights = moments.map(|at_us| match hours {
            Some(hours) => hours.weight(world.local_of(HOME, at_us)) / hours.peak(),
            None => 1.0,
        });
        let drawn_per_call = 7.0 * 48.0 / weights.sum::<f64>();
        Self { group, random, gathering, key, drawn_per_call }
    }
}

impl Group for Crowd {
    fn write(&mut self, window: Window, world: &mut World, sheet: &mut Sheet) {
        let Some(open) = window.shared(self.gathering.lives) else { return };
        let Self { random, gathering, .. } = self;
        let share = match gathering.hours {
            Some(hours) => hours.weight(world.local_of(HOME, open.from_us)) / hours.peak(),
            None => 1.0,
        };
        for _ in 0..random.poisson(gathering.calls_per_day * self.drawn_per_call * share * open.days()) {
            let person = random.favourite(gathering.people, gathering.skew);
            let caller = world.numbers.of(HOME, mix(self.key, person));
            let Some(callee) = random.pick(&gathering.called) else { return };
            let (ring_after_us, fate, manner) = gathering.habits.call(random, false);
            sheet.calls.push(Script {
                group: self.group,
                role: Role::Own,
                token: random.bits(),
                line: 0,
                at_us: open.from_us + random.below(open.length_us()),
                ring_after_us,
                fate,
                caller: Some(User::Number(caller)),
                display: None,
                callee: User::Number(callee),
                diverted_by: None,
                other_leg: None,
                // A line is always of the same network.
                trunk: of(&gathering.trunks, mix(person, 1)).unwrap_or(TrunkId(0)),
                gate: 0,
                stack: of(&gathering.stacks, mix(person, 2)).unwrap_or(StackId(0)),
                attest: gathering.habits.signature(random),
                manner: if manner == Manner::Talk { gathering.manner } else { manner },
            });
        }
    }
}

fn of<T: Copy>(choices: &[T], key: u64) -> Option<T> {
    choices.get(key as usize % choices.len().max(1)).copied()
}
