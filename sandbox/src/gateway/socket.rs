//! One client's connection, from HELLO to the close code. What its payloads ask for is done in
//! `payload`.

use super::Shared;
use super::codec::{Codec, parameter};
use super::session::{OUTBOX_LIMIT, Out};
use crate::world::Id;
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep, sleep_until, timeout};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::handshake::server::{ErrorResponse, Request, Response};
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_util::sync::CancellationToken;

/// How long a client has for its handshake, and to take what it is sent.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long a client has to answer the close.
const GOODBYE_LIMIT: Duration = Duration::from_secs(1);

/// Why a connection ends.
#[derive(Debug)]
pub(super) enum End {
    /// The client said goodbye with this code.
    Client(Option<u16>),
    Close(u16, String),
    Cut,
}

impl End {
    pub(super) fn close(code: u16, why: &str) -> Self {
        Self::Close(code, why.to_owned())
    }

    pub(super) fn decode_error() -> Self {
        Self::close(4002, "Error while decoding payload.")
    }

    /// Whether the session is over with it, rather than waiting for a resume.
    fn ends_session(&self) -> bool {
        matches!(
            self,
            Self::Client(Some(1000 | 1001)) | Self::Close(4004 | 4009 | 4010..=4014, _)
        )
    }
}

/// The session a connection has.
#[derive(Clone, Debug)]
pub(super) struct Client {
    pub(super) bot: Id,
    pub(super) intents: u64,
    pub(super) session_id: String,
    /// The number of this socket among those the session had.
    pub(super) socket: u64,
}

pub(super) struct Connection {
    pub(super) shared: Arc<Shared>,
    socket: WebSocketStream<TcpStream>,
    pub(super) codec: Codec,
    pub(super) client: Option<Client>,
    /// Kept until a session has it, so that the queue is open until then.
    outbox: Option<mpsc::Sender<Out>>,
    inbox: mpsc::Receiver<Out>,
    /// Since when the client's payloads are counted, and how many there were.
    pub(super) window: (Instant, u32),
    pub(super) beat_by: Instant,
}

pub(super) async fn serve(stream: TcpStream, shared: Arc<Shared>, stop: CancellationToken) {
    let mut query = String::new();
    #[expect(clippy::result_large_err, reason = "the shape is the library's")]
    let read_query = |request: &Request, response: Response| -> Result<Response, ErrorResponse> {
        request
            .uri()
            .query()
            .unwrap_or_default()
            .clone_into(&mut query);
        Ok(response)
    };
    let accepting = tokio_tungstenite::accept_hdr_async(stream, read_query);
    let accepted = tokio::select! {
        accepted = timeout(PATIENCE, accepting) => accepted,
        () = stop.cancelled() => return,
    };
    let Ok(Ok(socket)) = accepted else {
        return;
    };
    let (outbox, inbox) = mpsc::channel(OUTBOX_LIMIT);
    let beat_by = Instant::now() + shared.settings.heartbeat * 3 / 2;
    let mut connection = Connection {
        codec: Codec::Text,
        shared,
        socket,
        client: None,
        outbox: Some(outbox),
        inbox,
        window: (Instant::now(), 0),
        beat_by,
    };
    let end = match connection.greet(&query).await {
        Some(end) => end,
        None => connection.live(&stop).await,
    };
    connection.end(end, &stop).await;
}

impl Connection {
    async fn greet(&mut self, query: &str) -> Option<End> {
        if parameter(query, "v") != Some("10") {
            return Some(End::close(4012, "Invalid API version."));
        }
        let is_json = parameter(query, "encoding").is_none_or(|it| it == "json");
        let Some(codec) = Codec::of(query).filter(|_| is_json) else {
            return Some(End::close(4000, "Not offered by the sandbox."));
        };
        self.codec = codec;
        let interval = self.shared.settings.heartbeat.as_millis();
        let interval = u64::try_from(interval).unwrap_or(u64::MAX);
        self.send(&json!({ "t": null, "s": null, "op": 10, "d": { "heartbeat_interval": interval, "_trace": [] } }))
            .await
    }

