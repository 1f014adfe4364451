//! The battery: every innocent scenario leaves the judge silent, chance alone alarms no more often than the threshold
//! promises, every fraud of the short list is found in time and is one alert, and an alert's strongest reason weighs what the
//! alert says. Short and seeded; the long one is the `scorecard` of the benches.

use std::sync::Arc;

use benches::scorecard::{Finding, Findings, Roll, knowledge_and};
use benches::switch::Switch;
use call::{CallRecord, Exchange, Listener, Step};
use detect::{
    Because, Beyond, Entity, Excess, Feature, Hearer, Judge, Report, Settings, Status, Sweep, Tables, Victim,
};
use synth::{CallTruth, GroupTruth, Label, Options, Role, Scenario, Truth};
use types::{E164, Endpoint, Moment, Nanos};

fn judge<H: Hearer>(scenario: &Scenario, nats: Option<f32>, hearer: H) -> Judge<H> {
    judge_with(scenario, nats, "", hearer)
}

/// The same where the operator has written `more`.
fn judge_with<H: Hearer>(scenario: &Scenario, nats: Option<f32>, more: &str, hearer: H) -> Judge<H> {
    let known = Arc::new(knowledge_and(Some(scenario.cast()), more).unwrap());
    let mut settings = Settings::of(&known);
    if let Some(nats) = nats {
        // What chance brings at a low threshold is to be counted, not held back.
        (settings.threshold_nats, settings.bearable) = (nats, f64::INFINITY);
    }
    Judge::new(settings, Tables::ours().unwrap(), known, hearer).unwrap()
}

/// What is true of a scenario, and what was found in it at a threshold, or at the default budget.
fn play(name: &str, options: &Options, nats: Option<f32>) -> (Roll, Findings) {
    let scenario = Scenario::named(name, options).unwrap();
    let (mut judge, mut roll) = (judge(&scenario, nats, Findings::default()), Roll::default());
    scenario.play(&mut judge, &mut roll);
    (roll, judge.into_hearer())
}

/// Where no scenario is innocent: after this one, frauds are listed.
const LAST_INNOCENT: &str = "outage";
/// The classes, then the days on which everybody behaves differently.
const CLASSES: usize = 13;

/// A day after a day of warm-up, about 10,000 calls each: nobody is accused, and at lower thresholds no more often than once
/// in `c` calls, with one alarm allowed for where less than one is to be expected.
fn stays_silent(names: &[&str]) {
    for name in names {
        let options = Options { days: 1.0, warm_up_days: 1.0, scale: 0.1, ..Scenario::usual(name) };
        for c in [None, Some(1e4), Some(1e3)] {
            let (roll, findings) = play(name, &options, c.map(|c: f64| c.ln() as f32));
            let bearable = c.map_or(0.0, |c| (roll.calls() as f64 / c).max(1.0));
            let opened: Vec<_> = findings.opened().collect();
            assert!(roll.calls() > 8_000 && roll.frauds().next().is_none(), "{name}: {} calls", roll.calls());
            assert!(opened.len() as f64 <= bearable, "{name}, c {c:?}, {} calls: {opened:#?}", roll.calls());
        }
    }
}

fn innocents() -> Vec<&'static str> {
    let names: Vec<_> = Scenario::names().map(|(name, _)| name).collect();
    let last = names.iter().position(|&name| name == LAST_INNOCENT).unwrap();
    names[..=last].to_vec()
}

#[test]
fn every_innocent_class_is_left_alone() {
    stays_silent(&innocents()[..CLASSES]);
}

#[test]
fn on_special_days_too() {
    stays_silent(&innocents()[CLASSES..]);
}

