//! How much less stores have been paid than they would have been, by type of pharmacy.

use super::chart::{ChartSpec, Label, Layer, Line, Reference};
use super::style::{BLUE, Dash, GREEN, GREY, INK, VERMILLION};
use super::{Figure, disruptions, source, ticks};
use crate::experiment::{Outcome, TimelinePoint};
use crate::report::tables::Cell;
use crate::report::{hit, words};

/// More lines than this cannot be told apart.
const MOST_LINES: usize = 6;

/// Colour and dash of each line.
const LOOKS: [(super::Colour, Dash); MOST_LINES] = [
    (VERMILLION, Dash::Solid),
    (BLUE, Dash::Dashed),
    (GREEN, Dash::DashDotted),
    (INK, Dash::Dotted),
    (GREY, Dash::Solid),
    (BLUE, Dash::Dotted),
];

/// The highest point of a curve.
fn top(points: &[TimelinePoint]) -> f64 {
    points.iter().map(|point| point.mean).fold(0.0, f64::max)
}

pub(super) fn figure(outcome: &Outcome) -> Option<Figure> {
    let (word, types) = hit::by_type(outcome);
    let mut groups: Vec<(usize, String)> = types.into_iter().map(|row| (row.group, row.label)).collect();
    if groups.len() < 2 {
        groups = vec![(0, "All pharmacies".to_owned())];
    }
    let peak = |group: usize| outcome.estimate(0, group, "cash_gap_peak_usd").map_or(0.0, |estimate| estimate.mean);
    groups.sort_by(|a, b| peak(b.0).total_cmp(&peak(a.0)));
    let hidden = groups.len().saturating_sub(MOST_LINES);
    groups.truncate(MOST_LINES);
    let begin = outcome.warm_up.hours();
    let curve = |group: usize| -> Vec<TimelinePoint> {
        let all = outcome.timeline(0, group, "cash_gap_usd").into_iter();
        all.filter(|point| point.n > 0 && point.time.hours() >= begin && (point.time.hours() / 24.0).fract() == 0.0).collect()
    };
    let curves: Vec<(usize, String, Vec<TimelinePoint>)> =
        groups.into_iter().map(|(group, label)| (group, label, curve(group))).filter(|(.., points)| points.len() > 1).collect();
    if curves.is_empty() {
        return None;
    }
    let values = || curves.iter().flat_map(|(.., points)| points).map(|point| point.mean).filter(|value| value.is_finite());
    let high = values().fold(0.0, f64::max);
    if high <= 0.0 {
        return None;
    }
    let low = values().fold(0.0, f64::min);
    let thousands = |value: f64| if value == 0.0 { "0".to_owned() } else { format!("{} k", words::value("", value / 1e3)) };
    let y = ticks::through_zero("Cash gap of a store, US dollars", low, high, thousands);
    let mut layers = disruptions(outcome);
    layers.push(Layer::Reference(Reference { at: 0.0, label: String::new(), colour: GREY, dash: Dash::Solid }));
    for ((_, label, points), (colour, dash)) in curves.iter().zip(LOOKS) {
        layers.push(Layer::Line(Line {
            points: points.iter().map(|point| (point.time.hours(), point.mean)).collect(),
            step: false,
            colour,
            width: 2.4,
            dash,
            label: Label::End(label.clone()),
        }));
    }
    let most = curves.iter().max_by(|a, b| top(&a.2).total_cmp(&top(&b.2)))?;
    let whose = if curves.len() > 1 { format!("{} stores", most.1) } else { "Stores".to_owned() };
    let title = format!("{whose} are short of up to {} dollars each", words::whole((top(&most.2) / 100.0).round() as u64 * 100));
    let more = if hidden > 0 { format!("{hidden} further groups are left out. ") } else { String::new() };
    let spec = ChartSpec {
        name: "cash_gap",
        alt: format!(
            "One line for each {word} over time: how much less a store has been paid than without the disruption. {title}"
        ),
        title,
        subtitle: "Receipts without the disruption less receipts with it, added up, mean of the stores of each group".to_owned(),
        caption: format!(
            "Means over replications; what stores pay out is the same in both and left out. {more}{}",
            source(outcome)
        ),
        x: ticks::dates(outcome.start, begin, outcome.horizon.hours()),
        y,
        layers,
    };
    let header = vec!["group", "t_hours", "mean", "ci_low", "ci_high", "n_reps"];
    let rows = curves.iter().flat_map(|(group, _, points)| {
        points.iter().map(|point| {
            let mut row = vec![Cell::text(&outcome.groups[*group].key)];
            row.extend([point.time.hours(), point.mean, point.low, point.high].map(Cell::Number));
            row.push(Cell::Integer(u64::from(point.n)));
            row
        })
    });
    Some(Figure { name: "cash_gap", rows: rows.collect(), spec, header })
}
