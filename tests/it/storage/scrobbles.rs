//! Who has linked what, and what is to be submitted for them.

use super::places::{Desk, on_each};
use super::samples::{ADA, AWAY, BEN, CYD, HOME, after, ended, heard, play};
use rondo::domain::ids::{GuildId, MemberId, SessionId, TurnId};
use rondo::domain::protocol::{PlayRecord, Record};
use rondo::domain::scrobbling::Service;
use rondo::domain::track::Track;
use rondo::storage::{BrokenWhy, NewLink, ScrobbleCounts, SentPlaylist, Settled};
use std::time::Duration;

const BRAINZ: Service = Service::ListenBrainz;
const FM: Service = Service::LastFm;

fn link(member: MemberId, service: Service, account: &str, seconds: u64) -> NewLink {
    NewLink {
        member,
        service,
        account: account.to_owned(),
        token: format!("x1:{account}"),
        locale: "zh-CN".to_owned(),
        at: after(seconds),
    }
}

fn own(turn: u64, looper: MemberId, seconds: u64) -> Record {
    Record::LooperHeard {
        turn: TurnId(turn),
        looper,
        heard: Duration::from_secs(seconds),
        counts: true,
    }
}

/// Plays of 200 s that begin after 60 s for each turn and sound for three minutes, with who heard
/// them.
fn evening() -> Vec<Vec<Record>> {
    let nameless = PlayRecord {
        track: Track {
            artist: None,
            ..play(5, ADA, "Nameless").track
        },
        ..play(5, ADA, "Nameless")
    };
    let live = PlayRecord {
        track: Track {
            live: true,
            ..play(6, ADA, "Live").track
        },
        ..play(6, ADA, "Live")
    };
    let short = PlayRecord {
        track: Track {
            length: Duration::from_secs(20),
            ..play(7, ADA, "Short").track
        },
        ..play(7, ADA, "Short")
    };
    vec![
        vec![ended(play(1, ADA, "Before")), heard(1, BEN, 180, true)],
        vec![
            ended(play(2, ADA, "First")),
            heard(2, BEN, 101, true),
            heard(2, CYD, 180, true),
            own(2, ADA, 180),
        ],
        vec![ended(play(3, ADA, "Little")), heard(3, BEN, 100, true)],
        vec![ended(play(4, ADA, "Uncounted")), heard(4, BEN, 150, false)],
        vec![ended(nameless), heard(5, BEN, 180, true)],
        vec![ended(live), heard(6, BEN, 180, true)],
        vec![ended(short), heard(7, BEN, 20, true)],
    ]
}

/// Turns that wait, in order.
async fn turns(desk: &Desk, member: MemberId, service: Service) -> Vec<(GuildId, u64)> {
    let far = after(1_000_000);
    let rows = desk.store.waiting_scrobbles((member, service), far, 50);
    let rows = rows.await.unwrap();
    rows.iter().map(|row| (row.guild, row.turn.0)).collect()
}

