//! The first answer of a bot: the callback.

use super::body::{Files, flags};
use crate::error::ApiError;
use crate::validate::{Asked, EPHEMERAL, IS_COMPONENTS_V2, callback};
use crate::world::{Ask, AskKind, Draft, Hub, Id, Outcome, World};
use bytes::Bytes;
use serde_json::{Value, json};

/// The flag of a message that says that the bot is thinking.
pub(super) const LOADING: u64 = 1 << 7;
pub(super) const ONE_READER: u64 = EPHEMERAL.unsigned_abs();

impl Hub {
    /// `POST /interactions/{id}/{token}/callback`; the value is the answer to `with_response=true`.
    /// 10062 for an interaction that is unknown or too old, 40060 for one that has its answer.
    pub fn answer(
        &self,
        id: Id,
        token: &str,
        body: &Value,
        files: Vec<(String, Bytes)>,
    ) -> Result<Value, ApiError> {
        let base = self.addresses().rest;
        self.world().answer(&base, (id, token), body, files)
    }
}

impl World {
    fn answer(
        &mut self,
        base: &str,
        (id, token): (Id, &str),
        body: &Value,
        files: Files,
    ) -> Result<Value, ApiError> {
        let ask = self.asks.unanswered(id, token)?.clone();
        callback(body, self.asked(&ask), files.len())?;
        let data = body.get("data").unwrap_or(&Value::Null);
        let number = body.get("type").and_then(Value::as_u64).unwrap_or(0);
        let (outcome, original) = match number {
            4 => {
                let draft = self.draft_of(base, ask.channel_id, data, files);
                let message = self.post_answer(base, &ask, draft, None);
                (Outcome::Answered { message }, Some(message))
            }
            5 => {
                let ephemeral = flags(data) & ONE_READER != 0;
                let draft = Draft {
                    flags: LOADING | (flags(data) & ONE_READER),
                    ..Draft::default()
                };
                let message = self.post_answer(base, &ask, draft, None);
                (Outcome::Thinking { ephemeral }, Some(message))
            }
            6 => (Outcome::Updated, ask.message_id()),
            7 => {
                self.update(base, &ask, data, files)?;
                (Outcome::Updated, ask.message_id())
            }
            8 => (Outcome::Choices(array(data, "choices")), None),
            9 => (Outcome::Modal(data.clone()), None),
            _ => return Err(ApiError::new(400, 0, "The sandbox has no such answer")),
        };
        if let Some(ask) = self.asks.get_mut(id) {
            ask.is_loading = matches!(outcome, Outcome::Thinking { .. });
            ask.outcome = outcome;
            ask.original = original;
        }
        self.stir();
        Ok(self.callback_value(base, id, number))
    }

    fn asked(&self, ask: &Ask) -> Asked {
        let message = ask
            .message_id()
            .and_then(|it| self.message(ask.channel_id, it));
        let is_v2 = message.is_some_and(|it| it.flags & IS_COMPONENTS_V2.unsigned_abs() != 0);
        match ask.kind {
            AskKind::Command { .. } => Asked::Command,
            AskKind::Autocomplete => Asked::Autocomplete,
            AskKind::Component { .. } => Asked::Component { is_v2 },
            AskKind::Modal { message_id, .. } => Asked::Modal {
                from_message: message_id.is_some(),
                is_v2,
            },
        }
    }

    /// Posts a message of the bot; `to` is the message it follows up.
    pub(super) fn post_answer(
        &mut self,
        base: &str,
        ask: &Ask,
        draft: Draft,
        to: Option<Id>,
    ) -> Id {
        let reference = to.or_else(|| ask.message_id());
        let kind = match (&ask.kind, reference) {
            (_, Some(_)) => 19,
            (AskKind::Command { .. }, None) => 20,
            _ => 0,
        };
        let draft = Draft {
            author_id: ask.application_id,
            interaction_id: Some(ask.id),
            application_id: Some(ask.application_id),
            webhook_id: Some(ask.application_id),
            ephemeral_to: (draft.flags & ONE_READER != 0).then_some(ask.user_id),
            kind,
            reference,
            ..draft
        };
        self.post(base, ask.channel_id, draft)
    }

    fn update(
        &mut self,
        base: &str,
        ask: &Ask,
        data: &Value,
        files: Files,
    ) -> Result<(), ApiError> {
        let message = ask
            .message_id()
            .and_then(|it| self.message(ask.channel_id, it));
        let message = message
            .cloned()
            .ok_or_else(|| ApiError::unknown("Message"))?;
        let edit = self.edit_of(base, &message, data, files)?;
        self.edit(base, ask.channel_id, message.id, edit);
        Ok(())
    }

    fn callback_value(&self, base: &str, id: Id, number: u64) -> Value {
        let Some(ask) = self.asks.get(id) else {
            return Value::Null;
        };
        let message = ask.original.and_then(|it| self.message(ask.channel_id, it));
        let mut short = json!({ "id": ask.id.to_string(), "type": ask.number() });
        let mut resource = json!({ "type": number });
        if let (Some(message), Some(fields)) = (message, short.as_object_mut()) {
            let of_message = [
                ("response_message_id", message.id.to_string().into()),
                ("response_message_loading", ask.is_loading.into()),
                (
                    "response_message_ephemeral",
                    message.ephemeral_to.is_some().into(),
                ),
            ];
            for (key, value) in of_message {
                fields.insert(key.to_owned(), value);
            }
            if let (4 | 7, Some(fields)) = (number, resource.as_object_mut()) {
                let message = self.message_value(message, base, ask.application_id);
                fields.insert("message".to_owned(), message);
            }
        }
        if matches!(number, 4 | 7) {
            json!({ "interaction": short, "resource": resource })
        } else {
            json!({ "interaction": short })
        }
    }
}

fn array(data: &Value, key: &str) -> Vec<Value> {
    let list = data.get(key).and_then(Value::as_array);
    list.cloned().unwrap_or_default()
}
