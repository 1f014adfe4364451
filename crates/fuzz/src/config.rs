//! A configuration: what is sound has no error, what is not has one, every place lies in the text, and what is known can be
//! asked.

use config::{Date, EntityRef, Known, Severity, read};
use types::{E164, Ip, Nanos};

use crate::deck::Deck;

pub fn check(bytes: &[u8]) {
    let lines = bytes.iter().filter(|&&byte| byte == b'\n').count() + 1;
    match read(bytes) {
        Ok(sound) => {
            assert!(sound.warnings.iter().all(|mistake| mistake.severity == Severity::Warning));
            assert!(sound.warnings.iter().all(|mistake| (1..=lines).contains(&(mistake.line as usize))));
            let day: Date = "2027-01-31".parse().unwrap();
            assert!(sound.on(day).iter().all(|mistake| mistake.severity == Severity::Warning));
            ask(&sound.known, &mut Deck(bytes));
            // What is meant does not depend on how it was written.
            let again = Known::of(sound.known.config().clone()).unwrap();
            assert_eq!(again.version(), sound.known.version());
        }
        Err(mistakes) => {
            assert!(mistakes.iter().any(|mistake| mistake.severity == Severity::Error));
            for mistake in &mistakes {
                assert!((1..=lines).contains(&(mistake.line as usize)) && mistake.column >= 1);
                assert!(!mistake.what.is_empty());
            }
        }
    }
}

fn ask(known: &Known, deck: &mut Deck<'_>) {
    for _ in 0..4 {
        let ip = Ip::v4(deck.u32().to_be_bytes());
        let number = E164::new(u64::from(deck.u32()) * 1_000 + 1).unwrap();
        let at = Nanos::from_parts(u64::from(deck.u32()), 0);
        if let Some(trunk) = known.trunk_of(ip) {
            assert!(known.trunk(trunk).is_some());
        }
        if let Some(licence) = known.licence_of(ip, Some(number), at) {
            assert!(known.is_valid(licence, at));
        }
        let _ = (known.protected_number(number), known.high_cost(number), known.licensed_number(number));
        let _ = (known.allowed(EntityRef::Source(ip), at), known.allowed(EntityRef::Number(number), at));
    }
}
