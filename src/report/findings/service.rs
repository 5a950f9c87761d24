//! How service falls and comes back, in a sentence that verdict and chart share.

use super::{among, nothing_happened, outage_word, reached, replications, the_onset, words};
use crate::experiment::Outcome;
use crate::units::Span;

/// The course of service in a sentence without its full stop; `None` where there is none to tell.
#[must_use]
pub(crate) fn service(outcome: &Outcome) -> Option<String> {
    let (outage, onset) = (outage_word(outcome), the_onset(outcome));
    let Some(lowest) = outcome.estimate(0, 0, "lowest_service_ratio") else {
        let tell = outcome.disrupted && !nothing_happened(outcome) && super::has_outage(outcome);
        return tell.then(|| {
            if outcome.timeline_step > Span::DAY {
                let step = outcome.timeline_step;
                return format!(
                    "How service falls and comes back is not told: the timeline has a step of {step}, more than a day"
                );
            }
            format!("After {onset} nobody would be served even without the {outage}: there is nothing to recover to")
        });
    };
    let recovery = reached(outcome, 0, "time_to_recover_days", "not_recovered");
    let (counted, all) = (u64::from(lowest.n), replications(outcome));
    let happens = if outage == "outage" { "the outage happens" } else { "a disruption happens" };
    let whose = if counted < all {
        format!("In the {counted} of {all} replications in which {happens}, daily")
    } else {
        "Daily".to_owned()
    };
    let among = match recovery.missed {
        missed if counted == all => among(outcome, missed),
        missed if missed >= 1.0 => String::new(),
        missed => format!("in {} of them ", words::value("share", missed)),
    };
    let low = words::value("share", lowest.mean);
    let falls = outcome.estimate(0, 0, "time_to_survive_days").is_some();
    let course = match recovery.estimate {
        _ if recovery.missed > 0.0 && !falls => {
            format!("service does not fall before the run ends, within a day of {onset}: too early to tell")
        }
        _ if recovery.missed > 0.0 => {
            format!("service falls to {low} of normal; {among}it has not recovered by the end of the run")
        }
        Some(time) if time.mean <= 0.0 && lowest.mean >= 1.0 => format!("service is at no time lower than without the {outage}"),
        Some(time) if time.mean <= 0.0 => format!("service never falls below {low} of normal"),
        Some(time) => {
            format!("service falls to {low} of normal and has recovered {} after {onset}", words::value("d", time.mean))
        }
        None => format!("service falls to {low} of normal"),
    };
    Some(format!("{whose} {course}"))
}
