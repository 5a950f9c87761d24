//! Quantities as types: only arithmetic with a meaning compiles.
//!
//! Time inside a run is a whole number of microseconds, so that it is totally ordered, never NaN, and adds up the same way on
//! every machine. `u64` microseconds reach 584,000 years.

use core::fmt;
use core::ops::{Add, AddAssign, Sub};

use jiff::civil::DateTime;

/// Microseconds in a second.
const MICROS: f64 = 1e6;

/// An instant of simulated time: microseconds since the start of the run (t = 0).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct SimTime(u64);

/// A length of time \[µs\], never negative.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Span(u64);

impl SimTime {
    /// The start of the run.
    pub const ZERO: Self = Self(0);
    /// Later than anything that happens.
    pub const NEVER: Self = Self(u64::MAX);

    /// The instant this many microseconds after the start.
    #[must_use]
    #[inline]
    pub const fn from_micros(micros: u64) -> Self {
        Self(micros)
    }

    /// Microseconds since the start.
    #[must_use]
    #[inline]
    pub const fn micros(self) -> u64 {
        self.0
    }

    /// The time that has passed since `earlier`; zero if `earlier` is in fact later.
    #[must_use]
    #[inline]
    pub const fn since(self, earlier: Self) -> Span {
        Span(self.0.saturating_sub(earlier.0))
    }

    /// Hours since the start.
    #[must_use]
    pub fn hours(self) -> f64 {
        Span(self.0).hours()
    }

    /// Days of 24 h since the start.
    #[must_use]
    pub fn days(self) -> f64 {
        Span(self.0).days()
    }
}

impl Span {
    /// No time at all.
    pub const ZERO: Self = Self(0);
    /// Longer than anything that ends.
    pub const MAX: Self = Self(u64::MAX);
    /// One minute.
    pub const MINUTE: Self = Self(60_000_000);
    /// One hour.
    pub const HOUR: Self = Self(3_600_000_000);
    /// Twenty-four hours, whatever the clocks do.
    pub const DAY: Self = Self(86_400_000_000);

    /// A span of whole microseconds.
    #[must_use]
    #[inline]
    pub const fn from_micros(micros: u64) -> Self {
        Self(micros)
    }

    /// A span of seconds, rounded to the nearest microsecond; negative and NaN give zero, infinity the longest span.
    #[must_use]
    #[inline]
    pub fn from_seconds(seconds: f64) -> Self {
        // Adding a half and truncating is the rounding: `as` saturates and sends NaN to zero.
        Self((seconds * MICROS + 0.5) as u64)
    }

    /// Spans of seconds, each that of [`from_seconds`](Self::from_seconds): several at a time where none is longer than some thirty years, as the compiler
    /// has no instruction for a whole number from each of several.
    ///
    /// # Panics
    /// In debug builds if there are not as many spans as numbers; what is beyond the shorter of the two is left alone otherwise.
    pub fn fill_from_seconds(spans: &mut [Self], seconds: &[f64]) {
        /// Floats from here on up to twice as much are the whole numbers, and their last bits count them.
        const WHOLE: f64 = (1_u64 << 52) as f64;
        debug_assert_eq!(spans.len(), seconds.len(), "a span for each number");
        let within = |seconds: f64| (0.0..WHOLE / 4.0 / MICROS).contains(&seconds);
        if !seconds.iter().fold(true, |all, &seconds| all & within(seconds)) {
            spans.iter_mut().zip(seconds).for_each(|(span, &seconds)| *span = Self::from_seconds(seconds));
            return;
        }
        for (span, seconds) in spans.iter_mut().zip(seconds) {
            let scaled = seconds * MICROS + 0.5;
            let nearest = scaled + WHOLE;
            // The whole number below: one less than the nearest, if that lies above.
            let above = nearest - WHOLE > scaled;
            *span = Self(nearest.to_bits() - WHOLE.to_bits() - u64::from(above));
        }
    }

    /// Microseconds.
    #[must_use]
    #[inline]
    pub const fn micros(self) -> u64 {
        self.0
    }

    /// Seconds.
    #[must_use]
    #[inline]
    pub fn seconds(self) -> f64 {
        self.0 as f64 / MICROS
    }

    /// Minutes.
    #[must_use]
    pub fn minutes(self) -> f64 {
        self.seconds() / 60.0
    }

    /// Hours.
    #[must_use]
    pub fn hours(self) -> f64 {
        self.seconds() / 3600.0
    }

    /// Days of 24 h.
    #[must_use]
    pub fn days(self) -> f64 {
        self.seconds() / 86_400.0
    }

    /// This span times a factor that is not negative, rounded to the nearest microsecond.
    #[must_use]
    #[inline]
    pub fn scaled(self, factor: f64) -> Self {
        Self((self.0 as f64 * factor + 0.5) as u64)
    }
}

