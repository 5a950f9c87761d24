//! A timeline too coarse for what is read off it, or one that measures something else.

use super::Warning;
use crate::disruption::Onset;
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

/// Said of disruptions of which prescriptions that are measured see no begin; the report says the same of those whose onset is not fixed.
pub(crate) const UNMEASURED: &str = "no disruption begins while prescriptions are measured (after the warm-up, before the follow-up): the shares say little of it";

/// Outages at fixed times, all of which begin after the last prescription that is measured.
pub(super) fn unmeasured(scenario: &Scenario) -> Vec<Warning> {
    let run = &scenario.run;
    let is_outside = |onset: &Onset| matches!(onset, Onset::At(at) if *at >= run.horizon - run.follow_up);
    let others = !scenario.attacks.is_empty() || !scenario.failures.is_empty();
    let Some(first) = scenario.outages.first().filter(|_| !others) else { return Vec::new() };
    if !scenario.outages.iter().all(|outage| is_outside(&outage.onset)) {
        return Vec::new();
    }
    vec![Warning {
        message: UNMEASURED.to_owned(),
        help: "let it begin earlier, or make the horizon longer",
        key_path: format!("outage.{}.at", first.id),
    }]
}
