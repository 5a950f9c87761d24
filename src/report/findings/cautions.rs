//! What a reader has to keep in mind.

use super::{among, has_backlog, has_outage, is_measured, is_queueing, onset, outage_word, reached, replications, words};
use crate::experiment::Outcome;
use crate::report::fonts;
use crate::scenario::UNMEASURED;
use crate::units::SimTime;

/// Fewer observations beyond a quantile than this do not support it.
const THIN_TAIL: f64 = 10.0;

/// What a reader has to keep in mind about these results.
#[must_use]
pub(crate) fn cautions(outcome: &Outcome) -> Vec<String> {
    let odd = outcome.warnings.iter().cloned().chain(fonts::of_outcome(outcome));
    let mut cautions: Vec<String> = odd.map(|warning| format!("{}.", words::sentence(&warning))).collect();
    let finished = replications(outcome);
    if outcome.interrupted {
        cautions.push(format!(
            "The run was interrupted: {finished} of {} replications {} finished{}.",
            outcome.planned,
            if finished == 1 { "is" } else { "are" },
            if outcome.criticality_stopped { ", and the study of criticality is left out" } else { "" }
        ));
    }
    if finished < 2 {
        cautions.push("With one replication there are no intervals: nothing says how far these numbers would vary.".to_owned());
    } else if finished < 10 {
        cautions.push(format!("Only {finished} replications: the intervals are wide and rough themselves."));
    }
    match outcome.estimate(0, 0, "ready").map(|ready| ready.mean) {
        Some(0.0) if is_measured(outcome, 0) => {
            cautions.push("No measured prescription was ready by the end of the run.".to_owned());
        }
        Some(ready) if ready > 0.0 && ready * 0.01 < THIN_TAIL => cautions.push(format!(
            "Thin tail: a replication has {}, so fewer than {THIN_TAIL} lie beyond its 99 % quantile.",
            words::counted(ready.round() as u64, "ready prescription")
        )),
        _ => {}
    }
    if outcome.disrupted {
        let never = outcome.disruptions.iter().find(|spell| spell.onset.is_some() && !spell.ends);
        let more =
            never.map_or_else(|| "a longer horizon would show more".to_owned(), |spell| format!("`{}` never ends", spell.id));
        for (metric, time, what) in [
            ("not_recovered", "time_to_recover_days", "service has not recovered"),
            ("backlog_not_cleared", "backlog_clear_days", "the backlog is not cleared"),
        ] {
            // Where nothing piles up there is nothing to clear, however long the outage lasts.
            let missed = reached(outcome, 0, time, metric);
            if missed.missed > 0.0 && (metric == "not_recovered" || has_backlog(outcome)) {
                let among = if missed.counted == finished {
                    among(outcome, missed.missed)
                } else {
                    format!("in {} of the {} replications with it ", words::value("share", missed.missed), missed.counted)
                };
                cautions.push(words::sentence(&format!("{among}{what} by the end of the run: {more}.")));
            }
        }
        if let Some((share, days)) = onset::after_recovery(outcome) {
            let among = if share < 1.0 { among(outcome, share) } else { String::new() };
            let days = words::value("d", days);
            cautions.push(words::sentence(&format!(
                "{among}a disruption begins {days} after the first onset, when service has recovered from what came before: the time to recover tells nothing of it."
            )));
        }
        for spell in outcome.disruptions.iter().filter(|spell| spell.happened_share < 1.0) {
            if spell.onset.is_none() {
                cautions.push(format!("`{}` does not happen in any replication.", spell.id));
                continue;
            }
            let share = words::value("share", spell.happened_share);
            cautions.push(format!("`{}` happens in {share} of replications: losses, delays and shares are over all of them, recovery is over those with a disruption.", spell.id));
        }
    }
    if let Some(unfilled) = outcome.estimate(0, 0, "share_unfilled").filter(|unfilled| unfilled.mean > 0.001) {
        let share = words::value("share", unfilled.mean);
        cautions.push(format!("{share} of prescriptions are still waiting at the end of the run; they count as delayed."));
    }
    let (begin, end) = (SimTime::ZERO + outcome.warm_up, SimTime::ZERO + (outcome.horizon - outcome.follow_up));
    let happening = || outcome.disruptions.iter().filter_map(|spell| Some((spell.onset?, spell.restored)));
    let is_outside =
        |(onset, restored): (SimTime, Option<SimTime>)| onset >= end || restored.is_some_and(|restored| restored <= begin);
    let happens = happening().next().is_some();
    let is_said = outcome.warnings.iter().any(|warning| warning == UNMEASURED);
    if has_outage(outcome) && happens && happening().all(is_outside) && !is_said {
        cautions.push(format!("{}.", words::sentence(UNMEASURED)));
    }
    if outcome.disrupted && happens && is_measured(outcome, 0) && !is_queueing(outcome) {
        let word = outage_word(outcome);
        cautions.push(format!(
            "At no instant of the timeline does more wait than without the {word}: there is no chart of the backlog."
        ));
    }
    if outcome.precision_met == Some(false) {
        let stopped_before = finished < u64::from(outcome.planned);
        let why = if stopped_before { "the run was stopped before" } else { "raise the largest number of replications" };
        cautions.push(format!("The precision asked for was not reached: {why}."));
    }
    cautions
}
