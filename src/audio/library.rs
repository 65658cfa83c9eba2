//! The library folder of the owner: what lies there with its tags, watched, and searched by words in
//! any script. It only reads; what it has found out it remembers in a file elsewhere, so that a
//! restart does not look into every file again.

mod covers;
mod folder;
mod index;
mod memory;
mod watch;
mod words;

use super::examiner::Examiner;
use super::inspect::Cover;
pub(super) use index::Seen;
use index::{Index, Piece};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use watch::{Folders, Watch};

/// How often the whole folder is looked through: where changes are not told (network mounts, too
/// many folders) they are found by this.
const SCAN_EVERY: Duration = Duration::from_mins(5);
/// What has been found out is written down after so many files.
const REMEMBER_EVERY: usize = 1_000;

/// One piece of the library that fits a search.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LibraryHit {
    /// Names the piece for `Intake::from_library`: short, and the same after a restart.
    pub id: String,
    pub title: String,
    pub artist: Option<String>,
    pub album: Option<String>,
    pub length: Duration,
}

/// Where the library lies, and what looks into its files.
#[derive(Debug)]
struct Source {
    dir: PathBuf,
    /// Where what was found out is remembered.
    memory: Option<PathBuf>,
    examiner: Examiner,
}

/// The index. Clones share it.
#[derive(Clone, Debug, Default)]
pub(super) struct Library {
    source: Option<Arc<Source>>,
    index: Arc<RwLock<Index>>,
}

impl Library {
    /// Starts looking through the folder: at once, at every change, and every few minutes. What
    /// was found out before is read from `memory`.
    pub(super) fn start(
        (dir, memory): (Option<PathBuf>, Option<PathBuf>),
        examiner: Examiner,
        tasks: &TaskTracker,
        stop: &CancellationToken,
    ) -> Library {
        let source = dir.map(|dir| {
            Arc::new(Source {
                dir,
                memory,
                examiner,
            })
        });
        let library = Library {
            source,
            index: Arc::default(),
        };
        if let Some(source) = &library.source {
            let (library, source, stop) = (library.clone(), Arc::clone(source), stop.clone());
            tasks.spawn(async move { library.follow(source, stop).await });
        }
        library
    }

