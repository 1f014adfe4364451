//! Alerts held against small truths.

#![cfg(test)]

use std::fmt::Write as _;
use std::io::Cursor;

use score::{Confusion, FalseClass, Scorecard, Source, Terms, score};

fn source<'s>(name: &str, text: &'s str) -> Source<'s> {
    Source { name: name.to_owned(), open: Box::new(move || Ok(Box::new(Cursor::new(text.as_bytes())))) }
}

fn scored(truth: &str, alerts: &str) -> Result<Scorecard, String> {
    let terms = Terms { calls_per_day: Some(1_000_000.0) };
    score(&source("truth.jsonl", truth), &source("alerts.jsonl", alerts), terms).map_err(|failure| failure.to_string())
}

fn minute(at: u32) -> String {
    format!("2026-11-23T{:02}:{:02}:00.000000Z", at / 60, at % 60)
}

fn group(id: &str, kind: &str, label: &str, calls: std::ops::Range<u32>, callers: &str) -> String {
    let (first, last) = (minute(calls.start), minute(calls.end - 1));
    let mut text = String::new();
    for at in calls.clone() {
        let answer = if at % 2 == 0 { format!(",\"answer_at\":\"{}\"", minute(at)) } else { String::new() };
        let _ = writeln!(
            text,
            "{{\"type\":\"call\",\"call_id\":\"{id}-{at}\",\"group\":\"{id}\",\"caller\":\"+441632960001\",\"callee\":\"+12025550100\",\
             \"source\":{{\"ip\":\"192.0.2.1\",\"port\":5060}},\"invite_at\":\"{}\"{answer},\"end_at\":\"{}\",\"status\":200}}",
            minute(at),
            minute(at)
        );
    }
    let _ = writeln!(
        text,
        "{{\"type\":\"group\",\"id\":\"{id}\",\"kind\":\"{kind}\",\"label\":\"{label}\",\"sources\":[\"192.0.2.1\"],\"callers\":[{callers}],\
         \"first\":\"{first}\",\"last\":\"{last}\",\"calls\":{}}}",
        calls.len()
    );
    text
}

fn alert(id: &str, kind: &str, at: u32, db: f64, rest: &str) -> String {
    format!(
        "{{\"v\":1,\"alert_id\":\"{id}\",\"status\":\"open\",\"time\":\"{}\",\"kind\":\"{kind}\",\"score_db\":{db},\"first_call\":\"{}\",\
         \"last_call\":\"{}\"{rest}}}\n",
        minute(at),
        minute(0),
        minute(at)
    )
}

fn sample(calls: &[&str]) -> String {
    let calls: Vec<_> = calls.iter().map(|call| format!("\"{call}\"")).collect();
    format!(",\"calls\":{{\"count\":{},\"sample\":[{}]}}", calls.len(), calls.join(","))
}

fn truth() -> String {
    // Groups come after their calls, as a generator tells them, or before.
    group("centre", "scam_call_centre", "fraud", 0..100, "\"+441632960001\"")
        + &group("wangiri", "wangiri", "fraud", 10..60, "\"+441632970123\"")
        + &group("quiet", "irsf", "fraud", 0..10, "")
        + &group("homes", "residential", "benign", 0..800, "\"+441632980001\"")
        + &group("bpo", "licensed_bpo", "benign", 0..200, "\"+441632990001\"")
        + "{\"type\":\"call\",\"call_id\":\"victim\",\"group\":\"wangiri\",\"role\":\"victim\",\"invite_at\":\"2026-11-23T00:20:00Z\"}\n"
        + "{\"type\":\"call\",\"call_id\":\"early\",\"group\":\"homes\",\"warm_up\":true,\"invite_at\":\"2026-11-20T00:20:00Z\"}\n\n"
        + "{\"type\":\"call\",\"call_id\":\"stray\",\"invite_at\":\"2026-11-23T00:20:00Z\",\"more\":[1]}\n"
}

