//! What a replication says of a quantity: a value, that it is later than the end, or nothing.

use super::outcome::Estimate;

/// What a replication says.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) enum Seen {
    /// This.
    Value(f64),
    /// More than this: a time that was not reached by the end of its window.
    After(f64),
    /// Nothing.
    Nothing,
}

impl Seen {
    pub(super) fn value(self) -> Option<f64> {
        if let Self::Value(value) = self { Some(value) } else { None }
    }

    pub(super) fn over(self, other: Self) -> Self {
        match (self, other) {
            (Self::Value(a), Self::Value(b)) if b != 0.0 => Self::Value(a / b),
            (Self::After(a), Self::Value(b)) if b > 0.0 => Self::After(a / b),
            // A time that has come over one that has not: less than is known, which is no reason to leave it out.
            (Self::Value(_) | Self::After(_), Self::After(_)) => Self::After(f64::NEG_INFINITY),
            _ => Self::Nothing,
        }
    }

    /// Whether it lies within bounds, as far as that can be told.
    pub(super) fn is_within(self, low: Option<f64>, high: Option<f64>) -> Option<bool> {
        match self {
            Self::Value(value) => Some(low.is_none_or(|low| value >= low) && high.is_none_or(|high| value <= high)),
            Self::After(least) if high.is_some_and(|high| least >= high) => Some(false),
            Self::After(least) if high.is_none() && low.is_some_and(|low| least >= low) => Some(true),
            Self::After(_) | Self::Nothing => None,
        }
    }

    /// Whether it is less than another, as far as that can be told.
    fn is_below(self, other: Self) -> Option<bool> {
        match (self, other) {
            (Self::Value(a), Self::Value(b)) => Some(a < b),
            (Self::Value(a), Self::After(least)) if a <= least => Some(true),
            (Self::After(least), Self::Value(b)) if least >= b => Some(false),
            _ => None,
        }
    }
}

/// The mean over the replications that say something; if some say only "later", the mean is later than the mean of what they say.
pub(super) fn mean(seen: &[Seen]) -> Seen {
    let said = seen.iter().filter_map(|seen| match seen {
        Seen::Value(value) | Seen::After(value) => Some(*value),
        Seen::Nothing => None,
    });
    let Some(estimate) = Estimate::of(said, 0.95, None) else { return Seen::Nothing };
    if !seen.iter().any(|seen| matches!(seen, Seen::After(_))) {
        return Seen::Value(estimate.mean);
    }
    let is_bounded = !seen.contains(&Seen::After(f64::NEG_INFINITY));
    Seen::After(if is_bounded { estimate.mean } else { f64::NEG_INFINITY })
}

/// Whether every value of a place is less than every value of the next place.
pub(super) fn ascend(values: &[Seen], places: &[usize]) -> Option<bool> {
    let pairs = values.iter().zip(places).flat_map(|(a, place)| {
        let next = values.iter().zip(places).filter(move |(_, other)| **other == place + 1);
        next.map(move |(b, _)| a.is_below(*b))
    });
    let verdicts: Vec<Option<bool>> = pairs.collect();
    if verdicts.contains(&Some(false)) { Some(false) } else { verdicts.into_iter().collect::<Option<Vec<_>>>().map(|_| true) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn later_than_the_end_is_below_nothing_and_above_what_was_reached() {
        use Seen::{After, Nothing, Value};
        assert_eq!(Value(3.0).is_below(After(3.0)), Some(true));
        assert_eq!(Value(4.0).is_below(After(3.0)), None);
        assert_eq!(After(3.0).is_below(Value(3.0)), Some(false));
        assert_eq!((After(3.0).is_below(Value(4.0)), After(3.0).is_below(After(4.0))), (None, None));
        assert_eq!((Nothing.is_below(Value(1.0)), Value(1.0).is_below(Nothing)), (None, None));
        assert_eq!(ascend(&[Value(1.0), Nothing, Value(0.5)], &[0, 1, 2]), None);
        assert_eq!(ascend(&[Value(1.0), Value(0.5), Nothing], &[0, 1, 2]), Some(false));
        assert_eq!(mean(&[Value(1.0), After(2.0)]), After(1.5));
    }

    /// A ratio with a time that was not reached is not left out: the mean over the others would flatter.
    #[test]
    fn a_ratio_of_what_was_not_reached_is_not_known() {
        use Seen::{After, Nothing, Value};
        assert_eq!(After(6.0).over(Value(2.0)), After(3.0));
        for (a, b) in [(Value(1.0), After(2.0)), (After(1.0), After(2.0))] {
            assert_eq!(a.over(b), After(f64::NEG_INFINITY));
        }
        assert_eq!(
            (Value(1.0).over(Value(0.0)), Nothing.over(Value(1.0)), Value(1.0).over(Nothing)),
            (Nothing, Nothing, Nothing)
        );
        let unknown = mean(&[Value(1.0), Value(1.0).over(After(2.0))]);
        assert_eq!(unknown, After(f64::NEG_INFINITY));
        assert_eq!((unknown.is_within(None, Some(4.0)), unknown.is_within(Some(0.0), None)), (None, None));
    }
}
