//! Strangers' files are looked into by a process of its own. A file that brings the decoders down (a
//! size of a petabyte is a dozen bytes, and ends a process that asks for as much memory) then ends
//! that process, and is refused; the parties go on.

use super::inspect::{COVER_LIMIT, Cover, Inspected, Unplayable, inspect, picture};
use serde::{Deserialize, Serialize};
use std::ffi::OsStr;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;
use tokio::process::Command;

/// The word by which the program knows that it is to be the examiner.
const EXAMINE: &str = "examine";
/// How a process that found no room for what it wrote says so.
pub const DISK_FULL: u8 = 3;
/// How long one file may take.
const EXAMINE_LIMIT: Duration = Duration::from_mins(1);

/// What one process tells the other.
#[derive(Debug, Serialize, Deserialize)]
enum Report {
    Sound {
        extension: String,
        length: Duration,
        title: Option<String>,
        artist: Option<String>,
        album: Option<String>,
        gain_tenths: Option<i16>,
    },
    Refused(Unplayable),
}

/// The examiner's work: looks into the file, writes its picture to `cover` if it has one, and
/// answers with one line for whoever asked.
pub fn examine(file: &Path, cover: Option<&Path>) -> io::Result<String> {
    let report = match inspect(file) {
        Ok(found) => {
            if let (Some(path), Some(cover)) = (cover, &found.cover) {
                std::fs::write(path, &cover.bytes)?;
            }
            Report::Sound {
                extension: found.extension.to_owned(),
                length: found.length,
                title: found.title,
                artist: found.artist,
                album: found.album,
                gain_tenths: found.gain_tenths,
            }
        }
        Err(why) => Report::Refused(why),
    };
    Ok(serde_json::to_string(&report)?)
}

/// Has files looked into. Clones ask the same program.
#[derive(Clone, Debug)]
pub(super) struct Examiner(PathBuf);

impl Examiner {
    /// `program` is this one.
    pub(super) fn new(program: PathBuf) -> Examiner {
        Examiner(program)
    }

    /// Looks into the file; its picture passes through `cover`.
    pub(super) async fn examine(
        &self,
        file: &Path,
        cover: Option<&Path>,
    ) -> io::Result<Result<Inspected, Unplayable>> {
        let arguments: Vec<&OsStr> = std::iter::once(file)
            .chain(cover)
            .map(Path::as_os_str)
            .collect();
        match limited(&self.0, EXAMINE, &arguments, EXAMINE_LIMIT).await {
            Ok(answer) => Ok(read(&answer, cover)),
            Err(error) if error.kind() == io::ErrorKind::Other => {
                tracing::warn!(%error, "a file brought its examiner down");
                Ok(Err(Unplayable::Broken))
            }
            Err(error) => Err(error),
        }
    }
}

/// Has a process of this program do one thing, within a time. Answers what it printed; an error of
/// the kind `Other` is the process's own end.
pub(super) async fn limited(
    program: &Path,
    what: &str,
    arguments: &[&OsStr],
    limit: Duration,
) -> io::Result<Vec<u8>> {
    let mut command = Command::new(program);
    command.arg(what).args(arguments);
    // It knows no token and waits for nobody.
    command.env_clear().kill_on_drop(true);
    command.stdin(Stdio::null()).stderr(Stdio::null());
    let answer = tokio::time::timeout(limit, command.output()).await;
    let Ok(answer) = answer else {
        return Err(io::Error::other("it took too long"));
    };
    let answer = answer?;
    if answer.status.success() {
        Ok(answer.stdout)
    } else if answer.status.code() == Some(DISK_FULL.into()) {
        Err(io::ErrorKind::StorageFull.into())
    } else {
        Err(io::Error::other(answer.status.to_string()))
    }
}

fn read(answer: &[u8], cover: Option<&Path>) -> Result<Inspected, Unplayable> {
    match serde_json::from_slice(answer) {
        Ok(Report::Sound {
            extension,
            length,
            title,
            artist,
            album,
            gain_tenths,
        }) => Ok(Inspected {
            extension: known(&extension),
            length,
            title,
            artist,
            album,
            gain_tenths,
            cover: cover.and_then(cover_at),
        }),
        Ok(Report::Refused(why)) => Err(why),
        Err(error) => {
            tracing::warn!(%error, "the examiner was not understood");
            Err(Unplayable::Broken)
        }
    }
}

fn cover_at(path: &Path) -> Option<Cover> {
    let size = path.metadata().ok()?.len();
    if size > u64::try_from(COVER_LIMIT).unwrap_or(u64::MAX) {
        return None;
    }
    let bytes = std::fs::read(path).ok()?;
    let extension = picture(&bytes)?;
    Some(Cover {
        extension,
        bytes: bytes.into(),
    })
}

/// The ending of a file's name, one of those that there are.
fn known(extension: &str) -> &'static str {
    const ALL: &[&str] = &[
        "mp3", "m4a", "flac", "wav", "ogg", "opus", "webm", "aiff", "aac", "caf",
    ];
    let found = ALL.iter().find(|it| **it == extension);
    found.copied().unwrap_or("bin")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_examiner_says_is_read_and_nonsense_is_a_broken_file() {
        let said = serde_json::to_vec(&Report::Refused(Unplayable::Empty)).unwrap();
        assert_eq!(read(&said, None).unwrap_err(), Unplayable::Empty);
        assert_eq!(read(b"{", None).unwrap_err(), Unplayable::Broken);
        let sound = Report::Sound {
            extension: "../x".to_owned(),
            length: Duration::from_secs(1),
            title: None,
            artist: None,
            album: None,
            gain_tenths: None,
        };
        let said = serde_json::to_vec(&sound).unwrap();
        assert_eq!(read(&said, None).unwrap().extension, "bin");
    }
}
