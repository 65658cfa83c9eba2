//! How the databases go about it: nothing about one person reads a whole table that grows with every
//! rating, since the journal would have to wait for it.

use super::super::cards::OF_LOOPER;
use super::super::{Columns, Store};
use crate::domain::ids::{GuildId, MemberId};
use sqlx::{AssertSqlSafe, query};
use std::cell::RefCell;

thread_local! {
    static SEEN: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
}

/// Remembers a statement of this test's.
pub(super) fn note(sql: &str) {
    SEEN.with_borrow_mut(|seen| seen.push(sql.to_owned()));
}

async fn run(store: &Store, sql: &str) {
    let statement = query(AssertSqlSafe(sql.to_owned()));
    statement.execute(&store.pool).await.unwrap();
}

async fn plan(store: &Store, sql: &str) -> Vec<String> {
    let count = (1..=9)
        .take_while(|at| sql.contains(&format!("${at}")))
        .count();
    let mut statement = query(AssertSqlSafe(format!("explain query plan {sql}")));
    for _ in 0..count {
        statement = statement.bind(1_i64);
    }
    let rows = statement.fetch_all(&store.pool).await.unwrap();
    rows.iter().map(|row| row.text("detail").unwrap()).collect()
}

#[tokio::test]
async fn nothing_about_one_person_reads_a_whole_table_of_plays_or_ratings() {
    let store = Store::open("sqlite::memory:").await.unwrap();
    let ana = MemberId(7);
    for guild in [1, 2] {
        for sql in [
            format!("insert into session values ({guild}, 1, 1, 7, 'Ana', 1, null, null)"),
            format!(
                "insert into play values ({guild}, 1, 1, 7, 'Ana', 1, 'k', 't', null, '{{}}', 1, 2, \
                 1, '\"Finished\"', 1)"
            ),
            format!("insert into rating values ({guild}, 1, 7, 5, 'Command', 1, 1, null, null)"),
            format!("insert into heard values ({guild}, 1, 7, 'Ana', 1, 1, 0)"),
        ] {
            run(&store, &sql).await;
        }
    }
    let names = store.names_of(ana).await.unwrap();
    assert_eq!(names, ["Ana"]);
    let told = store.told_about(ana).await.unwrap();
    assert!(told.iter().any(|section| section.rows.len() == 2));
    for guild in [None, Some(GuildId(1))] {
        assert!(!store.traces(ana, guild).await.unwrap().is_empty());
    }
    for guild in [Some(GuildId(1)), None] {
        store.forget_member(ana, guild, &names).await.unwrap();
    }
    assert_eq!(store.traces(ana, None).await.unwrap(), []);

    let mut seen = SEEN.with_borrow(Clone::clone);
    seen.push(OF_LOOPER.to_owned());
    seen.sort();
    seen.dedup();
    assert!(seen.len() > 60, "only {} were seen", seen.len());
    for sql in seen {
        for step in plan(&store, &sql).await {
            for table in [
                "play",
                "rating",
                "heard",
                "looper_heard",
                "grab",
                "comment",
                "board_play",
            ] {
                let scan = format!("SCAN {table}");
                assert!(
                    step != scan && !step.starts_with(&format!("{scan} ")),
                    "{step}: {sql}"
                );
                // An index that only knows the guild leads through everything it has.
                let is_whole = step.starts_with(&format!("SEARCH {table} "))
                    && step.ends_with("(guild_id=?)")
                    && !step.contains("play_by_skip");
                assert!(!is_whole, "{step}: {sql}");
            }
        }
    }
    store.close().await;
}
