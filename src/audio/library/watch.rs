//! Being told by the system when something in the library folder changes. Changes that come close
//! together are told together; where the system cannot tell (or too many folders are to be watched),
//! nothing is told, and the regular scan finds them.

#[cfg(target_os = "linux")]
#[path = "watch/told.rs"]
mod system;
#[cfg(not(target_os = "linux"))]
#[path = "watch/untold.rs"]
mod system;

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::time::Duration;
pub(super) use system::Folders;
use system::Reports;
use tokio::time::Instant;

/// So many places at once are the whole folder.
const PLACES_LIMIT: usize = 500;
/// How long it has to be quiet before changes are told: an album is copied file by file.
const QUIET: Duration = Duration::from_millis(700);
/// How long changes may be held back at most.
const HELD_LIMIT: Duration = Duration::from_secs(4);

/// Where something changed; `None` is somewhere.
type Change = Option<PathBuf>;

/// What is told of the folders that were entered.
pub(super) struct Watch(Option<Reports>);

impl Watch {
    /// Watches nothing yet: that is for [`Folders::enter`].
    pub(super) fn start() -> (Watch, Folders) {
        match system::start() {
            Ok((reports, folders)) => (Watch(Some(reports)), folders),
            Err(error) => {
                unwatched(&error);
                (Watch(None), Folders::default())
            }
        }
    }

    /// The places where something has changed; `None` is anywhere. Does not answer where changes
    /// are not told.
    pub(super) async fn changes(&mut self) -> Option<BTreeSet<PathBuf>> {
        let Some(reports) = &mut self.0 else {
            return std::future::pending().await;
        };
        let mut places = BTreeSet::new();
        let mut known = note(&mut places, reports.next().await);
        let latest = Instant::now() + HELD_LIMIT;
        while Instant::now() < latest {
            let quiet_at = (Instant::now() + QUIET).min(latest);
            match tokio::time::timeout_at(quiet_at, reports.next()).await {
                Ok(changes) => known &= note(&mut places, changes),
                Err(_quiet) => break,
            }
        }
        known.then_some(places)
    }
}

/// Whether all places are known and there is room for them.
fn note(places: &mut BTreeSet<PathBuf>, changes: Vec<Change>) -> bool {
    let mut known = true;
    for change in changes {
        match change {
            Some(place) if places.len() < PLACES_LIMIT => {
                places.insert(place);
            }
            _ => known = false,
        }
    }
    known
}

fn unwatched(error: &std::io::Error) {
    tracing::warn!(%error, "not all of the library is watched; it is looked through every 5 minutes");
}
