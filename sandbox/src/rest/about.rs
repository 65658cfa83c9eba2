//! Who and where: the gateway's address, the bot itself, and the files of the file server.

use super::exchange::{Answer, Exchange, ok};
use crate::error::ApiError;
use crate::world::Hub;
use axum::body::Body;
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;

pub(super) fn carry_out(exchange: &Exchange<'_>, parts: &[&str]) -> Answer {
    if exchange.method != Method::GET {
        return Err(ApiError::no_route());
    }
    let addresses = exchange.hub.addresses();
    let world = exchange.hub.world();
    let me = exchange.me();
    let own = world.users.get(&me);
    match *parts {
        ["gateway"] => ok(json!({ "url": addresses.gateway })),
        ["gateway", "bot"] => {
            let shards = world.applications.get(&me).map_or(1, |it| it.shards);
            ok(json!({
                "url": addresses.gateway, "shards": shards,
                "session_start_limit": { "total": 1000, "remaining": 999, "reset_after": 86_400_000, "max_concurrency": 1 },
            }))
        }
        ["applications", "@me"] | ["oauth2", "applications", "@me"] => {
            let found = world.applications.get(&me);
            let owner = found.and_then(|it| it.owner);
            let owner = owner.and_then(|(id, _)| world.users.get(&id));
            ok(found.map(|it| it.to_value(own, owner)).unwrap_or_default())
        }
        // One voice server serves all; a bot that asks for regions gets none to choose from.
        ["voice", "regions"] => ok(json!([])),
        _ => Err(ApiError::no_route()),
    }
}

/// The picture of a user, `/avatars/{user}/{hash}.png`.
fn avatar(hub: &Hub, path: &str) -> Option<Response> {
    let (user, file) = path.strip_prefix("/avatars/")?.split_once('/')?;
    let world = hub.world();
    let user = world.users.values().find(|it| it.id.to_string() == user)?;
    let (hash, bytes) = user.avatar.clone()?;
    let is_it = file.strip_suffix(".png") == Some(hash.as_str());
    let kind = [(header::CONTENT_TYPE, "image/png")];
    is_it.then(|| (kind, Body::from(bytes)).into_response())
}

/// An uploaded file, at the address that its message gave, or somebody's picture.
pub(super) fn file(hub: &Hub, path: &str) -> Response {
    if let Some(avatar) = avatar(hub, path) {
        return avatar;
    }
    let Some(file) = hub
        .world()
        .files
        .values()
        .find(|it| it.path() == path)
        .cloned()
    else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let mut response = Response::new(Body::from(file.bytes.clone()));
    let kind = HeaderValue::from_str(&file.content_type);
    let kind = kind.unwrap_or(HeaderValue::from_static("application/octet-stream"));
    response.headers_mut().insert(header::CONTENT_TYPE, kind);
    response
}
