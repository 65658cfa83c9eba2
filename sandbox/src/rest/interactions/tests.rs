//! Interactions as a bot reaches them: over HTTP.

use crate::interactions::{At, Outcome};
use crate::world::{Addresses, Hub, Id};
use reqwest::{Method, Response};
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Duration;
use tokio_util::sync::{CancellationToken, DropGuard};
use tokio_util::task::TaskTracker;

struct Scene {
    hub: Arc<Hub>,
    bot: Id,
    guild: Id,
    bo: At,
    client: reqwest::Client,
    _stop: DropGuard,
}

impl Scene {
    async fn new() -> Self {
        let hub = Arc::new(Hub::new());
        let (tasks, stop) = (TaskTracker::new(), CancellationToken::new());
        let rest = crate::rest::start(&hub, 0, &tasks, &stop).await.unwrap();
        hub.listens_at(Addresses {
            rest,
            gateway: String::new(),
        });
        let mut world = hub.world();
        let user_id = world.add_user("Bo", "en-US");
        let bot = world.add_application("Bot", "secret", 0);
        let guild = world.add_guild_of("Home", user_id);
        world.invite(guild, bot, 0);
        let channel_id = world.add_text_channel(guild, "open");
        drop(world);
        let limit = Duration::from_secs(10);
        Self {
            hub,
            bot,
            guild,
            bo: At {
                user_id,
                channel_id,
            },
            client: reqwest::Client::builder().timeout(limit).build().unwrap(),
            _stop: stop.drop_guard(),
        }
    }

    async fn send(&self, method: Method, path: &str, body: Option<&Value>) -> Response {
        let address = format!("{}/api/v10{path}", self.hub.addresses().rest);
        let mut request = self.client.request(method, address);
        // Where the path holds a token, no other is asked for.
        if path.starts_with("/applications") {
            request = request.header("Authorization", "Bot secret");
        }
        if let Some(body) = body {
            request = request.json(body);
        }
        request.send().await.unwrap()
    }

    fn commands(&self) -> String {
        format!("/applications/{}/commands", self.bot)
    }

    /// Bo asks for help: the id and the token.
    async fn help(&self) -> (Id, String) {
        let body = json!([{ "name": "help", "description": "Help" }]);
        self.send(Method::PUT, &self.commands(), Some(&body)).await;
        let id = self.hub.slash(self.bo, self.bot, "help", Vec::new());
        let id = id.unwrap();
        let token = self.hub.world().asks.get(id).unwrap().token.clone();
        (id, token)
    }
}

async fn status_and_json(response: Response) -> (u16, Value) {
    let status = response.status().as_u16();
    let text = response.text().await.unwrap();
    (status, serde_json::from_str(&text).unwrap_or_default())
}

#[tokio::test]
async fn commands_are_registered_and_listed() {
    let scene = Scene::new().await;
    let all = scene.commands();
    let of_guild = format!(
        "/applications/{}/guilds/{}/commands",
        scene.bot, scene.guild
    );
    let body =
        json!({ "name": "play", "name_localizations": { "zh-CN": "播放" }, "description": "Play" });
    for path in [&all, &of_guild] {
        for expected in [201, 200] {
            let response = scene.send(Method::POST, path, Some(&body)).await;
            assert_eq!(response.status().as_u16(), expected);
        }
        let listed = scene.send(Method::GET, path, None).await;
        let (status, listed) = status_and_json(listed).await;
        assert_eq!(status, 200);
        assert_eq!(listed[0].get("name_localizations"), None);
        let one = format!("{path}/{}", listed[0]["id"].as_str().unwrap());
        let gone = scene.send(Method::DELETE, &one, None).await;
        assert_eq!(gone.status().as_u16(), 204);
        let (status, error) = status_and_json(scene.send(Method::GET, &one, None).await).await;
        assert_eq!((status, &error["code"]), (404, &json!(10063)));
    }
    for path in [
        "/applications/1/commands",
        "/applications/1/guilds/x/commands",
    ] {
        let refused = scene.send(Method::PUT, path, Some(&json!([]))).await;
        assert!(matches!(refused.status().as_u16(), 403 | 404), "{path}");
    }
}

