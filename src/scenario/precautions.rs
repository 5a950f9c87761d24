//! Precautions: values that are set when a precaution is in force, after `--set`, so that `--set` can put one in force.

use super::overrides::{Step, assign, item_index, key_path, refuse_how_it_is_read};
use crate::input::{
    Entry, Map, Node, Place, Problem, SourceId, Value, key_text, parse_money, parse_rate, parse_share, parse_span, value_text,
};
use crate::units::Share;

/// A value that a precaution has set.
#[derive(Debug)]
pub(super) struct Patch {
    /// Id of the precaution.
    pub(super) precaution: String,
    /// The value in the precaution's `set`.
    pub(super) place: Place,
    /// What was there before.
    was: Was,
}

/// What a value has replaced.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Was {
    /// Another value.
    Other,
    /// The same value.
    Same,
    /// None: the default was in force, if there is one.
    Absent,
}

/// A precaution as listed, as far as it is well formed; mistakes in the rest are told when the section is read.
#[derive(Clone, Debug)]
struct Listed {
    index: usize,
    id: String,
    in_force: bool,
    applied: bool,
    set: Vec<Entry>,
    /// Where `set` stands.
    place: Place,
}

/// Brings `set` of every precaution into one form: a key path in quotes for each value. `a.b = 1` without quotes means the same as
/// `"a.b" = 1`, but would be a table in braces once written out.
pub(super) fn flatten(tree: &mut Map) {
    let Some(Entry { node: Node { value: Value::Array(items), .. }, .. }) = tree.entry_mut("precaution") else { return };
    for item in items {
        let Value::Table(map) = &mut item.value else { continue };
        let Some(Entry { node: Node { value: Value::Table(set), .. }, .. }) = map.entry_mut("set") else { continue };
        let mut flat = Vec::with_capacity(set.entries.len());
        for entry in core::mem::take(&mut set.entries) {
            // A key in quotes is a path already; a bare one is its first step, which has no dots.
            flatten_entry(entry, "", &mut flat);
        }
        set.entries = flat;
    }
}

fn flatten_entry(entry: Entry, above: &str, flat: &mut Vec<Entry>) {
    let key = if above.is_empty() { entry.key } else { format!("{above}.{}", key_text(&entry.key)) };
    match entry.node.value {
        Value::Table(map) if !map.inline && !map.entries.is_empty() => {
            for below in map.entries {
                flatten_entry(below, &key, flat);
            }
        }
        value => flat.push(Entry { key, key_place: entry.key_place, node: Node { value, place: entry.node.place } }),
    }
}

fn listed(tree: &Map) -> Vec<Listed> {
    let Some(Value::Array(items)) = tree.entry("precaution").map(|entry| &entry.node.value) else { return Vec::new() };
    let says = |map: &Map, key: &str| matches!(map.entry(key).map(|entry| &entry.node.value), Some(Value::Boolean(true)));
    let one = |(index, item): (usize, &Node)| {
        let map = item.value.as_table()?;
        let set = map.entry("set")?;
        Some(Listed {
            index,
            id: map.text("id")?.to_owned(),
            in_force: says(map, "in_force"),
            applied: says(map, "applied"),
            set: set.node.value.as_table()?.entries.clone(),
            place: set.node.place,
        })
    };
    items.iter().enumerate().filter_map(one).collect()
}

/// Where the key paths stand that precautions set, in force or not.
pub(super) fn key_places(tree: &Map) -> Vec<Place> {
    listed(tree).iter().flat_map(|precaution| precaution.set.iter().map(|entry| entry.key_place)).collect()
}

/// Sets the values of every precaution in force, in the order of the file, and notes in the tree that it was done, so that a resolved
/// scenario is not patched again. `command_line` is the text of `--set`.
pub(super) fn apply(tree: &mut Map, command_line: Option<SourceId>, problems: &mut Vec<Problem>) -> Vec<Patch> {
    let mut patches = Vec::new();
    // The key paths set so far, and by which precaution.
    let mut taken: Vec<(Vec<String>, String)> = Vec::new();
    let in_force = listed(tree).into_iter().filter(|precaution| precaution.in_force);
    // What is applied already has its values in place, whatever the order.
    let (applied, fresh): (Vec<Listed>, Vec<Listed>) = in_force.partition(|precaution| precaution.applied);
    for precaution in applied {
        let paths = precaution.set.iter().filter_map(|entry| path_of(entry).ok());
        let paths: Vec<_> = paths.map(|steps| (found(tree, &steps).0, precaution.id.clone())).collect();
        taken.extend(paths);
    }
    for precaution in fresh {
        let before = patches.len();
        for entry in &precaution.set {
            match apply_entry(tree, &precaution, entry, command_line, &taken) {
                Ok((path, patch)) => {
                    taken.push((path, precaution.id.clone()));
                    patches.push(patch);
                }
                Err(problem) => problems.push(problem),
            }
        }
        let own = &patches[before..];
        if own.len() == precaution.set.len() && own.iter().all(|patch| patch.was == Was::Same) && !own.is_empty() {
            problems.push(idle(&precaution.id, precaution.place));
        }
        mark_applied(tree, precaution.index);
    }
    patches
}

