//! How large an experiment is, told before it is run.

use super::run::most_at_a_time;
use super::{Pilot, criticality};
use crate::disruption::{Onset, Recovery};
use crate::network::Role;
use crate::scenario::{Needs, ReportGroups, Scenario};
use crate::sim::{METRICS, NOTES, SERIES, has_room_to_spare};
use crate::units::Span;

/// How large an experiment is, as `check` tells before it is run.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Size {
    /// Simulated sites.
    pub sites: u64,
    /// Replications, at most.
    pub replications: u64,
    /// Prescriptions in one replication, about.
    pub prescriptions: f64,
    /// Worlds in one replication: 2 with a twin.
    pub worlds: u64,
    /// Memory in bytes, about, with this many threads and all replications.
    pub memory: f64,
    /// What of it each replication leaves behind until the end.
    pub kept: f64,
    /// Size of the result tables in bytes, about.
    pub disk: f64,
}

// Bytes, as measured or as the types are.

/// The program itself, its scenario, its page and its fonts.
const PROGRAM: f64 = 18e6;
/// A chart as pixels while it is encoded.
const PICTURE: f64 = 20e6;
/// The counts of a distribution.
const SKETCH: f64 = 30e3;
/// A site with its station and lines, and its agenda.
const SITE: f64 = 570.0;
/// A pharmacy group with its week.
const GROUP: f64 = 2.5e3;
/// A prescription on its way, with what is scheduled for it.
const PRESCRIPTION: f64 = 136.0;
/// One end that waits for the other, with room to grow \[bytes\].
const HALF_PAIR: f64 = 32.0;
/// One end of a stretch; with room to grow, and at twice the mean rate of a day \[bytes\].
const END: f64 = 48.0;
/// A claim that comes to a service with room to spare and goes, in a stretch of an hour, while it is made sure that nobody waited; at two and a half times the
/// mean rate of a day \[bytes\].
const PASSAGE: f64 = 80.0;
/// A row of a table as text.
const ROW: f64 = 110.0;
/// Points of a distribution of delay, for run and twin.
const DELAYS: f64 = 130.0 * 2.0 * 8.0;

/// Days of requests that an outage keeps on their way, where blocked prescriptions find other ways; a quarter of a day is ordinary.
const DAYS_ON_THEIR_WAY: f64 = 1.5;

/// The share of a law's values that counts as its longest.
const LONGEST: f64 = 0.999;

/// Simulated sites of each pharmacy group.
pub(super) fn sites(scenario: &Scenario) -> impl Iterator<Item = f64> {
    scenario.network.pharmacies.iter().map(|group| (f64::from(group.sites) * scenario.run.scale).round().max(1.0))
}

/// Prescriptions that are requested in a day at all simulated sites.
pub(super) fn requests_per_day(scenario: &Scenario) -> f64 {
    scenario.network.pharmacies.iter().zip(sites(scenario)).map(|(group, sites)| sites * group.demand.mean_per_day()).sum()
}

/// Prescriptions that are requested in a replication.
pub(super) fn requests(scenario: &Scenario) -> f64 {
    requests_per_day(scenario) * scenario.run.horizon.days()
}

/// Whether there are services with so many servers that pharmacies may go on through them.
pub(super) fn has_room(scenario: &Scenario) -> bool {
    scenario.network.services.iter().any(|service| has_room_to_spare(&service.capacity, scenario.run.scale))
}

/// Worlds in a replication: two with a twin.
pub(super) fn worlds(scenario: &Scenario) -> f64 {
    if scenario.is_disrupted() { 2.0 } else { 1.0 }
}

/// Most prescriptions on their way at a time, over the worlds of a replication: as an outage of this length would keep them, or more where a pilot has shown
/// more.
fn waiting(scenario: &Scenario, pilot: Option<&Pilot>) -> f64 {
    let longest = longest_waits(scenario).into_iter().max().unwrap_or(Span::ZERO).days();
    let blocked = if has_ways_out(scenario) { longest.min(DAYS_ON_THEIR_WAY) } else { longest.min(scenario.run.horizon.days()) };
    let is_hit = scenario.is_disrupted() || scenario.criticality.is_some();
    let days = 0.25 + if is_hit { blocked } else { 0.0 };
    requests_per_day(scenario) * days.max(pilot.map_or(0.0, Pilot::on_their_way))
}

