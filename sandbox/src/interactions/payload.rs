//! `INTERACTION_CREATE`: the envelope around what was done.

use super::{At, ClientRefusal};
use crate::permissions::{Bits, USE_APPLICATION_COMMANDS, VIEW_CHANNEL, has};
use crate::validate::FILE_BYTES_LIMIT;
use crate::world::{
    Ask, AskKind, Channel, Guild, Id, Message, Outcome, User, World, new_token, now_ms, owners,
};
use serde_json::{Map, Value, json};

impl World {
    /// The channel in which somebody stands, if they may use applications there.
    pub(super) fn standing(&self, at: At) -> Result<(&Channel, Bits), ClientRefusal> {
        let channel = self.channels.get(&at.channel_id);
        let channel = channel.ok_or(ClientRefusal::NotVisible)?;
        let rights = self.rights_in(channel, at.user_id);
        if !has(rights, VIEW_CHANNEL) {
            return Err(ClientRefusal::NotVisible);
        }
        if !has(rights, USE_APPLICATION_COMMANDS) {
            return Err(ClientRefusal::NotAllowed);
        }
        Ok((channel, rights))
    }

    /// Whether the application can be used in this channel at all.
    pub(super) fn is_installed(&self, application_id: Id, channel: &Channel) -> bool {
        match channel.guild_id.and_then(|id| self.guilds.get(&id)) {
            Some(guild) => guild.members.contains_key(&application_id),
            None => channel.recipients.contains(&application_id),
        }
    }

    /// Sends an interaction to its bot.
    pub(super) fn send(
        &mut self,
        base: &str,
        at: At,
        application_id: Id,
        (kind, data): (AskKind, Value),
    ) -> Id {
        let id = self.new_id();
        let guild_id = self.channels.get(&at.channel_id).and_then(|it| it.guild_id);
        let ask = Ask {
            id,
            application_id,
            user_id: at.user_id,
            channel_id: at.channel_id,
            guild_id,
            token: new_token(id),
            at_ms: now_ms(),
            kind,
            outcome: Outcome::Waiting,
            original: None,
            is_loading: false,
            followups: Vec::new(),
        };
        let mut payload = self.envelope(&ask, &data);
        if let Some(message) = ask
            .message_id()
            .and_then(|id| self.message(at.channel_id, id))
            && let Some(fields) = payload.as_object_mut()
        {
            let message = self.message_value(message, base, application_id);
            fields.insert("message".to_owned(), message);
        }
        self.asks.add(ask);
        self.tell_bot(application_id, guild_id, "INTERACTION_CREATE", payload);
        id
    }

    fn envelope(&self, ask: &Ask, data: &Value) -> Value {
        let user = self.users.get(&ask.user_id);
        let channel = self.channels.get(&ask.channel_id);
        let own = channel.map_or(0, |it| self.rights_in(it, ask.application_id));
        let mut payload = json!({
            "id": ask.id.to_string(), "application_id": ask.application_id.to_string(),
            "type": ask.number(), "data": data, "token": ask.token, "version": 1,
            "channel_id": ask.channel_id.to_string(),
            "channel": channel.map(|it| self.resolved_channel(it, ask.user_id)),
            "app_permissions": own.to_string(), "locale": user.map(|user| user.locale.as_str()),
            "entitlements": [], "entitlement_sku_ids": [],
            "authorizing_integration_owners": owners(ask.guild_id),
            "context": u8::from(ask.guild_id.is_none()),
            "attachment_size_limit": FILE_BYTES_LIMIT,
        });
        let Some(fields) = payload.as_object_mut() else {
            return payload;
        };
        let mut put = |key: &str, value: Value| fields.insert(key.to_owned(), value);
        match ask.guild_id.and_then(|id| self.guilds.get(&id)) {
            Some(guild) => {
                put("guild_id", guild.id.to_string().into());
                put("guild_locale", guild.locale.as_str().into());
                let short =
                    json!({ "id": guild.id.to_string(), "locale": guild.locale, "features": [] });
                put("guild", short);
                let mut member = self.member_value(guild, ask.user_id);
                let rights = channel.map_or(0, |it| self.rights_in(it, ask.user_id));
                if let Some(fields) = member.as_object_mut() {
                    fields.insert("permissions".to_owned(), rights.to_string().into());
                }
                put("member", member);
            }
            None => {
                put("user", user.map_or(Value::Null, User::to_value));
            }
        }
        payload
    }

