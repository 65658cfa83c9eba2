//! Discord's voice server: a gateway over TLS websockets (versions 4 to 8) and one UDP socket for
//! the sound of all sessions. It owns voice sessions, keys and close codes; it does not know what
//! sound is like (`ears` do) nor who may join a channel (`world` does).
//!
//! - Versions 4 to 7 carry bare heartbeats and a RESUME that replays nothing; version 8 numbers what
//!   it may have to send again and replays what was missed. Other versions, or none, close with 4012.
//! - IDENTIFY must fit the voice state and the token of `VOICE_SERVER_UPDATE`: 4011 if nobody of that
//!   guild is in voice, 4004 for another token, 4006 for another session or somebody not in voice.
//! - Leaving, being moved and being disconnected close with 4014. A session without a websocket can
//!   be resumed for two minutes; its sound is still accepted.
//! - DAVE version 0 is agreed on (`dave_protocol_version` is always there, clients need it). Version
//!   1 has its places: `Desk::describe` (the group begins), `message::read` (ops 23, 26, 28, 31),
//!   binary frames in `connection`, and frame decryption in `udp`.
//! - Sound is not passed on to other clients; only people hear it (see `ears`).

mod cipher;
mod close;
mod connection;
mod desk;
mod message;
mod session;
mod tls;
mod udp;

use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use tokio::net::{TcpListener, UdpSocket};
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::ears::Ears;
use crate::world::Id;

pub use cipher::{Cipher, Mode, NotOpened, Opened};
pub use close::Close;
pub use tls::TlsError;

use desk::Desk;

/// How the voice server is set up.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Port of the websocket on 127.0.0.1; 0 takes a free one.
    pub port: u16,
    /// Port of the UDP socket on 127.0.0.1; 0 takes a free one.
    pub udp_port: u16,
    /// Where clients are told to send their sound when something else on 127.0.0.1 receives it: who
    /// counts a thousand streams has no time to decipher them. Sessions are kept here all the same.
    pub sound_port: Option<u16>,
    /// Where the authority's certificate is written, as PEM.
    pub ca_file: PathBuf,
    /// How often clients must send a heartbeat; after one and a half of it comes 4009.
    pub heartbeat: Duration,
}

impl Settings {
    pub fn new(ca_file: PathBuf) -> Self {
        Self {
            port: 0,
            udp_port: 0,
            sound_port: None,
            ca_file,
            heartbeat: Duration::from_millis(13_750),
        }
    }
}

#[derive(Debug)]
pub(crate) struct Shared {
    desk: Desk,
    acceptor: Acceptor,
    settings: Settings,
    udp_port: u16,
}

struct Acceptor(TlsAcceptor);

impl std::fmt::Debug for Acceptor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Acceptor")
    }
}

impl std::ops::Deref for Acceptor {
    type Target = TlsAcceptor;

    fn deref(&self) -> &TlsAcceptor {
        &self.0
    }
}

/// A running voice server. Its tasks belong to the tracker it was started with.
#[derive(Clone, Debug)]
pub struct VoiceServer {
    shared: Arc<Shared>,
    port: u16,
}

impl VoiceServer {
    /// Binds both sockets and serves until `stop`.
    pub async fn start(
        settings: Settings,
        ears: Arc<Ears>,
        tasks: &TaskTracker,
        stop: &CancellationToken,
    ) -> Result<Self, TlsError> {
        let config = tls::server_config(&settings.ca_file)?;
        let here = |port| SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        let listener = TcpListener::bind(here(settings.port)).await?;
        let socket = UdpSocket::bind(here(settings.udp_port)).await?;
        udp::enlarge(&socket)?;
        let port = listener.local_addr()?.port();
        let shared = Arc::new(Shared {
            desk: Desk::new(ears),
            acceptor: Acceptor(TlsAcceptor::from(config)),
            udp_port: match settings.sound_port {
                Some(port) => port,
                None => socket.local_addr()?.port(),
            },
            settings,
        });
        tasks.spawn(udp::receive(socket, Arc::clone(&shared), stop.clone()));
        let accepting = accept(listener, Arc::clone(&shared), tasks.clone(), stop.clone());
        tasks.spawn(accepting);
        Ok(Self { shared, port })
    }

    /// What `VOICE_SERVER_UPDATE` tells clients: host and port without a scheme.
    pub fn endpoint(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    pub fn ca_file(&self) -> &Path {
        &self.shared.settings.ca_file
    }

    pub fn ears(&self) -> &Arc<Ears> {
        &self.shared.desk.ears
    }

    /// Follows a voice state: channel and session somebody is in now, or `None` when they left.
    pub fn moved(&self, guild_id: Id, user_id: Id, to: Option<(Id, String)>) {
        self.shared.desk.moved(guild_id, user_id, to);
    }

    /// The token that a client in voice was given by `VOICE_SERVER_UPDATE`.
    pub fn admit(&self, guild_id: Id, user_id: Id, token: &str) {
        self.shared.desk.admit(guild_id, user_id, token);
    }

    /// Whether this user's client has a voice connection that is ready for sound.
    pub fn is_connected(&self, guild_id: Id, user_id: Id) -> bool {
        self.shared.desk.is_connected(guild_id, user_id)
    }

    /// Fault: closes the user's voice websocket with this code. False if there is none.
    pub fn close(&self, guild_id: Id, user_id: Id, close: Close) -> bool {
        let ssrc = self.shared.desk.ssrc_of(guild_id, user_id);
        ssrc.is_some_and(|ssrc| self.shared.desk.close(ssrc, close))
    }

    /// Fault: cuts the user's voice websocket without a close frame. False if there is none.
    pub fn cut(&self, guild_id: Id, user_id: Id) -> bool {
        let ssrc = self.shared.desk.ssrc_of(guild_id, user_id);
        ssrc.is_some_and(|ssrc| self.shared.desk.cut(ssrc))
    }

    /// Fault: the next IDENTIFY or RESUME, whoever sends it, is closed with this code.
    pub fn refuse_next(&self, close: Close) {
        self.shared.desk.refuse_next(close);
    }
}

async fn accept(
    listener: TcpListener,
    shared: Arc<Shared>,
    tasks: TaskTracker,
    stop: CancellationToken,
) {
    let mut count = 0;
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = stop.cancelled() => return,
        };
        match accepted {
            Ok((tcp, _)) => {
                count += 1;
                let shared = Arc::clone(&shared);
                tasks.spawn(connection::serve(count, tcp, shared, stop.clone()));
            }
            // Out of file descriptors, most likely; those who are connected go on.
            Err(error) => tracing::warn!(%error, "a voice client could not be accepted"),
        }
    }
}

#[cfg(test)]
mod tests;
