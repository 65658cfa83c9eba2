//! Pictures that strangers made, made small: covers and avatars come in any size and as PNG, JPEG or
//! WebP, and leave as a square PNG of the size they are shown in. What claims to be too large is not
//! decoded.

use super::kind::Kind;
use resvg::tiny_skia::{Pixmap, PixmapMut, PremultipliedColorU8, Transform};
use resvg::usvg::{ImageHrefResolver, ImageKind, Options, Tree};
use std::sync::Arc;

/// Largest file that is decoded, in bytes, and the most pixels.
const BYTES_LIMIT: usize = 8 * 1024 * 1024;
const PIXELS_LIMIT: usize = 16_000_000;
/// Longest side in relation to the shorter one.
const STRETCH_LIMIT: usize = 8;

/// A PNG that a drawing may show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Image {
    pub(super) png: Arc<Vec<u8>>,
}

impl Image {
    /// The file.
    pub fn png(&self) -> &[u8] {
        &self.png
    }
}

/// The middle of the picture as a square of `side` x `side` pixels; `None` for what is no picture, is
/// broken or too large. It blocks as long as decoding takes.
pub fn thumbnail(bytes: &[u8], side: u32) -> Option<Image> {
    let pixmap = decoded(bytes)?;
    let square = shrunk(&pixmap, side)?;
    Some(Image {
        png: Arc::new(square.encode_png().ok()?),
    })
}

fn decoded(bytes: &[u8]) -> Option<Pixmap> {
    if bytes.len() > BYTES_LIMIT {
        return None;
    }
    let size = imagesize::blob_size(bytes).ok()?;
    let (short, long) = (size.width.min(size.height), size.width.max(size.height));
    let fits =
        short.checked_mul(long)? <= PIXELS_LIMIT && long <= short.checked_mul(STRETCH_LIMIT)?;
    if short == 0 || !fits {
        return None;
    }
    let data = Arc::new(bytes.to_vec());
    let kind = match Kind::of(bytes)? {
        Kind::Png => ImageKind::PNG(data),
        Kind::Jpeg => ImageKind::JPEG(data),
        Kind::Webp => ImageKind::WEBP(data),
        Kind::Gif => return None,
    };
    let (width, height) = (size.width, size.height);
    // resvg draws a picture that it fails to decode as nothing at all.
    let svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\">\
         <image href=\"it\" width=\"{width}\" height=\"{height}\"/></svg>"
    );
    let options = Options {
        image_href_resolver: ImageHrefResolver {
            resolve_data: Box::new(|_, _, _| None),
            resolve_string: Box::new(move |_, _| Some(kind.clone())),
        },
        ..Options::default()
    };
    let tree = Tree::from_str(&svg, &options).ok()?;
    let mut pixmap = Pixmap::new(u32::try_from(width).ok()?, u32::try_from(height).ok()?)?;
    resvg::render(&tree, Transform::identity(), &mut pixmap.as_mut());
    let something = pixmap.data().iter().any(|byte| *byte != 0);
    something.then_some(pixmap)
}

/// Each pixel is the mean of those that lie under it, or the nearest one.
fn shrunk(from: &Pixmap, side: u32) -> Option<Pixmap> {
    let mut to = Pixmap::new(side, side)?;
    let square = from.width().min(from.height());
    let (left, top) = ((from.width() - square) / 2, (from.height() - square) / 2);
    let span = |at: u32| {
        let start = u64::from(at) * u64::from(square) / u64::from(side);
        let end = (u64::from(at) + 1) * u64::from(square) / u64::from(side);
        let start = u32::try_from(start).unwrap_or(u32::MAX);
        start..u32::try_from(end).unwrap_or(u32::MAX).max(start + 1)
    };
    let mut target: PixmapMut<'_> = to.as_mut();
    for (index, pixel) in target.pixels_mut().iter_mut().enumerate() {
        let index = u32::try_from(index).ok()?;
        let (columns, rows) = (span(index % side), span(index / side));
        let mut sums = [0_u32; 5];
        for y in rows {
            for x in columns.clone() {
                let seen = from.pixel(left + x, top + y)?;
                let parts = [seen.red(), seen.green(), seen.blue(), seen.alpha(), 1];
                for (sum, part) in sums.iter_mut().zip(parts) {
                    *sum += u32::from(part);
                }
            }
        }
        let [red, green, blue, alpha, count] = sums;
        let mean = |sum: u32| u8::try_from(sum / count.max(1)).unwrap_or(u8::MAX);
        *pixel = PremultipliedColorU8::from_rgba(mean(red), mean(green), mean(blue), mean(alpha))?;
    }
    Some(to)
}
