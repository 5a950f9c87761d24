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

/// The count of errors sees more than one.
#[test]
fn what_names_another_id_is_missed_where_it_is_named() {
    let source = Source::File(repository().join("scenarios/change-healthcare-2024.toml"));
    let problems =
        scenario::load(&source, &["outage.disconnection.id=\"another\"".to_owned()], &quantities()).expect_err("four follow it");
    assert!(problems.len() > 1, "{problems}");
}
