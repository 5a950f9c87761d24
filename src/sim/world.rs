//! The state of one replication: stations, sites, prescriptions on their way.

use super::blueprint::{Arrivals, Blueprint, StationKind};
use super::by_site::BySite;
use super::event::{Event, What, stamp_of_event};
use super::observer::{Fact, Observer};
use super::prescription::{List, NONE, Pool, Prescription, Stage};
use super::room::Rooms;
use super::steady::Steady;
use crate::disruption::Timeline;
use crate::engine::{Calendar, Model, fetch};
use crate::network::Staffing;
use crate::random::{Chance, Purpose, Stream, StreamPurpose};
use crate::response::{Address, Retry};
use crate::units::{Money, SimTime, Span};

/// A site is affected if this share of its claims is; a hair below one half, for shares are sums of rounded numbers.
const HALF: f64 = 0.5 - 1e-9;

/// State of this many bytes no longer stays in the cache of a core.
const BEYOND_THE_CACHE: usize = 4 << 20;

/// Servers, waiting lines, and how well they work at present.
#[derive(Clone, Debug)]
#[repr(C, align(64))]
pub(crate) struct Station {
    // One line of the cache.
    pub(crate) servers: u32,
    pub(crate) busy: u32,
    pub(crate) waiting: u32,
    /// First of its lines in [`World::lines`].
    pub(crate) first_line: u32,
    /// Number of its lines.
    pub(crate) levels: u8,
    pub(crate) kind: StationKind,
    /// Staff are there (always, but for sites).
    pub(crate) on_duty: bool,
    /// It begins new work. Only for sites and prescribing networks, where work waits at the door; others turn it away.
    pub(crate) begins: bool,
    /// It works and takes work from everybody.
    pub(crate) available: bool,
    /// An effect of this replication reaches it: `serving` is kept.
    pub(crate) is_listed: bool,
    /// Share of the normal speed: the product over all causes and orders.
    pub(crate) speed: f64,
    /// Probability that a claim is turned away.
    pub(crate) reject: f64,
    /// Those in service, in the order in which it began; kept where `is_listed`.
    pub(crate) serving: List,
    /// What orders make of the speed.
    pub(crate) surge: f64,
    /// Conservation, counted in builds with assertions only: work that has come here, less what has gone again.
    pub(crate) inside: u64,
}

impl Station {
    #[inline]
    pub(crate) fn can_begin(&self) -> bool {
        self.busy < self.servers && self.on_duty && self.begins && self.speed > 0.0
    }
}

const _: () = assert!(size_of::<Station>() == 64, "a station is one line of the cache");

/// A pharmacy.
#[derive(Clone, Debug)]
#[repr(C, align(128))]
pub(crate) struct Site {
    // What is asked for most often, in one line of the cache.
    /// Mean requests per second, where demand follows the week.
    pub(crate) rate: f64,
    /// What has been drawn for its gap: microseconds, or the bits of an exponential number of mean 1.
    pub(crate) gap: u64,
    pub(crate) group: u32,
    /// Ordinal of the prescription after the next, whose gap has been drawn.
    pub(crate) ordinal: u32,
    /// First station of the primary route ([`NONE`]: direct).
    pub(crate) primary: u32,
    /// First station of the second route, standby or newly connected ([`NONE`]: there is none).
    pub(crate) standby: u32,
    pub(crate) prescribing: u32,
    /// Report cell of its prescriptions of class 0.
    pub(crate) cell: u32,
    /// Conservation: requested + moved in = gone + in system.
    pub(crate) requested: u64,
    /// Made ready, given up, or moved to another pharmacy.
    pub(crate) gone: u64,
    pub(crate) in_system: u32,
    /// The second route is there from the first.
    pub(crate) has_standby: bool,
    pub(crate) on_standby: bool,
    /// Failing over, or signing up with another switch, has begun.
    pub(crate) failing_over: bool,
    /// It submits what it holds at a limited rate, and is at it.
    pub(crate) resubmitting: bool,

