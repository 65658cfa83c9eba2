//! Reactions of the bot and of others.

use super::exchange::{Answer, Exchange, Reply, ok};
use super::snowflake;
use crate::error::ApiError;
use crate::permissions::{ADD_REACTIONS, MANAGE_MESSAGES, READ_MESSAGE_HISTORY};
use crate::validate::is_unicode_emoji;
use crate::world::{Id, User, World};
use axum::http::Method;
use serde_json::Value;

pub(super) fn carry_out(exchange: &Exchange<'_>, place: (Id, Id), of: &[&str]) -> Answer {
    let me = exchange.me();
    let mut world = exchange.hub.world();
    world.channel_for(place.0, me, READ_MESSAGE_HISTORY)?;
    let message = world
        .message(place.0, place.1)
        .filter(|it| it.ephemeral_to.is_none());
    let message = message.ok_or_else(|| ApiError::unknown("Message"))?.clone();
    let method = exchange.method.clone();
    let emoji = of.first().copied();
    if let Some(emoji) = emoji
        && !is_emoji(emoji)
    {
        return Err(ApiError::unknown("Emoji"));
    }
    let emoji = emoji.unwrap_or_default();
    match (method, of) {
        (Method::PUT, [_, "@me"]) => {
            if message.reactions.iter().all(|it| it.emoji != emoji) {
                world.channel_for(place.0, me, ADD_REACTIONS)?;
            }
            world.react(place, me, emoji)?;
        }
        (Method::DELETE, [_, "@me"]) => world.unreact(place, me, emoji)?,
        (Method::DELETE, [_, user]) => {
            world.channel_for(place.0, me, MANAGE_MESSAGES)?;
            let user = snowflake(user).ok_or_else(|| ApiError::unknown("User"))?;
            world.unreact(place, user, emoji)?;
        }
        (Method::DELETE, []) => {
            world.channel_for(place.0, me, MANAGE_MESSAGES)?;
            world.clear_reactions(place, None)?;
        }
        (Method::DELETE, [_]) => {
            world.channel_for(place.0, me, MANAGE_MESSAGES)?;
            world.clear_reactions(place, Some(emoji))?;
        }
        (Method::GET, [_]) => return ok(users(&world, place, emoji)),
        _ => return Err(ApiError::method_not_allowed()),
    }
    Ok(Reply::Empty)
}

/// A Unicode emoji, or `name:id`.
fn is_emoji(written: &str) -> bool {
    let custom = written
        .rsplit_once(':')
        .is_some_and(|(_, id)| snowflake(id).is_some());
    custom || is_unicode_emoji(written)
}

fn users(world: &World, place: (Id, Id), emoji: &str) -> Value {
    let message = world.message(place.0, place.1);
    let reaction = message.and_then(|it| it.reactions.iter().find(|it| it.emoji == emoji));
    let users = reaction
        .map(|it| it.users.as_slice())
        .unwrap_or_default()
        .iter();
    users
        .filter_map(|id| world.users.get(id))
        .map(User::to_value)
        .collect()
}
