//! What an adversary can do to judgement itself: fill its tables, aim at their buckets, teach it a habit, set its clock. It stays
//! within its memory, says what it refused, and finds who it found before.

use std::collections::HashSet;
use std::fs;
use std::hash::BuildHasher;
use std::sync::Arc;

use benches::calls::{Beset, Flood};
use benches::scorecard::{Findings, Roll, knowledge};
use call::{CallRecord, EndedBy, Exchange, Listener, Party, Side, Step};
use config::Known;
use detect::{CallKey, Hearer, Judge, Report, Settings, Tables};
use foldhash::quality::FixedState;
use sip::passport::Attest;
use synth::{CallTruth, GroupTruth, Label, Options, Scenario, Truth};
use types::{E164, Ip, Moment, Nanos};

/// Monday 2 March 2026, midnight, from which scenarios are measured.
const MONDAY: u64 = 1_772_409_600;
/// Seconds of an hour.
const HOUR: u64 = 3_600;
/// Days of one.
const FORTNIGHT: u64 = 14;

fn judge<H: Hearer>(settings: Settings, known: Known, hearer: H) -> Judge<H> {
    Judge::new(settings, Tables::ours().unwrap(), Arc::new(known), hearer).unwrap()
}

/// Half a million numbers that call once, among whom a scam centre works with one number a desk: tables of five thousand
/// entities stay at five thousand, and it is found as soon as is asked for without a flood.
#[test]
fn a_flood_of_numbers_pushes_out_the_flood() {
    const ENTITIES: usize = 5_000;
    let options = Options { days: 0.5, warm_up_days: 1.0, scale: 0.05, ..Options::default() };
    let scenario = Scenario::named("scam-centre-static", &options).unwrap();
    let known = knowledge(scenario.cast()).unwrap();
    let settings = Settings { entities_max: ENTITIES, past_keys_max: 200_000, ..Settings::of(&known) };
    const CALLS: u64 = 500_000;
    let (from, mut flood) = (Nanos::from_parts(MONDAY + 8 * HOUR, 0), Flood::new(1, Ip::v4([203, 0, 113, 7])));
    let more = |moment: Moment, judge: &mut Judge<Findings>| {
        judge.moment(moment);
        if moment.at >= from && flood.calls() < CALLS {
            for _ in 0..500 {
                flood.tell(moment.at, judge);
            }
        }
    };
    let mut flooded = Beset { listener: judge(settings, known, Findings::default()), more };
    let mut roll = Roll::default();
    scenario.play(&mut flooded, &mut roll);
    let judge = flooded.listener;
    assert_eq!(flood.calls(), CALLS);
    let tally = judge.tally();
    assert_eq!(tally.entities, ENTITIES as u64, "{tally:?}");
    assert!(tally.entities_refused > 500_000, "{tally:?}");
    assert!(tally.entities_evicted > 0, "{tally:?}");
    // The flood is accused too, and rightly: it asks one place for half a million numbers that nobody has.
    is_found(&roll, &judge.into_hearer(), Nanos::ZERO, 500);
}

/// Where there is no room for another operation nobody is told of one, and whoever finds none asks again once a minute, not with each
/// of its calls.
#[test]
fn without_room_for_alerts_it_says_so() {
    let options = Options { days: 0.5, warm_up_days: 1.0, scale: 0.05, ..Options::default() };
    let scenario = Scenario::named("scam-centre", &options).unwrap();
    let known = knowledge(scenario.cast()).unwrap();
    let mut judge = judge(Settings { alerts_open_max: 0, ..Settings::of(&known) }, known, Findings::default());
    let mut roll = Roll::default();
    scenario.play(&mut judge, &mut roll);
    let tally = judge.tally();
    // Each of its thousands of calls would have opened one; twelve hours have 720 minutes.
    assert!((1..=720).contains(&tally.alerts_refused), "{tally:?}");
    assert_eq!(judge.into_hearer().opened().count(), 0);
}

/// The fraud is found within so many of its calls after a moment, and nobody else is accused.
fn is_found(roll: &Roll, findings: &Findings, from: Nanos, within: usize) {
    let (group, head) = roll.frauds().next().unwrap();
    let found = findings.opened().find(|finding| roll.group_of(finding) == Some(group));
    let all: Vec<_> = findings.opened().collect();
    let found = found.unwrap_or_else(|| panic!("{} is not found, but {all:#?}", head.id));
    let calls = roll.before(group, found.at).0.saturating_sub(roll.before(group, from).0);
    assert!(calls <= within, "{} found after {calls} calls", head.id);
}

