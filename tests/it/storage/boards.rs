//! The leaderboards as they are made from what is kept and read page by page. The formulas are tried
//! where they are written (`domain::leaderboard`); here it is that everything that is kept gets
//! there, and nothing else.

use super::places::{Desk, Place, on_each};
use super::samples::{ADA, AWAY, BEN, CYD, HOME, after, ended, grab, heard, play, rating};
use rondo::domain::ids::{GuildId, MemberId, TurnId};
use rondo::domain::leaderboard::{Board, Figures, Period};
use rondo::domain::moment::Moment;
use rondo::domain::protocol::{PlayRecord, RatingRecord, Record};
use rondo::domain::settings::Settings;
use rondo::storage::{BoardLine, BoardPage, Refresher, Store};
use sqlx::AnyPool;
use sqlx::SqlSafeStr;
use sqlx::migrate::{Migration, MigrationType, Migrator};
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// An hour and more after everything in these stories.
const NOW: Moment = Moment(1_790_000_000_000 + 4_000_000);

/// Who rates anything counts.
fn lenient() -> Record {
    Record::Settings(Box::new(Settings {
        board_ratings: 1,
        board_loopers: 1,
        ..Settings::default()
    }))
}

/// A play of the title, heard and rated by as many people; the negative ones left early, so that
/// theirs do not count. 0 is silence.
pub(super) fn rated(turn: u64, looper: MemberId, title: &str, stars: &[i8]) -> Vec<Record> {
    let mut records = vec![ended(play(turn, looper, title))];
    for (rater, stars) in (500..).map(MemberId).zip(stars) {
        let seconds = if *stars < 0 { 60 } else { 180 };
        records.push(heard(turn, rater, seconds, *stars >= 0));
        if *stars == 0 {
            continue;
        }
        let mut given = rating(turn, rater, stars.unsigned_abs());
        if let Record::Rating(RatingRecord { counts, .. }) = &mut given {
            *counts = *stars > 0;
        }
        records.push(given);
    }
    records
}

/// A moderator takes a rating from the boards.
pub(super) fn voided(turn: u64, rater: MemberId) -> Record {
    Record::Voided {
        turn: TurnId(turn),
        rater,
        by: MemberId(600),
        at: NOW,
    }
}

pub(super) async fn keep_all(desk: &Desk, guild: GuildId, plays: Vec<Vec<Record>>) {
    desk.keep(guild, plays.into_iter().flatten().collect())
        .await;
}

async fn page(store: &Store, guild: GuildId, board: Board, member: MemberId) -> BoardPage {
    let all = (board, Period::All);
    store.board(guild, all, 0, member).await.expect("is read")
}

fn names(page: &BoardPage) -> Vec<&str> {
    page.lines.iter().map(|line| line.name.as_str()).collect()
}

fn track_figures(line: &BoardLine) -> (f64, f64, u32, u32) {
    match line.figures {
        Figures::Track {
            index,
            expected,
            plays,
            voices,
        } => (index, expected, plays, voices),
        other => panic!("{other:?} is no track's"),
    }
}

/// `100 ((O + 4) - sqrt(O + 4)) / (X + 4)`.
fn index(o: f64, x: f64) -> f64 {
    100.0 * ((o + 4.0) - (o + 4.0_f64).sqrt()) / (x + 4.0)
}

