//! Words on a drawing: escaped, cut to their room, in one of few inks. What they say is not known
//! here.

use super::super::picture::{Face, Fonts, escaped};
use std::fmt::{self, Write};

/// A drawing that grows, and the fonts its words are measured with.
pub(super) struct Sheet<'a> {
    pub(super) svg: String,
    pub(super) fonts: &'a Fonts,
}

impl<'a> Sheet<'a> {
    pub(super) fn new(fonts: &'a Fonts) -> Sheet<'a> {
        Sheet {
            svg: String::new(),
            fonts,
        }
    }

    /// Adds a piece of the drawing.
    pub(super) fn put(&mut self, piece: fmt::Arguments<'_>) {
        // Writing to a text cannot fail.
        let _written = self.svg.write_fmt(piece);
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Anchor {
    #[default]
    Start,
    Middle,
    End,
}

/// Contrast with the panels: plain 14:1, soft 8:1, faint 5:1, the colours 5:1 and more.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Ink {
    #[default]
    Plain,
    Soft,
    Faint,
    Accent,
    Rise,
}

impl Ink {
    pub(super) fn hex(self) -> &'static str {
        match self {
            Ink::Plain => "#f4f1ec",
            Ink::Soft => "#b9bac4",
            Ink::Faint => "#8f92a1",
            Ink::Accent => "#ff8a5c",
            Ink::Rise => "#6fd3a3",
        }
    }
}

/// A line of text, its anchor on the base line.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Line {
    pub(super) x: f64,
    pub(super) y: f64,
    pub(super) size: f32,
    pub(super) bold: bool,
    pub(super) ink: Ink,
    pub(super) anchor: Anchor,
}

impl Line {
    fn face(&self) -> Face {
        Face {
            size: self.size,
            bold: self.bold,
        }
    }

    /// How wide the words are when nothing is cut, in pixels.
    pub(super) fn width(&self, sheet: &Sheet<'_>, words: &str) -> f64 {
        sheet.fonts.width(words, self.face()).into()
    }

    /// Writes the words, cut to the room. Gives back how wide they are.
    pub(super) fn write(&self, sheet: &mut Sheet<'_>, words: &str, room: f64) -> f64 {
        let face = self.face();
        #[expect(
            clippy::cast_possible_truncation,
            reason = "a length within the picture"
        )]
        let words = sheet.fonts.fitted(words, face, room.max(0.0) as f32);
        if words.is_empty() {
            return 0.0;
        }
        let anchor = match self.anchor {
            Anchor::Start => "start",
            Anchor::Middle => "middle",
            Anchor::End => "end",
        };
        let (x, y, size, fill) = (self.x, self.y, self.size, self.ink.hex());
        let weight = face.weight();
        let text = escaped(&words);
        sheet.put(format_args!(
            "<text x=\"{x:.1}\" y=\"{y:.1}\" font-size=\"{size}\" font-weight=\"{weight}\" \
             text-anchor=\"{anchor}\" fill=\"{fill}\">{text}</text>"
        ));
        self.width(sheet, &words)
    }
}
