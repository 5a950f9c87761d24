//! `[[target]]`: what was observed, and what the model has to give.

use super::measure::{self, Bound, Context, Measured, Named, SUBJECTS, refuse_beyond};
use super::outages::refuse_word;
use crate::input::{At, FromNode, Given, Log, Node, Reader, Scope, Value, check_id, name_list, nearest, refuse_value};
use crate::scenario::{Measure, Ranked, Requirement, Strictness, TargetRole, ValidationTarget};

/// What the list says.
#[derive(Debug)]
pub(super) struct Observed {
    /// The targets.
    pub(super) targets: Vec<ValidationTarget>,
    /// What they name.
    pub(super) named: Named,
}

/// A target whose order may name targets below it.
struct Draft {
    target: ValidationTarget,
    /// Names of other targets, if it is an order of them.
    order: Option<Tiers>,
}

/// What an order names, lowest first; what stands in one list is in no order.
#[derive(Clone, Debug)]
struct Tiers(Vec<Vec<At<String>>>);

/// An id with letters of either case, as records number their rows: `V2`.
#[derive(Clone, Debug)]
struct RowId(String);

/// Reads the list; `None` after a mistake.
pub(super) fn read(top: &mut Reader<'_>, context: Context<'_>) -> Option<Observed> {
    let mut ids: Vec<At<String>> = Vec::new();
    let mut named = Named::default();
    let drafts = top.each_table("target", |mut table| {
        let id = read_id(&mut table, &ids);
        ids.extend(id.clone());
        let draft = read_one(&mut table, id, context, &mut named);
        table.finish();
        draft
    });
    // Names are told apart from their meaning: a misspelt one is told even where the target that is meant has mistakes of its own.
    let known: Vec<&str> = ids.iter().map(|id| id.value.as_str()).collect();
    let drafts = drafts?;
    let mut targets = Vec::with_capacity(drafts.len());
    for draft in &drafts {
        let mut target = draft.target.clone();
        if let Some(tiers) = &draft.order {
            target.requirement = Requirement::Ascending(resolve(tiers, &target.id, &drafts, &known, top.log())?);
        }
        targets.push(target);
    }
    Some(Observed { targets, named })
}

fn read_id(table: &mut Reader<'_>, known: &[At<String>]) -> Option<At<String>> {
    let id = table.required_like::<RowId>("id", "\"V2\"", "Id, by which results name it.")?;
    if known.iter().any(|other| other.value.eq_ignore_ascii_case(&id.value.0)) {
        table.refuse(
            "id",
            format!("the id `{}` is given twice", id.value.0),
            "given before",
            "every target needs an id of its own",
        );
        return None;
    }
    Some(At { value: id.value.0, place: id.place })
}

fn read_one(table: &mut Reader<'_>, id: Option<At<String>>, context: Context<'_>, named: &mut Named) -> Option<Draft> {
    let title = read_words(table, "title", "\"Stores with some electronic path\"", "What it is about.");
    let observed = read_words(table, "observed", "\"90 %, 26 February (day 5)\"", "What was observed, and when.");
    let source = read_words(table, "source", "\"operator's own figure, 26 February 2024\"", "Who says so.");
    let note = table.or_default::<String>("note", "", "Where the target differs from what was observed.");
    let role = read_word(table, "role", &TargetRole::WORDS, "Whether agreement is evidence: calibration or independent.");
    let strictness = read_word(table, "strictness", &Strictness::WORDS, "How exactly it is meant: strict, bracket or shape.");
    let (requirement, order) = read_requirement(table, context, named)?;
    let target = ValidationTarget {
        id: id?.value,
        title: title?,
        observed: observed?,
        source: source?,
        note: note?.value,
        role: role?,
        strictness: strictness?,
        requirement,
    };
    Some(Draft { target, order })
}

