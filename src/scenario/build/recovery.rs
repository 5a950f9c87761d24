//! `recovery`: how service comes back.

use super::Names;
use super::law::constant_of;
use super::names::Kind;
use super::selector::select;
use super::target::{Aim, users};
use crate::disruption::{Recovery, Stage};
use crate::input::{At, Given, Node, Place, Reader, Value, name_list, nearest, refuse_value};
use crate::network::{GroupId, Network};
use crate::random::SpanLaw;
use crate::units::{Share, Span};

/// The forms, for messages.
const FORMS: &str =
    "write \"at_once\", \"never\", { ramp = { start = \"1 d\", end = \"3 d\" } }, or a list of stages [{ after = \"15 d\" }]";

/// Reads `recovery`.
pub(super) fn read(table: &mut Reader<'_>, names: &Names, network: Option<&Network>, aim: Option<&Aim>) -> Option<Recovery> {
    let Some((node, scope, log)) = table.node("recovery") else {
        let example = "recovery = { ramp = { start = \"1 d\", end = \"3 d\" } }";
        table.missing("recovery", example, "how service comes back: \"at_once\", \"never\", a ramp, or a list of stages");
        return None;
    };
    match &node.value {
        Value::String(word) if word == "at_once" => Some(Recovery::AtOnce),
        Value::String(word) if word == "never" => Some(Recovery::Never),
        Value::Table(_) => return read_ramp(table),
        Value::Array(items) if !items.is_empty() => return read_stages(table, names, network, aim),
        Value::String(word) => {
            let near = nearest(word, ["at_once", "never"]);
            let help = near.map_or_else(|| FORMS.to_owned(), |near| format!("did you mean \"{near}\"?"));
            return refuse_value(node, &scope, log, "is not a way to recover", "not a recovery", &help);
        }
        _ => return refuse_value(node, &scope, log, "is not a way to recover", "not a recovery", FORMS),
    }
    .inspect(|_| table.record("recovery", "How service comes back.", ""))
}

fn read_ramp(table: &mut Reader<'_>) -> Option<Recovery> {
    let mut recovery = table.section("recovery").good()?;
    let mut ramp = match recovery.section("ramp") {
        Given::Good(ramp) => ramp,
        Given::Bad => {
            recovery.finish();
            return None;
        }
        Given::Absent => {
            let (place, unknown) = (recovery.place(), !recovery.keys().is_empty());
            if unknown {
                recovery.finish();
            } else {
                recovery.log().refuse_at(place, "the recovery is empty", "says nothing", FORMS);
            }
            return None;
        }
    };
    let start = ramp.required::<Span>("start", "Begin of the ramp, after recovery begins.");
    let end = ramp.required::<Span>("end", "End of the ramp, after recovery begins.");
    let times = start.zip(end).filter(|(start, end)| {
        let good = start.value < end.value;
        if !good {
            let message = format!("the ramp has to end after it begins: {} is not more than {}", end.value, start.value);
            ramp.refuse("end", message, "not after `start`", "for a sudden return write recovery = \"at_once\"");
        }
        good
    });
    ramp.finish();
    recovery.finish();
    times.map(|(start, end)| Recovery::Ramp { start: start.value, end: end.value })
}

/// A stage as written.
#[derive(Debug)]
struct Written {
    after: At<SpanLaw>,
    capacity: Share,
    who: Option<Vec<u32>>,
    place: Place,
}

fn read_stages(table: &mut Reader<'_>, names: &Names, network: Option<&Network>, aim: Option<&Aim>) -> Option<Recovery> {
    let written = table.each_table("recovery", |mut stage| {
        let after = stage.required::<SpanLaw>("after", "When, after recovery begins.");
        let capacity = stage.or_default::<Share>("capacity", 1, "Share of the normal capacity from then on.");
        let capacity = capacity.filter(|capacity| {
            let good = capacity.value.value() > 0.0;
            if !good {
                stage.refuse("capacity", "a stage with no capacity brings nothing back", "no capacity", "leave the stage away");
            }
            good
        });
        stage.record("who", "The pharmacies that are served again from then on; by default all that are not yet.", "");
        let who = match stage.node("who") {
            Some((Node { value: Value::String(word), .. }, ..)) if word == "all" => Some(None),
            Some((node, scope, log)) => select(node, &scope, Kind::Pharmacy, names, log).map(Some),
            None => Some(None),
        };
        let place = stage.place();
        stage.finish();
        Some(Written { after: after?, capacity: capacity?.value, who: who?, place })
    })?;
    check_order(&written, table)?;
    let groups = names.of_kind(Kind::Pharmacy).count();
    let mut served = vec![false; groups];
    let mut stages = Vec::with_capacity(written.len());
    let mut before = None;
    for stage in &written {
        let who: Vec<GroupId> = match &stage.who {
            Some(who) => who.iter().copied().map(GroupId).collect(),
            None => (0..groups).filter(|&group| !served[group]).map(|group| GroupId(group as u32)).collect(),
        };
        // A stage that changes nothing would still be counted as the instant at which the last pharmacy is served again.
        if before == Some(stage.capacity) && who.iter().all(|group| served[group.0 as usize]) {
            let help = "leave the stage away, or give it a `capacity` of its own";
            let message = "this stage changes nothing: all that it is for are served already, at the same capacity";
            table.log().refuse_at(stage.place, message, "brings nothing back", help);
            return None;
        }
        before = Some(stage.capacity);
        for group in &who {
            served[group.0 as usize] = true;
        }
        stages.push(Stage { after: stage.after.value, capacity: stage.capacity, who });
    }
    if let (Some(network), Some(aim)) = (network, aim) {
        check_served(&served, &written, network, aim, table)?;
    }
    Some(Recovery::Stages(stages))
}

/// Stages with fixed times are listed in order of time.
fn check_order(stages: &[Written], table: &mut Reader<'_>) -> Option<()> {
    let mut latest = Span::ZERO;
    let mut good = true;
    for stage in stages {
        let Some(after) = constant_of(&stage.after.value) else { continue };
        if after < latest {
            let message = format!("this stage comes after {after}, the one above it after {latest}");
            table.log().refuse_at(stage.after.place, message, "out of order", "list the stages in order of time");
            good = false;
        }
        latest = latest.max(after);
    }
    good.then_some(())
}

/// Nobody is forgotten: a pharmacy in no stage would never be served again.
fn check_served(served: &[bool], stages: &[Written], network: &Network, aim: &Aim, table: &mut Reader<'_>) -> Option<()> {
    let forgotten: Vec<&str> = users(&aim.target, network)
        .into_iter()
        .filter(|group| !served.get(group.0 as usize).copied().unwrap_or(true))
        .map(|group| network.pharmacies[group.0 as usize].id.as_str())
        .collect();
    if forgotten.is_empty() {
        return Some(());
    }
    let message = format!("no stage brings service back for {}", name_list(&forgotten));
    let help = "add a last stage without `who`, which is for all that are left; to leave them out on purpose, let it come after the horizon";
    let place = stages.last().map_or(table.place(), |stage| stage.place);
    table.log().refuse_at(place, message, "the last stage", help);
    None
}
