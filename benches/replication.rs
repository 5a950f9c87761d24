//! One replication on one core: the reference scenario (run and twin) and the textbook M/M/1 through the whole model, by events and without. Throughput is in
//! prescriptions, each counted once, though the twin goes through it again.

#![allow(missing_docs)]

use std::path::Path;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use rxoutage::experiment::quantities;
use rxoutage::scenario::{self, Scenario, Source};
use rxoutage::sim::{Blueprint, Plan, Workspace};

fn shipped(path: &str, sets: &[&str]) -> Scenario {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios").join(path);
    let sets: Vec<String> = sets.iter().map(|&set| set.to_owned()).collect();
    scenario::load(&Source::File(file), &sets, &quantities()).unwrap_or_else(|problems| panic!("{problems}")).scenario
}

fn replication(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("replication");
    group.sample_size(10);
    for (name, scenario) in [
        ("reference, 7 days in", shipped("change-healthcare-2024.toml", &["run.horizon=28 d", "run.scale=0.002", "target=[]"])),
        ("baseline", shipped("baseline.toml", &["run.horizon=28 d"])),
        ("M/M/1 without events", shipped("textbook/mm1.toml", &["run.horizon=3000 d", "run.timeline_step=100 d"])),
        ("M/M/1", shipped("textbook/mm1.toml", &["run.horizon=3000 d", "run.timeline_step=100 d"])),
    ] {
        let blueprint = Blueprint::new(&scenario);
        let blueprint = if name == "M/M/1" { blueprint.by_events() } else { blueprint };
        let plan = Plan::new(&blueprint);
        let mut workspace = Workspace::new(&blueprint, &plan);
        let prescriptions = workspace.replicate(0).prescriptions;
        group.throughput(Throughput::Elements(prescriptions));
        group.bench_function(name, |bencher| bencher.iter(|| workspace.replicate(0)));
    }
    group.finish();
}

criterion_group!(benches, replication);
criterion_main!(benches);
