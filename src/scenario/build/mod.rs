//! From the merged tree to the model: one file for each section, one function for each rule.

mod attacks;
mod capacity;
mod checks;
mod claims;
mod copay;
mod criticality;
mod cross;
mod csv_links;
mod csv_nodes;
mod demand;
mod downtime;
mod failures;
mod finance;
mod head;
mod hours;
mod law;
mod links;
mod measure;
mod names;
mod observed;
mod orders;
mod outages;
mod pharmacies;
mod pick_up;
mod precautions;
mod prescriptions;
mod recovery;
mod report;
mod routes;
mod run;
mod selector;
mod services;
mod shares;
mod switch;
mod target;
mod who;
mod window;

pub(super) use csv_nodes::rows_set;
pub use head::as_name;

use self::names::Names;
use self::switch::Switched;
use super::{Quantity, QuantityKind, ReportGroups, Scenario};
use crate::disruption::{Attack, Failure, InFlight, Outage};
use crate::files::CsvTable;
use crate::input::{At, Log, Map, Place, Reader, SourceId, Sources};
use crate::network::Network;

/// The tables that `[network]` names.
#[derive(Debug, Default)]
pub(super) struct Tables {
    /// `nodes`.
    pub(super) nodes: Option<Table>,
    /// `links`.
    pub(super) links: Option<Table>,
}

/// A table and where it was read.
#[derive(Debug)]
pub(super) struct Table {
    /// Its text.
    pub(super) source: SourceId,
    /// Its rows.
    pub(super) rows: CsvTable,
}

/// What building gives.
#[derive(Debug)]
pub(super) struct Built {
    /// The scenario.
    pub(super) scenario: Scenario,
    /// What each outage and failure hits, in words.
    pub(super) targets: Vec<(String, String)>,
}

/// Reads every section; `None` after any mistake, all of which are in the log.
pub(super) fn build(
    tree: &mut Map,
    place: Place,
    tables: &Tables,
    sources: &Sources,
    quantities: &[Quantity],
    log: &mut Log,
) -> Option<Built> {
    let Some(mut in_force) = switch::without_what_is_off(tree) else {
        let built = build_all(tree, place, tables, sources, quantities, log)?;
        criticality::check_undisturbed(&built.scenario, tree, log);
        return Some(built);
    };
    switch::check_references(tree, log);
    build_all(tree, place, tables, sources, quantities, log)?;
    let mut own = Log::default();
    let built = build_all(&mut in_force, place, tables, sources, quantities, &mut own);
    if let Some(built) = &built {
        criticality::check_undisturbed(&built.scenario, &in_force, &mut own);
    }
    own.problems.into_iter().for_each(|problem| log.refuse(problem));
    built
}

/// What checks, targets and the rule that ends the run name is reported.
fn check_named(
    scenario: &Scenario,
    quantities: &[Quantity],
    check_places: &[Place],
    until: Option<Place>,
    targets: &measure::Named,
    log: &mut Log,
) {
    let checks = || scenario.checks.iter().zip(check_places.iter().copied());
    let metrics = checks().map(|(check, place)| (check.metric.as_str(), place));
    checks::check_metrics(scenario, quantities, metrics, until, log);
    let groups = checks().map(|(check, place)| (check.group.as_str(), place));
    let groups = groups.chain(targets.groups.iter().map(|group| (group.value.as_str(), group.place)));
    checks::check_groups(scenario, &ReportGroups::of(scenario), groups, until, log);
    targets.check_quantities(scenario, log);
}

