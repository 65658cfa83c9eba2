//! The deck of one call: the one track that songbird plays in it, whose packets are ours. It hands
//! out Opus frames of 20 ms from a short queue in memory, so that songbird passes them on as they
//! are, whatever they were made from; it never waits for a disk or another process. It does not know
//! about turns, and is told what to play by the guild's speaker.
//!
//! A bench plays a prepared file with nothing else of the house around it:
//!
//! ```text
//! let deck = Deck::new(tracker);                       within a tokio runtime
//! driver.play(Track::new(deck.input()?));
//! deck.play_file(Path::new("prepared.opus"));          as `rondo prepare` wrote it
//! deck.counts()                                        what was passed on and what was not
//! ```

mod blend;
mod cached;
mod feed;
mod queue;
mod reader;
mod seam;

pub use cached::is_prepared;
pub use queue::Counts;

pub use feed::LiveBytes;

pub(super) use cached::Cached;
pub(super) use feed::Source;
pub(super) use queue::{Manner, Told, frames};

use bytes::Bytes;
use queue::{Made, Part, Queue};
use songbird::input::Input;
use std::io;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::Notify;
use tokio_util::task::TaskTracker;

/// Frames that wait at the least: two seconds, many times what a busy disk takes.
const AHEAD: usize = 100;
/// Frames before its end at which the end of a sound is told, so that the next can be there.
pub(super) const LEAD: usize = 15;
/// Frames that pass before a fade begins, in which it is made.
const FADE_MADE_IN: usize = 2;
/// Frames before a cross-fade in which the next song is opened and the cross-fade made; and for how
/// many frames of it one of those is set aside for the making.
const CROSSFADE_MADE_IN: usize = 50;
const MADE_PER_FRAME: usize = 10;
/// From here on the deck numbers playbacks itself.
const OWN_NUMBERS: u64 = 1 << 63;
/// Longest cross-fade.
pub(super) const CROSSFADE_LIMIT: Duration = Duration::from_secs(12);

struct Shared {
    /// Held for moments: the mixer asks for a frame under it.
    queue: Mutex<Queue>,
    told: Notify,
    decoded: AtomicU64,
    /// Numbers playbacks that nobody else has numbered.
    numbers: AtomicU64,
    tasks: TaskTracker,
}

impl Shared {
    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The deck. Clones are the same one.
#[derive(Clone)]
pub struct Deck(Arc<Shared>);

impl std::fmt::Debug for Deck {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Deck").finish_non_exhaustive()
    }
}

impl Deck {
    /// What reads ahead is spawned on `tasks`.
    pub fn new(tasks: TaskTracker) -> Deck {
        Deck(Arc::new(Shared {
            queue: Mutex::default(),
            told: Notify::new(),
            decoded: AtomicU64::new(0),
            numbers: AtomicU64::new(OWN_NUMBERS),
            tasks,
        }))
    }

    /// What songbird is to play, at volume 1, in a call where nothing else plays.
    pub fn input(&self) -> io::Result<Input> {
        reader::input(self)
    }

    /// Plays a prepared file from its beginning, behind whatever there is. Within a runtime.
    pub fn play_file(&self, path: &Path) {
        let manner = self.plain();
        let source = std::future::ready(Ok(Source::Ready(path.to_owned())));
        self.play(manner, source, Duration::ZERO);
    }

    /// Plays what comes in now, decoded by a process of `program`, which is this one.
    pub fn play_live(&self, program: &Path, bytes: LiveBytes) {
        let manner = self.plain();
        let program = program.to_owned();
        let source = std::future::ready(Ok(Source::Live { program, bytes }));
        self.play(manner, source, Duration::ZERO);
    }

    fn plain(&self) -> Manner {
        Manner {
            playback: self.0.numbers.fetch_add(1, Ordering::Relaxed),
            ahead: AHEAD,
            lead: LEAD,
            ..Manner::default()
        }
    }

