//! Guilds that the bot was removed from: noted when Discord says so or no longer lists them, and
//! forgotten 30 days later, unless the bot is back by then. What is deleted is for `storage` to know.

use super::{SharedDesk, ids};
use crate::domain::ids::GuildId;
use crate::domain::moment::Moment;
use crate::storage::StorageFailure;
use serenity::all::Ready;
use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// How long a guild is remembered that the bot was removed from.
const REMEMBERED: Duration = Duration::from_hours(30 * 24);
/// How often it is looked for guilds whose time is over, besides every time Discord lists them.
const LOOK_EVERY: Duration = Duration::from_hours(24);

/// Which guilds one shard is about: `guild >> 22` modulo the number of shards
/// (<https://docs.discord.com/developers/events/gateway#sharding>).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Shard {
    number: u64,
    of: u64,
}

impl Shard {
    fn is_about(self, guild: GuildId) -> bool {
        (guild.0 >> 22) % self.of.max(1) == self.number
    }
}

/// The bot was removed from a guild.
pub(super) async fn left(desk: &SharedDesk, guild: GuildId) {
    tracing::info!(guild.id = %guild, "removed from a server");
    if let Err(failure) = desk.store.note_left(guild, (desk.clock)()).await {
        // Discord does not list it the next time either.
        tracing::warn!(guild.id = %guild, %failure, "not kept that the bot was removed");
    }
}

/// The bot is in a guild.
pub(super) async fn is_back(desk: &SharedDesk, guild: GuildId) {
    match desk.store.note_back(guild).await {
        Ok(false) => {}
        Ok(true) => tracing::info!(guild.id = %guild, "back on a server"),
        // It is looked at again before anything is forgotten.
        Err(failure) => {
            tracing::warn!(guild.id = %guild, %failure, "not kept that the bot is back");
        }
    }
}

/// Discord has listed a shard's guilds, those that have an outage too: of which anything is kept and
/// which is not among them, the bot was removed from while it was away.
pub(super) fn roll_call(desk: &SharedDesk, ready: &Ready) {
    let shard = ready.shard.map_or(Shard { number: 0, of: 1 }, |it| Shard {
        number: it.id.0.into(),
        of: it.total.into(),
    });
    let listed: HashSet<GuildId> = ready.guilds.iter().map(|it| ids::guild(it.id)).collect();
    let (tasks, desk) = (desk.tasks.clone(), Arc::clone(desk));
    tasks.spawn(async move {
        let called = call(&desk, shard, &listed).await;
        if let Err(failure) = called {
            tracing::warn!(%failure, "not known which servers the bot was removed from");
        }
        sweep(&desk).await;
    });
}

async fn call(
    desk: &SharedDesk,
    shard: Shard,
    listed: &HashSet<GuildId>,
) -> Result<(), StorageFailure> {
    let now = (desk.clock)();
    for guild in desk.store.left_since(Moment(i64::MAX)).await? {
        if listed.contains(&guild) {
            is_back(desk, guild).await;
        }
    }
    let kept = desk.store.kept_guilds().await?;
    // One that the bot has come into meanwhile is known already.
    let is_gone = |guild: &GuildId| {
        shard.is_about(*guild) && !listed.contains(guild) && !is_known(desk, *guild)
    };
    for guild in kept.into_iter().filter(is_gone) {
        desk.store.note_left(guild, now).await?;
    }
    Ok(())
}

fn is_known(desk: &SharedDesk, guild: GuildId) -> bool {
    desk.crowd.guild_name(guild).is_some()
}

/// Looks for guilds whose time is over, every day until `stop`.
pub(super) async fn run(desk: SharedDesk, stop: CancellationToken) {
    let first = tokio::time::Instant::now() + LOOK_EVERY;
    let mut every = tokio::time::interval_at(first, LOOK_EVERY);
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            _ = every.tick() => sweep(&desk).await,
        }
    }
}

async fn sweep(desk: &SharedDesk) {
    let over = desk.store.left_since((desk.clock)() - REMEMBERED).await;
    let over = over.unwrap_or_else(|failure| {
        tracing::warn!(%failure, "not known which servers are to be forgotten");
        Vec::new()
    });
    for guild in over {
        if is_known(desk, guild) {
            is_back(desk, guild).await;
            continue;
        }
        // What it had in memory must not be written back.
        desk.stages.end(guild).await;
        desk.cards.forget(guild);
        match desk.store.forget_guild(guild).await {
            Ok(rows) => tracing::info!(guild.id = %guild, rows, "a server is forgotten"),
            Err(failure) => tracing::warn!(guild.id = %guild, %failure, "not forgotten yet"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Shard;
    use crate::domain::ids::GuildId;

    #[test]
    fn each_guild_belongs_to_one_shard() {
        let of = |number, guild| Shard { number, of: 3 }.is_about(GuildId(guild));
        let guild = 41_771_983_423_143_937;
        let shards: Vec<u64> = (0..3).filter(|number| of(*number, guild)).collect();
        assert_eq!(shards, [(guild >> 22) % 3]);
        assert!(Shard { number: 0, of: 1 }.is_about(GuildId(guild)));
    }
}
