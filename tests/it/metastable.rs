//! A surge that keeps a switch down after its repair, and the budget of retries that prevents it: the verdict of both shipped scenarios, at a quarter of
//! their size, with a margin.

use rxoutage::engine::{Calendar, run_until};
use rxoutage::experiment::Outcome;
use rxoutage::network::Capacity;
use rxoutage::random::Chance;
use rxoutage::sim::{Blueprint, Fact, Observer, World};
use rxoutage::units::{SimTime, Span};

use crate::support::{load_shipped, load_text, run_shipped, tally};

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
    let Capacity::Throughput { rate: most, .. } = &switch.capacity else { panic!("a throughput") };
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

/// What a store held is submitted once at the limited rate. Who is not answered then waits like anybody else, and is not called up again and again by
/// the store: by hand, two claims held at the reopening (minute 330) go out at 330 and 331; the payer is too slow from then on, and all who time
/// out come back 6 h after. Each of the two is submitted at its request, at its turn, and 6 h after its time-out.
#[test]
fn what_times_out_after_the_reopening_is_not_called_up_again() {
    let text = r#"
format = 1
name = "by-hand"
[run]
horizon = "14 h"
follow_up = "0 s"
replications = 1
[claims]
timeout = "30 s"
[pharmacies.counter]
sites = 1
interarrival = "10 min"
staff = 1
routes = { switch = 1.0 }
[clearinghouses.switch]
[payers.payer]
share = 1.0
[[outage]]
id = "outage"
target = { clearinghouse = "switch" }
at = "301 min"
mode = "hard_stop"
recovery_delay = "29 min"
recovery = "at_once"
[[outage]]
id = "slow"
target = { payer = "payer" }
at = "301 min"
mode = { latency = { add = "5 min" } }
recovery = "never"
[downtime]
wait = { return_after = "6 h" }
resubmission = { per_store = "60 claims/h" }
"#;
    let loaded = load_text(text);
    let blueprint = Blueprint::new(&loaded.scenario);
    let chance = Chance::new(1, 0);
    let mut world = World::new(&blueprint, Submissions::default());
    let mut calendar = Calendar::new();
    world.reset(chance, blueprint.timeline(chance), &mut calendar);
    run_until(&mut world, &mut calendar, SimTime::ZERO + Span::HOUR.scaled(14.0));
    world.assert_consistent();
    let of = |requested: f64| world.observer().0.iter().filter(|seen| seen.0 == requested).map(|seen| seen.1).collect::<Vec<_>>();
    assert_eq!(of(310.0), [310.0, 330.0, 690.5]);
    assert_eq!(of(320.0), [320.0, 331.0, 691.5]);
    // Requested at the reopening, which comes first at that instant: not held.
    assert_eq!(of(330.0), [330.0, 690.5]);
}

/// Notes when each prescription was requested and submitted \[min\].
#[derive(Default)]
struct Submissions(Vec<(f64, f64)>);

impl Observer for Submissions {
    fn claim_submitted(&mut self, fact: &Fact, _first: bool) {
        let minutes = |time: SimTime| time.since(SimTime::ZERO).minutes();
        self.0.push((minutes(fact.requested), minutes(fact.now)));
    }
}
