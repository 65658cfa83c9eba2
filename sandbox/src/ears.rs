//! What people in voice channels hear. It judges every packet of a speaker's session (order, time
//! stamps, nonces, silence at the end of speech), keeps the sound for those who listen, and turns it
//! into a `Recording` when asked. It knows no socket, no key and no world: `voice` hands packets in,
//! and whoever follows the voice states says who is where.

mod analysis;
mod heard;
mod recording;
mod stream;
mod understood;

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;
use tokio::time::Instant;

use crate::world::Id;

pub use analysis::{Silence, Tone};
pub use heard::Heard;
pub use recording::{Frame, Recording};
pub use stream::{Packet, Speaker, Verdict};
pub use understood::{Reading, Understood};

use stream::{Stream, is_silence};

/// Samples per second and channel of everything that is heard.
pub const SAMPLE_RATE: u32 = 48_000;
/// Sound older than this (in samples before the newest) is forgotten: 30 minutes per listener.
const LISTENING_LIMIT: u64 = 30 * 60 * SAMPLE_RATE as u64;
/// Sessions whose counters are remembered; the oldest are forgotten first.
const SESSIONS_LIMIT: usize = 10_000;
/// Listeners at once, in all guilds together.
const LISTENERS_LIMIT: usize = 10_000;

/// Where a person or bot is, as far as hearing is concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    pub channel_id: Id,
    /// Deafened by themselves or by a moderator: hears nothing.
    pub deaf: bool,
    /// Muted by themselves or by a moderator, or suppressed on a stage: nobody hears them.
    pub mute: bool,
}

/// All ears of a sandbox.
#[derive(Debug)]
pub struct Ears {
    epoch: Instant,
    state: Mutex<State>,
    changes: watch::Sender<u64>,
}

#[derive(Debug, Default)]
struct State {
    streams: HashMap<u32, Stream>,
    stream_order: VecDeque<u32>,
    places: HashMap<(Id, Id), Place>,
    listeners: HashMap<Id, Listening>,
    audience: HashMap<Id, Vec<Id>>,
    understood: BTreeMap<Id, Understood>,
}

#[derive(Debug, Default)]
struct Listening {
    frames: VecDeque<Frame>,
    origin: Option<u64>,
}

impl Default for Ears {
    fn default() -> Self {
        Self::new()
    }
}

impl Ears {
    pub fn new() -> Self {
        Self {
            epoch: Instant::now(),
            state: Mutex::default(),
            changes: watch::Sender::new(0),
        }
    }

    /// Milliseconds since these ears exist: the time axis of `Recording::starts_at_ms`.
    pub fn now_ms(&self) -> u64 {
        self.now_samples() / 48
    }

    /// The same moment as `now_ms`, in samples of 48 kHz.
    pub fn now_samples(&self) -> u64 {
        let micros = u64::try_from(self.epoch.elapsed().as_micros()).unwrap_or(u64::MAX);
        micros.saturating_mul(48) / 1000
    }

    /// Ticks whenever somebody who listens heard a frame, and when a session begins or ends.
    pub fn changes(&self) -> watch::Receiver<u64> {
        self.changes.subscribe()
    }

    /// From now on what this person hears is kept. Listening again starts an empty recording.
    /// False when the limit of listeners is reached.
    pub fn listen(&self, user_id: Id) -> bool {
        let mut state = self.lock();
        let full = state.listeners.len() >= LISTENERS_LIMIT;
        if full && !state.listeners.contains_key(&user_id) {
            return false;
        }
        state.listeners.insert(user_id, Listening::default());
        state.seat_audience();
        true
    }

    /// Forgets the person's recording and keeps nothing further.
    pub fn stop_listening(&self, user_id: Id) {
        let mut state = self.lock();
        state.listeners.remove(&user_id);
        state.seat_audience();
    }

    /// Where somebody is now in a guild; `None` when they left voice there.
    pub fn place(&self, guild_id: Id, user_id: Id, place: Option<Place>) {
        let mut state = self.lock();
        match place {
            Some(place) => state.places.insert((guild_id, user_id), place),
            None => state.places.remove(&(guild_id, user_id)),
        };
        state.seat_audience();
    }

