//! Voice states, stages and the voice channel status.

use super::{DELETE, GET, PATCH, POST, PUT, Scene, nothing};
use crate::permissions::{MANAGE_CHANNELS, MOVE_MEMBERS, MUTE_MEMBERS, SET_VOICE_CHANNEL_STATUS};
use crate::world::{Channel, ChannelKind, Id, VoiceChange};
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
