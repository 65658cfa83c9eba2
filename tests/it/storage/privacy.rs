//! What is kept about one person is told, hidden, taken away; and guilds that were left are
//! forgotten. It walks through every column of every table that there is, so that a table of tomorrow
//! fails here until somebody has thought of it.

use super::boards::keep_all;
use super::places::{Desk, Place, on_each};
use super::samples::{
    AWAY, BEN, CYD, HOME, after, comment, ended, entry, grab, heard, play, rating,
};
use rondo::domain::ids::{
    ChannelId, CollectionId, GuildId, MemberId, NAMELESS, SeatNo, SessionId, TurnId,
};
use rondo::domain::leaderboard::{Board, Period};
use rondo::domain::moment::Moment;
use rondo::domain::protocol::{
    Actor, Command, Deed, Effect, Listener, Place as At, PlayRecord, Powers, Record, Signal,
    SkipReason, TurnEnd,
};
use rondo::domain::settings::Settings;
use rondo::domain::stage::{Kept, Stage, Standing};
use rondo::storage::{Fate, Section, Trace};
use sqlx::{AssertSqlSafe, Row};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// Digits that are in no other number.
const ZOE: MemberId = MemberId(1_190_000_004_711_474_711);
const NAME: &str = "Zebrana";
/// In everything she wrote.
const WORD: &str = "quokka";
/// Her id in the text that the boards read.
const VOICE_DIGITS: &[u8; 64] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_";
const NOW: Moment = Moment(1_790_000_000_000 + 4_000_000);

fn voice() -> String {
    let digit = |place: u32| VOICE_DIGITS[usize::try_from(ZOE.0 >> (6 * place) & 63).unwrap()];
    (0..11)
        .rev()
        .map(|place| char::from(digit(place)))
        .collect()
}

/// Whether a text says who she is or what she wrote.
fn betrays(text: &str) -> bool {
    let id = ZOE.to_string();
    [NAME, WORD, id.as_str(), voice().as_str()]
        .iter()
        .any(|trace| text.contains(trace))
}

/// An open stage on which she sits, plays, hosts, and which she gave her words.
fn standing() -> Standing {
    let mut stage = Stage::restore(after(0), Kept::default());
    let mut effects = Vec::new();
    let listener = |member, name: &str| Listener {
        member,
        name: name.to_owned(),
        bot: false,
        channel: ChannelId(800),
        deaf: false,
        joined_at: None,
    };
    let there = vec![listener(ZOE, NAME), listener(BEN, "Ben")];
    stage.signal(after(0), Signal::VoiceAll(there), &mut effects);
    stage.resume(after(0), &mut effects);
    let actor = |member, name: &str| Actor {
        member,
        name: name.to_owned(),
        voice: Some(ChannelId(800)),
        powers: Powers::default(),
    };
    let text = ChannelId(801);
    let open = Command::Open {
        text,
        theme: Some(format!("{NAME} and her {WORD}")),
        rules: None,
        speak: None,
    };
    let (zoe, ben) = (actor(ZOE, NAME), actor(BEN, "Ben"));
    stage.command(after(1), &zoe, open, &mut effects).unwrap();
    for (who, title) in [(&zoe, "Now"), (&ben, "Then")] {
        let track = super::samples::track(title);
        let place = At::Last;
        let wish = Command::Play {
            text,
            track,
            place,
            from: None,
        };
        stage.command(after(2), who, wish, &mut effects).unwrap();
    }
    let kept = effects.into_iter().rev().find_map(|effect| match effect {
        Effect::Keep(Record::Standing(standing)) => Some(*standing),
        _ => None,
    });
    kept.unwrap()
}

fn named(mut record: Record) -> Record {
    match &mut record {
        Record::Heard { name, .. } | Record::Comment { name, .. } => NAME.clone_into(name),
        _ => {}
    }
    record
}

