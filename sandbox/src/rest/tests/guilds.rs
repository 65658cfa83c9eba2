//! Guilds, channels and members.

use super::{DELETE, GET, PATCH, POST, PUT, Scene, id_of, nothing, says};
use crate::permissions::{
    BAN_MEMBERS, KICK_MEMBERS, MANAGE_CHANNELS, MANAGE_NICKNAMES, MANAGE_ROLES, MODERATE_MEMBERS,
    SEND_MESSAGES,
};
use crate::world::{now_ms, timestamp};
use serde_json::json;

#[tokio::test]
async fn the_bot_knows_itself_and_its_guilds() {
    let scene = Scene::new(0).await;
    let me = scene.done(GET, "/users/@me", nothing()).await;
    assert_eq!((id_of(&me), &me["bot"]), (scene.bot, &json!(true)));
    let about = scene.done(GET, "/oauth2/applications/@me", nothing()).await;
    assert!(about["owner"]["username"].is_string() && about["team"].is_null());
    let owns = |of_team| {
        let mut world = scene.hub.world();
        world.applications.get_mut(&scene.bot).unwrap().owner = Some((scene.bo, of_team));
    };
    owns(false);
    let about = scene.done(GET, "/applications/@me", nothing()).await;
    assert_eq!(id_of(&about["owner"]), scene.bo);
    owns(true);
    let about = scene.done(GET, "/applications/@me", nothing()).await;
    assert_ne!(id_of(&about["owner"]), scene.bo);
    assert_eq!(about["team"]["owner_user_id"], scene.bo.to_string());
    let all = scene.done(GET, "/users/@me/guilds", nothing()).await;
    assert_eq!(id_of(&all[0]), scene.guild);
    let guild = format!("/guilds/{}", scene.guild);
    let with_counts = scene
        .done(GET, &format!("{guild}?with_counts=true"), nothing())
        .await;
    assert_eq!(with_counts["approximate_member_count"], 3);
    let roles = scene.done(GET, &format!("{guild}/roles"), nothing()).await;
    assert_eq!(roles[0]["name"], "@everyone");
    let (status, _) = scene
        .ask(
            DELETE,
            &format!("/users/@me/guilds/{}", scene.guild),
            nothing(),
        )
        .await;
    assert_eq!(status, 204);
    assert_eq!(scene.refused(GET, &guild, nothing()).await, (404, 10004));
}

#[tokio::test]
async fn channels_come_change_and_go() {
    let scene = Scene::new(MANAGE_CHANNELS | MANAGE_ROLES).await;
    let all = format!("/guilds/{}/channels", scene.guild);
    let new = json!({ "name": "Listening Party", "type": 0, "topic": "songs" });
    let made = scene.done(POST, &all, new).await;
    assert_eq!(made["name"], "listening-party");
    let path = format!("/channels/{}", id_of(&made));
    let long = json!({ "name": "n".repeat(101) });
    assert_eq!(scene.refused(PATCH, &path, long).await, (400, 50035));
    let changed = scene.done(PATCH, &path, json!({ "topic": null })).await;
    assert_eq!(changed["topic"], nothing());
    let overwrite = format!("{path}/permissions/{}", scene.guild);
    let deny = json!({ "type": 0, "deny": SEND_MESSAGES.to_string() });
    scene.done(PUT, &overwrite, deny).await;
    let messages = format!("{path}/messages");
    assert_eq!(
        scene.refused(POST, &messages, says("x")).await,
        (403, 50013)
    );
    scene.done(DELETE, &overwrite, nothing()).await;
    scene.done(POST, &messages, says("x")).await;
    assert_eq!(
        scene.refused(DELETE, &overwrite, nothing()).await,
        (404, 10009)
    );
    // Nobody hands out what they have not.
    let ban = json!({ "type": 0, "allow": BAN_MEMBERS.to_string() });
    assert_eq!(scene.refused(PUT, &overwrite, ban).await, (403, 50013));
    scene.done(DELETE, &path, nothing()).await;
    assert_eq!(scene.refused(GET, &path, nothing()).await, (404, 10003));
}

