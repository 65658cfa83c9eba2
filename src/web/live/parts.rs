//! The parts of a live page but for its song, each written by itself so that a change sends no more
//! than its part: head, seats and comments, in one language. Pure: a view, a moment and a language in,
//! HTML out. Whoever wants their name hidden stands here as somebody.

use super::super::language::Speech;
use super::said::Line;
use crate::domain::ids::MemberId;
use crate::domain::view::{OpenView, SeatView};
use crate::i18n::{Locale, Words, clock};
use askama::Template;
use std::collections::HashSet;

/// How many of the waitlist are named.
const WAITING_LIMIT: usize = 10;
/// Colours of faces; each is a class of the style.
const COLOURS: u64 = 8;

/// What is shown of one stage, for readers of one language.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scene<'a> {
    pub(super) speech: Speech<'a>,
    pub(super) open: &'a OpenView,
    /// The five reactions, from 1 to 5.
    pub(super) emoji: &'a [String; 5],
    pub(super) hidden: &'a HashSet<MemberId>,
}

/// A circle with a letter for whoever has no picture here.
#[derive(Clone, Debug)]
pub(super) struct Face {
    pub(super) letter: String,
    pub(super) colour: u64,
}

#[derive(Template)]
#[template(path = "live/head.html")]
struct Head<'a> {
    speech: Speech<'a>,
    title: String,
    listeners: String,
    locked: bool,
}

struct Seat {
    number: u8,
    lit: bool,
    face: Option<Face>,
    who: String,
    next: Option<String>,
}

#[derive(Template)]
#[template(path = "live/seats.html")]
struct Seats<'a> {
    speech: Speech<'a>,
    all: Vec<Seat>,
    waiting: Option<String>,
}

#[derive(Template)]
#[template(path = "live/comment.html")]
struct Comment<'a> {
    id: u64,
    name: String,
    text: &'a str,
    at: String,
}

#[derive(Template)]
#[template(path = "live/over.html")]
struct Over<'a> {
    speech: Speech<'a>,
    title: String,
    text: String,
    link: Option<&'a str>,
}

impl Scene<'_> {
    pub(super) fn name(&self, member: MemberId, known: &str) -> String {
        name(self.speech, self.hidden, (member, known))
    }

    pub(super) fn count(&self, key: &str, count: u32) -> String {
        self.speech.fill(key, &[("count", count.into())])
    }

    pub(super) fn title(&self) -> String {
        let theme = self.open.theme.clone();
        theme.unwrap_or_else(|| self.speech.say("live-title"))
    }

    pub(super) fn head(&self) -> askama::Result<String> {
        Head {
            speech: self.speech,
            title: self.title(),
            listeners: self.count("card-listeners", self.open.listeners),
            locked: self.open.locked,
        }
        .render()
    }

    pub(super) fn seats(&self) -> askama::Result<String> {
        Seats {
            speech: self.speech,
            all: self.open.seats.iter().map(|seat| self.seat(seat)).collect(),
            waiting: self.waiting(),
        }
        .render()
    }

    fn seat(&self, seat: &SeatView) -> Seat {
        let (face, who, next) = match (&seat.looper, seat.offered) {
            (Some(looper), _) => {
                let who = self.name(looper.member, &looper.name);
                let face = self.face(looper.member, &looper.name);
                let next = if let Some(title) = &looper.next {
                    self.speech.fill("card-next", &[("title", title.into())])
                } else {
                    let count = [("count", looper.waiting_tracks.into())];
                    self.speech.fill("card-tracks", &count)
                };
                let who = if looper.away {
                    self.speech.fill("card-away", &[("name", who.into())])
                } else {
                    who
                };
                (Some(face), who, Some(next))
            }
            (None, Some(_)) => (None, self.speech.say("live-offered"), None),
            (None, None) => (None, self.speech.say("card-free"), None),
        };
        Seat {
            number: seat.seat.0,
            lit: seat.spotlight,
            face,
            who,
            next,
        }
    }

    fn waiting(&self) -> Option<String> {
        let waitlist = &self.open.waitlist;
        if waitlist.is_empty() {
            return None;
        }
        let first = waitlist.iter().take(WAITING_LIMIT);
        let mut names: Vec<String> = first
            .map(|waiting| self.name(waiting.member, &waiting.name))
            .collect();
        let more = waitlist.len().saturating_sub(WAITING_LIMIT);
        if more > 0 {
            names.push(self.speech.fill("card-more", &[("count", more.into())]));
        }
        let count = [("count", waitlist.len().into())];
        let how_many = self.speech.fill("card-waitlist", &count);
        Some(format!("{how_many}: {}", names.join(" · ")))
    }

    pub(super) fn face(&self, member: MemberId, known: &str) -> Face {
        let first = known.chars().find(|letter| letter.is_alphanumeric());
        match first.filter(|_| !self.hidden.contains(&member)) {
            Some(letter) => Face {
                letter: letter.to_uppercase().collect(),
                colour: member.0 / 7 % COLOURS,
            },
            // Nothing about them shows through.
            None => Face {
                letter: "♪".to_owned(),
                colour: 0,
            },
        }
    }
}

/// The name, or what stands for one that is hidden.
fn name(
    speech: Speech<'_>,
    hidden: &HashSet<MemberId>,
    (member, known): (MemberId, &str),
) -> String {
    if hidden.contains(&member) || known.is_empty() {
        speech.say("page-somebody")
    } else {
        known.to_owned()
    }
}

/// One comment as a line of the list.
pub(super) fn comment(
    speech: Speech<'_>,
    hidden: &HashSet<MemberId>,
    line: &Line,
) -> askama::Result<String> {
    Comment {
        id: line.id,
        name: name(speech, hidden, (line.member, &line.name)),
        text: &line.text,
        at: clock(line.offset),
    }
    .render()
}

/// Why a live page shows nothing any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// The stage is closed, or another session runs on it.
    Closed,
    Withdrawn,
}

/// What stands in the place of a stage that is over, with the link to what it left.
pub(super) fn over(
    words: &Words,
    locale: Locale,
    end: End,
    link: Option<&str>,
) -> askama::Result<String> {
    let speech = Speech { words, locale };
    let key = match end {
        End::Closed => "live-over",
        End::Withdrawn => "page-withdrawn",
    };
    Over {
        speech,
        title: speech.say(key),
        text: speech.say(&format!("{key}-text")),
        link,
    }
    .render()
}
