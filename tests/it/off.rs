//! A feature whose settings come to nothing is as if it had never been mentioned: every value of every metric and series, to the bit. The switch
//! `enabled` is in `catalogue.rs`.

use std::fs;

use rxoutage::experiment::{self, METRICS, Outcome, Unattended};
use rxoutage::scenario::Source;
use rxoutage::sim::{NODE_METRICS, SERIES};

use crate::support::{load_text, repository};

/// A network with everything by chance, and an outage of two days with claims that are blocked, pauses, returns and re-routing.
fn base() -> String {
    fs::read_to_string(repository().join("tests/scenarios/base.toml")).expect("a scenario")
}

/// What people do in the base already.
const DOWNTIME: &str = "[downtime]\n\
    retry = { attempts = 2, backoff = \"1 min\", jitter = 0.5 }\n\
    wait = { return_after = { exponential = { mean = \"8 h\" } }, patience = { lognormal = { median = \"3 d\", sigma = 0.8 } } }\n";

fn run(text: &str) -> Outcome {
    experiment::run(&load_text(text).scenario, &Unattended)
}

/// Every value that both have is the same to the bit; `NaN` (not estimable) is equal to itself.
fn assert_same(name: &str, base: &Outcome, other: &Outcome) {
    assert_eq!(base.groups, other.groups, "{name}");
    for (a, b) in base.points[0].replications.iter().zip(&other.points[0].replications) {
        for (at, metric) in METRICS.iter().enumerate().filter(|(_, metric)| metric.needs.met_by(base.has)) {
            for group in 0..base.groups.len() {
                let place = group * METRICS.len() + at;
                let (x, y) = (a.values[place].map(f64::to_bits), b.values[place].map(f64::to_bits));
                assert_eq!(x, y, "{name}: {} of {}", metric.name, base.groups[group].key);
            }
        }
        for (at, series) in SERIES.iter().enumerate().filter(|(_, series)| series.needs.met_by(base.has)) {
            let length = base.instants.len();
            for group in 0..base.groups.len() {
                let first = (group * SERIES.len() + at) * length;
                let bits = |values: &[f32]| values[first..first + length].iter().map(|value| value.to_bits()).collect::<Vec<_>>();
                assert_eq!(bits(&a.series), bits(&b.series), "{name}: {} of {}", series.name, base.groups[group].key);
            }
        }
        for (at, node) in base.nodes.iter().enumerate().filter(|(_, node)| node.role != "link") {
            // A link of which nothing is said counts nothing: it is none of the stations.
            let own = at * NODE_METRICS.len()..(at + 1) * NODE_METRICS.len();
            assert_eq!(a.nodes[own.clone()], b.nodes[own], "{name}: node {}", node.id);
        }
        assert_eq!(a.delays, b.delays, "{name}: delays");
    }
}

