//! The writer on a database that has come to its size limit, which only its own connection can set.

use super::*;
use crate::domain::ids::MemberId;
use crate::domain::ids::TurnId;
use crate::domain::moment::Moment;
use crate::domain::protocol::{RatingRecord, Stars, Way};
use sqlx::{AssertSqlSafe, query};

const HOME: GuildId = GuildId(1);

fn ratings(turn: u64) -> Vec<Record> {
    let of = |rater| RatingRecord {
        turn: TurnId(turn),
        rater: MemberId(rater),
        stars: Stars::new(4).unwrap(),
        way: Way::Button,
        at: Moment(1),
        counts: true,
    };
    (0..500).map(|rater| Record::Rating(of(rater))).collect()
}

async fn number(store: &Store, sql: &'static str) -> i64 {
    let row = query(sql).fetch_one(&store.pool).await.unwrap();
    sqlx::Row::get(&row, 0)
}

#[tokio::test]
async fn a_full_database_is_told_and_what_it_had_no_room_for_is_kept_later() {
    // In memory there is one connection, so that the limit holds for the writer too.
    let store = Store::open("sqlite::memory:").await.unwrap();
    let tasks = TaskTracker::new();
    let journal = Journal::start(store.clone(), &tasks);
    assert_eq!(journal.keep(HOME, ratings(1)).await.wait().await, Ok(()));

    let pages = number(&store, "pragma page_count").await;
    let limit = format!("pragma max_page_count = {pages}");
    query(AssertSqlSafe(limit))
        .execute(&store.pool)
        .await
        .unwrap();
    let failure: StorageFailure = query("create table wide as select zeroblob(1000000) as hole")
        .execute(&store.pool)
        .await
        .unwrap_err()
        .into();
    assert!(matches!(failure, StorageFailure::Full), "{failure:?}");

    assert_eq!(
        journal.keep(HOME, ratings(2)).await.wait().await,
        Err(JournalFailure)
    );
    assert!(!journal.is_well());
    assert_eq!(number(&store, "select count(*) from rating").await, 500);

    query("pragma max_page_count = 1000000")
        .execute(&store.pool)
        .await
        .unwrap();
    assert_eq!(journal.keep(HOME, ratings(3)).await.wait().await, Ok(()));
    assert!(journal.is_well());
    assert_eq!(number(&store, "select count(*) from rating").await, 1_500);
    drop(journal);
    tasks.close();
    tasks.wait().await;
    store.close().await;
}