fn log(by: MemberId, by_name: &str, seconds: u64, deed: Deed) -> Record {
    Record::Log {
        by,
        by_name: by_name.to_owned(),
        at: after(seconds),
        deed,
    }
}

fn kicked(member: MemberId) -> Deed {
    let reason = Some(format!("for the {WORD}"));
    Deed::Kicked { member, reason }
}

fn barred(member: MemberId) -> Deed {
    Deed::Shelved {
        collection: CollectionId(1),
        name: format!("{WORD} songs"),
        member,
        barred: true,
    }
}

fn themed(theme: &str) -> Deed {
    Deed::Themed(Some(theme.to_owned()))
}

/// What the journal keeps of an evening in which she does everything there is to do.
#[expect(clippy::too_many_lines, reason = "one evening, told in order")]
fn evening() -> Vec<Record> {
    let hers = PlayRecord {
        looper_name: NAME.to_owned(),
        ..play(1, ZOE, "Hers")
    };
    let skipped = PlayRecord {
        end: Some(TurnEnd::SkippedBy {
            member: ZOE,
            reason: Some(SkipReason::Words(format!("no {WORD} in it"))),
        }),
        ..play(2, BEN, "His")
    };
    let settings = Settings {
        board_ratings: 1,
        board_loopers: 1,
        ..Settings::default()
    };
    vec![
        Record::Settings(Box::new(settings)),
        Record::SessionOpened {
            session: SessionId(1),
            channel: ChannelId(800),
            host: ZOE,
            theme: Some(format!("{NAME} and her {WORD}")),
            opened_at: after(1),
        },
        Record::SessionOpened {
            session: SessionId(2),
            channel: ChannelId(800),
            host: ZOE,
            theme: Some("Rain".to_owned()),
            opened_at: after(9_000),
        },
        ended(hers),
        ended(skipped),
        heard(1, BEN, 170, true),
        heard(1, CYD, 170, true),
        rating(1, BEN, 5),
        rating(1, CYD, 4),
        Record::Voided {
            turn: TurnId(1),
            rater: CYD,
            by: ZOE,
            at: after(400),
        },
        named(heard(2, ZOE, 170, true)),
        heard(2, CYD, 170, true),
        rating(2, ZOE, 5),
        rating(2, CYD, 5),
        named(comment(2, ZOE, 30, &format!("what a {WORD}"))),
        comment(2, BEN, 40, "thank you"),
        grab(2, ZOE, "His"),
        Record::Setlist {
            member: ZOE,
            entries: vec![entry(1, "Next"), entry(2, "After")],
        },
        Record::StageBan {
            member: ZOE,
            banned: true,
        },
        log(ZOE, NAME, 1, kicked(BEN)),
        log(BEN, "Ben", 2, kicked(ZOE)),
        log(BEN, "Ben", 3, Deed::VoidedAll { rater: ZOE }),
        log(
            BEN,
            "Ben",
            4,
            Deed::Moved {
                member: CYD,
                seat: SeatNo(1),
            },
        ),
        log(BEN, "Ben", 5, barred(ZOE)),
        log(ZOE, NAME, 6, themed(&format!("{NAME} and her {WORD}"))),
        // By somebody else, in a session that she hosts.
        log(BEN, "Ben", 7, themed(&format!("{NAME}'s {WORD}"))),
        log(BEN, "Ben", 8, themed("Rain")),
        Record::Standing(Box::new(standing())),
    ]
}

