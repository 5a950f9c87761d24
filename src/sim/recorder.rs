//! The observer that keeps the statistics of one world: streams facts into accumulators, cell by cell and node by node.

use super::observer::{Fact, Observer, Supply};
use crate::engine::fetch;
use crate::stats::{Peaks, QuantileSketch, TimeAverage};
use crate::units::{Money, SimTime, Span};

/// When things are measured.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Window {
    pub(crate) warm_up: SimTime,
    /// Prescriptions requested from `warm_up` up to here are measured.
    pub(crate) last_request: SimTime,
    pub(crate) horizon: SimTime,
}

impl Window {
    pub(crate) fn measures(self, requested: SimTime) -> bool {
        requested >= self.warm_up && requested < self.last_request
    }
}

/// What one report cell has seen.
#[derive(Clone, Debug, Default)]
pub(crate) struct Cell {
    /// Prescriptions requested and neither ready nor given up, now and on average.
    pub(crate) in_system: TimeAverage,
    /// Dispensed but not paid.
    pub(crate) unsettled_now: u64,
    /// Since t = 0.
    pub(crate) requested_ever: u64,
    pub(crate) ready_ever: u64,
    pub(crate) adjudicated_ever: u64,
    pub(crate) gave_up_ever: u64,
    pub(crate) on_trust_ever: u64,
    /// In the measured time.
    pub(crate) submissions: u64,
    pub(crate) claims: u64,
    /// Of the measured prescriptions.
    pub(crate) requested: u64,
    pub(crate) refills: u64,
    pub(crate) gave_up: u64,
    pub(crate) on_trust: u64,
    pub(crate) standby: u64,
    pub(crate) over_24h: u64,
    pub(crate) over_72h: u64,
    pub(crate) cash: u64,
    pub(crate) moved: u64,
    pub(crate) tided_over: u64,
    pub(crate) abandoned: u64,
    /// Sum of the times without supply \[µs\], and how many were longer than nothing, a day, three and seven days.
    pub(crate) gap: u128,
    pub(crate) gap_over: [u64; GAP_LIMITS.len()],
    /// Claims for copay cards answered, and those that could not get through, since t = 0.
    pub(crate) copay_through: u64,
    pub(crate) copay_blocked: u64,
    /// Since t = 0: every submission, and the first ones.
    pub(crate) submissions_ever: u64,
    pub(crate) claims_ever: u64,
    /// Value dispensed and not paid, now \[cents\].
    pub(crate) receivable_now: i64,
    /// Value lost for good in the run \[cents\].
    pub(crate) written_off: i64,
    pub(crate) delays: QuantileSketch,
}

impl Cell {
    /// A prescription is ready after this delay.
    #[inline]
    pub(crate) fn is_ready(&mut self, measured: bool, delay: Span) {
        const THREE_DAYS: Span = Span::from_micros(3 * Span::DAY.micros());
        self.ready_ever += 1;
        if measured {
            self.delays.push(delay.micros());
            self.over_24h += u64::from(delay > Span::DAY);
            self.over_72h += u64::from(delay > THREE_DAYS);
        }
    }
}

/// Times without supply that are counted \[d\].
pub(crate) const GAP_LIMITS: [f64; 4] = [0.0, 1.0, 3.0, 7.0];

/// What one node has seen in the measured time.
#[derive(Clone, Debug, Default)]
pub(crate) struct Node {
    pub(crate) busy: TimeAverage,
    pub(crate) line: TimeAverage,
    pub(crate) served: u64,
    /// Number of its stations that are down.
    pub(crate) down: TimeAverage,
}

/// A measured prescription that has come to its end, for pairing with its twin.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Finished {
    pub(crate) site: u32,
    pub(crate) ordinal: u32,
    pub(crate) cell: u32,
    /// Delay \[µs\], or [`GAVE_UP`](Self::GAVE_UP).
    pub(crate) outcome: u64,
}

impl Finished {
    /// In place of a delay: it gave up.
    pub(crate) const GAVE_UP: u64 = u64::MAX;
}

const _: () = assert!(size_of::<Finished>() == 24, "millions of them are kept for one or two stretches");

