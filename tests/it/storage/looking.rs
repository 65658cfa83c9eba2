//! Looking back: plays with their figures, history, playlists, sessions, collections.

use super::places::on_each;
use super::samples::{
    ADA, AWAY, BEN, CYD, HOME, after, begun, ended, grab, heard, on_air, play, session, track,
};
use rondo::domain::ids::{ChannelId, SessionId, TurnId};
use rondo::domain::protocol::{CloseReason, PlayRecord, Record, TurnEnd};
use rondo::domain::track::Track;
use rondo::storage::{GrabRow, OnAir, PlaySummary, SessionSummary, Store};
use std::slice;
use std::time::Duration;

fn turns(plays: &[PlaySummary]) -> Vec<u64> {
    plays.iter().map(|it| it.play.turn.0).collect()
}

/// An evening of two sessions: turns 1 to 3 and 4 to 6; 2 never sounded and 6 still runs.
async fn evening(desk: &super::places::Desk) {
    let mut silent = play(2, BEN, "Broken");
    silent.played = Duration::ZERO;
    silent.end = Some(TurnEnd::Failed);
    let second = |turn, looper, title| PlayRecord {
        session: SessionId(2),
        ..play(turn, looper, title)
    };
    let records = vec![
        session(1, Some("Rain")),
        ended(play(1, ADA, "Blue Rain")),
        ended(silent),
        ended(play(3, ADA, "Red Sun")),
        Record::SessionClosed {
            session: SessionId(1),
            closed_at: after(1_000),
            why: CloseReason::Asked,
        },
        session(2, None),
        ended(second(4, BEN, "Blue Rain")),
        ended(second(5, CYD, "100%_Blue")),
        begun(&second(6, BEN, "Red Sun")),
        Record::SessionThemed {
            session: SessionId(2),
            theme: Some("Colours".to_owned()),
        },
    ];
    desk.keep(HOME, records).await;
    let elsewhere = vec![session(1, None), ended(play(1, ADA, "Blue Rain"))];
    desk.keep(AWAY, elsewhere).await;
}

#[tokio::test]
async fn history_and_playlists_hold_what_sounded() {
    on_each(async |place| {
        let desk = place.desk().await;
        evening(&desk).await;
        let history = async |guild, before: Option<u64>, limit| {
            let found = desk.store.history(guild, before.map(TurnId), limit).await;
            turns(&found.unwrap())
        };
        assert_eq!(history(HOME, None, 99).await, [6, 5, 4, 3, 1]);
        assert_eq!(history(HOME, None, 2).await, [6, 5]);
        assert_eq!(history(HOME, Some(5), 2).await, [4, 3]);
        assert!(history(HOME, Some(1), 2).await.is_empty());
        assert_eq!(history(AWAY, None, 99).await, [1]);

        let playlist = async |guild, session| {
            let found = desk.store.session_playlist(guild, SessionId(session)).await;
            turns(&found.unwrap())
        };
        assert_eq!(playlist(HOME, 1).await, [1, 3]);
        assert_eq!(playlist(HOME, 2).await, [4, 5, 6]);
        assert!(playlist(HOME, 3).await.is_empty());
        assert_eq!(playlist(AWAY, 1).await, [1]);

        let known = async |guild, title: &str| {
            let found = desk.store.track_played(guild, &track(title).key).await;
            found.unwrap().map(|track| track.title)
        };
        assert_eq!(known(HOME, "Red Sun").await.as_deref(), Some("Red Sun"));
        assert_eq!(known(HOME, "Never").await, None);
        assert_eq!(known(AWAY, "Red Sun").await, None);
        let listeners = async |guild, session| {
            let found = desk
                .store
                .session_listeners(guild, SessionId(session))
                .await;
            found.unwrap()
        };
        let hearings = vec![
            heard(1, BEN, 100, true),
            heard(3, BEN, 100, true),
            heard(3, CYD, 100, true),
            heard(3, ADA, 1, false),
            heard(4, ADA, 100, true),
        ];
        desk.keep(HOME, hearings).await;
        assert_eq!(listeners(HOME, 1).await, 2);
        assert_eq!(listeners(HOME, 2).await, 1);
        assert_eq!(listeners(AWAY, 1).await, 0);
        desk.close().await;
    })
    .await;
}

