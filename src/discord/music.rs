//! Where tracks come from, as far as commands know: something that was named goes in, a track or
//! the reason why there is none comes out. How it is fetched and read is for `audio` to know.

use crate::audio::{MusicServer, Reporter, Tool};
use crate::domain::ids::{GuildId, MemberId};
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
    /// An id that the search of the owner's music server gave.
    Server(String),
    /// A song by its name: whatever is closest to it, in the library or on a site.
    Name {
        title: String,
        artist: Option<String>,
        length: Option<Duration>,
    },
    /// What the sites' search called a track whose link is too long to be chosen.
    Token(String),
}

/// What is to be had for whom.
#[derive(Clone, Debug)]
pub struct Wish {
    pub guild: GuildId,
    pub source: Source,
    /// Where it is said how far it has come.
    pub reporter: Reporter,
}

/// What was had.
#[derive(Debug)]
pub enum Given {
    One(Box<Track>),
    /// A list: its tracks, those that are not taken, and how many there are in all.
    Many(Batch),
    /// The same song from another place, since that service plays nothing to others.
    Instead {
        service: &'static str,
        track: Box<Track>,
    },
}

/// The tracks of a list.
#[derive(Debug)]
pub struct Batch {
    pub title: Option<String>,
    pub tracks: Vec<Track>,
    /// Titles, and why they are left out.
    pub refused: Vec<(String, NoTrack)>,
    pub count: usize,
}

/// One piece that fits a search.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    pub source: Source,
    pub title: String,
    pub artist: Option<String>,
    pub length: Option<Duration>,
}

/// Words that sites are asked for.
#[derive(Clone, Debug)]
pub struct Question {
    pub words: String,
    /// Who is still typing them.
    pub typist: Option<MemberId>,
    pub within: Duration,
}

/// Why there is no track.
#[derive(Debug)]
pub enum NoTrack {
    /// The address leads nowhere, or to nothing.
    NotFound,
    /// A song by that name is in none of the places that can be asked.
    Nowhere,
    /// Its server does not answer, refuses, or takes too long.
    Unreachable,
    /// The address is not one the bot may ask (not http or https, or inside a private network).
    NotAllowed,
    /// Larger than the bot takes; the limit in bytes.
    TooLarge { limit: u64 },
    /// Sound, but encrypted.
    Protected,
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
    /// There is no room on the disk for it.
    NoRoom,
    /// What would fetch it is not set up.
    NotSetUp,
    /// An album or the like of a service of which only tracks are understood.
    NotATrack,
    /// A track of a service that plays nothing to others, which is nowhere else.
    NotElsewhere {
        service: &'static str,
        title: String,
        artist: Option<String>,
    },
    /// The owner's music server does not let the bot in.
    SourceRefuses,
    /// What asks sites does not work at the moment.
    SourceDown,
    /// It is live, on a site.
    Live,
    /// Our own failure.
    Failure(Box<dyn std::error::Error + Send + Sync>),
}

type Answered<T> = BoxFuture<'static, T>;
type Fetch = dyn Fn(Wish) -> Answered<Result<Given, NoTrack>> + Send + Sync;
type Ready = dyn Fn(Track, Reporter) -> Answered<Result<(), NoTrack>> + Send + Sync;
type Search = dyn Fn(String, usize) -> Answered<Vec<Found>> + Send + Sync;
type LookAhead = dyn Fn(&str) + Send + Sync;
type IsThere = dyn Fn(Track) -> Answered<bool> + Send + Sync;
type SearchSites = dyn Fn(Question) -> Answered<Result<Vec<Found>, NoTrack>> + Send + Sync;
type AskServer = dyn Fn() -> Option<MusicServer> + Send + Sync;
type AskTool = dyn Fn() -> Answered<Tool> + Send + Sync;

/// Belongs to the desk.
pub struct Music {
    /// Fetches, reads and keeps what was named, or finds out what it is.
    pub fetch: Box<Fetch>,
    /// Fetches a track's sound that is still far away.
    pub ready: Box<Ready>,
    /// Whether a track of earlier can still be played.
    pub is_there: Box<IsThere>,
    /// The best of the library for these words, at most so many; for no words, any.
    pub search: Box<Search>,
    /// Somebody will probably ask for that piece of the library next.
    pub look_ahead: Box<LookAhead>,
    /// The same of the owner's music server; nothing when there is none.
    pub search_server: Box<Search>,
    /// How that server stands, if there is one.
    pub server: Box<AskServer>,
    /// What the sites find in time. The error is that of a site, when none found anything.
    pub search_sites: Box<SearchSites>,
    /// What sites are asked with.
    pub tool: Box<AskTool>,
}

impl fmt::Debug for Music {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Music")
    }
}
