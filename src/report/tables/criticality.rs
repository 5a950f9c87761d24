//! `criticality.csv`: what becomes of the network if one node is out.

use super::{Cell, Column, Table, mean_and_interval};
use crate::experiment::{CriticalityResult, Outcome};
use crate::units::Span;

const COLUMNS: [Column; 23] = [
    Column::text("node", "Id of the node that is out."),
    Column::text("role", "Its role: `clearinghouse`, `payer`, `prescribing_network` or `platform`."),
    Column::number("out_days", "d", "How long it is out."),
    Column::text("metric", "Metric by whose rise nodes are ranked."),
    Column::text("group", "Report group whose metric it is."),
    Column::number(
        "value",
        "",
        "Rise of the metric above normal service: mean over replications, in the unit of the row; empty if with the node out there is nothing left to measure.",
    ),
    Column::number("ci_low", "", "Lower end of its confidence interval."),
    Column::number("ci_high", "", "Upper end."),
    Column::number("ci_level", "", "Confidence level of the intervals of the row."),
    Column::integer("n", "replications", "Replications with a value."),
    Column::text("unit", "Unit of the rise and its interval."),
    Column::integer("rank", "", "Place by the mean rise: 1 is the most critical."),
    Column::integer("rank_low", "", "First of the places that the intervals of all paired differences leave open."),
    Column::integer("rank_high", "", "Last of them."),
    Column::number("exposure_index", "", "Risk exposure index: the mean rise over that of the most critical node."),
    Column::number("share_dependent", "share", "Share of the group's prescriptions whose usual way passes through the node."),
    Column::number(
        "time_to_survive_median_days",
        "d",
        "Median of the longest outage that is borne; empty if half survive the longest tried.",
    ),
    Column::number(
        "time_to_survive_restricted_days",
        "d",
        "Mean of the longest outage that is borne, at most the longest tried.",
    ),
    Column::number("time_to_survive_ci_low", "d", "Lower end of its confidence interval."),
    Column::number("time_to_survive_ci_high", "d", "Upper end."),
    Column::integer("n_survived", "replications", "Replications that bear the longest outage tried."),
    Column::integer(
        "n_searched",
        "replications",
        "Replications in which it was looked for: those in which the metric has a value in normal service.",
    ),
    Column::number("tolerance", "", "Largest rise that is borne, in the unit of the row."),
];

pub(super) fn table<'a>(outcome: &'a Outcome, result: &'a CriticalityResult) -> Table<'a> {
    let row = move |node: &crate::experiment::NodeCriticality| {
        let study = &result.study;
        let survival = node.survival.as_ref();
        let mut row = vec![
            Cell::text(&node.id),
            Cell::text(node.role),
            Cell::number(Some(study.lasts.days())),
            Cell::text(&study.metric),
            Cell::text(&study.group),
        ];
        row.extend(mean_and_interval(node.rise));
        row.extend([
            Cell::number(Some(outcome.confidence)),
            Cell::Integer(node.rise.map_or(0, |rise| u64::from(rise.n))),
            Cell::text(result.unit),
            Cell::Integer(u64::from(node.rank)),
            Cell::Integer(u64::from(node.rank_low)),
            Cell::Integer(u64::from(node.rank_high)),
            Cell::number(node.exposure_index),
            Cell::number(Some(node.share_dependent)),
            Cell::number(survival.and_then(|survival| survival.median).map(Span::days)),
        ]);
        row.extend(mean_and_interval(survival.and_then(|survival| survival.restricted_mean)));
        let survived = |survival: &crate::experiment::Survival| survival.times.iter().filter(|time| time.is_none()).count();
        row.push(survival.map_or(Cell::Missing, |survival| Cell::Integer(survived(survival) as u64)));
        row.push(survival.map_or(Cell::Missing, |survival| Cell::Integer(survival.times.len() as u64)));
        row.push(Cell::number(study.search.map(|search| search.tolerance)));
        row
    };
    Table { name: "criticality.csv", columns: COLUMNS.to_vec(), rows: Box::new(result.nodes.iter().map(row)) }
}
