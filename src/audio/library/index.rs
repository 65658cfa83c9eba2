//! The index of the library in memory: which files there are, what is in them, and which fit the
//! words of a search. It reads no file.

use super::LibraryHit;
use super::folder::Found;
use super::words::{folded, nearly};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::time::{Duration, SystemTime};

/// Words shorter than this have to be right to the letter.
const FORGIVEN_FROM: usize = 4;

/// What tells that a file is still the one that was inspected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::audio) struct Seen {
    pub(super) size: u64,
    /// When it was changed, in milliseconds since 1970; 0 where that is not told.
    pub(super) changed_ms: u64,
}

impl Seen {
    pub(in crate::audio) fn of(size: u64, changed_at: Option<SystemTime>) -> Seen {
        let since = changed_at.and_then(|at| at.duration_since(SystemTime::UNIX_EPOCH).ok());
        let changed_ms = since.as_ref().map_or(0, Duration::as_millis);
        Seen {
            size,
            changed_ms: u64::try_from(changed_ms).unwrap_or(u64::MAX),
        }
    }
}

#[derive(Clone, Debug)]
pub(super) struct Piece {
    pub(super) hit: LibraryHit,
    folded_title: String,
    /// Title, artist, album and path.
    folded: String,
}

#[derive(Debug)]
struct File {
    seen: Seen,
    /// `None` is a file that cannot be played; it is not looked into again.
    piece: Option<Piece>,
}

#[derive(Debug, Default)]
pub(super) struct Index {
    /// By path relative to the folder, with `/` between.
    files: BTreeMap<String, File>,
    ids: HashMap<String, String>,
    pieces: usize,
}

/// The piece's name outside: short, and the same after a restart.
pub(super) fn id(relative: &str) -> String {
    use sha2::Digest;
    let digest = sha2::Sha256::digest(relative.as_bytes());
    super::super::intake::hex(digest.get(..10).unwrap_or_default())
}

impl Index {
    /// How many can be played.
    pub(super) fn pieces(&self) -> usize {
        self.pieces
    }

    pub(super) fn seen(&self, relative: &str) -> Option<Seen> {
        self.files.get(relative).map(|file| file.seen)
    }

    pub(super) fn put(&mut self, relative: String, seen: Seen, hit: Option<LibraryHit>) {
        self.remove(&relative);
        let piece = hit.map(|hit| {
            let artist = hit.artist.as_deref().unwrap_or_default();
            let album = hit.album.as_deref().unwrap_or_default();
            Piece {
                folded_title: folded(&hit.title),
                folded: folded(&format!("{} {artist} {album} {relative}", hit.title)),
                hit,
            }
        });
        if let Some(piece) = &piece {
            self.ids.insert(piece.hit.id.clone(), relative.clone());
            self.pieces += 1;
        }
        self.files.insert(relative, File { seen, piece });
    }

    fn remove(&mut self, relative: &str) {
        let removed = self.files.remove(relative);
        if let Some(piece) = removed.and_then(|file| file.piece) {
            self.ids.remove(&piece.hit.id);
            self.pieces -= 1;
        }
    }

    /// Forgets what was at the place and is no more. Answers how much that was.
    pub(super) fn keep_only(&mut self, found: &Found) -> usize {
        let present: HashSet<&str> = found.files.iter().map(|(name, ..)| name.as_str()).collect();
        let gone: Vec<String> = self
            .files
            .keys()
            .filter(|name| is_in(name, &found.place) && !present.contains(name.as_str()))
            .filter(|name| !found.unread.iter().any(|folder| is_in(name, folder)))
            .cloned()
            .collect();
        for name in &gone {
            self.remove(name);
        }
        gone.len()
    }

    pub(super) fn by_id(&self, id: &str) -> Option<(&str, &Piece)> {
        let (relative, file) = self.files.get_key_value(self.ids.get(id)?)?;
        Some((relative, file.piece.as_ref()?))
    }

    /// Every file with what is known of it, in order.
    pub(super) fn all(&self) -> impl Iterator<Item = (&str, Seen, Option<&LibraryHit>)> {
        self.files.iter().map(|(relative, file)| {
            let hit = file.piece.as_ref().map(|piece| &piece.hit);
            (relative.as_str(), file.seen, hit)
        })
    }

    pub(super) fn search(&self, words: &str, limit: usize) -> Vec<LibraryHit> {
        let whole = folded(words.trim());
        let words: Vec<&str> = whole.split_whitespace().collect();
        let fits = |piece: &Piece| words.iter().all(|word| piece.folded.contains(word));
        let found = self.best(limit, fits, |piece| closeness(piece, &whole, &words));
        if !found.is_empty() || words.is_empty() {
            return found;
        }
        let nearly = |piece: &Piece| words.iter().all(|word| is_nearly_in(word, piece));
        self.best(limit, nearly, |_| 0)
    }

