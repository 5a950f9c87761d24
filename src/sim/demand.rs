//! When prescriptions are requested: a Poisson process whose rate follows the week.

use crate::units::{CivilTime, SimTime, Span};

/// Hours in a week.
const CELLS: usize = 168;
const HOUR: f64 = 3600.0;

/// Relative demand in each hour of the week, Monday midnight first; averages 1.
#[derive(Clone, Debug)]
pub(crate) struct WeekProfile {
    shape: [f64; CELLS],
    /// Integral of the shape over a week \[s\].
    per_week: f64,
    /// Place of t = 0 in the week \[s\].
    offset: f64,
}

impl WeekProfile {
    pub(crate) fn new(weekday: &[f64; 7], hour: &[f64; 24], start: CivilTime) -> Self {
        let mut shape = [0.0; CELLS];
        for (cell, value) in shape.iter_mut().enumerate() {
            *value = weekday[cell / 24] * hour[cell % 24];
        }
        let per_week = shape.iter().sum::<f64>() * HOUR;
        Self { shape, per_week, offset: start.into_week().seconds() }
    }

    /// The instant at which the integral of the rate from `now` on reaches `amount`: with `amount` an exponential variable of mean 1 this is
    /// the next point of the Poisson process (inversion; Çınlar 1975, *Introduction to Stochastic Processes*, chapter 4).
    ///
    /// `rate` is the mean number of requests per second, `amount` a number of requests.
    pub(crate) fn advance(&self, now: SimTime, rate: f64, mut amount: f64) -> SimTime {
        if rate * self.per_week <= 0.0 {
            return SimTime::NEVER;
        }
        let week = CELLS as f64 * HOUR;
        let now_seconds = now.since(SimTime::ZERO).seconds();
        let mut place = (self.offset + now_seconds) % week;
        let mut passed = 0.0;
        // Whole weeks at once: with next to no demand there are many.
        let per_week = rate * self.per_week;
        if amount > per_week {
            let weeks = (amount / per_week).floor();
            // Beyond all time; and what is left of the amount would be rounding errors, which may be more than a week's.
            if now_seconds + weeks * week >= SimTime::NEVER.since(SimTime::ZERO).seconds() {
                return SimTime::NEVER;
            }
            passed = weeks * week;
            amount -= weeks * per_week;
        }
        loop {
            let cell = ((place / HOUR) as usize).min(CELLS - 1);
            let left = ((cell + 1) as f64 * HOUR - place).max(0.0);
            let intensity = rate * self.shape[cell];
            if amount <= intensity * left {
                return now + Span::from_seconds(passed + amount / intensity);
            }
            amount -= intensity * left;
            passed += left;
            place = if cell + 1 == CELLS { 0.0 } else { (cell + 1) as f64 * HOUR };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn monday() -> CivilTime {
        CivilTime::new(2024, 2, 12, 0, 0, 0).expect("a date")
    }

    #[test]
    fn a_flat_profile_is_a_constant_rate() {
        let profile = WeekProfile::new(&[1.0; 7], &[1.0; 24], monday());
        let rate = 1.0 / 60.0;
        assert_eq!(profile.advance(SimTime::ZERO, rate, 1.0), SimTime::ZERO + Span::MINUTE);
        let late = SimTime::ZERO + Span::DAY.scaled(20.3);
        assert_eq!(profile.advance(late, rate, 600.0), late + Span::HOUR.scaled(10.0));
    }

    #[test]
    fn next_to_no_demand_is_none_within_any_time() {
        let profile = WeekProfile::new(&[1.0; 7], &[1.0; 24], monday());
        for per_day in [1e-12, 1e-30, 1e-300, f64::MIN_POSITIVE * f64::EPSILON] {
            assert_eq!(profile.advance(SimTime::ZERO, per_day / 86_400.0, 1.0), SimTime::NEVER, "{per_day}");
        }
        // A request in ten thousand years is still told.
        let years = profile.advance(SimTime::ZERO, 1e-4 / (365.25 * 86_400.0), 1.0).days() / 365.25;
        assert!((years - 1e4).abs() < 1e-3, "{years}");
    }

    #[test]
    fn nothing_comes_in_the_hours_without_demand() {
        let mut hour = [0.0; 24];
        hour[9] = 24.0;
        let profile = WeekProfile::new(&[1.0, 1.0, 1.0, 1.0, 1.0, 2.0, 0.0], &hour, monday());
        let rate = 24.0 / 86_400.0;
        // 24 requests a day, all between 9 and 10: the 12th at half past nine.
        assert_eq!(profile.advance(SimTime::ZERO, rate, 12.0).hours(), 9.5);
        assert_eq!(profile.advance(SimTime::ZERO, rate, 36.0).hours(), 33.5);
        // Five days make 120, Saturday 48, Sunday none: the 180th comes on the Monday after.
        assert_eq!(profile.advance(SimTime::ZERO, rate, 180.0).hours(), 168.0 + 9.5);
    }
}
