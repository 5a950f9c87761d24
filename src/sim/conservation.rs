//! Nothing is made or lost: at each node and in all, after every event, in builds with assertions. A release build counts and checks nothing.

use super::event::Event;
use super::observer::Observer;
use super::prescription::{NONE, Phase, Stage};
use super::world::World;
use crate::units::SimTime;

impl<O: Observer> World<'_, O> {
    /// Something has changed at a station: it is looked at when the event is over.
    #[inline]
    pub(crate) fn touch(&mut self, station: u32) {
        if cfg!(debug_assertions) {
            self.touched.push(station);
        }
    }

    /// Work has come to a station, to be served or to wait.
    #[inline]
    pub(crate) fn count_in(&mut self, station: u32) {
        if cfg!(debug_assertions) {
            self.stations[station as usize].inside += 1;
            self.touch(station);
        }
    }

    /// Work has gone from a station, served or not.
    #[inline]
    pub(crate) fn count_out(&mut self, station: u32) {
        if cfg!(debug_assertions) {
            self.stations[station as usize].inside -= 1;
            self.touch(station);
        }
    }

    /// Requested + moved in = gone + in system, at the site that has just changed.
    #[inline]
    pub(crate) fn assert_conservation(&self, site: u32) {
        let site = &self.sites[site as usize];
        debug_assert_eq!(
            site.requested + site.moved_in,
            site.gone + u64::from(site.in_system),
            "prescriptions are neither made nor lost at a site"
        );
    }

    /// After an event: in all, and at each station that it has touched.
    #[inline]
    pub(crate) fn assert_nothing_lost(&mut self, now: SimTime, event: Event) {
        if !cfg!(debug_assertions) {
            return;
        }
        debug_assert_eq!(
            self.balance.requested + self.balance.unsettled + self.balance.lingering,
            self.balance.ready + self.balance.gave_up + u64::from(self.pool.live()),
            "prescriptions are neither made nor lost at {now:?} in {event:?}"
        );
        let mut touched = core::mem::take(&mut self.touched);
        for index in touched.drain(..) {
            self.assert_station(index, now, event);
        }
        self.touched = touched;
    }

    /// Came - went = in service + in line, and the lists hold something where the counts say so.
    fn assert_station(&self, index: u32, now: SimTime, event: Event) {
        let station = &self.stations[index as usize];
        let inside = u64::from(station.busy) + u64::from(station.waiting);
        assert_eq!(station.inside, inside, "work is neither made nor lost at station {index} at {now:?} in {event:?}");
        let first = station.first_line as usize;
        let in_line = self.lines[first..first + usize::from(station.levels)].iter().any(|line| !line.is_empty());
        assert_eq!(station.waiting > 0, in_line, "lines and count at station {index} at {now:?} in {event:?}");
        let listed = station.is_listed && station.busy > self.served_ahead(index);
        assert_eq!(listed, !station.serving.is_empty(), "service and count at station {index} at {now:?} in {event:?}");
        assert!(station.busy <= station.servers, "no more in service than servers at station {index} at {now:?} in {event:?}");
        if let Some(site) = index.checked_sub(self.blueprint.places.site(0)) {
            self.assert_conservation(site);
        }
    }

    /// Checks every count against the prescriptions themselves. A full scan, for tests.
    ///
    /// # Panics
    /// If a count is wrong: a programmer's error.
    pub fn assert_consistent(&self) {
        let mut in_system = vec![0u32; self.sites.len()];
        let mut busy = vec![0u32; self.stations.len()];
        let mut waiting = vec![0u32; self.stations.len()];
        let (mut unsettled, mut lingering, mut held) = (0, 0, 0);
        for prescription in self.pool.iter() {
            if !prescription.dispensed && !prescription.lingering {
                in_system[prescription.site as usize] += 1;
            }
            unsettled += u64::from(prescription.dispensed && !prescription.lingering);
            lingering += u64::from(prescription.lingering);
            held += u64::from(prescription.stage == Stage::Held);
            match prescription.phase {
                Phase::InService => busy[prescription.station as usize] += 1,
                Phase::InLine => waiting[prescription.station as usize] += 1,
                Phase::InPassage | Phase::Elsewhere => {}
            }
        }
        assert_eq!(self.balance.unsettled, unsettled, "dispensed and not settled");
        assert_eq!(self.balance.lingering, lingering, "claims for which nobody waits");
        for (index, site) in self.sites.iter().enumerate() {
            assert_eq!(site.in_system, in_system[index], "the count of site {index} is that of its prescriptions");
            assert_eq!(site.requested + site.moved_in, site.gone + u64::from(site.in_system), "conservation at site {index}");
            site.held.assert_linked(&self.pool);
            let mut slot = site.held.head();
            while slot != NONE {
                let prescription = &self.pool[slot];
                assert!(prescription.stage == Stage::Held && prescription.site == index as u32, "the held list of site {index}");
                held -= 1;
                slot = prescription.next;
            }
        }
        assert_eq!(held, 0, "what is held is on a held list");
        self.assert_ties();
        for (index, station) in self.stations.iter().enumerate() {
            assert_eq!(station.busy, busy[index], "number in service at station {index}");
            assert_eq!(station.waiting, waiting[index], "number in line at station {index}");
            assert!(station.busy <= station.servers, "no more in service than servers at station {index}");
            let lines = station.first_line as usize..station.first_line as usize + usize::from(station.levels);
            let in_lines: u32 = self.lines[lines].iter().map(|line| line.assert_linked(&self.pool)).sum();
            assert_eq!(station.waiting, in_lines, "those in line at station {index} are in its lines");
            let served = station.serving.assert_linked(&self.pool);
            assert_eq!(
                served,
                if station.is_listed { station.busy } else { 0 },
                "those in service at station {index} are on its list"
            );
        }
    }
}
