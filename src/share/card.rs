//! The card of a playlist: a picture of 1200 x 630 pixels that says in one look what an evening was.
//! It is given every word ready, in the reader's language, and decides only where things stand.

mod drawing;
mod faces;
mod signs;

use super::picture::{Fonts, PictureFailure, png as draw};

/// Its size in pixels: what link previews show whole.
pub const WIDTH: u32 = 1_200;
pub const HEIGHT: u32 = 630;
/// Songs and loopers that it shows at most.
pub const SONGS: usize = 3;
pub const LOOPERS: usize = 5;

/// What stands on the card.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Card {
    /// The theme of the evening, or the name of the playlist.
    pub title: String,
    /// Where it was; left out when it is empty.
    pub place: String,
    pub date: String,
    /// Figures in words: how many songs, how many listened.
    pub facts: Vec<String>,
    /// Over the songs: "The best of the evening".
    pub songs_heading: String,
    /// The best first; those beyond [`SONGS`] are not shown.
    pub songs: Vec<Song>,
    pub loopers_heading: String,
    /// Those beyond [`LOOPERS`] are counted in a last line.
    pub loopers: Vec<Looper>,
}

/// A song on the card.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Song {
    pub title: String,
    /// Beneath it, if it is known.
    pub artist: Option<String>,
    /// Behind the artist, or beneath: "played by Ana". Where room is short, the artist is cut.
    pub played_by: Option<String>,
    pub score: Option<Score>,
    /// A picture file (PNG, JPEG or WebP).
    pub cover: Option<Vec<u8>>,
}

/// How a song was received.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Score {
    /// The mean: "4.6".
    pub mean: String,
    /// Beneath it: "12 ratings".
    pub ratings: String,
}

/// Somebody who played.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Looper {
    /// The colour of the initials is made of it.
    pub id: u64,
    pub name: String,
    /// A picture file (PNG, JPEG or WebP); without one, initials.
    pub avatar: Option<Vec<u8>>,
}

/// Draws the card as a PNG file. It blocks: some tens of milliseconds, some hundreds the first time.
pub fn png(card: &Card, fonts: &Fonts) -> Result<Vec<u8>, PictureFailure> {
    let (svg, images) = drawing::draw(card, fonts);
    draw(&svg, &images, fonts)
}

#[cfg(test)]
mod tests;
