//! Webhooks: made and kept by a bot, used by whoever has the token.

use super::channels::wrong_kind;
use super::exchange::{Answer, Exchange, Reply, ok};
use super::snowflake;
use crate::error::ApiError;
use crate::permissions::MANAGE_WEBHOOKS;
use crate::validate::{self, IS_COMPONENTS_V2, message_create, message_edit};
use crate::world::{ChannelKind, Id, Webhook, World};
use axum::http::Method;
use serde_json::Value;

/// Webhooks in a channel.
const WEBHOOKS_LIMIT: usize = 15;

/// `/channels/{id}/webhooks`
pub(super) fn in_channel(exchange: &Exchange<'_>, channel: Id) -> Answer {
    let me = exchange.me();
    let mut world = exchange.hub.world();
    let found = world.channel_for(channel, me, MANAGE_WEBHOOKS)?;
    let (kind, guild) = (found.kind, found.guild_id);
    let own = world.webhooks.values();
    let own: Vec<Value> = own
        .filter(|it| it.channel_id == channel)
        .map(|it| shown(&world, it))
        .collect();
    match exchange.method {
        Method::GET => ok(own.into()),
        Method::POST => {
            validate::webhook_create(&exchange.body.json)?;
            let guild_id = guild.filter(|_| !kind.is_thread() && kind != ChannelKind::Category);
            let guild_id = guild_id.ok_or_else(wrong_kind)?;
            if own.len() >= WEBHOOKS_LIMIT {
                let text = format!("Maximum number of webhooks reached ({WEBHOOKS_LIMIT})");
                return Err(ApiError::new(400, 30007, text));
            }
            let name = exchange.body.json.get("name").and_then(Value::as_str);
            let webhook = Webhook {
                name: name.unwrap_or_default().to_owned(),
                channel_id: channel,
                guild_id,
                application_id: Some(me),
                user_id: me,
                ..Webhook::default()
            };
            let id = world.add_webhook(webhook);
            let made = world.webhooks.get(&id).map(|it| shown(&world, it));
            ok(made.unwrap_or_default())
        }
        _ => Err(ApiError::method_not_allowed()),
    }
}

/// `GET /guilds/{id}/webhooks`
pub(super) fn in_guild(exchange: &Exchange<'_>, guild: Id) -> Answer {
    let world = exchange.hub.world();
    world.guild_for(guild, exchange.me(), MANAGE_WEBHOOKS)?;
    let own = world.webhooks.values().filter(|it| it.guild_id == guild);
    ok(own.map(|it| shown(&world, it)).collect())
}

fn shown(world: &World, webhook: &Webhook) -> Value {
    webhook.to_value(world.users.get(&webhook.user_id))
}

/// `/webhooks/{id}`, and with its token what anybody may do who has it.
pub(super) fn carry_out(exchange: Exchange<'_>, id: Id, rest: &[&str]) -> Answer {
    let found = exchange.hub.world().webhooks.get(&id).cloned();
    let webhook = found.ok_or_else(|| ApiError::unknown("Webhook"))?;
    let [token, of @ ..] = rest else {
        let (me, channel) = (exchange.me(), webhook.channel_id);
        exchange
            .hub
            .world()
            .channel_for(channel, me, MANAGE_WEBHOOKS)?;
        return kept(&exchange, &webhook, true);
    };
    if *token != webhook.token {
        return Err(ApiError::new(401, 50027, "Invalid Webhook Token"));
    }
    match *of {
        [] if exchange.method == Method::POST => execute(exchange, &webhook),
        [] => kept(&exchange, &webhook, false),
        ["messages", message] => {
            let message = snowflake(message).ok_or_else(|| ApiError::unknown("Message"))?;
            own_message(exchange, &webhook, message)
        }
        _ => Err(ApiError::no_route()),
    }
}

fn kept(exchange: &Exchange<'_>, webhook: &Webhook, with_maker: bool) -> Answer {
    let mut world = exchange.hub.world();
    match exchange.method {
        Method::GET => {}
        Method::PATCH => {
            validate::webhook_edit(&exchange.body.json)?;
            let name = exchange.body.json.get("name").and_then(Value::as_str);
            world.rename_webhook(webhook.id, name);
        }
        Method::DELETE => {
            world.remove_webhook(webhook.id);
            return Ok(Reply::Empty);
        }
        _ => return Err(ApiError::method_not_allowed()),
    }
    let webhook = world.webhooks.get(&webhook.id).unwrap_or(webhook);
    let maker = world.users.get(&webhook.user_id).filter(|_| with_maker);
    ok(webhook.to_value(maker))
}

fn execute(exchange: Exchange<'_>, webhook: &Webhook) -> Answer {
    let waits = exchange.flag("wait");
    let thread = exchange.parameter("thread_id").and_then(snowflake);
    let base = exchange.hub.addresses().rest;
    let mut world = exchange.hub.world();
    let (body, files) = (exchange.body.json, exchange.body.files);
    message_create(&body, files.len())?;
    validate::webhook_message(&body)?;
    let channel = thread.unwrap_or(webhook.channel_id);
    let found = world.channels.get(&channel);
    let is_there = found.is_some_and(|it| {
        it.id == webhook.channel_id
            || it.parent_id == Some(webhook.channel_id) && it.kind.is_thread()
    });
    if !is_there {
        return Err(ApiError::unknown("Channel"));
    }
    let name = body.get("username").and_then(Value::as_str);
    let mut draft = world.draft_of(&base, channel, &body, files);
    draft.author_id = webhook.id;
    draft.webhook_id = Some(webhook.id);
    draft.webhook_name = Some(name.unwrap_or(&webhook.name).to_owned());
    draft.application_id = webhook.application_id;
    let id = world.post(&base, channel, draft);
    if !waits {
        return Ok(Reply::Empty);
    }
    ok(message(&world, (channel, id), &base))
}

fn message(world: &World, (channel, id): (Id, Id), base: &str) -> Value {
    let message = world.message(channel, id);
    message.map_or(Value::Null, |it| world.message_value(it, base, 0))
}

/// A message that this webhook wrote: read, changed, deleted.
fn own_message(exchange: Exchange<'_>, webhook: &Webhook, id: Id) -> Answer {
    let thread = exchange.parameter("thread_id").and_then(snowflake);
    let base = exchange.hub.addresses().rest;
    let mut world = exchange.hub.world();
    let channel = thread.unwrap_or(webhook.channel_id);
    let found = world.open_message(channel, id).cloned();
    let found = found.filter(|it| it.webhook_id == Some(webhook.id));
    let found = found.ok_or_else(|| ApiError::unknown("Message"))?;
    match exchange.method {
        Method::GET => {}
        Method::PATCH => {
            let (body, files) = (exchange.body.json, exchange.body.files);
            let is_v2 = found.flags & IS_COMPONENTS_V2.unsigned_abs() != 0;
            message_edit(&body, files.len(), is_v2)?;
            let change = world.edit_of(&base, &found, &body, files)?;
            world.edit(&base, channel, id, change);
        }
        Method::DELETE => {
            world.delete(channel, id);
            return Ok(Reply::Empty);
        }
        _ => return Err(ApiError::method_not_allowed()),
    }
    ok(message(&world, (channel, id), &base))
}
