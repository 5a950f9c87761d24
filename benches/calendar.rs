//! The calendar alone, by the HOLD model (Jones 1986): with N events pending, take the next and put one back at a uniform increment from 0 to 2 N.
//! Time for each pair. A binary heap of the standard library on the same keys stands beside it: quote the ratio.

#![allow(missing_docs)]

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use rxoutage::engine::Calendar;
use rxoutage::random::{Chance, StreamPurpose};
use rxoutage::units::{SimTime, Span};

/// Increments drawn beforehand, so that drawing is not measured.
fn increments(pending: u64) -> Vec<u64> {
    let mut stream = Chance::new(1, 0).stream(StreamPurpose::Onset, 0);
    (0..1 << 16).map(|_| (stream.uniform() * 2.0 * pending as f64) as u64).collect()
}

fn hold(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("hold");
    for pending in [10u64, 1_000, 100_000, 1_000_000] {
        let increments = increments(pending);
        // Built once and brought to its steady state before anything is measured: each kind has turned over four times.
        let turns = 4 * pending + 10_000;
        let mut calendar = Calendar::new();
        for event in 0..pending {
            calendar.schedule(SimTime::from_micros(increments[event as usize & 0xFFFF]), event);
        }
        let mut turn = 0usize;
        let mut hold_calendar = || {
            if let Some((now, event)) = calendar.pop_before(SimTime::NEVER) {
                turn += 1;
                calendar.schedule(now + Span::from_micros(increments[turn & 0xFFFF]), black_box(event));
            }
        };
        (0..turns).for_each(|_| hold_calendar());
        group.bench_function(BenchmarkId::new("calendar", pending), |bencher| bencher.iter(&mut hold_calendar));

        let mut heap = BinaryHeap::new();
        let key = |time: u64, sequence: u64| Reverse((u128::from(time) << 64 | u128::from(sequence), sequence));
        for event in 0..pending {
            heap.push(key(increments[event as usize & 0xFFFF], event));
        }
        let (mut turn, mut sequence) = (0usize, pending);
        let mut hold_heap = || {
            if let Some(Reverse((packed, event))) = heap.pop() {
                turn += 1;
                sequence += 1;
                heap.push(key((packed >> 64) as u64 + increments[turn & 0xFFFF], sequence));
                black_box(event);
            }
        };
        (0..turns).for_each(|_| hold_heap());
        group.bench_function(BenchmarkId::new("binary heap", pending), |bencher| bencher.iter(&mut hold_heap));
    }
    group.finish();
}

criterion_group!(benches, hold);
criterion_main!(benches);