#[tokio::test]
async fn what_was_heard_and_felt_becomes_boards() {
    on_each(async |place| {
        let desk = place.desk().await;
        let mut plays = vec![vec![lenient()]];
        // 500 and on to 513; the last one leaves early.
        let gold = [5, 4, 4, 3, 0, 0, 4, 4, 0, 4, 4, 4, 4, -1];
        plays.push(rated(1, ADA, "Gold", &gold));
        plays.push(vec![grab(1, MemberId(504), "Gold")]);
        let lead = [1, 2, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0, -5];
        plays.push(rated(2, BEN, "Lead", &lead));
        plays.push(rated(3, BEN, "Tiny", &[5, 5]));
        // Nobody heard anything of it.
        let silent = PlayRecord {
            played: Duration::ZERO,
            ..play(4, CYD, "Broken")
        };
        plays.push(vec![ended(silent)]);
        keep_all(&desk, HOME, plays).await;
        // The neighbours' plays of the same tracks, turns and people are their own.
        let theirs = vec![vec![lenient()], rated(1, CYD, "Lead", &[5; 11])];
        keep_all(&desk, AWAY, theirs).await;
        assert_eq!(
            page(&desk.store, HOME, Board::Tracks, ADA).await,
            BoardPage::default()
        );

        let refreshed = desk.store.refresh_boards(HOME, NOW).await.unwrap();
        assert_eq!((refreshed.looked_at, refreshed.plays), (4, 3));
        desk.store.refresh_boards(AWAY, NOW).await.unwrap();

        let tracks = page(&desk.store, HOME, Board::Tracks, BEN).await;
        assert_eq!(names(&tracks), ["Gold", "Lead"]);
        assert_eq!(tracks.lines[0].artist.as_deref(), Some("Gold's band"));
        assert_eq!((tracks.listed, tracks.unlisted), (2, 1));
        // 504 and 505 rated nothing anywhere, so eleven count: 1.25 + 8 * 1 + 0.5 and a silence. The
        // grab of 504 is no voice.
        let e = |l: f64| 0.85 * l.powf(0.65);
        let (found, expected, plays, voices) = track_figures(&tracks.lines[0]);
        assert_eq!((plays, voices), (1, 11));
        assert!((expected - e(11.0)).abs() < 1e-9, "{expected}");
        let o = 1.25 + 8.0 + 0.5;
        assert!((found - index(o, e(11.0))).abs() < 1e-9, "{found}");
        let own = tracks.own.place(Board::Tracks, Period::All).unwrap();
        assert_eq!((own.place, own.turn), (Some(2), TurnId(2)));
        assert_eq!(tracks.own_track.as_deref(), Some("Lead"));

        let rookies = page(&desk.store, HOME, Board::Rookies, ADA).await;
        assert_eq!(names(&rookies), ["Looper 101", "Looper 102"]);
        let own = rookies.own.place(Board::Rookies, Period::All).unwrap();
        assert_eq!(own.place, Some(1));
        let loopers = page(&desk.store, HOME, Board::Loopers, ADA).await;
        assert!(loopers.lines.is_empty());

        let listeners = page(&desk.store, HOME, Board::Listeners, MemberId(513)).await;
        assert_eq!(listeners.listed, 14);
        assert_eq!(listeners.lines[0].member, Some(MemberId(500)));
        assert_eq!(listeners.lines[0].name, "Listener 500");
        let own = listeners.own.place(Board::Listeners, Period::All).unwrap();
        let two_minutes = Figures::Listener {
            heard: Duration::from_mins(2),
            plays: 0,
        };
        assert_eq!((own.place, own.figures), (Some(14), two_minutes));
        let rater = listeners_rating(&desk.store, MemberId(500)).await;
        assert_eq!((rater.0, rater.1, rater.2), (3, 1, true));

        let theirs = page(&desk.store, AWAY, Board::Tracks, ADA).await;
        assert_eq!(names(&theirs), ["Lead"]);
        let basis = desk.store.board_basis(AWAY).await.unwrap().unwrap();
        assert_eq!(basis.made_at, NOW);
        assert!((basis.a - 0.85).abs() < 1e-9 && (basis.b - 0.65).abs() < 1e-9);
        desk.close().await;
    })
    .await;
}

/// Ratings, loopers rated (as many as are asked for), and whether they count.
async fn listeners_rating(store: &Store, member: MemberId) -> (u32, u32, bool) {
    let own = store.own_places(HOME, member).await.unwrap();
    let rating = own.rating.expect("they have rated");
    (rating.ratings, rating.loopers, rating.counts)
}

/// Every page of every board and period.
async fn all_pages(store: &Store, guild: GuildId) -> Vec<BoardPage> {
    let mut all = Vec::new();
    for board in Board::ALL {
        for period in Period::ALL {
            for page in 0..3 {
                let found = store.board(guild, (board, period), page, ADA).await;
                all.push(found.unwrap());
            }
        }
    }
    all
}

