//! Pharmacies that are advanced one after the other, against the same with everything in one calendar.

use rxoutage::sim::{Blueprint, Plan, ReplicationResult, Workspace};

use crate::support::load_shipped;

/// A replication with its sites one after the other, and with one calendar.
fn both_ways(path: &str, sets: &[&str], replication: u32) -> (ReplicationResult, ReplicationResult) {
    let loaded = load_shipped(path, sets);
    let blueprint = Blueprint::new(&loaded.scenario);
    let plan = Plan::new(&blueprint);
    let by_site = Workspace::new(&blueprint, &plan).replicate(replication);
    let in_one = Workspace::new(&blueprint, &plan).with_one_calendar().replicate(replication);
    (by_site, in_one)
}

/// All that is measured, bit by bit.
fn measured(result: &ReplicationResult) -> (Vec<Option<u64>>, Vec<Option<u64>>, Vec<u32>) {
    let bits = |values: &[Option<f64>]| values.iter().map(|value| value.map(f64::to_bits)).collect();
    (bits(&result.values), bits(&result.nodes), result.series.iter().map(|value| value.to_bits()).collect())
}

/// Nine days of the small country in normal service.
const NORMAL: &[&str] =
    &["run.horizon=9 d", "run.warm_up=2 d", "run.follow_up=2 d", "run.replications=1", "run.timeline_step=3 h", "check=[]"];

/// With room and without, with claims that time out, linger, are tried again and taken elsewhere, with services of several servers; the same to the last
/// bit, the longest line of thousands of sites together included.
#[test]
fn one_site_after_the_other_or_all_in_one_calendar_is_the_same() {
    let downtime = "downtime={ retry = { attempts = 2, backoff = \"1 min\" }, move = { share = 0.4, travel = \"20 min\" }, \
                    wait = { return_after = \"6 h\", patience = \"2 d\" } }";
    let leaving = |travel: &str| format!("downtime={{ move = {{ share = 0.5, travel = \"{travel}\", permanent = 0.5 }} }}");
    let crowded = ["change", "relayhealth", "powerline"].map(|id| format!("clearinghouses.{id}.capacity=330 claims/s"));
    let payer = "share = 0.25, latency = \"1 s\", servers = 400, service = { exponential = { mean = \"2 s\" } }";
    let payer = format!("payers.caremark={{ {payer} }}");
    let cases: &[(&str, &[&str])] = &[
        ("normal service", &[]),
        ("claims that time out", &["claims.timeout=2 s", downtime]),
        ("patients who leave for good", &["claims.timeout=2 s", &leaving("61 s")]),
        ("crowded switches", &[&crowded[0], &crowded[1], &crowded[2], "claims.timeout=5 s", downtime]),
        ("claims that linger", &[&crowded[0], &crowded[1], "claims.timeout=5 s", "claims.on_timeout=lingers", downtime]),
        ("a payer of many servers", &[&payer, "claims.timeout=20 s", downtime]),
        ("prescribers in line", &["prescribing_networks.surescripts.capacity=300 claims/s"]),
        ("patience", &["prescriptions.patience={ exponential = { mean = \"20 min\" } }"]),
        ("no switch", &["pharmacies.chain.routes={ direct = 1.0 }"]),
    ];
    // Who may be at another pharmacy at once keeps all in one calendar.
    let (by_site, in_one) = both_ways("baseline.toml", &[NORMAL, &["claims.timeout=2 s", &leaving("59 s")]].concat(), 0);
    assert_eq!(by_site.events, in_one.events);
    for (name, sets) in cases {
        let (by_site, in_one) = both_ways("baseline.toml", &[NORMAL, sets].concat(), 0);
        assert_ne!(by_site.events, in_one.events, "{name}: two ways");
        assert!(measured(&by_site) == measured(&in_one), "{name}");
        assert_eq!(by_site.delays, in_one.delays, "{name}");
    }
}

/// Until the outage the run is advanced by site, and its twin all the time, unless somebody leaves a pharmacy for good in it. When the staff come, what
/// has waited through the night takes all of them the same time, at all sites: thousands of claims in the same microsecond, in the same order both ways.
#[test]
fn run_and_twin_are_those_of_one_calendar() {
    // Without a service of limited capacity there is nothing that pharmacies meet at, and as many events as in one calendar.
    let switch = "clearinghouses.relayhealth.capacity=20 claims/s";
    let main_switch = "clearinghouses.change.capacity=20 claims/s";
    // An order of staff, with which all goes into one calendar, comes a minute after the doors have opened: most are in service.
    let overtime = "order=[{ id = \"overtime\", at = 2024-02-20T09:01:00, lasts = \"1 h\", staff = 1.5 }]";
    let cases: &[(&str, &[&str])] = &[
        ("quickstart.toml", &[]),
        ("change-healthcare-2024.toml", &["run.scale=0.001", "run.horizon=30 d", "target=[]"]),
        ("dependent-chain.toml", &["run.scale=0.5", "run.horizon=24 d", "target=[]", switch]),
        ("dependent-chain.toml", &["run.scale=0.5", "run.horizon=24 d", "target=[]", switch, "claims.timeout=1500 ms"]),
        ("dependent-chain.toml", &["run.scale=0.5", "run.horizon=24 d", "target=[]", main_switch, "work.entry=2 min", overtime]),
        ("switch-failover.toml", &[]),
    ];
    for (path, sets) in cases {
        for replication in 0..2 {
            let (by_site, in_one) = both_ways(path, sets, replication);
            assert_ne!(by_site.events, in_one.events, "{path}: two ways");
            assert!(measured(&by_site) == measured(&in_one), "{path} {sets:?}, replication {replication}");
            assert_eq!(by_site.delays, in_one.delays, "{path} {sets:?}, replication {replication}");
        }
    }
}

/// The comparison sees what differs: another replication does.
#[test]
fn another_replication_is_another_result() {
    let (first, _) = both_ways("baseline.toml", NORMAL, 0);
    let (second, _) = both_ways("baseline.toml", NORMAL, 1);
    assert!(measured(&first) != measured(&second));
}