#[tokio::test]
async fn what_was_on_the_air_stands_with_its_play() {
    on_each(async |place| {
        let desk = place.desk().await;
        evening(&desk).await;
        let records = vec![
            on_air(5, 1, "夜来香"),
            on_air(5, 2, "Second"),
            on_air(1, 1, "In the first session"),
            // The same again, as after a crash.
            on_air(5, 2, "Second"),
        ];
        desk.keep(HOME, records).await;
        desk.keep(AWAY, vec![on_air(1, 1, "Elsewhere")]).await;
        let found = desk.store.on_air(HOME, SessionId(2)).await.unwrap();
        let title = |seconds, title: &str| OnAir {
            turn: TurnId(5),
            offset: Duration::from_secs(seconds),
            title: title.to_owned(),
        };
        assert_eq!(found, [title(10, "夜来香"), title(20, "Second")]);
        let none = desk.store.on_air(HOME, SessionId(3)).await.unwrap();
        assert!(none.is_empty());
        desk.close().await;
    })
    .await;
}

#[tokio::test]
async fn sessions_are_listed_with_their_figures() {
    on_each(async |place| {
        let desk = place.desk().await;
        evening(&desk).await;
        let first = SessionSummary {
            session: SessionId(1),
            channel: ChannelId(801),
            host: ADA,
            theme: Some("Rain".to_owned()),
            opened_at: after(1),
            closed_at: Some(after(1_000)),
            why: Some(CloseReason::Asked),
            plays: 2,
            loopers: 1,
        };
        let second = SessionSummary {
            session: SessionId(2),
            channel: ChannelId(802),
            host: ADA,
            theme: Some("Colours".to_owned()),
            opened_at: after(2),
            closed_at: None,
            why: None,
            plays: 2,
            loopers: 2,
        };
        let list = async |before: Option<u64>, limit| {
            let before = before.map(SessionId);
            desk.store.sessions(HOME, before, limit).await.unwrap()
        };
        assert_eq!(list(None, 9).await, [second.clone(), first.clone()]);
        assert_eq!(list(None, 1).await, [second]);
        assert_eq!(list(Some(2), 9).await, slice::from_ref(&first));
        assert_eq!(list(Some(1), 9).await, []);
        let one = async |guild, id| desk.store.session(guild, SessionId(id)).await.unwrap();
        assert_eq!(one(HOME, 1).await, Some(first));
        assert_eq!(one(HOME, 3).await, None);
        assert_eq!(one(AWAY, 1).await.map(|it| it.plays), Some(1));
        assert_eq!(one(AWAY, 2).await, None);
        // The theme is taken away again.
        let unthemed = Record::SessionThemed {
            session: SessionId(2),
            theme: None,
        };
        desk.keep(HOME, vec![unthemed]).await;
        assert_eq!(one(HOME, 2).await.map(|it| it.theme), Some(None));
        for (id, why) in [(2, CloseReason::Empty), (1, CloseReason::Expelled)] {
            let closed = Record::SessionClosed {
                session: SessionId(id),
                closed_at: after(2_000),
                why,
            };
            desk.keep(HOME, vec![closed]).await;
            assert_eq!(one(HOME, id).await.map(|it| it.why), Some(Some(why)));
        }
        desk.close().await;
    })
    .await;
}

