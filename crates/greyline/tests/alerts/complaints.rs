//! Complaints: where they lead by hand, they lead from the page.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::evidence::keep;
use crate::pages::Pages;
use crate::{SCENE, lines, run};

/// Complaints that are made of calls of the alert.
const COMPLAINTS: usize = 20;

#[test]
fn complaints_lead_to_the_operation_by_hand_and_from_the_page() {
    let kept = keep("store-of-complaints");
    let last = lines(&SCENE.alerts).into_iter().rfind(|alert| alert["alert_id"] == kept.alert.as_str()).unwrap();
    let named = last["calls"]["sample"].as_array().unwrap();
    let calls = lines(&fs::read_to_string(&SCENE.calls).unwrap());
    let meant: Vec<_> =
        calls.iter().filter(|call| named.contains(&call["call_id"]) && call["callee"]["number"].is_string()).collect();
    let meant = &meant[..COMPLAINTS];
    let mut csv = "id,callee,time,minutes,caller\n".to_owned();
    for (at, call) in meant.iter().enumerate() {
        // Nobody remembers the second, and the number that was shown was another's.
        let (callee, time) = (call["callee"]["number"].as_str().unwrap(), call["invite_at"].as_str().unwrap());
        writeln!(csv, "c{at},{callee},{}:00Z,10,+441632960999", time.split_at(16).0).unwrap();
    }
    csv.push_str("nobody,+12025550100,2026-03-03T14:05:00Z,10,\nwrong,+12025550100,some day,10,\n");
    let file = SCENE.folder.join("complaints.csv");
    fs::write(&file, &csv).unwrap();
    let files: [(&str, &Path); 3] = [("--store", &kept.store), ("--config", &SCENE.config), ("--", &file)];
    let said = run(&["traceback", "--json", "-", "--by", "officer"], &files);
    let by_hand = lines(&String::from_utf8(said.stdout).unwrap());
    let operation = by_hand.iter().find(|it| it["type"] == "operation").unwrap();
    // As many people are told of as are listed; what the alert estimates is told beside it.
    assert_eq!(operation["callees"].as_u64().unwrap() as usize, operation["victims"].as_array().unwrap().len());
    assert_eq!(operation["callees_estimate"], last["callees"]["count"]);
    let by_hand: Vec<_> = by_hand.iter().filter(|it| it["type"] == "complaint").collect();
    assert_eq!(by_hand.len(), COMPLAINTS + 1);

    let pages = Pages::of(&kept.store);
    let (head, body) = pages.post("/complaints", &json!({ "csv": csv }).to_string());
    assert!(head.starts_with("HTTP/1.1 200"), "{head}");
    let text = String::from_utf8(body).unwrap();
    let back: Value = serde_json::from_str(&text).unwrap();
    let traced = back["complaints"].as_array().unwrap();
    assert_eq!(traced.len(), COMPLAINTS + 1);
    for (at, (page, hand)) in traced.iter().zip(by_hand).enumerate() {
        for key in ["complaint", "said_at", "within_minutes", "candidates", "alert_id", "because", "seconds_later"] {
            let of_page = if key == "seconds_later" { &page["calls"][0][key] } else { &page[key] };
            assert_eq!(*of_page, hand[key], "{key} of {page:#}");
        }
        let Some(call) = meant.get(at) else {
            assert_eq!((page["candidates"].as_u64(), page["calls"].as_array().unwrap().len()), (Some(0), 0));
            continue;
        };
        assert_eq!(page["alert_id"], kept.alert.as_str(), "{page:#}");
        assert_eq!(page["calls"][0]["call"]["invite_at"], hand["call"]["invite_at"]);
        // Some were called twice: the other call may be taken for the one that is meant.
        assert!(
            page["calls"].as_array().unwrap().iter().any(|it| it["call"]["invite_at"] == call["invite_at"]),
            "{page:#}"
        );
        assert!(!text.contains(call["callee"]["number"].as_str().unwrap()), "a number is whole");
    }
    assert_eq!(back["operations"][0]["complaints"].as_array().unwrap().len(), COMPLAINTS);
    assert_eq!(
        (&back["operations"][0]["callees"], &back["operations"][0]["estimated"]),
        (&operation["callees"], &false.into())
    );
    assert!(back["notes"].as_array().unwrap().is_empty(), "{}", back["notes"]);
    assert_eq!((back["refused"].as_array().unwrap().len(), back["left"].as_u64()), (1, Some(0)), "{}", back["refused"]);

    // One by one, in the office's own time.
    let callee = &meant[0]["callee"]["number"];
    let one = json!({ "callee": callee, "time": "2026-03-03T14:20", "minutes": 60.0, "said": "it was the bank" });
    let (_, body) = pages.post("/complaints", &json!({ "complaint": one, "zone": "Europe/London" }).to_string());
    let back: Value = serde_json::from_slice(&body).unwrap();
    assert_eq!(back["complaints"][0]["said_at"], "2026-03-03T14:20:00.000000Z", "{back:#}");
    assert_eq!(back["complaints"][0]["alert_id"], kept.alert.as_str(), "{back:#}");
    assert_eq!(back["notes"], json!(["the times of 1 of 1 complaints say no zone: they are read as Europe/London"]));
    for (wrong, word) in [
        (json!({ "complaint": { "callee": "x", "time": "2026-03-03T14:20" } }), "no telephone number"),
        (json!({ "complaint": one, "zone": "Atlantis" }), "zone: "),
        (json!({ "csv": "number\n" }), "names no column"),
    ] {
        let (head, body) = pages.post("/complaints", &wrong.to_string());
        let said = String::from_utf8_lossy(&body).into_owned();
        assert!(head.starts_with("HTTP/1.1 400") && said.contains(word), "{head} {said}");
    }
}
