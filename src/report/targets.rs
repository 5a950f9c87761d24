//! What the model gives for the targets of a scenario, in words: report, terminal and the table of the guide say the same, because they
//! all ask here.

use core::fmt::Write as _;

use super::words;
use crate::experiment::{Estimate, Outcome, TargetResult, TargetVerdict, unit_of};
use crate::scenario::{Requirement, TargetRole, ValidationTarget};

/// A target beside what the model gives, ready to be written.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct TargetRow {
    pub(crate) id: String,
    pub(crate) title: String,
    pub(crate) observed: String,
    pub(crate) source: String,
    pub(crate) note: String,
    pub(crate) role: String,
    pub(crate) strictness: String,
    /// What the model gives: mean and interval, or the means of an order, lowest place first.
    pub(crate) given: String,
    /// Replications behind it.
    pub(crate) n: u64,
    /// What is asked: the bounds.
    pub(crate) asked: String,
    /// `met`, `missed` or `not estimable`.
    pub(crate) verdict: String,
    /// Share of replications in which it held.
    pub(crate) held: String,
}

/// The targets of an outcome.
#[must_use]
pub(crate) fn rows(outcome: &Outcome) -> Vec<TargetRow> {
    outcome.targets.iter().map(|result| row(result, outcome)).collect()
}

fn row(result: &TargetResult, outcome: &Outcome) -> TargetRow {
    let target = &result.target;
    let members = result.values.iter().map(|value| Member {
        name: value.name.clone(),
        place: value.place as u64,
        unit: value.unit.to_owned(),
        estimate: value.estimate,
        censored: u64::from(value.censored),
    });
    let members: Vec<Member> = members.collect();
    let replications = outcome.points.first().map_or(0, |point| point.replications.len() as u64);
    TargetRow {
        id: target.id.clone(),
        title: target.title.clone(),
        observed: target.observed.clone(),
        source: target.source.clone(),
        note: target.note.clone(),
        role: target.role.name().to_owned(),
        strictness: target.strictness.name().to_owned(),
        given: given(&members),
        n: members.iter().map(Member::n).min().unwrap_or(replications),
        asked: asked(target),
        verdict: result.verdict.name().to_owned(),
        held: held(result.held),
    }
}

/// What is asked of the model.
#[must_use]
pub(crate) fn asked(target: &ValidationTarget) -> String {
    match &target.requirement {
        Requirement::Within { measure, low, high } => bounds(unit_of(measure), *low, *high),
        Requirement::Ascending(_) => ASCENDING.to_owned(),
    }
}

/// What is asked of an order.
pub(crate) const ASCENDING: &str = "ascending";

/// One value of a target.
#[derive(Clone, Debug)]
pub(crate) struct Member {
    /// Empty unless it is one of an order.
    pub(crate) name: String,
    pub(crate) place: u64,
    pub(crate) unit: String,
    pub(crate) estimate: Option<Estimate>,
    /// Replications in which a time was not reached by the end of its window.
    pub(crate) censored: u64,
}

impl Member {
    pub(crate) fn n(&self) -> u64 {
        self.estimate.map_or(0, |estimate| u64::from(estimate.n))
    }

    /// What stands where there is no value.
    fn nothing(&self) -> &'static str {
        if self.censored > 0 { "not reached by the end" } else { words::NOT_ESTIMABLE }
    }
}

/// What the model gives: `91.9 % (91.2 to 92.7)`, or in an order `a 3.6 days; b 15.3 days, c 16.0 days`.
#[must_use]
pub(crate) fn given(members: &[Member]) -> String {
    let mut text = String::new();
    let mut before: Option<u64> = None;
    for member in members {
        if member.name.is_empty() {
            return match member.estimate {
                None => member.nothing().to_owned(),
                estimate => words::estimate(&member.unit, estimate),
            };
        }
        text.push_str(match before {
            None => "",
            Some(place) if place == member.place => ", ",
            Some(_) => "; ",
        });
        let value = member.estimate.map_or_else(|| member.nothing().to_owned(), |e| words::value(&member.unit, e.mean));
        let _ = write!(text, "{} {value}", member.name);
        before = Some(member.place);
    }
    text
}

