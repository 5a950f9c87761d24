//! Pharmacies that are advanced one after the other, against the same with everything in one calendar.

use rxoutage::sim::{Blueprint, Plan, ReplicationResult, Workspace};

use crate::support::{load_shipped, load_text};

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

/// The same to the last bit; where many claims are blocked in the same microsecond, who comes first in the end may be another, and a sum of floats differ.
fn assert_same(by_site: &ReplicationResult, in_one: &ReplicationResult, has_ties: bool, what: &str) {
    let is_close = |(a, b): (&Option<f64>, &Option<f64>)| match (a, b) {
        (Some(a), Some(b)) => (a - b).abs() <= 1e-6 * b.abs(),
        (a, b) => a == b,
    };
    let (values, nodes, series) = measured(by_site);
    let (values_in_one, nodes_in_one, series_in_one) = measured(in_one);
    let is_same = if has_ties {
        by_site.values.iter().chain(&by_site.nodes).zip(in_one.values.iter().chain(&in_one.nodes)).all(is_close)
    } else {
        (values, nodes) == (values_in_one, nodes_in_one)
    };
    assert!(is_same && series == series_in_one, "{what}");
    assert_eq!(by_site.delays, in_one.delays, "{what}");
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
        // With so many in line, everything is in one calendar after a while, those included who have left.
        (
            "a switch that falls behind, and patients who leave",
            &["clearinghouses.change.capacity=90 claims/s", &leaving("61 s"), "claims.timeout=20 s"],
        ),
    ];
    // Who may be at another pharmacy at once keeps all in one calendar.
    let (by_site, in_one) = both_ways("baseline.toml", &[NORMAL, &["claims.timeout=2 s", &leaving("59 s")]].concat(), 0);
    assert_eq!(by_site.events, in_one.events);
    for (name, sets) in cases {
        let (by_site, in_one) = both_ways("baseline.toml", &[NORMAL, sets].concat(), 0);
        assert_ne!(by_site.events, in_one.events, "{name}: two ways");
        assert_same(&by_site, &in_one, false, name);
    }
}

/// Services of many servers, where sites go on through a claim as if nobody waited: what comes of it is that of going step by step, where there is room, where
/// claims time out, and where they take their way on through a payer with a limit.
#[test]
fn services_with_room_to_spare_are_those_of_one_calendar() {
    let downtime = "downtime={ retry = { attempts = 2, backoff = \"1 min\" }, move = { share = 0.4, travel = \"20 min\" } }";
    let of = |servers: u32, capacity: &str| {
        ["change", "relayhealth", "powerline"]
            .map(|id| (format!("clearinghouses.{id}.servers={servers}"), format!("clearinghouses.{id}.capacity={capacity}")))
    };
    let cases: &[(&str, u32, &str, &[&str])] = &[
        ("room", 30_000, "1200 claims/s", &[]),
        ("time-outs", 30_000, "1200 claims/s", &["claims.timeout=27 s", downtime]),
        ("a payer with a limit", 30_000, "1200 claims/s", &["payers.caremark.capacity=1200 claims/s"]),
    ];
    for &(name, servers, capacity, sets) in cases {
        let switches = of(servers, capacity);
        let switches: Vec<&str> = switches.iter().flat_map(|(servers, capacity)| [servers.as_str(), capacity.as_str()]).collect();
        let loaded = load_shipped("baseline.toml", &[NORMAL, &switches, sets].concat());
        let blueprint = Blueprint::new(&loaded.scenario);
        let plan = Plan::new(&blueprint);
        let mut workspace = Workspace::new(&blueprint, &plan);
        for replication in 0..2 {
            let by_site = workspace.replicate(replication);
            let in_one = Workspace::new(&blueprint, &plan).with_one_calendar().replicate(replication);
            assert_eq!(workspace.attempts(), 1, "{name}");
            assert_same(&by_site, &in_one, false, &format!("{name}, replication {replication}"));
            // That a claim comes to a switch is an event where sites do not go on through it.
            let more = (by_site.events as f64 - in_one.events as f64) / by_site.prescriptions as f64;
            assert!(more < 0.5, "{name}: {more} events more for each prescription");
        }
    }
}

