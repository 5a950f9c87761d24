//! Good scenarios.

use super::{FULL, KNOWN, SMALL, load_text};
use crate::disruption::{ArrivalRule, InFlight, Mode, Onset, Recovery};
use crate::input::{Map, Sources, Value, key_text};
use crate::network::{Demand, Hours, Route, Staffing};
use crate::scenario::parse::parse_document;
use crate::scenario::{Reading, Replications, Requirement, Source, Stat, Strictness, Subject, TargetRole, Window, explain, load};
use crate::units::Span;

#[test]
fn every_key_is_read() {
    let loaded = load_text(FULL, &[]).unwrap_or_else(|problems| panic!("{problems}"));
    let scenario = &loaded.scenario;
    assert_eq!(scenario.run.horizon, Span::DAY.scaled(40.0));
    assert!(matches!(&scenario.run.replications, Replications::Until { metric, max: 500, .. } if metric == "share_delayed_72h"));
    assert_eq!(scenario.network.links.len(), 4, "change reaches one and forwards, relay reaches all");
    assert!(scenario.network.links[0].latency.is_some());
    let independent = &scenario.network.pharmacies[0];
    assert_eq!(independent.pharmacy_type(), "retail");
    assert_eq!(independent.attribute("region"), Some("north"));
    assert_eq!(independent.routes[1].0, Route::Direct);
    assert!(matches!(independent.staff, Staffing::Proportional { minimum: 2, .. }));
    let Hours::Week(days) = &independent.hours else { panic!("hours are given") };
    assert_eq!(days[2], Some((Span::HOUR.scaled(9.0), Span::HOUR.scaled(13.0))));
    assert_eq!(days[6], None);
    assert!(matches!(scenario.network.pharmacies[1].demand, Demand::Renewal(_)));
    let [ransomware, slow, pharmacy, noisy, _, strain] = scenario.outages.as_slice() else { panic!("six outages") };
    assert!(matches!(ransomware.onset, Onset::At(at) if at == Span::DAY.scaled(7.0) + Span::HOUR.scaled(8.0)));
    let Recovery::Stages(stages) = &ransomware.recovery else { panic!("two stages") };
    assert_eq!(stages[1].who.len(), 1, "all not yet served");
    assert!(matches!(slow.onset, Onset::After { outage: 0, .. }));
    assert!(matches!(slow.mode, Mode::Degrade(_)));
    assert_eq!((pharmacy.in_flight, pharmacy.arrivals), (InFlight::Frozen, ArrivalRule::Queue));
    assert_eq!(noisy.target.links.len(), 1);
    assert!(matches!(strain.onset, Onset::AfterAttack { attack: 0, .. }));
    let [intrusion] = scenario.attacks.as_slice() else { panic!("one attack") };
    let [hosting, switching] = intrusion.platforms.as_slice() else { panic!("two platforms") };
    assert_eq!((intrusion.succeeds.value(), hosting.reached_after.mean()), (0.5, Span::DAY));
    assert_eq!((hosting.isolated.value(), hosting.reconnected_after.mean()), (1.0, Span::HOUR.scaled(12.0)));
    assert!(matches!(hosting.recovery, Recovery::AtOnce), "the default");
    assert_eq!((switching.isolated.value(), switching.reached_after.mean()), (0.0, Span::ZERO), "the defaults");
    assert_eq!((switching.in_flight, switching.arrivals), (InFlight::Resubmit, ArrivalRule::Refuse), "the defaults");
    assert!(matches!(&switching.recovery, Recovery::Stages(stages) if stages.len() == 2));
    assert_eq!(loaded.targets[0], ("ransomware".to_owned(), "1 clearinghouse".to_owned()));
    assert_eq!(loaded.targets[2].1, "1 pharmacy group");
    let ids: Vec<&str> = loaded.targets.iter().map(|(id, _)| id.as_str()).collect();
    assert_eq!(ids[5..], ["strain", "intrusion", "blips"], "outages, attacks, failures");
}

