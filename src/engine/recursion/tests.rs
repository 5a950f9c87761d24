//! The recursions against the calendar, to the microsecond.

use std::collections::VecDeque;

use proptest::prelude::*;

use super::*;
use crate::engine::{Calendar, Model, run_until};

#[derive(Clone, Copy)]
enum Event {
    Stop,
    Restart,
    Arrival { customer: usize },
    End { customer: usize, stamp: u32 },
}

/// The same queue by events: each customer's start and end.
#[derive(Default)]
struct Queue {
    services: Vec<Span>,
    free: usize,
    stopped: bool,
    line: VecDeque<usize>,
    /// In service, with the work left when it was last begun or continued, and when that was.
    serving: Vec<(usize, Span, SimTime)>,
    stamp: u32,
    starts: Vec<SimTime>,
    ends: Vec<SimTime>,
}

impl Queue {
    fn begin(&mut self, now: SimTime, calendar: &mut Calendar<Event>) {
        while self.free > 0 && !self.stopped {
            let Some(customer) = self.line.pop_front() else { return };
            self.free -= 1;
            self.starts[customer] = now;
            self.serving.push((customer, self.services[customer], now));
            calendar.schedule(now + self.services[customer], Event::End { customer, stamp: self.stamp });
        }
    }
}

impl Model for Queue {
    type Event = Event;

    fn handle(&mut self, now: SimTime, event: Event, calendar: &mut Calendar<Event>) {
        match event {
            Event::Stop => {
                self.stopped = true;
                self.stamp += 1;
                self.serving
                    .iter_mut()
                    .for_each(|(_, left, since)| *left = Span::from_micros(left.micros() - now.since(*since).micros()));
            }
            Event::Restart => {
                self.stopped = false;
                for (customer, left, since) in &mut self.serving {
                    *since = now;
                    calendar.schedule(now + *left, Event::End { customer: *customer, stamp: self.stamp });
                }
            }
            Event::Arrival { customer } => self.line.push_back(customer),
            Event::End { customer, stamp } if stamp == self.stamp => {
                self.ends[customer] = now;
                self.serving.retain(|&(other, ..)| other != customer);
                self.free += 1;
            }
            Event::End { .. } => {}
        }
        self.begin(now, calendar);
    }
}

fn by_events(customers: &[(SimTime, Span)], servers: usize, stops: &[(SimTime, SimTime)]) -> (Vec<SimTime>, Vec<SimTime>) {
    let mut queue = Queue {
        services: customers.iter().map(|&(_, service)| service).collect(),
        free: servers,
        starts: vec![SimTime::NEVER; customers.len()],
        ends: vec![SimTime::NEVER; customers.len()],
        ..Queue::default()
    };
    let mut calendar = Calendar::new();
    for &(from, until) in stops {
        calendar.schedule(from, Event::Stop);
        calendar.schedule(until, Event::Restart);
    }
    for (customer, &(arrival, _)) in customers.iter().enumerate() {
        calendar.schedule(arrival, Event::Arrival { customer });
    }
    run_until(&mut queue, &mut calendar, SimTime::NEVER);
    (queue.starts, queue.ends)
}

fn by_recursion(customers: &[(SimTime, Span)], servers: usize, stops: &[(SimTime, SimTime)]) -> (Vec<SimTime>, Vec<SimTime>) {
    let stops = Stops::new(stops.iter().copied());
    let mut line = KieferWolfowitz::new(servers);
    customers
        .iter()
        .map(|&(arrival, service)| {
            let start = line.start(stops.working(arrival), service);
            (stops.clock(start), stops.clock(start + service))
        })
        .unzip()
}

/// Customers with many ties: gaps and services of a few microseconds, some none at all.
fn customers() -> impl Strategy<Value = Vec<(SimTime, Span)>> {
    (1_u64..8, 1_u64..40).prop_flat_map(|(gap, service)| {
        prop::collection::vec((0..=gap, 0..=service), 0..200).prop_map(|customers| {
            let mut now = SimTime::ZERO;
            customers
                .into_iter()
                .map(|(gap, service)| {
                    now += Span::from_micros(gap);
                    (now, Span::from_micros(service))
                })
                .collect()
        })
    })
}

fn stops() -> impl Strategy<Value = Vec<(SimTime, SimTime)>> {
    prop::collection::vec((1_u64..100, 1_u64..100), 0..4).prop_map(|stretches| {
        let mut now = 0;
        stretches
            .into_iter()
            .map(|(up, down)| {
                let from = now + up;
                now = from + down;
                (SimTime::from_micros(from), SimTime::from_micros(now))
            })
            .collect()
    })
}

proptest! {
    #[test]
    fn several_servers_are_those_of_the_calendar(customers in customers(), servers in 1_usize..8) {
        prop_assert_eq!(by_recursion(&customers, servers, &[]), by_events(&customers, servers, &[]));
    }

    #[test]
    fn frozen_work_is_that_of_the_calendar(customers in customers(), servers in 1_usize..8, stops in stops()) {
        prop_assert_eq!(by_recursion(&customers, servers, &stops), by_events(&customers, servers, &stops));
    }

    #[test]
    fn one_server_is_the_first_of_several(customers in customers()) {
        let mut one = Lindley::default();
        let mut several = KieferWolfowitz::new(1);
        for (arrival, service) in customers {
            prop_assert_eq!(one.start(arrival, service), several.start(arrival, service));
            prop_assert_eq!(one.free(), several.free[0]);
        }
    }
}
