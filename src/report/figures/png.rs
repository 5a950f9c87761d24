//! PNG from the same SVG, with fonts of its own: no system font is asked for.

use core::fmt;
use std::sync::{Arc, LazyLock};

use resvg::{tiny_skia, usvg};

use super::canvas::escape;
use super::picture_error::PictureError;
use super::style::{HEIGHT, WIDTH};

/// Pixels of the PNG for each nominal pixel.
const ZOOM: f64 = 2.0;

/// The fonts, read once.
static FONTS: LazyLock<Arc<usvg::fontdb::Database>> = LazyLock::new(|| {
    let mut fonts = usvg::fontdb::Database::new();
    fonts.load_font_data(dejavu::sans::regular().to_vec());
    fonts.load_font_data(dejavu::sans::bold().to_vec());
    fonts.set_sans_serif_family("DejaVu Sans");
    Arc::new(fonts)
});

/// Renders a chart at twice its nominal size.
///
/// # Errors
/// If the SVG is none, or memory for the pixels is lacking.
pub fn png(svg: &str) -> Result<Vec<u8>, PictureError> {
    let failed = |what: &dyn fmt::Display| PictureError(what.to_string());
    let tree = usvg::Tree::from_str(svg, &options()).map_err(|error| failed(&error))?;
    let (width, height) = ((WIDTH * ZOOM) as u32, (HEIGHT * ZOOM) as u32);
    let mut pixels = tiny_skia::Pixmap::new(width, height).ok_or_else(|| failed(&"no memory"))?;
    let size = tree.size();
    let zoom = tiny_skia::Transform::from_scale(width as f32 / size.width(), height as f32 / size.height());
    resvg::render(&tree, zoom, &mut pixels.as_mut());
    pixels.encode_png().map_err(|error| failed(&error))
}

fn options() -> usvg::Options<'static> {
    usvg::Options { fontdb: Arc::clone(&FONTS), font_family: "DejaVu Sans".to_owned(), ..usvg::Options::default() }
}

/// The characters of a text that the fonts of the PNG have no sign for, each once, in order: boxes stand in their place.
#[must_use]
pub(crate) fn unprintable(text: &str) -> Vec<char> {
    let mut missing = Vec::new();
    if text.is_ascii() {
        return missing;
    }
    let text: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"10\" height=\"10\"><text x=\"0\" y=\"9\" font-size=\"9\">{}</text></svg>",
        escape(&text)
    );
    // What cannot be laid out is not drawn either: then there is nothing to warn of.
    let Ok(tree) = usvg::Tree::from_str(&svg, &options()) else { return missing };
    for node in tree.root().children() {
        let usvg::Node::Text(text) = node else { continue };
        for glyph in text.layouted().iter().flat_map(|span| &span.positioned_glyphs).filter(|glyph| glyph.id.0 == 0) {
            missing.extend(glyph.text.chars());
        }
    }
    let mut seen = Vec::new();
    missing.retain(|c| {
        !seen.contains(c) && {
            seen.push(*c);
            true
        }
    });
    missing
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_that_the_font_lacks_are_known() {
        assert_eq!(unprintable("Change Healthcare, 21 February"), []);
        assert_eq!(unprintable("Überfall auf Śląsk – “Ελλάδα”, Київ … €"), []);
        assert_eq!(unprintable("停電 <停> & 電力"), ['停', '電', '力']);
    }
}
