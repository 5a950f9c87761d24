//! How long an experiment takes, told before any work.

use super::criticality;
use crate::network::{Capacity, Route, Service, ServiceId};
use crate::random::SpanLaw;
use crate::scenario::Scenario;
use crate::sim::{Blueprint, Path};
use crate::units::Share;

// Seconds on one core, as fitted to M/M/1 and to the national network at four scales on a virtual machine (x86-64, 2 cores) that others used too.

/// An event, and a random number with what it decides.
const EVENT: f64 = 68e-9;
const DRAW: f64 = 29e-9;
/// A prescription where each start follows from those before.
const WITHOUT_EVENTS: f64 = 50e-9;
/// Tables, charts and page.
const WRITING: f64 = 0.4;

/// State up to this many bytes stays close to a core; each tenfold beyond adds this share of the time to wait for memory: less where nothing is disturbed,
/// for pharmacies are then advanced one after the other.
const CLOSE_BY: f64 = 0.8e6;
const FARTHER: f64 = 0.5;
const FARTHER_UNDISTURBED: f64 = 0.25;

/// Seconds that an experiment takes with so many prescriptions in each of its worlds, whose state takes so many bytes each, on this many threads.
pub(super) fn seconds(scenario: &Scenario, prescriptions: f64, state: f64, threads: usize) -> f64 {
    let worlds = if scenario.is_disrupted() { 2.0 } else { 1.0 };
    let each = match Blueprint::new(scenario).path() {
        Path::Recursion => WITHOUT_EVENTS,
        Path::Events => EVENT * events(scenario) + DRAW * draws(scenario),
    };
    let farther = if scenario.is_disrupted() { FARTHER } else { FARTHER_UNDISTURBED };
    let waiting = 1.0 + farther * crate::math::log10((state / CLOSE_BY).max(1.0));
    let replications = f64::from(scenario.run.replications.at_most());
    let on_threads = |worlds: f64, at_a_time: f64| worlds / (threads as f64).min(at_a_time).max(1.0);
    // The twin of a lone replication has a thread of its own; what a study asks of one node in one replication comes one after the other.
    let own = on_threads(replications * worlds, replications * worlds);
    let study = on_threads(criticality::worlds(scenario), f64::from(criticality::trials(scenario)));
    WRITING + prescriptions * (own + study) * each * waiting
}

/// Events in the life of a prescription that nothing blocks.
fn events(scenario: &Scenario) -> f64 {
    let ways = Ways::of(scenario);
    let work = count(scenario.work.entry.is_some()) + count(scenario.work.fill.is_some());
    let again: f64 = scenario
        .rejects
        .iter()
        .map(|reject| reject.share.value() * (count(reject.staff.is_some()) + 1.0 + ways.claim_events))
        .sum();
    1.0 + work
        + scenario.prescriptions.electronic() * ways.prescribing_events
        + claims(scenario) * ways.claim_events
        + count(scenario.claims.is_some()) * again
}

/// Random numbers in the same.
fn draws(scenario: &Scenario) -> f64 {
    let attributes = &scenario.prescriptions.attributes;
    let request = 1.0
        + count(scenario.prescriptions.classes.len() > 1)
        + count(scenario.network.pharmacies.iter().any(|group| group.payers.len() > 1))
        + 2.0 * count(attributes.new > Share::NONE);
    let work = count(scenario.work.entry.is_some()) + count(scenario.work.fill.is_some());
    let answer = count(!scenario.rejects.is_empty()) + count(scenario.copay.is_some());
    let books = 3.0 * count(scenario.money.is_some());
    let some_have_none = attributes.classes.iter().any(|class| class.none_on_hand > Share::NONE);
    let supply = count(attributes.knows_supply()) + count(some_have_none) + 2.0 * count(scenario.pick_up.is_some());
    request + work + claims(scenario) * Ways::of(scenario).claim_draws + answer + books + supply
}

/// Claims for each prescription; none, where the scenario has none.
fn claims(scenario: &Scenario) -> f64 {
    let second = scenario.copay.as_ref().map_or(0.0, |copay| copay.share.value());
    count(scenario.claims.is_some()) * (1.0 + second)
}

/// What a claim, and a prescription in a prescribing network, go through on average over all pharmacies.
#[derive(Clone, Copy, Default)]
struct Ways {
    claim_events: f64,
    claim_draws: f64,
    prescribing_events: f64,
}

