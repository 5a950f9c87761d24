//! What the model gives for each `[[target]]`: a value in each replication first, then their mean with its interval.

use super::glass::Glass;
use super::outcome::{Estimate, Outcome};
use super::seen::{Seen, ascend, mean};
use crate::scenario::{Harm, Measure, Quantity, QuantityKind, Ranked, Requirement, Scenario, Subject, ValidationTarget};
use crate::sim::{METRICS, SERIES};
use crate::stats;

/// Every metric and series that results report: what a scenario may name.
#[must_use]
pub fn quantities() -> Vec<Quantity> {
    let metrics = METRICS.iter().map(|metric| Quantity {
        name: metric.name,
        unit: metric.unit,
        needs: metric.needs,
        harm: metric.harm,
        kind: QuantityKind::Metric,
    });
    let series = SERIES.iter().map(|series| Quantity {
        name: series.name,
        unit: series.unit,
        needs: series.needs,
        harm: Harm::No,
        kind: QuantityKind::Series,
    });
    metrics.chain(series).collect()
}

/// How a target came out.
#[derive(Clone, Debug)]
pub struct TargetResult {
    /// The target.
    pub target: ValidationTarget,
    /// What the model gives: one value, or those of an order, lowest place first.
    pub values: Vec<TargetValue>,
    /// Share of the replications in which it holds, of those in which that can be told; `None` if it cannot in any.
    pub held: Option<f64>,
    /// Whether the means over replications are as they must be.
    pub verdict: TargetVerdict,
}

/// A value that a target is about.
#[derive(Clone, Debug)]
pub struct TargetValue {
    /// In an order, the target or report group that it is the value of; empty otherwise.
    pub name: String,
    /// Place in the order, from 0.
    pub place: usize,
    /// Unit.
    pub unit: &'static str,
    /// Mean over the replications that have a value.
    pub estimate: Option<Estimate>,
    /// 5 %, 50 % and 95 % quantile, what was not reached being later than all else; `None` for one among that.
    pub quantiles: [Option<f64>; 3],
    /// Replications in which a time was not reached by the end of its window: the mean is only over the others.
    pub censored: u32,
}

/// Whether the model gives what was asked for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum TargetVerdict {
    /// It does.
    Met,
    /// It does not.
    Missed,
    /// It cannot be told.
    NotEstimable,
}

impl TargetVerdict {
    /// The words of tables.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Met => "met",
            Self::Missed => "missed",
            Self::NotEstimable => "not estimable",
        }
    }
}

/// Compares every target of a scenario with the finished replications.
pub(super) fn compare(scenario: &Scenario, outcome: &Outcome) -> Vec<TargetResult> {
    let outages = scenario.outages.len();
    scenario.targets.iter().map(|target| compare_target(target, outages, outcome)).collect()
}

