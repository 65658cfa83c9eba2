//! One request on its way to whoever knows the resource.

use super::body::Body;
use super::route::Route;
use super::{
    about, bans, channels, guilds, interactions, members, messages, pins, reactions, snowflake,
    stages, threads, users, voice_states, webhooks, wrong,
};
use crate::error::ApiError;
use crate::world::{Hub, Id};
use axum::http::Method;
use serde_json::Value;
use std::sync::Arc;

/// Who asks.
#[derive(Clone, Copy, Debug)]
pub(super) struct Caller {
    /// Also the id of the bot's user; 0 where the path holds the token.
    pub(super) application_id: Id,
}

pub(super) struct Exchange<'a> {
    pub(super) hub: &'a Arc<Hub>,
    pub(super) caller: Caller,
    pub(super) method: Method,
    pub(super) query: String,
    pub(super) body: Body,
}

/// A good answer.
#[derive(Debug)]
pub(super) enum Reply {
    Json(u16, Value),
    /// 204
    Empty,
}

pub(super) type Answer = Result<Reply, ApiError>;

/// 200 with this.
#[expect(clippy::unnecessary_wraps, reason = "it ends an arm of what answers")]
pub(super) fn ok(value: Value) -> Answer {
    Ok(Reply::Json(200, value))
}

impl Exchange<'_> {
    pub(super) fn me(&self) -> Id {
        self.caller.application_id
    }

    /// A parameter of the query, decoded as far as anybody here needs it.
    pub(super) fn parameter(&self, name: &str) -> Option<&str> {
        let pairs = self
            .query
            .split('&')
            .filter_map(|pair| pair.split_once('='));
        pairs
            .filter(|(key, _)| *key == name)
            .map(|(_, value)| value)
            .next()
    }

    /// `limit`, between 1 and `most`.
    pub(super) fn limit(&self, otherwise: usize, most: usize) -> Result<usize, ApiError> {
        let Some(text) = self.parameter("limit") else {
            return Ok(otherwise);
        };
        let limit = text.parse().ok().filter(|it| (1..=most).contains(it));
        limit.ok_or_else(|| {
            let message = format!("int value should be between 1 and {most}.");
            wrong("limit", "NUMBER_TYPE_MAX", &message)
        })
    }

    /// A number in the body, written as a number or as text.
    pub(super) fn number_in_body(&self, key: &str) -> Option<u64> {
        match self.body.json.get(key)? {
            Value::String(text) => text.parse().ok(),
            number => number.as_u64(),
        }
    }

    /// A snowflake in the body; as discord.py sends it, perhaps a number.
    pub(super) fn id_in_body(&self, key: &str) -> Option<Id> {
        self.number_in_body(key)
    }

    pub(super) fn flag(&self, name: &str) -> bool {
        self.parameter(name)
            .is_some_and(|it| it.eq_ignore_ascii_case("true") || it == "1")
    }
}

/// Finds who answers. A path nobody knows is 404, a method nobody has there 405.
pub(super) fn carry_out(exchange: Exchange<'_>, route: &Route) -> Answer {
    let parts = route.slices();
    match *parts.as_slice() {
        ["channels", channel, ref rest @ ..] => {
            let channel = snowflake(channel).ok_or_else(|| ApiError::unknown("Channel"))?;
            in_channel(exchange, channel, rest)
        }
        ["guilds", guild, ref rest @ ..] => {
            let guild = snowflake(guild).ok_or_else(|| ApiError::unknown("Guild"))?;
            in_guild(&exchange, guild, rest)
        }
        ["users", ref rest @ ..] => users::carry_out(&exchange, rest),
        ["stage-instances", ref rest @ ..] => stages::carry_out(&exchange, rest),
        ["interactions", id, token, "callback"] => {
            let id = snowflake(id).ok_or_else(|| ApiError::unknown("interaction"))?;
            interactions::callback(exchange, id, token)
        }
        ["webhooks", id, token, ref rest @ ..] if is_application(&exchange, id) => {
            interactions::replies(exchange, (snowflake(id).unwrap_or(0), token), rest)
        }
        ["webhooks", id, ref rest @ ..] => {
            let id = snowflake(id).ok_or_else(|| ApiError::unknown("Webhook"))?;
            webhooks::carry_out(exchange, id, rest)
        }
        ["applications", id, ref rest @ ..] if snowflake(id).is_some() => {
            interactions::commands(&exchange, snowflake(id).unwrap_or(0), rest)
        }
        _ => about::carry_out(&exchange, &parts),
    }
}

fn in_channel(exchange: Exchange<'_>, channel: Id, rest: &[&str]) -> Answer {
    let is_get = exchange.method == Method::GET;
    match *rest {
        ["messages", message, "reactions", ref of @ ..] => {
            let message = snowflake(message).ok_or_else(|| ApiError::unknown("Message"))?;
            reactions::carry_out(&exchange, (channel, message), of)
        }
        ["messages", message, "threads"] => {
            let message = snowflake(message).ok_or_else(|| ApiError::unknown("Message"))?;
            threads::open(&exchange, channel, Some(message))
        }
        ["messages", "pins", ref of @ ..] => pins::carry_out(&exchange, channel, of),
        ["messages", ref of @ ..] => messages::carry_out(exchange, channel, of),
        ["pins"] if is_get => pins::all(&exchange, channel),
        ["pins", ref of @ ..] => pins::carry_out(&exchange, channel, of),
        ["typing"] if exchange.method == Method::POST => messages::typing(&exchange, channel),
        ["threads"] => threads::open(&exchange, channel, None),
        ["threads", "archived", kind] => threads::archived(&exchange, channel, kind),
        ["thread-members", ref of @ ..] => threads::members(&exchange, channel, of),
        ["webhooks"] => webhooks::in_channel(&exchange, channel),
        _ => channels::carry_out(&exchange, channel, rest),
    }
}

fn in_guild(exchange: &Exchange<'_>, guild: Id, rest: &[&str]) -> Answer {
    match *rest {
        ["members", ref of @ ..] => members::carry_out(exchange, guild, of),
        ["bans", ref of @ ..] => bans::carry_out(exchange, guild, of),
        ["voice-states", user] => voice_states::carry_out(exchange, guild, user),
        ["webhooks"] => webhooks::in_guild(exchange, guild),
        _ => guilds::carry_out(exchange, guild, rest),
    }
}

fn is_application(exchange: &Exchange<'_>, id: &str) -> bool {
    snowflake(id).is_some_and(|id| exchange.hub.answers_interactions(id))
}
