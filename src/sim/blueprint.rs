//! A scenario compiled into tables: done once, read by every replication.

use super::demand::WeekProfile;
use super::prescription::NONE;
use super::recursion;
use super::shift::Shifts;
use crate::disruption::{Places, Timeline};
use crate::network::{Demand, LinkId, PharmacyGroup, Role, Route, Routes, ServiceId, Staffing};
use crate::random::{Categories, Chance, CountLaw, Purpose, SpanLaw};
use crate::scenario::{ReportGroups, Scenario};
use crate::units::{SimTime, Span};

/// How replications are computed: results are the same.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Path {
    /// Event by event.
    Events,
    /// Without events, each start from those before.
    Recursion,
}

impl Path {
    /// Its name in `run.json`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Events => "events",
            Self::Recursion => "recursion",
        }
    }
}

/// What kind of work a station does.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum StationKind {
    Prescribing,
    Clearinghouse,
    Payer,
    Link,
    Site,
}

/// A service or link, ready to be simulated.
#[derive(Clone, Debug)]
pub(crate) struct SharedStation {
    pub(crate) kind: StationKind,
    pub(crate) servers: u32,
    pub(crate) service: Option<SpanLaw>,
    /// Service times are this many times the law's: what is left over when servers are scaled to a whole number.
    pub(crate) stretch: f64,
    pub(crate) latency: Option<SpanLaw>,
    /// Time between two new stores that it connects.
    pub(crate) intake_interval: Span,
}

impl SharedStation {
    /// Purpose of the draw of a service time here.
    pub(crate) fn service_purpose(&self) -> Purpose {
        match self.kind {
            StationKind::Prescribing => Purpose::PrescribingService,
            StationKind::Payer => Purpose::PayerService,
            StationKind::Clearinghouse | StationKind::Link | StationKind::Site => Purpose::SwitchService,
        }
    }

    /// Purpose of the draw of a latency here.
    pub(crate) fn latency_purpose(&self) -> Purpose {
        match self.kind {
            StationKind::Prescribing => Purpose::PrescribingLatency,
            StationKind::Clearinghouse => Purpose::SwitchLatency,
            StationKind::Payer => Purpose::PayerLatency,
            StationKind::Link | StationKind::Site => Purpose::LinkLatency,
        }
    }
}

/// How requests come to the sites of a group.
#[derive(Clone, Debug)]
pub(crate) enum Arrivals {
    Profile { profile: Box<WeekProfile>, per_day: CountLaw },
    Renewal(SpanLaw),
}

/// A pharmacy group, ready to be simulated.
#[derive(Clone, Debug)]
pub(crate) struct GroupPlan {
    pub(crate) first_site: u32,
    pub(crate) sites: u32,
    pub(crate) arrivals: Arrivals,
    pub(crate) shifts: Shifts,
    pub(crate) staff: Staffing,
    /// First station of each primary route ([`NONE`]: direct), and its share of the sites.
    pub(crate) routes: Vec<u32>,
    pub(crate) route_shares: Vec<f64>,
    pub(crate) standby_share: f64,
    pub(crate) standby_to: Vec<u32>,
    pub(crate) failover: Option<SpanLaw>,
    pub(crate) reroute_to: Vec<u32>,
    pub(crate) reroute_lead_time: Option<SpanLaw>,
    /// Station of each prescribing network, and its share of the sites.
    pub(crate) prescribing: Vec<u32>,
    pub(crate) prescribing_shares: Vec<f64>,
    /// Payers of the group, as indices among the payers, with their shares of its claims.
    pub(crate) payers: Vec<(u16, f64)>,
    pub(crate) payer_shares: Option<Categories>,
    /// Attribute cell for reports.
    pub(crate) cell: u32,
}

impl GroupPlan {
    /// A group whose sites begin at `first_site`.
    fn new(scenario: &Scenario, group: &PharmacyGroup, first_site: u32, sites: u32, payers: &[ServiceId], cell: u32) -> Self {
        let arrivals = match &group.demand {
            Demand::Profile { per_day, weekday, hour } => {
                Arrivals::Profile { profile: Box::new(WeekProfile::new(weekday, hour, scenario.run.start)), per_day: *per_day }
            }
            Demand::Renewal(law) => Arrivals::Renewal(*law),
        };
        let payer_index = |id: ServiceId| payers.iter().position(|&payer| payer == id).unwrap_or(0) as u16;
        let payer_shares: Vec<f64> = group.payers.iter().map(|(_, share)| share.value()).collect();
        Self {
            first_site,
            sites,
            arrivals,
            shifts: Shifts::new(&group.hours, scenario.run.start),
            staff: group.staff,
            routes: group
                .routes
                .iter()
                .map(|(route, _)| match route {
                    Route::Clearinghouse(id) => u32::from(id.0),
                    Route::Direct => NONE,
                })
                .collect(),
            route_shares: group.routes.iter().map(|(_, share)| share.value()).collect(),
            standby_share: group.standby.as_ref().map_or(0.0, |standby| standby.share.value()),
            standby_to: group.standby.iter().flat_map(|standby| standby.to.iter().map(|id| u32::from(id.0))).collect(),
            failover: group.standby.as_ref().map(|standby| standby.failover),
            reroute_to: group.reroute.iter().flat_map(|reroute| reroute.to.iter().map(|id| u32::from(id.0))).collect(),
            reroute_lead_time: group.reroute.as_ref().map(|reroute| reroute.lead_time),
            prescribing: group.prescribing.iter().map(|(id, _)| u32::from(id.0)).collect(),
            prescribing_shares: group.prescribing.iter().map(|(_, share)| share.value()).collect(),
            payers: group.payers.iter().map(|&(id, share)| (payer_index(id), share.value())).collect(),
            payer_shares: (payer_shares.len() > 1).then(|| Categories::new(&payer_shares)),
            cell,
        }
    }

