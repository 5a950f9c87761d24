//! Philox2x64-10, a counter-based generator: a keyed mixing of a 128-bit counter.

/// Multiplier of the round.
const MULTIPLIER: u64 = 0xD2B7_4407_B1CE_6E93;
/// What the key grows by each round: the golden ratio.
const WEYL: u64 = 0x9E37_79B9_7F4A_7C15;
/// Rounds: the number that its authors recommend.
const ROUNDS: u32 = 10;

/// The two random words at a counter.
///
/// # Reference
/// Salmon, Moraes, Dror & Shaw (2011), "Parallel random numbers: as easy as 1, 2, 3", SC '11: passes `BigCrush` in the counter
/// and in the key.
#[inline]
pub(super) fn philox(counter: [u64; 2], key: u64) -> [u64; 2] {
    let ([mut left, mut right], mut key) = (counter, key);
    for _ in 0..ROUNDS {
        let product = u128::from(left) * u128::from(MULTIPLIER);
        left = (product >> 64) as u64 ^ key ^ right;
        right = product as u64;
        key = key.wrapping_add(WEYL);
    }
    [left, right]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_are_those_of_the_authors() {
        let ones = u64::MAX;
        assert_eq!(philox([0, 0], 0), [0xca00_a045_9843_d731, 0x66c2_4222_c9a8_45b5]);
        assert_eq!(philox([ones, ones], ones), [0x65b0_21d6_0cd8_310f, 0x4d02_f322_2f86_df20]);
        assert_eq!(
            philox([0x243f_6a88_85a3_08d3, 0x1319_8a2e_0370_7344], 0xa409_3822_299f_31d0),
            [0x0a5e_742c_2997_341c, 0xb0f8_83d3_8000_de5d]
        );
    }
}