    /// A channel with what the one who named it may do there.
    pub(super) fn resolved_channel(&self, channel: &Channel, user_id: Id) -> Value {
        let mut value = self.channel_value(channel);
        if let Some(fields) = value.as_object_mut() {
            let rights = self.rights_in(channel, user_id).to_string();
            fields.insert("permissions".to_owned(), rights.into());
            fields.remove("permission_overwrites");
        }
        value
    }

    /// A message that somebody sees.
    pub(super) fn seen_message(&self, at: At, id: Id) -> Result<&Message, ClientRefusal> {
        let message = self.message(at.channel_id, id);
        let channel = self.channels.get(&at.channel_id);
        let (Some(message), Some(channel)) = (message, channel) else {
            return Err(ClientRefusal::NotVisible);
        };
        let is_seen = match message.ephemeral_to {
            Some(reader) => reader == at.user_id,
            None => self.reads(channel, at.user_id),
        };
        if is_seen {
            Ok(message)
        } else {
            Err(ClientRefusal::NotVisible)
        }
    }
}

/// `data.resolved`: what stands behind the ids that somebody gave.
#[derive(Debug, Default)]
pub(super) struct Resolved {
    groups: Map<String, Value>,
    /// The address of the server, for files.
    pub(super) base: String,
}

impl Resolved {
    pub(super) fn at(base: &str) -> Self {
        Self {
            groups: Map::new(),
            base: base.to_owned(),
        }
    }

    pub(super) fn put(&mut self, group: &str, id: Id, value: Value) {
        let entries = self.groups.entry(group).or_insert_with(|| json!({}));
        if let Some(entries) = entries.as_object_mut() {
            entries.insert(id.to_string(), value);
        }
    }

    /// Adds a user, and the member they are in the guild. False for one who is not there.
    pub(super) fn user(&mut self, world: &World, channel: &Channel, id: Id) -> bool {
        let Some(user) = world.users.get(&id) else {
            return false;
        };
        let guild = channel.guild_id.and_then(|id| world.guilds.get(&id));
        if let Some(member) = guild.map(|guild| partial_member(world, guild, channel, id)) {
            if member.is_null() {
                return false;
            }
            self.put("members", id, member);
        }
        self.put("users", id, user.to_value());
        true
    }

    /// Adds a role of the guild. False for one that is not there.
    pub(super) fn role(&mut self, world: &World, channel: &Channel, id: Id) -> bool {
        let guild = channel.guild_id.and_then(|id| world.guilds.get(&id));
        let Some(role) = guild.and_then(|guild| guild.roles.get(&id)) else {
            return false;
        };
        self.put("roles", id, role.to_value());
        true
    }

    /// Adds a channel of the same guild which the user sees and whose type is among the wanted ones.
    pub(super) fn channel(
        &mut self,
        world: &World,
        (from, user_id): (&Channel, Id),
        id: Id,
        wanted: Option<&Value>,
    ) -> bool {
        let Some(channel) = world.channels.get(&id) else {
            return false;
        };
        let wanted = wanted.and_then(Value::as_array).filter(|it| !it.is_empty());
        let fits = wanted.is_none_or(|types| types.contains(&Value::from(channel.kind.number())));
        let is_seen = has(world.rights_in(channel, user_id), VIEW_CHANNEL);
        if !fits || !is_seen || channel.guild_id != from.guild_id {
            return false;
        }
        self.put("channels", id, world.resolved_channel(channel, user_id));
        true
    }

    /// Adds itself to the interaction's data, if anything was named.
    pub(super) fn put_into(self, data: &mut Value) {
        if let Some(fields) = data.as_object_mut()
            && !self.groups.is_empty()
        {
            fields.insert("resolved".to_owned(), self.groups.into());
        }
    }
}

fn partial_member(world: &World, guild: &Guild, channel: &Channel, id: Id) -> Value {
    let Some(member) = guild.members.get(&id) else {
        return Value::Null;
    };
    let mut value = member.to_partial();
    if let Some(fields) = value.as_object_mut() {
        fields.remove("deaf");
        fields.remove("mute");
        let rights = world.rights_in(channel, id).to_string();
        fields.insert("permissions".to_owned(), rights.into());
    }
    value
}
