//! The loop that posts the recap of the week, through months of a clock that the test moves: once
//! for each guild and week, whenever the bot is killed, and not for weeks that it was away from.

use super::boards::keep_all;
use super::mondays::{posting_to, room};
use super::places::{Desk, on_each};
use super::samples::{ADA, EVENING, ended, heard, play};
use discord_sandbox::people::Member;
use discord_sandbox::server::{GuildSet, Ports, Sandbox};
use rondo::discord::crowd::Crowd;
use rondo::discord::mondays::Postman;
use rondo::discord::recap::Studio;
use rondo::discord::rest::Rest;
use rondo::domain::calendar::{DAY, HOUR, WEEK, monday};
use rondo::domain::ids::{GuildId, MemberId};
use rondo::domain::moment::Moment;
use rondo::domain::protocol::PlayRecord;
use rondo::i18n::Words;
use rondo::share::picture::Fonts;
use std::pin::pin;
use std::sync::atomic::{AtomicI64, Ordering};
use std::task::Poll;
use std::time::Duration;
use tokio_util::sync::CancellationToken;
use url::Url;

/// Weeks in which something is played.
const WEEKS: u32 = 18;
/// In so many pieces the work of a Monday is cut: the bot is killed after each of them once.
const PIECES: u32 = 7;

/// A clock that stands still but for who waits.
struct Time(AtomicI64);

impl Time {
    fn now(&self) -> Moment {
        Moment(self.0.load(Ordering::Relaxed))
    }

    fn set(&self, now: Moment) {
        self.0.store(now.0, Ordering::Relaxed);
    }
}

/// Lets the bot live from one moment to another, or kills it when it is so far by the steps of its
/// work. Gives back how many it took.
async fn lives(
    postman: Postman<'_>,
    time: &Time,
    (from, until): (Moment, Moment),
    dies: impl Fn(u32) -> bool,
) -> u32 {
    time.set(from);
    let stop = CancellationToken::new();
    let pass = |wait: Duration| {
        let then = time.now() + wait;
        time.set(then.min(until));
        if then >= until {
            stop.cancel();
        }
        std::future::ready(())
    };
    let mut life = pin!(postman.attend(|| time.now(), pass, &stop));
    let mut taken = 0;
    std::future::poll_fn(|context| {
        if dies(taken) {
            return Poll::Ready(());
        }
        taken += 1;
        life.as_mut().poll(context)
    })
    .await;
    taken
}

fn never(_: u32) -> bool {
    false
}

/// A song on the Thursday of each week.
async fn played_in_every_week(desk: &Desk, guild: GuildId) {
    for week in 0..WEEKS {
        let turn = u64::from(week) + 1;
        let began_at = monday(EVENING) + week * WEEK + 3 * DAY + 20 * HOUR;
        let song = PlayRecord {
            began_at,
            ended_at: Some(began_at + Duration::from_mins(3)),
            ..play(turn, ADA, &format!("Song {turn}"))
        };
        let listener = heard(turn, MemberId(500), 180, true);
        keep_all(desk, guild, vec![vec![ended(song), listener]]).await;
    }
}

/// How many recaps each guild has seen.
fn posts(readers: &[Member; 2]) -> [usize; 2] {
    readers.each_ref().map(|reader| reader.sees().len())
}

