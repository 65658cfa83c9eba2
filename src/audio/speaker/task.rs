//! The speaker of one guild: one voice connection, at most one turn that sounds.

use super::Shared;
use super::call::{listen_to_connection, listen_to_track};
use super::load::Loaded;
use crate::domain::ids::{ChannelId, GuildId, TurnId};
use crate::domain::protocol::{PlaybackEnd, Signal};
use crate::domain::track::{MediaRef, Track as Played, TrackKey};
use songbird::tracks::{Track, TrackHandle};
use std::num::NonZeroU64;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::time::Instant;

/// How long a connection may be gone before it is said to be: a move to another channel and a
/// resumed connection are over sooner.
const DOWN_AFTER: Duration = Duration::from_millis(2_500);
/// Pauses between tries to connect, doubled up to the second figure.
const FIRST_RETRY: Duration = Duration::from_millis(500);
const LONGEST_RETRY: Duration = Duration::from_secs(30);
/// Tries to connect in a row before the channel counts as one that cannot be joined.
const TRIES_LIMIT: u32 = 6;
/// The fade at the limit of a turn.
const LIMIT_FADE: Duration = Duration::from_secs(3);
/// How often the volume changes in a fade.
const FADE_STEP: Duration = Duration::from_millis(20);

/// What is played: its file, and the key under which it may have been made ready.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Piece {
    media: MediaRef,
    key: TrackKey,
    gain_tenths: Option<i16>,
}

impl Piece {
    pub(super) fn of(track: &Played) -> Piece {
        Piece {
            media: track.media.clone(),
            key: track.key.clone(),
            gain_tenths: track.gain_tenths,
        }
    }
}

#[derive(Debug)]
pub(super) enum Message {
    Join(ChannelId),
    Leave,
    Play {
        turn: TurnId,
        piece: Piece,
        from: Duration,
        cut_at: Option<Duration>,
    },
    Stop {
        turn: TurnId,
        fade: Duration,
    },
    Prepare(Piece),
    Connected,
    Disconnected,
    /// A try to connect is over.
    Tried {
        attempt: u64,
        joined: Result<(), String>,
    },
    Opened {
        turn: TurnId,
        result: Result<Box<Loaded>, String>,
    },
    Prepared {
        piece: Piece,
        result: Result<Box<Loaded>, String>,
    },
    Began {
        playback: u64,
        sounded: Duration,
    },
    Over {
        playback: u64,
        sounded: Duration,
        failed: bool,
    },
    Cut {
        playback: u64,
    },
}

/// The turn that was asked for.
struct Turn {
    id: TurnId,
    cut_at: Option<Duration>,
    sound: Sound,
}

enum Sound {
    /// The file is being opened.
    Opening,
    /// Opened, and the connection is waited for.
    Ready(Box<Loaded>),
    Sounding {
        handle: TrackHandle,
        /// Which of the task's playbacks it is. A turn can have several, and songbird may tell the
        /// end of an earlier one late: a mixer without a connection stands still.
        playback: u64,
        from: Duration,
        volume: f32,
    },
}

pub(super) struct SpeakerTask {
    guild: GuildId,
    shared: Arc<Shared>,
    inbox: mpsc::Sender<Message>,
    /// Where to be; `None` is out of voice.
    channel: Option<ChannelId>,
    connected: bool,
    /// The rules have been told that the connection is gone.
    said_down: bool,
    /// When the connection, if it is not there by then, is said to be gone.
    down_at: Option<Instant>,
    /// When to try to connect again.
    retry_at: Option<Instant>,
    /// Tries in a row that failed.
    tries: u32,
    /// Counts tries, so that the end of an old one is known.
    attempt: u64,
    /// Counts playbacks.
    playbacks: u64,
    turn: Option<Turn>,
    /// What is to be opened ahead, and what is open.
    upcoming: Option<Piece>,
    prepared: Option<(Piece, Box<Loaded>)>,
}

