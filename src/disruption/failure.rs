//! Random failures: a target that fails and is repaired, again and again.

use super::{ArrivalRule, InFlight, Target};
use crate::random::SpanLaw;

/// One `[[failure]]`: a hard stop after each time to failure, repaired after each time to repair.
#[derive(Clone, Debug)]
pub struct Failure {
    /// Unique id.
    pub id: String,
    /// What fails. Each node of the target fails on its own, a platform as one.
    pub target: Target,
    /// Time from the start or from a repair to the next failure.
    pub time_to_failure: SpanLaw,
    /// Time from a failure until service is back.
    pub time_to_repair: SpanLaw,
    /// What becomes of work inside.
    pub in_flight: InFlight,
    /// What becomes of work that comes meanwhile.
    pub arrivals: ArrivalRule,
}
