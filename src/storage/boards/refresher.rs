//! The task that keeps the boards up to date, one guild after the other. It knows when to make
//! which, not how.

use super::super::{Columns, StorageFailure, Store};
use crate::domain::ids::GuildId;
use crate::domain::moment::Moment;
use sqlx::query;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// How often marks are looked for.
const LOOK_EVERY: Duration = Duration::from_secs(2);
/// A guild's boards rest for so many times as long as their last making took, so that one long
/// history does not keep a processor busy all evening.
const REST: u32 = 10;
/// Boards are made again after this long though nothing was marked.
const GROWN_OLD: Duration = Duration::from_hours(1);
/// How many of those in one look.
const OLD_AT_ONCE: i64 = 10;
/// After this long without a play nothing changes any more.
const ASLEEP: Duration = Duration::from_hours(24 * 370);

/// Keeps the boards up to date until it is stopped.
#[derive(Debug)]
pub struct Refresher {
    store: Store,
    clock: fn() -> Moment,
    /// Until when guilds rest.
    rests: HashMap<GuildId, Moment>,
}

impl Refresher {
    pub fn new(store: Store, clock: fn() -> Moment) -> Refresher {
        Refresher {
            store,
            clock,
            rests: HashMap::new(),
        }
    }

    pub async fn run(mut self, stop: CancellationToken) {
        let mut every = tokio::time::interval(LOOK_EVERY);
        every.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                () = stop.cancelled() => return,
                _ = every.tick() => {}
            }
            let guilds = match self.due().await {
                Ok(guilds) => guilds,
                Err(failure) => {
                    tracing::warn!(%failure, "not known which boards are behind");
                    continue;
                }
            };
            for (guild, is_old) in guilds {
                if stop.is_cancelled() {
                    return;
                }
                self.refresh(guild, is_old).await;
            }
        }
    }

    /// Guilds whose boards may be behind, or are old (`true`), and have rested.
    async fn due(&mut self) -> Result<BTreeMap<GuildId, bool>, StorageFailure> {
        let now = (self.clock)();
        self.rests.retain(|_, until| *until > now);
        let marked = self.store.marked_guilds().await?;
        let rows = query(
            "select guild_id from board_guild where made_at_ms < $1 \
             and made_at_ms - newest_at_ms < $2 order by made_at_ms limit $3",
        )
        .bind((now - GROWN_OLD).0)
        .bind(super::super::ms(ASLEEP))
        .bind(OLD_AT_ONCE)
        .fetch_all(&self.store.pool)
        .await?;
        let mut due: BTreeMap<GuildId, bool> =
            marked.into_iter().map(|guild| (guild, false)).collect();
        for row in &rows {
            due.insert(row.guild()?, true);
        }
        due.retain(|guild, _| !self.rests.contains_key(guild));
        Ok(due)
    }

    async fn refresh(&mut self, guild: GuildId, is_old: bool) {
        let making = Arc::clone(&self.store.making);
        let _alone = making.lock().await;
        let began_at = (self.clock)();
        let refreshed = if is_old {
            self.store.refresh_boards(guild, began_at).await.map(Some)
        } else {
            self.store.catch_up(guild, began_at).await
        };
        match refreshed {
            Ok(None) => return,
            Ok(Some(refreshed)) => {
                tracing::debug!(guild.id = %guild, ?refreshed, "boards are made");
            }
            Err(failure) => {
                tracing::warn!(guild.id = %guild, %failure, "boards could not be made");
            }
        }
        let now = (self.clock)();
        let rest = now.since(began_at) * REST;
        self.rests.insert(guild, now + rest.max(LOOK_EVERY));
    }
}
