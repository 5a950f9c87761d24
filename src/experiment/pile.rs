//! What a pilot that was stopped has not seen: what piles up by the end, and how often it is tried again until then.

use super::size;
use crate::sim::{Passed, Workspace};
use crate::units::{SimTime, Span};

/// Days that must have been seen since things go as they do: one to be compared with another.
const FEWEST_DAYS: f64 = 2.0;

/// From so many days on the same days of the week are compared.
const WEEKS: f64 = 8.0;

/// Less than this from the earlier days to the last is taken for chance, or for the days of a week, and not for growth.
const GROWTH: f64 = 1.25;

/// What piles up grows with what comes: with its square, if each piece is tried again and again and leaves something behind each time.
const STEEPEST: f64 = 2.0;

/// Nothing piles up before as many prescriptions are on their way as are requested in half a day: in normal service there are half as many at most, by day more
/// than by night.
const PILE: f64 = 0.5;

/// What is to be expected of a replication of which only the beginning was simulated, if it goes on as it has.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct Ahead {
    /// Most prescriptions that were on their way at a time, over run and twin.
    pub(super) seen: f64,
    /// The same of the whole.
    pub(super) foreseen: f64,
    /// Events for each prescription of the whole, over those for each that was simulated.
    pub(super) heavier: f64,
}

impl Ahead {
    /// Before anything has been simulated.
    pub(super) const NOTHING: Self = Self { seen: 0.0, foreseen: 0.0, heavier: 1.0 };
}

/// Looks ahead from where a replication was stopped, in an experiment that goes on until `horizon`.
pub(super) fn ahead(workspace: &Workspace<'_>, horizon: Span) -> Ahead {
    let scenario = workspace.blueprint().scenario();
    let seen = workspace.most_on_their_way() as f64;
    let reached = workspace.passed().last().map_or(Span::ZERO, |last| last.time.since(SimTime::ZERO));
    let mut ahead = Ahead { seen, foreseen: seen, heavier: 1.0 };
    if reached + scenario.run.timeline_step > horizon {
        return ahead;
    }
    let from_start = |time: SimTime| time.since(SimTime::ZERO).min(horizon);
    // What has not begun says nothing of what is seen.
    let spells = workspace.disruptions().iter().filter_map(|(onset, end)| onset.map(|onset| (from_start(onset), *end)));
    let spells: Vec<_> = spells.filter(|(onset, _)| *onset <= reached).collect();
    let onset = spells.iter().map(|(onset, _)| *onset).min();
    let over = spells.iter().map(|(_, end)| end.map_or(horizon, from_start)).max();
    // Things go as they do since the disruption began, and until it is over; or since then; or since the network has filled.
    let (since, until) = match (onset, over) {
        (Some(onset), Some(over)) if over > reached => (onset, over),
        (Some(_), Some(over)) => (over, horizon),
        _ => (scenario.run.warm_up.min(reached), horizon),
    };
    let course = Course {
        passed: workspace.passed(),
        since: since.days(),
        until: until.days(),
        end: horizon.days(),
        per_day: size::requests_per_day(scenario),
    };
    if let Some(level) = course.on_their_way_at_the_end() {
        ahead.foreseen = seen.max(level);
        ahead.heavier = course.heavier();
    }
    ahead
}

/// The course of a replication as far as a pilot came, and where it leads. All times are days since t = 0; what has been requested since then takes the place of
/// the time wherever something grows, so that nights and Sundays do not count.
#[derive(Clone, Copy, Debug)]
struct Course<'a> {
    passed: &'a [Passed],
    /// Since when things go as they do.
    since: f64,
    /// Until when they may go on so.
    until: f64,
    /// The end of the experiment.
    end: f64,
    /// Prescriptions requested in a day.
    per_day: f64,
}

/// A level after so many requests, and the power of them with which it has grown; zero if it has not.
#[derive(Clone, Copy, PartialEq, Debug)]
struct Growth {
    level: f64,
    after: f64,
    power: f64,
}

impl Growth {
    /// From the levels of two windows, each after so many requests in the middle.
    fn between((earlier, x_earlier): (f64, f64), (later, x_later): (f64, f64)) -> Self {
        let slope = crate::math::ln(later / earlier) / crate::math::ln(x_later / x_earlier);
        let grows = later > GROWTH * earlier && x_later > x_earlier;
        Self { level: later, after: x_later, power: if grows { slope.min(STEEPEST) } else { 0.0 } }
    }

    /// The level after `x` requests.
    fn at(self, x: f64) -> f64 {
        self.level * crate::math::pow(x / self.after, self.power)
    }

    /// The sum over all requests from the first number of them to the second.
    fn sum(self, from: f64, to: f64) -> f64 {
        let power = self.power + 1.0;
        self.level * self.after / power * (crate::math::pow(to / self.after, power) - crate::math::pow(from / self.after, power))
    }
}

