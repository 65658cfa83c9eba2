//! What was found goes into the setlist: one track, or a list of them with a word about those that
//! were left out.

use super::super::super::markup;
use super::super::super::music::{Batch, NoTrack};
use super::super::call::{Answer, Call, Outcome, Trouble, worded};
use super::super::room;
use super::{missing, song};
use crate::audio::Progress;
use crate::domain::ids::CollectionId;
use crate::domain::protocol::{Command, Notice, Place, Refusal};
use crate::domain::track::{Origin, Track};
use std::collections::VecDeque;
use url::Url;

/// Tracks that were left out and are named with the reason.
pub(in crate::discord::commands) const NAMED: usize = 6;
/// How many of a list are tried until one can be had that begins.
const FIRST_TRIES: usize = 3;
/// Longest title among them, in characters.
const TITLE_LIMIT: usize = 60;

/// `service` is whose link it was, if that plays nothing to others.
pub(super) async fn one(call: &Call, track: Track, place: Place, service: Option<&str>) -> Outcome {
    let found = service.map(|service| instead(call, service, &track));
    if plays_now(call) {
        fetched(call, &track)
            .await
            .map_err(|why| missing(call, why))?;
    }
    let text = room::text_channel(call);
    let notice = call
        .ask(Command::Play {
            text,
            track,
            place,
            from: None,
        })
        .await?;
    let words = &call.desk.words;
    let line = words.added(call.locale(), &call.actor.name, &notice, markup::plain);
    let line = line.unwrap_or_else(|| call.noticed(&notice));
    let lines: Vec<String> = found.into_iter().chain([line]).collect();
    Ok(Answer::quiet(&lines.join("\n")).in_public())
}

/// Whether what is added now plays at once.
fn plays_now(call: &Call) -> bool {
    let open = call.view.open.as_ref();
    open.is_none_or(|open| open.now.is_none())
}

/// What is far away is fetched while people are told how far it has come.
async fn fetched(call: &Call, track: &Track) -> Result<(), NoTrack> {
    let reporter = call.visit.reporter.clone();
    (call.desk.music.ready)(track.clone(), reporter).await
}

/// The tracks in the order in which they are to be added.
async fn in_order(
    call: &Call,
    tracks: Vec<Track>,
    place: Place,
    left_out: &mut Vec<(String, String)>,
) -> VecDeque<Track> {
    let mut tracks = VecDeque::from(tracks);
    let now = plays_now(call);
    if now {
        begin_with_what_is_there(call, &mut tracks, left_out).await;
    }
    if place == Place::Next {
        // Each goes before the one that was added before it, except before the one that plays.
        let playing = if now { tracks.pop_front() } else { None };
        tracks.make_contiguous().reverse();
        if let Some(playing) = playing {
            tracks.push_front(playing);
        }
    }
    tracks
}

/// Fetches the first of the tracks, which plays at once; what cannot be had is left out, a few times.
async fn begin_with_what_is_there(
    call: &Call,
    tracks: &mut VecDeque<Track>,
    left_out: &mut Vec<(String, String)>,
) {
    for _ in 0..FIRST_TRIES {
        let Some(first) = tracks.front() else { return };
        let Err(why) = fetched(call, first).await else {
            return;
        };
        let why = worded(&call.desk, &call.visit, missing(call, why));
        if let Some(track) = tracks.pop_front() {
            left_out.push((track.title, why));
        }
    }
}

/// `Spotify link: found Song · Artist on youtube.com`
fn instead(call: &Call, service: &str, track: &Track) -> String {
    let host = track.link.as_ref().and_then(|link| Url::parse(link).ok());
    let host = host.as_ref().and_then(Url::host_str).unwrap_or_default();
    let place = match track.origin {
        Origin::Site => markup::plain(host.trim_start_matches("www.")),
        Origin::Subsonic => "server".to_owned(),
        _ => "library".to_owned(),
    };
    let song = song(&track.title, track.artist.as_deref());
    let fills = [
        ("service", service.into()),
        ("song", song.into()),
        ("place", place.into()),
    ];
    call.say("play-instead", &fills)
}

