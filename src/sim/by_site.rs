//! One pharmacy after the other, in normal service: where pharmacies meet only at services of limited capacity, each is advanced by itself from one claim
//! to the next.
//!
//! Every site has an agenda of its own. It is taken along it, ahead of the calendar, until it sends a claim to such a service; that the claim comes there
//! is an event of the calendar, so that services see all claims in order of time. Most claims are answered at a time that is known then
//! ([`steady`](super::steady)), and the site goes on from there. One whose claim waits at a service, or is served with an unknown end, goes on in step with
//! the calendar until it is known.
//!
//! What happens at a site is what would happen with everything in one calendar, in the same order; only what happens in the same microsecond, at different
//! sites or at a site and at the service where its claim is, may come in another. What concerns many sites bounds how far they go: opening hours, the end
//! of the stretch that is simulated, and the shortest time in which a patient reaches another pharmacy. As soon as a disruption or an order acts, the
//! trigger of an order is looked at for the first time (an hour after the beginning), or a patient has left a pharmacy for good and may be sent to any
//! other at once, all goes into one calendar, for the rest of the replication.

use super::blueprint::Blueprint;
use super::event::{Event, SITE_BITS, What};
use super::observer::Observer;
use super::prescription::NONE;
use super::world::World;
use crate::engine::{Agenda, Calendar};
use crate::units::{SimTime, Span};

/// With fewer sites all events are pending in one small calendar anyway.
const FEWEST: u32 = 8;

/// Sites go no farther than this together: what they tell out of order has to be put in order.
const LONGEST: Span = Span::HOUR;

/// Stretches shorter than this do not pay.
const SHORTEST: Span = Span::MINUTE;

/// What a site has to do within this time is asked for ahead of time.
const SOON: Span = Span::from_micros(10 * Span::MINUTE.micros());

/// Sites whose memory is read together ahead of time.
const TOGETHER: u32 = 16;

/// What keeps a site from going ahead.
#[derive(Clone, Copy, Debug)]
struct Ties {
    /// Claims sent whose arrival is an event to come: it stands still.
    sent: u32,
    /// Claims in line or in service, with an unknown end: it goes on in step with the calendar.
    at_services: u32,
    /// When it is visited for that; never, if it is not. A visit at another time is void.
    visit: SimTime,
}

impl Ties {
    const NONE: Self = Self { sent: 0, at_services: 0, visit: SimTime::NEVER };
}

