//! The plots of a recap, each into its area: bars beside those of before, a line of hours, how often
//! each rating was given, and the week by hour. plotters draws the figures; words are ours.

use super::super::picture::Fonts;
use super::words::{Anchor, Ink, Line, Sheet};
use super::{Area, Heat, Pieces, Ratings, RecapFailure};
use plotters::prelude::{
    AreaSeries, ChartBuilder, Color, IntoDrawingArea, IntoFont, RGBColor, Rectangle, SVGBackend,
};

const ACCENT: RGBColor = RGBColor(0xf2, 0x6b, 0x38);
const BEFORE: RGBColor = RGBColor(0x6b, 0x6f, 0x80);
const TEAL: RGBColor = RGBColor(0x5a, 0xc8, 0xc0);
const GRID: RGBColor = RGBColor(0x33, 0x36, 0x42);
const SOFT: RGBColor = RGBColor(0xb9, 0xba, 0xc4);
/// The ground of a cell in which nothing happened, and the colour of the fullest.
const COLD: (u8, u8, u8) = (0x2a, 0x2d, 0x38);
const HOT: (u8, u8, u8) = (0xff, 0x7a, 0x45);
const LABEL: f32 = 22.0;
/// Room for the words below a plot and left of it, in pixels.
const BELOW: u32 = 36;
const BESIDE: u32 = 58;

fn drawn(error: impl std::fmt::Display) -> RecapFailure {
    RecapFailure::Plot(error.to_string())
}

/// An amount to calculate with.
fn real(amount: u64) -> f64 {
    u32::try_from(amount).map_or(f64::from(u32::MAX), f64::from)
}

fn size(at: Area) -> (u32, u32) {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "areas lie within the picture"
    )]
    let whole = |length: f64| length.clamp(1.0, 4_096.0) as u32;
    (whole(at.width), whole(at.height))
}

/// What plotters drew, at its place.
fn placed(at: Area, drawing: &str) -> String {
    format!(
        "<g transform=\"translate({:.1} {:.1})\">{drawing}</g>",
        at.x, at.y
    )
}

/// A round number at or above, so that the axis ends with a line of the grid.
fn ceiling(most: f64) -> f64 {
    let least = most.max(4.0);
    let power = 10_f64.powf(least.log10().floor());
    let steps = [1.0, 1.2, 1.6, 2.0, 2.4, 3.2, 4.0, 6.0, 8.0, 10.0];
    let fitting = steps.into_iter().find(|step| step * power >= least);
    fitting.unwrap_or(10.0) * power
}

/// How high the axis is and what is drawn on it.
type Painter<'a> = dyn Fn(&mut Chart<'_>) -> Result<(), RecapFailure> + 'a;
type Chart<'a> = plotters::chart::ChartContext<
    'a,
    SVGBackend<'a>,
    plotters::coord::cartesian::Cartesian2d<
        plotters::coord::types::RangedCoordf64,
        plotters::coord::types::RangedCoordf64,
    >,
>;

/// A chart of so many pieces with a grid, the amounts at its left, and the pieces' labels below.
fn chart(
    (at, fonts): (Area, &Fonts),
    labels: &[String],
    top: f64,
    paint: &Painter<'_>,
) -> Result<String, RecapFailure> {
    let mut drawing = String::new();
    let count = real(u64::try_from(labels.len()).unwrap_or(1)).max(1.0);
    let mut below = Sheet::new(fonts);
    {
        let root = SVGBackend::with_string(&mut drawing, size(at)).into_drawing_area();
        let mut chart = ChartBuilder::on(&root)
            .margin_top(10)
            .margin_right(6)
            .x_label_area_size(BELOW)
            .y_label_area_size(BESIDE)
            .build_cartesian_2d(0.0..count, 0.0..top)
            .map_err(drawn)?;
        chart
            .configure_mesh()
            .disable_x_mesh()
            .disable_x_axis()
            .light_line_style(RGBColor(0x1f, 0x21, 0x29))
            .bold_line_style(GRID)
            .axis_style(GRID)
            .y_labels(5)
            .y_label_formatter(&|amount| format!("{amount:.0}"))
            .y_label_style(("Noto Sans", LABEL).into_font().color(&SOFT))
            .draw()
            .map_err(drawn)?;
        paint(&mut chart)?;
        let mut piece = 0.5;
        for label in labels {
            let (x, y) = chart.backend_coord(&(piece, 0.0));
            let line = Line {
                x: at.x + f64::from(x),
                y: at.y + f64::from(y) + 28.0,
                size: LABEL,
                ink: Ink::Soft,
                anchor: Anchor::Middle,
                ..Line::default()
            };
            line.write(&mut below, label, 90.0);
            piece += 1.0;
        }
        root.present().map_err(drawn)?;
    }
    Ok(placed(at, &drawing) + &below.svg)
}

fn most(amounts: &[u64]) -> f64 {
    real(amounts.iter().copied().max().unwrap_or_default())
}

/// Bars of now before those of the time before.
pub(super) fn bars(pieces: &Pieces, at: Area, fonts: &Fonts) -> Result<String, RecapFailure> {
    let top = ceiling(most(&pieces.now).max(most(&pieces.before)));
    let bar = |left: f64, right: f64, amount: u64, fill: RGBColor| {
        Rectangle::new([(left, 0.0), (right, real(amount))], fill.filled())
    };
    chart((at, fonts), &pieces.labels, top, &|chart| {
        let mut piece = 0.0;
        let mut all = Vec::new();
        for (now, before) in pieces.now.iter().zip(&pieces.before) {
            all.push(bar(piece + 0.12, piece + 0.44, *before, BEFORE));
            all.push(bar(piece + 0.46, piece + 0.88, *now, ACCENT));
            piece += 1.0;
        }
        chart.draw_series(all).map_err(drawn).map(drop)
    })
}

