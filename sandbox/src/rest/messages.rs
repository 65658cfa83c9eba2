//! Messages in channels: posted, read, changed, deleted.

use super::exchange::{Answer, Exchange, Reply, ok};
use super::{snowflake, users::is_reachable, wrong};
use crate::error::ApiError;
use crate::permissions::{
    ATTACH_FILES, Bits, EMBED_LINKS, MANAGE_MESSAGES, READ_MESSAGE_HISTORY, SEND_MESSAGES,
    SEND_MESSAGES_IN_THREADS,
};
use crate::validate::{EPHEMERAL, IS_COMPONENTS_V2, message_create, message_edit};
use crate::world::{Id, Message, World, now_ms};
use axum::http::Method;
use serde_json::Value;

/// Messages in one answer.
const PAGE_LIMIT: usize = 100;
/// How old a message may be to be deleted with others at once.
const BULK_AGE_MS: u64 = 14 * 86_400_000;
/// How long a nonce is remembered.
const NONCE_MS: u64 = 5 * 60_000;

pub(super) fn carry_out(exchange: Exchange<'_>, channel: Id, rest: &[&str]) -> Answer {
    let method = exchange.method.clone();
    match (method, rest) {
        (Method::POST, []) => create(exchange, channel),
        (Method::GET, []) => list(&exchange, channel),
        (Method::POST, ["bulk-delete"]) => bulk_delete(&exchange, channel),
        (method, [id]) => {
            let id = snowflake(id).ok_or_else(|| ApiError::unknown("Message"))?;
            match method {
                Method::GET => read(&exchange, channel, id),
                Method::PATCH => edit(exchange, channel, id),
                Method::DELETE => delete(&exchange, channel, id),
                _ => Err(ApiError::method_not_allowed()),
            }
        }
        _ => Err(ApiError::no_route()),
    }
}

/// What writing takes in this kind of channel.
fn writing(world: &World, channel: Id) -> Bits {
    let is_thread = world
        .channels
        .get(&channel)
        .is_some_and(|it| it.kind.is_thread());
    if is_thread {
        SEND_MESSAGES_IN_THREADS
    } else {
        SEND_MESSAGES
    }
}

fn has_any(body: &Value, key: &str) -> bool {
    body.get(key)
        .and_then(Value::as_array)
        .is_some_and(|all| !all.is_empty())
}

/// What the parts of the body take.
fn parts(body: &Value, files: usize) -> Bits {
    let embeds = if has_any(body, "embeds") {
        EMBED_LINKS
    } else {
        0
    };
    let attached = if files > 0 { ATTACH_FILES } else { 0 };
    embeds | attached
}

fn create(exchange: Exchange<'_>, channel: Id) -> Answer {
    let (me, base) = (exchange.me(), exchange.hub.addresses().rest);
    let mut world = exchange.hub.world();
    let (body, files) = (exchange.body.json, exchange.body.files);
    let place = world.channel_for(channel, me, 0)?;
    if place.guild_id.is_none() && !is_reachable(&world, me, &place.recipients) {
        return Err(ApiError::cannot_message_user());
    }
    if !place.kind.has_messages() {
        return Err(ApiError::new(
            400,
            50008,
            "Cannot send messages in a non-text channel",
        ));
    }
    message_create(&body, files.len())?;
    world.channel_for(
        channel,
        me,
        writing(&world, channel) | parts(&body, files.len()),
    )?;
    let flags = body.get("flags").and_then(Value::as_i64).unwrap_or(0);
    if flags & EPHEMERAL != 0 {
        let message = "The specified flags are invalid.";
        return Err(wrong("flags", "MESSAGE_FLAGS_INVALID", message));
    }
    if let Some(message) = repeated(&world, channel, me, &body) {
        return ok(world.message_value(message, &base, me));
    }
    let reference = body
        .get("message_reference")
        .and_then(|it| id_in(it, "message_id"));
    let is_reply = match reference {
        Some(id) => {
            world.channel_for(channel, me, READ_MESSAGE_HISTORY)?;
            world.message(channel, id).is_some()
        }
        None => true,
    };
    let strict = body
        .pointer("/message_reference/fail_if_not_exists")
        .and_then(Value::as_bool)
        .unwrap_or(true);
    if !is_reply && strict {
        let message = "Unknown message";
        return Err(wrong(
            "message_reference",
            "REPLIES_UNKNOWN_MESSAGE",
            message,
        ));
    }
    let mut draft = world.draft_of(&base, channel, &body, files);
    draft.author_id = me;
    draft.nonce = body.get("nonce").filter(|it| !it.is_null()).cloned();
    draft.reference = reference.filter(|_| is_reply);
    draft.kind = if draft.reference.is_some() { 19 } else { 0 };
    draft.application_id = None;
    let id = world.post(&base, channel, draft);
    shown(&world, channel, id, (&base, me))
}

/// A snowflake as text or, as discord.py sends it, as a number.
fn id_in(value: &Value, key: &str) -> Option<Id> {
    match value.get(key)? {
        Value::String(text) => text.parse().ok(),
        number => number.as_u64(),
    }
}

