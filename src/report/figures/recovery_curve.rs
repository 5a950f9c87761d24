//! Service against normal over time: how deep it falls and when it is back.

use super::chart::{Band, ChartSpec, Label, Layer, Line, Marker, Reference};
use super::style::{BLUE, Dash, GREEN, GREY, INK, VERMILLION};
use super::{Figure, disruptions, source, ticks};
use crate::experiment::{Outcome, TimelinePoint};
use crate::report::tables::Cell;
use crate::report::{findings, words};

/// Higher than this nothing is shown: a group that does nothing in its twin can catch up manifold.
const MOST: f64 = 2.0;

/// Service has recovered when it stays at this share of normal; the metric `time_to_recover_days` uses the same.
const RECOVERED: f64 = 0.95;

pub(super) fn figure(outcome: &Outcome) -> Option<Figure> {
    if !outcome.disrupted {
        return None;
    }
    let onset = findings::earliest(outcome)?;
    let begin = outcome.warm_up.hours();
    let timeline: Vec<TimelinePoint> =
        outcome.timeline(0, 0, "service_ratio").into_iter().filter(|point| point.time.hours() >= begin && point.n > 0).collect();
    if timeline.len() < 2 {
        return None;
    }
    let after: Vec<&TimelinePoint> = timeline.iter().filter(|point| point.time >= onset).collect();
    let high = timeline.iter().map(|point| point.q95).filter(|value| value.is_finite()).fold(1.2, f64::max).min(MOST);

    let has_outage = findings::has_outage(outcome);
    let mut layers = disruptions(outcome);
    let band = |name: &str, colour, opacity, points| {
        Layer::Band(Band { points, step: false, colour, opacity, label: Label::Key(name.to_owned()) })
    };
    let hours = |point: &TimelinePoint| point.time.hours();
    if has_outage {
        layers.push(band("service lost", VERMILLION, 0.28, after.iter().map(|p| (hours(p), p.q50.min(1.0), 1.0)).collect()));
        layers.push(band("caught up", GREEN, 0.28, after.iter().map(|p| (hours(p), 1.0, p.q50.max(1.0))).collect()));
    }
    let several = findings::replications(outcome) > 1;
    if several {
        layers.push(band("90 % of replications", BLUE, 0.16, timeline.iter().map(|p| (hours(p), p.q05, p.q95)).collect()));
    }
    layers.push(Layer::Reference(Reference { at: 1.0, label: "normal".to_owned(), colour: GREY, dash: Dash::Solid }));
    if has_outage {
        layers.push(Layer::Reference(Reference { at: RECOVERED, label: "95 %".to_owned(), colour: GREY, dash: Dash::Dotted }));
    }
    layers.push(Layer::Line(Line {
        points: timeline.iter().map(|point| (hours(point), point.q50)).collect(),
        step: false,
        colour: BLUE,
        width: 2.6,
        dash: Dash::Solid,
        label: Label::Key(if several { "median" } else { "service" }.to_owned()),
    }));
    let recovery = findings::reached(outcome, 0, "time_to_recover_days", "not_recovered");
    layers.extend(findings::common(outcome).and_then(|onset| recovery_marker(onset.hours(), &recovery)));

    let title = title(outcome);
    let spec = ChartSpec {
        name: "recovery_curve",
        alt: format!("Line of service as a share of normal over time, the lost area below 100 % shaded. {title}"),
        title,
        subtitle: format!(
            "Prescriptions made ready in the last 24 h over those without the {}, all pharmacies",
            findings::outage_word(outcome)
        ),
        caption: format!(
            "{}{}{}{}",
            areas(outcome),
            if has_outage {
                let mean = format!(", mean and {} interval", words::level(outcome.confidence));
                let mean = if several { mean.as_str() } else { "" };
                format!("Recovered: from {} until service stays at 95 % of normal for 24 h{mean}. ", findings::the_onset(outcome))
            } else {
                String::new()
            },
            if several { "The band is pointwise. " } else { "" },
            source(outcome)
        ),
        x: ticks::dates(outcome.start, begin, outcome.horizon.hours()),
        y: ticks::from_zero("Service, share of normal", high, 5.0, ticks::percent),
        layers,
    };
    let header = vec!["t_hours", "q05", "q25", "q50", "q75", "q95", "mean", "ci_low", "ci_high", "n_reps"];
    let row = |p: &TimelinePoint| {
        let mut row = vec![Cell::Number(p.time.hours())];
        row.extend([p.q05, p.q25, p.q50, p.q75, p.q95, p.mean, p.low, p.high].map(Cell::Number));
        row.push(Cell::Integer(u64::from(p.n)));
        row
    };
    Some(Figure { name: "recovery_curve", spec, header, rows: timeline.iter().map(row).collect() })
}

/// The time of recovery: the mean with its interval if all replications reach it, else the median of all.
fn recovery_marker(onset_hours: f64, recovery: &findings::Reached) -> Option<Layer> {
    let at = |days: f64| onset_hours + days * 24.0;
    let whole = recovery.missed == 0.0;
    let days = if whole { recovery.estimate?.mean } else { recovery.median? };
    if days <= 0.0 {
        return None;
    }
    let interval = recovery.estimate.and_then(|estimate| estimate.interval).filter(|_| whole);
    let label = match interval {
        Some(_) => format!("Recovered after {}", words::estimate("d", recovery.estimate)),
        None if whole => format!("Recovered after {}", words::value("d", days)),
        None => format!("Recovered after {} (median)", words::value("d", days)),
    };
    let interval = interval.map(|interval| (at(interval.low), at(interval.high)));
    Some(Layer::Marker(Marker { at: at(days), label, colour: INK, dash: Dash::Dashed, interval }))
}

fn areas(outcome: &Outcome) -> String {
    let of = |metric| outcome.estimate(0, 0, metric).map(|estimate| words::value("d", estimate.mean / 24.0));
    match (of("resilience_loss_hours"), of("catch_up_hours")) {
        (Some(lost), Some(caught)) => format!("On average {lost} of full service are lost and {caught} caught up. "),
        _ => String::new(),
    }
}

fn title(outcome: &Outcome) -> String {
    let has_ratio = outcome.estimate(0, 0, "lowest_service_ratio").is_some();
    findings::service(outcome).filter(|_| has_ratio).unwrap_or_else(|| "Service over time".to_owned())
}
