//! `[pharmacies]`, and the pharmacies of the tables.

use std::collections::BTreeMap;

use super::csv_links::{LinkKind, LinkRow, LinkRows};
use super::csv_nodes::NodeRow;
use super::names::{Kind, inherit};
use super::{Names, demand, hours, routes, services};
use crate::input::{Given, Id, Log, Place, Problem, Reader};
use crate::network::{Demand, PharmacyGroup, PlatformId, Route, ServiceId, Staffing, Standby};
use crate::random::{CountLaw, Law, SpanLaw};
use crate::units::Share;

/// The most sites of one group.
const MOST_SITES: u32 = 10_000_000;

/// Groups, and the templates for the pharmacies of the table.
#[derive(Debug, Default)]
pub(super) struct Pharmacies {
    pub(super) groups: Vec<PharmacyGroup>,
    pub(super) templates: BTreeMap<String, PharmacyGroup>,
}

/// Reads the section; `None` after a mistake. `usual` are the payers' own shares.
pub(super) fn read(top: &mut Reader<'_>, names: &Names, usual: &[(ServiceId, Share)], has_links: bool) -> Option<Pharmacies> {
    let mut all = Pharmacies::default();
    let mut good = true;
    let mut section = match top.section("pharmacies") {
        Given::Good(section) => section,
        Given::Bad => return None,
        Given::Absent => return Some(all),
    };
    for key in section.keys() {
        let is_template = names.templates.iter().any(|template| template.value == key.value);
        let Some(mut table) = section.chosen_section(&key.value) else {
            good = false;
            continue;
        };
        let group = read_one(&mut table, &key.value, names, usual, is_template, has_links);
        table.finish();
        match group {
            Some(group) if is_template => {
                all.templates.insert(key.value, group);
            }
            Some(group) => all.groups.push(group),
            None => good = false,
        }
    }
    good.then_some(all)
}

fn read_one(
    table: &mut Reader<'_>,
    id: &str,
    names: &Names,
    usual: &[(ServiceId, Share)],
    is_template: bool,
    has_links: bool,
) -> Option<PharmacyGroup> {
    const TYPE: &str = "Type of pharmacy, by which results are reported.";
    // An id that is none has been told; its copy need not be.
    let kind = if table.has("type") {
        table.or_default::<Id>("type", id, TYPE).map(|id| id.value.0)
    } else {
        table.or_default::<String>("type", id, TYPE).map(|at| at.value)
    };
    let attributes = services::read_attributes(table);
    let sites = read_sites(table, is_template);
    let demand = demand::read(table);
    let hours = hours::read(table);
    let staff = demand::read_staff(table);
    let routes = routes::read_routes(table, names, !(is_template && has_links));
    let standby = routes::read_standby(table, names, routes.as_deref());
    let reroute = routes::read_reroute(table, names, routes.as_deref());
    let prescribing = routes::read_prescribing(table, names);
    let payers = routes::read_payers(table, names, usual);
    let depends_on = services::read_depends_on(table, names);
    let mut all_attributes = vec![("type".to_owned(), kind?)];
    all_attributes.extend(attributes?);
    Some(PharmacyGroup {
        id: id.to_owned(),
        attributes: all_attributes,
        sites: sites?,
        demand: demand?,
        hours: hours?,
        staff: staff?,
        routes: routes?,
        standby: standby?,
        reroute: reroute?,
        prescribing: prescribing?,
        payers: payers?,
        depends_on: depends_on?,
    })
}

fn read_sites(table: &mut Reader<'_>, is_template: bool) -> Option<u32> {
    let sites = table.required::<u32>("sites", "Number of sites in reality.")?.value;
    if is_template || (1..=MOST_SITES).contains(&sites) {
        return Some(sites);
    }
    let help =
        if sites == 0 { "only a template for the pharmacies of nodes.csv has no sites" } else { "are these really sites?" };
    table.refuse("sites", format!("`sites` in {} must be from 1 to {MOST_SITES}", table.title()), "out of range", help);
    None
}

/// Adds the pharmacies of the table, each a copy of its template with what its row and its links say; whether all are connected as is meant. If not, what
/// they are to be connected to would seem unused.
pub(super) fn add_rows(all: &mut Pharmacies, rows: &[NodeRow], links: &LinkRows, names: &Names, log: &mut Log) -> bool {
    let mut complete = true;
    for row in rows.iter().filter(|row| row.kind == Kind::Pharmacy) {
        let Some(template) = row.group.as_ref().and_then(|group| all.templates.get(&group.value)) else {
            complete = false;
            continue;
        };
        let group = from_row(row, template, log);
        all.groups.push(group);
    }
    for template in names.templates.iter().filter(|_| !names.is_incomplete(Kind::Pharmacy)) {
        if !rows.iter().any(|row| row.group.as_ref().is_some_and(|group| group.value == template.value)) {
            let message = format!("the template `{}` is never used: no row of nodes.csv names it", template.value);
            log.refuse_at(template.place, message, "never used", "leave it away, or give it sites");
        }
    }
    // With a row missing the indices of links mean other pharmacies.
    if !complete {
        return false;
    }
    let before = log.problems.len();
    connect(&mut all.groups, &links.rows, log);
    if names.has(Kind::Payer) && links.complete {
        for (group, name) in all.groups.iter().zip(names.of_kind(Kind::Pharmacy)) {
            if group.routes.is_empty() {
                let message = format!("the pharmacy `{}` has no route: neither its template nor links.csv gives one", group.id);
                log.refuse_at(name.place, message, "no route", "add a row of kind primary or direct to links.csv");
            }
        }
    }
    log.problems.len() == before
}

