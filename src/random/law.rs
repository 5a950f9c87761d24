//! Laws of numbers that are not negative: times, counts, prices.

use rand::Rng;
use rand_distr::{Distribution, Triangular, Uniform};

use super::gamma::StandardGamma;
use super::law_error::{LawError, not_negative, positive, require};
use super::uniform;
use crate::math;
use crate::stats::{incomplete_gamma, normal_cdf, normal_quantile};
use crate::units::Span;

/// Up to this many stages an Erlang number is one logarithm of a product of uniform numbers; the product stays far above the
/// smallest number that a float can hold.
const STAGES_BY_PRODUCT: u32 = 16;

/// The law of a number that is not negative, valid by construction.
///
/// Constant, uniform, triangular, exponential, Weibull and lognormal numbers are the inverse cdf of one uniform number: a larger
/// one gives a larger result under every parameter, so that common random numbers couple as tightly as they can.
/// A hyperexponential takes two uniform numbers, an Erlang number one for each stage (up to 16), a gamma number two or more.
///
/// # Reference
/// Law (2015), *Simulation Modeling and Analysis*, 5th ed., chapters 6 and 8; for the gamma law Marsaglia & Tsang (2000).
///
/// # Example
/// ```
/// use rxoutage::random::Law;
/// # fn main() -> Result<(), rxoutage::random::LawError> {
/// let repair = Law::gamma(12.0, 6.0)?;
/// assert_eq!((repair.kind(), repair.mean(), repair.variance()), ("gamma", 12.0, 36.0));
/// assert_eq!(Law::gamma(12.0, -1.0).unwrap_err().parameter, "sd");
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Law(Form);

/// Parameters, and what sampling needs of them.
#[derive(Clone, Copy, PartialEq, Debug)]
enum Form {
    Constant { value: f64 },
    Uniform { low: f64, high: f64, sampler: Uniform<f64> },
    Triangular { low: f64, mode: f64, high: f64, sampler: Triangular<f64> },
    Exponential { mean: f64 },
    Erlang { shape: u32, stage: f64, sampler: StandardGamma },
    Gamma { shape: f64, scale: f64, sampler: StandardGamma },
    Weibull { shape: f64, scale: f64 },
    Lognormal { mu: f64, sigma: f64 },
    Hyperexponential { cv: f64, first_share: f64, first_mean: f64, second_mean: f64 },
}

impl Law {
    /// Always `value`.
    ///
    /// # Errors
    /// If it is negative or not finite.
    pub fn constant(value: f64) -> Result<Self, LawError> {
        Ok(Self(Form::Constant { value: not_negative("constant", value)? }))
    }

    /// Always the number of seconds of a span.
    pub(super) fn seconds(span: Span) -> Self {
        Self(Form::Constant { value: span.seconds() })
    }

    /// Evenly spread from `low` to `high`.
    ///
    /// # Errors
    /// If one is negative or not finite, or `high` is below `low`.
    pub fn uniform(low: f64, high: f64) -> Result<Self, LawError> {
        not_negative("low", low)?;
        require("high", high, "a number not below low", |high| high >= low)?;
        let error = LawError { parameter: "high", value: high, expected: "a number not below low" };
        Ok(Self(Form::Uniform { low, high, sampler: Uniform::new_inclusive(low, high).map_err(|_| error)? }))
    }

    /// A density that rises in a straight line from `low` to `mode` and falls to `high`.
    ///
    /// # Errors
    /// If one is negative or not finite, or they are not in ascending order.
    pub fn triangular(low: f64, mode: f64, high: f64) -> Result<Self, LawError> {
        not_negative("low", low)?;
        require("mode", mode, "a number not below low", |mode| mode >= low)?;
        require("high", high, "a number not below mode", |high| high >= mode)?;
        let error = LawError { parameter: "high", value: high, expected: "a number not below mode" };
        Ok(Self(Form::Triangular { low, mode, high, sampler: Triangular::new(low, high, mode).map_err(|_| error)? }))
    }

    /// The exponential law: no memory.
    ///
    /// # Errors
    /// If `mean` is not finite and greater than 0.
    pub fn exponential(mean: f64) -> Result<Self, LawError> {
        Ok(Self(Form::Exponential { mean: positive("mean", mean)? }))
    }

