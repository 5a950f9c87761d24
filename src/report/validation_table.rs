//! The table of targets as Markdown, made from the `targets.csv` of one or more runs: the same bytes from the same results.

use core::fmt::{self, Write as _};

use super::targets::{ASCENDING, CAUTION, Member, TargetRow, bounds, given, held};
use super::words;
use crate::experiment::Estimate;
use crate::files::{CsvRow, csv_table};
use crate::stats::ConfidenceInterval;

/// Why a text is no `targets.csv`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TableError {
    /// Which of the texts, from 0.
    pub index: usize,
    /// What is wrong with it.
    pub why: String,
}

impl fmt::Display for TableError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.why)
    }
}

impl std::error::Error for TableError {}

/// The columns that are read.
const COLUMNS: [&str; 19] = [
    "scenario",
    "target",
    "member",
    "place",
    "value",
    "ci_low",
    "ci_high",
    "ci_level",
    "n",
    "unit",
    "low",
    "high",
    "share_held",
    "verdict",
    "role",
    "strictness",
    "title",
    "observed",
    "source",
];

/// One scenario's targets.
struct Section {
    scenario: String,
    /// Confidence level of the intervals, as written; empty if no target has one.
    level: String,
    rows: Vec<TargetRow>,
}

/// Writes a Markdown table for each text, the bytes of a `targets.csv`.
///
/// # Errors
/// A text is no such table, or two are of the same scenario.
pub fn validation_table(texts: &[String]) -> Result<String, TableError> {
    let mut sections: Vec<Section> = Vec::new();
    for (index, text) in texts.iter().enumerate() {
        let failed = |why| TableError { index, why };
        let section = read(text).map_err(failed)?;
        if sections.iter().any(|known| known.scenario == section.scenario) {
            return Err(failed(format!("the scenario `{}` is there twice", section.scenario)));
        }
        sections.push(section);
    }
    let mut markdown =
        "<!-- Made by `rxoutage targets` from the results of the scenarios below. Do not edit: make it again. -->\n\n\
                        # Targets and results\n\n"
            .to_owned();
    let _ = writeln!(
        markdown,
        "A value is a mean over replications with its confidence interval; *n* is the number of replications behind it. A target is met if \
         the mean is as asked; beside the verdict stands the share of replications in which the target held. {CAUTION}"
    );
    for section in &sections {
        write_section(&mut markdown, section);
    }
    Ok(markdown)
}

fn write_section(markdown: &mut String, section: &Section) {
    let level =
        section.level.parse::<f64>().map_or_else(|_| String::new(), |level| format!(" ({} interval)", words::level(level)));
    let _ = write!(
        markdown,
        "\n## `{}`\n\n| target | on record | the model gives{level} | n | asked | role | strictness | verdict |\n\
         |---|---|---|---|---|---|---|---|\n",
        section.scenario
    );
    for row in &section.rows {
        let verdict = match (row.verdict.as_str(), row.held.as_str()) {
            ("met", "") => "met".to_owned(),
            ("met", held) => format!("met ({held})"),
            (verdict, "") => format!("**{}**", escaped(verdict)),
            (verdict, held) => format!("**{}** ({held})", escaped(verdict)),
        };
        let title = format!("{}: {}", row.id, row.title);
        let cells = [&title, &row.observed, &row.given, &row.n.to_string(), &row.asked, &row.role, &row.strictness];
        let cells: Vec<String> = cells.iter().map(|cell| escaped(cell)).collect();
        let _ = writeln!(markdown, "| {} | {verdict} |", cells.join(" | "));
    }
    markdown.push_str("\nSources, and where a target differs from the record:\n\n");
    for row in &section.rows {
        let note = if row.note.is_empty() { String::new() } else { format!(" {}.", escaped(&row.note)) };
        let _ = writeln!(markdown, "- {}: {}.{note}", escaped(&row.id), escaped(&row.source));
    }
}

/// Text that means nothing to Markdown or HTML.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '|' | '*' | '_' | '`' | '[' | ']' | '\\' => {
                escaped.push('\\');
                escaped.push(c);
            }
            '<' => escaped.push_str("&lt;"),
            '&' => escaped.push_str("&amp;"),
            c if c.is_control() => escaped.push(' '),
            c => escaped.push(c),
        }
    }
    escaped
}

