//! `targets.csv`: what the model gives for each target of the scenario. Only where there are targets.

use super::{Cell, Column, Table, mean_and_interval};
use crate::experiment::{Outcome, TargetResult, TargetValue};
use crate::scenario::Requirement;

const COLUMNS: [Column; 26] = [
    Column::text("design_point", "Design point; `base` is the scenario itself."),
    Column::text("scenario", "Name of the scenario."),
    Column::text("target", "Id of the target."),
    Column::text(
        "member",
        "In the further rows of an order: the target or report group that has to be in order; empty in the row of the target itself.",
    ),
    Column::integer("place", "", "Place of the member in the order, from 0; those of one place are in no order."),
    Column::number("value", "", "Mean over replications, in the unit of the row; empty in the row of an order."),
    Column::number("ci_low", "", "Lower end of the confidence interval of the mean."),
    Column::number("ci_high", "", "Upper end."),
    Column::number("ci_level", "", "Confidence level."),
    Column::text(
        "ci_method",
        "`student_t` over replications; shares are kept within 0 and 1, ratios of what cannot be negative above 0.",
    ),
    Column::integer("n", "replications", "Replications with a value."),
    Column::text("unit", "Unit of value, interval, quantiles and bounds; `ratio` where two values are divided."),
    Column::number(
        "q05",
        "",
        "5 % quantile over replications. What was not reached is later than all else, a ratio to it less; empty where one of these would be it.",
    ),
    Column::number("q50", "", "Median, in the same way."),
    Column::number("q95", "", "95 % quantile, in the same way."),
    Column::integer(
        "n_censored",
        "replications",
        "Replications in which a time was not reached by the end of its window, or is divided by such a time; the mean is over the others.",
    ),
    Column::number("low", "", "The mean must be at least this."),
    Column::number("high", "", "The mean must be at most this."),
    Column::number(
        "share_held",
        "share",
        "Share of the replications in which the target holds, of those in which that can be told.",
    ),
    Column::text(
        "verdict",
        "`met`, `missed` or `not estimable`: whether the mean is within the bounds, or the means are in order.",
    ),
    Column::text(
        "role",
        "`calibration`: an input, or fitted, so that agreement is no evidence; `independent`: no parameter was set by it.",
    ),
    Column::text("strictness", "`strict`, `bracket` (order of magnitude) or `shape` (sign, order, timing)."),
    Column::text("title", "What the target is about."),
    Column::text("observed", "What was observed, and when."),
    Column::text("source", "Who says so."),
    Column::text("note", "Where the target differs from what was observed."),
];

pub(super) fn table(outcome: &Outcome) -> Table<'_> {
    let point = outcome.points.first().map_or("base", |point| point.id.as_str());
    let mut rows = Vec::new();
    for result in &outcome.targets {
        let is_order = matches!(result.target.requirement, Requirement::Ascending(_));
        let mut row = head(outcome, point, result, "", Cell::Missing);
        row.extend(values(outcome, result.values.first().filter(|_| !is_order)));
        row.extend(about(result));
        rows.push(row);
        for value in result.values.iter().filter(|_| is_order) {
            let mut row = head(outcome, point, result, &value.name, Cell::Integer(value.place as u64));
            row.extend(values(outcome, Some(value)));
            row.resize(COLUMNS.len(), Cell::Missing);
            rows.push(row);
        }
    }
    Table { name: "targets.csv", columns: COLUMNS.to_vec(), rows: Box::new(rows.into_iter()) }
}

fn head(outcome: &Outcome, point: &str, result: &TargetResult, member: &str, place: Cell) -> Vec<Cell> {
    vec![Cell::text(point), Cell::text(&outcome.name), Cell::text(&result.target.id), Cell::text(member), place]
}

fn values(outcome: &Outcome, value: Option<&TargetValue>) -> Vec<Cell> {
    let Some(value) = value else { return vec![Cell::Missing; 11] };
    let estimate = value.estimate;
    let has_interval = estimate.is_some_and(|estimate| estimate.interval.is_some());
    let mut cells = mean_and_interval(estimate).to_vec();
    cells.push(if has_interval { Cell::Number(outcome.confidence) } else { Cell::Missing });
    cells.push(if has_interval { Cell::text("student_t") } else { Cell::Missing });
    cells.push(Cell::Integer(estimate.map_or(0, |estimate| u64::from(estimate.n))));
    cells.push(Cell::text(value.unit));
    cells.extend(value.quantiles.map(Cell::number));
    cells.push(Cell::Integer(u64::from(value.censored)));
    cells
}

fn about(result: &TargetResult) -> Vec<Cell> {
    let target = &result.target;
    let (low, high) = match target.requirement {
        Requirement::Within { low, high, .. } => (low, high),
        Requirement::Ascending(_) => (None, None),
    };
    let mut cells = vec![Cell::number(low), Cell::number(high), Cell::number(result.held)];
    cells.extend([result.verdict.name(), target.role.name(), target.strictness.name()].map(Cell::text));
    cells.extend([&target.title, &target.observed, &target.source, &target.note].map(|words| Cell::text(words)));
    cells
}
