//! The newest words that were said on a stage.

use super::{Columns, StorageFailure, Store, duration, number};
use crate::domain::ids::{GuildId, MemberId, SessionId, TurnId};
use crate::domain::moment::Moment;
use sqlx::any::AnyRow;
use sqlx::query;
use std::collections::HashSet;
use std::time::Duration;

/// What makes it this comment and no other of its guild.
pub type CommentKey = (TurnId, MemberId, Moment);

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

impl LatestComment {
    pub fn key(&self) -> CommentKey {
        (self.turn, self.member, self.at)
    }
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

    /// Which comments are kept from that turn and that moment on, of those the first `limit`.
    pub async fn comments_kept(
        &self,
        guild: GuildId,
        (turn, at): (TurnId, Moment),
        limit: u32,
    ) -> Result<HashSet<CommentKey>, StorageFailure> {
        let rows = query(
            "select turn_id, member_id, said_at_ms from comment where guild_id = $1 \
             and turn_id >= $2 and said_at_ms >= $3 order by turn_id, said_at_ms limit $4",
        )
        .bind(number(guild.0))
        .bind(number(turn.0))
        .bind(at.0)
        .bind(i64::from(limit))
        .fetch_all(&self.pool)
        .await?;
        let key = |row: &AnyRow| {
            Ok((
                row.turn()?,
                row.member("member_id")?,
                row.moment("said_at_ms")?,
            ))
        };
        rows.iter().map(key).collect()
    }
}
