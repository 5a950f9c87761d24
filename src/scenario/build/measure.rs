//! What a `[[target]]` measures: a metric, a series in a window of time, or the end of an outage.

use super::outages::refuse_word;
use super::run::Run;
use super::window::{self, Times};
use crate::disruption::{Outage, Recovery};
use crate::input::{At, FromNode, Given, Log, Node, Reader, Scope, name_list, nearest, parse_share, refuse_value};
use crate::scenario::{Measure, Needs, Quantity, QuantityKind, Reading, Scenario, Stat, Subject};
use crate::units::Span;

/// What a target may refer to.
#[derive(Clone, Copy, Debug)]
pub(super) struct Context<'a> {
    /// Every quantity that results report.
    pub(super) known: &'a [Quantity],
    /// `[run]`, if it is right.
    pub(super) run: Option<&'a Run>,
    /// The outages, if they are right.
    pub(super) outages: Option<&'a [Outage]>,
}

impl Context<'_> {
    /// Whether there is a first onset to count from.
    pub(super) fn has_onset(&self) -> bool {
        self.outages.is_none_or(|outages| !outages.is_empty())
    }
}

/// What targets name that can be looked up only when the whole scenario is known.
#[derive(Debug, Default)]
pub(super) struct Named {
    pub(super) groups: Vec<At<String>>,
    quantities: Vec<At<Quantity>>,
}

impl Named {
    /// Every quantity that is named is reported.
    pub(super) fn check_quantities(&self, scenario: &Scenario, log: &mut Log) {
        let had = Needs::of(scenario);
        for At { value: quantity, place } in &self.quantities {
            if let Some(lacking) = quantity.needs.lacking(had).first() {
                let message = format!("`{}` is not reported: the scenario has no {lacking}", quantity.name);
                log.refuse_at(*place, message, "not estimable", "compare something else, or drop the target");
            }
        }
    }
}

/// The value of a target before its report group is known.
#[derive(Clone, Debug)]
pub(super) struct Measured {
    subject: Subject,
    /// The metric or series, with its place.
    quantity: Option<At<Quantity>>,
    relative_to: Option<Divisor>,
    /// Unit of the value.
    pub(super) unit: &'static str,
    /// Whether it is of all, whatever the group.
    pub(super) of_all: bool,
}

/// What the value is divided by.
#[derive(Clone, Debug)]
struct Divisor {
    subject: Subject,
    quantity: At<Quantity>,
    /// A report group of its own.
    group: Option<At<String>>,
}

impl Measured {
    /// The measure of a group.
    pub(super) fn of(&self, group: &str) -> Measure {
        let reading = |subject: &Subject, group: &str| Reading { subject: subject.clone(), group: group.to_owned() };
        let divide = |by: &Divisor| reading(&by.subject, by.group.as_ref().map_or(group, |own| own.value.as_str()));
        Measure {
            reading: reading(&self.subject, group),
            relative_to: self.relative_to.as_ref().map(|divisor| Box::new(divide(divisor))),
        }
    }

    /// Notes what is named: the quantities, and the report group of `relative_to`.
    pub(super) fn note(&self, named: &mut Named) {
        named.quantities.extend(self.quantity);
        if let Some(divisor) = &self.relative_to {
            named.quantities.push(divisor.quantity);
            named.groups.extend(divisor.group.clone());
        }
    }
}

/// The keys that say what is measured, of which a target has one.
pub(super) const SUBJECTS: [&str; 3] = ["metric", "series", "restored"];

/// Reads the keys of the value of a target that has the key `subject`.
pub(super) fn read(table: &mut Reader<'_>, subject: &str, context: Context<'_>) -> Option<Measured> {
    match subject {
        "metric" => read_metric(table, context),
        "series" => read_series(table, context),
        _ => read_restored(table, context),
    }
}

/// The keys that only a series has, each with what is said of it elsewhere.
const OF_SERIES: [&str; 5] = ["at", "from", "to", "stat", "level"];

fn read_metric(table: &mut Reader<'_>, context: Context<'_>) -> Option<Measured> {
    for key in OF_SERIES.into_iter().chain(["since"]) {
        table.refuse_key(key, "a metric is one number for the whole run", "leave it away, or compare a `series`");
    }
    let metric = read_quantity(table, QuantityKind::Metric, context);
    let relative_to = read_relative(table, |relative| {
        let other = relative.has("metric").then(|| read_quantity(relative, QuantityKind::Metric, context));
        for key in OF_SERIES.into_iter().chain(["since", "series"]) {
            relative.refuse_key(key, "a metric is divided by a metric", "leave it away");
        }
        let metric = metric?;
        let other = other.unwrap_or(Some(metric))?;
        same_unit(relative, "metric", metric.value, other.value)?;
        Some((Subject::Metric(other.value.name.to_owned()), other, other.value != metric.value))
    })
    .checked()?;
    let metric = metric?;
    let unit = if relative_to.is_some() { "ratio" } else { metric.value.unit };
    let subject = Subject::Metric(metric.value.name.to_owned());
    Some(Measured { subject, quantity: Some(metric), relative_to, unit, of_all: false })
}

