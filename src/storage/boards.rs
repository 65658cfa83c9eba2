//! The leaderboards: sums come from the database, scores and order from `domain::leaderboard`.

use super::{Columns, StorageFailure, Store, duration, number};
use crate::domain::ids::{GuildId, MemberId};
use crate::domain::leaderboard::{LOOPER_PLAYS, TRACK_RATINGS, Tally, order};
use crate::domain::moment::Moment;
use crate::domain::track::TrackKey;
use sqlx::any::AnyRow;
use sqlx::query;
use std::time::Duration;

/// A board in order, and those who are not rated enough to stand on it, also in order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Board<Row> {
    pub listed: Vec<Row>,
    pub unlisted: Vec<Row>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct TrackRow {
    pub key: TrackKey,
    pub title: String,
    pub artist: Option<String>,
    pub tally: Tally,
    pub score: f64,
    /// Rated plays.
    pub plays: u32,
}

#[derive(Clone, Debug, PartialEq)]
pub struct LooperRow {
    pub member: MemberId,
    pub name: String,
    pub tally: Tally,
    pub score: f64,
    /// Rated plays.
    pub plays: u32,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListenerRow {
    pub member: MemberId,
    pub name: String,
    pub heard: Duration,
    /// Plays heard.
    pub plays: u32,
}

/// Somebody as looper and listener.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Profile {
    /// Plays of theirs that sounded.
    pub plays: u32,
    /// Ratings their plays were given that count.
    pub tally: Tally,
    /// Their score as a looper.
    pub score: Option<f64>,
    /// Rated plays.
    pub rated_plays: u32,
    /// Others' plays they heard, and for how long.
    pub heard_plays: u32,
    pub heard: Duration,
    pub ratings_given: u32,
    pub grabs: u32,
    /// Titles of theirs that were liked most.
    pub best: Vec<TrackRow>,
}

fn tally(row: &AnyRow) -> Result<Tally, StorageFailure> {
    let sum = u64::try_from(row.number("stars")?).unwrap_or_default();
    Ok(Tally {
        sum,
        count: row.count("ratings")?,
    })
}

fn track(row: &AnyRow) -> Result<TrackRow, StorageFailure> {
    Ok(TrackRow {
        key: TrackKey(row.text("track_key")?),
        title: row.text("title")?,
        artist: row.maybe_text("artist")?,
        tally: tally(row)?,
        score: 0.0,
        plays: row.count("plays")?,
    })
}

/// Scores every row by the mean over all of them, and parts those who stand on the board from the
/// rest.
fn board<Row>(
    mut rows: Vec<Row>,
    parts: impl Fn(&mut Row) -> (Tally, &mut f64),
    enough: impl Fn(&Row) -> bool,
) -> Board<Row> {
    let all: Tally = rows.iter_mut().map(|row| parts(row).0).sum();
    let mean = all.mean().unwrap_or_default();
    let mut scored: Vec<(f64, u32, Row)> = rows
        .into_iter()
        .map(|mut row| {
            let (tally, score) = parts(&mut row);
            *score = tally.score(mean);
            (*score, tally.count, row)
        })
        .collect();
    scored.sort_by(|a, b| order((a.0, a.1), (b.0, b.1)));
    let (listed, unlisted) = scored.into_iter().map(|(_, _, row)| row).partition(enough);
    Board { listed, unlisted }
}

impl Store {
    /// Tracks by score. `since` `None` is all time.
    pub async fn board_tracks(
        &self,
        guild: GuildId,
        since: Option<Moment>,
    ) -> Result<Board<TrackRow>, StorageFailure> {
        let rows = query(
            "select p.track_key, max(p.title) as title, max(p.artist) as artist, \
             count(*) as ratings, cast(sum(r.stars) as bigint) as stars, \
             count(distinct p.turn_id) as plays from play p join rating r \
             on r.guild_id = p.guild_id and r.turn_id = p.turn_id where p.guild_id = $1 \
             and p.began_at_ms >= $2 and r.counts = 1 and r.voided_by is null \
             group by p.track_key order by p.track_key",
        )
        .bind(number(guild.0))
        .bind(since.map_or(0, |since| since.0))
        .fetch_all(&self.pool)
        .await?;
        let rows = rows.iter().map(track).collect::<Result<_, _>>()?;
        Ok(board(
            rows,
            |row| (row.tally, &mut row.score),
            |row| row.tally.count >= TRACK_RATINGS,
        ))
    }

