//! Somebody's figures as looper and listener, over all time.

use super::{Columns, StorageFailure, Store, duration, number};
use crate::domain::ids::{GuildId, MemberId};
use crate::domain::leaderboard::Tally;
use sqlx::any::AnyRow;
use sqlx::query;
use std::time::Duration;

/// Somebody as looper and listener.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Profile {
    /// Plays of theirs that sounded.
    pub plays: u32,
    /// Ratings their plays were given that count.
    pub tally: Tally,
    /// Rated plays.
    pub rated_plays: u32,
    /// Others' plays they heard, and for how long.
    pub heard_plays: u32,
    pub heard: Duration,
    pub ratings_given: u32,
    pub grabs: u32,
    /// Tracks of theirs that were liked most, few ratings trusted little.
    pub best: Vec<TrackRow>,
}

/// A track that somebody played, with the ratings it got.
#[derive(Clone, Debug, PartialEq)]
pub struct TrackRow {
    pub title: String,
    pub tally: Tally,
    /// Rated plays.
    pub plays: u32,
}

fn track(row: &AnyRow) -> Result<TrackRow, StorageFailure> {
    let sum = u64::try_from(row.number("stars")?).unwrap_or_default();
    Ok(TrackRow {
        title: row.text("title")?,
        tally: Tally {
            sum,
            count: row.count("ratings")?,
        },
        plays: row.count("plays")?,
    })
}

impl Store {
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
        let mut best = self.tracks_of(guild, member).await?;
        let tally: Tally = best.iter().map(|row| row.tally).sum();
        let rated_plays = best.iter().map(|row| row.plays).sum();
        let mean = tally.mean().unwrap_or_default();
        best.sort_by(|a, b| b.tally.score(mean).total_cmp(&a.tally.score(mean)));
        best.truncate(BEST);
        Ok(Profile {
            plays: figures.count("plays")?,
            tally,
            rated_plays,
            heard_plays: figures.count("heard_plays")?,
            heard: duration(figures.number("heard_ms")?),
            ratings_given: figures.count("ratings_given")?,
            grabs: figures.count("grabs")?,
            best,
        })
    }

    /// The looper's rated tracks.
    async fn tracks_of(
        &self,
        guild: GuildId,
        looper: MemberId,
    ) -> Result<Vec<TrackRow>, StorageFailure> {
        let rows = query(
            "select max(p.title) as title, \
             count(*) as ratings, cast(sum(r.stars) as bigint) as stars, \
             count(distinct p.turn_id) as plays from play p join rating r \
             on r.guild_id = p.guild_id and r.turn_id = p.turn_id where p.guild_id = $1 \
             and p.looper_id = $2 and r.counts = 1 and r.voided_by is null \
             group by p.track_key order by p.track_key",
        )
        .bind(number(guild.0))
        .bind(number(looper.0))
        .fetch_all(&self.pool)
        .await?;
        rows.iter().map(track).collect()
    }
}
