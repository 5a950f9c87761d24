//! What can be scheduled.

use crate::units::SimTime;

/// What happens to an order.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum OrderStep {
    /// Its trigger is looked at.
    Watch,
    /// It comes into force.
    Begin,
    /// It pays another week.
    Pay,
    /// It ends.
    End,
}

/// What a scheduled event is. One that names a slot also carries a stamp; if the prescription has moved on meanwhile, the stamps differ and the
/// event is ignored.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum What {
    /// The next prescription is requested at a site.
    Request {
        /// Where.
        site: u32,
    },
    /// Service at a station ends.
    ServiceEnd {
        /// Which prescription.
        slot: u32,
        /// The lower 28 bits of its stamp.
        stamp: u32,
    },
    /// The latency behind a station is over: on to the next hop.
    HopEnd {
        /// Which prescription.
        slot: u32,
        /// The lower 28 bits of its stamp.
        stamp: u32,
    },
    /// A pause is over: a retry, a patient's return, an answer from outside.
    Wake {
        /// Which prescription.
        slot: u32,
        /// The lower 28 bits of its stamp.
        stamp: u32,
    },
    /// The pharmacy stops waiting for the answer to a claim.
    TimeOut {
        /// Which prescription.
        slot: u32,
        /// The lower 28 bits of the stamp of the submission.
        stamp: u32,
    },
    /// A patient in line stops waiting.
    PatienceEnd {
        /// Which prescription.
        slot: u32,
        /// The lower 28 bits of its stamp.
        stamp: u32,
    },
    /// A patient looks for another pharmacy, and asks there whether claims get through.
    Search {
        /// Which prescription.
        slot: u32,
        /// The lower 28 bits of its stamp.
        stamp: u32,
    },
    /// A prescription is requested whose time and place were known before: of a pharmacy that patients have left for good, so that it may be the request of
    /// one of these, at the pharmacy to which he or she goes now.
    Foreseen {
        /// The pharmacy to whose demand it belongs.
        home: u32,
        /// The lower 28 bits of its ordinal there.
        ordinal: u32,
    },
    /// The staff of a group come or go.
    Shift {
        /// Which group.
        group: u32,
    },
    /// A site is ready to be connected to another switch.
    SignUp {
        /// Where.
        site: u32,
        /// Which of the site's failovers; an earlier one is void.
        episode: u32,
    },
    /// A site's second route is ready: its standby switch, or the one that has connected it.
    Failover {
        /// Where.
        site: u32,
        /// Which of the site's failovers; an earlier one is void.
        episode: u32,
    },
    /// A site's manual procedure is organised.
    TrustReady {
        /// Where.
        site: u32,
    },
    /// A site submits the next of the prescriptions that it holds.
    Resubmission {
        /// Where.
        site: u32,
    },
    /// An order: its trigger is looked at, it comes into force, it pays, it ends.
    Order {
        /// Which.
        index: u32,
        /// What happens.
        step: OrderStep,
    },
    /// The next effect of the timeline.
    Effect {
        /// Index in the timeline.
        index: u32,
    },
    /// A service ends whose claim is on its way already, and somebody waits for the server.
    EndOfService {
        /// Where.
        station: u32,
    },
    /// A claim comes to a service where it meets those of other sites.
    Arrival {
        /// Which prescription.
        slot: u32,
        /// The site that waits for the answer, a number of 28 bits.
        site: u32,
    },
    /// A site has something to do that it cannot do ahead of the calendar.
    Visit {
        /// Where.
        site: u32,
    },
}

/// Bits of a stamp, of an episode or of an ordinal that an event carries: after so many changes of one slot within the life of one event they would repeat.
const STAMP_BITS: u32 = 28;

/// Bits of a site that an event carries beside a prescription, in place of a stamp.
pub(crate) const SITE_BITS: u32 = STAMP_BITS;

/// What happens at a site in step with all others has tags between these.
const FIRST_IN_STEP: u64 = 9;
const LAST_IN_STEP: u64 = 11;

/// The part of a stamp that an event carries.
#[inline]
pub(crate) const fn stamp_of_event(stamp: u32) -> u32 {
    stamp & (u32::MAX >> (u32::BITS - STAMP_BITS))
}

/// The ordinal of which an event carries the lower bits: the last one not above `latest` that has these.
#[inline]
pub(crate) const fn full_ordinal(carried: u32, latest: u32) -> u32 {
    latest - stamp_of_event(latest.wrapping_sub(carried))
}

/// A scheduled event, in one word: [`What`] it is, written and read in one go as it moves about in the calendar. (An enumeration is written field by
/// field, and a processor that reads such a thing as a whole right afterwards waits until all of it has reached the cache.)
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Event(u64);

