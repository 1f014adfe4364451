//! The page that is scraped.

#![cfg(test)]

use metrics::catalogue::{self, ALL};
use metrics::{Call, Kind, Metrics, Stream, Trunk};

#[test]
fn every_family_keeps_the_conventions_of_prometheus() {
    for family in ALL {
        let name = family.name;
        assert!(name.starts_with("greyline_") && name.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'_')), "{name}");
        assert!(family.help.ends_with('.'), "{name}");
        assert_eq!(name.ends_with("_total"), family.kind == Kind::Counter, "{name}");
    }
    let mut names: Vec<_> = ALL.iter().map(|family| family.name).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), ALL.len());
}

#[test]
fn totals_grow_and_levels_move() {
    let metrics = Metrics::new().unwrap();
    metrics.total(&catalogue::FRAMES, &[], 5);
    metrics.total(&catalogue::FRAMES, &[], 7);
    metrics.total(&catalogue::FRAMES, &[], 6);
    metrics.add(&catalogue::SOURCE_OUTAGES, &["eth1"], 2);
    metrics.level(&catalogue::ENTITIES, &[], 9.0);
    metrics.level(&catalogue::ENTITIES, &[], 3.0);
    let page = metrics.text().unwrap();
    let has = |line: &str| assert!(page.lines().any(|other| other == line), "{line} is not in\n{page}");
    has("greyline_frames_total 7");
    has("greyline_source_outages_total{source=\"eth1\"} 2");
    has("greyline_entities 3");
    has("# TYPE greyline_frames_total counter");
}

#[test]
fn calls_are_counted_as_rfc_6076_does() {
    let metrics = Metrics::new().unwrap();
    let trunk = Trunk::new(&metrics, "carrier", &["answered", "busy"]);
    for (outcome, status, completed) in
        [(0, 200, true), (0, 200, false), (1, 486, false), (1, 503, false), (1, 302, false), (1, 0, false)]
    {
        trunk.on_call(&Call { outcome, status, completed, pdd_secs: Some(1.5), talk_secs: completed.then_some(20.0) });
    }
    trunk.on_stream(&Stream { jitter_secs: Some(0.004), loss: Some(0.0), mos: None });
    let page = metrics.text().unwrap();
    for (line, value) in [
        ("calls_total{outcome=\"busy\",trunk=\"carrier\"}", 4),
        ("sessions_total{result=\"all\",trunk=\"carrier\"}", 5),
        ("sessions_total{result=\"established\",trunk=\"carrier\"}", 2),
        ("sessions_total{result=\"effective\",trunk=\"carrier\"}", 3),
        ("sessions_total{result=\"ineffective\",trunk=\"carrier\"}", 2),
        ("sessions_total{result=\"completed\",trunk=\"carrier\"}", 1),
    ] {
        assert!(page.contains(&format!("greyline_trunk_{line} {value}\n")), "{line} {value} is not in\n{page}");
    }
    assert!(page.contains("greyline_call_duration_seconds_bucket{trunk=\"carrier\",le=\"15\"} 0\n"));
    assert!(page.contains("greyline_call_duration_seconds_bucket{trunk=\"carrier\",le=\"30\"} 1\n"));
    assert!(page.contains("greyline_stream_loss_ratio_bucket{trunk=\"carrier\",le=\"0\"} 1\n"));
}
