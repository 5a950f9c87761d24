//! Elementary functions through one implementation, so that two machines agree to the bit.
//!
//! The standard library calls the platform's mathematics library for `ln`, `exp` and their like, and platforms differ in
//! the last bit. Everything that reaches a result goes through this module instead (the `libm` crate, a port of musl's).
//! `sqrt`, the four operations and rounding are exact under IEEE 754 and need no door.

/// Natural logarithm.
#[must_use]
#[inline]
pub fn ln(x: f64) -> f64 {
    // What is neither 0, negative, subnormal nor infinite needs none of `libm`'s branches.
    if (f64::MIN_POSITIVE..=f64::MAX).contains(&x) { ln_of_normal(x) } else { libm::log(x) }
}

/// Natural logarithms of numbers that are finite, normal and greater than 0, each in place: to the bit those of [`ln`].
///
/// The steps of `libm`'s logarithm without its branches, so that the compiler works on several numbers at a time.
///
/// # Panics
/// In debug builds if a number is not as said; its result has no meaning then.
///
/// # Reference
/// `e_log.c` of FreeBSD's msun (Sun Microsystems 1993), the ancestor of `libm`'s.
pub fn ln_each(numbers: &mut [f64]) {
    for x in numbers {
        debug_assert!(x.is_normal() && *x > 0.0, "not for {x}");
        *x = ln_of_normal(*x);
    }
}

#[inline]
fn ln_of_normal(x: f64) -> f64 {
    // x = 2^k (1 + f), with 1 + f between the halves of sqrt 2 and sqrt 2 itself.
    let shifted = x.to_bits() + ((0x3ff0_0000 << 32) - ROOT_HALF);
    let f = f64::from_bits((shifted & (u64::MAX >> 12)) + ROOT_HALF) - 1.0;
    // The exponent as the last bits of a number of 2^52 and more: a conversion without a conversion.
    let k = f64::from_bits((shifted >> 52) | 0x4330_0000_0000_0000) - (4_503_599_627_370_496.0 + 1023.0);
    let half_square = 0.5 * f * f;
    let s = f / (2.0 + f);
    let z = s * s;
    let w = z * z;
    let even = w * (LN_2 + w * (LN_4 + w * LN_6));
    let odd = z * (LN_1 + w * (LN_3 + w * (LN_5 + w * LN_7)));
    s * (half_square + (odd + even)) + k * LN2_LOW - half_square + f + k * LN2_HIGH
}

/// The upper half of the bits of the root of 1/2.
const ROOT_HALF: u64 = 0x3fe6_a09e << 32;
/// The upper half of the bits of half the logarithm of 2.
const HALF_LN_2: u32 = 0x3fd6_2e42;
/// The logarithm of 2 in two parts, and the coefficients of the exponential and of the logarithm, as `libm` has them.
const LN2_HIGH: f64 = f64::from_bits(0x3fe6_2e42_fee0_0000);
const LN2_LOW: f64 = f64::from_bits(0x3dea_39ef_3579_3c76);
const EXP_1: f64 = f64::from_bits(0x3fc5_5555_5555_553e);
const EXP_2: f64 = f64::from_bits(0xbf66_c16c_16be_bd93);
const EXP_3: f64 = f64::from_bits(0x3f11_566a_af25_de2c);
const EXP_4: f64 = f64::from_bits(0xbebb_bd41_c5d2_6bf1);
const EXP_5: f64 = f64::from_bits(0x3e66_3769_72be_a4d0);
const LN_1: f64 = f64::from_bits(0x3fe5_5555_5555_5593);
const LN_2: f64 = f64::from_bits(0x3fd9_9999_9997_fa04);
const LN_3: f64 = f64::from_bits(0x3fd2_4924_9422_9359);
const LN_4: f64 = f64::from_bits(0x3fcc_71c5_1d8e_78af);
const LN_5: f64 = f64::from_bits(0x3fc7_4664_96cb_03de);
const LN_6: f64 = f64::from_bits(0x3fc3_9a09_d078_c69f);
const LN_7: f64 = f64::from_bits(0x3fc2_f112_df3e_5244);

/// `ln(1 + x)`, accurate near 0.
#[must_use]
#[inline]
pub fn ln_1p(x: f64) -> f64 {
    libm::log1p(x)
}

/// Exponential.
#[must_use]
#[inline]
pub fn exp(x: f64) -> f64 {
    // The steps of `libm` for what is neither tiny nor near an overflow: without its branches for those, and without a call.
    let high = (x.to_bits() >> 32) as u32 & 0x7fff_ffff;
    if !(0x3e30_0001..0x4085_e000).contains(&high) {
        return libm::exp(x);
    }
    // x = k ln 2 + r, with k by rounding: up to one and a half ln 2, where `libm` has a branch for 1, the rounding gives that. Whether it is 0 is chosen
    // without a branch, which no processor would foresee.
    let nearest = (core::f64::consts::LOG2_E * x + 0.5_f64.copysign(x)) as i32;
    let k = if high > HALF_LN_2 { nearest } else { 0 };
    let (above, below) = (x - f64::from(k) * LN2_HIGH, f64::from(k) * LN2_LOW);
    let r = above - below;
    let square = r * r;
    let c = r - square * (EXP_1 + square * (EXP_2 + square * (EXP_3 + square * (EXP_4 + square * EXP_5))));
    let y = 1.0 + (r * c / (2.0 - c) - below + above);
    y * f64::from_bits(((1023 + k) as u64) << 52)
}

