//! What a replication says of a quantity: a value, that it is later than the end, or nothing.

use super::outcome::Estimate;

/// What a replication says.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) enum Seen {
    /// This.
    Value(f64),
    /// More than this: a time that was not reached by the end of its window.
    After(f64),
    /// Less than this, and not below zero: a time over one that was not reached.
    Before(f64),
    /// That there is something, of which nothing more is known: both times were not reached, or one is over none.
    Unknown,
    /// Nothing.
    Nothing,
}

impl Seen {
    pub(super) fn value(self) -> Option<f64> {
        if let Self::Value(value) = self { Some(value) } else { None }
    }

    /// Whether there is something whose value is not known.
    pub(super) fn is_censored(self) -> bool {
        matches!(self, Self::After(_) | Self::Before(_) | Self::Unknown)
    }

    pub(super) fn over(self, other: Self) -> Self {
        match (self, other) {
            (Self::Value(a), Self::Value(b)) if b != 0.0 => Self::Value(a / b),
            (Self::After(a), Self::Value(b)) if b > 0.0 => Self::After(a / b),
            (Self::Value(a), Self::After(b)) if a >= 0.0 && b >= 0.0 => Self::Before(if b > 0.0 { a / b } else { f64::INFINITY }),
            (Self::Nothing, _) | (_, Self::Nothing) | (Self::Value(_), Self::Value(_)) => Self::Nothing,
            _ => Self::Unknown,
        }
    }

    /// Whether it lies within bounds, as far as that can be told.
    pub(super) fn is_within(self, low: Option<f64>, high: Option<f64>) -> Option<bool> {
        match self {
            Self::Value(value) => Some(low.is_none_or(|low| value >= low) && high.is_none_or(|high| value <= high)),
            Self::After(least) if high.is_some_and(|high| least >= high) => Some(false),
            Self::After(least) if high.is_none() && low.is_some_and(|low| least >= low) => Some(true),
            Self::Before(most) if low.is_some_and(|low| most <= low) => Some(false),
            Self::Before(most) if low.is_none_or(|low| low <= 0.0) && high.is_some_and(|high| most <= high) => Some(true),
            Self::After(_) | Self::Before(_) | Self::Unknown | Self::Nothing => None,
        }
    }

    /// Whether it is less than another, as far as that can be told.
    fn is_below(self, other: Self) -> Option<bool> {
        match (self, other) {
            (Self::Value(a), Self::Value(b)) => Some(a < b),
            (Self::Value(a), Self::After(least)) if a <= least => Some(true),
            (Self::After(least), Self::Value(b)) if least >= b => Some(false),
            (Self::Before(most), Self::Value(least) | Self::After(least)) if most <= least => Some(true),
            (Self::Value(least) | Self::After(least), Self::Before(most)) if least >= most => Some(false),
            _ => None,
        }
    }
}

/// The mean over the replications that say something; if some say only "later", the mean is later than the mean of what they say, and so for "earlier".
pub(super) fn mean(seen: &[Seen]) -> Seen {
    let said = seen.iter().filter_map(|seen| match seen {
        Seen::Value(value) | Seen::After(value) | Seen::Before(value) => Some(*value),
        Seen::Unknown | Seen::Nothing => None,
    });
    let has = |kind: fn(&Seen) -> bool| seen.iter().any(kind);
    let (later, earlier) = (has(|seen| matches!(seen, Seen::After(_))), has(|seen| matches!(seen, Seen::Before(_))));
    if seen.contains(&Seen::Unknown) || (later && earlier) {
        return Seen::Unknown;
    }
    let Some(estimate) = Estimate::of(said, 0.95, None) else { return Seen::Nothing };
    match (later, earlier) {
        (true, _) => Seen::After(estimate.mean),
        (_, true) => Seen::Before(estimate.mean),
        _ => Seen::Value(estimate.mean),
    }
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
    fn a_ratio_with_what_was_not_reached_is_not_left_out() {
        use Seen::{After, Before, Nothing, Unknown, Value};
        assert_eq!(After(6.0).over(Value(2.0)), After(3.0));
        assert_eq!((Value(6.0).over(After(2.0)), Value(6.0).over(After(0.0))), (Before(3.0), Before(f64::INFINITY)));
        for (a, b) in [(After(1.0), After(2.0)), (After(1.0), Value(0.0)), (Value(-1.0), After(2.0))] {
            assert_eq!(a.over(b), Unknown);
        }
        assert_eq!(
            (Value(1.0).over(Value(0.0)), Nothing.over(After(1.0)), After(1.0).over(Nothing)),
            (Nothing, Nothing, Nothing)
        );
        assert_eq!(mean(&[Value(1.0), Before(0.5)]), Before(0.75));
        assert_eq!((mean(&[After(1.0), Before(0.5)]), mean(&[Value(1.0), Unknown])), (Unknown, Unknown));
        let within =
            |seen: Seen| (seen.is_within(None, Some(4.0)), seen.is_within(Some(1.0), None), seen.is_within(Some(2.0), Some(3.0)));
        assert_eq!(within(Before(0.75)), (Some(true), Some(false), Some(false)));
        assert_eq!(within(Before(5.0)), (None, None, None));
        assert_eq!(within(Unknown), (None, None, None));
        assert_eq!((Before(2.0).is_below(Value(2.0)), After(2.0).is_below(Before(2.0))), (Some(true), Some(false)));
    }
}
