//! How regions dial: their calling codes and prefixes, from the compiled tables.

use crate::place::Country;

include!("../data/dialling.rs");

/// How a region dials. Prefixes are digits.
pub(crate) struct Dialling {
    pub(crate) country: Country,
    pub(crate) code: u16,
    /// Before a number of another country. Where one is preferred, that one alone.
    pub(crate) international: &'static [&'static [u8]],
    /// Before a number of the same country: the trunk prefix first, then those with a carrier's code.
    pub(crate) national: &'static [&'static [u8]],
}

const fn d(
    country: [u8; 2],
    code: u16,
    international: &'static [&'static [u8]],
    national: &'static [&'static [u8]],
) -> Dialling {
    Dialling { country: Country(country), code, international, national }
}

/// How `country` dials.
pub(crate) fn of_country(country: Country) -> Option<&'static Dialling> {
    let at = DIALLING.binary_search_by_key(&country, |dialling| dialling.country).ok()?;
    DIALLING.get(at)
}

/// How many regions there are up to the first of each calling code; 0 for what is no code of a region.
#[expect(clippy::indexing_slicing, reason = "an index out of bounds fails the build")]
static UP_TO_CODE: [u8; 1_000] = {
    assert!(DIALLING.len() <= u8::MAX as usize, "a count of regions is one u8");
    let mut up_to = [0; 1_000];
    let mut left = DIALLING.len();
    while left > 0 {
        up_to[DIALLING[left - 1].code as usize] = left as u8;
        left -= 1;
    }
    up_to
};

/// How the regions of a calling code dial: those that share one share their trunk prefix.
pub(crate) fn of_code(code: u16) -> Option<&'static Dialling> {
    let up_to = usize::from(*UP_TO_CODE.get(usize::from(code))?);
    DIALLING.get(up_to.checked_sub(1)?)
}

/// The calling code that `digits` begin with, and how long it is (ITU-T E.164, list of assigned country codes: no
/// code begins another). `None` for a code that is not a country's.
pub(crate) fn calling_code(digits: &[u8]) -> Option<(&'static Dialling, usize)> {
    let mut code = 0_u16;
    for (at, digit) in digits.iter().take(3).enumerate() {
        code = code * 10 + u16::from(digit.wrapping_sub(b'0').min(9));
        if let Some(dialling) = of_code(code) {
            return Some((dialling, at + 1));
        }
    }
    None
}
