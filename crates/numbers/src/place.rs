//! Where a number belongs: one walk over a compiled automaton, digit by digit.
//!
//! The automaton is libphonenumber's metadata, exactly: patterns, lengths and zone prefixes became one function from
//! digit strings to places, written down in its smallest form (`data/generate.py`). A walk stops as soon as the digits
//! that are left no longer matter, which for most numbers is after the exchange.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};
use types::E164;

use crate::dialling;
use crate::tables::{ENDS, PLACES, SUCCESSORS, TAILS, VERSION, Word, ZONE_NAMES};

/// A region by its ISO 3166-1 alpha-2 code.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Country(pub(crate) [u8; 2]);

impl Country {
    /// No calling code of the plan: nowhere.
    pub const UNKNOWN: Self = Self(*b"ZZ");
    /// A service of the whole world (+800, +870, +882 ...), UN M49 001.
    pub const WORLD: Self = Self(*b"01");

    /// The region of two ASCII letters, in either case; `None` for anything else. Whether anyone lives there is not asked.
    #[must_use]
    pub const fn new(code: [u8; 2]) -> Option<Self> {
        let [first, second] = code;
        if first.is_ascii_alphabetic() && second.is_ascii_alphabetic() {
            return Some(Self([first.to_ascii_uppercase(), second.to_ascii_uppercase()]));
        }
        None
    }

    /// Whether a call from there to here is dialled as one within a country: the other is the same, or shares its calling code
    /// (ITU-T E.164, list of assigned country codes), as the Isle of Man, Jersey and Guernsey do with the United Kingdom and Åland
    /// with Finland. Those of +1 are other countries to each other, whatever is dialled: calls to the Caribbean are pumped. Those of
    /// +7 dial each other as such.
    #[must_use]
    pub fn is_home_to(self, other: Self) -> bool {
        const APART: [u16; 2] = [1, 7];
        let code = |country| dialling::of_country(country).map(|dialling| dialling.code);
        self == other || code(self).is_some_and(|own| !APART.contains(&own) && code(other) == Some(own))
    }

    /// `GB`, `001` for the services of the whole world, `ZZ` for nowhere.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match &self.0 {
            b"01" => "001",
            code => std::str::from_utf8(code).unwrap_or("ZZ"),
        }
    }
}

impl fmt::Display for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What a number is for, in libphonenumber's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// Not a valid number, or its plan does not say.
    Unknown,
    /// A line at a place.
    FixedLine,
    /// A mobile.
    Mobile,
    /// Either: the plan does not tell them apart (all of +1).
    FixedLineOrMobile,
    /// Free for the caller.
    TollFree,
    /// The callee earns.
    PremiumRate,
    /// Caller and callee share the cost.
    SharedCost,
    /// A range kept for VoIP.
    Voip,
    /// Follows a person.
    Personal,
    /// A pager.
    Pager,
    /// A company's number for the whole country.
    Uan,
    /// A mailbox.
    Voicemail,
}

impl Kind {
    /// The word that stands in records: snake_case and permanent.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::FixedLine => "fixed_line",
            Self::Mobile => "mobile",
            Self::FixedLineOrMobile => "fixed_line_or_mobile",
            Self::TollFree => "toll_free",
            Self::PremiumRate => "premium_rate",
            Self::SharedCost => "shared_cost",
            Self::Voip => "voip",
            Self::Personal => "personal",
            Self::Pager => "pager",
            Self::Uan => "uan",
            Self::Voicemail => "voicemail",
        }
    }
}

/// Whether somebody can have this number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Validity {
    /// In a range that is in use.
    Valid,
    /// Right in length, in no range that is known to be in use: unassigned, spoofed, or newer than the tables.
    Possible,
    /// Unknown calling code, or a length that lies between those in use.
    Invalid,
    /// Too short, or a local number without its area code.
    TooShort,
    /// Too long.
    TooLong,
}

impl Validity {
    /// The word that stands in records: snake_case and permanent.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Valid => "valid",
            Self::Possible => "possible",
            Self::Invalid => "invalid",
            Self::TooShort => "too_short",
            Self::TooLong => "too_long",
        }
    }
}

/// A time zone of the tables; its name is IANA's.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Zone(pub(crate) u16);

impl Zone {
    /// How many there are.
    pub const COUNT: usize = ZONE_NAMES.len();

    /// Every zone of the tables.
    pub fn all() -> impl Iterator<Item = Self> {
        (0_u16..).take(Self::COUNT).map(Self)
    }

    /// The IANA name, `Europe/London`.
    #[must_use]
    pub fn name(self) -> &'static str {
        ZONE_NAMES.get(usize::from(self.0)).copied().unwrap_or("Etc/Unknown")
    }
}

impl fmt::Debug for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// One of the zones a number may be in.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ZoneShare {
    /// The zone.
    pub zone: Zone,
    /// Its share of the people of all zones the number may be in, 0 to 1; the shares of a number add up to 1.
    /// An approximation: city dwellers of the whole zone (GeoNames), not of the number's own area.
    pub share: f32,
}

/// Where a number belongs and what it is for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Place {
    /// The region. For a number that no region of a shared calling code wants, the region of all valid numbers
    /// that begin like it if there is only one, else the main region of the code: read it with `validity`.
    pub country: Country,
    /// What it is for; [`Kind::Unknown`] unless valid.
    pub kind: Kind,
    /// Whether somebody can have it.
    pub validity: Validity,
    /// Where its phone may ring. All zones of the calling code where the number says no more (mobiles of most
    /// countries, toll free), narrowed to the region's own where it is a lesser one of a shared code; those of its
    /// longest known prefix where it is invalid; none for unknown codes.
    pub zones: &'static [ZoneShare],
}

