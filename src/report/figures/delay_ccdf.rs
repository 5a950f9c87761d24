//! The distribution of delay: who waits longer than how long.

use super::chart::{Band, ChartSpec, Label, Layer, Line, Marker};
use super::style::{BLUE, Colour, Dash, GREY, SOFT_INK, VERMILLION};
use super::{Figure, source, ticks};
use crate::experiment::{CcdfPoint, Outcome};
use crate::report::tables::Cell;
use crate::report::{findings, words};

/// A point of the curve must stand for this many prescriptions.
const LEAST_PRESCRIPTIONS: u64 = 10;

struct Curve {
    id: &'static str,
    name: String,
    colour: Colour,
    dash: Dash,
    points: Vec<CcdfPoint>,
    given_up: Option<f64>,
}

pub(super) fn figure(outcome: &Outcome) -> Option<Figure> {
    let curves = curves(outcome);
    let low =
        curves.iter().filter_map(|curve| curve.points.iter().find(|point| point.share < 0.995)).map(|point| point.delay.hours());
    let high = curves.iter().filter_map(|curve| curve.points.last()).map(|point| point.delay.hours()).fold(0.0, f64::max);
    let least = curves.iter().filter_map(|curve| curve.points.last()).map(|point| point.share).fold(1.0, f64::min);
    if curves.is_empty() || high <= 0.0 {
        return None;
    }
    let x = ticks::delays("Delay since the request (logarithmic)", low.fold(high, f64::min), high);
    let y = ticks::shares("Share of prescriptions not ready yet (logarithmic)", least);

    let mut layers = Vec::new();
    for (at, label) in [(24.0, "24 h"), (72.0, "72 h")] {
        if at < high {
            layers.push(Layer::Marker(Marker {
                at,
                label: label.to_owned(),
                colour: SOFT_INK,
                dash: Dash::Dotted,
                interval: None,
            }));
        }
    }
    let mut rows = Vec::new();
    let mut lines = Vec::new();
    for curve in curves {
        let points = curve.points.iter().filter(|point| point.delay.hours() >= x.low);
        for point in points.clone() {
            rows.push(vec![
                Cell::text(curve.id),
                Cell::Number(point.delay.hours()),
                Cell::Number(point.share),
                Cell::Number(point.low),
                Cell::Number(point.high),
                Cell::Integer(point.prescriptions),
                Cell::Integer(u64::from(point.n_replications)),
            ]);
        }
        let band = points.clone().map(|point| (point.delay.hours(), point.low, point.high)).collect();
        layers.push(Layer::Band(Band { points: band, step: true, colour: curve.colour, opacity: 0.2, label: Label::None }));
        lines.push(Layer::Line(Line {
            points: points.map(|point| (point.delay.hours(), point.share)).collect(),
            step: true,
            colour: curve.colour,
            width: 2.4,
            dash: curve.dash,
            // What stays for ever is a plateau, and is named.
            label: Label::End(match curve.given_up.filter(|&share| share >= y.low) {
                Some(share) => format!("{}\n({} given up)", curve.name, words::value("share", share)),
                None => curve.name,
            }),
        }));
    }
    layers.extend(lines);
    let title = title(outcome);
    let spec = ChartSpec {
        name: "delay_ccdf",
        alt: format!("Step curves of the share of prescriptions not yet ready against the delay, both logarithmic. {title}"),
        title,
        subtitle: "How many prescriptions are not ready after how long: the lower and the further left, the better".to_owned(),
        caption: format!(
            "Prescriptions given up or never filled stay in the curve. Bands: {} interval of the mean over replications. Curves end at the follow-up, or where \
             fewer than {LEAST_PRESCRIPTIONS} prescriptions remain. {}",
            words::level(outcome.confidence),
            source(outcome)
        ),
        x,
        y,
        layers,
    };
    let header = vec!["series", "delay_hours", "share_not_ready", "ci_low", "ci_high", "prescriptions", "n_reps"];
    Some(Figure { name: "delay_ccdf", spec, header, rows })
}

fn curves(outcome: &Outcome) -> Vec<Curve> {
    let outage = findings::outage_word(outcome);
    let mut curves = Vec::new();
    let mut add = |id, name: String, (colour, dash), points: Vec<CcdfPoint>, given_up| {
        let points: Vec<CcdfPoint> = points.into_iter().take_while(|point| point.prescriptions >= LEAST_PRESCRIPTIONS).collect();
        if points.len() > 1 {
            curves.push(Curve { id, name, colour, dash, points, given_up });
        }
    };
    let given_up = |group| outcome.estimate(0, group, "share_gave_up").map(|share| share.mean);
    if outcome.disrupted {
        let without = findings::without(outcome, 0, "share_gave_up").map(|share| share.mean);
        add("twin", format!("Without the {outage}"), (GREY, Dash::Dashed), outcome.ccdf(0, 0, true), without);
        if let Some((group, _)) = findings::hit_and_not(outcome) {
            let points = outcome.ccdf(0, group, false);
            let differs = points.iter().zip(outcome.ccdf(0, 0, false)).any(|(a, b)| (a.share - b.share).abs() > 1e-3);
            if differs {
                add(
                    "outage_affected",
                    format!("With the {outage},\npharmacies hit"),
                    (VERMILLION, Dash::DashDotted),
                    points,
                    given_up(group),
                );
            }
        }
        add("outage", format!("With the {outage},\nall pharmacies"), (BLUE, Dash::Solid), outcome.ccdf(0, 0, false), given_up(0));
    } else {
        add("all", "All prescriptions".to_owned(), (BLUE, Dash::Solid), outcome.ccdf(0, 0, false), given_up(0));
    }
    curves
}

fn title(outcome: &Outcome) -> String {
    let share = |estimate: Option<crate::experiment::Estimate>| estimate.map(|estimate| words::value("share", estimate.mean));
    let with = share(outcome.estimate(0, 0, "share_delayed_24h"));
    match (with, share(findings::without(outcome, 0, "share_delayed_24h")), outcome.disrupted) {
        (Some(with), Some(without), true) => {
            format!(
                "With the {}, {with} of prescriptions are not ready within 24 hours; without, {without}",
                findings::outage_word(outcome)
            )
        }
        _ => match [0.5, 0.95].map(|p| outcome.estimate(0, 0, if p < 0.6 { "delay_p50_hours" } else { "delay_p95_hours" })) {
            [Some(median), Some(most)] => format!(
                "Half of the prescriptions are ready within {}, 95 % within {}",
                words::value("h", median.mean),
                words::value("h", most.mean)
            ),
            _ => "Distribution of delay".to_owned(),
        },
    }
}
