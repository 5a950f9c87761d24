//! Patients who take a prescription to another pharmacy, and those who leave theirs for good.

use super::event::{Event, What};
use super::observer::Observer;
use super::prescription::{NONE, Stage};
use super::world::World;
use crate::engine::Calendar;
use crate::random::{Draw, Purpose};
use crate::response::{Move, View};
use crate::units::SimTime;

/// So many pharmacies are asked by a patient who looks for one whose claims get through.
const ASKED: u16 = 8;

/// Draws of [`Purpose::MoveTo`] for each move: whether informed, for good, the way, and the pharmacies asked.
const DRAWS_PER_MOVE: u16 = 16;

impl<O: Observer> World<'_, O> {
    /// The patient looks for another pharmacy. Who asks first whether claims get through there does so as an event, when what is before it has happened
    /// everywhere.
    pub(crate) fn look_elsewhere(&mut self, now: SimTime, slot: u32, calendar: &mut Calendar<Event>) {
        let informed = self.blueprint.scenario.downtime.relocate.as_ref().map_or(0.0, |settings| settings.informed.value());
        if !self.draw(slot, Purpose::MoveTo, self.first_draw_of_move(slot)).chance(informed) {
            return self.go_elsewhere(now, slot, false, calendar);
        }
        let prescription = &mut self.pool[slot];
        prescription.stage = Stage::Search;
        prescription.stamp = prescription.stamp.wrapping_add(1);
        let (site, stamp) = (prescription.site, prescription.stamp);
        self.schedule_at(site, now, What::Search { slot, stamp }, calendar);
    }

    /// The patient goes to another pharmacy and stands in line there; if none is found, what comes after that is decided on.
    pub(crate) fn go_elsewhere(&mut self, now: SimTime, slot: u32, informed: bool, calendar: &mut Calendar<Event>) {
        let Some(settings) = &self.blueprint.scenario.downtime.relocate else { return };
        let first = self.first_draw_of_move(slot);
        let for_good = self.draw(slot, Purpose::MoveTo, first + 1).chance(settings.permanent.value());
        let chosen = (0..ASKED)
            .map(|asked| self.pharmacy_by(self.draw(slot, Purpose::MoveTo, first + 3 + asked)))
            .find(|&site| site != self.pool[slot].site && (!informed || self.would_get_through(slot, site)));
        let Some(site) = chosen else {
            let view = View { elsewhere: false, ..self.view(now, slot) };
            let decision = self.blueprint.scenario.downtime.decide(&view);
            return self.carry_out(now, slot, decision, calendar);
        };
        let travel = settings.travel.sample(&mut self.draw(slot, Purpose::MoveTo, first + 2));
        let is_first = self.pool[slot].moves == 0;
        if is_first {
            let fact = self.fact(now, slot);
            self.observer.moved(&fact);
        }
        let prescription = &mut self.pool[slot];
        prescription.leaves = is_first && for_good;
        if prescription.leaves {
            self.by_site.will_leave(prescription.home, now + travel);
        }
        prescription.moves += 1;
        prescription.retries = 0;
        prescription.stage = Stage::Travel;
        self.hand_over(slot, site);
        self.schedule_wake(now + travel, slot, calendar);
    }

    /// Number of the first draw of the move that comes next.
    fn first_draw_of_move(&self, slot: u32) -> u16 {
        u16::from(self.pool[slot].moves) * DRAWS_PER_MOVE
    }

    /// The patient is there. Who does not mean to go back has left the old pharmacy from now on; where that is foreseen, it has been counted.
    pub(crate) fn come_to_another(&mut self, now: SimTime, slot: u32, calendar: &mut Calendar<Event>) {
        if core::mem::take(&mut self.pool[slot].leaves) && !self.by_site.is_on() {
            let home = self.pool[slot].home;
            self.sites[home as usize].patients_lost += 1;
        }
        self.enter(now, slot, calendar);
    }

    /// Whether a request at a pharmacy is one of a patient who has left it for good, and where he or she goes now.
    #[inline]
    pub(super) fn goes_elsewhere(&self, home: u32, ordinal: u32) -> Option<u32> {
        if self.sites[home as usize].patients_lost == 0 { None } else { self.new_pharmacy(home, ordinal) }
    }

    fn new_pharmacy(&self, home: u32, ordinal: u32) -> Option<u32> {
        let settings = self.blueprint.scenario.downtime.relocate.as_ref()?;
        let left = |number| self.chance.draw(home, ordinal, Purpose::Left, number);
        let share = (f64::from(self.sites[home as usize].patients_lost) / self.patients_of(home, settings)).min(1.0);
        if !left(0).chance(share) {
            return None;
        }
        (0..ASKED).map(|asked| self.pharmacy_by(left(1 + asked))).find(|&to| to != home)
    }

    /// A request of a patient who has left the pharmacy for good goes to another one from the first. It counts as requested where the patient
    /// used to go, so that run and twin meet the same prescription.
    pub(super) fn place(&mut self, now: SimTime, slot: u32, to: u32) {
        let fact = self.fact(now, slot);
        self.observer.moved(&fact);
        self.pool[slot].moves = 1;
        self.hand_over(slot, to);
    }

    /// How many patients stand behind a pharmacy's demand, at least one.
    fn patients_of(&self, site: u32, settings: &Move) -> f64 {
        let group = &self.blueprint.groups[self.sites[site as usize].group as usize];
        let per_day = group.mean_per_day(self.sites[site as usize].rate);
        (per_day * 365.0 / settings.fills_per_year).max(1.0)
    }

    /// One of the pharmacies that patients go to, each as likely as the others.
    fn pharmacy_by(&self, mut draw: Draw) -> u32 {
        let all = self.blueprint.destinations;
        let place = (draw.uniform() * f64::from(all)) as u32;
        self.blueprint.destination(place.min(all - 1))
    }

    /// The prescription belongs to another pharmacy from now on.
    fn hand_over(&mut self, slot: u32, to: u32) {
        let from = core::mem::replace(&mut self.pool[slot].site, to);
        let old = &mut self.sites[from as usize];
        old.gone += 1;
        old.in_system -= 1;
        let new = &mut self.sites[to as usize];
        new.moved_in += 1;
        new.in_system += 1;
        self.assert_conservation(from);
        self.assert_conservation(to);
    }

    /// Whether a claim for the prescription would get through from another pharmacy.
    fn would_get_through(&self, slot: u32, site: u32) -> bool {
        let (route, group) = (self.sites[site as usize].route(), self.sites[site as usize].group);
        let payer = self.pool[slot].payer;
        let mut station = self.blueprint.first_hop(route, payer);
        while station != NONE {
            if !self.works_for(station, group) {
                return false;
            }
            station = self.blueprint.next(station, payer);
        }
        true
    }
}
