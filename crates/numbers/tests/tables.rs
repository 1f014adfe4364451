//! The compiled tables against the package they were compiled from.
//!
//! `tests/expected.tsv` holds what Python's phonenumbers says about libphonenumber's own example numbers and about
//! digits drawn from a seed. A larger set from `data/generate.py --expect COUNT FILE` is read from the file that
//! `GREYLINE_EXPECTED` names: on 2026-11-23, of 266,727 numbers (`--expect 300000`, those once each) none differed and
//! 1,782 had fewer zones on purpose.

use std::collections::HashMap;

use numbers::{Kind, Validity, look_up};
use types::E164;

/// What came out of one file.
#[derive(Default)]
struct Comparison {
    asked: usize,
    /// Mobiles and services of a lesser region of a shared calling code, of which the package says all zones of the
    /// code and we those of the region.
    narrowed: usize,
    wrong: Vec<String>,
}

fn check(text: &str) -> Comparison {
    let mut comparison = Comparison::default();
    let mut zone_sets = HashMap::from([("", "")]);
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let mut fields = line.split('\t');
        let mut next = || fields.next().unwrap_or_default();
        let (digits, region) = (next(), next());
        if digits.starts_with('@') {
            zone_sets.insert(digits, region);
            continue;
        }
        let (kind, validity, zones) = (next(), next(), zone_sets.get(next()).copied().unwrap_or("unnamed"));
        comparison.asked += 1;
        let Some(place) = E164::from_digits(digits.as_bytes()).map(look_up) else {
            comparison.wrong.push(format!("{digits} is no number"));
            continue;
        };
        // Where no region wants a number the tables still name the likeliest one.
        let country = if region == "-" && place.validity != Validity::Valid { "-" } else { place.country.as_str() };
        let names: Vec<&str> = place.zones.iter().map(|share| share.zone.name()).collect();
        let ours = format!("{country} {:?} {:?}", place.kind, place.validity);
        let theirs = format!("{region} {kind} {validity}");
        let narrower = !names.is_empty() && names.iter().all(|name| zones.split(',').any(|zone| zone == *name));
        if ours == theirs && names.join(",") == zones {
            continue;
        } else if ours == theirs && narrower && is_lesser(country) && !is_at_a_place(place.kind) {
            comparison.narrowed += 1;
        } else {
            comparison.wrong.push(format!("{digits}: {ours} {names:?}, not {theirs} {zones}"));
        }
    }
    comparison
}

/// Kinds whose zone the package reads from the digits (but for the few countries where mobiles have a place too).
fn is_at_a_place(kind: Kind) -> bool {
    matches!(kind, Kind::FixedLine | Kind::FixedLineOrMobile)
}

/// Regions that share the calling code of a bigger one.
fn is_lesser(country: &str) -> bool {
    !["US", "RU", "GB", "AU", "IT", "FI", "NO", "FR", "MA"].contains(&country)
}

#[test]
fn the_tables_say_what_the_package_says() {
    let Comparison { asked, wrong, .. } = check(include_str!("expected.tsv"));
    assert!(asked >= 5_000, "{asked} numbers");
    assert!(wrong.is_empty(), "{} of {asked} differ: {wrong:#?}", wrong.len());
}

#[test]
fn a_larger_set_agrees_too() {
    let Ok(path) = std::env::var("GREYLINE_EXPECTED") else {
        println!("skipped: GREYLINE_EXPECTED names no file");
        return;
    };
    let text = std::fs::read_to_string(path).expect("GREYLINE_EXPECTED can be read");
    let Comparison { asked, narrowed, wrong } = check(&text);
    println!("{asked} numbers, {narrowed} with fewer zones, {} differ", wrong.len());
    assert!(wrong.is_empty(), "{:#?}", &wrong[..wrong.len().min(50)]);
}

/// The places of numbers as SCIENCE and common sense expect them: country, how many zones, the weightiest.
#[test]
fn places_of_well_known_numbers() {
    let check = |digits: u64, country: &str, zones: usize, first: &str| {
        let place = look_up(E164::new(digits).expect("a number"));
        let weightiest = place.zones.iter().max_by(|a, b| a.share.total_cmp(&b.share));
        let weightiest = weightiest.map_or("none", |share| share.zone.name());
        assert_eq!((place.country.as_str(), place.zones.len(), weightiest), (country, zones, first), "{digits}");
    };
    check(12125550101, "US", 1, "America/New_York");
    check(13125550101, "US", 1, "America/Chicago");
    check(14165550101, "CA", 1, "America/Toronto");
    check(18765550101, "JM", 1, "America/Jamaica");
    check(18002345678, "US", 42, "America/New_York"); // Toll free: all of +1.
    check(14161550101, "CA", 1, "America/Toronto"); // No such exchange, but only Canada has 416.
    check(441632960001, "GB", 1, "Europe/London"); // Reserved for fiction, so in nobody's range.
    check(61491570006, "AU", 8, "Australia/Sydney"); // Mobiles fall back to the whole code.
    check(61281234567, "AU", 1, "Australia/Sydney");
    check(79161234567, "RU", 16, "Europe/Moscow");
    check(77012345678, "KZ", 2, "Asia/Almaty"); // Not the main region of +7: its own zones.
    check(390669812345, "VA", 1, "Europe/Vatican");
    check(80012345678, "001", 0, "none");
    check(999123456789, "ZZ", 0, "none");
}
