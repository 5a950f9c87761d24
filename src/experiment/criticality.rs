//! Criticality: each node out by itself, under common random numbers; how much worse it is, and how long an outage can be borne.

use core::sync::atomic::{AtomicU32, Ordering};

use rayon::prelude::*;

use super::outcome::{Estimate, Outcome};
use super::run::{Listener, Progress};
use crate::disruption::Target;
use crate::network::{Network, Role, Route, ServiceId};
use crate::scenario::{Criticality, Scenario, SurvivalSearch};
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
    /// Rise of the metric above normal service, replication by replication; `None` where the metric has no value.
    pub rises: Vec<Option<f64>>,
    /// Mean rise with its interval.
    pub rise: Option<Estimate>,
    /// Place among the nodes by mean rise, from 1.
    pub rank: u32,
    /// The places that the intervals of all paired differences leave open: a node is surely before or after another if the interval of
    /// their difference has one sign.
    pub rank_low: u32,
    /// The last of them.
    pub rank_high: u32,
    /// Mean rise over that of the most critical node: the risk exposure index of Simchi-Levi et al. (2014), *Harvard Business Review* 92(1),
    /// with this metric in the place of money. `None` where the most critical node does no harm.
    pub exposure_index: Option<f64>,
    /// Share of prescriptions whose usual way passes through the node: what a look at the graph alone would say.
    pub share_dependent: f64,
    /// Time to survive, replication by replication, where it was asked for.
    pub survival: Option<Survival>,
}

/// The longest outage of a node that can be borne.
#[derive(Clone, Debug)]
pub struct Survival {
    /// In each replication; `None` where the longest outage that is tried can be borne. Found from below: an outage longer by the resolution
    /// cannot be borne.
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
    let usual: Vec<f64> = usual(base, study, metric, replications);
    let planned = base.planned + trials(scenario);
    let finished = AtomicU32::new(replications);
    let runs: Vec<(usize, u32)> = (0..targets.len()).flat_map(|node| (0..replications).map(move |index| (node, index))).collect();
    let trial = |&(node, index): &(usize, u32)| {
        let trial = Trial { scenario, study, target: &targets[node].2, metric, index, usual: usual[index as usize], listener };
        let seen = trial.run()?;
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
                rise: Estimate::of(rises.iter().flatten().copied(), base.confidence, None),
                rises,
                rank: 0,
                rank_low: 0,
                rank_high: 0,
                exposure_index: None,
                share_dependent: share_dependent(scenario, target),
                survival: study.search.map(|search| survival(seen, search, base.confidence)),
            }
        })
        .collect();
    rank(&mut nodes, base.confidence);
    Some(CriticalityResult { study: study.clone(), unit: METRICS[metric].unit, nodes })
}

/// Simulations that a study adds to those of the scenario itself: one for each node and replication, or more where the time to survive is asked
/// for.
pub(super) fn simulations(scenario: &Scenario) -> f64 {
    let Some(study) = &scenario.criticality else { return 0.0 };
    let halvings = |search: SurvivalSearch| {
        let halves = core::iter::successors(Some(search.longest), |length| Some(length.scaled(0.5)));
        1.0 + halves.take_while(|length| *length > search.resolution).count() as f64
    };
    let each = 1.0 + study.search.map_or(0.0, halvings);
    f64::from(trials(scenario)) * each
}

/// How many times a node is looked at: each node in each replication.
pub(super) fn trials(scenario: &Scenario) -> u32 {
    let nodes = |study: &Criticality| study.targets(&scenario.network).len() as u32;
    scenario.criticality.as_ref().map_or(0, nodes).saturating_mul(scenario.run.replications.at_most())
}

/// The metric in normal service, replication by replication; what is an excess is none there.
fn usual(base: &Outcome, study: &Criticality, metric: usize, replications: u32) -> Vec<f64> {
    let Some(group) = base.group(&study.group) else { return vec![0.0; replications as usize] };
    base.values(0, group, metric).map(Option::unwrap_or_default).collect()
}

/// What one replication says of one node.
#[derive(Clone, Copy, Debug)]
struct Seen {
    rise: Option<f64>,
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
    usual: f64,
    listener: &'a dyn Listener,
}

