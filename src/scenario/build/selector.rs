//! Selectors: nodes by id, by a list of ids, or by attributes.

use super::Names;
use super::names::{Kind, Name};
use crate::input::{At, FromNode, Log, ManyOf, Node, Place, Scope, Value, name_list, nearest, refuse_value};

/// The indices of the nodes of a kind that a selector means, in ascending order; `None` after a mistake, and a selector that
/// matches nothing is one.
pub(super) fn select(node: &mut Node, scope: &Scope, kind: Kind, names: &Names, log: &mut Log) -> Option<Vec<u32>> {
    let mut selected = match &node.value {
        Value::Table(_) => by_attributes(node, scope, kind, names, log)?,
        Value::Array(items) if items.is_empty() => {
            let help = format!("name at least one {}", kind.spoken());
            return refuse_value(node, scope, log, "is empty", "matches nothing", &help);
        }
        _ => {
            let ids = ManyOf::<String>::from_node(node, scope, log)?.0;
            let found: Vec<Option<u32>> = ids.iter().map(|id| names.find(kind, id, log).map(|name| name.index)).collect();
            found.into_iter().collect::<Option<Vec<u32>>>()?
        }
    };
    selected.sort_unstable();
    selected.dedup();
    Some(selected)
}

/// One condition: an attribute and the values that match.
struct Condition {
    key: String,
    values: Vec<At<String>>,
}

fn by_attributes(node: &mut Node, scope: &Scope, kind: Kind, names: &Names, log: &mut Log) -> Option<Vec<u32>> {
    let place = node.place;
    let Value::Table(map) = &mut node.value else { return None };
    if map.entries.is_empty() {
        let help = "name an attribute, for example { type = \"retail\" }";
        return refuse_value(node, scope, log, "names no attribute", "matches nothing", help);
    }
    let mut conditions = Vec::new();
    for entry in &mut map.entries {
        let inner = Scope { path: format!("{}.{}", scope.path, entry.key), key: entry.key.clone(), table: scope.name() };
        let values = ManyOf::<String>::from_node(&mut entry.node, &inner, log);
        if names.is_unread(kind, &entry.key) {
            conditions.push(None);
            continue;
        }
        let known = check_attribute(&entry.key, entry.key_place, kind, names, log);
        let known_values = values.as_ref().filter(|_| known).map(|values| check_values(&entry.key, &values.0, kind, names, log));
        conditions.push(
            values.filter(|_| known_values == Some(true)).map(|values| Condition { key: entry.key.clone(), values: values.0 }),
        );
    }
    let conditions = conditions.into_iter().collect::<Option<Vec<_>>>()?;
    let matches = |name: &Name| {
        conditions.iter().all(|condition| {
            value_of(name, &condition.key).is_some_and(|value| condition.values.iter().any(|wanted| wanted.value == value))
        })
    };
    let selected: Vec<u32> = names.of_kind(kind).filter(|name| matches(name)).map(|name| name.index).collect();
    if selected.is_empty() {
        let message = format!("{}: no {} has all these attributes", scope.name(), kind.spoken());
        log.refuse_at(place, message, "matches nothing", "all conditions must hold at once");
        return None;
    }
    Some(selected)
}

fn value_of<'a>(name: &'a Name, key: &str) -> Option<&'a str> {
    if key == "id" {
        return Some(&name.id);
    }
    name.attributes.iter().find(|(known, _)| known == key).map(|(_, value)| value.as_str())
}

fn check_attribute(key: &str, place: Place, kind: Kind, names: &Names, log: &mut Log) -> bool {
    let mut keys: Vec<&str> = vec!["id"];
    for (known, _) in names.of_kind(kind).flat_map(|name| &name.attributes) {
        if !keys.contains(&known.as_str()) {
            keys.push(known);
        }
    }
    if keys.contains(&key) {
        return true;
    }
    let help = nearest(key, keys.iter().copied())
        .map_or_else(|| format!("the attributes are {}", name_list(&keys)), |near| format!("did you mean `{near}`?"));
    log.refuse_at(place, format!("no {} has the attribute `{key}`", kind.spoken()), "matches nothing", help);
    false
}

fn check_values(key: &str, wanted: &[At<String>], kind: Kind, names: &Names, log: &mut Log) -> bool {
    let mut values: Vec<&str> = names.of_kind(kind).filter_map(|name| value_of(name, key)).collect();
    values.sort_unstable();
    values.dedup();
    let before = log.problems.len();
    for value in wanted.iter().filter(|value| !values.contains(&value.value.as_str())) {
        let help = nearest(&value.value, values.iter().copied())
            .map_or_else(|| format!("the values are {}", name_list(&values)), |near| format!("did you mean `{near}`?"));
        log.refuse_at(value.place, format!("no {} has {key} = \"{}\"", kind.spoken(), value.value), "matches nothing", help);
    }
    log.problems.len() == before
}
