//! One voice session: what a version 8 client may ask for again, and the queue to its websocket,
//! which it outlives. It decides nothing about who may speak.

use std::collections::VecDeque;

use serde_json::Value;
use tokio::sync::mpsc;
use tokio::time::Instant;

use super::close::Close;
use super::message::write;
use crate::ears::Speaker;

/// Messages kept per session for a version 8 RESUME; a client that missed more starts anew.
const REPLAY_LIMIT: usize = 256;
/// Messages waiting for one websocket; a client that lets more pile up is closed with 4021.
pub(super) const OUTBOX_LIMIT: usize = 256;

/// What a websocket task is told from outside.
#[derive(Debug)]
pub(super) enum Out {
    Text(String),
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
    sent: u64,
    replay: VecDeque<(u64, String)>,
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
        if self.version < 8 {
            self.put(write(op, data, None));
            return;
        }
        self.sent += 1;
        let text = write(op, data, Some(self.sent));
        self.replay.push_back((self.sent, text.clone()));
        if self.replay.len() > REPLAY_LIMIT {
            self.replay.pop_front();
        }
        self.put(text);
    }

    pub(super) fn put(&mut self, text: String) {
        self.tell(Out::Text(text));
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

    pub(super) fn missed(&self, seq_ack: Option<i64>, version: u8) -> Result<Vec<String>, Close> {
        if version < 8 || self.version < 8 {
            return Ok(Vec::new());
        }
        let acked = seq_ack.and_then(|seq| u64::try_from(seq).ok()).unwrap_or(0);
        let oldest = self.replay.front().map_or(self.sent + 1, |(seq, _)| *seq);
        if acked > self.sent || acked + 1 < oldest {
            return Err(Close::SessionInvalid);
        }
        let missed = self.replay.iter().filter(|(seq, _)| *seq > acked);
        Ok(missed.map(|(_, text)| text.clone()).collect())
    }
}
