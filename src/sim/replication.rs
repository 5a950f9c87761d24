//! One replication: the run and its twin in lock-step, and what is read off them.

use core::sync::atomic::{AtomicBool, Ordering};

use super::Needs;
use super::blueprint::Blueprint;
use super::course;
use super::endings::{self, Endings};
use super::event::Event;
use super::metrics::{METRICS, NODE_METRICS, SERIES, Seen, Series, Totals};
use super::money::CashBooks;
use super::pairing::Pairing;
use super::recorder::{Recorder, Window};
use super::recursion::Recursion;
use super::result::{GroupDelays, ReplicationResult};
use super::world::{Site, World};
use crate::disruption::Timeline;
use crate::engine::{Calendar, run_some};
use crate::random::Chance;
use crate::scenario::Members;
use crate::stats::QuantileSketch;
use crate::units::{SimTime, Span};

/// Delays of the distribution tables: from a second on, this many for each factor of ten.
const DELAYS_PER_DECADE: u32 = 20;

/// A node of `nodes.csv`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NodeInfo {
    /// Id in the scenario.
    pub id: String,
    /// Role: `pharmacy`, `prescribing_network`, `clearinghouse`, `payer` or `link`.
    pub role: &'static str,
}

/// What all replications of a scenario share beside the blueprint: what is measured, and on which grids.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Instants of the timeline: `0, step, 2 step, ...` up to the horizon.
    pub instants: Vec<SimTime>,
    /// Delays of the distribution tables \[µs\]: bucket edges of the sketch, so that counts are exact.
    pub delay_grid: Vec<u64>,
    /// Nodes of the node table.
    pub nodes: Vec<NodeInfo>,
    pub(super) window: Window,
    /// Report cells of each group.
    pub(super) group_cells: Vec<Vec<u32>>,
    /// Whether the group is of a payer or a drug class, whose sites are all sites.
    pub(super) group_is_everywhere: Vec<bool>,
    node_of_station: Vec<u32>,
    /// Whether anything ever comes to a node: not to a link without latency that nothing can hit, which claims step across.
    is_visited: Vec<bool>,
    /// By drug class.
    doses_per_day: Vec<f64>,
    step: Span,
    scale: f64,
    knows_kinds: bool,
}

impl Plan {
    /// The plan for a scenario.
    #[must_use]
    pub fn new(blueprint: &Blueprint<'_>) -> Self {
        let scenario = blueprint.scenario;
        let run = &scenario.run;
        let count = run.horizon.micros() / run.timeline_step.micros();
        let instants = (0..=count).map(|k| SimTime::from_micros(k * run.timeline_step.micros())).collect();
        let network = &scenario.network;

        let mut nodes: Vec<NodeInfo> =
            network.services.iter().map(|service| NodeInfo { id: service.id.clone(), role: service.role.name() }).collect();
        nodes.extend(network.links.iter().map(|link| {
            let id = |service: crate::network::ServiceId| network.services[usize::from(service.0)].id.as_str();
            NodeInfo { id: format!("{}->{}", id(link.from), id(link.to)), role: "link" }
        }));
        let first_group = nodes.len() as u32;
        let services = network.services.len() as u32;
        let is_visited = |node: u32| !(services..first_group).contains(&node) || blueprint.crosses(node);
        nodes.extend(network.pharmacies.iter().map(|group| NodeInfo { id: group.id.clone(), role: "pharmacy" }));
        let mut node_of_station: Vec<u32> = (0..first_group).collect();
        node_of_station.extend(blueprint.group_of.iter().map(|group| first_group + group));

        let report = blueprint.report();
        Self {
            is_visited: (0..nodes.len() as u32).map(is_visited).collect(),
            instants,
            delay_grid: delay_grid(run.follow_up),
            nodes,
            window: Window {
                warm_up: SimTime::ZERO + run.warm_up,
                last_request: SimTime::ZERO + (run.horizon - run.follow_up),
                horizon: SimTime::ZERO + run.horizon,
            },
            group_cells: report.groups.iter().map(|group| report.cells_of(&group.members)).collect(),
            group_is_everywhere: report
                .groups
                .iter()
                .map(|group| matches!(group.members, Members::Payer(_) | Members::Class(_)))
                .collect(),
            node_of_station,
            doses_per_day: scenario.prescriptions.attributes.classes.iter().map(|class| class.doses_per_day).collect(),
            step: run.timeline_step,
            scale: run.scale,
            knows_kinds: Needs::KINDS.met_by(Needs::of(scenario)),
        }
    }
}

