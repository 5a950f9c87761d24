//! Quantiles of numbers that are all at hand.

/// Sample quantile of ascending numbers by linear interpolation between the ranks around `1 + (n - 1) p`; `None` if there is
/// none or if `p` is not in \[0, 1\].
///
/// # Reference
/// Type 7 of Hyndman & Fan (1996), *The American Statistician* 50(4): the default of R, `NumPy` and spreadsheets.
#[must_use]
pub fn quantile_of_sorted(sorted: &[f64], p: f64) -> Option<f64> {
    if !(0.0..=1.0).contains(&p) {
        return None;
    }
    let place = sorted.len().checked_sub(1)? as f64 * p;
    let below = place.floor();
    let low = *sorted.get(below as usize)?;
    let high = *sorted.get(place.ceil() as usize)?;
    Some(low + (high - low) * (place - below))
}

/// The lower median of values of which some are not reached (`None`): those count as later than all others, so that the median is `None` if
/// it falls on one of them, or if there is no value at all. The one rule for times that a run may be too short for.
#[must_use]
pub fn censored_median<T: Copy + PartialOrd>(values: impl IntoIterator<Item = Option<T>>) -> Option<T> {
    let mut count = 0usize;
    let mut reached: Vec<T> = values.into_iter().inspect(|_| count += 1).flatten().collect();
    reached.sort_unstable_by(|a, b| a.partial_cmp(b).unwrap_or(core::cmp::Ordering::Equal));
    reached.get(count.checked_sub(1)? / 2).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_reached_is_late() {
        assert_eq!(censored_median([Some(3.0), None, Some(1.0)]), Some(3.0));
        assert_eq!(censored_median([Some(3.0), None, None]), None);
        assert_eq!(censored_median([Some(4), Some(1), Some(3), Some(2)]), Some(2), "the lower of the two in the middle");
        assert_eq!(censored_median::<f64>([]), None);
    }

    #[test]
    fn quantiles_are_those_of_type_7() {
        let sorted = [1.0, 2.0, 4.0, 8.0];
        let quantile = |p| quantile_of_sorted(&sorted, p);
        assert_eq!((quantile(0.0), quantile(1.0)), (Some(1.0), Some(8.0)));
        assert_eq!((quantile(0.5), quantile(0.25)), (Some(3.0), Some(1.75)));
        assert_eq!((quantile(-0.1), quantile(f64::NAN)), (None, None));
        assert_eq!((quantile_of_sorted(&[], 0.5), quantile_of_sorted(&[7.0], 0.5)), (None, Some(7.0)));
    }
}
