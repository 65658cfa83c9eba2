//! Pages, what they are made from, and that an address once withdrawn never leads anywhere again.

use super::places::on_each;
use super::samples::{
    ADA, AWAY, BEN, CYD, HOME, after, comment, ended, heard, play, session, track,
};
use rondo::domain::ids::SessionId;
use rondo::storage::{Page, PageKind, PageSubject, PageToken};
use std::collections::HashSet;
use std::time::Duration;

fn subject(kind: PageKind, number: u64) -> PageSubject {
    PageSubject {
        guild: HOME,
        kind,
        number,
    }
}

#[tokio::test]
async fn a_subject_has_one_page_until_it_is_withdrawn() {
    on_each(async |place| {
        let store = place.store().await;
        let (evening, live) = (subject(PageKind::Session, 1), subject(PageKind::Live, 1));
        let [one, two, three] = [[1; 16], [2; 16], [3; 16]].map(PageToken::of);
        assert_eq!(store.standing_page(evening).await.unwrap(), None);
        let page = store.page_for(evening, ADA, &one, after(1)).await.unwrap();
        let known = Page {
            token: one.clone(),
            subject: evening,
            made_by: ADA,
            made_at: after(1),
            withdrawn: None,
        };
        assert_eq!(page, known);
        // Asked for again it is the same one.
        let again = store.page_for(evening, BEN, &two, after(2)).await.unwrap();
        assert_eq!(again, known);
        assert_eq!(store.page(&two).await.unwrap(), None);
        assert_eq!(store.page(&one).await.unwrap(), Some(known.clone()));
        assert_eq!(store.standing_page(evening).await.unwrap(), Some(known));
        // Of another kind, number or guild it is another.
        assert_eq!(store.standing_page(live).await.unwrap(), None);
        store.page_for(live, ADA, &two, after(3)).await.unwrap();
        let away = PageSubject {
            guild: AWAY,
            ..evening
        };
        assert!(!store.withdraw_page(away, ADA, after(4)).await.unwrap());

        assert!(!store.was_withdrawn(evening).await.unwrap());
        assert!(store.withdraw_page(evening, BEN, after(5)).await.unwrap());
        assert!(!store.withdraw_page(evening, BEN, after(6)).await.unwrap());
        assert!(store.was_withdrawn(evening).await.unwrap());
        assert!(!store.was_withdrawn(live).await.unwrap());
        let dead = store.page(&one).await.unwrap().unwrap();
        assert_eq!(dead.withdrawn, Some((BEN, after(5))));
        let next = store
            .page_for(evening, ADA, &three, after(7))
            .await
            .unwrap();
        assert_eq!((next.token, next.withdrawn), (three, None));
        assert_eq!(store.page(&one).await.unwrap(), Some(dead));
        assert!(store.withdraw_page(evening, ADA, after(8)).await.unwrap());
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn pages_of_a_guild_that_was_left_lead_nowhere_until_the_bot_is_back() {
    on_each(async |place| {
        let store = place.store().await;
        let evening = subject(PageKind::Session, 1);
        let away = PageSubject {
            guild: AWAY,
            ..evening
        };
        let [one, two] = [[1; 16], [2; 16]].map(PageToken::of);
        let page = store.page_for(evening, ADA, &one, after(1)).await.unwrap();
        store.page_for(away, ADA, &two, after(1)).await.unwrap();
        store.note_left(HOME, after(2)).await.unwrap();
        assert_eq!(store.page(&one).await.unwrap(), None);
        assert!(store.page(&two).await.unwrap().is_some());
        assert!(store.note_back(HOME).await.unwrap());
        assert_eq!(store.page(&one).await.unwrap(), Some(page));
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn an_evening_is_read_with_what_was_said_and_who_was_there() {
    on_each(async |place| {
        let desk = place.desk().await;
        let evening = vec![
            session(1, None),
            ended(play(1, ADA, "One")),
            ended(play(2, BEN, "Two")),
            comment(1, CYD, 90, "later"),
            comment(1, BEN, 30, "sooner"),
            comment(1, CYD, 120, "last"),
            comment(2, ADA, 5, "二 'quoted'"),
            heard(1, BEN, 170, true),
            heard(1, CYD, 170, true),
            heard(2, CYD, 170, true),
            heard(2, ADA, 3, false),
        ];
        desk.keep(HOME, evening).await;
        desk.keep(
            AWAY,
            vec![ended(play(1, ADA, "One")), comment(1, ADA, 1, "away")],
        )
        .await;
        let said = desk
            .store
            .session_comments(HOME, SessionId(1), 2)
            .await
            .unwrap();
        let said: Vec<_> = said
            .iter()
            .map(|it| (it.turn.0, it.member, it.offset, it.words.as_str()))
            .collect();
        let seconds = Duration::from_secs;
        let known = [
            (1, BEN, seconds(30), "sooner"),
            (1, CYD, seconds(90), "later"),
            (2, ADA, seconds(5), "二 'quoted'"),
        ];
        assert_eq!(said, known);
        assert_eq!(
            desk.store
                .session_listeners(HOME, SessionId(1))
                .await
                .unwrap(),
            2
        );
        assert_eq!(
            desk.store
                .session_listeners(HOME, SessionId(2))
                .await
                .unwrap(),
            0
        );
        assert_eq!(desk.store.hidden_names(HOME).await.unwrap(), HashSet::new());
        let hide = format!("insert into hidden_name values ({}, {}, 1)", HOME.0, BEN.0);
        place.meddle(&hide).await;
        assert_eq!(
            desk.store.hidden_names(HOME).await.unwrap(),
            HashSet::from([BEN])
        );
        assert_eq!(desk.store.hidden_names(AWAY).await.unwrap(), HashSet::new());
        desk.close().await;
    })
    .await;
}

#[tokio::test]
async fn a_collection_is_read_when_it_is_published() {
    on_each(async |place| {
        let store = place.store().await;
        let guild = HOME.0;
        let text = |title: &str| {
            serde_json::to_string(&track(title))
                .unwrap()
                .replace('\'', "''")
        };
        let (one, two) = (text("One"), text("Two"));
        let sql = format!(
            "insert into collection values ({guild}, 1, {ADA}, 'Ada', 'Mine', 'Good ones', 5, 6, 7, null);
             insert into collection values ({guild}, 2, {ADA}, 'Ada', 'Secret', null, 5, 6, null, null);
             insert into collection_track values ({guild}, 1, 2, 'b', 'm', '{two}', 5);
             insert into collection_track values ({guild}, 1, 1, 'a', 'm', '{one}', 5);
             insert into collection_save values ({guild}, 1, {BEN}, 8);
             insert into collection_save values ({guild}, 1, {CYD}, 8);"
        );
        place.meddle(&sql).await;
        let known = store
            .published_collection(HOME, 1, 9)
            .await
            .unwrap()
            .unwrap();
        assert_eq!((known.member, known.saves), (ADA, 2));
        assert_eq!(
            (known.name.as_str(), known.member_name.as_str()),
            ("Mine", "Ada")
        );
        assert_eq!(known.description.as_deref(), Some("Good ones"));
        assert_eq!(known.tracks, [(1, track("One")), (2, track("Two"))]);
        let short = store
            .published_collection(HOME, 1, 1)
            .await
            .unwrap()
            .unwrap();
        assert_eq!(short.tracks.len(), 1);
        assert_eq!(store.published_collection(HOME, 2, 9).await.unwrap(), None);
        assert_eq!(store.published_collection(AWAY, 1, 9).await.unwrap(), None);
        store.close().await;
    })
    .await;
}
