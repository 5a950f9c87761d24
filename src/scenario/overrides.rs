//! `--set key=value`: the last word.

use super::merge::{NAMED, id_of, put};
use super::parse::parse_value;
use crate::input::{Entry, Map, Node, Place, Problem, SourceId, Sources, Value, key_text, name_list, nearest};

/// The name under which messages show overrides.
const SOURCE_NAME: &str = "--set";

/// No setting lies as deep as this; a longer path is a slip, and each step would be a table in a table.
const MOST_STEPS: usize = 64;

/// One step of a key path and where it stands.
#[derive(Debug)]
pub(super) struct Step {
    pub(super) key: String,
    pub(super) place: Place,
}

/// Applies overrides in order; each is a line of a text called `--set`, which is returned if there are any.
pub(super) fn apply(root: &mut Map, sets: &[String], sources: &mut Sources, problems: &mut Vec<Problem>) -> Option<SourceId> {
    if sets.is_empty() {
        return None;
    }
    let source = sources.add(SOURCE_NAME, sets.join("\n"));
    let mut offset = 0;
    let mut paths: Vec<Vec<String>> = Vec::new();
    for set in sets {
        if let Err(problem) = apply_one(root, set, source, offset, &mut paths) {
            problems.push(problem);
        }
        offset += set.len() + 1;
    }
    Some(source)
}

/// Applies one override; `paths` are the key paths set so far.
fn apply_one(root: &mut Map, set: &str, source: SourceId, offset: usize, paths: &mut Vec<Vec<String>>) -> Result<(), Problem> {
    let whole = Place::new(source, offset, offset + set.len());
    let (steps, equals) = key_path(set, source, offset)?;
    let Some(equals) = equals else {
        return Err(Problem::at(whole, "an override needs `=`", "no value").help("for example --set run.horizon=30d"));
    };
    refuse_how_it_is_read(&steps, whole)?;
    let after = &set[equals + 1..];
    let text = after.trim();
    let begin = offset + equals + 1 + (after.len() - after.trim_start().len());
    if text.is_empty() {
        return Err(Problem::at(whole, "an override needs a value after `=`", "no value").help("an empty text is written \"\""));
    }
    let node = parse_value(text, source, begin)?;
    let path: Vec<String> = steps.iter().map(|step| step.key.clone()).collect();
    if paths.contains(&path) {
        let message = format!("`{}` is set twice", path.join("."));
        return Err(Problem::at(whole, message, "set before").help("give each key one `--set`"));
    }
    paths.push(path);
    assign(root, &steps, node)
}

/// What says how the file is read has done its work by now.
pub(super) fn refuse_how_it_is_read(steps: &[Step], place: Place) -> Result<(), Problem> {
    let [Step { key, .. }] = steps else { return Ok(()) };
    if !matches!(key.as_str(), "extends" | "format") {
        return Ok(());
    }
    let message = "`extends` and `format` say how the file is read: they cannot be set from outside";
    Err(Problem::at(place, message, "not here").help("write it into a scenario file of your own"))
}

/// The steps before the first `=` outside quotes, and where that is.
pub(super) fn key_path(set: &str, source: SourceId, offset: usize) -> Result<(Vec<Step>, Option<usize>), Problem> {
    let mut steps = Vec::new();
    let (mut key, mut begin, mut quote, mut equals) = (String::new(), 0, None, None);
    let finish = |key: &mut String, begin: usize, end: usize| {
        let place = Place::new(source, offset + begin, offset + end);
        let trimmed = key.trim().to_owned();
        key.clear();
        if trimmed.is_empty() {
            return Err(Problem::at(place, "a step of the key path is empty", "empty").help("for example run.horizon"));
        }
        Ok(Step { key: trimmed, place })
    };
    for (index, c) in set.char_indices() {
        match (c, quote) {
            (c, Some(open)) if c == open => quote = None,
            ('"' | '\'', None) => quote = Some(c),
            ('.', None) => {
                steps.push(finish(&mut key, begin, index)?);
                begin = index + 1;
            }
            ('=', None) => {
                equals = Some(index);
                break;
            }
            (c, _) => key.push(c),
        }
    }
    steps.push(finish(&mut key, begin, equals.unwrap_or(set.len()))?);
    if let Some(first) = steps.get(MOST_STEPS) {
        let help = format!("a key path has {MOST_STEPS} steps at most, for example run.horizon");
        return Err(Problem::at(first.place, "the key path is too deep", "too deep").help(help));
    }
    Ok((steps, equals))
}

/// Sets the value at a key path, adding tables on the way. Whether the keys mean anything is found out when they are read.
///
/// # Errors
/// The path leads through a value that is no table, or to an item that is not in its list.
pub(super) fn assign(map: &mut Map, steps: &[Step], node: Node) -> Result<(), Problem> {
    let Some((first, rest)) = steps.split_first() else { return Ok(()) };
    if map.entry(&first.key).is_none() {
        let value = Value::Table(Map::default());
        map.entries.push(Entry { key: first.key.clone(), key_place: first.place, node: Node { value, place: first.place } });
    }
    let Some(entry) = map.entry_mut(&first.key) else { return Ok(()) };
    if rest.is_empty() {
        entry.key_place = first.place;
        put(&mut entry.node, node);
        return Ok(());
    }
    descend(&mut entry.node, first, rest, node)
}

fn descend(at: &mut Node, above: &Step, steps: &[Step], node: Node) -> Result<(), Problem> {
    let Some((step, rest)) = steps.split_first() else {
        put(at, node);
        return Ok(());
    };
    match &mut at.value {
        Value::Table(map) => assign(map, steps, node),
        Value::Array(items) => match item_index(items, &step.key) {
            Some(index) => descend(&mut items[index], step, rest, node),
            None if is_nameless(items, above, step) => Ok(()),
            None => Err(no_such_item(items, above, step)),
        },
        value => {
            let message = format!("`{}` is {}: nothing can be set inside it", above.key, value.kind());
            let inner: String =
                steps.iter().rev().fold("...".to_owned(), |inner, step| format!("{{ {} = {inner} }}", key_text(&step.key)));
            let help = format!("set the whole of it: {} = {inner}", key_text(&above.key));
            Err(Problem::at(step.place, message, format!("not inside {}", value.kind())).help(help))
        }
    }
}

/// The item of a list that a step names, by its id or its number.
pub(super) fn item_index(items: &[Node], step: &str) -> Option<usize> {
    let by_id = items.iter().position(|item| id_of(item) == Some(step));
    by_id.or_else(|| step.parse().ok().filter(|&index: &usize| index < items.len()))
}

/// Whether the item that a step names may be one that lacks its id: the list is refused for that alone.
fn is_nameless(items: &[Node], above: &Step, step: &Step) -> bool {
    let lacks = |item: &Node| item.value.as_table().is_some() && id_of(item).is_none();
    NAMED.contains(&above.key.as_str()) && step.key.parse::<usize>().is_err() && items.iter().any(lacks)
}

fn no_such_item(items: &[Node], above: &Step, step: &Step) -> Problem {
    let ids: Vec<&str> = items.iter().filter_map(id_of).collect();
    let help = match nearest(&step.key, ids.iter().copied()) {
        Some(id) => format!("did you mean `{id}`?"),
        None if ids.is_empty() => format!("items are numbered from 0 to {}", items.len().saturating_sub(1)),
        None => format!("there are {}", name_list(&ids)),
    };
    let message = format!("there is no `{}` in `{}`", step.key, above.key);
    Problem::at(step.place, message, "not there").help(help)
}
