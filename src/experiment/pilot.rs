//! A small part of an experiment, simulated to tell how long the whole takes.

use rayon::prelude::*;

use super::pile::{self, Ahead};
use super::run::at_a_time;
use super::{criticality, size};
use crate::scenario::Scenario;
use crate::sim::{Blueprint, Plan, Workspace};
use crate::units::{SimTime, Span};

/// So many prescriptions are enough of each row of replications that goes on beside others.
const ENOUGH: f64 = 3e5;

/// Fewest sites that are left: the capacity of services goes down with their number, and with only some of them each claim would take a service for seconds.
const FEWEST_SITES: f64 = 50.0;

/// Groups keep one site each. If that makes the prescriptions so many times more than they should be, capacity would not go with them.
const MOST_UNEVEN: f64 = 1.2;

/// As many prescriptions come between two questions whether to stop, or as many for each site where these are more: to walk over all sites takes time too.
/// So often at most it is asked.
const BETWEEN_LOOKS: f64 = 1e4;
const BETWEEN_LOOKS_AT_A_SITE: f64 = 5.0;
const MOST_LOOKS: f64 = 1e4;

/// Charts and page \[s\], and tables for each byte of them.
const WRITING: f64 = 0.4;
const WRITING_A_BYTE: f64 = 2.2e-8;

/// State up to this many bytes stays close to a core; each tenfold beyond adds this share of the time to wait for memory: less where nothing is disturbed,
/// for pharmacies are then advanced one after the other. Where services have room to spare, which a pilot with fewer sites and servers does not see, next to
/// nothing is added, and less with disruptions. Fitted to the national network at four scales; with room to spare, at one.
const CLOSE_BY: f64 = 0.8e6;
const FARTHER: f64 = 0.5;
const FARTHER_UNDISTURBED: f64 = 0.25;
const FARTHER_WITH_ROOM: f64 = 0.25;

/// What a pilot has gone through: the first replications of a scenario, with fewer sites if it is large; of a study of criticality, with its first node out.
///
/// Whoever calls [`Pilot::run`] measures how long it takes; [`Pilot::seconds`] tells from that how long the experiment takes. So the estimate knows this
/// machine, and what outages make of a prescription: how often it is tried, held and billed again.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Pilot {
    /// Prescriptions simulated, counted in each world.
    prescriptions: f64,
    /// Worlds that went on at the same time, and threads that there were.
    at_a_time: f64,
    threads: f64,
    /// Most prescriptions on their way at a time, over the worlds of a replication, for each that is requested in a day.
    on_their_way: f64,
    /// Events for each prescription of a whole replication, over those for each that was simulated.
    heavier: f64,
    /// Bytes of state.
    state: f64,
    /// How far into the run it got, at the farthest.
    reached: Span,
}

/// What has come of a row of replications, one after the other.
#[derive(Clone, Copy, Debug)]
struct Part {
    requested: u64,
    ahead: Ahead,
    reached: Span,
}

impl Pilot {
    /// Simulates a pilot of a scenario on the current rayon pool, as many replications at a time as the experiment would, until `stop` says that it is
    /// enough. That is asked first when all is ready to begin, and then at short intervals.
    #[must_use]
    pub fn run(scenario: &Scenario, stop: impl Fn() -> bool + Sync) -> Self {
        let small = made_smaller(&simulated_most(scenario));
        let has_twin = if scenario.criticality.is_some() { criticality::has_twins(scenario) } else { small.is_disrupted() };
        let blueprint = Blueprint::new(&small);
        let plan = Plan::new(&blueprint);
        let (beside, twins_apart) = at_a_time(&small.run.replications);
        let parts: Vec<Part> = (0..beside)
            .into_par_iter()
            .with_max_len(1)
            .map(|first| {
                let new = if has_twin { Workspace::new(&blueprint, &plan) } else { Workspace::without_twin(&blueprint, &plan) };
                let mut workspace = if twins_apart { new.with_twin_apart() } else { new }.with_passed();
                let indices = (first..small.run.replications.at_most()).step_by(beside as usize);
                part(&mut workspace, indices, scenario.run.horizon, &stop)
            })
            .collect();
        let worlds = if has_twin { 2.0 } else { 1.0 };
        let per_day = size::requests_per_day(&small);
        let most = |of: fn(&Ahead) -> f64| {
            let most = parts.iter().map(|part| of(&part.ahead)).fold(0.0, f64::max);
            if per_day > 0.0 { most / per_day } else { 0.0 }
        };
        let mut pilot = Self {
            prescriptions: worlds * parts.iter().map(|part| part.requested as f64).sum::<f64>(),
            at_a_time: f64::from(beside) * if twins_apart { worlds } else { 1.0 },
            threads: rayon::current_num_threads() as f64,
            on_their_way: most(|ahead| ahead.seen),
            heavier: parts.iter().map(|part| part.ahead.heavier).sum::<f64>() / parts.len() as f64,
            state: 0.0,
            reached: parts.iter().map(|part| part.reached).max().unwrap_or(Span::ZERO),
        };
        pilot.state = size::state(&small, Some(&pilot));
        pilot.on_their_way = most(|ahead| ahead.foreseen);
        pilot
    }

