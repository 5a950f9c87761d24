//! What a chart says, apart from how it is drawn.

use super::style::{Colour, Dash};

/// A chart. What is plotted may be anything: the renderer leaves out what cannot be drawn.
#[derive(Clone, PartialEq, Debug)]
pub struct ChartSpec {
    /// Name: file names and ids within a page are made of it.
    pub name: &'static str,
    /// The finding, as a sentence.
    pub title: String,
    /// What is shown, of whom.
    pub subtitle: String,
    /// Measure, source and n.
    pub caption: String,
    /// The picture in words, for those who cannot see it.
    pub alt: String,
    /// Horizontal axis.
    pub x: Axis,
    /// Vertical axis.
    pub y: Axis,
    /// What is plotted, bottom first.
    pub layers: Vec<Layer>,
}

/// An axis.
#[derive(Clone, PartialEq, Debug)]
pub struct Axis {
    /// Quantity and unit.
    pub label: String,
    /// How values become places.
    pub scale: Scale,
    /// Value at the left or lower end.
    pub low: f64,
    /// Value at the right or upper end.
    pub high: f64,
    /// Marks with their labels.
    pub ticks: Vec<Tick>,
    /// Whether grid lines are drawn at the ticks.
    pub grid: bool,
}

/// How values become places.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Scale {
    /// Equal differences are equally far apart.
    Linear,
    /// Equal ratios are equally far apart.
    Log,
}

/// A mark on an axis.
#[derive(Clone, PartialEq, Debug)]
pub struct Tick {
    /// Value.
    pub at: f64,
    /// What is written beside it.
    pub label: String,
}

/// Where the name of a layer is written.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub enum Label {
    /// Nowhere.
    #[default]
    None,
    /// Beside the right end of the line; `\n` breaks it.
    End(String),
    /// In the key above the plot: for what has no end to write at.
    Key(String),
}

/// One thing plotted.
#[derive(Clone, PartialEq, Debug)]
pub enum Layer {
    /// A line or step curve.
    Line(Line),
    /// The area between two curves.
    Band(Band),
    /// A shaded interval on x.
    Interval(Interval),
    /// A vertical line.
    Marker(Marker),
    /// A horizontal line.
    Reference(Reference),
    /// Horizontal bars from zero.
    Bars(Bars),
    /// Symbols, with whiskers along x.
    Points(Points),
}

/// A line or step curve.
#[derive(Clone, PartialEq, Debug)]
pub struct Line {
    /// Points (x, y) from left to right.
    pub points: Vec<(f64, f64)>,
    /// Whether y holds until the next x.
    pub step: bool,
    /// Colour.
    pub colour: Colour,
    /// Width \[px\].
    pub width: f64,
    /// Dash.
    pub dash: Dash,
    /// Name.
    pub label: Label,
}

/// The area between two curves.
#[derive(Clone, PartialEq, Debug)]
pub struct Band {
    /// Points (x, lower y, upper y) from left to right.
    pub points: Vec<(f64, f64, f64)>,
    /// Whether both hold until the next x.
    pub step: bool,
    /// Colour.
    pub colour: Colour,
    /// Opacity, 0 to 1.
    pub opacity: f64,
    /// Name.
    pub label: Label,
}

/// A shaded interval on x.
#[derive(Clone, PartialEq, Debug)]
pub struct Interval {
    /// Left end.
    pub from: f64,
    /// Right end.
    pub to: f64,
    /// What is written above it; may be empty.
    pub label: String,
    /// Colour.
    pub colour: Colour,
}

/// A vertical line.
#[derive(Clone, PartialEq, Debug)]
pub struct Marker {
    /// Place on x.
    pub at: f64,
    /// What is written above it; may be empty.
    pub label: String,
    /// Colour.
    pub colour: Colour,
    /// Dash.
    pub dash: Dash,
    /// Uncertainty of the place, drawn as a whisker near the top.
    pub interval: Option<(f64, f64)>,
}

/// A horizontal line.
#[derive(Clone, PartialEq, Debug)]
pub struct Reference {
    /// Place on y.
    pub at: f64,
    /// What is written beside its right end; may be empty.
    pub label: String,
    /// Colour.
    pub colour: Colour,
    /// Dash.
    pub dash: Dash,
}

/// Horizontal bars from zero.
#[derive(Clone, PartialEq, Debug)]
pub struct Bars {
    /// Ends of the bars.
    pub points: Vec<Point>,
    /// Thickness in units of y.
    pub thickness: f64,
    /// Colour.
    pub colour: Colour,
    /// Name.
    pub label: Label,
}

/// Symbols with whiskers.
#[derive(Clone, PartialEq, Debug)]
pub struct Points {
    /// The points.
    pub points: Vec<Point>,
    /// Shape.
    pub symbol: Symbol,
    /// Colour.
    pub colour: Colour,
    /// Name.
    pub label: Label,
}

/// A value with its uncertainty along x.
#[derive(Clone, PartialEq, Debug)]
pub struct Point {
    /// Value.
    pub x: f64,
    /// Place on y.
    pub y: f64,
    /// Interval of the value, if known.
    pub interval: Option<(f64, f64)>,
    /// What is written to the right of it; may be empty.
    pub note: String,
}

/// Shape of a symbol.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Symbol {
    /// Filled circle.
    Disc,
    /// Hollow circle.
    Ring,
    /// Filled square on its corner.
    Diamond,
}

impl Axis {
    /// The place of a value between the ends of the axis: 0 at the low end, 1 at the high end, NaN if it has none.
    #[must_use]
    pub fn place(&self, value: f64) -> f64 {
        let place = match self.scale {
            Scale::Linear => (value - self.low) / (self.high - self.low),
            Scale::Log if value > 0.0 => {
                let low = crate::math::log10(self.low);
                (crate::math::log10(value) - low) / (crate::math::log10(self.high) - low)
            }
            Scale::Log => f64::NAN,
        };
        if place.is_finite() { place } else { f64::NAN }
    }
}
