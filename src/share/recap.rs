//! The picture of a recap: figures, plots and the best of a time, as SVG. All words come with the
//! data, in the reader's language; whose recap it is and where it is shown is not known here.

mod plots;
mod words;

use super::picture::{Fonts, PictureFailure, png as draw};
use plots::{area, bars, heat, stars};
use words::{Anchor, Ink, Line, Sheet};

/// Width of the picture in pixels. Discord shows it 550 wide, so nothing is smaller than 22.
pub const WIDTH: u32 = 1_200;
/// Where the lists begin, how high they are without rows, and a row.
const LISTS: u32 = 966;
const BARE_LIST: u32 = 70;
const ROW: u32 = 80;
/// Below the lists: the foot.
const FOOT: u32 = 64;
/// Rows of a list at most.
const ROWS: u8 = 5;

const MARGIN: f64 = 48.0;
const GAP: f64 = 20.0;
/// Between the edge of a panel and what stands in it.
const PAD: f64 = 24.0;
const GROUND: &str = "#15161c";
const PANEL: &str = "#1f2129";

/// A figure with what it was before.
#[derive(Clone, Debug, PartialEq)]
pub struct Tile {
    pub value: String,
    pub label: String,
    /// `+12 %`; empty where nothing is to be said.
    pub change: String,
    pub rises: bool,
}

/// Amounts by day or month, with those of the time before.
#[derive(Clone, Debug, PartialEq)]
pub struct Pieces {
    pub title: String,
    pub legend: String,
    pub legend_before: String,
    /// One for each piece; empty ones are not written.
    pub labels: Vec<String>,
    pub now: Vec<u64>,
    pub before: Vec<u64>,
}

/// Amounts by weekday and hour.
#[derive(Clone, Debug, PartialEq)]
pub struct Heat {
    pub title: String,
    /// Monday first.
    pub days: [String; 7],
    pub cells: [[u64; 24]; 7],
}

/// How often each rating was given.
#[derive(Clone, Debug, PartialEq)]
pub struct Ratings {
    pub title: String,
    /// A sign for each, from the worst to the best.
    pub signs: [String; 5],
    pub counts: [u32; 5],
}

/// The best of something.
#[derive(Clone, Debug, PartialEq)]
pub struct Best {
    pub title: String,
    pub rows: Vec<Row>,
    /// What stands there instead of rows.
    pub nothing: String,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    pub name: String,
    /// Artist or the like; may be empty.
    pub detail: String,
    pub figure: String,
}

/// Everything that is on the picture.
#[derive(Clone, Debug, PartialEq)]
pub struct Recap {
    pub title: String,
    /// From when to when.
    pub when: String,
    /// Five fit.
    pub tiles: Vec<Tile>,
    pub plays: Pieces,
    pub ratings: Ratings,
    pub heat: Heat,
    /// Hours of listening, by piece.
    pub heard: Pieces,
    /// Three fit, of five rows each.
    pub best: Vec<Best>,
    pub foot: String,
}

