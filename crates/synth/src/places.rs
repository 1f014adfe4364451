//! Telephone numbers of real plans, or of the ranges that regulators keep for films and tests.
//!
//! A number belongs to a key for ever, so that nobody has to remember who has which: a population of a million is a
//! seed. What is drawn is valid by `numbers::look_up`; the reserved ranges are those of NANPA (555-01xx), Ofcom
//! ("telephone numbers for drama"), ACMA (numbers for fiction), Arcep and the Bundesnetzagentur.

use numbers::{Country, Validity, look_up};
use types::E164;

use crate::random::{mix, scaled};

/// Draws until a number is valid; past it the last one stands. The ranges below need two in the mean.
const DRAWS_MAX: u64 = 24;

/// What stands for a number before one is drawn.
const FIRST: E164 = E164::new(442_079_460_000).unwrap();

/// From one number of a list to the next: a prime that no range's size has.
const STRIDE: u64 = 7_919;

/// A country by its ISO code, as the tables here write it.
pub(crate) const fn country(code: &[u8; 2]) -> Country {
    match Country::new(*code) {
        Some(country) => country,
        None => Country::UNKNOWN,
    }
}

/// A stretch of numbers: a prefix with country code, and the digits after it.
type Range = (u64, u32);

/// The ranges of a country, each as often as the others.
struct Land {
    country: Country,
    ranges: &'static [Range],
}

macro_rules! lands {
    ($($code:literal: $(($prefix:literal, $digits:literal)),+;)+) => {
        &[$(Land { country: country($code), ranges: &[$(($prefix, $digits)),+] }),+]
    };
}

/// Where people are called in these scenarios: many zones, whole, half and quarter hours; several weekends.
static LANDS: &[Land] = lands! {
    b"US": (1212, 7), (1718, 7), (1617, 7), (1215, 7), (1202, 7), (1305, 7), (1404, 7), (1704, 7), (1901, 7), (1312, 7),
        (1773, 7), (1713, 7), (1214, 7), (1512, 7), (1612, 7), (1504, 7), (1303, 7), (1602, 7), (1801, 7), (1505, 7),
        (1213, 7), (1310, 7), (1415, 7), (1408, 7), (1206, 7), (1503, 7), (1702, 7), (1808, 7), (1907, 7), (1313, 7);
    b"CA": (1416, 7), (1604, 7), (1403, 7), (1514, 7), (1902, 7), (1709, 7), (1204, 7);
    b"GB": (44207, 7), (44208, 7), (44121, 7), (44161, 7), (44131, 7), (44141, 7), (44113, 7), (4474, 8), (4475, 8),
        (4477, 8), (4478, 8), (4479, 8);
    b"IE": (3531, 7), (35387, 7), (35386, 7);
    b"AU": (6128, 7), (6129, 7), (6138, 7), (6139, 7), (6173, 7), (6188, 7), (6189, 7), (614, 8);
    b"NZ": (649, 7), (644, 7), (6421, 7), (6427, 7);
    b"IN": (91112, 7), (91222, 7), (91802, 7), (9198, 8), (9199, 8), (9197, 8);
    b"PK": (9221, 8), (9242, 8), (92300, 7), (92333, 7);
    b"BD": (8802, 8), (88017, 8), (88018, 8);
    b"LK": (94112, 6), (9477, 7), (9471, 7);
    b"NP": (97714, 6), (97798, 8);
    b"IR": (9821, 8), (98912, 7);
    b"AE": (9714, 7), (97150, 7), (97155, 7);
    b"SA": (96611, 7), (96650, 7), (96655, 7);
    b"EG": (202, 8), (2010, 8), (2012, 8);
    b"IL": (9723, 7), (97254, 7);
    b"TR": (90212, 7), (90532, 7);
    b"DE": (4930, 8), (4989, 8), (49151, 8), (49171, 7);
    b"FR": (331, 8), (334, 8), (336, 8);
    b"ES": (3491, 7), (3493, 7), (346, 8);
    b"IT": (3906, 8), (3902, 8), (39347, 7);
    b"PT": (351, 9), (35191, 7);
    b"NL": (3120, 7), (316, 8);
    b"PL": (4822, 7), (4850, 7), (4860, 7);
    b"RO": (4021, 7), (4072, 7);
    b"UA": (38044, 7), (38067, 7);
    b"RU": (7495, 7), (7383, 7), (7916, 7);
    b"NG": (23480, 8), (23481, 8);
    b"GH": (23324, 7), (23330, 7);
    b"KE": (25472, 7), (25471, 7);
    b"ZA": (2711, 7), (2782, 7);
    b"MA": (212522, 6), (2126, 8);
    b"CN": (8610, 8), (86138, 8);
    b"JP": (813, 8), (8190, 8);
    b"PH": (632, 8), (63917, 7);
    b"VN": (8424, 8), (8490, 7);
    b"ID": (6221, 8), (62812, 8);
    b"BR": (5511, 8), (55119, 8), (55219, 8);
    b"MX": (5255, 8), (5281, 8);
    b"CO": (57601, 7), (573, 9);
    b"CU": (5352, 6), (5353, 6);
    b"SO": (25261, 7);
    b"LV": (3712, 7);
    b"EE": (3725, 7);
    b"BA": (38761, 6);
    b"RS": (38164, 7);
    b"SL": (23276, 6);
    b"GN": (22462, 7);
    b"GM": (2207, 6);
    b"TN": (21620, 6);
};