    /// Frames that were handed out so far.
    pub fn counts(&self) -> Counts {
        let decoded = self.0.decoded.load(Ordering::Relaxed);
        Counts {
            decoded,
            ..self.0.queue().counts()
        }
    }

    /// How many frames are to wait so that a cross-fade of this length can be made.
    pub(super) fn ahead_for(blend: Duration) -> usize {
        AHEAD.max(Deck::lead_for(blend) + CROSSFADE_MADE_IN)
    }

    /// How many frames before its end a sound's end is to be told for such a cross-fade.
    pub(super) fn lead_for(blend: Duration) -> usize {
        if blend.is_zero() {
            LEAD
        } else {
            frames(blend.min(CROSSFADE_LIMIT)) + CROSSFADE_MADE_IN
        }
    }

    /// Plays from a position, behind whatever there is or in place of it.
    pub(super) fn play(
        &self,
        manner: Manner,
        source: impl Future<Output = io::Result<Source>> + Send + 'static,
        from: Duration,
    ) {
        self.0.queue().begin(manner, from);
        let deck = self.clone();
        self.0
            .tasks
            .spawn(async move { feed::feed(&deck, manner.playback, source, from).await });
    }

    /// Waits for the next thing to tell.
    pub(super) async fn told(&self) -> Told {
        loop {
            if let Some(told) = self.0.queue().next_told() {
                return told;
            }
            // One permit is kept, and there is one listener.
            self.0.told.notified().await;
        }
    }

    /// Whether there is something to draw: else songbird may rest.
    pub(super) fn is_filled(&self) -> bool {
        self.0.queue().is_filled()
    }

    /// Everything is gone at once.
    pub(super) fn clear(&self) {
        self.0.queue().clear();
    }

    pub(super) fn set_lead(&self, playback: u64, lead: usize) {
        self.0.queue().set_lead(playback, lead);
    }

    /// Whether it is this playback that is drawn from.
    pub(super) fn sounds(&self, playback: u64) -> bool {
        self.0.queue().sounds() == Some(playback)
    }

    /// Where the playback is, by the frames that were drawn.
    pub(super) fn position(&self, playback: u64) -> Option<Duration> {
        self.0.queue().position(playback)
    }

    /// Ends whatever sounds, with a fade; what has not begun to sound is not heard at all.
    pub(super) fn fade_out(&self, playback: u64, fade: Duration) {
        let sounding = {
            let mut queue = self.0.queue();
            let sounding = queue.sounds().filter(|_| !fade.is_zero());
            if sounding != Some(playback) {
                queue.remove(playback);
            }
            sounding
        };
        if let Some(sounding) = sounding {
            self.fade(sounding, None, fade);
        }
    }

    /// Fades so that the playback is over at the position.
    pub(super) fn fade_until(&self, playback: u64, end: Duration, fade: Duration) {
        let at = self.0.queue().frame_at(playback, end.saturating_sub(fade));
        self.fade(playback, at, fade);
    }

    /// Fades from the frame `at`, or from the next that is not due yet.
    fn fade(&self, playback: u64, at: Option<u64>, fade: Duration) {
        let length = frames(fade);
        let Some(part) = self.0.queue().part(playback, usize::MAX) else {
            return;
        };
        let soon = part.first + u64::try_from(FADE_MADE_IN).unwrap_or(0);
        let at = at.map_or(soon, |at| at.max(part.first));
        let skip = usize::try_from(at - part.first).unwrap_or(usize::MAX);
        let deck = self.clone();
        self.0.tasks.spawn(async move {
            let making = tokio::task::spawn_blocking(move || blend::fade(&part, skip, length));
            let faded = made(making.await);
            deck.0.queue().end_with(playback, at, faded);
            deck.0.told.notify_one();
        });
    }

