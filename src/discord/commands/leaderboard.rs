//! `/leaderboard`: tracks and loopers by a fair score, listeners by the time they listened.

use super::super::markup::plain_cut;
use super::call::{Answer, Call, Outcome};
use super::definition::Part;
use super::options::Options;
use super::paging::{Page, sheet};
use crate::domain::ids::MemberId;
use crate::domain::moment::Moment;
use crate::storage::{ListenerRow, LooperRow, StorageFailure, TrackRow};
use serde_json::json;
use std::time::Duration;

const LINES: usize = 10;
const TITLE_LIMIT: usize = 60;
const NAME_LIMIT: usize = 32;

/// How far back a board looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::discord) enum Period {
    Week,
    Month,
    Year,
    All,
}

impl Period {
    const ALL: [(Period, &'static str, &'static str); 4] = [
        (Period::Week, "week", "period-week"),
        (Period::Month, "month", "period-month"),
        (Period::Year, "year", "period-year"),
        (Period::All, "all", "period-all"),
    ];

    pub(in crate::discord) fn named(name: &str) -> Option<Period> {
        let found = Period::ALL.into_iter().find(|(_, own, _)| *own == name);
        found.map(|(period, ..)| period)
    }

    fn name(self) -> &'static str {
        Period::ALL
            .into_iter()
            .find(|(period, ..)| *period == self)
            .map_or("all", |(_, name, _)| name)
    }

    fn key(self) -> &'static str {
        Period::ALL
            .into_iter()
            .find(|(period, ..)| *period == self)
            .map_or("period-all", |it| it.2)
    }

    fn since(self, now: Moment) -> Option<Moment> {
        let days = match self {
            Period::Week => 7,
            Period::Month => 30,
            Period::Year => 365,
            Period::All => return None,
        };
        Some(now - Duration::from_hours(24 * days))
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::discord) enum Board {
    Tracks,
    Loopers,
    Listeners,
}

/// What stands on a board in one line.
struct BoardLine {
    /// `None` for a track.
    member: Option<MemberId>,
    name: String,
    artist: Option<String>,
    figures: Figures,
    plays: u32,
}

enum Figures {
    Score { score: f64, ratings: u32 },
    Heard(Duration),
}

impl From<TrackRow> for BoardLine {
    fn from(row: TrackRow) -> BoardLine {
        BoardLine {
            member: None,
            name: row.title,
            artist: row.artist,
            figures: Figures::Score {
                score: row.score,
                ratings: row.tally.count,
            },
            plays: row.plays,
        }
    }
}

impl From<LooperRow> for BoardLine {
    fn from(row: LooperRow) -> BoardLine {
        BoardLine {
            member: Some(row.member),
            name: row.name,
            artist: None,
            figures: Figures::Score {
                score: row.score,
                ratings: row.tally.count,
            },
            plays: row.plays,
        }
    }
}

impl From<ListenerRow> for BoardLine {
    fn from(row: ListenerRow) -> BoardLine {
        BoardLine {
            member: Some(row.member),
            name: row.name,
            artist: None,
            figures: Figures::Heard(row.heard),
            plays: row.plays,
        }
    }
}

/// Who stands on the board, and who is not yet rated enough to.
async fn lines_of(
    call: &Call,
    board: Board,
    since: Option<Moment>,
) -> Result<(Vec<BoardLine>, Vec<BoardLine>), StorageFailure> {
    fn lines<T: Into<BoardLine>>(rows: Vec<T>) -> Vec<BoardLine> {
        rows.into_iter().map(Into::into).collect()
    }
    let (store, guild) = (&call.desk.store, call.guild());
    Ok(match board {
        Board::Tracks => {
            let rows = store.board_tracks(guild, since).await?;
            (lines(rows.listed), lines(rows.unlisted))
        }
        Board::Loopers => {
            let rows = store.board_loopers(guild, since).await?;
            (lines(rows.listed), lines(rows.unlisted))
        }
        Board::Listeners => (
            lines(store.board_listeners(guild, since).await?),
            Vec::new(),
        ),
    })
}

/// The boards, as they are typed.
pub(in crate::discord) fn board_named(name: &str) -> Option<Board> {
    match name {
        "tracks" => Some(Board::Tracks),
        "loopers" => Some(Board::Loopers),
        "listeners" => Some(Board::Listeners),
        _ => None,
    }
}

fn board_name(board: Board) -> &'static str {
    match board {
        Board::Tracks => "tracks",
        Board::Loopers => "loopers",
        Board::Listeners => "listeners",
    }
}