    /// Mean prescriptions a day of a site; `rate` is its own, where demand follows the week.
    pub(crate) fn mean_per_day(&self, rate: f64) -> f64 {
        match &self.arrivals {
            Arrivals::Profile { .. } => rate * Span::DAY.seconds(),
            Arrivals::Renewal(law) => Span::DAY.seconds() / law.mean().seconds(),
        }
    }
}

/// A scenario, ready to be simulated.
#[derive(Debug)]
pub struct Blueprint<'s> {
    pub(crate) scenario: &'s Scenario,
    pub(crate) groups: Vec<GroupPlan>,
    /// Group of each site.
    pub(crate) group_of: Vec<u32>,
    /// Services, then links.
    pub(crate) shared: Vec<SharedStation>,
    pub(crate) places: Places,
    /// Station of each payer.
    pub(crate) payers: Vec<u32>,
    /// `next[station * payers + payer]`: the station to which a claim goes from there.
    next: Vec<u32>,
    pub(crate) classes: Option<Categories>,
    /// Waiting line of priority 0: the second, where an order can put drug classes before all others.
    pub(crate) first_level: u8,
    /// Waiting lines of a site: one for each priority, and the last for billing what was dispensed on trust.
    pub(crate) levels: u8,
    pub(crate) report: ReportGroups,
    /// Whether it is followed what supply patients have.
    pub(crate) follows_supply: bool,
    /// Sites that patients go to when they move.
    pub(crate) destinations: u32,
    /// Groups of those sites, ascending.
    destination_groups: Vec<u32>,
    path: Path,
}

impl<'s> Blueprint<'s> {
    /// Compiles a scenario.
    #[must_use]
    pub fn new(scenario: &'s Scenario) -> Self {
        let network = &scenario.network;
        let scale = scenario.run.scale;
        let services = network.services.len() as u32;
        let links = network.links.len() as u32;

        let mut shared: Vec<SharedStation> = network
            .services
            .iter()
            .map(|service| {
                let limit = service.capacity.scaled(scale);
                let kind = match service.role {
                    Role::PrescribingNetwork => StationKind::Prescribing,
                    Role::Clearinghouse => StationKind::Clearinghouse,
                    Role::Payer => StationKind::Payer,
                };
                let intake_interval = service.onboarding.map_or(Span::ZERO, |rate| rate.interval().scaled(1.0 / scale));
                SharedStation {
                    kind,
                    servers: limit.map_or(u32::MAX, |limit| limit.servers),
                    service: limit.map(|limit| limit.service),
                    stretch: limit.map_or(1.0, |limit| limit.stretch),
                    latency: service.latency,
                    intake_interval,
                }
            })
            .collect();
        shared.extend(network.links.iter().map(|link| SharedStation {
            kind: StationKind::Link,
            servers: u32::MAX,
            service: None,
            stretch: 1.0,
            latency: link.latency,
            intake_interval: Span::ZERO,
        }));

        let payer_services: Vec<ServiceId> =
            (0..services as u16).map(ServiceId).filter(|id| network.services[usize::from(id.0)].role == Role::Payer).collect();
        let next = next_stations(scenario, &payer_services);
        let report = ReportGroups::of(scenario);

        let mut groups = Vec::with_capacity(network.pharmacies.len());
        let mut first_site = Vec::with_capacity(network.pharmacies.len() + 1);
        let mut group_of = Vec::new();
        for (index, group) in network.pharmacies.iter().enumerate() {
            let first = group_of.len() as u32;
            // A group is never scaled away: at least one of its sites is simulated.
            let sites = ((f64::from(group.sites) * scale).round() as u32).max(1);
            first_site.push(first);
            group_of.resize(group_of.len() + sites as usize, index as u32);
            groups.push(GroupPlan::new(scenario, group, first, sites, &payer_services, report.cell_of[index]));
        }
        first_site.push(group_of.len() as u32);

        let relocate = scenario.downtime.relocate.as_ref();
        let destination_groups: Vec<u32> = relocate.iter().flat_map(|relocate| relocate.to.iter().map(|group| group.0)).collect();
        let destinations = destination_groups.iter().map(|&group| groups[group as usize].sites).sum();
        let classes = &scenario.prescriptions.classes;
        let first_level = u8::from(scenario.orders.iter().any(|order| order.actions.prioritise.is_some()));
        let class_shares: Vec<f64> = classes.iter().map(|class| class.share.value()).collect();
        let mut blueprint = Self {
            path: Path::Events,
            scenario,
            groups,
            group_of,
            shared,
            places: Places { services, links, first_site },
            payers: payer_services.iter().map(|id| u32::from(id.0)).collect(),
            next,
            classes: (class_shares.len() > 1).then(|| Categories::new(&class_shares)),
            first_level,
            levels: first_level + classes.iter().map(|class| class.priority).max().unwrap_or(0) + 2,
            report,
            follows_supply: scenario.pick_up.is_some() || scenario.prescriptions.attributes.knows_supply(),
            destinations,
            destination_groups,
        };
        if recursion::applies(&blueprint) {
            blueprint.path = Path::Recursion;
        }
        blueprint
    }

