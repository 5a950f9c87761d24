//! An outage on M/M/10 (300 customers an hour, 450 can be served; all servers stand still for 12 hours, their work frozen), on events and without.

#![allow(missing_docs, unreachable_pub, clippy::print_stdout)]

#[path = "support/gate.rs"]
mod gate;
#[path = "models/mm10_outage.rs"]
mod mm10_outage;
#[path = "support/side_by_side.rs"]
mod side_by_side;

use mm10_outage::{ARRIVAL_RATE, DOWN, END, Queue, SERVERS, SERVICE_RATE, by_recursion};
use rxoutage::stats::Tally;
use rxoutage::theory;
use rxoutage::units::Span;
use side_by_side::{Program, measure};

const REPLICATIONS: u32 = 200;

fn by_events(replication: u32) -> (Queue, f64) {
    let mut queue = Queue::new(replication).expect("valid rates");
    let end = queue.run();
    let number = queue.number.mean(end).expect("time has passed");
    (queue, number)
}

/// The peak is what theory says; events and recursion agree to the microsecond, for they draw the same.
fn gate() {
    let exact = theory::mmc(ARRIVAL_RATE, SERVICE_RATE, SERVERS as u32).expect("stable");
    // Who is there when it stops, and all who come until the restart.
    let peak = exact.mean_in_system + ARRIVAL_RATE * (DOWN.1 - DOWN.0);
    let (mut peaks, mut customers) = (Tally::default(), Tally::default());
    for replication in 0..REPLICATIONS {
        let (queue, number) = by_events(replication);
        let (sojourn, end) = by_recursion(replication).expect("valid rates");
        assert!(queue.sojourn == sojourn, "recursion and events differ");
        assert_eq!(number, sojourn.sum() as f64 / end.micros() as f64, "recursion and events differ");
        peaks.push(queue.number.max() as f64);
        customers.push(sojourn.count() as f64);
    }
    // Right after the restart as many may come as leave: the highest number is a little more than that at the restart.
    let mean = peaks.mean().expect("replications");
    assert!((mean - peak).abs() < 0.005 * peak, "peak: {peak} in theory, {mean} here");
    gate::agrees_with_theory("customers", &customers, ARRIVAL_RATE * END);
    let fluid = theory::fluid_outage(ARRIVAL_RATE, SERVERS as f64 * SERVICE_RATE, DOWN.1 - DOWN.0).expect("stable");
    let sojourns: Tally =
        (0..REPLICATIONS).map(|replication| by_recursion(replication).expect("valid rates").0.sum() as f64).collect();
    let total = sojourns.mean().expect("replications") / Span::HOUR.micros() as f64;
    let in_theory = fluid.total_delay + exact.mean_in_system * END;
    assert!((total - in_theory).abs() < 0.02 * in_theory, "time in the system, summed: {in_theory} h in theory, {total} h here");
}

fn main() {
    let mut events = |replication| std::hint::black_box(by_events(replication)).0.sojourn.count();
    let mut recursion = |replication| by_recursion(replication).expect("valid rates").0.count();
    measure(
        "an outage on M/M/10",
        101,
        gate,
        &mut [
            Program { name: "on the engine", run: &mut events },
            Program { name: "without events (Kiefer-Wolfowitz)", run: &mut recursion },
        ],
    );
}
