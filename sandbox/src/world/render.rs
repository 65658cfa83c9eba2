//! The things of the world as Discord's JSON.

use super::{
    Application, Channel, Guild, Id, Member, Message, Role, StageInstance, User, VoiceState,
    Webhook, World, timestamp,
};
use crate::permissions::{Overwrite, Target};
use serde_json::{Map, Value, json};

/// A guild with more members is large, unless a client says otherwise.
pub(crate) const LARGE_THRESHOLD: usize = 50;

/// A snowflake as Discord writes it.
pub fn id(id: Id) -> Value {
    Value::String(id.to_string())
}

fn ids<'a>(all: impl IntoIterator<Item = &'a Id>) -> Vec<String> {
    all.into_iter().map(ToString::to_string).collect()
}

fn put(value: &mut Value, key: &str, field: Value) {
    if let Some(fields) = value.as_object_mut() {
        fields.insert(key.to_owned(), field);
    }
}

/// The name a guild shows for a member.
pub fn audience_name(user: &User, member: Option<&Member>) -> String {
    let nick = member.and_then(|member| member.nick.clone());
    nick.or_else(|| user.global_name.clone())
        .unwrap_or_else(|| user.name.clone())
}

impl User {
    pub fn to_value(&self) -> Value {
        json!({
            "id": self.id.to_string(), "username": self.name, "discriminator": if self.bot { "0001" } else { "0" },
            "global_name": self.global_name, "avatar": self.avatar.as_ref().map(|(hash, _)| hash), "bot": self.bot, "system": false,
            "public_flags": 0, "banner": null, "accent_color": null, "avatar_decoration_data": null,
            "collectibles": null, "clan": null, "primary_guild": null,
        })
    }

    /// The bot itself, as `/users/@me` and READY show it.
    pub fn to_own_value(&self) -> Value {
        let mut value = self.to_value();
        for (key, field) in [
            ("email", Value::Null),
            ("verified", true.into()),
            ("mfa_enabled", true.into()),
            ("locale", self.locale.as_str().into()),
            ("flags", 0.into()),
        ] {
            put(&mut value, key, field);
        }
        value
    }
}

impl Application {
    /// With its bot, and who registered it if that is somebody of this world.
    pub fn to_value(&self, bot: Option<&User>, owner: Option<&User>) -> Value {
        // Nobody else's ids, for no millisecond has so many.
        let (stranger, team) = (self.id | 0x3F_FFFF, self.id | 0x3F_FFFE);
        let nobody = User {
            id: stranger,
            name: "developer".to_owned(),
            ..User::default()
        };
        let person = owner.unwrap_or(&nobody);
        let is_of_team = self.owner.is_some_and(|(_, of_team)| of_team);
        // In the place of an owner, a team's application has a user that stands for the team.
        let stand_in = User {
            id: team,
            name: format!("team{team}"),
            ..User::default()
        };
        let owner = if is_of_team { &stand_in } else { person };
        let team = is_of_team.then(|| {
            json!({
                "id": team.to_string(), "icon": null, "name": "The Team",
                "owner_user_id": person.id.to_string(),
                "members": [{
                    "membership_state": 2, "team_id": team.to_string(), "role": "admin",
                    "user": person.to_value(),
                }],
            })
        });
        json!({
            "id": self.id.to_string(), "name": self.name, "icon": null, "description": "",
            "summary": "", "type": null, "bot_public": true, "bot_require_code_grant": false,
            "verify_key": "0".repeat(64), "flags": self.flags, "hook": true, "rpc_origins": [],
            "bot": bot.map(User::to_value), "owner": owner.to_value(), "team": team, "redirect_uris": [],
            "interactions_endpoint_url": null, "role_connections_verification_url": null,
            "approximate_guild_count": 1, "approximate_user_install_count": 0,
        })
    }
}

impl Role {
    pub fn to_value(&self) -> Value {
        let mut value = json!({
            "id": self.id.to_string(), "name": self.name, "description": null, "color": 0,
            "colors": { "primary_color": 0, "secondary_color": null, "tertiary_color": null },
            "hoist": false, "icon": null, "unicode_emoji": null, "position": self.position,
            "permissions": self.permissions.to_string(), "managed": self.bot_id.is_some(),
            "mentionable": false, "flags": 0,
        });
        if let Some(bot) = self.bot_id {
            put(&mut value, "tags", json!({ "bot_id": bot.to_string() }));
        }
        value
    }
}

