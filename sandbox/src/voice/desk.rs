//! Who may speak where, and the voice sessions that exist. It checks IDENTIFY and RESUME, numbers
//! and keeps what version 8 may have to replay, and tells everyone in a channel who comes, goes and
//! speaks. It knows no socket: connections hand in a queue, and UDP asks it for keys.

mod encryption;

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde_json::{Value, json};
use tokio::sync::Notify;
use tokio::time::Instant;

use super::cipher::{Cipher, Mode};
use super::close::Close;
use super::dave::{Calls, People, VERSION};
use super::message::{Identify, Resume, write};
use super::session::{Out, Outbox, Session};
use crate::ears::{Ears, Speaker};
use crate::world::Id;

pub(super) use encryption::attend;

/// How long a session without a websocket can be resumed.
const RESUME_LIMIT: Duration = Duration::from_mins(2);

/// Where somebody's voice state says they are.
#[derive(Clone, Debug)]
pub struct Whereabouts {
    pub channel_id: Id,
    pub session_id: String,
    /// Whether the channel requires end-to-end encryption.
    pub encrypted: bool,
    /// A person, whose client is the sandbox's own; bots bring theirs.
    pub person: bool,
}

#[derive(Debug)]
struct Pass {
    at: Whereabouts,
    token: Option<String>,
}

/// What it takes to hear somebody.
#[derive(Debug)]
pub(super) struct Voice {
    pub(super) cipher: Cipher,
    pub(super) speaker: Speaker,
    /// Those who can decrypt, in an encrypted channel.
    pub(super) people: Option<Arc<People>>,
}

#[derive(Debug, Default)]
struct State {
    passes: HashMap<(Id, Id), Pass>,
    sessions: HashMap<u32, Session>,
    refusals: VecDeque<Close>,
    calls: Calls,
}

#[derive(Debug)]
pub(super) struct Desk {
    state: Mutex<State>,
    voices: Mutex<HashMap<u32, Arc<Voice>>>,
    /// The people's clients have something to do.
    nudge: Notify,
    pub(super) ears: Arc<Ears>,
}