impl SpeakerTask {
    pub(super) fn new(
        guild: GuildId,
        shared: Arc<Shared>,
        inbox: mpsc::Sender<Message>,
    ) -> SpeakerTask {
        SpeakerTask {
            guild,
            shared,
            inbox,
            channel: None,
            connected: false,
            said_down: false,
            down_at: None,
            retry_at: None,
            tries: 0,
            attempt: 0,
            playbacks: 0,
            turn: None,
            upcoming: None,
            prepared: None,
        }
    }

    pub(super) async fn run(mut self, mut inbox: mpsc::Receiver<Message>) {
        let stop = self.shared.stop.clone();
        loop {
            let alarm = self.down_at.into_iter().chain(self.retry_at).min();
            tokio::select! {
                () = stop.cancelled() => break,
                message = inbox.recv() => match message {
                    Some(message) => self.take(message).await,
                    None => break,
                },
                () = tokio::time::sleep_until(alarm.unwrap_or_else(far)), if alarm.is_some() => {
                    self.alarm().await;
                }
            }
        }
    }

    async fn take(&mut self, message: Message) {
        match message {
            Message::Join(channel) => self.join(channel),
            Message::Leave => self.leave().await,
            Message::Play {
                turn,
                piece,
                from,
                cut_at,
            } => {
                self.silence(Duration::ZERO);
                self.turn = Some(Turn {
                    id: turn,
                    cut_at,
                    sound: Sound::Opening,
                });
                self.open(turn, piece, from).await;
            }
            Message::Stop { turn, fade } => {
                if self.turn.as_ref().is_some_and(|running| running.id == turn) {
                    self.silence(fade);
                }
            }
            Message::Prepare(piece) => self.prepare(piece),
            Message::Connected => self.connected().await,
            Message::Disconnected => self.disconnected(),
            Message::Tried { attempt, joined } => self.tried(attempt, joined).await,
            Message::Opened { turn, result } => self.opened(turn, result).await,
            Message::Prepared { piece, result } => {
                // A file that cannot be opened fails at its turn, where it is said.
                if self.upcoming.as_ref() == Some(&piece)
                    && let Ok(loaded) = result
                {
                    self.prepared = Some((piece, loaded));
                }
            }
            Message::Began { playback, sounded } => self.began(playback, sounded).await,
            Message::Over {
                playback,
                sounded,
                failed,
            } => self.over(playback, sounded, failed).await,
            Message::Cut { playback } => self.cut(playback).await,
        }
    }

