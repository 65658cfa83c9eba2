//! What a client asks for: voice, members, sounds and channels.

use super::*;
use crate::permissions::{CONNECT, DEFAULT, Overwrite, Target};
use crate::world::intent;

impl Scene {
    fn ask_to_join(&self, channel: Option<Id>) -> Value {
        json!({
            "guild_id": self.guild.id.to_string(),
            "channel_id": channel.map(|id| id.to_string()),
            "self_mute": false, "self_deaf": true,
        })
    }

    fn ask_members(&self, more: Value) -> Value {
        let mut asked = json!({ "guild_id": self.guild.id.to_string() });
        let Value::Object(more) = more else {
            panic!("{more} is not an object");
        };
        for (key, value) in more {
            asked[key] = value;
        }
        asked
    }
}

fn members(chunk: &Value) -> Vec<&str> {
    let members = chunk["members"].as_array().expect("a list");
    let members = members.iter().map(|it| it["user"]["username"].as_str());
    members.map(|it| it.expect("a name")).collect()
}

#[tokio::test]
async fn joining_voice_brings_the_state_and_then_the_server() {
    let scene = Scene::open().await;
    let (mut client, ready) = scene.settled(1).await;
    let lounge = scene.guild.lounge;
    client.say(4, scene.ask_to_join(Some(lounge))).await;
    let state = client.event("VOICE_STATE_UPDATE").await;
    assert_eq!(state["channel_id"], lounge.to_string());
    assert_eq!(state["user_id"], scene.bot.id.to_string());
    assert_eq!(state["session_id"], ready["session_id"]);
    assert_eq!(state["self_deaf"], true);
    assert_eq!(state["member"]["user"]["id"], scene.bot.id.to_string());
    let server = client.event("VOICE_SERVER_UPDATE").await;
    assert_eq!(server["guild_id"], scene.guild.id.to_string());
    assert_eq!(server["endpoint"], scene.sandbox.voice().endpoint());
    let second = scene.guild.voice_channel("second");
    client.event("CHANNEL_CREATE").await;
    client.say(4, scene.ask_to_join(Some(second))).await;
    client.event("VOICE_STATE_UPDATE").await;
    let moved = client.event("VOICE_SERVER_UPDATE").await;
    assert_eq!(moved["endpoint"], server["endpoint"]);
    assert_ne!(moved["token"], server["token"], "a new channel");
    scene.close().await;
}

#[tokio::test]
async fn where_the_bot_may_not_go_nothing_happens_and_nothing_is_said() {
    let scene = Scene::with(0, DEFAULT).await;
    let (mut client, _) = scene.settled(1 | intent::GUILD_VOICE_STATES).await;
    let (closed, full) = (
        scene.guild.voice_channel("closed"),
        scene.guild.voice_channel("full"),
    );
    scene.guild.text_channel("second");
    let elsewhere = scene.sandbox.guild("Away", "Di");
    let mut bo = scene.guild.member("Bo", "en-US");
    scene.change(|world| {
        let nobody = Overwrite {
            target: Target::Role(scene.guild.id),
            allow: 0,
            deny: CONNECT,
        };
        let channel = world.channels.get_mut(&closed).expect("it is there");
        channel.overwrites.push(nobody);
        world
            .channels
            .get_mut(&full)
            .expect("it is there")
            .user_limit = 1;
    });
    assert!(bo.join_voice(full));
    scene.told(&mut client, scene.bot.id).await;
    let mut asked: Vec<Value> = [closed, full, scene.guild.text, elsewhere.lounge, 1]
        .map(|channel| scene.ask_to_join(Some(channel)))
        .into();
    asked.push(
        json!({ "guild_id": elsewhere.id.to_string(), "channel_id": elsewhere.lounge.to_string() }),
    );
    asked.push(json!({}));
    for asked in asked {
        client.say(4, asked).await;
    }
    // The answer to this comes after whatever came of the others.
    let nobody = scene.ask_members(json!({ "user_ids": [] }));
    client.say(8, nobody).await;
    client.event("GUILD_MEMBERS_CHUNK").await;
    scene.change(|world| {
        assert!(
            !world.guilds[&scene.guild.id]
                .voice_states
                .contains_key(&scene.bot.id)
        );
    });
    scene.close().await;
}

