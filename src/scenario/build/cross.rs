//! Rules between sections: what is declared is used, and everything that is used can work.

use super::Names;
use super::names::{Kind, Name};
use super::routes::NO_PAYER;
use super::run::Run;
use super::target::hit_by;
use crate::disruption::{InFlight, Mode, Target};
use crate::input::{Log, Map, Place, Problem};
use crate::network::{GroupId, LinkId, Network, PharmacyGroup, Role, Route, Routes, ServiceId};
use crate::scenario::{Claims, PickUp, Prescriptions, Scenario, Work};

/// The most sites that a run simulates.
const MOST_SITES: f64 = 2_000_000.0;

/// What the rules look at.
#[derive(Debug)]
pub(super) struct Parts<'a> {
    pub(super) network: &'a Network,
    /// `None` after a mistake, like the next two: rules about them are then left out.
    pub(super) prescriptions: Option<&'a Prescriptions>,
    pub(super) work: Option<&'a Work>,
    pub(super) run: Option<&'a Run>,
    pub(super) names: &'a Names,
    /// Whether it matters which prescriptions are new, beside how they come.
    pub(super) kind_matters: bool,
    /// Whether patients take prescriptions to other pharmacies, so that every pharmacy has to reach every payer.
    pub(super) patients_move: bool,
    /// Whether it is known which payer processes copay cards, if any: a mistake there does not leave that payer without use.
    pub(super) cards_known: bool,
}

/// Where things stand.
#[derive(Debug)]
pub(super) struct Places<'a> {
    pub(super) tree: &'a Map,
    /// The scenario's file.
    pub(super) top: Place,
}

impl Places<'_> {
    /// The place of a value, or of the nearest table around it.
    fn of(&self, path: &[&str]) -> Place {
        let (mut place, mut map) = (self.top, Some(self.tree));
        for key in path {
            let Some(entry) = map.and_then(|map| map.entry(key)) else { break };
            place = entry.node.place;
            map = entry.node.value.as_table();
        }
        place
    }
}

/// Applies all rules.
pub(super) fn check(parts: &Parts<'_>, places: &Places<'_>, log: &mut Log) {
    if parts.network.pharmacies.is_empty() {
        let help = "declare at least one: [pharmacies.retail]";
        log.refuse_at(places.top, "the network is empty: no pharmacy is declared", "", help);
        return;
    }
    check_delay(parts, places, log);
    check_patience(parts, places, log);
    check_prescribing(parts, places, log);
    check_supply(parts, places, log);
    check_scale(parts, places, log);
    check_services(parts, log);
    let routes = Routes::compile(parts.network);
    check_forwards(parts, &routes, places, log);
    check_ways(parts, &routes, log);
    check_platforms(parts, log);
    check_reachable(parts, places, log);
}

/// A claim that is lost is missed by its time-out only.
pub(super) fn check_lost<'a>(
    claims: Option<&Claims>,
    mut rules: impl Iterator<Item = (&'a String, InFlight)>,
    places: &Places<'_>,
    log: &mut Log,
) {
    let lost = rules.find(|(_, in_flight)| *in_flight == InFlight::Lost);
    if let (Some((id, _)), Some(Claims { timeout: None, .. })) = (lost, claims) {
        let message = format!("claims lost in `{id}` would never be missed: there is no time-out");
        let help = "set claims.timeout, for example \"30 s\", or another `in_flight`";
        log.refuse_at(places.of(&["claims", "timeout"]), message, "no time-out", help);
    }
}

/// Only who has something can run out of it.
pub(super) fn check_pick_up(pick_up: &PickUp, prescriptions: &Prescriptions, places: &Places<'_>, log: &mut Log) {
    if pick_up.lag_when_out.is_some() && !prescriptions.attributes.knows_supply() {
        let message = "`lag_when_out` is never used: nobody has any supply in hand that could run out";
        let help = "give a drug class `on_hand`, or leave `lag_when_out` away";
        log.refuse_at(places.of(&["pick_up", "lag_when_out"]), message, "never used", help);
    }
}

/// Patience is patience in line for entry.
fn check_patience(parts: &Parts<'_>, places: &Places<'_>, log: &mut Log) {
    let entry = parts.work.is_none_or(|work| work.entry.is_some());
    if !entry && parts.prescriptions.is_some_and(|prescriptions| prescriptions.patience.is_some()) {
        let message = "`patience` is never used: patients lose it in line for entry, and [work] has no `entry`";
        let help = "give [work] an `entry` time, or leave `patience` away";
        log.refuse_at(places.of(&["prescriptions", "patience"]), message, "never used", help);
    }
}

