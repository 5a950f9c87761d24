//! The highest levels within a stretch of time whose changes are not told in order.

/// The changes of a level are looked at in parts, more closely where it may have been highest: at most so many parts, of so many changes each.
const MOST_PARTS: u64 = 1 << 15;
const CHANGES_IN_A_PART: u64 = 64;

/// The highest of each of several levels, whose changes by one within a stretch of time may be told in any order.
///
/// Changes of one level at the same microsecond are taken in the order in which they are told.
///
/// # Cost
/// A change takes sixteen bytes, eight of them until the stretch is over. Then changes are counted, level by level, and only those are sorted that lie in a
/// part of the stretch in which the level can have risen above all that came before: in a level that goes up and down around a mean there is hardly any.
/// Nothing is allocated once the memory is there.
#[derive(Clone, Debug, Default)]
pub struct Peaks {
    /// When, in microseconds from the beginning of the stretch; which level, and in the lowest bit whether it fell.
    changes: Vec<(u32, u32)>,
    /// The same level by level, each in the order of telling, and where the changes of each end.
    by_level: Vec<(u32, u32)>,
    ends: Vec<usize>,
    /// By how much a level rose in a part, all rises counted, and by how much it is higher at the end of the part than at its beginning.
    parts: Vec<(u32, i32)>,
    /// Time, order of telling and, in the lowest bit, whether it fell.
    suspect: Vec<u64>,
}

impl Peaks {
    /// The longest stretch \[µs\].
    pub const LONGEST: u64 = u32::MAX as u64;

    /// A level, counted from 0, has risen by one, or fallen by one, so many microseconds after the stretch began.
    ///
    /// # Panics
    /// If that is more than [`LONGEST`](Self::LONGEST).
    #[inline(never)]
    pub fn change(&mut self, micros: u64, which: u32, rises: bool) {
        assert!(micros <= Self::LONGEST, "a stretch is shorter than that: {micros}");
        self.changes.push((micros as u32, which << 1 | u32::from(!rises)));
    }

    /// Forgets what has been told since the last stretch was settled; the memory stays.
    pub fn clear(&mut self) {
        self.changes.clear();
    }

    /// The stretch, of so many microseconds, is over: `levels` are those of its beginning, and become those of its end; `highest` is raised to the
    /// highest level of the stretch where that was higher.
    ///
    /// # Panics
    /// If a change was later than that, or of a level that is not among these; if a level has fallen below zero by the end; or if there is not a highest for
    /// each level.
    pub fn settle(&mut self, micros: u64, levels: &mut [u64], highest: &mut [u64]) {
        assert_eq!(levels.len(), highest.len(), "each level has a highest");
        let latest = self.sort_by_level(levels.len());
        assert!(u64::from(latest) <= micros, "a change is not later than its stretch: {latest}");
        let mut start = 0;
        for (which, (level, highest)) in levels.iter_mut().zip(highest).enumerate() {
            let changes = start..self.ends[which];
            start = changes.end;
            let number = changes.len() as u64;
            let falls: u64 = self.by_level[changes.clone()].iter().map(|(_, change)| u64::from(change & 1)).sum();
            if *level + (number - falls) > *highest {
                *highest = self.highest_of(micros, changes, *level, *highest);
            }
            assert!(*level + number >= 2 * falls, "a level does not fall below zero: {which}");
            *level = *level + number - 2 * falls;
        }
        self.changes.clear();
    }

    /// Puts the changes of each level together: counting sort, which keeps the order of telling. Gives the time of the latest.
    fn sort_by_level(&mut self, levels: usize) -> u32 {
        self.ends.clear();
        self.ends.resize(levels + 1, 0);
        let mut latest = 0;
        for &(time, change) in &self.changes {
            self.ends[(change >> 1) as usize + 1] += 1;
            latest = latest.max(time);
        }
        for which in 1..=levels {
            self.ends[which] += self.ends[which - 1];
        }
        // What is the beginning of a level moves on to its end as the level is filled.
        self.by_level.resize(self.changes.len(), (0, 0));
        for &(time, change) in &self.changes {
            let place = &mut self.ends[(change >> 1) as usize];
            self.by_level[*place] = (time, change);
            *place += 1;
        }
        latest
    }