    /// A speaker's session begins; packets of this `ssrc` are theirs until another takes it.
    pub fn begin(&self, ssrc: u32, speaker: Speaker) {
        let mut state = self.lock();
        state.streams.insert(ssrc, Stream::new(speaker, ssrc));
        state.stream_order.push_back(ssrc);
        while state.stream_order.len() > SESSIONS_LIMIT {
            if let Some(old) = state.stream_order.pop_front() {
                state.streams.remove(&old);
            }
        }
        drop(state);
        self.tick();
    }

    /// The client sent SPEAKING with these bits.
    pub fn speaking(&self, ssrc: u32, bits: u32) {
        if let Some(stream) = self.lock().streams.get_mut(&ssrc) {
            stream.speaking(bits);
        }
    }

    /// Something a session did that Discord's protocol forbids.
    pub fn violation(&self, ssrc: u32, what: String) {
        if let Some(stream) = self.lock().streams.get_mut(&ssrc) {
            stream.heard.violate(what);
        }
    }

    /// A packet of this session that could not be decrypted.
    pub fn undecryptable(&self, ssrc: u32) {
        if let Some(stream) = self.lock().streams.get_mut(&ssrc) {
            stream.heard.undecryptable += 1;
            stream
                .heard
                .violate("a packet that does not decrypt".to_owned());
        }
    }

    /// A datagram with this ssrc that is not RTP version 2 with payload type 0x78.
    pub fn malformed(&self, ssrc: u32) {
        if let Some(stream) = self.lock().streams.get_mut(&ssrc) {
            stream.heard.malformed += 1;
            stream.heard.violate("not RTP with Opus in it".to_owned());
        }
    }

    /// One decrypted packet, judged, and kept for everyone who listens in the speaker's channel.
    pub fn receive(&self, (ssrc, arrived): (u32, u64), packet: &Packet<'_>) -> Verdict {
        let times = (arrived, self.now_samples());
        let mut state = self.lock();
        let Some(stream) = state.streams.get_mut(&ssrc) else {
            return Verdict::Unknown;
        };
        let position = match stream.judge(packet, times) {
            Ok(position) => position,
            Err(verdict) => return verdict,
        };
        let speaker = stream.speaker;
        let listeners = state.listeners_of(speaker);
        if listeners.is_empty() {
            return Verdict::Good;
        }
        let frame = Frame {
            position,
            ssrc,
            opus: Arc::from(packet.opus),
        };
        state.keep(&listeners, &frame);
        drop(state);
        self.tick();
        Verdict::Good
    }

    /// Those who hear what this speaker says now.
    pub fn listeners_of(&self, speaker: Speaker) -> Vec<Id> {
        self.lock().listeners_of(speaker)
    }

    /// One packet of an encrypted call, and what those who listen made of its frame. It is judged by
    /// what any of them could read; each keeps what they read themselves.
    pub fn receive_encrypted(
        &self,
        (ssrc, arrived): (u32, u64),
        packet: &Packet<'_>,
        readings: Vec<(Id, Reading)>,
    ) -> Verdict {
        let times = (arrived, self.now_samples());
        let mut state = self.lock();
        for (user_id, reading) in &readings {
            state.count(*user_id, reading);
        }
        let Some(stream) = state.streams.get_mut(&ssrc) else {
            return Verdict::Unknown;
        };
        let read = readings.iter().find_map(|(_, reading)| match reading {
            Reading::Read(opus) => Some(Arc::clone(opus)),
            _ => None,
        });
        let judged = match &read {
            Some(opus) => stream.judge(
                &Packet {
                    opus: opus.as_ref(),
                    ..*packet
                },
                times,
            ),
            None if is_silence(packet.opus) => stream.judge(packet, times),
            None => stream.judge_sealed(packet, times),
        };
        let position = match judged {
            Ok(position) => position,
            Err(verdict) => return verdict,
        };
        let mut is_kept = false;
        for (user_id, reading) in readings {
            if let Reading::Read(opus) = reading {
                let frame = Frame {
                    position,
                    ssrc,
                    opus,
                };
                is_kept |= state.keep(&[user_id], &frame);
            }
        }
        drop(state);
        if is_kept {
            self.tick();
        }
        Verdict::Good
    }

    /// What this person made of the frames of encrypted calls so far.
    pub fn understood(&self, user_id: Id) -> Understood {
        let state = self.lock();
        let found = state.understood.get(&user_id).copied();
        found.unwrap_or(Understood {
            user_id,
            ..Understood::default()
        })
    }

