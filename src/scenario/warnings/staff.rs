//! Pharmacies whose staff have more work than time.

use super::{Warning, percent, submissions};
use crate::network::{Demand, Hours, PharmacyGroup, Staffing};
use crate::scenario::Scenario;
use crate::units::Span;

/// Fewer overloaded sites than this are the tail of a law, not a mistake.
const FEW: f64 = 0.01;

/// A load of 1 is too much, whatever rounding makes of it.
const TIE: f64 = 1e-9;

/// More groups than this are told in one sentence.
const MOST_TOLD: usize = 5;

const HELP: &str =
    "more staff, longer hours, less work or fewer prescriptions: as it is, their backlog grows for as long as the run lasts";

/// More staff than this at one site are not looked at one by one.
const MOST_STAFF: u32 = 10_000;

/// Each group some of whose sites have more work in normal service than their staff have time. Where patients lose patience in line no
/// line grows for ever.
pub(super) fn overloaded(scenario: &Scenario) -> Vec<Warning> {
    if scenario.prescriptions.patience.is_some() {
        return Vec::new();
    }
    let work = work_seconds(scenario);
    let overloaded: Vec<(&PharmacyGroup, f64)> = scenario
        .network
        .pharmacies
        .iter()
        .map(|group| (group, overloaded_share(group, work)))
        .filter(|(_, share)| *share > FEW)
        .collect();
    let mut warnings: Vec<Warning> =
        overloaded.iter().take(MOST_TOLD).map(|(group, share)| warning(group, *share, work)).collect();
    if let Some((group, _)) = overloaded.get(MOST_TOLD) {
        let more = overloaded.len() - MOST_TOLD;
        let message = format!("the staff of {more} more groups of pharmacies, `{}` among them, cannot keep up either", group.id);
        warnings.push(Warning { message, help: HELP, key_path: format!("pharmacies.{}", group.id) });
    }
    warnings
}

fn warning(group: &PharmacyGroup, share: f64, work: f64) -> Warning {
    let id = &group.id;
    let message = if share > 1.0 - FEW {
        let load = group.demand.mean_per_day() * work / (mean_staff(group) * seconds_open_a_day(&group.hours));
        format!("the staff of `{id}` cannot keep up in normal service: the work of a day is {} of their time", percent(load))
    } else {
        let share = percent(share);
        format!(
            "the staff at {share} of the sites of `{id}` cannot keep up in normal service: by the law of `prescriptions_per_day` they have more work than time"
        )
    };
    Warning { message, help: HELP, key_path: format!("pharmacies.{id}.staff") }
}

/// Staff time that a prescription takes on average, rejections included \[s\].
fn work_seconds(scenario: &Scenario) -> f64 {
    let seconds = |law: &Option<crate::random::SpanLaw>| law.map_or(0.0, |law| law.mean().seconds());
    let submissions = submissions(scenario);
    let (mut rejected, mut reject_work) = (0.0, 0.0);
    for reject in scenario.rejects.iter().filter(|_| submissions > 0.0) {
        rejected += reject.share.value();
        reject_work += reject.share.value() * seconds(&reject.staff) * submissions;
    }
    let filled = if submissions > 0.0 { (1.0 - rejected).max(0.0) * submissions } else { 1.0 };
    seconds(&scenario.work.entry) + reject_work + seconds(&scenario.work.fill) * filled
}

fn seconds_open_a_day(hours: &Hours) -> f64 {
    match hours {
        Hours::Always => Span::DAY.seconds(),
        Hours::Week(days) => days.iter().flatten().map(|(from, to)| (*to - *from).seconds()).sum::<f64>() / 7.0,
    }
}

fn mean_staff(group: &PharmacyGroup) -> f64 {
    match group.staff {
        Staffing::Fixed(staff) => f64::from(staff),
        Staffing::Proportional { per_100_prescriptions, minimum } => {
            (group.demand.mean_per_day() * per_100_prescriptions / 100.0).round().max(f64::from(minimum))
        }
    }
}

/// The share of a group's sites whose staff have more work than time.
fn overloaded_share(group: &PharmacyGroup, work: f64) -> f64 {
    // Prescriptions a day that one person can do.
    let capacity = seconds_open_a_day(&group.hours) / work;
    let above = |limit: f64| match &group.demand {
        Demand::Profile { per_day, .. } => 1.0 - per_day.law().cdf(limit * (1.0 - TIE)),
        Demand::Renewal(_) => f64::from(u8::from(group.demand.mean_per_day() >= limit * (1.0 - TIE))),
    };
    match group.staff {
        Staffing::Fixed(staff) => above(f64::from(staff) * capacity),
        Staffing::Proportional { per_100_prescriptions, minimum } => {
            // Sites with this many staff have a demand from `low` to `high`; those above what the staff can do are overloaded.
            let mut share = 0.0;
            for staff in minimum..=minimum.saturating_add(MOST_STAFF) {
                let edge = |staff: f64| staff * 100.0 / per_100_prescriptions;
                let low = if staff == minimum { 0.0 } else { edge(f64::from(staff) - 0.5) };
                let high = edge(f64::from(staff) + 0.5);
                let limit = low.max(f64::from(staff) * capacity);
                if limit < high {
                    share += (above(limit) - above(high)).max(0.0);
                }
                if above(high) < FEW / 100.0 {
                    break;
                }
            }
            share
        }
    }
}
