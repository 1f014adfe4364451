//! A page as a browser gets it: whole, of one piece, and with nothing in it that others wrote but text.

#![cfg(test)]

use dossier::{BundleMade, ClockKept, Language, Matter, page, paper};
use serde_json::{Value, json};
use types::Nanos;

/// What a stranger may write where a name or a Call-ID is expected.
const HOSTILE: &str =
    "\"><script>alert(1)</script><img src=x onerror=alert(2)>'&\u{202e}\r\n=cmd|' /C calc'!A0</style></title>";

fn alert() -> Value {
    json!({
        "v": 1, "alert_id": "3e28b0ff54f67144", "status": "close", "time": "2026-03-03T15:24:00.636492Z",
        "kind": "scam_call_centre", "severity": "critical", "score_db": 101.5, "threshold_db": 60.0,
        "entity": { "kind": "stack", "value": HOSTILE }, "members": [{ "kind": "trunk", "value": HOSTILE }],
        "title": format!("Scam call centre {HOSTILE}"), "summary": HOSTILE,
        "evidence": [
            { "family": "centre", "feature": "short", "observed": 1.0, "expected": 0.25, "unit": "share", "db": 3.3, "share_db": 23.4, "text": HOSTILE },
            { "family": "wangiri", "feature": "ring_and_drop", "observed": 0.0, "expected": 0.02, "unit": "share", "db": -2.6, "text": "few" },
        ],
        "innocent_reading": { "class": "reminders", "margin_db": 101.5 }, "refuted_by": "A licence.",
        "first_call": "2026-03-03T14:02:16.768990Z", "last_call": "2026-03-03T14:44:59.830055Z",
        "calls": { "count": 3166, "answered": 1003, "sample": ["a", "b"] }, "sources": ["203.0.113.22"], "callers": [],
        "caller_count": 2891, "callees": { "count": 3022, "countries": [{ "country": "GB", "calls": 3166 }, { "country": HOSTILE, "calls": 1 }] },
        "coverage": { "kernel_drops": 12, "one_way_share": 0.01, "undecoded_share": 0.0, "seen_share": 0.97 },
        "seats": { "estimate": 50, "low": 44, "high": 57 },
        "versions": { "greyline": "0.1.0", "rules": "r", "tables": "t", "config": "c" },
    })
}

fn call(minute: u32, answered: bool) -> Value {
    let mut call = json!({
        "v": 1, "call_id": format!("{minute}-{HOSTILE}"), "invite_at": format!("2026-03-03T14:{minute:02}:16.768990Z"),
        "caller": { "number": "+441632960001", "display": HOSTILE, "raw": HOSTILE }, "callee": { "number": "+442079460000", "country": "GB" },
    });
    if answered {
        call["answer_at"] = format!("2026-03-03T14:{minute:02}:30.000000Z").into();
        call["talk_ms"] = 61_000.0.into();
        call["ended_by"] = "callee".into();
    }
    call
}

