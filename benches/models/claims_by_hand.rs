//! The claims graph as a plain program without the library: one loop on a binary heap of the standard library, floating-point hours,
//! exponential numbers by the ziggurat method of `rand_distr`.

use std::cmp::Ordering;
use std::collections::{BinaryHeap, VecDeque};

use rand::{RngExt, SeedableRng};
use rand_distr::{Distribution, Exp1};
use rand_xoshiro::Xoshiro256PlusPlus;

use super::claims_graph::{
    ARRIVALS_PER_HOUR, Answer, DOWN_HOUR, END_HOUR, FIRST_PAYER, ON_A, PAYER_SERVERS, PAYER_SHARES, PHARMACIES, STAFF,
    STAFF_MINUTES, STATIONS, SWITCH_A, SWITCH_SERVERS, UP_HOUR, payer_hours, switch_hours,
};

#[derive(Clone, Copy)]
enum Event {
    Arrival(u32),
    Done { station: u32, claim: u32 },
    Stop,
    Restart,
}

/// A scheduled event; the earliest, and of those the first scheduled, is the greatest.
#[derive(Clone, Copy)]
struct Scheduled {
    time: f64,
    sequence: u64,
    event: Event,
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

struct Agenda {
    heap: BinaryHeap<Scheduled>,
    sequence: u64,
}

impl Agenda {
    fn at(&mut self, time: f64, event: Event) {
        self.sequence += 1;
        self.heap.push(Scheduled { time, sequence: self.sequence, event });
    }
}

/// A station: its line, and the area under its number.
struct Station {
    mean: f64,
    free: u32,
    line: VecDeque<u32>,
    number: u32,
    peak: u32,
    area: f64,
    last: f64,
}

impl Station {
    fn new(servers: u32, mean: f64) -> Self {
        Self { mean, free: servers, line: VecDeque::new(), number: 0, peak: 0, area: 0.0, last: 0.0 }
    }

    fn note(&mut self, now: f64, number: u32) {
        self.area += f64::from(self.number) * (now - self.last);
        self.last = now;
        self.number = number;
        self.peak = self.peak.max(number);
    }
}

#[derive(Clone, Copy)]
struct Claim {
    arrived: f64,
    /// Infinite while its service is interrupted: the event that stands in the heap is then void.
    ends: f64,
}

/// Runs one replication.
#[expect(clippy::too_many_lines, reason = "a plain program is one loop")]
pub fn run(seed: u64) -> Answer {
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(seed);
    let mut draw = |mean: f64| -> f64 {
        let standard: f64 = Exp1.sample(&mut rng);
        mean * standard
    };
    let mut choice = Xoshiro256PlusPlus::seed_from_u64(!seed);
    let mut stations: Vec<Station> = (0..STATIONS)
        .map(|station| match station {
            0..SWITCH_A => Station::new(STAFF, STAFF_MINUTES / 60.0),
            SWITCH_A..FIRST_PAYER => Station::new(SWITCH_SERVERS, switch_hours(station - SWITCH_A)),
            _ => Station::new(PAYER_SERVERS, payer_hours(station - FIRST_PAYER)),
        })
        .collect();
    let mut claims: Vec<Claim> = Vec::new();
    let mut unused: Vec<u32> = Vec::new();
    let mut at_a: Vec<u32> = Vec::new();
    let mut frozen: Vec<(u32, f64)> = Vec::new();
    let mut down = false;
    let mut delays: Vec<f64> = Vec::new();
    let mut agenda = Agenda { heap: BinaryHeap::new(), sequence: 0 };
    agenda.at(DOWN_HOUR, Event::Stop);
    agenda.at(UP_HOUR, Event::Restart);
    for pharmacy in 0..PHARMACIES as u32 {
        agenda.at(draw(1.0 / ARRIVALS_PER_HOUR), Event::Arrival(pharmacy));
    }
    let mut now = 0.0;
    while let Some(Scheduled { time, event, .. }) = agenda.heap.pop() {
        now = time;
        // Who enters which station, and which station has a server to give.
        let (entering, freed) = match event {
            Event::Arrival(pharmacy) => {
                let next = now + draw(1.0 / ARRIVALS_PER_HOUR);
                if next < END_HOUR {
                    agenda.at(next, Event::Arrival(pharmacy));
                }
                let claim = Claim { arrived: now, ends: f64::INFINITY };
                let index = if let Some(index) = unused.pop() {
                    claims[index as usize] = claim;
                    index
                } else {
                    claims.push(claim);
                    claims.len() as u32 - 1
                };
                (Some((pharmacy as usize, index)), None)
            }
            Event::Done { station, claim } => {
                if claims[claim as usize].ends != now {
                    continue;
                }
                let at = station as usize;
                let number = stations[at].number - 1;
                stations[at].note(now, number);
                stations[at].free += 1;
                if at == SWITCH_A {
                    at_a.retain(|&other| other != claim);
                }
                let entering = if at < SWITCH_A {
                    Some((SWITCH_A + usize::from(at >= ON_A), claim))
                } else if at < FIRST_PAYER {
                    let mut u: f64 = choice.random();
                    let mut payer = 0;
                    while payer + 1 < PAYER_SHARES.len() && u >= PAYER_SHARES[payer] {
                        u -= PAYER_SHARES[payer];
                        payer += 1;
                    }
                    Some((FIRST_PAYER + payer, claim))
                } else {
                    delays.push(now - claims[claim as usize].arrived);
                    unused.push(claim);
                    None
                };
                (entering, Some(at))
            }
            Event::Stop => {
                down = true;
                frozen.extend(at_a.iter().map(|&claim| (claim, claims[claim as usize].ends - now)));
                for &(claim, _) in &frozen {
                    claims[claim as usize].ends = f64::INFINITY;
                }
                (None, None)
            }
            Event::Restart => {
                down = false;
                for (claim, left) in frozen.drain(..) {
                    claims[claim as usize].ends = now + left;
                    agenda.at(now + left, Event::Done { station: SWITCH_A as u32, claim });
                }
                (None, Some(SWITCH_A))
            }
        };
        if let Some((at, claim)) = entering {
            let number = stations[at].number + 1;
            stations[at].note(now, number);
            stations[at].line.push_back(claim);
        }
        for at in freed.into_iter().chain(entering.map(|(at, _)| at)) {
            let station = &mut stations[at];
            while station.free > 0 && !(down && at == SWITCH_A) {
                let Some(claim) = station.line.pop_front() else { break };
                station.free -= 1;
                let ends = now + draw(station.mean);
                claims[claim as usize].ends = ends;
                if at == SWITCH_A {
                    at_a.push(claim);
                }
                agenda.at(ends, Event::Done { station: at as u32, claim });
            }
        }
    }
    for station in &mut stations {
        station.note(now, station.number);
    }
    let prescriptions = delays.len() as u64;
    let delay_mean = delays.iter().sum::<f64>() / delays.len() as f64;
    let mut quantile = |p: f64| {
        let rank = (p * delays.len() as f64).ceil() as usize - 1;
        *delays.select_nth_unstable_by(rank, f64::total_cmp).1
    };
    Answer {
        prescriptions,
        delay_mean,
        delay_median: quantile(0.5),
        delay_p95: quantile(0.95),
        backlog_peak: f64::from(stations[SWITCH_A].peak),
        number: stations.iter().map(|station| station.area).sum::<f64>() / now,
    }
}
