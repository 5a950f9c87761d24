//! Services with room to spare: one of many servers, of which all are hardly ever busy. Nobody waits there, so that each claim goes through by itself, and a
//! site goes on through it without waiting for what other sites send ([`by_site`](super::by_site)).
//!
//! That nobody waits is taken for granted for a stretch, and made sure of at its end: the most that were at the service at once are counted from when each
//! came and went, in any order. If they were more than there are servers, what has been simulated is wrong, and the replication begins anew, with nothing taken
//! for granted around that time. So the results are always those of going step by step; only how long they take depends on how well it was guessed where there
//! is room.

use super::blueprint::{StationKind, stretched};
use super::event::Event;
use super::observer::Observer;
use super::prescription::Stage;
use super::world::{Station, World};
use crate::engine::Calendar;
use crate::network::Capacity;
use crate::stats::Peaks;
use crate::units::{SimTime, Span};

/// With fewer servers all of them are busy too often.
const FEWEST_SERVERS: u32 = 16;

/// A service is crowded if more than this share of its servers are busy at once, or somebody waits. What brings that about, as the doors that open on what has
/// piled up, comes again at that hour, and to other services: for some days none is taken for granted an hour before and after.
const CROWDED: f64 = 0.75;
const REMEMBERED: Span = Span::from_micros(4 * Span::DAY.micros());
const HOURS: usize = 24;

/// So long none is taken for granted after a disruption: until every hour of the day has come once.
const DISTURBED_FOR: Span = Span::from_micros(25 * Span::HOUR.micros());

/// Guessed wrong so many times in a replication, nothing is taken for granted any more.
const MOST_MISTAKES: usize = 3;

/// A service of many servers.
#[derive(Clone, Copy, Debug)]
struct Room {
    servers: u32,
    /// In this stretch it is taken for granted that nobody waits.
    is_granted: bool,
    /// Most that were there at once in this stretch, where claims come step by step.
    seen: u32,
}

impl Room {
    /// With more than so many busy at once it is crowded.
    fn most_busy(&self) -> u32 {
        (f64::from(self.servers) * CROWDED) as u32
    }
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
    /// By hour of the day, up to when no service is taken for granted then, because one was crowded.
    crowded_until: [SimTime; HOURS],
    /// Up to when none is at any hour, because of a disruption.
    disturbed_until: SimTime,
    /// When it turned out, in attempts before this, that somebody would have had to wait: from when on, and up to when, nothing is taken for granted.
    mistakes: Vec<(SimTime, SimTime)>,
    /// It has turned out in this attempt.
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

    /// A disruption begins, ends, or changes by a leap: what comes to services now may be more than ever before, at the same hour of the next day, too.
    pub(super) fn disturb(&mut self, now: SimTime) {
        self.disturbed_until = now + DISTURBED_FOR;
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

    /// A service is or was crowded at a time.
    fn remember(&mut self, time: SimTime) {
        let hour = hour_of(time);
        for hour in [hour + HOURS - 1, hour, hour + 1] {
            self.crowded_until[hour % HOURS] = time + REMEMBERED;
        }
    }

    /// Whether it is to be expected that a service is not crowded in a stretch.
    fn expects_room(&self, since: SimTime, end: SimTime) -> bool {
        let is_mistaken = self.mistakes.iter().any(|&(from, until)| from < end && since < until);
        let is_crowded = [since, end].iter().any(|&time| self.crowded_until[hour_of(time)] > since);
        !is_mistaken && !is_crowded && self.disturbed_until <= since
    }
}

/// Whether a service has so many servers at a scale that it may have room to spare.
pub(crate) fn has_room_to_spare(capacity: &Capacity, scale: f64) -> bool {
    capacity.scaled(scale).is_some_and(|scaled| scaled.servers >= FEWEST_SERVERS)
}

/// The hour of the day, counted from t = 0.
fn hour_of(time: SimTime) -> usize {
    (time.micros() / Span::HOUR.micros()) as usize % HOURS
}

impl<O: Observer> World<'_, O> {
    /// Begins an attempt at a replication.
    pub(super) fn begin_rooms(&mut self) {
        let blueprint = self.blueprint;
        self.rooms.has_failed = false;
        self.rooms.peaks.clear();
        self.rooms.since = SimTime::ZERO;
        self.rooms.crowded_until = [SimTime::ZERO; HOURS];
        self.rooms.disturbed_until = SimTime::ZERO;
        self.rooms.by_service.clear();
        self.rooms.by_service.extend(blueprint.shared.iter().map(|plan| {
            let has_many = (FEWEST_SERVERS..u32::MAX).contains(&plan.servers) && plan.kind != StationKind::Prescribing;
            let room = Room { servers: plan.servers, is_granted: false, seen: 0 };
            (has_many && plan.service.is_some()).then_some(room)
        }));
    }

    /// Begins a stretch in which sites are advanced one after the other: at which services is it taken for granted that nobody waits?
    pub(super) fn grant_rooms(&mut self, now: SimTime, end: SimTime) {
        let rooms = &mut self.rooms;
        rooms.since = now;
        rooms.levels.clear();
        rooms.highest.clear();
        let is_crowded = |(station, room): (&Station, &Option<Room>)| {
            room.is_some_and(|room| station.waiting > 0 || station.busy > room.most_busy())
        };
        if self.stations.iter().zip(&rooms.by_service).any(is_crowded) {
            rooms.remember(now);
        }
        let has_room = rooms.expects_room(now, end);
        for (station, room) in self.stations.iter().zip(&mut rooms.by_service) {
            let mut enough = 0;
            if let Some(room) = room {
                enough = room.most_busy();
                room.seen = 0;
                room.is_granted = has_room && station.can_begin();
            }
            rooms.levels.push(station.busy.into());
            rooms.highest.push(enough.into());
        }
    }

    /// The stretch is over: did nobody have to wait where that was taken for granted?
    pub(super) fn settle_rooms(&mut self, now: SimTime) {
        let rooms = &mut self.rooms;
        let since = rooms.since;
        rooms.peaks.settle(now.since(since).micros(), &mut rooms.levels, &mut rooms.highest);
        let (mut is_crowded, mut is_wrong) = (false, false);
        for (room, highest) in rooms.by_service.iter_mut().zip(&rooms.highest) {
            let Some(room) = room else { continue };
            let highest = (*highest).max(room.seen.into());
            is_crowded |= highest > room.most_busy().into();
            // What disruptions and orders do before the next stretch belongs to neither.
            let was_granted = core::mem::take(&mut room.is_granted);
            is_wrong |= was_granted && highest > room.servers.into();
        }
        if is_crowded {
            rooms.remember(since);
        }
        if is_wrong {
            rooms.has_failed = true;
            let is_last = rooms.mistakes.len() + 1 == MOST_MISTAKES;
            let (from, until) = if is_last { (SimTime::ZERO, SimTime::NEVER) } else { (since, now + DISTURBED_FOR) };
            rooms.mistakes.push((from, until));
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
