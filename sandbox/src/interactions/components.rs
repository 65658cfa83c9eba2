//! Buttons and selects of messages, in rows, sections and containers.

use super::payload::Resolved;
use super::{At, ClientRefusal};
use crate::world::{AskKind, Channel, Id, Message, World, now_ms};
use serde_json::{Value, json};
use std::collections::BTreeSet;

const BUTTON: i64 = 2;

impl World {
    pub(super) fn send_press(
        &mut self,
        base: &str,
        at: At,
        message_id: Id,
        custom_id: &str,
    ) -> Result<Id, ClientRefusal> {
        let (bot, component) = self.usable_component(at, message_id, custom_id)?;
        if kind(&component) != BUTTON {
            return Err(ClientRefusal::NoSuchComponent(custom_id.to_owned()));
        }
        let data = data_of(&component);
        let kind = AskKind::Component { message_id };
        Ok(self.send(base, at, bot, (kind, data)))
    }

    pub(super) fn send_select(
        &mut self,
        base: &str,
        at: At,
        (message_id, custom_id): (Id, &str),
        values: Vec<String>,
    ) -> Result<Id, ClientRefusal> {
        let (bot, component) = self.usable_component(at, message_id, custom_id)?;
        if !matches!(kind(&component), 3 | 5..=8) {
            return Err(ClientRefusal::NoSuchComponent(custom_id.to_owned()));
        }
        let mut resolved = Resolved::default();
        self.choose(at, &component, &values, &mut resolved)?;
        let mut data = data_of(&component);
        if let Some(fields) = data.as_object_mut() {
            fields.insert("values".to_owned(), values.into());
        }
        resolved.put_into(&mut data);
        let kind = AskKind::Component { message_id };
        Ok(self.send(base, at, bot, (kind, data)))
    }

    /// The bot whose message it is, and the component that is to be used.
    fn usable_component(
        &self,
        at: At,
        message_id: Id,
        custom_id: &str,
    ) -> Result<(Id, Value), ClientRefusal> {
        let missing = || ClientRefusal::NoSuchComponent(custom_id.to_owned());
        let message = self.seen_message(at, message_id)?;
        self.may_act(at)?;
        let component = find(&message.components, custom_id).ok_or_else(missing)?;
        if component.get("disabled").and_then(Value::as_bool) == Some(true) {
            return Err(ClientRefusal::Disabled);
        }
        let bot = bot_of(message).filter(|id| self.applications.contains_key(id));
        Ok((bot.ok_or_else(missing)?, component.clone()))
    }

    /// A member in time-out looks on.
    pub(super) fn may_act(&self, at: At) -> Result<(), ClientRefusal> {
        let channel = self.channels.get(&at.channel_id);
        let guild = channel
            .and_then(|it| it.guild_id)
            .and_then(|id| self.guilds.get(&id));
        let member = guild.and_then(|it| it.members.get(&at.user_id));
        let until = member.and_then(|it| it.timed_out_until_ms);
        if until.is_some_and(|until| until > now_ms()) {
            return Err(ClientRefusal::NotAllowed);
        }
        Ok(())
    }

    /// Checks what is chosen in a select, in a message or a form.
    pub(super) fn choose(
        &self,
        at: At,
        component: &Value,
        values: &[String],
        resolved: &mut Resolved,
    ) -> Result<(), ClientRefusal> {
        let name = component.get("custom_id").and_then(Value::as_str);
        let name = name.unwrap_or_default();
        let bound = |key: &str| component.get(key).and_then(Value::as_u64);
        let count = values.len() as u64;
        let (least, most) = (
            bound("min_values").unwrap_or(1),
            bound("max_values").unwrap_or(1),
        );
        if !(least..=most).contains(&count) {
            let what = format!("{name} takes {least} to {most} values");
            return Err(ClientRefusal::Option(what));
        }
        if values.iter().collect::<BTreeSet<_>>().len() != values.len() {
            return Err(ClientRefusal::Option(format!("{name} has a value twice")));
        }
        let channel = self.channels.get(&at.channel_id);
        let channel = channel.ok_or(ClientRefusal::NotVisible)?;
        for value in values {
            if !self.may_choose((channel, at), component, value, resolved) {
                let what = format!("{name} does not offer {value}");
                return Err(ClientRefusal::Option(what));
            }
        }
        Ok(())
    }

    fn may_choose(
        &self,
        (channel, at): (&Channel, At),
        component: &Value,
        value: &str,
        resolved: &mut Resolved,
    ) -> bool {
        let kind = kind(component);
        if kind == 3 {
            let options = component.get("options").and_then(Value::as_array);
            let mut offered = options
                .into_iter()
                .flatten()
                .filter_map(|it| it.get("value"));
            return offered.any(|it| it == value);
        }
        let Ok(id) = value.parse::<Id>() else {
            return false;
        };
        match kind {
            5 => resolved.user(self, channel, id),
            6 => resolved.role(self, channel, id),
            7 => resolved.user(self, channel, id) || resolved.role(self, channel, id),
            8 => {
                let wanted = component.get("channel_types");
                resolved.channel(self, (channel, at.user_id), id, wanted)
            }
            _ => false,
        }
    }
}

pub(super) fn kind(component: &Value) -> i64 {
    component.get("type").and_then(Value::as_i64).unwrap_or(0)
}

/// The application that hears of what is done with a message's components.
fn bot_of(message: &Message) -> Option<Id> {
    message.application_id.or(Some(message.author_id))
}

fn data_of(component: &Value) -> Value {
    json!({
        "custom_id": component.get("custom_id"), "component_type": kind(component),
        "id": component.get("id").and_then(Value::as_i64).unwrap_or(1),
    })
}

/// The component with this `custom_id`, however deep it stands.
pub(super) fn find<'c>(components: &'c [Value], custom_id: &str) -> Option<&'c Value> {
    components.iter().find_map(|component| {
        if component.get("custom_id").and_then(Value::as_str) == Some(custom_id) {
            return Some(component);
        }
        let single = ["accessory", "component"]
            .iter()
            .filter_map(|key| component.get(*key))
            .find_map(|it| find(std::slice::from_ref(it), custom_id));
        let nested = component.get("components").and_then(Value::as_array);
        single.or_else(|| find(nested?, custom_id))
    })
}
