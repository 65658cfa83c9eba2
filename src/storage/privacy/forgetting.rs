//! Taking somebody out of everything that is kept: what is theirs is deleted, what others need stays
//! without their name. One transaction for each guild, so that the journal comes in between; that it
//! was begun is noted before, and whatever interrupts it, it is gone on with. A second time there is
//! nothing left to do. Stages in memory must have let go before, or they would write them back.

use super::super::{Columns, StorageFailure, Store, json, number, parsed};
use super::Whom;
use super::kinds::{Fate, KINDS};
use super::texts::{DeedText, MemoText, PageText, without_key};
use crate::domain::ids::{GuildId, MemberId, NAMELESS};
use crate::domain::stage::is_named;
use sqlx::{AnyConnection, query};

/// What somebody listened to, rated or kept: its boards are to be made again without them. That of
/// ratings names a third column of its index: `SQLite` would else take the key, which holds all that
/// is asked for, and read the whole guild in it.
const FELT: [(&str, &str); 3] = [
    ("rating", "rated_at_ms >= 0 and rater_id"),
    ("heard", "member_id"),
    ("grab", "member_id"),
];
/// Under which names it is noted whose forgetting has begun; their id follows.
const BEGUN: &str = "forgetting:";
/// What belongs to a collection.
const PARTS: [&str; 3] = ["collection_track", "collection_save", "collection_play"];

impl Store {
    /// Forgets somebody in one guild, or everywhere. `names` are what they were called.
    pub async fn forget_member(
        &self,
        member: MemberId,
        guild: Option<GuildId>,
        names: &[String],
    ) -> Result<(), StorageFailure> {
        match guild {
            Some(guild) => self.forget_in(guild, member, names).await?,
            None => self.forget_everywhere(member, names).await?,
        }
        self.tidy_up().await
    }

    /// Goes on with forgetting whom an end of the process has interrupted, before any stage is open;
    /// how many they were.
    pub async fn go_on_forgetting(&self) -> Result<usize, StorageFailure> {
        let begun = query("select name, value from memo where name like $1")
            .bind(format!("{BEGUN}%"))
            .fetch_all(&self.pool)
            .await?;
        for row in &begun {
            let name = row.text("name")?;
            let member = name.strip_prefix(BEGUN).and_then(|id| id.parse().ok());
            let names: Vec<String> = parsed("names to forget", &row.text("value")?)?;
            if let Some(member) = member {
                self.forget_member(MemberId(member), None, &names).await?;
            }
        }
        Ok(begun.len())
    }

    async fn forget_everywhere(
        &self,
        member: MemberId,
        names: &[String],
    ) -> Result<(), StorageFailure> {
        let begun = format!("{BEGUN}{member}");
        self.put_memo(&begun, &json(&names)).await?;
        for guild in self.guilds_of(member).await? {
            self.forget_in(guild, member, names).await?;
        }
        let guild = None;
        let whom = Whom { member, guild };
        let memos = self.memos_with(whom).await?;
        let mut changes = self.pool.begin().await?;
        change_memos(&mut changes, memos, member).await?;
        change_rows(&mut changes, whom).await?;
        query("delete from memo where name = $1")
            .bind(begun)
            .execute(&mut *changes)
            .await?;
        changes.commit().await?;
        Ok(())
    }

    async fn forget_in(
        &self,
        guild: GuildId,
        member: MemberId,
        names: &[String],
    ) -> Result<(), StorageFailure> {
        let guild = Some(guild);
        let whom = Whom { member, guild };
        let _alone = self.making.lock().await;
        let skips = self.skips(whom).await?;
        let deeds = self.deeds_of(whom, false).await?;
        let stages = self.stages_with(whom).await?;
        let pages = self.board_pages_with(whom).await?;
        let memos = self.memos_with(whom).await?;
        let mut changes = self.pool.begin().await?;
        mark(&mut changes, whom).await?;
        for mut skip in skips {
            skip.end.forget(member);
            query("update play set ended_how = $3 where guild_id = $1 and turn_id = $2")
                .bind(number(skip.guild.0))
                .bind(skip.turn)
                .bind(json(&skip.end))
                .execute(&mut *changes)
                .await?;
        }
        for deed in deeds {
            change_deed(&mut changes, deed, (member, names)).await?;
        }
        for mut stage in stages {
            stage.standing.forget(member, names);
            query("update standing set standing = $2 where guild_id = $1")
                .bind(number(stage.guild.0))
                .bind(json(&stage.standing))
                .execute(&mut *changes)
                .await?;
        }
        change_pages(&mut changes, pages, member).await?;
        change_memos(&mut changes, memos, member).await?;
        unname_sessions(&mut changes, whom, names).await?;
        drop_collections(&mut changes, whom).await?;
        change_rows(&mut changes, whom).await?;
        changes.commit().await?;
        Ok(())
    }

    /// Has `SQLite` write what is in its log of changes, where old pages would still be found, into
    /// the file. Whoever reads at the moment is not waited for.
    pub(super) async fn tidy_up(&self) -> Result<(), StorageFailure> {
        let mut connection = self.pool.acquire().await?;
        if connection.backend_name() == "SQLite" {
            query("pragma wal_checkpoint(truncate)")
                .fetch_all(&mut *connection)
                .await?;
        }
        Ok(())
    }
}

