//! `replications.csv`: every metric of every replication, wide.

use super::{Cell, Column, Table};
use crate::experiment::{METRICS, Outcome};

pub(super) fn table(outcome: &Outcome) -> Table {
    let mut columns = vec![
        Column::text("design_point", "Design point; `base` is the scenario itself."),
        Column::integer("replication", "", "Index of the replication, from 0: with scenario and seed its whole identity."),
        Column::text("group", "Report group: `all`, or attribute and value."),
    ];
    columns.extend(METRICS.iter().map(|metric| Column::number(metric.name, metric.unit, metric.about)));
    let mut rows = Vec::new();
    for design in &outcome.points {
        for replication in &design.replications {
            for (group, known) in outcome.groups.iter().enumerate() {
                let mut row = vec![Cell::text(&design.id), Cell::Integer(u64::from(replication.index)), Cell::text(&known.key)];
                let values = replication.values.iter().skip(group * METRICS.len()).take(METRICS.len());
                row.extend(values.map(|value| Cell::number(*value)));
                rows.push(row);
            }
        }
    }
    Table { name: "replications.csv", columns, rows }
}