/// Compares one target with the finished replications, of whose disruptions the first `outages` are outages.
#[must_use]
pub fn compare_target(target: &ValidationTarget, outages: usize, outcome: &Outcome) -> TargetResult {
    let own;
    let tiers: &[Vec<Ranked>] = match &target.requirement {
        Requirement::Within { measure, .. } => {
            own = [vec![Ranked { name: String::new(), measure: measure.clone() }]];
            &own
        }
        Requirement::Ascending(tiers) => tiers,
    };
    let places: Vec<usize> = tiers.iter().enumerate().flat_map(|(place, tier)| tier.iter().map(move |_| place)).collect();
    let ranked: Vec<&Ranked> = tiers.iter().flatten().collect();
    let replications = outcome.points.first().map_or(&[][..], |point| &point.replications);
    // `seen[value][replication]`.
    let seen: Vec<Vec<Seen>> = ranked
        .iter()
        .map(|ranked| {
            let glass = |reading| Glass { outcome, outages, reading };
            let (over, under) = (glass(&ranked.measure.reading), ranked.measure.relative_to.as_deref().map(glass));
            (0..replications.len())
                .map(|index| match &under {
                    None => over.read(index),
                    Some(under) => over.read(index).over(under.read(index)),
                })
                .collect()
        })
        .collect();

    let holds = |values: &[Seen]| match &target.requirement {
        Requirement::Within { low, high, .. } => values.first().and_then(|value| value.is_within(*low, *high)),
        Requirement::Ascending(_) => ascend(values, &places),
    };
    let told: Vec<bool> =
        (0..replications.len()).filter_map(|index| holds(&seen.iter().map(|values| values[index]).collect::<Vec<_>>())).collect();
    let means: Vec<Seen> = seen.iter().map(|values| mean(values)).collect();
    TargetResult {
        values: ranked
            .iter()
            .zip(&places)
            .zip(&seen)
            .map(|((ranked, &place), seen)| value(ranked, place, seen, outcome))
            .collect(),
        held: (!told.is_empty()).then(|| told.iter().filter(|&&held| held).count() as f64 / told.len() as f64),
        verdict: match holds(&means) {
            Some(true) => TargetVerdict::Met,
            Some(false) => TargetVerdict::Missed,
            None => TargetVerdict::NotEstimable,
        },
        target: target.clone(),
    }
}

/// Unit of the value of a target, and of its bounds.
#[must_use]
pub fn unit_of(measure: &Measure) -> &'static str {
    match (&measure.reading.subject, &measure.relative_to) {
        (_, Some(_)) => "ratio",
        (Subject::Restored { .. }, None) => "d",
        (Subject::Series { stat, .. }, None) if stat.is_time() => "d",
        (Subject::Metric(name) | Subject::Series { name, .. }, None) => unit_of_quantity(name),
    }
}

fn unit_of_quantity(name: &str) -> &'static str {
    quantities().into_iter().find(|known| known.name == name).map_or("", |known| known.unit)
}

fn value(ranked: &Ranked, place: usize, seen: &[Seen], outcome: &Outcome) -> TargetValue {
    let unit = unit_of(&ranked.measure);
    let bounds = match &ranked.measure.reading.subject {
        Subject::Metric(name) if ranked.measure.relative_to.is_none() => Estimate::natural_bounds(name, unit),
        Subject::Metric(name) if is_ratio_without_sign(ranked, name) => Some((0.0, f64::INFINITY)),
        // A backlog, a cash gap, a time counted from an instant may be negative; a share may not.
        _ => (unit == "share").then_some((0.0, 1.0)),
    };
    let mut values: Vec<f64> = seen.iter().filter_map(|seen| seen.value()).collect();
    let estimate = Estimate::of(values.iter().copied(), outcome.confidence, bounds);
    // Later, or earlier, than all others, as for the median of a metric: a quantile among them is not known.
    values.extend(seen.iter().filter_map(|seen| match seen {
        Seen::After(_) => Some(f64::INFINITY),
        Seen::Before(_) => Some(f64::NEG_INFINITY),
        Seen::Unknown => Some(f64::NAN),
        Seen::Value(_) | Seen::Nothing => None,
    }));
    let is_ordered = values.iter().all(|value| !value.is_nan());
    values.sort_unstable_by(f64::total_cmp);
    let quantile = |p| stats::quantile_of_sorted(&values, p).filter(|quantile| is_ordered && quantile.is_finite());
    TargetValue {
        name: ranked.name.clone(),
        place,
        unit,
        estimate,
        quantiles: [0.05, 0.5, 0.95].map(quantile),
        censored: seen.iter().filter(|seen| seen.is_censored()).count() as u32,
    }
}

/// Whether a metric is divided by another, and neither can be negative.
fn is_ratio_without_sign(ranked: &Ranked, name: &str) -> bool {
    let is_bounded = |name: &str| {
        let metric = METRICS.iter().find(|metric| metric.name == name);
        metric.is_some_and(|metric| Estimate::natural_bounds(name, metric.unit).is_some())
    };
    let divisor = ranked.measure.relative_to.as_ref().map(|divisor| &divisor.subject);
    matches!(divisor, Some(Subject::Metric(divisor)) if is_bounded(name) && is_bounded(divisor))
}

