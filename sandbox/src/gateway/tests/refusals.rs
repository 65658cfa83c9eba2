//! What the gateway closes a connection for, and with which code.

use super::*;
use tokio_tungstenite::tungstenite::protocol::frame::Frame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::{Data, OpCode};

/// The code after these payloads.
async fn close_code(scene: &Scene, says: &[(u8, Value)]) -> u16 {
    let mut client = scene.greeted().await;
    for (op, data) in says {
        client.say(*op, data.clone()).await;
    }
    client.hear_close().await
}

/// The code of an IDENTIFY with this in it.
async fn identify_code(scene: &Scene, more: Value) -> u16 {
    close_code(scene, &[(2, identity(&scene.bot, more))]).await
}

#[tokio::test]
async fn another_version_is_closed_with_4012() {
    let scene = Scene::open().await;
    for query in ["?v=9", "?v=6&encoding=json", "?v=11", ""] {
        let mut client = scene.connect(query).await;
        let Some(Message::Close(Some(frame))) = client.next().await else {
            panic!("{query} was greeted");
        };
        assert_eq!(u16::from(frame.code), 4012, "{query}");
    }
    scene.close().await;
}

#[tokio::test]
async fn an_unknown_opcode_is_closed_with_4001() {
    let scene = Scene::open().await;
    for op in [0, 5, 7, 9, 10, 11, 99] {
        assert_eq!(close_code(&scene, &[(op, Value::Null)]).await, 4001, "{op}");
    }
    scene.close().await;
}

