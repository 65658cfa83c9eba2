//! The song of a live page: what plays, how far it is, and what people feel about it. Pure, as the
//! other parts are.

use super::super::language::Speech;
use super::parts::{Face, Scene};
use crate::domain::moment::Moment;
use crate::domain::view::NowView;
use crate::i18n::clock;
use askama::Template;
use std::time::Duration;

/// The bars of song and ratings are drawn on so many steps.
const SONG_STEPS: f64 = 1_000.0;
const RATING_STEPS: u32 = 100;

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

impl Scene<'_> {
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
            sign: if emoji.contains(':') {
                stars.to_string()
            } else {
                emoji.clone()
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
