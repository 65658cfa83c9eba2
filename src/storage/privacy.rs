//! What is kept about one person, in all tables there are: to be told, to be taken away or made
//! nameless, and to be hidden; and guilds that are to be forgotten as a whole. Which column holds a
//! person stands in `kinds`, and a test that walks through the schema asks that none is missing.
//! Why something is kept, and how it is said, is not known here.

mod forgetting;
mod guilds;
mod hiding;
mod kinds;
mod telling;
#[cfg(test)]
mod tests;
mod texts;
mod whereabouts;

pub use kinds::Fate;
pub use telling::{Section, Trace};

use super::{StorageFailure, Store, number};
use crate::domain::ids::{GuildId, MemberId};
use sqlx::any::{Any, AnyArguments, AnyRow};
use sqlx::query::Query;
use sqlx::{AssertSqlSafe, query};

/// Whose traces, and where: in one guild, or everywhere.
#[derive(Clone, Copy, Debug)]
struct Whom {
    member: MemberId,
    guild: Option<GuildId>,
}

impl Whom {
    /// What narrows a condition about `$1`, the member, to the guild, `$2`.
    fn there(self) -> &'static str {
        match self.guild {
            Some(_) => " and guild_id = $2",
            None => "",
        }
    }

    /// A statement of ours, made of the names of tables and columns only, with `$1` and, where it
    /// is narrowed, `$2`.
    fn statement(self, sql: String) -> Query<'static, Any, AnyArguments> {
        let statement = ours(sql).bind(number(self.member.0));
        match self.guild {
            Some(guild) => statement.bind(number(guild.0)),
            None => statement,
        }
    }
}

fn ours(sql: String) -> Query<'static, Any, AnyArguments> {
    #[cfg(test)]
    tests::note(&sql);
    query(AssertSqlSafe(sql))
}

impl Store {
    /// Rows of somebody's, found by a text that holds their id: `$1` is the pattern, `$2` the guild.
    async fn rows_like(
        &self,
        sql: &str,
        (whom, pattern): (Whom, String),
    ) -> Result<Vec<AnyRow>, StorageFailure> {
        let statement = ours(format!("{sql}{}", whom.there())).bind(pattern);
        let statement = match whom.guild {
            Some(guild) => statement.bind(number(guild.0)),
            None => statement,
        };
        Ok(statement.fetch_all(&self.pool).await?)
    }
}
