//! `delay_ccdf.csv`: the distribution of delay, with and without the disruption.

use super::{Cell, Column, Table};
use crate::experiment::Outcome;

const COLUMNS: [Column; 11] = [
    Column::text("design_point", "Design point; `base` is the scenario itself."),
    Column::text("group", "Report group: `all`, or attribute and value."),
    Column::number("delay_hours", "h", "Time since the request."),
    Column::number(
        "ccdf",
        "share",
        "Share of the measured prescriptions not ready within the delay, those given up or never filled among them: mean over replications.",
    ),
    Column::number("ci_low", "share", "Lower end of its confidence interval over replications."),
    Column::number("ci_high", "share", "Upper end."),
    Column::integer("n_reps", "replications", "Replications with measured prescriptions."),
    Column::number("ccdf_twin", "share", "The same share without the disruption; empty where there is none."),
    Column::number("ccdf_twin_ci_low", "share", "Lower end of its confidence interval."),
    Column::number("ccdf_twin_ci_high", "share", "Upper end."),
    Column::integer(
        "prescriptions",
        "prescriptions",
        "Prescriptions behind `ccdf`: those not ready within the delay, in all replications.",
    ),
];

pub(super) fn table(outcome: &Outcome) -> Table<'_> {
    let mut rows = Vec::new();
    for (point, design) in outcome.points.iter().enumerate() {
        for (group, known) in outcome.groups.iter().enumerate() {
            let twin = outcome.ccdf(point, group, true);
            for (k, at) in outcome.ccdf(point, group, false).iter().enumerate() {
                let twin = twin.get(k);
                rows.push(vec![
                    Cell::text(&design.id),
                    Cell::text(&known.key),
                    Cell::Number(at.delay.hours()),
                    Cell::Number(at.share),
                    Cell::Number(at.low),
                    Cell::Number(at.high),
                    Cell::Integer(u64::from(at.n_replications)),
                    Cell::number(twin.map(|twin| twin.share)),
                    Cell::number(twin.map(|twin| twin.low)),
                    Cell::number(twin.map(|twin| twin.high)),
                    Cell::Integer(at.prescriptions),
                ]);
            }
        }
    }
    Table { name: "delay_ccdf.csv", columns: COLUMNS.to_vec(), rows: Box::new(rows.into_iter()) }
}
