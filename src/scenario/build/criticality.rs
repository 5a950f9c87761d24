//! `[criticality]`: each service and platform out by itself, in a network that is otherwise in normal service.

use super::checks::{find_group, refuse_lacking};
use super::measure::{Bound, refuse_beyond};
use super::outages::{check_onset, read_instant};
use super::run::{Run, known_metric};
use super::switch;
use crate::input::{At, Given, Log, Map, Place, Reader};
use crate::scenario::{Criticality, Harm, Needs, Quantity, QuantityKind, ReportGroups, Scenario, SurvivalSearch};
use crate::units::Span;

/// The section as written, with the places of what can be checked only when the scenario is whole.
#[derive(Debug)]
pub(super) struct Written {
    study: Criticality,
    place: Place,
    metric: Place,
    group: Place,
}

/// Reads the section; outer `None` after a mistake.
#[expect(clippy::option_option, reason = "a mistake and none at all are two things")]
pub(super) fn read(top: &mut Reader<'_>, run: Option<&Run>, known: &[Quantity]) -> Option<Option<Written>> {
    let mut table = match top.section("criticality") {
        Given::Good(table) => table,
        Given::Bad => return None,
        Given::Absent => return Some(None),
    };
    if switch::is_bare(&mut table) {
        return None;
    }
    let on = switch::read(&mut table);
    let place = table.place();
    let at = read_at(&mut table, run);
    let lasts = table.required_like::<Span>("lasts", "\"3 d\"", "How long each node is out: its time to recover.");
    let lasts = positive(&mut table, "lasts", lasts);
    let metrics = || known.iter().filter(|known| known.kind == QuantityKind::Metric);
    let metric = table.or_default::<String>("metric", "share_delayed_24h", "Metric by whose rise nodes are ranked.");
    let metric = metric.and_then(|metric| {
        let names: Vec<&str> = metrics().map(|known| known.name).collect();
        known_metric(&mut table, "metric", metric.value, &names).map(|value| At { value, place: metric.place })
    });
    let group = table.or_default::<String>("group", "all", "Report group whose metric it is.");
    let unit =
        metric.as_ref().and_then(|metric| metrics().find(|known| known.name == metric.value)).map_or("", |known| known.unit);
    let search = read_search(&mut table, unit);
    if let (Some(at), Some(lasts), Some(search), Some(run)) = (at, lasts, &search, run) {
        check_end(&mut table, "lasts", at + lasts, run);
        if let Some(search) = search {
            check_end(&mut table, "longest", at + search.longest, run);
        }
    }
    table.finish();
    let (metric, group) = (metric?, group?);
    let study = Criticality { at: at?, lasts: lasts?, metric: metric.value, group: group.value, search: search? };
    Some(on?.then_some(Written { study, place, metric: metric.place, group: group.place }))
}

fn read_at(table: &mut Reader<'_>, run: Option<&Run>) -> Option<Span> {
    const ABOUT: &str = "When each node goes out: a local date and time, or a time after t = 0.";
    table.record("at", ABOUT, "time");
    let Some((node, scope, log)) = table.node("at") else {
        table.missing("at", "at = \"10 d\"", ABOUT);
        return None;
    };
    let law = read_instant(node, &scope, log, run)?;
    if law.law().kind() != "constant" {
        table.refuse(
            "at",
            "`at` in [criticality] is a law: every node is to go out at the same time",
            "not one time",
            "for example at = \"10 d\"",
        );
        return None;
    }
    let at = law.mean();
    check_onset(table, ("at", "begins"), at, run)?;
    let Some(run) = run.map(|run| &run.settings) else { return Some(at) };
    if at < run.warm_up || at >= run.horizon - run.follow_up {
        let message = format!(
            "`at` in [criticality] is {at} after t = 0: prescriptions are measured from {} to {}",
            run.warm_up,
            run.horizon - run.follow_up
        );
        table.refuse(
            "at",
            message,
            "not in the measured time",
            "let the nodes go out after the warm-up and before the follow-up",
        );
        return None;
    }
    Some(at)
}