/// What has no records, in the tables as they are.
fn rest(guild: GuildId) -> Vec<String> {
    let (zoe, ben) = (ZOE, BEN);
    let page = |token: &str, kind, by, gone| {
        format!(
            "insert into page (token, guild_id, kind, subject_id, made_by, made_at_ms, \
             withdrawn_by, withdrawn_at_ms) values ('{token}{guild}', {guild}, '{kind}', 1, {by}, \
             1, {gone})"
        )
    };
    vec![
        page("a", "session", zoe, "null, null".to_owned()),
        page("b", "live", ben, format!("{zoe}, 5")),
        page("c", "collection", ben, "null, null".to_owned()),
        format!("insert into hidden_name values ({guild}, {zoe}, 1)"),
        format!("insert into collection_counter values ({guild}, 2)"),
        format!(
            "insert into collection (guild_id, collection_id, member_id, member_name, name, \
             description, created_at_ms, changed_at_ms, published_at_ms) values \
             ({guild}, 1, {zoe}, '{NAME}', '{WORD} songs', 'for a {WORD}', 1, 1, 1)"
        ),
        format!(
            "insert into collection (guild_id, collection_id, member_id, member_name, name, \
             created_at_ms, changed_at_ms, barred_by) values \
             ({guild}, 2, {ben}, 'Ben', 'Others', 1, 1, {zoe})"
        ),
        format!(
            "insert into collection_track values ({guild}, 1, 1, 'sha256:x', 'media:x', \
             '{{\"title\":\"In it\"}}', 1)"
        ),
        format!(
            "insert into collection_track values ({guild}, 2, 1, 'sha256:y', 'media:y', \
             '{{\"title\":\"In his\"}}', 1)"
        ),
        format!("insert into collection_save values ({guild}, 1, {ben}, 1)"),
        format!("insert into collection_save values ({guild}, 2, {zoe}, 1)"),
        format!("insert into collection_play values ({guild}, 1, 1)"),
        format!("insert into scrobble values ({zoe}, 'lb', {guild}, 2, 1, 0, 1, null, null)"),
        format!("insert into scrobble_off values ({zoe}, {guild}, 1)"),
        format!("insert into sent_playlist values ({zoe}, '{NAME}', {guild}, 1, 'an-id', 1)"),
        format!("insert into looper_heard values ({guild}, 1, {zoe}, 100, 0)"),
        format!("insert into looper_heard values ({guild}, 2, {ben}, 100, 0)"),
        format!("insert into on_air values ({guild}, 1, 1, 0, 'On air')"),
        format!("insert into track_ban values ({guild}, 'sha256:noise', 'Noise')"),
        format!("insert into card values ({guild} + 5, {guild}, 801, 1, 1)"),
        format!(
            "insert into memo values ('platform:{guild}', \
             '{{\"raised\":{{\"{zoe}\":800,\"{ben}\":800}}}}')"
        ),
    ]
}

async fn fill(place: &Place, desk: &Desk) {
    for guild in [HOME, AWAY] {
        keep_all(desk, guild, vec![evening()]).await;
        for sql in rest(guild) {
            place.meddle(&sql).await;
        }
        desk.store.refresh_boards(guild, NOW).await.unwrap();
    }
    let link = format!(
        "insert into scrobble_link (member_id, service, account, token, locale, linked_at_ms) \
         values ({ZOE}, 'lb', '{NAME}', '{WORD} token', 'en-US', 1)"
    );
    place.meddle(&link).await;
}

/// Every value of every column there is, as text, by table and column.
async fn everything(place: &Place) -> BTreeMap<(String, String), Vec<String>> {
    let mut connection = place.stranger().await;
    let columns = if place.url.starts_with("sqlite") {
        "select m.name as t, i.name as c from sqlite_master m, pragma_table_info(m.name) i \
         where m.type = 'table' and m.name not like 'sqlite%'"
    } else {
        "select cast(table_name as text) as t, cast(column_name as text) as c \
         from information_schema.columns where table_schema = 'public'"
    };
    let mut all = BTreeMap::new();
    for column in sqlx::query(columns)
        .fetch_all(&mut connection)
        .await
        .unwrap()
    {
        let (table, column): (String, String) = (column.get("t"), column.get("c"));
        if table == "_sqlx_migrations" {
            continue;
        }
        let sql = format!("select cast({column} as text) as v from {table}");
        let rows = sqlx::query(AssertSqlSafe(sql))
            .fetch_all(&mut connection)
            .await;
        let values = rows.unwrap().into_iter();
        let values = values.filter_map(|row| row.get::<Option<String>, _>("v"));
        all.insert((table, column), values.collect());
    }
    all
}

