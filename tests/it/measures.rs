//! What is measured, when a run stops, and what a check makes of it.

use rxoutage::experiment::{self, METRICS, NODE_METRICS, Outcome, Pool, Unattended};
use rxoutage::sim::{Blueprint, Plan, Workspace};

use crate::support::{load_shipped, load_text};

/// A counter with a request every ten minutes and 4 minutes of work for each.
fn counter(run: &str) -> Outcome {
    let text = format!(
        "format = 1\nname = \"counter\"\n[run]\nhorizon = \"10 h\"\nfollow_up = \"1 h\"\nreplications = 1\n{run}\n[work]\nentry = \"4 min\"\n\
         [pharmacies.counter]\nsites = 1\ninterarrival = \"10 min\"\nstaff = 1\n"
    );
    experiment::run(&load_text(&text).scenario, &Unattended)
}

#[test]
fn a_warm_up_need_not_end_on_the_timeline() {
    let off = counter("warm_up = \"95 min\"\ntimeline_step = \"1 h\"");
    let value = |outcome: &Outcome, metric: &str| outcome.estimate(0, 0, metric).unwrap_or_else(|| panic!("{metric}")).mean;
    // Requests at 100, 110, ..., 530; from 95 to 600 minutes the server is busy 50 times 4 minutes.
    assert_eq!(value(&off, "requested"), 44.0);
    assert!((value(&off, "delay_mean_hours") * 60.0 - 4.0).abs() < 1e-9);
    assert!((value(&off, "number_in_system") - 200.0 / 505.0).abs() < 1e-9, "{}", value(&off, "number_in_system"));
    let on = counter("warm_up = \"95 min\"\ntimeline_step = \"5 min\"");
    for metric in METRICS {
        let of = |outcome: &Outcome| outcome.estimate(0, 0, metric.name).map(|estimate| estimate.mean);
        assert_eq!(of(&off), of(&on), "{}", metric.name);
    }
    for (metric, known) in NODE_METRICS.iter().enumerate() {
        let of = |outcome: &Outcome| outcome.node_estimate(0, 0, metric).map(|estimate| estimate.mean);
        assert_eq!(of(&off), of(&on), "{}", known.name);
    }
}

/// A switch that is down for 1 to 12 days in a run of which 8 days are left: some replications never see the end.
const LONG: [&str; 4] = [
    "run.horizon=12 d",
    "run.replications=16",
    "outage.switch-down.recovery_delay={ uniform = { low = \"1 d\", high = \"12 d\" } }",
    "check=[{ metric = \"backlog_clear_days\", below = 1000 }, { metric = \"backlog_not_cleared\", below = 1 }]",
];

#[test]
fn a_check_of_a_time_fails_where_some_replications_do_not_reach_it() {
    let outcome = experiment::run(&load_shipped("quickstart.toml", &LONG).scenario, &Unattended);
    let [time, share] = outcome.checks.as_slice() else { panic!("two checks") };
    let missed = share.estimate.expect("always known").mean;
    assert!(missed > 0.0 && missed < 1.0, "{missed}");
    let reached = time.estimate.expect("some reach it");
    assert!(reached.mean < 1000.0 && !time.passed, "the mean of those that reach it proves nothing");
    assert!(share.passed);
    let short = [LONG[0], "run.replications=4", "outage.switch-down.recovery_delay=4 h", LONG[3]];
    let outcome = experiment::run(&load_shipped("quickstart.toml", &short).scenario, &Unattended);
    assert!(outcome.checks.iter().all(|check| check.passed), "all reach it");
}

#[test]
fn a_precision_stop_ends_at_the_same_number_on_any_number_of_threads() {
    let run = |half_width: &str, threads| {
        let until = format!(
            "run.replications={{ until = \"share_delayed_24h\", group = \"affected=yes\", half_width = \"{half_width}\", max = 20 }}"
        );
        let loaded = load_shipped("quickstart.toml", &[&until]);
        let outcome = Pool::new(threads).expect("threads").run(&loaded.scenario, &Unattended);
        (outcome.points[0].replications.len(), outcome.precision_met, outcome.planned, outcome.interrupted)
    };
    // Replications begin in batches of 8, and fewer than 10 say nothing.
    assert_eq!(run("50 %", 1), (16, Some(true), 20, false));
    assert_eq!(run("50 %", 3), run("50 %", 1));
    assert_eq!(run("0.001 %", 2), (20, Some(false), 20, false));
}

