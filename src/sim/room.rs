//! Services with room to spare: one of many servers, of which all are hardly ever busy. Nobody waits there, so that each claim goes through by itself, and a
//! site goes on through it without waiting for what other sites send ([`by_site`](super::by_site)).
//!
//! That nobody waits is taken for granted for a stretch, and made sure of at its end: the most that were at the service at once are counted from when each
//! came and went, in any order. If they were more than there are servers, what has been simulated is wrong, and the replication begins anew, with the service
//! not taken for granted around that time. So the results are always those of going step by step; only how long they take depends on how well it was guessed
//! where there is room.

use super::blueprint::{StationKind, stretched};
use super::event::Event;
use super::observer::Observer;
use super::prescription::Stage;
use super::world::World;
use crate::engine::Calendar;

use crate::stats::Peaks;
use crate::units::{SimTime, Span};

/// With fewer servers all of them are busy too often.
const FEWEST_SERVERS: u32 = 16;

/// After more than this share of the servers were busy at once, or all were, a service is not taken for granted for a while.
const CROWDED: f64 = 0.75;
const CROWDED_FOR: Span = Span::from_micros(25 * Span::HOUR.micros());

/// Guessed wrong so many times in a replication, a service is not taken for granted any more.
const MOST_MISTAKES: u32 = 3;

/// A service of many servers.
#[derive(Clone, Copy, Debug)]
struct Room {
    servers: u32,
    /// In this stretch it is taken for granted that nobody waits.
    is_granted: bool,
    /// Most that were there at once in this stretch, where claims come step by step.
    seen: u32,
    /// It was crowded not long before: until then claims go step by step.
    crowded_until: SimTime,
}

/// It turned out that somebody would have had to wait at a service.
#[derive(Clone, Copy, Debug)]
struct Mistake {
    service: u32,
    from: SimTime,
    until: SimTime,
}

/// What is known of services with room to spare.
#[derive(Debug, Default)]
pub(super) struct Rooms {
    /// By service; `None` for those that are never taken for granted.
    by_service: Vec<Option<Room>>,
    peaks: Peaks,
    levels: Vec<u64>,
    highest: Vec<u64>,
    /// When the stretch began.
    since: SimTime,
    mistakes: Vec<Mistake>,
    /// One has been found in this attempt.
    has_failed: bool,
}

impl Rooms {
    /// A new replication: nothing is known.
    pub(super) fn forget(&mut self) {
        self.mistakes.clear();
    }

    /// A claim has come to a service step by step: so many are there now.
    #[inline]
    pub(super) fn sees(&mut self, service: u32, at_once: u32) {
        if let Some(room) = &mut self.by_service[service as usize] {
            room.seen = room.seen.max(at_once);
        }
    }

    /// A disruption begins, changes or ends: what comes to services now may be more than ever before, at the same hour of the next day, too.
    pub(super) fn disturb(&mut self, now: SimTime) {
        for room in self.by_service.iter_mut().flatten() {
            room.crowded_until = room.crowded_until.max(now + CROWDED_FOR);
        }
    }

    /// From now on nothing is taken for granted.
    pub(super) fn close(&mut self) {
        self.by_service.clear();
    }

    /// Somebody has come to a service where it was taken for granted that nobody waits, or has gone.
    #[inline]
    pub(super) fn changes(&mut self, now: SimTime, service: u32, comes: bool) {
        if self.is_granted(service) {
            self.peaks.change(now.since(self.since).micros(), service, comes);
        }
    }

    #[inline]
    fn is_granted(&self, service: u32) -> bool {
        self.by_service.get(service as usize).is_some_and(|room| room.is_some_and(|room| room.is_granted))
    }

    fn was_mistaken(&self, service: u32, since: SimTime, end: SimTime) -> bool {
        self.mistakes.iter().any(|mistake| mistake.service == service && mistake.from < end && since < mistake.until)
    }
}

