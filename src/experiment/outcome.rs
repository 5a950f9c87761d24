//! The finished experiment as plain data: all that tables, figures and the report read.

use super::criticality::CriticalityResult;
use super::targets::TargetResult;
use crate::scenario::Precaution;
use crate::sim::{METRICS, Needs, NodeInfo, Path, ReplicationResult, SERIES};
use crate::stats::{self, ConfidenceInterval, Tally};
use crate::units::{CivilTime, SimTime, Span};

/// Results of a whole experiment.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// Name of the scenario.
    pub name: String,
    /// Title of the scenario.
    pub title: String,
    /// Its description; may be empty.
    pub description: String,
    /// Local civil time at t = 0.
    pub start: CivilTime,
    /// Begin of measurement.
    pub warm_up: Span,
    /// End of the run.
    pub horizon: Span,
    /// Measured prescriptions are those requested in `[warm_up, horizon - follow_up)`.
    pub follow_up: Span,
    /// Grid of the timelines: the instants `0, step, 2 step, ...` up to the horizon.
    pub timeline_step: Span,
    /// One site in `1 / scale` was simulated, and of each pharmacy group at least one.
    pub scale: f64,
    /// Sites of the whole network.
    pub network_sites: u64,
    /// Seed.
    pub seed: u64,
    /// Confidence level of the intervals, for example 0.95.
    pub confidence: f64,
    /// Whether every replication has a twin without disruption.
    pub disrupted: bool,
    /// What the scenario has, and so which metrics and series there are.
    pub has: Needs,
    /// Instants of the timelines.
    pub instants: Vec<SimTime>,
    /// Delays of the distribution tables.
    pub delay_grid: Vec<Span>,
    /// Report groups: index 0 is `all`.
    pub groups: Vec<Group>,
    /// Disruptions for the shading of charts, in the scenario's order.
    pub disruptions: Vec<DisruptionSpan>,
    /// Nodes of `nodes.csv`.
    pub nodes: Vec<NodeInfo>,
    /// Replications asked for (the maximum, where a precision was asked for).
    pub planned: u32,
    /// How the replications were computed; results do not depend on it.
    pub path: Path,
    /// Whether the user stopped the run before all were finished.
    pub interrupted: bool,
    /// Whether the precision asked for was reached; `None` if none was asked for.
    pub precision_met: Option<bool>,
    /// Design points, the base scenario first.
    pub points: Vec<DesignPoint>,
    /// Exact answers, where theory has one.
    pub theory: Vec<TheoryRow>,
    /// Verdict of each `[[check]]`.
    pub checks: Vec<CheckResult>,
    /// What the model gives for each `[[target]]`.
    pub targets: Vec<TargetResult>,
    /// What becomes of the network if a node is out, where the scenario asks for it.
    pub criticality: Option<CriticalityResult>,
    /// The scenario asks for criticality, and the study was stopped: it is left out.
    pub criticality_stopped: bool,
    /// What is odd about the scenario: sentences without their full stop.
    pub warnings: Vec<String>,
    /// What could be invested in, in the scenario's order: what is in force was simulated.
    pub precautions: Vec<Precaution>,
}

/// A point of a distribution of delay.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct CcdfPoint {
    /// Delay.
    pub delay: Span,
    /// Share of prescriptions not ready within it (those given up or never filled among them): mean over replications.
    pub share: f64,
    /// Interval of the mean, kept in \[0, 1\]; NaN with fewer than two replications.
    pub low: f64,
    /// Upper end.
    pub high: f64,
    /// Prescriptions behind the point: those not ready within it, in all replications together.
    pub prescriptions: u64,
    /// Replications.
    pub n_replications: u32,
}

/// A point of a timeline; NaN where not estimable.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct TimelinePoint {
    /// Instant: the state is the one just before it.
    pub time: SimTime,
    /// Mean over replications.
    pub mean: f64,
    /// Interval of the mean.
    pub low: f64,
    /// Upper end.
    pub high: f64,
    /// Quantiles over replications.
    pub q05: f64,
    /// Lower quartile.
    pub q25: f64,
    /// Median.
    pub q50: f64,
    /// Upper quartile.
    pub q75: f64,
    /// 95 % quantile.
    pub q95: f64,
    /// Replications with a value.
    pub n: u32,
}

impl Outcome {
    /// Index of a report group.
    #[must_use]
    pub fn group(&self, key: &str) -> Option<usize> {
        self.groups.iter().position(|group| group.key == key)
    }

    /// The values of a metric, replication by replication.
    pub fn values(&self, point: usize, group: usize, metric: usize) -> impl Iterator<Item = Option<f64>> {
        let replications = self.points.get(point).map_or(&[][..], |point| &point.replications);
        replications.iter().map(move |replication| replication.values[group * METRICS.len() + metric])
    }

