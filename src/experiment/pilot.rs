//! A small part of an experiment, simulated to tell how long the whole takes.

use core::cell::Cell;

use rayon::prelude::*;

use super::{criticality, size};
use crate::scenario::Scenario;
use crate::sim::{Blueprint, Plan, Workspace};
use crate::units::{SimTime, Span};

/// So many prescriptions are enough for each thread of a pilot.
const ENOUGH: f64 = 1e5;

/// Fewest sites that are left: the capacity of services goes down with their number, and with only some of them each claim would take a service for seconds.
const FEWEST_SITES: f64 = 50.0;

/// As many at most come between two questions whether to stop, and so often at most it is asked.
const BETWEEN_LOOKS: f64 = 1e4;
const MOST_LOOKS: f64 = 1e4;

/// Tables, charts and page \[s\].
const WRITING: f64 = 0.4;

/// State up to this many bytes stays close to a core; each tenfold beyond adds this share of the time to wait for memory: less where nothing is disturbed,
/// for pharmacies are then advanced one after the other. Fitted to the national network at four scales.
const CLOSE_BY: f64 = 0.8e6;
const FARTHER: f64 = 0.5;
const FARTHER_UNDISTURBED: f64 = 0.25;

/// What a pilot has gone through: the first replications of a scenario, with fewer sites if it is large.
///
/// Whoever calls [`Pilot::run`] measures how long it takes; [`Pilot::seconds`] tells from that how long the experiment takes. So the estimate knows this
/// machine, and what outages make of a prescription: how often it is tried, held and billed again.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Pilot {
    /// Prescriptions simulated on each thread on average, counted in each world.
    prescriptions: f64,
    /// Most prescriptions on their way at a time, over the worlds of a replication, for each that is requested in a day.
    on_their_way: f64,
    /// Bytes of state.
    state: f64,
}

/// What one thread has gone through.
#[derive(Clone, Copy, Default, Debug)]
struct Part {
    requested: f64,
    days: f64,
    most_on_their_way: f64,
}

impl Pilot {
    /// Simulates a pilot of a scenario on every thread of the current rayon pool, until `stop` says that it is enough: it is asked every few thousand
    /// prescriptions.
    #[must_use]
    pub fn run(scenario: &Scenario, stop: impl Fn() -> bool + Sync) -> Self {
        let small = made_smaller(scenario);
        let blueprint = Blueprint::new(&small);
        let plan = Plan::new(&blueprint);
        let threads = rayon::current_num_threads() as u32;
        let parts: Vec<Part> = (0..threads)
            .into_par_iter()
            .with_max_len(1)
            .map(|first| {
                let indices = (first..small.run.replications.at_most().max(first + 1)).step_by(threads as usize);
                part(&mut Workspace::new(&blueprint, &plan), indices, &plan, &stop)
            })
            .collect();
        let sum = |of: fn(&Part) -> f64| parts.iter().map(of).sum::<f64>();
        let requested = sum(|part| part.requested);
        let most = parts.iter().map(|part| part.most_on_their_way).fold(0.0, f64::max);
        let mut pilot = Self {
            prescriptions: requested * worlds(scenario) / f64::from(threads),
            on_their_way: if requested > 0.0 { most * sum(|part| part.days) / requested } else { 0.0 },
            state: 0.0,
        };
        pilot.state = size::state(&small, Some(&pilot));
        pilot
    }

    /// Most prescriptions on their way at a time, over the worlds of a replication, for each that is requested in a day.
    pub(super) fn on_their_way(&self) -> f64 {
        self.on_their_way
    }

    /// Seconds that the experiment takes on as many threads as the pilot was run on, if that took so many.
    #[must_use]
    pub fn seconds(&self, took: f64, scenario: &Scenario, threads: usize) -> f64 {
        let farther = if scenario.is_disrupted() { FARTHER } else { FARTHER_UNDISTURBED };
        let waiting = |state: f64| 1.0 + farther * crate::math::log10((state / CLOSE_BY).max(1.0));
        let slower = waiting(size::state(scenario, Some(self))) / waiting(self.state);
        let each = if self.prescriptions > 0.0 { took / self.prescriptions } else { 0.0 };
        let prescriptions = size::requests_per_day(scenario) * scenario.run.horizon.days();
        WRITING + prescriptions * worlds_on(scenario, threads) * each * slower
    }
}

