//! Whose name is not shown on the pages of a guild.

use super::super::{StorageFailure, Store, number};
use crate::domain::ids::{GuildId, MemberId};
use crate::domain::moment::Moment;
use sqlx::query;

impl Store {
    /// Hides a member's name from now on; `false` if it was hidden before.
    pub async fn hide_name(
        &self,
        guild: GuildId,
        member: MemberId,
        now: Moment,
    ) -> Result<bool, StorageFailure> {
        let done = query(
            "insert into hidden_name (guild_id, member_id, hidden_at_ms) values ($1, $2, $3) \
             on conflict do nothing",
        )
        .bind(number(guild.0))
        .bind(number(member.0))
        .bind(now.0)
        .execute(&self.pool)
        .await?;
        Ok(done.rows_affected() > 0)
    }

    /// Shows it again; `false` if it was not hidden.
    pub async fn unhide_name(
        &self,
        guild: GuildId,
        member: MemberId,
    ) -> Result<bool, StorageFailure> {
        let done = query("delete from hidden_name where guild_id = $1 and member_id = $2")
            .bind(number(guild.0))
            .bind(number(member.0))
            .execute(&self.pool)
            .await?;
        Ok(done.rows_affected() > 0)
    }
}