fn read_series(table: &mut Reader<'_>, context: Context<'_>) -> Option<Measured> {
    let series = read_quantity(table, QuantityKind::Series, context);
    let times = Times::read(table, context.run);
    let stat = read_stat(table, times.as_ref().is_some_and(Times::is_instant));
    let since = read_since(table, stat, context).checked();
    let needs_time = matches!(stat, Given::Absent | Given::Good(Stat::Mean));
    let window = match (series, &times) {
        (Some(series), Some(times)) => window::check(table, times, series.value, needs_time, context),
        _ => None,
    };
    let subject = |series: At<Quantity>, window| {
        Some(Subject::Series {
            name: series.value.name.to_owned(),
            window,
            stat: stat.checked()?.unwrap_or(Stat::Mean),
            since: since?,
        })
    };
    let is_time = stat.good().is_some_and(Stat::is_time);
    if is_time {
        table.refuse_key("relative_to", "a time is not divided by a time", "leave it away");
    }
    let relative_to = read_relative(table, |relative| {
        let other = relative.has("series").then(|| read_quantity(relative, QuantityKind::Series, context));
        let own = Times::read(relative, context.run);
        for key in ["stat", "level", "since", "metric"] {
            relative.refuse_key(key, "both values are made alike", "leave it away");
        }
        let (series, times, own) = (series?, times.as_ref()?, own?);
        let other = other.unwrap_or(Some(series))?;
        same_unit(relative, "series", series.value, other.value)?;
        let own = own.or(times);
        let window = window::check(relative, &own, other.value, needs_time, context)?;
        Some((subject(other, window)?, other, other.value != series.value || !own.same_as(times)))
    })
    .checked()?;
    let series = series?;
    let unit = match (&relative_to, is_time) {
        (Some(_), _) => "ratio",
        (None, true) => "d",
        (None, false) => series.value.unit,
    };
    Some(Measured { subject: subject(series, window?)?, quantity: Some(series), relative_to, unit, of_all: false })
}

fn read_restored(table: &mut Reader<'_>, context: Context<'_>) -> Option<Measured> {
    for key in OF_SERIES.into_iter().chain(["relative_to", "group"]) {
        table.refuse_key(key, "an outage ends at one time for all", "leave it away, or compare a `series`");
    }
    let id = table.required::<String>("restored", "The outage whose end is compared, in days.");
    let since = read_moment_since(table, context).checked();
    let (id, outages) = (id?.value, context.outages?);
    let Some(outage) = outages.iter().position(|outage| outage.id == id) else {
        let ids: Vec<&str> = outages.iter().map(|outage| outage.id.as_str()).collect();
        let help = match nearest(&id, ids.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None if ids.is_empty() => "the scenario has no [[outage]]".to_owned(),
            None => format!("the outages are {}", name_list(&ids)),
        };
        table.refuse("restored", format!("there is no outage `{id}`"), "not an outage", help);
        return None;
    };
    if matches!(outages[outage].recovery, Recovery::Never) {
        table.refuse("restored", format!("the outage `{id}` has no end"), "never restored", "its recovery is \"never\"");
        return None;
    }
    let subject = Subject::Restored { outage, since: since? };
    Some(Measured { subject, quantity: None, relative_to: None, unit: "d", of_all: true })
}

/// The quantity under the key of its kind.
fn read_quantity(table: &mut Reader<'_>, kind: QuantityKind, context: Context<'_>) -> Option<At<Quantity>> {
    const ABOUT: &str = "Name of the metric or series that is compared.";
    let (key, other, example) = match kind {
        QuantityKind::Metric => ("metric", "series", "\"share_delayed_72h\""),
        QuantityKind::Series => ("series", "metric", "\"connected_share\""),
    };
    let At { value: name, place } = table.required_like::<String>(key, example, ABOUT)?;
    let Some(quantity) = context.known.iter().find(|known| known.kind == kind && known.name == name) else {
        let names: Vec<&str> = context.known.iter().filter(|known| known.kind == kind).map(|known| known.name).collect();
        let plural = if kind == QuantityKind::Metric { "metrics" } else { "series" };
        let help = match nearest(&name, names.iter().copied()) {
            _ if context.known.iter().any(|known| known.name == name) => {
                format!("it is a {other}: write {other} = \"{name}\"")
            }
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("the {plural} are {}", name_list(&names)),
        };
        table.refuse(key, format!("unknown {key} `{name}`"), format!("not a {key}"), help);
        return None;
    };
    Some(At { value: *quantity, place })
}

