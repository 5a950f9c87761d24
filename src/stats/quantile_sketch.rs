//! The distribution of whole numbers (delays in microseconds) in a few kilobytes, with a bounded relative error.

/// Buckets in each doubling of the value: 2^6.
const SUB_BUCKET_BITS: u32 = 6;
/// Buckets that cover all of `u64`.
const BUCKETS: usize = ((64 - SUB_BUCKET_BITS as usize) << SUB_BUCKET_BITS) + (1 << SUB_BUCKET_BITS);

/// A histogram whose buckets are one wide up to 128 and then 64 to each doubling of the value.
///
/// Count, sum, mean, minimum and maximum are exact. A quantile is the middle of the bucket that holds the observation of the
/// nearest rank: at most 2^-7 (0.8 %) of that observation away from it, and exact up to 128. Counts beyond an edge between two
/// buckets are exact ([`edge_at_or_above`](Self::edge_at_or_above), [`exceeding`](Self::exceeding)). Merging is exact,
/// associative and commutative.
///
/// # Cost
/// `push` is a few instructions. It allocates only when a value goes beyond the largest ever seen, and never after
/// [`reserve_all`](Self::reserve_all). Reading costs one pass over at most 3,776 buckets.
///
/// # Reference
/// The bucket layout is that of `HdrHistogram` (Tene), with 6 bits of precision.
///
/// # Example
/// ```
/// use rxoutage::stats::QuantileSketch;
/// let mut delays = QuantileSketch::default();
/// (1..=100).for_each(|delay| delays.push(delay));
/// assert_eq!(delays.quantile(0.95), Some(95.0));
/// assert_eq!(delays.cvar(0.75), Some(88.0));
/// ```
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct QuantileSketch {
    /// Counts by bucket, up to the bucket of the maximum.
    counts: Vec<u64>,
    count: u64,
    sum: u128,
    min: u64,
    max: u64,
}

impl Default for QuantileSketch {
    fn default() -> Self {
        Self { counts: Vec::new(), count: 0, sum: 0, min: u64::MAX, max: 0 }
    }
}

impl QuantileSketch {
    /// Takes in one value.
    #[inline]
    pub fn push(&mut self, value: u64) {
        let bucket = bucket_of(value);
        if bucket >= self.counts.len() {
            self.counts.resize(bucket + 1, 0);
        }
        self.counts[bucket] += 1;
        self.count += 1;
        self.sum += u128::from(value);
        self.min = self.min.min(value);
        self.max = self.max.max(value);
    }

    /// Takes in all that another sketch has seen.
    pub fn merge(&mut self, other: &Self) {
        if other.counts.len() > self.counts.len() {
            self.counts.resize(other.counts.len(), 0);
        }
        for (own, others) in self.counts.iter_mut().zip(&other.counts) {
            *own += others;
        }
        self.count += other.count;
        self.sum += other.sum;
        self.min = self.min.min(other.min);
        self.max = self.max.max(other.max);
    }

    /// Takes the memory for every bucket now, so that `push` and `merge` never allocate again.
    pub fn reserve_all(&mut self) {
        self.counts.reserve_exact(BUCKETS - self.counts.len());
    }

    /// Forgets every value but keeps the memory.
    pub fn clear(&mut self) {
        self.counts.clear();
        *self = Self { counts: core::mem::take(&mut self.counts), ..Self::default() };
    }

    /// How many values.
    #[must_use]
    pub const fn count(&self) -> u64 {
        self.count
    }

    /// Sum of the values.
    #[must_use]
    pub const fn sum(&self) -> u128 {
        self.sum
    }

    /// Mean; `None` if empty.
    #[must_use]
    pub fn mean(&self) -> Option<f64> {
        (self.count > 0).then(|| self.sum as f64 / self.count as f64)
    }

    /// Smallest value; `None` if empty.
    #[must_use]
    pub fn min(&self) -> Option<u64> {
        (self.count > 0).then_some(self.min)
    }

    /// Largest value; `None` if empty.
    #[must_use]
    pub fn max(&self) -> Option<u64> {
        (self.count > 0).then_some(self.max)
    }

