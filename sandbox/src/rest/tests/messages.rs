//! Messages, reactions, pins, direct messages, threads and webhooks.

use super::{DELETE, GET, PATCH, POST, PUT, Scene, id_of, nothing, says, told};
use crate::permissions::{
    CREATE_PUBLIC_THREADS, MANAGE_MESSAGES, MANAGE_THREADS, MANAGE_WEBHOOKS, PIN_MESSAGES,
};
use reqwest::multipart::{Form, Part};
use serde_json::json;

#[tokio::test]
async fn a_message_is_posted_with_a_file_changed_and_deleted() {
    let scene = Scene::new(0).await;
    let path = format!("/channels/{}/messages", scene.text);
    let body = json!({
        "content": "look", "embeds": [{ "title": "An embed" }],
        "attachments": [{ "id": 0, "description": "a list" }],
    });
    let part = Part::bytes(b"#EXTM3U".to_vec()).file_name("evening.m3u8");
    let form = Form::new().text("payload_json", body.to_string());
    let request = scene.request(POST, &path);
    let request = request.multipart(form.part("files[0]", part));
    let (status, posted) = told(request.send().await.unwrap()).await;
    assert_eq!(status, 200, "{posted}");
    let file = &posted["attachments"][0];
    assert_eq!(file["filename"], "evening.m3u8");
    assert_eq!(file["size"], 7);
    let url = file["url"].as_str().unwrap();
    let fetched = scene.client.get(url).send().await.unwrap();
    assert_eq!(&fetched.bytes().await.unwrap()[..], b"#EXTM3U");
    let one = format!("{path}/{}", id_of(&posted));
    let changed = scene.done(PATCH, &one, says("look again")).await;
    assert_eq!(changed["content"], "look again");
    assert_eq!(changed["embeds"][0]["title"], "An embed");
    assert!(changed["edited_timestamp"].is_string());
    assert_eq!(changed["attachments"][0]["filename"], "evening.m3u8");
    scene.done(DELETE, &one, nothing()).await;
    assert_eq!(scene.refused(GET, &one, nothing()).await, (404, 10008));
}

