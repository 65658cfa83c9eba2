//! From a drawing to a picture: SVG in, PNG out, with every script and emoji that the system has
//! fonts for. It opens no file that a drawing names and asks no network; what the drawing shows is
//! for others to say.
//!
//! Text is taken apart into runs of one font and one direction before, because usvg's own fallback
//! loses signs beside emoji of several parts. Pictures of strangers are measured before they are
//! decoded, and made small first.

mod fonts;
mod kind;
mod runs;
mod text;
mod thumbnail;

pub use fonts::Fonts;
pub use kind::Kind;
pub use text::{Face, first_cluster};
pub use thumbnail::{Image, thumbnail};

use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{ImageHrefResolver, ImageKind, Options, Tree};
use std::sync::Arc;

/// Largest side of a picture, in pixels.
const SIDE_LIMIT: u32 = 4_096;
/// What stands before the number of an image in a drawing: `<image href="image:0" …/>`.
const IMAGE: &str = "image:";

/// Why there is no picture.
#[derive(Debug, thiserror::Error)]
pub enum PictureFailure {
    #[error("the drawing is not well-formed: {0}")]
    Malformed(String),
    #[error("a picture of {width} x {height} pixels is not drawn")]
    Size { width: u32, height: u32 },
    #[error("the picture was not encoded: {0}")]
    Encoding(String),
}

/// Draws an SVG document, in its own size, as a PNG file. Text needs no font family: each stretch of
/// it gets a font that has its characters, emoji in colour, and text that begins from right to left
/// runs so. `images` are shown by `<image href="image:N"/>`, N being the index; nothing else can be
/// referred to. One picture is drawn at a time in the whole process: this blocks, so call it where
/// blocking is allowed.
pub fn png(svg: &str, images: &[Image], fonts: &Fonts) -> Result<Vec<u8>, PictureFailure> {
    let _alone = fonts.alone();
    let svg = runs::with_fonts(svg, fonts).map_err(PictureFailure::Malformed)?;
    let tree = tree(&svg, images, fonts)?;
    let size = tree.size().to_int_size();
    let (width, height) = (size.width(), size.height());
    let fits = width <= SIDE_LIMIT && height <= SIDE_LIMIT;
    let pixmap = fits.then(|| Pixmap::new(width, height)).flatten();
    let mut pixmap = pixmap.ok_or(PictureFailure::Size { width, height })?;
    resvg::render(&tree, Transform::identity(), &mut pixmap.as_mut());
    let png = pixmap.encode_png();
    png.map_err(|error| PictureFailure::Encoding(error.to_string()))
}

/// The text as it may stand in an XML document.
pub fn escaped(text: &str) -> String {
    quick_xml::escape::escape(super::plain(text)).into_owned()
}

/// The drawing, laid out.
fn tree(svg: &str, images: &[Image], fonts: &Fonts) -> Result<Tree, PictureFailure> {
    let options = Options {
        font_family: fonts.main_family(),
        fontdb: fonts.database(),
        font_resolver: fonts.resolver(),
        image_href_resolver: ImageHrefResolver {
            resolve_data: Box::new(|_, _, _| None),
            resolve_string: Box::new(|href, _| shown(href, images)),
        },
        ..Options::default()
    };
    let tree = Tree::from_str(svg, &options);
    tree.map_err(|error| PictureFailure::Malformed(error.to_string()))
}

fn shown(href: &str, images: &[Image]) -> Option<ImageKind> {
    let index: usize = href.strip_prefix(IMAGE)?.parse().ok()?;
    let image = images.get(index)?;
    Some(ImageKind::PNG(Arc::clone(&image.png)))
}

#[cfg(test)]
mod tests;
