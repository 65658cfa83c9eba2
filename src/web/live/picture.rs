//! All that a live page shows at one moment, in every language, part by part with a number that says
//! when each last changed. So a reader who has seen picture 7 is sent what is newer than 7, and a new
//! one everything. Where pictures come from and go to is not known here.

use super::super::language::Speech;
use super::parts::{self, Scene};
use super::said::{LINES_LIMIT, Lines};
use crate::domain::ids::MemberId;
use crate::domain::view::View;
use crate::i18n::{Locale, Words};
use std::collections::HashSet;
use std::sync::Arc;

const LOCALES: [Locale; 2] = Locale::ALL;

/// A piece of HTML in each language.
type Html = [String; LOCALES.len()];

/// A part, with the picture in which it last changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Part {
    pub(super) since: u64,
    html: Html,
}

impl Part {
    /// What `write` makes of each language.
    pub(super) fn written(
        since: u64,
        write: impl Fn(Locale) -> askama::Result<String>,
    ) -> askama::Result<Part> {
        let mut html = Html::default();
        for (html, locale) in html.iter_mut().zip(LOCALES) {
            *html = write(locale)?;
        }
        Ok(Part { since, html })
    }

    pub(super) fn html(&self, locale: Locale) -> &str {
        let mut all = LOCALES.iter().zip(&self.html);
        all.find(|(it, _)| **it == locale)
            .map_or("", |(_, html)| html)
    }

    /// Keeps its number where it stays the same.
    fn put(&mut self, next: Part) {
        if self.html != next.html {
            *self = next;
        }
    }
}

/// A comment by the number of its line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Spoken {
    line: u64,
    pub(super) part: Part,
}

#[derive(Clone, Debug)]
pub(super) struct Picture {
    /// Counts from 1.
    pub(super) id: u64,
    pub(super) head: Part,
    pub(super) seats: Part,
    pub(super) track: Part,
    pub(super) rating: Part,
    /// The newest ones, the oldest of them first.
    pub(super) comments: Vec<Spoken>,
    /// In which picture all comments were written anew.
    pub(super) cleared: u64,
    /// How often lines had been taken out by then.
    takings: u64,
    pub(super) over: Option<Part>,
    /// What it was drawn from.
    pub(super) view: Arc<View>,
    pub(super) hidden: Arc<HashSet<MemberId>>,
}

impl Picture {
    /// Before anything was drawn.
    pub(super) fn blank(view: Arc<View>, hidden: Arc<HashSet<MemberId>>) -> Picture {
        Picture {
            id: 0,
            head: Part::default(),
            seats: Part::default(),
            track: Part::default(),
            rating: Part::default(),
            comments: Vec::new(),
            cleared: 1,
            takings: 0,
            over: None,
            view,
            hidden,
        }
    }

    /// The picture after this one. Comments are written anew when other names are hidden now, or when
    /// some are taken out.
    pub(super) fn next(
        &self,
        (view, hidden): (&Arc<View>, &Arc<HashSet<MemberId>>),
        (words, base): (&Words, &str),
        lines: &Lines,
    ) -> askama::Result<Picture> {
        let id = self.id + 1;
        let mut next = Picture {
            id,
            view: Arc::clone(view),
            hidden: Arc::clone(hidden),
            takings: lines.takings(),
            ..self.clone()
        };
        if let Some(open) = &view.open {
            let scene = |locale| Scene {
                speech: Speech { words, locale },
                open,
                emoji: &view.settings.emoji,
                hidden,
            };
            next.head.put(Part::written(id, |it| scene(it).head())?);
            next.seats.put(Part::written(id, |it| scene(it).seats())?);
            next.track
                .put(Part::written(id, |it| scene(it).track(base, None))?);
            next.rating.put(Part::written(id, |it| scene(it).rating())?);
        }
        if self.hidden != next.hidden || self.takings != next.takings {
            next.cleared = id;
            next.comments.clear();
        }
        let known = next.comments.last().map_or(0, |last| last.line);
        for line in lines.iter().filter(|line| line.id > known) {
            let write = |locale| parts::comment(Speech { words, locale }, hidden, line);
            next.comments.push(Spoken {
                line: line.id,
                part: Part::written(id, write)?,
            });
        }
        let more = next.comments.len().saturating_sub(LINES_LIMIT);
        next.comments.drain(..more);
        Ok(next)
    }

    /// The last picture.
    pub(super) fn over(&self, over: Part) -> Picture {
        let id = self.id + 1;
        Picture {
            id,
            over: Some(Part { since: id, ..over }),
            ..self.clone()
        }
    }

    /// Whether it shows anything that an earlier one did not.
    pub(super) fn has_news_since(&self, id: u64) -> bool {
        !self.news(id, Locale::default()).is_empty()
    }

    /// What a reader who has seen picture `id` does not know yet: the names of events and their HTML.
    /// All comments together are `comments`, a single new one is `comment`.
    pub(super) fn news(&self, id: u64, locale: Locale) -> Vec<(&'static str, String)> {
        if let Some(over) = &self.over {
            return vec![("over", over.html(locale).to_owned())];
        }
        let parts = [
            ("head", &self.head),
            ("seats", &self.seats),
            ("track", &self.track),
            ("rating", &self.rating),
        ];
        let newer = parts.into_iter().filter(|(_, part)| part.since > id);
        let mut news: Vec<(&str, String)> = newer
            .map(|(name, part)| (name, part.html(locale).to_owned()))
            .collect();
        let comments = self.comments.iter().map(|comment| &comment.part);
        if self.cleared > id {
            let all = comments.map(|part| part.html(locale));
            news.push(("comments", all.collect()));
        } else {
            let newer = comments.filter(|part| part.since > id);
            news.extend(newer.map(|part| ("comment", part.html(locale).to_owned())));
        }
        news
    }
}

#[cfg(test)]
mod tests;