/// Plays a fraud among innocents: each operation is one alert of one of `kinds`, opened within `calls` of its own, and nobody
/// else is accused.
fn finds(name: &str, hours: f64, calls: usize, kinds: &[&str]) {
    let options = Options { days: hours / 24.0, warm_up_days: 1.0, scale: 0.2, ..Options::default() };
    let (roll, findings) = play(name, &options, None);
    let of =
        |finding: &Finding| roll.group_of(finding).filter(|&group| roll.head(group).unwrap().label == Label::Fraud);
    for finding in findings.opened() {
        assert!(of(finding).is_some(), "{name} accuses others: {finding:#?}");
    }
    assert!(roll.frauds().next().is_some(), "{name}");
    for (group, head) in roll.frauds() {
        let found: Vec<_> = findings.opened().filter(|finding| of(finding) == Some(group)).collect();
        let [finding] = found[..] else { panic!("{}: {} alerts {found:#?}", head.id, found.len()) };
        let (before, _) = roll.before(group, finding.at);
        assert!(before <= calls, "{} found after {before} calls", head.id);
        assert!(kinds.contains(&finding.kind), "{}: {finding:#?}", head.id);
    }
}

/// Calls within which the scorecard wants them found, where it says so.
#[test]
fn centres_are_found_in_their_first_calls() {
    finds("scam-centre", 12.0, 100, &["scam_call_centre"]);
    finds("scam-centre-static", 12.0, 500, &["scam_call_centre"]);
    finds("rotation", 12.0, 100, &["scam_call_centre", "number_rotation"]);
}

/// What a switch writes down is enough for who calls: causes in place of responses, no ringing and nothing of software.
#[test]
fn records_of_switches_tell_of_centres_too() {
    let options = Options { days: 0.5, warm_up_days: 1.0, scale: 0.2, ..Options::default() };
    for (name, calls, kinds) in [
        ("scam-centre", 100, &["scam_call_centre"][..]),
        ("rotation", 600, &["scam_call_centre", "number_rotation"]),
        ("wangiri", 60, &["wangiri"]),
    ] {
        let scenario = Scenario::named(name, &options).unwrap();
        let (mut judge, mut roll) = (judge(&scenario, None, Findings::default()), Roll::default());
        scenario.play(&mut Switch(&mut judge), &mut roll);
        let findings = judge.into_hearer();
        let (group, _) = roll.frauds().next().unwrap();
        let found: Vec<_> = findings.opened().collect();
        let first = found.first().unwrap_or_else(|| panic!("{name} is missed"));
        let (before, _) = roll.before(group, first.at);
        assert!(before <= calls, "{name} found after {before} calls");
        assert!(kinds.contains(&first.kind) && found.iter().all(|it| roll.group_of(it) == Some(group)), "{found:#?}");
    }
}

/// Three who dial with one build are three: how their calls come out tells them apart.
#[test]
fn who_bought_the_same_software_is_somebody_else() {
    finds("same-software", 16.25, 100, &["scam_call_centre", "robocall", "wangiri"]);
}

/// A large centre under a few numbers of its own is one that wants a licence, a small one that calls the same strangers is a scam: how
/// large it is shows within minutes, by the calls that are up.
#[test]
fn a_large_centre_under_its_own_numbers_lacks_a_licence() {
    let options = Options { days: 9.6 / 24.0, warm_up_days: 1.0, scale: 0.05, ..Options::default() };
    for (name, kind) in [("unlicensed-centre", "unlicensed_call_centre"), ("scam-centre-static", "scam_call_centre")] {
        let (roll, findings) = play(name, &options, None);
        let found: Vec<_> = findings.opened().collect();
        let [finding] = found[..] else { panic!("{name}: {found:#?}") };
        let group = roll.group_of(finding).and_then(|group| roll.head(group)).unwrap();
        assert_eq!((group.label, findings.last(finding.id).kind), (Label::Fraud, kind), "{name}");
    }
}

