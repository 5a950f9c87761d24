//! PNG from the same SVG, with fonts of its own: no system font is asked for.

use core::fmt;
use std::sync::{Arc, LazyLock};

use resvg::{tiny_skia, usvg};

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
    let options = usvg::Options { fontdb: Arc::clone(&FONTS), font_family: "DejaVu Sans".to_owned(), ..usvg::Options::default() };
    let tree = usvg::Tree::from_str(svg, &options).map_err(|error| failed(&error))?;
    let (width, height) = ((WIDTH * ZOOM) as u32, (HEIGHT * ZOOM) as u32);
    let mut pixels = tiny_skia::Pixmap::new(width, height).ok_or_else(|| failed(&"no memory"))?;
    let size = tree.size();
    let zoom = tiny_skia::Transform::from_scale(width as f32 / size.width(), height as f32 / size.height());
    resvg::render(&tree, zoom, &mut pixels.as_mut());
    pixels.encode_png().map_err(|error| failed(&error))
}
