//! Who has been here already: interactions that were taken, so that one which Discord replays
//! after a lost connection is not carried out twice, and people who were welcomed to a session.

use crate::domain::ids::{GuildId, MemberId, SessionId};
use std::collections::{HashSet, VecDeque};
use std::hash::Hash;
use std::sync::{Mutex, PoisonError};

/// Interactions remembered; a replay holds at most what a few minutes bring.
const VISITS_LIMIT: usize = 4_096;
/// Welcomes remembered.
const WELCOMES_LIMIT: usize = 10_000;

/// Belongs to the desk.
#[derive(Debug)]
pub struct Reception {
    visits: Seen<u64>,
    welcomes: Seen<(GuildId, SessionId, MemberId)>,
}

impl Default for Reception {
    fn default() -> Self {
        Reception {
            visits: Seen::new(VISITS_LIMIT),
            welcomes: Seen::new(WELCOMES_LIMIT),
        }
    }
}

impl Reception {
    /// Whether this interaction comes for the first time.
    pub(in crate::discord) fn is_new(&self, interaction: u64) -> bool {
        self.visits.add(interaction)
    }

    /// Whether the member has not been welcomed to this session yet; with this they have.
    pub(in crate::discord) fn welcomes(
        &self,
        guild: GuildId,
        session: SessionId,
        member: MemberId,
    ) -> bool {
        self.welcomes.add((guild, session, member))
    }
}

/// The last so many of something.
#[derive(Debug)]
struct Seen<T> {
    limit: usize,
    inside: Mutex<(HashSet<T>, VecDeque<T>)>,
}

impl<T: Copy + Eq + Hash> Seen<T> {
    fn new(limit: usize) -> Seen<T> {
        Seen {
            limit,
            inside: Mutex::default(),
        }
    }

    /// `false` if it was there.
    fn add(&self, one: T) -> bool {
        let mut inside = self.inside.lock().unwrap_or_else(PoisonError::into_inner);
        let (known, order) = &mut *inside;
        let is_new = known.insert(one);
        if is_new {
            order.push_back(one);
            if order.len() > self.limit
                && let Some(oldest) = order.pop_front()
            {
                known.remove(&oldest);
            }
        }
        is_new
    }
}

#[cfg(test)]
mod tests {
    use super::{Reception, Seen, VISITS_LIMIT};
    use crate::domain::ids::{GuildId, MemberId, SessionId};

    #[test]
    fn an_interaction_is_taken_once() {
        let reception = Reception::default();
        assert!(reception.is_new(1));
        assert!(!reception.is_new(1));
        assert!(reception.is_new(2));
    }

    #[test]
    fn everyone_is_welcomed_once_in_a_session() {
        let reception = Reception::default();
        let (guild, ana, bo) = (GuildId(1), MemberId(1), MemberId(2));
        assert!(reception.welcomes(guild, SessionId(1), ana));
        assert!(!reception.welcomes(guild, SessionId(1), ana));
        assert!(reception.welcomes(guild, SessionId(1), bo));
        assert!(reception.welcomes(guild, SessionId(2), ana));
        assert!(reception.welcomes(GuildId(2), SessionId(1), ana));
    }

    #[test]
    fn only_so_many_are_remembered() {
        let seen = Seen::new(VISITS_LIMIT);
        for one in 0..=VISITS_LIMIT {
            assert!(seen.add(one));
        }
        assert!(seen.add(0), "the oldest is forgotten");
        assert!(!seen.add(VISITS_LIMIT));
    }
}
