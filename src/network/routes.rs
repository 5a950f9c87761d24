//! Routing tables: which connection a claim takes next.

use std::collections::VecDeque;

use petgraph::Direction;
use petgraph::graph::{DiGraph, NodeIndex};
use petgraph::visit::EdgeRef;

use super::{GroupId, LinkId, Network, PharmacyGroup, Role, Route, ServiceId};

/// For each service and payer the link that leads there by the fewest hops; among equals the one declared first.
#[derive(Clone, Debug)]
pub struct Routes {
    next: Vec<Option<LinkId>>,
    services: usize,
}

impl Routes {
    /// Compiles the links of a network, once, before any run.
    ///
    /// # Cost
    /// One breadth-first search for each payer.
    ///
    /// # Panics
    /// With more links than a [`LinkId`] can number, which no scenario can have.
    #[must_use]
    pub fn compile(network: &Network) -> Self {
        let mut graph: DiGraph<(), LinkId> = DiGraph::with_capacity(network.services.len(), network.links.len());
        for _ in &network.services {
            graph.add_node(());
        }
        for (index, link) in network.links.iter().enumerate() {
            let (from, to) = (NodeIndex::new(link.from.0.into()), NodeIndex::new(link.to.0.into()));
            graph.add_edge(from, to, LinkId(u16::try_from(index).expect("the scenario bounds the number of links")));
        }
        let services = network.services.len();
        let mut next = vec![None; services * services];
        for (payer, _) in network.services.iter().enumerate().filter(|(_, service)| service.role == Role::Payer) {
            let mut reached = vec![false; services];
            reached[payer] = true;
            let mut frontier = VecDeque::from([NodeIndex::new(payer)]);
            while let Some(node) = frontier.pop_front() {
                let mut incoming: Vec<_> =
                    graph.edges_directed(node, Direction::Incoming).map(|edge| (*edge.weight(), edge.source())).collect();
                incoming.sort_unstable();
                for (link, from) in incoming {
                    if !reached[from.index()] {
                        reached[from.index()] = true;
                        next[from.index() * services + payer] = Some(link);
                        frontier.push_back(from);
                    }
                }
            }
        }
        Self { next, services }
    }

    /// The link that a claim for `payer` takes from `service`; `None` if there is no way.
    #[must_use]
    pub fn next(&self, service: ServiceId, payer: ServiceId) -> Option<LinkId> {
        self.next[usize::from(service.0) * self.services + usize::from(payer.0)]
    }
}

/// The payers that a group's patients have.
fn served(group: &PharmacyGroup) -> impl Iterator<Item = ServiceId> {
    group.payers.iter().filter(|(_, share)| share.value() > 0.0).map(|&(payer, _)| payer)
}

impl Network {
    /// Every pharmacy group, route and payer between which no claim can pass: an error in a scenario. Where patients move, every
    /// pharmacy has to reach the payers of all.
    #[must_use]
    pub fn unreachable(&self, patients_move: bool) -> Vec<(GroupId, Route, ServiceId)> {
        let routes = Routes::compile(self);
        let mut missing = Vec::new();
        for (index, group) in self.pharmacies.iter().enumerate() {
            let second =
                group.standby.iter().flat_map(|standby| &standby.to).chain(group.reroute.iter().flat_map(|reroute| &reroute.to));
            let primary = group.routes.iter().filter(|(_, share)| share.value() > 0.0).map(|&(route, _)| route);
            let mut seen: Vec<ServiceId> = Vec::new();
            for route in primary.chain(second.map(|&to| Route::Clearinghouse(to))) {
                let Route::Clearinghouse(clearinghouse) = route else { continue };
                if seen.contains(&clearinghouse) {
                    continue;
                }
                seen.push(clearinghouse);
                let mut payers: Vec<ServiceId> = served(group).chain(self.secondary.iter().copied()).collect();
                if patients_move {
                    payers.extend(self.pharmacies.iter().flat_map(served));
                    payers.sort_unstable_by_key(|payer| payer.0);
                    payers.dedup();
                }
                for payer in payers {
                    if routes.next(clearinghouse, payer).is_none() {
                        missing.push((GroupId(index as u32), route, payer));
                    }
                }
            }
        }
        missing
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::{Capacity, Service, ServiceLink};

    fn service(id: &str, role: Role) -> Service {
        Service {
            id: id.into(),
            role,
            attributes: Vec::new(),
            capacity: Capacity::Unlimited,
            latency: None,
            onboarding: None,
            depends_on: Vec::new(),
        }
    }

    #[test]
    fn claims_take_the_fewest_hops_and_forwarding_where_there_is_no_other_way() {
        let link = |from, to| ServiceLink { from: ServiceId(from), to: ServiceId(to), latency: None };
        let network = Network {
            services: vec![
                service("a", Role::Clearinghouse),
                service("b", Role::Clearinghouse),
                service("p", Role::Payer),
                service("q", Role::Payer),
            ],
            secondary: Vec::new(),
            links: vec![link(0, 1), link(0, 2), link(1, 2), link(1, 3)],
            ..Network::default()
        };
        let routes = Routes::compile(&network);
        assert_eq!(routes.next(ServiceId(0), ServiceId(2)), Some(LinkId(1)), "straight to p");
        assert_eq!(routes.next(ServiceId(0), ServiceId(3)), Some(LinkId(0)), "through b to q");
        assert_eq!(routes.next(ServiceId(1), ServiceId(3)), Some(LinkId(3)));
        assert_eq!(routes.next(ServiceId(2), ServiceId(3)), None, "payers do not forward");
    }
}