    /// Has `other` come up while `one` goes down, over the last `blend` of `one`. Without enough of
    /// either in time, one simply follows the other.
    pub(super) fn crossfade(&self, one: u64, other: u64, blend: Duration) {
        let deck = self.clone();
        let most = frames(blend.min(CROSSFADE_LIMIT));
        self.0.tasks.spawn(async move {
            if !deck.filled(other, most + 1).await {
                return;
            }
            let parts = {
                let mut queue = deck.0.queue();
                (queue.part(one, usize::MAX), queue.part(other, most + 1))
            };
            let (Some(going), Some(coming)) = parts else {
                return;
            };
            let making = FADE_MADE_IN + most / MADE_PER_FRAME;
            let left = going.frames.len().saturating_sub(making);
            let length = most.min(left).min(coming.frames.len().saturating_sub(1));
            if length == 0 || !going.complete {
                return;
            }
            let skip = going.frames.len() - length;
            let at = going.first + u64::try_from(skip).unwrap_or(0);
            let making =
                tokio::task::spawn_blocking(move || blend::cross(&going, &coming, skip, length));
            let mixed = made(making.await);
            if !mixed.is_empty() {
                deck.0.queue().splice(one, other, at, mixed);
            }
        });
    }

    /// Waits until so many frames wait in the playback. `false` when they will not, or too late.
    async fn filled(&self, playback: u64, least: usize) -> bool {
        loop {
            let Some(changed) = self.0.queue().changed(playback) else {
                break;
            };
            let mut news = std::pin::pin!(changed.notified());
            news.as_mut().enable();
            if self.waiting(playback, least) {
                return true;
            }
            news.await;
        }
        self.waiting(playback, least)
    }

    /// Waits until the playback wants nothing any more.
    async fn gone(&self, playback: u64) {
        loop {
            let Some(changed) = self.0.queue().changed(playback) else {
                return;
            };
            let mut news = std::pin::pin!(changed.notified());
            news.as_mut().enable();
            if self.0.queue().changed(playback).is_none() {
                return;
            }
            news.await;
        }
    }

    fn waiting(&self, playback: u64, least: usize) -> bool {
        let part = self.0.queue().part(playback, least);
        part.is_some_and(|part: Part| part.frames.len() >= least)
    }

    /// Waits until the playback wants more; `false` when it does not any more.
    async fn wants_more(&self, playback: u64) -> bool {
        loop {
            let Some(changed) = self.0.queue().changed(playback) else {
                return false;
            };
            let mut news = std::pin::pin!(changed.notified());
            news.as_mut().enable();
            if self.0.queue().has_room(playback) {
                return true;
            }
            news.await;
        }
    }

    fn push(&self, playback: u64, made: Made, frames: Vec<Bytes>) -> bool {
        let (wanted, seam) = {
            let mut queue = self.0.queue();
            let wanted = queue.push(playback, made, frames);
            (wanted, queue.seam(playback))
        };
        if let Some(seam) = seam {
            self.sew(seam);
        }
        self.0.told.notify_one();
        wanted
    }

    fn begins_from(&self, playback: u64, from: Duration) {
        self.0.queue().begins_from(playback, from);
    }

    fn finish(&self, playback: u64, failed: bool) {
        self.0.queue().finish(playback, failed);
        self.0.told.notify_one();
    }

    /// The next frame for the mixer, if there is one.
    fn draw<T>(&self, take: impl FnOnce(Option<&Bytes>) -> T) -> T {
        let mut queue = self.0.queue();
        let taken = take(queue.draw());
        let has_told = queue.has_told();
        drop(queue);
        if has_told {
            self.0.told.notify_one();
        }
        taken
    }

    fn count_decoded(&self) {
        self.0.decoded.fetch_add(1, Ordering::Relaxed);
    }
}

/// What a thread made; nothing, if it broke over it.
fn made(result: Result<Result<Vec<Bytes>, opus2::Error>, tokio::task::JoinError>) -> Vec<Bytes> {
    match result {
        Ok(Ok(made)) => made,
        Ok(Err(error)) => {
            tracing::warn!(%error, "a fade could not be made");
            Vec::new()
        }
        Err(error) => {
            tracing::error!(%error, "making a fade broke");
            Vec::new()
        }
    }
}
