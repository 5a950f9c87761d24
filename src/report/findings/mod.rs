//! What the results say, in words: the verdict, the key numbers and the cautions. Report, terminal and charts say the same, because
//! they all ask here.

mod cautions;
mod onset;
mod service;

pub(crate) use cautions::cautions;
pub(crate) use onset::{common, earliest, peak, the_onset};
pub(crate) use service::service;

use super::words;
use crate::experiment::{Estimate, METRICS, Outcome};
use crate::stats::censored_median;
use crate::units::Span;

/// Days of a peak that lie within this of each other have a mean worth telling.
const MOST_APART_DAYS: f64 = 1.0;

/// A number of the first screen.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct KeyNumber {
    /// What it is.
    pub(crate) title: &'static str,
    /// Value with unit.
    pub(crate) value: String,
    /// Interval, where it can be told.
    pub(crate) interval: Option<String>,
    /// What it is compared with, or what limits it; may be empty.
    pub(crate) note: String,
}

/// What could be told of a time that some replications do not reach.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reached {
    /// Mean over the replications that reach it.
    pub(crate) estimate: Option<Estimate>,
    /// Median over all replications, those that do not reach it counted as later than all others.
    pub(crate) median: Option<f64>,
    /// Share of replications that do not reach it, of those in which there is such a time.
    pub(crate) missed: f64,
    /// Replications in which there is such a time, reached or not: those in which a disruption happens.
    pub(crate) counted: u64,
}

/// The values of a metric in each replication; empty if there is no such metric.
#[must_use]
pub(crate) fn values(outcome: &Outcome, group: usize, metric: &str) -> Vec<Option<f64>> {
    let index = METRICS.iter().position(|known| known.name == metric);
    index.map_or_else(Vec::new, |index| outcome.values(0, group, index).collect())
}

/// A share in the world without the disruption: what is left when the excess is taken away, replication by replication.
#[must_use]
pub(crate) fn without(outcome: &Outcome, group: usize, metric: &str) -> Option<Estimate> {
    let (run, excess) = (values(outcome, group, metric), values(outcome, group, &format!("excess_{metric}")));
    // The difference of two shares of the same whole can miss zero by a rounding.
    let twin = run.into_iter().zip(excess).filter_map(|(run, excess)| Some((run? - excess?).max(0.0)));
    Estimate::of(twin.map(|share| if share < 1e-12 { 0.0 } else { share }), outcome.confidence, Some((0.0, 1.0)))
}

/// A time that is not reached in every replication.
#[must_use]
pub(crate) fn reached(outcome: &Outcome, group: usize, metric: &str, missed: &str) -> Reached {
    let estimate = outcome.estimate(0, group, metric);
    let missed = outcome.estimate(0, group, missed).map_or(0.0, |share| share.mean);
    let index = METRICS.iter().position(|known| known.name == metric);
    let counted = index.map_or_else(Vec::new, |index| outcome.counted_values(0, group, index));
    Reached { estimate, counted: counted.len() as u64, median: censored_median(counted), missed }
}

/// Replications that finished.
#[must_use]
pub(crate) fn replications(outcome: &Outcome) -> u64 {
    outcome.points.first().map_or(0, |point| point.replications.len() as u64)
}

/// In how many replications something is so: `in 12 % of replications `, `in every replication `, or nothing where there is one only.
#[must_use]
pub(crate) fn among(outcome: &Outcome, share: f64) -> String {
    match (replications(outcome), share) {
        (1, _) => String::new(),
        (_, share) if share >= 1.0 => "in every replication ".to_owned(),
        (_, share) => format!("in {} of replications ", words::value("share", share)),
    }
}

/// Measured prescriptions in all replications together.
#[must_use]
pub(crate) fn prescriptions(outcome: &Outcome) -> u64 {
    values(outcome, 0, "requested").into_iter().flatten().sum::<f64>() as u64
}

/// What the disruptions are called: `outage`, `outages`, `failures`, or `disruptions` where there are outages and failures.
#[must_use]
pub(crate) fn outage_word(outcome: &Outcome) -> &'static str {
    match (outcome.disruptions.len(), outcome.disruptions.iter().filter(|spell| spell.random).count()) {
        (1, 0) => "outage",
        (_, 0) => "outages",
        (all, random) if all == random => "failures",
        _ => "disruptions",
    }
}

