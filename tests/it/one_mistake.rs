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

/// Whether a wrong value of this setting truly makes something else wrong: what others name by an id is gone with it.
fn is_named_elsewhere(setting: &Setting) -> bool {
    setting.key_path.rsplit('.').next() == Some("id")
}

#[test]
fn a_wrong_value_is_one_error() {
    for path in ["change-healthcare-2024.toml", "precautions.toml", "veterans-affairs.toml"] {
        let settings = load_shipped(path, &[]).settings;
        let mut refused = 0;
        for setting in settings.iter().filter(|setting| !is_named_elsewhere(setting)) {
            let Some(problems) = told(path, setting) else { continue };
            refused += 1;
            assert_eq!(problems.len(), 1, "{path}: {} = {WRONG}\n{problems}", setting.key_path);
        }
        assert!(refused * 10 > settings.len() * 9, "{path}: only {refused} of {} settings refuse {WRONG}", settings.len());
    }
}

#[test]
fn an_id_that_is_gone_is_missed_where_it_is_named() {
    let path = "change-healthcare-2024.toml";
    let settings = load_shipped(path, &[]).settings;
    let id = settings.iter().find(|setting| setting.key_path == "outage.disconnection.id").expect("its first outage");
    assert!(told(path, id).is_some_and(|problems| problems.len() > 1), "the count of errors sees more than one");
}
