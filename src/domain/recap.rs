//! Over which time a recap looks back and with what it is compared, how its plays fall into days,
//! weeks and hours, which songs come first, and when the week's recap is due. The moment is an
//! argument; everything is in UTC. What a recap looks like is not known here.

use super::calendar::{self, DAY, Date, HOUR, WEEK};
use super::ids::{MemberId, TurnId};
use super::leaderboard::{Expectation, MOST_OBSERVED, Tally, track_index};
use super::moment::Moment;
use super::track::TrackKey;
use std::collections::BTreeMap;
use std::time::Duration;

/// When on Monday the week before is posted.
pub const POST_AT: Duration = Duration::from_hours(9);
/// Until when, counted from the same midnight, it is still posted by a bot that was away: the end of
/// Tuesday. Later it would be old news.
pub const POST_UNTIL: Duration = Duration::from_hours(48);
/// How often it is looked while something may be due: guilds come in one after another.
const LOOK_EVERY: Duration = Duration::from_mins(1);
/// A clock can be set; nobody waits longer than this for it.
const LOOK_AT_LEAST: Duration = Duration::from_hours(1);

/// How far back a recap looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stretch {
    /// Today and the six days before.
    Week,
    /// Today and the 29 days before.
    Month,
    /// This month and the eleven before.
    Year,
}

/// From a moment on and before another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    pub from: Moment,
    pub to: Moment,
}

/// What a recap is about: its time in pieces (days or months), and as many pieces before it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    pub stretch: Stretch,
    /// Where pieces begin, and where the last one ends.
    edges: Vec<Moment>,
    edges_before: Vec<Moment>,
    /// Nothing has happened after this.
    until: Moment,
}

impl Stretch {
    pub const ALL: [Stretch; 3] = [Stretch::Week, Stretch::Month, Stretch::Year];

    /// As it is typed.
    pub fn name(self) -> &'static str {
        match self {
            Stretch::Week => "week",
            Stretch::Month => "month",
            Stretch::Year => "year",
        }
    }

    pub fn named(name: &str) -> Option<Stretch> {
        Stretch::ALL.into_iter().find(|it| it.name() == name)
    }

    /// The time up to now.
    pub fn until(self, now: Moment) -> Frame {
        let tomorrow = calendar::midnight(now) + DAY;
        match self {
            Stretch::Week => Frame::of_days((self, 7), tomorrow, now),
            Stretch::Month => Frame::of_days((self, 30), tomorrow, now),
            Stretch::Year => {
                let this = Date::of(now);
                let months = |from: i64| {
                    let firsts = (from..=from + 12).map(|ahead| this.first_of_month(ahead));
                    firsts.map(Date::begins).collect()
                };
                Frame {
                    stretch: self,
                    edges: months(-11),
                    edges_before: months(-23),
                    until: now,
                }
            }
        }
    }
}

impl Frame {
    /// So many whole days before a midnight.
    fn of_days((stretch, days): (Stretch, u32), end: Moment, until: Moment) -> Frame {
        let back = |days: u32| end - days * DAY;
        Frame {
            stretch,
            edges: (0..=days).rev().map(back).collect(),
            edges_before: (days..=2 * days).rev().map(back).collect(),
            until,
        }
    }

    /// The week that ended with this Monday's midnight.
    pub fn week_before(monday: Moment) -> Frame {
        Frame::of_days((Stretch::Week, 7), monday, monday)
    }

    pub fn span(&self) -> Span {
        let ends = |edges: &[Moment]| edges.last().copied();
        let from = self.edges.first().copied().unwrap_or(self.until);
        Span {
            from,
            to: ends(&self.edges).map_or(self.until, |end| end.min(self.until)),
        }
    }

    /// The same length of time before it, from the beginning of its pieces on, so that what has only
    /// begun is compared with what had only begun then.
    pub fn span_before(&self) -> Span {
        let now = self.span();
        let from = self.edges_before.first().copied().unwrap_or(now.from);
        Span {
            from,
            to: (from + now.to.since(now.from)).min(now.from),
        }
    }

    /// Where each piece begins.
    pub fn pieces(&self) -> &[Moment] {
        self.edges.split_last().map_or(&[], |(_, begins)| begins)
    }

    /// What happened in each hour, added up for each piece.
    pub fn by_piece(&self, hours: impl IntoIterator<Item = (Moment, u64)>) -> Vec<u64> {
        sorted_into(&self.edges, hours)
    }

