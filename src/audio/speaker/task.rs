//! The speaker of one guild: one voice connection, at most one turn that sounds, and the deck it
//! sounds from. Songbird plays the deck all evening; what follows what is for the deck to carry out.

mod ahead;
mod connection;
mod on_air;

use self::ahead::Ahead;
use super::Shared;
use crate::audio::deck::{Deck, LEAD, Manner, Source, Told};
use crate::audio::preparer::Pin;
use crate::domain::ids::{ChannelId, GuildId, TurnId};
use crate::domain::protocol::{PlaybackEnd, Signal};
use crate::domain::track::{MediaRef, Track as Played, TrackKey};
use songbird::tracks::{Track, TrackHandle};
use std::io;
use std::num::NonZeroU64;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::time::{Instant, interval_at};

/// The fade at the limit of a turn.
const LIMIT_FADE: Duration = Duration::from_secs(3);
/// How long before that fade it is told that it comes, so that it can be made.
const LIMIT_TOLD: Duration = Duration::from_millis(500);

/// How often the rules hear that something is still being fetched.
const FETCHING_EVERY: Duration = Duration::from_secs(5);

/// What is played: its sound, and the key under which it may have been made ready.
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

/// What is to sound, and how.
#[derive(Clone, Debug)]
pub(super) struct Order {
    pub(super) turn: TurnId,
    pub(super) piece: Piece,
    pub(super) from: Duration,
    pub(super) length: Duration,
    pub(super) cut_at: Option<Duration>,
    /// How much of it may sound together with the songs before and after it.
    pub(super) blend: Duration,
}

#[derive(Debug)]
pub(super) enum Message {
    Join(ChannelId),
    Leave,
    Play(Box<Order>),
    Stop {
        turn: TurnId,
        fade: Duration,
    },
    /// What comes next now; `None` is nothing.
    Prepare(Option<Piece>),
    Connected,
    Disconnected,
    /// The call there is encrypted, or was waited for long enough.
    Sealed(ChannelId),
    /// A try to connect is over.
    Tried {
        attempt: u64,
        joined: Result<(), String>,
    },
    /// What comes next has been made ready.
    Prepared {
        piece: Piece,
        pin: Pin,
    },
}

/// The turn that was asked for and has not ended.
#[derive(Clone, Debug)]
struct Turn {
    id: TurnId,
    /// Which of the task's playbacks it is. A turn can have several.
    playback: u64,
    piece: Piece,
    length: Duration,
    cut_at: Option<Duration>,
    blend: Duration,
}

pub(super) struct SpeakerTask {
    guild: GuildId,
    shared: Arc<Shared>,
    inbox: mpsc::Sender<Message>,
    /// Where to be; `None` is out of voice.
    channel: Option<ChannelId>,
    connected: bool,
    /// The call that is there, but whose encryption has not begun.
    unsealed: Option<ChannelId>,
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
    deck: Deck,
    /// The deck as songbird has it.
    handle: Option<TrackHandle>,
    /// Counts playbacks.
    playbacks: u64,
    turn: Option<Turn>,
    /// The last playback whose end has been told; the rest of it may still sound.
    ending: Option<(u64, Duration)>,
    ahead: Ahead,
}

impl SpeakerTask {
    pub(super) fn new(
        guild: GuildId,
        shared: Arc<Shared>,
        (inbox, deck): (mpsc::Sender<Message>, Deck),
    ) -> SpeakerTask {
        SpeakerTask {
            guild,
            shared,
            inbox,
            channel: None,
            connected: false,
            unsealed: None,
            said_down: false,
            down_at: None,
            retry_at: None,
            tries: 0,
            attempt: 0,
            deck,
            handle: None,
            playbacks: 0,
            turn: None,
            ending: None,
            ahead: Ahead::default(),
        }
    }

    pub(super) async fn run(mut self, mut inbox: mpsc::Receiver<Message>) {
        let (stop, deck) = (self.shared.stop.clone(), self.deck.clone());
        loop {
            let alarm = self.down_at.into_iter().chain(self.retry_at).min();
            tokio::select! {
                () = stop.cancelled() => break,
                message = inbox.recv() => match message {
                    Some(message) => self.take(message).await,
                    None => break,
                },
                told = deck.told() => self.hear(told).await,
                () = tokio::time::sleep_until(alarm.unwrap_or_else(far)), if alarm.is_some() => {
                    self.alarm().await;
                }
            }
        }
        // What feeds it ends with it.
        self.deck.clear();
    }

    async fn take(&mut self, message: Message) {
        match message {
            Message::Join(channel) => self.join(channel),
            Message::Leave => self.leave().await,
            Message::Play(order) => self.play(*order),
            Message::Stop { turn, fade } => {
                if let Some(running) = self.turn.take_if(|running| running.id == turn) {
                    self.deck.fade_out(running.playback, fade);
                }
            }
            Message::Prepare(piece) => self.prepare(piece),
            Message::Connected => self.connected().await,
            Message::Disconnected => self.disconnected(),
            Message::Sealed(channel) => self.sealed(channel).await,
            Message::Tried { attempt, joined } => self.tried(attempt, joined).await,
            Message::Prepared { piece, pin } => self.prepared(&piece, pin),
        }
    }

