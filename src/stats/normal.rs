//! The standard normal law.

use crate::math;

/// Cumulative distribution function of the standard normal.
#[must_use]
pub fn normal_cdf(x: f64) -> f64 {
    0.5 * math::erfc(-x * core::f64::consts::FRAC_1_SQRT_2)
}

/// Quantile of the standard normal: the inverse of [`normal_cdf`], relative error about 1e-16. Minus infinity at 0, infinity
/// at 1, NaN outside \[0, 1\].
///
/// # Reference
/// Wichura (1988), Algorithm AS 241 (PPND16), *Applied Statistics* 37(3).
#[must_use]
pub fn normal_quantile(p: f64) -> f64 {
    let from_centre = p - 0.5;
    if from_centre.abs() <= 0.425 {
        let r = 0.425 * 0.425 - from_centre * from_centre;
        return from_centre * polynomial(&CENTRE_TOP, r) / polynomial(&CENTRE_BOTTOM, r);
    }
    if !(p > 0.0 && p < 1.0) {
        return match p {
            0.0 => f64::NEG_INFINITY,
            1.0 => f64::INFINITY,
            _ => f64::NAN,
        };
    }
    let depth = (-math::ln(if from_centre < 0.0 { p } else { 1.0 - p })).sqrt();
    let distance = if depth <= 5.0 {
        polynomial(&MIDDLE_TOP, depth - 1.6) / polynomial(&MIDDLE_BOTTOM, depth - 1.6)
    } else {
        polynomial(&TAIL_TOP, depth - 5.0) / polynomial(&TAIL_BOTTOM, depth - 5.0)
    };
    distance.copysign(from_centre)
}

/// A polynomial by Horner's rule, the constant coefficient first.
#[inline]
fn polynomial(coefficients: &[f64; 8], x: f64) -> f64 {
    coefficients.iter().rev().fold(0.0, |sum, coefficient| sum * x + coefficient)
}

const CENTRE_TOP: [f64; 8] = [
    3.387_132_872_796_366_5,
    133.141_667_891_784_38,
    1_971.590_950_306_551_3,
    13_731.693_765_509_46,
    45_921.953_931_549_87,
    67_265.770_927_008_7,
    33_430.575_583_588_13,
    2_509.080_928_730_122_7,
];
const CENTRE_BOTTOM: [f64; 8] = [
    1.0,
    42.313_330_701_600_91,
    687.187_007_492_057_9,
    5_394.196_021_424_751,
    21_213.794_301_586_597,
    39_307.895_800_092_71,
    28_729.085_735_721_943,
    5_226.495_278_852_854,
];
const MIDDLE_TOP: [f64; 8] = [
    1.423_437_110_749_683_5,
    4.630_337_846_156_546,
    5.769_497_221_460_691,
    3.647_848_324_763_204_5,
    1.270_458_252_452_368_4,
    0.241_780_725_177_450_6,
    0.022_723_844_989_269_184,
    0.000_774_545_014_278_341_4,
];
const MIDDLE_BOTTOM: [f64; 8] = [
    1.0,
    2.053_191_626_637_759,
    1.676_384_830_183_803_8,
    0.689_767_334_985_1,
    0.148_103_976_427_480_08,
    0.015_198_666_563_616_457,
    0.000_547_593_808_499_534_5,
    1.050_750_071_644_416_9e-9,
];
const TAIL_TOP: [f64; 8] = [
    6.657_904_643_501_103,
    5.463_784_911_164_114,
    1.784_826_539_917_291_3,
    0.296_560_571_828_504_87,
    0.026_532_189_526_576_124,
    0.001_242_660_947_388_078_4,
    2.711_555_568_743_487_6e-5,
    2.010_334_399_292_288_1e-7,
];
const TAIL_BOTTOM: [f64; 8] = [
    1.0,
    0.599_832_206_555_888,
    0.136_929_880_922_735_8,
    0.014_875_361_290_850_615,
    0.000_786_869_131_145_613_3,
    1.846_318_317_510_054_8e-5,
    1.421_511_758_316_446e-7,
    2.044_263_103_389_939_7e-15,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_the_published_ones() {
        // Wichura's own check values, to the 16 digits that he prints.
        for (p, exact) in [(0.25, -0.674_489_750_196_081_7), (0.001, -3.090_232_306_167_813), (1e-20, -9.262_340_089_798_408)] {
            assert!((normal_quantile(p) / exact - 1.0).abs() < 1e-15, "{p}");
        }
        assert_eq!(normal_quantile(0.5), 0.0);
        assert_eq!((normal_quantile(0.0), normal_quantile(1.0)), (f64::NEG_INFINITY, f64::INFINITY));
        assert!(normal_quantile(-0.1).is_nan() && normal_quantile(1.1).is_nan() && normal_quantile(f64::NAN).is_nan());
    }

    #[test]
    fn the_cdf_undoes_the_quantile() {
        assert!((normal_cdf(1.0) - 0.841_344_746_068_542_9).abs() < 1e-15);
        for step in 1..1000 {
            let p = f64::from(step) / 1000.0;
            assert!((normal_cdf(normal_quantile(p)) - p).abs() < 1e-15, "{p}");
        }
    }
}
