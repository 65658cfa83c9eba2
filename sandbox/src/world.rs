//! What there is: users, applications, guilds, channels, messages, voice states; and what happens to
//! it. Every change tells the gateway in the same breath, so events have the order of the changes.
//! It knows no socket; it decides who may see and do what, not what a request looks like.

mod asked;
mod clock;
mod entity;
mod files;
mod guilds;
mod members;
mod messages;
mod news;
mod pins;
mod reactions;
mod render;
mod rights;
mod stages;
#[cfg(test)]
mod tests;
mod threads;
mod voice;
mod webhooks;

pub use asked::{Ask, AskKind, Asks, FIRST_ANSWER_LIMIT_MS, Outcome, TOKEN_LIMIT_MS};
pub(crate) use asked::{new_token, owners};
pub use clock::{now_ms, timestamp};
pub use entity::{
    Application, Channel, ChannelKind, Guild, Member, Message, Reaction, Role, StageInstance,
    Thread, User, VoiceState, Webhook,
};
pub use files::StoredFile;
pub use messages::{Draft, Edit};
pub use news::{Dispatch, Written, intent};
pub(crate) use render::LARGE_THRESHOLD;
pub use render::{audience_name, id};
pub use voice::VoiceChange;

use crate::voice::VoiceServer;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use tokio::sync::watch;

/// A snowflake.
pub type Id = u64;

/// Where the sockets are, once they listen.
#[derive(Clone, Debug)]
pub struct Addresses {
    /// `http://127.0.0.1:PORT`, without a slash at the end.
    pub rest: String,
    /// `ws://127.0.0.1:PORT`.
    pub gateway: String,
}

/// The world behind its lock, and what stands around it. Everybody shares one.
pub struct Hub {
    world: Mutex<World>,
    voice: OnceLock<VoiceServer>,
    addresses: OnceLock<Addresses>,
}

impl std::fmt::Debug for Hub {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Hub").finish_non_exhaustive()
    }
}

impl Default for Hub {
    fn default() -> Self {
        Self::new()
    }
}

impl Hub {
    pub fn new() -> Self {
        Self {
            world: Mutex::new(World::default()),
            voice: OnceLock::new(),
            addresses: OnceLock::new(),
        }
    }

    /// The world, for as long as the guard lives. Never held across an await. Whoever has the
    /// gateway's own lock must not ask for this one.
    pub fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Says where the sockets are. Once.
    pub fn listens_at(&self, addresses: Addresses) {
        self.addresses.get_or_init(|| addresses);
    }

    /// Where the sockets are; empty addresses before they listen.
    pub fn addresses(&self) -> Addresses {
        let nowhere = || Addresses {
            rest: String::new(),
            gateway: String::new(),
        };
        self.addresses.get().cloned().unwrap_or_else(nowhere)
    }

    /// Gives the world its voice server. Once.
    pub fn speaks_through(&self, voice: VoiceServer) {
        let voice = self.voice.get_or_init(|| voice).clone();
        self.world().voice = Some(voice);
    }

    pub fn voice(&self) -> Option<&VoiceServer> {
        self.voice.get()
    }

    /// A receiver that wakes at every change of the world.
    pub fn changes(&self) -> watch::Receiver<u64> {
        self.world().changes.subscribe()
    }
}

/// Everything there is.
#[derive(Debug)]
pub struct World {
    pub users: BTreeMap<Id, User>,
    /// By application id, which is also the id of its bot's user.
    pub applications: BTreeMap<Id, Application>,
    pub guilds: BTreeMap<Id, Guild>,
    /// Channels of guilds, threads and direct messages.
    pub channels: BTreeMap<Id, Channel>,
    /// By channel, then by id.
    pub messages: BTreeMap<Id, BTreeMap<Id, Message>>,
    pub webhooks: BTreeMap<Id, Webhook>,
    /// Attachments and avatars that the CDN gives out.
    pub files: BTreeMap<Id, Arc<StoredFile>>,
    /// Interactions and what became of them.
    pub asks: Asks,
    /// How long a stage without speakers stays open.
    pub silence_limit_ms: u64,
    last_id: Id,
    news: news::News,
    voice: Option<VoiceServer>,
    changes: watch::Sender<u64>,
}

impl Default for World {
    fn default() -> Self {
        Self {
            users: BTreeMap::new(),
            applications: BTreeMap::new(),
            guilds: BTreeMap::new(),
            channels: BTreeMap::new(),
            messages: BTreeMap::new(),
            webhooks: BTreeMap::new(),
            files: BTreeMap::new(),
            asks: Asks::default(),
            silence_limit_ms: stages::SILENCE_LIMIT_MS,
            last_id: 0,
            news: news::News::default(),
            voice: None,
            changes: watch::channel(0).0,
        }
    }
}

impl World {
    /// A new snowflake: Discord's milliseconds in the upper bits, later ones always larger.
    pub fn new_id(&mut self) -> Id {
        let fresh = now_ms().saturating_sub(clock::DISCORD_EPOCH_MS) << 22;
        self.last_id = fresh.max(self.last_id + 1);
        self.last_id
    }
}
