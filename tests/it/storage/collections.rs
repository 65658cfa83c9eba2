//! Collections as they are kept: what each change answers, what everybody finds, and what the boards
//! make of it.

use super::boards::{keep_all, rated};
use super::places::{Place, on_each};
use super::samples::{ADA, AWAY, BEN, CYD, FAR, HOME, after, entry, rating, track};
use rondo::domain::collection::{
    COLLECTIONS_LIMIT, Collection, CollectionRefusal, SAVES_LIMIT, TRACKS_LIMIT,
};
use rondo::domain::ids::{CollectionId, MemberId, TurnId};
use rondo::domain::leaderboard::{Board, Figures, Period};
use rondo::domain::protocol::{Actor, Deed, Entry, Powers, Record};
use rondo::domain::settings::Settings;
use rondo::domain::track::{MediaRef, Track};
use rondo::storage::{Shelf, Store};

fn actor(member: MemberId) -> Actor {
    Actor {
        member,
        name: format!("Member {member}"),
        voice: None,
        powers: Powers::default(),
    }
}

fn moderator(member: MemberId) -> Actor {
    let powers = Powers {
        moderator: true,
        ..Powers::default()
    };
    Actor {
        powers,
        ..actor(member)
    }
}

/// A collection of the member's, filled and published at that second.
async fn published(store: &Store, member: MemberId, name: &str, second: u64) -> CollectionId {
    let whose = actor(member);
    let made = store.create_collection(HOME, &whose, (name, None), after(second));
    let id = made.await.unwrap().unwrap().id;
    let tracks = [track(&format!("{name} 1")), track(&format!("{name} 2"))];
    let added = store.add_to_collection(HOME, (&whose, id), &tracks, after(second));
    assert_eq!(added.await.unwrap().unwrap().added, 2);
    let shelved = store.publish_collection(HOME, (&whose, id), after(second));
    shelved.await.unwrap().unwrap();
    id
}

async fn save(store: &Store, member: MemberId, id: CollectionId) {
    let whose = actor(member);
    let saved = store.save_collection(HOME, (&whose, id), after(900));
    saved.await.unwrap().unwrap();
}

fn names(all: &[Collection]) -> Vec<&str> {
    all.iter().map(|it| it.name.as_str()).collect()
}

async fn titles(store: &Store, id: CollectionId) -> Vec<String> {
    let tracks = store.collection_tracks(HOME, id).await.unwrap();
    tracks.into_iter().map(|track| track.title).collect()
}

