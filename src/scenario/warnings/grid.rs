//! A timeline too coarse for what is read off it.

use super::Warning;
use crate::scenario::Scenario;
use crate::units::Span;

/// Instants more than a day apart, between which service falls and comes back unseen.
pub(super) fn too_coarse(scenario: &Scenario) -> Vec<Warning> {
    let step = scenario.run.timeline_step;
    if step <= Span::DAY || !scenario.is_disrupted() {
        return Vec::new();
    }
    vec![Warning {
        message: format!(
            "`timeline_step` is {step}: what happens between two instants of the timeline is not seen, so that recovery, backlog and loss of service are not estimated"
        ),
        help: "a day or less",
        key_path: "run.timeline_step".to_owned(),
    }]
}
