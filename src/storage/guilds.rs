//! What a guild's stage starts from, and what its moderators did.

use super::{Columns, StorageFailure, Store, duration, id, number, parsed};
use crate::domain::ids::{CollectionId, GuildId, MemberId, SessionId, TurnId};
use crate::domain::moment::Moment;
use crate::domain::protocol::{Deed, Entry};
use crate::domain::settings::Settings;
use crate::domain::stage::{Kept, Standing};
use crate::domain::track::{MediaRef, TrackKey};
use sqlx::{Row, query};
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::time::Duration;

/// One line of the moderation log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeedRow {
    pub at: Moment,
    pub by: MemberId,
    pub by_name: String,
    pub deed: Deed,
}

impl Store {
    /// Everything the stage of the guild starts from.
    pub async fn load(&self, guild: GuildId) -> Result<Kept, StorageFailure> {
        let (standing, position) = match self.standing(guild).await? {
            Some((standing, position)) => (Some(standing), position),
            None => (None, None),
        };
        Ok(Kept {
            settings: self.settings(guild).await?,
            standing,
            position,
            setlists: self.setlists(guild).await?,
            stage_bans: self.stage_bans(guild).await?,
            track_bans: self.track_bans(guild).await?,
            last_session: self.last_session(guild).await?,
            last_turn: self.last_turn(guild).await?,
        })
    }

    /// Guilds whose stage was open when the process ended.
    pub async fn open_guilds(&self) -> Result<Vec<GuildId>, StorageFailure> {
        let rows = query("select guild_id from standing order by guild_id")
            .fetch_all(&self.pool)
            .await?;
        rows.iter().map(Columns::guild).collect()
    }

    /// The guild's settings; the defaults when it never changed any.
    pub async fn settings(&self, guild: GuildId) -> Result<Settings, StorageFailure> {
        let row = query("select settings from guild_setting where guild_id = $1")
            .bind(number(guild.0))
            .fetch_optional(&self.pool)
            .await?;
        row.map_or(Ok(Settings::default()), |row| {
            parsed("settings", &row.text("settings")?)
        })
    }

    async fn standing(
        &self,
        guild: GuildId,
    ) -> Result<Option<(Standing, Option<(TurnId, Duration)>)>, StorageFailure> {
        let row = query("select standing, turn_id, position_ms from standing where guild_id = $1")
            .bind(number(guild.0))
            .fetch_optional(&self.pool)
            .await?;
        let Some(row) = row else { return Ok(None) };
        let standing = parsed("a standing", &row.text("standing")?)?;
        let turn = row.turn()?;
        let position = duration(row.number("position_ms")?);
        Ok(Some((standing, (turn.0 > 0).then_some((turn, position)))))
    }

    async fn setlists(
        &self,
        guild: GuildId,
    ) -> Result<BTreeMap<MemberId, Vec<Entry>>, StorageFailure> {
        let rows = query(
            "select member_id, entry_id, track, added_at_ms, collection_id from setlist_entry \
             where guild_id = $1 order by member_id, place",
        )
        .bind(number(guild.0))
        .fetch_all(&self.pool)
        .await?;
        let mut setlists = BTreeMap::<MemberId, Vec<Entry>>::new();
        for row in rows {
            setlists
                .entry(row.member("member_id")?)
                .or_default()
                .push(Entry {
                    id: row.entry()?,
                    track: parsed("a track", &row.text("track")?)?,
                    added_at: row.moment("added_at_ms")?,
                    from: row
                        .maybe_number("collection_id")?
                        .map(|from| CollectionId(id(from))),
                });
        }
        Ok(setlists)
    }

    async fn stage_bans(&self, guild: GuildId) -> Result<BTreeSet<MemberId>, StorageFailure> {
        let rows = query("select member_id from stage_ban where guild_id = $1")
            .bind(number(guild.0))
            .fetch_all(&self.pool)
            .await?;
        rows.iter().map(|row| row.member("member_id")).collect()
    }

    /// The tracks that are banned in the guild, with their titles.
    pub async fn track_bans(
        &self,
        guild: GuildId,
    ) -> Result<BTreeMap<TrackKey, String>, StorageFailure> {
        let rows = query("select track_key, title from track_ban where guild_id = $1")
            .bind(number(guild.0))
            .fetch_all(&self.pool)
            .await?;
        rows.iter()
            .map(|row| Ok((TrackKey(row.text("track_key")?), row.text("title")?)))
            .collect()
    }

    async fn last_session(&self, guild: GuildId) -> Result<Option<SessionId>, StorageFailure> {
        let row = query("select max(session_id) from session where guild_id = $1")
            .bind(number(guild.0))
            .fetch_one(&self.pool)
            .await?;
        Ok(row
            .try_get::<Option<i64>, _>(0)?
            .map(|value| SessionId(id(value))))
    }

    async fn last_turn(&self, guild: GuildId) -> Result<Option<TurnId>, StorageFailure> {
        let row = query("select max(turn_id) from play where guild_id = $1")
            .bind(number(guild.0))
            .fetch_one(&self.pool)
            .await?;
        Ok(row
            .try_get::<Option<i64>, _>(0)?
            .map(|value| TurnId(id(value))))
    }

    /// The newest deeds of hosts and moderators, the newest first.
    pub async fn deeds(&self, guild: GuildId, limit: u32) -> Result<Vec<DeedRow>, StorageFailure> {
        let rows = query(
            "select done_at_ms, by_id, by_name, deed from deed where guild_id = $1 \
             order by done_at_ms desc limit $2",
        )
        .bind(number(guild.0))
        .bind(i64::from(limit))
        .fetch_all(&self.pool)
        .await?;
        rows.iter()
            .map(|row| {
                Ok(DeedRow {
                    at: row.moment("done_at_ms")?,
                    by: row.member("by_id")?,
                    by_name: row.text("by_name")?,
                    deed: parsed("a deed", &row.text("deed")?)?,
                })
            })
            .collect()
    }

    /// Every file that somebody still has in a setlist or a collection, or that plays.
    pub async fn media_in_use(&self) -> Result<HashSet<MediaRef>, StorageFailure> {
        let rows = query(
            "select track_media from setlist_entry union select track_media from grab \
             union select track_media from collection_track",
        )
        .fetch_all(&self.pool)
        .await?;
        let mut media: HashSet<MediaRef> = rows
            .iter()
            .map(|row| Ok(MediaRef(row.text("track_media")?)))
            .collect::<Result<_, StorageFailure>>()?;
        for guild in self.open_guilds().await? {
            let standing = self.standing(guild).await?;
            media.extend(standing.and_then(|(standing, _)| standing.playing().cloned()));
        }
        Ok(media)
    }
}
