//! A guild, its roles, its channels and its open threads.

use super::exchange::{Answer, Exchange, Reply, ok};
use super::snowflake;
use crate::error::ApiError;
use crate::permissions::{MANAGE_CHANNELS, MANAGE_GUILD, VIEW_CHANNEL, has};
use crate::validate;
use crate::world::{Channel, ChannelKind, Id, Role};
use axum::http::Method;
use serde_json::{Value, json};

pub(super) fn carry_out(exchange: &Exchange<'_>, guild_id: Id, rest: &[&str]) -> Answer {
    match (exchange.method.clone(), rest) {
        (Method::GET, []) => read(exchange, guild_id),
        (Method::PATCH, []) => rename(exchange, guild_id),
        (Method::GET, ["roles"]) => {
            let world = exchange.hub.world();
            let guild = world.guild_for(guild_id, exchange.me(), 0)?;
            ok(guild.roles.values().map(Role::to_value).collect())
        }
        (Method::GET, ["roles", id]) => {
            let world = exchange.hub.world();
            let guild = world.guild_for(guild_id, exchange.me(), 0)?;
            let role = snowflake(id).and_then(|id| guild.roles.get(&id));
            ok(role.ok_or_else(|| ApiError::unknown("Role"))?.to_value())
        }
        (Method::GET, ["channels"]) => {
            let world = exchange.hub.world();
            world.guild_for(guild_id, exchange.me(), 0)?;
            let own = world.channels.values();
            let own = own.filter(|it| it.guild_id == Some(guild_id) && !it.kind.is_thread());
            ok(own.map(|it| world.channel_value(it)).collect())
        }
        (Method::POST, ["channels"]) => create_channel(exchange, guild_id),
        (Method::GET, ["threads", "active"]) => active_threads(exchange, guild_id),
        (_, [] | ["roles" | "channels"] | ["roles", _] | ["threads", "active"]) => {
            Err(ApiError::method_not_allowed())
        }
        _ => Err(ApiError::no_route()),
    }
}

fn read(exchange: &Exchange<'_>, guild_id: Id) -> Answer {
    let world = exchange.hub.world();
    let guild = world.guild_for(guild_id, exchange.me(), 0)?;
    let mut value = world.guild_value(guild);
    if let (true, Some(fields)) = (exchange.flag("with_counts"), value.as_object_mut()) {
        let count = guild.members.len();
        fields.insert("approximate_member_count".into(), count.into());
        fields.insert("approximate_presence_count".into(), count.into());
    }
    ok(value)
}

fn rename(exchange: &Exchange<'_>, guild_id: Id) -> Answer {
    validate::guild_edit(&exchange.body.json)?;
    let mut world = exchange.hub.world();
    world.guild_for(guild_id, exchange.me(), MANAGE_GUILD)?;
    if let Some(name) = exchange.body.json.get("name").and_then(Value::as_str) {
        world.rename_guild(guild_id, name);
    }
    let guild = world.guild_for(guild_id, exchange.me(), 0)?;
    ok(world.guild_value(guild))
}

fn create_channel(exchange: &Exchange<'_>, guild_id: Id) -> Answer {
    let body = &exchange.body.json;
    validate::channel_create(body, false)?;
    let mut world = exchange.hub.world();
    world.guild_for(guild_id, exchange.me(), MANAGE_CHANNELS)?;
    let kind = body.get("type").and_then(Value::as_u64).unwrap_or(0);
    let kind = ChannelKind::from_number(kind).filter(|it| *it != ChannelKind::Direct);
    let kind = kind.filter(|it| !it.is_thread());
    let kind =
        kind.ok_or_else(|| super::wrong("type", "BASE_TYPE_CHOICES", "Not a valid type."))?;
    let mut channel = Channel {
        guild_id: Some(guild_id),
        kind,
        ..Channel::default()
    };
    super::channels::apply(&mut channel, body);
    let id = world.add_channel(channel);
    let channel = world.channel_for(id, exchange.me(), 0)?;
    Ok(Reply::Json(201, world.channel_value(channel)))
}

fn active_threads(exchange: &Exchange<'_>, guild_id: Id) -> Answer {
    let me = exchange.me();
    let world = exchange.hub.world();
    world.guild_for(guild_id, me, 0)?;
    let open = |it: &&Channel| {
        let is_open = it.thread.as_ref().is_some_and(|it| !it.is_archived);
        it.guild_id == Some(guild_id) && is_open && has(world.rights_in(it, me), VIEW_CHANNEL)
    };
    let threads: Vec<&Channel> = world.channels.values().filter(open).collect();
    ok(super::threads::listed(&world, &threads, me))
}

/// `{"threads": …, "members": …}`, with what a caller adds.
pub(super) fn with_more(mut value: Value) -> Value {
    if let Some(fields) = value.as_object_mut() {
        fields.insert("has_more".into(), json!(false));
    }
    value
}
