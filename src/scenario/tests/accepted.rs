//! Good scenarios.

use super::{FULL, METRICS, SMALL, load_text};
use crate::disruption::{ArrivalRule, InFlight, Mode, Onset, Recovery};
use crate::network::{Demand, Hours, Route, Staffing};
use crate::scenario::{Replications, Source, explain, load};
use crate::units::Span;

#[test]
fn every_key_is_read() {
    let loaded = load_text(FULL, &[]).unwrap_or_else(|problems| panic!("{problems}"));
    let scenario = &loaded.scenario;
    assert_eq!(scenario.run.horizon, Span::DAY.scaled(40.0));
    assert!(matches!(&scenario.run.replications, Replications::Until { metric, max: 500, .. } if metric == "share_delayed_72h"));
    assert_eq!(scenario.network.links.len(), 5, "change reaches two and forwards, relay reaches all");
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
    let [ransomware, slow, pharmacy, noisy, _] = scenario.outages.as_slice() else { panic!("five outages") };
    assert!(matches!(ransomware.onset, Onset::At(at) if at == Span::DAY.scaled(7.0) + Span::HOUR.scaled(8.0)));
    let Recovery::Stages(stages) = &ransomware.recovery else { panic!("two stages") };
    assert_eq!(stages[1].who.len(), 1, "all not yet served");
    assert!(matches!(slow.onset, Onset::After { outage: 0, .. }));
    assert!(matches!(slow.mode, Mode::Degrade(_)));
    assert_eq!((pharmacy.in_flight, pharmacy.arrivals), (InFlight::Frozen, ArrivalRule::Queue));
    assert_eq!(noisy.target.links.len(), 1);
    assert_eq!(loaded.targets[0], ("ransomware".to_owned(), "1 clearinghouse".to_owned()));
    assert_eq!(loaded.targets[2].1, "1 pharmacy group");
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
    let loaded = load(&Source::File(path), &[], &METRICS).unwrap_or_else(|problems| panic!("{problems}"));
    assert_eq!(loaded.resolved, load_text(SMALL, &[]).expect("good").resolved);
    assert_eq!(loaded.inputs.len(), 1);
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
    assert!(explain(&settings, "outage.attack").expect("all of it").contains("outage.attack.mode = \"hard_stop\"\n"));
    assert_eq!(explain(&settings, "run.horizn").expect_err("misspelt").lines().last(), Some("did you mean `run.horizon`?"));
    assert!(explain(&settings, "capacity").expect_err("where").contains("did you mean `clearinghouses.change.capacity`?"));
}