#[tokio::test]
async fn boards_follow_every_change_as_if_it_had_always_been_so() {
    on_each(async |place| {
        let desk = place.desk().await;
        let people = [ADA, BEN, CYD];
        let by = |turn: u64| people[usize::try_from(turn % 3).unwrap()];
        let stars = [4, 3, 5, 0, 2, 4, 4, 3, 5, 1, 2, 4, 5];
        let fair = |turn: u64| rated(turn, by(turn), &format!("Song {turn}"), &stars);
        let mut records = vec![lenient()];
        records.extend((1..=30).flat_map(fair));
        desk.keep(HOME, records.clone()).await;
        desk.keep(AWAY, records).await;
        desk.store.refresh_boards(AWAY, NOW).await.unwrap();
        let untouched = all_pages(&desk.store, AWAY).await;
        assert!(untouched.iter().any(|page| !page.lines.is_empty()));

        // At home a farm rates what Cyd plays, and somebody changes their mind.
        let farm = (900..920).map(MemberId);
        let mut seen = Vec::new();
        for turn in (1..=30).filter(|turn| by(*turn) == CYD) {
            for rater in farm.clone() {
                seen.push(heard(turn, rater, 180, true));
                seen.push(rating(turn, rater, 5));
            }
        }
        seen.push(rating(1, MemberId(500), 1));
        desk.keep(HOME, seen).await;
        desk.store.refresh_boards(HOME, NOW).await.unwrap();
        let farmed = all_pages(&desk.store, HOME).await;
        let loopers = |pages: &[BoardPage]| pages[15..30].to_vec();
        assert_ne!(loopers(&farmed), loopers(&untouched));

        // A moderator voids the farm, and the other one changes their mind back.
        let mut undone = vec![rating(1, MemberId(500), 4)];
        // Half of them one by one, the others at one stroke.
        let (one_by_one, at_a_stroke): (Vec<MemberId>, Vec<MemberId>) =
            farm.clone().partition(|rater| rater.0 % 2 == 0);
        for turn in (1..=30).filter(|turn| by(*turn) == CYD) {
            undone.extend(one_by_one.iter().map(|rater| voided(turn, *rater)));
        }
        undone.extend(at_a_stroke.into_iter().map(|rater| Record::VoidedAll {
            rater,
            by: MemberId(600),
            at: NOW,
        }));
        desk.keep(HOME, undone).await;
        let refreshed = desk.store.refresh_boards(HOME, NOW).await.unwrap();
        assert_eq!(refreshed.looked_at, 11, "only what has changed");
        let after = all_pages(&desk.store, HOME).await;
        // All but the listeners, who did listen.
        assert_eq!(after[..45], untouched[..45]);

        // Ratings that are taken back become silence, which is not the same.
        let back = |turn| Record::Unrated {
            turn: TurnId(turn),
            rater: MemberId(500),
        };
        desk.keep(HOME, (1..=30).map(back).collect()).await;
        desk.store.refresh_boards(HOME, NOW).await.unwrap();
        assert_ne!(all_pages(&desk.store, HOME).await[..45], untouched[..45]);
        // Settings that ask more of a rater leave nobody.
        let strict = Settings {
            board_ratings: 100,
            ..Settings::default()
        };
        desk.keep(HOME, vec![Record::Settings(Box::new(strict))])
            .await;
        desk.store.refresh_boards(HOME, NOW).await.unwrap();
        let strict = all_pages(&desk.store, HOME).await;
        assert!(strict[..45].iter().all(|page| page.lines.is_empty()));
        assert!(!strict[45].lines.is_empty());
        desk.close().await;
    })
    .await;
}

#[tokio::test]
async fn boards_that_could_not_be_written_to_their_end_are_still_behind() {
    on_each(async |place| {
        let desk = place.desk().await;
        let plays = vec![vec![lenient()], rated(1, ADA, "One", &[5, 4])];
        keep_all(&desk, HOME, plays).await;
        let marks = async || {
            let marks = "select count(*) from board_mark where turn_id = 0";
            place.number(marks).await
        };
        place
            .meddle("alter table board_own rename to board_lost")
            .await;
        assert!(desk.store.refresh_boards(HOME, NOW).await.is_err());
        assert_eq!(marks().await, 1);
        place
            .meddle("alter table board_lost rename to board_own")
            .await;
        desk.store.refresh_boards(HOME, NOW).await.unwrap();
        assert_eq!(marks().await, 0);
        let own = desk.store.own_places(HOME, MemberId(500)).await.unwrap();
        assert!(own.rating.is_some_and(|it| it.counts));
        desk.close().await;
    })
    .await;
}

