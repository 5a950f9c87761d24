//! Every shipped scenario at small scale, and one of the tests that uses every response, against golden tables, cell by cell. The tables were written by a release build and are compared in whatever
//! build the tests run: debug and release agree, and so do machines.
//!
//! To write them anew after a change of values (which the change list then calls value-breaking): `RXOUTAGE_GOLDEN=write cargo test golden`.

use std::fs;
use std::path::PathBuf;

use rxoutage::experiment::Outcome;

use crate::support::{repository, run_shipped, tables_as_csv};

/// Largest relative difference of two numbers that count as equal: what is lost in printing, and nothing more.
const TOLERANCE: f64 = 1e-9;

/// Scenario and what makes it small.
const SCENARIOS: &[(&str, &[&str])] = &[
    ("baseline", &["run.scale=0.0003", "run.horizon=24 d", "run.replications=2", "run.timeline_step=1 d"]),
    (
        "change-healthcare-2024",
        // Its targets look further than this.
        &["run.scale=0.0003", "run.horizon=30 d", "run.replications=2", "run.timeline_step=1 d", "target=[]"],
    ),
    ("restore-72h", &["run.scale=0.0003", "run.horizon=30 d", "run.replications=2", "run.timeline_step=1 d"]),
    ("precautions", &["run.scale=0.0003", "run.horizon=42 d", "run.replications=2", "run.timeline_step=1 d"]),
    ("national-one-to-one", &["run.scale=0.0003", "run.horizon=30 d", "run.timeline_step=1 d"]),
    ("quickstart", &["run.replications=2", "run.timeline_step=1 d"]),
    ("dependent-chain", &["run.scale=0.1", "run.horizon=60 d", "run.replications=2", "run.timeline_step=1 d"]),
    ("kimbrough", &["run.horizon=24 d", "run.replications=2", "run.timeline_step=1 d"]),
    ("metastable-budget", &["run.scale=0.25", "run.horizon=7 d", "run.replications=2", "run.timeline_step=12 h"]),
    ("metastable-surge", &["run.scale=0.25", "run.horizon=7 d", "run.replications=2", "run.timeline_step=12 h"]),
    ("node-criticality", &["run.replications=2", "run.timeline_step=1 d", "criticality.resolution=12 h"]),
    ("single-pharmacy", &["run.replications=3", "run.timeline_step=6 h"]),
    ("switch-failover", &["run.replications=2", "run.timeline_step=1 d"]),
    ("veterans-affairs", &["run.scale=0.006", "run.horizon=24 d", "run.replications=2", "run.timeline_step=1 d"]),
    ("textbook/mm1", &["run.horizon=40 d", "run.replications=2", "run.timeline_step=1 d"]),
    ("textbook/mmc", &["run.horizon=20 d", "run.replications=2", "run.timeline_step=1 d"]),
    ("textbook/mg1-constant", &["run.horizon=30 d", "run.replications=2", "run.timeline_step=1 d"]),
    ("textbook/erlang-a", &["run.horizon=4 d", "run.replications=2", "run.timeline_step=1 d"]),
    ("textbook/tandem", &["run.horizon=20 d", "run.replications=2", "run.timeline_step=1 d"]),
    ("textbook/jackson-feedback", &["run.horizon=20 d", "run.replications=2", "run.timeline_step=1 d"]),
    ("textbook/priorities", &["run.horizon=30 d", "run.replications=2", "run.timeline_step=1 d"]),
    ("textbook/breakdowns", &["run.horizon=60 d", "run.replications=2", "run.timeline_step=1 d"]),
    ("textbook/outage-mmc", &["run.replications=2", "run.timeline_step=6 h"]),
];

/// Scenarios that are not shipped: name, and path from the folder of those that are.
const OTHERS: &[(&str, &str)] = &[("every-response", "../tests/scenarios/every-response.toml")];

fn folder(scenario: &str) -> PathBuf {
    repository().join("tests/golden").join(scenario.replace('/', "-"))
}