    /// The value of nearest rank `ceil(p n)`, at least the first; `None` if empty or if `p` is not in \[0, 1\].
    #[must_use]
    pub fn quantile(&self, p: f64) -> Option<f64> {
        if self.count == 0 || !(0.0..=1.0).contains(&p) {
            return None;
        }
        let rank = ((p * self.count as f64).ceil() as u64).clamp(1, self.count);
        let mut seen = 0;
        let bucket = self.counts.iter().position(|count| {
            seen += count;
            seen >= rank
        });
        bucket.map(|bucket| self.middle_within_extremes(bucket))
    }

    /// Conditional value at risk: mean of the largest `1 - alpha` of the values, the value at the boundary with the weight that
    /// is left for it; `None` if empty or if `alpha` is not in \[0, 1).
    ///
    /// # Reference
    /// Rockafellar & Uryasev (2000), *Journal of Risk* 2(3).
    #[must_use]
    pub fn cvar(&self, alpha: f64) -> Option<f64> {
        if self.count == 0 || !(0.0..1.0).contains(&alpha) {
            return None;
        }
        let tail = (1.0 - alpha) * self.count as f64;
        let (mut left, mut sum) = (tail, 0.0);
        for (bucket, &count) in self.counts.iter().enumerate().rev() {
            let weight = left.min(count as f64);
            sum += weight * self.middle_within_extremes(bucket);
            left -= weight;
            if left <= 0.0 {
                break;
            }
        }
        Some(sum / (tail - left))
    }

    /// How many values are larger than `edge`: exact if `edge` is the largest value of its bucket, as
    /// [`edge_at_or_above`](Self::edge_at_or_above) gives it; otherwise the rest of its bucket is left out.
    #[must_use]
    pub fn exceeding(&self, edge: u64) -> u64 {
        self.counts.iter().skip(bucket_of(edge) + 1).sum()
    }

    /// The largest value that shares a bucket with `value`: at or above it by less than 2^-6 of it.
    #[must_use]
    pub fn edge_at_or_above(value: u64) -> u64 {
        let (low, width) = bounds(bucket_of(value));
        low + (width - 1)
    }

    /// The middle of a bucket, not beyond the smallest and largest value seen.
    fn middle_within_extremes(&self, bucket: usize) -> f64 {
        let (low, width) = bounds(bucket);
        let middle = low as f64 + (width - 1) as f64 / 2.0;
        middle.clamp(self.min as f64, self.max as f64)
    }
}

/// Bucket of a value: values below 128 have one each; beyond, the seven leading bits and their place count.
#[inline]
const fn bucket_of(value: u64) -> usize {
    // Setting the lowest of the leading bits makes the values below 64 shift by nothing.
    let magnitude = (value | (1 << SUB_BUCKET_BITS)).ilog2();
    let shift = magnitude - SUB_BUCKET_BITS;
    ((shift as usize) << SUB_BUCKET_BITS) + (value >> shift) as usize
}

