//! Voice states, stages and the voice channel status.

use super::{DELETE, GET, PATCH, POST, PUT, Scene, nothing};
use crate::permissions::{
    MANAGE_CHANNELS, MENTION_EVERYONE, MOVE_MEMBERS, MUTE_MEMBERS, SET_VOICE_CHANNEL_STATUS,
};
use crate::world::{Channel, ChannelKind, Id, VoiceChange, World};
use serde_json::json;

/// A stage channel.
fn stage(scene: &Scene) -> Id {
    scene.hub.world().add_channel(Channel {
        guild_id: Some(scene.guild),
        kind: ChannelKind::Stage,
        name: "stage".to_owned(),
        ..Channel::default()
    })
}

fn lounge(scene: &Scene) -> Id {
    scene.hub.world().add_voice_channel(scene.guild, "lounge")
}

fn enter(scene: &Scene, channel: Id, user: Id) {
    let mut world = scene.hub.world();
    world.enter_voice(channel, user, VoiceChange::default());
}

#[tokio::test]
async fn voice_states_are_read_and_members_moved() {
    let scene = Scene::new(MOVE_MEMBERS | MUTE_MEMBERS).await;
    let (one, other) = (lounge(&scene), lounge(&scene));
    let state = format!("/guilds/{}/voice-states/{}", scene.guild, scene.bo);
    let member = format!("/guilds/{}/members/{}", scene.guild, scene.bo);
    assert_eq!(scene.refused(GET, &state, nothing()).await, (404, 10065));
    let mute = json!({ "mute": true });
    let away = scene.refused(PATCH, &member, mute.clone()).await;
    assert_eq!(away, (400, 40032));
    enter(&scene, one, scene.bo);
    scene.done(PATCH, &member, mute).await;
    let moved = json!({ "channel_id": other.to_string() });
    scene.done(PATCH, &member, moved).await;
    let now = scene.done(GET, &state, nothing()).await;
    assert_eq!(now["channel_id"], other.to_string());
    assert_eq!(now["mute"], true);
    // It may not deafen.
    let deafen = scene.refused(PATCH, &member, json!({ "deaf": true })).await;
    assert_eq!(deafen, (403, 50013));
    scene
        .done(PATCH, &member, json!({ "channel_id": null }))
        .await;
    assert_eq!(scene.refused(GET, &state, nothing()).await, (404, 10065));
}

#[tokio::test]
async fn on_a_stage_only_moderators_let_somebody_speak() {
    let scene = Scene::new(0).await;
    let stage = stage(&scene);
    enter(&scene, stage, scene.bot);
    let own = format!("/guilds/{}/voice-states/@me", scene.guild);
    let own_state = scene.done(GET, &own, nothing()).await;
    assert_eq!(own_state["suppress"], true);
    let up = json!({ "channel_id": stage.to_string(), "suppress": false });
    assert_eq!(scene.refused(PATCH, &own, up.clone()).await, (403, 50013));
    let hand = json!({ "request_to_speak_timestamp": "2026-01-01T00:00:00Z" });
    scene.done(PATCH, &own, hand).await;
    let own_state = scene.done(GET, &own, nothing()).await;
    assert!(own_state["request_to_speak_timestamp"].is_string());
    let role = scene.hub.world().add_role(scene.guild, "Mod", MUTE_MEMBERS);
    scene
        .hub
        .world()
        .set_role(scene.guild, scene.bot, role, true);
    scene.done(PATCH, &own, up).await;
    let own_state = scene.done(GET, &own, nothing()).await;
    assert_eq!(own_state["suppress"], false);
    // In a voice channel there is nothing to ask for.
    let lounge = lounge(&scene);
    enter(&scene, lounge, scene.bot);
    let down = scene
        .refused(PATCH, &own, json!({ "suppress": true }))
        .await;
    assert_eq!(down, (400, 50024));
}

#[tokio::test]
async fn a_person_is_invited_to_speak_and_sent_back_by_moderators() {
    let scene = Scene::new(0).await;
    let stage = stage(&scene);
    let theirs = format!("/guilds/{}/voice-states/{}", scene.guild, scene.bo);
    let up = json!({ "channel_id": stage.to_string(), "suppress": false });
    let down = json!({ "channel_id": stage.to_string(), "suppress": true });
    assert_eq!(
        scene.refused(PATCH, &theirs, up.clone()).await,
        (400, 40032)
    );
    enter(&scene, stage, scene.bo);
    assert_eq!(
        scene.refused(PATCH, &theirs, up.clone()).await,
        (403, 50013)
    );
    let role = scene.hub.world().add_role(scene.guild, "Mod", MUTE_MEMBERS);
    let bot = scene.bot;
    scene.hub.world().set_role(scene.guild, bot, role, true);
    // Somebody else's state takes the channel they are in.
    let bare = json!({ "suppress": false });
    assert_eq!(scene.refused(PATCH, &theirs, bare).await, (400, 50035));
    let elsewhere = json!({ "channel_id": lounge(&scene).to_string(), "suppress": false });
    assert_eq!(scene.refused(PATCH, &theirs, elsewhere).await, (400, 50024));
    scene.done(PATCH, &theirs, up).await;
    let voice = scene.done(GET, &theirs, nothing()).await;
    assert_eq!(voice["suppress"], false);
    assert!(voice["request_to_speak_timestamp"].is_string(), "invited");
    scene.done(PATCH, &theirs, down).await;
    let voice = scene.done(GET, &theirs, nothing()).await;
    assert_eq!(voice["suppress"], true);
    assert!(voice["request_to_speak_timestamp"].is_null());
}