    /// How far into the run it got; what begins later is not in the estimates. `None` if it came to the end of a replication.
    #[must_use]
    pub fn reached(&self, scenario: &Scenario) -> Option<Span> {
        Some(self.reached).filter(|reached| *reached < scenario.run.horizon)
    }

    /// Most prescriptions on their way at a time, over the worlds of a replication, for each that is requested in a day.
    pub(super) fn on_their_way(&self) -> f64 {
        self.on_their_way
    }

    /// Seconds that the experiment takes on the threads that the pilot was run on, if that took so many; `None` if it was stopped before a prescription was
    /// requested.
    #[must_use]
    pub fn seconds(&self, took: f64, scenario: &Scenario) -> Option<f64> {
        let writing = WRITING + WRITING_A_BYTE * size::size(scenario, 1, None).disk;
        self.simulating(took, scenario).map(|seconds| seconds + writing)
    }

    /// The same without what is written at the end.
    fn simulating(&self, took: f64, scenario: &Scenario) -> Option<f64> {
        let farther = match (scenario.is_disrupted(), size::has_room(scenario)) {
            (true, false) => FARTHER,
            (true, true) => FARTHER_WITH_ROOM,
            (false, false) => FARTHER_UNDISTURBED,
            (false, true) => 0.0,
        };
        let waiting = |state: f64| 1.0 + farther * crate::math::log10((state / CLOSE_BY).max(1.0));
        let slower = waiting(size::state(scenario, Some(self))) / waiting(self.state);
        // What a study asks of one node in one replication comes one after the other, but all of that beside the rest.
        let trials_at_a_time = f64::from(criticality::trials(scenario)).clamp(1.0, self.threads.max(1.0));
        let own = f64::from(scenario.run.replications.at_most()) * size::worlds(scenario);
        let worlds = own + criticality::worlds(scenario) * self.at_a_time / trials_at_a_time;
        let each = self.heavier * took / self.prescriptions;
        (self.prescriptions > 0.0).then(|| size::requests(scenario) * worlds * each * slower)
    }
}

/// What takes most of the time: a study of criticality with a node out, or the scenario itself.
fn simulated_most(scenario: &Scenario) -> Scenario {
    let node_out = scenario.criticality.as_ref().and_then(|study| {
        let targets = study.targets(&scenario.network);
        targets.first().map(|(_, _, target)| study.variant(scenario, target, study.lasts))
    });
    node_out.unwrap_or_else(|| scenario.clone())
}

/// The scenario with fewer sites if it is large, at least one in each group.
fn made_smaller(scenario: &Scenario) -> Scenario {
    let mut small = scenario.clone();
    let share = (ENOUGH / size::requests(scenario)).max(FEWEST_SITES / size::sites(scenario).sum::<f64>()).min(1.0);
    small.run.scale *= share;
    if size::requests(&small) > MOST_UNEVEN * share * size::requests(scenario) {
        small.run.scale = scenario.run.scale;
    }
    // What is still large is looked at more often, and only its beginning is simulated. No step is shorter than a second, so that it is one.
    let looks = size::requests(&small) / (BETWEEN_LOOKS_AT_A_SITE * size::sites(&small).sum::<f64>()).max(BETWEEN_LOOKS);
    let between_looks = small.run.horizon.scaled(1.0 / looks).max(Span::from_seconds(1.0));
    if between_looks < small.run.timeline_step {
        small.run.timeline_step = between_looks;
        small.run.horizon = small.run.horizon.min(between_looks.scaled(MOST_LOOKS));
    }
    small
}