    /// Looks closely at the parts in which the level may have been highest.
    fn highest_of(&mut self, micros: u64, changes: core::ops::Range<usize>, mut level: u64, mut highest: u64) -> u64 {
        let changes = &self.by_level[changes];
        let most = (changes.len() as u64 / CHANGES_IN_A_PART).clamp(1, MOST_PARTS);
        // Powers of two: a division for each change would take longer than all else.
        let shift = (0..u64::BITS).find(|shift| micros >> shift < most).unwrap_or(0);
        self.parts.clear();
        self.parts.resize((micros >> shift) as usize + 1, (0, 0));
        let part_of = |time: u64| (time >> shift) as usize;
        for &(time, change) in changes {
            let (rises, net) = &mut self.parts[part_of(time.into())];
            *rises += 1 - (change & 1);
            *net += 1 - 2 * (change & 1).cast_signed();
        }
        let mut before = level;
        for (rises, net) in &mut self.parts {
            // In place of the rises: whether the level may have been highest here.
            *rises = u32::from(*rises > 0 && before + u64::from(*rises) > highest);
            before = before.wrapping_add_signed((*net).into());
        }
        self.suspect.clear();
        self.suspect.extend(
            changes
                .iter()
                .zip(0..)
                .filter(|((time, _), _)| self.parts[part_of((*time).into())].0 > 0)
                .map(|(&(time, change), order): (_, u64)| u64::from(time) << u32::BITS | order << 1 | u64::from(change & 1)),
        );
        self.suspect.sort_unstable();
        let mut suspect = self.suspect.iter().peekable();
        for (part, &(may_be_highest, net)) in self.parts.iter().enumerate() {
            let end = level.wrapping_add_signed(net.into());
            if may_be_highest > 0 {
                while let Some(change) = suspect.next_if(|change| part_of(*change >> u32::BITS) == part) {
                    level = level.wrapping_add_signed(if change & 1 == 0 { 1 } else { -1 });
                    highest = highest.max(level);
                }
            }
            level = end;
        }
        highest
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// Two levels over three stretches, told in any order, against both in order.
        #[test]
        fn order_does_not_matter(
            steps in prop::collection::vec((prop_oneof![0_u64..3, 0_u64..3_000], 0_u32..2, 0_u8..5), 1..2_000),
            length in 2_000_u64..1_000_000,
            seed in any::<u64>(),
        ) {
            let (mut levels, mut highest) = ([3_u64, 0], [3_u64, 0]);
            let (mut told_levels, mut told_highest) = (levels, highest);
            let mut peaks = Peaks::default();
            for stretch in steps.chunks(700) {
                let mut changes = Vec::new();
                let mut now = 0;
                for &(gap, which, kind) in stretch {
                    now += gap;
                    let place = which as usize;
                    let rises = kind < 3 || levels[place] == 0;
                    if now <= length {
                        changes.push((now, which, rises));
                        levels[place] = if rises { levels[place] + 1 } else { levels[place] - 1 };
                        highest[place] = highest[place].max(levels[place]);
                    }
                }
                // Any order, but for changes at the same time.
                changes.sort_by_key(|&(time, _, _)| time.wrapping_mul(seed | 1));
                for &(time, which, rises) in &changes {
                    peaks.change(time, which, rises);
                }
                peaks.settle(length, &mut told_levels, &mut told_highest);
                prop_assert_eq!(levels, told_levels);
                prop_assert_eq!(highest, told_highest);
            }
        }
    }

    /// As many levels as a country has pharmacies, of which each changes little: memory follows the changes.
    #[test]
    fn memory_follows_the_changes() {
        let mut peaks = Peaks::default();
        let (mut levels, mut highest) = (vec![0; 50_000], vec![0; 50_000]);
        for time in 0..200_000 {
            peaks.change(time * 17_000, time as u32 % 50_000, time % 100_000 < 50_000);
        }
        peaks.settle(3_600_000_000, &mut levels, &mut highest);
        assert!(levels.iter().all(|&level| level == 0) && highest.iter().all(|&level| level == 1));
        assert!(peaks.parts.capacity() <= 2 * MOST_PARTS as usize, "{}", peaks.parts.capacity());
    }

    /// One rise, told and settled.
    fn settle(time: u64, which: u32, rises: bool, micros: u64) {
        let mut peaks = Peaks::default();
        peaks.change(time, which, rises);
        peaks.settle(micros, &mut [0], &mut [0]);
    }

    #[test]
    #[should_panic(expected = "a change is not later than its stretch")]
    fn nothing_changes_after_the_stretch() {
        settle(10, 0, true, 10);
        settle(12, 0, true, 10);
    }

    #[test]
    #[should_panic(expected = "out of bounds")]
    fn nothing_else_has_a_level() {
        settle(10, 1, true, 10);
    }

    #[test]
    #[should_panic(expected = "a level does not fall below zero")]
    fn no_level_falls_below_zero() {
        settle(10, 0, false, 10);
    }

    #[test]
    #[should_panic(expected = "a stretch is shorter than that")]
    fn a_stretch_has_a_longest_time() {
        Peaks::default().change(Peaks::LONGEST + 1, 0, true);
    }
}
