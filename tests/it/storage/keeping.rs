//! The journal's records of a stage and its house, read back as what the stage starts from.

use super::places::on_each;
use super::samples::{
    ADA, AWAY, BEN, CYD, EVENING, FAR, HOME, after, ended, entry, grab, play, session, standing,
    track,
};
use rondo::domain::ids::{ChannelId, MemberId, RoleId, SeatNo, SessionId, TurnId};
use rondo::domain::protocol::{CloseReason, Deed, Record, SkipReason};
use rondo::domain::settings::Settings;
use rondo::domain::stage::Kept;
use rondo::domain::track::{MediaRef, TrackKey};
use rondo::storage::DeedRow;
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::time::Duration;

/// Settings of which every kind of value differs from the default.
fn settings() -> Settings {
    Settings {
        seats: 3,
        offer: Duration::from_millis(12_345),
        vote_skip: false,
        emoji: ["1", "二", "🎉", "wave:1180000000000000009", "'\""].map(String::from),
        language: "zh-CN".to_owned(),
        text_channel: Some(ChannelId(u64::MAX / 2)),
        moderator_role: Some(RoleId(5)),
        banned_words: BTreeSet::from(["dull".to_owned(), "无聊".to_owned()]),
        ..Settings::default()
    }
}

fn setlist(member: MemberId, titles: &[(u64, &str)]) -> Record {
    Record::Setlist {
        member,
        entries: titles.iter().map(|(id, title)| entry(*id, title)).collect(),
    }
}

fn stage_ban(member: MemberId, banned: bool) -> Record {
    Record::StageBan { member, banned }
}

fn track_ban(title: &str, banned: bool) -> Record {
    Record::TrackBan {
        key: track(title).key,
        title: title.to_owned(),
        banned,
    }
}

fn position(turn: u64, seconds: u64) -> Record {
    Record::Position {
        turn: TurnId(turn),
        position: Duration::from_secs(seconds),
        at: after(seconds),
    }
}