    /// The same, by events even where they are not needed: the same results, later.
    #[must_use]
    pub fn by_events(self) -> Self {
        Self { path: Path::Events, ..self }
    }

    /// The scenario.
    #[must_use]
    pub fn scenario(&self) -> &'s Scenario {
        self.scenario
    }

    /// How its replications are computed.
    #[must_use]
    pub fn path(&self) -> Path {
        self.path
    }

    /// The `place`-th of the sites that patients go to when they move.
    pub(crate) fn destination(&self, mut place: u32) -> u32 {
        for &group in &self.destination_groups {
            let group = &self.groups[group as usize];
            if place < group.sites {
                return group.first_site + place;
            }
            place -= group.sites;
        }
        0
    }

    /// Number of simulated sites.
    #[must_use]
    pub fn sites(&self) -> u32 {
        self.group_of.len() as u32
    }

    /// What the scenario's disruptions do in a replication.
    #[must_use]
    pub fn timeline(&self, chance: Chance) -> Timeline {
        let scenario = self.scenario;
        let end = SimTime::ZERO + scenario.run.horizon;
        Timeline::draw(&scenario.outages, &scenario.attacks, &scenario.failures, &scenario.network, &self.places, chance, end)
    }

    /// Number of simulated sites of a pharmacy group.
    #[must_use]
    pub fn sites_of_group(&self, group: usize) -> u32 {
        self.groups[group].sites
    }

    /// Report groups and their cells.
    #[must_use]
    pub fn report(&self) -> &ReportGroups {
        &self.report
    }

    /// The station to which a claim for a payer goes after `station`; [`NONE`] after the payer itself.
    #[inline]
    pub(crate) fn next(&self, station: u32, payer: u16) -> u32 {
        self.next[station as usize * self.payers.len() + usize::from(payer)]
    }

    /// Whether claims ever come to a station on their way from another: to a link only if it matters.
    pub(crate) fn crosses(&self, station: u32) -> bool {
        self.next.contains(&station)
    }

    /// The first station of a claim that leaves a site by `route`: a clearinghouse, or the payer itself.
    #[inline]
    pub(crate) fn first_hop(&self, route: u32, payer: u16) -> u32 {
        if route == NONE { self.payers[usize::from(payer)] } else { route }
    }
}

/// The table behind [`Blueprint::next`]. A link is a station of its own only where it can matter: where it has a latency or can go down;
/// elsewhere claims step straight to its end.
fn next_stations(scenario: &Scenario, payers: &[ServiceId]) -> Vec<u32> {
    let network = &scenario.network;
    let routes = Routes::compile(network);
    let services = network.services.len();
    let targets = scenario.disruptions().map(|(_, target)| target);
    let mut matters: Vec<bool> = network.links.iter().map(|link| link.latency.is_some()).collect();
    for LinkId(link) in targets.flat_map(|target| target.links.iter()) {
        matters[usize::from(*link)] = true;
    }
    let mut next = vec![NONE; (services + network.links.len()) * payers.len()];
    for (column, &payer) in payers.iter().enumerate() {
        for service in 0..services {
            if let Some(LinkId(link)) = routes.next(ServiceId(service as u16), payer) {
                let link = usize::from(link);
                let end = usize::from(network.links[link].to.0);
                next[service * payers.len() + column] = if matters[link] { services + link } else { end } as u32;
            }
        }
        for (index, link) in network.links.iter().enumerate() {
            next[(services + index) * payers.len() + column] = u32::from(link.to.0);
        }
    }
    next
}

/// A span that many times as long; the usual factor of 1 costs nothing.
pub(crate) fn stretched(span: Span, factor: f64) -> Span {
    if factor == 1.0 { span } else { span.scaled(factor) }
}