#[tokio::test]
async fn members_are_read_and_found() {
    let scene = Scene::new(0).await;
    let all = format!("/guilds/{}/members", scene.guild);
    let bo = scene
        .done(GET, &format!("{all}/{}", scene.bo), nothing())
        .await;
    assert_eq!(bo["user"]["username"], "bo");
    let unknown = scene.refused(GET, &format!("{all}/1"), nothing()).await;
    assert_eq!(unknown, (404, 10013));
    let stranger = scene.hub.world().add_user("Stranger", "en-US");
    let stranger = format!("{all}/{stranger}");
    assert_eq!(scene.refused(GET, &stranger, nothing()).await, (404, 10007));
    let found = scene
        .done(GET, &format!("{all}/search?query=B&limit=10"), nothing())
        .await;
    let names = found.as_array().unwrap().iter();
    let names: Vec<_> = names.map(|it| it["user"]["username"].clone()).collect();
    assert!(names.contains(&json!("bo")) && !names.contains(&json!("ada")));
    // To list all takes the privileged intent.
    let list = format!("{all}?limit=10");
    assert_eq!(scene.refused(GET, &list, nothing()).await, (403, 50001));
    scene
        .hub
        .world()
        .applications
        .get_mut(&scene.bot)
        .unwrap()
        .flags = 1 << 15;
    let listed = scene.done(GET, &list, nothing()).await;
    assert_eq!(listed.as_array().unwrap().len(), 3);
}

#[tokio::test]
async fn only_members_below_the_bot_are_its_to_change() {
    let rights = MANAGE_NICKNAMES | MANAGE_ROLES | MODERATE_MEMBERS | KICK_MEMBERS | BAN_MEMBERS;
    let scene = Scene::new(rights).await;
    let member = |id| format!("/guilds/{}/members/{id}", scene.guild);
    let nick = json!({ "nick": "Bobby" });
    let bo = scene.done(PATCH, &member(scene.bo), nick.clone()).await;
    assert_eq!(bo["nick"], "Bobby");
    // The owner is above all.
    let ada = member(scene.ada);
    assert_eq!(scene.refused(PATCH, &ada, nick).await, (403, 50013));
    assert_eq!(scene.refused(DELETE, &ada, nothing()).await, (403, 50013));
    let until = |days: u64| {
        let at = timestamp(now_ms() + days * 86_400_000);
        json!({ "communication_disabled_until": at })
    };
    scene.done(PATCH, &member(scene.bo), until(1)).await;
    let long = scene.refused(PATCH, &member(scene.bo), until(29)).await;
    assert_eq!(long, (400, 50035));
    // A role above the bot's is not its to give.
    let high = scene.hub.world().add_role(scene.guild, "High", 0);
    let role = format!("{}/roles/{high}", member(scene.bo));
    assert_eq!(scene.refused(PUT, &role, nothing()).await, (403, 50013));
    scene.done(DELETE, &member(scene.bo), nothing()).await;
    let gone = scene.refused(GET, &member(scene.bo), nothing()).await;
    assert_eq!(gone, (404, 10007));
    let ban = format!("/guilds/{}/bans/{}", scene.guild, scene.bo);
    assert_eq!(scene.refused(GET, &ban, nothing()).await, (404, 10026));
    scene.done(PUT, &ban, nothing()).await;
    let banned = scene.done(GET, &ban, nothing()).await;
    assert_eq!(banned["user"]["username"], "bo");
    scene.done(DELETE, &ban, nothing()).await;
}

#[tokio::test]
async fn a_role_below_the_bot_is_given_and_taken() {
    let scene = Scene::new(MANAGE_ROLES).await;
    let low = scene.hub.world().add_role(scene.guild, "Low", 0);
    let own = scene.hub.world().add_role(scene.guild, "Own", 0);
    scene
        .hub
        .world()
        .set_role(scene.guild, scene.bot, own, true);
    let member = format!("/guilds/{}/members/{}", scene.guild, scene.bo);
    let role = format!("{member}/roles/{low}");
    scene.done(PUT, &role, nothing()).await;
    let bo = scene.done(GET, &member, nothing()).await;
    assert_eq!(bo["roles"], json!([low.to_string()]));
    scene.done(DELETE, &role, nothing()).await;
    let bo = scene.done(GET, &member, nothing()).await;
    assert_eq!(bo["roles"], json!([]));
    let unknown = format!("{member}/roles/1");
    assert_eq!(scene.refused(PUT, &unknown, nothing()).await, (404, 10011));
}