/// Whether there is an outage, from which service can recover: random failures come and go.
#[must_use]
pub(crate) fn has_outage(outcome: &Outcome) -> bool {
    outcome.disruptions.iter().any(|spell| !spell.random)
}

/// Whether nothing that could happen did, in any replication.
#[must_use]
pub(crate) fn nothing_happened(outcome: &Outcome) -> bool {
    outcome.disruptions.iter().all(|spell| spell.onset.is_none())
}

/// Whether there is a backlog at any instant of any replication.
#[must_use]
pub(crate) fn has_backlog(outcome: &Outcome) -> bool {
    outcome.estimate(0, 0, "backlog_peak").is_none_or(|peak| peak.mean > 0.0)
}

/// Whether a group has measured prescriptions.
#[must_use]
fn is_measured(outcome: &Outcome, group: usize) -> bool {
    outcome.estimate(0, group, "requested").is_some_and(|requested| requested.mean > 0.0)
}

/// The groups of the pharmacies that are hit and that are not, where there are both: else all is said by the group of all.
#[must_use]
pub(crate) fn hit_and_not(outcome: &Outcome) -> Option<(usize, usize)> {
    let (hit, not) = (outcome.group("affected=yes")?, outcome.group("affected=no")?);
    (outcome.disrupted && is_measured(outcome, hit) && is_measured(outcome, not)).then_some((hit, not))
}

/// Whether anything ever waits: beyond what waits in the twin, where there is one. If nothing does, there is no course to show.
#[must_use]
pub(crate) fn is_queueing(outcome: &Outcome) -> bool {
    let series = if outcome.disrupted { "backlog" } else { "in_system" };
    let moves =
        |replication: usize| outcome.run_of(0, replication, 0, series).iter().any(|&value| value != 0.0 && !value.is_nan());
    (0..replications(outcome) as usize).any(moves)
}

/// How the simulated sites stand for all.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Sampled {
    /// They are all.
    All,
    /// One in so many.
    OneIn(u64),
    /// So many, of which every group has at least one simulated: not one in a certain number.
    For(u64),
}

/// How the simulated sites stand for all: what `scale` says, unless so few remain that rounding to whole sites makes something else of it.
#[must_use]
pub(crate) fn sampled(outcome: &Outcome) -> Sampled {
    let simulated = f64::from(outcome.groups.first().and_then(|group| group.sites).unwrap_or(0));
    if outcome.scale >= 1.0 {
        return Sampled::All;
    }
    let asked = outcome.network_sites as f64 * outcome.scale;
    let true_to_it = (simulated / asked - 1.0).abs() <= 0.05;
    if true_to_it { Sampled::OneIn((1.0 / outcome.scale).round() as u64) } else { Sampled::For(outcome.network_sites) }
}

/// What was simulated: `126 sites (one in 500), 100 replications, 1,204,331 prescriptions`.
#[must_use]
pub(crate) fn scope(outcome: &Outcome) -> String {
    let sites = u64::from(outcome.groups.first().and_then(|group| group.sites).unwrap_or(0));
    let sampled = match sampled(outcome) {
        Sampled::All => String::new(),
        Sampled::OneIn(number) => format!(" (one in {})", words::whole(number)),
        Sampled::For(all) => format!(" for {}", words::whole(all)),
    };
    format!(
        "{}{sampled}, {}, {}",
        words::counted(sites, "site"),
        words::counted(replications(outcome), "replication"),
        words::counted(prescriptions(outcome), "prescription"),
    )
}

