//! Replications of a scenario, in parallel, merged in the order of their index.

mod criticality;
mod equity;
mod glass;
mod outcome;
mod pile;
mod pilot;
mod run;
mod seen;
mod size;
mod targets;
mod textbook;

pub use crate::sim::{METRICS, Metric, NODE_METRICS, NodeInfo, NodeMetric, Path, ReplicationResult, SERIES, SeriesInfo};
pub use criticality::{CriticalityResult, NodeCriticality, Survival};
pub use equity::{EquityRow, equity};
pub use outcome::{CcdfPoint, CheckResult, DesignPoint, DisruptionSpan, Estimate, Group, Outcome, TheoryRow, TimelinePoint};
pub use pilot::Pilot;
pub use run::{Listener, Pool, Progress, Unattended, run, run_by_events, with_fewest_replications, worlds_at_a_time};
pub use size::{Size, size};
pub use targets::{TargetResult, TargetValue, TargetVerdict, compare_target, quantities, unit_of};
