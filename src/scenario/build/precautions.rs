//! `[[precaution]]`: what could be invested in. Its values are already in place when the tree is read; here is what is said of it.

use crate::input::{At, Given, Id, Reader, Value, value_text};
use crate::scenario::Precaution;
use crate::units::Money;

/// Reads the list.
pub(super) fn read(top: &mut Reader<'_>) -> Option<Vec<Precaution>> {
    let mut known: Vec<At<String>> = Vec::new();
    top.each_table("precaution", |mut table| {
        let id = table.required::<Id>("id", "Id, by which `--set` and the report name it.");
        if let Some(id) = &id {
            if known.iter().any(|other| other.value == id.value.0) {
                let message = format!("the id `{}` is given twice", id.value.0);
                table.refuse("id", message, "given before", "every precaution needs an id of its own");
            }
            known.push(At { value: id.value.0.clone(), place: id.place });
        }
        let name = id.as_ref().map_or_else(String::new, |id| id.value.0.clone());
        let title = table.or_default::<String>("title", name, "Title for people.");
        let in_force = table.or_default::<bool>("in_force", false, "Whether it is in force: only then its values are set.");
        let cost = table.required::<Money>("cost_per_year", "What it costs each year.");
        let set = read_set(&mut table);
        let applied =
            match table.optional::<bool>("applied", "Whether the values are in their places already; the program writes it.") {
                Given::Good(applied) => applied.value,
                Given::Absent | Given::Bad => false,
            };
        if applied && in_force.as_ref().is_some_and(|in_force| !in_force.value) {
            let message = format!("{} is not in force, but its values are in their places already", table.title());
            let help = "this file is the record of a run: switch the precaution off in the scenario that was run";
            table.refuse("in_force", message, "too late", help);
        }
        table.finish();
        Some(Precaution {
            id: id?.value.0,
            title: title?.value,
            in_force: in_force?.value,
            cost_per_year: cost?.value,
            set: set?,
        })
    })
}

/// `set`, as key paths and values in text.
fn read_set(table: &mut Reader<'_>) -> Option<Vec<(String, String)>> {
    const ABOUT: &str = "What it sets when it is in force: key paths in quotes, as for `--set`, and their values.";
    const EXAMPLE: &str = "set = { \"attack.some-id.succeeds\" = 0.2 }";
    table.record("set", ABOUT, "");
    let title = table.title().to_owned();
    let Some((node, scope, log)) = table.node("set") else {
        table.missing("set", EXAMPLE, ABOUT);
        return None;
    };
    let Value::Table(map) = &node.value else {
        let message = format!("{}: expected a table, found {}", scope.name(), node.value.kind());
        log.refuse_at(node.place, message, format!("this is {}", node.value.kind()), format!("write {EXAMPLE}"));
        return None;
    };
    if map.entries.is_empty() {
        log.refuse_at(node.place, format!("{title} sets nothing"), "empty", format!("for example {EXAMPLE}"));
        return None;
    }
    Some(map.entries.iter().map(|entry| (entry.key.clone(), value_text(&entry.node.value))).collect())
}
