//! Criticality: each node out by itself, under common random numbers; how much worse it is, and how long an outage can be borne.

use core::sync::atomic::{AtomicU32, Ordering};

use rayon::prelude::*;

use super::outcome::{Estimate, Outcome};
use super::run::{Listener, Progress};
use crate::disruption::Target;
use crate::network::{Role, Route, Routes, ServiceId};
use crate::scenario::{Criticality, Members, Needs, ReportGroups, Scenario, SurvivalSearch};
use crate::sim::{Blueprint, METRICS, Plan, Workspace};
use crate::stats::{Paired, censored_median};
use crate::units::Span;

/// What a study of criticality has found.
#[derive(Clone, Debug)]
pub struct CriticalityResult {
    /// What was asked for.
    pub study: Criticality,
    /// Unit of the metric.
    pub unit: &'static str,
    /// Each node, the most critical first; equals in the order of the scenario.
    pub nodes: Vec<NodeCriticality>,
}

/// What becomes of the network if one node is out.
#[derive(Clone, Debug)]
pub struct NodeCriticality {
    /// Id in the scenario.
    pub id: String,
    /// Its role, or `platform`.
    pub role: &'static str,
    /// Rise of the metric above normal service, replication by replication; `None` where the metric has no value, with the node out or without.
    pub rises: Vec<Option<f64>>,
    /// Mean rise with its interval; `None` if it has no value with the node out in a replication in which it has one in normal service: then there
    /// is nothing left to measure, which is worse than any number.
    pub rise: Option<Estimate>,
    /// Place among the nodes by mean rise, from 1; a node with which out there is nothing left to measure comes first.
    pub rank: u32,
    /// The places that the intervals of all paired differences leave open: a node is surely before or after another if the interval of
    /// their difference has one sign.
    pub rank_low: u32,
    /// The last of them.
    pub rank_high: u32,
    /// Mean rise over that of the most critical node: the risk exposure index of Simchi-Levi et al. (2014), *Harvard Business Review* 92(1),
    /// with this metric in the place of money. `None` where the most critical node does no harm or leaves nothing to measure.
    pub exposure_index: Option<f64>,
    /// Share of the group's prescriptions whose usual way passes through the node: what a look at the graph alone would say.
    pub share_dependent: f64,
    /// Time to survive, replication by replication, where it was asked for.
    pub survival: Option<Survival>,
}

/// The longest outage of a node that can be borne.
#[derive(Clone, Debug)]
pub struct Survival {
    /// In each replication in which the metric has a value in normal service; `None` where the longest outage that is tried can be borne. Found
    /// from below: an outage longer by the resolution cannot be borne. An outage with which there is no value cannot be borne.
    pub times: Vec<Option<Span>>,
    /// Mean of what is at most the longest outage tried \[d\], with its interval.
    pub restricted_mean: Option<Estimate>,
    /// Median over replications; `None` if half of them survive the longest outage tried.
    pub median: Option<Span>,
}

/// Takes each node out; `None` if the listener stops it, for what is left would rank only some.
pub(super) fn study(
    scenario: &Scenario,
    study: &Criticality,
    base: &Outcome,
    listener: &dyn Listener,
) -> Option<CriticalityResult> {
    let targets = study.targets(&scenario.network);
    let replications = base.points[0].replications.len() as u32;
    let metric = METRICS.iter().position(|known| known.name == study.metric)?;
    let usual = usual(scenario, study, base, metric, listener)?;
    let ways = Ways::new(scenario, &study.group);
    let planned = base.planned + trials(scenario);
    let finished = AtomicU32::new(replications);
    let runs: Vec<(usize, u32)> = (0..targets.len()).flat_map(|node| (0..replications).map(move |index| (node, index))).collect();
    let trial = |&(node, index): &(usize, u32)| {
        let trial = Trial { scenario, study, target: &targets[node].2, metric, index, usual: usual[index as usize], listener };
        let seen = trial.look()?;
        let finished = finished.fetch_add(1, Ordering::Relaxed) + 1;
        listener.progress(Progress { finished, planned, relative_half_width: None });
        Some(seen)
    };
    let seen: Option<Vec<Seen>> = runs.par_iter().with_max_len(1).map(trial).collect();
    let seen = seen?;
    let mut nodes: Vec<NodeCriticality> = targets
        .iter()
        .zip(seen.chunks(replications.max(1) as usize))
        .map(|((id, role, target), seen)| {
            let rises: Vec<Option<f64>> = seen.iter().map(|seen| seen.rise).collect();
            NodeCriticality {
                id: (*id).to_owned(),
                role,
                rise: if is_whole(seen) { Estimate::of(rises.iter().flatten().copied(), base.confidence, None) } else { None },
                rises,
                rank: 0,
                rank_low: 0,
                rank_high: 0,
                exposure_index: None,
                share_dependent: ways.share_through(target),
                survival: study.search.map(|search| survival(seen, search, base.confidence)),
            }
        })
        .collect();
    rank(&mut nodes, base.confidence);
    Some(CriticalityResult { study: study.clone(), unit: METRICS[metric].unit, nodes })
}

