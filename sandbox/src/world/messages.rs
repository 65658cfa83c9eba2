//! Messages come, change and go, and the channels' bots are told.

use super::{Dispatch, Id, Message, Reaction, World, Written, intent, now_ms};
use crate::permissions::{MENTION_EVERYONE, has};
use serde_json::{Value, json};

/// A message that is to be posted; who may post it has been looked at.
#[derive(Clone, Debug, Default)]
pub struct Draft {
    pub author_id: Id,
    pub content: String,
    pub embeds: Vec<Value>,
    pub components: Vec<Value>,
    pub attachments: Vec<Id>,
    pub flags: u64,
    /// Discord's `allowed_mentions`; absent, everything it names is pinged.
    pub allowed_mentions: Option<Value>,
    pub nonce: Option<Value>,
    pub reference: Option<Id>,
    pub interaction_id: Option<Id>,
    pub application_id: Option<Id>,
    pub webhook_id: Option<Id>,
    pub webhook_name: Option<String>,
    pub ephemeral_to: Option<Id>,
    pub tts: bool,
    /// Discord's message type: 0, 19 for a reply, 20 for an answer to a command.
    pub kind: u8,
}

/// What is changed; `None` stays.
#[derive(Clone, Debug, Default)]
pub struct Edit {
    pub content: Option<String>,
    pub embeds: Option<Vec<Value>>,
    pub components: Option<Vec<Value>>,
    pub attachments: Option<Vec<Id>>,
    pub flags: Option<u64>,
    pub allowed_mentions: Option<Value>,
}

impl World {
    /// Posts the message and tells it. An ephemeral one is told to nobody but shown to its one
    /// reader; whoever made it knows.
    pub fn post(&mut self, base: &str, channel_id: Id, draft: Draft) -> Id {
        let id = self.new_id();
        let mut message = Message {
            id,
            channel_id,
            author_id: draft.author_id,
            webhook_id: draft.webhook_id,
            webhook_name: draft.webhook_name,
            content: draft.content,
            embeds: embeds(draft.embeds),
            components: draft.components,
            attachments: draft.attachments,
            flags: draft.flags,
            at_ms: now_ms(),
            nonce: draft.nonce,
            reference: draft.reference,
            interaction_id: draft.interaction_id,
            application_id: draft.application_id,
            ephemeral_to: draft.ephemeral_to,
            tts: draft.tts,
            kind: draft.kind,
            ..Message::default()
        };
        self.mention(&mut message, draft.allowed_mentions.as_ref());
        if message.ephemeral_to.is_none()
            && let Some(channel) = self.channels.get_mut(&channel_id)
        {
            channel.last_message_id = Some(id);
            if let Some(thread) = &mut channel.thread {
                thread.message_count += 1;
            }
        }
        self.tell_message(base, &message, "MESSAGE_CREATE");
        self.messages
            .entry(channel_id)
            .or_default()
            .insert(id, message);
        self.stir();
        id
    }

    pub fn message(&self, channel_id: Id, id: Id) -> Option<&Message> {
        self.messages.get(&channel_id)?.get(&id)
    }

    /// A message that the routes of its channel reach: an ephemeral one is reached by the token of
    /// its interaction only.
    pub fn open_message(&self, channel_id: Id, id: Id) -> Option<&Message> {
        let message = self.message(channel_id, id);
        message.filter(|it| it.ephemeral_to.is_none())
    }

    /// Changes a message. False when it is not there.
    pub fn edit(&mut self, base: &str, channel_id: Id, id: Id, edit: Edit) -> bool {
        let Some(mut message) = self.message(channel_id, id).cloned() else {
            return false;
        };
        if let Some(content) = edit.content {
            message.content = content;
        }
        if let Some(new) = edit.embeds {
            message.embeds = embeds(new);
        }
        if let Some(components) = edit.components {
            message.components = components;
        }
        if let Some(attachments) = edit.attachments {
            message.attachments = attachments;
        }
        if let Some(flags) = edit.flags {
            message.flags = flags;
        }
        message.edited_at_ms = Some(now_ms());
        self.mention(&mut message, edit.allowed_mentions.as_ref());
        self.tell_message(base, &message, "MESSAGE_UPDATE");
        self.messages
            .entry(channel_id)
            .or_default()
            .insert(id, message);
        self.stir();
        true
    }

    /// Changes what is no edit of the author's: flags, pinned or not. It is told all the same.
    pub(super) fn alter(
        &mut self,
        base: &str,
        (channel_id, id): (Id, Id),
        change: impl FnOnce(&mut Message),
    ) {
        let all = self.messages.get_mut(&channel_id);
        let Some(message) = all.and_then(|it| it.get_mut(&id)) else {
            return;
        };
        change(message);
        let message = message.clone();
        self.tell_message(base, &message, "MESSAGE_UPDATE");
    }

    /// Takes a message away. False when it is not there.
    pub fn delete(&mut self, channel_id: Id, id: Id) -> bool {
        let Some(message) = self
            .messages
            .get_mut(&channel_id)
            .and_then(|all| all.remove(&id))
        else {
            return false;
        };
        if message.ephemeral_to.is_none() {
            let mut data = json!({ "id": id.to_string(), "channel_id": channel_id.to_string() });
            self.add_guild(channel_id, &mut data);
            let intents = self.either(channel_id, intent::GUILD_MESSAGES, intent::DIRECT_MESSAGES);
            self.tell_channel(channel_id, intents, "MESSAGE_DELETE", data);
        }
        self.stir();
        true
    }

