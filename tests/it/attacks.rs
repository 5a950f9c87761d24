//! Attacks: the timeline of one worked out by hand, the chance of one, and what an attack leaves alone.

use rxoutage::disruption::{Openness, Timeline};
use rxoutage::experiment::{self, METRICS, Outcome, Unattended};
use rxoutage::network::GroupId;
use rxoutage::random::Chance;
use rxoutage::sim::{Blueprint, Needs};
use rxoutage::units::{SimTime, Span};

use crate::outages::diary_of;
use crate::support::{load_text, tally};

/// Two switches and two payers, one of each on a platform of its own above a common data centre. Stations: 0 is the switch, 1 the other
/// switch, 2 the state's payer, 3 the other payer.
const NETWORK: &str = r#"
format = 1
name = "attacked"
[run]
horizon = "60 d"
warm_up = "1 d"
replications = 1
timeline_step = "1 d"
[work]
entry = "3 min"
[pharmacies.retail]
sites = 2
prescriptions_per_day = 40
staff = 1
routes = { switch = 0.5, other = 0.5 }
[pharmacies.military]
sites = 1
prescriptions_per_day = 40
staff = 1
routes = { switch = 1.0 }
[platforms.centre]
[platforms.switching]
depends_on = ["centre"]
[platforms.processing]
depends_on = ["centre"]
[clearinghouses.switch]
capacity = "100 claims/s"
depends_on = ["switching"]
[clearinghouses.other]
[payers.state]
share = 0.5
depends_on = ["processing"]
[payers.plan]
share = 0.5
"#;

/// Everything reached, nothing by chance: disconnected on day 5.
const PLAIN: &str = r#"
[[attack]]
id = "ransomware"
entry = "2 d"
detection = "3 d"
[attack.platforms.centre]
reached = 1
rebuild = "9 d"
[attack.platforms.switching]
reached = 1
rebuild = "15 d"
recovery = [{ after = "0 s", capacity = 0.99, who = { type = "retail" } }, { after = "25 d", who = { type = "military" } }]
[attack.platforms.processing]
reached = 0
isolated = 1
reconnected_after = "2 d"
rebuild = "30 d"
"#;

fn days(number: f64) -> SimTime {
    SimTime::ZERO + Span::DAY.scaled(number)
}

fn timeline(rest: &str, replication: u32) -> Timeline {
    let loaded = load_text(&format!("{NETWORK}{rest}"));
    Blueprint::new(&loaded.scenario).timeline(Chance::new(7, replication))
}

/// Day, cause, station, speed and whom it serves, of each effect.
fn rows(timeline: &Timeline) -> Vec<(f64, u32, u32, f64, &Openness)> {
    let row = |effect: &rxoutage::disruption::Effect| {
        let condition = &timeline.conditions[effect.condition as usize];
        (effect.time.days(), effect.cause, effect.station, condition.speed, &condition.open)
    };
    timeline.effects.iter().map(row).collect()
}

#[test]
fn a_timeline_by_hand() {
    let timeline = timeline(PLAIN, 0);
    let (nobody, all) = (&Openness::Nobody, &Openness::All);
    let retail = &Openness::Only(vec![true]);
    let expected = [
        (5.0, 0, 0, 0.0, nobody), // the data centre takes the switch and the state's payer down ...
        (5.0, 0, 2, 0.0, nobody),
        (5.0, 1, 0, 0.0, nobody), // ... the switch, which has its own rebuild, once more ...
        (5.0, 2, 2, 0.0, nobody), // ... and the processor is cut off to be on the safe side
        (7.0, 2, 2, 1.0, all),
        (14.0, 0, 0, 1.0, all),
        (14.0, 0, 2, 1.0, all),
        (20.0, 1, 0, 0.99, retail),
        (45.0, 1, 0, 1.0, all), // the last stage is the end
    ];
    assert_eq!(rows(&timeline), expected);
    assert_eq!(timeline.spans, [(Some(days(5.0)), Some(days(45.0)))]);
}