#[tokio::test]
async fn how_long_somebody_was_a_member_is_kept_and_counts() {
    on_each(async |place| {
        let desk = place.desk().await;
        let mut records = vec![lenient()];
        records.extend(rated(1, ADA, "Song", &[4; 6]));
        let began_at = after(60);
        // The first two joined an hour, and a day, before it.
        for (rater, hours) in [(500, 1), (501, 24)] {
            records.push(Record::Heard {
                turn: TurnId(1),
                member: MemberId(rater),
                name: "Newcomer".to_owned(),
                heard: Duration::from_mins(3),
                counts: true,
                joined_at: Some(began_at - Duration::from_hours(hours)),
            });
        }
        desk.keep(HOME, records).await;
        desk.store.refresh_boards(HOME, NOW).await.unwrap();
        let rookies = page(&desk.store, HOME, Board::Rookies, ADA).await;
        let Figures::Looper { raters, .. } = rookies.lines[0].figures else {
            panic!("no looper: {rookies:?}");
        };
        assert_eq!(raters, 5);
        desk.close().await;
    })
    .await;
}

#[tokio::test]
async fn a_page_holds_ten_lines_and_everybody_has_a_place() {
    on_each(async |place| {
        let desk = place.desk().await;
        let mut records = vec![lenient()];
        for turn in 1..=23 {
            records.extend(rated(
                turn,
                MemberId(turn),
                &format!("S{turn:02}"),
                &[4; 12],
            ));
        }
        desk.keep(HOME, records).await;
        desk.store.refresh_boards(HOME, NOW).await.unwrap();
        let tracks = (Board::Tracks, Period::Month);
        let mut found = Vec::new();
        for number in 0..3 {
            let page = desk.store.board(HOME, tracks, number, MemberId(23)).await;
            let page = page.unwrap();
            assert_eq!(page.listed, 23);
            let own = page.own.place(Board::Tracks, Period::Month).unwrap();
            assert!(own.place.is_some());
            assert_eq!(page.own_track.as_deref(), Some("S23"));
            found.push(page.lines);
        }
        let sizes: Vec<usize> = found.iter().map(Vec::len).collect();
        assert_eq!(sizes, [10, 10, 3]);
        // All are liked alike; what was played later has faded less and trusts more.
        let all: Vec<BoardLine> = found.into_iter().flatten().collect();
        let indexes: Vec<f64> = all.iter().map(|line| track_figures(line).0).collect();
        assert!(indexes.is_sorted_by(|a, b| a >= b), "{indexes:?}");
        let beyond = desk.store.board(HOME, tracks, 3, ADA).await.unwrap();
        assert!(beyond.lines.is_empty());
        // What is no longer there is taken away.
        let strict = Record::Settings(Box::new(Settings {
            board_listeners: 13,
            ..Settings::default()
        }));
        desk.keep(HOME, vec![strict]).await;
        desk.store.refresh_boards(HOME, NOW).await.unwrap();
        let none = desk
            .store
            .board(HOME, tracks, 0, MemberId(23))
            .await
            .unwrap();
        assert!(none.lines.is_empty() && none.own_track.is_none());
        desk.close().await;
    })
    .await;
}

#[tokio::test]
async fn a_play_that_still_runs_is_on_no_board() {
    on_each(async |place| {
        let desk = place.desk().await;
        let song = play(1, ADA, "Song");
        let running = vec![
            lenient(),
            super::samples::begun(&song),
            heard(1, MemberId(500), 100, true),
            heard(1, MemberId(501), 100, true),
            rating(1, MemberId(500), 5),
            rating(1, MemberId(501), 5),
        ];
        desk.keep(HOME, running).await;
        let refreshed = desk.store.refresh_boards(HOME, NOW).await.unwrap();
        assert_eq!((refreshed.looked_at, refreshed.plays), (1, 0));
        let marks = "select count(*) from board_mark";
        assert_eq!(place.number(marks).await, 0, "nothing is left to do");
        // Another rating does not make the boards anew; the end does.
        desk.keep(HOME, vec![rating(1, MemberId(501), 4)]).await;
        desk.keep(HOME, vec![ended(song)]).await;
        assert_eq!(place.number(marks).await, 1);
        let refreshed = desk.store.refresh_boards(HOME, NOW).await.unwrap();
        assert_eq!((refreshed.looked_at, refreshed.plays), (1, 1));
        let again = desk.store.refresh_boards(HOME, NOW).await.unwrap();
        assert_eq!((again.looked_at, again.written), (0, 0));
        desk.close().await;
    })
    .await;
}

