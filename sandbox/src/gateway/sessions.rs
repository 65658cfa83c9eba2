//! All sessions: who begins, comes back, is told, and ends.

use super::session::{NotResumed, Out, RESUMABLE, Session};
use crate::world::{Dispatch, Id};
use std::collections::HashMap;
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::time::Instant;

/// All members of a guild can be asked for once in this time.
const LIST_EVERY: Duration = Duration::from_secs(30);

/// All sessions.
#[derive(Debug, Default)]
pub(super) struct Sessions {
    by_id: HashMap<String, Session>,
    sockets: u64,
    /// When each application identified last.
    identified: HashMap<Id, Instant>,
    /// When each application asked last for all members of a guild.
    listed: HashMap<(Id, Id), Instant>,
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

    /// Whether the application may ask for all members of the guild now; if so, it counts. Otherwise
    /// how long it has to wait.
    pub(super) fn may_list(&mut self, application_id: Id, guild_id: Id) -> Result<(), Duration> {
        let now = Instant::now();
        let last = self.listed.get(&(application_id, guild_id));
        let wait = last.map_or(Duration::ZERO, |last| {
            LIST_EVERY.saturating_sub(now.duration_since(*last))
        });
        if !wait.is_zero() {
            return Err(wait);
        }
        self.listed.insert((application_id, guild_id), now);
        Ok(())
    }

    /// Begins a session on a socket. Gives the number of the socket.
    pub(super) fn begin(
        &mut self,
        id: String,
        mut session: Session,
        outbox: mpsc::Sender<Out>,
    ) -> u64 {
        self.sockets += 1;
        session.attach(self.sockets, outbox);
        self.by_id.insert(id, session);
        self.sockets
    }

    pub(super) fn session(&mut self, id: &str) -> Option<&mut Session> {
        self.by_id.get_mut(id)
    }

    pub(super) fn has(&self, id: &str) -> bool {
        self.by_id.contains_key(id)
    }

    /// Goes on with a session on another socket: what came after `seq` is sent again. Gives the
    /// number of the socket and the session's intents.
    pub(super) fn resume(
        &mut self,
        id: &str,
        application_id: Id,
        seq: u64,
        outbox: mpsc::Sender<Out>,
    ) -> Result<(u64, u64), NotResumed> {
        self.sockets += 1;
        let session = self
            .by_id
            .get_mut(id)
            .filter(|it| it.application_id == application_id && !it.is_over());
        let Some(session) = session else {
            return Err(NotResumed::Unknown);
        };
        session.can_replay(seq)?;
        session.attach(self.sockets, outbox);
        session.replay(seq);
        Ok((self.sockets, session.intents))
    }

    /// A socket has ended. The session waits for another one, unless that was its end too; then it
    /// is gone, which is answered with true.
    pub(super) fn leave(&mut self, id: &str, socket: u64, is_end: bool) -> bool {
        let Some(session) = self.by_id.get_mut(id).filter(|it| it.socket == socket) else {
            return false;
        };
        session.detach();
        is_end && self.by_id.remove(id).is_some()
    }

    /// Sends the event to every session that wants it.
    pub(super) fn deliver(&mut self, dispatch: &Dispatch) {
        for session in self.by_id.values_mut() {
            session.hear(dispatch);
        }
    }

    pub(super) fn send_out(&mut self, application_id: Id, out: &Out) {
        let own = self
            .by_id
            .values_mut()
            .filter(|it| it.application_id == application_id);
        for session in own {
            session.send(out.clone());
        }
    }

    /// Drops the application's sessions and gives their ids. Their sockets are told first.
    pub(super) fn invalidate(&mut self, application_id: Id) -> Vec<String> {
        self.send_out(application_id, &Out::Invalid(false));
        let own = self
            .by_id
            .extract_if(|_, session| session.application_id == application_id);
        own.map(|(id, _)| id).collect()
    }

    pub(super) fn connected(&self, application_id: Id) -> usize {
        let own = self
            .by_id
            .values()
            .filter(|it| it.application_id == application_id);
        own.filter(|it| it.is_connected()).count()
    }

    /// When the next session without a socket ends.
    pub(super) fn next_end(&self) -> Option<Instant> {
        let left = self.by_id.values().filter_map(|it| it.left_at);
        left.min().map(|at| at + RESUMABLE)
    }

    /// Takes out the sessions whose time has passed: application and id.
    pub(super) fn take_ended(&mut self) -> Vec<(Id, String)> {
        let ended = self.by_id.extract_if(|_, it| it.is_over());
        ended.map(|(id, it)| (it.application_id, id)).collect()
    }
}
