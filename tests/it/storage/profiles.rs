//! Somebody's figures against a calculation by hand.

use super::boards::{keep_all, rated, voided};
use super::places::on_each;
use super::samples::{ADA, AWAY, BEN, FAR, HOME, after, ended, grab, heard, play, rating};
use rondo::domain::leaderboard::Tally;
use rondo::domain::protocol::PlayRecord;
use rondo::storage::Profile;
use std::time::Duration;

#[tokio::test]
async fn a_profile_shows_somebody_as_looper_and_listener() {
    on_each(async |place| {
        let desk = place.desk().await;
        let silent = PlayRecord {
            played: Duration::ZERO,
            ..play(6, ADA, "Broken")
        };
        let plays = vec![
            rated(1, ADA, "Good", &[4, 4]),
            rated(2, ADA, "Best", &[5, 5, 5]),
            rated(3, ADA, "Bad", &[1]),
            rated(4, ADA, "Better", &[5, -1]),
            rated(5, BEN, "Theirs", &[2, 2, 2]),
            vec![ended(silent)],
            vec![
                rating(5, ADA, 4),
                // With it, the better would stand below the good.
                rating(4, BEN, 1),
                voided(4, BEN),
                grab(5, ADA, "Theirs"),
                heard(5, ADA, 170, true),
                heard(1, BEN, 180, true),
            ],
        ];
        keep_all(&desk, HOME, plays).await;
        keep_all(&desk, AWAY, vec![rated(1, ADA, "Good", &[1, 1])]).await;

        let ada = desk.store.profile(HOME, ADA).await.unwrap();
        assert_eq!(ada.plays, 4);
        assert_eq!(ada.tally, Tally { sum: 29, count: 7 });
        assert_eq!(ada.rated_plays, 4);
        assert_eq!((ada.heard_plays, ada.heard), (1, Duration::from_secs(170)));
        assert_eq!((ada.given, ada.grabs), ([0, 0, 0, 1, 0], 1));
        let best: Vec<&str> = ada.best.iter().map(|row| row.title.as_str()).collect();
        assert_eq!(best, ["Best", "Better", "Good"]);

        // Good was heard by two, Best by three, Bad by one, Better by one, and once by Ben.
        assert_eq!((ada.audience, ada.ears), (4, 8));
        assert_eq!(ada.artists.len(), 3);
        assert_eq!(ada.artists[0].name, "Better's band");
        let loved: Vec<&str> = ada
            .loved_loopers
            .iter()
            .map(|it| it.name.as_str())
            .collect();
        assert_eq!(loved, ["Looper 102"]);
        assert_eq!(ada.loved_artists[0].name, "Theirs's band");
        // Four plays of hers and one that she heard, all between two and three in the afternoon.
        assert_eq!((ada.hours[14], ada.hours.iter().sum::<u64>()), (5, 5));
        assert_eq!(ada.since, Some(after(60)));

        let ben = desk.store.profile(HOME, BEN).await.unwrap();
        assert_eq!((ben.plays, ben.ratings_given(), ben.grabs), (1, 0, 0));
        assert_eq!(ben.tally, Tally { sum: 10, count: 4 });
        let nobody = desk.store.profile(HOME, FAR).await.unwrap();
        assert_eq!(nobody, Profile::default());
        desk.close().await;
    })
    .await;
}
