//! Keeping something twice is keeping it once.

use super::places::{Place, on_each};
use super::samples::{
    ADA, BEN, CYD, HOME, after, begun, comment, ended, entry, grab, heard, on_air, play, rating,
    session, standing, track,
};
use rondo::domain::ids::{SessionId, TurnId};
use rondo::domain::leaderboard::{Board, Period};
use rondo::domain::protocol::{CloseReason, Deed, Record};
use rondo::domain::settings::Settings;
use rondo::storage::StorageFailure;
use std::fmt::Debug;
use std::time::Duration;

/// Every kind of record, as one evening brings them.
fn evening() -> Vec<Record> {
    let open = vec![
        session(1, None),
        Record::Settings(Box::default()),
        Record::Settings(Box::new(Settings {
            seats: 2,
            ..Settings::default()
        })),
        Record::Setlist {
            member: ADA,
            entries: vec![entry(1, "One"), entry(2, "Two")],
        },
        begun(&play(1, ADA, "One")),
        rating(1, BEN, 5),
        rating(1, BEN, 4),
        rating(1, CYD, 1),
        comment(1, BEN, 5, "first"),
        comment(1, CYD, 9, "second"),
        grab(1, BEN, "One"),
        on_air(1, 1, "Somebody - Something"),
        Record::Unrated {
            turn: TurnId(1),
            rater: CYD,
        },
        heard(1, BEN, 180, true),
        ended(play(1, ADA, "One")),
        rating(1, ADA, 5),
        Record::Voided {
            turn: TurnId(1),
            rater: ADA,
            by: BEN,
            at: after(400),
        },
        Record::SessionThemed {
            session: SessionId(1),
            theme: Some("Rain".to_owned()),
        },
    ];
    let close = vec![
        Record::StageBan {
            member: CYD,
            banned: true,
        },
        Record::TrackBan {
            key: track("Noise").key,
            title: "Noise".to_owned(),
            banned: true,
        },
        Record::Log {
            by: BEN,
            by_name: "Ben".to_owned(),
            at: after(400),
            deed: Deed::Closed,
        },
        Record::SessionClosed {
            session: SessionId(1),
            closed_at: after(500),
            why: CloseReason::Asked,
        },
        session(2, None),
        Record::Standing(Box::new(standing("Two"))),
        Record::Position {
            turn: TurnId(2),
            position: Duration::from_secs(7),
            at: after(600),
        },
    ];
    open.into_iter().chain(close).collect()
}

/// How many rows every table has, and what is read from them.
async fn everything(place: &Place) -> Vec<String> {
    const TABLES: [&str; 13] = [
        "guild_setting",
        "standing",
        "setlist_entry",
        "session",
        "play",
        "rating",
        "comment",
        "heard",
        "grab",
        "stage_ban",
        "deed",
        "board_mark",
        "board_play",
    ];
    let store = place.store().await;
    store
        .refresh_boards(HOME, after(500))
        .await
        .expect("boards");
    // What is written from now on is marked.
    store.close().await;
    drop(store);
    let desk = place.desk().await;
    desk.keep(HOME, vec![heard(1, BEN, 180, true)]).await;
    desk.close().await;
    let mut all = Vec::new();
    for table in TABLES {
        let rows = place.number(&format!("select count(*) from {table}")).await;
        assert!(rows > 0, "the evening left nothing in {table}");
        all.push(format!("{table}: {rows}"));
    }
    let store = place.store().await;
    all.push(shown(&store.load(HOME).await));
    all.push(shown(&store.play(HOME, TurnId(1)).await));
    all.push(shown(&store.sessions(HOME, None, 9).await));
    for board in Board::ALL {
        let board = (board, Period::All);
        all.push(shown(&store.board(HOME, board, 0, BEN).await));
    }
    all.push(shown(&store.profile(HOME, BEN).await));
    all.push(shown(&store.deeds(HOME, 9).await));
    store.close().await;
    all
}

fn shown<T: Debug>(read: &Result<T, StorageFailure>) -> String {
    format!("{:#?}", read.as_ref().expect("can be read"))
}

#[tokio::test]
async fn an_evening_kept_twice_is_kept_once() {
    on_each(async |place| {
        let desk = place.desk().await;
        desk.keep(HOME, evening()).await;
        desk.close().await;
        let once = everything(place).await;

        let desk = place.desk().await;
        desk.keep(HOME, evening()).await;
        desk.close().await;
        assert_eq!(everything(place).await, once);

        // Each record twice in a row.
        let desk = place.desk().await;
        let twice = evening().into_iter().flat_map(|it| [it.clone(), it]);
        desk.keep(HOME, twice.collect()).await;
        desk.close().await;
        assert_eq!(everything(place).await, once);
    })
    .await;
}
