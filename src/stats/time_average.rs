//! The average over time of a level that changes in steps.

use crate::units::SimTime;

/// Time average of a whole-numbered level that is constant between its changes: number in line, servers busy, stations down.
///
/// The area under the level is kept as a whole number, so the average does not depend on how often the level is told, nor, by
/// [`rise`](Self::rise) and [`fall`](Self::fall), on the order in which its changes are.
/// At first the level is 0 since t = 0.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct TimeAverage {
    /// The area under the level from `since` to `t`, in level times microseconds, is `level * t - moment`.
    moment: i128,
    since: SimTime,
    /// The last update: time must not go back.
    last: SimTime,
    level: u64,
    max: u64,
}

impl TimeAverage {
    /// From `now` on the level is `level`. Time must not go back.
    #[inline]
    pub fn update(&mut self, now: SimTime, level: u64) {
        debug_assert!(now >= self.last, "time must not go back");
        self.moment += product(level, now) - product(self.level, now);
        self.last = now;
        self.level = level;
        self.max = self.max.max(level);
    }

    /// From `now` on the level is higher by one. This and [`fall`](Self::fall) may be told in any order, as long as all are by the time that anything is
    /// read; the maximum is then somebody else's business ([`Peaks`](super::Peaks)).
    #[inline]
    pub fn rise(&mut self, now: SimTime) {
        self.moment += i128::from(now.micros());
        self.level = self.level.wrapping_add(1);
    }

    /// From `now` on the level is lower by one.
    #[inline]
    pub fn fall(&mut self, now: SimTime) {
        self.moment -= i128::from(now.micros());
        self.level = self.level.wrapping_sub(1);
    }

    /// The level was at least this high once.
    #[inline]
    pub fn reached(&mut self, level: u64) {
        self.max = self.max.max(level);
    }

    /// Forgets what was before `now`, but not the level: the end of a warm-up.
    pub fn reset(&mut self, now: SimTime) {
        *self = Self { moment: product(self.level, now), since: now, last: now, level: self.level, max: self.level };
    }

    /// Mean level from the last reset (or t = 0) until `now`; `None` if no time has passed.
    #[must_use]
    pub fn mean(&self, now: SimTime) -> Option<f64> {
        let time = now.since(self.since).micros();
        (time > 0).then(|| (product(self.level, now) - self.moment) as f64 / time as f64)
    }

    /// The level now.
    #[must_use]
    pub const fn level(&self) -> u64 {
        self.level
    }

    /// The highest level since the last reset, the level at that instant included.
    #[must_use]
    pub const fn max(&self) -> u64 {
        self.max
    }
}

/// Level times microseconds.
#[inline]
fn product(level: u64, time: SimTime) -> i128 {
    (u128::from(level) * u128::from(time.micros())).cast_signed()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(micros: u64) -> SimTime {
        SimTime::from_micros(micros)
    }

    #[test]
    fn the_mean_is_the_area_over_the_time() {
        let mut line = TimeAverage::default();
        assert_eq!(line.mean(at(0)), None);
        line.update(at(10), 4);
        line.update(at(30), 1);
        assert_eq!(line.mean(at(40)), Some(90.0 / 40.0));
        assert_eq!((line.level(), line.max()), (1, 4));
    }

    #[test]
    fn a_reset_keeps_the_level_only() {
        let mut line = TimeAverage::default();
        line.update(at(0), 9);
        line.update(at(50), 3);
        line.reset(at(100));
        assert_eq!(line.mean(at(100)), None);
        line.update(at(150), 5);
        assert_eq!(line.mean(at(200)), Some(4.0));
        assert_eq!(line.max(), 5);
    }

    proptest! {
        #[test]
        fn changes_may_be_told_in_any_order(steps in prop::collection::vec((1_u64..1000, 0_i64..50), 1..40), seed in any::<u64>()) {
            let (mut in_order, mut shuffled) = (TimeAverage::default(), TimeAverage::default());
            let mut changes = Vec::new();
            let (mut now, mut level) = (0, 0);
            for &(gap, next) in &steps {
                now += gap;
                in_order.update(at(now), next as u64);
                for _ in level..next {
                    changes.push((now, true));
                }
                for _ in next..level {
                    changes.push((now, false));
                }
                level = next;
            }
            changes.sort_by_key(|&(time, _)| time.wrapping_mul(seed | 1));
            for &(time, rises) in &changes {
                if rises { shuffled.rise(at(time)) } else { shuffled.fall(at(time)) }
            }
            prop_assert_eq!(in_order.mean(at(now + 7)), shuffled.mean(at(now + 7)));
            prop_assert_eq!(in_order.level(), shuffled.level());
        }

        #[test]
        fn idle_updates_change_nothing(steps in prop::collection::vec((1_u64..1000, 0_u64..50), 1..40), extra in 0_usize..40) {
            let (mut plain, mut chatty) = (TimeAverage::default(), TimeAverage::default());
            let mut now = 0;
            for (index, &(gap, level)) in steps.iter().enumerate() {
                if index == extra % steps.len() {
                    chatty.update(at(now + gap / 2), chatty.level());
                }
                now += gap;
                plain.update(at(now), level);
                chatty.update(at(now), level);
            }
            prop_assert_eq!(plain, chatty);
        }
    }
}
