//! Runs the replications.

use rayon::prelude::*;

use super::outcome::{CheckResult, DesignPoint, DisruptionSpan, Estimate, Group, Outcome};
use super::{Pilot, criticality, targets, textbook};
use crate::disruption::Recovery;
use crate::scenario::{Check, Members, Replications, Scenario};
use crate::sim::{Blueprint, METRICS, Needs, Plan, ReplicationResult, Workspace};
use crate::stats::censored_median;
use crate::units::Span;

/// Replications that are begun together where a precision is asked for. Fixed, so that the stop does not depend on the number of threads.
const BATCH: u32 = 8;

/// Fewer replications than this say nothing about precision.
const MIN_FOR_PRECISION: u32 = 10;

/// So many replications with the same value are taken for a value without chance.
const MIN_ALIKE: u32 = 32;

/// How far a run has come.
#[derive(Clone, Copy, Debug)]
pub struct Progress {
    /// Replications finished, and nodes looked at in one where criticality is asked for.
    pub finished: u32,
    /// As many are asked for, at most.
    pub planned: u32,
    /// Half-width of the watched metric's interval as a share of its mean, where a precision was asked for and it can be told.
    pub relative_half_width: Option<f64>,
}

/// Hears how far a run has come, and may stop it. Called from several threads.
pub trait Listener: Sync {
    /// A replication has finished.
    fn progress(&self, progress: Progress);
    /// Whether the run is to stop now; what is finished is kept. Before it is asked again, a replication may take so many bytes of memory all at once: none,
    /// mostly.
    fn stop(&self, at_once: u64) -> bool;
}

/// Listens to nothing and never stops.
#[derive(Clone, Copy, Default, Debug)]
pub struct Unattended;

impl Listener for Unattended {
    fn progress(&self, _progress: Progress) {}
    fn stop(&self, _at_once: u64) -> bool {
        false
    }
}

/// Threads of one's own: the library never builds the global pool.
#[derive(Debug)]
pub struct Pool(rayon::ThreadPool);

impl Pool {
    /// A pool of this many threads.
    ///
    /// # Errors
    /// The system refuses them.
    pub fn new(threads: usize) -> Result<Self, String> {
        rayon::ThreadPoolBuilder::new().num_threads(threads).build().map(Self).map_err(|why| why.to_string())
    }

    /// Runs a scenario on the pool; see [`run`].
    #[must_use]
    pub fn run(&self, scenario: &Scenario, listener: &dyn Listener) -> Outcome {
        self.0.install(|| run(scenario, listener))
    }

    /// Runs a pilot on the pool; see [`Pilot::run`].
    #[must_use]
    pub fn pilot(&self, scenario: &Scenario, stop: impl Fn() -> bool + Sync) -> Pilot {
        self.0.install(|| Pilot::run(scenario, &stop))
    }

    /// The same event by event, even where results can be had without; see [`run_by_events`].
    #[must_use]
    pub fn run_by_events(&self, scenario: &Scenario, listener: &dyn Listener) -> Outcome {
        self.0.install(|| run_by_events(scenario, listener))
    }
}

/// Runs a scenario on the current rayon pool. The result is a function of the scenario alone.
///
/// If `listener` asks to stop, the outcome holds the replications finished without a gap from the first on, and says that it was
/// interrupted.
#[must_use]
pub fn run(scenario: &Scenario, listener: &dyn Listener) -> Outcome {
    replicate(&Blueprint::new(scenario), listener)
}

/// The same event by event, even where results can be had without: the same results, later.
#[must_use]
pub fn run_by_events(scenario: &Scenario, listener: &dyn Listener) -> Outcome {
    replicate(&Blueprint::new(scenario).by_events(), listener)
}

