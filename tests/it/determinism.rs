//! Exactly the same, whatever the threads, the order, the build; and the twin meets the same chance.

use std::collections::BTreeMap;

use rxoutage::disruption::Timeline;
use rxoutage::engine::{Calendar, run_until};
use rxoutage::experiment::{METRICS, Pool, Unattended};
use rxoutage::random::Chance;
use rxoutage::sim::{Blueprint, Deaf, Fact, Needs, Observer, Plan, Workspace, World};
use rxoutage::units::{SimTime, Span};

use crate::support::{load_shipped, run_shipped, tables_as_csv, tally};

/// The reference scenario, small; of its targets, one that lies within the time.
const SMALL: [&str; 4] = [
    "run.scale=0.0005",
    "run.horizon=30 d",
    "run.replications=9",
    "target=[{id='V2',title='t',observed='o',source='s',series='connected_share',at=2024-02-26T12:00:00,low=0.8,role='calibration',strictness='shape'}]",
];

#[test]
fn one_two_and_eight_threads_write_the_same_bytes() {
    let loaded = load_shipped("change-healthcare-2024.toml", &SMALL);
    let with = |threads| tables_as_csv(&Pool::new(threads).expect("threads").run(&loaded.scenario, &Unattended));
    let one = with(1);
    for threads in [2, 8] {
        for ((name, expected), (_, seen)) in one.iter().zip(with(threads)) {
            assert!(
                *expected == seen,
                "{name} differs with {threads} threads: run the scenario with --threads {threads} and --threads 1"
            );
        }
    }
}

/// A replication is a function of scenario, seed and index: alone, after others, or in a used workspace.
#[test]
fn a_replication_does_not_know_its_past() {
    let loaded = load_shipped("quickstart.toml", &[]);
    let blueprint = Blueprint::new(&loaded.scenario);
    let plan = Plan::new(&blueprint);
    let mut used = Workspace::new(&blueprint, &plan);
    for index in [3, 0, 5] {
        used.replicate(index);
    }
    let (again, alone) = (used.replicate(2), Workspace::new(&blueprint, &plan).replicate(2));
    assert_eq!(format!("{again:?}"), format!("{alone:?}"), "NaN is equal to itself in print");
}

/// What does not compare a run with its twin is the same without one, to the last bit; what does has no value then.
#[test]
fn what_needs_no_twin_is_the_same_without_one() {
    for (path, sets) in
        [("change-healthcare-2024.toml", &SMALL[..]), ("switch-failover.toml", &[]), ("metastable-budget.toml", &[])]
    {
        let loaded = load_shipped(path, sets);
        let blueprint = Blueprint::new(&loaded.scenario);
        let plan = Plan::new(&blueprint);
        let with = Workspace::new(&blueprint, &plan).replicate(0);
        let without = Workspace::without_twin(&blueprint, &plan).replicate(0);
        for (place, (with, without)) in with.values.iter().zip(&without.values).enumerate() {
            let metric = &METRICS[place % METRICS.len()];
            let expected = if Needs::TWIN.met_by(metric.needs) { None } else { with.map(f64::to_bits) };
            assert_eq!(without.map(f64::to_bits), expected, "{path}: {}", metric.name);
        }
        assert_ne!(with.values, without.values, "{path}: a twin is compared with");
        assert_eq!((&with.nodes, &with.disruptions), (&without.nodes, &without.disruptions), "{path}");
        for (with, without) in with.delays.iter().zip(&without.delays) {
            assert_eq!((with.requested, &with.waiting), (without.requested, &without.waiting), "{path}");
        }
        assert!(2 * without.events > with.events && without.events < with.events, "{path}: one of two worlds is simulated");
    }
}

/// More replications leave the first ones as they were.
#[test]
fn more_replications_extend_the_results() {
    let few = run_shipped("quickstart.toml", &["run.replications=3"]);
    let many = run_shipped("quickstart.toml", &["run.replications=12"]);
    for (a, b) in few.points[0].replications.iter().zip(&many.points[0].replications) {
        assert_eq!(a.values, b.values);
    }
}

#[test]
fn an_outage_that_does_not_happen_changes_nothing_at_all() {
    let outcome = run_shipped("quickstart.toml", &["outage.switch-down.probability=0", "run.replications=4"]);
    for metric in METRICS.iter().filter(|metric| metric.name.starts_with("excess")) {
        for group in 0..outcome.groups.len() {
            let key = outcome.groups[group].key.clone();
            let values = tally(&outcome, &key, metric.name);
            if values.count() > 0 {
                assert_eq!((values.min(), values.max()), (Some(0.0), Some(0.0)), "{} ({key})", metric.name);
            }
        }
    }
    assert_eq!(tally(&outcome, "all", "backlog_peak").max(), Some(0.0));
    assert!(tally(&outcome, "all", "excess_delay_mean_hours").count() == 4, "the metrics are there to be zero");
}

/// A response that nobody needs, a disruption of something else: not a bit changes for those who are not hit.
#[test]
fn who_is_not_hit_notices_nothing() {
    let calm = run_shipped("quickstart.toml", &["outage.switch-down.probability=0", "run.replications=3"]);
    let hit = run_shipped("quickstart.toml", &["run.replications=3"]);
    let group = hit.group("affected=no").expect("a group");
    for metric in ["delay_mean_hours", "requested"] {
        let index = METRICS.iter().position(|known| known.name == metric).expect("a metric");
        let (a, b): (Vec<_>, Vec<_>) = (calm.values(0, group, index).collect(), hit.values(0, group, index).collect());
        // The other switch takes the claims of stores that fail over: its line is longer, by less than a second on average.
        let differences = a.iter().zip(&b).map(|(a, b)| (a.expect("a value") - b.expect("a value")).abs());
        assert!(differences.into_iter().all(|d| d < 1.0 / 3600.0), "{metric}");
    }
}