#[expect(clippy::too_many_lines, reason = "one evening, told in order")]
#[tokio::test]
async fn a_collection_is_made_filled_and_put_in_order_by_its_curator_alone() {
    on_each(async |place: &Place| {
        let store = place.store().await;
        let (ada, ben) = (actor(ADA), actor(BEN));
        let [one, two, four] = ["One", "Two", "Four"].map(|title| track(title).key);
        let five = [track("Five")];
        let words = ("Rain", Some("for '%_' \"days\""));
        let rain = store.create_collection(HOME, &ada, words, after(1));
        let rain = rain.await.unwrap().unwrap();
        assert_eq!((rain.id, rain.tracks, rain.saves), (CollectionId(1), 0, 0));
        assert_eq!(rain.description.as_deref(), words.1);
        let again = store.create_collection(HOME, &ada, ("RAIN", None), after(2));
        let name = "Rain".to_owned();
        assert_eq!(
            again.await.unwrap(),
            Err(CollectionRefusal::NameTaken { name })
        );
        // Elsewhere, and by others, it is another one.
        let theirs = store.create_collection(HOME, &ben, ("Rain", None), after(2));
        assert_eq!(theirs.await.unwrap().unwrap().id, CollectionId(2));
        let elsewhere = store.create_collection(AWAY, &ada, ("Rain", None), after(2));
        assert_eq!(elsewhere.await.unwrap().unwrap().id, CollectionId(1));

        let own = (&ada, rain.id);
        let add = async |titles: &[&str]| {
            let tracks: Vec<Track> = titles.iter().map(|title| track(title)).collect();
            let added = store.add_to_collection(HOME, own, &tracks, after(3));
            added.await.unwrap()
        };
        assert_eq!(add(&["One", "Two", "Three"]).await.unwrap().added, 3);
        let name = "Rain".to_owned();
        assert_eq!(
            add(&["Two"]).await,
            Err(CollectionRefusal::AlreadyInCollection { name, place: 2 })
        );
        let some = add(&["Four", "One"]).await.unwrap();
        assert_eq!((some.added, some.collection.tracks), (1, 4));
        assert_eq!(some.already, ["One"]);

        let moved = store.reorder_collection(HOME, own, (&four, 1), after(4));
        assert_eq!(moved.await.unwrap().unwrap().2, 1);
        let moved = store.reorder_collection(HOME, own, (&one, 99), after(4));
        assert_eq!(moved.await.unwrap().unwrap().2, 4);
        assert_eq!(
            titles(&store, rain.id).await,
            ["Four", "Two", "Three", "One"]
        );
        let gone = store.remove_from_collection(HOME, own, &two, after(5));
        assert_eq!(gone.await.unwrap().unwrap().1, track("Two"));
        let gone = store.remove_from_collection(HOME, own, &two, after(5));
        let name = "Rain".to_owned();
        assert_eq!(
            gone.await.unwrap(),
            Err(CollectionRefusal::NoSuchTrack { name })
        );
        assert_eq!(titles(&store, rain.id).await, ["Four", "Three", "One"]);

        // Somebody else's is not there for Ben as long as it is not published.
        let foreign = (&ben, rain.id);
        let unknown = CollectionRefusal::NoSuchCollection;
        let tried = store.add_to_collection(HOME, foreign, &five, after(6));
        assert_eq!(tried.await.unwrap().unwrap_err(), unknown);
        let tried = store.remove_from_collection(HOME, foreign, &one, after(6));
        assert_eq!(tried.await.unwrap().unwrap_err(), unknown);
        let tried = store
            .delete_collection(HOME, foreign, after(6))
            .await
            .unwrap();
        assert_eq!(tried.unwrap_err(), unknown);

        let words = (Some("Rainy days"), Some(""));
        let described = store.describe_collection(HOME, own, words, after(7));
        let described = described.await.unwrap().unwrap();
        assert_eq!(
            (described.name.as_str(), described.description),
            ("Rainy days", None)
        );
        assert_eq!(described.changed_at, after(7));
        let own = store.collections_of(HOME, ADA).await.unwrap();
        assert_eq!(names(&own), ["Rainy days"]);
        let media = store.media_in_use().await.unwrap();
        assert!(media.contains(&track("Three").media) && !media.contains(&track("Two").media));

        let deleted = store
            .delete_collection(HOME, (&ada, rain.id), after(8))
            .await
            .unwrap();
        assert_eq!(deleted.unwrap().tracks, 3);
        assert_eq!(store.collection(HOME, rain.id).await.unwrap(), None);
        assert_eq!(left_behind(place).await, 0);
        // Its number is not given again.
        store
            .delete_collection(HOME, (&ben, CollectionId(2)), after(8))
            .await
            .unwrap()
            .unwrap();
        let next = store.create_collection(HOME, &ada, ("Rain", None), after(8));
        assert_eq!(next.await.unwrap().unwrap().id, CollectionId(3));
        store.close().await;
    })
    .await;
}

/// Rows that a deleted collection would leave behind.
async fn left_behind(place: &Place) -> i64 {
    place
        .number(
            "select (select count(*) from collection_track) + (select count(*) from \
             collection_save) + (select count(*) from collection_play)",
        )
        .await
}

