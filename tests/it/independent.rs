//! The three targets of the public record that set no parameter and have a scenario of their own, at small scale. What these tests hold fast is what
//! the guide's chapter on validation says: where the model meets the record, and where it misses it.

use rxoutage::experiment::Outcome;

use crate::support::{run_shipped, tally};

/// Prescriptions of an open day at the clinic of `kimbrough.toml`.
const CLINIC_DAY: f64 = 2000.0;

/// The day of the record (0 is 21 February) at an instant of the timeline, which begins a week before.
fn day(outcome: &Outcome, instant: usize) -> f64 {
    outcome.instants[instant].hours() / 24.0 - 7.0
}

/// Working days (08:00 to 17:00, Monday to Friday; day 0 is a Wednesday) between two days of the record.
fn working_days(from: f64, to: f64) -> f64 {
    let opened = |day: f64| {
        let (whole, hour) = (day.floor(), day.fract() * 24.0);
        let weekday = |day: f64| (day + 2.0).rem_euclid(7.0);
        let before = (0..whole as u32).filter(|&day| weekday(f64::from(day)) < 5.0).count() as f64;
        before + if weekday(whole) < 5.0 { ((hour - 8.0) / 9.0).clamp(0.0, 1.0) } else { 0.0 }
    };
    opened(to) - opened(from)
}

/// For each replication: the working days from the first prescription filled by hand until the backlog is within a tenth of a day's work.
fn clearing_times(outcome: &Outcome) -> Vec<Option<f64>> {
    (0..outcome.points[0].replications.len())
        .map(|replication| {
            let by_hand = outcome.run_of(0, replication, 0, "on_trust");
            let backlog = outcome.run_of(0, replication, 0, "backlog");
            let begun = by_hand.iter().position(|&count| count > 0.0)?;
            let cleared = (begun..backlog.len()).find(|&k| f64::from(backlog[k]) <= 0.1 * CLINIC_DAY)?;
            Some(working_days(day(outcome, begun), day(outcome, cleared)))
        })
        .collect()
}

#[test]
fn working_days_by_hand() {
    assert_eq!(working_days(1.5, 1.5), 0.0);
    // Thursday 12:30 to Friday 12:30; Friday to Monday the same; a week has five.
    let noon = 12.5 / 24.0;
    assert!((working_days(1.0 + noon, 2.0 + noon) - 1.0).abs() < 1e-12);
    assert!((working_days(2.0 + noon, 5.0 + noon) - 1.0).abs() < 1e-12);
    assert!((working_days(0.0, 7.0) - 5.0).abs() < 1e-12);
}

/// V9: a backlog of 1.5 to 3 days of work, one day either way, cleared about 3 days after work by hand begins, one day either way. The peak lies
/// inside; the time to clear it at the upper edge, and the date (28 February, day 7) is met.
#[test]
fn v9_a_military_clinic() {
    let outcome = run_shipped("kimbrough.toml", &["run.replications=20", "run.horizon=24 d"]);
    let peak = tally(&outcome, "all", "backlog_peak").mean().expect("a peak") / CLINIC_DAY;
    assert!((0.5..=4.0).contains(&peak), "peak {peak} days of work");
    let times: Vec<f64> = clearing_times(&outcome).into_iter().map(|time| time.expect("cleared")).collect();
    let mean = times.iter().sum::<f64>() / times.len() as f64;
    // With 0.6 of room for chance in so few replications.
    assert!((2.0..=4.6).contains(&mean), "cleared after {mean} working days");
}

/// V10: prescriptions delayed of 2 to 25 % of a day's number. The model lies in the lower part of it. Measured are ten working days.
#[test]
fn v10_a_federal_health_system() {
    let outcome = run_shipped("veterans-affairs.toml", &["run.replications=10", "run.scale=0.02"]);
    let share = tally(&outcome, "all", "excess_share_delayed_24h").mean().expect("a share") * 10.0;
    assert!((0.02..=0.25).contains(&share), "{share} of a day's number");
}

/// V14: 3 to 12 % of a year's prescriptions taken elsewhere. With the national time of re-routing the model misses it: it gives a fraction of that. It
/// would meet it if the stores had had no other switch until their own was back, which is not on record and was not put in.
#[test]
fn v14_a_dependent_chain_is_missed() {
    let lost = |sets: &[&str]| {
        let small = ["run.replications=3", "run.scale=0.1", "run.horizon=200 d"];
        let outcome = run_shipped("dependent-chain.toml", &[&small, sets].concat());
        tally(&outcome, "type=chain", "share_moved").mean().expect("a share")
    };
    let (shipped, stranded) = (lost(&[]), lost(&["pharmacies.chain.reroute.lead_time=15 d"]));
    assert!((0.001..0.03).contains(&shipped), "{shipped}");
    assert!((0.03..=0.12).contains(&stranded), "{stranded}");
}
