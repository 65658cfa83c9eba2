//! Interactions: what people do with commands, buttons, selects and forms, what a bot answers, and
//! the commands it registers. Part of the world: it refuses on the one side what a person's client
//! refuses, on the other what Discord refuses a bot. It knows no socket.

mod answer;
mod body;
mod commands;
mod components;
mod forms;
mod given;
mod options;
mod payload;
mod registry;
mod replies;
#[cfg(test)]
mod tests;

pub use crate::world::Outcome;
pub use registry::CommandPlace;
pub use replies::Reply;

use crate::world::{Hub, Id};
use bytes::Bytes;

/// What somebody gives for an option.
#[derive(Clone, Debug)]
pub enum Given {
    Text(String),
    Int(i64),
    Number(f64),
    Bool(bool),
    User(Id),
    Channel(Id),
    Role(Id),
    Attachment { name: String, bytes: Bytes },
}

/// Who asks and where they stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct At {
    pub user_id: Id,
    pub channel_id: Id,
}

/// What a client itself refuses before anything is sent.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ClientRefusal {
    #[error("there is no command /{0} here")]
    NoSuchCommand(String),
    #[error("the option or field does not fit: {0}")]
    Option(String),
    #[error("this member may not use it here")]
    NotAllowed,
    #[error("there is no component {0} on the message")]
    NoSuchComponent(String),
    #[error("the component is disabled")]
    Disabled,
    #[error("this person does not see it")]
    NotVisible,
    #[error("the file is too large")]
    TooLarge,
    #[error("the interaction opened no form")]
    NoForm,
}

impl Hub {
    /// Somebody sends a slash command. `path` is `play` or `stage open`, without the slash.
    pub fn slash(
        &self,
        at: At,
        application_id: Id,
        path: &str,
        options: Vec<(String, Given)>,
    ) -> Result<Id, ClientRefusal> {
        let base = self.addresses().rest;
        self.world()
            .send_command(&base, at, (application_id, path), options)
    }

    /// Somebody types in an option that offers completions; the other options may be missing.
    #[expect(
        clippy::too_many_arguments,
        reason = "it is `slash` and the option in focus"
    )]
    pub fn autocomplete(
        &self,
        at: At,
        application_id: Id,
        path: &str,
        options: Vec<(String, Given)>,
        focused: &str,
    ) -> Result<Id, ClientRefusal> {
        let command = (application_id, path);
        self.world()
            .send_autocomplete(at, command, options, focused)
    }

    /// Somebody presses a button.
    pub fn press(&self, at: At, message_id: Id, custom_id: &str) -> Result<Id, ClientRefusal> {
        let base = self.addresses().rest;
        self.world().send_press(&base, at, message_id, custom_id)
    }

    /// Somebody chooses from a select. `values` are the options' values, or ids.
    pub fn select(
        &self,
        at: At,
        message_id: Id,
        custom_id: &str,
        values: Vec<String>,
    ) -> Result<Id, ClientRefusal> {
        let base = self.addresses().rest;
        let component = (message_id, custom_id);
        self.world().send_select(&base, at, component, values)
    }

    /// Somebody submits the form that their interaction `modal_of` opened. A field named several
    /// times has several values; a checkbox takes `true` or `false`.
    pub fn submit(
        &self,
        at: At,
        modal_of: Id,
        fields: Vec<(String, String)>,
    ) -> Result<Id, ClientRefusal> {
        let base = self.addresses().rest;
        self.world().send_form(&base, at, modal_of, fields)
    }

    /// What became of an interaction so far; `Failed` for one that is not known. Nothing stirs when
    /// the three seconds are over: ask again.
    pub fn outcome(&self, interaction: Id) -> Outcome {
        let world = self.world();
        let ask = world.asks.get(interaction);
        ask.map_or(Outcome::Failed, crate::world::Ask::outcome)
    }
}