    // The rest, for what is out of the ordinary.
    pub(crate) episode: u32,
    /// Patients who have left it for good.
    pub(crate) patients_lost: u32,
    /// When the manual procedure is organised; never, before a claim has set that off.
    pub(crate) trust_ready: SimTime,
    /// Prescriptions that wait for the route or for the patient, oldest first.
    pub(crate) held: List,
    /// When it began to submit what it holds, or could submit more: what is submitted from then on waits like anything else if it is not answered.
    pub(crate) reopened: SimTime,
    /// Further submissions that its budget of retries still allows.
    pub(crate) retries_left: f64,
    /// Value of what it has promised or dispensed on trust and not been paid for.
    pub(crate) receivable: Money,
    /// What it has been paid in advance.
    pub(crate) advance: Money,
    /// Prescriptions that came to it from other pharmacies.
    pub(crate) moved_in: u64,
}

const _: () = assert!(size_of::<Site>() == 128, "a pharmacy is two lines of the cache");

impl Site {
    /// The route that claims take now.
    #[inline]
    pub(crate) fn route(&self) -> u32 {
        if self.on_standby { self.standby } else { self.primary }
    }
}

/// What has come and gone, in all, after every event: requested + unsettled + lingering = ready + gave up + in the pool.
#[derive(Clone, Copy, Default, Debug)]
pub(crate) struct Balance {
    pub(crate) requested: u64,
    pub(crate) ready: u64,
    pub(crate) gave_up: u64,
    /// Ready, but still in the pool until its claim is paid.
    pub(crate) unsettled: u64,
    /// Claims for which nobody waits any more.
    pub(crate) lingering: u64,
}

/// One replication's world, with or without its disruptions. Reset, it serves the next replication without new memory.
#[derive(Debug)]
pub struct World<'b, O> {
    pub(crate) blueprint: &'b Blueprint<'b>,
    pub(crate) observer: O,
    pub(crate) chance: Chance,
    pub(crate) pool: Pool,
    /// Services, links, sites.
    pub(crate) stations: Vec<Station>,
    pub(crate) lines: Vec<List>,
    pub(crate) sites: Vec<Site>,
    /// `open[station * groups + group]` of the shared stations: whether the station takes claims from the group.
    pub(crate) open: Vec<bool>,
    pub(crate) timeline: Timeline,
    /// Causes that act on each station at present, with their conditions.
    pub(crate) acting: Vec<Vec<(u32, u32)>>,
    pub(crate) balance: Balance,
    /// What is known ahead of time of the shared stations, and up to when what is simulated is not read.
    pub(super) steady: Vec<Steady>,
    pub(super) stretch_end: SimTime,
    pub(super) by_site: BySite,
    pub(super) rooms: Rooms,
    /// When each service can connect its next new store.
    pub(crate) intake: Vec<SimTime>,
    /// Orders in force.
    pub(crate) orders_in_force: Vec<u32>,
    /// Weeks that each order has paid in advance.
    pub(crate) weeks_paid: Vec<u32>,
    /// `priorities[group * classes + class]`: the waiting line of a class at the sites of a group.
    pub(crate) priorities: Vec<u8>,
    /// By order: prescriptions requested at its sites at the last 25 looks at its trigger.
    pub(crate) watched: Vec<[u64; 25]>,
    /// Scratch: what an order makes of the speed, by group of pharmacies, where it concerns them.
    pub(crate) surges: Vec<Option<f64>>,
    /// Stations at which the event has changed something, in builds with assertions only.
    pub(super) touched: Vec<u32>,
    /// Reused by the handlers of rare events.
    pub(crate) scratch: Vec<u32>,
    /// Held prescriptions that are taken up together; reused.
    pub(crate) waiting: Vec<u32>,
    shuffled: Vec<u32>,
}

