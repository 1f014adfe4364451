//! The innocent classes show the base rates of SCIENCE 4.0 once their population has been seen for some weeks: who calls
//! whom is drawn from people and their habits, so the shares have to come out of the traffic itself.

#![cfg(test)]

use std::collections::{HashMap, HashSet};

use call::{CallRecord, EndedBy, Exchange, Listener, Outcome, Side, Step};
use numbers::{Clocks, Country, look_up};
use sip::passport::Attest;
use synth::{Options, Scenario, TrunkRole};
use types::{E164, Ip, Nanos};

/// Shares of the calls, in the order of the table: first contact, answered, short, callee hangs up, business hours, new
/// number on the trunk, number of the callee's country from abroad, not fully attested.
const FEATURES: usize = 8;

struct Observer {
    measured_from: Nanos,
    foreign: HashSet<Ip>,
    known: HashSet<(E164, E164)>,
    on_trunk: HashSet<(Ip, E164)>,
    clocks: Clocks,
    seen: [u64; FEATURES],
    of: [u64; FEATURES],
}

impl Observer {
    fn count(&mut self, feature: usize, seen: bool) {
        self.seen[feature] += u64::from(seen);
        self.of[feature] += 1;
    }

    /// Whether it is a working hour for whoever has this number: 09 to 18 on a weekday.
    fn works(&mut self, number: E164, at: Nanos) -> bool {
        let place = look_up(number);
        let Some(zone) = place.zones.first() else { return false };
        let local = self.clocks.local_time(zone.zone, at);
        (9..18).contains(&local.hour()) && local.weekday < 5
    }
}

impl Listener for Observer {
    fn step(&mut self, _: Step, _: Nanos, _: &CallRecord<'_>) {}

    fn exchange(&mut self, _: &Exchange<'_>) {}

    fn record(&mut self, call: &CallRecord<'_>) {
        let (Some(caller), Some(callee)) = (call.caller.number, call.callee.number) else { return };
        let pair = (caller.min(callee), caller.max(callee));
        let first = self.known.insert(pair);
        let new = self.on_trunk.insert((call.source.ip, caller));
        let at = call.invite_at.unwrap();
        if at < self.measured_from {
            return;
        }
        let answered = call.outcome == Outcome::Answered;
        let country = |number| -> Country { look_up(number).country };
        let works = self.works(callee, at);
        self.count(0, first);
        self.count(1, answered);
        if answered {
            self.count(2, call.talking().unwrap() <= 15_000_000_000);
            self.count(3, call.ended_by == Some(EndedBy::Person(Side::Callee)));
        }
        self.count(4, works);
        self.count(5, new);
        self.count(6, self.foreign.contains(&call.source.ip) && country(caller) == country(callee));
        self.count(7, call.attestation != Some(Attest::Full));
    }
}

fn check(scenario: &str, expected: [f64; FEATURES]) {
    // Centres differ, so there must be several.
    let few = matches!(scenario, "bpo" | "collections" | "blast" | "reminders");
    let (scale, warm_up_days) = if few { (0.6, 10.0) } else { (0.2, 21.0) };
    let options = Options { scale, warm_up_days, days: 7.0, ..Options::default() };
    let scenario_ready = Scenario::named(scenario, &options).unwrap();
    let trunks = scenario_ready.cast().trunks().iter();
    let foreign = trunks.filter(|trunk| trunk.role == TrunkRole::International);
    let mut observer = Observer {
        measured_from: Nanos::new(options.start.as_nanosecond() as u64),
        foreign: foreign.flat_map(|trunk| trunk.gates.iter().map(|gate| gate.ip)).collect(),
        known: HashSet::new(),
        on_trunk: HashSet::new(),
        clocks: Clocks::default(),
        seen: [0; FEATURES],
        of: [0; FEATURES],
    };
    scenario_ready.play(&mut observer, &mut ());
    let found: Vec<f64> = observer.seen.iter().zip(observer.of).map(|(&seen, of)| seen as f64 / of as f64).collect();
    println!("{scenario:>12} {} calls: {found:.3?}", observer.of[0]);
    assert!(observer.of[0] > 50_000, "{scenario}: {} calls", observer.of[0]);
    for (feature, (found, expected)) in found.iter().zip(expected).enumerate() {
        // An entity's rate has a standard deviation of sqrt(p (1 - p) / 31) around its class.
        let bearable = (expected * (1.0 - expected) / 31.0).sqrt().max(0.03) * 1.5;
        assert!((found - expected).abs() < bearable, "{scenario}, feature {feature}: {found:.3} for {expected}");
    }
}

#[test]
fn classes_have_the_rates_of_the_table() {
    check("residential", [0.15, 0.62, 0.18, 0.50, 0.38, 0.02, 0.005, 0.35]);
    check("enterprise", [0.35, 0.60, 0.20, 0.50, 0.85, 0.03, 0.005, 0.30]);
    check("bpo", [0.75, 0.35, 0.35, 0.60, 0.92, 0.02, 0.15, 0.45]);
    check("blast", [0.25, 0.60, 0.30, 0.25, 0.60, 0.005, 0.01, 0.30]);
    check("reminders", [0.55, 0.50, 0.25, 0.40, 0.95, 0.01, 0.01, 0.30]);
    check("diaspora", [0.10, 0.55, 0.15, 0.50, 0.40, 0.10, 0.02, 0.70]);
    check("collections", [0.40, 0.30, 0.40, 0.65, 0.85, 0.05, 0.03, 0.40]);
    check("wholesale", [0.30, 0.50, 0.20, 0.50, 0.45, 0.30, 0.05, 0.65]);
}

/// Everything a listener was told, folded into one number.
#[derive(Default)]
struct Digest(HashMap<&'static str, u64>, u64);

impl Digest {
    fn add(&mut self, what: &'static str, call: &CallRecord<'_>) {
        *self.0.entry(what).or_default() += 1;
        let times = [call.invite_at, call.ring_at, call.answer_at, call.end_at].map(|at| at.map_or(0, Nanos::get));
        let words = times.into_iter().flat_map(u64::to_le_bytes).chain(call.stack.unwrap().bits().to_le_bytes());
        let texts = [call.call_id, call.caller.raw, call.callee.raw, call.user_agent].concat();
        let media = call.media.iter().map(|media| media.figures.packets as u8);
        for byte in words.chain(texts).chain(media) {
            self.1 = (self.1 ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }
}

impl Listener for Digest {
    fn step(&mut self, _: Step, at: Nanos, call: &CallRecord<'_>) {
        assert!(call.invite_at.unwrap() <= at);
        self.add("step", call);
    }

    fn exchange(&mut self, _: &Exchange<'_>) {}

    fn record(&mut self, call: &CallRecord<'_>) {
        self.add("record", call);
    }
}

#[test]
fn the_same_seed_gives_the_same_calls() {
    let play = |name: &str, seed| {
        let start = "2026-03-02T10:00:00Z".parse().unwrap();
        // Schools are silent on most days.
        let days = if name == "blast" { 4.0 } else { 0.3 };
        let options = Options { seed, start, scale: 0.05, days, warm_up_days: 0.0, media: true, ..Options::default() };
        let mut digest = Digest::default();
        Scenario::named(name, &options).unwrap().play(&mut digest, &mut ());
        assert!(digest.0["record"] > 0, "{name} is silent");
        (digest.0, digest.1)
    };
    for (name, _) in Scenario::names() {
        let first = play(name, 1);
        assert_eq!(first, play(name, 1), "{name}");
    }
    assert_ne!(play("benign", 1).1, play("benign", 2).1);
}
