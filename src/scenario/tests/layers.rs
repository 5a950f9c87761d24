//! `extends`, `--set`, and files that cannot be read.

use std::fs;
use std::path::Path;

use super::{KNOWN, SMALL, load_text};
use crate::input::Problems;
use crate::scenario::{InputRole, Loaded, Source, explain, load};
use crate::units::Span;

/// Writes files into a folder and loads `my.toml`; the folder's name is cut out of messages.
pub(super) fn load_files(files: &[(&str, &str)], sets: &[&str]) -> Result<Loaded, String> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        fs::write(path, text).expect("written");
    }
    let sets: Vec<String> = sets.iter().map(|&set| set.to_owned()).collect();
    let loaded = load(&Source::File(folder.path().join("my.toml")), &sets, &KNOWN);
    loaded.map_err(|problems| without_folder(&problems, folder.path()))
}

fn without_folder(problems: &Problems, folder: &Path) -> String {
    problems.to_string().replace(&format!("{}/", folder.display()), "")
}

#[test]
fn a_child_lies_over_its_parents() {
    let child = "extends = [\"base/small.toml\", \"long.toml\"]\nname = \"child\"\n\
                 [pharmacies.retail]\nroutes = { direct = 0.5, change = 0.5 }\n\
                 [[outage]]\nid = \"attack\"\nprobability = 0.5\n\
                 [[outage]]\nid = \"second\"\ntarget = { payer = \"caremark\" }\nat = \"12 d\"\nmode = \"drain\"\nrecovery = \"never\"\n";
    let long = "name = \"long\"\ntitle = \"not inherited\"\n[run]\nhorizon = \"60 d\"\n[[target]]\nid = \"not-inherited\"\n";
    let loaded = load_files(&[("my.toml", child), ("base/small.toml", SMALL), ("long.toml", long)], &[]).expect("good");
    let scenario = &loaded.scenario;
    assert_eq!((scenario.name.as_str(), scenario.title.as_str()), ("child", "child"));
    assert!(scenario.targets.is_empty());
    assert_eq!(scenario.run.horizon, Span::DAY.scaled(60.0), "the later parent wins");
    assert_eq!(scenario.outages.len(), 2);
    assert_eq!(scenario.outages[0].probability.value(), 0.5);
    assert_eq!(scenario.network.pharmacies[0].routes[0].1.value(), 0.5);
    let roles: Vec<InputRole> = loaded.inputs.iter().map(|input| input.role).collect();
    assert_eq!(roles, [InputRole::Scenario, InputRole::Parent, InputRole::Parent]);
    assert!(!loaded.resolved.contains("extends"));
    assert_eq!(load_text(&loaded.resolved, &[]).expect("good").resolved, loaded.resolved);
    let horizon = loaded.settings.iter().find(|setting| setting.key_path == "run.horizon").expect("there");
    assert!(horizon.file.as_ref().is_some_and(|file| file.ends_with("long.toml")) && horizon.line == Some(4));
    let extends = explain(&loaded.settings, "extends").expect("recorded");
    assert!(
        extends.starts_with("extends = [\"base/small.toml\", \"long.toml\"]\n") && extends.contains("my.toml:1\n"),
        "{extends}"
    );
}

#[test]
fn a_value_in_braces_is_replaced_as_a_whole() {
    let base = SMALL.replace("fill = \"5 min\"", "fill = { exponential = { mean = \"5 min\" } }");
    let child = "extends = \"base.toml\"\nname = \"child\"\nwork.fill = { constant = \"4 min\" }\n";
    let loaded = load_files(&[("my.toml", child), ("base.toml", &base)], &[]).expect("good");
    assert!(loaded.resolved.contains("fill = { constant = \"4 min\" }"));
}

