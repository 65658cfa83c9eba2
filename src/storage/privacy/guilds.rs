//! Guilds that the bot was removed from: since when, and forgetting everything about one of them.

use super::super::{Columns, StorageFailure, Store, id, number};
use crate::domain::ids::GuildId;
use crate::domain::moment::Moment;
use sqlx::{AssertSqlSafe, Row, query};

/// Turns of which everything is deleted in one piece, so that the journal gets in between.
const TURNS_AT_ONCE: usize = 1_000;
/// The tables that grow with every play and every listener; they are emptied piece by piece.
const LONG: &[&str] = &[
    "rating",
    "comment",
    "heard",
    "looper_heard",
    "on_air",
    "board_play",
    "board_mark",
    "play",
];
/// All others with a guild; that it has left goes last, so that what is interrupted is gone on with.
const SHORT: &[&str] = &[
    "board_guild",
    "board_own",
    "board_page",
    "board_sheet",
    "card",
    "collection",
    "collection_counter",
    "collection_play",
    "collection_save",
    "collection_track",
    "deed",
    "grab",
    "guild_setting",
    "hidden_name",
    "page",
    "scrobble",
    "scrobble_off",
    "sent_playlist",
    "session",
    "setlist_entry",
    "stage_ban",
    "standing",
    "track_ban",
    "left_guild",
];
/// Where a guild of which anything is kept is found: nothing is played without a session.
const ROOTS: &str = "select guild_id from session union select guild_id from setlist_entry \
     union select guild_id from guild_setting union select guild_id from standing \
     union select guild_id from collection union select guild_id from stage_ban \
     union select guild_id from track_ban union select guild_id from deed \
     union select guild_id from hidden_name union select guild_id from page \
     union select guild_id from scrobble_off";

impl Store {
    /// The bot is in that guild no more, from `now` on if it was not known before.
    pub async fn note_left(&self, guild: GuildId, now: Moment) -> Result<(), StorageFailure> {
        query(
            "insert into left_guild (guild_id, left_at_ms) values ($1, $2) on conflict do nothing",
        )
        .bind(number(guild.0))
        .bind(now.0)
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// The bot is in that guild; whether it had been away.
    pub async fn note_back(&self, guild: GuildId) -> Result<bool, StorageFailure> {
        let done = query("delete from left_guild where guild_id = $1")
            .bind(number(guild.0))
            .execute(&self.pool)
            .await?;
        Ok(done.rows_affected() > 0)
    }

    /// Guilds of which anything is kept.
    pub async fn kept_guilds(&self) -> Result<Vec<GuildId>, StorageFailure> {
        let rows = query(ROOTS).fetch_all(&self.pool).await?;
        rows.iter().map(Columns::guild).collect()
    }

    /// Guilds that the bot has been away from since `moment` or longer.
    pub async fn left_since(&self, moment: Moment) -> Result<Vec<GuildId>, StorageFailure> {
        let rows =
            query("select guild_id from left_guild where left_at_ms <= $1 order by guild_id")
                .bind(moment.0)
                .fetch_all(&self.pool)
                .await?;
        rows.iter().map(Columns::guild).collect()
    }

    /// Deletes everything that is kept of a guild. What is interrupted is gone on with when it is
    /// called again; the guild's stage must be closed. Gives back how many rows that were.
    pub async fn forget_guild(&self, guild: GuildId) -> Result<u64, StorageFailure> {
        let _alone = self.making.lock().await;
        let row = query("select max(turn_id) from play where guild_id = $1")
            .bind(number(guild.0))
            .fetch_one(&self.pool)
            .await?;
        let last = row.try_get::<Option<i64>, _>(0)?.map_or(0, id);
        let mut rows = 0;
        for first in (0..=last).step_by(TURNS_AT_ONCE) {
            let turns = [number(first), number(first).saturating_add(999)];
            let mut piece = self.pool.begin().await?;
            for table in LONG {
                let sql = format!(
                    "delete from {table} where guild_id = $1 and turn_id >= $2 and turn_id <= $3"
                );
                let done = query(AssertSqlSafe(sql))
                    .bind(number(guild.0))
                    .bind(turns[0])
                    .bind(turns[1])
                    .execute(&mut *piece)
                    .await?;
                rows += done.rows_affected();
            }
            piece.commit().await?;
        }
        let mut rest = self.pool.begin().await?;
        for table in LONG.iter().chain(SHORT) {
            let sql = format!("delete from {table} where guild_id = $1");
            let done = query(AssertSqlSafe(sql)).bind(number(guild.0));
            rows += done.execute(&mut *rest).await?.rows_affected();
        }
        // Memos of a guild end in its id.
        let done = query("delete from memo where name like $1").bind(format!("%:{guild}"));
        rows += done.execute(&mut *rest).await?.rows_affected();
        rest.commit().await?;
        self.tidy_up().await?;
        Ok(rows)
    }
}
