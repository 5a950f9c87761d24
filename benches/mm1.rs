//! M/M/1 (rate 0.9, service 1) as a user of the library writes it, on events and without, beside a plain program on a binary heap. The library's
//! programs keep time average, mean and quantile sketch; the plain one keeps time average and mean only.

#![allow(missing_docs, unreachable_pub, clippy::print_stdout)]

#[path = "support/gate.rs"]
mod gate;
#[path = "models/mm1.rs"]
mod mm1;
#[path = "models/mm1_by_hand.rs"]
mod mm1_by_hand;
#[path = "models/mm1_recursion.rs"]
mod mm1_recursion;
#[path = "support/side_by_side.rs"]
mod side_by_side;

use mm1::Queue;
use rxoutage::stats::Tally;
use rxoutage::theory;
use side_by_side::{Program, measure};

const RATE: f64 = 0.9;
const CUSTOMERS: u32 = 1_000_000;
const SECOND: f64 = 1e6;
/// Replications of the gate, and of each so many customers.
const GATE: (u32, u32) = (20, 200_000);

fn by_events(customers: u32, replication: u32) -> (Queue, f64) {
    let mut queue = Queue::new(RATE, customers, replication).expect("a rate");
    let end = queue.run();
    let number = queue.number.mean(end).expect("time has passed");
    (queue, number)
}

/// Theory for each; and the two of the library agree to the microsecond, for they draw the same.
fn gate() {
    let exact = theory::mm1(RATE, 1.0).expect("stable");
    let (replications, customers) = GATE;
    let mut tallies = [Tally::default(); 4];
    for replication in 0..replications {
        let (queue, number) = by_events(customers, replication);
        let (sojourn, end) = mm1_recursion::run(RATE, customers, replication).expect("a rate");
        assert!(queue.sojourn == sojourn, "recursion and events differ");
        assert_eq!(number, sojourn.sum() as f64 / end.micros() as f64, "recursion and events differ");
        let (mean, number_by_hand) = mm1_by_hand::run(RATE, customers, u64::from(replication));
        let values = [sojourn.mean().expect("customers") / SECOND, number, mean, number_by_hand];
        tallies.iter_mut().zip(values).for_each(|(tally, value)| tally.push(value));
    }
    let [sojourn, number, sojourn_by_hand, number_by_hand] = tallies;
    gate::agrees_with_theory("mean sojourn", &sojourn, exact.mean_sojourn);
    gate::agrees_with_theory("mean number in the system", &number, exact.mean_in_system);
    gate::agrees_with_theory("mean sojourn, by hand", &sojourn_by_hand, exact.mean_sojourn);
    gate::agrees_with_theory("mean number in the system, by hand", &number_by_hand, exact.mean_in_system);
}

fn main() {
    let mut hand = |replication| {
        std::hint::black_box(mm1_by_hand::run(RATE, CUSTOMERS, u64::from(replication)));
        u64::from(CUSTOMERS)
    };
    let mut events = |replication| std::hint::black_box(by_events(CUSTOMERS, replication)).0.sojourn.count();
    let mut recursion = |replication| {
        let (sojourn, end) = mm1_recursion::run(RATE, CUSTOMERS, replication).expect("a rate");
        std::hint::black_box(end);
        sojourn.count()
    };
    measure(
        "M/M/1",
        31,
        gate,
        &mut [
            Program { name: "a plain program on a binary heap", run: &mut hand },
            Program { name: "on the engine", run: &mut events },
            Program { name: "without events (Lindley)", run: &mut recursion },
        ],
    );
}
