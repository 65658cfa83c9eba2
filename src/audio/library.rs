//! The library folder of the owner: an index in memory of what lies there, with tags, searched by
//! words in any script. It only reads.

use super::clean::title_from_name;
use super::examiner::Examiner;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, SystemTime};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// How often the folder is looked through for what is new.
const SCAN_EVERY: Duration = Duration::from_mins(5);
/// Files that are indexed.
const FILES_LIMIT: usize = 200_000;
/// Folders inside folders.
const DEPTH_LIMIT: usize = 16;
/// Extensions worth looking into; what a file really is shows when it is opened.
const EXTENSIONS: &[&str] = &[
    "mp3", "m4a", "m4b", "mp4", "aac", "flac", "alac", "wav", "ogg", "oga", "opus", "webm", "mka",
    "aif", "aiff", "caf",
];

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

#[derive(Clone, Debug)]
struct Piece {
    hit: LibraryHit,
    /// Relative to the folder, with `/` between.
    relative: String,
    folded: String,
    folded_title: String,
    seen: Seen,
}

/// What tells that a file is still the one that was inspected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Seen {
    size: u64,
    changed_at: Option<SystemTime>,
}

/// The index. Clones share it.
#[derive(Clone, Debug, Default)]
pub(super) struct Library {
    /// The folder, and who looks into its files.
    source: Option<(PathBuf, Examiner)>,
    pieces: Arc<RwLock<Vec<Piece>>>,
}

/// Lower case, without accents, full-width letters made normal: how words are compared.
fn folded(text: &str) -> String {
    text.nfkd()
        .filter(|c| !is_combining_mark(*c))
        .flat_map(char::to_lowercase)
        .collect()
}

impl Library {
    /// Starts looking through the folder, at once and every few minutes.
    pub(super) fn start(
        dir: Option<PathBuf>,
        examiner: Examiner,
        tasks: &TaskTracker,
        stop: &CancellationToken,
    ) -> Library {
        let library = Library {
            source: dir.map(|dir| (dir, examiner)),
            pieces: Arc::default(),
        };
        if library.source.is_some() {
            let (scanned, stop) = (library.clone(), stop.clone());
            tasks.spawn(async move {
                loop {
                    let library = scanned.clone();
                    let scan = tokio::task::spawn_blocking(move || library.scan());
                    if let Err(error) = scan.await {
                        tracing::error!(%error, "the library was not looked through");
                    }
                    tokio::select! {
                        () = stop.cancelled() => return,
                        () = tokio::time::sleep(SCAN_EVERY) => {}
                    }
                }
            });
        }
        library
    }

    /// Looks through the folder; files that have not changed are not opened again. Found pieces
    /// can be searched as soon as they are found.
    fn scan(&self) {
        let Some((dir, examiner)) = &self.source else {
            return;
        };
        let known: HashMap<String, Piece> = {
            let pieces = self.pieces.read().unwrap_or_else(PoisonError::into_inner);
            pieces
                .iter()
                .map(|piece| (piece.relative.clone(), piece.clone()))
                .collect()
        };
        let mut present = std::collections::HashSet::new();
        for (relative, path, seen) in files(dir) {
            present.insert(relative.clone());
            if known.get(&relative).is_some_and(|piece| piece.seen == seen) {
                continue;
            }
            let piece = Library::piece(examiner, &relative, &path, seen);
            let mut pieces = self.pieces.write().unwrap_or_else(PoisonError::into_inner);
            pieces.retain(|known| known.relative != relative);
            pieces.extend(piece);
        }
        let mut pieces = self.pieces.write().unwrap_or_else(PoisonError::into_inner);
        pieces.retain(|piece| present.contains(&piece.relative));
        tracing::info!(pieces = pieces.len(), "library looked through");
    }

    fn piece(examiner: &Examiner, relative: &str, path: &Path, seen: Seen) -> Option<Piece> {
        let examining = examiner.examine(path, None);
        let answer = tokio::runtime::Handle::current().block_on(examining);
        let inspected = answer
            .inspect_err(|error| tracing::warn!(%error, relative, "not looked into"))
            .ok()?
            .inspect_err(|why| tracing::debug!(?why, relative, "not playable, left out"))
            .ok()?;
        let hit = LibraryHit {
            id: id(relative),
            title: inspected.title.unwrap_or_else(|| title_from_name(relative)),
            artist: inspected.artist,
            album: inspected.album,
            length: inspected.length,
        };
        let artist = hit.artist.as_deref().unwrap_or_default();
        let album = hit.album.as_deref().unwrap_or_default();
        let folded_all = folded(&format!("{} {artist} {album} {relative}", hit.title));
        let folded_title = folded(&hit.title);
        Some(Piece {
            hit,
            relative: relative.to_owned(),
            folded: folded_all,
            folded_title,
            seen,
        })
    }

