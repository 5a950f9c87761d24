//! What was observed in reality, and what the model has to give: `[[target]]`.

use super::{Harm, Needs};
use crate::units::Span;

/// A quantity that the results report: what `until`, `[[check]]` and `[[target]]` may name.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Quantity {
    /// Name in the tables.
    pub name: &'static str,
    /// Unit in the tables: `share`, `d`, `claims/h`.
    pub unit: &'static str,
    /// What a scenario must have for it.
    pub needs: Needs,
    /// Whether more of it is worse.
    pub harm: Harm,
    /// Whether it is one number for each replication, or one for each instant of the timeline.
    pub kind: QuantityKind,
}

/// What kind of quantity it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum QuantityKind {
    /// One number for each replication: a column of `replications.csv`.
    Metric,
    /// A number for each instant: a series of `timeline.csv`.
    Series,
}

impl Quantity {
    /// Whether a value is that of the step before its instant, not of the instant.
    #[must_use]
    pub fn is_rate(&self) -> bool {
        self.kind == QuantityKind::Series && self.unit.ends_with("/h")
    }
}

/// One `[[target]]`: something on record, and what the model has to give for it.
#[derive(Clone, Debug)]
pub struct ValidationTarget {
    /// Unique id: `V2`.
    pub id: String,
    /// What it is about, for people.
    pub title: String,
    /// What was observed, and when.
    pub observed: String,
    /// Who says so.
    pub source: String,
    /// Where the target differs from what was observed; may be empty.
    pub note: String,
    /// Whether agreement says anything for the model.
    pub role: TargetRole,
    /// How exactly it is meant.
    pub strictness: Strictness,
    /// What the model has to give.
    pub requirement: Requirement,
}

/// Whether agreement with a target says anything for the model.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum TargetRole {
    /// The figure is an input, or an input was fitted to it: agreement is no evidence.
    Calibration,
    /// No parameter was set by it.
    Independent,
}

impl TargetRole {
    /// The roles with their words.
    pub(crate) const WORDS: [(&str, Self); 2] = [("calibration", Self::Calibration), ("independent", Self::Independent)];

    /// The word of scenario and tables.
    #[must_use]
    pub fn name(self) -> &'static str {
        Self::WORDS.iter().find(|(_, role)| *role == self).map_or("", |(word, _)| word)
    }
}

/// How exactly a target is meant.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Strictness {
    /// Outside the bounds the model is wrong.
    Strict,
    /// Order of magnitude, or the side of a bound.
    Bracket,
    /// Sign, order or timing only.
    Shape,
}

impl Strictness {
    /// The degrees with their words.
    pub(crate) const WORDS: [(&str, Self); 3] = [("strict", Self::Strict), ("bracket", Self::Bracket), ("shape", Self::Shape)];

    /// The word of scenario and tables.
    #[must_use]
    pub fn name(self) -> &'static str {
        Self::WORDS.iter().find(|(_, strictness)| *strictness == self).map_or("", |(word, _)| word)
    }
}

/// What the model has to give.
#[derive(Clone, Debug)]
pub enum Requirement {
    /// A value within bounds, of which there is at least one.
    Within {
        /// The value.
        measure: Measure,
        /// It must be at least this.
        low: Option<f64>,
        /// It must be at most this.
        high: Option<f64>,
    },
    /// Values in ascending order: every one of a tier below every one of the next. At least two tiers, none empty.
    Ascending(Vec<Vec<Ranked>>),
}

/// One value of an order.
#[derive(Clone, Debug)]
pub struct Ranked {
    /// Id of the target, or key of the report group, that it is the value of.
    pub name: String,
    /// The value.
    pub measure: Measure,
}

/// A value of each replication.
#[derive(Clone, Debug)]
pub struct Measure {
    /// What is measured.
    pub reading: Reading,
    /// What it is divided by, if anything.
    pub relative_to: Option<Box<Reading>>,
}

/// Something read off a replication.
#[derive(Clone, Debug)]
pub struct Reading {
    /// What is read.
    pub subject: Subject,
    /// Key of the report group; `all` where it does not matter.
    pub group: String,
}

/// What is read off a replication.
#[derive(Clone, Debug)]
pub enum Subject {
    /// A metric, by its name.
    Metric(String),
    /// A series.
    Series {
        /// Its name.
        name: String,
        /// When.
        window: Window,
        /// What is made of the values.
        stat: Stat,
        /// What times are counted from; `None`: the first onset.
        since: Option<Span>,
    },
    /// The time at which an outage ends \[d\].
    Restored {
        /// Index of the outage.
        outage: usize,
        /// What it is counted from; `None`: the first onset.
        since: Option<Span>,
    },
}

/// When a series is read, after t = 0.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Window {
    /// At this instant of the timeline.
    At(Span),
    /// At the instants after `from` and up to `to`. A rate counts if its step lies within.
    Between {
        /// `None`: the first onset.
        from: Option<Span>,
        /// Last instant.
        to: Span,
    },
}

/// What is made of the values of a series in a window.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Stat {
    /// Their mean.
    Mean,
    /// The least.
    Min,
    /// The largest.
    Max,
    /// The first instant with the largest value \[d\].
    TimeOfMax,
    /// The first instant with the least value \[d\].
    TimeOfMin,
    /// The first instant with this value or less \[d\].
    FirstBelow(f64),
    /// The first instant with this value or more \[d\].
    FirstAbove(f64),
}

impl Stat {
    /// Whether it is a time, not a value.
    #[must_use]
    pub const fn is_time(self) -> bool {
        !matches!(self, Self::Mean | Self::Min | Self::Max)
    }
}
