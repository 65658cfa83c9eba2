//! Sessions: what each client is told, numbered, and kept for a while for those who come back.

use crate::world::{Dispatch, Id, Written, intent};
use serde_json::{Value, json};
use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::time::Instant;

/// Events kept for a resume.
const BUFFER_LIMIT: usize = 5_000;
/// Payloads that may wait for a slow socket.
pub(super) const OUTBOX_LIMIT: usize = 10_000;
/// How long a session without a socket can be resumed.
const RESUMABLE: Duration = Duration::from_mins(2);

/// What is to leave through a socket.
#[derive(Clone, Debug)]
pub(super) enum Out {
    Text(Arc<str>),
    Close(u16, String),
    /// The connection drops without a word.
    Cut,
}

/// One client's session.
#[derive(Debug)]
pub(super) struct Session {
    pub(super) application_id: Id,
    pub(super) intents: u64,
    /// Number and count.
    pub(super) shard: (u64, u64),
    seq: u64,
    kept: VecDeque<(u64, Arc<str>)>,
    outbox: Option<mpsc::Sender<Out>>,
    /// Tells apart the sockets that had this session one after another.
    socket: u64,
    left_at: Option<Instant>,
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

    /// Numbers an event, keeps it, and sends it if there is a socket.
    pub(super) fn push(&mut self, name: &str, data: &Value) {
        self.seq += 1;
        let text: Arc<str> = json!({ "t": name, "s": self.seq, "op": 0, "d": data })
            .to_string()
            .into();
        self.kept.push_back((self.seq, Arc::clone(&text)));
        if self.kept.len() > BUFFER_LIMIT {
            self.kept.pop_front();
        }
        self.send(Out::Text(text));
    }

    fn send(&mut self, out: Out) {
        if let Some(outbox) = &self.outbox
            && outbox.try_send(out).is_err()
        {
            // Too slow or gone: the socket ends when its outbox has no sender.
            self.outbox = None;
            self.left_at = Some(Instant::now());
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

/// All sessions.
#[derive(Debug, Default)]
pub(super) struct Sessions {
    by_id: HashMap<String, Session>,
    sockets: u64,
    /// When each application identified last.
    identified: HashMap<Id, Instant>,
}

impl Sessions {
    /// Whether the application may identify now; if so, it counts.
    pub(super) fn may_identify(&mut self, application_id: Id, every: Duration) -> bool {
        let now = Instant::now();
        let last = self.identified.get(&application_id);
        if last.is_some_and(|last| now.duration_since(*last) < every) {
            return false;
        }
        self.identified.insert(application_id, now);
        true
    }

    /// Begins a session on a socket. Gives the number of the socket.
    pub(super) fn begin(
        &mut self,
        id: String,
        mut session: Session,
        outbox: mpsc::Sender<Out>,
    ) -> u64 {
        self.expire();
        self.sockets += 1;
        session.socket = self.sockets;
        session.outbox = Some(outbox);
        self.by_id.insert(id, session);
        self.sockets
    }

    pub(super) fn session(&mut self, id: &str) -> Option<&mut Session> {
        self.by_id.get_mut(id)
    }

    /// Goes on with a session on another socket: what came after `seq` is sent again.
    pub(super) fn resume(
        &mut self,
        id: &str,
        application_id: Id,
        seq: u64,
        outbox: mpsc::Sender<Out>,
    ) -> Result<u64, NotResumed> {
        self.expire();
        self.sockets += 1;
        let session = self
            .by_id
            .get_mut(id)
            .filter(|it| it.application_id == application_id);
        let Some(session) = session else {
            return Err(NotResumed::Unknown);
        };
        if seq > session.seq {
            return Err(NotResumed::Ahead);
        }
        let oldest = session
            .kept
            .front()
            .map_or(session.seq + 1, |(seq, _)| *seq);
        if seq + 1 < oldest {
            return Err(NotResumed::Unknown);
        }
        if let Some(old) = session.outbox.replace(outbox) {
            // The socket before may be dead without knowing.
            let _full_or_gone = old.try_send(Out::Cut);
        }
        session.socket = self.sockets;
        session.left_at = None;
        let missed: Vec<Arc<str>> = session
            .kept
            .iter()
            .filter(|(number, _)| *number > seq)
            .map(|(_, text)| Arc::clone(text))
            .collect();
        for text in missed {
            session.send(Out::Text(text));
        }
        session.push("RESUMED", &json!({ "_trace": [] }));
        Ok(self.sockets)
    }

    /// A socket has ended. A clean goodbye ends the session too.
    pub(super) fn leave(&mut self, id: &str, socket: u64, is_goodbye: bool) {
        let Some(session) = self.by_id.get_mut(id).filter(|it| it.socket == socket) else {
            return;
        };
        session.outbox = None;
        session.left_at = Some(Instant::now());
        if is_goodbye {
            self.by_id.remove(id);
        }
    }

    /// Sends the event to every session that wants it.
    pub(super) fn deliver(&mut self, dispatch: &Dispatch) {
        for session in self.by_id.values_mut().filter(|it| it.wants(dispatch)) {
            match &dispatch.written {
                Some(written) if session.hides(written) => {
                    session.push(dispatch.name, &blanked(&dispatch.data));
                }
                _ => session.push(dispatch.name, &dispatch.data),
            }
        }
    }

    pub(super) fn send_out(&mut self, application_id: Id, out: &Out) {
        for session in self
            .by_id
            .values_mut()
            .filter(|it| it.application_id == application_id)
        {
            session.send(out.clone());
        }
    }

    pub(super) fn forget(&mut self, application_id: Id) {
        self.by_id
            .retain(|_, session| session.application_id != application_id);
    }

    pub(super) fn connected(&self, application_id: Id) -> usize {
        let own = self
            .by_id
            .values()
            .filter(|it| it.application_id == application_id);
        own.filter(|it| it.outbox.is_some()).count()
    }

    fn expire(&mut self) {
        let now = Instant::now();
        self.by_id.retain(|_, session| {
            session
                .left_at
                .is_none_or(|left| now.duration_since(left) < RESUMABLE)
        });
    }
}

/// Why a session does not go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NotResumed {
    /// There is no such session (any more), or it lacks what was missed.
    Unknown,
    /// The client claims to have seen what was never sent.
    Ahead,
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
