//! Where the parts of a chart stand on the sheet.

use super::chart::{ChartSpec, Label, Layer};
use super::guard::Place;
use super::labels::{Hanging, shelves};
use super::style::{BORDER, CAPTION_SIZE, HEIGHT, LABEL_SIZE, SUBTITLE_SIZE, TITLE_SIZE, WIDTH};
use super::text;

/// Height of a line of labels \[px\].
pub(super) const LINE: f64 = 17.0;
/// Widest label at the end of a line \[px\].
const END_LABEL: f64 = 190.0;
/// Gap between the end of a line and its label \[px\].
pub(super) const END_GAP: f64 = 10.0;

/// A layout: places in nominal pixels, y downward.
#[derive(Debug)]
pub(super) struct Layout {
    pub(super) title: Vec<String>,
    pub(super) subtitle: Vec<String>,
    pub(super) caption: Vec<String>,
    /// Base line of the key, where there is one.
    pub(super) key: Option<f64>,
    /// Base line of the label of the y axis, where it has one.
    pub(super) y_label: Option<f64>,
    /// Labels above the plot, one for each interval and marker in the order of the layers: text, place and shelf.
    pub(super) hanging: Vec<(String, Hanging, usize)>,
    pub(super) left: f64,
    pub(super) right: f64,
    pub(super) top: f64,
    pub(super) bottom: f64,
}

impl Layout {
    pub(super) fn of(spec: &ChartSpec) -> Self {
        let available = WIDTH - 2.0 * BORDER;
        let title = text::wrap(&spec.title, TITLE_SIZE, true, available, 2);
        let subtitle = text::wrap(&spec.subtitle, SUBTITLE_SIZE, false, available, 2);
        let caption = text::wrap(&spec.caption, CAPTION_SIZE, false, available, 3);

        let mut cursor = 14.0 + title.len() as f64 * 26.0 + subtitle.len() as f64 * 20.0;
        let mut row = |wanted: bool, height: f64| {
            wanted.then(|| {
                cursor += height;
                cursor
            })
        };
        let key = row(!keys(spec).is_empty(), 26.0);
        let y_label = row(!spec.y.label.is_empty(), 27.0);

        let widest_tick = spec.y.ticks.iter().map(|tick| text::width(&tick.label, LABEL_SIZE, false)).fold(0.0, f64::max);
        let left = BORDER + widest_tick + 10.0;
        let widest_end = end_labels(spec).iter().flatten().map(|line| text::width(line, LABEL_SIZE, false)).fold(0.0, f64::max);
        let right = WIDTH - BORDER - if widest_end > 0.0 { widest_end + END_GAP } else { 14.0 };

        let mut layout = Self { title, subtitle, caption, key, y_label, hanging: Vec::new(), left, right, top: 0.0, bottom: 0.0 };
        layout.hang(spec);
        let rows = layout.hanging.iter().filter(|(label, ..)| !label.is_empty()).map(|(.., shelf)| shelf + 1).max().unwrap_or(0);
        layout.top = cursor + if rows == 0 { 17.0 } else { 12.0 } + rows as f64 * LINE;
        let caption_height = layout.caption.len() as f64 * 15.5;
        let axis_label = if spec.x.label.is_empty() { 0.0 } else { 20.0 };
        layout.bottom = HEIGHT - 16.0 - caption_height - axis_label - 32.0;
        layout
    }

    /// Puts the labels of intervals and markers on shelves.
    fn hang(&mut self, spec: &ChartSpec) {
        let hangers = spec.layers.iter().filter_map(|layer| match layer {
            Layer::Interval(interval) => Some((interval.from, &interval.label)),
            Layer::Marker(marker) => Some((marker.at, &marker.label)),
            _ => None,
        });
        let labels: Vec<(String, Hanging)> = hangers
            .map(|(at, label)| {
                let place = spec.x.place(at);
                let at = self.x(if place.is_nan() { 0.0 } else { place.clamp(0.0, 1.0) });
                let width = text::width(label, LABEL_SIZE, false);
                // Text runs to the right of its line, unless it would leave the sheet.
                let flips = at + width > WIDTH - BORDER;
                let (left, right) = if flips { (at - width, at + 6.0) } else { (at, at + width + 12.0) };
                (label.clone(), Hanging { at, left, right })
            })
            .collect();
        let shown: Vec<Hanging> = labels.iter().filter(|(label, _)| !label.is_empty()).map(|(_, hanging)| *hanging).collect();
        let mut assigned = shelves(&shown).into_iter();
        let put = |(label, hanging): (String, Hanging)| {
            let row = if label.is_empty() { 0 } else { assigned.next().unwrap_or(0) };
            (label, hanging, row)
        };
        self.hanging = labels.into_iter().map(put).collect();
    }

    /// Horizontal place on the sheet.
    pub(super) fn x(&self, place: f64) -> f64 {
        self.left + place * (self.right - self.left)
    }

    /// Vertical place on the sheet.
    pub(super) fn y(&self, place: f64) -> f64 {
        self.bottom - place * (self.bottom - self.top)
    }

    /// Places on the sheet.
    pub(super) fn on_sheet(&self, places: &[Place]) -> Vec<(f64, f64)> {
        places.iter().map(|&(x, y)| (self.x(x), self.y(y))).collect()
    }
}

/// Layers with a name in the key.
pub(super) fn keys(spec: &ChartSpec) -> Vec<(&Layer, &str)> {
    let named = spec.layers.iter().filter_map(|layer| match label(layer) {
        Some(Label::Key(name)) => Some((layer, name.as_str())),
        _ => None,
    });
    named.collect()
}

/// The lines of the labels at the right, one entry for each layer that has one.
pub(super) fn end_labels(spec: &ChartSpec) -> Vec<Vec<String>> {
    spec.layers.iter().filter_map(end_label).map(|label| broken(&label)).collect()
}

/// The label at the right of a layer.
pub(super) fn end_label(layer: &Layer) -> Option<String> {
    match (layer, label(layer)) {
        (Layer::Reference(reference), _) if !reference.label.is_empty() => Some(reference.label.clone()),
        (_, Some(Label::End(name))) => Some(name.clone()),
        _ => None,
    }
}

/// A label at the right, in lines.
pub(super) fn broken(label: &str) -> Vec<String> {
    label.split('\n').flat_map(|line| text::wrap(line, LABEL_SIZE, false, END_LABEL, 3)).collect()
}

fn label(layer: &Layer) -> Option<&Label> {
    match layer {
        Layer::Line(line) => Some(&line.label),
        Layer::Band(band) => Some(&band.label),
        Layer::Bars(bars) => Some(&bars.label),
        Layer::Points(points) => Some(&points.label),
        Layer::Interval(_) | Layer::Marker(_) | Layer::Reference(_) => None,
    }
}