/// Why there is no picture: a bug, which the words say to the log.
#[derive(Debug, thiserror::Error)]
pub enum RecapFailure {
    #[error("a plot could not be drawn: {0}")]
    Plot(String),
    #[error(transparent)]
    Picture(#[from] PictureFailure),
}

/// The picture as a PNG file. This blocks for some tenths of a second.
pub fn png(recap: &Recap, fonts: &Fonts) -> Result<Vec<u8>, RecapFailure> {
    Ok(draw(&svg(recap, fonts)?, &[], fonts)?)
}

/// A place on the picture.
#[derive(Clone, Copy, Debug)]
struct Area {
    x: f64,
    y: f64,
    width: f64,
    height: f64,
}

impl Area {
    fn inner(self) -> Area {
        let top = 64.0;
        Area {
            x: self.x + PAD,
            y: self.y + top,
            width: self.width - 2.0 * PAD,
            height: self.height - top - PAD / 2.0,
        }
    }
}

/// How high the lists are: as the longest needs it.
fn lists_height(recap: &Recap) -> u32 {
    let rows = recap.best.iter().map(|list| list.rows.len()).max();
    let rows = rows.unwrap_or_default().clamp(1, ROWS.into());
    BARE_LIST + ROW * u32::try_from(rows).unwrap_or(ROW)
}

/// The picture as SVG, [`WIDTH`] wide and as high as it has to be.
fn svg(recap: &Recap, fonts: &Fonts) -> Result<String, RecapFailure> {
    let width = f64::from(WIDTH) - 2.0 * MARGIN;
    let wide = width * 0.64;
    let narrow = width - wide - GAP;
    let left = |y: f64, height: f64| Area {
        x: MARGIN,
        y,
        width: wide,
        height,
    };
    let right = |y: f64, height: f64| Area {
        x: MARGIN + wide + GAP,
        y,
        width: narrow,
        height,
    };
    let lists = lists_height(recap);
    let whole = LISTS + lists + FOOT;
    let mut out = Sheet::new(fonts);
    out.put(format_args!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{WIDTH}\" height=\"{whole}\" \
         viewBox=\"0 0 {WIDTH} {whole}\"><rect width=\"{WIDTH}\" height=\"{whole}\" \
         fill=\"{GROUND}\"/>"
    ));
    head(&mut out, recap, width);
    tiles(&mut out, &recap.tiles, width);
    let (first, second, height) = (326.0, 646.0, 300.0);
    panel(&mut out, left(first, height), &recap.plays.title);
    legend(&mut out, left(first, height), &recap.plays);
    out.svg += &bars(&recap.plays, left(first, height).inner(), fonts)?;
    panel(&mut out, right(first, height), &recap.ratings.title);
    out.svg += &stars(&recap.ratings, right(first, height).inner(), fonts)?;
    panel(&mut out, left(second, height), &recap.heat.title);
    out.svg += &heat(&recap.heat, left(second, height).inner(), fonts)?;
    panel(&mut out, right(second, height), &recap.heard.title);
    out.svg += &area(&recap.heard, right(second, height).inner(), fonts)?;
    best(&mut out, &recap.best, (f64::from(lists), width));
    Line {
        x: MARGIN,
        y: f64::from(whole) - 24.0,
        size: 22.0,
        ink: Ink::Faint,
        ..Line::default()
    }
    .write(&mut out, &recap.foot, width);
    out.svg += "</svg>";
    Ok(out.svg)
}

fn head(out: &mut Sheet<'_>, recap: &Recap, width: f64) {
    // The mark: five seats, one of them in the light.
    let mark = 118.0;
    for seat in 0..5_u8 {
        let x = MARGIN + width - mark + f64::from(seat) * 25.0;
        let fill = if seat == 1 { "#f26b38" } else { "#3a3d49" };
        out.put(format_args!(
            "<circle cx=\"{x:.0}\" cy=\"76\" r=\"9\" fill=\"{fill}\"/>"
        ));
    }
    let brand = Line {
        x: MARGIN + width,
        y: 118.0,
        size: 24.0,
        ink: Ink::Faint,
        anchor: Anchor::End,
        ..Line::default()
    };
    brand.write(out, "Rondo", mark);
    // A long title is written smaller before it is cut.
    let room = width - mark - GAP * 2.0;
    let title = |size: f32| Line {
        x: MARGIN,
        y: 92.0,
        size,
        bold: true,
        ..Line::default()
    };
    let sizes = [52.0, 44.0, 38.0];
    let fits = |size: &f32| title(*size).width(out, &recap.title) <= room;
    let size = sizes.into_iter().find(fits).unwrap_or(38.0);
    title(size).write(out, &recap.title, room);
    let when = Line {
        x: MARGIN,
        y: 136.0,
        size: 28.0,
        ink: Ink::Soft,
        ..Line::default()
    };
    when.write(out, &recap.when, room);
}

fn tiles(out: &mut Sheet<'_>, tiles: &[Tile], width: f64) {
    const FIT: u8 = 5;
    let count = f64::from(FIT);
    let each = (width - GAP * (count - 1.0)) / count;
    for (place, tile) in (0..FIT).zip(tiles) {
        let x = MARGIN + f64::from(place) * (each + GAP);
        let at = Area {
            x,
            y: 166.0,
            width: each,
            height: 140.0,
        };
        frame(out, at);
        let line = |y: f64, size: f32| Line {
            x: x + PAD * 0.8,
            y,
            size,
            ..Line::default()
        };
        let room = each - PAD * 1.6;
        let value = Line {
            bold: true,
            ..line(216.0, 40.0)
        };
        value.write(out, &tile.value, room);
        let label = Line {
            ink: Ink::Soft,
            ..line(250.0, 22.0)
        };
        label.write(out, &tile.label, room);
        let change = Line {
            ink: if tile.rises { Ink::Rise } else { Ink::Soft },
            ..line(284.0, 22.0)
        };
        change.write(out, &tile.change, room);
    }
}

