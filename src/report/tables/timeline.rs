//! `timeline.csv`: every series over time, its spread over replications.

use super::{Cell, Column, Table};
use crate::experiment::{Outcome, SERIES};

const COLUMNS: [Column; 13] = [
    Column::text("design_point", "Design point; `base` is the scenario itself."),
    Column::text("group", "Report group: `all`, or attribute and value."),
    Column::number("t_hours", "h", "Time since the start of the run; the state is the one just before it."),
    Column::text("metric", "Name of the series."),
    Column::number("q05", "", "5 % quantile over replications, pointwise."),
    Column::number("q25", "", "Lower quartile."),
    Column::number("q50", "", "Median."),
    Column::number("q75", "", "Upper quartile."),
    Column::number("q95", "", "95 % quantile."),
    Column::integer("n_reps", "replications", "Replications with a value."),
    Column::number("mean", "", "Mean over replications."),
    Column::number("ci_low", "", "Lower end of the confidence interval of the mean."),
    Column::number("ci_high", "", "Upper end."),
];

pub(super) fn table(outcome: &Outcome) -> Table<'_> {
    let groups =
        outcome.points.iter().enumerate().flat_map(|(point, design)| {
            outcome.groups.iter().enumerate().map(move |(group, known)| (point, design, group, known))
        });
    // One series at a time is all that is kept.
    let rows = groups.flat_map(move |(point, design, group, known)| {
        SERIES.iter().flat_map(move |series| {
            // Instants at which no replication has a value say nothing.
            outcome.timeline(point, group, series.name).into_iter().filter(|at| at.n > 0).map(move |at| {
                let mut row =
                    vec![Cell::text(&design.id), Cell::text(&known.key), Cell::Number(at.time.hours()), Cell::text(series.name)];
                row.extend([at.q05, at.q25, at.q50, at.q75, at.q95].map(Cell::Number));
                row.push(Cell::Integer(u64::from(at.n)));
                row.extend([at.mean, at.low, at.high].map(Cell::Number));
                row
            })
        })
    });
    Table { name: "timeline.csv", columns: COLUMNS.to_vec(), rows: Box::new(rows) }
}
