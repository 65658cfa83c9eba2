//! Pinned messages, at today's address (`/channels/{id}/messages/pins`) and the older one
//! (`/channels/{id}/pins`).

use super::exchange::{Answer, Exchange, Reply, ok};
use super::snowflake;
use crate::error::ApiError;
use crate::permissions::{PIN_MESSAGES, READ_MESSAGE_HISTORY};
use crate::world::{Id, Message, World, timestamp};
use axum::http::Method;
use serde_json::{Value, json};

/// Pins in one answer.
const PAGE_LIMIT: usize = 50;
/// Pins in a channel.
const PINS_LIMIT: usize = 250;

pub(super) fn carry_out(exchange: &Exchange<'_>, channel: Id, of: &[&str]) -> Answer {
    let id = match *of {
        [] if exchange.method == Method::GET => return page(exchange, channel),
        [id] => snowflake(id).ok_or_else(|| ApiError::unknown("Message"))?,
        [] => return Err(ApiError::method_not_allowed()),
        _ => return Err(ApiError::no_route()),
    };
    let me = exchange.me();
    let base = exchange.hub.addresses().rest;
    let mut world = exchange.hub.world();
    world.channel_for(channel, me, READ_MESSAGE_HISTORY | PIN_MESSAGES)?;
    let message = world.open_message(channel, id);
    let is_pinned = message.ok_or_else(|| ApiError::unknown("Message"))?.pinned;
    let pin = match exchange.method {
        Method::PUT => true,
        Method::DELETE => false,
        _ => return Err(ApiError::method_not_allowed()),
    };
    if pin && !is_pinned && pinned(&world, channel).len() >= PINS_LIMIT {
        let text = format!("Maximum number of pins reached for the channel ({PINS_LIMIT})");
        return Err(ApiError::new(400, 30003, text));
    }
    if pin != is_pinned {
        world.pin(&base, (channel, id), pin);
        if pin {
            world.tell_of_pin(&base, (channel, id), me);
        }
    }
    Ok(Reply::Empty)
}

/// Newest first.
fn pinned(world: &World, channel: Id) -> Vec<&Message> {
    let all = world.messages.get(&channel);
    let all = all.into_iter().flat_map(|it| it.values().rev());
    all.filter(|it| it.pinned).collect()
}

fn page(exchange: &Exchange<'_>, channel: Id) -> Answer {
    let me = exchange.me();
    let base = exchange.hub.addresses().rest;
    let limit = exchange.limit(PAGE_LIMIT, PAGE_LIMIT)?;
    let world = exchange.hub.world();
    world.channel_for(channel, me, READ_MESSAGE_HISTORY)?;
    let all = pinned(&world, channel);
    let items = all.iter().take(limit).map(|it| {
        let message = world.message_value(it, &base, me);
        json!({ "pinned_at": timestamp(it.at_ms), "message": message })
    });
    let items: Vec<Value> = items.collect();
    ok(json!({ "items": items, "has_more": all.len() > limit }))
}

/// `GET /channels/{id}/pins`
pub(super) fn all(exchange: &Exchange<'_>, channel: Id) -> Answer {
    let me = exchange.me();
    let base = exchange.hub.addresses().rest;
    let world = exchange.hub.world();
    world.channel_for(channel, me, READ_MESSAGE_HISTORY)?;
    let all = pinned(&world, channel);
    ok(all
        .into_iter()
        .take(PAGE_LIMIT)
        .map(|it| world.message_value(it, &base, me))
        .collect())
}
