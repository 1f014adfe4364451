//! Whether two courses of loudness are those of one recording: privacy level 2.
//!
//! Five seconds of them, 250 bytes, are compared by their correlation (SCIENCE 4.7: one recording over two lines 0.91 and
//! more, two recordings 0.58 and less, over twelve of them). To find what is worth comparing, each block also has a
//! signature of 64 signs: of two blocks that correlate by r, a share of arccos(r) / π of these differ (Charikar 2002).

/// Bytes of a block: five seconds.
pub const BLOCK_BYTES: usize = 250;
/// Bytes that a signature sums up to one: details of 100 ms are the line's, not the recording's.
const POOLED: usize = 5;
/// Numbers that a signature is made of.
const POOLS: usize = BLOCK_BYTES / POOLED;

/// Five seconds of loudness.
pub type Block = [u8; BLOCK_BYTES];

/// The normalised correlation of two blocks, -1 to 1; 0 where one of them does not change.
#[must_use]
pub fn correlation(a: &Block, b: &Block) -> f32 {
    let (mut sum_a, mut sum_b, mut square_a, mut square_b, mut product) = (0_u32, 0_u32, 0_u32, 0_u32, 0_u32);
    for (&a, &b) in a.iter().zip(b) {
        let (a, b) = (u32::from(a), u32::from(b));
        sum_a += a;
        sum_b += b;
        square_a += a * a;
        square_b += b * b;
        product += a * b;
    }
    let count = BLOCK_BYTES as f32;
    let covariance = count.mul_add(product as f32, -(sum_a as f32 * sum_b as f32));
    let spread = |square: u32, sum: u32| count.mul_add(square as f32, -(sum as f32).powi(2)).max(0.0);
    let spreads = (spread(square_a, sum_a) * spread(square_b, sum_b)).sqrt();
    if spreads > 0.0 { covariance / spreads } else { 0.0 }
}

/// Signs of 64 weighted sums of a block's course about its mean.
#[must_use]
pub fn signature(block: &Block) -> u64 {
    let (pools, _) = block.as_chunks::<POOLED>();
    let mut course = [0_i32; POOLS];
    for (place, pool) in course.iter_mut().zip(pools) {
        *place = pool.iter().map(|&byte| i32::from(byte)).sum();
    }
    let mean = course.iter().sum::<i32>() / POOLS as i32;
    (0..64_u64).fold(0, |bits, row| {
        let signs = signs(row);
        let weighted = course.iter().enumerate().map(
            |(place, &loud)| {
                if signs >> place & 1 == 1 { loud - mean } else { mean - loud }
            },
        );
        bits << 1 | u64::from(weighted.sum::<i32>() > 0)
    })
}

/// The signs of a row, the same in every run: the output of SplitMix64 (Steele, Lea and Flood 2014).
const fn signs(row: u64) -> u64 {
    let mut word = (row + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    word = (word ^ word >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    word = (word ^ word >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    word ^ word >> 31
}

#[cfg(test)]
mod tests {
    use super::*;

    fn course(seed: u64) -> Block {
        let mut block = [0; BLOCK_BYTES];
        for (place, byte) in block.iter_mut().enumerate() {
            // Syllables and pauses of a fifth of a second.
            *byte = 60 + (signs(seed * 1_000 + place as u64 / 10) % 80) as u8;
        }
        block
    }

    #[test]
    fn a_block_is_like_itself_and_unlike_others() {
        let (one, other) = (course(1), course(2));
        let mut fainter = one;
        fainter.iter_mut().enumerate().for_each(|(place, byte)| *byte = *byte - 20 + (place % 3) as u8);
        assert!(correlation(&one, &one) > 0.999);
        assert!(correlation(&one, &fainter) > 0.95);
        assert!(correlation(&one, &other).abs() < 0.5);
        assert_eq!(correlation(&one, &[7; BLOCK_BYTES]), 0.0);
        let differ = |a: &Block, b: &Block| (signature(a) ^ signature(b)).count_ones();
        assert_eq!(differ(&one, &one), 0);
        assert!(differ(&one, &fainter) < 14, "{}", differ(&one, &fainter));
        assert!(differ(&one, &other) > 18, "{}", differ(&one, &other));
    }
}
