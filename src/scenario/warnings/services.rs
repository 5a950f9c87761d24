//! Services to which more comes than they can take.

use super::{Warning, percent, simulated_sites, submissions, way};
use crate::network::{Capacity, Role, Route, Routes, Service};
use crate::scenario::Scenario;
use crate::units::Span;

/// Each clearinghouse, payer or prescribing network to which more comes in normal service than its capacity, on average over the week.
pub(super) fn overloaded(scenario: &Scenario) -> Vec<Warning> {
    let network = &scenario.network;
    let offered = offered_per_second(scenario);
    let overloaded = network.services.iter().zip(offered).filter_map(|(service, offered)| {
        let load = offered / capacity_per_second(&service.capacity)? / scenario.run.scale;
        (load >= 1.0 - 1e-9).then(|| warning(service, load))
    });
    overloaded.collect()
}

fn warning(service: &Service, load: f64) -> Warning {
    let (section, spoken, what) = match service.role {
        Role::Clearinghouse => ("clearinghouses", "clearinghouse", "claims"),
        Role::Payer => ("payers", "payer", "claims"),
        Role::PrescribingNetwork => ("prescribing_networks", "prescribing network", "prescriptions"),
    };
    let key = if matches!(service.capacity, Capacity::Throughput { .. }) { "capacity" } else { "servers" };
    Warning {
        message: format!(
            "the {spoken} `{}` cannot keep up in normal service: on average, the {what} that come are {} of its capacity",
            service.id,
            percent(load)
        ),
        help: "raise its capacity, or lead less to it: its line grows for as long as the run lasts",
        key_path: format!("{section}.{}.{key}", service.id),
    }
}

/// What a service can take in a second; `None`: any number.
fn capacity_per_second(capacity: &Capacity) -> Option<f64> {
    match capacity {
        Capacity::Unlimited => None,
        Capacity::Throughput { rate, .. } => Some(rate.value_per_second()),
        Capacity::Servers { servers, service } => {
            let mean = service.mean().seconds();
            (mean > 0.0).then(|| f64::from(*servers) / mean)
        }
    }
}

/// What comes to each service in a second, from the sites that are simulated.
fn offered_per_second(scenario: &Scenario) -> Vec<f64> {
    let network = &scenario.network;
    let services = network.services.len();
    // Prescriptions by first station (the last row: direct) and payer: groups are many, ways are few.
    let mut by_way = vec![0.0; (services + 1) * services];
    let mut offered = vec![0.0; services];
    let electronic = scenario.prescriptions.attributes.new.value() * (1.0 - scenario.prescriptions.paper.value());
    for group in &network.pharmacies {
        let per_second = simulated_sites(scenario, group.sites) * group.demand.mean_per_day() / Span::DAY.seconds();
        for (network, share) in &group.prescribing {
            offered[usize::from(network.0)] += per_second * electronic * share.value();
        }
        for (route, of_sites) in &group.routes {
            let row = match route {
                Route::Clearinghouse(first) => usize::from(first.0),
                Route::Direct => services,
            };
            for (payer, of_claims) in &group.payers {
                by_way[row * services + usize::from(payer.0)] += per_second * of_sites.value() * of_claims.value();
            }
        }
    }
    let routes = Routes::compile(network);
    let submissions = submissions(scenario);
    let id = |index: usize| crate::network::ServiceId(index as u16);
    // A copay card is billed by the same way, once the payer has answered.
    let mut payers = (0..services).filter(|&index| network.services[index].role == Role::Payer);
    if let Some((copay, processor)) =
        scenario.copay.as_ref().and_then(|copay| Some((copay, payers.nth(usize::from(copay.processor))?)))
    {
        for row in by_way.chunks_mut(services) {
            row[processor] += row.iter().sum::<f64>() * copay.share.value() / submissions.max(1.0);
        }
    }
    for (index, per_second) in by_way.into_iter().enumerate().filter(|(_, per_second)| *per_second > 0.0) {
        let (row, payer) = (index / services, id(index % services));
        let route = if row == services { Route::Direct } else { Route::Clearinghouse(id(row)) };
        for (_, service) in way(network, &routes, route, payer) {
            offered[usize::from(service.0)] += per_second * submissions;
        }
    }
    offered
}
