//! The summary on the terminal: what a planner reads before opening the report.

use std::fmt::Write as _;

use super::{criticality, findings, hit, precautions, targets, words};
use crate::experiment::{METRICS, Outcome, TargetVerdict};

/// Widest line.
const WIDTH: usize = 100;
/// Most rows of a list; the report has them all.
const MOST_ROWS: usize = 8;

/// The summary in plain text, at most 100 columns, without colour.
#[must_use]
pub fn summary(outcome: &Outcome, results_folder: &str) -> String {
    let mut text = String::new();
    paragraph(&mut text, "", &outcome.title);
    paragraph(&mut text, "", &format!("{}; seed {}", findings::scope(outcome), outcome.seed));
    text.push('\n');
    for sentence in findings::verdict(outcome) {
        paragraph(&mut text, "  ", &sentence);
    }
    checks(&mut text, outcome);
    key_numbers(&mut text, outcome);
    types(&mut text, outcome);
    nodes(&mut text, outcome);
    precautions(&mut text, outcome);
    theory(&mut text, outcome);
    against_the_record(&mut text, outcome);
    let cautions = findings::cautions(outcome);
    if !cautions.is_empty() {
        text.push_str("\nKeep in mind\n");
        for caution in &cautions {
            bullet(&mut text, caution);
        }
    }
    let _ = write!(text, "\nReport: {}/report.html\n", results_folder.trim_end_matches('/'));
    text
}

fn checks(text: &mut String, outcome: &Outcome) {
    let Some((_, verdict)) = findings::checks(outcome) else { return };
    let _ = write!(text, "\n{verdict}\n");
    for check in outcome.checks.iter().take(MOST_ROWS) {
        let unit = METRICS
            .iter()
            .find(|metric| check.requirement.split(' ').next() == Some(metric.name))
            .map_or("", |metric| metric.unit);
        let mark = if check.passed { "passed" } else { "FAILED" };
        let line = format!("{mark}  {}: {}", check.requirement, words::estimate(unit, check.estimate));
        hanging(text, "  ", "          ", &line);
    }
}

fn key_numbers(text: &mut String, outcome: &Outcome) {
    let _ = write!(text, "\n{:<28}{:>14}   {} interval\n", "Key numbers", "mean", words::level(outcome.confidence));
    for number in findings::key_numbers(outcome) {
        let interval = number.interval.unwrap_or_default();
        let line = format!("  {:<26}{:>14}   {interval:<20} {}", number.title, number.value, number.note);
        hanging(text, "", &" ".repeat(66), &line);
    }
}

fn types(text: &mut String, outcome: &Outcome) {
    let (word, rows) = hit::by_type(outcome);
    if rows.len() < 2 {
        return;
    }
    let heading = format!("By {word}");
    let without = if outcome.disrupted { "without" } else { "" };
    let _ = write!(
        text,
        "\n{heading:<30}{:>7}{:>12}{without:>12}{:>12}{:>13}{:>12}\n",
        "sites", "> 24 h", "> 72 h", "95 % within", "given up"
    );
    let share = |estimate: Option<crate::experiment::Estimate>| {
        estimate.map_or_else(|| "-".to_owned(), |e| words::value("share", e.mean))
    };
    for row in rows.iter().take(MOST_ROWS) {
        let sites = row.sites.map_or_else(String::new, |sites| words::whole(u64::from(sites)));
        let within = row.p95_hours.map_or_else(|| "-".to_owned(), |estimate| words::value("h", estimate.mean));
        let without = if outcome.disrupted { share(row.without_24h) } else { String::new() };
        let _ = writeln!(
            text,
            "  {:<28}{sites:>7}{:>12}{without:>12}{:>12}{within:>13}{:>12}",
            shortened(&row.label, 27),
            share(row.delayed_24h),
            share(row.delayed_72h),
            share(row.gave_up)
        );
    }
    if rows.len() > MOST_ROWS {
        let _ = writeln!(text, "  and {} more, in the report", rows.len() - MOST_ROWS);
    }
}

/// Which node matters most.
fn nodes(text: &mut String, outcome: &Outcome) {
    let Some((about, rows)) = criticality::rows(outcome) else { return };
    let survives = if rows.iter().any(|row| !row.survives.is_empty()) { "survives" } else { "" };
    let _ = write!(text, "\n{:<32}{:>9}{:>28}{:>10}{survives:>16}\n", "Most critical nodes", "place", "rise", "exposure");
    for row in rows.iter().take(MOST_ROWS) {
        let name = shortened(&format!("{} ({})", row.node, row.role), 31);
        let line = format!("  {name:<31}{:>8}{:>28}{:>10}{:>16}", row.rank, row.rise, row.exposure, row.survives);
        let _ = writeln!(text, "{}", line.trim_end());
    }
    if rows.len() > MOST_ROWS {
        let _ = writeln!(text, "  and {} more, in the report", rows.len() - MOST_ROWS);
    }
    paragraph(text, "  ", &about);
}