/// Bounds in the unit of the value: `85 to 95 %`, `at most 6 days`.
#[must_use]
pub(crate) fn bounds(unit: &str, low: Option<f64>, high: Option<f64>) -> String {
    let (number, suffix): (fn(f64) -> f64, &str) = match unit {
        // A hundred times a share may miss the number that was written by a rounding.
        "share" => (|bound| (bound * 1e8).round() / 1e6, " %"),
        "d" => (|bound| bound, " days"),
        "h" => (|bound| bound, " h"),
        _ => (|bound| bound, ""),
    };
    let words = match (low.map(number), high.map(number)) {
        (Some(low), Some(high)) if low == high => format!("exactly {low}"),
        (Some(low), Some(high)) => format!("{low} to {high}"),
        (Some(low), None) => format!("at least {low}"),
        (None, Some(high)) => format!("at most {high}"),
        (None, None) => return String::new(),
    };
    words + suffix
}

/// `100 %`, or nothing if it cannot be told in any replication.
#[must_use]
pub(crate) fn held(share: Option<f64>) -> String {
    share.map_or_else(String::new, |share| words::value("share", share).replace(".0 %", " %"))
}

/// How many are met, in words: `13 of 15 met (calibration 11 of 12, independent 2 of 3)`; `None` if there is no target.
#[must_use]
pub(crate) fn counted(outcome: &Outcome) -> Option<String> {
    let count = |role: Option<TargetRole>| {
        let of = outcome.targets.iter().filter(|result| role.is_none_or(|role| result.target.role == role));
        let (met, all) = of.fold((0, 0), |(met, all), result| (met + u64::from(result.verdict == TargetVerdict::Met), all + 1));
        (all > 0).then(|| format!("{met} of {all}"))
    };
    let all = count(None)?;
    let by_role = [TargetRole::Calibration, TargetRole::Independent]
        .into_iter()
        .filter_map(|role| Some(format!("{} {}", role.name(), count(Some(role))?)));
    Some(format!("{all} met ({})", by_role.collect::<Vec<_>>().join(", ")))
}

/// What must be said beside every such count.
pub(crate) const CAUTION: &str = "A calibration target is an input of the scenario, or an input was fitted to it: that it is met is no evidence for the model.";

#[cfg(test)]
mod tests {
    use super::super::example;
    use super::*;

    #[test]
    fn bounds_are_said_in_the_unit() {
        assert_eq!(bounds("share", Some(0.85), Some(0.95)), "85 to 95 %");
        assert_eq!(bounds("share", Some(0.07), None), "at least 7 %");
        assert_eq!(bounds("d", None, Some(6.5)), "at most 6.5 days");
        assert_eq!(bounds("ratio", Some(0.977), Some(1.0)), "0.977 to 1");
        assert_eq!(bounds("share", Some(1.0), Some(1.0)), "exactly 100 %");
    }

    #[test]
    fn rows_say_what_is_given_and_asked() {
        let rows = rows(&example::outage(40));
        let said: Vec<[&str; 5]> =
            rows.iter().map(|row| [row.id.as_str(), &row.given, &row.asked, &row.verdict, &row.held]).collect();
        assert_eq!(said[0][0], "V1");
        assert!(said[0][1].starts_with("60.0 %"), "{said:?}");
        assert_eq!(said[0][2..], ["85 to 95 %", "missed", "0 %"]);
        assert_eq!(said[1][2..4], ["at most 20 days", "met"]);
        assert!(said[2][1].starts_with("type=chain ") && said[2][1].contains("; type=independent "), "{said:?}");
        assert_eq!(said[2][2..], ["ascending", "met", "100 %"]);
        assert!(rows.iter().all(|row| row.n == 40));
    }

    #[test]
    fn what_is_met_is_counted_by_role() {
        let outcome = example::outage(40);
        assert_eq!(counted(&outcome).as_deref(), Some("2 of 3 met (calibration 1 of 2, independent 1 of 1)"));
        assert_eq!(counted(&example::calm(4)), None);
    }
}