#[test]
fn an_attack_without_chance_is_the_outages_that_it_compiles_to() {
    let outages = r#"
[[outage]]
id = "centre"
target = { platform = "centre" }
at = "5 d"
mode = "hard_stop"
recovery_delay = "9 d"
recovery = "at_once"
[[outage]]
id = "switching"
target = { platform = "switching" }
at = "5 d"
mode = "hard_stop"
recovery_delay = "15 d"
recovery = [{ after = "0 s", capacity = 0.99, who = { type = "retail" } }, { after = "25 d", who = { type = "military" } }]
[[outage]]
id = "processing"
target = { platform = "processing" }
at = "5 d"
mode = "hard_stop"
recovery_delay = "2 d"
recovery = "at_once"
"#;
    let (compiled, listed) = (timeline(PLAIN, 0), timeline(outages, 0));
    assert_eq!((compiled.effects, compiled.conditions), (listed.effects, listed.conditions));
    // And so it is in all results, an order that follows the one or the other included.
    let order = |after| format!("[[order]]\nid = \"overtime\"\nat = {{ after = \"{after}\", delay = \"1 d\" }}\nstaff = 1.5\n");
    let values = |outcome: &Outcome| format!("{:?}", outcome.points[0].replications[0].values);
    let attack = run(&format!("{PLAIN}{}", order("ransomware")));
    assert_eq!(values(&attack), values(&run(&format!("{outages}{}", order("centre")))));
    assert_ne!(values(&attack), values(&run(PLAIN)), "the order does something");
}

#[test]
fn a_platform_may_fail_gently_and_come_back_by_a_ramp() {
    let rest = PLAIN.replace("rebuild = \"9 d\"", "rebuild = \"4 d\"\nmode = { reject = { probability = 0.5 } }\nrecovery = { ramp = { start = \"0 s\", end = \"100 d\" } }");
    let timeline = timeline(&rest, 0);
    let rejected = |effect: &&rxoutage::disruption::Effect| effect.cause == 0 && effect.station == 0;
    let rejects = timeline
        .effects
        .iter()
        .filter(rejected)
        .map(|effect| (effect.time.days(), timeline.conditions[effect.condition as usize].reject));
    assert_eq!(rejects.take(3).collect::<Vec<_>>(), [(5.0, 0.5), (9.5, 0.5 * 0.99), (10.5, 0.5 * 0.98)]);
}

#[test]
fn only_what_it_gets_to_before_its_detection_is_reached() {
    let with = |after: &str| PLAIN.replacen("reached = 1\n", &format!("reached = 1\nreached_after = \"{after}\"\n"), 1);
    assert_eq!(rows(&timeline(&with("72 h"), 0)), rows(&timeline(PLAIN, 0)), "at the instant of detection is not too late");
    let late = timeline(&with("73 h"), 0);
    assert!(rows(&late).iter().all(|(_, cause, ..)| *cause != 0), "the data centre stays up");
    assert_eq!(rows(&late).len(), 5);
}

#[test]
fn nothing_disconnected_is_no_disruption() {
    for rest in [
        PLAIN.replace("detection = \"3 d\"", "detection = \"3 d\"\nsucceeds = 0"),
        PLAIN.replace("reached = 1", "reached = 0").replace("isolated = 1", "isolated = 0"),
        // Detected after the end.
        PLAIN.replace("detection = \"3 d\"", "detection = { uniform = { low = \"60 d\", high = \"61 d\" } }"),
    ] {
        let timeline = timeline(&rest, 0);
        assert!(timeline.effects.is_empty());
        assert_eq!(timeline.spans, [(None, None)], "{rest}");
    }
    // What never comes back has no end, and neither has what comes back after the run.
    for rest in
        [PLAIN.replace("rebuild = \"9 d\"", "recovery = \"never\""), PLAIN.replace("rebuild = \"9 d\"", "rebuild = \"60 d\"")]
    {
        assert_eq!(timeline(&rest, 0).spans, [(Some(days(5.0)), None)], "{rest}");
    }
}

/// Frequencies over 2,000 replications of fixed numbers, each within four standard errors.
#[test]
fn probabilities_are_met_and_what_is_likelier_happens_for_the_same_chance() {
    let with = |succeeds: f64, reached: f64| {
        let rest = PLAIN
            .replace("detection = \"3 d\"", &format!("detection = \"3 d\"\nsucceeds = {succeeds}"))
            .replace("reached = 1", &format!("reached = {reached}"))
            .replace("isolated = 1", "isolated = 0");
        let loaded = load_text(&format!("{NETWORK}{rest}"));
        let blueprint = Blueprint::new(&loaded.scenario);
        let cut = |replication| {
            let timeline = blueprint.timeline(Chance::new(7, replication));
            [0, 1].map(|cause| timeline.effects.iter().any(|effect| effect.cause == cause))
        };
        (0..2000).map(cut).collect::<Vec<[bool; 2]>>()
    };
    let share = |cuts: &[[bool; 2]], is: &dyn Fn(&[bool; 2]) -> bool| {
        cuts.iter().filter(|cut| is(cut)).count() as f64 / cuts.len() as f64
    };
    let near = |seen: f64, p: f64| assert!((seen - p).abs() < 4.0 * (p * (1.0 - p) / 2000.0).sqrt(), "{seen} {p}");
    let base = with(0.6, 0.5);
    near(share(&base, &|cut| cut[0]), 0.3);
    near(share(&base, &|cut| cut[1]), 0.3);
    near(share(&base, &|cut| cut[0] && cut[1]), 0.15); // the platforms share the entry and nothing else
    for more in [with(0.8, 0.5), with(0.6, 0.7)] {
        assert!(base.iter().zip(&more).all(|(a, b)| a[0] <= b[0] && a[1] <= b[1]));
        assert!(share(&more, &|cut| cut[0]) > 0.35);
    }
}