/// Smallest value and width of a bucket.
const fn bounds(bucket: usize) -> (u64, u64) {
    let shift = (bucket >> SUB_BUCKET_BITS).saturating_sub(1);
    let leading = bucket - (shift << SUB_BUCKET_BITS);
    ((leading as u64) << shift, 1 << shift)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn sketch(values: &[u64]) -> QuantileSketch {
        let mut sketch = QuantileSketch::default();
        for &value in values {
            sketch.push(value);
        }
        sketch
    }

    fn merged(a: &QuantileSketch, b: &QuantileSketch) -> QuantileSketch {
        let mut whole = a.clone();
        whole.merge(b);
        whole
    }

    /// Values of all magnitudes.
    fn values() -> impl Strategy<Value = Vec<u64>> {
        prop::collection::vec((any::<u64>(), 0_u32..64).prop_map(|(value, shift)| value >> shift), 0..80)
    }

    #[test]
    fn the_buckets_tile_all_values() {
        let mut next = 0_u64;
        for bucket in 0..BUCKETS {
            let (low, width) = bounds(bucket);
            assert_eq!(low, next);
            assert_eq!((bucket_of(low), bucket_of(low + (width - 1))), (bucket, bucket));
            next = low.wrapping_add(width);
        }
        assert_eq!(next, 0, "the last bucket ends with the last value");
    }

    #[test]
    fn an_empty_sketch_estimates_nothing() {
        let empty = QuantileSketch::default();
        assert_eq!((empty.mean(), empty.quantile(0.5), empty.cvar(0.5)), (None, None, None));
        assert_eq!((empty.min(), empty.max(), empty.exceeding(0)), (None, None, 0));
        assert_eq!(sketch(&[1]).quantile(1.5), None);
        assert_eq!(sketch(&[1]).quantile(f64::NAN), None);
        assert_eq!(sketch(&[1]).cvar(1.0), None);
    }

    #[test]
    fn cvar_weighs_the_boundary_by_what_is_left() {
        // The worst 30 % of four values: all of 40 would be 25 %; 5 % of weight is left for 30.
        let tail = sketch(&[10, 20, 30, 40]).cvar(0.7).expect("not empty");
        assert!((tail - (40.0 + 0.2 * 30.0) / 1.2).abs() < 1e-12);
        assert_eq!(sketch(&[10, 20, 30, 40]).cvar(0.0), Some(25.0));
    }

    #[test]
    fn a_cleared_sketch_is_as_new_and_keeps_its_memory() {
        let mut used = sketch(&[5, 5_000_000, u64::MAX]);
        used.reserve_all();
        let room = used.counts.capacity();
        used.clear();
        assert_eq!(used, QuantileSketch::default());
        used.push(u64::MAX);
        assert_eq!(used.counts.capacity(), room);
    }

    proptest! {
        #[test]
        fn quantiles_are_within_the_stated_error(values in values(), p in 0.0..=1.0_f64) {
            prop_assume!(!values.is_empty());
            let estimate = sketch(&values).quantile(p).expect("not empty");
            let mut sorted = values;
            sorted.sort_unstable();
            let rank = ((p * sorted.len() as f64).ceil() as usize).max(1);
            let exact = sorted[rank - 1] as f64;
            prop_assert!((estimate - exact).abs() <= exact / 128.0, "{} for {}", estimate, exact);
        }

        #[test]
        fn cvar_is_within_the_stated_error(values in prop::collection::vec(0_u64..1 << 45, 1..80), alpha in 0.0..0.99_f64) {
            let estimate = sketch(&values).cvar(alpha).expect("not empty");
            let mut sorted: Vec<f64> = values.iter().map(|&value| value as f64).collect();
            sorted.sort_unstable_by(f64::total_cmp);
            let tail = (1.0 - alpha) * sorted.len() as f64;
            let (mut left, mut exact) = (tail, 0.0);
            for value in sorted.iter().rev() {
                let weight = left.clamp(0.0, 1.0);
                exact += weight * value / tail;
                left -= weight;
            }
            prop_assert!((estimate - exact).abs() <= exact / 128.0 + 1e-9, "{} for {}", estimate, exact);
        }

        #[test]
        fn counts_beyond_an_edge_are_exact(values in values(), at in any::<u64>(), shift in 0_u32..64) {
            let edge = QuantileSketch::edge_at_or_above(at >> shift);
            prop_assert!(edge >= at >> shift && edge - (at >> shift) <= (at >> shift) / 64);
            prop_assert_eq!(QuantileSketch::edge_at_or_above(edge), edge);
            let exact = values.iter().filter(|&&value| value > edge).count() as u64;
            prop_assert_eq!(sketch(&values).exceeding(edge), exact);
        }

        #[test]
        fn merging_the_parts_is_pushing_the_whole(values in values(), cut in 0_usize..80) {
            let (left, right) = values.split_at(cut.min(values.len()));
            prop_assert_eq!(merged(&sketch(left), &sketch(right)), sketch(&values));
        }

        #[test]
        fn merging_is_associative_and_the_empty_sketch_is_neutral(a in values(), b in values(), c in values()) {
            let [a, b, c] = [a, b, c].map(|values| sketch(&values));
            prop_assert_eq!(merged(&merged(&a, &b), &c), merged(&a, &merged(&b, &c)));
            prop_assert_eq!(merged(&a, &QuantileSketch::default()), a.clone());
            prop_assert_eq!(merged(&QuantileSketch::default(), &a), a);
        }
    }
}
