//! How long an experiment takes, told before any work.

use super::criticality;
use crate::network::{Capacity, Role};
use crate::scenario::Scenario;
use crate::sim::{Blueprint, Path};
use crate::units::Share;

// Seconds on one core, as fitted to M/M/1 and to the national network at four scales on a virtual machine (x86-64, 2 cores) that others used too.

/// An event, and a random number with what it decides.
const EVENT: f64 = 57e-9;
const DRAW: f64 = 30e-9;
/// A prescription where each start follows from those before.
const WITHOUT_EVENTS: f64 = 50e-9;
/// Tables, charts and page.
const WRITING: f64 = 0.4;

/// A world that is compared with its twin costs this many times of one alone: what is paired, and what people do when they are blocked.
const PAIRED: f64 = 1.15;

/// State up to this many bytes stays close to a core; each tenfold beyond adds this share of the time to wait for memory.
const CLOSE_BY: f64 = 0.8e6;
const FARTHER: f64 = 0.4;

/// Seconds that an experiment takes with so many prescriptions in each of its worlds, whose state takes so many bytes each, on this many threads.
pub(super) fn seconds(scenario: &Scenario, prescriptions: f64, state: f64, threads: usize) -> f64 {
    let worlds = if scenario.is_disrupted() { 2.0 } else { 1.0 };
    let each = match Blueprint::new(scenario).path() {
        Path::Recursion => WITHOUT_EVENTS,
        Path::Events => EVENT * events(scenario) + DRAW * draws(scenario),
    };
    let paired = if worlds > 1.0 { PAIRED } else { 1.0 };
    let waiting = 1.0 + FARTHER * crate::math::log10((state / CLOSE_BY).max(1.0));
    let replications = f64::from(scenario.run.replications.at_most());
    // Each node that is taken out has a twin.
    let others = 2.0 * PAIRED * criticality::simulations(scenario);
    // The twin of a lone replication has a thread of its own; a thread without a world does nothing.
    let at_a_time = (threads as f64).min(replications * worlds + others).max(1.0);
    WRITING + prescriptions * (replications * worlds * paired + others) * each * waiting / at_a_time
}

/// Events in the life of a prescription that nothing blocks.
fn events(scenario: &Scenario) -> f64 {
    let steps = |role| mean(scenario, role, |capacity, latency| count(!matches!(capacity, Capacity::Unlimited)) + count(latency));
    let work = count(scenario.work.entry.is_some()) + count(scenario.work.fill.is_some());
    let claim = steps(Role::Clearinghouse) + steps(Role::Payer);
    let rejected: f64 =
        scenario.rejects.iter().map(|reject| reject.share.value() * (count(reject.staff.is_some()) + 1.0 + claim)).sum();
    1.0 + work + sent(scenario) * steps(Role::PrescribingNetwork) + claims(scenario) * claim + rejected
}

/// Random numbers in the same.
fn draws(scenario: &Scenario) -> f64 {
    let attributes = &scenario.prescriptions.attributes;
    let drawn =
        |role| mean(scenario, role, |capacity, latency| count(matches!(capacity, Capacity::Servers { .. })) + count(latency));
    let request = 1.0
        + count(scenario.prescriptions.classes.len() > 1)
        + count(scenario.network.pharmacies.iter().any(|group| group.payers.len() > 1))
        + 2.0 * count(attributes.new > Share::NONE);
    let work = count(scenario.work.entry.is_some()) + count(scenario.work.fill.is_some());
    let claim = drawn(Role::Clearinghouse) + drawn(Role::Payer);
    let answer = count(!scenario.rejects.is_empty()) + count(scenario.copay.is_some());
    let books = 3.0 * count(scenario.money.is_some());
    let supply = 5.0 * count(attributes.knows_supply() || scenario.pick_up.is_some());
    request + work + claims(scenario) * claim + answer + books + supply
}

/// Claims for each prescription; none, where the scenario has none.
fn claims(scenario: &Scenario) -> f64 {
    let second = scenario.copay.as_ref().map_or(0.0, |copay| copay.share.value());
    count(scenario.claims.is_some()) * (1.0 + second)
}

/// Share of the prescriptions that come through a prescribing network.
fn sent(scenario: &Scenario) -> f64 {
    scenario.prescriptions.attributes.new.value() * (1.0 - scenario.prescriptions.paper.value())
}

/// Mean over the services of a role, by capacity and whether they have a latency; nothing, where there is none.
fn mean(scenario: &Scenario, role: Role, of: impl Fn(&Capacity, bool) -> f64) -> f64 {
    let services = || scenario.network.services.iter().filter(|service| service.role == role);
    let sum: f64 = services().map(|service| of(&service.capacity, service.latency.is_some())).sum();
    sum / services().count().max(1) as f64
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
        assert!((6.5..8.0).contains(&events(&national)) && (15.0..20.0).contains(&draws(&national)));
    }

    #[test]
    fn time_follows_work_memory_and_threads() {
        let twins = of("change-healthcare-2024.toml", &[]);
        let lone = of("change-healthcare-2024.toml", &["run.replications=1"]);
        let seconds = |scenario, state, threads| seconds(scenario, 1e8, state, threads) - WRITING;
        let ratio = |a: f64, b: f64| (a / b * 100.0).round() / 100.0;
        assert_eq!(ratio(seconds(&twins, 1e5, 1), seconds(&twins, 1e5, 2)), 2.0);
        assert_eq!(ratio(seconds(&lone, 1e5, 1), seconds(&lone, 1e5, 16)), 2.0, "the run and its twin");
        assert_eq!(ratio(seconds(&twins, 8e7, 1), seconds(&twins, 8e5, 1)), 1.8);
        assert_eq!(ratio(seconds(&twins, 1e5, 2), seconds(&lone, 1e5, 2)), 16.0);
    }
}
