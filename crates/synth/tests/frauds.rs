//! Every fraud does what its file says: the figures of SCIENCE 4 and 8 come out of the calls.

#![cfg(test)]

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use numbers::{Clocks, Validity, look_up};
use synth::{CallTruth, GroupTruth, Label, Options, Role, Scenario, Truth};
use types::{E164, Ip};

/// A call of the truth, kept.
#[derive(Clone, Debug)]
struct Call {
    role: Role,
    caller: Option<E164>,
    callee: Option<E164>,
    source: Ip,
    from: f64,
    answered: Option<f64>,
    until: f64,
}

#[derive(Default)]
struct Calls {
    of: BTreeMap<&'static str, Vec<Call>>,
    /// Everybody's calls to a number.
    to: HashMap<E164, u64>,
    labels: BTreeMap<&'static str, Label>,
}

impl Truth for Calls {
    fn call(&mut self, call: &CallTruth<'_>) {
        let kept = Call {
            role: call.role,
            caller: call.caller,
            callee: call.callee,
            source: call.source.ip,
            from: call.invite_at.micros() as f64 / 1e6,
            answered: call.answer_at.map(|at| at.micros() as f64 / 1e6),
            until: call.end_at.micros() as f64 / 1e6,
        };
        assert!(
            kept.until >= kept.from && kept.answered.is_none_or(|at| at > kept.from && at < kept.until),
            "{kept:?}"
        );
        if let Some(callee) = call.callee {
            *self.to.entry(callee).or_default() += 1;
        }
        if call.head.label == Label::Fraud {
            self.of.entry(call.head.kind).or_default().push(kept);
        }
    }

    fn group(&mut self, group: &GroupTruth<'_>) {
        self.labels.insert(group.head.kind, group.head.label);
    }
}

struct Nobody;

