//! Who is hit: the groups of pharmacies side by side.

use super::chart::{Axis, ChartSpec, Label, Layer, Line, Point, Points, Scale, Symbol, Tick};
use super::style::{BLUE, Colour, Dash, GREY, GRID, INK};
use super::{Figure, source, ticks};
use crate::experiment::{Estimate, Outcome};
use crate::report::hit::{self, HitRow};
use crate::report::tables::Cell;
use crate::report::{findings, words};

/// More rows than this are a table, not a chart.
const MOST_ROWS: usize = 12;
/// Below this the shares delayed say nothing, and times are shown instead.
const LEAST_SHARE: f64 = 5e-4;

/// A measure in the chart.
struct Measure {
    name: String,
    /// Column of the data.
    column: [&'static str; 3],
    colour: Colour,
    symbol: Symbol,
    values: Vec<Option<Estimate>>,
}

pub(super) fn figure(outcome: &Outcome) -> Option<Figure> {
    let (word, mut rows) = hit::by_type(outcome);
    let hidden = rows.len().saturating_sub(MOST_ROWS);
    rows.truncate(MOST_ROWS);
    rows.insert(0, hit::row(outcome, 0));
    rows.retain(|row| row.delayed_24h.is_some());
    if rows.len() < 2 {
        // Nothing to compare: the distribution of delay says more.
        return None;
    }
    let in_shares = rows.iter().filter_map(|row| row.delayed_24h).any(|share| share.mean >= LEAST_SHARE);
    let (measures, unit) = if in_shares { (shares(outcome, &rows), "share") } else { (times(&rows), "h") };

    let ends = measures.iter().flat_map(|measure| &measure.values).flatten();
    let high = ends.map(|estimate| estimate.interval.map_or(estimate.mean, |interval| interval.high)).fold(0.0, f64::max);
    // Room for the number beside the last symbol.
    let room = high * 1.12;
    let x = if in_shares {
        let axis = ticks::from_zero("Share of prescriptions not ready within 24 h", room, 6.0, ticks::percent);
        // No share is more than all: what lies beyond is room for the numbers.
        let high = if axis.high > 1.0 { room.max(1.0) } else { axis.high };
        Axis { high, ticks: axis.ticks.into_iter().filter(|tick| tick.at <= 1.0 + 1e-9).collect(), ..axis }
    } else {
        let (factor, name) = if high < 2.0 { (60.0, "min") } else { (1.0, "h") };
        let axis = ticks::from_zero("", room * factor, 6.0, ticks::large);
        let ticks = axis.ticks.into_iter().map(|tick| Tick { at: tick.at / factor, ..tick }).collect();
        Axis { label: format!("Delay [{name}]"), high: axis.high / factor, ticks, ..axis }
    };
    let count = rows.len() as f64;
    let place = |index: usize| count - 1.0 - index as f64;
    let y = Axis {
        label: String::new(),
        scale: Scale::Linear,
        low: -0.7,
        high: count - 0.3,
        ticks: rows.iter().enumerate().map(|(index, row)| Tick { at: place(index), label: name_of(row) }).collect(),
        grid: false,
    };

    // A faint guide from the name to the last symbol of the row.
    let mut layers: Vec<Layer> = (0..rows.len())
        .map(|index| {
            let points = vec![(0.0, place(index)), (x.high, place(index))];
            Layer::Line(Line { points, step: false, colour: GRID, width: 1.0, dash: Dash::Solid, label: Label::None })
        })
        .collect();
    let rule = vec![(0.0, count - 1.5), (x.high, count - 1.5)];
    layers.push(Layer::Line(Line {
        points: rule,
        step: false,
        colour: GREY,
        width: 0.8,
        dash: Dash::Dotted,
        label: Label::None,
    }));
    for measure in &measures {
        let noted = measure.symbol != Symbol::Ring;
        let points = measure.values.iter().enumerate().filter_map(|(index, estimate)| {
            let estimate = (*estimate)?;
            let note = if noted { words::value(unit, estimate.mean) } else { String::new() };
            Some(Point { x: estimate.mean, y: place(index), interval: estimate.interval.map(|i| (i.low, i.high)), note })
        });
        let label = Label::Key(measure.name.clone());
        layers.push(Layer::Points(Points { points: points.collect(), symbol: measure.symbol, colour: measure.colour, label }));
    }
    let more = if hidden > 0 { format!("{hidden} further groups are left out. ") } else { String::new() };
    let title = title(&rows, in_shares, &word);
    let spec = ChartSpec {
        name: "delay_by_type",
        alt: format!("Dot plot, one row for each {word}, {}. {title}", hit::order(outcome)),
        title,
        subtitle: format!("By {word}, {}", hit::order(outcome)),
        caption: format!(
            "Prescriptions given up or never filled count as not ready. Whiskers: {} interval of the mean over replications. {more}{}",
            words::level(outcome.confidence),
            source(outcome)
        ),
        x: Axis { grid: true, ..x },
        y,
        layers,
    };
    let mut header = vec!["group", "label"];
    header.extend(measures.iter().flat_map(|measure| measure.column));
    let data = rows.iter().enumerate().map(|(index, row)| {
        let mut cells = vec![Cell::text(&outcome.groups[row.group].key), Cell::text(&row.label)];
        for measure in &measures {
            let estimate = measure.values[index];
            let interval = estimate.and_then(|estimate| estimate.interval);
            cells.push(Cell::number(estimate.map(|estimate| estimate.mean)));
            cells.push(Cell::number(interval.map(|interval| interval.low)));
            cells.push(Cell::number(interval.map(|interval| interval.high)));
        }
        cells
    });
    Some(Figure { name: "delay_by_type", rows: data.collect(), spec, header })
}

fn name_of(row: &HitRow) -> String {
    match row.sites {
        Some(sites) => format!("{} ({})", row.label, words::counted(u64::from(sites), "site")),
        None => row.label.clone(),
    }
}

fn shares(outcome: &Outcome, rows: &[HitRow]) -> Vec<Measure> {
    let outage = findings::outage_word(outcome);
    let mut measures = Vec::new();
    if outcome.disrupted {
        measures.push(Measure {
            name: format!("without the {outage}"),
            column: ["share_delayed_24h_twin", "twin_ci_low", "twin_ci_high"],
            colour: GREY,
            symbol: Symbol::Ring,
            values: rows.iter().map(|row| row.without_24h).collect(),
        });
    }
    measures.push(Measure {
        name: if outcome.disrupted { format!("with the {outage}") } else { "not ready within 24 h".to_owned() },
        column: ["share_delayed_24h", "ci_low", "ci_high"],
        colour: BLUE,
        symbol: Symbol::Disc,
        values: rows.iter().map(|row| row.delayed_24h).collect(),
    });
    measures
}

fn times(rows: &[HitRow]) -> Vec<Measure> {
    vec![
        Measure {
            name: "median".to_owned(),
            column: ["delay_p50_hours", "p50_ci_low", "p50_ci_high"],
            colour: BLUE,
            symbol: Symbol::Disc,
            values: rows.iter().map(|row| row.median_hours).collect(),
        },
        Measure {
            name: "95 % quantile".to_owned(),
            column: ["delay_p95_hours", "p95_ci_low", "p95_ci_high"],
            colour: INK,
            symbol: Symbol::Diamond,
            values: rows.iter().map(|row| row.p95_hours).collect(),
        },
    ]
}

/// Says that one group stands out only if its interval does.
fn title(rows: &[HitRow], in_shares: bool, word: &str) -> String {
    let measure = |row: &HitRow| if in_shares { row.delayed_24h } else { row.p95_hours };
    let unit = if in_shares { "share" } else { "h" };
    let words = |estimate: Estimate| words::value(unit, estimate.mean);
    let all = measure(&rows[0]).map_or_else(|| words::NOT_ESTIMABLE.to_owned(), words);
    let what = if in_shares { "of prescriptions are not ready within 24 h" } else { "is the 95 % quantile of delay" };
    let mut groups: Vec<(&HitRow, Estimate)> = rows[1..].iter().filter_map(|row| Some((row, measure(row)?))).collect();
    groups.sort_by(|a, b| b.1.mean.total_cmp(&a.1.mean));
    match groups[..] {
        [] | [_] => format!("{all} {what}"),
        [(worst, first), (_, second), ..] => {
            let apart = first.interval.zip(second.interval).is_some_and(|(first, second)| first.low > second.high);
            let least = groups[groups.len() - 1].1;
            if apart {
                let who = if word == "pharmacy type" {
                    format!("{} pharmacies are", worst.label)
                } else {
                    format!("{} is", worst.label)
                };
                format!("{who} hit hardest: {} {what}, against {all} overall", words(first))
            } else if words(least) == words(first) {
                format!("The groups are alike: {} {what}", words(first))
            } else {
                format!("No group stands clearly out: from {} to {} {what}", words(least), words(first))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::example;
    use super::*;
    use crate::experiment::METRICS;

    #[test]
    fn no_mark_is_beyond_everything() {
        let mut outcome = example::outage(3);
        let metric = METRICS.iter().position(|metric| metric.name == "share_delayed_24h").expect("a metric");
        for replication in &mut outcome.points[0].replications {
            replication.values[metric] = Some(0.99);
        }
        let spec = figure(&outcome).expect("a figure").spec;
        assert_eq!(spec.x.ticks.last().map(|tick| tick.label.as_str()), Some("100 %"));
        assert!(spec.x.high > 1.05, "room for the number beside the symbol");
        let calm = figure(&example::calm(3)).expect("a figure").spec;
        assert_eq!(calm.subtitle, "By pharmacy type, the longest waiting first");
    }
}
