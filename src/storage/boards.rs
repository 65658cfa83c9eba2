//! The leaderboards as they are read: pages that were made before, so that a long history costs a
//! reader nothing. How they are made is in the files beside this; what they say is for
//! `domain::leaderboard`.
//!
//! How stale a page may be: whoever writes a rating marks its play in the same transaction, and
//! [`Refresher`] looks for marks every 2 s. So a server's boards are some seconds behind, plus what
//! making them takes; a server whose boards take long to make is given that time again several
//! times over before the next making. Without any mark they are made again every hour, since plays
//! grow old.

mod making;
mod marks;
mod names;
mod pages;
mod refresher;
mod voices;

pub use making::Refreshed;
pub(super) use marks::{Marks, mark_guild};
pub use refresher::Refresher;

use super::{Columns, StorageFailure, Store, number, parsed};
use crate::domain::ids::{CollectionId, GuildId, MemberId, TurnId};
use crate::domain::leaderboard::{Board, Figures, Period};
use crate::domain::moment::Moment;
use serde::{Deserialize, Serialize};
use sqlx::query;
use std::collections::BTreeMap;

/// Lines of a board that are kept: so many places can be looked at. Everybody's own place is known
/// however far down it is.
pub const LINES_LIMIT: usize = 1_000;

/// A line as it is shown.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BoardLine {
    /// `None` for a track; of a collection, its curator.
    #[serde(rename = "m", default, skip_serializing_if = "Option::is_none")]
    pub member: Option<MemberId>,
    /// Title or display name, as of the last play, or what the collection is called.
    #[serde(rename = "n")]
    pub name: String,
    /// Of a collection, who curates it.
    #[serde(rename = "a", default, skip_serializing_if = "Option::is_none")]
    pub artist: Option<String>,
    #[serde(rename = "f")]
    pub figures: Figures,
}

/// Where somebody stands on one board: they themselves, or their best track or collection.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OwnPlace {
    /// From 1; `None` while too little is known of it.
    #[serde(rename = "p")]
    pub place: Option<u32>,
    /// The play that the line comes from last.
    #[serde(rename = "t")]
    pub turn: TurnId,
    #[serde(rename = "c", default, skip_serializing_if = "Option::is_none")]
    pub collection: Option<CollectionId>,
    #[serde(rename = "f")]
    pub figures: Figures,
}

/// How far somebody is on the way to counting as a rater.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnRating {
    pub ratings: u32,
    pub loopers: u32,
    pub loopers_needed: u32,
    pub counts: bool,
}

/// Everything the boards know of one member.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Own {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rating: Option<OwnRating>,
    /// By board and period, as [`place_of`] names them.
    places: BTreeMap<String, OwnPlace>,
}

/// What a place of [`Own`] is kept under.
fn place_of(board: Board, period: Period) -> String {
    format!("{}:{}", board.name(), period.name())
}

impl Own {
    /// Where they stand, if they do.
    pub fn place(&self, board: Board, period: Period) -> Option<&OwnPlace> {
        self.places.get(&place_of(board, period))
    }
}

/// A page of a board, with the reader's own place.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct BoardPage {
    pub lines: Vec<BoardLine>,
    /// Lines on all pages.
    pub listed: u32,
    /// What is not listed because too little is known of it.
    pub unlisted: u32,
    /// What the boards know of the reader.
    pub own: Own,
    /// The title of the reader's best track, on the board of tracks.
    pub own_track: Option<String>,
    /// The name of the reader's best collection, on the board of collections.
    pub own_collection: Option<String>,
}

/// From what a guild's boards were made last.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BoardBasis {
    pub made_at: Moment,
    /// Expected warmth of an audience of L is `a L^b`.
    pub a: f64,
    pub b: f64,
}

fn own(places: Option<String>) -> Result<Own, StorageFailure> {
    places.map_or(Ok(Own::default()), |places| {
        parsed("a place on a board", &places)
    })
}

impl Store {
    /// A page of a board, from 0, and where the member stands on it.
    pub async fn board(
        &self,
        guild: GuildId,
        (board, period): (Board, Period),
        page: u32,
        member: MemberId,
    ) -> Result<BoardPage, StorageFailure> {
        let row = query(
            "select s.listed, s.unlisted, p.lines, o.places from board_sheet s \
             left join board_page p on p.guild_id = s.guild_id and p.board = s.board \
             and p.period = s.period and p.page = $4 \
             left join board_own o on o.guild_id = s.guild_id and o.member_id = $5 \
             where s.guild_id = $1 and s.board = $2 and s.period = $3",
        )
        .bind(number(guild.0))
        .bind(board.name())
        .bind(period.name())
        .bind(i64::from(page))
        .bind(number(member.0))
        .fetch_optional(&self.pool)
        .await?;
        let Some(row) = row else {
            return Ok(BoardPage::default());
        };
        let lines = row.maybe_text("lines")?;
        let own = own(row.maybe_text("places")?)?;
        let track = own.place(Board::Tracks, period);
        let own_track = match track.filter(|_| board == Board::Tracks) {
            Some(best) => self.title_of(guild, best.turn).await?,
            None => None,
        };
        let best = own.place(board, period).and_then(|own| own.collection);
        let own_collection = match best {
            Some(best) => self.collection(guild, best).await?.map(|it| it.name),
            None => None,
        };
        Ok(BoardPage {
            lines: lines.map_or(Ok(Vec::new()), |lines| parsed("a page of a board", &lines))?,
            listed: row.count("listed")?,
            unlisted: row.count("unlisted")?,
            own,
            own_track,
            own_collection,
        })
    }

    /// Where a member stands on every board.
    pub async fn own_places(
        &self,
        guild: GuildId,
        member: MemberId,
    ) -> Result<Own, StorageFailure> {
        let row = query("select places from board_own where guild_id = $1 and member_id = $2")
            .bind(number(guild.0))
            .bind(number(member.0))
            .fetch_optional(&self.pool)
            .await?;
        own(row.map(|row| row.text("places")).transpose()?)
    }

    /// From what the guild's boards were made; `None` before they were for the first time.
    pub async fn board_basis(&self, guild: GuildId) -> Result<Option<BoardBasis>, StorageFailure> {
        use sqlx::Row;
        let row =
            query("select made_at_ms, expected_a, expected_b from board_guild where guild_id = $1")
                .bind(number(guild.0))
                .fetch_optional(&self.pool)
                .await?;
        row.map(|row| {
            Ok(BoardBasis {
                made_at: row.moment("made_at_ms")?,
                a: row.try_get("expected_a")?,
                b: row.try_get("expected_b")?,
            })
        })
        .transpose()
    }

    /// The title of what was played in a turn.
    pub async fn title_of(
        &self,
        guild: GuildId,
        turn: TurnId,
    ) -> Result<Option<String>, StorageFailure> {
        let row = query("select title from play where guild_id = $1 and turn_id = $2")
            .bind(number(guild.0))
            .bind(number(turn.0))
            .fetch_optional(&self.pool)
            .await?;
        row.map(|row| row.text("title")).transpose()
    }
}
