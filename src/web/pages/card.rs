//! The picture of a page, which stands in previews of its link. It is drawn by `share`, from the
//! same sheet as the page; people have initials there.

use super::super::Web;
use super::super::answer::{BRIEF, Content, fingerprint};
use super::super::language::Speech;
use super::super::notice::Absence;
use super::cover;
use super::sheet::{Sheet, Song};
use super::view;
use crate::share::card;

/// The sheet as a picture.
pub(super) async fn card(web: &Web, sheet: &Sheet) -> Result<Content, Absence> {
    let speech = Speech {
        words: &web.words,
        locale: sheet.locale,
    };
    let songs = shown(sheet);
    let mut card = drawn(sheet, &songs, speech);
    let covers: Vec<_> = songs
        .iter()
        .map(|song| song.track.cover.as_deref())
        .collect();
    let key = fingerprint(format!("card {card:?} {covers:?}").as_bytes());
    let content = |bytes| Content {
        kind: "image/png",
        cache: BRIEF,
        bytes,
        file: None,
    };
    if let Some(kept) = web.pictures.kept(&key) {
        return Ok(content(kept));
    }
    for (song, name) in card.songs.iter_mut().zip(covers) {
        if let Some(name) = name {
            let bytes = cover::read(&web.media_dir, name).await;
            song.cover = bytes.map(|bytes| bytes.to_vec());
        }
    }
    let made = web.pictures.make(key, move |fonts| card::png(&card, fonts));
    Ok(content(made.await?))
}

/// The best songs; the first ones where nothing was rated.
fn shown(sheet: &Sheet) -> Vec<&Song> {
    let ranked = sheet.ranked();
    let shown = if ranked.is_empty() {
        sheet.songs.iter().collect()
    } else {
        ranked
    };
    shown.into_iter().take(card::SONGS).collect()
}

fn drawn(sheet: &Sheet, songs: &[&Song], speech: Speech<'_>) -> card::Card {
    let is_rated = songs.iter().any(|song| song.tally.count > 0);
    let loopers = sheet.loopers().into_iter().map(|(person, _)| card::Looper {
        id: person.id.map_or(0, |id| id.0),
        name: person.name.clone(),
        avatar: None,
    });
    let curator = sheet.curator.iter().map(|person| card::Looper {
        id: person.id.map_or(0, |id| id.0),
        name: person.name.clone(),
        avatar: None,
    });
    card::Card {
        title: sheet.title.clone(),
        place: sheet.guild.clone(),
        date: view::day(sheet.at, speech),
        facts: view::facts(sheet, speech),
        songs_heading: speech.say(if is_rated { "page-best" } else { "page-list" }),
        songs: songs.iter().map(|song| line(song, speech)).collect(),
        loopers_heading: speech.say(match sheet.curator {
            Some(_) => "page-curator",
            None => "page-loopers",
        }),
        loopers: curator.chain(loopers).collect(),
    }
}

fn line(song: &Song, speech: Speech<'_>) -> card::Song {
    let looper = song
        .looper
        .as_ref()
        .map(|looper| speech.fill("page-played-by", &[("name", looper.name.as_str().into())]));
    card::Song {
        title: song.track.title.clone(),
        artist: song.track.artist.clone(),
        played_by: looper,
        score: song.tally.mean().map(|mean| card::Score {
            mean: format!("{mean:.1}"),
            ratings: speech.fill("page-ratings", &[("count", song.tally.count.into())]),
        }),
        cover: None,
    }
}
