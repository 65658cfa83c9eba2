//! Which collection, and which track of it, somebody means: what they chose from the suggestions, or what
//! they typed of its name.

use super::super::super::markup;
use super::super::call::{Call, Trouble};
use super::super::track_name;
use super::refused;
use crate::domain::collection::{Collection, CollectionRefusal};
use crate::domain::ids::CollectionId;
use crate::domain::track::Track;
use crate::storage::Shelf;

/// What the value of a suggestion is, or begins with.
const GRABS: &str = "grabs";
const COLLECTION: &str = "collection:";
const TRACK: &str = "place:";
/// Published collections that are looked through for words, from the newest.
const LOOKED_THROUGH: usize = 500;

/// What was named.
pub(super) enum Chosen {
    /// What the member kept with `/grab`, everybody's first collection.
    Grabs,
    One(Box<Collection>),
}

/// The collection that is meant, if the member may see it.
pub(super) async fn found(call: &Call, text: Option<&str>) -> Result<Collection, Trouble> {
    match chosen(call, text).await? {
        Chosen::One(found) => Ok(*found),
        Chosen::Grabs => Err(call.wrong("collection-grabs-are-grabbed", &[])),
    }
}

pub(super) async fn chosen(call: &Call, text: Option<&str>) -> Result<Chosen, Trouble> {
    let text = text.unwrap_or_default();
    if text == GRABS {
        return Ok(Chosen::Grabs);
    }
    let (store, guild) = (&call.desk.store, call.guild());
    let found = if let Some(id) = id_of(text) {
        let found = store.collection(guild, id).await?;
        found.filter(|found| found.is_shown_to(&call.actor))
    } else {
        let own = store.collections_of(guild, call.actor.member).await?;
        if let Some(own) = best(own, text) {
            Some(own)
        } else {
            let shelf = store.shelf(guild, Shelf::Newest, (0, LOOKED_THROUGH));
            best(shelf.await?.0, text)
        }
    };
    let found = found.ok_or_else(|| refused(call, &CollectionRefusal::NoSuchCollection))?;
    Ok(Chosen::One(Box::new(found)))
}

fn id_of(text: &str) -> Option<CollectionId> {
    let id = text.strip_prefix(COLLECTION)?;
    id.parse().ok().map(CollectionId)
}

/// The one that is called so, else the first whose name holds the words.
fn best(all: Vec<Collection>, words: &str) -> Option<Collection> {
    let words = words.to_lowercase();
    let is_called = |it: &Collection| it.name.to_lowercase() == words;
    let holds = |it: &Collection| it.name.to_lowercase().contains(&words);
    let at = all.iter().position(is_called);
    let at = at.or_else(|| all.iter().position(holds));
    at.and_then(|at| all.into_iter().nth(at))
}

/// The collections that make sense for the subcommand and hold what was typed.
pub(super) async fn suggestions(
    call: &Call,
    sub: &str,
    typed: &str,
) -> Result<Vec<(String, String)>, Trouble> {
    let (store, guild, member) = (&call.desk.store, call.guild(), call.actor.member);
    let own = store.collections_of(guild, member).await?;
    let published = async || -> Result<Vec<Collection>, Trouble> {
        let shelf = store.shelf(guild, Shelf::Newest, (0, LOOKED_THROUGH));
        Ok(shelf.await?.0)
    };
    let moderates = call.actor.powers.moderator;
    let all = match sub {
        "show" | "play" => {
            let mut all = own;
            all.extend(store.saved_collections(guild, member).await?);
            all.extend(published().await?);
            all
        }
        "save" => {
            let saved = store.saved_collections(guild, member).await?;
            let mut all = published().await?;
            all.retain(|it| it.member != member && saved.iter().all(|own| own.id != it.id));
            all
        }
        "unsave" => store.saved_collections(guild, member).await?,
        "publish" => {
            let mut all = own;
            all.retain(|it| !it.is_published());
            if moderates {
                all.extend(store.barred_collections(guild).await?);
            }
            all
        }
        "share" => published().await?,
        "unpublish" | "withdraw" if moderates => published().await?,
        "unpublish" | "withdraw" => {
            let mut all = own;
            all.retain(Collection::is_published);
            all
        }
        _ => own,
    };
    let mut choices = choices(call, all, typed);
    let grabs = call.say("collection-grabs", &[]);
    if matches!(sub, "show" | "play") && holds(&grabs, typed) {
        choices.insert(0, (grabs, GRABS.to_owned()));
    }
    Ok(choices)
}

/// The member's own, for `/grab`.
pub(in super::super) async fn own_suggestions(
    call: &Call,
    typed: &str,
) -> Result<Vec<(String, String)>, Trouble> {
    suggestions(call, "add", typed).await
}

fn choices(call: &Call, all: Vec<Collection>, typed: &str) -> Vec<(String, String)> {
    let mut choices: Vec<(String, String)> = Vec::new();
    for it in all {
        let value = format!("{COLLECTION}{}", it.id);
        let is_known = choices.iter().any(|(_, known)| *known == value);
        let (name, curator) = (
            markup::line(&it.name, 60),
            markup::line(&it.member_name, 20),
        );
        if is_known || !(holds(&name, typed) || holds(&curator, typed)) {
            continue;
        }
        let tracks = call.say("collection-tracks", &[("count", it.tracks.into())]);
        let shown = if it.member == call.actor.member {
            format!("{name} · {tracks}")
        } else {
            format!("{name} · {curator} · {tracks}")
        };
        choices.push((shown, value));
    }
    choices
}

fn holds(text: &str, typed: &str) -> bool {
    text.to_lowercase().contains(&typed.to_lowercase())
}

/// The track that was chosen from the suggestions, or typed: a place, or part of a title.
pub(super) async fn track(
    call: &Call,
    collection: CollectionId,
    text: &str,
) -> Result<Option<Track>, Trouble> {
    let store = &call.desk.store;
    let tracks = store.collection_tracks(call.guild(), collection).await?;
    Ok(find(tracks, text))
}

fn find(tracks: Vec<Track>, text: &str) -> Option<Track> {
    let place = text.strip_prefix(TRACK).unwrap_or(text);
    if let Ok(place) = place.trim_end_matches('.').parse::<usize>() {
        return tracks.into_iter().nth(place.checked_sub(1)?);
    }
    let found = |track: &Track| holds(&track.title, text);
    tracks.into_iter().find(found)
}

/// The tracks whose place, title or artist holds what was typed.
pub(super) async fn track_suggestions(
    call: &Call,
    collection: CollectionId,
    typed: &str,
) -> Result<Vec<(String, String)>, Trouble> {
    let store = &call.desk.store;
    let tracks = store.collection_tracks(call.guild(), collection).await?;
    let named = (1_usize..).zip(&tracks).map(|(place, track)| {
        let name = format!("{place}. {}", track_name(track));
        (name, format!("{TRACK}{place}"))
    });
    Ok(named.filter(|(name, _)| holds(name, typed)).collect())
}
