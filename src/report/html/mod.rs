//! `report.html`: one page that can be put in front of a director. One file, pictures inside, no script, no network.

mod notes;

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::figures::{Figure, svg};
use super::hit::{self, HitRow};
use super::{against_the_record, criticality, findings, precautions, side_by_side, words};
use crate::experiment::{Estimate, METRICS, Outcome};

/// Where the results come from: what the outcome itself does not know.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Provenance {
    /// Version of the program, with the commit where it is known.
    pub version: String,
    /// Fingerprint of the resolved scenario.
    pub scenario_hash: String,
    /// The command that made the results.
    pub command: String,
}

/// The report as one HTML page. The figures are those of the outcome, in the order of the page.
#[must_use]
pub fn html(outcome: &Outcome, figures: &[Figure], provenance: &Provenance) -> String {
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="generator" content={ "rxoutage " (provenance.version) };
                title { (outcome.title) }
                style { (PreEscaped(include_str!("report.css"))) }
            }
            body {
                header {
                    p.kind { "Simulation report" }
                    h1 { (outcome.title) }
                    p.scope { (findings::scope(outcome)) }
                }
                main {
                    (verdict(outcome))
                    (key_numbers(outcome))
                    (cautions(outcome))
                    @if !figures.is_empty() {
                        h2 { "What happens" }
                        @for figure in figures { (picture(figure)) }
                    }
                    (criticality::section(outcome))
                    (who_is_hit(outcome))
                    (side_by_side::tables(outcome))
                    (precautions::section(outcome))
                    (theory(outcome))
                    (against_the_record::section(outcome))
                    (notes::assumptions(outcome))
                    (notes::how_to_read(outcome))
                }
                footer { (notes::origin(outcome, provenance)) }
            }
        }
    };
    page.into_string()
}

fn verdict(outcome: &Outcome) -> Markup {
    html! {
        section.verdict aria-label="Verdict" {
            @for sentence in findings::verdict(outcome) { p { (sentence) } }
        }
        @if let Some((passed, words)) = findings::checks(outcome) {
            ul.checks aria-label="Checks" {
                @if outcome.checks.len() > 1 {
                    li { strong class=(if passed { "pass" } else { "fail" }) { (words) "." } }
                }
                @for check in &outcome.checks {
                    li {
                        span class=(if check.passed { "mark pass" } else { "mark fail" }) { (if check.passed { "Passed" } else { "Failed" }) }
                        span { (requirement(&check.requirement)) " " span.small { "estimate " (words::estimate(unit_of(&check.requirement), check.estimate)) } }
                    }
                }
            }
        }
    }
}

/// A requirement begins with the name of its metric: say what that is.
fn requirement(text: &str) -> Markup {
    let title = metric_of(text).map(|metric| metric.title);
    html! {
        @if let Some(title) = title { (title) ": " }
        code { (text) }
    }
}

fn metric_of(requirement: &str) -> Option<&'static crate::experiment::Metric> {
    let name = requirement.split(' ').next()?;
    METRICS.iter().find(|metric| metric.name == name)
}

fn unit_of(requirement: &str) -> &'static str {
    metric_of(requirement).map_or("", |metric| metric.unit)
}

fn key_numbers(outcome: &Outcome) -> Markup {
    let level = words::level(outcome.confidence);
    html! {
        dl.numbers {
            @for number in findings::key_numbers(outcome) {
                div {
                    dt { (number.title) }
                    dd.value { (number.value) }
                    @if let Some(interval) = &number.interval { dd { (level) " interval " (interval) } }
                    @if !number.note.is_empty() { dd { (number.note) } }
                }
            }
        }
    }
}

fn cautions(outcome: &Outcome) -> Markup {
    let cautions = findings::cautions(outcome);
    html! {
        @if !cautions.is_empty() {
            section.cautions aria-label="Keep in mind" {
                @for caution in cautions { p { (caution) } }
            }
        }
    }
}

fn picture(figure: &Figure) -> Markup {
    // Within a page the name space goes without saying, and the page then names no address at all.
    let svg = svg(&figure.spec).map(|svg| svg.replace(" xmlns=\"http://www.w3.org/2000/svg\"", ""));
    let file = |ending: &str| format!("figures/{}.{ending}", figure.name);
    html! {
        figure id=(figure.name) {
            @match svg {
                Ok(svg) => (PreEscaped(svg)),
                Err(_) => p { (figure.spec.alt) },
            }
            figcaption {
                "This chart as " a href=(file("png")) { "PNG" } ", " a href=(file("svg")) { "SVG" } ", and its "
                a href=(file("csv")) { "data" } "."
            }
        }
    }
}

/// An estimate with its interval below, in a cell.
pub(super) fn cell(unit: &str, estimate: Option<Estimate>) -> Markup {
    let (value, interval) = words::parts(unit, estimate);
    html! {
        td.n {
            (value)
            @if let Some(interval) = interval { span { (interval) } }
        }
    }
}