/// Adds what can be added, where it is wanted, and of the collection it was taken from. What is
/// refused for itself is left out; what is refused for everything ends it.
pub(in crate::discord::commands) async fn many(
    call: &Call,
    batch: Batch,
    (place, from): (Place, Option<CollectionId>),
) -> Outcome {
    let (total, count) = (batch.tracks.len(), batch.count);
    let mut left_out: Vec<(String, String)> = Vec::new();
    for (title, why) in batch.refused {
        let why = worded(&call.desk, &call.visit, missing(call, why));
        left_out.push((title, why));
    }
    let tracks = in_order(call, batch.tracks, place, &mut left_out).await;
    let (mut added, mut first, mut ended) = (0_usize, None, None);
    for track in tracks {
        let title = track.title.clone();
        match add(call, track, (place, from)).await? {
            Ok(notice) => {
                added += 1;
                first.get_or_insert(notice);
                let progress = Progress::Adding { done: added, total };
                call.visit.reporter.say(progress);
            }
            Err(refusal) if is_about_the_track(&refusal) => {
                left_out.push((title, said(call, &refusal)));
            }
            Err(refusal) if added == 0 => return Err(call.refused(&refusal)),
            Err(refusal) => {
                ended = Some(said(call, &refusal));
                break;
            }
        }
    }
    let name = markup::plain(&call.actor.name);
    let list = batch.title.unwrap_or_else(|| call.say("play-a-list", &[]));
    let fills = [
        ("name", name.into()),
        ("list", markup::plain_cut(&list, 100).into()),
        ("added", added.into()),
        ("count", count.into()),
    ];
    let key = if added == 0 {
        "play-list-none"
    } else {
        "play-list-added"
    };
    let mut lines = vec![call.say(key, &fills)];
    if let Some(Notice::Added { opened: true, .. }) = first {
        lines.push(call.say("notice-added-opened", &[]));
    }
    let is_whole = ended.is_none();
    lines.extend(ended);
    lines.extend(named(call, &left_out));
    let considered = added + left_out.len();
    if is_whole && considered < count {
        let limit = [("limit", considered.into())];
        lines.push(call.say("play-list-cut", &limit));
    }
    let answer = Answer::quiet(&lines.join("\n"));
    Ok(if added == 0 {
        answer
    } else {
        answer.in_public()
    })
}

async fn add(
    call: &Call,
    track: Track,
    (place, from): (Place, Option<CollectionId>),
) -> Result<Result<Notice, Refusal>, Trouble> {
    let text = room::text_channel(call);
    let command = Command::Play {
        text,
        track,
        place,
        from,
    };
    Ok(call.stage.ask(call.actor.clone(), command).await?)
}

/// Whether another track may be added all the same.
fn is_about_the_track(refusal: &Refusal) -> bool {
    matches!(
        refusal,
        Refusal::TrackBanned { .. }
            | Refusal::WordBanned
            | Refusal::AlreadyInSetlist { .. }
            | Refusal::TooLong { .. }
    )
}

fn said(call: &Call, refusal: &Refusal) -> String {
    worded(&call.desk, &call.visit, call.refused(refusal))
}

/// Who is left out and why, one line each.
pub(in super::super) fn named(call: &Call, left_out: &[(String, String)]) -> Vec<String> {
    let mut lines: Vec<String> = left_out
        .iter()
        .take(NAMED)
        .map(|(title, why)| {
            let title = markup::plain_cut(title, TITLE_LIMIT);
            call.say(
                "play-left-out",
                &[("title", title.into()), ("why", why.into())],
            )
        })
        .collect();
    let more = left_out.len().saturating_sub(NAMED);
    if more > 0 {
        lines.push(call.say("play-left-out-more", &[("count", more.into())]));
    }
    lines
}