fn tables(outcome: &Outcome) -> Vec<(&'static str, String)> {
    // The distribution table is a thousand rows that say what the summary says; the others stay readable.
    tables_as_csv(outcome).into_iter().filter(|(name, _)| *name != "delay_ccdf.csv").collect()
}

/// Whether the tables are to be written anew.
#[expect(clippy::disallowed_methods, reason = "how a developer asks for the tables to be written anew")]
pub(crate) fn is_writing() -> bool {
    std::env::var("RXOUTAGE_GOLDEN").is_ok_and(|value| value == "write")
}

/// The first difference between two tables: header exact, text exact, numbers within the tolerance.
pub(crate) fn difference(golden: &str, seen: &str) -> Option<String> {
    let (mut golden_lines, mut seen_lines) = (golden.lines(), seen.lines());
    let mut number = 0;
    loop {
        number += 1;
        match (golden_lines.next(), seen_lines.next()) {
            (None, None) => return None,
            (Some(a), Some(b)) if a == b => {}
            (Some(a), Some(b)) if number > 1 && a.split(',').count() == b.split(',').count() => {
                let differs = |(a, b): (&str, &str)| match (a.parse::<f64>(), b.parse::<f64>()) {
                    (Ok(x), Ok(y)) => (x - y).abs() > TOLERANCE * x.abs().max(y.abs()),
                    _ => a != b,
                };
                if a.split(',').zip(b.split(',')).any(differs) {
                    return Some(format!("line {number}:\n  golden {a}\n  seen   {b}"));
                }
            }
            (a, b) => return Some(format!("line {number}:\n  golden {a:?}\n  seen   {b:?}")),
        }
    }
}

#[test]
fn golden_tables_of_every_scenario() {
    let write = is_writing();
    let mut wrong = Vec::new();
    let shipped = SCENARIOS.iter().map(|(scenario, sets)| (*scenario, format!("{scenario}.toml"), *sets));
    for (scenario, path, sets) in shipped.chain(OTHERS.iter().map(|(name, path)| (*name, (*path).to_owned(), &[][..]))) {
        let outcome = run_shipped(&path, sets);
        for (name, text) in tables(&outcome) {
            let path = folder(scenario).join(name);
            if write {
                fs::create_dir_all(folder(scenario)).expect("a folder");
                fs::write(&path, text).expect("written");
            } else {
                let golden = fs::read_to_string(&path).unwrap_or_default();
                // To the byte: builds and machines agree. The comparator says where, if they do not.
                if golden != text {
                    let difference = difference(&golden, &text).unwrap_or_else(|| "differs in the last digits only".to_owned());
                    wrong.push(format!("{scenario}/{name} {difference}"));
                }
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{}\nreplay: cargo run --release -- run <scenario>.toml with the overrides of tests/it/golden.rs",
        wrong.join("\n")
    );
}

#[test]
fn every_shipped_scenario_has_golden_tables() {
    let mut shipped = Vec::new();
    for sub in ["", "textbook"] {
        for entry in fs::read_dir(repository().join("scenarios").join(sub)).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.extension().is_some_and(|extension| extension == "toml") {
                let stem = path.file_stem().and_then(|stem| stem.to_str()).expect("text");
                shipped.push(if sub.is_empty() { stem.to_owned() } else { format!("{sub}/{stem}") });
            }
        }
    }
    shipped.sort();
    let mut covered: Vec<String> = SCENARIOS.iter().map(|(name, _)| (*name).to_owned()).collect();
    covered.sort();
    assert_eq!(shipped, covered);
}

/// The comparator itself.
#[test]
fn the_comparator_sees_what_it_should() {
    let golden = "a,b\nx,1.0\n";
    assert_eq!(difference(golden, "a,b\nx,1.0000000001\n"), None);
    for wrong in ["a,c\nx,1.0\n", "a,b\ny,1.0\n", "a,b\nx,1.00001\n", "a,b\nx,\n", "a,b\n", "a,b\nx,1.0\nx,1.0\n"] {
        assert!(difference(golden, wrong).is_some(), "{wrong}");
    }
}
