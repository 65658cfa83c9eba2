//! The goodbye and the session playlist that a stage leaves behind. Files are made by `share`;
//! here is only the message around them.

use super::super::markup::{cut, plain_cut, plain_within};
use super::posts::goodbye;
use super::{EMBED_TITLE_LIMIT, Say, no_mentions, score};
use crate::domain::ids::SessionId;
use crate::domain::protocol::CloseReason;
use serde_json::{Value, json};

/// Room for the list in the embed's description (Discord allows 4,096 characters).
const LIST_LIMIT: usize = 3_800;
const TITLE_LIMIT: usize = 60;
const NAME_LIMIT: usize = 24;

const PLAYLIST_COLOUR: u32 = 0x00f2_6b38;

/// One track of the evening as it is listed.
#[derive(Clone, Debug, PartialEq)]
pub struct Ranked {
    pub title: String,
    pub artist: Option<String>,
    pub looper: String,
    /// Mean of the ratings, 1 to 5.
    pub mean: Option<f64>,
    pub ratings: u32,
}

/// The last message of a session. `tracks` in the order they were played.
pub fn playlist(
    session: SessionId,
    theme: Option<&str>,
    (why, tracks): (CloseReason, &[Ranked]),
    say: &Say<'_>,
) -> Value {
    let content = goodbye(why, say);
    if tracks.is_empty() {
        return json!({ "content": content, "allowed_mentions": no_mentions() });
    }
    let number = ("session", session.to_string().into());
    let title = match theme {
        Some(theme) => {
            let theme = plain_within(theme, EMBED_TITLE_LIMIT / 2);
            say("playlist-title-theme", &[number, ("theme", theme.into())])
        }
        None => say("playlist-title", &[number]),
    };
    let mut lines = Vec::new();
    if let Some(best) = best(tracks) {
        let fills = [
            ("title", plain_cut(&best.title, TITLE_LIMIT).into()),
            ("looper", plain_cut(&best.looper, NAME_LIMIT).into()),
            (
                "score",
                score(best.mean.unwrap_or_default(), best.ratings, say).into(),
            ),
        ];
        lines.push(say("playlist-best", &fills));
        lines.push(String::new());
    }
    let mut room = LIST_LIMIT;
    for (n, track) in tracks.iter().enumerate() {
        let line = format!("{}\\. {}", n + 1, track_line(track, say));
        let length = line.chars().count() + 1;
        if length > room {
            lines.push(say(
                "playlist-more",
                &[("count", (tracks.len() - n).into())],
            ));
            break;
        }
        room -= length;
        lines.push(line);
    }
    json!({
        "content": content,
        "embeds": [{
            "color": PLAYLIST_COLOUR,
            "title": cut(&title, EMBED_TITLE_LIMIT),
            "description": lines.join("\n"),
            "footer": { "text": say("playlist-tracks", &[("count", tracks.len().into())]) },
        }],
        "allowed_mentions": no_mentions(),
    })
}

/// The best of the evening by its mean, of equal ones the one rated by more, then the earlier one.
fn best(tracks: &[Ranked]) -> Option<&Ranked> {
    tracks
        .iter()
        .rev()
        .filter(|track| track.ratings > 0)
        .max_by(|a, b| {
            let mean = |track: &Ranked| track.mean.unwrap_or_default();
            mean(a).total_cmp(&mean(b)).then(a.ratings.cmp(&b.ratings))
        })
}

fn track_line(track: &Ranked, say: &Say<'_>) -> String {
    let mut name = format!("**{}**", plain_cut(&track.title, TITLE_LIMIT));
    if let Some(artist) = &track.artist {
        name = format!("{name} ({})", plain_cut(artist, NAME_LIMIT));
    }
    let score = match track.mean {
        Some(mean) if track.ratings > 0 => score(mean, track.ratings, say),
        _ => say("result-unrated", &[]),
    };
    format!(
        "{name} · {} · {score}",
        plain_cut(&track.looper, NAME_LIMIT)
    )
}