impl<'a> Course<'a> {
    fn reached(&self) -> f64 {
        self.passed.last().map_or(0.0, |last| days(last.time))
    }

    /// The instants from one day to another; two at least, so that something passes between them.
    fn between(&self, from: f64, to: f64) -> Option<&'a [Passed]> {
        let index = |day: f64| self.passed.partition_point(|passed| days(passed.time) < day - 1e-9);
        let window = self.passed.get(index(from)..=index(to))?;
        (window.len() > 1).then_some(window)
    }

    /// The last days, and as many earlier ones; of the same days of the week, where that is possible. `None` where too little was seen.
    fn windows(&self) -> Option<[&'a [Passed]; 2]> {
        let (reached, seen) = (self.reached(), self.reached() - self.since);
        let (window, lag) = match seen {
            seen if seen >= 2.0 * 7.0 => (7.0, (seen / 2.0 / 7.0).floor() * 7.0),
            seen if seen >= WEEKS => (seen - 7.0, 7.0),
            seen if seen >= FEWEST_DAYS => (seen / 2.0, seen / 2.0),
            _ => return None,
        };
        let end = reached - lag;
        Some([self.between(end - window, end)?, self.between(reached - window, reached)?])
    }

    /// Requested by a day since things go as they do, if as many are as on average.
    fn requested(&self, day: f64) -> f64 {
        let requested = |passed: Option<&Passed>| passed.map_or(0.0, |passed| passed.requested as f64);
        let before = self.passed.partition_point(|passed| days(passed.time) <= self.since).saturating_sub(1);
        let so_far = requested(self.passed.last()) - requested(self.passed.get(before));
        so_far + (day - self.reached()) * self.per_day
    }

    /// Requested in the middle of a window, since things go as they do.
    fn middle(&self, window: &[Passed]) -> f64 {
        let last = self.passed.last().map_or(0, |last| last.requested);
        let mean = window.iter().map(|passed| (last - passed.requested) as f64).sum::<f64>() / window.len() as f64;
        self.requested(self.reached()) - mean
    }

    /// Prescriptions on their way when they stop growing more; `None` where they do not grow into a pile.
    fn on_their_way_at_the_end(&self) -> Option<f64> {
        let level = |window: &[Passed]| window.iter().map(|passed| passed.on_their_way as f64).sum::<f64>() / window.len() as f64;
        let [earlier, later] = self.windows()?;
        let growth = Growth::between((level(earlier), self.middle(earlier)), (level(later), self.middle(later)));
        let piles_up = growth.power > 0.0 && growth.level >= PILE * self.per_day;
        piles_up.then(|| growth.at(self.requested(self.until)))
    }

    /// Events for each prescription to the end, over those for each that was seen. Where nothing piles up that says nothing: what was requested on Saturday goes on
    /// on Sunday, when little is requested.
    fn heavier(&self) -> f64 {
        let each = |window: &[Passed]| {
            let (first, last) = (window.first()?, window.last()?);
            let requested = (last.requested - first.requested) as f64;
            (requested > 0.0).then(|| (last.events - first.events) as f64 / requested)
        };
        let seen = each(self.passed).filter(|seen| *seen > 0.0);
        let windows = self
            .windows()
            .and_then(|[earlier, later]| Some(((each(earlier)?, self.middle(earlier)), (each(later)?, self.middle(later)))));
        let (Some(seen), Some((earlier, later))) = (seen, windows) else { return 1.0 };
        let growth = Growth::between(earlier, later);
        // Where nothing grows it may well be over sooner than all of the disruption is: service comes back in stages.
        if growth.power == 0.0 {
            return 1.0;
        }
        let usual = self.between(0.0, self.since).and_then(each).filter(|_| self.since >= 1.0).unwrap_or(growth.level);
        let (now, until) = (self.requested(self.reached()), self.requested(self.until));
        let so_far = self.passed.last().map_or(0.0, |last| last.requested as f64);
        let afterwards = (self.end - self.until) * self.per_day;
        let all = so_far * seen + growth.sum(now, until) + afterwards * usual;
        let heavier = all / ((so_far + until - now + afterwards) * seen);
        if (1.0 / GROWTH..GROWTH).contains(&heavier) { 1.0 } else { heavier }
    }
}

