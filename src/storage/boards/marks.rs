//! Marks: which plays the boards have to look at again. They are made in the transaction that keeps
//! what they are about, and taken away by who has looked.

use super::super::{Columns, StorageFailure, Store, number};
use crate::domain::ids::{GuildId, TurnId};
use crate::domain::protocol::Record;
use sqlx::{AnyConnection, query};
use std::collections::BTreeSet;

/// The mark of the guild itself.
pub(super) const GUILD: TurnId = TurnId(0);

/// The marks of one transaction, each once.
#[derive(Debug, Default)]
pub(in crate::storage) struct Marks(BTreeSet<(GuildId, TurnId)>);

impl Marks {
    /// Notes what a record means for the boards.
    pub(in crate::storage) fn note(&mut self, guild: GuildId, record: &Record) {
        let turn = match record {
            Record::PlayEnded(play) => play.turn,
            Record::Rating(rating) => rating.turn,
            Record::Unrated { turn, .. }
            | Record::Voided { turn, .. }
            | Record::Heard { turn, .. }
            | Record::Grab { turn, .. } => *turn,
            Record::Settings(_) => GUILD,
            _ => return,
        };
        self.0.insert((guild, turn));
    }

    /// Writes them into the transaction: plays first and the guild last, as who takes them away
    /// does, so that neither waits for the other in a ring.
    pub(in crate::storage) async fn keep(
        &self,
        connection: &mut AnyConnection,
    ) -> Result<(), StorageFailure> {
        let (guilds, plays): (Vec<_>, Vec<_>) = self.0.iter().partition(|(_, turn)| *turn == GUILD);
        for (guild, turn) in plays.into_iter().chain(guilds) {
            mark(connection, guild, turn).await?;
        }
        Ok(())
    }
}

/// Marks a play, or with [`GUILD`] the guild.
pub(super) async fn mark(
    connection: &mut AnyConnection,
    guild: GuildId,
    turn: TurnId,
) -> Result<(), StorageFailure> {
    query(
        "insert into board_mark (guild_id, turn_id, marks) values ($1, $2, 1) \
         on conflict (guild_id, turn_id) do update set marks = board_mark.marks + 1",
    )
    .bind(number(guild.0))
    .bind(number(turn.0))
    .execute(connection)
    .await?;
    Ok(())
}

/// Marks the guild itself: its boards are to be made again. The last statement of its transaction.
pub(in crate::storage) async fn mark_guild(
    connection: &mut AnyConnection,
    guild: GuildId,
) -> Result<(), StorageFailure> {
    mark(connection, guild, GUILD).await
}

/// Takes a mark away, unless it was made again since it was read.
pub(super) async fn unmark(
    connection: &mut AnyConnection,
    guild: GuildId,
    (turn, marks): (TurnId, i64),
) -> Result<(), StorageFailure> {
    query("delete from board_mark where guild_id = $1 and turn_id = $2 and marks = $3")
        .bind(number(guild.0))
        .bind(number(turn.0))
        .bind(marks)
        .execute(connection)
        .await?;
    Ok(())
}

impl Store {
    /// Guilds with marks.
    pub(super) async fn marked_guilds(&self) -> Result<Vec<GuildId>, StorageFailure> {
        let rows = query("select distinct guild_id from board_mark order by guild_id")
            .fetch_all(&self.pool)
            .await?;
        rows.iter().map(Columns::guild).collect()
    }

    /// The guild's own mark, if it has one.
    pub(super) async fn guild_mark(
        &self,
        guild: GuildId,
    ) -> Result<Option<(TurnId, i64)>, StorageFailure> {
        let row = query("select marks from board_mark where guild_id = $1 and turn_id = $2")
            .bind(number(guild.0))
            .bind(number(GUILD.0))
            .fetch_optional(&self.pool)
            .await?;
        row.map(|row| Ok((GUILD, row.number("marks")?))).transpose()
    }

    /// Marked plays of the guild, the first ones of them.
    pub(super) async fn marked_plays(
        &self,
        guild: GuildId,
        limit: u32,
    ) -> Result<Vec<(TurnId, i64)>, StorageFailure> {
        let rows = query(
            "select turn_id, marks from board_mark where guild_id = $1 and turn_id > 0 \
             order by turn_id limit $2",
        )
        .bind(number(guild.0))
        .bind(i64::from(limit))
        .fetch_all(&self.pool)
        .await?;
        rows.iter()
            .map(|row| Ok((row.turn()?, row.number("marks")?)))
            .collect()
    }
}