/// With `enforce_nonce`, the message that this nonce posted in the last minutes.
fn repeated<'a>(world: &'a World, channel: Id, me: Id, body: &Value) -> Option<&'a Message> {
    let enforced = body
        .get("enforce_nonce")
        .and_then(Value::as_bool)
        .unwrap_or(false);
    let nonce = body.get("nonce").filter(|it| enforced && !it.is_null())?;
    let since = now_ms().saturating_sub(NONCE_MS);
    let all = world
        .messages
        .get(&channel)?
        .values()
        .rev()
        .take_while(|it| it.at_ms >= since);
    all.into_iter()
        .find(|it| it.author_id == me && it.nonce.as_ref() == Some(nonce))
}

fn shown(world: &World, channel: Id, id: Id, (base, me): (&str, Id)) -> Answer {
    let message = world
        .message(channel, id)
        .ok_or_else(|| ApiError::unknown("Message"))?;
    ok(world.message_value(message, base, me))
}

/// The message, if it is one that stands in the channel for everybody.
fn public(world: &World, channel: Id, id: Id) -> Result<&Message, ApiError> {
    let message = world
        .message(channel, id)
        .filter(|it| it.ephemeral_to.is_none());
    message.ok_or_else(|| ApiError::unknown("Message"))
}

fn read(exchange: &Exchange<'_>, channel: Id, id: Id) -> Answer {
    let (me, base) = (exchange.me(), exchange.hub.addresses().rest);
    let world = exchange.hub.world();
    world.channel_for(channel, me, READ_MESSAGE_HISTORY)?;
    public(&world, channel, id)?;
    shown(&world, channel, id, (&base, me))
}

fn list(exchange: &Exchange<'_>, channel: Id) -> Answer {
    let (me, base) = (exchange.me(), exchange.hub.addresses().rest);
    let world = exchange.hub.world();
    world.channel_for(channel, me, 0)?;
    let limit = exchange.limit(50, PAGE_LIMIT)?;
    let at = |name| exchange.parameter(name).and_then(snowflake);
    let all: Vec<&Message> = world
        .messages_for(channel, me)
        .filter(|it| it.ephemeral_to.is_none())
        .collect();
    let chosen: Vec<&Message> = if let Some(after) = at("after") {
        let mut page: Vec<_> = all
            .into_iter()
            .filter(|it| it.id > after)
            .take(limit)
            .collect();
        page.reverse();
        page
    } else if let Some(around) = at("around") {
        let middle = all.partition_point(|it| it.id < around);
        let from = middle.saturating_sub(limit / 2);
        all.into_iter().skip(from).take(limit).rev().collect()
    } else {
        let before = at("before").unwrap_or(Id::MAX);
        all.into_iter()
            .rev()
            .filter(|it| it.id < before)
            .take(limit)
            .collect()
    };
    ok(chosen
        .into_iter()
        .map(|it| world.message_value(it, &base, me))
        .collect())
}

fn edit(exchange: Exchange<'_>, channel: Id, id: Id) -> Answer {
    let (me, base) = (exchange.me(), exchange.hub.addresses().rest);
    let mut world = exchange.hub.world();
    let (body, files) = (exchange.body.json, exchange.body.files);
    world.channel_for(channel, me, 0)?;
    let message = public(&world, channel, id)?.clone();
    if message.author_id != me {
        return Err(ApiError::not_the_author());
    }
    let is_v2 = message.flags & IS_COMPONENTS_V2.unsigned_abs() != 0;
    message_edit(&body, files.len(), is_v2)?;
    world.channel_for(channel, me, parts(&body, files.len()))?;
    let change = world.edit_of(&base, &message, &body, files)?;
    world.edit(&base, channel, id, change);
    shown(&world, channel, id, (&base, me))
}

fn delete(exchange: &Exchange<'_>, channel: Id, id: Id) -> Answer {
    let me = exchange.me();
    let mut world = exchange.hub.world();
    world.channel_for(channel, me, 0)?;
    if public(&world, channel, id)?.author_id != me {
        world.channel_for(channel, me, MANAGE_MESSAGES)?;
    }
    world.delete(channel, id);
    Ok(Reply::Empty)
}

fn bulk_delete(exchange: &Exchange<'_>, channel: Id) -> Answer {
    let me = exchange.me();
    let mut world = exchange.hub.world();
    world.channel_for(channel, me, MANAGE_MESSAGES)?;
    let ids = exchange
        .body
        .json
        .get("messages")
        .and_then(Value::as_array)
        .cloned()
        .unwrap_or_default();
    let ids: Vec<Id> = ids
        .iter()
        .filter_map(|it| it.as_str()?.parse().ok())
        .collect();
    if !(2..=100).contains(&ids.len()) {
        return Err(ApiError::new(
            400,
            50016,
            "You must delete between 2 and 100 messages.",
        ));
    }
    let oldest = now_ms().saturating_sub(BULK_AGE_MS);
    if ids.iter().any(|id| {
        world
            .message(channel, *id)
            .is_some_and(|it| it.at_ms < oldest)
    }) {
        return Err(ApiError::new(
            400,
            50034,
            "A message provided was too old to bulk delete",
        ));
    }
    world.delete_many(channel, &ids);
    Ok(Reply::Empty)
}

pub(super) fn typing(exchange: &Exchange<'_>, channel: Id) -> Answer {
    let world = exchange.hub.world();
    world.channel_for(channel, exchange.me(), writing(&world, channel))?;
    Ok(Reply::Empty)
}
