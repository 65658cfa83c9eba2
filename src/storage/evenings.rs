//! What else is kept of a session besides its plays: what was said along them.

use super::{Columns, StorageFailure, Store, duration, number};
use crate::domain::ids::{GuildId, MemberId, SessionId, TurnId};
use sqlx::query;
use std::time::Duration;

/// Something that was said while a track played.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommentRow {
    pub turn: TurnId,
    pub member: MemberId,
    pub member_name: String,
    /// Into the track.
    pub offset: Duration,
    pub words: String,
}

impl Store {
    /// What was said in a session, by plays and the time of each track; at most `limit` of each
    /// play, the earliest.
    pub async fn session_comments(
        &self,
        guild: GuildId,
        session: SessionId,
        limit: u32,
    ) -> Result<Vec<CommentRow>, StorageFailure> {
        let rows = query(
            "select turn_id, member_id, member_name, offset_ms, words from (\
             select c.turn_id, c.member_id, c.member_name, c.offset_ms, c.words, c.said_at_ms, \
             row_number() over (partition by c.turn_id order by c.offset_ms, c.said_at_ms) as place \
             from comment c join play p on p.guild_id = c.guild_id and p.turn_id = c.turn_id \
             where p.guild_id = $1 and p.session_id = $2) as said \
             where place <= $3 order by turn_id, place",
        )
        .bind(number(guild.0))
        .bind(number(session.0))
        .bind(i64::from(limit))
        .fetch_all(&self.pool)
        .await?;
        rows.iter()
            .map(|row| {
                Ok(CommentRow {
                    turn: row.turn()?,
                    member: row.member("member_id")?,
                    member_name: row.text("member_name")?,
                    offset: duration(row.number("offset_ms")?),
                    words: row.text("words")?,
                })
            })
            .collect()
    }
}
