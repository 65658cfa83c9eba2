//! One voice websocket from the TLS handshake to its close: order of messages, heartbeats in time,
//! close codes. What the messages mean for sessions is the desk's business.

use std::sync::Arc;
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use serde_json::json;
use tokio::net::TcpStream;
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until, timeout};
use tokio_rustls::server::TlsStream;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::handshake::server::{ErrorResponse, Request, Response};
use tokio_tungstenite::tungstenite::protocol::{CloseFrame, WebSocketConfig};
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_util::sync::CancellationToken;

use super::Shared;
use super::cipher::Mode;
use super::close::Close;
use super::message::{self, FromClient};
use super::session::{OUTBOX_LIMIT, Out, Outbox};

/// TLS and websocket handshakes must be done within this time, and a close answered.
const HANDSHAKE_LIMIT: Duration = Duration::from_secs(10);
/// Largest message a client may send.
const MESSAGE_LIMIT: usize = 64 * 1024;
/// Gateway versions that are spoken; 8 is what Discord recommends, below 4 is refused since 2024.
const VERSIONS: std::ops::RangeInclusive<u8> = 4..=8;

type Socket = WebSocketStream<TlsStream<TcpStream>>;

/// How a connection ended.
enum End {
    /// Closed by the server.
    Close(Close),
    /// Closed by the client.
    ByClient,
    /// By the network, or cut on purpose.
    Gone,
    /// The sandbox stops.
    Stopping,
}

pub(super) struct Connection {
    id: u64,
    shared: Arc<Shared>,
    socket: Socket,
    version: u8,
    ssrc: Option<u32>,
    outbox: Option<Outbox>,
    inbox: mpsc::Receiver<Out>,
}

/// Serves one client until it goes; `stop` ends it at any time.
pub(super) async fn serve(id: u64, tcp: TcpStream, shared: Arc<Shared>, stop: CancellationToken) {
    let shaken = tokio::select! {
        shaken = timeout(HANDSHAKE_LIMIT, shake(tcp, &shared)) => shaken,
        () = stop.cancelled() => return,
    };
    let (socket, version) = match shaken {
        Ok(Ok(shaken)) => shaken,
        Ok(Err(error)) => {
            tracing::debug!(%error, "a voice client did not get through the handshake");
            return;
        }
        Err(_) => return,
    };
    let (outbox, inbox) = mpsc::channel(OUTBOX_LIMIT);
    let mut connection = Connection {
        id,
        shared,
        socket,
        version: version.unwrap_or(0),
        ssrc: None,
        outbox: Some(outbox),
        inbox,
    };
    let end = connection.run(&stop).await;
    connection.finish(end).await;
}

async fn shake(tcp: TcpStream, shared: &Shared) -> Result<(Socket, Option<u8>), Error> {
    tcp.set_nodelay(true)?;
    let tls = shared.acceptor.accept(tcp).await?;
    let mut version = None;
    #[expect(
        clippy::result_large_err,
        reason = "the websocket crate's own signature"
    )]
    let look = |request: &Request, response: Response| -> Result<Response, ErrorResponse> {
        version = version_of(request.uri().query());
        Ok(response)
    };
    let config = WebSocketConfig::default().max_message_size(Some(MESSAGE_LIMIT));
    let socket = tokio_tungstenite::accept_hdr_async_with_config(tls, look, Some(config)).await?;
    Ok((socket, version))
}

fn version_of(query: Option<&str>) -> Option<u8> {
    let pairs = url::form_urlencoded::parse(query?.as_bytes());
    let version = pairs.filter(|(name, _)| name == "v").last()?;
    version.1.parse().ok()
}

impl Connection {
    async fn run(&mut self, stop: &CancellationToken) -> End {
        if !VERSIONS.contains(&self.version) {
            return End::Close(Close::UnknownProtocol);
        }
        let interval = self.shared.settings.heartbeat;
        let millis = u64::try_from(interval.as_millis()).unwrap_or(u64::MAX);
        let hello = json!({ "v": self.version, "heartbeat_interval": millis });
        let hello = Message::text(message::write(8, &hello, None));
        if self.put(hello).await.is_err() {
            return End::Gone;
        }
        // Clients count from when they are connected, networks add to it: one interval and a half.
        let patience = interval + interval / 2;
        let mut deadline = Instant::now() + patience;
        loop {
            tokio::select! {
                () = stop.cancelled() => return End::Stopping,
                () = sleep_until(deadline) => return End::Close(Close::SessionTimeout),
                out = self.inbox.recv() => match out {
                    Some(Out::Text(text)) => {
                        if self.put(Message::text(text)).await.is_err() {
                            return End::Gone;
                        }
                    }
                    Some(Out::Binary(bytes)) => {
                        if self.put(Message::binary(bytes)).await.is_err() {
                            return End::Gone;
                        }
                    }
                    Some(Out::Close(close)) => return End::Close(close),
                    Some(Out::Cut) => return End::Gone,
                    None => return End::Close(Close::RateLimited),
                },
                message = self.socket.next() => {
                    let said = match message {
                        Some(Ok(Message::Text(text))) => message::read(&text, self.version),
                        Some(Ok(Message::Binary(bytes))) => message::read_binary(&bytes),
                        Some(Ok(Message::Ping(_) | Message::Pong(_) | Message::Frame(_))) => continue,
                        Some(Err(Error::Capacity(_) | Error::Utf8)) => return End::Close(Close::DecodeError),
                        Some(Ok(Message::Close(_))) => return End::ByClient,
                        Some(Err(_)) | None => return End::Gone,
                    };
                    match said.and_then(|said| self.handle(said)) {
                        Ok(Some(reply)) => {
                            deadline = Instant::now() + patience;
                            if self.put(Message::text(reply)).await.is_err() {
                                return End::Gone;
                            }
                        }
                        Ok(None) => {}
                        Err(close) => return End::Close(close),
                    }
                }
            }
        }
    }

