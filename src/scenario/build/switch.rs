//! `enabled`: what a scenario describes and switches off.
//!
//! What is switched off is read and checked like everything else, and then left out, as if it had never been mentioned. A response, a section or
//! a way of a pharmacy is dropped where it is read. An item of a list is dropped with its place in the list, so that those behind it get the
//! numbers, and with them the chance, that they would have without it: the scenario is built once with everything, for its mistakes, and once more
//! from what is in force.

use crate::input::{Log, Map, Node, Reader, Value};

/// The key.
const KEY: &str = "enabled";

/// The lists whose items can be switched off.
const LISTS: [&str; 4] = ["attack", "outage", "failure", "order"];

/// Something that can be switched off.
#[derive(Debug)]
pub(super) struct Switched<T> {
    /// What was read.
    pub(super) value: T,
    /// Whether it is in force.
    pub(super) on: bool,
}

impl<T> Switched<T> {
    /// What is in force.
    pub(super) fn in_force(self) -> Option<T> {
        self.on.then_some(self.value)
    }
}

/// Reads the switch of a table.
pub(super) fn read(table: &mut Reader<'_>) -> Option<bool> {
    table.or_default::<bool>(KEY, true, "Whether it is in force; false: as if it had never been mentioned.").map(|on| on.value)
}

/// Reports a table with nothing in it but `enabled = false`, so that not all that is missing in it is told too.
pub(super) fn is_bare(table: &mut Reader<'_>) -> bool {
    let keys = table.keys();
    let says_no = keys.iter().any(|key| key.value == KEY) && keys.iter().all(|key| key.value == KEY || key.value == "id");
    let bare = says_no && table.is_false(KEY);
    if bare {
        let message = format!("{} has only its switch: there is nothing to switch off", table.title());
        table.refuse(KEY, message, "nothing else is said", "leave it away, or see whether the name is right");
    }
    bare
}

/// The tree without the items of lists that are switched off; `None` if all are on.
pub(super) fn without_what_is_off(tree: &Map) -> Option<Map> {
    if !LISTS.iter().any(|list| items(tree, list).iter().any(is_off)) {
        return None;
    }
    let mut tree = tree.clone();
    for list in LISTS {
        if let Some(Value::Array(items)) = tree.entry_mut(list).map(|entry| &mut entry.node.value) {
            items.retain(|item| !is_off(item));
        }
    }
    tree.entries.retain(|entry| {
        !(LISTS.contains(&entry.key.as_str()) && matches!(&entry.node.value, Value::Array(items) if items.is_empty()))
    });
    Some(tree)
}

/// Reports what is in force and refers to an outage or attack that is switched off.
pub(super) fn check_references(tree: &Map, log: &mut Log) {
    let off: Vec<&str> =
        ["attack", "outage"].iter().flat_map(|list| items(tree, list)).filter(|item| is_off(item)).filter_map(id_of).collect();
    for list in ["outage", "order", "target"] {
        for item in items(tree, list).iter().filter(|item| !is_off(item)) {
            let Some(map) = item.value.as_table() else { continue };
            let after = map.entry("at").and_then(|at| at.node.value.as_table()).and_then(|at| at.entry("after"));
            for entry in after.into_iter().chain(map.entry("restored")) {
                let Some(wanted) = entry.node.value.as_text().filter(|wanted| off.contains(wanted)) else { continue };
                let id = id_of(item).unwrap_or_default();
                let message = format!("[[{list}]] `{id}` refers to `{wanted}`, which is switched off");
                let help = match list {
                    "target" => "drop the targets: --set target=[]",
                    _ => "switch it off too (enabled = false), or let it follow something else",
                };
                log.refuse_at(entry.node.place, message, "switched off", help);
            }
        }
    }
}

fn items<'a>(tree: &'a Map, list: &str) -> &'a [Node] {
    match tree.entry(list).map(|entry| &entry.node.value) {
        Some(Value::Array(items)) => items,
        _ => &[],
    }
}

fn is_off(item: &Node) -> bool {
    let switch = item.value.as_table().and_then(|map| map.entry(KEY));
    matches!(switch.map(|entry| &entry.node.value), Some(Value::Boolean(false)))
}

fn id_of(item: &Node) -> Option<&str> {
    item.value.as_table().and_then(|map| map.text("id"))
}
