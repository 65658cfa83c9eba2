//! The leaderboards against figures calculated by hand: `(C m + sum) / (C + n)` with C = 10 and m
//! the mean of every counting rating of the guild in the period.

use super::places::{Desk, on_each};
use super::samples::{ADA, AWAY, BEN, CYD, FAR, HOME, ended, heard, play, rating, track};
use rondo::domain::ids::{GuildId, MemberId, TurnId};
use rondo::domain::leaderboard::Tally;
use rondo::domain::moment::Moment;
use rondo::domain::protocol::{PlayRecord, RatingRecord, Record};
use rondo::storage::{ListenerRow, LooperRow, TrackRow};
use std::time::Duration;

/// A listed or unlisted row: what it is, sum of stars, ratings, plays, score.
type Line<'a> = (&'a str, u64, u32, u32, f64);

fn of_track(row: &TrackRow) -> (&str, Tally, u32, f64) {
    (&row.title, row.tally, row.plays, row.score)
}

fn of_looper(row: &LooperRow) -> (&str, Tally, u32, f64) {
    (&row.name, row.tally, row.plays, row.score)
}

fn assert_rows<Row>(
    rows: &[Row],
    parts: impl Fn(&Row) -> (&str, Tally, u32, f64),
    expected: &[Line<'_>],
) {
    let found: Vec<_> = rows.iter().map(parts).collect();
    assert_eq!(found.len(), expected.len(), "{found:?}");
    for (found, line) in found.iter().zip(expected) {
        let tally = Tally {
            sum: line.1,
            count: line.2,
        };
        assert_eq!((found.0, found.1, found.2), (line.0, tally, line.3));
        assert!((found.3 - line.4).abs() < 1e-9, "{found:?}: {}", line.4);
    }
}

/// A play of the title with ratings by as many people; they count unless they are negative.
pub(super) fn rated(turn: u64, looper: MemberId, title: &str, stars: &[i8]) -> Vec<Record> {
    let mut records = vec![ended(play(turn, looper, title))];
    for (rater, stars) in (500..).zip(stars) {
        let mut given = rating(turn, MemberId(rater), stars.unsigned_abs());
        if let Record::Rating(RatingRecord { counts, .. }) = &mut given {
            *counts = *stars > 0;
        }
        records.push(given);
    }
    records
}

/// A moderator takes a rating from the boards.
pub(super) fn voided(turn: u64, rater: MemberId) -> Record {
    Record::Voided {
        turn: TurnId(turn),
        rater,
        by: MemberId(600),
        at: NOW,
    }
}

pub(super) async fn keep_all(desk: &Desk, guild: GuildId, plays: Vec<Vec<Record>>) {
    desk.keep(guild, plays.into_iter().flatten().collect())
        .await;
}

#[tokio::test]
async fn tracks_stand_by_score_from_three_ratings_on() {
    on_each(async |place| {
        let desk = place.desk().await;
        let plays = vec![
            // Twice played, by two loopers: one line.
            rated(1, ADA, "Gold", &[5, 5]),
            rated(2, BEN, "Gold", &[5, 4, 1]),
            vec![voided(2, MemberId(502))],
            rated(3, BEN, "Silver", &[4, 4, 4, -1]),
            rated(4, CYD, "Few", &[5, 5]),
            rated(5, CYD, "Unheard", &[-5, -5, -5]),
            rated(6, ADA, "Silence", &[]),
        ];
        keep_all(&desk, HOME, plays).await;
        // The neighbours' ratings of the same tracks, turns and people are their own.
        let theirs = vec![
            rated(1, ADA, "Gold", &[1, 1, 1]),
            rated(3, BEN, "Silver", &[1, 2, 1, 2, 1]),
        ];
        keep_all(&desk, AWAY, theirs).await;

        // 41 stars in 9 ratings: m = 41/9.
        let board = desk.store.board_tracks(HOME, None).await.unwrap();
        let gold = (410.0 / 9.0 + 19.0) / 14.0;
        let silver = (410.0 / 9.0 + 12.0) / 13.0;
        assert_rows(
            &board.listed,
            of_track,
            &[("Gold", 19, 4, 2, gold), ("Silver", 12, 3, 1, silver)],
        );
        let few = (410.0 / 9.0 + 10.0) / 12.0;
        assert!(few > gold, "the best of all, if it were known well enough");
        assert_rows(&board.unlisted, of_track, &[("Few", 10, 2, 1, few)]);
        assert_eq!(board.listed[0].key, track("Gold").key);
        assert_eq!(board.listed[0].artist.as_deref(), Some("Gold's band"));

        // 10 stars in 8: m = 5/4.
        let board = desk.store.board_tracks(AWAY, None).await.unwrap();
        let silver = (12.5 + 7.0) / 15.0;
        let gold = (12.5 + 3.0) / 13.0;
        assert_rows(
            &board.listed,
            of_track,
            &[("Silver", 7, 5, 1, silver), ("Gold", 3, 3, 1, gold)],
        );
        assert!(board.unlisted.is_empty());
        desk.close().await;
    })
    .await;
}

#[tokio::test]
async fn of_equal_scores_the_one_with_more_ratings_is_first() {
    on_each(async |place| {
        let desk = place.desk().await;
        let plays = vec![
            rated(1, ADA, "Three", &[4, 4, 4]),
            rated(2, ADA, "Five", &[3, 4, 5, 4, 4]),
            rated(3, ADA, "Four", &[4, 3, 5, 4]),
        ];
        keep_all(&desk, HOME, plays).await;
        let board = desk.store.board_tracks(HOME, None).await.unwrap();
        assert_rows(
            &board.listed,
            of_track,
            &[
                ("Five", 20, 5, 1, 4.0),
                ("Four", 16, 4, 1, 4.0),
                ("Three", 12, 3, 1, 4.0),
            ],
        );

        // Both have the guild's mean, 11/3, which no binary fraction is.
        let thirds = vec![
            rated(1, ADA, "Short", &[4, 4, 3]),
            rated(2, ADA, "Long", &[4, 4, 3, 4, 4, 3, 4, 4, 3]),
        ];
        keep_all(&desk, AWAY, thirds).await;
        let board = desk.store.board_tracks(AWAY, None).await.unwrap();
        let mean = 11.0 / 3.0;
        assert_rows(
            &board.listed,
            of_track,
            &[("Long", 33, 9, 1, mean), ("Short", 11, 3, 1, mean)],
        );
        desk.close().await;
    })
    .await;
}

#[tokio::test]
async fn loopers_stand_by_score_from_five_rated_plays_on() {
    on_each(async |place| {
        let desk = place.desk().await;
        let mut plays: Vec<Vec<Record>> =
            (1..=5).map(|turn| rated(turn, ADA, "Song", &[4])).collect();
        plays.extend((6..=10).map(|turn| rated(turn, BEN, "Song", &[5, 4])));
        // Much loved in four plays; what counts for nothing does not make a fifth.
        plays.extend((11..=14).map(|turn| rated(turn, CYD, "Song", &[5, 5, 5])));
        plays.push(rated(15, CYD, "Song", &[-5]));
        plays.push(rated(16, CYD, "Song", &[]));
        keep_all(&desk, HOME, plays).await;
        let last = vec![
            rated(17, CYD, "Song", &[1]),
            vec![voided(17, MemberId(500))],
        ];
        keep_all(&desk, HOME, last).await;
        keep_all(&desk, AWAY, vec![rated(1, BEN, "Song", &[1])]).await;

        // 20 + 45 + 60 stars in 5 + 10 + 12 ratings: m = 125/27.
        let board = desk.store.board_loopers(HOME, None).await.unwrap();
        let mean = 125.0 / 27.0;
        let ben = (10.0 * mean + 45.0) / 20.0;
        let ada = (10.0 * mean + 20.0) / 15.0;
        let cyd = (10.0 * mean + 60.0) / 22.0;
        assert_rows(
            &board.listed,
            of_looper,
            &[
                ("Looper 102", 45, 10, 5, ben),
                ("Looper 101", 20, 5, 5, ada),
            ],
        );
        assert_rows(
            &board.unlisted,
            of_looper,
            &[("Looper 103", 60, 12, 4, cyd)],
        );
        let members: Vec<MemberId> = board.listed.iter().map(|row| row.member).collect();
        assert_eq!(members, [BEN, ADA]);

        let board = desk.store.board_loopers(AWAY, None).await.unwrap();
        assert!(board.listed.is_empty());
        assert_rows(&board.unlisted, of_looper, &[("Looper 102", 1, 1, 1, 1.0)]);
        desk.close().await;
    })
    .await;
}

#[tokio::test]
async fn listeners_stand_by_the_time_they_heard() {
    on_each(async |place| {
        let desk = place.desk().await;
        let mut records = vec![
            ended(play(1, ADA, "One")),
            ended(play(2, ADA, "Two")),
            heard(1, BEN, 100, true),
            heard(2, BEN, 80, false),
            heard(1, CYD, 181, true),
            heard(1, FAR, 90, true),
            heard(2, FAR, 90, true),
            heard(2, ADA, 0, false),
        ];
        desk.keep(HOME, records.clone()).await;
        records.truncate(3);
        desk.keep(AWAY, records).await;
        let row = |member, seconds, plays| ListenerRow {
            member,
            name: format!("Listener {member}"),
            heard: Duration::from_secs(seconds),
            plays,
        };
        let board = async |guild| desk.store.board_listeners(guild, None).await.unwrap();
        assert_eq!(
            board(HOME).await,
            [row(CYD, 181, 1), row(BEN, 180, 1), row(FAR, 180, 2)]
        );
        assert_eq!(board(AWAY).await, [row(BEN, 100, 1)]);
        desk.close().await;
    })
    .await;
}

const NOW: Moment = Moment(1_790_000_000_000);

fn days_ago(days: u64) -> Moment {
    NOW - Duration::from_hours(24 * days)
}

#[tokio::test]
async fn a_period_counts_the_plays_that_began_in_it_and_has_its_own_mean() {
    on_each(async |place| {
        let desk = place.desk().await;
        // One play by each looper: at the very edge of the week, then of each longer period.
        let plays = [
            (1, "This week", days_ago(7), ADA, 5),
            (2, "This month", days_ago(8), BEN, 3),
            (3, "This year", days_ago(31), CYD, 2),
            (4, "Long ago", days_ago(366), FAR, 1),
        ];
        for (turn, title, began_at, looper, stars) in plays {
            let mut records = rated(turn, looper, title, &[stars; 3]);
            records[0] = ended(PlayRecord {
                began_at,
                ..play(turn, looper, title)
            });
            records.push(heard(turn, MemberId(700 + turn), 60, true));
            desk.keep(HOME, records).await;
        }
        // Period, and its mean: 5, 4, 10/3, 11/4.
        let periods = [
            (Some(days_ago(7)), 5.0),
            (Some(days_ago(30)), 4.0),
            (Some(days_ago(365)), 10.0 / 3.0),
            (None, 11.0 / 4.0),
        ];
        for (lines, (since, mean)) in (1..).zip(periods) {
            let score = |sum: f64| (10.0 * mean + sum) / 13.0;
            let tracks: [Line<'_>; 4] = [
                ("This week", 15, 3, 1, score(15.0)),
                ("This month", 9, 3, 1, score(9.0)),
                ("This year", 6, 3, 1, score(6.0)),
                ("Long ago", 3, 3, 1, score(3.0)),
            ];
            let board = desk.store.board_tracks(HOME, since).await.unwrap();
            assert_rows(&board.listed, of_track, &tracks[..lines]);
            let names = ["101", "102", "103", &FAR.to_string()].map(|id| format!("Looper {id}"));
            let loopers: Vec<Line<'_>> = names
                .iter()
                .zip(tracks)
                .map(|(name, (_, sum, count, plays, score))| (&**name, sum, count, plays, score))
                .collect();
            let board = desk.store.board_loopers(HOME, since).await.unwrap();
            assert_rows(&board.unlisted, of_looper, &loopers[..lines]);
            let listeners = desk.store.board_listeners(HOME, since).await.unwrap();
            assert_eq!(listeners.len(), lines);
        }
        let later = Some(NOW);
        let board = desk.store.board_tracks(HOME, later).await.unwrap();
        assert!(board.listed.is_empty() && board.unlisted.is_empty());
        desk.close().await;
    })
    .await;
}