    /// The sum of `shape` exponential stages of equal mean; the coefficient of variation is `1 / sqrt(shape)`.
    ///
    /// # Errors
    /// If `shape` is 0, or `mean` not finite and greater than 0.
    pub fn erlang(shape: u32, mean: f64) -> Result<Self, LawError> {
        let stages = require("shape", f64::from(shape), "a whole number of at least 1", |shape| shape >= 1.0)?;
        let stage = positive("mean", mean)? / stages;
        Ok(Self(Form::Erlang { shape, stage, sampler: StandardGamma::new(stages) }))
    }

    /// The gamma law by mean and standard deviation; its shape is `(mean / sd)^2`.
    ///
    /// # Errors
    /// If `mean` is not finite and greater than 0, or `sd` not between a thousandth and thirty times of it.
    pub fn gamma(mean: f64, sd: f64) -> Result<Self, LawError> {
        positive("mean", mean)?;
        positive("sd", sd)?;
        let cv = sd / mean;
        require("sd", sd, "from 0.001 to 30 times the mean", |_| (0.001..=30.0).contains(&cv))?;
        let shape = 1.0 / (cv * cv);
        Ok(Self(Form::Gamma { shape, scale: sd * cv, sampler: StandardGamma::new(shape) }))
    }

    /// The Weibull law by shape and mean: below shape 1 the tail is heavier than that of an exponential, above it is lighter.
    ///
    /// # Errors
    /// If `shape` is not in \[0.05, 1000\], or `mean` not finite and greater than 0.
    pub fn weibull(shape: f64, mean: f64) -> Result<Self, LawError> {
        require("shape", shape, "a number from 0.05 to 1000", |shape| (0.05..=1000.0).contains(&shape))?;
        let scale = positive("mean", mean)? / math::gamma(1.0 + 1.0 / shape);
        Ok(Self(Form::Weibull { shape, scale }))
    }

    /// The lognormal law by mean and coefficient of variation.
    ///
    /// # Errors
    /// If `mean` is not finite and greater than 0, or `cv` not in (0, 1000\].
    pub fn lognormal_mean_cv(mean: f64, cv: f64) -> Result<Self, LawError> {
        positive("mean", mean)?;
        require("cv", cv, "a number greater than 0 and up to 1000", |cv| cv > 0.0 && cv <= 1000.0)?;
        let square = math::ln_1p(cv * cv);
        Ok(Self(Form::Lognormal { mu: math::ln(mean) - 0.5 * square, sigma: square.sqrt() }))
    }

    /// The lognormal law by median and the standard deviation of the logarithm.
    ///
    /// # Errors
    /// If `median` is not finite and greater than 0, or `sigma` not in (0, 10\].
    pub fn lognormal_median_sigma(median: f64, sigma: f64) -> Result<Self, LawError> {
        positive("median", median)?;
        require("sigma", sigma, "a number greater than 0 and up to 10", |sigma| sigma > 0.0 && sigma <= 10.0)?;
        Ok(Self(Form::Lognormal { mu: math::ln(median), sigma }))
    }

    /// The lognormal law by median and 99 % quantile.
    ///
    /// # Errors
    /// If `median` is not finite and greater than 0, or `p99` not greater than it (and up to a billion times of it).
    pub fn lognormal_median_p99(median: f64, p99: f64) -> Result<Self, LawError> {
        positive("median", median)?;
        let ratio = p99 / median;
        require("p99", p99, "a number greater than the median, up to a billion times of it", |_| ratio > 1.0 && ratio <= 1e9)?;
        Ok(Self(Form::Lognormal { mu: math::ln(median), sigma: math::ln(ratio) / normal_quantile(0.99) }))
    }

    /// One of two exponential laws by chance, each contributing half of the mean (balanced means): more variable than one
    /// exponential law.
    ///
    /// # Errors
    /// If `mean` is not finite and greater than 0, or `cv` not in (1, 1000\].
    pub fn hyperexponential(mean: f64, cv: f64) -> Result<Self, LawError> {
        positive("mean", mean)?;
        require("cv", cv, "a number greater than 1 and up to 1000", |cv| cv > 1.0 && cv <= 1000.0)?;
        let square = cv * cv;
        let root = ((square - 1.0) / (square + 1.0)).sqrt();
        // The small share is half of 1 - root, written without the cancellation.
        let second_share = 1.0 / ((square + 1.0) * (1.0 + root));
        let first_share = 1.0 - second_share;
        let (first_mean, second_mean) = (0.5 * mean / first_share, 0.5 * mean / second_share);
        Ok(Self(Form::Hyperexponential { cv, first_share, first_mean, second_mean }))
    }

