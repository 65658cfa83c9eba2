//! Ratings come in bursts, at the same second from everybody: those that follow each other in a
//! transaction share a statement. What a rating means is not known here.

use super::writing::{Statement, run};
use super::{StorageFailure, json, number};
use crate::domain::ids::GuildId;
use crate::domain::protocol::RatingRecord;
use sqlx::{AnyConnection, AssertSqlSafe, query};
use std::collections::HashSet;
use std::fmt::Write;

/// Ratings of one statement. There are statements of this length and of one, so that few are
/// prepared.
const AT_ONCE: usize = 50;

/// Ratings on their way into a transaction, none of which replaces another.
#[derive(Default)]
pub(super) struct Ratings<'r> {
    waiting: Vec<(i64, &'r RatingRecord)>,
    known: HashSet<(i64, u64, u64)>,
}

impl<'r> Ratings<'r> {
    /// Takes one more. What waits is written first where it is of the same person and play.
    pub(super) async fn take(
        &mut self,
        connection: &mut AnyConnection,
        guild: GuildId,
        rating: &'r RatingRecord,
    ) -> Result<(), StorageFailure> {
        let guild_id = number(guild.0);
        let key = (guild_id, rating.turn.0, rating.rater.0);
        if self.waiting.len() == AT_ONCE || self.known.contains(&key) {
            self.write(connection).await?;
        }
        self.known.insert(key);
        self.waiting.push((guild_id, rating));
        Ok(())
    }

    /// Writes what waits.
    pub(super) async fn write(
        &mut self,
        connection: &mut AnyConnection,
    ) -> Result<(), StorageFailure> {
        self.known.clear();
        let waiting = std::mem::take(&mut self.waiting);
        if waiting.len() == AT_ONCE {
            return run(connection, statement(&waiting)).await;
        }
        for rating in &waiting {
            run(connection, statement(std::slice::from_ref(rating))).await?;
        }
        Ok(())
    }
}

/// The statement that keeps ratings of different people or plays.
pub(super) fn statement(ratings: &[(i64, &RatingRecord)]) -> Statement<'static> {
    let mut sql = "insert into rating \
         (guild_id, turn_id, rater_id, stars, way, rated_at_ms, counts) values "
        .to_owned();
    for row in 0..ratings.len() {
        let comma = if row == 0 { "" } else { ", " };
        let at = row * 7;
        // Writing to a text cannot fail.
        let _written = write!(
            sql,
            "{comma}(${}, ${}, ${}, ${}, ${}, ${}, ${})",
            at + 1,
            at + 2,
            at + 3,
            at + 4,
            at + 5,
            at + 6,
            at + 7
        );
    }
    // What a moderator has voided stays so.
    sql.push_str(
        " on conflict (guild_id, turn_id, rater_id) do update \
         set stars = excluded.stars, way = excluded.way, rated_at_ms = excluded.rated_at_ms, \
         counts = excluded.counts",
    );
    // Nothing but numbers of our own counting is written into the text.
    let mut statement = query(AssertSqlSafe(sql));
    for (guild_id, rating) in ratings {
        statement = statement
            .bind(*guild_id)
            .bind(number(rating.turn.0))
            .bind(number(rating.rater.0))
            .bind(i64::from(rating.stars.get()))
            .bind(json(&rating.way))
            .bind(rating.at.0)
            .bind(i64::from(rating.counts));
    }
    statement
}
