//! The books of a store by hand: one request a day worth 60 dollars, paid a day after adjudication; the switch is down from day 10.5 to day 20.5.

use rxoutage::experiment::{self, Outcome, Unattended};

use crate::story::{shop, story};
use crate::support::{load_text, tally};

const DAY: f64 = 1440.0;

fn store(settings: &str) -> String {
    let changes = [
        ("horizon = \"10 h\"", "horizon = \"30 d\""),
        ("interarrival = \"10 min\"", "interarrival = \"1 d\""),
        ("at = \"302 min\"", "at = \"10.5 d\""),
        ("\"60 min\"", "\"10 d\""),
    ];
    let money = "[drug_classes.any]\nshare = 1.0\nprice = \"60 usd\"\n[money]\npayment_lag = \"1 d\"\nreserve = \"100 usd\"\n";
    shop(&changes, &format!("{money}{settings}"))
}

fn run(settings: &str) -> Outcome {
    experiment::run(&load_text(&store(settings)).scenario, &Unattended)
}

fn mean(outcome: &Outcome, metric: &str) -> f64 {
    tally(outcome, "all", metric).mean().unwrap_or_else(|| panic!("{metric} is not estimable"))
}

/// A series of the timeline at the end of each day.
fn by_day(outcome: &Outcome, series: &str) -> Vec<f64> {
    outcome.timeline(0, 0, series).iter().filter(|point| point.time.days().fract() == 0.0).map(|point| point.mean).collect()
}

/// The claims of days 11 to 20 are adjudicated on day 20.5 and paid on day 21.5, instead of on days 12 to 21. The gap grows by 60 a day from day 12
/// on, to 540 at the end of day 20; with the payments of day 21 it is closed.
#[test]
fn the_cash_gap_of_an_outage() {
    let seen = run("");
    assert_eq!(mean(&seen, "cash_gap_peak_usd"), 540.0);
    // The twin is paid on days 2 to 29: 28 times 60 dollars in 30 days.
    assert_eq!(mean(&seen, "cash_gap_peak_days"), 540.0 / 56.0);
    // Above the reserve of 100 from day 13 (120) to day 20.
    assert_eq!((mean(&seen, "days_below_zero"), mean(&seen, "share_stores_below_zero")), (8.0, 1.0));
    let gaps = by_day(&seen, "cash_gap_usd");
    let expected: Vec<f64> =
        (0..=30).map(|day| if (13..=21).contains(&day) { 60.0 * f64::from(day - 12) } else { 0.0 }).collect();
    assert_eq!(gaps, expected, "at midnight, the day before included");
    let paid = story(&store(""), (0.0, 60.0 * DAY), &["paid"]);
    assert_eq!(paid.len(), 29);
    assert_eq!(paid[..2], ["2880 paid 60 usd to site 0", "4320 paid 60 usd to site 0"]);
    assert_eq!(paid.iter().filter(|line| line.starts_with(&format!("{} paid", 21.5 * DAY))).count(), 10);
}

/// Nothing late, nothing lacking.
#[test]
fn no_gap_without_an_outage() {
    let text = store("").replace("mode = ", "probability = 0.0\nmode = ");
    let seen = experiment::run(&load_text(&text).scenario, &Unattended);
    for metric in [
        "cash_gap_peak_usd",
        "cash_gap_peak_days",
        "days_below_zero",
        "share_stores_below_zero",
        "receivables_peak_usd",
        "written_off_usd",
    ] {
        assert_eq!(mean(&seen, metric), 0.0, "{metric}");
    }
}