/// Delays from a second up to the follow-up, evenly spaced on a logarithmic axis, moved to the bucket edges of the sketch. Every measured
/// prescription is followed for that long, so that the shares are not censored.
fn delay_grid(follow_up: Span) -> Vec<u64> {
    let mut grid = vec![0];
    for index in 0.. {
        let seconds = crate::math::pow(10.0, f64::from(index) / f64::from(DELAYS_PER_DECADE));
        let edge = QuantileSketch::edge_at_or_above(Span::from_seconds(seconds).micros());
        if edge > follow_up.micros() {
            return grid;
        }
        if grid.last() != Some(&edge) {
            grid.push(edge);
        }
    }
    grid
}

/// One world with its calendar and what is noted of it on the grid.
#[derive(Debug)]
struct Side<'b> {
    world: World<'b, Recorder>,
    calendar: Calendar<Event>,
    /// `notes[(group * NOTES + note) * instants + k]`.
    notes: Vec<f64>,
    totals: Vec<Totals>,
    events: u64,
    /// In place of the calendar, where the scenario allows it.
    recursion: Option<Recursion>,
}

/// What has passed in a replication by an instant of its timeline.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Passed {
    /// The instant.
    pub time: SimTime,
    /// Prescriptions requested so far, in the run.
    pub requested: u64,
    /// Prescriptions on their way, over run and twin.
    pub on_their_way: u64,
    /// Events so far, over run and twin.
    pub events: u64,
}

/// So many events take a second or so: after them somebody who wants a run to stop is asked, also if no time has passed. Only what one site does by itself
/// within an hour is not broken off.
pub(super) const MANY: u64 = 1 << 22;

/// Numbers of each group that are noted at each instant.
pub(crate) const NOTES: usize = 13;

/// The memory of a replication, reused by the next: after the first, the loop allocates nothing.
#[derive(Debug)]
pub struct Workspace<'b> {
    blueprint: &'b Blueprint<'b>,
    plan: &'b Plan,
    run: Side<'b>,
    twin: Option<Side<'b>>,
    pairing: Pairing,
    hit: Vec<bool>,
    endings: Endings,
    sites_connected: Vec<(u64, u64)>,
    /// What has passed by each instant, where that is asked for.
    passed: Option<Vec<Passed>>,
    excess: QuantileSketch,
    /// The twin runs on a thread of its own.
    twin_apart: bool,
    attempts: u32,
}

impl<'b> Workspace<'b> {
    /// A workspace for the replications of a scenario: with a twin, if anything disrupts it.
    #[must_use]
    pub fn new(blueprint: &'b Blueprint<'b>, plan: &'b Plan) -> Self {
        Self::build(blueprint, plan, blueprint.scenario.is_disrupted())
    }

    /// A workspace that simulates no twin, also where there are disruptions, in half of the time. What compares a run with its twin
    /// ([`Needs::TWIN`]) has no value then; all else has the same.
    #[must_use]
    pub fn without_twin(blueprint: &'b Blueprint<'b>, plan: &'b Plan) -> Self {
        Self::build(blueprint, plan, false)
    }