/// The columns in which she is.
async fn betraying(place: &Place) -> BTreeSet<String> {
    let all = everything(place).await.into_iter();
    let those = all.filter(|(_, values)| values.iter().any(|value| betrays(value)));
    those
        .map(|((table, column), _)| format!("{table}.{column}"))
        .collect()
}

/// Whether a column is about people, by its name.
fn is_about_people(column: &str) -> bool {
    let ids = ["by_id", "rater_id", "looper_id", "host_id"];
    ids.contains(&column)
        || column.contains("member")
        || column.ends_with("_by")
        || column.ends_with("_name")
}

fn count(traces: &[Trace], name: &str) -> u64 {
    let found = traces.iter().find(|trace| trace.name == name);
    found.map_or(0, |trace| trace.count)
}

fn section<'a>(told: &'a [Section], name: &str) -> &'a Section {
    let found = told.iter().find(|section| section.name == name);
    found.unwrap_or_else(|| panic!("{name} is not told"))
}

#[tokio::test]
async fn everything_about_somebody_is_told_and_nothing_of_others() {
    on_each(async |place| {
        let desk = place.desk().await;
        fill(place, &desk).await;
        // Every column about people holds her, or the story would not see that it is forgotten.
        let all = everything(place).await;
        let holding = betraying(place).await;
        for (table, column) in all.keys().filter(|(_, column)| is_about_people(column)) {
            let name = format!("{table}.{column}");
            assert!(holding.contains(&name), "she is not in {name}: add a row");
        }
        let told = desk.store.told_about(ZOE).await.unwrap();
        let tables: BTreeSet<&str> = told.iter().map(|section| section.table).collect();
        for name in &holding {
            let table = name.split('.').next().unwrap();
            // What the boards are made from and show are songs, ratings and listening again.
            let is_derived = ["board_play", "board_page"].contains(&table);
            assert!(is_derived || tables.contains(table), "{name} is not told");
        }
        for section in &told {
            for row in &section.rows {
                assert!(
                    serde_json::from_str::<serde_json::Value>(row).is_ok(),
                    "{row}"
                );
                for other in [BEN, CYD] {
                    let (number, key) = (format!(":{other}"), format!("\"{other}\""));
                    let ends = [",", "}"].map(|end| format!("{number}{end}"));
                    assert!(!row.contains(&key), "{other} is in {row}");
                    assert!(
                        !ends.iter().any(|it| row.contains(it)),
                        "{other} is in {row}"
                    );
                }
                for word in ["Ben", "token"] {
                    assert!(!row.contains(word), "{word} is in {row}");
                }
            }
        }
        let comments = &section(&told, "comments").rows;
        assert_eq!(comments.len(), 2);
        assert!(comments[0].contains("what a quokka"), "{}", comments[0]);
        assert!(
            comments[0].contains("\"said_at\":\"2026-"),
            "{}",
            comments[0]
        );
        let plays = &section(&told, "plays").rows;
        // Two ratings, of which she herself voided one.
        assert!(plays[0].contains("\"ratings\":1"), "{}", plays[0]);
        assert!(plays[0].contains("\"stars_in_all\":5"), "{}", plays[0]);
        assert_eq!(section(&told, "collections").rows.len(), 4);
        let stage = &section(&told, "stage").rows[0];
        assert!(
            stage.contains("\"is_host\":true") && stage.contains("\"seat\":1"),
            "{stage}"
        );
        let nobody = desk.store.told_about(MemberId(5)).await.unwrap();
        assert_eq!(nobody, []);
        desk.close().await;
    })
    .await;
}