/// A third of the time to rebuild is a third in every replication, and nothing else moves.
#[test]
fn another_law_of_the_same_shape_meets_the_same_chance() {
    let rest = |rebuild: &str| {
        PLAIN
            .replace("rebuild = \"9 d\"", &format!("rebuild = {{ lognormal = {{ median = \"{rebuild}\", sigma = 0.5 }} }}"))
            .replace("entry = \"2 d\"", "entry = { uniform = { low = \"1 d\", high = \"3 d\" } }")
            .replace("rebuild = \"15 d\"", "rebuild = { exponential = { mean = \"6 d\" } }")
            .replace("\"25 d\"", "{ exponential = { mean = \"2 d\" } }")
    };
    for replication in 0..20 {
        let (slow, fast) = (timeline(&rest("9 d"), replication), timeline(&rest("3 d"), replication));
        let of_cause = |timeline: &Timeline, wanted: u32| {
            let rows = rows(timeline).into_iter().filter(|(_, cause, ..)| *cause == wanted);
            rows.map(|(day, ..)| day).collect::<Vec<f64>>()
        };
        assert_eq!(slow.spans[0].0, fast.spans[0].0);
        let onset = slow.spans[0].0.expect("it happens").days();
        let (slow_back, fast_back) = (of_cause(&slow, 0)[2] - onset, of_cause(&fast, 0)[2] - onset);
        assert!((slow_back - 3.0 * fast_back).abs() < 1e-9, "{slow_back} {fast_back}");
        for cause in [1, 2] {
            assert_eq!(of_cause(&slow, cause), of_cause(&fast, cause));
        }
    }
}

const SECOND: &str = r#"
[[attack]]
id = "second"
entry = { exponential = { mean = "20 d" } }
succeeds = 0.5
detection = { exponential = { mean = "2 d" } }
[attack.platforms.processing]
reached = 0.5
rebuild = { exponential = { mean = "5 d" } }
[[outage]]
id = "outage"
target = { clearinghouse = "other" }
at = { exponential = { mean = "20 d" } }
mode = "drain"
recovery_delay = { exponential = { mean = "1 d" } }
recovery = "at_once"
[[failure]]
id = "failure"
target = { payer = "plan" }
time_to_failure = { exponential = { mean = "9 d" } }
time_to_repair = "3 h"
"#;

#[test]
fn a_change_of_one_attack_leaves_the_other_disruptions_as_they_were() {
    let changed = PLAIN.replace("detection = \"3 d\"", "detection = { exponential = { mean = \"4 d\" } }\nsucceeds = 0.4");
    let mut happened = 0;
    for replication in 0..20 {
        let (a, b) = (timeline(&format!("{PLAIN}{SECOND}"), replication), timeline(&format!("{changed}{SECOND}"), replication));
        // Outages come first, then attacks, then failures.
        for other in [0, 2, 3] {
            assert_eq!(a.spans[other], b.spans[other]);
        }
        happened += usize::from(a.spans[2].0.is_some());
    }
    assert!((1..20).contains(&happened), "{happened}");
}

#[test]
fn an_outage_may_follow_an_attack() {
    let outage = "[[outage]]\nid = \"surge\"\ntarget = { clearinghouse = \"other\" }\nat = { after = \"ransomware\", delay = \"36 h\" }\n\
                  mode = \"drain\"\nrecovery_delay = \"1 d\"\nrecovery = \"at_once\"\n";
    let follows = timeline(&format!("{PLAIN}{outage}"), 0);
    assert_eq!(follows.spans[0], (Some(days(6.5)), Some(days(7.5))));
    let never =
        timeline(&format!("{}{outage}", PLAIN.replace("reached = 1", "reached = 0").replace("isolated = 1", "isolated = 0")), 0);
    assert_eq!(never.spans, [(None, None), (None, None)]);
}