    fn build(blueprint: &'b Blueprint<'b>, plan: &'b Plan, has_twin: bool) -> Self {
        let side = || {
            let cells = blueprint.report().cells();
            let nodes = plan.nodes.len() as u32;
            let recorder = Recorder::new(plan.window, cells, nodes, plan.node_of_station.clone(), has_twin);
            let mut world = World::new(blueprint, recorder);
            let recursion = Recursion::new(blueprint);
            world.keep_sites_apart(recursion.is_none());
            Side {
                world,
                calendar: Calendar::new(),
                notes: vec![0.0; plan.group_cells.len() * NOTES * plan.instants.len()],
                totals: vec![Totals::default(); plan.group_cells.len()],
                events: 0,
                recursion,
            }
        };
        Self {
            blueprint,
            plan,
            run: side(),
            twin: has_twin.then(side),
            pairing: Pairing::default(),
            hit: Vec::new(),
            endings: Endings::default(),
            sites_connected: Vec::new(),
            passed: None,
            excess: QuantileSketch::default(),
            twin_apart: false,
            attempts: 0,
        }
    }

    /// Lets the twin run on a thread of its own, between the instants of the timeline: for few long replications on more threads than these.
    /// The two share nothing meanwhile, so that results are the same.
    #[must_use]
    pub fn with_twin_apart(mut self) -> Self {
        self.twin_apart = true;
        self
    }

    /// Keeps what has passed by each instant of the timeline: see [`Workspace::passed`].
    #[must_use]
    pub fn with_passed(mut self) -> Self {
        self.passed = Some(Vec::with_capacity(self.plan.instants.len()));
        self
    }

    /// Keeps everything that is pending in one calendar, also where sites could be advanced one after the other: the same results, later.
    #[must_use]
    pub fn with_one_calendar(mut self) -> Self {
        core::iter::once(&mut self.run).chain(&mut self.twin).for_each(|side| side.world.keep_sites_apart(false));
        self
    }

    /// Runs replication `index`: a function of scenario, seed and index, and of nothing else.
    pub fn replicate(&mut self, index: u32) -> ReplicationResult {
        self.simulate(index, |_| false);
        self.read(index)
    }

    /// The same, unless `stop` says so before it is finished: it is asked at each instant of the timeline, and in between where a great deal happens between
    /// two of them. It is told how many bytes of memory may be taken all at once before it is asked again: none, mostly.
    pub fn replicate_unless(&mut self, index: u32, stop: impl Fn(u64) -> bool) -> Option<ReplicationResult> {
        self.simulate(index, stop).then(|| self.read(index))
    }

    /// Runs both worlds from t = 0 to the horizon; false if `stop` said so before, see [`Workspace::replicate_unless`].
    pub fn simulate(&mut self, index: u32, stop: impl Fn(u64) -> bool) -> bool {
        core::iter::once(&mut self.run).chain(&mut self.twin).for_each(|side| side.world.rooms.forget());
        self.attempts = 0;
        let is_stopped = AtomicBool::new(false);
        let stop = |at_once| {
            let stops = stop(at_once);
            is_stopped.fetch_or(stops, Ordering::Relaxed);
            stops
        };
        loop {
            self.attempts += 1;
            let is_finished = self.attempt(index, &stop);
            let begins_anew = self.sides().any(|side| side.world.has_to_begin_anew()) && !is_stopped.load(Ordering::Relaxed);
            if is_finished || !begins_anew {
                return is_finished;
            }
        }
    }

    /// Runs both worlds from t = 0 to the horizon; false if `stop` said so before, or one has to begin anew.
    fn attempt(&mut self, index: u32, stop: &impl Fn(u64) -> bool) -> bool {
        let (blueprint, plan) = (self.blueprint, self.plan);
        let scenario = blueprint.scenario;
        let chance = Chance::new(scenario.run.seed, index);
        let places = &blueprint.places;
        if let Some(passed) = &mut self.passed {
            passed.clear();
        }
        let timeline = blueprint.timeline(chance);

        self.hit.clear();
        self.hit.resize(places.site(blueprint.sites()) as usize, false);
        for (_, target) in scenario.disruptions() {
            for station in places.hit_by(target, &scenario.network) {
                self.hit[station as usize] = true;
            }
        }
        self.run.begin(chance, timeline, &self.hit);
        if let Some(twin) = &mut self.twin {
            twin.begin(chance, Timeline::default(), &self.hit);
        }
        self.endings.note(&mut self.run.world, &self.hit);
        // Only prescriptions that are measured are paired: there are none before the end of the warm-up.
        self.pairing.begin(self.run.world.sites.len(), blueprint.report().cells());

        let mut warm = false;
        let mut most = [0; 2];
        for k in 0..plan.instants.len() {
            if stop(self.soon_at_once(&mut most)) {
                return false;
            }
            let instant = plan.instants[k];
            if !warm && plan.window.warm_up <= instant {
                if !self.advance(plan.window.warm_up, stop) {
                    return false;
                }
                self.end_warm_up();
                warm = true;
            }
            if !self.advance(instant, stop) {
                return false;
            }
            self.note(k);
            if self.passed.is_some() {
                let now = self.passed_by(instant);
                self.passed.iter_mut().for_each(|passed| passed.push(now));
            }
        }
        if !warm {
            if !self.advance(plan.window.warm_up, stop) {
                return false;
            }
            self.end_warm_up();
        }
        if !self.advance(plan.window.horizon, stop) {
            return false;
        }
        self.pairing.settle();
        for side in core::iter::once(&mut self.run).chain(&mut self.twin) {
            side.world.close(plan.window.horizon);
        }
        true
    }

