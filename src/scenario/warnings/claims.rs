//! Claims that can hardly be answered in time.

use super::{Warning, returning_share, way};
use crate::network::{Network, Route, Routes, ServiceId};
use crate::random::SpanLaw;
use crate::scenario::Scenario;
use crate::units::Span;

/// Claims that are never through: each is rejected, and each rejection is resolved and submitted again.
pub(super) fn rejected_for_ever(scenario: &Scenario) -> Vec<Warning> {
    if scenario.claims.is_none() || returning_share(scenario) < 1.0 - 1e-9 {
        return Vec::new();
    }
    vec![Warning {
        message: "every claim is rejected, resolved and submitted again, until it is given up: the shares in [rejects] sum to 1"
            .to_owned(),
        help: "lower the shares in [rejects], or the share of them that is `resolved`",
        key_path: "rejects".to_owned(),
    }]
}

/// The way from a pharmacy to a payer that takes longest, if claims typically take longer than the time-out on it: half of them or more would be
/// submitted again and again.
pub(super) fn time_out_too_short(scenario: &Scenario) -> Vec<Warning> {
    let Some(timeout) = scenario.claims.and_then(|claims| claims.timeout) else { return Vec::new() };
    let network = &scenario.network;
    let routes = Routes::compile(network);
    let mut slowest: Option<(f64, Route, ServiceId)> = None;
    for (route, payer) in ways(network) {
        let seconds = typical_seconds(scenario, &routes, route, payer);
        if seconds >= timeout.seconds() && slowest.is_none_or(|(most, ..)| seconds > most) {
            slowest = Some((seconds, route, payer));
        }
    }
    let Some((seconds, route, payer)) = slowest else { return Vec::new() };
    let id = |service: ServiceId| &network.services[usize::from(service.0)].id;
    let by = match route {
        Route::Clearinghouse(first) => format!("by `{}`", id(first)),
        Route::Direct => "straight".to_owned(),
    };
    vec![Warning {
        message: format!(
            "a claim that goes {by} to `{}` typically takes {}, and the time-out is {timeout}: most such claims time out, again and again",
            id(payer),
            Span::from_seconds(seconds)
        ),
        help: "raise claims.timeout, or lower the latencies on the way",
        key_path: "claims.timeout".to_owned(),
    }]
}

/// Every way that claims can take: first station and payer.
fn ways(network: &Network) -> Vec<(Route, ServiceId)> {
    let services = network.services.len();
    let mut known = vec![false; (services + 1) * services];
    let mut ways = Vec::new();
    for group in &network.pharmacies {
        let primary = group.routes.iter().filter(|(_, share)| share.value() > 0.0).map(|(route, _)| *route);
        let standby = group.standby.iter().filter(|standby| standby.share.value() > 0.0).flat_map(|standby| &standby.to);
        let second = standby.chain(group.reroute.iter().flat_map(|reroute| &reroute.to)).map(|to| Route::Clearinghouse(*to));
        for route in primary.chain(second) {
            let row = match route {
                Route::Clearinghouse(first) => usize::from(first.0),
                Route::Direct => services,
            };
            for (payer, _) in group.payers.iter().filter(|(_, share)| share.value() > 0.0) {
                let known = &mut known[row * services + usize::from(payer.0)];
                if !core::mem::replace(known, true) {
                    ways.push((route, *payer));
                }
            }
        }
    }
    ways
}

/// The sum of the medians of what a claim passes, where it need not wait \[s\].
fn typical_seconds(scenario: &Scenario, routes: &Routes, route: Route, payer: ServiceId) -> f64 {
    let network = &scenario.network;
    let median = |law: &SpanLaw| law.quantile(0.5).seconds();
    let mut seconds = 0.0;
    for (link, service) in way(network, routes, route, payer) {
        let service = &network.services[usize::from(service.0)];
        let link = link.and_then(|link| network.links[usize::from(link.0)].latency);
        seconds += link.map_or(0.0, |law| median(&law)) + service.latency.map_or(0.0, |law| median(&law));
        // As it is simulated: a scaled capacity makes each claim take longer.
        let limit = service.capacity.scaled(scenario.run.scale);
        seconds += limit.map_or(0.0, |limit| median(&limit.service) * limit.stretch);
    }
    seconds
}
