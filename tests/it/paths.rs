//! The path without events gives what the path by events gives, to the byte.

use std::fmt::Write as _;

use proptest::prelude::*;
use rxoutage::experiment::{self, Path, Unattended};
use rxoutage::scenario::Scenario;

use crate::support::{load_shipped, load_text, tables_as_csv};

/// Both paths over a scenario that allows both.
fn assert_same(scenario: &Scenario) {
    let short = experiment::run(scenario, &Unattended);
    let long = experiment::run_by_events(scenario, &Unattended);
    assert_eq!((short.path, long.path), (Path::Recursion, Path::Events));
    for ((name, short), (_, long)) in tables_as_csv(&short).into_iter().zip(tables_as_csv(&long)) {
        assert_eq!(short, long, "{name}");
    }
    for (short, long) in short.points[0].replications.iter().zip(&long.points[0].replications) {
        assert_eq!((&short.values, &short.nodes), (&long.values, &long.nodes), "to the bit");
        assert_eq!((short.prescriptions, short.events), (long.prescriptions, long.events));
    }
}

#[test]
fn textbook_queues_of_one_line_need_no_events() {
    let small = ["run.replications=3", "run.horizon=40 d"];
    for queue in ["mm1", "mmc", "mg1-constant"] {
        assert_same(&load_shipped(&format!("textbook/{queue}.toml"), &small).scenario);
    }
}

#[test]
fn whatever_else_happens_needs_events() {
    let needs = |path: &str| {
        let sets = ["run.replications=1", "run.horizon=10 d", "run.warm_up=1 d", "run.follow_up=1 d", "run.timeline_step=1 d"];
        experiment::run(&load_shipped(path, &sets).scenario, &Unattended).path
    };
    for queue in ["erlang-a", "jackson-feedback", "priorities", "breakdowns", "tandem"] {
        assert_eq!(needs(&format!("textbook/{queue}.toml")), Path::Events, "{queue}");
    }
    assert_eq!(needs("single-pharmacy.toml"), Path::Events);
}

/// A law in one of several forms, in whole units of time so that a constant gives ties.
fn law() -> impl Strategy<Value = String> {
    (1_u32..12, 0_usize..5).prop_map(|(mean, form)| match form {
        0 => format!("\"{mean} s\""),
        1 => format!("{{ exponential = {{ mean = \"{mean} s\" }} }}"),
        2 => format!("{{ uniform = {{ low = \"0 s\", high = \"{} s\" }} }}", 2 * mean),
        3 => format!("{{ erlang = {{ shape = 3, mean = \"{mean} s\" }} }}"),
        _ => format!("{{ lognormal = {{ mean = \"{mean} s\", cv = 1.5 }} }}"),
    })
}

fn scenario() -> impl Strategy<Value = String> {
    let pharmacy = (law(), 1_u32..6, prop::bool::ANY);
    (law(), prop::bool::ANY, prop::collection::vec(pharmacy, 1..4), 0_u32..50, 1_u32..40).prop_map(
        |(work, is_entry, pharmacies, warm_up, seed)| {
            let task = if is_entry { "entry" } else { "fill" };
            let mut text = format!(
                "format = 1\nname = \"paths\"\ntitle = \"Two paths\"\n[run]\nstart = 2024-02-14T08:00:00\nwarm_up = \"{warm_up} s\"\nhorizon = \"10 min\"\n\
                 follow_up = \"1 min\"\nreplications = 2\nseed = {seed}\ntimeline_step = \"48 s\"\n[work]\n{task} = {work}\n"
            );
            for (index, (interarrival, staff, by_week)) in pharmacies.into_iter().enumerate() {
                let demand = if by_week { "prescriptions_per_day = 9000".to_owned() } else { format!("interarrival = {interarrival}") };
                let _ = writeln!(text, "[pharmacies.p{index}]\nsites = 1\n{demand}\nstaff = {staff}");
            }
            text
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn random_scenarios_give_the_same_both_ways(text in scenario()) {
        assert_same(&load_text(&text).scenario);
    }
}
