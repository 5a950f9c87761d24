//! What one replication has to say, as plain data.

use crate::units::SimTime;

/// Results of one replication of one design point.
#[derive(Clone, PartialEq, Debug)]
pub struct ReplicationResult {
    /// Index: with scenario and seed its whole identity.
    pub index: u32,
    /// Metrics: `values[group * METRICS.len() + metric]`; `None` is not estimable.
    pub values: Vec<Option<f64>>,
    /// Distribution of delay, by report group.
    pub delays: Vec<GroupDelays>,
    /// State just before the instants of the grid: `series[(group * SERIES.len() + series) * instants + k]`; NaN is not estimable.
    pub series: Vec<f32>,
    /// Node metrics: `nodes[node * NODE_METRICS.len() + metric]`.
    pub nodes: Vec<Option<f64>>,
    /// Onset and end of each disruption; `None` if not within the run.
    pub disruptions: Vec<(Option<SimTime>, Option<SimTime>)>,
    /// Prescriptions requested in the run, the warm-up included: a measure of the work done.
    pub prescriptions: u64,
    /// Events handled, in run and twin.
    pub events: u64,
}

/// Distribution of delay within one replication and report group.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct GroupDelays {
    /// Measured prescriptions.
    pub requested: u64,
    /// Measured prescriptions that were not ready within each delay of the scenario's delay grid: those ready later, given up or never
    /// filled. Exact counts.
    pub waiting: Vec<u64>,
    /// The same of the twin; empty without one.
    pub waiting_twin: Vec<u64>,
}
