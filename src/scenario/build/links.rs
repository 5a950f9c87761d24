//! The network as a whole: sections and tables put together.

use super::csv_links::{LinkKind, LinkRow, LinkRows};
use super::csv_nodes::{NodeRow, check_groups};
use super::names::Kind;
use super::services::{Reach, Services};
use super::{Names, pharmacies, services, shares};
use crate::input::{At, Given, Log, Place, Problem, Reader, name_list};
use crate::network::{LinkId, Network, Platform, PlatformId, ServiceId, ServiceLink, platform_in_a_circle};
use crate::random::SpanLaw;
use crate::units::Share;

/// The most services: routes are compiled for every pair.
const MOST_SERVICES: usize = 2_000;

/// The most platforms, and the most links between services.
const MOST: usize = 65_000;

/// Reads everything that makes the network; `None` after a mistake.
pub(super) fn read_network(top: &mut Reader<'_>, names: &Names, rows: &[NodeRow], table: &LinkRows) -> Option<Network> {
    let links = table.rows.as_slice();
    let files = read_files(top);
    check_groups(rows, names, top.log());
    check_size(names, top)?;
    let mut platforms = services::read_platforms(top, names, rows);
    let services = services::read(top, names, rows);
    let shares_fit = services
        .as_ref()
        .filter(|_| !names.is_incomplete(Kind::Payer) && !names.unclear)
        .and_then(|services| check_shares(&services.shares, top));
    let usual: Vec<(ServiceId, Share)> =
        services.iter().flat_map(|services| &services.shares).map(|(id, at)| (*id, at.value)).collect();
    let pharmacies = pharmacies::read(top, names, &usual, table.given || names.is_incomplete(Kind::Pharmacy));
    let latencies = read_latencies(top, names);
    // From here on indices count; with a node missing they would mean others.
    let platforms_there =
        !names.unclear && platforms.as_ref().is_some_and(|platforms| platforms.len() == names.of_kind(Kind::Platform).count());
    if let Some(platforms) = platforms.as_mut().filter(|_| platforms_there) {
        stack(platforms, links);
        check_circles(platforms, names, top.log());
    }
    files?;
    let (platforms, mut services, mut pharmacies) = (platforms?, services?, pharmacies?);
    if !platforms_there || services.services.len() != names.services() {
        return None;
    }
    let connected = pharmacies::add_rows(&mut pharmacies, rows, table, names, top.log());
    // With a link missing, much would seem unused or out of reach that is not.
    if !table.complete || !connected {
        return None;
    }
    for (from, platform) in dependences(links) {
        match from {
            (Kind::Pharmacy | Kind::Platform, _) => {}
            (_, index) => services.services[index as usize].depends_on.push(platform),
        }
    }
    let mut connections = connections(&services, links);
    check_number(connections.len(), top)?;
    apply_latencies(&mut connections, latencies?, names, top.log());
    shares_fit?;
    Some(Network {
        pharmacies: pharmacies.groups,
        services: services.services,
        platforms,
        links: connections,
        secondary: Vec::new(),
    })
}

/// Puts platforms on those beneath them, as the table of connections says.
fn stack(platforms: &mut [Platform], links: &[LinkRow]) {
    for (from, below) in dependences(links) {
        if let (Kind::Platform, above) = from {
            platforms[above as usize].depends_on.push(below);
        }
    }
}

/// What depends on which platform, as the table of connections says.
fn dependences(links: &[LinkRow]) -> impl Iterator<Item = ((Kind, u32), PlatformId)> {
    let rows = links.iter().filter(|link| link.kind == LinkKind::DependsOn);
    rows.filter_map(|link| Some((link.from, PlatformId(link.to? as u16))))
}

/// Platforms do not depend on each other in a circle: none of them could be the first to come up.
fn check_circles(platforms: &[Platform], names: &Names, log: &mut Log) {
    let Some(PlatformId(index)) = platform_in_a_circle(platforms) else { return };
    if let Some(name) = names.of_kind(Kind::Platform).find(|name| name.index == u32::from(index)) {
        let message = format!("the platform `{}` depends on itself, by way of others", name.id);
        log.refuse_at(name.place, message, "a circle", "take one `depends_on` out of the circle");
    }
}

fn read_files(top: &mut Reader<'_>) -> Option<()> {
    let mut network = match top.section("network") {
        Given::Good(network) => network,
        Given::Bad => return None,
        Given::Absent => return Some(()),
    };
    let nodes = network.optional::<String>("nodes", "Table of nodes, beside the sections of this file.").checked();
    let links = network.optional::<String>("links", "Table of connections.").checked();
    network.finish();
    nodes?;
    links?;
    Some(())
}

fn check_size(names: &Names, top: &mut Reader<'_>) -> Option<()> {
    let platforms = names.of_kind(Kind::Platform).count();
    let Some(too_many) = names.all_services().nth(MOST_SERVICES).or_else(|| names.of_kind(Kind::Platform).nth(MOST)) else {
        return Some(());
    };
    let message =
        format!("{} services and {platforms} platforms are too many: at most {MOST_SERVICES} and {MOST}", names.services());
    top.log().refuse(Problem::at(too_many.place, message, "one too many"));
    None
}

