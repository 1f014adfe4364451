//! The dashboard and the rules of `deploy/` ask for nothing but what the catalogue names: no family, no suffix, no label. Their
//! syntax is for `promtool` and Prometheus to judge.

#![cfg(test)]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use metrics::Kind;
use metrics::catalogue::ALL;
use serde_json::Value;

/// Labels that Prometheus adds itself.
const TARGET: [&str; 2] = ["instance", "job"];
/// Series of Prometheus itself, and of the process as its libraries count it.
const FOREIGN: [&str; 3] = ["up", "process_cpu_seconds_total", "process_resident_memory_bytes"];
/// Words of PromQL that stand where a name could.
const WORDS: [&str; 6] = ["and", "bool", "offset", "or", "unless", "atan2"];
const LISTS: [&str; 6] = ["by", "group_left", "group_right", "ignoring", "on", "without"];

fn file(name: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../deploy").join(name)).unwrap()
}

/// A piece of PromQL.
#[derive(Clone, Debug, PartialEq)]
enum Token<'a> {
    Name(&'a str),
    Text,
    Sign(char),
}

fn tokens(query: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let mut rest = query.trim_start();
    while let Some(first) = rest.chars().next() {
        let word = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == ':';
        let behind = rest.strip_prefix(first).unwrap();
        let until = |end: char| behind.find(end).map_or(rest.len(), |at| at + 2);
        let length = match first {
            '"' => until('"'),
            // A range, and what Grafana puts in.
            '[' => until(']'),
            '$' | '0'..='9' | 'a'..='z' | 'A'..='Z' | '_' | ':' => {
                behind.find(|c| !word(c)).map_or(rest.len(), |at| at + 1)
            }
            _ => first.len_utf8(),
        };
        let (piece, others) = rest.split_at(length);
        match first {
            '"' => tokens.push(Token::Text),
            'a'..='z' | 'A'..='Z' | '_' | ':' => tokens.push(Token::Name(piece)),
            '[' | '$' | '0'..='9' => {}
            sign => tokens.push(Token::Sign(sign)),
        }
        rest = others.trim_start();
    }
    tokens
}

/// The labels of a series, if there is one of this name.
fn labels<'a>(name: &'a str, recorded: &BTreeSet<&str>) -> Option<Vec<&'a str>> {
    if FOREIGN.contains(&name) {
        return Some(TARGET.to_vec());
    }
    // What a rule records says in front what is left of the labels.
    if let Some((level, _)) = name.split_once(':') {
        return recorded.contains(name).then(|| level.split('_').collect());
    }
    ALL.iter().find_map(|family| {
        let suffix = name.strip_prefix(family.name)?;
        let fits = match family.kind {
            Kind::Histogram(_) => ["_bucket", "_count", "_sum"].contains(&suffix),
            Kind::Counter | Kind::Gauge => suffix.is_empty(),
        };
        let own = family.labels.iter().copied().chain((suffix == "_bucket").then_some("le"));
        fits.then(|| own.chain(TARGET).collect())
    })
}

/// Whether a name before this is one of a function or of an aggregation.
fn is_operator(next: Option<&Token<'_>>) -> bool {
    matches!(next, Some(Token::Sign('(') | Token::Name("by" | "without")))
}