/// Worlds that a study adds to those of the scenario itself: one for each node and replication, or more where the time to survive is asked for. Where the
/// metric compares a run with its twin each has one beside it, and in each replication there is a pair in which nothing goes out.
pub(super) fn worlds(scenario: &Scenario) -> f64 {
    let Some(study) = &scenario.criticality else { return 0.0 };
    let halvings = |search: SurvivalSearch| {
        let halves = core::iter::successors(Some(search.longest), |length| Some(length.scaled(0.5)));
        1.0 + halves.take_while(|length| *length > search.resolution).count() as f64
    };
    let each = 1.0 + study.search.map_or(0.0, halvings);
    let trials = f64::from(trials(scenario)) * each;
    if has_twins(scenario) { 2.0 * (trials + f64::from(scenario.run.replications.at_most())) } else { trials }
}

/// Whether each node that is taken out has a twin beside it: where the metric compares the two.
pub(super) fn has_twins(scenario: &Scenario) -> bool {
    let study = scenario.criticality.as_ref();
    study.and_then(|study| METRICS.iter().position(|known| known.name == study.metric)).is_some_and(compares)
}

/// How many times a node is looked at: each node in each replication.
pub(super) fn trials(scenario: &Scenario) -> u32 {
    let nodes = |study: &Criticality| study.targets(&scenario.network).len() as u32;
    scenario.criticality.as_ref().map_or(0, nodes).saturating_mul(scenario.run.replications.at_most())
}

/// The metric in normal service, replication by replication. What compares a run with its twin is that of a run in which nothing goes out: zero,
/// unless an order acts, and no value where the group has none. `None` if it was stopped.
fn usual(
    scenario: &Scenario,
    study: &Criticality,
    base: &Outcome,
    metric: usize,
    listener: &dyn Listener,
) -> Option<Vec<Option<f64>>> {
    let replications = base.points[0].replications.len() as u32;
    if !compares(metric) {
        let group = base.group(&study.group)?;
        return Some(base.values(0, group, metric).collect());
    }
    let nothing = Target::default();
    let value = |index| Trial { scenario, study, target: &nothing, metric, index, usual: None, listener }.value(study.lasts);
    (0..replications).into_par_iter().with_max_len(1).map(value).collect()
}

/// Whether a metric compares a run with its twin.
fn compares(metric: usize) -> bool {
    Needs::TWIN.met_by(METRICS[metric].needs)
}

/// What one replication says of one node.
#[derive(Clone, Copy, Debug)]
struct Seen {
    rise: Option<f64>,
    /// Whether anything can be said: the metric has a value in normal service.
    is_known: bool,
    /// `None`: the longest outage tried is borne, or nothing was looked for.
    survives: Option<Span>,
}

/// One node out in one replication, for one time or several.
#[derive(Clone, Copy)]
struct Trial<'a> {
    scenario: &'a Scenario,
    study: &'a Criticality,
    target: &'a Target,
    metric: usize,
    index: u32,
    usual: Option<f64>,
    listener: &'a dyn Listener,
}

