//! The playlist as files to take away, made of the same sheet as the page.

use super::super::answer::{CHECKED, Content};
use super::super::language::Speech;
use super::super::notice::Absence;
use super::sheet::{Sheet, Song};
use super::view::score;
use crate::share;
use crate::storage::PageKind;

/// The endings of the formats there are, and what each is called.
pub(super) const FORMATS: &[(&str, &str)] = &[("xspf", "XSPF"), ("m3u8", "M3U8")];

/// The file of that name, as in `playlist.xspf`.
pub(super) fn file(sheet: &Sheet, speech: Speech<'_>, name: &str) -> Result<Content, Absence> {
    let ending = name.strip_prefix("playlist.").ok_or(Absence::NotThere)?;
    let list = || playlist(sheet, speech);
    let (kind, text) = match ending {
        "xspf" => ("application/xspf+xml", share::xspf(&list())),
        "m3u8" => ("application/vnd.apple.mpegurl", share::m3u8(&list())),
        _ => return Err(Absence::NotThere),
    };
    let what = match sheet.page.subject.kind {
        PageKind::Collection => "collection",
        PageKind::Session | PageKind::Live => "session",
    };
    Ok(Content {
        kind,
        cache: CHECKED,
        bytes: text.into(),
        file: Some(format!(
            "rondo-{what}-{}.{ending}",
            sheet.page.subject.number
        )),
    })
}

fn playlist(sheet: &Sheet, speech: Speech<'_>) -> share::Playlist {
    let curator = sheet.curator.as_ref().map(|it| it.name.clone());
    share::Playlist {
        title: sheet.title.clone(),
        creator: curator.unwrap_or_else(|| sheet.guild.clone()),
        date: sheet.at,
        tracks: sheet.songs.iter().map(|song| item(song, speech)).collect(),
    }
}

fn item(song: &Song, speech: Speech<'_>) -> share::Item {
    let note = song.looper.as_ref().map(|looper| {
        let fills = [
            ("looper", looper.name.as_str().into()),
            ("score", score(speech, song.tally).into()),
        ];
        speech.fill("playlist-file-note", &fills)
    });
    share::Item::of(&song.track, note)
}
