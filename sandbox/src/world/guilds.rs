//! Guilds, their channels, roles and members come, change and go.

use super::{
    Application, Channel, ChannelKind, Guild, Id, Member, Role, User, World, intent, now_ms,
};
use crate::permissions::{Bits, DEFAULT};
use serde_json::json;

impl World {
    /// A person with this name; the language is a Discord locale such as `en-US`.
    pub fn add_user(&mut self, name: &str, locale: &str) -> Id {
        let id = self.new_id();
        let user = User {
            id,
            name: name.to_lowercase().replace(' ', "_"),
            global_name: Some(name.to_owned()),
            bot: false,
            avatar: None,
            locale: locale.to_owned(),
            takes_messages: true,
        };
        self.users.insert(id, user);
        id
    }

    /// An application with its bot.
    pub fn add_application(&mut self, name: &str, token: &str, flags: u64) -> Id {
        let id = self.new_id();
        let user = User {
            id,
            name: name.to_owned(),
            global_name: None,
            bot: true,
            avatar: None,
            locale: "en-US".to_owned(),
            takes_messages: false,
        };
        self.users.insert(id, user);
        let (name, token) = (name.to_owned(), token.to_owned());
        let application = Application {
            id,
            name,
            token,
            flags,
            shards: 1,
            ..Application::default()
        };
        self.applications.insert(id, application);
        id
    }

    /// Gives the guild another name.
    pub fn rename_guild(&mut self, id: Id, name: &str) {
        let Some(guild) = self.guilds.get_mut(&id) else {
            return;
        };
        name.clone_into(&mut guild.name);
        self.guild_changed(id);
    }

    /// Makes a voice channel the one for the absent.
    pub fn set_afk_channel(&mut self, id: Id, channel: Option<Id>) {
        if let Some(guild) = self.guilds.get_mut(&id) {
            guild.afk_channel_id = channel;
        }
        self.guild_changed(id);
    }

    fn guild_changed(&mut self, id: Id) {
        let data = self.guilds.get(&id).map(|it| self.guild_value(it));
        let data = data.unwrap_or_default();
        self.tell_guild(id, intent::GUILDS, "GUILD_UPDATE", data);
    }

    /// A guild with its owner in it, a role @everyone and no channels.
    pub fn add_guild_of(&mut self, name: &str, owner_id: Id) -> Id {
        let id = self.new_id();
        let everyone = Role {
            id,
            name: "@everyone".to_owned(),
            permissions: DEFAULT,
            position: 0,
            bot_id: None,
        };
        let guild = Guild {
            id,
            name: name.to_owned(),
            owner_id,
            locale: "en-US".to_owned(),
            roles: [(id, everyone)].into(),
            ..Guild::default()
        };
        self.guilds.insert(id, guild);
        self.add_member(id, owner_id);
        id
    }

    /// The bot is invited with these permissions, as a managed role of its own.
    pub fn invite(&mut self, guild_id: Id, bot: Id, permissions: Bits) {
        let role = self.new_id();
        let name = self
            .users
            .get(&bot)
            .map(|user| user.name.clone())
            .unwrap_or_default();
        let Some(guild) = self.guilds.get_mut(&guild_id) else {
            return;
        };
        let position = u32::try_from(guild.roles.len()).unwrap_or(u32::MAX);
        let own = Role {
            id: role,
            name,
            permissions,
            position,
            bot_id: Some(bot),
        };
        guild.roles.insert(role, own);
        let member = Member {
            user_id: bot,
            roles: [role].into(),
            joined_at_ms: now_ms(),
            ..Member::default()
        };
        guild.members.insert(bot, member);
        self.tell_joined(guild_id, bot);
    }

    /// A role with these permissions, above all others.
    pub fn add_role(&mut self, guild_id: Id, name: &str, permissions: Bits) -> Id {
        let id = self.new_id();
        let Some(guild) = self.guilds.get_mut(&guild_id) else {
            return id;
        };
        let position = u32::try_from(guild.roles.len()).unwrap_or(u32::MAX);
        let role = Role {
            id,
            name: name.to_owned(),
            permissions,
            position,
            bot_id: None,
        };
        let data = json!({ "guild_id": guild_id.to_string(), "role": role.to_value() });
        guild.roles.insert(id, role);
        self.tell_guild(guild_id, intent::GUILDS, "GUILD_ROLE_CREATE", data);
        id
    }

