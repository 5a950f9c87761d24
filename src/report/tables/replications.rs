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
            // What the scenario does not have is not zero: it is not there.
            row.extend(
                values.zip(METRICS).map(|(value, metric)| Cell::number(value.filter(|_| metric.needs.met_by(outcome.has)))),
            );
            row
        })
    });
    Table { name: "replications.csv", columns, rows: Box::new(rows) }
}

#[cfg(test)]
mod tests {
    use super::super::super::example;
    use super::*;

    #[test]
    fn what_a_scenario_does_not_have_is_missing() {
        for outcome in [example::calm(2), example::outage(2)] {
            for row in table(&outcome).rows {
                for (cell, metric) in row[3..].iter().zip(METRICS).filter(|(_, metric)| !metric.needs.met_by(outcome.has)) {
                    assert!(matches!(cell, Cell::Missing), "{}", metric.name);
                }
                assert!(row[3..].iter().any(|cell| matches!(cell, Cell::Number(_))));
            }
        }
    }
}