/// The verdict, in one to three sentences.
#[must_use]
pub(crate) fn verdict(outcome: &Outcome) -> Vec<String> {
    if outcome.estimate(0, 0, "requested").is_none_or(|requested| requested.mean == 0.0) {
        return vec!["Nothing was measured: no prescription was requested between the warm-up and the follow-up.".to_owned()];
    }
    let delayed = outcome.estimate(0, 0, "share_delayed_24h");
    if !outcome.disrupted {
        return undisturbed(outcome, delayed);
    }
    let outage = outage_word(outcome);
    let mut sentences = Vec::new();
    if let Some(delayed) = delayed {
        let share = words::value("share", delayed.mean);
        let without = without(outcome, 0, "share_delayed_24h").map(|without| words::value("share", without.mean));
        let without = without.map(|without| format!("; without, {without}")).unwrap_or_default();
        sentences.push(format!("With the {outage}, {share} of prescriptions are not ready within 24 hours{without}."));
    } else if let Some(excess) = outcome.estimate(0, 0, "excess_delay_mean_hours") {
        let time = words::value("h", excess.mean);
        sentences.push(format!("With the {outage}, a prescription that is filled waits {time} longer on average."));
    }
    if nothing_happened(outcome) {
        sentences.push(format!("The {outage} {} in no replication.", if outage == "outage" { "happens" } else { "happen" }));
    } else if let Some(service) = service(outcome) {
        sentences.push(format!("{service}."));
    }
    if let Some(excess) = outcome.estimate(0, 0, "excess_share_gave_up").filter(|excess| excess.mean > 0.0) {
        let it = if outage_word(outcome) == "outage" { "it" } else { "them" };
        sentences.push(format!("{} of prescriptions are given up because of {it}.", words::value("share", excess.mean)));
    }
    sentences
}

fn undisturbed(outcome: &Outcome, delayed: Option<Estimate>) -> Vec<String> {
    let time = |metric| outcome.estimate(0, 0, metric).map(|estimate| words::value("h", estimate.mean));
    let mut sentences = Vec::new();
    if let (Some(median), Some(most)) = (time("delay_p50_hours"), time("delay_p95_hours")) {
        sentences.push(format!("Half of the prescriptions are ready within {median}, nineteen in twenty within {most}."));
    }
    if let Some(delayed) = delayed {
        sentences.push(format!("{} are not ready within 24 hours.", words::value("share", delayed.mean)));
    }
    sentences.push("No disruption is simulated.".to_owned());
    sentences
}

/// Whether every check passed, in words; `None` if there is none.
#[must_use]
pub(crate) fn checks(outcome: &Outcome) -> Option<(bool, String)> {
    let failed = outcome.checks.iter().filter(|check| !check.passed).count();
    match (outcome.checks.len(), failed) {
        (0, _) => None,
        (1, 0) => Some((true, "The check of the scenario passed".to_owned())),
        (all, 0) => Some((true, format!("All {all} checks of the scenario passed"))),
        (all, failed) => Some((false, format!("{failed} of {} of the scenario failed", words::counted(all as u64, "check")))),
    }
}

/// The key numbers of the first screen.
#[must_use]
pub(crate) fn key_numbers(outcome: &Outcome) -> Vec<KeyNumber> {
    let number = |title, metric: &str, note: String| {
        let unit = METRICS.iter().find(|known| known.name == metric).map_or("", |metric| metric.unit);
        let (value, interval) = words::parts(unit, outcome.estimate(0, 0, metric));
        let note = if value == words::NOT_ESTIMABLE { why_not_estimable(outcome, metric) } else { note };
        KeyNumber { title, value, interval, note }
    };
    let share = |title, metric| {
        let twin = without(outcome, 0, metric).filter(|_| outcome.disrupted);
        number(
            title,
            metric,
            twin.map_or_else(String::new, |twin| {
                format!("{} without the {}", words::value("share", twin.mean), outage_word(outcome))
            }),
        )
    };
    let mut numbers = vec![
        share("Not ready within 24 h", "share_delayed_24h"),
        share("Not ready within 72 h", "share_delayed_72h"),
        share("Given up", "share_gave_up"),
        number("Delay, median", "delay_p50_hours", String::new()),
        number("Delay, 95 % quantile", "delay_p95_hours", "of those that became ready".to_owned()),
        number("Delay, 99 % quantile", "delay_p99_hours", "of those that became ready".to_owned()),
    ];
    if outcome.disrupted && has_outage(outcome) {
        let onset = the_onset(outcome);
        let note = format!("from {onset} to 95 % of normal");
        numbers.push(time_number(outcome, "Time to recover", "time_to_recover_days", "not_recovered", &note));
        let day = peak_day(outcome, 0).map(|day| format!(", {} after {onset}", words::value("d", day)));
        numbers.push(number("Peak backlog", "backlog_peak_days", format!("of normal work{}", day.unwrap_or_default())));
        let note = "after the restoration";
        numbers.push(if has_backlog(outcome) {
            time_number(outcome, "Backlog cleared", "backlog_clear_days", "backlog_not_cleared", note)
        } else {
            KeyNumber { title: "Backlog cleared", value: "no backlog".to_owned(), interval: None, note: String::new() }
        });
    }
    numbers
}

