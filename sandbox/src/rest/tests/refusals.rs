//! Who may not, what is not there, what is wrong with a form, and what is too fast.

use super::{DELETE, GET, PATCH, POST, PUT, Scene, nothing, says, told};
use crate::permissions::{Overwrite, SEND_MESSAGES, Target, VIEW_CHANNEL};
use serde_json::json;

#[tokio::test]
async fn without_a_token_of_a_bot_nothing_is_told() {
    let scene = Scene::new(0).await;
    for header in [
        None,
        Some("Bot wrong"),
        Some("secret"),
        Some("Bearer secret"),
    ] {
        let address = format!("{}/api/v10/users/@me", scene.hub.addresses().rest);
        let mut request = scene.client.get(address);
        if let Some(header) = header {
            request = request.header("Authorization", header);
        }
        let (status, body) = told(request.send().await.unwrap()).await;
        assert_eq!(
            (status, &body["message"]),
            (401, &json!("401: Unauthorized"))
        );
    }
    // This one is open to all.
    let address = format!("{}/api/v10/gateway", scene.hub.addresses().rest);
    let (status, body) = told(scene.client.get(address).send().await.unwrap()).await;
    assert_eq!((status, &body["url"]), (200, &json!("ws://127.0.0.1:1")));
}

#[tokio::test]
async fn paths_methods_and_versions_are_known_or_not() {
    let scene = Scene::new(0).await;
    let refused = scene.refused(GET, "/nowhere", nothing()).await;
    assert_eq!(refused, (404, 0));
    let refused = scene.refused(DELETE, "/users/@me", nothing()).await;
    assert_eq!(refused, (405, 0));
    let old = format!("{}/api/v6/users/@me", scene.hub.addresses().rest);
    let (status, body) = told(scene.client.get(old).send().await.unwrap()).await;
    assert_eq!((status, &body["code"]), (400, &json!(50041)));
}

#[tokio::test]
async fn what_cannot_be_seen_is_refused_otherwise_than_what_is_not_there() {
    let scene = Scene::new(0).await;
    let path = format!("/channels/{}/messages", scene.text);
    let unknown = scene
        .refused(POST, "/channels/1/messages", says("hi"))
        .await;
    assert_eq!(unknown, (404, 10003));
    let everyone = |deny| Overwrite {
        target: Target::Role(scene.guild),
        allow: 0,
        deny,
    };
    let deny = |bits| {
        let mut world = scene.hub.world();
        let channel = world.channels.get_mut(&scene.text).unwrap();
        channel.overwrites = vec![everyone(bits)];
    };
    deny(SEND_MESSAGES);
    assert_eq!(scene.refused(POST, &path, says("hi")).await, (403, 50013));
    deny(VIEW_CHANNEL);
    assert_eq!(scene.refused(POST, &path, says("hi")).await, (403, 50001));
    let guild = scene.refused(GET, "/guilds/1", nothing()).await;
    assert_eq!(guild, (404, 10004));
    let message = format!("{path}/1");
    deny(0);
    assert_eq!(scene.refused(GET, &message, nothing()).await, (404, 10008));
    let webhook = scene.refused(GET, "/webhooks/1", nothing()).await;
    assert_eq!(webhook, (404, 10015));
}

#[tokio::test]
async fn a_wrong_form_is_told_path_by_path() {
    let scene = Scene::new(0).await;
    let path = format!("/channels/{}/messages", scene.text);
    let body = json!({ "content": "c".repeat(2001), "embeds": [{ "title": "t".repeat(257) }] });
    let (status, body) = scene.ask(POST, &path, body).await;
    assert_eq!((status, &body["code"]), (400, &json!(50035)));
    let errors = &body["errors"];
    assert_eq!(
        errors["content"]["_errors"][0]["code"],
        "BASE_TYPE_MAX_LENGTH"
    );
    let title = &errors["embeds"]["0"]["title"]["_errors"][0];
    assert_eq!(title["code"], "BASE_TYPE_MAX_LENGTH");
    assert_eq!(scene.refused(POST, &path, json!({})).await, (400, 50006));
    let broken = scene.request(POST, &path).body("{\"content\": ");
    let broken = broken.header("Content-Type", "application/json");
    let (status, body) = told(broken.send().await.unwrap()).await;
    assert_eq!((status, &body["code"]), (400, &json!(50109)));
    let list = format!("{path}?limit=101");
    assert_eq!(scene.refused(GET, &list, nothing()).await, (400, 50035));
}

#[tokio::test]
async fn answers_are_json_and_say_exactly_that() {
    let scene = Scene::new(0).await;
    for path in ["/users/@me", "/nowhere"] {
        let response = scene.request(GET, path).send().await.unwrap();
        assert_eq!(response.headers()["content-type"], "application/json");
    }
}

#[tokio::test]
async fn a_bucket_that_is_empty_answers_429_until_it_fills_again() {
    let scene = Scene::new(0).await;
    let path = format!("/channels/{}/messages", scene.text);
    for left in (0..5).rev() {
        let request = scene.request(POST, &path).json(&says("hi"));
        let response = request.send().await.unwrap();
        assert_eq!(response.status().as_u16(), 200);
        assert_eq!(response.headers()["x-ratelimit-limit"], "5");
        assert_eq!(
            response.headers()["x-ratelimit-remaining"],
            left.to_string().as_str()
        );
        assert!(response.headers().contains_key("x-ratelimit-bucket"));
    }
    let request = scene.request(POST, &path).json(&says("hi"));
    let response = request.send().await.unwrap();
    assert_eq!(response.headers()["x-ratelimit-scope"], "user");
    assert!(response.headers().contains_key("retry-after"));
    let (status, body) = told(response).await;
    assert_eq!((status, &body["global"]), (429, &json!(false)));
    assert!(body["retry_after"].as_f64().unwrap() > 0.0);
    // Another channel has a bucket of its own.
    let other = scene.hub.world().add_text_channel(scene.guild, "other");
    let path = format!("/channels/{other}/messages");
    scene.done(POST, &path, says("hi")).await;
}

#[tokio::test]
async fn what_others_wrote_is_not_the_bots_to_change() {
    let scene = Scene::new(0).await;
    let draft = crate::world::Draft {
        author_id: scene.bo,
        content: "mine".to_owned(),
        ..crate::world::Draft::default()
    };
    let id = scene.hub.world().post("", scene.text, draft);
    let path = format!("/channels/{}/messages/{id}", scene.text);
    assert_eq!(
        scene.refused(PATCH, &path, says("yours")).await,
        (403, 50005)
    );
    assert_eq!(scene.refused(DELETE, &path, nothing()).await, (403, 50013));
    let pin = format!("/channels/{}/messages/pins/{id}", scene.text);
    assert_eq!(scene.refused(PUT, &pin, nothing()).await, (403, 50013));
}
