//! Slash commands as people use them: which command is meant, whether they see it, and sending it.

use super::options::{Ending, Leaf, leaf};
use super::payload::Resolved;
use super::{At, ClientRefusal, Given};
use crate::permissions::{ADMINISTRATOR, Bits, has};
use crate::world::{AskKind, Channel, Id, World};
use serde_json::{Value, json};
use std::collections::BTreeMap;

impl World {
    pub(super) fn send_command(
        &mut self,
        base: &str,
        at: At,
        (application_id, path): (Id, &str),
        given: Vec<(String, Given)>,
    ) -> Result<Id, ClientRefusal> {
        let command = self.usable_command(at, application_id, path)?;
        let leaf = leaf(&command, path)?;
        let (options, resolved) = self.fill(base, (at, &leaf), given, Ending::Sent)?;
        let mut data = data_of(&command, &leaf, options);
        resolved.put_into(&mut data);
        let name = leaf.path.join(" ");
        let kind = AskKind::Command { name };
        Ok(self.send(base, at, application_id, (kind, data)))
    }

    pub(super) fn send_autocomplete(
        &mut self,
        at: At,
        (application_id, path): (Id, &str),
        given: Vec<(String, Given)>,
        focused: &str,
    ) -> Result<Id, ClientRefusal> {
        let command = self.usable_command(at, application_id, path)?;
        let leaf = leaf(&command, path)?;
        let completes = leaf
            .options
            .iter()
            .find(|it| it.get("name").and_then(Value::as_str) == Some(focused))
            .and_then(|it| it.get("autocomplete")?.as_bool());
        if completes != Some(true) {
            let what = format!("{focused} offers no completions");
            return Err(ClientRefusal::Option(what));
        }
        let ending = Ending::Typing(focused);
        let (options, resolved) = self.fill("", (at, &leaf), given, ending)?;
        let mut data = data_of(&command, &leaf, options);
        resolved.put_into(&mut data);
        Ok(self.send("", at, application_id, (AskKind::Autocomplete, data)))
    }

    /// The command that the first word of the path names, if this person sees it where they stand.
    /// One of the guild hides a global one of the same name.
    fn usable_command(
        &self,
        at: At,
        application_id: Id,
        path: &str,
    ) -> Result<Value, ClientRefusal> {
        let missing = || ClientRefusal::NoSuchCommand(path.to_owned());
        let (channel, rights) = self.standing(at)?;
        let application = self.applications.get(&application_id).ok_or_else(missing)?;
        if !self.is_installed(application_id, channel) {
            return Err(missing());
        }
        let of_guild = channel
            .guild_id
            .and_then(|id| application.guild_commands.get(&id));
        let word = path.split_whitespace().next().unwrap_or_default();
        let all = of_guild.into_iter().flatten().chain(&application.commands);
        let command = all
            .filter(|it| it.get("type").and_then(Value::as_i64).unwrap_or(1) == 1)
            .find(|it| it.get("name").and_then(Value::as_str) == Some(word))
            .ok_or_else(missing)?;
        if !shows_in(command, channel) {
            return Err(missing());
        }
        if channel.guild_id.is_some() && !allows(command, rights) {
            return Err(ClientRefusal::NotAllowed);
        }
        Ok(command.clone())
    }
}

/// Whether the command is for this kind of place.
fn shows_in(command: &Value, channel: &Channel) -> bool {
    let context = u8::from(channel.guild_id.is_none());
    if let Some(contexts) = command.get("contexts").and_then(Value::as_array) {
        return contexts.contains(&Value::from(context));
    }
    let for_direct = command.get("dm_permission").and_then(Value::as_bool);
    context == 0 || for_direct.unwrap_or(true)
}

/// Whether the default permissions of the command let these rights through; `"0"` is for
/// administrators only.
fn allows(command: &Value, rights: Bits) -> bool {
    let wanted = command.get("default_member_permissions");
    let wanted = wanted.and_then(|it| it.as_str()?.parse::<Bits>().ok());
    match wanted {
        None => true,
        Some(0) => has(rights, ADMINISTRATOR),
        Some(wanted) => has(rights, wanted) || has(rights, ADMINISTRATOR),
    }
}

/// The data of the interaction, with the options nested under the subcommand.
fn data_of(command: &Value, leaf: &Leaf<'_>, options: Vec<Value>) -> Value {
    let mut nested = options;
    for (depth, name) in leaf.path.iter().enumerate().skip(1).rev() {
        let kind = if depth + 1 == leaf.path.len() { 1 } else { 2 };
        nested = vec![json!({ "name": name, "type": kind, "options": nested })];
    }
    let mut data = json!({
        "id": command.get("id"), "name": command.get("name"), "type": 1, "options": nested,
    });
    if let (Some(guild), Some(fields)) = (command.get("guild_id"), data.as_object_mut()) {
        fields.insert("guild_id".to_owned(), guild.clone());
    }
    data
}

impl World {
    fn fill(
        &mut self,
        base: &str,
        (at, leaf): (At, &Leaf<'_>),
        given: Vec<(String, Given)>,
        ending: Ending<'_>,
    ) -> Result<(Vec<Value>, Resolved), ClientRefusal> {
        let mut left = BTreeMap::new();
        for (name, value) in given {
            if left.contains_key(&name) {
                return Err(ClientRefusal::Option(format!("{name} is given twice")));
            }
            left.insert(name, value);
        }
        let mut filled = Vec::new();
        let mut resolved = Resolved::at(base);
        for definition in leaf.options {
            let name = definition.get("name").and_then(Value::as_str);
            let value = name.and_then(|name| left.remove(name));
            let option = (definition, value.as_ref());
            filled.extend(self.one_option(at, option, ending, &mut resolved)?);
        }
        if let Some(name) = left.keys().next() {
            return Err(ClientRefusal::Option(format!("there is no option {name}")));
        }
        Ok((filled, resolved))
    }
}
