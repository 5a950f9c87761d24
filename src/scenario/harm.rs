//! Which metrics say how bad something is.

use super::Scenario;
use crate::units::Span;

/// Whether more of a metric is worse, so that nodes can be ranked by its rise, and what a scenario must be like for it to have a value in every
/// replication.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Harm {
    /// It is no harm: more of it is not worse, or it has a value only where something is reached.
    No,
    /// More of it is worse.
    Always,
    /// The same, if prescriptions are followed up for so long at least.
    FollowedUp(Span),
    /// The same, if the timeline has an instant at least every day.
    Daily,
}

impl Harm {
    /// Why a scenario has no value of such a metric in any replication, and the way out; `None` if it has one, or if the metric is no harm.
    #[must_use]
    pub fn missing_in(self, scenario: &Scenario) -> Option<(String, String)> {
        let run = &scenario.run;
        match self {
            Self::FollowedUp(limit) if run.follow_up < limit => Some((
                format!("prescriptions are followed up for {} only", run.follow_up),
                format!("set run.follow_up to {limit} or more, or name another metric"),
            )),
            Self::Daily if run.timeline_step > Span::DAY => Some((
                format!("the step of the timeline is {}", run.timeline_step),
                "set run.timeline_step to a day or less, or name another metric".to_owned(),
            )),
            Self::No | Self::Always | Self::FollowedUp(_) | Self::Daily => None,
        }
    }
}