impl<'b, O: Observer> World<'b, O> {
    /// A world without prescriptions; [`World::reset`] makes it one of a replication.
    #[must_use]
    pub fn new(blueprint: &'b Blueprint<'b>, observer: O) -> Self {
        Self {
            blueprint,
            observer,
            chance: Chance::new(0, 0),
            pool: Pool::default(),
            stations: Vec::new(),
            lines: Vec::new(),
            sites: Vec::new(),
            open: Vec::new(),
            timeline: Timeline::default(),
            acting: Vec::new(),
            balance: Balance::default(),
            steady: Vec::new(),
            stretch_end: SimTime::ZERO,
            by_site: BySite::new(),
            rooms: Rooms::default(),
            intake: Vec::new(),
            orders_in_force: Vec::new(),
            weeks_paid: Vec::new(),
            priorities: Vec::new(),
            watched: Vec::new(),
            surges: Vec::new(),
            touched: Vec::new(),
            scratch: Vec::new(),
            waiting: Vec::new(),
            shuffled: Vec::new(),
        }
    }

    /// Begins a replication at t = 0: draws what belongs to the sites and schedules what starts everything. Effects are scheduled first, so
    /// that a disruption acts before whatever else happens at the same instant.
    pub fn reset(&mut self, chance: Chance, timeline: Timeline, calendar: &mut Calendar<Event>) {
        calendar.clear();
        self.chance = chance;
        self.pool.clear();
        self.balance = Balance::default();
        self.timeline = timeline;
        self.acting.iter_mut().for_each(Vec::clear);
        self.steady.iter_mut().for_each(Steady::clear);
        self.stretch_end = SimTime::ZERO;
        self.intake.clear();
        self.intake.resize(self.blueprint.shared.len(), SimTime::ZERO);
        self.build_sites();
        self.build_stations();
        self.reset_orders();
        self.acting.resize_with(self.stations.len(), Vec::new);
        let disturbances = self.timeline.effects.chunk_by(|one, next| one.time == next.time).count();
        self.by_site.begin(self.blueprint, disturbances);
        self.begin_rooms();
        for (index, effect) in self.timeline.effects.iter().enumerate() {
            self.by_site.will_be_disturbed(effect.time);
            calendar.schedule(effect.time, What::Effect { index: index as u32 }.into());
        }
        self.schedule_orders(calendar);
        for (index, group) in self.blueprint.groups.iter().enumerate() {
            if let Some(change) = group.shifts.next_change(SimTime::ZERO) {
                calendar.schedule(change, What::Shift { group: index as u32 }.into());
                self.bound_by_shift(index as u32, change);
            }
        }
        for site in 0..self.sites.len() as u32 {
            self.draw_gap(site);
            self.schedule_request(SimTime::ZERO, site, calendar);
            self.sites[site as usize].ordinal = 1;
            self.draw_gap(site);
        }
    }

    fn build_sites(&mut self) {
        self.sites.clear();
        for (index, group) in self.blueprint.groups.iter().enumerate() {
            for site in group.first_site..group.first_site + group.sites {
                let rate = match &group.arrivals {
                    Arrivals::Profile { per_day, .. } => {
                        per_day.sample(&mut self.chance.draw(site, Chance::SITE, Purpose::Volume, 0)) / Span::DAY.seconds()
                    }
                    Arrivals::Renewal(_) => 0.0,
                };
                self.sites.push(Site {
                    group: index as u32,
                    rate,
                    ordinal: 0,
                    gap: 0,
                    primary: NONE,
                    standby: NONE,
                    has_standby: false,
                    on_standby: false,
                    failing_over: false,
                    episode: 0,
                    prescribing: NONE,
                    trust_ready: SimTime::NEVER,
                    held: List::EMPTY,
                    resubmitting: false,
                    reopened: SimTime::ZERO,
                    retries_left: Retry::MOST_SAVED,
                    receivable: Money::ZERO,
                    advance: Money::ZERO,
                    patients_lost: 0,
                    cell: 0,
                    moved_in: 0,
                    requested: 0,
                    gone: 0,
                    in_system: 0,
                });
            }
            self.assign_routes(index as u32);
        }
    }

