//! Where tracks come from, as far as commands know: something that was named goes in, a track or
//! the reason why there is none comes out. How it is fetched and read is for `audio` to know.

use crate::domain::track::Track;
use futures_util::future::BoxFuture;
use std::fmt;
use std::time::Duration;

/// What a member named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// A file attached to the command. The address expires; size in bytes.
    File {
        url: String,
        name: String,
        size: u64,
    },
    /// An http(s) address.
    Link(String),
    /// An id that the library's search gave.
    Library(String),
}

/// One piece of the library that fits a search.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    pub id: String,
    pub title: String,
    pub artist: Option<String>,
    pub length: Option<Duration>,
}

/// Why there is no track.
#[derive(Debug)]
pub enum NoTrack {
    /// The address leads nowhere, or to nothing.
    NotFound,
    /// Its server does not answer, refuses, or takes too long.
    Unreachable,
    /// The address is not one the bot may ask (not http or https, or inside a private network).
    NotAllowed,
    /// Larger than the bot takes; the limit in bytes.
    TooLarge { limit: u64 },
    /// Longer than the bot plays to anybody.
    TooLong { limit: Duration },
    /// Not sound, or of a kind the bot does not read.
    NotSound,
    /// Sound that breaks off or cannot be decoded.
    Broken,
    /// There is nothing to hear in it.
    Empty,
    /// Too much is being fetched at the moment.
    Busy,
    /// What would fetch it is not set up.
    NotSetUp,
    /// Our own failure.
    Failure(Box<dyn std::error::Error + Send + Sync>),
}

type Fetch = dyn Fn(Source) -> BoxFuture<'static, Result<Track, NoTrack>> + Send + Sync;
type Search = dyn Fn(String, usize) -> BoxFuture<'static, Vec<Found>> + Send + Sync;

/// Belongs to the desk.
pub struct Music {
    /// Fetches, reads and keeps what was named.
    pub fetch: Box<Fetch>,
    /// The best of the library for these words, at most so many; for no words, any.
    pub search: Box<Search>,
}

impl fmt::Debug for Music {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Music")
    }
}
