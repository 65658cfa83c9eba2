//! The things of the world, as plain values.

use super::Id;
use crate::permissions::{Bits, Overwrite};
use bytes::Bytes;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// A person or a bot.
#[derive(Clone, Debug, Default)]
pub struct User {
    pub id: Id,
    pub name: String,
    /// The display name outside guilds.
    pub global_name: Option<String>,
    pub bot: bool,
    /// The hash of their picture, and the PNG file.
    pub avatar: Option<(String, Bytes)>,
    /// The language of their client.
    pub locale: String,
    /// Whether strangers may write to them.
    pub takes_messages: bool,
}

/// A bot's application.
#[derive(Clone, Debug, Default)]
pub struct Application {
    pub id: Id,
    pub name: String,
    /// Without `Bot `.
    pub token: String,
    /// Discord's application flags: the privileged intents among them.
    pub flags: u64,
    /// Global commands, as Discord gives them back.
    pub commands: Vec<Value>,
    /// Commands of one guild.
    pub guild_commands: BTreeMap<Id, Vec<Value>>,
    /// How many shards the gateway recommends.
    pub shards: u32,
    /// Who registered it, and whether a team of theirs has it.
    pub owner: Option<(Id, bool)>,
}

#[derive(Clone, Debug, Default)]
pub struct Guild {
    pub id: Id,
    pub name: String,
    pub owner_id: Id,
    pub locale: String,
    /// @everyone is the one with the guild's id.
    pub roles: BTreeMap<Id, Role>,
    pub members: BTreeMap<Id, Member>,
    /// Of those who are in voice.
    pub voice_states: BTreeMap<Id, VoiceState>,
    /// By channel.
    pub stage_instances: BTreeMap<Id, StageInstance>,
    pub banned: BTreeSet<Id>,
    /// Where who is absent is put; nobody speaks there.
    pub afk_channel_id: Option<Id>,
}

#[derive(Clone, Debug, Default)]
pub struct Role {
    pub id: Id,
    pub name: String,
    pub permissions: Bits,
    pub position: u32,
    /// The bot this role was made for.
    pub bot_id: Option<Id>,
}

#[derive(Clone, Debug, Default)]
pub struct Member {
    pub user_id: Id,
    pub nick: Option<String>,
    pub roles: BTreeSet<Id>,
    pub joined_at_ms: u64,
    pub timed_out_until_ms: Option<u64>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ChannelKind {
    #[default]
    Text,
    Direct,
    Voice,
    Category,
    Announcement,
    PublicThread,
    PrivateThread,
    Stage,
    Forum,
}

impl ChannelKind {
    /// Discord's channel type.
    pub const fn number(self) -> u8 {
        match self {
            Self::Text => 0,
            Self::Direct => 1,
            Self::Voice => 2,
            Self::Category => 4,
            Self::Announcement => 5,
            Self::PublicThread => 11,
            Self::PrivateThread => 12,
            Self::Stage => 13,
            Self::Forum => 15,
        }
    }

    pub const fn from_number(number: u64) -> Option<Self> {
        Some(match number {
            0 => Self::Text,
            1 => Self::Direct,
            2 => Self::Voice,
            4 => Self::Category,
            5 => Self::Announcement,
            11 => Self::PublicThread,
            12 => Self::PrivateThread,
            13 => Self::Stage,
            15 => Self::Forum,
            _ => return None,
        })
    }

    pub const fn is_voice(self) -> bool {
        matches!(self, Self::Voice | Self::Stage)
    }

    pub const fn is_thread(self) -> bool {
        matches!(self, Self::PublicThread | Self::PrivateThread)
    }

    /// Whether messages can stand in it.
    pub const fn has_messages(self) -> bool {
        !matches!(self, Self::Category | Self::Forum)
    }
}

#[derive(Clone, Debug, Default)]
pub struct Channel {
    pub id: Id,
    pub kind: ChannelKind,
    pub guild_id: Option<Id>,
    pub name: String,
    pub topic: Option<String>,
    pub position: u32,
    pub parent_id: Option<Id>,
    pub overwrites: Vec<Overwrite>,
    pub nsfw: bool,
    /// Slow mode, in seconds.
    pub rate_limit_per_user: u32,
    pub bitrate: u32,
    /// 0 is no limit.
    pub user_limit: u32,
    /// The voice channel status.
    pub status: Option<String>,
    /// Of a direct message channel: both of them.
    pub recipients: Vec<Id>,
    pub thread: Option<Thread>,
    pub last_message_id: Option<Id>,
}

#[derive(Clone, Debug, Default)]
pub struct Thread {
    pub owner_id: Id,
    pub members: BTreeSet<Id>,
    pub is_archived: bool,
    pub is_locked: bool,
    pub auto_archive_minutes: u32,
    pub message_count: u32,
}

#[derive(Clone, Debug, Default)]
pub struct StageInstance {
    pub id: Id,
    pub guild_id: Id,
    pub channel_id: Id,
    pub topic: String,
    pub privacy_level: u64,
    /// Since when nobody in it may speak.
    pub silent_since_ms: Option<u64>,
}

#[derive(Clone, Debug, Default)]
pub struct Webhook {
    pub id: Id,
    pub token: String,
    pub name: String,
    pub channel_id: Id,
    pub guild_id: Id,
    pub application_id: Option<Id>,
    /// Who made it.
    pub user_id: Id,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "they are Discord's")]
pub struct VoiceState {
    pub user_id: Id,
    pub channel_id: Id,
    pub session_id: String,
    pub deaf: bool,
    pub mute: bool,
    pub self_deaf: bool,
    pub self_mute: bool,
    /// In the audience of a stage channel: may not speak.
    pub suppress: bool,
    /// With `suppress` a raised hand, without it an invitation that is not answered yet.
    pub request_to_speak_ms: Option<u64>,
}

impl VoiceState {
    /// Whether they speak in a stage channel.
    pub fn is_speaker(&self) -> bool {
        !self.suppress && self.request_to_speak_ms.is_none()
    }
}

#[derive(Clone, Debug, Default)]
pub struct Reaction {
    /// The Unicode emoji, or `name:id`.
    pub emoji: String,
    /// In the order in which they came.
    pub users: Vec<Id>,
}

#[derive(Clone, Debug, Default)]
pub struct Message {
    pub id: Id,
    pub channel_id: Id,
    pub author_id: Id,
    pub webhook_id: Option<Id>,
    /// The name and picture that a webhook gave this message.
    pub webhook_name: Option<String>,
    pub content: String,
    pub embeds: Vec<Value>,
    pub components: Vec<Value>,
    /// Keys of `World::files`.
    pub attachments: Vec<Id>,
    pub flags: u64,
    pub at_ms: u64,
    pub edited_at_ms: Option<u64>,
    pub reactions: Vec<Reaction>,
    /// Whom it pings.
    pub mentions: Vec<Id>,
    pub mention_roles: Vec<Id>,
    pub mention_everyone: bool,
    pub nonce: Option<Value>,
    pub reference: Option<Id>,
    /// The interaction it answers.
    pub interaction_id: Option<Id>,
    pub application_id: Option<Id>,
    /// Seen by this one only.
    pub ephemeral_to: Option<Id>,
    pub pinned: bool,
    pub tts: bool,
    /// Discord's message type: 0, 19 for a reply, 20 for an answer to a command.
    pub kind: u8,
}
