//! A study of criticality: what becomes of a network if one of its nodes is out.

use super::Scenario;
use crate::disruption::{ArrivalRule, InFlight, Mode, Onset, Outage, Recovery, Target};
use crate::network::{Network, PlatformId, Role, ServiceId};
use crate::random::SpanLaw;
use crate::units::{Share, Span};

/// `[criticality]`: each service and platform is out by itself, once for `lasts`, and, where the time to survive is asked for, for other times
/// until it is found.
#[derive(Clone, PartialEq, Debug)]
pub struct Criticality {
    /// When each node goes out, after t = 0.
    pub at: Span,
    /// How long it is out.
    pub lasts: Span,
    /// Metric by whose rise above normal service nodes are ranked.
    pub metric: String,
    /// Key of the report group whose metric it is.
    pub group: String,
    /// How the time to survive is looked for; `None`: it is not.
    pub search: Option<SurvivalSearch>,
}

/// How the time to survive is looked for: the longest outage that raises the metric by no more than can be borne.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct SurvivalSearch {
    /// Largest rise of the metric that can be borne, in its unit.
    pub tolerance: f64,
    /// The longest outage that is tried.
    pub longest: Span,
    /// How closely the time is found.
    pub resolution: Span,
}

impl Criticality {
    /// What is taken out: id, role, and the target of an outage of it, services first.
    #[must_use]
    pub fn targets<'n>(&self, network: &'n Network) -> Vec<(&'n str, &'static str, Target)> {
        let services = network.services.iter().zip(0..).map(|(service, index)| {
            (service.id.as_str(), service.role.name(), Target { services: vec![ServiceId(index)], ..Target::default() })
        });
        let platforms = network.platforms.iter().zip(0..).map(|(platform, index)| {
            (platform.id.as_str(), "platform", Target { platforms: vec![PlatformId(index)], ..Target::default() })
        });
        services.chain(platforms).collect()
    }

    /// The scenario with a node out for a time, and everything else as it is. The rules are those that an outage has by default: claims go back
    /// to their sender and are turned away, what is in a prescribing network rests and what comes to it waits.
    #[must_use]
    pub fn variant(&self, scenario: &Scenario, target: &Target, lasts: Span) -> Scenario {
        let (dependants, _) = scenario.network.dependants(&target.platforms);
        let role = |service: &ServiceId| scenario.network.services[usize::from(service.0)].role;
        let carries_claims = dependants.iter().chain(&target.services).any(|service| role(service) != Role::PrescribingNetwork);
        let (in_flight, arrivals) =
            if carries_claims { (InFlight::Resubmit, ArrivalRule::Refuse) } else { (InFlight::Frozen, ArrivalRule::Queue) };
        let outage = Outage {
            id: "node-out".to_owned(),
            target: target.clone(),
            onset: Onset::At(self.at),
            probability: Share::ALL,
            mode: Mode::HardStop,
            in_flight,
            arrivals,
            recovery_delay: SpanLaw::constant(lasts),
            recovery: Recovery::AtOnce,
        };
        Scenario { outages: vec![outage], checks: Vec::new(), targets: Vec::new(), criticality: None, ..scenario.clone() }
    }
}