    /// Loopers by score.
    pub async fn board_loopers(
        &self,
        guild: GuildId,
        since: Option<Moment>,
    ) -> Result<Board<LooperRow>, StorageFailure> {
        let rows = query(
            "select p.looper_id, max(p.looper_name) as name, count(*) as ratings, \
             cast(sum(r.stars) as bigint) as stars, count(distinct p.turn_id) as plays \
             from play p join rating r on r.guild_id = p.guild_id and r.turn_id = p.turn_id \
             where p.guild_id = $1 and p.began_at_ms >= $2 and r.counts = 1 \
             and r.voided_by is null group by p.looper_id order by p.looper_id",
        )
        .bind(number(guild.0))
        .bind(since.map_or(0, |since| since.0))
        .fetch_all(&self.pool)
        .await?;
        let looper = |row: &AnyRow| {
            Ok::<_, StorageFailure>(LooperRow {
                member: row.member("looper_id")?,
                name: row.text("name")?,
                tally: tally(row)?,
                score: 0.0,
                plays: row.count("plays")?,
            })
        };
        let rows = rows.iter().map(looper).collect::<Result<_, _>>()?;
        Ok(board(
            rows,
            |row| (row.tally, &mut row.score),
            |row| row.plays >= LOOPER_PLAYS,
        ))
    }

    /// Listeners by time heard, the longest first.
    pub async fn board_listeners(
        &self,
        guild: GuildId,
        since: Option<Moment>,
    ) -> Result<Vec<ListenerRow>, StorageFailure> {
        let rows = query(
            "select h.member_id, max(h.member_name) as name, \
             cast(sum(h.heard_ms) as bigint) as heard_ms, \
             cast(sum(h.counts) as bigint) as plays from heard h join play p \
             on p.guild_id = h.guild_id and p.turn_id = h.turn_id where h.guild_id = $1 \
             and p.began_at_ms >= $2 and h.heard_ms > 0 group by h.member_id \
             order by 3 desc, h.member_id",
        )
        .bind(number(guild.0))
        .bind(since.map_or(0, |since| since.0))
        .fetch_all(&self.pool)
        .await?;
        rows.iter()
            .map(|row| {
                Ok(ListenerRow {
                    member: row.member("member_id")?,
                    name: row.text("name")?,
                    heard: duration(row.number("heard_ms")?),
                    plays: row.count("plays")?,
                })
            })
            .collect()
    }

    /// Somebody's figures over all time.
    pub async fn profile(
        &self,
        guild: GuildId,
        member: MemberId,
    ) -> Result<Profile, StorageFailure> {
        /// Best tracks that are shown.
        const BEST: usize = 3;
        let figures = query(
            "select (select count(*) from play where guild_id = $1 and looper_id = $2 and \
              played_ms > 0) as plays, \
             (select count(*) from rating where guild_id = $1 and rater_id = $2 and \
              voided_by is null) as ratings_given, \
             (select count(*) from grab where guild_id = $1 and member_id = $2) as grabs, \
             (select cast(coalesce(sum(heard_ms), 0) as bigint) from heard where guild_id = $1 and \
              member_id = $2) as heard_ms, \
             (select cast(coalesce(sum(counts), 0) as bigint) from heard where guild_id = $1 and \
              member_id = $2) as heard_plays",
        )
        .bind(number(guild.0))
        .bind(number(member.0))
        .fetch_one(&self.pool)
        .await?;
        let Board { listed, unlisted } = self.board_loopers(guild, None).await?;
        let looper = listed
            .iter()
            .chain(&unlisted)
            .find(|row| row.member == member);
        let mut best = self.tracks_of(guild, member).await?;
        best.truncate(BEST);
        Ok(Profile {
            plays: figures.count("plays")?,
            tally: looper.map(|row| row.tally).unwrap_or_default(),
            score: looper.map(|row| row.score),
            rated_plays: looper.map_or(0, |row| row.plays),
            heard_plays: figures.count("heard_plays")?,
            heard: duration(figures.number("heard_ms")?),
            ratings_given: figures.count("ratings_given")?,
            grabs: figures.count("grabs")?,
            best,
        })
    }

    /// The looper's rated tracks, the best first.
    async fn tracks_of(
        &self,
        guild: GuildId,
        looper: MemberId,
    ) -> Result<Vec<TrackRow>, StorageFailure> {
        let rows = query(
            "select p.track_key, max(p.title) as title, max(p.artist) as artist, \
             count(*) as ratings, cast(sum(r.stars) as bigint) as stars, \
             count(distinct p.turn_id) as plays from play p join rating r \
             on r.guild_id = p.guild_id and r.turn_id = p.turn_id where p.guild_id = $1 \
             and p.looper_id = $2 and r.counts = 1 and r.voided_by is null group by p.track_key",
        )
        .bind(number(guild.0))
        .bind(number(looper.0))
        .fetch_all(&self.pool)
        .await?;
        let rows = rows.iter().map(track).collect::<Result<_, _>>()?;
        Ok(board(rows, |row| (row.tally, &mut row.score), |_| true).listed)
    }
}
