//! One client's connection, from HELLO to the close code.

use super::codec::{Codec, parameter};
use super::identify::{Identified, application_of, identify};
use super::session::{NotResumed, OUTBOX_LIMIT, Out};
use super::{Shared, requests};
use crate::world::Id;
use futures_util::stream::{SplitSink, SplitStream};
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::sync::mpsc;
use tokio::time::Instant;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::handshake::server::{ErrorResponse, Request, Response};
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_util::sync::CancellationToken;

/// Largest payload of a client, in bytes.
const PAYLOAD_LIMIT: usize = 4_096;
/// Payloads of a client in a minute.
const PAYLOADS_PER_MINUTE: u32 = 120;
/// How long a client has for its handshake.
const HANDSHAKE_LIMIT: Duration = Duration::from_secs(10);

/// Why a connection ends.
#[derive(Debug)]
enum End {
    /// The client said goodbye with this code.
    Client(Option<u16>),
    Close(u16, String),
    Cut,
}

struct Connection {
    shared: Arc<Shared>,
    sink: SplitSink<WebSocketStream<TcpStream>, Message>,
    codec: Codec,
    /// Session id and number of this socket.
    session: Option<(String, u64)>,
    client: Option<(Id, u64)>,
    outbox: mpsc::Sender<Out>,
    window: (Instant, u32),
    beat_by: Instant,
}

pub(super) async fn serve(stream: TcpStream, shared: Arc<Shared>, stop: CancellationToken) {
    let mut query = String::new();
    #[expect(clippy::result_large_err, reason = "the shape is the library's")]
    let read_query = |request: &Request, response: Response| -> Result<Response, ErrorResponse> {
        request
            .uri()
            .query()
            .unwrap_or_default()
            .clone_into(&mut query);
        Ok(response)
    };
    let accepting = tokio_tungstenite::accept_hdr_async(stream, read_query);
    let Ok(Ok(websocket)) = tokio::time::timeout(HANDSHAKE_LIMIT, accepting).await else {
        return;
    };
    let (sink, source) = websocket.split();
    let (outbox, leaving) = mpsc::channel(OUTBOX_LIMIT);
    let beat_by = Instant::now() + shared.settings.heartbeat * 3 / 2;
    let mut connection = Connection {
        codec: Codec::Text,
        shared,
        sink,
        session: None,
        client: None,
        outbox,
        window: (Instant::now(), 0),
        beat_by,
    };
    let end = match connection.greet(&query).await {
        Some(end) => end,
        None => connection.live(source, leaving, &stop).await,
    };
    connection.end(end).await;
}

impl Connection {
    async fn greet(&mut self, query: &str) -> Option<End> {
        if parameter(query, "v") != Some("10") {
            return Some(End::Close(4012, "Invalid API version.".to_owned()));
        }
        let is_json = parameter(query, "encoding").is_none_or(|it| it == "json");
        let Some(codec) = Codec::of(query).filter(|_| is_json) else {
            return Some(End::Close(4000, "Not offered by the sandbox.".to_owned()));
        };
        self.codec = codec;
        let interval = self.shared.settings.heartbeat.as_millis();
        let interval = u64::try_from(interval).unwrap_or(u64::MAX);
        self.send(&json!({ "t": null, "s": null, "op": 10, "d": { "heartbeat_interval": interval, "_trace": [] } }))
            .await
    }

    async fn live(
        &mut self,
        mut source: SplitStream<WebSocketStream<TcpStream>>,
        mut leaving: mpsc::Receiver<Out>,
        stop: &CancellationToken,
    ) -> End {
        loop {
            let end = tokio::select! {
                () = stop.cancelled() => Some(End::Close(1001, String::new())),
                () = tokio::time::sleep_until(self.beat_by) => {
                    Some(End::Close(4009, "Session timed out.".to_owned()))
                }
                out = leaving.recv() => match out {
                    Some(Out::Text(text)) => self.send_text(&text).await,
                    Some(Out::Close(code, why)) => Some(End::Close(code, why)),
                    Some(Out::Cut) | None => Some(End::Cut),
                },
                message = source.next() => match message {
                    Some(Ok(Message::Text(text))) => self.take(text.as_str()).await,
                    Some(Ok(Message::Binary(bytes))) => match std::str::from_utf8(&bytes) {
                        Ok(text) => self.take(text).await,
                        Err(_) => Some(decode_error()),
                    },
                    Some(Ok(Message::Close(frame))) => Some(End::Client(frame.map(|it| it.code.into()))),
                    Some(Ok(_)) => None,
                    Some(Err(_)) | None => Some(End::Cut),
                },
            };
            if let Some(end) = end {
                return end;
            }
        }
    }

    async fn send(&mut self, payload: &Value) -> Option<End> {
        self.send_text(&payload.to_string()).await
    }

    async fn send_text(&mut self, text: &str) -> Option<End> {
        let message = self.codec.encode(text);
        self.sink.send(message).await.is_err().then_some(End::Cut)
    }