/// Nobody but the fraud is accused.
fn is_alone(roll: &Roll, findings: &Findings) {
    let (group, _) = roll.frauds().next().unwrap();
    for finding in findings.opened() {
        assert_eq!(roll.group_of(finding), Some(group), "{finding:#?}");
    }
}

/// A judge whose capture host sets its clock while it listens.
struct Stepped {
    judge: Judge<Findings>,
    /// From this moment on, by so many seconds.
    from: Nanos,
    by: i64,
}

impl Stepped {
    fn clock(&self, at: Nanos) -> Nanos {
        if at < self.from { at } else { Nanos::new(at.get().saturating_add_signed(self.by * 1_000_000_000)) }
    }

    fn told<'a>(&self, call: &CallRecord<'a>) -> CallRecord<'a> {
        let clock = |at: Option<Nanos>| at.map(|at| self.clock(at));
        CallRecord {
            invite_at: clock(call.invite_at),
            ring_at: clock(call.ring_at),
            answer_at: clock(call.answer_at),
            end_at: clock(call.end_at),
            ..*call
        }
    }
}

impl Listener for Stepped {
    fn moment(&mut self, moment: Moment) {
        let at = self.clock(moment.at);
        self.judge.moment(Moment { at, ..moment });
    }

    fn step(&mut self, step: Step, at: Nanos, call: &CallRecord<'_>) {
        let told = self.told(call);
        self.judge.step(step, self.clock(at), &told);
    }

    fn exchange(&mut self, exchange: &Exchange<'_>) {
        let answered_at = exchange.answered_at.map(|at| self.clock(at));
        self.judge.exchange(&Exchange { at: self.clock(exchange.at), answered_at, ..*exchange });
    }

    fn record(&mut self, record: &CallRecord<'_>) {
        let told = self.told(record);
        self.judge.record(&told);
    }
}

/// Set forward, events are later; set back, they wait for nothing and are counted. Nobody innocent is accused for it, and a scam
/// centre that begins with the step is found in its first calls.
#[test]
fn a_clock_that_is_set_accuses_nobody() {
    for by in [-2 * HOUR as i64, -2, 2, 3 * HOUR as i64] {
        let options = Options { days: 0.5, warm_up_days: 1.0, scale: 0.1, ..Options::default() };
        let scenario = Scenario::named("scam-centre", &options).unwrap();
        let known = knowledge(scenario.cast()).unwrap();
        let judge = judge(Settings::of(&known), known, Findings::default());
        let mut stepped = Stepped { judge, from: Nanos::from_parts(MONDAY + 9 * HOUR, 0), by };
        let mut roll = Roll::default();
        scenario.play(&mut stepped, &mut roll);
        // Within two seconds there may be no call.
        let late = stepped.judge.tally().late;
        assert!(if by < 0 { late > 0 || by == -2 } else { late == 0 }, "{by} s: {late} late");
        let findings = stepped.judge.into_hearer();
        // By what it has counted itself: its clock is not that of the truth.
        let calls = findings.opened().next().map(|finding| finding.calls);
        assert!(calls.is_some_and(|calls| calls <= 100), "{by} s: {calls:?}");
        is_alone(&roll, &findings);
    }
}

/// A judge before whom a fraud behaves for a fortnight: ever more of its calls, and each like one of an honest office: to the
/// same few people, from the same few numbers, attested, ended by either side.
struct Poisoned {
    judge: Judge<Findings>,
    frauds: HashSet<CallKey>,
    from: Nanos,
}

impl Poisoned {
    fn told<'a>(&self, call: &CallRecord<'a>) -> Option<CallRecord<'a>> {
        let key = CallKey::of(call.call_id);
        let at = call.invite_at?;
        let days = at.nanos_since(self.from) / (24 * HOUR * 1_000_000_000);
        if days >= FORTNIGHT || !self.frauds.contains(&key) {
            return Some(*call);
        }
        let draw = FixedState::with_seed(9).hash_one(call.call_id);
        let number = |first: u64| E164::new(first + draw / 100 % 4);
        let side = if (draw / 10_000).is_multiple_of(2) { Side::Caller } else { Side::Callee };
        (draw % FORTNIGHT <= days).then_some(CallRecord {
            caller: Party { number: number(12_125_550_110), ..call.caller },
            callee: Party { number: number(442_079_460_020), ..call.callee },
            attestation: Some(Attest::Full),
            ended_by: call.ended_by.map(|_| EndedBy::Person(side)),
            ..*call
        })
    }
}

