//! Precautions: what is in force is set, what is not leaves no trace, and the record says which was which.

use super::layers::load_files;
use super::{ATTACKED, PREPARED, load_text};
use crate::network::Staffing;
use crate::scenario::{Loaded, explain};
use crate::units::Span;

fn load(sets: &[&str]) -> Loaded {
    load_text(PREPARED, sets).unwrap_or_else(|problems| panic!("{problems}"))
}

fn rebuild_and_staff(loaded: &Loaded) -> (Span, u32) {
    let Staffing::Fixed(staff) = loaded.scenario.network.pharmacies[0].staff else { panic!("a number of staff") };
    (loaded.scenario.attacks[0].platforms[0].rebuild.mean(), staff)
}

#[test]
fn what_is_in_force_is_set_and_what_is_not_is_not() {
    let (days3, days9) = (Span::DAY.scaled(3.0), Span::DAY.scaled(9.0));
    assert_eq!(rebuild_and_staff(&load(&[])), (days3, 2));
    assert_eq!(rebuild_and_staff(&load(&["precaution.staff.in_force=true"])), (days3, 3));
    assert_eq!(rebuild_and_staff(&load(&["precaution.backups.in_force=false"])), (days9, 2));
    assert_eq!(rebuild_and_staff(&load(&["precaution.0.in_force=false", "precaution.1.in_force=true"])), (days9, 3));
    let in_force: Vec<_> =
        load(&[]).scenario.precautions.into_iter().map(|p| (p.id, p.in_force, p.cost_per_year.usd())).collect();
    assert_eq!(in_force, [("backups".to_owned(), true, 2e6), ("staff".to_owned(), false, 1e4)]);
}

#[test]
fn a_scenario_whose_precautions_are_off_is_one_that_has_none() {
    let off = load(&["precaution.backups.in_force=false"]);
    let mut scenario = off.scenario;
    scenario.precautions.clear();
    let none = load_text(ATTACKED, &[]).expect("good");
    assert_eq!(format!("{scenario:?}"), format!("{:?}", none.scenario));
}

#[test]
fn the_resolved_scenario_has_the_values_and_is_not_patched_again() {
    for sets in [&[] as &[&str], &["precaution.staff.in_force=true"], &["precaution.backups.in_force=false"]] {
        let first = load(sets);
        let second = load_text(&first.resolved, &[]).unwrap_or_else(|problems| panic!("{problems}\n{}", first.resolved));
        assert_eq!(first.resolved, second.resolved);
        assert_eq!(format!("{:?}", first.scenario), format!("{:?}", second.scenario));
    }
    let resolved = load(&[]).resolved;
    assert!(resolved.contains("rebuild = \"3 d\"\n") && resolved.contains("applied = true\n"), "{resolved}");
    // The other can still be put in force on top, this one cannot be taken away, and nobody undoes it unseen.
    let both = load_text(&resolved, &["precaution.staff.in_force=true"]).expect("good");
    assert_eq!(rebuild_and_staff(&both).1, 3);
    let shown = load_text(&resolved, &["precaution.backups.in_force=false"]).expect_err("too late").to_string();
    assert!(
        shown.starts_with(
            "error: [[precaution]] `backups` is not in force, but its values are in their places already\n --> --set:1:29\n"
        ),
        "{shown}"
    );
    let key = "precaution.staff.set={ \"attack.ransomware.platforms\" = {} }";
    let shown = load_text(&resolved, &[key, "precaution.staff.in_force=true"]).expect_err("the same key").to_string();
    assert!(
        shown.starts_with(
            "error: the precautions `backups` and `staff` are both in force, and both set `attack.ransomware.platforms`\n"
        ),
        "{shown}"
    );
}

#[test]
fn explain_names_the_precaution() {
    let settings = load(&[]).settings;
    assert_eq!(
        explain(&settings, "attack.ransomware.platforms.centre.rebuild").expect("known"),
        "attack.ransomware.platforms.centre.rebuild = \"3 d\"\n  what:    Time from disconnection until it is rebuilt and recovery begins.\n  \
         unit:    time, or law of a time\n  default: none\n  set in:  my.toml:39, by the precaution `backups`\n"
    );
    assert!(explain(&settings, "pharmacies.retail.staff").expect("known").ends_with("set in:  my.toml:14\n"));
    assert!(explain(&settings, "precaution.staff.in_force").expect("known").ends_with("set in:  nowhere, this is the default\n"));
    // What stands within a value that a precaution sets comes from it too.
    let text = PREPARED.replace("\"pharmacies.retail.staff\" = 3", "downtime.wait = { return_after = \"1 d\" }");
    let settings = load_text(&text, &["precaution.staff.in_force=true"]).unwrap_or_else(|problems| panic!("{problems}")).settings;
    let wait = explain(&settings, "downtime.wait.return_after").expect("known");
    assert!(wait.ends_with("set in:  my.toml:44, by the precaution `staff`\n"), "{wait}");
}

#[test]
fn a_precaution_does_not_undo_what_was_set_on_the_command_line() {
    let set = "attack.ransomware.platforms.centre.rebuild=5 d";
    let shown = load_text(PREPARED, &[set]).expect_err("undone").to_string();
    let expected = "error: `attack.ransomware.platforms.centre.rebuild` is set by the precaution `backups`, which is in force: it would undo this\n \
                    --> --set:1:44\n  |\n1 | attack.ransomware.platforms.centre.rebuild=5 d\n  |                                            ^^^ undone\n  \
                    = help: switch the precaution off: --set precaution.backups.in_force=false\n";
    assert_eq!(shown, expected);
    let off = load(&[set, "precaution.backups.in_force=false"]);
    assert_eq!(rebuild_and_staff(&off).0, Span::DAY.scaled(5.0));
}

#[test]
fn precautions_are_inherited() {
    let child = "extends = \"base.toml\"\nname = \"child\"\n[[precaution]]\nid = \"staff\"\nin_force = true\n\
                 [[precaution]]\nid = \"watch\"\nin_force = true\ncost_per_year = \"1 usd\"\nset = { \"attack.ransomware.detection\" = \"1 d\" }\n";
    let loaded = load_files(&[("my.toml", child), ("base.toml", PREPARED)], &[]).unwrap_or_else(|problems| panic!("{problems}"));
    let ids: Vec<&str> = loaded.scenario.precautions.iter().map(|precaution| precaution.id.as_str()).collect();
    assert_eq!(
        (ids.as_slice(), rebuild_and_staff(&loaded)),
        (["backups", "staff", "watch"].as_slice(), (Span::DAY.scaled(3.0), 3))
    );
    let staff = explain(&loaded.settings, "pharmacies.retail.staff").expect("known");
    assert!(staff.ends_with("base.toml:44, by the precaution `staff`\n"), "{staff}");
    assert!(
        explain(&loaded.settings, "attack.ransomware.detection")
            .expect("known")
            .ends_with("my.toml:10, by the precaution `watch`\n")
    );
}