    /// A number under this law.
    #[inline]
    pub fn sample<R: Rng + ?Sized>(&self, rng: &mut R) -> f64 {
        // The most frequent ones are told apart where a number is asked for: each such place nearly always has the same law, which a processor learns.
        match self.0 {
            Form::Constant { value } => value,
            Form::Exponential { mean } => exponential(mean, rng),
            Form::Lognormal { mu, sigma } => lognormal(mu, sigma, rng),
            _ => self.sample_other(rng),
        }
    }

    #[inline(never)]
    fn sample_other<R: Rng + ?Sized>(&self, rng: &mut R) -> f64 {
        match self.0 {
            Form::Constant { value } => value,
            Form::Uniform { sampler, .. } => sampler.sample(rng),
            Form::Triangular { sampler, .. } => sampler.sample(rng),
            Form::Exponential { mean } => exponential(mean, rng),
            Form::Erlang { shape, stage, sampler } => {
                if shape <= STAGES_BY_PRODUCT {
                    let product = (0..shape).fold(1.0, |product, _| product * (1.0 - uniform(rng)));
                    -stage * math::ln(product)
                } else {
                    stage * sampler.sample(rng)
                }
            }
            Form::Gamma { scale, sampler, .. } => scale * sampler.sample(rng),
            Form::Weibull { shape, scale } => scale * math::pow(standard_exponential(uniform(rng)), 1.0 / shape),
            Form::Lognormal { mu, sigma } => lognormal(mu, sigma, rng),
            Form::Hyperexponential { first_share, first_mean, second_mean, .. } => {
                let mean = if uniform(rng) < first_share { first_mean } else { second_mean };
                mean * standard_exponential(uniform(rng))
            }
        }
    }

    /// Numbers under this law: those of as many calls of [`sample`](Self::sample), the logarithms taken together.
    pub fn fill<R: Rng + ?Sized>(&self, rng: &mut R, numbers: &mut [f64]) {
        if let Form::Exponential { mean } = self.0 {
            for number in &mut *numbers {
                *number = 1.0 - uniform(rng);
            }
            exponential_each(mean, numbers);
        } else {
            for number in numbers {
                *number = self.sample(rng);
            }
        }
    }

    /// The first numbers under this law of generators of their own, one for each: those of [`sample`](Self::sample) on each.
    pub fn fill_from<R: Rng>(&self, generators: impl Iterator<Item = R>, numbers: &mut [f64]) {
        if let Form::Exponential { mean } = self.0 {
            for (number, mut rng) in numbers.iter_mut().zip(generators) {
                *number = 1.0 - uniform(&mut rng);
            }
            exponential_each(mean, numbers);
        } else {
            for (number, mut rng) in numbers.iter_mut().zip(generators) {
                *number = self.sample(&mut rng);
            }
        }
    }

    /// Mean.
    #[must_use]
    pub fn mean(&self) -> f64 {
        match self.0 {
            Form::Constant { value } => value,
            Form::Uniform { low, high, .. } => f64::midpoint(low, high),
            Form::Triangular { low, mode, high, .. } => (low + mode + high) / 3.0,
            Form::Exponential { mean } => mean,
            Form::Erlang { shape, stage, .. } => f64::from(shape) * stage,
            Form::Gamma { shape, scale, .. } => shape * scale,
            Form::Weibull { shape, scale } => scale * math::gamma(1.0 + 1.0 / shape),
            Form::Lognormal { mu, sigma } => math::exp(mu + 0.5 * sigma * sigma),
            Form::Hyperexponential { first_share, first_mean, .. } => 2.0 * first_share * first_mean,
        }
    }

    /// No number is less: the least that it gives for a constant, uniform or triangular law, 0 for the others.
    #[must_use]
    pub fn minimum(&self) -> f64 {
        match self.0 {
            Form::Constant { value } => value,
            Form::Uniform { low, .. } | Form::Triangular { low, .. } => low,
            _ => 0.0,
        }
    }

