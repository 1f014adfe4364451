//! Landlines of the country on calls from abroad: who makes them up, and who has them.

use std::sync::Arc;

use call::{CallRecord, EndedBy, Listener, Outcome, Party, Side, Step};
use config::Known;
use detect::{Hearer, Judge, Kind, Report, Settings, Status, Tables};
use types::{E164, Endpoint, Ip, Moment, Nanos};

const SECOND: u64 = 1_000_000_000;
const HOUR: u64 = 3_600 * SECOND;
/// A Monday, midnight.
const START: u64 = 1_772_409_600 * SECOND;
/// Where a carrier abroad hands over.
const CARRIER: [u8; 4] = [198, 51, 100, 4];

/// Random enough, and always the same.
struct Dice(u64);

impl Dice {
    fn below(&mut self, count: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % count
    }
}

/// A call by the carrier's trunk: when, and under what number.
type Call = (u64, u64);

/// Of so many calls an hour from a day on, by day, the number of each.
fn calls(days: std::ops::Range<u64>, an_hour: u64, mut number: impl FnMut(&mut Dice, u64) -> u64) -> Vec<Call> {
    let mut dice = Dice(days.start + an_hour);
    let hours = (24 * days.start..24 * days.end).filter(|hour| (8..20).contains(&(hour % 24)));
    hours
        .flat_map(|hour| (0..an_hour).map(move |call| hour * HOUR + call * HOUR / an_hour))
        .map(|at| (at, number(&mut dice, at)))
        .collect()
}

/// A British landline, of any of a thousand exchanges.
fn landline(dice: &mut Dice) -> u64 {
    441_620_000_000 + dice.below(9_000_000)
}

/// What the carrier brings anyway: French lines that come again.
fn usual() -> Vec<Call> {
    calls(0..6, 12, |dice, _| 33_140_000_000 + dice.below(400))
}

/// What was told: when, as what, and how many calls were counted in the end.
#[derive(Default)]
struct Told {
    opened: Vec<(u64, Kind)>,
    calls: u64,
}

impl Hearer for Told {
    fn report(&mut self, report: &Report<'_>) {
        if report.status == Status::Open {
            self.opened.push((report.at.get(), report.kind));
        }
        self.calls = report.operation.calls;
    }
}

fn play(mut story: Vec<Call>) -> Told {
    story.sort_unstable();
    let config = "[tap]\nhome = \"GB\"\n[[trunk]]\nname = \"abroad\"\naddresses = [\"198.51.100.4\"]\nrole = \"international\"\n";
    let known: Arc<Known> = Arc::new(config::read(config.as_bytes()).unwrap().known);
    let mut judge = Judge::new(Settings::of(&known), Tables::ours().unwrap(), known, Told::default()).unwrap();
    judge.wait(std::time::Duration::ZERO);
    let [source, own] = [CARRIER, [192, 0, 2, 1]].map(|ip| Endpoint::new(Ip::v4(ip), 5_060));
    let mut dice = Dice(1);
    for ((at, number), frame) in story.into_iter().zip(1_u64..) {
        let [begins, rings, answers] = [0, 2, 10].map(|secs| Nanos::new(START + at + secs * SECOND));
        // Half are answered, and people talk as people do.
        let answered = dice.below(2) == 0;
        let ends = answers.after(std::time::Duration::from_secs(5 + dice.below(240)));
        let name = frame.to_string();
        let callee = 447_700_900_000 + dice.below(3_000);
        let party = |number| Party { number: E164::new(number), raw: b"", display: &[] };
        let invited = CallRecord {
            invite_at: Some(begins),
            caller: party(number),
            callee: party(callee),
            ..CallRecord::new(name.as_bytes(), source, own)
        };
        let mut step = |step, at, call: &CallRecord<'_>| {
            judge.moment(Moment { at, frame });
            judge.step(step, at, call);
        };
        step(Step::Invited, begins, &invited);
        let ringing = CallRecord { ring_at: Some(rings), ..invited };
        step(Step::Ringing, rings, &ringing);
        let over = if answered {
            let side = if dice.below(2) == 0 { Side::Caller } else { Side::Callee };
            let up = CallRecord { answer_at: Some(answers), status: Some(200), ..ringing };
            step(Step::Answered, answers, &up);
            CallRecord { outcome: Outcome::Answered, ended_by: Some(EndedBy::Person(side)), ..up }
        } else {
            CallRecord { status: Some(487), outcome: Outcome::Cancelled, ..ringing }
        };
        let ends = if answered { ends } else { Nanos::new(START + at + 30 * SECOND) };
        let over = CallRecord { end_at: Some(ends), ..over };
        step(Step::Ended, ends, &over);
        judge.record(&over);
    }
    judge.into_hearer()
}

#[test]
fn numbers_made_up_for_each_call_are_found_on_the_third_day() {
    let mut story = calls(0..5, 40, |dice, _| landline(dice));
    let made_up = story.len() as u64;
    story.extend(usual());
    let told = play(story);
    let [(at, kind)] = told.opened[..] else { panic!("{:?}", told.opened) };
    assert_eq!((kind, (at - START) / (24 * HOUR)), (Kind::CliRefile, 2));
    // Of the carrier's other calls none is counted, of these all since two days were known.
    assert!(told.calls > made_up / 2 && told.calls <= made_up * 3 / 5, "{} of {made_up}", told.calls);
}

#[test]
fn who_has_landlines_abroad_is_left_alone() {
    let platform = |from: u64| {
        // Eight hundred users with numbers of their own from everywhere; three in four calls are by a quarter of them.
        let user = |dice: &mut Dice| if dice.below(4) == 0 { dice.below(800) } else { dice.below(200) };
        calls(from..6, 40, move |dice, _| 441_620_000_000 + user(dice) * 7_919)
    };
    let exchange = calls(0..6, 40, |dice, _| 442_079_460_000 + dice.below(1_000));
    let takes_over = calls(3..4, 400, |dice, _| landline(dice));
    let stray = calls(0..6, 1, |dice, _| landline(dice));
    for (name, story) in [
        ("a platform from the first day on", platform(0)),
        ("a platform that comes later", platform(2)),
        ("an exchange with a thousand numbers", exchange),
        ("a landline now and then", stray),
    ] {
        let told = play(story.into_iter().chain(usual()).collect());
        assert_eq!(told.opened, [], "{name}");
    }
    // Here nobody was ever called by whoever calls him, which is a centre's way and no carrier's; its lines say nothing.
    let told = play(takes_over.into_iter().chain(usual()).collect());
    assert!(told.opened.iter().all(|&(_, kind)| kind != Kind::CliRefile), "{:?}", told.opened);
}