#[cfg(test)]
mod tests {
    use super::super::outcome::{DesignPoint, Group};
    use super::*;
    use crate::scenario::{Needs, Reading, Stat, Strictness, TargetRole, Window};
    use crate::sim::ReplicationResult;
    use crate::units::{CivilTime, SimTime, Span};

    const DAYS: usize = 10;

    /// What a replication is made of: onset and end of its outage in days, a share of connected sites, hourly rates without and with the
    /// disruption, for days 0 to 10, and a time to recover.
    struct Made {
        outage: (Option<f64>, Option<f64>),
        connected: [f32; DAYS + 1],
        rates: ([f32; DAYS + 1], [f32; DAYS + 1]),
        recovered: Option<f64>,
    }

    const UP: [f32; DAYS + 1] = [1.0; DAYS + 1];

    fn outcome(made: &[Made]) -> Outcome {
        let day = |days: f64| SimTime::ZERO + Span::DAY.scaled(days);
        let replications = made.iter().zip(0..).map(|(made, index)| {
            let mut series = vec![f32::NAN; 2 * SERIES.len() * (DAYS + 1)];
            let rows =
                [("connected_share", made.connected), ("ready_per_hour", made.rates.0), ("ready_per_hour_twin", made.rates.1)];
            for (name, row) in rows {
                let first = SERIES.iter().position(|known| known.name == name).expect("a series") * (DAYS + 1);
                series[first..=first + DAYS].copy_from_slice(&row);
                // The second group has half of everything.
                let second = SERIES.len() * (DAYS + 1) + first;
                series[second..=second + DAYS].copy_from_slice(&row.map(|value| value / 2.0));
            }
            let metric = METRICS.iter().position(|known| known.name == "time_to_recover_days").expect("a metric");
            let mut values = vec![None; 2 * METRICS.len()];
            values[metric] = made.recovered;
            let missed = METRICS.iter().position(|known| known.name == "not_recovered").expect("a metric");
            values[missed] = made.outage.0.map(|_| f64::from(u8::from(made.recovered.is_none())));
            ReplicationResult {
                index,
                values,
                delays: Vec::new(),
                series,
                nodes: Vec::new(),
                disruptions: vec![(made.outage.0.map(day), made.outage.1.map(day))],
                prescriptions: 0,
                events: 0,
            }
        });
        let group = |key: &str| Group { key: key.to_owned(), label: key.to_owned(), sites: None };
        Outcome {
            name: "made".to_owned(),
            title: String::new(),
            description: String::new(),
            start: CivilTime::new(2024, 2, 14, 0, 0, 0).expect("a date"),
            warm_up: Span::ZERO,
            horizon: Span::DAY.scaled(DAYS as f64),
            follow_up: Span::ZERO,
            timeline_step: Span::DAY,
            scale: 1.0,
            network_sites: 1,
            seed: 1,
            confidence: 0.95,
            disrupted: true,
            has: Needs::TWIN.and(Needs::OUTAGE),
            instants: (0..=DAYS).map(|index| day(index as f64)).collect(),
            delay_grid: Vec::new(),
            groups: vec![group("all"), group("type=half")],
            disruptions: Vec::new(),
            path: crate::sim::Path::Events,
            nodes: Vec::new(),
            planned: made.len() as u32,
            interrupted: false,
            precision_met: None,
            points: vec![DesignPoint { id: "base".to_owned(), replications: replications.collect() }],
            theory: Vec::new(),
            checks: Vec::new(),
            targets: Vec::new(),
            warnings: Vec::new(),
            precautions: Vec::new(),
            criticality: None,
            criticality_stopped: false,
        }
    }