/// A filled line through the middle of each piece.
pub(super) fn area(pieces: &Pieces, at: Area, fonts: &Fonts) -> Result<String, RecapFailure> {
    let top = ceiling(most(&pieces.now));
    chart((at, fonts), &pieces.labels, top, &|chart| {
        let mut piece = 0.5;
        let mut points = Vec::new();
        for amount in &pieces.now {
            points.push((piece, real(*amount)));
            piece += 1.0;
        }
        let series =
            AreaSeries::new(points, 0.0, TEAL.mix(0.25)).border_style(TEAL.stroke_width(4));
        chart.draw_series(series).map_err(drawn).map(drop)
    })
}

/// How often each rating was given, with the numbers above the bars.
pub(super) fn stars(ratings: &Ratings, at: Area, fonts: &Fonts) -> Result<String, RecapFailure> {
    const HEAD: f64 = 34.0;
    let mut drawing = String::new();
    let counts: Vec<u64> = ratings.counts.iter().map(|it| u64::from(*it)).collect();
    let top = most(&counts).max(1.0);
    let mut words = Sheet::new(fonts);
    {
        let root = SVGBackend::with_string(&mut drawing, size(at)).into_drawing_area();
        let mut chart = ChartBuilder::on(&root)
            .margin_top(HEAD)
            .x_label_area_size(BELOW)
            .build_cartesian_2d(0.0..5.0, 0.0..top)
            .map_err(drawn)?;
        let mut place = 0.0;
        for (count, sign) in counts.iter().zip(&ratings.signs) {
            let height = real(*count).max(top / 100.0);
            let fill = if *count == 0 { GRID } else { ACCENT };
            let corners = [(place + 0.14, 0.0), (place + 0.86, height)];
            chart
                .draw_series([Rectangle::new(corners, fill.filled())])
                .map_err(drawn)?;
            for (height, down, size, label) in [
                (height, -10.0, LABEL, count.to_string()),
                (0.0, 32.0, 26.0, sign.clone()),
            ] {
                let (x, y) = chart.backend_coord(&(place + 0.5, height));
                let line = Line {
                    x: at.x + f64::from(x),
                    y: at.y + f64::from(y) + down,
                    size,
                    ink: Ink::Soft,
                    anchor: Anchor::Middle,
                    ..Line::default()
                };
                line.write(&mut words, &label, 90.0);
            }
            place += 1.0;
        }
        root.present().map_err(drawn)?;
    }
    Ok(placed(at, &drawing) + &words.svg)
}

/// Seven rows of 24 hours; the fuller, the warmer.
pub(super) fn heat(heat: &Heat, at: Area, fonts: &Fonts) -> Result<String, RecapFailure> {
    let mut drawing = String::new();
    let fullest = heat.cells.iter().map(|day| most(day)).fold(1.0, f64::max);
    let mut words = Sheet::new(fonts);
    {
        let root = SVGBackend::with_string(&mut drawing, size(at)).into_drawing_area();
        let mut chart = ChartBuilder::on(&root)
            .x_label_area_size(BELOW)
            .y_label_area_size(BESIDE + 10)
            .build_cartesian_2d(0.0..24.0, 0.0..7.0)
            .map_err(drawn)?;
        let mut cells = Vec::new();
        let mut bottom = 6.0;
        for (day, name) in heat.cells.iter().zip(&heat.days) {
            let mut hour = 0.0;
            for amount in day {
                let corners = [(hour + 0.06, bottom + 0.08), (hour + 0.94, bottom + 0.92)];
                let colour = warmth(real(*amount) / fullest);
                cells.push(Rectangle::new(corners, colour.filled()));
                hour += 1.0;
            }
            let (x, y) = chart.backend_coord(&(0.0, bottom + 0.5));
            let line = Line {
                x: at.x + f64::from(x) - 10.0,
                y: at.y + f64::from(y) + 8.0,
                size: LABEL,
                ink: Ink::Soft,
                anchor: Anchor::End,
                ..Line::default()
            };
            line.write(&mut words, name, f64::from(BESIDE));
            bottom -= 1.0;
        }
        chart.draw_series(cells).map_err(drawn)?;
        for hour in [0_u8, 6, 12, 18] {
            let (x, y) = chart.backend_coord(&(f64::from(hour), 0.0));
            let line = Line {
                x: at.x + f64::from(x) + 2.0,
                y: at.y + f64::from(y) + 28.0,
                size: LABEL,
                ink: Ink::Soft,
                ..Line::default()
            };
            line.write(&mut words, &format!("{hour:02}:00"), 90.0);
        }
        root.present().map_err(drawn)?;
    }
    Ok(placed(at, &drawing) + &words.svg)
}

/// From cold to hot; the root lets small amounts be seen beside large ones.
fn warmth(share: f64) -> RGBColor {
    let share = share.clamp(0.0, 1.0).sqrt();
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a mean of two bytes is a byte"
    )]
    let mixed = |cold: u8, hot: u8| {
        (f64::from(cold) + share * (f64::from(hot) - f64::from(cold))).round() as u8
    };
    RGBColor(
        mixed(COLD.0, HOT.0),
        mixed(COLD.1, HOT.1),
        mixed(COLD.2, HOT.2),
    )
}
