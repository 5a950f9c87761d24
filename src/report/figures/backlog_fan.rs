//! The backlog over time: when it hurts. Without a disruption, the number in the system.

use super::chart::{Band, ChartSpec, Label, Layer, Line};
use super::style::{BLUE, Dash, GREY};
use super::{Figure, disruptions, source, ticks};
use crate::experiment::{Outcome, TimelinePoint};
use crate::report::tables::Cell;
use crate::report::{findings, words};
use crate::units::Span;

/// Single runs that are drawn beside the bands: lay readers take bands alone for too much.
const SINGLE_RUNS: usize = 4;

pub(super) fn figure(outcome: &Outcome) -> Option<Figure> {
    if !findings::is_queueing(outcome) {
        return None;
    }
    let group = findings::hit_and_not(outcome).map_or(0, |(hit, _)| hit);
    let series = if outcome.disrupted { "backlog" } else { "in_system" };
    let begin = outcome.warm_up.hours();
    let timeline: Vec<TimelinePoint> =
        outcome.timeline(0, group, series).into_iter().filter(|point| point.time.hours() >= begin && point.n > 0).collect();
    if timeline.len() < 2 {
        return None;
    }
    // The simulated sites stand for all of them.
    let factor = 1.0 / outcome.scale;
    let at = |pick: fn(&TimelinePoint) -> f64| timeline.iter().map(move |point| (point.time.hours(), pick(point) * factor));
    let runs: Vec<Vec<(f64, f64)>> = (0..SINGLE_RUNS.min(findings::replications(outcome) as usize))
        .map(|replication| {
            let values = outcome.run_of(0, replication, group, series).iter().map(|&value| f64::from(value) * factor);
            outcome.instants.iter().map(|time| time.hours()).zip(values).filter(|point| point.0 >= begin).collect()
        })
        .collect();
    let band = |low: fn(&TimelinePoint) -> f64, high: fn(&TimelinePoint) -> f64| -> Vec<(f64, f64, f64)> {
        at(low).zip(at(high)).map(|((x, low), (_, high))| (x, low, high)).collect()
    };

    let all = at(|p| p.q05).chain(at(|p| p.q95)).chain(at(|p| p.q50)).chain(runs.iter().flatten().copied()).map(|point| point.1);
    let (low, high) =
        all.filter(|value| value.is_finite()).fold((0.0_f64, 0.0_f64), |(low, high), value| (low.min(value), high.max(value)));
    let y = ticks::through_zero(
        if outcome.scale < 1.0 { "Prescriptions (scaled up to all sites)" } else { "Prescriptions" },
        low,
        high,
        ticks::large,
    );
    let x = ticks::dates(outcome.start, begin, outcome.horizon.hours());

    let mut layers = disruptions(outcome);
    let fan = |points, opacity, name: &str| {
        Layer::Band(Band { points, step: false, colour: BLUE, opacity, label: Label::Key(name.to_owned()) })
    };
    let several = findings::replications(outcome) > 1;
    if several {
        layers.push(fan(band(|p| p.q05, |p| p.q95), 0.18, "90 % of replications"));
        layers.push(fan(band(|p| p.q25, |p| p.q75), 0.36, "50 % of replications"));
    }
    for (index, run) in runs.iter().enumerate().filter(|_| several) {
        let label = if index == 0 { Label::Key("single replications".to_owned()) } else { Label::None };
        layers.push(Layer::Line(Line { points: run.clone(), step: false, colour: GREY, width: 0.8, dash: Dash::Solid, label }));
    }
    layers.push(Layer::Line(Line {
        points: at(|p| p.q50).collect(),
        step: false,
        colour: BLUE,
        width: 2.6,
        dash: Dash::Solid,
        label: if several { Label::Key("median".to_owned()) } else { Label::None },
    }));

    let word = findings::outage_word(outcome);
    let whom = if group == 0 { "all pharmacies".to_owned() } else { format!("pharmacies hit by the {word}") };
    let measure = if outcome.disrupted {
        format!("Prescriptions waiting beyond those that wait without the {word}, {whom}")
    } else {
        "Prescriptions requested and neither ready nor given up, all pharmacies".to_owned()
    };
    let scaled = if outcome.scale < 1.0 {
        format!("Numbers are multiplied by {}. ", words::whole(factor.round() as u64))
    } else {
        String::new()
    };
    let pointwise = if several { "Bands are pointwise: no single course need stay within them. " } else { "" };
    let title = title(outcome, group);
    let spec = ChartSpec {
        name: "backlog_fan",
        alt: format!("Median over time with bands that hold 50 % and 90 % of replications. {title}"),
        title,
        subtitle: measure,
        caption: format!("{pointwise}{scaled}{}", source(outcome)),
        x,
        y,
        layers,
    };
    let header = vec!["t_hours", "q05", "q25", "q50", "q75", "q95", "n_reps"];
    let row = |p: &TimelinePoint| {
        let mut row = vec![Cell::Number(p.time.hours())];
        row.extend([p.q05, p.q25, p.q50, p.q75, p.q95].map(|value| Cell::Number(value * factor)));
        row.push(Cell::Integer(u64::from(p.n)));
        row
    };
    Some(Figure { name: "backlog_fan", spec, header, rows: timeline.iter().map(row).collect() })
}

fn title(outcome: &Outcome, group: usize) -> String {
    let of = |metric| outcome.estimate(0, group, metric).map(|estimate| estimate.mean);
    if !outcome.disrupted {
        let mean = of("number_in_system").map_or_else(String::new, |mean| words::value("prescriptions", mean / outcome.scale));
        return format!("On average {mean} prescriptions are on their way");
    }
    let Some(peak) = of("backlog_peak_days").filter(|&peak| peak > 0.0) else { return "Backlog over time".to_owned() };
    let day = findings::peak(outcome, group).and_then(|at| {
        let date = outcome.start.plus(Span::from_micros(at.micros()));
        date.map(|date| format!(" on {}", date.day_month()))
    });
    let cleared = findings::reached(outcome, group, "backlog_clear_days", "backlog_not_cleared");
    let end = match cleared.estimate {
        Some(time) if cleared.missed == 0.0 => format!(" and is cleared {} after restoration", words::value("d", time.mean)),
        _ if cleared.missed >= 0.5 => " and is not cleared by the end of the run".to_owned(),
        _ => String::new(),
    };
    let whom = if group == 0 { "The backlog" } else { "At the pharmacies hit, the backlog" };
    format!("{whom} peaks at {} of normal work{}{end}", words::value("d", peak), day.unwrap_or_default())
}
