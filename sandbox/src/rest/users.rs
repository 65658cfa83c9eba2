//! Users: the bot itself, the guilds it is in, others, and the way to a direct message.

use super::exchange::{Answer, Exchange, Reply, ok};
use super::snowflake;
use crate::error::ApiError;
use crate::validate;
use crate::world::{Id, User, World};
use axum::http::Method;
use serde_json::{Value, json};

/// Guilds in one answer.
const GUILD_PAGE_LIMIT: usize = 200;

pub(super) fn carry_out(exchange: &Exchange<'_>, rest: &[&str]) -> Answer {
    let me = exchange.me();
    match (exchange.method.clone(), rest) {
        (Method::GET, ["@me"]) => shown(exchange, me, User::to_own_value),
        (Method::PATCH, ["@me"]) => rename(exchange),
        (Method::GET, ["@me", "guilds"]) => guilds(exchange),
        (Method::DELETE, ["@me", "guilds", id]) => {
            let id = snowflake(id).ok_or_else(|| ApiError::unknown("Guild"))?;
            let mut world = exchange.hub.world();
            world.guild_for(id, me, 0)?;
            world.remove_member(id, me);
            Ok(Reply::Empty)
        }
        (Method::POST, ["@me", "channels"]) => direct(exchange),
        (Method::GET, [id]) => {
            let id = snowflake(id).ok_or_else(|| ApiError::unknown("User"))?;
            shown(exchange, id, User::to_value)
        }
        (_, ["@me", "guilds" | "channels"] | [_]) => Err(ApiError::method_not_allowed()),
        _ => Err(ApiError::no_route()),
    }
}

fn shown(exchange: &Exchange<'_>, id: Id, as_value: impl Fn(&User) -> Value) -> Answer {
    let world = exchange.hub.world();
    let user = world.users.get(&id);
    ok(as_value(user.ok_or_else(|| ApiError::unknown("User"))?))
}

fn rename(exchange: &Exchange<'_>) -> Answer {
    let me = exchange.me();
    validate::own_user(&exchange.body.json)?;
    let mut world = exchange.hub.world();
    let user = world.users.get_mut(&me);
    let user = user.ok_or_else(|| ApiError::unknown("User"))?;
    if let Some(name) = exchange.body.json.get("username").and_then(Value::as_str) {
        name.clone_into(&mut user.name);
    }
    let value = user.to_own_value();
    world.tell_bot(me, None, "USER_UPDATE", value.clone());
    ok(value)
}

fn guilds(exchange: &Exchange<'_>) -> Answer {
    let me = exchange.me();
    let limit = exchange.limit(GUILD_PAGE_LIMIT, GUILD_PAGE_LIMIT)?;
    let after = exchange.parameter("after").and_then(snowflake);
    let with_counts = exchange.flag("with_counts");
    let world = exchange.hub.world();
    let own = world
        .guilds
        .values()
        .filter(|it| it.members.contains_key(&me) && it.id > after.unwrap_or(0));
    let partial = |it: &crate::world::Guild| {
        let mut value = json!({
            "id": it.id.to_string(), "name": it.name, "icon": null, "banner": null,
            "owner": it.owner_id == me, "permissions": world.rights(it.id, me).to_string(),
            "features": [],
        });
        if let (true, Some(fields)) = (with_counts, value.as_object_mut()) {
            fields.insert("approximate_member_count".into(), it.members.len().into());
            fields.insert("approximate_presence_count".into(), it.members.len().into());
        }
        value
    };
    ok(own.take(limit).map(partial).collect())
}

fn direct(exchange: &Exchange<'_>) -> Answer {
    validate::direct_channel(&exchange.body.json)?;
    let me = exchange.me();
    let mut world = exchange.hub.world();
    let to = exchange.id_in_body("recipient_id").unwrap_or(0);
    if to == me || !world.users.contains_key(&to) {
        return Err(ApiError::new(400, 50033, "Invalid Recipient(s)"));
    }
    let id = world.direct_channel(me, to);
    let channel = world.channels.get(&id);
    let channel = channel.ok_or_else(|| ApiError::unknown("Channel"))?;
    ok(world.channel_value(channel))
}

/// Whether a direct message from the bot reaches the other: they share a guild, the other takes
/// messages, and is no bot.
pub(super) fn is_reachable(world: &World, bot: Id, recipients: &[Id]) -> bool {
    let Some(to) = recipients.iter().find(|id| **id != bot) else {
        return false;
    };
    let takes = |user: &User| user.takes_messages && !user.bot;
    let mut guilds = world.guilds.values();
    world.users.get(to).is_some_and(takes)
        && guilds.any(|it| it.members.contains_key(&bot) && it.members.contains_key(to))
}
