//! A local web server for what the bot asks in the world outside. What it answers is for each service
//! to say.

use axum::Router;
use std::net::SocketAddr;
use tokio_util::task::{AbortOnDropHandle, TaskTracker};

/// Serves the routes on a port of its own for as long as the handle is there.
pub(crate) async fn serving(routes: Router) -> (SocketAddr, AbortOnDropHandle<()>) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let serving = async move { axum::serve(listener, routes).await.unwrap() };
    let handle = AbortOnDropHandle::new(TaskTracker::new().spawn(serving));
    (address, handle)
}