fn frame(out: &mut Sheet<'_>, at: Area) {
    let Area {
        x,
        y,
        width,
        height,
    } = at;
    out.put(format_args!(
        "<rect x=\"{x:.1}\" y=\"{y:.1}\" width=\"{width:.1}\" height=\"{height:.1}\" rx=\"16\" \
         fill=\"{PANEL}\"/>"
    ));
}

fn panel(out: &mut Sheet<'_>, at: Area, title: &str) {
    frame(out, at);
    let line = Line {
        x: at.x + PAD,
        y: at.y + 42.0,
        size: 26.0,
        bold: true,
        ..Line::default()
    };
    line.write(out, title, at.width - 2.0 * PAD);
}

/// What the colours of the bars mean, to the right of the panel's title.
fn legend(out: &mut Sheet<'_>, at: Area, pieces: &Pieces) {
    const SIZE: f32 = 22.0;
    let mut right = at.x + at.width - PAD;
    let both = [
        (&pieces.legend_before, "#6b6f80"),
        (&pieces.legend, "#f26b38"),
    ];
    for (words, fill) in both {
        let line = Line {
            x: right,
            y: at.y + 41.0,
            size: SIZE,
            ink: Ink::Soft,
            anchor: Anchor::End,
            ..Line::default()
        };
        let taken = line.write(out, words, 190.0);
        right -= taken + 26.0;
        let y = at.y + 25.0;
        out.put(format_args!(
            "<rect x=\"{right:.1}\" y=\"{y:.1}\" width=\"16\" height=\"16\" rx=\"4\" \
             fill=\"{fill}\"/>"
        ));
        right -= 22.0;
    }
}

fn best(out: &mut Sheet<'_>, lists: &[Best], (height, width): (f64, f64)) {
    const FIT: u8 = 3;
    let count = f64::from(FIT);
    let each = (width - GAP * (count - 1.0)) / count;
    for (place, list) in (0..FIT).zip(lists) {
        let at = Area {
            x: MARGIN + f64::from(place) * (each + GAP),
            y: f64::from(LISTS),
            width: each,
            height,
        };
        panel(out, at, &list.title);
        if list.rows.is_empty() {
            let line = Line {
                x: at.x + PAD,
                y: at.y + 96.0,
                size: 22.0,
                ink: Ink::Faint,
                ..Line::default()
            };
            line.write(out, &list.nothing, at.width - 2.0 * PAD);
        }
        for (number, row) in (1..=ROWS).zip(&list.rows) {
            ranked(out, at, (number, row));
        }
    }
}

fn ranked(out: &mut Sheet<'_>, at: Area, (number, row): (u8, &Row)) {
    let middle = at.y + 56.0 + f64::from(ROW) * f64::from(number - 1);
    let line = |x: f64, y: f64, size: f32| Line {
        x,
        y,
        size,
        ..Line::default()
    };
    let place = Line {
        ink: if number == 1 { Ink::Accent } else { Ink::Faint },
        bold: true,
        ..line(at.x + PAD, middle + 48.0, 30.0)
    };
    place.write(out, &number.to_string(), 30.0);
    let (left, right) = (at.x + PAD + 34.0, at.x + at.width - PAD);
    let name = Line {
        bold: true,
        ..line(left, middle + 36.0, 24.0)
    };
    name.write(out, &row.name, right - left);
    let figure = Line {
        ink: Ink::Accent,
        anchor: Anchor::End,
        ..line(right, middle + 66.0, 22.0)
    };
    let taken = figure.write(out, &row.figure, 180.0);
    let detail = Line {
        ink: Ink::Soft,
        ..line(left, middle + 66.0, 22.0)
    };
    detail.write(out, &row.detail, right - left - taken - 12.0);
}

#[cfg(test)]
mod tests;
