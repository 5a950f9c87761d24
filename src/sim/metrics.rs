//! The metrics of a replication: one entry each, with name, unit, meaning and formula.

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
    /// Only where there is a twin.
    pub needs_twin: bool,
    compute: fn(&Seen<'_>) -> Option<f64>,
}

impl Metric {
    /// Whether some replications may not reach it, so that the mean over those that do would flatter.
    #[must_use]
    pub fn is_censored(&self) -> bool {
        matches!(self.name, "time_to_recover_days" | "backlog_clear_days")
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
    pub(crate) requested: u64,
    pub(crate) gave_up: u64,
    pub(crate) on_trust: u64,
    pub(crate) standby: u64,
    pub(crate) over_24h: u64,
    pub(crate) over_72h: u64,
    pub(crate) submissions: u64,
    pub(crate) claims: u64,
    pub(crate) number_in_system: f64,
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

    fn share_delayed_24h(&self) -> Option<f64> {
        self.share_delayed(Span::DAY, self.over_24h)
    }

    fn share_delayed_72h(&self) -> Option<f64> {
        self.share_delayed(Span::DAY.scaled(3.0), self.over_72h)
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
    pub(crate) not_recovered: Option<f64>,
    pub(crate) resilience_loss_hours: Option<f64>,
    pub(crate) catch_up_hours: Option<f64>,
    pub(crate) lowest_service_ratio: Option<f64>,
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
}

fn hours(micros: f64) -> f64 {
    micros / Span::HOUR.micros() as f64
}

fn excess(seen: &Seen<'_>, share: fn(&Totals) -> Option<f64>) -> Option<f64> {
    Some(share(seen.run)? - share(seen.twin?)?)
}

macro_rules! metrics {
    ($($name:literal, $unit:literal, $title:literal, $twin:literal, $compute:expr, $about:literal;)+) => {
        /// Every metric, in the order of the tables.
        pub const METRICS: &[Metric] = &[
            $(Metric { name: $name, unit: $unit, title: $title, about: $about, needs_twin: $twin, compute: $compute },)+
        ];
    };
}

metrics! {
    "requested", "prescriptions", "Prescriptions requested", false, |s| Some(s.run.requested as f64),
    "Measured prescriptions: those requested after the warm-up and early enough to be followed up.";
    "ready", "prescriptions", "Prescriptions ready", false, |s| Some(s.run.delays.count() as f64),
    "Measured prescriptions that were ready by the end of the run.";
    "delay_mean_hours", "h", "Delay, mean", false, |s| s.run.delays.mean().map(hours),
    "Mean time from request to ready, of the measured prescriptions that became ready.";
    "delay_p50_hours", "h", "Delay, median", false, |s| s.run.delays.quantile(0.50).map(hours),
    "Median time from request to ready, of those that became ready.";
    "delay_p90_hours", "h", "Delay, 90 % quantile", false, |s| s.run.delays.quantile(0.90).map(hours),
    "Nine in ten of those that became ready had to wait at most this long.";
    "delay_p95_hours", "h", "Delay, 95 % quantile", false, |s| s.run.delays.quantile(0.95).map(hours),
    "Nineteen in twenty of those that became ready had to wait at most this long.";
    "delay_p99_hours", "h", "Delay, 99 % quantile", false, |s| s.run.delays.quantile(0.99).map(hours),
    "Ninety-nine in a hundred of those that became ready had to wait at most this long.";
    "delay_cvar95_hours", "h", "Delay, mean of the worst 5 %", false, |s| s.run.delays.cvar(0.95).map(hours),
    "Conditional value at risk: mean delay of the slowest twentieth of those that became ready (Rockafellar & Uryasev 2000).";
    "share_delayed_24h", "share", "Delayed more than 24 h", false, |s| s.run.share_delayed_24h(),
    "Share of the measured prescriptions not ready within 24 h; those given up or never filled count as delayed.";
    "share_delayed_72h", "share", "Delayed more than 72 h", false, |s| s.run.share_delayed_72h(),
    "Share of the measured prescriptions not ready within 72 h; those given up or never filled count as delayed.";
    "share_gave_up", "share", "Gave up", false, |s| s.run.share(s.run.gave_up),
    "Share of the measured prescriptions that will not be filled: patience at an end, or a rejection that was not resolved.";
    "share_unfilled", "share", "Still waiting at the end", false, |s| s.run.share(s.run.unfilled()),
    "Share of the measured prescriptions neither ready nor given up at the end of the run.";
    "share_on_trust", "share", "Filled on trust", false, |s| s.run.share(s.run.on_trust),
    "Share of the measured prescriptions that were dispensed before their claim was paid.";
    "share_standby", "share", "Filled over a second switch", false, |s| s.run.share(s.run.standby),
    "Share of the measured prescriptions whose last claim went over a standby or a newly connected switch.";
    "submissions_per_claim", "ratio", "Submissions per claim", false,
    |s| (s.run.claims > 0).then(|| s.run.submissions as f64 / s.run.claims as f64),
    "Submissions after the warm-up, resubmissions included, for each prescription submitted for the first time (retry amplification).";
    "number_in_system", "prescriptions", "Number in system, mean", false, |s| Some(s.run.number_in_system),
    "Time average of prescriptions requested and neither ready nor given up, after the warm-up, in the simulated network.";
    "excess_delay_mean_hours", "h", "Excess delay, mean", true,
    |s| (s.ready_in_both > 0).then(|| hours(s.difference as f64 / s.ready_in_both as f64)),
    "Mean difference in delay between a prescription and itself without the disruption, of those ready in both.";
    "excess_delay_p95_hours", "h", "Excess delay, 95 % quantile", true, |s| s.excess.quantile(0.95).map(hours),
    "Nineteen in twenty of those ready in both waited at most this much longer than without the disruption.";
    "excess_delay_p99_hours", "h", "Excess delay, 99 % quantile", true, |s| s.excess.quantile(0.99).map(hours),
    "Ninety-nine in a hundred of those ready in both waited at most this much longer than without the disruption.";
    "excess_share_delayed_24h", "share", "Delayed more than 24 h, excess", true, |s| excess(s, Totals::share_delayed_24h),
    "Share delayed more than 24 h, less the same share without the disruption.";
    "excess_share_delayed_72h", "share", "Delayed more than 72 h, excess", true, |s| excess(s, Totals::share_delayed_72h),
    "Share delayed more than 72 h, less the same share without the disruption.";
    "excess_share_gave_up", "share", "Gave up, excess", true, |s| excess(s, |t| t.share(t.gave_up)),
    "Share that gave up, less the same share without the disruption.";
    "excess_share_unfilled", "share", "Still waiting at the end, excess", true, |s| excess(s, |t| t.share(t.unfilled())),
    "Share still waiting at the end of the run, less the same share without the disruption.";
    "backlog_peak", "prescriptions", "Peak backlog", true, |s| s.course.backlog_peak,
    "Largest excess of the number in system over the twin's, at the instants of the timeline, in the simulated network.";
    "backlog_peak_days", "d", "Peak backlog in days of normal work", true, |s| s.course.backlog_peak_days,
    "Peak backlog over the prescriptions that the twin has requested in a day on average.";
    "backlog_peak_day", "d", "Day of the peak backlog", true, |s| s.course.backlog_peak_day,
    "Time of the peak backlog after the first onset of a disruption.";
    "backlog_clear_days", "d", "Time to clear the backlog", true, |s| s.course.backlog_clear_days,
    "Time from the last restoration until the number in system stays within 1 % of a normal day's requests of the twin's for 24 h; not estimable if the run ends before.";
    "backlog_not_cleared", "share", "Backlog not cleared", true, |s| s.course.backlog_not_cleared,
    "Share of replications in which the backlog was not cleared by the end of the run (1 or 0 in a replication).";
    "time_to_recover_days", "d", "Time to recover", true, |s| s.course.time_to_recover_days,
    "Time from the first onset until the service ratio stays at 0.95 or more for 24 h; not estimable if the run ends before.";
    "not_recovered", "share", "Not recovered", true, |s| s.course.not_recovered,
    "Share of replications that had not recovered by the end of the run (1 or 0 in a replication).";
    "lowest_service_ratio", "ratio", "Lowest service ratio", true, |s| s.course.lowest_service_ratio,
    "Least ratio of prescriptions made ready to those of the twin, over trailing 24 h, after the first onset.";
    "resilience_loss_hours", "h", "Service lost", true, |s| s.course.resilience_loss_hours,
    "Integral of one minus the service ratio where it is below one, from the first onset to the end of the run, in hours of full service (Bruneau et al. 2003).";
    "catch_up_hours", "h", "Service caught up", true, |s| s.course.catch_up_hours,
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
    NodeMetric { name: "served", unit: "prescriptions", about: "Services finished after the warm-up." },
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
    /// Only where there is a twin.
    pub needs_twin: bool,
}

macro_rules! series {
    ($($variant:ident, $name:literal, $unit:literal, $twin:literal, $about:literal;)+) => {
        /// Every series, in the order of the tables.
        pub const SERIES: &[SeriesInfo] = &[
            $(SeriesInfo { name: $name, unit: $unit, about: $about, needs_twin: $twin },)+
        ];

        /// Index in [`SERIES`].
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        pub(crate) enum Series { $($variant,)+ }
    };
}

series! {
    InSystem, "in_system", "prescriptions", false, "Prescriptions requested and neither ready nor given up, in the simulated network.";
    Unsettled, "unsettled", "prescriptions", false, "Prescriptions dispensed on trust whose claim is not yet paid.";
    ReadyPerHour, "ready_per_hour", "prescriptions/h", false, "Prescriptions made ready per hour since the instant before.";
    AdjudicatedPerHour, "adjudicated_per_hour", "claims/h", false, "Claims adjudicated per hour since the instant before.";
    GaveUp, "gave_up", "prescriptions", false, "Prescriptions given up since t = 0.";
    OnTrust, "on_trust", "prescriptions", false, "Prescriptions filled on trust since t = 0.";
    ConnectedShare, "connected_share", "share", false, "Share of simulated sites whose claims can leave by the route in use.";
    InSystemTwin, "in_system_twin", "prescriptions", true, "The number in system without the disruption.";
    Backlog, "backlog", "prescriptions", true, "Number in system less the twin's.";
    ReadyPerHourTwin, "ready_per_hour_twin", "prescriptions/h", true, "Prescriptions made ready per hour without the disruption.";
    AdjudicatedPerHourTwin, "adjudicated_per_hour_twin", "claims/h", true, "Claims adjudicated per hour without the disruption.";
    ServiceRatio, "service_ratio", "ratio", true, "Prescriptions made ready in the last 24 h over those of the twin.";
    ClaimRatio, "claim_ratio", "ratio", true, "Claims adjudicated in the last 24 h over those of the twin.";
}