    /// How often the last replication was begun: once, mostly. More often where somebody had to wait at a service where sites had been advanced as if nobody
    /// did.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.attempts
    }

    /// Prescriptions requested since the replication began, in the run.
    #[must_use]
    pub fn requested(&self) -> u64 {
        self.run.world.sites.iter().map(|site| site.requested).sum()
    }

    /// Most prescriptions that were on their way at a time since the replication began, over run and twin: as many have memory.
    #[must_use]
    pub fn most_on_their_way(&self) -> u64 {
        self.sides().map(|side| u64::from(side.world.pool.len())).sum()
    }

    /// What has passed since the replication began, by each instant of the timeline that was reached; nothing, unless asked for by [`Workspace::with_passed`].
    #[must_use]
    pub fn passed(&self) -> &[Passed] {
        self.passed.as_deref().unwrap_or_default()
    }

    /// When each disruption begins and ends, in the order of [`Timeline::spans`]; `None` if not within the run.
    #[must_use]
    pub fn disruptions(&self) -> &[(Option<SimTime>, Option<SimTime>)] {
        &self.run.world.timeline.spans
    }

    fn passed_by(&self, time: SimTime) -> Passed {
        Passed {
            time,
            requested: self.requested(),
            on_their_way: self.sides().map(|side| u64::from(side.world.pool.live())).sum(),
            events: self.sides().map(|side| side.events).sum(),
        }
    }

    /// Bytes that the pools of run and twin may take at once when they next grow. One that has not grown since it was asked last, when it held `most`, will not
    /// soon.
    fn soon_at_once(&self, most: &mut [u32; 2]) -> u64 {
        let mut bytes = 0;
        for (side, most) in self.sides().zip(most) {
            let len = side.world.pool.len();
            bytes += if len > *most { side.world.pool.soon_at_once() } else { 0 };
            *most = len;
        }
        bytes
    }

    fn sides(&self) -> impl Iterator<Item = &Side<'b>> {
        core::iter::once(&self.run).chain(&self.twin)
    }

    fn end_warm_up(&mut self) {
        for side in core::iter::once(&mut self.run).chain(&mut self.twin) {
            side.world.observer_mut().end_warm_up();
        }
    }

    /// Both worlds up to the same instant; false if `stop` said so on the way. What has ended in them by then is paired as the next stretch begins, on the
    /// twin's thread: the run takes longer.
    fn advance(&mut self, end: SimTime, stop: &impl Fn(u64) -> bool) -> bool {
        let (run, pairing) = (&mut self.run, &mut self.pairing);
        let is_over = AtomicBool::new(false);
        let stop = || {
            let stops = stop(0);
            is_over.fetch_or(stops, Ordering::Relaxed);
            stops
        };
        let goes_on = match &mut self.twin {
            Some(twin) if self.twin_apart => std::thread::scope(|threads| {
                threads.spawn(|| {
                    pairing.settle();
                    let goes_on = twin.advance(end, &|| is_over.load(Ordering::Relaxed));
                    is_over.fetch_or(!goes_on, Ordering::Relaxed);
                });
                run.advance(end, &stop)
            }),
            Some(twin) => {
                pairing.settle();
                twin.advance(end, &stop) && run.advance(end, &stop)
            }
            None => run.advance(end, &stop),
        };
        if !goes_on || is_over.into_inner() {
            return false;
        }
        if let Some(twin) = &mut self.twin {
            pairing.hand_in(&mut twin.world.observer_mut().finished, &mut run.world.observer_mut().finished);
        }
        // Every count against the prescriptions themselves: a full scan, in builds with assertions only. Without events there are none.
        if cfg!(debug_assertions) && self.run.recursion.is_none() {
            self.run.world.assert_consistent();
            self.twin.iter().for_each(|twin| twin.world.assert_consistent());
        }
        true
    }

    fn note(&mut self, k: usize) {
        let instants = self.plan.instants.len();
        for side in core::iter::once(&mut self.run).chain(&mut self.twin) {
            let cells = &side.world.observer().cells;
            self.sites_connected.clear();
            self.sites_connected.resize(cells.len(), (0, 0));
            for (cell, connected) in side.world.connections() {
                let counts = &mut self.sites_connected[cell as usize];
                counts.0 += u64::from(connected);
                counts.1 += 1;
            }
            for (group, group_cells) in self.plan.group_cells.iter().enumerate() {
                let mut sums = [0u64; NOTES - 1];
                let mut sites = (0u64, 0u64);
                for &cell in group_cells {
                    let seen = &cells[cell as usize];
                    let values = [
                        seen.in_system.level(),
                        seen.unsettled_now,
                        seen.ready_ever,
                        seen.adjudicated_ever,
                        seen.gave_up_ever,
                        seen.on_trust_ever,
                        seen.submissions_ever,
                        seen.claims_ever,
                        seen.copay_through,
                        seen.copay_blocked,
                        seen.receivable_now.unsigned_abs(),
                        seen.requested_ever,
                    ];
                    sums.iter_mut().zip(values).for_each(|(sum, value)| *sum += value);
                    let counts = self.sites_connected[cell as usize];
                    sites = (sites.0 + counts.0, sites.1 + counts.1);
                }
                if self.plan.group_is_everywhere[group] {
                    sites = self.sites_connected.iter().fold((0, 0), |sum, counts| (sum.0 + counts.0, sum.1 + counts.1));
                }
                for (note, sum) in sums.iter().enumerate() {
                    side.notes[(group * NOTES + note) * instants + k] = *sum as f64;
                }
                let share = if sites.1 == 0 { f64::NAN } else { sites.0 as f64 / sites.1 as f64 };
                side.notes[(group * NOTES + NOTES - 1) * instants + k] = share;
            }
        }
    }

    /// Reads the results off the two worlds.
    fn read(&mut self, index: u32) -> ReplicationResult {
        let plan = self.plan;
        for side in core::iter::once(&mut self.run).chain(&mut self.twin) {
            side.sum_up(plan);
        }
        let mut result = ReplicationResult {
            index,
            values: Vec::with_capacity(plan.group_cells.len() * METRICS.len()),
            delays: Vec::with_capacity(plan.group_cells.len()),
            series: vec![f32::NAN; plan.group_cells.len() * SERIES.len() * plan.instants.len()],
            nodes: self.node_values(),
            disruptions: self.run.world.timeline.spans.clone(),
            prescriptions: self.requested(),
            events: self.run.events + self.twin.as_ref().map_or(0, |twin| twin.events),
        };
        for group in 0..plan.group_cells.len() {
            let books = self.read_books(group);
            self.read_series(group, &books, &mut result.series);
            let (mut ready_in_both, mut difference) = (0, 0);
            self.excess.clear();
            if self.twin.is_some() {
                for &cell in &plan.group_cells[group] {
                    let pairs = &self.pairing.cells[cell as usize];
                    ready_in_both += pairs.ready_in_both;
                    difference += pairs.difference;
                    self.excess.merge(&pairs.excess);
                }
            }
            let twin = self.twin.as_ref().map(|twin| &twin.totals[group]);
            // Ordinary failures come and go: there is no one fall to recover from.
            let spells = self.blueprint.scenario.spells();
            let course = twin.filter(|_| spells > 0).map(|totals| {
                let instants = plan.instants.len();
                let series = |wanted: Series| {
                    let first = (group * SERIES.len() + wanted as usize) * instants;
                    &result.series[first..first + instants]
                };
                let measured_days = plan.window.last_request.since(plan.window.warm_up).days();
                let spans = &result.disruptions[..spells];
                let all_over = endings::of_all(spans);
                course::of(
                    series(Series::Backlog),
                    series(Series::ServiceRatio),
                    series(Series::ClaimRatio),
                    plan.step,
                    spans.iter().filter_map(|(onset, _)| *onset).min(),
                    self.endings.of_group(group, plan, all_over),
                    all_over,
                    totals.requested as f64 / measured_days,
                )
            });
            let run = &self.run.totals[group];
            let first = (group * SERIES.len() + Series::RetryAmplification as usize) * plan.instants.len();
            let warm = plan.instants.partition_point(|&instant| instant <= plan.window.warm_up);
            let largest = |series: &[f32]| series.iter().copied().filter(|value| !value.is_nan()).map(f64::from).reduce(f64::max);
            let amplification_peak = largest(&result.series[first + warm..first + plan.instants.len()]);
            let first = (group * SERIES.len() + Series::Receivables as usize) * plan.instants.len();
            let receivables_peak = largest(&result.series[first..first + plan.instants.len()]);
            let seen = Seen {
                run,
                twin,
                ready_in_both,
                difference,
                excess: &self.excess,
                course: course.unwrap_or_default(),
                everyone: &self.run.totals[0],
                amplification_peak,
                receivables_peak,
                cash_books: books,
            };
            result.values.extend(METRICS.iter().map(|metric| metric.compute(&seen)));
            let waiting = |totals: &Totals| {
                let gone = totals.requested - totals.delays.count();
                plan.delay_grid.iter().map(|&edge| totals.delays.exceeding(edge) + gone).collect()
            };
            result.delays.push(GroupDelays {
                requested: run.requested,
                waiting: waiting(run),
                waiting_twin: twin.map(waiting).unwrap_or_default(),
            });
        }
        result
    }

    fn read_series(&self, group: usize, books: &CashBooks, series: &mut [f32]) {
        let instants = self.plan.instants.len();
        let step = self.plan.step;
        let run = self.run.note_rows(group, instants);
        let mut put = |wanted: Series, value: &dyn Fn(usize) -> f64| {
            let first = (group * SERIES.len() + wanted as usize) * instants;
            for (k, cell) in series[first..first + instants].iter_mut().enumerate() {
                *cell = value(k) as f32;
            }
        };
        put(Series::InSystem, &|k| run[0][k]);
        put(Series::RequestedPerHour, &|k| per_hour(run[11], k, step));
        put(Series::Unsettled, &|k| run[1][k]);
        put(Series::ReadyPerHour, &|k| per_hour(run[2], k, step));
        put(Series::AdjudicatedPerHour, &|k| per_hour(run[3], k, step));
        put(Series::GaveUp, &|k| run[4][k]);
        put(Series::OnTrust, &|k| run[5][k]);
        put(Series::ConnectedShare, &|k| run[NOTES - 1][k]);
        let increase = |note: usize, k: usize| run[note][k] - run[note][k - 1];
        // Where nothing is submitted for the first time there is nothing to compare with.
        let amplification = |k: usize| if increase(7, k) > 0.0 { increase(6, k) / increase(7, k) } else { f64::NAN };
        put(Series::RetryAmplification, &|k| if k == 0 { f64::NAN } else { amplification(k) });
        let has = Needs::of(self.blueprint.scenario);
        if Needs::COPAY.met_by(has) {
            let steps = steps_of_a_day(step);
            put(Series::CopayThrough, &|k| {
                let from = k.saturating_sub(steps);
                let (through, blocked) = (run[8][k] - run[8][from], run[9][k] - run[9][from]);
                through / (through + blocked)
            });
        }
        if Needs::PRICES.met_by(has) {
            put(Series::Receivables, &|k| books.per_store(run[10][k] / 100.0).unwrap_or(f64::NAN));
        }
        if !books.gap.is_empty() {
            put(Series::CashGap, &|k| {
                let days = (self.plan.instants[k].micros() / Span::DAY.micros()) as usize;
                if days == 0 { 0.0 } else { books.gap[(days - 1).min(books.gap.len() - 1)] }
            });
        }
        if let Some(twin) = &self.twin {
            let twin = twin.note_rows(group, instants);
            put(Series::InSystemTwin, &|k| twin[0][k]);
            put(Series::Backlog, &|k| run[0][k] - twin[0][k]);
            put(Series::ReadyPerHourTwin, &|k| per_hour(twin[2], k, step));
            put(Series::AdjudicatedPerHourTwin, &|k| per_hour(twin[3], k, step));
            put(Series::ExcessGaveUpPerHour, &|k| per_hour(run[4], k, step) - per_hour(twin[4], k, step));
            put(Series::ServiceRatio, &|k| trailing_ratio(run[2], twin[2], k, step));
            put(Series::ClaimRatio, &|k| trailing_ratio(run[3], twin[3], k, step));
        }
    }

    /// The books of a group's stores; of all stores, where the group is a drug class, which has none of its own.
    fn read_books(&self, group: usize) -> CashBooks {
        let world = &self.run.world;
        let belongs = |site: &&Site| self.plan.group_is_everywhere[group] || self.plan.group_cells[group].contains(&site.cell);
        let stores = || world.sites.iter().enumerate().filter(|(_, site)| belongs(site)).map(|(index, _)| index);
        let (Some(money), Some(twin), false) = (&self.blueprint.scenario.money, &self.twin, self.plan.group_is_everywhere[group])
        else {
            return CashBooks::closed(stores().count() as u64);
        };
        let (run, twin) = (world.observer(), twin.world.observer());
        let days = run.days;
        let of_store = |index: usize| {
            let own = index * days..(index + 1) * days;
            (&run.receipts[own.clone()], &twin.receipts[own])
        };
        let followed = stores().filter(|&index| money.groups[world.sites[index].group as usize]);
        CashBooks::of(stores().count() as u64, followed.map(of_store), money.reserve, days)
    }

    fn node_values(&self) -> Vec<Option<f64>> {
        let horizon = self.plan.window.horizon;
        let world = &self.run.world;
        let mut servers = vec![Some(0.0); self.plan.nodes.len()];
        let mut stations = vec![0.0; self.plan.nodes.len()];
        for (station, &node) in world.stations.iter().zip(&self.plan.node_of_station) {
            let unlimited = station.servers == u32::MAX;
            servers[node as usize] = servers[node as usize].filter(|_| !unlimited).map(|sum| sum + f64::from(station.servers));
            stations[node as usize] += 1.0;
        }
        let nodes = world.observer().nodes.iter().zip(servers).zip(stations).zip(&self.plan.is_visited);
        nodes
            .flat_map(|(((node, servers), stations), is_visited)| {
                if !is_visited {
                    return [None; NODE_METRICS.len()];
                }
                let busy = node.busy.mean(horizon);
                let values: [Option<f64>; NODE_METRICS.len()] = [
                    busy.zip(servers).map(|(busy, servers)| busy / servers),
                    node.line.mean(horizon),
                    Some(node.line.max() as f64),
                    Some(node.served as f64),
                    node.down.mean(horizon).map(|down| down / stations),
                ];
                values
            })
            .collect()
    }

    /// The blueprint.
    #[must_use]
    pub fn blueprint(&self) -> &'b Blueprint<'b> {
        self.blueprint
    }
}