#[tokio::test]
async fn nothing_grows_beyond_its_limit_even_when_many_come_at_once() {
    on_each(async |place: &Place| {
        let store = place.store().await;
        let ada = actor(ADA);
        let made = store.create_collection(HOME, &ada, ("Full", None), after(1));
        let id = made.await.unwrap().unwrap().id;
        let tracks: Vec<Track> = (0..TRACKS_LIMIT - 2).map(|n| track(&format!("{n}"))).collect();
        let added = store.add_to_collection(HOME, (&ada, id), &tracks, after(2));
        added.await.unwrap().unwrap();
        // Eight come at once for the last two places.
        let one = async |n: usize| {
            let new = [track(&format!("late {n}"))];
            let added = store.add_to_collection(HOME, (&ada, id), &new, after(3));
            added.await.unwrap()
        };
        let all = futures_util::future::join_all((0..8).map(one)).await;
        assert_eq!(all.iter().filter(|it| it.is_ok()).count(), 2);
        let full = |it: &Result<_, CollectionRefusal>| {
            matches!(it, Err(CollectionRefusal::CollectionFull { limit, .. }) if *limit == TRACKS_LIMIT)
        };
        assert_eq!(all.iter().filter(|it| full(it)).count(), 6);
        assert_eq!(titles(&store, id).await.len(), TRACKS_LIMIT);

        for n in 1..COLLECTIONS_LIMIT {
            let name = format!("No {n}");
            let made = store.create_collection(HOME, &ada, (&name, None), after(4));
            made.await.unwrap().unwrap();
        }
        let limit = COLLECTIONS_LIMIT;
        let made = store.create_collection(HOME, &ada, ("One more", None), after(5));
        assert_eq!(
            made.await.unwrap(),
            Err(CollectionRefusal::TooManyCollections { limit })
        );
        store.close().await;
    })
    .await;
}

#[expect(clippy::too_many_lines, reason = "one evening, told in order")]
#[tokio::test]
async fn what_is_published_is_found_saved_and_taken_away_by_moderators() {
    on_each(async |place: &Place| {
        let desk = place.desk().await;
        let store = &desk.store;
        let (ada, ben, cyd) = (actor(ADA), actor(BEN), actor(CYD));
        let rain = published(store, ADA, "Rain", 10).await;
        let sun = published(store, BEN, "Sun", 20).await;
        let wind = published(store, CYD, "Wind", 30).await;
        let hidden = store.create_collection(HOME, &ada, ("Hidden", None), after(40));
        let hidden = hidden.await.unwrap().unwrap().id;
        let nothing = store.publish_collection(HOME, (&ada, hidden), after(41));
        let name = "Hidden".to_owned();
        assert_eq!(
            nothing.await.unwrap(),
            Err(CollectionRefusal::NothingInIt { name })
        );
        save(store, BEN, rain).await;
        save(store, CYD, rain).await;
        save(store, ADA, sun).await;

        let (newest, listed) = store.shelf(HOME, Shelf::Newest, (0, 2)).await.unwrap();
        assert_eq!((names(&newest), listed), (vec!["Wind", "Sun"], 3));
        let (rest, _) = store.shelf(HOME, Shelf::Newest, (2, 2)).await.unwrap();
        assert_eq!(names(&rest), ["Rain"]);
        let (saved, _) = store.shelf(HOME, Shelf::MostSaved, (0, 10)).await.unwrap();
        assert_eq!(names(&saved), ["Rain", "Sun", "Wind"]);
        assert_eq!((saved[0].saves, saved[0].tracks), (2, 2));
        let saved = store.saved_collections(HOME, BEN).await.unwrap();
        assert_eq!(names(&saved), ["Rain"]);

        let name = || "Rain".to_owned();
        let tried = store.save_collection(HOME, (&ben, rain), after(50));
        assert_eq!(
            tried.await.unwrap(),
            Err(CollectionRefusal::AlreadySaved { name: name() })
        );
        let tried = store.save_collection(HOME, (&ada, rain), after(50));
        assert_eq!(
            tried.await.unwrap(),
            Err(CollectionRefusal::OwnSave { name: name() })
        );
        let tried = store.save_collection(HOME, (&ben, hidden), after(50));
        assert_eq!(tried.await.unwrap(), Err(CollectionRefusal::NoSuchCollection));
        let unsaved = store.unsave_collection(HOME, (&cyd, rain)).await.unwrap();
        assert_eq!(unsaved.unwrap().saves, 1);
        let unsaved = store.unsave_collection(HOME, (&cyd, rain)).await.unwrap();
        assert_eq!(unsaved, Err(CollectionRefusal::NotSaved { name: name() }));

        // A moderator takes it away, and only a moderator gives it back.
        let modd = moderator(FAR);
        let tried = store.unpublish_collection(HOME, (&ben, rain), after(60));
        assert_eq!(
            tried.await.unwrap(),
            Err(CollectionRefusal::NotYours { name: name() })
        );
        let barred = store.unpublish_collection(HOME, (&modd, rain), after(61));
        assert!(barred.await.unwrap().unwrap().is_barred);
        assert_eq!(names(&store.barred_collections(HOME).await.unwrap()), ["Rain"]);
        assert!(store.saved_collections(HOME, BEN).await.unwrap().is_empty());
        let tried = store.publish_collection(HOME, (&ada, rain), after(62));
        assert_eq!(
            tried.await.unwrap(),
            Err(CollectionRefusal::Barred { name: name() })
        );
        let back = store.publish_collection(HOME, (&modd, rain), after(63));
        assert_eq!(back.await.unwrap().unwrap().saves, 1);
        let deeds = store.deeds(HOME, 9).await.unwrap();
        let deed = |barred| Deed::Shelved {
            collection: rain,
            name: name(),
            member: ADA,
            barred,
        };
        let done: Vec<Deed> = deeds.into_iter().map(|row| row.deed).collect();
        assert_eq!(done, [deed(false), deed(true)]);
        // Its curator takes away and gives back as they like, and no log is kept of that.
        for second in [70, 80] {
            let own = store.unpublish_collection(HOME, (&ada, rain), after(second));
            assert!(!own.await.unwrap().unwrap().is_barred);
            let own = store.publish_collection(HOME, (&ada, rain), after(second + 1));
            own.await.unwrap().unwrap();
        }
        assert_eq!(store.deeds(HOME, 9).await.unwrap().len(), 2);
        assert!(store.shelf(AWAY, Shelf::Newest, (0, 9)).await.unwrap().0.is_empty());

        // Saves have a limit too; they are put there behind the store's back.
        place
            .meddle(&format!(
                "insert into collection_save select {0}, 1000 + n, {1}, 1 from (with recursive \
                 all_of(n) as (select 1 union all select n + 1 from all_of where n < {SAVES_LIMIT}) \
                 select n from all_of) as many",
                HOME.0, CYD.0
            ))
            .await;
        let tried = store.save_collection(HOME, (&cyd, sun), after(99));
        let limit = SAVES_LIMIT;
        assert_eq!(
            tried.await.unwrap(),
            Err(CollectionRefusal::TooManySaves { limit })
        );
        let wind = store.collection(HOME, wind).await.unwrap().unwrap();
        assert_eq!((wind.member_name.as_str(), wind.published_at), ("Member 103", Some(after(30))));
        desk.close().await;
    })
    .await;
}

