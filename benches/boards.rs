//! What a leaderboard costs in a database of many ratings: a page with the reader's own place, making
//! the boards of a server, and five thousand ratings at once.
//!
//! `cargo bench --bench boards -- [--ratings 200000] [--database URL]`; without an address it is a
//! `SQLite` file that goes away afterwards, and a database that is named must be empty. Ten million
//! ratings take some 4 GB and a quarter of an hour.

#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::disallowed_methods,
    clippy::indexing_slicing,
    reason = "a bench measures time, prints what it finds, and ends where it cannot go on"
)]

use futures_util::future::join_all;
use rondo::domain::ids::{GuildId, MemberId, TurnId};
use rondo::domain::leaderboard::{Board, PAGE_LINES, Period};
use rondo::domain::moment::Moment;
use rondo::domain::protocol::{RatingRecord, Record, Stars, Way};
use rondo::storage::{Journal, Store};
use sqlx::{AnyConnection, AssertSqlSafe, Connection};
use std::time::{Duration, Instant};
use tokio_util::task::TaskTracker;

const NOW: Moment = Moment(1_790_000_000_000);
/// Servers in the database; the n-th is the n-th part as large as the first.
const GUILDS: u64 = 200;
const FIRST_GUILD: u64 = 1_180_000_000_000_000_000;
const FIRST_MEMBER: u64 = 1_100_000_000_000_000_000;
const FIRST_LOOPER: u64 = 1_110_000_000_000_000_000;
/// Listeners of a play, and how many of five rate it.
const AUDIENCE: u64 = 12;
const RATE: u64 = 3;
const READS: u64 = 20_000;
const BURST: u64 = 5_000;

struct Guild {
    id: u64,
    plays: u64,
    members: u64,
    loopers: u64,
}

fn guilds(ratings: u64) -> Vec<Guild> {
    let share: f64 = (1..=GUILDS).map(|n| 1.0 / as_float(n)).sum();
    (1..=GUILDS)
        .map(|n| {
            let ratings = as_float(ratings) / as_float(n) / share;
            let plays = as_number(ratings * 5.0 / as_float(AUDIENCE * RATE)).max(1);
            let members = (plays / 20).clamp(36, 20_000);
            Guild {
                id: FIRST_GUILD + n,
                plays,
                members,
                loopers: (members / 4).clamp(5, 400),
            }
        })
        .collect()
}

fn as_float(number: u64) -> f64 {
    f64::from(u32::try_from(number).unwrap())
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a count of plays"
)]
fn as_number(float: f64) -> u64 {
    float as u64
}

async fn run(connection: &mut AnyConnection, sql: String) {
    let done = sqlx::raw_sql(AssertSqlSafe(sql.clone()))
        .execute(connection)
        .await;
    assert!(done.is_ok(), "{sql}: {:?}", done.err());
}