fn replicate(blueprint: &Blueprint<'_>, listener: &dyn Listener) -> Outcome {
    let scenario = blueprint.scenario();
    let plan = Plan::new(blueprint);
    let planned = scenario.run.replications.at_most();
    let mut outcome = describe(scenario, blueprint, &plan, planned);
    let finished = core::sync::atomic::AtomicU32::new(0);
    let mut results: Vec<ReplicationResult> = Vec::new();
    let mut width = None;
    let all = planned + criticality::trials(scenario);
    let (_, twins_apart) = at_a_time(&scenario.run.replications);
    let together = together(&scenario.run.replications);
    // Workspaces live as long as the run and are handed from one replication to the next.
    let workspaces: std::sync::Mutex<Vec<Workspace<'_>>> = std::sync::Mutex::default();

    while (results.len() as u32) < planned && !outcome.interrupted {
        let first = results.len() as u32;
        // In turn, so that a run that is stopped has nearly all that is finished without a gap.
        let mut batch: Vec<(u32, Option<ReplicationResult>)> = (first..planned.min(first.saturating_add(together)))
            .par_bridge()
            .map(|index| {
                let idle = workspaces.lock().ok().and_then(|mut idle| idle.pop());
                let mut workspace = idle.unwrap_or_else(|| {
                    let new = Workspace::new(blueprint, &plan);
                    if twins_apart { new.with_twin_apart() } else { new }
                });
                let result = workspace.replicate_unless(index, |at_once| listener.stop(at_once));
                if let Ok(mut idle) = workspaces.lock() {
                    idle.push(workspace);
                }
                if result.is_some() {
                    let finished = finished.fetch_add(1, core::sync::atomic::Ordering::Relaxed) + 1;
                    listener.progress(Progress { finished, planned: all, relative_half_width: width });
                }
                (index, result)
            })
            .collect();
        batch.sort_unstable_by_key(|(index, _)| *index);
        let asked = batch.len();
        results.extend(batch.into_iter().map_while(|(_, result)| result));
        outcome.interrupted = results.len() < first as usize + asked;
        if let Replications::Until { metric, group, half_width, .. } = &scenario.run.replications {
            outcome.points[0].replications = core::mem::take(&mut results);
            let group = outcome.group(group).unwrap_or(0);
            width = outcome.estimate(0, group, metric).and_then(|estimate| relative_half_width(&estimate));
            results = core::mem::take(&mut outcome.points[0].replications);
            width = width.filter(|_| !waits_for_an_outage(scenario, &results));
            let enough = width.is_some_and(|width| width <= half_width.value());
            outcome.precision_met = Some(enough);
            if enough {
                break;
            }
        }
    }
    outcome.points[0].replications = results;
    outcome.disruptions = disruption_spans(scenario, &outcome.points[0].replications);
    outcome.theory = textbook::exact(scenario);
    outcome.checks = scenario.checks.iter().map(|check| verdict(check, &outcome)).collect();
    outcome.targets = targets::compare(scenario, &outcome);
    if let Some(study) = &scenario.criticality {
        if !outcome.interrupted {
            outcome.criticality = criticality::study(scenario, study, &outcome, listener);
        }
        outcome.criticality_stopped = outcome.criticality.is_none();
        outcome.interrupted |= outcome.criticality_stopped;
    }
    outcome
}

/// Replications that are begun together: all of them, where their number is given.
fn together(replications: &Replications) -> u32 {
    match replications {
        Replications::Until { max, .. } => BATCH.min(*max),
        Replications::Fixed(number) => *number,
    }
}

/// Replications at a time on the current pool, and whether their twins have threads of their own: with fewer replications than threads they take those that are
/// left.
pub(super) fn at_a_time(replications: &Replications) -> (u32, bool) {
    let (together, threads) = (together(replications), rayon::current_num_threads() as u32);
    (threads.min(together), together < threads)
}

/// Workspaces that are in use at a time, if there are threads enough: of replications, or of nodes that a study of criticality takes out.
pub(super) fn most_at_a_time(scenario: &Scenario) -> u32 {
    together(&scenario.run.replications).max(criticality::trials(scenario))
}

/// Worlds of a scenario that can be simulated at a time: more threads than these would only wait. A twin can have one of its own.
#[must_use]
pub fn worlds_at_a_time(scenario: &Scenario) -> usize {
    let worlds = if scenario.is_disrupted() { 2 } else { 1 };
    most_at_a_time(scenario).max(worlds * together(&scenario.run.replications)) as usize
}

/// The scenario with as few replications as may be enough, where it asks for a precision; `None` where it gives their number, or no fewer are possible.
#[must_use]
pub fn with_fewest_replications(scenario: &Scenario) -> Option<Scenario> {
    let enough = MIN_FOR_PRECISION.next_multiple_of(BATCH);
    let mut fewest = scenario.clone();
    let Replications::Until { max, .. } = &mut fewest.run.replications else { return None };
    if *max <= enough {
        return None;
    }
    *max = enough;
    Some(fewest)
}

