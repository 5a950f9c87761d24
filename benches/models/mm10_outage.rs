//! M/M/10 with an outage, as a user of the library writes it: on events, and without.

use std::collections::VecDeque;

use rxoutage::engine::{Calendar, KieferWolfowitz, Model, Stops, run_until};
use rxoutage::random::{Chance, Law, LawError, Spans, StreamPurpose};
use rxoutage::stats::{QuantileSketch, TimeAverage};
use rxoutage::units::{SimTime, Span};

pub const SERVERS: usize = 10;
/// Arrivals an hour.
pub const ARRIVAL_RATE: f64 = 300.0;
/// Services an hour, of one server.
pub const SERVICE_RATE: f64 = 45.0;
/// From when until when all servers stand still, their work frozen \[h\].
pub const DOWN: (f64, f64) = (100.0, 112.0);
/// Nobody comes after this \[h\].
pub const END: f64 = 200.0;

fn hours(hours: f64) -> SimTime {
    SimTime::ZERO + Span::HOUR.scaled(hours)
}

fn spans(per_hour: f64, replication: u32, node: u32) -> Result<Spans, LawError> {
    Ok(Spans::new(Law::exponential(3600.0 / per_hour)?.into(), Chance::new(1, replication).stream(StreamPurpose::Model, node)))
}

/// What happens.
#[derive(Clone, Copy, Debug)]
pub enum Event {
    Arrival,
    Departure { customer: u32, stamp: u32 },
    Stop,
    Restart,
}

/// Someone in service.
#[derive(Clone, Copy, Debug)]
struct Served {
    customer: u32,
    arrived: SimTime,
    /// When the service ends; while it is interrupted, how much of it is left since t = 0.
    ends: SimTime,
}

/// The queue, where its chance comes from, and what is measured.
#[derive(Debug)]
pub struct Queue {
    interarrivals: Spans,
    services: Spans,
    line: VecDeque<SimTime>,
    serving: Vec<Served>,
    begun: u32,
    /// Counts the stops: what was scheduled before is void.
    stamp: u32,
    down: bool,
    pub number: TimeAverage,
    /// Time in line and in service \[µs\].
    pub sojourn: QuantileSketch,
}

impl Queue {
    /// An empty queue.
    ///
    /// # Errors
    /// Never: the rates are valid.
    pub fn new(replication: u32) -> Result<Self, LawError> {
        Ok(Self {
            interarrivals: spans(ARRIVAL_RATE, replication, 0)?,
            services: spans(SERVICE_RATE, replication, 1)?,
            line: VecDeque::new(),
            serving: Vec::with_capacity(SERVERS),
            begun: 0,
            stamp: 0,
            down: false,
            number: TimeAverage::default(),
            sojourn: QuantileSketch::default(),
        })
    }

    /// Arrivals until the end, and then until the last one is served; gives when that was.
    pub fn run(&mut self) -> SimTime {
        let mut calendar = Calendar::new();
        calendar.schedule(hours(DOWN.0), Event::Stop);
        calendar.schedule(hours(DOWN.1), Event::Restart);
        calendar.schedule(SimTime::ZERO + self.interarrivals.draw(), Event::Arrival);
        run_until(self, &mut calendar, SimTime::NEVER);
        calendar.now()
    }

    fn begin_services(&mut self, now: SimTime, calendar: &mut Calendar<Event>) {
        while self.serving.len() < SERVERS && !self.down {
            let Some(arrived) = self.line.pop_front() else { return };
            let served = Served { customer: self.begun, arrived, ends: now + self.services.draw() };
            self.begun += 1;
            self.serving.push(served);
            calendar.schedule(served.ends, Event::Departure { customer: served.customer, stamp: self.stamp });
        }
    }

    fn depart(&mut self, now: SimTime, customer: u32) {
        if let Some(place) = self.serving.iter().position(|served| served.customer == customer) {
            let served = self.serving.swap_remove(place);
            self.sojourn.push(now.since(served.arrived).micros());
        }
    }

    fn stop(&mut self, now: SimTime) {
        self.down = true;
        self.stamp += 1;
        self.serving.iter_mut().for_each(|served| served.ends = SimTime::ZERO + served.ends.since(now));
    }

    fn restart(&mut self, now: SimTime, calendar: &mut Calendar<Event>) {
        self.down = false;
        for served in &mut self.serving {
            served.ends = now + served.ends.since(SimTime::ZERO);
            calendar.schedule(served.ends, Event::Departure { customer: served.customer, stamp: self.stamp });
        }
    }
}

impl Model for Queue {
    type Event = Event;

    fn handle(&mut self, now: SimTime, event: Event, calendar: &mut Calendar<Event>) {
        match event {
            Event::Arrival => {
                let next = now + self.interarrivals.draw();
                if next < hours(END) {
                    calendar.schedule(next, Event::Arrival);
                }
                self.line.push_back(now);
            }
            Event::Departure { customer, stamp } if stamp == self.stamp => self.depart(now, customer),
            Event::Departure { .. } => return,
            Event::Stop => self.stop(now),
            Event::Restart => self.restart(now, calendar),
        }
        self.begin_services(now, calendar);
        self.number.update(now, (self.line.len() + self.serving.len()) as u64);
    }
}

/// The same without events: sojourns, and when the last one was served.
///
/// # Errors
/// Never: the rates are valid.
pub fn by_recursion(replication: u32) -> Result<(QuantileSketch, SimTime), LawError> {
    let (mut interarrivals, mut services) = (spans(ARRIVAL_RATE, replication, 0)?, spans(SERVICE_RATE, replication, 1)?);
    let stops = Stops::new([(hours(DOWN.0), hours(DOWN.1))]);
    let (mut servers, mut sojourn, mut last) = (KieferWolfowitz::new(SERVERS), QuantileSketch::default(), SimTime::ZERO);
    let mut now = SimTime::ZERO + interarrivals.draw();
    while now < hours(END) {
        let service = services.draw();
        let end = stops.clock(servers.start(stops.working(now), service) + service);
        sojourn.push(end.since(now).micros());
        last = last.max(end);
        now += interarrivals.draw();
    }
    Ok((sojourn, last))
}
