//! The metrics of a replication: one entry each, with name, unit, meaning and formula.

use super::Needs;
use super::recorder::GAP_LIMITS;
use crate::scenario::Harm;
use crate::stats::QuantileSketch;
use crate::units::Span;

/// A metric of `replications.csv` and `summary.csv`, by report group.
#[derive(Clone, Copy, Debug)]
pub struct Metric {
    /// Name, with its unit as suffix.
    pub name: &'static str,
    /// Unit for tables: `h`, `d`, `share`, `prescriptions`, `ratio`.
    pub unit: &'static str,
    /// Words for a table.
    pub title: &'static str,
    /// What it is.
    pub about: &'static str,
    /// What a scenario must have for it.
    pub needs: Needs,
    /// Whether more of it is worse.
    pub harm: Harm,
    compute: fn(&Seen<'_>) -> Option<f64>,
}

impl Metric {
    /// Whether some replications may not reach it, so that the mean over those that do would flatter.
    #[must_use]
    pub fn is_censored(&self) -> bool {
        self.counts_where().is_some()
    }

    /// For a time that some replications do not reach, the metric that has a value in each replication in which there is such a time, reached
    /// or not: where no disruption happens, there is none.
    #[must_use]
    pub fn counts_where(&self) -> Option<&'static str> {
        match self.name {
            "time_to_recover_days" => Some("not_recovered"),
            "backlog_clear_days" => Some("backlog_not_cleared"),
            "time_to_survive_days" => Some("lowest_service_ratio"),
            _ => None,
        }
    }

    pub(crate) fn compute(&self, seen: &Seen<'_>) -> Option<f64> {
        (self.compute)(seen)
    }
}

/// The sums over the cells of a group in one world.
#[derive(Clone, Debug, Default)]
pub(crate) struct Totals {
    /// How long each measured prescription is followed up at least.
    pub(crate) follow_up: Span,
    /// How long the measured prescriptions are requested \[weeks\], and the share of the network that is simulated.
    pub(crate) weeks: f64,
    pub(crate) scale: f64,
    pub(crate) requested: u64,
    /// `None` where new prescriptions and refills are not told apart.
    pub(crate) refills: Option<u64>,
    pub(crate) gave_up: u64,
    pub(crate) on_trust: u64,
    pub(crate) standby: u64,
    pub(crate) over_24h: u64,
    pub(crate) over_72h: u64,
    pub(crate) submissions: u64,
    pub(crate) claims: u64,
    pub(crate) number_in_system: f64,
    pub(crate) cash: u64,
    pub(crate) moved: u64,
    pub(crate) tided_over: u64,
    pub(crate) abandoned: u64,
    /// Sum of the times without supply \[µs\], and how many were longer than each of [`GAP_LIMITS`].
    pub(crate) gap: u128,
    pub(crate) gap_over: [u64; GAP_LIMITS.len()],
    /// Times without supply, times doses a day \[µs\].
    pub(crate) missed: f64,
    pub(crate) copay_through: u64,
    pub(crate) copay_blocked: u64,
    /// Value that payers have refused for good \[cents\].
    pub(crate) written_off: i64,
    pub(crate) delays: QuantileSketch,
}

impl Totals {
    /// Measured prescriptions neither ready nor given up at the horizon.
    pub(crate) fn unfilled(&self) -> u64 {
        self.requested - self.gave_up - self.delays.count()
    }

    fn share(&self, part: u64) -> Option<f64> {
        (self.requested > 0).then(|| part as f64 / self.requested as f64)
    }

    /// Unfilled and abandoned prescriptions count as delayed: leaving them out would make an outage look better. Not estimable if
    /// prescriptions are followed up for less than the `limit`: an unfilled one need not have waited that long.
    fn share_delayed(&self, limit: Span, ready_late: u64) -> Option<f64> {
        if self.follow_up < limit { None } else { self.share(ready_late + self.gave_up + self.unfilled()) }
    }

    fn per_prescription(&self, sum: f64) -> Option<f64> {
        (self.requested > 0).then(|| sum / self.requested as f64)
    }

    fn gap_mean_days(&self) -> Option<f64> {
        self.per_prescription(self.gap as f64 / Span::DAY.micros() as f64)
    }

