//! `replications.csv`: every metric of every replication, wide.

use super::{Cell, Column, Table};
use crate::experiment::{METRICS, Outcome};

pub(super) fn table(outcome: &Outcome) -> Table<'_> {
    let mut columns = vec![
        Column::text("design_point", "Design point; `base` is the scenario itself."),
        Column::integer("replication", "", "Index of the replication, from 0: with scenario and seed its whole identity."),
        Column::text("group", "Report group: `all`, or attribute and value."),
    ];
    columns.extend(METRICS.iter().map(|metric| Column::number(metric.name, metric.unit, metric.about)));
    let replications = outcome.points.iter().flat_map(|design| design.replications.iter().map(move |each| (design, each)));
    let rows = replications.flat_map(move |(design, replication)| {
        outcome.groups.iter().enumerate().map(move |(group, known)| {
            let mut row = vec![Cell::text(&design.id), Cell::Integer(u64::from(replication.index)), Cell::text(&known.key)];
            let values = replication.values.iter().skip(group * METRICS.len()).take(METRICS.len());
            row.extend(values.map(|value| Cell::number(*value)));
            row
        })
    });
    Table { name: "replications.csv", columns, rows: Box::new(rows) }
}