#[test]
fn every_form_of_a_target_is_read() {
    let loaded = load_text(FULL, &[]).unwrap_or_else(|problems| panic!("{problems}"));
    let targets = &loaded.scenario.targets;
    let ids: Vec<&str> = targets.iter().map(|target| target.id.as_str()).collect();
    assert_eq!(ids, ["V1", "V2", "V3", "V4", "V5", "V6", "V7"]);
    let within = |index: usize| match &targets[index].requirement {
        Requirement::Within { measure, low, high } => (measure, *low, *high),
        Requirement::Ascending(_) => panic!("V{} has bounds", index + 1),
    };
    let day = |days: f64| Span::DAY.scaled(days);

    assert_eq!((targets[0].role, targets[0].strictness), (TargetRole::Calibration, Strictness::Strict));
    assert_eq!((targets[0].observed.as_str(), targets[0].note.as_str()), ("90 %, 26 February", "at noon"));
    let (measure, low, high) = within(0);
    assert_eq!((measure.reading.group.as_str(), low, high), ("type=retail", Some(0.85), Some(0.95)));
    assert!(matches!(measure.reading.subject, Subject::Series { window: Window::At(at), .. } if at == day(12.5)));

    let (measure, low, high) = within(1);
    assert_eq!((low, high), (None, Some(1.0)));
    let window = |reading: &Reading| match &reading.subject {
        Subject::Series { name, window: Window::Between { from, to }, stat: Stat::Mean, .. } => (name.clone(), *from, *to),
        _ => panic!("a mean over a window"),
    };
    let eight = Span::HOUR.scaled(8.0);
    assert_eq!(window(&measure.reading), ("ready_per_hour".to_owned(), Some(day(7.0) + eight), day(7.5)));
    let other = measure.relative_to.as_ref().expect("a ratio");
    assert_eq!(window(other), ("ready_per_hour_twin".to_owned(), Some(day(7.0)), day(8.0)));

    let Subject::Series { window, stat, since, .. } = &within(2).0.reading.subject else { panic!("a series") };
    assert_eq!(*window, Window::Between { from: None, to: day(40.0) }, "from the first onset to the end of the run");
    assert_eq!((*stat, *since), (Stat::FirstBelow(0.9), Some(day(7.0))));
    assert!(matches!(within(3).0.reading.subject, Subject::Restored { outage: 0, since: Some(since) } if since == day(7.0)));
    assert_eq!(within(4).0.relative_to.as_ref().expect("a ratio").group, "affected=no");

    let names = |index: usize| match &targets[index].requirement {
        Requirement::Ascending(tiers) => tiers
            .iter()
            .map(|tier| tier.iter().map(|ranked| ranked.name.clone()).collect::<Vec<_>>().join(" "))
            .collect::<Vec<_>>(),
        Requirement::Within { .. } => panic!("V{} is an order", index + 1),
    };
    assert_eq!(
        (names(5), names(6)),
        (vec!["V3".to_owned(), "V4 V1".to_owned()], vec!["type=military".to_owned(), "type=retail all".to_owned()])
    );
    let Requirement::Ascending(tiers) = &targets[6].requirement else { panic!("an order") };
    assert_eq!(tiers[1][0].measure.reading.group, "type=retail");
}

/// Targets merge by id, can be changed from outside, and dropped as a whole.
#[test]
fn targets_are_changed_and_dropped() {
    let loaded = load_text(FULL, &["target.V1.low=0.5"]).unwrap_or_else(|problems| panic!("{problems}"));
    assert!(matches!(loaded.scenario.targets[0].requirement, Requirement::Within { low: Some(0.5), .. }));
    let loaded = load_text(FULL, &["target=[]"]).unwrap_or_else(|problems| panic!("{problems}"));
    assert!(loaded.scenario.targets.is_empty());
}

#[test]
fn the_resolved_text_gives_the_same_again() {
    for text in [FULL, SMALL] {
        let first = load_text(text, &[]).unwrap_or_else(|problems| panic!("{problems}"));
        let second = load_text(&first.resolved, &[]).unwrap_or_else(|problems| panic!("{problems}\n{}", first.resolved));
        assert_eq!(first.resolved, second.resolved);
        assert_eq!(format!("{:?}", first.scenario), format!("{:?}", second.scenario));
        assert!(second.settings.iter().all(|setting| !setting.is_default), "every default is written down");
    }
}

#[test]
fn defaults_are_written_down() {
    let resolved = load_text(SMALL, &[]).expect("good").resolved;
    for line in [
        "seed = 1\n",
        "replications = 20\n",
        "[drug_classes.any]\nshare = 1\npriority = 0\n",
        "timeout = \"30 s\"\n",
        "hours = \"always\"\n",
        "in_flight = \"resubmit\"\n",
    ] {
        assert!(resolved.contains(line), "{line} is missing in\n{resolved}");
    }
}

#[test]
fn a_scenario_without_claims_needs_no_payer() {
    let queue = "format = 1\nname = \"mm1\"\nrun = { horizon = \"30 d\" }\nwork = { fill = { exponential = { mean = \"5 min\" } } }\n\
                 [pharmacies.one]\nsites = 1\ninterarrival = { exponential = { mean = \"6 min\" } }\nstaff = 1\n";
    let loaded = load_text(queue, &[]).unwrap_or_else(|problems| panic!("{problems}"));
    assert!(loaded.scenario.claims.is_none() && !loaded.scenario.is_disrupted());
    assert!(!loaded.resolved.contains("[claims]"));
}

#[test]
fn bom_and_windows_lines_are_tolerated() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("my.toml");
    std::fs::write(&path, format!("\u{feff}{}", SMALL.replace('\n', "\r\n"))).expect("written");
    let loaded = load(&Source::File(path), &[], &KNOWN).unwrap_or_else(|problems| panic!("{problems}"));
    assert_eq!(loaded.resolved, load_text(SMALL, &[]).expect("good").resolved);
    assert_eq!(loaded.inputs.len(), 1);
}

