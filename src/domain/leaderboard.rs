//! The leaderboards: which there are, over which time, and how their lines are scored. They are a
//! function of what was played, heard and felt, of who counts, and of the moment. Where that comes
//! from and how a line looks is not known here.
//!
//! Warmth is counted in quarters, as whole numbers, and everything is added up in one order, so that
//! a history without somebody gives the same boards to the last bit as one in which they are voided.

mod collections;
mod counting;
mod expectation;
mod history;
mod listeners;
mod loopers;
mod made;
mod tally;
mod tracks;

#[cfg(test)]
mod tests;
#[cfg(test)]
mod voiding;

pub use collections::{Curation, Save};
pub use counting::Bar;
pub use expectation::Expectation;
pub use history::{Ear, PastPlay};
pub use loopers::{LOOPER_PLAYS, LOOPER_RATERS};
pub use made::{Boards, Sheet, Standing, make, make_all};
pub use tally::Tally;
pub use tracks::{MOST_OBSERVED, TRACK_EXPECTED, track_index};

use super::ids::{CollectionId, MemberId, TurnId};
use super::moment::Moment;
use super::track::TrackKey;
use serde::{Deserialize, Serialize};
use std::cmp::Ordering;
use std::time::Duration;

/// Lines on one page of a board.
pub const PAGE_LINES: usize = 10;

/// The boards there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Board {
    Tracks,
    Loopers,
    /// Loopers whom too few have heard, or too little of, to be ranked.
    Rookies,
    Listeners,
    /// What members curated, by what others made of it.
    Collections,
}

/// How far back a board looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Period {
    Week,
    Month,
    /// 90 days, over which loopers are compared unless somebody asks otherwise.
    Quarter,
    Year,
    All,
}

impl Board {
    pub const ALL: [Board; 5] = [
        Board::Tracks,
        Board::Loopers,
        Board::Rookies,
        Board::Listeners,
        Board::Collections,
    ];

    /// As it is typed.
    pub fn name(self) -> &'static str {
        match self {
            Board::Tracks => "tracks",
            Board::Loopers => "loopers",
            Board::Rookies => "rookies",
            Board::Listeners => "listeners",
            Board::Collections => "collections",
        }
    }

    pub fn named(name: &str) -> Option<Board> {
        Board::ALL.into_iter().find(|board| board.name() == name)
    }

    /// The period that is shown unless another is asked for.
    pub fn usual_period(self) -> Period {
        match self {
            Board::Tracks | Board::Listeners | Board::Collections => Period::Month,
            Board::Loopers | Board::Rookies => Period::Quarter,
        }
    }
}

impl Period {
    pub const ALL: [Period; 5] = [
        Period::Week,
        Period::Month,
        Period::Quarter,
        Period::Year,
        Period::All,
    ];

    /// As it is typed.
    pub fn name(self) -> &'static str {
        match self {
            Period::Week => "week",
            Period::Month => "month",
            Period::Quarter => "quarter",
            Period::Year => "year",
            Period::All => "all",
        }
    }

    pub fn named(name: &str) -> Option<Period> {
        Period::ALL.into_iter().find(|period| period.name() == name)
    }

    /// Plays that began then or later belong to the period; `None` is no beginning.
    pub fn since(self, now: Moment) -> Option<Moment> {
        let days = match self {
            Period::Week => 7,
            Period::Month => 30,
            Period::Quarter => 90,
            Period::Year => 365,
            Period::All => return None,
        };
        Some(now - Duration::from_hours(24 * days))
    }

    /// Whether what is long past weighs less (half after `tracks::HALF_LIFE`). A year is no short
    /// time: with a half-life of a month it would be the board of the last month once more.
    pub fn is_short(self) -> bool {
        matches!(self, Period::Week | Period::Month | Period::Quarter)
    }
}

/// What stands in a line.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Subject {
    Track(TrackKey),
    Member(MemberId),
    Collection(CollectionId),
}

/// One line of a board. `newest` is the last play it comes from, where names and titles are found; of
/// a collection that was never played it is 0.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    pub subject: Subject,
    pub newest: TurnId,
    pub figures: Figures,
}

/// The figures of a line.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Figures {
    Track {
        /// 100 is a usual song before an audience of that size.
        index: f64,
        /// The warmth that a usual song would have had, in weighted quarters of four: 1.0 is one
        /// plain heart.
        expected: f64,
        plays: u32,
        /// Listeners that counted, over all plays.
        voices: u32,
    },
    Looper {
        /// 100 is a looper whose songs people like as much as anyone's.
        index: f64,
        /// People who count and heard them.
        raters: u32,
        /// Those of them who like these songs more, or less, than they usually like songs.
        warmer: u32,
        cooler: u32,
        plays: u32,
    },
    Listener {
        heard: Duration,
        /// Plays heard.
        plays: u32,
    },
    Collection {
        /// By others who count, once each.
        saves: u32,
        /// By others before an audience that counts, each of them once in 7 days.
        plays: u32,
    },
}

impl Figures {
    /// What the line is ordered by: the score, and what decides between equal ones.
    fn rank(self) -> (f64, f64) {
        match self {
            Figures::Track {
                index, expected, ..
            } => (index, expected),
            Figures::Looper { index, raters, .. } => (index, f64::from(raters)),
            Figures::Listener { heard, plays } => (heard.as_secs_f64(), f64::from(plays)),
            Figures::Collection { saves, plays } => {
                (f64::from(saves) + f64::from(plays), f64::from(saves))
            }
        }
    }
}

/// The order of a board: by score, the higher first. Scores that differ by less than a billionth
/// are equal; then by how much stands behind them, and last by name, so that there is one order.
fn order(a: &Line, b: &Line) -> Ordering {
    let billionths = |score: f64| (score * 1e9).round();
    let ((a_score, a_weight), (b_score, b_weight)) = (a.figures.rank(), b.figures.rank());
    billionths(b_score)
        .total_cmp(&billionths(a_score))
        .then(b_weight.total_cmp(&a_weight))
        .then_with(|| a.subject.cmp(&b.subject))
}
