//! Each measured prescription beside itself in the twin.

use super::recorder::Finished;
use crate::engine::fetch;
use crate::stats::QuantileSketch;

/// What the pairs of one report cell say.
#[derive(Clone, Debug, Default)]
pub(crate) struct PairTally {
    /// Pairs ready in both worlds.
    pub(crate) ready_in_both: u64,
    /// Sum of the differences \[µs\].
    pub(crate) difference: i128,
    /// The differences above zero \[µs\], and zeros for the rest.
    pub(crate) excess: QuantileSketch,
}

/// One end that waits for the other: 16 bytes.
#[derive(Clone, Copy, Debug)]
struct Half {
    ordinal: u32,
    outcome: u64,
    /// It ended in the twin.
    twin: bool,
    /// The other end has come: the place is free.
    closed: bool,
}

/// The halves of one site, ascending by ordinal, with closed ones among them.
#[derive(Debug, Default)]
struct Halves {
    list: Vec<Half>,
    closed: usize,
}

/// Fewer closed halves than this are not worth tidying up.
const TIDY: usize = 32;

impl Halves {
    /// Takes out the other end of a prescription, or keeps this one until it comes.
    fn meet(&mut self, half: Half) -> Option<Half> {
        // Ends come nearly in the order of their ordinals: most places are at the end.
        let place = match self.list.last() {
            Some(last) if last.ordinal >= half.ordinal => self.list.partition_point(|other| other.ordinal < half.ordinal),
            _ => self.list.len(),
        };
        match self.list.get(place).copied() {
            Some(other) if other.ordinal == half.ordinal => {
                debug_assert!(!other.closed && other.twin != half.twin, "each prescription ends once in each world");
                self.list[place].closed = true;
                self.closed += 1;
                self.tidy();
                Some(other)
            }
            _ => {
                self.list.insert(place, half);
                None
            }
        }
    }

    fn tidy(&mut self) {
        while self.list.last().is_some_and(|half| half.closed) {
            self.list.pop();
            self.closed -= 1;
        }
        if self.closed >= TIDY && self.closed * 2 >= self.list.len() {
            self.list.retain(|half| !half.closed);
            self.closed = 0;
        }
    }
}

/// Ends whose halves are asked for together ahead of time: the misses of the cache overlap.
const TOGETHER: usize = 32;

/// Matches ends in the run with ends in the twin by (site, ordinal). Memory follows what has ended in one world and not in the other, and in the
/// last two stretches: the two are run in lock-step.
#[derive(Debug, Default)]
pub(crate) struct Pairing {
    sites: Vec<Halves>,
    /// What has been handed in from the twin and from the run, and not been looked at.
    from_twin: Vec<Finished>,
    from_run: Vec<Finished>,
    pub(crate) cells: Vec<PairTally>,
}

impl Pairing {
    /// Forgets everything but keeps the memory.
    pub(crate) fn begin(&mut self, sites: usize, cells: u32) {
        self.sites.resize_with(sites, Halves::default);
        self.from_twin.clear();
        self.from_run.clear();
        for site in &mut self.sites {
            site.list.clear();
            site.closed = 0;
        }
        self.cells.resize_with(cells as usize, PairTally::default);
        for cell in &mut self.cells {
            let mut excess = core::mem::take(&mut cell.excess);
            excess.clear();
            *cell = PairTally { excess, ..PairTally::default() };
        }
    }

    /// Takes over what has ended in the twin and in the run since the last time; in exchange both get an empty list.
    pub(crate) fn hand_in(&mut self, twin: &mut Vec<Finished>, run: &mut Vec<Finished>) {
        debug_assert!(self.from_twin.is_empty() && self.from_run.is_empty(), "what was handed in before has been settled");
        for (taken, left) in [(&mut self.from_twin, twin), (&mut self.from_run, run)] {
            core::mem::swap(taken, left);
            // So that neither grows again when the two change places.
            left.reserve(taken.capacity());
        }
    }

    /// Closes the pairs that are complete by what has been handed in.
    pub(crate) fn settle(&mut self) {
        let Self { sites, from_twin, from_run, cells } = self;
        for (finished, twin) in [(from_twin, true), (from_run, false)] {
            for ends in finished.chunks(TOGETHER) {
                for end in ends {
                    fetch(&sites[end.site as usize]);
                }
                ends.iter().filter_map(|end| sites[end.site as usize].list.last()).for_each(fetch);
                for end in ends {
                    let half = Half { ordinal: end.ordinal, outcome: end.outcome, twin, closed: false };
                    if let Some(other) = sites[end.site as usize].meet(half) {
                        let (run, twin) = if twin { (other.outcome, end.outcome) } else { (end.outcome, other.outcome) };
                        cells[end.cell as usize].close(run, twin);
                    }
                }
            }
            finished.clear();
        }
    }
}

impl PairTally {
    /// Delays in the run and in the twin \[µs\].
    fn close(&mut self, run: u64, twin: u64) {
        if run == Finished::GAVE_UP || twin == Finished::GAVE_UP {
            return;
        }
        self.ready_in_both += 1;
        self.difference += i128::from(run) - i128::from(twin);
        self.excess.push(run.saturating_sub(twin));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn end(ordinal: u32, delay: Option<u64>) -> Finished {
        Finished { site: 0, ordinal, cell: 0, outcome: delay.unwrap_or(Finished::GAVE_UP) }
    }

    #[test]
    fn ends_meet_in_any_order_and_leave_no_memory_behind() {
        let mut pairing = Pairing::default();
        pairing.begin(1, 1);
        let hand_in = |pairing: &mut Pairing, twin: &[Finished], run: &[Finished]| {
            let (mut twin, mut run) = (twin.to_vec(), run.to_vec());
            pairing.hand_in(&mut twin, &mut run);
            assert!(twin.is_empty() && run.is_empty());
            pairing.settle();
        };
        // The oldest stays open in the run while thousands pass: only it is kept.
        hand_in(&mut pairing, &[end(0, Some(5))], &[]);
        for ordinal in 1..5000 {
            hand_in(&mut pairing, &[end(ordinal, Some(10))], &[end(ordinal, Some(12))]);
        }
        assert!(pairing.sites[0].list.len() <= 2 * TIDY, "{}", pairing.sites[0].list.len());
        hand_in(&mut pairing, &[], &[end(6000, None), end(5500, Some(3))]);
        hand_in(&mut pairing, &[end(5500, Some(4)), end(6000, Some(4))], &[]);
        hand_in(&mut pairing, &[], &[end(0, Some(105))]);
        assert!(pairing.sites[0].list.iter().all(|half| half.closed));
        let cell = &pairing.cells[0];
        assert_eq!(cell.ready_in_both, 5001, "one of them gave up in the run");
        assert_eq!(cell.difference, 4999 * 2 + 100 - 1);
        assert_eq!(cell.excess.count(), 5001);
    }
}
