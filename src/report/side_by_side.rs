//! Groups side by side in what a scenario may follow beside delay: what people do, who goes without supply, and money.

use maud::{Markup, html};

use super::hit;
use super::html::cell;
use super::words;
use crate::experiment::{METRICS, Outcome};

/// A table of the report: a heading, a sentence, and its columns as metric and words.
struct Comparison {
    title: &'static str,
    about: &'static str,
    columns: &'static [(&'static str, &'static str)],
}

/// Every table, in the order of the report; a column is left out where the scenario does not follow it.
const COMPARISONS: &[Comparison] = &[
    Comparison {
        title: "What people do",
        about: "Shares of all prescriptions requested, those that never met the disruption included. No such shares are public: they follow \
                from the scenario's assumptions about pharmacies and patients.",
        columns: &[
            ("share_standby", "Over a second switch"),
            ("share_on_trust", "Filled on trust"),
            ("share_tided_over", "Tided over"),
            ("share_cash", "Paid cash"),
            ("share_moved", "Taken to another pharmacy"),
            ("share_gave_up", "Given up"),
            ("share_abandoned", "Never picked up"),
        ],
    },
    Comparison {
        title: "Who goes without",
        about: "From run-out to pick-up, counted to the end of the follow-up. Some patients run out without a disruption too: the excess is what it adds.",
        columns: &[
            ("share_past_run_out_1d", "Without supply > 1 day"),
            ("share_past_run_out_3d", "> 3 days"),
            ("share_past_run_out_7d", "> 7 days"),
            ("excess_share_past_run_out_3d", "> 3 days, excess"),
            ("missed_doses_per_100", "Missed doses per 100 prescriptions"),
            ("excess_missed_doses_per_100", "Missed doses, excess"),
        ],
    },
    Comparison {
        title: "Money of the stores",
        about: "For each store of the group. The cash gap is what a store would have been paid by then, less what it was paid.",
        columns: &[
            ("receivables_peak_usd", "Dispensed and not paid, largest"),
            ("written_off_usd", "Lost for good"),
            ("cash_gap_peak_usd", "Cash gap, largest"),
            ("cash_gap_peak_days", "in days of receipts"),
            ("days_below_zero", "Days with the reserve used up"),
            ("share_stores_below_zero", "Stores whose reserve was used up"),
        ],
    },
];

/// A table counts only with one of these beside what every scenario has.
const PLAIN: [&str; 3] = ["share_standby", "share_on_trust", "share_gave_up"];

/// The tables that the outcome has something to say in.
pub(super) fn tables(outcome: &Outcome) -> Markup {
    html! {
        @for comparison in COMPARISONS { (table(outcome, comparison)) }
    }
}

fn table(outcome: &Outcome, comparison: &Comparison) -> Markup {
    let columns: Vec<_> = comparison
        .columns
        .iter()
        .filter_map(|(name, title)| METRICS.iter().find(|metric| metric.name == *name).map(|metric| (metric, *title)))
        .filter(|(metric, _)| metric.needs.met_by(outcome.has))
        .collect();
    if columns.iter().all(|(metric, _)| PLAIN.contains(&metric.name)) {
        return html! {};
    }
    let mut rows = hit::overall(outcome);
    let overall = rows.len();
    rows.extend(hit::by_type(outcome).1);
    html! {
        h2 { (comparison.title) }
        p { (comparison.about) }
        div.scroll {
            table.compare {
                thead {
                    tr {
                        th scope="col" { "Prescriptions of" }
                        @for (_, title) in &columns { th.n scope="col" { (title) } }
                    }
                }
                tbody {
                    @for (index, row) in rows.iter().enumerate() {
                        tr class=[(index < overall).then_some("overall")] {
                            th scope="row" { (row.label) }
                            @for (metric, _) in &columns { (cell(metric.unit, outcome.estimate(0, row.group, metric.name))) }
                        }
                    }
                }
            }
        }
        p.small { "Means over replications with their " (words::level(outcome.confidence)) " intervals." }
    }
}