impl Desk {
    pub(super) fn new(ears: Arc<Ears>) -> Self {
        Self {
            state: Mutex::default(),
            voices: Mutex::default(),
            nudge: Notify::new(),
            ears,
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn voices(&self) -> MutexGuard<'_, HashMap<u32, Arc<Voice>>> {
        self.voices.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn voice(&self, ssrc: u32) -> Option<Arc<Voice>> {
        self.voices().get(&ssrc).map(Arc::clone)
    }

    pub(super) fn knows(&self, ssrc: u32) -> bool {
        self.lock().sessions.contains_key(&ssrc)
    }

    /// Somebody's voice state: where they are now, or `None` if they left. A change of channel ends
    /// their voice session with 4014.
    pub(super) fn moved(&self, guild_id: Id, user_id: Id, to: Option<Whereabouts>) {
        let mut state = self.lock();
        let key = (guild_id, user_id);
        if let (Some(to), Some(pass)) = (&to, state.passes.get_mut(&key))
            && pass.at.channel_id == to.channel_id
        {
            pass.at.session_id.clone_from(&to.session_id);
            return;
        }
        self.end(&mut state, guild_id, user_id, Close::Disconnected);
        if let Some(Pass { at, .. }) = state.passes.remove(&key) {
            state.tell(
                at.channel_id,
                13,
                &json!({ "user_id": user_id.to_string() }),
            );
            state.calls.went(at.channel_id, user_id);
            if at.person {
                state.calls.leaves(at.channel_id, user_id, Instant::now());
            }
        }
        if let Some(at) = to {
            let joined = json!({ "user_ids": [user_id.to_string()] });
            state.tell(at.channel_id, 11, &joined);
            state.calls.came(at.channel_id, user_id);
            if at.encrypted && at.person {
                let there = state.others(at.channel_id, user_id);
                state.calls.person_enters((at.channel_id, user_id), there);
            }
            state.passes.insert(key, Pass { at, token: None });
        }
        self.carry(&mut state);
    }

    /// The token of the `VOICE_SERVER_UPDATE` a client was just sent.
    pub(super) fn admit(&self, guild_id: Id, user_id: Id, token: &str) {
        if let Some(pass) = self.lock().passes.get_mut(&(guild_id, user_id)) {
            pass.token = Some(token.to_owned());
        }
    }

    /// The next IDENTIFY or RESUME is answered with this close code, whatever it says.
    pub(super) fn refuse_next(&self, close: Close) {
        self.lock().refusals.push_back(close);
    }

    pub(super) fn identify(
        &self,
        asked: Identify,
        version: u8,
        link: (u64, Outbox),
    ) -> Result<u32, Close> {
        let mut state = self.lock();
        self.expire(&mut state);
        if let Some(close) = state.refusals.pop_front() {
            return Err(close);
        }
        let key = (asked.server_id, asked.user_id);
        if !state.passes.keys().any(|(guild, _)| *guild == key.0) {
            return Err(Close::ServerNotFound);
        }
        let pass = state.passes.get(&key).ok_or(Close::SessionInvalid)?;
        if pass.token.as_deref() != Some(asked.token.as_str()) {
            return Err(Close::AuthenticationFailed);
        }
        if pass.at.session_id != asked.session_id {
            return Err(Close::SessionInvalid);
        }
        let encrypted = pass.at.encrypted;
        if encrypted && asked.max_dave_protocol_version < VERSION {
            return Err(Close::EncryptionRequired);
        }
        let speaker = Speaker {
            guild_id: key.0,
            channel_id: pass.at.channel_id,
            user_id: key.1,
        };
        // One voice connection per user and guild: the newer one counts.
        self.end(&mut state, key.0, key.1, Close::SessionInvalid);
        let ssrc = state.free_ssrc();
        let credentials = (asked.session_id, asked.token);
        let mut session = Session::new(speaker, credentials, version, link);
        session.encrypted = encrypted;
        state.sessions.insert(ssrc, session);
        self.carry(&mut state);
        drop(state);
        self.ears.begin(ssrc, speaker);
        Ok(ssrc)
    }

    /// Takes a session over to a new websocket: RESUMED, and for version 8 what was missed.
    pub(super) fn resume(
        &self,
        asked: &Resume,
        version: u8,
        link: (u64, Outbox),
    ) -> Result<u32, Close> {
        let mut state = self.lock();
        self.expire(&mut state);
        if let Some(close) = state.refusals.pop_front() {
            return Err(close);
        }
        let wanted = |session: &Session| {
            session.speaker.guild_id == asked.server_id && session.id == asked.session_id
        };
        let mut sessions = state.sessions.iter_mut();
        let (ssrc, session) = sessions
            .find(|(_, session)| wanted(session))
            .ok_or(Close::SessionInvalid)?;
        if session.token != asked.token {
            return Err(Close::AuthenticationFailed);
        }
        let missed = session.missed(asked.seq_ack, version)?;
        if let Some((_, old)) = session.link.take() {
            // Its task may be gone already; then there is nobody to tell.
            drop(old.try_send(Out::Cut));
        }
        session.version = version;
        session.unlinked_at = None;
        session.link = Some(link);
        session.tell(Out::Text(write(9, &Value::Null, None)));
        for out in missed {
            session.tell(out);
        }
        let (ssrc, speaker) = (*ssrc, session.speaker);
        if session.encrypted && version < 8 {
            let missed = std::mem::take(&mut session.missed);
            let who = (speaker.channel_id, speaker.user_id);
            state.calls.is_back(who, missed, Instant::now());
            self.carry(&mut state);
        }
        Ok(ssrc)
    }

    /// A websocket ended; its session stays resumable unless the close ended it.
    pub(super) fn unlink(&self, ssrc: u32, connection: u64, ended: bool) {
        let mut state = self.lock();
        let Some(session) = state.sessions.get_mut(&ssrc) else {
            return;
        };
        if session
            .link
            .as_ref()
            .is_none_or(|(id, _)| *id != connection)
        {
            return;
        }
        session.link = None;
        session.unlinked_at = Some(Instant::now());
        if ended {
            self.forget(&mut state, ssrc);
            self.carry(&mut state);
        }
    }

    pub(super) fn ready(&self, ssrc: u32, port: u16) {
        let modes = Mode::ALL.map(Mode::name);
        let ready = json!({
            "ssrc": ssrc, "ip": "127.0.0.1", "port": port, "modes": modes,
            "heartbeat_interval": 1, "experiments": [],
        });
        self.send(ssrc, 2, &ready);
    }

    /// Agrees on a mode: a new key, `SESSION_DESCRIPTION`, and who is there already; where the
    /// channel is encrypted, the client is part of the call from here on.
    pub(super) fn describe(&self, ssrc: u32, mode: Mode) -> Result<(), Close> {
        let secret: [u8; 32] = rand::random();
        let mut state = self.lock();
        let session = state.sessions.get(&ssrc).ok_or(Close::SessionInvalid)?;
        if session.described {
            return Err(Close::BadRequest);
        }
        let (speaker, encrypted) = (session.speaker, session.encrypted);
        let version = if encrypted {
            state.calls.version(speaker.channel_id)
        } else {
            0
        };
        let others = state.others(speaker.channel_id, speaker.user_id);
        let others: Vec<String> = others.iter().map(ToString::to_string).collect();
        if let Some(session) = state.sessions.get_mut(&ssrc) {
            session.described = true;
            session.send(
                4,
                &json!({
                    "mode": mode.name(), "secret_key": secret, "dave_protocol_version": version,
                    "audio_codec": "opus", "media_session_id": format!("{ssrc:032x}"),
                }),
            );
            if !others.is_empty() {
                session.send(11, &json!({ "user_ids": others }));
            }
        }
        if encrypted {
            let calls = &mut state.calls;
            calls.client_enters(speaker.channel_id, speaker.user_id);
        }
        let voice = Voice {
            cipher: Cipher::new(mode, &secret),
            speaker,
            people: state.calls.people(speaker.channel_id).filter(|_| encrypted),
        };
        self.voices().insert(ssrc, Arc::new(voice));
        self.carry(&mut state);
        Ok(())
    }

    /// A client's SPEAKING, passed on to the others in its channel.
    pub(super) fn speaking(&self, ssrc: u32, bits: u32) {
        self.ears.speaking(ssrc, bits);
        let mut state = self.lock();
        let Some(speaker) = state.sessions.get(&ssrc).map(|session| session.speaker) else {
            return;
        };
        let user_id = speaker.user_id.to_string();
        let said = json!({ "user_id": user_id, "ssrc": ssrc, "speaking": bits });
        let others = state.sessions.values_mut().filter(|session| {
            session.described
                && session.speaker.channel_id == speaker.channel_id
                && session.speaker.user_id != speaker.user_id
        });
        for session in others {
            session.send(5, &said);
        }
    }

    /// The client acknowledged everything up to this number.
    pub(super) fn acknowledged(&self, ssrc: u32, seq: u64) {
        if let Some(session) = self.lock().sessions.get_mut(&ssrc) {
            session.acknowledged(seq);
        }
    }

    pub(super) fn send(&self, ssrc: u32, op: u8, data: &Value) {
        if let Some(session) = self.lock().sessions.get_mut(&ssrc) {
            session.send(op, data);
        }
    }

    /// Closes the session's websocket. False if there is none.
    pub(super) fn close(&self, ssrc: u32, close: Close) -> bool {
        self.lock()
            .sessions
            .get_mut(&ssrc)
            .is_some_and(|session| session.tell(Out::Close(close)))
    }

    pub(super) fn cut(&self, ssrc: u32) -> bool {
        self.lock()
            .sessions
            .get_mut(&ssrc)
            .is_some_and(|session| session.tell(Out::Cut))
    }

    pub(super) fn ssrc_of(&self, guild_id: Id, user_id: Id) -> Option<u32> {
        self.lock().ssrc_of(guild_id, user_id)
    }

    /// Whether the user's client has come as far as `SESSION_DESCRIPTION` and is still connected.
    pub(super) fn is_connected(&self, guild_id: Id, user_id: Id) -> bool {
        let state = self.lock();
        let session = state
            .ssrc_of(guild_id, user_id)
            .and_then(|ssrc| state.sessions.get(&ssrc));
        session.is_some_and(|session| session.described && session.link.is_some())
    }

    fn end(&self, state: &mut State, guild_id: Id, user_id: Id, close: Close) {
        let Some(ssrc) = state.ssrc_of(guild_id, user_id) else {
            return;
        };
        if let Some(session) = state.sessions.get_mut(&ssrc) {
            session.tell(Out::Close(close));
        }
        self.forget(state, ssrc);
    }

    /// The session is over, and with it its part in the call.
    fn forget(&self, state: &mut State, ssrc: u32) {
        self.voices().remove(&ssrc);
        if let Some(session) = state.sessions.remove(&ssrc)
            && session.encrypted
        {
            let Speaker {
                channel_id,
                user_id,
                ..
            } = session.speaker;
            state.calls.leaves(channel_id, user_id, Instant::now());
        }
    }

    fn expire(&self, state: &mut State) {
        let old = |session: &Session| {
            let at = session.unlinked_at;
            at.is_some_and(|at| at.elapsed() >= RESUME_LIMIT)
        };
        let old = state.sessions.iter().filter(|(_, session)| old(session));
        for ssrc in old.map(|(ssrc, _)| *ssrc).collect::<Vec<_>>() {
            self.forget(state, ssrc);
        }
    }
}

impl State {
    fn ssrc_of(&self, guild_id: Id, user_id: Id) -> Option<u32> {
        let mut sessions = self.sessions.iter();
        let found = sessions.find(|(_, session)| {
            session.speaker.guild_id == guild_id && session.speaker.user_id == user_id
        });
        found.map(|(ssrc, _)| *ssrc)
    }

    fn free_ssrc(&self) -> u32 {
        loop {
            let ssrc = rand::random_range(1..u32::MAX);
            if !self.sessions.contains_key(&ssrc) {
                return ssrc;
            }
        }
    }

    /// Who else is in a channel, connected or not.
    fn others(&self, channel_id: Id, but: Id) -> Vec<Id> {
        let passes = self.passes.iter();
        let there =
            passes.filter(|((_, user), pass)| pass.at.channel_id == channel_id && *user != but);
        let mut there: Vec<Id> = there.map(|((_, user), _)| *user).collect();
        there.sort_unstable();
        there
    }

    /// Tells every client in a channel.
    fn tell(&mut self, channel_id: Id, op: u8, data: &Value) {
        let there = self
            .sessions
            .values_mut()
            .filter(|session| session.described && session.speaker.channel_id == channel_id);
        for session in there {
            session.send(op, data);
        }
    }
}