/// The requirement; for an order of other targets, which may stand below, the names and an order still empty.
fn read_requirement(table: &mut Reader<'_>, context: Context<'_>, named: &mut Named) -> Option<(Requirement, Option<Tiers>)> {
    let given: Vec<&'static str> = SUBJECTS.into_iter().filter(|key| table.has(key)).collect();
    let ordered = table.has("order");
    match given.as_slice() {
        [] if ordered => {
            refuse_bounds(table);
            table.refuse_key("group", "the order is one of other targets", "leave it away");
            let order = read_order(table)?;
            Some((Requirement::Ascending(Vec::new()), Some(order)))
        }
        [] => {
            let about = "what is compared: a `metric`, a `series`, the end of an outage (`restored`), or an `order`";
            table.missing("metric", "metric = \"share_delayed_72h\"", about);
            pass_over(table);
            None
        }
        [subject] if ordered => {
            let measured = measure::read(table, subject, context);
            refuse_bounds(table);
            table.refuse_key("group", "`order` names the report groups", "leave it away");
            let order = read_order(table);
            let (measured, order) = (measured?, order?);
            if measured.of_all {
                let help = "an order of outages is one of targets: order = [\"some-target\", \"another\"]";
                table.refuse("order", "an outage ends at one time for all groups", "no groups", help);
                return None;
            }
            named.groups.extend(order.0.iter().flatten().cloned());
            measured.note(named);
            let rank = |group: &At<String>| Ranked { name: group.value.clone(), measure: measured.of(&group.value) };
            let tiers = order.0.iter().map(|tier| tier.iter().map(rank).collect()).collect();
            Some((Requirement::Ascending(tiers), None))
        }
        [subject] => {
            let measured = measure::read(table, subject, context);
            // The end of an outage is one for all groups, which has been said.
            let measure = if *subject == "restored" {
                measured.as_ref().map(|measured| measured.of("all"))
            } else {
                read_group(table, measured.as_ref(), named)
            };
            let (low, high) = read_bounds(table, measured.as_ref())?;
            Some((Requirement::Within { measure: measure?, low, high }, None))
        }
        [first, second, ..] => {
            let message = format!("{} names more than one thing to compare", table.title());
            table.refuse(second, message, format!("`{first}` is there too"), "write a target for each");
            pass_over(table);
            None
        }
    }
}

/// Looks at none of the other keys: which of them are right depends on what is compared.
fn pass_over(table: &mut Reader<'_>) {
    for key in ["group", "at", "from", "to", "stat", "level", "since", "relative_to", "low", "high"] {
        table.has(key);
    }
}

/// The measure of the report group that is named. `measured` is `None` after a mistake, which makes no other key wrong.
fn read_group(table: &mut Reader<'_>, measured: Option<&Measured>, named: &mut Named) -> Option<Measure> {
    let group = table.or_default::<String>("group", "all", "Report group.")?;
    let measured = measured?;
    let measure = measured.of(&group.value);
    named.groups.push(group);
    measured.note(named);
    Some(measure)
}

/// `low` and `high`: one or both, in ascending order, and within reach.
fn read_bounds(table: &mut Reader<'_>, measured: Option<&Measured>) -> Option<(Option<f64>, Option<f64>)> {
    let low = table.optional::<Bound>("low", "The mean over replications must be at least this.");
    let high = table.optional::<Bound>("high", "The mean over replications must be at most this.");
    if !low.is_given() && !high.is_given() {
        table.missing("low", "low = 0.85", "a target needs `low` or `high`, or both, in the unit of what is compared");
        return None;
    }
    let value = |given: Given<At<Bound>>| given.checked().map(|at| at.map(|at| at.value.0));
    let (low, high) = (value(low), value(high));
    let unit = measured.map_or("", |measured| measured.unit);
    let reachable = !refuse_beyond(table, unit, [("low", low.flatten()), ("high", high.flatten())]);
    let (low, high) = (low?, high?);
    if let (Some(low), Some(high), true) = (low, high, reachable)
        && low > high
    {
        let message = format!("nothing is at least {low} and at most {high}");
        table.refuse("low", message, "never met", "`low` must be the smaller number");
        return None;
    }
    Some((low, high))
}

fn refuse_bounds(table: &mut Reader<'_>) {
    for key in ["low", "high"] {
        table.refuse_key(key, "an order has no bounds", "leave it away, or write a target of its own");
    }
}

fn read_order(table: &mut Reader<'_>) -> Option<Tiers> {
    const ABOUT: &str = "What has to ascend: report groups of what is compared, or other targets; lists within are in no order.";
    let order = table.optional::<Tiers>("order", ABOUT).good()?;
    let tiers = &order.value.0;
    if tiers.len() < 2 || tiers.iter().any(Vec::is_empty) {
        table.refuse("order", "an order needs two places at least, each with a name", "nothing to compare", Tiers::EXAMPLE);
        return None;
    }
    let names: Vec<&At<String>> = tiers.iter().flatten().collect();
    for (index, name) in names.iter().enumerate() {
        if names[..index].iter().any(|other| other.value == name.value) {
            let message = format!("\"{}\" stands twice in the order", name.value);
            table.log().refuse_at(name.place, message, "named before", "each has one place");
            return None;
        }
    }
    Some(order.value)
}

