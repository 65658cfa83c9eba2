//! Discord's gateway, version 10: hello, identify, resume, heartbeats, events by intent and shard.
//! It owns sessions and sockets; what an event says and who may see it comes from the world.
//!
//! Lock order: the world's lock first, then the sessions'. Events are handed over while the world is
//! locked, so they have its order; READY and the guilds are read under the same lock in which the
//! session begins, so nothing falls between.

mod codec;
mod farewell;
mod identify;
mod payload;
mod requests;
mod session;
mod sessions;
mod socket;
#[cfg(test)]
mod tests;

use crate::world::{Hub, Id};
use session::Out;
use sessions::Sessions;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// How the gateway is set up.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Port on 127.0.0.1; 0 takes a free one.
    pub port: u16,
    /// How often clients must send a heartbeat; after one and a half of it comes 4009.
    pub heartbeat: Duration,
    /// One IDENTIFY per application in this time; more get an invalid session.
    pub identify_every: Duration,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            port: 0,
            heartbeat: Duration::from_millis(41_250),
            identify_every: Duration::from_secs(5),
        }
    }
}

struct Shared {
    hub: Arc<Hub>,
    settings: Settings,
    address: String,
    sessions: Mutex<Sessions>,
    /// Wakes who watches over sessions without a socket.
    left: Notify,
    withholds_acks: AtomicBool,
    refuses: AtomicBool,
}

impl Shared {
    /// Never held while asking for the world.
    fn sessions(&self) -> MutexGuard<'_, Sessions> {
        self.sessions.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A running gateway. Clones are the same one.
#[derive(Clone)]
pub struct Gateway {
    shared: Arc<Shared>,
}

impl std::fmt::Debug for Gateway {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Gateway")
            .field("address", &self.shared.address)
            .finish_non_exhaustive()
    }
}

/// Listens, and is told by the world from now on.
pub async fn start(
    hub: &Arc<Hub>,
    settings: Settings,
    tasks: &TaskTracker,
    stop: &CancellationToken,
) -> std::io::Result<Gateway> {
    let here = SocketAddr::from((Ipv4Addr::LOCALHOST, settings.port));
    let listener = TcpListener::bind(here).await?;
    let shared = Arc::new(Shared {
        hub: Arc::clone(hub),
        settings,
        address: format!("ws://{}", listener.local_addr()?),
        sessions: Mutex::default(),
        left: Notify::new(),
        withholds_acks: AtomicBool::new(false),
        refuses: AtomicBool::new(false),
    });
    let listening = Arc::downgrade(&shared);
    hub.world().wire(move |dispatch| {
        if let Some(shared) = listening.upgrade() {
            shared.sessions().deliver(&dispatch);
        }
    });
    let accepting = accept(listener, Arc::clone(&shared), tasks.clone(), stop.clone());
    tasks.spawn(accepting);
    tasks.spawn(farewell::watch(Arc::clone(&shared), stop.clone()));
    Ok(Gateway { shared })
}

async fn accept(
    listener: TcpListener,
    shared: Arc<Shared>,
    tasks: TaskTracker,
    stop: CancellationToken,
) {
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = stop.cancelled() => return,
        };
        match accepted {
            // Whoever is refused sees the connection closed before the handshake.
            Ok(_) if shared.refuses.load(Ordering::Relaxed) => {}
            Ok((stream, _)) => {
                tasks.spawn(socket::serve(stream, Arc::clone(&shared), stop.clone()));
            }
            Err(error) => tracing::warn!(%error, "a gateway connection was not accepted"),
        }
    }
}

impl Gateway {
    /// `ws://127.0.0.1:PORT`.
    pub fn address(&self) -> String {
        self.shared.address.clone()
    }

    /// How many sockets of the application have a session.
    pub fn connections(&self, application_id: Id) -> usize {
        self.shared.sessions().connected(application_id)
    }

    /// Fault: closes the application's sockets with this code.
    pub fn close(&self, application_id: Id, code: u16) {
        self.shared
            .sessions()
            .send_out(application_id, &Out::Close(code, String::new()));
    }

    /// Fault: drops the application's connections without a close frame.
    pub fn cut(&self, application_id: Id) {
        self.shared.sessions().send_out(application_id, &Out::Cut);
    }

    /// Asks the application's clients to reconnect and resume (op 7).
    pub fn ask_reconnect(&self, application_id: Id) {
        let text = serde_json::json!({ "op": 7, "d": null }).to_string();
        self.shared
            .sessions()
            .send_out(application_id, &Out::Text(text.into()));
    }

    /// Asks the application's clients for a heartbeat at once (op 1).
    pub fn ask_heartbeat(&self, application_id: Id) {
        let text = serde_json::json!({ "op": 1, "d": null }).to_string();
        self.shared
            .sessions()
            .send_out(application_id, &Out::Text(text.into()));
    }

    /// Says that the application's sessions are invalid (op 9). Those that cannot be resumed are
    /// over, and with them their voice states.
    pub fn invalidate(&self, application_id: Id, resumable: bool) {
        let mut world = self.shared.hub.world();
        if resumable {
            let mut sessions = self.shared.sessions();
            sessions.send_out(application_id, &Out::Invalid(true));
            return;
        }
        let ended = self.shared.sessions().invalidate(application_id);
        for id in ended {
            world.end_voice_session(application_id, &id);
        }
    }

    /// Fault: heartbeats are not acknowledged.
    pub fn withhold_acks(&self, withholds: bool) {
        self.shared
            .withholds_acks
            .store(withholds, Ordering::Relaxed);
    }

    /// Fault: new connections are dropped.
    pub fn refuse_connections(&self, refuses: bool) {
        self.shared.refuses.store(refuses, Ordering::Relaxed);
    }
}
