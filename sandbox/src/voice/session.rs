//! One voice session: what a version 8 client may ask for again, and the queue to its websocket,
//! which it outlives. It decides nothing about who may speak.

use std::collections::VecDeque;

use serde_json::Value;
use tokio::sync::mpsc;
use tokio::time::Instant;

use super::close::Close;
use super::dave::{Message, Written};
use super::message::{write, write_binary};
use crate::ears::Speaker;

/// Messages kept per session for a version 8 RESUME; a client that missed more starts anew.
const REPLAY_LIMIT: usize = 1_024;
/// Messages waiting for one websocket; a client that lets more pile up is closed with 4021.
pub(super) const OUTBOX_LIMIT: usize = 256;

/// What a websocket task is told from outside.
#[derive(Clone, Debug)]
pub(super) enum Out {
    Text(String),
    Binary(Vec<u8>),
    Close(Close),
    /// Cut without a close frame.
    Cut,
}

pub(super) type Outbox = mpsc::Sender<Out>;

#[derive(Debug)]
pub(super) struct Session {
    pub(super) speaker: Speaker,
    /// The one of the voice state, by which clients name it.
    pub(super) id: String,
    pub(super) token: String,
    pub(super) version: u8,
    pub(super) described: bool,
    /// Part of the channel's encrypted call.
    pub(super) encrypted: bool,
    /// Something of the encryption was not delivered and will not be.
    pub(super) missed: bool,
    sent: u64,
    replay: VecDeque<(u64, Out)>,
    pub(super) link: Option<(u64, Outbox)>,
    pub(super) unlinked_at: Option<Instant>,
}

impl Session {
    pub(super) fn new(
        speaker: Speaker,
        credentials: (String, String),
        version: u8,
        link: (u64, Outbox),
    ) -> Self {
        let (id, token) = credentials;
        Self {
            speaker,
            id,
            token,
            version,
            described: false,
            encrypted: false,
            missed: false,
            sent: 0,
            replay: VecDeque::new(),
            link: Some(link),
            unlinked_at: None,
        }
    }

    /// The client has everything up to this number.
    pub(super) fn acknowledged(&mut self, seq: u64) {
        while self.replay.front().is_some_and(|(old, _)| *old <= seq) {
            self.replay.pop_front();
        }
    }

    /// Sends a message that a version 8 client may ask for again.
    pub(super) fn send(&mut self, op: u8, data: &Value) {
        self.number(|seq| Out::Text(write(op, data, seq)));
    }

    /// Sends a message of the encryption.
    pub(super) fn send_dave(&mut self, message: &Message) {
        match message.write() {
            Written::Text(op, data) => self.send(op, &data),
            Written::Binary(op, bytes) => {
                self.number(|seq| Out::Binary(write_binary(op, &bytes, seq)));
            }
        }
        self.missed |= self.version < 8 && self.link.is_none();
    }

    fn number(&mut self, write: impl FnOnce(Option<u64>) -> Out) {
        if self.version < 8 {
            self.tell(write(None));
            return;
        }
        self.sent += 1;
        let out = write(Some(self.sent));
        self.replay.push_back((self.sent, out.clone()));
        if self.replay.len() > REPLAY_LIMIT {
            self.replay.pop_front();
        }
        self.tell(out);
    }

    /// Full means that the client does not read: the queue is dropped, which its task takes as 4021.
    pub(super) fn tell(&mut self, out: Out) -> bool {
        let Some((_, outbox)) = &self.link else {
            return false;
        };
        let told = outbox.try_send(out).is_ok();
        if !told {
            self.link = None;
            self.unlinked_at = Some(Instant::now());
        }
        told
    }

    pub(super) fn missed(&self, seq_ack: Option<i64>, version: u8) -> Result<Vec<Out>, Close> {
        if version < 8 || self.version < 8 {
            return Ok(Vec::new());
        }
        let acked = seq_ack.and_then(|seq| u64::try_from(seq).ok()).unwrap_or(0);
        let oldest = self.replay.front().map_or(self.sent + 1, |(seq, _)| *seq);
        if acked > self.sent || acked + 1 < oldest {
            return Err(Close::SessionInvalid);
        }
        let missed = self.replay.iter().filter(|(seq, _)| *seq > acked);
        Ok(missed.map(|(_, out)| out.clone()).collect())
    }
}
