//! Interactions and commands: paths to what `crate::interactions` does.

use super::exchange::{Answer, Exchange, Reply as Sent, ok};
use super::snowflake;
use crate::error::ApiError;
use crate::interactions::{CommandPlace, Reply};
use crate::world::Id;
use axum::http::Method;

#[cfg(test)]
mod tests;

/// `POST /interactions/{id}/{token}/callback`
pub(super) fn callback(exchange: Exchange<'_>, id: Id, token: &str) -> Answer {
    if exchange.method != Method::POST {
        return Err(ApiError::method_not_allowed());
    }
    let with_response = exchange.flag("with_response");
    let response = exchange
        .hub
        .answer(id, token, &exchange.body.json, exchange.body.files)?;
    if with_response {
        ok(response)
    } else {
        Ok(Sent::Empty)
    }
}

/// `/webhooks/{application}/{token}/…`
pub(super) fn replies(
    exchange: Exchange<'_>,
    (application, token): (Id, &str),
    rest: &[&str],
) -> Answer {
    let (hub, body) = (exchange.hub, exchange.body);
    let reply = match *rest {
        [] if exchange.method == Method::POST => {
            return ok(hub.follow_up(application, token, &body.json, body.files)?);
        }
        ["messages", "@original"] => Reply::Original,
        ["messages", id] => {
            Reply::Message(snowflake(id).ok_or_else(|| ApiError::unknown("Message"))?)
        }
        _ => return Err(ApiError::no_route()),
    };
    match exchange.method {
        Method::GET => ok(hub.reply(application, token, reply)?),
        Method::PATCH => ok(hub.edit_reply((application, token), reply, &body.json, body.files)?),
        Method::DELETE => hub
            .delete_reply(application, token, reply)
            .map(|()| Sent::Empty),
        _ => Err(ApiError::method_not_allowed()),
    }
}

/// `/applications/{id}/commands…` and `/applications/{id}/guilds/{id}/commands…`
pub(super) fn commands(exchange: &Exchange<'_>, application_id: Id, rest: &[&str]) -> Answer {
    let (guild_id, rest) = match *rest {
        ["guilds", guild, "commands", ref rest @ ..] => {
            let guild = snowflake(guild).ok_or_else(|| ApiError::unknown("Guild"))?;
            (Some(guild), rest)
        }
        ["commands", ref rest @ ..] => (None, rest),
        _ => return Err(ApiError::no_route()),
    };
    let (hub, me, body) = (exchange.hub, exchange.me(), &exchange.body.json);
    let place = CommandPlace {
        application_id,
        guild_id,
    };
    let one = match *rest {
        [] => None,
        [id] => {
            let id = snowflake(id);
            Some(id.ok_or_else(|| ApiError::unknown("application command"))?)
        }
        _ => return Err(ApiError::no_route()),
    };
    match (exchange.method.clone(), one) {
        (Method::GET, None) => {
            let all = exchange.flag("with_localizations");
            ok(hub.commands(me, place, all, "en-US")?)
        }
        (Method::PUT, None) => ok(hub.overwrite_commands(me, place, body)?),
        (Method::POST, None) => {
            let (is_new, made) = hub.create_command(me, place, body)?;
            Ok(Sent::Json(if is_new { 201 } else { 200 }, made))
        }
        (Method::GET, Some(id)) => ok(hub.command(me, place, id)?),
        (Method::PATCH, Some(id)) => ok(hub.edit_command(me, place, id, body)?),
        (Method::DELETE, Some(id)) => hub.delete_command(me, place, id).map(|()| Sent::Empty),
        _ => Err(ApiError::method_not_allowed()),
    }
}
