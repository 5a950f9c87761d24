//! What goes wrong.

mod attack;
mod failure;
mod outage;
mod timeline;

pub use attack::{Attack, Exposure, MOST_ATTACKS};
pub use failure::Failure;
pub use outage::{Mode, Onset, Outage, Recovery, Stage};
pub use timeline::{Condition, Effect, Openness, Places, Restoration, Timeline};

use crate::network::{GroupId, LinkId, PlatformId, ServiceId};

/// What a disruption hits, resolved from a selector; never empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Target {
    /// Services named by the selector.
    pub services: Vec<ServiceId>,
    /// Links named by the selector.
    pub links: Vec<LinkId>,
    /// Pharmacy groups named by the selector.
    pub pharmacies: Vec<GroupId>,
    /// Platforms named by the selector: all that depends on them goes down with them.
    pub platforms: Vec<PlatformId>,
}

/// What becomes of work inside a node when it fails.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum InFlight {
    /// A claim vanishes: its sender learns by time-out only. Not for pharmacies and prescribing networks.
    Lost,
    /// It rests where it is and goes on where it stopped.
    Frozen,
    /// It goes back to its sender at once, who decides anew; staff work starts over.
    Resubmit,
}

/// What becomes of work that comes to a failed node.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ArrivalRule {
    /// It is turned away at once. Not for pharmacies and prescribing networks, where it always queues.
    Refuse,
    /// It waits in line until service is back.
    Queue,
}