fn kept_setlist(from: Option<CollectionId>) -> Record {
    let entries = vec![
        entry(1, "One"),
        Entry {
            from,
            ..entry(2, "Two")
        },
    ];
    Record::Setlist {
        member: ADA,
        entries,
    }
}

fn from_collection(turn: u64, collection: CollectionId) -> Record {
    Record::FromCollection {
        turn: TurnId(turn),
        collection,
    }
}

#[expect(clippy::too_many_lines, reason = "one evening, told in order")]
#[tokio::test]
async fn plays_remember_their_collection_and_the_board_counts_what_others_did() {
    on_each(async |place: &Place| {
        let desk = place.desk().await;
        let store = &desk.store;
        let ada = actor(ADA);
        let rain = published(store, ADA, "Rain", 10).await;
        let sun = published(store, BEN, "Sun", 20).await;
        desk.keep(HOME, vec![kept_setlist(Some(rain))]).await;
        let setlists = store.load(HOME).await.unwrap().setlists;
        let from: Vec<_> = setlists[&ADA].iter().map(|entry| entry.from).collect();
        assert_eq!(from, [None, Some(rain)]);

        let lenient = Record::Settings(Box::new(Settings {
            board_ratings: 1,
            board_loopers: 1,
            ..Settings::default()
        }));
        // Ben plays from Rain twice within a week, Ada from her own; 500 and 501 rate.
        let plays = vec![
            vec![lenient],
            rated(1, BEN, "Rain 1", &[5, 4]),
            rated(2, BEN, "Rain 2", &[5, 4]),
            rated(3, ADA, "Rain 2", &[5, 4]),
            vec![from_collection(1, rain), from_collection(1, rain)],
            vec![from_collection(2, rain), from_collection(3, rain)],
        ];
        keep_all(&desk, HOME, plays).await;
        save(store, MemberId(500), rain).await;
        save(store, MemberId(501), sun).await;
        // Somebody who never listened counts nothing.
        save(store, FAR, sun).await;
        let now = after(4_000);
        store.refresh_boards(HOME, now).await.unwrap();
        let board = (Board::Collections, Period::All);
        let page = store.board(HOME, board, 0, ADA).await.unwrap();
        let lines: Vec<_> = page
            .lines
            .iter()
            .map(|line| (line.name.as_str(), line.artist.as_deref(), line.figures))
            .collect();
        let figures = |saves, plays| Figures::Collection { saves, plays };
        let curators = (Some("Member 101"), Some("Member 102"));
        assert_eq!(
            lines,
            [
                ("Rain", curators.0, figures(1, 1)),
                ("Sun", curators.1, figures(1, 0)),
            ]
        );
        assert_eq!((page.listed, page.unlisted), (2, 0));
        assert_eq!(page.own_collection.as_deref(), Some("Rain"));
        let own = page.own.place(Board::Collections, Period::All).unwrap();
        assert_eq!((own.place, own.collection), (Some(1), Some(rain)));
        let page = store.board(HOME, board, 0, CYD).await.unwrap();
        assert_eq!(page.own_collection, None);

        // What is taken off the shelves is off the board, and marks it by itself.
        let own = (&ada, rain);
        store
            .unpublish_collection(HOME, own, after(950))
            .await
            .unwrap()
            .unwrap();
        assert!(
            place
                .number("select count(*) from board_mark where turn_id = 0")
                .await
                > 0
        );
        store.refresh_boards(HOME, now).await.unwrap();
        let page = store.board(HOME, board, 0, ADA).await.unwrap();
        let names: Vec<&str> = page.lines.iter().map(|line| line.name.as_str()).collect();
        assert_eq!((names, page.own_collection), (vec!["Sun"], None));
        let media = store.media_in_use().await.unwrap();
        assert!(media.contains(&MediaRef("media:Rain 1.opus".to_owned())));
        desk.close().await;
    })
    .await;
}