impl From<What> for Event {
    #[inline]
    fn from(what: What) -> Self {
        let (tag, stamp, place) = match what {
            What::Request { site } => (0, 0, site),
            What::ServiceEnd { slot, stamp } => (1, stamp, slot),
            What::HopEnd { slot, stamp } => (2, stamp, slot),
            What::Wake { slot, stamp } => (3, stamp, slot),
            What::TimeOut { slot, stamp } => (4, stamp, slot),
            What::PatienceEnd { slot, stamp } => (5, stamp, slot),
            What::Foreseen { home, ordinal } => (6, ordinal, home),
            What::Arrival { slot, site } => (7, site, slot),
            What::Visit { site } => (8, 0, site),
            What::SignUp { site, episode } => (FIRST_IN_STEP, episode, site),
            What::Failover { site, episode } => (10, episode, site),
            What::Search { slot, stamp } => (LAST_IN_STEP, stamp, slot),
            What::Order { index, step } => (12, step as u32, index),
            What::Shift { group } => (13, 0, group),
            What::TrustReady { site } => (13, 1, site),
            What::Resubmission { site } => (13, 2, site),
            What::EndOfService { station } => (13, 3, station),
            What::Effect { index } => (13, 4, index),
        };
        Self(tag << (u32::BITS + STAMP_BITS) | u64::from(stamp_of_event(stamp)) << u32::BITS | u64::from(place))
    }
}

impl Event {
    /// The prescription, site or whatever else it is about.
    #[inline]
    pub(crate) const fn place(self) -> u32 {
        self.0 as u32
    }

    /// What it is.
    #[inline]
    #[must_use]
    pub const fn what(self) -> What {
        let (place, stamp) = (self.0 as u32, stamp_of_event((self.0 >> u32::BITS) as u32));
        match self.tag() {
            0 => What::Request { site: place },
            1 => What::ServiceEnd { slot: place, stamp },
            2 => What::HopEnd { slot: place, stamp },
            3 => What::Wake { slot: place, stamp },
            4 => What::TimeOut { slot: place, stamp },
            5 => What::PatienceEnd { slot: place, stamp },
            6 => What::Foreseen { home: place, ordinal: stamp },
            7 => What::Arrival { slot: place, site: stamp },
            8 => What::Visit { site: place },
            FIRST_IN_STEP => What::SignUp { site: place, episode: stamp },
            10 => What::Failover { site: place, episode: stamp },
            LAST_IN_STEP => What::Search { slot: place, stamp },
            12 => What::Order {
                index: place,
                step: match stamp {
                    0 => OrderStep::Watch,
                    1 => OrderStep::Begin,
                    2 => OrderStep::Pay,
                    _ => OrderStep::End,
                },
            },
            _ => match stamp {
                0 => What::Shift { group: place },
                1 => What::TrustReady { site: place },
                2 => What::Resubmission { site: place },
                3 => What::EndOfService { station: place },
                _ => What::Effect { index: place },
            },
        }
    }

    /// Whether it concerns more than the site where it happens, so that it has to happen in step with all others.
    #[inline]
    pub(crate) const fn is_in_step(self) -> bool {
        matches!(self.tag(), FIRST_IN_STEP..=LAST_IN_STEP)
    }

    #[inline]
    const fn tag(self) -> u64 {
        self.0 >> (u32::BITS + STAMP_BITS)
    }
}

impl core::fmt::Debug for Event {
    fn fmt(&self, formatter: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        self.what().fmt(formatter)
    }
}

const _: () = assert!(size_of::<(SimTime, u64, Event)>() <= 24, "events move about in the calendar: they must stay small");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_is_what_it_was_made_of() {
        let (place, stamp) = (u32::MAX - 5, stamp_of_event(u32::MAX - 3));
        let steps = [OrderStep::Watch, OrderStep::Begin, OrderStep::Pay, OrderStep::End];
        let all = [
            What::Request { site: place },
            What::ServiceEnd { slot: place, stamp },
            What::HopEnd { slot: place, stamp },
            What::Wake { slot: place, stamp },
            What::TimeOut { slot: place, stamp },
            What::PatienceEnd { slot: place, stamp },
            What::Search { slot: place, stamp },
            What::Foreseen { home: place, ordinal: stamp },
            What::Shift { group: place },
            What::SignUp { site: place, episode: stamp },
            What::Failover { site: place, episode: stamp },
            What::TrustReady { site: place },
            What::Resubmission { site: place },
            What::Effect { index: place },
            What::EndOfService { station: place },
            What::Arrival { slot: place, site: stamp },
            What::Visit { site: place },
        ];
        for what in all.into_iter().chain(steps.map(|step| What::Order { index: place, step })) {
            assert_eq!(Event::from(what).what(), what);
        }
    }

    #[test]
    fn a_stamp_keeps_the_bits_that_change() {
        assert_eq!(
            Event::from(What::Wake { slot: 7, stamp: u32::MAX }).what(),
            What::Wake { slot: 7, stamp: stamp_of_event(u32::MAX) }
        );
        assert_ne!(stamp_of_event(u32::MAX), stamp_of_event(u32::MAX.wrapping_add(1)));
    }

    #[test]
    fn an_ordinal_is_found_by_its_lower_bits() {
        for latest in [0, 1, 70, stamp_of_event(u32::MAX), stamp_of_event(u32::MAX) + 1, 1 << 30, u32::MAX] {
            for ordinal in (0..70).map_while(|back| u32::checked_sub(latest, back)) {
                assert_eq!(full_ordinal(stamp_of_event(ordinal), latest), ordinal);
            }
        }
    }
}