    /// Variance.
    #[must_use]
    pub fn variance(&self) -> f64 {
        match self.0 {
            Form::Constant { .. } => 0.0,
            Form::Uniform { low, high, .. } => (high - low) * (high - low) / 12.0,
            Form::Triangular { low, mode, high, .. } => {
                let (left, right) = (mode - low, high - mode);
                (left * left + left * right + right * right) / 18.0
            }
            Form::Exponential { mean } => mean * mean,
            Form::Erlang { shape, stage, .. } => f64::from(shape) * stage * stage,
            Form::Gamma { shape, scale, .. } => shape * scale * scale,
            Form::Weibull { shape, scale } => {
                let first = math::gamma(1.0 + 1.0 / shape);
                scale * scale * (math::gamma(1.0 + 2.0 / shape) - first * first)
            }
            Form::Lognormal { mu, sigma } => {
                let square = sigma * sigma;
                math::exp_m1(square) * math::exp(2.0 * mu + square)
            }
            Form::Hyperexponential { cv, .. } => {
                let mean = self.mean();
                cv * cv * mean * mean
            }
        }
    }

    /// Probability of a number up to `x`.
    #[must_use]
    pub fn cdf(&self, x: f64) -> f64 {
        // An atom at 0 belongs to the constant, uniform and triangular laws only, whose own branches see it.
        if x < 0.0 {
            return 0.0;
        }
        match self.0 {
            Form::Constant { value } => f64::from(u8::from(x >= value)),
            Form::Uniform { low, high, .. } => between(low, high, x, || (x - low) / (high - low)),
            Form::Triangular { low, mode, high, .. } => between(low, high, x, || {
                if x < mode {
                    (x - low) * (x - low) / ((high - low) * (mode - low))
                } else {
                    1.0 - (high - x) * (high - x) / ((high - low) * (high - mode))
                }
            }),
            Form::Exponential { mean } => exponential_cdf(x / mean),
            Form::Erlang { shape, stage, .. } => incomplete_gamma(f64::from(shape), x / stage),
            Form::Gamma { shape, scale, .. } => incomplete_gamma(shape, x / scale),
            Form::Weibull { shape, scale } => exponential_cdf(math::pow(x / scale, shape)),
            Form::Lognormal { mu, sigma } => normal_cdf((math::ln(x) - mu) / sigma),
            Form::Hyperexponential { first_share, first_mean, second_mean, .. } => {
                first_share * exponential_cdf(x / first_mean) + (1.0 - first_share) * exponential_cdf(x / second_mean)
            }
        }
    }

    /// The word for this law in scenario files.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self.0 {
            Form::Constant { .. } => "constant",
            Form::Uniform { .. } => "uniform",
            Form::Triangular { .. } => "triangular",
            Form::Exponential { .. } => "exponential",
            Form::Erlang { .. } => "erlang",
            Form::Gamma { .. } => "gamma",
            Form::Weibull { .. } => "weibull",
            Form::Lognormal { .. } => "lognormal",
            Form::Hyperexponential { .. } => "hyperexponential",
        }
    }
}

/// Exponential numbers from the complements of uniform ones, in place.
fn exponential_each(mean: f64, complements: &mut [f64]) {
    math::ln_each(complements);
    for number in complements {
        *number = mean * -*number;
    }
}

/// An exponential number: not part of the code around each call.
#[inline(never)]
fn exponential<R: Rng + ?Sized>(mean: f64, rng: &mut R) -> f64 {
    mean * standard_exponential(uniform(rng))
}

/// A lognormal number: not part of the code around each call.
#[inline(never)]
fn lognormal<R: Rng + ?Sized>(mu: f64, sigma: f64, rng: &mut R) -> f64 {
    math::exp(mu + sigma * normal_quantile(uniform(rng)))
}

/// The exponential number of mean 1 that belongs to a uniform one, growing with it.
#[inline]
fn standard_exponential(u: f64) -> f64 {
    // 1 - u is exact: u has 53 bits after the point.
    -math::ln(1.0 - u)
}

fn exponential_cdf(x: f64) -> f64 {
    -math::exp_m1(-x)
}

