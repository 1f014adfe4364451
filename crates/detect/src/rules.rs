//! Rules: what is all but certain by itself. A protected number on a trunk that is not its owner's, a display name that is made
//! to look like a protected one, a caller's number that nobody can have on a call that carriers brought here. They are
//! evidence like any other, only more of it, and are shown as such.

use config::ProtectedId;
use numbers::{Country, Kind as NumberKind, Place, Plan, Validity, look_up, read};
use serde::{Deserialize, Serialize};
use types::E164;

use crate::entity::caller_block;

/// What a call under somebody else's protected number brings, in nats.
const NUMBER_NATS: f32 = 20.0;
/// What a call under a look-alike of a protected name brings, in nats: three are needed, since names are typed by people.
const NAME_NATS: f32 = 5.0;
/// What a number that cannot exist brings, in nats: regulators have such calls blocked (Ofcom's CLI rules, ACMA C661), so one
/// is enough to ask who lets them through.
const IMPOSSIBLE_NATS: f32 = 20.0;
/// What a number that is for being called only brings, in nats: three are needed.
const CALLED_ONLY_NATS: f32 = 6.0;
/// What a caller's number that becomes one of another country on its way brings, in nats: three different ones are needed, since
/// a platform for calling cards or an exchange that rings a mobile too shows a number of its own.
const REFILED_NATS: f32 = 6.0;
/// These different ones.
pub(crate) const REFILED_MIN: u16 = 3;
/// What a call beyond the licence it is made under brings, in nats, and what all of them bring at most: the register says what is
/// licensed, and how far a holder goes beyond it is counted over hours, or over fifty of its calls.
const EXCESS_NATS: f32 = 1.0;
const EXCESS_NATS_MAX: f32 = 20.0;
/// So many of them need no second family.
pub(crate) const EXCESS_MIN: u16 = 10;
/// What numbers that nobody can call from bring at most, in nats.
const UNFIT_NATS_MAX: f32 = 24.0;

/// Why nobody can call from a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Unfit {
    /// It is for being called only: premium rate, and in Australia 13, 1300 and 1800 (C661).
    CalledOnly,
    /// No number has its length or its calling code.
    Impossible,
}

impl Unfit {
    /// Why nobody can call from a number that belongs there, if nobody can. A range that is in no known use is none of the
    /// reasons: ranges are newer than the tables, so that is a feature of the calls and no rule.
    #[must_use]
    pub fn of(place: &Place) -> Option<Self> {
        let australian = Country::new(*b"AU") == Some(place.country);
        match (place.validity, place.kind) {
            (Validity::Invalid | Validity::TooShort | Validity::TooLong, _) => Some(Self::Impossible),
            (Validity::Valid, NumberKind::PremiumRate) => Some(Self::CalledOnly),
            (Validity::Valid, NumberKind::TollFree | NumberKind::SharedCost) if australian => Some(Self::CalledOnly),
            (Validity::Possible | Validity::Valid, _) => None,
        }
    }
}

/// Whether a number that cannot exist is one of a country's own, before which somebody on the way wrote a `+` without its code:
/// border elements do that to all they get.
#[must_use]
pub fn is_national(number: E164, country: Country) -> bool {
    let digits = number.reveal().to_string();
    let own = Plan::of(country).and_then(|plan| read(digits.as_bytes(), &plan, None).number());
    own.map(look_up).is_some_and(|place| place.validity == Validity::Valid && country.is_home_to(place.country))
}

/// Which of the two numbers that the legs of one call show is borrowed: that of the callee's country, where the other is of another
/// one. Not what may be the callee's own: an exchange that rings a mobile too shows its own number there, and some say nothing
/// of the diversion.
#[must_use]
pub fn borrowed(caller: E164, shown: E164, callee: E164) -> Option<E164> {
    let home = look_up(callee).country;
    let [caller_home, shown_home] = [caller, shown].map(|number| home.is_home_to(look_up(number).country));
    let borrowed = match (caller_home, shown_home) {
        (false, true) => shown,
        (true, false) => caller,
        _ => return None,
    };
    (caller_block(borrowed) != caller_block(callee)).then_some(borrowed)
}

/// What rules have found of an entity.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Rules {
    /// Calls under a protected number that are not its owner's, and whose number it is.
    pub number: Option<(ProtectedId, u16)>,
    /// Calls under a look-alike of a protected name, and whose name it is.
    pub name: Option<(ProtectedId, u16)>,
    /// Different numbers that nobody can call from, the worst that is wrong with them, and what they bring.
    pub unfit: Option<(Unfit, u16, f32)>,
    /// Different numbers of the callee's country that stand for foreign ones on another leg of the same call.
    pub refiled: u16,
    /// Calls beyond the licence they were made under.
    pub excess: u16,
    /// What its trying of doors comes to, in nats.
    pub doors_nats: f32,
    /// What the landlines come to that it shows on calls from abroad, in nats.
    pub landlines_nats: f32,
}