fn who_is_hit(outcome: &Outcome) -> Markup {
    let (word, types) = hit::by_type(outcome);
    let overall = hit::overall(outcome);
    let line = |row: &HitRow, class: &str| {
        html! {
            tr class=[(!class.is_empty()).then_some(class)] {
                th scope="row" { (row.label) }
                td.n { @if let Some(sites) = row.sites { (words::whole(u64::from(sites))) } }
                (cell("share", row.delayed_24h))
                @if outcome.disrupted { (cell("share", row.without_24h)) }
                (cell("share", row.delayed_72h))
                (cell("h", row.median_hours))
                (cell("h", row.p95_hours))
                (cell("share", row.gave_up))
            }
        }
    };
    html! {
        h2 { (if outcome.disrupted { "Who is hit" } else { "Who waits" }) }
        div.scroll {
            table {
                caption {
                    "Means over replications with their " (words::level(outcome.confidence)) " intervals"
                    @if !word.is_empty() { "; by " (word) ", " (hit::order(outcome)) }
                    ". Sites are simulated sites."
                }
                thead {
                    tr {
                        th scope="col" { "Prescriptions of" }
                        th.n scope="col" { "Sites" }
                        th.n scope="col" { "Not ready" br; "within 24 h" }
                        @if outcome.disrupted { th.n scope="col" { "the same without" br; "the " (findings::outage_word(outcome)) } }
                        th.n scope="col" { "Not ready" br; "within 72 h" }
                        th.n scope="col" { "Delay," br; "median" }
                        th.n scope="col" { "Delay," br; "95 % quantile" }
                        th.n scope="col" { "Given up" }
                    }
                }
                tbody {
                    @for row in &overall { (line(row, "overall")) }
                    @for row in &types { (line(row, "")) }
                }
            }
        }
    }
}

fn theory(outcome: &Outcome) -> Markup {
    let rows = findings::theory(outcome);
    html! {
        @if !rows.is_empty() {
            h2 { "Against theory" }
            p { "For this scenario queueing theory knows exact answers. An interval at " (words::level(outcome.confidence))
                " misses the exact value now and then even if all is right." }
            div.scroll {
                table {
                    thead {
                        tr {
                            th scope="col" { "Measure" }
                            th scope="col" { "Theory" }
                            th.n scope="col" { "Exact" }
                            th.n scope="col" { "Simulated" }
                            th.n scope="col" { "Exact value is" }
                        }
                    }
                    tbody {
                        @for row in &rows {
                            tr {
                                th scope="row" { (row.title) " (" (row.group) ")" }
                                td { (row.model) }
                                td.n { (row.exact) }
                                td.n { (row.simulated) @if let Some(interval) = &row.interval { span { (interval) } } }
                                td.n { (match row.inside { Some(true) => "inside the interval", Some(false) => "outside the interval", None => words::NOT_ESTIMABLE }) }
                            }
                        }
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{example, figures};
    use super::*;

    fn page(outcome: &Outcome) -> String {
        let provenance = Provenance {
            version: "0.1.0".to_owned(),
            scenario_hash: "0123456789abcdef".to_owned(),
            command: "rxoutage run scenarios/change-healthcare-2024.toml".to_owned(),
        };
        html(outcome, &figures(outcome), &provenance)
    }

    #[test]
    fn the_page_needs_no_network_and_no_script() {
        for outcome in [example::outage(12), example::outage(1), example::calm(5)] {
            let page = page(&outcome);
            for forbidden in ["<script", "http:", "https:", "url(", "@import", "<link", "NaN", "src="] {
                assert!(!page.contains(forbidden), "{forbidden}");
            }
            assert!(page.len() < 2_000_000, "{} bytes", page.len());
            assert_eq!(page.matches("<svg").count(), figures(&outcome).len());
            assert_eq!(page, self::page(&outcome), "same bytes each time");
        }
    }

    #[test]
    fn ids_are_unique() {
        let page = page(&example::outage(6));
        let mut ids: Vec<&str> = page.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
        let all = ids.len();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(all, ids.len());
    }

    #[test]
    fn the_order_is_verdict_numbers_charts_people_limits_origin() {
        let page = page(&example::outage(6));
        let places: Vec<Option<usize>> = [
            "class=\"verdict\"",
            "class=\"checks\"",
            "class=\"numbers\"",
            "<svg",
            "Who is hit",
            "Assumptions and limits",
            "How to read",
            "Where this comes",
        ]
        .iter()
        .map(|mark| page.find(mark))
        .collect();
        assert!(places.iter().all(Option::is_some) && places.is_sorted(), "{places:?}");
    }

    #[test]
    fn targets_have_a_section_only_where_there_are_any() {
        let with = page(&example::outage(12));
        assert!(with.contains("Against the record") && with.contains("targets.csv"));
        let without = page(&example::calm(5));
        assert!(!without.contains("Against the record") && !without.contains("targets.csv"));
    }

    #[test]
    fn text_from_the_scenario_is_escaped() {
        let mut outcome = example::outage(3);
        outcome.title = "<script>alert(1)</script>".to_owned();
        outcome.groups[1].label = "<b>&".to_owned();
        let page = page(&outcome);
        assert!(!page.contains("<script") && !page.contains("<b>"));
    }
}
