//! A surge that keeps a switch down after its repair, and the budget of retries that prevents it: the verdict of both shipped scenarios, at a quarter of
//! their size, with a margin.

use rxoutage::experiment::Outcome;
use rxoutage::network::Capacity;

use crate::support::{load_shipped, run_shipped, tally};

const SMALL: [&str; 3] = ["run.scale=0.25", "run.replications=4", "run.horizon=7 d"];

/// Mean of a ratio over the day before an instant, which is its trailing 24 h.
fn ratio_at(outcome: &Outcome, series: &str, hours: f64) -> f64 {
    let points = outcome.timeline(0, 0, series);
    points.iter().find(|point| point.time.hours() == hours).expect("an instant").mean
}

/// Three days and a half after the repair, at two in the morning of the sixth day, when the metric has given its verdict.
const LATE: f64 = 6.0 * 24.0 + 2.0;

/// First submissions in opening hours over capacity, read from the scenario: requests come in 12 of 24 hours.
fn load(path: &str) -> f64 {
    let network = load_shipped(path, &[]).scenario.network;
    let town = &network.pharmacies[0];
    let switch = network.services.iter().find(|service| service.id == "the-switch").expect("a switch");
    let Capacity::Throughput(most) = &switch.capacity else { panic!("a throughput") };
    town.demand.mean_per_day() * f64::from(town.sites) / (12.0 * 3600.0) * most.interval().seconds()
}

#[test]
fn retries_without_a_budget_keep_a_repaired_switch_down() {
    assert!(load("metastable-surge.toml") < 0.5, "first submissions alone leave half of the capacity free");
    let outcome = run_shipped("metastable-surge.toml", &SMALL);
    // In every replication, not only in most.
    assert_eq!(tally(&outcome, "all", "metastable").mean(), Some(1.0));
    let claims = ratio_at(&outcome, "claim_ratio", LATE);
    assert!(claims < 0.1, "claims at {claims} of normal, far below the 0.95 of the verdict");
    let amplification = tally(&outcome, "all", "submissions_per_claim").mean().expect("a ratio");
    assert!(
        amplification * load("metastable-surge.toml") > 1.2,
        "{amplification} submissions for each prescription overload the switch"
    );
}

#[test]
fn a_budget_of_retries_prevents_it() {
    for (path, sets) in [("metastable-budget.toml", &[][..]), ("metastable-surge.toml", &["downtime.retry.budget=0.1"][..])] {
        let outcome = run_shipped(path, &[&SMALL, sets].concat());
        assert_eq!(tally(&outcome, "all", "metastable").mean(), Some(0.0), "{path}");
        let claims = ratio_at(&outcome, "claim_ratio", LATE);
        assert!(claims > 1.0, "claims at {claims} of normal: the last of the backlog is worked off");
        let amplification = tally(&outcome, "all", "submissions_per_claim").mean().expect("a ratio");
        assert!(
            amplification * load(path) < 0.8,
            "{amplification} submissions for each prescription leave a fifth of the capacity free"
        );
        let recovered = tally(&outcome, "all", "time_to_recover_days");
        assert!(recovered.count() == 4 && recovered.mean().expect("days") < 2.0, "recovered within two days");
    }
}

/// The push must be larger than the time-out: after one minute of outage the same stores with the same retries are back at once.
#[test]
fn without_a_push_nothing_happens() {
    let sets = ["outage.switch-down.recovery_delay=1 min"];
    let outcome = run_shipped("metastable-surge.toml", &[&SMALL[..], &sets].concat());
    assert_eq!(tally(&outcome, "all", "metastable").mean(), Some(0.0));
    assert_eq!(tally(&outcome, "all", "time_to_recover_days").mean(), Some(0.0), "service never fell below 95 %");
}
