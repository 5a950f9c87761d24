//! Round numbers, dates and lengths of time for the marks of an axis.

use super::chart::{Axis, Scale, Tick};
use crate::report::words;
use crate::units::{CivilTime, Span};

/// Most marks on an axis of time.
const MOST_DATES: f64 = 12.0;

/// Most marks where the year must be told.
const MOST_DATES_WITH_YEAR: f64 = 7.0;

/// In a run longer than this \[h\] a day and a month name no day.
const YEAR: f64 = 366.0 * 24.0;

/// A linear axis from zero to a round number not below `high`, with about `wanted` marks.
#[must_use]
pub(crate) fn from_zero(label: &str, high: f64, wanted: f64, write: impl Fn(f64) -> String) -> Axis {
    let high = if high.is_finite() && high > 0.0 { high } else { 1.0 };
    let step = round_step(high / wanted);
    let count = (high / step - 1e-9).ceil().max(1.0);
    let ticks = (0..=count as u32).map(|k| f64::from(k) * step).map(|at| Tick { at, label: write(at) }).collect();
    Axis { label: label.to_owned(), scale: Scale::Linear, low: 0.0, high: count * step, ticks, grid: true }
}

/// A linear axis through zero with room for what lies below it.
#[must_use]
pub(crate) fn through_zero(label: &str, low: f64, high: f64, write: impl Fn(f64) -> String) -> Axis {
    let up = from_zero(label, high.max(-low).max(1e-9), 5.0, &write);
    let step = up.ticks.get(1).map_or(1.0, |tick| tick.at);
    // Less than a tenth of a step below zero is cut off: it would cost a whole step of empty paper.
    let below = (-low / step - 0.1).ceil().max(0.0) as u32;
    let above = (high / step - 1e-9).ceil().max(1.0) as u32;
    let marks = (0..=below + above).map(|k| (f64::from(k) - f64::from(below)) * step);
    Axis {
        // Noise about zero stays visible.
        low: (-f64::from(below) * step).min((low * 1.05).max(-0.1 * step)),
        high: f64::from(above) * step,
        ticks: marks.map(|at| Tick { at, label: write(at) }).collect(),
        scale: Scale::Linear,
        ..up
    }
}

/// The smallest of 1, 2, 2.5, 5 times a power of ten that is not below `least`.
#[must_use]
pub(crate) fn round_step(least: f64) -> f64 {
    let power = crate::math::log10(least).floor();
    let unit = crate::math::pow(10.0, power);
    let step = [1.0, 2.0, 2.5, 5.0, 10.0].into_iter().map(|factor| factor * unit).find(|step| *step >= least * (1.0 - 1e-9));
    step.unwrap_or(10.0 * unit)
}

/// Usual distances between two dates \[h\]: seconds, minutes, hours, days, weeks.
#[rustfmt::skip]
const STEPS: [f64; 22] = [
    1.0 / 3600.0, 5.0 / 3600.0, 10.0 / 3600.0, 30.0 / 3600.0, 1.0 / 60.0, 2.0 / 60.0, 5.0 / 60.0, 10.0 / 60.0, 15.0 / 60.0, 0.5, 1.0,
    2.0, 3.0, 6.0, 12.0, 24.0, 48.0, 168.0, 336.0, 672.0, 1344.0, 2688.0,
];

/// An axis of hours since the start of the run, marked in local dates, or times of day where it is short.
#[must_use]
pub(crate) fn dates(start: CivilTime, low_hours: f64, high_hours: f64) -> Axis {
    let length = high_hours - low_hours;
    let most = if length > YEAR { MOST_DATES_WITH_YEAR } else { MOST_DATES };
    let step = STEPS.into_iter().find(|step| length / step <= most).unwrap_or_else(|| round_step(length / 6.0 / 24.0) * 24.0);
    // Hours from the last midnight to the start.
    let into_day = Span::from_micros(start.into_week().micros() % Span::DAY.micros()).hours();
    let grain = step.min(24.0);
    let first = (((low_hours + into_day) / grain - 1e-9).ceil() * grain - into_day).max(low_hours);
    let mut ticks = Vec::new();
    let count = ((high_hours - first) / step + 1e-9).floor();
    for index in 0..if count < 0.0 { 0 } else { count as u32 + 1 } {
        let at = first + f64::from(index) * step;
        let label = start.plus(Span::from_seconds((at * 3600.0).round())).map_or_else(String::new, |time| {
            // ISO 8601: the year stands in front, the time of day behind the T.
            let text = time.to_string();
            let days = (at + into_day) / 24.0;
            let midnight = (days - days.round()).abs() < 1e-6;
            if length > YEAR {
                format!("{} {}", time.day_month(), text.split('-').next().unwrap_or_default())
            } else if midnight || step >= 24.0 {
                time.day_month()
            } else {
                let shown = if step < 1.0 / 60.0 { 8 } else { 5 };
                text.split('T').nth(1).and_then(|t| t.get(..shown)).unwrap_or("").to_owned()
            }
        });
        ticks.push(Tick { at, label });
    }
    let label = if step < 24.0 { "Local time" } else { "Local date" };
    Axis { label: label.to_owned(), scale: Scale::Linear, low: low_hours, high: high_hours, ticks, grid: false }
}

