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

/// A scheduled event: `Copy` and small. One that names a slot also carries a stamp; if the prescription has moved on meanwhile, the stamps
/// differ and the event is ignored.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Event {
    /// The next prescription is requested at a site.
    Request {
        /// Where.
        site: u32,
    },
    /// Service at a station ends.
    ServiceEnd {
        /// Which prescription.
        slot: u32,
        /// Its stamp.
        stamp: u32,
    },
    /// The latency behind a station is over: on to the next hop.
    HopEnd {
        /// Which prescription.
        slot: u32,
        /// Its stamp.
        stamp: u32,
    },
    /// A pause is over: a retry, a patient's return, an answer from outside.
    Wake {
        /// Which prescription.
        slot: u32,
        /// Its stamp.
        stamp: u32,
    },
    /// The pharmacy stops waiting for the answer to a claim.
    TimeOut {
        /// Which prescription.
        slot: u32,
        /// The stamp of the submission.
        stamp: u32,
    },
    /// A patient in line stops waiting.
    PatienceEnd {
        /// Which prescription.
        slot: u32,
        /// Its stamp.
        stamp: u32,
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
}

const _: () = assert!(size_of::<Event>() <= 16, "events move about in the calendar: they must stay small");
const _: () = assert!(size_of::<(SimTime, u64, Event)>() <= 32, "a calendar entry is half a cache line");