/// Statistics of one world in one replication.
#[derive(Debug)]
pub(crate) struct Recorder {
    pub(crate) window: Window,
    pub(crate) cells: Vec<Cell>,
    pub(crate) nodes: Vec<Node>,
    /// Node of each station.
    node_of: Vec<u32>,
    /// When the stretch began whose facts are told out of order; `None` while they are in order.
    out_of_order: Option<SimTime>,
    lines: Lines,
    /// Ends not yet taken, if anybody wants them.
    pub(crate) finished: Vec<Finished>,
    pub(crate) pairs_wanted: bool,
    /// `receipts[site * days + day]`: what each store was paid on each day \[cents\]; empty where money is not followed.
    pub(crate) receipts: Vec<i64>,
    /// Days of the run.
    pub(crate) days: usize,
}

impl Recorder {
    pub(crate) fn new(window: Window, cells: u32, nodes: u32, node_of: Vec<u32>, pairs_wanted: bool) -> Self {
        // Room for every delay from the first: the loop is not to grow it.
        let mut cell = Cell::default();
        cell.delays.reserve_all();
        Self {
            window,
            cells: vec![cell; cells as usize],
            nodes: vec![Node::default(); nodes as usize],
            node_of,
            out_of_order: None,
            lines: Lines::default(),
            finished: Vec::new(),
            pairs_wanted,
            receipts: Vec::new(),
            days: (window.horizon.micros().div_ceil(Span::DAY.micros())) as usize,
        }
    }

    /// Forgets everything but keeps the memory.
    pub(crate) fn clear(&mut self) {
        for cell in &mut self.cells {
            let mut delays = core::mem::take(&mut cell.delays);
            delays.clear();
            *cell = Cell { delays, ..Cell::default() };
        }
        self.nodes.fill(Node::default());
        self.lines.peaks.clear();
        self.finished.clear();
    }

    /// Keeps books for this many sites.
    pub(crate) fn open_books(&mut self, sites: usize) {
        self.receipts.clear();
        self.receipts.resize(sites * self.days, 0);
    }

    /// Begins the time averages anew at the end of the warm-up.
    pub(crate) fn end_warm_up(&mut self) {
        let now = self.window.warm_up;
        for cell in &mut self.cells {
            cell.in_system.reset(now);
        }
        for node in &mut self.nodes {
            node.busy.reset(now);
            node.line.reset(now);
            node.down.reset(now);
            node.served = 0;
        }
    }

    /// A report cell, the node of a station, and when they measure.
    pub(crate) fn cell_and_node(&mut self, cell: u32, station: u32) -> (Window, &mut Cell, &mut Node) {
        let node = self.node_of[station as usize];
        (self.window, &mut self.cells[cell as usize], &mut self.nodes[node as usize])
    }

    #[inline]
    fn cell(&mut self, fact: &Fact) -> &mut Cell {
        &mut self.cells[fact.cell as usize]
    }

    #[inline]
    fn left(&mut self, fact: &Fact, delay: Option<Span>) {
        let measured = self.window.measures(fact.requested);
        let cell = self.cell(fact);
        cell.in_system.fall(fact.now);
        if measured && self.pairs_wanted {
            let outcome = delay.map_or(Finished::GAVE_UP, Span::micros);
            self.finished.push(Finished { site: fact.home, ordinal: fact.ordinal, cell: fact.cell, outcome });
        }
    }
}

/// The longest line of each node in a stretch whose facts are told out of order.
#[derive(Debug, Default)]
struct Lines {
    peaks: Peaks,
    /// At the beginning of the stretch.
    levels: Vec<u64>,
    longest: Vec<u64>,
}

impl Observer for Recorder {
    fn begin_stretch(&mut self, now: SimTime, in_order: bool) {
        self.out_of_order = (!in_order).then_some(now);
        self.lines.levels.clear();
        self.lines.longest.clear();
        if !in_order {
            self.lines.levels.extend(self.nodes.iter().map(|node| node.line.level()));
            self.lines.longest.extend(self.nodes.iter().map(|node| node.line.max()));
        }
    }

    fn end_stretch(&mut self, now: SimTime) {
        let Some(from) = self.out_of_order.take() else { return };
        self.lines.peaks.settle(now.since(from).micros(), &mut self.lines.levels, &mut self.lines.longest);
        for (node, &longest) in self.nodes.iter_mut().zip(&self.lines.longest) {
            node.line.reached(longest);
        }
    }

    fn requested(&mut self, fact: &Fact) {
        let measured = self.window.measures(fact.now);
        let cell = self.cell(fact);
        cell.in_system.rise(fact.now);
        cell.requested_ever += 1;
        cell.requested += u64::from(measured);
    }