    /// Keeps the index true to the folder until it is stopped.
    async fn follow(self, source: Arc<Source>, stop: CancellationToken) {
        let (library, remembering) = (self.clone(), Arc::clone(&source));
        let recalled = tokio::task::spawn_blocking(move || library.recall(&remembering)).await;
        if let Err(error) = recalled {
            tracing::error!(%error, "what was known of the library is read anew");
        }
        let (mut watch, mut folders) = Watch::start();
        let mut next_scan = Instant::now();
        loop {
            let changed = tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep_until(next_scan) => None,
                changed = watch.changes() => changed,
            };
            if changed.is_none() {
                next_scan = Instant::now() + SCAN_EVERY;
            }
            let (library, source, stopped) = (self.clone(), Arc::clone(&source), stop.clone());
            let scan = move || {
                library.look(&source, changed, (&mut folders, &stopped));
                folders
            };
            folders = match tokio::task::spawn_blocking(scan).await {
                Ok(folders) => folders,
                Err(error) => {
                    tracing::error!(%error, "the library is not looked through any more");
                    return;
                }
            };
        }
    }

    /// Takes what an earlier run has found out; the first scan checks it. Blocks.
    fn recall(&self, source: &Source) {
        let Some(path) = &source.memory else { return };
        match memory::read(path) {
            Ok(known) => {
                let mut index = self.index.write().unwrap_or_else(PoisonError::into_inner);
                for (relative, seen, hit) in known {
                    index.put(relative, seen, hit);
                }
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => tracing::warn!(%error, "what was known of the library is read anew"),
        }
    }

    /// Looks at what has changed, or at everything. Files that are as they were are not opened
    /// again; what is found can be searched at once. Blocks.
    fn look(
        &self,
        source: &Source,
        changed: Option<BTreeSet<PathBuf>>,
        (folders, stop): (&mut Folders, &CancellationToken),
    ) {
        let Ok(root) = source.dir.canonicalize() else {
            // A mount that is away for a while; its files are not forgotten for that.
            tracing::warn!(dir = %source.dir.display(), "the library folder is not there");
            return;
        };
        let everything = changed.is_none();
        let places = changed.unwrap_or_else(|| BTreeSet::from([root.clone()]));
        let mut news = 0;
        for place in &places {
            news += self.look_at(source, (&root, place), (folders, stop));
        }
        if news > 0 {
            self.remember(source);
        }
        if everything || news > 0 {
            let index = self.index.read().unwrap_or_else(PoisonError::into_inner);
            tracing::info!(pieces = index.pieces(), news, "library looked through");
        }
    }

    /// Looks at one file or at a folder with all in it. Answers how much was new, other or gone.
    fn look_at(
        &self,
        source: &Source,
        (root, place): (&Path, &Path),
        (folders, stop): (&mut Folders, &CancellationToken),
    ) -> usize {
        // A folder is watched before it is read, so that nothing comes in between.
        let Some(found) = folder::files(root, place, |folder| folders.enter(folder)) else {
            return 0;
        };
        let mut news = 0;
        for (relative, path, seen) in &found.files {
            if stop.is_cancelled() {
                return news;
            }
            if self.seen(relative) == Some(*seen) {
                continue;
            }
            let hit = look_into(&source.examiner, relative, path);
            let mut index = self.index.write().unwrap_or_else(PoisonError::into_inner);
            index.put(relative.clone(), *seen, hit);
            drop(index);
            news += 1;
            if news % REMEMBER_EVERY == 0 {
                self.remember(source);
            }
        }
        let mut index = self.index.write().unwrap_or_else(PoisonError::into_inner);
        news + index.keep_only(&found)
    }

    fn seen(&self, relative: &str) -> Option<Seen> {
        let index = self.index.read().unwrap_or_else(PoisonError::into_inner);
        index.seen(relative)
    }

    fn remember(&self, source: &Source) {
        let Some(path) = &source.memory else { return };
        let index = self.index.read().unwrap_or_else(PoisonError::into_inner);
        if let Err(error) = memory::write(path, &index) {
            tracing::warn!(%error, "what is known of the library is not kept");
        }
    }

    /// What holds every word in its title, artist, album or path; the closest titles first. No
    /// words fit everything. When nothing does, words with one wrong letter are let pass.
    pub(super) fn search(&self, words: &str, limit: usize) -> Vec<LibraryHit> {
        let index = self.index.read().unwrap_or_else(PoisonError::into_inner);
        index.search(words, limit)
    }

    /// The piece's path relative to the folder.
    pub(super) fn relative(&self, id: &str) -> Option<(String, LibraryHit)> {
        let index = self.index.read().unwrap_or_else(PoisonError::into_inner);
        let (relative, Piece { hit, .. }) = index.by_id(id)?;
        Some((relative.to_owned(), hit.clone()))
    }

    /// The picture that lies beside a file of the library. Blocks.
    pub(super) fn cover_beside(&self, relative: &str) -> Option<Cover> {
        covers::beside(&self.source.as_ref()?.dir, relative)
    }
}

/// What a file is, found out by a process of its own; `None` is not playable. Blocks.
fn look_into(examiner: &Examiner, relative: &str, path: &Path) -> Option<LibraryHit> {
    let examining = examiner.examine(path, None);
    let answer = tokio::runtime::Handle::current().block_on(examining);
    let inspected = answer
        .inspect_err(|error| tracing::warn!(%error, relative, "not looked into"))
        .ok()?
        .inspect_err(|why| tracing::debug!(?why, relative, "not playable, left out"))
        .ok()?;
    let title = inspected.title;
    Some(LibraryHit {
        id: index::id(relative),
        title: title.unwrap_or_else(|| super::clean::title_from_name(relative)),
        artist: inspected.artist,
        album: inspected.album,
        length: inspected.length,
    })
}
