//! All boards of a server at one moment, put in order, and where everybody stands on each.

use super::super::ids::MemberId;
use super::super::moment::Moment;
use super::collections::{self, Curation};
use super::counting::{Bar, Counted, Numbered, index};
use super::expectation::Expectation;
use super::history::PastPlay;
use super::tracks::TRACK_EXPECTED;
use super::{Board, Figures, Line, Period, Subject, listeners, loopers, order, tracks};
use std::collections::{BTreeMap, HashMap};

/// A board of one period: those who stand on it, and those of whom too little is known, in order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sheet {
    pub listed: Vec<Line>,
    pub unlisted: Vec<Line>,
    /// Members who brought a track, or who curate: the position of their best one, from 0, in `listed`
    /// and on into `unlisted`. Empty on the boards of members.
    pub best: BTreeMap<MemberId, usize>,
}

/// How far somebody is on the way to counting, over [`Period::Quarter`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    pub ratings: u32,
    pub loopers: u32,
    /// How many loopers it takes: there may be fewer than are asked for.
    pub loopers_needed: u32,
    pub counts: bool,
}

/// Every board.
#[derive(Clone, Debug, PartialEq)]
pub struct Boards {
    pub usual: Expectation,
    pub sheets: BTreeMap<(Board, Period), Sheet>,
    pub standings: BTreeMap<MemberId, Standing>,
}

impl Sheet {
    /// The line at a position of `best`.
    pub fn line(&self, position: usize) -> Option<&Line> {
        self.listed.iter().chain(&self.unlisted).nth(position)
    }

    pub(super) fn parted(mut lines: Vec<Line>, is_listed: impl Fn(&Line) -> bool) -> Sheet {
        lines.sort_by(order);
        let (listed, unlisted) = lines.into_iter().partition(is_listed);
        Sheet {
            listed,
            unlisted,
            best: BTreeMap::new(),
        }
    }
}

/// Makes all boards of a history in which nothing was curated.
pub fn make(history: &[PastPlay], bar: &Bar, now: Moment) -> Boards {
    make_all((history, &Curation::default()), bar, now)
}

/// Makes all boards of a history and of what was curated.
pub fn make_all((history, curation): (&[PastPlay], &Curation), bar: &Bar, now: Moment) -> Boards {
    let numbered = Numbered::of(history, bar);
    let all = Counted::of(&numbered, None, bar);
    let usual = Expectation::fitted(&all.plays);
    let mut boards = Boards {
        usual,
        sheets: BTreeMap::new(),
        standings: BTreeMap::new(),
    };
    for period in Period::ALL {
        let since = period.since(now);
        let own;
        let counted = if since.is_none() {
            &all
        } else {
            own = Counted::of(&numbered, since, bar);
            &own
        };
        let decay_from = period.is_short().then_some(now);
        let lines = tracks::lines(&numbered, counted, usual, decay_from);
        let mut sheet = Sheet::parted(
            lines,
            |line| matches!(line.figures, Figures::Track { expected, .. } if expected >= TRACK_EXPECTED),
        );
        sheet.best = best(&numbered, counted, &sheet);
        boards.sheets.insert((Board::Tracks, period), sheet);
        let sheet = collections::sheet(curation, &numbered, counted, since);
        boards.sheets.insert((Board::Collections, period), sheet);
        let (ranked, rookies) = loopers::lines(&numbered, counted)
            .into_iter()
            .partition(loopers::is_ranked);
        let (ranked, rookies): (Vec<Line>, Vec<Line>) = (ranked, rookies);
        let mut add = |board, lines| {
            let sheet = Sheet::parted(lines, |_| true);
            boards.sheets.insert((board, period), sheet);
        };
        add(Board::Loopers, ranked);
        add(Board::Rookies, rookies);
        add(Board::Listeners, listeners::lines(&numbered, since));
        if period == Period::Quarter {
            boards.standings = standings(&numbered, counted);
        }
    }
    boards
}

/// The best place of everyone's tracks.
fn best(numbered: &Numbered<'_>, counted: &Counted, sheet: &Sheet) -> BTreeMap<MemberId, usize> {
    let places: HashMap<&Subject, usize> = sheet
        .listed
        .iter()
        .chain(&sheet.unlisted)
        .enumerate()
        .map(|(place, line)| (&line.subject, place))
        .collect();
    // By number first, as there are fewer tracks than plays.
    let places: Vec<Option<usize>> = numbered
        .tracks
        .iter()
        .map(|play| places.get(&Subject::Track(play.track.clone())).copied())
        .collect();
    let mut best = BTreeMap::new();
    for play in &counted.plays {
        let place = places.get(index(play.track)).copied().flatten();
        let looper = numbered.members.get(index(play.looper));
        let looper = looper.filter(|looper| **looper != MemberId::NOBODY);
        if let (Some(place), Some(looper)) = (place, looper) {
            let own = best.entry(*looper).or_insert(place);
            *own = place.min(*own);
        }
    }
    best
}

fn standings(numbered: &Numbered<'_>, counted: &Counted) -> BTreeMap<MemberId, Standing> {
    let all = numbered.members.iter().zip(&counted.raters);
    all.filter(|(_, rater)| rater.rated.ratings > 0)
        .map(|(member, rater)| {
            let standing = Standing {
                ratings: rater.rated.ratings,
                loopers: u32::try_from(rater.rated.loopers.len()).unwrap_or(u32::MAX),
                loopers_needed: rater.loopers_needed,
                counts: rater.counts,
            };
            (*member, standing)
        })
        .collect()
}