    /// What holds every word in its title, artist, album or path; the closest titles first. No
    /// words fit everything.
    pub(super) fn search(&self, words: &str, limit: usize) -> Vec<LibraryHit> {
        let whole = folded(words.trim());
        let words: Vec<&str> = whole.split_whitespace().collect();
        let pieces = self.pieces.read().unwrap_or_else(PoisonError::into_inner);
        let mut found: Vec<(u8, &Piece)> = pieces
            .iter()
            .filter(|piece| words.iter().all(|word| piece.folded.contains(word)))
            .map(|piece| (closeness(piece, &whole, &words), piece))
            .collect();
        found.sort_by(|a, b| {
            a.0.cmp(&b.0)
                .then_with(|| a.1.folded_title.cmp(&b.1.folded_title))
        });
        found
            .into_iter()
            .take(limit)
            .map(|(_, piece)| piece.hit.clone())
            .collect()
    }

    /// The piece's path relative to the folder.
    pub(super) fn relative(&self, id: &str) -> Option<(String, LibraryHit)> {
        let pieces = self.pieces.read().unwrap_or_else(PoisonError::into_inner);
        let piece = pieces.iter().find(|piece| piece.hit.id == id)?;
        Some((piece.relative.clone(), piece.hit.clone()))
    }
}

/// 0 is the very title, 3 is somewhere else.
fn closeness(piece: &Piece, whole: &str, words: &[&str]) -> u8 {
    if piece.folded_title == whole {
        0
    } else if piece.folded_title.starts_with(whole) {
        1
    } else if words.iter().all(|word| piece.folded_title.contains(word)) {
        2
    } else {
        3
    }
}

fn id(relative: &str) -> String {
    use sha2::Digest;
    let digest = sha2::Sha256::digest(relative.as_bytes());
    super::intake::hex(digest.get(..10).unwrap_or_default())
}

/// All files with a fitting extension, without following links out of the folder.
fn files(dir: &Path) -> Vec<(String, PathBuf, Seen)> {
    let Ok(root) = dir.canonicalize() else {
        return Vec::new();
    };
    let mut found = Vec::new();
    let mut waiting = vec![(root.clone(), 0)];
    while let Some((folder, depth)) = waiting.pop() {
        let Ok(entries) = std::fs::read_dir(&folder) else {
            continue;
        };
        for path in entries.flatten().map(|entry| entry.path()) {
            // Resolved, so that a link cannot lead out, or around in a circle.
            let Ok(real) = path.canonicalize() else {
                continue;
            };
            if found.len() >= FILES_LIMIT || !real.starts_with(&root) {
                continue;
            }
            let Ok(facts) = real.metadata() else { continue };
            let is_link = path.is_symlink();
            if facts.is_dir() && !is_link && depth < DEPTH_LIMIT {
                waiting.push((path, depth + 1));
            } else if facts.is_file() && has_fitting_extension(&path) {
                let Ok(relative) = path.strip_prefix(&root) else {
                    continue;
                };
                let Some(relative) = relative.to_str() else {
                    continue;
                };
                let seen = Seen {
                    size: facts.len(),
                    changed_at: facts.modified().ok(),
                };
                found.push((relative.to_owned(), real, seen));
            }
        }
    }
    found
}

fn has_fitting_extension(path: &Path) -> bool {
    let extension = path.extension().and_then(|extension| extension.to_str());
    extension.is_some_and(|extension| EXTENSIONS.contains(&extension.to_lowercase().as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn library(pieces: &[(&str, &str, &str)]) -> Library {
        let library = Library::default();
        let made = pieces.iter().map(|(title, artist, relative)| {
            let hit = LibraryHit {
                id: id(relative),
                title: (*title).to_owned(),
                artist: Some((*artist).to_owned()),
                album: None,
                length: Duration::from_secs(1),
            };
            Piece {
                folded: folded(&format!("{title} {artist} {relative}")),
                folded_title: folded(title),
                relative: (*relative).to_owned(),
                seen: Seen {
                    size: 0,
                    changed_at: None,
                },
                hit,
            }
        });
        library.pieces.write().unwrap().extend(made);
        library
    }

    fn titles(library: &Library, words: &str) -> Vec<String> {
        library
            .search(words, 10)
            .into_iter()
            .map(|hit| hit.title)
            .collect()
    }

    #[test]
    fn every_word_must_be_there_in_any_script_and_case() {
        let library = library(&[
            ("夜来香", "李香兰", "cn/1.mp3"),
            ("Déjà Vu", "Beyoncé", "b/deja.flac"),
            ("Vu", "Someone", "b/vu.flac"),
        ]);
        assert_eq!(titles(&library, "来香"), ["夜来香"]);
        assert_eq!(titles(&library, "deja beyonce"), ["Déjà Vu"]);
        assert_eq!(
            titles(&library, "VU"),
            ["Vu", "Déjà Vu"],
            "the very title comes first"
        );
        assert_eq!(titles(&library, "nothing"), [""; 0]);
        assert_eq!(titles(&library, "").len(), 3);
    }
}