impl Trial<'_> {
    /// `None` if it was stopped.
    fn look(&self) -> Option<Seen> {
        let Some(usual) = self.usual else { return Some(Seen { rise: None, is_known: false, survives: None }) };
        let rise = self.value(self.study.lasts)?.map(|value| value - usual);
        let survives = match self.study.search {
            Some(search) => self.search(search, usual, rise)?,
            None => None,
        };
        Some(Seen { rise, is_known: true, survives })
    }

    /// The metric with the node out for this long.
    #[expect(clippy::option_option, reason = "stopped and no value are two things")]
    fn value(&self, lasts: Span) -> Option<Option<f64>> {
        let variant = self.study.variant(self.scenario, self.target, lasts);
        let blueprint = Blueprint::new(&variant);
        let plan = Plan::new(&blueprint);
        let group = blueprint.report().groups.iter().position(|group| group.key == self.study.group)?;
        let workspace = if compares(self.metric) { Workspace::new } else { Workspace::without_twin };
        let result = workspace(&blueprint, &plan).replicate_unless(self.index, |at_once| self.listener.stop(at_once))?;
        Some(result.values[group * METRICS.len() + self.metric])
    }

    /// The longest outage that is borne, by bisection; what is known of one length is used. Inner `None`: the longest that is tried.
    #[expect(clippy::option_option, reason = "stopped and survived are two things")]
    fn search(&self, search: SurvivalSearch, usual: f64, rise: Option<f64>) -> Option<Option<Span>> {
        let is_borne = |rise: Option<f64>| rise.is_some_and(|rise| rise <= search.tolerance);
        let bears = |lasts: Span| Some(is_borne(self.value(lasts)?.map(|value| value - usual)));
        let (known, longest) = (self.study.lasts, search.longest);
        let (mut low, mut high) = match (is_borne(rise), known < longest) {
            (true, false) => return Some(None),
            (false, true) => (Span::ZERO, known),
            (true, true) => (known, longest),
            (false, false) => (Span::ZERO, longest),
        };
        if high == longest && known != longest && bears(longest)? {
            return Some(None);
        }
        while high - low > search.resolution {
            let middle = low + (high - low).scaled(0.5);
            if bears(middle)? {
                low = middle;
            } else {
                high = middle;
            }
        }
        Some(Some(low))
    }
}

/// Whether the metric has a value with the node out wherever it has one in normal service.
fn is_whole(seen: &[Seen]) -> bool {
    seen.iter().all(|seen| seen.rise.is_some() || !seen.is_known)
}

fn survival(seen: &[Seen], search: SurvivalSearch, confidence: f64) -> Survival {
    let times: Vec<Option<Span>> = seen.iter().filter(|seen| seen.is_known).map(|seen| seen.survives).collect();
    let longest = search.longest.days();
    let restricted = times.iter().map(|time| time.map_or(longest, Span::days));
    Survival {
        restricted_mean: Estimate::of(restricted, confidence, Some((0.0, longest))),
        median: censored_median(times.iter().copied()),
        times,
    }
}

/// Puts the most critical node first and says how sure its place is.
fn rank(nodes: &mut [NodeCriticality], confidence: f64) {
    let mean = |node: &NodeCriticality| node.rise.map_or(f64::INFINITY, |rise| rise.mean);
    nodes.sort_by(|a, b| mean(b).total_cmp(&mean(a)));
    let most = nodes.first().and_then(|node| node.rise).map_or(0.0, |rise| rise.mean);
    let count = nodes.len() as u32;
    // They leave nothing to measure, and come before all others.
    let beyond = nodes.iter().filter(|node| node.rise.is_none()).count() as u32;
    let rises: Vec<Vec<Option<f64>>> =
        nodes.iter().map(|node| if node.rise.is_some() { node.rises.clone() } else { Vec::new() }).collect();
    for (place, node) in nodes.iter_mut().enumerate() {
        let others = rises.iter().enumerate().filter(|(other, _)| *other != place);
        let signs: Vec<i8> = others.map(|(_, other)| sign(other, &rises[place], confidence)).collect();
        node.rank = place as u32 + 1;
        if node.rise.is_none() {
            (node.rank_low, node.rank_high) = (1, beyond);
            continue;
        }
        node.rank_low = 1 + beyond + signs.iter().filter(|&&sign| sign > 0).count() as u32;
        node.rank_high = count - signs.iter().filter(|&&sign| sign < 0).count() as u32;
        node.exposure_index = node.rise.filter(|_| most > 0.0).map(|rise| rise.mean / most);
    }
}

/// The sign of the mean of `a - b`, if its interval leaves no doubt; 0 otherwise. Numbers that are the same each time leave none either.
fn sign(a: &[Option<f64>], b: &[Option<f64>], confidence: f64) -> i8 {
    let mut paired = Paired::default();
    for (a, b) in a.iter().zip(b).filter_map(|(a, b)| a.zip(*b)) {
        paired.push(a, b);
    }
    match paired.interval(confidence) {
        Some(interval) if interval.low > 0.0 => 1,
        Some(interval) if interval.high < 0.0 => -1,
        _ => 0,
    }
}