    /// Days without supply over the days that are looked at: the continuous measure of medication gaps.
    fn medication_gap(&self) -> Option<f64> {
        // Of a follow-up that nobody has anything in, rounding may leave more than all.
        Some(self.gap_mean_days()? / self.follow_up.days()).filter(|share| share.is_finite()).map(|share| share.min(1.0))
    }

    fn missed_doses(&self) -> Option<f64> {
        self.per_prescription(self.missed / Span::DAY.micros() as f64 * 100.0)
    }

    fn share_past_run_out(&self, limit: usize) -> Option<f64> {
        self.share(self.gap_over[limit])
    }

    fn share_delayed_24h(&self) -> Option<f64> {
        self.share_delayed(Span::DAY, self.over_24h)
    }

    fn share_delayed_72h(&self) -> Option<f64> {
        self.share_delayed(THREE_DAYS, self.over_72h)
    }
}

/// What a group's recovery looked like on the grid of the timeline.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Course {
    pub(crate) backlog_peak: Option<f64>,
    pub(crate) backlog_peak_days: Option<f64>,
    pub(crate) backlog_peak_day: Option<f64>,
    pub(crate) backlog_clear_days: Option<f64>,
    pub(crate) backlog_not_cleared: Option<f64>,
    pub(crate) time_to_recover_days: Option<f64>,
    pub(crate) time_to_recover_restricted_days: Option<f64>,
    pub(crate) not_recovered: Option<f64>,
    pub(crate) resilience_loss_hours: Option<f64>,
    pub(crate) catch_up_hours: Option<f64>,
    pub(crate) lowest_service_ratio: Option<f64>,
    pub(crate) time_to_survive_days: Option<f64>,
    pub(crate) metastable: Option<f64>,
    pub(crate) rapidity: Option<f64>,
    pub(crate) resilience_loss_share: Option<f64>,
}

/// All that a metric may look at: one report group in one replication.
#[derive(Debug)]
pub(crate) struct Seen<'a> {
    pub(crate) run: &'a Totals,
    pub(crate) twin: Option<&'a Totals>,
    /// Prescriptions ready in both worlds, the sum of their differences \[µs\], and the positive differences.
    pub(crate) ready_in_both: u64,
    pub(crate) difference: i128,
    pub(crate) excess: &'a QuantileSketch,
    pub(crate) course: Course,
    /// The same of all prescriptions together.
    pub(crate) everyone: &'a Totals,
    /// Largest ratio of submissions to first submissions in an interval of the timeline, after the warm-up.
    pub(crate) amplification_peak: Option<f64>,
    /// Largest value dispensed and not paid, by store \[USD\].
    pub(crate) receivables_peak: Option<f64>,
    pub(crate) cash_books: super::money::CashBooks,
}

fn hours(micros: f64) -> f64 {
    micros / Span::HOUR.micros() as f64
}

fn excess(seen: &Seen<'_>, share: fn(&Totals) -> Option<f64>) -> Option<f64> {
    Some(share(seen.run)? - share(seen.twin?)?)
}

/// The longer limit of a delay.
const THREE_DAYS: Span = Span::from_micros(3 * Span::DAY.micros());

macro_rules! metrics {
    ($($harm:expr, $name:literal, $unit:literal, $title:literal, $needs:expr, $compute:expr, $about:literal;)+) => {
        /// Every metric, in the order of the tables.
        pub const METRICS: &[Metric] = &[
            $(Metric { name: $name, unit: $unit, title: $title, about: $about, needs: $needs, harm: $harm, compute: $compute },)+
        ];
    };
}

