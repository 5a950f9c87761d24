//! One scenario laid over another.

use crate::input::{Entry, Map, Node, Value};

/// What a scenario says about itself: never inherited. What was observed belongs to what was observed, not to variants of it.
const OWN: [&str; 4] = ["name", "title", "description", "target"];

/// Removes what a parent says about itself, and what it extends.
pub(super) fn forget_own(parent: &mut Map) {
    parent.entries.retain(|entry| entry.key != "extends" && !OWN.contains(&entry.key.as_str()));
}

/// Lays `child` over `parent`: tables under headers merge key by key, lists of tables with an `id` merge by id, and every other
/// value, one in braces included, is replaced. What is in braces is one value: half of a law makes no sense. A switch alone is no such half:
/// `retry = { enabled = false }` switches off the parent's, however either is written.
pub(super) fn merge(parent: &mut Map, child: Map) {
    for entry in child.entries {
        let Some(known) = parent.entry_mut(&entry.key) else {
            parent.entries.push(entry);
            continue;
        };
        merge_entry(known, entry);
    }
}

fn merge_entry(known: &mut Entry, entry: Entry) {
    known.key_place = entry.key_place;
    match (&mut known.node.value, entry.node.value) {
        (Value::Table(parent), Value::Table(child)) if is_switch(&child) || !parent.inline && !child.inline => {
            known.node.place = entry.node.place;
            merge(parent, child);
        }
        (Value::Array(parent), Value::Array(child)) if have_ids(parent) && have_ids(&child) => merge_by_id(parent, child),
        (_, value) => known.node = Node { value, place: entry.node.place },
    }
}

/// Whether a table says nothing but whether something is in force.
fn is_switch(map: &Map) -> bool {
    matches!(map.entries.as_slice(), [only] if only.key == "enabled")
}

fn merge_by_id(parent: &mut Vec<Node>, child: Vec<Node>) {
    let inherited = parent.len();
    for node in child {
        let id = id_of(&node).map(str::to_owned);
        // Two of the child's own with one id are not merged: that is a mistake, found later.
        let known = parent[..inherited].iter_mut().find(|known| id.is_some() && id_of(known) == id.as_deref());
        match (known, node) {
            (Some(Node { value: Value::Table(known), place }), Node { value: Value::Table(map), place: header }) => {
                *place = header;
                merge(known, map);
            }
            (_, node) => parent.push(node),
        }
    }
}

fn have_ids(items: &[Node]) -> bool {
    !items.is_empty() && items.iter().all(|item| id_of(item).is_some())
}

/// The `id` of a table in a list.
pub(super) fn id_of(node: &Node) -> Option<&str> {
    node.value.as_table().and_then(|map| map.text("id"))
}
