//! `/leaderboard`: what was liked, who plays well, who comes up, who listens; with the reader's own
//! place. How the scores come about is told by `why` and reckoned elsewhere.

mod why;

use super::super::markup::plain_cut;
use super::call::{Answer, Call, Outcome};
use super::definition::Part;
use super::options::Options;
use super::paging::{Page, sheet};
use crate::domain::leaderboard::{
    Board, Figures, LOOPER_PLAYS, LOOPER_RATERS, PAGE_LINES, Period, TRACK_EXPECTED,
};
use crate::storage::{BoardLine, BoardPage, LINES_LIMIT, OwnPlace, StorageFailure};
use serde_json::json;

const TITLE_LIMIT: usize = 60;
const NAME_LIMIT: usize = 32;

fn period_key(period: Period) -> &'static str {
    match period {
        Period::Week => "period-week",
        Period::Month => "period-month",
        Period::Quarter => "period-quarter",
        Period::Year => "period-year",
        Period::All => "period-all",
    }
}

/// The periods that can be chosen for a board. Loopers are compared over 90 days, since nobody plays
/// ten songs before five people every week.
fn periods(board: Board) -> impl Iterator<Item = Period> {
    let usual = board.usual_period();
    Period::ALL
        .into_iter()
        .filter(move |period| *period != Period::Quarter || usual == Period::Quarter)
}