/// Who lends a country without a range for fiction one of theirs.
const LENDERS: [Country; 4] = [country(b"US"), country(b"AU"), country(b"FR"), country(b"DE")];

/// Numbers for fiction and tests.
static RESERVED: &[Land] = lands! {
    b"US": (121255501, 2), (171855501, 2), (161755501, 2), (121555501, 2), (120255501, 2), (130555501, 2), (140455501, 2),
        (170455501, 2), (190155501, 2), (131255501, 2), (177355501, 2), (171355501, 2), (121455501, 2), (151255501, 2),
        (161255501, 2), (150455501, 2), (130355501, 2), (160255501, 2), (180155501, 2), (150555501, 2), (121355501, 2),
        (131055501, 2), (141555501, 2), (140855501, 2), (120655501, 2), (150355501, 2), (170255501, 2), (180855501, 2),
        (190755501, 2), (131355501, 2), (120155501, 2), (120355501, 2), (120555501, 2), (120755501, 2), (120855501, 2),
        (120955501, 2), (121055501, 2), (121655501, 2), (121755501, 2), (121855501, 2), (121955501, 2), (122855501, 2);
    b"CA": (141655501, 2), (160455501, 2), (140355501, 2), (151455501, 2), (190255501, 2), (170955501, 2), (120455501, 2);
    b"GB": (441632960, 3), (442079460, 3), (441134960, 3), (441144960, 3), (441154960, 3), (441164960, 3), (441174960, 3),
        (441184960, 3), (441214960, 3), (441314960, 3), (441414960, 3), (441514960, 3), (441614960, 3), (441914980, 3),
        (442896496, 3), (442920180, 3), (447700900, 3);
    b"AU": (6125550, 4), (6127010, 4), (6135550, 4), (6137010, 4), (6175550, 4), (6177010, 4), (6185550, 4), (6187010, 4),
        (61491570, 3);
    b"FR": (3319900, 4), (3326191, 4), (3335301, 4), (3346571, 4), (3353649, 4), (3363998, 4);
    b"DE": (493023125, 3), (496990009, 3), (494066969, 3), (492214710, 3), (498999998, 3);
};

/// The numbers of a scenario.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Numbers {
    seed: u64,
    reserved: bool,
}

impl Numbers {
    pub(crate) const fn new(seed: u64, reserved: bool) -> Self {
        Self { seed, reserved }
    }

