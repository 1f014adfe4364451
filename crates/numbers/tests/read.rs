//! What raw user parts mean under the dial plans of several countries, and under none.
//!
//! Numbers are reserved for fiction (+44 1632 960xxx, +1 xxx 555 01xx, +49 30 23125xxx, +61 491 570 xxx) or, where a
//! country reserves none, libphonenumber's examples.

use numbers::{Basis, Country, Other, Plan, Reading, is_withheld, look_up, read, read_beside};
use proptest::prelude::*;
use types::E164;

/// `plan` is `-` or a country; the answer is `+digits`, with `~` for a national and `?` for an assumed number.
fn check(plan: &str, raw: &str, expected: &str) {
    check_in(plan, raw, None, None, expected);
}

fn check_in(plan: &str, raw: &str, context: Option<&str>, other: Option<u64>, expected: &str) {
    let plan = plan_of(plan);
    let context = context.map(str::as_bytes);
    let reading = match other.and_then(E164::new) {
        Some(other) => read_beside(raw.as_bytes(), &plan, context, Other::new(other, b"")),
        None => read(raw.as_bytes(), &plan, context),
    };
    assert_eq!(written(reading), expected, "{raw} {context:?} {other:?} under {plan:?}");
}

fn plan_of(country: &str) -> Plan {
    country.as_bytes().try_into().ok().and_then(Country::new).and_then(Plan::of).unwrap_or_default()
}

fn written(reading: Reading) -> String {
    match reading {
        Reading::Number { number, basis: Basis::International } => format!("+{}", number.reveal()),
        Reading::Number { number, basis: Basis::National } => format!("~{}", number.reveal()),
        Reading::Number { number, basis: Basis::Assumed } => format!("?{}", number.reveal()),
        Reading::Withheld => "withheld".to_owned(),
        Reading::Short => "short".to_owned(),
        Reading::Opaque => "opaque".to_owned(),
    }
}

/// Carriers who write numbers with the country code and no `+` do so with both.
#[test]
fn the_other_party_tells_how_numbers_are_written() {
    let callee = 493_023_125_001;
    for (plan, sent, raw, expected) in [
        ("DE", "493023125001", "447400123456", "?447400123456"),
        ("DE", "+493023125001", "447400123456", "opaque"),
        ("DE", "03023125001", "447400123456", "opaque"),
        ("DE", "", "447400123456", "opaque"),
        ("DE", "493023125001", "3023125002", "~493023125002"),
        ("DE", "493023125001", "493023125002", "+493023125002"),
        ("DE", "493023125001", "1234", "short"),
        ("GB", "493023125001", "15125550123", "?15125550123"),
    ] {
        let other = Other::new(E164::new(callee).unwrap(), sent.as_bytes());
        let reading = read_beside(raw.as_bytes(), &plan_of(plan), None, other);
        assert_eq!(written(reading), expected, "{raw} beside {sent} in {plan}");
    }
}

#[test]
fn international_forms_need_no_plan() {
    for raw in [
        "+441632960001",
        "00441632960001",
        "tel:+44-1632-960001",
        "TEL:+44.1632.960.001",
        "sip:+441632960001@192.0.2.1",
        "sips:+441632960001:secret@192.0.2.1",
        "%2B441632960001",
        "+44 (0)1632 960001",
        "+4401632960001",
        "+00441632960001",
        "++441632960001",
        "0011441632960001",
        "+441632960001;phone-context=+1",
        "+441632960001;ext=204",
        "+441632960001;npdi;rn=+441632960099",
        "+441632960001%3Bnpdi",
        "9999#00441632960001",
        "9999%2300441632960001",
        "9999#+441632960001",
        "*31#+441632960001",
        " +441632960001 ",
    ] {
        for plan in ["-", "GB", "DE", "AU"] {
            if raw.starts_with("0011") && plan != "AU" && plan != "-" {
                continue;
            }
            check(plan, raw, "+441632960001");
        }
    }
    check("-", "011441632960001", "opaque"); // 0114 416… is Sheffield, and nothing of 1632 is in use.
    check("-", "01161281234567", "+61281234567");
    check("-", "9999#441632960001", "?441632960001");
    check("-", "+999123456789", "+999123456789"); // Nobody's code, but that is what was sent.
    check("-", "00999123456789", "opaque");
    check("-", "+1234567890123456", "opaque");
    check("-", "+390669812345", "+390669812345"); // Italy keeps its 0.
}