#[test]
fn circles_and_missing_parents_are_told() {
    let circle = load_files(&[("my.toml", "extends = \"b.toml\"\n"), ("b.toml", "extends = \"./my.toml\"\n")], &[]);
    let expected = "error: `extends` goes round in a circle\n --> b.toml:1:11\n  |\n1 | extends = \"./my.toml\"\n  |           ^^^^^^^^^^^ \
                    comes back to a file before it\n  = help: my.toml -> b.toml -> my.toml\n";
    assert_eq!(circle.expect_err("a circle"), expected);
    let missing = load_files(&[("my.toml", "extends = \"bse.toml\"\n"), ("base.toml", SMALL)], &[]).expect_err("missing");
    let expected = "error: cannot read `bse.toml`: there is no such file\n --> my.toml:1:11\n  |\n1 | extends = \"bse.toml\"\n  |           ^^^^^^^^^^ \
                    named here\n  = help: did you mean `base.toml`?\n";
    assert_eq!(missing, expected);
    let same = load_files(&[("my.toml", "extends = \"base.toml\"\nname = \"small\"\n"), ("base.toml", SMALL)], &[])
        .expect_err("same name");
    assert!(same.contains("`name` is also the name of base.toml") && same.contains("my.toml:2:8"), "{same}");
    let nameless = load_files(&[("my.toml", "extends = \"base.toml\"\n"), ("base.toml", SMALL)], &[]).expect_err("no name");
    assert!(nameless.starts_with("error: missing key `name`\n"), "{nameless}");
    let quoted = load_text("format = 1\nname = \"q\"\n[run]\nhorizon = “14 d”\n", &[]).expect_err("curly quotes").to_string();
    assert!(quoted.contains("text without quotes") && quoted.contains("help: write \"14 d\"\n"), "{quoted}");
    let none = "error: `extends` is an empty list\n --> my.toml:1:11\n  |\n1 | extends = []\n  |           ^^ names no parent\n  \
                = help: leave it away, or name a scenario: extends = \"base.toml\"\n";
    assert_eq!(load_files(&[("my.toml", "extends = []\n")], &[]).expect_err("no parent"), none);
    let future = load_files(&[("my.toml", "format = 1\nextends = \"base.toml\"\n"), ("base.toml", "format = 2\nx = 1\n")], &[]);
    let future = future.expect_err("a parent of another format");
    assert!(future.starts_with("error: `format`: 2 is not") && future.matches("error").count() == 1, "{future}");
    let number = load_files(&[("my.toml", "extends = 3\n")], &[]).expect_err("no path");
    assert!(number.contains("`extends`: expected the path of a scenario, found a whole number"), "{number}");
}

#[test]
fn a_file_that_cannot_be_read_is_told() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    fs::write(folder.path().join("scenario.toml"), b"name = \"\xff\"").expect("written");
    let shown = |name: &str| {
        let problems = load(&Source::File(folder.path().join(name)), &[], &KNOWN).expect_err("unreadable");
        without_folder(&problems, folder.path())
    };
    assert_eq!(
        shown("scenaro.toml"),
        "error: cannot read `scenaro.toml`: there is no such file\n = help: did you mean `scenario.toml`?\n"
            .replace(" = help", "  = help")
    );
    assert_eq!(
        shown("scenario.toml"),
        "error: cannot read `scenario.toml`: line 1 is not UTF-8 text\n  = help: save it as UTF-8\n"
    );
    assert!(shown("").contains("it is a folder"));
    let itself = load_files(&[("my.toml", "extends = \".\"\n")], &[]).expect_err("a folder");
    assert!(itself.starts_with("error: cannot read `.`: it is a folder\n --> my.toml:1:11\n"), "{itself}");
    assert!(shown("no/such.toml").contains("its folder does not exist\n  = help: paths are taken from the folder in which"));
    assert!(shown("quite-another.toml").contains("\n  = help: in that folder: `scenario.toml`\n"));
    assert!(shown("links.csv").contains("\n  = help: no file in that folder ends in `.csv`\n"));
    assert!(shown("another").contains("\n  = help: name a file with its ending"));
}

#[test]
fn an_empty_scenario_is_told_once() {
    for text in ["", "# nothing yet\n"] {
        let shown = load_files(&[("my.toml", text)], &["run.seed=7"]).expect_err("empty");
        let expected = "error: the scenario is empty: it sets nothing\n --> my.toml\n  = help: begin with one that is whole: rxoutage new my-outage.toml\n";
        assert_eq!(shown, expected);
    }
}

#[test]
fn an_impossible_date_from_outside_is_told_as_such() {
    let shown = load_text(SMALL, &["outage.attack.at=2024-02-30T08:00:00"]).expect_err("no such day").to_string();
    let expected = "error: there is no such date: 2024-02-30T08:00:00\n --> --set:1:18\n  |\n1 | outage.attack.at=2024-02-30T08:00:00\n  \
                    |                  ^^^^^^^^^^^^^^^^^^^ the day must be between 01 and 29\n";
    assert_eq!(shown, expected);
}