/// Forty stores that send a claim in the same microsecond every 97 minutes, to a switch of sixteen servers: nothing before tells that some of them have to wait.
/// So it turns out afterwards, and the replication begins anew, until nothing is taken for granted. With a server for each nobody waits.
#[test]
fn who_had_to_wait_after_all_is_simulated_anew() {
    let attempts = |servers: u32| {
        let loaded = load_text(&format!(
            "format = 1\nname = \"bursts\"\nrun = {{ horizon = \"12 d\", follow_up = \"1 d\", replications = 1 }}\n[work]\nfill = \"7 min\"\n\
             [claims]\ntimeout = \"1 min\"\n\
             [pharmacies.stores]\nsites = 40\ninterarrival = \"97 min\"\nstaff = 1\nroutes = {{ switch = 1.0 }}\n\
             [clearinghouses.switch]\nservers = {servers}\nservice = \"10 s\"\n\
             [payers.payer]\nshare = 1.0\nlatency = {{ exponential = {{ mean = \"1 s\" }} }}\n"
        ));
        let blueprint = Blueprint::new(&loaded.scenario);
        let plan = Plan::new(&blueprint);
        let mut workspace = Workspace::new(&blueprint, &plan);
        let mut attempts = Vec::new();
        for replication in 0..2 {
            let by_site = workspace.replicate(replication);
            attempts.push(workspace.attempts());
            let in_one = Workspace::new(&blueprint, &plan).with_one_calendar().replicate(replication);
            assert_same(&by_site, &in_one, false, &format!("{servers} servers, replication {replication}"));
        }
        attempts
    };
    assert_eq!(attempts(60), [1, 1]);
    let crowded = attempts(16);
    assert!(crowded.iter().all(|&attempts| (2..=4).contains(&attempts)), "{crowded:?} attempts");
}

/// Through outages in the middle of the day, with claims in service that are sent back, lost or stand frozen, a limp that is no leap, stages that let some in
/// again, and instants of the timeline that are no whole hours away: what happens between two stretches is no part of what is made sure of after either.
#[test]
fn services_with_room_are_disturbed_as_others_are() {
    let many = ["change", "relayhealth", "powerline"].map(|id| format!("clearinghouses.{id}.servers=30000"));
    let stop = |in_flight: &str| {
        format!("mode = \"hard_stop\", in_flight = \"{in_flight}\", recovery_delay = \"26 h\", recovery = \"at_once\"")
    };
    let stages = "mode = \"hard_stop\", in_flight = \"resubmit\", recovery = [{ after = \"4 h\", capacity = 0.95, who = { type = \"chain\" } }, \
                  { after = \"31 h\", capacity = 1.0 }]";
    let kinds = [
        ("resubmit", stop("resubmit")),
        ("lost", stop("lost")),
        ("frozen", stop("frozen")),
        ("stages", stages.to_owned()),
        ("limp", "mode = { degrade = { capacity = 0.95 } }, recovery_delay = \"26 h\", recovery = \"at_once\"".to_owned()),
    ];
    for (name, kind) in &kinds {
        let outage =
            format!("outage=[{{ id = \"out\", target = {{ clearinghouse = \"change\" }}, at = 2024-02-15T12:07:13, {kind} }}]");
        for step in ["1 h", "20 min"] {
            let step = format!("run.timeline_step={step}");
            let mut sets: Vec<&str> = many.iter().map(String::as_str).collect();
            sets.extend(NORMAL.iter().filter(|set| !["run.timeline_step", "run.horizon"].iter().any(|key| set.starts_with(key))));
            sets.extend([
                outage.as_str(),
                step.as_str(),
                "run.horizon=5 d",
                "downtime={ resubmission = { per_store = \"20 claims/h\" } }",
            ]);
            let (by_site, in_one) = both_ways("baseline.toml", &sets, 0);
            assert_same(&by_site, &in_one, false, &format!("{name}, {step}"));
        }
    }
}

/// What ends just as somebody stops waiting for it may be either first: here nothing does.
const ODD: &[&str] = &[
    "claims.timeout=30013 ms",
    "clearinghouses.north-switch.capacity=19 claims/s",
    "clearinghouses.south-switch.capacity=19 claims/s",
];