#[test]
fn the_short_way_and_the_long_way_agree() {
    let valid = include_str!("expected.tsv").lines().filter(|line| line.contains("\tValid\t"));
    for digits in valid.filter_map(|line| line.split('\t').next()) {
        check("-", &format!("+{digits}"), &format!("+{digits}"));
        check("-", &format!("tel:+{digits}"), &format!("+{digits}"));
    }
}

#[test]
fn bare_digits_without_a_plan() {
    check("-", "441632960001", "?441632960001");
    check("-", "12125550101", "?12125550101");
    check("-", "2125550101", "opaque"); // Manhattan, never Morocco.
    check("-", "6582345678", "opaque"); // Singapore or an American.
    check("-", "9611234567", "opaque"); // Lebanon or an Indian mobile.
    check("-", "01632960001", "opaque");
    check("-", "11987654321", "opaque"); // São Paulo without country code is no American.
    check("-", "1632960001", "opaque");
    check("-", "5550101", "opaque");
    check("-", "001010123456789", "opaque"); // The IMSI of a test network, not 00 1 010….
    check("-", "234150123456789", "opaque"); // A British IMSI, not Nigeria.
}

#[test]
fn the_other_party_tells() {
    let beside = |raw: &str, other: u64, expected: &str| check_in("-", raw, None, Some(other), expected);
    beside("2125550101", 13125550101, "?12125550101");
    beside("12125550101", 13125550101, "?12125550101");
    beside("2125550101", 441632960001, "opaque");
    beside("01212345678", 441632960001, "?441212345678");
    beside("9611234567", 918123456789, "opaque"); // Valid in India and as Lebanon's.
    beside("8123456789", 917410410123, "?918123456789");
    beside("15012345678", 8613123456789, "opaque"); // Arkansas or a Chinese mobile.
    beside("15012345678", 441632960001, "?15012345678");
    beside("441632960001", 13125550101, "?441632960001");
    beside("+441632960001", 13125550101, "+441632960001");
}

#[test]
fn withheld_short_and_opaque() {
    for raw in [
        "anonymous",
        "Anonymous",
        "ANONYMOUS",
        "restricted",
        "unavailable",
        "unknown",
        "private",
        "266696687",
        "+266696687",
    ] {
        check("-", raw, "withheld");
        check("US", raw, "withheld");
    }
    assert!(is_withheld(b"Anonymous.invalid") && is_withheld(b"unknown.invalid") && !is_withheld(b"example.com"));
    for raw in ["204", "911", "112", "*97", "*67#", "#31#", "131114", "+112", "7042;phone-context=example.com"] {
        check("-", raw, "short");
        check("GB", raw, "short");
    }
    for raw in [
        "",
        "alice",
        "bob204",
        "+",
        "tel:",
        "sip:@192.0.2.1",
        "%",
        "%zz",
        "1-800-GREYLINE",
        "*123456789",
        "12*345678901",
    ] {
        check("-", raw, "opaque");
    }
    check("-", &"1".repeat(500), "opaque");
}

#[test]
fn plan_of_the_united_states() {
    check("US", "2125550101", "~12125550101");
    check("US", "12125550101", "~12125550101");
    check("US", "(212) 555-0101", "~12125550101");
    check("US", "011441632960001", "+441632960001");
    check("US", "00441632960001", "+441632960001");
    check("US", "441632960001", "?441632960001");
    check("US", "4165550101", "~14165550101");
    check("US", "6582345678", "~16582345678");
    check("US", "5550101", "opaque");
}

#[test]
fn plan_of_the_united_kingdom() {
    check("GB", "01632960001", "~441632960001");
    check("GB", "1632960001", "~441632960001");
    check("GB", "441632960001", "+441632960001");
    check("GB", "07400123456", "~447400123456");
    check("GB", "7400123456", "~447400123456");
    check("GB", "12125550101", "?12125550101");
    check("GB", "0012125550101", "+12125550101");
    check("GB", "2125550101", "~442125550101"); // At home ten digits are home's, even where nobody has them.
}

#[test]
fn plan_of_germany() {
    check("DE", "03023125001", "~493023125001");
    check("DE", "493023125001", "+493023125001");
    check("DE", "00493023125001", "+493023125001");
    check("DE", "015123456789", "~4915123456789");
    check("DE", "15123456789", "opaque"); // A German mobile, or a Texan with a country code.
    check("DE", "12125550101", "?12125550101");
    check("DE", "441632960001", "~49441632960001"); // Oldenburg is 0441, and nothing of 01632 is in use.
    check("DE", "442079460000", "opaque"); // Oldenburg or London.
    check("DE", "1234567", "opaque");
}

