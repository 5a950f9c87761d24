//! A replication without events, for scenarios in which each pharmacy is one line before its staff and nothing else happens.
//!
//! Prescriptions are served in the order in which they come, so that each start follows from those before (Kiefer & Wolfowitz 1955; with one
//! server, Lindley 1952). Draws are those of the path by events, times agree to the microsecond, and what is counted and averaged is summed in
//! whole numbers: results are the same to the bit.
//!
//! One thing depends on the order of events within a microsecond: the longest line, when one prescription comes just as another is finished.
//! In the calendar what was scheduled first comes first: a request when the one before it came, an end when the service began. So for each
//! service it is known which request was the last before it began, and the tie is decided as there.

use std::collections::VecDeque;

use super::blueprint::{Arrivals, Blueprint, Path};
use super::recorder::{Cell, Node, Recorder, Window};
use super::replication::MANY;
use super::world::World;
use crate::math;
use crate::network::Staffing;
use crate::random::{Chance, Purpose, SpanLaw};
use crate::units::{SimTime, Span};

/// In place of the number of a request: the end of a stretch, before which all that is due happens.
const NO_REQUEST: i64 = i64::MIN;

/// Prescriptions drawn together.
const BLOCK: usize = 64;

/// Whether a scenario can be computed without events: sites that are never closed and have one task for their staff, first come first served,
/// and nothing that could come between.
///
/// A group has one site: the longest line of several together depends on the order of events at different sites.
pub(super) fn applies(blueprint: &Blueprint<'_>) -> bool {
    let scenario = blueprint.scenario;
    let one_task = scenario.work.entry.is_some() != scenario.work.fill.is_some();
    let nothing_between = scenario.network.services.is_empty()
        && scenario.network.links.is_empty()
        && scenario.claims.is_none()
        && scenario.prescriptions.patience.is_none()
        && scenario.orders.is_empty()
        && scenario.money.is_none()
        && scenario.copay.is_none()
        && !scenario.is_disrupted()
        && !blueprint.follows_supply;
    let one_line = blueprint.classes.is_none();
    let plain = |group: &super::blueprint::GroupPlan| {
        let staffed = match group.staff {
            Staffing::Fixed(number) => number > 0,
            Staffing::Proportional { minimum, .. } => minimum > 0,
        };
        group.sites == 1 && staffed && group.shifts.on_duty(SimTime::ZERO) && group.shifts.next_change(SimTime::ZERO).is_none()
    };
    one_task && nothing_between && one_line && blueprint.groups.iter().all(plain)
}

/// All sites of a replication.
#[derive(Debug)]
pub(super) struct Recursion {
    sites: Vec<Site>,
    service: Drawn,
}

/// The staff's task: how long it takes, and the purpose of its draws.
#[derive(Clone, Copy, Debug)]
struct Drawn {
    law: SpanLaw,
    purpose: Purpose,
}

/// A prescription that staff have begun, and not finished by the last instant looked at.
#[derive(Clone, Copy, Debug)]
struct Begun {
    requested: SimTime,
    end: SimTime,
}

/// A member of the staff: until when, and the number of the last request that came before that service began.
#[derive(Clone, Copy, Debug)]
struct Server {
    end: SimTime,
    last_request: i64,
}

/// One line and its servers.
#[derive(Debug)]
struct Site {
    /// Requests drawn ahead, with their services; those before `used` are in the system or gone.
    arrivals: [SimTime; BLOCK],
    services: [Span; BLOCK],
    used: usize,
    /// Ordinal of the first request not yet drawn, and when the one before it comes.
    ordinal: u32,
    drawn_until: SimTime,
    /// Number of the next request to enter the system.
    next: i64,
    line: VecDeque<(SimTime, Span)>,
    /// In the order in which they will be free; of those free at the same time, in that in which their services began.
    servers: Vec<Server>,
    begun: Vec<Begun>,
}

/// What happens at a site from one instant until another.
struct Stretch<'r> {
    end: SimTime,
    window: Window,
    cell: &'r mut Cell,
    node: &'r mut Node,
}

impl Stretch<'_> {
    fn finish(&mut self, prescription: Begun) {
        let Begun { requested, end } = prescription;
        self.cell.in_system.fall(end);
        self.node.busy.fall(end);
        self.node.served += 1;
        self.cell.is_ready(self.window.measures(requested), end.since(requested));
    }
}

impl Recursion {
    /// The path without events, if the scenario allows it.
    pub(super) fn new(blueprint: &Blueprint<'_>) -> Option<Self> {
        let work = &blueprint.scenario.work;
        let entry = work.entry.map(|law| Drawn { law, purpose: Purpose::Entry });
        let fill = work.fill.map(|law| Drawn { law, purpose: Purpose::Fill });
        entry.or(fill).filter(|_| blueprint.path() == Path::Recursion).map(|service| Self { sites: Vec::new(), service })
    }

    /// Begins a replication: sites, rates and staff are those of the world.
    pub(super) fn begin(&mut self, world: &World<'_, Recorder>) {
        self.sites.resize_with(world.sites.len(), Site::new);
        for (index, site) in self.sites.iter_mut().enumerate() {
            let station = world.blueprint.places.site(index as u32);
            site.reset(world.stations[station as usize].servers);
        }
    }

    /// All that happens before `end`; gives how many events the calendar would have given, or nothing if `stop` says so on the way.
    pub(super) fn advance(&mut self, end: SimTime, world: &mut World<'_, Recorder>, stop: &impl Fn() -> bool) -> Option<u64> {
        let (mut events, mut drawn) = (0, 0);
        for (index, site) in self.sites.iter_mut().enumerate() {
            let mut is_to_stop = || {
                drawn += BLOCK as u64;
                drawn.is_multiple_of(MANY) && stop()
            };
            events += site.advance(end, index as u32, self.service, world, &mut is_to_stop)?;
        }
        Some(events)
    }
}

