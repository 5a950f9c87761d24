//! A tally at each instant of a grid.

use super::Tally;

/// Tallies by grid index: what several replications say at each instant of a timeline.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Series {
    tallies: Vec<Tally>,
}

impl Series {
    /// Takes in the values of one replication, one for each instant; NaN (not estimable) is passed over.
    pub fn push_row(&mut self, row: &[f32]) {
        self.grow_to(row.len());
        for (tally, &value) in self.tallies.iter_mut().zip(row) {
            if !value.is_nan() {
                tally.push(f64::from(value));
            }
        }
    }

    /// Takes in all that another series has seen.
    pub fn merge(&mut self, other: &Self) {
        self.grow_to(other.tallies.len());
        for (own, others) in self.tallies.iter_mut().zip(&other.tallies) {
            own.merge(others);
        }
    }

    /// The tallies, by grid index.
    #[must_use]
    pub fn tallies(&self) -> &[Tally] {
        &self.tallies
    }

    fn grow_to(&mut self, instants: usize) {
        if instants > self.tallies.len() {
            self.tallies.resize(instants, Tally::default());
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn of(rows: &[Vec<f32>]) -> Series {
        let mut series = Series::default();
        for row in rows {
            series.push_row(row);
        }
        series
    }

    #[test]
    fn what_is_not_estimable_is_passed_over() {
        let series = of(&[vec![1.0, f32::NAN], vec![3.0, 5.0]]);
        let means: Vec<_> = series.tallies().iter().map(|tally| (tally.count(), tally.mean())).collect();
        assert_eq!(means, [(2, Some(2.0)), (1, Some(5.0))]);
    }

    proptest! {
        #[test]
        fn merging_the_parts_is_pushing_the_whole(
            rows in prop::collection::vec(prop::collection::vec(-100.0..100.0_f32, 5), 0..20),
            cut in 0_usize..20,
        ) {
            let (left, right) = rows.split_at(cut.min(rows.len()));
            let (mut parts, whole) = (of(left), of(&rows));
            parts.merge(&of(right));
            for (a, b) in parts.tallies().iter().zip(whole.tallies()) {
                prop_assert_eq!(a.count(), b.count());
                prop_assert!((a.mean().unwrap_or(0.0) - b.mean().unwrap_or(0.0)).abs() <= 1e-12 * 100.0);
            }
            let mut neutral = whole.clone();
            neutral.merge(&Series::default());
            prop_assert_eq!(neutral, whole);
        }
    }
}
