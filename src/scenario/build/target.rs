//! `target`: what an outage or a failure hits.

use super::names::Kind;
use super::selector::select;
use super::{Names, links};
use crate::disruption::Target;
use crate::input::{Given, Node, Place, Reader, Value, name_list};
use crate::network::{GroupId, LinkId, Network, PlatformId, Role, Route, ServiceId};

/// What a target key can be: a kind of node, or `link`.
const KEYS: [(&str, Option<Kind>); 6] = [
    ("platform", Some(Kind::Platform)),
    ("clearinghouse", Some(Kind::Clearinghouse)),
    ("payer", Some(Kind::Payer)),
    ("prescribing_network", Some(Kind::PrescribingNetwork)),
    ("pharmacy", Some(Kind::Pharmacy)),
    ("link", None),
];

/// A target with what follows from it.
#[derive(Clone, Debug)]
pub(super) struct Aim {
    pub(super) target: Target,
    /// Whether it hits a clearinghouse, a payer or a link: something that carries claims.
    pub(super) carries_claims: bool,
    /// Whether it hits pharmacies.
    pub(super) hits_pharmacies: bool,
    /// Whether it hits prescribing networks.
    pub(super) hits_prescribing: bool,
}

impl Aim {
    /// What follows from a target; `None` if it touches nothing. Without a network, which then has mistakes of its own, platforms are not
    /// followed.
    pub(super) fn of(target: Target, network: Option<&Network>) -> Option<Self> {
        let Some(network) = network else {
            return Some(Self { target, carries_claims: true, hits_pharmacies: false, hits_prescribing: false });
        };
        let (services, groups) = hit_by(&target, network);
        if services.is_empty() && groups.is_empty() && target.links.is_empty() {
            return None;
        }
        let prescribing = |service: &ServiceId| network.services[usize::from(service.0)].role == Role::PrescribingNetwork;
        Some(Self {
            carries_claims: !target.links.is_empty() || services.iter().any(|service| !prescribing(service)),
            hits_pharmacies: !groups.is_empty(),
            hits_prescribing: services.iter().any(prescribing),
            target,
        })
    }

    /// Whether it hits something whose work always waits for it: pharmacies or prescribing networks.
    pub(super) const fn holds_work(&self) -> bool {
        self.hits_pharmacies || self.hits_prescribing
    }
}

