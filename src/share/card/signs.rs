//! The small drawings of the card: its maker's mark, the star before a score, and the record that stands
//! for a song without a cover. Where they stand is for the drawing to say.

use super::Song;
use super::drawing::{BRAND, INK, PAPER, Sheet};
use super::faces::colour;
use std::fmt::Write;

impl Sheet<'_> {
    /// Five seats in a ring, one of them in the light.
    pub(super) fn mark(&mut self, (x, y): (f32, f32)) {
        for seat in 0_u8..5 {
            let angle = (f32::from(seat) * 72.0 - 90.0).to_radians();
            let (dx, dy) = (angle.cos() * 13.0, angle.sin() * 13.0);
            let fill = if seat == 0 { BRAND } else { INK };
            self.put(&format!(
                "<circle cx=\"{}\" cy=\"{}\" r=\"4.6\" fill=\"{fill}\"/>",
                x + dx,
                y + dy
            ));
        }
    }

    /// A record, in a colour that is the song's.
    pub(super) fn no_cover(&mut self, song: &Song, (x, y, side): (f32, f32, f32)) {
        let seed = song.title.bytes().fold(7_u64, |sum, byte| {
            sum.wrapping_mul(31).wrapping_add(u64::from(byte))
        });
        let fill = colour(seed);
        let (cx, cy) = (x + side / 2.0, y + side / 2.0);
        self.put(&format!(
            "<rect x=\"{x}\" y=\"{y}\" width=\"{side}\" height=\"{side}\" rx=\"10\" fill=\"{fill}\"/>"
        ));
        for (part, paint, opacity) in [
            (0.36, "#000000", 0.35),
            (0.25, INK, 0.10),
            (0.13, INK, 0.85),
            (0.03, PAPER, 1.0),
        ] {
            self.put(&format!(
                "<circle cx=\"{cx}\" cy=\"{cy}\" r=\"{}\" fill=\"{paint}\" fill-opacity=\"{opacity}\"/>",
                side * part
            ));
        }
    }

    pub(super) fn star(&mut self, (x, y): (f32, f32), radius: f32) {
        let mut points = String::new();
        for corner in 0_u8..10 {
            let angle = (f32::from(corner) * 36.0 - 90.0).to_radians();
            let reach = if corner % 2 == 0 {
                radius
            } else {
                radius * 0.45
            };
            let (x, y) = (x + angle.cos() * reach, y + angle.sin() * reach);
            // Writing to a string does not fail.
            let _ok = write!(points, "{x:.2},{y:.2} ");
        }
        self.put(&format!("<polygon points=\"{points}\" fill=\"{BRAND}\"/>"));
    }
}
