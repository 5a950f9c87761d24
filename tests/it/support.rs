//! What several tests need.

use std::path::{Path, PathBuf};

use rxoutage::experiment::{self, METRICS, Outcome, Unattended, quantities};
use rxoutage::report;
use rxoutage::scenario::{self, Loaded, Source};
use rxoutage::stats::{Tally, student_t_quantile};

/// Level of error of each statistical test: with at most 20 such tests of three seeds each, all are passed by a correct program with
/// probability above 0.99.
pub(crate) const ALPHA: f64 = 1e-4;

/// Seeds by rule: never searched for, never changed because a test fails.
pub(crate) const SEEDS: [u64; 3] = [1, 2, 3];

pub(crate) fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

/// Loads a scenario text; a mistake in it is a mistake in the test.
pub(crate) fn load_text(text: &str) -> Loaded {
    let source = Source::Text { name: "test.toml".into(), text: text.into() };
    scenario::load(&source, &[], &quantities()).unwrap_or_else(|problems| panic!("{problems}"))
}

/// Loads a shipped scenario with overrides.
pub(crate) fn load_shipped(path: &str, sets: &[&str]) -> Loaded {
    let sets: Vec<String> = sets.iter().map(|&set| set.to_owned()).collect();
    let source = Source::File(repository().join("scenarios").join(path));
    scenario::load(&source, &sets, &quantities()).unwrap_or_else(|problems| panic!("{path}:\n{problems}"))
}

pub(crate) fn run_shipped(path: &str, sets: &[&str]) -> Outcome {
    experiment::run(&load_shipped(path, sets).scenario, &Unattended)
}

/// Every table of an outcome with its file name, as CSV.
pub(crate) fn tables_as_csv(outcome: &Outcome) -> Vec<(&'static str, String)> {
    let written = |table: report::Table<'_>| {
        let (name, mut bytes) = (table.name, Vec::new());
        table.write_csv(&mut bytes).expect("written");
        (name, String::from_utf8(bytes).expect("UTF-8"))
    };
    report::tables(outcome).into_iter().map(written).collect()
}

/// The values of a metric over the replications.
pub(crate) fn tally(outcome: &Outcome, group: &str, metric: &str) -> Tally {
    let group = outcome.group(group).unwrap_or_else(|| panic!("no group {group}"));
    let index = METRICS.iter().position(|known| known.name == metric).unwrap_or_else(|| panic!("no metric {metric}"));
    let mut tally = Tally::default();
    outcome.values(0, group, index).flatten().for_each(|value| tally.push(value));
    tally
}

/// Whether the mean over replications agrees with an exact value at error level [`ALPHA`] (two-sided, Student t).
pub(crate) fn agrees(tally: &Tally, exact: f64) -> bool {
    let n = tally.count() as f64;
    let (Some(mean), Some(error)) = (tally.mean(), tally.standard_error()) else { panic!("not estimable") };
    ((mean - exact) / error).abs() <= student_t_quantile(1.0 - ALPHA / 2.0, n - 1.0)
}
