//! What a scenario may say and probably does not mean: each rule a function, and the registry.
//!
//! Problems stop a scenario, warnings do not: they stand in `check`, in the report and in the record of the run.

mod claims;
mod grid;
mod scale;
mod services;
mod staff;
mod unused;

pub(crate) use self::grid::UNMEASURED;
use super::Scenario;
use crate::network::{LinkId, Network, Route, Routes, ServiceId};

/// Something that is allowed and probably not meant.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Warning {
    /// What is odd, as a sentence without its full stop.
    pub message: String,
    /// What to do about it.
    pub help: &'static str,
    /// Key path of the setting that decides.
    pub key_path: String,
}

/// Every rule. A further one is a function and a line here.
const RULES: &[fn(&Scenario) -> Vec<Warning>] = &[
    scale::uneven,
    scale::hardly_any,
    grid::too_coarse,
    staff::overloaded,
    services::overloaded,
    claims::time_out_too_short,
    unused::supply,
    unused::responses,
    unused::choices,
    unused::outages,
    grid::unmeasured,
    unused::orders,
    unused::onboarding,
];

/// What is odd about a scenario in normal service, before any run.
///
/// # Cost
/// One walk over the network: far less than a replication.
#[must_use]
pub fn warnings(scenario: &Scenario) -> Vec<Warning> {
    let endless = claims::rejected_for_ever(scenario);
    if !endless.is_empty() {
        // Everything else is overloaded for that reason alone.
        return endless;
    }
    RULES.iter().flat_map(|rule| rule(scenario)).collect()
}

/// Times that each prescription's claim is submitted on average in normal service: rejected claims come back once they are resolved, and may be
/// rejected again. 0 without claims.
fn submissions(scenario: &Scenario) -> f64 {
    if scenario.claims.is_none() {
        return 0.0;
    }
    1.0 / (1.0 - returning_share(scenario)).max(1e-9)
}

/// Share of submissions that are rejected and come back.
fn returning_share(scenario: &Scenario) -> f64 {
    scenario.rejects.iter().map(|reject| reject.share.value() * reject.resolved.value()).sum()
}

/// Number of sites of a group that are simulated.
fn simulated_sites(scenario: &Scenario, sites: u32) -> f64 {
    (f64::from(sites) * scenario.run.scale).round().max(1.0)
}

/// The services that a claim passes from a route to its payer, each with the link that leads there.
fn way(network: &Network, routes: &Routes, route: Route, payer: ServiceId) -> Vec<(Option<LinkId>, ServiceId)> {
    let Route::Clearinghouse(first) = route else { return vec![(None, payer)] };
    let mut way = vec![(None, first)];
    let mut at = first;
    while at != payer
        && let Some(link) = routes.next(at, payer)
    {
        at = network.links[usize::from(link.0)].to;
        way.push((Some(link), at));
    }
    way
}

/// A share in whole per cent, never rounded to a bound that it does not reach.
fn percent(share: f64) -> String {
    match share * 100.0 {
        percent if percent < 1.0 => "less than 1 %".to_owned(),
        percent if percent < 1e6 => format!("{:.0} %", percent.floor()),
        percent => format!("{percent:.1e} %"),
    }
}
