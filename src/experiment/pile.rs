//! What a pilot that was stopped has not seen: what piles up by the end, and how often it is tried again until then.

use crate::sim::Workspace;
use crate::units::{SimTime, Span};

/// Days of growth that must have been seen, so that it can be told from the hours of a day.
const FEWEST_DAYS: usize = 4;

/// Less than this, over half of the time since it began, is taken for chance or for the days of a week, and not for growth.
const GROWTH: f64 = 1.25;

/// What piles up grows with the time: with its square, if each piece is tried again and again and leaves something behind each time.
const STEEPEST: f64 = 2.0;

/// What is to be expected of a replication of which only the beginning was simulated, if it goes on as it has.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct Ahead {
    /// Most prescriptions on their way at a time, over run and twin.
    pub(super) most_on_their_way: f64,
    /// Events of the whole, over those of as many days like the ones that were simulated.
    pub(super) heavier: f64,
}

impl Ahead {
    /// Before anything has been simulated.
    pub(super) const NOTHING: Self = Self { most_on_their_way: 0.0, heavier: 1.0 };
}

/// Looks ahead from where a replication was stopped, in an experiment that goes on until `horizon`.
pub(super) fn ahead(workspace: &Workspace<'_>, horizon: Span) -> Ahead {
    let step = workspace.blueprint().scenario().run.timeline_step;
    let on_their_way = workspace.on_their_way();
    let reached = Span::from_micros(step.micros() * on_their_way.len().saturating_sub(1) as u64);
    let seen = Ahead { most_on_their_way: workspace.most_on_their_way() as f64, heavier: 1.0 };
    if reached + step > horizon {
        return seen;
    }
    let from_start = |time: SimTime| time.since(SimTime::ZERO).min(horizon);
    let spells = || workspace.disruptions().iter().filter_map(|(onset, end)| onset.map(|onset| (onset, *end)));
    let onset = spells().map(|(onset, _)| from_start(onset)).min().filter(|onset| *onset <= reached);
    let over = spells().map(|(_, end)| end.map_or(horizon, from_start)).max().unwrap_or(horizon);
    // What grows does so since the disruption began, and until it is over; or since then; or from the beginning to the end.
    let (since, until) = match onset {
        Some(onset) if over > reached => (onset, over),
        Some(_) => (over, horizon),
        None => (Span::ZERO, horizon),
    };
    let course = Course {
        instants_a_day: ((Span::DAY.micros() / step.micros()) as usize).max(1),
        since: since.days(),
        reached: reached.days(),
        until: until.days(),
        end: horizon.days(),
    };
    Ahead {
        most_on_their_way: seen.most_on_their_way.max(course.level_at_the_end(on_their_way)),
        heavier: course.heavier(workspace.events_since_the_instant_before()),
    }
}

/// Where in a replication a pilot was stopped. All times are days since t = 0.
#[derive(Clone, Copy, Debug)]
struct Course {
    instants_a_day: usize,
    /// Since when things go as they do now.
    since: f64,
    /// How far it came.
    reached: f64,
    /// Until when they may go on so.
    until: f64,
    /// The end of the experiment.
    end: f64,
}

/// A level at the end of a course, and the power of the time since it began with which it has grown; zero if it has not.
#[derive(Clone, Copy, Debug)]
struct Growth {
    level: f64,
    power: f64,
}

impl Course {
    fn growing_for(&self) -> f64 {
        self.reached - self.since
    }

    /// `None` where too little was seen. There is a value for each instant.
    fn growth(&self, values: &[u64]) -> Option<Growth> {
        let days = self.growing_for() as usize;
        // Whole weeks, where there are two.
        let (window, lag) = if days >= 14 { (7, days / 14 * 7) } else { (days / 2, days / 2) };
        let mean = |days_before: usize| {
            let end = values.len().checked_sub(days_before * self.instants_a_day)?;
            let days = values.get(end.checked_sub(window * self.instants_a_day)?..end)?;
            Some(days.iter().sum::<u64>() as f64 / days.len() as f64)
        };
        let (level, before) = (days >= FEWEST_DAYS).then(|| mean(0).zip(mean(lag))).flatten()?;
        // In the middle of the last window, from where it goes on to the end of the course.
        let middle = self.growing_for() - window as f64 / 2.0;
        if level <= GROWTH * before {
            return Some(Growth { level, power: 0.0 });
        }
        let power = (crate::math::ln(level / before) / crate::math::ln(middle / (middle - lag as f64))).min(STEEPEST);
        Some(Growth { level: level * crate::math::pow(self.growing_for() / middle, power), power })
    }