fn from_row(row: &NodeRow, template: &PharmacyGroup, log: &mut Log) -> PharmacyGroup {
    let mut group = PharmacyGroup { id: row.id.value.clone(), sites: 1, ..template.clone() };
    group.attributes.clone_from(&row.attributes);
    inherit(&mut group.attributes, &template.attributes);
    if let (Some(given), Demand::Profile { per_day, .. }) = (row.per_day, &mut group.demand) {
        if let Ok(law) = Law::constant(given.value) {
            *per_day = CountLaw::new(law);
        }
    } else if let Some(given) = row.per_day {
        let message = format!("`prescriptions_per_day` is never used: the template of `{}` has `interarrival`", group.id);
        log.refuse(Problem::at(given.place, message, "never used"));
    }
    if let Some(staff) = row.staff {
        group.staff = Staffing::Fixed(staff);
    }
    group
}

/// Lays the links of each pharmacy over what its template says.
fn connect(groups: &mut [PharmacyGroup], links: &[LinkRow], log: &mut Log) {
    let mut own: BTreeMap<u32, Vec<&LinkRow>> = BTreeMap::new();
    for link in links.iter().filter(|link| link.from.0 == Kind::Pharmacy) {
        own.entry(link.from.1).or_default().push(link);
    }
    for (index, links) in own {
        if let Some(group) = groups.get_mut(index as usize) {
            connect_one(group, &links, log);
        }
    }
}

fn connect_one(group: &mut PharmacyGroup, links: &[&LinkRow], log: &mut Log) {
    let of_kind = |kind: LinkKind| links.iter().copied().filter(move |link| link.kind == kind);
    let target = |link: &LinkRow| ServiceId(link.to.unwrap_or_default() as u16);
    let primary: Vec<&LinkRow> = of_kind(LinkKind::Primary).collect();
    let direct: Vec<&LinkRow> = of_kind(LinkKind::Direct).collect();
    if let [first, rest @ ..] = primary.as_slice() {
        if let Some(second) = rest.first().or(direct.first()) {
            let later = if second.place.start > first.place.start { second } else { first };
            refuse_second(group, later.place, log);
        }
        group.routes = vec![(Route::Clearinghouse(target(first)), Share::ALL)];
    } else if let Some(first) = direct.first() {
        check_direct(group, &direct, first.place, log);
        group.routes = vec![(Route::Direct, Share::ALL)];
    }
    let standby: Vec<&LinkRow> = of_kind(LinkKind::Standby).collect();
    if let Some(first) = standby.first() {
        let usual = group.standby.as_ref().map(|standby| standby.failover);
        if let Some(failover) = standby.iter().find_map(|link| link.failover).map(SpanLaw::constant).or(usual) {
            let to: Vec<ServiceId> = standby.iter().map(|link| target(link)).collect();
            let primary = group.routes.first().filter(|_| group.routes.len() == 1).map(|(route, _)| *route);
            if let Some(same) = standby.iter().find(|link| primary == Some(Route::Clearinghouse(target(link)))) {
                let message = format!("the standby of `{}` is its primary route", group.id);
                log.refuse(Problem::at(same.place, message, "not a second switch"));
            }
            let mut times = standby.iter().filter_map(|link| link.failover.map(|time| (time, link.place)));
            if let Some((time, _)) = times.next()
                && let Some((other, place)) = times.find(|(other, _)| *other != time)
            {
                let message = format!("`{}` fails over within {other} here, and within {time} in a row above", group.id);
                let help = "a pharmacy has one failover time, to whichever standby is up: leave `failover` empty in this row";
                log.refuse_at(place, message, "another time", help);
            }
            group.standby = Some(Standby { share: Share::ALL, to, failover, enabled: true });
        } else {
            let message = format!("the standby of `{}` has no failover time, and neither has its template", group.id);
            log.refuse_at(first.place, message, "`failover` is missing", "fill in the column `failover`, for example 6 h");
        }
    }
    let prescribing: Vec<&LinkRow> = of_kind(LinkKind::Prescribing).collect();
    if let [first, rest @ ..] = prescribing.as_slice() {
        if let Some(second) = rest.first() {
            log.refuse(Problem::at(
                second.place,
                format!("`{}` has a second prescribing network", group.id),
                "one is enough for one site",
            ));
        }
        group.prescribing = vec![(target(first), Share::ALL)];
    }
    for link in of_kind(LinkKind::DependsOn) {
        let platform = PlatformId(link.to.unwrap_or_default() as u16);
        if !group.depends_on.contains(&platform) {
            group.depends_on.push(platform);
        }
    }
}

fn refuse_second(group: &PharmacyGroup, place: Place, log: &mut Log) {
    let message = format!("`{}` has a second primary route", group.id);
    log.refuse_at(place, message, "one site has one primary route", "a second switch is a link of kind standby");
}

/// A direct connection leads to every payer of the pharmacy.
fn check_direct(group: &PharmacyGroup, direct: &[&LinkRow], place: Place, log: &mut Log) {
    let to_all = direct.iter().any(|link| link.to.is_none());
    let missing = group
        .payers
        .iter()
        .filter(|(payer, share)| share.value() > 0.0 && !direct.iter().any(|link| link.to == Some(u32::from(payer.0))));
    let missing = missing.count();
    if !to_all && missing > 0 {
        let message = format!("`{}` has direct connections, but none to {missing} of its payers", group.id);
        log.refuse_at(place, message, "payers are missing", "add a row for each, or one row to `all`");
    }
}
