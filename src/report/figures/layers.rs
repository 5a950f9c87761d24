//! What is plotted: every series goes through the guard on its way to the canvas.

use super::canvas::{Anchor, Canvas, Lettering};
use super::chart::{Band, Bars, ChartSpec, Layer, Line, Marker, Point, Points, Symbol};
use super::guard::{self, Place};
use super::layout::{LINE, Layout};
use super::render::lettering;
use super::style::{Colour, Dash, INK, LABEL_SIZE, PAPER};
use super::text;

/// What a symbol takes up to each side \[px\].
const SYMBOL_RADIUS: f64 = 7.0;

/// Between a mark and what is written beside it \[px\].
const NOTE_GAP: f64 = 6.0;

/// Draws the layers, bottom first, except symbols.
pub(super) fn draw(canvas: &mut Canvas<'_>, spec: &ChartSpec, layout: &Layout) {
    // Labels above the plot belong to intervals and markers in turn.
    let mut shelves = layout.hanging.iter().map(|(label, _, shelf)| if label.is_empty() { None } else { Some(*shelf) });
    for layer in &spec.layers {
        match layer {
            Layer::Line(curve) => line(canvas, spec, layout, curve),
            Layer::Band(area) => band(canvas, spec, layout, area),
            Layer::Interval(interval) => {
                let shelf = shelves.next().flatten().unwrap_or(0);
                let ends = [interval.from, interval.to].map(|x| spec.x.place(x).clamp(0.0, 1.0));
                if ends[0] < ends[1] {
                    let (from, to) = (layout.x(ends[0]), layout.x(ends[1]));
                    canvas.rectangle((from, layout.top), (to, layout.bottom), interval.colour, 0.13);
                    // The edge reaches up to a label that had to go higher.
                    let top = layout.top - if shelf > 0 { (shelf as f64 + 0.7) * LINE } else { 0.0 };
                    canvas.line(&[(from, top), (from, layout.bottom)], interval.colour, 1.0, Dash::Solid);
                    canvas.line(&[(to, layout.top), (to, layout.bottom)], interval.colour, 1.0, Dash::Solid);
                }
            }
            Layer::Marker(upright) => {
                let shelf = shelves.next().flatten();
                marker(canvas, spec, layout, upright, shelf);
            }
            Layer::Reference(reference) => {
                let place = spec.y.place(reference.at);
                if (0.0..=1.0).contains(&place) {
                    let y = layout.y(place);
                    canvas.line(&[(layout.left, y), (layout.right, y)], reference.colour, 1.1, reference.dash);
                }
            }
            Layer::Bars(lengths) => bars(canvas, spec, layout, lengths),
            Layer::Points(_) => {}
        }
    }
}

/// Draws what must not lie under an axis: symbols.
pub(super) fn draw_on_top(canvas: &mut Canvas<'_>, spec: &ChartSpec, layout: &Layout) {
    for layer in &spec.layers {
        if let Layer::Points(set) = layer {
            points(canvas, spec, layout, set);
        }
    }
}

fn is_place(place: &Place) -> bool {
    place.0.is_finite() && place.1.is_finite()
}

fn line(canvas: &mut Canvas<'_>, spec: &ChartSpec, layout: &Layout, line: &Line) {
    let places: Vec<Place> = line.points.iter().map(|&(x, y)| (spec.x.place(x), spec.y.place(y))).collect();
    for part in guard::parts(&places, is_place) {
        let part = if line.step { guard::staircase(&part) } else { part };
        let runs = if part.len() == 1 { single(&part) } else { guard::clip_line(&part) };
        for run in runs {
            let run = guard::thin(&run, layout.right - layout.left);
            canvas.line(&layout.on_sheet(&run), line.colour, line.width, line.dash);
        }
    }
}

/// A point between two gaps is drawn as a dot if it is in the plot.
fn single(part: &[Place]) -> Vec<Vec<Place>> {
    let inside = part.iter().all(|p| (0.0..=1.0).contains(&p.0) && (0.0..=1.0).contains(&p.1));
    if inside { vec![part.to_vec()] } else { Vec::new() }
}

fn band(canvas: &mut Canvas<'_>, spec: &ChartSpec, layout: &Layout, band: &Band) {
    let edge = |value: f64| {
        // On a logarithmic axis zero is infinitely far down: the lower edge then is the edge of the plot.
        let place = spec.y.place(value);
        if place.is_nan() && value.is_finite() { -1.0 } else { place }
    };
    let places: Vec<(f64, f64, f64)> =
        band.points.iter().map(|&(x, low, high)| (spec.x.place(x), edge(low), edge(high))).collect();
    for part in guard::parts(&places, |p| p.0.is_finite() && p.1.is_finite() && p.2.is_finite()) {
        let side = |pick: fn(&(f64, f64, f64)) -> Place| {
            let edge: Vec<Place> = part.iter().map(pick).collect();
            let edge = if band.step { guard::staircase(&edge) } else { edge };
            guard::thin(&edge, layout.right - layout.left)
        };
        let mut corners = side(|p| (p.0, p.2));
        corners.extend(side(|p| (p.0, p.1)).into_iter().rev());
        let area = guard::clip_area(&corners);
        if area.len() > 2 {
            canvas.area(&layout.on_sheet(&area), band.colour, band.opacity);
        }
    }
}