#[test]
fn operations_are_found_by_the_calls_that_alerts_name() {
    let alerts = alert("a", "call_burst", 19, 55.0, &sample(&["centre-1", "centre-2", "homes-1", "homes-2", "homes-3"]))
        // The same alert, later: a better word, more calls.
        + &alert("a", "scam_call_centre", 40, 80.0, &sample(&["centre-30"]))
        + &alert("b", "scam_call_centre", 50, 60.0, &sample(&["centre-40"]))
        + &alert("c", "robocall", 30, 54.0, &sample(&["bpo-1", "bpo-2", "centre-3", "bpo-4", "bpo-5", "bpo-6"]))
        + &alert("d", "wangiri", 20, 58.0, ",\"callers\":[\"+44163297xxxx\"]")
        + &alert("e", "irsf", 700, 53.0, ",\"callers\":[\"+999\"],\"sources\":[\"198.51.100.1\"]");
    let card = scored(&truth(), &alerts).unwrap();
    assert_eq!((card.benign_calls, card.fraud_calls, card.alerts), (1_001, 160, 5));

    let total = &card.total;
    assert_eq!((total.operations, total.found, total.kind_right), (3, 2, 2));
    let centre = card.kinds.iter().find(|kind| kind.kind == "scam_call_centre").unwrap();
    // INVITEs of the minutes 0 to 19.
    assert_eq!(centre.calls_to_alert.map(|delay| (delay.median, delay.p95)), Some((20.0, 20.0)));
    assert_eq!(centre.answered_to_alert.map(|delay| delay.median), Some(10.0));
    assert_eq!(centre.minutes_to_alert.map(|delay| delay.median), Some(19.0));
    assert_eq!(centre.preventable_share, Some(0.8));
    assert_eq!(centre.alerts_per_operation.map(|delay| delay.median), Some(2.0));
    let wangiri = card.operations.iter().find(|it| it.operation.id == "wangiri").unwrap();
    assert_eq!((wangiri.calls_to_alert, wangiri.operation.calls), (Some(11), 50));
    let first = card.operations.iter().find(|it| it.operation.id == "centre").unwrap();
    assert_eq!((first.alerts.as_slice(), first.share_of_sample), (&["a".to_owned(), "b".to_owned()][..], Some(0.5)));

    assert_eq!(card.false_alerts.count, 2);
    let class =
        |class: &str, groups, groups_hit, alerts| FalseClass { class: class.to_owned(), groups, groups_hit, alerts };
    assert_eq!(
        card.false_alerts.classes,
        [class("licensed_bpo", 1, 1, 1), class("residential", 1, 0, 0), class("none", 0, 0, 1)]
    );
    assert!((card.false_alerts.per_stated_day.unwrap() - 2e6 / 1_001.0).abs() < 1e-6);
    let pair =
        |truth: &str, alerted: &str, alerts| Confusion { truth: truth.to_owned(), alerted: alerted.to_owned(), alerts };
    assert_eq!(
        card.confusion,
        [
            pair("scam_call_centre", "scam_call_centre", 2),
            pair("wangiri", "wangiri", 1),
            pair("licensed_bpo", "robocall", 1),
            pair("none", "irsf", 1)
        ]
    );
    let deciles: Vec<_> = card.reliability.iter().map(|it| (it.from_db, it.right)).collect();
    assert_eq!(deciles, [(53.0, 0), (54.0, 0), (58.0, 1), (60.0, 1), (80.0, 1)]);
    assert!(card.precision.iter().all(|it| it.at_least <= it.precision && it.precision < 1.0));
    let table = card.to_string();
    for row in ["scam_call_centre", "20 / 20", "missed quiet (irsf, 10 calls)", "1 of 1 groups hit", "2/3"] {
        assert!(table.contains(row), "{row}: {table}");
    }
}

#[test]
fn without_alerts_everything_is_missed_and_nobody_accused() {
    let card = scored(&truth(), "").unwrap();
    assert_eq!((card.total.found, card.false_alerts.count, card.total.preventable_share), (0, 0, Some(0.0)));
    // Three events fit no event at 95 %.
    assert!((card.false_alerts.per_million_at_most.unwrap() - 2.9957e6 / 1_001.0).abs() < 1.0);
    assert!(card.confusion.is_empty() && card.reliability.is_empty());
}

#[test]
fn what_is_wrong_is_said_with_its_line() {
    let good = group("a", "wangiri", "fraud", 0..3, "");
    for (truth, alerts, said) in [
        ("", "", "truth.jsonl: there are no groups in it: is this a truth?"),
        ("{\"type\":\"call\"", "", "truth.jsonl:1: EOF while parsing an object"),
        ("\n{\"type\":\"person\"}", "", "truth.jsonl:2: `type` is \"group\" or \"call\", and not \"person\""),
        ("{\"type\":\"call\",\"call_id\":\"x\"}", "", "truth.jsonl:1: a call has an `invite_at`"),
        (
            "{\"type\":\"group\",\"id\":\"g\",\"kind\":\"k\",\"label\":\"bad\"}",
            "",
            "`label` is \"fraud\" or \"benign\"",
        ),
        (
            "{\"type\":\"call\",\"call_id\":\"x\",\"group\":\"g\",\"invite_at\":\"2026-11-23T00:00:00Z\"}",
            "",
            "truth.jsonl:1: calls belong to group \"g\", and no line",
        ),
        (&good, "{\"alert_id\":\"a\"}", "alerts.jsonl:1: missing field `time`"),
        (
            &good,
            "{\"alert_id\":\"a\",\"time\":\"today\",\"kind\":\"k\"}",
            "alerts.jsonl:1: `time` takes a time of RFC 3339",
        ),
    ] {
        let failure = scored(truth, alerts).unwrap_err();
        assert!(failure.contains(said), "{failure}");
    }
    assert!(scored(&(good.clone() + &good), "").unwrap_err().contains("truth.jsonl:8: there is a group \"a\" already"));
}