#[test]
fn plan_of_australia() {
    check("AU", "0491570006", "~61491570006");
    check("AU", "491570006", "~61491570006");
    check("AU", "61491570006", "+61491570006");
    check("AU", "0011441632960001", "+441632960001");
    check("AU", "00441632960001", "+441632960001");
    check("AU", "1831 0491 570 006", "~61491570006"); // Number withheld, then the trunk prefix.
    check("AU", "1831491570006", "~61491570006");
    check("AU", "12125550101", "?12125550101");
    check("AU", "1300123456", "~611300123456");
}

#[test]
fn plans_of_india_and_pakistan() {
    check("IN", "08123456789", "~918123456789");
    check("IN", "8123456789", "~918123456789");
    check("IN", "918123456789", "+918123456789");
    check("IN", "9611234567", "~919611234567"); // At home ten digits are home's, Lebanon or not.
    check("IN", "0012125550101", "+12125550101");
    check("IN", "12125550101", "?12125550101");
    check("PK", "03012345678", "~923012345678");
    check("PK", "3012345678", "~923012345678");
    check("PK", "923012345678", "+923012345678");
    check("PK", "00923012345678", "+923012345678");
    check("PK", "441632960001", "opaque"); // Possible here and there, in use nowhere.
    check("PK", "12125550101", "?12125550101");
}

#[test]
fn plans_with_carrier_codes_and_without_trunk_prefixes() {
    check("BR", "011987654321", "~5511987654321");
    check("BR", "01511987654321", "~5511987654321"); // Through carrier 15.
    check("BR", "11987654321", "~5511987654321");
    check("BR", "001512125550101", "+12125550101");
    check("RU", "89161234567", "~79161234567");
    check("RU", "810441632960001", "+441632960001");
    check("IT", "0669812345", "~390669812345");
    check("IT", "3123456789", "~393123456789");
    check("ES", "612345678", "~34612345678");
    check("HU", "06201234567", "~36201234567");
}

#[test]
fn phone_contexts() {
    let context = |raw: &str, context: &str, expected: &str| check_in("-", raw, Some(context), None, expected);
    context("01632960001", "+44", "~441632960001");
    context("1632960001", "+44", "~441632960001");
    context("2125550101", "+1", "~12125550101");
    context("555-0101", "+1-212", "~12125550101");
    context("204", "+44", "short");
    context("01632960001", "example.com", "opaque");
    check("-", "01632960001;phone-context=+44", "~441632960001");
    check("-", "tel:01632-960001;phone-context=+44;ext=9", "~441632960001");
    check("US", "01632960001;Phone-Context=%2B44", "~441632960001");
    check("GB", "01632960001;phone-context=ims.example.com", "~441632960001");
}

#[test]
fn technical_prefixes_of_the_plan() {
    let plan = Plan::default().with_technical(&["9999", "77#", "8811"]).expect("a plan");
    for raw in ["99990044 1632 960001", "77#00441632960001", "881100441632960001", "00441632960001"] {
        assert_eq!(written(read(raw.as_bytes(), &plan, None)), "+441632960001", "{raw}");
    }
    let plan = plan_of("GB").with_technical(&["77#"]).expect("a plan");
    assert_eq!(written(read(b"77#01632960001", &plan, None)), "~441632960001");
}

proptest! {
    /// Whatever is sent, under every plan, there is an answer, and the same one twice.
    #[test]
    fn there_is_always_an_answer(
        raw in proptest::collection::vec(any::<u8>(), 0..220),
        near in "[0-9+*#();=%. -]{0,40}",
        other in 1_u64..999_999_999_999_999,
    ) {
        let other = E164::new(other).expect("a number");
        for country in ["US", "GB", "DE", "IN", "BR", "-"] {
            let plan = plan_of(country);
            for (user, context) in [(&raw[..], near.as_bytes()), (near.as_bytes(), &raw[..])] {
                prop_assert_eq!(read(user, &plan, Some(context)), read(user, &plan, Some(context)));
                prop_assert_eq!(read_beside(user, &plan, None, Other::new(other, b"")), read_beside(user, &plan, None, Other::new(other, b"")));
            }
        }
        prop_assert_eq!(look_up(other), look_up(other));
    }

    /// A valid international number is read as itself under every plan.
    #[test]
    fn plus_means_what_it_says(line in 100_u32..200) {
        for country in ["US", "GB", "DE", "IN", "BR"] {
            let plan = plan_of(country);
            let raw = format!("+12125550{line}");
            prop_assert_eq!(written(read(raw.as_bytes(), &plan, None)), raw);
        }
    }
}
