//! What the cards say, in both languages, and that the longest and nastiest texts stay within
//! Discord's limits.

use super::{Drawing, Past, Ranked, idle, playing, playlist, post, result};
use crate::domain::ids::{ChannelId, MemberId, SeatNo, SessionId, TurnId};
use crate::domain::moment::Moment;
use crate::domain::protocol::{
    CloseReason, PlayRecord, Post, ResultFigures, SkipReason, StepDown, TurnEnd,
};
use crate::domain::settings::Settings;
use crate::domain::track::{MediaRef, Origin, Track, TrackKey};
use crate::domain::view::{LooperView, NowView, OpenView, SeatView, WaitingView};
use crate::i18n::{Fill, Locale, Words};
use serde_json::Value;
use std::time::Duration;

#[path = "tests/hostile.rs"]
mod hostile;

fn track(title: &str) -> Track {
    Track {
        key: TrackKey("sha256:1".to_owned()),
        title: title.to_owned(),
        artist: Some("The Larks".to_owned()),
        album: None,
        length: Duration::from_secs(225),
        origin: Origin::Library,
        media: MediaRef("library:song.mp3".to_owned()),
        link: None,
        cover: None,
        gain_tenths: None,
        live: false,
    }
}

fn seat(seat: u8, name: Option<&str>) -> SeatView {
    SeatView {
        seat: SeatNo(seat),
        looper: name.map(|name| LooperView {
            member: MemberId(seat.into()),
            name: name.to_owned(),
            away: false,
            next: (seat == 1).then(|| "Next one".to_owned()),
            waiting_tracks: 2,
        }),
        offered: (seat == 4).then_some(MemberId(44)),
        spotlight: seat == 1,
    }
}

fn now(title: &str) -> NowView {
    NowView {
        on_air: None,
        turn: TurnId(7),
        looper: MemberId(1),
        looper_name: "Ana".to_owned(),
        seat: SeatNo(1),
        track: track(title),
        zero_at: Moment(0),
        playing: true,
        position: Duration::ZERO,
        tally: [0, 0, 1, 0, 2],
        mean: Some(4.333),
        grabs: 1,
        skip_votes: 0,
        skip_needed: Some(3),
    }
}

fn open(name: &str) -> OpenView {
    OpenView {
        session: SessionId(12),
        channel: ChannelId(5),
        text: ChannelId(6),
        host: MemberId(1),
        speak: None,
        theme: Some("Rain".to_owned()),
        rules: None,
        opened_at: Moment(0),
        locked: false,
        seats: (1..=5).map(|n| seat(n, (n <= 3).then_some(name))).collect(),
        waitlist: vec![WaitingView {
            member: MemberId(44),
            name: name.to_owned(),
            away: false,
        }],
        now: None,
        last: None,
        listeners: 9,
    }
}