#[test]
fn overrides_come_last() {
    let sets = [
        "run.horizon=40 d",
        "outage.attack.probability=0.3",
        "pharmacies.\"retail\".routes = { direct = 0.5, change = 0.5 }",
        "downtime.wait.return_after=1 d",
    ];
    let loaded = load_text(SMALL, &sets).unwrap_or_else(|problems| panic!("{problems}"));
    assert_eq!(loaded.scenario.run.horizon, Span::DAY.scaled(40.0));
    assert_eq!(loaded.scenario.outages[0].probability.value(), 0.3);
    assert!(loaded.scenario.downtime.wait.is_some());
    assert_eq!(load_text(&loaded.resolved, &[]).expect("good").resolved, loaded.resolved);
}

#[test]
fn wrong_overrides_are_told_all_at_once() {
    let sets = [
        "run.horizn=40 d",
        "run.seed=x",
        "outage.atack.probability=1",
        "run.warm_up.x=1",
        "run.scale",
        "run..seed=1",
        "run.start=[1",
        "work.fill=",
    ];
    let shown = load_text(SMALL, &sets).expect_err("wrong").to_string();
    for expected in [
        "error: unknown key `horizn` in [run]\n --> --set:1:5\n  |\n1 | run.horizn=40 d\n  |     ^^^^^^ not a key of [run]\n  = help: did you mean `horizon`?\n",
        "error: `seed` in [run]: expected a whole number, found a string\n --> --set:2:10\n",
        "error: there is no `atack` in `outage`\n --> --set:3:8\n  |\n3 | outage.atack.probability=1\n  |        ^^^^^ not there\n  = help: did you mean `attack`?\n",
        "error: `warm_up` is a string: nothing can be set inside it\n --> --set:4:13\n",
        "error: an override needs `=`\n --> --set:5:1\n",
        "error: a step of the key path is empty\n --> --set:6:5\n",
        "error: the value is not TOML:",
        "error: an override needs a value after `=`\n --> --set:8:1\n",
    ] {
        assert!(shown.contains(expected), "{expected}\nis missing in\n{shown}");
    }
}

#[test]
fn syntax_errors_that_spoil_one_value_hide_no_other_mistake() {
    let text = SMALL
        .replace("horizon = \"30 d\"", "horizon = 30 d")
        .replace("sites = 10", "sites = 0")
        .replace("staff = 2", "stuff = 2");
    let shown = load_text(&text, &[]).expect_err("wrong").to_string();
    let lines: Vec<&str> = shown.lines().filter(|line| line.starts_with("error")).collect();
    let expected = [
        "error: text without quotes",
        "error: `sites` in [pharmacies.retail] must be from 1 to 10000000",
        "error: unknown key `stuff` in [pharmacies.retail]",
    ];
    assert_eq!(lines, expected, "{shown}");
}

/// A path as deep as one likes ends in a message, in `--set` and in a precaution, and not in the stack.
#[test]
fn a_key_path_that_is_too_deep_is_refused() {
    let path = vec!["a"; 25_000].join(".");
    let shown = load_text(SMALL, &[&format!("{path}=1")]).expect_err("wrong").to_string();
    assert!(shown.contains("error: the key path is too deep\n --> --set:1:129\n"), "{}", &shown[..200]);
    let precaution =
        format!("[[precaution]]\nid = \"p\"\ncost_per_year = \"1 usd\"\nin_force = true\nset = {{ \"{path}\" = 1 }}\n");
    let shown = load_text(&format!("{SMALL}\n{precaution}"), &[]).expect_err("wrong").to_string();
    assert!(shown.contains("error: the key path is too deep\n  --> "), "{}", &shown[..200]);
}

#[test]
fn an_id_that_a_child_gives_twice_is_a_mistake_though_its_parent_has_it() {
    for id in ["attack", "other"] {
        let child = format!(
            "extends = \"base.toml\"\nname = \"child\"\n[[outage]]\nid = \"{id}\"\nat = \"3 d\"\ntarget = {{ clearinghouse = \"change\" }}\nmode = \"drain\"\nrecovery_delay = \"2 d\"\nrecovery = \"at_once\"\n[[outage]]\nid = \"{id}\"\nat = \"5 d\"\n"
        );
        let shown = load_files(&[("my.toml", &child), ("base.toml", SMALL)], &[]).expect_err("twice");
        let expected = format!(
            "error: the id `{id}` is given twice\n  --> my.toml:11:6\n   |\n11 | id = \"{id}\"\n   |      {} given before\n   = help: give each an id of its own\n",
            "^".repeat(id.len() + 2)
        );
        assert_eq!(shown, expected);
    }
}