/// `tolerance`, `longest` and `resolution`; inner `None` where time to survive is not asked for.
#[expect(clippy::option_option, reason = "a mistake and none at all are two things")]
fn read_search(table: &mut Reader<'_>, unit: &str) -> Option<Option<SurvivalSearch>> {
    let tolerance =
        table.optional::<Bound>("tolerance", "Largest rise of the metric that can be borne: asks for the time to survive.");
    if !tolerance.is_given() {
        for key in ["longest", "resolution"] {
            table.refuse_key(key, "no time to survive is asked for", "set `tolerance`, or leave it away");
        }
        return Some(None);
    }
    let longest = table.required_like::<Span>("longest", "\"15 d\"", "The longest outage that is tried.");
    let longest = positive(table, "longest", longest);
    let resolution = table.or_default::<Span>("resolution", "6 h", "How closely the time to survive is found.");
    let resolution = positive(table, "resolution", resolution);
    if let (Some(longest), Some(resolution)) = (longest, resolution)
        && resolution >= longest
    {
        let message =
            format!("`resolution` in [criticality] is {resolution}: no outage between nothing and {longest} would be tried");
        table.refuse("resolution", message, "too coarse", "a small part of `longest`");
        return None;
    }
    let tolerance = tolerance.checked()?.map(|at| at.value.0);
    let tolerance = tolerance?;
    if tolerance < 0.0 {
        table.refuse(
            "tolerance",
            "`tolerance` in [criticality] is negative: nothing would be borne",
            "negative",
            "for example tolerance = 0.01",
        );
        return None;
    }
    refuse_beyond(table, unit, [("tolerance", Some(tolerance)), ("tolerance", None)]);
    let (longest, resolution) = (longest?, resolution?);
    Some(Some(SurvivalSearch { tolerance, longest, resolution }))
}

fn positive(table: &mut Reader<'_>, key: &'static str, span: Option<At<Span>>) -> Option<Span> {
    let span = span?.value;
    if span == Span::ZERO {
        table.refuse(key, format!("`{key}` in [criticality] is no time at all"), "no time", "for example \"3 d\"");
        return None;
    }
    Some(span)
}

/// Service is back within the run, so that what an outage leaves behind is seen.
fn check_end(table: &mut Reader<'_>, key: &'static str, end: Span, run: &Run) {
    let horizon = run.settings.horizon;
    if end <= horizon {
        return;
    }
    let message = format!("an outage of [criticality] would end {end} after t = 0: the run ends after {horizon}");
    table.refuse(key, message, "beyond the horizon", format!("make run.horizon longer, or `{key}` shorter"));
}

/// Nothing else goes wrong, among what is in force.
pub(super) fn check_undisturbed(scenario: &Scenario, tree: &Map, log: &mut Log) {
    let Some((id, _)) = scenario.disruptions().next().filter(|_| scenario.criticality.is_some()) else { return };
    let Some(entry) = tree.entry("criticality") else { return };
    let message = format!("[criticality] takes out each node of a network in normal service, and `{id}` disrupts it");
    let help = "leave the disruption away, or switch it off: enabled = false";
    log.refuse_at(entry.node.place, message, "not in normal service", help);
}

/// More of the metric is worse, and every replication has it.
fn refuse_harmless(metric: &str, place: Place, variant: &Scenario, known: &[Quantity], log: &mut Log) {
    let Some(known) = known.iter().find(|known| known.kind == QuantityKind::Metric && known.name == metric) else { return };
    if known.harm == Harm::No {
        let message =
            format!("nodes cannot be ranked by `{metric}`: more of it is not worse, or it has no value where nothing is reached");
        let help = "name a metric of which more is worse, for example share_delayed_72h, therapy_gap_mean_days, resilience_loss_hours or time_to_recover_restricted_days";
        log.refuse_at(place, message, "not a harm", help);
    } else if let Some((why, help)) = known.harm.missing_in(variant) {
        log.refuse_at(place, format!("`{metric}` is not estimable: {why}"), "not estimable", help);
    }
}

impl Written {
    /// What the section needs of the whole scenario: nodes, and that the metric is there for the group.
    pub(super) fn check(self, scenario: &Scenario, known: &[Quantity], log: &mut Log) -> Criticality {
        let Self { study, place, metric, group } = self;
        let Some(variant) =
            study.targets(&scenario.network).first().map(|(_, _, target)| study.variant(scenario, target, study.lasts))
        else {
            log.refuse_at(
                place,
                "[criticality] has nothing to take out: there is no service and no platform",
                "nothing to take out",
                "",
            );
            return study;
        };
        let is_lacking = refuse_lacking(&study.metric, metric, Needs::of(&variant), known, log);
        if !is_lacking {
            refuse_harmless(&study.metric, metric, &variant, known, log);
        }
        // Who is affected differs from node to node.
        let usual = Scenario { outages: Vec::new(), attacks: Vec::new(), failures: Vec::new(), ..scenario.clone() };
        find_group(&study.group, group, &usual, &ReportGroups::of(&usual), log);
        study
    }
}
