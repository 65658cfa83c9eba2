//! How the process ends: the first signal asks everyone to finish, the second, or a time limit,
//! ends it. Nothing is decided here about what finishing means.

use std::time::Duration;
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// How long the tasks have to finish after the first signal. With the last writes it is less than the
/// 10 s after which Docker ends a process by force.
const SOFT_LIMIT: Duration = Duration::from_secs(7);

/// Everyone's tasks, and the token that asks them to stop.
#[derive(Clone, Debug, Default)]
pub(super) struct Lifecycle {
    pub(super) tasks: TaskTracker,
    pub(super) stop: CancellationToken,
}

impl Lifecycle {
    /// Waits for SIGINT or SIGTERM, or until somebody else asked for the stop.
    pub(super) async fn until_stopped(&self) -> std::io::Result<()> {
        let mut terminate = signal(SignalKind::terminate())?;
        tokio::select! {
            result = tokio::signal::ctrl_c() => result?,
            _ = terminate.recv() => {}
            () = self.stop.cancelled() => {}
        }
        Ok(())
    }

    /// Asks every task to finish and waits for them. `false` when some did not in time, or when a
    /// second signal came.
    pub(super) async fn finish(&self) -> bool {
        self.stop.cancel();
        self.tasks.close();
        let mut terminate = signal(SignalKind::terminate()).ok();
        let second = async {
            match &mut terminate {
                Some(terminate) => {
                    tokio::select! { _ = tokio::signal::ctrl_c() => {}, _ = terminate.recv() => {} }
                }
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            () = self.tasks.wait() => true,
            () = tokio::time::sleep(SOFT_LIMIT) => false,
            () = second => false,
        }
    }
}