/// Something must take time.
fn check_delay(parts: &Parts<'_>, places: &Places<'_>, log: &mut Log) {
    if parts.work.is_some_and(|work| work.entry.is_none() && work.fill.is_none()) && !parts.names.has(Kind::Payer) {
        let help = "declare payers, or give [work] an `entry` or `fill` time";
        log.refuse_at(places.of(&["work"]), "nothing delays a prescription: there is no staff work and no claim", "", help);
    }
}

/// New prescriptions and prescribing networks need each other.
fn check_prescribing(parts: &Parts<'_>, places: &Places<'_>, log: &mut Log) {
    let Some(Prescriptions { paper, attributes, .. }) = parts.prescriptions else { return };
    let new = attributes.new;
    let used = parts.network.pharmacies.iter().find(|group| !group.prescribing.is_empty());
    let (any_new, any_paper) = (new.value() > 0.0, paper.value() > 0.0);
    match used {
        Some(group) if !any_new => {
            let place = places.of(&["pharmacies", &group.id, "prescribing"]);
            let message = format!("the prescribing networks of `{}` are never used: no prescription is new", group.id);
            log.refuse_at(place, message, "never used", "set prescriptions.new, for example [prescriptions] new = 0.5");
        }
        None if any_paper => {
            let help = "give a pharmacy `prescribing`, or leave `paper` away";
            log.refuse_at(
                places.of(&["prescriptions", "paper"]),
                "`paper` is never used: no pharmacy has a prescribing network",
                "never used",
                help,
            );
        }
        None if any_new && !parts.kind_matters => {
            let help = "give a pharmacy `prescribing`, or leave `new` away";
            log.refuse_at(
                places.of(&["prescriptions", "new"]),
                "`new` is never used: no pharmacy has a prescribing network",
                "never used",
                help,
            );
        }
        Some(_) if paper.value() >= 1.0 => {
            let message = "the prescribing networks are never used: all new prescriptions come on paper";
            log.refuse_at(places.of(&["prescriptions", "paper"]), message, "leaves nothing to them", "a share below 1");
        }
        _ => {}
    }
}

/// Doses are missed by those whose supply runs out.
fn check_supply(parts: &Parts<'_>, places: &Places<'_>, log: &mut Log) {
    let Some(Prescriptions { classes, attributes, .. }) = parts.prescriptions else { return };
    for (class, what) in classes.iter().zip(&attributes.classes) {
        if what.doses_per_day != 1.0 && !attributes.knows_supply() {
            let message = format!("`doses_per_day` in [drug_classes.{}] is never used: nobody has any supply in hand", class.id);
            let help = "doses are missed when supply runs out: give a drug class `on_hand`, for example on_hand = \"3 d\"";
            log.refuse_at(places.of(&["drug_classes", &class.id, "doses_per_day"]), message, "never used", help);
        }
    }
}

/// Pharmacies one by one are simulated one by one, and no more of them than memory holds.
fn check_scale(parts: &Parts<'_>, places: &Places<'_>, log: &mut Log) {
    let Some(run) = parts.run else { return };
    let scale = run.settings.scale;
    if scale < 1.0
        && places
            .tree
            .entry("network")
            .and_then(|entry| entry.node.value.as_table())
            .is_some_and(|map| map.entry("nodes").is_some())
    {
        let message = "`scale` in [run] does not go with nodes.csv: pharmacies listed one by one are simulated one by one";
        log.refuse_at(run.scale_place, message, "not 1", "leave `scale` away");
    }
    let sites: f64 = parts.network.pharmacies.iter().map(|group| f64::from(group.sites)).sum::<f64>() * scale;
    if sites > MOST_SITES {
        let fitting = 10f64.powi(-6).max(scale * MOST_SITES / sites / 2.0);
        let message = format!("{} sites would be simulated: at most {MOST_SITES}", sites.round());
        log.refuse_at(run.scale_place, message, "too many", format!("set run.scale, for example scale = {fitting:.4}"));
    }
}

