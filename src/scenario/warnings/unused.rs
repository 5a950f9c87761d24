//! Settings that change nothing, because something else says so.
//!
//! A share of zero or a section switched off is a fair variant of a scenario, so that what goes with it is no mistake; but it may be one.

use super::Warning;
use crate::response::{Bands, Choice, Who};
use crate::scenario::{DrugClass, Scenario};
use crate::units::Share;

const OFF: &str = "to switch a response off write enabled = false";

/// Supply in hand of patients that there are not.
pub(super) fn supply(scenario: &Scenario) -> Vec<Warning> {
    let prescriptions = &scenario.prescriptions;
    let new = prescriptions.attributes.new;
    let mut all = Vec::new();
    for (class, what) in prescriptions.classes.iter().zip(&prescriptions.attributes.classes) {
        let mut tell = |key: &str, why: &str, help| {
            let message = format!("`{key}` of [drug_classes.{}] changes nothing: {why}", class.id);
            all.push(Warning { message, help, key_path: format!("drug_classes.{}.{key}", class.id) });
        };
        if new == Share::NONE && what.on_hand_new.is_some() {
            tell("on_hand_new", "no prescription is new", "set prescriptions.new, or leave it away");
        }
        if new == Share::ALL && what.on_hand.is_some() {
            tell("on_hand", "every prescription is new", "write `on_hand_new`, or make prescriptions.new smaller");
        }
    }
    all
}

/// Responses that nobody ever gives.
pub(super) fn responses(scenario: &Scenario) -> Vec<Warning> {
    let downtime = &scenario.downtime;
    let never = |bands: &Bands| bands.rest == Share::NONE && bands.below.iter().all(|(_, share)| *share == Share::NONE);
    let zero = [
        ("tide_over", downtime.tide_over.as_ref().is_some_and(|response| response.share == Share::NONE)),
        ("cash", downtime.cash.as_ref().is_some_and(|response| never(&response.share))),
        ("move", downtime.relocate.as_ref().is_some_and(|response| response.share == Share::NONE)),
        ("give_up", downtime.give_up.as_ref().is_some_and(|response| response.share == Share::NONE)),
    ];
    let asked = downtime.retry.is_some() || !downtime.order.is_empty();
    let timeout = scenario.claims.and_then(|claims| claims.timeout);
    if asked && timeout.is_none() && scenario.disruptions().next().is_none() && scenario.failures.is_empty() {
        return vec![Warning {
            message: "nobody is ever asked for a response: nothing goes wrong, and claims have no time-out".to_owned(),
            help: "add an outage, or leave [downtime] away",
            key_path: "downtime".to_owned(),
        }];
    }
    let mut all: Vec<Warning> = zero
        .into_iter()
        .filter(|(_, is_zero)| *is_zero)
        .map(|(key, _)| Warning {
            message: format!("[downtime.{key}] changes nothing: its share is zero"),
            help: OFF,
            key_path: format!("downtime.{key}.share"),
        })
        .collect();
    // The manual procedure of a response that nobody is willing to give may still serve an order.
    let whole = scenario.orders.iter().any(|order| order.actions.emergency_supply.is_some_and(|supply| supply.supply.is_none()));
    if downtime.on_trust.as_ref().is_some_and(|response| never(&response.share)) && !whole {
        all.push(Warning {
            message: "[downtime.on_trust] changes nothing: its share is zero, and no order needs its procedure".to_owned(),
            help: OFF,
            key_path: "downtime.on_trust.share".to_owned(),
        });
    }
    all
}

/// Choices that come after one that everybody makes.
pub(super) fn choices(scenario: &Scenario) -> Vec<Warning> {
    let downtime = &scenario.downtime;
    let everybody = downtime.give_up.as_ref().is_some_and(|give_up| give_up.share == Share::ALL && give_up.who == Who::default());
    let after = downtime.order.iter().skip_while(|choice| **choice != Choice::GiveUp).skip(1);
    let never = |choice: &Choice| Warning {
        message: format!("[downtime.{}] changes nothing: everybody gives up before it is asked for", choice.key()),
        help: "lower the share of give_up, or say in `order` what comes before it",
        key_path: format!("downtime.{}", choice.key()),
    };
    after.filter(|_| everybody).map(never).collect()
}

/// Outages that never happen.
pub(super) fn outages(scenario: &Scenario) -> Vec<Warning> {
    let never = scenario.outages.iter().filter(|outage| outage.probability == Share::NONE);
    let warning = |id: &str| Warning {
        message: format!("[[outage]] `{id}` never happens: its probability is zero"),
        help: "to switch it off write enabled = false",
        key_path: format!("outage.{id}.probability"),
    };
    never.map(|outage| warning(&outage.id)).collect()
}

/// Actions of orders that have nothing to act on.
pub(super) fn orders(scenario: &Scenario) -> Vec<Warning> {
    let credit = scenario.downtime.on_trust.as_ref().is_some_and(|trust| trust.credit.is_some());
    let mut all = Vec::new();
    for order in &scenario.orders {
        let mut tell = |key: &str, why: &str, help| {
            let message = format!("`{key}` of [[order]] `{}` changes nothing: {why}", order.id);
            all.push(Warning { message, help, key_path: format!("order.{}.{key}", order.id) });
        };
        if order.actions.interim_payment.is_some() && scenario.money.is_none() && !credit {
            let help = "add [money], or a credit to [downtime.on_trust]";
            tell("interim_payment", "no money is followed, and no credit is limited", help);
        }
        if order.actions.prioritise.is_some() && scenario.prescriptions.classes.len() < 2 {
            tell("prioritise", "there is one drug class only", "declare the classes that go first and those that wait");
        } else if order.actions.prioritise.as_ref().is_some_and(|first| are_first(first, &scenario.prescriptions.classes)) {
            tell("prioritise", "these classes are first in line anyway", "name others, or give the class a larger `priority`");
        }
        if order.actions.waive.as_ref().is_some_and(|(_, share)| *share == Share::NONE) {
            tell("waive", "its share is zero", "give it a share, or switch the order off: enabled = false");
        }
    }
    all
}

/// Whether the classes that are put first have one place in line already, before all others.
fn are_first(first: &[bool], classes: &[DrugClass]) -> bool {
    let places = |chosen: bool| {
        let those = first.iter().zip(classes).filter(move |(first, _)| **first == chosen);
        those.map(|(_, class)| class.priority)
    };
    let (Some(least), Some(most)) = (places(true).min(), places(true).max()) else { return false };
    least == most && places(false).all(|place| place > most)
}

/// Limits on connecting stores at switches with which no store ever signs up.
pub(super) fn onboarding(scenario: &Scenario) -> Vec<Warning> {
    let network = &scenario.network;
    let receives = |index: usize| {
        let ways = network.pharmacies.iter().flat_map(|group| &group.reroute).flat_map(|reroute| &reroute.to);
        ways.into_iter().any(|to| usize::from(to.0) == index)
    };
    let limited =
        network.services.iter().enumerate().filter(|(index, service)| service.onboarding.is_some() && !receives(*index));
    limited
        .map(|(_, service)| Warning {
            message: format!("the limit on new stores of `{}` changes nothing: no pharmacy re-routes to it", service.id),
            help: "name it in the `reroute.to` of a pharmacy, or leave `onboarding` away",
            key_path: format!("clearinghouses.{}.onboarding", service.id),
        })
        .collect()
}