    /// A new channel; id and position are given here.
    pub fn add_channel(&mut self, channel: Channel) -> Id {
        let id = self.new_id();
        self.add_channel_as(id, channel)
    }

    /// The same under an id that is given.
    pub(super) fn add_channel_as(&mut self, id: Id, mut channel: Channel) -> Id {
        channel.id = id;
        let siblings = self
            .channels
            .values()
            .filter(|it| it.guild_id == channel.guild_id);
        channel.position = u32::try_from(siblings.count()).unwrap_or(u32::MAX);
        if channel.kind.is_voice() && channel.bitrate == 0 {
            channel.bitrate = 64_000;
        }
        if channel.guild_id.is_none() {
            // Bots are not told of channels for direct messages.
            self.channels.insert(id, channel);
            self.stir();
            return id;
        }
        let is_thread = channel.kind.is_thread();
        let mut data = self.channel_value(&channel);
        if let (true, Some(fields)) = (is_thread, data.as_object_mut()) {
            fields.insert("newly_created".to_owned(), true.into());
        }
        self.channels.insert(id, channel);
        let name = if is_thread {
            "THREAD_CREATE"
        } else {
            "CHANNEL_CREATE"
        };
        self.tell_channel(id, intent::GUILDS, name, data);
        id
    }

    /// A text channel of that name.
    pub fn add_text_channel(&mut self, guild_id: Id, name: &str) -> Id {
        self.add_simple_channel(guild_id, name, ChannelKind::Text)
    }

    /// A voice channel of that name.
    pub fn add_voice_channel(&mut self, guild_id: Id, name: &str) -> Id {
        self.add_simple_channel(guild_id, name, ChannelKind::Voice)
    }

    fn add_simple_channel(&mut self, guild_id: Id, name: &str, kind: ChannelKind) -> Id {
        let name = name.to_owned();
        self.add_channel(Channel {
            guild_id: Some(guild_id),
            name,
            kind,
            ..Channel::default()
        })
    }

    /// A channel changed: name, topic, overwrites, limits.
    pub fn channel_changed(&mut self, channel_id: Id) {
        let Some(channel) = self.channels.get(&channel_id) else {
            return;
        };
        let name = if channel.kind.is_thread() {
            "THREAD_UPDATE"
        } else {
            "CHANNEL_UPDATE"
        };
        let data = self.channel_value(channel);
        self.tell_channel(channel_id, intent::GUILDS, name, data);
    }

    /// A channel goes, with its threads, messages and stage; everyone in it is out of voice.
    pub fn remove_channel(&mut self, channel_id: Id) {
        let Some(channel) = self.channels.get(&channel_id).cloned() else {
            return;
        };
        let threads = self
            .channels
            .values()
            .filter(|it| it.parent_id == Some(channel_id) && it.kind.is_thread());
        let threads: Vec<Id> = threads.map(|it| it.id).collect();
        for thread in threads {
            self.remove_channel(thread);
        }
        if let Some(guild_id) = channel.guild_id {
            let states = self
                .guilds
                .get(&guild_id)
                .map(|it| it.voice_states.values());
            let inside = states
                .into_iter()
                .flatten()
                .filter(|it| it.channel_id == channel_id);
            let inside: Vec<Id> = inside.map(|it| it.user_id).collect();
            for user_id in inside {
                self.leave_voice(guild_id, user_id);
            }
        }
        let data = self.channel_value(&channel);
        let name = if channel.kind.is_thread() {
            "THREAD_DELETE"
        } else {
            "CHANNEL_DELETE"
        };
        self.tell_channel(channel_id, intent::GUILDS, name, data);
        if let Some(guild) = channel.guild_id.and_then(|id| self.guilds.get_mut(&id)) {
            guild.stage_instances.remove(&channel_id);
        }
        self.channels.remove(&channel_id);
        self.messages.remove(&channel_id);
        self.webhooks
            .retain(|_, webhook| webhook.channel_id != channel_id);
        self.stir();
    }

    /// The direct message channel of the two, made if there is none.
    pub fn direct_channel(&mut self, one: Id, other: Id) -> Id {
        let both = |it: &&Channel| {
            it.kind == ChannelKind::Direct
                && it.recipients.contains(&one)
                && it.recipients.contains(&other)
        };
        if let Some(channel) = self.channels.values().find(both) {
            return channel.id;
        }
        let recipients = vec![one, other];
        self.add_channel(Channel {
            kind: ChannelKind::Direct,
            recipients,
            ..Channel::default()
        })
    }
}