fn read(text: &str) -> Result<Section, String> {
    let table = csv_table(text)?;
    let (columns, ragged) = (table.header.cells.len(), |row: &&CsvRow| row.cells.len() != table.header.cells.len());
    if let Some(row) = table.rows.iter().find(ragged) {
        let line = text[..row.start.min(text.len())].matches('\n').count() + 1;
        return Err(format!("line {line} has {} cells, its header {columns}: the file is damaged", row.cells.len()));
    }
    let mut columns = [0; COLUMNS.len()];
    for (column, name) in columns.iter_mut().zip(COLUMNS) {
        let found = table.header.cells.iter().position(|cell| cell == name);
        *column = found.ok_or_else(|| format!("it is no targets.csv: it has no column `{name}`"))?;
    }
    let note = table.header.cells.iter().position(|cell| cell == "note");
    let cell = |row: &CsvRow, name: &str| {
        let column = COLUMNS.iter().position(|known| *known == name).map(|index| columns[index]);
        column.and_then(|column| row.cells.get(column)).cloned().unwrap_or_default()
    };
    let number = |row: &CsvRow, name: &str| -> Result<Option<f64>, String> {
        let text = cell(row, name);
        let parsed = if text.is_empty() { Ok(None) } else { text.parse().map(Some) };
        parsed
            .ok()
            .filter(|number: &Option<f64>| number.is_none_or(f64::is_finite))
            .ok_or_else(|| format!("it is no targets.csv: `{name}` of `{}` is \"{text}\", not a number", cell(row, "target")))
    };
    let member = |row: &CsvRow| -> Result<Member, String> {
        let (mean, low, high) = (number(row, "value")?, number(row, "ci_low")?, number(row, "ci_high")?);
        let n = number(row, "n")?.unwrap_or_default();
        let level = number(row, "ci_level")?.unwrap_or_default();
        let interval = low.zip(high).map(|(low, high)| ConfidenceInterval { low, high, level });
        let estimate = mean.map(|mean| Estimate {
            mean,
            interval,
            sd: None,
            half_width: low.zip(high).map(|(low, high)| (high - low) / 2.0),
            n: n as u32,
        });
        Ok(Member {
            name: cell(row, "member"),
            place: number(row, "place")?.unwrap_or_default() as u64,
            unit: cell(row, "unit"),
            estimate,
            censored: number(row, "n_censored")?.unwrap_or_default() as u64,
        })
    };

    let scenario = table.rows.first().map(|row| cell(row, "scenario")).ok_or("it holds no target")?;
    let level = table.rows.iter().map(|row| cell(row, "ci_level")).find(|level| !level.is_empty()).unwrap_or_default();
    let mut rows = Vec::new();
    for row in table.rows.iter().filter(|row| cell(row, "member").is_empty()) {
        let id = cell(row, "target");
        let of_order = table.rows.iter().filter(|other| !cell(other, "member").is_empty() && cell(other, "target") == id);
        let mut members: Vec<Member> = of_order.map(&member).collect::<Result<_, _>>()?;
        let is_order = !members.is_empty();
        if !is_order {
            members.push(member(row)?);
        }
        let (low, high) = (number(row, "low")?, number(row, "high")?);
        rows.push(TargetRow {
            title: cell(row, "title"),
            observed: cell(row, "observed"),
            source: cell(row, "source"),
            note: note.and_then(|column| row.cells.get(column)).cloned().unwrap_or_default(),
            role: cell(row, "role"),
            strictness: cell(row, "strictness"),
            given: given(&members),
            n: members.iter().map(Member::n).min().unwrap_or_default(),
            asked: if is_order { ASCENDING.to_owned() } else { bounds(&members[0].unit, low, high) },
            verdict: cell(row, "verdict"),
            held: held(number(row, "share_held")?),
            id,
        });
    }
    Ok(Section { scenario, level, rows })
}

#[cfg(test)]
mod tests {
    use super::super::{example, tables, targets};
    use super::*;
    use crate::experiment::quantities;
    use crate::scenario;

    fn csv(outcome: &crate::experiment::Outcome) -> String {
        let table = tables(outcome).pop().expect("tables");
        assert_eq!(table.name, "targets.csv");
        let mut bytes = Vec::new();
        table.write_csv(&mut bytes).expect("written");
        String::from_utf8(bytes).expect("text")
    }

    #[test]
    fn what_is_read_back_is_what_the_report_says() {
        for replications in [1, 7] {
            let outcome = example::outage(replications);
            assert_eq!(read(&csv(&outcome)).expect("read").rows, targets::rows(&outcome));
        }
    }

