//! Precautions as a planner meets them: switched on by `--set`, recorded in every result, and without a trace when off.

use std::fs;

use crate::command_line::{Folder, SMALL, text};

const PRECAUTIONS: &str = r#"
[[precaution]]
id = "backups"
title = "Tested backups"
cost_per_year = "2000000 usd"
set = { outage.stop.recovery_delay = "1 h" }
[[precaution]]
id = "staff"
cost_per_year = "90000.5 usd"
set = { "pharmacies.shop.staff" = 2 }
"#;

/// Runs a scenario into a folder of its own; where its results are.
fn run(folder: &Folder, file: &str, output: &str, more: &[&str]) -> String {
    let arguments = ["run", file, "--output", output, "--threads", "1"];
    let called = folder.call(&arguments.iter().chain(more).copied().collect::<Vec<_>>());
    assert_eq!(called.status.code(), Some(0), "{}", text(&called.stderr));
    let results = folder.names(output);
    assert_eq!(results.len(), 1);
    fs::write(folder.0.join(format!("{output}.txt")), called.stdout).expect("written");
    format!("{output}/{}", results[0])
}

#[test]
fn a_precaution_is_switched_on_recorded_and_run_again() {
    let folder = Folder::new("precautions");
    folder.file("small.toml", SMALL);
    folder.file("prepared.toml", format!("{}{PRECAUTIONS}", SMALL.replace("\"small\"", "\"prepared\"")));
    let read = |path: String| fs::read_to_string(folder.0.join(path)).expect("read");
    let none = run(&folder, "small.toml", "none", &[]);
    let off = run(&folder, "prepared.toml", "off", &[]);
    let on = run(&folder, "prepared.toml", "on", &["--set", "precaution.backups.in_force=true"]);
    let again = run(&folder, &format!("{on}/scenario.resolved.toml"), "again", &[]);
    let plain = run(&folder, "small.toml", "plain", &["--set", "outage.stop.recovery_delay=1 h"]);
    for table in ["summary.csv", "delay_ccdf.csv", "timeline.csv", "nodes.csv", "replications.csv"] {
        let [none, off, on, again, plain] = [&none, &off, &on, &again, &plain].map(|results| read(format!("{results}/{table}")));
        assert!(none == off, "{table}: off is as if it were not there");
        assert!(on == plain, "{table}: in force is as if its values had been set");
        assert!(on == again, "{table}: the record runs to the same bytes");
        assert!(on != off || table == "nodes.csv", "{table}: it does something");
    }
    let record = read(format!("{on}/run.json"));
    for words in [
        "\"id\": \"backups\",\n      \"title\": \"Tested backups\",\n      \"in_force\": true,\n      \"cost_per_year_usd\": 2000000.0,\n",
        "\"outage.stop.recovery_delay=\\\"1 h\\\"\"",
        "\"cost_per_year_usd\": 90000.5,\n",
        "\"precautions_cost_per_year_usd\": 2000000.0,\n",
    ] {
        assert!(record.contains(words), "{words} is not in {record}");
    }
    assert!(read(format!("{off}/run.json")).contains("\"precautions_cost_per_year_usd\": 0.0,\n"));
    assert!(read(format!("{none}/run.json")).contains("\"precautions\": [],\n"));
    let page = read(format!("{on}/report.html"));
    assert!(page.contains("<h2>Precautions</h2>") && page.contains("90,000.50 USD"));
    assert!(!read(format!("{none}/report.html")).contains("Precautions"));
    let summary = read("on.txt".to_owned());
    let rows: Vec<Vec<&str>> = summary
        .lines()
        .skip_while(|line| !line.starts_with("Precautions"))
        .take(4)
        .map(|line| line.split_whitespace().collect())
        .collect();
    assert_eq!(rows[1], ["Tested", "backups", "in", "force", "2,000,000", "USD"]);
    assert_eq!(rows[2], ["staff", "not", "in", "force", "90,000.50", "USD"]);
    assert_eq!(rows[3], ["Those", "in", "force", "together", "2,000,000", "USD"]);
}

#[test]
fn check_and_explain_tell_of_precautions() {
    let folder = Folder::new("precautions-told");
    folder.file("prepared.toml", format!("{SMALL}{PRECAUTIONS}"));
    let on = ["--set", "precaution.backups.in_force=true"];
    let said = |arguments: &[&str]| text(&folder.call(&[arguments, &on].concat()).stdout);
    let check = said(&["check", "prepared.toml"]);
    assert!(check.contains("  precaution    backups is in force, 2000000 usd a year\n"), "{check}");
    assert!(check.contains("  precaution    staff is not in force, 90000.5 usd a year\n"), "{check}");
    let explained = said(&["explain", "prepared.toml", "outage.stop.recovery_delay"]);
    assert!(explained.ends_with("  set in:  prepared.toml:32, by the precaution `backups`\n"), "{explained}");
    let all = said(&["explain", "prepared.toml"]);
    assert!(all.contains("outage.stop.recovery_delay = \"1 h\"    # prepared.toml:32, by the precaution `backups`\n"), "{all}");
}
