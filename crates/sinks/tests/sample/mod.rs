//! An alert that the tests and the battery send, its numbers from the reserved ones.

use alert::{Alert, Callees, Calls, EntityName, InnocentReading, Severity, Signatures, Versions};

/// What is said at a `time` of the alert with this id.
pub fn alert(id: u64, status: &'static str, time: String) -> Alert {
    let text = |text: &str| text.to_owned();
    Alert {
        v: 1,
        alert_id: format!("{id:016x}"),
        status,
        shadow: false,
        time,
        kind: "wangiri",
        severity: Severity::High,
        score_db: 60.0,
        threshold_db: 53.0,
        threshold_raised_db: None,
        entity: EntityName { kind: "number", value: text("+441632960001") },
        members: vec![],
        title: text("Wangiri from 192.0.2.1"),
        summary: text("The number +441632960001 has called 50 people."),
        evidence: vec![],
        innocent_reading: InnocentReading { class: text("person"), about: text("a person"), margin_db: 60.0 },
        refuted_by: "Nothing.",
        weighed_from: text("2026-11-28T09:00:00.000000Z"),
        weighed_to: text("2026-11-28T09:30:00.000000Z"),
        first_call: text("2026-11-28T09:00:00.000000Z"),
        last_call: text("2026-11-28T09:59:00.000000Z"),
        calls: Calls { count: 50, answered: 0, sample: vec![] },
        sources: vec![text("192.0.2.1")],
        callers: vec![text("+441632960001")],
        caller_count: 1,
        callees: Callees { count: 50, countries: vec![] },
        signatures: Signatures { a: 0, b: 0, c: 0, unattested: 50, verified: 0, not_verified: 0, failed: 0 },
        coverage: None,
        regions: vec![],
        hand_overs: vec![],
        call_backs: None,
        recordings: vec![],
        seats: None,
        versions: Versions { greyline: text("0"), rules: text("0"), tables: text("0"), config: text("0") },
    }
}