impl Add<Span> for SimTime {
    type Output = SimTime;
    #[inline]
    fn add(self, span: Span) -> SimTime {
        SimTime(self.0.saturating_add(span.0))
    }
}

impl AddAssign<Span> for SimTime {
    #[inline]
    fn add_assign(&mut self, span: Span) {
        *self = *self + span;
    }
}

impl Add for Span {
    type Output = Span;
    #[inline]
    fn add(self, other: Span) -> Span {
        Span(self.0.saturating_add(other.0))
    }
}

impl Sub for Span {
    type Output = Span;
    #[inline]
    fn sub(self, other: Span) -> Span {
        Span(self.0.saturating_sub(other.0))
    }
}

/// The largest unit that leaves a readable number: `"90 s"`, `"1.5 h"`, `"7 d"`.
impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (value, unit) = match self.0 {
            // To the microsecond: it is never shown as nothing.
            1..1_000 => return write!(f, "{} ms", self.0 as f64 / 1e3),
            1_000..1_000_000 => (self.seconds() * 1e3, "ms"),
            0..120_000_000 => (self.seconds(), "s"),
            120_000_000..7_200_000_000 => (self.minutes(), "min"),
            7_200_000_000..172_800_000_000 => (self.hours(), "h"),
            _ => (self.days(), "d"),
        };
        write!(f, "{} {unit}", (value * 100.0).round() / 100.0)
    }
}

impl fmt::Debug for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} µs", self.0)
    }
}

impl fmt::Debug for SimTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "t + {} µs", self.0)
    }
}

/// A probability or a part of a whole, in \[0, 1\].
#[derive(Clone, Copy, PartialEq, PartialOrd, Debug, Default)]
pub struct Share(f64);

impl Share {
    /// Nothing.
    pub const NONE: Self = Self(0.0);
    /// Everything.
    pub const ALL: Self = Self(1.0);

    /// The share, if `value` is in \[0, 1\] (NaN is not).
    #[must_use]
    pub fn new(value: f64) -> Option<Self> {
        (0.0..=1.0).contains(&value).then_some(Self(value))
    }

    /// The plain number.
    #[must_use]
    #[inline]
    pub const fn value(self) -> f64 {
        self.0
    }
}

/// Events per unit of time, stored per second: finite and greater than zero.
#[derive(Clone, Copy, PartialEq, PartialOrd, Debug)]
pub struct Rate(f64);

impl Rate {
    /// The rate, if finite and greater than zero.
    #[must_use]
    pub fn per_second(value: f64) -> Option<Self> {
        (value.is_finite() && value > 0.0).then_some(Self(value))
    }

    /// Events per second.
    #[must_use]
    pub const fn value_per_second(self) -> f64 {
        self.0
    }

    /// Mean time between two events.
    #[must_use]
    pub fn interval(self) -> Span {
        Span::from_seconds(1.0 / self.0)
    }
}

/// An amount of money in US dollars, held as whole cents; may be negative, as a gap is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Money(i64);

impl Money {
    /// Nothing.
    pub const ZERO: Self = Self(0);
    /// More than anybody has.
    pub const MAX: Self = Self(i64::MAX);

    /// An amount of whole cents.
    #[must_use]
    pub const fn from_cents(cents: i64) -> Self {
        Self(cents)
    }

    /// An amount of dollars, rounded to the nearest cent.
    #[must_use]
    #[inline]
    pub fn from_usd(usd: f64) -> Self {
        Self((usd * 100.0).round() as i64)
    }

    /// Cents.
    #[must_use]
    #[inline]
    pub const fn cents(self) -> i64 {
        self.0
    }

    /// Dollars.
    #[must_use]
    pub fn usd(self) -> f64 {
        self.0 as f64 / 100.0
    }
}

impl Add for Money {
    type Output = Money;
    #[inline]
    fn add(self, other: Money) -> Money {
        Money(self.0.saturating_add(other.0))
    }
}

impl AddAssign for Money {
    #[inline]
    fn add_assign(&mut self, other: Money) {
        *self = *self + other;
    }
}

impl Sub for Money {
    type Output = Money;
    #[inline]
    fn sub(self, other: Money) -> Money {
        Money(self.0.saturating_sub(other.0))
    }
}

impl core::ops::SubAssign for Money {
    #[inline]
    fn sub_assign(&mut self, other: Money) {
        *self = *self - other;
    }
}

/// A civil date and time without a zone: the local time at t = 0, and what a scenario calls by date.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct CivilTime(DateTime);

