//! One request on its way to whoever knows the resource.

use super::body::Body;
use super::route::Route;
use super::{about, interactions, messages, reactions, snowflake};
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

    pub(super) fn flag(&self, name: &str) -> bool {
        self.parameter(name)
            .is_some_and(|it| it.eq_ignore_ascii_case("true") || it == "1")
    }
}

/// Finds who answers. A path nobody knows is 404, a method nobody has there 405.
pub(super) fn carry_out(exchange: Exchange<'_>, route: &Route) -> Answer {
    let parts = route.slices();
    match *parts.as_slice() {
        ["channels", channel, "messages", ref rest @ ..] => {
            let channel = snowflake(channel).ok_or_else(|| ApiError::unknown("Channel"))?;
            match *rest {
                [message, "reactions", ref of @ ..] => {
                    let message = snowflake(message).ok_or_else(|| ApiError::unknown("Message"))?;
                    reactions::carry_out(&exchange, (channel, message), of)
                }
                _ => messages::carry_out(exchange, channel, rest),
            }
        }
        ["channels", channel, "typing"] if exchange.method == Method::POST => {
            let channel = snowflake(channel).ok_or_else(|| ApiError::unknown("Channel"))?;
            messages::typing(&exchange, channel)
        }
        ["interactions", id, token, "callback"] => {
            let id = snowflake(id).ok_or_else(|| ApiError::unknown("interaction"))?;
            interactions::callback(exchange, id, token)
        }
        ["webhooks", id, token, ref rest @ ..] if is_application(&exchange, id) => {
            interactions::replies(exchange, (snowflake(id).unwrap_or(0), token), rest)
        }
        ["applications", id, ref rest @ ..] if snowflake(id).is_some() => {
            interactions::commands(&exchange, snowflake(id).unwrap_or(0), rest)
        }
        _ => about::carry_out(&exchange, &parts),
    }
}

fn is_application(exchange: &Exchange<'_>, id: &str) -> bool {
    snowflake(id).is_some_and(|id| exchange.hub.answers_interactions(id))
}
