//! A sample too small for the groups that it is of.

use super::{Warning, simulated_sites};
use crate::network::PharmacyGroup;
use crate::scenario::Scenario;

/// A group whose sites stand for so many times more, or less, than they should is told.
const MOST: f64 = 1.25;
/// Groups named in one message.
const NAMED: usize = 4;

/// Groups that weigh more or less in the simulation than in the network, because each has at least one whole site.
pub(super) fn uneven(scenario: &Scenario) -> Vec<Warning> {
    let scale = scenario.run.scale;
    let uneven: Vec<_> = scenario.network.pharmacies.iter().filter(|group| is_uneven(group.sites, scale)).collect();
    let Some(smallest) = uneven.iter().map(|group| group.sites).min() else { return Vec::new() };
    let named: Vec<String> = uneven
        .iter()
        .take(NAMED)
        .map(|group| format!("`{}` ({} of {} sites)", group.id, simulated_sites(scenario, group.sites), group.sites))
        .collect();
    let more = if uneven.len() > NAMED { format!(" and {} more", uneven.len() - NAMED) } else { String::new() };
    let all = &scenario.network.pharmacies;
    // One site of the smallest if that is even for all, else two, with which rounding makes a quarter at most.
    let enough = [1.0, 2.0].map(|sites| (sites / f64::from(smallest)).min(1.0));
    let enough = enough.into_iter().find(|&scale| all.iter().all(|group| !is_uneven(group.sites, scale))).unwrap_or(1.0);
    vec![Warning {
        message: format!(
            "with `scale` = {scale} too few sites are simulated of some groups, or too many, so that totals over all groups are those of another network: {}{more}; \
             with {enough} they are even",
            named.join(", ")
        ),
        help: "a larger scale; to save time run fewer replications",
        key_path: "run.scale".to_owned(),
    }]
}

/// Hardly a prescription comes while it is measured.
pub(super) fn hardly_any(scenario: &Scenario) -> Vec<Warning> {
    let run = &scenario.run;
    let days = (run.horizon - run.warm_up - run.follow_up).days();
    let per_day = |group: &PharmacyGroup| simulated_sites(scenario, group.sites) * group.demand.mean_per_day();
    let per_day: f64 = scenario.network.pharmacies.iter().map(per_day).sum();
    if days * per_day >= 1.0 {
        return Vec::new();
    }
    vec![Warning {
        message: "hardly anything is measured: on average less than one prescription comes between warm-up and follow-up"
            .to_owned(),
        help: "a longer horizon, or more prescriptions",
        key_path: "run.horizon".to_owned(),
    }]
}

fn is_uneven(sites: u32, scale: f64) -> bool {
    let exact = f64::from(sites) * scale;
    let weight = exact.round().max(1.0) / exact;
    sites > 0 && !(1.0 / MOST..=MOST).contains(&weight)
}
