//! Result tables: one file each, and the registry.

mod cell;
mod criticality;
mod delay_ccdf;
mod equity;
mod nodes;
mod replications;
mod summary;
mod targets;
mod timeline;

pub use cell::{Cell, Column, ColumnKind, Rows, Table};

use crate::experiment::{Estimate, Outcome};

/// Every table that each run has, in the order of the data package.
pub const TABLES: &[fn(&Outcome) -> Table<'_>] =
    &[summary::table, replications::table, delay_ccdf::table, timeline::table, nodes::table];

/// The tables of a run: [`TABLES`], `equity.csv` where an attribute has two values, and `targets.csv` and `criticality.csv` if the scenario asks
/// for them.
#[must_use]
pub fn tables(outcome: &Outcome) -> Vec<Table<'_>> {
    let mut tables: Vec<Table<'_>> = TABLES.iter().map(|table| table(outcome)).collect();
    tables.extend(equity::table(outcome));
    if !outcome.targets.is_empty() {
        tables.push(targets::table(outcome));
    }
    if let Some(result) = &outcome.criticality {
        tables.push(criticality::table(outcome, result));
    }
    tables
}

/// Mean and interval of an estimate as cells.
fn mean_and_interval(estimate: Option<Estimate>) -> [Cell; 3] {
    let interval = estimate.and_then(|estimate| estimate.interval);
    [
        Cell::number(estimate.map(|estimate| estimate.mean)),
        Cell::number(interval.map(|interval| interval.low)),
        Cell::number(interval.map(|interval| interval.high)),
    ]
}

#[cfg(test)]
mod tests {
    use super::super::example;
    use super::*;

    fn text(table: Table<'_>) -> String {
        let mut bytes = Vec::new();
        table.write_csv(&mut bytes).expect("written");
        String::from_utf8(bytes).expect("UTF-8")
    }

    fn header(table: Table<'_>) -> String {
        text(table).lines().next().expect("a header").to_owned()
    }

    /// The order of the columns is part of the format: a change is a change for every reader.
    #[test]
    fn headers_are_frozen() {
        let outcome = example::outage(3);
        let headers: Vec<(&str, String)> = tables(&outcome).into_iter().map(|table| (table.name, header(table))).collect();
        let expected = [
            ("summary.csv", "design_point,metric,group,stat,value,ci_low,ci_high,ci_level,ci_method,n,unit"),
            (
                "delay_ccdf.csv",
                "design_point,group,delay_hours,ccdf,ci_low,ci_high,n_reps,ccdf_twin,ccdf_twin_ci_low,ccdf_twin_ci_high,prescriptions",
            ),
            ("timeline.csv", "design_point,group,t_hours,metric,q05,q25,q50,q75,q95,n_reps,mean,ci_low,ci_high"),
            ("nodes.csv", "design_point,node,group,metric,value,ci_low,ci_high,n,unit"),
            (
                "equity.csv",
                "design_point,attribute,metric,worst_group,value,ci_low,ci_high,unit,concentration_index,concentration_ci_low,concentration_ci_high,ci_level,n,concentration_n",
            ),
            (
                "targets.csv",
                "design_point,scenario,target,member,place,value,ci_low,ci_high,ci_level,ci_method,n,unit,q05,q50,q95,n_censored,low,high,share_held,verdict,role,strictness,title,observed,source,note",
            ),
        ];
        for (name, columns) in expected {
            assert!(headers.contains(&(name, columns.to_owned())), "{headers:?}");
        }
        assert!(headers[1].1.starts_with("design_point,replication,group,requested,ready,delay_mean_hours,"), "{}", headers[1].1);
    }

    #[test]
    fn rows_fit_their_header_and_hold_no_infinity() {
        for outcome in [example::outage(1), example::outage(4), example::calm(3)] {
            for table in tables(&outcome) {
                let name = table.name;
                // Ragged rows are refused as they are written.
                let text = text(table);
                assert!(text.lines().count() > 1, "{name}");
                assert!(!text.split([',', '\n']).any(|cell| matches!(cell, "inf" | "-inf" | "NaN")), "{name}");
            }
        }
    }

    #[test]
    fn targets_have_a_table_only_where_there_are_any() {
        assert_eq!(tables(&example::outage(3)).len(), TABLES.len() + 2);
        assert_eq!(tables(&example::calm(3)).len(), TABLES.len() + 1);
    }

    #[test]
    fn an_outcome_without_replications_gives_tables_without_panic() {
        let mut outcome = example::outage(2);
        outcome.points[0].replications.clear();
        for table in tables(&outcome) {
            assert!(text(table).ends_with('\n'));
        }
    }
}
