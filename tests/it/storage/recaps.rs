//! A time looked back on, against a calculation by hand; and a year of ten thousand plays.

use super::boards::{keep_all, rated, voided};
use super::places::{Place, on_each};
use super::samples::{ADA, AWAY, BEN, EVENING, HOME, after, ended, grab, heard, play, rating};
use rondo::domain::calendar::DAY;
use rondo::domain::ids::MemberId;
use rondo::domain::leaderboard::Tally;
use rondo::domain::protocol::{PlayRecord, Record};
use rondo::domain::recap::{Span, Stretch};
use rondo::storage::{Recap, RecapTrack, Whose};
use std::time::Duration;

fn names(tracks: &[RecapTrack]) -> Vec<&str> {
    tracks.iter().map(|it| it.name.as_str()).collect()
}

#[expect(clippy::too_many_lines, reason = "one evening, told in order")]
#[tokio::test]
async fn a_week_of_a_server_and_of_a_member_adds_up() {
    on_each(async |place| {
        let desk = place.desk().await;
        let silent = PlayRecord {
            played: Duration::ZERO,
            ..play(5, ADA, "Broken")
        };
        let last_week = PlayRecord {
            began_at: EVENING - 8 * DAY,
            ..play(6, BEN, "Old")
        };
        let plays = vec![
            rated(1, ADA, "Good", &[4, 4, 0]),
            rated(2, ADA, "Best", &[5, 5, 5]),
            rated(3, BEN, "Bad", &[1, 2, -5]),
            rated(4, BEN, "Quiet", &[0]),
            vec![ended(silent), ended(last_week)],
            vec![
                heard(6, ADA, 100, true),
                rating(6, ADA, 3),
                rating(3, ADA, 5),
                voided(3, MemberId(500)),
                rating(4, ADA, 4),
                heard(3, ADA, 170, true),
                heard(4, ADA, 10, false),
                grab(3, ADA, "Bad"),
                grab(1, BEN, "Good"),
            ],
        ];
        keep_all(&desk, HOME, plays).await;
        keep_all(&desk, AWAY, vec![rated(1, ADA, "Elsewhere", &[1, 1])]).await;

        let frame = Stretch::Week.until(EVENING + DAY);
        let spans = (frame.span(), frame.span_before());
        let of = async |whose| desk.store.recap(HOME, whose, spans).await.unwrap();
        let server = of(Whose::Server).await;
        let sums = &server.sums;
        assert_eq!((sums.plays, sums.loopers, sums.grabs), (4, 2, 2));
        // 500, 501, 502 and Ada.
        assert_eq!(sums.listeners, 4);
        // The voided one is out, the one that does not count is felt all the same.
        assert_eq!(sums.ratings, [0, 1, 0, 3, 5]);
        let seconds = 9 * 180 + 60 + 170 + 10;
        assert_eq!(sums.heard, Duration::from_secs(seconds));
        assert_eq!(server.before.plays, 1);
        assert_eq!(server.before.heard, Duration::from_secs(100));
        assert_eq!(server.hours.len(), 1);
        assert_eq!(
            server.hours[0].begins_at.0,
            EVENING.0 / 3_600_000 * 3_600_000
        );
        assert_eq!(names(&server.tracks), ["Best", "Good", "Quiet", "Bad"]);
        assert_eq!(server.tracks[0].tally, Tally { sum: 15, count: 3 });
        assert_eq!(server.tracks[0].artist.as_deref(), Some("Best's band"));
        assert_eq!(names(&server.loopers), ["Looper 101", "Looper 102"]);
        assert_eq!(server.loopers[0].plays, 2);
        let longest = &server.listeners[0];
        assert_eq!(longest.0, "Listener 500");
        assert_eq!(longest.1, Duration::from_mins(12));
        assert!(server.own.is_empty());

        let ada = of(Whose::Member(ADA)).await;
        // One of the two she heard something of counts as heard.
        assert_eq!((ada.sums.plays, ada.sums.own, ada.sums.grabs), (1, 2, 1));
        assert_eq!(ada.sums.heard, Duration::from_mins(3));
        assert_eq!((ada.sums.loopers, ada.sums.listeners), (1, 3));
        assert_eq!(ada.sums.ratings, [0, 0, 0, 1, 1]);
        assert_eq!((ada.before.plays, ada.before.ratings), (1, [0, 0, 1, 0, 0]));
        assert_eq!(names(&ada.tracks), ["Bad", "Quiet"]);
        assert_eq!(names(&ada.loopers), ["Looper 102"]);
        assert_eq!(ada.loopers[0].tally, Tally { sum: 9, count: 2 });
        assert_eq!(names(&ada.own), ["Best", "Good"]);
        assert!(ada.listeners.is_empty());

        let span = Span {
            from: EVENING + 5 * DAY,
            to: EVENING + 9 * DAY,
        };
        let nothing = desk.store.recap(HOME, Whose::Server, (span, span)).await;
        assert_eq!(nothing.unwrap(), Recap::default());
        desk.close().await;
    })
    .await;
}

