//! The highest levels within a stretch of time whose changes are not told in order.

use core::ops::Range;

/// A stretch is looked at in parts, more closely where a level may have been highest: at most so many, of so many changes each.
const MOST_PARTS: usize = 1024;
const CHANGES_IN_A_PART: usize = 64;

/// The highest of each of several levels, whose changes by one within a stretch of time may be told in any order.
///
/// Changes of one level at the same microsecond are taken in the order in which they are told.
///
/// # Cost
/// A change takes eight bytes until the stretch is over. Then it is counted, and only those are sorted that lie in a part of the stretch, of up to
/// 1,024, in which the level can have risen above all that came before: in a level that goes up and down around a mean there is hardly any.
#[derive(Clone, Debug, Default)]
pub struct Peaks {
    /// When, in microseconds from the beginning of the stretch; which level, and in the lowest bit whether it fell.
    changes: Vec<(u32, u32)>,
    /// `parts[which * number of parts + part]`: by how much the level rose, all rises counted, and by how much it is higher at the end than at the beginning.
    parts: Vec<(u32, i32)>,
    suspect: Vec<(u32, u32)>,
}

impl Peaks {
    /// The longest stretch \[µs\].
    pub const LONGEST: u64 = u32::MAX as u64;

    /// A level, counted from 0, has risen by one, or fallen by one, so many microseconds after the stretch began.
    ///
    /// # Panics
    /// If that is more than [`LONGEST`](Self::LONGEST).
    #[inline]
    pub fn change(&mut self, micros: u64, which: u32, rises: bool) {
        assert!(micros <= Self::LONGEST, "a stretch is shorter than that: {micros}");
        self.changes.push((micros as u32, which << 1 | u32::from(!rises)));
    }

    /// The stretch, of so many microseconds, is over: `levels` are those of its beginning, and become those of its end; `highest` is raised to the
    /// highest level of the stretch where that was higher.
    pub fn settle(&mut self, micros: u64, levels: &mut [u64], highest: &mut [u64]) {
        let number = (self.changes.len() / CHANGES_IN_A_PART).clamp(1, MOST_PARTS);
        // Powers of two: a division for each change would take longer than all else.
        let shift = (micros / number as u64).max(1).ilog2();
        let number = (micros >> shift) as usize + 1;
        let part_of = |time: u32| (time >> shift) as usize;
        self.parts.clear();
        self.parts.resize(levels.len() * number, (0, 0));
        for &(time, change) in &self.changes {
            let (rises, net) = &mut self.parts[(change >> 1) as usize * number + part_of(time)];
            let rose = change & 1 == 0;
            *rises += u32::from(rose);
            *net += if rose { 1 } else { -1 };
        }
        for (which, (level, highest)) in levels.iter_mut().zip(highest).enumerate() {
            let parts = which * number..(which + 1) * number;
            let mut before = *level;
            // In place of the rises: whether the level may have been highest here.
            let mut any = false;
            for (rises, net) in &mut self.parts[parts.clone()] {
                let may_be_highest = *rises > 0 && before + u64::from(*rises) > *highest;
                any |= may_be_highest;
                *rises = u32::from(may_be_highest);
                before = before.wrapping_add_signed(i64::from(*net));
            }
            if any {
                *highest = self.highest_of(which as u32, parts, *level, *highest, part_of);
            }
            *level = before;
        }
        self.changes.clear();
    }

    /// Looks closely at the parts that are marked.
    fn highest_of(
        &mut self,
        which: u32,
        parts: Range<usize>,
        mut level: u64,
        mut highest: u64,
        part_of: impl Fn(u32) -> usize,
    ) -> u64 {
        let parts = &self.parts[parts];
        self.suspect.clear();
        let suspect = self.changes.iter().filter(|(time, change)| change >> 1 == which && parts[part_of(*time)].0 > 0);
        self.suspect.extend(suspect);
        self.suspect.sort_by_key(|&(time, _)| time);
        let mut changes = self.suspect.iter().peekable();
        for (part, &(may_be_highest, net)) in parts.iter().enumerate() {
            let end = level.wrapping_add_signed(i64::from(net));
            if may_be_highest > 0 {
                while let Some((_, change)) = changes.next_if(|(time, _)| part_of(*time) == part) {
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
            steps in prop::collection::vec((0_u64..3_000, 0_u32..2, 0_u8..5), 1..300),
            length in 2_000_u64..100_000,
            seed in any::<u64>(),
        ) {
            let (mut levels, mut highest) = ([3_u64, 0], [3_u64, 0]);
            let (mut told_levels, mut told_highest) = (levels, highest);
            let mut peaks = Peaks::default();
            for stretch in steps.chunks(100) {
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
}