impl CivilTime {
    /// The date and time with these parts, if there is such a one.
    #[must_use]
    pub fn new(year: i16, month: i8, day: i8, hour: i8, minute: i8, second: i8) -> Option<Self> {
        DateTime::new(year, month, day, hour, minute, second, 0).ok().map(Self)
    }

    /// Hours from midnight of the Monday before to this instant, 0 up to 168: the place in the week.
    #[must_use]
    pub fn into_week(self) -> Span {
        let days = u64::from(self.0.weekday().to_monday_zero_offset().unsigned_abs());
        let time = self.0.time();
        let seconds = u64::from(time.hour().unsigned_abs()) * 3600
            + u64::from(time.minute().unsigned_abs()) * 60
            + u64::from(time.second().unsigned_abs());
        Span::from_micros(days * Span::DAY.micros() + seconds * 1_000_000)
    }

    /// The elapsed time from `start` to this instant, if it is not earlier. Days are 24 h: a change of the clocks between the
    /// two is not counted.
    #[must_use]
    pub fn elapsed_since(self, start: Self) -> Option<Span> {
        let micros = self.0.duration_since(start.0).as_micros();
        u64::try_from(micros).ok().map(Span::from_micros)
    }

    /// The date and time a span later, if the calendar reaches that far.
    #[must_use]
    pub fn plus(self, span: Span) -> Option<Self> {
        let micros = i64::try_from(span.micros()).ok()?;
        self.0.checked_add(jiff::SignedDuration::from_micros(micros)).ok().map(Self)
    }

    /// Day and month for an axis: `21 Feb`.
    #[must_use]
    pub fn day_month(self) -> String {
        self.0.strftime("%-d %b").to_string()
    }
}

/// ISO 8601 without a zone: `2024-02-21T08:00:00`.
impl fmt::Display for CivilTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_round_to_the_nearest_microsecond() {
        assert_eq!(Span::from_seconds(1.5e-6).micros(), 2);
        assert_eq!(Span::from_seconds(-3.0), Span::ZERO);
        assert_eq!(Span::from_seconds(f64::NAN), Span::ZERO);
        assert_eq!(Span::from_seconds(f64::INFINITY), Span::MAX);
        assert_eq!(Span::HOUR.scaled(1.5).minutes(), 90.0);
    }

    #[test]
    fn spans_several_at_a_time_are_those_one_by_one() {
        let halves = (0..4_000).map(|i| f64::from(i) * 0.5e-6);
        let large = (0..4_000).map(|i| 1e9 + f64::from(i) * 0.25e-6);
        let odd = [0.0, -0.0, 0.5e-6 - 1e-22, 5e-324, 1.1258e9, 1.13e9, 1e300, -1.0, f64::NAN, f64::INFINITY];
        let all: Vec<f64> = halves.chain(large).chain(odd).collect();
        for seconds in [&all[..], &all[..4_000], &all[4_000..8_000], &all[8_000..8_005]].into_iter().chain(all.chunks(1)) {
            let mut spans = vec![Span::MAX; seconds.len()];
            Span::fill_from_seconds(&mut spans, seconds);
            let one_by_one: Vec<Span> = seconds.iter().map(|&seconds| Span::from_seconds(seconds)).collect();
            assert_eq!(spans, one_by_one);
        }
    }

    #[test]
    fn time_saturates_and_never_wraps() {
        assert_eq!(SimTime::NEVER + Span::DAY, SimTime::NEVER);
        assert_eq!(SimTime::ZERO.since(SimTime::from_micros(5)), Span::ZERO);
    }

    #[test]
    fn the_attack_fell_on_a_wednesday() {
        let attack = CivilTime::new(2024, 2, 21, 8, 0, 0).expect("a date");
        assert_eq!(attack.into_week().hours(), 2.0 * 24.0 + 8.0);
        let start = CivilTime::new(2024, 2, 14, 0, 0, 0).expect("a date");
        assert_eq!(attack.elapsed_since(start).expect("later").hours(), 7.0 * 24.0 + 8.0);
        assert_eq!(start.elapsed_since(attack), None);
        assert_eq!(attack.to_string(), "2024-02-21T08:00:00");
        assert_eq!(attack.plus(Span::DAY.scaled(9.0)).expect("in range").day_month(), "1 Mar");
    }

    #[test]
    fn spans_print_in_a_readable_unit() {
        assert_eq!(Span::from_seconds(0.25).to_string(), "250 ms");
        assert_eq!(Span::from_micros(1).to_string(), "0.001 ms");
        assert_eq!(Span::from_seconds(90.0).to_string(), "90 s");
        assert_eq!(Span::DAY.scaled(7.0).to_string(), "7 d");
        assert_eq!(Span::HOUR.scaled(36.0).to_string(), "36 h");
    }
}
