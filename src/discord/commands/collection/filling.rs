//! What a collection holds: a link, words, a file, what plays now or what was grabbed goes in; tracks go
//! out and to other places.

use super::super::super::markup::plain_cut;
use super::super::call::{Answer, Call, Outcome, Trouble, worded};
use super::super::options::Options;
use super::super::{play, track_name};
use super::choosing::{self, found};
use super::{done, name_of, refused};
use crate::discord::music::{Batch, Given};
use crate::domain::collection::{Collection, CollectionRefusal};
use crate::domain::ids::{CollectionId, TurnId};
use crate::domain::protocol::{Command, Refusal};
use crate::domain::track::Track;
use crate::storage::Added;
use serde_json::Value;
use std::time::Duration;

/// What stands for the track that plays.
const NOW: &str = "now";
/// Grabs that are offered, of those that were grabbed last.
const GRABS_OFFERED: usize = 6;
const GRABS_LOOKED_THROUGH: u32 = 100;
/// Longest title in an answer, in characters.
const TITLE_LIMIT: usize = 80;
/// How long the others' search may take while somebody types.
const FOUND_WITHIN: Duration = Duration::from_millis(1_800);

/// The track that plays, or the one before it while it may still be rated.
fn playing(call: &Call) -> Option<(TurnId, Track)> {
    let open = call.view.open.as_ref()?;
    let shown = open.now.as_ref().or(open.last.as_ref())?;
    Some((shown.turn, shown.track.clone()))
}

pub(super) async fn add(call: &Call, id: CollectionId, options: Options<'_>) -> Outcome {
    // Whoever may not change it learns so before anything is fetched.
    let target = call.desk.store.collection(call.guild(), id).await?;
    let target = target.ok_or_else(|| refused(call, &CollectionRefusal::NoSuchCollection))?;
    done(call, target.may_change(&call.actor))?;
    let (query, file) = (options.text("query"), options.file("file"));
    if query.is_none() && file.is_none() {
        return Err(call.wrong("collection-add-nothing", &[]));
    }
    if query.is_some_and(|query| query == NOW) && file.is_none() {
        let playing = playing(call).ok_or_else(|| call.refused(&Refusal::NothingPlaying))?;
        return one(call, id, playing.1).await;
    }
    match play::given(call, (query, file)).await? {
        Given::One(track) | Given::Instead { track, .. } => one(call, id, *track).await,
        Given::Many(batch) => fill(call, id, batch).await,
    }
}

/// The collection of the member's own that the text names.
pub(in super::super) async fn own(call: &Call, text: &str) -> Result<CollectionId, Trouble> {
    let of = found(call, Some(text)).await?;
    done(call, of.may_change(&call.actor))?;
    Ok(of.id)
}

/// A whole list goes in, as far as there is room; what does not is named.
pub(in super::super) async fn fill(call: &Call, id: CollectionId, batch: Batch) -> Outcome {
    let added = put(call, id, &batch.tracks).await?;
    let mut left_out: Vec<(String, String)> = Vec::new();
    for (title, why) in batch.refused {
        let why = worded(&call.desk, &call.visit, play::missing(call, why));
        left_out.push((title, why));
    }
    Ok(Answer::quiet(&many(call, added, left_out, batch.count)))
}

async fn put(call: &Call, id: CollectionId, tracks: &[Track]) -> Result<Added, Trouble> {
    let (store, now) = (&call.desk.store, (call.desk.clock)());
    let added = store.add_to_collection(call.guild(), (&call.actor, id), tracks, now);
    done(call, added.await?)
}

async fn one(call: &Call, id: CollectionId, track: Track) -> Outcome {
    let added = put(call, id, std::slice::from_ref(&track)).await?;
    let fills = [
        ("title", plain_cut(&track.title, TITLE_LIMIT).into()),
        ("name", name_of(&added.collection).into()),
        ("place", added.collection.tracks.into()),
    ];
    Ok(Answer::quiet(&call.say("collection-added", &fills)))
}

/// What came of a whole list.
fn many(call: &Call, added: Added, left_out: Vec<(String, String)>, count: usize) -> String {
    let considered = added.added + added.already.len() + added.no_room.len() + left_out.len();
    let fills = [
        ("name", name_of(&added.collection).into()),
        ("added", added.added.into()),
        ("count", count.into()),
    ];
    let mut lines = vec![call.say("collection-added-many", &fills)];
    let because = |titles: Vec<String>, key: &str| {
        let why = call.say(key, &[]);
        titles.into_iter().map(move |title| (title, why.clone()))
    };
    let mut left_out = left_out;
    left_out.extend(because(added.already, "collection-why-already"));
    left_out.extend(because(added.no_room, "collection-why-no-room"));
    lines.extend(play::named(call, &left_out));
    if considered < count {
        lines.push(call.say("play-list-cut", &[("limit", considered.into())]));
    }
    lines.join("\n")
}