#[tokio::test]
async fn the_refresher_makes_what_is_marked() {
    on_each(async |place| {
        let desk = place.desk().await;
        let stop = CancellationToken::new();
        let refresher = Refresher::new(desk.store.clone(), || NOW).run(stop.clone());
        let reads = async {
            let mut records = vec![lenient()];
            records.extend(rated(1, ADA, "Song", &[4; 12]));
            desk.keep(HOME, records).await;
            let mut every = tokio::time::interval(Duration::from_millis(50));
            loop {
                every.tick().await;
                let found = page(&desk.store, HOME, Board::Tracks, ADA).await;
                if names(&found) == ["Song"] {
                    stop.cancel();
                    return;
                }
            }
        };
        let both = async { tokio::join!(refresher, reads) };
        let patience = Duration::from_mins(1);
        tokio::time::timeout(patience, both).await.expect("in time");
        desk.close().await;
    })
    .await;
}

/// A database as the first version left it.
async fn first_version(place: &Place) {
    const FIRST: &str = include_str!("../../../migrations/0001_first.sql");
    sqlx::any::install_default_drivers();
    let url = match &place.file {
        Some(file) => format!("sqlite://{}?mode=rwc", file.display()),
        None => place.url.clone(),
    };
    let pool = AnyPool::connect(&url).await.unwrap();
    let first = Migration::new(
        1,
        "first".into(),
        MigrationType::Simple,
        FIRST.into_sql_str(),
        false,
    );
    Migrator::with_migrations(vec![first])
        .run(&pool)
        .await
        .unwrap();
    pool.close().await;
    for turn in 1..=3 {
        let sql = format!(
            "insert into play (guild_id, turn_id, session_id, looper_id, looper_name, seat, \
             track_key, title, artist, track, began_at_ms, ended_at_ms, played_ms, ended_how, \
             audience) values ({HOME}, {turn}, 1, {ADA}, 'Ada', 1, 'key', 'Old Song', null, '{{}}', \
             {}, {}, 180000, '\"finished\"', 6)",
            NOW.0 - 864_000_000 * (4 - turn),
            NOW.0 - 864_000_000 * (4 - turn) + 180_000,
        );
        place.meddle(&sql).await;
        for rater in 500..506 {
            let sql = format!(
                "insert into heard (guild_id, turn_id, member_id, member_name, heard_ms, counts) \
                 values ({HOME}, {turn}, {rater}, 'Old Friend', 180000, 1); \
                 insert into rating (guild_id, turn_id, rater_id, stars, way, rated_at_ms, counts) \
                 values ({HOME}, {turn}, {rater}, 4, '\"button\"', {}, 1)",
                NOW.0
            );
            place.meddle(&sql).await;
        }
    }
}

#[tokio::test]
async fn what_was_kept_by_the_first_version_is_on_the_boards_after_the_upgrade() {
    on_each(async |place| {
        first_version(place).await;
        let desk = place.desk().await;
        assert_eq!(place.number("select count(*) from board_mark").await, 3);
        desk.keep(HOME, vec![lenient()]).await;
        desk.store.refresh_boards(HOME, NOW).await.unwrap();
        let tracks = page(&desk.store, HOME, Board::Tracks, ADA).await;
        assert_eq!(names(&tracks), ["Old Song"]);
        // Nobody knows since when they were members; they are given the benefit of the doubt.
        let (_, _, plays, voices) = track_figures(&tracks.lines[0]);
        assert_eq!((plays, voices), (3, 18));
        desk.close().await;
    })
    .await;
}