#[tokio::test]
async fn what_cannot_be_decoded_is_closed_with_4002() {
    let scene = Scene::open().await;
    let broken_text = Frame::message(vec![0xFF], OpCode::Data(Data::Text), true);
    let cases = [
        Message::text("hello"),
        Message::text("[]"),
        Message::text(r#"{"d":{}}"#),
        Message::text(r#"{"op":"1"}"#),
        Message::binary(vec![0xFF, 0xFE]),
        Message::Frame(broken_text),
    ];
    for case in cases {
        let mut client = scene.greeted().await;
        client.say_raw(case.clone()).await;
        assert_eq!(client.hear_close().await, 4002, "{case:?}");
    }
    scene.close().await;
}

#[tokio::test]
async fn a_payload_of_more_than_4096_bytes_is_closed_with_4002() {
    let scene = Scene::open().await;
    let of_length = |length: usize| {
        let frame = r#"{"op":1,"d":null,"x":""}"#;
        let filling = "x".repeat(length - frame.len());
        Message::text(format!(r#"{{"op":1,"d":null,"x":"{filling}"}}"#))
    };
    let mut client = scene.greeted().await;
    client.say_raw(of_length(4_096)).await;
    client.hear_op(11).await;
    client.say_raw(of_length(4_097)).await;
    assert_eq!(client.hear_close().await, 4002);
    scene.close().await;
}

#[tokio::test]
async fn requests_before_identify_are_closed_with_4003() {
    let scene = Scene::open().await;
    let guild = scene.guild.id.to_string();
    let presence = json!({ "since": null, "activities": [], "status": "online", "afk": false });
    for (op, data) in [
        (3, presence),
        (4, json!({ "guild_id": guild, "channel_id": null })),
        (8, json!({ "guild_id": guild, "query": "", "limit": 1 })),
        (31, json!({ "guild_ids": [guild] })),
        (43, json!({ "guild_id": guild, "fields": ["status"] })),
    ] {
        assert_eq!(close_code(&scene, &[(op, data)]).await, 4003, "{op}");
    }
    scene.close().await;
}

#[tokio::test]
async fn a_wrong_token_is_closed_with_4004() {
    let scene = Scene::open().await;
    for token in [json!("wrong"), json!(""), Value::Null] {
        let code = identify_code(&scene, json!({ "token": token })).await;
        assert_eq!(code, 4004, "{token}");
    }
    let resume = json!({ "token": "wrong", "session_id": "x", "seq": 1 });
    assert_eq!(close_code(&scene, &[(6, resume)]).await, 4004);
    scene.close().await;
}

#[tokio::test]
async fn a_second_beginning_is_closed_with_4005() {
    let scene = Scene::open().await;
    let (mut client, ready) = scene.settled(1).await;
    client.say(2, identity(&scene.bot, json!({}))).await;
    assert_eq!(client.hear_close().await, 4005);
    let (mut client, _) = scene.settled(1).await;
    client.say(6, resumption(&scene.bot, &ready, 1)).await;
    assert_eq!(client.hear_close().await, 4005);
    scene.close().await;
}

#[tokio::test]
async fn the_121st_payload_in_a_minute_is_closed_with_4008() {
    let scene = Scene::open().await;
    let mut client = scene.greeted().await;
    for _ in 0..120 {
        client.say(1, Value::Null).await;
        client.hear_op(11).await;
    }
    pass(Duration::from_mins(1)).await;
    for _ in 0..120 {
        client.say(1, Value::Null).await;
        client.hear_op(11).await;
    }
    // What it says after that does not keep it from hearing the code.
    for _ in 0..50 {
        client.say(1, Value::Null).await;
    }
    let Some(Message::Close(Some(frame))) = client.next().await else {
        panic!("the 121st was acknowledged");
    };
    assert_eq!(u16::from(frame.code), 4008);
    scene.close().await;
}

#[tokio::test]
async fn a_shard_that_cannot_be_is_closed_with_4010() {
    let scene = Scene::open().await;
    for shard in [
        json!([1, 1]),
        json!([0, 0]),
        json!([0]),
        json!("0"),
        json!([-1, 2]),
    ] {
        let code = identify_code(&scene, json!({ "shard": shard })).await;
        assert_eq!(code, 4010, "{shard}");
    }
    scene.close().await;
}

#[tokio::test]
async fn a_shard_with_more_than_2500_guilds_is_closed_with_4011() {
    let scene = Scene::open().await;
    scene.change(|world| {
        for number in 0..2_500 {
            let guild = world.add_guild_of(&format!("Guild {number}"), scene.guild.owner.id);
            world.invite(guild, scene.bot.id, 0);
        }
    });
    assert_eq!(identify_code(&scene, json!({})).await, 4011);
    let half = json!({ "shard": [0, 2] });
    let (_, ready) = scene.ready_as(&scene.bot, half).await;
    assert!(ready["guilds"].as_array().expect("a list").len() < 2_500);
    scene.close().await;
}

#[tokio::test]
async fn intents_that_do_not_exist_are_closed_with_4013() {
    let scene = Scene::open().await;
    for intents in [
        json!(1 << 17),
        json!(1 << 30),
        json!(-1),
        json!("1"),
        Value::Null,
    ] {
        let code = identify_code(&scene, json!({ "intents": intents })).await;
        assert_eq!(code, 4013, "{intents}");
    }
    scene.close().await;
}

#[tokio::test]
async fn a_privileged_intent_without_its_flag_is_closed_with_4014() {
    let scene = Scene::open().await;
    // Each with the flags of the application that allow it.
    let privileged = [
        (1 << 1, [1 << 14, 1 << 15]),
        (1 << 8, [1 << 12, 1 << 13]),
        (1 << 15, [1 << 18, 1 << 19]),
    ];
    for (intent, flags) in privileged {
        let other_flags = privileged
            .iter()
            .filter(|(it, _)| *it != intent)
            .fold(0, |all, (_, flags)| all | flags[0] | flags[1]);
        let bot = scene.sandbox.bot("Without", other_flags);
        let says = [(2, identity(&bot, json!({ "intents": intent })))];
        assert_eq!(close_code(&scene, &says).await, 4014, "{intent}");
        for flag in flags {
            let bot = scene.sandbox.bot("With", flag);
            scene.ready_as(&bot, json!({ "intents": intent })).await;
        }
    }
    scene.close().await;
}

#[tokio::test]
async fn an_identify_within_five_seconds_of_another_gets_an_invalid_session() {
    let scene = Scene::open().await;
    let (_first, _) = scene.settled(1).await;
    let mut client = scene.greeted().await;
    client.say(2, identity(&scene.bot, json!({}))).await;
    assert_eq!(client.hear_op(9).await["d"], false);
    pass(Duration::from_secs(5)).await;
    client.say(2, identity(&scene.bot, json!({}))).await;
    client.event("READY").await;
    scene.close().await;
}