/// Why a share of delays cannot be told; empty for anything else.
fn why_not_estimable(outcome: &Outcome, metric: &str) -> String {
    let limit = match metric {
        "share_delayed_24h" => Span::DAY,
        "share_delayed_72h" => Span::DAY.scaled(3.0),
        _ => return String::new(),
    };
    if outcome.follow_up < limit { format!("needs a follow_up of {} h", limit.hours()) } else { String::new() }
}

/// Mean day of the peak backlog, if the replications agree on it: of days far apart the mean is a day on which nothing need happen.
#[must_use]
pub(crate) fn peak_day(outcome: &Outcome, group: usize) -> Option<f64> {
    let days: Vec<f64> = values(outcome, group, "backlog_peak_day").into_iter().flatten().collect();
    let (least, most) =
        days.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(least, most), &day| (day.min(least), day.max(most)));
    (!days.is_empty() && most - least <= MOST_APART_DAYS).then(|| days.iter().sum::<f64>() / days.len() as f64)
}

/// A time that is not reached in every replication: the mean only if all reach it, else the median of all.
fn time_number(outcome: &Outcome, title: &'static str, metric: &str, missed: &str, note: &str) -> KeyNumber {
    let time = reached(outcome, 0, metric, missed);
    let (counted, all) = (time.counted, replications(outcome));
    let of_those = if counted < all { format!(", in the {counted} of {all} replications with it") } else { String::new() };
    if time.missed == 0.0 {
        let (value, interval) = words::parts("d", time.estimate);
        let note = if value == words::NOT_ESTIMABLE { String::new() } else { format!("{note}{of_those}") };
        return KeyNumber { title, value, interval, note };
    }
    let value = time.median.map_or_else(|| "not within the run".to_owned(), |median| words::value("d", median));
    let median = if time.median.is_some() { "median, " } else { "" };
    let note = match time.missed {
        missed if missed >= 1.0 => format!("{note}{of_those}"),
        missed => format!("{median}{note}{of_those}; {} of them do not reach it", words::value("share", missed)),
    };
    KeyNumber {
        title,
        value,
        interval: None,
        note: note.replace("of them", if counted < all { "of them" } else { "of replications" }),
    }
}

/// A simulated value beside the exact one.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Comparison {
    /// What it is.
    pub(crate) title: String,
    /// Key of the group.
    pub(crate) group: String,
    /// Exact value with unit.
    pub(crate) exact: String,
    /// Simulated value with unit.
    pub(crate) simulated: String,
    /// Interval of the simulated value.
    pub(crate) interval: Option<String>,
    /// Whether the exact value lies in the interval.
    pub(crate) inside: Option<bool>,
    /// Name of the model.
    pub(crate) model: &'static str,
}

impl Comparison {
    /// `inside`, `outside`, or that it cannot be told.
    #[must_use]
    pub(crate) fn verdict(&self) -> &'static str {
        match self.inside {
            Some(true) => "inside",
            Some(false) => "outside",
            None => words::NOT_ESTIMABLE,
        }
    }
}

/// What theory knows exactly beside what was simulated.
#[must_use]
pub(crate) fn theory(outcome: &Outcome) -> Vec<Comparison> {
    let compare = |row: &crate::experiment::TheoryRow| {
        let metric = METRICS.iter().find(|metric| metric.name == row.metric);
        let unit = metric.map_or("", |metric| metric.unit);
        let estimate = outcome.group(&row.group).and_then(|group| outcome.estimate(0, group, row.metric));
        let (simulated, interval) = words::parts(unit, estimate);
        Comparison {
            title: metric.map_or(row.metric, |metric| metric.title).to_owned(),
            group: row.group.clone(),
            exact: words::alike(unit, row.exact, estimate),
            simulated,
            interval,
            inside: estimate.and_then(|e| e.interval).map(|interval| (interval.low..=interval.high).contains(&row.exact)),
            model: row.model,
        }
    };
    outcome.theory.iter().map(compare).collect()
}

