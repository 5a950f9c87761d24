//! One pharmacy after the other: where pharmacies meet only at services of limited capacity, each is advanced by itself from one claim to the next.
//!
//! Every site has an agenda of its own. It is taken along it, ahead of the calendar, until it sends a claim to such a service; that the claim comes there
//! is an event of the calendar, so that services see all claims in order of time. Most claims are answered at a time that is known then
//! ([`steady`](super::steady)), and the site goes on from there. One whose claim waits at a service, or is served with an unknown end, goes on in step with
//! the calendar until it is known. A site also waits for the calendar with what concerns other sites: to be connected to another switch, which takes one
//! new store after the other, and to use it, which patients of other pharmacies ask for.
//!
//! What happens at a site is what would happen with everything in one calendar, in the same order; only what happens in the same microsecond, at different
//! sites or at a site and at the service where its claim is, may come in another. What concerns many sites bounds how far they go: opening hours, the end
//! of the stretch that is simulated, the shortest time in which a patient reaches another pharmacy, and whatever a disruption or an order does: that
//! happens first in a stretch, when all sites have been brought to the same instant. What comes to a site from others at once, the requests of patients
//! who have left theirs for good, is found before the stretch begins ([`foresight`](super::foresight)).
//!
//! Where most of what happens has had to go in step of late, everything is gathered into one calendar for the rest of the replication.

use core::cmp::Reverse;
use std::collections::BinaryHeap;

use super::blueprint::Blueprint;
use super::event::{Event, SITE_BITS, What};
use super::foresight::Foresight;
use super::observer::Observer;
use super::prescription::{List, NONE, Phase};
use super::replication::MANY;
use super::world::{Station, World};
use crate::engine::{Agenda, Calendar, fetch};
use crate::random::Purpose;
use crate::units::{SimTime, Span};

/// With fewer sites all events are pending in one small calendar anyway.
const FEWEST: u32 = 8;

/// Sites go no farther than this together: what they tell out of order has to be put in order.
const LONGEST: Span = Span::HOUR;

/// Stretches shorter than this do not pay.
const SHORTEST: Span = Span::MINUTE;

/// What a site has to do within this time is asked for ahead of time.
const SOON: Span = Span::from_micros(3 * Span::MINUTE.micros());

/// Of the events at sites and of the visits that some of them take, this much counts still a stretch later: what counts is the last twenty stretches or so.
const REMEMBERED: (u64, u64) = (15, 16);

/// The golden ratio, as a fraction of 2^32.
const SCATTERED: u32 = 0x9e37_79b9;

/// How many sites ahead the memory of what they turn to is asked for, and twice as many that of the sites themselves.
const AHEAD: u32 = 4;

/// What keeps a site from going ahead.
#[derive(Clone, Copy, Debug)]
struct Ties {
    /// Claims sent whose arrival is an event to come: it stands still.
    sent: u32,
    /// Claims in line or in service, with an unknown end: it goes on in step with the calendar.
    at_services: u32,
    /// When it is visited for what it has to do in step; never, if it is not. A visit at another time is void.
    visit: SimTime,
    /// When its next request comes.
    next_request: SimTime,
    /// Its requests are foreseen: none is scheduled by the one before.
    is_foreseen: bool,
}

impl Ties {
    const NONE: Self = Self { sent: 0, at_services: 0, visit: SimTime::NEVER, next_request: SimTime::NEVER, is_foreseen: false };
}

/// The order of claims that are sent in the same microsecond: who has been served or has waited longest, then by site and as they were sent, or by chance.
#[derive(Clone, Copy, Debug, Default)]
struct Ranks {
    /// Bits for the site, for those that one site sends together, and those of the time that there is no room for.
    site_bits: u32,
    sent_bits: u32,
    dropped: u32,
    /// What is submitted next comes by chance.
    next_by_chance: bool,
}

impl Ranks {
    /// All of a rank, as the calendar takes it.
    const BITS: u32 = 63;
    /// Fewest bits for those that one site sends together; as many as these leave are told apart.
    const FEWEST_SENT: u32 = 2;