#[tokio::test]
async fn what_people_with_like_ratings_saved_comes_by_how_like_they_are() {
    on_each(async |place: &Place| {
        let desk = place.desk().await;
        let store = &desk.store;
        let rain = published(store, ADA, "Rain", 10).await;
        let sun = published(store, BEN, "Sun", 20).await;
        let wind = published(store, MemberId(500), "Wind", 30).await;
        let snow = published(store, ADA, "Snow", 40).await;
        let nobody = store.saved_by_alike(HOME, MemberId(500)).await.unwrap();
        assert_eq!((nobody.people, nobody.collections.len()), (0, 0));
        // 500 is the reader; 501 rates the same, 502 nearly, 503 the opposite, 504 too little.
        let stars: [[u8; 4]; 6] = [
            [5, 5, 4, 1],
            [1, 1, 2, 5],
            [4, 4, 4, 1],
            [2, 2, 1, 5],
            [5, 5, 5, 1],
            [1, 1, 3, 5],
        ];
        for (turn, stars) in (1..).zip(stars) {
            let mut records = rated(turn, CYD, &format!("Song {turn}"), &[]);
            records.extend(
                (500..)
                    .zip(stars)
                    .map(|(who, it)| rating(turn, MemberId(who), it)),
            );
            if turn < 5 {
                records.push(rating(turn, MemberId(504), stars[0]));
            }
            desk.keep(HOME, records).await;
        }
        save(store, MemberId(501), rain).await;
        save(store, MemberId(502), rain).await;
        save(store, MemberId(502), sun).await;
        save(store, MemberId(503), snow).await;
        save(store, MemberId(504), snow).await;
        // The reader's own, saved by one like them, is no news.
        save(store, MemberId(501), wind).await;
        let alike = store.saved_by_alike(HOME, MemberId(500)).await.unwrap();
        assert_eq!(alike.people, 2);
        let found: Vec<_> = alike
            .collections
            .iter()
            .map(|(it, savers)| (it.name.as_str(), *savers))
            .collect();
        assert_eq!(found, [("Rain", 2), ("Sun", 1)]);
        // What they have saved themselves is no news either.
        save(store, MemberId(500), rain).await;
        let alike = store.saved_by_alike(HOME, MemberId(500)).await.unwrap();
        assert_eq!(alike.collections.len(), 1);
        let alike = store.saved_by_alike(AWAY, MemberId(500)).await.unwrap();
        assert_eq!(alike.people, 0);
        desk.close().await;
    })
    .await;
}