#[cfg(test)]
mod tests {
    use super::super::example;
    use super::*;
    use crate::experiment::SERIES;

    #[test]
    fn the_verdict_compares_with_the_twin() {
        let verdict = verdict(&example::outage(12)).join(" ");
        assert!(verdict.starts_with("With the outage, "), "{verdict}");
        assert!(verdict.contains("without, "), "{verdict}");
        assert!(verdict.contains("recovered"), "{verdict}");
    }

    #[test]
    fn disruptions_are_called_what_they_are() {
        let mut outcome = example::outage(3);
        assert_eq!((outage_word(&outcome), has_outage(&outcome)), ("outage", true));
        outcome.disruptions.push(outcome.disruptions[0].clone());
        assert_eq!(outage_word(&outcome), "outages");
        outcome.disruptions[0].random = true;
        assert_eq!((outage_word(&outcome), has_outage(&outcome)), ("disruptions", true));
        outcome.disruptions.truncate(1);
        assert_eq!((outage_word(&outcome), has_outage(&outcome)), ("failures", false));
        assert!(key_numbers(&outcome).iter().all(|number| number.title != "Time to recover"), "failures come and go");
    }

    #[test]
    fn sites_stand_for_as_many_as_there_are() {
        let mut outcome = example::outage(1);
        assert_eq!(sampled(&outcome), Sampled::OneIn(500));
        assert!(scope(&outcome).starts_with("126 sites (one in 500), "));
        // Half of them are there because each group has at least one.
        outcome.scale = 0.001;
        assert_eq!(sampled(&outcome), Sampled::For(63_000));
        assert!(scope(&outcome).starts_with("126 sites for 63,000, "));
    }

    #[test]
    fn an_outage_without_end_or_backlog_is_told_as_such() {
        let mut outcome = example::outage(3);
        outcome.disruptions[0].ends = false;
        for (name, value) in [("backlog_not_cleared", 1.0), ("not_recovered", 1.0), ("backlog_peak", 0.0)] {
            let metric = METRICS.iter().position(|metric| metric.name == name).expect("a metric");
            outcome.points[0].replications.iter_mut().for_each(|replication| replication.values[metric] = Some(value));
        }
        let cautions = cautions(&outcome).join(" ");
        assert!(
            cautions.contains("In every replication service has not recovered by the end of the run: `ransomware` never ends.")
        );
        assert!(!cautions.contains("backlog is not cleared") && !cautions.contains("longer horizon"), "{cautions}");
        assert!(key_numbers(&outcome).iter().any(|number| number.title == "Backlog cleared" && number.value == "no backlog"));
    }

    #[test]
    fn a_second_disruption_is_not_in_the_time_to_recover() {
        let mut outcome = example::outage(3);
        let mut again = outcome.disruptions[0].clone();
        again.onset = again.onset.map(|onset| onset + Span::DAY.scaled(25.0));
        for replication in &mut outcome.points[0].replications {
            replication.disruptions.push((again.onset, None));
        }
        outcome.disruptions.push(again);
        assert!(verdict(&outcome).join(" ").contains("after the first onset"));
        assert!(
            cautions(&outcome).iter().any(|caution| caution.starts_with("A disruption begins 25.0 days after the first onset"))
        );
        let metric = METRICS.iter().position(|metric| metric.name == "backlog_peak_day").expect("a metric");
        assert!(peak_day(&outcome, 0).is_some());
        outcome.points[0].replications[0].values[metric] = Some(3.0);
        assert!(peak_day(&outcome, 0).is_none(), "the mean of days 3 and 13 is no day of a peak");
    }

    #[test]
    fn a_precision_that_was_not_reached_has_a_reason() {
        let mut outcome = example::outage(12);
        let said = |outcome: &Outcome| cautions(outcome).into_iter().find(|words| words.starts_with("The precision"));
        assert_eq!(said(&outcome), None);
        outcome.precision_met = Some(false);
        assert!(said(&outcome).is_some_and(|words| words.ends_with("raise the largest number of replications.")));
        (outcome.interrupted, outcome.planned) = (true, 100);
        assert!(said(&outcome).is_some_and(|words| words.ends_with("the run was stopped before.")));
    }

