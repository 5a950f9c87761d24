//! What could be invested in, what of it is in force, and what it costs: for page, terminal and record.

use maud::{Markup, html};
use serde::Serialize;

use super::words;
use crate::experiment::Outcome;
use crate::scenario::Precaution;
use crate::units::Money;

/// A precaution in `run.json`.
#[derive(Clone, Debug, Serialize)]
pub struct PrecautionRecord {
    /// Id in the scenario.
    pub id: String,
    /// Title for people.
    pub title: String,
    /// Whether it was in force.
    pub in_force: bool,
    /// What it costs each year, in US dollars.
    pub cost_per_year_usd: f64,
    /// What it sets when it is in force, as for `--set`.
    pub set: Vec<String>,
}

impl From<&Precaution> for PrecautionRecord {
    fn from(precaution: &Precaution) -> Self {
        Self {
            id: precaution.id.clone(),
            title: precaution.title.clone(),
            in_force: precaution.in_force,
            cost_per_year_usd: precaution.cost_per_year.usd(),
            set: precaution.set.iter().map(|(key, value)| format!("{key}={value}")).collect(),
        }
    }
}

/// What the precautions in force cost each year together.
#[must_use]
pub fn total_cost(precautions: &[Precaution]) -> Money {
    precautions
        .iter()
        .filter(|precaution| precaution.in_force)
        .fold(Money::ZERO, |sum, precaution| sum + precaution.cost_per_year)
}

/// Whether it is in force, in words.
fn state(precaution: &Precaution) -> &'static str {
    if precaution.in_force { "in force" } else { "not in force" }
}

/// The section of the page; nothing where the scenario lists no precaution.
#[must_use]
pub(super) fn section(outcome: &Outcome) -> Markup {
    html! {
        @if !outcome.precautions.is_empty() {
            h2 { "Precautions" }
            div.scroll {
                table {
                    caption { "What could be invested in. Only what is in force is part of this simulation." }
                    thead {
                        tr {
                            th scope="col" { "Precaution" }
                            th scope="col" { "State" }
                            th.n scope="col" { "Cost per year" }
                            th scope="col" { "What it sets" }
                        }
                    }
                    tbody {
                        @for precaution in &outcome.precautions {
                            tr {
                                th scope="row" { (precaution.title) br; code { (precaution.id) } }
                                td { (state(precaution)) }
                                td.n { (words::dollars(precaution.cost_per_year)) }
                                td { @for (key, value) in &precaution.set { code { (key) " = " (value) } br; } }
                            }
                        }
                        tr.overall {
                            th scope="row" { "Those in force together" }
                            td {}
                            td.n { (words::dollars(total_cost(&outcome.precautions))) }
                            td {}
                        }
                    }
                }
            }
        }
    }
}

/// The lines of the terminal: what it is, whether it is in force, what it costs.
pub(super) fn lines(outcome: &Outcome) -> Vec<(&str, &'static str, String)> {
    let mut lines: Vec<_> = outcome
        .precautions
        .iter()
        .map(|precaution| (precaution.title.as_str(), state(precaution), words::dollars(precaution.cost_per_year)))
        .collect();
    if !lines.is_empty() {
        lines.push(("Those in force together", "", words::dollars(total_cost(&outcome.precautions))));
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::super::example;
    use super::*;

    #[test]
    fn only_what_is_in_force_costs() {
        let outcome = example::outage(3);
        assert_eq!(total_cost(&outcome.precautions), Money::from_cents(235_000_050));
        let lines = lines(&outcome);
        assert_eq!(lines[0], ("Tested backups", "in force", "2,000,000 USD".to_owned()));
        assert_eq!(lines[2], ("A second switch for every pharmacy", "not in force", "40,000,000 USD".to_owned()));
        assert_eq!(lines[3], ("Those in force together", "", "2,350,000.50 USD".to_owned()));
        let section = section(&outcome).into_string();
        for words in
            ["<code>standby</code>", "not in force", "40,000,000 USD", "2,350,000.50 USD", "outage.ransomware.recovery_delay"]
        {
            assert!(section.contains(words), "{words} is not in {section}");
        }
    }

    #[test]
    fn where_there_is_none_nothing_is_said() {
        let outcome = example::calm(3);
        assert!(section(&outcome).into_string().is_empty() && lines(&outcome).is_empty());
    }
}