#[tokio::test]
async fn what_was_heard_after_linking_waits_once_for_each_service() {
    on_each(async |place| {
        let desk = place.desk().await;
        let store = &desk.store;
        store
            .link_scrobbles(&link(BEN, BRAINZ, "ben", 300))
            .await
            .unwrap();
        store
            .link_scrobbles(&link(BEN, FM, "ben_fm", 300))
            .await
            .unwrap();
        store
            .link_scrobbles(&link(ADA, BRAINZ, "ada", 0))
            .await
            .unwrap();
        for records in evening() {
            desk.keep(HOME, records).await;
        }
        // Kept twice, as after a commit that was not answered.
        let again = vec![ended(play(2, ADA, "First")), heard(2, BEN, 101, true)];
        desk.keep(HOME, again).await;
        desk.keep(AWAY, vec![ended(play(2, BEN, "Away")), own(2, BEN, 180)])
            .await;

        let expected = vec![(HOME, 2), (AWAY, 2), (HOME, 7)];
        assert_eq!(turns(&desk, BEN, BRAINZ).await, expected);
        assert_eq!(turns(&desk, BEN, FM).await, vec![(HOME, 2), (AWAY, 2)]);
        assert_eq!(turns(&desk, ADA, BRAINZ).await, vec![(HOME, 2)]);
        assert!(turns(&desk, CYD, BRAINZ).await.is_empty());
        let rows = store.waiting_scrobbles((BEN, BRAINZ), after(1_000_000), 50);
        let rows = rows.await.unwrap();
        let listen = rows[0].listen.clone().unwrap();
        assert_eq!(listen.artist, "First's band");
        assert_eq!((listen.listened_at, listen.by_other), (after(120), true));
        assert!(!rows[1].listen.clone().unwrap().by_other, "Ben played it");
        // What nobody can be told is counted.
        let counts = store.scrobble_counts(BEN, BRAINZ).await.unwrap();
        let nameless = ScrobbleCounts {
            sent: 0,
            waiting: 3,
            refused: 1,
            last_refusal: Some("artist".to_owned()),
        };
        assert_eq!(counts, nameless);
        // A guild that is left out.
        store
            .set_unscrobbled((BEN, HOME), true, after(900))
            .await
            .unwrap();
        store
            .set_unscrobbled((BEN, HOME), true, after(901))
            .await
            .unwrap();
        assert!(store.is_unscrobbled(BEN, HOME).await.unwrap());
        desk.keep(
            HOME,
            vec![ended(play(8, ADA, "Off")), heard(8, BEN, 180, true)],
        )
        .await;
        store
            .set_unscrobbled((BEN, HOME), false, after(902))
            .await
            .unwrap();
        assert!(!store.is_unscrobbled(BEN, HOME).await.unwrap());
        assert_eq!(turns(&desk, BEN, BRAINZ).await.len(), 3);
        desk.close().await;
    })
    .await;
}

#[tokio::test]
async fn a_try_is_noted_and_what_is_due_comes_in_its_time() {
    on_each(async |place| {
        let desk = place.desk().await;
        let store = &desk.store;
        store
            .link_scrobbles(&link(BEN, BRAINZ, "ben", 0))
            .await
            .unwrap();
        store.scrobbles_rung().await;
        for turn in 1..=3 {
            let records = vec![ended(play(turn, ADA, "Song")), heard(turn, BEN, 180, true)];
            desk.keep(HOME, records).await;
        }
        store.scrobbles_rung().await;
        let due = async |seconds| {
            store
                .due_scrobblers(BRAINZ, after(seconds), 10)
                .await
                .unwrap()
        };
        let next = async || store.next_scrobble_at(BRAINZ).await.unwrap();
        assert_eq!(due(239).await, vec![]);
        assert_eq!(
            (due(240).await, next().await),
            (vec![BEN], Some(after(240)))
        );
        assert_eq!(store.next_scrobble_at(FM).await.unwrap(), None);
        // That a try was made is known before it is known what came of it.
        let own = store.scrobble_link(BEN, BRAINZ).await.unwrap().unwrap();
        let tries = [1, 2, 3].map(|turn| ((HOME, TurnId(turn)), 1));
        assert!(store.begin_scrobbles(&own, &tries).await.unwrap());
        let settled = vec![
            ((HOME, TurnId(1)), Settled::Sent(after(500))),
            ((HOME, TurnId(2)), Settled::PutOff(after(600))),
            ((HOME, TurnId(3)), Settled::Refused("no".to_owned())),
        ];
        store
            .settle_scrobbles((BEN, BRAINZ), &settled, Some("503"))
            .await
            .unwrap();
        assert_eq!((due(599).await, next().await), (vec![], Some(after(600))));
        let rows = store
            .waiting_scrobbles((BEN, BRAINZ), after(600), 50)
            .await
            .unwrap();
        assert_eq!((rows.len(), rows[0].tries, rows[0].turn), (1, 1, TurnId(2)));
        let counts = store.scrobble_counts(BEN, BRAINZ).await.unwrap();
        assert_eq!((counts.sent, counts.waiting, counts.refused), (1, 1, 1));
        assert_eq!(counts.last_refusal.as_deref(), Some("no"));
        // What was sent is never anything else again.
        let late = vec![((HOME, TurnId(1)), Settled::PutOff(after(700)))];
        store
            .settle_scrobbles((BEN, BRAINZ), &late, None)
            .await
            .unwrap();
        assert_eq!(store.scrobble_counts(BEN, BRAINZ).await.unwrap().sent, 1);
        // A play that is gone cannot be told.
        place.meddle("delete from play where turn_id = 2").await;
        let rows = store
            .waiting_scrobbles((BEN, BRAINZ), after(600), 50)
            .await
            .unwrap();
        assert_eq!((rows.len(), rows[0].listen.clone()), (1, None));
        desk.close().await;
    })
    .await;
}