    /// The number of whoever has `key` in a country: always the same.
    pub(crate) fn of(&self, country: Country, key: u64) -> E164 {
        let land = self.land(country);
        let key = mix(self.seed, key);
        let mut number = FIRST;
        for draw in 0..DRAWS_MAX {
            let word = mix(key, draw);
            let Some(&(prefix, digits)) = land.and_then(|land| land.ranges.get(range_of(land, word))) else { break };
            let size = 10_u64.pow(digits);
            let Some(drawn) = E164::new(prefix * size + scaled(mix(word, 1), size)) else { continue };
            number = drawn;
            let place = look_up(number);
            if self.reserved || place.validity == Validity::Valid && place.country == country {
                break;
            }
        }
        number
    }

    /// The number of the `place`th person on a list. Ranges for fiction are small, so that a list walks through all of them
    /// before anybody comes again; real ones are drawn from.
    pub(crate) fn listed(&self, country: Country, list: u64, place: u64) -> E164 {
        let Some(land) = self.land(country).filter(|_| self.reserved) else {
            return self.of(country, mix(list, place));
        };
        let total: u64 = land.ranges.iter().map(|(_, digits)| 10_u64.pow(*digits)).sum();
        let mut left = (place.wrapping_mul(STRIDE) + mix(self.seed, list) % total) % total;
        for &(prefix, digits) in land.ranges {
            let size = 10_u64.pow(digits);
            if left < size {
                return E164::new(prefix * size + left).unwrap_or(FIRST);
            }
            left -= size;
        }
        FIRST
    }

    /// The first of `size` numbers in a row, a power of ten: a company's block.
    pub(crate) fn block(&self, country: Country, key: u64, size: u64) -> u64 {
        // The whole block must be valid, so its two ends are looked at.
        let number = |base: u64| E164::new(base).map(look_up).is_some_and(|place| place.validity == Validity::Valid);
        let bases = (0..DRAWS_MAX).map(|draw| self.of(country, mix(key, draw)).reveal() / size * size);
        let mut last = 0;
        for base in bases {
            last = base;
            if self.reserved || number(base) && number(base + size - 1) {
                break;
            }
        }
        last
    }

    fn land(&self, country: Country) -> Option<&'static Land> {
        let lands = if self.reserved { RESERVED } else { LANDS };
        lands.iter().find(|land| land.country == country).or_else(|| {
            // Somebody else's, and always the same one's: abroad has to stay abroad.
            let [first, second] = country.as_str().as_bytes().first_chunk::<2>().copied().unwrap_or_default();
            LENDERS
                .get(usize::from(first ^ second) % LENDERS.len())
                .and_then(|lender| lands.iter().find(|land| land.country == *lender))
        })
    }
}

fn range_of(land: &Land, word: u64) -> usize {
    scaled(word, land.ranges.len() as u64) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_valid_in_their_country_and_belong_to_their_key() {
        let numbers = Numbers::new(1, false);
        for land in LANDS {
            let drawn: Vec<_> = (0..2_000).map(|key| numbers.of(land.country, key)).collect();
            let good = drawn.iter().map(|number| look_up(*number));
            let good = good.filter(|place| place.validity == Validity::Valid && place.country == land.country).count();
            assert!(good >= 1_998, "{}: {good} of 2000", land.country);
            assert_eq!(drawn.first(), Some(&numbers.of(land.country, 0)));
        }
    }

    #[test]
    fn a_list_of_fiction_repeats_nobody_before_its_end() {
        let numbers = Numbers::new(1, true);
        let listed: std::collections::HashSet<_> =
            (0..17_000).map(|place| numbers.listed(country(b"GB"), 5, place)).collect();
        assert_eq!(listed.len(), 17_000);
    }

    #[test]
    fn reserved_numbers_stay_in_their_ranges() {
        let numbers = Numbers::new(1, true);
        for key in 0..1_000 {
            let number = numbers.of(country(b"US"), key).reveal();
            assert_eq!(number / 100 % 100_000, 55_501, "{number}");
            // India has none: an American, Australian, French or German one stands for it.
            assert_ne!(numbers.of(country(b"IN"), key).reveal() / 10_000_000_000, 44);
        }
    }
}
