//! Made-up outcomes for the tests of tables, figures and pages.

use crate::experiment::{
    self, CheckResult, DesignPoint, DisruptionSpan, Group, METRICS, NODE_METRICS, NodeInfo, Outcome, Path, ReplicationResult,
    SERIES, TargetResult, TheoryRow,
};
use crate::math;
use crate::scenario::{
    Measure, Precaution, Ranked, Reading, Requirement, Stat, Strictness, Subject, TargetRole, ValidationTarget, Window,
};
use crate::sim::{GroupDelays, Needs};
use crate::units::{CivilTime, Money, SimTime, Span};

/// A number in \[0, 1) that depends on its arguments only.
fn chance(a: u64, b: u64) -> f64 {
    let mut x = a.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ b.wrapping_mul(0xD1B5_4A32_D192_ED03);
    x ^= x >> 31;
    x = x.wrapping_mul(0xBF58_476D_1CE4_E5B9);
    x ^= x >> 29;
    (x >> 11) as f64 / (1u64 << 53) as f64
}

/// How hard each group is hit, in the order of the groups.
const HARM: [f64; 7] = [0.4, 0.95, 0.35, 0.2, 0.6, 1.0, 0.02];

/// An outage of fifteen days in a run of 75.
pub(crate) fn outage(replications: u32) -> Outcome {
    outcome(replications, true)
}

/// A run without disruption, with theory beside it.
pub(crate) fn calm(replications: u32) -> Outcome {
    outcome(replications, false)
}

/// What the example has.
fn had(disrupted: bool) -> Needs {
    if disrupted { Needs::TWIN.and(Needs::OUTAGE) } else { Needs::NOTHING }
}

fn outcome(replications: u32, disrupted: bool) -> Outcome {
    let days: u64 = if disrupted { 75 } else { 30 };
    let step = Span::HOUR.scaled(3.0);
    let instants: Vec<SimTime> = (0..=days * 8).map(|k| SimTime::from_micros(k * step.micros())).collect();
    let mut delay_grid = vec![Span::ZERO];
    delay_grid
        .extend((0..=135).map(|k| Span::from_seconds(math::pow(10.0, f64::from(k) / 20.0))).filter(|d| d.days() <= days as f64));
    let group = |key: &str, label: &str, sites| Group { key: key.to_owned(), label: label.to_owned(), sites };
    let mut groups = vec![
        group("all", "all", Some(126)),
        group("type=independent", "independent", Some(39)),
        group("type=chain", "chain", Some(70)),
        group("type=mail-order", "mail-order", Some(2)),
        group("type=military", "military", Some(15)),
    ];
    if disrupted {
        groups.extend([group("affected=yes", "hit by a disruption", None), group("affected=no", "not hit", None)]);
    }
    let onset = SimTime::from_micros(Span::HOUR.micros() * (7 * 24 + 8));
    let spell = DisruptionSpan {
        id: "ransomware".to_owned(),
        random: false,
        onset: Some(onset),
        restored: Some(onset + Span::DAY.scaled(15.0)),
        ends: true,
        happened_share: 1.0,
    };
    let replicate = |index| replication(index, disrupted, &groups, &instants, &delay_grid, onset);
    let made: Vec<ReplicationResult> = (0..replications).map(replicate).collect();
    let mut outcome = Outcome {
        name: "change-healthcare-2024".to_owned(),
        title: "Change Healthcare outage of 21 February 2024".to_owned(),
        description: "One clearinghouse is attacked and disconnected.".to_owned(),
        start: CivilTime::new(2024, 2, 14, 0, 0, 0).expect("a date"),
        warm_up: Span::DAY.scaled(3.0),
        horizon: Span::DAY.scaled(days as f64),
        follow_up: Span::DAY.scaled(7.0),
        timeline_step: step,
        scale: 0.002,
        network_sites: 63_000,
        seed: 20_240_221,
        confidence: 0.95,
        disrupted,
        has: had(disrupted),
        instants,
        delay_grid,
        disruptions: if disrupted { vec![spell] } else { Vec::new() },
        nodes: vec![
            NodeInfo { id: "change".to_owned(), role: "clearinghouse" },
            NodeInfo { id: "caremark".to_owned(), role: "payer" },
            NodeInfo { id: "independent".to_owned(), role: "pharmacy" },
        ],
        groups,
        planned: replications,
        path: Path::Events,
        interrupted: false,
        precision_met: None,
        points: vec![DesignPoint { id: "base".to_owned(), replications: made }],
        theory: Vec::new(),
        checks: Vec::new(),
        targets: Vec::new(),
        warnings: Vec::new(),
        precautions: Vec::new(),
        criticality: None,
        criticality_stopped: false,
    };
    if disrupted {
        let precaution = |id: &str, title: &str, in_force, usd| Precaution {
            id: id.to_owned(),
            title: title.to_owned(),
            in_force,
            cost_per_year: Money::from_usd(usd),
            set: vec![("outage.ransomware.recovery_delay".to_owned(), "\"72 h\"".to_owned())],
        };
        outcome.precautions = vec![
            precaution("backups", "Tested backups", true, 2e6),
            precaution("drills", "Downtime drills", true, 350_000.5),
            precaution("standby", "A second switch for every pharmacy", false, 4e7),
        ];
        let estimate = outcome.estimate(0, 0, "share_delayed_72h");
        outcome.checks = vec![
            CheckResult { requirement: "share_delayed_72h (all) below 0.05".to_owned(), estimate, passed: false },
            CheckResult {
                requirement: "share_gave_up (all) below 0.1".to_owned(),
                estimate: outcome.estimate(0, 0, "share_gave_up"),
                passed: true,
            },
        ];
        outcome.targets = targets(&outcome);
    } else {
        let row = |metric, exact| TheoryRow { metric, group: "all".to_owned(), exact, model: "M/M/c (Erlang C)" };
        outcome.theory = vec![row("delay_mean_hours", 0.61), row("number_in_system", 151.0)];
    }
    outcome
}