    fn new(sites: u32, horizon: Span) -> Self {
        let site_bits = u32::BITS - sites.leading_zeros();
        let time_bits = u64::BITS - horizon.micros().leading_zeros();
        let sent_bits = Self::BITS.saturating_sub(site_bits + time_bits).clamp(Self::FEWEST_SENT, u32::BITS - 1);
        let dropped = (site_bits + time_bits + sent_bits).saturating_sub(Self::BITS);
        Self { site_bits, sent_bits, dropped, next_by_chance: false }
    }

    #[inline]
    fn of(self, since: SimTime, site: u32, sent: u32) -> u64 {
        let sent = u64::from(sent.min((1 << self.sent_bits) - 1));
        self.beside(since, u64::from(site) << self.sent_bits | sent)
    }

    /// That of a claim of which neither the site nor what else it sends is to count: `turn`, from 0 to 1, in their place.
    #[inline]
    fn by_chance(self, since: SimTime, turn: f64) -> u64 {
        let turns = (1_u64 << (self.site_bits + self.sent_bits)) - 1;
        self.beside(since, (turn * turns as f64) as u64)
    }

    #[inline]
    fn beside(self, since: SimTime, turn: u64) -> u64 {
        since.micros() >> self.dropped << (self.site_bits + self.sent_bits) | turn
    }
}

/// The agendas of all sites, and how far each may be followed.
#[derive(Debug)]
pub(super) struct BySite {
    /// Sites are to be advanced one after the other, where that is possible.
    is_wanted: bool,
    /// They are.
    is_on: bool,
    agendas: Vec<Agenda<Event>>,
    ties: Vec<Ties>,
    /// By group of pharmacies: the next change of staff, and how far its sites may go.
    next_shift: Vec<SimTime>,
    ends: Vec<SimTime>,
    /// The site that is being advanced; [`NONE`] if it is none.
    visiting: u32,
    /// Sites that can go on once the event is over.
    to_continue: Vec<u32>,
    /// When disruptions and orders act.
    disturbances: BinaryHeap<Reverse<SimTime>>,
    /// They do just now: all sites are at the same instant.
    is_disturbed: bool,
    /// By service: whether whoever is there may come out of it at any time, so that the site has to go in step. Not where all stands still, until a
    /// disturbance.
    serves: Vec<bool>,
    ranks: Ranks,
    pub(super) foresight: Foresight,
    /// No stretch is longer.
    longest: Span,
    /// All before this has been simulated.
    reached: SimTime,
    /// Events handled in the stretch that were none of the calendar's, and visits.
    handled: u64,
    visits: u64,
    /// The same of late.
    handled_of_late: u64,
    visits_of_late: u64,
}

impl BySite {
    pub(super) fn new() -> Self {
        Self {
            is_wanted: false,
            is_on: false,
            agendas: Vec::new(),
            ties: Vec::new(),
            next_shift: Vec::new(),
            ends: Vec::new(),
            visiting: NONE,
            to_continue: Vec::new(),
            disturbances: BinaryHeap::new(),
            is_disturbed: false,
            serves: Vec::new(),
            ranks: Ranks::default(),
            foresight: Foresight::default(),
            longest: LONGEST,
            reached: SimTime::ZERO,
            handled: 0,
            visits: 0,
            handled_of_late: 0,
            visits_of_late: 0,
        }
    }

