//! What two people both rated, and what one of them has yet to hear.

use super::boards::{keep_all, voided};
use super::places::on_each;
use super::samples::{ADA, AWAY, BEN, CYD, FAR, HOME, ended, heard, play, rating};
use rondo::domain::taste::compare;

#[tokio::test]
async fn two_peoples_ratings_of_the_same_plays_are_found() {
    on_each(async |place| {
        let desk = place.desk().await;
        let titles = ["One", "Two", "Three", "Four", "Five", "Six", "Seven"];
        let plays = (1..).zip(titles);
        let mut records: Vec<_> = plays
            .map(|(turn, title)| vec![ended(play(turn, ADA, title))])
            .collect();
        // The same song once more.
        records.push(vec![ended(play(8, ADA, "Two"))]);
        let both = |turn, ben, cyd| vec![rating(turn, BEN, ben), rating(turn, CYD, cyd)];
        records.extend([
            both(1, 5, 4),
            both(2, 1, 1),
            both(3, 5, 1),
            both(4, 4, 5),
            both(5, 3, 3),
            vec![voided(5, CYD)],
            both(8, 5, 5),
            // Cyd was not there; and of the seventh they heard something.
            vec![rating(6, BEN, 5), heard(6, BEN, 180, true)],
            vec![rating(7, BEN, 4), heard(7, CYD, 20, false)],
            // What is given anew takes the place of what was given.
            vec![rating(1, CYD, 5)],
        ]);
        keep_all(&desk, HOME, records).await;
        keep_all(
            &desk,
            AWAY,
            vec![vec![ended(play(1, ADA, "One"))], both(1, 1, 5)],
        )
        .await;

        let shared = desk.store.shared_ratings(HOME, BEN, CYD).await.unwrap();
        let pairs: Vec<(&str, u8, u8)> = shared
            .iter()
            .map(|it| (it.title.as_str(), it.one.get(), it.other.get()))
            .collect();
        let expected = [
            ("Two", 5, 5),
            ("Four", 4, 5),
            ("Three", 5, 1),
            ("Two", 1, 1),
            ("One", 5, 5),
        ];
        assert_eq!(pairs, expected);
        assert_eq!(shared[2].artist.as_deref(), Some("Three's band"));
        let (likeness, songs) = compare(&shared, 3);
        assert_eq!(likeness.unwrap().shared, 5);
        let loved: Vec<&str> = songs.loved.iter().map(|it| it.title.as_str()).collect();
        assert_eq!(loved, ["Two", "One", "Four"]);
        assert_eq!(songs.fought[0].title, "Three");

        let unheard = |pair| desk.store.loved_unheard(HOME, pair, 3);
        let shown = unheard((BEN, CYD)).await.unwrap();
        // Nobody in this story has heard the first ones as far as is known; Cyd heard of the seventh.
        let titles: Vec<&str> = shown.iter().map(|it| it.title.as_str()).collect();
        assert_eq!(titles, ["Two", "Six", "Three"]);
        assert_eq!(shown[1].artist.as_deref(), Some("Six's band"));
        // Ada played all of them herself.
        assert_eq!(unheard((BEN, ADA)).await.unwrap(), []);
        assert_eq!(unheard((FAR, BEN)).await.unwrap(), []);
        let nobody = desk.store.shared_ratings(HOME, BEN, FAR).await.unwrap();
        assert_eq!(nobody, []);
        desk.close().await;
    })
    .await;
}