    /// The best of those that fit: by rank, and by title where that is equal.
    fn best(
        &self,
        limit: usize,
        fits: impl Fn(&Piece) -> bool,
        rank: impl Fn(&Piece) -> u8,
    ) -> Vec<LibraryHit> {
        let pieces = self.files.values().filter_map(|file| file.piece.as_ref());
        let fitting = pieces.filter(|piece| fits(piece));
        let mut found: Vec<(u8, &str, &Piece)> = fitting
            .map(|piece| (rank(piece), piece.folded_title.as_str(), piece))
            .collect();
        let order = |it: &(u8, &str, &Piece), other: &(u8, &str, &Piece)| {
            (it.0, it.1).cmp(&(other.0, other.1))
        };
        // Only what is shown needs to stand in order.
        if found.len() > limit && limit > 0 {
            found.select_nth_unstable_by(limit - 1, order);
        }
        found.truncate(limit);
        found.sort_by(order);
        found
            .into_iter()
            .map(|(.., piece)| piece.hit.clone())
            .collect()
    }
}

/// Whether the file is the place, or lies in it.
fn is_in(name: &str, place: &str) -> bool {
    match name.strip_prefix(place) {
        Some(rest) => rest.is_empty() || place.is_empty() || rest.starts_with('/'),
        None => false,
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

fn is_nearly_in(word: &str, piece: &Piece) -> bool {
    if piece.folded.contains(word) {
        return true;
    }
    let mut others = piece.folded.split(|c: char| !c.is_alphanumeric());
    word.chars().count() >= FORGIVEN_FROM && others.any(|other| nearly(word, other))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn index(pieces: &[(&str, &str, &str)]) -> Index {
        let mut index = Index::default();
        for (title, artist, relative) in pieces {
            let hit = LibraryHit {
                id: id(relative),
                title: (*title).to_owned(),
                artist: Some((*artist).to_owned()),
                album: None,
                length: Duration::from_secs(1),
            };
            index.put((*relative).to_owned(), Seen::of(0, None), Some(hit));
        }
        index
    }

    fn titles(index: &Index, words: &str) -> Vec<String> {
        let hits = index.search(words, 10);
        hits.into_iter().map(|hit| hit.title).collect()
    }

    #[test]
    fn every_word_must_be_there_in_any_script_and_case() {
        let index = index(&[
            ("夜来香", "李香兰", "cn/1.mp3"),
            ("Déjà Vu", "Beyoncé", "b/deja.flac"),
            ("Vu", "Someone", "b/vu.flac"),
        ]);
        assert_eq!(titles(&index, "来香"), ["夜来香"]);
        assert_eq!(titles(&index, "deja beyonce"), ["Déjà Vu"]);
        assert_eq!(
            titles(&index, "VU"),
            ["Vu", "Déjà Vu"],
            "the very title comes first"
        );
        assert_eq!(titles(&index, "nothing"), [""; 0]);
        assert_eq!(titles(&index, "").len(), 3);
        assert_eq!(index.search("", 2).len(), 2);
    }

    #[test]
    fn one_wrong_letter_is_forgiven_when_nothing_else_fits() {
        let index = index(&[
            ("Bohemian Rhapsody", "Queen", "q/1.mp3"),
            ("Under Pressure", "Queen", "q/2.mp3"),
        ]);
        assert_eq!(titles(&index, "rapsody queen"), ["Bohemian Rhapsody"]);
        assert_eq!(titles(&index, "presure"), ["Under Pressure"]);
        assert_eq!(titles(&index, "bohemain"), ["Bohemian Rhapsody"]);
        assert_eq!(titles(&index, "qeen").len(), 2);
        assert_eq!(
            titles(&index, "xyz").len(),
            0,
            "short words are not guessed"
        );
    }

    #[test]
    fn what_is_gone_from_a_place_is_forgotten_and_nothing_else() {
        let mut index = index(&[
            ("One", "A", "a/1.mp3"),
            ("Two", "A", "a/b/2.mp3"),
            ("Three", "A", "ab/3.mp3"),
        ]);
        let gone = |place: &str, unread: &[&str]| Found {
            place: place.to_owned(),
            files: Vec::new(),
            unread: unread.iter().map(|it| (*it).to_owned()).collect(),
        };
        assert_eq!(index.keep_only(&gone("a", &["a/b"])), 1);
        assert_eq!(titles(&index, ""), ["Three", "Two"]);
        assert_eq!(index.keep_only(&gone("a/b/2.mp3", &[])), 1);
        assert_eq!(titles(&index, ""), ["Three"]);
        assert!(index.by_id(&id("a/1.mp3")).is_none());
        assert_eq!(index.keep_only(&gone("", &[])), 1);
        assert_eq!(index.pieces(), 0);
    }
}