fn precautions(text: &mut String, outcome: &Outcome) {
    let lines = precautions::lines(outcome);
    if lines.is_empty() {
        return;
    }
    let _ = write!(text, "\n{:<46}{:>14}{:>24}\n", "Precautions", "", "cost per year");
    for (title, state, cost) in lines {
        let _ = writeln!(text, "  {:<44}{state:>14}{cost:>24}", shortened(title, 43));
    }
}

fn theory(text: &mut String, outcome: &Outcome) {
    let rows = findings::theory(outcome);
    if rows.is_empty() {
        return;
    }
    let _ = write!(text, "\n{:<34}{:>12}{:>12}   {:<22}verdict\n", "Against theory", "exact", "simulated", "interval");
    for row in rows.iter().take(MOST_ROWS) {
        let name = format!("{} ({})", row.title, row.group);
        let interval = row.interval.clone().unwrap_or_default();
        let _ = writeln!(
            text,
            "  {:<32}{:>12}{:>12}   {interval:<22}{}",
            shortened(&name, 31),
            row.exact,
            row.simulated,
            row.verdict()
        );
    }
}

/// How many targets are met, and each that is not.
fn against_the_record(text: &mut String, outcome: &Outcome) {
    let Some(counted) = targets::counted(outcome) else { return };
    let _ = write!(text, "\nTargets: {counted}\n");
    let rows = targets::rows(outcome);
    let open = rows.iter().zip(&outcome.targets).filter(|(_, result)| result.verdict != TargetVerdict::Met);
    let open: Vec<_> = open.map(|(row, _)| row).collect();
    for row in open.iter().take(MOST_ROWS) {
        let line = format!("{}  {} ({}): {}; asked {}", row.verdict, row.id, row.title, row.given, row.asked);
        hanging(text, "  ", "          ", &line);
    }
    if open.len() > MOST_ROWS {
        let _ = writeln!(text, "  and {} more, in the report", open.len() - MOST_ROWS);
    }
    paragraph(text, "  ", targets::CAUTION);
}

/// A text in lines of at most [`WIDTH`] characters, all indented alike.
fn paragraph(text: &mut String, indent: &str, content: &str) {
    hanging(text, indent, indent, content);
}

fn bullet(text: &mut String, content: &str) {
    hanging(text, "  - ", "    ", content);
}

/// A text in lines of at most [`WIDTH`] characters; spaces within the first line stay as they are.
fn hanging(text: &mut String, first: &str, rest: &str, content: &str) {
    let mut line = first.to_owned();
    let mut used = first.chars().count();
    let mut fresh = true;
    for word in content.split(' ') {
        let length = word.chars().count();
        if !fresh && used + 1 + length > WIDTH {
            text.push_str(line.trim_end());
            text.push('\n');
            rest.clone_into(&mut line);
            used = rest.chars().count();
            fresh = true;
        }
        if !fresh {
            line.push(' ');
            used += 1;
        }
        line.push_str(word);
        used += length;
        fresh = false;
    }
    text.push_str(line.trim_end());
    text.push('\n');
}

fn shortened(label: &str, most: usize) -> String {
    if label.chars().count() <= most {
        return label.to_owned();
    }
    label.chars().take(most - 1).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::super::example;
    use super::*;

    #[test]
    fn a_summary_fits_a_terminal() {
        for outcome in [example::outage(40), example::outage(1), example::calm(20)] {
            let text = summary(&outcome, "output/x/");
            let lines: Vec<&str> = text.lines().collect();
            assert!(lines.iter().all(|line| line.chars().count() <= WIDTH), "{text}");
            assert!((15..=45).contains(&lines.len()), "{} lines\n{text}", lines.len());
            assert!(text.ends_with("Report: output/x/report.html\n"));
            assert!(!text.contains('\u{1b}') && !text.contains("NaN"), "{text}");
        }
    }

    #[test]
    fn checks_theory_and_cautions_are_told() {
        let text = summary(&example::outage(40), "out");
        assert!(
            text.contains("1 of 2 checks of the scenario failed") && text.contains("FAILED  share_delayed_72h (all) below 0.05"),
            "{text}"
        );
        let text = summary(&example::calm(20), "out");
        assert!(text.contains("Against theory") && (text.contains("inside") || text.contains("outside")), "{text}");
        let mut interrupted = example::outage(3);
        interrupted.interrupted = true;
        interrupted.planned = 100;
        assert!(summary(&interrupted, "out").contains("interrupted: 3 of 100"));
    }

    #[test]
    fn targets_are_counted_and_what_is_missed_is_named() {
        let text = summary(&example::outage(40), "out");
        assert!(text.contains("\nTargets: 2 of 3 met (calibration 1 of 2, independent 1 of 1)\n"), "{text}");
        assert!(text.contains("\n  missed  V1 (Title of V1): 60.0 %"), "{text}");
        assert!(!text.contains("Title of V2") && text.contains("A calibration target is an input"), "{text}");
        assert!(!summary(&example::calm(20), "out").contains("Targets"));
    }

    #[test]
    fn long_words_do_not_loop() {
        let mut text = String::new();
        paragraph(&mut text, "  ", &"x".repeat(300));
        assert_eq!(text.lines().count(), 1);
    }
}
