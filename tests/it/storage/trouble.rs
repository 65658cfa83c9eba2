//! When the database cannot do what it is asked: whoever waits is told the truth, and what may pass
//! is tried until it has passed.

use super::places::{Place, on_each, on_postgres, run};
use super::samples::{ADA, BEN, CYD, HOME, comment, ended, play, rating};
use rondo::domain::ids::TurnId;
use rondo::domain::leaderboard::Tally;
use rondo::storage::JournalFailure;
use sqlx::Connection;

const RATINGS: &str = "select count(*) from rating";

/// Every rating is answered as `PostgreSQL` answers on a full disk. (A full `SQLite` is among the
/// journal's own tests, since only its own connection can be given a limit.)
const FULL_DISK: &str = "create function full_disk() returns trigger language plpgsql as $$ \
     begin raise exception 'could not extend file: No space left on device' \
     using errcode = '53100'; end $$; \
     create trigger full_disk before insert on rating for each row execute function full_disk()";

#[tokio::test]
async fn on_a_full_disk_nothing_is_claimed_and_all_is_kept_when_there_is_room() {
    on_postgres(&async |place: &Place| {
        let desk = place.desk().await;
        desk.keep(HOME, vec![ended(play(1, ADA, "Song"))]).await;
        place.meddle(FULL_DISK).await;
        let commits = desk.journal.commits();
        let told = desk.try_keep(HOME, vec![rating(1, BEN, 5)]).await;
        assert_eq!(told, Err(JournalFailure));
        assert!(!desk.journal.is_well());
        assert_eq!(desk.journal.commits(), commits);
        assert_eq!(place.number(RATINGS).await, 0);
        // Reading goes on.
        assert!(desk.store.play(HOME, TurnId(1)).await.unwrap().is_some());

        place.meddle("drop trigger full_disk on rating").await;
        // What comes later is written after what waited, so both are there.
        desk.keep(HOME, vec![rating(1, CYD, 3)]).await;
        assert!(desk.journal.is_well());
        let play = desk.store.play(HOME, TurnId(1)).await.unwrap();
        let both = Tally { sum: 8, count: 2 };
        assert_eq!(play.map(|it| it.tally), Some(both));
        desk.close().await;
    })
    .await;
}

#[tokio::test]
async fn while_another_holds_the_lock_nobody_is_answered_and_readers_read_on() {
    on_each(async |place| {
        let desk = place.desk().await;
        desk.store.put_memo("colour", "blue").await.unwrap();
        let mut stranger = place.stranger().await;
        let locking = if place.file.is_some() {
            "begin immediate"
        } else {
            "begin; lock table rating in exclusive mode"
        };
        run(&mut stranger, locking).await;
        let mut answer = Box::pin(desk.try_keep(HOME, vec![rating(1, BEN, 5)]));
        let reading = async {
            for _ in 0..200 {
                let colour = desk.store.memo("colour").await.unwrap();
                assert_eq!(colour.as_deref(), Some("blue"));
            }
        };
        tokio::select! {
            biased;
            answer = &mut answer => panic!("answered before it could be: {answer:?}"),
            () = reading => {}
        }
        assert_eq!(desk.journal.commits(), 0);
        run(&mut stranger, "commit").await;
        assert_eq!(answer.await, Ok(()));
        assert_eq!(place.number(RATINGS).await, 1);
        stranger.close().await.unwrap();
        desk.close().await;
    })
    .await;
}

#[tokio::test]
async fn what_is_refused_fails_whole_and_alone() {
    on_each(async |place| {
        let desk = place.desk().await;
        place.meddle("drop table comment").await;
        let before = desk.journal.keep(HOME, vec![rating(1, ADA, 1)]).await;
        // The second of these has no table to go to, so the first shall not stand either.
        let broken = vec![rating(1, BEN, 2), comment(1, BEN, 5, "well")];
        let broken = desk.journal.keep(HOME, broken).await;
        let after = desk.journal.keep(HOME, vec![rating(1, CYD, 3)]).await;
        assert_eq!(before.wait().await, Ok(()));
        assert_eq!(broken.wait().await, Err(JournalFailure));
        assert_eq!(after.wait().await, Ok(()));
        // All three came in one group, which was refused; then the two that could be kept were.
        assert_eq!(desk.journal.commits(), 2);
        assert_eq!(place.number(RATINGS).await, 2);
        let of_ben = "select count(*) from rating where rater_id = 102";
        assert_eq!(place.number(of_ben).await, 0);
        desk.close().await;
    })
    .await;
}

/// Ends every connection of others to this database.
const HANG_UP: &str = "select pg_terminate_backend(pid) from pg_stat_activity \
     where datname = current_database() and pid <> pg_backend_pid()";

#[tokio::test]
async fn a_server_that_hangs_up_loses_nothing() {
    on_postgres(&async |place: &Place| {
        let desk = place.desk().await;
        for rater in [ADA, BEN, CYD] {
            desk.keep(HOME, vec![rating(1, rater, 4)]).await;
            place.meddle(HANG_UP).await;
        }
        assert_eq!(place.number(RATINGS).await, 3);
        assert_eq!(desk.store.memo("colour").await.unwrap(), None);
        desk.close().await;
    })
    .await;
}

#[tokio::test]
async fn a_server_that_only_reads_for_a_while_loses_nothing() {
    on_postgres(&async |place: &Place| {
        let desk = place.desk().await;
        desk.keep(HOME, vec![rating(1, ADA, 1)]).await;
        let mut owner = place.stranger().await;
        let name = place.url.rsplit('/').next().expect("a name").to_owned();
        let set = format!("alter database {name} set default_transaction_read_only = on");
        run(&mut owner, &set).await;
        run(&mut owner, HANG_UP).await;
        let told = desk.try_keep(HOME, vec![rating(1, BEN, 2)]).await;
        assert_eq!(told, Err(JournalFailure));
        assert!(!desk.journal.is_well());

        let reset = format!("alter database {name} reset default_transaction_read_only");
        run(&mut owner, &reset).await;
        run(&mut owner, HANG_UP).await;
        desk.keep(HOME, vec![rating(1, CYD, 3)]).await;
        assert_eq!(place.number(RATINGS).await, 3);
        owner.close().await.unwrap();
        desk.close().await;
    })
    .await;
}