#[expect(clippy::too_many_lines, reason = "months, told in order")]
#[tokio::test(flavor = "multi_thread")]
async fn every_week_is_posted_once_through_kills_and_none_that_the_bot_was_away_from() {
    on_each(async |place| {
        let folder = tempfile::TempDir::new().unwrap();
        let sandbox = Sandbox::start(Ports::any(folder.path().join("ca.pem"))).await;
        let sandbox = sandbox.unwrap();
        let bot = sandbox.bot("Rondo", 0);
        let desk = place.desk().await;
        let crowd = Crowd::default();
        let guilds: [GuildSet; 2] = ["Home", "Away"].map(|name| sandbox.guild(name, "Owner"));
        for guild in &guilds {
            guild.invite(&bot, crate::world::INVITED);
            let (id, room) = room(guild, "Friends");
            crowd.replace(id, room);
            desk.keep(id, vec![posting_to(guild.text, "en")]).await;
            played_in_every_week(&desk, id).await;
        }
        let base = Url::parse(&sandbox.base()).unwrap();
        let rest = Rest::new(&bot.token, &base, false, || 0.5).unwrap();
        let (words, fonts) = (Words::new(), Fonts::default());
        let studio = Studio {
            store: &desk.store,
            words: &words,
            fonts: &fonts,
        };
        let (rest, crowd) = (&rest, &crowd);
        let postman = Postman {
            studio,
            rest,
            crowd,
        };
        let readers = guilds
            .each_ref()
            .map(|guild| guild.member("Reader", "en-US").looking_at(guild.text));
        let time = Time(AtomicI64::new(0));
        let start_of = |week: u32| monday(EVENING) + week * WEEK;

        // From a Sunday to the Wednesday of the week after the next: two Mondays, in one life.
        lives(
            postman,
            &time,
            (start_of(1) - DAY, start_of(2) + 2 * DAY),
            never,
        )
        .await;
        assert_eq!(posts(&readers), [2, 2]);
        // Started again on the same Monday, at any hour, it has nothing to do.
        for hours in [9, 10, 23, 40] {
            let again = start_of(2) + hours * HOUR;
            lives(postman, &time, (again, again + HOUR), never).await;
        }
        assert_eq!(posts(&readers), [2, 2]);

        // Killed in the midst of it, then started again: never twice, and what is lost is at most
        // what was on its way.
        let mut week = 3;
        let monday = (start_of(week) + 9 * HOUR, start_of(week) + 10 * HOUR);
        let whole = lives(postman, &time, monday, never).await;
        assert_eq!(posts(&readers), [3, 3]);
        for piece in 1..PIECES {
            week += 1;
            let steps = whole * piece / PIECES;
            let (before, due) = (posts(&readers), start_of(week) + 9 * HOUR);
            lives(postman, &time, (due, due + HOUR), |it| it == steps).await;
            lives(postman, &time, (due + HOUR, due + DAY), never).await;
            let after = posts(&readers);
            let new = [after[0] - before[0], after[1] - before[1]];
            println!("killed after {steps} steps of {whole}: {new:?} posts");
            assert!(new.iter().all(|it| *it <= 1), "{steps}: {new:?}");
            assert!(new.iter().sum::<usize>() >= 1, "{steps}: {new:?}");
        }

        // Killed when a post has come to the channel and the bot has not heard of it.
        for nth in 1..=2 {
            week += 1;
            let (before, due) = (posts(&readers), start_of(week) + 9 * HOUR);
            let seen = || posts(&readers).iter().sum::<usize>() - before.iter().sum::<usize>();
            lives(postman, &time, (due, due + HOUR), |_| seen() == nth).await;
            assert_eq!(seen(), nth);
            lives(postman, &time, (due + HOUR, due + DAY), never).await;
            assert_eq!(posts(&readers), before.map(|it| it + 1));
        }

        // Away from Sunday to Wednesday: that week is not posted, and the next one is.
        let before = posts(&readers);
        week += 1;
        let wednesday = start_of(week) + 2 * DAY;
        lives(postman, &time, (wednesday, start_of(week + 1)), never).await;
        assert_eq!(posts(&readers), before);
        week += 1;
        lives(
            postman,
            &time,
            (start_of(week), start_of(week) + DAY),
            never,
        )
        .await;
        assert_eq!(posts(&readers), before.map(|it| it + 1));
        // Away for three weeks and back on a Tuesday evening: the last one only.
        week += 3;
        let evening = start_of(week) + DAY + 20 * HOUR;
        lives(postman, &time, (evening, start_of(week + 1)), never).await;
        assert_eq!(posts(&readers), before.map(|it| it + 2));
        assert!(week < WEEKS);
        desk.close().await;
        sandbox.stop().await;
    })
    .await;
}
