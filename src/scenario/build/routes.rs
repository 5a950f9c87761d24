//! The ways of a pharmacy: its routes, its standby, its prescribing networks, its payers.

use super::names::Kind;
use super::services::find_all;
use super::{Names, shares, switch};
use crate::input::{At, Given, Log, ManyOf, Reader};
use crate::network::{Reroute, Route, ServiceId, Standby};
use crate::random::SpanLaw;
use crate::units::Share;

/// Why keys about claims are refused in a scenario without payers.
pub(super) const NO_PAYER: &str = "no payer is declared, so no claim is made";

/// What to do about it.
pub(super) const ADD_PAYER: &str = "declare payers, or leave it away";

/// Reads `routes`; empty where it is not given.
pub(super) fn read_routes(table: &mut Reader<'_>, names: &Names, required: bool) -> Option<Vec<(Route, Share)>> {
    const ABOUT: &str = "Primary route, as shares of sites: clearinghouses, or `direct` for a connection of their own.";
    if !names.has(Kind::Payer) {
        table.refuse_key("routes", NO_PAYER, ADD_PAYER);
        return Some(Vec::new());
    }
    let routes = shares::read(table, "routes", ABOUT, |key, log| {
        if key.value == "direct" {
            Some(Route::Direct)
        } else {
            service(names, Kind::Clearinghouse, key, log).map(Route::Clearinghouse)
        }
    });
    if matches!(routes, Given::Absent) && required {
        let first = names.of_kind(Kind::Clearinghouse).next().map_or("direct", |name| name.id.as_str());
        table.missing("routes", &format!("routes = {{ {first} = 1 }}"), ABOUT);
        return None;
    }
    routes.checked().map(Option::unwrap_or_default)
}

/// Reads `prescribing`; empty where it is not given.
pub(super) fn read_prescribing(table: &mut Reader<'_>, names: &Names) -> Option<Vec<(ServiceId, Share)>> {
    const ABOUT: &str = "Prescribing networks that bring new prescriptions, as shares of sites.";
    let read = shares::read(table, "prescribing", ABOUT, |key, log| service(names, Kind::PrescribingNetwork, key, log));
    read.checked().map(Option::unwrap_or_default)
}

/// Reads `payers`, by default those of the scenario with their own shares.
pub(super) fn read_payers(
    table: &mut Reader<'_>,
    names: &Names,
    usual: &[(ServiceId, Share)],
) -> Option<Vec<(ServiceId, Share)>> {
    const ABOUT: &str = "Payers of these pharmacies' prescriptions, as shares; in place of the payers' own shares.";
    if !names.has(Kind::Payer) {
        table.refuse_key("payers", NO_PAYER, ADD_PAYER);
        return Some(Vec::new());
    }
    let read = shares::read(table, "payers", ABOUT, |key, log| service(names, Kind::Payer, key, log));
    read.checked().map(|payers| payers.unwrap_or_else(|| usual.to_vec()))
}

fn service(names: &Names, kind: Kind, id: &At<String>, log: &mut Log) -> Option<ServiceId> {
    names.find(kind, id, log).map(|name| ServiceId(name.index as u16))
}

/// Reads `standby`: outer `None` after a mistake.
#[expect(clippy::option_option, reason = "a mistake and none at all are two things")]
pub(super) fn read_standby(table: &mut Reader<'_>, names: &Names, routes: Option<&[(Route, Share)]>) -> Option<Option<Standby>> {
    if !names.has(Kind::Payer) {
        table.refuse_key("standby", NO_PAYER, ADD_PAYER);
        return Some(None);
    }
    let mut standby = match table.section("standby") {
        Given::Good(standby) => standby,
        Given::Bad => return None,
        Given::Absent => return Some(None),
    };
    if switch::is_bare(&mut standby) {
        return None;
    }
    let enabled = switch::read(&mut standby);
    let share = standby.required::<Share>("share", "Share of sites that have a second switch.");
    let to = read_second(&mut standby, names, routes);
    let failover =
        standby.required::<SpanLaw>("failover", "Time from the first refused claim until claims flow over the standby.");
    standby.finish();
    Some(Some(Standby { share: share?.value, to: to?, failover: failover?.value, enabled: enabled? }))
}

/// Reads `reroute`: outer `None` after a mistake.
#[expect(clippy::option_option, reason = "a mistake and none at all are two things")]
pub(super) fn read_reroute(table: &mut Reader<'_>, names: &Names, routes: Option<&[(Route, Share)]>) -> Option<Option<Reroute>> {
    if !names.has(Kind::Payer) {
        table.refuse_key("reroute", NO_PAYER, ADD_PAYER);
        return Some(None);
    }
    let mut reroute = match table.section("reroute") {
        Given::Good(reroute) => reroute,
        Given::Bad => return None,
        Given::Absent => return Some(None),
    };
    if switch::is_bare(&mut reroute) {
        return None;
    }
    let enabled = switch::read(&mut reroute);
    let to = read_second(&mut reroute, names, routes);
    let lead_time =
        reroute.required::<SpanLaw>("lead_time", "Time from the first refused claim until a site is ready to be connected.");
    reroute.finish();
    Some(Some(Reroute { to: to?, lead_time: lead_time?.value, enabled: enabled? }))
}

/// Reads the clearinghouses that are used when the primary one is down.
fn read_second(table: &mut Reader<'_>, names: &Names, routes: Option<&[(Route, Share)]>) -> Option<Vec<ServiceId>> {
    let to = table.required::<ManyOf<String>>(
        "to",
        "Clearinghouses in order of preference; a site takes the first that works and is not its primary one.",
    );
    let found = to.and_then(|to| find_all(table, names, Kind::Clearinghouse, &to.value.0));
    let to: Option<Vec<ServiceId>> = found.map(|ids| ids.into_iter().map(|id| ServiceId(id as u16)).collect());
    check_used(table, to.as_deref(), routes)?;
    to
}

/// A standby that is every site's primary route anyway stands by for nobody.
fn check_used(standby: &mut Reader<'_>, to: Option<&[ServiceId]>, routes: Option<&[(Route, Share)]>) -> Option<()> {
    let to = to?;
    if to.is_empty() {
        standby.refuse(
            "to",
            format!("{} names no clearinghouse", standby.title()),
            "empty",
            "name at least one, or leave the table away",
        );
        return None;
    }
    let mut primary = routes.unwrap_or_default().iter().filter(|(_, share)| share.value() > 0.0).map(|(route, _)| *route);
    if let (Some(only), None, [single]) = (primary.next(), primary.next(), to)
        && only == Route::Clearinghouse(*single)
    {
        let message = format!("{} is the primary route of every site", standby.title());
        standby.refuse("to", message, "not a second switch", "name another clearinghouse");
        return None;
    }
    Some(())
}
