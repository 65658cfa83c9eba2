//! Collections: lists of tracks that members curate and publish. Here is what one is, how large it may
//! be, who may do what with it, and why somebody may not. Nothing of it concerns the stage, so there is
//! no command: whoever keeps a collection asks these rules in the same transaction.

use super::ids::{CollectionId, MemberId};
use super::moment::Moment;
use super::protocol::{Actor, Powers};
use super::settings::Settings;

/// Most tracks in one collection.
pub const TRACKS_LIMIT: usize = 100;
/// Most collections of one member in a guild.
pub const COLLECTIONS_LIMIT: usize = 50;
/// Most collections of others that one member has saved in a guild.
pub const SAVES_LIMIT: usize = 500;
/// Longest name, in characters.
pub const NAME_LIMIT: usize = 80;
/// Longest description, in characters.
pub const DESCRIPTION_LIMIT: usize = 500;

/// A collection without its tracks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Collection {
    pub id: CollectionId,
    /// Whose it is, and what they were called when they last changed it.
    pub member: MemberId,
    pub member_name: String,
    pub name: String,
    pub description: Option<String>,
    pub created_at: Moment,
    pub changed_at: Moment,
    /// `None` while only its curator sees it.
    pub published_at: Option<Moment>,
    /// A moderator took it off the shelves.
    pub is_barred: bool,
    pub tracks: u32,
    /// People who saved it.
    pub saves: u32,
}

/// Why something about collections is not done. It has changed nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CollectionRefusal {
    /// There is none, or it is not for the eyes of who asks.
    NoSuchCollection,
    /// Only its curator changes it.
    NotYours {
        name: String,
    },
    EmptyName,
    NameTooLong {
        limit: usize,
    },
    /// Another of their own is called so.
    NameTaken {
        name: String,
    },
    DescriptionTooLong {
        limit: usize,
    },
    /// A word that is not wanted in the guild.
    WordBanned,
    TooManyCollections {
        limit: usize,
    },
    /// No room for another track.
    CollectionFull {
        name: String,
        limit: usize,
    },
    /// The very same track stands in it, at this 1-based place.
    AlreadyInCollection {
        name: String,
        place: usize,
    },
    NoSuchTrack {
        name: String,
    },
    /// Without a track there is nothing to publish or to play.
    NothingInIt {
        name: String,
    },
    AlreadyPublished {
        name: String,
    },
    NotPublished {
        name: String,
    },
    /// A moderator took it off the shelves.
    Barred {
        name: String,
    },
    /// One's own is there anyway.
    OwnSave {
        name: String,
    },
    AlreadySaved {
        name: String,
    },
    NotSaved {
        name: String,
    },
    TooManySaves {
        limit: usize,
    },
}

fn is_moderator(powers: Powers) -> bool {
    powers.moderator || powers.admin
}

impl Collection {
    pub fn is_published(&self) -> bool {
        self.published_at.is_some()
    }

    /// Whether the actor may read it: its curator, everybody once it is published, and moderators
    /// what one of them took away.
    pub fn is_shown_to(&self, actor: &Actor) -> bool {
        let moderates = self.is_barred && is_moderator(actor.powers);
        self.is_published() || self.member == actor.member || moderates
    }

    /// Whether the actor may change what it holds and what it says.
    pub fn may_change(&self, actor: &Actor) -> Result<(), CollectionRefusal> {
        if self.member == actor.member {
            return Ok(());
        }
        Err(if self.is_shown_to(actor) {
            CollectionRefusal::NotYours {
                name: self.name.clone(),
            }
        } else {
            CollectionRefusal::NoSuchCollection
        })
    }

    /// Whether the actor may put it on the shelves: its curator, or a moderator what one of them took
    /// away.
    pub fn may_publish(&self, actor: &Actor) -> Result<(), CollectionRefusal> {
        let name = || self.name.clone();
        let moderates = self.is_barred && is_moderator(actor.powers);
        if !moderates {
            self.may_change(actor)?;
        }
        if self.is_published() {
            return Err(CollectionRefusal::AlreadyPublished { name: name() });
        }
        if self.is_barred && !moderates {
            return Err(CollectionRefusal::Barred { name: name() });
        }
        if self.tracks == 0 {
            return Err(CollectionRefusal::NothingInIt { name: name() });
        }
        Ok(())
    }

    /// Whether the actor may take it off the shelves: its curator, or a moderator, who bars it.
    pub fn may_unpublish(&self, actor: &Actor) -> Result<(), CollectionRefusal> {
        if !is_moderator(actor.powers) {
            self.may_change(actor)?;
        }
        if self.is_published() {
            return Ok(());
        }
        Err(if self.is_shown_to(actor) {
            CollectionRefusal::NotPublished {
                name: self.name.clone(),
            }
        } else {
            CollectionRefusal::NoSuchCollection
        })
    }

    /// Whether the actor may save it.
    pub fn may_save(&self, actor: &Actor) -> Result<(), CollectionRefusal> {
        if self.member == actor.member {
            return Err(CollectionRefusal::OwnSave {
                name: self.name.clone(),
            });
        }
        if self.is_published() {
            Ok(())
        } else {
            Err(CollectionRefusal::NoSuchCollection)
        }
    }
}

