//! The claims graph with an outage, as a user of the library writes it: prescriptions go through a pharmacy, its switch and a payer.

use std::collections::VecDeque;

use rxoutage::engine::{Calendar, Model, run_until};
use rxoutage::random::{Categories, Chance, Law, LawError, Spans, Stream, StreamPurpose};
use rxoutage::stats::{QuantileSketch, TimeAverage};
use rxoutage::units::{SimTime, Span};

pub const PHARMACIES: usize = 200;
/// Pharmacies on switch A; the others are on switch B.
pub const ON_A: usize = 120;
pub const STAFF: u32 = 2;
pub const ARRIVALS_PER_HOUR: f64 = 20.0;
pub const STAFF_MINUTES: f64 = 4.0;
pub const SWITCH_SERVERS: u32 = 8;
pub const SWITCH_UTILISATION: f64 = 0.6;
pub const PAYER_SHARES: [f64; 5] = [0.34, 0.23, 0.22, 0.11, 0.10];
pub const PAYER_SERVERS: u32 = 4;
pub const PAYER_UTILISATION: f64 = 0.5;
pub const DOWN_HOUR: f64 = 24.0;
pub const UP_HOUR: f64 = 36.0;
pub const END_HOUR: f64 = 72.0;

/// Stations: the pharmacies, the two switches, the payers.
pub const SWITCH_A: usize = PHARMACIES;
pub const FIRST_PAYER: usize = SWITCH_A + 2;
pub const STATIONS: usize = FIRST_PAYER + PAYER_SHARES.len();

/// Mean service time of the station's kind \[h\]: the one that gives its utilisation.
#[must_use]
pub fn switch_hours(switch: usize) -> f64 {
    let sites = if switch == 0 { ON_A } else { PHARMACIES - ON_A };
    SWITCH_UTILISATION * f64::from(SWITCH_SERVERS) / (sites as f64 * ARRIVALS_PER_HOUR)
}

/// Mean service time of a payer \[h\].
#[must_use]
pub fn payer_hours(payer: usize) -> f64 {
    PAYER_UTILISATION * f64::from(PAYER_SERVERS) / (PAYER_SHARES[payer] * PHARMACIES as f64 * ARRIVALS_PER_HOUR)
}

/// What every program says of one replication.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Answer {
    pub prescriptions: u64,
    /// From arrival to the payer's answer \[h\].
    pub delay_mean: f64,
    pub delay_median: f64,
    pub delay_p95: f64,
    /// Most prescriptions in line or in service at switch A at any time.
    pub backlog_peak: f64,
    /// Time average of the number of prescriptions in line or in service, at all stations together.
    pub number: f64,
}

/// What happens. A service that has been interrupted leaves an event whose stamp is out of date.
#[derive(Clone, Copy, Debug)]
pub enum Event {
    Arrival { pharmacy: u16 },
    Done { station: u16, stamp: u16, slot: u32 },
    Stop,
    Restart,
}

#[derive(Clone, Debug)]
struct Station {
    free: u32,
    line: VecDeque<u32>,
    number: TimeAverage,
}

#[derive(Clone, Copy, Debug)]
struct Prescription {
    arrived: SimTime,
    /// When its service ends; while it is interrupted, how much of it is left since t = 0.
    ends: SimTime,
    stamp: u16,
}

/// The graph, where its chance comes from, and what is measured.
#[derive(Debug)]
pub struct ClaimsGraph {
    stations: Vec<Station>,
    prescriptions: Vec<Prescription>,
    unused: Vec<u32>,
    /// Prescriptions in service at switch A, noted while it is down.
    frozen: Vec<u32>,
    in_service_a: Vec<u32>,
    down: bool,
    end: SimTime,
    arrivals: Spans,
    services: [Spans; 3 + PAYER_SHARES.len()],
    payer: Stream,
    payers: Categories,
    delay: QuantileSketch,
}

fn hours(hours: f64) -> SimTime {
    SimTime::ZERO + Span::HOUR.scaled(hours)
}

impl ClaimsGraph {
    /// An empty graph.
    ///
    /// # Errors
    /// Never: all laws are valid.
    pub fn new(replication: u32) -> Result<Self, LawError> {
        let chance = Chance::new(1, replication);
        let mut node = 0;
        let mut spans = |hours: f64| {
            node += 1;
            Law::exponential(3600.0 * hours).map(|law| Spans::new(law.into(), chance.stream(StreamPurpose::Model, node)))
        };
        let station = |servers| Station { free: servers, line: VecDeque::new(), number: TimeAverage::default() };
        let mut stations = vec![station(STAFF); SWITCH_A];
        stations.resize(FIRST_PAYER, station(SWITCH_SERVERS));
        stations.resize(STATIONS, station(PAYER_SERVERS));
        Ok(Self {
            stations,
            prescriptions: Vec::new(),
            unused: Vec::new(),
            frozen: Vec::new(),
            in_service_a: Vec::new(),
            down: false,
            end: hours(END_HOUR),
            arrivals: spans(1.0 / ARRIVALS_PER_HOUR)?,
            services: [
                spans(STAFF_MINUTES / 60.0)?,
                spans(switch_hours(0))?,
                spans(switch_hours(1))?,
                spans(payer_hours(0))?,
                spans(payer_hours(1))?,
                spans(payer_hours(2))?,
                spans(payer_hours(3))?,
                spans(payer_hours(4))?,
            ],
            payer: chance.stream(StreamPurpose::Model, 0),
            payers: Categories::new(&PAYER_SHARES),
            delay: QuantileSketch::default(),
        })
    }

