//! The words for why something about collections is not done, exhaustively.

use super::answers::{Quote, Sentence};
use super::{Locale, Words};
use crate::domain::collection::CollectionRefusal;

impl Words {
    /// Why it is not done, and what to do instead.
    pub fn collection_refusal(
        &self,
        locale: Locale,
        refusal: &CollectionRefusal,
        quote: Quote,
    ) -> String {
        let (key, fills) = sentence(refusal, quote);
        self.say(locale, key, &fills)
    }
}

pub(super) fn sentence(refusal: &CollectionRefusal, quote: Quote) -> Sentence<'_> {
    let named = |key, name: &str| (key, vec![("name", quote(name).into())]);
    let limited = |key, limit: usize| (key, vec![("limit", limit.into())]);
    match refusal {
        CollectionRefusal::NoSuchCollection => ("collection-no-such", Vec::new()),
        CollectionRefusal::NotYours { name } => named("collection-not-yours", name),
        CollectionRefusal::EmptyName => ("collection-empty-name", Vec::new()),
        CollectionRefusal::NameTooLong { limit } => limited("collection-name-too-long", *limit),
        CollectionRefusal::NameTaken { name } => named("collection-name-taken", name),
        CollectionRefusal::DescriptionTooLong { limit } => {
            limited("collection-description-too-long", *limit)
        }
        CollectionRefusal::WordBanned => ("refusal-word-banned", Vec::new()),
        CollectionRefusal::TooManyCollections { limit } => limited("collection-too-many", *limit),
        CollectionRefusal::CollectionFull { name, limit } => {
            let (key, mut fills) = named("collection-full", name);
            fills.push(("limit", (*limit).into()));
            (key, fills)
        }
        CollectionRefusal::AlreadyInCollection { name, place } => {
            let (key, mut fills) = named("collection-already-in", name);
            fills.push(("place", (*place).into()));
            (key, fills)
        }
        CollectionRefusal::NoSuchTrack { name } => named("collection-no-such-track", name),
        CollectionRefusal::NothingInIt { name } => named("collection-nothing-in-it", name),
        CollectionRefusal::AlreadyPublished { name } => named("collection-already-published", name),
        CollectionRefusal::NotPublished { name } => named("collection-not-published", name),
        CollectionRefusal::Barred { name } => named("collection-barred-already", name),
        CollectionRefusal::OwnSave { name } => named("collection-own-save", name),
        CollectionRefusal::AlreadySaved { name } => named("collection-already-saved", name),
        CollectionRefusal::NotSaved { name } => named("collection-not-saved", name),
        CollectionRefusal::TooManySaves { limit } => limited("collection-too-many-saves", *limit),
    }
}