impl call::Listener for Nobody {
    fn step(&mut self, _: call::Step, _: types::Nanos, _: &call::CallRecord<'_>) {}

    fn exchange(&mut self, _: &call::Exchange<'_>) {}

    fn record(&mut self, _: &call::CallRecord<'_>) {}
}

/// The calls of a scenario's frauds, over a working week and the weekend after it.
fn play(name: &str, hardness: u8, days: f64) -> Calls {
    let options = Options { hardness, days, warm_up_days: 0.0, scale: 0.02, ..Options::default() };
    let mut calls = Calls::default();
    Scenario::named(name, &options).unwrap().play(&mut Nobody, &mut calls);
    calls
}

/// How many of these are up at each of these moments.
fn up_at(calls: &[Call], moments: impl Iterator<Item = f64>) -> Vec<f64> {
    let up =
        |at: f64| calls.iter().filter(|call| call.answered.is_some_and(|from| from <= at && at < call.until)).count();
    moments.map(|at| up(at) as f64).collect()
}

fn mean_and_variance(values: &[f64]) -> (f64, f64) {
    let mean = values.iter().sum::<f64>() / values.len() as f64;
    (mean, values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (values.len() - 1) as f64)
}

fn share<T>(of: &[T], which: impl Fn(&T) -> bool) -> f64 {
    of.iter().filter(|each| which(each)).count() as f64 / of.len() as f64
}

/// 2026-03-02T00:00:00Z, a Monday: where all of these begin.
const MONDAY: f64 = 1_772_409_600.0;

#[test]
fn a_scam_centre_has_its_seats_and_its_pace() {
    let calls = play("scam-centre", 0, 1.0);
    let calls = &calls.of["scam_call_centre"];
    // SCIENCE 4.4: two hours of the afternoon, a sample every two minutes, seats from m² / (m - v).
    let up = up_at(calls, (0..60).map(|sample| MONDAY + 14.4 * 3_600.0 + 120.0 * f64::from(sample)));
    let (mean, variance) = mean_and_variance(&up);
    let seats = mean * mean / (mean - variance);
    assert!((40.0..60.0).contains(&seats), "{seats} seats, {mean} up, variance {variance}");
    // 50 seats, 120 s of talk: a good thousand answers and four thousand attempts an hour.
    let hour: Vec<_> = calls.iter().filter(|call| (15.0..16.0).contains(&((call.from - MONDAY) / 3_600.0))).collect();
    assert!((3_000..5_500).contains(&hour.len()), "{} attempts in an hour", hour.len());
    let numbers: HashSet<_> = calls.iter().map(|call| call.caller).collect();
    assert!(numbers.len() * 100 > calls.len() * 95, "{} numbers for {} calls", numbers.len(), calls.len());
    let pairs: HashSet<_> = calls.iter().map(|call| call.callee).collect();
    assert!(pairs.len() * 100 > calls.len() * 90, "{} callees for {} calls", pairs.len(), calls.len());
}

#[test]
fn the_sun_is_followed_from_region_to_region() {
    let calls = play("follow-the-sun", 0, 1.0);
    let calls = &calls.of["timezone_targeting"];
    let mut clocks = Clocks::default();
    let mut regions: BTreeMap<String, (u64, u64)> = BTreeMap::new();
    for call in calls {
        let place = look_up(call.callee.unwrap());
        let works = place.zones.iter().any(|zone| {
            let local = clocks.local_time(zone.zone, types::Nanos::new((call.from * 1e9) as u64));
            (9..18).contains(&local.hour()) && local.weekday < 5
        });
        let (all, within) = regions.entry(place.country.to_string()).or_default();
        *all += 1;
        *within += u64::from(works);
    }
    assert_eq!(regions.keys().map(String::as_str).collect::<Vec<_>>(), ["AU", "GB", "US"]);
    for (region, (all, within)) in &regions {
        assert!(*all > 5_000 && within * 100 > all * 94, "{region}: {within} of {all} in working hours");
    }
    assert_eq!(calls.iter().map(|call| call.source).collect::<BTreeSet<_>>().len(), 6);
}

#[test]
fn one_dialler_hides_behind_many_numbers_and_trunks() {
    let calls = play("rotation", 0, 1.0);
    let calls = &calls.of["number_rotation"];
    assert_eq!(calls.iter().map(|call| call.source).collect::<HashSet<_>>().len(), 8);
    assert!((950..=1_000).contains(&calls.iter().map(|call| call.caller).collect::<HashSet<_>>().len()));
}

#[test]
fn a_wave_rings_shortly_and_some_call_back() {
    let calls = play("wangiri", 0, 5.0);
    let calls = &calls.of["wangiri"];
    let own: Vec<_> = calls.iter().filter(|call| call.role == Role::Own).cloned().collect();
    let victims: Vec<_> = calls.iter().filter(|call| call.role == Role::Victim).cloned().collect();
    assert!(share(&own, |call| call.answered.is_none()) > 0.8);
    // From the INVITE: up to 15 s until it rings, at most five, and up to four where somebody picks up.
    assert!(own.iter().all(|call| call.until - call.from < 24.1));
    let back = victims.len() as f64 / own.len() as f64;
    assert!((0.01..0.05).contains(&back), "{back} called back");
    let block: HashSet<_> = own.iter().map(|call| call.caller.unwrap().reveal() / 100).collect();
    assert!(block.len() == 1 && victims.iter().all(|call| block.contains(&(call.callee.unwrap().reveal() / 100))));
}

#[test]
fn a_hacked_exchange_pumps_over_its_lines() {
    let calls = play("irsf", 0, 7.0);
    let calls = &calls.of["irsf"];
    let own: Vec<_> = calls.iter().filter(|call| call.role == Role::Own).cloned().collect();
    let first = own.iter().map(|call| call.from).fold(f64::MAX, f64::min);
    assert!((first - MONDAY) / 86_400.0 > 4.7, "not before Friday evening");
    let up = up_at(&own, (1..30).map(|hour| first + 3_600.0 * f64::from(hour)));
    assert!(up.iter().all(|&up| up <= 40.0) && up.iter().any(|&up| up > 25.0), "{up:?}");
    let tests: Vec<_> = calls.iter().filter(|call| call.role == Role::Test).cloned().collect();
    assert!((1..10).contains(&tests.len()) && tests.iter().all(|call| call.from < first));
}

#[test]
fn a_box_has_ports_and_a_sim_one_call_at_a_time() {
    for hardness in [0, 3] {
        let calls = play("sim-box", hardness, 2.0);
        let own: Vec<_> = calls.of["sim_box"].clone();
        let sims: HashSet<_> = own.iter().map(|call| call.caller).collect();
        let expected = if hardness == 0 { 64 } else { 256 };
        let outgoing: Vec<_> = own.iter().filter(|call| sims.contains(&call.caller)).collect();
        assert!(sims.len() >= expected, "{} SIMs", sims.len());
        if hardness == 0 {
            let to_sims: u64 = sims.iter().flatten().filter_map(|sim| calls.to.get(sim)).sum();
            assert!(to_sims <= 2, "{to_sims} calls to SIMs");
            let mut busy: HashMap<_, f64> = HashMap::new();
            let mut in_order = outgoing.clone();
            in_order.sort_by(|one, other| one.from.total_cmp(&other.from));
            for call in in_order {
                let until = busy.entry(call.caller).or_default();
                assert!(call.from >= *until - 1.0, "{:?} has two calls at once", call.caller);
                *until = call.until;
            }
        }
        let noon = MONDAY + 19.0 * 3_600.0;
        let up = up_at(&own, (0..60).map(|minute| noon + 60.0 * f64::from(minute)));
        assert!(up.iter().all(|&up| up <= 32.0), "{up:?}");
    }
}

#[test]
fn numbers_are_refiled_as_hard_as_asked() {
    for (hardness, right) in [
        (0, &[Validity::TooShort, Validity::Invalid, Validity::Possible][..]),
        (2, &[Validity::Possible, Validity::TooShort, Validity::Invalid]),
        (3, &[Validity::Valid]),
    ] {
        let calls = play("refile", hardness, 0.5);
        let calls = &calls.of["cli_refile"];
        let fit = share(calls, |call| right.contains(&look_up(call.caller.unwrap()).validity));
        assert!(calls.len() > 300 && fit > 0.99, "hardness {hardness}: {fit}");
    }
}

#[test]
fn a_route_answers_its_share_too_early() {
    for (name, expected) in [("false-answer-50", 0.5), ("false-answer-10", 0.1)] {
        let calls = play(name, 0, 2.0);
        let calls = &calls.of["false_answer"];
        // A route carries some 5,000 calls a day.
        let of_route = calls.len() as f64 / 10_000.0;
        assert!((of_route / expected - 1.0).abs() < 0.4, "{name}: {of_route}");
        assert!(calls.iter().all(|call| call.answered.is_some_and(|at| at - call.from <= 2.001)), "{name}");
    }
}
