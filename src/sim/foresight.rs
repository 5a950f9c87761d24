//! Requests that are known before they come: those at pharmacies that patients have left for good.
//!
//! Such a request may be that of a patient who goes to another pharmacy now, and it is there at once. While pharmacies are advanced one after the other
//! ([`by_site`](super::by_site)) the other one may be ahead of the pharmacy that was left. But demand does not depend on what happens: so all requests of a
//! stretch are found, at the pharmacies that patients have left, before any pharmacy is taken along it. Who leaves does so on arrival at another
//! pharmacy, no sooner than a stretch later, so that the number of those who have left is known as well.

use core::cmp::Reverse;
use std::collections::BinaryHeap;

use super::event::{Event, What, full_ordinal};
use super::observer::Observer;
use super::world::World;
use crate::engine::Calendar;
use crate::units::{SimTime, Span};

/// Who leaves, and which pharmacies have been left.
#[derive(Debug, Default)]
pub(super) struct Foresight {
    /// When a patient will have left which pharmacy.
    leaving: BinaryHeap<Reverse<(SimTime, u32)>>,
    /// Those of the stretch, by pharmacy and time.
    due: Vec<(u32, SimTime)>,
    /// Pharmacies whose requests are foreseen.
    sites: Vec<u32>,
}

impl Foresight {
    pub(super) fn clear(&mut self) {
        self.leaving.clear();
        self.due.clear();
        self.sites.clear();
    }

    pub(super) fn will_leave(&mut self, home: u32, time: SimTime) {
        self.leaving.push(Reverse((time, home)));
    }

    /// Finds out who leaves before `end`.
    fn look_ahead(&mut self, end: SimTime) {
        self.due.clear();
        while let Some(&Reverse((time, home))) = self.leaving.peek().filter(|Reverse((time, _))| *time < end) {
            self.leaving.pop();
            self.due.push((home, time));
        }
        self.due.sort_unstable();
    }
}

impl<O: Observer> World<'_, O> {
    /// Schedules all requests before `end` at the pharmacies that patients have left for good by then.
    pub(super) fn foresee_requests(&mut self, end: SimTime, calendar: &mut Calendar<Event>) {
        let mut foresight = core::mem::take(&mut self.by_site.foresight);
        foresight.look_ahead(end);
        for &(home, _) in &foresight.due {
            if self.by_site.begin_foresight(home) {
                foresight.sites.push(home);
            }
        }
        for &site in &foresight.sites {
            let first = foresight.due.partition_point(|(home, _)| *home < site);
            let leaving = foresight.due[first..].iter().take_while(|(home, _)| *home == site).map(|(_, time)| *time);
            self.foresee_requests_at(site, end, leaving, calendar);
        }
        self.by_site.foresight = foresight;
    }

    /// The same at one pharmacy, which patients leave at these times.
    fn foresee_requests_at(
        &mut self,
        site: u32,
        end: SimTime,
        leaving: impl Iterator<Item = SimTime>,
        calendar: &mut Calendar<Event>,
    ) {
        let mut leaving = leaving.peekable();
        let mut time = self.by_site.next_request(site);
        while time < end {
            while leaving.next_if(|left| *left <= time).is_some() {
                self.sites[site as usize].patients_lost += 1;
            }
            let ordinal = self.sites[site as usize].ordinal - 1;
            let to = self.goes_elsewhere(site, ordinal).unwrap_or(site);
            self.schedule_at(to, time, What::Foreseen { home: site, ordinal }, calendar);
            time = self.request_after(time, site);
            self.sites[site as usize].ordinal += 1;
            self.draw_gap(site);
        }
        self.by_site.note_request(site, time);
        self.sites[site as usize].patients_lost += leaving.count() as u32;
    }

    /// A request that was foreseen has come: at the pharmacy that is being advanced.
    pub(super) fn request_foreseen(&mut self, now: SimTime, home: u32, ordinal: u32, calendar: &mut Calendar<Event>) {
        let ordinal = full_ordinal(ordinal, self.sites[home as usize].ordinal);
        let elsewhere = Some(self.by_site.visiting()).filter(|&site| site != home);
        let work_ahead = self.begin_entry(home, ordinal).map_or(Span::ZERO, |(law, mut draw)| law.sample(&mut draw));
        self.prescribe(now, home, ordinal, work_ahead, elsewhere, calendar);
    }
}