#[tokio::test]
async fn what_waits_too_long_is_given_up_though_its_link_is_broken() {
    on_each(async |place| {
        let desk = place.desk().await;
        let store = &desk.store;
        for service in [BRAINZ, FM] {
            store
                .link_scrobbles(&link(BEN, service, "ben", 0))
                .await
                .unwrap();
        }
        for turn in 1..=3 {
            let records = vec![ended(play(turn, ADA, "Song")), heard(turn, BEN, 180, true)];
            desk.keep(HOME, records).await;
        }
        let broken = store.scrobble_link(BEN, BRAINZ).await.unwrap().unwrap();
        let why = (BrokenWhy::Revoked, after(300));
        assert!(store.break_scrobble_link(&broken, why).await.unwrap());
        let sent = vec![((HOME, TurnId(1)), Settled::Sent(after(400)))];
        let settled = store.settle_scrobbles((BEN, FM), &sent, None);
        settled.await.unwrap();
        // They began after 60 s, 120 s and 180 s.
        assert_eq!(store.give_up_scrobbles(after(60)).await.unwrap(), 0);
        assert_eq!(store.give_up_scrobbles(after(121)).await.unwrap(), 3);
        assert_eq!(store.give_up_scrobbles(after(121)).await.unwrap(), 0);
        for (service, sent, refused) in [(BRAINZ, 0, 2), (FM, 1, 1)] {
            let counts = store.scrobble_counts(BEN, service).await.unwrap();
            let expected = ScrobbleCounts {
                sent,
                waiting: 1,
                refused,
                last_refusal: Some("old".to_owned()),
            };
            assert_eq!(counts, expected, "{service:?}");
        }
        // Who links the same account again gets what is not too old.
        store
            .link_scrobbles(&link(BEN, BRAINZ, "ben", 900))
            .await
            .unwrap();
        assert_eq!(turns(&desk, BEN, BRAINZ).await, [(HOME, 3)]);
        desk.close().await;
    })
    .await;
}

#[tokio::test]
async fn nothing_is_begun_for_an_account_that_is_not_linked_so_any_more() {
    on_each(async |place| {
        let desk = place.desk().await;
        let store = &desk.store;
        let linked = async |account| {
            let new = link(BEN, FM, account, 0);
            store.link_scrobbles(&new).await.unwrap();
        };
        linked("ben").await;
        let records = vec![ended(play(1, ADA, "Song")), heard(1, BEN, 180, true)];
        desk.keep(HOME, records).await;
        let own = store.scrobble_link(BEN, FM).await.unwrap().unwrap();
        let begin = |tries| {
            let (store, own) = (store.clone(), own.clone());
            async move {
                let tries = [((HOME, TurnId(1)), tries)];
                store.begin_scrobbles(&own, &tries).await.unwrap()
            }
        };
        let tries = async || {
            let rows = store.waiting_scrobbles((BEN, FM), after(1_000_000), 50);
            rows.await.unwrap()[0].tries
        };
        assert!(begin(5).await);
        assert_eq!(tries().await, 5);
        // The same account again: that it was tried is not forgotten, only how often.
        linked("ben").await;
        assert_eq!(tries().await, 1);
        place
            .meddle("update scrobble_link set token = 'x1:new'")
            .await;
        assert!(!begin(6).await);
        assert_eq!(tries().await, 1);
        assert!(store.unlink_scrobbles(BEN, FM).await.unwrap());
        assert!(!begin(6).await);
        desk.close().await;
    })
    .await;
}