/// The scenario with fewer sites, at least one in each group, if it is large.
fn made_smaller(scenario: &Scenario) -> Scenario {
    let mut small = scenario.clone();
    let horizon = small.run.horizon;
    let requests = |scenario: &Scenario| size::requests_per_day(scenario) * horizon.days();
    small.run.scale *= (ENOUGH / requests(scenario)).max(FEWEST_SITES / size::sites(scenario).sum::<f64>()).min(1.0);
    // One site in each group may still be many: then the pilot is looked at more often, and only its beginning is simulated.
    let between_looks = horizon.scaled(BETWEEN_LOOKS / requests(&small)).max(Span::MINUTE);
    if between_looks < small.run.timeline_step {
        small.run.timeline_step = between_looks;
        small.run.horizon = horizon.min(between_looks.scaled(MOST_LOOKS));
    }
    small
}

/// Simulates these replications on one thread, or as many of them as are enough.
fn part(workspace: &mut Workspace<'_>, indices: impl Iterator<Item = u32>, plan: &Plan, stop: &impl Fn() -> bool) -> Part {
    let mut part = Part::default();
    for index in indices {
        let looks = Cell::new(0);
        let is_whole = workspace.simulate(index, || {
            looks.set(looks.get() + 1);
            stop()
        });
        // It was stopped before it went on from the last instant that was looked at.
        let reached = if is_whole { plan.instants.last() } else { plan.instants.get(looks.get() - 1) };
        part.requested += workspace.requested() as f64;
        part.days += reached.map_or(0.0, |instant| instant.since(SimTime::ZERO).days());
        if !is_whole || stop() || part.requested >= ENOUGH {
            break;
        }
    }
    part.most_on_their_way = workspace.most_on_their_way() as f64;
    part
}

/// Worlds in a replication: two with a twin.
fn worlds(scenario: &Scenario) -> f64 {
    if scenario.is_disrupted() { 2.0 } else { 1.0 }
}