/// The usual ways of the prescriptions of a report group.
struct Ways<'s> {
    scenario: &'s Scenario,
    routes: Routes,
    payers: Vec<ServiceId>,
    reports: ReportGroups,
    members: Members,
}

impl<'s> Ways<'s> {
    fn new(scenario: &'s Scenario, group: &str) -> Self {
        let services = scenario.network.services.iter().zip(0..).filter(|(service, _)| service.role == Role::Payer);
        let reports = ReportGroups::of(scenario);
        let members = reports.groups.iter().find(|known| known.key == group).map_or(Members::All, |group| group.members.clone());
        Self {
            scenario,
            routes: Routes::compile(&scenario.network),
            payers: services.map(|(_, index)| ServiceId(index)).collect(),
            reports,
            members,
        }
    }

    /// The share that passes through what a target hits; which route, payer, card and prescribing network are taken as independent.
    fn share_through(&self, target: &Target) -> f64 {
        let network = &self.scenario.network;
        let (mut hit, groups) = network.dependants(&target.platforms);
        hit.extend(&target.services);
        let electronic = self.scenario.prescriptions.electronic();
        let (mut all, mut through) = (0.0, 0.0);
        for (index, group) in network.pharmacies.iter().enumerate() {
            let payers: Vec<(ServiceId, f64)> = group
                .payers
                .iter()
                .filter(|(payer, _)| self.is_member(*payer))
                .map(|(payer, share)| (*payer, share.value()))
                .collect();
            let payer_share: f64 = payers.iter().map(|(_, share)| share).sum();
            let member_share = match &self.members {
                Members::All | Members::Class(_) | Members::Affected(_) => 1.0,
                Members::Sites(cells) => f64::from(u8::from(cells.contains(&self.reports.cell_of[index]))),
                Members::Payer(_) => payer_share,
            };
            let weight = f64::from(group.sites) * group.demand.mean_per_day() * member_share;
            let at_home = groups.iter().any(|id| id.0 as usize == index);
            let claim = group.routes.iter().map(|(route, share)| {
                let through: f64 = payers.iter().map(|(payer, share)| share * self.chance_on(*route, *payer, &hit)).sum();
                share.value() * if payer_share > 0.0 { through / payer_share } else { 0.0 }
            });
            let claim: f64 = claim.sum();
            let prescriber: f64 =
                group.prescribing.iter().filter(|(service, _)| hit.contains(service)).map(|(_, share)| share.value()).sum();
            all += weight;
            through += weight * if at_home { 1.0 } else { 1.0 - (1.0 - claim) * (1.0 - electronic * prescriber) };
        }
        if all > 0.0 { through / all } else { 0.0 }
    }

    /// Whether prescriptions for a payer at a pharmacy group belong to the report group.
    fn is_member(&self, payer: ServiceId) -> bool {
        match self.members {
            Members::Payer(place) => {
                self.payers.iter().position(|own| *own == payer).is_some_and(|index| self.reports.payer_place[index] == place)
            }
            _ => true,
        }
    }

    /// The probability that a claim for a payer which leaves by a route, or that for the copay card after it, passes through one of the services.
    fn chance_on(&self, route: Route, payer: ServiceId, hit: &[ServiceId]) -> f64 {
        if self.scenario.claims.is_none() {
            return 0.0;
        }
        let card = self.scenario.copay.as_ref().map_or(0.0, |copay| {
            let processor = self.payers.get(usize::from(copay.processor));
            if processor.is_some_and(|processor| self.passes(route, *processor, hit)) { copay.share.value() } else { 0.0 }
        });
        if self.passes(route, payer, hit) { 1.0 } else { card }
    }

    /// Whether the way of a claim passes through one of the services.
    fn passes(&self, route: Route, payer: ServiceId, hit: &[ServiceId]) -> bool {
        let mut service = match route {
            Route::Clearinghouse(first) => first,
            Route::Direct => payer,
        };
        loop {
            if hit.contains(&service) {
                return true;
            }
            match self.routes.next(service, payer) {
                Some(link) if service != payer => service = self.scenario.network.links[usize::from(link.0)].to,
                _ => return false,
            }
        }
    }
}
