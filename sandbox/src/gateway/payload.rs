//! What one payload of a client leads to: an answer, a session, a request, or a close code.

use super::codec::Codec;
use super::identify::{Identified, application_of, identify};
use super::requests;
use super::session::NotResumed;
use super::socket::{Client, Connection, End};
use serde_json::{Value, json};
use std::sync::atomic::Ordering;
use std::time::Duration;
use tokio::time::Instant;

/// Largest payload of a client, in bytes.
const PAYLOAD_LIMIT: usize = 4_096;
/// Payloads of a client in a minute.
const PAYLOADS_PER_MINUTE: u32 = 120;

impl Connection {
    /// One payload of the client.
    pub(super) async fn take(&mut self, text: &str) -> Option<End> {
        if text.len() > PAYLOAD_LIMIT {
            return Some(End::decode_error());
        }
        let now = Instant::now();
        if now.duration_since(self.window.0) >= Duration::from_mins(1) {
            self.window = (now, 0);
        }
        self.window.1 += 1;
        if self.window.1 > PAYLOADS_PER_MINUTE {
            return Some(End::close(4008, "You are being rate limited."));
        }
        let Ok(payload) = serde_json::from_str::<Value>(text) else {
            return Some(End::decode_error());
        };
        let Some(op) = payload.get("op").and_then(Value::as_u64) else {
            return Some(End::decode_error());
        };
        let data = payload.get("d").cloned().unwrap_or_default();
        match op {
            1 => self.beat().await,
            2 | 6 if self.client.is_some() => Some(End::close(4005, "Already authenticated.")),
            2 => self.identify(&data).await,
            6 => self.resume(&data).await,
            3 | 4 | 8 | 31 | 43 => self.request(op, &data),
            _ => Some(End::close(4001, "Unknown opcode.")),
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
        let packs = data
            .get("compress")
            .and_then(Value::as_bool)
            .unwrap_or(false);
        if packs && matches!(self.codec, Codec::Text) {
            self.codec = Codec::Payload;
        }
        let outbox = self.new_outbox();
        match identify(&self.shared, data, outbox.clone()) {
            Identified::Ready(client) => {
                self.begin(client);
                None
            }
            Identified::Close(code, why) => Some(End::close(code, why)),
            Identified::TooSoon => self.invalid(false).await,
        }
    }

    async fn resume(&mut self, data: &Value) -> Option<End> {
        let session_id = data
            .get("session_id")
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned();
        let seq = data.get("seq").and_then(Value::as_u64).unwrap_or(0);
        let Some(bot) = application_of(&self.shared, data) else {
            return Some(End::close(4004, "Authentication failed."));
        };
        let outbox = self.new_outbox();
        let resumed = self
            .shared
            .sessions()
            .resume(&session_id, bot, seq, outbox.clone());
        match resumed {
            Ok((socket, intents)) => {
                self.begin(Client {
                    bot,
                    intents,
                    session_id,
                    socket,
                });
                None
            }
            Err(NotResumed::Ahead) => Some(End::close(4007, "Invalid seq.")),
            Err(NotResumed::Unknown) => self.invalid(false).await,
        }
    }

    fn request(&mut self, op: u64, data: &Value) -> Option<End> {
        let Some(client) = &self.client else {
            return Some(End::close(4003, "Not authenticated."));
        };
        match op {
            3 => {
                let statuses = ["online", "idle", "dnd", "invisible", "offline"];
                let status = data.get("status").and_then(Value::as_str);
                if !status.is_some_and(|it| statuses.contains(&it)) {
                    return Some(End::decode_error());
                }
            }
            4 => requests::voice_state(&self.shared, client, data),
            8 => requests::members(&self.shared, client, data),
            31 => requests::soundboard(&self.shared, client.bot, data),
            _ => requests::channel_info(&self.shared, client.bot, data),
        }
        None
    }
}
