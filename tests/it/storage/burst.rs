//! A busy moment: many waiters share few commits, and whoever was answered is on the disk.

use super::places::{Place, on_each, on_sqlite};
use super::samples::{ADA, BEN, HOME, ended, play, rating};
use futures_util::future::join_all;
use rondo::domain::ids::{MemberId, TurnId};
use rondo::domain::leaderboard::Tally;
use rondo::domain::protocol::Record;
use sqlx::Connection;
use std::fs;

const RATINGS: &str = "select count(*) from rating";

#[tokio::test]
async fn five_thousand_ratings_share_commits_and_are_all_kept() {
    const TURNS: u64 = 50;
    const RATERS: u64 = 100;
    on_each(async |place| {
        let desk = place.desk().await;
        let plays = (1..=TURNS).map(|turn| ended(play(turn, ADA, "Song")));
        desk.keep(HOME, plays.collect()).await;
        let before = desk.journal.commits();
        assert_eq!(before, 1);

        let everyone = (1..=TURNS).flat_map(|turn| (0..RATERS).map(move |rater| (turn, rater)));
        let answers = join_all(everyone.map(|(turn, rater)| {
            // The n-th rater gives 1 to 5 in turn: 20 of each to every play.
            let stars = u8::try_from(rater % 5 + 1).expect("small");
            let record = rating(turn, MemberId(1_000 + rater), stars);
            desk.try_keep(HOME, vec![record])
        }))
        .await;
        assert_eq!(answers.len(), 5_000);
        assert!(answers.iter().all(Result::is_ok));
        let commits = desk.journal.commits() - before;
        assert!(commits <= 100, "{commits} commits for 5000 ratings");
        assert!(desk.journal.is_well());
        // Answered is kept: seen by somebody else before anything is closed.
        assert_eq!(place.number(RATINGS).await, 5_000);
        desk.close().await;

        let store = place.store().await;
        for turn in 1..=TURNS {
            let play = store.play(HOME, TurnId(turn)).await.unwrap();
            let whole = Tally {
                sum: 20 * (1 + 2 + 3 + 4 + 5),
                count: 100,
            };
            assert_eq!(play.map(|it| it.tally), Some(whole), "turn {turn}");
        }
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn of_many_at_once_the_last_of_each_stands() {
    on_each(async |place| {
        let desk = place.desk().await;
        let raters = || (0..120).map(|rater| MemberId(1_000 + rater));
        let mut records: Vec<Record> = raters().map(|rater| rating(1, rater, 2)).collect();
        // Everybody thinks again, and the first takes it back and gives one more.
        records.extend(raters().map(|rater| rating(1, rater, 5)));
        let (turn, rater) = (TurnId(1), MemberId(1_000));
        records.push(Record::Unrated { turn, rater });
        records.push(rating(1, rater, 1));
        desk.keep(HOME, vec![ended(play(1, ADA, "Song"))]).await;
        desk.keep(HOME, records).await;
        desk.close().await;

        let store = place.store().await;
        let play = store.play(HOME, turn).await.unwrap();
        let whole = Tally {
            sum: 119 * 5 + 1,
            count: 120,
        };
        assert_eq!(play.map(|it| it.tally), Some(whole));
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn what_was_answered_is_seen_by_everybody_at_once() {
    on_each(async |place| {
        let desk = place.desk().await;
        let mut stranger = place.stranger().await;
        for rater in 1..=50 {
            desk.keep(HOME, vec![rating(1, MemberId(rater), 3)]).await;
            let seen: i64 = sqlx::query_scalar(RATINGS)
                .fetch_one(&mut stranger)
                .await
                .unwrap();
            assert_eq!(seen, i64::try_from(rater).unwrap());
        }
        stranger.close().await.unwrap();
        desk.close().await;
    })
    .await;
}

/// What the files hold at that moment is what a machine finds that starts again after its power
/// went away, as far as one process can show it.
#[tokio::test]
async fn what_was_answered_is_in_the_files_before_anything_is_closed() {
    on_sqlite(&async |place: &Place| {
        let desk = place.desk().await;
        let file = place.file.as_ref().expect("a file");
        for (rater, stars) in [(BEN, 5), (ADA, 2)] {
            desk.keep(HOME, vec![rating(1, rater, stars)]).await;
            let copy = file.with_file_name(format!("copy-{rater}.db"));
            for part in ["", "-wal"] {
                let [from, to] = [file, &copy].map(|file| format!("{}{part}", file.display()));
                fs::copy(from, to).unwrap();
            }
            let found = Place::of_file(&copy);
            let stars_of_rater = format!("select stars from rating where rater_id = {rater}");
            assert_eq!(found.number(&stars_of_rater).await, i64::from(stars));
        }
        desk.close().await;
    })
    .await;
}

#[tokio::test]
async fn what_one_sends_without_waiting_is_kept_in_order() {
    on_each(async |place| {
        let desk = place.desk().await;
        let mut written = Vec::new();
        for round in 0..1_000_u64 {
            let stars = u8::try_from(round % 5 + 1).expect("small");
            let records = vec![rating(1, BEN, stars)];
            written.push(desk.journal.keep(HOME, records).await);
        }
        for written in written {
            written.wait().await.expect("is kept");
        }
        assert_eq!(place.number("select stars from rating").await, 5);
        desk.close().await;
    })
    .await;
}

#[tokio::test]
async fn what_still_waits_is_written_when_the_journal_is_given_up() {
    on_each(async |place| {
        let desk = place.desk().await;
        for rater in 1..=500 {
            // Nobody waits for the answer.
            drop(
                desk.journal
                    .keep(HOME, vec![rating(1, MemberId(rater), 3)])
                    .await,
            );
        }
        desk.close().await;
        assert_eq!(place.number(RATINGS).await, 500);
    })
    .await;
}
