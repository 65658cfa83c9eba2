//! The formulas against figures calculated by hand, and the rules of who counts.

use super::super::ids::{MemberId, TurnId};
use super::super::moment::Moment;
use super::super::protocol::Stars;
use super::super::settings::Settings;
use super::super::track::TrackKey;
use super::{Bar, Board, Boards, Ear, Figures, Line, PastPlay, Period, Subject, make};
use std::time::Duration;

pub(super) const NOW: Moment = Moment(1_790_000_000_000);
const ADA: u64 = 1;
const BEN: u64 = 2;
const CYD: u64 = 3;

pub(super) fn days(days: u64) -> Duration {
    Duration::from_hours(24 * days)
}

/// A play of three minutes that began so many days ago, in the order of its turns.
pub(super) fn play(turn: u64, looper: u64, track: &str, days_ago: u64) -> PastPlay {
    PastPlay {
        turn: TurnId(turn),
        looper: MemberId(looper),
        track: TrackKey(track.to_owned()),
        began_at: NOW - days(days_ago),
        played: Duration::from_mins(3),
        ears: Vec::new(),
    }
}

/// Somebody who heard it all; 0 stars is silence.
pub(super) fn ear(member: u64, stars: u8) -> Ear {
    Ear {
        member: MemberId(member),
        heard_ms: 180_000,
        has_heard: true,
        stars: Stars::new(stars),
        grabbed: false,
        voided: false,
        member_for_s: Ear::LONG,
    }
}

/// Everybody counts who heard half of it.
pub(super) fn open() -> Bar {
    Bar {
        ratings: 0,
        loopers: 0,
        ..Bar::from(&Settings::default())
    }
}

/// With listeners 101, 102 and on, and their stars.
pub(super) fn heard(mut play: PastPlay, stars: &[u8]) -> PastPlay {
    play.ears = (101..).zip(stars).map(|(who, it)| ear(who, *it)).collect();
    play
}

fn listed(boards: &Boards, board: Board, period: Period) -> &[Line] {
    &boards.sheets[&(board, period)].listed
}

fn all_tracks(boards: &Boards, period: Period) -> Vec<(String, f64, f64)> {
    let sheet = &boards.sheets[&(Board::Tracks, period)];
    let lines = sheet.listed.iter().chain(&sheet.unlisted);
    lines
        .map(|line| match (&line.subject, line.figures) {
            (
                Subject::Track(key),
                Figures::Track {
                    index, expected, ..
                },
            ) => (key.0.clone(), index, expected),
            other => panic!("{other:?} is no track"),
        })
        .collect()
}

fn close(a: f64, b: f64) {
    assert!((a - b).abs() < 1e-9, "{a} is not {b}");
}

fn index(o: f64, x: f64) -> f64 {
    100.0 * ((o + 4.0) - (o + 4.0_f64).sqrt()) / (x + 4.0)
}

#[test]
fn a_tracks_index_is_what_was_felt_over_what_is_usual() {
    // 👎 -1, 0, 0.5, 1, 1.25, silence 0; a grab adds 0.5.
    let mut one = heard(play(1, ADA, "one", 1), &[1, 2, 3, 4, 5, 0, 0, 0]);
    one.ears[5].grabbed = true;
    let e = |l: f64| 0.85 * l.powf(0.65);
    // All on fire: 2 * 1.25 and two grabs are more than three times what is usual, which is not.
    let two = heard(play(2, ADA, "two", 1), &[5, 5]);
    // Nobody likes it: never below 0.
    let bad = heard(play(3, BEN, "bad", 1), &[1, 1, 1]);
    let boards = make(&[one, two, bad], &open(), NOW);
    let found = all_tracks(&boards, Period::All);
    let expected = [
        ("two", index(2.5, e(2.0)), e(2.0)),
        ("one", index(2.25, e(8.0)), e(8.0)),
        ("bad", index(0.0, e(3.0)), e(3.0)),
    ];
    assert_eq!(found.len(), 3);
    for (found, expected) in found.iter().zip(expected) {
        assert_eq!(found.0, expected.0);
        close(found.1, expected.1);
        close(found.2, expected.2);
    }
    assert!(listed(&boards, Board::Tracks, Period::All).is_empty());
}