fn check_number(connections: usize, top: &mut Reader<'_>) -> Option<()> {
    if connections <= MOST {
        return Some(());
    }
    let message = format!("{connections} connections between services are too many: at most {MOST}");
    let place = top.place();
    top.log().refuse_at(place, message, "", "say with `reaches` which payers a clearinghouse is connected to");
    None
}

/// The payers' own shares sum to 1.
fn check_shares(payers: &[(ServiceId, At<Share>)], top: &mut Reader<'_>) -> Option<()> {
    let Some((_, last)) = payers.last() else { return Some(()) };
    let values: Vec<Share> = payers.iter().map(|(_, at)| at.value).collect();
    shares::sum_to_one(&values, last.place, "[payers]", top.log()).then_some(())
}

/// Every connection that claims can take: clearinghouse by clearinghouse, payers first.
fn connections(services: &Services, rows: &[LinkRow]) -> Vec<ServiceLink> {
    let mut links = Vec::new();
    for Reach { from, payers, forwards } in &services.reaches {
        let own = |kind| {
            rows.iter()
                .filter(move |row| row.kind == kind && row.from.0 == Kind::Clearinghouse && row.from.1 == u32::from(from.0))
        };
        let listed =
            |kind| own(kind).map(|row| (ServiceId(row.to.unwrap_or_default() as u16), row.latency.map(SpanLaw::constant)));
        let plain = |ids: &[ServiceId]| ids.iter().map(|&to| (to, None)).collect::<Vec<_>>();
        let mut ends: Vec<(ServiceId, Option<SpanLaw>)> = listed(LinkKind::Reaches).collect();
        if ends.is_empty() {
            ends = plain(payers);
        }
        ends.extend(plain(forwards));
        ends.extend(listed(LinkKind::Forwards));
        let mut done = vec![false; services.services.len()];
        for (to, latency) in ends {
            if !std::mem::replace(&mut done[usize::from(to.0)], true) {
                links.push(ServiceLink { from: *from, to, latency });
            }
        }
    }
    links
}

/// One `[[link]]`: a connection that exists, and its latency.
#[derive(Debug)]
struct Passage {
    from: ServiceId,
    to: ServiceId,
    latency: SpanLaw,
    place: Place,
}

fn read_latencies(top: &mut Reader<'_>, names: &Names) -> Option<Vec<Passage>> {
    top.each_table("link", |mut link| {
        let from = link.required::<String>("from", "Clearinghouse where claims enter the connection.");
        let to = link.required::<String>("to", "Payer or clearinghouse where they leave it.");
        let latency = link.required::<SpanLaw>("latency", "Time in passage.");
        let from = from.and_then(|from| names.find(Kind::Clearinghouse, &from, link.log()));
        let to = to.and_then(|to| find_end(&to, names, link.log()));
        let place = link.place();
        link.finish();
        let service = |index: u32| ServiceId(index as u16);
        Some(Passage { from: service(from?.index), to: service(to?), latency: latency?.value, place })
    })
}

/// The index of a payer or clearinghouse.
pub(super) fn find_end(id: &At<String>, names: &Names, log: &mut Log) -> Option<u32> {
    match names.any(&id.value) {
        Some(name) if name.kind == Kind::Clearinghouse => Some(name.index),
        _ => names.find(Kind::Payer, id, log).map(|name| name.index),
    }
}

fn apply_latencies(links: &mut [ServiceLink], latencies: Vec<Passage>, names: &Names, log: &mut Log) {
    let mut done: Vec<LinkId> = Vec::new();
    for latency in latencies {
        let found = find_link(links, latency.from, latency.to);
        let Some(id) = found else {
            refuse_link(links, latency.from, latency.to, latency.place, names, log);
            continue;
        };
        if done.contains(&id) {
            log.refuse(Problem::at(latency.place, "this connection has a [[link]] already", "given before"));
        }
        done.push(id);
        links[usize::from(id.0)].latency = Some(latency.latency);
    }
}

/// The connection between two services.
pub(super) fn find_link(links: &[ServiceLink], from: ServiceId, to: ServiceId) -> Option<LinkId> {
    links.iter().position(|link| link.from == from && link.to == to).map(|index| LinkId(index as u16))
}

/// Reports that two services are not connected, and what the first is connected to.
pub(super) fn refuse_link(links: &[ServiceLink], from: ServiceId, to: ServiceId, place: Place, names: &Names, log: &mut Log) {
    let id = |service: ServiceId| {
        names.all_services().find(|name| name.index == u32::from(service.0)).map_or("?", |name| name.id.as_str())
    };
    let ends: Vec<&str> = links.iter().filter(|link| link.from == from).map(|link| id(link.to)).collect();
    let help = if ends.is_empty() {
        format!("`{}` is connected to nothing", id(from))
    } else {
        format!("`{}` is connected to {}", id(from), name_list(&ends))
    };
    log.refuse_at(place, format!("`{}` has no connection to `{}`", id(from), id(to)), "no such connection", help);
}
