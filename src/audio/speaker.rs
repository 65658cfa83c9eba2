//! Sound in calls, through songbird. Each guild has one task with an inbox, so that joins, plays
//! and stops keep their order and no caller waits; what happens leaves as signals. It plays what it
//! is told and decides nothing.

mod call;
mod group;
mod task;

pub use call::gather_ticks;
pub use group::Groups;

use super::deck::{Counts, Deck};
use super::preparer::Preparer;
use super::source::Sources;
use crate::domain::ids::{ChannelId, GuildId, TurnId};
use crate::domain::protocol::Signal;
use crate::domain::track::Track;
use songbird::Songbird;
use songbird::driver::{MixMode, Scheduler, SchedulerConfig, SchedulerMode};
use std::collections::HashMap;
use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use task::{Message, Order, Piece, SpeakerTask};
use tokio::sync::mpsc;
use tokio::time::{Interval, MissedTickBehavior};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// Orders and events that may wait for one guild. When there are more, whoever sends waits.
const INBOX_LIMIT: usize = 256;
/// Discord takes 120 messages a minute from a gateway connection, and joining is one.
const JOIN_PACE: Duration = Duration::from_millis(550);

/// What all guilds' speakers share.
struct Shared {
    songbird: Arc<Songbird>,
    groups: Groups,
    sources: Sources,
    preparer: Preparer,
    signals: mpsc::Sender<(GuildId, Signal)>,
    tasks: TaskTracker,
    stop: CancellationToken,
    pace: tokio::sync::Mutex<Interval>,
}

/// Calls on one of songbird's threads. Handing on a ready frame takes about a fiftieth of a
/// millisecond, of twenty; fewer threads wake up less often.
const CALLS_PER_THREAD: NonZeroUsize = NonZeroUsize::new(256).expect("256 is not 0");

/// Songbird as it is cheapest for us. Nothing is ever mixed, so no call is dearer than another and
/// none has to be moved, nor has anything to be clipped. Packets are passed on in stereo whatever is
/// mixed; but songbird copies an empty mix for every frame, and one channel of it is half of that.
pub fn songbird_config() -> songbird::Config {
    let mut scheduling = SchedulerConfig::default();
    scheduling.strategy = SchedulerMode::MaxPerThread(CALLS_PER_THREAD);
    scheduling.move_expensive_tasks = false;
    songbird::Config::default()
        .preallocated_tracks(1)
        .use_softclip(false)
        .mix_mode(MixMode::Mono)
        .scheduler(Scheduler::new(scheduling))
}

/// The inbox of a guild's task, and its deck.
type OfGuild = (mpsc::Sender<Message>, Deck);

/// A way to give orders. Clones share the calls.
#[derive(Clone)]
pub struct Speaker {
    shared: Arc<Shared>,
    /// Only a map: never held across an await.
    guilds: Arc<Mutex<HashMap<GuildId, OfGuild>>>,
}

impl std::fmt::Debug for Speaker {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Speaker").finish_non_exhaustive()
    }
}

impl Speaker {
    /// Must be called within a runtime. `groups` hear the log, and signals of all guilds leave through
    /// `signals`.
    pub fn new(
        (songbird, groups): (Arc<Songbird>, Groups),
        (sources, preparer): (Sources, Preparer),
        signals: mpsc::Sender<(GuildId, Signal)>,
        tasks: TaskTracker,
        stop: CancellationToken,
    ) -> Speaker {
        let mut pace = tokio::time::interval(JOIN_PACE);
        pace.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let pace = tokio::sync::Mutex::new(pace);
        let shared = Arc::new(Shared {
            songbird,
            groups,
            sources,
            preparer,
            signals,
            tasks,
            stop,
            pace,
        });
        Speaker {
            shared,
            guilds: Arc::default(),
        }
    }

    /// Be in the channel: joins, moves there, or stays.
    pub async fn join(&self, guild: GuildId, channel: ChannelId) {
        self.send(guild, Message::Join(channel)).await;
    }

    /// Leave voice, whatever sounds.
    pub async fn leave(&self, guild: GuildId) {
        self.send(guild, Message::Leave).await;
    }

    /// Play the track for the turn from a position; fade and end at `cut_at`; sound together with
    /// its neighbours for as much as `blend`. Answers with the `Playback...` signals of the turn.
    pub async fn play(
        &self,
        guild: GuildId,
        (turn, track): (TurnId, &Track),
        from: Duration,
        cut_at: Option<Duration>,
        blend: Duration,
    ) {
        let order = Order {
            turn,
            piece: Piece::of(track),
            from,
            length: track.length,
            cut_at,
            blend,
        };
        self.send(guild, Message::Play(Box::new(order))).await;
    }

    /// Stop the sound of the turn with a fade. No signal follows.
    pub async fn stop(&self, guild: GuildId, turn: TurnId, fade: Duration) {
        self.send(guild, Message::Stop { turn, fade }).await;
    }

    /// Make ready what probably plays next, in place of what was to be before.
    pub async fn prepare(&self, guild: GuildId, track: Option<&Track>) {
        self.send(guild, Message::Prepare(track.map(Piece::of)))
            .await;
    }

    /// Frames of all guilds that were handed out so far, by what they cost.
    pub fn counts(&self) -> Counts {
        let guilds = self.guilds.lock().unwrap_or_else(PoisonError::into_inner);
        let decks = guilds.values().map(|(_, deck)| deck.counts());
        decks.fold(Counts::default(), Counts::and)
    }

    async fn send(&self, guild: GuildId, message: Message) {
        let inbox = {
            let mut guilds = self.guilds.lock().unwrap_or_else(PoisonError::into_inner);
            let (inbox, _) = guilds.entry(guild).or_insert_with(|| {
                let (sender, inbox) = mpsc::channel(INBOX_LIMIT);
                let deck = Deck::new(self.shared.tasks.clone());
                let hands = (sender.clone(), deck.clone());
                let task = SpeakerTask::new(guild, Arc::clone(&self.shared), hands);
                self.shared.tasks.spawn(task.run(inbox));
                (sender, deck)
            });
            inbox.clone()
        };
        if inbox.send(message).await.is_err() {
            tracing::debug!(guild.id = %guild, "an order came for a speaker that has stopped");
        }
    }
}
