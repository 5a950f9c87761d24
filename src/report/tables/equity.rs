//! `equity.csv`: whom the burden falls on, along each attribute of pharmacies.

use super::{Cell, Column, Table, mean_and_interval};
use crate::experiment::{Estimate, Outcome, equity};

const COLUMNS: [Column; 14] = [
    Column::text("design_point", "Design point; `base` is the scenario itself."),
    Column::text("attribute", "Attribute of pharmacies."),
    Column::text("metric", "Metric that is the burden."),
    Column::text("worst_group", "Group with the largest mean; empty where nobody bears any burden."),
    Column::number("value", "", "That mean, in the unit of the row."),
    Column::number("ci_low", "", "Lower end of its confidence interval."),
    Column::number("ci_high", "", "Upper end."),
    Column::text("unit", "Unit of value and interval."),
    Column::number(
        "concentration_index",
        "",
        "Concentration index by rank of the values, where all are numbers: -1 to 1, 0 where the burden is even.",
    ),
    Column::number("concentration_ci_low", "", "Lower end of its confidence interval."),
    Column::number("concentration_ci_high", "", "Upper end."),
    Column::number("ci_level", "", "Confidence level of the intervals of the row."),
    Column::integer("n", "replications", "Replications behind the mean."),
    Column::integer(
        "concentration_n",
        "replications",
        "Replications behind the index: those in which every group has a prescription and somebody bears a burden.",
    ),
];

/// The table; `None` where no attribute has two values.
pub(super) fn table(outcome: &Outcome) -> Option<Table<'_>> {
    let points = outcome.points.iter().enumerate();
    let rows = points.flat_map(|(point, design)| {
        equity(outcome, point).into_iter().map(|row| {
            let (group, worst) = row.worst.unzip();
            let group = group.map_or(Cell::Missing, |group| Cell::text(&group));
            let mut cells = vec![Cell::text(&design.id), Cell::text(&row.attribute), Cell::text(row.metric), group];
            cells.extend(mean_and_interval(worst));
            cells.push(Cell::text("share"));
            cells.extend(mean_and_interval(row.concentration_index));
            let replications = |estimate: Option<Estimate>| Cell::Integer(estimate.map_or(0, |estimate| u64::from(estimate.n)));
            cells.extend([Cell::number(Some(outcome.confidence)), replications(worst), replications(row.concentration_index)]);
            cells
        })
    });
    let rows: Vec<_> = rows.collect();
    (!rows.is_empty()).then(|| Table { name: "equity.csv", columns: COLUMNS.to_vec(), rows: Box::new(rows.into_iter()) })
}