#[tokio::test]
async fn a_listener_has_the_name_that_they_had_last() {
    on_each(async |place| {
        let desk = place.desk().await;
        let called = |turn, name: &str| {
            let mut record = heard(turn, BEN, 100, true);
            if let Record::Heard { name: known, .. } = &mut record {
                name.clone_into(known);
            }
            record
        };
        let evening = vec![
            ended(play(1, ADA, "One")),
            ended(play(2, ADA, "Two")),
            ended(play(3, ADA, "Three")),
            called(1, "Ben"),
            called(2, "Zebra"),
            called(3, "Bennet"),
        ];
        desk.keep(HOME, evening).await;
        let frame = Stretch::Week.until(EVENING + DAY);
        let spans = (frame.span(), frame.span_before());
        let recap = desk.store.recap(HOME, Whose::Server, spans).await.unwrap();
        let heard = Duration::from_mins(5);
        assert_eq!(recap.listeners, [("Bennet".to_owned(), heard)]);
        desk.close().await;
    })
    .await;
}

/// A year of a busy server: 10,000 plays, each heard by twelve and rated by six.
async fn year(place: &Place) {
    let is_file = place.file.is_some();
    let series = |to: u32| {
        if is_file {
            format!(
                "(with recursive n(i) as (select 1 union all select i + 1 from n where i < {to}) \
                 select i from n)"
            )
        } else {
            format!("(select cast(i as bigint) as i from generate_series(1, {to}) as i)")
        }
    };
    let guild = HOME.0;
    let began = format!("{} - s.i * 3100000", EVENING.0);
    let (plays, twelve, six) = (series(10_000), series(12), series(6));
    for sql in [
        format!(
            "insert into play (guild_id, turn_id, session_id, looper_id, looper_name, seat, \
             track_key, title, artist, track, began_at_ms, ended_at_ms, played_ms, ended_how, \
             audience) select {guild}, s.i, 1, 100 + s.i % 5, 'Looper', 1, 'key' || (s.i % 3000), \
             'Title', null, '{{}}', {began}, {began} + 180000, 180000, null, 12 \
             from {plays} s"
        ),
        format!(
            "insert into heard (guild_id, turn_id, member_id, member_name, heard_ms, counts) \
             select {guild}, s.i, 500 + m.i, 'Listener', 170000, 1 from {plays} s, {twelve} m"
        ),
        format!(
            "insert into rating (guild_id, turn_id, rater_id, stars, way, rated_at_ms, counts) \
             select {guild}, s.i, 500 + m.i, 1 + (s.i * 7 + m.i * 3) % 5, 'button', {began}, 1 \
             from {plays} s, {six} m"
        ),
    ] {
        place.meddle(&sql).await;
    }
}

#[tokio::test]
async fn a_year_of_ten_thousand_plays_is_looked_back_on() {
    on_each(async |place| {
        let desk = place.desk().await;
        year(place).await;
        place.meddle("analyze").await;
        let frame = Stretch::Year.until(after(3_600));
        let spans = (frame.span(), frame.span_before());
        for whose in [Whose::Server, Whose::Member(MemberId(501))] {
            let recap = desk.store.recap(HOME, whose, spans).await.unwrap();
            assert!(recap.sums.plays > 8_000, "{:?}", recap.sums);
        }
        desk.close().await;
    })
    .await;
}
