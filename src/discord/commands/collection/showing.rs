//! A collection to read, page by page; what one has grabbed, the same way; and everything one has.

use super::super::super::links;
use super::super::super::markup::{clock, plain_cut, plain_within};
use super::super::call::{Answer, Call, Outcome};
use super::super::paging::{Page, sheet};
use super::{name_of, refused};
use crate::domain::collection::{Collection, CollectionRefusal, TRACKS_LIMIT};
use crate::domain::ids::CollectionId;
use crate::domain::track::Track;
use crate::i18n::relative;
use serde_json::{Value, json};
use std::time::Duration;

const LINES: usize = 15;
/// How much of a title, an artist and a name a line shows, in characters.
const TITLE_LIMIT: usize = 80;
const ARTIST_LIMIT: usize = 40;
const NAME_LIMIT: usize = 32;
/// Room for a name in the title of an embed (Discord allows 256 characters).
const HEAD_LIMIT: usize = 200;
/// Collections that are listed of one's own, and of those one has saved.
const LISTED: usize = 25;
/// Stands for the length of a live stream, which has none.
const LIVE: &str = "\u{1f534}";

/// `3\. **Song** · Artist · 3:05`
fn line(place: usize, track: &Track) -> String {
    let artist = track.artist.as_ref().map_or_else(String::new, |artist| {
        format!(" · {}", plain_cut(artist, ARTIST_LIMIT))
    });
    let length = if track.live {
        LIVE.to_owned()
    } else {
        clock(track.length)
    };
    let title = plain_cut(&track.title, TITLE_LIMIT);
    format!("{place}\\. **{title}**{artist} · {length}")
}

fn lines(tracks: &[Track], page: Page) -> impl Iterator<Item = String> {
    let from = page.offset();
    (from + 1..)
        .zip(tracks.iter().skip(from))
        .take(LINES)
        .map(|(place, track)| line(place, track))
}

