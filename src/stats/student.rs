//! Student's t law.

use super::normal_quantile;
use super::special::beta_of_parts;
use crate::math;

/// Degrees of freedom from which the expansion about the normal law is exact to 1e-15.
const NEARLY_NORMAL: f64 = 1e4;

/// Cumulative distribution function of Student's t with `df` degrees of freedom (not necessarily whole); NaN unless `df` is
/// greater than 0.
#[must_use]
pub fn student_t_cdf(t: f64, df: f64) -> f64 {
    if t < 0.0 { upper_tail(-t, df) } else { 1.0 - upper_tail(t, df) }
}

/// Quantile of Student's t with `df` degrees of freedom, relative error below 1e-10. Minus infinity at `p` = 0, infinity at 1;
/// NaN if `p` is not in \[0, 1\] or `df` not greater than 0.
///
/// # Reference
/// Newton's method on the incomplete beta function within a bracket; from 10,000 degrees of freedom on the expansion of
/// Abramowitz & Stegun (1964), 26.7.5.
#[must_use]
pub fn student_t_quantile(p: f64, df: f64) -> f64 {
    if !(df > 0.0 && (0.0..=1.0).contains(&p)) {
        return f64::NAN;
    }
    let normal = normal_quantile(p);
    if normal.is_infinite() || normal == 0.0 {
        return normal;
    }
    if df >= NEARLY_NORMAL {
        return expansion(normal, df);
    }
    let tail = if p < 0.5 { p } else { 1.0 - p };
    solve(tail, df, normal.abs()).copysign(normal)
}

/// The positive `t` whose upper tail is `tail`, from a first guess below it.
fn solve(tail: f64, df: f64, guess: f64) -> f64 {
    let (mut low, mut high) = (0.0, guess);
    while upper_tail(high, df) > tail {
        low = high;
        high *= 2.0;
        if high > 1e300 {
            return f64::INFINITY;
        }
    }
    let half = 0.5 * df;
    let log_scale = math::ln_gamma(half + 0.5) - math::ln_gamma(half) - 0.5 * math::ln(df * core::f64::consts::PI);
    let density = |t: f64| math::exp(log_scale - (half + 0.5) * math::ln_1p(t * t / df));
    let mut t = f64::midpoint(low, high);
    for _ in 0..200 {
        let excess = upper_tail(t, df) - tail;
        if excess > 0.0 {
            low = t;
        } else {
            high = t;
        }
        let newton = t + excess / density(t);
        let next = if newton > low && newton < high { newton } else { f64::midpoint(low, high) };
        let moved = (next - t).abs();
        t = next;
        if moved <= 1e-14 * t {
            break;
        }
    }
    t
}

/// Probability above `t`, which is not negative.
fn upper_tail(t: f64, df: f64) -> f64 {
    let (square, whole) = (t * t, df + t * t);
    if square == f64::INFINITY {
        return 0.0;
    }
    0.5 * beta_of_parts(0.5 * df, 0.5, df / whole, square / whole)
}

fn expansion(z: f64, df: f64) -> f64 {
    let square = z * z;
    let first = z * (square + 1.0) / 4.0;
    let second = z * ((5.0 * square + 16.0) * square + 3.0) / 96.0;
    let third = z * (((3.0 * square + 19.0) * square + 17.0) * square - 15.0) / 384.0;
    z + (first + (second + third / df) / df) / df
}

#[cfg(test)]
mod tests {
    use super::*;

    fn assert_close(value: f64, exact: f64) {
        assert!((value / exact - 1.0).abs() < 1e-10, "{value} for {exact}");
    }

    #[test]
    fn quantiles_with_one_and_two_degrees_have_closed_forms() {
        for p in [0.5001, 0.6, 0.75, 0.9, 0.975, 0.995, 0.999_95] {
            let angle = core::f64::consts::PI * (p - 0.5);
            assert_close(student_t_quantile(p, 1.0), math::sin(angle) / math::cos(angle));
            let centre = 2.0 * p - 1.0;
            assert_close(student_t_quantile(p, 2.0), centre * (2.0 / (1.0 - centre * centre)).sqrt());
            assert_close(student_t_quantile(1.0 - p, 2.0), -centre * (2.0 / (1.0 - centre * centre)).sqrt());
        }
    }

    #[test]
    fn quantiles_are_the_published_ones() {
        for (p, df, exact) in [
            (0.975, 4.0, 2.776_445_105_197_799),
            (0.975, 9.0, 2.262_157_162_740_992),
            (0.975, 29.0, 2.045_229_642_132_703),
            (0.995, 10.0, 3.169_272_672_616_953_5),
            (0.95, 99.0, 1.660_391_156_017_114),
            (0.975, 999.0, 1.962_341_461_133_449_6),
        ] {
            assert_close(student_t_quantile(p, df), exact);
        }
        assert_eq!(student_t_quantile(0.5, 3.0), 0.0);
        assert_eq!(student_t_quantile(1.0, 3.0), f64::INFINITY);
        assert!(student_t_quantile(0.9, 0.0).is_nan() && student_t_quantile(1.2, 3.0).is_nan());
    }

    #[test]
    fn the_cdf_undoes_the_quantile() {
        for df in [0.7, 1.0, 3.5, 30.0, 500.0, 9_999.0, 10_001.0, 1e6] {
            for p in [1e-6, 0.01, 0.2, 0.49, 0.51, 0.8, 0.99, 0.999_99] {
                let back = student_t_cdf(student_t_quantile(p, df), df);
                assert!((back - p).abs() < 1e-9 * p.min(1.0 - p), "{p} at {df}: {back}");
            }
        }
    }
}