#[tokio::test]
async fn messages_are_listed_in_pages_newest_first() {
    let scene = Scene::new(MANAGE_MESSAGES).await;
    let path = format!("/channels/{}/messages", scene.text);
    let mut ids = Vec::new();
    for text in ["one", "two", "three", "four"] {
        ids.push(id_of(&scene.done(POST, &path, says(text)).await));
    }
    let [one, two, three, four] = ids[..] else {
        panic!("four were posted")
    };
    for (query, expected) in [
        ("?limit=2".to_owned(), vec![four, three]),
        (format!("?limit=2&before={three}"), vec![two, one]),
        (format!("?limit=2&after={one}"), vec![three, two]),
    ] {
        let page = scene.done(GET, &(path.clone() + &query), nothing()).await;
        let page: Vec<_> = page.as_array().unwrap().iter().map(id_of).collect();
        assert_eq!(page, expected, "{query}");
    }
    let bulk = format!("{path}/bulk-delete");
    let few = json!({ "messages": [one.to_string()] });
    assert_eq!(scene.refused(POST, &bulk, few).await, (400, 50016));
    let both = json!({ "messages": [one.to_string(), two.to_string()] });
    scene.done(POST, &bulk, both).await;
    let left = scene.done(GET, &path, nothing()).await;
    assert_eq!(left.as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn reactions_are_given_counted_and_limited() {
    let scene = Scene::new(0).await;
    let path = format!("/channels/{}/messages", scene.text);
    let posted = id_of(&scene.done(POST, &path, says("rate")).await);
    let at = |emoji: &str| format!("{path}/{posted}/reactions/{emoji}");
    scene.done(PUT, &at("%F0%9F%91%8D/@me"), nothing()).await;
    let users = scene.done(GET, &at("%F0%9F%91%8D"), nothing()).await;
    assert_eq!(id_of(&users[0]), scene.bot);
    // One request per 250 ms in this bucket.
    let again = at("%F0%9F%91%8E/@me");
    let refused = scene.ask(PUT, &again, nothing()).await;
    assert_eq!(refused.0, 429);
    let mut world = scene.hub.world();
    for n in 0..19 {
        let emoji = char::from_u32(0x1F600 + n).unwrap().to_string();
        let place = (scene.text, posted);
        world.react(place, scene.bo, &emoji).unwrap();
    }
    let last = world.react((scene.text, posted), scene.bo, "\u{1F3B5}");
    assert_eq!(last.unwrap_err().code, 30010);
}

#[tokio::test]
async fn direct_messages_reach_those_who_take_them() {
    let scene = Scene::new(0).await;
    let to = |id: u64| json!({ "recipient_id": id.to_string() });
    let path = "/users/@me/channels";
    assert_eq!(scene.refused(POST, path, to(1)).await, (400, 50033));
    let channel = scene.done(POST, path, to(scene.bo)).await;
    assert_eq!(channel["type"], 1);
    assert_eq!(channel["recipients"][0]["username"], "bo");
    let again = scene.done(POST, path, to(scene.bo)).await;
    assert_eq!(id_of(&again), id_of(&channel));
    let messages = format!("/channels/{}/messages", id_of(&channel));
    scene.done(POST, &messages, says("psst")).await;
    let bo = scene.bo;
    let closes = |takes| {
        let mut world = scene.hub.world();
        world.users.get_mut(&bo).unwrap().takes_messages = takes;
    };
    closes(false);
    assert_eq!(
        scene.refused(POST, &messages, says("psst")).await,
        (403, 50007)
    );
    closes(true);
    // Without a guild in common nobody is reached.
    scene.hub.world().remove_member(scene.guild, bo);
    assert_eq!(
        scene.refused(POST, &messages, says("psst")).await,
        (403, 50007)
    );
}

#[tokio::test]
async fn messages_are_pinned_and_told_of() {
    let scene = Scene::new(PIN_MESSAGES).await;
    let path = format!("/channels/{}/messages", scene.text);
    let posted = id_of(&scene.done(POST, &path, says("keep")).await);
    let pins = format!("{path}/pins");
    let one = format!("{pins}/{posted}");
    scene.done(PUT, &one, nothing()).await;
    let all = scene.done(GET, &pins, nothing()).await;
    assert_eq!(id_of(&all["items"][0]["message"]), posted);
    let newest = scene.done(GET, &format!("{path}?limit=1"), nothing()).await;
    assert_eq!(newest[0]["type"], 6);
    scene.done(DELETE, &one, nothing()).await;
    let old = format!("/channels/{}/pins", scene.text);
    let all = scene.done(GET, &old, nothing()).await;
    assert_eq!(all, json!([]));
}

#[tokio::test]
async fn a_thread_hangs_on_a_message_and_closes() {
    let scene = Scene::new(CREATE_PUBLIC_THREADS | MANAGE_THREADS).await;
    let path = format!("/channels/{}/messages", scene.text);
    let posted = id_of(&scene.done(POST, &path, says("talk here")).await);
    let threads = format!("{path}/{posted}/threads");
    let named = json!({ "name": "The evening" });
    let thread = scene.done(POST, &threads, named.clone()).await;
    assert_eq!((id_of(&thread), &thread["type"]), (posted, &json!(11)));
    assert_eq!(scene.refused(POST, &threads, named).await, (400, 160_004));
    let starter = scene
        .done(GET, &format!("{path}/{posted}"), nothing())
        .await;
    assert_eq!(starter["flags"], 32);
    let members = format!("/channels/{posted}/thread-members");
    let bo = format!("{members}/{}", scene.bo);
    scene.done(PUT, &bo, nothing()).await;
    let all = scene.done(GET, &members, nothing()).await;
    assert_eq!(all.as_array().unwrap().len(), 2);
    let guild = format!("/guilds/{}/threads/active", scene.guild);
    let active = scene.done(GET, &guild, nothing()).await;
    assert_eq!(id_of(&active["threads"][0]), posted);
    let inside = format!("/channels/{posted}");
    let closed = scene
        .done(PATCH, &inside, json!({ "archived": true }))
        .await;
    assert_eq!(closed["thread_metadata"]["archived"], true);
    let archived = format!("/channels/{}/threads/archived/public", scene.text);
    let archived = scene.done(GET, &archived, nothing()).await;
    assert_eq!(id_of(&archived["threads"][0]), posted);
    assert_eq!(scene.refused(DELETE, &bo, nothing()).await, (400, 50083));
}

#[tokio::test]
async fn a_webhook_writes_under_its_own_name() {
    let scene = Scene::new(MANAGE_WEBHOOKS).await;
    let path = format!("/channels/{}/webhooks", scene.text);
    let reserved = json!({ "name": "Clyde" });
    assert_eq!(scene.refused(POST, &path, reserved).await, (400, 50035));
    let made = scene.done(POST, &path, json!({ "name": "Herald" })).await;
    let token = made["token"].as_str().unwrap();
    let own = format!("/webhooks/{}/{token}", id_of(&made));
    let posted = scene
        .done(POST, &format!("{own}?wait=true"), says("hear!"))
        .await;
    assert_eq!(posted["author"]["username"], "Herald");
    assert_eq!(posted["webhook_id"], made["id"]);
    let (status, _) = scene.ask(POST, &own, says("hear!")).await;
    assert_eq!(status, 204);
    let message = format!("{own}/messages/{}", id_of(&posted));
    let changed = scene.done(PATCH, &message, says("hear, hear!")).await;
    assert_eq!(changed["content"], "hear, hear!");
    scene.done(DELETE, &message, nothing()).await;
    let forged = format!("/webhooks/{}/forged", id_of(&made));
    assert_eq!(scene.refused(POST, &forged, says("x")).await, (401, 50027));
    let all = scene.done(GET, &path, nothing()).await;
    assert_eq!(all.as_array().unwrap().len(), 1);
    let kept = format!("/webhooks/{}", id_of(&made));
    let renamed = scene.done(PATCH, &kept, json!({ "name": "Crier" })).await;
    assert_eq!(renamed["name"], "Crier");
    scene.done(DELETE, &kept, nothing()).await;
    assert_eq!(scene.refused(GET, &kept, nothing()).await, (404, 10015));
}