impl Trial<'_> {
    /// `None` if it was stopped.
    fn run(&self) -> Option<Seen> {
        let rise = self.rise(self.study.lasts)?;
        let survives = match self.study.search {
            Some(search) => self.search(search, rise)?,
            None => None,
        };
        Some(Seen { rise, survives })
    }

    /// The rise of the metric with the node out for this long.
    #[expect(clippy::option_option, reason = "stopped and no value are two things")]
    fn rise(&self, lasts: Span) -> Option<Option<f64>> {
        let variant = self.study.variant(self.scenario, self.target, lasts);
        let blueprint = Blueprint::new(&variant);
        let plan = Plan::new(&blueprint);
        let group = blueprint.report().groups.iter().position(|group| group.key == self.study.group)?;
        let result = Workspace::new(&blueprint, &plan).replicate_unless(self.index, || self.listener.stop())?;
        Some(result.values[group * METRICS.len() + self.metric].map(|value| value - self.usual))
    }

    /// The longest outage that is borne, by bisection; what is known of one length is used. Inner `None`: the longest that is tried.
    #[expect(clippy::option_option, reason = "stopped and survived are two things")]
    fn search(&self, search: SurvivalSearch, rise: Option<f64>) -> Option<Option<Span>> {
        let is_borne = |rise: Option<f64>| rise.is_none_or(|rise| rise <= search.tolerance);
        let (known, longest) = (self.study.lasts, search.longest);
        let (mut low, mut high) = match (is_borne(rise), known < longest) {
            (true, false) => return Some(None),
            (false, true) => (Span::ZERO, known),
            (true, true) => (known, longest),
            (false, false) => (Span::ZERO, longest),
        };
        if high == longest && known != longest && is_borne(self.rise(longest)?) {
            return Some(None);
        }
        while high - low > search.resolution {
            let middle = low + (high - low).scaled(0.5);
            if is_borne(self.rise(middle)?) {
                low = middle;
            } else {
                high = middle;
            }
        }
        Some(Some(low))
    }
}

fn survival(seen: &[Seen], search: SurvivalSearch, confidence: f64) -> Survival {
    let times: Vec<Option<Span>> = seen.iter().map(|seen| seen.survives).collect();
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
    let mean = |node: &NodeCriticality| node.rise.map_or(f64::NEG_INFINITY, |rise| rise.mean);
    nodes.sort_by(|a, b| mean(b).total_cmp(&mean(a)));
    let most = nodes.first().and_then(|node| node.rise).map_or(0.0, |rise| rise.mean);
    let count = nodes.len() as u32;
    let rises: Vec<Vec<Option<f64>>> = nodes.iter().map(|node| node.rises.clone()).collect();
    for (place, node) in nodes.iter_mut().enumerate() {
        let others = rises.iter().enumerate().filter(|(other, _)| *other != place);
        let signs: Vec<i8> = others.map(|(_, other)| sign(other, &rises[place], confidence)).collect();
        node.rank = place as u32 + 1;
        node.rank_low = 1 + signs.iter().filter(|&&sign| sign > 0).count() as u32;
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

/// The share of prescriptions whose usual way passes through what a target hits; stations are taken as independent of each other.
fn share_dependent(scenario: &Scenario, target: &Target) -> f64 {
    let network = &scenario.network;
    let (mut services, groups) = network.dependants(&target.platforms);
    services.extend(&target.services);
    let new = if has_prescribing(network) {
        scenario.prescriptions.attributes.new.value() * (1.0 - scenario.prescriptions.paper.value())
    } else {
        0.0
    };
    let (mut all, mut hit) = (0.0, 0.0);
    for (index, group) in network.pharmacies.iter().enumerate() {
        let weight = f64::from(group.sites) * group.demand.mean_per_day();
        let share_of = |uses: &mut dyn Iterator<Item = (ServiceId, f64)>| -> f64 {
            uses.filter(|(service, _)| services.contains(service)).map(|(_, share)| share).sum()
        };
        let route = share_of(&mut group.routes.iter().filter_map(|(route, share)| match route {
            Route::Clearinghouse(service) => Some((*service, share.value())),
            Route::Direct => None,
        }));
        let payer = share_of(&mut group.payers.iter().map(|(service, share)| (*service, share.value())));
        let prescribing = new * share_of(&mut group.prescribing.iter().map(|(service, share)| (*service, share.value())));
        let at_home = groups.iter().any(|id| id.0 as usize == index);
        let missed = (1.0 - route) * (1.0 - payer) * (1.0 - prescribing);
        all += weight;
        hit += weight * if at_home { 1.0 } else { 1.0 - missed };
    }
    if all > 0.0 { hit / all } else { 0.0 }
}

fn has_prescribing(network: &Network) -> bool {
    network.services.iter().any(|service| service.role == Role::PrescribingNetwork)
}