/// Simulates these replications one after the other, or as many of them as are enough. The experiment goes on until `horizon`.
fn part(workspace: &mut Workspace<'_>, indices: impl Iterator<Item = u32>, horizon: Span, stop: &impl Fn() -> bool) -> Part {
    let mut part = Part { requested: 0, ahead: Ahead::NOTHING, reached: Span::ZERO };
    for index in indices {
        // The clock begins before the disruptions of the first replication are drawn.
        if stop() {
            break;
        }
        let is_whole = workspace.simulate(index, |_| stop());
        part.requested += workspace.requested();
        let reached = workspace.passed().last().map_or(Span::ZERO, |passed| passed.time.since(SimTime::ZERO));
        let whole = workspace.blueprint().scenario().run.horizon;
        part.reached = part.reached.max(if is_whole { whole } else { reached });
        let ahead = pile::ahead(workspace, horizon);
        // What comes in the end is known from the first that came to it.
        let heavier = if part.ahead == Ahead::NOTHING { ahead.heavier } else { part.ahead.heavier };
        part.ahead = Ahead { seen: ahead.seen.max(part.ahead.seen), foreseen: ahead.foreseen.max(part.ahead.foreseen), heavier };
        if !is_whole || part.requested as f64 >= ENOUGH {
            break;
        }
    }
    part
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::{Pool, Unattended};
    use crate::scenario::{Source, load};

    const PILOT: Pilot = Pilot {
        prescriptions: 1e6,
        at_a_time: 2.0,
        threads: 2.0,
        on_their_way: 0.0,
        heavier: 1.0,
        state: 1e9,
        reached: Span::DAY,
    };

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
        // Sites that cannot be fewer, over a long time: it is asked more often whether to stop, and only the beginning is simulated.
        let often = "pharmacies.counter.interarrival.exponential.mean=40 s";
        let years = made_smaller(&of("textbook/mm1.toml", &["run.horizon=365000 d", "run.timeline_step=3650 d", often]));
        assert_eq!(years.run.scale, 1.0);
        let between_looks = size::requests_per_day(&years) * years.run.timeline_step.days();
        assert!((between_looks / BETWEEN_LOOKS - 1.0).abs() < 1e-6, "{between_looks} prescriptions");
        assert!((size::requests(&years) / (MOST_LOOKS * BETWEEN_LOOKS) - 1.0).abs() < 1e-6);
    }

    /// A tenth of the capacity for all of the prescriptions would make a line that is not there.
    #[test]
    fn what_has_groups_of_one_site_keeps_its_capacity() {
        let mut country = of("baseline.toml", &["run.scale=1"]);
        let group = country.network.pharmacies[0].clone();
        country.network.pharmacies = core::iter::repeat_n(crate::network::PharmacyGroup { sites: 1, ..group }, 500).collect();
        let small = made_smaller(&country);
        assert_eq!(small.run.scale, 1.0);
        assert!(small.run.timeline_step < country.run.timeline_step, "but it is looked at more often");
    }

    #[test]
    fn each_world_counts_once() {
        let scenario = of("quickstart.toml", &["run.replications=2", "run.horizon=10 d"]);
        let outcome = pool(1).run(&scenario, &Unattended);
        let each = outcome.points[0].replications.iter().map(|result| result.prescriptions as f64);
        let expected = 2.0 * each.sum::<f64>();
        for (threads, at_a_time) in [(1, 1.0), (2, 2.0), (3, 4.0)] {
            let pilot = pool(threads).pilot(&scenario, || false);
            assert_eq!((pilot.prescriptions, pilot.at_a_time), (expected, at_a_time), "{threads} threads");
        }
    }

    #[test]
    fn it_ends_when_it_is_told_to() {
        let scenario = of("quickstart.toml", &["run.horizon=10 d"]);
        let pilot = pool(2).pilot(&scenario, || true);
        assert_eq!((pilot.prescriptions, pilot.seconds(1.0, &scenario)), (0.0, None), "nothing is known");
        let looks = core::sync::atomic::AtomicU32::new(0);
        let half = pool(1).pilot(&scenario, || looks.fetch_add(1, core::sync::atomic::Ordering::Relaxed) > 20);
        let whole = pool(1).pilot(&of("quickstart.toml", &["run.horizon=10 d", "run.replications=1"]), || false);
        assert!(half.prescriptions > 0.0 && half.prescriptions < whole.prescriptions);
        assert!(half.reached(&scenario).is_some_and(|reached| reached > Span::ZERO && reached < scenario.run.horizon));
        assert_eq!((whole.reached(&scenario), pilot.reached(&scenario)), (None, Some(Span::ZERO)));
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

    #[test]
    fn time_follows_work_memory_and_machine() {
        let twins = of("change-healthcare-2024.toml", &[]);
        let lone = of("change-healthcare-2024.toml", &["run.replications=1"]);
        let seconds = |scenario, state, took| {
            let pilot = Pilot { state, ..PILOT };
            pilot.simulating(took, scenario).expect("something was simulated")
        };
        let ratio = |a: f64, b: f64| (a / b * 100.0).round() / 100.0;
        assert_eq!(ratio(seconds(&twins, 1e9, 1.0), seconds(&lone, 1e9, 1.0)), 16.0);
        assert_eq!(ratio(seconds(&twins, 1e9, 3.0), seconds(&twins, 1e9, 1.0)), 3.0, "a slower machine");
        let finer = of("change-healthcare-2024.toml", &["run.timeline_step=2 min"]);
        let pilot = PILOT;
        assert!(pilot.seconds(1.0, &finer) > pilot.seconds(1.0, &twins).map(|seconds| seconds + 20.0), "gigabytes of tables");
        let from = |state| seconds(&twins, state, 1.0);
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
        let seconds = |threads: f64| {
            let state = size::state(&alone, None);
            let pilot = Pilot { prescriptions: size::requests(&alone), at_a_time: 1.0, threads, state, ..PILOT };
            pilot.simulating(1.0, &alone).expect("something was simulated")
        };
        assert!((seconds(1.0) - (1.0 + trials)).abs() < 1e-9);
        assert!((seconds(64.0) - (1.0 + trials / 5.0)).abs() < 1e-9, "five nodes at a time at most");
    }
}
