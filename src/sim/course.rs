//! How a group fell and came back, read off its timeline.

use super::metrics::Course;
use crate::units::{SimTime, Span};

/// Service counts as recovered at this ratio to the twin's ...
const RECOVERED: f32 = 0.95;
/// ... and a backlog as cleared at this many days of normal work, ...
const CLEARED_DAYS: f64 = 0.01;
/// ... if it stays so this long.
const HOLD: Span = Span::DAY;
/// Whoever is still degraded so long after the last restoration is kept down by something else.
const SETTLED: Span = Span::from_micros(3 * Span::DAY.micros());

/// The course of one group in one replication. `backlog` and `ratio` are series on the grid of `step`; `onset` is the first of any disruption,
/// `over` when all that hit the group is over, `all_over` when everything is (`None`: not within the run); `per_day` is the number of
/// prescriptions requested in a normal day.
#[expect(clippy::too_many_arguments, reason = "the parts of one call, each needed once")]
pub(crate) fn of(
    backlog: &[f32],
    ratio: &[f32],
    claim_ratio: &[f32],
    step: Span,
    onset: Option<SimTime>,
    over: Option<SimTime>,
    all_over: Option<SimTime>,
    per_day: f64,
) -> Course {
    // Between instants more than a day apart a group falls and comes back unseen.
    if per_day == 0.0 || step > HOLD {
        return Course::default();
    }
    // Nothing is lost where nothing happens; but there is no fall either, and nothing to recover from.
    let Some(onset) = onset else {
        return Course {
            backlog_peak: Some(0.0),
            backlog_peak_days: Some(0.0),
            resilience_loss_hours: Some(0.0),
            catch_up_hours: Some(0.0),
            resilience_loss_share: Some(0.0),
            ..Course::default()
        };
    };
    let at = |k: usize| SimTime::from_micros(k as u64 * step.micros());
    let first = (onset.micros() / step.micros()) as usize;
    let hold = (HOLD.micros().div_ceil(step.micros()) as usize).max(1);

    let mut peak = (first, 0.0f32);
    for (k, &value) in backlog.iter().enumerate().skip(first) {
        if value > peak.1 {
            peak = (k, value);
        }
    }
    let allowed = (CLEARED_DAYS * per_day) as f32;
    let cleared = over.and_then(|ended| {
        let from = (ended.micros().div_ceil(step.micros())) as usize;
        stays(backlog, from, hold, |value| value <= allowed).map(|k| at(k).since(ended))
    });
    // Recovery is looked for from the first fall on; that there is none takes as long to show as that a recovery lasts.
    let fall = (first + 1..ratio.len()).find(|&k| ratio[k] < RECOVERED);
    let known = ratio.iter().skip(first + 1).any(|value| !value.is_nan());
    let recovered = match fall {
        None => (known && first + hold < ratio.len()).then_some(Span::ZERO),
        Some(fall) => stays(ratio, fall, hold, |value| value >= RECOVERED).map(|k| at(k).since(onset)),
    };

    // The last value known at three days after the last restoration.
    let metastable = all_over.and_then(|ended| {
        let at = ((ended + SETTLED).micros().div_ceil(step.micros())) as usize;
        let known = |series: &[f32]| series.get(..=at)?.iter().rev().copied().find(|value| !value.is_nan());
        let degraded = |series| known(series).is_some_and(|value| value < RECOVERED);
        (at < ratio.len()).then(|| f64::from(u8::from(degraded(ratio) || degraded(claim_ratio))))
    });

    let (mut loss, mut catch_up, mut lowest) = (0.0, 0.0, f64::NAN);
    for &value in ratio.iter().skip(first + 1).filter(|value| !value.is_nan()) {
        let value = f64::from(value);
        loss += (1.0 - value).max(0.0) * step.hours();
        catch_up += (value - 1.0).max(0.0) * step.hours();
        lowest = value.min(lowest);
    }
    let lowest = Some(lowest).filter(|value| !value.is_nan());
    let time = ratio.len().saturating_sub(first + 1) as f64 * step.hours();
    Course {
        time_to_survive_days: fall.map(|fall| at(fall).since(onset).days()),
        metastable,
        rapidity: fall.and(recovered).zip(lowest).map(|(recovered, lowest)| (1.0 - lowest) / recovered.days()),
        resilience_loss_share: (time > 0.0).then(|| loss / time),
        backlog_peak: Some(f64::from(peak.1)),
        backlog_peak_days: (per_day > 0.0).then(|| f64::from(peak.1) / per_day),
        backlog_peak_day: (peak.1 > 0.0).then(|| at(peak.0).since(onset).days()),
        backlog_clear_days: cleared.map(Span::days),
        backlog_not_cleared: Some(f64::from(u8::from(cleared.is_none()))),
        time_to_recover_days: recovered.map(Span::days),
        time_to_recover_restricted_days: known.then(|| recovered.unwrap_or_else(|| at(ratio.len() - 1).since(onset)).days()),
        not_recovered: known.then(|| f64::from(u8::from(recovered.is_none()))),
        resilience_loss_hours: Some(loss),
        catch_up_hours: Some(catch_up),
        lowest_service_ratio: lowest,
    }
}

