//! The messages that show a stage, as Discord's JSON: the now-playing card, the idle card, the
//! result line and what is posted in between. Pure: a view, a moment and a language in, a body out.
//! It knows no request and no sentence of its own.

mod playlist;
mod posts;
mod progress;

pub use playlist::{Ranked, playlist};
pub use posts::{Past, post, result};

use super::markup::{cut, line, plain_cut, plain_within};
use crate::domain::ids::TurnId;
use crate::domain::moment::Moment;
use crate::domain::settings::Settings;
use crate::domain::view::{NowView, OpenView, SeatView, View};
use crate::i18n::Fill;
use serde_json::{Value, json};
use std::time::Duration;

/// Words in the guild's language: a key of `i18n` and what fills its gaps.
pub type Say<'a> = dyn Fn(&str, &[(&str, Fill<'_>)]) -> String + Sync + 'a;

/// Discord's limits that a card could meet.
const EMBED_TITLE_LIMIT: usize = 256;
const FIELD_NAME_LIMIT: usize = 256;
const FIELD_LIMIT: usize = 1_024;
const LABEL_LIMIT: usize = 80;

/// How much of a name, a theme and a coming title the card shows, in characters.
const NAME_LIMIT: usize = 32;
const THEME_LIMIT: usize = 100;
const NEXT_LIMIT: usize = 60;
/// How much of what a station says is on.
const ON_AIR_LIMIT: usize = 150;
/// How many of the waitlist are named.
const WAITING_LIMIT: usize = 10;

const PLAYING_COLOUR: u32 = 0x00f2_6b38;
const IDLE_COLOUR: u32 = 0x0080_848e;

/// Nobody is to be rung up by a card.
pub(super) fn no_mentions() -> Value {
    json!({ "parse": [] })
}

/// What was measured about the play of a card when it is drawn.
#[derive(Clone, Copy, Debug)]
pub struct Drawing<'a> {
    pub open: &'a OpenView,
    pub settings: &'a Settings,
    pub at: Moment,
    /// File name of the cover among the message's attachments.
    pub cover: Option<&'a str>,
}

