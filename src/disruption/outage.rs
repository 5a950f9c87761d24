//! A planned outage: what it hits, when, how hard, and how it ends.

use super::{ArrivalRule, InFlight, Target};
use crate::network::GroupId;
use crate::random::SpanLaw;
use crate::units::{Share, Span};

/// One `[[outage]]`.
#[derive(Clone, Debug)]
pub struct Outage {
    /// Unique id.
    pub id: String,
    /// What it hits.
    pub target: Target,
    /// When it begins.
    pub onset: Onset,
    /// Probability that it happens at all in a replication.
    pub probability: Share,
    /// What fails.
    pub mode: Mode,
    /// What becomes of work inside when it begins.
    pub in_flight: InFlight,
    /// What becomes of work that comes while it lasts.
    pub arrivals: ArrivalRule,
    /// Time from the onset until recovery begins; drawn once a replication.
    pub recovery_delay: SpanLaw,
    /// How service comes back, counted from the onset plus `recovery_delay`.
    pub recovery: Recovery,
}

/// When an outage begins.
#[derive(Clone, Debug)]
pub enum Onset {
    /// A fixed time after the start of the run.
    At(Span),
    /// A time drawn once a replication, after the start of the run.
    Random(SpanLaw),
    /// After another outage has begun; never, if that one does not happen.
    After {
        /// Index of the other outage in the scenario's list.
        outage: usize,
        /// Time between the two onsets.
        delay: SpanLaw,
    },
    /// After an attack has led to a disconnection; never, if it does not.
    AfterAttack {
        /// Index of the attack in the scenario's list.
        attack: usize,
        /// Time from the disconnection.
        delay: SpanLaw,
    },
}

/// What fails.
#[derive(Clone, Debug)]
pub enum Mode {
    /// All work stops at once.
    HardStop,
    /// Work inside is finished; nothing new is taken.
    Drain,
    /// Service goes on at this share of its capacity.
    Degrade(Share),
    /// Each passage takes this much longer.
    Latency(SpanLaw),
    /// Each claim is turned away with this probability.
    Reject(Share),
}

/// How service comes back.
#[derive(Clone, Debug)]
pub enum Recovery {
    /// All at once.
    AtOnce,
    /// Capacity grows in a straight line (in steps of 1 %) from 0 at `start` to all at `end`.
    Ramp {
        /// Begin of the ramp.
        start: Span,
        /// End of the ramp.
        end: Span,
    },
    /// In stages, each for some of the pharmacies.
    Stages(Vec<Stage>),
    /// Not within the run.
    Never,
}

/// One stage of a recovery.
#[derive(Clone, Debug)]
pub struct Stage {
    /// When, after recovery begins.
    pub after: SpanLaw,
    /// Share of the normal capacity from then on.
    pub capacity: Share,
    /// The pharmacies that are served again from then on, in addition to those of earlier stages.
    pub who: Vec<GroupId>,
}