pub(super) fn definition() -> Part {
    let board = |board: Board| {
        let choices: Vec<(&'static str, &str)> = periods(board)
            .map(|period| (period_key(period), period.name()))
            .collect();
        Part::sub(board.name()).with(Part::choice("period", &choices))
    };
    Board::ALL
        .into_iter()
        .fold(Part::command("leaderboard"), |all, one| {
            all.with(board(one))
        })
        .with(Part::sub("why"))
}

pub(super) async fn run(call: &Call, options: Options<'_>) -> Outcome {
    let sub = options.sub.unwrap_or_default();
    if sub == "why" {
        return why::show(call).await;
    }
    let board = Board::named(sub).unwrap_or(Board::Tracks);
    let period = options
        .text("period")
        .and_then(Period::named)
        .unwrap_or(board.usual_period());
    show(call, board, period, 0).await
}

pub(in crate::discord) async fn show(
    call: &Call,
    board: Board,
    period: Period,
    page: usize,
) -> Outcome {
    let (found, page) = turned(call, (board, period), page).await?;
    let name = board.name();
    let fills = [("period", call.say(period_key(period), &[]).into())];
    let title = call.say(&format!("board-{name}"), &fills);
    let mut lines: Vec<String> = (page.offset() + 1..)
        .zip(&found.lines)
        .map(|(place, line)| row(call, place, line))
        .collect();
    if lines.is_empty() {
        lines.push(call.say(&format!("board-{name}-empty"), &[]));
    }
    lines.push(String::new());
    lines.push(own(call, (board, period), &found));
    if found.unlisted > 0 {
        lines.push(call.say("board-unlisted", &[("count", found.unlisted.into())]));
    }
    let scale = match board {
        Board::Tracks => Some("board-scale-tracks"),
        Board::Loopers | Board::Rookies => Some("board-scale-loopers"),
        Board::Listeners => None,
        Board::Collections => Some("board-scale-collections"),
    };
    let foot = [page.foot(call), scale.map(|key| call.say(key, &[]))];
    let foot: Vec<String> = foot.into_iter().flatten().collect();
    let foot = (!foot.is_empty()).then(|| foot.join(" · "));
    Ok(Answer::of(json!({
        "embeds": [sheet(&title, &lines, foot)],
        "components": page.buttons(&format!("board:{name}:{}", period.name())),
    })))
}

/// The page of that number, or the last one if there are not so many.
async fn turned(
    call: &Call,
    board: (Board, Period),
    page: usize,
) -> Result<(BoardPage, Page), StorageFailure> {
    let read = async |page: usize| {
        let number = u32::try_from(page).unwrap_or(u32::MAX);
        let (store, reader) = (&call.desk.store, call.actor.member);
        store.board(call.guild(), board, number, reader).await
    };
    let of = |page: usize, found: &BoardPage| {
        let listed = usize::try_from(found.listed).unwrap_or(usize::MAX);
        Page::of(page, listed, PAGE_LINES)
    };
    let wanted = page.min(LINES_LIMIT / PAGE_LINES);
    let mut found = read(wanted).await?;
    let mut page = of(wanted, &found);
    if page.number != wanted {
        // There are fewer than there were.
        found = read(page.number).await?;
        page = of(page.number, &found);
    }
    Ok((found, page))
}

fn row(call: &Call, place: usize, line: &BoardLine) -> String {
    let medal = match place {
        1 => "🥇".to_owned(),
        2 => "🥈".to_owned(),
        3 => "🥉".to_owned(),
        place => format!("{place}\\."),
    };
    let limit = if line.member.is_none() || line.artist.is_some() {
        TITLE_LIMIT
    } else {
        NAME_LIMIT
    };
    let name = plain_cut(&line.name, limit);
    let artist = line
        .artist
        .as_ref()
        .map(|artist| plain_cut(artist, NAME_LIMIT));
    let artist = artist.map_or_else(String::new, |artist| format!(" ({artist})"));
    format!(
        "{medal} **{name}**{artist} · {}",
        figures(call, line.figures)
    )
}

/// An index as it is shown.
fn rounded(index: f64) -> String {
    format!("{:.0}", index.max(0.0))
}

fn figures(call: &Call, figures: Figures) -> String {
    let said = |key: &str, count: u32| call.say(key, &[("count", count.into())]);
    match figures {
        Figures::Track {
            index,
            plays,
            voices,
            ..
        } => format!(
            "**{}** · {} · {}",
            rounded(index),
            said("board-plays", plays),
            said("board-voices", voices)
        ),
        Figures::Looper {
            index,
            raters,
            plays,
            ..
        } => format!(
            "**{}** · {} · {}",
            rounded(index),
            said("board-plays", plays),
            said("board-people", raters)
        ),
        Figures::Listener { heard, plays } => format!(
            "{} · {}",
            super::hours(call, heard),
            said("board-plays", plays)
        ),
        Figures::Collection { saves, plays } => format!(
            "**{}** · {} · {}",
            saves.saturating_add(plays),
            said("board-saves", saves),
            said("board-plays", plays)
        ),
    }
}

/// Where the reader stands, in a sentence.
fn own(call: &Call, (board, period): (Board, Period), page: &BoardPage) -> String {
    let place = |own: &OwnPlace| own.place.map(|place| ("place", place.into()));
    match (board, page.own.place(board, period)) {
        (Board::Tracks, Some(own)) => {
            let title = page.own_track.as_deref().unwrap_or_default();
            let title = ("title", plain_cut(title, TITLE_LIMIT).into());
            match place(own) {
                Some(place) => call.say("board-own-track", &[place, title]),
                None => call.say("board-own-track-unlisted", &[title, ears(own.figures)]),
            }
        }
        (Board::Collections, Some(own)) => {
            let name = page.own_collection.as_deref().unwrap_or_default();
            let fills = [
                ("place", own.place.unwrap_or_default().into()),
                ("name", plain_cut(name, TITLE_LIMIT).into()),
            ];
            call.say("board-own-collection", &fills)
        }
        (_, Some(own)) => match place(own) {
            Some(place) => call.say("board-own-place", &[place]),
            None => call.say("board-own-none", &[]),
        },
        (Board::Tracks, None) => call.say("board-own-no-track", &[]),
        (Board::Loopers, None) => match page.own.place(Board::Rookies, period) {
            Some(rookie) => rookie_progress(call, rookie),
            None => call.say("board-own-none", &[]),
        },
        (Board::Rookies, None) => match page.own.place(Board::Loopers, period) {
            Some(_) => call.say("board-own-ranked", &[]),
            None => call.say("board-own-none", &[]),
        },
        (Board::Listeners, None) => call.say("board-own-none", &[]),
        (Board::Collections, None) => call.say("board-own-no-collection", &[]),
    }
}

/// How much of what it takes is known of a track, in percent.
fn ears(figures: Figures) -> (&'static str, crate::i18n::Fill<'static>) {
    let share = match figures {
        Figures::Track { expected, .. } => 100.0 * expected / TRACK_EXPECTED,
        _ => 0.0,
    };
    ("share", format!("{:.0}", share.clamp(0.0, 99.0)).into())
}

/// What a rookie lacks to be ranked.
fn rookie_progress(call: &Call, rookie: &OwnPlace) -> String {
    let (raters, plays) = match rookie.figures {
        Figures::Looper { raters, plays, .. } => (raters, plays),
        _ => (0, 0),
    };
    let fills = [
        ("raters", raters.into()),
        ("raters-needed", LOOPER_RATERS.into()),
        ("plays", plays.into()),
        ("plays-needed", LOOPER_PLAYS.into()),
    ];
    call.say("board-own-rookie", &fills)
}
