//! Opening a database: made when it is not there, left alone when it is not ours to change.

use super::places::{Place, on_each, on_postgres, on_sqlite};
use super::samples::{HOME, session};
use rondo::storage::{StorageFailure, Store};
use std::fs;
use std::path::Path;

const MIGRATIONS: &str = "select count(*) from _sqlx_migrations where success";

/// A database that has seen an evening, closed.
async fn used(place: &Place) {
    let desk = place.desk().await;
    desk.store.put_memo("colour", "blue").await.expect("is put");
    desk.keep(HOME, vec![session(1, Some("Rain"))]).await;
    desk.close().await;
}

fn file(place: &Place) -> &Path {
    place.file.as_deref().expect("a file")
}

async fn refused(url: &str) -> StorageFailure {
    Store::open(url).await.expect_err("it is refused")
}

#[tokio::test]
async fn an_empty_database_gets_its_tables_and_keeps_them() {
    on_each(async |place| {
        used(place).await;
        let migrations = place.number(MIGRATIONS).await;
        assert!(migrations > 0);
        let bytes = place.file.as_ref().map(|file| fs::read(file).unwrap());

        let store = place.store().await;
        let colour = store.memo("colour").await.unwrap();
        assert_eq!(colour.as_deref(), Some("blue"));
        let sessions = store.sessions(HOME, None, 10).await.unwrap();
        assert_eq!(sessions.len(), 1);
        assert_eq!(sessions[0].theme.as_deref(), Some("Rain"));
        store.close().await;

        assert_eq!(place.number(MIGRATIONS).await, migrations);
        let again = place.file.as_ref().map(|file| fs::read(file).unwrap());
        assert!(bytes == again, "opening and reading has changed the file");
    })
    .await;
}

#[tokio::test]
async fn a_database_of_a_newer_rondo_is_refused_and_left_alone() {
    on_each(async |place| {
        used(place).await;
        place
            .meddle(
                "insert into _sqlx_migrations \
                 (version, description, success, checksum, execution_time) \
                 select 9000, 'of the future', success, checksum, 0 \
                 from _sqlx_migrations where version = 1",
            )
            .await;
        let migrations = place.number(MIGRATIONS).await;
        let bytes = place.file.as_ref().map(|file| fs::read(file).unwrap());

        let failure = refused(&place.url).await;
        let told = failure.to_string();
        assert!(
            matches!(failure, StorageFailure::Newer { found: 9000, .. }),
            "{failure:?}"
        );
        assert!(told.contains("newer Rondo"), "{told}");
        assert!(!failure.may_pass());

        assert_eq!(place.number(MIGRATIONS).await, migrations);
        assert_eq!(place.number("select count(*) from session").await, 1);
        let after = place.file.as_ref().map(|file| fs::read(file).unwrap());
        assert!(bytes == after, "the refused file was changed");
    })
    .await;
}

#[tokio::test]
async fn a_file_that_is_no_database_is_refused_and_left_alone() {
    on_sqlite(&async |place: &Place| {
        let letter = "Dear diary, today five people played music.\n".repeat(200);
        let picture = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".repeat(100);
        for content in [letter.as_bytes(), &picture] {
            fs::write(file(place), content).unwrap();
            let failure = refused(&place.url).await;
            let told = failure.to_string();
            assert!(
                matches!(failure, StorageFailure::NotOpened { .. }),
                "{failure:?}"
            );
            assert!(told.contains("not a database"), "{told}");
            assert!(told.contains("rondo.db"), "{told}");
            assert!(fs::read(file(place)).unwrap() == content, "it was changed");
        }
    })
    .await;
}

#[tokio::test]
async fn a_damaged_database_is_refused_and_left_alone() {
    on_sqlite(&async |place: &Place| {
        used(place).await;
        let whole = fs::read(file(place)).unwrap();
        // Everything after the header of the first page, and all but the first page.
        let mut scrambled = whole.clone();
        scrambled[100..].fill(0xA5);
        let cut = whole[..4096].to_vec();
        for damaged in [scrambled, cut] {
            fs::write(file(place), &damaged).unwrap();
            let failure = refused(&place.url).await;
            let told = failure.to_string();
            assert!(told.contains("malformed"), "{failure:?}");
            assert!(fs::read(file(place)).unwrap() == damaged, "it was changed");
        }
        fs::write(file(place), &whole).unwrap();
        let store = place.store().await;
        assert!(store.memo("colour").await.unwrap().is_some());
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn one_file_serves_one_rondo_at_a_time() {
    on_sqlite(&async |place: &Place| {
        let first = place.store().await;
        let failure = refused(&place.url).await;
        assert!(matches!(failure, StorageFailure::InUse(_)), "{failure:?}");
        first.put_memo("still", "well").await.unwrap();
        let clone = first.clone();
        first.close().await;
        drop(first);
        // The last clone holds the file.
        assert!(matches!(
            refused(&place.url).await,
            StorageFailure::InUse(_)
        ));
        drop(clone);
        let second = place.store().await;
        assert_eq!(second.memo("still").await.unwrap().as_deref(), Some("well"));
        second.close().await;
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_a_database_is_told_in_plain_words() {
    let failure = refused("mysql://music.example/rondo").await;
    assert!(matches!(failure, StorageFailure::Address(_)), "{failure:?}");
    assert!(failure.to_string().contains("sqlite://"), "{failure}");

    on_sqlite(&async |place: &Place| {
        let nowhere = file(place).with_file_name("nowhere").join("rondo.db");
        let failure = refused(&format!("sqlite://{}", nowhere.display())).await;
        assert!(
            matches!(failure, StorageFailure::NotOpened { .. }),
            "{failure:?}"
        );
        let folder = file(place).with_file_name("folder");
        fs::create_dir(&folder).unwrap();
        let failure = refused(&format!("sqlite://{}", folder.display())).await;
        assert!(
            matches!(failure, StorageFailure::NotOpened { .. }),
            "{failure:?}"
        );
    })
    .await;
}

#[tokio::test]
async fn a_database_that_the_server_lacks_is_told_without_the_password() {
    on_postgres(&async |place: &Place| {
        let mut url = url::Url::parse(&place.url).unwrap();
        url.set_path("/rondo_test_that_nobody_made");
        if url.password().is_none() {
            url.set_password(Some("opensesame")).unwrap();
        }
        let password = url.password().unwrap().to_owned();
        let failure = refused(url.as_str()).await;
        assert!(
            matches!(failure, StorageFailure::NotOpened { .. }),
            "{failure:?}"
        );
        let told = format!("{failure} {failure:?}");
        assert!(told.contains("does not exist"), "{told}");
        assert!(!told.contains(&password), "{told}");
    })
    .await;
}

#[tokio::test]
async fn a_database_in_memory_is_whole_while_it_is_open() {
    let store = Store::open("sqlite::memory:").await.unwrap();
    store.put_memo("colour", "blue").await.unwrap();
    let reads = (0..20).map(|_| store.memo("colour"));
    for colour in futures_util::future::join_all(reads).await {
        assert_eq!(colour.unwrap().as_deref(), Some("blue"));
    }
    store.close().await;
}
