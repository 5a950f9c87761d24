//! The section of the report that puts what the model gives beside what was observed.

use maud::{Markup, html};

use super::{targets, words};
use crate::experiment::Outcome;

/// The section; empty if the scenario has no target.
pub(super) fn section(outcome: &Outcome) -> Markup {
    let rows = targets::rows(outcome);
    html! {
        @if let Some(counted) = targets::counted(outcome) {
            h2 { "Against the record" }
            p { (counted) ". " (targets::CAUTION) }
            div.scroll {
                table {
                    caption { "Means over replications with their " (words::level(outcome.confidence)) " intervals. A target holds if the mean is as asked" }
                    thead {
                        tr {
                            th scope="col" { "Target" }
                            th scope="col" { "On record" }
                            th scope="col" { "The model gives" }
                            th scope="col" { "Asked" }
                            th scope="col" { "Verdict" }
                        }
                    }
                    tbody {
                        @for row in &rows {
                            tr {
                                th scope="row" { (row.id) ": " (row.title) br; span.small { (row.role) ", " (row.strictness) } }
                                td { (row.observed) br; span.small { (row.source) "." @if !row.note.is_empty() { " " (row.note) "." } } }
                                td { (row.given) }
                                td.asked { (row.asked) }
                                td {
                                    strong class=(verdict_class(&row.verdict)) { (words::sentence(&row.verdict)) }
                                    @if !row.held.is_empty() { br; span.small { "in " (row.held) " of replications" } }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn verdict_class(verdict: &str) -> &'static str {
    match verdict {
        "met" => "pass",
        "missed" => "fail",
        _ => "small",
    }
}

#[cfg(test)]
mod tests {
    use super::super::example;
    use super::*;

    #[test]
    fn targets_stand_beside_what_the_model_gives() {
        let page = section(&example::outage(12)).into_string();
        assert!(page.contains("2 of 3 met (calibration 1 of 2, independent 1 of 1)"), "{page}");
        assert!(page.contains("V1: Title of V1") && page.contains("85 to 95 %") && page.contains(">Missed<"), "{page}");
        assert!(page.contains("A &lt;report&gt;. Not quite the same."), "{page}");
        assert_eq!(section(&example::calm(5)).into_string(), "");
    }
}
