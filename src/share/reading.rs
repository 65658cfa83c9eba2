//! Playlists that come back: which format a file has, what is taken from it, and why it may be none.
//! It finds no music: what a file names is for others to look for.

use super::{Item, Playlist, csv, decoded, jspf, m3u8, plain, xspf};
use crate::domain::moment::Moment;
use crate::domain::track::Track;
use std::time::Duration;

/// Largest file, in bytes.
pub const BYTES_LIMIT: usize = 1_000_000;
/// Tracks that are taken from one; the others are counted.
pub const TRACKS_LIMIT: usize = 500;
/// Longest link, in characters.
const LINK_LIMIT: usize = 1_000;
/// Longest track that is believed.
const LENGTH_LIMIT: Duration = Duration::from_hours(24);

/// Why a file is no playlist.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotAPlaylist {
    #[error("larger than {BYTES_LIMIT} bytes")]
    TooLarge,
    #[error("not UTF-8")]
    NotText,
    #[error("of no format that is known")]
    Unknown,
    #[error("not well-formed")]
    Malformed,
    #[error("without a track")]
    Empty,
}

/// What a file holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// At most [`TRACKS_LIMIT`] tracks.
    pub playlist: Playlist,
    /// How many the file has.
    pub count: usize,
}

/// Reads a playlist of any format: XSPF, JSPF, M3U8 or CSV, in UTF-8 with or without a byte order
/// mark. What the file is called decides only where its content does not.
pub fn read(bytes: &[u8], name: &str) -> Result<Reading, NotAPlaylist> {
    if bytes.len() > BYTES_LIMIT {
        return Err(NotAPlaylist::TooLarge);
    }
    let text = std::str::from_utf8(bytes).map_err(|_| NotAPlaylist::NotText)?;
    let text = text.trim_start_matches('\u{FEFF}').trim_start();
    let name = name.to_lowercase();
    let ends = |endings: &[&str]| endings.iter().any(|ending| name.ends_with(ending));
    let begins = |sign: &str| text.starts_with(sign);
    if text.is_empty() {
        Err(NotAPlaylist::Empty)
    } else if begins("<") {
        xspf::read(text)
    } else if begins("{") {
        jspf::read(text)
    } else if begins("#EXTM3U") || ends(&[".m3u", ".m3u8"]) {
        m3u8::read(text)
    } else if ends(&[".xspf", ".jspf", ".json"]) {
        Err(NotAPlaylist::Malformed)
    } else {
        csv::read(text)
    }
}

/// A track as a file tells it.
#[derive(Debug, Default)]
pub(super) struct Draft {
    pub(super) title: Option<String>,
    pub(super) creator: Option<String>,
    pub(super) album: Option<String>,
    pub(super) annotation: Option<String>,
    pub(super) length_ms: Option<f64>,
    /// Links and file names, the best first.
    pub(super) places: Vec<String>,
    pub(super) identifiers: Vec<String>,
}

impl Reading {
    pub(super) fn named(title: Option<String>, creator: Option<String>) -> Reading {
        Reading {
            playlist: Playlist {
                title: title.and_then(|it| text(&it)).unwrap_or_default(),
                creator: creator.and_then(|it| text(&it)).unwrap_or_default(),
                date: Moment(0),
                tracks: Vec::new(),
            },
            count: 0,
        }
    }

    /// Another track; one that has neither title nor place is none.
    pub(super) fn take(&mut self, draft: Draft) {
        if let Some(item) = draft.item() {
            self.count += 1;
            if self.playlist.tracks.len() < TRACKS_LIMIT {
                self.playlist.tracks.push(item);
            }
        }
    }

    pub(super) fn whole(self) -> Result<Reading, NotAPlaylist> {
        if self.playlist.tracks.is_empty() {
            return Err(NotAPlaylist::Empty);
        }
        Ok(self)
    }
}

impl Draft {
    fn item(self) -> Option<Item> {
        let is_web =
            |place: &&String| place.starts_with("http://") || place.starts_with("https://");
        let fits = |place: &&String| place.chars().count() <= LINK_LIMIT;
        let link = self.places.iter().find(is_web).filter(fits).cloned();
        let file = self.places.iter().filter(fits).find(|place| !is_web(place));
        let file_name = file.map(|place| last_part(place)).unwrap_or_default();
        let stem = file_name
            .rsplit_once('.')
            .map_or(file_name.as_str(), |(stem, _)| stem);
        let in_name = stem.split_once(" - ");
        let title = self.title.and_then(|it| text(&it));
        let named = title.is_some();
        let title = title
            .or_else(|| text(in_name.map_or(stem, |(_, title)| title)))
            .or_else(|| link.as_deref().and_then(|link| text(&last_part(link))))?;
        let creator = self.creator.and_then(|it| text(&it));
        let creator = creator.or_else(|| in_name.filter(|_| !named).and_then(|(it, _)| text(it)));
        let length = self.length_ms.filter(|ms| ms.is_finite() && *ms > 0.0);
        let length = length.map_or(0.0, |ms| ms.round() / 1_000.0);
        let length = Duration::try_from_secs_f64(length).unwrap_or_default();
        Some(Item {
            title,
            creator,
            album: self.album.and_then(|it| text(&it)),
            length: length.min(LENGTH_LIMIT),
            link,
            file_name,
            annotation: self.annotation.and_then(|it| text(&it)),
            key: self.identifiers.iter().find_map(|it| Item::key_in(it)),
        })
    }
}

/// A text of bounded length without control characters; `None` if nothing is left.
fn text(said: &str) -> Option<String> {
    let said: String = plain(said).trim().chars().take(Track::TEXT_LIMIT).collect();
    let said = said.trim_end().to_owned();
    (!said.is_empty()).then_some(said)
}

/// What comes last in a path or an address.
fn last_part(place: &str) -> String {
    let path = place.split(['?', '#']).next().unwrap_or(place);
    let last = path
        .trim_end_matches(['/', '\\'])
        .rsplit(['/', '\\'])
        .next();
    decoded(last.unwrap_or_default())
}

#[cfg(test)]
#[path = "reading/tests.rs"]
mod tests;