metrics! {
    Harm::No, "requested", "prescriptions", "Prescriptions requested", Needs::NOTHING, |s| Some(s.run.requested as f64),
    "Measured prescriptions: those requested after the warm-up and early enough to be followed up.";
    Harm::No, "ready", "prescriptions", "Prescriptions ready", Needs::NOTHING, |s| Some(s.run.delays.count() as f64),
    "Measured prescriptions that were ready by the end of the run.";
    Harm::Always, "delay_mean_hours", "h", "Delay, mean", Needs::NOTHING, |s| s.run.delays.mean().map(hours),
    "Mean time from request to ready, of the measured prescriptions that became ready.";
    Harm::Always, "delay_p50_hours", "h", "Delay, median", Needs::NOTHING, |s| s.run.delays.quantile(0.50).map(hours),
    "Median time from request to ready, of those that became ready.";
    Harm::Always, "delay_p90_hours", "h", "Delay, 90 % quantile", Needs::NOTHING, |s| s.run.delays.quantile(0.90).map(hours),
    "Nine in ten of those that became ready had to wait at most this long.";
    Harm::Always, "delay_p95_hours", "h", "Delay, 95 % quantile", Needs::NOTHING, |s| s.run.delays.quantile(0.95).map(hours),
    "Nineteen in twenty of those that became ready had to wait at most this long.";
    Harm::Always, "delay_p99_hours", "h", "Delay, 99 % quantile", Needs::NOTHING, |s| s.run.delays.quantile(0.99).map(hours),
    "Ninety-nine in a hundred of those that became ready had to wait at most this long.";
    Harm::Always, "delay_cvar95_hours", "h", "Delay, mean of the worst 5 %", Needs::NOTHING, |s| s.run.delays.cvar(0.95).map(hours),
    "Conditional value at risk: mean delay of the slowest twentieth of those that became ready (Rockafellar & Uryasev 2000).";
    Harm::FollowedUp(Span::DAY), "share_delayed_24h", "share", "Delayed more than 24 h", Needs::NOTHING, |s| s.run.share_delayed_24h(),
    "Share of the measured prescriptions not ready within 24 h; those given up or never filled count as delayed.";
    Harm::FollowedUp(THREE_DAYS), "share_delayed_72h", "share", "Delayed more than 72 h", Needs::NOTHING, |s| s.run.share_delayed_72h(),
    "Share of the measured prescriptions not ready within 72 h; those given up or never filled count as delayed.";
    Harm::Always, "share_gave_up", "share", "Gave up", Needs::NOTHING, |s| s.run.share(s.run.gave_up),
    "Share of the measured prescriptions that will not be filled: patience at an end, or a rejection that was not resolved.";
    Harm::Always, "share_unfilled", "share", "Still waiting at the end", Needs::NOTHING, |s| s.run.share(s.run.unfilled()),
    "Share of the measured prescriptions neither ready nor given up at the end of the run.";
    Harm::No, "share_on_trust", "share", "Filled on trust", Needs::NOTHING, |s| s.run.share(s.run.on_trust),
    "Share of the measured prescriptions that were dispensed before their claim was paid.";
    Harm::No, "share_standby", "share", "Filled over a second switch", Needs::NOTHING, |s| s.run.share(s.run.standby),
    "Share of the measured prescriptions whose last claim went over a standby or a newly connected switch.";
    Harm::No, "share_cash", "share", "Paid cash", Needs::CASH, |s| s.run.share(s.run.cash),
    "Share of the measured prescriptions that the patient paid for, without a claim.";
    Harm::No, "refills_per_week", "prescriptions/week", "Refills requested in a week, whole network", Needs::KINDS,
    |s| s.run.refills.map(|refills| refills as f64 / s.run.weeks / s.run.scale),
    "Refills requested in a week of the measured time, in the whole network: those simulated over `scale`.";
    Harm::No, "share_tided_over", "share", "Tided over", Needs::TIDE_OVER, |s| s.run.share(s.run.tided_over),
    "Share of the measured prescriptions of which the patient was given a part while the claim could not get through.";
    Harm::No, "share_moved", "share", "Taken to another pharmacy", Needs::MOVE, |s| s.run.share(s.run.moved),
    "Share of the measured prescriptions that the patient took to another pharmacy, or that came from a patient who had left for good.";
    Harm::Always, "share_abandoned", "share", "Ready but never picked up", Needs::PICK_UP, |s| s.run.share(s.run.abandoned),
    "Share of the measured prescriptions that were ready and never picked up.";
    Harm::Always, "copay_blocked_share", "share", "Copay cards that could not be used", Needs::COPAY,
    |s| {
        let all = s.run.copay_through + s.run.copay_blocked;
        (all > 0).then(|| s.run.copay_blocked as f64 / all as f64)
    },
    "Share of all claims for copay cards in the run that could not get through at the first visit, with all that the pharmacy tries by itself.";
    Harm::Always, "therapy_gap_mean_days", "d", "Time without supply, mean", Needs::SUPPLY, |s| s.run.gap_mean_days(),
    "Mean time from run-out to pick-up within the follow-up, over all measured prescriptions; those not filled or not picked up count to its end.";
    Harm::Always, "medication_gap_share", "share", "Days without supply", Needs::SUPPLY, |s| s.run.medication_gap(),
    "Continuous measure of medication gaps: days without supply over the days of the follow-up, mean over the measured prescriptions.";
    Harm::No, "days_covered_share", "share", "Days covered", Needs::SUPPLY, |s| s.run.medication_gap().map(|gap| 1.0 - gap),
    "Proportion of days covered: days of the follow-up with supply in hand, what is picked up lasting to its end; mean over the measured prescriptions.";
    Harm::Always, "missed_doses_per_100", "doses", "Missed doses per 100 prescriptions", Needs::SUPPLY, |s| s.run.missed_doses(),
    "Time without supply times doses a day of the drug class, for each 100 measured prescriptions.";
    Harm::Always, "share_past_run_out", "share", "Ran out", Needs::SUPPLY, |s| s.run.share_past_run_out(0),
    "Share of the measured prescriptions whose patient had nothing left before pick-up.";
    Harm::Always, "share_past_run_out_1d", "share", "Without supply for more than 1 day", Needs::SUPPLY, |s| s.run.share_past_run_out(1),
    "Share of the measured prescriptions whose patient was without supply for more than a day.";
    Harm::Always, "share_past_run_out_3d", "share", "Without supply for more than 3 days", Needs::SUPPLY, |s| s.run.share_past_run_out(2),
    "Share of the measured prescriptions whose patient was without supply for more than three days.";
    Harm::Always, "share_past_run_out_7d", "share", "Without supply for more than 7 days", Needs::SUPPLY, |s| s.run.share_past_run_out(3),
    "Share of the measured prescriptions whose patient was without supply for more than seven days.";
    Harm::No, "delayed_72h_ratio", "ratio", "Delayed more than 72 h, against everybody", Needs::NOTHING,
    |s| s.run.share_delayed_72h().zip(s.everyone.share_delayed_72h()).filter(|(_, all)| *all > 0.0).map(|(own, all)| own / all),
    "Share of the group delayed more than 72 h, over the same share of all prescriptions: a rate ratio, 1 where the burden is even.";
    Harm::No, "delayed_72h_difference", "share", "Delayed more than 72 h, less everybody's share", Needs::NOTHING,
    |s| s.run.share_delayed_72h().zip(s.everyone.share_delayed_72h()).map(|(own, all)| own - all),
    "Share of the group delayed more than 72 h, less the same share of all prescriptions: 0 where the burden is even.";
    Harm::Always, "submissions_per_claim", "ratio", "Submissions per claim", Needs::NOTHING,
    |s| (s.run.claims > 0).then(|| s.run.submissions as f64 / s.run.claims as f64),
    "Submissions after the warm-up for each prescription submitted for the first time: tried again, sent again after a rejection, billed later, or for a copay card (retry amplification).";
    Harm::Always, "number_in_system", "prescriptions", "Number in system, mean", Needs::NOTHING, |s| Some(s.run.number_in_system),
    "Time average of prescriptions requested and neither ready nor given up, after the warm-up, in the simulated network.";
    Harm::No, "retry_amplification_peak", "ratio", "Submissions per claim, largest", Needs::NOTHING, |s| s.amplification_peak,
    "Largest ratio of submissions of any kind to first submissions in an interval of the timeline after the warm-up that has any of these (Bronson et al. 2021).";
    Harm::Always, "receivables_peak_usd", "USD", "Dispensed and not paid, largest", Needs::PRICES, |s| s.receivables_peak,
    "Largest value dispensed on trust and not yet paid at an instant of the timeline, for each store of the group.";
    Harm::Always, "written_off_usd", "USD", "Lost for good", Needs::PRICES, |s| s.cash_books.per_store(s.run.written_off as f64 / 100.0),
    "Value dispensed on trust whose bill the payer refused for good, in the whole run, for each store of the group.";
    Harm::Always, "excess_delay_mean_hours", "h", "Excess delay, mean", Needs::TWIN,
    |s| (s.ready_in_both > 0).then(|| hours(s.difference as f64 / s.ready_in_both as f64)),
    "Mean difference in delay between a prescription and itself without the disruption, of those ready in both.";
    Harm::Always, "excess_delay_p95_hours", "h", "Excess delay, 95 % quantile", Needs::TWIN, |s| s.excess.quantile(0.95).map(hours),
    "Nineteen in twenty of those ready in both waited at most this much longer than without the disruption.";
    Harm::Always, "excess_delay_p99_hours", "h", "Excess delay, 99 % quantile", Needs::TWIN, |s| s.excess.quantile(0.99).map(hours),
    "Ninety-nine in a hundred of those ready in both waited at most this much longer than without the disruption.";
    Harm::FollowedUp(Span::DAY), "excess_share_delayed_24h", "share", "Delayed more than 24 h, excess", Needs::TWIN, |s| excess(s, Totals::share_delayed_24h),
    "Share delayed more than 24 h, less the same share without the disruption.";
    Harm::FollowedUp(THREE_DAYS), "excess_share_delayed_72h", "share", "Delayed more than 72 h, excess", Needs::TWIN, |s| excess(s, Totals::share_delayed_72h),
    "Share delayed more than 72 h, less the same share without the disruption.";
    Harm::Always, "excess_share_gave_up", "share", "Gave up, excess", Needs::TWIN, |s| excess(s, |t| t.share(t.gave_up)),
    "Share that gave up, less the same share without the disruption.";
    Harm::Always, "excess_share_unfilled", "share", "Still waiting at the end, excess", Needs::TWIN, |s| excess(s, |t| t.share(t.unfilled())),
    "Share still waiting at the end of the run, less the same share without the disruption.";
    Harm::Always, "excess_therapy_gap_mean_days", "d", "Time without supply, excess", Needs::TWIN.and(Needs::SUPPLY), |s| excess(s, Totals::gap_mean_days),
    "Mean time without supply, less the same without the disruption.";
    Harm::Always, "excess_missed_doses_per_100", "doses", "Missed doses per 100 prescriptions, excess", Needs::TWIN.and(Needs::SUPPLY), |s| excess(s, Totals::missed_doses),
    "Missed doses for each 100 measured prescriptions, less the same without the disruption.";
    Harm::Always, "excess_share_past_run_out_3d", "share", "Without supply for more than 3 days, excess", Needs::TWIN.and(Needs::SUPPLY),
    |s| excess(s, |t| t.share_past_run_out(2)),
    "Share without supply for more than three days, less the same share without the disruption.";
    Harm::Always, "excess_share_abandoned", "share", "Ready but never picked up, excess", Needs::TWIN.and(Needs::PICK_UP), |s| excess(s, |t| t.share(t.abandoned)),
    "Share never picked up, less the same share without the disruption.";
    Harm::No, "ready_ratio", "ratio", "Prescriptions ready, against the twin", Needs::TWIN,
    |s| s.twin.filter(|twin| twin.delays.count() > 0).map(|twin| s.run.delays.count() as f64 / twin.delays.count() as f64),
    "Measured prescriptions that became ready, over those of the twin: fills lost, as against fills delayed.";
    Harm::Always, "cash_gap_peak_usd", "USD", "Largest cash gap", Needs::TWIN.and(Needs::MONEY), |s| s.cash_books.peak_usd,
    "Largest shortfall of a store's receipts, added up since t = 0, against those of the twin; mean over stores.";
    Harm::Always, "cash_gap_peak_days", "d", "Largest cash gap in days of normal receipts", Needs::TWIN.and(Needs::MONEY), |s| s.cash_books.peak_days,
    "The largest cash gap over the twin's receipts in a day.";
    Harm::Always, "days_below_zero", "d", "Days with the reserve used up", Needs::TWIN.and(Needs::MONEY), |s| s.cash_books.days_below_zero,
    "Days on which the cash gap of a store exceeds its reserve; mean over stores.";
    Harm::Always, "share_stores_below_zero", "share", "Stores whose reserve was used up", Needs::TWIN.and(Needs::MONEY), |s| s.cash_books.share_below_zero,
    "Share of the group's stores whose cash gap exceeds the reserve on at least one day.";
    Harm::Daily, "backlog_peak", "prescriptions", "Peak backlog", Needs::TWIN, |s| s.course.backlog_peak,
    "Largest excess of the number in system over the twin's, at the instants of the timeline, in the simulated network.";
    Harm::Daily, "backlog_peak_days", "d", "Peak backlog in days of normal work", Needs::TWIN, |s| s.course.backlog_peak_days,
    "Peak backlog over the prescriptions that the twin has requested in a day on average.";
    Harm::No, "backlog_peak_day", "d", "Day of the peak backlog", Needs::TWIN, |s| s.course.backlog_peak_day,
    "Time of the peak backlog after the first onset of a disruption.";
    Harm::No, "backlog_clear_days", "d", "Time to clear the backlog", Needs::TWIN, |s| s.course.backlog_clear_days,
    "Time from the end of what hit the group until the number in system stays within 1 % of a normal day's requests of the twin's for 24 h; not estimable if the run ends before, or if no disruption happens.";
    Harm::Daily, "backlog_not_cleared", "share", "Backlog not cleared", Needs::TWIN, |s| s.course.backlog_not_cleared,
    "Share of the replications with a disruption in which the backlog was not cleared by the end of the run (1 or 0 in a replication).";
    Harm::No, "time_to_recover_days", "d", "Time to recover", Needs::TWIN, |s| s.course.time_to_recover_days,
    "Time from the first onset until the service ratio stays at 0.95 or more for 24 h, 0 if it does not fall; not estimable if the run ends before, or if no disruption happens.";
    Harm::Daily, "time_to_recover_restricted_days", "d", "Time to recover, within the run", Needs::TWIN, |s| s.course.time_to_recover_restricted_days,
    "Time to recover, or the time from the first onset to the end of the run where that is not reached: its mean is the restricted mean, which leaves no replication out.";
    Harm::Daily, "not_recovered", "share", "Not recovered", Needs::TWIN, |s| s.course.not_recovered,
    "Share of the replications with a disruption that had not recovered by the end of the run (1 or 0 in a replication).";
    Harm::No, "time_to_survive_days", "d", "Time to survive", Needs::TWIN, |s| s.course.time_to_survive_days,
    "Time from the first onset until the service ratio first falls below 0.95: how long the group carries on by itself; not estimable if it never falls.";
    Harm::No, "metastable", "share", "Still degraded 3 days after restoration", Needs::TWIN, |s| s.course.metastable,
    "Whether the service or the claim ratio is below 0.95 three days after the last restoration (1 or 0 in a replication), among the replications that last so long: with load below capacity the sign of a metastable failure (Bronson et al. 2021).";
    Harm::No, "lowest_service_ratio", "ratio", "Lowest service ratio", Needs::TWIN, |s| s.course.lowest_service_ratio,
    "Least ratio of prescriptions made ready to those of the twin, over trailing 24 h, after the first onset.";
    Harm::Daily, "resilience_loss_hours", "h", "Service lost", Needs::TWIN, |s| s.course.resilience_loss_hours,
    "Integral of one minus the service ratio where it is below one, from the first onset to the end of the run, in hours of full service (Bruneau et al. 2003).";
    Harm::Daily, "resilience_loss_share", "share", "Service lost, share of the time", Needs::TWIN, |s| s.course.resilience_loss_share,
    "Service lost over the time from the first onset to the end of the run.";
    Harm::No, "rapidity_per_day", "1/d", "Rapidity", Needs::TWIN, |s| s.course.rapidity,
    "Depth of the fall of the service ratio over the time to recover (Bruneau et al. 2003); not estimable if it does not fall or recover.";
    Harm::No, "catch_up_hours", "h", "Service caught up", Needs::TWIN, |s| s.course.catch_up_hours,
    "Integral of the service ratio minus one where it is above one, in hours of full service.";
}

