//! Each response, trigger and action by itself: a scenario in `tests/scenarios/responses`, laid over a base without any, with a golden table of its
//! own, a chapter of the guide, and a switch that leaves nothing of it. A new one is a file in that folder.

use std::fs;
use std::path::PathBuf;

use rxoutage::experiment::{Outcome, Unattended, quantities, run};
use rxoutage::response::Downtime;
use rxoutage::scenario::{self, Actions, Loaded, Source, Trigger};

use crate::command_line::Folder;
use crate::golden::{difference, is_writing};
use crate::support::{load_shipped, load_text, repository, tables_as_csv};

/// A scenario of the folder.
struct Entry {
    name: String,
    /// The assignment that switches off what it adds to its parent.
    off: String,
    /// What it is laid over, as a path from the folder of the shipped scenarios.
    parent: String,
}

impl Entry {
    fn load(&self, sets: &[&str]) -> Loaded {
        load_shipped(&format!("{FOLDER}/{}.toml", self.name), sets)
    }
}

/// What has a scenario and a paragraph and stands in no registry.
const BESIDE: &[&str] = &["reroute", "resubmission", "lingering", "copay", "pick_up", "money", "attack", "failure", "precaution"];

/// From the folder of the shipped scenarios.
const FOLDER: &str = "../tests/scenarios/responses";

