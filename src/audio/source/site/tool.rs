//! Which version of yt-dlp there is, and how old that is. Starting it takes a second of processor
//! time, so it is asked only when its file has changed or some time has passed.

use super::super::errand::{Done, Errand, Undone};
use std::ffi::OsStr;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, SystemTime};
use time::macros::format_description;
use tokio::sync::Mutex;
use tokio::time::Instant;

/// How long it may take to say its version, and how much it may say, in bytes.
pub(super) const VERSION_LIMIT: Duration = Duration::from_secs(20);
pub(super) const VERSION_SIZE_LIMIT: usize = 1_000;
/// How long what it said is believed.
const BELIEVED_FOR: Duration = Duration::from_mins(10);

/// What the owner wants to know about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tool {
    /// It is switched off.
    Off,
    /// There is no such program.
    Absent,
    /// It does not work.
    Broken,
    /// Its version, and how old that is.
    Works {
        version: String,
        age: Option<Duration>,
    },
}

/// What it said last. Clones know the same.
#[derive(Clone, Debug, Default)]
pub(super) struct Versions(Arc<Mutex<Option<Known>>>);

#[derive(Debug)]
struct Known {
    at: Instant,
    file: Option<Stamp>,
    tool: Tool,
}

/// What changes when a file does: when it was written, and its size.
type Stamp = (SystemTime, u64);

impl Versions {
    /// Of the program, looked for on the search path if it is a name, by running the errand if need be.
    pub(super) async fn ask(
        &self,
        (program, path): (&Path, Option<&OsStr>),
        errand: Errand<'_>,
        now: SystemTime,
    ) -> Tool {
        // Whoever comes meanwhile waits for the answer.
        let mut known = self.0.lock().await;
        let file = stamp(program, path);
        if let Some(known) = &*known
            && known.file == file
            && known.at.elapsed() < BELIEVED_FOR
        {
            return known.tool.clone();
        }
        let tool = asked(errand, now).await;
        *known = Some(Known {
            at: Instant::now(),
            file,
            tool: tool.clone(),
        });
        tool
    }
}

async fn asked(errand: Errand<'_>, now: SystemTime) -> Tool {
    match errand.run(&mut |_| {}).await {
        Ok(Done {
            success: true,
            output,
            ..
        }) => {
            let version = String::from_utf8_lossy(&output).trim().to_owned();
            match crate::audio::clean::cleaned(&version) {
                Some(version) => Tool::Works {
                    age: age(&version, now),
                    version,
                },
                None => Tool::Broken,
            }
        }
        Err(Undone::Absent) => Tool::Absent,
        Ok(_) | Err(_) => Tool::Broken,
    }
}

/// `None` when there is no such file.
fn stamp(program: &Path, path: Option<&OsStr>) -> Option<Stamp> {
    let of = |file: &Path| {
        let facts = file.metadata().ok().filter(std::fs::Metadata::is_file)?;
        Some((facts.modified().ok()?, facts.len()))
    };
    if program.components().count() > 1 {
        return of(program);
    }
    let folders = std::env::split_paths(path?);
    folders
        .map(|folder| folder.join(program))
        .find_map(|it| of(&it))
}

/// A version is the day it was made: `2026.10.26`, or more after that.
fn age(version: &str, now: SystemTime) -> Option<Duration> {
    let day = version.get(..10)?;
    let made = time::Date::parse(day, format_description!("[year].[month].[day]")).ok()?;
    let made = SystemTime::from(made.midnight().assume_utc());
    now.duration_since(made).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_as_old_as_its_day() {
        let now = SystemTime::UNIX_EPOCH + Duration::from_hours(498_072);
        assert_eq!(age("2026.10.26", now), Some(Duration::from_hours(24)));
        assert_eq!(
            age("2026.10.26.232828", now),
            Some(Duration::from_hours(24))
        );
        assert_eq!(age("2030.01.01", now), None);
        assert_eq!(age("new", now), None);
    }

    #[test]
    fn a_program_is_found_on_the_search_path_and_its_change_is_seen() {
        let folder = tempfile::TempDir::new().unwrap();
        let (path, name) = (Some(folder.path().as_os_str()), Path::new("tool"));
        assert_eq!(stamp(name, path), None);
        let file = folder.path().join("tool");
        std::fs::write(&file, "1").unwrap();
        let before = stamp(name, path);
        assert!(before.is_some() && stamp(&file, None) == before);
        std::fs::write(&file, "22").unwrap();
        assert_ne!(stamp(name, path), before);
    }
}