impl<O: Observer> World<'_, O> {
    /// Begins an attempt at a replication.
    pub(super) fn begin_rooms(&mut self) {
        let blueprint = self.blueprint;
        self.rooms.has_failed = false;
        self.rooms.since = SimTime::ZERO;
        self.rooms.by_service.clear();
        self.rooms.by_service.extend(blueprint.shared.iter().map(|plan| {
            let has_many = (FEWEST_SERVERS..u32::MAX).contains(&plan.servers) && plan.kind != StationKind::Prescribing;
            let room = Room { servers: plan.servers, is_granted: false, seen: 0, crowded_until: SimTime::ZERO };
            (has_many && plan.service.is_some()).then_some(room)
        }));
    }

    /// Begins a stretch in which sites are advanced one after the other: at which services is it taken for granted that nobody waits?
    pub(super) fn grant_rooms(&mut self, now: SimTime, end: SimTime) {
        self.rooms.since = now;
        self.rooms.levels.clear();
        self.rooms.highest.clear();
        for index in 0..self.rooms.by_service.len() as u32 {
            let station = &self.stations[index as usize];
            let is_mistaken = self.rooms.was_mistaken(index, now, end);
            let (mut level, mut enough) = (0, 0);
            if let Some(room) = &mut self.rooms.by_service[index as usize] {
                enough = (f64::from(room.servers) * CROWDED) as u32;
                if station.waiting > 0 || station.busy > enough {
                    room.crowded_until = now + CROWDED_FOR;
                }
                room.seen = 0;
                room.is_granted = station.can_begin() && room.crowded_until <= now && !is_mistaken;
                level = station.busy;
            }
            self.rooms.levels.push(level.into());
            self.rooms.highest.push(enough.into());
        }
    }

    /// The stretch is over: did nobody have to wait where that was taken for granted?
    pub(super) fn settle_rooms(&mut self, now: SimTime) {
        let rooms = &mut self.rooms;
        rooms.peaks.settle(now.since(rooms.since).micros(), &mut rooms.levels, &mut rooms.highest);
        for (index, room) in (0..).zip(&mut rooms.by_service) {
            let Some(room) = room else { continue };
            let highest = rooms.highest[index as usize].max(room.seen.into());
            if room.is_granted && highest > u64::from(room.servers) {
                rooms.has_failed = true;
                let times = rooms.mistakes.iter().filter(|mistake| mistake.service == index).count() as u32;
                let until = if times + 1 < MOST_MISTAKES { now + CROWDED_FOR } else { SimTime::NEVER };
                rooms.mistakes.push(Mistake { service: index, from: rooms.since, until });
            } else if highest as f64 > f64::from(room.servers) * CROWDED {
                room.crowded_until = now + CROWDED_FOR;
            }
        }
    }

    /// What has been simulated is wrong: the replication has to begin anew.
    pub(super) fn has_to_begin_anew(&self) -> bool {
        self.rooms.has_failed
    }

    /// A claim goes through a service where nobody waits, to the end of the way that is known; false if it has to come to the service by the calendar.
    #[inline]
    pub(super) fn goes_through(&mut self, now: SimTime, slot: u32, index: u32, calendar: &mut Calendar<Event>) -> bool {
        if !self.rooms.is_granted(index) || self.pool[slot].stage != Stage::Claim {
            return false;
        }
        self.pool[slot].station = index;
        let Some(work) = self.service_time(slot, index) else { return false };
        let end = now + stretched(work, 1.0 / self.stations[index as usize].speed);
        if end >= self.stretch_end || !self.is_heard_at(slot, end) {
            return false;
        }
        self.observer.busy_changed(now, index, 1);
        self.observer.busy_changed(end, index, -1);
        self.rooms.changes(now, index, true);
        self.rooms.changes(end, index, false);
        self.observer.served(end, index);
        self.pass(now, end, slot, index, calendar);
        true
    }
}
