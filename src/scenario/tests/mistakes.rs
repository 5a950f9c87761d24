//! Every mistake with its exact message: text files of cases, each a line `@@@ old => new`, what is replaced in the small
//! scenario, then what is shown.

use super::{SMALL, load_text};

/// Applies each case of a file and compares.
#[track_caller]
fn assert_shown(cases: &str) {
    let mut wrong = String::new();
    for case in cases.split("@@@ ").skip(1) {
        let (change, expected) = case.split_once('\n').expect("a case has a line with its change");
        let (old, new) = change.split_once(" => ").expect("old => new");
        let (old, new) = (old.replace("\\n", "\n"), new.replace("\\n", "\n"));
        assert!(SMALL.contains(&old), "the small scenario has no `{old}`");
        let shown = match load_text(&SMALL.replacen(&old, &new, 1), &[]) {
            Ok(_) => "nothing is wrong".to_owned(),
            Err(problems) => problems.to_string(),
        };
        if shown.trim() != expected.trim() {
            wrong = format!("{wrong}@@@ {change}\n{shown}\n");
        }
    }
    assert!(wrong.is_empty(), "shown instead:\n{wrong}");
}

#[test]
fn in_the_top_and_in_run() {
    assert_shown(include_str!("mistakes/run.txt"));
}

#[test]
fn in_quantities_and_laws() {
    assert_shown(include_str!("mistakes/laws.txt"));
}

#[test]
fn in_pharmacies() {
    assert_shown(include_str!("mistakes/pharmacies.txt"));
}

#[test]
fn in_the_network() {
    assert_shown(include_str!("mistakes/network.txt"));
}

#[test]
fn in_responses_and_checks() {
    assert_shown(include_str!("mistakes/responses.txt"));
}

#[test]
fn in_outages() {
    assert_shown(include_str!("mistakes/outages.txt"));
}

#[test]
fn in_targets() {
    assert_shown(include_str!("mistakes/targets.txt"));
}