#[test]
fn an_item_without_its_id_is_told_and_nothing_set_in_it() {
    let nameless = SMALL.replace("id = \"attack\"", "");
    for sets in [&[] as &[&str], &["outage.attack.probability=0.3"]] {
        let problems = load_text(&nameless, sets).expect_err("no id");
        assert_eq!(problems.len(), 1, "{problems}");
        assert!(problems.to_string().starts_with("error: missing key `id` in [[outage]]\n"), "{problems}");
    }
    // One of the wrong kind would have let the child's list take the place of the whole.
    let child = "extends = \"base.toml\"\nname = \"child\"\n[[outage]]\nid = \"attack\"\nprobability = 0.5\n";
    let base = SMALL.replace("id = \"attack\"", "id = 5");
    let shown = load_files(&[("my.toml", child), ("base.toml", &base)], &[]).expect_err("no id");
    assert!(
        shown.starts_with("error: `id` in [[outage]]: expected a string, found a whole number\n  --> base.toml:24:6\n"),
        "{shown}"
    );
    assert_eq!(shown.matches("error:").count(), 1, "{shown}");
    // With ids all of them are known, and so is a list in which they mean nothing.
    let checks = format!("{SMALL}\n[[check]]\nmetric = \"delay_mean_hours\"\nbelow = 1\n");
    for (text, set) in [(SMALL, "outage.another.probability=0.3"), (checks.as_str(), "check.attack.below=2")] {
        let shown = load_text(text, &[set]).expect_err("no such item").to_string();
        assert!(shown.starts_with("error: there is no `a"), "{shown}");
    }
}

/// What selects by attributes that cannot be read is no mistake beside that.
#[test]
fn attributes_that_cannot_be_read_are_one_error() {
    let selecting = SMALL.replace("{ clearinghouse = \"change\" }", "{ pharmacy = { region = \"north\" } }");
    assert_ne!(selecting, SMALL);
    for set in [
        "pharmacies.retail.attributes=\"north\"",
        "pharmacies.retail.attributes.region=\"\"",
        "pharmacies.retail=5",
        "pharmacies=[]",
    ] {
        let problems = load_text(&selecting, &[set]).expect_err("wrong");
        assert_eq!(problems.len(), 1, "{set}: {problems}");
    }
}

/// A clearinghouse that lacks a payer is one error, whatever leads to it.
#[test]
fn a_payer_out_of_reach_is_one_error() {
    let text = SMALL.replace("[payers.", "[clearinghouses.second]\nreaches = [\"other\"]\n[payers.other]\nshare = 0.0\n[payers.");
    let route = "pharmacies.retail.routes={ second = 1.0 }";
    let standby = "pharmacies.retail.standby={ share = 0.5, to = [\"second\"], failover = \"1 h\" }";
    for (set, key) in [(route, "routes"), (standby, "standby")] {
        let shown = load_text(&text, &[set]).expect_err("out of reach").to_string();
        let lines = shown.lines().filter(|line| line.contains("cannot get through")).count();
        assert!(lines == 1 && shown.contains(&format!("pharmacies.retail.{key}=")), "{shown}");
    }
}