/// Through outages and what follows: stores that fail over and sign up, patients who ask first and who leave for good, orders, failures, claims that stand
/// frozen in line, a service that falls behind for good. When the staff come, what has waited through the night takes all of them the same time, at all
/// sites: thousands of claims in the same microsecond, in the same order both ways.
#[test]
fn run_and_twin_are_those_of_one_calendar() {
    // Without a service of limited capacity there is nothing that pharmacies meet at, and as many events as in one calendar. These take no round number of
    // microseconds: what ends just as somebody stops waiting for it may be either first.
    let switch = "clearinghouses.relayhealth.capacity=19 claims/s";
    let main_switch = "clearinghouses.change.capacity=19 claims/s";
    // An order of staff a minute after the doors have opened, with most in service.
    let overtime = "order=[{ id = \"overtime\", at = 2024-02-20T09:01:00, lasts = \"1 h\", staff = 1.5 }]";
    // Many leave for good, most ask first, and it is not far.
    let leavers = "downtime.move={ share = 0.5, travel = \"20 min\", informed = 0.8, permanent = 0.9 }";
    let frozen = &["outage.switch-down.in_flight=frozen", "claims.on_timeout=lingers"];
    let failing = |every: &str| {
        let times = format!("time_to_failure = {{ exponential = {{ mean = \"{every}\" }} }}, time_to_repair = \"7 min\"");
        format!("failure=[{{ id = \"south-fails\", target = {{ clearinghouse = \"south-switch\" }}, {times} }}]")
    };
    let (seldom, often) = (failing("2 d"), failing("20 min"));
    let outage = |what: &str| format!("outage=[{{ id = \"out\", at = 2024-03-06T10:00:00, recovery = \"at_once\", {what} }}]");
    // A network that finishes what it has; a switch without a limit at which claims stand, in front of a payer with one; answers that come after the end.
    let drain = outage("target = { prescribing_network = \"e-prescribing\" }, mode = \"drain\", recovery_delay = \"5 h\"");
    let network = "servers = 4, latency = \"30 s\", service = { exponential = { mean = \"1 min\" } }";
    let network = format!("prescribing_networks.e-prescribing={{ {network} }}");
    let stopped =
        "target = { clearinghouse = \"north-switch\" }, mode = \"hard_stop\", in_flight = \"frozen\", recovery_delay = \"1 h\"";
    let stopped = outage(&format!("{stopped}, arrivals = \"queue\""));
    let payer = "payers.commercial={ share = 0.7, servers = 1, service = { exponential = { mean = \"2 s\" } } }";
    let slow = "target = { payer = \"commercial\" }, mode = { latency = { add = \"20 d\" } }, recovery_delay = \"2 d\"";
    let slow = outage(slow);
    let (chain, small) = ("dependent-chain.toml", ["run.scale=0.5", "run.horizon=24 d", "target=[]"]);
    let with = |sets: &[&'static str]| [&small[..], sets].concat();
    let cases: &[(&str, &[&str])] = &[
        ("quickstart.toml", &[]),
        ("quickstart.toml", &[leavers]),
        ("quickstart.toml", frozen),
        ("quickstart.toml", &[&seldom]),
        ("quickstart.toml", &[&drain, &network]),
        (
            "quickstart.toml",
            &[&stopped, payer, "clearinghouses.north-switch={ latency = { exponential = { mean = \"100 ms\" } } }"],
        ),
        ("quickstart.toml", &[&slow]),
        // More fails than there are stretches: the run is not taken by site, its twin is.
        ("quickstart.toml", &[&often]),
        ("change-healthcare-2024.toml", &["run.scale=0.001", "run.horizon=30 d", "target=[]"]),
        (chain, &with(&[switch])),
        (chain, &with(&[switch, "claims.timeout=1501 ms"])),
        (chain, &with(&[main_switch, "work.entry=2 min", overtime])),
        ("switch-failover.toml", &[]),
        ("node-criticality.toml", &[]),
        // All wait at one service: after half a day everything is in one calendar here, too.
        ("metastable-surge.toml", &["run.horizon=6 d", "run.follow_up=2 d"]),
    ];
    for (path, sets) in cases {
        for replication in 0..2 {
            let odd: &[&str] = if ["quickstart.toml", "switch-failover.toml"].contains(path) { ODD } else { &[] };
            let (by_site, in_one) = both_ways(path, &[odd, sets].concat(), replication);
            assert_ne!(by_site.events, in_one.events, "{path}: two ways");
            // Here stores send bills five minutes after the outage, to the microsecond, and all are blocked in the same one: who comes first in the end
            // may be another.
            let has_ties = ["quickstart.toml", "change-healthcare-2024.toml", "switch-failover.toml"].contains(path);
            assert_same(&by_site, &in_one, has_ties, &format!("{path} {sets:?}, replication {replication}"));
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
