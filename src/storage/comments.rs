//! The newest words that were said on a stage.

use super::{Columns, StorageFailure, Store, duration, number};
use crate::domain::ids::{GuildId, MemberId, SessionId, TurnId};
use crate::domain::moment::Moment;
use sqlx::any::AnyRow;
use sqlx::query;
use std::time::Duration;

/// A comment as it was said, with the moment that orders it among all of its session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LatestComment {
    pub turn: TurnId,
    pub member: MemberId,
    pub name: String,
    /// Where in the song it was said.
    pub offset: Duration,
    pub text: String,
    pub at: Moment,
}

fn comment(row: &AnyRow) -> Result<LatestComment, StorageFailure> {
    Ok(LatestComment {
        turn: row.turn()?,
        member: row.member("member_id")?,
        name: row.text("member_name")?,
        offset: duration(row.number("offset_ms")?),
        text: row.text("words")?,
        at: row.moment("said_at_ms")?,
    })
}

impl Store {
    /// The newest comments of a session, at most `limit`, the oldest of them first.
    pub async fn latest_comments(
        &self,
        guild: GuildId,
        session: SessionId,
        limit: u32,
    ) -> Result<Vec<LatestComment>, StorageFailure> {
        let rows = query(
            "select c.turn_id, c.member_id, c.member_name, c.offset_ms, c.words, c.said_at_ms \
             from comment c join play p on p.guild_id = c.guild_id and p.turn_id = c.turn_id \
             where c.guild_id = $1 and p.session_id = $2 \
             order by c.said_at_ms desc, c.member_id desc limit $3",
        )
        .bind(number(guild.0))
        .bind(number(session.0))
        .bind(i64::from(limit))
        .fetch_all(&self.pool)
        .await?;
        rows.iter().rev().map(comment).collect()
    }
}
