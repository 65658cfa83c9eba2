//! The picture that lies beside the files of an album, by the names that music programs give it. It
//! knows nothing of tags: a picture inside the file goes before.

use super::super::inspect::{COVER_LIMIT, Cover, picture};
use std::io::Read;
use std::path::{Path, PathBuf};

/// Names of pictures without their ending, the likeliest first.
const NAMES: &[&str] = &["cover", "folder", "front", "album"];
const ENDINGS: &[&str] = &["jpg", "jpeg", "png"];
/// Entries of a folder that are looked at.
const ENTRIES_LIMIT: usize = 5_000;

/// The picture in the folder of the file at `relative` below `dir`.
pub(super) fn beside(dir: &Path, relative: &str) -> Option<Cover> {
    let root = dir.canonicalize().ok()?;
    let folder = root.join(relative).parent()?.canonicalize().ok()?;
    if !folder.starts_with(&root) {
        return None;
    }
    let mut found: Vec<(usize, PathBuf)> = std::fs::read_dir(&folder)
        .ok()?
        .take(ENTRIES_LIMIT)
        .flatten()
        .filter_map(|entry| Some((rank(&entry.path())?, entry.path())))
        .collect();
    found.sort();
    found.iter().find_map(|(_, path)| read(&root, path))
}

/// How likely a file is the picture, from 0; `None` is not one.
fn rank(path: &Path) -> Option<usize> {
    let stem = path.file_stem()?.to_str()?.to_lowercase();
    let ending = path.extension()?.to_str()?.to_lowercase();
    let name = NAMES.iter().position(|it| *it == stem)?;
    let ending = ENDINGS.iter().position(|it| *it == ending)?;
    Some(name * ENDINGS.len() + ending)
}

/// The content is believed, not the name; nothing outside the library is read.
fn read(root: &Path, path: &Path) -> Option<Cover> {
    let path = path.canonicalize().ok()?;
    if !path.starts_with(root) {
        return None;
    }
    let limit = u64::try_from(COVER_LIMIT).unwrap_or(u64::MAX);
    let file = std::fs::File::open(path).ok()?;
    let facts = file.metadata().ok()?;
    if !facts.is_file() || facts.len() > limit {
        return None;
    }
    let mut bytes = Vec::new();
    file.take(limit).read_to_end(&mut bytes).ok()?;
    let extension = picture(&bytes)?;
    Some(Cover {
        extension,
        bytes: bytes.into(),
    })
}

#[cfg(test)]
mod tests {
    use super::beside;

    #[test]
    fn the_likeliest_picture_of_the_folder_is_taken() {
        let dir = tempfile::TempDir::new().unwrap();
        let album = dir.path().join("album");
        std::fs::create_dir(&album).unwrap();
        let png = b"\x89PNG\r\n\x1a\nrest".as_slice();
        let put = |name: &str, bytes: &[u8]| std::fs::write(album.join(name), bytes).unwrap();
        assert!(beside(dir.path(), "album/1.mp3").is_none());
        put("back.png", png);
        put("cover.jpg", b"a text that calls itself a picture");
        assert!(beside(dir.path(), "album/1.mp3").is_none());
        put("Front.PNG", png);
        let found = beside(dir.path(), "album/1.mp3").unwrap();
        assert_eq!((found.extension, found.bytes.as_ref()), ("png", png));
        put("Folder.jpg", b"\xFF\xD8\xFFjpeg");
        assert_eq!(beside(dir.path(), "album/1.mp3").unwrap().extension, "jpg");
        assert!(beside(dir.path(), "../album/1.mp3").is_none());
    }
}
