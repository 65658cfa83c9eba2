//! Reactions come and go.

use super::{Id, Message, Reaction, World, intent};
use crate::error::ApiError;
use serde_json::{Value, json};

/// Different reactions a message can have.
const REACTIONS_LIMIT: usize = 20;

/// Discord's partial emoji object.
pub(super) fn emoji(written: &str) -> Value {
    match written.rsplit_once(':') {
        Some((name, id)) if id.parse::<Id>().is_ok() => {
            json!({ "id": id, "name": name.trim_start_matches(':'), "animated": false })
        }
        _ => json!({ "id": null, "name": written }),
    }
}

impl World {
    /// Adds somebody's reaction; one they have already changes nothing.
    pub fn react(&mut self, place: (Id, Id), user_id: Id, written: &str) -> Result<(), ApiError> {
        let message = self
            .message_mut(place)
            .ok_or_else(|| ApiError::unknown("Message"))?;
        let author_id = message.author_id;
        let is_full = message.reactions.len() >= REACTIONS_LIMIT;
        let there = message.reactions.iter_mut().find(|it| it.emoji == written);
        match there {
            Some(reaction) if reaction.users.contains(&user_id) => return Ok(()),
            Some(reaction) => reaction.users.push(user_id),
            None if is_full => {
                return Err(ApiError::too_many_reactions());
            }
            None => message.reactions.push(Reaction {
                emoji: written.to_owned(),
                users: vec![user_id],
            }),
        }
        let mut data = self.reaction_data(place, user_id, written);
        let guild = self.channels.get(&place.0).and_then(|it| it.guild_id);
        let member = guild
            .and_then(|id| self.guilds.get(&id))
            .map(|it| self.member_value(it, user_id));
        if let Some(fields) = data.as_object_mut() {
            fields.insert("message_author_id".to_owned(), super::id(author_id));
            fields.insert("burst_colors".to_owned(), json!([]));
            if let Some(member) = member {
                fields.insert("member".to_owned(), member);
            }
        }
        self.tell_reaction(place.0, "MESSAGE_REACTION_ADD", data);
        Ok(())
    }

    /// Takes somebody's reaction back; one that is not there changes nothing.
    pub fn unreact(&mut self, place: (Id, Id), user_id: Id, written: &str) -> Result<(), ApiError> {
        let message = self
            .message_mut(place)
            .ok_or_else(|| ApiError::unknown("Message"))?;
        let Some(reaction) = message.reactions.iter_mut().find(|it| it.emoji == written) else {
            return Ok(());
        };
        let before = reaction.users.len();
        reaction.users.retain(|id| *id != user_id);
        let is_gone = reaction.users.len() != before;
        message.reactions.retain(|it| !it.users.is_empty());
        if is_gone {
            let data = self.reaction_data(place, user_id, written);
            self.tell_reaction(place.0, "MESSAGE_REACTION_REMOVE", data);
        }
        Ok(())
    }

    /// Takes all reactions away, or all with one emoji.
    pub fn clear_reactions(&mut self, place: (Id, Id), only: Option<&str>) -> Result<(), ApiError> {
        let message = self
            .message_mut(place)
            .ok_or_else(|| ApiError::unknown("Message"))?;
        message
            .reactions
            .retain(|it| only.is_some_and(|only| it.emoji != only));
        let mut data =
            json!({ "channel_id": place.0.to_string(), "message_id": place.1.to_string() });
        self.add_guild(place.0, &mut data);
        let name = match (only, data.as_object_mut()) {
            (Some(only), Some(fields)) => {
                fields.insert("emoji".to_owned(), emoji(only));
                "MESSAGE_REACTION_REMOVE_EMOJI"
            }
            _ => "MESSAGE_REACTION_REMOVE_ALL",
        };
        self.tell_reaction(place.0, name, data);
        Ok(())
    }

    /// A message that can have reactions: an ephemeral one is out of reach.
    fn message_mut(&mut self, (channel, message): (Id, Id)) -> Option<&mut Message> {
        let message = self.messages.get_mut(&channel)?.get_mut(&message)?;
        Some(message).filter(|it| it.ephemeral_to.is_none())
    }

    fn reaction_data(&self, (channel, message): (Id, Id), user_id: Id, written: &str) -> Value {
        let mut data = json!({
            "user_id": user_id.to_string(), "channel_id": channel.to_string(),
            "message_id": message.to_string(), "emoji": emoji(written), "burst": false, "type": 0,
        });
        self.add_guild(channel, &mut data);
        data
    }

    fn tell_reaction(&mut self, channel_id: Id, name: &'static str, data: Value) {
        let intents = self.either(
            channel_id,
            intent::GUILD_MESSAGE_REACTIONS,
            intent::DIRECT_MESSAGE_REACTIONS,
        );
        self.tell_channel(channel_id, intents, name, data);
    }
}