impl Side<'_> {
    fn begin(&mut self, chance: Chance, timeline: Timeline, hit: &[bool]) {
        self.world.observer_mut().clear();
        let blueprint = self.world.blueprint;
        let stores = if blueprint.scenario.money.is_some() { blueprint.sites() } else { 0 };
        self.world.observer_mut().open_books(stores as usize);
        self.world.reset(chance, timeline, &mut self.calendar);
        self.world.mark_affected(hit);
        self.events = 0;
        if let Some(recursion) = &mut self.recursion {
            recursion.begin(&self.world);
        }
    }

    /// Up to an instant; false if `stop` said so, which is asked after each [`MANY`] events.
    fn advance(&mut self, end: SimTime, stop: &impl Fn() -> bool) -> bool {
        if let Some(recursion) = &mut self.recursion {
            let events = recursion.advance(end, &mut self.world, stop);
            self.events += events.unwrap_or(0);
            return events.is_some();
        }
        let mut asked = self.events;
        while self.world.reached() < end {
            let Some(until) = self.world.begin_stretch(end, &mut self.calendar, stop) else { return false };
            loop {
                let handled = run_some(&mut self.world, &mut self.calendar, until, MANY);
                self.events += handled;
                if self.events - asked >= MANY {
                    asked = self.events;
                    if stop() {
                        return false;
                    }
                }
                if handled < MANY {
                    break;
                }
            }
            self.events += self.world.end_stretch();
            if self.world.has_to_begin_anew() {
                return false;
            }
        }
        true
    }

    fn note_rows(&self, group: usize, instants: usize) -> [&[f64]; NOTES] {
        core::array::from_fn(|note| {
            let first = (group * NOTES + note) * instants;
            &self.notes[first..first + instants]
        })
    }

    /// Sums the cells of each group.
    fn sum_up(&mut self, plan: &Plan) {
        let recorder = self.world.observer();
        for (totals, cells) in self.totals.iter_mut().zip(&plan.group_cells) {
            let mut delays = core::mem::take(&mut totals.delays);
            delays.clear();
            *totals = Totals {
                delays,
                follow_up: plan.window.horizon.since(plan.window.last_request),
                weeks: plan.window.last_request.since(plan.window.warm_up).days() / 7.0,
                scale: plan.scale,
                refills: plan.knows_kinds.then_some(0),
                ..Totals::default()
            };
            for &cell in cells {
                let class = cell % plan.doses_per_day.len() as u32;
                let doses = plan.doses_per_day[class as usize];
                let cell = &recorder.cells[cell as usize];
                totals.requested += cell.requested;
                totals.refills = totals.refills.map(|refills| refills + cell.refills);
                totals.gave_up += cell.gave_up;
                totals.on_trust += cell.on_trust;
                totals.standby += cell.standby;
                totals.over_24h += cell.over_24h;
                totals.over_72h += cell.over_72h;
                totals.submissions += cell.submissions;
                totals.claims += cell.claims;
                totals.number_in_system += cell.in_system.mean(plan.window.horizon).unwrap_or(0.0);
                totals.cash += cell.cash;
                totals.moved += cell.moved;
                totals.tided_over += cell.tided_over;
                totals.abandoned += cell.abandoned;
                totals.gap += cell.gap;
                totals.missed += cell.gap as f64 * doses;
                totals.gap_over.iter_mut().zip(cell.gap_over).for_each(|(sum, count)| *sum += count);
                totals.copay_through += cell.copay_through;
                totals.copay_blocked += cell.copay_blocked;
                totals.written_off += cell.written_off;
                totals.delays.merge(&cell.delays);
            }
        }
    }
}

/// Increase of a count since the instant before, per hour.
fn per_hour(count: &[f64], k: usize, step: Span) -> f64 {
    if k == 0 { f64::NAN } else { (count[k] - count[k - 1]) / step.hours() }
}

fn steps_of_a_day(step: Span) -> usize {
    ((Span::DAY.micros() / step.micros()) as usize).max(1)
}

/// Increase of a count over the last 24 h, over that of the twin's; NaN where the twin's stands still.
fn trailing_ratio(run: &[f64], twin: &[f64], k: usize, step: Span) -> f64 {
    let steps = steps_of_a_day(step);
    let from = k.saturating_sub(steps);
    let normal = twin[k] - twin[from];
    if normal > 0.0 { (run[k] - run[from]) / normal } else { f64::NAN }
}
