//! `nodes.csv`: how busy each node was and how long its line.

use super::{Cell, Column, Table, mean_and_interval};
use crate::experiment::{NODE_METRICS, Outcome};

const COLUMNS: [Column; 9] = [
    Column::text("design_point", "Design point; `base` is the scenario itself."),
    Column::text("node", "Id of the node; pharmacies by group."),
    Column::text("group", "Role of the node."),
    Column::text("metric", "Name of the node metric."),
    Column::number("value", "", "Mean over replications, in the unit of the row."),
    Column::number("ci_low", "", "Lower end of its confidence interval."),
    Column::number("ci_high", "", "Upper end."),
    Column::integer("n", "replications", "Replications with a value."),
    Column::text("unit", "Unit of value and interval."),
];

pub(super) fn table(outcome: &Outcome) -> Table<'_> {
    let mut rows = Vec::new();
    for (point, design) in outcome.points.iter().enumerate() {
        for (index, node) in outcome.nodes.iter().enumerate() {
            for (metric, known) in NODE_METRICS.iter().enumerate() {
                let estimate = outcome.node_estimate(point, index, metric);
                let mut row = vec![Cell::text(&design.id), Cell::text(&node.id), Cell::text(node.role), Cell::text(known.name)];
                row.extend(mean_and_interval(estimate));
                row.push(Cell::Integer(estimate.map_or(0, |estimate| u64::from(estimate.n))));
                row.push(Cell::text(known.unit));
                rows.push(row);
            }
        }
    }
    Table { name: "nodes.csv", columns: COLUMNS.to_vec(), rows: Box::new(rows.into_iter()) }
}