#[tokio::test]
async fn an_answer_is_given_once_and_told_on_request() {
    let scene = Scene::new().await;
    let body = json!({ "type": 4, "data": { "content": "hello" } });
    let (id, token) = scene.help().await;
    let path = format!("/interactions/{id}/{token}/callback");
    let first = scene.send(Method::POST, &path, Some(&body)).await;
    assert_eq!(first.status().as_u16(), 204);
    let second = scene.send(Method::POST, &path, Some(&body)).await;
    let (status, error) = status_and_json(second).await;
    assert_eq!((status, &error["code"]), (400, &json!(40060)));
    let (id, token) = scene.help().await;
    let path = format!("/interactions/{id}/{token}/callback?with_response=true");
    let told = scene.send(Method::POST, &path, Some(&body)).await;
    let (status, told) = status_and_json(told).await;
    assert_eq!(status, 200);
    assert_eq!(told["resource"]["message"]["content"], "hello");
    let wrong = format!("/interactions/{id}/wrong/callback");
    let wrong = scene.send(Method::POST, &wrong, Some(&body)).await;
    let (status, error) = status_and_json(wrong).await;
    assert_eq!((status, &error["code"]), (404, &json!(10062)));
}

#[tokio::test]
async fn a_deferred_answer_is_filled_and_followed_up_with_a_file() {
    let scene = Scene::new().await;
    let (id, token) = scene.help().await;
    let callback = format!("/interactions/{id}/{token}/callback");
    let defer = json!({ "type": 5, "data": { "flags": 64 } });
    scene.send(Method::POST, &callback, Some(&defer)).await;
    let webhook = format!("/webhooks/{}/{token}", scene.bot);
    let original = format!("{webhook}/messages/@original");
    let edit = json!({ "content": "done" });
    let edited = scene.send(Method::PATCH, &original, Some(&edit)).await;
    let (status, edited) = status_and_json(edited).await;
    assert_eq!((status, &edited["flags"]), (200, &json!(64)));
    assert!(matches!(scene.hub.outcome(id), Outcome::Answered { .. }));

    let part = reqwest::multipart::Part::bytes(b"la".as_slice()).file_name("song.txt");
    let form = reqwest::multipart::Form::new()
        .text("payload_json", r#"{"content":"and this"}"#)
        .part("files[0]", part);
    let address = format!("{}/api/v10{webhook}?wait=true", scene.hub.addresses().rest);
    let followed = scene.client.post(address).multipart(form).send().await;
    let (_, followed) = status_and_json(followed.unwrap()).await;
    let file = followed["attachments"][0]["url"].as_str().unwrap();
    let file = scene.client.get(file).send().await.unwrap();
    assert_eq!(file.text().await.unwrap(), "la");

    let channel = format!(
        "/channels/{}/messages/{}",
        scene.bo.channel_id,
        edited["id"].as_str().unwrap()
    );
    let address = format!("{}/api/v10{channel}", scene.hub.addresses().rest);
    let read = scene
        .client
        .get(address)
        .header("Authorization", "Bot secret");
    let (_, error) = status_and_json(read.send().await.unwrap()).await;
    assert_eq!(
        error["code"], 10008,
        "ephemeral messages are not the channel's"
    );
    let gone = scene.send(Method::DELETE, &original, None).await;
    assert_eq!(gone.status().as_u16(), 204);
    let forged = format!("/webhooks/{}/forged/messages/@original", scene.bot);
    let (status, error) = status_and_json(scene.send(Method::GET, &forged, None).await).await;
    assert_eq!((status, &error["code"]), (401, &json!(50027)));
}
