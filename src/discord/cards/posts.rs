//! The short posts of a stage and the result line. Only an offer and an idle warning ring the
//! member they concern.

use super::super::markup::{mention, plain_cut, relative};
use super::{Say, no_mentions, score};
use crate::domain::ids::MemberId;
use crate::domain::protocol::{
    CloseReason, PlayRecord, Post, ResultFigures, SkipReason, StepDown, TurnEnd,
};
use crate::i18n::Fill;
use serde_json::{Value, json};

/// How much of a title, a name and a text is shown, in characters.
const TITLE_LIMIT: usize = 100;
const NAME_LIMIT: usize = 32;
const TEXT_LIMIT: usize = 600;

const RESULT_COLOUR: u32 = 0x0080_848e;

/// The message for a post; `None` for the result line and the goodbye, which have their own.
pub fn post(post: &Post, say: &Say<'_>) -> Option<Value> {
    match post {
        Post::Opened {
            channel,
            host,
            theme,
            rules,
        } => {
            let fills = [
                ("channel", format!("<#{channel}>").into()),
                ("host", mention(*host).into()),
            ];
            let mut lines = vec![say("post-opened", &fills)];
            for (key, text) in [("post-theme", theme), ("post-rules", rules)] {
                if let Some(text) = text {
                    lines.push(say(key, &[("text", plain_cut(text, TEXT_LIMIT).into())]));
                }
            }
            Some(quiet(&lines.join("\n")))
        }
        Post::Offer {
            member,
            seat,
            until,
        } => {
            let fills = [
                ("member", mention(*member).into()),
                ("seat", seat.to_string().into()),
                ("until", relative(*until).into()),
            ];
            let mut body = ringing(&say("post-offer", &fills), *member);
            super::set(
                &mut body,
                "components",
                json!([{ "type": 1, "components": [
                    super::button("seat:take", "\u{1fa91}", &say("button-take-seat", &[])),
                ]}]),
            );
            Some(body)
        }
        Post::IdleWarning { member, at } => {
            let fills = [
                ("member", mention(*member).into()),
                ("at", relative(*at).into()),
            ];
            Some(ringing(&say("post-idle-warning", &fills), *member))
        }
        other => plain_post(other, say),
    }
}

/// The posts that are one sentence and ring nobody.
fn plain_post(post: &Post, say: &Say<'_>) -> Option<Value> {
    let sentence = match post {
        Post::OfferLapsed { member, seat } => {
            let fills = [
                ("member", mention(*member).into()),
                ("seat", seat.to_string().into()),
            ];
            say("post-offer-lapsed", &fills)
        }
        Post::SteppedDown {
            name, seat, why, ..
        } => {
            let fills = [
                ("name", plain_cut(name, NAME_LIMIT).into()),
                ("seat", seat.to_string().into()),
            ];
            say(step_down_key(*why), &fills)
        }
        Post::HandRaised => say("post-hand-raised", &[]),
        Post::Muted => say("post-muted", &[]),
        Post::MayNotSpeak { channel } => {
            let channel = crate::i18n::channel(*channel);
            say("post-may-not-speak", &[("channel", channel.into())])
        }
        Post::TrackFailed { member, title } => {
            let fills = [
                ("member", mention(*member).into()),
                ("title", plain_cut(title, TITLE_LIMIT).into()),
            ];
            say("post-track-failed", &fills)
        }
        Post::RepeatPassedOver {
            member,
            title,
            played_at,
        } => {
            let fills = [
                ("member", mention(*member).into()),
                ("title", plain_cut(title, TITLE_LIMIT).into()),
                ("played", relative(*played_at).into()),
            ];
            say("post-repeat", &fills)
        }
        _ => return None,
    };
    Some(quiet(&sentence))
}

fn step_down_key(why: StepDown) -> &'static str {
    match why {
        StepDown::TurnLimit => "post-down-turns",
        StepDown::Passed => "post-down-passed",
        StepDown::Idle => "post-down-idle",
        StepDown::Away => "post-down-away",
        StepDown::Gone => "post-down-gone",
        StepDown::Kicked => "post-down-kicked",
        StepDown::SeatRemoved => "post-down-seat",
    }
}

