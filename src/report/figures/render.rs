//! From a chart to SVG: words, axes, labels. What is plotted is drawn in `layers`.

use super::canvas::{Anchor, Canvas, Lettering, Words, picture};
use super::chart::{ChartSpec, Layer};
use super::labels::spread;
use super::layers;
use super::layout::{END_GAP, LINE, Layout, broken, end_label, keys};
use super::picture_error::PictureError;
use super::style::{
    BORDER, CAPTION_SIZE, Colour, Dash, GRID, HEIGHT, INK, LABEL_SIZE, PAPER, SOFT_INK, SUBTITLE_SIZE, TITLE_SIZE, WIDTH,
};
use super::text;

/// The chart as SVG: 960 x 540 px, readable without any font file, the same bytes each time.
///
/// # Errors
/// If the back end refuses an element, which it never does for a picture in memory.
pub fn svg(spec: &ChartSpec) -> Result<String, PictureError> {
    let layout = Layout::of(spec);
    let words = Words { id: spec.name, title: &spec.title, description: &spec.alt };
    picture(WIDTH, HEIGHT, words, |canvas| {
        canvas.rectangle((0.0, 0.0), (WIDTH, HEIGHT), PAPER, 1.0);
        grid(canvas, spec, &layout);
        layers::draw(canvas, spec, &layout);
        axes(canvas, spec, &layout);
        layers::draw_on_top(canvas, spec, &layout);
        hanging_labels(canvas, &layout);
        labels_at_the_right(canvas, spec, &layout);
        key(canvas, spec, &layout);
        headings(canvas, spec, &layout);
    })
}

pub(super) fn lettering(size: f64, colour: Colour, anchor: Anchor) -> Lettering {
    Lettering { size, bold: false, colour, anchor, halo: false }
}

fn headings(canvas: &mut Canvas<'_>, spec: &ChartSpec, layout: &Layout) {
    let mut y = 14.0;
    for line in &layout.title {
        y += 26.0;
        canvas.text(line, (BORDER, y), Lettering { bold: true, ..lettering(TITLE_SIZE, INK, Anchor::Start) });
    }
    for line in &layout.subtitle {
        y += 20.0;
        canvas.text(line, (BORDER, y + 2.0), lettering(SUBTITLE_SIZE, SOFT_INK, Anchor::Start));
    }
    if let Some(y) = layout.y_label {
        canvas.text(&spec.y.label, (BORDER, y), lettering(LABEL_SIZE, SOFT_INK, Anchor::Start));
    }
    if !spec.x.label.is_empty() {
        let place = (f64::midpoint(layout.left, layout.right), layout.bottom + 42.0);
        canvas.text(&spec.x.label, place, lettering(LABEL_SIZE, SOFT_INK, Anchor::Middle));
    }
    let first = HEIGHT - 16.0 - (layout.caption.len() as f64 - 1.0) * 15.5;
    for (index, line) in layout.caption.iter().enumerate() {
        canvas.text(line, (BORDER, first + index as f64 * 15.5), lettering(CAPTION_SIZE, SOFT_INK, Anchor::Start));
    }
}

fn grid(canvas: &mut Canvas<'_>, spec: &ChartSpec, layout: &Layout) {
    let inside = |place: &f64| (0.0..=1.0).contains(place);
    if spec.y.grid {
        for y in spec.y.ticks.iter().map(|tick| spec.y.place(tick.at)).filter(inside).map(|place| layout.y(place)) {
            canvas.line(&[(layout.left, y), (layout.right, y)], GRID, 1.0, Dash::Solid);
        }
    }
    if spec.x.grid {
        for x in spec.x.ticks.iter().map(|tick| spec.x.place(tick.at)).filter(inside).map(|place| layout.x(place)) {
            canvas.line(&[(x, layout.top), (x, layout.bottom)], GRID, 1.0, Dash::Solid);
        }
    }
}

fn axes(canvas: &mut Canvas<'_>, spec: &ChartSpec, layout: &Layout) {
    canvas.line(&[(layout.left, layout.bottom), (layout.right, layout.bottom)], INK, 1.2, Dash::Solid);
    for tick in &spec.x.ticks {
        let place = spec.x.place(tick.at);
        if (0.0..=1.0).contains(&place) {
            let x = layout.x(place);
            canvas.line(&[(x, layout.bottom), (x, layout.bottom + 5.0)], INK, 1.0, Dash::Solid);
            canvas.text(&tick.label, (x, layout.bottom + 20.0), lettering(LABEL_SIZE, INK, Anchor::Middle));
        }
    }
    for tick in &spec.y.ticks {
        let place = spec.y.place(tick.at);
        if (0.0..=1.0).contains(&place) {
            canvas.text(&tick.label, (layout.left - 8.0, layout.y(place) + 4.5), lettering(LABEL_SIZE, INK, Anchor::End));
        }
    }
}

