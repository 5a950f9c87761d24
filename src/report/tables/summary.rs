//! `summary.csv`: every metric of every group, one statistic in a row.

use super::{Cell, Column, Table, mean_and_interval};
use crate::experiment::{METRICS, Outcome};
use crate::stats::censored_median;

const COLUMNS: [Column; 11] = [
    Column::text("design_point", "Design point; `base` is the scenario itself."),
    Column::text("metric", "Name of the metric."),
    Column::text("group", "Report group: `all`, or attribute and value."),
    Column::text(
        "stat",
        "`mean` and `sd` over replications; `median` over the replications in which a disruption happens, those that do not reach a time counted as later than all others; \
         `exact` by theory.",
    ),
    Column::number("value", "", "Value, in the unit of the row."),
    Column::number("ci_low", "", "Lower end of the confidence interval of the mean."),
    Column::number("ci_high", "", "Upper end of the confidence interval of the mean."),
    Column::number("ci_level", "", "Confidence level."),
    Column::text("ci_method", "`student_t` over replications; shares are kept within 0 and 1."),
    Column::integer("n", "replications", "Replications with a value; empty for exact values."),
    Column::text("unit", "Unit of value and interval."),
];

pub(super) fn table(outcome: &Outcome) -> Table<'_> {
    let mut rows = Vec::new();
    for (point, design) in outcome.points.iter().enumerate() {
        for (group, known) in outcome.groups.iter().enumerate() {
            for (index, metric) in METRICS.iter().enumerate().filter(|(_, metric)| metric.needs.met_by(outcome.has)) {
                let row = |stat: &str, numbers: [Cell; 3], n: Cell| {
                    let has_interval = numbers[1] != Cell::Missing;
                    let [value, low, high] = numbers;
                    vec![
                        Cell::text(&design.id),
                        Cell::text(metric.name),
                        Cell::text(&known.key),
                        Cell::text(stat),
                        value,
                        low,
                        high,
                        if has_interval { Cell::Number(outcome.confidence) } else { Cell::Missing },
                        if has_interval { Cell::text("student_t") } else { Cell::Missing },
                        n,
                        Cell::text(metric.unit),
                    ]
                };
                let plain = |value: Option<f64>| [Cell::number(value), Cell::Missing, Cell::Missing];
                let estimate = outcome.estimate(point, group, metric.name);
                let n = estimate.map_or(0, |estimate| u64::from(estimate.n));
                rows.push(row("mean", mean_and_interval(estimate), Cell::Integer(n)));
                if let Some(sd) = estimate.and_then(|estimate| estimate.sd) {
                    rows.push(row("sd", plain(Some(sd)), Cell::Integer(n)));
                }
                if metric.is_censored() {
                    let values = outcome.counted_values(point, group, index);
                    let counted = values.len() as u64;
                    rows.push(row("median", plain(censored_median(values)), Cell::Integer(counted)));
                }
                let exact =
                    outcome.theory.iter().filter(|exact| point == 0 && exact.metric == metric.name && exact.group == known.key);
                rows.extend(exact.map(|exact| row("exact", plain(Some(exact.exact)), Cell::Missing)));
            }
        }
    }
    Table { name: "summary.csv", columns: COLUMNS.to_vec(), rows: Box::new(rows.into_iter()) }
}

#[cfg(test)]
mod tests {
    use super::super::super::example;
    use super::*;

    #[test]
    fn theory_stands_beside_the_simulated_value_without_an_interval() {
        let outcome = example::calm(5);
        let rows: Vec<_> = table(&outcome).rows.collect();
        let exact: Vec<_> = rows.iter().filter(|row| row[3] == Cell::text("exact")).collect();
        assert_eq!(exact.len(), 2);
        assert!(exact.iter().all(|row| row[5] == Cell::Missing && row[7] == Cell::Missing && row[9] == Cell::Missing));
        assert!(!rows.iter().any(|row| row[1] == Cell::text("excess_delay_mean_hours")), "no twin");
    }

    #[test]
    fn one_replication_has_no_interval() {
        let outcome = example::outage(1);
        assert!(table(&outcome).rows.all(|row| row[5] == Cell::Missing && row[8] == Cell::Missing && row[3] != Cell::text("sd")));
    }
}