#[test]
fn one_play_is_worth_three_times_what_is_usual_at_most() {
    let mut loved = heard(play(1, ADA, "loved", 0), &[5; 30]);
    loved.ears.iter_mut().for_each(|ear| ear.grabbed = true);
    let boards = make(&[loved], &open(), NOW);
    let e = 0.85 * 30_f64.powf(0.65);
    assert!(30.0 * 1.75 > 3.0 * e);
    let found = all_tracks(&boards, Period::All);
    close(found[0].1, index(3.0 * e, e));
    assert_eq!(listed(&boards, Board::Tracks, Period::All).len(), 1);
}

#[test]
fn on_the_boards_of_short_periods_half_is_left_after_a_month() {
    let plays = [
        heard(play(1, ADA, "one", 30), &[4, 4, 4]),
        heard(play(2, ADA, "one", 0), &[4, 0, 0]),
        heard(play(3, ADA, "old", 31), &[4, 4, 4]),
    ];
    let boards = make(&plays, &open(), NOW);
    let e = 0.85 * 3_f64.powf(0.65);
    // The ratings of 30 days ago and of today are more than a week apart, so both count.
    let month = all_tracks(&boards, Period::Month);
    assert_eq!(month.len(), 1);
    close(month[0].2, 1.5 * e);
    close(month[0].1, index(0.5 * 3.0 + 1.0, 1.5 * e));
    assert_eq!(all_tracks(&boards, Period::Week).len(), 1);
    for period in [Period::Year, Period::All] {
        let year = all_tracks(&boards, period);
        assert_eq!(year.len(), 2);
        let one = year.iter().find(|it| it.0 == "one").unwrap();
        close(one.1, index(4.0, 2.0 * e));
    }
}

#[test]
fn a_persons_ratings_of_a_track_count_once_in_a_week() {
    let plays = [
        heard(play(1, ADA, "one", 9), &[5, 4, 0]),
        // Again after 6 days: 101 and 102 are not counted, 103 was silent and is.
        heard(play(2, BEN, "one", 3), &[5, 1, 5, 0]),
        // 8 days after the first, which was the last that counted of 101.
        heard(play(3, BEN, "one", 1), &[1, 0, 0, 0]),
    ];
    let boards = make(&plays, &open(), NOW);
    let e = |l: f64| 0.85 * l.powf(0.65);
    let found = all_tracks(&boards, Period::All);
    close(found[0].2, e(3.0) + e(2.0) + e(4.0));
    close(
        found[0].1,
        index(2.25 + 1.25 + 0.0, e(3.0) + e(2.0) + e(4.0)),
    );
}

#[test]
fn a_rating_in_a_play_that_does_not_count_uses_up_nobodys_week() {
    let e = |l: f64| 0.85 * l.powf(0.65);
    // One listener is too few; two days later there are two.
    let plays = [
        heard(play(1, ADA, "one", 3), &[5]),
        heard(play(2, BEN, "one", 1), &[4, 0]),
    ];
    let found = all_tracks(&make(&plays, &open(), NOW), Period::All);
    close(found[0].2, e(2.0));
    close(found[0].1, index(1.0, e(2.0)));
    // Nor does it put off the week since the last that counted, or end it early.
    let plays = [
        heard(play(1, ADA, "one", 10), &[5, 5]),
        heard(play(2, ADA, "one", 3), &[1]),
        heard(play(3, BEN, "one", 1), &[4, 4]),
        heard(play(4, BEN, "one", 0), &[1, 0, 0]),
    ];
    let found = all_tracks(&make(&plays, &open(), NOW), Period::All);
    close(found[0].2, e(2.0) * 3.0);
    close(found[0].1, index(2.5 + 2.0, e(2.0) * 3.0));
}