/// `exp(x) - 1`, accurate near 0.
#[must_use]
#[inline]
pub fn exp_m1(x: f64) -> f64 {
    libm::expm1(x)
}

/// `base` to the power `exponent`.
#[must_use]
#[inline]
pub fn pow(base: f64, exponent: f64) -> f64 {
    libm::pow(base, exponent)
}

/// Logarithm to base 10.
#[must_use]
#[inline]
pub fn log10(x: f64) -> f64 {
    libm::log10(x)
}

/// Logarithm of the gamma function.
#[must_use]
#[inline]
pub fn ln_gamma(x: f64) -> f64 {
    libm::lgamma(x)
}

/// Gamma function.
#[must_use]
#[inline]
pub fn gamma(x: f64) -> f64 {
    libm::tgamma(x)
}

/// Complementary error function.
#[must_use]
#[inline]
pub fn erfc(x: f64) -> f64 {
    libm::erfc(x)
}

/// Cosine of an angle in radians.
#[must_use]
#[inline]
pub fn cos(x: f64) -> f64 {
    libm::cos(x)
}

/// Sine of an angle in radians.
#[must_use]
#[inline]
pub fn sin(x: f64) -> f64 {
    libm::sin(x)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn assert_same(numbers: &[f64]) {
        let mut logarithms = numbers.to_vec();
        ln_each(&mut logarithms);
        for (x, logarithm) in numbers.iter().zip(logarithms) {
            assert_eq!(logarithm.to_bits(), libm::log(*x).to_bits(), "ln {x}");
            assert_eq!(ln(*x).to_bits(), libm::log(*x).to_bits(), "ln {x}");
        }
    }

    #[test]
    fn logarithms_by_the_dozen_are_those_one_by_one() {
        let root = core::f64::consts::FRAC_1_SQRT_2;
        assert_same(&[
            1.0,
            0.5,
            2.0,
            root,
            2.0 * root,
            1.0 - f64::EPSILON / 2.0,
            1.0 + f64::EPSILON,
            f64::MIN_POSITIVE,
            f64::MAX,
        ]);
        assert_same(&(1..=100_000).map(|i| f64::from(i) / 100_000.0).collect::<Vec<_>>());
        // Around the seam, where the upper half of the bits decides.
        assert_same(&(0..10_000).map(|i| f64::from_bits(root.to_bits() - 5_000 * 0x1_0000 + i * 0x1_0000)).collect::<Vec<_>>());
    }

    #[test]
    fn what_has_no_short_way_is_that_of_libm() {
        for x in [0.0, -0.0, -1.0, f64::INFINITY, f64::NEG_INFINITY, 5e-324, -5e-324, 1e-310] {
            assert_eq!(ln(x).to_bits(), libm::log(x).to_bits(), "ln {x}");
            assert_eq!(exp(x).to_bits(), libm::exp(x).to_bits(), "exp {x}");
        }
        assert!(ln(f64::NAN).is_nan() && exp(f64::NAN).is_nan());
    }

    #[test]
    fn exponentials_are_those_of_libm_around_every_seam() {
        for seam in [0x3e30_0000_u32, 0x3fd6_2e42, 0x3ff0_a2b2, 0x4085_e000, 0x4086_232b] {
            for step in -3_i64..=3 {
                for low in [0, 1, u32::MAX / 2, u32::MAX] {
                    let x = f64::from_bits(((i64::from(seam) + step) as u64) << 32 | u64::from(low));
                    assert_eq!(exp(x).to_bits(), libm::exp(x).to_bits(), "exp {x}");
                    assert_eq!(exp(-x).to_bits(), libm::exp(-x).to_bits(), "exp {}", -x);
                }
            }
        }
        for i in -800_000_i32..=800_000 {
            let x = f64::from(i) / 1000.0;
            assert_eq!(exp(x).to_bits(), libm::exp(x).to_bits(), "exp {x}");
        }
    }

    proptest! {
        #[test]
        fn exponentials_agree_at_every_magnitude(x in prop::num::f64::NORMAL) {
            prop_assert_eq!(exp(x).to_bits(), libm::exp(x).to_bits());
        }

        #[test]
        fn logarithms_agree_at_every_magnitude(numbers in prop::collection::vec(prop::num::f64::NORMAL, 1..200)) {
            assert_same(&numbers.iter().map(|x| x.abs()).collect::<Vec<_>>());
        }
    }
}