/// The measures of the targets that an order names.
fn resolve(tiers: &Tiers, own: &str, drafts: &[Draft], known: &[&str], log: &mut Log) -> Option<Vec<Vec<Ranked>>> {
    let mut resolve_one = |name: &At<String>| {
        let draft = drafts.iter().find(|draft| draft.target.id == name.value && name.value != own);
        let (message, help) = match draft.map(|draft| &draft.target.requirement) {
            Some(Requirement::Within { measure, .. }) => {
                return Some(Ranked { name: name.value.clone(), measure: measure.clone() });
            }
            Some(Requirement::Ascending(_)) => (
                format!("the target `{}` is an order itself: it has no value", name.value),
                "name targets with a value".to_owned(),
            ),
            None => {
                let others: Vec<&str> = known.iter().copied().filter(|id| *id != own).collect();
                // Of ids as short as `V2` each is near to all others.
                let near = Some(&name.value).filter(|name| name.len() > 3);
                let help = match near.and_then(|name| nearest(name, others.iter().copied())) {
                    Some(near) => format!("did you mean \"{near}\"?"),
                    None if others.is_empty() => {
                        "there is no other target; to order report groups, name a `metric` or `series`".to_owned()
                    }
                    None => format!("the other targets are {}", name_list(&others)),
                };
                (format!("there is no other target \"{}\"", name.value), help)
            }
        };
        log.refuse_at(name.place, message, "not a target with a value", help);
        None
    };
    let tiers: Vec<Option<Vec<Ranked>>> =
        tiers.0.iter().map(|tier| tier.iter().map(&mut resolve_one).collect::<Vec<_>>().into_iter().collect()).collect();
    tiers.into_iter().collect()
}

/// Text that says something.
fn read_words(table: &mut Reader<'_>, key: &'static str, example: &str, about: &'static str) -> Option<String> {
    let words = table.required_like::<String>(key, example, about)?.value;
    if words.trim().is_empty() {
        let message = format!("`{key}` in {} says nothing", table.title());
        table.refuse(key, message, "empty", format!("for example {key} = {example}"));
        return None;
    }
    Some(words)
}

/// One of a few words.
fn read_word<T: Copy>(table: &mut Reader<'_>, key: &'static str, words: &[(&str, T)], about: &'static str) -> Option<T> {
    let example = format!("\"{}\"", words[0].0);
    let word = table.required_like::<String>(key, &example, about)?.value;
    if let Some((_, meaning)) = words.iter().find(|(known, _)| *known == word) {
        return Some(*meaning);
    }
    let known: Vec<&str> = words.iter().map(|(known, _)| *known).collect();
    refuse_word(table, key, &word, &known)
}

impl FromNode for RowId {
    const EXAMPLE: &'static str = "\"V2\"";

    fn from_node(node: &mut Node, scope: &Scope, log: &mut Log) -> Option<Self> {
        let text = String::from_node(node, scope, log)?;
        // What reads the tables may not tell cases apart, so that words with a meaning are refused in either.
        if check_id(&text.to_lowercase()).is_ok() && text.is_ascii() {
            return Some(Self(text));
        }
        let why = "is not an id: a letter, then letters, digits, `_` or `-`, at most 64, and no word that programs misread";
        refuse_value(node, scope, log, why, "not an id", "for example id = \"V2\"")
    }
}

impl FromNode for Tiers {
    const EXAMPLE: &'static str = "for example order = [\"first\", [\"second\", \"also-second\"], \"third\"]";

    fn from_node(node: &mut Node, scope: &Scope, log: &mut Log) -> Option<Self> {
        let Value::Array(items) = &mut node.value else {
            return refuse_value(node, scope, log, "is not a list", "not a list", Self::EXAMPLE);
        };
        let mut one = |node: &mut Node| {
            let place = node.place;
            String::from_node(node, scope, log).map(|value| At { value, place })
        };
        let tiers: Vec<Option<Vec<At<String>>>> = items
            .iter_mut()
            .map(|item| match &mut item.value {
                Value::Array(items) => items.iter_mut().map(&mut one).collect::<Vec<_>>().into_iter().collect(),
                _ => one(item).map(|name| vec![name]),
            })
            .collect();
        tiers.into_iter().collect::<Option<Vec<_>>>().map(Self)
    }
}
