//! When a `[[target]]` looks at a series: an instant, or a window.

use super::measure::Context;
use super::run::Run;
use crate::input::{At, FromNode, Given, Log, Node, Reader, Scope, Value, refuse_value};
use crate::scenario::{Quantity, Window};
use crate::units::{CivilTime, Span};

/// A date and time, or a time after t = 0.
#[derive(Clone, Copy, Debug)]
enum Moment {
    Civil(CivilTime),
    After(Span),
}

impl FromNode for Moment {
    const UNIT: &'static str = "date and time, or time after t = 0";
    const EXAMPLE: &'static str = "2024-02-26T12:00:00";

    fn from_node(node: &mut Node, scope: &Scope, log: &mut Log) -> Option<Self> {
        match node.value {
            Value::DateTime(_) => CivilTime::from_node(node, scope, log).map(Self::Civil),
            Value::String(_) | Value::Integer(_) | Value::Float(_) => Span::from_node(node, scope, log).map(Self::After),
            _ => refuse_value(node, scope, log, "is not a time", "not a time", "for example 2024-02-26T12:00:00, or \"7 d\""),
        }
    }
}

/// The keys `at`, `from` and `to`.
#[derive(Clone, Debug)]
pub(super) struct Times {
    at: Option<At<Span>>,
    from: Option<At<Span>>,
    to: Option<At<Span>>,
}

impl Times {
    /// Reads the keys; `None` after a mistake.
    pub(super) fn read(table: &mut Reader<'_>, run: Option<&Run>) -> Option<Self> {
        let at = read_moment(table, "at", "The instant at which the series is read.", run);
        let from = read_moment(table, "from", "Begin of the window; the first onset if left out.", run);
        let to = read_moment(table, "to", "End of the window; the end of the run if left out.", run);
        if at.is_given() && (from.is_given() || to.is_given()) {
            let key = if from.is_given() { "from" } else { "to" };
            table.refuse_key(key, "`at` names one instant", "leave `at` away, or `from` and `to`");
            return None;
        }
        Some(Self { at: at.checked()?, from: from.checked()?, to: to.checked()? })
    }

    /// Whether any key is there.
    fn any(&self) -> bool {
        self.at.is_some() || self.from.is_some() || self.to.is_some()
    }

    /// Where nothing is said, what `other` says.
    pub(super) fn or(self, other: &Self) -> Self {
        if self.any() { self } else { other.clone() }
    }

    /// Whether a single instant is named.
    pub(super) const fn is_instant(&self) -> bool {
        self.at.is_some()
    }

    /// Whether both say the same, wherever it is written.
    pub(super) fn same_as(&self, other: &Self) -> bool {
        let values = |times: &Self| [&times.at, &times.from, &times.to].map(|time| time.as_ref().map(|time| time.value));
        values(self) == values(other)
    }
}

/// A moment within the run, after t = 0.
pub(super) fn read_moment(table: &mut Reader<'_>, key: &'static str, about: &'static str, run: Option<&Run>) -> Given<At<Span>> {
    let moment = match table.optional::<Moment>(key, about) {
        Given::Good(moment) => moment,
        Given::Bad => return Given::Bad,
        Given::Absent => return Given::Absent,
    };
    let Some(run) = run.map(|run| &run.settings) else { return Given::Bad };
    let (span, words) = match moment.value {
        Moment::After(span) => (Some(span), span.to_string()),
        Moment::Civil(time) => (time.elapsed_since(run.start), time.to_string()),
    };
    let title = table.title().to_owned();
    let Some(span) = span else {
        let message = format!("`{key}` in {title}: {words} is before the start of the run ({})", run.start);
        table.refuse(key, message, "too early", "write a time within the run, or set run.start");
        return Given::Bad;
    };
    if span > run.horizon {
        let end = run.start.plus(run.horizon).map_or(String::new(), |end| format!(", {end}"));
        let message = format!("`{key}` in {title}: {words} is after the end of the run ({}{end})", run.horizon);
        let help = "make run.horizon longer, or drop the target; --set target=[] drops all";
        table.refuse(key, message, "too late", help);
        return Given::Bad;
    }
    Given::Good(At { value: span, place: moment.place })
}

/// The window that the keys mean, if the series has a value in it. Without `needs_time` it may be all that comes after the first onset.
pub(super) fn check(
    table: &mut Reader<'_>,
    times: &Times,
    series: Quantity,
    needs_time: bool,
    context: Context<'_>,
) -> Option<Window> {
    let run = &context.run?.settings;
    let step = run.timeline_step;
    if let Some(at) = &times.at {
        if series.is_rate() {
            let message = format!("`{}` is a rate: it has no value at an instant", series.name);
            table.log().refuse_at(at.place, message, "an instant", "write the time that it is over: from = ..., to = ...");
            return None;
        }
        let beyond = at.value.micros() % step.micros();
        if beyond != 0 {
            let before = Span::from_micros(at.value.micros() - beyond);
            let message = format!("no instant of the timeline is at {}", spoken(at.value, run.start));
            let help = format!(
                "its step is {step}: write {} or {}, or set run.timeline_step",
                spoken(before, run.start),
                spoken(before + step, run.start)
            );
            table.log().refuse_at(at.place, message, "between two instants", help);
            return None;
        }
        return Some(Window::At(at.value));
    }
    if needs_time && times.from.is_none() && times.to.is_none() {
        table.missing("at", "at = 2024-02-26T12:00:00", "a series needs a time: `at`, or `from` and `to`");
        return None;
    }
    let (from, to) = (times.from.as_ref().map(|from| from.value), times.to.as_ref().map_or(run.horizon, |to| to.value));
    if from.is_none() && !context.has_onset() {
        table.missing("from", "from = \"7 d\"", "there is no [[outage]], so no onset with which the window would begin");
        return None;
    }
    let begin = from.unwrap_or(Span::ZERO);
    let place = times.to.as_ref().or(times.from.as_ref()).map_or(table.place(), |time| time.place);
    if begin >= to {
        let message = format!("nothing lies between {} and {}", spoken(begin, run.start), spoken(to, run.start));
        table.log().refuse_at(place, message, "not later", "`to` must be later than `from`");
        return None;
    }
    // The last instant in the window; of a rate, the whole step before it must be in the window too.
    let last = Span::from_micros(to.micros() - to.micros() % step.micros());
    let first_possible = if series.is_rate() { begin + step } else { begin + Span::from_micros(1) };
    if last < first_possible {
        let what = if series.is_rate() { "no whole step" } else { "no instant" };
        let message = format!("{what} of the timeline lies between {} and {}", spoken(begin, run.start), spoken(to, run.start));
        let help = format!("its step is {step}: make the window wider, or run.timeline_step finer");
        table.log().refuse_at(place, message, "no value", help);
        return None;
    }
    Some(Window::Between { from, to })
}

/// A time as people say it: by date.
fn spoken(span: Span, start: CivilTime) -> String {
    start.plus(span).map_or_else(|| span.to_string(), |time| time.to_string())
}