    /// An outage from `onset` to `end`, during which `left` of the sites are connected.
    fn outage(onset: f64, end: f64, left: f32) -> Made {
        let mut connected = UP;
        for (day, share) in connected.iter_mut().enumerate() {
            if (day as f64) > onset && (day as f64) <= end {
                *share = left;
            }
        }
        Made { outage: (Some(onset), Some(end)), connected, rates: (UP, UP), recovered: Some(end - onset) }
    }

    fn series(name: &str, window: Window, stat: Stat, since: Option<Span>) -> Reading {
        Reading { subject: Subject::Series { name: name.to_owned(), window, stat, since }, group: "all".to_owned() }
    }

    fn between(from: Option<f64>, to: f64) -> Window {
        Window::Between { from: from.map(|from| Span::DAY.scaled(from)), to: Span::DAY.scaled(to) }
    }

    fn of_group(mut reading: Reading, group: &str) -> Reading {
        group.clone_into(&mut reading.group);
        reading
    }

    fn target(requirement: Requirement) -> ValidationTarget {
        let text = String::new;
        ValidationTarget {
            id: "V1".to_owned(),
            title: text(),
            observed: text(),
            source: text(),
            note: text(),
            role: TargetRole::Independent,
            strictness: Strictness::Strict,
            requirement,
        }
    }

    fn within(reading: Reading, low: Option<f64>, high: Option<f64>) -> ValidationTarget {
        target(Requirement::Within { measure: Measure { reading, relative_to: None }, low, high })
    }

    fn values(of: &TargetResult) -> Vec<Option<f64>> {
        of.values.iter().map(|value| value.estimate.map(|estimate| estimate.mean)).collect()
    }

    fn verdict(target: &ValidationTarget, outcome: &Outcome) -> (TargetVerdict, Option<f64>) {
        let result = compare_target(target, 1, outcome);
        (result.verdict, result.held)
    }

    #[test]
    fn the_mean_decides_and_the_share_that_held_is_told() {
        let outcome = outcome(&[outage(2.0, 6.0, 0.5), outage(2.0, 6.0, 0.7), outage(2.0, 6.0, 0.9)]);
        let reading = || series("connected_share", Window::At(Span::DAY.scaled(4.0)), Stat::Mean, None);
        let told = compare_target(&within(reading(), Some(0.6), Some(0.8)), 1, &outcome);
        assert_eq!((told.verdict, told.held), (TargetVerdict::Met, Some(1.0 / 3.0)));
        let estimate = told.values[0].estimate.expect("an estimate");
        assert!((estimate.mean - 0.7).abs() < 1e-7 && estimate.n == 3);
        // Student's t with two degrees of freedom, 4.3027, times 0.2 / sqrt(3): kept within 1.
        let interval = estimate.interval.expect("an interval");
        assert!((interval.low - (0.7 - 4.302_652_7 * 0.2 / 3f64.sqrt())).abs() < 1e-6 && interval.high == 1.0);
        let quantile = told.values[0].quantiles[1].expect("a median");
        assert!((quantile - 0.7).abs() < 1e-7);
        assert_eq!(told.values[0].unit, "share");
        assert_eq!(verdict(&within(reading(), Some(0.8), None), &outcome), (TargetVerdict::Missed, Some(1.0 / 3.0)));
        assert_eq!(verdict(&within(reading(), None, Some(0.95)), &outcome), (TargetVerdict::Met, Some(1.0)));
    }