fn hanging_labels(canvas: &mut Canvas<'_>, layout: &Layout) {
    for (label, hanging, shelf) in &layout.hanging {
        if label.is_empty() {
            continue;
        }
        let y = layout.top - 7.0 - *shelf as f64 * LINE;
        let flips = hanging.left < hanging.at;
        let (x, anchor) = if flips { (hanging.at - 4.0, Anchor::End) } else { (hanging.at + 5.0, Anchor::Start) };
        canvas.text(label, (x, y), Lettering { halo: true, ..lettering(LABEL_SIZE, INK, anchor) });
    }
}

/// Names of lines beside their ends, moved apart where they would lie on each other.
fn labels_at_the_right(canvas: &mut Canvas<'_>, spec: &ChartSpec, layout: &Layout) {
    let mut ends = Vec::new();
    for layer in &spec.layers {
        let Some(lines) = end_label(layer).map(|label| broken(&label)) else { continue };
        let end = match layer {
            Layer::Line(line) => layers::last_inside(spec, &line.points),
            Layer::Band(band) => {
                let middle: Vec<(f64, f64)> = band.points.iter().map(|p| (p.0, f64::midpoint(p.1, p.2))).collect();
                layers::last_inside(spec, &middle)
            }
            Layer::Reference(reference) => Some((1.0, spec.y.place(reference.at))).filter(|end| (0.0..=1.0).contains(&end.1)),
            _ => None,
        };
        if let Some(end) = end {
            let extent = lines.len() as f64 * LINE + 3.0;
            ends.push((lines, colour_of(layer), (layout.x(end.0), layout.y(end.1)), extent));
        }
    }
    let wanted: Vec<(f64, f64)> = ends.iter().map(|(.., end, extent)| (end.1, *extent)).collect();
    let centres = spread(&wanted, layout.top - 6.0, layout.bottom + 6.0);
    for ((lines, colour, end, _), centre) in ends.into_iter().zip(centres) {
        let x = layout.right + END_GAP;
        // A line that ends early, or a label that had to move, is joined to its label.
        if (end.1 - centre).abs() > 7.0 || x - end.0 > 2.0 * END_GAP {
            canvas.line(&[(end.0 + 3.0, end.1), (x - 3.0, centre)], colour, 0.8, Dash::Dotted);
        }
        let first = centre - (lines.len() as f64 - 1.0) * LINE / 2.0 + 4.5;
        for (index, line) in lines.iter().enumerate() {
            canvas.text(line, (x, first + index as f64 * LINE), lettering(LABEL_SIZE, colour, Anchor::Start));
        }
    }
}

pub(super) fn colour_of(layer: &Layer) -> Colour {
    match layer {
        Layer::Line(line) => line.colour,
        Layer::Band(band) => band.colour,
        Layer::Interval(interval) => interval.colour,
        Layer::Marker(marker) => marker.colour,
        Layer::Reference(reference) => reference.colour,
        Layer::Bars(bars) => bars.colour,
        Layer::Points(points) => points.colour,
    }
}

fn key(canvas: &mut Canvas<'_>, spec: &ChartSpec, layout: &Layout) {
    let Some(y) = layout.key else { return };
    let mut x = BORDER;
    for (layer, name) in keys(spec) {
        let middle = y - 4.5;
        match layer {
            Layer::Line(line) => canvas.line(&[(x, middle), (x + 26.0, middle)], line.colour, line.width, line.dash),
            Layer::Band(band) => canvas.rectangle((x, middle - 6.0), (x + 26.0, middle + 6.0), band.colour, band.opacity),
            Layer::Bars(bars) => canvas.rectangle((x, middle - 5.0), (x + 26.0, middle + 5.0), bars.colour, 1.0),
            Layer::Points(points) => layers::symbol(canvas, (x + 13.0, middle), points.symbol, points.colour),
            Layer::Interval(_) | Layer::Marker(_) | Layer::Reference(_) => {}
        }
        canvas.text(name, (x + 33.0, y), lettering(LABEL_SIZE, INK, Anchor::Start));
        x += 33.0 + text::width(name, LABEL_SIZE, false) + 26.0;
    }
}