    /// Deals routes, standbys and prescribing networks to the sites of a group so that the shares hold as nearly as whole sites
    /// allow: systematic sampling over a random order, unbiased for any number of sites (Madow & Madow 1944).
    fn assign_routes(&mut self, index: u32) {
        let blueprint = self.blueprint;
        let group = &blueprint.groups[index as usize];
        let mut order = core::mem::take(&mut self.shuffled);
        let all = group.first_site..group.first_site + group.sites;

        let mut stream = self.chance.stream(StreamPurpose::Routes, index);
        deal(&mut order, all.clone(), &mut stream, &group.route_shares, |site, choice| {
            self.sites[site as usize].primary = group.routes[choice];
        });
        if !group.standby_to.is_empty() {
            let mut stream = self.chance.stream(StreamPurpose::Standby, index);
            for &route in &group.routes {
                let Some(&standby) = group.standby_to.iter().find(|&&to| to != route) else { continue };
                let sites: Vec<u32> = all.clone().filter(|&site| self.sites[site as usize].primary == route).collect();
                let shares = [group.standby_share, 1.0 - group.standby_share];
                deal(&mut order, sites.into_iter(), &mut stream, &shares, |site, choice| {
                    let site = &mut self.sites[site as usize];
                    site.has_standby = choice == 0;
                    site.standby = if choice == 0 { standby } else { NONE };
                });
            }
        }
        if !group.prescribing.is_empty() {
            let mut stream = self.chance.stream(StreamPurpose::Prescribing, index);
            deal(&mut order, all, &mut stream, &group.prescribing_shares, |site, choice| {
                self.sites[site as usize].prescribing = group.prescribing[choice];
            });
        }
        self.shuffled = order;
    }

    fn build_stations(&mut self) {
        let blueprint = self.blueprint;
        self.stations.clear();
        self.lines.clear();
        let mut add = |lines: &mut Vec<List>, servers: u32, levels: u8, kind: StationKind, on_duty: bool| {
            let first_line = lines.len() as u32;
            lines.resize(lines.len() + usize::from(levels), List::EMPTY);
            self.stations.push(Station {
                servers,
                busy: 0,
                waiting: 0,
                first_line,
                levels,
                kind,
                on_duty,
                begins: true,
                available: true,
                speed: 1.0,
                surge: 1.0,
                reject: 0.0,
                serving: List::EMPTY,
                is_listed: false,
                inside: 0,
            });
        };
        for station in &blueprint.shared {
            add(&mut self.lines, station.servers, 1, station.kind, true);
        }
        for site in &self.sites {
            let group = &blueprint.groups[site.group as usize];
            let staff = match group.staff {
                Staffing::Fixed(number) => number,
                Staffing::Proportional { per_100_prescriptions, minimum } => {
                    let per_day = site.rate * Span::DAY.seconds();
                    ((per_day * per_100_prescriptions / 100.0).round() as u32).max(minimum)
                }
            };
            add(&mut self.lines, staff, blueprint.levels, StationKind::Site, group.shifts.on_duty(SimTime::ZERO));
        }
        for effect in &self.timeline.effects {
            self.stations[effect.station as usize].is_listed = true;
        }
        self.open.clear();
        self.open.resize(blueprint.shared.len() * blueprint.groups.len(), true);
    }

    /// Marks which sites the disruptions of the replication hit: those that are hit themselves, whose prescribing network is hit, or on the
    /// usual way of at least half of whose claims a station in `hit` lies. The twin is told the same, so that its prescriptions fall into the
    /// same cells.
    pub fn mark_affected(&mut self, hit: &[bool]) {
        self.find_steady(hit);
        let blueprint = self.blueprint;
        for index in 0..self.sites.len() as u32 {
            let site = &self.sites[index as usize];
            let group = &blueprint.groups[site.group as usize];
            let is_hit = |station: u32| station != NONE && hit[station as usize];
            let claims_hit: f64 = group
                .payers
                .iter()
                .filter(|(payer, _)| {
                    let mut station = blueprint.first_hop(site.primary, *payer);
                    while station != NONE && !is_hit(station) {
                        station = blueprint.next(station, *payer);
                    }
                    station != NONE
                })
                .map(|(_, share)| share)
                .sum();
            let affected = claims_hit >= HALF || is_hit(blueprint.places.site(index)) || is_hit(site.prescribing);
            let cell = blueprint.report.base_cell(group.cell, affected);
            self.sites[index as usize].cell = cell;
        }
    }