/// The first instant from `from` on at which a condition holds and goes on holding for `hold` steps; `None` if the series ends before. While
/// a value is not estimable (a closed day, when the twin stands still too) the last one counts.
fn stays(series: &[f32], from: usize, hold: usize, condition: impl Fn(f32) -> bool) -> Option<usize> {
    let mut since = None;
    let mut last = f32::NAN;
    for (k, &value) in series.iter().enumerate().skip(from) {
        last = if value.is_nan() { last } else { value };
        if condition(last) {
            let start = *since.get_or_insert(k);
            if k - start >= hold {
                return Some(start);
            }
        } else {
            since = None;
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_course_by_hand() {
        let step = Span::HOUR.scaled(12.0);
        let onset = SimTime::ZERO + Span::DAY;
        let end = SimTime::ZERO + Span::DAY.scaled(2.0);
        //              0    0.5  1    1.5   2     2.5   3    3.5  4    4.5  5 days
        let backlog = [0.0, 0.0, 0.0, 50.0, 90.0, 40.0, 4.0, 1.0, 0.0, 0.0, 0.0];
        let ratio = [f32::NAN, 1.0, 1.0, 0.5, 0.0, 0.5, 1.5, 1.5, 1.0, 1.0, 1.0];
        let course = of(&backlog, &ratio, &ratio, step, Some(onset), Some(end), Some(end), 100.0);
        assert_eq!(course.backlog_peak, Some(90.0));
        assert_eq!(course.backlog_peak_day, Some(1.0));
        assert_eq!(course.backlog_peak_days, Some(90.0f64 / 100.0));
        assert_eq!(course.backlog_clear_days, Some(1.5));
        assert_eq!((course.time_to_recover_days, course.time_to_recover_restricted_days), (Some(2.0), Some(2.0)));
        assert_eq!(course.resilience_loss_hours, Some(24.0));
        assert_eq!(course.catch_up_hours, Some(12.0));
        assert_eq!(course.lowest_service_ratio, Some(0.0));
    }

    /// Open on five days of seven, down from Wednesday for three weeks: a weekend without work is no recovery.
    #[test]
    fn a_closed_weekend_is_no_recovery() {
        let week = [0.0, 0.0, 0.0, f32::NAN, f32::NAN, 0.0, 0.0];
        let mut ratio = vec![1.0f32, 1.0];
        ratio.extend(week.iter().cycle().take(21));
        ratio.extend([1.0; 5]);
        let backlog = vec![0.0; ratio.len()];
        let onset = SimTime::ZERO + Span::DAY;
        let end = Some(onset + Span::DAY.scaled(21.0));
        let course = of(&backlog, &ratio, &ratio, Span::DAY, Some(onset), end, end, 10.0);
        assert_eq!(course.time_to_recover_days, Some(22.0));
    }

    #[test]
    fn where_nothing_happens_there_is_nothing_to_recover_from() {
        let course = of(&[0.0; 10], &[1.0; 10], &[1.0; 10], Span::DAY, None, None, None, 10.0);
        assert_eq!((course.backlog_peak, course.resilience_loss_hours), (Some(0.0), Some(0.0)));
        assert_eq!((course.time_to_recover_days, course.not_recovered, course.lowest_service_ratio), (None, None, None));
        assert_eq!(course.time_to_recover_restricted_days, None);
        assert_eq!((course.backlog_clear_days, course.backlog_not_cleared, course.metastable), (None, None, None));
    }

    #[test]
    fn that_service_does_not_fall_takes_a_day_to_show() {
        let course = |ratio: f32, onset: f64| {
            let onset = Some(SimTime::ZERO + Span::DAY.scaled(onset));
            of(&[0.0; 21], &[ratio; 21], &[ratio; 21], Span::HOUR.scaled(12.0), onset, None, None, 10.0)
        };
        // The series ends with day 10.
        assert_eq!((course(1.0, 9.0).time_to_recover_days, course(1.0, 9.0).not_recovered), (Some(0.0), Some(0.0)));
        assert_eq!((course(1.0, 9.6).time_to_recover_days, course(1.0, 9.6).not_recovered), (None, Some(1.0)));
        // Nobody is served, with or without it: there is no ratio.
        assert_eq!((course(f32::NAN, 4.0).time_to_recover_days, course(f32::NAN, 4.0).not_recovered), (None, None));
    }

    #[test]
    fn what_does_not_come_back_is_censored_not_averaged() {
        let onset = SimTime::ZERO;
        let course = of(&[5.0; 10], &[0.5; 10], &[0.5; 10], Span::DAY, Some(onset), None, None, 10.0);
        assert_eq!((course.time_to_recover_days, course.not_recovered), (None, Some(1.0)));
        assert_eq!(course.time_to_recover_restricted_days, Some(9.0));
        assert_eq!((course.backlog_clear_days, course.backlog_not_cleared), (None, Some(1.0)));
    }

    #[test]
    fn between_instants_more_than_a_day_apart_nothing_is_told() {
        let onset = Some(SimTime::ZERO + Span::DAY);
        let course = of(&[0.0; 10], &[1.0; 10], &[1.0; 10], Span::HOUR.scaled(25.0), onset, onset, onset, 10.0);
        assert_eq!((course.backlog_peak, course.time_to_recover_days, course.metastable), (None, None, None));
    }
}