    fn refill(&mut self, fact: &Fact) {
        let measured = self.window.measures(fact.now);
        self.cell(fact).refills += u64::from(measured);
    }

    fn ready(&mut self, fact: &Fact) {
        let measured = self.window.measures(fact.requested);
        let delay = fact.now.since(fact.requested);
        let cell = self.cell(fact);
        cell.is_ready(measured, delay);
        cell.on_trust_ever += u64::from(fact.on_trust);
        if measured {
            cell.on_trust += u64::from(fact.on_trust);
            cell.standby += u64::from(fact.standby && !fact.on_trust && !fact.cash);
            cell.cash += u64::from(fact.cash);
        }
        self.left(fact, Some(delay));
    }

    fn gave_up(&mut self, fact: &Fact) {
        let measured = self.window.measures(fact.requested);
        let cell = self.cell(fact);
        cell.gave_up_ever += 1;
        cell.gave_up += u64::from(measured);
        self.left(fact, None);
    }

    fn claim_submitted(&mut self, fact: &Fact, first: bool) {
        let measured = fact.now >= self.window.warm_up;
        let cell = self.cell(fact);
        cell.submissions_ever += 1;
        cell.claims_ever += u64::from(first);
        if measured {
            cell.submissions += 1;
            cell.claims += u64::from(first);
        }
    }

    fn claim_adjudicated(&mut self, fact: &Fact) {
        self.cell(fact).adjudicated_ever += 1;
    }

    fn unsettled(&mut self, fact: &Fact, price: Money, begins: bool) {
        let cell = self.cell(fact);
        cell.unsettled_now = if begins { cell.unsettled_now + 1 } else { cell.unsettled_now - 1 };
        cell.receivable_now += if begins { price.cents() } else { -price.cents() };
    }

    fn supplied(&mut self, fact: &Fact, supply: Supply) {
        if !self.window.measures(fact.requested) {
            return;
        }
        let cell = self.cell(fact);
        cell.abandoned += u64::from(supply.abandoned);
        cell.gap += u128::from(supply.gap.micros());
        for (count, limit) in cell.gap_over.iter_mut().zip(GAP_LIMITS) {
            *count += u64::from(supply.gap > Span::DAY.scaled(limit));
        }
    }

    fn paid(&mut self, site: u32, at: SimTime, amount: Money) {
        let day = (at.micros() / Span::DAY.micros()) as usize;
        if day < self.days {
            self.receipts[site as usize * self.days + day] += amount.cents();
        }
    }

    fn written_off(&mut self, fact: &Fact, price: Money) {
        self.cell(fact).written_off += price.cents();
    }

    fn copay_claim(&mut self, fact: &Fact, through: bool) {
        let cell = self.cell(fact);
        cell.copay_through += u64::from(through);
        cell.copay_blocked += u64::from(!through);
    }

    fn tided_over(&mut self, fact: &Fact) {
        let measured = self.window.measures(fact.requested);
        self.cell(fact).tided_over += u64::from(measured);
    }

    fn moved(&mut self, fact: &Fact) {
        let measured = self.window.measures(fact.requested);
        self.cell(fact).moved += u64::from(measured);
    }

    #[inline]
    fn fetch(&self, station: u32) {
        fetch(&self.node_of[station as usize]);
    }

    fn busy_changed(&mut self, now: SimTime, station: u32, change: i32) {
        let node = &mut self.nodes[self.node_of[station as usize] as usize];
        if change > 0 { node.busy.rise(now) } else { node.busy.fall(now) }
    }

    fn line_changed(&mut self, now: SimTime, station: u32, change: i32) {
        let index = self.node_of[station as usize];
        let line = &mut self.nodes[index as usize].line;
        if change > 0 {
            line.rise(now);
        } else {
            line.fall(now);
        }
        match self.out_of_order {
            None => line.reached(line.level()),
            Some(from) => self.lines.peaks.change(now.since(from).micros(), index, change > 0),
        }
    }

    fn served(&mut self, _now: SimTime, station: u32) {
        self.nodes[self.node_of[station as usize] as usize].served += 1;
    }

    fn availability_changed(&mut self, now: SimTime, station: u32, available: bool) {
        let node = &mut self.nodes[self.node_of[station as usize] as usize];
        if available { node.down.fall(now) } else { node.down.rise(now) }
    }
}