    /// The values of a metric in the replications that it is about: of a time that some do not reach, those in which there is one, reached or
    /// not ([`Metric::counts_where`](crate::sim::Metric::counts_where)); of any other metric, all.
    #[must_use]
    pub fn counted_values(&self, point: usize, group: usize, metric: usize) -> Vec<Option<f64>> {
        let values = self.values(point, group, metric);
        let by = METRICS[metric].counts_where().and_then(|by| METRICS.iter().position(|known| known.name == by));
        match by {
            None => values.collect(),
            Some(by) => {
                values.zip(self.values(point, group, by)).filter(|(_, by)| by.is_some()).map(|(value, _)| value).collect()
            }
        }
    }

    /// Mean of a metric over the replications that have a value; `None` if there is no such metric or no value.
    #[must_use]
    pub fn estimate(&self, point: usize, group: usize, metric: &str) -> Option<Estimate> {
        let index = METRICS.iter().position(|known| known.name == metric)?;
        let bounds = Estimate::natural_bounds(metric, METRICS[index].unit);
        Estimate::of(self.values(point, group, index).flatten(), self.confidence, bounds)
    }

    /// Mean of a node metric over the replications.
    #[must_use]
    pub fn node_estimate(&self, point: usize, node: usize, metric: usize) -> Option<Estimate> {
        let replications = &self.points.get(point)?.replications;
        let index = node * crate::sim::NODE_METRICS.len() + metric;
        let share = crate::sim::NODE_METRICS[metric].unit == "share";
        Estimate::of(replications.iter().filter_map(|r| r.nodes[index]), self.confidence, share.then_some((0.0, 1.0)))
    }

    /// The distribution of delay of a group, or of its twin: empty without a twin or without measured prescriptions.
    #[must_use]
    pub fn ccdf(&self, point: usize, group: usize, twin: bool) -> Vec<CcdfPoint> {
        let Some(point) = self.points.get(point) else { return Vec::new() };
        let delays: Vec<_> = point.replications.iter().map(|r| &r.delays[group]).filter(|delays| delays.requested > 0).collect();
        let waiting = |delays: &'_ crate::sim::GroupDelays, k: usize| {
            if twin { delays.waiting_twin.get(k).copied() } else { delays.waiting.get(k).copied() }
        };
        let mut intervals = stats::StudentIntervals::new(self.confidence);
        (0..self.delay_grid.len())
            .filter_map(|k| {
                let mut tally = Tally::default();
                let mut prescriptions = 0;
                for delays in &delays {
                    let count = waiting(delays, k)?;
                    prescriptions += count;
                    tally.push(count as f64 / delays.requested as f64);
                }
                let interval = intervals.of(&tally).map(|interval| interval.clamped(0.0, 1.0));
                Some(CcdfPoint {
                    delay: self.delay_grid[k],
                    share: tally.mean()?,
                    low: interval.map_or(f64::NAN, |interval| interval.low),
                    high: interval.map_or(f64::NAN, |interval| interval.high),
                    prescriptions,
                    n_replications: tally.count() as u32,
                })
            })
            .collect()
    }

    /// The values of a series in one replication.
    #[must_use]
    pub fn run_of(&self, point: usize, replication: usize, group: usize, series: &str) -> &[f32] {
        let Some(index) = SERIES.iter().position(|known| known.name == series) else { return &[] };
        let instants = self.instants.len();
        let first = (group * SERIES.len() + index) * instants;
        let replication = self.points.get(point).and_then(|point| point.replications.get(replication));
        replication.map_or(&[], |replication| &replication.series[first..first + instants])
    }

    /// A series over the replications: empty if there is no such series, or if the scenario does not have what it needs.
    #[must_use]
    pub fn timeline(&self, point: usize, group: usize, series: &str) -> Vec<TimelinePoint> {
        let Some(info) = SERIES.iter().find(|known| known.name == series && known.needs.met_by(self.has)) else {
            return Vec::new();
        };
        let bounds = Estimate::natural_bounds(info.name, info.unit);
        let count = self.points.get(point).map_or(0, |point| point.replications.len());
        let runs: Vec<&[f32]> = (0..count).map(|replication| self.run_of(point, replication, group, series)).collect();
        let mut sorted = Vec::with_capacity(count);
        let mut intervals = stats::StudentIntervals::new(self.confidence);
        (0..self.instants.len())
            .map(|k| {
                sorted.clear();
                sorted.extend(
                    runs.iter().filter_map(|run| run.get(k)).filter(|value| !value.is_nan()).map(|&value| f64::from(value)),
                );
                let mut tally = Tally::default();
                for &value in &sorted {
                    tally.push(value);
                }
                sorted.sort_unstable_by(f64::total_cmp);
                let quantile = |p| stats::quantile_of_sorted(&sorted, p).unwrap_or(f64::NAN);
                let interval = intervals.of(&tally);
                let interval = interval.map(|interval| bounds.map_or(interval, |(low, high)| interval.clamped(low, high)));
                TimelinePoint {
                    time: self.instants[k],
                    mean: tally.mean().unwrap_or(f64::NAN),
                    low: interval.map_or(f64::NAN, |interval| interval.low),
                    high: interval.map_or(f64::NAN, |interval| interval.high),
                    q05: quantile(0.05),
                    q25: quantile(0.25),
                    q50: quantile(0.50),
                    q75: quantile(0.75),
                    q95: quantile(0.95),
                    n: tally.count() as u32,
                }
            })
            .collect()
    }
}

