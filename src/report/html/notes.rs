//! What stands below the charts: assumptions and limits, how to read the numbers, where they come from.

use maud::{Markup, html};

use super::super::{findings, words};
use super::{Provenance, cell};
use crate::experiment::{METRICS, Outcome, equity};
use crate::units::{CivilTime, SimTime, Span};

/// A local date and time without the seconds: `2024-02-21 08:00`.
fn local(outcome: &Outcome, time: SimTime) -> String {
    let at: Option<CivilTime> = outcome.start.plus(Span::from_micros(time.micros()));
    at.map_or_else(
        || format!("{} days after the start", time.days()),
        |at| at.to_string().replace('T', " ").chars().take(16).collect(),
    )
}

pub(super) fn assumptions(outcome: &Outcome) -> Markup {
    let end = SimTime::ZERO + outcome.horizon;
    let last = SimTime::ZERO + (outcome.horizon - outcome.follow_up);
    html! {
        h2 { "Assumptions and limits" }
        @if !outcome.description.is_empty() { p { (outcome.description) } }
        ul {
            li { strong { "Delays are model results, not data." } " They follow from what the scenario says about demand, staff, routes, the "
                "disruption and what people do; where the public record is silent, the scenario assumes. Vary an assumption before you rest a decision on it." }
            li { "The run lasts from " (local(outcome, SimTime::ZERO)) " to " (local(outcome, end)) ", local time; hours are elapsed hours, a change of the "
                "clocks is not followed." }
            li { "Measured are prescriptions requested from " (local(outcome, SimTime::ZERO + outcome.warm_up)) " to " (local(outcome, last))
                ", so that each is followed for at least " (words::length(outcome.follow_up)) "." }
            @if outcome.scale < 1.0 {
                li {
                    @match findings::sampled(outcome) {
                        findings::Sampled::OneIn(number) => { "One site in " (words::whole(number)) " is simulated" }
                        _ => { "Few sites stand for " (words::whole(outcome.network_sites)) ": those of small groups weigh more than they should" }
                    }
                    ", and shared capacity is scaled alike. Numbers in the backlog chart "
                    "are scaled up to all sites; those in the tables are of the simulated sites." }
            }
            @if outcome.disrupted {
                li { "Each replication is run twice with the same prescriptions and the same chance, with and without the disruption: the difference is its effect." }
                @for spell in &outcome.disruptions {
                    li {
                        @if spell.random { "Random failures " } @else { "Outage " }
                        code { (spell.id) } ": "
                        @match (spell.onset, spell.restored) {
                            (Some(onset), Some(repaired)) if spell.random => {
                                "the first " (local(outcome, onset)) ", the last repair " (local(outcome, repaired)) " (medians)"
                            }
                            (Some(onset), None) if spell.random => { "the first " (local(outcome, onset)) " (median)" }
                            (Some(onset), Some(restored)) => {
                                "from " (local(outcome, onset)) " to " (local(outcome, restored)) " (" (words::length(restored.since(onset))) ", medians)"
                            }
                            (Some(onset), None) => { "first onset " (local(outcome, onset)) " (median); no single end within the run" }
                            (None, _) => { "it did not happen within the run" }
                        }
                        @if spell.happened_share < 1.0 && spell.onset.is_some() { ", in " (words::value("share", spell.happened_share)) " of replications" }
                        "."
                    }
                }
            }
        }
    }
}

pub(super) fn how_to_read(outcome: &Outcome) -> Markup {
    let level = words::level(outcome.confidence);
    let without = format!("Without the {}", findings::outage_word(outcome));
    let terms: [(&str, String, bool); 11] = [
        ("Delay", "Time from the request for a prescription until it is ready at the pharmacy.".to_owned(), false),
        (
            "Not ready within 24 h",
            "Share of prescriptions with a longer delay (in tables: delayed more than 24 h). Those given up or never filled count too: leaving them out would make an outage look better.".to_owned(),
            false,
        ),
        ("Given up", "The prescription will not be filled: patience came to an end, or a rejection was not resolved.".to_owned(), false),
        ("Median, 95 % quantile", "Half, or nineteen in twenty, of the prescriptions that became ready had a delay of at most this.".to_owned(), false),
        ("Replication", "One run of the model with its own chance: other patients, other service times, other luck.".to_owned(), false),
        (
            "Interval",
            format!(
                "The {level} confidence interval of the mean over replications. It tells how well the simulation knows its own mean, not how \
                 right the assumptions are."
            ),
            false,
        ),
        (&without, "The twin of each replication: the same prescriptions and chance, but no disruption.".to_owned(), true),
        ("Hit pharmacies", "Those whose primary route, or own operation, depends on what the disruption takes away.".to_owned(), true),
        ("Backlog", "Prescriptions waiting beyond those that wait in the twin; in days of normal work: over the requests of a normal day.".to_owned(), true),
        ("Service, share of normal", "Prescriptions made ready in the last 24 h over those of the twin.".to_owned(), true),
        ("Time to recover", "From the first onset until service stays at 95 % of normal or more for 24 h.".to_owned(), true),
    ];
    let metrics = METRICS.iter().filter(|metric| metric.needs.met_by(outcome.has));
    html! {
        h2 { "How to read this" }
        dl.terms {
            @for (term, meaning, _) in terms.iter().filter(|term| outcome.disrupted || !term.2) { dt { (term) } dd { (meaning) } }
        }
        details {
            summary { "Every metric, over all prescriptions" }
            div.scroll {
                table {
                    thead { tr { th scope="col" { "Metric" } th scope="col" { "What it is" } th.n scope="col" { "Mean" } th.n scope="col" { "Replications" } } }
                    tbody {
                        @for metric in metrics {
                            @let estimate = outcome.estimate(0, 0, metric.name);
                            tr {
                                th scope="row" { (metric.title) br; code { (metric.name) } }
                                td { (metric.about) }
                                (cell(metric.unit, estimate))
                                td.n { (estimate.map_or(0, |estimate| estimate.n)) }
                            }
                        }
                    }
                }
            }
        }
    }
}

pub(super) fn origin(outcome: &Outcome, provenance: &Provenance) -> Markup {
    let finished = findings::replications(outcome);
    html! {
        h2 { "Where this comes from" }
        dl.terms {
            dt { "Program" } dd { "rxoutage " (provenance.version) }
            dt { "Scenario" } dd { (outcome.name) ", " code { (provenance.scenario_hash) } }
            dt { "Command" } dd { code { (provenance.command) } }
            dt { "Seed" } dd { (outcome.seed) }
            dt { "Replications" } dd { (finished) " of " (outcome.planned) @if outcome.interrupted { ", interrupted" } }
            dt { "Data" } dd {
                a href="summary.csv" { "summary" } ", " a href="replications.csv" { "replications" } ", " a href="delay_ccdf.csv" { "distribution of delay" } ", "
                a href="timeline.csv" { "timeline" } ", " a href="nodes.csv" { "nodes" }
                @if (0..outcome.points.len()).any(|point| !equity(outcome, point).is_empty()) { ", " a href="equity.csv" { "equity" } }
                @if outcome.criticality.is_some() { ", " a href="criticality.csv" { "criticality" } }
                @if !outcome.targets.is_empty() { ", " a href="targets.csv" { "targets" } }
            }
        }
        p.small { "The same scenario, seed and version give the same bytes, on any number of threads." }
    }
}
