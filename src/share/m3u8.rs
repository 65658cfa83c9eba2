//! M3U8: the extended M3U list in UTF-8 that every player reads. Directives as in the list of the
//! Wikipedia article "M3U" that VLC and Kodi follow: `#EXTINF` seconds and "artist - title",
//! `#PLAYLIST`, `#EXTALB`.

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
    if let Some(album) = &item.album {
        push_line(text, &format!("#EXTALB:{}", plain(album)));
    }
    push_line(text, &plain(&item.location()));
}

fn push_line(text: &mut String, line: &str) {
    text.push_str(line);
    text.push('\n');
}
