//! Tables of moments, and what they mean.

use super::{Frame, ReceivedPlay, Stretch, by_weekday, due, hour_moment, ranked, wait};
use crate::domain::calendar::{Date, HOUR};
use crate::domain::ids::{MemberId, TurnId};
use crate::domain::leaderboard::{Expectation, Tally};
use crate::domain::moment::Moment;
use crate::domain::track::TrackKey;
use std::time::Duration;

fn at(year: i64, month: u8, day: u8, hour: u32) -> Moment {
    Date { year, month, day }.begins() + hour * HOUR
}

fn days(moments: &[Moment]) -> Vec<(u8, u8)> {
    let dates = moments.iter().map(|it| Date::of(*it));
    dates.map(|it| (it.month, it.day)).collect()
}

#[test]
fn the_week_is_posted_on_monday_morning_and_no_later_than_tuesday() {
    let monday = Some(at(2026, 11, 23, 0));
    // The week that spans the year's end is due in the new year.
    let new_year = Some(at(2027, 1, 4, 0));
    for (now, is_due) in [
        (at(2026, 11, 22, 23), None),
        (at(2026, 11, 23, 0), None),
        (at(2026, 11, 23, 8), None),
        (at(2026, 11, 23, 9), monday),
        (at(2026, 11, 23, 23), monday),
        (at(2026, 11, 24, 12), monday),
        (at(2026, 11, 24, 23), monday),
        (at(2026, 11, 25, 0), None),
        (at(2026, 11, 29, 9), None),
        (at(2027, 1, 1, 12), None),
        (at(2027, 1, 4, 8), None),
        (at(2027, 1, 4, 9), new_year),
        (at(2027, 1, 5, 20), new_year),
        // A Monday that is a leap day's morrow.
        (at(2044, 2, 29, 10), Some(at(2044, 2, 29, 0))),
    ] {
        assert_eq!(due(now), is_due, "{:?}", Date::of(now));
    }
}

#[test]
fn the_wait_ends_where_something_is_due_and_is_never_long() {
    let minutes = |now| wait(now).as_secs() / 60;
    assert_eq!(minutes(at(2026, 11, 23, 9)), 1);
    assert_eq!(minutes(at(2026, 11, 24, 23)), 1);
    assert_eq!(minutes(at(2026, 11, 25, 0)), 60);
    assert_eq!(minutes(at(2026, 11, 23, 7)), 60);
    assert_eq!(minutes(at(2026, 11, 23, 8) + Duration::from_mins(45)), 15);
    let almost = at(2027, 1, 4, 9) - Duration::from_millis(1);
    assert_eq!(wait(almost), Duration::from_millis(1));
    assert!(due(almost + wait(almost)).is_some());
    // Whoever waits so, from any hour of a year on, finds each Monday within the minute.
    let mut now = at(2026, 1, 1, 0) + Duration::from_mins(17);
    let (mut found, mut last) = (0, None);
    while now < at(2027, 1, 1, 0) {
        if let Some(monday) = due(now).filter(|it| Some(*it) != last) {
            assert_eq!(now, monday + 9 * HOUR);
            last = Some(monday);
            found += 1;
            // What is done meanwhile takes its time.
            now = now + Duration::from_secs(47);
        }
        now = now + wait(now);
    }
    assert_eq!(found, 52);
}

#[test]
fn a_week_is_seven_days_and_is_compared_with_as_much_of_seven_others() {
    let now = at(2026, 11, 25, 17);
    let frame = Stretch::Week.until(now);
    let pieces = days(frame.pieces());
    assert_eq!(pieces.len(), 7);
    assert_eq!((pieces[0], pieces[6]), ((11, 19), (11, 25)));
    assert_eq!(
        (frame.span().from, frame.span().to),
        (at(2026, 11, 19, 0), now)
    );
    let before = frame.span_before();
    assert_eq!(before.from, at(2026, 11, 12, 0));
    assert_eq!(before.to, at(2026, 11, 18, 17));

    let whole = Frame::week_before(at(2027, 1, 4, 0));
    assert_eq!(days(whole.pieces())[0], (12, 28));
    assert_eq!(whole.span().to, at(2027, 1, 4, 0));
    assert_eq!(whole.span_before().to, whole.span().from);
    assert_eq!(Stretch::Month.until(now).pieces().len(), 30);
}

#[test]
fn a_year_is_twelve_months_of_their_own_lengths() {
    let now = at(2028, 2, 29, 5);
    let frame = Stretch::Year.until(now);
    let pieces = days(frame.pieces());
    assert_eq!(pieces.len(), 12);
    assert_eq!((pieces[0], pieces[11]), ((3, 1), (2, 1)));
    assert_eq!(frame.span().from, at(2027, 3, 1, 0));
    assert_eq!(frame.span().to, now);
    let before = frame.span_before();
    assert_eq!(before.from, at(2026, 3, 1, 0));
    assert!(before.to <= frame.span().from);
}

#[test]
fn hours_fall_into_pieces_weekdays_and_times_of_day() {
    let frame = Stretch::Week.until(at(2026, 11, 25, 17));
    let hours = [
        (at(2026, 11, 18, 23), 100),
        (at(2026, 11, 19, 0), 1),
        (at(2026, 11, 19, 23), 2),
        (at(2026, 11, 25, 16), 4),
        (at(2026, 11, 26, 0), 100),
    ];
    assert_eq!(frame.by_piece(hours), [3, 0, 0, 0, 0, 0, 4]);
    assert_eq!(frame.by_piece_before(hours), [0, 0, 0, 0, 0, 0, 100]);
    let week = by_weekday(hours);
    // The 19th was a Thursday.
    assert_eq!((week[3][0], week[3][23], week[2][16]), (101, 2, 4));
    let first = at(1970, 1, 1, 5);
    assert_eq!(hour_moment(5), first);
}

#[test]
fn what_was_liked_more_than_usual_comes_first() {
    let play = |turn: u64, track: &str, audience, stars: &[u8]| ReceivedPlay {
        turn: TurnId(turn),
        track: TrackKey(track.to_owned()),
        looper: MemberId(turn % 2),
        audience,
        tally: Tally {
            sum: stars.iter().map(|it| u64::from(*it)).sum(),
            count: u32::try_from(stars.len()).unwrap(),
        },
        quarters: stars
            .iter()
            .map(|it| [-4, 0, 2, 4, 5][usize::from(*it) - 1])
            .sum(),
    };
    let plays = [
        play(1, "cold", 20, &[1, 1, 2]),
        play(2, "loved", 20, &[5, 5, 4, 4, 5, 5, 4, 4]),
        // One heart of one listener says little.
        play(3, "lucky", 1, &[5]),
        play(4, "loved", 20, &[5, 5, 4, 4, 5, 5, 4, 4]),
    ];
    let tracks = ranked(&plays, Expectation::default(), |it| it.track.clone());
    let order: Vec<u64> = tracks.iter().map(|it| it.newest.0).collect();
    assert_eq!(order, [4, 3, 1]);
    assert_eq!((tracks[0].plays, tracks[0].tally.count), (2, 16));
    let loopers = ranked(&plays, Expectation::default(), |it| it.looper);
    assert_eq!(loopers.len(), 2);
    assert_eq!(loopers[0].newest, TurnId(4));
}
