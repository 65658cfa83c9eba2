//! How much of the disk the files take that were fetched for members, and which go when there are too
//! many: what nobody refers to, and what can be fetched again. Knows nothing of what is in them.

use super::intake::IntakeFailure;
use super::source::scratch::PARTIAL;
use super::source::{FAR, Source};
use crate::domain::track::MediaRef;
use std::collections::HashSet;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};
use tokio::sync::watch;

/// How long a file that nobody refers to is left alone.
const UNUSED_FOR: Duration = Duration::from_hours(24);
/// How long a file is kept after its last use that can be fetched again.
const FAR_KEPT_FOR: Duration = Duration::from_hours(72);
/// The same for both when there is no room: it may be on its way into a setlist, or be playing.
const AT_LEAST: Duration = Duration::from_mins(20);
/// What is left free on the disk, in bytes: the database writes there, too.
const LEFT_FREE: u64 = 256 * 1024 * 1024;
/// How long somebody waits for files to go.
const WAIT_LIMIT: Duration = Duration::from_secs(5);
/// The share of the limit, in percent, that pictures may take; they are small, and of all time.
const PICTURES_PERCENT: u64 = 25;
/// Down to which share of the limit files go, so that it is not done for each file again.
const DOWN_TO_PERCENT: u64 = 90;

/// Beginning of the names of pictures.
pub(super) const COVER: &str = "cover-";
/// What was found out about the library.
pub(super) const LIBRARY_INDEX: &str = "library.index";

/// The folder of what was fetched. Clones share it.
#[derive(Clone, Debug)]
pub(super) struct Room(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    dir: PathBuf,
    /// In bytes.
    limit: u64,
    /// Whether there was no room when it was last looked for.
    full: watch::Sender<bool>,
    /// Counts those who want files to go, and how often they went.
    wanted: watch::Sender<u64>,
    rounds: watch::Sender<u64>,
}

/// What lies in the folder.
#[derive(Debug)]
struct Lying {
    path: PathBuf,
    name: String,
    bytes: u64,
    age: Duration,
}

impl Lying {
    fn stem(&self) -> &str {
        self.name.split('.').next().unwrap_or_default()
    }

    fn is_picture(&self) -> bool {
        self.name.starts_with(COVER)
    }
}

impl Room {
    pub(super) fn new(dir: PathBuf, limit: u64) -> Room {
        Room(Arc::new(Inner {
            dir,
            limit,
            full: watch::Sender::new(false),
            wanted: watch::Sender::new(0),
            rounds: watch::Sender::new(0),
        }))
    }

    /// Whether there was no room, for who wants to know when that changes.
    pub(super) fn fullness(&self) -> watch::Receiver<bool> {
        self.0.full.subscribe()
    }

    /// To be waited for by who calls [`Room::collect`].
    pub(super) fn wanted(&self) -> watch::Receiver<u64> {
        self.0.wanted.subscribe()
    }

    /// Has one more file written, unless there is no room and none can be made.
    pub(super) async fn hold<T>(
        &self,
        writing: impl Future<Output = Result<T, IntakeFailure>>,
    ) -> Result<T, IntakeFailure> {
        self.enter().await?;
        let written = writing.await;
        if let Err(IntakeFailure::Disk(error)) = &written
            && error.kind() == io::ErrorKind::StorageFull
        {
            self.note(true);
        }
        written
    }

    /// Whether one more file may come; if there is no room, it is made first, as far as can be.
    async fn enter(&self) -> Result<(), IntakeFailure> {
        if !self.is_short().await? {
            self.note(false);
            return Ok(());
        }
        let mut rounds = self.0.rounds.subscribe();
        rounds.mark_unchanged();
        self.0.wanted.send_modify(|count| *count += 1);
        // Nobody may be there to do it.
        let _made = tokio::time::timeout(WAIT_LIMIT, rounds.changed()).await;
        let is_short = self.is_short().await?;
        self.note(is_short);
        if is_short {
            return Err(IntakeFailure::NoRoom);
        }
        Ok(())
    }

    fn note(&self, is_full: bool) {
        let was_full = self.0.full.send_replace(is_full);
        let dir = self.0.dir.display();
        match (was_full, is_full) {
            (false, true) => tracing::warn!(%dir, "there is no room for what members want to play"),
            (true, false) => tracing::info!(%dir, "there is room again for what members play"),
            _ => {}
        }
    }

    async fn is_short(&self) -> Result<bool, IntakeFailure> {
        let inner = Arc::clone(&self.0);
        let looked = tokio::task::spawn_blocking(move || inner.is_short()).await;
        Ok(looked.map_err(io::Error::other)??)
    }

