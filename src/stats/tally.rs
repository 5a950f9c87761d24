//! Count, mean, variance and extremes of a stream of numbers.

/// Count, mean, variance, minimum and maximum in one pass.
///
/// # Reference
/// Welford (1962), *Technometrics* 4(3), for the update; Chan et al. (1983), *The American Statistician* 37(3), and
/// Pébay (2008), Sandia report SAND2008-6212, for the merge.
///
/// # Example
/// ```
/// use rxoutage::stats::Tally;
/// let mut waits = Tally::default();
/// [2.0, 4.0, 9.0].into_iter().for_each(|wait| waits.push(wait));
/// assert_eq!(waits.mean(), Some(5.0));
/// assert_eq!(waits.variance(), Some(13.0));
/// ```
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Tally {
    count: u64,
    mean: f64,
    /// Sum of squared deviations from the mean.
    m2: f64,
    min: f64,
    max: f64,
}

impl Default for Tally {
    fn default() -> Self {
        Self { count: 0, mean: 0.0, m2: 0.0, min: f64::INFINITY, max: f64::NEG_INFINITY }
    }
}

impl Tally {
    /// Takes in one number. It should be finite: a NaN or an infinity spoils mean and variance for good.
    #[inline]
    pub fn push(&mut self, value: f64) {
        self.count += 1;
        let deviation = value - self.mean;
        self.mean += deviation / self.count as f64;
        self.m2 += deviation * (value - self.mean);
        self.min = self.min.min(value);
        self.max = self.max.max(value);
    }

    /// Takes in all that another tally has seen.
    pub fn merge(&mut self, other: &Self) {
        if other.count == 0 {
            return;
        }
        if self.count == 0 {
            *self = *other;
            return;
        }
        let (own, others) = (self.count as f64, other.count as f64);
        let share = others / (own + others);
        let deviation = other.mean - self.mean;
        self.count += other.count;
        self.mean += deviation * share;
        self.m2 += other.m2 + deviation * deviation * own * share;
        self.min = self.min.min(other.min);
        self.max = self.max.max(other.max);
    }

    /// How many numbers.
    #[must_use]
    pub const fn count(&self) -> u64 {
        self.count
    }

    /// Arithmetic mean; `None` if empty.
    #[must_use]
    pub fn mean(&self) -> Option<f64> {
        (self.count > 0).then_some(self.mean)
    }

    /// Unbiased variance (divisor n - 1); `None` below two numbers.
    #[must_use]
    pub fn variance(&self) -> Option<f64> {
        (self.count > 1).then(|| self.m2 / (self.count - 1) as f64)
    }

    /// Standard deviation, the root of [`variance`](Self::variance).
    #[must_use]
    pub fn sd(&self) -> Option<f64> {
        self.variance().map(f64::sqrt)
    }

    /// Standard error of the mean of independent numbers; `None` below two.
    #[must_use]
    pub fn standard_error(&self) -> Option<f64> {
        self.variance().map(|variance| (variance / self.count as f64).sqrt())
    }

    /// Smallest number; `None` if empty.
    #[must_use]
    pub fn min(&self) -> Option<f64> {
        (self.count > 0).then_some(self.min)
    }

    /// Largest number; `None` if empty.
    #[must_use]
    pub fn max(&self) -> Option<f64> {
        (self.count > 0).then_some(self.max)
    }
}

impl FromIterator<f64> for Tally {
    fn from_iter<I: IntoIterator<Item = f64>>(values: I) -> Self {
        let mut tally = Self::default();
        values.into_iter().for_each(|value| tally.push(value));
        tally
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn merged(a: &Tally, b: &Tally) -> Tally {
        let mut whole = *a;
        whole.merge(b);
        whole
    }

    fn assert_close(a: &Tally, b: &Tally) {
        let close = |x: Option<f64>, y: Option<f64>| match (x, y) {
            (Some(x), Some(y)) => (x - y).abs() <= 1e-12 * (1.0 + x.abs()),
            (x, y) => x == y,
        };
        assert_eq!((a.count, a.min(), a.max()), (b.count, b.min(), b.max()));
        assert!(close(a.mean(), b.mean()), "{a:?} {b:?}");
        assert!(close(a.variance(), b.variance()), "{a:?} {b:?}");
    }

    #[test]
    fn what_cannot_be_estimated_is_none() {
        let mut tally = Tally::default();
        assert_eq!((tally.mean(), tally.variance(), tally.min(), tally.max()), (None, None, None, None));
        tally.push(3.0);
        assert_eq!((tally.mean(), tally.variance(), tally.sd()), (Some(3.0), None, None));
        tally.push(5.0);
        assert_eq!((tally.variance(), tally.standard_error()), (Some(2.0), Some(1.0)));
    }

    #[test]
    fn a_large_offset_costs_no_digits() {
        let tally: Tally = [4.0, 7.0, 13.0, 16.0].iter().map(|x| x + 1e9).collect();
        assert_eq!(tally.variance(), Some(30.0));
    }

    proptest! {
        #[test]
        fn merging_the_parts_is_pushing_the_whole(values in prop::collection::vec(-1e3..1e3_f64, 0..60), cut in 0_usize..60) {
            let (left, right) = values.split_at(cut.min(values.len()));
            let parts = merged(&left.iter().copied().collect(), &right.iter().copied().collect());
            assert_close(&parts, &values.iter().copied().collect());
        }

        #[test]
        fn merging_is_associative_and_the_empty_tally_is_neutral(
            a in prop::collection::vec(-1e3..1e3_f64, 0..20),
            b in prop::collection::vec(-1e3..1e3_f64, 0..20),
            c in prop::collection::vec(-1e3..1e3_f64, 0..20),
        ) {
            let [a, b, c] = [a, b, c].map(|values| values.into_iter().collect::<Tally>());
            assert_close(&merged(&merged(&a, &b), &c), &merged(&a, &merged(&b, &c)));
            assert_eq!(merged(&a, &Tally::default()), a);
            assert_eq!(merged(&Tally::default(), &a), a);
        }
    }
}