    /// Takes several messages away at once; those that are not there, and
    /// ephemeral ones, are passed over.
    pub fn delete_many(&mut self, channel_id: Id, ids: &[Id]) {
        let Some(all) = self.messages.get_mut(&channel_id) else {
            return;
        };
        let gone: Vec<Id> = ids
            .iter()
            .copied()
            .filter(|id| {
                let is_open = all.get(id).is_some_and(|it| it.ephemeral_to.is_none());
                is_open && all.remove(id).is_some()
            })
            .collect();
        let names: Vec<String> = gone.iter().map(ToString::to_string).collect();
        let mut data = json!({ "ids": names, "channel_id": channel_id.to_string() });
        self.add_guild(channel_id, &mut data);
        self.tell_channel(
            channel_id,
            intent::GUILD_MESSAGES,
            "MESSAGE_DELETE_BULK",
            data,
        );
    }

    /// Messages in the channel that the user sees, oldest first.
    pub fn messages_for(
        &self,
        channel_id: Id,
        user_id: Id,
    ) -> impl DoubleEndedIterator<Item = &Message> {
        let is_visible = self
            .channels
            .get(&channel_id)
            .is_some_and(|it| self.reads(it, user_id));
        let all = self
            .messages
            .get(&channel_id)
            .into_iter()
            .flat_map(|all| all.values());
        all.filter(move |message| match message.ephemeral_to {
            Some(reader) => reader == user_id,
            None => is_visible,
        })
    }

    /// The intent that fits the kind of channel.
    pub(super) fn either(&self, channel_id: Id, of_guild: u64, direct: u64) -> u64 {
        let is_direct = self
            .channels
            .get(&channel_id)
            .is_some_and(|it| it.guild_id.is_none());
        if is_direct { direct } else { of_guild }
    }

    /// Adds `guild_id` where there is one.
    pub(super) fn add_guild(&self, channel_id: Id, data: &mut Value) {
        let guild = self
            .channels
            .get(&channel_id)
            .and_then(|channel| channel.guild_id);
        if let (Some(guild), Some(fields)) = (guild, data.as_object_mut()) {
            fields.insert("guild_id".to_owned(), super::id(guild));
        }
    }

    fn tell_message(&mut self, base: &str, message: &Message, name: &'static str) {
        let Some(channel) = self.channels.get(&message.channel_id) else {
            return;
        };
        if message.ephemeral_to.is_some() {
            return;
        }
        let (guild_id, bots) = (channel.guild_id, self.bots_that_see(channel));
        let intents = self.either(
            message.channel_id,
            intent::GUILD_MESSAGES,
            intent::DIRECT_MESSAGES,
        );
        for bot in bots {
            let data = self.message_event(message, base, bot);
            let written = Some(Written {
                author_id: message.author_id,
                mentions: message.mentions.clone(),
                is_direct: guild_id.is_none(),
            });
            self.tell(Dispatch {
                name,
                guild_id,
                bots: vec![bot],
                intents,
                written,
                data,
            });
        }
    }

    /// Works out whom the message pings, by its words and by what is allowed.
    fn mention(&self, message: &mut Message, allowed: Option<&Value>) {
        let channel = self.channels.get(&message.channel_id);
        let guild = channel
            .and_then(|it| it.guild_id)
            .and_then(|id| self.guilds.get(&id));
        let parses = |what: &str| match allowed {
            None | Some(Value::Null) => {
                message.interaction_id.is_none() && message.webhook_id.is_none() || what == "users"
            }
            Some(allowed) => allowed
                .get("parse")
                .and_then(Value::as_array)
                .is_some_and(|all| all.iter().any(|it| it == what)),
        };
        let listed = |what: &str, id: Id| {
            let list = allowed
                .and_then(|it| it.get(what))
                .and_then(Value::as_array);
            list.is_some_and(|all| all.iter().any(|it| it.as_str() == Some(&id.to_string())))
        };
        let named = |opening: &str| -> Vec<Id> {
            let parts = message.content.split(opening).skip(1);
            parts
                .filter_map(|rest| rest.split('>').next()?.trim_start_matches('!').parse().ok())
                .collect()
        };
        let mut users: Vec<Id> = named("<@");
        users.retain(|id| self.users.contains_key(id) && (parses("users") || listed("users", *id)));
        users.dedup();
        let mut roles: Vec<Id> = named("<@&");
        roles.retain(|id| {
            guild.is_some_and(|it| it.roles.contains_key(id))
                && (parses("roles") || listed("roles", *id))
        });
        let may =
            channel.is_some_and(|it| has(self.rights_in(it, message.author_id), MENTION_EVERYONE));
        let says = message.content.contains("@everyone") || message.content.contains("@here");
        message.mention_everyone = says && may && parses("everyone");
        message.mentions = users;
        message.mention_roles = roles;
    }
}

/// Discord adds the type to embeds.
fn embeds(mut embeds: Vec<Value>) -> Vec<Value> {
    for embed in &mut embeds {
        if let Some(fields) = embed.as_object_mut() {
            fields.entry("type").or_insert_with(|| "rich".into());
        }
    }
    embeds
}

impl Reaction {
    pub(super) fn to_value(&self, reader: Id) -> Value {
        let count = self.users.len();
        json!({
            "emoji": super::reactions::emoji(&self.emoji), "count": count,
            "count_details": { "burst": 0, "normal": count }, "burst_colors": [],
            "me": self.users.contains(&reader), "me_burst": false, "burst_me": false, "burst_count": 0,
        })
    }
}
