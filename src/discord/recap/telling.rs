//! What a recap says: every word of the picture, and the same facts as text.

mod lists;

use super::super::cards::{self, Say};
use super::super::markup::{line, plain_cut};
use super::Asked;
use crate::domain::calendar::{Date, busiest_hours, hour, weekday};
use crate::domain::moment::Moment;
use crate::domain::recap::{Stretch, by_weekday};
use crate::share::recap::{self as picture, Heat, Pieces, Ratings, Tile};
use crate::storage::{Recap, RecapHour, Whose};
use std::array::from_fn;
use std::time::Duration;

const NAME_LIMIT: usize = 60;
/// Songs and people that the text names of each list.
const NAMED: usize = 3;
/// No change is said to be larger, in percent.
const CHANGE_LIMIT: u64 = 999;

pub(super) struct Told<'a> {
    asked: &'a Asked,
    recap: &'a Recap,
    say: &'a Say<'a>,
}

/// A figure with what it is called.
struct Figure {
    value: String,
    label: String,
    /// In words, and whether it is a rise; empty where there is nothing to say.
    change: (String, bool),
}

impl<'a> Told<'a> {
    pub(super) fn new(asked: &'a Asked, recap: &'a Recap, say: &'a Say<'a>) -> Told<'a> {
        Told { asked, recap, say }
    }

    fn word(&self, key: &str) -> String {
        (self.say)(key, &[])
    }

    fn is_server(&self) -> bool {
        self.asked.whose == Whose::Server
    }

    fn stretch(&self) -> Stretch {
        self.asked.frame.stretch
    }

    fn titled(&self, name: String) -> String {
        let stretch = self.stretch().name();
        let (of, gap) = match self.asked.whose {
            Whose::Server => ("server", "guild"),
            Whose::Member(_) => ("member", "name"),
        };
        let name = if name.is_empty() {
            self.word("recap-this-server")
        } else {
            name
        };
        (self.say)(
            &format!("recap-title-{of}-{stretch}"),
            &[(gap, name.into())],
        )
    }

    fn title(&self) -> String {
        self.titled(line(&self.asked.name, NAME_LIMIT))
    }

    pub(super) fn title_in_markup(&self) -> String {
        self.titled(plain_cut(&self.asked.name, NAME_LIMIT))
    }

    fn month(&self, date: Date) -> String {
        self.word(&format!("month-{}", date.month))
    }

    fn date(&self, at: Moment) -> String {
        let date = Date::of(at);
        let month = self.month(date);
        let year = date.year.to_string();
        if self.stretch() == Stretch::Year {
            let fills = [("month", month.into()), ("year", year.into())];
            return (self.say)("recap-month", &fills);
        }
        let fills = [
            ("day", date.day.to_string().into()),
            ("month", month.into()),
            ("year", year.into()),
        ];
        (self.say)("recap-date", &fills)
    }

    /// From the first piece to the last.
    fn when(&self) -> String {
        let pieces = self.asked.frame.pieces();
        let end = |at: Option<&Moment>| at.map_or_else(String::new, |at| self.date(*at));
        let fills = [
            ("from", end(pieces.first()).into()),
            ("to", end(pieces.last()).into()),
        ];
        (self.say)("recap-when", &fills)
    }

    fn figures(&self) -> Vec<Figure> {
        let (now, before) = (&self.recap.sums, &self.recap.before);
        let count = |key: &str, now: u32, before: u32| Figure {
            value: now.to_string(),
            label: (self.say)(key, &[("count", now.into())]),
            change: self.change(now.into(), before.into()),
        };
        let heard = Figure {
            value: cards::hours(rounded(now.heard), self.say),
            label: self.word("recap-tile-heard"),
            change: self.change(now.heard.as_secs(), before.heard.as_secs()),
        };
        let ratings = [now, before].map(|it| it.ratings.iter().sum::<u32>());
        if self.is_server() {
            return vec![
                count("recap-tile-plays", now.plays, before.plays),
                heard,
                count("recap-tile-listeners", now.listeners, before.listeners),
                count("recap-tile-ratings", ratings[0], ratings[1]),
                count("recap-tile-grabs", now.grabs, before.grabs),
            ];
        }
        vec![
            count("recap-tile-songs-heard", now.plays, before.plays),
            heard,
            count("recap-tile-plays", now.own, before.own),
            count("recap-tile-given", ratings[0], ratings[1]),
            count("recap-tile-grabs", now.grabs, before.grabs),
        ]
    }

    fn change(&self, now: u64, before: u64) -> (String, bool) {
        if now == before {
            let same = if now == 0 { None } else { Some("recap-same") };
            return (same.map_or_else(String::new, |key| self.word(key)), false);
        }
        if before == 0 {
            return (self.word("recap-new"), true);
        }
        let share = (now.abs_diff(before) * 100 + before / 2) / before;
        let rises = now > before;
        let key = match (share, rises) {
            (0, _) => return (self.word("recap-same"), false),
            (_, true) => "recap-more",
            (_, false) => "recap-less",
        };
        let fills = [("share", share.min(CHANGE_LIMIT).into())];
        ((self.say)(key, &fills), rises)
    }

    /// What each piece is called, as far as there is room for `every` other one.
    fn labels(&self, every: usize) -> Vec<String> {
        let pieces = self.asked.frame.pieces().iter().enumerate();
        let label = |(place, at): (usize, &Moment)| {
            if !place.is_multiple_of(every) {
                return String::new();
            }
            match self.stretch() {
                Stretch::Week => self.word(&format!("day-{}", weekday(*at) + 1)),
                Stretch::Month => Date::of(*at).day.to_string(),
                Stretch::Year => self.month(Date::of(*at)),
            }
        };
        pieces.map(label).collect()
    }

    /// A plot of so many labels; `of` tells what of an hour is counted.
    fn pieces(&self, title: String, every: usize, of: impl Fn(&RecapHour) -> u64) -> Pieces {
        let frame = &self.asked.frame;
        let counted = |hours: &[RecapHour]| {
            let hours = hours.iter().map(|it| (it.begins_at, of(it)));
            hours.collect::<Vec<_>>()
        };
        let stretch = self.stretch().name();
        Pieces {
            title,
            legend: self.word(&format!("recap-now-{stretch}")),
            legend_before: self.word(&format!("recap-before-{stretch}")),
            labels: self.labels(every),
            now: frame.by_piece(counted(&self.recap.hours)),
            before: frame.by_piece_before(counted(&self.recap.hours_before)),
        }
    }

    fn plays(&self) -> Pieces {
        let (every, key) = match self.stretch() {
            Stretch::Week => (1, "recap-plot-plays-day"),
            Stretch::Month => (3, "recap-plot-plays-day"),
            Stretch::Year => (1, "recap-plot-plays-month"),
        };
        self.pieces(self.word(key), every, |hour| hour.plays.into())
    }

    /// Hours where there are enough of them, else minutes.
    fn heard(&self) -> Pieces {
        const ENOUGH: u64 = 4;
        let every = match self.stretch() {
            Stretch::Week => 2,
            Stretch::Month => 8,
            Stretch::Year => 3,
        };
        let mut heard = self.pieces(self.word("recap-plot-heard"), every, |hour| {
            hour.heard.as_secs()
        });
        let most = heard.now.iter().copied().max().unwrap_or_default();
        let unit = if most < ENOUGH * 3_600 { 60 } else { 3_600 };
        if unit == 60 {
            heard.title = self.word("recap-plot-heard-minutes");
        }
        for seconds in &mut heard.now {
            *seconds = (*seconds + unit / 2) / unit;
        }
        heard
    }

    fn ratings(&self) -> Ratings {
        let key = if self.is_server() {
            "recap-plot-ratings"
        } else {
            "recap-plot-given"
        };
        Ratings {
            title: self.word(key),
            signs: from_fn(|place| self.sign(place)),
            counts: self.recap.sums.ratings,
        }
    }

    /// The sign of a rating, counted from 0; a custom emoji cannot be drawn.
    fn sign(&self, place: usize) -> String {
        let sign = self.asked.signs.get(place);
        let sign = sign.filter(|sign| !sign.contains(':'));
        sign.map_or_else(|| format!("{} ★", place + 1), String::clone)
    }

    fn heat(&self) -> Heat {
        let key = if self.is_server() {
            "recap-plot-heat"
        } else {
            "recap-plot-heat-member"
        };
        let hours = self.recap.hours.iter();
        Heat {
            title: self.word(key),
            days: from_fn(|day| self.word(&format!("day-{}", day + 1))),
            cells: by_weekday(hours.map(|it| (it.begins_at, it.heard.as_secs()))),
        }
    }

    /// Everything that is on the picture.
    pub(super) fn picture(&self) -> picture::Recap {
        let tile = |it: Figure| Tile {
            value: it.value,
            label: it.label,
            change: it.change.0,
            rises: it.change.1,
        };
        picture::Recap {
            title: self.title(),
            when: self.when(),
            tiles: self.figures().into_iter().map(tile).collect(),
            plays: self.plays(),
            ratings: self.ratings(),
            heat: self.heat(),
            heard: self.heard(),
            best: self.best(),
            foot: self.word("recap-foot"),
        }
    }

    /// The figures in a row; with markup for Discord.
    fn figures_in_words(&self, strong: &str) -> String {
        let figure = |it: Figure| {
            let change = it.change.0;
            let change = if change.is_empty() {
                change
            } else {
                format!(" ({change})")
            };
            format!("{strong}{}{strong} {}{change}", it.value, it.label)
        };
        let all: Vec<String> = self.figures().into_iter().map(figure).collect();
        all.join(" · ")
    }

    /// The same facts in words.
    pub(super) fn lines(&self) -> Vec<String> {
        let mut lines = vec![self.when(), self.figures_in_words("**")];
        lines.extend(self.busiest());
        for list in self.best() {
            if list.rows.is_empty() {
                continue;
            }
            let told = list.rows.iter().take(NAMED).map(|row| {
                let name = plain_cut(&row.name, NAME_LIMIT);
                format!("{name} {}", row.figure)
            });
            let names = told.collect::<Vec<_>>().join(" · ");
            let fills = [("title", list.title.into()), ("names", names.into())];
            lines.push((self.say)("recap-words-best", &fills));
        }
        lines
    }

    /// The fullest day or month, and hours.
    fn busiest(&self) -> Option<String> {
        let plays = self.plays();
        let pieces = plays.now.iter().zip(self.asked.frame.pieces());
        // Of equals the first.
        let (_, at) = pieces.rev().max_by_key(|(count, _)| **count)?;
        let mut hours = [0_u64; 24];
        for it in &self.recap.hours {
            if let Some(place) = hours.get_mut(usize::from(hour(it.begins_at))) {
                *place += it.heard.as_secs();
            }
        }
        let from = busiest_hours(&hours)?;
        let (key, day) = match self.stretch() {
            Stretch::Week => (
                "recap-words-busiest",
                self.word(&format!("day-{}", weekday(*at) + 1)),
            ),
            Stretch::Month => ("recap-words-busiest", self.date(*at)),
            Stretch::Year => ("recap-words-busiest-month", self.date(*at)),
        };
        let fills = [
            ("day", day.into()),
            ("from", from.to_string().into()),
            ("to", ((from + 3) % 24).to_string().into()),
        ];
        Some((self.say)(key, &fills))
    }

    /// What the picture is, for who cannot see it.
    pub(super) fn alt(&self) -> String {
        let fills = [
            ("title", self.title().into()),
            ("when", self.when().into()),
            ("figures", self.figures_in_words("").into()),
        ];
        (self.say)("recap-alt", &fills)
    }
}

/// Seconds say nothing beside hours.
fn rounded(heard: Duration) -> Duration {
    if heard < Duration::from_mins(10) {
        return Duration::from_secs(heard.as_secs());
    }
    Duration::from_mins((heard.as_secs() + 30) / 60)
}
