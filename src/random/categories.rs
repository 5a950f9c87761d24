//! A choice among a few, by shares.

/// Up to this many categories the search runs from the front, which is faster than halving.
const LINEAR: usize = 8;

/// Categories with weights, picked with one uniform number in the order given: the larger the number, the later the category,
/// so that a small change of the weights changes few picks under common random numbers.
#[derive(Clone, PartialEq, Debug)]
pub struct Categories {
    /// Share up to and including each category; from the last one of positive weight on it is 1.
    cumulative: Vec<f64>,
    /// Last category of positive weight.
    last: usize,
}

impl Categories {
    /// Categories with these weights, which need not sum to 1. A weight that is negative or not finite counts as 0; if none is
    /// positive, the first category is always picked.
    #[must_use]
    pub fn new(weights: &[f64]) -> Self {
        let weight = |&weight: &f64| if weight.is_finite() { weight.max(0.0) } else { 0.0 };
        let total: f64 = weights.iter().map(weight).sum();
        let last = weights.iter().rposition(|given| weight(given) > 0.0).unwrap_or(0);
        let mut sum = 0.0;
        let cumulative = weights
            .iter()
            .enumerate()
            .map(|(index, given)| {
                sum += weight(given);
                if index < last { sum / total } else { 1.0 }
            })
            .collect();
        Self { cumulative, last }
    }

    /// The category at `u` in \[0, 1): its share of that interval is its share of the weights.
    #[must_use]
    #[inline]
    pub fn pick(&self, u: f64) -> usize {
        let found = if self.cumulative.len() <= LINEAR {
            self.cumulative.iter().position(|&share| u < share).unwrap_or(self.last)
        } else {
            self.cumulative.partition_point(|&share| share <= u)
        };
        found.min(self.last)
    }

    /// How many categories.
    #[must_use]
    pub fn len(&self) -> usize {
        self.cumulative.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.cumulative.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn each_category_has_its_part_of_the_unit_interval() {
        let categories = Categories::new(&[1.0, 0.0, 2.0, 1.0, 0.0]);
        let picks: Vec<_> = [0.0, 0.2499, 0.25, 0.7499, 0.75, 0.9999, 1.0].into_iter().map(|u| categories.pick(u)).collect();
        assert_eq!(picks, [0, 0, 2, 2, 3, 3, 3]);
    }

    #[test]
    fn weights_without_sense_are_never_picked() {
        assert_eq!(Categories::new(&[f64::NAN, -1.0, 0.1, f64::INFINITY]).pick(0.5), 2);
        assert_eq!(Categories::new(&[0.0, 0.0]).pick(0.99), 0);
        assert_eq!(Categories::new(&[]).pick(0.5), 0);
    }

    proptest! {
        #[test]
        fn picks_follow_the_cumulative_weights(weights in prop::collection::vec(0.0..5.0_f64, 1..30), u in 0.0..1.0_f64) {
            prop_assume!(weights.iter().sum::<f64>() > 0.0);
            let pick = Categories::new(&weights).pick(u);
            let total: f64 = weights.iter().sum();
            let below: f64 = weights[..pick].iter().sum::<f64>() / total;
            let upto = below + weights[pick] / total;
            prop_assert!(weights[pick] > 0.0);
            prop_assert!(below <= u + 1e-12 && u < upto + 1e-12);
        }
    }
}
