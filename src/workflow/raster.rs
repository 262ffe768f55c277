//! The drawing as pixels.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
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

/// The picture's file. A drawing has few colours: each pixel is the number of one, as long as there are enough numbers.
fn written(picture: &Pixmap) -> Result<Vec<u8>, RasterError> {
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, picture.width(), picture.height());
    encoder.set_depth(png::BitDepth::Eight);
    // A drawing is mostly even areas: looking for something better takes many times as long.
    encoder.set_deflate_compression(png::DeflateCompression::Level(1));
    let pixels = match numbered(picture) {
        Some((colours, pixels)) => {
            encoder.set_color(png::ColorType::Indexed);
            encoder.set_palette(colours.concat());
            encoder.set_filter(png::Filter::NoFilter);
            pixels
        }
        None => {
            encoder.set_color(png::ColorType::Rgb);
            encoder.set_filter(png::Filter::Up);
            picture.data().chunks_exact(4).flat_map(|pixel| &pixel[..3]).copied().collect()
        }
    };
    encoder.write_header()?.write_image_data(&pixels)?;
    Ok(file)
}

/// The colours and, for each pixel, the number of its own; `None` where there are too many. On paper no pixel lets
/// anything through: red, green and blue are all there is to it.
fn numbered(picture: &Pixmap) -> Option<(Vec<[u8; 3]>, Vec<u8>)> {
    let (mut colours, mut numbers) = (Vec::new(), HashMap::new());
    let mut pixels = Vec::with_capacity(picture.data().len() / 4);
    let mut last = None;
    for &[red, green, blue, _] in picture.data().as_chunks::<4>().0 {
        let colour = [red, green, blue];
        let number = match last {
            Some((same, number)) if same == colour => number,
            _ => match numbers.entry(colour) {
                Entry::Occupied(known) => *known.get(),
                Entry::Vacant(new) => {
                    let number = u8::try_from(colours.len()).ok()?;
                    colours.push(colour);
                    *new.insert(number)
                }
            },
        };
        last = Some((colour, number));
        pixels.push(number);
    }
    Some((colours, pixels))
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

    /// Colours are the same whether they are numbered or too many for it.
    #[test]
    fn keeps_every_colour() {
        for many in [255_u32, 257] {
            let mut picture = Pixmap::new(many, 1).unwrap();
            picture.fill(Color::WHITE);
            let colour = |at: u32| [(at % 256) as u8, (at / 256) as u8, 7];
            for (at, pixel) in (0..many).zip(picture.data_mut().chunks_exact_mut(4)) {
                pixel[..3].copy_from_slice(&colour(at));
            }
            let file = written(&picture).unwrap();
            let read = Pixmap::decode_png(&file).unwrap();
            let kept = read.data().chunks_exact(4).map(|pixel| [pixel[0], pixel[1], pixel[2]]);
            assert!(kept.eq((0..many).map(colour)), "{many}");
        }
    }

    #[test]
    fn refuses_what_is_no_drawing() {
        assert!(png("").is_err());
    }
}