/// Reads `target`; without a network, which then has mistakes of its own, links and platforms are not followed.
pub(super) fn read(table: &mut Reader<'_>, names: &Names, network: Option<&Network>) -> Option<Aim> {
    const EXAMPLE: &str = "target = { clearinghouse = \"some-id\" }";
    table.record("target", "What it hits.", "");
    if let Some((Node { value: Value::String(word), place }, scope, log)) = table.node("target") {
        let kind = names.any(word).map_or("clearinghouse", |name| name.kind.word());
        let message = format!("{}: expected a table, found a string", scope.name());
        log.refuse_at(*place, message, "of what kind?", format!("write target = {{ {kind} = \"{word}\" }}"));
        return None;
    }
    let mut aim = match table.section("target") {
        Given::Good(aim) => aim,
        Given::Bad => return None,
        Given::Absent => {
            table.missing(
                "target",
                EXAMPLE,
                "what it hits: platform, clearinghouse, payer, prescribing_network, pharmacy or link",
            );
            return None;
        }
    };
    let place = aim.place();
    let given: Vec<(&'static str, Option<Kind>)> = KEYS.into_iter().filter(|(key, _)| aim.has(key)).collect();
    let only_known = aim.keys().len() == given.len();
    let target = match given.as_slice() {
        [(key, Some(kind))] => {
            let (node, scope, log) = aim.node(key)?;
            select(node, &scope, *kind, names, log).map(|indices| of_kind(*kind, &indices))
        }
        [(key, None)] => read_link(&mut aim, key, names, network),
        [] if !only_known => None,
        [] => {
            aim.log().refuse_at(place, "the target names nothing", "empty", EXAMPLE);
            None
        }
        _ => {
            // What was added to a target, by `--set` or a child, is the slip.
            let added = given.iter().filter_map(|(key, _)| aim.key_place(key)).find(|at| at.source != place.source);
            let names: Vec<&str> = given.iter().map(|(key, _)| *key).collect();
            let help = match added {
                Some(_) => "set the whole target, or write an outage for each: target = { payer = \"some-id\" }",
                None => "write an outage for each",
            };
            let message = format!("the target names more than one kind of node: {}", name_list(&names));
            aim.log().refuse_at(added.unwrap_or(place), message, "one kind is needed", help);
            None
        }
    };
    aim.finish();
    let target = target.filter(|_| only_known)?;
    let aim = Aim::of(target, network);
    if aim.is_none() {
        let message = "the target touches nothing: no service and no pharmacy depends on this platform";
        table.refuse("target", message, "touches nothing", "say who depends on it: depends_on = [\"...\"]");
    }
    aim
}

fn of_kind(kind: Kind, indices: &[u32]) -> Target {
    let services = || indices.iter().map(|&index| ServiceId(index as u16)).collect();
    match kind {
        Kind::Platform => {
            Target { platforms: indices.iter().map(|&index| PlatformId(index as u16)).collect(), ..Target::default() }
        }
        Kind::Pharmacy => Target { pharmacies: indices.iter().copied().map(GroupId).collect(), ..Target::default() },
        _ => Target { services: services(), ..Target::default() },
    }
}

fn read_link(aim: &mut Reader<'_>, key: &'static str, names: &Names, network: Option<&Network>) -> Option<Target> {
    let mut link = aim.section(key).good()?;
    let place: Place = link.place();
    let from = link.required::<String>("from", "Clearinghouse where claims enter the connection.");
    let to = link.required::<String>("to", "Payer or clearinghouse where they leave it.");
    let from = from.and_then(|from| names.find(Kind::Clearinghouse, &from, link.log()));
    let to = to.and_then(|to| links::find_end(&to, names, link.log()));
    link.finish();
    let (from, to) = (ServiceId(from?.index as u16), ServiceId(to? as u16));
    let Some(network) = network else { return Some(Target::default()) };
    let Some(id) = links::find_link(&network.links, from, to) else {
        links::refuse_link(&network.links, from, to, place, names, aim.log());
        return None;
    };
    Some(Target { links: vec![id], ..Target::default() })
}

/// All services and groups that go down, with platforms followed.
pub(super) fn hit_by(target: &Target, network: &Network) -> (Vec<ServiceId>, Vec<GroupId>) {
    let (mut services, mut groups) = network.dependants(&target.platforms);
    services.extend(&target.services);
    groups.extend(&target.pharmacies);
    services.sort_unstable();
    services.dedup();
    groups.sort_unstable();
    groups.dedup();
    (services, groups)
}

/// The pharmacy groups whose work passes through something that the target hits.
pub(super) fn users(target: &Target, network: &Network) -> Vec<GroupId> {
    let (services, groups) = hit_by(target, network);
    let hit = |service: &ServiceId| services.binary_search(service).is_ok();
    let through = |LinkId(link): &LinkId| network.links[usize::from(*link)].from;
    let uses = |index: usize| {
        let group = &network.pharmacies[index];
        let routes = group.routes.iter().filter(|(_, share)| share.value() > 0.0).filter_map(|(route, _)| match route {
            Route::Clearinghouse(service) => Some(*service),
            Route::Direct => None,
        });
        let standby =
            group.standby.iter().filter(|standby| standby.share.value() > 0.0).flat_map(|standby| standby.to.iter().copied());
        let switches: Vec<ServiceId> = routes.chain(standby).collect();
        let others = group.payers.iter().chain(&group.prescribing).filter(|(_, share)| share.value() > 0.0);
        groups.binary_search(&GroupId(index as u32)).is_ok()
            || switches.iter().any(hit)
            || target.links.iter().any(|link| switches.contains(&through(link)))
            || others.map(|(service, _)| service).any(hit)
    };
    (0..network.pharmacies.len()).filter(|&index| uses(index)).map(|index| GroupId(index as u32)).collect()
}

/// What a target hits, in words: `1 clearinghouse, 2 payers, 40 pharmacy groups`.
pub(super) fn described(target: &Target, network: &Network) -> String {
    let (services, groups) = hit_by(target, network);
    let of_role = |role| services.iter().filter(|service| network.services[usize::from(service.0)].role == role).count();
    let counts = [
        (of_role(Role::Clearinghouse), "clearinghouse", "clearinghouses"),
        (of_role(Role::Payer), "payer", "payers"),
        (of_role(Role::PrescribingNetwork), "prescribing network", "prescribing networks"),
        (target.links.len(), "link", "links"),
        (groups.len(), "pharmacy group", "pharmacy groups"),
    ];
    let words = counts.into_iter().filter(|(count, ..)| *count > 0);
    words.map(|(count, one, many)| format!("{count} {}", if count == 1 { one } else { many })).collect::<Vec<_>>().join(", ")
}
