//! The simulation of one replication: prescriptions through pharmacies, clearinghouses and payers, with and without disruptions.
//!
//! Reading order: [`event`](Event) (what can be scheduled), `prescription`, `world` (the state), `flow` (the life of a prescription), `steady` (claims through services that
//! nothing can disturb), `by_site` (one pharmacy after the other), `room` (services at which nobody waits) and `foresight` (what has to be known beforehand), `blocked` (what leaves the main road), `relocation` (patients who go elsewhere), `orders` and `effects` (what orders and disruptions do), then `recorder`, `pairing`, `recursion` (the path without events) and [`replication`](Workspace).

mod blocked;
mod blueprint;
mod by_site;
mod conservation;
mod course;
mod demand;
mod effects;
mod endings;
mod event;
mod flow;
mod foresight;
mod ledger;
mod metrics;
mod money;
mod observer;
mod orders;
mod pairing;
mod prescription;
mod recorder;
mod recursion;
mod relocation;
mod replication;
mod result;
mod room;
mod shift;
mod steady;
mod world;

pub use crate::scenario::Needs;
pub use blueprint::{Blueprint, Path};
pub use event::{Event, OrderStep, What};
pub use metrics::{METRICS, Metric, NODE_METRICS, NodeMetric, SERIES, SeriesInfo};
pub use observer::{Deaf, Fact, Observer, Supply};
pub(crate) use replication::NOTES;
pub use replication::{NodeInfo, Passed, Plan, Workspace};
pub use result::{GroupDelays, ReplicationResult};
pub(crate) use room::has_room_to_spare;
pub use world::World;