/// `12 tracks, 45:12 in all · Page 1 of 2`
fn foot(call: &Call, tracks: &[Track], page: Page) -> String {
    let whole = tracks.iter().filter(|track| !track.live);
    let length: Duration = whole.map(|track| track.length).sum();
    let fills = [
        ("count", tracks.len().into()),
        ("length", clock(length).into()),
    ];
    let parts = [Some(call.say("queue-foot", &fills)), page.foot(call)];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

/// A page of a collection, with what can be done with it.
pub(in crate::discord) async fn show(call: &Call, id: CollectionId, page: usize) -> Outcome {
    let store = &call.desk.store;
    let found = store.collection(call.guild(), id).await?;
    let found = found.filter(|found| found.is_shown_to(&call.actor));
    let found = found.ok_or_else(|| refused(call, &CollectionRefusal::NoSuchCollection))?;
    let tracks = store.collection_tracks(call.guild(), id).await?;
    let page = Page::of(page, tracks.len(), LINES);
    let mut shown = vec![about(call, &found)];
    if let Some(description) = &found.description {
        shown.push(plain_cut(description, usize::MAX));
    }
    let subject = links::of_collection(call.guild(), id);
    if found.is_published() {
        shown.extend(call.desk.link_of(subject).await?);
    }
    shown.push(String::new());
    if tracks.is_empty() {
        shown.push(call.say("collection-empty", &[]));
    }
    shown.extend(lines(&tracks, page));
    let name = plain_within(&found.name, HEAD_LIMIT);
    let mut rows = vec![deeds(call, &found)];
    let turning = page.buttons(&format!("collection:show:{id}"));
    rows.extend(turning.as_array().cloned().unwrap_or_default());
    Ok(Answer::of(json!({
        "embeds": [sheet(&name, &shown, Some(foot(call, &tracks, page)))],
        "components": rows,
    })))
}

/// `by Ana · 3 saves · published 2 days ago`
fn about(call: &Call, collection: &Collection) -> String {
    let by = plain_cut(&collection.member_name, NAME_LIMIT);
    let mut parts = vec![call.say("collection-by", &[("name", by.into())])];
    match collection.published_at {
        Some(at) => {
            let saves = [("count", collection.saves.into())];
            parts.push(call.say("collection-saves", &saves));
            let when = [("when", relative(at).into())];
            parts.push(call.say("collection-published-when", &when));
        }
        None => parts.push(state(call, collection)),
    }
    parts.join(" · ")
}

/// Why others don't see it, or that they do.
fn state(call: &Call, collection: &Collection) -> String {
    let key = if collection.is_published() {
        "collection-is-published"
    } else if collection.is_barred {
        "collection-is-barred"
    } else {
        "collection-is-private"
    };
    call.say(key, &[])
}

/// The buttons under a collection: play it, and save it if it is somebody else's.
fn deeds(call: &Call, collection: &Collection) -> Value {
    let button = |style: u8, key: &str, what: &str| {
        json!({
            "type": 2,
            "style": style,
            "label": call.say(key, &[]),
            "disabled": what == "play" && collection.tracks == 0,
            "custom_id": format!("collection:{what}:{}", collection.id),
        })
    };
    let mut buttons = vec![button(1, "button-play", "play")];
    if collection.member != call.actor.member {
        buttons.push(button(2, "button-save", "save"));
    }
    json!({ "type": 1, "components": buttons })
}

/// A page of what the member has grabbed, the newest first.
pub(in crate::discord) async fn grabs(call: &Call, page: usize) -> Outcome {
    let limit = u32::try_from(TRACKS_LIMIT).unwrap_or(u32::MAX);
    let (store, member) = (&call.desk.store, call.actor.member);
    let grabs = store.grabs(call.guild(), member, limit).await?;
    if grabs.is_empty() {
        return Err(call.wrong("collection-grabs-empty", &[]));
    }
    let tracks: Vec<Track> = grabs.into_iter().map(|grab| grab.track).collect();
    let page = Page::of(page, tracks.len(), LINES);
    let shown: Vec<String> = lines(&tracks, page).collect();
    let title = call.say("collection-grabs", &[]);
    Ok(Answer::of(json!({
        "embeds": [sheet(&title, &shown, Some(foot(call, &tracks, page)))],
        "components": page.buttons("collection:grabs"),
    })))
}

/// Everything the member has: their grabs, their own collections, and those they saved.
pub(super) async fn overview(call: &Call) -> Outcome {
    let (store, guild, member) = (&call.desk.store, call.guild(), call.actor.member);
    let limit = u32::try_from(TRACKS_LIMIT).unwrap_or(u32::MAX);
    let grabs = store.grabs(guild, member, limit).await?.len();
    let own = store.collections_of(guild, member).await?;
    let saved = store.saved_collections(guild, member).await?;
    let tracks = |count: u32| call.say("collection-tracks", &[("count", count.into())]);
    let mut shown = Vec::new();
    let kept = u32::try_from(grabs).unwrap_or(u32::MAX);
    shown.push(format!(
        "**{}** · {}",
        call.say("collection-grabs", &[]),
        tracks(kept)
    ));
    for it in own.iter().take(LISTED) {
        let (name, state) = (name_of(it), state(call, it));
        shown.push(format!("**{name}** · {} · {state}", tracks(it.tracks)));
    }
    more(call, own.len(), &mut shown);
    if own.is_empty() {
        shown.push(call.say("collection-none-own", &[]));
    }
    if !saved.is_empty() {
        shown.push(String::new());
        shown.push(call.say("collection-saved-head", &[]));
    }
    for it in saved.iter().take(LISTED) {
        let by = plain_cut(&it.member_name, NAME_LIMIT);
        shown.push(format!(
            "**{}** · {by} · {}",
            name_of(it),
            tracks(it.tracks)
        ));
    }
    more(call, saved.len(), &mut shown);
    let title = call.say("collection-overview", &[]);
    Ok(Answer::of(
        json!({ "embeds": [sheet(&title, &shown, None)] }),
    ))
}

fn more(call: &Call, count: usize, shown: &mut Vec<String>) {
    if let Some(more) = count.checked_sub(LISTED).filter(|more| *more > 0) {
        shown.push(call.say("playlist-more", &[("count", more.into())]));
    }
}