/// Whatever a clearinghouse forwards, it forwards for some payer that it does not reach by a shorter way.
fn check_forwards(parts: &Parts<'_>, routes: &Routes, places: &Places<'_>, log: &mut Log) {
    let network = parts.network;
    let is = |ServiceId(index): ServiceId, role| network.services[usize::from(index)].role == role;
    let payers = || (0..network.services.len() as u16).map(ServiceId).filter(|&service| is(service, Role::Payer));
    for (index, link) in network.links.iter().enumerate().filter(|(_, link)| is(link.to, Role::Clearinghouse)) {
        if payers().any(|payer| routes.next(link.from, payer) == Some(LinkId(index as u16))) {
            continue;
        }
        let id = |ServiceId(index): ServiceId| network.services[usize::from(index)].id.as_str();
        let (from, to) = (id(link.from), id(link.to));
        let message = format!("`{from}` never forwards to `{to}`: it reaches every payer at least as soon by itself");
        let help = format!("leave the payers that `{to}` is for out of `reaches` of `{from}`, or do not forward");
        let written = places.of(&["clearinghouses", from, "forwards_to"]);
        let place = if written == places.of(&["clearinghouses", from]) || written == places.of(&["clearinghouses"]) {
            parts.names.any(from).map_or(written, |name| name.place)
        } else {
            written
        };
        log.refuse_at(place, message, "never used", help);
    }
}

/// No claim passes more services than have draws of their own.
fn check_ways(parts: &Parts<'_>, routes: &Routes, log: &mut Log) {
    const MOST: usize = 64;
    let network = parts.network;
    let is = |ServiceId(index): ServiceId, role| network.services[usize::from(index)].role == role;
    let services = || (0..network.services.len() as u16).map(ServiceId);
    let passed = |first: ServiceId, payer: ServiceId| {
        let step = |at: &ServiceId| routes.next(*at, payer).map(|LinkId(link)| network.links[usize::from(link)].to);
        core::iter::successors(Some(first), step).take(MOST + 1).count()
    };
    let payers: Vec<ServiceId> = services().filter(|&service| is(service, Role::Payer)).collect();
    let is_long = |first: &ServiceId| payers.iter().any(|&payer| passed(*first, payer) > MOST);
    let Some(first) = services().filter(|&service| is(service, Role::Clearinghouse)).find(is_long) else { return };
    if let Some(name) = parts.names.all_services().find(|name| name.index == u32::from(first.0)) {
        let message = format!("claims that `{}` forwards pass more than {MOST} services", name.id);
        log.refuse_at(name.place, message, "too long a way", "let it reach the payers, or forward to one that is closer to them");
    }
}

/// What slows down the passage through a service, or a link, has a draw of its own for each claim.
pub(super) fn check_latencies(scenario: &Scenario, places: &Places<'_>, log: &mut Log) {
    const MOST: usize = 8;
    let outages = scenario.outages.iter().map(|outage| (&outage.mode, outage.target.clone(), &outage.id));
    let platforms = scenario.attacks.iter().flat_map(|attack| {
        let alone = |platform| Target { platforms: vec![platform], ..Target::default() };
        attack.platforms.iter().map(move |exposure| (&exposure.mode, alone(exposure.platform), &attack.id))
    });
    let mut slow = vec![0; scenario.network.services.len() + scenario.network.links.len()];
    for (_, target, id) in outages.chain(platforms).filter(|(mode, ..)| matches!(mode, Mode::Latency(_))) {
        let services = hit_by(&target, &scenario.network).0.into_iter().map(|service| usize::from(service.0));
        let links = target.links.iter().map(|link| scenario.network.services.len() + usize::from(link.0));
        for hit in services.chain(links) {
            slow[hit] += 1;
            if slow[hit] == MOST + 1 {
                let message = format!("with `{id}` more than {MOST} disruptions of mode latency are at one service or link");
                log.refuse_at(places.of(&["outage"]), message, "one too many", "put some of them together");
                return;
            }
        }
    }
}

/// Every service has work to do.
fn check_services(parts: &Parts<'_>, log: &mut Log) {
    let used = used_services(parts.network);
    let told = |name: &Name| parts.cards_known || name.kind != Kind::Payer;
    for name in parts.names.all_services().filter(|name| !used[name.index as usize] && told(name)) {
        let (message, help) = match name.kind {
            Kind::Payer => ("its share is zero, and no pharmacy names it", "give it a share, or leave it away"),
            Kind::Clearinghouse if !parts.names.has(Kind::Payer) => {
                (NO_PAYER, "declare payers, for example [payers.some-id] with share = 1")
            }
            Kind::Clearinghouse => {
                ("no pharmacy's claims pass through it", "name it in `routes`, `standby.to` or `forwards_to`, or leave it away")
            }
            _ => ("no pharmacy names it", "name it in the `prescribing` of a pharmacy, or leave it away"),
        };
        log.refuse_at(
            name.place,
            format!("the {} `{}` is never used: {message}", name.kind.spoken(), name.id),
            "never used",
            help,
        );
    }
}

