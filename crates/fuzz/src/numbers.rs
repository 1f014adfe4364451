//! A user part under some dial plan: what is read is a number, and its place is one of the tables'.

use numbers::{Clocks, Country, Other, Plan, is_withheld, look_up, read, read_beside};
use types::{E164, Nanos};

use crate::deck::Deck;

pub fn check(bytes: &[u8]) {
    let mut deck = Deck(bytes);
    let plan = match deck.below(8) {
        0 => Plan::default(),
        1 => Plan::of(Country::new(*b"US").unwrap()).unwrap(),
        2 => Plan::of(Country::new(*b"IN").unwrap()).unwrap(),
        3 => Plan::of(Country::new(*b"IT").unwrap()).unwrap(),
        4 => Plan::of(Country::new([deck.u8(), deck.u8()]).unwrap_or(Country::UNKNOWN)).unwrap_or_default(),
        5 => Plan::default().with_technical(&["9999#", "0", "1"]).unwrap(),
        _ => Plan::of(Country::new(*b"GB").unwrap()).unwrap(),
    };
    let context = deck.bytes(20);
    let user = deck.0;
    let _ = is_withheld(user);
    let context = Some(context).filter(|context| !context.is_empty());
    let number = read(user, &plan, context).number();
    let other = E164::new(u64::from(deck.u32()) * 1_000 + 441_000_000_000).unwrap();
    for number in [number, read_beside(user, &plan, context, Other::new(other, user)).number(), Some(other)].into_iter().flatten() {
        assert!((1..=15).contains(&number.digits()));
        let place = look_up(number);
        let _ = (place.country.as_str().len(), place.kind.as_str(), place.validity.as_str());
        let shares: f32 = place.zones.iter().map(|share| share.share).sum();
        assert!(place.zones.is_empty() || (shares - 1.0).abs() < 1e-3, "{place:?}");
    }
    let mut clocks = Clocks::default();
    for share in look_up(other).zones.iter().take(2) {
        let at = Nanos::new(u64::from(deck.u32()) << 32 | u64::from(deck.u32()));
        let time = clocks.local_time(share.zone, at);
        assert!(time.hour() < 24 && time.weekday < 7 && time.second_of_day < 86_400);
        assert_eq!(clocks.local_time(share.zone, at), time);
    }
}
