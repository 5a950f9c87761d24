//! What the PNG charts cannot write.

use super::figures::unprintable;
use super::words;
use crate::experiment::Outcome;
use crate::scenario::{ReportGroups, Scenario};

/// More characters than this are not told one by one.
const MOST_TOLD: usize = 8;

/// What the pictures of a scenario cannot write, as a sentence without its full stop; `None` if they can write all.
#[must_use]
pub fn font_warning(scenario: &Scenario) -> Option<String> {
    let groups = ReportGroups::of(scenario).groups;
    warning(core::iter::once(scenario.title.as_str()).chain(groups.iter().map(|group| group.label.as_str())))
}

/// The same of a finished experiment.
#[must_use]
pub(super) fn of_outcome(outcome: &Outcome) -> Option<String> {
    warning(core::iter::once(outcome.title.as_str()).chain(outcome.groups.iter().map(|group| group.label.as_str())))
}

fn warning<'a>(texts: impl Iterator<Item = &'a str>) -> Option<String> {
    let mut missing: Vec<char> = Vec::new();
    for c in texts.flat_map(unprintable) {
        if !missing.contains(&c) {
            missing.push(c);
        }
    }
    let more = missing.len().saturating_sub(MOST_TOLD);
    let told: Vec<String> = missing.iter().take(MOST_TOLD).map(|c| format!("“{c}”")).collect();
    let more = if more > 0 { format!(" and {} more", words::whole(more as u64)) } else { String::new() };
    (!missing.is_empty()).then(|| {
        format!(
            "the PNG charts show boxes for {}{more}, which their font lacks: the report and the SVG charts show them as they are",
            told.join(", ")
        )
    })
}
