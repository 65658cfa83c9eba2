//! Pieces of the owner's library, as far as the intake is concerned. What was taken in once is known
//! as long as its file stays as it was: it is neither opened nor looked into again.

use super::{Intake, IntakeFailure, blocking, key_of, track};
use crate::audio::library::Seen;
use crate::audio::place::Places;
use crate::domain::track::{Origin, Track};
use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Pieces that are remembered; beyond that all are forgotten.
const FAMILIAR_LIMIT: usize = 5_000;

/// The pieces that were taken in, by their ids.
#[derive(Clone, Debug, Default)]
pub(super) struct Shelf(Arc<Mutex<HashMap<String, (Seen, Track)>>>);

impl Shelf {
    fn all(&self) -> MutexGuard<'_, HashMap<String, (Seen, Track)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
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

impl Intake {
    /// A piece of the library, by the id that the search gave.
    pub async fn from_library(&self, id: &str) -> Result<Track, IntakeFailure> {
        let (relative, hit) = self.library.relative(id).ok_or(IntakeFailure::NotFound)?;
        let media = Places::in_library(&relative);
        let path = self.config.places.path(&media);
        let path = path.ok_or(IntakeFailure::NotFound)?;
        let seen = seen(&path).await?;
        if let Some(track) = self.shelf.familiar(id, seen) {
            return self.not_too_long(track);
        }
        let _place = self.gate.work().await?;
        let picture = self.partial();
        let whole = path.clone();
        let (examined, key) = tokio::join!(
            self.examiner.examine(&path, Some(&picture.0)),
            blocking(move || Ok(key_of(&whole)?)),
        );
        let (inspected, key, intake) = (examined??, key?, self.clone());
        let made = blocking(move || {
            let beside = || intake.library.cover_beside(&relative);
            let cover = inspected.cover.clone().or_else(beside);
            let cover = cover.and_then(|cover| intake.keep_cover(&cover).ok());
            let named = (hit.title, Origin::Library);
            Ok(track(key, inspected, named, media, cover))
        });
        let track = made.await?;
        self.shelf.remember(id, seen, &track);
        self.not_too_long(track)
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
