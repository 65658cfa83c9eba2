//! Tracks are made ready ahead: at one loudness, and encoded, so that playing one costs next to
//! nothing. What is ready is kept in a folder of limited size; what is not is played as it is.

use super::examiner::limited;
use super::intake::hex;
use super::one_by_one::OneByOne;
use super::room::note_use;
use crate::domain::track::TrackKey;
use sha2::{Digest, Sha256};
use std::collections::{HashMap, HashSet};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};
use tokio::sync::{Semaphore, watch};

/// The word by which the program knows what it is to do.
const PREPARE: &str = "prepare";
/// How long one track may take: two hours of music, many times over.
const PREPARE_LIMIT: Duration = Duration::from_mins(30);
/// Tracks that could not be made ready and are not tried again.
const FAILED_LIMIT: usize = 10_000;
/// What is written to find out whether there is room, in bytes: a minute of music.
const PROBE: usize = 1_000_000;
/// Ending of a file that is being written.
const PARTIAL: &str = "part";

/// What the preparer needs to know.
#[derive(Clone, Debug)]
pub struct PreparerConfig {
    /// This program.
    pub program: PathBuf,
    /// Where what is ready is kept.
    pub dir: PathBuf,
    /// How much of it, in bytes.
    pub size_limit: u64,
    /// Tracks that are made ready at a time.
    pub jobs: usize,
    pub clock: fn() -> SystemTime,
}

/// Makes tracks ready. Clones share the folder and the work.
#[derive(Clone, Debug)]
pub struct Preparer {
    config: Arc<PreparerConfig>,
    work: Arc<Semaphore>,
    /// Tracks that are being made ready.
    under_way: Arc<OneByOne<TrackKey>>,
    state: Arc<Mutex<State>>,
    /// The disk has no room left: the parties go on without the folder.
    full: watch::Sender<bool>,
}

#[derive(Debug, Default)]
struct State {
    failed: HashSet<TrackKey>,
    /// Files that sound or are about to, and how often.
    pinned: HashMap<PathBuf, usize>,
}

/// As long as it is there, the file is not removed to make room.
#[derive(Debug)]
pub(crate) struct Pin {
    state: Arc<Mutex<State>>,
    path: PathBuf,
}

impl Drop for Pin {
    fn drop(&mut self) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = state.pinned.get_mut(&self.path) {
            *count -= 1;
            if *count == 0 {
                state.pinned.remove(&self.path);
            }
        }
    }
}

/// A file that is half written, and removed unless it has been given its name.
struct Partial(PathBuf);

impl Drop for Partial {
    fn drop(&mut self) {
        // There may be none.
        let _gone = std::fs::remove_file(&self.0);
    }
}