    async fn live(&mut self, stop: &CancellationToken) -> End {
        loop {
            let end = tokio::select! {
                () = stop.cancelled() => Some(End::Close(1001, String::new())),
                () = sleep_until(self.beat_by) => Some(End::close(4009, "Session timed out.")),
                out = self.inbox.recv() => match out {
                    Some(Out::Text(text)) => self.send_text(&text).await,
                    Some(Out::Invalid(resumable)) => self.invalid(resumable).await,
                    Some(Out::Close(code, why)) => Some(End::Close(code, why)),
                    // Without a sender, it was too slow to be told everything.
                    Some(Out::Cut) | None => Some(End::Cut),
                },
                message = self.socket.next() => match message {
                    Some(Ok(Message::Text(text))) => self.take(text.as_str()).await,
                    Some(Ok(Message::Binary(bytes))) => match std::str::from_utf8(&bytes) {
                        Ok(text) => self.take(text).await,
                        Err(_) => Some(End::decode_error()),
                    },
                    Some(Ok(Message::Close(frame))) => Some(End::Client(frame.map(|it| it.code.into()))),
                    Some(Ok(_)) => None,
                    Some(Err(Error::Utf8 | Error::Capacity(_))) => Some(End::decode_error()),
                    Some(Err(_)) | None => Some(End::Cut),
                },
            };
            if let Some(end) = end {
                return end;
            }
        }
    }

    pub(super) async fn send(&mut self, payload: &Value) -> Option<End> {
        self.send_text(&payload.to_string()).await
    }

    async fn send_text(&mut self, text: &str) -> Option<End> {
        let message = self.codec.encode(text);
        let sent = timeout(PATIENCE, self.socket.send(message)).await;
        (!matches!(sent, Ok(Ok(())))).then_some(End::Cut)
    }

    /// Op 9. The client may begin again on this socket if it cannot resume.
    pub(super) async fn invalid(&mut self, resumable: bool) -> Option<End> {
        if !resumable {
            self.client = None;
            self.outbox = Some(self.new_outbox());
        }
        self.send(&json!({ "t": null, "s": null, "op": 9, "d": resumable }))
            .await
    }

    /// A queue for a session that is about to have this socket.
    pub(super) fn new_outbox(&mut self) -> mpsc::Sender<Out> {
        let (outbox, inbox) = mpsc::channel(OUTBOX_LIMIT);
        self.inbox = inbox;
        outbox
    }

    /// From now on the socket is the session's; the queue closes when the session drops it.
    pub(super) fn begin(&mut self, client: Client) {
        self.client = Some(client);
        self.outbox = None;
    }

    async fn end(mut self, end: End, stop: &CancellationToken) {
        if let Some(client) = &self.client {
            let mut world = self.shared.hub.world();
            let (id, socket) = (&client.session_id, client.socket);
            let is_over = self.shared.sessions().leave(id, socket, end.ends_session());
            if is_over {
                world.end_voice_session(client.bot, id);
            }
        }
        self.shared.left.notify_one();
        let frame = match end {
            End::Close(code, why) => CloseFrame {
                code: code.into(),
                reason: why.into(),
            },
            // The client's own code is answered by the websocket crate, which sends no second one.
            End::Client(_) => CloseFrame {
                code: 1000.into(),
                reason: "".into(),
            },
            End::Cut => return,
        };
        let closed = timeout(PATIENCE, self.socket.close(Some(frame))).await;
        if !matches!(closed, Ok(Ok(()))) {
            return;
        }
        // What the client still says is read, or its system may throw the close code away.
        let answer = async { while let Some(Ok(_)) = self.socket.next().await {} };
        tokio::select! {
            () = answer => {}
            () = sleep(GOODBYE_LIMIT) => tracing::debug!("a client did not answer the close"),
            () = stop.cancelled() => {}
        }
    }
}