/// What is reported of a node.
#[derive(Clone, Copy, Debug)]
pub struct NodeMetric {
    /// Name in `nodes.csv`.
    pub name: &'static str,
    /// Unit.
    pub unit: &'static str,
    /// What it is.
    pub about: &'static str,
}

/// Every node metric, in the order of `nodes.csv`.
pub const NODE_METRICS: &[NodeMetric] = &[
    NodeMetric {
        name: "utilisation",
        unit: "share",
        about: "Mean share of the servers (staff, for pharmacies) that are busy after the warm-up; empty where capacity is unlimited.",
    },
    NodeMetric {
        name: "number_in_line_mean",
        unit: "prescriptions",
        about: "Time average of prescriptions or claims waiting for a server.",
    },
    NodeMetric { name: "number_in_line_peak", unit: "prescriptions", about: "Largest number waiting for a server." },
    NodeMetric {
        name: "served",
        unit: "services",
        about: "Services finished after the warm-up: claims, or tasks of staff, of which a prescription has several.",
    },
    NodeMetric {
        name: "down_share",
        unit: "share",
        about: "Share of the time after the warm-up in which the node did not work or did not take work from everybody.",
    },
];

/// A series of `timeline.csv`.
#[derive(Clone, Copy, Debug)]
pub struct SeriesInfo {
    /// Name.
    pub name: &'static str,
    /// Unit.
    pub unit: &'static str,
    /// What it is.
    pub about: &'static str,
    /// What a scenario must have for it.
    pub needs: Needs,
}