/// Lengths of time that people know \[h\].
const KNOWN: [(f64, &str); 13] = [
    (1.0 / 3600.0, "1 s"),
    (10.0 / 3600.0, "10 s"),
    (1.0 / 60.0, "1 min"),
    (10.0 / 60.0, "10 min"),
    (1.0, "1 h"),
    (4.0, "4 h"),
    (12.0, "12 h"),
    (24.0, "1 d"),
    (72.0, "3 d"),
    (240.0, "10 d"),
    (720.0, "30 d"),
    (2160.0, "90 d"),
    (8760.0, "1 y"),
];

/// A logarithmic axis of delays in hours.
#[must_use]
pub(crate) fn delays(label: &str, low_hours: f64, high_hours: f64) -> Axis {
    let low = KNOWN.iter().rev().map(|known| known.0).find(|&at| at <= low_hours).unwrap_or(KNOWN[0].0);
    let ticks = KNOWN.iter().filter(|known| (low..=high_hours).contains(&known.0));
    let ticks = ticks.map(|&(at, label)| Tick { at, label: label.to_owned() }).collect();
    Axis { label: label.to_owned(), scale: Scale::Log, low, high: high_hours.max(low * 10.0), ticks, grid: false }
}

/// A logarithmic axis of shares from a power of ten up to everything.
#[must_use]
pub(crate) fn shares(label: &str, least: f64) -> Axis {
    let decades = (-crate::math::log10(least) - 1e-9).ceil().clamp(2.0, 6.0) as i32;
    let ticks = (0..=decades).map(|k| crate::math::pow(10.0, f64::from(-k)));
    let ticks = ticks.map(|at| Tick { at, label: format!("{} %", (at * 1e8).round() / 1e6) }).collect();
    Axis {
        label: label.to_owned(),
        scale: Scale::Log,
        low: crate::math::pow(10.0, f64::from(-decades)),
        high: 1.0,
        ticks,
        grid: true,
    }
}

/// A mark for a number of prescriptions: `0`, `500`, `20,000`, `1.5 million`.
#[must_use]
pub(crate) fn large(value: f64) -> String {
    if value.abs() >= 1e6 {
        format!("{} million", (value / 1e4).round() / 100.0)
    } else if value.fract() == 0.0 {
        let text = words::whole(value.abs() as u64);
        if value < 0.0 { format!("-{text}") } else { text }
    } else {
        ((value * 1000.0).round() / 1000.0).to_string()
    }
}

/// A mark for a share: `25 %`.
#[must_use]
pub(crate) fn percent(value: f64) -> String {
    format!("{} %", (value * 1e6).round() / 1e4)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(axis: &Axis) -> Vec<&str> {
        axis.ticks.iter().map(|tick| tick.label.as_str()).collect()
    }

    #[test]
    fn linear_axes_are_round() {
        let axis = from_zero("", 0.93, 5.0, percent);
        assert_eq!(labels(&axis), ["0 %", "20 %", "40 %", "60 %", "80 %", "100 %"]);
        assert!((from_zero("", f64::NAN, 5.0, percent).high - 1.0).abs() < 1e-12);
        assert_eq!(large(2_500_000.0), "2.5 million");
        assert_eq!(large(-20_000.0), "-20,000");
    }

    #[test]
    fn dates_fall_on_midnights() {
        let start = CivilTime::new(2024, 2, 14, 8, 0, 0).expect("a date");
        let axis = dates(start, 0.0, 24.0 * 40.0);
        assert_eq!(labels(&axis)[..2], ["15 Feb", "22 Feb"]);
        assert!((axis.ticks[0].at - 16.0).abs() < 1e-12);
        let short = dates(start, 0.0, 24.0);
        assert_eq!(labels(&short)[..5], ["08:00", "10:00", "12:00", "14:00", "16:00"]);
        assert!(labels(&short).contains(&"15 Feb"));
        // However short or long the run, there are marks enough to read times off.
        for hours in [0.002, 0.01, 0.1, 0.5, 1.0, 5.0, 23.0, 49.0, 150.0, 300.0, 600.0, 2000.0, 9000.0, 100_000.0] {
            let axis = dates(start, 0.0, hours);
            assert!((3..=13).contains(&axis.ticks.len()), "{hours} h: {:?}", labels(&axis));
            assert!(labels(&axis).windows(2).all(|pair| pair[0] != pair[1]), "{hours} h: {:?}", labels(&axis));
        }
        assert_eq!(labels(&dates(start, 0.0, 0.01))[..3], ["08:00:00", "08:00:05", "08:00:10"]);
        assert_eq!(labels(&dates(start, 0.0, 24.0 * 800.0))[..2], ["15 Feb 2024", "2 Sep 2024"]);
        assert_eq!(labels(&dates(start, 0.3, 1.0))[..3], ["08:20", "08:25", "08:30"]);
    }

    #[test]
    fn logarithmic_axes_cover_what_they_are_asked() {
        let axis = delays("", 0.3, 500.0);
        assert!((axis.low - 10.0 / 60.0).abs() < 1e-12);
        assert!((axis.high - 500.0).abs() < 1e-12);
        assert_eq!(labels(&shares("", 0.002)), ["100 %", "10 %", "1 %", "0.1 %"]);
    }
}
