//! Which node matters most: the rise of the metric with each node out, one row for each.

use super::chart::{Axis, ChartSpec, Label, Layer, Line, Point, Points, Scale, Symbol, Tick};
use super::style::{BLUE, Dash, GRID};
use super::{Figure, source, ticks};
use crate::experiment::{METRICS, NodeCriticality, Outcome};
use crate::report::tables::Cell;
use crate::report::words;

/// More rows than this are a table, not a chart.
const MOST_ROWS: usize = 14;

pub(super) fn figure(outcome: &Outcome) -> Option<Figure> {
    let result = outcome.criticality.as_ref()?;
    let study = &result.study;
    let known: Vec<&NodeCriticality> = result.nodes.iter().filter(|node| node.rise.is_some()).collect();
    let shown = &known[..known.len().min(MOST_ROWS)];
    let first = shown.first()?;
    let metric = METRICS.iter().find(|metric| metric.name == study.metric).map_or("", |metric| metric.title);
    let highs = shown.iter().filter_map(|node| node.rise).map(|rise| rise.interval.map_or(rise.mean, |interval| interval.high));
    let lows = shown.iter().filter_map(|node| node.rise).map(|rise| rise.interval.map_or(rise.mean, |interval| interval.low));
    let (high, low) = (highs.fold(0.0, f64::max), lows.fold(0.0, f64::min));
    let unit = if result.unit == "share" { String::new() } else { format!(" [{}]", result.unit) };
    let label = format!("Rise above normal service{unit}");
    let write = |value: f64| if result.unit == "share" { ticks::percent(value) } else { ticks::large(value) };
    // Room for the number beside the last symbol.
    let room = high * 1.12;
    let x = if low < 0.0 { ticks::through_zero(&label, low, room, write) } else { ticks::from_zero(&label, room, 6.0, write) };
    let count = shown.len() as f64;
    let place = |index: usize| count - 1.0 - index as f64;
    let name = |node: &NodeCriticality| format!("{} ({})", node.id, node.role.replace('_', " "));
    let y = Axis {
        label: String::new(),
        scale: Scale::Linear,
        low: -0.7,
        high: count - 0.3,
        ticks: shown.iter().enumerate().map(|(index, node)| Tick { at: place(index), label: name(node) }).collect(),
        grid: false,
    };
    let mut layers: Vec<Layer> = (0..shown.len())
        .map(|index| {
            let points = vec![(x.low, place(index)), (x.high, place(index))];
            Layer::Line(Line { points, step: false, colour: GRID, width: 1.0, dash: Dash::Solid, label: Label::None })
        })
        .collect();
    let points = shown.iter().enumerate().filter_map(|(index, node)| {
        let rise = node.rise?;
        let note = words::value(result.unit, rise.mean);
        Some(Point { x: rise.mean, y: place(index), interval: rise.interval.map(|i| (i.low, i.high)), note })
    });
    layers.push(Layer::Points(Points { points: points.collect(), symbol: Symbol::Disc, colour: BLUE, label: Label::None }));
    let hidden = known.len() - shown.len();
    let more = if hidden > 0 { format!("{hidden} less critical nodes are left out. ") } else { String::new() };
    let lasts = words::length(study.lasts);
    let title = match first.rise {
        Some(rise) if rise.mean > 0.0 => {
            format!("{} out for {lasts} does most harm: {}", first.id, rise_in_words(result.unit, rise.mean))
        }
        _ => format!("No node does harm if it is out for {lasts}"),
    };
    let group = if study.group == "all" { "all prescriptions".to_owned() } else { study.group.clone() };
    let spec = ChartSpec {
        name: "criticality",
        alt: format!("Dot plot, one row for each node that is out by itself, the most critical first. {title}"),
        title,
        subtitle: format!("{metric}, {group}: rise above normal service with one node out for {lasts}, the most critical first"),
        caption: format!(
            "Each node in the same replications under common random numbers. Whiskers: {} interval of the mean. {more}{}",
            words::level(outcome.confidence),
            source(outcome)
        ),
        x: Axis { grid: true, ..x },
        y,
        layers,
    };
    let header = vec!["node", "role", "rise", "ci_low", "ci_high", "rank", "rank_low", "rank_high"];
    let rows = shown.iter().map(|node| {
        let interval = node.rise.and_then(|rise| rise.interval);
        vec![
            Cell::text(&node.id),
            Cell::text(node.role),
            Cell::number(node.rise.map(|rise| rise.mean)),
            Cell::number(interval.map(|interval| interval.low)),
            Cell::number(interval.map(|interval| interval.high)),
            Cell::Integer(u64::from(node.rank)),
            Cell::Integer(u64::from(node.rank_low)),
            Cell::Integer(u64::from(node.rank_high)),
        ]
    });
    Some(Figure { name: "criticality", rows: rows.collect(), spec, header })
}

fn rise_in_words(unit: &str, mean: f64) -> String {
    if unit == "share" {
        format!("{} points more", words::value("share", mean).replace(" %", " percentage"))
    } else {
        format!("{} more", words::value(unit, mean))
    }
}