    #[test]
    fn windows_end_with_their_last_instant_and_rates_need_their_whole_step() {
        let mut made = outage(2.0, 6.0, 0.5);
        made.rates.0 = core::array::from_fn(|day| day as f32);
        let outcome = outcome(&[made]);
        let mean = |name, window| {
            values(&compare_target(&within(series(name, window, Stat::Mean, None), Some(0.0), None), 1, &outcome))[0]
        };
        assert_eq!(mean("ready_per_hour", between(Some(3.0), 5.0)), Some(4.5), "the steps that end on days 4 and 5");
        assert_eq!(mean("ready_per_hour", between(Some(3.5), 5.5)), Some(5.0), "the step that ends on day 4 begins before");
        assert_eq!(mean("connected_share", between(Some(1.5), 3.0)), Some(0.75), "days 2 and 3");
        assert_eq!(mean("connected_share", between(None, 3.0)), Some(0.5), "after the onset on day 2");
        let of = |stat| {
            values(&compare_target(
                &within(series("ready_per_hour", between(Some(3.0), 5.0), stat, None), Some(0.0), None),
                1,
                &outcome,
            ))[0]
        };
        assert_eq!((of(Stat::Min), of(Stat::Max)), (Some(4.0), Some(5.0)));
    }

    #[test]
    fn times_are_counted_in_days_from_the_onset_or_another_day() {
        let outcome = outcome(&[outage(2.0, 6.0, 0.5), outage(3.0, 6.0, 0.5)]);
        let time = |stat, since: Option<f64>| {
            let reading = series("connected_share", between(None, 10.0), stat, since.map(|days| Span::DAY.scaled(days)));
            let told = compare_target(&within(reading, Some(0.0), None), 1, &outcome);
            assert_eq!(told.values[0].unit, "d");
            values(&told)[0]
        };
        assert_eq!(time(Stat::TimeOfMin, None), Some(1.0), "one day after the onset in both");
        assert_eq!(time(Stat::TimeOfMin, Some(1.0)), Some(2.5), "days 3 and 4 after day 1");
        assert_eq!(time(Stat::FirstAbove(1.0), None), Some(4.5), "day 7, 5 or 4 days after the onset");
        assert_eq!(time(Stat::FirstBelow(0.5), Some(4.0)), Some(-0.5), "days 3 and 4 around day 4");
    }

    #[test]
    fn a_time_that_is_not_reached_is_later_and_not_left_out() {
        let outcome = outcome(&[outage(2.0, 6.0, 0.5), outage(2.0, 20.0, 0.5)]);
        let until = |low, high| within(series("connected_share", between(None, 10.0), Stat::FirstAbove(1.0), None), low, high);
        let told = compare_target(&until(None, Some(6.0)), 1, &outcome);
        assert_eq!((told.values[0].censored, values(&told)[0]), (1, Some(5.0)), "the mean is of the one that is reached");
        // 5 days, and later than 8: more than 6.5 on average.
        assert_eq!((told.verdict, told.held), (TargetVerdict::Missed, Some(0.5)));
        assert_eq!(verdict(&until(None, Some(7.0)), &outcome), (TargetVerdict::NotEstimable, Some(0.5)));
        assert_eq!(verdict(&until(Some(6.0), None), &outcome), (TargetVerdict::Met, Some(0.5)));
        let restored = |high| {
            let subject = Subject::Restored { outage: 0, since: None };
            within(Reading { subject, group: "all".to_owned() }, None, Some(high))
        };
        assert_eq!(verdict(&restored(18.0), &outcome), (TargetVerdict::Met, Some(1.0)), "4 and 18 days");

        let metric = |low, high| {
            within(Reading { subject: Subject::Metric("time_to_recover_days".to_owned()), group: "all".to_owned() }, low, high)
        };
        let mut made = [outage(2.0, 6.0, 0.5), outage(2.0, 6.0, 0.5)];
        assert_eq!(verdict(&metric(None, Some(5.0)), &self::outcome(&made)), (TargetVerdict::Met, Some(1.0)));
        made[1].recovered = None;
        assert_eq!(verdict(&metric(None, Some(5.0)), &self::outcome(&made)), (TargetVerdict::NotEstimable, Some(1.0)));
    }

