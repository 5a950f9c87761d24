//! Who is connected to whom.

mod dependants;
mod graph;
mod node;
mod routes;

pub use dependants::platform_in_a_circle;
pub use graph::{Edge, EdgeKind, Picture, Vertex};
pub use node::{
    Capacity, Demand, GroupId, Hours, LinkId, PharmacyGroup, Platform, PlatformId, Reroute, Role, Route, Service, ServiceId,
    ServiceLink, Staffing, Standby,
};
pub use routes::Routes;

/// The whole network. Nodes and links are never removed; they go down and come up.
#[derive(Clone, Debug, Default)]
pub struct Network {
    /// Groups of like pharmacies.
    pub pharmacies: Vec<PharmacyGroup>,
    /// Prescribing networks, clearinghouses and payers.
    pub services: Vec<Service>,
    /// Platforms beneath them.
    pub platforms: Vec<Platform>,
    /// Connections between services: every pair that claims can take.
    pub links: Vec<ServiceLink>,
    /// Payers of secondary claims, which come from every pharmacy.
    pub secondary: Vec<ServiceId>,
}