/// What is told of the matter of these calls.
fn told<T>(named: &[Value], all: Option<&[Value]>, tell: impl FnOnce(&Matter<'_>) -> T) -> T {
    let (alert, mut opened) = (alert(), alert());
    opened["time"] = "2026-03-03T14:04:01.000000Z".into();
    let matter = Matter {
        alert: &alert,
        opened: &opened,
        life: &[],
        named,
        all,
        counted: false,
        zone: Some("Asia/Karachi"),
        made_at: Nanos::from_parts(1_795_860_000, 0),
        made_by: HOSTILE,
        program: "greyline 0.1.0",
        bundles: &[BundleMade { number: 3, at: Nanos::from_parts(1_795_860_000, 0), manifest: "ab".repeat(32) }],
        audit: (7, "cd".repeat(32)),
        unread: &[HOSTILE.to_owned()],
        privacy_level: Some(1),
        clock: None,
    };
    tell(&matter)
}

fn written(language: Language, named: &[Value], all: Option<&[Value]>) -> String {
    told(named, all, |matter| page(matter, language))
}

#[test]
fn what_others_wrote_is_text_and_nothing_is_fetched() {
    let calls: Vec<_> = (2..45).map(|minute| call(minute, minute % 3 == 0)).collect();
    for language in Language::ALL {
        let html = written(language, &calls, Some(&calls));
        // Its own style is the only thing that is no text; nothing runs, nothing is loaded.
        for forbidden in [
            "<script",
            "<img",
            "onerror=alert(2)>",
            "</style></title>",
            "\u{202e}",
            "http://",
            "src=",
            "href=",
            "url(",
            "@import",
        ] {
            let found = html.matches(forbidden).count();
            let escaped = html.matches(&format!("&lt;{}", forbidden.trim_start_matches('<'))).count();
            let as_text = forbidden == "src=" || forbidden == "onerror=alert(2)>" && escaped > 0;
            assert!(found == 0 || as_text, "{forbidden} {found} times");
        }
        assert!(html.contains("&lt;script&gt;alert(1)&lt;/script&gt;"));
        assert_eq!(html.matches("<style>").count(), 1);
        assert!(html.contains("default-src 'none'"));
        // Every element that is opened is closed.
        for element in [
            "section", "table", "tr", "td", "th", "dl", "dd", "dt", "bdi", "p", "h2", "svg", "figure", "span", "small",
            "div",
        ] {
            let opened = html.matches(&format!("<{element}>")).count() + html.matches(&format!("<{element} ")).count();
            assert_eq!(opened, html.matches(&format!("</{element}>")).count(), "{element}");
        }
        // No place was left open, no word without a text.
        assert!(!html.contains("{n}") && !html.contains("{count}") && !html.contains("limits_"), "{html}");
    }
}

#[test]
fn it_says_what_happened() {
    let calls: Vec<_> = (2..45).map(|minute| call(minute, minute % 3 == 0)).collect();
    let html = written(Language::English, &calls[..2], Some(&calls)).replace("<bdi>", "").replace("</bdi>", "");
    for part in [
        "Between 2026-03-03 14:02:16 and 2026-03-03 14:44:59, 3,166 calls were made to 3,022 different telephone numbers (United Kingdom",
        "They showed 2,891 different numbers",
        "1,003 of the calls were answered, 32 % of all.",
        "some 50 people or machines were calling at the same time (with nine in ten chance between 44 and 57)",
        "raised the alert on 2026-03-03 14:04:01, 1 min 44 s after the first call",
        "comes closest is: appointment reminders. Were it true, calls like these would be 10¹⁰ times less likely",
        "Of what went past, about 97 % was seen: 12 packets were dropped",
        // Of an older alert nothing says what its reasons share.
        "> 23.4 dB<",
        "> -2.6 dB<",
        "rest on 43 calls",
        "the first 2 in the order of time",
        "On the clock of Asia/Karachi",
        "bundle 3, made 2026-11-28 10:00:00",
        "1 min 1 s",
    ] {
        assert!(html.contains(part), "{part} is not in\n{html}");
    }
    // London has UTC in March and Karachi is five hours ahead: the same Tuesday, other hours.
    let row = |after: &str| html.split(after).nth(1).unwrap().split("</tbody>").next().unwrap().to_owned();
    let filled = |row: &str| row.split("<td").skip(1).position(|cell| cell.contains(">43<"));
    assert_eq!(filled(&row("On the clock of whoever was called</figcaption>")), Some(1 + 14));
    assert_eq!(filled(&row("On the clock of Asia/Karachi</figcaption>")), Some(1 + 19));
}

#[test]
fn an_alert_of_which_little_is_kept_is_still_told() {
    for language in Language::ALL {
        let html = written(language, &[], None);
        assert!(html.ends_with("</main></body></html>\n"));
        assert!(!html.contains("<svg"), "there is nothing to draw");
    }
    let empty = json!({});
    let matter = Matter {
        alert: &empty,
        opened: &empty,
        life: &[],
        named: &[Value::Null],
        all: None,
        counted: false,
        zone: Some("Nowhere/At_all"),
        made_at: Nanos::ZERO,
        made_by: "",
        program: "",
        bundles: &[],
        audit: (0, String::new()),
        unread: &[],
        privacy_level: Some(1),
        clock: None,
    };
    assert!(page(&matter, Language::Urdu).contains("dir=\"rtl\""));
}

/// What the program said at first is not what it said at last, nor of whom.
#[test]
fn it_says_what_was_said_when() {
    let said = |time: &str, kind: &str, value: &str, summary: &str| {
        let mut word = alert();
        word["time"] = format!("2026-03-03T{time}.000000Z").into();
        word["entity"] = json!({ "kind": kind, "value": value });
        word["summary"] = summary.into();
        word
    };
    let life = [
        said("14:04:01", "stack", "0a2272603dc16177 at carrier-2", "One dialler has called 11 people"),
        said("14:05:22", "stack", "0a2272603dc16177 at carrier-2", "One dialler has called 59 people"),
        said("14:07:13", "trunk", "carrier-2", "Trunk carrier-2 has called 221 people"),
        said("15:24:00", "trunk", "carrier-2", "Trunk carrier-2 has called 3,022 people"),
    ];
    let page_of = |life: &[Value]| {
        let html = told(&[], None, |matter| {
            let (alert, opened) = (&life[life.len() - 1], &life[0]);
            page(&Matter { alert, opened, life, ..matter.clone() }, Language::English)
        });
        html.replace("<bdi>", "").replace("</bdi>", "")
    };
    let html = page_of(&life);
    for part in [
        "last sent to the operator, on 2026-03-03 15:24:00:</p>\n<blockquote lang=\"en\" dir=\"ltr\">Trunk carrier-2 has called 3,022",
        "raised the alert, on 2026-03-03 14:04:01, it had said:</p>\n<blockquote lang=\"en\" dir=\"ltr\">One dialler has called 11",
        "2 in all. From when each was used:",
        "<dt>2026-03-03 14:04:01</dt><dd>stack: 0a2272603dc16177 at carrier-2</dd><dt>2026-03-03 14:07:13</dt><dd>trunk: carrier-2</dd>",
    ] {
        assert!(html.contains(part), "{part} is not in\n{html}");
    }
    assert!(!html.contains("221 people"));
    let html = page_of(&life[..1]);
    assert!(html.contains("last sent to the operator, on 2026-03-03 14:04:01"));
    assert!(!html.contains("it had said") && !html.contains("From when each was used"));
}

/// Where nobody said where the callers are there is no second table.
#[test]
fn without_a_zone_hours_are_those_of_whoever_was_called() {
    let calls = [call(2, true)];
    for (zone, tables) in [(Some("Asia/Karachi"), 2), (None, 1)] {
        let html = told(&calls, None, |matter| page(&Matter { zone, ..matter.clone() }, Language::English));
        assert_eq!(html.matches("<figure class=\"hours\">").count(), tables);
        assert_eq!(html.contains("work shifts"), zone.is_some());
        assert!(!html.contains("clock of UTC"));
    }
}

/// What the store could not give stands first, and nothing is said to be whole.
#[test]
fn what_could_not_be_read_is_told_first() {
    let mut alert = alert();
    alert["coverage"] = Value::Null;
    for (unread, nothing_missing) in
        [(&["calls-2026-03-03.db: the file is damaged".to_owned()][..], false), (&[], true)]
    {
        let html =
            told(&[], None, |matter| page(&Matter { alert: &alert, unread, ..matter.clone() }, Language::English));
        let html = html.replace("<bdi>", "").replace("</bdi>", "");
        assert_eq!(html.contains("Nothing is known to be missing"), nothing_missing);
        assert_eq!(html.contains("What was not seen</h2>\n<p>This could not be read of the store"), !nothing_missing);
        assert_eq!(html.contains("those that the alert names and that could be read"), !nothing_missing);
    }
}

/// A tap that listens may not say that nobody did.
#[test]
fn it_says_how_deep_the_tap_looked() {
    for (privacy_level, expected) in [
        (Some(1), "No speech was recorded or listened to."),
        (Some(2), "it was measured how loud the caller was"),
        (Some(3), "a fingerprint was taken"),
        (None, "Nothing that was said was kept. What was said"),
    ] {
        let html = told(&[], None, |matter| page(&Matter { privacy_level, ..matter.clone() }, Language::English));
        assert!(html.contains(expected), "{privacy_level:?}");
        assert_eq!(html.contains("listened to"), privacy_level == Some(1));
    }
}

#[test]
fn it_says_what_the_clock_was_worth() {
    let kept = ClockKept { readings: 12, unsynchronised: 0, error_max_us: Some(1_201), steps: 0, step_max_us: 0 };
    let unkept = ClockKept { unsynchronised: 12, error_max_us: None, ..kept };
    let set = ClockKept { steps: 2, step_max_us: 3_000_000, ..kept };
    for (clock, expected) in [
        (None, &["its clock was from the true time was not recorded"][..]),
        (Some(kept), &["read 12 times", "was off by 0.002 s at most"]),
        (Some(unkept), &["In 12 of these readings nobody kept it"]),
        (Some(set), &["was off by 0.002 s at most", "It was set 2 times meanwhile, by up to 3.000 s"]),
    ] {
        let html = told(&[], None, |matter| page(&Matter { clock, ..matter.clone() }, Language::English));
        // What is filled in is set apart for readers of other scripts.
        let html = html.replace("<bdi>", "").replace("</bdi>", "");
        assert!(expected.iter().all(|words| html.contains(words)), "{clock:?}");
        assert_eq!(html.contains("was not recorded"), clock.is_none());
        assert_eq!(html.contains("It was set"), clock.is_some_and(|clock| clock.steps > 0));
    }
}

/// Whatever is told, on paper too: made at all it conforms to PDF/A-2a and PDF/UA-1, and the same is the same.
#[test]
fn it_can_be_printed() {
    let calls: Vec<_> = (2..45).map(|minute| call(minute, minute % 3 == 0)).collect();
    for language in Language::ALL {
        for (named, all) in [(&calls[..], Some(&calls[..])), (&calls[..1], None), (&[], None)] {
            let print = || told(named, all, |matter| paper(matter, language)).unwrap();
            let pdf = print();
            assert!(pdf.starts_with(b"%PDF-1.7") && pdf.ends_with(b"%%EOF"), "{language:?}");
            assert!(pdf == print(), "{language:?}");
        }
    }
}