#[tokio::test]
async fn a_link_breaks_once_and_what_waits_is_for_the_same_account() {
    on_each(async |place| {
        let desk = place.desk().await;
        let store = &desk.store;
        assert_eq!(store.scrobble_link(BEN, BRAINZ).await.unwrap(), None);
        assert!(!store.unlink_scrobbles(BEN, BRAINZ).await.unwrap());
        store
            .link_scrobbles(&link(BEN, BRAINZ, "ben", 0))
            .await
            .unwrap();
        desk.keep(
            HOME,
            vec![ended(play(1, ADA, "Song")), heard(1, BEN, 180, true)],
        )
        .await;
        store
            .settle_scrobbles((BEN, BRAINZ), &[], Some("503"))
            .await
            .unwrap();
        let first = store.scrobble_link(BEN, BRAINZ).await.unwrap().unwrap();
        assert_eq!(
            (first.account.as_str(), first.token.as_str()),
            ("ben", "x1:ben")
        );
        assert_eq!(
            (first.locale.as_str(), first.linked_at),
            ("zh-CN", after(0))
        );
        assert_eq!(
            (first.broken, first.trouble.as_deref()),
            (None, Some("503"))
        );
        for (why, is_new) in [(BrokenWhy::Key, true), (BrokenWhy::Revoked, false)] {
            let broke = store.break_scrobble_link(&first, (why, after(500)));
            assert_eq!(broke.await.unwrap(), is_new);
        }
        let broken = store.scrobble_link(BEN, BRAINZ).await.unwrap().unwrap();
        assert_eq!(broken.broken, Some((after(500), BrokenWhy::Key)));
        assert_eq!(
            store
                .due_scrobblers(BRAINZ, after(9_000), 10)
                .await
                .unwrap(),
            vec![]
        );
        assert_eq!(store.next_scrobble_at(BRAINZ).await.unwrap(), None);
        // The same account again: what waited is sent.
        let again = NewLink {
            token: "x1:new".to_owned(),
            ..link(BEN, BRAINZ, "ben", 600)
        };
        store.link_scrobbles(&again).await.unwrap();
        let mended = store.scrobble_link(BEN, BRAINZ).await.unwrap().unwrap();
        assert_eq!((mended.broken, mended.trouble), (None, None));
        assert_eq!(
            store.next_scrobble_at(BRAINZ).await.unwrap(),
            Some(after(600))
        );
        assert_eq!(turns(&desk, BEN, BRAINZ).await, vec![(HOME, 1)]);
        // The token of before is no reason to break this one.
        let late = store.break_scrobble_link(&first, (BrokenWhy::Revoked, after(700)));
        assert!(!late.await.unwrap());
        // Another account is not told what was heard before.
        store
            .link_scrobbles(&link(BEN, BRAINZ, "other", 800))
            .await
            .unwrap();
        assert!(turns(&desk, BEN, BRAINZ).await.is_empty());
        assert!(store.unlink_scrobbles(BEN, BRAINZ).await.unwrap());
        assert_eq!(place.number("select count(*) from scrobble").await, 0);
        assert_eq!(place.number("select count(*) from scrobble_link").await, 0);
        desk.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sent_playlist_is_remembered_for_its_account_until_that_is_unlinked() {
    on_each(async |place| {
        let desk = place.desk().await;
        let store = &desk.store;
        let sent = |account: &str, session, mbid: &str| SentPlaylist {
            member: ADA,
            account: account.to_owned(),
            guild: HOME,
            session: SessionId(session),
            mbid: mbid.to_owned(),
            made_at: after(1),
        };
        let known =
            async |account: &str, place| store.sent_playlist(ADA, account, place).await.unwrap();
        let (first, second) = ((HOME, SessionId(1)), (HOME, SessionId(2)));
        // Unlinked while it was on its way.
        store
            .keep_sent_playlist(&sent("ada", 1, "none"))
            .await
            .unwrap();
        assert_eq!(known("ada", first).await, None);
        store
            .link_scrobbles(&link(ADA, BRAINZ, "ada", 0))
            .await
            .unwrap();
        for (session, mbid) in [(1, "gone"), (2, "other"), (1, "one")] {
            store
                .keep_sent_playlist(&sent("ada", session, mbid))
                .await
                .unwrap();
        }
        assert_eq!(known("ada", first).await.as_deref(), Some("one"));
        assert_eq!(known("ada", second).await.as_deref(), Some("other"));
        assert_eq!(known("ada", (AWAY, SessionId(1))).await, None);
        assert_eq!(known("another", first).await, None);
        store.unlink_scrobbles(ADA, FM).await.unwrap();
        assert_eq!(known("ada", first).await.as_deref(), Some("one"));
        store.unlink_scrobbles(ADA, BRAINZ).await.unwrap();
        assert_eq!(known("ada", first).await, None);
        desk.close().await;
    })
    .await;
}
