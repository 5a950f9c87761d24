//! Confidence intervals.

use super::{Tally, student_t_quantile};

/// A range that covers the true value in `level` of all experiments.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct ConfidenceInterval {
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
    /// Confidence level, for example 0.95.
    pub level: f64,
}

impl ConfidenceInterval {
    /// Half the width.
    #[must_use]
    pub fn half_width(&self) -> f64 {
        (self.high - self.low) / 2.0
    }

    /// The part of the interval within the bounds that the quantity has: a share is never below 0 or above 1.
    #[must_use]
    pub fn clamped(&self, low: f64, high: f64) -> Self {
        Self { low: self.low.max(low).min(high), high: self.high.min(high).max(low), level: self.level }
    }

    /// Whether `value` lies within, ends included.
    #[must_use]
    pub fn contains(&self, value: f64) -> bool {
        (self.low..=self.high).contains(&value)
    }
}

/// Student's interval for the mean of independent numbers; `None` below two numbers or if `level` is not in (0, 1).
///
/// Assumes a mean that is nearly normal: true for means over replications, not for skewed single values.
#[must_use]
pub fn student_t_interval(tally: &Tally, level: f64) -> Option<ConfidenceInterval> {
    StudentIntervals::new(level).of(tally)
}

/// Many intervals of one level, as of [`student_t_interval`]: the quantile of Student's law, which takes by far the most time, is found once for as many numbers
/// as the last time.
#[derive(Clone, Copy, Debug)]
pub struct StudentIntervals {
    level: f64,
    count: u64,
    quantile: f64,
}

impl StudentIntervals {
    /// For intervals of this confidence level.
    #[must_use]
    pub fn new(level: f64) -> Self {
        Self { level, count: 0, quantile: f64::NAN }
    }

    /// The interval for the mean of these numbers.
    pub fn of(&mut self, tally: &Tally) -> Option<ConfidenceInterval> {
        let level = self.level;
        if !(level > 0.0 && level < 1.0) {
            return None;
        }
        let (mean, error) = (tally.mean()?, tally.standard_error()?);
        if tally.count() != self.count {
            self.count = tally.count();
            self.quantile = student_t_quantile(f64::midpoint(1.0, level), (self.count - 1) as f64);
        }
        let half_width = self.quantile * error;
        Some(ConfidenceInterval { low: mean - half_width, high: mean + half_width, level })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_interval_is_that_of_the_textbook() {
        // Student's sleep data (1908), differences: mean 1.58, 95 % interval (0.70, 2.46).
        let sleep: Tally = [1.2, 2.4, 1.3, 1.3, 0.0, 1.0, 1.8, 0.8, 4.6, 1.4].into_iter().collect();
        let interval = student_t_interval(&sleep, 0.95).expect("ten numbers");
        assert!((interval.low - 0.700_114_2).abs() < 1e-6 && (interval.high - 2.459_885_8).abs() < 1e-6, "{interval:?}");
        assert!((interval.half_width() - 0.879_885_8).abs() < 1e-6);
        assert!(interval.contains(1.58) && !interval.contains(0.5));
    }

    #[test]
    fn many_intervals_are_those_one_by_one() {
        let mut intervals = StudentIntervals::new(0.9);
        let numbers = [3.0, 1.0, 4.0, 1.0, 5.0, 9.0, 2.0, 6.0];
        for count in [2, 2, 5, 1, 5, 8, 3, 0, 3] {
            let tally: Tally = numbers[numbers.len() - count..].iter().copied().collect();
            assert_eq!(intervals.of(&tally), student_t_interval(&tally, 0.9), "{count} numbers");
        }
    }

    #[test]
    fn one_number_has_no_interval() {
        let one: Tally = [1.0].into_iter().collect();
        assert_eq!(student_t_interval(&one, 0.95), None);
        let two: Tally = [1.0, 2.0].into_iter().collect();
        assert_eq!(student_t_interval(&two, 1.0), None);
        assert_eq!(student_t_interval(&two, f64::NAN), None);
    }

    #[test]
    fn clamping_keeps_a_share_a_share() {
        let interval = ConfidenceInterval { low: -0.1, high: 0.3, level: 0.95 };
        assert_eq!(interval.clamped(0.0, 1.0), ConfidenceInterval { low: 0.0, high: 0.3, level: 0.95 });
        let outside = ConfidenceInterval { low: -0.3, high: -0.1, level: 0.95 };
        assert_eq!(outside.clamped(0.0, 1.0), ConfidenceInterval { low: 0.0, high: 0.0, level: 0.95 });
    }
}