/// A set of prescriptions that results are reported for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Group {
    /// Key in CSV files: `all`, `type=independent`, `drug_class=acute`, `affected=yes`.
    pub key: String,
    /// Words for a legend: `independent`.
    pub label: String,
    /// Simulated sites that belong to it, where it is a set of sites.
    pub sites: Option<u32>,
}

/// When a disruption lasted, over the replications in which it happened.
#[derive(Clone, Debug)]
pub struct DisruptionSpan {
    /// Id in the scenario.
    pub id: String,
    /// Whether these are random failures, which come and go: the first onset and the last repair are then all that is told.
    pub random: bool,
    /// Median onset; `None` if it never happened.
    pub onset: Option<SimTime>,
    /// Median instant at which the last stage of recovery was reached; `None` if not within the run.
    pub restored: Option<SimTime>,
    /// Whether it is to end at all: an outage whose recovery is `never` is not.
    pub ends: bool,
    /// Share of replications in which it happened.
    pub happened_share: f64,
}

/// One design point with its replications in index order.
#[derive(Clone, Debug)]
pub struct DesignPoint {
    /// Id: `base` for the scenario itself.
    pub id: String,
    /// Results of each replication, by index.
    pub replications: Vec<ReplicationResult>,
}

/// A row of exact theory beside a simulated metric.
#[derive(Clone, Debug)]
pub struct TheoryRow {
    /// Name of the metric.
    pub metric: &'static str,
    /// Key of the group.
    pub group: String,
    /// Exact value, in the metric's unit.
    pub exact: f64,
    /// Name of the model and formula: `M/M/c (Erlang C)`.
    pub model: &'static str,
}

/// Verdict of one check.
#[derive(Clone, Debug)]
pub struct CheckResult {
    /// The requirement in words: `share_delayed_72h (all) below 0.05`.
    pub requirement: String,
    /// The estimate.
    pub estimate: Option<Estimate>,
    /// Whether it holds; `false` if not estimable.
    pub passed: bool,
}

/// A mean over replications with its interval.
#[derive(Clone, Copy, Debug)]
pub struct Estimate {
    /// Mean.
    pub mean: f64,
    /// Interval, where two or more replications have a value.
    pub interval: Option<ConfidenceInterval>,
    /// Standard deviation between replications, where two or more have a value.
    pub sd: Option<f64>,
    /// Half the width of the interval before it is kept within bounds.
    pub half_width: Option<f64>,
    /// Replications with a value.
    pub n: u32,
}

impl Estimate {
    /// What cannot be negative, or more than all, has no interval that is; differences against the twin can.
    pub(super) fn natural_bounds(name: &str, unit: &str) -> Option<(f64, f64)> {
        match unit {
            _ if name.starts_with("excess") || name.ends_with("_difference") || matches!(name, "backlog" | "cash_gap_usd") => {
                None
            }
            "share" => Some((0.0, 1.0)),
            _ => Some((0.0, f64::INFINITY)),
        }
    }

    /// The mean of some values with its Student interval, kept within `bounds` where the quantity has them.
    #[must_use]
    pub fn of(values: impl Iterator<Item = f64>, confidence: f64, bounds: Option<(f64, f64)>) -> Option<Self> {
        let mut tally = Tally::default();
        values.for_each(|value| tally.push(value));
        let interval = stats::student_t_interval(&tally, confidence);
        Some(Self {
            mean: tally.mean()?,
            interval: interval.map(|interval| bounds.map_or(interval, |(low, high)| interval.clamped(low, high))),
            sd: tally.variance().map(f64::sqrt),
            half_width: interval.map(|interval| interval.half_width()),
            n: tally.count() as u32,
        })
    }
}