    /// Removes files that nobody refers to any more, those that can be fetched again, and, when there
    /// is no room, the same sooner. Blocks. Answers how many went.
    pub(super) fn collect(&self, in_use: &HashSet<MediaRef>, now: SystemTime) -> io::Result<usize> {
        let collected = self.0.collect(in_use, now);
        self.0.rounds.send_modify(|count| *count += 1);
        collected
    }
}

impl Inner {
    fn is_short(&self) -> io::Result<bool> {
        let taken: u64 = self
            .lying(SystemTime::UNIX_EPOCH)?
            .iter()
            .map(|it| it.bytes)
            .sum();
        Ok(taken >= self.limit || free(&self.dir)? < LEFT_FREE)
    }

    fn lying(&self, now: SystemTime) -> io::Result<Vec<Lying>> {
        let mut all = Vec::new();
        for entry in std::fs::read_dir(&self.dir)? {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            // What is on its way may become a file, or go, at any moment.
            let facts = match entry.metadata() {
                Ok(facts) if facts.is_file() => facts,
                Ok(_) => continue,
                Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                Err(error) => return Err(error),
            };
            let age = facts
                .modified()
                .ok()
                .and_then(|at| now.duration_since(at).ok());
            all.push(Lying {
                path: entry.path(),
                name,
                bytes: facts.len(),
                age: age.unwrap_or_default(),
            });
        }
        Ok(all)
    }

    fn collect(&self, in_use: &HashSet<MediaRef>, now: SystemTime) -> io::Result<usize> {
        let stems: HashSet<String> = in_use.iter().filter_map(Source::stem).collect();
        let is_in_use = |it: &Lying| stems.contains(it.stem());
        let is_far = |it: &Lying| it.name.starts_with(FAR);
        let mut all = self.lying(now)?;
        all.retain(|it| it.name != LIBRARY_INDEX && !it.name.starts_with(PARTIAL));
        let is_old = |it: &Lying| {
            // What can be fetched again is, if its turn comes.
            let kept_for = if is_far(it) { FAR_KEPT_FOR } else { UNUSED_FOR };
            !it.is_picture() && (is_far(it) || !is_in_use(it)) && it.age > kept_for
        };
        let mut removed = 0;
        for old in all.extract_if(.., |it| is_old(it)) {
            std::fs::remove_file(old.path)?;
            removed += 1;
        }
        // What was used longest ago goes first; what somebody wants to hear goes last.
        all.sort_by_key(|it| (is_in_use(it), std::cmp::Reverse(it.age)));
        let (pictures, files): (Vec<_>, Vec<_>) = all.into_iter().partition(Lying::is_picture);
        let pictures_limit = self.limit / 100 * PICTURES_PERCENT;
        let (gone, pictures_bytes) = shrink(&pictures, pictures_limit, |_| true)?;
        let limit = self.limit.saturating_sub(pictures_bytes);
        let lacking = LEFT_FREE.saturating_sub(free(&self.dir)?);
        let limit = if lacking > 0 {
            let bytes: u64 = files.iter().map(|it| it.bytes).sum();
            limit.min(bytes.saturating_sub(lacking))
        } else {
            limit
        };
        let may_go = |it: &Lying| it.age > AT_LEAST && (is_far(it) || !is_in_use(it));
        Ok(removed + gone + shrink(&files, limit, may_go)?.0)
    }
}

/// Notes that a file was used now: what was used last is removed last. The error is that it is not
/// there, or cannot be written to. Blocks for a moment.
pub(super) fn note_use(path: &Path, now: SystemTime) -> io::Result<()> {
    let file = std::fs::File::options().append(true).open(path)?;
    if let Err(error) = file.set_modified(now) {
        tracing::debug!(%error, "the time of use is not kept");
    }
    Ok(())
}

/// Removes the first of these until the rest is well below the limit. Answers how many went, and the
/// bytes that are left.
fn shrink(
    files: &[Lying],
    limit: u64,
    may_go: impl Fn(&Lying) -> bool,
) -> io::Result<(usize, u64)> {
    let mut bytes: u64 = files.iter().map(|it| it.bytes).sum();
    let mut removed = 0;
    if bytes < limit {
        return Ok((0, bytes));
    }
    for file in files.iter().filter(|it| may_go(it)) {
        if bytes <= limit / 100 * DOWN_TO_PERCENT {
            break;
        }
        std::fs::remove_file(&file.path)?;
        bytes -= file.bytes;
        removed += 1;
    }
    Ok((removed, bytes))
}

