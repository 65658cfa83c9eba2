//! Members of a guild: read, found, changed, given roles, sent away.

use super::exchange::{Answer, Exchange, Reply, ok};
use super::{snowflake, wrong};
use crate::error::ApiError;
use crate::permissions::{
    Bits, CHANGE_NICKNAME, DEAFEN_MEMBERS, KICK_MEMBERS, MANAGE_NICKNAMES, MANAGE_ROLES,
    MODERATE_MEMBERS, MOVE_MEMBERS, MUTE_MEMBERS,
};
use crate::validate;
use crate::world::{Guild, Id, VoiceChange, World, now_ms};
use axum::http::Method;
use serde_json::Value;
use std::collections::BTreeSet;

/// Members in one answer.
const PAGE_LIMIT: usize = 1000;
/// The longest time-out: 28 days.
const TIMEOUT_LIMIT_MS: u64 = 28 * 86_400_000;
/// The application flags that let a bot list members: the intent, or its limited form.
const MAY_LIST: u64 = 1 << 14 | 1 << 15;

pub(super) fn carry_out(exchange: &Exchange<'_>, guild: Id, of: &[&str]) -> Answer {
    let me = exchange.me();
    let user = |id: &str| match id {
        "@me" => Ok(me),
        id => snowflake(id).ok_or_else(|| ApiError::unknown("User")),
    };
    match (exchange.method.clone(), of) {
        (Method::GET, []) => list(exchange, guild),
        (Method::GET, ["search"]) => search(exchange, guild),
        (Method::GET, [id]) => {
            let world = exchange.hub.world();
            ok(shown(&world, guild, (me, user(id)?))?)
        }
        (Method::PATCH, [id]) => edit(exchange, guild, user(id)?),
        (Method::DELETE, [id]) => {
            let (mut world, user) = (exchange.hub.world(), user(id)?);
            below(&world, guild, (me, user), KICK_MEMBERS)?;
            world.remove_member(guild, user);
            Ok(Reply::Empty)
        }
        (Method::PUT, [id, "roles", role]) => set_role(exchange, guild, (user(id)?, role), true),
        (Method::DELETE, [id, "roles", role]) => {
            set_role(exchange, guild, (user(id)?, role), false)
        }
        (_, [] | [_] | [_, "roles", _]) => Err(ApiError::method_not_allowed()),
        _ => Err(ApiError::no_route()),
    }
}

fn shown(world: &World, guild: Id, (me, user): (Id, Id)) -> Result<Value, ApiError> {
    let guild = world.guild_for(guild, me, 0)?;
    if !world.users.contains_key(&user) {
        return Err(ApiError::unknown("User"));
    }
    if !guild.members.contains_key(&user) {
        return Err(ApiError::unknown("Member"));
    }
    Ok(world.member_value(guild, user))
}

fn list(exchange: &Exchange<'_>, guild: Id) -> Answer {
    let me = exchange.me();
    let limit = exchange.limit(1, PAGE_LIMIT)?;
    let after = exchange.parameter("after").and_then(snowflake);
    let world = exchange.hub.world();
    let guild = world.guild_for(guild, me, 0)?;
    let flags = world.applications.get(&me).map_or(0, |it| it.flags);
    if flags & MAY_LIST == 0 {
        return Err(ApiError::missing_access());
    }
    let later = |id: &&Id| **id > after.unwrap_or(0);
    let ids = guild.members.keys().filter(later).take(limit);
    ok(ids.map(|id| world.member_value(guild, *id)).collect())
}

fn search(exchange: &Exchange<'_>, guild: Id) -> Answer {
    let limit = exchange.limit(1, PAGE_LIMIT)?;
    let query = exchange.parameter("query").map(super::route::decoded);
    let query = query
        .filter(|it| !it.is_empty())
        .map(|it| it.to_lowercase());
    let query =
        query.ok_or_else(|| wrong("query", "BASE_TYPE_REQUIRED", "This field is required"))?;
    let world = exchange.hub.world();
    let guild = world.guild_for(guild, exchange.me(), 0)?;
    let begins = |text: Option<&str>| text.is_some_and(|it| it.to_lowercase().starts_with(&query));
    let found = guild.members.values().filter(|it| {
        let name = world.users.get(&it.user_id).map(|it| it.name.as_str());
        begins(name) || begins(it.nick.as_deref())
    });
    ok(found
        .take(limit)
        .map(|it| world.member_value(guild, it.user_id))
        .collect())
}

/// Whether the caller may do this to the member: allowed, and above them.
pub(super) fn below(
    world: &World,
    guild: Id,
    (me, user): (Id, Id),
    wanted: Bits,
) -> Result<(), ApiError> {
    let found = world.guild_for(guild, me, wanted)?;
    if !found.members.contains_key(&user) {
        return Err(ApiError::unknown("Member"));
    }
    if user != me && world.height(guild, me) <= world.height(guild, user) {
        return Err(ApiError::missing_permissions());
    }
    Ok(())
}