#[expect(clippy::too_many_lines, reason = "one evening, told in order")]
#[tokio::test]
async fn who_is_forgotten_is_in_no_column_and_everybody_else_still_is() {
    on_each(async |place| {
        let desk = place.desk().await;
        fill(place, &desk).await;
        let store = &desk.store;
        let names = store.names_of(ZOE).await.unwrap();
        assert_eq!(names, [NAME]);
        assert_eq!(
            store.guilds_of(ZOE).await.unwrap(),
            BTreeSet::from([HOME, AWAY])
        );
        let home = store.traces(ZOE, Some(HOME)).await.unwrap();
        for (name, expected) in [
            ("ratings", 1),
            ("plays", 1),
            ("setlist", 2),
            ("sessions", 2),
            ("deeds-about", 3),
            ("skips", 1),
            ("ban", 1),
            ("scrobble-links", 0),
        ] {
            assert_eq!(count(&home, name), expected, "{name}: {home:?}");
        }
        let everywhere = store.traces(ZOE, None).await.unwrap();
        assert_eq!(
            (
                count(&everywhere, "ratings"),
                count(&everywhere, "scrobble-links")
            ),
            (2, 1)
        );

        // In one guild: the other keeps everything.
        store.forget_member(ZOE, Some(AWAY), &names).await.unwrap();
        assert_eq!(store.traces(ZOE, Some(HOME)).await.unwrap(), home);
        let ban = |count| {
            let (name, fate) = ("ban", Fate::Kept);
            vec![Trace { name, fate, count }]
        };
        assert_eq!(store.traces(ZOE, Some(AWAY)).await.unwrap(), ban(1));

        store.forget_member(ZOE, None, &names).await.unwrap();
        let left = BTreeSet::from(["stage_ban.member_id".to_owned()]);
        assert_eq!(betraying(place).await, left);
        assert_eq!(store.traces(ZOE, None).await.unwrap(), ban(2));
        // The boards that are made from what is left do not bring her back.
        let remade = store.refresh_boards(HOME, NOW).await.unwrap();
        assert!(remade.looked_at > 0, "{remade:?}");
        assert_eq!(betraying(place).await, left);
        for board in [Board::Loopers, Board::Rookies, Board::Listeners] {
            let page = store
                .board(HOME, (board, Period::All), 0, BEN)
                .await
                .unwrap();
            let is_she = |line: &rondo::storage::BoardLine| line.member == Some(MemberId::NOBODY);
            assert!(!page.lines.iter().any(is_she), "{page:?}");
        }
        // The evening stays as it was, without her name.
        let evening = store.session_playlist(HOME, SessionId(1)).await.unwrap();
        assert_eq!(evening.len(), 2);
        assert_eq!(evening[0].play.looper_name, NAMELESS);
        assert_eq!(evening[0].play.looper, MemberId::NOBODY);
        assert_eq!((evening[0].tally.count, evening[0].heard), (1, 2));
        assert_eq!(evening[1].comments, 1);
        let theme = async |session| {
            let kept = store.session(HOME, SessionId(session)).await.unwrap();
            kept.unwrap().theme
        };
        assert_eq!(
            (theme(1).await, theme(2).await.as_deref()),
            (None, Some("Rain"))
        );
        let deeds = store.deeds(HOME, 9).await.unwrap();
        assert_eq!(deeds.len(), 8);
        let deeds = deeds.into_iter().map(|row| row.deed);
        let themes: Vec<Deed> = deeds.filter(|it| matches!(it, Deed::Themed(_))).collect();
        assert_eq!(themes, ["Rain", NAMELESS, NAMELESS].map(themed));
        let ben = store.told_about(BEN).await.unwrap();
        assert_eq!(section(&ben, "comments").rows.len(), 2);
        assert_eq!(section(&ben, "collections").rows.len(), 4);
        assert_eq!(section(&ben, "memos").rows.len(), 2);
        let kept = store.load(HOME).await.unwrap().standing.unwrap();
        assert_eq!(kept.playing(), standing().playing());

        // A second time changes nothing.
        let before = everything(place).await;
        store.forget_member(ZOE, None, &names).await.unwrap();
        assert_eq!(everything(place).await, before);
        // As a stranger she is kept again.
        desk.keep(HOME, vec![rating(2, ZOE, 3)]).await;
        let again = desk.store.traces(ZOE, Some(HOME)).await.unwrap();
        assert_eq!(count(&again, "ratings"), 1);
        desk.close().await;
    })
    .await;
}

