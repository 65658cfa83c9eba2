//! Making a collection and what becomes of it as a whole: its name, the shelves, its end; and saving
//! other people's.

use super::super::super::markup;
use super::super::call::{Answer, Call, Outcome};
use super::super::options::Options;
use super::{done, name_of, refused, sharing};
use crate::domain::collection::{
    Collection, CollectionRefusal, DESCRIPTION_LIMIT, NAME_LIMIT, described, named,
};
use crate::domain::ids::CollectionId;
use crate::i18n::mention;
use serde_json::json;

/// What takes a description away, in every language.
const NONE: [&str; 2] = ["none", "无"];

/// A text in one line, one character longer than allowed if it is too long.
fn line(text: &str, limit: usize) -> String {
    let line = markup::line(text, usize::MAX);
    line.chars().take(limit + 1).collect()
}

fn said(call: &Call, key: &str, collection: &Collection) -> Answer {
    let fills = [("name", name_of(collection).into())];
    Answer::quiet(&call.say(key, &fills))
}

pub(super) async fn create(call: &Call, options: Options<'_>) -> Outcome {
    let settings = &call.view.settings;
    let name = options.text("name").map(|text| line(text, NAME_LIMIT));
    let name = done(call, named(name.as_deref(), settings))?;
    let description = match options.text("description") {
        Some(text) => Some(done(
            call,
            described(&line(text, DESCRIPTION_LIMIT), settings),
        )?),
        None => None,
    };
    let what = (name.as_str(), description.as_deref());
    let (store, now) = (&call.desk.store, (call.desk.clock)());
    let made = store.create_collection(call.guild(), &call.actor, what, now);
    Ok(said(call, "collection-created", &done(call, made.await?)?))
}

pub(super) async fn describe(call: &Call, id: CollectionId, options: Options<'_>) -> Outcome {
    let settings = &call.view.settings;
    let name = match options.text("name") {
        Some(text) => Some(done(call, named(Some(&line(text, NAME_LIMIT)), settings))?),
        None => None,
    };
    let description = match options.text("description") {
        Some(text) if NONE.contains(&text) => Some(String::new()),
        Some(text) => Some(done(
            call,
            described(&line(text, DESCRIPTION_LIMIT), settings),
        )?),
        None => None,
    };
    if name.is_none() && description.is_none() {
        return Err(call.wrong("collection-nothing-to-change", &[]));
    }
    let what = (name.as_deref(), description.as_deref());
    let (store, now) = (&call.desk.store, (call.desk.clock)());
    let changed = store.describe_collection(call.guild(), (&call.actor, id), what, now);
    Ok(said(
        call,
        "collection-described",
        &done(call, changed.await?)?,
    ))
}

pub(super) async fn publish(call: &Call, id: CollectionId) -> Outcome {
    let (store, now) = (&call.desk.store, (call.desk.clock)());
    let published = store.publish_collection(call.guild(), (&call.actor, id), now);
    let published = done(call, published.await?)?;
    if published.member != call.actor.member {
        return Ok(moderated(call, "collection-unbarred", &published));
    }
    let fills = [("name", name_of(&published).into())];
    let mut lines = vec![call.say("collection-published", &fills)];
    if let Some(link) = sharing::link(call, &published).await? {
        lines.push(call.say("collection-link", &[("link", link.into())]));
    }
    Ok(Answer::quiet(&lines.join("\n")))
}

pub(super) async fn unpublish(call: &Call, id: CollectionId) -> Outcome {
    let (store, now) = (&call.desk.store, (call.desk.clock)());
    let taken = store.unpublish_collection(call.guild(), (&call.actor, id), now);
    let taken = done(call, taken.await?)?;
    if taken.member != call.actor.member {
        return Ok(moderated(call, "collection-barred", &taken));
    }
    Ok(said(call, "collection-unpublished", &taken))
}

/// What a moderator did with somebody else's.
fn moderated(call: &Call, key: &str, collection: &Collection) -> Answer {
    let fills = [
        ("name", name_of(collection).into()),
        ("member", mention(collection.member).into()),
    ];
    Answer::quiet(&call.say(key, &fills))
}

/// Nothing is deleted before it was asked for twice.
pub(super) fn ask_to_delete(call: &Call, collection: &Collection) -> Outcome {
    done(call, collection.may_change(&call.actor))?;
    let fills = [
        ("name", name_of(collection).into()),
        ("count", collection.tracks.into()),
        ("saves", collection.saves.into()),
    ];
    let button = |style: u8, key: &str, what: &str| {
        json!({
            "type": 2,
            "style": style,
            "label": call.say(key, &[]),
            "custom_id": format!("collection:{what}:{}", collection.id),
        })
    };
    Ok(Answer::of(json!({
        "content": call.say("collection-delete-ask", &fills),
        "components": [{ "type": 1, "components": [
            button(4, "button-delete", "delete"),
            button(2, "button-keep", "keep"),
        ]}],
    })))
}

/// The button was pressed. What it says takes the place of the question.
pub(in crate::discord) async fn delete(call: &Call, id: CollectionId) -> Outcome {
    let deleted = call
        .desk
        .store
        .delete_collection(call.guild(), (&call.actor, id), (call.desk.clock)())
        .await?;
    let key = "collection-deleted";
    let words = match deleted {
        Ok(deleted) => call.say(key, &[("name", name_of(&deleted).into())]),
        Err(refusal) => {
            let words = &call.desk.words;
            words.collection_refusal(call.locale(), &refusal, markup::plain)
        }
    };
    Ok(Answer::of(json!({ "content": words, "components": [] })))
}

/// The other button was.
pub(in crate::discord) async fn kept(call: &Call, id: CollectionId) -> Outcome {
    let found = call.desk.store.collection(call.guild(), id).await?;
    let found = found.ok_or_else(|| refused(call, &CollectionRefusal::NoSuchCollection))?;
    let words = call.say("collection-kept", &[("name", name_of(&found).into())]);
    Ok(Answer::of(json!({ "content": words, "components": [] })))
}

pub(in crate::discord) async fn save(call: &Call, id: CollectionId) -> Outcome {
    let (store, now) = (&call.desk.store, (call.desk.clock)());
    let saved = store.save_collection(call.guild(), (&call.actor, id), now);
    Ok(said(call, "collection-saved", &done(call, saved.await?)?))
}

pub(super) async fn unsave(call: &Call, id: CollectionId) -> Outcome {
    let store = &call.desk.store;
    let unsaved = store.unsave_collection(call.guild(), (&call.actor, id));
    Ok(said(
        call,
        "collection-unsaved",
        &done(call, unsaved.await?)?,
    ))
}
