//! Walking through the library folder: which files lie there, never leaving it. It does not look
//! into them.

use super::index::Seen;
use std::path::{Path, PathBuf};

/// Files that are indexed.
const FILES_LIMIT: usize = 200_000;
/// Folders inside folders.
const DEPTH_LIMIT: usize = 16;
/// Extensions worth looking into; what a file really is shows when it is opened.
const EXTENSIONS: &[&str] = &[
    "mp3", "m4a", "m4b", "mp4", "aac", "flac", "alac", "wav", "ogg", "oga", "opus", "webm", "mka",
    "aif", "aiff", "caf",
];

/// What lies in one place of the library.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// The place relative to the folder, with `/` between; empty is the folder itself.
    pub(super) place: String,
    /// Relative path, real path, and what the file looks like from outside.
    pub(super) files: Vec<(String, PathBuf, Seen)>,
    /// Folders that could not be read, relative: what was in them may still be there.
    pub(super) unread: Vec<String>,
}

/// All files with a fitting extension at `place`, a file or folder below `root` that may be gone.
/// Links are followed to files inside the folder only. `enter` is told each folder before it is read.
/// `None` is a place that is not in it.
pub(super) fn files(root: &Path, place: &Path, mut enter: impl FnMut(&Path)) -> Option<Found> {
    let relative = place.strip_prefix(root).ok()?.to_str()?;
    // A folder on the way may have become a link out of the library.
    let above = place.parent().filter(|_| !relative.is_empty());
    if above.is_some_and(|above| above.canonicalize().is_ok_and(|real| real != above)) {
        return None;
    }
    let mut found = Found {
        place: relative.to_owned(),
        ..Found::default()
    };
    let depth = place.strip_prefix(root).ok()?.components().count();
    let mut waiting = vec![(place.to_owned(), depth)];
    while let Some((path, depth)) = waiting.pop() {
        let Ok(facts) = path.symlink_metadata() else {
            continue;
        };
        if facts.is_dir() {
            if depth > DEPTH_LIMIT {
                continue;
            }
            enter(&path);
            match std::fs::read_dir(&path) {
                Ok(entries) => {
                    waiting.extend(entries.flatten().map(|entry| (entry.path(), depth + 1)));
                }
                Err(error) => {
                    tracing::debug!(%error, "a folder of the library is not read");
                    found.unread.extend(relative_to(root, &path));
                }
            }
        } else if found.files.len() < FILES_LIMIT && has_fitting_extension(&path) {
            found.files.extend(file(root, &path));
        }
    }
    Some(found)
}

fn relative_to(root: &Path, path: &Path) -> Option<String> {
    Some(path.strip_prefix(root).ok()?.to_str()?.to_owned())
}

/// The file at `path`, or where a link there leads to if that is inside.
fn file(root: &Path, path: &Path) -> Option<(String, PathBuf, Seen)> {
    let real = if path.is_symlink() {
        path.canonicalize()
            .ok()
            .filter(|real| real.starts_with(root))?
    } else {
        path.to_owned()
    };
    let facts = real.metadata().ok().filter(std::fs::Metadata::is_file)?;
    let seen = Seen::of(facts.len(), facts.modified().ok());
    Some((relative_to(root, path)?, real, seen))
}

fn has_fitting_extension(path: &Path) -> bool {
    let extension = path.extension().and_then(|extension| extension.to_str());
    extension.is_some_and(|extension| EXTENSIONS.contains(&extension.to_lowercase().as_str()))
}
