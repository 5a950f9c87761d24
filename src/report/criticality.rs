//! What becomes of the network if one node is out: for page and terminal.

use maud::{Markup, html};

use super::words;
use crate::experiment::{METRICS, NodeCriticality, Outcome, Survival};
use crate::scenario::SurvivalSearch;

/// The words of one node.
pub(super) struct Row {
    pub(super) node: String,
    pub(super) role: String,
    pub(super) rise: String,
    /// `2`, or `2 to 4` where the order is not sure.
    pub(super) rank: String,
    pub(super) exposure: String,
    pub(super) dependent: String,
    /// Longest outage that is borne; empty where it is not asked for.
    pub(super) survives: String,
    /// Whether it survives as long as it is out, in words.
    pub(super) safe: &'static str,
}

/// What the rows are about, in one sentence, and the rows, the most critical first.
pub(super) fn rows(outcome: &Outcome) -> Option<(String, Vec<Row>)> {
    let result = outcome.criticality.as_ref()?;
    let study = &result.study;
    let metric = METRICS.iter().find(|metric| metric.name == study.metric).map_or("", |metric| metric.title);
    let mut about =
        format!("Each node is out by itself for {}. Rise of “{metric}” above normal service", words::length(study.lasts));
    if study.group != "all" {
        about = format!("{about}, {}", study.group);
    }
    if let Some(search) = study.search {
        about = format!("{about}; a rise of {} can be borne", words::value(result.unit, search.tolerance));
    }
    let row = |node: &NodeCriticality| {
        let survival = node.survival.as_ref().zip(study.search);
        Row {
            node: node.id.clone(),
            role: node.role.replace('_', " "),
            rise: words::estimate(result.unit, node.rise),
            rank: if node.rank_low == node.rank_high {
                node.rank.to_string()
            } else {
                format!("{} to {}", node.rank_low, node.rank_high)
            },
            exposure: node.exposure_index.map_or_else(|| "-".to_owned(), |index| format!("{index:.2}")),
            dependent: words::value("share", node.share_dependent),
            survives: survival.map_or_else(String::new, |(survival, search)| in_words(survival, search)),
            safe: survival.map_or("", |(survival, _)| match survival.median {
                _ if survival.times.is_empty() => "-",
                Some(median) if median < study.lasts => "no",
                _ => "yes",
            }),
        }
    };
    Some((format!("{about}."), result.nodes.iter().map(row).collect()))
}

fn in_words(survival: &Survival, search: SurvivalSearch) -> String {
    match survival.median {
        _ if survival.times.is_empty() => "-".to_owned(),
        None => format!("over {}", words::length(search.longest)),
        Some(median) => words::value("d", median.days()),
    }
}

/// The section of the page; nothing where it is not asked for.
#[must_use]
pub(super) fn section(outcome: &Outcome) -> Markup {
    let Some((about, rows)) = rows(outcome) else { return html! {} };
    let searched = rows.iter().any(|row| !row.survives.is_empty());
    html! {
        h2 { "Which node matters most" }
        div.scroll {
            table {
                caption {
                    (about) " The place is a range where the intervals of the paired differences leave the order open. Exposure: the rise over that of the most critical node. \
                    Dependent: share of the same prescriptions whose usual way passes through the node, as the graph alone has it."
                    @if searched { " Time to survive: the longest outage that can be borne, median over replications; safe if that is at least as long as the node is out." }
                }
                thead {
                    tr {
                        th.n scope="col" { "Place" }
                        th scope="col" { "Node" }
                        th.n scope="col" { "Rise" }
                        th.n scope="col" { "Exposure" }
                        th.n scope="col" { "Dependent" }
                        @if searched {
                            th.n scope="col" { "Time to survive" }
                            th scope="col" { "Safe" }
                        }
                    }
                }
                tbody {
                    @for row in &rows {
                        tr {
                            td.n { (row.rank) }
                            th scope="row" { (row.node) " " span.small { (row.role) } }
                            td.n { (row.rise) }
                            td.n { (row.exposure) }
                            td.n { (row.dependent) }
                            @if searched {
                                td.n { (row.survives) }
                                td { (row.safe) }
                            }
                        }
                    }
                }
            }
        }
    }
}