impl Ways {
    fn of(scenario: &Scenario) -> Self {
        let network = &scenario.network;
        let mut touched: Vec<ServiceId> = Vec::new();
        for (_, target) in scenario.disruptions() {
            touched.extend(network.dependants(&target.platforms).0.iter().chain(&target.services));
        }
        let step = |id: ServiceId| Step::at(&network.services[usize::from(id.0)], touched.contains(&id));
        let (mut sum, mut all) = (Self::default(), 0.0);
        for group in &network.pharmacies {
            let weight = f64::from(group.sites) * group.demand.mean_per_day();
            all += weight;
            for (route, share) in &group.routes {
                let switch = match route {
                    Route::Clearinghouse(id) => step(*id),
                    Route::Direct => Step::default(),
                };
                for (payer, payer_share) in &group.payers {
                    let (payer, weight) = (step(*payer), weight * share.value() * payer_share.value());
                    sum.claim_events += weight * (switch.events + payer.events + count(switch.is_ahead || payer.is_ahead));
                    sum.claim_draws += weight * (switch.draws + payer.draws);
                }
            }
            let prescribing = group.prescribing.iter().map(|(id, share)| share.value() * step(*id).all);
            sum.prescribing_events += weight * prescribing.sum::<f64>();
        }
        let each = |sum: f64| if all > 0.0 { sum / all } else { 0.0 };
        Self {
            claim_events: each(sum.claim_events),
            claim_draws: each(sum.claim_draws),
            prescribing_events: each(sum.prescribing_events),
        }
    }
}

/// What happens at one service.
#[derive(Clone, Copy, Default)]
struct Step {
    /// Events of its own, where it is part of the way of a claim.
    events: f64,
    /// It takes time that needs no event of its own but one for all such services on the way.
    is_ahead: bool,
    draws: f64,
    /// Events, step by step.
    all: f64,
}

impl Step {
    fn at(service: &Service, is_touched: bool) -> Self {
        let is_random = |law: &Option<SpanLaw>| law.as_ref().is_some_and(|law| law.law().kind() != "constant");
        let (serves, waits) = (!matches!(service.capacity, Capacity::Unlimited), service.latency.is_some());
        let servers = matches!(service.capacity, Capacity::Servers { .. });
        let all = count(serves) + count(waits);
        let (events, is_ahead) = if is_touched { (all, false) } else { (count(servers), waits || (serves && !servers)) };
        Self { events, is_ahead, draws: count(servers) + count(is_random(&service.latency)), all }
    }
}

fn count(is_there: bool) -> f64 {
    f64::from(u8::from(is_there))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::{Source, load};

    fn of(path: &str, sets: &[&str]) -> Scenario {
        let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios").join(path);
        let sets: Vec<String> = sets.iter().map(|&set| set.to_owned()).collect();
        load(&Source::File(file), &sets, &crate::experiment::quantities())
            .unwrap_or_else(|problems| panic!("{problems}"))
            .scenario
    }

    #[test]
    fn what_a_prescription_goes_through_is_counted() {
        let queue = of("textbook/mm1.toml", &[]);
        assert_eq!((events(&queue), draws(&queue)), (2.0, 2.0), "request and end; gap and service");
        let national = of("baseline.toml", &[]);
        assert!((4.5..5.5).contains(&events(&national)) && (15.0..18.0).contains(&draws(&national)));
    }

    #[test]
    fn time_follows_work_memory_and_threads() {
        let twins = of("change-healthcare-2024.toml", &[]);
        let lone = of("change-healthcare-2024.toml", &["run.replications=1"]);
        let seconds = |scenario, state, threads| seconds(scenario, 1e8, state, threads) - WRITING;
        let ratio = |a: f64, b: f64| (a / b * 100.0).round() / 100.0;
        assert_eq!(ratio(seconds(&twins, 1e5, 1), seconds(&twins, 1e5, 2)), 2.0);
        assert_eq!(ratio(seconds(&lone, 1e5, 1), seconds(&lone, 1e5, 16)), 2.0, "the run and its twin");
        assert_eq!(ratio(seconds(&twins, 8e7, 1), seconds(&twins, 8e5, 1)), 2.0);
        assert_eq!(ratio(seconds(&twins, 1e5, 2), seconds(&lone, 1e5, 2)), 16.0);
    }

    #[test]
    fn a_study_has_twins_where_its_metric_compares() {
        let replications = "run.replications=1";
        let alone = of("node-criticality.toml", &[replications]);
        let beside = of("node-criticality.toml", &[replications, "criticality.metric=excess_share_delayed_24h"]);
        // Five nodes, each once and in as many further lengths as the search needs; in pairs also one in which nothing goes out.
        let trials = criticality::worlds(&alone);
        assert_eq!(criticality::worlds(&beside), 2.0 * (trials + 1.0));
        assert!(!criticality::has_twins(&alone) && criticality::has_twins(&beside));
        let study = |scenario, threads| seconds(scenario, 1e8, 1e5, threads) - WRITING;
        let each = study(&alone, 1) / (1.0 + trials);
        assert!((study(&alone, 64) / each - (1.0 + trials / 5.0)).abs() < 1e-9, "five nodes at a time at most");
    }
}
