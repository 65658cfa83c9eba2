//! A channel: read, changed, deleted; its permission overwrites and its voice status.

use super::exchange::{Answer, Exchange, Reply, ok};
use super::snowflake;
use crate::error::ApiError;
use crate::permissions::{
    Bits, MANAGE_CHANNELS, MANAGE_ROLES, MANAGE_THREADS, Overwrite, SET_VOICE_CHANNEL_STATUS,
    Target, VIEW_CHANNEL, has,
};
use crate::validate;
use crate::world::{Channel, ChannelKind, Id, World};
use axum::http::Method;
use serde_json::Value;

pub(super) fn carry_out(exchange: &Exchange<'_>, channel: Id, rest: &[&str]) -> Answer {
    match (exchange.method.clone(), rest) {
        (Method::GET, []) => {
            let world = exchange.hub.world();
            let found = world.channel_for(channel, exchange.me(), VIEW_CHANNEL)?;
            ok(world.channel_value(found))
        }
        (Method::PATCH, []) => edit(exchange, channel),
        (Method::DELETE, []) => delete(exchange, channel),
        (Method::PUT, ["voice-status"]) => set_status(exchange, channel),
        (Method::PUT, ["permissions", of]) => overwrite(exchange, channel, of),
        (Method::DELETE, ["permissions", of]) => remove_overwrite(exchange, channel, of),
        (_, [] | ["voice-status"] | ["permissions", _]) => Err(ApiError::method_not_allowed()),
        _ => Err(ApiError::no_route()),
    }
}

/// What changing or deleting this kind of channel takes.
fn managing(channel: &Channel) -> Bits {
    if channel.kind.is_thread() {
        MANAGE_THREADS
    } else {
        MANAGE_CHANNELS
    }
}

fn edit(exchange: &Exchange<'_>, id: Id) -> Answer {
    let (me, body) = (exchange.me(), &exchange.body.json);
    validate::channel_create(body, true)?;
    let mut world = exchange.hub.world();
    let channel = world.channel_for(id, me, 0)?;
    if channel.guild_id.is_none() {
        return Err(wrong_kind());
    }
    // Who opened a thread may close it and name it.
    let is_own = channel.thread.as_ref().is_some_and(|it| it.owner_id == me);
    if !is_own {
        world.channel_for(id, me, managing(channel))?;
    }
    if let Some(found) = world.channels.get_mut(&id) {
        apply(found, body);
    }
    world.channel_changed(id);
    let channel = world.channel_for(id, me, 0)?;
    ok(world.channel_value(channel))
}

/// Takes over the fields that the body has; it has been validated.
pub(super) fn apply(channel: &mut Channel, body: &Value) {
    let number = |key: &str| body.get(key).and_then(Value::as_u64);
    let small = |key: &str| number(key).and_then(|it| u32::try_from(it).ok());
    if let Some(name) = body.get("name").and_then(Value::as_str) {
        // Names of text channels are lower case, with dashes for blanks.
        channel.name = if channel.kind == ChannelKind::Text {
            name.to_lowercase().replace(' ', "-")
        } else {
            name.to_owned()
        };
    }
    if let Some(topic) = body.get("topic") {
        channel.topic = topic.as_str().map(str::to_owned);
    }
    if let Some(nsfw) = body.get("nsfw").and_then(Value::as_bool) {
        channel.nsfw = nsfw;
    }
    if let Some(parent) = body.get("parent_id") {
        channel.parent_id = parent.as_str().and_then(snowflake);
    }
    channel.bitrate = small("bitrate").unwrap_or(channel.bitrate);
    channel.user_limit = small("user_limit").unwrap_or(channel.user_limit);
    channel.position = small("position").unwrap_or(channel.position);
    channel.rate_limit_per_user =
        small("rate_limit_per_user").unwrap_or(channel.rate_limit_per_user);
    if let Some(thread) = &mut channel.thread {
        let flag = |key: &str| body.get(key).and_then(Value::as_bool);
        thread.is_archived = flag("archived").unwrap_or(thread.is_archived);
        thread.is_locked = flag("locked").unwrap_or(thread.is_locked);
        thread.auto_archive_minutes =
            small("auto_archive_duration").unwrap_or(thread.auto_archive_minutes);
    }
}

