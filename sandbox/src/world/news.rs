//! What the world tells the gateway: an event, who may see it, and which intents let it through.

use super::{Channel, Id, World};
use crate::permissions::{READ_MESSAGE_HISTORY, VIEW_CHANNEL, has};
use serde_json::Value;

/// Gateway intents, by their documented names.
pub mod intent {
    pub const GUILDS: u64 = 1;
    pub const GUILD_MEMBERS: u64 = 1 << 1;
    pub const GUILD_MODERATION: u64 = 1 << 2;
    pub const GUILD_WEBHOOKS: u64 = 1 << 5;
    pub const GUILD_VOICE_STATES: u64 = 1 << 7;
    pub const GUILD_PRESENCES: u64 = 1 << 8;
    pub const GUILD_MESSAGES: u64 = 1 << 9;
    pub const GUILD_MESSAGE_REACTIONS: u64 = 1 << 10;
    pub const GUILD_MESSAGE_TYPING: u64 = 1 << 11;
    pub const DIRECT_MESSAGES: u64 = 1 << 12;
    pub const DIRECT_MESSAGE_REACTIONS: u64 = 1 << 13;
    pub const MESSAGE_CONTENT: u64 = 1 << 15;
}

/// Who wrote a message and whom it names: without the intent its content is blank to others.
#[derive(Clone, Debug, Default)]
pub struct Written {
    pub author_id: Id,
    pub mentions: Vec<Id>,
    pub is_direct: bool,
}

/// One event for the gateway.
#[derive(Clone, Debug)]
pub struct Dispatch {
    /// `MESSAGE_CREATE` and so on.
    pub name: &'static str,
    /// Which shard it goes to; direct messages go to shard 0.
    pub guild_id: Option<Id>,
    /// Bots that may see it.
    pub bots: Vec<Id>,
    /// One of these intents lets it through; 0 lets it through always.
    pub intents: u64,
    /// Set for events that carry a message.
    pub written: Option<Written>,
    pub data: Value,
}

type Wire = Box<dyn FnMut(Dispatch) + Send>;

/// The line to the gateway.
#[derive(Default)]
pub(super) struct News(Option<Wire>);

impl std::fmt::Debug for News {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("News")
    }
}

impl World {
    /// Where events go from now on. It is called while the world is locked.
    pub fn wire(&mut self, wire: impl FnMut(Dispatch) + Send + 'static) {
        self.news = News(Some(Box::new(wire)));
    }

    /// Tells an event, and wakes everyone who waits for a change.
    pub fn tell(&mut self, dispatch: Dispatch) {
        if let Some(wire) = &mut self.news.0
            && !dispatch.bots.is_empty()
        {
            wire(dispatch);
        }
        self.stir();
    }

    /// Wakes everyone who waits for a change.
    pub fn stir(&mut self) {
        self.changes
            .send_modify(|version| *version = version.wrapping_add(1));
    }

    /// Tells all bots of the guild.
    pub fn tell_guild(&mut self, guild_id: Id, intents: u64, name: &'static str, data: Value) {
        let bots = self.bots_of(guild_id);
        self.tell(Dispatch {
            name,
            guild_id: Some(guild_id),
            bots,
            intents,
            written: None,
            data,
        });
    }

    /// Tells the bots that see the channel.
    pub fn tell_channel(&mut self, channel_id: Id, intents: u64, name: &'static str, data: Value) {
        let Some(channel) = self.channels.get(&channel_id) else {
            return;
        };
        let (guild_id, bots) = (channel.guild_id, self.bots_that_see(channel));
        self.tell(Dispatch {
            name,
            guild_id,
            bots,
            intents,
            written: None,
            data,
        });
    }

    /// Tells one bot.
    pub fn tell_bot(&mut self, bot: Id, guild_id: Option<Id>, name: &'static str, data: Value) {
        self.tell(Dispatch {
            name,
            guild_id,
            bots: vec![bot],
            intents: 0,
            written: None,
            data,
        });
    }

    /// Bots in the guild.
    pub fn bots_of(&self, guild_id: Id) -> Vec<Id> {
        let Some(guild) = self.guilds.get(&guild_id) else {
            return Vec::new();
        };
        let bots = guild
            .members
            .keys()
            .filter(|id| self.applications.contains_key(id));
        bots.copied().collect()
    }

    /// Bots that see the channel.
    pub fn bots_that_see(&self, channel: &Channel) -> Vec<Id> {
        let Some(guild_id) = channel.guild_id else {
            let bots = channel.recipients.iter().copied();
            return bots
                .filter(|id| self.applications.contains_key(id))
                .collect();
        };
        let mut bots = self.bots_of(guild_id);
        bots.retain(|bot| has(self.rights_in(channel, *bot), VIEW_CHANNEL));
        bots
    }

    /// Whether the user sees what stands in the channel.
    pub fn reads(&self, channel: &Channel, user_id: Id) -> bool {
        has(
            self.rights_in(channel, user_id),
            VIEW_CHANNEL | READ_MESSAGE_HISTORY,
        )
    }
}
