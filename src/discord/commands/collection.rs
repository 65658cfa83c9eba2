//! `/collection`: lists of tracks that members curate, publish, find, save and play. What may be done is
//! for `domain::collection` to say, and is asked where it is kept.

mod browsing;
mod choosing;
mod curating;
mod filling;
mod playing;
mod sharing;
mod showing;

pub(in crate::discord) use browsing::{Tab, browse};
pub(in crate::discord) use curating::{delete, kept, save};
pub(in crate::discord) use playing::play;
pub(in crate::discord) use showing::{grabs, show};

pub(super) use choosing::own_suggestions;
pub(super) use filling::{fill, grab_into, own};

use super::super::markup;
use super::call::{Call, Outcome, Trouble};
use super::definition::Part;
use super::options::Options;
use super::play::QUERY_LIMIT;
use crate::domain::collection::{
    Collection, CollectionRefusal, DESCRIPTION_LIMIT, NAME_LIMIT, TRACKS_LIMIT,
};
use choosing::Chosen;

/// Longest text by which a collection or a track of it is named.
const WORDS_LIMIT: usize = 200;
/// How much of a name is shown within a sentence, in characters.
const NAME_SHOWN: usize = 80;

/// The option that names a collection.
pub(super) fn named() -> Part {
    Part::text("collection", WORDS_LIMIT).suggested()
}

pub(super) fn definition() -> Part {
    let with_one = |name| Part::sub(name).with(named().required());
    let track = || Part::text("track", WORDS_LIMIT).required().suggested();
    let most = u32::try_from(TRACKS_LIMIT).unwrap_or(u32::MAX);
    Part::command("collection")
        .with(
            Part::sub("create")
                .with(Part::text("name", NAME_LIMIT).required())
                .with(Part::text("description", DESCRIPTION_LIMIT)),
        )
        .with(
            with_one("add")
                .with(Part::text("query", QUERY_LIMIT).suggested())
                .with(Part::file("file")),
        )
        .with(with_one("remove").with(track()))
        .with(
            with_one("reorder")
                .with(track())
                .with(Part::number("place", 1, most).required()),
        )
        .with(
            with_one("describe")
                .with(Part::text("name", NAME_LIMIT))
                .with(Part::text("description", DESCRIPTION_LIMIT)),
        )
        .with(with_one("publish"))
        .with(with_one("unpublish"))
        .with(with_one("delete"))
        .with(Part::sub("browse"))
        .with(Part::sub("show").with(named()))
        .with(with_one("save"))
        .with(with_one("unsave"))
        .with(with_one("play"))
        .with(with_one("share"))
        .with(with_one("withdraw"))
}

pub(super) async fn run(call: &Call, options: Options<'_>) -> Outcome {
    let text = options.text("collection");
    let id = async || choosing::found(call, text).await.map(|found| found.id);
    match options.sub.unwrap_or_default() {
        "create" => curating::create(call, options).await,
        "add" => filling::add(call, id().await?, options).await,
        "remove" => filling::remove(call, id().await?, options).await,
        "reorder" => filling::reorder(call, id().await?, options).await,
        "describe" => curating::describe(call, id().await?, options).await,
        "publish" => curating::publish(call, id().await?).await,
        "unpublish" => curating::unpublish(call, id().await?).await,
        "delete" => curating::ask_to_delete(call, &choosing::found(call, text).await?),
        "save" => save(call, id().await?).await,
        "unsave" => curating::unsave(call, id().await?).await,
        "share" => sharing::share(call, &choosing::found(call, text).await?).await,
        "withdraw" => sharing::withdraw(call, &choosing::found(call, text).await?).await,
        "play" => match choosing::chosen(call, text).await? {
            Chosen::Grabs => playing::play_grabs(call).await,
            Chosen::One(found) => play(call, found.id).await,
        },
        "show" if text.is_none() => showing::overview(call).await,
        "show" => match choosing::chosen(call, text).await? {
            Chosen::Grabs => grabs(call, 0).await,
            Chosen::One(found) => show(call, found.id, 0).await,
        },
        _ => browse(call, Tab::Newest, 0).await,
    }
}

/// What may be chosen for what is being typed.
pub(super) async fn suggestions(
    call: &Call,
    options: Options<'_>,
) -> Result<Vec<(String, String)>, Trouble> {
    let sub = options.sub.unwrap_or_default();
    match options.typed() {
        Some(("collection", typed)) => choosing::suggestions(call, sub, typed).await,
        Some(("track", typed)) => {
            let found = choosing::found(call, options.text("collection")).await?;
            choosing::track_suggestions(call, found.id, typed).await
        }
        Some(("query", typed)) => filling::suggestions(call, typed).await,
        _ => Ok(Vec::new()),
    }
}

fn refused(call: &Call, refusal: &CollectionRefusal) -> Trouble {
    let words = &call.desk.words;
    Trouble::Said(words.collection_refusal(call.locale(), refusal, markup::plain))
}

/// What the person is told of a change: a sentence about the collection, or why it was not done.
fn done<T>(call: &Call, outcome: Result<T, CollectionRefusal>) -> Result<T, Trouble> {
    outcome.map_err(|refusal| refused(call, &refusal))
}

/// A collection's name as it stands in a sentence.
fn name_of(collection: &Collection) -> String {
    markup::plain_cut(&collection.name, NAME_SHOWN)
}
