//! How much is taken in at a time: so much for each guild, so much in all. Who comes beyond that waits
//! for a while and is then told that there is a lot going on.

use super::IntakeFailure;
use crate::domain::ids::GuildId;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

/// For one guild, at a time.
const GUILD_LIMIT: usize = 2;
/// How long one waits for the others.
const WAIT_LIMIT: Duration = Duration::from_secs(20);

/// The places there are. Clones share them.
#[derive(Clone, Debug)]
pub(super) struct Gate {
    guilds: Arc<Mutex<HashMap<GuildId, Arc<Semaphore>>>>,
    all: Arc<Semaphore>,
}

/// Whoever holds it is inside.
#[derive(Debug)]
pub struct Pass {
    _guild: OwnedSemaphorePermit,
}

impl Gate {
    /// As many as this machine has cores, in all.
    pub(super) fn new() -> Gate {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Gate {
            guilds: Arc::default(),
            all: Arc::new(Semaphore::new(cores)),
        }
    }

    /// For the guild, from asking what there is to the track.
    pub(super) async fn enter(&self, guild: GuildId) -> Result<Pass, IntakeFailure> {
        let places = {
            let mut guilds = self.guilds.lock().unwrap_or_else(PoisonError::into_inner);
            // Where nobody is inside, nobody has to be remembered.
            guilds.retain(|_, places| {
                Arc::strong_count(places) > 1 || places.available_permits() < GUILD_LIMIT
            });
            let new = || Arc::new(Semaphore::new(GUILD_LIMIT));
            Arc::clone(guilds.entry(guild).or_insert_with(new))
        };
        taken(places).await.map(|guild| Pass { _guild: guild })
    }

    /// For work on one file that nobody waits for: only if there is a place to spare.
    pub(super) fn spare(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.all).try_acquire_owned().ok()
    }

    /// For work on one file that has been fetched at some cost: however long the others take.
    pub(super) async fn patient_work(&self) -> Result<OwnedSemaphorePermit, IntakeFailure> {
        let place = Arc::clone(&self.all).acquire_owned().await;
        // It is never closed.
        place.map_err(|_| IntakeFailure::Busy)
    }

    /// For work on one file.
    pub(super) async fn work(&self) -> Result<OwnedSemaphorePermit, IntakeFailure> {
        taken(Arc::clone(&self.all)).await
    }
}

async fn taken(places: Arc<Semaphore>) -> Result<OwnedSemaphorePermit, IntakeFailure> {
    match timeout(WAIT_LIMIT, places.acquire_owned()).await {
        Ok(Ok(place)) => Ok(place),
        Ok(Err(_)) | Err(_) => Err(IntakeFailure::Busy),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_guild_has_two_places_and_leaves_the_others_theirs() {
        let gate = Gate::new();
        let one = gate.enter(GuildId(1)).await.unwrap();
        let _two = gate.enter(GuildId(1)).await.unwrap();
        let third = gate.enter(GuildId(1)).await;
        assert!(matches!(third, Err(IntakeFailure::Busy)));
        gate.enter(GuildId(2)).await.unwrap();
        drop(one);
        gate.enter(GuildId(1)).await.unwrap();
    }
}