/// Reads every section of a tree, of which each item of a list is in force.
fn build_all(
    tree: &mut Map,
    place: Place,
    tables: &Tables,
    sources: &Sources,
    quantities: &[Quantity],
    log: &mut Log,
) -> Option<Built> {
    let rows = csv_nodes::read(tables.nodes.as_ref(), sources, log);
    let names = Names::collect(tree, &rows, sources, log);
    let link_rows = csv_links::read(tables.links.as_ref(), &names, sources, log);

    let metrics = metric_names(quantities);
    let mut top = Reader::new(tree, place, "", "", log);
    let head = head::read(&mut top);
    let run = run::read(&mut top, &metrics);
    let mut network = links::read_network(&mut top, &names, &rows.rows, &link_rows);
    let prescriptions = prescriptions::read(&mut top);
    let work = prescriptions::read_work(&mut top);
    let claims = claims::read(&mut top, &names);
    let rejects = claims::read_rejects(&mut top, &names);
    let attacks = attacks::read(&mut top, &names, network.as_ref(), run.as_ref());
    let outages = outages::read(&mut top, &names, network.as_ref(), run.as_ref(), &attacks);
    let mut taken: Vec<_> = attacks.ids.iter().flatten().chain(&outages.ids).cloned().collect();
    let failures = failures::read(&mut top, &names, network.as_ref(), run.as_ref(), &taken);
    let known = who::Known { names: &names, network: network.as_ref(), prescriptions: prescriptions.as_ref() };
    let downtime = downtime::read(&mut top, known);
    let pick_up = pick_up::read(&mut top);
    let (copay, card_processor) = copay::read(&mut top, known);
    let money = finance::read(&mut top, known);
    let spells = orders::spells(outages.read.as_deref(), &attacks);
    let around = orders::Around {
        run: run.as_ref(),
        spells: spells.as_deref(),
        rejects: rejects.as_deref(),
        claims: names.has(names::Kind::Payer),
        on_trust: downtime.as_ref().is_none_or(|downtime| downtime.in_force.on_trust.is_some()),
    };
    taken.extend(failures.iter().flatten().map(|failure| At { value: failure.id.clone(), place }));
    let orders = orders::read(&mut top, known, around, &taken);
    let report = report::read(&mut top, known);
    if let (Some(network), Some(processor)) = (&mut network, card_processor) {
        network.secondary.push(processor);
    }
    let checks = checks::read(&mut top, quantities);
    let context = measure::Context { known: quantities, run: run.as_ref(), outages: outages.read.as_deref() };
    let observed = observed::read(&mut top, context);
    let precautions = precautions::read(&mut top);
    let criticality = criticality::read(&mut top, run.as_ref(), quantities);
    // With a section misspelt much seems to be missing that is not.
    if !top.finish() || !rows.complete {
        return None;
    }
    let mut network = network?;
    let parts = cross::Parts {
        network: &network,
        prescriptions: prescriptions.as_ref(),
        work: work.as_ref(),
        run: run.as_ref(),
        names: &names,
        kind_matters: prescriptions.as_ref().is_none_or(|prescriptions| prescriptions.attributes.knows_supply())
            || downtime.as_ref().is_none_or(|downtime| downtime.written.asks_for_kind()),
        patients_move: downtime.as_ref().is_some_and(|downtime| downtime.written.relocate.is_some()),
        cards_known: copay.is_some() || card_processor.is_some(),
    };
    let places = cross::Places { tree, top: place };
    cross::check(&parts, &places, log);
    if let (Some(claims), Some(outages), Some(attacks), Some(failures)) = (&claims, &outages.read, &attacks.read, &failures) {
        cross::check_lost(claims.as_ref(), rules_in_flight(outages, attacks, failures), &places, log);
    }
    if let (Some(Some(pick_up)), Some(prescriptions)) = (&pick_up, &prescriptions) {
        cross::check_pick_up(pick_up, prescriptions, &places, log);
    }
    let (run, prescriptions, work) = (run?, prescriptions?, work?);
    let (head, claims, rejects, downtime) = (head?, claims?, rejects?, downtime?);
    let (outages, attacks, failures, observed) = (outages.read?, attacks.read?, failures?, observed?);
    let (pick_up, copay, money, orders, criticality) = (pick_up?, copay?, money?, orders?, criticality?);
    let copay = copay.and_then(Switched::in_force);
    leave_out(&mut network, copay.is_some());
    let (check_places, checks): (Vec<Place>, Vec<_>) = checks.into_iter().unzip();
    let mut scenario = Scenario {
        name: head.name,
        title: head.title,
        description: head.description,
        run: run.settings,
        network,
        prescriptions,
        work,
        claims,
        rejects,
        downtime: downtime.in_force,
        pick_up,
        copay,
        money,
        orders,
        report: report?,
        outages,
        failures,
        checks,
        attacks,
        precautions: precautions?,
        targets: observed.targets,
        criticality: None,
    };
    scenario.criticality = criticality.map(|written| written.check(&scenario, quantities, log));
    let targets = scenario.disruptions().map(|(id, hit)| (id.to_owned(), target::described(hit, &scenario.network))).collect();
    cross::check_latencies(&scenario, &places, log);
    check_named(&scenario, quantities, &check_places, run.group_place, &observed.named, log);
    log.problems.is_empty().then_some(Built { scenario, targets })
}

/// What each disruption does to the claims inside what it hits, with its id.
fn rules_in_flight<'a>(
    outages: &'a [Outage],
    attacks: &'a [Attack],
    failures: &'a [Failure],
) -> impl Iterator<Item = (&'a String, InFlight)> {
    let rules = outages.iter().map(|outage| (&outage.id, outage.in_flight));
    let exposures = attacks.iter().flat_map(|attack| attack.platforms.iter().map(|exposure| (&attack.id, exposure.in_flight)));
    rules.chain(exposures).chain(failures.iter().map(|failure| (&failure.id, failure.in_flight)))
}

/// The names that `until` and the like may use.
fn metric_names(quantities: &[Quantity]) -> Vec<&'static str> {
    quantities.iter().filter(|known| known.kind == QuantityKind::Metric).map(|known| known.name).collect()
}

/// Drops the ways that are switched off, now that what they name has been found to be used.
fn leave_out(network: &mut Network, has_cards: bool) {
    if !has_cards {
        network.secondary.clear();
    }
    for group in &mut network.pharmacies {
        group.standby.take_if(|standby| !standby.enabled);
        group.reroute.take_if(|reroute| !reroute.enabled);
    }
}