impl Preparer {
    /// Makes the folder, and removes what an earlier run left half written.
    pub fn new(config: PreparerConfig) -> io::Result<Preparer> {
        std::fs::create_dir_all(&config.dir)?;
        for entry in std::fs::read_dir(&config.dir)? {
            let path = entry?.path();
            if path.extension().is_some_and(|it| it == PARTIAL) {
                std::fs::remove_file(path)?;
            }
        }
        Ok(Preparer {
            work: Arc::new(Semaphore::new(config.jobs.max(1))),
            config: Arc::new(config),
            under_way: Arc::default(),
            state: Arc::default(),
            full: watch::Sender::new(false),
        })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn place(&self, key: &TrackKey) -> PathBuf {
        // Other keys hold names that their sources give.
        let hash = match key.0.strip_prefix("sha256:") {
            Some(hash) => hash.to_owned(),
            None => hex(&Sha256::digest(key.0.as_bytes())),
        };
        self.config.dir.join(format!("{hash}.opus"))
    }

    /// This program, which also plays what has not been made ready.
    pub(super) fn program(&self) -> &Path {
        &self.config.program
    }

    fn pin(&self, path: &Path) -> Pin {
        let count = &mut *self.state();
        *count.pinned.entry(path.to_owned()).or_default() += 1;
        Pin {
            state: Arc::clone(&self.state),
            path: path.to_owned(),
        }
    }

    /// The track as it is to be played, if it has been made ready; it stays as long as the pin.
    /// Blocks for a moment.
    pub(super) fn ready(&self, key: &TrackKey) -> Option<(PathBuf, Pin)> {
        let path = self.place(key);
        // Before it is looked for, so that it cannot go in between.
        let pin = self.pin(&path);
        note_use(&path, (self.config.clock)()).ok()?;
        Some((path, pin))
    }

    /// Whether the track has been made ready.
    pub async fn has(&self, key: &TrackKey) -> bool {
        tokio::fs::try_exists(self.place(key))
            .await
            .unwrap_or(false)
    }

    /// Makes the track ready, unless it is. `None` when it cannot be: it is played as it is. Whoever
    /// stops waiting for it leaves nothing behind.
    pub(super) async fn prepare(&self, key: &TrackKey, file: &Path) -> Option<Pin> {
        let _alone = self.under_way.enter(key.clone()).await;
        if self.state().failed.contains(key) {
            return None;
        }
        let path = self.place(key);
        let pin = self.pin(&path);
        if tokio::fs::try_exists(&path).await.unwrap_or(false) {
            return Some(pin);
        }
        let made = self.make(file, &path).await;
        self.note_room(&made);
        match made {
            Ok(()) => Some(pin),
            // Another time there may be room.
            Err(error) if error.kind() == io::ErrorKind::StorageFull => None,
            Err(error) => {
                tracing::warn!(%error, "a track is played as it is; it could not be made ready");
                let mut state = self.state();
                if state.failed.len() < FAILED_LIMIT {
                    state.failed.insert(key.clone());
                }
                None
            }
        }
    }

    async fn make(&self, file: &Path, path: &Path) -> io::Result<()> {
        let _place = self.work.acquire().await.map_err(io::Error::other)?;
        if self.is_full() {
            self.look_for_room().await?;
        }
        let partial = Partial(path.with_extension(PARTIAL));
        let arguments = [file.as_os_str(), partial.0.as_os_str()];
        let made = limited(&self.config.program, PREPARE, &arguments, PREPARE_LIMIT).await;
        let full = |error: &io::Error| error.kind() == io::ErrorKind::StorageFull;
        if made.as_ref().is_err_and(full) {
            drop(partial);
            self.make_room().await;
            return made.map(drop);
        }
        let answer = made?;
        tracing::debug!(made = %String::from_utf8_lossy(&answer).trim(), "a track is ready");
        tokio::fs::rename(&partial.0, path).await?;
        self.trim_to(self.config.size_limit).await;
        Ok(())
    }

    async fn trim_to(&self, limit: u64) {
        let dir = self.config.dir.clone();
        let pinned: HashSet<PathBuf> = self.state().pinned.keys().cloned().collect();
        let trimmed = tokio::task::spawn_blocking(move || trim(&dir, limit, &pinned)).await;
        if let Ok(Err(error)) = trimmed {
            tracing::warn!(%error, "the folder of prepared tracks was not looked through");
        }
    }

    /// Whether the disk had no room left when it was last written to.
    pub fn is_full(&self) -> bool {
        *self.full.borrow()
    }

    /// The same, for who wants to know when that changes.
    pub fn fullness(&self) -> watch::Receiver<bool> {
        self.full.subscribe()
    }

    /// Where what is ready is kept.
    pub fn dir(&self) -> &Path {
        &self.config.dir
    }

    /// Says once that there is no room, and once that there is again.
    fn note_room(&self, made: &io::Result<()>) {
        let full = match made {
            Ok(()) => false,
            Err(error) if error.kind() == io::ErrorKind::StorageFull => true,
            Err(_) => return,
        };
        let was_full = self.full.send_replace(full);
        let dir = self.config.dir.display();
        match (was_full, full) {
            (false, true) => tracing::warn!(%dir, "the disk is full: tracks are played without it"),
            (true, false) => tracing::info!(%dir, "there is room on the disk again"),
            _ => {}
        }
    }

    /// Writes a little, before somebody decodes a whole track for nothing.
    async fn look_for_room(&self) -> io::Result<()> {
        let probe = Partial(self.config.dir.join("room").with_extension(PARTIAL));
        tokio::fs::write(&probe.0, vec![0; PROBE]).await
    }

    /// Gives up what was used longest ago, a quarter of all, where it is this folder that fills the
    /// disk.
    async fn make_room(&self) {
        let dir = self.config.dir.clone();
        let size = tokio::task::spawn_blocking(move || size_of(&dir)).await;
        if let Ok(Ok(size)) = size {
            self.trim_to(size / 4 * 3).await;
        }
    }
}

fn size_of(dir: &Path) -> io::Result<u64> {
    let mut size = 0;
    for entry in std::fs::read_dir(dir)? {
        size += entry?.metadata()?.len();
    }
    Ok(size)
}

/// Removes what was used longest ago, until all is within the limit. What is pinned stays: it is
/// new, sounds, or is about to.
fn trim(dir: &Path, limit: u64, pinned: &HashSet<PathBuf>) -> io::Result<()> {
    let mut all: Vec<(SystemTime, u64, PathBuf)> = Vec::new();
    for entry in std::fs::read_dir(dir)? {
        let entry = entry?;
        let facts = entry.metadata()?;
        let used = facts.modified().unwrap_or(SystemTime::UNIX_EPOCH);
        all.push((used, facts.len(), entry.path()));
    }
    all.sort();
    let mut size: u64 = all.iter().map(|(_, size, _)| size).sum();
    for (_, length, path) in all {
        if size <= limit {
            break;
        }
        let is_partial = path.extension().is_some_and(|it| it == PARTIAL);
        if !pinned.contains(&path) && !is_partial {
            std::fs::remove_file(&path)?;
            size = size.saturating_sub(length);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn who_stops_waiting_leaves_nothing_behind() {
        let dir = tempfile::TempDir::new().unwrap();
        let (file, ready) = (dir.path().join("file"), dir.path().join("ready"));
        std::fs::write(&file, "sound").unwrap();
        // A program that begins to write and does not end. Another process writes it, since it could
        // not be run while this one still has it open.
        let program = dir.path().join("program");
        let text = "printf '#!/bin/sh\\n: > \"$3\"\\nexec sleep 600\\n' > $0 && chmod +x $0";
        let mut writing = std::process::Command::new("sh");
        let written = writing.arg("-c").arg(text).arg(&program).status();
        assert!(written.unwrap().success());
        let preparer = Preparer::new(PreparerConfig {
            program,
            dir: ready.clone(),
            size_limit: 0,
            jobs: 1,
            clock: || SystemTime::UNIX_EPOCH,
        });
        let preparer = preparer.unwrap();
        let left = || std::fs::read_dir(&ready).unwrap().count();
        let key = TrackKey("some".to_owned());
        {
            let mut making = std::pin::pin!(preparer.prepare(&key, &file));
            while left() == 0 {
                let soon = Duration::from_millis(5);
                let made = tokio::time::timeout(soon, making.as_mut()).await;
                assert!(made.is_err(), "it does not end: {made:?}");
            }
        }
        assert_eq!(left(), 0);
        assert!(preparer.state().pinned.is_empty());
        assert_eq!(preparer.work.available_permits(), 1);
    }

    #[test]
    fn what_was_used_longest_ago_goes_first_and_what_is_pinned_stays() {
        let dir = tempfile::TempDir::new().unwrap();
        let at = |second: u64| SystemTime::UNIX_EPOCH + Duration::from_secs(second);
        for (name, used) in [("old", 1), ("older", 0), ("recent", 9), ("new", 5)] {
            let path = dir.path().join(name);
            std::fs::write(&path, [0; 100]).unwrap();
            let file = std::fs::File::options().append(true).open(path).unwrap();
            file.set_modified(at(used)).unwrap();
        }
        let left = || {
            let names = std::fs::read_dir(dir.path()).unwrap();
            let mut names: Vec<_> = names.map(|it| it.unwrap().file_name()).collect();
            names.sort();
            names
        };
        let new = HashSet::from([dir.path().join("new")]);
        trim(dir.path(), 400, &new).unwrap();
        assert_eq!(left().len(), 4);
        trim(dir.path(), 250, &new).unwrap();
        assert_eq!(left(), ["new", "recent"]);
        trim(dir.path(), 0, &new).unwrap();
        assert_eq!(left(), ["new"]);
    }
}
