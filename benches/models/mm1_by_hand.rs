//! M/M/1 as a plain program without the library: a binary heap of the standard library, floating-point time, ziggurat.

use std::cmp::Ordering;
use std::collections::{BinaryHeap, VecDeque};

use rand::SeedableRng;
use rand_distr::{Distribution, Exp1};
use rand_xoshiro::Xoshiro256PlusPlus;

#[derive(Clone, Copy)]
struct Scheduled {
    time: f64,
    sequence: u64,
    arrival: bool,
}

impl Ord for Scheduled {
    fn cmp(&self, other: &Self) -> Ordering {
        other.time.total_cmp(&self.time).then(other.sequence.cmp(&self.sequence))
    }
}
impl PartialOrd for Scheduled {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl PartialEq for Scheduled {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}
impl Eq for Scheduled {}

/// Serves so many customers, service 1 on average; gives the mean sojourn and the mean number in the system.
pub fn run(rate: f64, customers: u32, seed: u64) -> (f64, f64) {
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(seed);
    let mut draw = |mean: f64| -> f64 {
        let standard: f64 = Exp1.sample(&mut rng);
        mean * standard
    };
    let (mut heap, mut sequence) = (BinaryHeap::new(), 0);
    let mut present: VecDeque<f64> = VecDeque::new();
    let (mut to_come, mut sum, mut area, mut last) = (customers, 0.0, 0.0, 0.0);
    heap.push(Scheduled { time: draw(1.0 / rate), sequence, arrival: true });
    while let Some(Scheduled { time: now, arrival, .. }) = heap.pop() {
        area += present.len() as f64 * (now - last);
        last = now;
        let mut schedule = |time, arrival| {
            sequence += 1;
            heap.push(Scheduled { time, sequence, arrival });
        };
        if arrival {
            to_come -= 1;
            if to_come > 0 {
                schedule(now + draw(1.0 / rate), true);
            }
            present.push_back(now);
            if present.len() == 1 {
                schedule(now + draw(1.0), false);
            }
        } else {
            sum += present.pop_front().map_or(0.0, |arrived| now - arrived);
            if !present.is_empty() {
                schedule(now + draw(1.0), false);
            }
        }
    }
    (sum / f64::from(customers), area / last)
}
