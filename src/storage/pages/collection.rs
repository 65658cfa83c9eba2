//! A published collection as its page shows it. How collections are made and changed is for others
//! to know.

use super::super::{Columns, StorageFailure, Store, number, parsed};
use crate::domain::ids::{GuildId, MemberId};
use crate::domain::moment::Moment;
use crate::domain::track::Track;
use sqlx::query;

/// A list of tracks that a member has published.
#[derive(Clone, Debug, PartialEq)]
pub struct PublishedCollection {
    pub member: MemberId,
    pub member_name: String,
    pub name: String,
    pub description: Option<String>,
    pub published_at: Moment,
    pub changed_at: Moment,
    /// How many have saved it.
    pub saves: u32,
    /// Each with its place, from the first.
    pub tracks: Vec<(u64, Track)>,
}

impl Store {
    /// The collection of that number, if it is published; at most `limit` of its tracks.
    pub async fn published_collection(
        &self,
        guild: GuildId,
        collection: u64,
        limit: u32,
    ) -> Result<Option<PublishedCollection>, StorageFailure> {
        let row = query(
            "select c.member_id, c.member_name, c.name, c.description, c.published_at_ms, \
             c.changed_at_ms, (select count(*) from collection_save s where \
             s.guild_id = c.guild_id and s.collection_id = c.collection_id) as saves \
             from collection c where c.guild_id = $1 and c.collection_id = $2 \
             and c.published_at_ms is not null",
        )
        .bind(number(guild.0))
        .bind(number(collection))
        .fetch_optional(&self.pool)
        .await?;
        let Some(row) = row else { return Ok(None) };
        let tracks = query(
            "select place, track from collection_track where guild_id = $1 \
             and collection_id = $2 order by place limit $3",
        )
        .bind(number(guild.0))
        .bind(number(collection))
        .bind(i64::from(limit))
        .fetch_all(&self.pool)
        .await?;
        let tracks = tracks.iter().map(|row| {
            let place = u64::try_from(row.number("place")?).unwrap_or_default();
            Ok((place, parsed("a track", &row.text("track")?)?))
        });
        Ok(Some(PublishedCollection {
            member: row.member("member_id")?,
            member_name: row.text("member_name")?,
            name: row.text("name")?,
            description: row.maybe_text("description")?,
            published_at: row.moment("published_at_ms")?,
            changed_at: row.moment("changed_at_ms")?,
            saves: row.count("saves")?,
            tracks: tracks.collect::<Result<_, StorageFailure>>()?,
        }))
    }
}