impl Member {
    /// Without the user.
    pub fn to_partial(&self) -> Value {
        json!({
            "nick": self.nick, "avatar": null, "banner": null, "roles": ids(&self.roles),
            "joined_at": timestamp(self.joined_at_ms), "premium_since": null, "deaf": false,
            "mute": false, "flags": 0, "pending": false,
            "communication_disabled_until": self.timed_out_until_ms.map(timestamp),
        })
    }
}

impl VoiceState {
    pub fn to_value(&self, is_there: bool) -> Value {
        json!({
            "channel_id": is_there.then(|| self.channel_id.to_string()),
            "user_id": self.user_id.to_string(), "session_id": self.session_id,
            "deaf": self.deaf, "mute": self.mute, "self_deaf": self.self_deaf,
            "self_mute": self.self_mute, "self_video": false, "suppress": self.suppress,
            "request_to_speak_timestamp": self.request_to_speak_ms.map(timestamp),
        })
    }
}

impl StageInstance {
    pub fn to_value(&self) -> Value {
        json!({
            "id": self.id.to_string(), "guild_id": self.guild_id.to_string(),
            "channel_id": self.channel_id.to_string(), "topic": self.topic,
            "privacy_level": self.privacy_level, "discoverable_disabled": true,
            "guild_scheduled_event_id": null,
        })
    }
}

impl Webhook {
    /// `maker` is left out where the token itself is the proof.
    pub fn to_value(&self, maker: Option<&User>) -> Value {
        json!({
            "id": self.id.to_string(), "type": 1, "guild_id": self.guild_id.to_string(),
            "channel_id": self.channel_id.to_string(), "name": self.name, "avatar": null,
            "token": self.token, "application_id": self.application_id.map(|id| id.to_string()),
            "user": maker.map(User::to_value),
        })
    }
}

fn overwrite(overwrite: &Overwrite) -> Value {
    let (kind, target) = match overwrite.target {
        Target::Role(id) => (0, id),
        Target::Member(id) => (1, id),
    };
    json!({
        "id": target.to_string(), "type": kind,
        "allow": overwrite.allow.to_string(), "deny": overwrite.deny.to_string(),
    })
}

impl Channel {
    fn overwrite_values(&self) -> Vec<Value> {
        self.overwrites.iter().map(overwrite).collect()
    }
}

impl World {
    /// The member with their user; `null` for a stranger.
    pub fn member_value(&self, guild: &Guild, user_id: Id) -> Value {
        let (Some(member), Some(user)) = (guild.members.get(&user_id), self.users.get(&user_id))
        else {
            return Value::Null;
        };
        let mut value = member.to_partial();
        let state = guild.voice_states.get(&user_id);
        put(
            &mut value,
            "deaf",
            state.is_some_and(|state| state.deaf).into(),
        );
        put(
            &mut value,
            "mute",
            state.is_some_and(|state| state.mute).into(),
        );
        put(&mut value, "user", user.to_value());
        value
    }

    /// A voice state as the gateway and REST show it, with guild and member.
    pub fn voice_state_value(&self, guild: &Guild, state: &VoiceState, is_there: bool) -> Value {
        let mut value = state.to_value(is_there);
        put(&mut value, "guild_id", id(guild.id));
        put(
            &mut value,
            "member",
            self.member_value(guild, state.user_id),
        );
        value
    }

