//! What was filled in with a command, read from Discord's form: the subcommand and its options by
//! name. Discord has checked kinds and bounds; what is missing or of another kind is `None`.

use super::super::{ids, markup};
use crate::domain::ids::MemberId;
use serenity::all::{Attachment, CommandData, CommandDataOption, CommandDataOptionValue, User};

#[derive(Clone, Copy, Debug)]
pub(super) struct Options<'a> {
    data: &'a CommandData,
    /// `None` for a command without subcommands.
    pub(super) sub: Option<&'a str>,
    given: &'a [CommandDataOption],
}

impl<'a> Options<'a> {
    pub(super) fn of(data: &'a CommandData) -> Options<'a> {
        let sub = data.options.iter().find_map(|option| match &option.value {
            CommandDataOptionValue::SubCommand(given) => {
                Some((option.name.as_str(), given.as_slice()))
            }
            _ => None,
        });
        Options {
            data,
            sub: sub.map(|(name, _)| name),
            given: sub.map_or(data.options.as_slice(), |(_, given)| given),
        }
    }

    fn value(&self, name: &str) -> Option<&'a CommandDataOptionValue> {
        let option = self.given.iter().find(|option| option.name == name)?;
        Some(&option.value)
    }

    /// Trimmed; `None` if nothing is left.
    pub(super) fn text(&self, name: &str) -> Option<&'a str> {
        match self.value(name)? {
            CommandDataOptionValue::String(text) => Some(text.trim()).filter(|it| !it.is_empty()),
            _ => None,
        }
    }

    pub(super) fn number(&self, name: &str) -> Option<u64> {
        match self.value(name)? {
            CommandDataOptionValue::Integer(number) => u64::try_from(*number).ok(),
            _ => None,
        }
    }

    /// The member with their name in this guild.
    pub(super) fn member(&self, name: &str) -> Option<(MemberId, String)> {
        let CommandDataOptionValue::User(id) = self.value(name)? else {
            return None;
        };
        let nick = self
            .data
            .resolved
            .members
            .get(id)
            .and_then(|it| it.nick.as_deref());
        let user = self.data.resolved.users.get(id);
        let shown = nick.or_else(|| user.map(User::display_name));
        Some((ids::member(*id), markup::name(shown.unwrap_or_default())))
    }

    /// The account of the member.
    pub(super) fn user(&self, name: &str) -> Option<&'a User> {
        match self.value(name)? {
            CommandDataOptionValue::User(id) => self.data.resolved.users.get(id),
            _ => None,
        }
    }

    pub(super) fn file(&self, name: &str) -> Option<&'a Attachment> {
        match self.value(name)? {
            CommandDataOptionValue::Attachment(id) => self.data.resolved.attachments.get(id),
            _ => None,
        }
    }

    /// The option that is being typed, and what it holds so far.
    pub(super) fn typed(&self) -> Option<(&'a str, &'a str)> {
        self.given.iter().find_map(|option| match &option.value {
            CommandDataOptionValue::Autocomplete { value, .. } => {
                Some((option.name.as_str(), value.trim()))
            }
            _ => None,
        })
    }
}
