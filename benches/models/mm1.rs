//! M/M/1 as a user of the library writes it: one line, one server, first come first served.

use std::collections::VecDeque;

use rxoutage::engine::{Calendar, Model, run_until};
use rxoutage::random::{Chance, Law, LawError, Spans, StreamPurpose};
use rxoutage::stats::{QuantileSketch, TimeAverage};
use rxoutage::units::SimTime;

/// What happens.
#[derive(Clone, Copy, Debug)]
pub enum Event {
    Arrival,
    Departure,
}

/// The queue, where its chance comes from, and what is measured.
#[derive(Debug)]
pub struct Queue {
    interarrivals: Spans,
    services: Spans,
    /// Arrivals still to come.
    to_come: u32,
    /// When those in the system arrived; the first is in service.
    present: VecDeque<SimTime>,
    pub number: TimeAverage,
    /// Time in line and in service \[µs\].
    pub sojourn: QuantileSketch,
}

impl Queue {
    /// An empty queue: arrivals at `rate` a second, a service of 1 s on average, until `customers` have come.
    ///
    /// # Errors
    /// If the rate is not finite and greater than 0.
    pub fn new(rate: f64, customers: u32, replication: u32) -> Result<Self, LawError> {
        let chance = Chance::new(1, replication);
        Ok(Self {
            interarrivals: Spans::new(Law::exponential(1.0 / rate)?.into(), chance.stream(StreamPurpose::Model, 0)),
            services: Spans::new(Law::exponential(1.0)?.into(), chance.stream(StreamPurpose::Model, 1)),
            to_come: customers,
            present: VecDeque::new(),
            number: TimeAverage::default(),
            sojourn: QuantileSketch::default(),
        })
    }

    /// Serves all customers; gives the time of the last departure.
    pub fn run(&mut self) -> SimTime {
        let mut calendar = Calendar::new();
        calendar.schedule(SimTime::ZERO + self.interarrivals.draw(), Event::Arrival);
        run_until(self, &mut calendar, SimTime::NEVER);
        calendar.now()
    }
}

impl Model for Queue {
    type Event = Event;

    fn handle(&mut self, now: SimTime, event: Event, calendar: &mut Calendar<Event>) {
        match event {
            Event::Arrival => {
                self.to_come -= 1;
                if self.to_come > 0 {
                    calendar.schedule(now + self.interarrivals.draw(), Event::Arrival);
                }
                self.present.push_back(now);
                if self.present.len() == 1 {
                    calendar.schedule(now + self.services.draw(), Event::Departure);
                }
            }
            Event::Departure => {
                if let Some(arrived) = self.present.pop_front() {
                    self.sojourn.push(now.since(arrived).micros());
                }
                if !self.present.is_empty() {
                    calendar.schedule(now + self.services.draw(), Event::Departure);
                }
            }
        }
        self.number.update(now, self.present.len() as u64);
    }
}