impl Place {
    /// The part of the world its phone most likely rings in: what stands before the `/` in the name of its likeliest zone
    /// (`Europe`, `America`, `Australia`).
    #[must_use]
    pub fn region(&self) -> &'static str {
        let likeliest = self.zones.iter().max_by(|a, b| a.share.total_cmp(&b.share));
        likeliest.and_then(|zone| zone.zone.name().split('/').next()).unwrap_or("Etc")
    }
}

/// The part of the world of this name, as [`Place::region`] gives it.
#[must_use]
pub fn region_named(name: &str) -> Option<&'static str> {
    static REGIONS: LazyLock<BTreeSet<&'static str>> = LazyLock::new(|| {
        let named = ZONE_NAMES.iter().filter_map(|zone| zone.split('/').next());
        named.chain(["Etc"]).collect()
    });
    REGIONS.get(name).copied()
}

/// What the tables were made from, for `--version` and for records.
#[must_use]
pub const fn tables_version() -> &'static str {
    VERSION
}

/// Where `number` belongs. Neither allocates nor fails.
#[must_use]
pub fn look_up(number: E164) -> &'static Place {
    let digits = digits(number);
    let leading_zeros = digits.trailing_zeros() / 8;
    let mut rest = digits >> (8 * leading_zeros);
    let mut left = 16 - leading_zeros as usize;
    let mut state = 0;
    while let Some(row) = SUCCESSORS.get(state) {
        if left == 0 {
            return place(ENDS.get(state));
        }
        state = row.get(usize::from(rest as u8)).map_or(usize::MAX, index);
        rest >>= 8;
        left -= 1;
    }
    place(TAILS.get(state.wrapping_sub(SUCCESSORS.len())).and_then(|tail| tail.get(left)))
}

fn index(word: &Word) -> usize {
    usize::from(u16::from_le_bytes(*word))
}

fn place(word: Option<&Word>) -> &'static Place {
    word.and_then(|word| PLACES.get(index(word))).unwrap_or(&const { PLACES[0] })
}

/// Sixteen decimal digits, one a byte, the first in the lowest byte. At most fifteen count, so the lowest is 0.
fn digits(number: E164) -> u128 {
    let value = number.reveal();
    u128::from(eight_digits(value / 100_000_000)) | u128::from(eight_digits(value % 100_000_000)) << 64
}

/// The eight digits of a number below 10^8, the first in the lowest byte: halves, then quarters, then eighths are
/// divided at once in the lanes of one word. 10486 / 2^20 is 1 / 100 for all below 10,000, 103 / 2^10 is 1 / 10 below 100.
const fn eight_digits(value: u64) -> u64 {
    let fours = (value / 10_000) | ((value % 10_000) << 32);
    let hundreds = ((fours * 10_486) >> 20) & 0x0000_007f_0000_007f;
    let twos = hundreds | ((fours - hundreds * 100) << 16);
    let tens = ((twos * 103) >> 10) & 0x000f_000f_000f_000f;
    tens | ((twos - tens * 10) << 8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_shares_a_calling_code_is_at_home_there() {
        let check = |one: &[u8; 2], other: &[u8; 2], home: bool| {
            let [one, other] = [one, other].map(|code| Country::new(*code).unwrap());
            assert_eq!((one.is_home_to(other), other.is_home_to(one)), (home, home), "{one} and {other}");
        };
        check(b"GB", b"GB", true);
        check(b"GB", b"JE", true);
        check(b"IM", b"GG", true);
        check(b"FI", b"AX", true);
        check(b"GB", b"IE", false);
        check(b"US", b"US", true);
        check(b"US", b"JM", false);
        check(b"US", b"CA", false);
        check(b"RU", b"KZ", false);
        check(b"XQ", b"XR", false);
        assert!(Country::UNKNOWN.is_home_to(Country::UNKNOWN) && !Country::UNKNOWN.is_home_to(Country::WORLD));
    }

    #[test]
    fn digits_come_apart_at_every_length() {
        for value in (0..15).map(|power| 10_u64.pow(power)).flat_map(|p| [p, p + 7 * (p / 10), p * 10 - 1]) {
            let expected = format!("{value:016}");
            let bytes = digits(E164::new(value).unwrap()).to_le_bytes().map(|digit| digit + b'0');
            assert_eq!(std::str::from_utf8(&bytes).unwrap(), expected);
        }
    }

    #[test]
    fn every_place_adds_up() {
        for place in &PLACES {
            let sum: f32 = place.zones.iter().map(|zone| zone.share).sum();
            assert!(place.zones.is_empty() || (sum - 1.0).abs() < 1e-4, "{place:?}");
            assert_eq!(place.kind == Kind::Unknown, place.validity != Validity::Valid, "{place:?}");
        }
    }

    #[test]
    fn countries_have_two_letters() {
        assert_eq!(Country::new(*b"gb").map(|country| country.to_string()).as_deref(), Some("GB"));
        assert_eq!(Country::new(*b"4b"), None);
        assert_eq!(Country::WORLD.as_str(), "001");
    }
}