/// The name of a collection from a cleaned text.
pub fn named(text: Option<&str>, settings: &Settings) -> Result<String, CollectionRefusal> {
    let text = text.filter(|text| !text.is_empty());
    let text = text.ok_or(CollectionRefusal::EmptyName)?;
    if text.chars().count() > NAME_LIMIT {
        return Err(CollectionRefusal::NameTooLong { limit: NAME_LIMIT });
    }
    wanted(text, settings)
}

/// Its description from a cleaned text.
pub fn described(text: &str, settings: &Settings) -> Result<String, CollectionRefusal> {
    if text.chars().count() > DESCRIPTION_LIMIT {
        return Err(CollectionRefusal::DescriptionTooLong {
            limit: DESCRIPTION_LIMIT,
        });
    }
    wanted(text, settings)
}

fn wanted(text: &str, settings: &Settings) -> Result<String, CollectionRefusal> {
    if settings.bans_word_of(text) {
        return Err(CollectionRefusal::WordBanned);
    }
    Ok(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn actor(member: u64, moderator: bool) -> Actor {
        Actor {
            member: MemberId(member),
            name: format!("Member {member}"),
            voice: None,
            powers: Powers {
                moderator,
                ..Powers::default()
            },
        }
    }

    fn collection() -> Collection {
        Collection {
            id: CollectionId(1),
            member: MemberId(1),
            member_name: "Ana".to_owned(),
            name: "Rain".to_owned(),
            description: None,
            created_at: Moment(0),
            changed_at: Moment(0),
            published_at: None,
            is_barred: false,
            tracks: 2,
            saves: 0,
        }
    }

    #[test]
    fn only_the_curator_knows_of_what_is_not_published() {
        let (ana, bo, mod_) = (actor(1, false), actor(2, false), actor(3, true));
        let rain = collection();
        assert!(rain.is_shown_to(&ana) && !rain.is_shown_to(&bo) && !rain.is_shown_to(&mod_));
        let unknown = Err(CollectionRefusal::NoSuchCollection);
        assert_eq!(rain.may_change(&bo), unknown);
        assert_eq!(rain.may_publish(&bo), unknown);
        assert_eq!(rain.may_save(&bo), unknown);
        assert_eq!(rain.may_unpublish(&mod_), unknown);
        assert_eq!(rain.may_publish(&ana), Ok(()));
        let name = "Rain".to_owned();
        assert_eq!(
            rain.may_unpublish(&ana),
            Err(CollectionRefusal::NotPublished { name })
        );
    }

    #[test]
    fn what_a_moderator_took_away_only_a_moderator_gives_back() {
        let (ana, bo, mod_) = (actor(1, false), actor(2, false), actor(3, true));
        let name = || "Rain".to_owned();
        let shown = Collection {
            published_at: Some(Moment(5)),
            ..collection()
        };
        assert_eq!(
            shown.may_unpublish(&bo),
            Err(CollectionRefusal::NotYours { name: name() })
        );
        assert_eq!(shown.may_unpublish(&mod_), Ok(()));
        assert_eq!(shown.may_save(&bo), Ok(()));
        assert_eq!(
            shown.may_save(&ana),
            Err(CollectionRefusal::OwnSave { name: name() })
        );
        let barred = Collection {
            is_barred: true,
            ..collection()
        };
        assert_eq!(
            barred.may_publish(&ana),
            Err(CollectionRefusal::Barred { name: name() })
        );
        assert_eq!(barred.may_publish(&mod_), Ok(()));
        assert!(barred.is_shown_to(&mod_) && !barred.is_shown_to(&bo));
        // Nothing is published for its curator's sake that holds nothing.
        let empty = Collection {
            tracks: 0,
            ..collection()
        };
        assert_eq!(
            empty.may_publish(&ana),
            Err(CollectionRefusal::NothingInIt { name: name() })
        );
    }

    #[test]
    fn names_and_descriptions_have_limits_and_no_banned_words() {
        let settings = Settings {
            banned_words: BTreeSet::from(["dull".to_owned()]),
            ..Settings::default()
        };
        assert_eq!(named(Some("Rain"), &settings), Ok("Rain".to_owned()));
        for empty in [None, Some("")] {
            assert_eq!(named(empty, &settings), Err(CollectionRefusal::EmptyName));
        }
        let long = "雨".repeat(NAME_LIMIT + 1);
        assert!(named(Some(&long), &settings).is_err());
        assert!(named(long.get(3..), &settings).is_ok());
        let banned = Err(CollectionRefusal::WordBanned);
        assert_eq!(named(Some("So Dull"), &settings), banned);
        assert_eq!(described("a DULL list", &settings), banned);
        assert!(described(&"x".repeat(DESCRIPTION_LIMIT), &settings).is_ok());
        assert!(described(&"x".repeat(DESCRIPTION_LIMIT + 1), &settings).is_err());
    }
}