    pub fn channel_value(&self, channel: &Channel) -> Value {
        let mut value = json!({
            "id": channel.id.to_string(), "type": channel.kind.number(), "flags": 0,
            "last_message_id": channel.last_message_id.map(|id| id.to_string()),
        });
        let Some(guild_id) = channel.guild_id else {
            let users = channel
                .recipients
                .iter()
                .filter_map(|id| self.users.get(id));
            let users: Vec<Value> = users.filter(|user| !user.bot).map(User::to_value).collect();
            put(&mut value, "recipients", users.into());
            return value;
        };
        let mut set = |key: &str, field: Value| put(&mut value, key, field);
        set("guild_id", id(guild_id));
        set("name", channel.name.as_str().into());
        set("parent_id", channel.parent_id.map_or(Value::Null, id));
        set("rate_limit_per_user", channel.rate_limit_per_user.into());
        if let Some(thread) = &channel.thread {
            set("owner_id", id(thread.owner_id));
            set("message_count", thread.message_count.into());
            set("total_message_sent", thread.message_count.into());
            set("member_count", thread.members.len().into());
            set(
                "thread_metadata",
                json!({
                    "archived": thread.is_archived, "locked": thread.is_locked,
                    "auto_archive_duration": thread.auto_archive_minutes,
                    "archive_timestamp": timestamp((channel.id >> 22) + super::clock::DISCORD_EPOCH_MS),
                    "create_timestamp": timestamp((channel.id >> 22) + super::clock::DISCORD_EPOCH_MS),
                }),
            );
            return value;
        }
        set("position", channel.position.into());
        set("permission_overwrites", channel.overwrite_values().into());
        set("nsfw", channel.nsfw.into());
        if channel.kind.is_voice() {
            set("bitrate", channel.bitrate.into());
            set("user_limit", channel.user_limit.into());
            set("rtc_region", Value::Null);
            set(
                "status",
                channel.status.clone().map_or(Value::Null, Value::String),
            );
        }
        if !channel.kind.is_voice() {
            set(
                "topic",
                channel.topic.clone().map_or(Value::Null, Value::String),
            );
        }
        value
    }

    /// The guild without what only the gateway tells.
    pub fn guild_value(&self, guild: &Guild) -> Value {
        let roles: Vec<Value> = guild.roles.values().map(Role::to_value).collect();
        json!({
            "id": guild.id.to_string(), "name": guild.name, "icon": null, "splash": null,
            "discovery_splash": null, "banner": null, "owner_id": guild.owner_id.to_string(),
            "region": "local", "afk_channel_id": guild.afk_channel_id.map(|id| id.to_string()),
            "afk_timeout": 300, "verification_level": 0,
            "default_message_notifications": 0, "explicit_content_filter": 0, "roles": roles,
            "emojis": [], "stickers": [], "features": [], "mfa_level": 0, "application_id": null,
            "system_channel_id": null, "system_channel_flags": 0, "rules_channel_id": null,
            "max_members": 500_000, "max_presences": null, "vanity_url_code": null,
            "description": null, "premium_tier": 0, "premium_subscription_count": 0,
            "preferred_locale": guild.locale, "public_updates_channel_id": null, "nsfw_level": 0,
            "nsfw": false, "max_video_channel_users": 25, "max_stage_video_channel_users": 50,
            "premium_progress_bar_enabled": false, "safety_alerts_channel_id": null,
            "widget_enabled": false, "widget_channel_id": null, "incidents_data": null,
        })
    }

    /// `GUILD_CREATE` for a bot: all channels, the open threads it sees; of the members only itself
    /// and those in voice, unless it may have all.
    pub fn guild_create_value(&self, guild: &Guild, bot: Id, all_members: bool) -> Value {
        let mut value = self.guild_value(guild);
        let own = self
            .channels
            .values()
            .filter(|it| it.guild_id == Some(guild.id));
        let (threads, channels): (Vec<&Channel>, Vec<&Channel>) =
            own.partition(|channel| channel.kind.is_thread());
        let channels: Vec<Value> = channels
            .into_iter()
            .map(|it| self.channel_value(it))
            .collect();
        let threads: Vec<Value> = threads
            .into_iter()
            .filter(|it| it.thread.as_ref().is_none_or(|thread| !thread.is_archived))
            .filter(|it| self.rights_in(it, bot) & crate::permissions::VIEW_CHANNEL != 0)
            .map(|it| self.channel_value(it))
            .collect();
        let shown = |id: &&Id| all_members || **id == bot || guild.voice_states.contains_key(id);
        let members = guild.members.keys().filter(shown);
        let members: Vec<Value> = members.map(|id| self.member_value(guild, *id)).collect();
        let states: Vec<Value> = guild
            .voice_states
            .values()
            .map(|it| it.to_value(true))
            .collect();
        let instances = guild.stage_instances.values();
        let on_stage: Vec<Value> = instances.map(StageInstance::to_value).collect();
        let joined_at = guild
            .members
            .get(&bot)
            .map_or(0, |member| member.joined_at_ms);
        for (key, field) in [
            ("joined_at", timestamp(joined_at).into()),
            ("large", (guild.members.len() > LARGE_THRESHOLD).into()),
            ("member_count", guild.members.len().into()),
            ("channels", channels.into()),
            ("threads", threads.into()),
            ("members", members.into()),
            ("voice_states", states.into()),
            ("stage_instances", on_stage.into()),
            ("presences", json!([])),
            ("guild_scheduled_events", json!([])),
            ("soundboard_sounds", json!([])),
        ] {
            put(&mut value, key, field);
        }
        value
    }

