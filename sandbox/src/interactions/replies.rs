//! What a bot does after its first answer, with the token of the interaction: the original answer
//! and the follow-ups.

use super::answer::{LOADING, ONE_READER};
use super::body::Files;
use crate::error::ApiError;
use crate::validate::{IS_COMPONENTS_V2, message_create, message_edit};
use crate::world::{Ask, Edit, Hub, Id, Message, Outcome, World};
use bytes::Bytes;
use serde_json::Value;

/// Which message of an interaction is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reply {
    /// `@original`
    Original,
    /// By its id.
    Message(Id),
}

impl Hub {
    /// Whether `/webhooks/{id}/…` speaks of interactions: the id is an application's.
    pub fn answers_interactions(&self, id: Id) -> bool {
        self.world().applications.contains_key(&id)
    }

    /// `POST /webhooks/{application}/{token}`: a follow-up. Right after a deferred answer it fills
    /// that one.
    pub fn follow_up(
        &self,
        application_id: Id,
        token: &str,
        body: &Value,
        files: Vec<(String, Bytes)>,
    ) -> Result<Value, ApiError> {
        let base = self.addresses().rest;
        let mut world = self.world();
        let ask = world.asks.answered(application_id, token)?.clone();
        message_create(body, files.len())?;
        if let (true, Some(original)) = (ask.is_loading, ask.original) {
            return world.change_reply(&base, &ask, original, (body, files));
        }
        let draft = world.draft_of(&base, ask.channel_id, body, files);
        let id = world.post_answer(&base, &ask, draft, ask.original);
        if let Some(ask) = world.asks.get_mut(ask.id) {
            ask.followups.push(id);
            // The deferred answer was deleted: this is what the person sees in its place.
            if matches!(ask.outcome, Outcome::Thinking { .. }) {
                ask.outcome = Outcome::Answered { message: id };
            }
        }
        world.stir();
        world.reply_value(&base, &ask, id)
    }

    /// `GET /webhooks/{application}/{token}/messages/{@original or an id}`
    pub fn reply(&self, application_id: Id, token: &str, reply: Reply) -> Result<Value, ApiError> {
        let base = self.addresses().rest;
        let world = self.world();
        let ask = world.asks.answered(application_id, token)?;
        world.reply_value(&base, ask, chosen(ask, reply)?)
    }

    /// `PATCH /webhooks/{application}/{token}/messages/{@original or an id}`
    pub fn edit_reply(
        &self,
        (application_id, token): (Id, &str),
        reply: Reply,
        body: &Value,
        files: Vec<(String, Bytes)>,
    ) -> Result<Value, ApiError> {
        let base = self.addresses().rest;
        let mut world = self.world();
        let ask = world.asks.answered(application_id, token)?.clone();
        let id = chosen(&ask, reply)?;
        world.change_reply(&base, &ask, id, (body, files))
    }

    /// `DELETE /webhooks/{application}/{token}/messages/{@original or an id}`
    pub fn delete_reply(
        &self,
        application_id: Id,
        token: &str,
        reply: Reply,
    ) -> Result<(), ApiError> {
        let mut world = self.world();
        let ask = world.asks.answered(application_id, token)?.clone();
        let id = chosen(&ask, reply)?;
        if !world.delete(ask.channel_id, id) {
            return Err(ApiError::unknown("Message"));
        }
        // Nobody waits any more for a deferred answer that is gone; what follows is a new message.
        if let Some(ask) = world.asks.get_mut(ask.id)
            && ask.original == Some(id)
        {
            ask.is_loading = false;
        }
        Ok(())
    }
}

/// The id of a message that this interaction's token reaches.
fn chosen(ask: &Ask, reply: Reply) -> Result<Id, ApiError> {
    let id = match reply {
        Reply::Original => ask.original,
        Reply::Message(id) if ask.original == Some(id) || ask.followups.contains(&id) => Some(id),
        Reply::Message(_) => None,
    };
    id.ok_or_else(|| ApiError::unknown("Message"))
}

impl World {
    fn reply_value(&self, base: &str, ask: &Ask, id: Id) -> Result<Value, ApiError> {
        let message = self.message(ask.channel_id, id);
        let message = message.ok_or_else(|| ApiError::unknown("Message"))?;
        Ok(self.message_value(message, base, ask.application_id))
    }

    /// Changes a message of the interaction; the first change of a deferred answer is the answer.
    fn change_reply(
        &mut self,
        base: &str,
        ask: &Ask,
        id: Id,
        (body, files): (&Value, Files),
    ) -> Result<Value, ApiError> {
        let message = self.message(ask.channel_id, id).cloned();
        let message = message.ok_or_else(|| ApiError::unknown("Message"))?;
        let is_v2 = message.flags & IS_COMPONENTS_V2.unsigned_abs() != 0;
        message_edit(body, files.len(), is_v2)?;
        let edit = self.edit_of(base, &message, body, files)?;
        let flags = edit.flags.map(|flags| flags & !LOADING | reader(&message));
        self.edit(base, ask.channel_id, id, Edit { flags, ..edit });
        if let Some(ask) = self.asks.get_mut(ask.id)
            && ask.is_loading
            && ask.original == Some(id)
        {
            ask.is_loading = false;
            ask.outcome = Outcome::Answered { message: id };
            self.stir();
        }
        self.reply_value(base, ask, id)
    }
}

/// A deferred answer stays as private as it was announced.
fn reader(message: &Message) -> u64 {
    if message.ephemeral_to.is_some() {
        ONE_READER
    } else {
        0
    }
}
