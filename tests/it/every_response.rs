//! The scenario behind the golden tables of the responses: each of them is at work in its numbers.

use std::fs;

use rxoutage::experiment::METRICS;

use crate::story::{request_of, story};
use crate::support::{repository, run_shipped, tally};

const PATH: &str = "../tests/scenarios/every-response.toml";

/// What counts a response is above zero, or what it is to compare with.
#[test]
fn each_response_can_be_seen() {
    let outcome = run_shipped(PATH, &[]);
    for (metric, least) in [
        ("share_standby", 0.0),
        ("share_on_trust", 0.0),
        ("share_tided_over", 0.0),
        ("share_cash", 0.0),
        ("share_moved", 0.0),
        ("share_gave_up", 0.0),
        ("share_abandoned", 0.0),
        ("copay_blocked_share", 0.0),
        ("submissions_per_claim", 1.0),
        ("therapy_gap_mean_days", 0.0),
        ("missed_doses_per_100", 0.0),
        ("share_past_run_out_3d", 0.0),
        ("receivables_peak_usd", 0.0),
        ("written_off_usd", 0.0),
        ("cash_gap_peak_usd", 0.0),
        ("days_below_zero", 0.0),
    ] {
        let seen = tally(&outcome, "all", metric).min().unwrap_or_else(|| panic!("{metric} is not estimable"));
        assert!(seen > least, "{metric} is {seen}");
    }
    let text = fs::read_to_string(repository().join("scenarios").join(PATH)).expect("a scenario");
    let mut began: Vec<String> =
        story(&text, (0.0, f64::MAX), &["order"]).iter().map(|line| request_of(line).to_owned()).collect();
    began.sort();
    assert_eq!(began, ["0", "1", "2", "3", "4"], "every order comes into force, once");
}

/// Each setting matters: with another value of it some metric, of everybody or of a node, has another value.
#[test]
fn each_setting_can_be_seen() {
    let base = run_shipped(PATH, &["run.replications=1"]);
    let mut unseen = Vec::new();
    for set in [
        "prescriptions.new=0.39",
        "drug_classes.critical.price=\"300 usd\"",
        "drug_classes.critical.none_on_hand=0.1",
        "drug_classes.maintenance.on_hand_new=\"2 d\"",
        "claims.on_timeout=\"withdrawn\"",
        "clearinghouses.two.onboarding=\"100 stores/d\"",
        "pharmacies.independent.standby.failover=\"2 h\"",
        "pharmacies.independent.reroute.lead_time=\"1 d\"",
        "copay.abandon=0.5",
        "copay.wait=0",
        "copay.out_of_pocket=\"149 usd\"",
        "pick_up.lag=\"1 h\"",
        "pick_up.abandoned=0",
        "money.payment_lag=\"3 d\"",
        "money.reserve=\"100 usd\"",
        "downtime.order=[\"cash\", \"on_trust\", \"tide_over\", \"move\", \"give_up\", \"wait\"]",
        "downtime.retry.attempts=1",
        "downtime.retry.factor=1",
        "downtime.retry.jitter=0",
        "downtime.retry.budget=0",
        "downtime.give_up.share=0.2",
        "downtime.give_up.who.on_hand_below=\"2 d\"",
        "downtime.wait.patience=\"none\"",
        "downtime.resubmission.per_store=\"2 claims/h\"",
        "downtime.on_trust.share=0.5",
        "downtime.on_trust.who.kind=\"new\"",
        "downtime.on_trust.extra_minutes=6",
        "downtime.on_trust.rebill_minutes=8",
        "downtime.on_trust.lead_time=\"0 s\"",
        "downtime.on_trust.credit=\"none\"",
        "downtime.on_trust.refused=0",
        "downtime.tide_over.supply=\"1 d\"",
        "downtime.tide_over.times=1",
        "downtime.tide_over.who.drug_class=\"critical\"",
        "downtime.cash.share=0.1",
        "downtime.cash.who.price_below=\"30 usd\"",
        "downtime.move.travel=\"2 h\"",
        "downtime.move.informed=1",
        "downtime.move.permanent=0",
        "downtime.move.who.payer=\"state\"",
        "downtime.move.to=\"clinic\"",
        "order.emergency.lead_time=\"0 s\"",
        "order.emergency.lasts=\"1 d\"",
        "order.emergency.payer=\"plan\"",
        "order.emergency.emergency_supply.share=0.4",
        "order.emergency.emergency_supply.supply=\"24 h\"",
        "order.whole.emergency_supply.share=0.9",
        "order.relief.when.backlog=\"1 d\"",
        "order.relief.staff=1.1",
        "order.relief.waive.share=0",
        "order.late.when.share_delayed=0.9",
        "order.late.prioritise=\"acute\"",
        "order.advance.interim_payment=\"2000 usd\"",
    ] {
        let other = run_shipped(PATH, &["run.replications=1", set]);
        let differs = (0..METRICS.len()).any(|metric| {
            let value = |outcome: &rxoutage::experiment::Outcome| outcome.values(0, 0, metric).next().flatten().map(f64::to_bits);
            value(&base) != value(&other)
        });
        let nodes = |outcome: &rxoutage::experiment::Outcome| outcome.points[0].replications[0].nodes.clone();
        if !differs && nodes(&base) == nodes(&other) {
            unseen.push(set);
        }
    }
    assert!(unseen.is_empty(), "these change nothing: {unseen:?}");
}
