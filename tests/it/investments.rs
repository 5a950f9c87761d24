//! The two scenarios that compare investments: the attack that is centred on 2024, what each precaution does to it, and the 72-hour rule.

use rxoutage::disruption::{Openness, Timeline};
use rxoutage::experiment::Outcome;
use rxoutage::random::Chance;
use rxoutage::scenario::Loaded;
use rxoutage::sim::Blueprint;
use rxoutage::units::Span;

use crate::support::{load_shipped, run_shipped, tally};

/// Days from the start of `precautions.toml` to 21 February, 08:00.
const DAY_0: f64 = 21.0 + 8.0 / 24.0;

fn timelines(loaded: &Loaded) -> Vec<Timeline> {
    let blueprint = Blueprint::new(&loaded.scenario);
    (0..500).map(|replication| blueprint.timeline(Chance::new(loaded.scenario.run.seed, replication))).collect()
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_unstable_by(f64::total_cmp);
    values[values.len() / 2]
}

/// Days from the onset at which the `step`-th effect of a cause takes place on its first station.
fn day_of(timeline: &Timeline, cause: u32, step: usize) -> f64 {
    let onset = timeline.spans[0].0.expect("it happens");
    let station = timeline.effects.iter().find(|effect| effect.cause == cause).expect("it has effects").station;
    let mut steps = timeline.effects.iter().filter(|effect| effect.cause == cause && effect.station == station);
    steps.nth(step).expect("so many steps").time.since(onset).days()
}

/// Medians over 500 draws of fixed numbers; each tolerance is more than four standard errors of the median.
#[test]
fn the_attack_has_the_dates_of_2024_at_its_centre() {
    let loaded = load_shipped("precautions.toml", &[]);
    let timelines = timelines(&loaded);
    assert!(timelines.iter().all(|timeline| timeline.spans[0].0.is_some()), "nothing is left to luck but the dates");
    let centre = |value: &dyn Fn(&Timeline) -> f64| median(timelines.iter().map(value).collect());
    let onset = centre(&|timeline| timeline.spans[0].0.expect("it happens").days() - DAY_0);
    assert!(onset.abs() < 0.2, "{onset}");
    // Causes are the platforms in the order of the file: data centre, switching, processing, copay cards.
    for (what, cause, step, day, tolerance) in [
        ("data centre", 0, 1, 9.0, 0.3),
        ("retail", 1, 1, 15.0, 0.5),
        ("military", 1, 2, 42.0, 0.6),
        ("veterans", 1, 3, 61.5, 0.7),
        ("state programmes", 2, 1, 31.0, 0.9),
        ("first copay cards", 3, 1, 14.0, 0.5),
        ("all copay cards", 3, 100, 30.0, 0.5),
    ] {
        let seen = centre(&|timeline| day_of(timeline, cause, step));
        assert!((seen - day).abs() < tolerance, "{what}: {seen}");
    }
    let retail = timelines[0].conditions.iter().find(|condition| condition.speed == 0.99).expect("a stage");
    assert!(matches!(&retail.open, Openness::Only(groups) if groups.iter().filter(|group| **group).count() == 4));
}

#[test]
fn each_precaution_shifts_what_it_should() {
    let with = |id: &str| {
        let loaded = load_shipped("precautions.toml", &[&format!("precaution.{id}.in_force=true")]);
        assert!(loaded.scenario.precautions.iter().all(|precaution| precaution.in_force == (precaution.id == id)));
        timelines(&loaded)
    };
    let happened = with("multi-factor-entry").iter().filter(|timeline| timeline.spans[0].0.is_some()).count();
    assert!((30..70).contains(&happened), "one in ten of 500: {happened}");
    for timeline in with("early-detection") {
        let (onset, end) = timeline.spans[0];
        let (onset, end) = (onset.expect("it happens"), end.expect("it ends"));
        assert_eq!(
            end.since(onset),
            Span::DAY.scaled(2.0),
            "detected before anything is reached: all is isolated and looked over"
        );
        assert!(onset.days() < DAY_0 - 9.0 + 3.0);
    }
    for timeline in with("tested-backups") {
        let (onset, end) = timeline.spans[0];
        assert_eq!(end.expect("it ends").since(onset.expect("it happens")), Span::HOUR.scaled(72.0));
    }
    // Of four platforms the data centre is reached in a tenth, the others in three tenths; what is not is isolated for two days.
    let segmented = with("segmentation");
    let isolated = |cause| segmented.iter().filter(|timeline| day_of(timeline, cause, 1) == 2.0).count() as f64 / 500.0;
    for (cause, share) in [(0, 0.9), (1, 0.7), (2, 0.7), (3, 0.7)] {
        assert!((isolated(cause) - share).abs() < 0.08, "{cause}: {}", isolated(cause));
    }
    let plain = timelines(&load_shipped("precautions.toml", &[]));
    for id in ["standby-switches", "downtime-drills"] {
        assert!(with(id).iter().zip(&plain).all(|(a, b)| a.effects == b.effects), "{id} leaves the attack as it is");
    }
}

/// Small enough to run in seconds, long enough for the restoration of retail pharmacies.
const SMALL: [&str; 4] = ["run.scale=0.0003", "run.horizon=42 d", "run.replications=2", "run.timeline_step=1 d"];

fn delayed(outcome: &Outcome) -> f64 {
    tally(outcome, "affected=yes", "share_delayed_24h").mean().expect("a value")
}

#[test]
fn each_precaution_shortens_delays() {
    let run = |more: &str| {
        let sets: Vec<&str> = SMALL.into_iter().chain((!more.is_empty()).then_some(more)).collect();
        delayed(&run_shipped("precautions.toml", &sets))
    };
    let none = run("");
    // Multi-factor entry only decides whether the attack happens, which is tested above; two replications cannot show it.
    let ids = ["early-detection", "segmentation", "tested-backups", "standby-switches", "downtime-drills"];
    for id in ids {
        let with = run(&format!("precaution.{id}.in_force=true"));
        assert!(with < none, "{id}: {with} against {none}");
    }
}

#[test]
fn the_72_hour_rule_restores_everything_in_72_hours() {
    let loaded = load_shipped("restore-72h.toml", &[]);
    let reference = load_shipped("change-healthcare-2024.toml", &[]);
    assert_eq!(loaded.scenario.run.seed, reference.scenario.run.seed, "the same chance in both");
    let timeline = Blueprint::new(&loaded.scenario).timeline(Chance::new(1, 0));
    assert!(timeline.spans.len() >= 7);
    for (onset, end) in timeline.spans {
        assert_eq!(end.expect("it ends").since(onset.expect("it happens")), Span::HOUR.scaled(72.0));
    }
    // What is disrupted is the same, and only how it comes back is not.
    let words = |loaded: &Loaded| format!("{:?} {:?}", loaded.targets, loaded.scenario.orders);
    assert_eq!(words(&loaded), words(&reference));
    let small = ["run.scale=0.0003", "run.horizon=30 d", "run.replications=2", "run.timeline_step=1 d", "target=[]"];
    let observed = run_shipped("change-healthcare-2024.toml", &small);
    assert!(delayed(&run_shipped("restore-72h.toml", &small[..4])) < delayed(&observed));
}