/// Precautions that only repeat defaults; `is_default` says so of the value at a place.
pub(super) fn repeating_defaults(patches: &[Patch], is_default: impl Fn(Place) -> bool) -> Vec<Problem> {
    let mut problems: Vec<Problem> = Vec::new();
    for own in patches.chunk_by(|a, b| a.precaution == b.precaution) {
        let idles = |patch: &Patch| match patch.was {
            Was::Other => false,
            Was::Same => true,
            Was::Absent => is_default(patch.place),
        };
        if own.iter().all(idles) {
            problems.push(idle(&own[0].precaution, own[0].place));
        }
    }
    problems
}

/// Whether two values, as TOML text, say the same: as written, or in another unit (`"48 h"` and `"2 d"`, `1` and `1.0`).
pub(super) fn same_meaning(one: &str, other: &str) -> bool {
    let bare = |text: &str| text.trim_matches('"').to_owned();
    let (a, b) = (bare(one), bare(other));
    let both = |same: bool| one.starts_with('"') && other.starts_with('"') && same;
    let share = |text: &str, bare: &str| text.parse().ok().or_else(|| parse_share(bare).ok().map(Share::value));
    let spans = || matches!((parse_span(&a), parse_span(&b)), (Ok(a), Ok(b)) if a == b);
    let money = || matches!((parse_money(&a), parse_money(&b)), (Ok(a), Ok(b)) if a == b);
    let rates = || matches!((parse_rate(&a), parse_rate(&b)), (Ok(a), Ok(b)) if a == b);
    let shares = || matches!((share(one, &a), share(other, &b)), (Some(a), Some(b)) if f64::total_cmp(&a, &b).is_eq());
    one == other || both(spans() || money() || rates()) || shares()
}

fn idle(id: &str, place: Place) -> Problem {
    Problem::at(place, format!("the precaution `{id}` changes nothing: what it sets is so already"), "so already")
        .help("switch it off, or set what it is to change")
}

/// The scenario as it would be with other precautions in force, by name.
#[derive(Debug)]
pub(super) struct Trial {
    /// The only precaution in force; `None`: none is.
    precaution: Option<String>,
    /// The tree.
    pub(super) tree: Map,
}

impl Trial {
    /// Whether no precaution is in force.
    pub(super) const fn is_bare(&self) -> bool {
        self.precaution.is_none()
    }

    /// A problem that the scenario would have.
    pub(super) fn problem(&self, problem: Problem) -> Problem {
        let with = match &self.precaution {
            Some(id) => format!("with the precaution `{id}` in force"),
            None => "with no precaution in force".to_owned(),
        };
        Problem { message: format!("{with}: {}", problem.message), ..problem }
    }
}

/// What is to be tried beside what is run: the scenario without its precautions, if any is in force, and with each of the others alone. Nothing where
/// precautions are applied already, for then there is no tree without them. A precaution that sets tables of nodes is left out: they
/// are not read for a trial.
pub(super) fn trials(tree: &Map, problems: &mut Vec<Problem>) -> Vec<Trial> {
    let all = listed(tree);
    if all.iter().any(|precaution| precaution.applied) {
        return Vec::new();
    }
    let mut trials = Vec::new();
    if all.iter().any(|precaution| precaution.in_force) {
        trials.push(Trial { precaution: None, tree: tree.clone() });
    }
    for precaution in all.into_iter().filter(|precaution| !precaution.in_force) {
        let mut trial = Trial { precaution: Some(precaution.id.clone()), tree: tree.clone() };
        let mut sound = true;
        for entry in &precaution.set {
            match apply_entry(&mut trial.tree, &precaution, entry, None, &[]) {
                Ok((path, _)) => sound &= path.first().is_none_or(|first| first != "network"),
                Err(problem) => {
                    sound = false;
                    problems.push(trial.problem(problem));
                }
            }
        }
        if sound {
            trials.push(trial);
        }
    }
    trials
}