/// What is wrong with a query; and the labels that are left in its answer.
fn faults<'a>(query: &'a str, recorded: &BTreeSet<&str>) -> (Vec<String>, BTreeSet<&'a str>) {
    let tokens = tokens(query);
    let (mut faults, mut known, mut left) = (Vec::new(), BTreeSet::new(), BTreeSet::new());
    let mut listed = Vec::new();
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        at += 1;
        let &Token::Name(name) = token else { continue };
        let next = tokens.get(at);
        if LISTS.contains(&name) {
            let list = tokens[at..].iter().take_while(|&token| *token != Token::Sign(')'));
            let names: Vec<_> =
                list.filter_map(|token| if let &Token::Name(name) = token { Some(name) } else { None }).collect();
            at += names.len();
            if name == "by" {
                left.extend(names.iter().copied());
            }
            listed.extend(names);
        } else if name == "label_values" {
            // Grafana's question for the values of a label: the label stands last.
            if let Some(&Token::Name(label)) = tokens.iter().rfind(|token| matches!(token, Token::Name(_))) {
                listed.push(label);
            }
        } else if !is_operator(next) && !WORDS.contains(&name) && !listed.contains(&name) {
            let Some(labels) = labels(name, recorded) else {
                faults.push(format!("{name} is no series"));
                continue;
            };
            if next == Some(&Token::Sign('{')) {
                let inside = tokens[at..].iter().take_while(|&token| *token != Token::Sign('}')).enumerate();
                for (place, token) in inside {
                    if let &Token::Name(label) = token
                        && !labels.contains(&label)
                    {
                        faults.push(format!("{name} has no label {label}"));
                    }
                    at += usize::from(place > 0);
                }
                at += 1;
            }
            known.extend(labels);
        }
    }
    faults.extend(
        listed.iter().filter(|label| !known.contains(*label)).map(|label| format!("nothing has a label {label}")),
    );
    (faults, if left.is_empty() { known } else { left })
}

/// A query and where it stands; the labels that its legend or its texts name; the name under which it is recorded.
struct Asked {
    query: String,
    shown: Vec<String>,
    record: Option<String>,
}

/// What stands behind each `$labels.` or within `{{}}`.
fn shown(text: &str) -> Vec<String> {
    let word = |rest: &str| {
        rest.trim_start().chars().take_while(|&c| c.is_ascii_alphanumeric() || c == '_').collect::<String>()
    };
    let behind = |mark| text.split(mark).skip(1).map(word).filter(|word| !word.is_empty()).collect::<Vec<_>>();
    let mut words = behind("$labels.");
    words.extend(behind("{{"));
    words
}

/// The rules of a file, of which only as much is understood as it uses.
fn rules(text: &str) -> Vec<Asked> {
    let mut rules = Vec::new();
    for rule in text.split("\n      - ").skip(1) {
        let value = |key: &str| rule.lines().find_map(|line| line.trim_start().strip_prefix(key)).map(str::trim);
        if value("expr:").is_none() {
            continue;
        }
        let mut query = String::new();
        let mut depth = None;
        for line in rule.lines() {
            let indent = line.len() - line.trim_start().len();
            match depth {
                None => {
                    if let Some(first) = line.trim_start().strip_prefix("expr:") {
                        query.push_str(first.trim().trim_start_matches('|'));
                        depth = Some(indent);
                    }
                }
                Some(depth) if indent <= depth => break,
                Some(_) => {
                    query.push('\n');
                    query.push_str(line);
                }
            }
        }
        rules.push(Asked { query, shown: shown(rule), record: value("record:").map(str::to_owned) });
    }
    rules
}

/// The queries of a dashboard, wherever they stand.
fn panels(value: &Value, asked: &mut Vec<Asked>) {
    if let Some(object) = value.as_object() {
        let text = |key| object.get(key).and_then(Value::as_str);
        if let Some(query) = text("expr").or_else(|| text("definition")) {
            let shown = shown(text("legendFormat").unwrap_or_default());
            asked.push(Asked { query: query.to_owned(), shown, record: None });
        }
        object.values().for_each(|value| panels(value, asked));
    }
    value.as_array().into_iter().flatten().for_each(|value| panels(value, asked));
}

fn recorded(rules: &[Asked]) -> BTreeSet<&str> {
    rules.iter().filter_map(|rule| rule.record.as_deref()).collect()
}

fn hold(asked: &[Asked], recorded: &BTreeSet<&str>) -> Vec<String> {
    let mut wrong = Vec::new();
    for Asked { query, shown, record } in asked {
        let (faults, left) = faults(query, recorded);
        wrong.extend(faults.into_iter().map(|fault| format!("{fault}: {query}")));
        let level = record.as_deref().and_then(|record| record.split_once(':')).map_or("", |(level, _)| level);
        let named = shown.iter().map(String::as_str).chain(level.split('_').filter(|label| !label.is_empty()));
        wrong.extend(
            named.filter(|label| !left.contains(label)).map(|label| format!("{label} is not left over: {query}")),
        );
    }
    wrong
}

