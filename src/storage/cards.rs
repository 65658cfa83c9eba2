//! Which message is which turn's card, so that reactions are understood after a restart.

use super::{Columns, StorageFailure, Store, id, number};
use crate::domain::ids::{ChannelId, GuildId, MemberId, TurnId};
use crate::domain::moment::Moment;
use sqlx::any::AnyRow;
use sqlx::query;
use std::cmp::Reverse;
use std::collections::BTreeSet;

/// The cards of a looper in a guild: the member, the guild, how many.
pub(super) const OF_LOOPER: &str = "select c.* from card c join play p on p.guild_id = c.guild_id \
     and p.turn_id = c.turn_id where p.looper_id = $1 and p.ended_at_ms is not null \
     and c.guild_id = $2 order by c.posted_at_ms desc limit $3";

/// A card that was posted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Card {
    pub guild: GuildId,
    pub channel: ChannelId,
    /// Discord's id of the message.
    pub message: u64,
    /// `None` for the card that stands while nothing plays.
    pub turn: Option<TurnId>,
    pub posted_at: Moment,
}

fn card(row: &AnyRow) -> Result<Card, StorageFailure> {
    let turn = row.turn()?;
    Ok(Card {
        guild: row.guild()?,
        channel: row.channel()?,
        message: id(row.number("message_id")?),
        turn: (turn.0 > 0).then_some(turn),
        posted_at: row.moment("posted_at_ms")?,
    })
}

impl Store {
    /// Remembers a card.
    pub async fn put_card(&self, card: &Card) -> Result<(), StorageFailure> {
        query(
            "insert into card (message_id, guild_id, channel_id, turn_id, posted_at_ms) \
             values ($1, $2, $3, $4, $5) on conflict (message_id) do update set \
             turn_id = excluded.turn_id",
        )
        .bind(number(card.message))
        .bind(number(card.guild.0))
        .bind(number(card.channel.0))
        .bind(card.turn.map_or(0, |turn| number(turn.0)))
        .bind(card.posted_at.0)
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// Forgets a card whose message is gone.
    pub async fn remove_card(&self, message: u64) -> Result<(), StorageFailure> {
        query("delete from card where message_id = $1")
            .bind(number(message))
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    /// The card that this message is.
    pub async fn card(&self, message: u64) -> Result<Option<Card>, StorageFailure> {
        let row = query("select * from card where message_id = $1")
            .bind(number(message))
            .fetch_optional(&self.pool)
            .await?;
        row.as_ref().map(card).transpose()
    }

    /// The newest cards of plays that somebody brought in these guilds and that have ended, the newest
    /// first.
    pub async fn cards_of_looper(
        &self,
        member: MemberId,
        guilds: &BTreeSet<GuildId>,
        limit: u32,
    ) -> Result<Vec<Card>, StorageFailure> {
        let mut cards = Vec::new();
        for guild in guilds {
            let rows = query(OF_LOOPER)
                .bind(number(member.0))
                .bind(number(guild.0))
                .bind(i64::from(limit))
                .fetch_all(&self.pool)
                .await?;
            for row in &rows {
                cards.push(card(row)?);
            }
        }
        cards.sort_by_key(|card| Reverse(card.posted_at));
        cards.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        Ok(cards)
    }

    /// The guild's newest cards, the newest first.
    pub async fn latest_cards(
        &self,
        guild: GuildId,
        limit: u32,
    ) -> Result<Vec<Card>, StorageFailure> {
        let rows = query(
            "select * from card where guild_id = $1 order by posted_at_ms desc, message_id desc limit $2",
        )
        .bind(number(guild.0))
        .bind(i64::from(limit))
        .fetch_all(&self.pool)
        .await?;
        rows.iter().map(card).collect()
    }
}