/// Half-width over mean, once enough replications have a value. Where all have the same value, zero possibly, it takes more of them to believe
/// that: what is rare may just not have happened yet.
fn relative_half_width(estimate: &Estimate) -> Option<f64> {
    match estimate.half_width? {
        half_width if half_width > 0.0 => {
            (estimate.n >= MIN_FOR_PRECISION && estimate.mean != 0.0).then(|| half_width / estimate.mean.abs())
        }
        _ => (estimate.n >= MIN_ALIKE).then_some(0.0),
    }
}

/// Whether an outage that comes with some probability has come in none of the replications: however well they agree, it is no part of what they say.
fn waits_for_an_outage(scenario: &Scenario, replications: &[ReplicationResult]) -> bool {
    scenario.outages.iter().enumerate().any(|(index, outage)| {
        let probability = outage.probability.value();
        let comes = |replication: &ReplicationResult| replication.disruptions[index].0.is_some();
        probability > 0.0 && probability < 1.0 && !replications.iter().any(comes)
    })
}

fn describe(scenario: &Scenario, blueprint: &Blueprint<'_>, plan: &Plan, planned: u32) -> Outcome {
    let run = &scenario.run;
    let report = blueprint.report();
    let mut sites_of_cell = vec![0u32; report.site_cells as usize];
    for (index, &cell) in report.cell_of.iter().enumerate() {
        sites_of_cell[cell as usize] += blueprint.sites_of_group(index);
    }
    let groups = report.groups.iter().map(|group| Group {
        key: group.key.clone(),
        label: group.label.clone(),
        sites: match &group.members {
            Members::All => Some(blueprint.sites()),
            Members::Sites(cells) => Some(cells.iter().map(|&cell| sites_of_cell[cell as usize]).sum()),
            Members::Payer(_) | Members::Class(_) | Members::Affected(_) => None,
        },
    });
    Outcome {
        name: scenario.name.clone(),
        title: scenario.title.clone(),
        description: scenario.description.clone(),
        start: run.start,
        warm_up: run.warm_up,
        horizon: run.horizon,
        follow_up: run.follow_up,
        timeline_step: run.timeline_step,
        scale: run.scale,
        network_sites: scenario.network.pharmacies.iter().map(|group| u64::from(group.sites)).sum(),
        seed: run.seed,
        confidence: run.confidence.value(),
        disrupted: scenario.is_disrupted(),
        has: Needs::of(scenario),
        instants: plan.instants.clone(),
        delay_grid: plan.delay_grid.iter().map(|&edge| Span::from_micros(edge)).collect(),
        groups: groups.collect(),
        disruptions: Vec::new(),
        nodes: plan.nodes.clone(),
        planned,
        path: blueprint.path(),
        interrupted: false,
        precision_met: None,
        points: vec![DesignPoint { id: "base".to_owned(), replications: Vec::new() }],
        theory: Vec::new(),
        checks: Vec::new(),
        targets: Vec::new(),
        criticality: None,
        criticality_stopped: false,
        warnings: crate::scenario::warnings(scenario).into_iter().map(|warning| warning.message).collect(),
        precautions: scenario.precautions.clone(),
    }
}

/// When each disruption lasted: medians over the replications in which it happened.
fn disruption_spans(scenario: &Scenario, replications: &[ReplicationResult]) -> Vec<DisruptionSpan> {
    let planned = scenario.spells();
    let disruptions = scenario.disruptions().enumerate();
    disruptions
        .map(|(index, (id, _))| {
            let happened: Vec<_> =
                replications.iter().map(|r| r.disruptions[index]).filter(|(onset, _)| onset.is_some()).collect();
            DisruptionSpan {
                id: id.to_owned(),
                random: index >= planned,
                ends: scenario.outages.get(index).is_none_or(|outage| !matches!(outage.recovery, Recovery::Never)),
                onset: censored_median(happened.iter().map(|(onset, _)| *onset)),
                restored: censored_median(happened.iter().map(|(_, end)| *end)),
                happened_share: if replications.is_empty() { 0.0 } else { happened.len() as f64 / replications.len() as f64 },
            }
        })
        .collect()
}

