//! Claims through steady services: those that no disruption of the scenario can touch, or, where disruptions change anything only between stretches
//! ([`by_site`](super::by_site)), all of them within a stretch. What happens to a claim there is known as soon as its service begins, so that it takes
//! one event from there to the answer, not one for each end of service and each latency.
//!
//! The results are those of going step by step, but for the order of things that happen in the same microsecond. To keep counts exact at each instant at
//! which they are read, nothing is taken ahead of the end of the stretch that is being simulated; and nothing is taken ahead of a time-out.

use core::cmp::Reverse;
use std::collections::BinaryHeap;

use super::blueprint::{StationKind, stretched};
use super::event::{Event, What};
use super::observer::Observer;
use super::prescription::{Phase, Stage};
use super::world::World;
use crate::engine::Calendar;
use crate::units::{SimTime, Span};

/// What is known of a shared station ahead of time.
#[derive(Clone, Debug)]
pub(super) struct Steady {
    /// No disruption touches it before the end of the stretch, or acts there.
    is_untouched: bool,
    /// It has servers whose ends of service need not be events of their own.
    serves_ahead: bool,
    /// When the services end that are no events of their own, the earliest first.
    ends: BinaryHeap<Reverse<SimTime>>,
    /// An event is scheduled for this time, because somebody waits; never, if nobody does.
    awaited: SimTime,
}

impl Default for Steady {
    fn default() -> Self {
        Self { is_untouched: false, serves_ahead: false, ends: BinaryHeap::new(), awaited: SimTime::NEVER }
    }
}

impl Steady {
    /// Nothing is known, and nobody is in service; the memory stays.
    pub(super) fn clear(&mut self) {
        self.ends.clear();
        let ends = core::mem::take(&mut self.ends);
        *self = Self { ends, ..Self::default() };
    }

    /// When the first service ends that is no event of its own; never, if there is none.
    #[inline]
    fn first_end(&self) -> SimTime {
        self.ends.peek().map_or(SimTime::NEVER, |Reverse(end)| *end)
    }

    /// Takes out the first end, if it is one by `now`.
    #[inline]
    fn take_end(&mut self, now: SimTime) -> Option<SimTime> {
        if self.first_end() > now {
            return None;
        }
        self.ends.pop().map(|Reverse(end)| end)
    }
}

