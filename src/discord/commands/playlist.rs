//! `/playlist`: what the sessions of this guild left behind, to list, to read and to take away.

mod import;
mod sharing;

use super::super::links;
use super::super::markup::{clock, plain_cut, plain_within};
use super::super::rest::Upload;
use super::call::{Answer, Call, Outcome, Trouble};
use super::definition::Part;
use super::options::Options;
use super::paging::{Page, older, sheet};
use crate::domain::ids::{SessionId, TurnId};
use crate::i18n::relative;
use crate::share;
use crate::storage::{OnAir, PlaySummary, SessionSummary};
use serde_json::{Value, json};

const LINES: usize = 10;
const LIST_LINES: u32 = 10;
/// How much of a title, a name and a theme a line shows, in characters.
const TITLE_LIMIT: usize = 70;
const NAME_LIMIT: usize = 32;
const THEME_LIMIT: usize = 80;
/// How many titles of a live stream stand below it, and how much of each, in characters.
const ON_AIR_SHOWN: usize = 3;
const ON_AIR_LIMIT: usize = 50;
/// Sessions offered while a number is typed.
const SUGGESTIONS: u32 = 25;

/// The formats by the keys of their words.
const FORMATS: [(&str, &str); 4] = [
    ("format-xspf", "xspf"),
    ("format-jspf", "jspf"),
    ("format-m3u8", "m3u8"),
    ("format-csv", "csv"),
];

pub(super) fn definition() -> Part {
    let number = || Part::number("number", 1, u32::MAX);
    Part::command("playlist")
        .with(Part::sub("list"))
        .with(Part::sub("show").with(number().suggested()))
        .with(
            Part::sub("export")
                .with(number().suggested())
                .with(Part::choice("format", &FORMATS)),
        )
        .with(
            Part::sub("import")
                .with(Part::file("file").required())
                .with(super::collection::named()),
        )
        .with(Part::sub("share").with(number().suggested()))
        .with(Part::sub("withdraw").with(number().suggested().required()))
}

pub(super) async fn run(call: &Call, options: Options<'_>) -> Outcome {
    let number = options.number("number").map(SessionId);
    match options.sub.unwrap_or_default() {
        "show" => {
            let session = chosen(call, number).await?;
            page_of(call, &session, 0).await
        }
        "export" => {
            let session = chosen(call, number).await?;
            export(call, &session, options.text("format")).await
        }
        "share" => {
            let session = chosen(call, number).await?;
            sharing::share(call, &session).await
        }
        "withdraw" => {
            let session = chosen(call, number).await?;
            sharing::withdraw(call, &session).await
        }
        "import" => import::run(call, options).await,
        _ => list(call, None).await,
    }
}

/// The session of that number, or the latest one.
async fn chosen(call: &Call, number: Option<SessionId>) -> Result<SessionSummary, Trouble> {
    let store = &call.desk.store;
    let found = match number {
        Some(number) => store.session(call.guild(), number).await?,
        None => store
            .sessions(call.guild(), None, 1)
            .await?
            .into_iter()
            .next(),
    };
    found.ok_or_else(|| match number {
        Some(number) => call.wrong("playlist-unknown", &[("number", number.to_string().into())]),
        None => call.wrong("playlist-none", &[]),
    })
}

/// The sessions before that one, or the latest ones.
pub(in crate::discord) async fn list(call: &Call, before: Option<SessionId>) -> Outcome {
    let mut sessions = call
        .desk
        .store
        .sessions(call.guild(), before, LIST_LINES + 1)
        .await?;
    if sessions.is_empty() {
        return Err(call.wrong("playlist-none", &[]));
    }
    let more = sessions.len() > usize::try_from(LIST_LINES).unwrap_or(usize::MAX);
    if more {
        sessions.pop();
    }
    let lines: Vec<String> = sessions.iter().map(|session| line(call, session)).collect();
    let last = sessions
        .last()
        .filter(|_| more)
        .map(|session| session.session.0);
    Ok(Answer::of(json!({
        "embeds": [sheet(&call.say("playlist-list", &[]), &lines, None)],
        "components": older("playlists", before.is_some(), last),
    })))
}

fn line(call: &Call, session: &SessionSummary) -> String {
    let theme = session
        .theme
        .as_ref()
        .map(|theme| plain_cut(theme, THEME_LIMIT));
    let theme = theme.map_or_else(String::new, |theme| format!(" **{theme}**"));
    let songs = call.say("playlist-songs", &[("count", session.plays.into())]);
    format!(
        "`{}`{theme} · {songs} · {}",
        session.session,
        relative(session.opened_at)
    )
}

/// A page of the playlist of a session that is known by number.
pub(in crate::discord) async fn show(call: &Call, session: SessionId, page: usize) -> Outcome {
    let session = chosen(call, Some(session)).await?;
    page_of(call, &session, page).await
}