    /// The observer.
    #[must_use]
    pub fn observer(&self) -> &O {
        &self.observer
    }

    /// The observer, to be read and reset.
    pub fn observer_mut(&mut self) -> &mut O {
        &mut self.observer
    }

    /// Prescriptions on their way, those dispensed but not yet paid included.
    #[must_use]
    pub fn prescriptions_on_their_way(&self) -> u32 {
        self.pool.live()
    }

    /// For each site its report cell (of class 0) and whether its claims can leave by the route that it uses now.
    pub fn connections(&self) -> impl Iterator<Item = (u32, bool)> {
        self.sites.iter().map(|site| (site.cell, self.works_for(site.route(), site.group)))
    }

    #[inline]
    pub(crate) fn fact(&self, now: SimTime, slot: u32) -> Fact {
        let prescription = &self.pool[slot];
        Fact {
            now,
            cell: prescription.cell,
            home: prescription.home,
            site: prescription.site,
            ordinal: prescription.ordinal,
            requested: prescription.requested,
            on_trust: prescription.on_trust,
            standby: prescription.via != self.sites[prescription.site as usize].primary,
            cash: prescription.cash,
        }
    }

    /// The address of a prescription's draws.
    #[inline]
    pub(crate) fn address(&self, slot: u32) -> Address {
        let Prescription { home, ordinal, class, is_new, .. } = self.pool[slot];
        Address { chance: self.chance, home, ordinal, class, is_new }
    }
}

/// Deals sites to choices by systematic sampling over a random order.
fn deal(
    order: &mut Vec<u32>,
    sites: impl Iterator<Item = u32>,
    stream: &mut Stream,
    shares: &[f64],
    mut assign: impl FnMut(u32, usize),
) {
    order.clear();
    order.extend(sites);
    let start = stream.uniform();
    stream.shuffle(order);
    for (rank, &site) in order.iter().enumerate() {
        let place = (rank as f64 + start) / order.len() as f64;
        let mut sum = 0.0;
        let choice = shares.iter().position(|share| {
            sum += share;
            place < sum
        });
        // Shares sum to 1 up to rounding: what lies beyond belongs to the last.
        if let Some(choice) = choice.or(shares.len().checked_sub(1)) {
            assign(site, choice);
        }
    }
}

impl<O: Observer> Model for World<'_, O> {
    type Event = Event;

    #[inline]
    fn looks_ahead(&self) -> bool {
        self.is_beyond_the_cache()
    }

    fn approach(&self, soon: Event, step: usize) {
        let (slot, site) = match soon.what() {
            What::ServiceEnd { slot, .. } | What::HopEnd { slot, .. } | What::Wake { slot, .. } | What::TimeOut { slot, .. } => {
                (slot, NONE)
            }
            What::Arrival { slot, site } => (slot, site),
            What::Request { site } | What::Visit { site } => (NONE, site),
            _ => return,
        };
        match step {
            0 => {
                self.pool.fetch(slot);
                self.fetch_site(site);
            }
            1 if site == NONE => self.fetch_site(self.pool[slot].site),
            1 => {}
            _ => self.fetch_work(if site == NONE { self.pool[slot].site } else { site }),
        }
    }

    fn handle(&mut self, now: SimTime, event: Event, calendar: &mut Calendar<Event>) {
        if self.by_site.is_on() {
            self.happen_by_site(now, event, calendar);
        } else {
            self.happen(now, event, calendar);
        }
    }
}

