//! Who is banned from a guild.

use super::exchange::{Answer, Exchange, Reply, ok};
use super::{members::below, snowflake};
use crate::error::ApiError;
use crate::permissions::BAN_MEMBERS;
use crate::world::{Id, User, World};
use axum::http::Method;
use serde_json::{Value, json};

pub(super) fn carry_out(exchange: &Exchange<'_>, guild: Id, of: &[&str]) -> Answer {
    let me = exchange.me();
    let mut world = exchange.hub.world();
    let found = world.guild_for(guild, me, BAN_MEMBERS)?;
    let user = match *of {
        [] if exchange.method == Method::GET => {
            return ok(found.banned.iter().map(|id| entry(&world, *id)).collect());
        }
        [] => return Err(ApiError::method_not_allowed()),
        [user] => snowflake(user).ok_or_else(|| ApiError::unknown("User"))?,
        _ => return Err(ApiError::no_route()),
    };
    let is_banned = found.banned.contains(&user);
    match exchange.method {
        Method::GET if is_banned => ok(entry(&world, user)),
        Method::PUT => {
            if !world.users.contains_key(&user) {
                return Err(ApiError::unknown("User"));
            }
            if found.members.contains_key(&user) {
                below(&world, guild, (me, user), BAN_MEMBERS)?;
            }
            world.ban(guild, user, true);
            Ok(Reply::Empty)
        }
        Method::DELETE if is_banned => {
            world.ban(guild, user, false);
            Ok(Reply::Empty)
        }
        Method::GET | Method::DELETE => Err(ApiError::unknown("Ban")),
        _ => Err(ApiError::method_not_allowed()),
    }
}

fn entry(world: &World, user: Id) -> Value {
    json!({ "reason": null, "user": world.users.get(&user).map(User::to_value) })
}
