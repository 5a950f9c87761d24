//! Claims that are taken ahead, one event to the answer, against the same claims step by step.

use rxoutage::experiment::{self, METRICS, Outcome, Unattended};
use rxoutage::sim::Needs;

use crate::support::load_shipped;

/// Everything that could touch a claim goes down with probability zero: no service is steady any more, and nothing else is changed.
const NEVER: &str = "outage=[\
    { id = \"a\", target = { clearinghouse = [\"change\", \"relayhealth\", \"powerline\"] }, at = \"36 h\", mode = \"hard_stop\", recovery_delay = \"1 d\", recovery = \"at_once\", probability = 0 },\
    { id = \"b\", target = { payer = [\"caremark\", \"express-scripts\", \"optum-rx\", \"humana\", \"medimpact\", \"prime\", \"other\", \"medicaid-vermont\", \"medicaid-maine\", \"medicaid-iowa\", \"medicaid-utah\", \"medicaid-other\", \"copay-hub\"] }, at = \"36 h\", mode = \"hard_stop\", recovery_delay = \"1 d\", recovery = \"at_once\", probability = 0 }]";

fn run(sets: &[&str]) -> Outcome {
    experiment::run(&load_shipped("baseline.toml", sets).scenario, &Unattended)
}

/// Values of all metrics that need no twin, by group, and of all nodes.
type Values = (Vec<(String, Vec<Option<f64>>)>, Vec<Option<f64>>);

fn values(outcome: &Outcome) -> Values {
    let result = &outcome.points[0].replications[0];
    let groups =
        outcome.groups.iter().zip(result.values.chunks(METRICS.len())).filter(|(group, _)| !group.key.starts_with("affected"));
    let alone = |values: &[Option<f64>]| {
        METRICS.iter().zip(values).filter(|(metric, _)| !Needs::TWIN.met_by(metric.needs)).map(|(_, value)| *value).collect()
    };
    (groups.map(|(group, values)| (group.key.clone(), alone(values))).collect(), result.nodes.clone())
}

/// With room, with lines at the switches, and with lines so long that claims time out: the same to the last bit.
#[test]
fn taken_ahead_or_step_by_step_is_the_same() {
    for (capacity, timeout) in [(1200, "30 s"), (400, "30 s"), (350, "5 s"), (1200, "2 s")] {
        let capacity =
            ["change", "relayhealth", "powerline"].map(|id| format!("clearinghouses.{id}.capacity={capacity} claims/s"));
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
        ];
        sets.extend(capacity.iter().map(String::as_str));
        let ahead = run(&sets);
        sets.push(NEVER);
        let step_by_step = run(&sets);
        let events = |outcome: &Outcome| outcome.points[0].replications[0].events;
        // The run with the outage has a twin.
        assert!(events(&ahead) * 2 < events(&step_by_step), "{capacity:?}: fewer events");
        let submissions = ahead.estimate(0, 0, "submissions_per_claim").expect("measured").mean;
        assert_eq!(submissions > 1.2, timeout != "claims.timeout=30 s", "{capacity:?}, {timeout}: {submissions} submissions");
        let (ahead, step_by_step) = (values(&ahead), values(&step_by_step));
        for (ahead, step_by_step) in ahead.0.iter().zip(&step_by_step.0) {
            assert_eq!(ahead, step_by_step, "{capacity:?}, {timeout}");
        }
        assert_eq!(ahead.1, step_by_step.1, "{capacity:?}, {timeout}: nodes");
    }
}