/// One target that is missed, one that is met, and an order.
fn targets(outcome: &Outcome) -> Vec<TargetResult> {
    let at = Window::At(Span::DAY.scaled(12.0));
    let read =
        |subject: Subject, group: &str| Measure { reading: Reading { subject, group: group.to_owned() }, relative_to: None };
    let connected = Subject::Series { name: "connected_share".to_owned(), window: at, stat: Stat::Mean, since: None };
    let recovery = Subject::Metric("time_to_recover_days".to_owned());
    let lost = |group: &str| Ranked {
        name: group.to_owned(),
        measure: read(Subject::Metric("resilience_loss_hours".to_owned()), group),
    };
    let target = |id: &str, role, strictness, requirement| ValidationTarget {
        id: id.to_owned(),
        title: format!("Title of {id}"),
        observed: "Something was seen | or not".to_owned(),
        source: "A <report>".to_owned(),
        note: if id == "V1" { "Not quite the same".to_owned() } else { String::new() },
        role,
        strictness,
        requirement,
    };
    let targets = [
        target(
            "V1",
            TargetRole::Calibration,
            Strictness::Strict,
            Requirement::Within { measure: read(connected, "all"), low: Some(0.85), high: Some(0.95) },
        ),
        target(
            "V2",
            TargetRole::Independent,
            Strictness::Bracket,
            Requirement::Within { measure: read(recovery, "all"), low: None, high: Some(20.0) },
        ),
        target(
            "V3",
            TargetRole::Calibration,
            Strictness::Shape,
            Requirement::Ascending(vec![vec![lost("type=chain")], vec![lost("type=independent"), lost("type=military")]]),
        ),
    ];
    targets.iter().map(|target| experiment::compare_target(target, 1, outcome)).collect()
}

