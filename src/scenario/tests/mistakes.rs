//! Every mistake with its exact message: text files of cases, each a line `@@@ old => new`, what is replaced in the small
//! scenario, then what is shown.

use super::{ATTACKED, PREPARED, SMALL, load_text};

/// Applies each case of a file to the small scenario and compares.
#[track_caller]
fn assert_shown(cases: &str) {
    assert_shown_in(SMALL, cases);
}

/// Applies each case of a file and compares.
#[track_caller]
fn assert_shown_in(scenario: &str, cases: &str) {
    let mut wrong = String::new();
    for case in cases.split("@@@ ").skip(1) {
        let (change, expected) = case.split_once('\n').expect("a case has a line with its change");
        let (old, new) = change.split_once(" => ").expect("old => new");
        let (old, new) = (old.replace("\\n", "\n"), new.replace("\\n", "\n"));
        assert!(scenario.contains(&old), "the scenario has no `{old}`");
        let shown = match load_text(&scenario.replacen(&old, &new, 1), &[]) {
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
fn in_criticality() {
    assert_shown(include_str!("mistakes/criticality.txt"));
}

#[test]
fn in_what_is_switched_off() {
    assert_shown(include_str!("mistakes/switches.txt"));
}

#[test]
fn in_what_is_never_used() {
    assert_shown(include_str!("mistakes/unused.txt"));
}

#[test]
fn in_outages() {
    assert_shown(include_str!("mistakes/outages.txt"));
}

#[test]
fn in_attacks() {
    assert_shown_in(ATTACKED, include_str!("mistakes/attacks.txt"));
}

#[test]
fn in_precautions() {
    assert_shown_in(PREPARED, include_str!("mistakes/precautions.txt"));
}

#[test]
fn more_attacks_than_have_chance_of_their_own() {
    let attack = |number: usize| {
        format!(
            "[[attack]]\nid = \"a{number}\"\nentry = \"9 d\"\ndetection = \"1 d\"\n[attack.platforms.centre]\nreached = 1\nrebuild = \"1 d\"\n"
        )
    };
    let with = |number: usize| format!("{ATTACKED}{}", (1..number).map(attack).collect::<String>());
    assert_eq!(load_text(&with(256), &[]).expect("good").scenario.attacks.len(), 256);
    let shown = load_text(&with(257), &[]).expect_err("one too many").to_string();
    let expected = "error: there are more than 256 attacks\n    --> my.toml:1820:6\n     |\n1820 | id = \"a256\"\n     |      ^^^^^^ one too many\n     = help: ";
    assert!(shown.starts_with(expected), "{shown}");
}

#[test]
fn in_targets() {
    assert_shown(include_str!("mistakes/targets.txt"));
}
