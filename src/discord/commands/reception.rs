//! Who has been here already: interactions that were taken, so that one which Discord replays
//! after a lost connection is not carried out twice, people who were welcomed to a session, and those
//! whose playlist is still being imported.

use crate::domain::ids::{GuildId, MemberId, SessionId};
use std::collections::{HashSet, VecDeque};
use std::hash::Hash;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Interactions remembered; a replay holds at most what a few minutes bring.
const VISITS_LIMIT: usize = 4_096;
/// Welcomes remembered.
const WELCOMES_LIMIT: usize = 10_000;

/// Belongs to the desk.
#[derive(Debug)]
pub struct Reception {
    visits: Seen<u64>,
    welcomes: Seen<(GuildId, SessionId, MemberId)>,
    /// As many as there are interactions at work.
    importers: Mutex<HashSet<MemberId>>,
}

/// A playlist of somebody's that is being imported, until this is dropped.
#[derive(Debug)]
pub(in crate::discord) struct Importing<'a> {
    reception: &'a Reception,
    member: MemberId,
}

impl Drop for Importing<'_> {
    fn drop(&mut self) {
        self.reception.importers().remove(&self.member);
    }
}

impl Default for Reception {
    fn default() -> Self {
        Reception {
            visits: Seen::new(VISITS_LIMIT),
            welcomes: Seen::new(WELCOMES_LIMIT),
            importers: Mutex::default(),
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

    /// Begins to import a playlist of the member's; `None` while another one is at work.
    pub(in crate::discord) fn begins_import(&self, member: MemberId) -> Option<Importing<'_>> {
        let is_first = self.importers().insert(member);
        // Made only now: dropping one ends the other's.
        is_first.then(|| Importing {
            reception: self,
            member,
        })
    }

    fn importers(&self) -> MutexGuard<'_, HashSet<MemberId>> {
        self.importers
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
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
    fn each_imports_one_playlist_at_a_time() {
        let reception = Reception::default();
        let (ana, bo) = (MemberId(1), MemberId(2));
        let first = reception.begins_import(ana);
        assert!(first.is_some());
        assert!(reception.begins_import(ana).is_none());
        assert!(
            reception.begins_import(ana).is_none(),
            "a refusal ends none"
        );
        assert!(reception.begins_import(bo).is_some());
        drop(first);
        assert!(reception.begins_import(ana).is_some());
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
