//! A collection is played: its tracks go into the member's own setlist, as those of a list given to
//! `/play` do, and remember where they came from.

use super::super::super::music::Batch;
use super::super::call::{Call, Outcome};
use super::super::{play as adding, room};
use super::refused;
use crate::domain::collection::{CollectionRefusal, TRACKS_LIMIT};
use crate::domain::ids::CollectionId;
use crate::domain::protocol::Place;
use crate::domain::track::{Origin, Track};

pub(in crate::discord) async fn play(call: &Call, id: CollectionId) -> Outcome {
    room::check(call)?;
    let store = &call.desk.store;
    let found = store.collection(call.guild(), id).await?;
    let found = found.filter(|found| found.is_shown_to(&call.actor));
    let found = found.ok_or_else(|| refused(call, &CollectionRefusal::NoSuchCollection))?;
    let tracks = store.collection_tracks(call.guild(), id).await?;
    if tracks.is_empty() {
        let name = found.name;
        return Err(refused(call, &CollectionRefusal::NothingInIt { name }));
    }
    all(call, (found.name, tracks), Some(id)).await
}

pub(super) async fn play_grabs(call: &Call) -> Outcome {
    room::check(call)?;
    let limit = u32::try_from(TRACKS_LIMIT).unwrap_or(u32::MAX);
    let (store, member) = (&call.desk.store, call.actor.member);
    let grabs = store.grabs(call.guild(), member, limit).await?;
    if grabs.is_empty() {
        return Err(call.wrong("collection-grabs-empty", &[]));
    }
    let tracks = grabs.into_iter().map(|grab| grab.track).collect();
    all(call, (call.say("collection-grabs", &[]), tracks), None).await
}

async fn all(
    call: &Call,
    (title, tracks): (String, Vec<Track>),
    from: Option<CollectionId>,
) -> Outcome {
    let mut batch = Batch {
        title: Some(title),
        count: tracks.len(),
        tracks: Vec::new(),
        refused: Vec::new(),
    };
    for track in tracks {
        match missing(call, &track).await {
            Some(why) => batch.refused.push((track.title, why)),
            None => batch.tracks.push(track),
        }
    }
    adding::many(call, batch, (Place::Last, from)).await
}

/// Why the track's file is gone, if it is: the owner's library changes. What is far away is asked for
/// when its turn comes.
async fn missing(call: &Call, track: &Track) -> Option<super::super::super::music::NoTrack> {
    let is_near = matches!(
        track.origin,
        Origin::Attachment | Origin::Link | Origin::Library
    );
    if !is_near {
        return None;
    }
    let reporter = call.visit.reporter.clone();
    (call.desk.music.ready)(track.clone(), reporter).await.err()
}
