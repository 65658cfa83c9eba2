//! One client's session: what it is told, numbered, and kept for a while in case it comes back.

use crate::world::{Dispatch, Id, Written, intent};
use serde_json::{Value, json};
use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::time::Instant;

/// Events kept for a resume.
const BUFFER_LIMIT: usize = 5_000;
/// Payloads that may wait for a slow socket.
pub(super) const OUTBOX_LIMIT: usize = 10_000;

/// How long a session without a socket can be resumed.
pub(super) const RESUMABLE: Duration = Duration::from_mins(2);

/// What is to leave through a socket.
#[derive(Clone, Debug)]
pub(super) enum Out {
    Text(Arc<str>),
    /// Op 9, with whether the session can be resumed.
    Invalid(bool),
    Close(u16, String),
    /// The connection drops without a word.
    Cut,
}

/// Why a session does not go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NotResumed {
    /// There is no such session (any more), or it lacks what was missed.
    Unknown,
    /// The client claims to have seen what was never sent.
    Ahead,
}

/// One client's session.
#[derive(Debug)]
pub(super) struct Session {
    pub(super) application_id: Id,
    pub(super) intents: u64,
    /// Number and count.
    shard: (u64, u64),
    seq: u64,
    kept: VecDeque<(u64, Arc<str>)>,
    outbox: Option<mpsc::Sender<Out>>,
    /// Tells apart the sockets that had this session one after another.
    pub(super) socket: u64,
    /// Since when it has no socket.
    pub(super) left_at: Option<Instant>,
}

impl Session {
    pub(super) fn new(application_id: Id, intents: u64, shard: (u64, u64)) -> Self {
        Self {
            application_id,
            intents,
            shard,
            seq: 0,
            kept: VecDeque::new(),
            outbox: None,
            socket: 0,
            left_at: None,
        }
    }

    /// Gives it a socket. The one before may be dead without knowing, and is cut.
    pub(super) fn attach(&mut self, socket: u64, outbox: mpsc::Sender<Out>) {
        if let Some(old) = self.outbox.replace(outbox) {
            let _full_or_gone = old.try_send(Out::Cut);
        }
        self.socket = socket;
        self.left_at = None;
    }

    pub(super) fn detach(&mut self) {
        self.outbox = None;
        self.left_at = Some(Instant::now());
    }

    pub(super) fn is_connected(&self) -> bool {
        self.outbox.is_some()
    }

    /// Whether it has waited too long for somebody to come back.
    pub(super) fn is_over(&self) -> bool {
        self.left_at
            .is_some_and(|left| Instant::now().duration_since(left) >= RESUMABLE)
    }

    /// Whether what came after `seq` can be sent again.
    pub(super) fn can_replay(&self, seq: u64) -> Result<(), NotResumed> {
        if seq > self.seq {
            return Err(NotResumed::Ahead);
        }
        let oldest = self.kept.front().map_or(self.seq + 1, |(seq, _)| *seq);
        if seq + 1 < oldest {
            return Err(NotResumed::Unknown);
        }
        Ok(())
    }

    /// Sends what came after `seq` again, then RESUMED.
    pub(super) fn replay(&mut self, seq: u64) {
        let missed: Vec<Arc<str>> = self
            .kept
            .iter()
            .filter(|(number, _)| *number > seq)
            .map(|(_, text)| Arc::clone(text))
            .collect();
        for text in missed {
            self.send(Out::Text(text));
        }
        // Not kept: replayed, it would end the next replay too early.
        let resumed = self.number("RESUMED", &json!({ "_trace": [] }));
        self.send(Out::Text(resumed));
    }

    fn number(&mut self, name: &str, data: &Value) -> Arc<str> {
        self.seq += 1;
        json!({ "t": name, "s": self.seq, "op": 0, "d": data })
            .to_string()
            .into()
    }

    /// Numbers an event, keeps it, and sends it if there is a socket.
    pub(super) fn push(&mut self, name: &str, data: &Value) {
        let text = self.number(name, data);
        self.kept.push_back((self.seq, Arc::clone(&text)));
        if self.kept.len() > BUFFER_LIMIT {
            self.kept.pop_front();
        }
        self.send(Out::Text(text));
    }

    pub(super) fn send(&mut self, out: Out) {
        if let Some(outbox) = &self.outbox
            && outbox.try_send(out).is_err()
        {
            // Too slow or gone: the socket ends when its queue has no sender.
            self.detach();
        }
    }

    /// Pushes an event that the world tells, if the session is to have it.
    pub(super) fn hear(&mut self, dispatch: &Dispatch) {
        if !self.wants(dispatch) {
            return;
        }
        match &dispatch.written {
            Some(written) if self.hides(written) => {
                self.push(dispatch.name, &blanked(&dispatch.data));
            }
            _ => self.push(dispatch.name, &dispatch.data),
        }
    }

    fn wants(&self, dispatch: &Dispatch) -> bool {
        let shard = dispatch
            .guild_id
            .map_or(0, |id| (id >> 22) % self.shard.1.max(1));
        dispatch.bots.contains(&self.application_id)
            && shard == self.shard.0
            && (dispatch.intents == 0 || self.intents & dispatch.intents != 0)
    }

    /// Without the intent, others' words are blank unless they are said to the bot.
    fn hides(&self, written: &Written) -> bool {
        self.intents & intent::MESSAGE_CONTENT == 0
            && written.author_id != self.application_id
            && !written.is_direct
            && !written.mentions.contains(&self.application_id)
    }
}

fn blanked(data: &Value) -> Value {
    let mut data = data.clone();
    if let Some(fields) = data.as_object_mut() {
        fields.insert("content".to_owned(), "".into());
        for list in ["embeds", "attachments", "components"] {
            fields.insert(list.to_owned(), json!([]));
        }
        fields.remove("poll");
    }
    data
}