impl<O: Observer> World<'_, O> {
    /// Whether the state is larger than what a core has close to it.
    #[inline]
    pub(super) fn is_beyond_the_cache(&self) -> bool {
        let prescriptions = self.pool.len() as usize * size_of::<Prescription>();
        let sites = self.sites.len() * (size_of::<Site>() + size_of::<Station>());
        prescriptions + sites + self.by_site.bytes() > BEYOND_THE_CACHE
    }

    /// Asks for the memory of a site: its own, of its staff, its first line and its agenda.
    #[inline]
    pub(super) fn fetch_site(&self, site: u32) {
        let Some(state) = self.sites.get(site as usize) else { return };
        fetch(state);
        let station = self.blueprint.places.site(site);
        fetch(&self.stations[station as usize]);
        self.observer.fetch(station);
        fetch(&self.lines[self.first_line_of(site)]);
        if self.by_site.is_on() {
            self.by_site.fetch(site);
        } else {
            // Much else comes between, and out of the ordinary is much.
            fetch(&state.patients_lost);
        }
    }

    /// Asks for the memory of the prescriptions that a site turns to next, once its own is there.
    #[inline]
    pub(super) fn fetch_work(&self, site: u32) {
        if site as usize >= self.sites.len() {
            return;
        }
        let first = self.first_line_of(site);
        for line in &self.lines[first..first + usize::from(self.blueprint.levels)] {
            self.pool.fetch(line.head());
            if !self.by_site.is_on() {
                self.pool.fetch(line.tail());
            }
        }
        for slot in self.by_site.soon(site) {
            self.pool.fetch(slot);
        }
    }

    /// First waiting line of a site.
    #[inline]
    fn first_line_of(&self, site: u32) -> usize {
        self.blueprint.shared.len() + site as usize * usize::from(self.blueprint.levels)
    }

    /// An event happens.
    pub(super) fn happen(&mut self, now: SimTime, event: Event, calendar: &mut Calendar<Event>) {
        match event.what() {
            What::Request { site } if !self.by_site.foresees(site) => self.request(now, site, calendar),
            What::ServiceEnd { slot, stamp } if stamp_of_event(self.pool[slot].stamp) == stamp => {
                self.end_service(now, slot, calendar);
            }
            What::HopEnd { slot, stamp } if stamp_of_event(self.pool[slot].stamp) == stamp => self.end_hop(now, slot, calendar),
            What::Wake { slot, stamp } if stamp_of_event(self.pool[slot].stamp) == stamp => self.wake(now, slot, calendar),
            What::TimeOut { slot, stamp }
                if self.pool[slot].stage == Stage::Claim && stamp_of_event(self.pool[slot].claim_stamp) == stamp =>
            {
                self.time_out(now, slot, calendar);
            }
            What::PatienceEnd { slot, stamp } if stamp_of_event(self.pool[slot].stamp) == stamp => self.lose_patience(now, slot),
            What::Search { slot, stamp } if stamp_of_event(self.pool[slot].stamp) == stamp => {
                self.go_elsewhere(now, slot, true, calendar);
            }
            What::Foreseen { home, ordinal } => self.request_foreseen(now, home, ordinal, calendar),
            What::Request { .. } // void: it has been foreseen
            | What::ServiceEnd { .. }
            | What::HopEnd { .. }
            | What::Wake { .. }
            | What::TimeOut { .. }
            | What::PatienceEnd { .. }
            | What::Search { .. } => {} // void: the prescription has moved on
            What::Shift { group } => self.shift(now, group, calendar),
            What::SignUp { site, episode } => self.sign_up(now, site, episode, calendar),
            What::Failover { site, episode } => self.fail_over(now, site, episode, calendar),
            What::TrustReady { site } => self.begin_trust(now, site, calendar),
            What::Resubmission { site } => self.resubmit_next(now, site, calendar),
            What::Order { index, step } => self.order_step(now, index, step, calendar),
            What::Effect { index } => self.apply_effect(now, index, calendar),
            What::EndOfService { station } => self.end_awaited(now, station, calendar),
            What::Arrival { .. } | What::Visit { .. } => {
                debug_assert!(false, "they are events while sites are advanced one by one");
            }
        }
        self.assert_nothing_lost(now, event);
    }
}
