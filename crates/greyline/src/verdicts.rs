//! The alerts as a person wants to read them: what, who, how many calls, since when, why, how sure.

use std::fmt::Write as _;

use alert::{EvidenceLine, Severity};

use crate::paint::{Ink, Paint, tame};
use crate::raised::{Raised, Shown};

/// Columns a sentence may take.
const COLUMNS: usize = 100;
/// Reasons shown of an alert; all are in the JSON.
const REASONS_SHOWN: usize = 6;
/// A share that differs by less from what is expected reads as none, whatever it weighs.
const REASON_SHARE_MIN: f64 = 0.05;
/// Evidence below this many decibels is not shown as a reason.
const REASON_DB_MIN: f64 = 1.0;

/// All alerts, the most severe first, or that there are none.
pub fn page(raised: &Raised, paint: Paint) -> String {
    let mut text = String::new();
    let alerts = &raised.alerts;
    if raised.in_shadow > 0 {
        let found =
            format!("{} found by detectors in shadow, which raise no alert: --shadow lists them", raised.in_shadow);
        let _ = writeln!(text, "{}", paint.ink(Ink::Quiet, &found));
    }
    if alerts.is_empty() {
        let _ = writeln!(text, "{}\n", paint.ink(Ink::Good, "No alerts"));
        return text;
    }
    let title = if alerts.len() == 1 { "1 alert".to_owned() } else { format!("{} alerts", alerts.len()) };
    let _ = writeln!(text, "{}", paint.ink(Ink::Heading, &title));
    let mut sorted: Vec<_> = alerts.iter().collect();
    sorted.sort_by(|a, b| {
        let (a, b) = (&a.alert, &b.alert);
        b.severity.cmp(&a.severity).then(b.score_db.total_cmp(&a.score_db))
    });
    for shown in sorted {
        text.push('\n');
        one(&mut text, shown, paint);
    }
    text.push('\n');
    text
}

/// One alert, as it stands.
pub fn one(text: &mut String, shown: &Shown, paint: Paint) {
    let alert = &shown.alert;
    let ink = match alert.severity {
        Severity::Critical | Severity::High => Ink::Bad,
        Severity::Medium => Ink::Warning,
        Severity::Low => Ink::Quiet,
    };
    let severity = paint.ink(ink, &format!("{:<8}", alert.severity.name()));
    let title = paint.ink(Ink::Heading, &tame(alert.title.as_bytes()));
    let id = paint.ink(Ink::Quiet, &alert.alert_id);
    let _ = writeln!(text, "  {severity} {title}   {:.0} dB   {id}", alert.score_db);
    line(text, "", &alert.summary);
    let second = |time: &str| time.split('.').next().unwrap_or_default().replace('T', " ");
    // Who asks for accounts may call nobody.
    let after = match shown.opened_calls {
        0 => String::new(),
        1 => ", after its first call".to_owned(),
        calls => format!(", after {calls} calls"),
    };
    line(text, "found", &format!("{} UTC{after}", second(&shown.opened)));
    let shares = alert.evidence.iter().any(|reason| reason.unit == "share");
    if shares {
        let (from, to) = (second(&alert.weighed_from), second(&alert.weighed_to));
        line(text, "weighed", &format!("calls of {from} to {to} UTC, where there was most evidence"));
    }
    let tells = |reason: &&EvidenceLine| {
        let differs = reason.unit != "share" || (reason.observed - reason.expected).abs() >= REASON_SHARE_MIN;
        reason.share_db >= REASON_DB_MIN && differs
    };
    for reason in alert.evidence.iter().filter(tells).take(REASONS_SHOWN) {
        line(text, &format!("{:+.1} dB", reason.share_db), &reason.text);
    }
    let innocent = &alert.innocent_reading;
    let (about, margin) = (&innocent.about, innocent.margin_db);
    line(text, "or else", &format!("{about}, {margin:.0} dB less likely. {}", alert.refuted_by));
}

/// A label and a sentence, which goes on under itself.
fn line(text: &mut String, label: &str, sentence: &str) {
    let mut label = format!("{label:>10}");
    let mut row = String::new();
    let sentence = tame(sentence.as_bytes());
    for word in sentence.split(' ') {
        if !row.is_empty() && row.chars().count() + 1 + word.chars().count() > COLUMNS {
            let _ = writeln!(text, " {label}  {row}");
            label = " ".repeat(10);
            row.clear();
        }
        if !row.is_empty() {
            row.push(' ');
        }
        row.push_str(word);
    }
    let _ = writeln!(text, " {label}  {row}");
}