#[tokio::test]
async fn members_are_found_by_the_beginning_of_their_names() {
    let scene = Scene::open().await;
    let (mut client, _) = scene.settled(1).await;
    for name in ["Bo", "Bodo", "Cy"] {
        scene.guild.member(name, "en-US");
    }
    let asked = json!({ "query": "BO", "limit": 2, "nonce": "mine" });
    client.say(8, scene.ask_members(asked)).await;
    let chunk = client.event("GUILD_MEMBERS_CHUNK").await;
    assert_eq!(chunk["guild_id"], scene.guild.id.to_string());
    assert_eq!(chunk["nonce"], "mine");
    assert_eq!(
        (&chunk["chunk_index"], &chunk["chunk_count"]),
        (&json!(0), &json!(1))
    );
    let found = members(&chunk);
    assert_eq!(found.len(), 2, "of Bot, Bo and Bodo");
    assert!(found.iter().all(|it| it.to_lowercase().starts_with("bo")));
    scene.close().await;
}

#[tokio::test]
async fn members_are_found_by_their_ids() {
    let scene = Scene::open().await;
    let (mut client, _) = scene.settled(1).await;
    let bo = scene.guild.member("Bo", "en-US");
    scene.guild.member("Cy", "en-US");
    let both = json!({ "user_ids": [bo.id.to_string(), "12"], "nonce": "x".repeat(33) });
    client.say(8, scene.ask_members(both)).await;
    let chunk = client.event("GUILD_MEMBERS_CHUNK").await;
    assert_eq!(members(&chunk), ["bo"]);
    assert_eq!(chunk["not_found"], json!(["12"]));
    assert_eq!(chunk.get("nonce"), None, "it was too long");
    let one = json!({ "user_ids": bo.id.to_string() });
    client.say(8, scene.ask_members(one)).await;
    let chunk = client.event("GUILD_MEMBERS_CHUNK").await;
    assert_eq!(members(&chunk), ["bo"]);
    scene.close().await;
}

#[tokio::test]
async fn a_guild_that_the_bot_is_not_in_answers_nothing() {
    let scene = Scene::open().await;
    let (mut client, _) = scene.settled(1).await;
    let elsewhere = scene.sandbox.guild("Away", "Di").id.to_string();
    let asked = json!({ "guild_id": elsewhere, "query": "di", "limit": 1 });
    client.say(8, asked).await;
    client.say(31, json!({ "guild_ids": [elsewhere] })).await;
    client
        .say(43, json!({ "guild_id": elsewhere, "fields": ["status"] }))
        .await;
    client
        .say(8, scene.ask_members(json!({ "query": "ana", "limit": 1 })))
        .await;
    let chunk = client.event("GUILD_MEMBERS_CHUNK").await;
    assert_eq!(members(&chunk), ["ana"]);
    scene.close().await;
}

#[tokio::test]
async fn all_members_come_in_chunks_of_a_thousand() {
    let scene = Scene::open().await;
    for number in 0..1_500 {
        scene.guild.member(&format!("Member {number}"), "en-US");
    }
    let (mut client, _) = scene.settled(1 | intent::GUILD_MEMBERS).await;
    let all = || scene.ask_members(json!({ "query": "", "limit": 0, "nonce": "all" }));
    client.say(8, all()).await;
    for (index, expected) in [(0, 1_000), (1, 502)] {
        let chunk = client.event("GUILD_MEMBERS_CHUNK").await;
        assert_eq!(
            (&chunk["chunk_index"], &chunk["chunk_count"]),
            (&json!(index), &json!(2))
        );
        assert_eq!(members(&chunk).len(), expected);
        assert_eq!(chunk["nonce"], "all");
    }
    scene.close().await;
}