    /// What a level has grown to when it stops growing; zero where it does not.
    fn level_at_the_end(&self, values: &[u64]) -> f64 {
        let growth = self.growth(values).filter(|growth| growth.power > 0.0);
        growth.map_or(0.0, |growth| growth.level * crate::math::pow((self.until - self.since) / self.growing_for(), growth.power))
    }

    /// The sum of all values to the end, over that of as many days like those seen.
    fn heavier(&self, values: &[u64]) -> f64 {
        let sum: f64 = values.iter().sum::<u64>() as f64;
        let Some(growth) = self.growth(values).filter(|_| sum > 0.0) else { return 1.0 };
        let a_day = growth.level * self.instants_a_day as f64;
        // The integral of a power of the time.
        let longer = (self.until - self.since) / self.growing_for();
        let power = growth.power + 1.0;
        let growing = a_day * self.growing_for() * (crate::math::pow(longer, power) - 1.0) / power;
        // Afterwards as it was before it began.
        let before = values.len().min((self.since * self.instants_a_day as f64) as usize);
        let usual = if before < self.instants_a_day { a_day } else { values[..before].iter().sum::<u64>() as f64 / self.since };
        let afterwards = usual * (self.end - self.until);
        let heavier = (sum + growing + afterwards) / (sum / self.reached * self.end);
        if (1.0 / GROWTH..GROWTH).contains(&heavier) { 1.0 } else { heavier }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOURS: f64 = 24.0;

    /// A value each hour: a level and a growth by the day since a day, with an hour of the day and a day of the week on top.
    fn hours(days: usize, level: f64, since: f64, growth: impl Fn(f64) -> f64) -> Vec<u64> {
        let value = |hour: usize| {
            let (day, weekday) = (hour as f64 / HOURS, [0.8, 1.1, 1.0, 1.0, 1.0, 1.2, 0.9][hour / 24 % 7]);
            let hour_of_day = if hour % 24 < 9 { 0.5 } else { 1.3 };
            (level * weekday * hour_of_day + growth((day - since).max(0.0))).round() as u64
        };
        (0..24 * days).map(value).collect()
    }

    fn course(since: f64, reached: usize, until: f64) -> Course {
        Course { instants_a_day: 24, since, reached: reached as f64, until, end: 100.0 }
    }

    #[test]
    fn what_does_not_grow_is_as_it_was() {
        let level = hours(28, 1000.0, 0.0, |_| 0.0);
        assert_eq!(course(0.0, 28, 100.0).level_at_the_end(&level), 0.0, "hours and weekdays are no growth");
        assert_eq!(course(0.0, 28, 100.0).heavier(&level), 1.0);
        let short = hours(3, 0.0, 0.0, |day| 1000.0 * day);
        assert_eq!(
            (course(0.0, 3, 100.0).level_at_the_end(&short), course(0.0, 3, 100.0).heavier(&short)),
            (0.0, 1.0),
            "three days say nothing"
        );
        assert_eq!((course(0.0, 0, 100.0).level_at_the_end(&[]), course(0.0, 0, 100.0).heavier(&[])), (0.0, 1.0));
    }

    #[test]
    fn what_grows_goes_on_growing() {
        let near = |seen: f64, exact: f64| (seen / exact - 1.0).abs() < 0.25;
        for power in [1.0, 1.5, 2.0] {
            let growth = |day: f64| 500.0 * crate::math::pow(day, power);
            for (since, reached) in [(0.0, 28), (10.0, 40), (10.0, 15)] {
                let values = hours(reached, 1.0, since, growth);
                let course = course(since, reached, 80.0);
                let (level, exact) = (course.level_at_the_end(&values), growth(80.0 - since));
                assert!(near(level, exact), "power {power} since day {since}, seen until {reached}: {level}, not {exact}");
            }
        }
    }

    #[test]
    fn what_is_tried_again_and_again_is_work() {
        // Until day 80 growing work on top of 1000 an hour, then as before.
        let whole = |power: f64| (100.0 * 1000.0 + 50.0 * crate::math::pow(70.0, power + 1.0) / (power + 1.0)) * HOURS;
        for power in [1.0, 2.0] {
            let values = hours(40, 1000.0, 10.0, |day| 50.0 * crate::math::pow(day, power));
            let seen = values.iter().sum::<u64>() as f64;
            let (heavier, exact) = (course(10.0, 40, 80.0).heavier(&values), whole(power) / (seen / 40.0 * 100.0));
            assert!((heavier / exact - 1.0).abs() < 0.25, "power {power}: {heavier}, not {exact}");
        }
    }

    #[test]
    fn what_has_stopped_growing_stays() {
        let mut ended = hours(20, 100.0, 0.0, |day| 2000.0 * day);
        ended.extend(hours(20, 100.0, 0.0, |_| 0.0));
        assert_eq!(course(20.0, 40, 100.0).level_at_the_end(&ended), 0.0);
    }
}
