//! What Linux tells of folders (inotify, see its manual page): each folder is entered by itself, and
//! tells what happens to the files directly in it.

use super::{Change, unwatched};
use inotify::{EventMask, Inotify, WatchDescriptor, WatchMask, Watches};
use std::collections::HashMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::io::unix::AsyncFd;

/// Room for some dozens of reports; the rest waits with the system.
const BUFFER: usize = 8_192;

type Entered = Arc<Mutex<HashMap<WatchDescriptor, PathBuf>>>;

/// The folders that are watched. Clones share them.
#[derive(Clone, Debug, Default)]
pub(in super::super) struct Folders {
    watches: Option<Watches>,
    entered: Entered,
    /// The system's limit has been met, and that has been said.
    full: bool,
}

pub(super) struct Reports {
    events: AsyncFd<Inotify>,
    entered: Entered,
}

pub(super) fn start() -> io::Result<(Reports, Folders)> {
    let inotify = Inotify::init()?;
    let folders = Folders {
        watches: Some(inotify.watches()),
        ..Folders::default()
    };
    #[expect(
        deprecated,
        reason = "its unsafe successor asks for what `Inotify` promises: it owns its descriptor"
    )]
    let events = AsyncFd::new(inotify)?;
    let reports = Reports {
        events,
        entered: Arc::clone(&folders.entered),
    };
    Ok((reports, folders))
}

impl Folders {
    /// Has this folder watched too, but not those in it. Entering one again does no harm, and tells
    /// where it is now. When the system watches no more, that is said once.
    pub(in super::super) fn enter(&mut self, folder: &Path) {
        let Some(watches) = self.watches.as_mut().filter(|_| !self.full) else {
            return;
        };
        let mask = WatchMask::CREATE
            | WatchMask::CLOSE_WRITE
            | WatchMask::DELETE
            | WatchMask::MOVE
            | WatchMask::ONLYDIR
            | WatchMask::DONT_FOLLOW;
        match watches.add(folder, mask) {
            Ok(watch) => {
                let mut entered = self.entered.lock().unwrap_or_else(PoisonError::into_inner);
                entered.insert(watch, folder.to_owned());
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => {
                self.full = true;
                unwatched(&error);
            }
        }
    }
}

impl Reports {
    /// Waits for the next changes.
    pub(super) async fn next(&mut self) -> Vec<Change> {
        loop {
            let Ok(mut ready) = self.events.readable_mut().await else {
                return std::future::pending().await;
            };
            let entered = &self.entered;
            let read = ready.try_io(|events| {
                let mut buffer = [0; BUFFER];
                let events = events.get_mut().read_events(&mut buffer)?;
                let mut entered = entered.lock().unwrap_or_else(PoisonError::into_inner);
                let changes = events.filter_map(|event| change(&mut entered, &event));
                Ok(changes.collect::<Vec<Change>>())
            });
            match read {
                Ok(Ok(changes)) if changes.is_empty() => {}
                Ok(Ok(changes)) => return changes,
                Ok(Err(error)) => {
                    unwatched(&error);
                    return std::future::pending().await;
                }
                Err(_not_ready_yet) => {}
            }
        }
    }
}

/// What an event means; `None` is nothing of interest.
fn change(
    entered: &mut HashMap<WatchDescriptor, PathBuf>,
    event: &inotify::Event<&std::ffi::OsStr>,
) -> Option<Change> {
    if event.mask.contains(EventMask::Q_OVERFLOW) {
        return Some(None);
    }
    if event.mask.contains(EventMask::IGNORED) {
        entered.remove(&event.wd);
        return None;
    }
    let folder = entered.get(&event.wd)?;
    Some(Some(folder.join(event.name?)))
}
