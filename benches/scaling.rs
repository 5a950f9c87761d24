//! Eight replications on one and on two threads: twice as fast is perfect.

#![allow(missing_docs)]

use std::path::Path;

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use rxoutage::experiment::{Pool, Unattended, quantities};
use rxoutage::scenario::{self, Source};

fn scaling(criterion: &mut Criterion) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/change-healthcare-2024.toml");
    let sets = ["run.horizon=24 d", "run.replications=8", "target=[]"].map(str::to_owned);
    let loaded = scenario::load(&Source::File(file), &sets, &quantities()).unwrap_or_else(|problems| panic!("{problems}"));
    let mut group = criterion.benchmark_group("scaling");
    group.sample_size(10);
    for threads in [1usize, 2] {
        let pool = Pool::new(threads).unwrap_or_else(|why| panic!("{why}"));
        group.bench_with_input(BenchmarkId::new("threads", threads), &pool, |bencher, pool| {
            bencher.iter(|| pool.run(&loaded.scenario, &Unattended));
        });
    }
    group.finish();
}

criterion_group!(benches, scaling);
criterion_main!(benches);
