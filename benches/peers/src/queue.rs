//! M/M/1 as every event-based peer has it: the line, where its numbers come from, and mean sojourn and time average of the number present.

use std::collections::VecDeque;

use rand::SeedableRng;
use rand_distr::{Distribution, Exp1};
use rand_xoshiro::Xoshiro256PlusPlus;

/// What is to be simulated.
#[derive(Clone, Copy, Debug)]
pub struct Task {
    /// Arrivals per unit of time; services take one on average.
    pub rate: f64,
    /// How many come.
    pub customers: u32,
    pub seed: u64,
}

/// What a peer says.
#[derive(Clone, Copy, Debug)]
pub struct Answer {
    pub customers: u64,
    pub sojourn: f64,
    pub number: f64,
}

#[derive(Debug)]
pub struct Queue {
    rng: Xoshiro256PlusPlus,
    rate: f64,
    to_come: u32,
    served: u64,
    present: VecDeque<f64>,
    sum: f64,
    area: f64,
    last: f64,
}

impl Queue {
    pub fn new(task: Task) -> Self {
        Self {
            rng: Xoshiro256PlusPlus::seed_from_u64(task.seed),
            rate: task.rate,
            to_come: task.customers,
            served: 0,
            present: VecDeque::new(),
            sum: 0.0,
            area: 0.0,
            last: 0.0,
        }
    }

    fn exponential(&mut self) -> f64 {
        Exp1.sample(&mut self.rng)
    }

    pub fn gap(&mut self) -> f64 {
        self.exponential() / self.rate
    }

    pub fn service(&mut self) -> f64 {
        self.exponential()
    }

    fn note(&mut self, now: f64) {
        self.area += self.present.len() as f64 * (now - self.last);
        self.last = now;
    }

    /// A customer comes: time until the next one, if there is one, and of the service, if it begins at once.
    pub fn arrive(&mut self, now: f64) -> (Option<f64>, Option<f64>) {
        self.note(now);
        self.to_come -= 1;
        self.present.push_back(now);
        let next = (self.to_come > 0).then(|| self.gap());
        (next, (self.present.len() == 1).then(|| self.service()))
    }

    /// A customer goes: time of the next service, if there is one.
    pub fn depart(&mut self, now: f64) -> Option<f64> {
        self.note(now);
        self.sum += self.present.pop_front().map_or(0.0, |arrived| now - arrived);
        self.served += 1;
        (!self.present.is_empty()).then(|| self.service())
    }

    /// Whether everybody has been served.
    pub fn is_over(&self) -> bool {
        self.to_come == 0 && self.present.is_empty()
    }

    pub fn answer(&self) -> Answer {
        Answer { customers: self.served, sojourn: self.sum / self.served as f64, number: self.area / self.last }
    }
}
