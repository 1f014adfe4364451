//! Every setting of `[detect.*]` changes what judgement comes to, and a family that is off or in shadow raises no alert.

use std::collections::BTreeMap;
use std::sync::Arc;

use config::{Detect, Known, schema};
use detect::{Family, Hearer, Judge, Kind, Report, Settings, Tables};
use synth::{Options, Scenario};

/// What is said, word for word.
#[derive(Default)]
struct Transcript {
    lines: Vec<String>,
    /// Kinds and families of alerts, and of what is only in shadow.
    alerts: Vec<(Kind, Vec<Family>)>,
    shadow: Vec<(Kind, Vec<Family>)>,
}

impl Hearer for Transcript {
    fn report(&mut self, report: &Report<'_>) {
        let operation = report.operation;
        let told = (report.status, report.at, report.lead, report.kind, report.shadow, report.nats);
        self.lines.push(format!("{told:?} {:?} {} {:?}", report.evidence, operation.calls, operation.seats_told));
        let families = report.evidence.iter().map(|item| item.family).collect();
        let heard = if report.shadow { &mut self.shadow } else { &mut self.alerts };
        heard.push((report.kind, families));
    }
}

/// Plays a scenario to a judge whose operator has written `more` besides.
fn play(name: &str, hours: f64, more: &str) -> Transcript {
    let options = Options { days: hours / 24.0, warm_up_days: 0.5, scale: 0.05, media: true, ..Scenario::usual(name) };
    let scenario = Scenario::named(name, &options).unwrap();
    let text = format!("{}\n{more}", scenario.cast().operators_file());
    let known: Arc<Known> = Arc::new(config::read(text.as_bytes()).unwrap().known);
    let mut settings = Settings::of(&known);
    // Low, so that a few hours tell much.
    settings.threshold_nats = 7.0;
    let mut judge = Judge::new(settings, Tables::ours().unwrap(), known, Transcript::default()).unwrap();
    scenario.play(&mut judge, &mut ());
    judge.into_hearer()
}

/// For each setting a value that is not the default, and a scenario in which it matters.
const ALTERED: [(&str, &str, &str, f64); 24] = [
    ("burst", "half_life_secs = 600", "irsf", 48.0),
    ("timezone", "work_from_hour = 12", "scam-centre", 12.0),
    ("timezone", "work_from_hour = 5\nwork_to_hour = 8", "scam-centre", 12.0),
    ("timezone", "half_life_secs = 3_600", "scam-centre", 12.0),
    ("centre", "short_call_secs = 60", "scam-centre-static", 12.0),
    ("centre", "seats_samples = 20", "scam-centre", 12.0),
    ("centre", "seats_sample_secs = 30", "scam-centre", 12.0),
    ("centre", "seats_dispersion_max = 0.1", "scam-centre", 12.0),
    ("centre", "half_life_secs = 3_600", "scam-centre", 12.0),
    ("grey", "jitter_ms_min = 1_000", "sim-box", 48.0),
    ("grey", "half_life_secs = 3_600", "scam-centre", 12.0),
    ("false_answer", "timing = true", "false-answer-50", 12.0),
    ("false_answer", "timing = true\nearly_answer_ms_max = 10_000", "false-answer-50", 12.0),
    ("false_answer", "timing = true\nshort_call_secs = 60", "false-answer-50", 12.0),
    ("false_answer", "half_life_secs = 600", "false-answer-50", 12.0),
    ("wangiri", "ring_ms_max = 1_000", "wangiri", 12.0),
    ("wangiri", "half_life_secs = 600", "wangiri", 12.0),
    ("irsf", "half_life_secs = 600", "irsf", 48.0),
    ("robocall", "silent_secs_min = 30", "robocall", 12.0),
    ("robocall", "half_life_secs = 600", "robocall", 12.0),
    ("identity", "half_life_secs = 600", "scam-centre", 12.0),
    ("scan", "prefixes_min = 32", "scan", 12.0),
    ("scan", "prefixes_window_secs = 1", "scan", 12.0),
    ("scan", "half_life_secs = 60", "scan", 12.0),
];