/// Each of the latencies that add up has room for draws of its own.
#[test]
fn ways_and_latencies_beyond_count_are_refused() {
    let way = |length: usize| {
        let one = |link: usize| {
            let on = if link < length { format!("reaches = []\nforwards_to = [\"s{}\"]\n", link + 1) } else { String::new() };
            format!("[clearinghouses.s{link}]\n{on}")
        };
        let chain: Vec<String> = (1..=length).map(one).collect();
        load_text(&format!("{SMALL}\n{}", chain.concat()), &["pharmacies.retail.routes={ s1 = 0.6, change = 0.4 }"])
    };
    way(63).unwrap_or_else(|problems| panic!("{problems}"));
    let shown = way(64).expect_err("65 services with the payer").to_string();
    assert!(shown.starts_with("error: claims that `s1` forwards pass more than 64 services\n"), "{shown}");
    let slow = |count: usize| {
        let one = |index: usize| {
            format!(
                "[[outage]]\nid = \"slow-{index}\"\ntarget = {{ payer = \"caremark\" }}\nat = \"10 d\"\nrecovery = \"never\"\n\
                 mode = {{ latency = {{ add = \"1 s\" }} }}\n"
            )
        };
        let all: Vec<String> = (0..count).map(one).collect();
        load_text(&format!("{SMALL}\n{}", all.concat()), &[])
    };
    slow(8).unwrap_or_else(|problems| panic!("{problems}"));
    let shown = slow(9).expect_err("nine").to_string();
    assert!(shown.starts_with("error: with `slow-8` more than 8 disruptions of mode latency"), "{shown}");
}

/// The number of the kind is kept in a byte.
#[test]
fn rejections_are_of_two_hundred_kinds_at_most() {
    let kinds = |count: usize| {
        let kinds: Vec<String> = (0..count).map(|kind| format!("[rejects.r{kind}]\nshare = 0.001\nstaff = \"1 s\"\n")).collect();
        load_text(&format!("{SMALL}\n{}", kinds.concat()), &[])
    };
    assert_eq!(kinds(200).unwrap_or_else(|problems| panic!("{problems}")).scenario.rejects.len(), 200);
    let shown = kinds(201).expect_err("one too many").to_string();
    assert!(shown.starts_with("error: [rejects] has 201 kinds: at most 200\n"), "{shown}");
}

#[test]
fn a_wrong_group_is_told_beside_a_wrong_metric() {
    let checks = "\n[[check]]\nmetric = \"delay_men_hours\"\nbelow = 1\n[[check]]\nmetric = \"delay_mean_hours\"\ngroup = \"type=none\"\nbelow = 1\n";
    let problems = load_text(&format!("{SMALL}{checks}"), &[]).expect_err("two mistakes");
    assert_eq!(problems.len(), 2, "{problems}");
    let shown = problems.to_string();
    assert!(shown.contains("delay_men_hours") && shown.contains("there is no report group \"type=none\""), "{shown}");
}

/// Who sets something in the class that is there by default does not have to say that it is the only one.
#[test]
fn the_only_drug_class_has_all_prescriptions() {
    let loaded = load_text(SMALL, &["drug_classes.any.priority=3"]).unwrap_or_else(|problems| panic!("{problems}"));
    let classes = &loaded.scenario.prescriptions.classes;
    assert_eq!((classes.len(), classes[0].priority, classes[0].share.value()), (1, 3, 1.0));
    let shown = load_text(SMALL, &["drug_classes.any.share=0.5"]).expect_err("half").to_string();
    assert!(shown.contains("the shares in [drug_classes] sum to 0.5, not to 1"), "{shown}");
}

#[test]
fn an_override_switches_off_and_says_how_to_set_a_part() {
    let loaded = load_text(SMALL, &["outage.attack={ enabled = false }"]).expect("good");
    assert!(loaded.scenario.outages.is_empty());
    let shown = load_text(SMALL, &["outage.attack.recovery.ramp.start=1d"]).expect_err("inside a string").to_string();
    assert!(shown.ends_with("help: set the whole of it: recovery = { ramp = { start = ... } }\n"), "{shown}");
}

#[test]
fn nothing_is_set_or_extended_twice() {
    let shown = load_text(SMALL, &["run.seed=1", "run.seed=2"]).expect_err("twice").to_string();
    assert!(shown.starts_with("error: `run.seed` is set twice\n --> --set:2:1\n"), "{shown}");
    assert!(shown.ends_with("set before\n  = help: give each key one `--set`\n"), "{shown}");
    let child = "extends = [\"base.toml\", \"base.toml\"]\nname = \"child\"\n";
    let shown = load_files(&[("my.toml", child), ("base.toml", SMALL)], &[]).expect_err("twice");
    assert_eq!(
        shown,
        "error: `extends` names `base.toml` twice\n --> my.toml:1:25\n  |\n1 | extends = [\"base.toml\", \"base.toml\"]\n  \
         |                         ^^^^^^^^^^^ named before\n  = help: name each scenario once\n"
    );
}
