//! A sheet in words and addresses, ready for the template: nothing is decided there but where things
//! stand.

use super::super::Web;
use super::super::language::Speech;
use super::super::notice::Frame;
use super::search;
use super::sheet::{Sheet, Song};
use crate::domain::leaderboard::Tally;
use crate::domain::moment::Moment;
use crate::i18n::{Locale, clock};
use crate::share::Format;
use crate::storage::PageKind;
use askama::Template;
use std::collections::HashSet;
use std::time::Duration;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// Covers in the picture at the top.
const MOSAIC_LARGE: usize = 9;
const MOSAIC_SMALL: usize = 4;
/// Comments that stand open; more are folded away.
const OPEN_COMMENTS: usize = 5;
/// The timeline's length in its own units.
const TIMELINE: u128 = 1_000;
/// Colours for what has no cover and for people without a picture.
const TINTS: u64 = 6;

/// What the template shows.
#[derive(Template)]
#[template(path = "playlist.html")]
pub(super) struct Playlist<'a> {
    pub(super) frame: Frame<'a>,
    sheet: &'a Sheet,
    /// Over the title: session and server, or that it is a collection.
    eyebrow: String,
    date: Date,
    facts: Vec<String>,
    /// For previews, in one sentence.
    summary: String,
    url: String,
    card: String,
    oembed: String,
    mosaic: Vec<String>,
    loopers: Vec<Looper<'a>>,
    songs: Vec<Row<'a>>,
    files: Vec<(String, String)>,
    others: Vec<Locale>,
    /// How many songs there are beyond those.
    more: Option<String>,
    /// The command that takes the page away.
    withdraw: &'static str,
}

#[derive(Debug)]
struct Date {
    machine: String,
    words: String,
}

#[derive(Debug)]
struct Looper<'a> {
    name: &'a str,
    initial: String,
    tint: u64,
    songs: String,
}

#[derive(Debug)]
struct Row<'a> {
    song: &'a Song,
    cover: Option<String>,
    tint: u64,
    length: String,
    /// The mean as `4.6`.
    mean: Option<String>,
    ratings: String,
    facts: Vec<String>,
    is_best: bool,
    own: Option<(String, String)>,
    searches: Vec<(&'static str, String)>,
    comments: Vec<Comment<'a>>,
    comments_count: String,
    is_open: bool,
    unsaid: Option<String>,
}

#[derive(Debug)]
struct Comment<'a> {
    at: String,
    /// Its place on the timeline.
    x: u128,
    by: &'a str,
    words: &'a str,
}

impl<'a> Playlist<'a> {
    pub(super) fn new(web: &'a Web, sheet: &'a Sheet) -> Playlist<'a> {
        let frame = Frame::new(web, sheet.locale);
        let speech = frame.speech;
        let path = sheet.page.path();
        let url = web.address.to(&path);
        let best = sheet.ranked().first().map(|song| song.number);
        let below = |rest: &str| format!("{}{path}/{rest}", frame.prefix);
        Playlist {
            frame,
            sheet,
            eyebrow: eyebrow(sheet, speech),
            date: date(sheet.at, speech),
            facts: facts(sheet, speech),
            summary: summary(sheet, speech),
            card: format!("{url}/card.png?lang={}", speech.tag()),
            oembed: web.address.to(&oembed(&url, speech.locale)),
            mosaic: mosaic(sheet)
                .iter()
                .map(|number| below(&cover(*number)))
                .collect(),
            loopers: loopers(sheet, speech),
            songs: sheet
                .songs
                .iter()
                .map(|song| Row {
                    is_best: best == Some(song.number),
                    cover: song
                        .track
                        .cover
                        .as_ref()
                        .map(|_| below(&cover(song.number))),
                    ..row(song, speech)
                })
                .collect(),
            files: Format::ALL
                .into_iter()
                .map(|format| {
                    let file = format!("playlist.{}?lang={}", format.ending(), speech.tag());
                    (below(&file), format.ending().to_uppercase())
                })
                .collect(),
            others: Locale::ALL
                .into_iter()
                .filter(|it| *it != sheet.locale)
                .collect(),
            withdraw: match sheet.page.subject.kind {
                PageKind::Collection => "/collection withdraw",
                PageKind::Session | PageKind::Live => "/playlist withdraw",
            },
            more: (sheet.left_out > 0).then(|| speech.count("page-more", sheet.left_out)),
            url,
        }
    }
}

/// Where the preview of a page is described.
fn oembed(url: &str, locale: Locale) -> String {
    let url: String = url::form_urlencoded::byte_serialize(url.as_bytes()).collect();
    format!("/oembed?format=json&lang={}&url={url}", locale.tag())
}

fn cover(number: u64) -> String {
    format!("cover/{number}")
}

fn eyebrow(sheet: &Sheet, speech: Speech<'_>) -> String {
    let number = sheet.page.subject.number.to_string();
    match (sheet.page.subject.kind, &sheet.curator) {
        (PageKind::Collection, Some(curator)) => speech.fill(
            "page-collection-by",
            &[("name", curator.name.as_str().into())],
        ),
        _ if sheet.guild.is_empty() => speech.fill("playlist-title", &[("session", number.into())]),
        _ => {
            let fills = [
                ("session", number.into()),
                ("guild", sheet.guild.as_str().into()),
            ];
            speech.fill("page-session-of", &fills)
        }
    }
}

