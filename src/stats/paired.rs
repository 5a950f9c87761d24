//! Differences of pairs: two systems under the same chance.

use super::{ConfidenceInterval, Tally, student_t_interval};

/// Pairs `(a, b)`: each replication of two design points under common random numbers.
///
/// The interval of the mean difference uses the differences, so that chance which both share cancels; see Law (2015),
/// *Simulation Modeling and Analysis*, 5th ed., section 10.2.1.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub struct Paired {
    a: Tally,
    b: Tally,
    difference: Tally,
}

impl Paired {
    /// Takes in one pair.
    pub fn push(&mut self, a: f64, b: f64) {
        self.a.push(a);
        self.b.push(b);
        self.difference.push(a - b);
    }

    /// Takes in all the pairs of another.
    pub fn merge(&mut self, other: &Self) {
        self.a.merge(&other.a);
        self.b.merge(&other.b);
        self.difference.merge(&other.difference);
    }

    /// How many pairs.
    #[must_use]
    pub const fn count(&self) -> u64 {
        self.difference.count()
    }

    /// The differences `a - b`.
    #[must_use]
    pub const fn differences(&self) -> &Tally {
        &self.difference
    }

    /// Mean of `a - b`; `None` if empty.
    #[must_use]
    pub fn mean_difference(&self) -> Option<f64> {
        self.difference.mean()
    }

    /// Student's interval for the mean difference; `None` below two pairs.
    #[must_use]
    pub fn interval(&self, level: f64) -> Option<ConfidenceInterval> {
        student_t_interval(&self.difference, level)
    }

    /// What pairing has gained: the variance of `a - b` if both were independent over the variance that it has. Above 1, as
    /// many times fewer replications are needed. `None` below two pairs or if all differences are equal.
    #[must_use]
    pub fn variance_ratio(&self) -> Option<f64> {
        let paired = self.difference.variance()?;
        (paired > 0.0).then_some((self.a.variance()? + self.b.variance()?) / paired)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn shared_chance_cancels() {
        let mut paired = Paired::default();
        assert_eq!((paired.mean_difference(), paired.interval(0.95), paired.variance_ratio()), (None, None, None));
        for (a, b) in [(10.0, 9.0), (20.0, 18.0), (30.0, 27.0)] {
            paired.push(a, b);
        }
        assert_eq!((paired.count(), paired.mean_difference()), (3, Some(2.0)));
        assert_eq!(paired.variance_ratio(), Some(181.0));
        let interval = paired.interval(0.95).expect("three pairs");
        assert!((interval.half_width() - 4.302_652_729_911_275 / 3.0_f64.sqrt()).abs() < 1e-9);
    }

    #[test]
    fn equal_differences_have_no_ratio() {
        let mut paired = Paired::default();
        paired.push(3.0, 1.0);
        paired.push(4.0, 2.0);
        assert_eq!(paired.variance_ratio(), None);
    }

    proptest! {
        #[test]
        fn merging_the_parts_is_pushing_the_whole(
            pairs in prop::collection::vec((-1e3..1e3_f64, -1e3..1e3_f64), 0..40),
            cut in 0_usize..40,
        ) {
            let of = |pairs: &[(f64, f64)]| {
                let mut paired = Paired::default();
                for &(a, b) in pairs {
                    paired.push(a, b);
                }
                paired
            };
            let (left, right) = pairs.split_at(cut.min(pairs.len()));
            let (mut parts, whole) = (of(left), of(&pairs));
            parts.merge(&of(right));
            let mut neutral = whole;
            neutral.merge(&Paired::default());
            prop_assert_eq!(neutral, whole);
            prop_assert_eq!(parts.count(), whole.count());
            let (a, b) = (parts.mean_difference().unwrap_or(0.0), whole.mean_difference().unwrap_or(0.0));
            prop_assert!((a - b).abs() <= 1e-12 * (1.0 + a.abs()));
        }
    }
}
