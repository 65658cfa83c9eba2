//! REST as a bot meets it: over HTTP, with refusals in Discord's form.

mod guilds;
mod messages;
mod refusals;
mod voice;

use crate::permissions::Bits;
use crate::world::{Addresses, Hub, Id};
use reqwest::{Method, RequestBuilder, Response};
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Duration;
use tokio_util::sync::{CancellationToken, DropGuard};
use tokio_util::task::TaskTracker;

const GET: Method = Method::GET;
const POST: Method = Method::POST;
const PUT: Method = Method::PUT;
const PATCH: Method = Method::PATCH;
const DELETE: Method = Method::DELETE;

/// A guild with Ada, who owns it, Bo, and a bot.
struct Scene {
    hub: Arc<Hub>,
    bot: Id,
    guild: Id,
    ada: Id,
    bo: Id,
    text: Id,
    client: reqwest::Client,
    _stop: DropGuard,
}

impl Scene {
    /// The bot has these permissions beside what everybody has.
    async fn new(permissions: Bits) -> Self {
        let hub = Arc::new(Hub::new());
        let (tasks, stop) = (TaskTracker::new(), CancellationToken::new());
        let rest = crate::rest::start(&hub, 0, &tasks, &stop).await.unwrap();
        hub.listens_at(Addresses {
            rest,
            gateway: "ws://127.0.0.1:1".to_owned(),
        });
        let mut world = hub.world();
        let ada = world.add_user("Ada", "en-US");
        let bo = world.add_user("Bo", "zh-CN");
        let bot = world.add_application("Bot", "secret", 0);
        let guild = world.add_guild_of("Home", ada);
        world.add_member(guild, bo);
        world.invite(guild, bot, permissions);
        let text = world.add_text_channel(guild, "open");
        drop(world);
        let limit = Duration::from_secs(10);
        Self {
            bot,
            guild,
            ada,
            bo,
            text,
            client: reqwest::Client::builder().timeout(limit).build().unwrap(),
            hub,
            _stop: stop.drop_guard(),
        }
    }

    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let address = format!("{}/api/v10{path}", self.hub.addresses().rest);
        let request = self.client.request(method, address);
        request.header("Authorization", "Bot secret")
    }

    /// The status, and the body; null where there is none.
    async fn ask(&self, method: Method, path: &str, body: Value) -> (u16, Value) {
        let mut request = self.request(method, path);
        if !body.is_null() {
            request = request.json(&body);
        }
        told(request.send().await.unwrap()).await
    }

    /// What answers a request that is refused: the status and Discord's code.
    async fn refused(&self, method: Method, path: &str, body: Value) -> (u16, u64) {
        let (status, body) = self.ask(method, path, body).await;
        assert!(status >= 400, "{status} {body}");
        (status, body["code"].as_u64().unwrap())
    }

    /// What answers a request that is carried out.
    async fn done(&self, method: Method, path: &str, body: Value) -> Value {
        let (status, body) = self.ask(method, path, body).await;
        assert!((200..300).contains(&status), "{status} {body}");
        body
    }
}

async fn told(response: Response) -> (u16, Value) {
    let status = response.status().as_u16();
    let text = response.text().await.unwrap();
    (status, serde_json::from_str(&text).unwrap_or_default())
}

fn nothing() -> Value {
    Value::Null
}

fn id_of(value: &Value) -> Id {
    value["id"].as_str().unwrap().parse().unwrap()
}

fn says(text: &str) -> Value {
    json!({ "content": text })
}
