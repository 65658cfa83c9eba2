//! Stage instances: a stage channel that is open, with its topic.

use super::exchange::{Answer, Exchange, Reply, ok};
use super::{channels::wrong_kind, snowflake};
use crate::error::ApiError;
use crate::permissions::{MANAGE_CHANNELS, MENTION_EVERYONE, MOVE_MEMBERS, MUTE_MEMBERS};
use crate::validate;
use crate::world::{ChannelKind, Id, StageInstance, World};
use axum::http::Method;
use serde_json::Value;

/// Discord's `GUILD_ONLY`, the only privacy level that is not out of date.
const GUILD_ONLY: u64 = 2;

pub(super) fn carry_out(exchange: &Exchange<'_>, rest: &[&str]) -> Answer {
    let channel = match *rest {
        [] if exchange.method == Method::POST => return open(exchange),
        [] => return Err(ApiError::method_not_allowed()),
        [id] => snowflake(id).ok_or_else(|| ApiError::unknown("Channel"))?,
        _ => return Err(ApiError::no_route()),
    };
    let me = exchange.me();
    let mut world = exchange.hub.world();
    match exchange.method {
        Method::GET => {
            world.channel_for(channel, me, 0)?;
            ok(instance(&world, channel)?.to_value())
        }
        Method::PATCH => {
            validate::stage_instance(&exchange.body.json, true)?;
            moderates(&world, channel, me)?;
            instance(&world, channel)?;
            let topic = exchange.body.json.get("topic").and_then(Value::as_str);
            let privacy = exchange.number_in_body("privacy_level");
            world.change_stage(channel, topic, privacy);
            ok(instance(&world, channel)?.to_value())
        }
        Method::DELETE => {
            moderates(&world, channel, me)?;
            instance(&world, channel)?;
            world.close_stage(channel);
            Ok(Reply::Empty)
        }
        _ => Err(ApiError::method_not_allowed()),
    }
}

/// Whether the caller is a stage moderator there.
fn moderates(world: &World, channel: Id, me: Id) -> Result<(), ApiError> {
    world
        .channel_for(channel, me, MANAGE_CHANNELS | MUTE_MEMBERS | MOVE_MEMBERS)
        .map(|_| ())
}

fn instance(world: &World, channel: Id) -> Result<&StageInstance, ApiError> {
    let guild = world.channels.get(&channel).and_then(|it| it.guild_id);
    let guild = guild.and_then(|id| world.guilds.get(&id));
    let found = guild.and_then(|it| it.stage_instances.get(&channel));
    found.ok_or_else(|| ApiError::unknown("Stage Instance"))
}

fn open(exchange: &Exchange<'_>) -> Answer {
    let (me, body) = (exchange.me(), &exchange.body.json);
    validate::stage_instance(body, false)?;
    let channel = exchange.id_in_body("channel_id").unwrap_or(0);
    let mut world = exchange.hub.world();
    if world.channel_for(channel, me, 0)?.kind != ChannelKind::Stage {
        return Err(wrong_kind());
    }
    moderates(&world, channel, me)?;
    if body.get("send_start_notification").and_then(Value::as_bool) == Some(true) {
        world.channel_for(channel, me, MENTION_EVERYONE)?;
    }
    if instance(&world, channel).is_ok() {
        return Err(ApiError::stage_already_open());
    }
    let topic = body
        .get("topic")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let privacy = exchange.number_in_body("privacy_level");
    world.open_stage(channel, topic, privacy.unwrap_or(GUILD_ONLY));
    ok(instance(&world, channel)?.to_value())
}