    #[test]
    fn the_table_is_plain_markdown() {
        let text = csv(&example::outage(40));
        let markdown = validation_table(core::slice::from_ref(&text)).expect("made");
        assert!(markdown.contains("\n## `change-healthcare-2024`\n"));
        assert!(
            markdown.contains("| V1: Title of V1 | Something was seen \\| or not | 60.0 % (60.0 to 60.0) | 40 | 85 to 95 % | calibration | strict | **missed** (0 %) |\n"),
            "{markdown}"
        );
        assert!(markdown.contains("- V1: A &lt;report>. Not quite the same.\n- V2: A &lt;report>.\n"), "{markdown}");
        let rows: Vec<&str> = markdown.lines().filter(|line| line.starts_with("| ")).collect();
        assert_eq!(rows.len(), 4, "a header and three targets");
        assert!(rows.iter().all(|row| row.replace("\\|", "").matches('|').count() == 9), "{rows:?}");
        assert_eq!(markdown, validation_table(&[text]).expect("made"), "the same each time");
    }

    #[test]
    fn what_is_no_table_of_targets_is_refused() {
        let why = |texts: &[&str]| {
            let texts: Vec<String> = texts.iter().map(|&text| text.to_owned()).collect();
            let error = validation_table(&texts).expect_err("wrong");
            (error.index, error.to_string())
        };
        let good = csv(&example::outage(3));
        assert_eq!(why(&["a,b\n1,2\n"]), (0, "it is no targets.csv: it has no column `scenario`".to_owned()));
        assert_eq!(why(&[&good, &good]), (1, "the scenario `change-healthcare-2024` is there twice".to_owned()));
        let header = good.lines().next().expect("a header");
        assert_eq!(why(&[header]), (0, "it holds no target".to_owned()));
        let wrong = good.replacen(",0.85,", ",much,", 1);
        assert_eq!(why(&[&wrong]), (0, "it is no targets.csv: `low` of `V1` is \"much\", not a number".to_owned()));
        let ragged = format!("{header}\nbase,x\n");
        assert_eq!(why(&[&ragged]), (0, "line 2 has 2 cells, its header 26: the file is damaged".to_owned()));
    }

    /// What the shipped table says of each target, but for what the model gives: the cells before and after it, and the line below.
    fn shipped() -> Vec<(String, Vec<String>)> {
        let markdown = include_str!("../guide/validation_table.md");
        let mut scenario = String::new();
        let mut found = Vec::new();
        for line in markdown.lines() {
            if let Some(name) = line.strip_prefix("## `") {
                scenario = name.trim_end_matches('`').to_owned();
            } else if let Some(row) = line.strip_prefix("| ").and_then(|row| row.strip_suffix(" |"))
                && !row.starts_with("target |")
            {
                let cells: Vec<&str> = row.split(" | ").collect();
                assert_eq!(cells.len(), 8, "{row}");
                found.push((scenario.clone(), [0, 1, 4, 5, 6].map(|index| cells[index].to_owned()).to_vec()));
            }
        }
        found
    }

    fn scenario_files(folder: &std::path::Path, found: &mut Vec<std::path::PathBuf>) {
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                scenario_files(&path, found);
            } else if path.extension().is_some_and(|extension| extension == "toml") {
                found.push(path);
            }
        }
    }

    /// The table of the guide has the targets of the shipped scenarios: all, no other, with what they ask today.
    #[test]
    fn the_shipped_table_is_that_of_the_shipped_scenarios() {
        let mut files = Vec::new();
        scenario_files(&std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios"), &mut files);
        let mut expected = Vec::new();
        for file in files {
            let loaded = scenario::load(&scenario::Source::File(file), &[], &quantities()).unwrap_or_else(|why| panic!("{why}"));
            expected.extend(loaded.scenario.targets.iter().map(|target| {
                let title = format!("{}: {}", target.id, target.title);
                let cells = [&title, &target.observed, &targets::asked(target), target.role.name(), target.strictness.name()];
                (loaded.scenario.name.clone(), cells.map(escaped).to_vec())
            }));
        }
        let mut shipped = shipped();
        shipped.sort();
        expected.sort();
        assert!(
            shipped == expected,
            "src/guide/validation_table.md is not that of the scenarios: run them, then `rxoutage targets RESULTS... --output \
             src/guide/validation_table.md --force`\nin the table:  {shipped:#?}\nin scenarios: {expected:#?}"
        );
    }
}
