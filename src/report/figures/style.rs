//! What every chart looks like: sizes, colours, dashes. Written once, here.

/// Nominal width of a chart \[px\]: 16 to 9 with [`HEIGHT`], so that it fits a slide.
pub(crate) const WIDTH: f64 = 960.0;
/// Nominal height of a chart \[px\].
pub(crate) const HEIGHT: f64 = 540.0;
/// Drawing units for each nominal pixel: the back end only knows whole units, and curves need finer ones.
pub(crate) const OVERSAMPLING: f64 = 8.0;
/// Fonts, the first of which the PNG renderer is given; all of them are wide, so that measured widths hold.
pub(crate) const FONTS: &str = "DejaVu Sans, Verdana, Arial, sans-serif";

/// Empty border on the left and the right \[px\].
pub(crate) const BORDER: f64 = 30.0;
/// Size of the title \[px\].
pub(crate) const TITLE_SIZE: f64 = 20.0;
/// Size of the subtitle \[px\].
pub(crate) const SUBTITLE_SIZE: f64 = 14.0;
/// Size of labels in the plot and at axes \[px\].
pub(crate) const LABEL_SIZE: f64 = 13.0;
/// Size of the caption \[px\].
pub(crate) const CAPTION_SIZE: f64 = 11.5;

/// A colour: red, green, blue.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Colour(pub u8, pub u8, pub u8);

/// With the disruption. Colours of lines are from the palette of Okabe & Ito (2008) as far as they stand out 3 to 1 from white.
pub(crate) const BLUE: Colour = Colour(0x00, 0x72, 0xB2);
/// The hard-hit part.
pub(crate) const VERMILLION: Colour = Colour(0xD5, 0x5E, 0x00);
/// A third series.
pub(crate) const GREEN: Colour = Colour(0x00, 0x9E, 0x73);
/// Without the disruption.
pub(crate) const GREY: Colour = Colour(0x5A, 0x5A, 0x5A);
/// Text and axes.
pub(crate) const INK: Colour = Colour(0x22, 0x22, 0x22);
/// Secondary text.
pub(crate) const SOFT_INK: Colour = Colour(0x59, 0x59, 0x59);
/// Grid lines: they may be faint, because tick labels say the same.
pub(crate) const GRID: Colour = Colour(0xE2, 0xE2, 0xE2);
/// Shading of an interval of time.
pub(crate) const SHADE: Colour = Colour(0xE6, 0x9F, 0x00);
/// Paper.
pub(crate) const PAPER: Colour = Colour(0xFF, 0xFF, 0xFF);

/// How a line is broken, so that colour is never the only way to tell lines apart.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Dash {
    /// Unbroken.
    #[default]
    Solid,
    /// Long strokes.
    Dashed,
    /// Short strokes.
    Dotted,
    /// Long and short strokes in turn.
    DashDotted,
}

impl Dash {
    /// Lengths of strokes and gaps in turn \[px\].
    #[must_use]
    pub const fn pattern(self) -> &'static [f64] {
        match self {
            Self::Solid => &[],
            Self::Dashed => &[7.0, 4.0],
            Self::Dotted => &[2.0, 3.0],
            Self::DashDotted => &[9.0, 3.5, 2.0, 3.5],
        }
    }
}

impl Colour {
    /// Contrast to white (WCAG 2, relative luminance), 1 to 21.
    #[must_use]
    pub fn contrast_to_paper(self) -> f64 {
        let channel = |value: u8| {
            let value = f64::from(value) / 255.0;
            if value <= 0.039_28 { value / 12.92 } else { crate::math::pow((value + 0.055) / 1.055, 2.4) }
        };
        1.05 / (0.2126 * channel(self.0) + 0.7152 * channel(self.1) + 0.0722 * channel(self.2) + 0.05)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_stand_out_from_the_paper_and_text_more_so() {
        for colour in [BLUE, VERMILLION, GREEN, GREY] {
            assert!(colour.contrast_to_paper() >= 3.0, "{colour:?}");
        }
        for colour in [INK, SOFT_INK] {
            assert!(colour.contrast_to_paper() >= 4.5, "{colour:?}");
        }
    }
}
