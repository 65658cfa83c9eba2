//! Discord's REST interface, version 10, and the file server beside it. It reads requests, counts
//! them against their limits, finds out who asks and hands them on; what there is and who may do
//! what is for the world to say.

mod about;
mod bans;
mod body;
mod channels;
mod exchange;
mod guilds;
mod interactions;
mod members;
mod messages;
mod pins;
mod reactions;
mod route;
mod stages;
#[cfg(test)]
mod tests;
mod threads;
mod users;
mod voice_states;
mod webhooks;

use crate::error::{ApiError, FormErrors};
use crate::limits::{Limits, Request as Counted};
use crate::world::{Hub, Id, now_ms};
use axum::body::Body as HttpBody;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use exchange::{Caller, Exchange, Reply};
use route::Route;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// The first part of every path.
const PREFIX: &str = "/api/v10/";

struct Shared {
    hub: Arc<Hub>,
    limits: Mutex<Limits>,
}

impl Shared {
    fn limits(&self) -> MutexGuard<'_, Limits> {
        self.limits.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Serves on 127.0.0.1 until `stop`; port 0 takes a free one. Gives the address without a slash at
/// its end.
pub async fn start(
    hub: &Arc<Hub>,
    port: u16,
    tasks: &TaskTracker,
    stop: &CancellationToken,
) -> std::io::Result<String> {
    let listener = TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, port))).await?;
    let address = format!("http://{}", listener.local_addr()?);
    let shared = Arc::new(Shared {
        hub: Arc::clone(hub),
        limits: Mutex::new(Limits::new()),
    });
    let app = axum::Router::new().fallback(answer).with_state(shared);
    let stop = stop.clone();
    tasks.spawn(async move {
        let serving = axum::serve(listener, app).with_graceful_shutdown({
            let stop = stop.clone();
            async move { stop.cancelled().await }
        });
        // A connection that is kept open does not keep the sandbox open.
        tokio::select! {
            result = serving => if let Err(error) = result {
                tracing::warn!(%error, "the REST server ended");
            },
            () = stop.cancelled() => {}
        }
    });
    Ok(address)
}

async fn answer(State(shared): State<Arc<Shared>>, request: Request) -> Response {
    let path = request.uri().path().to_owned();
    if !path.starts_with("/api/") {
        return about::file(&shared.hub, &path);
    }
    let Some(rest) = path.strip_prefix(PREFIX) else {
        return ApiError::new(400, 50041, "Invalid API version").into_response();
    };
    let route = Route::of(request.method(), rest);
    let caller = caller(&shared.hub, &request);
    let application_id = caller.as_ref().map_or(0, |it| it.application_id);
    let counted = Counted {
        application_id,
        route: &route.pattern,
        major: &route.major,
        is_interaction: route.is_interaction,
    };
    let taken = shared.limits().take(&counted, now_ms());
    let (mut response, headers) = match taken {
        Err(exceeded) => {
            let mut response = json_response(429, &exceeded.body().to_string());
            *response.status_mut() = StatusCode::TOO_MANY_REQUESTS;
            shared
                .limits()
                .count_answer(429, Some(exceeded.scope), now_ms());
            (response, exceeded.headers())
        }
        Ok(state) => {
            let response = handle(&shared.hub, &route, caller, request).await;
            shared
                .limits()
                .count_answer(response.status().as_u16(), None, now_ms());
            (response, state.map(|it| it.headers()).unwrap_or_default())
        }
    };
    for (name, value) in headers {
        if let Ok(value) = HeaderValue::from_str(&value) {
            response.headers_mut().insert(name, value);
        }
    }
    response
}

/// Who asks, by `Authorization: Bot …`.
fn caller(hub: &Hub, request: &Request) -> Option<Caller> {
    let token = request
        .headers()
        .get(header::AUTHORIZATION)?
        .to_str()
        .ok()?;
    let token = token.strip_prefix("Bot ")?;
    let world = hub.world();
    let found = world.applications.values().find(|it| it.token == token)?;
    Some(Caller {
        application_id: found.id,
    })
}

async fn handle(
    hub: &Arc<Hub>,
    route: &Route,
    caller: Option<Caller>,
    request: Request,
) -> Response {
    let caller = match caller {
        Some(caller) => caller,
        None if route.is_open => Caller { application_id: 0 },
        None => return ApiError::unauthorized().into_response(),
    };
    let query = request.uri().query().unwrap_or_default().to_owned();
    let method = request.method().clone();
    let body = match body::read(request).await {
        Ok(body) => body,
        Err(error) => return error.into_response(),
    };
    let exchange = Exchange {
        hub,
        caller,
        method,
        query,
        body,
    };
    match exchange::carry_out(exchange, route) {
        Ok(Reply::Empty) => StatusCode::NO_CONTENT.into_response(),
        Ok(Reply::Json(status, value)) => json_response(status, &value.to_string()),
        Err(error) => {
            tracing::debug!(route = %route.pattern, %error, "refused");
            error.into_response()
        }
    }
}

fn json_response(status: u16, text: &str) -> Response {
    let mut response = Response::new(HttpBody::from(text.to_owned()));
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::OK);
    // Exactly this value: discord.py compares the header for equality.
    let json = HeaderValue::from_static("application/json");
    response.headers_mut().insert(header::CONTENT_TYPE, json);
    response
}

/// A snowflake in a path.
fn snowflake(text: &str) -> Option<Id> {
    text.parse().ok()
}

/// `400 Invalid Form Body` with one complaint.
fn wrong(path: &str, code: &'static str, message: &str) -> ApiError {
    ApiError::form(FormErrors::one(path, code, message))
}
