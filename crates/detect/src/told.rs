//! What one call says of the scam alternatives: worked out once for all who take it in, since nearly all of them see it as the
//! tables have it.

use wide::{f32x8, i32x8};

use crate::tables::{ALTERNATIVES, SHARE_MIN, greatest};

/// How likely each alternative shows what a call did.
#[derive(Clone, Copy, Debug)]
pub struct Told {
    /// Alternative by alternative.
    pub likely: f32x8,
    /// Its logarithm.
    pub nats: f32x8,
    /// The most of them.
    pub most: f32,
    /// Its logarithm.
    pub most_nats: f32,
}

impl Told {
    /// Of alternatives of which every second call shows it.
    pub(crate) const EVEN: Self = Self {
        likely: f32x8::HALF,
        nats: f32x8::new([-std::f32::consts::LN_2; ALTERNATIVES]),
        most: 0.5,
        most_nats: -std::f32::consts::LN_2,
    };

    /// Of alternatives of which such shares of calls show it, whether the call did.
    #[must_use]
    #[inline]
    pub fn side(shares: f32x8, shown: bool) -> Self {
        let side = if shown { shares } else { f32x8::ONE - shares };
        let likely = side.fast_max(f32x8::splat(SHARE_MIN));
        let most = greatest(likely);
        Self { likely, nats: ln(likely), most, most_nats: most.ln() }
    }
}

/// The logarithms of probabilities: of normal numbers up to 1. What is not one cannot come, so that no lane is asked whether it
/// is, which makes this three times as fast as the logarithm of any number; the polynomial is that of Cephes (`logf`).
#[inline]
pub(crate) fn ln(shares: f32x8) -> f32x8 {
    const POLYNOMIAL: [f32; 9] = [
        7.037_683_6e-2,
        -1.151_461e-1,
        1.167_699_9e-1,
        -1.242_014_1e-1,
        1.424_932_3e-1,
        -1.666_805_8e-1,
        2.000_071_5e-1,
        -2.499_999_4e-1,
        3.333_333e-1,
    ];
    /// The bits of the root of a half, where one exponent ends and the next begins.
    const ROOT_HALF: i32 = 0x3f35_04f3;
    let bits: i32x8 = bytemuck::cast(shares);
    let exponent = (bits - i32x8::splat(ROOT_HALF)) >> 23;
    let rest: f32x8 = bytemuck::cast(bits - (exponent << 23));
    let rest = rest - f32x8::ONE;
    let square = rest * rest;
    let [first, others @ ..] = POLYNOMIAL;
    let curve = others.into_iter().fold(f32x8::splat(first), |sum, factor| sum * rest + f32x8::splat(factor));
    let curve = curve * rest * square - square * f32x8::HALF + rest;
    f32x8::from_i32x8(exponent) * f32x8::splat(std::f32::consts::LN_2) + curve
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn logarithms_are_right() {
        for step in 0..100_000 {
            let share = 1e-6_f32.powf(step as f32 / 100_000.0);
            let [found, ..] = ln(f32x8::splat(share)).to_array();
            let expected = f64::from(share).ln();
            assert!((f64::from(found) - expected).abs() <= 2e-7 * expected.abs().max(0.5), "{share}: {found}");
        }
    }
}