    fn join(&mut self, channel: ChannelId) {
        if self.channel == Some(channel) && (self.connected || self.retry_at.is_some()) {
            return;
        }
        self.channel = Some(channel);
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

    async fn tried(&mut self, attempt: u64, joined: Result<(), String>) {
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

    async fn connected(&mut self) {
        self.connected = true;
        self.tries = 0;
        self.down_at = None;
        self.retry_at = None;
        if std::mem::take(&mut self.said_down) {
            let ago = Duration::ZERO;
            self.signal(Signal::Connection { up: true, ago }).await;
        }
        self.sound().await;
    }

    fn disconnected(&mut self) {
        if self.channel.is_some() && self.connected {
            self.connected = false;
            self.down_at = Some(in_a(DOWN_AFTER));
        }
    }

    async fn alarm(&mut self) {
        let now = Instant::now();
        if self.down_at.is_some_and(|at| at <= now) {
            self.down_at = None;
            self.said_down = true;
            // The rules have it played again from where it was when the connection is back.
            self.silence(Duration::ZERO);
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

    async fn leave(&mut self) {
        self.silence(FADE_STEP);
        self.channel = None;
        self.connected = false;
        self.said_down = false;
        self.down_at = None;
        self.retry_at = None;
        self.attempt += 1;
        self.upcoming = None;
        self.prepared = None;
        if let Some(guild_id) = NonZeroU64::new(self.guild.0) {
            // There may be no call to leave.
            let _none_to_leave = self.shared.songbird.remove(guild_id).await;
        }
    }

    async fn open(&mut self, turn: TurnId, piece: Piece, from: Duration) {
        if self.upcoming.as_ref() == Some(&piece) {
            self.upcoming = None;
        }
        if from.is_zero()
            && let Some((_, loaded)) = self.prepared.take_if(|(prepared, _)| *prepared == piece)
        {
            return self.opened(turn, Ok(loaded)).await;
        }
        let (shared, inbox) = (Arc::clone(&self.shared), self.inbox.clone());
        self.shared.tasks.spawn(async move {
            let result = tokio::select! {
                result = loaded(&shared, piece, from) => result.map(Box::new),
                () = shared.stop.cancelled() => return,
            };
            let _stopping = inbox.send(Message::Opened { turn, result }).await;
        });
    }

    /// Opens what comes next as it is, and again when it has been made ready.
    fn prepare(&mut self, piece: Piece) {
        self.upcoming = Some(piece.clone());
        let (shared, inbox) = (Arc::clone(&self.shared), self.inbox.clone());
        self.shared.tasks.spawn(async move {
            let path = tokio::select! {
                file = shared.sources.file(&piece.media) => file,
                () = shared.stop.cancelled() => return,
            };
            // What cannot be had fails at its turn, where it is said.
            let Ok(path) = path else { return };
            open_ahead(&inbox, &piece, (path.clone(), piece.gain_tenths)).await;
            let ready = tokio::select! {
                ready = shared.preparer.prepare(&piece.key, &path) => ready,
                () = shared.stop.cancelled() => None,
            };
            if let Some(ready) = ready {
                open_ahead(&inbox, &piece, (ready, None)).await;
            }
        });
    }

    async fn opened(&mut self, turn: TurnId, result: Result<Box<Loaded>, String>) {
        let Some(running) = self.turn.as_mut().filter(|running| running.id == turn) else {
            return;
        };
        match result {
            Ok(loaded) => {
                running.sound = Sound::Ready(loaded);
                self.sound().await;
            }
            Err(error) => {
                tracing::warn!(guild.id = %self.guild, turn.id = %turn, %error, "not playable");
                self.turn = None;
                let how = PlaybackEnd::Failed;
                self.signal(Signal::PlaybackEnded {
                    turn,
                    position: Duration::ZERO,
                    how,
                })
                .await;
            }
        }
    }

    /// Starts what is ready, if there is a connection.
    async fn sound(&mut self) {
        let ready = matches!(
            &self.turn,
            Some(Turn {
                sound: Sound::Ready(_),
                ..
            })
        );
        let (true, true, Some(guild_id)) = (self.connected, ready, NonZeroU64::new(self.guild.0))
        else {
            return;
        };
        let Some(call) = self.shared.songbird.get(guild_id) else {
            return;
        };
        let Some(Turn {
            id: turn,
            cut_at,
            sound: Sound::Ready(loaded),
        }) = self.turn.take()
        else {
            return;
        };
        let from = loaded.from;
        let (input, volume) = loaded.into_input();
        let handle = call.lock().await.play(Track::new(input).volume(volume));
        let cut_after = cut_at.map(|cut_at| cut_at.saturating_sub(from + LIMIT_FADE));
        self.playbacks += 1;
        let playback = self.playbacks;
        if let Err(error) = listen_to_track(&handle, playback, cut_after, &self.inbox) {
            tracing::warn!(guild.id = %self.guild, turn.id = %turn, %error, "lost at its start");
            let how = PlaybackEnd::Failed;
            return self
                .signal(Signal::PlaybackEnded {
                    turn,
                    position: from,
                    how,
                })
                .await;
        }
        self.turn = Some(Turn {
            id: turn,
            cut_at,
            sound: Sound::Sounding {
                handle,
                playback,
                from,
                volume,
            },
        });
    }

    /// The turn that sounds and the position in the file where its sound began, if it is this
    /// playback.
    fn sounding(&self, of: u64) -> Option<(TurnId, Duration)> {
        let running = self.turn.as_ref()?;
        match running.sound {
            Sound::Sounding { playback, from, .. } if playback == of => Some((running.id, from)),
            _ => None,
        }
    }

    async fn began(&mut self, playback: u64, sounded: Duration) {
        if let Some((turn, from)) = self.sounding(playback) {
            self.signal(Signal::PlaybackStarted {
                turn,
                position: from + sounded,
            })
            .await;
        }
    }

    async fn over(&mut self, playback: u64, sounded: Duration, failed: bool) {
        let Some((turn, from)) = self.sounding(playback) else {
            return;
        };
        self.turn = None;
        let how = if failed {
            PlaybackEnd::Failed
        } else {
            PlaybackEnd::Finished
        };
        self.signal(Signal::PlaybackEnded {
            turn,
            position: from + sounded,
            how,
        })
        .await;
    }

    /// The limit of the turn is near: fade, and end as finished.
    async fn cut(&mut self, playback: u64) {
        let Some((turn, from)) = self.sounding(playback) else {
            return;
        };
        let cut_at = self.turn.as_ref().and_then(|running| running.cut_at);
        self.silence(LIMIT_FADE);
        let (position, how) = (cut_at.unwrap_or(from), PlaybackEnd::Finished);
        self.signal(Signal::PlaybackEnded {
            turn,
            position,
            how,
        })
        .await;
    }

    /// Ends what sounds, with a fade. Its events are no longer of interest.
    fn silence(&mut self, fade: Duration) {
        let Some(Turn {
            sound: Sound::Sounding { handle, volume, .. },
            ..
        }) = self.turn.take()
        else {
            return;
        };
        self.shared.tasks.spawn(async move {
            let steps = u16::try_from(fade.as_millis() / FADE_STEP.as_millis()).unwrap_or(u16::MAX);
            for step in (0..steps).rev() {
                // A track that has ended meanwhile needs no fade.
                if handle
                    .set_volume(volume * f32::from(step) / f32::from(steps))
                    .is_err()
                {
                    return;
                }
                tokio::time::sleep(FADE_STEP).await;
            }
            let _ended = handle.stop();
        });
    }

    async fn signal(&self, signal: Signal) {
        let _stopping = self.shared.signals.send((self.guild, signal)).await;
    }
}

/// Opens what has been made ready, else the file as it is, which is fetched first if it is far away.
async fn loaded(shared: &Shared, piece: Piece, from: Duration) -> Result<Loaded, String> {
    let (preparer, key) = (shared.preparer.clone(), piece.key);
    let ready = tokio::task::spawn_blocking(move || preparer.ready(&key)).await;
    let (path, gain_tenths) = if let Ok(Some(ready)) = ready {
        (ready, None)
    } else {
        let file = shared.sources.file(&piece.media).await;
        let path = file.map_err(|failure| failure.to_string())?;
        (path, piece.gain_tenths)
    };
    let opening = tokio::task::spawn_blocking(move || Loaded::open(&path, from));
    let loaded = opening.await.map_err(|error| error.to_string())??;
    Ok(loaded.louder_by(gain_tenths))
}

async fn open_ahead(
    inbox: &mpsc::Sender<Message>,
    piece: &Piece,
    (path, gain_tenths): (PathBuf, Option<i16>),
) {
    let opening = tokio::task::spawn_blocking(move || {
        let loaded = Loaded::open(&path, Duration::ZERO)?;
        Ok(Box::new(loaded.louder_by(gain_tenths)))
    });
    let result = opening.await.unwrap_or_else(|error| Err(error.to_string()));
    let piece = piece.clone();
    let _stopping = inbox.send(Message::Prepared { piece, result }).await;
}

/// For an alarm of tokio's timer, not a moment of the rules.
fn in_a(while_: Duration) -> Instant {
    Instant::now() + while_
}

fn far() -> Instant {
    in_a(Duration::from_hours(24))
}