    /// Begins a replication in which disruptions act so many times.
    pub(super) fn begin(&mut self, blueprint: &Blueprint<'_>, disturbances: usize) {
        let travel = blueprint.scenario.downtime.relocate.as_ref().map(|relocate| relocate.travel.minimum());
        self.longest = travel.map_or(LONGEST, |travel| travel.min(LONGEST));
        let stretches = blueprint.scenario.run.horizon.micros() / LONGEST.micros();
        self.is_on = self.is_wanted
            && (FEWEST..1 << SITE_BITS).contains(&blueprint.sites())
            && self.longest >= SHORTEST
            && disturbances as u64 <= stretches;
        self.ranks = Ranks::new(blueprint.sites(), blueprint.scenario.run.horizon);
        self.disturbances.clear();
        self.is_disturbed = false;
        self.foresight.clear();
        self.reached = SimTime::ZERO;
        self.visiting = NONE;
        self.to_continue.clear();
        self.handled = 0;
        self.visits = 0;
        self.handled_of_late = 0;
        self.visits_of_late = 0;
        if self.is_on {
            let sites = blueprint.sites() as usize;
            self.agendas.iter_mut().for_each(Agenda::clear);
            self.agendas.resize_with(sites, || Agenda::new(What::Visit { site: NONE }.into()));
            self.ties.clear();
            self.ties.resize(sites, Ties::NONE);
            self.next_shift.clear();
            self.next_shift.resize(blueprint.groups.len(), SimTime::NEVER);
            self.ends.clear();
            self.ends.resize(blueprint.groups.len(), SimTime::ZERO);
            self.serves.clear();
            self.serves.resize(blueprint.shared.len(), true);
        }
    }

    /// Whether sites are advanced one after the other.
    #[inline]
    pub(super) fn is_on(&self) -> bool {
        self.is_on
    }

    /// Takes stock at the end of a stretch; gives how many events were handled that were none of the calendar's.
    fn take_stock(&mut self) -> u64 {
        let (kept, of) = REMEMBERED;
        let handled = core::mem::take(&mut self.handled);
        self.handled_of_late = self.handled_of_late * kept / of + handled;
        self.visits_of_late = self.visits_of_late * kept / of + core::mem::take(&mut self.visits);
        handled
    }

    /// Sites go in step more often than not, as where all wait at one service that is overloaded: then one calendar is quicker. A few visits at night say
    /// nothing.
    fn does_not_pay(&self) -> bool {
        self.visits_of_late > self.agendas.len() as u64 && 2 * self.visits_of_late > self.handled_of_late
    }

    /// A disruption or an order acts at `time`.
    pub(super) fn will_be_disturbed(&mut self, time: SimTime) {
        if self.is_on {
            self.disturbances.push(Reverse(time));
        }
    }

    /// Takes out what is due by `now`; whether there was anything.
    fn take_disturbances(&mut self, now: SimTime) -> bool {
        let before = self.disturbances.len();
        while self.disturbances.peek().is_some_and(|Reverse(time)| *time <= now) {
            self.disturbances.pop();
        }
        self.disturbances.len() < before
    }

    /// A patient will have left a pharmacy for good at that time, a stretch from now or later.
    pub(super) fn will_leave(&mut self, home: u32, time: SimTime) {
        if self.is_on {
            self.foresight.will_leave(home, time);
        }
    }

    /// The next request of a site comes at that time.
    #[inline]
    pub(super) fn note_request(&mut self, site: u32, time: SimTime) {
        if self.is_on {
            self.ties[site as usize].next_request = time;
        }
    }

    pub(super) fn next_request(&self, site: u32) -> SimTime {
        self.ties[site as usize].next_request
    }

    /// From now on the requests of a site are foreseen; false if they have been before.
    pub(super) fn begin_foresight(&mut self, site: u32) -> bool {
        !core::mem::replace(&mut self.ties[site as usize].is_foreseen, true)
    }

    /// Whether the requests of a site are foreseen.
    #[inline]
    pub(super) fn foresees(&self, site: u32) -> bool {
        self.is_on && self.ties[site as usize].is_foreseen
    }

    /// The site that is being advanced.
    pub(super) fn visiting(&self) -> u32 {
        debug_assert!(self.visiting != NONE, "what was foreseen is on the agenda of a site");
        self.visiting
    }

    /// Memory of the agendas without what lies far ahead.
    pub(super) fn bytes(&self) -> usize {
        if self.is_on { self.agendas.len() * (size_of::<Agenda<Event>>() + size_of::<Ties>()) } else { 0 }
    }

    /// Asks for the memory of what a site does next.
    #[inline]
    pub(super) fn fetch(&self, site: u32) {
        if self.is_on {
            self.agendas[site as usize].fetch();
            fetch(&self.ties[site as usize]);
        }
    }

