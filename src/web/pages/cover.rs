//! The covers of a page's songs. Only who knows the page's address gets them, and only those of its
//! own songs; what a file is, its first bytes say.

use super::super::Web;
use super::super::answer::Content;
use super::super::notice::Absence;
use super::sheet::standing;
use crate::domain::ids::{SessionId, TurnId};
use crate::share::picture::{Fonts, Kind, thumbnail};
use crate::storage::PageKind;
use bytes::Bytes;
use std::convert::Infallible;
use std::path::Path;

/// Largest cover that is sent, in bytes.
const SIZE_LIMIT: u64 = 8 * 1024 * 1024;
/// A cover of so many bytes is sent as it is; a larger one is made smaller, to that many pixels.
const AS_IT_IS: usize = 200 * 1024;
const SIDE: u32 = 400;
/// A song keeps its cover; who may see it can change.
const KEPT: &str = "private, max-age=3600";
/// Tracks of a collection that are looked through.
const TRACKS_LIMIT: u32 = 500;

/// The cover of the song of that number on that page.
pub(super) async fn cover(web: &Web, token: &str, number: &str) -> Result<Content, Absence> {
    let number: u64 = number.parse().map_err(|_| Absence::NotThere)?;
    let page = standing(web, token).await?;
    let (guild, store) = (page.subject.guild, &web.store);
    let track = match page.subject.kind {
        PageKind::Session => {
            let play = store.play(guild, TurnId(number)).await?;
            play.filter(|it| it.play.session == SessionId(page.subject.number))
                .map(|it| it.play.track)
        }
        PageKind::Collection => {
            let known = store
                .published_collection(guild, page.subject.number, TRACKS_LIMIT)
                .await?;
            known.and_then(|it| {
                let mut tracks = it.tracks.into_iter();
                tracks.find_map(|(place, track)| (place == number).then_some(track))
            })
        }
        PageKind::Live => None,
    };
    let name = track
        .and_then(|track| track.cover)
        .ok_or(Absence::NotThere)?;
    let content = |kind, bytes| Content {
        kind,
        cache: KEPT,
        bytes,
        file: None,
    };
    let key = format!("cover {name}");
    match web.pictures.kept(&key) {
        Some(nothing) if nothing.is_empty() => return Err(Absence::NotThere),
        Some(small) => return Ok(content(Kind::Png.media_type(), small)),
        None => {}
    }
    let bytes = read(&web.media_dir, &name).await.ok_or(Absence::NotThere)?;
    let kind = Kind::of(&bytes).ok_or(Absence::NotThere)?.media_type();
    if bytes.len() <= AS_IT_IS {
        return Ok(content(kind, bytes));
    }
    // What only calls itself a picture becomes nothing, which is remembered too.
    let make = move |_: &Fonts| {
        let small = thumbnail(&bytes, SIDE);
        Ok::<_, Infallible>(small.map(|it| it.png().to_vec()).unwrap_or_default())
    };
    let small = web.pictures.make(key, make).await?;
    if small.is_empty() {
        return Err(Absence::NotThere);
    }
    Ok(content(Kind::Png.media_type(), small))
}

/// The file of that name in the folder, if it is not too large. A name only: nothing outside.
pub(in crate::web) async fn read(folder: &Path, name: &str) -> Option<Bytes> {
    let path = folder.join(Path::new(name).file_name()?);
    let facts = tokio::fs::metadata(&path).await.ok()?;
    if !facts.is_file() || facts.len() > SIZE_LIMIT {
        return None;
    }
    tokio::fs::read(&path).await.ok().map(Bytes::from)
}

#[cfg(test)]
mod tests {
    use super::{Kind, read};

    #[tokio::test]
    async fn only_pictures_of_the_folder_are_sent() {
        let folder = tempfile::TempDir::new().unwrap();
        let media = folder.path().join("media");
        std::fs::create_dir(&media).unwrap();
        std::fs::write(media.join("cover-1.png"), b"\x89PNG\r\n\x1a\n").unwrap();
        std::fs::write(folder.path().join("rondo.db"), b"secret").unwrap();
        assert!(read(&media, "cover-1.png").await.is_some());
        assert!(read(&media, "../media/cover-1.png").await.is_some());
        for name in ["../rondo.db", "/etc/passwd", "..", "", "other.png"] {
            assert_eq!(read(&media, name).await, None, "{name}");
        }
        let kind = |bytes| Kind::of(bytes).map(Kind::media_type);
        assert_eq!(kind(b"\x89PNG\r\n\x1a\nrest"), Some("image/png"));
        assert_eq!(kind(b"\xff\xd8\xff\xe0"), Some("image/jpeg"));
        assert_eq!(kind(b"<svg onload=alert(1)>"), None);
        assert_eq!(kind(b""), None);
    }
}
