//! Does a sample come from a law? Tests with a stated error level, used by the test suite and open to everybody.

use super::{Tally, normal_quantile};
use crate::math;

/// Kolmogorov-Smirnov statistic: the largest distance between the empirical cdf of ascending numbers and a continuous cdf.
#[must_use]
pub fn ks_statistic(sorted: &[f64], cdf: impl Fn(f64) -> f64) -> f64 {
    let n = sorted.len() as f64;
    sorted.iter().enumerate().fold(0.0, |largest: f64, (rank, &x)| {
        let exact = cdf(x);
        largest.max(exact - rank as f64 / n).max((rank + 1) as f64 / n - exact)
    })
}

/// What the Kolmogorov-Smirnov statistic of `n` true observations exceeds with probability `alpha`.
///
/// # Reference
/// The leading term of Kolmogorov's limit law with the correction for finite n of Stephens (1970), *Journal of the Royal
/// Statistical Society B* 32(1): good for `alpha` up to 0.15.
#[must_use]
pub fn ks_critical(n: usize, alpha: f64) -> f64 {
    let root = (n as f64).sqrt();
    (-0.5 * math::ln(alpha / 2.0)).sqrt() / (root + 0.12 + 0.11 / root)
}

/// Distance of a mean of independent numbers from an exact value in standard errors; `None` below two numbers or without
/// spread.
#[must_use]
pub fn z_score(tally: &Tally, exact: f64) -> Option<f64> {
    let error = tally.standard_error().filter(|&error| error > 0.0)?;
    Some((tally.mean()? - exact) / error)
}

/// What the absolute value of a standard normal exceeds with probability `alpha`.
#[must_use]
pub fn z_critical(alpha: f64) -> f64 {
    -normal_quantile(alpha / 2.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_statistic_is_the_largest_distance_on_either_side() {
        assert_eq!(ks_statistic(&[0.25, 0.75], |x| x), 0.25);
        assert_eq!(ks_statistic(&[0.5, 0.6], |x| x), 0.5);
        assert_eq!(ks_statistic(&[0.9], |x| x), 0.9);
    }

    #[test]
    fn critical_values_are_those_of_the_tables() {
        // Two-sided 5 % and 1 % points for n = 20 are 0.294 and 0.352; the limit at 0.1 % is 1.949 / sqrt(n).
        assert!((ks_critical(20, 0.05) - 0.294).abs() < 1e-3);
        assert!((ks_critical(20, 0.01) - 0.352).abs() < 1e-3);
        assert!((ks_critical(100_000_000, 0.001) * 1e4 - 1.949_475).abs() < 1e-3);
        assert!((z_critical(0.05) - 1.959_963_984_540_054).abs() < 1e-12);
    }

    #[test]
    fn z_counts_standard_errors() {
        let tally: Tally = [3.0, 5.0].into_iter().collect();
        assert_eq!(z_score(&tally, 2.0), Some(2.0));
        assert_eq!(z_score(&[3.0].into_iter().collect(), 2.0), None);
        assert_eq!(z_score(&[3.0, 3.0].into_iter().collect(), 2.0), None);
    }
}