/// `stat`; a single instant needs none.
fn read_stat(table: &mut Reader<'_>, at_instant: bool) -> Given<Stat> {
    const WORDS: [&str; 7] = ["mean", "min", "max", "time_of_max", "time_of_min", "first_below", "first_above"];
    if at_instant {
        for key in ["stat", "level"] {
            table.refuse_key(key, "`at` names one instant", "leave it away, or write `from` and `to`");
        }
        return Given::Absent;
    }
    let Some(word) = table.or_default::<String>("stat", "mean", "What is made of the values in the window.") else {
        table.has("level");
        return Given::Bad;
    };
    let looks_for_a_level = ["first_below", "first_above"].contains(&word.value.as_str());
    let level = if looks_for_a_level {
        let about = "The value that is looked for: the first instant at which it is reached counts.";
        table.required_like::<f64>("level", "0.99", about).map(|level| level.value)
    } else {
        if WORDS.contains(&word.value.as_str()) {
            table.refuse_key("level", "only `first_below` and `first_above` look for a level", "leave it away");
        }
        table.has("level");
        Some(0.0)
    };
    let Some(level) = level else { return Given::Bad };
    Given::Good(match word.value.as_str() {
        "mean" => Stat::Mean,
        "min" => Stat::Min,
        "max" => Stat::Max,
        "time_of_max" => Stat::TimeOfMax,
        "time_of_min" => Stat::TimeOfMin,
        "first_below" => Stat::FirstBelow(level),
        "first_above" => Stat::FirstAbove(level),
        other => return refuse_word(table, "stat", other, &WORDS).map_or(Given::Bad, Given::Good),
    })
}

/// `since` of a series.
fn read_since(table: &mut Reader<'_>, stat: Given<Stat>, context: Context<'_>) -> Given<Span> {
    match stat {
        Given::Good(stat) if stat.is_time() => read_moment_since(table, context),
        Given::Bad => {
            table.has("since");
            Given::Bad
        }
        _ => {
            table.refuse_key("since", "only a time is counted from something", "leave it away");
            Given::Absent
        }
    }
}

fn read_moment_since(table: &mut Reader<'_>, context: Context<'_>) -> Given<Span> {
    const ABOUT: &str = "What days are counted from; the first onset if left out.";
    match window::read_moment(table, "since", ABOUT, context.run) {
        Given::Good(since) => Given::Good(since.value),
        Given::Absent if !context.has_onset() => {
            table.missing("since", "since = \"7 d\"", "there is no [[outage]], so no onset to count days from");
            Given::Bad
        }
        Given::Absent => Given::Absent,
        Given::Bad => Given::Bad,
    }
}

/// `relative_to`: the subject, and whether it differs from the target's own, come from `read`.
fn read_relative(
    table: &mut Reader<'_>,
    read: impl FnOnce(&mut Reader<'_>) -> Option<(Subject, At<Quantity>, bool)>,
) -> Given<Divisor> {
    let mut relative = match table.section("relative_to") {
        Given::Absent => return Given::Absent,
        Given::Bad => return Given::Bad,
        Given::Good(relative) => relative,
    };
    let place = relative.place();
    let group = relative.optional::<String>("group", "Report group of the value that it is divided by.");
    let subject = read(&mut relative);
    if let (Some((_, _, false)), false) = (&subject, group.is_given()) {
        let help = "say what is different: a group, a series or metric, or a time";
        relative.log().refuse_at(place, "`relative_to` is the target itself: the ratio would always be 1", "the same", help);
    }
    let all_known = relative.finish();
    match (subject, group.checked()) {
        (Some((subject, quantity, _)), Some(group)) if all_known => Given::Good(Divisor { subject, quantity, group }),
        _ => Given::Bad,
    }
}

fn same_unit(table: &mut Reader<'_>, key: &str, a: Quantity, b: Quantity) -> Option<()> {
    if a.unit == b.unit {
        return Some(());
    }
    let message = format!("`{}` ({}) and `{}` ({}) have different units", a.name, a.unit, b.name, b.unit);
    table.refuse(key, message, "not comparable", "a ratio is one of like to like");
    None
}

/// A number in the unit of what is compared.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bound(pub(super) f64);

impl FromNode for Bound {
    const EXAMPLE: &'static str = "0.85";

    fn from_node(node: &mut Node, scope: &Scope, log: &mut Log) -> Option<Self> {
        match node.value.as_text().map(parse_share) {
            Some(Ok(share)) => {
                let help = format!("a bound has the unit of what is compared: write {}", share.value());
                refuse_value(node, scope, log, "is not a number", "not a number", &help)
            }
            _ => f64::from_node(node, scope, log).map(Self),
        }
    }
}

/// Refuses bounds that no value of this unit reaches: a share is never above 1. Whether there was one.
pub(super) fn refuse_beyond(table: &mut Reader<'_>, unit: &str, bounds: [(&'static str, Option<f64>); 2]) -> bool {
    let mut any = false;
    for (key, bound) in bounds {
        let Some(bound) = bound.filter(|bound| unit == "share" && bound.abs() > 1.0) else { continue };
        let help = if bound.abs() <= 100.0 { format!("did you mean {}?", bound / 100.0) } else { String::new() };
        let message = format!("`{key}` in {}: {bound} is beyond any share", table.title());
        table.refuse(key, message, "not a share", help);
        any = true;
    }
    any
}
