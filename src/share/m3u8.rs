//! M3U8: the extended M3U list in UTF-8 that every player reads. Directives as in the list of the
//! Wikipedia article "M3U" that VLC and Kodi follow: `#EXTINF` seconds and "artist - title",
//! `#PLAYLIST`, `#EXTALB`, `#EXTART`. Files are named as they are called: mpv takes a name that is
//! percent-encoded for another one, VLC takes both.

use super::reading::{Draft, NotAPlaylist, Reading};
use super::{Item, Playlist, plain};

/// The playlist as an `.m3u8` file.
pub fn m3u8(playlist: &Playlist) -> String {
    let mut text = String::from("#EXTM3U\n");
    push_line(&mut text, &format!("#PLAYLIST:{}", plain(&playlist.title)));
    for item in &playlist.tracks {
        push_item(&mut text, item);
    }
    text
}

fn push_item(text: &mut String, item: &Item) {
    let seconds = (item.length.as_millis() + 500) / 1_000;
    let name = match &item.creator {
        Some(creator) => format!("{} - {}", plain(creator), plain(&item.title)),
        None => plain(&item.title),
    };
    push_line(text, &format!("#EXTINF:{seconds},{name}"));
    if let Some(creator) = &item.creator {
        push_line(text, &format!("#EXTART:{}", plain(creator)));
    }
    if let Some(album) = &item.album {
        push_line(text, &format!("#EXTALB:{}", plain(album)));
    }
    let place = plain(item.place());
    // Or it would be a directive.
    let here = if place.starts_with('#') { "./" } else { "" };
    push_line(text, &format!("{here}{place}"));
}

fn push_line(text: &mut String, line: &str) {
    text.push_str(line);
    text.push('\n');
}

/// Reads an `.m3u8` file, or an `.m3u` in UTF-8. The segments of a stream are no tracks.
pub(super) fn read(text: &str) -> Result<Reading, NotAPlaylist> {
    if text.contains("#EXT-X-TARGETDURATION") || text.contains("#EXT-X-STREAM-INF") {
        return Err(NotAPlaylist::Unknown);
    }
    let said = |line: &str, name: &str| {
        let rest = line.strip_prefix(name)?.trim();
        (!rest.is_empty()).then(|| rest.to_owned())
    };
    let mut lines = text.lines();
    let title = lines.find_map(|line| said(line, "#PLAYLIST:"));
    let mut reading = Reading::named(title, None);
    let mut draft = Draft::default();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        if let Some(about) = said(line, "#EXTINF:") {
            let (seconds, name) = about.split_once(',').unwrap_or((about.as_str(), ""));
            // Attributes may follow the seconds.
            let seconds = seconds.split_whitespace().next().unwrap_or_default();
            draft.length_ms = seconds.parse().ok().map(|it: f64| it * 1_000.0);
            draft.title = said(name, "");
        } else if let Some(creator) = said(line, "#EXTART:") {
            draft.creator = Some(creator);
        } else if let Some(album) = said(line, "#EXTALB:") {
            draft.album = Some(album);
        } else if !line.starts_with('#') {
            draft.places.push(line.to_owned());
            reading.take(apart(std::mem::take(&mut draft)));
        }
    }
    reading.whole()
}

/// "Artist - Title" as two.
fn apart(mut draft: Draft) -> Draft {
    let Some(name) = draft.title.take() else {
        return draft;
    };
    let known = draft.creator.as_ref().and_then(|creator| {
        let rest = name.strip_prefix(creator.as_str())?;
        rest.strip_prefix(" - ").map(str::to_owned)
    });
    let split = name.split_once(" - ");
    match (known, draft.creator.is_none(), split) {
        (Some(title), _, _) => draft.title = Some(title),
        (None, true, Some((creator, title))) => {
            draft.creator = Some(creator.to_owned());
            draft.title = Some(title.to_owned());
        }
        _ => draft.title = Some(name),
    }
    draft
}