    /// The same of the time before.
    pub fn by_piece_before(&self, hours: impl IntoIterator<Item = (Moment, u64)>) -> Vec<u64> {
        sorted_into(&self.edges_before, hours)
    }
}

fn sorted_into(edges: &[Moment], hours: impl IntoIterator<Item = (Moment, u64)>) -> Vec<u64> {
    let mut pieces = vec![0_u64; edges.len().saturating_sub(1)];
    for (hour, amount) in hours {
        let after = edges.partition_point(|edge| *edge <= hour);
        let piece = after.checked_sub(1).and_then(|at| pieces.get_mut(at));
        if let Some(piece) = piece {
            *piece = piece.saturating_add(amount);
        }
    }
    pieces
}

/// What happened in each hour, added up by weekday (Monday first) and hour of the day.
pub fn by_weekday(hours: impl IntoIterator<Item = (Moment, u64)>) -> [[u64; 24]; 7] {
    let mut week = [[0_u64; 24]; 7];
    for (hour, amount) in hours {
        let day = week.get_mut(usize::from(calendar::weekday(hour)));
        let cell = day.and_then(|day| day.get_mut(usize::from(calendar::hour(hour))));
        if let Some(cell) = cell {
            *cell = cell.saturating_add(amount);
        }
    }
    week
}

/// The week whose recap may be posted now, by the Monday that ended it.
pub fn due(now: Moment) -> Option<Moment> {
    let monday = calendar::monday(now);
    let into = now.since(monday);
    (POST_AT..POST_UNTIL).contains(&into).then_some(monday)
}

/// How long to wait before it is looked again what is due.
pub fn wait(now: Moment) -> Duration {
    if due(now).is_some() {
        return LOOK_EVERY;
    }
    let monday = calendar::monday(now);
    let this = monday + POST_AT;
    let next = if now < this { this } else { this + WEEK };
    next.since(now)
        .clamp(Duration::from_millis(1), LOOK_AT_LEAST)
}

/// A play with how it was received, by those who heard enough of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReceivedPlay {
    pub turn: TurnId,
    pub track: TrackKey,
    pub looper: MemberId,
    pub audience: u32,
    pub tally: Tally,
    /// Warmth of the ratings in quarters of a heart.
    pub quarters: i64,
}

/// A track or a looper by what was felt about them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ranked {
    /// The last play it comes from.
    pub newest: TurnId,
    pub plays: u32,
    pub tally: Tally,
    /// 100 is as liked as a usual song before audiences of those sizes.
    pub index: f64,
}

/// Puts tracks, loopers or what else `by` tells into order, by the index of the board of tracks (see
/// `leaderboard`), without its bar of who counts: a small circle's week has winners too.
pub fn ranked<K: Ord>(
    plays: &[ReceivedPlay],
    usual: Expectation,
    by: impl Fn(&ReceivedPlay) -> K,
) -> Vec<Ranked> {
    let mut all: BTreeMap<K, (Ranked, f64, f64)> = BTreeMap::new();
    for play in plays {
        let expected = usual.of(play.audience);
        // Sums of quarters are far below 2^31.
        let warmth = f64::from(i32::try_from(play.quarters).unwrap_or(i32::MAX)) / 4.0;
        let nothing = Ranked {
            newest: play.turn,
            plays: 0,
            tally: Tally::default(),
            index: 0.0,
        };
        let (ranked, observed, awaited) = all.entry(by(play)).or_insert((nothing, 0.0, 0.0));
        ranked.newest = ranked.newest.max(play.turn);
        ranked.plays += 1;
        ranked.tally = [ranked.tally, play.tally].into_iter().sum();
        *observed += warmth.clamp(0.0, MOST_OBSERVED * expected);
        *awaited += expected;
    }
    let mut all: Vec<Ranked> = all
        .into_values()
        .map(|(ranked, observed, expected)| Ranked {
            index: track_index(observed, expected),
            ..ranked
        })
        .collect();
    all.sort_by(|a, b| {
        let by_index = b.index.total_cmp(&a.index);
        by_index.then(b.newest.cmp(&a.newest))
    });
    all
}

/// The whole hour since 1970 as a moment.
pub fn hour_moment(hours: i64) -> Moment {
    let ms = i64::try_from(HOUR.as_millis()).unwrap_or(i64::MAX);
    Moment(hours.saturating_mul(ms))
}

#[cfg(test)]
mod tests;