/// The sentence that says why the stage closed.
pub(super) fn goodbye(why: CloseReason, say: &Say<'_>) -> String {
    say(
        match why {
            CloseReason::Asked => "post-closed-asked",
            CloseReason::Empty => "post-closed-empty",
            CloseReason::Expelled => "post-closed-expelled",
        },
        &[],
    )
}

/// What the guild's past says about a play: how many plays of this track there are with it, and
/// who played it first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Past {
    pub plays: u32,
    pub first_by: String,
}

/// The result line that the card of a play becomes. The buttons go, the reactions stay.
pub fn result(
    play: &PlayRecord,
    figures: ResultFigures,
    past: Option<&Past>,
    say: &Say<'_>,
) -> Value {
    let title = plain_cut(&play.track.title, TITLE_LIMIT);
    let looper = plain_cut(&play.looper_name, NAME_LIMIT);
    let mut parts = vec![say(
        "result-song",
        &[("title", title.into()), ("looper", looper.into())],
    )];
    parts.push(match figures.mean {
        Some(mean) if figures.ratings > 0 => score(mean, figures.ratings, say),
        _ => say("result-unrated", &[]),
    });
    if figures.grabs > 0 {
        parts.push(say("card-grabs", &[("count", figures.grabs.into())]));
    }
    parts.push(say("result-heard", &[("count", figures.heard.into())]));
    match past {
        Some(past) if past.plays > 1 => {
            let first = plain_cut(&past.first_by, NAME_LIMIT);
            let fills = [
                ("count", past.plays.into()),
                ("ending", ordinal(past.plays).into()),
                ("first", first.into()),
            ];
            parts.push(say("result-again", &fills));
        }
        Some(_) => parts.push(say("result-first", &[])),
        None => {}
    }
    parts.extend(play.end.as_ref().and_then(|end| ending(end, say)));
    json!({
        "embeds": [{ "color": RESULT_COLOUR, "description": parts.join(" · ") }],
        "components": [],
        "attachments": [],
        "allowed_mentions": no_mentions(),
    })
}

/// Which English ordinal a number takes; other languages need not look at it.
fn ordinal(count: u32) -> &'static str {
    match (count % 10, count % 100) {
        (_, 11..=13) => "other",
        (1, _) => "one",
        (2, _) => "two",
        (3, _) => "few",
        _ => "other",
    }
}

/// How a play that was not played to its end came to end.
fn ending(end: &TurnEnd, say: &Say<'_>) -> Option<String> {
    let key = match end {
        TurnEnd::Finished => return None,
        TurnEnd::Limit => "result-limit",
        TurnEnd::SkippedByLooper => "result-skipped-looper",
        TurnEnd::SkippedBy { reason: None, .. } => "result-skipped",
        TurnEnd::SkippedBy {
            reason: Some(reason),
            ..
        } => {
            let reason: Fill<'_> = match reason {
                SkipReason::OffTheme => say("reason-off-theme", &[]).into(),
                SkipReason::TooLoud => say("reason-too-loud", &[]).into(),
                SkipReason::BadQuality => say("reason-bad-quality", &[]).into(),
                SkipReason::PlayedAlready => say("reason-played-already", &[]).into(),
                SkipReason::Unsuitable => say("reason-unsuitable", &[]).into(),
                SkipReason::Words(words) => plain_cut(words, TITLE_LIMIT).into(),
            };
            return Some(say("result-skipped-reason", &[("reason", reason)]));
        }
        TurnEnd::VotedOff => "result-voted-off",
        TurnEnd::Failed => "result-failed",
        TurnEnd::Closed => "result-closed",
    };
    Some(say(key, &[]))
}

fn quiet(content: &str) -> Value {
    json!({ "content": content, "allowed_mentions": no_mentions() })
}

fn ringing(content: &str, member: MemberId) -> Value {
    json!({
        "content": content,
        "allowed_mentions": { "parse": [], "users": [member.to_string()] },
    })
}