#[test]
fn every_setting_changes_the_outcome() {
    let mut usual: BTreeMap<(&str, u64), Transcript> = BTreeMap::new();
    let mut idle = Vec::new();
    for (family, keys, scenario, hours) in ALTERED {
        let usual = usual.entry((scenario, hours as u64)).or_insert_with(|| play(scenario, hours, ""));
        assert!(!usual.lines.is_empty(), "nothing is found in {scenario}");
        let altered = play(scenario, hours, &format!("[detect.{family}]\n{keys}\n"));
        if usual.lines == altered.lines {
            idle.push((family, keys, scenario));
        }
    }
    assert!(idle.is_empty(), "these change nothing: {idle:#?}");
}

/// What a memory of days forgets shows only after days: here only that it is told how many.
#[test]
fn pairs_are_remembered_as_long_as_is_asked() {
    let known = config::read(b"[detect.centre]\npair_days = 60\n").unwrap().known;
    assert_eq!((Settings::of(&known).past_days, Settings::default().past_days), (60, 30));
}

/// Settings of `robocall` that say what is heard.
const RECORDINGS: [&str; 4] =
    ["envelope_correlation_min", "fingerprint_error_share_max", "listen_secs", "recording_keep_secs"];

/// None is forgotten above: those that judgement does not read yet, the configuration warns of. What a region's share has to be is
/// tried where regions are counted, in `sweep.rs`, and what callers play where there is sound, in the recordings test of `greyline`.
#[test]
fn every_setting_that_is_heeded_is_tried() {
    for (family, declared) in schema()["properties"]["detect"]["properties"].as_object().unwrap() {
        for key in declared["properties"].as_object().unwrap().keys() {
            let tried = ALTERED.iter().any(|(of, keys, ..)| {
                of == family && keys.lines().any(|line| line.split(" = ").next() == Some(key.as_str()))
            });
            let elsewhere = ["enabled", "shadow", "pair_days", "region_share_min", "work_share_min"]
                .contains(&key.as_str())
                || RECORDINGS.contains(&key.as_str());
            assert_eq!(tried || elsewhere, config::is_heeded(family, key), "detect.{family}.{key}");
        }
    }
}

/// A scenario in which each family speaks, and whether it leads an alert there.
const FAMILIES: [(&str, &str, f64, bool); 10] = [
    ("burst", "irsf", 48.0, false),
    ("timezone", "scam-centre", 12.0, false),
    ("centre", "scam-centre", 12.0, true),
    ("grey", "refile", 12.0, true),
    ("false_answer", "false-answer-50", 12.0, true),
    ("wangiri", "wangiri", 12.0, true),
    ("irsf", "irsf", 48.0, true),
    ("robocall", "robocall", 12.0, true),
    ("identity", "impersonation", 12.0, true),
    ("scan", "scan", 12.0, true),
];

#[test]
fn a_family_that_is_off_says_nothing_and_one_in_shadow_raises_no_alert() {
    let families: Vec<_> = FAMILIES.iter().map(|(family, ..)| *family).collect();
    assert_eq!(families, Detect::NAMES);
    for (name, scenario, hours, leads) in FAMILIES {
        let family = Family::ALL.into_iter().find(|family| family.name() == name).unwrap();
        let speaks = |heard: &[(Kind, Vec<Family>)]| {
            heard.iter().any(|(kind, families)| Family::leading(*kind) == family || families.contains(&family))
        };
        let led = |heard: &[(Kind, Vec<Family>)]| heard.iter().any(|(kind, _)| Family::leading(*kind) == family);
        let on = play(scenario, hours, "");
        assert!(speaks(&on.alerts) && on.shadow.is_empty(), "{name} says nothing in {scenario}");
        assert!(!leads || led(&on.alerts), "{name} leads nothing in {scenario}");
        let off = play(scenario, hours, &format!("[detect.{name}]\nenabled = false\n"));
        assert!(!speaks(&off.alerts) && off.shadow.is_empty(), "{name} is off and speaks: {:?}", off.alerts);
        let shadow = play(scenario, hours, &format!("[detect.{name}]\nshadow = true\n"));
        assert!(!speaks(&shadow.alerts), "{name} is in shadow and raises alerts: {:?}", shadow.alerts);
        // What others find without it is their alert, under another name.
        let found = led(&shadow.shadow) || !shadow.alerts.is_empty();
        assert!(!leads || found, "{name} is in shadow and finds nothing");
    }
}