/// Bytes of sites and of prescriptions on their way.
pub(super) fn state(scenario: &Scenario, pilot: Option<&Pilot>) -> f64 {
    sites(scenario).sum::<f64>() * SITE + waiting(scenario, pilot) * PRESCRIPTION
}

/// Estimates how large the experiment of a scenario is with `threads` threads: better, if a pilot has been run.
#[must_use]
pub fn size(scenario: &Scenario, threads: usize, pilot: Option<&Pilot>) -> Size {
    let run = &scenario.run;
    let network = &scenario.network;
    let (sites, per_day) = (sites(scenario).sum::<f64>(), requests_per_day(scenario));
    let report = ReportGroups::of(scenario);
    let (cells, groups) = (f64::from(report.cells()), report.groups.len() as f64);
    let worlds = worlds(scenario);
    let replications = f64::from(run.replications.at_most());
    let instants = (run.horizon.micros() / run.timeline_step.micros() + 1) as f64;
    let (pharmacies, services) = (network.pharmacies.len() as f64, (network.services.len() + network.links.len()) as f64);
    let payers = network.services.iter().filter(|service| service.role == Role::Payer).count() as f64;

    // What all replications share: groups with their week, and who sends where.
    let shared = pharmacies * GROUP + services * payers * 4.0;
    // Statistics by cell and group, what is noted at the instants, sites, who takes claims from whom.
    let notes = groups * instants * NOTES as f64 * 8.0;
    let passages = if has_room(scenario) { per_day / 24.0 * PASSAGE } else { 0.0 };
    let world = (cells + groups) * SKETCH + notes + sites * SITE + services * pharmacies + passages;
    let waiting = waiting(scenario, pilot);
    // What has ended in one world waits for its end in the other; what has ended in two stretches of both, to be looked at.
    let ended = 4.0 * per_day * run.timeline_step.days() * END;
    // A study of criticality may take nodes out with a twin beside.
    let worlds_at_once = if criticality::has_twins(scenario) { 2.0 } else { worlds };
    let pairs = if worlds_at_once > 1.0 { waiting * HALF_PAIR + ended + cells * SKETCH } else { 0.0 };
    let workspace = worlds_at_once * world + waiting * PRESCRIPTION + pairs;

    let result = groups * (instants * SERIES.len() as f64 * 4.0 + DELAYS + METRICS.len() as f64 * 16.0)
        + (pharmacies + services) * 80.0
        + (scenario.outages.len() + scenario.failures.len()) as f64 * 32.0;
    // What a scenario does not have leaves no rows, or empty cells.
    let has = Needs::of(scenario);
    let series = SERIES.iter().filter(|series| series.needs.met_by(has)).count() as f64;
    let metrics = METRICS.iter().filter(|metric| metric.needs.met_by(has)).count() as f64;
    let rows =
        groups * (instants * series + DELAYS / 16.0 + metrics * (3.0 + replications / 10.0)) + (pharmacies + services) * 5.0;
    // Workspaces are gone before charts are made; rows of tables are written one by one.
    let simulating = (threads as f64).min(f64::from(most_at_a_time(scenario))) * workspace;
    Size {
        sites: sites as u64,
        replications: replications as u64,
        prescriptions: requests(scenario),
        worlds: worlds as u64,
        memory: PROGRAM + shared + replications * result + simulating.max(PICTURE),
        kept: result,
        disk: rows * ROW + 1.2e6,
    }
}