#[test]
fn who_does_not_count_is_not_there() {
    let bar = Bar::from(&Settings::default());
    // Six regulars rate three loopers' songs; five of the six plays of each looper.
    let regular = |turn: u64| heard(play(turn, turn % 3 + 1, &format!("t{turn}"), 1), &[4; 6]);
    let plays: Vec<PastPlay> = (1..=6).map(regular).collect();
    let with = |change: &dyn Fn(&mut PastPlay)| {
        let mut changed = plays.clone();
        changed.iter_mut().for_each(change);
        make(&changed, &bar, NOW)
    };
    let plain = make(&plays, &bar, NOW);
    assert_eq!(all_tracks(&plain, Period::All).len(), 6);
    let newcomer = |change: &dyn Fn(&mut Ear, u64)| {
        with(&|play: &mut PastPlay| {
            let mut new = ear(200, 1);
            change(&mut new, play.turn.0);
            play.ears.push(new);
        })
    };
    let same = |boards: &Boards| {
        for board in [Board::Tracks, Board::Loopers, Board::Rookies] {
            for period in Period::ALL {
                let key = (board, period);
                assert_eq!(boards.sheets[&key], plain.sheets[&key], "{key:?}");
            }
        }
    };
    let differs = |boards: &Boards| {
        let key = (Board::Tracks, Period::All);
        assert_ne!(boards.sheets[&key], plain.sheets[&key]);
    };
    // One like the others counts ...
    differs(&newcomer(&|_, _| {}));
    // ... unless they heard less than half, or less than 30 s,
    same(&newcomer(&|ear, _| ear.heard_ms = 89_999));
    differs(&newcomer(&|ear, _| ear.heard_ms = 90_000));
    // or their account was younger than a week (the id of an account made 6 days ago),
    let made = |age: Duration| {
        let ms = u64::try_from((NOW - days(1) - age).0).unwrap() - 1_420_070_400_000;
        MemberId(ms << 22)
    };
    same(&newcomer(&|ear, _| ear.member = made(days(6))));
    differs(&newcomer(&|ear, _| ear.member = made(days(7))));
    // or they were no member for a day,
    same(&newcomer(&|ear, _| ear.member_for_s = 86_399));
    differs(&newcomer(&|ear, _| ear.member_for_s = 86_400));
    // or rated less than five,
    same(&newcomer(&|ear, turn| {
        ear.stars = ear.stars.filter(|_| turn > 2);
    }));
    differs(&newcomer(&|ear, turn| {
        ear.stars = ear.stars.filter(|_| turn > 1);
    }));
    // or their ratings are void.
    same(&newcomer(&|ear, _| ear.voided = true));
}

#[test]
fn ratings_of_three_loopers_are_asked_for_or_of_all_there_are() {
    let bar = Bar::from(&Settings::default());
    let of = |loopers: &[u64]| {
        let plays: Vec<PastPlay> = (1..)
            .zip(loopers)
            .map(|(turn, looper)| heard(play(turn, *looper, &format!("t{turn}"), 1), &[4, 4]))
            .collect();
        make(&plays, &bar, NOW)
    };
    assert_eq!(all_tracks(&of(&[ADA; 5]), Period::All).len(), 5);
    assert_eq!(
        all_tracks(&of(&[ADA, BEN, ADA, BEN, ADA]), Period::All).len(),
        5
    );
    // With three loopers, who rates two only does not count; here that is everybody.
    let mut plays: Vec<PastPlay> = (1..=6)
        .map(|turn| heard(play(turn, turn % 2 + 1, &format!("t{turn}"), 1), &[4, 4]))
        .collect();
    plays.push(heard(play(7, CYD, "t7", 1), &[0, 0]));
    let boards = make(&plays, &bar, NOW);
    assert!(all_tracks(&boards, Period::All).is_empty());
    let standing = boards.standings[&MemberId(101)];
    assert_eq!((standing.ratings, standing.loopers), (6, 2));
    assert_eq!((standing.loopers_needed, standing.counts), (3, false));
}

