//! A gateway client by hand against a whole sandbox.

mod asking;
mod coming;
mod heart;
mod intents;
mod leaving;
mod packing;
mod refusals;
mod resuming;
mod shards;

use crate::people::Bot;
use crate::permissions::Bits;
use crate::server::{GuildSet, Ports, Sandbox};
use crate::world::{Id, World};
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;

/// All three privileged intents are allowed.
const PRIVILEGED_FLAGS: u64 = 1 << 12 | 1 << 14 | 1 << 18;
/// Every intent there is.
const ALL_INTENTS: u64 = 0x331_FFFF;
const JSON: &str = "?v=10&encoding=json";

/// A guild of Ana's with one bot in it.
struct Scene {
    sandbox: Sandbox,
    guild: GuildSet,
    bot: Bot,
}

impl Scene {
    /// With a bot that may everything.
    async fn open() -> Self {
        Self::with(PRIVILEGED_FLAGS, crate::permissions::ALL).await
    }

    async fn with(flags: u64, permissions: Bits) -> Self {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("sandbox-gateway-ca-{}-{count}.pem", std::process::id());
        let ports = Ports::any(std::env::temp_dir().join(name));
        let sandbox = Sandbox::start(ports).await.expect("free ports");
        let bot = sandbox.bot("Bot", flags);
        let guild = sandbox.guild("Home", "Ana");
        guild.invite(&bot, permissions);
        Self {
            sandbox,
            guild,
            bot,
        }
    }

    /// A connection with this query.
    async fn connect(&self, query: &str) -> Client {
        let address = self.sandbox.gateway().address();
        let host = address.strip_prefix("ws://").expect("a plain websocket");
        let tcp = TcpStream::connect(host).await.expect("it listens");
        Client::shake(&format!("{address}/{query}"), tcp).await
    }

    /// A connection that has heard HELLO.
    async fn greeted(&self) -> Client {
        let mut client = self.connect(JSON).await;
        client.hear_op(10).await;
        client
    }

    /// A connection with a new session of the bot, and what READY said. `GUILD_CREATE` follows.
    async fn ready(&self, intents: u64) -> (Client, Value) {
        self.ready_as(&self.bot, json!({ "intents": intents }))
            .await
    }

    /// The same for another bot, with more to say in IDENTIFY.
    async fn ready_as(&self, bot: &Bot, more: Value) -> (Client, Value) {
        pass(Duration::from_secs(5)).await;
        let mut client = self.greeted().await;
        client.say(2, identity(bot, more)).await;
        let ready = client.event("READY").await;
        (client, ready)
    }

    /// The same, after the guild has come.
    async fn settled(&self, intents: u64) -> (Client, Value) {
        let (mut client, ready) = self.ready(intents).await;
        client.event("GUILD_CREATE").await;
        (client, ready)
    }

    /// Does something to the world.
    fn change<T>(&self, change: impl FnOnce(&mut World) -> T) -> T {
        change(&mut self.sandbox.hub().world())
    }

    /// What the client is told up to now: names and data.
    async fn told(&self, client: &mut Client, bot: Id) -> Vec<(String, Value)> {
        let guild = Some(self.guild.id);
        self.change(|world| {
            world.tell_bot(bot, guild, "MARK", Value::Null);
        });
        client.events_before("MARK").await
    }

    async fn close(self) {
        let ca_file = self.sandbox.ca_file().to_owned();
        timeout(Duration::from_secs(5), self.sandbox.stop())
            .await
            .expect("every task ends with the sandbox");
        std::fs::remove_file(ca_file).expect("it was written");
    }
}

/// Lets time pass for everybody, at once.
async fn pass(time: Duration) {
    tokio::time::pause();
    tokio::time::advance(time).await;
    tokio::time::resume();
}

/// The data of an IDENTIFY.
fn identity(bot: &Bot, more: Value) -> Value {
    let mut data = json!({
        "token": bot.token, "intents": 0,
        "properties": { "os": "linux", "browser": "test", "device": "test" },
    });
    let Value::Object(more) = more else {
        panic!("{more} is not an object");
    };
    for (key, value) in more {
        data[key] = value;
    }
    data
}

/// The data of a RESUME.
fn resumption(bot: &Bot, ready: &Value, seq: u64) -> Value {
    json!({ "token": bot.token, "session_id": ready["session_id"], "seq": seq })
}

fn names(told: &[(String, Value)]) -> Vec<&str> {
    told.iter().map(|(name, _)| name.as_str()).collect()
}

/// One websocket; what it hears is not packed.
struct Client<S = TcpStream> {
    socket: WebSocketStream<S>,
    /// The number of the last event.
    seq: u64,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Client<S> {
    async fn shake(url: &str, stream: S) -> Self {
        let (socket, _) = tokio_tungstenite::client_async(url, stream)
            .await
            .expect("a websocket");
        Self { socket, seq: 0 }
    }

    async fn say(&mut self, op: u8, d: Value) {
        self.say_raw(Message::text(json!({ "op": op, "d": d }).to_string()))
            .await;
    }

    async fn say_raw(&mut self, message: Message) {
        self.socket.send(message).await.expect("it is open");
    }

    async fn next(&mut self) -> Option<Message> {
        let next = timeout(Duration::from_secs(5), self.socket.next()).await;
        next.expect("the server says something")?.ok()
    }

    async fn hear(&mut self) -> Value {
        let message = self.next().await.expect("it is open");
        let Message::Text(text) = &message else {
            panic!("{message:?} is not a payload");
        };
        let payload: Value = serde_json::from_str(text).expect("it is JSON");
        if payload["t"] == "READY" {
            self.seq = 0;
        }
        if let Some(seq) = payload["s"].as_u64() {
            assert!(seq > self.seq, "{seq} after {}", self.seq);
            self.seq = seq;
        }
        payload
    }

    /// The next payload, which must have this opcode.
    async fn hear_op(&mut self, op: u64) -> Value {
        let payload = self.hear().await;
        assert_eq!(payload["op"], op, "{payload}");
        payload
    }

    /// The next payload, which must be this event; its data.
    async fn event(&mut self, name: &str) -> Value {
        let mut payload = self.hear().await;
        assert_eq!(payload["t"], name, "{payload}");
        payload["d"].take()
    }

    /// The events before the first of that name, which is heard too.
    async fn events_before(&mut self, name: &str) -> Vec<(String, Value)> {
        let mut told = Vec::new();
        loop {
            let mut payload = self.hear().await;
            assert_eq!(payload["op"], 0, "{payload}");
            let event = payload["t"].as_str().expect("a name").to_owned();
            if event == name {
                return told;
            }
            told.push((event, payload["d"].take()));
        }
    }

    /// The code it is closed with, whatever comes before.
    async fn hear_close(&mut self) -> u16 {
        while let Some(message) = self.next().await {
            if let Message::Close(frame) = message {
                return frame.expect("a code").code.into();
            }
        }
        panic!("it ended without a close code");
    }

    async fn close(mut self, code: u16) {
        let frame = tokio_tungstenite::tungstenite::protocol::CloseFrame {
            code: code.into(),
            reason: "".into(),
        };
        self.socket.close(Some(frame)).await.expect("it is open");
        while self.next().await.is_some() {}
    }
}
