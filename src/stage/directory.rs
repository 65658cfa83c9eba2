//! Which guild has which stage. A stage is started when it is first asked for and lives until the
//! process stops or its guild is forgotten; a closed one is a few kilobytes and waits for nothing.

use super::{Outside, StageFailure, StageHandle, task::StageTask};
use crate::domain::ids::GuildId;
use crate::domain::protocol::Signal;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// All stages of this process. Clones share them.
#[derive(Clone)]
pub struct Directory {
    outside: Arc<dyn Outside>,
    tasks: TaskTracker,
    stop: CancellationToken,
    /// Only a map: never held across an await.
    stages: Arc<Mutex<HashMap<GuildId, (StageHandle, CancellationToken)>>>,
}

impl std::fmt::Debug for Directory {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Directory").finish_non_exhaustive()
    }
}

impl Directory {
    pub fn new(
        outside: Arc<dyn Outside>,
        tasks: TaskTracker,
        stop: CancellationToken,
    ) -> Directory {
        Directory {
            outside,
            tasks,
            stop,
            stages: Arc::default(),
        }
    }

    /// The stage of the guild, started from storage if need be.
    pub async fn stage(&self, guild: GuildId) -> Result<StageHandle, StageFailure> {
        if self.stop.is_cancelled() {
            return Err(StageFailure::Gone);
        }
        let handle = self.started_or_start(guild);
        handle.loaded().await?;
        Ok(handle)
    }

    fn started_or_start(&self, guild: GuildId) -> StageHandle {
        let mut stages = self.stages.lock().unwrap_or_else(PoisonError::into_inner);
        // In the map before it is loaded, so that no signal falls between the two.
        let (handle, _) = stages.entry(guild).or_insert_with(|| {
            let stop = self.stop.child_token();
            let (task, handle) = StageTask::new(guild, Arc::clone(&self.outside), stop.clone());
            self.tasks.spawn(task.run());
            (handle, stop)
        });
        handle.clone()
    }

    /// Ends the stage of a guild that is to be forgotten, and waits until it can keep nothing more.
    /// Who watched it learns that it is gone; asked for again, it is read from storage anew.
    pub async fn end(&self, guild: GuildId) {
        let ended = {
            let mut stages = self.stages.lock().unwrap_or_else(PoisonError::into_inner);
            stages.remove(&guild)
        };
        if let Some((handle, stop)) = ended {
            stop.cancel();
            handle.ended().await;
        }
    }

    /// The stage of the guild if it has been started.
    pub fn started(&self, guild: GuildId) -> Option<StageHandle> {
        self.stages
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get(&guild)
            .map(|(handle, _)| handle.clone())
    }

    /// Reports to the stage of the guild if it has been started; one that has not will read the
    /// world afresh when it is.
    pub async fn tell(&self, guild: GuildId, signal: Signal) {
        if let Some(handle) = self.started(guild) {
            handle.tell(signal).await;
        }
    }

    /// How many stages are open.
    pub fn open_count(&self) -> usize {
        let stages = self.stages.lock().unwrap_or_else(PoisonError::into_inner);
        stages
            .values()
            .filter(|(handle, _)| handle.view().open.is_some())
            .count()
    }
}
