//! HELLO, IDENTIFY, READY and the guilds.

use super::*;

#[tokio::test]
async fn hello_comes_first_and_says_how_often_to_send_heartbeats() {
    let scene = Scene::open().await;
    let mut client = scene.connect(JSON).await;
    let hello = client.hear_op(10).await;
    assert_eq!(hello["d"]["heartbeat_interval"], 41_250);
    assert_eq!(hello["s"], Value::Null);
    scene.close().await;
}

#[tokio::test]
async fn ready_names_the_bot_its_session_and_its_guilds() {
    let scene = Scene::open().await;
    let (client, ready) = scene.ready(ALL_INTENTS).await;
    assert_eq!(client.seq, 1);
    assert_eq!(ready["v"], 10);
    let id = scene.bot.id.to_string();
    assert_eq!(ready["user"]["id"], id);
    assert_eq!(ready["user"]["bot"], true);
    assert_eq!(
        ready["application"],
        json!({ "id": id, "flags": PRIVILEGED_FLAGS })
    );
    let guild = scene.guild.id.to_string();
    assert_eq!(
        ready["guilds"],
        json!([{ "id": guild, "unavailable": true }])
    );
    assert_eq!(
        ready["resume_gateway_url"],
        scene.sandbox.gateway().address()
    );
    assert!(!ready["session_id"].as_str().expect("a text").is_empty());
    assert_eq!(ready.get("shard"), None, "it was not in IDENTIFY");
    scene.close().await;
}

/// What the documentation lists of a guild, optional fields aside.
const GUILD_FIELDS: [&str; 30] = [
    "id",
    "name",
    "icon",
    "splash",
    "discovery_splash",
    "owner_id",
    "afk_channel_id",
    "afk_timeout",
    "verification_level",
    "default_message_notifications",
    "explicit_content_filter",
    "roles",
    "emojis",
    "features",
    "mfa_level",
    "application_id",
    "system_channel_id",
    "system_channel_flags",
    "rules_channel_id",
    "vanity_url_code",
    "description",
    "banner",
    "premium_tier",
    "preferred_locale",
    "public_updates_channel_id",
    "nsfw_level",
    "premium_progress_bar_enabled",
    "safety_alerts_channel_id",
    "presences",
    "guild_scheduled_events",
];

#[tokio::test]
async fn every_guild_comes_with_what_only_the_gateway_tells() {
    let scene = Scene::open().await;
    let mut bo = scene.guild.member("Bo", "en-US");
    scene.guild.member("Cy", "en-US");
    assert!(bo.join_voice(scene.guild.lounge));
    let without_presences = ALL_INTENTS & !(1 << 8);
    let (mut client, _) = scene.ready(without_presences).await;
    let guild = client.event("GUILD_CREATE").await;
    for field in GUILD_FIELDS {
        assert!(guild.get(field).is_some(), "{field} is missing");
    }
    assert_eq!(guild["id"], scene.guild.id.to_string());
    assert_eq!(guild["unavailable"], false);
    assert_eq!(guild["large"], false);
    assert_eq!(guild["member_count"], 4);
    let joined_at = guild["joined_at"].as_str().expect("a time");
    assert!(joined_at.contains('T') && joined_at.ends_with("+00:00"));
    let channels = guild["channels"].as_array().expect("a list");
    let channels: Vec<&Value> = channels.iter().map(|it| &it["name"]).collect();
    assert_eq!(channels, ["general", "lounge"]);
    let states = guild["voice_states"].as_array().expect("a list");
    assert_eq!(states.len(), 1);
    assert_eq!(states[0]["user_id"], bo.id.to_string());
    assert_eq!(states[0]["channel_id"], scene.guild.lounge.to_string());
    assert_eq!(states[0].get("guild_id"), None);
    let members = guild["members"].as_array().expect("a list");
    let members: Vec<&Value> = members.iter().map(|it| &it["user"]["id"]).collect();
    assert_eq!(members, [&scene.bot.id.to_string(), &bo.id.to_string()]);
    for list in ["threads", "stage_instances", "soundboard_sounds"] {
        assert_eq!(guild[list], json!([]), "{list}");
    }
    scene.close().await;
}

#[tokio::test]
async fn with_the_intent_for_presences_all_members_come() {
    let scene = Scene::open().await;
    let bo = json!(scene.guild.member("Bo", "en-US").id.to_string());
    let more = json!({ "intents": ALL_INTENTS, "large_threshold": 2 });
    let (mut client, _) = scene.ready_as(&scene.bot, more).await;
    let guild = client.event("GUILD_CREATE").await;
    let members = guild["members"].as_array().expect("a list");
    assert!(members.iter().any(|it| it["user"]["id"] == bo));
    assert_eq!(guild["large"], true, "three are more than it said");
    scene.close().await;
}

#[tokio::test]
async fn a_guild_that_is_joined_later_comes_alone() {
    let scene = Scene::open().await;
    let (mut client, _) = scene.settled(ALL_INTENTS).await;
    let second = scene.sandbox.guild("Away", "Di");
    second.invite(&scene.bot, 0);
    let guild = client.event("GUILD_CREATE").await;
    assert_eq!(guild["id"], second.id.to_string());
    assert_eq!(guild.get("unavailable"), None);
    client.event("GUILD_MEMBER_ADD").await;
    scene.change(|world| {
        world.remove_member(second.id, scene.bot.id);
    });
    let gone = client.event("GUILD_DELETE").await;
    assert_eq!(gone["id"], second.id.to_string());
    assert_eq!(gone.get("unavailable"), None, "as for an outage");
    scene.close().await;
}