impl Rules {
    /// A call under a protected number.
    pub fn on_number(&mut self, owner: ProtectedId) {
        self.number = Some((owner, self.number.map_or(0, |(_, calls)| calls).saturating_add(1)));
    }

    /// A call under a look-alike of a protected name.
    pub fn on_name(&mut self, owner: ProtectedId) {
        self.name = Some((owner, self.name.map_or(0, |(_, calls)| calls).saturating_add(1)));
    }

    /// A number that nobody can call from, and that was not seen there before.
    pub fn on_unfit(&mut self, why: Unfit) {
        let (worst, numbers, nats) = self.unfit.unwrap_or((why, 0, 0.0));
        let more = match why {
            Unfit::Impossible => IMPOSSIBLE_NATS,
            Unfit::CalledOnly => CALLED_ONLY_NATS,
        };
        self.unfit = Some((worst.max(why), numbers.saturating_add(1), (nats + more).min(UNFIT_NATS_MAX)));
    }

    /// A number of the callee's country that stood for a foreign one, and was not seen to before.
    pub const fn on_refiled(&mut self) {
        self.refiled = self.refiled.saturating_add(1);
    }

    /// A call beyond the licence it is made under.
    pub const fn on_excess(&mut self) {
        self.excess = self.excess.saturating_add(1);
    }

    /// What the numbers bring, in nats.
    #[must_use]
    pub const fn number_nats(&self) -> f32 {
        if self.number.is_some() { NUMBER_NATS } else { 0.0 }
    }

    /// What the names bring, in nats.
    #[must_use]
    pub fn name_nats(&self) -> f32 {
        self.name.map_or(0.0, |(_, calls)| NAME_NATS * f32::from(calls.min(4)))
    }

    /// What the numbers that nobody can call from bring, in nats.
    #[must_use]
    pub fn unfit_nats(&self) -> f32 {
        self.unfit.map_or(0.0, |(_, _, nats)| nats)
    }

    /// What the numbers that changed their country on the way bring, in nats.
    #[must_use]
    pub fn refiled_nats(&self) -> f32 {
        REFILED_NATS * f32::from(self.refiled.min(4))
    }

    /// What the calls beyond a licence bring, in nats.
    #[must_use]
    pub fn excess_nats(&self) -> f32 {
        (EXCESS_NATS * f32::from(self.excess)).min(EXCESS_NATS_MAX)
    }

    /// What all of them bring, in nats.
    #[must_use]
    pub fn nats(&self) -> f32 {
        self.number_nats()
            + self.name_nats()
            + self.unfit_nats()
            + self.refiled_nats()
            + self.excess_nats()
            + self.doors_nats
            + self.landlines_nats
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_borrowed_where_its_country_changes() {
        let number = |digits| E164::new(digits).unwrap();
        let [home, other, office, abroad] =
            [441_632_960_001, 442_079_460_123, 441_632_960_777, 919_876_543_210].map(number);
        let callee = number(441_632_961_500);
        assert_eq!(borrowed(abroad, home, callee), Some(home));
        assert_eq!(borrowed(home, abroad, callee), Some(home));
        assert_eq!(borrowed(home, other, callee), None, "a company's own number in place of a telephone's");
        assert_eq!(borrowed(abroad, home, office), None, "the called exchange's own");
        assert_eq!(borrowed(abroad, number(919_876_543_211), callee), None);
        let [jersey, dominica, ontario] = [441_534_960_001, 17_672_255_010, 14_165_550_199].map(number);
        assert_eq!(borrowed(home, jersey, callee), None, "both are dialled at home");
        assert_eq!(borrowed(abroad, jersey, callee), Some(jersey));
        assert_eq!(
            borrowed(dominica, ontario, number(16_135_550_123)),
            Some(ontario),
            "a code that many countries share"
        );
    }

    #[test]
    fn three_borrowed_numbers_are_needed() {
        let mut rules = Rules::default();
        let found = [1, 2, 3, 4, 5].map(|_| {
            rules.on_refiled();
            rules.refiled_nats()
        });
        assert_eq!(found, [6.0, 12.0, 18.0, 24.0, 24.0]);
    }

    #[test]
    fn a_national_number_behind_a_plus_is_nobodys_fault() {
        let check = |digits: u64, country: [u8; 2], impossible: bool, national: bool| {
            let number = E164::new(digits).unwrap();
            let unfit = Unfit::of(look_up(number)) == Some(Unfit::Impossible);
            assert_eq!(
                (unfit, is_national(number, Country::new(country).unwrap())),
                (impossible, national),
                "{digits}"
            );
        };
        // 212 555 0101 is in New York; behind a plus, Morocco's code with too few digits after it.
        check(2_125_550_101, *b"US", true, true);
        // Four digits fewer than a British number has: no British number either way.
        check(44_163_296, *b"GB", true, false);
        check(44_163_296, *b"US", true, false);
    }
}