async fn page_of(call: &Call, session: &SessionSummary, page: usize) -> Outcome {
    let plays = call
        .desk
        .store
        .session_playlist(call.guild(), session.session)
        .await?;
    if plays.is_empty() {
        return Err(call.wrong("playlist-empty", &[]));
    }
    let on_air = on_air(call, session.session, &plays).await?;
    let page = Page::of(page, plays.len(), LINES);
    let mut lines = vec![relative(session.opened_at)];
    let subject = links::of_session(call.guild(), session.session);
    lines.extend(call.desk.link_of(subject).await?);
    let shown = plays.iter().enumerate().skip(page.offset()).take(LINES);
    for (at, play) in shown {
        let title = plain_cut(&play.play.track.title, TITLE_LIMIT);
        let looper = plain_cut(&play.play.looper_name, NAME_LIMIT);
        lines.push(format!(
            "{}\\. **{title}** · {looper} · {}",
            at + 1,
            super::score(call, play.tally)
        ));
        lines.extend(titles(call, play.play.turn, &on_air));
    }
    Ok(Answer::of(json!({
        "embeds": [sheet(&title(call, session), &lines, page.foot(call))],
        "components": page.buttons(&format!("playlist:{}", session.session)),
    })))
}

/// What its live streams said was on; nothing is asked where there was none.
async fn on_air(
    call: &Call,
    session: SessionId,
    plays: &[PlaySummary],
) -> Result<Vec<OnAir>, Trouble> {
    if plays.iter().any(|play| play.play.track.live) {
        Ok(call.desk.store.on_air(call.guild(), session).await?)
    } else {
        Ok(Vec::new())
    }
}

/// A small line below a live turn: the first titles, and how many more there were.
fn titles(call: &Call, turn: TurnId, on_air: &[OnAir]) -> Option<String> {
    let titles: Vec<&OnAir> = on_air.iter().filter(|it| it.turn == turn).collect();
    let shown = titles.iter().take(ON_AIR_SHOWN);
    let mut words: Vec<String> = shown
        .map(|it| {
            format!(
                "{} {}",
                clock(it.offset),
                plain_cut(&it.title, ON_AIR_LIMIT)
            )
        })
        .collect();
    let more = titles.len().saturating_sub(ON_AIR_SHOWN);
    if more > 0 {
        words.push(call.say("playlist-on-air-more", &[("count", more.into())]));
    }
    (!words.is_empty()).then(|| format!("-# {}", words.join(" · ")))
}

fn title(call: &Call, session: &SessionSummary) -> String {
    let number = ("number", session.session.to_string().into());
    match &session.theme {
        Some(theme) => {
            let theme = plain_within(theme, THEME_LIMIT);
            call.say("playlist-name-theme", &[number, ("theme", theme.into())])
        }
        None => call.say("playlist-name", &[number]),
    }
}

/// The playlist as files that players open.
async fn export(call: &Call, session: &SessionSummary, format: Option<&str>) -> Outcome {
    let plays = call
        .desk
        .store
        .session_playlist(call.guild(), session.session)
        .await?;
    if plays.is_empty() {
        return Err(call.wrong("playlist-empty", &[]));
    }
    let count = plays.len();
    let on_air = on_air(call, session.session, &plays).await?;
    let list = share::Playlist {
        title: plain_title(call, session),
        creator: call.desk.crowd.guild_name(call.guild()).unwrap_or_default(),
        date: session.opened_at,
        tracks: plays.iter().map(|play| item(call, play, &on_air)).collect(),
    };
    let wanted = |it: &share::Format| format.is_none_or(|format| it.ending() == format);
    let file = |it: share::Format| file(session.session, &list, it);
    let files = share::Format::ALL.into_iter().filter(wanted).map(file);
    let files = files.collect();
    let number = session.session.to_string();
    let facts = [("number", number.into()), ("count", count.into())];
    Ok(Answer::quiet(&call.say("playlist-exported", &facts)).with_files(files))
}

/// A session's playlist as a file to take away.
pub(in crate::discord) fn file(
    session: SessionId,
    list: &share::Playlist,
    format: share::Format,
) -> Upload {
    Upload {
        name: format!("rondo-session-{session}.{}", format.ending()),
        bytes: format.written(list).into(),
    }
}

/// In files nothing is escaped for Discord.
fn plain_title(call: &Call, session: &SessionSummary) -> String {
    let number = ("number", session.session.to_string().into());
    match &session.theme {
        Some(theme) => call.say("playlist-name-theme", &[number, ("theme", theme.into())]),
        None => call.say("playlist-name", &[number]),
    }
}

fn item(call: &Call, play: &PlaySummary, on_air: &[OnAir]) -> share::Item {
    let mut words = vec![
        play.play.looper_name.clone(),
        super::score(call, play.tally),
    ];
    let titles = on_air.iter().filter(|it| it.turn == play.play.turn);
    words.extend(titles.map(|it| format!("{} {}", clock(it.offset), it.title)));
    let track = &play.play.track;
    let link = call.desk.publishing.link(track);
    share::Item::of(track, link, Some(words.join(" · ")))
}

/// The latest sessions, by what was typed of their number or theme.
pub(super) async fn suggestions(call: &Call, typed: &str) -> Result<Vec<(String, Value)>, Trouble> {
    let sessions = call
        .desk
        .store
        .sessions(call.guild(), None, SUGGESTIONS)
        .await?;
    let typed = typed.to_lowercase();
    let named = sessions
        .iter()
        .map(|session| (plain_title(call, session), json!(session.session.0)));
    Ok(named
        .filter(|(name, _)| name.to_lowercase().contains(&typed))
        .collect())
}