fn replication(
    index: u32,
    disrupted: bool,
    groups: &[Group],
    instants: &[SimTime],
    grid: &[Span],
    onset: SimTime,
) -> ReplicationResult {
    let seed = u64::from(index) + 1;
    let luck = chance(seed, 1) - 0.5;
    let mut result = ReplicationResult {
        index,
        values: Vec::new(),
        delays: Vec::new(),
        series: Vec::new(),
        nodes: (0..3 * NODE_METRICS.len() as u64).map(|k| (k != 0).then(|| chance(seed, 90 + k))).collect(),
        disruptions: if disrupted { vec![(Some(onset), Some(onset + Span::DAY.scaled(15.0)))] } else { Vec::new() },
        prescriptions: 1_900_000,
        events: 40_000_000,
    };
    for (group, harm) in HARM.into_iter().enumerate().take(groups.len()) {
        let harm = if disrupted { harm * (1.0 + 0.2 * luck) } else { 0.0 };
        let normal = |hours: f64| 0.97 * math::exp(-hours / 0.9) + 0.03 * math::exp(-hours / 30.0);
        let waiting =
            |hours: f64| normal(hours) + harm * (0.3 * math::exp(-hours / 110.0) + 0.015) * (1.0 - math::exp(-hours / 2.0));
        let requested = 180_000 / (group as u64 + 1);
        let counts = |share: &dyn Fn(f64) -> f64| -> Vec<u64> {
            grid.iter().map(|delay| (share(delay.hours()).min(1.0) * requested as f64) as u64).collect()
        };
        result.delays.push(GroupDelays {
            requested,
            waiting: counts(&waiting),
            waiting_twin: if disrupted { counts(&normal) } else { Vec::new() },
        });
        result.values.extend(METRICS.iter().map(|metric| {
            let value = match metric.name {
                "requested" => requested as f64,
                "ready" => requested as f64 * (1.0 - 0.015 * harm),
                "share_delayed_24h" => waiting(24.0),
                "share_delayed_72h" => waiting(72.0),
                "excess_share_delayed_24h" => waiting(24.0) - normal(24.0),
                "excess_share_delayed_72h" => waiting(72.0) - normal(72.0),
                "share_gave_up" | "excess_share_gave_up" => 0.015 * harm,
                "share_unfilled" | "excess_share_unfilled" | "not_recovered" | "backlog_not_cleared" | "share_standby" => 0.0,
                "share_on_trust" => 0.1 * harm,
                "delay_p50_hours" => 0.61 + 0.01 * luck + harm * 0.4,
                "delay_p90_hours" => 2.1 + 0.1 * luck + harm * 30.0,
                "delay_p95_hours" => 3.4 + 0.1 * luck + harm * 110.0,
                "delay_p99_hours" => 30.0 + luck + harm * 290.0,
                "delay_cvar95_hours" => 40.0 + harm * 300.0,
                "delay_mean_hours" => 0.62 + 0.05 * luck + harm * 20.0,
                "number_in_system" => 150.0 + 20.0 * luck + harm * 3000.0,
                "submissions_per_claim" => 1.03 + harm,
                "backlog_peak" => 9000.0 * harm,
                "backlog_peak_days" => 4.2 * harm,
                "backlog_peak_day" => 13.5 + luck,
                "backlog_clear_days" => 9.0 + 4.0 * luck,
                "time_to_recover_days" => 16.3 + 2.0 * luck,
                "lowest_service_ratio" => 1.0 - 0.9 * harm,
                "resilience_loss_hours" => 110.0 * harm,
                "catch_up_hours" => 95.0 * harm,
                _ => 0.5 + luck * 0.1,
            };
            metric.needs.met_by(had(disrupted)).then_some(value)
        }));
        result.series.extend(series(seed, harm, disrupted, instants, onset));
    }
    result
}

fn series(seed: u64, harm: f64, disrupted: bool, instants: &[SimTime], onset: SimTime) -> Vec<f32> {
    let mut series = Vec::with_capacity(SERIES.len() * instants.len());
    for info in SERIES {
        for (k, instant) in instants.iter().enumerate() {
            let noise = chance(seed, 1000 + k as u64) - 0.5;
            let day = instant.days();
            let since = instant.since(onset).days();
            let (down, up) = (since.min(15.0), (since - 15.0).max(0.0));
            let growth =
                9000.0 * harm * (1.0 - math::exp(-down / 6.0)) * math::exp(-up / 5.0) * (1.0 + 0.4 * (chance(seed, 7) - 0.5));
            let daily = 150.0 * (1.0 + 0.4 * math::sin(day * core::f64::consts::TAU));
            let ratio = if since <= 0.0 {
                1.0
            } else if up <= 0.0 {
                1.0 - 0.9 * harm * math::exp(-down / 9.0)
            } else {
                1.0 + 0.5 * harm * math::exp(-up / 4.0) - 0.3 * harm * math::exp(-up / 1.5)
            };
            let value = match info.name {
                "in_system" => daily + growth,
                "in_system_twin" => daily,
                "backlog" => growth + 60.0 * noise,
                "service_ratio" | "claim_ratio" if day >= 1.0 => ratio + 0.04 * noise,
                "service_ratio" | "claim_ratio" => f64::NAN,
                "connected_share" => {
                    if since > 0.0 && up <= 0.0 {
                        0.6
                    } else {
                        1.0
                    }
                }
                _ => 100.0 + 10.0 * noise,
            };
            series.push(if info.needs.met_by(had(disrupted)) { value as f32 } else { f32::NAN });
        }
    }
    series
}
