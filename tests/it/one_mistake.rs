//! One mistake is told once: a value that is wrong makes nothing else wrong.

use rxoutage::experiment::quantities;
use rxoutage::input::Problems;
use rxoutage::scenario::{self, Setting, Source};

use crate::support::{load_shipped, repository};

/// A number below zero without a unit: wrong for nearly every setting.
const WRONG: &str = "-7";

/// What is told of a scenario whose setting is [`WRONG`]; `None` if that is a good value of it.
fn told(path: &str, setting: &Setting) -> Option<Problems> {
    let source = Source::File(repository().join("scenarios").join(path));
    scenario::load(&source, &[format!("{}={WRONG}", setting.key_path)], &quantities()).err()
}

#[test]
fn a_wrong_value_is_one_error() {
    for path in ["change-healthcare-2024.toml", "precautions.toml", "veterans-affairs.toml"] {
        let settings = load_shipped(path, &[]).settings;
        let mut refused = 0;
        for setting in &settings {
            let Some(problems) = told(path, setting) else { continue };
            refused += 1;
            assert_eq!(problems.len(), 1, "{path}: {} = {WRONG}\n{problems}", setting.key_path);
        }
        assert!(refused * 10 > settings.len() * 9, "{path}: only {refused} of {} settings refuse {WRONG}", settings.len());
    }
}

/// A key that is misspelt is read as what is meant once it has been told.
#[test]
fn a_misspelt_key_is_one_error() {
    let path = "change-healthcare-2024.toml";
    let text = std::fs::read_to_string(repository().join("scenarios").join(path)).expect("read");
    let lines: Vec<&str> = text.lines().collect();
    let mut tried = 0;
    for (number, line) in lines.iter().enumerate() {
        let Some((key, value)) = line.split_once(" = ") else { continue };
        if key.len() < 5 || !key.chars().all(|letter| letter.is_ascii_lowercase() || letter == '_') || key.starts_with("extends")
        {
            continue;
        }
        let misspelt = format!("{}x = {value}", &key[..key.len() - 1]);
        let mut changed = lines.clone();
        changed[number] = &misspelt;
        tried += 1;
        let name = repository().join("scenarios/misspelt.toml").display().to_string();
        let source = Source::Text { name, text: changed.join("\n") };
        let problems = scenario::load(&source, &[], &quantities()).expect_err("there is no such key");
        assert_eq!(problems.len(), 1, "line {}: {misspelt}\n{problems}", number + 1);
    }
    assert!(tried > 50, "{tried} keys");
}

/// An item of a list without its id is one error, though others follow it, precautions set something in it, and another scenario lies over it.
#[test]
fn a_missing_id_is_one_error() {
    let scenarios = repository().join("scenarios");
    for (path, run) in [
        ("change-healthcare-2024.toml", "change-healthcare-2024.toml"),
        ("change-healthcare-2024.toml", "restore-72h.toml"),
        ("change-healthcare-2024.toml", "precautions.toml"),
        ("precautions.toml", "precautions.toml"),
        ("restore-72h.toml", "restore-72h.toml"),
    ] {
        let folder = tempfile::tempdir().expect("a temporary folder");
        for name in ["baseline.toml", "change-healthcare-2024.toml", "precautions.toml", "restore-72h.toml"] {
            std::fs::copy(scenarios.join(name), folder.path().join(name)).expect("copied");
        }
        let text = std::fs::read_to_string(scenarios.join(path)).expect("read");
        let lines: Vec<&str> = text.lines().collect();
        let ids = (0..lines.len()).filter(|&number| lines[number].starts_with("id = "));
        let mut told = 0;
        for number in ids {
            let mut without = lines.clone();
            without[number] = "";
            std::fs::write(folder.path().join(path), without.join("\n")).expect("written");
            let loaded = scenario::load(&Source::File(folder.path().join(run)), &[], &quantities());
            // Nothing is told of what the scenario that lies over it has replaced.
            let Err(problems) = loaded else {
                assert_ne!(path, run, "line {} of {path}", number + 1);
                continue;
            };
            told += 1;
            let shown = problems.to_string();
            assert_eq!(problems.len(), 1, "line {} of {path}, run {run}\n{shown}", number + 1);
            assert!(shown.contains("missing key `id`") && shown.contains(path), "{shown}");
        }
        assert!(told > 0, "{path}, run {run}");
    }
}

/// The count of errors sees more than one.
#[test]
fn what_names_another_id_is_missed_where_it_is_named() {
    let source = Source::File(repository().join("scenarios/change-healthcare-2024.toml"));
    let problems =
        scenario::load(&source, &["outage.disconnection.id=\"another\"".to_owned()], &quantities()).expect_err("four follow it");
    assert!(problems.len() > 1, "{problems}");
}