/// What is told of who goes beyond a licence, and how.
#[derive(Default)]
struct Beyonds(Vec<(&'static str, Option<Excess>)>);

impl Hearer for Beyonds {
    fn report(&mut self, report: &Report<'_>) {
        if report.status == Status::Close {
            self.0.push((report.kind.name(), report.operation.excess));
        }
    }
}

/// Licensed centres, with what the register says of them changed by `change`: what is told of them in a morning.
fn under(change: impl Fn(&str) -> String) -> Vec<(&'static str, Option<Excess>)> {
    let options = Options { days: 0.6, warm_up_days: 0.0, scale: 0.3, ..Scenario::usual("bpo") };
    let scenario = Scenario::named("bpo", &options).unwrap();
    let file: Vec<_> = scenario.cast().operators_file().lines().map(change).collect();
    let known = config::read(file.join("\n").as_bytes()).unwrap().known;
    let settings = Settings::of(&known);
    let mut judge = Judge::new(settings, Tables::ours().unwrap(), Arc::new(known), Beyonds::default()).unwrap();
    scenario.play(&mut judge, &mut ());
    judge.into_hearer().0
}

/// A licence covers so many seats and the countries it names; who has more, or calls others, is an unlicensed centre that far, and the
/// alert says by which licence.
#[test]
fn a_licence_covers_what_it_says_and_no_more() {
    assert_eq!(under(str::to_owned), []);
    let fewer = |line: &str| match line.strip_prefix("seats = ").map(|seats| seats.parse::<u32>().unwrap()) {
        Some(seats) => format!("seats = {}", seats / 3),
        None => line.to_owned(),
    };
    let found = under(fewer);
    assert!(!found.is_empty());
    for (kind, excess) in found {
        assert!(matches!(excess.map(|it| it.of), Some(Beyond::Seats(_))), "{excess:?}");
        assert_eq!(kind, "unlicensed_call_centre");
    }
    let nearer =
        |line: &str| if line.starts_with("destinations = ") { "destinations = [\"GB\"]" } else { line }.to_owned();
    let found = under(nearer);
    assert!(!found.is_empty());
    for (kind, excess) in found {
        assert!(matches!(excess.map(|it| it.of), Some(Beyond::Destination(_))), "{excess:?}");
        assert_eq!(kind, "unlicensed_call_centre");
    }
}

/// From Australia to Britain: two of its three regions.
#[test]
fn who_follows_the_sun_is_one_alert() {
    finds("follow-the-sun", 11.0, 60, &["scam_call_centre", "timezone_targeting"]);
}

#[test]
fn other_frauds_are_found_in_their_first_calls() {
    // The scorecard wants it within 12 rings; three of four are answered or cut off by the callee, which says less.
    finds("wangiri", 24.0, 40, &["wangiri"]);
    finds("irsf", 24.0, 80, &["irsf"]);
    finds("impersonation", 12.0, 1, &["impersonation"]);
    // Three numbers that stand for others are needed; of a call that is not over yet its second leg is not known.
    finds("refile-onward", 12.0, 20, &["cli_refile"]);
}

/// One of four routes answers every second call too soon. That is seen with the delays, which a switch turns on, and without.
#[test]
fn false_answers_are_found_with_their_delays_and_without() {
    let options = Options { days: 0.5, warm_up_days: 0.5, scale: 0.05, media: true, ..Options::default() };
    let answered = ["", "[detect.false_answer]\ntiming = true\n"].map(|more| {
        let scenario = Scenario::named("false-answer-50", &options).unwrap();
        let (mut judge, mut roll) = (judge_with(&scenario, None, more, Findings::default()), Roll::default());
        scenario.play(&mut judge, &mut roll);
        let (findings, (group, _)) = (judge.into_hearer(), roll.frauds().next().unwrap());
        let found: Vec<_> = findings.opened().collect();
        let [finding] = found[..] else { panic!("{more}: {found:#?}") };
        assert_eq!((roll.group_of(finding), finding.kind), (Some(group), "false_answer"), "{more}: {finding:#?}");
        roll.done(group, finding.at).answered
    });
    assert!(answered.iter().all(|&answered| answered <= 100), "{answered:?}");
}

/// A customer whose rate rises, among innocents; its profile takes a week to be known. The calls that are over are those that have
/// said what became of them. Three times the rate is found of two seeds in three (the scorecard says after how much), so it is no
/// test yet.
#[test]
fn bursts_are_found_while_they_last() {
    for name in ["burst-5", "burst-10"] {
        let options = Options { days: 2.0, warm_up_days: 7.0, scale: 0.01, ..Options::default() };
        let (roll, findings) = play(name, &options, None);
        let (group, _) = roll.frauds().next().unwrap();
        let found: Vec<_> = findings.opened().collect();
        let [finding] = found[..] else { panic!("{name}: {found:#?}") };
        assert_eq!((roll.group_of(finding), finding.kind), (Some(group), "call_burst"), "{name}: {finding:#?}");
        let done = roll.done(group, finding.at);
        assert!(done.over <= 100, "{name} found after {done:?}");
    }
}

/// A register that names somebody else, and nothing beside: no trunks, no protected numbers.
const REGISTER: &str = "[[licence]]\nholder = \"Example Outbound\"\naddresses = [\"198.51.100.9\"]\n";

/// A centre that differs from a licensed one in hardly anything, under its own numbers, is found where it is known who is licensed, and
/// announcements, which nobody talks in, need no licence.
#[test]
fn whoever_has_no_licence_is_found_by_his_manner_alone() {
    let play = |name: &str, hardness| {
        let options = Options { days: 1.0, warm_up_days: 2.0, scale: 0.02, hardness, ..Scenario::usual(name) };
        let scenario = Scenario::named(name, &options).unwrap();
        let known = Arc::new(knowledge_and(None, REGISTER).unwrap());
        let mut judge = Judge::new(Settings::of(&known), Tables::ours().unwrap(), known, Findings::default()).unwrap();
        let mut roll = Roll::default();
        scenario.play(&mut judge, &mut roll);
        (roll, judge.into_hearer())
    };
    let (roll, findings) = play("scam-centre-static", 3);
    let (group, _) = roll.frauds().next().unwrap();
    let found: Vec<_> = findings.opened().collect();
    let [finding] = found[..] else { panic!("{found:#?}") };
    assert_eq!(roll.group_of(finding), Some(group), "{finding:#?}");
    assert!(["scam_call_centre", "unlicensed_call_centre"].contains(&finding.kind), "{finding:#?}");
    let done = roll.done(group, finding.at);
    assert!(done.over <= 150, "found after {done:?}");
    for name in ["blast", "reminders", "televoting"] {
        let (_, findings) = play(name, 0);
        let opened: Vec<_> = findings.opened().collect();
        assert!(opened.is_empty(), "{name}: {opened:#?}");
    }
}

/// What is said of victims, and when.
#[derive(Default)]
struct Named(Vec<(Nanos, Victim)>);

impl Hearer for Named {
    fn report(&mut self, report: &Report<'_>) {
        let victims = report.operation.victims.named();
        for victim in &victims[self.0.len().min(victims.len())..] {
            self.0.push((report.at, *victim));
        }
    }
}

/// With how much evidence alerts were told of, in nats.
#[derive(Default)]
struct Scores(Vec<f32>);

impl Hearer for Scores {
    fn report(&mut self, report: &Report<'_>) {
        self.0.push(report.nats);
    }
}

/// A customer's burst, which is over within hours: what it was found by is told to its end.
#[test]
fn the_most_there_was_is_told_to_the_end() {
    let options = Options { days: 1.0, warm_up_days: 3.0, scale: 0.03, ..Options::default() };
    let scenario = Scenario::named("burst-10", &options).unwrap();
    let mut judge = judge(&scenario, None, Scores::default());
    scenario.play(&mut judge, &mut ());
    let Scores(told) = judge.into_hearer();
    let most = told.iter().copied().fold(0.0, f32::max);
    assert!(told.len() > 4 && told.last().is_some_and(|&last| last > 0.95 * most), "{told:?}");
}

/// Calls of victims, in truth.
#[derive(Default)]
struct Victims(Vec<(Nanos, E164, E164)>);

impl Truth for Victims {
    fn call(&mut self, call: &CallTruth<'_>) {
        if let (Role::Victim, Some(caller), Some(callee)) = (call.role, call.caller, call.callee) {
            self.0.push((call.invite_at, caller, callee));
        }
    }

    fn group(&mut self, _: &GroupTruth<'_>) {}
}

/// Who was rung and calls back is named with the INVITE of that call, and nobody else is.
#[test]
fn victims_who_call_back_are_named_as_they_do() {
    let options = Options { days: 1.0, warm_up_days: 1.0, scale: 0.1, ..Options::default() };
    let scenario = Scenario::named("wangiri", &options).unwrap();
    let (mut judge, mut truth) = (judge(&scenario, None, Named::default()), Victims::default());
    scenario.play(&mut judge, &mut truth);
    let named = judge.into_hearer().0;
    assert!(named.len() > 20, "{} of {}", named.len(), truth.0.len());
    for (at, victim) in named {
        let called = |&(_, caller, callee): &(Nanos, E164, E164)| (caller, callee) == (victim.number, victim.called);
        let (invite_at, ..) = *truth.0.iter().find(|call| called(call)).unwrap();
        assert!(at.nanos_since(invite_at) < 1_000_000_000 && victim.at.nanos_since(invite_at) < 1_000_000);
    }
}

/// The last that is said of where an operation calls.
#[derive(Default)]
struct Last(Option<Sweep>);

impl Hearer for Last {
    fn report(&mut self, report: &Report<'_>) {
        self.0 = Some(report.operation.sweep.clone());
    }
}

/// Three regions, each in its working hours, and the turns from one to the next.
#[test]
fn who_follows_the_sun_is_told_by_region() {
    let options = Options { days: 1.0, warm_up_days: 1.0, scale: 0.1, ..Options::default() };
    let scenario = Scenario::named("follow-the-sun", &options).unwrap();
    let mut judge = judge(&scenario, None, Last::default());
    scenario.play(&mut judge, &mut ());
    let sweep = judge.into_hearer().0.unwrap();
    let mut regions: Vec<_> = sweep.in_turn().map(|region| region.name).collect();
    regions.sort_unstable();
    assert_eq!(regions, ["America", "Australia", "Europe"]);
    for region in sweep.in_turn() {
        let hours = region.local_hours();
        assert!(hours.first >= 7 && hours.last <= 19 && hours.first < hours.last, "{}: {hours:?}", region.name);
    }
    let turns: Vec<_> = sweep.hand_overs().iter().map(|turn| (turn.from, turn.to)).collect();
    assert!(turns.contains(&("Australia", "Europe")), "{turns:?}");
}

/// Plays to a judge calls that all seem forwarded: of such a call it cannot be said that its number does not belong where it
/// comes from.
struct Forwarded<H>(Judge<H>);

impl<H: Hearer> Listener for Forwarded<H> {
    fn moment(&mut self, moment: Moment) {
        self.0.moment(moment);
    }

    fn step(&mut self, step: Step, at: Nanos, call: &CallRecord<'_>) {
        self.0.step(step, at, &CallRecord { diversion: b"+441632960999", ..*call });
    }

    fn exchange(&mut self, exchange: &Exchange<'_>) {
        self.0.exchange(exchange);
    }

    fn record(&mut self, record: &CallRecord<'_>) {
        self.0.record(record);
    }
}

/// Plays to a judge calls of which records tell neither where they came from nor where they went.
struct Unplaced<H>(Judge<H>);

impl<H: Hearer> Listener for Unplaced<H> {
    fn moment(&mut self, moment: Moment) {
        self.0.moment(moment);
    }

    fn step(&mut self, step: Step, at: Nanos, call: &CallRecord<'_>) {
        let nowhere = Endpoint::default();
        self.0.step(step, at, &CallRecord { source: nowhere, destination: nowhere, stack: None, ..*call });
    }

    fn exchange(&mut self, _: &Exchange<'_>) {}

    fn record(&mut self, record: &CallRecord<'_>) {
        self.0.record(record);
    }
}

/// How many alerts there were, and who in them is nobody.
#[derive(Default)]
struct Nobody {
    alerts: usize,
    accused: Vec<String>,
}

impl Hearer for Nobody {
    fn report(&mut self, report: &Report<'_>) {
        self.alerts += 1;
        let nobody = |entity: &Entity| match *entity {
            Entity::Route(origin, _) | Entity::FarEnd(origin) => !origin.is_known(),
            Entity::Asker(ip) => ip.is_unspecified(),
            _ => entity.origin().is_some_and(|origin| !origin.is_known()),
        };
        let members = report.operation.members.iter().map(|(entity, _)| entity).chain([&report.lead]);
        self.accused.extend(members.filter(|entity| nobody(entity)).map(|entity| format!("{entity:?}")));
        let sources = report.operation.sources.iter().filter(|source| source.is_unspecified());
        self.accused.extend(sources.map(ToString::to_string));
    }

    fn counted(&mut self, _: u64, _: Nanos, _: &[u8]) {}
}

/// Where records do not say where calls came from, whoever is found is known by numbers: the address that stands there is nobody's, and all
/// calls would be its.
#[test]
fn nobody_is_known_by_an_address_that_is_not_told() {
    let options = Options { days: 0.5, warm_up_days: 1.0, scale: 0.1, ..Options::default() };
    for (name, found) in [("scam-centre-static", true), ("scan", false), ("false-answer-20", false), ("outage", false)]
    {
        let scenario = Scenario::named(name, &options).unwrap();
        let mut unplaced = Unplaced(judge(&scenario, None, Nobody::default()));
        scenario.play(&mut unplaced, &mut ());
        let Nobody { alerts, accused } = unplaced.0.into_hearer();
        assert_eq!(accused, Vec::<String>::new(), "{name}");
        assert!(alerts > 0 || !found, "{name}");
    }
}

/// The first alert: when it was opened, its evidence and that of its strongest reason, in nats.
#[derive(Default)]
struct First(Option<(Nanos, f32, f32)>);

impl Hearer for First {
    fn report(&mut self, report: &Report<'_>) {
        if report.status == Status::Open && self.0.is_none() {
            let strongest = report.evidence.iter().max_by(|a, b| a.nats.total_cmp(&b.nats)).unwrap();
            assert!(
                matches!(strongest.because, Because::Share { feature: Feature::DomesticAbroad, .. }),
                "{strongest:?}"
            );
            self.0 = Some((report.at, report.nats, strongest.nats));
        }
    }
}

/// When the first alert was opened.
struct When(Option<Nanos>);

impl Hearer for When {
    fn report(&mut self, report: &Report<'_>) {
        self.0.get_or_insert(report.at);
    }
}

/// What the threshold is held against is this much less than what is said: calls have three fifths of the bound, bursts and rules the rest.
const CALLS_SHARE: f32 = 0.511;

/// What is said of an alert's strongest reason can be relied upon: taken out of the traffic itself, at the same call the
/// evidence is less by as much, within a tenth.
#[test]
fn without_its_strongest_reason_an_alert_weighs_what_it_said() {
    let options = Options { days: 0.5, warm_up_days: 1.0, scale: 0.1, ..Options::default() };
    let scenario = || Scenario::named("scam-centre", &options).unwrap();
    let mut whole = judge(&scenario(), None, First::default());
    scenario().play(&mut whole, &mut ());
    let (at, nats, strongest) = whole.into_hearer().0.unwrap();
    assert!(strongest > 2.0, "{strongest}");
    let opened_at = |nats: f32| {
        let mut rest = Forwarded(judge(&scenario(), Some(nats - CALLS_SHARE), When(None)));
        scenario().play(&mut rest, &mut ());
        rest.0.into_hearer().0.unwrap()
    };
    assert!(opened_at(nats - 1.1 * strongest) <= at, "it loses more than {strongest}");
    assert!(opened_at(nats - 0.9 * strongest) > at, "it loses less than {strongest}");
}