#[tokio::test]
async fn a_start_that_rings_takes_a_permission_more() {
    let scene = Scene::new(MANAGE_CHANNELS | MUTE_MEMBERS | MOVE_MEMBERS).await;
    // Everybody may mention everyone here unless the guild says otherwise.
    {
        let mut world = scene.hub.world();
        let guild = world.guilds.get_mut(&scene.guild).unwrap();
        let everyone = guild.roles.get_mut(&scene.guild).unwrap();
        everyone.permissions &= !MENTION_EVERYONE;
    }
    let stage = stage(&scene).to_string();
    let mut body =
        json!({ "channel_id": stage, "topic": "Songs", "send_start_notification": true });
    let rung = scene.refused(POST, "/stage-instances", body.clone()).await;
    assert_eq!(rung, (403, 50013));
    body["send_start_notification"] = json!(false);
    scene.done(POST, "/stage-instances", body).await;
}

#[tokio::test]
async fn a_stage_without_speakers_closes_by_itself() {
    let scene = Scene::new(0).await;
    let stage = stage(&scene);
    let mut world = scene.hub.world();
    world.silence_limit_ms = 1_000;
    world.enter_voice(stage, scene.ada, VoiceChange::default());
    world.enter_voice(stage, scene.bo, VoiceChange::default());
    world.open_stage(stage, "Songs", 2);
    let is_open = |world: &World, guild| world.guilds[&guild].stage_instances.contains_key(&stage);
    // Ada owns the guild and speaks, Bo is in the audience.
    world.close_silent_stages(10_000);
    world.close_silent_stages(20_000);
    assert!(is_open(&world, scene.guild));
    world.leave_voice(scene.guild, scene.ada);
    world.close_silent_stages(20_000);
    world.close_silent_stages(20_999);
    assert!(is_open(&world, scene.guild));
    world.close_silent_stages(21_000);
    assert!(!is_open(&world, scene.guild));
}

#[tokio::test]
async fn a_stage_opens_once() {
    let scene = Scene::new(MANAGE_CHANNELS | MUTE_MEMBERS | MOVE_MEMBERS).await;
    let stage = stage(&scene);
    let one = format!("/stage-instances/{stage}");
    assert_eq!(scene.refused(GET, &one, nothing()).await, (404, 10067));
    let open = |topic: &str| json!({ "channel_id": stage.to_string(), "topic": topic });
    let path = "/stage-instances";
    let long = scene.refused(POST, path, open(&"t".repeat(121))).await;
    assert_eq!(long, (400, 50035));
    scene.done(POST, path, open("Songs")).await;
    assert_eq!(
        scene.refused(POST, path, open("Again")).await,
        (400, 150_006)
    );
    let changed = scene
        .done(PATCH, &one, json!({ "topic": "More songs" }))
        .await;
    assert_eq!(changed["topic"], "More songs");
    scene.done(DELETE, &one, nothing()).await;
    assert_eq!(scene.refused(GET, &one, nothing()).await, (404, 10067));
    let lounge = json!({ "channel_id": lounge(&scene).to_string(), "topic": "Songs" });
    assert_eq!(scene.refused(POST, path, lounge).await, (400, 50024));
}

#[tokio::test]
async fn a_voice_status_is_set_from_inside() {
    let scene = Scene::new(SET_VOICE_CHANNEL_STATUS).await;
    let lounge = lounge(&scene);
    let path = format!("/channels/{lounge}/voice-status");
    let status = json!({ "status": "One More Time" });
    // From outside it takes managing the channel.
    assert_eq!(
        scene.refused(PUT, &path, status.clone()).await,
        (403, 50013)
    );
    enter(&scene, lounge, scene.bot);
    scene.done(PUT, &path, status).await;
    let status_of = |id| scene.hub.world().channels.get(&id).unwrap().status.clone();
    assert_eq!(status_of(lounge).as_deref(), Some("One More Time"));
    scene.done(PUT, &path, json!({ "status": null })).await;
    assert_eq!(status_of(lounge), None);
    let stage = format!("/channels/{}/voice-status", stage(&scene));
    assert_eq!(scene.refused(PUT, &stage, nothing()).await, (400, 50024));
}
