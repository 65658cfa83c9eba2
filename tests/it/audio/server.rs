//! A web server that gives files as told, and misbehaves as told.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::{CancellationToken, DropGuard};
use tokio_util::task::TaskTracker;

/// What it does when it is asked.
#[derive(Clone, Debug)]
pub(super) enum Does {
    /// 200 with this.
    Gives(Vec<u8>),
    /// This status, and a page.
    Says(&'static str),
    /// To another path or address.
    Sends(String),
    /// Announces more than it gives.
    BreaksOff(Vec<u8>),
    /// Gives and gives, and never says how much it will be.
    NeverEnds,
    /// Announces this many bytes and gives none.
    Announces(u64),
    /// These very bytes, head and all.
    Raw(Vec<u8>),
    /// The head at once, then a byte and silence, for as long as one waits.
    FallsSilent,
}

pub(super) struct Server {
    address: SocketAddr,
    _stop: DropGuard,
}

impl Server {
    pub(super) async fn with<const N: usize>(paths: [(&str, Does); N]) -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("it has an address");
        let paths = paths.map(|(path, does)| (path.to_owned(), does));
        let paths: Arc<HashMap<String, Does>> = Arc::new(paths.into_iter().collect());
        let stop = CancellationToken::new();
        let stopped = stop.clone();
        let tasks = TaskTracker::new();
        let answering = tasks.clone();
        tasks.spawn(async move {
            loop {
                let accepted = tokio::select! {
                    accepted = listener.accept() => accepted,
                    () = stopped.cancelled() => return,
                };
                let Ok((stream, _)) = accepted else { return };
                answering.spawn(answer(stream, Arc::clone(&paths)));
            }
        });
        Server {
            address,
            _stop: stop.drop_guard(),
        }
    }

    pub(super) fn link(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }
}

/// Whoever asks may go away at any moment, so that writing may fail.
async fn answer(mut stream: TcpStream, paths: Arc<HashMap<String, Does>>) -> Option<()> {
    let mut asked = Vec::new();
    while !asked.ends_with(b"\r\n\r\n") {
        asked.push(stream.read_u8().await.ok()?);
    }
    let asked = String::from_utf8(asked).ok()?;
    let path = asked.split(' ').nth(1)?;
    let does = paths
        .get(path)
        .cloned()
        .unwrap_or(Does::Says("404 Not Found"));
    let head = |status: &str, more: &str| {
        format!("HTTP/1.1 {status}\r\nConnection: close\r\n{more}\r\n").into_bytes()
    };
    let length = |length: u64| format!("Content-Length: {length}\r\n");
    let answer = match does {
        Does::Gives(bytes) => [head("200 OK", &length(bytes.len() as u64)), bytes].concat(),
        Does::Says(status) => [head(status, &length(6)), b"<html>".to_vec()].concat(),
        Does::Sends(to) => head(
            "302 Found",
            &format!("Location: {to}\r\nContent-Length: 0\r\n"),
        ),
        Does::BreaksOff(bytes) => {
            [head("200 OK", &length(bytes.len() as u64 + 1_000)), bytes].concat()
        }
        Does::Announces(bytes) => head("200 OK", &length(bytes)),
        Does::Raw(bytes) => bytes,
        Does::FallsSilent => {
            stream.write_all(&head("200 OK", "")).await.ok()?;
            stream.write_all(&[0]).await.ok()?;
            // Until whoever asked goes away.
            stream.read_u8().await.ok()?;
            return None;
        }
        Does::NeverEnds => {
            stream.write_all(&head("200 OK", "")).await.ok()?;
            loop {
                stream.write_all(&[0; 4_096]).await.ok()?;
            }
        }
    };
    stream.write_all(&answer).await.ok()?;
    stream.shutdown().await.ok()
}