pub(super) fn definition() -> Part {
    let choices = Period::ALL.map(|(_, name, key)| (key, name));
    let board = |name| Part::sub(name).with(Part::choice("period", &choices));
    Part::command("leaderboard")
        .with(board("tracks"))
        .with(board("loopers"))
        .with(board("listeners"))
}

pub(super) async fn run(call: &Call, options: Options<'_>) -> Outcome {
    let board = board_named(options.sub.unwrap_or_default()).unwrap_or(Board::Tracks);
    let period = options
        .text("period")
        .and_then(Period::named)
        .unwrap_or(Period::Month);
    show(call, board, period, 0).await
}

pub(in crate::discord) async fn show(
    call: &Call,
    board: Board,
    period: Period,
    page: usize,
) -> Outcome {
    let since = period.since((call.desk.clock)());
    let (listed, unlisted) = lines_of(call, board, since).await?;
    let name = board_name(board);
    let fills = [("period", call.say(period.key(), &[]).into())];
    let title = call.say(&format!("board-{name}"), &fills);
    let page = Page::of(page, listed.len(), LINES);
    let mut lines: Vec<String> = listed
        .iter()
        .enumerate()
        .skip(page.offset())
        .take(LINES)
        .map(|(at, line)| row(call, board, at + 1, line))
        .collect();
    if lines.is_empty() {
        lines.push(call.say(&format!("board-{name}-empty"), &[]));
    }
    lines.extend(footing(call, board, &listed, &unlisted));
    Ok(Answer::of(json!({
        "embeds": [sheet(&title, &lines, page.foot(call))],
        "components": page.buttons(&format!("board:{name}:{}", period.name())),
    })))
}

fn row(call: &Call, board: Board, place: usize, line: &BoardLine) -> String {
    let medal = match place {
        1 => "🥇".to_owned(),
        2 => "🥈".to_owned(),
        3 => "🥉".to_owned(),
        place => format!("{place}\\."),
    };
    let name = plain_cut(
        &line.name,
        if board == Board::Tracks {
            TITLE_LIMIT
        } else {
            NAME_LIMIT
        },
    );
    let artist = line
        .artist
        .as_ref()
        .map(|artist| plain_cut(artist, NAME_LIMIT));
    let artist = artist.map_or_else(String::new, |artist| format!(" ({artist})"));
    format!("{medal} **{name}**{artist} · {}", figures(call, line))
}

fn figures(call: &Call, line: &BoardLine) -> String {
    let plays = call.say("board-plays", &[("count", line.plays.into())]);
    match line.figures {
        Figures::Heard(heard) => format!("{} · {plays}", super::hours(call, heard)),
        Figures::Score { score, ratings } => {
            let ratings = call.say("board-ratings", &[("count", ratings.into())]);
            format!("{score:.2} ★ · {ratings} · {plays}")
        }
    }
}

/// Where the reader stands, and how many are not yet rated enough to be listed.
fn footing(call: &Call, board: Board, listed: &[BoardLine], unlisted: &[BoardLine]) -> Vec<String> {
    let mut lines = vec![String::new()];
    let own = |line: &&BoardLine| line.member == Some(call.actor.member);
    if board != Board::Tracks {
        let place = listed.iter().position(|line| own(&line));
        lines.push(match (place, unlisted.iter().find(own)) {
            (Some(at), _) => call.say("board-own-place", &[("place", (at + 1).into())]),
            (None, Some(line)) => call.say("board-own-unlisted", &[("count", line.plays.into())]),
            (None, None) => call.say("board-own-none", &[]),
        });
    }
    if !unlisted.is_empty() {
        lines.push(call.say("board-unlisted", &[("count", unlisted.len().into())]));
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::{Period, board_name, board_named};
    use crate::domain::moment::Moment;

    #[test]
    fn periods_and_boards_are_known_by_their_names() {
        for (period, name, _) in Period::ALL {
            assert_eq!(Period::named(name), Some(period));
            assert_eq!(period.name(), name);
        }
        for name in ["tracks", "loopers", "listeners"] {
            assert_eq!(board_named(name).map(board_name), Some(name));
        }
        assert_eq!(Period::named("day"), None);
    }

    #[test]
    fn a_week_is_seven_days_and_all_has_no_beginning() {
        let day = 86_400_000;
        assert_eq!(Period::Week.since(Moment(10 * day)), Some(Moment(3 * day)));
        assert_eq!(Period::All.since(Moment(10 * day)), None);
    }
}