impl<O: Observer> World<'_, O> {
    /// Which shared stations are steady at the beginning: those that are not in `hit`, and all of them in the twin, whom nothing hits, and where
    /// disruptions act only between stretches.
    pub(super) fn find_steady(&mut self, hit: &[bool]) {
        let may_be_touched = self.timeline.is_run && !self.by_site.is_on();
        let services = self.blueprint.shared.len();
        self.steady.resize_with(services, Steady::default);
        for (index, hit) in hit.iter().take(services).enumerate() {
            let is_untouched = !(may_be_touched && (*hit || self.stations[index].is_listed));
            let serves_ahead = self.has_claims_to_serve(index);
            let steady = &mut self.steady[index];
            steady.is_untouched = is_untouched;
            steady.serves_ahead = serves_ahead;
        }
    }

    /// An effect has changed what acts on a station, between two stretches.
    pub(super) fn settle_steady(&mut self, index: u32) {
        if self.by_site.is_on() {
            let is_untouched = self.acting[index as usize].is_empty();
            if let Some(steady) = self.steady.get_mut(index as usize) {
                steady.is_untouched = is_untouched;
            }
        }
    }

    /// From now on disruptions act at any time: only what none reaches is steady.
    pub(super) fn forget_steady(&mut self) {
        for (steady, station) in self.steady.iter_mut().zip(&self.stations) {
            steady.is_untouched = !station.is_listed;
        }
    }

    /// Whether a shared station has servers whose ends of service need not be events.
    fn has_claims_to_serve(&self, index: usize) -> bool {
        let plan = &self.blueprint.shared[index];
        plan.service.is_some() && plan.kind != StationKind::Prescribing
    }

    /// Those in service at a station whose end is no event of its own.
    pub(super) fn served_ahead(&self, index: u32) -> u32 {
        self.steady.get(index as usize).map_or(0, |steady| steady.ends.len() as u32)
    }

    /// At the end of a stretch: services that have ended meanwhile are counted.
    pub(super) fn count_ends(&mut self) {
        for index in 0..self.steady.len() as u32 {
            self.count_ends_at(index, self.stretch_end);
        }
    }

    /// Before a claim comes to a station: servers are free whose service is over. Not the one that somebody waits for: that is an event.
    #[inline]
    pub(super) fn catch_up(&mut self, now: SimTime, index: u32) {
        if let Some(steady) = self.steady.get(index as usize) {
            // Nothing is awaited at t = 0.
            let before = SimTime::from_micros(steady.awaited.micros() - 1);
            self.count_ends_at(index, now.min(before));
        }
    }

    /// Services that were no events of their own, and have ended by `now`.
    #[inline]
    fn count_ends_at(&mut self, index: u32, now: SimTime) {
        while let Some(end) = self.steady[index as usize].take_end(now) {
            self.stations[index as usize].busy -= 1;
            self.observer.busy_changed(end, index, -1);
            self.observer.served(end, index);
            self.count_out(index);
        }
    }

    /// Somebody waits in line: the first end of a service that is under way becomes an event, if it is none.
    #[inline]
    pub(super) fn await_end(&mut self, index: u32, calendar: &mut Calendar<Event>) {
        let Some(steady) = self.steady.get_mut(index as usize) else { return };
        let first = steady.first_end();
        if first < steady.awaited {
            steady.awaited = first;
            calendar.schedule(first, What::EndOfService { station: index }.into());
        }
    }

    /// A service has ended for which somebody waits, or has waited; or it has been waited for in vain, because another ended before.
    pub(super) fn end_awaited(&mut self, now: SimTime, index: u32, calendar: &mut Calendar<Event>) {
        let steady = &mut self.steady[index as usize];
        if steady.awaited <= now {
            steady.awaited = SimTime::NEVER;
        }
        self.count_ends_at(index, now);
        self.touch(index);
        self.serve_next(now, index, calendar);
        if self.stations[index as usize].waiting > 0 {
            self.await_end(index, calendar);
        }
    }

    /// Begins the service of a claim whose end need not be an event, and sends the claim on from there; false if the end must be one.
    pub(super) fn serve_ahead(
        &mut self,
        now: SimTime,
        slot: u32,
        index: u32,
        work: Span,
        calendar: &mut Calendar<Event>,
    ) -> bool {
        // Where sites are taken one by one, disruptions act between two stretches: within one, all stays as it is.
        let is_by_site = self.by_site.is_on();
        let may_go_ahead =
            self.steady.get(index as usize).is_some_and(|steady| steady.serves_ahead && (steady.is_untouched || is_by_site));
        if !may_go_ahead {
            return false;
        }
        let end = now + stretched(work, 1.0 / self.stations[index as usize].speed);
        if self.pool[slot].stage != Stage::Claim || end >= self.stretch_end || !self.is_heard_at(slot, end) {
            return false;
        }
        self.stations[index as usize].busy += 1;
        self.observer.busy_changed(now, index, 1);
        self.steady[index as usize].ends.push(Reverse(end));
        if self.stations[index as usize].waiting > 0 {
            self.await_end(index, calendar);
        }
        self.touch(index);
        self.pass(now, end, slot, index, calendar);
        true
    }

    /// A claim leaves a station at `from`: on through all that only takes time, to the answer if nothing comes between.
    pub(super) fn pass(&mut self, now: SimTime, from: SimTime, slot: u32, index: u32, calendar: &mut Calendar<Event>) {
        let (mut station, mut time) = (index, from + self.latency(slot, index));
        loop {
            let next = match self.blueprint.shared[station as usize].kind {
                StationKind::Payer => break,
                _ => self.blueprint.next(station, self.pool[slot].payer),
            };
            let is_free = self.steady.get(next as usize).is_some_and(|steady| steady.is_untouched);
            let only_passes = is_free && self.blueprint.shared[next as usize].service.is_none();
            if !only_passes || time >= self.stretch_end || !self.is_heard_at(slot, time) {
                break;
            }
            self.observer.served(time, next);
            self.count_hop(slot, station);
            self.pool[slot].station = next;
            station = next;
            time += self.latency(slot, next);
        }
        if time == now {
            return self.end_hop(now, slot, calendar);
        }
        let prescription = &mut self.pool[slot];
        prescription.phase = Phase::InPassage;
        prescription.since = time;
        prescription.stamp = prescription.stamp.wrapping_add(1);
        let (site, stamp) = (prescription.site, prescription.stamp);
        self.schedule_at(site, time, What::HopEnd { slot, stamp }, calendar);
        self.arm_time_out_before(slot, time, calendar);
    }

    /// Whether the pharmacy still waits for the answer at that time.
    #[inline]
    pub(super) fn is_heard_at(&self, slot: u32, time: SimTime) -> bool {
        let timeout = self.blueprint.scenario.claims.and_then(|claims| claims.timeout);
        timeout.is_none_or(|timeout| time < self.pool[slot].submitted + timeout)
    }
}