fn verdict(check: &Check, outcome: &Outcome) -> CheckResult {
    let estimate = outcome.group(&check.group).and_then(|group| outcome.estimate(0, group, &check.metric));
    let bounds = [("below", check.below), ("above", check.above)];
    let words: Vec<String> = bounds.iter().filter_map(|(word, bound)| bound.map(|bound| format!("{word} {bound}"))).collect();
    let holds = |mean: f64| check.below.is_none_or(|bound| mean < bound) && check.above.is_none_or(|bound| mean > bound);
    // The mean of a time that some replications never reached is that of the lucky ones: it proves nothing.
    let censored = METRICS.iter().position(|metric| metric.name == check.metric && metric.is_censored());
    let counted = outcome.group(&check.group).zip(censored).map(|(group, metric)| outcome.counted_values(0, group, metric).len());
    let whole = |estimate: &Estimate| counted.is_none_or(|counted| estimate.n as usize == counted);
    CheckResult {
        requirement: format!("{} ({}) {}", check.metric, check.group, words.join(" and ")),
        passed: estimate.is_some_and(|estimate| whole(&estimate) && holds(estimate.mean)),
        estimate,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Chance;
    use crate::scenario::{Source, load};

    fn of(path: &str, sets: &[&str]) -> Scenario {
        let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios").join(path);
        let sets: Vec<String> = sets.iter().map(|&set| set.to_owned()).collect();
        let loaded = load(&Source::File(file), &sets, &crate::experiment::quantities());
        loaded.unwrap_or_else(|problems| panic!("{problems}")).scenario
    }

    fn until(max: u32) -> String {
        format!("run.replications={{ until = \"share_delayed_72h\", half_width = \"5 %\", max = {max} }}")
    }

    #[test]
    fn a_precision_takes_two_batches_at_least() {
        let fewest =
            |sets: &[&str]| with_fewest_replications(&of("quickstart.toml", sets)).map(|few| few.run.replications.at_most());
        assert_eq!(fewest(&[&until(1000)]), Some(16));
        assert_eq!(fewest(&[&until(16)]), None, "no fewer than all");
        assert_eq!(fewest(&["run.replications=1000"]), None, "their number is given");
    }

    /// With probability 0.05 the outage comes in none of 32 replications for one seed in five: that they are all alike then is not believed.
    #[test]
    fn a_precision_waits_for_an_outage_that_has_not_come() {
        let sets = [
            "outage.switch-down.probability=0.05",
            "run.horizon=12 d",
            "run.follow_up=3 d",
            "run.scale=0.02",
            "run.replications={ until = \"lowest_service_ratio\", half_width = \"5 %\", max = 48 }",
        ];
        let mut scenario = of("quickstart.toml", &sets);
        let blueprint = Blueprint::new(&scenario);
        let comes_first = |seed: u64| (0..48).find(|&index| blueprint.timeline(Chance::new(seed, index)).spans[0].0.is_some());
        let (seed, first) = (1..1_000)
            .find_map(|seed| comes_first(seed).filter(|first| *first >= MIN_ALIKE).map(|first| (seed, first)))
            .expect("a seed for which it does not come for long");
        scenario.run.seed = seed;
        let outcome = run(&scenario, &Unattended);
        let replications = outcome.points[0].replications.len() as u32;
        assert!(
            replications > first && replications.is_multiple_of(BATCH),
            "{replications} replications, and it comes in {first}"
        );
        assert_eq!(outcome.precision_met, Some(false), "and one that is unlike the others is not precise");
    }

    #[test]
    fn more_threads_than_worlds_at_a_time_are_of_no_use() {
        let worlds = |path: &str, sets: &[&str]| worlds_at_a_time(&of(path, sets));
        assert_eq!(worlds("quickstart.toml", &["run.replications=5"]), 10, "twins can have threads of their own");
        assert_eq!(worlds("quickstart.toml", &[&until(1000)]), 16, "a batch and its twins");
        assert_eq!(worlds("baseline.toml", &["run.replications=3"]), 3, "nothing is disrupted");
        let nodes = of("node-criticality.toml", &["run.replications=1"])
            .criticality
            .map_or(0, |study| study.targets(&of("node-criticality.toml", &[]).network).len());
        assert!(nodes > 2);
        assert_eq!(
            worlds("node-criticality.toml", &["run.replications=1"]),
            nodes,
            "a study goes on with one node beside another"
        );
    }
}