    /// Prescriptions that come next at a site, as far as known; anything for what is none.
    #[inline]
    pub(super) fn soon(&self, site: u32) -> impl Iterator<Item = u32> {
        let agenda = self.agendas.get(site as usize).filter(|_| self.is_on);
        agenda.into_iter().flat_map(|agenda| agenda.soon(SOON)).map(Event::place)
    }
}

impl<O: Observer> World<'_, O> {
    /// Lets sites be advanced one after the other where that is the same; for whoever simulates in stretches ([`begin_stretch`](Self::begin_stretch)).
    pub(super) fn keep_sites_apart(&mut self, is_wanted: bool) {
        self.by_site.is_wanted = is_wanted;
    }

    /// All before this has been simulated, by stretches.
    pub(super) fn reached(&self) -> SimTime {
        self.by_site.reached
    }

    /// Begins a stretch that ends at `end` or before, and gives when; `None` if `stop` says so meanwhile, which is asked after each [`MANY`] events. What is
    /// pending before is to be handled next; at the end of the stretch all counts are those of that instant.
    pub(super) fn begin_stretch(
        &mut self,
        end: SimTime,
        calendar: &mut Calendar<Event>,
        stop: &impl Fn() -> bool,
    ) -> Option<SimTime> {
        let reached = self.by_site.reached;
        if self.by_site.is_on && self.by_site.does_not_pay() {
            self.gather(calendar);
        }
        self.observer.begin_stretch(reached, !self.by_site.is_on);
        if !self.by_site.is_on {
            self.stretch_end = end;
            return Some(end);
        }
        if self.by_site.take_disturbances(reached) {
            self.disturb(reached, calendar);
        }
        let disturbed = self.by_site.disturbances.peek().map_or(SimTime::NEVER, |Reverse(time)| *time);
        let end = end.min(reached + self.by_site.longest).min(disturbed);
        self.stretch_end = end;
        self.grant_rooms(reached, end);
        self.foresee_requests(end, calendar);
        for group in 0..self.blueprint.groups.len() {
            self.by_site.ends[group] = self.by_site.next_shift[group].min(end);
        }
        self.advance_sites(reached, 0..self.blueprint.sites(), calendar, stop).then_some(end)
    }

    /// Disruptions and orders act now, with all sites at this instant and before they do anything: what they bring about is there at once, everywhere.
    fn disturb(&mut self, now: SimTime, calendar: &mut Calendar<Event>) {
        debug_assert!(self.by_site.ties.iter().all(|ties| ties.sent == 0), "what was sent has arrived");
        self.by_site.is_disturbed = true;
        while let Some((now, event)) = calendar.pop_before(now + Span::from_micros(1)) {
            self.by_site.handled += 1;
            self.happen_by_site(now, event, calendar);
        }
        // One that has an effect at once, for instance an order without lead time.
        self.by_site.take_disturbances(now);
        self.by_site.is_disturbed = false;
    }

    /// The stretch is over: all counts are put in order. Gives how many events were handled that were none of the calendar's.
    pub(super) fn end_stretch(&mut self) -> u64 {
        self.count_ends();
        if self.by_site.is_on {
            self.settle_rooms(self.stretch_end);
        }
        self.by_site.reached = self.stretch_end;
        self.observer.end_stretch(self.stretch_end);
        self.stretch_end = SimTime::ZERO;
        self.by_site.take_stock()
    }

    /// From now on everything is in one calendar, for the rest of the replication.
    fn gather(&mut self, calendar: &mut Calendar<Event>) {
        debug_assert!(self.by_site.ties.iter().all(|ties| ties.sent == 0), "what was sent has arrived");
        self.by_site.is_on = false;
        self.rooms.close();
        let mut pending = Vec::new();
        for ((site, agenda), ties) in (0_u32..).zip(&mut self.by_site.agendas).zip(&self.by_site.ties) {
            let (request, place) = (Event::from(What::Request { site }), site.wrapping_mul(SCATTERED));
            while let Some((time, event)) = agenda.pop_before(SimTime::NEVER) {
                if !(ties.is_foreseen && event == request) {
                    pending.push((time, place, event));
                }
            }
            if ties.is_foreseen && ties.next_request != SimTime::NEVER {
                pending.push((ties.next_request, place, request));
            }
        }
        // Those of one site stay in their order; of the sites none is first for its place in the file.
        pending.sort_by_key(|&(time, place, _)| (time, place));
        for (time, _, event) in pending {
            calendar.schedule(time, event);
        }
        self.forget_steady();
    }

    /// Schedules what happens at a site.
    #[inline]
    pub(crate) fn schedule_at(&mut self, site: u32, time: SimTime, what: What, calendar: &mut Calendar<Event>) {
        if self.by_site.is_on {
            self.schedule_by_site(site, time, what.into());
        } else {
            calendar.schedule(time, what.into());
        }
    }

    /// A call of its own, so that worlds with one calendar have only the other way at hand.
    #[inline(never)]
    fn schedule_by_site(&mut self, site: u32, time: SimTime, event: Event) {
        // What is never would never be asked for.
        if time == SimTime::NEVER {
            return;
        }
        self.by_site.agendas[site as usize].schedule(time, event);
        if site != self.by_site.visiting && time < self.by_site.ends[self.sites[site as usize].group as usize] {
            self.by_site.to_continue.push(site);
        }
    }

    /// A claim is on its way to a service: does it come there as an event of the calendar? Where it may have to wait, that is, for its turn among others: not
    /// where every claim begins at once.
    #[inline]
    pub(super) fn comes_by_calendar(&self, station: u32) -> bool {
        let Station { speed, begins, .. } = self.stations[station as usize];
        let may_wait = self.blueprint.shared[station as usize].service.is_some() || !(speed > 0.0 && begins);
        may_wait && self.by_site.is_on && !self.by_site.is_disturbed
    }

    /// Sends a claim to a service where it meets those of other sites.
    ///
    /// Many may be sent in the same microsecond: what waits when the staff come takes all of them the same time, where the scenario sets a constant one; and
    /// a site that is connected to another switch sends all that it holds. In one calendar they would come in the order in which their services, or their
    /// waits, began, and of those that began together by site: so they do here. What comes from another service, or by itself, comes by chance: sites are
    /// advanced in the order of the file, and nobody is to be first for a place in it.
    pub(super) fn send(&mut self, now: SimTime, slot: u32, station: u32, calendar: &mut Calendar<Event>) {
        let comes_by_chance = self.by_site.ranks.next_by_chance || self.pool[slot].hop > 0;
        let turn = if comes_by_chance { self.draw(slot, Purpose::Turn, self.pool[slot].submissions).uniform() } else { 0.0 };
        let prescription = &mut self.pool[slot];
        prescription.station = station;
        // In passage it is the end of the latency, which a claim that has timed out did not wait for.
        let (site, since) = (prescription.site, prescription.since.min(now));
        let (ranks, sent) = (self.by_site.ranks, &mut self.by_site.ties[site as usize].sent);
        let rank = if comes_by_chance { ranks.by_chance(since, turn) } else { ranks.of(since, site, *sent) };
        *sent += 1;
        calendar.schedule_ranked(now, rank, What::Arrival { slot, site }.into());
    }

    /// What is submitted next comes by itself, as that of a patient who returns, or not: as one of many, where a scenario sends many away in the same
    /// microsecond, and lets all of them come back after the same time. Of those who have waited equally long the order is then as good as random.
    #[inline]
    pub(super) fn comes_by_chance(&mut self, comes: bool) {
        self.by_site.ranks.next_by_chance = comes;
    }

    /// A claim has come to a service.
    fn arrive(&mut self, now: SimTime, slot: u32, site: u32, calendar: &mut Calendar<Event>) {
        self.by_site.ties[site as usize].sent -= 1;
        self.by_site.visiting = site;
        let station = self.pool[slot].station;
        self.admit(now, slot, station, calendar);
        let Station { busy, waiting, .. } = self.stations[station as usize];
        self.rooms.sees(station, busy + waiting);
        self.advance_site(now, site, calendar);
    }

    /// A site has something to do now, unless the visit is void.
    fn visit(&mut self, now: SimTime, site: u32, calendar: &mut Calendar<Event>) {
        let ties = &mut self.by_site.ties[site as usize];
        if ties.visit == now {
            self.by_site.visits += 1;
            ties.visit = SimTime::NEVER;
            self.advance_site(now, site, calendar);
        }
    }

    /// A prescription has come (1) into line or into service at a station, or has gone (-1).
    #[inline]
    pub(super) fn tie(&mut self, now: SimTime, slot: u32, station: u32, change: i32) {
        self.rooms.changes(now, station, change > 0);
        self.tie_site(slot, station, change);
    }

    fn tie_site(&mut self, slot: u32, station: u32, change: i32) {
        if self.by_site.is_on && self.by_site.serves.get(station as usize).is_some_and(|serves| *serves) {
            let ties = &mut self.by_site.ties[self.pool[slot].site as usize];
            ties.at_services = ties.at_services.wrapping_add_signed(change);
        }
    }

    /// An effect is about to change a station: as long as it does, nobody who is there ties a site.
    pub(super) fn untie_station(&mut self, station: u32) {
        self.tie_all(station, -1);
        if let Some(serves) = self.by_site.serves.get_mut(station as usize) {
            *serves = false;
        }
    }

    /// An effect has changed a station.
    pub(super) fn tie_station(&mut self, station: u32) {
        let works = self.stations[station as usize].speed > 0.0;
        if let Some(serves) = self.by_site.serves.get_mut(station as usize) {
            *serves = works;
        }
        self.tie_all(station, 1);
    }

    fn tie_all(&mut self, station: u32, change: i32) {
        if !self.by_site.is_on || !self.by_site.serves.get(station as usize).is_some_and(|serves| *serves) {
            return;
        }
        let Station { serving, first_line, levels, .. } = self.stations[station as usize];
        self.tie_list(serving, station, change);
        for line in first_line..first_line + u32::from(levels) {
            self.tie_list(self.lines[line as usize], station, change);
        }
    }

    fn tie_list(&mut self, list: List, station: u32, change: i32) {
        let mut slot = list.head();
        while slot != NONE {
            self.tie_site(slot, station, change);
            slot = self.pool[slot].next;
        }
    }

    /// Every site's ties against its claims.
    pub(super) fn assert_ties(&self) {
        if !self.by_site.is_on {
            return;
        }
        let mut at_services = vec![0; self.by_site.ties.len()];
        for prescription in self.pool.iter() {
            let serves = self.by_site.serves.get(prescription.station as usize).is_some_and(|serves| *serves);
            if serves && matches!(prescription.phase, Phase::InLine | Phase::InService) {
                at_services[prescription.site as usize] += 1;
            }
        }
        for (site, (ties, counted)) in self.by_site.ties.iter().zip(at_services).enumerate() {
            assert_eq!((ties.sent, ties.at_services), (0, counted), "the ties of site {site} are those of its claims");
        }
    }

    /// The next change of a group's staff has been scheduled.
    pub(super) fn bound_by_shift(&mut self, group: u32, change: SimTime) {
        if self.by_site.is_on {
            self.by_site.next_shift[group as usize] = change;
            self.by_site.ends[group as usize] = change.min(self.stretch_end);
        }
    }

    /// After a change of staff the sites of a group can go on.
    pub(super) fn go_on_after_shift(&mut self, now: SimTime, group: u32, calendar: &mut Calendar<Event>) {
        if self.by_site.is_on {
            let plan = &self.blueprint.groups[group as usize];
            self.advance_sites(now, plan.first_site..plan.first_site + plan.sites, calendar, &|| false);
        }
    }

    /// Advances sites one after the other; false if `stop` said so on the way.
    fn advance_sites(
        &mut self,
        now: SimTime,
        sites: core::ops::Range<u32>,
        calendar: &mut Calendar<Event>,
        stop: &impl Fn() -> bool,
    ) -> bool {
        let mut asked = self.by_site.handled;
        let mut is_to_stop = |handled: u64| {
            let is_time = handled - asked >= MANY;
            if is_time {
                asked = handled;
            }
            is_time && stop()
        };
        if self.is_beyond_the_cache() {
            for site in sites.start..sites.end + 2 * AHEAD {
                if site < sites.end {
                    self.fetch_site(site);
                }
                let next = site.wrapping_sub(AHEAD);
                if sites.contains(&next) {
                    self.fetch_work(next);
                }
                let due = site.wrapping_sub(2 * AHEAD);
                if sites.contains(&due) {
                    self.advance_site(now, due, calendar);
                }
                if is_to_stop(self.by_site.handled) {
                    return false;
                }
            }
        } else {
            for site in sites {
                self.advance_site(now, site, calendar);
                if is_to_stop(self.by_site.handled) {
                    return false;
                }
            }
        }
        self.continue_sites(now, calendar);
        true
    }

    /// An event of the calendar happens; then those sites go on to which it has brought something.
    pub(super) fn happen_by_site(&mut self, now: SimTime, event: Event, calendar: &mut Calendar<Event>) {
        match event.what() {
            What::Arrival { slot, site } => self.arrive(now, slot, site, calendar),
            What::Visit { site } => self.visit(now, site, calendar),
            _ => self.happen(now, event, calendar),
        }
        self.continue_sites(now, calendar);
        self.assert_nothing_lost(now, event);
    }

    /// Takes those sites along to which something has come.
    fn continue_sites(&mut self, now: SimTime, calendar: &mut Calendar<Event>) {
        while let Some(site) = self.by_site.to_continue.pop() {
            self.advance_site(now, site, calendar);
        }
    }

    /// Takes a site along its agenda as far as it can go by itself.
    fn advance_site(&mut self, now: SimTime, site: u32, calendar: &mut Calendar<Event>) {
        let end = self.by_site.ends[self.sites[site as usize].group as usize];
        self.by_site.visiting = site;
        loop {
            let Ties { sent, at_services, .. } = self.by_site.ties[site as usize];
            if sent > 0 {
                break;
            }
            let agenda = &mut self.by_site.agendas[site as usize];
            let until = if at_services > 0 { end.min(now + Span::from_micros(1)) } else { end };
            // What concerns other sites waits for the calendar.
            let may_be_taken = |time: SimTime, event: Event| time <= now || !event.is_in_step();
            let Some((time, event)) = agenda.pop_before_if(until, may_be_taken) else {
                let next = agenda.next_time();
                let visit = &mut self.by_site.ties[site as usize].visit;
                if next < end && *visit != next {
                    *visit = next;
                    // Of those in the same microsecond none is first for its place in the file: an odd factor scatters them.
                    calendar.schedule_ranked(next, u64::from(site.wrapping_mul(SCATTERED)), What::Visit { site }.into());
                }
                break;
            };
            self.by_site.handled += 1;
            self.happen(time, event, calendar);
        }
        self.by_site.visiting = NONE;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranks_have_room_and_keep_their_order() {
        let year = Span::DAY.scaled(365.0);
        for (sites, horizon) in [(8, Span::HOUR), (57_000, year), ((1 << SITE_BITS) - 1, year.scaled(500.0))] {
            let ranks = Ranks::new(sites, horizon);
            let at = |share: f64| SimTime::ZERO + horizon.scaled(share);
            let in_order = [
                ranks.of(SimTime::ZERO, 0, 0),
                ranks.of(at(0.5), 0, 0),
                ranks.of(at(0.5), 0, 1),
                ranks.of(at(0.5), sites - 1, 0),
                ranks.of(at(1.0), sites - 1, u32::MAX),
            ];
            assert!(in_order.is_sorted_by(|a, b| a < b), "{sites} sites: {in_order:?}");
            assert!(in_order[4] < 1 << Ranks::BITS && ranks.by_chance(at(1.0), 1.0) < 1 << Ranks::BITS, "{sites} sites");
            assert!((ranks.of(at(0.5), 0, 0)..in_order[4]).contains(&ranks.by_chance(at(0.5), 0.7)), "{sites} sites");
        }
    }
}