/// The track of a subcommand, and its collection.
async fn its_track(
    call: &Call,
    id: CollectionId,
    options: Options<'_>,
) -> Result<(Collection, Track), Trouble> {
    let of = call.desk.store.collection(call.guild(), id).await?;
    let of = of.ok_or_else(|| refused(call, &CollectionRefusal::NoSuchCollection))?;
    done(call, of.may_change(&call.actor))?;
    let text = options.text("track").unwrap_or_default();
    if let Some(track) = choosing::track(call, id, text).await? {
        return Ok((of, track));
    }
    let name = of.name;
    Err(refused(call, &CollectionRefusal::NoSuchTrack { name }))
}

pub(super) async fn remove(call: &Call, id: CollectionId, options: Options<'_>) -> Outcome {
    let (of, track) = its_track(call, id, options).await?;
    let (store, now) = (&call.desk.store, (call.desk.clock)());
    let whose = (&call.actor, id);
    let removed = store.remove_from_collection(call.guild(), whose, &track.key, now);
    done(call, removed.await?)?;
    let fills = [
        ("title", plain_cut(&track.title, TITLE_LIMIT).into()),
        ("name", name_of(&of).into()),
    ];
    Ok(Answer::quiet(&call.say("collection-removed", &fills)))
}

pub(super) async fn reorder(call: &Call, id: CollectionId, options: Options<'_>) -> Outcome {
    let (of, track) = its_track(call, id, options).await?;
    let to = options.number("place").unwrap_or(1);
    let to = usize::try_from(to).unwrap_or(usize::MAX);
    let (store, now) = (&call.desk.store, (call.desk.clock)());
    let whose = (&call.actor, id);
    let moved = store.reorder_collection(call.guild(), whose, (&track.key, to), now);
    let (_, _, place) = done(call, moved.await?)?;
    let fills = [
        ("title", plain_cut(&track.title, TITLE_LIMIT).into()),
        ("name", name_of(&of).into()),
        ("place", place.into()),
    ];
    Ok(Answer::quiet(&call.say("collection-reordered", &fills)))
}

/// `/grab` into a collection: the track is kept among the grabs, and there too.
pub(in super::super) async fn grab_into(call: &Call, text: &str) -> Outcome {
    let of = own(call, text).await?;
    let playing = playing(call).ok_or_else(|| call.refused(&Refusal::NothingPlaying))?;
    let (turn, track) = playing;
    let notice = call.ask(Command::Grab { turn: Some(turn) }).await?;
    let into = match one(call, of, track).await {
        Ok(answer) => answer
            .body
            .pointer("/content")
            .and_then(Value::as_str)
            .map(str::to_owned),
        // It is grabbed all the same.
        Err(Trouble::Said(words)) => Some(words),
        Err(trouble) => return Err(trouble),
    };
    let lines: Vec<String> = [Some(call.noticed(&notice)), into]
        .into_iter()
        .flatten()
        .collect();
    Ok(Answer::quiet(&lines.join("\n")))
}

/// What plays, what was grabbed, and whatever `/play` would offer.
pub(super) async fn suggestions(
    call: &Call,
    typed: &str,
) -> Result<Vec<(String, String)>, Trouble> {
    let holds = |name: &str| name.to_lowercase().contains(&typed.to_lowercase());
    let mut choices: Vec<(String, String)> = Vec::new();
    if let Some((_, track)) = playing(call) {
        let name = track_name(&track);
        if holds(&name) || holds(NOW) {
            let fills = [("song", name.into())];
            choices.push((call.say("collection-now", &fills), NOW.to_owned()));
        }
    }
    let (store, member) = (&call.desk.store, call.actor.member);
    let grabs = store.grabs(call.guild(), member, GRABS_LOOKED_THROUGH);
    let grabs = grabs.await?.into_iter().map(|grab| {
        let name = track_name(&grab.track);
        (name, format!("{}{}", play::TURN, grab.turn))
    });
    let grabs = grabs.filter(|(name, _)| holds(name)).take(GRABS_OFFERED);
    choices.extend(grabs.map(|(name, value)| {
        let fills = [("song", name.into())];
        (call.say("collection-grabbed", &fills), value)
    }));
    // What is slow is left out, and the rest is offered.
    if let Ok(more) = tokio::time::timeout(FOUND_WITHIN, play::suggestions(call, typed)).await {
        let more = more?.into_iter();
        let is_new = |value: &String| choices.iter().all(|(_, known)| known != value);
        let more: Vec<_> = more.filter(|(_, value)| is_new(value)).collect();
        choices.extend(more);
    }
    Ok(choices)
}