fn apply_entry(
    tree: &mut Map,
    precaution: &Listed,
    entry: &Entry,
    command_line: Option<SourceId>,
    taken: &[(Vec<String>, String)],
) -> Result<(Vec<String>, Patch), Problem> {
    let (id, key) = (&precaution.id, &entry.key);
    let steps = path_of(entry)?;
    let (path, known) = found(tree, &steps);
    let overlaps = |other: &[String]| path.iter().zip(other).all(|(a, b)| a == b);
    if let Some((_, other)) = taken.iter().find(|(other, by)| by != id && overlaps(other)) {
        let message = format!("the precautions `{other}` and `{id}` are both in force, and both set `{key}`");
        let help = "switch one of them off, or write one precaution for both together";
        return Err(Problem::at(entry.key_place, message, "set before").help(help));
    }
    let said = command_line.and_then(|source| known.and_then(|node| place_in(node, source)));
    if let Some(place) = said {
        let message = format!("`{key}` is set by the precaution `{id}`, which is in force: it would undo this");
        let help = format!("switch the precaution off: --set precaution.{id}.in_force=false");
        return Err(Problem::at(place, message, "undone").help(help));
    }
    let was = known.map_or(Was::Absent, |known| {
        if same_meaning(&value_text(&known.value), &value_text(&entry.node.value)) { Was::Same } else { Was::Other }
    });
    assign(tree, &steps, entry.node.clone())?;
    Ok((path, Patch { precaution: id.clone(), place: entry.node.place, was }))
}

/// The steps of a key path in quotes.
fn path_of(entry: &Entry) -> Result<Vec<Step>, Problem> {
    let place = entry.key_place;
    // Steps are shown where they stand, if the key is written as it is meant: in quotes, without escapes.
    let (start, end) = (place.start as usize, place.end as usize);
    let exact = end.saturating_sub(start) == entry.key.len() + 2;
    let (mut steps, equals) = key_path(&entry.key, place.source, start + 1)
        .map_err(|problem| Problem { place: if exact { problem.place } else { Some(place) }, ..problem })?;
    if !exact {
        for step in &mut steps {
            step.place = place;
        }
    }
    if equals.is_some() {
        let help = "write \"key.path\" = value: the `=` stands behind the quotes";
        return Err(Problem::at(place, format!("the key path `{}` has an `=` in it", entry.key), "not a key path").help(help));
    }
    refuse_how_it_is_read(&steps, place)?;
    if steps.first().is_some_and(|step| step.key == "precaution") {
        let message = "a precaution cannot set another";
        return Err(Problem::at(place, message, "not here").help("put both in force: --set precaution.ID.in_force=true"));
    }
    Ok(steps)
}

/// A key path with items by number, so that it can be compared, and the value there, if there is one. Where the value on the way is
/// not there or no table, the rest is as written.
fn found<'t>(tree: &'t Map, steps: &[Step]) -> (Vec<String>, Option<&'t Node>) {
    let mut path = Vec::with_capacity(steps.len());
    let mut at: Option<&Node> = None;
    for (depth, step) in steps.iter().enumerate() {
        let next = match at.map(|node| &node.value) {
            None if depth == 0 => tree.entry(&step.key).map(|entry| &entry.node),
            Some(Value::Table(map)) => map.entry(&step.key).map(|entry| &entry.node),
            Some(Value::Array(items)) => match item_index(items, &step.key) {
                Some(index) => {
                    path.push(index.to_string());
                    at = Some(&items[index]);
                    continue;
                }
                None => None,
            },
            _ => None,
        };
        path.push(step.key.clone());
        at = next;
    }
    (path, at)
}

/// A place of a text within a value.
fn place_in(node: &Node, source: SourceId) -> Option<Place> {
    if node.place.source == source {
        return Some(node.place);
    }
    match &node.value {
        Value::Array(items) => items.iter().find_map(|item| place_in(item, source)),
        Value::Table(map) => map.entries.iter().find_map(|entry| place_in(&entry.node, source)),
        _ => None,
    }
}

fn mark_applied(tree: &mut Map, index: usize) {
    let Some(Entry { node: Node { value: Value::Array(items), .. }, .. }) = tree.entry_mut("precaution") else { return };
    let Some(Node { value: Value::Table(map), place }) = items.get_mut(index) else { return };
    map.entries.retain(|entry| entry.key != "applied");
    let node = Node { value: Value::Boolean(true), place: *place };
    map.entries.push(Entry { key: "applied".to_owned(), key_place: *place, node });
}