#[tokio::test]
async fn forgetting_that_was_interrupted_is_gone_on_with() {
    on_each(async |place| {
        let desk = place.desk().await;
        fill(place, &desk).await;
        let store = &desk.store;
        assert_eq!(store.go_on_forgetting().await.unwrap(), 0);
        // The process ended after the first guild.
        let begun = format!("insert into memo values ('forgetting:{ZOE}', '[\"{NAME}\"]')");
        place.meddle(&begun).await;
        let names = vec![NAME.to_owned()];
        store.forget_member(ZOE, Some(HOME), &names).await.unwrap();
        assert!(!store.traces(ZOE, None).await.unwrap().is_empty());
        assert_eq!(store.go_on_forgetting().await.unwrap(), 1);
        let left = BTreeSet::from(["stage_ban.member_id".to_owned()]);
        assert_eq!(betraying(place).await, left);
        assert_eq!(store.go_on_forgetting().await.unwrap(), 0);
        desk.close().await;
    })
    .await;
}

#[tokio::test]
async fn who_cannot_be_forgotten_at_once_is_noted_until_it_is_done() {
    super::places::on_sqlite(&async |place: &Place| {
        let desk = place.desk().await;
        fill(place, &desk).await;
        let store = &desk.store;
        let broken = "create trigger stuck before delete on rating when old.guild_id = ";
        let broken = format!("{broken} {AWAY} begin select raise(abort, 'no'); end");
        place.meddle(&broken).await;
        let names = vec![NAME.to_owned()];
        assert!(store.forget_member(ZOE, None, &names).await.is_err());
        // Which guild comes first is theirs to say; what is of no guild goes last.
        let traces = store.traces(ZOE, None).await.unwrap();
        assert_eq!(count(&traces, "scrobble-links"), 1);
        assert!(count(&traces, "ratings") >= 1);
        place.meddle("drop trigger stuck").await;
        assert_eq!(store.go_on_forgetting().await.unwrap(), 1);
        let left = BTreeSet::from(["stage_ban.member_id".to_owned()]);
        assert_eq!(betraying(place).await, left);
        desk.close().await;
    })
    .await;
}

#[tokio::test]
async fn the_bytes_of_the_file_have_forgotten_too() {
    super::places::on_sqlite(&async |place: &Place| {
        let desk = place.desk().await;
        fill(place, &desk).await;
        let file = place.file.clone().unwrap();
        let bytes = || std::fs::read(&file).unwrap();
        let id = i64::try_from(ZOE.0).unwrap().to_be_bytes();
        let traces: Vec<Vec<u8>> = vec![
            NAME.into(),
            WORD.into(),
            voice().into(),
            ZOE.to_string().into(),
            id.to_vec(),
        ];
        let found = |bytes: &[u8]| -> Vec<usize> {
            let counts = traces.iter().map(|trace| {
                bytes
                    .windows(trace.len())
                    .filter(|it| *it == trace.as_slice())
                    .count()
            });
            counts.collect()
        };
        for guild in [HOME, AWAY] {
            let (member, banned) = (ZOE, false);
            desk.keep(guild, vec![Record::StageBan { member, banned }])
                .await;
        }
        let names = vec![NAME.to_owned()];
        desk.store.forget_member(ZOE, None, &names).await.unwrap();
        let log = file.with_extension("db-wal");
        let in_log = std::fs::read(&log).map_or(0, |log| log.len());
        assert_eq!(in_log, 0, "the log of changes is empty");
        assert_eq!(found(&bytes()), [0, 0, 0, 0, 0]);
        desk.close().await;
        assert_eq!(found(&bytes()), [0, 0, 0, 0, 0]);
    })
    .await;
}

