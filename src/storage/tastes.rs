//! What two people both rated, and what one of them loved and the other has not heard here. How alike
//! that makes them is for `domain::taste`.

use super::{Columns, StorageFailure, Store, number};
use crate::domain::ids::{GuildId, MemberId};
use crate::domain::protocol::Stars;
use crate::domain::taste::{LOVED, SharedPlay};
use crate::domain::track::TrackKey;
use sqlx::any::AnyRow;
use sqlx::query;

/// Shared plays that are looked at, from the newest.
const SHARED_LIMIT: i64 = 10_000;

/// A song that somebody loved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LovedSong {
    pub title: String,
    pub artist: Option<String>,
}

fn stars(row: &AnyRow, column: &'static str) -> Result<Stars, StorageFailure> {
    let stars = u8::try_from(row.number(column)?).ok().and_then(Stars::new);
    stars.ok_or_else(|| StorageFailure::Corrupt {
        what: "a rating",
        reason: "it is none of 1 to 5".to_owned(),
    })
}

impl Store {
    /// The plays that both rated with what each of them gave last, the newest first; what moderators
    /// voided is left out.
    pub async fn shared_ratings(
        &self,
        guild: GuildId,
        one: MemberId,
        other: MemberId,
    ) -> Result<Vec<SharedPlay>, StorageFailure> {
        let rows = query(
            "select p.track_key, p.title, p.artist, a.stars as one_stars, b.stars as other_stars \
             from rating a join rating b on b.guild_id = a.guild_id and b.turn_id = a.turn_id \
             and b.rater_id = $3 join play p on p.guild_id = a.guild_id and p.turn_id = a.turn_id \
             where a.guild_id = $1 and a.rater_id = $2 and a.voided_by is null \
             and b.voided_by is null order by a.turn_id desc limit $4",
        )
        .bind(number(guild.0))
        .bind(number(one.0))
        .bind(number(other.0))
        .bind(SHARED_LIMIT)
        .fetch_all(&self.pool)
        .await?;
        rows.iter()
            .map(|row| {
                Ok(SharedPlay {
                    track: TrackKey(row.text("track_key")?),
                    title: row.text("title")?,
                    artist: row.maybe_text("artist")?,
                    one: stars(row, "one_stars")?,
                    other: stars(row, "other_stars")?,
                })
            })
            .collect()
    }

    /// Songs that one loved and the other has neither heard nor played here, the best loved first.
    pub async fn loved_unheard(
        &self,
        guild: GuildId,
        (lover, other): (MemberId, MemberId),
        limit: u32,
    ) -> Result<Vec<LovedSong>, StorageFailure> {
        let rows = query(
            "select max(p.title) as title, max(p.artist) as artist, max(r.stars) as stars, \
             max(r.turn_id) as newest from rating r join play p on p.guild_id = r.guild_id \
             and p.turn_id = r.turn_id where r.guild_id = $1 and r.rater_id = $2 \
             and r.voided_by is null and r.stars >= $4 \
             and not exists (select 1 from play q join heard h on h.guild_id = q.guild_id \
              and h.turn_id = q.turn_id and h.member_id = $3 and h.heard_ms > 0 \
              where q.guild_id = r.guild_id and q.track_key = p.track_key) \
             and not exists (select 1 from play q where q.guild_id = r.guild_id \
              and q.track_key = p.track_key and q.looper_id = $3) \
             group by p.track_key order by max(r.stars) desc, max(r.turn_id) desc limit $5",
        )
        .bind(number(guild.0))
        .bind(number(lover.0))
        .bind(number(other.0))
        .bind(i64::from(LOVED))
        .bind(i64::from(limit))
        .fetch_all(&self.pool)
        .await?;
        rows.iter()
            .map(|row| {
                Ok(LovedSong {
                    title: row.text("title")?,
                    artist: row.maybe_text("artist")?,
                })
            })
            .collect()
    }
}