#[test]
fn one_listener_makes_no_play_count() {
    let plays = [
        heard(play(1, ADA, "one", 1), &[5]),
        heard(play(2, ADA, "two", 1), &[5, 0]),
    ];
    let found = all_tracks(&make(&plays, &open(), NOW), Period::All);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].0, "two");
}

#[test]
fn a_loopers_index_is_the_sum_of_small_differences() {
    // 101 loves what Ada plays and is silent else; 102 gives everybody a heart.
    let plays = [
        heard(play(1, ADA, "a", 1), &[5, 4]),
        heard(play(2, BEN, "b", 1), &[0, 4]),
    ];
    let boards = make(&plays, &open(), NOW);
    let mu = (1.25 + 1.0 + 0.0 + 1.0) / 4.0;
    let usual = |sum: f64, n: f64, m: f64| (sum + 3.0 * m) / (n + 3.0);
    let (r1, r2) = (usual(1.25, 2.0, mu), usual(2.0, 2.0, mu));
    let d = |y: f64, r: f64| (usual(y, 1.0, r) - r).clamp(-0.25, 0.25);
    let expected = |y1: f64| 100.0 + 400.0 * (d(y1, r1) + d(1.0, r2)) / 7.0;
    let rookies = listed(&boards, Board::Rookies, Period::Quarter);
    assert!(listed(&boards, Board::Loopers, Period::Quarter).is_empty());
    for (line, (looper, y1, warmer)) in rookies.iter().zip([(ADA, 1.25, 2), (BEN, 0.0, 1)]) {
        let Figures::Looper {
            index,
            raters,
            warmer: found,
            cooler,
            plays,
        } = line.figures
        else {
            panic!("no looper: {line:?}");
        };
        assert_eq!(line.subject, Subject::Member(MemberId(looper)));
        close(index, expected(y1));
        assert_eq!((raters, plays), (2, 1));
        assert_eq!((found, cooler), (warmer, 2 - warmer));
    }
}

#[test]
fn one_person_moves_a_looper_no_further_than_a_quarter() {
    // One fan, on fire twenty times, and nine who like Ada's songs as much as all others.
    let mut plays = Vec::new();
    for turn in 1..=40 {
        let looper = turn % 2 + 1;
        let mut stars = [4; 10];
        stars[0] = if looper == ADA { 5 } else { 1 };
        plays.push(heard(play(turn, looper, &format!("t{turn}"), 1), &stars));
    }
    let boards = make(&plays, &open(), NOW);
    let lines = listed(&boards, Board::Loopers, Period::Quarter);
    let Figures::Looper { index, raters, .. } = lines[0].figures else {
        panic!("no looper: {lines:?}");
    };
    assert_eq!(raters, 10);
    // The fan's difference is cut at 0.25; the others' is next to nothing.
    let fan = 400.0 * 0.25 / 15.0;
    assert!(index > 100.0 + fan && index < 100.0 + 1.3 * fan, "{index}");
}

#[test]
fn a_looper_is_ranked_from_five_people_and_ten_plays_on() {
    let of = |plays: u64, people: usize| {
        let plays: Vec<PastPlay> = (1..=plays)
            .map(|turn| heard(play(turn, ADA, &format!("t{turn}"), 1), &vec![4; people]))
            .collect();
        let boards = make(&plays, &open(), NOW);
        let count = |board| listed(&boards, board, Period::Quarter).len();
        (count(Board::Loopers), count(Board::Rookies))
    };
    assert_eq!(of(10, 5), (1, 0));
    assert_eq!(of(9, 5), (0, 1));
    assert_eq!(of(10, 4), (0, 1));
}

#[test]
fn from_a_hundred_plays_on_a_server_has_its_own_expectation() {
    // Sums of 2 before 4 people, of 4 before 16: 1 * L^0.5.
    let of = |count: u64| {
        let plays: Vec<PastPlay> = (1..=count)
            .map(|turn| {
                let stars: &[u8] = if turn % 2 == 0 {
                    &[4, 4, 0, 0]
                } else {
                    &[4, 4, 4, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]
                };
                heard(play(turn, ADA, &format!("t{turn}"), 1), stars)
            })
            .collect();
        make(&plays, &open(), NOW).usual
    };
    let usual = of(99);
    close(usual.a, 0.85);
    close(usual.b, 0.65);
    let own = of(100);
    close(own.a, 1.0);
    close(own.b, 0.5);
}

