//! What is kept about one person, in all tables there are: to be told, to be taken away or made
//! nameless, and to be hidden; and guilds that are to be forgotten as a whole. Which column holds a
//! person stands in `kinds`, and a test that walks through the schema asks that none is missing.
//! Why something is kept, and how it is said, is not known here.

mod forgetting;
mod guilds;
mod hiding;
mod kinds;
mod telling;
mod texts;

pub use kinds::Fate;
pub use telling::{Section, Trace};

use super::{Columns, StorageFailure, Store, number};
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
        let statement = query(AssertSqlSafe(sql)).bind(number(self.member.0));
        match self.guild {
            Some(guild) => statement.bind(number(guild.0)),
            None => statement,
        }
    }
}

impl Store {
    /// Rows of somebody's, found by a text that holds their id: `$1` is the pattern, `$2` the guild.
    async fn rows_like(
        &self,
        sql: &str,
        (whom, pattern): (Whom, String),
    ) -> Result<Vec<AnyRow>, StorageFailure> {
        let statement = query(AssertSqlSafe(format!("{sql}{}", whom.there()))).bind(pattern);
        let statement = match whom.guild {
            Some(guild) => statement.bind(number(guild.0)),
            None => statement,
        };
        Ok(statement.fetch_all(&self.pool).await?)
    }

    /// What somebody was called, as it is kept.
    pub async fn names_of(&self, member: MemberId) -> Result<Vec<String>, StorageFailure> {
        let rows = query(
            "select looper_name as name from play where looper_id = $1 \
             union select member_name as name from heard where member_id = $1 \
             union select member_name as name from comment where member_id = $1 \
             union select member_name as name from collection where member_id = $1 \
             union select by_name as name from deed where by_id = $1",
        )
        .bind(number(member.0))
        .fetch_all(&self.pool)
        .await?;
        rows.iter().map(|row| row.text("name")).collect()
    }
}