fn edit(exchange: &Exchange<'_>, guild: Id, user: Id) -> Answer {
    let (me, body) = (exchange.me(), &exchange.body.json);
    validate::member_edit(body)?;
    let mut world = exchange.hub.world();
    shown(&world, guild, (me, user))?;
    let until = time_out(body)?;
    let roles = roles(body, world.guild_for(guild, me, 0)?)?;
    let has = |key: &str| body.get(key).is_some();
    if has("nick") && user == me {
        world.guild_for(guild, me, CHANGE_NICKNAME)?;
    } else if has("nick") {
        below(&world, guild, (me, user), MANAGE_NICKNAMES)?;
    }
    if until.is_some() {
        below(&world, guild, (me, user), MODERATE_MEMBERS)?;
    }
    if let Some(roles) = &roles {
        below(&world, guild, (me, user), MANAGE_ROLES)?;
        for role in roles {
            below_me(&world, guild, (me, *role))?;
        }
    }
    voice(exchange, &mut world, (guild, user))?;
    let found = world.guilds.get_mut(&guild);
    if let Some(member) = found.and_then(|it| it.members.get_mut(&user)) {
        if let Some(nick) = body.get("nick") {
            let nick = nick.as_str().filter(|it| !it.is_empty());
            member.nick = nick.map(str::to_owned);
        }
        member.timed_out_until_ms = until.unwrap_or(member.timed_out_until_ms);
        member.roles = roles.unwrap_or_else(|| member.roles.clone());
    }
    if has("nick") || until.is_some() || has("roles") {
        world.member_changed(guild, user);
    }
    ok(shown(&world, guild, (me, user))?)
}

/// `None` where the body says nothing of it; `Some(None)` ends a time-out.
#[expect(
    clippy::option_option,
    reason = "absent, null and a time are three things"
)]
fn time_out(body: &Value) -> Result<Option<Option<u64>>, ApiError> {
    let Some(field) = body.get("communication_disabled_until") else {
        return Ok(None);
    };
    let Some(text) = field.as_str() else {
        return Ok(Some(None));
    };
    let rfc3339 = &time::format_description::well_known::Rfc3339;
    let at = time::OffsetDateTime::parse(text, rfc3339).ok();
    let at = at.and_then(|it| u64::try_from(it.unix_timestamp_nanos() / 1_000_000).ok());
    let at = at.filter(|at| *at <= now_ms() + TIMEOUT_LIMIT_MS);
    let message = "Must be a time within the next 28 days";
    let wrong = || wrong("communication_disabled_until", "BASE_TYPE_MAX", message);
    at.map(|at| Some(Some(at))).ok_or_else(wrong)
}

fn roles(body: &Value, guild: &Guild) -> Result<Option<BTreeSet<Id>>, ApiError> {
    let Some(list) = body.get("roles").and_then(Value::as_array) else {
        return Ok(None);
    };
    let ids = list.iter().filter_map(|it| it.as_str().and_then(snowflake));
    let ids: BTreeSet<Id> = ids.collect();
    if ids.iter().any(|id| !guild.roles.contains_key(id)) {
        return Err(ApiError::unknown("Role"));
    }
    Ok(Some(ids))
}

/// Whether the role is one that the caller may give and take.
fn below_me(world: &World, guild: Id, (me, role): (Id, Id)) -> Result<(), ApiError> {
    let found = world.guild_for(guild, me, MANAGE_ROLES)?;
    let role = found.roles.get(&role);
    let role = role.ok_or_else(|| ApiError::unknown("Role"))?;
    if role.bot_id.is_some() || role.id == guild || world.height(guild, me) <= role.position {
        return Err(ApiError::missing_permissions());
    }
    Ok(())
}

/// The part of a change that is about voice: muted, deafened, moved, put out.
fn voice(
    exchange: &Exchange<'_>,
    world: &mut World,
    (guild, user): (Id, Id),
) -> Result<(), ApiError> {
    let (me, body) = (exchange.me(), &exchange.body.json);
    let flag = |key: &str| body.get(key).and_then(Value::as_bool);
    let change = VoiceChange {
        deaf: flag("deaf"),
        mute: flag("mute"),
        ..VoiceChange::default()
    };
    let to = body.get("channel_id");
    if change.deaf.is_none() && change.mute.is_none() && to.is_none() {
        return Ok(());
    }
    let found = world.guild_for(guild, me, 0)?;
    let state = found.voice_states.get(&user);
    let from = state.ok_or_else(ApiError::not_in_voice)?.channel_id;
    let wants = |given: bool, bit: Bits| if given { bit } else { 0 };
    let wanted = wants(change.deaf.is_some(), DEAFEN_MEMBERS)
        | wants(change.mute.is_some(), MUTE_MEMBERS)
        | wants(to.is_some(), MOVE_MEMBERS);
    world.channel_for(from, me, wanted)?;
    match to.map(|_| exchange.id_in_body("channel_id")) {
        None => {}
        Some(None) => world.leave_voice(guild, user),
        Some(Some(to)) => {
            let channel = world.channel_for(to, me, MOVE_MEMBERS)?;
            if channel.guild_id != Some(guild) || !channel.kind.is_voice() {
                return Err(super::channels::wrong_kind());
            }
            world.enter_voice(to, user, change);
            return Ok(());
        }
    }
    world.change_voice(guild, user, change);
    Ok(())
}

fn set_role(exchange: &Exchange<'_>, guild: Id, (user, role): (Id, &str), has: bool) -> Answer {
    let me = exchange.me();
    let role = snowflake(role).ok_or_else(|| ApiError::unknown("Role"))?;
    let mut world = exchange.hub.world();
    shown(&world, guild, (me, user))?;
    below_me(&world, guild, (me, role))?;
    world.set_role(guild, user, role, has);
    Ok(Reply::Empty)
}
