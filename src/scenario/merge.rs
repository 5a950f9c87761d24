//! One scenario laid over another.

use crate::input::{Entry, Map, Node, Place, Problem, Value};

/// What a scenario says about itself: never inherited. What was observed belongs to what was observed, not to variants of it.
const OWN: [&str; 4] = ["name", "title", "description", "target"];

/// Lists of tables that must have an id.
pub(super) const NAMED: [&str; 5] = ["outage", "attack", "failure", "order", "precaution"];

/// Items of lists that both scenarios have and that lack their id, in either: which is laid over which cannot be known, and whatever else is said of the
/// lists would be mistakes that are none.
pub(super) fn nameless(parent: &Map, child: &Map) -> Vec<Problem> {
    let items = |map: &Map, key| match map.entry(key).map(|entry| &entry.node.value) {
        Some(Value::Array(items)) => items.clone(),
        _ => Vec::new(),
    };
    let mut problems = Vec::new();
    for key in NAMED {
        let (below, above) = (items(parent, key), items(child, key));
        if below.is_empty() || above.is_empty() {
            continue;
        }
        for item in below.iter().chain(&above).filter(|item| id_of(item).is_none()) {
            let Some(map) = item.value.as_table() else { continue };
            let help = "for example: id = \"some-id\"\nBy its id it is known which of those inherited it is laid over.";
            problems.push(match map.entry("id").map(|entry| &entry.node) {
                Some(id) => {
                    let message = format!("`id` in [[{key}]]: expected a string, found {}", id.value.kind());
                    Problem::at(id.place, message, "not an id").help(format!("write a word in quotes, {help}"))
                }
                None => Problem::at(item.place, format!("missing key `id` in [[{key}]]"), "`id` is missing")
                    .help(format!("add it, {help}")),
            });
        }
    }
    problems
}

/// Removes what a parent says about itself, and what it extends.
pub(super) fn forget_own(parent: &mut Map) {
    parent.entries.retain(|entry| entry.key != "extends" && !OWN.contains(&entry.key.as_str()));
}

/// Lays `child` over `parent`: tables under headers merge key by key, lists of tables with an `id` merge by id, and every other
/// value, one in braces included, is replaced. What is in braces is one value: half of a law makes no sense. A switch alone is no such half:
/// `retry = { enabled = false }` switches off the parent's, however either is written. An id that the child gives twice is a mistake: which of
/// the two is meant cannot be known.
pub(super) fn merge(parent: &mut Map, child: Map, problems: &mut Vec<Problem>) {
    for entry in child.entries {
        let Some(known) = parent.entry_mut(&entry.key) else {
            parent.entries.push(entry);
            continue;
        };
        merge_entry(known, entry, problems);
    }
}

/// Gives the key that stands at a place another name, wherever in the tree that is, and lays its value over what has that name. Whether there is one.
pub(super) fn respell(map: &mut Map, key_place: Place, name: &str) -> bool {
    let Some(index) = map.entries.iter().position(|entry| entry.key_place == key_place) else {
        return map.entries.iter_mut().flat_map(|entry| entry.node.value.tables_mut()).any(|map| respell(map, key_place, name));
    };
    let entry = Entry { key: name.to_owned(), ..map.entries.remove(index) };
    merge(map, Map { entries: vec![entry], inline: map.inline }, &mut Vec::new());
    true
}

fn merge_entry(known: &mut Entry, entry: Entry, problems: &mut Vec<Problem>) {
    known.key_place = entry.key_place;
    match (&mut known.node.value, entry.node.value) {
        (Value::Table(parent), Value::Table(child)) if is_switch(&child) || !parent.inline && !child.inline => {
            known.node.place = entry.node.place;
            merge(parent, child, problems);
        }
        (Value::Array(parent), Value::Array(child)) if have_ids(parent) && have_ids(&child) => {
            merge_by_id(parent, child, problems);
        }
        (_, value) => known.node = Node { value, place: entry.node.place },
    }
}

/// Puts a value in the place of another, as an override does: a switch alone leaves the rest as it is.
pub(super) fn put(known: &mut Node, node: Node) {
    match (&mut known.value, node.value) {
        (Value::Table(parent), Value::Table(child)) if is_switch(&child) => merge(parent, child, &mut Vec::new()),
        (_, value) => *known = Node { value, place: node.place },
    }
}

/// Whether a table says nothing but whether something is in force.
fn is_switch(map: &Map) -> bool {
    matches!(map.entries.as_slice(), [only] if only.key == "enabled")
}

fn merge_by_id(parent: &mut Vec<Node>, child: Vec<Node>, problems: &mut Vec<Problem>) {
    let mut own: Vec<String> = Vec::new();
    for node in child {
        let Some(id) = id_of(&node).map(str::to_owned) else { continue };
        if own.contains(&id) {
            let place = node.value.as_table().and_then(|map| map.entry("id")).map_or(node.place, |entry| entry.node.place);
            let problem = Problem::at(place, format!("the id `{id}` is given twice"), "given before");
            problems.push(problem.help("give each an id of its own"));
            continue;
        }
        match (parent.iter_mut().find(|known| id_of(known) == Some(&id)), node) {
            (Some(Node { value: Value::Table(known), place }), Node { value: Value::Table(map), place: header }) => {
                *place = header;
                merge(known, map, problems);
            }
            (_, node) => parent.push(node),
        }
        own.push(id);
    }
}

fn have_ids(items: &[Node]) -> bool {
    !items.is_empty() && items.iter().all(|item| id_of(item).is_some())
}

/// The `id` of a table in a list.
pub(super) fn id_of(node: &Node) -> Option<&str> {
    node.value.as_table().and_then(|map| map.text("id"))
}
