//! The parts of a live page, each written by itself so that a change sends no more than its part:
//! head, seats, track, rating and comments, in one language. Pure: a view, a moment and a language in,
//! HTML out. Whoever wants their name hidden stands here as somebody.

use super::super::language::Speech;
use super::said::Line;
use crate::domain::ids::MemberId;
use crate::domain::moment::Moment;
use crate::domain::view::{NowView, OpenView, SeatView};
use crate::i18n::{Locale, Words, clock};
use askama::Template;
use std::collections::HashSet;
use std::time::Duration;

/// How many of the waitlist are named.
const WAITING_LIMIT: usize = 10;
/// Colours of faces; each is a class of the style.
const COLOURS: u64 = 8;
/// The bars of song and ratings are drawn on so many steps.
const SONG_STEPS: f64 = 1_000.0;
const RATING_STEPS: u32 = 100;

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
struct Face {
    letter: String,
    colour: u64,
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
    seats: Vec<Seat>,
    waiting: Option<String>,
}

struct Song {
    key: String,
    zero: i64,
    position: u128,
    /// 0 where it has no end.
    length: u128,
    playing: bool,
    said: String,
    cover: Option<String>,
    title: String,
    by: Option<String>,
    face: Face,
    looper: String,
    on_air: Option<String>,
    live: bool,
    share: String,
    at: String,
    long: String,
}

#[derive(Template)]
#[template(path = "live/track.html")]
struct Track<'a> {
    speech: Speech<'a>,
    song: Option<Song>,
}

struct Given {
    sign: String,
    count: u32,
    share: u32,
}

#[derive(Template)]
#[template(path = "live/rating.html")]
struct Rating<'a> {
    speech: Speech<'a>,
    shown: bool,
    mean: Option<String>,
    count: String,
    grabs: Option<String>,
    votes: Option<String>,
    given: Vec<Given>,
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
    fn name(&self, member: MemberId, known: &str) -> String {
        name(self.speech, self.hidden, (member, known))
    }

    fn count(&self, key: &str, count: u32) -> String {
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
            seats: self.open.seats.iter().map(|seat| self.seat(seat)).collect(),
            waiting: self.waiting(),
        }
        .render()
    }

    fn seat(&self, seat: &SeatView) -> Seat {
        let (face, who, next) = match (&seat.looper, seat.offered) {
            (Some(looper), _) => {
                let who = self.name(looper.member, &looper.name);
                let face = self.face(looper.member, &looper.name);
                let next = match &looper.next {
                    Some(title) => self.speech.fill("card-next", &[("title", title.into())]),
                    None => {
                        let count = [("count", looper.waiting_tracks.into())];
                        self.speech.fill("card-tracks", &count)
                    }
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
        let named = waitlist.iter().take(WAITING_LIMIT);
        let mut names: Vec<String> = named
            .map(|waiting| self.name(waiting.member, &waiting.name))
            .collect();
        let more = waitlist.len().saturating_sub(WAITING_LIMIT);
        if more > 0 {
            names.push(self.speech.fill("card-more", &[("count", more.into())]));
        }
        let count = [("count", waitlist.len().into())];
        let waiting = self.speech.fill("card-waitlist", &count);
        Some(format!("{waiting}: {}", names.join(" · ")))
    }

    /// The song that is on. Without a moment it stands at its beginning, for whoever lets the time
    /// run themselves; so what is written only differs when the song does.
    pub(super) fn track(&self, base: &str, at: Option<Moment>) -> askama::Result<String> {
        let song = self.open.now.as_ref().map(|now| self.song(now, base, at));
        Track {
            speech: self.speech,
            song,
        }
        .render()
    }

    fn song(&self, now: &NowView, base: &str, at: Option<Moment>) -> Song {
        let track = &now.track;
        let looper = self.name(now.looper, &now.looper_name);
        let by: Vec<&str> = [&track.artist, &track.album]
            .into_iter()
            .flatten()
            .map(String::as_str)
            .collect();
        let position = at.map_or(Duration::ZERO, |at| position(now, at));
        let looper = self.speech.fill("live-looper", &[("name", looper.into())]);
        let said = match &track.artist {
            Some(artist) => format!("{} · {artist} · {looper}", track.title),
            None => format!("{} · {looper}", track.title),
        };
        let on_air = now.on_air.as_ref();
        let zero = if now.playing { now.zero_at.0 } else { 0 };
        let length = if track.live {
            0
        } else {
            track.length.as_millis()
        };
        Song {
            key: format!(
                "{}|{zero}|{}|{looper}|{on_air:?}",
                now.turn,
                now.position.as_millis()
            ),
            zero,
            position: now.position.as_millis(),
            length,
            playing: now.playing,
            said,
            cover: track
                .cover
                .as_ref()
                .map(|_| format!("{base}/cover/{}", now.turn)),
            title: track.title.clone(),
            by: (!by.is_empty()).then(|| by.join(" · ")),
            face: self.face(now.looper, &now.looper_name),
            looper,
            on_air: on_air.map(|title| self.speech.fill("card-on-air", &[("title", title.into())])),
            live: track.live,
            share: format!("{:.0}", SONG_STEPS * share(position, track.length)),
            at: clock(position),
            long: clock(track.length),
        }
    }

    pub(super) fn rating(&self) -> askama::Result<String> {
        let none = [0; 5];
        let now = self.open.now.as_ref();
        let tally = now.map_or(&none, |now| &now.tally);
        let most = tally.iter().copied().max().unwrap_or_default().max(1);
        let given = (1..).zip(self.emoji).zip(tally);
        let given = given.map(|((stars, emoji), count): ((u32, _), _)| Given {
            // A guild's own emoji is a picture of Discord's, which this page does not fetch.
            sign: match emoji.contains(':') {
                true => stars.to_string(),
                false => emoji.clone(),
            },
            count: *count,
            share: RATING_STEPS * count / most,
        });
        let mean = now.and_then(|now| now.mean);
        let grabs = now.map_or(0, |now| now.grabs);
        let votes = now.and_then(|now| Some((now.skip_votes, now.skip_needed?)));
        Rating {
            speech: self.speech,
            shown: now.is_some(),
            mean: mean.map(|mean| format!("{mean:.1}")),
            count: self.count("live-count", tally.iter().sum()),
            grabs: (grabs > 0).then(|| self.count("card-grabs", grabs)),
            votes: votes
                .filter(|(votes, _)| *votes > 0)
                .map(|(votes, needed)| {
                    let fills = [("votes", votes.into()), ("needed", needed.into())];
                    self.speech.fill("card-skip-votes", &fills)
                }),
            // The highest stands on top.
            given: given.collect::<Vec<_>>().into_iter().rev().collect(),
        }
        .render()
    }

    fn face(&self, member: MemberId, known: &str) -> Face {
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

/// Where the sound is at that moment, never beyond the track.
fn position(now: &NowView, at: Moment) -> Duration {
    let position = if now.playing {
        at.since(now.zero_at)
    } else {
        now.position
    };
    position.min(now.track.length)
}

fn share(position: Duration, length: Duration) -> f64 {
    if length.is_zero() {
        return 0.0;
    }
    (position.as_secs_f64() / length.as_secs_f64()).min(1.0)
}