    /// One payload of the client.
    async fn take(&mut self, text: &str) -> Option<End> {
        if text.len() > PAYLOAD_LIMIT {
            return Some(decode_error());
        }
        let now = Instant::now();
        if now.duration_since(self.window.0) >= Duration::from_mins(1) {
            self.window = (now, 0);
        }
        self.window.1 += 1;
        if self.window.1 > PAYLOADS_PER_MINUTE {
            return Some(End::Close(4008, "You are being rate limited.".to_owned()));
        }
        let Ok(payload) = serde_json::from_str::<Value>(text) else {
            return Some(decode_error());
        };
        let Some(op) = payload.get("op").and_then(Value::as_u64) else {
            return Some(decode_error());
        };
        let data = payload.get("d").cloned().unwrap_or_default();
        match op {
            1 => self.beat().await,
            2 => self.identify(&data).await,
            6 => self.resume(&data).await,
            3 | 4 | 8 | 31 | 43 => self.request(op, &data),
            _ => Some(End::Close(4001, "Unknown opcode.".to_owned())),
        }
    }

    async fn beat(&mut self) -> Option<End> {
        self.beat_by = Instant::now() + self.shared.settings.heartbeat * 3 / 2;
        if self.shared.withholds_acks.load(Ordering::Relaxed) {
            return None;
        }
        self.send(&json!({ "t": null, "s": null, "op": 11, "d": null }))
            .await
    }

    async fn identify(&mut self, data: &Value) -> Option<End> {
        if self.session.is_some() {
            return Some(End::Close(4005, "Already authenticated.".to_owned()));
        }
        let packs = data
            .get("compress")
            .and_then(Value::as_bool)
            .unwrap_or(false);
        if packs && matches!(self.codec, Codec::Text) {
            self.codec = Codec::Payload;
        }
        match identify(&self.shared, data, self.outbox.clone()) {
            Identified::Ready(id, socket) => {
                let mut sessions = self.shared.sessions();
                self.client = sessions
                    .session(&id)
                    .map(|it| (it.application_id, it.intents));
                self.session = Some((id, socket));
                None
            }
            Identified::Close(code, why) => Some(End::Close(code, why.to_owned())),
            Identified::TooSoon => {
                self.send(&json!({ "t": null, "s": null, "op": 9, "d": false }))
                    .await
            }
        }
    }

    async fn resume(&mut self, data: &Value) -> Option<End> {
        if self.session.is_some() {
            return Some(End::Close(4005, "Already authenticated.".to_owned()));
        }
        let id = data
            .get("session_id")
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned();
        let seq = data.get("seq").and_then(Value::as_u64).unwrap_or(0);
        let Some(application_id) = application_of(&self.shared, data) else {
            return Some(End::Close(4004, "Authentication failed.".to_owned()));
        };
        let resumed = {
            let mut sessions = self.shared.sessions();
            let resumed = sessions.resume(&id, application_id, seq, self.outbox.clone());
            if resumed.is_ok() {
                self.client = sessions
                    .session(&id)
                    .map(|it| (it.application_id, it.intents));
            }
            resumed
        };
        match resumed {
            Ok(socket) => {
                self.session = Some((id, socket));
                None
            }
            Err(NotResumed::Ahead) => Some(End::Close(4007, "Invalid seq.".to_owned())),
            Err(NotResumed::Unknown) => {
                self.send(&json!({ "t": null, "s": null, "op": 9, "d": false }))
                    .await
            }
        }
    }

    fn request(&mut self, op: u64, data: &Value) -> Option<End> {
        let Some((bot, intents)) = self.client else {
            return Some(End::Close(4003, "Not authenticated.".to_owned()));
        };
        match op {
            3 => {
                let statuses = ["online", "idle", "dnd", "invisible", "offline"];
                let status = data.get("status").and_then(Value::as_str);
                if !status.is_some_and(|it| statuses.contains(&it)) {
                    return Some(decode_error());
                }
            }
            4 => {
                let session = self.session.as_ref().map_or("", |(id, _)| id.as_str());
                requests::voice_state(&self.shared, (bot, session), data);
            }
            8 => requests::members(&self.shared, (bot, intents), data),
            31 => requests::soundboard(&self.shared, bot, data),
            _ => requests::channel_info(&self.shared, bot, data),
        }
        None
    }

    async fn end(mut self, end: End) {
        let is_goodbye = matches!(end, End::Client(Some(1000 | 1001)));
        if let Some((id, socket)) = &self.session {
            let ends = is_goodbye || matches!(end, End::Close(4004 | 4009 | 4010..=4014, _));
            self.shared.sessions().leave(id, *socket, ends);
        }
        if is_goodbye && let Some((bot, _)) = self.client {
            leave_all_voice(&self.shared, bot);
        }
        let frame = match end {
            End::Close(code, why) => CloseFrame {
                code: code.into(),
                reason: why.into(),
            },
            End::Client(_) => CloseFrame {
                code: 1000.into(),
                reason: "".into(),
            },
            End::Cut => return,
        };
        // The client may be gone already.
        let _gone = self.sink.send(Message::Close(Some(frame))).await;
        let _gone = self.sink.close().await;
    }
}

/// A bot that says goodbye is out of voice when its last session has ended.
fn leave_all_voice(shared: &Shared, bot: Id) {
    if shared.sessions().connected(bot) > 0 {
        return;
    }
    let mut world = shared.hub.world();
    let inside = world
        .guilds
        .values()
        .filter(|it| it.voice_states.contains_key(&bot));
    let inside: Vec<Id> = inside.map(|it| it.id).collect();
    for guild_id in inside {
        world.leave_voice(guild_id, bot);
    }
}

fn decode_error() -> End {
    End::Close(4002, "Error while decoding payload.".to_owned())
}
