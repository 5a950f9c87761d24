//! The reference scenario against the public record, at small scale. What is compared stands in the scenario, as `[[target]]`; the guide's chapter on
//! validation says what follows from it. A calibration target that is met is no evidence.

use std::sync::OnceLock;

use rxoutage::experiment::{Outcome, TargetResult, TargetVerdict};
use rxoutage::scenario::Strictness;

use crate::support::run_shipped;

/// Targets that the model misses: a miss is reported, here and in the guide, and not tuned away. Copay cards come back too early: the outage turns
/// claims away by chance, so that a claim for a card that does not work gets through when it is tried again.
const MISSED: &[&str] = &[];

/// Small scale: five replications at one site in 500. With fewer sites the federal groups, of which at least one site is always simulated, would
/// weigh more than they do.
fn reference() -> &'static Outcome {
    static OUTCOME: OnceLock<Outcome> = OnceLock::new();
    OUTCOME.get_or_init(|| run_shipped("change-healthcare-2024.toml", &["run.replications=5"]))
}

fn target<'a>(outcome: &'a Outcome, id: &str) -> &'a TargetResult {
    outcome.targets.iter().find(|result| result.target.id == id).unwrap_or_else(|| panic!("no target {id}"))
}

#[test]
fn every_target_is_met_but_those_that_are_known_to_be_missed() {
    let outcome = reference();
    assert!(outcome.targets.len() >= 15, "the targets are there");
    for result in &outcome.targets {
        let expected = if MISSED.contains(&result.target.id.as_str()) { TargetVerdict::Missed } else { TargetVerdict::Met };
        assert_eq!(result.verdict, expected, "{}: {:?}", result.target.id, result.values);
        assert!(result.target.strictness != Strictness::Strict || expected == TargetVerdict::Met, "a strict target must hold");
    }
    let missing = MISSED.iter().find(|id| outcome.targets.iter().all(|result| result.target.id != **id));
    assert_eq!(missing, None, "what is missed is a target");
}

/// V12 holds not only on average.
#[test]
fn the_backlog_peaks_in_the_first_days_in_four_of_five_replications() {
    let held = target(reference(), "V12").held.expect("told in every replication");
    assert!(held >= 0.8, "in {held} of the replications");
}

/// Negative control: without the attack, what it brings about must be missed or not estimable, and no excess is anything but zero.
#[test]
fn without_the_attack_the_targets_fail() {
    let calm = run_shipped(
        "change-healthcare-2024.toml",
        &["run.scale=0.0003", "run.replications=2", "outage.disconnection.probability=1e-9"],
    );
    for (id, verdict) in [
        ("V1", TargetVerdict::Missed),
        ("V2", TargetVerdict::Missed),
        ("V4", TargetVerdict::NotEstimable),
        ("V6", TargetVerdict::NotEstimable),
        ("V6-military", TargetVerdict::NotEstimable),
        ("V7", TargetVerdict::Missed),
        ("V8-vermont", TargetVerdict::NotEstimable),
        ("V12", TargetVerdict::NotEstimable),
        ("V13", TargetVerdict::Missed),
    ] {
        assert_eq!(target(&calm, id).verdict, verdict, "{id}");
    }
    for id in ["V1", "V2", "V3", "V5", "V7", "V16", "V17"] {
        let estimate = target(&calm, id).values[0].estimate.expect("an estimate");
        assert_eq!((estimate.mean, estimate.n), (1.0, 2), "{id}: run and twin are the same");
    }
}