#[tokio::test]
async fn all_members_can_be_asked_for_once_in_thirty_seconds() {
    let scene = Scene::open().await;
    let (mut client, _) = scene.settled(1 | intent::GUILD_MEMBERS).await;
    let all = || scene.ask_members(json!({ "query": "", "limit": 0, "nonce": "all" }));
    client.say(8, all()).await;
    client.event("GUILD_MEMBERS_CHUNK").await;
    client.say(8, all()).await;
    let refused = client.event("RATE_LIMITED").await;
    assert_eq!(refused["opcode"], 8);
    assert_eq!(
        refused["meta"],
        json!({ "guild_id": scene.guild.id.to_string(), "nonce": "all" })
    );
    let wait = refused["retry_after"].as_f64().expect("a number");
    assert!(wait > 0.0 && wait <= 30.0, "{wait}");
    pass(Duration::from_secs(30)).await;
    client.say(8, all()).await;
    client.event("GUILD_MEMBERS_CHUNK").await;
    scene.close().await;
}

#[tokio::test]
async fn all_members_take_the_intent() {
    let scene = Scene::open().await;
    let (mut client, _) = scene.settled(1).await;
    for limit in [0, 5] {
        let all = json!({ "query": "", "limit": limit });
        client.say(8, scene.ask_members(all)).await;
        let chunk = client.event("GUILD_MEMBERS_CHUNK").await;
        assert_eq!(members(&chunk), [""; 0], "{limit}");
    }
    scene.close().await;
}

#[tokio::test]
async fn the_status_of_voice_channels_can_be_asked_for() {
    let scene = Scene::open().await;
    let (mut client, _) = scene.settled(1).await;
    scene.change(|world| {
        let lounge = world.channels.get_mut(&scene.guild.lounge);
        lounge.expect("it is there").status = Some("Dancing".to_owned());
    });
    let guild = scene.guild.id.to_string();
    client
        .say(43, json!({ "guild_id": guild, "fields": ["status"] }))
        .await;
    let info = client.event("CHANNEL_INFO").await;
    let lounge = json!({ "id": scene.guild.lounge.to_string(), "status": "Dancing" });
    assert_eq!(info, json!({ "guild_id": guild, "channels": [lounge] }));
    client.say(31, json!({ "guild_ids": [guild] })).await;
    let sounds = client.event("SOUNDBOARD_SOUNDS").await;
    assert_eq!(
        sounds,
        json!({ "guild_id": guild, "soundboard_sounds": [] })
    );
    scene.close().await;
}

#[tokio::test]
async fn two_applications_in_a_guild_each_see_their_own() {
    let scene = Scene::open().await;
    let other = scene.sandbox.bot("Other", PRIVILEGED_FLAGS);
    scene.guild.invite(&other, DEFAULT);
    let (mut client, ready) = scene.settled(ALL_INTENTS).await;
    let more = json!({ "intents": ALL_INTENTS });
    let (mut second, second_ready) = scene.ready_as(&other, more).await;
    second.event("GUILD_CREATE").await;
    assert_eq!(second_ready["user"]["id"], other.id.to_string());
    assert_ne!(second_ready["session_id"], ready["session_id"]);
    // Of the other's voice they see the state, not the server.
    client
        .say(4, scene.ask_to_join(Some(scene.guild.lounge)))
        .await;
    client.event("VOICE_STATE_UPDATE").await;
    client.event("VOICE_SERVER_UPDATE").await;
    let asked = json!({ "user_ids": [other.id.to_string()], "nonce": "mine" });
    client.say(8, scene.ask_members(asked)).await;
    client.event("GUILD_MEMBERS_CHUNK").await;
    let told = scene.told(&mut second, other.id).await;
    assert_eq!(names(&told), ["VOICE_STATE_UPDATE"]);
    assert_eq!(told[0].1["user_id"], scene.bot.id.to_string());
    // A channel that one of them does not see.
    let secret = scene.change(|world| {
        let secret = world.add_text_channel(scene.guild.id, "secret");
        let everyone = Overwrite {
            target: Target::Role(scene.guild.id),
            allow: 0,
            deny: crate::permissions::VIEW_CHANNEL,
        };
        let channel = world.channels.get_mut(&secret).expect("it is there");
        channel.overwrites.push(everyone);
        secret
    });
    let ana = scene.guild.owner.looking_at(secret);
    ana.say("psst").expect("Ana may write");
    let told = scene.told(&mut client, scene.bot.id).await;
    assert_eq!(names(&told), ["CHANNEL_CREATE", "MESSAGE_CREATE"]);
    let told = scene.told(&mut second, other.id).await;
    assert_eq!(names(&told), ["CHANNEL_CREATE"]);
    scene.close().await;
}