    /// The same of everybody who listened in an encrypted call.
    pub fn understood_by_all(&self) -> Vec<Understood> {
        self.lock().understood.values().copied().collect()
    }

    /// Counters of every session this user had in this guild, oldest first.
    pub fn heard(&self, guild_id: Id, user_id: Id) -> Vec<Heard> {
        let state = self.lock();
        let of_user = |stream: &&Stream| {
            stream.speaker.guild_id == guild_id && stream.speaker.user_id == user_id
        };
        let in_order = state.stream_order.iter();
        in_order
            .filter_map(|ssrc| state.streams.get(ssrc))
            .filter(of_user)
            .map(|stream| stream.heard.clone())
            .collect()
    }

    /// Counters of every session of everybody, oldest first.
    pub fn heard_by_all(&self) -> Vec<Heard> {
        let state = self.lock();
        let in_order = state.stream_order.iter();
        in_order
            .filter_map(|ssrc| state.streams.get(ssrc))
            .map(|stream| stream.heard.clone())
            .collect()
    }

    /// Milliseconds of sound (silence between included) the person has heard so far.
    pub fn heard_ms(&self, user_id: Id) -> u64 {
        let state = self.lock();
        let Some(listening) = state.listeners.get(&user_id) else {
            return 0;
        };
        match (listening.origin, listening.frames.back()) {
            (Some(origin), Some(last)) => last.position.saturating_sub(origin) / 48 + 20,
            _ => 0,
        }
    }

    /// The Opus packets that the person heard since `listen`, as they were sent.
    pub fn packets(&self, user_id: Id) -> Vec<Arc<[u8]>> {
        let state = self.lock();
        let listening = state.listeners.get(&user_id);
        let frames = listening.into_iter().flat_map(|it| &it.frames);
        frames.map(|frame| Arc::clone(&frame.opus)).collect()
    }

    /// What the person heard since `listen`, decoded; empty if they heard nothing.
    pub fn recording(&self, user_id: Id) -> Recording {
        let (frames, origin) = {
            let state = self.lock();
            match state.listeners.get(&user_id) {
                Some(listening) => (
                    listening.frames.iter().cloned().collect::<Vec<_>>(),
                    listening.origin.unwrap_or_default(),
                ),
                None => (Vec::new(), 0),
            }
        };
        Recording::decode(&frames, origin)
    }

    fn tick(&self) {
        self.changes
            .send_modify(|version| *version = version.wrapping_add(1));
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Who hears what is said in each channel, worked out when somebody moves, not per packet.
    fn seat_audience(&mut self) {
        self.audience.clear();
        for ((_, user_id), place) in &self.places {
            if !place.deaf && self.listeners.contains_key(user_id) {
                self.audience
                    .entry(place.channel_id)
                    .or_default()
                    .push(*user_id);
            }
        }
    }

    fn listeners_of(&self, speaker: Speaker) -> Vec<Id> {
        let place = self.places.get(&(speaker.guild_id, speaker.user_id));
        if place.is_some_and(|place| place.mute || place.channel_id != speaker.channel_id) {
            return Vec::new();
        }
        let audience = self.audience.get(&speaker.channel_id);
        let audience = audience.into_iter().flatten();
        audience
            .copied()
            .filter(|id| *id != speaker.user_id)
            .collect()
    }

    fn keep(&mut self, listeners: &[Id], frame: &Frame) -> bool {
        let mut kept = false;
        for user_id in listeners {
            if let Some(listening) = self.listeners.get_mut(user_id) {
                listening.push(frame.clone());
                kept = true;
            }
        }
        kept
    }

    fn count(&mut self, user_id: Id, reading: &Reading) {
        if self.understood.len() < LISTENERS_LIMIT || self.understood.contains_key(&user_id) {
            let understood = self.understood.entry(user_id).or_default();
            understood.user_id = user_id;
            understood.count(reading);
        }
    }
}

impl Listening {
    fn push(&mut self, frame: Frame) {
        self.origin.get_or_insert(frame.position);
        let oldest = frame.position.saturating_sub(LISTENING_LIMIT);
        while self.frames.front().is_some_and(|old| old.position < oldest) {
            self.frames.pop_front();
        }
        self.frames.push_back(frame);
    }
}

#[cfg(test)]
mod tests;