/// Fills one server: 400 days of plays, each heard by twelve of whom three in five rate it.
async fn fill(connection: &mut AnyConnection, guild: &Guild) {
    let Guild {
        id,
        plays,
        members,
        loopers,
    } = guild;
    let turns = format!(
        "with recursive n(t) as (select cast(1 as bigint) union all select t + 1 from n where \
         t < {plays})"
    );
    let slots = format!(
        ", s(k) as (select cast(0 as bigint) union all select k + 1 from s where k < {})",
        AUDIENCE - 1
    );
    let step = 400 * 86_400_000 / plays;
    let began = format!("({} - ({plays} - t) * {step})", NOW.0 - 600_000);
    // Everybody hears something else: a start by the turn, and steps that meet nobody twice.
    let member = format!(
        "{FIRST_MEMBER} + (t * 7919 + k * {} + (t / 13) * 31) % {members}",
        members / AUDIENCE
    );
    run(connection, "begin".to_owned()).await;
    run(
        connection,
        format!(
            "{turns} insert into play (guild_id, turn_id, session_id, looper_id, looper_name, seat, \
             track_key, title, artist, track, began_at_ms, ended_at_ms, played_ms, ended_how, \
             audience) select {id}, t, t / 40 + 1, {FIRST_LOOPER} + (t * 104729) % {loopers}, \
             'Looper ' || ((t * 104729) % {loopers}), 1, \
             'sha256:5f3c2a9d8e7b6a5c4d3e2f1a0b9c8d7e6f5a4b3c2d1e0f9a8b7c6d5e' || \
             (t * 15485863) % ({plays} / 3 + 1), 'Song number ' || \
             (t * 15485863) % ({plays} / 3 + 1), 'The band', '{{}}', {began}, \
             {began} + 180000, 180000, '\"finished\"', {AUDIENCE} from n"
        ),
    )
    .await;
    run(
        connection,
        format!(
            "{turns}{slots} insert into heard (guild_id, turn_id, member_id, member_name, \
             heard_ms, counts, joined_at_ms) select {id}, t, {member}, 'A listener', 180000, 1, 0 \
             from n cross join s"
        ),
    )
    .await;
    run(
        connection,
        format!(
            "{turns}{slots} insert into rating (guild_id, turn_id, rater_id, stars, way, \
             rated_at_ms, counts) select {id}, t, {member}, \
             (t * 15485863 / 7 + t * 31 + k * k) % 5 + 1, '\"reaction\"', {began} + 60000, 1 \
             from n cross join s where (t + k) % 5 < {RATE}"
        ),
    )
    .await;
    run(
        connection,
        format!(
            "{turns} insert into board_mark (guild_id, turn_id, marks) select {id}, t, 1 from n"
        ),
    )
    .await;
    run(connection, "commit".to_owned()).await;
}

/// Times in order, and what is said of them.
struct Times(Vec<Duration>);

impl Times {
    fn at(&self, percent: usize) -> Duration {
        let place = (self.0.len() * percent / 100).min(self.0.len() - 1);
        self.0.get(place).copied().unwrap()
    }

    fn said(mut self, what: &str) {
        self.0.sort_unstable();
        let ms = |time: Duration| format!("{:.2}", time.as_secs_f64() * 1_000.0);
        println!(
            "| {what} | {} | {} | {} | {} |",
            self.0.len(),
            ms(self.at(50)),
            ms(self.at(99)),
            ms(self.at(100))
        );
    }
}

/// Reads pages of one board, by members of servers as large as they are.
async fn read(store: &Store, guilds: &[Guild], board: Board, reads: u64) -> Times {
    let mut chance = fastrand::Rng::with_seed(7);
    let plays: u64 = guilds.iter().map(|guild| guild.plays).sum();
    let mut times = Vec::new();
    for _ in 0..reads {
        let mut play = chance.u64(..plays);
        let guild = guilds
            .iter()
            .find(|guild| {
                let found = play < guild.plays;
                play = play.saturating_sub(guild.plays);
                found
            })
            .unwrap();
        let period = Period::ALL[chance.usize(..Period::ALL.len())];
        let member = match board {
            Board::Listeners => FIRST_MEMBER + chance.u64(..guild.members),
            _ => FIRST_LOOPER + chance.u64(..guild.loopers),
        };
        let page = chance.u32(..20);
        let began = Instant::now();
        let found = store
            .board(GuildId(guild.id), (board, period), page, MemberId(member))
            .await
            .unwrap();
        times.push(began.elapsed());
        assert!(found.lines.len() <= PAGE_LINES);
    }
    Times(times)
}

/// Everybody rates at once; nobody's rating is lost. Gives back how long it took until the last one
/// was on the disk.
async fn burst(store: &Store, guild: &Guild) -> (Duration, u64) {
    let tasks = TaskTracker::new();
    let journal = Journal::start(store.clone(), &tasks);
    let began = Instant::now();
    let rate = |n: u64| {
        let journal = &journal;
        let rating = RatingRecord {
            turn: TurnId(guild.plays - n % 50),
            rater: MemberId(FIRST_MEMBER + 50_000_000 + n / 50),
            stars: Stars::new(u8::try_from(n % 5).unwrap() + 1).unwrap(),
            way: Way::Reaction,
            at: NOW,
            counts: true,
        };
        async move {
            let written = journal.keep(GuildId(guild.id), vec![Record::Rating(rating)]);
            written.await.wait().await
        }
    };
    let answers = join_all((0..BURST).map(rate)).await;
    let took = began.elapsed();
    assert!(answers.iter().all(Result::is_ok), "a rating was not kept");
    let commits = journal.commits();
    drop(journal);
    tasks.close();
    tasks.wait().await;
    (took, commits)
}

