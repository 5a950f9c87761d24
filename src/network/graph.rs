//! The network as a graph: who depends on whom.

use std::fmt::Write as _;

use petgraph::dot::{Config, Dot};
use petgraph::graph::DiGraph;
use petgraph::visit::{EdgeRef, IntoNodeReferences};

use super::{Network, Role, Route};

/// A vertex of the graph.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Vertex {
    /// Id in the scenario.
    pub id: String,
    /// Role: `pharmacy`, `prescribing_network`, `clearinghouse`, `payer` or `platform`.
    pub role: &'static str,
    /// Number of sites, for pharmacies.
    pub sites: Option<u32>,
}

/// What an edge means: the first needs the second.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum EdgeKind {
    /// New prescriptions come this way.
    Prescribing,
    /// Claims leave this way.
    Primary,
    /// Claims leave this way when the primary way is shut.
    Standby,
    /// Sites without a standby sign up here when the primary way is shut.
    Reroute,
    /// Claims go straight to the payer.
    Direct,
    /// Claims are passed on this way.
    Reaches,
    /// Claims are forwarded to another clearinghouse.
    Forwards,
    /// It is up only while the other is.
    DependsOn,
}

impl EdgeKind {
    /// The word that legends use.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Prescribing => "prescribing",
            Self::Primary => "primary",
            Self::Standby => "standby",
            Self::Reroute => "reroute",
            Self::Direct => "direct",
            Self::Reaches => "reaches",
            Self::Forwards => "forwards",
            Self::DependsOn => "depends on",
        }
    }
}

/// An edge of the graph.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Edge {
    /// What it means.
    pub kind: EdgeKind,
    /// Share of the sites, where it is one.
    pub share: Option<f64>,
}

/// Vertices and edges of a network, in a fixed order, as plain data.
#[derive(Clone, PartialEq, Debug)]
pub struct Picture {
    /// Vertices.
    pub vertices: Vec<Vertex>,
    /// Edges, from and to by index.
    pub edges: Vec<(usize, usize, Edge)>,
    /// The same in the DOT language of Graphviz.
    pub dot: String,
}

impl Network {
    /// The network as a picture's data.
    #[must_use]
    pub fn picture(&self) -> Picture {
        let graph = self.graph();
        let attributes = |_: &DiGraph<Vertex, Edge>, edge: petgraph::graph::EdgeReference<'_, Edge>| {
            let style = match edge.weight().kind {
                EdgeKind::Standby => "dashed",
                EdgeKind::DependsOn | EdgeKind::Reroute => "dotted",
                _ => "solid",
            };
            let share = edge.weight().share.map(|share| format!(" {:.0} %", share * 100.0)).unwrap_or_default();
            format!("label=\"{}{share}\", style={style}", edge.weight().kind.name())
        };
        let vertex = |_: &DiGraph<Vertex, Edge>, (_, vertex): (petgraph::graph::NodeIndex, &Vertex)| {
            let sites =
                vertex.sites.map(|sites| format!("\\n{sites} {}", if sites == 1 { "site" } else { "sites" })).unwrap_or_default();
            format!("label=\"{}\\n{}{sites}\", shape=box", vertex.id, vertex.role)
        };
        let config = [Config::NodeNoLabel, Config::EdgeNoLabel];
        let mut dot = String::new();
        let _ = write!(dot, "{:?}", Dot::with_attr_getters(&graph, &config, &attributes, &vertex));
        Picture {
            vertices: graph.node_references().map(|(_, vertex)| vertex.clone()).collect(),
            edges: graph.edge_references().map(|e| (e.source().index(), e.target().index(), *e.weight())).collect(),
            dot,
        }
    }

    /// The network as a graph: pharmacy groups, then services, then platforms.
    fn graph(&self) -> DiGraph<Vertex, Edge> {
        let mut graph = DiGraph::new();
        let vertex = |id: &str, role, sites| Vertex { id: id.to_owned(), role, sites };
        let pharmacies: Vec<_> =
            self.pharmacies.iter().map(|g| graph.add_node(vertex(&g.id, "pharmacy", Some(g.sites)))).collect();
        let services: Vec<_> = self.services.iter().map(|s| graph.add_node(vertex(&s.id, s.role.name(), None))).collect();
        let platforms: Vec<_> = self.platforms.iter().map(|p| graph.add_node(vertex(&p.id, "platform", None))).collect();
        let edge = |kind, share| Edge { kind, share };

        for (group, &from) in self.pharmacies.iter().zip(&pharmacies) {
            for (network, share) in &group.prescribing {
                graph.add_edge(from, services[usize::from(network.0)], edge(EdgeKind::Prescribing, Some(share.value())));
            }
            for (route, share) in &group.routes {
                match route {
                    Route::Clearinghouse(id) => {
                        graph.add_edge(from, services[usize::from(id.0)], edge(EdgeKind::Primary, Some(share.value())));
                    }
                    Route::Direct => {
                        for (payer, _) in &group.payers {
                            graph.add_edge(from, services[usize::from(payer.0)], edge(EdgeKind::Direct, Some(share.value())));
                        }
                    }
                }
            }
            for to in group.standby.iter().flat_map(|standby| &standby.to) {
                let share = group.standby.as_ref().map(|standby| standby.share.value());
                graph.add_edge(from, services[usize::from(to.0)], edge(EdgeKind::Standby, share));
            }
            for to in group.reroute.iter().flat_map(|reroute| &reroute.to) {
                graph.add_edge(from, services[usize::from(to.0)], edge(EdgeKind::Reroute, None));
            }
            for platform in &group.depends_on {
                graph.add_edge(from, platforms[usize::from(platform.0)], edge(EdgeKind::DependsOn, None));
            }
        }
        for link in &self.links {
            let (from, to) = (services[usize::from(link.from.0)], services[usize::from(link.to.0)]);
            let forwards = self.services[usize::from(link.to.0)].role == Role::Clearinghouse;
            graph.add_edge(from, to, edge(if forwards { EdgeKind::Forwards } else { EdgeKind::Reaches }, None));
        }
        let dependants = self.services.iter().map(|s| &s.depends_on).zip(&services);
        for (depends_on, &from) in dependants.chain(self.platforms.iter().map(|p| &p.depends_on).zip(&platforms)) {
            for platform in depends_on {
                graph.add_edge(from, platforms[usize::from(platform.0)], edge(EdgeKind::DependsOn, None));
            }
        }
        graph
    }
}