/// Bytes that this program may still write on the disk of the folder.
fn free(dir: &Path) -> io::Result<u64> {
    let disk = rustix::fs::statvfs(dir)?;
    Ok(disk.f_bavail.saturating_mul(disk.f_frsize))
}

#[cfg(test)]
mod tests {
    use super::*;
    use tempfile::TempDir;

    const HOUR: u64 = 3_600;

    /// Files by name, size and age in seconds.
    fn room(files: &[(&str, usize, u64)], limit: u64) -> (TempDir, Room, SystemTime) {
        let folder = TempDir::new().unwrap();
        let now = SystemTime::UNIX_EPOCH + Duration::from_hours(1_000);
        for (name, size, age) in files {
            let path = folder.path().join(name);
            std::fs::write(&path, vec![0; *size]).unwrap();
            let file = std::fs::File::options().append(true).open(path).unwrap();
            file.set_modified(now - Duration::from_secs(*age)).unwrap();
        }
        let room = Room::new(folder.path().to_owned(), limit);
        (folder, room, now)
    }

    fn left(folder: &TempDir) -> Vec<String> {
        let names = std::fs::read_dir(folder.path()).unwrap();
        let mut names: Vec<String> = names
            .map(|it| it.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    fn used(names: &[&str]) -> HashSet<MediaRef> {
        names
            .iter()
            .map(|it| super::super::place::Places::in_media(it))
            .collect()
    }

    #[test]
    fn with_room_only_what_is_old_and_nobodys_goes() {
        let files = [
            ("aa.mp3", 10, 25 * HOUR),
            ("bb.mp3", 10, 23 * HOUR),
            ("cc.mp3", 10, 99 * HOUR),
            ("far-dd", 10, 71 * HOUR),
            ("far-ee", 10, 73 * HOUR),
            ("cover-ff.png", 10, 999 * HOUR),
            (LIBRARY_INDEX, 10, 999 * HOUR),
        ];
        let (folder, room, now) = room(&files, 1_000_000);
        assert_eq!(room.collect(&used(&["cc.mp3"]), now).unwrap(), 2);
        let kept = ["bb.mp3", "cc.mp3", "cover-ff.png", "far-dd", LIBRARY_INDEX];
        assert_eq!(left(&folder), kept);
    }

    #[test]
    fn without_room_what_was_used_longest_ago_goes_but_not_what_is_needed_or_new() {
        let files = [
            ("aa.mp3", 400, 3 * HOUR),
            ("bb.mp3", 400, 9 * HOUR),
            ("cc.mp3", 400, 12 * HOUR),
            ("far-dd", 400, 2 * HOUR),
            ("ee.mp3", 400, 60),
        ];
        let (folder, room, now) = room(&files, 1_800);
        assert_eq!(room.collect(&used(&["cc.mp3"]), now).unwrap(), 1);
        assert_eq!(left(&folder), ["aa.mp3", "cc.mp3", "ee.mp3", "far-dd"]);
        let tight = Room::new(folder.path().to_owned(), 500);
        assert_eq!(tight.collect(&used(&["cc.mp3"]), now).unwrap(), 2);
        assert_eq!(left(&folder), ["cc.mp3", "ee.mp3"]);
    }

    #[test]
    fn pictures_take_a_part_of_the_room_and_the_oldest_go() {
        let files = [
            ("cover-aa.png", 2_000, 3 * HOUR),
            ("cover-bb.png", 2_000, 2 * HOUR),
            ("cc.mp3", 3_000, HOUR),
        ];
        let (folder, room, now) = room(&files, 10_000);
        assert_eq!(room.collect(&HashSet::new(), now).unwrap(), 1);
        assert_eq!(left(&folder), ["cc.mp3", "cover-bb.png"]);
    }

    #[tokio::test(start_paused = true)]
    async fn who_wants_in_waits_for_room_and_is_refused_where_none_can_be_made() {
        let (_folder, room, now) = room(&[("aa.mp3", 900, 3 * HOUR)], 500);
        let mut wanted = room.wanted();
        let refused = room.enter().await;
        assert!(matches!(refused, Err(IntakeFailure::NoRoom)), "{refused:?}");
        assert!(*room.fullness().borrow());
        wanted.mark_unchanged();
        let collects = async {
            wanted.changed().await.unwrap();
            assert_eq!(room.collect(&HashSet::new(), now).unwrap(), 1);
        };
        let (entered, ()) = tokio::join!(room.enter(), collects);
        assert!(entered.is_ok(), "{entered:?}");
        assert!(!*room.fullness().borrow());
    }
}
