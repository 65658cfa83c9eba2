//! What was found out about the library, in a file: a line of JSON for each piece, so that a restart
//! opens only what has changed. It may be deleted at any time.

use super::LibraryHit;
use super::index::{Index, Seen, id};
use serde::{Deserialize, Serialize};
use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, Write};
use std::path::Path;
use std::time::Duration;

/// Says which form the file has: another one is read anew from the music.
const FORM: &str = "rondo library 1";
/// Longest line and most lines that are read.
const LINE_LIMIT: u64 = 64 * 1024;
const LINES_LIMIT: usize = 300_000;

/// What is known of one file.
pub(super) type Known = (String, Seen, Option<LibraryHit>);

#[derive(Serialize, Deserialize)]
struct Line<'a> {
    path: std::borrow::Cow<'a, str>,
    size: u64,
    changed_ms: u64,
    /// None for what cannot be played.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sound: Option<Sound<'a>>,
}

#[derive(Serialize, Deserialize)]
struct Sound<'a> {
    title: std::borrow::Cow<'a, str>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    artist: Option<std::borrow::Cow<'a, str>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    album: Option<std::borrow::Cow<'a, str>>,
    length_ms: u64,
}

/// Everything that is known. A line that is not understood is left out: its file is looked into.
pub(super) fn read(path: &Path) -> io::Result<Vec<Known>> {
    let mut file = BufReader::new(File::open(path)?);
    let mut text = String::new();
    let mut known = Vec::new();
    for number in 0..LINES_LIMIT {
        text.clear();
        let read = io::Read::take(&mut file, LINE_LIMIT).read_line(&mut text)?;
        match (number, text.trim_end()) {
            (_, "") if read == 0 => break,
            (0, FORM) => {}
            (0, _) => return Err(io::Error::other("it has another form")),
            (_, line) => known.extend(serde_json::from_str(line).ok().map(known_of)),
        }
    }
    Ok(known)
}

fn known_of(line: Line<'_>) -> Known {
    let path = line.path.into_owned();
    let hit = line.sound.map(|sound| LibraryHit {
        id: id(&path),
        title: sound.title.into_owned(),
        artist: sound.artist.map(std::borrow::Cow::into_owned),
        album: sound.album.map(std::borrow::Cow::into_owned),
        length: Duration::from_millis(sound.length_ms),
    });
    let seen = Seen {
        size: line.size,
        changed_ms: line.changed_ms,
    };
    (path, seen, hit)
}

/// Replaces what was written before, in one step.
pub(super) fn write(path: &Path, index: &Index) -> io::Result<()> {
    let partial = path.with_extension("part");
    let mut file = BufWriter::new(File::create(&partial)?);
    writeln!(file, "{FORM}")?;
    for (relative, seen, hit) in index.all() {
        let sound = hit.map(|hit| Sound {
            title: hit.title.as_str().into(),
            artist: hit.artist.as_deref().map(Into::into),
            album: hit.album.as_deref().map(Into::into),
            length_ms: u64::try_from(hit.length.as_millis()).unwrap_or(u64::MAX),
        });
        let line = Line {
            path: relative.into(),
            size: seen.size,
            changed_ms: seen.changed_ms,
            sound,
        };
        serde_json::to_writer(&mut file, &line)?;
        writeln!(file)?;
    }
    file.into_inner()
        .map_err(io::IntoInnerError::into_error)?
        .sync_all()?;
    std::fs::rename(partial, path)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hit(n: usize) -> LibraryHit {
        LibraryHit {
            id: id(&format!("{n}.mp3")),
            title: format!("夜来香\n{n}"),
            artist: n.is_multiple_of(2).then(|| "李香兰".to_owned()),
            album: None,
            length: Duration::from_millis(1_500),
        }
    }

    #[test]
    fn what_was_written_is_read_again() {
        let dir = tempfile::TempDir::new().unwrap();
        let path = dir.path().join("library.index");
        let mut index = Index::default();
        for n in 0..3 {
            let seen = Seen {
                size: 7,
                changed_ms: 9,
            };
            index.put(format!("{n}.mp3"), seen, (n > 0).then(|| hit(n)));
        }
        write(&path, &index).unwrap();
        let known = read(&path).unwrap();
        assert_eq!(known.len(), 3);
        let all = index.all();
        for ((relative, seen, hit), known) in all.zip(known) {
            assert_eq!((relative.to_owned(), seen, hit.cloned()), known);
        }
    }

    #[test]
    fn a_damaged_memory_costs_the_damaged_lines() {
        let dir = tempfile::TempDir::new().unwrap();
        let path = dir.path().join("library.index");
        let good = r#"{"path":"a.mp3","size":1,"changed_ms":2}"#;
        std::fs::write(&path, format!("{FORM}\n{good}\n{{\"path\n\n{good}")).unwrap();
        assert_eq!(read(&path).unwrap().len(), 2);
        std::fs::write(&path, "something else\n").unwrap();
        assert!(read(&path).is_err());
        assert!(read(&dir.path().join("none")).is_err());
    }
}