/// A play ends: the boards are made anew, of the largest server, a middling one and the smallest.
async fn make_anew(store: &Store, connection: &mut AnyConnection, guilds: &[Guild]) {
    for (name, guild) in [
        ("largest", &guilds[0]),
        ("20th", &guilds[19]),
        ("smallest", guilds.last().unwrap()),
    ] {
        let mut again = Vec::new();
        for n in 0..5 {
            let turn = guild.plays - n.min(guild.plays - 1);
            let sql = format!(
                "insert into board_mark (guild_id, turn_id, marks) values ({}, {turn}, 1)",
                guild.id
            );
            run(connection, sql).await;
            let began = Instant::now();
            let later = NOW + Duration::from_secs(180 * (n + 1));
            store
                .refresh_boards(GuildId(guild.id), later)
                .await
                .unwrap();
            again.push(began.elapsed());
        }
        let what = format!("boards made anew, {name} server ({} plays)", guild.plays);
        Times(again).said(&what);
    }
}

async fn count(connection: &mut AnyConnection, what: &str) -> i64 {
    let sql = format!("select count(*) from {what}");
    sqlx::query_scalar(AssertSqlSafe(sql))
        .fetch_one(connection)
        .await
        .unwrap()
}

#[tokio::main]
async fn main() {
    let args: Vec<String> = std::env::args().collect();
    let given = |name: &str| {
        let at = args.iter().position(|arg| arg == name)?;
        args.get(at + 1).cloned()
    };
    let ratings = given("--ratings").map_or(200_000, |it| it.parse().unwrap());
    let folder = tempfile::tempdir().unwrap();
    let file = format!("sqlite://{}", folder.path().join("bench.db").display());
    let url = given("--database").unwrap_or(file);
    let store = Store::open(&url).await.unwrap();
    let guilds = guilds(ratings);
    let began = Instant::now();
    let mut connection = AnyConnection::connect(&url).await.unwrap();
    for guild in &guilds {
        fill(&mut connection, guild).await;
    }
    let kept = count(&mut connection, "rating").await;
    println!(
        "{} with {kept} ratings of {} plays by {} listeners' ears on {GUILDS} servers, filled in {:.0} s",
        url.split(':').next().unwrap(),
        count(&mut connection, "play").await,
        count(&mut connection, "heard").await,
        began.elapsed().as_secs_f64()
    );
    let largest = &guilds[0];
    let mut first = Vec::new();
    for guild in &guilds {
        let began = Instant::now();
        store.refresh_boards(GuildId(guild.id), NOW).await.unwrap();
        first.push(began.elapsed());
    }
    println!("\n| what | times | p50 ms | p99 ms | most ms |\n| --- | --- | --- | --- | --- |");
    Times(first).said("boards made for the first time, each server");
    for board in Board::ALL {
        let times = read(&store, &guilds, board, READS / 4).await;
        times.said(&format!("page of {} with own place", board.name()));
    }
    make_anew(&store, &mut connection, &guilds).await;
    let (took, commits) = burst(&store, largest).await;
    let after = count(&mut connection, "rating").await;
    let kept_all = u64::try_from(after - kept).unwrap() == BURST;
    // Reading while the largest server's boards are made and people rate.
    let busy = async {
        let later = NOW + Duration::from_hours(1);
        store
            .refresh_boards(GuildId(largest.id), later)
            .await
            .unwrap();
    };
    let (times, ()) = tokio::join!(read(&store, &guilds, Board::Tracks, READS / 4), busy);
    times.said("page of tracks while boards are made");
    println!(
        "\n{BURST} ratings at once were on the disk after {:.2} s ({:.0} a second, {commits} commits); none is lost: {kept_all}",
        took.as_secs_f64(),
        as_float(BURST) / took.as_secs_f64()
    );
    connection.close().await.unwrap();
    store.close().await;
}