    /// The message as its reader gets it. `base` is the address of the server, `reader` is who
    /// asks, for the `me` of reactions.
    pub fn message_value(&self, message: &Message, base: &str, reader: Id) -> Value {
        let files = message
            .attachments
            .iter()
            .filter_map(|id| self.files.get(id));
        let files: Vec<Value> = files.map(|file| file.to_value(base)).collect();
        let users = message.mentions.iter().filter_map(|id| self.users.get(id));
        let mentions: Vec<Value> = users.map(User::to_value).collect();
        let mut value = json!({
            "id": message.id.to_string(), "channel_id": message.channel_id.to_string(),
            "type": message.kind, "author": self.author_value(message), "content": message.content,
            "timestamp": timestamp(message.at_ms), "edited_timestamp": message.edited_at_ms.map(timestamp),
            "tts": message.tts, "mention_everyone": message.mention_everyone, "mentions": mentions,
            "mention_roles": ids(&message.mention_roles), "attachments": files,
            "embeds": message.embeds, "components": message.components, "pinned": message.pinned,
            "flags": message.flags,
        });
        if !message.reactions.is_empty() {
            let reactions: Vec<Value> = message
                .reactions
                .iter()
                .map(|it| it.to_value(reader))
                .collect();
            put(&mut value, "reactions", reactions.into());
        }
        let optional = [
            ("webhook_id", message.webhook_id.map(id)),
            ("application_id", message.application_id.map(id)),
            ("nonce", message.nonce.clone()),
        ];
        for (key, field) in optional {
            if let Some(field) = field {
                put(&mut value, key, field);
            }
        }
        for (key, field) in self.interaction_fields(message) {
            put(&mut value, key, field);
        }
        if let Some(reference) = message.reference {
            let mut to = json!({
                "type": 0, "message_id": reference.to_string(), "channel_id": message.channel_id.to_string(),
            });
            if let Some(guild) = self
                .channels
                .get(&message.channel_id)
                .and_then(|it| it.guild_id)
            {
                put(&mut to, "guild_id", id(guild));
            }
            put(&mut value, "message_reference", to);
        }
        value
    }

    /// The message as an event tells it: with guild and member.
    pub fn message_event(&self, message: &Message, base: &str, bot: Id) -> Value {
        let mut value = self.message_value(message, base, bot);
        let channel = self.channels.get(&message.channel_id);
        let guild = channel
            .and_then(|it| it.guild_id)
            .and_then(|id| self.guilds.get(&id));
        if let Some(guild) = guild {
            put(&mut value, "guild_id", id(guild.id));
            if let Some(member) = guild
                .members
                .get(&message.author_id)
                .filter(|_| message.webhook_id.is_none())
            {
                put(&mut value, "member", member.to_partial());
            }
        }
        value
    }

    fn author_value(&self, message: &Message) -> Value {
        match (&message.webhook_name, message.webhook_id) {
            (Some(name), Some(webhook)) if message.interaction_id.is_none() => json!({
                "id": webhook.to_string(), "username": name, "discriminator": "0000",
                "global_name": null, "avatar": null, "bot": true,
            }),
            _ => self
                .users
                .get(&message.author_id)
                .map_or_else(|| Value::Object(Map::new()), User::to_value),
        }
    }
}
