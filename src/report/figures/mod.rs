//! Figures: each is one function from the outcome to a chart and the data in it.
//!
//! Reading order: `chart` (what a chart says), `render` (how it is drawn), then one figure, for example `delay_ccdf`.

mod backlog_fan;
mod canvas;
mod cash_gap;
mod chart;
mod criticality;
mod delay_by_type;
mod delay_ccdf;
mod guard;
mod labels;
mod layers;
mod layout;
mod picture_error;
mod png;
mod recovery_curve;
mod render;
mod style;
mod text;
mod ticks;

pub use chart::{
    Axis, Band, Bars, ChartSpec, Interval, Label, Layer, Line, Marker, Point, Points, Reference, Scale, Symbol, Tick,
};
pub use picture_error::PictureError;
pub use png::png;
pub(crate) use png::unprintable;
pub use render::svg;
pub use style::{Colour, Dash};

use std::io::{self, Write};

use super::tables::Cell;
use super::words;
use crate::experiment::Outcome;
use crate::files;
use crate::units::Span;

/// A figure: the chart and the data in it.
#[derive(Clone, PartialEq, Debug)]
pub struct Figure {
    /// Name: file names are made of it.
    pub name: &'static str,
    /// The chart.
    pub spec: ChartSpec,
    /// Names of the columns of its data.
    pub header: Vec<&'static str>,
    /// Its data, as plotted.
    pub rows: Vec<Vec<Cell>>,
}

impl Figure {
    /// Writes the data of the figure as CSV.
    ///
    /// # Errors
    /// What the writer says.
    pub fn write_csv(&self, into: &mut dyn Write) -> io::Result<()> {
        files::write_csv(&self.header, self.rows.iter(), Cell::print, into)
    }
}

/// Every figure, in the order of the report; `None` where the outcome has nothing to show in it.
pub const FIGURES: &[fn(&Outcome) -> Option<Figure>] = &[
    delay_ccdf::figure,
    backlog_fan::figure,
    recovery_curve::figure,
    delay_by_type::figure,
    cash_gap::figure,
    criticality::figure,
];

/// The figures that this outcome has.
#[must_use]
pub fn figures(outcome: &Outcome) -> Vec<Figure> {
    FIGURES.iter().filter_map(|figure| figure(outcome)).collect()
}

/// The end of every caption: where the numbers come from and how many there are.
fn source(outcome: &Outcome) -> String {
    format!("Source: simulation of “{}”; {}. Model results, not data.", outcome.title, super::findings::scope(outcome))
}

/// More labels than this push the plot off the sheet.
const MOST_NAMED: usize = 3;

/// Shading and marks of the disruptions on an axis of hours. The longest few are named.
fn disruptions(outcome: &Outcome) -> Vec<Layer> {
    // Random failures come and go: there is no one time to shade.
    let planned = outcome.disruptions.iter().filter(|spell| !spell.random);
    let shown: Vec<_> = planned.filter_map(|spell| Some((spell, spell.onset?))).collect();
    let length = |index: usize| shown[index].0.restored.map_or(Span::MAX, |restored| restored.since(shown[index].1));
    let mut by_length: Vec<usize> = (0..shown.len()).collect();
    by_length.sort_by_key(|&index| core::cmp::Reverse(length(index)));
    let unnamed = if shown.len() > MOST_NAMED + 1 { by_length.split_off(MOST_NAMED) } else { Vec::new() };
    let layers = shown.iter().enumerate().map(|(index, (spell, onset))| {
        let name = words::sentence(&spell.id.replace('-', " "));
        let label = match (unnamed.iter().position(|&other| other == index), spell.restored) {
            (Some(0), _) => format!("and {} more", unnamed.len()),
            (Some(_), _) => String::new(),
            (None, Some(restored)) => format!("{name} ({})", words::length(restored.since(*onset))),
            (None, None) => format!("{name} begins"),
        };
        match spell.restored {
            Some(restored) => {
                Layer::Interval(Interval { from: onset.hours(), to: restored.hours(), label, colour: style::SHADE })
            }
            None => Layer::Marker(Marker { at: onset.hours(), label, colour: style::INK, dash: Dash::Dotted, interval: None }),
        }
    });
    layers.collect()
}

#[cfg(test)]
mod tests {
    use super::super::example;
    use super::*;

    fn drawn(spec: &ChartSpec) -> String {
        svg(spec).expect("a picture")
    }

