//! Collections as they are read: one, its tracks, a member's own and those they saved. How they are
//! written stands in `curating` and `filling`, what everybody can find in `shelves`. Who may do what is for
//! `domain::collection` to say.

mod curating;
mod filling;
mod shelves;

pub use filling::Added;
pub use shelves::{Alike, Shelf};

use super::{Columns, StorageFailure, Store, number, parsed};
use crate::domain::collection::{COLLECTIONS_LIMIT, Collection, SAVES_LIMIT, TRACKS_LIMIT};
use crate::domain::ids::{CollectionId, GuildId, MemberId};
use crate::domain::leaderboard::{Curation, Save};
use crate::domain::moment::Moment;
use crate::domain::track::Track;
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, query};

/// The columns of a collection; `$1` is the guild.
macro_rules! collections {
    ($rest:literal) => {
        concat!(
            "select c.collection_id, c.member_id, c.member_name, c.name, c.description, \
             c.created_at_ms, c.changed_at_ms, c.published_at_ms, c.barred_by, \
             (select count(*) from collection_track t where t.guild_id = c.guild_id and \
              t.collection_id = c.collection_id) as tracks, \
             (select count(*) from collection_save s where s.guild_id = c.guild_id and \
              s.collection_id = c.collection_id) as saves \
             from collection c where c.guild_id = $1 ",
            $rest
        )
    };
}
use collections;

fn collection(row: &AnyRow) -> Result<Collection, StorageFailure> {
    Ok(Collection {
        id: row.collection()?,
        member: row.member("member_id")?,
        member_name: row.text("member_name")?,
        name: row.text("name")?,
        description: row.maybe_text("description")?,
        created_at: row.moment("created_at_ms")?,
        changed_at: row.moment("changed_at_ms")?,
        published_at: row.maybe_number("published_at_ms")?.map(Moment),
        is_barred: row.maybe_number("barred_by")?.is_some(),
        tracks: row.count("tracks")?,
        saves: row.count("saves")?,
    })
}

/// A limit as it is bound.
fn at_most(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX)
}

async fn one(
    connection: &mut AnyConnection,
    guild: GuildId,
    id: CollectionId,
) -> Result<Option<Collection>, StorageFailure> {
    let row = query(collections!("and c.collection_id = $2"))
        .bind(number(guild.0))
        .bind(number(id.0))
        .fetch_optional(connection)
        .await?;
    row.as_ref().map(collection).transpose()
}

impl Store {
    /// One collection, whoever may see it.
    pub async fn collection(
        &self,
        guild: GuildId,
        id: CollectionId,
    ) -> Result<Option<Collection>, StorageFailure> {
        let mut connection = self.pool.acquire().await?;
        one(&mut connection, guild, id).await
    }

    /// What it holds, in order.
    pub async fn collection_tracks(
        &self,
        guild: GuildId,
        id: CollectionId,
    ) -> Result<Vec<Track>, StorageFailure> {
        let rows = query(
            "select track from collection_track where guild_id = $1 and collection_id = $2 \
             order by place limit $3",
        )
        .bind(number(guild.0))
        .bind(number(id.0))
        .bind(at_most(TRACKS_LIMIT))
        .fetch_all(&self.pool)
        .await?;
        rows.iter()
            .map(|row| parsed("a track", &row.text("track")?))
            .collect()
    }

    /// The member's own, in the order in which they were made.
    pub async fn collections_of(
        &self,
        guild: GuildId,
        member: MemberId,
    ) -> Result<Vec<Collection>, StorageFailure> {
        let rows = query(collections!(
            "and c.member_id = $2 order by c.collection_id limit $3"
        ))
        .bind(number(guild.0))
        .bind(number(member.0))
        .bind(at_most(COLLECTIONS_LIMIT))
        .fetch_all(&self.pool)
        .await?;
        rows.iter().map(collection).collect()
    }

    /// Others' that the member has saved and that are published, what was saved last first.
    pub async fn saved_collections(
        &self,
        guild: GuildId,
        member: MemberId,
    ) -> Result<Vec<Collection>, StorageFailure> {
        let rows = query(collections!(
            "and c.published_at_ms is not null and exists (select 1 from collection_save own \
             where own.guild_id = c.guild_id and own.collection_id = c.collection_id \
             and own.member_id = $2) order by (select own.saved_at_ms from collection_save own \
             where own.guild_id = c.guild_id and own.collection_id = c.collection_id \
             and own.member_id = $2) desc, c.collection_id desc limit $3"
        ))
        .bind(number(guild.0))
        .bind(number(member.0))
        .bind(at_most(SAVES_LIMIT))
        .fetch_all(&self.pool)
        .await?;
        rows.iter().map(collection).collect()
    }

    /// What moderators took off the shelves, the newest first.
    pub async fn barred_collections(
        &self,
        guild: GuildId,
    ) -> Result<Vec<Collection>, StorageFailure> {
        let rows = query(collections!(
            "and c.barred_by is not null order by c.changed_at_ms desc, c.collection_id limit $2"
        ))
        .bind(number(guild.0))
        .bind(at_most(COLLECTIONS_LIMIT))
        .fetch_all(&self.pool)
        .await?;
        rows.iter().map(collection).collect()
    }

    /// What the boards know of the guild's published collections.
    pub(super) async fn curation_of(&self, guild: GuildId) -> Result<Curation, StorageFailure> {
        let mut curation = Curation::default();
        let rows = query(
            "select collection_id, member_id from collection \
             where guild_id = $1 and published_at_ms is not null",
        )
        .bind(number(guild.0))
        .fetch_all(&self.pool)
        .await?;
        for row in &rows {
            let curator = row.member("member_id")?;
            curation.curators.insert(row.collection()?, curator);
        }
        if curation.curators.is_empty() {
            return Ok(curation);
        }
        let rows = query(
            "select collection_id, member_id, saved_at_ms from collection_save where guild_id = $1",
        )
        .bind(number(guild.0))
        .fetch_all(&self.pool)
        .await?;
        for row in &rows {
            curation.saves.push(Save {
                collection: row.collection()?,
                member: row.member("member_id")?,
                at: row.moment("saved_at_ms")?,
            });
        }
        let rows = query("select turn_id, collection_id from collection_play where guild_id = $1")
            .bind(number(guild.0))
            .fetch_all(&self.pool)
            .await?;
        for row in &rows {
            curation.plays.insert(row.turn()?, row.collection()?);
        }
        Ok(curation)
    }
}