/// Worlds of the experiment that come one after the other on this many threads.
fn worlds_on(scenario: &Scenario, threads: usize) -> f64 {
    let on_threads = |worlds: f64, at_a_time: f64| worlds / (threads as f64).min(at_a_time).max(1.0);
    // The twin of a lone replication has a thread of its own; what a study asks of one node in one replication comes one after the other.
    let own = f64::from(scenario.run.replications.at_most()) * worlds(scenario);
    on_threads(own, own) + on_threads(criticality::worlds(scenario), f64::from(criticality::trials(scenario)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::{Pool, Unattended};
    use crate::scenario::{Source, load};

    fn of(path: &str, sets: &[&str]) -> Scenario {
        let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios").join(path);
        let sets: Vec<String> = sets.iter().map(|&set| set.to_owned()).collect();
        load(&Source::File(file), &sets, &crate::experiment::quantities())
            .unwrap_or_else(|problems| panic!("{problems}"))
            .scenario
    }

    fn pool(threads: usize) -> Pool {
        Pool::new(threads).expect("threads")
    }

    #[test]
    fn what_is_large_is_made_smaller() {
        let country = of("national-one-to-one.toml", &[]);
        let small = made_smaller(&country);
        let sites: f64 = size::sites(&small).sum();
        assert!((FEWEST_SITES - 3.0..FEWEST_SITES + 3.0).contains(&sites), "{sites} sites");
        for path in ["quickstart.toml", "textbook/mm1.toml"] {
            let scenario = of(path, &[]);
            let small = made_smaller(&scenario);
            assert_eq!((small.run.scale, small.run.timeline_step), (scenario.run.scale, scenario.run.timeline_step), "{path}");
        }
        // Sites that cannot be fewer, over a long time: it is asked more often whether to stop.
        let years = made_smaller(&of("textbook/mm1.toml", &["run.horizon=36500 d", "run.timeline_step=3650 d"]));
        assert_eq!(years.run.scale, 1.0);
        let between_looks = size::requests_per_day(&years) * years.run.timeline_step.days();
        assert!((between_looks / BETWEEN_LOOKS - 1.0).abs() < 1e-6, "{between_looks} prescriptions");
    }

    #[test]
    fn each_world_and_thread_counts_once() {
        let scenario = of("quickstart.toml", &["run.replications=2", "run.horizon=10 d"]);
        let outcome = pool(1).run(&scenario, &Unattended);
        let each = outcome.points[0].replications.iter().map(|result| result.prescriptions as f64);
        let expected = 2.0 * each.sum::<f64>();
        assert_eq!(pool(1).pilot(&scenario, || false).prescriptions, expected, "both replications, each with its twin");
        assert_eq!(pool(2).pilot(&scenario, || false).prescriptions, expected / 2.0, "one replication on each thread");
    }

    #[test]
    fn it_ends_when_it_is_told_to() {
        let scenario = of("quickstart.toml", &["run.horizon=10 d"]);
        let pilot = pool(2).pilot(&scenario, || true);
        assert_eq!((pilot.prescriptions, pilot.on_their_way), (0.0, 0.0));
        assert_eq!(pilot.seconds(1.0, &scenario, 2), WRITING, "nothing is known");
        let looks = core::sync::atomic::AtomicU32::new(0);
        let half = pool(1).pilot(&scenario, || looks.fetch_add(1, core::sync::atomic::Ordering::Relaxed) > 20);
        let whole = pool(1).pilot(&of("quickstart.toml", &["run.horizon=10 d", "run.replications=1"]), || false);
        assert!(half.prescriptions > 0.0 && half.prescriptions < whole.prescriptions);
    }

    #[test]
    fn what_piles_up_is_foreseen() {
        let sets = ["run.scale=0.1", "run.replications=1", "run.horizon=7 d"];
        let state_of = |path: &str| {
            let scenario = of(path, &sets);
            let pilot = pool(1).pilot(&scenario, || false);
            (size::state(&scenario, Some(&pilot)), size::state(&scenario, None))
        };
        let (seen, guessed) = state_of("metastable-surge.toml");
        assert!(seen > 3.0 * guessed, "claims that nobody answers are sent again and again: {seen} bytes, not {guessed}");
        let (seen, guessed) = state_of("metastable-budget.toml");
        assert_eq!(seen, guessed, "not with a budget");
    }

    /// A pilot of a scenario that took a second for a million prescriptions.
    fn pilot(state: f64) -> Pilot {
        Pilot { prescriptions: 1e6, on_their_way: 0.0, state }
    }

    #[test]
    fn time_follows_work_memory_and_threads() {
        let twins = of("change-healthcare-2024.toml", &[]);
        let lone = of("change-healthcare-2024.toml", &["run.replications=1"]);
        let seconds = |scenario, threads| pilot(1e9).seconds(1.0, scenario, threads) - WRITING;
        let ratio = |a: f64, b: f64| (a / b * 100.0).round() / 100.0;
        assert_eq!(ratio(seconds(&twins, 1), seconds(&twins, 2)), 2.0);
        assert_eq!(ratio(seconds(&lone, 1), seconds(&lone, 16)), 2.0, "the run and its twin");
        assert_eq!(ratio(seconds(&twins, 2), seconds(&lone, 2)), 16.0);
        let took = |took| pilot(1e5).seconds(took, &twins, 1) - WRITING;
        assert_eq!(ratio(took(3.0), took(1.0)), 3.0, "a slower machine");
        let from = |state| pilot(state).seconds(1.0, &twins, 1) - WRITING;
        assert_eq!(ratio(from(CLOSE_BY), from(10.0 * CLOSE_BY)), 1.0 + FARTHER, "from a state that stays close to a core");
    }

    #[test]
    fn a_study_has_twins_where_its_metric_compares() {
        let replications = "run.replications=1";
        let alone = of("node-criticality.toml", &[replications]);
        let beside = of("node-criticality.toml", &[replications, "criticality.metric=excess_share_delayed_24h"]);
        // Five nodes, each once and in as many further lengths as the search needs; in pairs also one in which nothing goes out.
        let trials = criticality::worlds(&alone);
        assert_eq!(criticality::worlds(&beside), 2.0 * (trials + 1.0));
        assert!(!criticality::has_twins(&alone) && criticality::has_twins(&beside));
        assert_eq!(worlds_on(&alone, 64), 1.0 + trials / 5.0, "five nodes at a time at most");
    }
}
