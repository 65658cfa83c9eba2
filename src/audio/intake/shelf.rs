//! Pieces of the owner's library, as far as the intake is concerned. What was taken in once is known
//! as long as its file stays as it was: it is neither opened nor looked into again.

use super::{Intake, IntakeFailure, blocking, key_of, track};
use crate::audio::library::Seen;
use crate::audio::place::Places;
use crate::domain::track::{MediaRef, Origin, Track};
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Pieces that are remembered; beyond that all are forgotten.
const FAMILIAR_LIMIT: usize = 5_000;

/// The pieces that were taken in, by their ids.
#[derive(Clone, Debug)]
pub(super) struct Shelf {
    familiar: Arc<Mutex<HashMap<String, (Seen, Track)>>>,
    /// One piece at a time is looked into before anybody has asked for it; the last of them.
    ahead: Arc<Semaphore>,
    expected: Arc<Mutex<String>>,
}

impl Shelf {
    pub(super) fn new() -> Shelf {
        Shelf {
            familiar: Arc::default(),
            ahead: Arc::new(Semaphore::new(1)),
            expected: Arc::default(),
        }
    }

    fn expected(&self) -> MutexGuard<'_, String> {
        self.expected.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits while this piece is being looked into ahead of time.
    async fn settle(&self, id: &str) {
        let is_expected = *self.expected() == id;
        if is_expected {
            // It is never closed.
            let _over = self.ahead.acquire().await;
        }
    }

    fn all(&self) -> MutexGuard<'_, HashMap<String, (Seen, Track)>> {
        self.familiar.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn familiar(&self, id: &str, seen: Seen) -> Option<Track> {
        let all = self.all();
        let (then, track) = all.get(id)?;
        (*then == seen).then(|| track.clone())
    }

    fn remember(&self, id: &str, seen: Seen, track: &Track) {
        let mut all = self.all();
        if all.len() >= FAMILIAR_LIMIT {
            all.clear();
        }
        all.insert(id.to_owned(), (seen, track.clone()));
    }
}

/// A piece as it lies there.
struct Piece {
    relative: String,
    title: String,
    media: MediaRef,
    path: PathBuf,
    seen: Seen,
}

enum Glance {
    Familiar(Box<Track>),
    New(Piece),
}

impl Intake {
    /// A piece of the library, by the id that the search gave.
    pub async fn from_library(&self, id: &str) -> Result<Track, IntakeFailure> {
        self.shelf.settle(id).await;
        let track = match self.glance(id).await? {
            Glance::Familiar(track) => *track,
            Glance::New(piece) => self.look_into(id, piece, self.gate.work().await?).await?,
        };
        self.not_too_long(track)
    }

    /// Looks into a piece that somebody will probably ask for, if there is nothing else to do: while
    /// they read on, it becomes familiar.
    pub fn look_ahead(&self, id: &str) {
        let ahead = Arc::clone(&self.shelf.ahead).try_acquire_owned();
        let (Ok(alone), Some(place)) = (ahead, self.gate.spare()) else {
            return;
        };
        let (intake, id) = (self.clone(), id.to_owned());
        self.shelf.expected().clone_from(&id);
        self.tasks.spawn(async move {
            let looked = match intake.glance(&id).await {
                Ok(Glance::New(piece)) => intake.look_into(&id, piece, place).await.map(drop),
                Ok(Glance::Familiar(_)) => Ok(()),
                Err(failure) => Err(failure),
            };
            drop(alone);
            if let Err(failure) = looked {
                // Who asks for it after all is told.
                tracing::debug!(%failure, "not looked into ahead of time");
            }
        });
    }

    async fn glance(&self, id: &str) -> Result<Glance, IntakeFailure> {
        let (relative, hit) = self.library.relative(id).ok_or(IntakeFailure::NotFound)?;
        let media = Places::in_library(&relative);
        let path = self.config.places.path(&media);
        let path = path.ok_or(IntakeFailure::NotFound)?;
        let seen = seen(&path).await?;
        Ok(match self.shelf.familiar(id, seen) {
            Some(track) => Glance::Familiar(Box::new(track)),
            None => Glance::New(Piece {
                relative,
                title: hit.title,
                media,
                path,
                seen,
            }),
        })
    }

    async fn look_into(
        &self,
        id: &str,
        piece: Piece,
        place: OwnedSemaphorePermit,
    ) -> Result<Track, IntakeFailure> {
        let picture = self.partial();
        let whole = piece.path.clone();
        let (examined, key) = tokio::join!(
            self.examiner.examine(&piece.path, Some(&picture.0)),
            blocking(move || Ok(key_of(&whole)?)),
        );
        let (inspected, key, intake) = (examined??, key?, self.clone());
        let seen = piece.seen;
        let made = blocking(move || {
            let beside = || intake.library.cover_beside(&piece.relative);
            let cover = inspected.cover.clone().or_else(beside);
            let cover = cover.and_then(|cover| intake.keep_cover(&cover).ok());
            let named = (piece.title, Origin::Library);
            Ok(track(key, inspected, named, piece.media, cover))
        });
        let track = made.await?;
        drop(place);
        self.shelf.remember(id, seen, &track);
        Ok(track)
    }

    /// The limit of the one who runs the bot; what a guild allows is for the rules to say.
    pub(super) fn not_too_long(&self, track: Track) -> Result<Track, IntakeFailure> {
        let limit = self.config.length_limit;
        if track.length > limit {
            return Err(IntakeFailure::TooLong { limit });
        }
        Ok(track)
    }
}

async fn seen(path: &Path) -> Result<Seen, IntakeFailure> {
    match tokio::fs::metadata(path).await {
        Ok(facts) => Ok(Seen::of(facts.len(), facts.modified().ok())),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Err(IntakeFailure::NotFound),
        Err(error) => Err(error.into()),
    }
}