    /// Arrivals until the end, and then until the last prescription is answered.
    pub fn run(&mut self) -> Answer {
        let mut calendar = Calendar::new();
        calendar.schedule(hours(DOWN_HOUR), Event::Stop);
        calendar.schedule(hours(UP_HOUR), Event::Restart);
        for pharmacy in 0..PHARMACIES as u16 {
            calendar.schedule(SimTime::ZERO + self.arrivals.draw(), Event::Arrival { pharmacy });
        }
        run_until(self, &mut calendar, SimTime::NEVER);
        let now = calendar.now();
        let hours = |micros: f64| micros / Span::HOUR.micros() as f64;
        Answer {
            prescriptions: self.delay.count(),
            delay_mean: hours(self.delay.mean().unwrap_or(f64::NAN)),
            delay_median: hours(self.delay.quantile(0.5).unwrap_or(f64::NAN)),
            delay_p95: hours(self.delay.quantile(0.95).unwrap_or(f64::NAN)),
            backlog_peak: self.stations[SWITCH_A].number.max() as f64,
            number: self.stations.iter().filter_map(|station| station.number.mean(now)).sum(),
        }
    }

    fn arrive(&mut self, now: SimTime, pharmacy: u16, calendar: &mut Calendar<Event>) {
        let next = now + self.arrivals.draw();
        if next < self.end {
            calendar.schedule(next, Event::Arrival { pharmacy });
        }
        let fresh = Prescription { arrived: now, ends: SimTime::NEVER, stamp: 0 };
        let slot = if let Some(slot) = self.unused.pop() {
            let stamp = self.prescriptions[slot as usize].stamp;
            self.prescriptions[slot as usize] = Prescription { stamp, ..fresh };
            slot
        } else {
            self.prescriptions.push(fresh);
            (self.prescriptions.len() - 1) as u32
        };
        self.enter(now, slot, usize::from(pharmacy), calendar);
    }

    fn enter(&mut self, now: SimTime, slot: u32, at: usize, calendar: &mut Calendar<Event>) {
        let station = &mut self.stations[at];
        station.number.update(now, station.number.level() + 1);
        if station.free > 0 && !(self.down && at == SWITCH_A) {
            station.free -= 1;
            self.begin(now, slot, at, calendar);
        } else {
            station.line.push_back(slot);
        }
    }

    fn begin(&mut self, now: SimTime, slot: u32, at: usize, calendar: &mut Calendar<Event>) {
        let law = at.saturating_sub(SWITCH_A - 1);
        let ends = now + self.services[law].draw();
        if at == SWITCH_A {
            self.in_service_a.push(slot);
        }
        self.schedule_end(slot, at, ends, calendar);
    }

    fn schedule_end(&mut self, slot: u32, at: usize, ends: SimTime, calendar: &mut Calendar<Event>) {
        let prescription = &mut self.prescriptions[slot as usize];
        prescription.ends = ends;
        calendar.schedule(ends, Event::Done { station: at as u16, stamp: prescription.stamp, slot });
    }

    fn done(&mut self, now: SimTime, slot: u32, at: usize, calendar: &mut Calendar<Event>) {
        let station = &mut self.stations[at];
        station.number.update(now, station.number.level() - 1);
        if at == SWITCH_A {
            self.in_service_a.retain(|&other| other != slot);
        }
        if let Some(next) = station.line.pop_front() {
            self.begin(now, next, at, calendar);
        } else {
            station.free += 1;
        }
        if at < SWITCH_A {
            self.enter(now, slot, SWITCH_A + usize::from(at >= ON_A), calendar);
        } else if at < FIRST_PAYER {
            let payer = self.payers.pick(self.payer.uniform());
            self.enter(now, slot, FIRST_PAYER + payer, calendar);
        } else {
            self.delay.push(now.since(self.prescriptions[slot as usize].arrived).micros());
            self.unused.push(slot);
        }
    }

    fn stop(&mut self, now: SimTime) {
        self.down = true;
        core::mem::swap(&mut self.frozen, &mut self.in_service_a);
        for &slot in &self.frozen {
            let prescription = &mut self.prescriptions[slot as usize];
            prescription.stamp = prescription.stamp.wrapping_add(1);
            prescription.ends = SimTime::ZERO + prescription.ends.since(now);
        }
    }

    fn restart(&mut self, now: SimTime, calendar: &mut Calendar<Event>) {
        self.down = false;
        core::mem::swap(&mut self.frozen, &mut self.in_service_a);
        for index in 0..self.in_service_a.len() {
            let slot = self.in_service_a[index];
            let left = self.prescriptions[slot as usize].ends.since(SimTime::ZERO);
            self.schedule_end(slot, SWITCH_A, now + left, calendar);
        }
        // Servers that were free when it stopped.
        while self.stations[SWITCH_A].free > 0 {
            let Some(next) = self.stations[SWITCH_A].line.pop_front() else { break };
            self.stations[SWITCH_A].free -= 1;
            self.begin(now, next, SWITCH_A, calendar);
        }
    }
}

impl Model for ClaimsGraph {
    type Event = Event;

    fn handle(&mut self, now: SimTime, event: Event, calendar: &mut Calendar<Event>) {
        match event {
            Event::Arrival { pharmacy } => self.arrive(now, pharmacy, calendar),
            Event::Done { station, stamp, slot } => {
                if self.prescriptions[slot as usize].stamp == stamp {
                    self.done(now, slot, usize::from(station), calendar);
                }
            }
            Event::Stop => self.stop(now),
            Event::Restart => self.restart(now, calendar),
        }
    }
}
