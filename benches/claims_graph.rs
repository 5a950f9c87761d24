//! The claims graph with an outage, on the library's engine and by a plain program on a binary heap: 200 pharmacies of 2 staff, two switches,
//! five payers, 72 hours; switch A is down from hour 24 to 36, its work frozen. Both keep the same statistics. Before anything is timed their
//! means over replications must agree.

#![allow(missing_docs, unreachable_pub, clippy::print_stdout)]

#[path = "models/claims_by_hand.rs"]
mod claims_by_hand;
#[path = "models/claims_graph.rs"]
mod claims_graph;
#[path = "support/gate.rs"]
mod gate;
#[path = "support/side_by_side.rs"]
mod side_by_side;

use claims_graph::{Answer, ClaimsGraph};
use rxoutage::stats::{Tally, z_critical};
use side_by_side::{Program, measure};

const REPLICATIONS: u32 = 30;

fn by_library(replication: u32) -> Answer {
    ClaimsGraph::new(replication).expect("valid laws").run()
}

fn by_hand(replication: u32) -> Answer {
    claims_by_hand::run(u64::from(replication))
}

/// Two programs with chance of their own give the same mean.
///
/// # Panics
/// If they do not.
fn agree(what: &str, one: &Tally, other: &Tally) {
    let moments = |tally: &Tally| tally.mean().zip(tally.standard_error()).expect("several replications");
    let ((a, a_error), (b, b_error)) = (moments(one), moments(other));
    let z = (a - b) / a_error.hypot(b_error);
    assert!(z.abs() < z_critical(gate::ALPHA), "{what}: {a} ± {a_error} and {b} ± {b_error}");
}

fn gate() {
    type Figure = (&'static str, fn(&Answer) -> f64);
    let figures: [Figure; 6] = [
        ("prescriptions", |answer| answer.prescriptions as f64),
        ("mean delay", |answer| answer.delay_mean),
        ("median delay", |answer| answer.delay_median),
        ("95 % delay", |answer| answer.delay_p95),
        ("peak backlog", |answer| answer.backlog_peak),
        ("number in the system", |answer| answer.number),
    ];
    let answers: Vec<(Answer, Answer)> =
        (0..REPLICATIONS).map(|replication| (by_library(replication), by_hand(replication))).collect();
    for (what, figure) in figures {
        let one: Tally = answers.iter().map(|(answer, _)| figure(answer)).collect();
        let other: Tally = answers.iter().map(|(_, answer)| figure(answer)).collect();
        agree(what, &one, &other);
        if what == "prescriptions" {
            gate::agrees_with_theory(what, &one, 200.0 * 20.0 * 72.0);
        }
    }
}

fn main() {
    let mut hand = |replication| by_hand(replication).prescriptions;
    let mut library = |replication| by_library(replication).prescriptions;
    measure(
        "claims graph",
        31,
        gate,
        &mut [
            Program { name: "a plain program on a binary heap", run: &mut hand },
            Program { name: "on the engine", run: &mut library },
        ],
    );
}
