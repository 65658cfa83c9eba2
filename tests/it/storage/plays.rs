//! A play and what was felt about it.

use super::places::on_each;
use super::samples::{
    ADA, AWAY, BEN, CYD, FAR, HOME, after, begun, comment, ended, grab, heard, play, rating, track,
};
use rondo::domain::ids::{SeatNo, SessionId, TurnId};
use rondo::domain::leaderboard::Tally;
use rondo::domain::protocol::{PlayRecord, Record, SkipReason, TurnEnd};
use rondo::domain::track::{Origin, Track};
use rondo::storage::{LatestComment, PlaySummary};
use std::time::Duration;

/// The play as it is read when nobody felt anything about it.
fn plain(play: PlayRecord) -> PlaySummary {
    PlaySummary {
        play,
        tally: Tally::default(),
        grabs: 0,
        heard: 0,
        comments: 0,
    }
}

#[tokio::test]
async fn a_play_is_read_as_it_was_kept_however_it_ended() {
    let ends = [
        TurnEnd::Finished,
        TurnEnd::Limit,
        TurnEnd::SkippedByLooper,
        TurnEnd::SkippedBy {
            member: FAR,
            reason: Some(SkipReason::Words("it's \"late\" 晚了".to_owned())),
        },
        TurnEnd::SkippedBy {
            member: BEN,
            reason: None,
        },
        TurnEnd::VotedOff,
        TurnEnd::Failed,
        TurnEnd::Closed,
    ];
    on_each(async |place| {
        let desk = place.desk().await;
        for (turn, end) in (1..).zip(&ends) {
            let mut whole = play(turn, FAR, "Song");
            whole.seat = SeatNo(5);
            whole.end = Some(end.clone());
            whole.track = Track {
                artist: None,
                album: None,
                link: None,
                cover: Some("cover.png".to_owned()),
                gain_tenths: None,
                live: false,
                origin: Origin::Library,
                ..track("标题 'n' \"title\" 🔥")
            };
            let begins = begun(&whole);
            let running = plain(match &begins {
                Record::PlayBegun(play) => (**play).clone(),
                other => panic!("{other:?}"),
            });
            desk.keep(HOME, vec![begins]).await;
            let read = async || desk.store.play(HOME, TurnId(turn)).await.unwrap();
            assert_eq!(read().await, Some(running));
            desk.keep(HOME, vec![ended(whole.clone())]).await;
            assert_eq!(read().await, Some(plain(whole)));
        }
        assert_eq!(desk.store.play(HOME, TurnId(99)).await.unwrap(), None);
        assert_eq!(desk.store.play(AWAY, TurnId(1)).await.unwrap(), None);
        desk.close().await;
    })
    .await;
}

/// What is felt about turn 1, and the same of turn 2.
fn felt_at_home() -> Vec<Record> {
    vec![
        ended(play(1, ADA, "Song")),
        rating(1, BEN, 5),
        rating(1, CYD, 2),
        rating(1, FAR, 1),
        // Changed, taken back, voided.
        rating(1, BEN, 4),
        Record::Unrated {
            turn: TurnId(1),
            rater: CYD,
        },
        rating(1, ADA, 3),
        Record::Voided {
            turn: TurnId(1),
            rater: FAR,
            by: ADA,
            at: after(99),
        },
        heard(1, BEN, 180, true),
        heard(1, CYD, 20, false),
        heard(1, FAR, 100, true),
        comment(1, BEN, 10, "lovely"),
        comment(1, BEN, 20, "'; drop table play; --"),
        comment(1, CYD, 20, "真好 🎶"),
        grab(1, BEN, "Song"),
        rating(2, BEN, 5),
        heard(2, BEN, 60, true),
        comment(2, BEN, 10, "next"),
        grab(2, CYD, "Song"),
    ]
}

#[tokio::test]
async fn a_play_has_the_figures_of_what_was_felt() {
    on_each(async |place| {
        let desk = place.desk().await;
        desk.keep(HOME, felt_at_home()).await;
        desk.keep(
            AWAY,
            vec![
                ended(play(1, ADA, "Song")),
                rating(1, BEN, 1),
                comment(1, BEN, 10, "meh"),
            ],
        )
        .await;
        let read = async |guild| desk.store.play(guild, TurnId(1)).await.unwrap();
        let felt = PlaySummary {
            play: play(1, ADA, "Song"),
            tally: Tally { sum: 7, count: 2 },
            grabs: 1,
            heard: 2,
            comments: 3,
        };
        assert_eq!(read(HOME).await, Some(felt.clone()));
        let elsewhere = PlaySummary {
            tally: Tally { sum: 1, count: 1 },
            comments: 1,
            ..plain(play(1, ADA, "Song"))
        };
        assert_eq!(read(AWAY).await, Some(elsewhere));

        // What was voided stays so when it is given anew; taking back what is not there changes nothing.
        let nothing = Record::Unrated {
            turn: TurnId(1),
            rater: CYD,
        };
        desk.keep(HOME, vec![rating(1, FAR, 2), nothing]).await;
        assert_eq!(read(HOME).await, Some(felt));
        desk.close().await;
    })
    .await;
}

#[tokio::test]
async fn the_latest_comments_of_a_session_are_read_in_order() {
    on_each(async |place| {
        let desk = place.desk().await;
        desk.keep(HOME, felt_at_home()).await;
        let other = PlayRecord {
            session: SessionId(2),
            ..play(3, ADA, "Later")
        };
        desk.keep(HOME, vec![ended(play(2, ADA, "Song")), ended(other)])
            .await;
        desk.keep(HOME, vec![comment(3, BEN, 1, "another evening")])
            .await;
        let latest = async |guild, session, limit| {
            let found = desk.store.latest_comments(guild, SessionId(session), limit);
            found.await.unwrap()
        };
        let texts = |found: &[LatestComment]| -> Vec<String> {
            found.iter().map(|it| it.text.clone()).collect()
        };
        let all = latest(HOME, 1, 9).await;
        let words = ["lovely", "'; drop table play; --", "真好 🎶", "next"];
        assert_eq!(texts(&all), words);
        let first = LatestComment {
            turn: TurnId(1),
            member: BEN,
            name: format!("Listener {BEN}"),
            offset: Duration::from_secs(10),
            text: "lovely".to_owned(),
            at: after(70),
        };
        assert_eq!(all.first(), Some(&first));
        assert_eq!(texts(&latest(HOME, 1, 2).await), ["真好 🎶", "next"]);
        assert_eq!(texts(&latest(HOME, 2, 9).await), ["another evening"]);
        assert_eq!(latest(AWAY, 1, 9).await, []);
        desk.close().await;
    })
    .await;
}