fn used_services(network: &Network) -> Vec<bool> {
    let mut used = vec![false; network.services.len()];
    let mut mark = |ServiceId(index): ServiceId| used[usize::from(index)] = true;
    for group in &network.pharmacies {
        for (route, share) in &group.routes {
            if let (Route::Clearinghouse(service), true) = (route, share.value() > 0.0) {
                mark(*service);
            }
        }
        group.standby.iter().flat_map(|standby| &standby.to).for_each(|&service| mark(service));
        group.reroute.iter().flat_map(|reroute| &reroute.to).for_each(|&service| mark(service));
        let shares = group.prescribing.iter().chain(&group.payers);
        shares.filter(|(_, share)| share.value() > 0.0).for_each(|&(service, _)| mark(service));
    }
    network.secondary.iter().for_each(|&service| mark(service));
    // What a used clearinghouse forwards to is used; each pass finds one more or is the last.
    loop {
        let next = network.links.iter().find(|link| {
            let to = &network.services[usize::from(link.to.0)];
            to.role == Role::Clearinghouse && used[usize::from(link.from.0)] && !used[usize::from(link.to.0)]
        });
        let Some(link) = next else { return used };
        used[usize::from(link.to.0)] = true;
    }
}

/// Something depends on every platform.
fn check_platforms(parts: &Parts<'_>, log: &mut Log) {
    let network = parts.network;
    let lists = network.services.iter().map(|service| &service.depends_on);
    let lists = lists.chain(network.pharmacies.iter().map(|group| &group.depends_on));
    let lists = lists.chain(network.platforms.iter().map(|platform| &platform.depends_on));
    let mut used = vec![false; network.platforms.len()];
    for platform in lists.flatten() {
        used[usize::from(platform.0)] = true;
    }
    for name in parts.names.of_kind(Kind::Platform).filter(|name| !used[name.index as usize]) {
        let message = format!("the platform `{}` is never used: nothing depends on it", name.id);
        log.refuse_at(name.place, message, "never used", "name it in a `depends_on`, or leave it away");
    }
}

/// Every payer that a pharmacy's patients have can be reached by every route that the pharmacy has.
fn check_reachable(parts: &Parts<'_>, places: &Places<'_>, log: &mut Log) {
    /// A list of thousands helps nobody.
    const MOST: usize = 20;
    let mut missing = parts.network.unreachable(parts.patients_move);
    let all = missing.clone();
    let same = |(_, route, payer): &(GroupId, Route, ServiceId)| (*route, *payer);
    // One mistake of a clearinghouse is one, however many pharmacies use it: told of the first.
    let mut told: Vec<(Route, ServiceId)> = Vec::new();
    missing.retain(|one| {
        let is_new = !told.contains(&same(one));
        told.push(same(one));
        is_new
    });
    let id = |service: ServiceId| parts.network.services[usize::from(service.0)].id.as_str();
    for one in missing.iter().take(MOST) {
        let (GroupId(index), route, payer) = *one;
        let Route::Clearinghouse(clearinghouse) = &route else { continue };
        let group = &parts.network.pharmacies[index as usize].id;
        let others = all.iter().filter(|other| same(other) == same(one)).count() - 1;
        let whose = match others {
            0 => format!("`{group}`"),
            1 => format!("`{group}` and one other group of pharmacies"),
            more => format!("`{group}` and {more} other groups of pharmacies"),
        };
        let (switch, payer) = (id(*clearinghouse), id(payer));
        let in_file = places
            .tree
            .entry("pharmacies")
            .and_then(|entry| entry.node.value.as_table())
            .is_some_and(|map| map.entry(group).is_some());
        let place = if in_file {
            places.of(&["pharmacies", group, way_of(&parts.network.pharmacies[index as usize], *clearinghouse)])
        } else {
            parts.names.any(group).map_or(places.top, |name| name.place)
        };
        let message = format!("claims of {whose} for the payer `{payer}` cannot get through: `{switch}` does not reach it");
        let help = format!("add `{payer}` to `reaches` of [clearinghouses.{switch}], or let it forward to one that reaches it");
        log.refuse_at(place, message, format!("`{switch}` does not reach `{payer}`"), help);
    }
    if missing.len() > MOST {
        log.refuse(Problem::at(places.top, format!("{} more payers cannot be reached", missing.len() - MOST), ""));
    }
}

/// The key of a group of pharmacies that names a clearinghouse, the first of several.
fn way_of(group: &PharmacyGroup, clearinghouse: ServiceId) -> &'static str {
    let is_usual = group.routes.iter().any(|(route, share)| *route == Route::Clearinghouse(clearinghouse) && share.value() > 0.0);
    let is_standby = group.standby.as_ref().is_some_and(|standby| standby.to.contains(&clearinghouse));
    match (is_usual, is_standby) {
        (true, _) => "routes",
        (false, true) => "standby",
        (false, false) => "reroute",
    }
}