/// For each pharmacy group about how long the longest prescription of a site is on its way: an outage, or an answer that takes its time.
fn longest_waits(scenario: &Scenario) -> Vec<Span> {
    let responses = scenario.rejects.iter().filter_map(|reject| reject.response).map(|law| law.quantile(LONGEST));
    let repairs = scenario.failures.iter().map(|failure| failure.time_to_repair.quantile(LONGEST));
    let nodes_out =
        scenario.criticality.iter().map(|study| study.search.map_or(study.lasts, |search| search.longest.max(study.lasts)));
    let whoever = responses.chain(repairs).chain(nodes_out).max().unwrap_or(Span::ZERO);
    let mut longest = vec![whoever; scenario.network.pharmacies.len()];
    let outages = scenario.outages.iter().map(|outage| {
        let onset = if let Onset::At(at) = outage.onset { at } else { Span::ZERO };
        (onset, outage.recovery_delay.mean(), &outage.recovery)
    });
    let platforms = scenario.attacks.iter().flat_map(|attack| {
        let onset = attack.entry.mean() + attack.detection.mean();
        attack.platforms.iter().map(move |platform| (onset, platform.rebuild.mean(), &platform.recovery))
    });
    for (onset, delay, recovery) in outages.chain(platforms) {
        for (longest, length) in longest.iter_mut().zip(lengths(onset, delay, recovery, scenario)) {
            *longest = length.max(*longest);
        }
    }
    longest.into_iter().map(|longest| longest + Span::DAY).collect()
}

/// How long service is away on average for each pharmacy group, where it is hit.
fn lengths(onset: Span, delay: Span, recovery: &Recovery, scenario: &Scenario) -> Vec<Span> {
    let horizon = scenario.run.horizon;
    let last = match recovery {
        Recovery::AtOnce => Span::ZERO,
        Recovery::Ramp { end, .. } => *end,
        Recovery::Stages(stages) => stages.iter().map(|stage| stage.after.mean()).max().unwrap_or(Span::ZERO),
        Recovery::Never => horizon,
    };
    let mut lengths = vec![delay + last; scenario.network.pharmacies.len()];
    if let Recovery::Stages(stages) = recovery {
        for stage in stages.iter().rev() {
            for group in &stage.who {
                lengths[group.0 as usize] = delay + stage.after.mean();
            }
        }
    }
    lengths.into_iter().map(|length| length.min(horizon - onset)).collect()
}

/// Whether blocked prescriptions leave by other ways than the end of the outage.
fn has_ways_out(scenario: &Scenario) -> bool {
    let downtime = &scenario.downtime;
    let patience = downtime.wait.as_ref().is_some_and(|wait| wait.patience.is_some());
    let choices = downtime.on_trust.is_some() || downtime.cash.is_some() || downtime.give_up.is_some();
    choices || patience || !scenario.orders.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::{Source, load};

    fn of(sets: &[&str], threads: usize) -> Size {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/change-healthcare-2024.toml");
        let sets: Vec<String> = sets.iter().map(|&set| set.to_owned()).collect();
        let loaded =
            load(&Source::File(path), &sets, &crate::experiment::quantities()).unwrap_or_else(|problems| panic!("{problems}"));
        size(&loaded.scenario, threads, None)
    }

    #[test]
    fn the_estimate_follows_what_costs_memory() {
        let usual = of(&[], 2);
        assert_eq!((usual.worlds, usual.replications), (2, 16));
        let more = |sets: &[&str], threads| of(sets, threads).memory / usual.memory;
        assert!(more(&["run.scale=0.2"], 2) > 5.0, "a hundred times the sites and what waits there");
        let many = ["run.replications=64"];
        assert!(of(&many, 64).memory > 2.0 * of(&many, 2).memory, "workspaces of 32 times as many threads");
        assert_eq!(of(&[], 64).memory, of(&[], 16).memory, "twins share the workspace of their replication");
        assert!(more(&["run.timeline_step=15 min"], 2) > 3.0, "rows of the timeline");
        assert!(more(&["run.replications=1600"], 2) > 2.0, "results that are kept");
        // Nobody leaves: what is blocked is all there until the end.
        let nobody_leaves = ["order=[]", "downtime={ retry = { attempts = 2, backoff = \"1 min\" } }"];
        assert!(of(&[&nobody_leaves[..], &["run.scale=0.2"]].concat(), 2).memory > 1.5 * of(&["run.scale=0.2"], 2).memory);
    }
}