/// Marks everything that they took part in for the boards, and takes away what those were made from.
async fn mark(changes: &mut AnyConnection, whom: Whom) -> Result<(), StorageFailure> {
    let there = whom.there();
    let again = "on conflict (guild_id, turn_id) do update set marks = board_mark.marks + 1";
    for (table, column) in FELT {
        // A sum instead of the column, for the same reason: no index has it in its order.
        let marked = format!(
            "insert into board_mark (guild_id, turn_id, marks) select max(guild_id), turn_id + 0, 1 \
             from {table} where {column} = $1{there} group by turn_id + 0 \
             order by turn_id + 0 {again}"
        );
        whom.statement(marked).execute(&mut *changes).await?;
    }
    // Turn 0 is the guild itself: a looper's name stands on its boards.
    let marked = format!(
        "insert into board_mark (guild_id, turn_id, marks) select distinct guild_id, 0, 1 \
         from play where looper_id = $1{there} {again}"
    );
    whom.statement(marked).execute(&mut *changes).await?;
    let voices = format!(
        "delete from board_play where (guild_id, turn_id) in \
         (select guild_id, turn_id from heard where member_id = $1{there})"
    );
    whom.statement(voices).execute(&mut *changes).await?;
    Ok(())
}

async fn change_pages(
    changes: &mut AnyConnection,
    pages: Vec<PageText>,
    member: MemberId,
) -> Result<(), StorageFailure> {
    for mut page in pages {
        if page.forget(member) {
            query(
                "update board_page set lines = $5 where guild_id = $1 and board = $2 \
                 and period = $3 and page = $4",
            )
            .bind(number(page.guild.0))
            .bind(page.board)
            .bind(page.period)
            .bind(page.page)
            .bind(json(&page.lines))
            .execute(&mut *changes)
            .await?;
        }
    }
    Ok(())
}

async fn change_memos(
    changes: &mut AnyConnection,
    memos: Vec<MemoText>,
    member: MemberId,
) -> Result<(), StorageFailure> {
    for mut memo in memos {
        without_key(&mut memo.value, &member.to_string());
        query("update memo set value = $2 where name = $1")
            .bind(memo.name)
            .bind(memo.value.to_string())
            .execute(&mut *changes)
            .await?;
    }
    Ok(())
}

async fn change_deed(
    changes: &mut AnyConnection,
    deed: DeedText,
    (member, names): (MemberId, &[String]),
) -> Result<(), StorageFailure> {
    query("delete from deed where guild_id = $1 and done_at_ms = $2 and by_id = $3 and deed = $4")
        .bind(number(deed.guild.0))
        .bind(deed.at.0)
        .bind(number(deed.by.0))
        .bind(deed.text.clone())
        .execute(&mut *changes)
        .await?;
    let deed = deed.without(member, names);
    query(
        "insert into deed (guild_id, done_at_ms, by_id, by_name, deed) \
         values ($1, $2, $3, $4, $5) on conflict do nothing",
    )
    .bind(number(deed.guild.0))
    .bind(deed.at.0)
    .bind(number(deed.by.0))
    .bind(deed.by_name)
    .bind(deed.text)
    .execute(&mut *changes)
    .await?;
    Ok(())
}

/// Takes the theme off sessions of theirs that it names them in.
async fn unname_sessions(
    changes: &mut AnyConnection,
    whom: Whom,
    names: &[String],
) -> Result<(), StorageFailure> {
    let sql = format!(
        "select guild_id, session_id, theme from session where host_id = $1{} \
         and theme is not null",
        whom.there()
    );
    for row in whom.statement(sql).fetch_all(&mut *changes).await? {
        if is_named(&row.text("theme")?, names) {
            query("update session set theme = null where guild_id = $1 and session_id = $2")
                .bind(row.number("guild_id")?)
                .bind(row.number("session_id")?)
                .execute(&mut *changes)
                .await?;
        }
    }
    Ok(())
}

/// Everything of their collections but the collections themselves.
async fn drop_collections(changes: &mut AnyConnection, whom: Whom) -> Result<(), StorageFailure> {
    let theirs = format!(
        "in (select guild_id, collection_id from collection where member_id = $1{})",
        whom.there()
    );
    for table in PARTS {
        let sql = format!("delete from {table} where (guild_id, collection_id) {theirs}");
        whom.statement(sql).execute(&mut *changes).await?;
    }
    let sql =
        format!("delete from page where kind = 'collection' and (guild_id, subject_id) {theirs}");
    whom.statement(sql).execute(&mut *changes).await?;
    let sql = format!(
        "update setlist_entry set collection_id = null where (guild_id, collection_id) {theirs}"
    );
    whom.statement(sql).execute(&mut *changes).await?;
    Ok(())
}

/// The rows of every kind of the guild, or of none: gone, or without whose they are.
async fn change_rows(changes: &mut AnyConnection, whom: Whom) -> Result<(), StorageFailure> {
    for kind in KINDS {
        if kind.is_of_guild != whom.guild.is_some() {
            continue;
        }
        let (table, column) = (kind.table, kind.member);
        let name = kind
            .called
            .map(|name| format!(", {name} = '{NAMELESS}'"))
            .unwrap_or_default();
        let there = whom.there();
        let sql = match kind.fate {
            Fate::Deleted => format!("delete from {table} where {column} = $1{there}"),
            Fate::Nameless => {
                format!("update {table} set {column} = 0{name} where {column} = $1{there}")
            }
            Fate::Kept => continue,
        };
        whom.statement(sql).execute(&mut *changes).await?;
    }
    Ok(())
}