/// What there is to say in figures.
pub(super) fn facts(sheet: &Sheet, speech: Speech<'_>) -> Vec<String> {
    let songs = sheet.songs.len() + sheet.left_out;
    let mut facts = vec![
        speech.count("page-songs", songs),
        length(sheet.length(), speech),
    ];
    let friends = usize::try_from(sheet.friends).unwrap_or(usize::MAX);
    match sheet.page.subject.kind {
        PageKind::Collection if friends > 0 => facts.push(speech.count("page-saves", friends)),
        PageKind::Session => facts.push(speech.count("page-listeners", friends)),
        _ => {}
    }
    facts
}

/// The whole in one sentence.
fn summary(sheet: &Sheet, speech: Speech<'_>) -> String {
    let mut parts = facts(sheet, speech);
    parts.push(day(sheet.at, speech));
    if let Some(best) = sheet.ranked().first() {
        let fills = [
            ("title", best.track.title.as_str().into()),
            ("score", score(speech, best.tally).into()),
        ];
        parts.push(speech.fill("page-best-is", &fills));
    }
    parts.join(" · ")
}

/// `4.6 ★ (3)`, or that nobody rated it.
pub(super) fn score(speech: Speech<'_>, tally: Tally) -> String {
    match tally.mean() {
        Some(mean) => {
            let fills = [
                ("mean", format!("{mean:.1}").into()),
                ("count", tally.count.into()),
            ];
            speech.fill("card-score", &fills)
        }
        None => speech.say("result-unrated"),
    }
}

/// `1 h 5 min`; less than a minute in seconds.
fn length(time: Duration, speech: Speech<'_>) -> String {
    let seconds = time.as_secs();
    let (hours, minutes) = (seconds / 3_600, seconds / 60 % 60);
    let said = |key: &str, count: u64| speech.fill(key, &[("count", count.into())]);
    match (hours, minutes) {
        (0, 0) => said("time-seconds", seconds),
        (0, minutes) => said("time-minutes", minutes),
        (hours, 0) => said("time-hours", hours),
        (hours, minutes) => {
            format!(
                "{} {}",
                said("time-hours", hours),
                said("time-minutes", minutes)
            )
        }
    }
}

/// The day in words.
pub(super) fn day(at: Moment, speech: Speech<'_>) -> String {
    speech.words.day(speech.locale, at)
}

/// The day, in UTC.
fn date(at: Moment, speech: Speech<'_>) -> Date {
    let machine = OffsetDateTime::from_unix_timestamp(at.0.div_euclid(1_000))
        .unwrap_or(OffsetDateTime::UNIX_EPOCH);
    Date {
        machine: machine.format(&Rfc3339).unwrap_or_default(),
        words: day(at, speech),
    }
}

/// The songs whose covers make the picture: each cover once, as many as fill a square.
pub(super) fn mosaic(sheet: &Sheet) -> Vec<u64> {
    let mut seen = HashSet::new();
    let with_cover = sheet.songs.iter().filter(|song| {
        let cover = song.track.cover.as_ref();
        cover.is_some_and(|cover| seen.insert(cover.clone()))
    });
    let mut numbers: Vec<u64> = with_cover
        .map(|song| song.number)
        .take(MOSAIC_LARGE)
        .collect();
    let square = match numbers.len() {
        MOSAIC_LARGE => MOSAIC_LARGE,
        MOSAIC_SMALL.. => MOSAIC_SMALL,
        _ => 1,
    };
    numbers.truncate(square);
    numbers
}

fn loopers<'a>(sheet: &'a Sheet, speech: Speech<'_>) -> Vec<Looper<'a>> {
    let all = sheet.loopers().into_iter().map(|(person, songs)| Looper {
        name: &person.name,
        initial: person
            .name
            .chars()
            .next()
            .map(|c| c.to_uppercase().collect())
            .unwrap_or_default(),
        tint: person.id.map_or(0, |id| id.0 % TINTS),
        songs: speech.count("page-songs", songs),
    });
    all.collect()
}

fn row<'a>(song: &'a Song, speech: Speech<'_>) -> Row<'a> {
    let length = song.track.length;
    let ms = length.as_millis().max(1);
    let tint = song
        .track
        .key
        .0
        .bytes()
        .fold(0_u64, |sum, byte| sum + u64::from(byte))
        % TINTS;
    let figures = [("result-heard", song.heard), ("card-grabs", song.grabs)];
    let comments: Vec<Comment<'a>> = song
        .comments
        .iter()
        .map(|said| Comment {
            at: clock(said.at),
            x: (said.at.as_millis() * TIMELINE / ms).min(TIMELINE),
            by: &said.by,
            words: &said.words,
        })
        .collect();
    Row {
        song,
        cover: None,
        tint,
        length: clock(length),
        mean: song.tally.mean().map(|mean| format!("{mean:.1}")),
        ratings: speech.fill("page-ratings", &[("count", song.tally.count.into())]),
        facts: figures
            .into_iter()
            .filter(|(_, count)| *count > 0)
            .map(|(key, count)| speech.fill(key, &[("count", count.into())]))
            .collect(),
        is_best: false,
        own: search::own(&song.track),
        searches: search::links(&song.track),
        comments_count: speech.count("page-comments", comments.len()),
        is_open: comments.len() <= OPEN_COMMENTS,
        comments,
        unsaid: (song.unsaid > 0)
            .then(|| speech.fill("page-comments-more", &[("count", song.unsaid.into())])),
    }
}
