//! Reads a metric, a series in a window, or the end of an outage off each replication.

use super::outcome::Outcome;
use super::seen::Seen;
use super::targets::quantities;
use crate::scenario::{Reading, Stat, Subject, Window};
use crate::sim::{METRICS, ReplicationResult};
use crate::units::{SimTime, Span};

/// Reads one thing off each replication.
#[derive(Clone, Copy, Debug)]
pub(super) struct Glass<'a> {
    pub(super) outcome: &'a Outcome,
    /// How many of the disruptions are outages: they come first.
    pub(super) outages: usize,
    pub(super) reading: &'a Reading,
}

impl Glass<'_> {
    pub(super) fn read(&self, index: usize) -> Seen {
        let replication = &self.outcome.points[0].replications[index];
        let Some(group) = self.outcome.group(&self.reading.group) else { return Seen::Nothing };
        let onset = replication.disruptions[..self.outages].iter().filter_map(|(onset, _)| *onset).min();
        match &self.reading.subject {
            Subject::Metric(name) => metric(replication, group, name),
            Subject::Series { name, window, stat, since } => {
                let values = self.outcome.run_of(0, index, group, name);
                let begin = match window {
                    Window::Between { from: None, .. } => onset,
                    Window::Between { from: Some(from), .. } | Window::At(from) => Some(SimTime::ZERO + *from),
                };
                let origin = since.map(|since| SimTime::ZERO + since).or(onset);
                begin.map_or(Seen::Nothing, |begin| self.statistic(name, values, (begin, *window), *stat, origin))
            }
            Subject::Restored { outage, since } => {
                let (begun, ended) = replication.disruptions[*outage];
                let origin = since.map(|since| SimTime::ZERO + since).or(onset);
                let (Some(_), Some(origin)) = (begun, origin) else { return Seen::Nothing };
                let end = SimTime::ZERO + self.outcome.horizon;
                ended.map_or(Seen::After(days_between(origin, end)), |ended| Seen::Value(days_between(origin, ended)))
            }
        }
    }

    fn statistic(
        &self,
        name: &str,
        values: &[f32],
        (begin, window): (SimTime, Window),
        stat: Stat,
        origin: Option<SimTime>,
    ) -> Seen {
        let is_rate = quantities().iter().any(|known| known.name == name && known.is_rate());
        let step = self.outcome.timeline_step;
        let inside = |instant: SimTime| match window {
            Window::At(at) => instant == SimTime::ZERO + at,
            Window::Between { to, .. } => {
                let after = if is_rate { instant >= begin + step } else { instant > begin };
                after && instant <= SimTime::ZERO + to
            }
        };
        let instants = self.outcome.instants.iter().zip(values);
        let inside = instants.filter(|(instant, value)| inside(**instant) && !value.is_nan());
        let points: Vec<(SimTime, f64)> = inside.map(|(instant, &value)| (*instant, f64::from(value))).collect();
        if points.is_empty() {
            return Seen::Nothing;
        }
        let number = |number: f64| Seen::Value(number);
        let time = |point: Option<&(SimTime, f64)>| match (point, origin) {
            (Some((instant, _)), Some(origin)) => Seen::Value(days_between(origin, *instant)),
            (None, Some(origin)) => {
                let to = if let Window::Between { to, .. } = window { to } else { Span::ZERO };
                Seen::After(days_between(origin, SimTime::ZERO + to))
            }
            (_, None) => Seen::Nothing,
        };
        let least = points.iter().map(|(_, value)| *value).fold(f64::INFINITY, f64::min);
        let largest = points.iter().map(|(_, value)| *value).fold(f64::NEG_INFINITY, f64::max);
        // What is kept of a series is rounded: so is what it is compared with.
        let rounded = |level: f64| f64::from(level as f32);
        match stat {
            Stat::Mean => number(points.iter().map(|(_, value)| value).sum::<f64>() / points.len() as f64),
            Stat::Min => number(least),
            Stat::Max => number(largest),
            Stat::TimeOfMin => time(points.iter().find(|(_, value)| *value == least)),
            Stat::TimeOfMax => time(points.iter().find(|(_, value)| *value == largest)),
            Stat::FirstBelow(level) => time(points.iter().find(|(_, value)| *value <= rounded(level))),
            Stat::FirstAbove(level) => time(points.iter().find(|(_, value)| *value >= rounded(level))),
        }
    }
}

fn metric(replication: &ReplicationResult, group: usize, name: &str) -> Seen {
    let Some(index) = METRICS.iter().position(|known| known.name == name) else { return Seen::Nothing };
    let first = group * METRICS.len();
    let by = METRICS[index].counts_where().and_then(|by| METRICS.iter().position(|known| known.name == by));
    match replication.values[first + index] {
        Some(value) => Seen::Value(value),
        // How late is not known: only that it did not come about within the run.
        None if by.is_some_and(|by| replication.values[first + by].is_some()) => Seen::After(0.0),
        None => Seen::Nothing,
    }
}

/// Days from one instant to another, negative if the other is earlier.
fn days_between(from: SimTime, to: SimTime) -> f64 {
    if to >= from { to.since(from).days() } else { -from.since(to).days() }
}