    #[test]
    fn replications_are_counted_as_people_do() {
        assert_eq!(among(&example::outage(1), 1.0), "");
        assert_eq!(among(&example::outage(4), 1.0), "in every replication ");
        assert_eq!(among(&example::outage(4), 0.25), "in 25.0 % of replications ");
    }

    #[test]
    fn where_nothing_waits_there_is_no_backlog() {
        let mut outcome = example::outage(2);
        assert!(is_queueing(&outcome) && !cautions(&outcome).iter().any(|caution| caution.contains("no chart")));
        let series = SERIES.iter().position(|series| series.name == "backlog").expect("a series");
        let instants = outcome.instants.len();
        for replication in &mut outcome.points[0].replications {
            replication.series[series * instants..(series + 1) * instants].fill(0.0);
        }
        assert!(!is_queueing(&outcome) && cautions(&outcome).iter().any(|caution| caution.contains("no chart of the backlog")));
        assert!(crate::report::figures(&outcome).iter().all(|figure| figure.name != "backlog_fan"));
    }

    #[test]
    fn few_prescriptions_are_whole_ones() {
        let mut outcome = example::outage(1);
        let ready = METRICS.iter().position(|metric| metric.name == "ready").expect("a metric");
        outcome.points[0].replications[0].values[ready] = Some(23.0);
        assert!(cautions(&outcome).iter().any(|caution| caution.contains("has 23 ready prescriptions")));
    }

    #[test]
    fn nothing_measured_is_said() {
        let mut outcome = example::outage(2);
        outcome.points[0].replications.clear();
        assert!(verdict(&outcome)[0].starts_with("Nothing was measured"));
        assert!(
            key_numbers(&outcome).iter().all(|number| number.value == "not estimable" || number.value == "not within the run")
        );
    }

    #[test]
    fn a_time_that_most_do_not_reach_has_no_median() {
        let mut outcome = example::outage(5);
        let metric = METRICS.iter().position(|metric| metric.name == "time_to_recover_days").expect("a metric");
        let missed = METRICS.iter().position(|metric| metric.name == "not_recovered").expect("a metric");
        for replication in &mut outcome.points[0].replications[..3] {
            replication.values[metric] = None;
            replication.values[missed] = Some(1.0);
        }
        let time = reached(&outcome, 0, "time_to_recover_days", "not_recovered");
        assert!(time.median.is_none() && time.estimate.is_some());
        assert!((time.missed - 0.6).abs() < 1e-12);
        assert!(cautions(&outcome).iter().any(|caution| caution.contains("has not recovered")));
        // In the first, nothing happened at all: the two that recovered are half of the four.
        for name in ["not_recovered", "lowest_service_ratio"] {
            let metric = METRICS.iter().position(|metric| metric.name == name).expect("a metric");
            outcome.points[0].replications[0].values[metric] = None;
        }
        let time = reached(&outcome, 0, "time_to_recover_days", "not_recovered");
        assert_eq!((time.counted, time.missed), (4, 0.5));
        assert!(time.median.is_some(), "two of four, the lower of the two in the middle");
        let said = verdict(&outcome).join(" ");
        assert!(said.contains("In the 4 of 5 replications in which the outage happens, daily service falls"), "{said}");
    }

    #[test]
    fn what_is_odd_about_the_scenario_comes_first() {
        let mut outcome = example::outage(40);
        outcome.warnings = vec!["the staff of `shop` cannot keep up".to_owned()];
        assert_eq!(cautions(&outcome)[0], "The staff of `shop` cannot keep up.");
        outcome.title = "停電".to_owned();
        let boxes = "The PNG charts show boxes for “停”, “電”, which their font lacks: the report and the SVG charts show them as they are.";
        assert_eq!(cautions(&outcome)[1], boxes);
    }

    #[test]
    fn a_single_replication_is_warned_about() {
        assert!(cautions(&example::outage(1)).iter().any(|caution| caution.contains("no intervals")));
    }
}
