//! Voice states of a guild, and who may speak on a stage.

use super::exchange::{Answer, Exchange, Reply, ok};
use super::{channels::wrong_kind, snowflake};
use crate::error::ApiError;
use crate::permissions::{MUTE_MEMBERS, REQUEST_TO_SPEAK};
use crate::validate;
use crate::world::{ChannelKind, Id, VoiceChange, VoiceState};
use axum::http::Method;
use serde_json::Value;

/// `/guilds/{guild}/voice-states/{@me or a user}`
pub(super) fn carry_out(exchange: &Exchange<'_>, guild: Id, user: &str) -> Answer {
    let me = exchange.me();
    let user = match user {
        "@me" => me,
        id => snowflake(id).ok_or_else(|| ApiError::unknown("User"))?,
    };
    match exchange.method {
        Method::GET => read(exchange, guild, user),
        Method::PATCH => change(exchange, guild, user),
        _ => Err(ApiError::method_not_allowed()),
    }
}

fn read(exchange: &Exchange<'_>, guild_id: Id, user: Id) -> Answer {
    let world = exchange.hub.world();
    let guild = world.guild_for(guild_id, exchange.me(), 0)?;
    let state = guild.voice_states.get(&user);
    let state = state.ok_or_else(|| ApiError::unknown("Voice State"))?;
    ok(world.voice_state_value(guild, state, true))
}

fn change(exchange: &Exchange<'_>, guild_id: Id, user: Id) -> Answer {
    let (me, body) = (exchange.me(), &exchange.body.json);
    validate::voice_state(body, user == me)?;
    let mut world = exchange.hub.world();
    let guild = world.guild_for(guild_id, me, 0)?;
    let state = guild.voice_states.get(&user).cloned();
    let state = state.ok_or_else(ApiError::not_in_voice)?;
    let named = exchange
        .id_in_body("channel_id")
        .unwrap_or(state.channel_id);
    let channel = world.channel_for(named, me, 0)?;
    if channel.kind != ChannelKind::Stage {
        return Err(wrong_kind());
    }
    if named != state.channel_id {
        return Err(ApiError::not_in_voice());
    }
    let is_bot = world.applications.contains_key(&user);
    let change = change_of(body, &state, (user == me, is_bot));
    let speaks_up = change.suppress == Some(false) && state.suppress;
    if user != me || speaks_up {
        world.channel_for(named, me, MUTE_MEMBERS)?;
    }
    if user == me && change.request_to_speak == Some(true) {
        world.channel_for(named, me, REQUEST_TO_SPEAK)?;
    }
    world.change_voice(guild_id, user, change);
    Ok(Reply::Empty)
}

/// A person who is let up is invited by that, a bot is up; whoever goes down asks no more; only for
/// themselves somebody raises a hand.
fn change_of(body: &Value, state: &VoiceState, (is_own, is_bot): (bool, bool)) -> VoiceChange {
    let suppress = body.get("suppress").and_then(Value::as_bool);
    let asked = body.get("request_to_speak_timestamp");
    let asked = asked.filter(|_| is_own).map(|it| !it.is_null());
    let by_others = match suppress {
        Some(true) => Some(false),
        Some(false) if !is_own && state.suppress => Some(!is_bot),
        _ => None,
    };
    VoiceChange {
        suppress,
        request_to_speak: asked.or(by_others),
        ..VoiceChange::default()
    }
}
