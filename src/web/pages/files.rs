//! The playlist as files to take away, made of the same sheet as the page.

use super::super::answer::{CHECKED, Content};
use super::super::language::Speech;
use super::super::notice::Absence;
use super::sheet::{Sheet, Song};
use super::view::score;
use crate::share::{self, Format};
use crate::storage::PageKind;

/// The file of that name, as in `playlist.xspf`.
pub(super) fn file(sheet: &Sheet, speech: Speech<'_>, name: &str) -> Result<Content, Absence> {
    let ending = name.strip_prefix("playlist.").ok_or(Absence::NotThere)?;
    let mut formats = Format::ALL.into_iter();
    let format = formats.find(|format| format.ending() == ending);
    let format = format.ok_or(Absence::NotThere)?;
    let kind = match format {
        Format::Xspf => "application/xspf+xml",
        Format::Jspf => "application/json",
        Format::M3u8 => "application/vnd.apple.mpegurl",
        Format::Csv => "text/csv; charset=utf-8",
    };
    let text = format.written(&playlist(sheet, speech));
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
    share::Item::of(&song.track, song.track.link.as_deref(), note)
}