    #[test]
    fn every_figure_is_a_sound_svg() {
        for outcome in [example::outage(12), example::outage(1), example::calm(5)] {
            for figure in figures(&outcome) {
                let picture = drawn(&figure.spec);
                assert!(picture.starts_with("<svg width=\"960\" height=\"540\" viewBox=\"0 0 7680 4320\""), "{}", figure.name);
                assert!(picture.trim_end().ends_with("</svg>"));
                assert_eq!(picture.matches("<title ").count(), 1);
                assert!(picture.contains("role=\"img\"") && picture.contains(&format!("<desc id=\"{}-desc\">", figure.name)));
                assert!(!picture.contains("NaN") && !picture.contains("inf,") && !picture.contains(",inf"));
                assert!(picture.len() < 400_000, "{}: {} bytes", figure.name, picture.len());
                assert_eq!(picture, drawn(&figure.spec), "same bytes each time");
                assert!(figure.rows.iter().all(|row| row.len() == figure.header.len()), "{}", figure.name);
                assert!(!figure.spec.alt.is_empty() && !figure.spec.title.is_empty());
            }
        }
    }

    #[test]
    fn places_are_within_the_sheet() {
        for figure in figures(&example::outage(12)) {
            for points in drawn(&figure.spec).split("points=\"").skip(1).filter_map(|rest| rest.split('"').next()) {
                for point in points.split_whitespace() {
                    let (x, y) = point.split_once(',').expect("x and y");
                    let (x, y): (i32, i32) = (x.parse().expect("a number"), y.parse().expect("a number"));
                    assert!((0..=7680).contains(&x) && (0..=4320).contains(&y), "{}: {point}", figure.name);
                }
            }
        }
    }

    #[test]
    fn dashes_and_texts_are_told_apart() {
        let outcome = example::outage(6);
        let figure = delay_ccdf::figure(&outcome).expect("a figure");
        let picture = drawn(&figure.spec);
        assert!(picture.contains("stroke-dasharray=\"56 32\""));
        assert!(picture.contains("font-size=\"160\""), "20 px times 8");
        let mut spec = figure.spec;
        spec.title = "<script>&\"".to_owned();
        assert!(!drawn(&spec).contains("<script"));
    }

    #[test]
    fn nonsense_data_draw_nothing_and_do_not_panic() {
        let outcome = example::outage(3);
        let mut spec = delay_ccdf::figure(&outcome).expect("a figure").spec;
        let nonsense = vec![(f64::NAN, 1.0), (f64::INFINITY, 0.5), (1.0, f64::NEG_INFINITY), (-1.0, 0.2), (1e9, 0.2), (2.0, 5.0)];
        spec.layers = vec![
            Layer::Line(Line {
                points: nonsense.clone(),
                step: true,
                colour: style::BLUE,
                width: 2.0,
                dash: Dash::Solid,
                label: Label::End("x".into()),
            }),
            Layer::Band(Band {
                points: nonsense.iter().map(|p| (p.0, p.1, f64::NAN)).collect(),
                step: false,
                colour: style::BLUE,
                opacity: 0.2,
                label: Label::None,
            }),
            Layer::Marker(Marker {
                at: f64::NAN,
                label: "m".into(),
                colour: style::INK,
                dash: Dash::Dotted,
                interval: Some((f64::NAN, 1.0)),
            }),
            Layer::Interval(Interval { from: 5.0, to: f64::NAN, label: "i".into(), colour: style::SHADE }),
            Layer::Points(Points {
                points: vec![Point { x: f64::NAN, y: 1.0, interval: None, note: "p".into() }],
                symbol: Symbol::Disc,
                colour: style::BLUE,
                label: Label::Key("k".into()),
            }),
        ];
        let picture = drawn(&spec);
        assert!(!picture.contains("NaN") && picture.contains("</svg>"));
    }

    #[test]
    fn bars_begin_at_zero_and_end_at_their_value() {
        let axis =
            |high: f64| Axis { label: String::new(), scale: Scale::Linear, low: 0.0, high, ticks: Vec::new(), grid: false };
        let bar = Point { x: 5.0, y: 0.5, interval: Some((4.0, 6.0)), note: "5".into() };
        let spec = ChartSpec {
            name: "bars",
            title: "t".into(),
            subtitle: String::new(),
            caption: String::new(),
            alt: "a".into(),
            x: axis(10.0),
            y: axis(1.0),
            layers: vec![Layer::Bars(Bars { points: vec![bar], thickness: 0.5, colour: style::GREEN, label: Label::None })],
        };
        let picture = drawn(&spec);
        let rectangle = picture.lines().find(|line| line.starts_with("<rect") && line.contains("#009E73")).expect("a bar");
        // From BORDER + 10 px to half of the width that is left.
        assert!(rectangle.contains("x=\"320\"") && rectangle.contains("width=\"3504\""), "{rectangle}");
    }

    #[test]
    fn a_png_has_twice_the_nominal_size() {
        let figure = delay_by_type::figure(&example::outage(3)).expect("a figure");
        let bytes = png(&drawn(&figure.spec)).expect("a picture");
        assert_eq!(&bytes[..8], b"\x89PNG\r\n\x1a\n");
        assert_eq!(&bytes[16..24], [0, 0, 0x07, 0x80, 0, 0, 0x04, 0x38], "1920 x 1080");
        assert!(png("no svg").is_err());
    }
}
