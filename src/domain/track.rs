//! A track as the rules and the records know it: what it is called, how long it is and where its
//! sound can be had. How that sound is read is for `audio` to know.

use serde::{Deserialize, Serialize};
use std::time::Duration;

/// What makes two tracks the same one: derived from the content (`sha256:<hex>`), so that the same
/// file given twice, under two names, is one track on the boards and for the duplicate check. A track
/// whose sound is fetched when its turn comes near is known by the name its source gives it
/// (`<source>:<id>`).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TrackKey(pub String);

/// Where `audio` finds the sound again: `media:<file name>` in the media folder,
/// `library:<path relative to the library folder>`, `site:<link>`, `subsonic:<id>`, or
/// `stream:<link>` of what is live. Opaque to everyone else.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct MediaRef(pub String);

/// How a track came to us.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// A file attached to a command.
    Attachment,
    /// A link to an audio file.
    Link,
    /// The library folder of the server's owner.
    Library,
    /// A site such as `YouTube` or Bandcamp.
    Site,
    /// The music server of the server's owner.
    Subsonic,
    /// A live stream.
    Radio,
}

/// One piece of music. Texts are already cleaned (no control characters, bounded length) by
/// whoever made the value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Track {
    pub key: TrackKey,
    /// At most [`Track::TEXT_LIMIT`] characters, never empty.
    pub title: String,
    pub artist: Option<String>,
    pub album: Option<String>,
    /// Measured, not read from a header; of a track that is fetched later, what its source says, and
    /// of a live one as much as is played of it.
    pub length: Duration,
    pub origin: Origin,
    pub media: MediaRef,
    /// A public web address of the track, where there is one (never an expiring attachment link).
    pub link: Option<String>,
    /// File name of the cover picture in the media folder.
    pub cover: Option<String>,
    /// What its sound is changed by when it has to be played as it is, in tenths of a decibel, to be
    /// about as loud as all others; `None` when that is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gain_tenths: Option<i16>,
    /// It has no end of its own, no position, and no file: it is what is sent at the moment.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub live: bool,
}

impl Track {
    /// Longest title, artist or album, in characters.
    pub const TEXT_LIMIT: usize = 200;
}