impl<'a> Drawing<'a> {
    /// `None` while the stage is closed.
    pub fn of(view: &'a View, at: Moment) -> Option<Drawing<'a>> {
        Some(Drawing {
            open: view.open.as_ref()?,
            settings: &view.settings,
            at,
            cover: None,
        })
    }
}

/// The card of the turn that runs.
pub fn playing(drawing: &Drawing<'_>, now: &NowView, say: &Say<'_>) -> Value {
    let track = &now.track;
    let mut embed = frame(drawing, say, PLAYING_COLOUR);
    let mut lines = Vec::new();
    if let Some(by) = origin_line(now) {
        lines.push(by);
    }
    if let Some(on_air) = &now.on_air {
        let title = plain_cut(on_air, ON_AIR_LIMIT);
        lines.push(say("card-on-air", &[("title", title.into())]));
    }
    lines.push(progress::line(now, drawing.at, say));
    lines.push(rating_line(now, &drawing.settings.emoji, say));
    if let Some(needed) = now.skip_needed.filter(|_| now.skip_votes > 0) {
        let fills = [("votes", now.skip_votes.into()), ("needed", needed.into())];
        lines.push(say("card-skip-votes", &fills));
    }
    set(
        &mut embed,
        "title",
        plain_within(&track.title, EMBED_TITLE_LIMIT),
    );
    set(&mut embed, "description", lines.join("\n"));
    if let Some(cover) = drawing.cover {
        set(
            &mut embed,
            "thumbnail",
            json!({ "url": format!("attachment://{cover}") }),
        );
    }
    json!({
        "embeds": [embed],
        "components": [rating_row(now.turn, &drawing.settings.emoji), play_row(now.turn, say)],
        "allowed_mentions": no_mentions(),
    })
}

/// The card while nobody has a track.
pub fn idle(drawing: &Drawing<'_>, say: &Say<'_>) -> Value {
    let mut embed = frame(drawing, say, IDLE_COLOUR);
    set(&mut embed, "title", say("card-idle", &[]));
    set(&mut embed, "description", say("card-idle-hint", &[]));
    json!({
        "embeds": [embed],
        "components": [{ "type": 1, "components": seat_buttons(say) }],
        "allowed_mentions": no_mentions(),
    })
}

/// What both cards share: seats, waitlist, theme and the line at the foot.
fn frame(drawing: &Drawing<'_>, say: &Say<'_>, colour: u32) -> Value {
    let open = drawing.open;
    let mut fields: Vec<Value> = open
        .seats
        .iter()
        .map(|seat| seat_field(seat, open, say))
        .collect();
    if let Some(waiting) = waiting_field(open, say) {
        fields.push(waiting);
    }
    let mut foot = vec![
        say("card-listeners", &[("count", open.listeners.into())]),
        say(
            "card-session",
            &[("session", open.session.to_string().into())],
        ),
    ];
    if open.locked {
        foot.push(say("card-locked", &[]));
    }
    let mut embed = json!({
        "color": colour,
        "fields": fields,
        "footer": { "text": foot.join(" · ") },
    });
    if let Some(theme) = &open.theme {
        set(
            &mut embed,
            "author",
            json!({ "name": line(theme, THEME_LIMIT) }),
        );
    }
    embed
}

fn seat_field(seat: &SeatView, open: &OpenView, say: &Say<'_>) -> Value {
    let sign = if !seat.spotlight {
        "\u{1fa91}"
    } else if open.now.is_some() {
        "\u{1f3a4}"
    } else {
        "\u{1f526}"
    };
    let mut lines = Vec::new();
    match (&seat.looper, seat.offered) {
        (Some(looper), _) => {
            let name = plain_cut(&looper.name, NAME_LIMIT);
            lines.push(if looper.away {
                say("card-away", &[("name", name.into())])
            } else {
                name
            });
            lines.push(match &looper.next {
                Some(next) => say(
                    "card-next",
                    &[("title", plain_cut(next, NEXT_LIMIT).into())],
                ),
                None => say("card-tracks", &[("count", looper.waiting_tracks.into())]),
            });
        }
        (None, Some(member)) => lines.push(say(
            "card-offered",
            &[("member", super::markup::mention(member).into())],
        )),
        (None, None) => lines.push(say("card-free", &[])),
    }
    json!({
        "name": cut(&format!("{sign} {}", seat.seat), FIELD_NAME_LIMIT),
        "value": cut(&lines.join("\n"), FIELD_LIMIT),
        "inline": true,
    })
}

fn waiting_field(open: &OpenView, say: &Say<'_>) -> Option<Value> {
    if open.waitlist.is_empty() {
        return None;
    }
    let mut names: Vec<String> = open
        .waitlist
        .iter()
        .take(WAITING_LIMIT)
        .enumerate()
        .map(|(n, waiting)| format!("{}\\. {}", n + 1, plain_cut(&waiting.name, NAME_LIMIT)))
        .collect();
    let more = open.waitlist.len().saturating_sub(WAITING_LIMIT);
    if more > 0 {
        names.push(say("card-more", &[("count", more.into())]));
    }
    let count = [("count", open.waitlist.len().into())];
    Some(json!({
        "name": cut(&say("card-waitlist", &count), FIELD_NAME_LIMIT),
        "value": cut(&names.join(" · "), FIELD_LIMIT),
        "inline": false,
    }))
}

fn origin_line(now: &NowView) -> Option<String> {
    let track = &now.track;
    let parts: Vec<String> = [&track.artist, &track.album]
        .into_iter()
        .flatten()
        .map(|text| plain_cut(text, 100))
        .collect();
    (!parts.is_empty()).then(|| parts.join(" · "))
}

fn rating_line(now: &NowView, emoji: &[String; 5], say: &Say<'_>) -> String {
    let count: u32 = now.tally.iter().sum();
    let mut parts = vec![match now.mean {
        Some(mean) if count > 0 => score(mean, count, say),
        _ => say("card-unrated", &[]),
    }];
    for (sign, given) in emoji.iter().zip(now.tally) {
        if given > 0 {
            parts.push(format!("{} {given}", shown(sign)));
        }
    }
    if now.grabs > 0 {
        parts.push(say("card-grabs", &[("count", now.grabs.into())]));
    }
    parts.join(" · ")
}

/// `4.3 ★ (7)`
fn score(mean: f64, count: u32, say: &Say<'_>) -> String {
    say(
        "card-score",
        &[
            ("mean", format!("{mean:.1}").into()),
            ("count", count.into()),
        ],
    )
}

/// A length of time in words: `2 h 5 min`, `30 s`.
pub fn hours(time: Duration, say: &Say<'_>) -> String {
    let seconds = time.as_secs();
    let parts = [
        ("time-days", seconds / 86_400),
        ("time-hours", seconds / 3_600 % 24),
        ("time-minutes", seconds / 60 % 60),
        ("time-seconds", seconds % 60),
    ];
    // Two parts say enough.
    let parts = parts
        .into_iter()
        .skip_while(|(_, count)| *count == 0)
        .take(2);
    let said: Vec<String> = parts
        .filter(|(_, count)| *count > 0)
        .map(|(key, count)| say(key, &[("count", count.into())]))
        .collect();
    if said.is_empty() {
        return say("time-seconds", &[("count", 0_u32.into())]);
    }
    said.join(" ")
}

/// An emoji of the settings as it stands in text: Unicode as it is, `name:id` as `<:name:id>`.
pub fn shown(emoji: &str) -> String {
    match emoji.split_once(':') {
        Some(_) => format!("<:{emoji}>"),
        None => emoji.to_owned(),
    }
}

/// An emoji of the settings as buttons want it.
pub fn button_emoji(emoji: &str) -> Value {
    match emoji.split_once(':') {
        Some((name, id)) => json!({ "name": name, "id": id }),
        None => json!({ "name": emoji }),
    }
}

fn rating_row(turn: TurnId, emoji: &[String; 5]) -> Value {
    let buttons: Vec<Value> = (1..=5)
        .zip(emoji)
        .map(|(stars, sign)| {
            json!({
                "type": 2,
                "style": 2,
                "emoji": button_emoji(sign),
                "custom_id": format!("rate:{turn}:{stars}"),
            })
        })
        .collect();
    json!({ "type": 1, "components": buttons })
}

fn play_row(turn: TurnId, say: &Say<'_>) -> Value {
    let mut buttons = seat_buttons(say);
    buttons.push(button(
        &format!("skip:{turn}"),
        "\u{23ed}\u{fe0f}",
        &say("button-skip", &[]),
    ));
    buttons.push(button(
        &format!("grab:{turn}"),
        "\u{1f4be}",
        &say("button-grab", &[]),
    ));
    buttons.push(button(
        &format!("comment:{turn}"),
        "\u{1f4ac}",
        &say("button-comment", &[]),
    ));
    json!({ "type": 1, "components": buttons })
}

fn seat_buttons(say: &Say<'_>) -> Vec<Value> {
    vec![
        button("seat:take", "\u{1fa91}", &say("button-take-seat", &[])),
        button("seat:leave", "\u{1f6b6}", &say("button-leave-seat", &[])),
    ]
}

pub(super) fn button(custom_id: &str, emoji: &str, label: &str) -> Value {
    json!({
        "type": 2,
        "style": 2,
        "emoji": { "name": emoji },
        "label": cut(label, LABEL_LIMIT),
        "custom_id": custom_id,
    })
}

fn set(object: &mut Value, key: &str, value: impl Into<Value>) {
    if let Some(fields) = object.as_object_mut() {
        fields.insert(key.to_owned(), value.into());
    }
}

#[cfg(test)]
#[path = "cards/tests.rs"]
mod tests;
