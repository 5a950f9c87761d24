//! One model in one engine, once: prints customers, seconds of processor time where the system tells it, and the answer, for `compare.py`.
//!
//! `peers MODEL ENGINE CUSTOMERS SEED`, where the claims graph has as many customers as come in its 72 hours.

#[path = "../../models/claims_by_hand.rs"]
mod claims_by_hand;
#[path = "../../models/claims_graph.rs"]
mod claims_graph;
mod desque;
#[path = "../../models/mm1.rs"]
mod mm1;
#[path = "../../models/mm1_by_hand.rs"]
mod mm1_by_hand;
#[path = "../../models/mm1_recursion.rs"]
mod mm1_recursion;
mod nexosim;
mod odem;
mod queue;
mod simcore;

use std::time::Instant;

use queue::{Answer, Task};

fn rxoutage(task: Task) -> Answer {
    let mut queue = mm1::Queue::new(task.rate, task.customers, task.seed as u32).expect("a rate");
    let end = queue.run();
    let sojourn = queue.sojourn.mean().expect("customers") / 1e6;
    Answer { customers: queue.sojourn.count(), sojourn, number: queue.number.mean(end).expect("time has passed") }
}

fn recursion(task: Task) -> Answer {
    let (sojourn, end) = mm1_recursion::run(task.rate, task.customers, task.seed as u32).expect("a rate");
    let number = sojourn.sum() as f64 / end.micros() as f64;
    Answer { customers: sojourn.count(), sojourn: sojourn.mean().expect("customers") / 1e6, number }
}

fn by_hand(task: Task) -> Answer {
    let (sojourn, number) = mm1_by_hand::run(task.rate, task.customers, task.seed);
    Answer { customers: u64::from(task.customers), sojourn, number }
}

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let [_, model, engine, customers, seed] = arguments.as_slice() else { panic!("peers MODEL ENGINE CUSTOMERS SEED") };
    let (customers, seed) = (customers.parse().expect("a number"), seed.parse().expect("a number"));
    let task = Task { rate: 0.9, customers, seed };
    let start = Instant::now();
    let processor = processor_seconds();
    let mut said = Vec::new();
    let mut served = 0;
    match (model.as_str(), engine.as_str()) {
        ("mm1", engine) => {
            let answer = match engine {
                "rxoutage" => rxoutage(task),
                "rxoutage-recursion" => recursion(task),
                "by-hand" => by_hand(task),
                "desque" => desque::run(task),
                "simcore" => simcore::run(task),
                "nexosim" => nexosim::run(task),
                "odem-rs" => odem::run(task),
                _ => panic!("no engine {engine}"),
            };
            served += answer.customers;
            said.extend([answer.sojourn, answer.number]);
        }
        ("claims", engine) => {
            let answer = match engine {
                "rxoutage" => claims_graph::ClaimsGraph::new(seed as u32).expect("valid laws").run(),
                "by-hand" => claims_by_hand::run(seed),
                _ => panic!("no engine {engine}"),
            };
            served += answer.prescriptions;
            said.extend([answer.delay_median, answer.delay_p95, answer.backlog_peak]);
        }
        _ => panic!("no model {model}"),
    }
    let seconds = match (processor, processor_seconds()) {
        (Some(before), Some(after)) => after - before,
        _ => start.elapsed().as_secs_f64(),
    };
    println!("{served} {seconds} {}", said.iter().map(f64::to_string).collect::<Vec<_>>().join(" "));
}

/// Processor time of the main thread so far \[s\], where the system tells it (Linux).
fn processor_seconds() -> Option<f64> {
    let text = std::fs::read_to_string("/proc/self/schedstat").ok()?;
    Some(text.split_whitespace().next()?.parse::<f64>().ok()? * 1e-9)
}
