//! Every event of Discord comes in here, and nothing is decided here. Serenity starts a task for
//! each event, which on several threads would lose their order; so its client lives on a thread of
//! its own with a single-threaded runtime, where tasks start in order, and hands every event
//! through one queue to a lane for each guild.

mod events;
mod lanes;
mod messages;
mod voice;

use super::rest::RestFailure;
use super::{SharedDesk, farewell};
use lanes::Lanes;
use serenity::all::{Context, GatewayIntents, Interaction, RawEventHandler};
use serenity::gateway::VoiceGatewayManager;
use serenity::model::event::Event;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{mpsc, oneshot};
use tokio_util::sync::CancellationToken;

/// Events waiting for the lanes; when it is full, serenity's tasks wait in their order.
const EVENTS_LIMIT: usize = 4_096;
/// How long the shards have to say goodbye.
const GOODBYE_LIMIT: Duration = Duration::from_secs(3);
/// Pause before a client that ended without being asked is started again, doubled to the second.
const RESTART_PAUSE: Duration = Duration::from_secs(1);
const RESTART_PAUSE_LIMIT: Duration = Duration::from_mins(1);

/// Why the bot is not connected and will not be.
#[derive(Debug, thiserror::Error)]
pub enum GatewayFailure {
    /// The token is not accepted (close code 4004).
    #[error("Discord does not accept the token")]
    Token,
    /// Discord refuses the intents or the sharding (close codes 4010 to 4014).
    #[error("Discord refuses the connection: {0}")]
    Refused(String),
    #[error("the gateway's thread did not start: {0}")]
    Thread(String),
}

/// What the bot listens to. Reading messages is privileged, so only if the application may.
pub fn intents(may_read_messages: bool) -> GatewayIntents {
    let open = GatewayIntents::GUILDS
        | GatewayIntents::GUILD_VOICE_STATES
        | GatewayIntents::GUILD_MESSAGES
        | GatewayIntents::GUILD_MESSAGE_REACTIONS;
    if may_read_messages {
        open | GatewayIntents::MESSAGE_CONTENT
    } else {
        open
    }
}

/// Where interactions and the news of being connected go. Each returns at once and does its work in
/// a task of `desk.tasks`: an interaction's 3 s begin before it is called.
#[derive(Clone, Copy, Debug)]
pub struct Doors {
    pub ready: fn(&SharedDesk),
    pub interaction: fn(&SharedDesk, Interaction),
}

/// Keeps the bot connected until `stop`. `voice` is songbird, to which the gateway's voice events
/// go; `Rest::application` must have been asked before.
pub async fn run(
    desk: SharedDesk,
    voice: Arc<dyn VoiceGatewayManager>,
    doors: Doors,
    stop: CancellationToken,
) -> Result<(), GatewayFailure> {
    let (sender, mut events) = mpsc::channel(EVENTS_LIMIT);
    let lanes = Lanes::new(Arc::clone(&desk), doors);
    desk.tasks
        .spawn(farewell::run(Arc::clone(&desk), stop.clone()));
    desk.tasks.spawn(async move {
        while let Some(event) = events.recv().await {
            lanes.forward(event).await;
        }
    });
    let (done, ended) = oneshot::channel();
    let connection = Connection {
        desk,
        voice,
        sender,
        stop,
    };
    std::thread::Builder::new()
        .name("gateway".to_owned())
        .spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build();
            let outcome = match runtime {
                Ok(runtime) => runtime.block_on(connection.keep()),
                Err(error) => Err(GatewayFailure::Thread(error.to_string())),
            };
            // Nobody waits only if the process is past caring.
            let _past_caring = done.send(outcome);
        })
        .map_err(|error| GatewayFailure::Thread(error.to_string()))?;
    ended
        .await
        .unwrap_or_else(|_| Err(GatewayFailure::Thread("it broke".to_owned())))
}

struct Connection {
    desk: SharedDesk,
    voice: Arc<dyn VoiceGatewayManager>,
    sender: mpsc::Sender<Event>,
    stop: CancellationToken,
}

/// What became of one client.
enum End {
    Asked,
    Broken(String),
    Fatal(GatewayFailure),
}

impl Connection {
    /// Serenity reconnects by itself; a client that ends anyway is made anew.
    async fn keep(self) -> Result<(), GatewayFailure> {
        let mut pause = RESTART_PAUSE;
        loop {
            match self.once().await {
                End::Asked => return Ok(()),
                End::Fatal(failure) => return Err(failure),
                End::Broken(why) => tracing::warn!(%why, "the gateway client ended"),
            }
            tokio::select! {
                () = self.stop.cancelled() => return Ok(()),
                () = tokio::time::sleep(pause) => {}
            }
            pause = (pause * 2).min(RESTART_PAUSE_LIMIT);
        }
    }

    async fn once(&self) -> End {
        let gateway = match self.desk.rest.gateway().await {
            Ok(gateway) => gateway,
            Err(RestFailure::Unauthorized) => return End::Fatal(GatewayFailure::Token),
            Err(failure) => return End::Broken(failure.to_string()),
        };
        let intents = intents(self.desk.may_read_messages);
        let rest = &self.desk.rest;
        let built = serenity::client::ClientBuilder::new_with_http(rest.serenity_http(), intents)
            .raw_event_handler(Ear(self.sender.clone()))
            .voice_manager_arc(Arc::clone(&self.voice))
            .await;
        let mut client = match built {
            Ok(client) => client,
            Err(error) => return End::Broken(error.to_string()),
        };
        // When serenity could not ask for the address it falls back to Discord's own, wherever the
        // base points: the token must not go there.
        *client.ws_url.lock().await = gateway.url;
        let shards = Arc::clone(&client.shard_manager);
        let ended = tokio::select! {
            ended = client.start_shards(gateway.shards) => Some(ended),
            () = self.stop.cancelled() => None,
        };
        if tokio::time::timeout(GOODBYE_LIMIT, shards.shutdown_all())
            .await
            .is_err()
        {
            tracing::debug!("the shards did not say goodbye in time");
        }
        match ended {
            None => End::Asked,
            Some(Ok(())) => End::Broken("it ended without an error".to_owned()),
            Some(Err(error)) => sorted(error),
        }
    }
}

fn sorted(error: serenity::Error) -> End {
    use serenity::gateway::GatewayError;
    match error {
        serenity::Error::Gateway(GatewayError::InvalidAuthentication) => {
            End::Fatal(GatewayFailure::Token)
        }
        serenity::Error::Gateway(
            error @ (GatewayError::InvalidGatewayIntents
            | GatewayError::DisallowedGatewayIntents
            | GatewayError::InvalidShardData
            | GatewayError::OverloadedShard),
        ) => End::Fatal(GatewayFailure::Refused(error.to_string())),
        error => End::Broken(error.to_string()),
    }
}

/// Hands every event on, in the order in which serenity starts its tasks.
struct Ear(mpsc::Sender<Event>);

#[serenity::async_trait]
impl RawEventHandler for Ear {
    async fn raw_event(&self, _context: Context, event: Event) {
        if self.0.send(event).await.is_err() {
            tracing::debug!("an event came after the end");
        }
    }
}
