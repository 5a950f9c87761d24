//! The only place that speaks to plotters: shapes in nominal pixels go in, one finished SVG comes out.
//!
//! plotters' SVG back end knows whole units only, writes font sizes 1.24 times too small, has no dashes, no halo and no text for those
//! who cannot see. It is therefore given a sheet [`OVERSAMPLING`] times as large, and its output is polished: each line of it is one
//! element, and the n-th polyline or text is the n-th that was asked for.

use core::fmt;
use std::fmt::Write as _;

use plotters::coord::Shift;
use plotters::prelude::{
    Circle, Color, DrawingArea, FontStyle, IntoDrawingArea, IntoFont, PathElement, Polygon, RGBColor, Rectangle, SVGBackend,
    ShapeStyle, Text,
};
use plotters::style::text_anchor::{HPos, Pos, VPos};

use super::picture_error::PictureError;
use super::style::{Colour, Dash, FONTS, OVERSAMPLING};

/// What the back end divides font sizes by.
const FONT_FACTOR: f64 = 1.24;

/// Which end of a text stands at its place.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Anchor {
    Start,
    Middle,
    End,
}

/// How a text looks.
#[derive(Clone, Copy, Debug)]
pub(super) struct Lettering {
    pub(super) size: f64,
    pub(super) bold: bool,
    pub(super) colour: Colour,
    pub(super) anchor: Anchor,
    /// Whether a rim of paper keeps it legible over lines.
    pub(super) halo: bool,
}

/// A sheet to draw on; all places and sizes in nominal pixels, y downward.
pub(super) struct Canvas<'a> {
    area: DrawingArea<SVGBackend<'a>, Shift>,
    /// Dash of each polyline drawn so far.
    dashes: Vec<Dash>,
    /// Halo of each text drawn so far.
    halos: Vec<bool>,
    /// The first element that could not be drawn.
    failure: Option<PictureError>,
}

/// Words for those who cannot see the picture.
#[derive(Clone, Copy, Debug)]
pub(super) struct Words<'a> {
    pub(super) id: &'a str,
    pub(super) title: &'a str,
    pub(super) description: &'a str,
}

/// Paints a picture of this size \[px\].
pub(super) fn picture(
    width: f64,
    height: f64,
    words: Words<'_>,
    paint: impl FnOnce(&mut Canvas<'_>),
) -> Result<String, PictureError> {
    let mut raw = String::new();
    let (dashes, halos) = {
        let size = (units(width).unsigned_abs(), units(height).unsigned_abs());
        let area = SVGBackend::with_string(&mut raw, size).into_drawing_area();
        let mut canvas = Canvas { area, dashes: Vec::new(), halos: Vec::new(), failure: None };
        paint(&mut canvas);
        let finished = canvas.area.present();
        canvas.keep(finished);
        if let Some(why) = canvas.failure {
            return Err(why);
        }
        (canvas.dashes, canvas.halos)
    };
    Ok(polish(&raw, width, height, words, &dashes, &halos))
}

fn units(pixels: f64) -> i32 {
    (pixels * OVERSAMPLING).round() as i32
}

fn rgb(colour: Colour) -> RGBColor {
    RGBColor(colour.0, colour.1, colour.2)
}

fn at(places: &[(f64, f64)]) -> Vec<(i32, i32)> {
    let mut points: Vec<(i32, i32)> = places.iter().map(|place| (units(place.0), units(place.1))).collect();
    points.dedup();
    points
}

impl Canvas<'_> {
    /// Remembers the first failure: painters need not stop for what a string never refuses.
    fn keep<E: fmt::Display>(&mut self, drawn: Result<(), E>) {
        if let (Err(why), None) = (drawn, &self.failure) {
            self.failure = Some(PictureError(why.to_string()));
        }
    }

    /// A line through places.
    pub(super) fn line(&mut self, places: &[(f64, f64)], colour: Colour, width: f64, dash: Dash) {
        let mut points = at(places);
        if let [only] = points[..] {
            // A point would be invisible: make it a dot as long as the line is wide.
            points.push((only.0 + units(width), only.1));
        }
        let style = ShapeStyle { color: rgb(colour).to_rgba(), filled: false, stroke_width: units(width).unsigned_abs() };
        self.dashes.push(dash);
        let drawn = self.area.draw(&PathElement::new(points, style));
        self.keep(drawn);
    }

    /// A filled area.
    pub(super) fn area(&mut self, places: &[(f64, f64)], colour: Colour, opacity: f64) {
        let drawn = self.area.draw(&Polygon::new(at(places), rgb(colour).mix(opacity).filled()));
        self.keep(drawn);
    }

    /// A filled rectangle between two corners.
    pub(super) fn rectangle(&mut self, from: (f64, f64), to: (f64, f64), colour: Colour, opacity: f64) {
        let corners = [(units(from.0.min(to.0)), units(from.1.min(to.1))), (units(from.0.max(to.0)), units(from.1.max(to.1)))];
        let drawn = self.area.draw(&Rectangle::new(corners, rgb(colour).mix(opacity).filled()));
        self.keep(drawn);
    }

    /// A filled circle.
    pub(super) fn disc(&mut self, centre: (f64, f64), radius: f64, colour: Colour) {
        let element = Circle::new((units(centre.0), units(centre.1)), units(radius), rgb(colour).filled());
        let drawn = self.area.draw(&element);
        self.keep(drawn);
    }

    /// A text in one line; the place is that of the anchor on the base line.
    pub(super) fn text(&mut self, text: &str, place: (f64, f64), lettering: Lettering) {
        let horizontal = match lettering.anchor {
            Anchor::Start => HPos::Left,
            Anchor::Middle => HPos::Center,
            Anchor::End => HPos::Right,
        };
        let colour = rgb(lettering.colour);
        let style = if lettering.bold { FontStyle::Bold } else { FontStyle::Normal };
        let font = (FONTS, lettering.size * OVERSAMPLING * FONT_FACTOR).into_font().style(style);
        let font = font.color(&colour).pos(Pos::new(horizontal, VPos::Bottom));
        // The polish relies on one line for each text.
        let text: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        self.halos.push(lettering.halo);
        let drawn = self.area.draw(&Text::new(text, (units(place.0), units(place.1)), font));
        self.keep(drawn);
    }
}

