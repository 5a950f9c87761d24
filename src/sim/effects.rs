//! What disruptions and opening hours do to stations.

use super::event::{Event, What};
use super::observer::Observer;
use super::prescription::{NONE, Phase, Stage};
use super::world::World;
use crate::disruption::{Condition, InFlight, Openness};
use crate::engine::Calendar;
use crate::random::Purpose;
use crate::units::{SimTime, Span};

/// What changes by less, as at each step of a ramp, brings services little more than they had before.
const LEAP: f64 = 0.1;

impl<O: Observer> World<'_, O> {
    /// The next effect of the timeline: one cause changes its hold on one station.
    pub(crate) fn apply_effect(&mut self, now: SimTime, index: u32, calendar: &mut Calendar<Event>) {
        let effect = self.timeline.effects[index as usize];
        let station = effect.station as usize;
        self.untie_station(effect.station);
        let is_site = effect.station >= self.blueprint.places.site(0);
        let acting = &mut self.acting[station];
        acting.retain(|(cause, _)| *cause != effect.cause);
        let in_flight = self.timeline.conditions[effect.condition as usize].in_flight;
        if self.timeline.conditions[effect.condition as usize] != Condition::normal() {
            acting.push((effect.cause, effect.condition));
        }
        self.settle_steady(effect.station);
        let groups = self.blueprint.groups.len();
        let own_group =
            if is_site { self.blueprint.group_of[(effect.station - self.blueprint.places.site(0)) as usize] } else { 0 };

        let waits_at_the_door = is_site || self.serves_prescribers(effect.station);
        let mut speed = self.stations[station].surge;
        let mut accepts = 1.0;
        let mut begins = true;
        for &(_, condition) in &self.acting[station] {
            let condition = &self.timeline.conditions[condition as usize];
            accepts *= 1.0 - condition.reject;
            // A prescribing network serves all or none, so that any group can speak for it.
            let shut = waits_at_the_door && !serves(&condition.open, own_group);
            begins &= !shut;
            speed *= if shut { condition.speed_while_shut } else { condition.speed };
        }
        let rejected = core::mem::replace(&mut self.stations[station].reject, 1.0 - accepts);
        self.stations[station].begins = begins;

        let mut reopened = core::mem::take(&mut self.scratch);
        reopened.clear();
        let was_speed = self.stations[station].speed;
        let worked = was_speed > 0.0;
        let mut serves_others = false;
        let mut available = speed > 0.0 && begins;
        if !is_site {
            for group in 0..groups as u32 {
                let conditions = self.acting[station].iter().map(|&(_, condition)| &self.timeline.conditions[condition as usize]);
                let open = conditions.map(|condition| &condition.open).all(|open| serves(open, group));
                let was_open = &mut self.open[station * groups + group as usize];
                if (open && speed > 0.0) && !(*was_open && worked) {
                    reopened.push(group);
                }
                serves_others |= *was_open != open;
                *was_open = open;
                available &= open;
            }
        }
        let was_available = core::mem::replace(&mut self.stations[effect.station as usize].available, available);
        if was_available != available {
            self.observer.availability_changed(now, effect.station, available);
        }
        let is_leap = was_available != available || serves_others;
        if is_leap || (speed - was_speed).abs() > LEAP || (1.0 - accepts - rejected).abs() > LEAP {
            self.rooms.disturb(now);
        }
        self.set_speed(now, effect.station, speed, calendar);
        match in_flight {
            Some(InFlight::Lost) => self.clear_station(now, effect.station, false, calendar),
            Some(InFlight::Resubmit) if waits_at_the_door => self.start_over(now, effect.station),
            Some(InFlight::Resubmit) => self.clear_station(now, effect.station, true, calendar),
            Some(InFlight::Frozen) | None => {}
        }
        self.tie_station(effect.station);
        self.serve_next(now, effect.station, calendar);
        for &group in &reopened {
            self.return_to_primary(effect.station, group);
        }
        self.release_groups(now, &reopened, calendar);
        self.scratch = reopened;
    }

    fn serves_prescribers(&self, station: u32) -> bool {
        self.stations[station as usize].kind == super::blueprint::StationKind::Prescribing
    }

    /// Extra time in passage through a station at present.
    pub(crate) fn disrupted_latency(&self, slot: u32, station: u32) -> Span {
        let acting = &self.acting[station as usize];
        let law_of = |condition: u32| self.timeline.conditions[condition as usize].latency;
        let purpose = || self.by_kind(station, Purpose::OutageLatency, Purpose::LinkDelay);
        acting.iter().filter_map(|&(cause, condition)| Some((cause, law_of(condition)?))).fold(Span::ZERO, |sum, (cause, law)| {
            // By the order of the causes, not that in which they came to act.
            let before = acting.iter().filter(|&&(other, condition)| other < cause && law_of(condition).is_some());
            sum + law.sample(&mut self.draw_at_hop(slot, purpose(), before.count() as u16))
        })
    }

    /// Changes the speed of a station that effects reach: work in service goes on at the new speed from where it is.
    fn set_speed(&mut self, now: SimTime, index: u32, speed: f64, calendar: &mut Calendar<Event>) {
        let before = core::mem::replace(&mut self.stations[index as usize].speed, speed);
        if before == speed {
            return;
        }
        debug_assert!(self.stations[index as usize].is_listed, "who is in service is known where effects change the speed");
        let mut slot = self.stations[index as usize].serving.head();
        while slot != NONE {
            self.change_pace(now, slot, before, speed, calendar);
            slot = self.pool[slot].next;
        }
    }

    /// The work on a prescription in service goes on at another speed.
    fn change_pace(&mut self, now: SimTime, slot: u32, before: f64, speed: f64, calendar: &mut Calendar<Event>) {
        let prescription = &mut self.pool[slot];
        let done = now.since(prescription.since).scaled(before);
        prescription.work_left = prescription.work_left - done;
        prescription.since = now;
        // The end that was scheduled is void.
        prescription.stamp = prescription.stamp.wrapping_add(1);
        if speed > 0.0 {
            self.schedule_service_end(now, slot, speed, calendar);
        } else if self.pool[slot].stage == Stage::Claim {
            self.arm_time_out(slot, calendar);
        }
    }

    /// Changes what orders make of the speed of the sites of some groups: for each group the factor, if it is another than before.
    pub(crate) fn set_surges(&mut self, now: SimTime, surges: &[Option<f64>], calendar: &mut Calendar<Event>) {
        if surges.iter().all(Option::is_none) {
            return;
        }
        // Orders come seldom, to many sites at once. Who is in service there is found then, in one pass, and not kept in lists at every service.
        let mut served = core::mem::take(&mut self.scratch);
        served.clear();
        served.extend((0..self.pool.len()).filter(|&slot| {
            let prescription = &self.pool[slot];
            prescription.phase == Phase::InService
                && !self.stations[prescription.station as usize].is_listed
                && self.surge_at(prescription.station, surges).is_some()
        }));
        // By slot their order would depend on what has ended before.
        served.sort_unstable_by_key(|&slot| {
            let prescription = &self.pool[slot];
            (prescription.station, prescription.since, prescription.home, prescription.ordinal)
        });
        for &slot in &served {
            let station = self.pool[slot].station;
            if let Some(surge) = self.surge_at(station, surges) {
                self.change_pace(now, slot, self.stations[station as usize].speed, surge, calendar);
            }
        }
        self.scratch = served;
        for (group, &surge) in self.blueprint.groups.iter().zip(surges) {
            let Some(surge) = surge else { continue };
            for site in group.first_site..group.first_site + group.sites {
                let index = self.blueprint.places.site(site);
                let station = &mut self.stations[index as usize];
                let before = core::mem::replace(&mut station.surge, surge);
                let speed = station.speed / before * surge;
                if station.is_listed {
                    self.set_speed(now, index, speed, calendar);
                } else {
                    debug_assert!(station.speed == before, "where no effect reaches, only orders change the speed");
                    station.speed = surge;
                }
            }
        }
    }

    /// What orders make of the speed of a station, if it is a site at which that changes.
    fn surge_at(&self, station: u32, surges: &[Option<f64>]) -> Option<f64> {
        let site = station.checked_sub(self.blueprint.places.site(0))?;
        surges[self.sites[site as usize].group as usize]
    }

    /// Throws out all claims in service and in line: back to their senders, or into nothing, so that only the time-out tells.
    fn clear_station(&mut self, now: SimTime, index: u32, tell: bool, calendar: &mut Calendar<Event>) {
        loop {
            let station = &self.stations[index as usize];
            let slot =
                if station.serving.is_empty() { self.lines[station.first_line as usize].head() } else { station.serving.head() };
            if slot == NONE {
                return;
            }
            if self.pool[slot].phase == Phase::InService {
                self.release(now, slot);
            } else {
                self.withdraw(now, slot);
            }
            self.count_out(index);
            let prescription = &mut self.pool[slot];
            prescription.station = NONE;
            prescription.stamp = prescription.stamp.wrapping_add(1);
            if self.pool[slot].lingering {
                self.fade(slot);
            } else if tell {
                self.blocked(now, slot, calendar);
            } else {
                self.arm_time_out(slot, calendar);
            }
        }
    }

    /// Work in service goes back to the head of its line, to be begun anew: the last that began first, so that the first stands in front.
    fn start_over(&mut self, now: SimTime, index: u32) {
        while !self.stations[index as usize].serving.is_empty() {
            let slot = self.stations[index as usize].serving.tail();
            self.release(now, slot);
            self.pool[slot].stamp = self.pool[slot].stamp.wrapping_add(1);
            self.join_line(now, slot, index, true);
        }
    }

    /// A station takes claims from a group again: its sites return to their primary route, where that was the reason.
    fn return_to_primary(&mut self, station: u32, group: u32) {
        let plan = &self.blueprint.groups[group as usize];
        for index in plan.first_site..plan.first_site + plan.sites {
            let site = &mut self.sites[index as usize];
            if site.primary == station && (site.on_standby || site.failing_over) {
                site.on_standby = false;
                site.failing_over = false;
                site.episode += 1;
            }
        }
    }

    /// The staff of a group come or go. Who goes finishes what is in hand.
    pub(crate) fn shift(&mut self, now: SimTime, group: u32, calendar: &mut Calendar<Event>) {
        let plan = &self.blueprint.groups[group as usize];
        let on_duty = plan.shifts.on_duty(now);
        for site in plan.first_site..plan.first_site + plan.sites {
            let station = self.blueprint.places.site(site);
            self.stations[station as usize].on_duty = on_duty;
            self.serve_next(now, station, calendar);
        }
        if let Some(change) = plan.shifts.next_change(now) {
            calendar.schedule(change, What::Shift { group }.into());
            self.bound_by_shift(group, change);
        }
        self.go_on_after_shift(now, group, calendar);
    }
}

fn serves(open: &Openness, group: u32) -> bool {
    match open {
        Openness::All => true,
        Openness::Nobody => false,
        Openness::Only(groups) => groups.get(group as usize).copied().unwrap_or(false),
    }
}