fn in_language<T>(locale: Locale, draw: impl FnOnce(&super::Say<'_>) -> T) -> T {
    let words = Words::new();
    draw(&|key: &str, fills: &[(&str, Fill<'_>)]| words.say(locale, key, fills))
}

fn drawn(locale: Locale, title: &str, name: &str) -> Value {
    let (mut open, settings) = (open(name), Settings::default());
    open.now = Some(now(title));
    let drawing = Drawing {
        open: &open,
        settings: &settings,
        at: Moment(83_000),
        cover: Some("cover.jpg"),
    };
    in_language(locale, |say| playing(&drawing, &now(title), say))
}

/// Everything an embed says, one line each.
fn read(body: &Value) -> String {
    let mut lines = Vec::new();
    if let Some(content) = body["content"].as_str() {
        lines.push(content.to_owned());
    }
    for embed in body["embeds"].as_array().into_iter().flatten() {
        for text in [
            &embed["author"]["name"],
            &embed["title"],
            &embed["description"],
        ] {
            lines.extend(text.as_str().map(ToOwned::to_owned));
        }
        for field in embed["fields"].as_array().into_iter().flatten() {
            let value = field["value"].as_str().unwrap().replace('\n', " / ");
            lines.push(format!("{}: {value}", field["name"].as_str().unwrap()));
        }
        lines.extend(embed["footer"]["text"].as_str().map(ToOwned::to_owned));
    }
    for button in body["components"]
        .as_array()
        .into_iter()
        .flatten()
        .flat_map(|row| row["components"].as_array().unwrap())
    {
        let label = button["label"].as_str().unwrap_or_default();
        lines.push(format!(
            "[{label}] {}",
            button["custom_id"].as_str().unwrap()
        ));
    }
    lines.join("\n")
}

#[test]
fn the_card_shows_the_stage_in_english() {
    insta::assert_snapshot!(read(&drawn(Locale::En, "First Light", "Ana")), @r#"
    Rain
    First Light
    The Larks
    ▶️ ━━━━━━●─────────── `1:23 / 3:45`
    4.3 ★ (3) · 👍 1 · 🔥 2 · 1 grab
    🎤 1: Ana / Next: Next one
    🪑 2: Ana / 2 tracks
    🪑 3: Ana / 2 tracks
    🪑 4: Offered to <@44>
    🪑 5: Free
    Waiting (1): 1\. Ana
    9 listeners · Session 12
    [] rate:7:1
    [] rate:7:2
    [] rate:7:3
    [] rate:7:4
    [] rate:7:5
    [Take a seat] seat:take
    [Leave] seat:leave
    [Skip] skip:7
    [Grab] grab:7
    [Comment] comment:7
    "#);
}

#[test]
fn the_card_shows_the_stage_in_chinese() {
    insta::assert_snapshot!(read(&drawn(Locale::ZhCn, "晨光", "小安")), @r#"
    Rain
    晨光
    The Larks
    ▶️ ━━━━━━●─────────── `1:23 / 3:45`
    4.3 ★（3） · 👍 1 · 🔥 2 · 1 次收藏
    🎤 1: 小安 / 下一首：Next one
    🪑 2: 小安 / 2 首歌
    🪑 3: 小安 / 2 首歌
    🪑 4: 留给 <@44>
    🪑 5: 空位
    候场（1）: 1\. 小安
    9 人在听 · 第 12 场
    [] rate:7:1
    [] rate:7:2
    [] rate:7:3
    [] rate:7:4
    [] rate:7:5
    [上座] seat:take
    [离座] seat:leave
    [切歌] skip:7
    [收藏] grab:7
    [弹幕] comment:7
    "#);
}

#[test]
fn a_silent_stage_says_how_to_be_heard() {
    let (open, settings) = (open("Ana"), Settings::default());
    let drawing = Drawing {
        open: &open,
        settings: &settings,
        at: Moment(0),
        cover: None,
    };
    let body = in_language(Locale::En, |say| idle(&drawing, say));
    let text = read(&body);
    assert!(text.contains("`/play`"), "{text}");
    assert!(text.contains("[Take a seat] seat:take"), "{text}");
    assert!(!text.contains("skip:"), "{text}");
}

fn play(end: TurnEnd) -> PlayRecord {
    PlayRecord {
        turn: TurnId(7),
        session: SessionId(12),
        looper: MemberId(1),
        looper_name: "Ana".to_owned(),
        seat: SeatNo(1),
        track: track("First Light"),
        began_at: Moment(0),
        ended_at: Some(Moment(225_000)),
        played: Duration::from_secs(225),
        end: Some(end),
        audience: 9,
    }
}

#[test]
fn the_result_line_says_how_a_song_was_received() {
    let figures = figures();
    let past = Past {
        plays: 3,
        first_by: "Bo".to_owned(),
    };
    let line = |locale, end, past| {
        let body = in_language(locale, |say| result(&play(end), figures, past, say));
        assert_eq!(body["components"], serde_json::json!([]));
        read(&body)
    };
    insta::assert_snapshot!(line(Locale::En, TurnEnd::Finished, Some(&past)), @r#"**First Light** by Ana · 4.3 ★ (7) · 2 grabs · heard by 9 · 3rd play here, first by Bo"#);
    insta::assert_snapshot!(line(Locale::ZhCn, TurnEnd::Finished, Some(&past)), @r#"**First Light**，Ana · 4.3 ★（7） · 2 次收藏 · 9 人听过 · 在这里第 3 次播放，首播 Bo"#);
    let skipped = TurnEnd::SkippedBy {
        member: MemberId(2),
        reason: Some(SkipReason::TooLoud),
    };
    insta::assert_snapshot!(line(Locale::En, skipped, None), @r#"**First Light** by Ana · 4.3 ★ (7) · 2 grabs · heard by 9 · skipped: too loud"#);
}

fn every_post(nasty: &str) -> Vec<Post> {
    let (member, seat) = (MemberId(44), SeatNo(4));
    let nasty = nasty.to_owned();
    let downs = [
        StepDown::TurnLimit,
        StepDown::Passed,
        StepDown::Idle,
        StepDown::Away,
        StepDown::Gone,
        StepDown::Kicked,
        StepDown::SeatRemoved,
    ];
    let mut posts = vec![
        Post::Opened {
            channel: ChannelId(5),
            host: member,
            theme: Some(nasty.clone()),
            rules: Some(nasty.clone()),
        },
        Post::Offer {
            member,
            seat,
            until: Moment(30_000),
        },
        Post::OfferLapsed { member, seat },
        Post::HandRaised,
        Post::Muted,
        Post::MayNotSpeak {
            channel: ChannelId(5),
        },
        Post::IdleWarning {
            member,
            at: Moment(60_000),
        },
        Post::TrackFailed {
            member,
            title: nasty.clone(),
        },
        Post::RepeatPassedOver {
            member,
            title: nasty.clone(),
            played_at: Moment(0),
        },
    ];
    posts.extend(downs.map(|why| Post::SteppedDown {
        member,
        name: nasty.clone(),
        seat,
        why,
    }));
    posts
}

fn figures() -> ResultFigures {
    ResultFigures {
        mean: Some(4.3333),
        ratings: 7,
        grabs: 2,
        heard: 9,
    }
}

/// Everything that could act, 200 characters long, right-to-left in part.
fn nasty() -> String {
    "@everyone **a** [x](http://x.y) <@1> `שלום` ||"
        .chars()
        .cycle()
        .take(Track::TEXT_LIMIT)
        .collect()
}

fn characters(value: &Value) -> usize {
    value.as_str().map_or(0, |text| text.chars().count())
}

/// Discord's documented limits for messages, embeds and components.
fn assert_within_limits(body: &Value) {
    assert!(characters(&body["content"]) <= 2_000);
    let mut sum = 0;
    for embed in body["embeds"].as_array().into_iter().flatten() {
        let parts = [
            (&embed["title"], 256),
            (&embed["description"], 4_096),
            (&embed["footer"]["text"], 2_048),
            (&embed["author"]["name"], 256),
        ];
        for (text, limit) in parts {
            assert!(characters(text) <= limit, "{text}");
            sum += characters(text);
        }
        for field in embed["fields"].as_array().into_iter().flatten() {
            assert!((1..=256).contains(&characters(&field["name"])), "{field}");
            assert!(
                (1..=1_024).contains(&characters(&field["value"])),
                "{field}"
            );
            sum += characters(&field["name"]) + characters(&field["value"]);
        }
    }
    assert!(sum <= 6_000, "{sum}");
    for row in body["components"].as_array().into_iter().flatten() {
        let buttons = row["components"].as_array().unwrap();
        assert!((1..=5).contains(&buttons.len()));
        for button in buttons {
            assert!(characters(&button["label"]) <= 80);
            assert!((1..=100).contains(&characters(&button["custom_id"])));
        }
    }
    let text = read(body);
    assert!(!text.contains("@everyone"), "{text}");
    assert!(!text.contains("http://"), "{text}");
}

#[test]
fn the_nastiest_texts_stay_harmless_and_within_discords_limits() {
    for locale in Locale::ALL {
        assert_within_limits(&drawn(locale, &nasty(), &nasty()));
        for one in every_post(&nasty()) {
            let body = in_language(locale, |say| post(&one, say)).expect("it has a message");
            assert_within_limits(&body);
        }
        let mut record = play(TurnEnd::SkippedBy {
            member: MemberId(1),
            reason: Some(SkipReason::Words(nasty())),
        });
        record.track = track(&nasty());
        record.looper_name = nasty();
        let past = Past {
            plays: 2,
            first_by: nasty(),
        };
        let figures = ResultFigures::default();
        let body = in_language(locale, |say| result(&record, figures, Some(&past), say));
        assert_within_limits(&body);
    }
}

#[test]
fn only_an_offer_and_a_warning_ring_and_only_the_member_concerned() {
    for one in every_post(&nasty()) {
        let body = in_language(Locale::En, |say| post(&one, say)).expect("it has a message");
        let rings = matches!(one, Post::Offer { .. } | Post::IdleWarning { .. });
        let users = if rings {
            serde_json::json!(["44"])
        } else {
            Value::Null
        };
        assert_eq!(body["allowed_mentions"]["users"], users, "{one:?}");
        assert_eq!(body["allowed_mentions"]["parse"], serde_json::json!([]));
    }
}

fn ranked(title: &str, mean: f64, ratings: u32) -> Ranked {
    Ranked {
        title: title.to_owned(),
        artist: None,
        looper: "Ana".to_owned(),
        mean: (ratings > 0).then_some(mean),
        ratings,
    }
}

#[test]
fn the_playlist_names_the_best_first_and_then_all_in_order() {
    let tracks = [
        ranked("One", 4.0, 2),
        ranked("Two", 4.0, 3),
        ranked("Three", 0.0, 0),
    ];
    let evening = (CloseReason::Asked, tracks.as_slice());
    let body = in_language(Locale::En, |say| {
        playlist(SessionId(12), Some("Rain"), evening, say)
    });
    insta::assert_snapshot!(read(&body), @r#"
    The stage is closed. Thank you for listening together!
    Session 12: Rain
    🏆 Best of the evening: **Two** by Ana, 4.0 ★ (3)

    1\. **One** · Ana · 4.0 ★ (2)
    2\. **Two** · Ana · 4.0 ★ (3)
    3\. **Three** · Ana · not rated
    3 tracks
    "#);
    let body = in_language(Locale::ZhCn, |say| {
        playlist(SessionId(12), None, evening, say)
    });
    insta::assert_snapshot!(read(&body), @r#"
    舞台已关闭。谢谢大家一起听歌！
    第 12 场
    🏆 今晚最佳：**Two**，Ana，4.0 ★（3）

    1\. **One** · Ana · 4.0 ★（2）
    2\. **Two** · Ana · 4.0 ★（3）
    3\. **Three** · Ana · 无评分
    3 首歌
    "#);
}

#[test]
fn a_playlist_too_long_for_a_message_says_how_many_more_there_are() {
    let tracks = vec![ranked(&nasty(), 3.0, 4); 300];
    for locale in Locale::ALL {
        let evening = (CloseReason::Empty, tracks.as_slice());
        let body = in_language(locale, |say| {
            playlist(SessionId(1), Some(&nasty()), evening, say)
        });
        assert_within_limits(&body);
        let listed = read(&body)
            .lines()
            .filter(|line| line.contains("\\. "))
            .count();
        let more = (300 - listed).to_string();
        assert!(read(&body).contains(&more), "{listed} listed");
    }
}