macro_rules! series {
    ($($variant:ident, $name:literal, $unit:literal, $needs:expr, $about:literal;)+) => {
        /// Every series, in the order of the tables.
        pub const SERIES: &[SeriesInfo] = &[
            $(SeriesInfo { name: $name, unit: $unit, about: $about, needs: $needs },)+
        ];

        /// Index in [`SERIES`].
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        pub(crate) enum Series { $($variant,)+ }
    };
}

series! {
    InSystem, "in_system", "prescriptions", Needs::NOTHING, "Prescriptions requested and neither ready nor given up, in the simulated network.";
    RequestedPerHour, "requested_per_hour", "prescriptions/h", Needs::NOTHING, "Prescriptions requested per hour since the instant before.";
    Unsettled, "unsettled", "prescriptions", Needs::NOTHING, "Prescriptions dispensed on trust whose claim is not yet paid.";
    ReadyPerHour, "ready_per_hour", "prescriptions/h", Needs::NOTHING, "Prescriptions made ready per hour since the instant before.";
    AdjudicatedPerHour, "adjudicated_per_hour", "claims/h", Needs::NOTHING, "Claims adjudicated per hour since the instant before.";
    GaveUp, "gave_up", "prescriptions", Needs::NOTHING, "Prescriptions given up since t = 0.";
    OnTrust, "on_trust", "prescriptions", Needs::NOTHING, "Prescriptions filled on trust since t = 0.";
    ConnectedShare, "connected_share", "share", Needs::NOTHING, "Share of simulated sites whose claims can leave by the route in use.";
    InSystemTwin, "in_system_twin", "prescriptions", Needs::TWIN, "The number in system without the disruption.";
    Backlog, "backlog", "prescriptions", Needs::TWIN, "Number in system less the twin's.";
    ReadyPerHourTwin, "ready_per_hour_twin", "prescriptions/h", Needs::TWIN, "Prescriptions made ready per hour without the disruption.";
    AdjudicatedPerHourTwin, "adjudicated_per_hour_twin", "claims/h", Needs::TWIN, "Claims adjudicated per hour without the disruption.";
    ExcessGaveUpPerHour, "excess_gave_up_per_hour", "prescriptions/h", Needs::TWIN, "Prescriptions given up per hour since the instant before, less those of the twin.";
    ServiceRatio, "service_ratio", "ratio", Needs::TWIN, "Prescriptions made ready in the last 24 h over those of the twin.";
    ClaimRatio, "claim_ratio", "ratio", Needs::TWIN, "Claims adjudicated in the last 24 h over those of the twin.";
    RetryAmplification, "retry_amplification", "ratio", Needs::NOTHING, "Submissions for each first submission since the instant before; no value where nothing was submitted for the first time.";
    CopayThrough, "copay_through_share", "share", Needs::COPAY, "Share of the claims for copay cards of the last 24 h that got through.";
    Receivables, "receivables_usd", "USD", Needs::PRICES, "Value dispensed on trust and not yet paid, for each store of the group.";
    CashGap, "cash_gap_usd", "USD", Needs::TWIN.and(Needs::MONEY), "Receipts of the twin less those of the run, added up since t = 0 to the end of the day before, for each store of the group.";
}