#[tokio::test]
async fn a_name_is_hidden_until_it_is_shown_again() {
    on_each(async |place| {
        let store = place.store().await;
        assert!(store.hide_name(HOME, ZOE, NOW).await.unwrap());
        assert!(!store.hide_name(HOME, ZOE, NOW).await.unwrap());
        assert!(store.hide_name(AWAY, ZOE, NOW).await.unwrap());
        assert!(store.unhide_name(HOME, ZOE).await.unwrap());
        assert!(!store.unhide_name(HOME, ZOE).await.unwrap());
        let traces = store.traces(ZOE, None).await.unwrap();
        assert_eq!(count(&traces, "hidden"), 1);
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn a_guild_of_which_only_a_wish_is_kept_is_known() {
    on_each(async |place| {
        let store = place.store().await;
        assert_eq!(store.kept_guilds().await.unwrap(), []);
        let off = format!("insert into scrobble_off values ({ZOE}, {AWAY}, 1)");
        place.meddle(&off).await;
        assert_eq!(store.kept_guilds().await.unwrap(), [AWAY]);
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn a_guild_that_was_left_is_in_no_column_and_the_other_is_as_it_was() {
    on_each(async |place| {
        let desk = place.desk().await;
        fill(place, &desk).await;
        let store = &desk.store;
        let days = |days: u64| NOW + Duration::from_hours(24 * days);
        assert_eq!(store.kept_guilds().await.unwrap().len(), 2);
        store.note_left(HOME, NOW).await.unwrap();
        // Known already: the first moment counts.
        store.note_left(HOME, days(20)).await.unwrap();
        store.note_left(AWAY, days(1)).await.unwrap();
        assert_eq!(
            store
                .left_since(days(30) - Duration::from_hours(24 * 31))
                .await
                .unwrap(),
            []
        );
        assert_eq!(store.left_since(NOW).await.unwrap(), [HOME]);
        assert_eq!(store.left_since(days(1)).await.unwrap(), [HOME, AWAY]);
        assert!(store.note_back(AWAY).await.unwrap());
        assert!(!store.note_back(AWAY).await.unwrap());
        assert_eq!(store.left_since(days(99)).await.unwrap(), [HOME]);

        let of = |all: &BTreeMap<(String, String), Vec<String>>, guild: GuildId| {
            let id = guild.to_string();
            let holds = |(_, values): &(_, &Vec<String>)| values.iter().any(|it| it.contains(&id));
            let those = all.iter().filter(|it| holds(it));
            let those = those.map(|((table, column), values)| {
                let count = values.iter().filter(|it| it.contains(&id)).count();
                (format!("{table}.{column}"), count)
            });
            those.collect::<BTreeMap<String, usize>>()
        };
        let before = everything(place).await;
        for (table, column) in before.keys().filter(|(_, column)| column == "guild_id") {
            let name = format!("{table}.{column}");
            let is_there = of(&before, HOME).contains_key(&name);
            // Marks are gone when the boards are made.
            assert!(is_there || table == "board_mark", "{name}: add a row");
        }
        let away = of(&before, AWAY);
        assert!(store.forget_guild(HOME).await.unwrap() > 40);
        let after = everything(place).await;
        assert_eq!(of(&after, HOME), BTreeMap::new());
        assert_eq!(of(&after, AWAY), away);
        assert_eq!(store.kept_guilds().await.unwrap(), [AWAY]);
        assert_eq!(store.forget_guild(HOME).await.unwrap(), 0);
        desk.close().await;
    })
    .await;
}
