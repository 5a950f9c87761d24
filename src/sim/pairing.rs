//! Each measured prescription beside itself in the twin.

use std::collections::VecDeque;

use super::recorder::Finished;
use crate::stats::QuantileSketch;
use crate::units::Span;

/// Not yet known.
const PENDING: u64 = u64::MAX;
/// It gave up.
const GAVE_UP: u64 = u64::MAX - 1;

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

#[derive(Clone, Copy, Debug)]
struct Pair {
    run: u64,
    twin: u64,
    cell: u32,
}

/// Matches ends in the run with ends in the twin by (site, ordinal). Memory follows what is finished in one world and not in the other: the two
/// are run in lock-step.
#[derive(Debug, Default)]
pub(crate) struct Pairing {
    /// For each site the ordinal of its first open pair, and the pairs from there on.
    sites: Vec<(u32, VecDeque<Pair>)>,
    pub(crate) cells: Vec<PairTally>,
}

impl Pairing {
    /// Forgets everything but keeps the memory. `first_ordinals` holds, for each site, the ordinal of its first measured prescription.
    pub(crate) fn begin(&mut self, first_ordinals: impl Iterator<Item = u32>, cells: u32) {
        for (site, ordinal) in first_ordinals.enumerate() {
            if site == self.sites.len() {
                self.sites.push((0, VecDeque::new()));
            }
            self.sites[site].0 = ordinal;
            self.sites[site].1.clear();
        }
        self.cells.resize_with(cells as usize, PairTally::default);
        for cell in &mut self.cells {
            let mut excess = core::mem::take(&mut cell.excess);
            excess.clear();
            *cell = PairTally { excess, ..PairTally::default() };
        }
    }

    /// Takes note of ends in the run (`twin` false) or in the twin, and closes the pairs that they complete.
    pub(crate) fn take(&mut self, finished: &mut Vec<Finished>, twin: bool) {
        for end in finished.drain(..) {
            let (first, pairs) = &mut self.sites[end.site as usize];
            let place = (end.ordinal - *first) as usize;
            while pairs.len() <= place {
                pairs.push_back(Pair { run: PENDING, twin: PENDING, cell: end.cell });
            }
            let pair = &mut pairs[place];
            pair.cell = end.cell;
            let outcome = end.delay.map_or(GAVE_UP, Span::micros);
            if twin {
                pair.twin = outcome;
            } else {
                pair.run = outcome;
            }
            if pair.run != PENDING && pair.twin != PENDING {
                let closed = *pair;
                self.cells[closed.cell as usize].close(closed);
            }
            while pairs.front().is_some_and(|pair| pair.run != PENDING && pair.twin != PENDING) {
                pairs.pop_front();
                *first += 1;
            }
        }
    }
}

impl PairTally {
    fn close(&mut self, pair: Pair) {
        if pair.run == GAVE_UP || pair.twin == GAVE_UP {
            return;
        }
        self.ready_in_both += 1;
        self.difference += i128::from(pair.run) - i128::from(pair.twin);
        self.excess.push(pair.run.saturating_sub(pair.twin));
    }
}