/// What is dispensed on trust is owed until it is billed and answered: ten times 60 dollars by day 20. The credit of 200 is good for three.
#[test]
fn receivables_and_credit() {
    let trust =
        |credit: &str| format!("[downtime.on_trust]\nshare = 1.0\nextra_minutes = 0\nrebill_minutes = 0\ncredit = {credit}\n");
    let seen = run(&trust("\"none\""));
    assert_eq!(mean(&seen, "receivables_peak_usd"), 600.0);
    let owed = by_day(&seen, "receivables_usd");
    // At midnight: the request of day 11 comes at the first instant of it, just after.
    let expected: Vec<f64> =
        (0..=30).map(|day| if (12..=20).contains(&day) { 60.0 * f64::from(day - 11) } else { 0.0 }).collect();
    assert_eq!(owed[..=20], expected[..=20]);
    assert_eq!(owed[21..], expected[21..]);
    // The money comes no earlier: it is paid when it is billed.
    assert_eq!(mean(&seen, "cash_gap_peak_usd"), 540.0);
    assert_eq!(mean(&run(&trust("\"200 usd\"")), "receivables_peak_usd"), 180.0);
}

/// The payer refuses all that is billed late: the ten are lost, and the gap stays.
#[test]
fn refused_bills_are_written_off() {
    let trust = "[downtime.on_trust]\nshare = 1.0\nextra_minutes = 0\nrebill_minutes = 0\nrefused = 1.0\n";
    let seen = run(trust);
    assert_eq!(mean(&seen, "written_off_usd"), 600.0);
    assert_eq!(mean(&seen, "cash_gap_peak_usd"), 600.0);
    assert_eq!(mean(&seen, "receivables_peak_usd"), 600.0, "refused, it is owed no longer");
    assert_eq!(by_day(&seen, "receivables_usd")[21], 0.0);
    assert_eq!(mean(&seen, "days_below_zero"), 17.0, "from day 13 to the end of day 29");
    assert_eq!(mean(&run(&trust.replace("refused = 1.0", "refused = 0.0")), "written_off_usd"), 0.0);
}

/// Cash comes at once, a day before the payer's money: never a gap.
#[test]
fn cash_leaves_no_gap() {
    let seen = run("[downtime]\ncash = { share = 1.0 }\n");
    assert_eq!(mean(&seen, "cash_gap_peak_usd"), 0.0);
    assert_eq!(mean(&seen, "share_cash"), 10.0 / 29.0);
}

/// A hundred dollars on day 12.5 and a week later. At the end of the days from 12 on the gap is -40, 20, 80, 140, 200, 260, 320, then
/// 380 - 100 = 280; on day 20 the order ends and both hundreds go back, 340 + 200; and on day 21 400 + 200 - 600.
#[test]
fn interim_payments_bridge_the_gap() {
    let order = "[[order]]\nid = \"bridge\"\nat = { after = \"stop\", delay = \"2 d\" }\nlasts = \"8 d\"\ninterim_payment = \"100 usd\"\n";
    let seen = run(order);
    let gaps = by_day(&seen, "cash_gap_usd");
    assert_eq!(gaps[12..=22], [0.0, -40.0, 20.0, 80.0, 140.0, 200.0, 260.0, 320.0, 280.0, 540.0, 0.0]);
    assert_eq!(mean(&seen, "cash_gap_peak_usd"), 540.0);
    assert_eq!(mean(&seen, "days_below_zero"), 6.0, "140, 200, 260, 320, 280 and 540 are above 100");
}

/// Two kinds of stores, one of which does not need the switch: the mean over the stores of a group, the share of those in trouble.
#[test]
fn stores_are_counted_one_by_one() {
    let near = "[pharmacies.near]\nsites = 3\ninterarrival = \"1 d\"\nstaff = 1\nroutes = { direct = 1.0 }\n";
    let seen = run(near);
    let of = |group: &str, metric: &str| tally(&seen, group, metric).mean();
    assert_eq!((of("type=shop", "cash_gap_peak_usd"), of("type=near", "cash_gap_peak_usd")), (Some(540.0), Some(0.0)));
    assert_eq!((of("all", "cash_gap_peak_usd"), of("all", "share_stores_below_zero")), (Some(135.0), Some(0.25)));
    assert_eq!(of("affected=yes", "share_stores_below_zero"), Some(1.0));
}