    #[test]
    fn an_outage_that_does_not_happen_says_nothing() {
        let calm = || Made { outage: (None, None), connected: UP, rates: (UP, UP), recovered: Some(0.0) };
        let restored =
            within(Reading { subject: Subject::Restored { outage: 0, since: None }, group: "all".to_owned() }, Some(3.0), None);
        assert_eq!(verdict(&restored, &outcome(&[calm(), outage(2.0, 6.0, 0.5)])), (TargetVerdict::Met, Some(1.0)));
        assert_eq!(verdict(&restored, &outcome(&[calm()])), (TargetVerdict::NotEstimable, None));
        assert_eq!(verdict(&restored, &outcome(&[])), (TargetVerdict::NotEstimable, None));
    }

    #[test]
    fn ratios_are_taken_in_each_replication() {
        let mut made = [outage(2.0, 6.0, 0.5), outage(2.0, 6.0, 0.5), outage(2.0, 6.0, 0.5)];
        made[0].rates = ([1.0; DAYS + 1], [2.0; DAYS + 1]);
        made[1].rates = ([9.0; DAYS + 1], [10.0; DAYS + 1]);
        made[2].rates = ([9.0; DAYS + 1], [0.0; DAYS + 1]);
        let window = between(Some(3.0), 5.0);
        let ratio = |by: Reading| {
            let measure =
                Measure { reading: series("ready_per_hour", window, Stat::Mean, None), relative_to: Some(Box::new(by)) };
            compare_target(&target(Requirement::Within { measure, low: Some(0.6), high: Some(0.8) }), 1, &outcome(&made))
        };
        let told = ratio(series("ready_per_hour_twin", window, Stat::Mean, None));
        assert!((values(&told)[0].expect("a mean") - 0.7).abs() < 1e-12, "0.5 and 0.9; nothing is divided by zero");
        assert_eq!((told.values[0].unit, told.values[0].estimate.expect("a mean").n), ("ratio", 2));
        assert_eq!((told.verdict, told.held), (TargetVerdict::Met, Some(0.0)));
        let other = of_group(series("ready_per_hour", window, Stat::Mean, None), "type=half");
        assert_eq!(values(&ratio(other))[0], Some(2.0));
    }

    #[test]
    fn an_order_holds_if_every_value_lies_below_those_of_the_next_place() {
        let outcome = outcome(&[outage(2.0, 6.0, 0.5), outage(2.0, 9.0, 0.5)]);
        let at = |day: f64, group: &str| {
            let reading = of_group(series("connected_share", Window::At(Span::DAY.scaled(day)), Stat::Mean, None), group);
            Ranked { name: format!("{group} {day}"), measure: Measure { reading, relative_to: None } }
        };
        let order = |tiers: Vec<Vec<Ranked>>| target(Requirement::Ascending(tiers));
        // In both: half a share of half, half, all.
        let three = order(vec![vec![at(4.0, "type=half")], vec![at(4.0, "all"), at(1.0, "type=half")], vec![at(1.0, "all")]]);
        let told = compare_target(&three, 1, &outcome);
        assert_eq!((told.verdict, told.held), (TargetVerdict::Met, Some(1.0)));
        let places: Vec<(&str, usize)> = told.values.iter().map(|value| (value.name.as_str(), value.place)).collect();
        assert_eq!(places, [("type=half 4", 0), ("all 4", 1), ("type=half 1", 1), ("all 1", 2)]);
        assert_eq!(values(&told), [Some(0.25), Some(0.5), Some(0.5), Some(1.0)]);
        // On day 8 the first is back and the second is not: 0.75 on average.
        let two = order(vec![vec![at(4.0, "all")], vec![at(8.0, "all")]]);
        assert_eq!(verdict(&two, &outcome), (TargetVerdict::Met, Some(0.5)));
        let reverse = order(vec![vec![at(1.0, "all")], vec![at(4.0, "all")]]);
        assert_eq!(verdict(&reverse, &outcome), (TargetVerdict::Missed, Some(0.0)));
        let equal = order(vec![vec![at(0.0, "all")], vec![at(1.0, "all")]]);
        assert_eq!(verdict(&equal, &outcome), (TargetVerdict::Missed, Some(0.0)), "equal is not ascending");
    }
}
