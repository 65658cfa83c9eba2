//! Floor 1: what is kept. One concrete [`Store`] over `SQLite` or `PostgreSQL` reads; the [`Journal`]
//! is the one writer. Neither knows why something is kept.

mod boards;
mod cards;
mod collections;
mod comments;
mod error;
mod evenings;
mod guilds;
mod journal;
mod memos;
mod open;
mod pages;
mod plays;
mod privacy;
mod profiles;
mod ratings;
mod recaps;
mod scrobbles;
mod sessions;
mod tastes;
mod writing;

pub use boards::{
    BoardBasis, BoardLine, BoardPage, LINES_LIMIT, Own, OwnPlace, OwnRating, Refreshed, Refresher,
};
pub use cards::Card;
pub use collections::{Added, Alike, Shelf};
pub use comments::{CommentKey, LatestComment};
pub use error::StorageFailure;
pub use evenings::CommentRow;
pub use guilds::DeedRow;
pub use journal::{Journal, JournalFailure, Written};
pub use pages::{Page, PageKind, PageSubject, PageToken, PublishedCollection};
pub use plays::{GrabRow, OnAir, PlaySummary};
pub use privacy::{Fate, Section, Trace};
pub use profiles::{Favourite, Profile, TrackRow};
pub use recaps::{Recap, RecapHour, RecapSums, RecapTrack, Whose};
pub use scrobbles::{
    BrokenWhy, LinkRow, NewLink, ScrobbleCounts, SentPlaylist, Settled, WaitingScrobble,
};
pub use sessions::SessionSummary;
pub use tastes::LovedSong;

use crate::domain::ids::{ChannelId, CollectionId, EntryId, GuildId, MemberId, SessionId, TurnId};
use crate::domain::moment::Moment;
use serde::Serialize;
use serde::de::DeserializeOwned;
use sqlx::any::AnyRow;
use sqlx::{AnyPool, Row};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Notify;

/// Reads what is kept. Clones share the connections.
#[derive(Clone, Debug)]
pub struct Store {
    pool: AnyPool,
    /// Keeps a second process from the same `SQLite` file; unlocked when the last clone is gone.
    _lock: Option<Arc<std::fs::File>>,
    /// Rings when there is something new to scrobble.
    scrobbles: Arc<Notify>,
    /// Held while boards are made and while somebody is forgotten, so that nobody comes back by
    /// boards that were begun before.
    making: Arc<tokio::sync::Mutex<()>>,
}

/// Discord's ids fit 63 bits until the year 2084, and ours are counters.
fn number(id: u64) -> i64 {
    i64::try_from(id).unwrap_or(i64::MAX)
}

fn id(value: i64) -> u64 {
    u64::try_from(value).unwrap_or_default()
}

fn ms(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}

fn duration(ms: i64) -> Duration {
    Duration::from_millis(u64::try_from(ms).unwrap_or_default())
}

fn count(value: i64) -> u32 {
    u32::try_from(value).unwrap_or(if value < 0 { 0 } else { u32::MAX })
}

fn json<T: Serialize>(value: &T) -> String {
    serde_json::to_string(value).expect("the core's values have text keys only")
}

fn parsed<T: DeserializeOwned>(what: &'static str, text: &str) -> Result<T, StorageFailure> {
    serde_json::from_str(text).map_err(|error| StorageFailure::Corrupt {
        what,
        reason: error.to_string(),
    })
}

/// Reading a row's columns as the core's values.
trait Columns {
    fn number(&self, column: &'static str) -> Result<i64, StorageFailure>;
    fn maybe_number(&self, column: &'static str) -> Result<Option<i64>, StorageFailure>;
    fn text(&self, column: &'static str) -> Result<String, StorageFailure>;
    fn maybe_text(&self, column: &'static str) -> Result<Option<String>, StorageFailure>;

    fn guild(&self) -> Result<GuildId, StorageFailure> {
        Ok(GuildId(id(self.number("guild_id")?)))
    }
    fn member(&self, column: &'static str) -> Result<MemberId, StorageFailure> {
        Ok(MemberId(id(self.number(column)?)))
    }
    fn channel(&self) -> Result<ChannelId, StorageFailure> {
        Ok(ChannelId(id(self.number("channel_id")?)))
    }
    fn session(&self) -> Result<SessionId, StorageFailure> {
        Ok(SessionId(id(self.number("session_id")?)))
    }
    fn turn(&self) -> Result<TurnId, StorageFailure> {
        Ok(TurnId(id(self.number("turn_id")?)))
    }
    fn entry(&self) -> Result<EntryId, StorageFailure> {
        Ok(EntryId(id(self.number("entry_id")?)))
    }
    fn collection(&self) -> Result<CollectionId, StorageFailure> {
        Ok(CollectionId(id(self.number("collection_id")?)))
    }
    fn moment(&self, column: &'static str) -> Result<Moment, StorageFailure> {
        Ok(Moment(self.number(column)?))
    }
    fn count(&self, column: &'static str) -> Result<u32, StorageFailure> {
        Ok(count(self.number(column)?))
    }
}

impl Columns for AnyRow {
    fn number(&self, column: &'static str) -> Result<i64, StorageFailure> {
        Ok(self.try_get(column)?)
    }
    fn maybe_number(&self, column: &'static str) -> Result<Option<i64>, StorageFailure> {
        Ok(self.try_get(column)?)
    }
    fn text(&self, column: &'static str) -> Result<String, StorageFailure> {
        Ok(self.try_get(column)?)
    }
    fn maybe_text(&self, column: &'static str) -> Result<Option<String>, StorageFailure> {
        Ok(self.try_get(column)?)
    }
}