    /// Acts on one message; the answer to a heartbeat is given back.
    fn handle(&mut self, said: FromClient) -> Result<Option<String>, Close> {
        let desk = &self.shared.desk;
        match (said, self.ssrc) {
            (FromClient::Heartbeat { echo, seq_ack }, ssrc) => {
                if let (Some(ssrc), Some(seq)) = (ssrc, seq_ack) {
                    desk.acknowledged(ssrc, seq);
                }
                return Ok(Some(message::write(6, &echo, None)));
            }
            (FromClient::Identify(asked), None) => {
                let link = self.link()?;
                let ssrc = self.shared.desk.identify(asked, self.version, link)?;
                self.ssrc = Some(ssrc);
                self.shared.desk.ready(ssrc, self.shared.udp_port);
            }
            (FromClient::Resume(asked), None) => {
                let link = self.link()?;
                self.ssrc = Some(self.shared.desk.resume(&asked, self.version, link)?);
            }
            (FromClient::Identify(_) | FromClient::Resume(_), Some(_)) => {
                return Err(Close::AlreadyAuthenticated);
            }
            (_, None) => return Err(Close::NotAuthenticated),
            (FromClient::SelectProtocol(selected), Some(ssrc)) => {
                if selected.protocol != "udp" {
                    return Err(Close::UnknownProtocol);
                }
                let mode = Mode::from_name(&selected.data.mode).ok_or(Close::UnknownMode)?;
                desk.describe(ssrc, mode)?;
            }
            (FromClient::Speaking { bits, ssrc, delay }, Some(own)) => {
                if ssrc != own {
                    let what = format!("SPEAKING for ssrc {ssrc}, which is not its own");
                    desk.ears.violation(own, what);
                    return Err(Close::BadRequest);
                }
                if delay != 0 {
                    let what = format!("SPEAKING with delay {delay}; bots should send 0");
                    desk.ears.violation(own, what);
                }
                desk.speaking(own, bits);
            }
            (FromClient::Dave(said), Some(ssrc)) => desk.said(ssrc, &said)?,
            (FromClient::Video, Some(_)) => {}
        }
        Ok(None)
    }

    fn link(&mut self) -> Result<(u64, Outbox), Close> {
        // Kept here until a session has it, so that the queue is open until then.
        let outbox = self.outbox.take().ok_or(Close::AlreadyAuthenticated)?;
        Ok((self.id, outbox))
    }

    async fn put(&mut self, message: Message) -> Result<(), Error> {
        let sent = timeout(HANDSHAKE_LIMIT, self.socket.send(message)).await;
        sent.unwrap_or(Err(Error::ConnectionClosed))
    }

    async fn finish(mut self, end: End) {
        let ended = matches!(&end, End::Close(close) if close.ends_session());
        if let Some(ssrc) = self.ssrc {
            self.shared.desk.unlink(ssrc, self.id, ended);
        }
        let frame = match end {
            End::Gone => return,
            // The client's own code is answered by the websocket crate, which sends no second one.
            End::ByClient => CloseFrame {
                code: 1000.into(),
                reason: "".into(),
            },
            End::Stopping => CloseFrame {
                code: 1001.into(),
                reason: "".into(),
            },
            End::Close(close) => CloseFrame {
                code: close.code().into(),
                reason: close.reason().into(),
            },
        };
        let goodbye = async {
            if self.socket.close(Some(frame)).await.is_ok() {
                while let Some(Ok(_)) = self.socket.next().await {}
            }
        };
        if timeout(Duration::from_secs(1), goodbye).await.is_err() {
            tracing::debug!("a voice client did not answer the close");
        }
    }
}
