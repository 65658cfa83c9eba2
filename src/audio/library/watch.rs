//! Being told by the system when something in the library folder changes. Changes that come close
//! together are told together; where the system cannot tell, nothing is told, and the regular scan
//! finds them.

use notify::event::{AccessKind, AccessMode};
use notify::{ErrorKind, Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::time::Instant;

/// Changes that may wait. When there are more, the whole folder is looked through.
const WAITING_LIMIT: usize = 4_096;
/// So many places at once are the whole folder.
const PLACES_LIMIT: usize = 500;
/// How long it has to be quiet before changes are told: a file is written in many steps.
const QUIET: Duration = Duration::from_millis(700);
/// How long changes may be held back at most.
const HELD_LIMIT: Duration = Duration::from_secs(4);

/// Something changed at a place; `None` is somewhere.
type Change = Option<PathBuf>;

/// What is told of one folder.
pub(super) struct Watch {
    changes: mpsc::Receiver<Change>,
    /// Watches as long as it is there.
    _watcher: Option<RecommendedWatcher>,
}

impl Watch {
    /// Blocks while the folders are entered with the system.
    pub(super) fn start(dir: &Path) -> Watch {
        let (sender, changes) = mpsc::channel(WAITING_LIMIT);
        let told = sender.clone();
        let watcher = dir
            .canonicalize()
            .map_err(notify::Error::io)
            .and_then(|dir| {
                let config = notify::Config::default().with_follow_symlinks(false);
                let mut said = false;
                let hear = move |event| hear(&told, event, &mut said);
                let mut watcher = RecommendedWatcher::new(hear, config)?;
                watcher.watch(&dir, RecursiveMode::Recursive)?;
                Ok(watcher)
            });
        let watcher = match watcher {
            Ok(watcher) => Some(watcher),
            Err(error) => {
                unwatched(&error);
                None
            }
        };
        Watch {
            changes,
            _watcher: watcher,
        }
    }

    /// The places where something has changed; `None` is anywhere. Does not answer where changes
    /// are not told.
    pub(super) async fn changes(&mut self) -> Option<BTreeSet<PathBuf>> {
        let mut places = BTreeSet::new();
        let Some(first) = self.changes.recv().await else {
            return std::future::pending().await;
        };
        let mut somewhere = !note(&mut places, first);
        let latest = Instant::now() + HELD_LIMIT;
        loop {
            let quiet_at = (Instant::now() + QUIET).min(latest);
            match tokio::time::timeout_at(quiet_at, self.changes.recv()).await {
                Ok(Some(change)) => somewhere |= !note(&mut places, change),
                Ok(None) | Err(_) => break,
            }
            if Instant::now() >= latest {
                break;
            }
        }
        (!somewhere).then_some(places)
    }
}

/// Whether the place is known and there is room for it.
fn note(places: &mut BTreeSet<PathBuf>, change: Change) -> bool {
    match change {
        Some(place) if places.len() < PLACES_LIMIT => {
            places.insert(place);
            true
        }
        _ => false,
    }
}

fn unwatched(error: &notify::Error) {
    let why = match error.kind {
        ErrorKind::MaxFilesWatch => "the system watches no more folders (fs.inotify)",
        _ => "the system does not tell",
    };
    tracing::warn!(%error, why, "the library is not watched; it is looked through every 5 minutes");
}

/// On the thread of the watcher, which must not wait. A full queue is full of changes, and enough
/// of them make a scan of everything.
fn hear(changes: &mpsc::Sender<Change>, event: notify::Result<Event>, said: &mut bool) {
    let places = match event {
        Ok(event) if event.need_rescan() => vec![None],
        Ok(event) if is_change(event.kind) => event.paths.into_iter().map(Some).collect(),
        // Files are opened and read, by us too.
        Ok(_) => return,
        Err(error) => {
            // The limit of the system is met again for each further folder.
            if !std::mem::replace(said, true) {
                unwatched(&error);
            }
            vec![None]
        }
    };
    for place in places {
        if changes.try_send(place).is_err() {
            return;
        }
    }
}

fn is_change(kind: EventKind) -> bool {
    match kind {
        EventKind::Access(access) => access == AccessKind::Close(AccessMode::Write),
        _ => true,
    }
}
