//! In which guilds anything is kept about somebody, and what they were called there. Whoever looks for
//! all of it looks in these guilds one after the other: the tables that grow with every rating are
//! found by guild and member only, and an index by member alone would cost each rating a third one.

use super::super::{Columns, StorageFailure, Store};
use super::kinds::KINDS;
use super::texts::SKIPPED;
use super::{Whom, ours};
use crate::domain::ids::{GuildId, MemberId};
use std::collections::BTreeSet;

/// The tables that grow with every play and every listener. Nothing stands in them of a guild that
/// never had a session.
const LONG: &[&str] = &[
    "play",
    "rating",
    "comment",
    "heard",
    "looper_heard",
    "grab",
    "board_own",
];
const SESSIONS: &str = "(select distinct guild_id from session) g";

impl Store {
    /// Guilds in which anything is kept about somebody.
    pub async fn guilds_of(&self, member: MemberId) -> Result<BTreeSet<GuildId>, StorageFailure> {
        let guild = None;
        let whom = Whom { member, guild };
        let mut guilds = BTreeSet::new();
        for kind in KINDS.iter().filter(|kind| kind.is_of_guild) {
            let (table, column) = (kind.table, kind.member);
            let sql = if LONG.contains(&table) {
                format!(
                    "select g.guild_id from {SESSIONS} where exists (select 1 from {table} \
                     where {table}.guild_id = g.guild_id and {table}.{column} = $1)"
                )
            } else {
                format!("select distinct guild_id from {table} where {column} = $1")
            };
            for row in whom.statement(sql).fetch_all(&self.pool).await? {
                guilds.insert(row.guild()?);
            }
        }
        guilds.extend(self.guilds_skipped_in(whom).await?);
        guilds.extend(self.deeds_of(whom, true).await?.iter().map(|it| it.guild));
        guilds.extend(self.stages_with(whom).await?.iter().map(|it| it.guild));
        Ok(guilds)
    }

    /// Guilds in which they skipped a play; also those where the words of a reason only look like it.
    async fn guilds_skipped_in(&self, whom: Whom) -> Result<Vec<GuildId>, StorageFailure> {
        let sql = format!(
            "select g.guild_id from {SESSIONS} where exists (select 1 from play \
             where play.guild_id = g.guild_id and {SKIPPED} and play.ended_how like $1)"
        );
        let statement = ours(sql).bind(whom.skip_pattern());
        let rows = statement.fetch_all(&self.pool).await?;
        rows.iter().map(Columns::guild).collect()
    }

    /// Where somebody is looked for: in the one guild, or in each of theirs.
    pub(super) async fn places(&self, whom: Whom) -> Result<Vec<Whom>, StorageFailure> {
        let guilds = match whom.guild {
            Some(guild) => BTreeSet::from([guild]),
            None => self.guilds_of(whom.member).await?,
        };
        let within = |guild| Whom {
            guild: Some(guild),
            ..whom
        };
        Ok(guilds.into_iter().map(within).collect())
    }

    /// What somebody was called, as it is kept.
    pub async fn names_of(&self, member: MemberId) -> Result<Vec<String>, StorageFailure> {
        const NAMES: [(&str, &str, &str); 5] = [
            ("looper_name", "play", "looper_id"),
            ("member_name", "heard", "member_id"),
            ("member_name", "comment", "member_id"),
            ("member_name", "collection", "member_id"),
            ("by_name", "deed", "by_id"),
        ];
        let guild = None;
        let mut names = BTreeSet::new();
        for whom in self.places(Whom { member, guild }).await? {
            let there = whom.there();
            let each = NAMES.map(|(name, table, column)| {
                format!("select {name} as name from {table} where {column} = $1{there}")
            });
            let found = whom.statement(each.join(" union "));
            for row in found.fetch_all(&self.pool).await? {
                names.insert(row.text("name")?);
            }
        }
        Ok(names.into_iter().collect())
    }
}
