//! Interactions that were asked and what became of them: the tokens, the limits of time, and what a
//! message tells about the interaction it answers.

use super::{Id, Message, User, World, now_ms};
use crate::error::ApiError;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// How long the first answer may take.
pub const FIRST_ANSWER_LIMIT_MS: u64 = 3_000;
/// How long the token is good for.
pub const TOKEN_LIMIT_MS: u64 = 15 * 60_000;
/// How many interactions are remembered, the latest ones.
const KEPT_LIMIT: usize = 10_000;

/// What became of an interaction, as the one who asked sees it.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Outcome {
    /// No answer yet.
    #[default]
    Waiting,
    /// Three seconds passed without an answer: "The application did not respond".
    Failed,
    /// "The bot is thinking…"
    Thinking { ephemeral: bool },
    /// A message answers it; it may be edited or deleted later.
    Answered { message: Id },
    /// What is offered to complete the option.
    Choices(Vec<Value>),
    /// The form that opened.
    Modal(Value),
    /// The message of the component was, or will be, updated.
    Updated,
}

/// What was done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AskKind {
    Command {
        name: String,
    },
    Autocomplete,
    /// A button or select on this message.
    Component {
        message_id: Id,
    },
    /// The form that this interaction opened; with the message, if a component opened it.
    Modal {
        of: Id,
        message_id: Option<Id>,
    },
}

/// One interaction.
#[derive(Clone, Debug)]
pub struct Ask {
    pub id: Id,
    pub application_id: Id,
    pub user_id: Id,
    pub channel_id: Id,
    pub guild_id: Option<Id>,
    pub token: String,
    pub at_ms: u64,
    pub kind: AskKind,
    pub outcome: Outcome,
    /// `@original`: the message that answers, or the updated one.
    pub original: Option<Id>,
    /// Whether a deferred answer still waits for its message.
    pub is_loading: bool,
    pub followups: Vec<Id>,
}

impl Ask {
    /// Discord's interaction type.
    pub fn number(&self) -> u8 {
        match self.kind {
            AskKind::Command { .. } => 2,
            AskKind::Component { .. } => 3,
            AskKind::Autocomplete => 4,
            AskKind::Modal { .. } => 5,
        }
    }

    /// The message whose component was used, if one was.
    pub fn message_id(&self) -> Option<Id> {
        match self.kind {
            AskKind::Component { message_id } => Some(message_id),
            AskKind::Modal { message_id, .. } => message_id,
            _ => None,
        }
    }

    /// What became of it so far.
    pub fn outcome(&self) -> Outcome {
        let is_late = now_ms() >= self.at_ms + FIRST_ANSWER_LIMIT_MS;
        match &self.outcome {
            Outcome::Waiting if is_late => Outcome::Failed,
            outcome => outcome.clone(),
        }
    }

    pub(crate) fn is_expired(&self) -> bool {
        now_ms() >= self.at_ms + TOKEN_LIMIT_MS
    }
}

/// The latest interactions, and how many commands were created today.
#[derive(Debug, Default)]
pub struct Asks {
    all: BTreeMap<Id, Ask>,
    /// By application and guild: the day, and how many.
    pub(crate) creates: BTreeMap<(Id, Option<Id>), (u64, u32)>,
}

impl Asks {
    pub fn get(&self, id: Id) -> Option<&Ask> {
        self.all.get(&id)
    }

    pub(crate) fn get_mut(&mut self, id: Id) -> Option<&mut Ask> {
        self.all.get_mut(&id)
    }

    pub(crate) fn add(&mut self, ask: Ask) {
        self.all.insert(ask.id, ask);
        while self.all.len() > KEPT_LIMIT {
            self.all.pop_first();
        }
    }

    /// Oldest first.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &Ask> {
        self.all.values()
    }

    /// The interaction that may get its first answer now: 10062 for one that is unknown or too old,
    /// 40060 for one that has an answer.
    pub(crate) fn unanswered(&self, id: Id, token: &str) -> Result<&Ask, ApiError> {
        let ask = self.get(id).filter(|ask| ask.token == token);
        let ask = ask.ok_or_else(|| ApiError::unknown("interaction"))?;
        match ask.outcome() {
            Outcome::Failed => Err(ApiError::unknown("interaction")),
            Outcome::Waiting => Ok(ask),
            _ if ask.is_expired() => Err(ApiError::unknown("interaction")),
            _ => Err(ApiError::already_acknowledged()),
        }
    }

    /// The interaction whose messages this token reaches: 50027 for a token that is wrong or older
    /// than 15 minutes, 10015 before the first answer.
    pub(crate) fn answered(&self, application_id: Id, token: &str) -> Result<&Ask, ApiError> {
        let ask = id_in(token).and_then(|id| self.get(id));
        let ask = ask
            .filter(|ask| ask.token == token && ask.application_id == application_id)
            .filter(|ask| !ask.is_expired() && ask.outcome() != Outcome::Failed)
            .ok_or_else(|| ApiError::new(401, 50027, "Invalid Webhook Token"))?;
        if ask.outcome == Outcome::Waiting || ask.kind == AskKind::Autocomplete {
            return Err(ApiError::unknown("Webhook"));
        }
        Ok(ask)
    }
}

/// A token that nobody guesses; the id in front makes it easy to find.
pub(crate) fn new_token(id: Id) -> String {
    format!("{id:x}-{:032x}", rand::random::<u128>())
}

fn id_in(token: &str) -> Option<Id> {
    Id::from_str_radix(token.split_once('-')?.0, 16).ok()
}

impl World {
    /// The fields by which a message tells which interaction it answers.
    pub(super) fn interaction_fields(&self, message: &Message) -> Vec<(&'static str, Value)> {
        let ask = message.interaction_id.and_then(|id| self.asks.get(id));
        let Some(ask) = ask else {
            return Vec::new();
        };
        let mut metadata = self.metadata(ask);
        if let (Some(original), Some(fields)) = (ask.original, metadata.as_object_mut())
            && ask.followups.contains(&message.id)
        {
            let key = "original_response_message_id".to_owned();
            fields.insert(key, super::id(original));
        }
        let mut all = vec![("interaction_metadata", metadata)];
        if let AskKind::Command { name } = &ask.kind {
            let user = self.users.get(&ask.user_id).map(User::to_value);
            let short = json!({ "id": ask.id.to_string(), "type": 2, "name": name, "user": user });
            all.push(("interaction", short));
        }
        all
    }

    fn metadata(&self, ask: &Ask) -> Value {
        let mut value = json!({
            "id": ask.id.to_string(), "type": ask.number(),
            "user": self.users.get(&ask.user_id).map(User::to_value),
            "authorizing_integration_owners": owners(ask.guild_id),
        });
        let Some(fields) = value.as_object_mut() else {
            return value;
        };
        match &ask.kind {
            AskKind::Command { name } => {
                fields.insert("name".to_owned(), name.as_str().into());
                fields.insert("command_type".to_owned(), 1.into());
            }
            AskKind::Component { message_id } => {
                fields.insert("interacted_message_id".to_owned(), super::id(*message_id));
            }
            AskKind::Modal { of, .. } => {
                if let Some(opener) = self.asks.get(*of) {
                    let key = "triggering_interaction_metadata".to_owned();
                    fields.insert(key, self.metadata(opener));
                }
            }
            AskKind::Autocomplete => {}
        }
        value
    }
}

/// Who let the application in: the guild, or nobody in a direct message.
pub(crate) fn owners(guild_id: Option<Id>) -> Value {
    json!({ "0": guild_id.unwrap_or(0).to_string() })
}