#[tokio::test]
async fn what_was_played_before_is_known_by_track() {
    on_each(async |place| {
        let desk = place.desk().await;
        evening(&desk).await;
        let store = &desk.store;
        let recent = async |guild, since| {
            let mut found = store.recent_plays(guild, since).await.unwrap();
            found.sort();
            found
        };
        let key = |title| track(title).key;
        assert_eq!(
            recent(HOME, after(0)).await,
            [
                (key("100%_Blue"), after(300)),
                (key("Blue Rain"), after(240)),
                (key("Red Sun"), after(360)),
            ]
        );
        // From that very moment on, and not before.
        assert_eq!(
            recent(HOME, after(300)).await,
            [(key("100%_Blue"), after(300)), (key("Red Sun"), after(360))]
        );
        assert_eq!(recent(AWAY, after(61)).await, []);

        let earlier = async |title, before| {
            let found = store.earlier_plays(HOME, &key(title), TurnId(before)).await;
            found.unwrap()
        };
        let ada = Some("Looper 101".to_owned());
        assert_eq!(earlier("Blue Rain", 1).await, (0, None));
        assert_eq!(earlier("Blue Rain", 4).await, (1, ada.clone()));
        assert_eq!(earlier("Blue Rain", 9).await, (2, ada.clone()));
        assert_eq!(earlier("Red Sun", 9).await, (1, ada));
        assert_eq!(earlier("Broken", 9).await, (0, None));
        desk.close().await;
    })
    .await;
}

#[tokio::test]
async fn played_tracks_are_found_by_words_of_title_and_artist() {
    on_each(async |place| {
        let desk = place.desk().await;
        evening(&desk).await;
        let search = async |store: &Store, words: &str, limit| -> Vec<(u64, String)> {
            let found = store.search_played(HOME, words, limit).await.unwrap();
            let named = |(turn, track): (TurnId, Track)| (turn.0, track.title);
            found.into_iter().map(named).collect()
        };
        let blue = (4, "Blue Rain".to_owned());
        let percent = (5, "100%_Blue".to_owned());
        // This one sounds at the moment.
        let sun = (6, "Red Sun".to_owned());
        let all = [sun.clone(), percent.clone(), blue.clone()];
        let store = &desk.store;
        assert_eq!(search(store, "", 9).await, all);
        assert_eq!(search(store, "BLUE", 9).await, all[1..]);
        assert_eq!(search(store, "blue", 1).await, all[1..2]);
        assert_eq!(search(store, "band rain", 9).await, [blue]);
        assert_eq!(search(store, "%_", 9).await, [percent]);
        assert_eq!(search(store, "sun's", 9).await, [sun]);
        assert_eq!(search(store, "broken", 9).await, []);
        let tracks = store.tracks_played(HOME).await.unwrap();
        let titles: Vec<&str> = tracks.iter().map(|it| it.title.as_str()).collect();
        assert_eq!(titles, ["Red Sun", "100%_Blue", "Blue Rain"]);
        desk.close().await;
    })
    .await;
}

#[tokio::test]
async fn a_collection_holds_each_track_once_the_newest_first() {
    on_each(async |place| {
        let desk = place.desk().await;
        let records = vec![
            grab(1, BEN, "One"),
            grab(2, BEN, "Two"),
            grab(3, CYD, "Three"),
            // Collected before, in another turn: the first time stands.
            grab(4, BEN, "One"),
        ];
        desk.keep(HOME, records).await;
        desk.keep(AWAY, vec![grab(1, BEN, "Elsewhere")]).await;
        let row = |turn: u64, title| GrabRow {
            track: track(title),
            turn: TurnId(turn),
            at: after(turn * 60 + 10),
        };
        let grabs = async |guild, member, limit| {
            let found = desk.store.grabs(guild, member, limit).await;
            found.unwrap()
        };
        assert_eq!(grabs(HOME, BEN, 9).await, [row(2, "Two"), row(1, "One")]);
        assert_eq!(grabs(HOME, BEN, 1).await, [row(2, "Two")]);
        assert_eq!(grabs(HOME, ADA, 9).await, []);
        assert_eq!(grabs(AWAY, BEN, 9).await, [row(1, "Elsewhere")]);
        desk.close().await;
    })
    .await;
}