/// The agendas of all sites, and how far each may be followed.
#[derive(Debug)]
pub(super) struct BySite {
    /// Sites are to be advanced one after the other, where that is possible.
    is_wanted: bool,
    /// They are at present.
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
    /// When the first thing happens that is not normal service.
    quiet_until: SimTime,
    /// No stretch is longer.
    longest: Span,
    /// All before this has been simulated.
    reached: SimTime,
    /// Events handled in the stretch that were none of the calendar's.
    handled: u64,
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
            quiet_until: SimTime::NEVER,
            longest: LONGEST,
            reached: SimTime::ZERO,
            handled: 0,
        }
    }

    /// Begins a replication in which nothing but normal service happens before `quiet_until`.
    pub(super) fn begin(&mut self, blueprint: &Blueprint<'_>, quiet_until: SimTime) {
        let travel = blueprint.scenario.downtime.relocate.as_ref().map(|relocate| relocate.travel.minimum());
        self.longest = travel.map_or(LONGEST, |travel| travel.min(LONGEST));
        self.is_on = self.is_wanted && (FEWEST..1 << SITE_BITS).contains(&blueprint.sites()) && self.longest >= SHORTEST;
        self.quiet_until = quiet_until;
        self.reached = SimTime::ZERO;
        self.visiting = NONE;
        self.to_continue.clear();
        self.handled = 0;
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
        }
    }

    /// Whether sites are advanced one after the other at present.
    #[inline]
    pub(super) fn is_on(&self) -> bool {
        self.is_on
    }

    /// Something happens at `time` that is not normal service.
    pub(super) fn is_disturbed_at(&mut self, time: SimTime) {
        self.quiet_until = self.quiet_until.min(time);
    }

    /// Memory of the agendas without what lies far ahead.
    pub(super) fn bytes(&self) -> usize {
        if self.is_on { self.agendas.len() * size_of::<Agenda<Event>>() } else { 0 }
    }

    /// Reads what a site will ask for first; gives what was seen, for the compiler.
    #[inline]
    pub(super) fn read_agenda(&self, site: u32) -> u32 {
        if self.is_on { self.agendas[site as usize].read() as u32 ^ self.ties[site as usize].sent } else { 0 }
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

    /// Begins a stretch that ends at `end` or before, and gives when. What is pending before is to be handled next; at the end of the stretch all counts are
    /// those of that instant.
    pub(super) fn begin_stretch(&mut self, end: SimTime, calendar: &mut Calendar<Event>) -> SimTime {
        let reached = self.by_site.reached;
        if self.by_site.is_on && self.by_site.quiet_until <= reached {
            self.gather(calendar);
        }
        if !self.by_site.is_on {
            self.stretch_end = end;
            self.observer.begin_stretch(reached, true);
            return end;
        }
        let end = end.min(reached + self.by_site.longest).min(self.by_site.quiet_until);
        self.stretch_end = end;
        self.observer.begin_stretch(reached, false);
        for group in 0..self.blueprint.groups.len() {
            self.by_site.ends[group] = self.by_site.next_shift[group].min(end);
        }
        self.advance_sites(reached, 0..self.blueprint.sites(), calendar);
        end
    }

    /// The stretch is over: all counts are put in order. Gives how many events were handled that were none of the calendar's.
    pub(super) fn end_stretch(&mut self) -> u64 {
        self.count_ends();
        self.by_site.reached = self.stretch_end;
        self.observer.end_stretch(self.stretch_end);
        self.stretch_end = SimTime::ZERO;
        core::mem::take(&mut self.by_site.handled)
    }

    /// From now on everything is in one calendar.
    fn gather(&mut self, calendar: &mut Calendar<Event>) {
        debug_assert!(self.by_site.ties.iter().all(|ties| ties.sent == 0), "what was sent has arrived");
        self.by_site.is_on = false;
        for agenda in &mut self.by_site.agendas {
            while let Some((time, event)) = agenda.pop_before(SimTime::NEVER) {
                calendar.schedule(time, event);
            }
        }
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

    /// A claim is on its way to a service: does it come there as an event of the calendar?
    #[inline]
    pub(super) fn comes_by_calendar(&self, station: u32) -> bool {
        self.by_site.is_on && self.blueprint.shared[station as usize].service.is_some()
    }

    /// Sends a claim to a service where it meets those of other sites.
    ///
    /// Many may be sent in the same microsecond: what waits when the staff come takes all of them the same time, where the scenario sets a constant one. In
    /// one calendar they would come in the order in which their services began, and of those that began together by site: so they do here. Claims that do
    /// not come from the staff have an order too, if not always that of one calendar.
    pub(super) fn send(&mut self, now: SimTime, slot: u32, station: u32, calendar: &mut Calendar<Event>) {
        /// Several sent by one site at once, which is as good as never, keep their order up to the fourth.
        const SENT_BITS: u32 = 2;
        const LONGEST_WORK: u64 = (1 << (u64::BITS - 1 - SITE_BITS - SENT_BITS)) - 1;
        let prescription = &mut self.pool[slot];
        prescription.station = station;
        let site = prescription.site;
        let work = now.since(prescription.since).micros().min(LONGEST_WORK);
        let sent = &mut self.by_site.ties[site as usize].sent;
        let rank =
            ((LONGEST_WORK - work) << SITE_BITS | u64::from(site)) << SENT_BITS | u64::from(*sent).min((1 << SENT_BITS) - 1);
        *sent += 1;
        calendar.schedule_ranked(now, rank, What::Arrival { slot, site }.into());
    }

    /// A claim has come to a service.
    fn arrive(&mut self, now: SimTime, slot: u32, site: u32, calendar: &mut Calendar<Event>) {
        self.by_site.ties[site as usize].sent -= 1;
        self.by_site.visiting = site;
        self.admit(now, slot, self.pool[slot].station, calendar);
        self.advance_site(now, site, calendar);
    }

    /// A site has something to do now, unless the visit is void.
    fn visit(&mut self, now: SimTime, site: u32, calendar: &mut Calendar<Event>) {
        let ties = &mut self.by_site.ties[site as usize];
        if ties.visit == now {
            ties.visit = SimTime::NEVER;
            self.advance_site(now, site, calendar);
        }
    }

    /// A prescription has come (1) into line or into service at a station, or has gone (-1).
    #[inline]
    pub(super) fn tie(&mut self, slot: u32, station: u32, change: i32) {
        if self.by_site.is_on && (station as usize) < self.blueprint.shared.len() {
            let ties = &mut self.by_site.ties[self.pool[slot].site as usize];
            ties.at_services = ties.at_services.wrapping_add_signed(change);
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
            self.advance_sites(now, plan.first_site..plan.first_site + plan.sites, calendar);
        }
    }

    /// Advances sites one after the other.
    fn advance_sites(&mut self, now: SimTime, sites: core::ops::Range<u32>, calendar: &mut Calendar<Event>) {
        let mut first = sites.start;
        while first < sites.end {
            let last = (first + TOGETHER).min(sites.end);
            if self.is_beyond_the_cache() {
                self.read_sites(first..last);
            }
            for site in first..last {
                self.advance_site(now, site, calendar);
            }
            first = last;
        }
        self.continue_sites(now, calendar);
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
            let Some((time, event)) = agenda.pop_before(until) else {
                let next = agenda.next_time();
                let visit = &mut self.by_site.ties[site as usize].visit;
                if next < end && *visit != next {
                    *visit = next;
                    calendar.schedule(next, What::Visit { site }.into());
                }
                break;
            };
            self.by_site.handled += 1;
            self.happen(time, event, calendar);
        }
        self.by_site.visiting = NONE;
    }
}