fn entries() -> Vec<Entry> {
    let folder = repository().join("scenarios").join(FOLDER);
    let files = fs::read_dir(&folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    let mut entries: Vec<Entry> = files
        .map(|path| {
            let text = fs::read_to_string(&path).expect("text");
            let after = |start: &str| text.lines().find_map(|line| line.strip_prefix(start)).expect(start).trim().to_owned();
            let name = path.file_stem().and_then(|stem| stem.to_str()).expect("a name").to_owned();
            let parent = after("extends = ");
            Entry { name, off: after("# off: "), parent: format!("{FOLDER}/{}", parent.trim_matches('"')) }
        })
        .collect();
    entries.sort_by(|a, b| a.name.cmp(&b.name));
    assert!(entries.len() > 20, "the folder is there");
    entries
}

fn outcome(loaded: &Loaded) -> Outcome {
    run(&loaded.scenario, &Unattended)
}

/// The means of everybody: one line for each metric.
fn means(outcome: &Outcome) -> String {
    let (_, summary) = tables_as_csv(outcome).swap_remove(0);
    let kept = summary.lines().enumerate().filter(|(number, line)| *number == 0 || line.contains(",all,mean,"));
    kept.map(|(_, line)| line).collect::<Vec<_>>().join("\n") + "\n"
}

#[test]
fn each_has_a_golden_table() {
    let golden = repository().join("tests/golden/responses");
    let path = |name: &str| -> PathBuf { golden.join(format!("{name}.csv")) };
    let mut wrong = Vec::new();
    for entry in entries() {
        let seen = means(&outcome(&entry.load(&[])));
        if is_writing() {
            fs::create_dir_all(&golden).expect("a folder");
            fs::write(path(&entry.name), seen).expect("written");
            continue;
        }
        let text = fs::read_to_string(path(&entry.name)).unwrap_or_default();
        if text != seen {
            let difference = difference(&text, &seen).unwrap_or_else(|| "differs in the last digits only".to_owned());
            wrong.push(format!("{} {difference}", entry.name));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let mut names: Vec<String> = fs::read_dir(&golden)
        .expect("a folder")
        .map(|entry| entry.expect("an entry").file_name().into_string().expect("text"))
        .collect();
    names.sort();
    assert_eq!(names, entries().iter().map(|entry| format!("{}.csv", entry.name)).collect::<Vec<_>>(), "no table is left over");
}

/// Switched off it leaves the tables of its parent, to the byte; switched on it changes them.
#[test]
fn each_can_be_switched_off() {
    for entry in entries() {
        let parent = tables_as_csv(&outcome(&load_shipped(&entry.parent, &[])));
        let off = tables_as_csv(&outcome(&entry.load(&[entry.off.as_str()])));
        for ((name, without), (_, off)) in parent.iter().zip(&off) {
            assert!(without == off, "{}: {name} differs: {:?}", entry.name, difference(without, off));
        }
        assert_eq!(parent.len(), off.len(), "{}", entry.name);
        assert!(tables_as_csv(&outcome(&entry.load(&[]))) != parent, "{} changes nothing", entry.name);
    }
}

/// What is switched off stays in the resolved scenario, and can be switched on again.
#[test]
fn a_switch_goes_both_ways() {
    for entry in entries().iter().filter(|entry| entry.off.ends_with("enabled=false")) {
        let off = entry.load(&[entry.off.as_str()]);
        let key = entry.off.trim_end_matches(".enabled=false");
        assert_eq!(off.switched_off().collect::<Vec<_>>(), [key]);
        let source = Source::Text { name: "resolved.toml".into(), text: off.resolved.clone() };
        let load = |sets: &[String]| scenario::load(&source, sets, &quantities()).unwrap_or_else(|problems| panic!("{problems}"));
        assert_eq!(load(&[]).resolved, off.resolved, "{}", entry.name);
        let on = entry.off.replace("=false", "=true");
        assert_eq!(load(&[on]).resolved, entry.load(&[]).resolved, "{}", entry.name);
    }
}

/// Every response, trigger and action has a scenario of its name (`trigger_...`, `order_...`), in which it is, and it is in no base.
#[test]
fn every_one_has_a_scenario() {
    /// What a scenario has of them, by those names.
    fn has(loaded: &Loaded) -> Vec<String> {
        let scenario = &loaded.scenario;
        let mut all: Vec<String> = scenario.downtime.names().map(str::to_owned).collect();
        // Failing over is always in force, and does nothing without a standby.
        all.retain(|name| name != "failover" || scenario.network.pharmacies.iter().any(|group| group.standby.is_some()));
        for order in &scenario.orders {
            all.push(format!("trigger_{}", order.trigger.name()));
            all.extend(order.actions.names().map(|name| format!("order_{name}")));
        }
        all
    }
    let entries = entries();
    for name in BESIDE {
        assert!(entries.iter().any(|entry| entry.name == *name), "there is no scenario {name}.toml");
    }
    let names = Downtime::RESPONSES.iter().map(|&name| name.to_owned());
    let names = names.chain(Trigger::NAMES.iter().map(|name| format!("trigger_{name}")));
    for name in names.chain(Actions::NAMES.iter().map(|name| format!("order_{name}"))) {
        let entry = entries.iter().find(|entry| entry.name == name).unwrap_or_else(|| panic!("there is no scenario {name}.toml"));
        assert!(has(&entry.load(&[])).contains(&name), "{name}.toml has no such thing");
        assert!(!has(&load_shipped(&entry.parent, &[])).contains(&name), "the parent of {name}.toml has it already");
    }
}

/// One of two orders switched off: the other is as it would be alone, with its place in the list and its chance.
#[test]
fn an_order_behind_one_that_is_off_moves_up() {
    let order = |id: &str, switch: &str| {
        format!(
            "[[order]]\nid = \"{id}\"\n{switch}at = \"78 h\"\nlead_time = {{ exponential = {{ mean = \"4 h\" }} }}\nemergency_supply = {{ share = 0.5, supply = \"1 d\", extra_minutes = 2 }}\n"
        )
    };
    let base = fs::read_to_string(repository().join("tests/scenarios/base.toml")).expect("a scenario");
    let run = |more: &str| tables_as_csv(&outcome(&load_text(&format!("{base}{more}"))));
    let both = run(&format!("{}{}", order("first", "enabled = false\n"), order("second", "")));
    assert!(both == run(&order("second", "")));
}

/// A child scenario switches off what its parent has, whether that is written in braces or under a header, and in a list by its id.
#[test]
fn a_child_switches_off_what_its_parent_has() {
    let folder = Folder::new("switches");
    let base = fs::read_to_string(repository().join("tests/scenarios/base.toml")).expect("a scenario");
    let more = "[downtime]\norder = [\"cash\", \"give_up\"]\ncash = { share = 0.5 }\n[downtime.give_up]\nshare = 0.2\n\
                [[order]]\nid = \"overtime\"\nat = \"78 h\"\nstaff = 1.4\n";
    folder.file("parent.toml", format!("{base}{more}"));
    let child = "format = 1\nname = \"child\"\nextends = \"parent.toml\"\n[downtime]\ncash = { enabled = false }\n\
                 [downtime.give_up]\nenabled = false\n[[order]]\nid = \"overtime\"\nenabled = false\n";
    let source = Source::File(folder.file("child.toml", child));
    let loaded = scenario::load(&source, &[], &[]).unwrap_or_else(|problems| panic!("{problems}"));
    assert_eq!(loaded.scenario.downtime.names().collect::<Vec<_>>(), ["failover"]);
    assert!(loaded.scenario.orders.is_empty() && loaded.scenario.downtime.order.is_empty());
    assert!(tables_as_csv(&outcome(&loaded)) == tables_as_csv(&outcome(&load_text(&base))));
}

/// The chapter of the guide has a paragraph for each, with a source or the word assumption.
#[test]
fn every_one_has_a_paragraph_in_the_guide() {
    let guide = fs::read_to_string(repository().join("src/guide/responses.md")).expect("the guide");
    let paragraphs: Vec<(&str, &str)> =
        guide.split("\n## ").skip(1).map(|section| section.split_once('\n').expect("a heading and a text")).collect();
    let names = Downtime::RESPONSES.iter().chain(BESIDE).map(|name| format!("`{name}`"));
    let names = names.chain(Trigger::NAMES.iter().map(|name| format!("Trigger `{name}`")));
    for name in names.chain(Actions::NAMES.iter().map(|name| format!("Action `{name}`"))) {
        assert!(paragraphs.iter().any(|(heading, _)| *heading == name), "the guide has no paragraph on {name}");
    }
    for (heading, text) in paragraphs {
        // What follows a heading of the first level belongs to the next paragraph.
        let text = text.split("\n# ").next().unwrap_or(text);
        assert!(text.contains("**assumption**") || text.contains("https://"), "{heading} names no source and no assumption");
        for word in ["*Draws*", "*Reference*"] {
            assert!(text.contains(word), "{heading} says nothing under {word}");
        }
    }
}