/// Differences can be negative, shares cannot: an interval is kept within what its quantity can be, and no further.
#[test]
fn every_mean_lies_in_its_interval() {
    let outcome = experiment::run(&load_shipped("quickstart.toml", &["run.replications=7"]).scenario, &Unattended);
    let mut negative = 0;
    for (index, metric) in METRICS.iter().enumerate() {
        for group in 0..outcome.groups.len() {
            let Some(estimate) = outcome.estimate(0, group, metric.name) else { continue };
            let Some(interval) = estimate.interval else { continue };
            let slack = 1e-12 * estimate.mean.abs();
            let holds = interval.low - slack <= estimate.mean && estimate.mean <= interval.high + slack;
            assert!(holds, "{} of {}: {estimate:?}", metric.name, outcome.groups[group].key);
            negative += u32::from(outcome.values(0, group, index).flatten().any(|value| value < 0.0));
        }
    }
    assert!(negative > 0, "no difference was negative: the test shows nothing");
}

/// The town with its chain stores in the least and its independent ones in the most vulnerable fifth.
#[test]
fn the_burden_is_told_by_rank_where_ranks_are_numbers() {
    let outcome = experiment::run(
        &load_shipped(
            "quickstart.toml",
            &[
                "run.replications=3",
                "pharmacies.chain.attributes={ svi = \"1\" }",
                "pharmacies.independent.attributes={ svi = \"5\" }",
            ],
        )
        .scenario,
        &Unattended,
    );
    let rows = experiment::equity(&outcome, 0);
    let of =
        |attribute: &str| rows.iter().find(|row| row.attribute == attribute && row.metric == "share_delayed_24h").expect("a row");
    let (by_rank, by_type) = (of("svi"), of("type"));
    let worst = |row: &rxoutage::experiment::EquityRow| row.worst.clone().expect("a burden");
    let (worst_by_rank, worst_by_type) = (worst(by_rank), worst(by_type));
    assert_eq!((worst_by_rank.0.as_str(), worst_by_type.0.as_str()), ("svi=5", "type=independent"));
    assert_eq!(worst_by_rank.1.mean, worst_by_type.1.mean);
    assert!(by_type.concentration_index.is_none(), "types have no rank");
    // Of two groups the index is the upper one's share of the burden less its share of prescriptions.
    let mean =
        |group: &str, metric: &str| outcome.estimate(0, outcome.group(group).expect("a group"), metric).expect("known").mean;
    let (upper, lower) = (mean("svi=5", "requested"), mean("svi=1", "requested"));
    let (burden_up, burden_low) = (upper * mean("svi=5", "share_delayed_24h"), lower * mean("svi=1", "share_delayed_24h"));
    let expected = burden_up / (burden_up + burden_low) - upper / (upper + lower);
    let index = by_rank.concentration_index.expect("ranks").mean;
    assert!((index - expected).abs() < 0.01 && index > 0.05, "{index} {expected}");
}

#[test]
fn days_covered_and_days_without_are_all_days() {
    let sets = ["run.scale=0.0003", "run.horizon=24 d", "run.replications=2"];
    let outcome = experiment::run(&load_shipped("baseline.toml", &sets).scenario, &Unattended);
    let mean = |metric: &str| outcome.estimate(0, 0, metric).expect("supply in hand").mean;
    assert!((mean("days_covered_share") + mean("medication_gap_share") - 1.0).abs() < 1e-12);
    // The follow-up is 14 days.
    assert!((mean("medication_gap_share") - mean("therapy_gap_mean_days") / 14.0).abs() < 1e-12);
    assert!(mean("medication_gap_share") > 0.0);
}