/// Whatever can be written can be explained: each value of the resolved scenario is a setting, or a part of one.
#[test]
fn every_value_is_explained() {
    fn paths(map: &Map, above: &str, found: &mut Vec<String>) {
        for entry in &map.entries {
            let path = if above.is_empty() { key_text(&entry.key) } else { format!("{above}.{}", key_text(&entry.key)) };
            match &entry.node.value {
                Value::Table(inner) => paths(inner, &path, found),
                Value::Array(items) if items.iter().all(|item| item.value.as_table().is_some()) => {
                    for (index, item) in items.iter().enumerate() {
                        paths(item.value.as_table().expect("a table"), &format!("{path}.{index}"), found);
                    }
                }
                _ => found.push(path),
            }
        }
    }
    let loaded = load_text(FULL, &[]).unwrap_or_else(|problems| panic!("{problems}"));
    let mut sources = Sources::default();
    let source = sources.add("resolved", loaded.resolved.as_str());
    let (tree, _) = parse_document(&loaded.resolved, source);
    let mut found = Vec::new();
    paths(&tree, "", &mut found);
    assert!(found.len() > 100, "{found:?}");
    let unexplained: Vec<&String> = found.iter().filter(|path| explain(&loaded.settings, path).is_err()).collect();
    assert!(unexplained.is_empty(), "{unexplained:?}");
}

#[test]
fn settings_are_explained() {
    let settings = load_text(SMALL, &["run.seed=7"]).expect("good").settings;
    let horizon = explain(&settings, "run.horizon").expect("known");
    assert_eq!(
        horizon,
        "run.horizon = \"30 d\"\n  what:    End of the run after t = 0.\n  unit:    time\n  default: none\n  set in:  my.toml:5\n"
    );
    let seed = explain(&settings, "run.seed").expect("known");
    assert!(seed.contains("default: 1\n") && seed.contains("set in:  --set:1\n"), "{seed}");
    let follow_up = explain(&settings, "run.follow_up").expect("known");
    assert!(follow_up.contains("nowhere, this is the default"), "{follow_up}");
    let at = "outage.attack.at = \"10 d\"\n  what:    When it begins: a local date and time, a time or a law of a time after t = 0, or { after = \"other\", \
              delay = \"6 h\" }.\n  unit:    time\n  default: none\n  set in:  my.toml:26\n";
    assert_eq!(explain(&settings, "outage.attack.at").expect("by id"), at);
    assert_eq!(explain(&settings, "outage.0.at").expect("by place"), at);
    assert!(explain(&settings, "outage.1.at").is_err() && explain(&settings, "pharmacies.0.sites").is_err());
    assert!(explain(&settings, "outage.attack").expect("all of it").contains("outage.attack.mode = \"hard_stop\"\n"));
    assert_eq!(explain(&settings, "run.horizn").expect_err("misspelt").lines().last(), Some("did you mean `run.horizon`?"));
    let section = explain(&settings, "clearinghouses.chnge").expect_err("misspelt");
    assert_eq!(section.lines().last(), Some("did you mean `clearinghouses.change`?"));
    assert!(explain(&settings, "capacity").expect_err("where").contains("did you mean `clearinghouses.change.capacity`?"));
}

/// It is written under every chart.
#[test]
fn a_title_has_an_end() {
    let titled = |length: usize| load_text(SMALL, &[&format!("title=\"{}\"", "é".repeat(length))]);
    assert!(titled(200).is_ok());
    let problem = titled(201).expect_err("too long").to_string();
    assert!(problem.starts_with("error: `title` has 201 characters: at most 200\n"), "{problem}");
}

/// What is proposed is within the horizon.
#[test]
fn a_step_is_proposed_that_fits() {
    for (horizon, step) in [("2 h", "1 h"), ("30 min", "1 min"), ("30 s", "1 s")] {
        let sets = [&format!("run.horizon={horizon}"), "run.warm_up=0 s", "run.follow_up=1 s", "run.timeline_step=3 h"];
        let problem = load_text(SMALL, &sets).expect_err("too coarse").to_string();
        assert!(problem.contains(&format!("= help: for example timeline_step = \"{step}\"\n")), "{problem}");
    }
}

/// A metric that is never reported is no rule for the end of a run, and no check.
#[test]
fn metrics_that_are_not_reported_decide_nothing() {
    let until = "run.replications={ until = \"backlog_peak_day\", half_width = \"5 %\", max = 12 }";
    let check = "check=[{ metric = \"backlog_peak_day\", below = 4 }]";
    assert!(load_text(SMALL, &[until, check]).is_ok());
    let problems = load_text(SMALL, &[until, check, "outage=[]"]).expect_err("no disruption").to_string();
    assert_eq!(
        problems.matches("error: `backlog_peak_day` is not reported: the scenario has no disruption").count(),
        2,
        "{problems}"
    );
}