    fn play(&mut self, order: Order) {
        self.playbacks += 1;
        let playback = self.playbacks;
        let pin = self.ahead.take(&order.piece);
        let begin = order.cut_at.map(|at| at.saturating_sub(LIMIT_FADE));
        let manner = Manner {
            playback,
            // A turn that has not ended gives way as soon as there is something to hear instead.
            replaces: self.turn.is_some(),
            ahead: Deck::ahead_for(order.blend),
            lead: LEAD,
            cut_told_at: begin.map(|at| at.saturating_sub(LIMIT_TOLD)),
        };
        let (shared, piece) = (Arc::clone(&self.shared), order.piece.clone());
        let whose = (self.guild, order.turn);
        let source = async move {
            // What was ready stays so until it has been opened.
            let _ready = pin;
            sound_of(&shared, piece, whose).await
        };
        self.deck.play(manner, source, order.from);
        if let Some((ending, blend)) = self.ending.take()
            && self.turn.is_none()
        {
            let blend = blend.min(order.blend);
            if !blend.is_zero() {
                self.deck.crossfade(ending, playback, blend);
            }
        }
        self.turn = Some(Turn {
            id: order.turn,
            playback,
            piece: order.piece,
            length: order.length,
            cut_at: order.cut_at,
            blend: order.blend,
        });
        self.tune_lead();
    }

    /// Has songbird play the deck, if there is a connection and something to play.
    async fn sound(&mut self) {
        let wanted = self.connected && self.unsealed.is_none() && self.deck.is_filled();
        let (true, Some(guild_id)) = (wanted, NonZeroU64::new(self.guild.0)) else {
            return;
        };
        // A call that was left has let go of its tracks.
        if let Some(handle) = &self.handle
            && handle.play().is_ok()
        {
            return;
        }
        let Some(call) = self.shared.songbird.get(guild_id) else {
            return;
        };
        match self.deck.input() {
            Ok(input) => {
                let mut call = call.lock().await;
                call.stop();
                self.handle = Some(call.play(Track::new(input)));
            }
            Err(error) => {
                tracing::error!(guild.id = %self.guild, %error, "the deck cannot be played");
            }
        }
    }

    /// The turn that is this playback.
    fn sounding(&self, playback: u64) -> Option<&Turn> {
        let running = self.turn.as_ref();
        running.filter(|running| running.playback == playback)
    }

    async fn hear(&mut self, told: Told) {
        match told {
            Told::Began { playback, position } => {
                let Some(Turn { id, piece, .. }) = self.sounding(playback) else {
                    return;
                };
                let turn = *id;
                // What began as it is may be sought in, or played again.
                let piece = piece.clone();
                self.make_ready(piece);
                self.signal(Signal::PlaybackStarted { turn, position })
                    .await;
            }
            Told::Ending {
                playback,
                position,
                failed,
            } => self.over(playback, position, failed).await,
            Told::Cut { playback } => {
                if let Some(cut_at) = self.sounding(playback).and_then(|turn| turn.cut_at) {
                    self.deck.fade_until(playback, cut_at, LIMIT_FADE);
                }
            }
            Told::Filled => self.sound().await,
            Told::Idle => {
                // Something may have come meanwhile.
                if let Some(handle) = self.handle.as_ref().filter(|_| !self.deck.is_filled())
                    && handle.pause().is_err()
                {
                    self.handle = None;
                }
            }
        }
    }

    async fn over(&mut self, playback: u64, position: Duration, failed: bool) {
        let Some(running) = self.turn.take_if(|it| it.playback == playback) else {
            return;
        };
        self.ending = Some((playback, running.blend));
        let how = if failed {
            tracing::warn!(guild.id = %self.guild, turn.id = %running.id, "not playable (further)");
            PlaybackEnd::Failed
        } else {
            PlaybackEnd::Finished
        };
        self.signal(Signal::PlaybackEnded {
            turn: running.id,
            position,
            how,
        })
        .await;
    }

    /// Nothing sounds any more, and nothing more is told of what did.
    fn silence(&mut self) {
        self.deck.clear();
        self.turn = None;
        self.ending = None;
    }

    async fn signal(&self, signal: Signal) {
        let _stopping = self.shared.signals.send((self.guild, signal)).await;
    }
}

/// What is live from now on, what has been made ready, else the file as it is, which is fetched first
/// if it is far away.
async fn sound_of(
    shared: &Arc<Shared>,
    piece: Piece,
    whose: (GuildId, TurnId),
) -> io::Result<Source> {
    if let Some(live) = shared.sources.live(&piece.media, &shared.tasks) {
        on_air::follow(shared, whose, live.titles);
        return Ok(Source::Live {
            program: shared.preparer.program().to_owned(),
            bytes: live.bytes,
        });
    }
    let (preparer, key) = (shared.preparer.clone(), piece.key.clone());
    let ready = tokio::task::spawn_blocking(move || preparer.ready(&key)).await;
    if let Ok(Some((path, pin))) = ready {
        return Ok(Source::Pinned(path, pin));
    }
    let mut fetching = std::pin::pin!(shared.sources.file(&piece.media));
    let mut every = interval_at(in_a(FETCHING_EVERY), FETCHING_EVERY);
    let (guild, turn) = whose;
    let file = loop {
        tokio::select! {
            file = &mut fetching => break file.map_err(io::Error::other)?,
            _ = every.tick() => {
                let signal = Signal::Fetching { turn };
                let _stopping = shared.signals.send((guild, signal)).await;
            }
        }
    };
    Ok(Source::Cold {
        program: shared.preparer.program().to_owned(),
        file,
        gain_tenths: piece.gain_tenths,
    })
}

/// For an alarm of tokio's timer, not a moment of the rules.
fn in_a(while_: Duration) -> Instant {
    Instant::now() + while_
}

fn far() -> Instant {
    in_a(Duration::from_hours(24))
}