/// Where retries go on and nothing is submitted for the first time, as at night, there is no amplification: it is not infinite.
#[test]
fn every_value_over_time_is_a_number_or_missing() {
    let outcome = experiment::run(&load_shipped("quickstart.toml", &["run.replications=2"]).scenario, &Unattended);
    let series = outcome.points[0].replications.iter().flat_map(|replication| &replication.series);
    assert!(series.clone().all(|value| !value.is_infinite()));
    assert!(series.clone().any(|value| value.is_nan()));
    let points = outcome.timeline(0, 0, "retry_amplification");
    assert!(points.iter().all(|point| (point.n > 0) == point.mean.is_finite()));
}

/// A link without latency that nothing can hit is no station: claims step across it, and nobody counts them.
#[test]
fn a_link_that_claims_step_across_has_no_values() {
    let served = |sets: &[&str]| {
        let sets = [&["run.replications=1"], sets].concat();
        let outcome = experiment::run(&load_shipped("quickstart.toml", &sets).scenario, &Unattended);
        let link = outcome.nodes.iter().position(|node| node.id == "north-switch->public").expect("a link");
        let served = NODE_METRICS.iter().position(|metric| metric.name == "served").expect("a metric");
        outcome.node_estimate(0, link, served).map(|estimate| estimate.mean)
    };
    assert_eq!(served(&[]), None);
    let with_latency = served(&["link=[{ from = \"north-switch\", to = \"public\", latency = \"1 ms\" }]"]);
    assert!(with_latency.is_some_and(|served| served > 1_000.0), "{with_latency:?}");
}

/// Whoever wants a run to stop is asked as well while millions of events happen between two instants of the timeline: in one calendar, pharmacy by pharmacy,
/// beside a twin on a thread of its own, and without events.
#[test]
fn a_flood_of_events_can_be_stopped() {
    let run = "format = 1\nname = \"flood\"\n[run]\nhorizon = \"10 h\"\nfollow_up = \"1 h\"\nreplications = 1\ntimeline_step = \"8 h\"\n";
    let rejected = |sites: u32| {
        format!(
            "{run}[claims]\ntimeout = \"none\"\n[pharmacies.shop]\nsites = {sites}\ninterarrival = \"{} s\"\nstaff = 1\nroutes = {{ direct = 1.0 }}\n\
             [payers.plan]\nshare = 1.0\n[rejects.always]\nshare = 1.0\nresolved = 0.9999\n",
            4 * sites
        )
    };
    let outage = "[[outage]]\nid = \"o\"\ntarget = { payer = \"plan\" }\nat = \"9 h\"\nmode = \"hard_stop\"\nrecovery_delay = \"5 min\"\nrecovery = \"at_once\"\n";
    let line = "[work]\nfill = \"2 ms\"\n[pharmacies.shop]\nsites = 1\ninterarrival = \"5 ms\"\nstaff = 1\n";
    for (text, twin_apart) in [
        (rejected(1), false),
        (rejected(10), false),
        (rejected(10) + outage, false),
        (rejected(10) + outage, true),
        (format!("{run}{line}"), false),
    ] {
        let loaded = load_text(&text);
        let blueprint = Blueprint::new(&loaded.scenario);
        let plan = Plan::new(&blueprint);
        let asked = |last: u32| {
            let times = core::cell::Cell::new(0);
            let stop = |_| {
                times.set(times.get() + 1);
                times.get() == last
            };
            let workspace = Workspace::new(&blueprint, &plan);
            let mut workspace = if twin_apart { workspace.with_twin_apart() } else { workspace };
            let is_whole = workspace.simulate(0, stop);
            (times.get(), is_whole)
        };
        let (times, is_whole) = asked(0);
        assert!(is_whole && times > plan.instants.len() as u32, "{times} times\n{text}");
        // The first two are asked at the instants 0 and 8 h: the next is on the way there.
        assert_eq!(asked(3), (3, false), "{text}");
    }
}