#[tokio::test]
async fn a_stage_starts_from_what_was_kept() {
    on_each(async |place| {
        let desk = place.desk().await;
        desk.keep(
            HOME,
            vec![
                session(6, None),
                session(7, Some("Rain")),
                Record::Standing(Box::new(standing("Now"))),
                Record::Settings(Box::default()),
                setlist(ADA, &[(1, "One"), (2, "Two"), (3, "Three")]),
                setlist(FAR, &[(4, "Four")]),
                setlist(CYD, &[(5, "Five")]),
            ],
        )
        .await;
        desk.keep(
            HOME,
            vec![
                position(1, 3),
                position(1, 6),
                Record::Settings(Box::new(settings())),
                // A move, an addition and a removal; and one who has played all of theirs.
                setlist(ADA, &[(3, "Three"), (1, "One"), (8, "Eight")]),
                setlist(CYD, &[]),
                stage_ban(BEN, true),
                stage_ban(FAR, true),
                stage_ban(BEN, false),
                track_ban("Noise", true),
                track_ban("Hum", true),
                track_ban("Hum", false),
                ended(play(4, ADA, "Old")),
                ended(play(3, ADA, "Older")),
            ],
        )
        .await;
        desk.close().await;

        let store = place.store().await;
        let expected = Kept {
            settings: settings(),
            standing: Some(standing("Now")),
            position: Some((TurnId(1), Duration::from_secs(6))),
            setlists: BTreeMap::from([
                (
                    ADA,
                    vec![entry(3, "Three"), entry(1, "One"), entry(8, "Eight")],
                ),
                (FAR, vec![entry(4, "Four")]),
            ]),
            stage_bans: BTreeSet::from([FAR]),
            track_bans: BTreeMap::from([(track("Noise").key, "Noise".to_owned())]),
            last_session: Some(SessionId(7)),
            last_turn: Some(TurnId(4)),
        };
        assert_eq!(store.load(HOME).await.unwrap(), expected);
        assert_eq!(store.settings(HOME).await.unwrap(), settings());
        assert_eq!(store.track_bans(HOME).await.unwrap(), expected.track_bans);
        assert_eq!(store.load(AWAY).await.unwrap(), Kept::default());
        assert_eq!(store.settings(AWAY).await.unwrap(), Settings::default());
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn a_newer_standing_replaces_the_older_and_its_position() {
    on_each(async |place| {
        let desk = place.desk().await;
        let stands = |title| Record::Standing(Box::new(standing(title)));
        desk.keep(HOME, vec![stands("First"), position(1, 9)]).await;
        desk.keep(AWAY, vec![stands("Theirs"), position(1, 5)])
            .await;
        // In one commit, with a standing before it that nobody will ever need.
        desk.keep(
            HOME,
            vec![stands("Second"), position(1, 12), stands("Third")],
        )
        .await;
        let kept = desk.store.load(HOME).await.unwrap();
        assert_eq!(kept.standing, Some(standing("Third")));
        assert_eq!(kept.position, None);
        desk.keep(HOME, vec![position(2, 0)]).await;
        let kept = desk.store.load(HOME).await.unwrap();
        assert_eq!(kept.position, Some((TurnId(2), Duration::ZERO)));

        let theirs = desk.store.load(AWAY).await.unwrap();
        assert_eq!(theirs.standing, Some(standing("Theirs")));
        assert_eq!(theirs.position, Some((TurnId(1), Duration::from_secs(5))));
        desk.close().await;
    })
    .await;
}

#[tokio::test]
async fn a_stage_is_open_until_its_session_closes() {
    on_each(async |place| {
        let desk = place.desk().await;
        let opened = |id| {
            let stands = Record::Standing(Box::new(standing("Now")));
            vec![session(id, None), stands]
        };
        let closed = |id| Record::SessionClosed {
            session: SessionId(id),
            closed_at: after(500),
            why: CloseReason::Empty,
        };
        assert_eq!(desk.store.open_guilds().await.unwrap(), []);
        desk.keep(AWAY, opened(1)).await;
        desk.keep(HOME, opened(1)).await;
        assert_eq!(desk.store.open_guilds().await.unwrap(), [HOME, AWAY]);
        desk.keep(HOME, vec![closed(1)]).await;
        assert_eq!(desk.store.open_guilds().await.unwrap(), [AWAY]);
        let kept = desk.store.load(HOME).await.unwrap();
        assert_eq!(kept.standing, None);
        assert_eq!(kept.last_session, Some(SessionId(1)));
        // Closed and opened again in one breath.
        let mut breath = vec![closed(1)];
        breath.extend(opened(2));
        desk.keep(AWAY, breath).await;
        let kept = desk.store.load(AWAY).await.unwrap();
        assert_eq!(kept.standing, Some(standing("Now")));
        assert_eq!(kept.last_session, Some(SessionId(2)));
        desk.close().await;
    })
    .await;
}

#[tokio::test]
async fn media_is_in_use_while_it_waits_plays_or_is_collected() {
    on_each(async |place| {
        let desk = place.desk().await;
        desk.keep(
            HOME,
            vec![
                setlist(ADA, &[(1, "Waits"), (2, "Shared")]),
                setlist(BEN, &[(3, "Shared")]),
                ended(play(1, ADA, "Played")),
                grab(1, BEN, "Collected"),
            ],
        )
        .await;
        let stands = Record::Standing(Box::new(standing("Plays")));
        desk.keep(AWAY, vec![setlist(ADA, &[(1, "Far")]), stands])
            .await;
        let media = |titles: &[&str]| -> HashSet<MediaRef> {
            titles.iter().map(|title| track(title).media).collect()
        };
        assert_eq!(
            desk.store.media_in_use().await.unwrap(),
            media(&["Waits", "Shared", "Collected", "Far", "Plays"])
        );
        desk.keep(HOME, vec![setlist(ADA, &[])]).await;
        assert_eq!(
            desk.store.media_in_use().await.unwrap(),
            media(&["Shared", "Collected", "Far", "Plays"])
        );
        desk.close().await;
    })
    .await;
}

#[tokio::test]
async fn the_log_holds_every_kind_of_deed_the_newest_first() {
    let deeds = vec![
        Deed::Closed,
        Deed::Locked(true),
        Deed::Themed(Some("Rain".to_owned())),
        Deed::Themed(None),
        Deed::Kicked {
            member: FAR,
            reason: Some("\"noise\" 噪音".to_owned()),
        },
        Deed::StageBanned {
            member: BEN,
            banned: false,
            reason: None,
        },
        Deed::Moved {
            member: BEN,
            seat: SeatNo(3),
        },
        Deed::Skipped {
            turn: TurnId(4),
            title: "Hum".to_owned(),
            reason: Some(SkipReason::Words("why not".to_owned())),
        },
        Deed::Voided {
            turn: TurnId(4),
            rater: CYD,
        },
        Deed::Configured {
            what: "seats = 3".to_owned(),
        },
        Deed::TrackBanned {
            key: TrackKey("sha256:ab".to_owned()),
            title: "Noise".to_owned(),
            banned: true,
        },
    ];
    on_each(async |place| {
        let desk = place.desk().await;
        let rows: Vec<DeedRow> = (0..)
            .zip(&deeds)
            .map(|(seconds, deed)| DeedRow {
                at: after(seconds),
                by: ADA,
                by_name: "Ada ✨".to_owned(),
                deed: deed.clone(),
            })
            .collect();
        let log = |row: &DeedRow| Record::Log {
            by: row.by,
            by_name: row.by_name.clone(),
            at: row.at,
            deed: row.deed.clone(),
        };
        desk.keep(HOME, rows.iter().map(log).collect()).await;
        // Two deeds of one moment are two.
        let twin = DeedRow {
            at: EVENING,
            by: BEN,
            by_name: "Ben".to_owned(),
            deed: Deed::Closed,
        };
        desk.keep(AWAY, vec![log(&twin), log(&rows[0])]).await;

        let newest_first: Vec<DeedRow> = rows.iter().rev().cloned().collect();
        assert_eq!(desk.store.deeds(HOME, 99).await.unwrap(), newest_first);
        assert_eq!(desk.store.deeds(HOME, 2).await.unwrap(), newest_first[..2]);
        let theirs = desk.store.deeds(AWAY, 99).await.unwrap();
        assert_eq!(theirs.len(), 2);
        assert!(theirs.contains(&twin) && theirs.contains(&rows[0]));
        desk.close().await;
    })
    .await;
}