impl Site {
    fn new() -> Self {
        Self {
            arrivals: [SimTime::ZERO; BLOCK],
            services: [Span::ZERO; BLOCK],
            used: BLOCK,
            ordinal: 0,
            drawn_until: SimTime::ZERO,
            next: 0,
            line: VecDeque::new(),
            servers: Vec::new(),
            begun: Vec::new(),
        }
    }

    fn reset(&mut self, servers: u32) {
        self.used = BLOCK;
        self.ordinal = 0;
        self.drawn_until = SimTime::ZERO;
        self.next = 0;
        self.line.clear();
        self.begun.clear();
        self.servers.clear();
        // Free before anybody comes.
        self.servers.resize(servers as usize, Server { end: SimTime::ZERO, last_request: i64::MIN });
    }

    fn advance(
        &mut self,
        end: SimTime,
        index: u32,
        service: Drawn,
        world: &mut World<'_, Recorder>,
        is_to_stop: &mut impl FnMut() -> bool,
    ) -> Option<u64> {
        let blueprint = world.blueprint;
        let site = &mut world.sites[index as usize];
        let station = blueprint.places.site(index);
        let (window, cell, node) = world.observer.cell_and_node(site.cell, station);
        let served = node.served;
        let mut stretch = Stretch { end, window, cell, node };

        self.finish_begun(&mut stretch);
        let first = self.next;
        loop {
            if self.used == BLOCK {
                self.draw(index, site.rate, &blueprint.groups[site.group as usize].arrivals, service, world.chance);
                if is_to_stop() {
                    return None;
                }
            }
            let arrival = self.arrivals[self.used];
            if arrival >= end {
                break;
            }
            let work = self.services[self.used];
            self.used += 1;
            self.request(arrival, work, &mut stretch);
        }
        self.begin_services(end, NO_REQUEST, &mut stretch);
        let requests = (self.next - first) as u64;
        site.requested += requests;

        Some(requests + stretch.node.served - served)
    }

    /// Draws the next requests and their services: what the path by events draws for the same ordinals.
    fn draw(&mut self, index: u32, rate: f64, arrivals: &Arrivals, service: Drawn, chance: Chance) {
        let first = self.ordinal;
        let draws = |purpose| (first..).map(move |ordinal| chance.draw(index, ordinal, purpose, 0));
        match arrivals {
            Arrivals::Renewal(law) => {
                let mut gaps = [Span::ZERO; BLOCK];
                law.fill_from(draws(Purpose::Gap), &mut gaps);
                for (arrival, gap) in self.arrivals.iter_mut().zip(gaps) {
                    self.drawn_until += gap;
                    *arrival = self.drawn_until;
                }
            }
            Arrivals::Profile { profile, .. } => {
                for (arrival, mut draw) in self.arrivals.iter_mut().zip(draws(Purpose::Gap)) {
                    self.drawn_until = profile.advance(self.drawn_until, rate, -math::ln(draw.uniform()));
                    *arrival = self.drawn_until;
                }
            }
        }
        service.law.fill_from(draws(service.purpose), &mut self.services);
        self.ordinal += BLOCK as u32;
        self.used = 0;
    }

    /// A prescription is requested: staff begin it at once, or it waits in line.
    fn request(&mut self, now: SimTime, work: Span, stretch: &mut Stretch<'_>) {
        let number = self.next;
        self.next += 1;
        self.begin_services(now, number, stretch);
        stretch.cell.in_system.rise(now);
        stretch.cell.requested_ever += 1;
        stretch.cell.requested += u64::from(stretch.window.measures(now));
        if self.line.is_empty() && self.is_free(now, number) {
            return self.begin(now, work, now, number, stretch);
        }
        self.line.push_back((now, work));
        stretch.node.line.rise(now);
        stretch.node.line.reached(stretch.node.line.level());
    }

    /// The services that begin before request `number` comes at `now`.
    fn begin_services(&mut self, now: SimTime, number: i64, stretch: &mut Stretch<'_>) {
        while !self.line.is_empty() && self.is_free(now, number) {
            if let Some((requested, work)) = self.line.pop_front() {
                let start = self.servers[0].end;
                stretch.node.line.fall(start);
                self.begin(requested, work, start, self.last_before(number), stretch);
            }
        }
    }

    /// The request before this one: the last before all services that begin meanwhile.
    fn last_before(&self, number: i64) -> i64 {
        if number == NO_REQUEST { self.next - 1 } else { number - 1 }
    }

    /// Whether the first server is free before request `number` comes at `now`. In the same microsecond what was scheduled first comes first: the
    /// end, if its service began before the request before this one came.
    fn is_free(&self, now: SimTime, number: i64) -> bool {
        let Server { end, last_request } = self.servers[0];
        end < now || (end == now && number != NO_REQUEST && last_request < number - 1)
    }

    /// A service begins at the server that is free first.
    fn begin(&mut self, requested: SimTime, work: Span, start: SimTime, last_request: i64, stretch: &mut Stretch<'_>) {
        let end = start + work;
        let later = self.servers.iter().skip(1).take_while(|server| server.end <= end).count();
        self.servers.copy_within(1..=later, 0);
        self.servers[later] = Server { end, last_request };
        stretch.node.busy.rise(start);
        let begun = Begun { requested, end };
        if end < stretch.end { stretch.finish(begun) } else { self.begun.push(begun) }
    }

    /// Services that began earlier end.
    fn finish_begun(&mut self, stretch: &mut Stretch<'_>) {
        self.begun.retain(|&begun| {
            let ends = begun.end < stretch.end;
            if ends {
                stretch.finish(begun);
            }
            !ends
        });
    }
}
