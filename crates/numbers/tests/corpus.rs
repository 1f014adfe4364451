//! The compiled tables against libphonenumber's own files, where a corpus has them: `GREYLINE_CORPUS`, else
//! `../shared/corpus` beside the workspace. They are of another version than the tables, so a few may differ.

use std::collections::HashMap;
use std::path::PathBuf;

use numbers::{Validity, look_up};
use types::E164;

/// Numbers in a thousand that the two versions may see differently: with 9.0.43, 54 of 3,295
/// zone prefixes of an older version, nearly all exchanges of Newfoundland, are no longer told apart.
const DIFFERENT_PER_MILLE_MAX: usize = 20;

fn file(path: &str) -> Option<String> {
    let beside = || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus");
    let corpus = std::env::var_os("GREYLINE_CORPUS").map_or_else(beside, PathBuf::from);
    std::fs::read_to_string(corpus.join("phone-numbers/libphonenumber").join(path)).ok()
}

fn attribute<'a>(line: &'a str, name: &str) -> Option<&'a str> {
    line.split_once(name)?.1.strip_prefix("=\"")?.split('"').next()
}

#[test]
fn example_numbers_belong_to_their_regions() {
    let Some(text) = file("PhoneNumberMetadata.xml") else {
        println!("skipped: no corpus");
        return;
    };
    let (mut region, mut code, mut asked, mut wrong) = ("", "", 0, Vec::new());
    for line in text.lines() {
        if line.contains("<territory ") {
            (region, code) = (attribute(line, " id").unwrap_or(""), attribute(line, "countryCode").unwrap_or(""));
        }
        let Some(national) = line.trim().strip_prefix("<exampleNumber>").and_then(|rest| rest.split('<').next()) else {
            continue;
        };
        asked += 1;
        let place = look_up(E164::from_digits(format!("{code}{national}").as_bytes()).unwrap());
        if place.validity != Validity::Valid || place.country.as_str() != region {
            wrong.push((place.validity, format!("{region} +{code}{national}: {} {:?}", place.country, place.validity)));
        }
    }
    // Services of a whole shared code (+1 800) stand under every region and belong to its main one.
    wrong.retain(|(validity, _)| *validity != Validity::Valid);
    println!("{asked} examples, {} not valid: {wrong:?}", wrong.len());
    assert!(asked > 1_000, "{asked} examples");
    assert!(wrong.len() * 1_000 <= asked * DIFFERENT_PER_MILLE_MAX);
}

#[test]
fn zones_are_those_of_the_longest_prefix() {
    let Some(text) = file("timezones/map_data.txt") else {
        println!("skipped: no corpus");
        return;
    };
    let entries = text.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once('|'));
    let zones: HashMap<&str, &str> = entries.collect();
    let (mut asked, mut wrong) = (0, Vec::new());
    for prefix in zones.keys() {
        // Too long to be valid anywhere, so nothing but the prefix counts.
        let digits = format!("{prefix:0<15}");
        let place = look_up(E164::from_digits(digits.as_bytes()).unwrap());
        if place.validity == Validity::Valid {
            continue;
        }
        asked += 1;
        let expected = (1..=15).rev().find_map(|length| zones.get(digits.get(..length)?)).copied().unwrap_or_default();
        let names: Vec<&str> = place.zones.iter().map(|share| share.zone.name()).collect();
        if names.join("&") != expected {
            wrong.push(format!("{prefix}: {names:?}, not {expected}"));
        }
    }
    println!("{asked} prefixes, {} differ: {wrong:?}", wrong.len());
    assert!(asked > 3_000, "{asked} prefixes");
    assert!(wrong.len() * 1_000 <= asked * DIFFERENT_PER_MILLE_MAX);
}