#[test]
fn rules_and_their_tests_ask_for_what_there_is() {
    let recording = rules(&file("prometheus/recording.yml"));
    let names = recorded(&recording);
    let alerts = rules(&file("prometheus/alerts.yml"));
    assert!(names.len() >= 10 && alerts.len() >= 10, "{} recorded, {} alerts", names.len(), alerts.len());
    assert_eq!(hold(&recording, &names), [""; 0]);
    assert_eq!(hold(&alerts, &names), [""; 0]);

    let tests = file("prometheus/tests.yml");
    let series = tests.lines().filter_map(|line| line.trim_start().strip_prefix("- series: "));
    let wrong: Vec<_> = series.flat_map(|series| faults(series.trim_matches('\''), &names).0).collect();
    assert_eq!(wrong, [""; 0]);
    for line in file("prometheus/alerts.yml").lines().filter_map(|line| line.trim_start().strip_prefix("- alert: ")) {
        assert!(tests.contains(&format!("- alertname: {line}\n")), "{line} is not tested");
    }
}

#[test]
fn the_dashboard_asks_for_what_there_is() {
    let recording = rules(&file("prometheus/recording.yml"));
    let mut asked = Vec::new();
    panels(&serde_json::from_str(&file("grafana/greyline.json")).unwrap(), &mut asked);
    assert!(asked.len() >= 20, "{} queries", asked.len());
    assert_eq!(hold(&asked, &recorded(&recording)), [""; 0]);
}

#[test]
fn what_is_wrong_is_found() {
    let names = BTreeSet::from(["instance_trunk:greyline_ser:ratio_rate5m"]);
    for sound in [
        "greyline_frames_total",
        "sum by (instance, trunk, le) (rate(greyline_stream_mos_bucket{trunk=~\"$trunk\", le=\"4.0\"}[$__rate_interval]))",
        "instance_trunk:greyline_ser:ratio_rate5m{trunk=\"a\"} > 0.5 unless on (instance) up{job=\"greyline\"} == 0",
        "label_values(greyline_trunk_calls_total{instance=~\"$instance\"}, trunk)",
        "increase(greyline_sink_failures_total[5m]) > 0 or greyline_sink_failures_total offset 5m",
    ] {
        assert_eq!(faults(sound, &names).0, [""; 0], "{sound}");
    }
    for wrong in [
        "greyline_frame_total",
        "greyline_frames_total_sum",
        "rate(greyline_stream_mos[5m])",
        "greyline_stream_mos_buckets",
        "greyline_alerts_open{kinds=\"wangiri\"}",
        "greyline_alerts_open{kind=\"wangiri\", le=\"1\"}",
        "sum by (instance, trunks) (greyline_trunk_calls_total)",
        "sum without (trunk) (greyline_frames_total)",
        "greyline_frames_total unless on (source) greyline_alerts_open",
        "instance_trunk:greyline_ser:ratio_rate1m",
        "instance_trunk:greyline_ser:ratio_rate5m{outcome=\"busy\"}",
        "label_values(greyline_trunk_calls_total, source)",
        "node_load1",
    ] {
        assert_ne!(faults(wrong, &names).0, [""; 0], "{wrong}");
    }
    let asked = |shown: &[&str], record: Option<&str>| Asked {
        query: "sum by (instance) (greyline_alerts_open)".to_owned(),
        shown: shown.iter().map(|&label| label.to_owned()).collect(),
        record: record.map(str::to_owned),
    };
    assert_eq!(hold(&[asked(&["instance"], Some("instance:greyline_alerts_open:sum"))], &names), [""; 0]);
    assert_eq!(hold(&[asked(&["kind"], None)], &names).len(), 1);
    assert_eq!(hold(&[asked(&[], Some("instance_kind:greyline_alerts_open:sum"))], &names).len(), 1);
}
