//! The voice connection of a speaker: joining, trying again, and noticing that it is gone.

use super::super::call::listen_to_connection;
use super::{Message, SpeakerTask, in_a};
use crate::audio::deck::Counts;
use crate::domain::ids::ChannelId;
use crate::domain::protocol::Signal;
use std::num::NonZeroU64;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;

/// How long a connection may be gone before it is said to be: a move to another channel and a
/// resumed connection are over sooner.
const DOWN_AFTER: Duration = Duration::from_millis(2_500);
/// Pauses between tries to connect, doubled up to the second figure.
const FIRST_RETRY: Duration = Duration::from_millis(500);
const LONGEST_RETRY: Duration = Duration::from_secs(30);
/// How long the encryption of a new connection is waited for. Members who hear anything at all are in
/// its group sooner; a bot that is alone waits for nobody.
const SEAL_LIMIT: Duration = Duration::from_secs(1);
/// Tries to connect in a row before the channel counts as one that cannot be joined.
const TRIES_LIMIT: u32 = 6;

impl SpeakerTask {
    pub(super) fn join(&mut self, channel: ChannelId) {
        if self.channel == Some(channel) && (self.connected || self.retry_at.is_some()) {
            return;
        }
        if let Some(before) = self.channel.replace(channel) {
            self.shared.groups.forget(before);
        }
        self.unsealed = None;
        self.tries = 0;
        self.down_at.get_or_insert_with(|| in_a(DOWN_AFTER));
        self.try_to_join();
    }

    /// Tries to connect, aside, so that orders are taken meanwhile.
    fn try_to_join(&mut self) {
        let Some(channel) = self.channel else { return };
        let (Some(guild_id), Some(channel_id)) =
            (NonZeroU64::new(self.guild.0), NonZeroU64::new(channel.0))
        else {
            return;
        };
        self.retry_at = None;
        self.attempt += 1;
        let attempt = self.attempt;
        let (shared, inbox) = (Arc::clone(&self.shared), self.inbox.clone());
        self.shared.tasks.spawn(async move {
            shared.pace.lock().await.tick().await;
            let call = shared.songbird.get_or_insert(guild_id);
            let joining = {
                let mut call = call.lock().await;
                // Songbird would take a session that Discord has ended for a good one, and leaving
                // the channel would undo the joining after it: it is told that it is out, Discord is
                // only asked to let it in, and answers with a new session.
                call.update_state(String::new(), None::<songbird::id::ChannelId>);
                listen_to_connection(&mut call, &inbox);
                call.join(songbird::id::ChannelId(channel_id)).await
            };
            let joined = match joining {
                Ok(join) => join.await,
                Err(error) => Err(error),
            };
            let joined = joined.map_err(|error| error.to_string());
            let _stopping = inbox.send(Message::Tried { attempt, joined }).await;
        });
    }

    pub(super) async fn tried(&mut self, attempt: u64, joined: Result<(), String>) {
        if attempt != self.attempt || self.channel.is_none() {
            return;
        }
        match joined {
            Ok(()) => self.connected().await,
            Err(error) => {
                self.tries += 1;
                tracing::warn!(guild.id = %self.guild, %error, tries = self.tries, "voice not joined");
                if self.tries >= TRIES_LIMIT {
                    self.signal(Signal::Expelled).await;
                    return;
                }
                let pause = FIRST_RETRY * 2_u32.saturating_pow(self.tries);
                self.retry_at = Some(in_a(pause.min(LONGEST_RETRY)));
            }
        }
    }

    pub(super) async fn connected(&mut self) {
        let came_back = !std::mem::replace(&mut self.connected, true);
        self.tries = 0;
        self.down_at = None;
        self.retry_at = None;
        self.await_seal();
        if std::mem::take(&mut self.said_down) {
            let ago = Duration::ZERO;
            self.signal(Signal::Connection { up: true, ago }).await;
        } else if came_back && let Some(turn) = &self.turn {
            // Nothing was drawn meanwhile, while the clock of the rules went on.
            let position = self.deck.position(turn.playback);
            if let Some(position) = position.filter(|_| self.deck.sounds(turn.playback)) {
                let turn = turn.id;
                self.signal(Signal::PlaybackStarted { turn, position })
                    .await;
            }
        }
        self.sound().await;
    }

    /// Sound that were sent now would go out without end-to-end encryption, and members' clients
    /// would not play it: it waits until the call's encryption has begun.
    fn await_seal(&mut self) {
        let groups = self.shared.groups.clone();
        let awaited = self.channel.filter(|channel| groups.awaits(*channel));
        let (Some(channel), true) = (awaited, awaited != self.unsealed) else {
            return;
        };
        self.unsealed = awaited;
        let (guild, inbox) = (self.guild, self.inbox.clone());
        let stop = self.shared.stop.clone();
        self.shared.tasks.spawn(async move {
            let since = Instant::now();
            let begun = tokio::select! {
                begun = tokio::time::timeout(SEAL_LIMIT, groups.begun(channel)) => begun.is_ok(),
                () = stop.cancelled() => return,
            };
            let waited_ms = since.elapsed().as_millis();
            tracing::info!(guild.id = %guild, begun, waited_ms, "end-to-end encryption");
            let _stopping = inbox.send(Message::Sealed(channel)).await;
        });
    }

    pub(super) async fn sealed(&mut self, channel: ChannelId) {
        if self.unsealed == Some(channel) {
            self.unsealed = None;
            self.sound().await;
        }
    }

    pub(super) fn disconnected(&mut self) {
        if self.channel.is_some() && self.connected {
            self.connected = false;
            self.down_at = Some(in_a(DOWN_AFTER));
        }
    }

    pub(super) async fn alarm(&mut self) {
        let now = Instant::now();
        if self.down_at.is_some_and(|at| at <= now) {
            self.down_at = None;
            self.said_down = true;
            // The rules have it played again from where it was when the connection is back.
            self.silence();
            let ago = DOWN_AFTER;
            self.signal(Signal::Connection { up: false, ago }).await;
            if self.retry_at.is_none() && self.tries == 0 && self.attempt_is_over() {
                self.tries = 1;
                self.try_to_join();
            }
        }
        if self.retry_at.is_some_and(|at| at <= now) {
            self.try_to_join();
        }
    }

    /// What the party cost, by what could be passed on as it was.
    fn say_counts(&self) {
        let Counts {
            ready,
            cold,
            live,
            fade,
            crossfade,
            underruns,
            waits,
            decoded,
        } = self.deck.counts();
        tracing::info!(
            guild.id = %self.guild, ready, cold, live, fade, crossfade, underruns, waits, decoded,
            "frames sounded"
        );
    }

    /// Whether no try to connect is under way: songbird then has a call without a connection.
    fn attempt_is_over(&self) -> bool {
        let Some(guild_id) = NonZeroU64::new(self.guild.0) else {
            return false;
        };
        match self.shared.songbird.get(guild_id) {
            Some(call) => call.try_lock().is_ok(),
            None => true,
        }
    }

    pub(super) async fn leave(&mut self) {
        self.silence();
        self.handle = None;
        self.say_counts();
        if let Some(channel) = self.channel.take() {
            self.shared.groups.forget(channel);
        }
        self.connected = false;
        self.unsealed = None;
        self.said_down = false;
        self.down_at = None;
        self.retry_at = None;
        self.attempt += 1;
        self.ahead.forget();
        if let Some(guild_id) = NonZeroU64::new(self.guild.0) {
            // There may be no call to leave.
            let _none_to_leave = self.shared.songbird.remove(guild_id).await;
        }
    }
}