fn delete(exchange: &Exchange<'_>, id: Id) -> Answer {
    let me = exchange.me();
    let mut world = exchange.hub.world();
    let channel = world.channel_for(id, me, 0)?;
    let channel = world.channel_for(id, me, managing(channel))?;
    let value = world.channel_value(channel);
    // Closing a direct message hides it and keeps what was said.
    if channel.guild_id.is_some() {
        world.remove_channel(id);
    }
    ok(value)
}

fn set_status(exchange: &Exchange<'_>, id: Id) -> Answer {
    let me = exchange.me();
    validate::voice_status(&exchange.body.json)?;
    let mut world = exchange.hub.world();
    let channel = world.channel_for(id, me, 0)?;
    if channel.kind != ChannelKind::Voice {
        return Err(wrong_kind());
    }
    let guild = channel.guild_id.and_then(|id| world.guilds.get(&id));
    let state = guild.and_then(|it| it.voice_states.get(&me));
    let is_inside = state.is_some_and(|it| it.channel_id == id);
    let outside = if is_inside { 0 } else { MANAGE_CHANNELS };
    world.channel_for(id, me, SET_VOICE_CHANNEL_STATUS | outside)?;
    let status = exchange.body.json.get("status").and_then(Value::as_str);
    let status = status.filter(|it| !it.is_empty());
    world.set_voice_status(id, status);
    Ok(Reply::Empty)
}

/// `400`: the action does not exist for this kind of channel.
pub(super) fn wrong_kind() -> ApiError {
    ApiError::new(400, 50024, "Cannot execute action on this channel type")
}

/// The channel whose overwrites may be changed by the caller.
fn with_overwrites(world: &World, id: Id, me: Id) -> Result<&Channel, ApiError> {
    let channel = world.channel_for(id, me, MANAGE_ROLES)?;
    if channel.guild_id.is_none() || channel.kind.is_thread() {
        return Err(wrong_kind());
    }
    Ok(channel)
}

fn overwrite(exchange: &Exchange<'_>, id: Id, of: &str) -> Answer {
    let (me, body) = (exchange.me(), &exchange.body.json);
    validate::overwrite(body)?;
    let of = snowflake(of).ok_or_else(|| ApiError::unknown("Overwrite"))?;
    let mut world = exchange.hub.world();
    let channel = with_overwrites(&world, id, me)?;
    let guild = channel.guild_id.and_then(|id| world.guilds.get(&id));
    let is_role = exchange.number_in_body("type") == Some(0);
    let target = if is_role {
        Target::Role(of)
    } else {
        Target::Member(of)
    };
    let is_known = guild.is_some_and(|it| {
        if is_role {
            it.roles.contains_key(&of)
        } else {
            it.members.contains_key(&of)
        }
    });
    if !is_known {
        return Err(ApiError::unknown("Overwrite"));
    }
    let bits = |key: &str| exchange.number_in_body(key).unwrap_or(0);
    let (allow, deny) = (bits("allow"), bits("deny"));
    // Nobody gives or takes what they do not have themselves.
    if !has(world.rights_in(channel, me), allow | deny) {
        return Err(ApiError::missing_permissions());
    }
    if let Some(channel) = world.channels.get_mut(&id) {
        channel.overwrites.retain(|it| it.target != target);
        channel.overwrites.push(Overwrite {
            target,
            allow,
            deny,
        });
    }
    world.channel_changed(id);
    Ok(Reply::Empty)
}

fn remove_overwrite(exchange: &Exchange<'_>, id: Id, of: &str) -> Answer {
    let of = snowflake(of).ok_or_else(|| ApiError::unknown("Overwrite"))?;
    let mut world = exchange.hub.world();
    with_overwrites(&world, id, exchange.me())?;
    let is_it =
        |it: &Overwrite| matches!(it.target, Target::Role(id) | Target::Member(id) if id == of);
    let channel = world.channels.get_mut(&id);
    let channel = channel.ok_or_else(|| ApiError::unknown("Channel"))?;
    if !channel.overwrites.iter().any(is_it) {
        return Err(ApiError::unknown("Overwrite"));
    }
    channel.overwrites.retain(|it| !is_it(it));
    world.channel_changed(id);
    Ok(Reply::Empty)
}
