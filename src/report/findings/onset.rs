//! When it begins: in each replication, and as a date where replications agree.

use super::{MOST_APART_DAYS, values};
use crate::experiment::Outcome;
use crate::stats::quantile_of_sorted;
use crate::units::{SimTime, Span};

/// The onsets of outages and attacks, medians of each, that differ: earliest first.
#[must_use]
pub(crate) fn onsets(outcome: &Outcome) -> Vec<SimTime> {
    let planned = outcome.disruptions.iter().filter(|spell| !spell.random);
    let mut onsets: Vec<SimTime> = planned.filter_map(|spell| spell.onset).collect();
    onsets.sort_unstable();
    onsets.dedup();
    onsets
}

/// `the onset`, or `the first onset` where there are several.
#[must_use]
pub(crate) fn the_onset(outcome: &Outcome) -> &'static str {
    if onsets(outcome).len() > 1 { "the first onset" } else { "the onset" }
}

/// The onsets of outages and attacks in each replication. Random failures have none: they come and go.
fn by_replication(outcome: &Outcome) -> impl Iterator<Item = Vec<SimTime>> {
    outcome.points[0].replications.iter().map(|replication| {
        let spells = outcome.disruptions.iter().zip(&replication.disruptions).filter(|(spell, _)| !spell.random);
        spells.filter_map(|(_, (onset, _))| *onset).collect()
    })
}

/// The first onset of an outage or attack in each replication, from which its times are counted; `None` where none happens.
fn firsts(outcome: &Outcome) -> Vec<Option<SimTime>> {
    by_replication(outcome).map(|onsets| onsets.into_iter().min()).collect()
}

/// The earliest onset of an outage or attack in any replication; of a failure, where there is nothing else.
#[must_use]
pub(crate) fn earliest(outcome: &Outcome) -> Option<SimTime> {
    let failures = || outcome.disruptions.iter().filter(|spell| spell.random).filter_map(|spell| spell.onset).min();
    firsts(outcome).into_iter().flatten().min().or_else(failures)
}

/// The first onset as one instant, where it is about the same in all replications with one.
#[must_use]
pub(crate) fn common(outcome: &Outcome) -> Option<SimTime> {
    mean_if_close(firsts(outcome).into_iter().flatten())
}

/// When the backlog of a group peaks, where that is about the same instant in all replications with one.
#[must_use]
pub(crate) fn peak(outcome: &Outcome, group: usize) -> Option<SimTime> {
    let days = values(outcome, group, "backlog_peak_day");
    let instants = firsts(outcome).into_iter().zip(days).filter_map(|(first, day)| Some(first? + Span::DAY.scaled(day?)));
    mean_if_close(instants)
}

fn mean_if_close(instants: impl Iterator<Item = SimTime>) -> Option<SimTime> {
    let instants: Vec<SimTime> = instants.collect();
    let (first, last) = (*instants.iter().min()?, *instants.iter().max()?);
    let after = instants.iter().map(|instant| instant.since(first).days()).sum::<f64>() / instants.len() as f64;
    (last.since(first).days() <= MOST_APART_DAYS).then(|| first + Span::DAY.scaled(after))
}

/// In what share of replications an outage or attack begins when service has recovered from those before, and the median of the days from the first
/// onset to it; `None` if in none.
#[must_use]
pub(crate) fn after_recovery(outcome: &Outcome) -> Option<(f64, f64)> {
    let recovered = values(outcome, 0, "time_to_recover_days");
    let late = by_replication(outcome).zip(recovered).filter_map(|(onsets, recovered)| {
        let (first, recovered) = (onsets.iter().min()?, recovered.filter(|&days| days > 0.0)?);
        onsets.iter().map(|onset| onset.since(*first).days()).filter(|&days| days > recovered).reduce(f64::min)
    });
    let mut late: Vec<f64> = late.collect();
    late.sort_by(f64::total_cmp);
    let median = quantile_of_sorted(&late, 0.5)?;
    Some((late.len() as f64 / outcome.points[0].replications.len() as f64, median))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::example;

    fn earlier(time: SimTime, days: f64) -> SimTime {
        SimTime::from_micros(time.micros() - Span::DAY.scaled(days).micros())
    }

    /// An outage in few replications, and a failure before everything in all.
    fn with_company(replications: u32) -> Outcome {
        let mut outcome = example::outage(replications);
        let ransomware = outcome.disruptions[0].clone();
        let first = ransomware.onset.expect("it happens");
        let blips = earlier(first, 3.0);
        outcome.disruptions.push(crate::experiment::DisruptionSpan { random: true, onset: Some(blips), ..ransomware });
        for replication in &mut outcome.points[0].replications {
            replication.disruptions.push((Some(blips), None));
        }
        outcome
    }

    #[test]
    fn random_failures_begin_nothing() {
        let outcome = with_company(4);
        let onset = outcome.disruptions[0].onset;
        assert_eq!((earliest(&outcome), common(&outcome)), (onset, onset));
        assert!(peak(&outcome, 0) > onset && after_recovery(&outcome).is_none());
    }

    #[test]
    fn what_begins_at_different_times_has_no_date() {
        let mut outcome = with_company(8);
        let onset = outcome.disruptions[0].onset.expect("it happens");
        outcome.points[0].replications[0].disruptions[0].0 = Some(earlier(onset, 1.5));
        assert_eq!(earliest(&outcome), Some(earlier(onset, 1.5)));
        assert_eq!((common(&outcome), peak(&outcome, 0)), (None, None));
        outcome.points[0].replications[0].disruptions[0].0 = None;
        assert_eq!(common(&outcome), Some(onset), "where nothing happens there is no onset");
    }

    #[test]
    fn what_begins_after_recovery_is_told_with_how_often() {
        let mut outcome = with_company(8);
        let again = outcome.disruptions[0].clone();
        outcome.disruptions.insert(1, again);
        for (index, replication) in outcome.points[0].replications.iter_mut().enumerate() {
            let first = replication.disruptions[0].0;
            let later = first.filter(|_| index < 2).map(|first| first + Span::DAY.scaled(25.0));
            replication.disruptions.insert(1, (later, None));
        }
        assert_eq!(after_recovery(&outcome), Some((0.25, 25.0)));
    }
}
