//! The cover of a song that is on stage, read from the media folder.

use super::super::answer::Content;
use super::super::notice::Absence;
use std::path::Path;

/// Largest cover that is sent, in bytes.
const SIZE_LIMIT: u64 = 8 * 1024 * 1024;
/// Whoever has seen it need not ask again while the song is on.
const KEPT: &str = "private, max-age=3600";

/// The picture of that file name, if it is there, not too large, and one that browsers show.
pub(super) async fn read(media_dir: &Path, name: &str) -> Result<Content, Absence> {
    // A file name only: nothing outside the folder.
    let name = Path::new(name).file_name().ok_or(Absence::NotThere)?;
    let path = media_dir.join(name);
    let known = tokio::fs::metadata(&path).await;
    let length = known.map_err(|_| Absence::NotThere)?.len();
    if length > SIZE_LIMIT {
        return Err(Absence::NotThere);
    }
    let bytes = tokio::fs::read(&path).await;
    let bytes = bytes.map_err(|_| Absence::NotThere)?;
    Ok(Content {
        kind: kind(&bytes).ok_or(Absence::NotThere)?,
        cache: KEPT,
        bytes: bytes.into(),
        file: None,
    })
}

/// What kind of picture it is, by how it begins; what it calls itself is not asked.
fn kind(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [0xff, 0xd8, 0xff, ..] => Some("image/jpeg"),
        [0x89, b'P', b'N', b'G', ..] => Some("image/png"),
        [b'G', b'I', b'F', b'8', ..] => Some("image/gif"),
        [
            b'R',
            b'I',
            b'F',
            b'F',
            _,
            _,
            _,
            _,
            b'W',
            b'E',
            b'B',
            b'P',
            ..,
        ] => Some("image/webp"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::kind;

    #[test]
    fn only_pictures_are_sent() {
        assert_eq!(kind(b"\x89PNG\r\n"), Some("image/png"));
        assert_eq!(kind(b"\xff\xd8\xff\xe0"), Some("image/jpeg"));
        assert_eq!(kind(b"RIFF\0\0\0\0WEBPVP8 "), Some("image/webp"));
        assert_eq!(kind(b"GIF89a"), Some("image/gif"));
        assert_eq!(kind(b"<svg onload='alert(1)'>"), None);
        assert_eq!(kind(b""), None);
    }
}