#[test]
fn the_slope_of_the_expectation_is_kept_in_its_bounds() {
    // As warm before 16 as before 4, and of one size only.
    let flat: Vec<PastPlay> = (1..=100)
        .map(|turn| {
            let mut stars = vec![4, 4, 0, 0];
            stars.resize(if turn % 2 == 0 { 4 } else { 16 }, 0);
            heard(play(turn, ADA, &format!("t{turn}"), 1), &stars)
        })
        .collect();
    let usual = make(&flat, &open(), NOW).usual;
    close(usual.b, 0.4);
    close(usual.of(8), 2.0);
    let one_size: Vec<PastPlay> = (1..=100)
        .map(|turn| heard(play(turn, ADA, &format!("t{turn}"), 1), &[4, 4, 0, 0]))
        .collect();
    let usual = make(&one_size, &open(), NOW).usual;
    close(usual.b, 0.65);
    close(usual.of(4), 2.0);
    // Nobody ever liked anything: what is usual elsewhere.
    let cold: Vec<PastPlay> = (1..=100)
        .map(|turn| heard(play(turn, ADA, &format!("t{turn}"), 1), &[1, 0]))
        .collect();
    close(make(&cold, &open(), NOW).usual.a, 0.85);
}

#[test]
fn listeners_stand_by_the_time_they_heard() {
    let mut one = heard(play(1, ADA, "one", 1), &[0, 0, 0]);
    one.ears[1].heard_ms = 200_000;
    one.ears[2].heard_ms = 0;
    // One's own songs are no listening.
    one.ears.push(ear(ADA, 0));
    let mut two = heard(play(2, ADA, "two", 8), &[0]);
    two.ears[0].has_heard = false;
    let boards = make(&[one, two], &open(), NOW);
    let lines = |period| -> Vec<(u64, u64, u32)> {
        listed(&boards, Board::Listeners, period)
            .iter()
            .map(|line| match (&line.subject, line.figures) {
                (Subject::Member(member), Figures::Listener { heard, plays }) => {
                    (member.0, heard.as_secs(), plays)
                }
                other => panic!("{other:?} is no listener"),
            })
            .collect()
    };
    assert_eq!(lines(Period::Week), [(102, 200, 1), (101, 180, 1)]);
    assert_eq!(lines(Period::All), [(101, 360, 1), (102, 200, 1)]);
}

#[test]
fn everyones_best_track_has_its_place() {
    let plays = [
        heard(play(1, ADA, "good", 1), &[4, 4, 4, 4]),
        heard(play(2, BEN, "better", 1), &[5, 5, 5, 5]),
        heard(play(3, CYD, "good", 1), &[0, 0, 0, 0]),
        heard(play(4, ADA, "bad", 1), &[1, 1, 1, 1]),
    ];
    let boards = make(&plays, &open(), NOW);
    let sheet = &boards.sheets[&(Board::Tracks, Period::All)];
    let best = |member| {
        let line = sheet.line(sheet.best[&MemberId(member)]).unwrap();
        line.subject.clone()
    };
    assert_eq!(best(ADA), Subject::Track(TrackKey("good".to_owned())));
    assert_eq!(best(BEN), Subject::Track(TrackKey("better".to_owned())));
}

#[test]
fn boards_and_periods_are_known_by_their_names() {
    for period in Period::ALL {
        assert_eq!(Period::named(period.name()), Some(period));
    }
    for board in Board::ALL {
        assert_eq!(Board::named(board.name()), Some(board));
    }
    assert_eq!(Period::named("day"), None);
    assert_eq!(Period::Week.since(NOW), Some(NOW - days(7)));
    assert_eq!(Period::All.since(NOW), None);
}