fn marker(canvas: &mut Canvas<'_>, spec: &ChartSpec, layout: &Layout, marker: &Marker, shelf: Option<usize>) {
    let place = spec.x.place(marker.at);
    if !(0.0..=1.0).contains(&place) {
        return;
    }
    let x = layout.x(place);
    let top = shelf.map_or(layout.top, |shelf| layout.top - 4.0 - (shelf as f64 + 0.7) * LINE);
    canvas.line(&[(x, top), (x, layout.bottom)], marker.colour, 1.3, marker.dash);
    if let Some((low, high)) = marker.interval {
        let ends = [low, high].map(|end| spec.x.place(end).clamp(0.0, 1.0));
        if ends[0] <= ends[1] {
            whisker(canvas, (layout.x(ends[0]), layout.x(ends[1])), layout.top + 12.0, marker.colour);
            canvas.disc((x, layout.top + 12.0), 3.5, marker.colour);
        }
    }
}

fn whisker(canvas: &mut Canvas<'_>, ends: (f64, f64), y: f64, colour: Colour) {
    canvas.line(&[(ends.0, y), (ends.1, y)], colour, 1.8, Dash::Solid);
    for end in [ends.0, ends.1] {
        canvas.line(&[(end, y - 4.0), (end, y + 4.0)], colour, 1.4, Dash::Solid);
    }
}

fn bars(canvas: &mut Canvas<'_>, spec: &ChartSpec, layout: &Layout, bars: &Bars) {
    for bar in &bars.points {
        let corners = [(0.0, bar.y - bars.thickness / 2.0), (bar.x, bar.y + bars.thickness / 2.0)];
        let places = corners.map(|(x, y)| (spec.x.place(x).clamp(0.0, 1.0), spec.y.place(y).clamp(0.0, 1.0)));
        if places.iter().all(is_place) {
            let [from, to] = places.map(|(x, y)| (layout.x(x), layout.y(y)));
            canvas.rectangle(from, to, bars.colour, 1.0);
            value(canvas, spec, layout, bar, INK, 2.0);
        }
    }
}

fn points(canvas: &mut Canvas<'_>, spec: &ChartSpec, layout: &Layout, points: &Points) {
    for point in &points.points {
        let place = (spec.x.place(point.x), spec.y.place(point.y));
        if (0.0..=1.0).contains(&place.0) && (0.0..=1.0).contains(&place.1) {
            value(canvas, spec, layout, point, points.colour, SYMBOL_RADIUS);
            symbol(canvas, (layout.x(place.0), layout.y(place.1)), points.symbol, points.colour);
        }
    }
}

/// The whisker of a value and what is written beside it.
fn value(canvas: &mut Canvas<'_>, spec: &ChartSpec, layout: &Layout, point: &Point, colour: Colour, radius: f64) {
    let y = layout.y(spec.y.place(point.y));
    if let Some(ends) = whisker_ends(spec, layout, point) {
        whisker(canvas, ends, y, colour);
    }
    if !point.note.is_empty() {
        let style = Lettering { halo: true, ..lettering(LABEL_SIZE, colour, Anchor::Start) };
        let left = beside(spec, layout, point, extent(spec, layout, point, radius).1);
        canvas.text(&point.note, (left, y + 4.5), style);
    }
}

/// Where the whisker of a value begins and ends on the sheet, if it has one.
fn whisker_ends(spec: &ChartSpec, layout: &Layout, point: &Point) -> Option<(f64, f64)> {
    let (low, high) = point.interval?;
    let ends = [low, high].map(|end| spec.x.place(end).clamp(0.0, 1.0));
    (ends[0] <= ends[1]).then(|| (layout.x(ends[0]), layout.x(ends[1])))
}

/// From where to where a value's symbol and whisker reach on the sheet.
fn extent(spec: &ChartSpec, layout: &Layout, point: &Point, radius: f64) -> (f64, f64) {
    let x = layout.x(spec.x.place(point.x).clamp(0.0, 1.0));
    let (left, right) = (x - radius, x + radius);
    whisker_ends(spec, layout, point).map_or((left, right), |ends| (left.min(ends.0), right.max(ends.1)))
}

/// Where a note begins: to the right of `right`, and of the symbols in the same row that it would lie on otherwise.
fn beside(spec: &ChartSpec, layout: &Layout, point: &Point, mut right: f64) -> f64 {
    let mut marks: Vec<(f64, f64)> = Vec::new();
    for layer in &spec.layers {
        if let Layer::Points(set) = layer {
            let row = set.points.iter().filter(|other| other.y == point.y);
            marks.extend(row.map(|other| extent(spec, layout, other, SYMBOL_RADIUS)));
        }
    }
    marks.sort_by(|a, b| a.0.total_cmp(&b.0));
    let length = NOTE_GAP + text::width(&point.note, LABEL_SIZE, false);
    for (left, end) in marks {
        if left < right + length {
            right = right.max(end);
        }
    }
    right + NOTE_GAP
}

/// A symbol about 10 px wide.
pub(super) fn symbol(canvas: &mut Canvas<'_>, centre: (f64, f64), symbol: Symbol, colour: Colour) {
    match symbol {
        Symbol::Disc => canvas.disc(centre, 5.5, colour),
        Symbol::Ring => {
            canvas.disc(centre, 5.5, colour);
            canvas.disc(centre, 3.5, PAPER);
        }
        Symbol::Diamond => {
            let corner = |dx: f64, dy: f64| (centre.0 + dx, centre.1 + dy);
            canvas.area(&[corner(0.0, -6.5), corner(6.5, 0.0), corner(0.0, 6.5), corner(-6.5, 0.0)], colour, 1.0);
        }
    }
}

/// Where a line ends within the plot.
pub(super) fn last_inside(spec: &ChartSpec, points: &[(f64, f64)]) -> Option<Place> {
    let places = points.iter().rev().map(|&(x, y)| (spec.x.place(x), spec.y.place(y)));
    places.into_iter().find(|p| (0.0..=1.0).contains(&p.0) && (0.0..=1.0).contains(&p.1))
}
