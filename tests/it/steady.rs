//! Claims that are taken ahead, one event to the answer, against the same claims step by step.

use rxoutage::experiment::METRICS;
use rxoutage::sim::{Blueprint, Needs, Plan, ReplicationResult, Workspace};

use crate::support::load_shipped;

/// Everything that could touch a claim goes down with probability zero: no service is steady any more, and nothing else is changed.
const NEVER: &str = "outage=[\
    { id = \"a\", target = { clearinghouse = [\"change\", \"relayhealth\", \"powerline\"] }, at = \"36 h\", mode = \"hard_stop\", recovery_delay = \"1 d\", recovery = \"at_once\", probability = 0 },\
    { id = \"b\", target = { payer = [\"caremark\", \"express-scripts\", \"optum-rx\", \"humana\", \"medimpact\", \"prime\", \"other\", \"medicaid-vermont\", \"medicaid-maine\", \"medicaid-iowa\", \"medicaid-utah\", \"medicaid-other\", \"copay-hub\"] }, at = \"36 h\", mode = \"hard_stop\", recovery_delay = \"1 d\", recovery = \"at_once\", probability = 0 }]";

/// Values of all metrics that need no twin, by group, and of all nodes.
type Values = (Vec<(String, Vec<Option<f64>>)>, Vec<Option<f64>>);

/// A replication, and its values. With one calendar: where sites are taken one by one, disruptions act between stretches, and within them all is steady.
fn run(sets: &[&str]) -> (ReplicationResult, Values) {
    let loaded = load_shipped("baseline.toml", sets);
    let blueprint = Blueprint::new(&loaded.scenario);
    let plan = Plan::new(&blueprint);
    let result = Workspace::new(&blueprint, &plan).with_one_calendar().replicate(0);
    let groups = &blueprint.report().groups;
    let groups = groups.iter().zip(result.values.chunks(METRICS.len())).filter(|(group, _)| !group.key.starts_with("affected"));
    let alone = |values: &[Option<f64>]| {
        METRICS.iter().zip(values).filter(|(metric, _)| !Needs::TWIN.met_by(metric.needs)).map(|(_, value)| *value).collect()
    };
    let values = (groups.map(|(group, values)| (group.key.clone(), alone(values))).collect(), result.nodes.clone());
    (result, values)
}

/// With room, with lines at the switches, and with lines so long that claims time out: the same to the last bit.
#[test]
fn taken_ahead_or_step_by_step_is_the_same() {
    // Three servers at scale, seldom all busy at once, and many claims that time out in service: their ends are events, beside those of others that are not.
    let slow = "payers.express-scripts={ share = 0.31, servers = 1500, service = { exponential = { mean = \"12 s\" } } }";
    let fast = "payers.express-scripts={ share = 0.31, latency = { lognormal = { median = \"1 s\", p99 = \"5 s\" } } }";
    for (capacity, servers, payer, timeout) in [
        (1200, 1, fast, "30 s"),
        (400, 1, fast, "30 s"),
        (350, 1, fast, "5 s"),
        (1200, 1, fast, "2 s"),
        (1200, 3, fast, "30 s"),
        (400, 2, fast, "30 s"),
        (350, 3, fast, "5 s"),
        (1200, 2, slow, "14 s"),
    ] {
        // One site in 500.
        let capacity: Vec<String> = ["change", "relayhealth", "powerline"]
            .iter()
            .flat_map(|id| {
                let key = |key| format!("clearinghouses.{id}.{key}");
                [format!("{}={capacity} claims/s", key("capacity")), format!("{}={}", key("servers"), 500 * servers)]
            })
            .collect();
        let timeout = format!("claims.timeout={timeout}");
        let mut sets = vec![
            "run.horizon=3 d",
            "run.warm_up=1 d",
            "run.follow_up=12 h",
            "run.replications=1",
            "run.timeline_step=3 h",
            "check=[]",
            "downtime={ retry = { attempts = 2, backoff = \"1 min\" } }",
            timeout.as_str(),
            payer,
        ];
        sets.extend(capacity.iter().map(String::as_str));
        let (ahead_result, ahead) = run(&sets);
        sets.push(NEVER);
        let (step_result, step_by_step) = run(&sets);
        // The run with the outage has a twin.
        assert!(ahead_result.events * 2 < step_result.events, "{capacity:?}: fewer events");
        let metric = METRICS.iter().position(|metric| metric.name == "submissions_per_claim").expect("a metric");
        let submissions = ahead_result.values[metric].expect("measured");
        assert_eq!(submissions > 1.2, timeout != "claims.timeout=30 s", "{capacity:?}, {timeout}: {submissions} submissions");
        for (ahead, step_by_step) in ahead.0.iter().zip(&step_by_step.0) {
            assert_eq!(ahead, step_by_step, "{capacity:?}, {timeout}");
        }
        assert_eq!(ahead.1, step_by_step.1, "{capacity:?}, {timeout}: nodes");
    }
}