/// A switched-off feature: its name, what is replaced in the base, and what is added to the end (which is within `[downtime]`).
type Off = (&'static str, &'static [(&'static str, &'static str)], &'static str);

const NORTH: &str = "routes = { one = 1.0 }\n";

const OFF: &[Off] = &[
    ("failover", &[(NORTH, "routes = { one = 1.0 }\nstandby = { share = 0.0, to = [\"two\"], failover = \"1 h\" }\n")], ""),
    ("reroute", &[(NORTH, "routes = { one = 1.0 }\nreroute = { to = [\"two\"], lead_time = \"1000 d\" }\n")], ""),
    ("onboarding", &[("[clearinghouses.two]", "[clearinghouses.two]\nonboarding = \"1 stores/d\"")], ""),
    ("retry budget", &[("jitter = 0.5", "jitter = 0.5, budget = \"none\"")], ""),
    ("on trust", &[], "on_trust = { share = 0.0, extra_minutes = 3, rebill_minutes = 5, lead_time = \"6 h\" }\n"),
    (
        "on trust, by price",
        &[],
        "on_trust = { share = [{ below = \"50 usd\", share = 0.0 }, { share = 0.0 }], extra_minutes = 3, rebill_minutes = 5 }\n",
    ),
    ("on trust, without credit", &[], "on_trust = { share = 1.0, extra_minutes = 3, rebill_minutes = 5, credit = \"0 usd\" }\n"),
    ("tide over", &[], "tide_over = { share = 0.0, supply = \"3 d\", extra_minutes = 3 }\n"),
    ("cash", &[], "cash = { share = 0.0 }\n"),
    ("move", &[], "move = { share = 0.0, permanent = 1.0 }\n"),
    ("give up", &[], "give_up = { share = 0.0 }\n"),
    ("for nobody", &[], "give_up = { share = 1.0, who = { price_below = \"0.01 usd\" } }\n"),
    ("order of choices", &[], "order = [\"wait\"]\n"),
    ("lingering", &[("timeout = \"30 s\"", "timeout = \"30 s\"\non_timeout = \"withdrawn\"")], ""),
    ("money", &[], "[money]\npayment_lag = \"14 d\"\nreserve = \"1000 usd\"\n"),
    ("order: waive", &[], "[[order]]\nid = \"o\"\nat = \"1 d\"\nwaive = { rejects = \"question\", share = 0.0 }\n"),
    ("order: staff", &[], "[[order]]\nid = \"o\"\nwhen = { backlog = \"1000 d\" }\nstaff = 1.5\n"),
    ("pick-up", &[], "[pick_up]\nlag = \"0 s\"\nabandoned = 0.000000001\n"),
    ("a link without latency", &[], "[[link]]\nfrom = \"one\"\nto = \"plan\"\nlatency = \"0 s\"\n"),
    (
        "a link that never fails",
        &[],
        "[[outage]]\nid = \"never\"\ntarget = { link = { from = \"one\", to = \"plan\" } }\nat = \"3 d\"\nprobability = 0\nmode = \"hard_stop\"\nrecovery_delay = \"1 d\"\nrecovery = \"at_once\"\n",
    ),
];

/// A change of the base, or of what is added to it.
fn changed(changes: &[(&str, &str)], added: &str) -> String {
    let mut text = format!("{}{DOWNTIME}{added}", base());
    for (old, new) in changes {
        assert!(text.contains(old), "there is no `{old}`");
        text = text.replacen(old, new, 1);
    }
    text
}

#[test]
fn what_is_switched_off_is_as_if_never_mentioned() {
    let base = run(&changed(&[], ""));
    for (name, changes, added) in OFF {
        assert_same(name, &base, &run(&changed(changes, added)));
    }
}

/// A patient who comes back after the end of the run is only called, like a claim that rests. (Without a time-out: one that has missed an answer
/// though its way is open is resubmitted after a while, and a patient who waits is not.)
#[test]
fn waiting_for_ever_is_resting() {
    let alone = |downtime: &str| run(&format!("{}{downtime}", base().replace("\"30 s\"", "\"none\"")));
    assert_same("wait", &alone(""), &alone("[downtime]\nwait = { return_after = \"1000 d\" }\n"));
}

/// The comparison is able to fail: each feature, switched on, changes something.
#[test]
fn what_is_switched_on_changes_something() {
    let base = run(&changed(&[], ""));
    let differs = |changes: &[(&str, &str)], added: &str| {
        let other = run(&changed(changes, added));
        let all = |outcome: &Outcome| -> Vec<Option<u64>> {
            let values = outcome.points[0].replications.iter().flat_map(|replication| {
                let known = METRICS.iter().enumerate().filter(|(_, metric)| metric.needs.met_by(base.has));
                known.map(|(at, _)| replication.values[at].map(f64::to_bits)).collect::<Vec<_>>()
            });
            values.collect()
        };
        all(&base) != all(&other)
    };
    let on: &[Off] = &[
        ("failover", &[(NORTH, "routes = { one = 1.0 }\nstandby = { share = 0.5, to = [\"two\"], failover = \"1 h\" }\n")], ""),
        ("reroute", &[(NORTH, "routes = { one = 1.0 }\nreroute = { to = [\"two\"], lead_time = \"6 h\" }\n")], ""),
        ("retry budget", &[("jitter = 0.5", "jitter = 0.5, budget = 0")], ""),
        ("on trust", &[], "on_trust = { share = 0.3, extra_minutes = 3, rebill_minutes = 5, lead_time = \"6 h\" }\n"),
        ("tide over", &[], "tide_over = { share = 0.5, supply = \"1 d\", extra_minutes = 3 }\n"),
        ("cash", &[], "cash = { share = 0.5 }\n"),
        ("move", &[], "move = { share = 0.5 }\n"),
        ("give up", &[], "give_up = { share = 0.5, who = { on_hand_below = \"1 d\" } }\n"),
        ("resubmission", &[], "resubmission = { per_store = \"6 claims/h\" }\n"),
        (
            "order: emergency supply",
            &[],
            "[[order]]\nid = \"o\"\nat = \"80 h\"\nemergency_supply = { share = 1.0, supply = \"3 d\", extra_minutes = 2 }\n",
        ),
        ("order: waive", &[], "[[order]]\nid = \"o\"\nat = \"80 h\"\nwaive = { rejects = \"question\" }\n"),
        ("order: staff", &[], "[[order]]\nid = \"o\"\nwhen = { backlog = \"6 h\" }\nstaff = 1.5\n"),
        ("order: prioritise", &[], "[[order]]\nid = \"o\"\nwhen = { share_delayed = 0.1 }\nprioritise = \"maintenance\"\n"),
        ("pick-up", &[], "[pick_up]\nlag = \"1 d\"\n"),
    ];
    for (name, changes, added) in on {
        assert!(differs(changes, added), "{name}");
    }
}

/// An order for whole prescriptions needs the manual procedure; one that is off does not need one that is off as well.
#[test]
fn an_order_and_the_procedure_that_it_needs_are_off_together() {
    let off = |key: &str| format!("{key}.enabled=false");
    let orders = [off("order.emergency-supply-30d"), off("order.federal-by-hand")];
    let procedure = off("downtime.on_trust");
    let source = || Source::File(repository().join("scenarios/change-healthcare-2024.toml"));
    let load = |sets: &[String]| rxoutage::scenario::load(&source(), sets, &experiment::quantities());
    load(&[&orders[..], core::slice::from_ref(&procedure)].concat()).unwrap_or_else(|problems| panic!("{problems}"));
    let shown = load(&[orders[0].clone(), procedure]).expect_err("one is in force").to_string();
    assert!(shown.contains("`federal-by-hand`") && shown.contains("no manual procedure"), "{shown}");
}