fn polish(raw: &str, width: f64, height: f64, words: Words<'_>, dashes: &[Dash], halos: &[bool]) -> String {
    let mut out = String::with_capacity(raw.len() + 1024);
    let (mut dashes, mut halos) = (dashes.iter(), halos.iter());
    let mut lines = raw.lines();
    while let Some(line) = lines.next() {
        if line.starts_with("<svg") {
            let (wide, high) = (units(width), units(height));
            let (id, title, description) = (words.id, escape(words.title), escape(words.description));
            let _ = write!(
                out,
                "<svg width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {wide} {high}\" xmlns=\"http://www.w3.org/2000/svg\" \
                 role=\"img\" aria-labelledby=\"{id}-title {id}-desc\">\n<title id=\"{id}-title\">{title}</title>\n\
                 <desc id=\"{id}-desc\">{description}</desc>\n"
            );
        } else if let Some(rest) = line.strip_prefix("<polyline") {
            let pattern = dashes.next().map_or(&[][..], |dash| dash.pattern());
            out.push_str("<polyline stroke-linejoin=\"round\"");
            if !pattern.is_empty() {
                let lengths: Vec<String> = pattern.iter().map(|length| (length * OVERSAMPLING).to_string()).collect();
                let _ = write!(out, " stroke-dasharray=\"{}\"", lengths.join(" "));
            }
            out.push_str(&plain(rest).replace(" \"/>", "\"/>"));
            out.push('\n');
        } else if let Some(rest) = line.strip_prefix("<text") {
            let rest = round_font_size(&plain(rest).replace(" dy=\"-0.5ex\"", ""));
            out.push_str("<text");
            if halos.next().is_some_and(|&halo| halo) {
                let rim = 3.5 * OVERSAMPLING;
                let _ =
                    write!(out, " paint-order=\"stroke\" stroke=\"#FFFFFF\" stroke-width=\"{rim}\" stroke-linejoin=\"round\"");
            }
            out.push_str(&rest);
            out.push_str(lines.next().unwrap_or_default());
            out.push_str(lines.next().unwrap_or_default());
            out.push('\n');
        } else {
            out.push_str(&plain(line).replace(" \"/>", "\"/>"));
            out.push('\n');
        }
    }
    out
}

/// Leaves away what is the default anyway.
fn plain(line: &str) -> String {
    line.replace(" opacity=\"1\"", "").replace(" stroke=\"none\"", "").replace(" text-anchor=\"start\"", "")
}

/// The division within the back end leaves digits that mean nothing.
fn round_font_size(line: &str) -> String {
    const KEY: &str = "font-size=\"";
    let parts = line.split_once(KEY).and_then(|(before, after)| after.split_once('"').map(|(size, after)| (before, size, after)));
    match parts.and_then(|(before, size, after)| size.parse::<f64>().ok().map(|size| (before, size, after))) {
        Some((before, size, after)) => format!("{before}{KEY}{}\"{after}", (size * 10.0).round() / 10.0),
        None => line.to_owned(),
    }
}

pub(super) fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
