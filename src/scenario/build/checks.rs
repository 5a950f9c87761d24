//! `[[check]]`: what the results must fulfil.

use super::measure::{Bound, refuse_beyond};
use super::run::known_metric;
use crate::input::{At, Given, Log, Place, Reader, name_list, nearest};
use crate::scenario::{Check, Needs, Quantity, QuantityKind, Replications, ReportGroups, Scenario};

/// Reads the list, each check with the place of its group. One with a mistake is left out: what the others name is looked up all the same.
pub(super) fn read(top: &mut Reader<'_>, known: &[Quantity]) -> Vec<(Place, Check)> {
    let mut good = Vec::new();
    let known = || known.iter().filter(|known| known.kind == QuantityKind::Metric);
    let metrics: Vec<&str> = known().map(|known| known.name).collect();
    top.each_table("check", |mut check| {
        let metric = check.required_like::<String>("metric", "\"share_delayed_72h\"", "Name of the metric.");
        let metric = metric.and_then(|metric| known_metric(&mut check, "metric", metric.value, &metrics));
        let group = check.or_default::<String>("group", "all", "Report group.");
        let below = check.optional::<Bound>("below", "The mean over replications must be below this.");
        let above = check.optional::<Bound>("above", "The mean over replications must be above this.");
        let fits = check_bounds(&mut check, &below, &above);
        let bound = |given: Given<At<Bound>>| given.checked().map(|at| at.map(|at| at.value.0));
        let (below, above) = (bound(below), bound(above));
        let unit = metric.as_ref().and_then(|metric| known().find(|known| known.name == metric.as_str()));
        if fits.is_some() {
            refuse_beyond(
                &mut check,
                unit.map_or("", |known| known.unit),
                [("below", below.flatten()), ("above", above.flatten())],
            );
        }
        check.finish();
        let (below, above, group) = (below?, above?, group?);
        fits?;
        good.push((group.place, Check { metric: metric?, group: group.value, below, above }));
        Some(())
    });
    good
}

fn check_bounds(check: &mut Reader<'_>, below: &Given<At<Bound>>, above: &Given<At<Bound>>) -> Option<()> {
    match (below, above) {
        (Given::Absent, Given::Absent) => {
            let (place, title) = (check.place(), check.title().to_owned());
            let help = "add `below` or `above`, or both, for example: below = 0.05";
            check.log().refuse_at(place, format!("{title} has no bound"), "`below` or `above` is missing", help);
            None
        }
        (Given::Good(below), Given::Good(above)) if above.value.0 >= below.value.0 => {
            let message = format!("nothing is above {} and below {}", above.value.0, below.value.0);
            check.refuse("below", message, "never fulfilled", "`above` must be the smaller number");
            None
        }
        _ => Some(()),
    }
}

/// Every metric that is named is reported: of the checks, with the places of their groups, and of the rule that ends the run.
pub(super) fn check_metrics<'a>(
    scenario: &'a Scenario,
    quantities: &[Quantity],
    checks: impl Iterator<Item = (&'a str, Place)>,
    until: Option<Place>,
    log: &mut Log,
) {
    let had = Needs::of(scenario);
    let until = match &scenario.run.replications {
        Replications::Until { metric, .. } => until.map(|place| (metric.as_str(), place)),
        Replications::Fixed(_) => None,
    };
    for (metric, place) in checks.chain(until) {
        refuse_lacking(metric, place, had, quantities, log);
    }
}

/// A metric that is named is reported by a scenario that has so much; true if it is not.
pub(super) fn refuse_lacking(metric: &str, place: Place, had: Needs, quantities: &[Quantity], log: &mut Log) -> bool {
    let known = quantities.iter().find(|known| known.kind == QuantityKind::Metric && known.name == metric);
    let lacking = known.and_then(|known| known.needs.lacking(had).first().copied());
    if let Some(lacking) = lacking {
        let message = format!("`{metric}` is not reported: the scenario has no {lacking}");
        log.refuse_at(place, message, "not estimable", "name another metric");
    }
    lacking.is_some()
}

/// Every report group that is named exists.
pub(super) fn check_groups<'a>(
    scenario: &'a Scenario,
    groups: &ReportGroups,
    named: impl Iterator<Item = (&'a str, Place)>,
    until: Option<Place>,
    log: &mut Log,
) {
    let until_group = match &scenario.run.replications {
        Replications::Until { group, .. } => until.map(|place| (group.as_str(), place)),
        Replications::Fixed(_) => None,
    };
    for (group, place) in named.chain(until_group) {
        find_group(group, place, scenario, groups, log);
    }
}

/// A report group that is named exists.
pub(super) fn find_group(group: &str, place: Place, scenario: &Scenario, groups: &ReportGroups, log: &mut Log) {
    let keys: Vec<&str> = groups.groups.iter().map(|group| group.key.as_str()).collect();
    if keys.contains(&group) {
        return;
    }
    let help = match nearest(group, keys.iter().copied()) {
        Some(near) => format!("did you mean \"{near}\"?"),
        None if group.starts_with("affected=") && !scenario.is_disrupted() => {
            "nothing is disrupted, so nobody is affected".to_owned()
        }
        None => format!("the groups are {}", name_list(&keys)),
    };
    log.refuse_at(place, format!("there is no report group \"{group}\""), "not a group", help);
}