/// 0 below `low`, 1 from `high` on, and the cdf in between.
fn between(low: f64, high: f64, x: f64, cdf: impl FnOnce() -> f64) -> f64 {
    if x < low {
        0.0
    } else if x >= high {
        1.0
    } else {
        cdf()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_without_sense_are_refused() {
        let refused = |law: Result<Law, LawError>| law.expect_err("refused").parameter;
        for bad in [f64::NAN, f64::INFINITY, -1.0] {
            assert_eq!(refused(Law::constant(bad)), "constant");
            assert_eq!(refused(Law::uniform(bad, 2.0)), "low");
            assert_eq!(refused(Law::uniform(0.0, bad)), "high");
            assert_eq!(refused(Law::triangular(0.0, bad, 2.0)), "mode");
            assert_eq!(refused(Law::exponential(bad)), "mean");
            assert_eq!(refused(Law::erlang(2, bad)), "mean");
            assert_eq!(refused(Law::gamma(bad, 1.0)), "mean");
            assert_eq!(refused(Law::gamma(1.0, bad)), "sd");
            assert_eq!(refused(Law::weibull(bad, 1.0)), "shape");
            assert_eq!(refused(Law::lognormal_mean_cv(1.0, bad)), "cv");
            assert_eq!(refused(Law::lognormal_median_sigma(bad, 1.0)), "median");
            assert_eq!(refused(Law::lognormal_median_p99(1.0, bad)), "p99");
            assert_eq!(refused(Law::hyperexponential(1.0, bad)), "cv");
        }
        assert_eq!(refused(Law::exponential(0.0)), "mean");
        assert_eq!(refused(Law::uniform(3.0, 2.0)), "high");
        assert_eq!(refused(Law::triangular(1.0, 3.0, 2.0)), "high");
        assert_eq!(refused(Law::erlang(0, 1.0)), "shape");
        assert_eq!(refused(Law::lognormal_median_p99(2.0, 2.0)), "p99");
        assert_eq!(refused(Law::hyperexponential(1.0, 1.0)), "cv");
        let error = Law::gamma(5.0, 0.0).expect_err("no spread");
        assert_eq!(error.to_string(), "sd has to be a number greater than 0, not 0");
    }

    #[test]
    fn degenerate_laws_are_steps() -> Result<(), LawError> {
        let mut draw = crate::random::Chance::new(1, 0).draw(0, 0, crate::random::Purpose::Gap, 0);
        for law in [Law::constant(2.0)?, Law::uniform(2.0, 2.0)?, Law::triangular(2.0, 2.0, 2.0)?] {
            assert_eq!((law.mean(), law.variance(), law.sample(&mut draw)), (2.0, 0.0, 2.0));
            assert_eq!((law.cdf(1.9), law.cdf(2.0)), (0.0, 1.0));
        }
        assert_eq!(Law::constant(0.0)?.cdf(0.0), 1.0);
        Ok(())
    }

    #[test]
    fn no_number_is_below_the_minimum() -> Result<(), LawError> {
        let bounded = [(Law::constant(3.0)?, 3.0), (Law::uniform(1.5, 4.0)?, 1.5), (Law::triangular(1.0, 2.0, 3.0)?, 1.0)];
        let others = [Law::exponential(2.0)?, Law::gamma(2.0, 1.0)?, Law::lognormal_median_sigma(2.0, 0.1)?];
        for (law, minimum) in bounded.into_iter().chain(others.map(|law| (law, 0.0))) {
            assert_eq!(law.minimum(), minimum);
            let mut draw = crate::random::Chance::new(1, 0).draw(0, 0, crate::random::Purpose::Gap, 0);
            assert!((0..1_000).all(|_| law.sample(&mut draw) >= minimum), "{}", law.kind());
            assert!(minimum == 0.0 || law.cdf(minimum * (1.0 - 1e-12)) == 0.0, "and none below is possible");
        }
        Ok(())
    }

    #[test]
    fn every_way_to_write_a_lognormal_says_the_same() -> Result<(), LawError> {
        let law = Law::lognormal_median_sigma(6.0, 0.8)?;
        let cv = law.variance().sqrt() / law.mean();
        let p99 = 6.0 * math::exp(0.8 * normal_quantile(0.99));
        for same in [Law::lognormal_mean_cv(law.mean(), cv)?, Law::lognormal_median_p99(6.0, p99)?] {
            assert!((same.mean() / law.mean() - 1.0).abs() < 1e-14);
            assert!((same.variance() / law.variance() - 1.0).abs() < 1e-13);
        }
        assert!((law.cdf(6.0) - 0.5).abs() < 1e-15 && (law.cdf(p99) - 0.99).abs() < 1e-14);
        Ok(())
    }
}