/// Notes what belongs to a prescription.
#[derive(Default)]
struct Register {
    requested: BTreeMap<(u32, u32), (u64, u32)>,
    ready: BTreeMap<(u32, u32), u64>,
}

impl Observer for Register {
    fn requested(&mut self, fact: &Fact) {
        self.requested.insert((fact.site, fact.ordinal), (fact.requested.micros(), fact.cell));
    }
    fn ready(&mut self, fact: &Fact) {
        self.ready.insert((fact.site, fact.ordinal), fact.now.since(fact.requested).micros());
    }
}

#[test]
fn the_twin_is_the_same_prescription_in_another_world() {
    let loaded = load_shipped("quickstart.toml", &[]);
    let blueprint = Blueprint::new(&loaded.scenario);
    let world = |disrupted: bool| {
        let chance = Chance::new(5, 1);
        let mut world = World::new(&blueprint, Register::default());
        let mut calendar = Calendar::new();
        let timeline = if disrupted { blueprint.timeline(chance) } else { Timeline::default() };
        world.reset(chance, timeline, &mut calendar);
        run_until(&mut world, &mut calendar, SimTime::ZERO + loaded.scenario.run.horizon);
        core::mem::take(world.observer_mut())
    };
    let (run, twin) = (world(true), world(false));
    assert_eq!(run.requested, twin.requested, "same requests at the same instants with the same attributes");
    // Before the outage begins the two worlds are one, service times and all.
    let onset = Span::DAY.scaled(3.0).micros();
    let done = |id| twin.ready.get(id).is_some_and(|delay| twin.requested[id].0 + delay < onset);
    let before: Vec<_> = run.requested.keys().filter(|id| done(*id)).collect();
    assert!(before.len() > 1000);
    assert!(before.iter().all(|id| run.ready.get(id) == twin.ready.get(id)));
    let later = run.ready.iter().filter(|(id, delay)| twin.ready.get(id).is_some_and(|other| other != *delay)).count();
    assert!(later > 100, "and then they part: {later}");
}

/// The loop itself allocates nothing once the memory is there, however many events it handles: neither the bare world nor a whole replication
/// with its twin, recorders and pairing, which takes only what its timeline and results need.
#[test]
fn the_loop_allocates_nothing_after_warm_up() {
    let loaded = load_shipped("change-healthcare-2024.toml", &["run.scale=0.0005", "run.horizon=30 d", "target=[]"]);
    let blueprint = Blueprint::new(&loaded.scenario);
    let chance = Chance::new(loaded.scenario.run.seed, 0);
    let horizon = SimTime::ZERO + loaded.scenario.run.horizon;
    let mut world = World::new(&blueprint, Deaf);
    let mut calendar = Calendar::new();
    world.reset(chance, blueprint.timeline(chance), &mut calendar);
    run_until(&mut world, &mut calendar, horizon);
    world.reset(chance, blueprint.timeline(chance), &mut calendar);
    let mut events = 0;
    let counted = allocation_counter::measure(|| events = run_until(&mut world, &mut calendar, horizon));
    assert!(events > 100_000);
    assert_eq!(counted.count_total, 0, "allocations in {events} events");

    let plan = Plan::new(&blueprint);
    let mut workspace = Workspace::new(&blueprint, &plan);
    workspace.simulate(0, |_| false);
    let counted = allocation_counter::measure(|| {
        workspace.simulate(0, |_| false);
    });
    // The scans of builds with assertions take four lists for each world at each instant.
    let scans = if cfg!(debug_assertions) { 8 * (plan.instants.len() as u64 + 2) } else { 0 };
    assert!(
        counted.count_total < 200 + scans,
        "{} allocations in a replication of more than {events} events",
        counted.count_total
    );
}

/// What a replication that was stopped has left behind does not reach the next.
#[test]
fn a_workspace_is_used_again_after_a_stop() {
    let loaded = load_shipped("quickstart.toml", &[]);
    let blueprint = Blueprint::new(&loaded.scenario);
    let plan = Plan::new(&blueprint);
    let mut workspace = Workspace::new(&blueprint, &plan);
    let instants = std::cell::Cell::new(0);
    let is_half_way = |_| {
        instants.set(instants.get() + 1);
        instants.get() > plan.instants.len() / 2
    };
    assert!(workspace.replicate_unless(0, is_half_way).is_none());
    let again = workspace.replicate(1);
    let fresh = Workspace::new(&blueprint, &plan).replicate(1);
    assert!(again.values == fresh.values && again.delays == fresh.delays);
    let bits = |series: &[f32]| series.iter().map(|value| value.to_bits()).collect::<Vec<_>>();
    assert_eq!(bits(&again.series), bits(&fresh.series));
}

/// A rejection of three days meets the same prescriptions in run and twin, however often the outage had their claims submitted: it costs
/// nobody more than its eight hours and the closed night after it. Were the chance of a rejection counted by submissions, one in ten would wait days.
#[test]
fn a_blocked_claim_meets_the_same_rejection_as_in_the_twin() {
    let outcome = run_shipped(
        "single-pharmacy.toml",
        &["run.replications=10", "rejects.slow.share=0.1", "rejects.slow.response=\"3 d\"", "run.horizon=9 d"],
    );
    let excess = tally(&outcome, "all", "excess_delay_p99_hours").max().expect("a value");
    assert!(excess > 1.0 && excess < 24.0, "{excess}");
}
