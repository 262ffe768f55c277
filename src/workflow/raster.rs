//! The drawing as pixels.

use std::sync::{Arc, LazyLock};

use resvg::tiny_skia::{Color, Pixmap, Transform};
use resvg::usvg::fontdb::Database;
use resvg::usvg::{Options, Tree};

/// Pixels per unit of the drawing, so that text stays sharp.
const SCALE: f32 = 2.0;
/// The longest side, in pixels; larger drawings are scaled down.
const MAX_SIDE: f32 = 8_000.0;

/// Why there is no picture.
#[derive(Debug, thiserror::Error)]
pub enum RasterError {
    #[error("the drawing is not understood: {0}")]
    Svg(#[from] resvg::usvg::Error),
    #[error("the drawing has no size")]
    Empty,
    #[error("the picture cannot be written: {0}")]
    Png(#[from] png::EncodingError),
}

/// One font that is always there, so that labels are drawn on a machine without any; the system's for what it lacks. The
/// first that fits is taken: this one is in memory, the system's are read from their files for each text.
static FONTS: LazyLock<Arc<Database>> = LazyLock::new(|| {
    let mut fonts = Database::new();
    fonts.load_font_data(dejavu::sans::regular().to_vec());
    fonts.load_font_data(dejavu::sans::bold().to_vec());
    fonts.load_system_fonts();
    for set in [Database::set_sans_serif_family, Database::set_serif_family, Database::set_monospace_family] {
        set(&mut fonts, "DejaVu Sans".to_owned());
    }
    Arc::new(fonts)
});

/// Draws an SVG as PNG.
pub fn png(svg: &str) -> Result<Vec<u8>, RasterError> {
    let options = Options { fontdb: FONTS.clone(), font_family: "DejaVu Sans".to_owned(), ..Options::default() };
    let tree = Tree::from_str(svg, &options)?;
    let size = tree.size();
    let scale = SCALE.min(MAX_SIDE / size.width()).min(MAX_SIDE / size.height());
    let pixels = |length: f32| (length * scale).ceil().max(1.0) as u32;
    let mut picture = Pixmap::new(pixels(size.width()), pixels(size.height())).ok_or(RasterError::Empty)?;
    picture.fill(Color::WHITE);
    resvg::render(&tree, Transform::from_scale(scale, scale), &mut picture.as_mut());
    written(&picture)
}

/// The picture's file. A drawing is mostly even areas: each line as what differs from the one above packs them well, and
/// looking for something better takes many times as long.
fn written(picture: &Pixmap) -> Result<Vec<u8>, RasterError> {
    // On paper no pixel lets anything through: its colours are all there is to it.
    let mut colours = Vec::with_capacity(picture.data().len());
    for pixel in picture.data().chunks_exact(4) {
        colours.extend_from_slice(&pixel[..3]);
    }
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, picture.width(), picture.height());
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_deflate_compression(png::DeflateCompression::Level(1));
    encoder.set_filter(png::Filter::Up);
    encoder.write_header()?.write_image_data(&colours)?;
    Ok(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_labels() {
        let label = |text: &str| {
            let open = r#"<svg xmlns="http://www.w3.org/2000/svg" width="80" height="20">"#;
            png(&format!(r#"{open}<text x="2" y="15" font-family="Nowhere, sans-serif">{text}</text></svg>"#)).unwrap()
        };
        assert!(label("Book it").starts_with(b"\x89PNG"));
        assert_ne!(label("Book it"), label(""));
    }

    #[test]
    fn refuses_what_is_no_drawing() {
        assert!(png("").is_err());
    }
}