fn days(time: SimTime) -> f64 {
    time.since(SimTime::ZERO).days()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Weights of the days of the week of a pharmacy that is all but closed on Sundays, as in the national network.
    const WEEK: [f64; 7] = [1.38, 1.2, 1.2, 1.2, 1.2, 0.79, 0.03];

    /// A request each hour of a busy day is this many.
    const A_DAY: f64 = 24_000.0;

    /// What has passed at each step: requests by weekday and hour, a level and events for each request, both of the requests since a day.
    fn course(
        days: f64,
        step: f64,
        first_weekday: usize,
        since: f64,
        level: impl Fn(f64) -> f64,
        each: impl Fn(f64) -> f64,
    ) -> Vec<Passed> {
        let (mut requested, mut events, mut since_then) = (0.0, 0.0, 0.0);
        let rate = |day: f64| {
            let hour = day.fract() * 24.0;
            let open = if (8.0..20.0).contains(&hour) { 1.9 } else { 0.1 };
            A_DAY * WEEK[(day as usize + first_weekday) % 7] * open
        };
        let finest = 1.0 / 48.0;
        let mut passed = vec![Passed { time: SimTime::ZERO, requested: 0, on_their_way: 0, events: 0 }];
        for index in 0..(days / finest).round() as usize {
            let day = index as f64 * finest;
            let more = rate(day) * finest;
            requested += more;
            since_then += if day >= since { more } else { 0.0 };
            events += more * each(since_then);
            let day = day + finest;
            let is_instant = (day / step).round() * step - day;
            if is_instant.abs() < finest / 2.0 {
                // In normal service there are as many as come in an hour or two.
                let on_their_way = rate(day - finest) / 12.0 + level(since_then);
                passed.push(Passed {
                    time: SimTime::ZERO + Span::from_seconds(day * 86_400.0),
                    requested: requested as u64,
                    on_their_way: on_their_way as u64,
                    events: events as u64,
                });
            }
        }
        passed
    }

    fn of(passed: &[Passed], since: f64, until: f64) -> Course<'_> {
        Course { passed, since, until, end: 100.0, per_day: A_DAY }
    }

    /// Within the factor that `check` promises.
    fn is_near(seen: f64, exact: f64) -> bool {
        (1.0 / 1.5..1.5).contains(&(seen / exact))
    }

    fn nothing(_: f64) -> f64 {
        0.0
    }

    #[test]
    fn days_of_the_week_are_no_growth() {
        for first_weekday in 0..7 {
            for reached in 0..30 {
                for (since, step) in [(0.0, 1.0 / 24.0), (2.0, 1.0 / 24.0), (0.0, 13.0 / 24.0), (5.0, 7.0 / 24.0), (0.0, 2.0)] {
                    let passed = course(f64::from(reached), step, first_weekday, since, nothing, |_| 6.0);
                    let course = of(&passed, since, 100.0);
                    let seen = course.on_their_way_at_the_end();
                    assert_eq!(seen, None, "weekday {first_weekday}, {reached} days, since {since}, step {step}");
                }
            }
        }
    }

    #[test]
    fn what_grows_goes_on_growing() {
        for power in [1.0, 1.5, 2.0] {
            let level = |requests: f64| 5.0 * A_DAY * crate::math::pow(requests / A_DAY, power);
            for (since, reached) in [(0.0, 28.0), (10.0, 40.0), (10.0, 19.0), (10.0, 15.0)] {
                let passed = course(reached, 1.0 / 24.0, 2, since, level, |_| 6.0);
                let seen = of(&passed, since, 80.0).on_their_way_at_the_end().expect("it piles up");
                let exact = level((80.0 - since) * A_DAY);
                assert!(is_near(seen, exact), "power {power} since day {since}, seen until {reached}: {seen}, not {exact}");
            }
            // After two days no more is known than that it does.
            let passed = course(12.0, 1.0 / 24.0, 2, 10.0, level, |_| 6.0);
            let (seen, now) = (of(&passed, 10.0, 80.0).on_their_way_at_the_end(), level(2.0 * A_DAY));
            assert!(seen.is_some_and(|seen| seen > 2.0 * now), "power {power}: {seen:?} in the end, {now} now");
        }
    }

    #[test]
    fn what_is_tried_again_and_again_is_work() {
        for power in [1.0, 2.0] {
            // On top of six events for each prescription, more and more since day 10 and until day 80.
            let more = |x: f64| 2.0 * crate::math::pow(x / A_DAY / 10.0, power);
            let passed = course(40.0, 1.0 / 24.0, 0, 10.0, nothing, |x| 6.0 + if x > 0.0 { more(x) } else { 0.0 });
            let whole = 6.0 + more(70.0 * A_DAY) * 0.7 / (power + 1.0);
            let last = passed.last().expect("something passed");
            let exact = whole / (last.events as f64 / last.requested as f64);
            let heavier = of(&passed, 10.0, 80.0).heavier();
            assert!(is_near(heavier, exact), "power {power}: {heavier}, not {exact}");
        }
    }

    #[test]
    fn what_has_stopped_growing_stays() {
        let level = |x: f64| 5.0 * x.min(20.0 * A_DAY);
        let passed = course(45.0, 1.0 / 24.0, 0, 0.0, level, |_| 6.0);
        assert_eq!(of(&passed, 20.0, 100.0).on_their_way_at_the_end(), None);
    }
}
