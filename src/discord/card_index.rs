//! Which message is which turn's card, so that a reaction under it is a rating of that turn.

use super::rest::Sent;
use crate::domain::ids::{GuildId, TurnId};
use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, PoisonError};

/// Cards remembered for each guild; older ones can't be rated any more.
const CARDS_LIMIT: usize = 50;

type Cards = HashMap<GuildId, VecDeque<(Sent, Option<TurnId>)>>;

/// The newest cards of each guild.
#[derive(Debug, Default)]
pub struct CardIndex(Mutex<Cards>);

impl CardIndex {
    /// Forgets the cards of a guild.
    pub fn forget(&self, guild: GuildId) {
        let mut cards = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        cards.remove(&guild);
    }

    /// A card now stands there; `turn` is `None` for the idle card.
    pub fn note(&self, guild: GuildId, place: Sent, turn: Option<TurnId>) {
        self.with(|cards| {
            let cards = cards.entry(guild).or_default();
            cards.push_front((place, turn));
            cards.truncate(CARDS_LIMIT);
        });
    }

    /// The turn whose card the message is.
    pub fn turn_of(&self, guild: GuildId, message: u64) -> Option<TurnId> {
        self.with(|cards| {
            let cards = cards.get(&guild)?;
            cards.iter().find(|(place, _)| place.message == message)?.1
        })
    }

    /// Where the newest card of the turn stands.
    pub fn of_turn(&self, guild: GuildId, turn: TurnId) -> Option<Sent> {
        self.with(|cards| {
            let cards = cards.get(&guild)?;
            Some(cards.iter().find(|(_, of)| *of == Some(turn))?.0)
        })
    }

    /// The newest card.
    pub fn latest(&self, guild: GuildId) -> Option<(Sent, Option<TurnId>)> {
        self.with(|cards| cards.get(&guild)?.front().copied())
    }

    /// Cards that stood before a restart, newest first.
    pub fn restore(&self, guild: GuildId, known: Vec<(Sent, Option<TurnId>)>) {
        self.with(|cards| {
            let cards = cards.entry(guild).or_default();
            cards.extend(known);
            cards.truncate(CARDS_LIMIT);
        });
    }

    fn with<T>(&self, act: impl FnOnce(&mut Cards) -> T) -> T {
        act(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[cfg(test)]
mod tests {
    use super::CardIndex;
    use crate::discord::rest::Sent;
    use crate::domain::ids::{GuildId, TurnId};

    #[test]
    fn a_card_that_was_posted_anew_is_still_its_turns_at_both_places() {
        let (index, guild) = (CardIndex::default(), GuildId(1));
        let place = |message| Sent {
            channel: 5,
            message,
        };
        index.note(guild, place(10), Some(TurnId(3)));
        index.note(guild, place(11), Some(TurnId(3)));
        assert_eq!(index.turn_of(guild, 10), Some(TurnId(3)));
        assert_eq!(index.of_turn(guild, TurnId(3)), Some(place(11)));
        index.note(guild, place(12), None);
        assert_eq!(index.latest(guild), Some((place(12), None)));
        assert_eq!(index.turn_of(GuildId(2), 10), None);
    }
}