/// The D/D/1 of the test `outages`, its switch disconnected from minute 302 to 332.
#[test]
fn work_in_flight_and_arrivals_are_those_of_a_hard_stop() {
    let ready = |rules: &str| {
        let text = format!(
            "format = 1\nname = \"by-hand\"\nrun = {{ horizon = \"10 h\", follow_up = \"0 s\", replications = 1 }}\nclaims = {{ timeout = \"none\" }}\n\
             [pharmacies.counter]\nsites = 1\ninterarrival = \"10 min\"\nstaff = 1\nroutes = {{ switch = 1.0 }}\n\
             [clearinghouses.switch]\nservers = 1\nservice = \"4 min\"\ndepends_on = [\"centre\"]\n[payers.payer]\nshare = 1.0\n[platforms.centre]\n\
             [[attack]]\nid = \"attack\"\nentry = \"5 h\"\ndetection = \"2 min\"\n[attack.platforms.centre]\nreached = 1\nrebuild = \"30 min\"\n{rules}"
        );
        diary_of(&text).into_iter().map(|(_, ready)| ready).collect::<Vec<f64>>()
    };
    assert_eq!(ready("in_flight = \"frozen\"\narrivals = \"queue\""), [334.0, 338.0, 342.0, 346.0, 350.0, 354.0]);
    assert_eq!(ready(""), [336.0, 340.0, 344.0, 348.0, 352.0, 356.0], "sent back, as by default");
}

fn run(rest: &str) -> Outcome {
    let text = NETWORK.replace("replications = 1", "replications = 4").replace("\"60 d\"", "\"20 d\"");
    experiment::run(&load_text(&format!("{text}{rest}")).scenario, &Unattended)
}

/// The same prescriptions, to the last bit, and no excess.
#[test]
fn an_attack_that_never_succeeds_is_no_attack() {
    let (none, off) = (run(""), run(&PLAIN.replace("detection = \"3 d\"", "detection = \"3 d\"\nsucceeds = 0")));
    let mut compared = 0;
    for (index, metric) in METRICS.iter().enumerate() {
        if Needs::TWIN.met_by(metric.needs) {
            if metric.name.starts_with("excess") {
                assert!(off.values(0, 0, index).flatten().all(|value| value == 0.0), "{}", metric.name);
            }
            continue;
        }
        let bits = |outcome: &Outcome| outcome.values(0, 0, index).map(|value| value.map(f64::to_bits)).collect::<Vec<_>>();
        assert_eq!(bits(&none), bits(&off), "{}", metric.name);
        compared += 1;
    }
    assert!(compared > 10, "{compared}");
}

#[test]
fn an_attack_takes_part_wherever_an_outage_does() {
    let outcome = run(&PLAIN.replace("detection = \"3 d\"", "detection = \"3 d\"\nsucceeds = 0.5"));
    let [spell] = outcome.disruptions.as_slice() else { panic!("one disruption") };
    assert_eq!((spell.id.as_str(), spell.onset), ("ransomware", Some(days(5.0))));
    assert_eq!(spell.restored, None, "the military would be served on day 45");
    assert!([0.25, 0.5, 0.75].contains(&spell.happened_share), "{}", spell.happened_share);
    // Recovery is measured where it happens, and is nothing where it does not.
    let losses = tally(&outcome, "affected=yes", "resilience_loss_hours");
    assert_eq!(losses.count(), 4);
    assert!(losses.min() == Some(0.0) && losses.max().is_some_and(|most| most > 24.0), "{losses:?}");
    let affected = outcome.group("affected=yes").expect("a group");
    assert!(outcome.estimate(0, affected, "requested").is_some_and(|requested| requested.mean > 0.0));
}

/// Each platform's way back, by group where it has stages: what the time to clear a backlog is counted from.
#[test]
fn each_platform_is_over_for_each_group() {
    let timeline = timeline(PLAIN, 0);
    let over = |group: u32| -> Vec<f64> {
        timeline.restorations.iter().map(|restoration| restoration.over_for(GroupId(group)).since(SimTime::ZERO).days()).collect()
    };
    // Data centre, switching, processing, each after day 5: 9 d for all; 15 d and 25 d more for the military; 2 d for all.
    assert_eq!(over(0), [14.0, 20.0, 7.0]);
    assert_eq!(over(1), [14.0, 45.0, 7.0]);
    assert_eq!(timeline.restorations[1].stations, [0]);
}
