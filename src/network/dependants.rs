//! Who goes down with a platform.

use petgraph::algo::toposort;
use petgraph::graph::DiGraph;

use super::{GroupId, Network, Platform, PlatformId, ServiceId};

impl Network {
    /// Every service and pharmacy group that depends on one of `platforms`, directly or through other platforms, in index order.
    #[must_use]
    pub fn dependants(&self, platforms: &[PlatformId]) -> (Vec<ServiceId>, Vec<GroupId>) {
        let mut down = vec![false; self.platforms.len()];
        for platform in platforms {
            down[usize::from(platform.0)] = true;
        }
        // Each pass takes at least one more platform down or is the last.
        loop {
            let mut changed = false;
            for (index, platform) in self.platforms.iter().enumerate() {
                if !down[index] && platform.depends_on.iter().any(|below| down[usize::from(below.0)]) {
                    down[index] = true;
                    changed = true;
                }
            }
            if !changed {
                break;
            }
        }
        let hit = |depends_on: &[PlatformId]| depends_on.iter().any(|platform| down[usize::from(platform.0)]);
        let services = (0..self.services.len()).filter(|&i| hit(&self.services[i].depends_on)).map(|i| ServiceId(i as u16));
        let groups = (0..self.pharmacies.len()).filter(|&i| hit(&self.pharmacies[i].depends_on)).map(|i| GroupId(i as u32));
        (services.collect(), groups.collect())
    }
}

/// A platform that depends on itself by way of others, if there is one: it could never come up.
#[must_use]
pub fn platform_in_a_circle(platforms: &[Platform]) -> Option<PlatformId> {
    let mut graph = DiGraph::<(), ()>::new();
    let nodes: Vec<_> = platforms.iter().map(|_| graph.add_node(())).collect();
    for (platform, &node) in platforms.iter().zip(&nodes) {
        for below in &platform.depends_on {
            graph.add_edge(nodes[usize::from(below.0)], node, ());
        }
    }
    toposort(&graph, None).err().map(|circle| PlatformId(circle.node_id().index() as u16))
}
