//! Whether the process answers and reaches its database, for whatever watches it. It says nothing
//! else about the bot.

use super::SharedWeb;
use axum::extract::State;
use axum::http::StatusCode;

pub(super) async fn health(State(web): State<SharedWeb>) -> (StatusCode, &'static str) {
    match web.store.memo("health").await {
        Ok(_) => (StatusCode::OK, "ok\n"),
        Err(failure) => {
            tracing::warn!(%failure, "the database does not answer");
            (
                StatusCode::SERVICE_UNAVAILABLE,
                "the database does not answer\n",
            )
        }
    }
}