impl Listener for Poisoned {
    fn moment(&mut self, moment: Moment) {
        self.judge.moment(moment);
    }

    fn step(&mut self, step: Step, at: Nanos, call: &CallRecord<'_>) {
        if let Some(told) = self.told(call) {
            self.judge.step(step, at, &told);
        }
    }

    fn exchange(&mut self, exchange: &Exchange<'_>) {
        self.judge.exchange(exchange);
    }

    fn record(&mut self, record: &CallRecord<'_>) {
        if let Some(told) = self.told(record) {
            self.judge.record(&told);
        }
    }
}

/// The calls of frauds.
#[derive(Default)]
struct Frauds(HashSet<CallKey>);

impl Truth for Frauds {
    fn call(&mut self, call: &CallTruth<'_>) {
        if call.head.label == Label::Fraud {
            self.0.insert(CallKey::of(call.call_id));
        }
    }

    fn group(&mut self, _: &GroupTruth<'_>) {}
}

/// Hears nothing.
struct Deaf;

impl Listener for Deaf {
    fn step(&mut self, _: Step, _: Nanos, _: &CallRecord<'_>) {}
    fn exchange(&mut self, _: &Exchange<'_>) {}
    fn record(&mut self, _: &CallRecord<'_>) {}
}

/// Behaving for a fortnight buys a scam centre nothing: once it shows what it is, it is found as soon as one that did not.
#[test]
fn a_poisoned_baseline_buys_no_time() {
    let options = Options { days: 15.0, warm_up_days: 0.0, scale: 0.02, ..Options::default() };
    let scenario = || Scenario::named("scam-centre", &options).unwrap();
    let mut frauds = Frauds::default();
    scenario().play(&mut Deaf, &mut frauds);
    let known = knowledge(scenario().cast()).unwrap();
    let from = Nanos::from_parts(MONDAY, 0);
    let judge = judge(Settings::of(&known), known, Findings::default());
    let mut poisoned = Poisoned { judge, frauds: frauds.0, from };
    let mut roll = Roll::default();
    scenario().play(&mut poisoned, &mut roll);
    let campaign = Nanos::from_parts(MONDAY + FORTNIGHT * 24 * HOUR, 0);
    let findings = poisoned.judge.into_hearer();
    is_found(&roll, &findings, campaign, 100);
    is_alone(&roll, &findings);
}

/// Nanoseconds this thread has run: what else the machine does is not in it.
fn cpu_nanos() -> u64 {
    let text = fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    text.split_whitespace().next().unwrap().parse().unwrap()
}

/// Hears nothing.
struct Nobody;

impl Hearer for Nobody {
    fn report(&mut self, _: &Report<'_>) {}
}

/// Nanoseconds in which calls of these numbers are judged.
fn takes(callers: &[u64]) -> u64 {
    let mut judge = judge(Settings { past_keys_max: 100_000, ..Settings::default() }, Known::default(), Nobody);
    let mut flood = Flood::new(2, Ip::v4([203, 0, 113, 8]));
    let callee = E164::new(12_125_550_101).unwrap();
    let begin = cpu_nanos();
    // Twice: who calls again is an entity.
    for (turn, &caller) in callers.iter().chain(callers).enumerate() {
        let at = Nanos::from_parts(1_772_442_000 + turn as u64 / 1_000, 0);
        flood.tell_of([E164::new(caller).unwrap(), callee], at, &mut judge);
    }
    judge.drain();
    cpu_nanos() - begin
}

/// Numbers chosen so that the low bits of their hashes agree, whichever fixed seed of the program an adversary guesses, fall
/// into one bucket of a table that can be foreseen. Ours cannot: they take no longer than others.
#[test]
fn numbers_that_are_aimed_at_a_bucket_hit_none() {
    const NUMBERS: usize = 6_000;
    let plain: Vec<u64> = (447_400_000_000..).step_by(7_919).take(NUMBERS).collect();
    let usual = takes(&plain);
    for seed in [0, 1, 3] {
        let state = FixedState::with_seed(seed);
        let aimed = (447_400_000_000..).filter(|number: &u64| state.hash_one(E164::new(*number)) & 0x3ff == 7);
        let aimed: Vec<u64> = aimed.take(NUMBERS).collect();
        let crafted = takes(&aimed);
        assert!(crafted < 4 * usual, "seed {seed}: {crafted} ns where {usual} are usual");
    }
}
